"""Whether an effect differs between segments (or days): one test of all of them together, not one test each.

Segments in which the effect is "significant" beside others where it is not differ in size as often as in effect; what
can be asked is whether one common effect fits them all. The test is Cochran's Q (1954): the squared distances of the
segments from the common effect that fits best, each in its own error, against chi-square with one degree of freedom
less than there are segments. The common effect is a lift where every control is clearly above nothing, because segments
that buy unlike much seldom gain the same points: distances are then those of variant − (1 + ℓ) · control, as with
Fieller. Otherwise it is a difference.

Of segmentations, several are looked at: hold their p to a false discovery rate (``kit.stats.false_discovery``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kit.stats.experiment import fieller
from kit.stats.experiment.fieller import Estimates
from kit.stats.experiment.kinds import Arm, Comparing, module_of, summed

Floats = NDArray[np.float64]

CLEAR = 3.0
"""Standard errors above nothing from which a control carries a lift."""
GRID = 65


@dataclass(frozen=True)
class Interaction:
    """``scale``: "lift" (a fraction) or "difference" (the metric's unit) of the ``common`` effect.

    ``distances``: each segment's from it, in standard errors, None for one too small to ask. ``errors``: of the effects
    of those that are asked, on that scale. ``p``: that such distances come about with one effect for all.
    """

    scale: str
    common: float
    distances: tuple[float | None, ...]
    errors: tuple[float, ...]
    statistic: float
    freedom: int
    p: float

    def visible(self, alpha: float, power: float) -> float:
        """How far, on the scale, any one segment's effect has to be from that of all others to be told apart at
        ``alpha`` with ``power``: that of the segment of which the least is known. Q is then a noncentral chi-square."""
        from scipy.optimize import brentq
        from scipy.special import chdtri, chndtr

        line = float(chdtri(self.freedom, alpha))
        apart = float(brentq(lambda x: 1 - chndtr(line, self.freedom, x) - power, 0.0, 1e4))
        weights = np.array(self.errors) ** -2
        return math.sqrt(apart / float((weights * (1 - weights / weights.sum())).min()))


def across(segments: Sequence[tuple[Arm, Arm]], by: Comparing | None = None) -> Interaction | None:
    """``segments``: control and variant of each, no unit in two of them; ``by`` as in ``dunnett.compare``.

    Segments with fewer than 30 units in an arm, or without variation, are not asked; None where fewer than two are.
    """
    found = [_estimates(*pair, by) for pair in segments]
    asked = [one for one in found if one]
    if len(asked) < 2:
        return None
    lifts = all(one.control > CLEAR * one.control_variance**0.5 for one in asked)
    common = _common(asked, lifts)
    distances = iter(_distances(asked, lifts, np.array([common]))[:, 0])
    each = tuple(float(next(distances)) if one else None for one in found)
    statistic = sum(distance**2 for distance in each if distance is not None)
    from scipy.special import chdtrc

    p, errors = float(chdtrc(len(asked) - 1, statistic)), tuple(_error(one, common, lifts) for one in asked)
    return Interaction("lift" if lifts else "difference", common, each, errors, statistic, len(asked) - 1, p)


def p_of(segments: Sequence[tuple[Arm, Arm]], by: Comparing | None = None) -> float | None:
    """The p of ``across`` alone; None where it cannot be asked."""
    found = across(segments, by)
    return found.p if found else None


def _estimates(control: Arm, variant: Arm, by: Comparing | None) -> Estimates | None:
    first, second, by = summed(control), summed(variant), module_of(control, by)
    if min(first.units, second.units) < fieller.FEW or by.compare(first, second, 0.05).p is None:
        return None
    return by.estimates(first, second)


def _error(found: Estimates, common: float, lift: bool) -> float:
    """Of a segment's effect where it is the ``common`` one."""
    times = 1 + common if lift else 1.0
    variance = found.variant_variance + times**2 * found.control_variance - 2 * times * found.covariance
    return math.sqrt(variance) / (found.control if lift else 1.0)


def _common(found: Sequence[Estimates], lifts: bool) -> float:
    """The effect of least squared distances: in closed form for differences, between the segments' own for lifts."""
    if not lifts:
        weights = np.array([1 / one.variance for one in found])
        return float(np.average([one.difference for one in found], weights=weights))
    from scipy.optimize import minimize_scalar

    own = [one.difference / one.control for one in found]
    grid = np.linspace(min(own), max(own), GRID)
    best = int((_distances(found, True, grid) ** 2).sum(0).argmin())
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, GRID - 1)]
    if low == high:
        return float(low)
    made = minimize_scalar(
        lambda lift: float((_distances(found, True, np.array([lift])) ** 2).sum()),
        bounds=(low, high),
        method="bounded",
        options={"xatol": 1e-10 * max(abs(low), abs(high), 1.0)},
    )
    return float(made.x)


def _distances(found: Sequence[Estimates], lifts: bool, effects: Floats) -> Floats:
    """Of every segment from every effect, in standard errors: (segments, effects)."""
    columns = [(one.control, one.variant, one.control_variance, one.variant_variance, one.covariance) for one in found]
    control, variant, own, other, shared = (np.array(column)[:, None] for column in zip(*columns, strict=True))
    times, plus = (1 + effects, 0.0) if lifts else (1.0, effects)
    variance = other + times**2 * own - 2 * times * shared
    return np.asarray((variant - times * control - plus) / np.sqrt(variance))
