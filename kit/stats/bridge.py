"""The change of a product split over its factors, without a residual: sales = visitors × conversion × value per buyer.

The logarithmic mean Divisia index (LMDI-I, additive: Ang 2005, Energy Policy 33): a factor's effect is L(V₁, V₀) ×
ln(x₁ ÷ x₀), with the logarithmic mean L(a, b) = (a − b) ÷ ln(a ÷ b). Effects add up to the change and, shop by shop, to
those of all shops, so a total over shops is the sum of their effects. Where a factor is zero or negative, which has no
logarithm, the effect is the factor's average marginal one over all orders (Shapley 1953; Ang, Liu & Chew 2003).

It is arithmetic, not cause. Check: 10,000 × 2% × 100 to 12,000 × 1.8% × 120 is 20,000 to 25,920: by LMDI +4,162.81,
−2,405.62 and +4,162.81, by Shapley +4,173.33, −2,426.67 and +4,173.33.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def effects(before: Sequence[float], now: Sequence[float]) -> tuple[float, ...]:
    """What each factor did to the product, in the product's unit, in the factors' order: they add up to its change.

    >>> [round(e, 2) for e in effects([10_000, 0.02, 100], [12_000, 0.018, 120])]
    [4162.81, -2405.62, 4162.81]
    """
    a, b = np.array(before, float), np.array(now, float)
    if a.shape != b.shape or a.ndim != 1 or not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise ValueError("factors must be finite, and the same before and now")
    found = lmdi(a, b) if (a > 0).all() and (b > 0).all() else shapley(a, b)
    return tuple(float(e) for e in found)


def lmdi(before: Floats, now: Floats) -> Floats:
    """Effects by logarithmic mean; every factor is above 0."""
    return logarithmic_mean(float(now.prod()), float(before.prod())) * np.log(now / before)


def logarithmic_mean(a: float, b: float) -> float:
    """(a − b) ÷ ln(a ÷ b), which goes to a where both are the same."""
    log = math.log(a / b)
    return (a + b) / 2 if abs(log) < 1e-6 else (a - b) / log


def shapley(before: Floats, now: Floats) -> Floats:
    """Effects by the average over all orders in which the factors may change; any finite factor."""
    factors = len(before)
    found = np.zeros(factors)
    for factor in range(factors):
        others = [n for n in range(factors) if n != factor]
        for size in range(factors):
            weight = math.factorial(size) * math.factorial(factors - size - 1) / math.factorial(factors)
            for changed in combinations(others, size):
                rest = np.array([now[n] if n in changed else before[n] for n in others])
                found[factor] += weight * rest.prod() * (now[factor] - before[factor])
    return found


@dataclass(frozen=True)
class Groups:
    """The change of Σ days × size × rates over groups. ``effects``: a row a group of both ends, nothing in the others:
    what the days did, the size of all groups together, the group's share of it (mix), and each of its rates. ``new``
    and ``gone``: the whole value of a group that has a size at one end only, less than 0 for one that is gone.

    All of them add up to the change, and a group's own to the group's.
    """

    effects: Floats
    new: Floats
    gone: Floats


def groups(sizes: Floats, rates: Floats, days: Sequence[float] = (1.0, 1.0)) -> Groups:
    """``sizes`` (before and now, groups): visitors or pieces, of an average day where ``days`` tell how many; ``rates``
    (before and now, groups, rates): what they are multiplied with. A rate that one end cannot have (no buyers, no
    revenue per buyer) is NaN and takes that of the other end.

    Mix is apart from rate as in price, volume and mix: shares are of the groups of both ends.
    """
    known = np.where(np.isnan(rates), rates[::-1], rates)
    values = np.array(days, float)[:, None] * sizes * np.nan_to_num(known).prod(2)
    both = (sizes > 0).all(0)
    whole = sizes[:, both].sum(1)
    found = np.zeros((sizes.shape[1], 3 + rates.shape[2]))
    for n in np.flatnonzero(both):
        ends = ([days[e], whole[e], sizes[e, n] / whole[e], *np.nan_to_num(known[e, n])] for e in (0, 1))
        found[n] = effects(*ends)
    return Groups(found, np.where(both, 0.0, values[1]), np.where(both, 0.0, -values[0]))


def in_steps(parts: Sequence[float], total: float, step: float) -> tuple[float, ...]:
    """``parts`` in multiples of ``step`` that add up to ``total``, itself such a multiple, by largest remainder.

    The parts must add up to the total but for their own rounding and that of its two ends.
    """
    wanted, exact = round(total / step), [part / step for part in parts]
    kept = [math.floor(e) for e in exact]
    missing = wanted - sum(kept)
    if not -1 <= missing <= len(kept) + 1:
        raise ValueError("the parts do not add up to the total")
    order = sorted(range(len(kept)), key=lambda n: kept[n] - exact[n])
    for n in range(abs(missing)):
        kept[order[n % len(kept)] if missing > 0 else order[-1 - n]] += 1 if missing > 0 else -1
    return tuple(round(k * step, 2) for k in kept)
