"""Sheets of one table put together: each key once, the newest download right, in an order of its own."""

from __future__ import annotations

import datetime as dt
import functools
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from kit import tables
from kit.errors import Problem, problem
from kit.exports import meaning
from kit.exports.dictionary import exports
from kit.exports.kept import loaded
from kit.exports.meaning import cell, header
from kit.exports.overlap import replaced
from kit.exports.roll import LINE, rolled
from kit.settings import Exports
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

        self.prefer = prefer
        self.pieces = pieces
        self.frame = pd.concat([p.frame for p in self.pieces], ignore_index=True)
        self.table = table.widened(self.frame)
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


def _family(table: Table, piece: Piece) -> str:
    """Exports that restate each other: an order is the same in the platform's old report and in its new one."""
    export = str(piece.line["export"])
    own = table.name in ("orders", "order_lines", "refunds") and not export.startswith("generic")
    return table.name if own else export


def settled(table: Table, prefer: tuple[str, ...], one: Piece, other: Piece) -> bool:
    """Whether it is known which of two sheets is right: one is preferred, or both are the same export and one of them
    is newer, by what both say of their download or by what neither does."""
    (prefer_a, stamp_a), (prefer_b, stamp_b) = rank(one, prefer), rank(other, prefer)
    same = _family(table, one) == _family(table, other) and one.stamped == other.stamped
    return prefer_a != prefer_b or (same and stamp_a != stamp_b)


def rank(piece: Piece, prefer: tuple[str, ...]) -> tuple[int, dt.datetime]:
    """What decides between two sheets, the larger being right."""
    file = piece.line["file"]
    named = [n for n, name in enumerate(prefer) if file == name or file.startswith(f"{name}/")]
    return len(prefer) - named[0] if named else 0, piece.stamp


def combine(table: Table, pieces: list[Piece], said: Exports) -> tuple[pd.DataFrame, list[Problem]]:
    """The table and everything wrong with it. Records that repeat a key are dropped, and counted in the ledger.

    Records of one key complete each other (two exports may bring different columns of a day). Where two of them state a
    value and the values differ, the newer download of the same export is right, and the ledger lists what it restates;
    otherwise they clash.
    """
    prefer = said.prefer
    ordered = ranked(list(map(loaded, pieces)), prefer)
    ordered, problems = replaced(table, _rolled(table, ordered), functools.partial(settled, table, prefer))
    if table.name == "orders":
        problems += meaning.orders(ordered, said.paid_after_refunds)
    made, clashes = merged(table, ordered, prefer)
    return made, [*problems, *clashes]


def ranked(pieces: list[Piece], prefer: tuple[str, ...]) -> list[Piece]:
    """The sheets, the one that is believed before all others first."""
    return sorted(sorted(pieces, key=lambda p: p.name), key=lambda p: rank(p, prefer), reverse=True)


def merged(table: Table, ordered: list[Piece], prefer: tuple[str, ...]) -> tuple[pd.DataFrame, list[Problem]]:
    """The records of the sheets, the believed one first, each key once, and where they clash."""
    import pandas as pd

    problems: list[Problem] = []
    whole = Whole(table, ordered, prefer)
    made = whole.frame
    key = list(table.key)
    repeated = made.duplicated(key, keep=False)
    if repeated.any():
        alike = made[repeated].groupby(key, sort=False, dropna=False)
        groups = alike.ngroup()
        problems += _once_a_pair([_differences(whole, c, groups) for c in made.columns if c not in key])
        _count_dropped(whole, groups)
        completed = alike.first().reset_index()[list(made.columns)].astype(made.dtypes.to_dict())
        made = pd.concat([made[~repeated], completed], ignore_index=True)
    return made.sort_values(key, ignore_index=True, kind="stable"), problems


def _rolled(table: Table, pieces: list[Piece]) -> list[Piece]:
    """The sheets, those of parts put together to wholes: a part once, as the believed sheet states it, and each whole
    with the believed sheet of its parts."""
    import pandas as pd

    made = [p for p in pieces if not p.made]
    for export in dict.fromkeys(str(p.line["export"]) for p in pieces if p.made):
        own = [p for p in pieces if p.made and p.line["export"] == export]
        every = pd.concat([p.frame for p in own], ignore_index=True)
        origin = np.repeat(np.arange(len(own)), [len(p.rows) for p in own])
        rows = np.concatenate([np.asarray(p.rows, dtype=np.int64) for p in own])
        first = ~every.duplicated([*table.key, LINE]).to_numpy()
        roll = next(e.roll for e in exports() if e.id == export)
        assert roll is not None
        whole = rolled(roll, every[first])
        at = whole.index.to_numpy()
        for n, piece in enumerate(own):
            mine = origin[at] == n
            frame = whole[mine].reset_index(drop=True)
            made.append(replace(piece, frame=frame, rows=rows[at[mine]].tolist()))
    order = {p.name: n for n, p in enumerate(pieces)}
    return sorted((p for p in made if p.rows), key=lambda p: order[p.name])


@dataclass
class _Pair:
    """Records of one key, of two sheets, that state different values."""

    kept: list[int]
    other: list[int]


def _once_a_pair(found: list[list[Problem]]) -> list[Problem]:
    """Clashes by column as one for each pair of sheets: the first case, and how many columns differ beside it."""
    first: dict[tuple[str, str], Problem] = {}
    more: Counter[tuple[str, str]] = Counter()
    for clash in (p for column in found for p in column):
        pair = (clash.args["a"], clash.args["b"])
        more[pair] += pair in first
        first.setdefault(pair, clash)
    return [Problem("e.clash.more", {**p.args, "more": more[pair]}) if more[pair] else p for pair, p in first.items()]


def _differences(whole: Whole, column: str, groups: pd.Series) -> list[Problem]:
    """Where records of one key state different values: restatements into the ledger, clashes as problems (one per pair
    of sheets, with the first case)."""
    import pandas as pd

    # A rate is rounded by one export and not by another, and is rebuilt from sums anyway.
    if whole.table.field(column).made or whole.table.field(column).type == "ratio":
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
        if a != b and settled(whole.table, whole.prefer, whole.pieces[a], whole.pieces[b]):
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
