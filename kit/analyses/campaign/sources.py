"""Where a campaign's sales came from: ad channels, kinds of traffic, new and returning buyers, items, provinces, rooms.

Each part is held against the days just before the campaign, as far as its own export reaches back; the change by
channel and by item against the days that the bridge compares with, where it does (``sources_split``). What a tool
credits to its ads is no increment, and tools credit by rules of their own: their sales are neither added nor ranked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from kit.analyses.campaign import ordinary, sections, sources_split_page, subjects
from kit.analyses.campaign.ordinary import of_shop, value
from kit.analyses.campaign.rooms_page import exhibits as room_exhibits
from kit.analyses.campaign.rooms_page import findings as room_findings
from kit.analyses.campaign.sources_items import Items, items
from kit.analyses.campaign.sources_page import exhibits, findings, missing
from kit.analyses.campaign.sources_split import Split, splits
from kit.analyses.campaign.subjects import Campaign
from kit.findings import Shown
from kit.stats import kpis, live_rooms
from kit.stats.bases import Days
from kit.stats.kpi_ads import one_way
from kit.stats.kpi_days import Dates, Tables, reach
from kit.stats.live_sales import Shop, live_sales

if TYPE_CHECKING:
    from kit.analyses.campaign import Result as Campaigns

__all__ = ["Result", "analyse", "show"]

OPEN_DAYS = 30
RATE = 0.05
KNOWN = 0.9
"""Part of the sales whose orders must state a province or channel."""
MIX = ("natural_share", "content_share", "promoted_share")
"""Figures of ``kit.stats.kpis`` on kinds of traffic."""


@dataclass(frozen=True)
class Channel:
    """An ad channel in the campaign. ``roi`` and ``before``: as its tool credits sales, in the campaign and on the days
    before it."""

    shop: str
    tool: str
    scene: str
    window: int | None
    spend: float
    share: float
    credited: float | None
    before: float | None

    @property
    def roi(self) -> float | None:
        return self.credited / self.spend if self.credited is not None and self.spend > 0 else None


@dataclass(frozen=True)
class Part:
    """One province or order channel: its amount, and its share of all orders, now and before (None if not known)."""

    name: str
    amount: float
    share: float
    before: float | None


@dataclass(frozen=True)
class Sources:
    """One campaign. ``mix``, ``new``: shares now and before; None where no export has them. ``new_a_day``: new buyers
    of an average day. ``visits``: whether traffic sources of any days are there. ``ordered``: the days before that
    orders reach. ``ways``: channels of orders. ``live``: None where no file of live sessions reaches the campaign.
    ``then``: the days that it compares with, those of the campaign ``earlier`` where that has a name; ``splits``: the
    change by channel and item."""

    campaign: Campaign
    before: Days
    channels: tuple[Channel, ...]
    mix: Mapping[str, tuple[float | None, float | None]]
    new: tuple[float | None, float | None]
    new_a_day: tuple[float | None, float | None]
    visits: bool
    items: Items | None
    ordered: Days | None
    provinces: tuple[Part, ...]
    ways: tuple[Part, ...]
    live: tuple[Shop, ...] | None
    then: Days
    earlier: str
    splits: tuple[Split, ...]


@dataclass(frozen=True)
class Result:
    """``as_of``: the day refunds are known to; they come in for ``open_days``. ``shops``: each shop's name by key."""

    campaigns: tuple[Sources, ...]
    as_of: dt.date
    open_days: int
    shops: Mapping[str, Any]


def analyse(
    found: Campaigns,
    tables: Tables,
    cutoff: dt.date,
    *,
    live_sessions: pd.DataFrame | None = None,
    live_daily: pd.DataFrame | None = None,
    creator_deals: pd.DataFrame | None = None,
    costs: pd.DataFrame | None = None,
    refund_open_days: int = OPEN_DAYS,
    false_discovery: float = RATE,
) -> Result:
    """Of each of ``found``'s campaigns. ``tables``: those of ``kit.stats.kpi_parts.USED``; the others canonical, or
    None. ``cutoff``: the last day of the data."""
    rows = live_rooms.sessions(live_sessions, live_daily)
    made = []
    for review in found.reviews:
        one = review.campaign
        rooms = _live(one, rows, creator_deals, tables, costs, cutoff, refund_open_days)
        made.append(_sources(one, review.earlier, tables, rooms, false_discovery))
    return Result(tuple(made), cutoff, refund_open_days, found.shops)


def show(result: Result) -> Shown:
    """The change by channel and item; channels, buyers, items, provinces, rooms, deals; what is missing for each."""
    parts: list[sections.Part] = []
    for one in result.campaigns:
        told, rooms = findings(result, one), room_findings(result, one)
        split = sources_split_page.findings(one)
        drawn = [*sources_split_page.exhibits(one, split), *exhibits(result, one, told)]
        drawn += room_exhibits(result, one, rooms)
        parts.append((one.campaign, (*split, *told, *rooms), drawn, missing(one)))
    return sections.together("sources", parts)


