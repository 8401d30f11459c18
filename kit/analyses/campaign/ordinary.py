"""The days just before a campaign that its prices, items and regions are held against."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from kit.analyses.campaign.subjects import Span

BACK, LEAST = 28, 7
"""Days before a campaign that are looked at, and the fewest that say anything."""


def before(event: Span) -> Span:
    return Span(event.start - dt.timedelta(BACK), event.start - dt.timedelta(1))


def reached(event: Span, times: pd.Series) -> Span | None:
    """Those of the days before that what is dated ``times`` reaches back to; None where they are too few."""
    if times.isna().all():
        return None
    days = before(event)
    found = Span(max(days.start, times.min().date()), days.end)
    return found if found.count >= LEAST else None
