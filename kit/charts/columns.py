"""Form ``columns``: one value a column from zero up, in an order that is natural (months of the year, sizes, steps).

Table: the first column names the column, the second is its value, none of them negative; a third and a fourth, if there
are any, are the ends of a range, drawn as a thin line where they differ. Options, none of them required:

- ``highlight``: positions of the columns that the message is about
- ``faint``: positions of columns to be read with care, drawn hollow
- ``reference``: ``{"at", "label"}``, a line across at a value, with the catalogue key of its name
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from kit.brand import WHITE, Brand, mix
from kit.charts.canvas import SMALL, panel, scale, sheet, text_width, tick_texts, widest, write

HEIGHT, PHONE_HEIGHT = 42.0, 46.0
"""Of the plot itself, mm: on a page, and on a phone."""
HEAD, FOOT = 8.0, 5.5
"""The line that names the values, and the columns' names below, mm."""
FILLED = 0.62
"""Part of a column's place that the column takes."""
UP, HALF = 2.2, 1.7
"""From a column's top to the middle of its value, and from there to the value's edge, mm."""
ABOVE = 2.0
"""How far the value of the highest column may stand over the plot, where nothing else does, mm."""
BESIDE = 1.5
"""Between a value and the dashes of the reference line, mm: closer, a dash reads as a minus sign."""
LEAST_GAP = 1.0
"""Between two texts beside each other, mm; where there is less, every other one is left out."""


@dataclass
class Plot:
    """One chart being drawn; ``axes`` count columns to the right and values upwards."""

    exhibit: Mapping[str, Any]
    words: Any
    brand: Brand
    axes: Any = None
    room: float = 0.0
    height: float = 0.0
    loud: Set[int] = frozenset()
    """Columns of the message that have their value."""

    def __post_init__(self) -> None:
        self.columns, self.rows = self.exhibit["table"]["columns"], self.exhibit["table"]["rows"]
        options = self.exhibit.get("options") or {}
        self.highlight, self.faint = set(options.get("highlight") or ()), set(options.get("faint") or ())
        self.reference = options.get("reference")
        self.names = [self.said(row[0], 0) for row in self.rows]
        self.ranged = len(self.columns) >= 4
        self.values = ["" if row[1] is None else self.said(row[1], 1) for row in self.rows]

    def said(self, value: Any, column: int) -> str:
        return str(self.words.value({"value": value, "unit": self.columns[column]["unit"]}))

    def tops(self) -> list[float]:
        """Each column's highest drawn point; 0 where its value is missing."""
        last = 4 if self.ranged else 2
        return [max((v for v in row[1:last] if v is not None), default=0.0) for row in self.rows]


def columns(exhibit: Mapping[str, Any], words: Any, brand: Brand, width: float) -> tuple[Any, str]:
    """The figure and the sentence on what its axes show."""
    plot = Plot(exhibit, words, brand)
    plot.height = height = HEIGHT if width > 120 else PHONE_HEIGHT
    most = max(plot.tops(), default=0.0)
    ticks = scale(0.0, most * (1 + (UP + HALF - ABOVE) / height), 5)  # room for the value above the highest
    labels = tick_texts(ticks, plot.columns[1]["unit"], words)
    left = widest(labels, SMALL) + 2
    inner = width - left - 1
    plot.room = inner / max(len(plot.rows), 1)
    plot.loud = _loud(plot)
    plot.axes = panel(sheet(width, HEAD + height + FOOT), left, HEAD, inner, height)
    plot.axes.set_xlim(-0.5, len(plot.rows) - 0.5)
    plot.axes.set_ylim(0, ticks[-1])
    _grid(plot, ticks, labels)
    _columns(plot)
    _names(plot)
    _reference(plot)
    write(plot.axes, (-0.5, ticks[-1]), _title(plot), brand.grey, shift=(-left, HEAD - 2.5), size=SMALL)
    return plot.axes.figure, _axes_sentence(plot)


def _title(plot: Plot) -> str:
    """What the columns show; the reference line is named with it, where no column can cover the name."""
    name = str(plot.words.label(plot.columns[1]["label"]))
    if not plot.reference:
        return name
    line = plot.words.label(plot.reference["label"], at=plot.said(plot.reference["at"], 1))
    return str(plot.words.label("chart.columns.title", series=name, reference=line))


def _grid(plot: Plot, ticks: Sequence[float], labels: Sequence[str]) -> None:
    left, right = plot.axes.get_xlim()
    for tick, label in zip(ticks, labels, strict=True):
        color, weight = (mix(plot.brand.ink, WHITE, 0.5), 0.7) if tick == 0 else (plot.brand.rule, 0.5)
        if not plot.reference or tick != plot.reference["at"]:  # else it would fill the gaps that the reference leaves
            plot.axes.plot([left, right], [tick, tick], color=color, lw=weight, zorder=1, clip_on=False)
        write(plot.axes, (left, tick), label, plot.brand.grey, shift=(-1.5, 0), size=SMALL, ha="right")


