"""New against returning buyers: heads and money of the spans that are compared.

Where the shop's daily figures do not say who is new, the orders do if they reach far enough back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from kit.analyses.buyers.result import Beyond, Heads, Line, Split
from kit.stats.bases import Base, Days
from kit.stats.kpi_days import Dates, Tables, reach, rows_of, summed
from kit.stats.kpi_parts import period_parts

PEOPLE = ("new_buyers", "pay_buyers")


def split(shop: str, own: Tables, days: Days, compared: Sequence[Base], line: Line) -> Split | None:
    """One shop's (``own`` holds its rows alone), counted as ``line`` counts its new-buyer share; its verdict is that
    line's, so that the scorecard says the same."""
    once = bool(line.figure.deduplicated)
    now = heads(own, days, once)
    if now is None:
        return None
    pairs = {}
    for base in compared:
        one, other = heads(own, base.now, once), heads(own, base.then, once)
        if base.name in line.changes and one and other:
            pairs[base.name] = one, other
    usual = Beyond(line.usual.value, line.usual.limits, line.usual.side) if line.usual else None
    return Split(shop, now, pairs, usual)


def heads(own: Tables, days: Days, once: bool) -> Heads | None:
    """Buyers of ``days`` where every day states them, or a row of exactly these days where ``once``."""
    span = Dates(days.start, days.end)
    rows = _exact(own, days) if once else _daily(own, span)
    parts = period_parts(own, span) if once else {name: summed(rows, name, span) for name in PEOPLE}
    new, buyers = (parts[name].value if name in parts else None for name in PEOPLE)
    if new is None or not buyers:
        return None
    paid, returning = (_money(rows, name, span, once) for name in ("pay_amount", "returning_pay_amount"))
    per = 1 if once else days.count
    return Heads(new / per, (buyers - new) / per, paid, returning, once)


def _daily(own: Tables, span: Dates) -> pd.DataFrame:
    rows = rows_of(own, "shop_daily")
    return pd.DataFrame() if rows is None else span.of(rows)


def _exact(own: Tables, days: Days) -> pd.DataFrame:
    rows = rows_of(own, "shop_period")
    if rows is None:
        return pd.DataFrame()
    return rows[(rows["start"] == pd.Timestamp(days.start)) & (rows["end"] == pd.Timestamp(days.end))]


def _money(rows: pd.DataFrame, name: str, span: Dates, once: bool) -> float | None:
    if not once:
        return summed(rows, name, span).value
    return float(rows[name].iloc[0]) if len(rows) == 1 and pd.notna(rows[name].iloc[0]) else None


# ---- from orders -----------------------------------------------------------------------------------------------


def split_orders(shop: str, own: Tables, days: Days, compared: Sequence[Base], new_days: int) -> Split | None:
    """By the buyers of the shop's orders: new is who has none in ``new_days`` before the first one of the span."""
    orders = rows_of(own, "orders")
    now = None if orders is None else order_heads(orders, days, new_days)
    if orders is None or now is None:
        return None
    pairs = {}
    for base in compared:
        one, other = order_heads(orders, base.now, new_days), order_heads(orders, base.then, new_days)
        if one and other:
            pairs[base.name] = one, other
    return Split(shop, now, pairs, None, new_days)


def order_heads(orders: pd.DataFrame, days: Days, new_days: int) -> Heads | None:
    """None unless the orders reach ``new_days`` back from the span and each has its buyer."""
    span = Dates(days.start - dt.timedelta(new_days), days.end)
    if not reach(orders["paid_at"], span).value:
        return None
    known = span.of(orders[orders["counted"].fillna(False)], "paid_at")
    if known["buyer_key"].isna().any():
        return None
    here = known["paid_at"] >= pd.Timestamp(days.start)
    first = known[here].groupby("buyer_key")["paid_at"].min()
    last = known[~here].groupby("buyer_key")["paid_at"].max().reindex(first.index)
    new = first.index[~(first - last <= pd.Timedelta(days=new_days))]
    paid = known[here]["paid_amount"]
    returning = paid[~known[here]["buyer_key"].isin(new)]
    whole, part = (float(paid.sum()), float(returning.sum())) if paid.notna().all() else (None, None)
    return Heads(float(len(new)), float(len(first) - len(new)), whole, part, True) if len(first) else None
