"""The days just before a campaign that its prices, items and regions are held against."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from kit.stats.bases import Days

BACK, LEAST = 28, 7
"""Days before a campaign that are looked at, and the fewest that say anything."""


def before(event: Days) -> Days:
    return Days(event.start - dt.timedelta(BACK), event.start - dt.timedelta(1))


def reached(event: Days, times: pd.Series) -> Days | None:
    """Those of the days before that what is dated ``times`` reaches back to; None where they are too few."""
    if times.isna().all():
        return None
    days = before(event)
    found = Days(max(days.start, times.min().date()), days.end)
    return found if found.count >= LEAST else None
