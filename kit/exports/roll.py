"""Wholes from their parts: an order from the rows of its lines, each figure added up or counted once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.exports.dictionary import Export
from kit.tables.sales import AFTERSALES, STATUSES

if TYPE_CHECKING:
    import pandas as pd

LATEST = ("shipped_at", "completed_at")
"""Times of which the last part decides; of all others the first."""


def rolled(export: Export, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[int]]:
    """The wholes of ``rows`` (columns as the reader made them), and the first row of each (positions in its index).

    A whole is closed only if every part of it is. What should repeat on every row and does not is found by
    ``differing``.
    """
    import pandas as pd

    assert export.roll is not None
    roll, prefix = export.roll, f"{export.roll.table.name}."
    own = {c: c.removeprefix(prefix) for c in rows if c.startswith(prefix)}
    shared = {c: c for c in rows if c in roll.table.columns and prefix + c not in own}
    parts = rows[[*own, *shared]].rename(columns={**own, **shared})
    key = [k for k in roll.table.key if k in parts]
    groups = parts.groupby(key, sort=False, dropna=False)
    made: dict[str, Any] = {}
    for name in (c for c in parts if c not in key):
        column = groups[name]
        if name in roll.sum:
            made[name] = column.sum(min_count=1)
        elif name == "status":
            made[name] = _state(groups, name, STATUSES)
        elif name == "aftersale":
            made[name] = _state(groups, name, AFTERSALES)
        elif name in LATEST:
            made[name] = column.max()
        else:
            made[name] = column.min() if name.endswith("_at") else column.first()
    if "lines" in roll.table.columns:
        made["lines"] = groups.size().astype("float64")
    whole = pd.DataFrame(made, index=groups.size().index).reset_index()
    first = parts[~parts.duplicated(key)].index
    return whole, [int(i) for i in first]


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
        first = stated.groupby(key, sort=False)[column].transform("first")
        other = stated.index[(stated[column] - first).abs() > 0.005]
        if len(other):
            same = (stated[key] == stated.loc[other[0], key]).all(axis=1)
            found.append((column, int(stated.index[same][0]), int(other[0])))
    return found


def _state(groups: Any, name: str, order: tuple[str, ...]) -> Any:
    """The state of a whole: the earliest of its parts' states in ``order``, closed ones apart unless all are.

    For after-sales the reverse: one refunded line makes an order with a refund.
    """
    ranks = {word: n for n, word in enumerate(order)}
    numbers = groups.obj[name].map(ranks).astype("float64")
    keyed = numbers.groupby([groups.obj[k] for k in groups.keys], sort=False, dropna=False)
    if order is AFTERSALES:
        found = keyed.max()
    else:
        found = (
            numbers.mask(numbers == ranks["closed"])
            .groupby([groups.obj[k] for k in groups.keys], sort=False, dropna=False)
            .min()
            .fillna(keyed.max())
        )
    return found.map(dict(enumerate(order)))
