"""Files as platforms hand them out: text with their encodings and quirks, and workbooks, byte for byte the same."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

import numpy as np

Cell = str | int | float | None

NAMES = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SPECIAL = re.compile(r'[,"\r\n]')
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def csv_bytes(lines: Iterable[Sequence[str]], encoding: str, *, all_quoted: bool = False) -> bytes:
    """Comma-separated text with CRLF. A cell is quoted where it must be, or always; an id like ="123" goes out bare,
    as spreadsheets expect it."""
    quoted = _always_quoted if all_quoted else _quoted
    return "".join(",".join(map(quoted, line)) + "\r\n" for line in lines).encode(encoding)


def rows(header: Sequence[str], count: int, given: Mapping[str, Sequence[Cell] | Cell]) -> list[tuple[Cell, ...]]:
    """The header as downloaded, then ``count`` rows: a column of ``given`` is a list, or one cell for every row; a
    column that is not given is empty. Blanks around a header's name are no part of it."""
    names = [name.strip() for name in header]
    if unknown := set(given) - set(names):
        raise KeyError(f"no such columns: {unknown}")
    told = [given.get(name, "") for name in names]
    columns = [[cell] * count if isinstance(cell, (str, int, float)) or cell is None else list(cell) for cell in told]
    return [tuple(header), *zip(*columns, strict=True)]


def _quoted(cell: str) -> str:
    if not _SPECIAL.search(cell) or (cell.startswith('="') and cell.endswith('"')):
        return cell
    return '"' + cell.replace('"', '""') + '"'


def _always_quoted(cell: str) -> str:
    if cell.startswith('="') and cell.endswith('"'):
        return cell
    return '"' + cell.replace('"', '""') + '"'


def moments(times: Any) -> list[str]:
    """A column of times as text, to the second; a missing one is an empty cell."""
    told = np.datetime_as_string(times.to_numpy().astype("datetime64[s]"))
    return ["" if time == "NaT" else time.replace("T", " ") for time in told.tolist()]


def yuan(fen: int) -> str:
    """Fen as yuan with two decimals, exact."""
    return f"{fen // 100}.{fen % 100:02d}"


def thousands(value: float, digits: int = 0) -> str:
    """12,345 or 12,345.60, as text."""
    return f"{value:,.{digits}f}"


def percent(value: float) -> str:
    return f"{value * 100:.2f}%"


def text_id(value: str) -> str:
    """An id that a spreadsheet leaves alone."""
    return f'="{value}"'


def zipped(name: str, content: bytes, *, flagged: bool) -> bytes:
    """A .zip with one file, dated 1980. Unflagged, its name is in GBK and nothing says so, as on a Chinese Windows.

    The compressed bytes depend on the zlib at work; the content doesn't.
    """
    raw = name.encode("utf-8" if flagged else "gbk")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        # zipfile writes a Chinese name in UTF-8 only, so a stand-in of the same length keeps its place.
        _add(archive, name if flagged else "x" * len(raw), content, zipfile.ZIP_DEFLATED)
    made = bytearray(buffer.getvalue())
    (directory,) = struct.unpack_from("<L", made, len(made) - 6)
    for place in (30, directory + 46):  # the name stands behind the local header and in the directory
        made[place : place + len(raw)] = raw
    return bytes(made)


def _add(archive: zipfile.ZipFile, name: str, content: bytes | str, method: int) -> None:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.create_system = 0  # else the operating system that wrote it would be in the file
    entry.compress_type = method
    archive.writestr(entry, content, compresslevel=9)


def workbook(sheets: Mapping[str, Sequence[Sequence[Cell]]], *, packed: bool = False) -> bytes:
    """An .xlsx of these sheets, dated 1980. ``packed``: compressed, for the large ones; small ones are stored, since
    zip libraries differ and bytes may not."""
    parts = {
        "[Content_Types].xml": _content_types(len(sheets)),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": _book(list(sheets)),
        "xl/_rels/workbook.xml.rels": _relations(
            {f"rId{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)}
        ),
    }
    for number, rows in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet_in_order(rows) if packed else _sheet(rows)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, body in parts.items():
            _add(archive, name, HEAD + body, zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED)
    return buffer.getvalue()


def _content_types(count: int) -> str:
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{SHEET_TYPE}.worksheet+xml"/>'
        for n in range(1, count + 1)
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>{overrides}</Types>'
    )


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="{key}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'


def _book(names: Sequence[str]) -> str:
    rows = "".join(f'<sheet name="{escape(n)}" sheetId="{k}" r:id="rId{k}"/>' for k, n in enumerate(names, 1))
    return f'<workbook {NAMES} xmlns:r="{RELATIONS}"><sheets>{rows}</sheets></workbook>'


def _sheet(rows: Sequence[Sequence[Cell]]) -> str:
    body = "".join(
        f'<row r="{r}">{"".join(_cell(value, r, c) for c, value in enumerate(row))}</row>'
        for r, row in enumerate(rows, 1)
    )
    return f"<worksheet {NAMES}><sheetData>{body}</sheetData></worksheet>"


def _cell(value: Any, row: int, column: int) -> str:
    """One cell with its place: numbers as numbers, text as text (also where it looks like a formula), None left out."""
    return "" if value is None or value == "" else _bare(value).replace("<c", f'<c r="{_letters(column)}{row}"', 1)


def _sheet_in_order(rows: Iterable[Sequence[Cell]]) -> str:
    """A sheet whose cells state no places: they follow each other, empty ones included. That packs to half the size."""
    body = "".join(f"<row>{''.join(map(_bare, row))}</row>" for row in rows)
    return f"<worksheet {NAMES}><sheetData>{body}</sheetData></worksheet>"


def _bare(value: Any) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, (int, float)):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


@cache
def _letters(column: int) -> str:
    """A, B … Z, AA, AB …"""
    before, last = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)
