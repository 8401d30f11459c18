"""Form ``line``: values over time, promotions as named bands, the point of the message, maybe a forecast.

Table: the first column is the time (unit ``month`` or ``date``), every further column a series, all in one
unit; a missing value or month breaks its line. Two columns named ``low`` and ``high`` are the ends of a range, drawn
as a band. Options, none of them required:

- ``highlight``: the time whose value the message is about (in the first series, or expected)
- ``promotions``: ``[{"label_zh", "label_en", "start", "end"}]``, both days included, ``end`` may be missing; on a
  line of days they are bands behind it, on a line of months bars above the months they fill. What is no promotion (a
  stoppage) has ``label``, a catalogue key, with its ``args``, instead of its two names, and maybe ``exact``: days
  between two of a name are then left out
- ``breaks``: days from which values count something else: the line breaks there, and a dashed rule says so
- ``forecast``: ``[{"at", "mid", "low80", "high80", "low95", "high95"}]``, continuing the first series
- ``band``: two columns that are the ends of a range around another; drawn as a band and not as lines
- ``unit``: the unit of the values, if not the second column's
- ``names``: what series are called that bear a name of the data, by column: text, or one in each language
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kit.brand import WHITE, Brand, mix
from kit.charts.canvas import SMALL, panel, scale, sheet, shifted, shortened, tick_texts, widest, write
from kit.charts.fan import between, expected
from kit.charts.timeline import Band, Timeline, months_between
from kit.dates import day

HEIGHT, PHONE_HEIGHT = 40.0, 52.0
"""Of the plot itself, mm: on a page, and on a phone."""
ROW, FOOT = 4.2, 9.0
"""A row of names above the plot, and the dates below it, mm."""
BAR, NAMES = 1.9, 0.36
"""How far above a plot of months its promotions' bars stand, mm; part of the width for the names of several lines."""


@dataclass
class Series:
    """A named run of points; ``values`` has None where there is none, but never only None."""

    name: str
    days: list[dt.date]
    values: list[float | None]

    def points(self) -> list[tuple[dt.date, float]]:
        return [(d, v) for d, v in zip(self.days, self.values, strict=True) if v is not None]


