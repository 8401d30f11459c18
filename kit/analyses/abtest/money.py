"""What a test's effect is worth: per 10,000 units, per month at the test's own traffic, and against its cost.

It is the difference in the revenue per unit that was recorded, with its own interval. A change in conversion times what
a buyer pays would be told more narrowly than it is known, since buyers may also come to pay more or less; so revenue
can leave open what the deciding metric shows, and then it is said to. It is revenue before later refunds, not profit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kit.analyses.abtest.arms import Sums
from kit.analyses.abtest.declare import KNOWN, UNITS, Plan
from kit.analyses.abtest.effects import Effect

PER = 10_000
"""Units by which an effect is told in money."""
MONTH = 30
"""Days that a month counts here."""


@dataclass(frozen=True)
class Money:
    """Per unit of the test, with the ends of the interval at ``level``. ``daily``: units of all arms a day, None where
    the rows state no days."""

    value: float
    low: float
    high: float
    level: float
    daily: float | None
    cost: float | None

    @property
    def sign(self) -> int:
        """1 for more and −1 for less where the interval leaves nothing out; 0 where it spans both."""
        return 1 if self.low > 0 else -1 if self.high < 0 else 0

    @property
    def per_unit(self) -> tuple[float, float, float]:
        return self.value, self.low, self.high

    @property
    def per_many(self) -> tuple[float, float, float]:
        """Of ``PER`` units that see the variant instead of the control."""
        return self.value * PER, self.low * PER, self.high * PER

    @property
    def per_month(self) -> tuple[float, float, float] | None:
        """Of a month in which all units see it."""
        if self.daily is None:
            return None
        units = self.daily * MONTH
        return self.value * units, self.low * units, self.high * units

    @property
    def loss(self) -> float | None:
        """What a month costs at the bad end of the interval, positive; None where even that end is no loss."""
        month = self.per_month
        return -month[1] if month and month[1] < 0 else None

    @property
    def days_to_earn(self) -> tuple[float | None, float | None] | None:
        """Days until the cost of shipping has come back, at the estimate and at the bad end; None where it never does,
        and nothing at all where no cost or no traffic is known."""
        if self.cost is None or self.daily is None:
            return None
        return self._days(self.value), self._days(self.low)

    def _days(self, each: float) -> float | None:
        return (self.cost or 0.0) / (each * (self.daily or 0.0)) if each > 0 and self.daily else None


def money(plan: Plan, sums: Sums, found: Sequence[Effect], variant: str) -> Money | None:
    """The money of one variant; None where no revenue was recorded, or nothing could be tested."""
    revenue = next((e for e in found if e.variant == variant and is_money(e)), None)
    if revenue is None or plan.better < 0:
        return None
    each = revenue.comparison
    if each.difference is None or each.low is None or each.high is None:
        return None
    return Money(each.difference, each.low, each.high, each.level, daily_units(sums), plan.decision_cost)


def is_money(effect: Effect) -> bool:
    """Whether a metric is revenue per unit."""
    return effect.metric.pair[0] in KNOWN["value_per_visitor"].tops and effect.metric.pair[1] in UNITS


def daily_units(sums: Sums) -> float | None:
    """Units that entered the test a day, all arms together."""
    days = len(sums.dates)
    return sums.size / days if days else None
