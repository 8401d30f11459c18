"""From rows of traffic sources to each shop's sources now and before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kit.analyses.traffic.terms import ShopTerms
from kit.stats import kpis
from kit.stats.bases import Days
from kit.stats.phases import spans

Dates = tuple[dt.date, dt.date]
LEVELS = ("source_l1", "source_l2")
SUMS = ["visitors", "pay_buyers", "pay_amount"]
AGREES = 0.02
"""How far the first level may sum to something else than the shop's paid amount and still be parts of it."""


@dataclass(frozen=True)
class Sums:
    """What one source brought in a period; None where its rows do not state it."""

    visitors: float | None
    buyers: float | None
    amount: float | None

    @property
    def cvr(self) -> float | None:
        return self.buyers / self.visitors if self.buyers is not None and self.visitors else None


@dataclass(frozen=True)
class Source:
    """A source of the first level, or of the second where ``second`` is named. ``share`` and ``before_share``: of the
    shop's paid amount, None where the sources are no parts of it."""

    first: str
    second: str
    now: Sums
    before: Sums | None
    share: float | None
    before_share: float | None

    @property
    def moved(self) -> float | None:
        """Change of its share, a difference of fractions."""
        return self.share - self.before_share if self.share is not None and self.before_share is not None else None


@dataclass(frozen=True)
class ShopSources:
    """One shop. ``once``: every visitor counts once in each source. ``promoted`` days of the period and of the one
    before."""

    shop: str
    sources: tuple[Source, ...]
    once: bool
    promoted: tuple[int, int]

    def level(self, second: bool) -> tuple[Source, ...]:
        return tuple(s for s in self.sources if bool(s.second) == second)


@dataclass(frozen=True)
class Result:
    """``sources``: shops whose sources of the period are known; ``terms``: shops with search terms of both periods."""

    sources: tuple[ShopSources, ...]
    terms: tuple[ShopTerms, ...]
    days: Dates
    base: Dates | None
    names: Mapping[str, Any]

    @property
    def shops(self) -> tuple[str, ...]:
        return tuple(one.shop for one in self.sources)


def read(
    daily: pd.DataFrame | None,
    period: pd.DataFrame | None,
    shop_daily: pd.DataFrame | None,
    promotions: pd.DataFrame,
    days: Dates,
    base: Dates | None,
) -> tuple[ShopSources, ...]:
    """The shops whose sources are known for the whole period."""
    return tuple(_shops(daily, period, shop_daily, promotions, days, base))


def _shops(
    daily: pd.DataFrame | None,
    period: pd.DataFrame | None,
    shop_daily: pd.DataFrame | None,
    promotions: pd.DataFrame,
    days: Dates,
    base: Dates | None,
) -> Iterable[ShopSources]:
    there = [frame for frame in (period, daily) if frame is not None and not frame.empty]
    named = pd.concat([f[["shop", "platform"]] for f in there]).drop_duplicates("shop") if there else None
    for shop, platform in [] if named is None else named.sort_values("shop").itertuples(index=False, name=None):
        now, once = _sums(daily, period, shop, days)
        if now is None:
            continue
        then, then_once = _sums(daily, period, shop, base) if base else (None, once)
        then = then if then_once == once else None  # people counted once are not compared with sums of days
        whole = [_paid(shop_daily, shop, d) if d else None for d in (days, base)]
        events = spans(promotions, platform)
        promoted = tuple(Days(*d).promoted(events) if d else 0 for d in (days, base))
        yield ShopSources(shop, tuple(_sources(now, then, *whole)), once, (promoted[0], promoted[1]))


def _sums(
    daily: pd.DataFrame | None, period: pd.DataFrame | None, shop: str, days: Dates
) -> tuple[pd.DataFrame | None, bool]:
    """A row a source of both levels, and whether visitors in it count once."""
    start, end = map(pd.Timestamp, days)
    if period is not None:
        exact = period[(period["shop"] == shop) & (period["start"] == start) & (period["end"] == end)]
        if len(exact):
            return _by_level(exact), True
    if daily is not None:
        rows = daily[(daily["shop"] == shop) & daily["date"].between(start, end)]
        if rows["date"].nunique() == Days(*days).count:
            return _by_level(rows), False
    return None, True


def _by_level(rows: pd.DataFrame) -> pd.DataFrame:
    """The platform's own rows of the first and second level, over all carriers where it states these.

    Carriers that are stated one by one stay apart: each is named before its source.
    """
    whole = rows[rows["carrier"] == ""]
    used = whole if len(whole) else rows.assign(source_l1=rows["carrier"] + "·" + rows["source_l1"])
    own = used[(used["source_l1"] != "") & (used["source_l3"] == "") & (used["source_l4"] == "")]
    return own.groupby(list(LEVELS))[SUMS].sum(min_count=1)


def _paid(shop_daily: pd.DataFrame | None, shop: str, days: Dates) -> float | None:
    found = kpis.figures({"shop_daily": shop_daily}, *days).get(shop, {}).get("pay_amount")
    return found.value if found else None


def _sources(
    now: pd.DataFrame, then: pd.DataFrame | None, paid: float | None, paid_before: float | None
) -> Iterable[Source]:
    """Every source of now, the largest first; shares where the first level makes up the whole in that period."""
    whole, whole_before = _whole(now, paid), _whole(then, paid_before)
    for first, second in now.sort_values("pay_amount", ascending=False, kind="stable").index:
        one = _of(now, first, second)
        before = _of(then, first, second) if then is not None and (first, second) in then.index else None
        part = one.amount / whole if whole and one.amount is not None else None
        part_before = before.amount / whole_before if whole_before and before and before.amount is not None else None
        yield Source(str(first), str(second), one, before, part, part_before)


def _whole(rows: pd.DataFrame | None, paid: float | None) -> float | None:
    """What the first level sums to, if that is what the shop took."""
    if rows is None or not paid:
        return None
    total = float(rows[rows.index.get_level_values(1) == ""]["pay_amount"].sum())
    return total if abs(total / paid - 1) <= AGREES else None


def _of(rows: pd.DataFrame, first: str, second: str) -> Sums:
    row = rows.loc[(first, second)]
    return Sums(*(None if pd.isna(row[name]) else float(row[name]) for name in SUMS))
