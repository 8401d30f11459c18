"""Which tests there are data of, and what these bring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kit.tables import TABLES

if TYPE_CHECKING:
    from kit.store import Store

UNITS, DAYS, PERIOD = "experiment_units", "experiment_daily", "experiment_period"
SUMMARY = "experiment_summary"
BEFORE = "pre_"
"""What the name of a figure from before the test begins with; the rest is the metric that it goes with."""


@dataclass(frozen=True)
class Trial:
    """A test as its data have it. ``name``: as they call it. ``table``: where its data lie (``UNITS``, ``SUMMARY``,
    ``DAYS``, ``PERIOD``).

    ``metrics``: figures stated for at least one row, ``binary`` those that are 0 or 1 throughout, ``blank`` those that
    some row leaves blank. ``before``: figures from before the test, with their mean over all units. ``segments``:
    columns by which units split. ``start`` and ``end``: first and last day, None where nothing dates the rows.
    """

    name: str
    table: str
    variants: tuple[str, ...]
    rows: int
    metrics: tuple[str, ...]
    binary: frozenset[str] = frozenset()
    blank: frozenset[str] = frozenset()
    before: dict[str, float] = field(default_factory=dict)
    segments: tuple[str, ...] = ()
    start: dt.date | None = None
    end: dt.date | None = None

    @property
    def by_unit(self) -> bool:
        """Whether its sums are over units; else over days."""
        return self.table in (UNITS, SUMMARY)


def found(store: Store) -> list[Trial]:
    """Every test with data, by name. Raises ``KitError`` as ``Store.select``."""
    made: dict[str, Trial] = {}
    for table in (UNITS, SUMMARY, DAYS, PERIOD):
        if table in store.tables:
            with store.views(table) as con:
                for trial in _summarised(con) if table == SUMMARY else _of(con, table):
                    made.setdefault(trial.name, trial)
    return [made[name] for name in sorted(made)]


def columns(con: Any, table: str) -> tuple[list[str], list[str]]:
    """The figures and the further texts of a table."""
    con.execute(f"SELECT * FROM {table} LIMIT 0")
    types = {name: str(type) for name, type, *_ in con.description}
    figures = [name for name, type in types.items() if type in ("DOUBLE", "NUMBER")]
    texts = [name for name, type in types.items() if type in ("VARCHAR", "STRING")]
    return figures, [name for name in texts if name not in TABLES[table].columns]


def quoted(name: str) -> str:
    """A name for SQL; the reader lets only letters, digits and underscores into one."""
    return '"' + name.replace('"', '""') + '"'


def _of(con: Any, table: str) -> Iterator[Trial]:
    figures, texts = columns(con, table)
    time = {UNITS: ("exposed_at", "exposed_at"), DAYS: ("date", "date"), PERIOD: ("start", '"end"')}[table]
    asked = ["count(*)", f'min("{time[0]}")::DATE', f"max({time[1]})::DATE"]
    for name in map(quoted, figures):
        asked += [f"count({name})", f"bool_and({name} IN (0, 1))", f"avg({name})"]
    asked += [f"count({name})" for name in map(quoted, texts)]
    arms = con.execute(f"SELECT experiment, list(DISTINCT variant) FROM {table} GROUP BY ALL").fetchall()
    facts = con.execute(f"SELECT experiment, {', '.join(asked)} FROM {table} GROUP BY experiment").fetchall()
    variants = {name: tuple(sorted(found)) for name, found in arms}
    for name, rows, start, end, *rest in facts:
        said = {column: rest[3 * n : 3 * n + 3] for n, column in enumerate(figures) if rest[3 * n]}
        counts = dict(zip(texts, rest[3 * len(figures) :], strict=True))
        now = tuple(c for c in said if not c.startswith(BEFORE))
        yield Trial(
            name,
            table,
            variants[name],
            rows,
            now,
            frozenset(c for c in now if said[c][1]),
            frozenset(c for c in said if said[c][0] < rows),
            {c: mean for c, (_, _, mean) in said.items() if c.startswith(BEFORE)},
            tuple(c for c, stated in counts.items() if stated),
            start,
            end,
        )


def _summarised(con: Any) -> Iterator[Trial]:
    """A metric is 0 or 1 where its every spread is that of such a one with its mean, but for rounding."""
    spread, alike = "coalesce(variance, sd * sd) * (units - 1)", "units * mean * (1 - mean)"
    binary = f"CASE WHEN units > 1 THEN abs({spread} - {alike}) <= 0.3 + 1e-4 * abs({alike}) END"
    own = f"SELECT *, bool_and({binary}) OVER (PARTITION BY experiment, figure) AS flag FROM {SUMMARY}"
    found = con.execute(
        "SELECT experiment, list(DISTINCT variant), list(DISTINCT figure), list(DISTINCT figure) FILTER (flag), "
        f"count(*), min(until)::DATE, max(until)::DATE FROM ({own}) GROUP BY experiment"
    ).fetchall()
    for name, variants, metrics, flags, rows, start, end in found:
        arms, now = tuple(sorted(variants)), tuple(sorted(metrics))
        yield Trial(name, SUMMARY, arms, rows, now, frozenset(flags or ()), start=start, end=end)
