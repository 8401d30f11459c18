"""What a month's goal would take: by how much visitors, conversion or revenue per buyer alone would have to rise.

What is expected of each: its value a year before, times its change on the year before over the last three months
together, all three scaled alike so that their product is the forecast. A goal that is f times the forecast takes f
times what is expected of one of them while the other two stay there. How hard that is, the shop's own history says: in
how many months a figure changed on its year before by as much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kit.stats import months
from kit.stats.models import SEASON

RECENT = 3
"""Months whose change on the year before is carried on: promotions that began earlier or later even out in them."""
FACTORS = ("visitors", "pay_cvr", "revenue_per_buyer")


@dataclass(frozen=True)
class Sums:
    """One month's visitors and buyers (sums of days), paid amount (money) and number of days."""

    visitors: float
    buyers: float
    paid: float
    days: int

    def __add__(self, other: Sums) -> Sums:
        paid, days = self.paid + other.paid, self.days + other.days
        return Sums(self.visitors + other.visitors, self.buyers + other.buyers, paid, days)

    @property
    def factors(self) -> tuple[float, float, float]:
        """Visitors a day, conversion (a fraction), revenue per buyer (money); times the days they are the amount."""
        return self.visitors / self.days, self.buyers / self.visitors, self.paid / self.buyers


@dataclass(frozen=True)
class Take:
    """``factor`` (of ``FACTORS``): a year before, as expected, and as the goal needs it if the other two stay as
    expected. ``reached`` of the ``known`` months that have a year before changed on it by as much as that."""

    factor: str
    before: float
    expected: float
    needed: float
    reached: int
    known: int

    @property
    def change(self) -> float:
        """What is needed, on the year before."""
        return self.needed / self.before - 1


def takes(history: Mapping[months.Month, Sums], at: months.Month, expected: float, goal: float) -> tuple[Take, ...]:
    """For the month ``at``; none without its year before, or without the last months and theirs."""
    then = history.get(months.later(at, -SEASON))
    trend = _trend(history)
    if then is None or trend is None:
        return ()
    carried = [value * growth for value, growth in zip(then.factors, trend, strict=True)]
    scale = (expected / (carried[0] * carried[1] * carried[2] * months.days([at]))) ** (1 / 3)
    past = [[a / b for a, b in zip(now.factors, base.factors, strict=True)] for now, base in _pairs(history)]
    return tuple(
        _take(name, before, one * scale, goal / expected, [growths[n] for growths in past])
        for n, (name, before, one) in enumerate(zip(FACTORS, then.factors, carried, strict=True))
    )


def _take(factor: str, before: float, expected: float, times: float, growths: list[float]) -> Take:
    needed = expected * times
    return Take(factor, before, expected, needed, sum(g >= needed / before for g in growths), len(growths))


def _pairs(history: Mapping[months.Month, Sums]) -> list[tuple[Sums, Sums]]:
    return [(now, then) for month, now in history.items() if (then := history.get(months.later(month, -SEASON)))]


def _trend(history: Mapping[months.Month, Sums]) -> tuple[float, ...] | None:
    """Of each factor, its last months together over the same months a year before."""
    recent = sorted(history)[-RECENT:]
    before = [history[m] for month in recent if (m := months.later(month, -SEASON)) in history]
    if len(before) < RECENT:
        return None
    now, then = (sum(sums[1:], sums[0]) for sums in ([history[m] for m in recent], before))
    return tuple(a / b for a, b in zip(now.factors, then.factors, strict=True))


def easiest(takes: Sequence[Take]) -> Take:
    """The one that most months reached, of equals the one that has to change least on the year before."""
    return max(takes, key=lambda t: (t.reached, -t.change))
