"""The effect among like for like: segments weighted alike in both arms, and what their shares did to the pooled effect.

If the arms differ in who they hold (more returning buyers in one, say), the pooled difference mixes the effect with
that shift, to the point of turning its sign (Simpson's paradox). Here the arms' rates are compared segment by segment
and averaged by the mean of the segments' shares in both arms. By Kitagawa's split (1955; ``kit.stats.mix``) the pooled
difference is that standardised one plus what each segment's moved share contributed, exactly.

A split by lot moves no share beyond chance. Where the two effects part, look at the sample ratio first: standardising
repairs the segments that are known, not what else is off. Errors are those of the segments, the weights taken as given.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kit.stats import mix
from kit.stats.experiment import fieller
from kit.stats.experiment.comparison import Comparison, without_test
from kit.stats.experiment.fieller import Estimates
from kit.stats.experiment.kinds import Arm, module_of, summed
from kit.stats.experiment.sums import Moments, Pairs

Floats = NDArray[np.float64]

METHOD = "standardised_fieller"


@dataclass(frozen=True)
class Standardised:
    """``comparison``: like for like. ``pooled``: the plain difference, in the metric's unit. ``shares``: of both arms,
    by segment, what their shift added to it; ``comparison.difference`` + Σ ``shares`` = ``pooled``."""

    comparison: Comparison
    pooled: float
    rates: tuple[float, ...]
    shares: tuple[float, ...]

    @property
    def reversed(self) -> bool:
        """Whether the pooled effect points the other way than the segments' (Simpson's paradox)."""
        return self.pooled * sum(self.rates) < 0

    @property
    def moved(self) -> int:
        """The segment whose share did most to the pooled effect, by its place."""
        return max(range(len(self.shares)), key=lambda n: abs(self.shares[n]))


def compare(segments: Sequence[tuple[Arm, Arm]], alpha: float) -> Standardised | None:
    """``segments``: control and variant of each, no unit in two of them; counts, moments, or pairs as ratios. Every one
    has units in an arm at least.

    None where an arm has no base (units, or the ratio's denominator) in any segment. "segment_in_one_arm": the
    comparison is withheld, and all of that segment's part is its share.
    """
    arms = [[summed(pair[n]) for pair in segments] for n in (0, 1)]
    bases = np.array([[_base(one) for one in arm] for arm in arms])
    if not segments or (bases.sum(1) <= 0).any():
        return None
    totals = np.array([[one.total for one in arm] for arm in arms])
    made = mix.split(bases[0], totals[0], bases[1], totals[1])
    shares = (bases / bases.sum(1, keepdims=True)).mean(0)
    return Standardised(_compared(arms, shares, alpha), made.now - made.before, made.rates, made.mixes)


def _base(arm: Moments | Pairs) -> float:
    return arm.other if isinstance(arm, Pairs) else arm.units


def _compared(arms: Sequence[Sequence[Moments | Pairs]], shares: Floats, alpha: float) -> Comparison:
    """The segments' rates weighted by ``shares``, in both arms."""
    why = _untestable(arms)
    if why:
        return without_test(None, None, 1 - alpha, METHOD, "asymptotic", why)
    found = [module_of(pair[0]).estimates(*pair) for pair in zip(*arms, strict=True)]
    rates = np.array([(one.control, one.variant) for one in found])
    errors = np.array([(one.control_variance, one.variant_variance) for one in found]) * shares[:, None] ** 2
    units = np.array([[one.units for one in arm] for arm in arms]).T
    whole = float((errors**2 / (units - 1)).sum())
    freedom = float(errors.sum()) ** 2 / whole if whole > 0 else math.inf
    values, variances = shares @ rates, errors.sum(0)
    first, second = map(float, values)
    made = Estimates(first, second, float(variances[0]), float(variances[1]), freedom=freedom)
    return fieller.compare(made, alpha, METHOD, fieller.few(*units.ravel()))


def _untestable(arms: Sequence[Sequence[Moments | Pairs]]) -> str | None:
    """Why the segments cannot be weighted alike in both arms, or have no error."""
    every = [one for arm in arms for one in arm]
    if min(map(_base, every)) <= 0:
        return "segment_in_one_arm"
    return "one_unit" if min(one.units for one in every) < 2 else None
