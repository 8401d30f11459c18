"""One row per unit: units with several rows put together, units seen in several variants left out.

What was randomised is the unit, so it is what is counted, whatever the rows of a file are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import combinations
from typing import TYPE_CHECKING, Any

from kit.trials.found import UNITS, Trial, quoted

if TYPE_CHECKING:
    import pandas as pd

    from kit.store import Store

PART = 2_000_000
"""Rows, about, that a part holds while units are compared with each other."""
KEY = "hash(platform, unit_id)"


@contextmanager
def opened(store: Store, trial: Trial) -> Iterator[Any]:
    """A connection with the rows of one test as ``own``; where they are of units also with ``again`` and ``units``.

    ``again``: ``id``, ``rows`` and ``arms`` of each unit that has several rows. ``units``: a row per unit of one
    variant, with the columns of the table. Of several rows, figures are added up, but for what is 0 or 1 (1 if any is)
    and what was before the test (the largest: it is the same on each row); segments are the first by their name, and a
    unit counts from when it was first exposed. A figure stays blank where every row leaves it blank.
    """
    with store.views(trial.table) as con:
        con.execute(f"CREATE TEMP VIEW own AS SELECT * FROM {trial.table} WHERE experiment = {_text(trial.name)}")
        if trial.table == UNITS:
            arms = " ".join(f"WHEN {_text(v)} THEN {n}" for n, v in enumerate(trial.variants))
            parts = _ids(con, f"(CASE variant {arms} END)", "own", trial.rows)
            con.execute("CREATE TEMP TABLE again (id UBIGINT, rows BIGINT, arms BIGINT)")
            for part in parts:
                con.execute(
                    "INSERT INTO again SELECT id, count(*), (max(side) > min(side))::BIGINT + 1 FROM ids "
                    f"WHERE {part} GROUP BY id HAVING count(*) > 1"
                )
            con.execute("DROP TABLE ids")
            _units(con, trial)
        yield con


def _ids(con: Any, side: str, source: str, rows: int) -> list[str]:
    """The table ``ids`` with the ``id`` and the ``side`` (a number) of each row, and conditions that part it.

    Ids are compared as numbers of 64 bits, part by part: ten million fit into little memory.
    """
    con.execute(
        f"CREATE TEMP TABLE ids AS SELECT {KEY} AS id, {side}::USMALLINT AS side FROM {source} WHERE side IS NOT NULL"
    )
    return _parts("id", rows)


def _parts(id: str, rows: int) -> list[str]:
    """Conditions on an id by which so many rows part into pieces that little memory holds."""
    parts = 1 << (rows // PART).bit_length()
    return [f"{id} % {parts} = {n}" for n in range(parts)]


def overlap(store: Store, trials: Iterable[Trial]) -> pd.DataFrame:
    """Units that two tests have in common, where they are stated: ``a``, ``b``, ``units``, and their ``share`` of those
    of the smaller one."""
    import pandas as pd

    own = [t for t in trials if t.table == UNITS]
    shared: Counter[tuple[int, int]] = Counter()
    if len(own) > 1:
        names = " ".join(f"WHEN {_text(t.name)} THEN {n}" for n, t in enumerate(own))
        with store.views(UNITS) as con:
            for part in _ids(con, f"(CASE experiment {names} END)", UNITS, sum(t.rows for t in own)):
                con.execute(f"CREATE OR REPLACE TEMP TABLE once AS SELECT DISTINCT id, side FROM ids WHERE {part}")
                found = con.execute(
                    "SELECT a.side, b.side, count(*) FROM once AS a JOIN once AS b USING (id) "
                    "WHERE a.side <= b.side GROUP BY ALL"
                ).fetchall()
                shared.update({(a, b): n for a, b, n in found})
    rows = [
        (own[a].name, own[b].name, shared[a, b], shared[a, b] / min(shared[a, a], shared[b, b]))
        for a, b in combinations(range(len(own)), 2)
    ]
    return pd.DataFrame(rows, columns=["a", "b", "units", "share"])


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _units(con: Any, trial: Trial) -> None:
    """The view ``units``: the rows of units that have one, and those of the others put together."""
    if not con.execute("SELECT count(*) FROM again").fetchone()[0]:
        con.execute("CREATE TEMP VIEW units AS FROM own")
        return
    names = ["variant", "exposed_at", *trial.metrics, *trial.before, *trial.segments]
    put = {name: f"sum({quoted(name)})" for name in trial.metrics}
    put |= {name: f"max({quoted(name)})" for name in (*trial.binary, *trial.before)}
    together = ", ".join(f"{put.get(name, f'min({quoted(name)})')} AS {quoted(name)}" for name in names)
    alone = ", ".join(map(quoted, names))
    rows = f"FROM own WHERE {KEY} IN (SELECT id FROM again WHERE arms = 1)"
    con.execute(f"CREATE TEMP TABLE once AS SELECT {alone} FROM own LIMIT 0")
    for part in _parts(KEY, con.execute("SELECT sum(rows)::BIGINT FROM again").fetchone()[0]):
        con.execute(f"INSERT INTO once SELECT {together} {rows} AND {part} GROUP BY {KEY}")
    con.execute(
        f"CREATE TEMP VIEW units AS SELECT {alone} FROM own WHERE {KEY} NOT IN (SELECT id FROM again) "
        "UNION ALL FROM once"
    )
