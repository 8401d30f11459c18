"""Text files: bytes to text to rows of cells, for CSV and for HTML that calls itself .xls."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable
from typing import Any

from kit.errors import KitError, problem
from kit.exports.sheet import Row, Sheet

BOMS = (
    (b"\xef\xbb\xbf", "utf-8", "utf-8-sig"),
    (b"\xff\xfe", "utf-16-le", "utf-16"),
    (b"\xfe\xff", "utf-16-be", "utf-16"),
)
SEPARATORS = (",", "\t", ";")
SAMPLE = 1_000_000
SNIFFED = 65_536
FIRST = 100
"""Characters and lines in which the separator is looked for: every header lies within the first rows."""
END = "\x1e"
"""Parsed after the last row: where it does not stand alone, a quotation mark was never closed."""
LONGEST_CELL = 32_000_000
"""Characters beyond which a cell is refused."""
WIDEST = 16_384
"""Columns beyond which it is no table: as many as Excel has."""
MOST_CELLS = 20_000_000
"""Cells of the square that a table may span where its own cells are far fewer."""
WIDEST_SPAN = 1_000
"""Columns or rows that one HTML cell may span."""
_HTML = re.compile(r"\s*<(?:!doctype\s+html|html|head|meta|style|body|table|div)\b", re.IGNORECASE)
_CJK = re.compile("[\u4e00-\u9fff]")

Familiar = Callable[[list[Row]], int]
"""How many known column names the best of some rows has."""


def decode(data: bytes, file: str) -> tuple[str, str, bool]:
    """The text, its encoding, and whether the file ends inside a character.

    A BOM decides; else UTF-8, forgiving an incomplete last character; else GB18030. UTF-16 only by its BOM.
    Raises ``KitError``: none of them, UTF-8 with damage inside it, or NUL characters.
    """
    for mark, codec, name in BOMS:
        if data.startswith(mark):
            return whole(data[len(mark) :], codec, name, file)
    if b"\0" in data:
        raise KitError(problem("e.nul", file=file))
    try:
        return whole(data, "utf-8", "utf-8", file)
    except KitError:
        damaged = data[:SAMPLE].decode("utf-8", "replace")  # in the characters of its beginning it shows what it is
        bad = damaged.count("\ufffd")
        if len(damaged) > 6 * bad and len(_CJK.findall(damaged)) > 5 * bad:  # counted first: it is much faster
            raise  # UTF-8 with a few bad bytes: as GB18030 it would decode to other characters
    return whole(data, "gb18030", "gb18030", file)


def whole(data: bytes, codec: str, name: str, file: str) -> tuple[str, str, bool]:
    """``decode`` by one codec; the incomplete last character is left out."""
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        text = decoder.decode(data)
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise KitError(problem("e.encoding", file=file, row=row)) from error
    if "\0" in text:
        raise KitError(problem("e.nul", file=file))
    return text, name, bool(decoder.getstate()[0])


def read(data: bytes, file: str, familiar: Familiar) -> list[Sheet]:
    """The sheets of a text file: one for CSV, one per table for HTML."""
    text, encoding, cut = decode(data, file)
    if is_html(text):
        return _html(text, encoding, file)
    rows, unclosed = parse(text, separator(text, file, familiar), file)
    if unclosed and ("\n" in unclosed or "\r" in unclosed):
        raise KitError(problem("e.quote", file=file, row=len(rows), n=1))
    _check_width(rows, file)
    open_end = not text.endswith(("\n", "\r"))
    return [Sheet(None, rows, encoding, open_end=open_end, cut=cut or unclosed is not None)]


def is_html(text: str) -> bool:
    return _HTML.match(text) is not None


def separator(text: str, file: str, familiar: Familiar) -> str:
    """What lies between the cells of a text: with it the best of the first rows has the most known names."""
    head = "".join(text[:SNIFFED].splitlines(keepends=True)[:FIRST])
    heads = {s: familiar(parse(head, s, file)[0]) for s in SEPARATORS}
    return max(SEPARATORS, key=heads.__getitem__)


def parse(text: str, separator: str, file: str) -> tuple[list[Row], str | None]:
    """Rows of cells, and the cell whose quotation mark was never closed, if any."""
    csv.field_size_limit(LONGEST_CELL)
    line_end = "" if text.endswith(("\n", "\r")) else "\n"
    rows: list[Row] = []
    try:
        rows.extend(csv.reader(io.StringIO(f"{text}{line_end}{END}", newline=""), delimiter=separator))
    except csv.Error as error:
        raise KitError(problem("e.cell", file=file, row=len(rows) + 1)) from error
    if rows[-1] == [END]:
        return rows[:-1], None
    rows[-1][-1] = rows[-1][-1].removesuffix(line_end + END)
    return rows, rows[-1][-1]


def _check_width(rows: list[Row], file: str) -> None:
    """Refuse what a few cells blow up: a row of a million separators, above rows that would be made as wide."""
    widest = max(map(len, rows), default=0)
    if widest > WIDEST or (widest * len(rows) > MOST_CELLS and widest * len(rows) > 4 * sum(map(len, rows))):
        raise KitError(problem("e.size", file=file))


def _html(text: str, encoding: str, file: str) -> list[Sheet]:
    """Every table of a page; a cell that spans others stands in the first of them, as in a spreadsheet."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if any(entry.level == etree.ErrorLevels.FATAL for entry in parser.error_log):  # the rest of it was left out
        raise KitError(problem("e.damaged", file=file))
    tables = [] if root is None else list(root.iter("table"))
    found = [rows for table in tables if (rows := _html_rows(table, file))]
    # The parser closes what the end of the file leaves open, so a row cut in half would look like a whole one.
    lower = text.lower()
    last = lower[lower.rfind("<tr") :]
    cut = "</tr" not in last and "</table" not in last
    names = [f"#{n}" if len(found) > 1 else None for n in range(1, len(found) + 1)]
    return [Sheet(name, rows, encoding, cut=cut and rows is found[-1]) for name, rows in zip(names, found, strict=True)]


def _html_rows(table: Any, file: str) -> list[Row]:
    rows: list[Row] = []
    cells = 0
    held: dict[int, int] = {}  # column → rows below that a cell above still covers
    for element in table.iter("tr"):
        if next(element.iterancestors("table")) is not table:
            continue
        row: Row = []
        for cell in element.iterchildren("td", "th"):
            _pass_held(row, held)
            down = _span(cell, "rowspan") - 1
            held |= {len(row) + n: down for n in range(_span(cell, "colspan")) if down}
            row += ["".join(cell.itertext()).strip(), *[""] * (_span(cell, "colspan") - 1)]
        _pass_held(row, held)
        rows.append(row)
        cells += len(row)
        if len(row) > WIDEST or cells > MOST_CELLS:
            raise KitError(problem("e.size", file=file))
    return rows


def _pass_held(row: Row, held: dict[int, int]) -> None:
    """Leave blank the places that a cell of an earlier row covers."""
    while held.get(len(row)):
        held[len(row)] -= 1
        row.append("")


def _span(cell: Any, name: str) -> int:
    said = str(cell.get(name, "1")).strip()
    return min(max(int(said), 1), WIDEST_SPAN) if said.isascii() and said.isdigit() else 1
