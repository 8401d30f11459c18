"""Form ``price_panels``: a small panel a brand with its price level over the snapshots, all on one scale.

Table: a row a brand and snapshot, brands together and in the order of their panels. Columns by name: ``brand``,
``date``, ``level`` (a change against the base; a missing one breaks the line) and ``lasting_cut`` (where a snapshot is
the first with one, its size). Marks: ``own`` rows are the client's. A price holds until the next snapshot, so lines are
steps. Options: ``promotions``: ``[{"label", "start", "end"}]``, label a catalogue key, both days included.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kit.brand import WHITE, Brand, mix
from kit.charts.canvas import SMALL, panel, scale, sheet, shortened, tick_texts, widest, write
from kit.charts.timeline import Timeline
from kit.dates import day

COLUMNS, PHONE_COLUMNS = 4, 2
HEAD, HEIGHT, FOOT = 5.7, 19.0, 6.5
"""Of a panel, mm: the brand's name, the plot, the dates and the distance to the next."""
SECOND = 3.8
"""The line below the names where any brand has a lasting cut, mm."""
NAME = 4.0
"""A row of promotions' names above the panels of the first row, mm."""
GAP = 4.0
"""Between two panels of a row, mm."""
LEAST, ROOM = 0.05, 0.08
"""The scale reaches down so far at least (a change of nothing is no fall to the bottom), and has some room."""


@dataclass
class Row:
    """One brand's line; ``cuts`` are its lasting cuts by day."""

    name: str
    own: bool
    days: list[dt.date] = field(default_factory=list)
    values: list[float | None] = field(default_factory=list)
    cuts: dict[dt.date, float] = field(default_factory=dict)

    def last(self) -> tuple[dt.date, float] | None:
        known = [(d, v) for d, v in zip(self.days, self.values, strict=True) if v is not None]
        return known[-1] if known else None


@dataclass
class Plot:
    """The chart being drawn: its lines, worded where they are shown."""

    exhibit: Mapping[str, Any]
    words: Any
    brand: Brand
    rows: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        table = self.exhibit["table"]
        at = {column["name"]: n for n, column in enumerate(table["columns"])}
        own = {int(n) for n, mark in (table.get("marks") or {}).items() if mark == "own"}
        for n, cells in enumerate(table["rows"]):
            name = self.words.value({"value": cells[at["brand"]], "unit": "text"})
            if not self.rows or self.rows[-1].name != name:
                self.rows.append(Row(name, n in own))
            row, date = self.rows[-1], day(cells[at["date"]])
            row.days.append(date)
            row.values.append(cells[at["level"]])
            if cells[at["lasting_cut"]] is not None:
                row.cuts[date] = cells[at["lasting_cut"]]

    @property
    def days(self) -> list[dt.date]:
        return sorted({d for row in self.rows for d in row.days})

    @property
    def values(self) -> list[float]:
        return [v for row in self.rows for v in row.values if v is not None]

    def change(self, value: float) -> str:
        return str(self.words.value({"value": value, "unit": "growth"}, sign=True))

    def color(self, row: Row) -> tuple[str, str]:
        """Of the line, and of what is written about it."""
        if row.own:
            return self.brand.primary, self.brand.primary
        if row.cuts:
            return self.brand.highlight, self.brand.highlight_text
        return mix(self.brand.ink, WHITE, 0.45), self.brand.ink

    def cut(self, row: Row) -> str:
        """When the largest lasting cut began, and its size."""
        if not row.cuts:
            return ""
        at = max(row.cuts, key=lambda d: row.cuts[d])
        args = {"at": {"value": at, "unit": "day"}, "cut": {"value": row.cuts[at], "unit": "ratio"}}
        return str(self.words.sentence("chart.cut", args))