def _columns(plot: Plot) -> None:
    """Quiet columns, those of the message in the highlight colour, those to be read with care hollow."""
    quiet = mix(plot.brand.primary, WHITE, 0.35)
    for n, row in enumerate(plot.rows):
        if row[1] is None:
            continue
        color = plot.brand.highlight if n in plot.highlight else quiet
        face = WHITE if n in plot.faint else color
        plot.axes.bar([n], [row[1]], FILLED, color=face, edgecolor=color, linewidth=0.9, zorder=2)
        if plot.ranged and None not in row[2:4] and row[2] < row[3]:
            plot.axes.plot([n, n], row[2:4], color=plot.brand.ink, lw=1.1, zorder=5)


def _names(plot: Plot) -> None:
    """Values above and names below, as many as there is room for; those of the message have theirs first, the highest
    before the others."""
    every, named = (_step(texts, plot.room) for texts in (plot.values, plot.names))
    for n, (value, name, top) in enumerate(zip(plot.values, plot.names, plot.tops(), strict=True)):
        chosen = n in plot.highlight
        if n in plot.loud if chosen else n % every == 0 and _free(plot, n):
            color = plot.brand.highlight_text if chosen else plot.brand.ink
            shift = (_middle(plot, n) - (n + 0.5) * plot.room, UP)
            write(plot.axes, (n, top), value, color, shift=shift, size=SMALL, bold=chosen, ha="center")
        if n % named == 0:
            write(plot.axes, (n, 0), name, plot.brand.grey, shift=(0, -3.1), size=SMALL, ha="center")


def _half(plot: Plot, n: int) -> float:
    return text_width(plot.values[n], SMALL, n in plot.highlight) / 2


def _middle(plot: Plot, n: int) -> float:
    """Where a value stands, mm from the left end of the plot: over its column, but inside the plot."""
    half, end = _half(plot, n), plot.room * len(plot.rows)
    return min(max((n + 0.5) * plot.room, half), max(end - half, half))


def _free(plot: Plot, n: int) -> bool:
    """Whether a value stands over its column and touches none of the message, which may stand out of step."""
    return _middle(plot, n) == (n + 0.5) * plot.room and _apart(plot, n, plot.loud)


def _apart(plot: Plot, n: int, others: Iterable[int]) -> bool:
    """Whether a column's value touches none of the others'."""
    half, middle = _half(plot, n), _middle(plot, n)
    apart = (abs(middle - _middle(plot, m)) - half - _half(plot, m) for m in others)
    return all(gap >= LEAST_GAP for gap in apart)


def _loud(plot: Plot) -> set[int]:
    """The columns of the message that have their value."""
    tops, kept = plot.tops(), set[int]()
    for n in sorted(plot.highlight, key=lambda n: -tops[n]):
        if _apart(plot, n, kept):
            kept.add(n)
    return kept


def _step(texts: Sequence[str], room: float) -> int:
    """Every how manieth text stands without touching the next."""
    return next(n for n in range(1, len(texts) + 2) if widest(texts, SMALL) + LEAST_GAP <= room * n or n > len(texts))


def _reference(plot: Plot) -> None:
    """The line across, open where it would strike out a value."""
    if not plot.reference:
        return
    at, (left, right) = float(plot.reference["at"]), plot.axes.get_xlim()
    per_value = plot.height / plot.axes.get_ylim()[1]
    stops = [left]
    for n, top in enumerate(plot.tops()):
        if abs((at - top) * per_value - UP) < HALF:
            half, middle = (_half(plot, n) + BESIDE) / plot.room, _middle(plot, n) / plot.room - 0.5
            stops += [middle - half, middle + half]
    for start, end in zip(stops[::2], [*stops[1::2], right], strict=True):
        plot.axes.plot([start, end], [at, at], color=plot.brand.ink, lw=0.9, ls=(0, (3, 2)), zorder=4, clip_on=False)


def _axes_sentence(plot: Plot) -> str:
    """What a reader who can't see the chart needs: from which to which column, and the two ends of the values."""
    known = [n for n, row in enumerate(plot.rows) if row[1] is not None]
    texts = {"first": plot.names[0], "last": plot.names[-1], "series": str(plot.words.label(plot.columns[1]["label"]))}
    if known:
        high, low = (pick(known, key=lambda n: plot.rows[n][1]) for pick in (max, min))
        texts |= {"high": plot.said(plot.rows[high][1], 1), "high_at": plot.names[high]}
        texts |= {"low": plot.said(plot.rows[low][1], 1), "low_at": plot.names[low]}
    args = {name: {"value": text, "unit": "text"} for name, text in texts.items()}
    return str(plot.words.sentence("alt.columns" if known else "alt.columns.none", args))
