"""The campaign's goals against what came in, and its figures by phase.

GSV is what was paid on these days less the refunds of these payments, where they are told: refunds by their own date
leave out most of what a campaign sends back, and take off what was sold before it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

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
OWN = ("pay_amount", "gsv", "refund_rate_paid")
"""What GSV less the refunds of these payments is made of."""
STOCK, STOCK_BACK = "stock", dt.timedelta(7)
"""The goal of pieces that can be sold when the main days begin, and how many days before them a count may be old."""
UNITS = {
    "pay_amount": "money", "gsv": "money", "orders": "count", "visitors": "count", "pay_cvr": "rate",
    "revenue_per_buyer": "price", "new_buyers": "count", "roas": "index", "cart_users": "count", "stock": "count",
}  # fmt: skip
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
class Day:
    """A campaign day: what it brought of each goal that is told of a day, and the paid amount up to and with it, None
    from the first day on that states none."""

    date: dt.date
    goals: Mapping[str, float | None]
    running: float | None


@dataclass(frozen=True)
class Phase:
    """A phase of the campaign, its figures, and those of the same phase of the earlier campaign, if there was one.

    ``goals``: what it brought of each goal of the sheet, None where that is not told of a phase."""

    name: str
    days: Days
    figures: kpis.Figures
    then: kpis.Figures | None
    goals: Mapping[str, float | None] = field(default_factory=dict)

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
        actual = _came(campaign, metric, figures, campaign.event, tables)
        actual = stock(campaign, tables) if metric == STOCK else actual
        found = figures.get(KPI.get(metric, ""))
        lacks = "people" if metric in PEOPLE else found.lacks if found else ABSENT
        made.append(Line(metric, goal, actual, None if actual is not None else lacks))
    return tuple(made)


def _came(campaign: Campaign, metric: str, figures: kpis.Figures, span: Days, tables: Tables) -> float | None:
    """What ``span``, of which these are the figures, brought of a goal."""
    if metric in PEOPLE:
        return _people(campaign, metric, span, tables)
    found = figures.get(KPI.get(metric, ""))
    return found.value if found else None


def _people(campaign: Campaign, metric: str, span: Days, tables: Tables) -> float | None:
    """Of a single shop from the row of its period export that is exactly these days, or from that of a single day."""
    if not campaign.shop:
        return None
    for name, first, last in (("shop_period", "start", "end"), ("shop_daily", "date", "date")):
        rows = tables.get(name)
        if rows is None or metric not in rows:
            continue
        exact = rows[(rows["shop"] == campaign.shop) & (rows[first] == pd.Timestamp(span.start))]
        exact = exact[(exact[last] == pd.Timestamp(span.end)) & exact[metric].notna()]
        if len(exact) == 1:
            return float(exact[metric].iloc[0])
    return None


def stock(campaign: Campaign, tables: Tables) -> float | None:
    """Pieces that could be sold when the main days began: of the last count up to that day, all goods together, since
    stock belongs to no shop."""
    counts = tables.get("inventory")
    if counts is None:
        return None
    start = pd.Timestamp(campaign.start)
    near = counts[counts["date"].between(start - STOCK_BACK, start) & counts["stock_available"].notna()]
    last = near[near["date"] == near["date"].max()]
    return float(last["stock_available"].sum()) if len(last) else None


def by_day(campaign: Campaign, tables: Tables, sales: pd.Series | None) -> tuple[Day, ...]:
    """Each campaign day against the goals; none where the sheet has no goal."""
    if not campaign.goals:
        return ()
    event, made, running = campaign.event, [], 0.0
    names = {*OWN, *(KPI[metric] for metric in campaign.goals if metric in KPI)}
    tables = kpis.books(tables)
    for n in range(event.count):
        date = event.start + dt.timedelta(n)
        span = Days(date, date)
        found = figures(tables, campaign.shop, span, names)
        came = {m: _came(campaign, m, found, span, tables) for m in campaign.goals}
        running += float("nan") if sales is None else float(sales.get(pd.Timestamp(date), float("nan")))
        made.append(Day(date, came, None if running != running else running))
    return tuple(made)


def phases(campaign: Campaign, earlier: Campaign | None, tables: Tables, until: dt.date) -> tuple[Phase, ...]:
    """Every phase that the data reach, the last one as far as they do."""
    then = earlier.phases if earlier else {}
    made = []
    for name, span in campaign.phases.items():
        if span.start <= until:
            days = Days(span.start, min(span.end, until))
            found, before = figures(tables, campaign.shop, days), then.get(name)
            came = {metric: _came(campaign, metric, found, days, tables) for metric in campaign.goals}
            made.append(Phase(name, days, found, _then(tables, campaign.shop, before, days), came))
    return tuple(made)


def _then(tables: Tables, shop: str, before: Days | None, days: Days) -> kpis.Figures | None:
    """The earlier phase's figures, if it had as many days: sums of unlike numbers of days do not compare."""
    return figures(tables, shop, before) if before and before.count == days.count else None


def figures(tables: Tables, shop: str, span: Days, names: Collection[str] = ()) -> kpis.Figures:
    """Of one shop or, blank, of all together, those of ``names`` (``OWN`` among them) or every one; empty where nothing
    is sold."""
    found: Mapping[str, kpis.Figures] = kpis.figures(tables, span.start, span.end, names=names)
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
