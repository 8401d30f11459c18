"""Sheets of one table put together: validated, each key once, in an order that does not depend on the files'."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kit import tables
from kit.errors import Problem, problem, warning
from kit.exports.pieces import Piece
from kit.exports.recognise import shown
from kit.tables import Table


class Whole:
    """The records of all sheets of a table, and for each the sheet (``origin``) and the spreadsheet row it is from."""

    def __init__(self, table: Table, pieces: list[Piece]) -> None:
        self.table, self.pieces = table, pieces
        self.frame = pd.concat([tables.frame(table, p.columns) for p in pieces], ignore_index=True)
        self.origin = np.repeat(np.arange(len(pieces)), [len(p.rows) for p in pieces])
        self.rows = np.concatenate([np.asarray(p.rows, dtype=np.int64) for p in pieces])

    def place(self, record: int) -> tuple[str, int]:
        """Sheet and row of a record, as errors name them."""
        return self.pieces[self.origin[record]].name, int(self.rows[record])

    def header(self, record: int, column: str) -> str:
        """How the record's own file calls a column."""
        headers = self.pieces[self.origin[record]].headers
        metric = str(self.frame["metric"].iloc[record]) if "metric" in self.frame else ""
        return headers.get(column) or headers.get(metric) or column

    def cell(self, record: int, column: str) -> str:
        """A value as errors show it."""
        value: Any = self.frame[column].iloc[record]
        if isinstance(value, pd.Timestamp):
            return value.date().isoformat()
        return f"{value:.15g}" if isinstance(value, float) else shown(str(value))


def combine(table: Table, pieces: list[Piece]) -> tuple[pd.DataFrame, list[Problem]]:
    """The table and everything wrong with it. Records that repeat a key are dropped, and counted in the ledger.

    Records of one key complete each other (two exports may bring different columns of a day); where two of them
    state a value and the values differ, they clash.
    """
    whole = Whole(table, pieces)
    problems = _broken_rules(whole)
    key = list(table.key)
    repeated = whole.frame.duplicated(key, keep=False)
    made = whole.frame
    if repeated.any():
        alike = made[repeated].groupby(key, sort=False, dropna=False)
        groups = alike.ngroup()
        problems += [p for c in made.columns if c not in key for p in _clashes(whole, c, groups)]
        _count_dropped(whole, groups)
        completed = alike.first().reset_index()[list(table.columns)].astype(made.dtypes.to_dict())
        made = pd.concat([made[~repeated], completed], ignore_index=True)
    return made.sort_values(key, ignore_index=True, kind="stable"), problems


def _broken_rules(whole: Whole) -> list[Problem]:
    """One problem per rule, column and sheet: the first row that breaks it, and how many do."""
    import pandera.errors

    try:
        tables.schema(whole.table).validate(whole.frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases
    else:
        return []
    warned = {rule.name for rule in whole.table.rules if rule.warning}
    of_rows = cases["schema_context"] == "DataFrameSchema"  # pandera lists every cell of a row that breaks such a rule
    index = cases["index"].astype(int)
    cases = cases.assign(index=index, column=cases["column"].mask(of_rows, ""), piece=whole.origin[index])
    problems = []
    for (rule, column, _), found in cases.groupby(["check", "column", "piece"], sort=True):
        records = np.unique(found["index"])
        file, row = whole.place(records[0])
        facts: dict[str, Any] = {"file": file, "row": row, "n": len(records)}
        if column:
            facts |= {"col": whole.header(records[0], column), "value": whole.cell(records[0], column)}
        problems.append((warning if rule in warned else problem)(str(rule), **facts))
    return problems


def _clashes(whole: Whole, column: str, groups: pd.Series) -> list[Problem]:
    """Records of one key that state different values: one problem per pair of sheets, with the first case."""
    stated = whole.frame.loc[groups.index, column].dropna()
    group = groups[stated.index]
    first = pd.Series(stated.index, index=stated.index).groupby(group).transform("first")
    other = stated[stated.ne(stated[first].to_numpy())].index
    pairs: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for a, b in zip(first[other], other, strict=True):
        pairs.setdefault((whole.origin[a], whole.origin[b]), []).append((a, b))
    problems = []
    for found in pairs.values():
        a, b = found[0]
        (file_a, row_a), (file_b, row_b) = whole.place(a), whole.place(b)
        names = [c for c in whole.table.key if c not in tables.FROM_FOLDER]
        facts = {"key": " · ".join(whole.cell(a, c) for c in names), "col": whole.header(b, column)}
        facts |= {"x": whole.cell(a, column), "y": whole.cell(b, column)}
        code = "sheet" if file_a == file_b else "files"
        problems.append(
            problem("e.clash", code=code, a=file_a, row_a=row_a, b=file_b, row_b=row_b, n=len(found), **facts)
        )
    return problems


def _count_dropped(whole: Whole, groups: pd.Series) -> None:
    """Move the rows whose every record repeats an earlier key from kept to dropped, in their sheets' ledger lines."""
    first = pd.Series(groups.index, index=groups.index).groupby(groups).transform("first")
    later = first[first != first.index]
    gone = set(later.index)
    places = list(zip(whole.origin.tolist(), whole.rows.tolist(), strict=True))
    kept = {place for record, place in enumerate(places) if record not in gone}
    reasons: dict[tuple[int, int], str] = {}
    for record, earlier in later.items():
        place = places[int(record)]
        if place not in kept:
            same = whole.origin[earlier] == place[0] and reasons.get(place) != "overlap"
            reasons[place] = "duplicate" if same else "overlap"
    for (piece, _), reason in reasons.items():
        line = whole.pieces[piece].line
        line["rows_kept"] -= 1
        line["dropped"][reason] = line["dropped"].get(reason, 0) + 1