def _sources(
    one: Campaign, earlier: Campaign | None, tables: Tables, rooms: tuple[Shop, ...] | None, rate: float
) -> Sources:
    event, compared = one.event, earlier.event if earlier else subjects.base(one, None)
    before = ordinary.before(event)
    now, then = kpis.comparable(tables, [(event.start, event.end), (before.start, before.end)])
    orders = of_shop(tables.get("orders"), one.shop)
    return Sources(
        one,
        before,
        tuple(_channels(of_shop(tables.get("ads_daily"), one.shop), event, before)),
        {name: (value(now, one.shop, name), value(then, one.shop, name)) for name in MIX},
        (value(now, one.shop, "new_share"), value(then, one.shop, "new_share")),
        (_a_day(tables, one.shop, event), _a_day(tables, one.shop, before)),
        any(of_shop(tables.get(name), one.shop) is not None for name in ("traffic_source", "traffic_source_period")),
        items(of_shop(tables.get("order_lines"), one.shop), of_shop(tables.get("item_daily"), one.shop), event, rate),
        ordinary.reached(event, orders["paid_at"]) if orders is not None else None,
        tuple(_parts(orders, "province", event)),
        tuple(_parts(orders, "channel", event)),
        rooms,
        compared,
        earlier.name if earlier else "",
        splits(one, compared, tables),
    )


def _a_day(tables: Tables, shop: str, span: Days) -> float | None:
    """New buyers of an average day, where every day states them; of one shop: people of several are not added."""
    daily = of_shop(tables.get("shop_daily"), shop)
    if daily is None or daily["shop"].nunique() > 1:
        return None
    rows = daily[daily["date"].between(pd.Timestamp(span.start), pd.Timestamp(span.end)) & daily["new_buyers"].notna()]
    return float(rows["new_buyers"].mean()) if rows["date"].nunique() == span.count else None


# ---- channels, provinces ---------------------------------------------------------------------------------------


def _channels(ads: pd.DataFrame | None, event: Days, before: Days) -> Iterable[Channel]:
    """By spend; a channel of which a row states no spend is left out."""
    if ads is None:
        return
    rows = one_way(ads, event.start, event.end)
    sums = {}
    for key, own in rows.groupby(["shop", "tool", "scene"], sort=True):
        now, then = (own[own["date"].between(pd.Timestamp(s.start), pd.Timestamp(s.end))] for s in (event, before))
        spend = float(now["spend"].sum())
        if spend > 0 and now["spend"].notna().all():
            window = int(own["window_days"].iloc[0])
            sums[key] = window if window > 0 else None, spend, _credited(now), _roi(then)
    whole = sum(spend for _, spend, *_ in sums.values())
    for key, (days, spend, credited, roi) in sorted(sums.items(), key=lambda pair: (-pair[1][1], pair[0])):
        shop, tool, scene = map(str, key)
        yield Channel(shop, tool, scene, days, spend, spend / whole, credited, roi)


def _credited(rows: pd.DataFrame) -> float | None:
    return float(rows["ad_gmv"].sum()) if len(rows) and rows["ad_gmv"].notna().all() else None


def _roi(rows: pd.DataFrame) -> float | None:
    spend, credited = float(rows["spend"].sum()), _credited(rows)
    return credited / spend if credited is not None and spend > 0 else None


def _parts(orders: pd.DataFrame | None, column: str, event: Days) -> Iterable[Part]:
    """What was paid by province or channel, where orders of ``KNOWN`` of the sales state it."""
    base = None if orders is None else ordinary.reached(event, orders["paid_at"])
    now, then = (_by(orders, column, Dates(s.start, s.end)) if s else None for s in (event, base))
    if now is None:
        return
    for name, amount in now.sort_values(ascending=False, kind="stable").items():
        part = None if then is None else float(then.get(name, 0.0)) / float(then.sum())
        yield Part(str(name), float(amount), float(amount) / float(now.sum()), part)


def _by(orders: pd.DataFrame | None, column: str, days: Dates) -> pd.Series | None:
    if orders is None or not reach(orders["paid_at"], days).value:
        return None
    paid = days.of(orders[orders["counted"].fillna(False).astype(bool)], "paid_at")
    known = paid[paid[column].notna()]
    if known.empty or known["paid_amount"].sum() < KNOWN * paid["paid_amount"].sum():
        return None
    return known.groupby(column)["paid_amount"].sum()


# ---- live ------------------------------------------------------------------------------------------------------


def _live(
    one: Campaign,
    rows: pd.DataFrame | None,
    deals: pd.DataFrame | None,
    tables: Tables,
    costs: pd.DataFrame | None,
    cutoff: dt.date,
    open_days: int,
) -> tuple[Shop, ...] | None:
    """The campaign's shops that held sessions in it, or whose deals ended in it."""
    days = Days(one.event.start, one.event.end)
    if rows is None or rows["day"].min() > pd.Timestamp(days.end):
        return None
    found = live_sales(rows, deals, days, None, cutoff, open_days, tables.get("order_lines"), costs)
    return tuple(shop for shop in found if one.shop in ("", shop.shop))
