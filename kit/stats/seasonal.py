"""Seasonal index: how many times an average month each month of the year amounts to.

Ratio to the centred moving average of twelve months (Macaulay 1931), on logarithms, so that nothing is added up over
months; a month's index is the mean of its ratios over the years, and the twelve are scaled to a mean of 1. Check:
the additive decomposition of statsmodels on logarithms gives the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kit.stats import months

YEAR = 12
LEAST = 2 * YEAR
"""Months that give each month of the year a ratio: six at either end have no moving average."""


@dataclass(frozen=True)
class Season:
    """One month of the year: its index, and the ratio (in the same scale) of each year it rests on."""

    month: int
    index: float
    ratios: tuple[tuple[int, float], ...]


def seasonal(amounts: NDArray[np.float64], first: months.Month) -> tuple[Season, ...]:
    """January to December; none with fewer than ``LEAST`` months or an amount that is not positive.

    ``amounts``: months in order from ``first`` on, without a gap.
    """
    if len(amounts) < LEAST or not (amounts > 0).all():
        return ()
    logs, half = np.log(amounts), YEAR // 2
    weights = np.array([0.5, *[1.0] * (YEAR - 1), 0.5]) / YEAR
    apart = logs[half:-half] - np.convolve(logs, weights, mode="valid")
    by_month: dict[int, list[tuple[int, float]]] = {m: [] for m in range(1, YEAR + 1)}
    for n, ratio in enumerate(apart):
        at = months.later(first, half + n)
        by_month[at.month].append((at.year, float(ratio)))
    raw = {m: float(np.exp(np.mean([r for _, r in ratios]))) for m, ratios in by_month.items()}
    scale = YEAR / sum(raw.values())
    return tuple(
        Season(m, raw[m] * scale, tuple((year, float(np.exp(r)) * scale) for year, r in ratios))
        for m, ratios in by_month.items()
    )
