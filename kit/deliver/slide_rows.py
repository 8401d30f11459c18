"""Charts of rows: bars with their values, changes and intervals beside them, and steps from a level to another.

Where an interval is drawn it is an error bar on a bar that begins at the value of no difference; charts beside each
other have their rows on the same height.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from kit.brand import WHITE, mix
from kit.charts.canvas import scale
from kit.charts.dot_range import Rows as Pairs
from kit.charts.intervals import REACH
from kit.charts.intervals import Rows as Intervals
from kit.charts.share_bars import Rows as Shares
from kit.charts.waterfall import Plot as Steps
from kit.deliver import slide_chart as native
from kit.deliver import slide_marks
from kit.deliver.slide_chart import Look, Series
from kit.deliver.slide_text import MM, Box

WIDE = 400.0
"""Width in mm for which names are asked: none of them is shortened."""
TOP, TALL = 0.1, 0.82
"""Where the rows of charts beside each other begin, and how high they are, as parts of the chart."""
ROW, EDGES = 20 * MM, 32 * MM
"""Height of a row at most, and of what stands above and below all of them."""
SHARED = 0.6
"""Part of the width for the first of two charts."""
LEAST = 0.06
"""Part of the whole height that a step's value takes."""
FAR = 3.0
"""How many times the largest value an axis reaches for the ends of intervals."""

Exhibit = Mapping[str, Any]
Span = tuple[float | None, ...]


def reach(spans: Sequence[Span]) -> tuple[list[float | None], list[float | None]]:
    """How far each interval (value, lower, upper end) goes below and above its value."""
    known = [(v, low, high) if None not in (v, low, high) else None for v, low, high in spans]
    below = [None if one is None else one[0] - one[1] for one in known]  # type: ignore[operator]
    above = [None if one is None else one[2] - one[0] for one in known]  # type: ignore[operator]
    return below, above


def axis(spans: Sequence[Span], middle: float, far: float = FAR) -> tuple[float, float]:
    """The ends of an axis: all values, and of their intervals what lies within ``far`` times the farthest value."""
    away = [abs(v - middle) for v, _, _ in spans if v is not None]
    most = far * max(away, default=0.0) or max(
        (abs(e - middle) for s in spans for e in s if e is not None), default=1.0
    )
    ends = [min(max(e, middle - most), middle + most) for span in spans for e in span if e is not None]
    ticks = scale(min([middle, *ends]), max([middle, *ends]), 5)
    return ticks[0], ticks[-1]


def bars(
    slide: Any, box: Box, names: Sequence[str], series: Sequence[Series], unit: str, look: Look, chosen: Sequence[int]
) -> Any:
    """Rows of bars, the first on top, those of the message in the highlight colour; few of them on a lower chart."""
    box = Box(box.left, box.top, box.width, min(box.height, EDGES + ROW * len(names)))
    frame = native.categories(slide, box, "BAR_CLUSTERED", names, series, look)
    chart = frame.chart
    every = [v for one in series for v in one.values]
    native.value_axis(chart.value_axis, native.number_format(every, unit, look, short=True), look)
    native.name_axis(chart.category_axis, look, upside_down=True)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 55, 0
    for made, one in zip(plot.series, series, strict=True):
        native.filled(made.format, one.color)
    for n in chosen:
        native.filled(plot.series[0].points[n].format, look.brand.highlight)
    return frame


def _values_only(frame: Any, series: Sequence[Series], unit: str, look: Look) -> None:
    """Each bar with its value, and no axis to read it from."""
    form = native.number_format([v for one in series for v in one.values], unit, look)
    for made in frame.chart.plots[0].series:
        native.labelled(made, form, look.brand.ink)
    frame.chart.value_axis.visible = False
    frame.chart.value_axis.has_major_gridlines = False


