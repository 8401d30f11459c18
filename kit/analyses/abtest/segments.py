"""Whether the effect differs between segments, and whether their shares bend the total.

Segments of one kind are told apart by one test of interaction, never by who is "significant" and who isn't; over the
kinds of segments that are looked at, claims are held to the false discovery rate. The total is split into the effect
among like for like and what moved shares did to it (Simpson's paradox), see ``kit.stats.experiment.standardised``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from kit.analyses.abtest.declare import Metric
from kit.analyses.abtest.effects import Reader
from kit.stats.experiment import cuped, interaction, standardised
from kit.stats.experiment.comparison import Comparison
from kit.stats.experiment.interaction import Interaction
from kit.stats.experiment.standardised import Standardised
from kit.stats.false_discovery import claims

MOST = 12
"""Groups of one kind up to which they are compared; a kind with more is a list of things, not of segments."""
RATE = 0.05


@dataclass(frozen=True)
class Group:
    """One segment: its value, its comparison, and its share of either arm's units."""

    value: str
    comparison: Comparison
    shares: tuple[float, float]


@dataclass(frozen=True)
class Split:
    """One kind of segments. ``p``: that the effect is one and the same, None where untestable; ``differs``: that it
    isn't is among the claims that stand. ``standard``: the effect at equal shares, None where it cannot be formed.
    ``test``: the one that ``p`` is of."""

    segment: str
    groups: tuple[Group, ...]
    p: float | None
    differs: bool
    standard: Standardised | None
    test: Interaction | None = None

    @property
    def bends(self) -> bool:
        """Whether the total points one way and the effect among like for like the other."""
        return self.standard is not None and self.standard.reversed

    @property
    def moved(self) -> Group:
        assert self.standard
        return self.groups[self.standard.moved]

    def extremes(self) -> tuple[Group, Group] | None:
        """The groups with the largest and the smallest lift."""
        known = [group for group in self.groups if group.comparison.lift is not None]
        if len(known) < 2:
            return None
        return max(known, key=_lift), min(known, key=_lift)


def splits(reader: Reader, metric: Metric, variant: str) -> tuple[Split, ...]:
    """Every kind of segments that the sums have, with a claim where the effect differs."""
    kinds = dict.fromkeys(kind for kind, _ in reader.sums.segments.get(reader.form(metric).pair, {}))
    made = [split for kind in kinds if (split := _split(reader, metric, variant, kind))]
    tested = [split.p for split in made if split.p is not None]
    stands = iter(claims(tested, RATE, independent=True).made)
    return tuple(replace(split, differs=split.p is not None and next(stands)) for split in made)


def _split(reader: Reader, metric: Metric, variant: str, kind: str) -> Split | None:
    form, control = reader.form(metric), reader.control
    found = {value: a for (k, value), a in reader.sums.segments[form.pair].items() if k == kind}
    both = {value: arms for value, arms in found.items() if control in arms and variant in arms}
    if not 2 <= len(both) <= MOST:
        return None
    pairs = {value: (form.of(arms[control]), form.of(arms[variant])) for value, arms in both.items()}
    sizes = [sum(pair[n].units for pair in pairs.values()) for n in (0, 1)]
    groups = [Group(value, form.test(*pair, reader.plan.alpha), _shares(pair, sizes)) for value, pair in pairs.items()]
    plain = [_plain(pair, form.by) for pair in pairs.values()]
    test = interaction.across(list(pairs.values()), form.by)
    standard = standardised.compare(plain, reader.plan.alpha)
    return Split(kind, tuple(groups), test.p if test else None, False, standard, test)


def _shares(pair: tuple[Any, Any], sizes: Sequence[int]) -> tuple[float, float]:
    return pair[0].units / max(sizes[0], 1), pair[1].units / max(sizes[1], 1)


def _plain(pair: tuple[Any, Any], by: Any) -> tuple[Any, Any]:
    """Arms as they are standardised: without what was known before."""
    return (pair[0].moments, pair[1].moments) if by is cuped else pair


def _lift(group: Group) -> float:
    return group.comparison.lift or 0.0
