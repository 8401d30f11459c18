"""Shares that the platform itself states for named brands, or that follow from ranges of what named shops took.

Two kinds of rows of the canonical table of rivals say something of shares: a brand's share of the category (the rest of
the market holds what is left), and paid amounts of shops or brands, which are shares among those named and no others.
A share within a traffic source, an index or a rank is neither.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.stats.concentration import Concentration, concentration, shares

ONESELF = "本店"
"""How the platform's comparisons of shops call one's own."""
WHOLE = 0.999
"""Stated shares that add up to so much are all of the market."""


@dataclass(frozen=True)
class Holder:
    """A brand or shop, its share between ``low`` and ``high`` (fractions), and the ranks it can have among those
    named."""

    name: str
    own: bool
    low: float
    high: float
    ranks: tuple[int, int]


@dataclass(frozen=True)
class Stated:
    """One platform's ``holders`` from ``start`` to ``end``, largest first. ``of``: ``market`` where shares of the
    category are stated, ``named`` where they are shares among those named."""

    platform: str
    of: str
    start: dt.date
    end: dt.date
    holders: tuple[Holder, ...]
    concentration: Concentration

    @property
    def own(self) -> Holder | None:
        return next((h for h in self.holders if h.own), None)


def read(
    rivals: pd.DataFrame | None, own: Sequence[str], start: dt.date, end: dt.date, categories: set[str]
) -> list[Stated]:
    """What ``rivals`` (canonical, by period: columns start and end) states on each platform about its longest, then
    last, span from ``start`` to ``end``: shares of the category where there are some, else amounts."""
    if rivals is None or rivals.empty:
        return []
    inside = (rivals["start"] >= pd.Timestamp(start)) & (rivals["end"] <= pd.Timestamp(end))
    ours = rivals["category"].fillna("").isin({"", *categories}) & (rivals["channel"].fillna("") == "")
    names = {name.strip().casefold() for name in (*own, ONESELF)}
    made = []
    for platform, rows in rivals[inside & ours].groupby("platform", sort=True):
        found = _market(rows) if (rows["metric"] == "share").any() else None
        found = _named(rows) if found is None else found
        if found is not None:
            made.append(_stated(str(platform), *found, names))
    return made


def _latest(rows: pd.DataFrame) -> pd.DataFrame | None:
    """The rows of the longest span, the last of several; one row a name, bounds filled from the value."""
    if rows.empty:
        return None
    length = rows["end"] - rows["start"]
    span = rows[length == length.max()]
    span = span[span["start"] == span["start"].max()].drop_duplicates("rival")
    return span.assign(low=span["low"].fillna(span["value"]), high=span["high"].fillna(span["value"]))


def _market(rows: pd.DataFrame) -> tuple[str, pd.DataFrame] | None:
    """Shares of the category; shares that add up to more than one are of something else."""
    found = _latest(rows[(rows["metric"] == "share") & (rows["rival_kind"] == "brand")])
    return None if found is None or not 0 < found["low"].sum() <= 1 else ("market", found)


def _named(rows: pd.DataFrame) -> tuple[str, pd.DataFrame] | None:
    """Amounts of shops, else of brands, as shares among those named; two of them at least."""
    amounts = rows[rows["metric"] == "pay_amount"]
    for kind in ("shop", "brand"):
        found = _latest(amounts[amounts["rival_kind"] == kind])
        if found is not None and len(found) > 1 and found["low"].sum() > 0:
            low, high = shares(found["low"].to_numpy(float), found["high"].to_numpy(float))
            return "named", found.assign(low=low, high=high)
    return None


def _stated(platform: str, of: str, rows: pd.DataFrame, names: set[str]) -> Stated:
    order = np.argsort(-(rows["low"] + rows["high"]).to_numpy(float), kind="stable")
    rows = rows.iloc[order]
    low, high = rows["low"].to_numpy(float), rows["high"].to_numpy(float)
    whole = of == "named" or bool(low.sum() >= WHOLE)
    holders = tuple(
        Holder(str(name), str(name).strip().casefold() in names, float(a), float(b), _ranks(low, high, n))
        for n, (name, a, b) in enumerate(zip(rows["rival"], low, high, strict=True))
    )
    days = rows["start"].iloc[0].date(), rows["end"].iloc[0].date()
    if whole and of == "market":
        low, high = low / low.sum(), high / low.sum()
    return Stated(platform, of, *days, holders, concentration(low, high, whole=whole))


def _ranks(low: np.ndarray, high: np.ndarray, n: int) -> tuple[int, int]:
    """The first and the last place that the intervals leave open."""
    return 1 + int((low > high[n]).sum()), int((high > low[n]).sum() - (high[n] > low[n])) + 1