@dataclass
class Plot:
    """One chart being drawn: its data, and the axes once there are any."""

    exhibit: Mapping[str, Any]
    words: Any
    brand: Brand
    series: list[Series] = field(default_factory=list)
    ends: list[Series] = field(default_factory=list)
    axes: Any = None

    def __post_init__(self) -> None:
        columns = self.exhibit["table"]["columns"]
        self.options = self.exhibit.get("options") or {}
        self.monthly = columns[0]["unit"] == "month"
        self.unit = self.options.get("unit") or columns[1]["unit"]
        self.ranged = [column["name"] for column in columns[1:]] == ["low", "high"]
        rows = {self.place(row[0]): row for row in self.exhibit["table"]["rows"]}
        days = months_between(min(rows), max(rows)) if self.monthly else sorted(rows)
        for number, column in enumerate(columns[1:], 1):
            values = [rows[at][number] if at in rows else None for at in days]
            if any(v is not None for v in values):
                found = self.ends if column["name"] in (self.options.get("band") or ()) else self.series
                found.append(Series(self.name(column), days, values))
        self.forecast = self.options.get("forecast") or []
        self.breaks = sorted(day(at) for at in self.options.get("breaks") or ())
        at = self.options.get("highlight")
        self.highlight = self.place(at) if at else None
        self.told = next((row for row in self.forecast if self.place(row["at"]) == self.highlight), None)

    def name(self, column: Mapping[str, Any]) -> str:
        own = (self.options.get("names") or {}).get(column["name"])
        return str(self.words.value({"value": own, "unit": "text"}) if own else self.words.label(column["label"]))

    def place(self, at: Any) -> dt.date:
        """Where a point stands: a month's value in the middle of the month."""
        return day(at).replace(day=15) if self.monthly else day(at)

    def value(self, number: float) -> str:
        return str(self.words.value({"value": number, "unit": self.unit}))

    def time(self, at: dt.date) -> str:
        return str(self.words.value({"value": at, "unit": "month" if self.monthly else "date"}))

    def bands(self) -> list[Mapping[str, Any]]:
        """What is marked, each under its name in this language."""
        marked = self.options.get("promotions") or ()
        name = f"label_{self.words.locale}"
        return [m if name in m else {**m, name: self.words.sentence(m["label"], m.get("args") or {})} for m in marked]

    def at_end(self) -> bool:
        """Is the point of the message the last of its line, with nothing drawn beyond?"""
        return not self.forecast and self.highlight == self.series[0].points()[-1][0]

    def beyond(self, at: dt.date) -> int:
        """Where a text beside a line's last point begins: behind its month, clear of the lines of the axis."""
        return at.toordinal() + (15 if self.monthly else 0)

    def end_text(self, series: Series) -> str:
        """What stands behind a line's end: its name among several, its value if that is the message."""
        name = [series.name] if len(self.series) > 1 else []
        told = series is self.series[0] or self.ranged
        value = [self.value(series.points()[-1][1])] if told and self.at_end() else []
        return " ".join(name + value)

    def told_text(self) -> str:
        """The expected value of the message with its month or day."""
        if not self.told:
            return ""
        at = self.words.value({"value": self.told["at"], "unit": "month_short" if self.monthly else "day"})
        return f"{at} {self.value(self.told['mid'])}"

    def forecast_name(self) -> str:
        levels = {"inner": {"value": 0.8, "unit": "level"}, "outer": {"value": 0.95, "unit": "level"}}
        return str(self.words.sentence("chart.forecast", levels)) if self.forecast else ""


def line(exhibit: Mapping[str, Any], words: Any, brand: Brand, width: float) -> tuple[Any, str]:
    """The figure and the sentence on what its axes show."""
    plot = Plot(exhibit, words, brand)
    if len(plot.series) > 1:
        for series in plot.series:
            series.name = shortened(series.name, NAMES * width, bold=True)
    ticks = _ticks(plot)
    labels = tick_texts(ticks, plot.unit, words)
    left = widest(labels, SMALL) + 2
    beside = widest([plot.end_text(s) for s in plot.series] + [plot.forecast_name(), plot.told_text()], bold=True)
    inner = width - left - max(4.0, 1.05 * beside + 3.5)
    days = [d for s in plot.series for d in s.days] + [plot.place(f["at"]) for f in plot.forecast]
    timeline = Timeline.over(days, inner, plot.monthly)
    cuts = [Band(words.label("chart.break"), at, at, cut=True) for at in plot.breaks]
    bands = timeline.bands(plot.bands(), words.locale, cuts)
    rows = 1 + max((band.row for band in bands), default=-1)
    single = len(plot.series) == 1
    top = ROW * rows + (ROW + 3.8 if single else 3.8)
    height = HEIGHT if width > 120 else PHONE_HEIGHT
    plot.axes = panel(sheet(width, top + height + FOOT), left, top, inner, height)
    plot.axes.set_xlim(timeline.first.toordinal(), timeline.last.toordinal())
    plot.axes.set_ylim(ticks[0], ticks[-1])
    _grid(plot, ticks, labels)
    _promotions(plot, bands, inner)
    _dates(plot, timeline)
    expected(plot)
    between(plot)
    _lines(plot, gap=4.0 * (ticks[-1] - ticks[0]) / height)
    if single:
        corner = (timeline.first.toordinal(), ticks[-1])
        write(plot.axes, corner, plot.series[0].name, brand.grey, shift=(-left, top - 2.5), size=SMALL)
    return plot.axes.figure, _axes_sentence(plot)


