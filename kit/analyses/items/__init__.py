"""What sold: how few items bring most of it, which grow and which lag, whose price moved, whose refunds stand out.

The matrix of growth and sales parts a shop's items at their own medians: half of them always lag. It is a way to sort
and no verdict; an item is only said to have moved, or to be refunded more, where it is unlike the shop's other items.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from kit.analyses.items.exhibits import exhibits
from kit.analyses.items.sentences import findings
from kit.analyses.items.sold import RATE, Item, Result, ShopItems, read
from kit.findings import Missing, Shown

__all__ = ["Item", "Result", "ShopItems", "analyse", "show"]


def analyse(
    item_daily: pd.DataFrame | None,
    order_lines: pd.DataFrame | None,
    refunds: pd.DataFrame | None,
    start: dt.date,
    end: dt.date,
    shops: Mapping[str, Any],
    *,
    false_discovery: float = RATE,
) -> Result:
    """Each shop's items from ``start`` to ``end`` and in the period before; canonical tables, or None.

    Both periods come from one table: the item report if it has every day of both, else the order lines if they reach
    over both, else whichever has the period, without a comparison. ``shops``: each shop's name by its key.
    ``false_discovery``: the largest expected share of false claims among items that are said to be refunded more.
    """
    return read(item_daily, order_lines, refunds, start, end, shops, false_discovery)


def show(result: Result) -> Shown:
    """By shop: how concentrated its sales are, what is unlike the rest; the items as a table."""
    if not result.shops:
        return Shown(missing=(Missing("review.items", "question.review.items", ("item_daily",)),))
    found = findings(result)
    return Shown(found, tuple(exhibits(result, found)))
