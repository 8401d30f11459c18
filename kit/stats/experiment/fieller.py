"""Two estimates with their errors: the t test of their difference, and the interval of their ratio that agrees with it.

Fieller (1954): a lift ℓ is kept where variant − (1 + ℓ) · control, whose error is known for every ℓ, is within the same
critical value of nothing. At no lift that is the test of the difference itself, so the two cannot disagree; and the
control's own error is in it, which a difference in per cent of the control leaves out. Where the control is not clearly
above nothing at this level the lifts that are kept have no end, and none is given; nor is one where all units of an arm
are alike: their error is not known to be nothing, it was not seen.

Estimates may be skewed: then a score is evened out first (``skewness``), which moves the two ends apart unequally, the
same way for difference and lift.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from kit.stats.experiment.comparison import Comparison, without_test
from kit.stats.experiment.skewness import evened, uneven

FEW = 30
"""Units in an arm under which a mean is not yet nearly normal unless the values are."""
ROUNDING = 1e-12
"""Relative distance from the critical value within which rounding must not decide."""


@dataclass(frozen=True)
class Estimates:
    """The metric in both arms, the variances and the covariance of these two figures, t's degrees of freedom, and the
    skewness of the difference."""

    control: float
    variant: float
    control_variance: float
    variant_variance: float
    covariance: float = 0.0
    freedom: float = math.inf
    skewness: float = 0.0

    @property
    def difference(self) -> float:
        return self.variant - self.control

    @property
    def variance(self) -> float:
        """Of the difference."""
        return self.control_variance + self.variant_variance - 2 * self.covariance

    @property
    def score(self) -> float:
        """The difference in its own standard errors; there must be variation."""
        return self.difference / math.sqrt(self.variance)

    @property
    def even_score(self) -> float:
        return evened(self.score, self.skewness)


def untestable(*units: int) -> tuple[str, ...]:
    """Why arms of so many ``units`` have no variance; nothing where they have."""
    return ("no_units",) if min(units) < 1 else ("one_unit",) if min(units) < 2 else ()


def few(*units: int) -> tuple[str, ...]:
    return ("few_units",) if min(units) < FEW else ()


def welch_freedom(first: float, first_units: int, second: float, second_units: int) -> float:
    """Welch and Satterthwaite's degrees of freedom of a difference, from the variances of both means."""
    whole = first + second
    if whole == 0:
        return math.inf
    a, b = first / whole, second / whole
    return 1 / (a * a / (first_units - 1) + b * b / (second_units - 1))


def compare(found: Estimates, alpha: float, method: str, warnings: tuple[str, ...] = ()) -> Comparison:
    """The two-sided t test of no difference at ``alpha`` with the intervals that belong to it."""
    if not found.variance > 0:
        return unvarying(found, alpha, method)
    from scipy.special import stdtr, stdtrit

    p = 2 * float(stdtr(found.freedom, -abs(found.even_score)))
    critical = -float(stdtrit(found.freedom, alpha / 2))
    return judged(found, critical, p, alpha, method, warnings)


def unvarying(found: Estimates, alpha: float, method: str) -> Comparison:
    """Arms within each of which all units are alike: nothing to judge a difference by."""
    return without_test(found.control, found.variant, 1 - alpha, method, "asymptotic", "no_variation")


def judged(
    found: Estimates, critical: float, p: float, alpha: float, method: str, warnings: tuple[str, ...] = ()
) -> Comparison:
    """Intervals of all whose evened score is within ``critical``; ``p`` is under ``alpha`` where that of none is
    beyond."""
    level, score, error = 1 - alpha, abs(found.even_score), math.sqrt(found.variance)
    room = 1 - ROUNDING if p < 1 - level else 1 + ROUNDING
    critical = min(critical, score * room) if room < 1 else max(critical, score * room)
    below, above = (side * uneven(side * critical, found.skewness) for side in (-1, 1))
    low, high = found.difference - above * error, found.difference + below * error
    ends = _lift(found, below, above)
    withheld = () if ends else ("control_not_above_zero",)
    if ends and not min(found.control_variance, found.variant_variance) > 0:
        ends, withheld = None, ("one_arm_alike",)
    lift, lift_low, lift_high = (found.difference / found.control, *ends) if ends else (None, None, None)
    effect = (found.control, found.variant, found.difference, low, high)
    return Comparison(*effect, lift, lift_low, lift_high, p, level, method, "asymptotic", withheld, warnings)


def _lift(found: Estimates, below: float, above: float) -> tuple[float, float] | None:
    """The lifts that leave a score between −``below`` and ``above``."""
    upper, lower = _roots(found, below), _roots(found, above)
    return (lower[0], upper[1]) if lower and upper else None


def _roots(found: Estimates, critical: float) -> tuple[float, float] | None:
    """The lifts ``critical`` standard errors away, roots of a quadratic; their signs are those of its last term,
    exactly."""
    control, difference, square = found.control, found.difference, critical**2
    first = control**2 - square * found.control_variance
    if control <= 0 or first <= 0:
        return None
    middle = difference * control + square * (found.control_variance - found.covariance)
    reach = critical * math.sqrt(found.variance)
    last = (abs(difference) - reach) * (abs(difference) + reach)
    root = math.sqrt(max(middle**2 - first * last, 0.0))
    far = middle + math.copysign(root, middle)
    ends = sorted((far / first, last / far))
    return ends[0], ends[1]
