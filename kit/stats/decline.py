"""Whether a ratio that is known week by week moves one way, beyond its own scatter.

A straight line through the logs of the weeks' ratios, by least squares. Weeks that resemble their neighbours say less
than as many independent ones, so the slope's interval counts ``n (1 − r) / (1 + r)`` weeks, r being the lag-one
autocorrelation of the residuals where it is positive (Santer et al. 2000, J. Geophys. Res. 105).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEAST = 8
"""Weeks below which no slope is told from scatter."""
LEVEL = 0.95
EXACT = 1e-12
"""Logs nearer to each other than this do not differ: a float's last digits are no scatter."""


@dataclass(frozen=True)
class Slope:
    """``rate``: the change a week, a fraction, with its interval at ``level``; ``p`` is two-sided, of no change."""

    rate: float
    low: float
    high: float
    p: float
    weeks: int
    level: float = LEVEL


def slope(week: Sequence[float], ratio: Sequence[float], level: float = LEVEL) -> Slope | None:
    """The slope of ``ratio`` (above zero) over ``week`` (any numbers, rising); None below ``LEAST`` weeks, or where the
    weeks resemble each other so much that fewer than three count."""
    if len(week) < LEAST:
        return None
    from scipy import stats

    x, y = np.asarray(week, float), np.log(np.asarray(ratio, float))
    x = x - x.mean()
    spread = float(x @ x)
    each = float(x @ y) / spread
    rest = y - y.mean() - each * x
    counted = _counted(rest)
    if counted <= 3:
        return None
    error = math.sqrt(float(rest @ rest) / (counted - 2) / spread)
    reach = float(stats.t.ppf((1 + level) / 2, counted - 2)) * error
    p = float(2 * stats.t.sf(abs(each) / error, counted - 2)) if error > EXACT else float(abs(each) <= EXACT)
    return Slope(math.expm1(each), math.expm1(each - reach), math.expm1(each + reach), p, len(week), level)


def _counted(rest: np.ndarray) -> float:
    """How many independent residuals these are worth."""
    square = float(rest @ rest)
    r = max(0.0, float(rest[1:] @ rest[:-1]) / square) if square > EXACT else 0.0
    return len(rest) * (1 - r) / (1 + r)
