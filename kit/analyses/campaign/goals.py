"""The campaign's goals against what came in, and its figures by phase.

GSV is what was paid on these days less the refunds of these payments, where they are told: refunds by their own date
leave out most of what a campaign sends back, and take off what was sold before it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from kit.analyses.campaign.subjects import Campaign
from kit.stats import hours, kpis
from kit.stats.bases import Days
from kit.stats.kpi_days import ABSENT, Tables

SALES = ("pay_amount", "gsv")
"""What the goal that decides is set in; the first that the sheet has."""
KPI = {
    "pay_amount": "pay_amount",
    "gsv": "gsv",
    "orders": "orders",
    "pay_cvr": "pay_cvr",
    "revenue_per_buyer": "revenue_per_buyer",
    "roas": "whole_return",
}
"""Goals that are figures of ``kit.stats.kpis``."""
PEOPLE = ("visitors", "new_buyers", "cart_users")
"""Goals that count people: what came in is known only where an export counts each of them once over these days."""
BY_PHASE = ("pay_amount", "visitors", "pay_cvr", "revenue_per_buyer", "spend_ratio")


@dataclass(frozen=True)
class Line:
    """A goal and what came in over the campaign days; ``actual`` is None where it cannot be told (``lacks``)."""

    metric: str
    goal: float
    actual: float | None
    lacks: str | None = None

    @property
    def attained(self) -> float | None:
        return None if self.actual is None or not self.goal else self.actual / self.goal


@dataclass(frozen=True)
class Phase:
    """A phase of the campaign, its figures, and those of the same phase of the earlier campaign, if there was one."""

    name: str
    days: Days
    figures: kpis.Figures
    then: kpis.Figures | None

    def value(self, metric: str) -> float | None:
        found = self.figures.get(metric)
        return found.value if found else None

    @property
    def growth(self) -> float | None:
        """Of the paid amount by the day over the same phase before."""
        now, then = self.figures.get("pay_amount"), (self.then or {}).get("pay_amount")
        if now is None or then is None or now.value is None or not then.value:
            return None
        return now.value / then.value - 1


def lines(campaign: Campaign, figures: kpis.Figures, tables: Tables) -> tuple[Line, ...]:
    """A line for each goal of the sheet above zero, sales first."""
    made = []
    named = sorted(campaign.goals.items(), key=lambda one: SALES.index(one[0]) if one[0] in SALES else len(SALES))
    for metric, goal in named:
        if goal <= 0:
            continue
        if metric in KPI:
            found = figures.get(KPI[metric])
            actual, lacks = (found.value, found.lacks) if found else (None, ABSENT)
        else:
            actual = _people(campaign, metric, tables)
            lacks = None if actual is not None else "people"
        made.append(Line(metric, goal, actual, lacks))
    return tuple(made)


def _people(campaign: Campaign, metric: str, tables: Tables) -> float | None:
    """Of a single shop from the row of its period export that is exactly the campaign days."""
    rows = tables.get("shop_period")
    if rows is None or not campaign.shop or metric not in rows:
        return None
    event = campaign.event
    exact = rows[(rows["shop"] == campaign.shop) & (rows["start"].dt.date == event.start)]
    exact = exact[(exact["end"].dt.date == event.end) & exact[metric].notna()]
    return float(exact[metric].iloc[0]) if len(exact) == 1 else None


def phases(campaign: Campaign, earlier: Campaign | None, tables: Tables, until: dt.date) -> tuple[Phase, ...]:
    """Every phase that the data reach, the last one as far as they do."""
    then = earlier.phases if earlier else {}
    made = []
    for name, span in campaign.phases.items():
        if span.start <= until:
            days = Days(span.start, min(span.end, until))
            before = then.get(name)
            made.append(
                Phase(name, days, figures(tables, campaign.shop, days), _cut(tables, campaign.shop, before, days))
            )
    return tuple(made)


def _cut(tables: Tables, shop: str, before: Days | None, days: Days) -> kpis.Figures | None:
    """The earlier phase's figures, if it had as many days: sums of unlike numbers of days do not compare."""
    return figures(tables, shop, before) if before and before.count == days.count else None


def figures(tables: Tables, shop: str, span: Days) -> kpis.Figures:
    """Of one shop or, blank, of all together; empty where nothing is sold."""
    found: Mapping[str, kpis.Figures] = kpis.figures(tables, span.start, span.end)
    return _own_refunds(found.get(shop or kpis.TOTAL, {}))


def _own_refunds(found: kpis.Figures) -> kpis.Figures:
    """GSV less the refunds of these payments instead of those of these days, where they are told."""
    paid, back = found.get("pay_amount"), found.get("refund_rate_paid")
    if not paid or not back or paid.value is None or back.value is None:
        return found
    return {**found, "gsv": replace(found["gsv"], value=paid.value * (1 - back.value), by="paid")}


def peak(campaign: Campaign, sales: pd.Series | None, tables: Tables) -> tuple[dt.date, hours.Hours] | None:
    """The campaign day that sold most, and its paid orders by the hour of payment; None where no orders state hours."""
    orders = tables.get("orders")
    if sales is None or orders is None:
        return None
    inside = sales.loc[pd.Timestamp(campaign.event.start) : pd.Timestamp(campaign.event.end)].dropna()
    if inside.empty:
        return None
    day = inside.idxmax().date()
    own = orders[orders["shop"] == campaign.shop] if campaign.shop else orders
    found = hours.hours(own[own["counted"].fillna(False).astype(bool)], day, day, "paid_at")
    return None if found is None else (day, found)