def _spans(
    slide: Any, box: Box, names: Sequence[str], given: tuple[str, Sequence[Span], str], look: Look, **form: Any
) -> Any:
    """Bars from the value of no difference (``middle``) with their intervals; ``given``: their name, spans and unit."""
    name, spans, unit = given
    middle, far = form.get("middle", 0.0), form.get("far", FAR)
    series = [Series(name, tuple(v for v, _, _ in spans), mix(look.brand.primary, WHITE, 0.35))]
    frame = bars(slide, box, names, series, unit, look, form["chosen"])
    values = frame.chart.value_axis
    values.minimum_scale, values.maximum_scale = axis(spans, middle, far)
    if middle:
        values.crosses_at = middle
    native.titled(frame.chart, name, look)
    native.below(values)
    slide_marks.whiskers(frame.chart.plots[0].series[0], *reach(spans), look.brand.ink)
    return frame


def share(slide: Any, box: Box, exhibit: Exhibit, look: Look) -> list[Any]:
    """Bars with their values, and beside them the changes with their intervals on the same rows."""
    rows = Shares(exhibit, look.words, look.brand)
    if rows.low != rows.high:
        return []
    count, unit, chosen = len(rows.names), rows.unit(rows.low), sorted(rows.chosen)
    values = native.scaled([rows.value(n, rows.low) for n in range(count)], unit)
    left, right = box.columns(int((SHARED if rows.moved else 1.0) * box.width))
    series = [Series(rows.bars(), values, look.brand.primary)]
    frame = bars(slide, left, rows.names, series, unit, look, chosen)
    native.titled(frame.chart, rows.bars(), look)
    _values_only(frame, series, unit, look)
    if rows.rest:
        native.filled(frame.chart.plots[0].series[0].points[count - 1].format, mix(look.brand.primary, WHITE, 0.7))
    if not rows.moved:
        return [frame]
    unit, ends = rows.unit("change"), ("change", "change_low", "change_high")
    spans = [native.scaled([rows.value(n, end) for end in ends], unit) for n in range(count)]
    given = (rows.heading("change"), spans, unit)
    return _beside(frame, _spans(slide, right, rows.names, given, look, chosen=chosen))


def _beside(left: Any, right: Any) -> list[Any]:
    """Two charts of the same rows, named once."""
    from pptx.enum.chart import XL_TICK_LABEL_POSITION

    slide_marks.laid(left.chart, 0.22, TOP, 0.74, TALL)
    slide_marks.laid(right.chart, 0.04, TOP, 0.92, TALL)
    right.chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    return [left, right]


def forest(slide: Any, box: Box, exhibit: Exhibit, look: Look) -> list[Any]:
    """A bar a row to the estimate, its interval as whiskers, both written at its name."""
    rows = Intervals(exhibit, look.words, look.brand, WIDE)
    written = zip(rows.names, rows.values, rows.spans, strict=True)
    names = [look.words.label("slide.row", name=n, value=v, span=s) if s else f"{n} {v}" for n, v, s in written]
    unit = rows.columns[1]["unit"]
    spans = [native.scaled(row[1:4], unit) for row in rows.rows]
    far = math.inf if rows.whole else REACH
    given = (rows.label(1), spans, unit)
    form = {"middle": rows.reference, "far": far, "chosen": sorted(rows.chosen)}
    frame = _spans(slide, box, names, given, look, **form)
    frame.chart.plots[0].gap_width = 160
    return [frame]


def pairs(slide: Any, box: Box, exhibit: Exhibit, look: Look) -> list[Any]:
    """Two bars a row, and beside them the index of the two with its interval, from where both are equal."""
    rows = Pairs(exhibit, look.words, look.brand)
    unit, chosen = rows.columns[1]["unit"], sorted(rows.chosen)
    colors = (look.brand.primary, mix(look.brand.ink, WHITE, 0.65))
    values = [native.scaled([row[n] for row in rows.rows], unit) for n in (1, 2)]
    series = [Series(rows.label(n), v, c) for n, v, c in zip((1, 2), values, colors, strict=True)]
    left, right = box.columns(int((SHARED if rows.indexed else 1.0) * box.width))
    frame = bars(slide, left, rows.names, series, unit, look, chosen)
    native.legend(frame.chart)
    _values_only(frame, series, unit, look)
    if not rows.indexed:
        return [frame]
    unit = rows.columns[3]["unit"]
    given = (rows.label(3), [native.scaled(row[3:6], unit) for row in rows.rows], unit)
    return _beside(frame, _spans(slide, right, rows.names, given, look, chosen=chosen, middle=rows.reference))


