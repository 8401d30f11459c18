"""What a comparison of two arms needs of either arm's units: counts and sums, so that rows stay in the database.

Sums of the same kind add up: those of days or segments to those of the whole. Variances are those of a sample
(n − 1 below); one that is no more than the rounding of its sums is 0, so that identical values have no variation.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

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
    """Σ x and Σ x² over ``units``; ``mean`` needs a unit, ``variance`` two."""

    units: int
    total: float
    squares: float

    def __post_init__(self) -> None:
        _check(self.units, astuple(self), self.squares)

    def __add__(self, other: Moments) -> Moments:
        return Moments(self.units + other.units, self.total + other.total, self.squares + other.squares)

    @property
    def mean(self) -> float:
        return self.total / self.units

    @property
    def variance(self) -> float:
        return _left(self.squares, self.total**2 / self.units) / (self.units - 1)


@dataclass(frozen=True)
class Pairs:
    """Two figures of each unit: Σ x, Σ x², Σ y, Σ y² and Σ xy over ``units``.

    ``x`` is a ratio's numerator or the metric itself, ``y`` (``other``) the ratio's denominator or the metric's
    covariate. Means need a unit, variances and the covariance two, ``ratio`` a denominator other than 0.
    """

    units: int
    total: float
    squares: float
    other: float
    other_squares: float
    cross: float

    def __post_init__(self) -> None:
        _check(self.units, astuple(self), self.squares, self.other_squares)

    def __add__(self, other: Pairs) -> Pairs:
        units = self.units + other.units
        return Pairs(units, *(a + b for a, b in zip(astuple(self)[1:], astuple(other)[1:], strict=True)))

    @property
    def moments(self) -> Moments:
        return Moments(self.units, self.total, self.squares)

    @property
    def other_moments(self) -> Moments:
        return Moments(self.units, self.other, self.other_squares)

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


def _check(units: int, sums: tuple[float, ...], *squares: float) -> None:
    if units < 0 or not all(map(math.isfinite, sums)) or min(squares) < 0:
        raise ValueError(f"not sums over units: {sums}")


def _left(squares: float, part: float) -> float:
    left = squares - part
    return left if left > ROUNDING * squares else 0.0
