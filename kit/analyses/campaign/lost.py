"""Operations of a campaign and the days after it: items out of stock and what they lost, shipping, service, complaints.

A stop is an item with visitors and no sale for two days or more (``kit.stats.stock_outs``); what it lost is told by
``kit.stats.lost_sales``. Hours within a day are not seen: item reports are daily.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kit.analyses.campaign import ordinary, sections
from kit.analyses.campaign.lost_page import exhibits, findings, missing
from kit.analyses.campaign.subjects import Campaign
from kit.findings import Shown
from kit.stats import kpis
from kit.stats.bases import Days
from kit.stats.day_runs import Flags, promotion_days
from kit.stats.kpi_days import Tables
from kit.stats.lost_sales import Lost, lost
from kit.stats.stock_outs import USUAL, Stop, stops

if TYPE_CHECKING:
    from kit.analyses.campaign import Result as Campaigns

__all__ = ["Result", "analyse", "show"]

NEAR = 28
"""Days to either side of a stop that say what is usual."""
DESK = ("shipped_in_time", "response_seconds", "satisfaction", "dsr_description", "dsr_service", "dsr_logistics")
"""Figures of ``kit.stats.kpis`` on shipping and service."""
ALL_BAD = 0.9
"""Part of bad reviews from which a file holds only these, and says nothing of how many there were."""
BAD_SCORE = 2


@dataclass(frozen=True)
class Out:
    """An item that stopped. ``lost``: None where too few other items sell to measure demand by; then the stop's own
    figure is a bound. ``price``: of a unit on usual days. ``stock``: what an inventory or the sheet of events says."""

    stop: Stop
    lost: Lost | None
    price: float
    stock: str

    @property
    def money(self) -> float:
        return self.lost.units * self.price if self.lost else self.stop.lost


@dataclass(frozen=True)
class Complaints:
    """Bad reviews of the campaign and the days after; ``per``: of all reviews, or a day where the file holds bad ones
    alone (``daily``); ``before``: the same before the campaign."""

    count: int
    per: float
    before: float | None
    daily: bool


@dataclass(frozen=True)
class Operations:
    """One campaign. ``span``: its days and those after as far as the data reach; ``seen``: the part of it that item
    reports cover, None without any. ``desk``: by KPI the value of the campaign days and of the days before.
    ``slowest``: day and seconds of the longest wait for a first answer. ``paid``: amount of the campaign days.
    ``orders``: whether there are orders of the campaign days."""

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


@dataclass(frozen=True)
class Result:
    campaigns: tuple[Operations, ...]


def analyse(
    found: Campaigns,
    tables: Tables,
    promotions: pd.DataFrame,
    reviews: pd.DataFrame | None = None,
    events: pd.DataFrame | None = None,
) -> Result:
    """Of each of ``found``'s campaigns. ``tables``: those of ``kit.stats.kpi_parts.USED``, whose item_daily may reach
    beyond the campaign; ``promotions``: columns of ``kit.calendar.promotions``; ``events``: the canonical sheet."""
    made = (_operations(r.campaign, r.until, tables, promotions, reviews, events) for r in found.reviews)
    return Result(tuple(made))


def show(result: Result) -> Shown:
    """Stops with their loss, service, complaints; and by name what is missing for each."""
    said = [(one, findings(one)) for one in result.campaigns]
    return sections.together("lost", [(one.campaign, told, exhibits(one, told), missing(one)) for one, told in said])


def _operations(
    campaign: Campaign,
    until: dt.date,
    tables: Tables,
    promotions: pd.DataFrame,
    reviews: pd.DataFrame | None,
    events: pd.DataFrame | None,
) -> Operations:
    span = Days(campaign.opening, until)
    before = ordinary.before(campaign.event)
    items = _of(tables.get("item_daily"), campaign.shop)
    now, then = (kpis.figures(tables, days.start, days.end) for days in (campaign.event, before))
    key = campaign.shop or kpis.TOTAL
    desk = {name: (_value(now, key, name), _value(then, key, name)) for name in DESK}
    return Operations(
        campaign,
        span,
        _seen(items, span),
        tuple(_outs(items, tables.get("inventory"), events, promotions, span)),
        desk,
        before,
        _slowest(_of(tables.get("service_daily"), campaign.shop), campaign.event),
        _complaints(_of(reviews, campaign.shop), span, before),
        _value(now, key, "pay_amount"),
        _ordered(_of(tables.get("orders"), campaign.shop), campaign.event),
    )


def _of(table: pd.DataFrame | None, shop: str) -> pd.DataFrame | None:
    """The shop's rows; None without any."""
    rows = table if table is None or not shop else table[table["shop"] == shop]
    return None if rows is None or rows.empty else rows


def _ordered(orders: pd.DataFrame | None, event: Days) -> bool:
    return orders is not None and bool(orders["paid_at"].dt.normalize().between(*_ends(event)).any())


