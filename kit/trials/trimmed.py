"""Sums without extremes: how much of a result hangs on a few units."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from kit.trials.found import UNITS, Trial, quoted

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("variant", "metric", "cut", "units", "total", "squares")


def trimmed(con: Any, trial: Trial, share: float) -> pd.DataFrame:
    """By variant and metric that is not 0 or 1: the value ``cut`` that ``share`` of the test's units don't exceed, and
    the sums as they are with what is above it set to it; nothing where units are not stated. ``share`` is near 1.

    One scan: the largest values of each variant are enough to find the cut, and to take off what is above it.
    """
    import pandas as pd

    names = [m for m in trial.metrics if m not in trial.binary] if trial.table == UNITS else []
    if not names:
        return pd.DataFrame({c: pd.Series(dtype="str" if c in ("variant", "metric") else "float64") for c in COLUMNS})
    counts = con.execute(f"SELECT {', '.join(f'count({quoted(m)})' for m in names)} FROM units").fetchone()
    above = {m: n - ceil(share * n - 1e-9) for m, n in zip(names, counts, strict=True)}
    asked = ", ".join(
        f"count({m}) AS n{i}, sum({m}) AS s{i}, sum({m} * {m}) AS q{i}, max({m}, {above[name] + 1}) AS top{i}"
        for i, (name, m) in enumerate(zip(names, map(quoted, names), strict=True))
    )
    con.execute(f"CREATE TEMP TABLE tops AS SELECT variant, {asked} FROM units GROUP BY variant")
    made = [con.execute(_cut(i, above[m])).df().assign(metric=m) for i, m in enumerate(names)]
    return pd.concat(made, ignore_index=True)[list(COLUMNS)]


def _cut(i: int, above: int) -> str:
    """The sums of the metric ``i`` less what is above its cut, the value that ``above`` others may exceed."""
    return f"""
        WITH value AS (SELECT variant, unnest(top{i}) AS x FROM tops),
        cut AS (SELECT min(x) AS c FROM (SELECT x FROM value ORDER BY x DESC LIMIT {above + 1})),
        off AS (SELECT variant, sum(x - c) AS t, sum(x * x - c * c) AS q FROM value, cut WHERE x > c GROUP BY variant)
        SELECT variant, c AS cut, n{i}::DOUBLE AS units, s{i} - coalesce(t, 0) AS total,
            q{i} - coalesce(off.q, 0) AS squares
        FROM tops CROSS JOIN cut LEFT JOIN off USING (variant) WHERE n{i} > 0 ORDER BY variant"""
