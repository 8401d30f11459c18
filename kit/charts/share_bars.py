"""Form ``share_bars``: a bar a row from zero, each with its value, and beside it the change with its interval.

Table: the first column names the row. ``held`` is the bar, or ``held_low`` and ``held_high`` where it is an interval:
then the bar is full up to the lower end and pale up to the upper. ``change``, with ``change_low`` and ``change_high``,
is drawn beside the bars where there is such a column; other columns are not drawn. Rows keep their order; a missing
value is a dash. Options: ``highlight``, the rows of the message; ``rest``, ``{"value", "count"}``, one pale bar below
the others for those that have no row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit.brand import WHITE, Brand, mix
from kit.charts.canvas import SMALL, panel, scale, sheet, shortened, text_width, tick_texts, widest, write

ROW, HEAD, FOOT = 5.6, 7.5, 5.5
"""Heights in mm: a row, the line that names the panels, the axis labels."""
NAMES = 0.3
"""Share of the width that the rows' names may take."""
THICK = 0.6
"""Thickness of a bar, in rows."""
GAP = 5.0
"""Between the two panels, mm."""
LEAST = 0.01
"""Half the axis of the changes when there are none."""
MISSING = "—"


@dataclass
class Rows:
    """The table read by column name, worded where it is shown."""

    exhibit: Mapping[str, Any]
    words: Any
    brand: Brand

    def __post_init__(self) -> None:
        table, options = self.exhibit["table"], self.exhibit.get("options") or {}
        self.columns = {column["name"]: (n, column) for n, column in enumerate(table["columns"])}
        self.rows = table["rows"]
        self.first = table["columns"][0]
        self.low = "held_low" if "held_low" in self.columns else "held"
        self.high = "held_high" if "held_high" in self.columns else self.low
        self.moved = "change" in self.columns
        self.chosen = set(options.get("highlight") or ())
        self.rest = options.get("rest")
        changes = [row[self.columns["change"][0]] for row in self.rows] if self.moved else []
        self.changes = self.words.column(changes, self.unit("change"))[0] if self.moved else []
        self.names = [self.word(row[0], self.first["unit"]) for row in self.rows]
        if self.rest:
            count = {"n": {"value": self.rest["count"], "unit": "count"}}
            self.names.append(str(self.words.sentence("chart.others", count)))

    def word(self, value: Any, unit: str) -> str:
        return MISSING if value is None else str(self.words.value({"value": value, "unit": unit}))

    def value(self, n: int, column: str) -> float | None:
        """The number of a row; the rest has a bar and nothing else."""
        if n == len(self.rows):
            return float(self.rest["value"]) if self.rest and column in (self.low, self.high) else None
        found = self.rows[n][self.columns[column][0]]
        return None if found is None else float(found)

    def said(self, n: int, column: str) -> str:
        return self.word(self.value(n, column), self.unit(column))

    def unit(self, column: str) -> str:
        return str(self.columns[column][1]["unit"])

    def bars(self) -> str:
        """What the bars show: an interval's two columns have a name in common."""
        return self.heading(self.low) if self.low == self.high else str(self.words.label("chart.share"))

    def heading(self, column: str) -> str:
        return str(self.words.label(self.columns[column][1]["label"]))

    def bar_text(self, n: int) -> str:
        low, high = self.said(n, self.low), self.said(n, self.high)
        return low if low == high else f"{low}–{high}"

    def change_text(self, n: int) -> str:
        """The change as a column of a table has it; nothing in the row of the rest."""
        return "" if n == len(self.rows) else bare(self.changes[n])

    def color(self, n: int) -> tuple[str, str]:
        """Of a row's shapes and of its text."""
        if n in self.chosen:
            return self.brand.highlight, self.brand.highlight_text
        return self.brand.primary, self.brand.ink


def bare(text: str) -> str:
    """A number without the unit behind it, which the heading names."""
    last = max((n for n, c in enumerate(text) if c.isdigit()), default=len(text))
    return text[: last + 1]


def share_bars(exhibit: Mapping[str, Any], words: Any, brand: Brand, width: float) -> tuple[Any, str]:
    """The figure and the sentence on what its axes show."""
    rows = Rows(exhibit, words, brand)
    count = len(rows.names)
    rows.names = [shortened(name, NAMES * width, bold=True) for name in rows.names]
    left = widest(rows.names, bold=True) + 3.0
    height = ROW * count
    figure = sheet(width, HEAD + height + (FOOT if rows.moved else 1.0))
    inner = (0.52 if rows.moved else 1.0) * (width - left)
    _bars(rows, panel(figure, left, HEAD, inner, height), inner)
    if rows.moved:
        text = widest([rows.change_text(n) for n in range(count)], bold=True) + 2.5
        place = left + inner + GAP
        _changes(rows, panel(figure, place, HEAD, width - place - text, height), width - place, text)
    return figure, _axes_sentence(rows)


