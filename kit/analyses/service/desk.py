"""How fast and how well the service desk answers: the period's figures, those before, and the slowest day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from kit.analyses.service.result import Desk
from kit.stats import kpis
from kit.stats.bases import Days

ByShop = Mapping[str, kpis.Figures]
FIGURES = ("response_seconds", "satisfaction", "dsr_description", "dsr_service", "dsr_logistics")


def desks(
    service: pd.DataFrame | None, shop_daily: pd.DataFrame | None, days: Days, base: Days | None
) -> tuple[Desk, ...]:
    """Shops with a figure of the desk in the period; the KPIs are those of shops with daily figures."""
    if service is None or service.empty:
        return ()
    tables = kpis.books({"service_daily": service, "shop_daily": shop_daily})
    now = kpis.figures(tables, days.start, days.end)
    then = kpis.figures(tables, base.start, base.end) if base else {}
    dates = [day.date() for day in pd.date_range(days.start, days.end)]
    each = {date: kpis.figures(tables, date, date, names=("response_seconds",)) for date in dates}
    made = (_desk(shop, now, then, each) for shop in now if shop != kpis.TOTAL)
    return tuple(desk for desk in made if any(value is not None for value in desk.now.values()))


def _desk(shop: str, now: ByShop, then: ByShop, each: Mapping[dt.date, ByShop]) -> Desk:
    """With the day of the longest wait for a first answer, by the people served."""
    waits = {day: found[shop]["response_seconds"].value for day, found in each.items() if shop in found}
    known = {day: seconds for day, seconds in waits.items() if seconds is not None}
    slowest = max(known.items(), key=lambda one: one[1]) if known else None
    return Desk(shop, _values(now, shop), _values(then, shop), slowest)


def _values(found: ByShop, shop: str) -> dict[str, float | None]:
    figures = found.get(shop, {})
    return {name: figures[name].value if name in figures else None for name in FIGURES}
