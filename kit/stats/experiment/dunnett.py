"""Several variants against one control: simultaneous intervals and adjusted p of one critical value (Dunnett 1955).

The comparisons share the control, so their scores go together: scores i and j correlate by λᵢ · λⱼ, λ² being the
share of the control's variance in that of the difference. That makes the chance that none goes beyond a value one
integral over the control's error, found by quadrature: no draws, no seed. What is gone beyond in ``alpha`` of all cases
without an effect gives a level, and each comparison is then made by its own test at that level: the score test with
Miettinen and Nurminen's intervals for proportions, Welch's or the delta method's with Fieller's for the rest. So
verdict, intervals and adjusted p agree here as they do for one variant. With few units, where t is not yet normal, it
is a little too careful.

Check: Dunnett's table (1964) for 2 to 9 variants, 2.21, 2.35, 2.44, 2.51, 2.57, 2.61, 2.65 and 2.69 at 5 %.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kit.stats.experiment import fieller, proportions
from kit.stats.experiment.comparison import Comparison
from kit.stats.experiment.kinds import Arm, Comparing, module_of
from kit.stats.experiment.sums import Counts

Floats = NDArray[np.float64]

NODES = 400
"""Of the quadrature; twice as many change no digit that is shown."""
MOST_SHARE = 0.99
"""Of the control in a difference's variance, as it is taken: what ties scores together less makes for more care."""
WIDE = 9.0
"""Standard deviations beyond which a normal variate is never found."""


def compare(control: Arm, variants: Sequence[Arm], alpha: float, by: Comparing | None = None) -> tuple[Comparison, ...]:
    """Every variant against ``control``, together two-sided at ``alpha``; in the order of ``variants``.

    ``by`` is the module that compares two arms of sums; without one it is ``means`` or, for pairs, ``ratios``. Counts
    are compared by ``proportions``. A comparison that cannot be tested is not one of the family.
    """
    level, by = 1 - alpha, module_of(control, by)
    test: Any = proportions.compare if isinstance(control, Counts) else by.compare
    tested = [n for n, variant in enumerate(variants) if _testable(control, variant, by)]
    loadings = np.array([_loading(control, variants[n], by) for n in tested])
    each = each_alpha(loadings, 1 - level) if tested else alpha
    made = [test(control, variant, each) for variant in variants]
    return tuple(_joint(found, each, level, loadings) for found in made)


def each_alpha(loadings: Floats, alpha: float) -> float:
    """The level of each comparison at which all together are at ``alpha``; ``loadings`` (0 to 1) are one a variant."""
    from scipy.special import ndtr

    return 2 * float(ndtr(-critical(loadings, alpha)))


def critical(loadings: Floats, alpha: float) -> float:
    """What the largest of the scores goes beyond in ``alpha`` of all cases without an effect.

    >>> round(critical(np.sqrt([0.5, 0.5, 0.5]), 0.05), 2)
    2.35
    """
    from scipy.optimize import brentq
    from scipy.special import ndtri

    alone, apart = (-float(ndtri(alpha / 2 / tests)) for tests in (1, len(loadings)))
    return float(brentq(lambda x: beyond(x, loadings) - alpha, alone - 1e-3, apart + 1e-3, xtol=1e-13))


def beyond(score: float, loadings: Floats) -> float:
    """Chance that any score goes beyond ±``score`` where there is no effect: the integral over the control's error."""
    from scipy.special import ndtr

    points, weights = _nodes()
    control = points * (WIDE + score)
    own = np.sqrt(np.maximum(1 - loadings**2, 1e-12))
    above, below = (ndtr((side * np.outer(control, loadings) - score) / own) for side in (1, -1))
    with np.errstate(divide="ignore"):
        any_beyond = -np.expm1(np.log1p(-np.minimum(above + below, 1)).sum(1))
    density = np.exp(-(control**2) / 2) / math.sqrt(2 * math.pi)
    return float((weights * density * any_beyond).sum() * (WIDE + score))


@cache
def _nodes() -> tuple[Floats, Floats]:
    """Gauss and Legendre's points between −1 and 1, and their weights."""
    points, weights = np.polynomial.legendre.leggauss(NODES)
    return points, weights


def _testable(control: Arm, variant: Arm, by: Comparing) -> bool:
    """Whether the two can be compared; of counts without looking for the ends of intervals, which takes long."""
    if isinstance(control, Counts):
        return not fieller.untestable(control.units, variant.units)
    return by.compare(control, variant, 0.5).p is not None


def _loading(control: Arm, variant: Arm, by: Comparing) -> float:
    if isinstance(control, Counts):
        return math.sqrt(variant.units / (control.units + variant.units))
    found = by.estimates(control, variant)
    share = (found.control_variance - found.covariance) / found.variance
    return math.sqrt(min(max(share, 0.0), MOST_SHARE))


def _joint(found: Comparison, each: float, level: float, loadings: Floats) -> Comparison:
    """The comparison at its own level as one at the family's: rounding does not change on which side of it p is."""
    from scipy.special import ndtri

    method = f"dunnett_{found.method}"
    if found.p is None:
        return replace(found, level=level, method=method)
    alpha = 1 - level
    p = beyond(-float(ndtri(found.p / 2)), loadings) if found.p > 0 else 0.0
    p = min(max(p, found.p), 1.0)
    p = min(p, math.nextafter(alpha, 0)) if found.differs else max(p, alpha)
    return replace(found, p=p, level=level, method=method)