def _bars(rows: Rows, axes: Any, inner: float) -> None:
    """Bars with their values behind them; the longest leaves room for its own."""
    count, brand = len(rows.names), rows.brand
    far = max((rows.value(n, rows.high) or 0.0 for n in range(count)), default=0.0) or 1.0
    room = widest([rows.bar_text(n) for n in range(count)], bold=True) + 2.5
    axes.set_xlim(0, far * inner / max(inner - room, 0.3 * inner))
    axes.set_ylim(count - 0.5, -0.5)
    write(axes, (0, -0.5), rows.bars(), brand.grey, shift=(0, 4.0), size=SMALL)
    for n, name in enumerate(rows.names):
        fill, ink = rows.color(n)
        bold, low, high = n in rows.chosen, rows.value(n, rows.low), rows.value(n, rows.high)
        write(axes, (0, n), name, ink, shift=(-2.5, 0), bold=bold, ha="right")
        if low is None or high is None:
            write(axes, (0, n), MISSING, brand.grey, shift=(1.5, 0))
            continue
        pale = mix(fill, WHITE, 0.7)
        axes.barh(n, high, THICK, color=pale, lw=0, zorder=2)
        axes.barh(n, low, THICK, color=pale if n == len(rows.rows) else fill, lw=0, zorder=3)
        write(axes, (high, n), rows.bar_text(n), ink, shift=(1.2, 0), bold=bold)
    axes.plot([0, 0], [-0.5, count - 0.5], color=mix(brand.ink, WHITE, 0.5), lw=0.7, zorder=4, clip_on=False)


def _changes(rows: Rows, axes: Any, width: float, text: float) -> None:
    """A dot and its interval a row, on either side of no change; an end far outside the others is cut with an arrow.

    ``width`` and ``text``: of panel and figures together and of the figures alone, mm.
    """
    brand, count = rows.brand, len(rows.names)
    left, right = _reach(rows)
    ticks = scale(left, right, 4 if width - text > 40 else 2)
    axes.set_xlim(ticks[0], ticks[-1])
    axes.set_ylim(count - 0.5, -0.5)
    for tick, label in zip(ticks, tick_texts(ticks, rows.unit("change"), rows.words), strict=True):
        color = mix(brand.ink, WHITE, 0.3) if tick == 0 else brand.rule
        axes.plot([tick, tick], [-0.5, count - 0.5], color=color, lw=0.8 if tick == 0 else 0.5, zorder=1, clip_on=False)
        write(axes, (tick, count - 0.5), bare(label), brand.grey, shift=(0, -3), size=SMALL, ha="center")
    heading = rows.heading("change")
    if text_width(heading, SMALL) <= width:
        write(axes, (ticks[0], -0.5), heading, brand.grey, shift=(0, 4.0), size=SMALL)
    else:
        write(axes, (ticks[-1], -0.5), heading, brand.grey, shift=(text, 4.0), size=SMALL, ha="right")
    for n in range(len(rows.rows)):
        _change(rows, axes, n)


def _reach(rows: Rows) -> tuple[float, float]:
    """How far the axis goes: all changes, and of their intervals what lies within three times that."""
    points = [abs(v) for n in range(len(rows.rows)) if (v := rows.value(n, "change")) is not None]
    ends = [
        v for n in range(len(rows.rows)) for c in ("change_low", "change_high") if (v := rows.value(n, c)) is not None
    ]
    most = 3 * max(points, default=0.0) or max(map(abs, ends), default=1.0)
    seen = [*(max(-most, min(most, v)) for v in ends), *(rows.value(n, "change") or 0.0 for n in range(len(rows.rows)))]
    low, high = min(0.0, *seen, 0.0), max(0.0, *seen, 0.0)
    return (low, high) if low < high else (-LEAST, LEAST)


def _change(rows: Rows, axes: Any, n: int) -> None:
    fill, ink = rows.color(n)
    left, right = axes.get_xlim()
    change, low, high = (rows.value(n, name) for name in ("change", "change_low", "change_high"))
    if low is not None and high is not None:
        span = [max(low, left), min(high, right)]
        axes.plot(span, [n, n], color=fill, lw=1.4, zorder=3, solid_capstyle="butt", clip_on=False)
        for end, edge, arrow in ((low < left, left, "<"), (high > right, right, ">")):
            if end:
                axes.plot([edge], [n], arrow, color=fill, ms=4, mew=0, zorder=3, clip_on=False)
    if change is not None:
        face = fill if low is not None else WHITE
        axes.plot([change], [n], "o", ms=4.8, mfc=face, mec=fill, mew=1.1, zorder=5, clip_on=False)
    write(axes, (right, n), rows.change_text(n), ink, shift=(2.0, 0), bold=n in rows.chosen)


def _axes_sentence(rows: Rows) -> str:
    """What the bars show, of whom, and between which values."""
    known = [n for n in range(len(rows.rows)) if rows.value(n, rows.low) is not None]
    texts = {"held": rows.bars()}
    if known:
        most, least = (pick(known, key=lambda n: rows.value(n, rows.low) or 0.0) for pick in (max, min))
        texts |= {
            "most": rows.names[most],
            "a": rows.bar_text(most),
            "least": rows.names[least],
            "b": rows.bar_text(least),
        }
    key = "alt.share_bars.change" if rows.moved else "alt.share_bars"
    args = {name: {"value": text, "unit": "text"} for name, text in texts.items()}
    if rows.moved:
        args["change"] = {"value": rows.heading("change"), "unit": "text"}
    return str(rows.words.sentence(key if known else "alt.share_bars.none", args))
