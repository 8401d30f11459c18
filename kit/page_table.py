"""An exhibit's table as a page has it: the rows that there is room for, and headings above the rows of one thing.

The options of an exhibit of form ``table`` say it, and its analysis decides it; the JSON has the table as it is.
``shown``: positions of the rows on the page, ``rest``: one row for all the others. ``group``: the name of a column
whose value is said once, above its rows, instead of in each.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

Piece = dict[str, Any]


def on_page(piece: Piece) -> Piece:
    """The table of an exhibit's payload as its page shows it."""
    table, options = piece["table"], piece["options"]
    if "shown" in options:
        table = chosen(table, options["shown"])
        table = {**table, "rows": [*table["rows"], options["rest"]]}
    return grouped(table, options["group"]) if "group" in options else table


def chosen(table: Piece, kept: Sequence[int]) -> Piece:
    """The table with the rows of those positions."""
    marks = {str(place): mark for place, n in enumerate(kept) if (mark := table["marks"].get(str(n)))}
    return {**table, "rows": [table["rows"][n] for n in kept], "marks": marks}


def grouped(table: Piece, name: str) -> Piece:
    """The table without the column ``name``, whose value is a row of its own, marked ``group``, above its rows.

    A total has no such row. Where there is one value only it is the table's, and its notes name it.
    """
    at = next(n for n, column in enumerate(table["columns"]) if column["name"] == name)
    columns = [column for n, column in enumerate(table["columns"]) if n != at]
    several = len({str(row[at]) for row in table["rows"]}) > 1
    rows: list[Any] = []
    marks: dict[str, str] = {}
    for value, found in groupby(enumerate(table["rows"]), key=lambda numbered: numbered[1][at]):
        if several and value is not None:
            marks[str(len(rows))] = "group"
            rows.append([[{"value": value, "unit": table["columns"][at]["unit"]}], *[None] * (len(columns) - 1)])
        for n, row in found:
            if mark := table["marks"].get(str(n)):
                marks[str(len(rows))] = mark
            rows.append([cell for place, cell in enumerate(row) if place != at])
    return {**table, "columns": columns, "rows": rows, "marks": marks}
