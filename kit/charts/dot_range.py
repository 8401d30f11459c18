"""Form ``dot_range``: two values compared row by row, beside an index of the two with its interval.

Table: the first column names the row, the next two are the compared values in one unit (first the one the
message is about), then, if there are any, the index, its lower and its upper end. Rows keep their order; a
missing value is a dash. Options: ``highlight``, the rows of the message (positions, or values of their first
column); ``reference``, the index at which both values are equal (default 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit.brand import WHITE, Brand, mix
from kit.charts.canvas import SMALL, panel, scale, sheet, shifted, shortened, text_width, tick_texts, widest, write

ROW, HEAD, FOOT = 5.3, 7.5, 5.5
"""Heights in mm: a row, the line that names the values, the axis labels."""
GAP = 7.0
"""Between the two panels, mm."""
NAMES = 0.36
"""Share of the width that the rows' names may take."""
MISSING = "—"


@dataclass
class Rows:
    """The table read by position, worded where it is shown."""

    exhibit: Mapping[str, Any]
    words: Any
    brand: Brand

    def __post_init__(self) -> None:
        table, options = self.exhibit["table"], self.exhibit.get("options") or {}
        self.columns, self.rows = table["columns"], table["rows"]
        self.names = [self.said(row[0], 0) for row in self.rows]
        self.own = {int(n) for n, mark in (table.get("marks") or {}).items() if mark == "own"}
        chosen = options.get("highlight") or []
        self.chosen = {n for n, row in enumerate(self.rows) if n in chosen or row[0] in chosen}
        self.reference = float(options.get("reference", 1))
        self.indexed = len(self.columns) >= 6

    def said(self, value: Any, column: int) -> str:
        if value is None:
            return MISSING
        return str(self.words.value({"value": value, "unit": self.columns[column]["unit"]}))

    def label(self, column: int) -> str:
        return str(self.words.label(self.columns[column]["label"]))

    def column(self, number: int) -> list[float]:
        return [row[number] for row in self.rows if row[number] is not None]

    def index_text(self, n: int) -> str:
        return self.said(self.rows[n][3], 3)

    def interval_text(self, n: int) -> str:
        low, high = self.rows[n][4:6]
        return "" if low is None or high is None else f"{self.said(low, 4)}–{self.said(high, 5)}"


def dot_range(exhibit: Mapping[str, Any], words: Any, brand: Brand, width: float) -> tuple[Any, str]:
    """The figure and the sentence on what its axes show."""
    rows, wide = Rows(exhibit, words, brand), width > 120
    rows.names = [shortened(name, NAMES * width, bold=True) for name in rows.names]
    left = widest(rows.names, bold=True) + 3.5
    height = ROW * len(rows.rows)
    figure = sheet(width, HEAD + height + FOOT)
    if not rows.indexed:
        _values(rows, panel(figure, left, HEAD, width - left - 3, height))
        return figure, _axes_sentence(rows)
    inner = 0.62 * (width - left - GAP)
    text = _figures_width(rows, wide)
    _values(rows, panel(figure, left, HEAD, inner - 3, height))
    place = left + inner + GAP
    _index(rows, panel(figure, place, HEAD, width - place - text, height), text, wide)
    return figure, _axes_sentence(rows)


def _figures_width(rows: Rows, wide: bool) -> float:
    """Room for the index in figures, and on a page for its interval, right of its panel, mm."""
    width = 3.5 + widest([rows.index_text(n) for n in range(len(rows.rows))], bold=True)
    if wide:
        width += 1.5 + widest([rows.interval_text(n) for n in range(len(rows.rows))], SMALL)
    return width


def _prepare(rows: Rows, axes: Any, values: list[float], most: int, unit: str) -> None:
    """Rows downwards, light lines at the ticks of the reading axis, their labels below.

    The axis begins at zero and ends just behind the largest value, where there need not be a tick.
    """
    bottom, far = len(rows.rows) - 0.5, max(values, default=1.0)
    axes.set_ylim(bottom, -0.5)
    ticks = scale(min(0.0, *values, 0.0), far, most)
    axes.set_xlim(ticks[0], min(ticks[-1], far + 0.04 * (far - ticks[0])))
    ticks = [tick for tick in ticks if tick <= axes.get_xlim()[1]]
    for tick, label in zip(ticks, tick_texts(ticks, unit, rows.words), strict=True):
        color = mix(rows.brand.ink, WHITE, 0.5) if tick == 0 else rows.brand.rule
        axes.plot([tick, tick], [-0.5, bottom], color=color, lw=0.5, zorder=1, clip_on=False)
        write(axes, (tick, bottom), label, rows.brand.grey, shift=(0, -3), size=SMALL, ha="center")


