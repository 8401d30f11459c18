"""A goal for the refund rate against what the rate will be in the end, not against what is in so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.stats.kpis import TOTAL, Figures, Tables
from kit.stats.refund_cases import cases
from kit.stats.refund_lag import Final

GOAL, FIGURE = "refund_rate", "refund_rate_paid"
"""The goal's metric, and the figure it is held against: refunds of the period's payments."""


@dataclass(frozen=True)
class RefundGoal:
    """``now``: refunded so far of what the shop was paid in the period, a fraction as all here. ``final``: what is
    expected in the end, None where the shop's past cannot tell; ``early``: refunds are still coming in."""

    shop: str
    goal: float
    now: float
    final: Final | None
    early: bool

    @property
    def verdict(self) -> Verdict:
        """Missed where the whole range lies above the goal, met where none of it does, else open. Refunds only come:
        a rate that is above the goal already stays there."""
        low, high = self.ends
        if low > self.goal:
            return Verdict.OVER_GOAL
        return Verdict.ON_GOAL if high is not None and high <= self.goal else Verdict.OPEN

    @property
    def ends(self) -> tuple[float, float | None]:
        """The range of the final rate, without an upper end where nothing tells it."""
        if self.final is not None:
            return self.final.low, self.final.high
        return self.now, None if self.early else self.now


def refund_goals(
    tables: Tables,
    wanted: Mapping[tuple[str, str], float],
    figures: Mapping[str, Figures],
    start: dt.date,
    until: dt.date,
    early: bool,
    open_days: int,
) -> Iterable[RefundGoal]:
    """Of each shop that has the goal (``wanted`` by shop and metric) and refunds by date of payment (``figures``).

    ``early``: refunds of these payments are still coming in; ``open_days``: for so many days after payment they do.
    """
    for shop, goal in ((shop, wanted.get((shop, GOAL))) for shop in figures if shop != TOTAL):
        now = figures[shop][FIGURE].value
        if goal is None or now is None:
            continue
        told = cases(tables.get("refunds"), tables.get("shop_daily"), shop) if early else None
        yield RefundGoal(shop, goal, now, told.of(start, until, open_days).final if told else None, early)
