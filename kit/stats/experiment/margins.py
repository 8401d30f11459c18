"""Against a margin: not worse than it allows (non-inferiority), and within it on both sides (equivalence, TOST).

Two one-sided tests at ``alpha`` (Schuirmann 1987) ask whether the effect is above −margin and below +margin; either is
made by the test that drives the comparison itself, with the margin in place of no effect: Miettinen and Nurminen's
score for rates (Farrington and Manning 1990 without their N ÷ (N − 1)), t by Welch or the delta method else, along
Fieller's line where the margin is a lift. So the verdict is also where that comparison's 1 − 2 · alpha interval lies.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from kit.stats.experiment import fieller, proportions, skewness
from kit.stats.experiment.fieller import Estimates
from kit.stats.experiment.sums import Counts

SCALES = ("difference", "lift")


@dataclass(frozen=True)
class Against:
    """An effect against ±``margin`` on ``scale`` ("difference", in the metric's unit, or "lift", relative).

    ``low`` to ``high`` is its interval at 1 − 2 · ``alpha``; ``p_low`` is the p of "no higher than −margin" and
    ``p_high`` that of "no lower than +margin", one-sided. None all with codes in ``withheld`` where there is no test.
    """

    margin: float
    scale: str
    alpha: float
    low: float | None
    high: float | None
    p_low: float | None
    p_high: float | None
    withheld: tuple[str, ...] = ()

    @property
    def p_equivalent(self) -> float | None:
        return None if self.p_low is None or self.p_high is None else max(self.p_low, self.p_high)

    @property
    def above(self) -> bool:
        """Not inferior, where more is better."""
        return self.p_low is not None and self.p_low < self.alpha

    @property
    def below(self) -> bool:
        """Not inferior, where less is better."""
        return self.p_high is not None and self.p_high < self.alpha

    @property
    def equivalent(self) -> bool:
        return self.above and self.below


def of_rates(control: Counts, variant: Counts, margin: float, alpha: float, scale: str = "lift") -> Against:
    """``margin`` above 0, one-sided at ``alpha``; on the lift's scale under 1, and the control needs a success."""
    _check(margin, scale)
    why = fieller.untestable(control.units, variant.units)
    if scale == "lift" and not why and not control.successes:
        why = ("control_not_above_zero",)
    if why:
        return Against(margin, scale, alpha, None, None, None, None, why)
    lifts = scale == "lift"
    score = proportions.score_of_lift if lifts else proportions.score_of_difference
    interval = proportions.lift_interval if lifts else proportions.difference_interval
    p_low, p_high = _beyond(score(control, variant, -margin)), _beyond(-score(control, variant, margin))
    return Against(margin, scale, alpha, *interval(control, variant, 2 * alpha), p_low, p_high)


def of_estimates(found: Estimates, margin: float, alpha: float, scale: str = "lift") -> Against:
    """The same of means, ratios and adjusted means, from their ``estimates``."""
    _check(margin, scale)
    made = fieller.compare(found, 2 * alpha, "", ())
    low, high = (made.lift_low, made.lift_high) if scale == "lift" else (made.low, made.high)
    if low is None or high is None:
        return Against(margin, scale, alpha, None, None, None, None, made.withheld)
    scores = (skewness.evened(_score(found, side * margin, scale), found.skewness) for side in (-1, 1))
    p_low, p_high = (_beyond(sign * score, found.freedom) for sign, score in zip((1, -1), scores, strict=True))
    return Against(margin, scale, alpha, low, high, p_low, p_high)


def _score(found: Estimates, supposed: float, scale: str) -> float:
    """The effect seen less the one ``supposed``, in the standard errors that it then has."""
    if scale == "difference":
        return (found.difference - supposed) / math.sqrt(found.variance)
    times = 1 + supposed
    variance = found.variant_variance + times**2 * found.control_variance - 2 * times * found.covariance
    return (found.variant - times * found.control) / math.sqrt(variance)


def _beyond(score: float, freedom: float = math.inf) -> float:
    """Chance of a score as high, or higher."""
    from scipy.special import stdtr

    return float(stdtr(freedom, -score))


def _check(margin: float, scale: str) -> None:
    if scale not in SCALES or not margin > 0 or (scale == "lift" and margin >= 1):
        raise ValueError(f"no margin of a {scale}: {margin}")
