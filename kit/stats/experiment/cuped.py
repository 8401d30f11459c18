"""A mean made steadier by what was known of each unit before the test (CUPED: Deng, Xu, Kohavi and Walker 2013).

Of the metric is taken θ · (covariate − its mean over both arms), θ being the common slope within arms. That changes no
expected difference, since the covariate was there before the variants, and leaves only the variance that the covariate
does not explain. The adjusted means of both arms share the covariate's mean, so their errors go together: that
covariance is part of Fieller's interval of the lift, which would otherwise be too narrow or too wide.

A covariate that the variants can have touched (anything measured after a unit's first exposure) biases the result: only
columns from before the test may be given.
"""

from __future__ import annotations

from dataclasses import dataclass

from kit.stats.experiment import fieller, ratios, skewness
from kit.stats.experiment.comparison import Comparison, without_test
from kit.stats.experiment.fieller import Estimates
from kit.stats.experiment.sums import Pairs

METHOD = "cuped_fieller"


@dataclass(frozen=True)
class Adjustment:
    """``slope``: θ, metric per covariate; ``reduction``: the share of the difference's variance that it takes away."""

    slope: float
    reduction: float


def compare(control: Pairs, variant: Pairs, alpha: float) -> Comparison:
    """Adjusted means of ``total`` given the covariate ``other``, two-sided at ``alpha``; as ``means.compare`` else."""
    units = control.units, variant.units
    why = fieller.untestable(*units)
    if why:
        first, second = (arm.mean if arm.units else None for arm in (control, variant))
        return without_test(first, second, 1 - alpha, METHOD, "asymptotic", *why)
    return fieller.compare(estimates(control, variant), alpha, METHOD, fieller.few(*units))


def estimates(control: Pairs, variant: Pairs) -> Estimates:
    """Both adjusted means with their errors; either arm has two units or more.

    With w the arm's share of all units, the control's adjusted mean is ȳ − θ · w' · (x̄ − x̄'), primes for the variant.
    """
    theta, shares = slope(control, variant), _shares(control, variant)
    off = theta * (control.other_mean - variant.other_mean)
    errors = [ratios.spread(arm, theta) / arm.units for arm in (control, variant)]
    freedom = fieller.welch_freedom(errors[0], control.units, errors[1], variant.units)
    values = control.mean - shares[1] * off, variant.mean + shares[0] * off
    covariance, own = _together(control, variant, theta)
    skew = skewness.of_difference(
        *((arm.units, ratios.spread(arm, theta), arm.third(theta)) for arm in (control, variant))
    )
    return Estimates(*values, own, errors[0] + errors[1] - own + 2 * covariance, covariance, freedom, skew)


def adjustment(control: Pairs, variant: Pairs) -> Adjustment:
    """What the covariate is worth; either arm has two units or more. Without variation nothing is taken away."""
    theta = slope(control, variant)
    before = sum(arm.variance / arm.units for arm in (control, variant))
    left = sum(ratios.spread(arm, theta) / arm.units for arm in (control, variant))
    return Adjustment(theta, 1 - left / before if before > 0 else 0.0)


def slope(control: Pairs, variant: Pairs) -> float:
    """Common slope of the metric on the covariate within arms; 0 where the covariate has no variation."""
    within = [(arm.units - 1) * arm.other_variance for arm in (control, variant)]
    cross = [(arm.units - 1) * arm.covariance for arm in (control, variant)]
    return sum(cross) / sum(within) if sum(within) > 0 else 0.0


def _shares(control: Pairs, variant: Pairs) -> tuple[float, float]:
    whole = control.units + variant.units
    return control.units / whole, variant.units / whole


def _together(control: Pairs, variant: Pairs, theta: float) -> tuple[float, float]:
    """Covariance of the two adjusted means, and the variance of the control's."""
    w, v = _shares(control, variant)
    cross = [arm.covariance / arm.units for arm in (control, variant)]
    of_means = theta**2 * sum(arm.other_variance / arm.units for arm in (control, variant))
    covariance = theta * (w * cross[0] + v * cross[1]) - w * v * of_means
    own = control.variance / control.units - 2 * theta * v * cross[0] + v**2 * of_means
    return covariance, own
