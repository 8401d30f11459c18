"""Operations of a campaign and the days after it: items out of stock and what they lost, shipping, service, complaints.

A stop is an item with visitors and no sale for two days or more; what it lost: ``kit.stats.stock_losses``. Hours within
a day are not seen. Of campaigns whose days overlap each day belongs to one alone (``own``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kit.analyses.campaign import ordinary, sections
from kit.analyses.campaign.lost_page import exhibits, findings, missing
from kit.analyses.campaign.lost_reviews import Complaints, complaints
from kit.analyses.campaign.ordinary import of_shop, value
from kit.analyses.campaign.subjects import Campaign
from kit.findings import Shown
from kit.stats import kpis
from kit.stats.bases import Days
from kit.stats.day_runs import Run, runs
from kit.stats.kpi_days import Dates, Tables, reach
from kit.stats.stock_losses import Out, outs

if TYPE_CHECKING:
    from kit.analyses.campaign import Result as Campaigns
    from kit.analyses.campaign import Review

__all__ = ["Result", "analyse", "show"]

RATE = 0.05
DESK = ("shipped_in_time", "response_seconds", "satisfaction", "dsr_description", "dsr_service", "dsr_logistics")
"""Figures of ``kit.stats.kpis`` on shipping and service."""


@dataclass(frozen=True)
class Operations:
    """One campaign. ``span``: its days and those after as far as the data reach; ``seen``: the part of it that item
    reports cover, None without any. ``desk``: by KPI the value of the campaign days and of the days before.
    ``slowest``: day and seconds of the longest wait for a first answer. ``paid``: amount of the campaign days.
    ``orders``: whether there are orders of the campaign days. ``hours``: from payment to shipping, of the middle order
    of the campaign days and of those before. ``shared``: other campaigns to which some of the days belong. ``growth``:
    of the days after over the same phase before, None where that is not told; ``after``: their paid amount."""

    campaign: Campaign
    span: Days
    seen: Days | None
    outs: tuple[Out, ...]
    desk: Mapping[str, tuple[float | None, float | None]]
    before: Days
    slowest: tuple[dt.date, float] | None
    complaints: Complaints | None
    paid: float | None
    orders: bool
    hours: tuple[float | None, float | None]
    shared: tuple[str, ...]
    growth: float | None
    after: float | None

    @property
    def late(self) -> tuple[Out, ...]:
        """Stops that reach into the days after the campaign."""
        return tuple(out for out in self.outs if out.stop.last > self.campaign.end)

    @property
    def burst(self) -> tuple[tuple[dt.date, int], ...]:
        """Days after the campaign with a burst of bad reviews, and how many."""
        found = self.complaints.burst if self.complaints else ()
        return tuple((day, count) for day, count in found if day > self.campaign.end)


@dataclass(frozen=True)
class Result:
    campaigns: tuple[Operations, ...]


def analyse(
    found: Campaigns,
    tables: Tables,
    promotions: pd.DataFrame,
    reviews: pd.DataFrame | None = None,
    events: pd.DataFrame | None = None,
    false_discovery: float = RATE,
) -> Result:
    """Of each of ``found``'s campaigns. ``tables``: those of ``kit.stats.kpi_parts.USED``, whose item_daily may reach
    beyond the campaign; ``promotions``: columns of ``kit.calendar.promotions``; ``events``: the canonical sheet;
    ``false_discovery``: of days with a burst of bad reviews."""
    facts = (tables, promotions, reviews, events, false_discovery)
    return Result(tuple(_operations(review, found.reviews, *facts) for review in found.reviews))


def show(result: Result) -> Shown:
    """Stops with their loss, service, complaints; and by name what is missing for each."""
    said = [(one, findings(one)) for one in result.campaigns]
    return sections.together("lost", [(one.campaign, told, exhibits(one, told), missing(one)) for one, told in said])


def _operations(
    review: Review,
    every: Sequence[Review],
    tables: Tables,
    promotions: pd.DataFrame,
    reviews: pd.DataFrame | None,
    events: pd.DataFrame | None,
    rate: float,
) -> Operations:
    campaign, span = review.campaign, whole(review)
    mine, shared = own(review, every)
    before = ordinary.before(campaign.event)
    items, orders = (of_shop(tables.get(name), campaign.shop) for name in ("item_daily", "orders"))
    now, then = (kpis.figures(tables, days.start, days.end) for days in (campaign.event, before))
    desk = {name: (value(now, campaign.shop, name), value(then, campaign.shop, name)) for name in DESK}
    return Operations(
        campaign,
        span,
        _seen(items, span),
        tuple(outs(items, tables.get("inventory"), events, promotions, mine)),
        desk,
        before,
        _slowest(of_shop(tables.get("service_daily"), campaign.shop), campaign.event),
        complaints(of_shop(reviews, campaign.shop), span, before, rate),
        value(now, campaign.shop, "pay_amount"),
        _ordered(orders, campaign.event),
        (_hours(orders, campaign.event), _hours(orders, before)),
        shared,
        *_after(review),
    )


def whole(review: Review) -> Days:
    """The campaign days and those after, as far as the data reach."""
    return Days(review.campaign.opening, review.until)


def own(review: Review, every: Sequence[Review]) -> tuple[tuple[Run, ...], tuple[str, ...]]:
    """Its days less those that belong to another campaign of its shops, and the names of these: a day belongs to the
    campaign on whose own days it lies, the one that opened last of several, else to the one that ended last."""
    span = whole(review)
    days = [span.start + dt.timedelta(n) for n in range(span.count)]
    rivals = [one for one in every if _meets(one, review)]
    owners = [_owner(rivals, day) for day in days]
    mine = np.array([owner is review for owner in owners])
    names = {owner.campaign.name for owner in owners if owner is not review}
    return runs(days, mine), tuple(sorted(names))


def _meets(one: Review, other: Review) -> bool:
    a, b = one.campaign.shop, other.campaign.shop
    return not a or not b or a == b


def _owner(every: Iterable[Review], day: dt.date) -> Review:
    """Of those that have the day."""

    def claim(one: Review) -> tuple[bool, dt.date]:
        event = one.campaign.event
        inside = event.start <= day <= event.end
        return inside, event.start if inside else event.end

    return max((one for one in every if whole(one).start <= day <= one.until), key=claim)


def _after(review: Review) -> tuple[float | None, float | None]:
    """Growth of the days after over the same phase before, and what was paid in them."""
    found = next((phase for phase in review.phases if phase.name == "after"), None)
    return (None, None) if found is None else (found.growth, found.value("pay_amount"))


def _ordered(orders: pd.DataFrame | None, event: Days) -> bool:
    return orders is not None and bool(orders["paid_at"].dt.normalize().between(*_ends(event)).any())


# ---- out of stock ----------------------------------------------------------------------------------------------


def _seen(items: pd.DataFrame | None, span: Days) -> Days | None:
    """The days of the span whose items state units and visitors: without visitors no stop is seen."""
    if items is None:
        return None
    inside = items[items["date"].between(pd.Timestamp(span.start), pd.Timestamp(span.end))]
    inside = inside[inside["pay_units"].notna() & inside["visitors"].notna()]
    return None if inside.empty else Days(inside["date"].min().date(), inside["date"].max().date())


# ---- service and complaints ------------------------------------------------------------------------------------


def _hours(orders: pd.DataFrame | None, days: Days) -> float | None:
    """From payment to shipping of the middle order paid on these days: presales and orders closed before they were
    shipped are left out, one that waits still counts as longer than any. None where none was shipped, or the middle one
    waits."""
    if orders is None or not reach(orders["paid_at"], Dates(days.start, days.end)).value:
        return None
    paid = orders[orders["paid_at"].dt.normalize().between(*_ends(days)) & orders["counted"].fillna(False).astype(bool)]
    sent = paid["shipped_at"].notna()
    due = paid[~paid["presale"].fillna(False).astype(bool) & (sent | paid["status"].ne("closed").fillna(True))]
    if not due["shipped_at"].notna().any():
        return None
    waited = (due["shipped_at"] - due["paid_at"]).dt.total_seconds().fillna(float("inf")) / 3600
    middle = float(waited.median())
    return middle if np.isfinite(middle) else None


def _slowest(service: pd.DataFrame | None, event: Days) -> tuple[dt.date, float] | None:
    """By the people served; None where no day of the campaign states both."""
    if service is None:
        return None
    rows = service[service["date"].between(pd.Timestamp(event.start), pd.Timestamp(event.end))]
    rows = rows[rows["first_response_seconds"].notna() & (rows["served_users"] > 0)]
    if rows.empty:
        return None
    waited = (rows["first_response_seconds"] * rows["served_users"]).groupby(rows["date"]).sum()
    seconds = waited / rows.groupby("date")["served_users"].sum()
    return pd.Timestamp(seconds.idxmax()).date(), float(seconds.max())


def _ends(span: Days) -> tuple[pd.Timestamp, pd.Timestamp]:
    return pd.Timestamp(span.start), pd.Timestamp(span.end)
