"""A test that may be read every day: one interval after each day, all of them valid together.

The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024, "Time-uniform central limit
theory and asymptotic confidence sequences", theorem 2.2). After N units (both arms together) the interval is everything
within k standard errors of the estimate, k² = 2 (1 + x) ÷ x · ln(√(1 + x) ÷ α), x = N ρ². However often it is read and
for whatever reason one stops, it has missed the truth at any time in at most α of all tests, as units grow many.

ρ decides after how many units the sequence is tightest: N ρ² = −W₋₁(−α² ÷ e) − 1 there, W being Lambert's. The rule is:
tightest at the units planned, fixed before the test starts. A plan of another size is as valid, only less sharp; one
taken from the results is not valid. At the planned size k is 3.03 at 5 %, where a test read once has 1.96: the price
of looking.

The p of a look is the least α at which its interval leaves out no effect, 1 ÷ the mixture of the likelihood ratios over
effects. For a lift the same k serves Fieller's interval: each supposed lift is a mean difference of its own.

"As units grow many" fails early where a few buyers carry an arm: at splits of 9 to 1 and daily looks over 60 days up to
30 % of simulated tests without an effect were called, because the small arm's variance is least when its mean is. Hence
neither arm's variance is taken for less than that of both arms within, which calls 2.2 % at most, and no look is read
before either arm has 30 units.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import accumulate
from operator import add

from kit.stats.experiment import fieller
from kit.stats.experiment.comparison import Comparison, without_test
from kit.stats.experiment.fieller import Estimates
from kit.stats.experiment.kinds import Arm, Comparing, module_of, summed

METHOD = "confidence_sequence"


def compare(
    control: Arm, variant: Arm, alpha: float, planned: int, by: Comparing | None = None, variants: int = 1
) -> Comparison:
    """One look at the sums so far; valid at ``alpha`` together with every other look of the same test.

    ``planned``: units of both arms after which the sequence is tightest, 2 or more, the same at every look. ``by`` is
    the module of the estimate; without one it is ``means`` (counts included) or, for pairs, ``ratios``. With several
    ``variants`` each takes an equal part of ``alpha`` (Bonferroni), and its p is that of all.
    """
    control, variant = summed(control), summed(variant)
    by = module_of(control, by)
    single = by.compare(control, variant, alpha)
    if single.p is None:
        return replace(single, method=METHOD)
    if min(control.units, variant.units) < fieller.FEW:
        values = single.control, single.variant
        return without_test(*values, 1 - alpha, METHOD, "asymptotic", "too_few_units")
    found, part = _careful(by.estimates(control, variant), control.units, variant.units), alpha / variants
    x = (control.units + variant.units) / planned * tuning(part)
    p = min(1.0, variants * p_of(found.score, x))
    return fieller.judged(found, limit(x, part), p, alpha, METHOD, single.warnings)


def path(
    days: Iterable[tuple[Arm, Arm]], alpha: float, planned: int, by: Comparing | None = None, variants: int = 1
) -> Iterator[Comparison]:
    """A look after each of ``days``, which are the sums of control and variant of that day alone."""
    first, second = [], []
    for control, variant in days:
        first.append(control)
        second.append(variant)
    looks = zip(accumulate(first, add), accumulate(second, add), strict=True)
    return (compare(*look, alpha, planned, by, variants) for look in looks)


def tuning(alpha: float) -> float:
    """N ρ² at which the sequence is tightest.

    >>> round(tuning(0.05), 2)
    8.21
    """
    from scipy.special import lambertw

    return -float(lambertw(-(alpha**2) / math.e, -1).real) - 1


def limit(x: float, alpha: float) -> float:
    """Standard errors within which the interval lies; ``x`` is N ρ², above 0."""
    return math.sqrt(2 * (1 + x) / x * (math.log1p(x) / 2 - math.log(alpha)))


def p_of(score: float, x: float) -> float:
    """The α at which ``limit`` is ``score``; 1 where none is."""
    return min(1.0, math.exp(math.log1p(x) / 2 - x * score**2 / (2 * (1 + x))))


def _careful(found: Estimates, *units: int) -> Estimates:
    """Neither arm's variance a unit less than the two arms' pooled one, which makes up for skewness, too."""
    errors = found.control_variance - found.covariance, found.variant_variance - found.covariance
    each = [error * n for error, n in zip(errors, units, strict=True)]
    pooled = sum((n - 1) * value for value, n in zip(each, units, strict=True)) / (sum(units) - 2)
    first, second = (max(value, pooled) / n + found.covariance for value, n in zip(each, units, strict=True))
    return replace(found, control_variance=first, variant_variance=second, skewness=0.0)
