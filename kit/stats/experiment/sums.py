"""What a comparison of two arms needs of either arm's units: counts and sums, so that rows stay in the database.

Sums of the same kind add up: those of days or segments to those of the whole. Variances are those of a sample
(n − 1 below); one that is no more than the rounding of its sums is 0, so that identical values have no variation. Sums
of third powers tell how skewed the units are; whoever makes the sums may leave them out (a summary has none).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Cubes = tuple[float, float, float, float]
ROUNDING = 1e-12
"""Share of a sum of squares under which what is left after the mean's part is taken for rounding."""


@dataclass(frozen=True)
class Counts:
    """``successes`` of ``units`` (buyers of visitors); ``rate`` needs a unit."""

    units: int
    successes: int

    def __post_init__(self) -> None:
        if not 0 <= self.successes <= self.units:
            raise ValueError(f"{self.successes} successes of {self.units} units")

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.units + other.units, self.successes + other.successes)

    @property
    def failures(self) -> int:
        return self.units - self.successes

    @property
    def rate(self) -> float:
        return self.successes / self.units


@dataclass(frozen=True)
class Moments:
    """Σ x, Σ x² and, where known, Σ x³ over ``units``; ``mean`` needs a unit, ``variance`` two."""

    units: int
    total: float
    squares: float
    cubes: float | None = None

    def __post_init__(self) -> None:
        _check(self.units, (self.total, self.squares, self.cubes or 0.0), self.squares)

    def __add__(self, other: Moments) -> Moments:
        units, total, squares = self.units + other.units, self.total + other.total, self.squares + other.squares
        known = self.cubes is not None and other.cubes is not None
        return Moments(units, total, squares, (self.cubes or 0.0) + (other.cubes or 0.0) if known else None)

    @property
    def mean(self) -> float:
        return self.total / self.units

    @property
    def variance(self) -> float:
        return _left(self.squares, self.total**2 / self.units) / (self.units - 1)

    @property
    def third(self) -> float | None:
        """Third central moment of the units; None where the cubes are not known."""
        return None if self.cubes is None else _third(self.units, self.total, self.squares, self.cubes)


@dataclass(frozen=True)
class Pairs:
    """Two figures of each unit: Σ x, Σ x², Σ y, Σ y² and Σ xy over ``units``.

    ``x`` is a ratio's numerator or the metric itself, ``y`` (``other``) the ratio's denominator or the metric's
    covariate. ``cubes``: where known Σ x³, Σ x²y, Σ xy², Σ y³. Means need a unit, variances and the covariance two,
    ``ratio`` a denominator other than 0.
    """

    units: int
    total: float
    squares: float
    other: float
    other_squares: float
    cross: float
    cubes: Cubes | None = None

    def __post_init__(self) -> None:
        _check(self.units, (*self._sums, *(self.cubes or ())), self.squares, self.other_squares)

    def __add__(self, other: Pairs) -> Pairs:
        x, xx, y, yy, xy = (one + more for one, more in zip(self._sums, other._sums, strict=True))
        return Pairs(self.units + other.units, x, xx, y, yy, xy, _added(self.cubes, other.cubes))

    @property
    def moments(self) -> Moments:
        return Moments(self.units, self.total, self.squares, self.cubes[0] if self.cubes else None)

    @property
    def other_moments(self) -> Moments:
        return Moments(self.units, self.other, self.other_squares, self.cubes[3] if self.cubes else None)

    @property
    def _sums(self) -> tuple[float, float, float, float, float]:
        return self.total, self.squares, self.other, self.other_squares, self.cross

    @property
    def mean(self) -> float:
        return self.moments.mean

    @property
    def variance(self) -> float:
        return self.moments.variance

    @property
    def other_mean(self) -> float:
        return self.other_moments.mean

    @property
    def other_variance(self) -> float:
        return self.other_moments.variance

    @property
    def covariance(self) -> float:
        """0 where either has no variation, and never more than the variances allow."""
        most = math.sqrt(self.variance * self.other_variance)
        found = (self.cross - self.total * self.other / self.units) / (self.units - 1)
        return min(max(found, -most), most)

    @property
    def ratio(self) -> float:
        return self.total / self.other

    def third(self, slope: float) -> float | None:
        """Third central moment of x − ``slope`` · y; None where the cubes are not known."""
        if self.cubes is None:
            return None
        total = self.total - slope * self.other
        squares = self.squares - 2 * slope * self.cross + slope**2 * self.other_squares
        signs = (1.0, -3 * slope, 3 * slope**2, -(slope**3))
        return _third(self.units, total, squares, sum(a * b for a, b in zip(signs, self.cubes, strict=True)))


def _added(one: Cubes | None, other: Cubes | None) -> Cubes | None:
    if one is None or other is None:
        return None
    return one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3]


def _check(units: int, sums: tuple[float, ...], *squares: float) -> None:
    if units < 0 or not all(map(math.isfinite, sums)) or min(squares) < 0:
        raise ValueError(f"not sums over units: {sums}")


def _third(units: int, total: float, squares: float, cubes: float) -> float:
    mean = total / units
    return (cubes - 3 * mean * squares) / units + 2 * mean**3


def _left(squares: float, part: float) -> float:
    left = squares - part
    return left if left > ROUNDING * squares else 0.0
