"""All tests of a period together: how many won, how many would by chance, and which ran on the same units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from kit.analyses.abtest.declare import Plan
from kit.analyses.abtest.judge import WON
from kit.analyses.verdicts import AbtestVerdict as Verdict
from kit.stats.false_discovery import claims

UNTESTED = (Verdict.DESCRIBED, Verdict.WEAK, Verdict.NONE, Verdict.FIX, Verdict.RUN)
"""Verdicts that rest on no finished test: they can win by no chance either."""
TOUCHING = 0.05
"""Part of the smaller test's units from which a shared audience is said."""


@dataclass(frozen=True)
class Overlap:
    """Two tests by name, and the units that they share, as counted and of the smaller; None of both where unknown, and
    then ``days`` that both ran."""

    a: str
    b: str
    units: int | None
    share: float | None
    days: int


@dataclass(frozen=True)
class Programme:
    """``tests`` judged, ``won`` of them, and how many would be called better ``by_chance`` if nothing worked.

    ``stands``: by the key of a test and its variant, whether its difference stands when all are held to a false
    discovery rate ``rate`` together.
    """

    tests: int
    won: int
    by_chance: float
    stands: Mapping[tuple[str, str], bool]
    rate: float
    overlaps: tuple[Overlap, ...]


Judged = tuple[Plan, str, Verdict, float | None]
"""A test's plan, the variant, its verdict, and the p of its deciding metric."""


def programme(
    judged: Sequence[Judged],
    rate: float,
    shared: pd.DataFrame,
    ran: Mapping[str, tuple[dt.date, dt.date] | None],
) -> Programme:
    """``shared``: units that two tests have in common (``a``, ``b``, ``units``, ``share``); ``ran``: by test its first
    and last day, None where nothing says it."""
    tested = [one for one in judged if one[2] not in UNTESTED and one[3] is not None]
    made = claims([p for *_, p in tested if p is not None], rate, independent=True).made
    stands = {(plan.key, variant): stands for (plan, variant, *_), stands in zip(tested, made, strict=True)}
    tests = {plan.key: plan for plan, *_ in tested}
    won = {plan.key for plan, _, verdict, _ in tested if verdict in WON}
    chance = sum(plan.alpha / 2 for plan in tests.values())
    return Programme(len(tests), len(won), chance, stands, rate, tuple(_overlaps(shared, ran)))


def _overlaps(shared: pd.DataFrame, ran: Mapping[str, tuple[dt.date, dt.date] | None]) -> list[Overlap]:
    known = {(str(r.a), str(r.b)): (int(r.units), float(r.share)) for r in shared.itertuples(index=False)}
    made = []
    for a, b in combinations(sorted(ran), 2):
        days = _days_shared(ran[a], ran[b])
        units, share = known.get((a, b)) or known.get((b, a)) or (None, None)
        if (share is not None and share >= TOUCHING) or (share is None and days):
            made.append(Overlap(a, b, units, share, days))
    return made


def _days_shared(a: tuple[dt.date, dt.date] | None, b: tuple[dt.date, dt.date] | None) -> int:
    if a is None or b is None:
        return 0
    return max(0, (min(a[1], b[1]) - max(a[0], b[0])).days + 1)
