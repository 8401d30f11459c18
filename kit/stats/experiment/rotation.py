"""Variants that took turns by day: a permutation test of the days within weekdays, on daily sums.

The day is the unit, however many impressions it had, because all of a day's share what the day was like. Its rate is
taken as weekday + drift (a straight line over the days) + the variant's effect, days weighted by their base. The test
is by permutation: how far apart would the variants be, had the days of each weekday been given to them in another way,
as many to either as there were? The statistic is the partial correlation of variant and rate, that is, the effect in
units of how well that way of giving out the days can tell an effect from weekday and drift.

An interval is every effect which, taken out of the variant's days, leaves a statistic that at least ``alpha`` of these
ways reach. The ends are solved for in closed form, way by way, so that p and both intervals are three readings of one
list. Drift belongs in it: days of one weekday are a week apart, and a shop's rates move more in a week than most
variants move them. In simulated fortnights of 20,000 impressions a day that drift by nothing, 5 % or 10 % an effect of
8 % was found in 84, 86 and 83 of 100 cases; by weekdays alone, with drift left in, in 88, 85 and 67.

Exact for days given out by lot within weekdays; days that alternate were not, so "approximate" is what it says. An
effect that lasts into the next day is not seen at all.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from kit.stats.experiment.comparison import Comparison, without_test

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]

METHOD = "rotation_permutation"
MOST = 300_000
"""Ways of giving out the days up to which all are gone through; beyond, so many are drawn."""
SEED = 20_241_126
TIED = 1e-9
"""Share of the largest statistic by which two ways differ for no other reason than rounding."""


@dataclass(frozen=True)
class Day:
    """A variant's day: the metric's sum (clicks) over its base (impressions; visitors; 1 for a sum a day)."""

    date: dt.date
    total: float
    base: float


@dataclass(frozen=True)
class Ways:
    """Every way's statistic, and what it loses per unit of effect; the first one is what happened.

    ``statistic`` − δ · ``by_difference`` and ``statistic`` − ℓ · ``by_lift`` are those with a difference δ, or lift ℓ,
    taken out. ``same``: ways that tell nothing new, because they give out the days as they were or just swap the arms.
    """

    statistic: Floats
    by_difference: Floats
    by_lift: Floats
    same: Marks


def compare(control: Sequence[Day], variant: Sequence[Day], alpha: float, variants: int = 1) -> Comparison:
    """Rates at the same weekdays and time, two-sided at ``alpha``; days without a base are left out.

    Of several ``variants`` each takes an equal part of ``alpha`` (Bonferroni), and its p is that of all. Withheld as
    "time_is_variant" where weekday and drift explain which variant a day had (one after the other, say, or one at
    weekends), as "too_few_days" where no outcome could have had a p under ``alpha``, and as "no_variation" where
    weekday, drift and variant leave nothing of any day: such an interval would have no width.
    """
    days = [[day for day in arm if day.base > 0] for arm in (control, variant)]
    level = 1 - alpha
    first, second = (sum(day.total for day in arm) / sum(day.base for day in arm) if arm else None for arm in days)
    if not all(days):
        return without_test(first, second, level, METHOD, "approximate", "no_units")
    ways = every_way(*days)
    if ways is None:
        return without_test(first, second, level, METHOD, "approximate", "time_is_variant")
    weight = float(ways.by_difference[0])
    of_control = float(ways.by_lift[0]) / weight
    values = of_control, of_control + float(ways.statistic[0]) / weight
    if variants * float(ways.same.mean()) >= 1 - level:
        return without_test(*values, level, METHOD, "approximate", "too_few_days")
    return _compared(ways, values, level, variants)


def _compared(ways: Ways, values: tuple[float, float], level: float, variants: int) -> Comparison:
    low, high = kept(ways, ways.by_difference)
    p = min(1.0, variants * int(((low <= 0) & (high >= 0)).sum()) / len(low))
    ends = _ends(low, high, 1 - level, variants)
    if ends[1] - ends[0] <= TIED * max(map(abs, values)):
        return without_test(*values, level, METHOD, "approximate", "no_variation")
    why = _no_lift(ways)
    effect = (*values, values[1] - values[0], *ends)
    if why:
        return Comparison(*effect, None, None, None, p, level, METHOD, "approximate", why)
    lift = values[1] / values[0] - 1, *_ends(*kept(ways, ways.by_lift), 1 - level, variants)
    return Comparison(*effect, *lift, p, level, METHOD, "approximate")


def least_p(control: Sequence[Day], variant: Sequence[Day]) -> float:
    """The smallest p that these days can have, whatever they show; 1 where time and variant are one."""
    ways = every_way(control, variant)
    return float(ways.same.mean()) if ways else 1.0


def days_needed(alpha: float) -> int:
    """Days of two variants taking turns day by day from which on some outcome has a p under ``alpha``.

    >>> days_needed(0.05), days_needed(0.01)
    (13, 15)
    """
    days = [Day(dt.date(2024, 1, 1) + dt.timedelta(n), 1.0, 1.0) for n in range(366)]
    return next(n for n in range(2, 366) if least_p(days[:n:2], days[1:n:2]) < alpha)


def every_way(control: Sequence[Day], variant: Sequence[Day]) -> Ways | None:
    """All ways of giving out the days within weekdays, or ``MOST`` of them drawn; bases above 0. None where weekday and
    drift leave nothing of what happened to tell by."""
    blocks = _blocks(control, variant)
    count = math.prod(math.comb(len(block.marks), int(block.marks.sum())) for block in blocks)
    sums = _all(blocks) if count <= MOST else _drawn(blocks, np.random.default_rng(SEED))
    statistic, by_difference, by_lift, drift, weight = sums.T
    sharpness = weight - drift**2
    if sharpness[0] <= TIED * sum(block.base.sum() for block in blocks):
        return None
    blunt = sharpness <= TIED * sharpness[0]
    scale = np.where(blunt, 0.0, 1 / np.sqrt(np.where(blunt, 1.0, sharpness)))
    statistic, by_difference, by_lift = (part * scale for part in (statistic, by_difference, by_lift))
    return Ways(statistic, by_difference, by_lift, np.abs(by_difference) >= by_difference[0] * (1 - TIED))


def kept(ways: Ways, slope: Floats) -> tuple[Floats, Floats]:
    """Of each way the least and the greatest effect at which it reaches the statistic that was seen.

    With an effect e taken out these are |statistic − e · slope|, of which the observed one has the steepest slope, so
    that each way reaches it between two crossings, and the ways that are the ``same`` everywhere.
    """
    seen, steep = ways.statistic[0], slope[0]
    nought = TIED * np.abs(ways.statistic).max()
    with np.errstate(divide="ignore", invalid="ignore"):
        crossings = [_clean(seen - s * ways.statistic, nought) / (steep - s * slope) for s in (1, -1)]
    low, high = np.minimum(*crossings), np.maximum(*crossings)
    return np.where(ways.same, -np.inf, low), np.where(ways.same, np.inf, high)


def _clean(values: Floats, nought: Floats | float) -> Floats:
    return np.where(np.abs(values) <= nought, 0.0, values)


def _no_lift(ways: Ways) -> tuple[str, ...]:
    """Why the crossings of a lift are no interval, if so."""
    steep = ways.by_lift[0]
    if not steep > 0:
        return ("control_not_above_zero",)
    unlike = np.abs(ways.by_lift[~ways.same]) >= steep * (1 - TIED)
    return ("days_too_unlike",) if unlike.any() else ()


def _ends(low: Floats, high: Floats, alpha: float, variants: int) -> tuple[float, float]:
    """What is in at least ``alpha`` of the intervals, which all share a point."""
    place = int(np.searchsorted(variants * np.arange(1, len(low) + 1) / len(low), alpha))
    return float(np.sort(low)[place]), float(np.sort(high)[::-1][place])


@dataclass(frozen=True)
class Block:
    """One weekday's days: which are the variant's, their bases, and what each adds to the sums of ``_sums``."""

    marks: Marks
    base: Floats
    parts: Floats


def _blocks(control: Sequence[Day], variant: Sequence[Day]) -> list[Block]:
    days = [*control, *variant]
    marks = np.arange(len(days)) >= len(control)
    total, base, date = np.array([(day.total, day.base, day.date.toordinal()) for day in days], float).T
    weekday = (date % 7).astype(int)
    drift = _without_weekday(base * date, base, weekday)
    drift = drift / math.sqrt(drift @ (drift / base)) if drift.any() else drift
    parts = np.column_stack([total, base * marks, -total * ~marks])
    parts = np.column_stack([_without_weekday(part, base, weekday) for part in parts.T])
    parts -= np.outer(drift, (drift / base) @ parts)
    parts = np.column_stack([parts, drift])
    return [Block(marks[own], base[own], parts[own]) for own in (weekday == n for n in np.unique(weekday))]


def _without_weekday(sums: Floats, base: Floats, weekday: NDArray[np.intp]) -> Floats:
    """Each day's sum less what its weekday's rate makes of its base; 0 where that is but rounding."""
    rates = np.bincount(weekday, sums, 7) / np.maximum(np.bincount(weekday, base, 7), np.finfo(float).tiny)
    return _clean(sums - base * rates[weekday], 1e-12 * np.abs(sums))


def _sums(block: Block, ways: Floats) -> Floats:
    """Of every way (ways × days, 1 for the variant's): the three statistics, its drift and its weight: (ways, 5)."""
    base = ways @ block.base
    weight = base * (block.base.sum() - base) / block.base.sum()
    return np.column_stack([ways @ block.parts, weight])


def _all(blocks: Sequence[Block]) -> Floats:
    """Sums of every way; the first is the observed one."""
    whole = np.zeros((1, 5))
    for block in blocks:
        chosen = np.array(list(combinations(range(len(block.marks)), int(block.marks.sum()))), int)
        ways = np.zeros((len(chosen), len(block.marks)))
        np.put_along_axis(ways, chosen, 1.0, axis=1)
        seen = (ways == block.marks).all(1)
        ways = np.vstack([ways[seen], ways[~seen]])
        whole = (whole[:, None] + _sums(block, ways)).reshape(-1, 5)
    return whole


def _drawn(blocks: Sequence[Block], rng: np.random.Generator) -> Floats:
    """The same of ways drawn at random, behind the observed one."""
    whole = np.zeros((MOST, 5))
    for block in blocks:
        ways = np.tile(block.marks, (MOST, 1))
        ways[1:] = rng.permuted(ways[1:], axis=1)
        whole += _sums(block, ways.astype(float))
    return whole
