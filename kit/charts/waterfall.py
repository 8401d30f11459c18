"""Form ``waterfall``: from one level to another over the steps between, each from where the one before it ended.

Table: the first column names the step, the second is its value: the first and the last row are levels, the rows between
them are changes that add up to what lies between. Options: ``highlight``, positions of the steps of the message.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from kit.brand import WHITE, Brand, mix
from kit.charts.canvas import BODY, SMALL, panel, sheet, shortened, text_width, write

ROW, HEAD, BAR = 7.0, 7.0, 0.62
"""Height of a row and of the line above them, mm; part of a row's height that a bar takes."""
GAP = 1.5
"""Between a bar or a name and the text beside it, mm."""


@dataclass
class Plot:
    """One chart being drawn; rows count downwards, values to the right."""

    exhibit: Mapping[str, Any]
    words: Any
    brand: Brand
    width: float
    axes: Any = None

    def __post_init__(self) -> None:
        table = self.exhibit["table"]
        self.columns, self.rows = table["columns"], table["rows"]
        self.last = len(self.rows) - 1
        self.chosen = set((self.exhibit.get("options") or {}).get("highlight") or ())
        most = self.width * 0.36
        self.full = [self._said(row[0], 0) for row in self.rows]
        self.names = [shortened(name, most, bold=n in self.chosen) for n, name in enumerate(self.full)]
        values = [row[1] for row in self.rows]
        ends = [*accumulate(values[:-1]), values[-1]]
        starts = [0.0, *ends[:-2], 0.0]
        self.bars = list(zip(starts, ends, strict=True))
        # All in one scale, as in a table: steps rounded each in its own would not be seen to add up.
        texts, self.scale = self.words.column(values, self.columns[1]["unit"])
        self.values = [("+" if 0 < n < self.last and values[n] > 0 else "") + text for n, text in enumerate(texts)]

    def _said(self, value: Any, column: int) -> str:
        return str(self.words.value({"value": value, "unit": self.columns[column]["unit"]}))

    def title(self) -> str:
        """What the bars measure, and in which scale."""
        label = str(self.words.label(self.columns[1]["label"]))
        return str(self.words.label("page.unit", label=label, unit=self.scale)) if self.scale else label

    def widest(self, texts: list[str]) -> float:
        return max(text_width(text, BODY, n in self.chosen) for n, text in enumerate(texts))

    def span(self) -> tuple[float, float]:
        """The axis: every end of a bar. Levels start at zero, so that their lengths compare."""
        ends = [end for bar in self.bars for end in bar]
        return min(ends), max(ends) if max(ends) > min(ends) else min(ends) + 1.0


def waterfall(exhibit: Mapping[str, Any], words: Any, brand: Brand, width: float) -> tuple[Any, str]:
    """The figure and the sentence on what its axes show."""
    plot = Plot(exhibit, words, brand, width)
    left, right = plot.widest(plot.names) + GAP + 1.0, plot.widest(plot.values) + GAP + 1.0
    height = ROW * len(plot.rows)
    inner = width - left - right
    plot.axes = panel(sheet(width, HEAD + height + 1.0), left, HEAD, inner, height)
    low, high = plot.span()
    plot.axes.set_xlim(low, high)
    plot.axes.set_ylim(plot.last + 0.5, -0.5)
    for n in range(len(plot.rows)):
        _row(plot, n)
    write(plot.axes, (low, -0.5), plot.title(), brand.grey, shift=(-left, HEAD - 3.0), size=SMALL)
    return plot.axes.figure, _axes_sentence(plot)


def _row(plot: Plot, n: int) -> None:
    """A bar with its name on the left and its value at its right end, and a thin line on to the next bar."""
    brand, (start, end), chosen = plot.brand, plot.bars[n], n in plot.chosen
    color = brand.highlight if chosen else brand.primary if n in (0, plot.last) else mix(brand.primary, WHITE, 0.45)
    fall = end < start and 0 < n < plot.last
    face = WHITE if fall else color
    plot.axes.barh([n], [end - start], BAR, left=[start], color=face, edgecolor=color, linewidth=1.0, zorder=3)
    if n < plot.last:
        line = {"color": mix(brand.ink, WHITE, 0.5), "lw": 0.6, "zorder": 2, "clip_on": False}
        plot.axes.plot([end, end], [n, n + 1], **line)
    ink = brand.highlight_text if chosen else brand.ink
    low = plot.axes.get_xlim()[0]
    write(plot.axes, (low, n), plot.names[n], ink, shift=(-GAP, 0), bold=chosen, ha="right")
    write(plot.axes, (max(start, end), n), plot.values[n], ink, shift=(GAP, 0), bold=chosen)


def _axes_sentence(plot: Plot) -> str:
    """From which level to which, and the steps that add and take most."""
    steps = range(1, plot.last)
    texts = {"series": plot.title(), "first": plot.names[0]}
    texts |= {"last": plot.names[plot.last], "a": plot.values[0], "b": plot.values[plot.last]}
    if steps:
        high, low = (pick(steps, key=lambda n: plot.rows[n][1]) for pick in (max, min))
        texts |= {"high": plot.values[high], "high_at": plot.names[high]}
        texts |= {"low": plot.values[low], "low_at": plot.names[low]}
    args = {name: {"value": text, "unit": "text"} for name, text in texts.items()}
    return str(plot.words.sentence("alt.waterfall" if steps else "alt.waterfall.none", args))
