"""A new inputs.xlsx: a sheet per table that a consultant fills in, its headings explained, its words to choose from.

What the sheets are follows from ``kit.tables.inputs`` and the dictionary that reads them; nothing is declared twice.
Text is written as text: a name that begins with ``=`` is no formula.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from kit.exports.dictionary import Export, bringing
from kit.tables import Field
from kit.tables.inputs import SHEETS
from kit.text import Words

LAST_ROW = 1000
"""Down to here drop-downs reach."""
SHOP_ROWS = 20
"""Places for shops on the first sheet."""
WIDEST, NARROWEST = 36, 12
FORMATS = {
    "text": "@",
    "id": "@",  # else a long number loses its last digits, and 50:50 becomes a time
    "date": "yyyy-mm-dd",
    "month": "yyyy-mm",
    "money": "#,##0.00",
    "price": "#,##0.00",
    "count": "#,##0",
    "people": "#,##0",
    "ratio": "0.0%",
}
WIDTHS = {"text": 24, "id": 22}
REQUIRED, EITHER, OPTIONAL, GREY = "1F5A8C", "4F86B3", "6B7C8C", "808080"
MADE = (1980, 1, 1, 0, 0, 0)
"""The moment every part is dated, so that equal contents are equal bytes."""

Examples = Mapping[str, Mapping[str, Any]]


def inputs(client: str, shops: Mapping[str, str], words: Words, examples: Path) -> bytes:
    """The workbook's bytes. ``shops``: folder → name; ``examples``: a row for each sheet."""
    from openpyxl import Workbook

    rows: Examples = YAML(typ="safe").load(examples.read_text(encoding="utf-8"))
    book = Workbook()
    book.remove(book.worksheets[0])
    shop_list = _read_me(book.create_sheet(words.label("sheet.readme")), client, shops, words)
    for table in SHEETS:
        sheet = book.create_sheet(title(table.name))
        _fill(sheet, bringing(table.name)[-1], rows[table.name], words, shop_list)
    buffer = io.BytesIO()
    book.save(buffer)
    return dated(buffer.getvalue())


def title(table: str) -> str:
    """What a sheet is called: in Chinese, and as the table's name, for every reader."""
    return f"{Words('zh').label(f'table.{table}')} {table}"


def heading(export: Export, name: str) -> str:
    """What a column is called: the Chinese word over the column's name, recognised like either alone."""
    return f"{export.header_of(name)}\n{name}"


def offered(export: Export, field: Field, locale: str) -> list[str]:
    """What a column's drop-down offers: one literal a word, in the language of the consultant."""
    if field.type == "flag":
        return {"zh": ["是", "否"], "en": ["yes", "no"]}[locale]
    literal = {word: text for text, word in reversed([*export.words.get(field.name, {}).items()])}
    return [literal.get(word, word) if locale == "zh" else word for word in field.words]


# ---- the first sheet -----------------------------------------------------------------------------------------


def _read_me(sheet: Any, client: str, shops: Mapping[str, str], words: Words) -> str:
    """How to fill the others in; returns where the shops stand, for the drop-downs."""
    mark = words.label("sheet.mark")
    lines = ["title", "example", "comment", "free", "number", "check"]
    for row, line in enumerate(lines, 1):
        _write(sheet.cell(row, 1), words.label(f"sheet.readme.{line}", client=client, mark=mark))
    purposes = {title(table.name): words.label(f"sheet.{table.name}") for table in SHEETS}
    for heading, pairs in (("sheets", purposes), ("shops", shops)):
        row = sheet.max_row + 2
        _write(sheet.cell(row, 1), words.label(f"sheet.readme.{heading}"))
        sheet.cell(row, 1).font = _font(bold=True)
        for number, (left, right) in enumerate(pairs.items(), row + 1):
            _write(sheet.cell(number, 1), left)
            _write(sheet.cell(number, 2), right)
    sheet["A1"].font = _font(bold=True, size=14)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 36, 70
    sheet.sheet_view.showGridLines = False
    _printable(sheet)
    return f"'{sheet.title}'!$A${row + 1}:$A${row + SHOP_ROWS}"


# ---- the sheets to fill in -----------------------------------------------------------------------------------


