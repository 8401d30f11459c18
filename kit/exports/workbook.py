"""Excel workbooks: .xlsx and .xls by python-calamine, every cell as the text it stands for.

calamine fills the square that a sheet's cells span, and where that does not fit into the memory the whole process ends,
without an exception. So the square of an .xlsx is measured before (``kit.exports.worksheet``); an .xls, whose bytes no
checksum guards, is read by a process of its own, which may end as it likes.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import pickle
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from kit.errors import KitError, problem
from kit.exports import archive, workers, worksheet
from kit.exports.personal import scrub
from kit.exports.sheet import Row, Sheet

ENCRYPTED = re.compile(
    re.escape("EncryptedPackage".encode("utf-16-le"))  # an .xlsx in the container of an .xls
    + rb"|\x09\x08\x10\0\0\x06\x05\0[\0-\xff]{12}(?:\x86\0\0\0)?\x2f\0"  # an .xls: its first record, then the lock
)
PATIENCE = 300
"""Seconds that an .xls may take."""
MEMORY = 4_000_000_000
"""Bytes that reading an .xls may take, where the system lets a process limit itself."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_SINCE_1904 = re.compile(rb"""\bdate1904\s*=\s*["'](?:1|true)""")
_NO_TEXT = {code: None for code in (*range(32), 127) if chr(code) not in "\t\n\r"}
"""Characters that a workbook can only hold in disguise (``_x0000_``)."""

Cells = tuple[str, bool, list[list[Any]]]
"""A sheet's name, whether it is hidden, and its cells as Python values."""


def read(data: bytes, file: str) -> list[Sheet]:
    """Every worksheet. Raises ``KitError``: damaged, protected by a password, or too wide."""
    packed = data.startswith(b"PK")
    if not packed and ENCRYPTED.search(data):
        raise KitError(problem("e.password", file=file))
    try:
        unseen, since_1904 = _measured(data, file) if packed else ({}, False)
        return [
            Sheet(
                scrub(_CONTROL.sub(" ", name)), _rows(cells, unseen.get(name, {})), hidden=hidden, since_1904=since_1904
            )
            for name, hidden, cells in (_sheets(data) if packed else _from_apart(data))
        ]
    except (KitError, KeyboardInterrupt, SystemExit):
        raise
    except MemoryError as error:
        raise KitError(problem("e.size", file=file)) from error
    except BaseException as error:  # a fault inside the Rust library is a PanicException, which is no Exception
        raise KitError(problem("e.damaged", file=file)) from error


def _sheets(data: bytes) -> Iterator[Cells]:
    import python_calamine as calamine

    with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        for m in book.sheets_metadata:
            if m.typ == calamine.SheetTypeEnum.WorkSheet:
                cells = book.get_sheet_by_name(m.name).to_python(skip_empty_area=False)
                yield m.name, m.visible != calamine.SheetVisibleEnum.Visible, cells


def _measured(data: bytes, file: str) -> tuple[dict[str, worksheet.Unseen], bool]:
    """By sheet, what calamine gives as blank; and whether days are counted from 1904. Raises ``KitError`` if the sheets
    span too much to be read."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        archive.check_sizes(parts.infolist(), file)
        content = {n.lower(): parts.read(n) for n in parts.namelist()}
    # Whatever calamine takes for a sheet has this element, under whatever name it lies in the archive.
    looked = {n: worksheet.look(xml) for n, xml in content.items() if b"sheetData" in xml}
    if sum(seen.cells for seen in looked.values()) > worksheet.MOST_CELLS:
        raise KitError(problem("e.size", file=file))
    unseen = {
        name: looked[part].unseen for name, part in worksheet.parts(content) if part in looked and looked[part].unseen
    }
    return unseen, _SINCE_1904.search(content.get("xl/workbook.xml", b"")) is not None


# ---- a process of its own ---------------------------------------------------------------------------------------


def _from_apart(data: bytes) -> list[Cells]:
    """The sheets as another process reads them; ``ValueError`` if it did not come to a good end."""
    done = subprocess.run(**workers.python("kit.exports.workbook.apart"), input=data, timeout=PATIENCE)
    if done.returncode:
        raise ValueError(done.returncode)
    made: list[Cells] = pickle.loads(done.stdout)
    return made


def apart() -> None:
    """Read the .xls on standard input and write its sheets to standard output."""
    with contextlib.suppress(ImportError, OSError, ValueError):  # not on Windows, or a lower limit is set already
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.stdout.buffer.write(pickle.dumps(list(_sheets(sys.stdin.buffer.read()))))


# ---- cells ------------------------------------------------------------------------------------------------------


def _rows(cells: list[list[Any]], unseen: worksheet.Unseen) -> list[Row]:
    rows = [list(map(_text, row)) for row in cells]
    for (row, column), text in unseen.items():
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = text
    return rows


def _text(cell: Any) -> str:
    """The text a cell stands for: whole floats without their ``.0``, dates in ISO form."""
    if isinstance(cell, str):
        return cell if cell.isprintable() else cell.translate(_NO_TEXT)
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if abs(cell) < 2**53 and cell == int(cell) else _decimal(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ") if cell.time() != dt.time() else cell.date().isoformat()
    return str(cell)


def _decimal(number: float) -> str:
    """Plain digits; from 2**53 on digits are lost, and the exponent says so: no identifier is read from it."""
    return format(Decimal(repr(number)), "f") if abs(number) < 2**53 else format(number, ".15e")
