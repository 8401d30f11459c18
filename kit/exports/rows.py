"""Which rows below the header are records, and why the others are not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from kit.errors import Problem, problem
from kit.exports.clean import ascii_forms
from kit.exports.recognise import Match
from kit.exports.sheet import Row, Sheet, blank

TOTAL = re.compile(
    r"(?:总计|合计|汇总|小计|共计|总和|总体|平均|均值|店铺汇总值|店铺平均值|total|sum|average)"
    r"(?:[:：].*|\(.*\)|-?共[0-9]+.*)?",
    re.IGNORECASE,
)
SUBTOTAL = "汇总"
_GRAND = re.compile(
    r"(?:总计|合计|汇总|共计|总和|总体|店铺汇总值|total|sum)(?:[:：].*|\(.*\)|-?共[0-9]+.*)?", re.IGNORECASE
)
"""Totals of all rows, as against averages and subtotals."""
BEGINS = frozenset("总合汇小共平均店tsaTSAｔｓａＴＳＡ")
"""What a word for a total begins with."""
PLAIN = frozenset('0123456789="¥￥-')
"""What the first cell of an ordinary row begins with."""
_SILENT = frozenset(("blank_row", "header_again", "footer"))
"""Reasons to drop rows that say nothing of what happened."""
_EXAMPLE = re.compile(r"(?:示例|例[:：]|example\b).*", re.IGNORECASE)


@dataclass
class Sifted:
    """``rows`` are records, ``numbers`` their rows in a spreadsheet, ``duplicates`` those that repeat an earlier one.

    ``dropped`` counts every other row below the header by reason; blank rows at the end are none. ``totals``: the rows
    that state a sum of all others, with their numbers. ``narrow``: how many cells the first row has that has too few,
    and how many the header.
    """

    rows: list[Row] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    duplicates: set[int] = field(default_factory=set)
    dropped: Counter[str] = field(default_factory=Counter)
    faulty: dict[str, list[int]] = field(default_factory=dict)
    totals: list[tuple[int, Row]] = field(default_factory=list)
    narrow: tuple[int, int] = (0, 0)

    def __len__(self) -> int:
        """How many records there are."""
        return len(self.rows)

    def column(self, at: int) -> Sequence[str]:
        """The cells of a column, record by record."""
        return [row[at] for row in self.rows]

    def cell(self, record: int, at: int) -> str:
        return self.rows[record][at]

    def distinct(self, at: int) -> set[str]:
        """What stands in a column."""
        return set(self.column(at))

    @property
    def nothing(self) -> bool:
        """Whether the export says that nothing happened: no row of it is a record, cut off, faulty or a sum."""
        return not self.rows and not self.faulty and set(self.dropped) <= _SILENT

    def keep(self, row: Row, number: int, seen: set[tuple[str, ...]]) -> None:
        """A record; it is a duplicate if every cell equals an earlier row's, kept or not aside."""
        cells = tuple(row)
        if cells in seen:
            self.duplicates.add(len(self.rows))
        seen.add(cells)
        self.rows.append(row)
        self.numbers.append(number)

    def problems(self, file: str) -> list[Problem]:
        """One fault per kind: the first row of it, and how many there are."""
        found, width = self.narrow
        more = {"e.narrow": {"found": found, "width": width}}
        return [
            problem(id, file=file, row=rows[0], n=len(rows), **more.get(id, {})) for id, rows in self.faulty.items()
        ]


def _sum(literal: str) -> bool:
    return bool(literal) and TOTAL.fullmatch(ascii_forms(literal)) is not None


def _naming(match: Match, body: list[Row]) -> dict[int, frozenset[str]]:
    """Beside its first cell, where a total row may say that it is one: columns of the table's key, with the literals
    that say so.

    Where sources lie in levels, 汇总 stands for all below a source, and is a record.
    """
    table = match.export.table
    levels = "level" in table.columns
    keys = [at for at, col in match.at.items() if not col.metric and not col.whole and table.field(col.to).key]
    found = {at: {row[at] for row in body if at < len(row) and row[at].strip()[:1] in BEGINS} for at in keys}
    totals = {
        at: frozenset(v for v in said if _sum(v) and not (levels and ascii_forms(v) == SUBTOTAL))
        for at, said in found.items()
    }
    return {at: said for at, said in totals.items() if said}


