"""A report's exhibits as a workbook: a sheet each, unrounded figures with their formats, ready for a pivot.

Text is written as text: a name that begins with ``=`` is no formula. Equal contents are equal bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from kit import edits, numbers, workbook
from kit.text import Words

FORMATS = {
    "money": "#,##0.00",
    "price": "#,##0.00",
    "count": "#,##0",
    "rank": "0",
    "ratio": "0.0%",
    "rate": "0.00%",
    "growth": "+0.0%;-0.0%;0.0%",
    "points": "+0.00;-0.00;0.00",
    "level": "0.0%",
    "index": "0.00",
    "times": "0.00",
    "date": "yyyy-mm-dd",
}
HEAD = 4
"""The row of the headings: message, sources and a blank line stand above."""
WIDEST, NARROWEST = 48, 9
FORBIDDEN = re.compile(r"[\[\]:*?/\\]")

Piece = Mapping[str, Any]


def book(r: Any) -> bytes:
    """The workbook of a rendering (``kit.render``): a list of exhibits, then a sheet each; hidden ones are left out."""
    from openpyxl import Workbook

    made = Workbook()
    made.remove(made.worksheets[0])
    contents = made.create_sheet(r.words.label("book.contents"))
    exhibits = r.booked()
    names = [_name(r, piece) for piece in exhibits]
    _contents(contents, r, exhibits, names)
    for piece, name in zip(exhibits, names, strict=True):
        _sheet(made.create_sheet(name), r, piece)
    buffer = io.BytesIO()
    made.save(buffer)
    return workbook.dated(buffer.getvalue())


def _name(r: Any, piece: Piece) -> str:
    """The exhibit's label, as a sheet may be called; labels differ from each other."""
    return FORBIDDEN.sub(" ", r.exhibits[piece["key"]])[:31]


def _message(r: Any, piece: Piece) -> str:
    return edits.headline(r.of(piece)[0], r.words)


def _contents(sheet: Any, r: Any, exhibits: Sequence[Piece], names: Sequence[str]) -> None:
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    meta = r.meta()
    written(sheet, 1, 1, f"{meta['client']} · {meta['title']} · {meta['header_right']}").font = Font(bold=True, size=13)
    written(sheet, 2, 1, meta["cutoff"])
    written(sheet, 3, 1, meta["draft"] or meta["version"]).font = Font(bold=bool(meta["draft"]))
    for n, (piece, name) in enumerate(zip(exhibits, names, strict=True), HEAD):
        cell = written(sheet, n, 1, name)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{name}'!A1")
        cell.font = Font(underline="single", color="1F5A8C")
        written(sheet, n, 2, _message(r, piece))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 14, 100


def _sheet(sheet: Any, r: Any, piece: Piece) -> None:
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter

    words, table = r.words, piece["table"]
    written(sheet, 1, 1, _message(r, piece)).font = Font(bold=True, size=12)
    notes = [words.sentence(note["sentence"], note["args"]) for note in piece["notes"]]
    written(sheet, 2, 1, words.join(notes)).font = Font(color="808080", size=9)
    for n, column in enumerate(table["columns"], 1):
        head = written(sheet, HEAD, n, _heading(words, column))
        head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="bottom")
        head.border = Border(bottom=Side(style="thin"))
        cells = [
            _put(sheet, row, n, column["unit"], cells[n - 1], words)
            for row, cells in enumerate(table["rows"], HEAD + 1)
        ]
        longest = max((len(str(cell.value)) for cell in cells if cell.value is not None), default=0)
        sheet.column_dimensions[get_column_letter(n)].width = min(max(longest * 1.6, NARROWEST), WIDEST)
    for place in table["marks"]:
        for cell in sheet[HEAD + 1 + int(place)]:
            cell.font = Font(bold=True)
    sheet.freeze_panes = sheet.cell(HEAD + 1, 2)


def _heading(words: Words, column: Piece) -> str:
    """A column's label with what its figures are in: the currency, or percentage points."""
    rule = numbers.family(column["unit"])
    unit = words.currency if rule in numbers.CURRENCY else words.label("book.points") if rule == "points" else ""
    label = words.label(column["label"])
    return words.label("page.unit", label=label, unit=unit) if unit else label


def _put(sheet: Any, row: int, column: int, unit: str, value: Any, words: Words) -> Any:
    """One cell: a number in its own format, a day as a day, everything else as the page says it."""
    if unit == "figure":
        return (
            sheet.cell(row, column) if value is None else _put(sheet, row, column, value["unit"], value["value"], words)
        )
    if value is None:
        return sheet.cell(row, column)
    rule = numbers.family(unit)
    if rule in numbers.LADDERS and isinstance(value, (int, float)):
        cell = sheet.cell(row, column, value * 100 if rule == "points" else value)
        cell.number_format = FORMATS[rule]
        return cell
    if unit == "date":
        cell = sheet.cell(row, column, dt.date.fromisoformat(value))
        cell.number_format = FORMATS["date"]
        return cell
    return written(sheet, row, column, words.value({"value": value, "unit": unit}))


def written(sheet: Any, row: int, column: int, text: str) -> Any:
    """Text that no spreadsheet takes for a formula, without characters that its format does not allow."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell = sheet.cell(row, column)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(("=", "+", "-", "@"))  # nor when the cell is edited
    return cell
