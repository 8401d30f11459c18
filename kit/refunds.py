"""Months whose refunds are still open: refunded so far, what is expected in the end, from each shop's own delays."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from kit.client import Client
from kit.exports.dates import month_end

if TYPE_CHECKING:
    import pandas as pd

    from kit.stats.refund_lag import Open


def open_months(
    client: Client, tables: dict[str, pd.DataFrame], counted: pd.DataFrame | None = None
) -> list[dict[str, Any]]:
    """A line per shop and month that was paid in part within ``thresholds.refund_open_days`` of the last known refund.

    ``refunded`` is a fraction of what was paid, as are ``low``, ``expected`` and ``high`` (None where the shop's
    history is too short to tell; ``reason`` says why). By date of payment: what came back of the month's own sales.
    ``counted``: what was paid for orders that count, by shop and moment of payment; by default what ``tables`` say.
    """
    refunds = tables.get("refunds")
    if refunds is None:
        return []
    from kit.stats import refund_lag  # brings scipy, which takes longer to import than most clients to check

    made = []
    for shop, rows in refunds.groupby("shop", sort=True):
        paid = _paid(tables, str(shop), counted)
        back = rows[rows["refunded_at"].notna()]
        if paid is None or back.empty:
            continue
        given = _with_payment(back, tables.get("orders"))
        given = given.rename(columns={"paid_at": "paid_day", "refunded_at": "refund_day", "refund_amount": "amount"})
        as_of, since = back["refunded_at"].max().date(), back["refunded_at"].min().date()
        days = client.thresholds.refund_open_days
        first = (as_of - dt.timedelta(days - 1)).replace(day=1)
        while first <= as_of:
            last = month_end(first)
            facts = {"open_days": min(days, refund_lag.HORIZON), "since": since}
            found = refund_lag.period(paid, given[["paid_day", "refund_day", "amount"]], first, last, as_of, **facts)
            if found.open:
                made.append({"shop": str(shop), "month": f"{first:%Y-%m}", "as_of": as_of.isoformat(), **_said(found)})
            first = last + dt.timedelta(1)
    return made


def _with_payment(refunds: pd.DataFrame, orders: pd.DataFrame | None) -> pd.DataFrame:
    """The refunds with the day of payment, from their orders where the refund file does not state it."""
    if orders is None or refunds["paid_at"].notna().all():
        return refunds
    paid = orders.drop_duplicates(["shop", "order_id"]).set_index(["shop", "order_id"])["paid_at"]
    found = refunds.join(paid.rename("ordered"), on=["shop", "order_id"])
    return found.assign(paid_at=found["paid_at"].where(found["paid_at"].notna(), found["ordered"]))


def _paid(tables: dict[str, pd.DataFrame], shop: str, counted: pd.DataFrame | None) -> pd.DataFrame | None:
    """What was paid by day: as the platform counts it, else from the orders; None if neither is there."""
    daily, orders = tables.get("shop_daily"), tables.get("orders")
    if daily is not None and (rows := daily[daily["shop"] == shop])["pay_amount"].notna().any():
        return rows.rename(columns={"date": "day", "pay_amount": "amount"})[["day", "amount"]]
    if counted is None and orders is not None:
        counted = orders[orders["counted"]]
    if counted is not None and (rows := counted[counted["shop"] == shop])["paid_at"].notna().any():
        return rows.rename(columns={"paid_at": "day", "paid_amount": "amount"})[["day", "amount"]]
    return None


def _said(found: Open) -> dict[str, Any]:
    final = found.final if found.verdict == "open" else None
    return {
        "paid": found.paid,
        "refunded": found.share,
        "expected": final and final.share,
        "low": final and final.low,
        "high": final and final.high,
        "reason": str(found.reason) if found.reason else None,
    }
