"""Charts over time: lines with promotions behind them, forecasts, and an effect between the ends of its interval."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kit.brand import WHITE, mix
from kit.charts.canvas import scale
from kit.charts.effect_path import Plot as Path
from kit.charts.line import Plot as Lines
from kit.charts.timeline import months_of
from kit.dates import day
from kit.deliver import slide_chart as native
from kit.deliver import slide_marks
from kit.deliver.slide_chart import Look, Series
from kit.deliver.slide_text import Box

FEW = 15
"""Points up to which each is marked."""
LEVELS = {"80": 0.3, "95": 0.55}
"""Levels of a forecast's intervals, and how pale their ends are."""

Exhibit = Mapping[str, Any]
Known = Mapping[dt.date, float | None]


def line(slide: Any, box: Box, exhibit: Exhibit, look: Look) -> list[Any]:
    """Lines over time; promotions are columns behind them, a forecast and the ends of a range lines of their own.

    A line that breaks because its data begin anew stays a picture.
    """
    plot = Lines(exhibit, look.words, look.brand)
    if plot.breaks:
        return []
    days = _days(plot)
    series, marked = _series(plot, days, look), _marked(plot, days, look)
    shown = [at.replace(day=1) if plot.monthly else at for at in days]  # months as the axis counts them
    frame = native.categories(slide, box, "LINE_MARKERS", shown, [*series, *marked], look)
    chart = frame.chart
    every = [v for one in series for v in one.values if v is not None]
    form = native.number_format(every, plot.unit, look, short=True)
    native.value_axis(chart.value_axis, form, look, scale(min(every), max(every), 5)[0])
    native.time_axis(chart.category_axis, shown, plot.monthly, look)
    for made, one in zip(chart.plots[0].series, series, strict=False):
        native.line(made, one, marked=len(days) <= FEW)
    if len(series) + len(marked) > 1:
        native.legend(chart)
    _highlight(plot, chart.plots[0], days, look)
    if marked:
        slide_marks.behind(chart, look.brand.grey)
    return [frame]


def _days(plot: Lines) -> list[dt.date]:
    days = {at for one in [*plot.series, *plot.ends] for at in one.days}
    return sorted(days | {plot.place(row["at"]) for row in plot.forecast})


def _series(plot: Lines, days: Sequence[dt.date], look: Look) -> list[Series]:
    """The lines, then the ends of a range, then what is expected."""
    brand = look.brand
    quiet = [mix(brand.ink, WHITE, share) for share in (0.45, 0.6, 0.7)]
    made = []
    for n, one in enumerate(plot.series):
        color = brand.primary if n == 0 or plot.ranged else quiet[(n - 1) % 3]
        known = dict(zip(one.days, one.values, strict=True))
        made.append(Series(one.name, _values(plot, known, days), color, 2.5 if n == 0 else 1.75))
    for one in plot.ends:
        known = dict(zip(one.days, one.values, strict=True))
        made.append(Series(one.name, _values(plot, known, days), mix(brand.ink, WHITE, 0.6), 1.0))
    return [*made, *_expected(plot, days, look)]


def _values(plot: Lines, known: Known, days: Iterable[dt.date]) -> tuple[float | None, ...]:
    return native.scaled([known.get(at) for at in days], plot.unit)


def _expected(plot: Lines, days: Sequence[dt.date], look: Look) -> list[Series]:
    """What is expected and the ends of its intervals, joined to the last known point."""
    if not plot.forecast:
        return []
    at, value = plot.series[0].points()[-1]
    rows = {plot.place(row["at"]): row for row in plot.forecast}

    def along(name: str) -> tuple[float | None, ...]:
        return _values(plot, {at: value, **{day: row[name] for day, row in rows.items()}}, days)

    made = [Series(look.words.label("slide.expected"), along("mid"), look.brand.primary, 2.25, dashed=True)]
    for level, share in LEVELS.items():
        pale = mix(look.brand.primary, WHITE, share)
        names = {
            "low": look.words.label("slide.low", level=f"{level}%"),
            "high": look.words.label("slide.high", level=f"{level}%"),
        }
        made += [Series(name, along(f"{end}{level}"), pale, 1.0, dashed=True) for end, name in names.items()]
    return made


def _marked(plot: Lines, days: Sequence[dt.date], look: Look) -> list[Series]:
    """Days or months of promotions as a series: 1 where one ran; none where there are none."""
    name, spans = f"label_{look.words.locale}", []
    for band in plot.bands():
        start = day(band["start"])
        end = day(band["end"]) if band.get("end") else start
        spans.append(months_of(start, end) if plot.monthly else (start, end))
    values = tuple(1.0 if any(start <= at <= end for start, end in spans) else None for at in days)
    names = [*dict.fromkeys(str(band[name]) for band in plot.bands())]
    return [Series(look.words.label("slide.marked", names=names), values, look.brand.grey)] if any(values) else []


def _highlight(plot: Lines, made: Any, days: Sequence[dt.date], look: Look) -> None:
    """The point of the message with its value: in the first line, or in what is expected."""
    known = dict(plot.series[0].points())
    if plot.ranged or not (plot.told or plot.highlight in known):
        return
    series = made.series[len(plot.series) + len(plot.ends) if plot.told else 0]
    text = plot.told_text() if plot.told else plot.value(known[plot.highlight])  # type: ignore[index]
    native.spotted(series.points[days.index(plot.highlight)], text, look, place="ABOVE")


def path(slide: Any, box: Box, exhibit: Exhibit, look: Look) -> list[Any]:
    """The estimate day by day between the ends of its interval, earlier ones as far as the page shows them."""
    plot, brand = Path(exhibit, look.words, look.brand), look.brand
    names = [str(look.words.label(column["label"])) for column in plot.columns]
    quiet = mix(brand.primary, WHITE, 0.45)
    series = [Series(names[1], native.scaled(plot.value, plot.unit), brand.primary, 2.5)]
    series += [Series(names[n], native.scaled(v, plot.unit), quiet, 1.0) for n, v in ((2, plot.low), (3, plot.high))]
    frame = native.categories(slide, box, "LINE_MARKERS", plot.days, series, look)
    chart, reach = frame.chart, native.scaled(plot.reach(), plot.unit)
    ticks = scale(reach[0] or 0.0, reach[1] or 0.0, 8)
    form = native.number_format(reach, plot.unit, look, short=True)
    native.value_axis(chart.value_axis, form, look, ticks[0], ticks[-1])
    native.time_axis(chart.category_axis, plot.days, False, look)
    native.legend(chart)
    for made, one in zip(chart.plots[0].series, series, strict=True):
        native.line(made, one, marked=False)
    native.spotted(chart.plots[0].series[0].points[len(plot.days) - 1], plot.said(plot.value[-1]), look, place="ABOVE")
    return [frame]
