"""How the effect was known day by day, and whether it changed while the test ran.

A test that is read once has one valid interval, the last: the days before show how it came about, each with the
interval that stays valid however often it is read (the confidence sequence), so that no day of the drawing claims too
much. A sequential test is drawn by that sequence to its end. Effects that wear off (novelty) or grow (habit) are looked
for once, by a test of interaction between the first and the second half of the days.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate

from kit.analyses.abtest.declare import Metric
from kit.analyses.abtest.effects import Reader, planned_units
from kit.stats.experiment import interaction, sequential
from kit.stats.experiment.comparison import Comparison
from kit.stats.experiment.sums import Pairs

LEAST_DAYS = 4
"""Days under which nothing is drawn and no change is looked for."""
RATE = 0.05


@dataclass(frozen=True)
class Halves:
    """The effect in the first and the second half of the days; ``p``: of their difference, None where untestable."""

    first: Comparison
    second: Comparison
    days: tuple[int, int]
    p: float | None

    @property
    def changed(self) -> bool:
        return self.p is not None and self.p < RATE


Look = tuple[dt.date, Comparison]


def looks(reader: Reader, metric: Metric, variant: str, last: Comparison | None) -> tuple[Look, ...]:
    """After each day, what the sums so far say; ``last`` is the one planned reading of a plan that is over."""
    days, form = _days(reader, metric, variant), reader.form(metric)
    if len(days) < LEAST_DAYS:
        return ()
    planned, alpha = planned_units(reader.plan, reader.sums), reader.plan.alpha
    so_far = accumulate((pair for _, pair in days), _both)
    found = [sequential.compare(form.of(a), form.of(b), alpha, planned, form.by) for a, b in so_far]
    if last is not None:
        found[-1] = last
    return tuple((at, one) for (at, _), one in zip(days, found, strict=True))


def halves(reader: Reader, metric: Metric, variant: str) -> Halves | None:
    """None with too few days, or where a half has nothing to compare."""
    days, form = _days(reader, metric, variant), reader.form(metric)
    if len(days) < LEAST_DAYS:
        return None
    cut = len(days) // 2
    sums = [reduce(_both, (pair for _, pair in part)) for part in (days[:cut], days[cut:])]
    if form.by is None and not all(_shares(arm, metric) for pair in sums for arm in pair):
        return None  # summaries count a success on the day it comes, and its unit on the day it enters
    parts = [(form.of(a), form.of(b)) for a, b in sums]
    first, second = (form.test(*pair, reader.plan.alpha) for pair in parts)
    if first.lift is None or second.lift is None:
        return None
    return Halves(first, second, (cut, len(days) - cut), interaction.p_of(parts, form.by))


def _days(reader: Reader, metric: Metric, variant: str) -> list[tuple[dt.date, tuple[Pairs, Pairs]]]:
    """The sums of control and variant of every day that has both."""
    pair, names = reader.form(metric).pair, (reader.control, variant)
    found = sorted(reader.sums.days.get(pair, {}).items())
    return [(at, (arms[names[0]], arms[names[1]])) for at, arms in found if {*names} <= {*arms}]


def _both(a: tuple[Pairs, Pairs], b: tuple[Pairs, Pairs]) -> tuple[Pairs, Pairs]:
    return a[0] + b[0], a[1] + b[1]


def _shares(arm: Pairs, metric: Metric) -> bool:
    return 0 <= round(arm.total) <= (round(arm.other) if metric.pair[1] else arm.units)
