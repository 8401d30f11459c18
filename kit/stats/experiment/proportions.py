"""Two proportions: the score test, with Miettinen and Nurminen's intervals for their difference and their ratio.

Miettinen and Nurminen (1985): for every supposed difference δ (or ratio φ) the two rates are estimated as if it held,
and the observed one is judged by the variance that these have, times N ÷ (N − 1). The interval is every δ (or φ) that
this test does not reject. At no effect both are one and the same test, that of two proportions with pooled variance, so
that p, difference and lift cannot disagree; they start from its verdict, which rounding therefore cannot change.

The restricted rates are a cubic's root (difference) and a quadratic's (ratio), in closed form as the authors give them;
the cubic's is refined by Newton steps, because with rates near 0 its cosine form loses half of its digits.

Over all outcomes of 190 designs of 500 to 5,000 units an arm, equal or not, with 10 to 60 successes expected in the
control and lifts of −30 to 60 %, 95 % intervals cover in 94.7 to 95.3 % of cases for the difference and in 94.7 to
95.4 % for the lift (``benchmarks/experiment_proportions.py``).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from kit.stats.experiment.comparison import Comparison, without_test
from kit.stats.experiment.sums import Counts

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
Score = Callable[[Floats], Floats]

METHOD, GUARANTEE = "score_miettinen_nurminen", "asymptotic"
FEW = 10
"""Successes or failures in an arm under which the normal approximation is rough, and Fisher's test stands beside it."""
FARTHEST = 200.0
"""Natural logarithm of a ratio of two rates that no counts reach."""
HALVINGS, MOST_TURNS = 8, 120
CLOSE, CAP = 2e-15, 10.0
"""How near an interval's end is found; and the score above which one is as impossible as another."""
NEWTON_STEPS = 3


def compare(control: Counts, variant: Counts, alpha: float) -> Comparison:
    """Rates as fractions, their difference, and the lift where the control has a success; two-sided at ``alpha``.

    An arm without units, or with one only, cannot be tested.
    """
    level = 1 - alpha
    least = min(control.units, variant.units)
    if least < 2:
        known, other = (arm.rate if arm.units else None for arm in (control, variant))
        return without_test(known, other, level, METHOD, GUARANTEE, "one_unit" if least else "no_units")
    low, high = difference_interval(control, variant, 1 - level)
    lift, lift_low, lift_high = _lift(control, variant, 1 - level)
    return Comparison(
        control=control.rate,
        variant=variant.rate,
        difference=variant.rate - control.rate,
        low=low,
        high=high,
        lift=lift,
        lift_low=lift_low,
        lift_high=lift_high,
        p=p_value(control, variant),
        level=level,
        method=METHOD,
        guarantee=GUARANTEE,
        withheld=() if control.successes else ("control_not_above_zero",),
        warnings=_few(control, variant),
    )


def _lift(control: Counts, variant: Counts, alpha: float) -> tuple[float, float, float] | tuple[None, None, None]:
    if not control.successes:
        return None, None, None
    return (variant.rate - control.rate) / control.rate, *lift_interval(control, variant, alpha)


def p_value(control: Counts, variant: Counts) -> float:
    """Two-sided p of the score test of no effect; 1 where nobody or everybody succeeds."""
    return float(p_values(*_arrays(control, variant))[0])


def difference_interval(control: Counts, variant: Counts, alpha: float) -> tuple[float, float]:
    """Every difference variant − control that the score test does not reject at ``alpha``."""
    low, high = difference_intervals(*_arrays(control, variant), alpha)
    return float(low[0]), float(high[0])


def lift_interval(control: Counts, variant: Counts, alpha: float) -> tuple[float, float]:
    """Every lift variant ÷ control − 1 that the score test does not reject at ``alpha``; the control has successes."""
    low, high = lift_intervals(*_arrays(control, variant), alpha)
    return float(low[0]), float(high[0])


def score_of_difference(control: Counts, variant: Counts, supposed: float) -> float:
    """Standard normal score of the observed difference were it ``supposed`` (−1 to 1); ±inf if that is impossible."""
    arms = _arrays(control, variant)
    return float(difference_scores(*arms, np.array([supposed]))[0])


