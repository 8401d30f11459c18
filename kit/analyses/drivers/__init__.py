"""Why did the sales change: visitors, conversion and revenue per buyer, shop by shop, source by source, item by item.

A split is arithmetic and names no cause: the parts are those of a sum (``kit.stats.bridge``, ``kit.stats.mix``). Which
spans compare is decided in ``kit.stats.bases``; figures are those of ``kit.stats.kpis``. Visitors are never added over
shops: what their number did in all shops is the sum of what it did in each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from kit.analyses.drivers import parts, tree
from kit.analyses.drivers.exhibits import by_part, by_source, exhibits
from kit.analyses.drivers.page import Name, Page, Result, base_arg, named
from kit.analyses.drivers.sentences import findings, mixed, moved
from kit.findings import Missing, Note, Severity, Shown
from kit.stats import kpis, phases
from kit.stats.bases import Days, bases

__all__ = ["Result", "analyse", "show"]


def analyse(
    tables: kpis.Tables,
    promotions: pd.DataFrame,
    start: dt.date,
    end: dt.date,
    shops: Mapping[str, Name],
    missed: tuple[str, Severity] | None = None,
) -> Result:
    """The change of paid sales from ``start`` to ``end`` against the period before and a year before; of the days so
    far, where the data end sooner.

    ``tables``: canonical tables by name (``kpi_parts.USED``). ``promotions``: columns of ``kit.calendar.promotions``, a
    year before ``start`` among them. ``shops``: names for people by the shop's key.
    ``missed``: the shop furthest from a goal that was missed, or blank for all of them, and how much that weighs: what
    moved its sales weighs as much.
    """
    ours = kpis.shops(tables)
    if not ours:
        return Result(Days(start, end), (), (), (), (), shops, False)
    end = min(end, max(start, _last(tables)))
    events = phases.on_any(promotions, ours.values())
    asked = bases(start, end, events)
    promoted = {base: (base.now.promoted(events), base.then.promoted(events)) for base in asked}
    trees = tuple(tree.read(tables, asked, promoted))
    used = [one.base for one in trees]
    by_source = parts.sources(tables.get("traffic_source"), tables.get("traffic_source_period"), used)
    sold = (tables.get("item_daily"), tables.get("order_lines"))
    made = [part for base in used for part in parts.parts(*sold, base, [*ours])]
    return Result(Days(start, end), asked, trees, tuple(by_source), tuple(made), shops, True, missed)


def _last(tables: kpis.Tables) -> dt.date:
    """The last day with sales stated, of any shop: what the daily figures say, else the orders, else their lines."""
    for name, times in (("shop_daily", ["date"]), ("orders", ["paid_at"]), ("order_lines", ["paid_at", "created_at"])):
        rows = tables.get(name)
        if rows is not None:
            stated = rows[rows["pay_amount"].notna()] if name == "shop_daily" else rows
            last = stated[times].max().max()
            if pd.notna(last):
                return last.date()
    return dt.date.min


def show(result: Result) -> Shown:
    """A waterfall and tables a comparison; what sources or items did where their tables have both spans."""
    if not result.trees:
        return Shown(missing=(_none(result),))
    pages = [Page(result, one) for one in result.trees]
    said = [findings(page) for page in pages]
    shown = [e for page, found in zip(pages, said, strict=True) for e in exhibits(page, found)]
    told = [f for one in result.parts for f in moved(one)]
    every = [*(f for found in said for f in found), *(mixed(result, one) for one in result.sources), *told]
    keys = {f.key for f in told}
    shown += [by_source(result, one) for one in result.sources]
    shown += [e for e in map(by_part, result.parts) if e.key in keys]
    return Shown(tuple(every), tuple(shown), missing=tuple(_missing(result)))


def _none(result: Result) -> Missing:
    """There are no sales by day, or not those of both spans of any comparison."""
    base = {"period": named(result.period), "base": base_arg(result.asked[0])} if result.asked else {}
    reason = Note("r.treenone", base) if result.daily and base else None
    return Missing("review.drivers", "question.review.drivers", ("shop_daily", "orders"), reason)


def _missing(result: Result) -> list[Missing]:
    """What the exports at hand leave open."""
    lacks = []
    if not result.sources:
        lacks.append(("sources", "traffic_source"))
    if not result.parts:
        lacks.append(("items", "item_daily"))
    return [Missing(f"review.drivers.{n}", f"question.review.drivers.{n}", (table,)) for n, table in lacks]
