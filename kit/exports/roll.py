"""Wholes from their parts: an order from the rows of its lines, each figure added up or counted once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.exports.dictionary import Export, Roll
from kit.tables.sales import AFTERSALES, STATUSES

if TYPE_CHECKING:
    import pandas as pd

LINE = "_line"
"""The part of a whole that a row is, beside the table's columns."""
LATEST = ("shipped_at", "completed_at")
"""Times of which the last part decides; of all others the first."""


def parts(export: Export, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the columns of the whole, one per part; ``_line`` tells the parts of one whole apart."""
    assert export.roll is not None
    table, prefix = export.roll.table, f"{export.roll.table.name}."
    own = {c: c.removeprefix(prefix) for c in rows if c.startswith(prefix)}
    shared = {c: c for c in rows if c in table.columns and prefix + c not in own}
    made = rows[[*own, *shared]].rename(columns={**own, **shared})
    return made.assign(**{LINE: rows["line_id"].astype("str")})


def rolled(roll: Roll, rows: pd.DataFrame) -> pd.DataFrame:
    """The wholes of ``rows``, each with the index of its first row.

    A whole is closed only if every part of it is. What repeats on every row may stand on the first alone, the others
    saying zero; where it differs in earnest, ``differing`` finds it.
    """
    import pandas as pd

    key = list(roll.table.key)
    groups = rows.groupby(key, sort=False, dropna=False)
    made: dict[str, Any] = {}
    for name in (c for c in roll.table.columns if c not in key):
        column = groups[name]
        if name in roll.sum:
            made[name] = column.sum(min_count=1)
        elif name == "status":
            made[name] = _state(rows, key, name, STATUSES)
        elif name == "aftersale":
            made[name] = _state(rows, key, name, AFTERSALES)
        elif name in LATEST or name in roll.once:
            made[name] = column.max()
        else:
            made[name] = column.min() if name.endswith("_at") else column.first()
    made["lines"] = groups.size().astype("float64")
    whole = pd.DataFrame(made, index=groups.size().index).reset_index()
    whole.index = rows.index[~rows.duplicated(key)]
    return whole[list(roll.table.columns)].astype({c: rows[c].dtype for c in roll.table.columns})


def differing(export: Export, rows: pd.DataFrame) -> list[tuple[str, int, int]]:
    """Columns that should repeat on every row of a whole and do not: column, the two rows of the first case."""
    assert export.roll is not None
    found = []
    key = [k for k in export.roll.table.key if k in rows]
    for name in sorted(export.roll.once):
        column = next((c for c in (f"{export.roll.table.name}.{name}", name) if c in rows), None)
        if column is None:
            continue
        stated = rows[[*key, column]].dropna()
        stated = stated[stated[column] != 0]  # some state it on the first row and zero on the others
        first = stated.groupby(key, sort=False)[column].transform("first")
        other = stated.index[(stated[column] - first).abs() > 0.005]
        if len(other):
            same = (stated[key] == stated.loc[other[0], key]).all(axis=1)
            found.append((column, int(stated.index[same][0]), int(other[0])))
    return found


def _state(rows: pd.DataFrame, key: list[str], name: str, order: tuple[str, ...]) -> Any:
    """The state of a whole: the earliest of its parts' states in ``order``, closed ones apart unless all are.

    For after-sales the reverse: one refunded line makes an order with a refund.
    """
    ranks = {word: n for n, word in enumerate(order)}
    by = [rows[k] for k in key]
    numbers = rows[name].map(ranks).astype("float64")
    latest = numbers.groupby(by, sort=False, dropna=False).max()
    if order is AFTERSALES:
        return latest.map(dict(enumerate(order)))
    open_parts = numbers.mask(numbers == ranks["closed"])
    found = open_parts.groupby(by, sort=False, dropna=False).min().fillna(latest)
    return found.map(dict(enumerate(order)))
