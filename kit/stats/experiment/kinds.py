"""The kinds of sums an arm can come in, and the module that compares two of a kind by their estimates and errors."""

from __future__ import annotations

from typing import Any, Protocol

from kit.stats.experiment import means, ratios
from kit.stats.experiment.comparison import Comparison
from kit.stats.experiment.fieller import Estimates
from kit.stats.experiment.sums import Counts, Moments, Pairs

Arm = Counts | Moments | Pairs


class Comparing(Protocol):
    """A module of this package that compares two arms of sums: ``means``, ``ratios``, ``cuped``."""

    def compare(self, control: Any, variant: Any, alpha: float) -> Comparison: ...

    def estimates(self, control: Any, variant: Any) -> Estimates: ...


def summed(arm: Arm) -> Moments | Pairs:
    """Counts as what they are, sums of ones and noughts; the other kinds as given."""
    return Moments(arm.units, arm.successes, arm.successes) if isinstance(arm, Counts) else arm


def module_of(arm: Arm, by: Comparing | None = None) -> Comparing:
    """``by`` where it is given; otherwise ``ratios`` for pairs and ``means`` for the other kinds."""
    return by or (ratios if isinstance(arm, Pairs) else means)
