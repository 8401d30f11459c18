"""Did it beat the market: own sales beside the category's on the same platform, over the cycle and phase by phase.

Both are held against the same phase of the earlier campaign, sum against sum, and against ordinary days, a day against
a day; own and market always over the same days, so that phases of unlike length distort neither. What an event adds
over no event is another question (``increment``). Where market data are monthly, whole months are all that compares.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kit.analyses.campaign import ordinary
from kit.analyses.campaign.subjects import Campaign
from kit.stats import daily_sales, kpi_parts, months
from kit.stats.bases import Days
from kit.stats.kpi_days import Tables

SOLD = ("presale", "burst")
"""Phases in which the campaign sells; ``CYCLE`` is all of them together."""
CYCLE = "cycle"
MONEY = ("money", "vendor_estimate")


@dataclass(frozen=True)
class Growth:
    """Of own sales and of the category over the same spans, as fractions."""

    then: Days
    own: float
    whole: float

    @property
    def gap(self) -> float:
        return self.own - self.whole


@dataclass(frozen=True)
class Pace:
    """A phase or the cycle: against the same phase before, and an average day of it against ordinary ones."""

    name: str
    days: Days
    earlier: Growth | None
    usual: Growth | None


@dataclass(frozen=True)
class Market:
    """``paces``: phases as far as both are known on their days, the whole cycle last. ``months``: over whole months,
    where the market is told by the month. ``estimate``: it is a vendor's. ``category``: its name, or its names by
    language."""

    category: Any
    estimate: bool
    paces: tuple[Pace, ...] = ()
    months: tuple[Days, Growth] | None = None


def market(campaign: Campaign, earlier: Campaign | None, then: Days, tables: Tables) -> Market | None:
    """From money of one daily series, else of a monthly one; ``then``: the days that the whole cycle compares with.
    None without either, or without own sales of these days."""
    own = daily_sales.by_day(tables, campaign.shop)
    if own is None:
        return None
    return _by_day(campaign, earlier, then, own, tables) or _by_month(campaign, earlier, own, tables)


# ---- by day ----------------------------------------------------------------------------------------------------


def _by_day(campaign: Campaign, earlier: Campaign | None, then: Days, own: pd.Series, tables: Tables) -> Market | None:
    for series, category, estimate in _series("market_daily", "date", campaign, tables):
        both = own, series
        spans = [(n, days, earlier.phases.get(n) if earlier else None) for n, days in campaign.phases.items()]
        spans = [(n, days, before) for n, days, before in spans if n in SOLD]
        spans = [*(spans if len(spans) > 1 else []), (CYCLE, campaign.event, then)]
        usual = ordinary.before(campaign.event)
        paces = [Pace(n, days, _sums(both, days, before), _a_day(both, days, usual)) for n, days, before in spans]
        known = tuple(pace for pace in paces if pace.earlier or pace.usual)
        if known:
            return Market(category, estimate, known)
    return None


def _sums(both: tuple[pd.Series, pd.Series], now: Days, then: Days | None) -> Growth | None:
    if then is None:
        return None
    sums = [(_sum(series, then), _sum(series, now)) for series in both]
    return _growth(then, sums, 1.0)


def _a_day(both: tuple[pd.Series, pd.Series], now: Days, usual: Days) -> Growth | None:
    return _growth(usual, [(_sum(series, usual), _sum(series, now)) for series in both], usual.count / now.count)


def _growth(then: Days, sums: Sequence[tuple[float | None, float | None]], scale: float) -> Growth | None:
    found = [now / before * scale - 1 for before, now in sums if before and now is not None]
    return Growth(then, *found) if len(found) == len(sums) else None


def _sum(series: pd.Series, span: Days) -> float | None:
    """None where a day is not known."""
    rows = series.loc[pd.Timestamp(span.start) : pd.Timestamp(span.end)].dropna()
    return float(rows.sum()) if len(rows) == span.count else None


# ---- by month --------------------------------------------------------------------------------------------------


def _by_month(campaign: Campaign, earlier: Campaign | None, own: pd.Series, tables: Tables) -> Market | None:
    """The months that the campaign touches against those of the earlier one, where these are as many, else against
    the same months a year before."""
    now, then = _months(campaign.event), _months(earlier.event) if earlier else ()
    then = then if len(then) == len(now) else tuple(months.later(month, -12) for month in now)
    spans = _days(now), _days(then)
    for series, category, estimate in _series("market_monthly", "month", campaign, tables):
        whole = [sum(series.get(pd.Timestamp(m), float("nan")) for m in some) for some in (then, now)]
        found = _growth(spans[1], [(_sum(own, spans[1]), _sum(own, spans[0])), _known(whole)], 1.0)
        if found:
            return Market(category, estimate, (), (spans[0], found))
    return None


def _known(amounts: Sequence[float]) -> tuple[float | None, float | None]:
    then, now = (None if amount != amount else float(amount) for amount in amounts)
    return then, now


def _months(span: Days) -> tuple[dt.date, ...]:
    first = span.start.replace(day=1)
    count = (span.end.year - first.year) * 12 + span.end.month - first.month + 1
    return tuple(months.later(first, n) for n in range(count))


def _days(some: Sequence[dt.date]) -> Days:
    return Days(some[0], months.later(some[-1], 1) - dt.timedelta(1))


def _series(name: str, time: str, campaign: Campaign, tables: Tables) -> list[tuple[pd.Series, str, bool]]:
    """Money of the category on the shops' platforms, by time: each way in which it is told, with the category's name
    and whether it is a vendor's estimate."""
    table, platforms = tables.get(name), kpi_parts.shops(tables)
    if table is None or table.empty:
        return []
    ours = {platforms.get(campaign.shop, "")} if campaign.shop else {*platforms.values()}
    rows = table[table["platform"].isin(ours) & (table["metric"] == "pay_amount") & table["value_kind"].isin(MONEY)]
    ways = rows.groupby(["platform", "category", "value_kind", "source"], sort=True, dropna=False)
    return [
        (one.drop_duplicates(time).set_index(time)["value"].sort_index(), str(one["category"].iloc[0]), kind != "money")
        for (_, _, kind, _), one in ways
    ]
