"""Form ``effect_path``: an effect as it was known day by day, with its interval, against no effect.

Table: date, value, lower and upper end, in one unit; a day without a value breaks the line. Options: ``band``, the two
ends of the range in which a difference does not matter; ``end``, the day for which the end was planned. The last value
is the one of the message. An interval that leaves the drawing goes on beyond its edge.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit.brand import WHITE, Brand, mix
from kit.charts.canvas import SMALL, panel, scale, sheet, tick_texts, widest, write
from kit.charts.timeline import Timeline
from kit.dates import day

HEIGHT, HEAD, FOOT = 40.0, 7.5, 8.0
"""Heights in mm: the plot, the line that says what is read, the dates."""
REACH = 2.0
"""How many times the last interval's distance from no effect the axis reaches at most."""


@dataclass
class Plot:
    """One chart being drawn."""

    exhibit: Mapping[str, Any]
    words: Any
    brand: Brand
    axes: Any = None

    def __post_init__(self) -> None:
        table, options = self.exhibit["table"], self.exhibit.get("options") or {}
        self.columns, self.unit = table["columns"], table["columns"][1]["unit"]
        known = [row for row in table["rows"] if None not in row[:4]]
        self.days = [day(row[0]) for row in known]
        self.value, self.low, self.high = ([float(row[n]) for row in known] for n in (1, 2, 3))
        self.band = options.get("band")
        self.end = day(options["end"]) if options.get("end") else None

    def said(self, value: float) -> str:
        return str(self.words.value({"value": value, "unit": self.unit}, sign=True))

    def reach(self) -> tuple[float, float]:
        """The reading axis: no effect, the last interval and the band whole, earlier ones as far as there is room."""
        far = REACH * max(abs(self.low[-1]), abs(self.high[-1]), *map(abs, self.band or (0.0,)))
        ends = [*self.low, *self.high, *(self.band or ()), 0.0]
        return max(min(ends), -far), min(max(ends), far)


def effect_path(exhibit: Mapping[str, Any], words: Any, brand: Brand, width: float) -> tuple[Any, str]:
    """The figure and the sentence on what its axes show."""
    plot = Plot(exhibit, words, brand)
    low, high = plot.reach()
    ticks = [tick for tick in scale(low, high, 8) if low <= tick <= high]
    labels = tick_texts(ticks, plot.unit, words)
    left, right = widest(labels, SMALL) + 2, widest([plot.said(plot.value[-1])], bold=True) + 4
    timeline = Timeline.over([*plot.days, *([plot.end] if plot.end else [])], width - left - right, False)
    plot.axes = panel(sheet(width, HEAD + HEIGHT + FOOT), left, HEAD, width - left - right, HEIGHT)
    plot.axes.set_xlim(timeline.first.toordinal(), timeline.last.toordinal())
    plot.axes.set_ylim(low, high)
    _ground(plot, ticks, labels)
    _path(plot)
    for at, text in timeline.ticks(words.locale):
        write(plot.axes, (at.toordinal(), low), text, brand.grey, shift=(0, -3.4), size=SMALL, ha="center")
    corner = (timeline.first.toordinal(), high)
    write(plot.axes, corner, words.label(plot.columns[1]["label"]), brand.grey, shift=(-left, HEAD - 3), size=SMALL)
    return plot.axes.figure, _sentence(plot)


def _ground(plot: Plot, ticks: list[float], labels: list[str]) -> None:
    """Light lines to read by, the band that does not matter, the line of no effect, the planned end."""
    left, right = plot.axes.get_xlim()
    if plot.band:
        shade = mix(plot.brand.ink, WHITE, 0.92)
        plot.axes.fill_between([left, right], *plot.band, color=shade, linewidth=0, zorder=0)
    for tick, label in zip(ticks, labels, strict=True):
        dark = tick == 0
        color, weight = (plot.brand.ink, 0.8) if dark else (plot.brand.rule, 0.5)
        plot.axes.plot([left, right], [tick, tick], color=color, lw=weight, zorder=2 if dark else 1, clip_on=False)
        write(plot.axes, (left, tick), label, plot.brand.grey, shift=(-1.5, 0), size=SMALL, ha="right")
    if plot.end:
        _planned(plot, plot.end)


def _planned(plot: Plot, end: dt.date) -> None:
    at, (low, high) = end.toordinal(), plot.axes.get_ylim()
    plot.axes.plot([at, at], [low, high], color=plot.brand.grey, lw=0.9, ls=(0, (2, 2)), zorder=2)
    text = plot.words.label("chart.planned_end")
    write(plot.axes, (at, high), text, plot.brand.grey, shift=(0, 2.4), size=SMALL, ha="right")


def _path(plot: Plot) -> None:
    """The interval as a ribbon, the estimate as a line, its last value in the colour of the message."""
    x, brand = [at.toordinal() for at in plot.days], plot.brand
    plot.axes.fill_between(x, plot.low, plot.high, color=mix(brand.primary, WHITE, 0.8), linewidth=0, zorder=1)
    for ends in (plot.low, plot.high):
        plot.axes.plot(x, ends, color=mix(brand.primary, WHITE, 0.35), lw=0.9, zorder=3)
    plot.axes.plot(x, plot.value, color=brand.primary, lw=1.9, zorder=4)
    plot.axes.plot(x[-1:], plot.value[-1:], "o", color=brand.highlight, ms=6, mec=WHITE, mew=1, zorder=6, clip_on=False)
    text = plot.said(plot.value[-1])
    write(plot.axes, (x[-1], plot.value[-1]), text, brand.highlight_text, shift=(2, 0), bold=True)


def _sentence(plot: Plot) -> str:
    """From when to when, and where the effect and its interval stand at the last."""
    texts = {"series": plot.words.label(plot.columns[1]["label"]), "value": plot.said(plot.value[-1])}
    texts |= {"low": plot.said(plot.low[-1]), "high": plot.said(plot.high[-1])}
    for name, at in (("start", plot.days[0]), ("end", plot.days[-1])):
        texts[name] = plot.words.value({"value": at.isoformat(), "unit": "date"})
    args = {name: {"value": text, "unit": "text"} for name, text in texts.items()}
    return str(plot.words.sentence("alt.effect_path", args))
