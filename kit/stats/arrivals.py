"""What a live session's refunds come to in the end, learnt from the sessions of one export.

The export states each session's refunds as of one day, so sessions of all ages are one picture of how refunds come in.
Of the rooms with most old sessions, those older than ``open_days`` tell the share that comes back in the end; of the
younger ones, refunds so far ÷ expected in the end, made monotone over age (isotonic regression), are the part that is
in. A room's own share so far ÷ that part is its share in the end: rooms may differ in how much comes back, not in how
fast. The interval holds what is still to come of the room's own cases and the errors of both learnt parts; variation
between sessions beyond chance (quasi-Poisson) widens it.

Files that were exported on different days are no one picture: where old sessions of the last days of their months were
refunded clearly less than the others, nothing is learnt.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVEL, Z = 0.95, 1.959964
LEAST_OLD, LEAST_CASES = 10, 50
"""Old sessions of one room kind, and refunded orders of theirs, without which nothing is learnt."""
LEAST_OWN, LEAST_PART = 10, 0.25
"""A session's own refunded orders, and the part of its refunds that is in, below which its end is not told."""
MONTH_END = 10
"""Days at a month's end whose refunds a file exported soon after it lacks."""


@dataclass(frozen=True)
class End:
    """Refunds ÷ paid in the end with its 95 % interval; never below what is refunded so far."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Learnt:
    """``part``: of the refunds that are in, by ``age``; ``errors``: their relative variances. ``spread``: the variance
    of a number of refunded orders over its mean."""

    ages: Floats
    part: Floats
    errors: Floats
    spread: float
    old_error: float


def ends(sessions: pd.DataFrame, open_days: int) -> list[End | None]:
    """The end of each of ``sessions``: columns kind, day (normalised), age (days), paid, refunded (money), cases
    (refunded orders). None where too little is in or nothing could be learnt; a session past ``open_days`` has ended.
    """
    known = sessions[(sessions["paid"] > 0) & sessions["refunded"].notna() & sessions["cases"].notna()]
    learnt = _learn(known, open_days)
    rows = zip(*(sessions[name].to_numpy(float) for name in ("age", "paid", "refunded", "cases")), strict=True)
    return [_end(age, back / paid if paid > 0 else np.nan, cases, learnt, open_days) for age, paid, back, cases in rows]


def _end(age: float, share: float, cases: float, learnt: Learnt | None, open_days: int) -> End | None:
    if not np.isfinite(share):
        return None
    if age >= open_days:
        return End(share, share, share)
    if learnt is None or not cases >= LEAST_OWN or age < learnt.ages[0]:
        return None
    at = int(np.searchsorted(learnt.ages, age, side="right")) - 1
    part = learnt.part[at]
    if part < LEAST_PART:
        return None
    final = share / part
    error = learnt.spread * (1 - part) / cases + learnt.errors[at] + learnt.old_error
    reach = Z * final * float(np.sqrt(error))
    return End(min(final, 1.0), min(max(share, final - reach), 1.0), min(final + reach, 1.0))


def _learn(known: pd.DataFrame, open_days: int) -> Learnt | None:
    from scipy.optimize import isotonic_regression

    old = known[known["age"] >= open_days]
    if old.empty:
        return None
    kind = old["kind"].value_counts().index[0]
    old, young = old[old["kind"] == kind], known[(known["kind"] == kind) & (known["age"] < open_days)]
    cases = float(old["cases"].sum())
    if len(old) < LEAST_OLD or cases < LEAST_CASES or young.empty:
        return None
    share, spread = _share(old), _spread(old)
    if _cut(old, share, spread):
        return None
    by_age = young.groupby("age")[["paid", "refunded", "cases"]].sum()
    expected = by_age["paid"].to_numpy(float) * share
    found = isotonic_regression(by_age["refunded"].to_numpy(float) / expected, weights=expected)
    counts = np.add.reduceat(by_age["cases"].to_numpy(float), found.blocks[:-1])
    errors = np.repeat(spread / np.maximum(counts, 1), np.diff(found.blocks))
    ages = by_age.index.to_numpy(float)
    return Learnt(ages, np.minimum(found.x, 1.0), errors, spread, spread / cases)


def _share(rows: pd.DataFrame) -> float:
    return float(rows["refunded"].sum() / rows["paid"].sum())


def _spread(old: pd.DataFrame) -> float:
    """Of the refunds of old sessions around their common share, per refunded order; chance alone makes one."""
    expected = old["paid"].to_numpy(float) * _share(old)
    order = float(old["refunded"].sum() / old["cases"].sum())
    squares = (old["refunded"].to_numpy(float) - expected) ** 2 / (expected * order)
    return max(1.0, float(squares.sum()) / (len(old) - 1))


def _cut(old: pd.DataFrame, share: float, spread: float) -> bool:
    """Whether the refunds of months' last days stop short."""
    left = old["day"].dt.days_in_month - old["day"].dt.day
    late, early = old[left < MONTH_END], old[left >= MONTH_END]
    if late.empty or early.empty or share <= 0:
        return False
    gap = (_share(early) - _share(late)) / share
    cases = early["cases"].sum(), late["cases"].sum()
    error = np.sqrt(sum(spread / max(float(n), 1.0) for n in cases))
    return bool(gap > Z * error and gap > 0.1)