def _fill(sheet: Any, export: Export, example: Mapping[str, Any], words: Words, shop_list: str) -> None:
    """Headings, formats, drop-downs and the example row of one sheet."""
    required = {name: asked.split("|") for asked in export.required for name in asked.split("|")}
    for place, field in enumerate(_in_order(export, required), 1):
        column = sheet.cell(1, place).column_letter
        shown = _example(export, field, example.get(field.name), words.locale)
        either = required.get(field.name, [])
        _head(sheet.cell(1, place), heading(export, field.name), (OPTIONAL, REQUIRED, EITHER)[min(len(either), 2)])
        sheet.cell(1, place).comment = _comment(_explained(export, field, either, shown, words))
        dimension = sheet.column_dimensions[column]
        dimension.number_format = FORMATS.get(field.type, "General")
        dimension.width = _width(field, export) + 6 * (place == 1)
        cell = sheet.cell(2, place)
        _write(cell, f"{words.label('sheet.mark')} {_plain(field, shown)}" if place == 1 else shown)
        cell.font = _font(italic=True, color=GREY)
        cell.number_format = FORMATS.get(field.type, "General")
        options = offered(export, field, words.locale)
        if options or field.name == "shop":
            source = shop_list if field.name == "shop" else f'"{",".join(options)}"'
            sheet.add_data_validation(_drop_down(f"{column}2:{column}{LAST_ROW}", source, words))
    sheet.row_dimensions[1].height = 34
    sheet.freeze_panes = "A2"
    _printable(sheet)


def _in_order(export: Export, required: Mapping[str, Any]) -> list[Field]:
    """The table's columns, a required one first: its cell marks the example row, so nobody deletes it."""
    fields = export.table.fields
    first = next(field for field in fields if field.name in required)
    return [first, *(field for field in fields if field is not first)]


def _example(export: Export, field: Field, value: Any, locale: str) -> Any:
    """A value of the example row as the sheet shows it: words as they are offered, months as days."""
    if value is None or isinstance(value, Mapping):
        return value and value[locale]
    if field.type == "flag":
        return offered(export, field, locale)[not value]
    if field.words:
        return offered(export, field, locale)[field.words.index(value)]
    return dt.date.fromisoformat(f"{value}-01") if field.type == "month" else value


def _explained(export: Export, field: Field, either: list[str], example: Any, words: Words) -> str:
    """The comment of a heading: what goes there, whether it must, what is allowed, and an example."""
    lines = [words.label(f"sheet.{export.table.name}.{field.name}")]
    others = [export.header_of(name) if words.locale == "zh" else name for name in either if name != field.name]
    if either:
        lines.append(words.label("sheet.either", others=others) if others else words.label("sheet.required"))
    if options := offered(export, field, words.locale):
        lines.append(words.label("sheet.allowed", allowed=options))
    if example is not None:
        lines.append(words.label("sheet.example", example=_plain(field, example)))
    return "\n".join(lines)


def _plain(field: Field, value: Any) -> str:
    """A value as its cell shows it."""
    if field.type == "month":
        return f"{value:%Y-%m}"
    if field.type == "ratio":
        return f"{value:.1%}"
    return f"{value:,.15g}" if isinstance(value, (int, float)) else str(value)


def _width(field: Field, export: Export) -> int:
    """Wide enough for the longer half of the heading; a Chinese character takes two places."""
    halves = heading(export, field.name).split("\n")
    longest = max(sum(1 + (ord(character) > 0x2E80) for character in half) for half in halves)
    return min(max(longest + 3, WIDTHS.get(field.type, NARROWEST)), WIDEST)


def _head(cell: Any, text: str, colour: str) -> None:
    from openpyxl.styles import Alignment, PatternFill

    _write(cell, text)
    cell.font = _font(bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", start_color=colour)
    cell.alignment = Alignment(wrap_text=True, vertical="center")


def _font(**facts: Any) -> Any:
    """The workbook's own font, which every program replaces by one it has, changed in ``facts``."""
    from openpyxl.styles import Font

    return Font(**{"name": "Calibri", "family": 2, "scheme": "minor", "size": 11} | facts)


def _printable(sheet: Any) -> None:
    """All columns on one page, across."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _comment(text: str) -> Any:
    from openpyxl.comments import Comment

    lines = sum(1 + sum(1 + (ord(c) > 0x2E80) for c in line) // 38 for line in text.split("\n"))
    return Comment(text, "kit", width=300, height=24 + 18 * lines)


def _drop_down(cells: str, source: str, words: Words) -> Any:
    """A list to choose from; something else is questioned, not refused: the check that follows has the last word."""
    from openpyxl.worksheet.datavalidation import DataValidation

    made = DataValidation("list", formula1=source, allow_blank=True, errorStyle="warning", showErrorMessage=True)
    made.error = words.label("sheet.unlisted")
    made.add(cells)
    return made


def _write(cell: Any, value: Any) -> None:
    """A value in a cell; a text stays one, whatever it begins with."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))


def dated(data: bytes) -> bytes:
    """The same workbook with every moment in it fixed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            content = given.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(?<=>)\d{4}-\d\d-\d\dT[\d:]+Z(?=<)", b"1980-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, MADE)
            entry.create_system = 0  # else the operating system that wrote it would be in the file
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, content)
    return buffer.getvalue()
