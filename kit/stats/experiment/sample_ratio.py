"""Whether units came to the arms in the planned proportions: Pearson's chi-square of the counts against the split.

A split that is off by more than chance means that something decides who is counted: then the arms are not alike and no
effect can be believed, however small its p (Fabijan and others 2019). Because every test of the programme is asked, the
line that blocks is drawn at 0.001, and a warning at 0.01. To find where it happens, days or segments are asked one by
one with Benjamini and Hochberg's step-up, so that what is named is seldom named by chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kit.stats.false_discovery import claims

BLOCK, WARN = 0.001, 0.01
LEAST_EXPECTED = 5.0
"""Expected units of an arm under which chi-square's distribution is not yet that of the statistic."""


@dataclass(frozen=True)
class SampleRatio:
    """Units ``counted`` in each arm against those ``expected`` of as many in all; ``p`` is None where too few are.

    ``light``: "ok", "warn" (p under 0.01), "block" (under 0.001), or "unknown" without a p, with a code in
    ``withheld``.
    """

    counted: tuple[int, ...]
    expected: tuple[float, ...]
    chi_square: float | None
    p: float | None
    withheld: tuple[str, ...] = ()

    @property
    def light(self) -> str:
        if self.p is None:
            return "unknown"
        return "block" if self.p < BLOCK else "warn" if self.p < WARN else "ok"

    @property
    def off(self) -> tuple[float, ...]:
        """Units by which each arm is above (or below) what was planned, as a share of that; 0 without units."""
        pairs = zip(self.counted, self.expected, strict=True)
        return tuple(seen / planned - 1 if planned else 0.0 for seen, planned in pairs)


@dataclass(frozen=True)
class Place:
    """A day or a segment. ``stands``: that its split is off is among the claims that may be made."""

    name: str
    found: SampleRatio
    stands: bool


def check(counts: Sequence[int], shares: Sequence[float]) -> SampleRatio:
    """``counts`` of two arms or more against the planned ``shares``, which need not add up to 1 but be above 0.

    >>> round(check([44_700, 45_489], [0.5, 0.5]).p, 4)
    0.0086
    """
    if len(counts) != len(shares) or len(counts) < 2 or min(shares) <= 0 or min(counts) < 0:
        raise ValueError(f"not a split of two arms or more: {counts} units, planned {shares}")
    whole = sum(counts)
    expected = tuple(whole * share / sum(shares) for share in shares)
    if min(expected) < LEAST_EXPECTED:
        return SampleRatio(tuple(counts), expected, None, None, ("few_units",) if whole else ("no_units",))
    from scipy.special import chdtrc

    chi_square = sum((seen - planned) ** 2 / planned for seen, planned in zip(counts, expected, strict=True))
    return SampleRatio(tuple(counts), expected, chi_square, float(chdtrc(len(counts) - 1, chi_square)))


def locate(places: Mapping[str, Sequence[int]], shares: Sequence[float], rate: float = WARN) -> tuple[Place, ...]:
    """``places``: counts of every arm by day, or by the segments of one kind, which share no unit; in their order.

    ``rate``: of false discovery among the places that stand. Those with too few units are not asked.
    """
    found = {name: check(counts, shares) for name, counts in places.items()}
    asked = {name: one.p for name, one in found.items() if one.p is not None}
    made = dict(zip(asked, claims(list(asked.values()), rate, independent=True).made, strict=True))
    return tuple(Place(name, one, made.get(name, False)) for name, one in found.items())