def price_panels(exhibit: Mapping[str, Any], words: Any, brand: Brand, width: float) -> tuple[Any, str]:
    """The figure and the sentence on what its axes show."""
    plot = Plot(exhibit, words, brand)
    low, high = min(-LEAST, *plot.values), max(0.0, *plot.values)
    limits = low - ROOM * (high - low), high + ROOM * (high - low)
    ticks = [tick for tick in scale(low, high, 4) if limits[0] <= tick <= limits[1]]
    labels = tick_texts(ticks, "growth", words)
    left = widest(labels, SMALL) + 2
    columns = min(COLUMNS if width > 120 else PHONE_COLUMNS, len(plot.rows))
    beside = widest([plot.change(last[1]) for row in plot.rows if (last := row.last())], SMALL, bold=True) + 2.5
    across = (width - left - GAP * (columns - 1)) / columns
    timeline = Timeline.over(plot.days, across - beside, False)
    bands = timeline.bands(_promotions(plot), words.locale)
    names = NAME * (1 + max((band.row for band in bands), default=-1))
    head = HEAD + (SECOND if any(row.cuts for row in plot.rows) else 0.0)
    each = head + HEIGHT + FOOT
    figure = sheet(width, names + each * -(-len(plot.rows) // columns))
    for n, row in enumerate(plot.rows):
        top = names + each * (n // columns) + head
        axes = panel(figure, left + (across + GAP) * (n % columns), top, across - beside, HEIGHT)
        axes.set_xlim(timeline.first.toordinal(), timeline.last.toordinal())
        axes.set_ylim(*limits)
        _grid(plot, axes, ticks, labels if n % columns == 0 else [""] * len(ticks))
        _shade(plot, axes, bands, named=n < columns)
        _dates(plot, axes, timeline)
        _name(plot, axes, row, across, head + (names if n < columns else 0.0))
        _line(plot, axes, row)
    return figure, _axes_sentence(plot)


def _promotions(plot: Plot) -> list[dict[str, Any]]:
    """The promotions as a timeline takes them, named in this language."""
    given = (plot.exhibit.get("options") or {}).get("promotions") or ()
    return [{**p, f"label_{plot.words.locale}": plot.words.label(p["label"])} for p in given]


def _grid(plot: Plot, axes: Any, ticks: list[float], labels: list[str]) -> None:
    left, right = axes.get_xlim()
    for tick, label in zip(ticks, labels, strict=True):
        level = abs(tick) < 1e-9
        color, weight = (mix(plot.brand.ink, WHITE, 0.5), 0.7) if level else (plot.brand.rule, 0.5)
        axes.plot([left, right], [tick, tick], color=color, lw=weight, zorder=1, clip_on=False)
        write(axes, (left, tick), label, plot.brand.grey, shift=(-1.5, 0), size=SMALL, ha="right")


def _shade(plot: Plot, axes: Any, bands: Any, named: bool) -> None:
    """Promotions behind every line, named above the first row of panels."""
    low, high = axes.get_ylim()
    for band in bands:
        ends = [band.start.toordinal(), band.end.toordinal() + 1]
        axes.fill_between(ends, low, high, color=mix(plot.brand.ink, WHITE, 0.9), linewidth=0, zorder=0, clip_on=False)
        if named:
            shift = (0.0, 2.2 + NAME * band.row)
            write(axes, (band.middle, high), band.name, plot.brand.grey, shift=shift, size=SMALL, ha="center")


def _dates(plot: Plot, axes: Any, timeline: Timeline) -> None:
    """The first and the last: a panel has no room for more."""
    low = axes.get_ylim()[0]
    for at, ha in ((timeline.first, "left"), (timeline.last, "right")):
        text = str(plot.words.value({"value": at, "unit": "day"}))
        write(axes, (at.toordinal(), low), text, plot.brand.grey, shift=(0, -2.8), size=SMALL, ha=ha)


def _name(plot: Plot, axes: Any, row: Row, width: float, above: float) -> None:
    """The brand, and below it its lasting cut."""
    left, high, text = axes.get_xlim()[0], axes.get_ylim()[1], plot.color(row)[1]
    bold, second = row.own or bool(row.cuts), plot.cut(row)
    write(axes, (left, high), shortened(row.name, width, bold=bold), text, shift=(0, above - 2.6), bold=bold)
    if second:
        write(axes, (left, high), shortened(second, width, SMALL), text, shift=(0, above - 6.4), size=SMALL)


def _line(plot: Plot, axes: Any, row: Row) -> None:
    """The level, dots where lasting cuts began, and what it came to."""
    color, text = plot.color(row)
    x = [d.toordinal() for d in row.days]
    y = [float("nan") if v is None else v for v in row.values]
    weight = 1.8 if row.own or row.cuts else 1.3
    axes.plot(x, y, color=color, lw=weight, zorder=3, drawstyle="steps-post", clip_on=False)
    for at in row.cuts:
        axes.plot([at.toordinal()], [y[row.days.index(at)]], "o", color=color, ms=4, mew=0, zorder=4, clip_on=False)
    last = row.last()
    if last:
        axes.plot([last[0].toordinal()], [last[1]], "o", color=color, ms=2.6, mew=0, zorder=4, clip_on=False)
        end = (last[0].toordinal(), last[1])
        write(axes, end, plot.change(last[1]), text, shift=(1.6, 0), size=SMALL, bold=row.own or bool(row.cuts))


def _axes_sentence(plot: Plot) -> str:
    """Which brands, from when to when, and whose level ends lowest."""
    ends = [(last[1], row.name) for row in plot.rows if (last := row.last())]
    value, name = min(ends, key=lambda end: end[0])
    texts = {
        "names": plot.words.listing([row.name for row in plot.rows]),
        "start": plot.words.value({"value": plot.days[0], "unit": "date"}),
        "end": plot.words.value({"value": plot.days[-1], "unit": "date"}),
        "lowest": name,
        "value": plot.change(value),
    }
    args = {key: {"value": text, "unit": "text"} for key, text in texts.items()}
    return str(plot.words.sentence("alt.price_panels", args))
