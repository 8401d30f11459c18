"""Sheets of one table put together: each key once, the newest download right, in an order of its own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kit import tables
from kit.errors import Problem, problem
from kit.exports.meaning import cell, header
from kit.tables import Table

if TYPE_CHECKING:
    import pandas as pd

    from kit.exports.pieces import Piece


class Whole:
    """The records of all sheets of a table, and for each the sheet (``origin``) and the spreadsheet row it is from.

    The sheets lie in the order in which they are believed: preferred ones, then the newest download, then by name.
    """

    def __init__(self, table: Table, pieces: list[Piece], prefer: tuple[str, ...]) -> None:
        import pandas as pd

        self.table = table
        self.ranks = {id(p): rank(p, prefer) for p in pieces}
        self.pieces = sorted(pieces, key=lambda p: self.ranks[id(p)], reverse=True)
        self.frame = pd.concat([p.frame for p in self.pieces], ignore_index=True)
        self.origin = np.repeat(np.arange(len(self.pieces)), [len(p.rows) for p in self.pieces])
        self.rows = np.concatenate([np.asarray(p.rows, dtype=np.int64) for p in self.pieces])

    def place(self, record: int) -> tuple[str, int]:
        """Sheet and row of a record, as errors name them."""
        return self.pieces[self.origin[record]].name, int(self.rows[record])

    def header(self, record: int, column: str) -> str:
        """How the record's own file calls a column."""
        piece = self.pieces[self.origin[record]]
        within = record - int(np.searchsorted(self.origin, self.origin[record]))
        return header(piece, column, within)

    def cell(self, record: int, column: str) -> str:
        return cell(self.frame, column, record)

    def settled(self, a: int, b: int) -> bool:
        """Whether it is known which of two sheets is right: one is preferred, or both are the same export and one of
        them is newer."""
        (prefer_a, stamp_a), (prefer_b, stamp_b) = (self.ranks[id(self.pieces[n])] for n in (a, b))
        same = self.pieces[a].line["export"] == self.pieces[b].line["export"]
        return prefer_a != prefer_b or (same and stamp_a != stamp_b)


def rank(piece: Piece, prefer: tuple[str, ...]) -> tuple[int, dt.datetime]:
    """What decides between two sheets, the larger being right."""
    file = piece.line["file"]
    named = [n for n, name in enumerate(prefer) if file == name or file.startswith(f"{name}/")]
    return len(prefer) - named[0] if named else 0, piece.stamp


def combine(table: Table, pieces: list[Piece], prefer: tuple[str, ...] = ()) -> tuple[pd.DataFrame, list[Problem]]:
    """The table and everything wrong with it. Records that repeat a key are dropped, and counted in the ledger.

    Records of one key complete each other (two exports may bring different columns of a day). Where two of them state a
    value and the values differ, the newer download of the same export is right, and the ledger lists what it restates;
    otherwise they clash.
    """
    import pandas as pd

    whole = Whole(table, sorted(pieces, key=lambda p: p.name), prefer)
    made, problems = whole.frame, []
    key = list(table.key)
    repeated = made.duplicated(key, keep=False)
    if repeated.any():
        alike = made[repeated].groupby(key, sort=False, dropna=False)
        groups = alike.ngroup()
        for column in (c for c in made.columns if c not in key):
            problems += _differences(whole, column, groups)
        _count_dropped(whole, groups)
        completed = alike.first().reset_index()[list(table.columns)].astype(made.dtypes.to_dict())
        made = pd.concat([made[~repeated], completed], ignore_index=True)
    return made.sort_values(key, ignore_index=True, kind="stable"), problems


@dataclass
class _Pair:
    """Records of one key, of two sheets, that state different values."""

    kept: list[int]
    other: list[int]


def _differences(whole: Whole, column: str, groups: pd.Series) -> list[Problem]:
    """Where records of one key state different values: restatements into the ledger, clashes as problems (one per pair
    of sheets, with the first case)."""
    import pandas as pd

    if whole.table.field(column).made:
        return []
    stated = whole.frame.loc[groups.index, column].dropna()
    group = groups[stated.index]
    first = pd.Series(stated.index, index=stated.index).groupby(group).transform("first")
    other = stated[stated.ne(stated[first].to_numpy()).fillna(False)].index
    pairs: dict[tuple[int, int], _Pair] = {}
    for a, b in zip(first[other], other, strict=True):
        pair = pairs.setdefault((int(whole.origin[a]), int(whole.origin[b])), _Pair([], []))
        pair.kept.append(int(a))
        pair.other.append(int(b))
    problems = []
    for (a, b), pair in pairs.items():
        if a != b and whole.settled(a, b):
            _restate(whole, column, a, b, pair)
        elif not (a == b and whole.pieces[a].made):
            problems.append(_clash(whole, column, pair))
    return problems


def _restate(whole: Whole, column: str, a: int, b: int, pair: _Pair) -> None:
    """Note in the older sheet's line how many records a newer one restates, and the main amount before and after."""
    line = whole.pieces[b].line
    noted = line.setdefault("restated", {}).setdefault(whole.pieces[a].line["file"], {"records": 0, "columns": []})
    noted["records"] = max(noted["records"], len(pair.kept))
    noted["columns"].append(column)
    if column == whole.table.amount:
        values = whole.frame[column]
        noted["from"], noted["to"] = float(values[pair.other].sum()), float(values[pair.kept].sum())


def _clash(whole: Whole, column: str, pair: _Pair) -> Problem:
    a, b = pair.kept[0], pair.other[0]
    (file_a, row_a), (file_b, row_b) = sorted((whole.place(a), whole.place(b)))
    x, y = (a, b) if whole.place(a) == (file_a, row_a) else (b, a)
    names = [c for c in whole.table.key if c not in tables.FROM_FOLDER]
    facts = {"key": " · ".join(whole.cell(a, c) for c in names), "col": whole.header(y, column)}
    facts |= {"x": whole.cell(x, column), "y": whole.cell(y, column)}
    code = "sheet" if file_a == file_b else "files"
    return problem("e.clash", code=code, a=file_a, row_a=row_a, b=file_b, row_b=row_b, n=len(pair.kept), **facts)


def _count_dropped(whole: Whole, groups: pd.Series) -> None:
    """Move the rows whose every record repeats an earlier key from kept to dropped, in their sheets' ledger lines."""
    import pandas as pd

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
        if whole.pieces[piece].made:
            continue
        line = whole.pieces[piece].line
        line["rows_kept"] -= 1
        line["dropped"][reason] = line["dropped"].get(reason, 0) + 1
    _take_off(whole, [int(record) for record in gone if places[int(record)] in reasons])


def _take_off(whole: Whole, records: list[int]) -> None:
    """Take the money of dropped records off what their sheets' lines say is kept."""
    name = whole.table.amount
    if name is None:
        return
    origin, money = whole.origin[records], whole.frame[name].to_numpy()[records]
    for at in np.unique(origin):
        piece = whole.pieces[at]
        if piece.line["amount"] and not piece.made:
            piece.line["amount"]["kept"] -= float(np.nansum(money[origin == at]))