def _ticks(plot: Plot) -> list[float]:
    """The reading axis, with room above a peak for the value of the highlighted point."""
    shown = [v for s in [*plot.series, *plot.ends] for _, v in s.points()]
    shown += [row[name] for row in plot.forecast for name in ("low95", "high95")]
    room = 0.1 * (max(shown) - min(0.0, *shown)) if plot.highlight and not plot.told and not plot.at_end() else 0.0
    return scale(min(shown), max(shown) + room, 5)


def _grid(plot: Plot, ticks: Sequence[float], labels: Sequence[str]) -> None:
    """Light lines on the reading axis only; zero, where it is shown, is the base line."""
    left, right = plot.axes.get_xlim()
    for tick, label in zip(ticks, labels, strict=True):
        color, weight = (mix(plot.brand.ink, WHITE, 0.5), 0.7) if tick == 0 else (plot.brand.rule, 0.5)
        plot.axes.plot([left, right], [tick, tick], color=color, lw=weight, zorder=1, clip_on=False)
        write(plot.axes, (left, tick), label, plot.brand.grey, shift=(-1.5, 0), size=SMALL, ha="right")


def _promotions(plot: Plot, bands: Sequence[Band], inner: float) -> None:
    """Quiet marks, a hair apart where one follows another, with their names above.

    Whole months of several promotions a year would shade most of the plot: months have bars above it instead.
    """
    low, high = plot.axes.get_ylim()
    left, right = plot.axes.get_xlim()
    gap = 0.3 * (right - left) / inner
    for band in bands:
        start, end = band.start.toordinal(), band.end.toordinal() + (0 if plot.monthly else 1)
        if band.cut:
            plot.axes.plot([start, start], [low, high], color=plot.brand.grey, lw=0.9, ls=(0, (2, 2)), zorder=2)
        elif plot.monthly:
            shade, above = mix(plot.brand.ink, WHITE, 0.68), shifted(plot.axes, 0, BAR)
            across = [start + gap, end - gap]
            style = {"color": shade, "lw": 2.2, "solid_capstyle": "butt", "clip_on": False}
            plot.axes.plot(across, [high, high], transform=above, zorder=2, **style)
        else:
            shade = mix(plot.brand.ink, WHITE, 0.93)
            plot.axes.fill_between([start + gap, end - gap], low, high, color=shade, linewidth=0, zorder=0)
        shift = (0.0, (4.2 if plot.monthly else 2.9) + ROW * band.row)
        write(plot.axes, (band.middle, high), band.name, plot.brand.grey, shift=shift, size=SMALL, ha="center")


def _dates(plot: Plot, timeline: Timeline) -> None:
    """Months or days below the axis, the year once where it begins."""
    low, grey = plot.axes.get_ylim()[0], plot.brand.grey
    seen: set[int] = set()
    for at, text in timeline.ticks(plot.words.locale):
        x = plot.place(at).toordinal()
        write(plot.axes, (x, low), text, grey, shift=(0, -3.1), size=SMALL, ha="center")
        if at.year not in seen:
            seen.add(at.year)
            write(plot.axes, (x, low), str(at.year), grey, shift=(0, -6.9), size=SMALL, bold=True, ha="center")


def _lines(plot: Plot, gap: float) -> None:
    """The first series speaks in the brand's colour, the others step back in grey; names ``gap`` apart."""
    quiet = [mix(plot.brand.ink, WHITE, share) for share in (0.45, 0.6, 0.7)]
    colors = [plot.brand.primary, *(quiet[n % 3] for n in range(len(plot.series) - 1))]
    if plot.ranged:
        colors = [plot.brand.primary] * len(plot.series)
        _range(plot)
    for series, color in reversed(list(zip(plot.series, colors, strict=True))):
        x, y = _parted(series, plot.breaks)
        main = series is plot.series[0] and not plot.ranged
        plot.axes.plot(x, y, color=color, lw=1.9 if main else 1.3, zorder=3 + main, clip_on=False)
        if len(x) <= 15 or _lonely(series.values):
            size = 3.2 if main else 2.4
            plot.axes.plot(x, y, "o", color=color, ms=size, mew=0, zorder=3 + main, clip_on=False)
    if len(plot.series) > 1:
        _end_names(plot, gap)
    _highlight(plot)


