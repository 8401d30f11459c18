"""Form ``intervals``: a value a row with its interval, against the value that means no difference.

Table: the first column names the row (``figure``: each in its own unit), the next three are the value, its lower and
its upper end, in one unit; a count may follow, written beside the row on a page. Rows keep their order; a missing value
is a dash. Options: ``highlight``, the rows of the message (positions); ``reference``, the value of no difference
(default 0); ``band``, the two ends of the range in which a difference does not matter; ``whole``, that every interval
is drawn to its ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit.brand import WHITE, Brand, mix
from kit.charts.canvas import BODY, SMALL, panel, scale, sheet, shortened, text_width, tick_texts, widest, write

ROW, HEAD, FOOT = 5.3, 7.5, 5.5
"""Heights in mm: a row, the line that names the columns, the axis labels."""
NAMES = 0.36
"""Share of the width that the rows' names may take."""
GAP = 3.0
"""Between columns of text, mm."""
REACH = 2.5
"""How many times the largest distance from the reference the axis reaches; ends beyond it are arrows."""
MISSING = "—"


@dataclass
class Rows:
    """The table as it is written: names, values and intervals, and counts if there are any."""

    exhibit: Mapping[str, Any]
    words: Any
    brand: Brand
    width: float

    def __post_init__(self) -> None:
        table, options = self.exhibit["table"], self.exhibit.get("options") or {}
        self.columns, self.rows = table["columns"], table["rows"]
        self.names = [shortened(self.said(row[0], 0), NAMES * self.width, bold=True) for row in self.rows]
        self.chosen = set(options.get("highlight") or [])
        self.reference = float(options.get("reference", 0))
        self.band: list[float] = list(options.get("band") or ())
        self.whole = bool(options.get("whole"))
        self.wide = self.width > 120
        self.values = [self.said(row[1], 1) for row in self.rows]
        self.spans = [self._span(row) if self.wide else "" for row in self.rows]
        counted = self.wide and len(self.columns) > 4
        self.counts = [self.said(row[4], 4) if counted else "" for row in self.rows]

    def said(self, value: Any, column: int) -> str:
        if value is None:
            return MISSING
        unit = self.columns[column]["unit"]
        return str(self.words.value(value if unit == "figure" else {"value": value, "unit": unit}, sign=0 < column < 4))

    def label(self, column: int) -> str:
        return str(self.words.label(self.columns[column]["label"]))

    def _span(self, row: Any) -> str:
        return "" if row[2] is None or row[3] is None else f"{self.said(row[2], 2)} – {self.said(row[3], 3)}"

    def known(self, *columns: int) -> list[float]:
        return [row[n] for row in self.rows for n in columns if row[n] is not None]


@dataclass
class Texts:
    """A column of text beside the plot; one that ``speaks`` is written larger and darker."""

    cells: list[str]
    head: str = ""
    speaks: bool = False

    @property
    def room(self) -> float:
        """Width in mm with the gap before it."""
        width = widest(self.cells, BODY, True) if self.speaks else widest(self.cells, SMALL)
        return GAP + max(width, text_width(self.head, SMALL))


def intervals(exhibit: Mapping[str, Any], words: Any, brand: Brand, width: float) -> tuple[Any, str]:
    """The figure and the sentence on what its axis shows."""
    rows = Rows(exhibit, words, brand, width)
    left, height = widest(rows.names, bold=True) + 3.5, ROW * len(rows.rows)
    texts = _texts(rows)
    figure = sheet(width, HEAD + height + FOOT)
    axes = panel(figure, left, HEAD, width - left - sum(text.room for text in texts) - 2, height)
    _axis(rows, axes)
    for n in range(len(rows.rows)):
        _row(rows, axes, n)
    _columns(rows, axes, texts)
    return figure, _sentence(rows)


def _texts(rows: Rows) -> list[Texts]:
    """Right of the plot: the values, and on a page their intervals and what they are counted of."""
    made = [Texts(rows.values, speaks=True), Texts(rows.spans)]
    made.append(Texts(rows.counts, rows.label(4) if any(rows.counts) else ""))
    return [texts for texts in made if any(texts.cells)]


