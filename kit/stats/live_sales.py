"""Each shop's live sales of some days: rooms of a kind, their funnel, and creators' deals with what they returned."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from kit.stats import creator_deals, live_rooms
from kit.stats.bases import Days
from kit.stats.creator_deals import Deal
from kit.stats.live_rooms import Rooms, Sums

SLACK = pd.Timedelta(days=7)
"""A file whose first session lies later than this in a span does not reach it all."""


@dataclass(frozen=True)
class Shop:
    """One shop's live sales. ``days``: those of the period that its file reaches. ``total``: all rooms. ``subsidised``:
    sales are those that the platform counts, its own part of the price in them, as what users paid is not stated."""

    shop: str
    days: Days
    rooms: tuple[Rooms, ...]
    total: Sums
    deals: tuple[Deal, ...]
    subsidised: bool


def live_sales(
    rows: pd.DataFrame,
    deals: pd.DataFrame | None,
    days: Days,
    base: Days | None,
    cutoff: dt.date,
    open_days: int,
    order_lines: pd.DataFrame | None = None,
    costs: pd.DataFrame | None = None,
) -> tuple[Shop, ...]:
    """Shops with sessions in ``days`` or deals that ended in them; ``rows`` from ``live_rooms.sessions``.

    Canonical tables, or None. ``base``: the days before that funnels are held against. ``cutoff``: the last day of the
    data, to which refunds are known; they come in for ``open_days`` after a session.
    """
    sheet = None if deals is None or deals.empty else deals
    rows = rows.assign(kind=live_rooms.kinds(rows, sheet), age=(pd.Timestamp(cutoff) - rows["day"]).dt.days)
    agreed = creator_deals.placed(sheet, rows) if sheet is not None else creator_deals.NONE
    even, known = creator_deals.even(order_lines, costs, days), Days(days.start, min(days.end, cutoff))
    made = []
    for shop in sorted({*rows["shop"], *agreed["shop"]}):
        parts = rows[rows["shop"] == shop], agreed[agreed["shop"] == shop]
        made.append(_shop(shop, *parts, known, base, open_days, even))
    return tuple(one for one in made if one.total.sessions or one.deals)


def _shop(
    shop: str,
    rows: pd.DataFrame,
    agreed: pd.DataFrame,
    days: Days,
    base: Days | None,
    open_days: int,
    even: creator_deals.BreakEven,
) -> Shop:
    subsidised = not bool(rows["user_paid_amount"].notna().all())
    rows = rows.assign(paid=rows["live_gmv"] if subsidised else rows["user_paid_amount"])
    first = rows["day"].min() if len(rows) else pd.Timestamp(days.start)
    now = live_rooms.within(rows, days)
    before = live_rooms.within(rows, base) if base and first < pd.Timestamp(base.start) + SLACK else rows.iloc[:0]
    made = creator_deals.read(shop, rows, agreed, days, open_days, even)
    late = pd.Timestamp(days.start) + SLACK <= first <= pd.Timestamp(days.end)
    reached = Days(first.date(), days.end) if late else days
    return Shop(shop, reached, live_rooms.rooms(now, before), live_rooms.sums(now), made, subsidised)
