"""How many units a test needs, what it could have found, and how many days that takes.

A difference is found where it is beyond z(1 − α/2) of its standard error without an effect; with the effect, that has a
standard error of its own. So with d the difference, n units in all and both errors those of one unit in all,

    n = (z(1 − α/2) · error without + z(power) · error with)² ÷ d².

For rates the error without an effect is that of the pooled rate, as the score test has it that decides: R's
``power.prop.test``, 3,841 units an arm for 10 against 12 % at 5 % and 80 %. Other calculators ask for other numbers of
the same test, and ``conventions`` names them: the control's variance in both arms without an effect (Evan Miller's,
3,623), and the arcsine (Cohen's h, 3,835). For means, and for ratios by their linear part, both errors are one; to the
normal's n comes z² ÷ 4 an arm for t's own tails (Guenther 1981).

What a finished test could have found is the smallest lift that its units find with the planned power. "Observed power",
that of the effect seen, says nothing that its p has not said (Hoenig and Heisey 2001), and is not computed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kit.stats.experiment import ratios
from kit.stats.experiment.sums import Moments, Pairs

WEEK = 7
MOST_LIFT = 1e6
"""A multiple of the control that no test is asked to find."""
ROUNDING = 1e-9
"""What a number of units, or a rate of 1, may be over by rounding alone."""


@dataclass(frozen=True)
class Rate:
    """A share of units: its value without the variant, a fraction."""

    value: float

    def reaches(self, lift: float) -> bool:
        """Whether a rate higher by ``lift`` is one, and differs."""
        return 0 < self.value <= 1 and lift != 0 and 0 <= self.value * (1 + lift) <= 1 + ROUNDING

    def errors(self, lift: float, control: float, variant: float) -> tuple[float, float]:
        """Standard errors of the difference without and with an effect, at so many units of control and variant."""
        other = min(self.value * (1 + lift), 1.0)
        pooled = (control * self.value + variant * other) / (control + variant)
        without = pooled * (1 - pooled) * (1 / control + 1 / variant)
        return math.sqrt(without), math.sqrt(self._variance / control + other * (1 - other) / variant)

    def more(self, alpha: float) -> float:
        """Units in all to be added to what the normal distribution asks for."""
        return 0.0

    @property
    def _variance(self) -> float:
        return self.value * (1 - self.value)


@dataclass(frozen=True)
class Mean:
    """A figure per unit, or a ratio by its linear part: its value without the variant, and its variance over units.

    The variant is taken to vary as much.
    """

    value: float
    variance: float

    @classmethod
    def of(cls, control: Moments) -> Mean:
        return cls(control.mean, control.variance)

    @classmethod
    def of_ratio(cls, control: Pairs) -> Mean:
        """Of Σ total ÷ Σ other: variance of total − ratio · other over units, ÷ the square of other's mean."""
        return cls(control.ratio, ratios.spread(control, control.ratio) / control.other_mean**2)

    def reaches(self, lift: float) -> bool:
        return self.value > 0 and lift != 0 and self.variance > 0

    def errors(self, lift: float, control: float, variant: float) -> tuple[float, float]:
        error = math.sqrt(self.variance * (1 / control + 1 / variant))
        return error, error

    def more(self, alpha: float) -> float:
        return _z(1 - alpha / 2) ** 2 / 2


Base = Rate | Mean


@dataclass(frozen=True)
class Size:
    """Units that each of two arms needs, rounded up, and in all arms together (``total``)."""

    control: int
    variant: int
    total: int


def size(base: Base, lift: float, alpha: float, power: float, shares: tuple[float, float] = (0.5, 0.5)) -> Size | None:
    """Units to find ``lift`` (relative, may be a loss) two-sided at ``alpha``; None where ``base`` has no such lift.

    ``shares`` of all units that control and variant get: with further variants they add up to less than 1, and
    ``alpha`` is that of one comparison.

    >>> size(Rate(0.1), 0.2, 0.05, 0.8)
    Size(control=3841, variant=3841, total=7682)
    """
    if not base.reaches(lift):
        return None
    without, with_it = base.errors(lift, *shares)
    needed = ((_z(1 - alpha / 2) * without + _z(power) * with_it) / (base.value * lift)) ** 2
    return _size(needed + base.more(alpha) / sum(shares), shares)


def conventions(base: Rate, lift: float, alpha: float, power: float) -> dict[str, int] | None:
    """Units an arm, split equally, as calculators in use have them: "pooled" (ours), "control", "arcsine"."""
    if not base.reaches(lift):
        return None
    other, low, high = min(base.value * (1 + lift), 1.0), _z(1 - alpha / 2), _z(power)
    without, with_it = base.errors(lift, 1, 1)
    alone = math.sqrt(2 * base.value * (1 - base.value))
    angle = 2 * (math.asin(math.sqrt(other)) - math.asin(math.sqrt(base.value)))
    needed = {
        "pooled": (low * without + high * with_it) / (other - base.value),
        "control": (low * alone + high * with_it) / (other - base.value),
        "arcsine": (low + high) * math.sqrt(2) / angle,
    }
    return {name: math.ceil(root**2 - ROUNDING) for name, root in needed.items()}


def power_of(base: Base, lift: float, control: int, variant: int, alpha: float) -> float | None:
    """Chance that a true ``lift`` is found, two-sided at ``alpha``, with so many units; None where there is no such."""
    if not base.reaches(lift) or min(control, variant) < 1:
        return None
    from scipy.special import ndtr

    without, with_it = base.errors(lift, control, variant)
    if with_it == 0:
        return 1.0
    beyond, difference = _z(1 - alpha / 2) * without, abs(base.value * lift)
    return float(ndtr((difference - beyond) / with_it) + ndtr((-difference - beyond) / with_it))


def detectable(base: Base, control: int, variant: int, alpha: float, power: float, direction: int = 1) -> float | None:
    """Smallest lift (``direction`` 1) or loss (−1) that so many units find with ``power``; None where they find none.

    Of a plan with its planned units, of a finished test with those it had. A loss is negative.
    """
    most = direction * _farthest(base, direction)
    reached = power_of(base, most, control, variant, alpha)
    if reached is None or reached < power:
        return None
    from scipy.optimize import brentq

    def short(lift: float) -> float:
        found = power_of(base, direction * lift, control, variant, alpha)
        return (alpha if found is None else found) - power

    return direction * float(brentq(short, 0.0, abs(most), xtol=1e-12, rtol=1e-12))


def curve(
    base: Base, lifts: Sequence[float], control: int, variant: int, alpha: float
) -> tuple[tuple[float, float], ...]:
    """Lift and its power, for those of ``lifts`` that ``base`` can have."""
    pairs = ((lift, power_of(base, lift, control, variant, alpha)) for lift in lifts)
    return tuple((lift, power) for lift, power in pairs if power is not None)


def days(units: int, a_day: float) -> int | None:
    """Days until ``units`` have come at ``a_day``, in whole weeks, so that every weekday counts as often."""
    return math.ceil(units / a_day / WEEK) * WEEK if a_day > 0 else None


def _farthest(base: Base, direction: int) -> float:
    if direction < 0:
        return 1.0
    return 1 / base.value - 1 if isinstance(base, Rate) and base.value > 0 else MOST_LIFT


def _size(needed: float, shares: tuple[float, float]) -> Size:
    control, variant = (math.ceil(needed * share - ROUNDING) for share in shares)
    return Size(control, variant, max(math.ceil(needed - ROUNDING), control + variant))


def _z(chance: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(chance))
