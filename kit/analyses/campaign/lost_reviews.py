"""Bad reviews of a campaign and the days after it, and the days on which they came in a burst."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import pandas as pd

from kit.stats.bases import Days
from kit.stats.burst import bursts

ALL_BAD = 0.9
"""Part of bad reviews from which a file holds only these, and says nothing of how many there were."""
BAD_SCORE = 2


@dataclass(frozen=True)
class Complaints:
    """Bad reviews of the campaign and the days after; ``per``: of all reviews, or a day where the file holds bad ones
    alone (``daily``); ``before``: the same before the campaign.

    ``burst``: days with more of them than the shop usually has, beyond chance (``kit.stats.burst``), and how many;
    ``rest``: ``per`` of the other days.
    """

    count: int
    per: float
    before: float | None
    daily: bool
    burst: tuple[tuple[dt.date, int], ...] = ()
    rest: float | None = None


def complaints(reviews: pd.DataFrame | None, span: Days, before: Days, rate: float) -> Complaints | None:
    """None without dated reviews in the span. ``rate``: of false calls among the days called a burst."""
    dated = None if reviews is None else reviews[reviews["reviewed_at"].notna()]
    if dated is None or dated.empty:
        return None
    bad = dated["sentiment"].eq("negative").fillna(False) | (dated["sentiment"].isna() & (dated["score"] <= BAD_SCORE))
    daily = float(bad.mean()) >= ALL_BAD
    by_day = _by_day(dated["reviewed_at"].dt.normalize(), bad, span.end, daily)
    now, then = (by_day.loc[pd.Timestamp(days.start) : pd.Timestamp(days.end)] for days in (span, before))
    if not now["all"].sum():
        return None
    known = by_day.index[0] <= pd.Timestamp(before.start) + pd.Timedelta(days=1) and then["all"].sum() > 0
    found = Complaints(int(now["bad"].sum()), _per(now), _per(then) if known else None, daily)
    called = _called(by_day, now, rate)
    if not called.any():
        return found
    days, left = now["bad"][called], now[~called]
    burst = tuple((day.date(), int(n)) for day, n in days.items())
    return replace(found, burst=burst, rest=_per(left) if len(left) else None)


def _by_day(days: pd.Series, bad: pd.Series, end: dt.date, daily: bool) -> pd.DataFrame:
    """A row a day from the first review to ``end``: ``bad`` ones, ``all``, and the ``weight`` that they are a rate of.
    A file of bad ones alone does not say how many came in: there each day counts the same."""
    index = pd.date_range(min(days.min(), pd.Timestamp(end)), end)
    made = pd.DataFrame({"bad": bad.groupby(days).sum(), "all": days.groupby(days).size()})
    made = made.reindex(index, fill_value=0).astype(float)
    return made.assign(weight=1.0 if daily else made["all"])


def _per(rows: pd.DataFrame) -> float:
    whole = float(rows["weight"].sum())
    return float(rows["bad"].sum()) / whole if whole else 0.0


def _called(by_day: pd.DataFrame, now: pd.DataFrame, rate: float) -> pd.Series:
    past = by_day[by_day.index < now.index[0]]
    tested = bursts(past["bad"], past["weight"], now["bad"], now["weight"], rate)
    return pd.Series([day.called for day in tested] if tested else False, index=now.index, dtype=bool)
