"""Items that had visitors and stopped selling: from when to when, and what ordinary days would have brought at most."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.stats.day_runs import Run, promotions_of, runs, within

KEY = ["platform", "shop", "item_id"]
NEEDED = [*KEY, "date", "pay_units", "pay_amount", "visitors", "title", "article_no"]
LEAST_DAYS = 2
LEAST_UNITS = 10.0
"""Units that an item would usually have sold in its silent days: with fewer, nothing sold may be chance."""
NEAR = dt.timedelta(28)
"""Days before and after the period that tell an item's usual with it: a week of a promotion has no ordinary day."""
USUAL = 5
"""Ordinary days that an item needs for its usual; with fewer, promotion days count, too."""


@dataclass(frozen=True)
class Stop:
    """An item without a sale from ``first`` to ``last``. ``lost``: usual sales × days, at most, because buyers may take
    another item. ``stock``: zero, left or unknown, by an inventory of those days. ``visitors``: sum of the days."""

    platform: str
    shop: str
    item_id: str
    article_no: str | None
    title: str
    first: dt.date
    last: dt.date
    visitors: float
    usual_units: float
    lost: float
    stock: str

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def stops(
    items: pd.DataFrame | None,
    inventory: pd.DataFrame | None,
    promotions: pd.DataFrame,
    start: dt.date,
    end: dt.date,
) -> list[Stop]:
    """Every stop in the period, the largest loss first; of daily items with units and visitors."""
    if items is None or items.empty:
        return []
    near = items["date"].between(pd.Timestamp(start - NEAR), pd.Timestamp(end + NEAR)) & items["pay_units"].notna()
    asked = items.loc[near, [name for name in NEEDED if name in items]]
    silent = asked["date"].between(pd.Timestamp(start), pd.Timestamp(end)) & asked["pay_units"].eq(0)
    asked = asked[asked["item_id"].isin(asked.loc[silent, "item_id"])]
    promoted = {platform: promotions_of(promotions, platform) for platform in asked["platform"].unique()}
    found: list[Stop] = []
    for (platform, shop, item), rows in asked.groupby(KEY, sort=True):
        found += _of_item(str(platform), str(shop), str(item), rows, inventory, promoted[platform], (start, end))
    return sorted(found, key=lambda stop: (-stop.lost, stop.item_id))


def _of_item(
    platform: str,
    shop: str,
    item: str,
    rows: pd.DataFrame,
    inventory: pd.DataFrame | None,
    promoted: Iterable[Run],
    period: Run,
) -> Iterable[Stop]:
    rows = rows.drop_duplicates("date").set_index("date").sort_index()
    units, visitors = rows["pay_units"].to_numpy(float), rows["visitors"].fillna(0.0).to_numpy(float)
    silent = (units == 0) & (visitors > 0)
    inside = (rows.index >= pd.Timestamp(period[0])) & (rows.index <= pd.Timestamp(period[1]))
    if not silent[inside].any():
        return
    ordinary = ~silent & ~within(pd.DatetimeIndex(rows.index), promoted)
    ordinary = ordinary if ordinary.sum() >= USUAL else ~silent
    if not ordinary.any():
        return
    usual, amount = float(np.median(units[ordinary])), float(rows["pay_amount"].to_numpy(float)[ordinary].mean())
    title, article = (_last(rows, name) for name in ("title", "article_no"))
    for first, last in runs([day.date() for day in rows.index[inside]], silent[inside]):
        days = (last - first).days + 1
        if days >= LEAST_DAYS and usual * days >= LEAST_UNITS:
            seen = float(rows["visitors"][pd.Timestamp(first) : pd.Timestamp(last)].sum())
            stock = _stock(inventory, {item, article}, (first, last))
            about = (platform, shop, item, article, title or item, first, last)
            yield Stop(*about, seen, usual, round(amount * days, 2), stock)


def _last(rows: pd.DataFrame, name: str) -> str | None:
    known = rows[name].dropna() if name in rows else pd.Series(dtype=object)
    return str(known.iloc[-1]) if len(known) else None


def _stock(inventory: pd.DataFrame | None, names: set[str | None], span: Run) -> str:
    """What an inventory of one of these days says of the item under any of its numbers."""
    if inventory is None or inventory.empty:
        return "unknown"
    dated = inventory["date"].between(pd.Timestamp(span[0]), pd.Timestamp(span[1]))
    ours = inventory["merchant_sku"].isin(names) | inventory["style_no"].isin(names)
    stated = inventory[dated & ours]["stock_available"].dropna()
    return "unknown" if stated.empty else "zero" if (stated <= 0).any() else "left"
