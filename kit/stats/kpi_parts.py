"""What a shop's figures are made of: sums over the days of a period, from canonical tables, with what they lack.

A sum with a missing day is no sum of the period: it is withheld, and the number of missing days says why. Of unique
visitors and buyers the sums of days hold people more than once; they serve as a denominator or for an average day and
are never shown as such. A row of ``shop_period`` that is exactly the period counts each person once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Set
from functools import cached_property

import numpy as np
import pandas as pd

from kit.stats import kpi_ads, kpi_orders, kpi_sources, kpi_supply, refund_cases
from kit.stats.kpi_days import ABSENT, Dates, Part, Tables, rows_of, summed, weighted

USED = (
    "shop_daily",
    "shop_period",
    "orders",
    "order_lines",
    "refunds",
    "ads_daily",
    "service_daily",
    "item_daily",
    "members_monthly",
    "traffic_source",
    "traffic_source_period",
    "inventory",
)
"""The tables that figures come from."""
COLUMNS = {
    "orders": (
        *("platform", "shop", "order_id", "buyer_key", "paid_at", "paid_amount", "counted", "aftersale"),
        *("refund_amount", "status", "shipped_at", "presale"),
    ),
    "refunds": ("shop", "status", "applied_at", "refunded_at", "paid_at", "refund_amount"),
    "order_lines": (
        *("platform", "shop", "order_id", "kind", "excluded", "status", "created_at", "paid_at", "paid_amount"),
        *("line_amount", "quantity", "shipped_at"),
    ),
    "item_daily": ("platform", "shop", "date", "item_id", "pay_amount"),
    "ads_daily": ("platform", "shop", "tool", "breakdown", "window_days", "date", "spend", "ad_gmv"),
}
"""What figures need of the widest tables: from fewer columns rows are picked faster."""
WHOLE = ("order_lines", "inventory")
"""Those of them that are no shop's own: lines serve where orders don't, and stock belongs to all shops."""
MADE_OF = {"refunded": "refunds"}
"""What ``of_shop`` makes of a table beside it."""

PEOPLE = ("visitors", "pay_buyers", "new_buyers", "cart_users", "impression_users", "item_click_users")
SUMS = ("pay_amount", "refund_amount", "pageviews", "pay_units", *PEOPLE)
WEIGHTED = {"stay": ("avg_stay_seconds", "visitors"), "bounced": ("bounce_rate", "visitors")}
"""A daily average or rate times what it is an average over, so that it adds up."""
SERVED = {"response": ("first_response_seconds", "served_users"), "satisfied": ("satisfaction_rate", "served_users")}
SCORES = ("dsr_description", "dsr_service", "dsr_logistics")
SERVICE = ("served_users", *SERVED, *SCORES)
ITEMS = ("items_listed", "items_sold")
MONEY = ("pay_amount", "refund_amount")
"""What other parts are made of."""


def shops(tables: Tables) -> dict[str, str]:
    """The shops that sell anything in ``tables``, each with its platform."""
    return {key: shop.platform for key, shop in tables.shops.items()} if isinstance(tables, Books) else _shops(tables)


def _shops(tables: Tables) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("shop_daily", "order_lines", "orders"):
        frame = tables.get(name)
        if frame is not None and not frame.empty:
            found |= dict(frame[["shop", "platform"]].drop_duplicates("shop").itertuples(index=False, name=None))
    return dict(sorted(found.items()))


def of_shop(tables: Tables, shop: str) -> Tables:
    """The rows of one shop in the tables that figures come from; its order lines, ``dated``, where it has no orders,
    else as the ``units`` of these, and as the time when they were shipped where these do not say it."""
    if isinstance(tables, Books) and shop in tables.shops:
        return tables.shops[shop].tables
    return _of_shop(tables, shop)


def _of_shop(tables: Tables, shop: str) -> Tables:
    there = {name: frame for name in USED if (frame := tables.get(name)) is not None}
    own: dict[str, pd.DataFrame | None] = {
        name: frame[frame["shop"] == shop] for name, frame in there.items() if name not in WHOLE
    }
    if "order_lines" in there:
        orders, lines = rows_of(own, "orders"), there["order_lines"][there["order_lines"]["shop"] == shop]
        if orders is None:
            own["order_lines"] = kpi_orders.dated(lines)
        else:
            own["orders"] = kpi_supply.with_shipping(kpi_orders.with_units(orders, lines), lines)
    return own | {name: frame for name, frame in _sorted(own)}


def _sorted(own: Tables) -> Iterable[tuple[str, pd.DataFrame]]:
    """The longest tables in the order in which periods are cut out of them (``Dates.of``), refunds with those that were
    paid back beside them, and of two more what would be found out of every period anew."""
    if (orders := rows_of(own, "orders")) is not None:
        yield "orders", kpi_orders.in_order(kpi_orders.numbered(orders), "paid_at")
    if (items := rows_of(own, "item_daily")) is not None:
        yield "item_daily", kpi_orders.in_order(items, "date")
    if (refunds := rows_of(own, "refunds")) is not None:
        yield "refunds", refunds.assign(since=refunds[["applied_at", "refunded_at"]].min(axis=1))
        yield "refunded", kpi_orders.in_order(refund_cases.done(refunds), "refunded_at")
    if (ads := rows_of(own, "ads_daily")) is not None:
        yield "ads_daily", kpi_ads.with_ways(ads)
    if (service := rows_of(own, "service_daily")) is not None:
        yield "service_daily", kpi_orders.in_order(service.assign(whole=service["agent"] == ""), "date")


class Shop:
    """One shop: its platform, its own ``tables`` (``of_shop``), and the parts of its figures over any days, each added
    up once."""

    def __init__(self, tables: Tables, platform: str) -> None:
        self.platform, self.tables = platform, tables
        self._daily: dict[Dates, dict[str, Part]] = {}

    def daily(self, days: Dates, periods: bool, wanted: Set[str] | None = None) -> dict[str, Part]:
        """``daily_parts`` of the shop, and its money by source: from a row of exactly the period where ``periods``."""
        parts = self._daily.get(days) or daily_parts(self.tables, days, self.platform, wanted)
        if wanted is None:
            self._daily[days] = parts
        elif wanted.isdisjoint(kpi_sources.NAMES):
            return parts
        return parts | kpi_sources.mix(self.tables, days, parts.get("pay_amount", Part(None, ABSENT)), periods)

    def only(self, names: Collection[str]) -> Shop:
        """Of its tables those alone, and what is made of them."""
        return Shop({n: frame for n, frame in self.tables.items() if MADE_OF.get(n, n) in names}, self.platform)

    def exact(self, days: Dates) -> dict[str, Part]:
        """``period_parts`` of the shop."""
        return period_parts(self.tables, days)


class Books(dict[str, pd.DataFrame | None]):
    """Canonical tables by name, which nobody changes any more: rows are picked and parts added up once for all who ask
    for figures of them."""

    @cached_property
    def shops(self) -> dict[str, Shop]:
        """Every shop by its key."""
        picked = {name: _picked(frame, COLUMNS.get(name)) for name, frame in self.items() if frame is not None}
        return {shop: Shop(_of_shop(picked, shop), platform) for shop, platform in _shops(self).items()}

    def only(self, names: Collection[str]) -> Books:
        """Of its tables those alone, for figures that need no others over days for which nobody else asks: fewer parts
        are added up, and the rows are already picked. Orders count with their lines, so both are named or neither."""
        few = Books({name: self.get(name) for name in names})
        few.shops = {shop: self.shops[shop].only(names) for shop in _shops(few)}
        return few

    @cached_property
    def shelf(self) -> kpi_supply.Shelf:
        """Stock, which belongs to all shops, and what was sold of it."""
        return kpi_supply.Shelf(self)


def _picked(frame: pd.DataFrame, columns: Iterable[str] | None) -> pd.DataFrame:
    return frame if columns is None else frame[[column for column in columns if column in frame]]


def daily_parts(tables: Tables, days: Dates, platform: str, wanted: Set[str] | None = None) -> dict[str, Part]:
    """Every part of one shop (``tables`` hold its rows alone) as sums over days, but for its money by source; if
    some are ``wanted``, at least those."""

    def asked(*names: str) -> bool:
        return wanted is None or not wanted.isdisjoint(names)

    daily = rows_of(tables, "shop_daily")
    stated = days.of(daily) if daily is not None else None
    if stated is None or stated.empty or not stated["pay_amount"].notna().any():
        parts = kpi_orders.sales(tables, days)
    else:
        parts = {name: summed(stated, name, days) for name in SUMS if name in MONEY or asked(name)}
        parts |= {name: weighted(stated, *pair, days) for name, pair in WEIGHTED.items() if asked(name)}
        own = kpi_orders.All(rows_of(tables, "orders"), parts["pay_amount"], days)
        if asked("orders"):
            parts["orders"] = kpi_orders.orders_of(stated, own, days, platform)
        if asked("pay_units"):
            parts["pay_units"] = kpi_orders.units_of(stated, own, days)
    if asked(*SERVICE):
        parts |= _service(rows_of(tables, "service_daily"), days)
    if asked(*kpi_orders.REPEATED):
        parts |= kpi_orders.repeated(rows_of(tables, "orders"), days)
    if asked("refund_amount", "refunded", "gsv"):
        parts["refund_amount"] = kpi_orders.refunded(parts.get("refund_amount"), tables, days)
        parts["refunded"] = kpi_orders.refunded_of_payments(tables, days)
        parts["gsv"] = kpi_orders.net(parts)
    if wanted is None or any(name.startswith(kpi_ads.SPENT) for name in wanted):
        parts |= kpi_ads.advertised(rows_of(tables, "ads_daily"), days)
    parts["days"] = Part(float(days.count))
    if asked(*kpi_supply.SHIPPED):
        parts |= kpi_supply.shipped(tables, days)
    if asked(*ITEMS):
        parts |= _items(rows_of(tables, "item_daily"), days)
    return parts | (_members(rows_of(tables, "members_monthly"), days) if asked("member_amount") else {})


def period_parts(tables: Tables, days: Dates) -> dict[str, Part]:
    """What a row of ``shop_period`` that is exactly the period states, each person counted once."""
    rows = rows_of(tables, "shop_period")
    if rows is None or days.without:
        return {}
    exact = rows[(rows["start"] == pd.Timestamp(days.start)) & (rows["end"] == pd.Timestamp(days.end))]
    if len(exact) != 1:
        return {}
    row = exact.iloc[0]
    found = {name: Part(float(row[name]), once=name in PEOPLE) for name in SUMS if pd.notna(row.get(name))}
    for name, (value, weight) in WEIGHTED.items():
        if pd.notna(row.get(value)) and pd.notna(row.get(weight)):
            found[name] = Part(float(row[value] * row[weight]), once=True)
    return found


# ---- the rest --------------------------------------------------------------------------------------------------


def _service(service: pd.DataFrame | None, days: Dates) -> dict[str, Part]:
    """Answers weighted by the people served, scores as the mean of days: of the whole shop's rows, else its agents'."""
    rows = None if service is None else days.of(service)
    if rows is None or rows.empty:
        return dict.fromkeys(SERVICE, Part(None, ABSENT))
    whole = (rows["whole"] if "whole" in rows else rows["agent"] == "").to_numpy(bool)
    used = rows[whole] if whole.any() else rows
    answered = used[used["served_users"].notna() & used["first_response_seconds"].notna()]
    parts = {"served_users": summed(answered, "served_users", days)}
    parts |= {name: weighted(answered, *pair, days) for name, pair in SERVED.items()}
    once = (np.diff(used["date"].to_numpy()) > np.timedelta64(0)).all()
    daily = used if once else used.groupby("date", as_index=False)[list(SCORES)].mean()
    return parts | {name: summed(daily, name, days) for name in SCORES}


def _items(items: pd.DataFrame | None, days: Dates) -> dict[str, Part]:
    """Items on the shelf in the period, and those of them that sold: an item counts once."""
    rows = None if items is None else days.of(items)
    if rows is None or rows.empty:
        return dict.fromkeys(ITEMS, Part(None, ABSENT))
    listed = summed(rows, "pay_amount", days)
    if listed.value is None:
        return dict.fromkeys(ITEMS, listed)
    sold = rows[rows["pay_amount"] > 0]["item_id"].nunique()
    return {"items_listed": Part(float(rows["item_id"].nunique())), "items_sold": Part(float(sold))}


def _members(members: pd.DataFrame | None, days: Dates) -> dict[str, Part]:
    """What members paid, of whole months only: a sheet of months has no days."""
    if members is None or days.without:
        return {"member_amount": Part(None, ABSENT)}
    wanted = pd.date_range(days.start, days.end, freq="MS")
    whole = days.start.day == 1 and (days.end + dt.timedelta(1)).day == 1
    rows = members[members["month"].isin(wanted) & members["member_pay_amount"].notna()]
    if not whole or rows["month"].nunique() < len(wanted):
        return {"member_amount": Part(None, ABSENT)}
    return {"member_amount": Part(float(rows["member_pay_amount"].sum()))}
