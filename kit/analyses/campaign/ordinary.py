"""The days before a campaign that its prices, items and regions are held against: the nearest without another event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from kit.analyses.campaign.subjects import Event
from kit.stats import kpis
from kit.stats.bases import Days

BACK, LEAST = 28, 7
"""Days before a campaign that are looked at, and the fewest that say anything."""
FARTHEST = 182
"""Days before a campaign beyond which nothing is looked for."""


def before(event: Days) -> Days:
    """The latest run of at most ``BACK`` days, and at least ``LEAST``, that no promotion and no other campaign has;
    those just before where there is none."""
    day, last = dt.timedelta(1), event.start - dt.timedelta(1)
    while (event.start - last).days < FARTHEST:
        taken = [s for s in _taken(event) if s.start <= last and s.end > last - dt.timedelta(BACK)]
        first = max([last - dt.timedelta(BACK - 1), *(s.end + day for s in taken)])
        if (last - first).days >= LEAST - 1:
            return Days(first, last)
        last = min(s.start for s in taken if s.end + day == first) - day
    return Days(event.start - dt.timedelta(BACK), event.start - day)


def _taken(event: Days) -> tuple[Days, ...]:
    return event.taken if isinstance(event, Event) else ()


def reached(event: Days, times: pd.Series) -> Days | None:
    """Those of the days before that what is dated ``times`` reaches back to; None where they are too few."""
    if times.isna().all():
        return None
    days = before(event)
    found = Days(max(days.start, times.min().date()), days.end)
    return found if found.count >= LEAST else None


# ---- read the same way by every part of the page ----------------------------------------------------------------


def of_shop(table: pd.DataFrame | None, shop: str) -> pd.DataFrame | None:
    """The shop's rows, of a blank one all; None without any."""
    rows = table if table is None or not shop else table[table["shop"] == shop]
    return None if rows is None or rows.empty else rows


def value(found: Mapping[str, kpis.Figures], shop: str, name: str) -> float | None:
    """A figure of ``kit.stats.kpis``, of a blank shop that of all together."""
    figure = found.get(shop or kpis.TOTAL, {}).get(name)
    return figure.value if figure else None
