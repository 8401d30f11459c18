"""How did the sales run day by day, and which days, items and hours stand out: promotions, stoppages, gaps, stock-outs.

A closed shop is a stoppage and no trend; a promotion's day is compared with its like of the year before or not at all
(``kit.stats.unusual``). What went on at the same time is told beside a day and named as no cause.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from kit.analyses.days import curve, marks
from kit.analyses.days.exhibits import exhibits
from kit.analyses.days.marks import Name
from kit.analyses.days.page import Result
from kit.analyses.days.sentences import findings
from kit.findings import Missing, Shown
from kit.stats import from_lines, hours, phases, stock_losses

__all__ = ["Result", "analyse", "show"]


def analyse(
    shop_daily: pd.DataFrame | None,
    promotions: pd.DataFrame,
    start: dt.date,
    end: dt.date,
    shops: Mapping[str, Name],
    orders: pd.DataFrame | None = None,
    item_daily: pd.DataFrame | None = None,
    inventory: pd.DataFrame | None = None,
    presale_daily: pd.DataFrame | None = None,
    campaigns: pd.DataFrame | None = None,
    events: pd.DataFrame | None = None,
    creator_deals: pd.DataFrame | None = None,
    holidays: pd.DataFrame | None = None,
    order_lines: pd.DataFrame | None = None,
) -> Result:
    """The days from ``start`` to ``end`` of every shop, from its daily figures or else its orders, or their lines.

    Canonical tables, or None; as much before ``start`` as there is, half a year is used. ``promotions``: columns of
    ``kit.calendar.promotions``, a year before ``start`` among them, ``holidays`` those of ``kit.calendar.holidays`` for
    the same days. ``shops``: names for people by the shop's key.
    """
    orders = from_lines.together(orders, order_lines)
    keys = {str(s) for t in (shop_daily, orders) if t is not None for s in t["shop"].dropna().unique()}
    own = marks.own_promotions(campaigns, sorted(keys))
    curves = tuple(curve.curves(shop_daily, orders, promotions, own, marks.festivals(holidays), start, end))
    spans = phases.on_any(promotions, (curve.platform for curve in curves))
    return Result(
        start,
        end,
        curves,
        tuple(stock_losses.outs(item_daily, inventory, events, promotions, [(start, end)])),
        tuple(marks.presales(curves, shop_daily, presale_daily, promotions, start, end)),
        hours.hours(orders, start, end),
        marks.marks(campaigns, events, creator_deals, start, end),
        tuple(span for span in spans if span.start <= end and span.end >= start),
        shops,
        item_daily is not None and not item_daily.empty,
    )


def show(result: Result) -> Shown:
    """The curve with its marks, and a table for each kind of thing that stands out."""
    if not result.curves:
        return Shown(missing=(Missing("review.days", "question.review.days", ("shop_daily", "orders")),))
    said = findings(result)
    lacks = () if result.items else (Missing("review.days.items", "question.review.days.items", ("item_daily",)),)
    return Shown(tuple(said), tuple(exhibits(result, said)), missing=lacks)
