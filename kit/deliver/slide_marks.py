"""What native charts can do and the library that writes them cannot: said in the format's own elements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def whiskers(
    series: Any, below: Sequence[float | None], above: Sequence[float | None], color: str, way: str = ""
) -> None:
    """Intervals as error bars: distances from each value; ``way``: the axis they lie along, where there are two."""
    from pptx.oxml import parse_xml

    def ends(name: str, values: Sequence[float | None]) -> str:
        known = "".join(f'<c:pt idx="{n}"><c:v>{v!r}</c:v></c:pt>' for n, v in enumerate(values) if v is not None)
        size = f'<c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>'
        return f"<c:{name}><c:numLit>{size}{known}</c:numLit></c:{name}>"

    element = parse_xml(
        f'<c:errBars xmlns:c="{C}" xmlns:a="{A}">{f"<c:errDir val={way!r}/>" if way else ""}'.replace("'", '"')
        + '<c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
        + ends("plus", above)
        + ends("minus", below)
        + f'<c:spPr><a:ln w="15875"><a:solidFill><a:srgbClr val="{color[1:].upper()}"/></a:solidFill></a:ln></c:spPr>'
        + "</c:errBars>"
    )
    first = next(e for e in series._element if e.tag in (f"{{{C}}}cat", f"{{{C}}}xVal", f"{{{C}}}val"))
    first.addprevious(element)


def as_line(chart: Any, color: str) -> None:
    """The last series of a column chart as a dashed line over the columns, on the same axes."""
    from pptx.oxml import parse_xml

    bars = chart._chartSpace.xpath(".//c:barChart")[0]
    series = bars.findall(f"{{{C}}}ser")[-1]
    for name in ("invertIfNegative", "spPr"):
        for old in series.findall(f"{{{C}}}{name}"):
            series.remove(old)
    look = (
        f'<c:spPr xmlns:c="{C}" xmlns:a="{A}"><a:ln w="15875"><a:solidFill><a:srgbClr val="{color[1:].upper()}"/>'
        '</a:solidFill><a:prstDash val="dash"/></a:ln></c:spPr>'
    )
    series.find(f"{{{C}}}tx").addnext(parse_xml(look))
    series.find(f"{{{C}}}spPr").addnext(parse_xml(f'<c:marker xmlns:c="{C}"><c:symbol val="none"/></c:marker>'))
    made = parse_xml(
        f'<c:lineChart xmlns:c="{C}"><c:grouping val="standard"/><c:varyColors val="0"/><c:marker val="1"/>'
        "</c:lineChart>"
    )
    made.insert(2, series)
    for axis in bars.findall(f"{{{C}}}axId"):
        made.append(parse_xml(f'<c:axId xmlns:c="{C}" val="{axis.get("val")}"/>'))
    bars.addnext(made)


def logarithmic(axis: Any, values: Sequence[float]) -> None:
    """An axis of ratios, each mark twice the one before it."""
    from math import ceil, floor, log2

    from pptx.oxml import parse_xml

    axis.minimum_scale, axis.maximum_scale = 2.0 ** floor(log2(min(values))), 2.0 ** ceil(log2(max(values)))
    axis._element.find(f"{{{C}}}scaling").insert(0, parse_xml(f'<c:logBase xmlns:c="{C}" val="2"/>'))


def laid(chart: Any, left: float, top: float, wide: float, tall: float) -> None:
    """The plot's place in its chart, as parts of it: charts beside each other have their rows on the same height."""
    from pptx.oxml import parse_xml

    facts = "".join(f'<c:{name} val="{v:.4f}"/>' for name, v in zip("xywh", (left, top, wide, tall), strict=True))
    modes = '<c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
    area = chart._chartSpace.find(f".//{{{C}}}plotArea")
    for old in area.findall(f"{{{C}}}layout"):
        area.remove(old)
    area.insert(0, parse_xml(f'<c:layout xmlns:c="{C}"><c:manualLayout>{modes}{facts}</c:manualLayout></c:layout>'))


def behind(chart: Any, color: str) -> None:
    """The last series of a line chart as pale columns over the whole height, on axes of their own that show nothing.

    An axis that is deleted takes its columns with it in some programs.
    """
    from pptx.oxml import parse_xml

    lines = chart._chartSpace.find(f".//{{{C}}}lineChart")
    series = lines.findall(f"{{{C}}}ser")[-1]
    for name in ("marker", "smooth", "spPr"):
        for old in series.findall(f"{{{C}}}{name}"):
            series.remove(old)
    pale = f'<a:srgbClr val="{color[1:].upper()}"><a:alpha val="22000"/></a:srgbClr>'
    look = f'<c:spPr xmlns:c="{C}" xmlns:a="{A}"><a:solidFill>{pale}</a:solidFill></c:spPr>'
    series.find(f"{{{C}}}tx").addnext(parse_xml(look))
    made = parse_xml(
        f'<c:barChart xmlns:c="{C}"><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        '<c:gapWidth val="0"/><c:axId val="90001"/><c:axId val="90002"/></c:barChart>'
    )
    made.insert(3, series)
    lines.addprevious(made)
    area = chart._chartSpace.find(f".//{{{C}}}plotArea")
    unit = area.find(f"{{{C}}}dateAx/{{{C}}}baseTimeUnit").get("val")
    last = area.findall(f"{{{C}}}valAx")[-1]
    between = '<c:crossBetween val="between"/>'  # days of both stand over each other
    last.find(f"{{{C}}}crosses").addnext(parse_xml(between.replace("/>", f' xmlns:c="{C}"/>')))
    ends, place = '<c:max val="1"/><c:min val="0"/>', '<c:crosses val="max"/>' + between
    last.addnext(_unseen("valAx", 90002, 90001, "r", ends, place))
    time = f'<c:crosses val="autoZero"/><c:auto val="1"/><c:lblOffset val="100"/><c:baseTimeUnit val="{unit}"/>'
    last.addnext(_unseen("dateAx", 90001, 90002, "b", "", time))


def _unseen(kind: str, number: int, other: int, side: str, ends: str, more: str) -> Any:
    """An axis without line, marks and values."""
    from pptx.oxml import parse_xml

    return parse_xml(
        f'<c:{kind} xmlns:c="{C}" xmlns:a="{A}"><c:axId val="{number}"/><c:scaling><c:orientation val="minMax"/>{ends}'
        f'</c:scaling><c:delete val="0"/><c:axPos val="{side}"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="none"/><c:spPr><a:ln><a:noFill/>'
        f'</a:ln></c:spPr><c:crossAx val="{other}"/>{more}</c:{kind}>'
    )
