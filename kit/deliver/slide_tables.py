"""Native tables on slides: an exhibit's rows, shared over slides where they are many, and four fields of findings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise, product
from typing import Any

from kit.brand import WHITE, Brand, contrast
from kit.deliver.slide_text import EMU, LEADING, WORD, Box, Said, height, lines, rgb, said, text_box, width, write

ROWS = 14
"""Of a table on one slide: with more nobody reads them from a distance. The others follow on slides of their own, for
an analysis has already chosen which rows a page shows, and a check or a cost must not go missing between two slides."""
SIZES, SMALL = (18, 16, 14, 13, 12, 11), (10, 9, 8)
"""Of text in points: rather than smaller than these, a table takes up to ``MORE`` slides; then it is as small as it
must be."""
MORE = 3
PAD_X, PAD_Y = 5.0, 3.2
"""Beside and above the text of a cell, points."""
MAP, TALLEST = 14, 30
"""Points of a heat map's numbers and of its rows at most."""
HEAD = 12.0
"""Points of what stands above a heat map."""
NARROWEST, LONG = 6.0, 0.2
"""Characters in a line of a column that wraps; the part of a slide's width from which columns wrap before others."""
SHORT = 5
"""Characters of a heading that stays on one line."""
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""PowerPoint's own name for a table without any style."""

Table = Mapping[str, Any]
Part = tuple[list[Any], float, list[float]]
"""The rows of one slide, the size of their text, and the widths of the columns in points."""


