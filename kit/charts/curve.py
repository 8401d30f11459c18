"""Form ``curve``: one quantity against another along a smooth line, with the points that matter named on it.

Table: the two quantities, rising along the first, and a third column that names the row (unit ``label``) or is None.
Options: ``highlight``, the row of the message. Names stand above the line to the right of their points, so the line is
one that falls.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit.brand import WHITE, Brand
from kit.charts.canvas import SMALL, panel, scale, sheet, tick_texts, widest, write

HEIGHT, HEAD, FOOT = 40.0, 8.5, 11.0
"""Heights in mm: the plot, the line that says what is read, the other axis with what it is."""
LINE, SHIFT, EDGE = 4.6, 2.5, 2.0
"""Between two names, from a point to its name, and beside everything, mm."""


@dataclass
class Plot:
    """One chart being drawn."""

    exhibit: Mapping[str, Any]
    words: Any
    brand: Brand
    axes: Any = None

    def __post_init__(self) -> None:
        table, options = self.exhibit["table"], self.exhibit.get("options") or {}
        self.columns = table["columns"]
        self.told = options.get("highlight")
        self.x, self.y = ([float(row[n]) for row in table["rows"]] for n in (0, 1))
        self.marks = [(n, self._name(row)) for n, row in enumerate(table["rows"]) if row[2] is not None]

    def _name(self, row: Any) -> str:
        return f"{self.words.label(row[2])} {self.said(row[0], 0)}"

    def said(self, value: float, column: int) -> str:
        return str(self.words.value({"value": value, "unit": self.columns[column]["unit"]}))

    def label(self, column: int) -> str:
        return str(self.words.label(self.columns[column]["label"]))

    def bold(self, row: int) -> bool:
        return row == self.told


def curve(exhibit: Mapping[str, Any], words: Any, brand: Brand, width: float) -> tuple[Any, str]:
    """The figure and the sentence on what its axes show."""
    plot = Plot(exhibit, words, brand)
    across, up = scale(0, max(plot.x), 6), scale(0, max(plot.y), 5)
    labels = [tick_texts(ticks, plot.columns[n]["unit"], words) for n, ticks in enumerate((across, up))]
    left = widest(labels[1], SMALL) + EDGE
    right = _room(plot, across[-1], width - left - EDGE, widest(labels[0][-1:], SMALL) / 2)
    plot.axes = panel(sheet(width, HEAD + HEIGHT + FOOT), left, HEAD, width - left - right, HEIGHT)
    plot.axes.set_xlim(0, across[-1])
    plot.axes.set_ylim(0, up[-1])
    _ground(plot, across, up, labels, left)
    plot.axes.plot(plot.x, plot.y, color=brand.primary, lw=1.9, zorder=3)
    _named(plot, up[-1])
    return plot.axes.figure, _sentence(plot)


def _room(plot: Plot, end: float, width: float, least: float) -> float:
    """What names need to the right of the plot, mm."""
    beyond = [width * (plot.x[n] / end - 1) + SHIFT + widest([name], bold=plot.bold(n)) for n, name in plot.marks]
    return max([least, 0.0, *beyond]) + EDGE


def _ground(plot: Plot, across: list[float], up: list[float], labels: list[list[str]], left: float) -> None:
    """Light lines to read by, and both axes with what they are."""
    brand = plot.brand
    for tick, label in zip(up, labels[1], strict=True):
        color, weight = (brand.ink, 0.8) if tick == 0 else (brand.rule, 0.5)
        plot.axes.plot([0, across[-1]], [tick, tick], color=color, lw=weight, zorder=1, clip_on=False)
        write(plot.axes, (0, tick), label, brand.grey, shift=(-1.5, 0), size=SMALL, ha="right")
    for tick, label in zip(across[1:], labels[0][1:], strict=True):
        write(plot.axes, (tick, 0), label, brand.grey, shift=(0, -3.4), size=SMALL, ha="center")
    write(plot.axes, (0, up[-1]), plot.label(1), brand.grey, shift=(-left, HEAD - 3), size=SMALL)
    write(plot.axes, (across[-1], 0), plot.label(0), brand.grey, shift=(0, -8), size=SMALL, ha="right")


def _named(plot: Plot, top: float) -> None:
    """The points with their names, the rightmost lowest, each clear of the one below it."""
    floor, brand = 0.0, plot.brand
    for row, name in reversed(plot.marks):
        at, told = (plot.x[row], plot.y[row]), plot.bold(row)
        color = brand.highlight if told else brand.primary
        plot.axes.plot(*([value] for value in at), "o", color=color, ms=6, mec=WHITE, mew=1, zorder=6, clip_on=False)
        height = max(at[1] / top * HEIGHT + SHIFT, floor)
        lift = height - at[1] / top * HEIGHT
        write(plot.axes, at, name, brand.highlight_text if told else brand.grey, shift=(SHIFT, lift), bold=told)
        floor = height + LINE


def _sentence(plot: Plot) -> str:
    """What stands against what, from where to where, and the named points."""
    texts = {"x": plot.label(0), "y": plot.label(1)}
    for name, row in (("start", 0), ("end", -1)):
        texts |= {f"{name}_x": plot.said(plot.x[row], 0), f"{name}_y": plot.said(plot.y[row], 1)}
    args: dict[str, Any] = {name: {"value": text, "unit": "text"} for name, text in texts.items()}
    if not plot.marks:
        return str(plot.words.sentence("alt.curve", args))
    marked = [f"{name}: {plot.said(plot.y[row], 1)}" for row, name in plot.marks]
    args["marked"] = {"value": plot.words.listing(marked), "unit": "text"}
    return str(plot.words.sentence("alt.curve_marked", args))
