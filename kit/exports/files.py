"""Bytes to sheets: what a file is shows in its first bytes, never in its name."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from kit.errors import KitError, problem
from kit.exports import archive, texts, workbook
from kit.exports.folder import unopened
from kit.exports.sheet import Sheet

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OTHER_KINDS = {
    b"%PDF": "PDF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"{\\rtf": "RTF",
    b"PAR1": "Parquet",
    b"SQLite format 3": "SQLite",
}
"""First bytes of files that are no table we read, and what they are called everywhere."""
PACKED_KINDS = {
    "xl/workbook.bin": "XLSB",
    "word/document.xml": "DOCX",
    "ppt/presentation.xml": "PPTX",
    "Index/Document.iwa": "Numbers",
    "mimetype": "ODS",
}
"""A member that tells a file which is packed like an archive and is none, and what the file is called."""
TABLE_KINDS = ("XLSB", "ODS", "Numbers")
"""Tables all the same, of which it is said how to save them as one we read."""


def content(path: Path, file: str) -> bytes:
    """The bytes of a file. Raises ``KitError`` if it is too large, or has gone or cannot be opened."""
    try:
        if path.stat().st_size > archive.LARGEST:
            raise KitError(problem("e.size", file=file))
        return path.read_bytes()
    except OSError as error:
        raise KitError(unopened(path, file)) from error


def unpacked(data: bytes, file: str) -> list[tuple[str, bytes]]:
    """The files in ``data`` with the names they are shown by: itself, or the members if it is an archive.

    Raises ``KitError``: an archive that is damaged, unsafe, or holds another archive or nothing; a document of another
    kind that is packed like one.
    """
    if not _archive(data, file):
        return [(file, data)]
    found = [(f"{file}/{name}", inner) for name, inner in archive.members(data, file)]
    nested = [name for name, inner in found if _archive(inner, name)]
    if nested:
        raise KitError([problem("e.zip.nested", file=name) for name in nested])
    if not found:
        raise KitError(problem("e.empty", file=file))
    return found


def _archive(data: bytes, file: str) -> bool:
    """Whether it is an archive and not a workbook, which is packed the same way."""
    if not data.startswith(ZIP):
        return False
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            names = packed.namelist()
            kind = next((kind for name, kind in PACKED_KINDS.items() if name in names), None)
            if kind == "ODS" and b"spreadsheet" not in packed.read("mimetype"):
                kind = "OpenDocument"
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, ValueError, NotImplementedError) as error:
        raise KitError(problem("e.damaged", file=file)) from error
    if kind:
        code = {"code": kind.lower()} if kind in TABLE_KINDS else {}
        raise KitError(problem("e.format", file=file, kind=kind, **code))
    return not any(name.startswith("xl/") for name in names)


def sheets(data: bytes, file: str, familiar: texts.Familiar) -> list[Sheet]:
    """The sheets of one file. Raises ``KitError`` if it is empty, no table, damaged or protected."""
    if not data.strip(b"\0\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise KitError(problem("e.empty", file=file))
    kind = next((name for magic, name in OTHER_KINDS.items() if data.startswith(magic)), None)
    if kind:
        raise KitError(problem("e.format", file=file, kind=kind))
    found = workbook.read(data, file) if data.startswith((*ZIP, OLE)) else texts.read(data, file, familiar)
    if not any(sheet.rows for sheet in found):
        raise KitError(problem("e.empty", file=file))
    return found
