"""The same sums read with a prior: how likely the variant is the higher one, and what choosing wrongly costs.

Rates have independent Beta priors, uniform by default, so that their posteriors are Beta, too (a success and a failure
more than counted). A difference of means has a normal prior around none, or a flat one, and its estimate's standard
error. Chances and losses are integrals over these. For a normal they have a closed form; for rates the trapezoid rule
takes them over log odds, where a Beta density falls off smoothly and the rule gains digits faster than any power of its
step.

They stand beside the test and do not decide: with a flat prior the chance of being higher is, nearly, one minus the
one-sided p. Check: Miller's sum in closed form for whole counts (evanmiller.org, "Formulas for Bayesian A/B testing").
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kit.stats.experiment.sums import Counts

Floats = NDArray[np.float64]

WIDTHS, STEPS = 40.0, 4
"""How many standard deviations the grid over log odds reaches to either side, since where counts are few the density
falls off only exponentially; and steps to the deviation of the narrower arm."""
MOST_POINTS = 200_000
"""Enough for arms whose units differ by a factor of a million."""


@dataclass(frozen=True)
class Beta:
    """A prior of each arm's rate worth ``successes`` and ``failures`` (above 0); 1 and 1 is uniform."""

    successes: float = 1.0
    failures: float = 1.0


@dataclass(frozen=True)
class Normal:
    """A prior of the difference around none with standard deviation ``spread``; None is flat."""

    spread: float | None = None


@dataclass(frozen=True)
class Belief:
    """``higher``: probability that the variant is above the control. ``shortfall``: what is lost on average by taking
    the variant, E max(control − variant, 0), and ``excess`` by keeping the control, E max(variant − control, 0), in
    the metric's unit. ``prior`` is the one they rest on."""

    higher: float
    shortfall: float
    excess: float
    prior: Beta | Normal


UNIFORM, FLAT = Beta(), Normal()


def of_rates(control: Counts, variant: Counts, prior: Beta = UNIFORM) -> Belief:
    """Any counts, also none: then it is the prior that speaks."""
    from scipy.special import betainc, betaincc, expit

    shapes = [(prior.successes + arm.successes, prior.failures + arm.failures) for arm in (control, variant)]
    odds = _grid(shapes)
    rate, other = expit(odds), expit(-odds)
    step, slope = odds[1] - odds[0], rate * other
    (a0, b0), (a1, b1) = shapes
    under0, over0 = betainc(a0, b0, rate), betaincc(a0, b0, rate)
    under1, over1 = betainc(a1, b1, rate), betaincc(a1, b1, rate)
    return Belief(
        higher=min(1.0, float((_density(a1, b1, odds) * under0).sum() * step)),  # the sum rounds
        shortfall=float((over0 * under1 * slope).sum() * step),
        excess=float((under0 * over1 * slope).sum() * step),
        prior=prior,
    )


def of_difference(difference: float, error: float, prior: Normal = FLAT) -> Belief:
    """``error``: standard error of the ``difference`` variant − control, above 0."""
    from scipy.special import ndtr

    if not error > 0:
        raise ValueError(f"a difference without error needs no prior: {difference} ± {error}")
    weight = 1.0 if prior.spread is None else prior.spread**2 / (prior.spread**2 + error**2)
    mean, deviation = weight * difference, math.sqrt(weight) * error
    score = mean / deviation
    density = deviation * math.exp(-(score**2) / 2) / math.sqrt(2 * math.pi)
    shortfall, excess = (max(density - side * mean * float(ndtr(-side * score)), 0.0) for side in (1, -1))
    return Belief(float(ndtr(score)), shortfall, excess, prior)


def _grid(shapes: list[tuple[float, float]]) -> Floats:
    """Log odds over all that either posterior can be, as fine as the narrower asks for."""
    from scipy.special import digamma, polygamma

    middles = [float(digamma(a) - digamma(b)) for a, b in shapes]
    deviations = [math.sqrt(polygamma(1, a) + polygamma(1, b)) for a, b in shapes]
    low, high = (
        end(m + side * WIDTHS * d for m, d in zip(middles, deviations, strict=True))
        for side, end in ((-1, min), (1, max))
    )
    points = min(math.ceil((high - low) / min(deviations) * STEPS), MOST_POINTS)
    return np.linspace(low, high, points + 1)


def _density(a: float, b: float, odds: Floats) -> Floats:
    """Of the log odds of a Beta variate."""
    from scipy.special import betaln, log_expit

    return np.asarray(np.exp(a * log_expit(odds) + b * log_expit(-odds) - betaln(a, b)))
