"""The result of every comparison of a variant with the control; sentences, tables, charts and JSON are made of it.

One declared test drives it, so that its numbers never contradict each other: ``p`` is under 1 − ``level`` exactly where
the interval of the difference leaves 0 out, and where a lift is given its interval leaves 0 out in the same cases.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

NUMBERS = ("control", "variant", "difference", "low", "high", "lift", "lift_low", "lift_high", "p")
GUARANTEES = ("exact", "asymptotic", "approximate")


@dataclass(frozen=True)
class Comparison:
    """``control`` and ``variant`` are the metric's values in the two arms, in its own unit.

    ``difference`` is variant − control with its interval ``low`` to ``high``, ``lift`` variant ÷ control − 1 with its
    own; ``p`` is two-sided, ``level`` that of the intervals (0.95). ``method`` is the id of the test that drives them
    all, ``guarantee`` what it promises: exact, asymptotic, or approximate. A number that cannot be given is None and
    ``withheld`` says why in codes; ``warnings`` are codes of what a reader of the given numbers should know.
    """

    control: float | None
    variant: float | None
    difference: float | None
    low: float | None
    high: float | None
    lift: float | None
    lift_low: float | None
    lift_high: float | None
    p: float | None
    level: float
    method: str
    guarantee: str
    withheld: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        given = [value for value in (getattr(self, name) for name in NUMBERS) if value is not None]
        if not all(map(math.isfinite, given)):
            raise ValueError(f"a number that cannot be given is None: {self}")
        if len(given) < len(NUMBERS) and not self.withheld:
            raise ValueError(f"a number is missing and nothing says why: {self}")
        if self.guarantee not in GUARANTEES or not 0 < self.level < 1:
            raise ValueError(f"no such guarantee or level: {self.guarantee}, {self.level}")

    @property
    def differs(self) -> bool:
        """Whether the test calls the arms different at its level; False where it could not be made."""
        return self.p is not None and self.p < 1 - self.level

    @property
    def consistent(self) -> bool:
        """Whether p and both intervals, as far as given, say the same of no effect."""
        pairs = [(low, high) for low, high in self._intervals() if low is not None and high is not None]
        return all((low > 0 or high < 0) == self.differs for low, high in pairs)

    def _intervals(self) -> tuple[tuple[float | None, float | None], tuple[float | None, float | None]]:
        return (self.low, self.high), (self.lift_low, self.lift_high)


def without_test(
    control: float | None, variant: float | None, level: float, method: str, guarantee: str, *why: str
) -> Comparison:
    """Arms that cannot be tested for the reasons ``why``: their values as far as known, the difference, and
    the lift of a control above 0."""
    difference = lift = None
    if control is not None and variant is not None:
        difference = variant - control
        lift = difference / control if control > 0 else None
    return Comparison(control, variant, difference, None, None, lift, None, None, None, level, method, guarantee, why)
