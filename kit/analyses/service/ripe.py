"""How far the refunds of a period's payments are in, and what came since for the period before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pandas as pd

from kit.analyses.service.result import Ripe
from kit.stats import refund_lag
from kit.stats.bases import Days


def ripeness(
    refunds: pd.DataFrame | None, shop_daily: pd.DataFrame | None, days: Days, base: Days | None, open_days: int
) -> tuple[Ripe, ...]:
    """Shops whose refund cases state the day of payment and whose daily paid amounts are known."""
    if refunds is None or refunds.empty or shop_daily is None or shop_daily.empty:
        return ()
    return tuple(_shops(refunds, shop_daily, days, base, open_days))


def _shops(
    refunds: pd.DataFrame, shop_daily: pd.DataFrame, days: Days, base: Days | None, open_days: int
) -> Iterable[Ripe]:
    done = refunds[(refunds["status"] == "success") & refunds["refunded_at"].notna()]
    for shop, rows in done.groupby("shop", sort=True):
        own = shop_daily[shop_daily["shop"] == shop].rename(columns={"date": "day", "pay_amount": "amount"})
        paid = own[own["amount"].notna()][["day", "amount"]]
        if paid.empty or rows["paid_at"].isna().any():
            continue
        as_of, since = rows["refunded_at"].max().date(), rows["refunded_at"].min().date()
        columns = {"paid_at": "paid_day", "refunded_at": "refund_day", "refund_amount": "amount"}
        given = rows.rename(columns=columns)[list(columns.values())]
        spans = [days, base] if base else [days]
        found = [_period(paid, given, span, as_of, since, open_days) for span in spans]
        before = found[1] if len(found) > 1 and found[1].share is not None else None
        then = _until(given, base) if base and before else None
        if found[0].share is not None:
            yield Ripe(str(shop), as_of, found[0], before, then)


def _period(
    paid: pd.DataFrame, given: pd.DataFrame, span: Days, as_of: dt.date, since: dt.date, open_days: int
) -> refund_lag.Open:
    facts = {"open_days": min(open_days, refund_lag.HORIZON), "since": since}
    return refund_lag.period(paid, given, span.start, span.end, as_of, **facts)  # type: ignore[arg-type]


def _until(given: pd.DataFrame, span: Days) -> float:
    """Refunds of the payments of ``span`` that were in on its last day."""
    last = pd.Timestamp(span.end)
    paid = given["paid_day"].dt.normalize().between(pd.Timestamp(span.start), last)
    return float(given[paid & (given["refund_day"].dt.normalize() <= last)]["amount"].sum())
