"""Excel workbooks: .xlsx and .xls by python-calamine, every cell as the text it stands for."""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import re
import zipfile
import zlib
from decimal import Decimal
from typing import Any

from kit.errors import KitError, problem
from kit.exports import archive
from kit.exports.sheet import Row, Sheet

MOST_CELLS = 40_000_000
"""Cells of the square that a sheet spans; beyond it, two far-off cells would fill the memory."""
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)

_BLIND = re.compile(rb'</f>\s*(?:<v\s*/>|<v></v>|</c>)|<c\s[^>]*\bt="e"')
_CELL = re.compile(rb"<c\s([^>]*[^/>])>(.*?)</c>", re.DOTALL)
_REF = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_FORMULA = re.compile(rb"<f[^>]*>(.*?)</f>", re.DOTALL)
_VALUE = re.compile(rb"<v>(.*?)</v>", re.DOTALL)
_FAR = re.compile(rb'<c\s[^>]*?\br="([A-Z]{2,3})[0-9]')
_LAST_ROW = re.compile(rb'<row\s[^>]*?\br="([0-9]{1,9})"')

Unseen = dict[tuple[int, int], str]
"""(row, column), both from 0, to the text of a cell that calamine gives as blank."""


def read(data: bytes, file: str) -> list[Sheet]:
    """Every worksheet. Raises ``KitError``: damaged, protected by a password, or too wide."""
    import python_calamine as calamine

    if ENCRYPTED in data and not data.startswith(b"PK"):
        raise KitError(problem("e.password", file=file))
    try:
        unseen = _unseen(data, file) if data.startswith(b"PK") else {}
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return [
                Sheet(
                    m.name,
                    _rows(book.get_sheet_by_name(m.name), unseen.get(m.name, {}), file),
                    hidden=m.visible != calamine.SheetVisibleEnum.Visible,
                )
                for m in book.sheets_metadata
                if m.typ == calamine.SheetTypeEnum.WorkSheet
            ]
    except (KitError, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except calamine.PasswordError as error:
        raise KitError(problem("e.password", file=file)) from error
    except BaseException as error:  # a fault inside the Rust library is a PanicException, which is no Exception
        raise KitError(problem("e.damaged", file=file)) from error


def _rows(sheet: Any, unseen: Unseen, file: str) -> list[Row]:
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise KitError(problem("e.size", file=file))
    rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), text in unseen.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    return rows


def _text(cell: Any) -> str:
    """The text a cell stands for: whole floats without their ``.0``, dates in ISO form."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell == int(cell) and abs(cell) < 2**53 else _decimal(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ") if cell.time() != dt.time() else cell.date().isoformat()
    return str(cell)


def _decimal(number: float) -> str:
    """Plain digits; from 2**53 on digits are lost, and the exponent says so: no identifier is read from it."""
    return format(number, ".15e") if abs(number) >= 2**53 else format(Decimal(repr(number)), "f")


def _unseen(data: bytes, file: str) -> dict[str, Unseen]:
    """By sheet, what calamine gives as blank: cells with an error, and formulas that were never calculated."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        archive.check_sizes(parts.infolist(), file)
        content = {n: parts.read(n) for n in parts.namelist() if n.endswith((".xml", ".rels"))}
    found = {}
    for name, part in _sheet_parts(content).items():
        xml = content.get(part, b"")
        far = max((_column(m[1]) for m in _FAR.finditer(xml)), default=26)
        last = int((_LAST_ROW.findall(xml) or [b"1"])[-1])
        if far * last > MOST_CELLS:
            raise KitError(problem("e.size", file=file))
        if _BLIND.search(xml):
            found[name] = dict(_blind_cells(xml))
    return found


def _sheet_parts(content: dict[str, bytes]) -> dict[str, str]:
    """Sheet name → the part of the package it lies in."""
    from lxml import etree

    safe = etree.XMLParser(resolve_entities=False, no_network=True)
    links = etree.fromstring(content.get("xl/_rels/workbook.xml.rels", b"<none/>"), safe)
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    book = etree.fromstring(content.get("xl/workbook.xml", b"<none/>"), safe)
    sheets = {}
    for sheet in book.iter("{*}sheet"):
        link = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), None)
        sheets[sheet.get("name")] = posixpath.normpath(posixpath.join("/xl", targets.get(link, "")))[1:]
    return sheets


def _blind_cells(xml: bytes) -> list[tuple[tuple[int, int], str]]:
    """Place and text of each: the error as it shows, the formula with its equals sign."""
    found = []
    for cell in _CELL.finditer(xml):
        place = _REF.search(cell[1])
        value = _VALUE.search(cell[2])
        formula = _FORMULA.search(cell[2])
        if b't="e"' in cell[1]:
            text = value[1] if value else b"#ERROR"
        elif formula and not (value and value[1]) and b't="str"' not in cell[1]:
            text = b"=" + formula[1]
        else:
            continue
        if place:
            shown = text.decode("utf-8", "replace")[:40]
            found.append(((int(place[2]) - 1, _column(place[1]) - 1), shown))
    return found


def _column(letters: bytes) -> int:
    """``A`` is 1, ``AB`` is 28."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