def steps(slide: Any, box: Box, exhibit: Exhibit, look: Look) -> list[Any]:
    """Levels and the changes between them as stacked columns on a part that is not seen; the value of a column too low
    to hold it stands in another such part above it."""
    plot = Steps(exhibit, look.words, look.brand, WIDE)
    name = str(look.words.label(exhibit["table"]["columns"][1]["label"]))
    ends = [sorted(bar) for bar in plot.bars]
    under = tuple(low if low > 0 else high if high < 0 else 0.0 for low, high in ends)
    over = tuple(max(high, 0.0) - max(low, 0.0) for low, high in ends)
    below = tuple(min(low, 0.0) - min(high, 0.0) for low, high in ends)
    room = tuple(_least(plot) if over[n] and not _tall(plot, n) else None for n in range(len(ends)))
    series = [Series(look.words.label("slide.base"), under, WHITE), Series(name, over, look.brand.primary)]
    series += [Series(look.words.label("slide.below", series=name), below, look.brand.primary)] if any(below) else []
    series += [Series(look.words.label("slide.room"), room, WHITE)] if any(room) else []
    frame = native.categories(slide, box, "COLUMN_STACKED", plot.full, series, look)
    chart = frame.chart
    every = [end for bar in plot.bars for end in bar]
    form = native.number_format(every, plot.columns[1]["unit"], look, short=True)
    native.value_axis(chart.value_axis, form, look)
    native.name_axis(chart.category_axis, look)
    native.titled(chart, plot.title(), look)
    stack = chart.plots[0]
    stack.gap_width, stack.overlap = 45, 100
    drawn = 2 + any(below)
    for made in (stack.series[0], *itertools.islice(stack.series, drawn, None)):
        native.hidden(made)
    for n in range(len(plot.bars)):
        for made in itertools.islice(stack.series, 1, drawn):
            _step(made.points[n], plot, n, look)
        place = drawn if room[n] else 2 if below[n] and not over[n] else 1
        where = "INSIDE_BASE" if room[n] else "INSIDE_END"
        told = stack.series[place].points[n]
        native.told(told, plot.values[n], _on(plot, n, look), look, bold=n in plot.chosen, place=where)
    return [frame]


def _least(plot: Steps) -> float:
    """As high as a column must be for its value to stand in it."""
    low, high = plot.span()
    return LEAST * (high - low)


def _tall(plot: Steps, n: int) -> bool:
    start, end = plot.bars[n]
    return abs(end - start) > _least(plot)


def _step(point: Any, plot: Steps, n: int, look: Look) -> None:
    """Levels dark, rises lighter, falls hollow, as on a page."""
    (start, end), level = plot.bars[n], n in (0, plot.last)
    rise = look.brand.primary if level else mix(look.brand.primary, WHITE, 0.45)
    color = look.brand.highlight if n in plot.chosen else rise
    if end < start and not level:
        native.hollow(point, color)
    else:
        native.filled(point.format, color)


def _on(plot: Steps, n: int, look: Look) -> str:
    """The colour of a value that stands in its column, or over the edge of one too low for it."""
    start, end = plot.bars[n]
    fall, tall = end < start and 0 < n < plot.last, _tall(plot, n)
    if n in plot.chosen:
        return look.brand.on_highlight if tall and not fall else look.brand.highlight_text
    return WHITE if n in (0, plot.last) and tall else look.brand.ink