def score_of_lift(control: Counts, variant: Counts, supposed: float) -> float:
    """Standard normal score of the observed lift were it ``supposed`` (above −1)."""
    return float(ratio_scores(*_arrays(control, variant), np.array([1 + supposed]))[0])


# ---- many tests at once: successes and units of control and variant, arrays of the same length --------------------


def p_values(x0: Floats, n0: Floats, x1: Floats, n1: Floats) -> Floats:
    from scipy.special import ndtr

    return np.asarray(2 * ndtr(-np.abs(difference_scores(x0, n0, x1, n1, np.zeros(len(x0))))))


def difference_intervals(x0: Floats, n0: Floats, x1: Floats, n1: Floats, alpha: float) -> tuple[Floats, Floats]:
    differs = p_values(x0, n0, x1, n1) < alpha
    seen, far = x1 / n1 - x0 / n0, np.ones(len(x0))
    return _interval(lambda d: difference_scores(x0, n0, x1, n1, d), seen, far, differs, alpha)


def lift_intervals(x0: Floats, n0: Floats, x1: Floats, n1: Floats, alpha: float) -> tuple[Floats, Floats]:
    """On the logarithm of the ratio; a variant without successes can be any loss down to −1."""
    differs = p_values(x0, n0, x1, n1) < alpha
    far = np.full(len(x0), FARTHEST)
    seen = np.log(np.maximum(x1 / n1, np.exp(-FARTHEST)) / (x0 / n0))
    seen = np.where(x1 > 0, seen, -far)
    low, high = _interval(lambda t: ratio_scores(x0, n0, x1, n1, np.exp(t)), seen, far, differs, alpha)
    return np.where(x1 > 0, np.expm1(low), -1.0), np.expm1(high)


def difference_scores(x0: Floats, n0: Floats, x1: Floats, n1: Floats, supposed: Floats) -> Floats:
    """Of failures where they are fewer, which is the same test turned round: rates near 1 would lose their digits."""
    turned = 2 * (x0 + x1) > n0 + n1
    sign, x0, x1 = np.where(turned, -1.0, 1.0), np.where(turned, n0 - x0, x0), np.where(turned, n1 - x1, x1)
    supposed = sign * supposed
    p0 = _restricted(x0, n0, x1, n1, supposed)
    p1 = np.clip(p0 + supposed, 0, 1)
    variance = p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0
    return sign * _score(x1 / n1 - x0 / n0 - supposed, variance, n0 + n1)


def ratio_scores(x0: Floats, n0: Floats, x1: Floats, n1: Floats, ratio: Floats) -> Floats:
    """The discriminant b² − 4ac is a square and a term that is 0 or more; so written, nothing cancels."""
    b = n1 * ratio + x1 + n0 + x0 * ratio
    root = np.sqrt((ratio * (n1 + x0) - n0 - x1) ** 2 + 4 * ratio * (n0 - x0) * (n1 - x1))
    p0 = np.minimum(2 * (x0 + x1) / (b + root), np.minimum(1, 1 / ratio))
    p1 = np.minimum(p0 * ratio, 1)
    variance = p1 * (1 - p1) / n1 + ratio**2 * p0 * (1 - p0) / n0
    return _score(x1 / n1 - ratio * x0 / n0, variance, n0 + n1)


def _arrays(control: Counts, variant: Counts) -> tuple[Floats, Floats, Floats, Floats]:
    counts = (control.successes, control.units, variant.successes, variant.units)
    x0, n0, x1, n1 = (np.array([float(count)]) for count in counts)
    return x0, n0, x1, n1


def _few(control: Counts, variant: Counts) -> tuple[str, ...]:
    arms = (control, variant)
    few = {
        "no_successes": not any(arm.successes for arm in arms),
        "no_failures": not any(arm.failures for arm in arms),
        "few_successes": min(arm.successes for arm in arms) < FEW and any(arm.successes for arm in arms),
        "few_failures": min(arm.failures for arm in arms) < FEW and any(arm.failures for arm in arms),
    }
    return tuple(code for code, holds in few.items() if holds)