def _parted(series: Series, breaks: Sequence[dt.date]) -> tuple[list[float], list[float]]:
    """Days and values of a line, with nothing where there is no value and between the two sides of a break."""
    x, y = [float(d.toordinal()) for d in series.days], [float("nan") if v is None else v for v in series.values]
    for at in breaks:
        place = next((n for n, d in enumerate(series.days) if d >= at), None)
        if place:
            x.insert(place, float(at.toordinal()))
            y.insert(place, float("nan"))
    return x, y


def _range(plot: Plot) -> None:
    """The band between the two ends of a range."""
    (x, low), (_, high) = (_parted(series, plot.breaks) for series in plot.series)
    shade = mix(plot.brand.primary, WHITE, 0.8)
    plot.axes.fill_between(x, low, high, color=shade, linewidth=0, zorder=2)


def _lonely(values: Sequence[float | None]) -> bool:
    """Is there a point without a neighbour, which a line alone would not show?"""
    padded = [None, *values, None]
    return any(v is not None and padded[n] is None and padded[n + 2] is None for n, v in enumerate(values))


def _end_names(plot: Plot, gap: float) -> None:
    """Every line's name at its end, pushed apart where lines end close together."""
    floor = plot.axes.get_ylim()[0]
    for series in sorted(plot.series, key=lambda s: s.points()[-1][1]):
        at, value = series.points()[-1]
        floor = max(value, floor)
        main = series is plot.series[0] or plot.ranged
        color = plot.brand.primary if main else plot.brand.grey
        write(plot.axes, (plot.beyond(at), floor), plot.end_text(series), color, shift=(2.2, 0), bold=main)
        floor += gap


def _highlight(plot: Plot) -> None:
    """The point of the message with its value: beside the line's end, else above a rise or below a dip."""
    points = plot.series[0].points()
    found = next((n for n, (at, _) in enumerate(points) if at == plot.highlight), None)
    if found is None or plot.ranged:
        return
    x, y = points[found][0].toordinal(), points[found][1]
    plot.axes.plot([x], [y], "o", color=plot.brand.highlight, ms=6.5, mec=WHITE, mew=1.2, zorder=6, clip_on=False)
    text, color = plot.value(y), plot.brand.highlight_text
    if not plot.at_end():
        around = [value for _, value in points[max(0, found - 1) : found + 2]]
        up = y >= sum(around) / len(around)
        shift, va = ((0.0, 2.2), "bottom") if up else ((0.0, -2.2), "top")
        write(plot.axes, (x, y), text, color, shift=shift, bold=True, ha="center", va=va)
    elif len(plot.series) == 1:
        write(plot.axes, (plot.beyond(points[found][0]), y), text, color, shift=(1.8, 0), bold=True)


def _axes_sentence(plot: Plot) -> str:
    """What a reader who can't see the chart needs: what, from when to when, between which values."""
    points = [p for s in plot.series for p in s.points()]
    low, high = min(points, key=lambda p: p[1]), max(points, key=lambda p: p[1])
    days = [at for at, _ in points]
    texts = {
        "series": plot.words.listing([s.name for s in plot.series]),
        "start": plot.time(min(days)),
        "end": plot.time(max(days)),
        "low": plot.value(low[1]),
        "low_at": plot.time(low[0]),
        "high": plot.value(high[1]),
        "high_at": plot.time(high[0]),
    }
    args = {name: {"value": text, "unit": "text"} for name, text in texts.items()}
    return str(plot.words.sentence("alt.line.forecast" if plot.forecast else "alt.line", args))
