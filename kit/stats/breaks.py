"""Natural breaks of prices on round numbers: Fisher's exact grouping (1958; Jenks) restricted to a price ladder."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
"""Prices at which a band may begin, in each power of ten: what a shopper would call round."""
MOST = 7
LEAST = 0.05
FIT = 0.9


def natural_breaks(
    prices: NDArray[np.float64], *, most: int = MOST, least: float = LEAST, fit: float = FIT
) -> list[float]:
    """Edges between bands, ascending: the fewest bands that explain ``fit`` of the spread of log prices.

    ``prices`` are positive. Each band holds at least ``least`` of them, there are ``most`` bands or fewer, and each
    edge is a round price; a band runs from its edge up to, not including, the next. For a number of bands the edges
    are those with the least sum of squares of log prices within bands (dynamic programming, so exact). When no number
    of bands explains ``fit``, the largest possible number is used. Prices that are all alike give no edge. The
    result depends on the prices alone, never on what sells.
    """
    if len(prices) == 0:
        return []
    edges = ladder(float(prices.min()), float(prices.max()))
    cells = np.searchsorted(edges, prices, side="right")
    grouping = _Grouping(np.log(prices), cells, len(edges) + 1, least)
    found: list[float] = []
    for cuts, within in grouping.best(most):
        found = [edges[cut - 1] for cut in cuts]
        if within <= (1 - fit) * grouping.spread:
            break
    return found


def ladder(low: float, high: float) -> list[float]:
    """The round prices above ``low`` and up to ``high``."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    rungs = [step * 10.0**decade for decade in decades for step in STEPS]
    return [round(rung, 10) for rung in rungs if low < rung <= high]


class _Grouping:
    """Sums over the cells between ladder rungs, from which any band's sum of squares is a difference."""

    def __init__(self, logs: NDArray[np.float64], cells: NDArray[np.intp], number: int, least: float) -> None:
        sums = [np.bincount(cells, w, minlength=number) for w in (np.ones_like(logs), logs, logs**2)]
        self.n, self.x, self.xx = (np.concatenate([[0.0], np.cumsum(s)]) for s in sums)
        self.cells, self.needed = number, max(1.0, least * len(logs))
        self.spread = self.within(0, number)

    def within(self, start: int, stop: int) -> float:
        """Sum of squares of the log prices from cell ``start`` up to ``stop``; infinite when too few lie there."""
        n, x, xx = (s[stop] - s[start] for s in (self.n, self.x, self.xx))
        return float(max(0.0, xx - x * x / n)) if n >= self.needed else math.inf

    def best(self, most: int) -> list[tuple[list[int], float]]:
        """For 1, 2, … bands up to ``most``, as far as possible: the cuts between cells and the sum of squares."""
        cost = [self.within(0, stop) if stop else math.inf for stop in range(self.cells + 1)]
        cuts: list[list[int]] = [[] for _ in cost]
        made = [(cuts[-1], cost[-1])]
        for _ in range(1, most):
            ways = [
                min(
                    ((cost[cut] + self.within(cut, stop), cut) for cut in range(1, stop)),
                    default=(math.inf, 0),
                )
                for stop in range(self.cells + 1)
            ]
            cuts = [[*cuts[cut], cut] for _, cut in ways]
            cost = [way[0] for way in ways]
            if math.isinf(cost[-1]):
                break
            made.append((cuts[-1], cost[-1]))
        return made
