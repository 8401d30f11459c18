"""A native chart: its data as PowerPoint edits them, its look, and its workbook.

The library's own workbook takes text that begins with ``=`` for a formula and an address for a link; ours holds every
text as text. Values are the table's own, unrounded; percentage points alone are hundredfold, as in the exhibits'
workbook. How they are written is a number format, so that a value the client edits is written alike.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kit import exhibit_book, numbers, workbook
from kit.brand import WHITE, Brand
from kit.deliver.slide_text import Box, plain, rgb

SMALL = 11
"""Points of what stands at axes and marks."""
MINUS = '"\u2212"'
PLAIN = {"money": "#,##0", "count": "#,##0", "rank": "0", "level": "0.0%", "times": "0.0", "index": "0.00"}
SCALED = {"亿": '0\\.00,,"亿"', "万": '0\\.0,"万"', "M": '#,##0,,"M"', "k": '#,##0,"k"', "": "#,##0"}
"""A format cannot divide by 万; it can write the decimal point where it falls."""
MILLIONS, ROUND = '0.0,,"M"', 1e7
"""How an axis in millions is written, and from where on without decimals."""
C = "http://schemas.openxmlformats.org/drawingml/2006/chart"

Points = Sequence[tuple[float | None, ...]]
Cell = str | float | dt.date | None


@dataclass(frozen=True)
class Series:
    """A named run of values, one a category."""

    name: str
    values: tuple[float | None, ...]
    color: str
    weight: float = 2.25
    dashed: bool = False


@dataclass(frozen=True)
class Look:
    """What all charts of a deck have in common."""

    brand: Brand
    words: Any

    @property
    def lang(self) -> str:
        return "zh-CN" if self.words.locale == "zh" else "en-GB"


def number_format(values: Sequence[float | None], unit: str, look: Look, short: bool = False) -> str:
    """How values of a unit are written, all in one scale as in a column of a table; ``short``: at an axis."""
    rule, top = numbers.family(unit), max((abs(v) for v in values if v is not None), default=0.0)
    sign = numbers.symbol(look.words.currency, look.words.locale)
    money = f'"{sign}"' if rule in numbers.CURRENCY else ""
    if rule in ("money", "count"):
        letter = next(s[3] for s in numbers.COLUMNS[look.words.locale] if top >= s[0])
        form = money + (SCALED[letter] if letter else PLAIN[rule])
        if short and letter == "k":  # an axis counts in round figures, which millions take less room to say
            form = money + (MILLIONS if top < ROUND else SCALED["M"])
    elif rule == "price":
        form = money + ("#,##0" if short else "#,##0.00")
    elif rule == "points":
        form = "0.0" if short else "0.0" + f'"{look.words.label("num.pp", x="")}"'
    elif rule in numbers.PERCENT:
        form = "0%" if short and top >= 0.08 else "0.00%" if rule == "rate" else "0.0%"
    else:
        form = PLAIN.get(rule, "General")
    zero = "0" if short and rule in ("money", "count") else form
    return f"+{form};{MINUS}{form};{zero}" if rule in numbers.SIGNED else f"{form};{MINUS}{form};{zero}"


def scaled(values: Sequence[float | None], unit: str) -> tuple[float | None, ...]:
    """Values as a chart has them: percentage points are hundredfold."""
    times = 100.0 if numbers.family(unit) == "points" else 1.0
    return tuple(None if v is None else float(v) * times for v in values)


def categories(slide: Any, box: Box, kind: str, names: Sequence[Cell], series: Sequence[Series], look: Look) -> Any:
    """A chart of categories (``XL_CHART_TYPE`` by name); days as names make an axis of time."""
    from pptx.chart.data import CategoryChartData

    names = [plain(name) if isinstance(name, str) else name for name in names]
    data = CategoryChartData()
    data.categories = names
    for one in series:
        data.add_series(plain(one.name), one.values)
    rows: list[list[Cell]] = [["", *(one.name for one in series)]]
    rows += [[name, *(one.values[n] for one in series)] for n, name in enumerate(names)]
    return _placed(slide, box, kind, data, rows, look)


def points(slide: Any, box: Box, name: str, at: Points, look: Look, names: Sequence[str] = ()) -> Any:
    """A chart of points in a plane: (x, y) along a smooth line, or (x, y, size) as circles; ``names`` of points stand
    beside them in the workbook."""
    from pptx.chart.data import BubbleChartData, XyChartData

    sized = len(at[0]) == 3
    data = BubbleChartData() if sized else XyChartData()
    series = data.add_series(plain(name))
    for point in at:
        series.add_data_point(*point)
    rows: list[list[Cell]] = [["", name, *(["Size"] if sized else [])]]
    rows += [[*point, *names[n : n + 1]] for n, point in enumerate(at)]
    return _placed(slide, box, "BUBBLE" if sized else "XY_SCATTER_SMOOTH_NO_MARKERS", data, rows, look)


def _placed(slide: Any, box: Box, kind: str, data: Any, rows: list[list[Cell]], look: Look) -> Any:
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Pt

    frame = slide.shapes.add_chart(XL_CHART_TYPE[kind], *box, data)
    chart = frame.chart
    chart.part.chart_workbook.update_from_xlsx_blob(book(rows))
    chart.has_title = False
    chart.has_legend = False
    chart.font.size = Pt(SMALL)
    chart.font.color.rgb = rgb(look.brand.grey)
    return frame


def book(rows: Sequence[Sequence[Cell]]) -> bytes:
    """The workbook behind a chart, every text in it as text."""
    from openpyxl import Workbook

    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Sheet1"  # as the chart's references call it
    for y, row in enumerate(rows, 1):
        for x, value in enumerate(row, 1):
            if isinstance(value, str):
                exhibit_book.written(sheet, y, x, plain(value))
            elif value is not None:
                sheet.cell(y, x, value).number_format = "yyyy-mm-dd" if isinstance(value, dt.date) else "General"
    buffer = io.BytesIO()
    made.save(buffer)
    return workbook.dated(buffer.getvalue())


# ---- look ----------------------------------------------------------------------------------------------------------


def legend(chart: Any) -> None:
    from pptx.enum.chart import XL_LEGEND_POSITION

    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.TOP
    chart.legend.include_in_layout = False


def value_axis(axis: Any, form: str, look: Look, low: float | None = None, high: float | None = None) -> None:
    """Light lines to read by, and their values."""
    from pptx.enum.chart import XL_TICK_MARK
    from pptx.util import Pt

    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = rgb(look.brand.rule)
    axis.major_gridlines.format.line.width = Pt(0.5)
    axis.format.line.fill.background()
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = form, False
    axis.minimum_scale, axis.maximum_scale = low, high


def name_axis(axis: Any, look: Look, upside_down: bool = False) -> None:
    """Names at the edge of the plot, wherever the bars begin; downwards where they are rows."""
    from pptx.enum.chart import XL_TICK_LABEL_POSITION, XL_TICK_MARK

    axis.has_major_gridlines = False
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.format.line.color.rgb = rgb(look.brand.grey)
    axis.tick_labels.font.color.rgb = rgb(look.brand.ink)
    axis.reverse_order = upside_down


def time_axis(axis: Any, days: Sequence[dt.date], monthly: bool, look: Look) -> None:
    """Days or months, as many as can be read."""
    from pptx.oxml import parse_xml

    name_axis(axis, look)
    zh = look.words.locale == "zh"
    form = ('yyyy"年"m"月"' if zh else "mmm yyyy") if monthly else ('m"月"d"日"' if zh else "d mmm")
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = form, False
    span = (days[-1] - days[0]).days / (30 if monthly else 1)
    step = next((s for s in ((1, 2, 3, 6) if monthly else (1, 2, 7, 14)) if span / s <= 12), 12 if monthly else 28)
    unit = "months" if monthly else "days"
    element = axis._element
    for name in ("baseTimeUnit", "majorUnit", "majorTimeUnit"):
        for old in element.findall(f"{{{C}}}{name}"):
            element.remove(old)
    for name, value in (("baseTimeUnit", unit), ("majorUnit", step), ("majorTimeUnit", unit)):
        element.append(parse_xml(f'<c:{name} xmlns:c="{C}" val="{value}"/>'))


def line(series: Any, one: Series, marked: bool) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.enum.dml import MSO_LINE
    from pptx.util import Pt

    series.smooth = False
    series.format.line.color.rgb = rgb(one.color)
    series.format.line.width = Pt(one.weight)
    if one.dashed:
        series.format.line.dash_style = MSO_LINE.DASH
    series.marker.style = XL_MARKER_STYLE.CIRCLE if marked else XL_MARKER_STYLE.NONE
    if marked:
        series.marker.size = 5
        filled(series.marker.format, one.color)


def filled(form: Any, color: str, edge: str = "") -> None:
    """A shape in a colour; with an ``edge`` of another."""
    form.fill.solid()
    form.fill.fore_color.rgb = rgb(color)
    if edge:
        form.line.color.rgb = rgb(edge)
    else:
        form.line.fill.background()


def hidden(series: Any) -> None:
    series.format.fill.background()
    series.format.line.fill.background()


def hollow(point: Any, color: str) -> None:
    filled(point.format, WHITE, color)


def labelled(thing: Any, form: str, color: str, bold: bool = False, place: str = "OUTSIDE_END") -> None:
    """The values of a series or of one point, beside their marks in their number format."""
    from pptx.enum.chart import XL_LABEL_POSITION as PLACES

    labels = thing.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = form, False
    labels.position = getattr(PLACES, place)
    labels.font.color.rgb = rgb(color)
    labels.font.bold = bold


def told(point: Any, text: str, color: str, look: Look, bold: bool = False, place: str = "OUTSIDE_END") -> None:
    """A text of ours at a point."""
    from pptx.enum.chart import XL_LABEL_POSITION as PLACES
    from pptx.util import Pt

    label = point.data_label
    run = label.text_frame.paragraphs[0].add_run()
    run.text = plain(text)
    run.font.size, run.font.bold = Pt(SMALL), bold
    run.font.color.rgb = rgb(color)
    run._r.get_or_add_rPr().set("lang", look.lang)
    label.position = getattr(PLACES, place)


def spotted(point: Any, text: str, look: Look, place: str, loud: bool = True) -> None:
    """A named point: that of the message, or (not ``loud``) another."""
    from pptx.enum.chart import XL_MARKER_STYLE

    brand = look.brand
    point.marker.style, point.marker.size = XL_MARKER_STYLE.CIRCLE, 9
    filled(point.marker.format, brand.highlight if loud else brand.primary)
    told(point, text, brand.highlight_text if loud else brand.grey, look, bold=loud, place=place)


def crossing(axis: Any, at: float, look: Look) -> None:
    """An axis at whose value ``at`` the other one crosses it, both to be seen; its own values stand at the edge."""
    from pptx.enum.chart import XL_TICK_LABEL_POSITION
    from pptx.enum.dml import MSO_LINE
    from pptx.util import Pt

    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.crosses_at = at
    axis.format.line.color.rgb = rgb(look.brand.grey)
    axis.format.line.width, axis.format.line.dash_style = Pt(1.0), MSO_LINE.DASH


def titled(thing: Any, text: str, look: Look) -> None:
    """What is measured, above a plot or along an axis."""
    from pptx.util import Pt

    axis = hasattr(thing, "axis_title")
    thing.has_title = True
    title = thing.axis_title if axis else thing.chart_title
    run = title.text_frame.paragraphs[0].add_run()
    run.text = plain(text)
    run.font.size, run.font.bold = Pt(SMALL), not axis
    run.font.color.rgb = rgb(look.brand.grey if axis else look.brand.primary)
    run._r.get_or_add_rPr().set("lang", look.lang)
    if not axis:
        thing.chart_title.include_in_layout = False


def below(axis: Any) -> None:
    """The values of rows that count downwards stand below them."""
    from pptx.enum.chart import XL_TICK_LABEL_POSITION

    axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
