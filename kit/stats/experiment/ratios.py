"""Two ratios of sums (clicks by impressions, revenue by orders), where the unit that was assigned is neither.

A visitor's impressions belong together, so that the ratio Σ x ÷ Σ y varies as its linear part x − ratio · y does over
units (the delta method; Deng, Knoblich and Lu 2018), never as if every impression were a visitor of its own. The
difference is judged by t with Welch's freedom, skewness evened out (``skewness``), and the lift by Fieller's interval.
Click rates of visitors who see unlike many impressions are called different without cause in 4.8 % of cases at 500
visitors an arm, and in 4.9 % at 1,500 against 500 (``benchmarks/experiment_means.py``).

The linear part is all there is to the error while the denominator's mean is well known: beyond a relative standard
error of a tenth (Cochran 1977, ch. 6) "denominator_unsteady" warns.
"""

from __future__ import annotations

import math

from kit.stats.experiment import fieller, skewness
from kit.stats.experiment.comparison import Comparison, without_test
from kit.stats.experiment.fieller import Estimates
from kit.stats.experiment.sums import ROUNDING, Pairs

METHOD = "delta_fieller"
UNSTEADY = 0.1
"""Relative standard error of a mean denominator beyond which the delta method is rough."""


def compare(control: Pairs, variant: Pairs, alpha: float) -> Comparison:
    """Σ total ÷ Σ other of either arm, two-sided at ``alpha``. An arm of fewer than two units or without a denominator
    above 0 cannot be tested."""
    units = control.units, variant.units
    empty = ("no_denominator",) if min(control.other, variant.other) <= 0 else ()
    why = fieller.untestable(*units) or empty
    if why:
        first, second = (arm.ratio if arm.other > 0 else None for arm in (control, variant))
        return without_test(first, second, 1 - alpha, METHOD, "asymptotic", *why)
    warnings = (*fieller.few(*units), *_unsteady(control, variant))
    return fieller.compare(estimates(control, variant), alpha, METHOD, warnings)


def estimates(control: Pairs, variant: Pairs) -> Estimates:
    """Both ratios with their errors; either arm has two units or more and a denominator."""
    errors = error(control), error(variant)
    freedom = fieller.welch_freedom(errors[0], control.units, errors[1], variant.units)
    skew = skewness.of_difference(*(_third(arm) for arm in (control, variant)))
    return Estimates(control.ratio, variant.ratio, *errors, freedom=freedom, skewness=skew)


def error(arm: Pairs) -> float:
    """Variance of the arm's ratio by the delta method.

    A ratio lies too near to the large units that made it. Where third powers are known, a unit's square therefore
    counts 1 + 2 y ÷ Σ y times, which is the jackknife's variance to first order (Cochran 1977, ch. 6).
    """
    found = spread(arm, arm.ratio)
    if arm.cubes is not None and found > 0:
        _, double, single, others = arm.cubes
        heavy = double - 2 * arm.ratio * single + arm.ratio**2 * others
        found += max(2 * heavy / arm.other / (arm.units - 1), 0.0)
    return found / arm.units / arm.other_mean**2


def _third(arm: Pairs) -> skewness.Arm:
    """Of the linear part."""
    return arm.units, spread(arm, arm.ratio), arm.third(arm.ratio)


def spread(arm: Pairs, slope: float) -> float:
    """Variance over units of total − ``slope`` · other; 0 where what is left is the rounding of its parts."""
    of_other = slope**2 * arm.other_variance
    left = arm.variance - 2 * slope * arm.covariance + of_other
    return left if left > ROUNDING * (arm.variance + of_other) else 0.0


def _unsteady(*arms: Pairs) -> tuple[str, ...]:
    errors = [math.sqrt(arm.other_variance / arm.units) / arm.other_mean for arm in arms]
    return ("denominator_unsteady",) if max(errors) > UNSTEADY else ()
