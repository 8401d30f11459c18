"""How far the refunds of a period's payments are in, and what came since for the period before."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from kit.analyses.service.result import Ripe
from kit.stats.bases import Days
from kit.stats.refund_cases import cases


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
    for shop in sorted(refunds["shop"].unique()):
        told = cases(refunds, shop_daily, str(shop))
        if told is None:
            continue
        now = told.of(days.start, days.end, open_days)
        before = told.of(base.start, base.end, open_days) if base else None
        before = before if before and before.share is not None else None
        then = _until(told.given, base) if base and before else None
        if now.share is not None:
            yield Ripe(str(shop), told.as_of, now, before, then)


def _until(given: pd.DataFrame, span: Days) -> float:
    """Refunds of the payments of ``span`` that were in on its last day."""
    last = pd.Timestamp(span.end)
    paid = given["paid_day"].dt.normalize().between(pd.Timestamp(span.start), last)
    return float(given[paid & (given["refund_day"].dt.normalize() <= last)]["amount"].sum())
