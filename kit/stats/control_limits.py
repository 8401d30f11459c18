"""Whether a figure lies outside what it usually does: the individuals chart (XmR) of its own history.

Limits are the mean of the earlier points ± 2.66 times their mean moving range: three standard deviations, as the
successive differences tell them (Shewhart 1931; Wheeler & Chambers 1992, Understanding Statistical Process Control,
with d2 = 1.128 for pairs). The point that is judged takes no part in its limits.

Points must be of one kind: periods of the same length, and of each only the days outside promotions, because a
promotion is no noise. Limits from few points are loose ends themselves: of independent noise a further point falls
outside in 3.2 % of cases with 8 points, 1.9 % with 12, 1.0 % with 24; of noise with heavy tails (t, 5 degrees) in
4.4 % with 8. A series that trends or drifts (lag-one correlation 0.6) is called more often, 9 % with 8 points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

FACTOR = 3 / 1.128
"""Of the mean moving range of pairs: three standard deviations."""
LEAST = 8
"""Points without which there are no limits: with fewer, noise alone is called in more than one case of twenty."""
MOST = 24
"""Points looked back: what a shop was like longer ago is no limit for what it is now."""


@dataclass(frozen=True)
class Limits:
    """Centre and ends of what is usual, from ``n`` points."""

    centre: float
    low: float
    high: float
    n: int

    def side(self, value: float) -> int:
        """1 above the limits, −1 below them, 0 inside."""
        return int(value > self.high) - int(value < self.low)


def limits(points: Sequence[float], least: float | None = None) -> Limits | None:
    """The limits that ``points`` (earliest first, none missing) set for the next one; None with fewer than ``LEAST``,
    or when they never move. ``least``: what the figure cannot fall below, such as 0."""
    known = np.array(points[-MOST:], float)
    if len(known) < LEAST or not np.isfinite(known).all():
        return None
    centre, reach = float(known.mean()), FACTOR * float(np.abs(np.diff(known)).mean())
    if reach <= 1e-9 * max(abs(centre), 1.0):
        return None
    low = centre - reach if least is None else max(least, centre - reach)
    return Limits(centre, low, centre + reach, len(known))
