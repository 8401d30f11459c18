"""Forms of exhibits as native charts, where PowerPoint has one that says the same; the other forms stay pictures.

What a form says is read by the form's own module in ``kit.charts``, so that a slide and a page mark the same points by
the same names. ``NATIVE`` names a function a form; it answers the frames it placed, or none where this exhibit is more
than such a chart can say: the picture is shown then.

Small multiples (``price_panels``) have no native chart: a chart a brand could not share one scale.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kit.brand import WHITE, mix
from kit.charts.bubble import HEIGHT, Plane
from kit.charts.canvas import scale
from kit.charts.columns import Plot as Columns
from kit.charts.curve import Plot as Curve
from kit.charts.heat_map import Grid
from kit.deliver import slide_chart as native
from kit.deliver import slide_lines, slide_marks, slide_rows, slide_tables
from kit.deliver.slide_chart import Look, Series
from kit.deliver.slide_text import Box

LABELLED = 14
"""Columns up to which each has its value."""
MOST = (10, 16)
"""Columns and rows of a heat map that is a table."""
NAME = (16.0, 4.5)
"""Between two named circles, across or up, mm of a page."""
PAGE = 170.0
"""Width in mm for which the places of circles are asked."""

Exhibit = Mapping[str, Any]
Form = Callable[[Any, Box, Exhibit, Look], list[Any]]


def placed(slide: Any, box: Box, exhibit: Exhibit, look: Look) -> list[Any]:
    """The frames of the native chart; none where the exhibit stays a picture."""
    make = NATIVE.get(exhibit["form"])
    return make(slide, box, exhibit, look) if make else []


def columns(slide: Any, box: Box, exhibit: Exhibit, look: Look) -> list[Any]:
    """Columns from zero with their values; a reference is a line across, a range whiskers."""
    plot = Columns(exhibit, look.words, look.brand)
    unit, quiet = plot.columns[1]["unit"], mix(look.brand.primary, WHITE, 0.35)
    values = native.scaled([row[1] for row in plot.rows], unit)
    series = [Series(str(look.words.label(plot.columns[1]["label"])), values, quiet)]
    if plot.reference:
        at = native.scaled([float(plot.reference["at"])] * len(values), unit)
        name = look.words.label(plot.reference["label"], at=plot.said(plot.reference["at"], 1))
        series.append(Series(str(name), at, look.brand.ink))
    frame = native.categories(slide, box, "COLUMN_CLUSTERED", plot.names, series, look)
    chart = frame.chart
    native.value_axis(chart.value_axis, native.number_format(values, unit, look, short=True), look, 0.0)
    native.name_axis(chart.category_axis, look)
    made = chart.plots[0]
    made.gap_width = 60
    native.filled(made.series[0].format, quiet)
    if len(values) <= LABELLED and not plot.ranged:
        native.labelled(made.series[0], native.number_format(values, unit, look), look.brand.ink)
    for n in range(len(values)):
        _column(plot, made.series[0].points[n], n, quiet, look)
    if plot.ranged:
        slide_marks.whiskers(made.series[0], *slide_rows.reach([row[1:4] for row in plot.rows]), look.brand.ink)
    if plot.reference:
        slide_marks.as_line(chart, look.brand.ink)
        native.legend(chart)
    return [frame]


def _column(plot: Columns, point: Any, n: int, quiet: str, look: Look) -> None:
    """Those of the message in the highlight colour with their value, those to be read with care hollow."""
    brand, chosen, faint = look.brand, n in plot.highlight, n in plot.faint
    if faint:
        native.hollow(point, brand.highlight if chosen else quiet)
    elif chosen:
        native.filled(point.format, brand.highlight)
    if chosen and plot.values[n]:
        inside = brand.highlight_text if faint else brand.on_highlight  # whiskers stand at the upper end
        color, place = (inside, "INSIDE_BASE") if plot.ranged else (brand.highlight_text, "OUTSIDE_END")
        native.told(point, plot.values[n], color, look, bold=True, place=place)


def curve(slide: Any, box: Box, exhibit: Exhibit, look: Look) -> list[Any]:
    """A smooth line with its named points."""
    plot, brand = Curve(exhibit, look.words, look.brand), look.brand
    units = [column["unit"] for column in plot.columns]
    at = [*zip(native.scaled(plot.x, units[0]), native.scaled(plot.y, units[1]), strict=True)]
    frame = native.points(slide, box, plot.label(1), at, look)
    chart = frame.chart
    for axis, n, values in ((chart.category_axis, 0, plot.x), (chart.value_axis, 1, plot.y)):
        native.value_axis(axis, native.number_format(values, units[n], look, short=True), look, 0.0)
        native.titled(axis, plot.label(n), look)
    chart.category_axis.has_major_gridlines = False
    made = chart.plots[0].series[0]
    native.line(made, Series("", (), brand.primary, 2.5), marked=False)
    made.smooth = True
    left = min((n for n, _ in plot.marks), default=0)
    for n, name in plot.marks:  # the first of several from its left, so that near ones do not cover each other
        place = "LEFT" if n == left and len(plot.marks) > 1 else "RIGHT"
        native.spotted(made.points[n], name, look, place=place, loud=plot.bold(n))
    return [frame]


def bubble(slide: Any, box: Box, exhibit: Exhibit, look: Look) -> list[Any]:
    """Circles by a ratio (log axis) and a growth; the axes cross where the fields part."""
    plane, brand = Plane(exhibit, look.words, look.brand, PAGE, HEIGHT), look.brand
    at = [(row["relative"], row["brand_growth"], row["sold"]) for row in plane.rows]
    names = {name: str(look.words.label(plane.columns[name]["label"])) for name in ("relative", "brand_growth", "sold")}
    frame = native.points(slide, box, names["sold"], at, look, [plane.value(row, plane.first) for row in plane.rows])
    chart = frame.chart
    _crossed(chart, plane, names, look)
    chart.plots[0].bubble_scale = 25
    made = chart.plots[0].series[0]
    native.filled(made.format, mix(brand.primary, WHITE, 0.6), brand.primary)
    named = _named(plane)
    for n, row in enumerate(plane.rows):
        chosen = n in plane.chosen
        if chosen:
            native.filled(made.points[n].format, brand.highlight, brand.highlight)
        if n in named:
            color = brand.highlight_text if chosen else brand.ink
            native.told(made.points[n], plane.value(row, plane.first), color, look, bold=chosen, place="RIGHT")
    spans = [(row["brand_growth"], row["growth_low"], row["growth_high"]) for row in plane.rows]
    slide_marks.whiskers(made, *slide_rows.reach(spans), mix(brand.primary, WHITE, 0.45), way="y")
    return [frame]


def _named(plane: Plane) -> set[int]:
    """The rows whose names stand clear of each other beside their circles: the message's first, then the largest.

    The others are named in the chart's workbook.
    """
    places = [plane.place(row["relative"], row["brand_growth"]) for row in plane.rows]
    kept: set[int] = set()
    for n in sorted(range(len(places)), key=lambda n: (n not in plane.chosen, -plane.rows[n]["sold"])):
        x, y = places[n]
        if all(abs(y - places[m][1]) > NAME[1] or abs(x - places[m][0]) > NAME[0] for m in kept):
            kept.add(n)
    return kept


def _crossed(chart: Any, plane: Plane, names: Mapping[str, str], look: Look) -> None:
    """Both axes through the cuts, their values at the edges of the plot."""
    for axis, name, cut in ((chart.category_axis, "relative", 0), (chart.value_axis, "brand_growth", 1)):
        values = [row[name] for row in plane.rows]
        native.value_axis(axis, native.number_format(values, plane.columns[name]["unit"], look, short=True), look)
        native.crossing(axis, plane.cuts[cut], look)
        native.titled(axis, names[name], look)
    chart.category_axis.has_major_gridlines = False
    slide_marks.logarithmic(chart.category_axis, [row["relative"] for row in plane.rows])
    ticks = scale(*plane.up, 6)
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = ticks[0], ticks[-1]


def heat_map(slide: Any, box: Box, exhibit: Exhibit, look: Look) -> list[Any]:
    """A table whose cells are shaded."""
    grid = Grid(exhibit, look.words, look.brand, slide_rows.WIDE)
    if len(grid.heads) > MOST[0] or len(grid.names) > MOST[1]:
        return []
    return [slide_tables.shaded(slide, box, grid, look.brand, look.lang)]


NATIVE: dict[str, Form] = {
    "line": slide_lines.line,
    "effect_path": slide_lines.path,
    "columns": columns,
    "curve": curve,
    "bubble": bubble,
    "heat_map": heat_map,
    "share_bars": slide_rows.share,
    "intervals": slide_rows.forest,
    "dot_range": slide_rows.pairs,
    "waterfall": slide_rows.steps,
}
"""Adding a native chart is one function and one line here."""