def sift(sheet: Sheet, match: Match, *, typed: bool, within: bool = False) -> Sifted:
    """Sort the rows below the header. ``typed``: by a consultant, so no totals and footers, but examples. ``within``:
    some of a file's rows, of which most are as wide as its header and others follow.

    Rows whose cells don't fit the header are faults: a separator or a quotation mark inside a text moves figures
    into the wrong column, and so does a cell that was left out. Where most rows are short, whoever wrote the file
    leaves out the blank cells at the end.
    """
    made = Sifted()
    header = list(match.headers)
    width = len(header)
    named = max((at for at, cell in enumerate(header) if cell.strip()), default=-1) + 1
    body = sheet.rows[match.row + 1 :] if within else _without_blank_end(sheet.rows[match.row + 1 :])
    least = 0 if not within and 2 * sum(len(row) < named for row in body) > len(body) else named
    footer = len(body) if typed or within else _footer_start(body)
    seen: set[tuple[str, ...]] = set()
    told = 0
    naming = {} if typed else _naming(match, body)
    levels = "level" in match.export.table.columns  # there the row of 汇总 throughout is the whole shop's, and wanted
    for place, row in enumerate(body):
        number = sheet.number(match.row + 1 + place)
        # A row that begins with a figure, an id or a date is no total, note or example: most rows.
        plain = row and row[0][:1] in PLAIN and row[0] != header[0]
        reason = None if plain else _reason(row, header, typed)
        if levels and reason == "total_row" and _first(row) == SUBTOTAL:
            reason = None
        if naming and reason is None and any(at < len(row) and row[at] in said for at, said in naming.items()):
            reason = "total_row"
        if reason is None and place >= footer:
            reason = "footer"
        if place == len(body) - 1 and (sheet.cut or (sheet.open_end and len(row) < width and reason is None)):
            reason = "truncated"
        if reason:
            made.dropped[reason] += number != told or not sheet.numbers  # of one row laid out as several, once
            told = number
            if reason == "total_row" and any(
                map(_GRAND.fullmatch, (_first(row), *(row[at] for at in naming if at < len(row))))
            ):
                made.totals.append((number, _fitted(row, width)))
        elif len(row) == width:
            made.keep(row, number, seen)
        elif any("\n" in cell or "\r" in cell for cell in row):
            made.faulty.setdefault("e.quote", []).append(number)
        elif any(cell.strip() for cell in row[width:]):
            made.faulty.setdefault("e.width", []).append(number)
        elif len(row) < least:
            made.narrow = made.narrow if made.narrow[0] else (len(row), named)
            made.faulty.setdefault("e.narrow", []).append(number)
        else:
            made.keep(_fitted(row, width), number, seen)
    return made


def _fitted(row: Row, width: int) -> Row:
    """The row with as many cells as the header."""
    return row[:width] + [""] * (width - len(row))


def _without_blank_end(rows: list[Row]) -> list[Row]:
    last = next((i for i in range(len(rows) - 1, -1, -1) if not blank(rows[i])), -1)
    return rows[: last + 1]


def _footer_start(body: list[Row]) -> int:
    """Where the notes below the data begin: the rows at the end with a single cell."""
    start = len(body)
    while start and sum(bool(c.strip()) for c in body[start - 1]) <= 1:
        start -= 1
    return start


def _first(row: Row) -> str:
    """The first cell that says anything, in plain characters."""
    return next((said for c in row if (said := ascii_forms(c))), "")


def _reason(row: Row, header: list[str], typed: bool) -> str | None:
    """Why a row is no record, whatever its place; None if it may be one."""
    first = _first(row)
    if not first:
        return "blank_row"
    if typed:
        return "example" if _EXAMPLE.fullmatch(first) else None
    if TOTAL.fullmatch(first):
        return "total_row"
    if first.startswith("#") and sum(bool(c.strip()) for c in row) < len(header) / 2:
        return "footer"
    return "header_again" if row[: len(header)] == header else None
