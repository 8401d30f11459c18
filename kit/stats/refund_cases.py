"""A shop's refund cases and daily payments as ``kit.stats.refund_lag`` takes them; the refunds of any of its days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from kit.stats.refund_lag import Open

COLUMNS = {"paid_at": "paid_day", "refunded_at": "refund_day", "refund_amount": "amount"}


@dataclass(frozen=True)
class Cases:
    """``paid``: money by day. ``given``: refunds with the day of payment and their own. ``since`` and ``as_of``: days
    of the first and the last refund."""

    paid: pd.DataFrame
    given: pd.DataFrame
    since: dt.date
    as_of: dt.date

    def of(self, start: dt.date, end: dt.date, open_days: int) -> Open:
        """Refunds of what was paid from ``start`` to ``end``, so far and in the end."""
        from kit.stats import refund_lag  # brings scipy

        days = min(open_days, refund_lag.HORIZON)
        return refund_lag.period(self.paid, self.given, start, end, self.as_of, days, since=self.since)


def done(refunds: pd.DataFrame) -> pd.DataFrame:
    """The cases whose money went back: those that succeeded, and of an export without states those with an end."""
    return refunds[refunds["status"].eq("success") | (refunds["status"].isna() & refunds["refunded_at"].notna())]


def cases(refunds: pd.DataFrame | None, shop_daily: pd.DataFrame | None, shop: str) -> Cases | None:
    """Of one shop, from its canonical refunds and daily figures; None where a case does not say when it was paid or
    when its money went back, or no daily payment is stated."""
    if refunds is None or shop_daily is None:
        return None
    back = done(refunds[refunds["shop"] == shop])
    daily = shop_daily[(shop_daily["shop"] == shop) & shop_daily["pay_amount"].notna()]
    if back.empty or daily.empty or back[["paid_at", "refunded_at"]].isna().any(axis=None):
        return None
    paid = daily.rename(columns={"date": "day", "pay_amount": "amount"})[["day", "amount"]]
    ends = back["refunded_at"].min().date(), back["refunded_at"].max().date()
    return Cases(paid, back.rename(columns=COLUMNS)[list(COLUMNS.values())], *ends)