def _value(found: Mapping[str, kpis.Figures], shop: str, name: str) -> float | None:
    figure = found.get(shop, {}).get(name)
    return figure.value if figure else None


# ---- out of stock ----------------------------------------------------------------------------------------------


def _seen(items: pd.DataFrame | None, span: Days) -> Days | None:
    """The days of the span whose items state units and visitors: without visitors no stop is seen."""
    if items is None:
        return None
    inside = items[items["date"].between(pd.Timestamp(span.start), pd.Timestamp(span.end))]
    inside = inside[inside["pay_units"].notna() & inside["visitors"].notna()]
    return None if inside.empty else Days(inside["date"].min().date(), inside["date"].max().date())


def _outs(
    items: pd.DataFrame | None,
    inventory: pd.DataFrame | None,
    events: pd.DataFrame | None,
    promotions: pd.DataFrame,
    span: Days,
) -> Iterable[Out]:
    """Every stop, the largest loss first."""
    found = stops(items, inventory, promotions, span.start, span.end)
    stopped = {stop.item_id for stop in found}
    made = [_out(stop, items, stopped - {stop.item_id}, events, promotions) for stop in found if items is not None]
    return sorted(made, key=lambda one: (-one.money, one.stop.item_id))


def _out(
    stop: Stop, items: pd.DataFrame, others: set[str], events: pd.DataFrame | None, promotions: pd.DataFrame
) -> Out:
    """With what it lost, held against the days near it that are like it: of a promotion, or of none. Items that
    stopped themselves say nothing of demand."""
    near = pd.Timedelta(days=NEAR)
    first, last = pd.Timestamp(stop.first), pd.Timestamp(stop.last)
    rows = items[(items["shop"] == stop.shop) & ~items["item_id"].isin(others)]
    rows = rows[rows["date"].between(first - near, last + near)]
    units, paid = (_by_day(rows, name) for name in ("pay_units", "pay_amount"))
    days = pd.DatetimeIndex(units.index)
    out = np.asarray((days >= first) & (days <= last))
    usual = _usual(units[stop.item_id].to_numpy(float), out, promotion_days(promotions, stop.platform, days))
    sold = float(units[stop.item_id].to_numpy(float)[usual].sum())
    price = float(paid[stop.item_id].to_numpy(float)[usual].sum()) / sold if sold else 0.0
    at = list(units.columns).index(stop.item_id)
    found = lost(units.to_numpy(float), at, out, usual) if sold else None
    return Out(stop, found, price, _stock(stop, events))


def _stock(stop: Stop, events: pd.DataFrame | None) -> str:
    """By the inventory, else ``told`` where the sheet of events says that something of the shop ran out."""
    if stop.stock != "unknown" or events is None or events.empty:
        return stop.stock
    outs = events[(events["kind"] == "stock_out") & events["shop"].fillna("").isin(["", stop.shop])]
    until = outs["end"].fillna(outs["start"])
    on = (outs["start"] <= pd.Timestamp(stop.last)) & (until >= pd.Timestamp(stop.first))
    return "told" if on.any() else stop.stock


def _by_day(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Items as columns; one without a row sold nothing on that day."""
    return rows.pivot_table(index="date", columns="item_id", values=column, aggfunc="sum", observed=True).fillna(0.0)


def _usual(units: np.ndarray, out: Flags, promoted: Flags) -> Flags:
    """Days on which the item sold, of the stop's own kind where there are enough of them."""
    sold = ~out & (units > 0)
    alike = sold & (promoted == (promoted[out].mean() > 0.5))
    return alike if alike.sum() >= USUAL else sold


# ---- service and complaints ------------------------------------------------------------------------------------


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


def _complaints(reviews: pd.DataFrame | None, span: Days, before: Days) -> Complaints | None:
    """None without dated reviews in the span."""
    dated = None if reviews is None else reviews[reviews["reviewed_at"].notna()]
    if dated is None or dated.empty:
        return None
    bad = dated["sentiment"].eq("negative").fillna(False) | (dated["sentiment"].isna() & (dated["score"] <= BAD_SCORE))
    daily = float(bad.mean()) >= ALL_BAD
    now, then = (dated["reviewed_at"].dt.normalize().between(*_ends(days)) for days in (span, before))
    if not now.any():
        return None
    count = int((bad & now).sum())
    known = dated["reviewed_at"].min() <= pd.Timestamp(before.start) + pd.Timedelta(days=1) and then.any()
    per = count / (span.count if daily else int(now.sum()))
    earlier = int((bad & then).sum()) / (before.count if daily else int(then.sum())) if known else None
    return Complaints(count, per, earlier, daily)


def _ends(span: Days) -> tuple[pd.Timestamp, pd.Timestamp]:
    return pd.Timestamp(span.start), pd.Timestamp(span.end)
