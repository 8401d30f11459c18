"""What a test's rows say of their own soundness: counts and shares, from which an analysis judges."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from kit.trials.found import DAYS, SUMMARY, UNITS, Trial, quoted


@dataclass(frozen=True)
class Health:
    """``rows`` of the file and ``units`` in them. ``several``: units with more than one row, the most any of them has
    being ``most``: then rows are not what was randomised. ``both``: units in more than one variant; the sums leave them
    out. Where the units are not stated, all of them are None.

    ``missing``: days between the first and the last on which no variant has a row, ``partly`` those on which some
    variant has none. ``blank``: by metric and variant, the rows that leave it blank. ``heaviest``: by metric that is
    not 0 or 1 and variant, the part that the largest unit makes of the total of all amounts, losses counted as gains;
    None where they are all 0.
    """

    rows: int
    units: int | None = None
    several: int | None = None
    most: int | None = None
    both: int | None = None
    missing: tuple[dt.date, ...] = ()
    partly: tuple[dt.date, ...] = ()
    blank: dict[tuple[str, str], int] = field(default_factory=dict)
    heaviest: dict[tuple[str, str], float | None] = field(default_factory=dict)


def health(con: Any, trial: Trial) -> Health:
    """The facts of one test, from a connection that ``kit.trials.rows`` opened."""
    days = _days(con, trial) if trial.start and trial.table in (UNITS, DAYS) else {}
    if trial.table == SUMMARY:
        return Health(trial.rows)
    if trial.table != UNITS:
        return Health(trial.rows, blank=_blank(con, trial), **days)
    several, most, both, more = con.execute(
        "SELECT count(*), coalesce(max(rows), 1), count(*) FILTER (arms > 1), coalesce(sum(rows - 1), 0)::BIGINT "
        "FROM again"
    ).fetchone()
    heaviest = _heaviest(con, trial)
    return Health(
        trial.rows, trial.rows - more, several, most, both, blank=_blank(con, trial), heaviest=heaviest, **days
    )


def _days(con: Any, trial: Trial) -> dict[str, Any]:
    day = "exposed_at" if trial.table == UNITS else "date"
    rows = con.execute(f"SELECT {day}::DATE, count(DISTINCT variant) FROM own WHERE {day} IS NOT NULL GROUP BY ALL")
    arms: dict[dt.date, int] = dict(rows.fetchall())
    assert trial.start and trial.end
    every = [trial.start + dt.timedelta(n) for n in range((trial.end - trial.start).days + 1)]
    return {
        "missing": tuple(d for d in every if d not in arms),
        "partly": tuple(d for d in every if 0 < arms.get(d, 0) < len(trial.variants)),
    }


def _blank(con: Any, trial: Trial) -> dict[tuple[str, str], int]:
    names = [m for m in trial.metrics if m in trial.blank]
    if not names:
        return {}
    asked = ", ".join(f"count(*) - count({quoted(m)})" for m in names)
    rows = con.execute(f"SELECT variant, {asked} FROM own GROUP BY variant ORDER BY variant").fetchall()
    return {(m, variant): n for variant, *counts in rows for m, n in zip(names, counts, strict=True) if n}


def _heaviest(con: Any, trial: Trial) -> dict[tuple[str, str], float | None]:
    names = [m for m in trial.metrics if m not in trial.binary]
    if not names:
        return {}
    asked = ", ".join(f"CASE WHEN sum(abs({m})) > 0 THEN max(abs({m})) / sum(abs({m})) END" for m in map(quoted, names))
    rows = con.execute(f"SELECT variant, {asked} FROM units GROUP BY variant ORDER BY variant").fetchall()
    return {(m, variant): share for variant, *shares in rows for m, share in zip(names, shares, strict=True)}
