"""A rate over groups, its change split: what the groups' own rates did, and what the mix of groups did.

Kitagawa (1955): with shares w and rates r, the rate part is Σ w̄ ᵢ Δrᵢ and the mix part Σ r̄ᵢ Δwᵢ, the means taken of
both ends; they add up to the change of the whole rate exactly. A group's mix part is measured against the whole rate's
mean, Σ (r̄ᵢ − R̄) Δwᵢ, which sums to the same because shares add up to one: a group that grew counts as a gain only where
its rate is above the whole's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Mix:
    """Rates as fractions, parts as differences of fractions; ``rates`` and ``mixes`` are one a group, in its order.

    ``before`` + Σ ``rates`` + Σ ``mixes`` = ``now``.
    """

    before: float
    now: float
    rates: tuple[float, ...]
    mixes: tuple[float, ...]

    @property
    def rate(self) -> float:
        return sum(self.rates)

    @property
    def mix(self) -> float:
        return sum(self.mixes)


def split(base_before: Floats, part_before: Floats, base_now: Floats, part_now: Floats) -> Mix:
    """The change of Σ part ÷ Σ base over groups (visits and buyers by source).

    All four have one entry a group, 0 or more; the bases add up to more than 0. A group without visits at one end had
    no rate there and takes that of its other end, so all of it is mix.
    """
    bases, parts = (np.array(pair, float) for pair in ((base_before, base_now), (part_before, part_now)))
    if (bases < 0).any() or not (bases.sum(1) > 0).all():
        raise ValueError("visits must be 0 or more, with some at either end")
    whole = parts.sum(1) / bases.sum(1)
    share = bases / bases.sum(1, keepdims=True)
    rate = np.divide(parts, bases, out=np.full_like(parts, np.nan), where=bases > 0)
    rate = np.where(np.isnan(rate), rate[::-1], rate)
    rate = np.nan_to_num(rate)  # no visits at either end: nothing to move
    rates = share.mean(0) * (rate[1] - rate[0])
    mixes = (rate.mean(0) - whole.mean()) * (share[1] - share[0])
    return Mix(float(whole[0]), float(whole[1]), tuple(map(float, rates)), tuple(map(float, mixes)))
