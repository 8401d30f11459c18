"""Days that are out of the ordinary: how far a day's sales lie from what its weekday and its weeks suggest.

- **Expected.** Season and trend of the logarithm of daily sales by STL (Cleveland et al. 1990, robust, period 7). Days
  that are no ordinary days (promotions, stoppages, gaps) are bridged from their neighbours before and are never judged.
  The trend looks over ``TREND`` days, so that a bad week stays visible and is not taken for a new level.
- **Unusual.** Generalised extreme studentised deviates (Rosner 1983) on what is left over: up to a tenth of the days,
  without their number known beforehand and without one hiding another. ``ALPHA`` is the chance that a stretch of days
  without any unusual one has one called.
- **Promotion days** are compared with their like only: the same day of the same phase a year before
  (``like_for_like``), the differences of whose logarithms are put to the same test.

On made-up shops of 180 days with weekdays, a slow trend and noise of log sd 0.1, a last month without anything planted
had a day called in 0 of 100 months where the noise is normal, in 0 where half of it is the day before's, and in 14
where it has five degrees of freedom, which is to have such days. A day at 65% of its usual was found in 63 to 70 of
100.
``tests/test_stats_unusual.py`` repeats a part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

WEEK = 7
TREND = 43
"""Days over which the trend looks; odd."""
SEASON = 35
"""Weeks over which a weekday's pattern may change; odd."""
LEAST = 49
"""Ordinary days that are needed to say what is ordinary."""
LEAST_PAIRS = 10
"""Days of a promotion, with their like a year before, that are needed to compare them."""
ALPHA = 0.01
MOST = 0.1
"""Part of the days that may be unusual at most."""


@dataclass(frozen=True)
class Deviate:
    """One step of the test: the position removed, its studentised deviate, and the critical value at that step."""

    position: int
    statistic: float
    critical: float


def deviates(values: Floats, most: int, alpha: float = ALPHA) -> list[Deviate]:
    """The steps of Rosner's test for up to ``most`` outliers; ``values`` are finite, more than ``most`` + 1 of them."""
    from scipy.stats import t as student

    left = np.ones(len(values), bool)
    found = []
    for step in range(1, most + 1):
        kept = values[left]
        spread = kept.std(ddof=1)
        if spread <= 0:
            break
        distance = np.where(left, np.abs(values - kept.mean()) / spread, -1.0)
        position, n = int(distance.argmax()), len(values)
        point = student.ppf(1 - alpha / (2 * (n - step + 1)), n - step - 1)
        critical = (n - step) * point / np.sqrt((n - step - 1 + point**2) * (n - step + 1))
        found.append(Deviate(position, float(distance[position]), float(critical)))
        left[position] = False
    return found


def outliers(values: Floats, alpha: float = ALPHA, part: float = MOST) -> list[int]:
    """Positions of the outliers, the most extreme first: all up to the last step whose deviate is beyond its bound."""
    if len(values) < 4:
        return []
    steps = deviates(values, max(1, int(len(values) * part)), alpha)
    last = max((n for n, one in enumerate(steps, 1) if one.statistic > one.critical), default=0)
    return [one.position for one in steps[:last]]


@dataclass(frozen=True, eq=False)
class Judged:
    """``expected`` sales of every day, NaN where nothing is said; ``unusual`` days, among the ordinary ones."""

    expected: Floats
    unusual: Flags


def judge(sales: Floats, ordinary: Flags, alpha: float = ALPHA) -> Judged | None:
    """One value a day, without a day left out; NaN or nothing sold is no ordinary day. None with too few ordinary ones.

    ``ordinary``: days of no promotion, stoppage or the like.
    """
    used = ordinary & np.isfinite(sales) & (np.nan_to_num(sales) > 0)
    if used.sum() < LEAST:
        return None
    logs = np.log(np.where(used, sales, 1.0))
    fitted = _fitted(_bridged(logs, used))
    unusual = np.zeros(len(sales), bool)
    places = np.flatnonzero(used)
    unusual[places[outliers((logs - fitted)[places], alpha)]] = True
    return Judged(np.where(used, np.exp(fitted), np.nan), unusual)


def like_for_like(now: Floats, before: Floats, alpha: float = ALPHA) -> Flags | None:
    """Which days of a promotion differ from their like a year before as the others don't; both are above 0.

    None with fewer than ``LEAST_PAIRS`` pairs.
    """
    if len(now) < LEAST_PAIRS:
        return None
    flags = np.zeros(len(now), bool)
    flags[outliers(np.log(now / before), alpha)] = True
    return flags


def _bridged(logs: Floats, used: Flags) -> Floats:
    """Days that are not used take their weekday's level, moved to that of the used days around them."""
    at = np.arange(len(logs))
    means = np.array([np.median(logs[used & (at % WEEK == n)]) if (used & (at % WEEK == n)).any() else np.nan
                      for n in range(WEEK)])  # fmt: skip
    level = np.nan_to_num(means - np.nanmean(means))[at % WEEK]
    return np.where(used, logs, np.interp(at, at[used], (logs - level)[used]) + level)


def _fitted(logs: Floats) -> Floats:
    from statsmodels.tsa.seasonal import STL

    made = STL(logs, period=WEEK, seasonal=SEASON, trend=TREND, robust=True).fit()
    return np.asarray(made.trend + made.seasonal, float)