def _score(off: Floats, variance: Floats, units: Floats) -> Floats:
    """0 where nothing is off, whatever the variance."""
    spread = np.sqrt(variance * units / (units - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(off == 0, 0.0, off / spread)


def _interval(score: Score, seen: Floats, far: Floats, differs: Truths, alpha: float) -> tuple[Floats, Floats]:
    """Ends between ±``far`` of what ``score`` accepts around ``seen``, 0 among it just where the arms do not differ."""
    from scipy.special import ndtri

    nothing, limit = np.zeros(len(seen)), -float(ndtri(alpha / 2))
    outer = np.array([np.where(differs & (seen > 0), nothing, -far), np.where(differs & (seen <= 0), nothing, far)])
    inner = np.array([np.where(differs, seen, np.minimum(seen, 0)), np.where(differs, seen, np.maximum(seen, 0))])
    low, high = _edge(lambda values: np.minimum(np.abs(score(values)), CAP) - limit, outer, inner)
    return low, high


def _edge(over: Score, outer: Floats, inner: Floats) -> Floats:
    """The last value with ``over`` at or under 0 on the way from ``inner`` to ``outer``, as near as ``CLOSE``.

    By halving at first, then by false position with the weight of an end that stays halved (Illinois), stepping off
    either end by no less than ``CLOSE``.
    """
    at_outer, at_inner, stayed = over(outer), over(inner), np.zeros(inner.shape)
    for turn in range(MOST_TURNS):
        gap, least = outer - inner, CLOSE * np.maximum(np.abs(inner), 1)
        if (np.abs(gap) <= least).all():
            break
        sure = (at_inner < at_outer) if turn >= HALVINGS else np.zeros(inner.shape, bool)
        share = np.divide(at_inner, at_inner - at_outer, out=np.full(inner.shape, 0.5), where=sure)
        margin = np.minimum(np.divide(least, np.abs(gap), out=np.full(inner.shape, 0.5), where=gap != 0), 0.5)
        middle = inner + np.clip(share, margin, 1 - margin) * gap
        found = over(middle)
        inside = found <= 0
        at_inner = np.where(inside, found, np.where(stayed < 0, at_inner / 2, at_inner))
        at_outer = np.where(inside, np.where(stayed > 0, at_outer / 2, at_outer), found)
        inner, outer, stayed = np.where(inside, middle, inner), np.where(inside, outer, middle), np.where(inside, 1, -1)
    return inner


def _restricted(x0: Floats, n0: Floats, x1: Floats, n1: Floats, supposed: Floats) -> Floats:
    """The control's rate of greatest likelihood where the variant's is higher by ``supposed``."""
    units, successes = n0 + n1, x0 + x1
    a = units
    b = (n1 + 2 * n0) * supposed - units - successes
    c = (n0 * supposed - units - 2 * x0) * supposed + successes
    d = x0 * supposed * (1 - supposed)
    least, most = np.maximum(0, -supposed), np.minimum(1, 1 - supposed)
    p = np.clip(_middle_root(a, b, c, d), least, most)
    for _ in range(NEWTON_STEPS):
        slope = (3 * a * p + 2 * b) * p + c
        step = np.divide(((a * p + b) * p + c) * p + d, slope, out=np.zeros_like(p), where=slope != 0)
        p = np.clip(p - step, least, most)
    return np.where(supposed == 0, successes / units, p)


def _middle_root(a: Floats, b: Floats, c: Floats, d: Floats) -> Floats:
    """The second of the three real roots of a·p³ + b·p² + c·p + d, a above 0, by the cosine."""
    shift = b / (3 * a)
    q = shift**3 - b * c / (6 * a**2) + d / (2 * a)
    radius = np.copysign(np.sqrt(np.maximum(shift**2 - c / (3 * a), 0)), q)
    cosine = np.divide(q, radius**3, out=np.zeros_like(q), where=radius != 0)
    angle = (np.pi + np.arccos(np.clip(cosine, -1, 1))) / 3
    return np.asarray(2 * radius * np.cos(angle) - shift)
