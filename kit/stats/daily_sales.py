"""What shops sold day by day: paid amounts of their daily figures, else of their orders."""

from __future__ import annotations

import pandas as pd

from kit.stats import kpi_parts
from kit.stats.kpi_days import Tables


def by_day(tables: Tables, shop: str = "") -> pd.Series | None:
    """Paid amounts of ``shop`` (blank: all shops together) by consecutive days, NaN where a day is not stated.

    Of orders, a day without any up to their last one is a day of nothing sold. All shops together have a day where
    each of them has it. None without sales.
    """
    wanted = [shop] if shop else list(kpi_parts.shops(tables))
    found = [_of_shop(tables, one) for one in wanted]
    if not found or any(series is None for series in found):
        return None
    together = pd.concat([series for series in found if series is not None], axis=1)
    return together.sum(axis=1, min_count=len(found)).asfreq("D")


def _of_shop(tables: Tables, shop: str) -> pd.Series | None:
    own = kpi_parts.of_shop(tables, shop)
    daily = own.get("shop_daily")
    if daily is not None and daily["pay_amount"].notna().any():
        return daily.drop_duplicates("date").set_index("date")["pay_amount"].sort_index().asfreq("D")
    orders = own.get("orders")
    if orders is None or orders.empty:
        return None
    paid = orders[orders["counted"].fillna(False).astype(bool) & orders["paid_at"].notna()]
    if paid.empty:
        return None
    return paid.groupby(paid["paid_at"].dt.normalize())["paid_amount"].sum().asfreq("D", fill_value=0.0)