def _axis(rows: Rows, axes: Any) -> None:
    """Rows downwards, light lines at the ticks, a dark one at the reference."""
    bottom, brand, middle = len(rows.rows) - 0.5, rows.brand, rows.reference
    axes.set_ylim(bottom, -0.5)
    columns, times = ((1, 2, 3), 1.0) if rows.whole else ((1,), REACH)
    far = times * max((abs(value - middle) for value in rows.known(*columns)), default=1.0)
    low = min(max(min(rows.known(1, 2), default=middle), middle - far), middle, *rows.band)
    high = max(min(max(rows.known(1, 3), default=middle + far), middle + far), middle, *rows.band)
    ticks = [tick for tick in scale(low, high, 6 if rows.wide else 3) if low <= tick <= high]
    axes.set_xlim(low - 0.02 * (high - low), high + 0.02 * (high - low))
    for tick, label in zip(ticks, tick_texts(ticks, rows.columns[1]["unit"], rows.words), strict=True):
        axes.plot([tick, tick], [-0.5, bottom], color=brand.rule, lw=0.5, zorder=1, clip_on=False)
        write(axes, (tick, bottom), label, brand.grey, shift=(0, -3), size=SMALL, ha="center")
    if rows.band:
        axes.fill_betweenx([-0.5, bottom], *rows.band, color=mix(brand.ink, WHITE, 0.92), linewidth=0, zorder=0)
    axes.plot([middle, middle], [-0.5, bottom], color=brand.ink, lw=0.8, zorder=2, clip_on=False)
    write(axes, (axes.get_xlim()[0], -0.5), rows.label(1), brand.primary, shift=(0, 4.0), size=SMALL, bold=True)


def _row(rows: Rows, axes: Any, n: int) -> None:
    """Name, interval and dot; what goes on beyond the axis is an arrow at its edge."""
    brand, chosen, (_, value, low, high, *_) = rows.brand, n in rows.chosen, rows.rows[n]
    left, right = axes.get_xlim()
    color = brand.highlight if chosen else brand.primary
    ink = brand.highlight_text if chosen else brand.ink
    write(axes, (left, n), rows.names[n], ink, shift=(-3, 0), bold=chosen, ha="right")
    if value is None:
        return
    if low is not None and high is not None:
        shade = color if chosen else mix(color, WHITE, 0.4)
        axes.plot([max(low, left), min(high, right)], [n, n], color=shade, lw=2.2, zorder=3, solid_capstyle="butt")
        for beyond, edge, mark in ((low < left, left, "<"), (high > right, right, ">")):
            if beyond:
                axes.plot([edge], [n], mark, color=shade, ms=4, mew=0, zorder=3, clip_on=False)
    axes.plot([value], [n], "o", ms=5.5, mfc=color, mec=color, zorder=5, clip_on=False)


def _columns(rows: Rows, axes: Any, texts: list[Texts]) -> None:
    brand, edge, right = rows.brand, axes.get_xlim()[1], 2.0
    for text in texts:
        right += text.room
        for n, cell in enumerate(text.cells):
            loud = text.speaks and n in rows.chosen
            color = brand.highlight_text if loud else brand.ink if text.speaks else brand.grey
            size = BODY if text.speaks else SMALL
            write(axes, (edge, n), cell, color, shift=(right, 0), size=size, bold=loud, ha="right")
        write(axes, (edge, -0.5), text.head, brand.grey, shift=(right, 4.0), size=SMALL, ha="right")


def _sentence(rows: Rows) -> str:
    """What is shown from which row to which, and between which values it lies."""
    texts = {"series": rows.label(1), "first": rows.names[0], "last": rows.names[-1]}
    known = [n for n, row in enumerate(rows.rows) if row[1] is not None]
    if known:
        low, high = (pick(known, key=lambda n: rows.rows[n][1]) for pick in (min, max))
        texts |= {"low": rows.values[low], "low_at": rows.names[low]}
        texts |= {"high": rows.values[high], "high_at": rows.names[high]}
    args = {name: {"value": text, "unit": "text"} for name, text in texts.items()}
    return str(rows.words.sentence("alt.intervals" if known else "alt.intervals.none", args))
