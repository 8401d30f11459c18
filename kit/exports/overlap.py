"""Reports that cover the same days twice: rows merge by key, so a key column that one file lacks would make them two.

Such a report is replaced by the day, not by the row; and what an older file has that a newer one of the same days lacks
is said, as a name may have changed in between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kit.errors import Problem, problem, warning
from kit.tables import Table

if TYPE_CHECKING:
    import pandas as pd

    from kit.exports.pieces import Piece

CUTS = ("carrier",)
"""Columns of the key with which a report is another one, downloaded beside the one without."""

Settled = Callable[["Piece", "Piece"], bool]


def replaced(table: Table, pieces: list[Piece], settled: Settled) -> tuple[list[Piece], list[Problem]]:
    """The sheets (the believed one first) without the days that a believed sheet of the same report covers in other
    columns, and what is to be said."""
    if table.time is None or not table.field(table.time).key:
        return pieces, []
    made = list(pieces)
    told: list[Problem] = []
    for b, older in enumerate(pieces):
        for a, newer in enumerate(made[:b]):
            if _report(newer) != _report(older):
                continue
            both = _days(table, made[b].frame).intersection(_days(table, newer.frame))
            if both.empty:
                continue
            apart = _profile(table, newer) ^ _profile(table, older)
            if not apart:
                told += _left(table, made[a], made[b], both) if settled(newer, older) else []
            elif settled(newer, older):
                made[b] = _without(table, made[b], both)
            else:
                cols = sorted(newer.headers.get(c) or older.headers.get(c) or c for c in apart)
                told.append(problem("e.overlap", a=older.name, b=newer.name, cols=cols))
    return [p for p in made if p.rows], told


def _report(piece: Piece) -> tuple[Any, ...]:
    """What two sheets must share to be downloads of one report."""
    return (piece.line["export"], piece.line["shop"], *(cut in piece.headers for cut in CUTS))


def _days(table: Table, frame: pd.DataFrame) -> pd.Index:
    import pandas as pd

    if table.time == "start":
        return pd.MultiIndex.from_frame(frame[["start", "end"]]).unique()
    return pd.Index(frame[table.time].unique())


def _profile(table: Table, piece: Piece) -> frozenset[str]:
    """The columns of the key that a sheet may leave out and has."""
    optional = [f.name for f in table.fields if f.key and f.fill is not None]
    stated = {name for name in optional if name in piece.headers and name not in ("window_days", *CUTS)}
    if "window_days" in optional and (piece.frame["window_days"] >= 0).any():
        stated.add("window_days")
    return frozenset(stated)


def _on(table: Table, frame: pd.DataFrame, days: pd.Index) -> Any:
    import pandas as pd

    if table.time == "start":
        return pd.MultiIndex.from_frame(frame[["start", "end"]]).isin(days)
    return frame[table.time].isin(days).to_numpy()


def _without(table: Table, piece: Piece, days: pd.Index) -> Piece:
    """The sheet without some days; its line in the ledger says so."""
    import numpy as np

    gone = _on(table, piece.frame, days)
    rows = np.asarray(piece.rows)
    lost = len(set(rows[gone].tolist()) - set(rows[~gone].tolist()))
    piece.line["rows_kept"] -= lost
    piece.line["dropped"]["overlap"] = piece.line["dropped"].get("overlap", 0) + lost
    if table.amount and piece.line["amount"]:
        piece.line["amount"]["kept"] -= float(piece.frame.loc[gone, table.amount].sum())
    return replace(piece, frame=piece.frame[~gone].reset_index(drop=True), rows=rows[~gone].tolist())


def _left(table: Table, newer: Piece, older: Piece, days: pd.Index) -> list[Problem]:
    """A warning if the older sheet has records of these days that the newer, which has others of it, lacks."""
    key = list(table.key)
    before = older.frame[_on(table, older.frame, days)]
    known = before[key].merge(newer.frame[key].drop_duplicates(), on=key, how="left", indicator=True)["_merge"]
    only = (known == "left_only").to_numpy()
    if only.all() or not only.any():
        return []
    amount = f"{before.loc[only, table.amount].sum():,.2f}" if table.amount else "—"
    return [warning("e.warn.left", a=older.name, b=newer.name, n=int(only.sum()), amount=amount)]
