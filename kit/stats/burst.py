"""Days with more bad reviews than the shop usually has, given how many reviews came in.

A day's bad reviews are held against the shop's own rate before the period: with exposure e they are expected to be
e × rate. Their predictive distribution is negative binomial: scatter beyond Poisson as in the days before (Pearson's
chi-square over its degrees of freedom, at least one), and the rate itself known only from so many. Days are tested
together at a false discovery rate (``kit.stats.false_discovery``), and a day with a handful is never called.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kit.stats.false_discovery import claims

LEAST_DAYS = 28
"""Days before the period without which a shop has no usual rate."""
FEW = 5
"""Bad reviews on a day up to which it is never called: the trade's rule is more than five in a day."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Day:
    """``count`` and what was ``expected``; ``called``: more than chance and scatter bring, among all days tested."""

    count: int
    expected: float
    p: float
    called: bool


def bursts(
    past: Sequence[float],
    past_exposure: Sequence[float],
    counts: Sequence[float],
    exposure: Sequence[float],
    rate: float,
) -> tuple[Day, ...]:
    """Each day of the period; none without ``LEAST_DAYS`` days of exposure before it. ``rate``: false discovery."""
    before, weight = np.asarray(past, float), np.asarray(past_exposure, float)
    used = weight > 0
    before, weight = before[used], weight[used]
    if len(before) < LEAST_DAYS:
        return ()
    # Half a case more than were seen: a shop that never had one may have one.
    shape = before.sum() + 0.5
    usual = shape / weight.sum()
    scatter = _scatter(before, weight * usual)
    expected = np.asarray(exposure, float) * usual
    seen = np.asarray(counts, float)
    p = [_tail(k, m, scatter, shape) if m > 0 else 1.0 for k, m in zip(seen, expected, strict=True)]
    made = claims(p, rate, independent=True).made
    called = [stands and k > FEW for stands, k in zip(made, seen, strict=True)]
    return tuple(Day(int(k), float(m), q, c) for k, m, q, c in zip(seen, expected, p, called, strict=True))


def _scatter(counts: Floats, expected: Floats) -> float:
    """How many times the Poisson variance the days before had."""
    return max(1.0, float(((counts - expected) ** 2 / expected).sum() / (len(counts) - 1)))


def _tail(count: float, mean: float, scatter: float, shape: float) -> float:
    """Probability of as many or more: variance of the scatter, and of a rate known from ``shape`` cases."""
    from scipy.stats import nbinom

    variance = mean * scatter + mean**2 / shape
    return float(nbinom.sf(count - 1, mean**2 / (variance - mean), mean / variance))
