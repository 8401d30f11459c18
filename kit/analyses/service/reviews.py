"""Bad reviews by day, and the days that are a burst."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pandas as pd

from kit.analyses.service.result import Burst, Reviews
from kit.stats.bases import Days
from kit.stats.burst import Day, bursts

ALL_BAD = 0.9
"""Part of bad reviews from which a file holds only these, and says nothing of how many there were."""
BAD_SCORE = 2
MOSTLY = 0.5
"""Part of a burst's reviews that must name a topic or an item for it to be named."""


def read_reviews(reviews: pd.DataFrame | None, days: Days, rate: float) -> tuple[Reviews, ...]:
    """Shops with a review in the period."""
    if reviews is None or reviews.empty:
        return ()
    dated = reviews[reviews["reviewed_at"].notna()]
    bad = dated["sentiment"].eq("negative").fillna(False) | (dated["sentiment"].isna() & (dated["score"] <= BAD_SCORE))
    known = dated.assign(day=dated["reviewed_at"].dt.normalize(), bad=bad)
    found = (_shop(str(shop), rows, days, rate) for shop, rows in known.groupby("shop", sort=True))
    return tuple(one for one in found if one)


def _shop(shop: str, rows: pd.DataFrame, days: Days, rate: float) -> Reviews | None:
    within = rows[rows["day"].between(pd.Timestamp(days.start), pd.Timestamp(days.end))]
    if within.empty:
        return None
    index = pd.date_range(rows["day"].min(), days.end)
    counts = rows[rows["bad"]].groupby("day").size().reindex(index, fill_value=0)
    total = rows.groupby("day").size().reindex(index, fill_value=0)
    # A file of bad reviews alone does not say how many came in: every day counts the same.
    weight = total * 0 + 1 if rows["bad"].mean() >= ALL_BAD else total
    past = index < pd.Timestamp(days.start)
    tested = bursts(counts[past], weight[past], counts[~past], weight[~past], rate)
    called = pd.Series([day.called for day in tested], index=index[~past] if tested else None, dtype=bool)
    found = tuple(_bursts(within, called, tested, float(counts[past].mean()))) if tested else ()
    bad = tuple((day.date(), int(n)) for day, n in counts[~past].items())
    return Reviews(shop, len(within), bad, found, bool(tested))


def _bursts(rows: pd.DataFrame, called: pd.Series, tested: tuple[Day, ...], usual: float) -> Iterable[Burst]:
    """Called days in a row are one burst."""
    runs = (called != called.shift()).cumsum()[called]
    for _, run in runs.groupby(runs):
        first, last = run.index[0], run.index[-1]
        inside = rows[rows["bad"] & rows["day"].between(first, last)]
        day = tested[int((first - called.index[0]).days)]
        topic, item = _mostly(_tags(inside)), _mostly(inside["title"].fillna(inside["item_id"]))
        start: dt.date = first.date()
        yield Burst(start, len(run), day.count, len(inside), day.expected, usual, topic, item)


def _tags(rows: pd.DataFrame) -> pd.Series:
    """The tags of each review, one a row, under the review's own index."""
    return rows["tags"].str.split(r"[,，;；、|\s]+", regex=True).explode()


def _mostly(names: pd.Series) -> str | None:
    """What most reviews name, if most do."""
    known = names.dropna()
    known = known[known != ""]
    reviews = names.index.nunique()
    counts = known.value_counts()
    return str(counts.index[0]) if len(counts) and counts.iloc[0] >= MOSTLY * reviews else None
