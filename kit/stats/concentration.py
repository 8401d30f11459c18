"""How concentrated a market is: top shares (CR), the Herfindahl-Hirschman index (HHI) and the effective number.

HHI = Σ (100 × share)², from near 0 to 10,000. Bands are those of the 2023 Merger Guidelines of the U.S. Department of
Justice and the Federal Trade Commission: above 1,800 highly, from 1,000 on moderately concentrated; those of 2010 drew
the lines at 2,500 and 1,500. The effective number is 10,000 ÷ HHI, so many firms of equal size would give that HHI.

A share may be an interval, and the smallest firms may be unknown; then every measure is an interval that holds its true
value. Lowest HHI: shares as even as their intervals allow, the unknown rest in atoms. Highest: as uneven as they allow,
the rest in lumps as large as the smallest known share. Check: shares of 30, 30, 20 and 20% have an HHI of 2,600 and an
effective number of 3.85.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MODERATE, HIGH = 1000.0, 1800.0
GUIDELINES = 2023
CUTS = (4, 10)
SAME = 1e-9


@dataclass(frozen=True)
class Bounds:
    """An interval; both ends are equal where the value is known."""

    low: float
    high: float

    @property
    def exact(self) -> bool:
        return self.high - self.low < SAME * max(1.0, abs(self.high))


@dataclass(frozen=True)
class Concentration:
    """``top``: the share of the largest 4 and 10 (fractions), only those with fewer than all firms in them. ``hhi`` in
    points, ``effective`` in firms, ``firms`` known ones, ``rest`` what share the unknown hold."""

    top: dict[int, Bounds]
    hhi: Bounds
    effective: Bounds
    firms: int
    rest: Bounds

    @property
    def band(self) -> str | None:
        """low, moderate or high by the guidelines; None where the interval of the HHI holds a line."""
        below = [sum(value >= line for line in (MODERATE, HIGH)) for value in (self.hhi.low, self.hhi.high)]
        return ("low", "moderate", "high")[below[0]] if below[0] == below[1] else None


def concentration(low: Floats, high: Floats | None = None, *, whole: bool) -> Concentration:
    """Measures of shares between ``low`` and ``high`` (fractions; without ``high`` they are known), in any order.

    ``whole``: these are all firms, so that shares add up to one; else they are the largest of them, and others hold
    the rest. Raises ValueError for no shares, a negative one, ends that cross, or shares that cannot add up.
    """
    high = low if high is None else high
    rest = _checked(low, high, whole)
    least, most = _lowest(low, high, whole), _highest(low, high, whole)
    hhi = Bounds(1e4 * least, 1e4 * most)
    top = {k: _top(low, high, k, whole) for k in CUTS if k < len(low) or not whole}
    return Concentration(top, hhi, Bounds(1e4 / hhi.high, 1e4 / hhi.low), len(low), rest)


def shares(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Shares of the total, from amounts between ``low`` and ``high``: each against the others' opposite ends."""
    others_low, others_high = low.sum() - low, high.sum() - high
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = low / (low + others_high), high / (high + others_low)
    return np.nan_to_num(ends[0]), np.nan_to_num(ends[1], nan=1.0)


def _checked(low: Floats, high: Floats, whole: bool) -> Bounds:
    """The share of the unknown firms."""
    if not len(low) or (low < 0).any() or (low > high + SAME).any() or low.sum() > 1 + 1e-6:
        raise ValueError("shares must be fractions, low ≤ high, and add up to no more than one")
    if whole and high.sum() < 1 - 1e-6:
        raise ValueError("the shares of all firms must be able to add up to one")
    return Bounds(0.0, 0.0) if whole else Bounds(*(max(0.0, 1 - float(end.sum())) for end in (high, low)))


def _lowest(low: Floats, high: Floats, whole: bool) -> float:
    """Smallest Σ share²: all at one level, but for those whose interval lies above or below it.

    Unknown firms can be too small to count, so then every known one is at its low end.
    """
    if not whole:
        return float((low**2).sum())
    floor, ceiling = 0.0, 1.0
    for _ in range(60):  # bisection for the level at which the shares add up to one
        level = (floor + ceiling) / 2
        floor, ceiling = (level, ceiling) if np.clip(level, low, high).sum() < 1 else (floor, level)
    return float((np.clip(ceiling, low, high) ** 2).sum())


def _highest(low: Floats, high: Floats, whole: bool) -> float:
    """Largest Σ share², or a little more: a square on its interval lies below its chord, and a sum of chords is largest
    when the steepest (``low`` + ``high``) are full. Known shares have no chord and the bound is exact."""
    at, left = low.copy(), 1 - low.sum()
    for n in np.argsort(-(low + high), kind="stable"):
        step = min(high[n] - low[n], max(left, 0.0))
        at[n], left = low[n] + step, left - step
    known = float(((low + high) * at - low * high).sum())
    if whole or left <= 0:
        return known
    lump = float(high.min())
    exact = bool((high - low < SAME).all())
    return known + (_lumps(left, lump) if exact else left * lump)


def _lumps(rest: float, lump: float) -> float:
    """Σ share² of ``rest`` in as many shares of ``lump`` as it holds, and one of what is left."""
    if lump <= 0:
        return 0.0
    full = int(rest / lump + SAME)
    return full * lump**2 + max(0.0, rest - full * lump) ** 2


def _top(low: Floats, high: Floats, k: int, whole: bool) -> Bounds:
    """The share of the ``k`` largest: by the ends of the largest, and by what the others leave.

    With fewer than ``k`` known, the next ones are at most as large as the smallest known.
    """
    ends = np.sort(low)[::-1], np.sort(high)[::-1]
    least, most = (float(end[:k].sum()) for end in ends)
    if whole:
        least, most = max(least, 1 - float(ends[1][k:].sum())), min(most, 1 - float(ends[0][k:].sum()))
    else:
        most += max(0, k - len(low)) * float(high.min())
    return Bounds(least, min(1.0, most))
