"""Tables that stand side by side on one sheet, apart by blank columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kit.errors import KitError
from kit.exports.recognise import SCANNED, Hint, Match, familiar, recognise
from kit.exports.sheet import Row, Sheet, blank
from kit.tables import TABLES

LEAST = 3
"""Known names that the first rows of a part must have to be a table of its own."""


def parts(sheet: Sheet) -> list[Sheet]:
    """The tables of a sheet: itself, or its parts if at least two of them have a header of their own."""
    runs = list(_runs(sheet))
    if len(runs) < 2 or sheet.hidden:
        return [sheet]
    cut = [replace(sheet, rows=[row[first:last] for row in sheet.rows]) for first, last in runs]
    tables = [part for part in cut if familiar(part.rows[:SCANNED]) >= LEAST]
    if len(tables) < 2 or _one_table(sheet, tables, runs):
        return [sheet]
    name = f"{sheet.name} " if sheet.name else ""
    return [replace(part, name=f"{name}#{n}") for n, part in enumerate(cut, 1) if not all(map(blank, part.rows))]


def _one_table(sheet: Sheet, tables: list[Sheet], runs: list[tuple[int, int]]) -> bool:
    """Whether blank columns lie inside one table: columns on both sides make it known, and no two parts are known by
    themselves."""
    whole = _match(sheet.rows)
    if whole is None or sum(_match(part.rows) is not None for part in tables) > 1:
        return False
    return sum(any(first <= at < last for at in whole.at) for first, last in runs) > 1


def _match(rows: list[Row]) -> Match | None:
    try:
        return recognise(rows, "", tables=TABLES, hint=Hint("zh"))
    except KitError:
        return None


def _runs(sheet: Sheet) -> Iterator[tuple[int, int]]:
    """First and last column (exclusive) of every run of columns that say something; only looked for where the first
    rows leave a column blank between others."""
    width = max(map(len, sheet.rows[:SCANNED]), default=0)
    used = [any(p < len(row) and row[p].strip() for row in sheet.rows[:SCANNED]) for p in range(width)]
    if not any(used) or all(used[used.index(True) : width - used[::-1].index(True)]):
        return
    width = max(map(len, sheet.rows))
    used = [any(p < len(row) and row[p].strip() for row in sheet.rows) for p in range(width)]
    start = None
    for place, is_used in enumerate([*used, False]):
        if is_used and start is None:
            start = place
        elif not is_used and start is not None:
            yield start, place
            start = None