def parts(table: Table, box: Box) -> list[Part]:
    """As few slides as hold all rows at a size that can be read, all in one size, the rows shared out evenly."""
    least = max(1, -(-len(table["rows"]) // ROWS))
    for sizes in (SIZES, SMALL):
        for count, size in product(range(least, least + MORE), sizes):
            wide, shared = widths(table, box.width / EMU, size), _shared(table["rows"], count)
            if wide and all(_tall(table, some, wide, size) <= box.height / EMU for some in shared):
                return [(some, size, wide) for some in shared]
    return [(some, SMALL[-1], _even(table, box)) for some in _shared(table["rows"], least + MORE)]


def _even(table: Table, box: Box) -> list[float]:
    return [box.width / EMU / len(table["columns"])] * len(table["columns"])


def _shared(rows: Sequence[Any], count: int) -> list[list[Any]]:
    ends = [round(n * len(rows) / count) for n in range(count + 1)]
    return [[*rows[start:end]] for start, end in pairwise(ends)]


def widths(table: Table, room: float, size: float) -> list[float] | None:
    """Of the columns in points: figures whole, words sharing what is left by their length; None where it is too
    little for words to be read."""
    columns, rows = table["columns"], [row for row in table["rows"] if row["mark"] != "group"]
    whole = [
        max([_heading(c["label"], size), *(width(row["cells"][n], size, bool(row["mark"])) for row in rows)])
        + 2 * PAD_X
        for n, c in enumerate(columns)
    ]
    spare = room - sum(whole)
    if spare >= 0:  # half to the first column of words, and some air to all
        first = next((n for n, c in enumerate(columns) if c["align"] == "left"), 0)
        return [w + spare / 2 * (n == first) + spare / 2 / len(whole) for n, w in enumerate(whole)]
    words = [n for n, c in enumerate(columns) if c["align"] == "left" and whole[n] > 1.2 * NARROWEST * size]
    long = [n for n in words if whole[n] > LONG * room]
    return _shared_out(table, whole, room, long, size) or _shared_out(table, whole, room, words, size)


def _shared_out(
    table: Table, whole: Sequence[float], room: float, wrap: Sequence[int], size: float
) -> list[float] | None:
    """The columns of ``wrap`` share by their length what the others leave."""
    fixed = sum(w for n, w in enumerate(whole) if n not in wrap)
    floors = {n: min(whole[n], max(NARROWEST * size, _longest(table, n, size)) + 2 * PAD_X) for n in wrap}
    left = room - fixed - sum(floors.values())
    if not wrap or left < 0:
        return None
    wanted = sum(whole[n] - floors[n] for n in wrap) or 1.0
    return [floors[n] + left * (w - floors[n]) / wanted if n in floors else w for n, w in enumerate(whole)]


def _heading(label: str, size: float) -> float:
    """A heading may take two lines: a Chinese one anywhere but in a unit, another between its words."""
    if len(label) <= SHORT:
        return width(label, size, True)
    chinese = any("\u4e00" <= c <= "\u9fff" for c in label)
    whole = re.findall("（.*", label) if chinese else label.split(" ")
    return max([0.58 * width(label, size, True), *(width(part, size, True) for part in whole)])


def _longest(table: Table, n: int, size: float) -> float:
    """The longest word of a column that is not Chinese, up to what a name may take."""
    words = [word for row in table["rows"] for word in WORD.findall(row["cells"][n])]
    return min(max((width(word, size) for word in words), default=0.0), 2 * NARROWEST * size)


def _tall(table: Table, rows: Sequence[Any], wide: Sequence[float], size: float) -> float:
    return sum(_heights(table, rows, wide, size))


def _heights(table: Table, rows: Sequence[Any], wide: Sequence[float], size: float) -> list[float]:
    """Of the headings and of each row, in points; a heading over rows has the whole width."""
    made = [_height([column["label"] for column in table["columns"]], wide, size, True)]
    for row in rows:
        cells, across = (row["cells"][:1], [sum(wide)]) if row["mark"] == "group" else (row["cells"], wide)
        made.append(_height(cells, across, size, bool(row["mark"])))
    return made


def _height(cells: Sequence[str], wide: Sequence[float], size: float, bold: bool) -> float:
    most = max(lines(text, w - 2 * PAD_X, size, bold) for text, w in zip(cells, wide, strict=True))
    return most * size * LEADING + 2 * PAD_Y


def table(slide: Any, box: Box, given: Table, part: Part, brand: Brand, lang: str) -> Any:
    """The rows of one slide; rules only, the client's own rows on a tint, headings in bold above a line."""
    rows, size, wide = part
    heads = [column["label"] for column in given["columns"]]
    tall = _heights(given, rows, wide, size)
    whole = Box(box.left, box.top, int(sum(wide) * EMU), int(sum(tall) * EMU))
    frame = slide.shapes.add_table(len(rows) + 1, len(heads), *whole)
    made = frame.table
    _bare(frame)
    for n, points in enumerate(wide):
        made.columns[n].width = int(points * EMU)
    for n, points in enumerate(tall):
        made.rows[n].height = int(points * EMU)
    sides = [column["align"] for column in given["columns"]]
    for n, head in enumerate(heads):
        _cell(made.cell(0, n), [said(head, brand.ink, bold=True)], size, sides[n], lang)
        _edges(made.cell(0, n), {"T": (brand.ink, 1.2), "B": (brand.ink, 0.8)})
    for place, row in enumerate(rows, 1):
        _filled(made, place, row, size, sides, brand, lang)
    for n in range(len(heads)):
        _edges(made.cell(len(rows), n), {"B": (brand.ink, 1.2)})
    return frame


def _filled(made: Any, place: int, row: Table, size: float, sides: Sequence[str], brand: Brand, lang: str) -> None:
    mark = row["mark"]
    texts = row["cells"] if mark != "group" else [row["cells"][0]] + [""] * (len(sides) - 1)
    for n, text in enumerate(texts):
        cell = made.cell(place, n)
        _cell(cell, [said(text, brand.ink, bold=bool(mark))], size, sides[n] if mark != "group" else "left", lang)
        if mark == "own":
            cell.fill.solid()
            cell.fill.fore_color.rgb = rgb(brand.tint)
        if mark in ("total", "group"):
            _edges(cell, {"T": (brand.ink, 0.8)})
        elif place > 1:
            _edges(cell, {"T": (brand.rule, 0.5)})
    if mark == "group":
        made.cell(place, 0).merge(made.cell(place, len(sides) - 1))


def _cell(cell: Any, paragraphs: Sequence[Said], size: float, side: str, lang: str) -> None:
    from pptx.enum.text import PP_ALIGN

    cell.margin_left = cell.margin_right = int(PAD_X * EMU)
    cell.margin_top = cell.margin_bottom = int(PAD_Y * EMU)
    write(cell.text_frame, paragraphs, size, lang)
    for paragraph in cell.text_frame.paragraphs:
        paragraph.alignment = PP_ALIGN.RIGHT if side == "right" else PP_ALIGN.LEFT


def _edges(cell: Any, edges: Mapping[str, tuple[str, float]]) -> None:
    """Lines at a cell's sides: colour and points. They stand in their fixed order before its fill."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls

    facts = cell._tc.get_or_add_tcPr()
    lines = {old.tag.rpartition("ln")[2]: old for old in facts.xpath("./a:lnL|./a:lnR|./a:lnT|./a:lnB")}
    for side, (colour, points) in edges.items():
        fill = f'<a:solidFill><a:srgbClr val="{colour[1:].upper()}"/></a:solidFill>'
        made = parse_xml(f'<a:ln{side} {nsdecls("a")} w="{int(points * EMU)}">{fill}</a:ln{side}>')
        lines[side] = made
    for line in facts.xpath("./a:lnL|./a:lnR|./a:lnT|./a:lnB"):
        facts.remove(line)
    for n, side in enumerate(side for side in "LRTB" if side in lines):
        facts.insert(n, lines[side])


def _bare(frame: Any) -> None:
    """No style: neither bands nor a coloured first row."""
    facts = frame._element.xpath(".//a:tblPr")[0]
    facts.attrib.clear()
    facts.set("firstRow", "1")  # read aloud as headings
    facts.xpath("./a:tableStyleId")[0].text = NO_STYLE


# ---- four fields ---------------------------------------------------------------------------------------------------


def quadrants(slide: Any, box: Box, cells: Sequence[Mapping[str, Any]], brand: Brand, lang: str) -> Any:
    """Two fields beside each other, two rows of them, each with its title and its items; evidence is in the notes."""
    rows, room = -(-len(cells) // 2), box.width / 2 / EMU - 4 * PAD_X
    texts = [_field(cell, brand) for cell in cells]

    def heights(size: float) -> list[int]:
        tall = [height(text, room, size) + 4 * PAD_Y for text in texts]
        return [int(max(tall[2 * n : 2 * n + 2]) * EMU) for n in range(rows)]

    size = next((s for s in (*SIZES, *SMALL) if sum(heights(s)) <= box.height), SMALL[-1])
    frame = slide.shapes.add_table(rows, 2, *box)
    _bare(frame)
    frame._element.xpath(".//a:tblPr")[0].set("firstRow", "0")
    for n, text in enumerate(texts):
        cell = frame.table.cell(n // 2, n % 2)
        _cell(cell, text, size, "left", lang)
        cell.margin_left = cell.margin_right = int(2 * PAD_X * EMU)
        cell.margin_top = int(2 * PAD_Y * EMU)
        cell.fill.solid()
        cell.fill.fore_color.rgb = rgb(brand.tint)
        colour = _tone(cells[n]["tone"], brand)
        white = ("#ffffff", 6.0)
        _edges(cell, {"L": white, "R": white, "T": (colour, 2.2), "B": white})
    for row, tall in zip(frame.table.rows, heights(size), strict=True):
        row.height = tall
    frame.height = sum(row.height for row in frame.table.rows)
    return frame


def _field(cell: Mapping[str, Any], brand: Brand) -> list[Said]:
    made = [said(cell["title"], _tone(cell["tone"], brand), bold=True, scale=1.1)]
    made += [said(f"• {item['text']}", brand.ink) for item in cell["items"]]
    return made + ([said(cell["more"], brand.grey, scale=0.85)] if cell["more"] else [])


def _tone(tone: str, brand: Brand) -> str:
    """What helps in the brand's colour, what harms in its highlight."""
    if tone in ("s", "o", "so"):
        return brand.primary
    return brand.highlight_text if tone in ("w", "t", "wt") else brand.grey


# ---- a heat map ----------------------------------------------------------------------------------------------------


def shaded(slide: Any, box: Box, grid: Any, brand: Brand, lang: str) -> Any:
    """``grid`` (``kit.charts.heat_map.Grid``) as a table: headings, a row a name; what the numbers are stands above."""
    above, box = box.rows(int(HEAD * LEADING * EMU), int(PAD_Y * EMU))
    text_box(slide, above, [said(grid.label(2), brand.primary, bold=True)], HEAD, lang)
    rows, across = len(grid.names) + 1, len(grid.heads) + 1
    tall = min(box.height // rows, int(TALLEST * EMU))
    size = next((size for size in (*SIZES, *SMALL) if _clear(grid, box, size, tall)), SMALL[-1])
    names, each = _columns(grid, box, size)
    frame = slide.shapes.add_table(rows, across, box.left, box.top, names + each * (across - 1), tall * rows)
    made = frame.table
    _bare(frame)
    for n in range(across):
        made.columns[n].width = each if n else names
    texts = {(0, x): head for x, head in enumerate(["", *grid.heads])}
    texts |= {(y, 0): name for y, name in enumerate(grid.names, 1)}
    fills = {(y + 1, x + 1): grid.fill(n) for n, (y, x) in enumerate(grid.places)}
    texts |= {(y + 1, x + 1): grid.text(n) for n, (y, x) in enumerate(grid.places)}
    for y, x in product(range(rows), range(across)):
        made.rows[y].height = tall
        side = "right" if x else "left"
        _shade(made.cell(y, x), texts.get((y, x), ""), fills.get((y, x), WHITE), size, side, brand, lang)
    return frame


def _columns(grid: Any, box: Box, size: float) -> tuple[int, int]:
    """Widths of the names and of each other column, in EMU."""
    longest = max(width(name, size, True) for name in grid.names) + 4 * PAD_X
    names = int(min(longest * EMU, 0.35 * box.width))
    return names, (box.width - names) // len(grid.heads)


def _clear(grid: Any, box: Box, size: float, tall: int) -> bool:
    """Whether every heading and number stands on one line of its cell."""
    texts = [*grid.heads, *map(grid.text, range(len(grid.places)))]
    longest, each = max(width(text, size) for text in texts), _columns(grid, box, size)[1]
    return size <= MAP and size * LEADING + 2 <= tall / EMU and longest + 2 * PAD_X <= each / EMU


def _shade(cell: Any, text: str, fill: str, size: float, side: str, brand: Brand, lang: str) -> None:
    from pptx.enum.text import MSO_ANCHOR

    ink = max((brand.ink, WHITE), key=lambda color: contrast(color, fill))
    _cell(cell, [said(text, ink)], size, side, lang)
    cell.margin_top = cell.margin_bottom = 0
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()
    cell.fill.fore_color.rgb = rgb(fill)
    _edges(cell, dict.fromkeys("LRTB", (WHITE, 1.0)))
