"""Who bought again: twice within the period, or after having bought in the days before it."""

from __future__ import annotations

import pandas as pd

from kit.analyses.buyers.result import Again, Back
from kit.stats.bases import Days
from kit.stats.kpi_days import Dates, Tables, reach, rows_of

LEVEL = 0.95


def bought_again(shop: str, own: Tables, days: Days, base: Days | None) -> Back | None:
    """From the shop's orders (``own`` holds its rows alone): None where they do not cover the period, or do not tell
    every buyer apart."""
    orders = rows_of(own, "orders")
    now = None if orders is None else _buyers(orders, days)
    if orders is None or now is None or now.empty:
        return None
    times = now.groupby("buyer_key")["order_id"].nunique()
    before = _buyers(orders, base) if base else None
    comeback = None
    if before is not None and not before.empty:
        earlier = before["buyer_key"].unique()
        comeback = again(len(earlier), int(pd.Series(earlier).isin(times.index).sum()))
    return Back(shop, again(len(times), int((times > 1).sum())), comeback, base)


def again(n: int, k: int) -> Again:
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(k, n, 1 - LEVEL, "wilson")
    return Again(n, k, float(low), float(high))


def _buyers(orders: pd.DataFrame, days: Days) -> pd.DataFrame | None:
    """Orders paid in ``days``; None unless the file reaches around them and each has its buyer."""
    span = Dates(days.start, days.end)
    if not reach(orders["paid_at"], span).value:
        return None
    paid = span.of(orders[orders["counted"].fillna(False)], "paid_at")
    return None if paid["buyer_key"].isna().any() else paid