def _dot(axes: Any, x: float, y: float, face: str, edge: str, size: float = 6.5) -> None:
    axes.plot([x], [y], "o", ms=size, mfc=face, mec=edge, mew=1.3, zorder=5, clip_on=False)


def _values(rows: Rows, axes: Any) -> None:
    """The two dots of every row and the distance between them."""
    brand = rows.brand
    _prepare(rows, axes, rows.column(1) + rows.column(2), 5, rows.columns[1]["unit"])
    left, _ = axes.get_xlim()
    for n, (name, row) in enumerate(zip(rows.names, rows.rows, strict=True)):
        chosen, bold = n in rows.chosen, n in rows.chosen or n in rows.own
        color = brand.highlight_text if chosen else brand.ink
        write(axes, (left, n), name, color, shift=(-3, 0), bold=bold, ha="right")
        one, other = row[1], row[2]
        if one is not None and other is not None:
            shade = mix(brand.highlight, WHITE, 0.45) if chosen else mix(brand.primary, WHITE, 0.78)
            axes.plot([one, other], [n, n], color=shade, lw=4.2, zorder=3, solid_capstyle="butt")
        if other is not None:
            _dot(axes, other, n, WHITE, brand.grey)
        if one is not None:
            fill = brand.highlight if chosen else brand.primary
            _dot(axes, one, n, fill, fill)
        if one is None and other is None:
            write(axes, (left, n), MISSING, brand.grey, shift=(2, 0))
    _names(rows, axes, left)


def _names(rows: Rows, axes: Any, left: float) -> None:
    """Which dot is which, said above the first row in the dots' own colours."""
    primary, grey, at = rows.brand.primary, rows.brand.grey, 1.2
    for column, fill, color in ((1, primary, primary), (2, WHITE, grey)):
        dot, bold, name = shifted(axes, at, 4.0), column == 1, rows.label(column)
        axes.plot([left], [-0.5], "o", ms=6, mfc=fill, mec=color, mew=1.3, transform=dot, clip_on=False)
        write(axes, (left, -0.5), name, color, shift=(at + 2.2, 4.0), size=SMALL, bold=bold)
        at += 2.2 + text_width(name, SMALL, bold) + 5


def _index(rows: Rows, axes: Any, text: float, wide: bool) -> None:
    """The index with its interval; an end far outside the others is cut at the edge and drawn as an arrow."""
    brand, last = rows.brand, len(rows.rows) - 0.5
    far = max(2 * rows.reference, 1.4 * max(rows.column(3), default=0.0))
    ends = [min(value, far) for n in (3, 4, 5) for value in rows.column(n)]
    _prepare(rows, axes, [*ends, rows.reference], 4 if wide else 2, rows.columns[3]["unit"])
    left, edge = axes.get_xlim()
    axes.plot([rows.reference] * 2, [-0.5, last], color=brand.ink, lw=0.8, zorder=2, clip_on=False)
    write(axes, (left, -0.5), rows.label(3), brand.primary, shift=(0, 4.0), size=SMALL, bold=True)
    for n, row in enumerate(rows.rows):
        index, low, high = row[3:6]
        chosen = n in rows.chosen
        color, shade = (brand.highlight, brand.highlight_text) if chosen else (brand.primary, brand.ink)
        if low is not None and high is not None:
            span = [max(low, left), min(high, edge)]
            axes.plot(span, [n, n], color=color, lw=1.4, zorder=3, solid_capstyle="butt", clip_on=False)
            if high > edge:
                axes.plot([edge], [n], ">", color=color, ms=4, mew=0, zorder=3, clip_on=False)
        if index is not None:
            _dot(axes, index, n, color, color, size=4.8)
        write(axes, (edge, n), rows.index_text(n), shade, shift=(2.5, 0), bold=chosen)
        if wide:
            write(axes, (edge, n), rows.interval_text(n), brand.grey, shift=(text, 0), size=SMALL, ha="right")


def _axes_sentence(rows: Rows) -> str:
    """What is compared, from which row to which, and where the two lie furthest apart."""
    texts = {"one": rows.label(1), "other": rows.label(2), "first": rows.names[0], "last": rows.names[-1]}
    whole = [n for n, row in enumerate(rows.rows) if row[1] is not None and row[2] is not None]
    if whole:
        n = max(whole, key=lambda n: abs(rows.rows[n][1] - rows.rows[n][2]))
        texts |= {
            "widest": rows.names[n],
            "a": rows.said(rows.rows[n][1], 1),
            "b": rows.said(rows.rows[n][2], 2),
        }
    args = {name: {"value": text, "unit": "text"} for name, text in texts.items()}
    return str(rows.words.sentence("alt.dot_range" if whole else "alt.dot_range.none", args))
