"""A sheet as read from a file: rows of text cells, before anything is known of their meaning."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from kit.exports.dates import since_1904
from kit.exports.literals import ascii_forms

Row = list[str]


@dataclass(frozen=True)
class Sheet:
    """``rows[i]`` is row ``i + 1`` as a spreadsheet shows the file (blank rows included).

    ``name`` is None where the file has one sheet without a name. ``open_end``: the text ends without a line end;
    ``cut``: it ends inside a character or a quoted cell, so its last row is not whole. ``numbers``: of a sheet that was
    laid out anew (``kit.exports.laid``), the row of the file that each of its rows comes from. ``since_1904``: its
    workbook counts days from there, as Excel for the Mac did.
    """

    name: str | None
    rows: list[Row]
    encoding: str | None = None
    hidden: bool = False
    open_end: bool = False
    cut: bool = False
    numbers: tuple[int, ...] = ()
    since_1904: bool = False

    def number(self, place: int) -> int:
        """The row of the file, as a spreadsheet counts, that ``rows[place]`` comes from."""
        return self.numbers[place] if self.numbers else place + 1

    def counted_from_1900(self, start: int, places: Collection[int]) -> Sheet:
        """The sheet with bare serials in some columns counted from where all readers expect it, from a row on; calamine
        has seen to those that are formatted as dates."""
        if not self.since_1904:
            return self
        rows = [[since_1904(c) if at in places else c for at, c in enumerate(row)] for row in self.rows[start:]]
        return replace(self, rows=[*self.rows[:start], *rows])


def blank(row: Row) -> bool:
    """Whether no cell of the row says anything, were it only an invisible mark."""
    return not any(cell.strip() and (cell.isascii() or ascii_forms(cell)) for cell in row)
