"""Buyers that a campaign won, and how many came back within 30, 60 and 90 days, against buyers won in ordinary weeks.

A buyer is won by the first paid order after ``HISTORY`` days without one. One won in the campaign is followed from its
last day, so that its later days are no comeback; one won in an ordinary week from the day of that order, until the
campaign begins: what it draws is no ordinary comeback (``kit.stats.come_back``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kit.analyses.campaign import sections
from kit.analyses.campaign.subjects import Campaign, every
from kit.analyses.campaign.won_page import exhibits, findings, missing
from kit.findings import Shown
from kit.stats.come_back import HISTORY, WITHIN, Difference, Flags, Floats, Share, difference, share
from kit.stats.day_runs import promotion_days, within
from kit.stats.kpi_days import Tables

if TYPE_CHECKING:
    from kit.analyses.campaign import Result as Campaigns

__all__ = ["Result", "analyse", "show"]

BACK = 365
"""Days before a campaign whose ordinary weeks it is held against."""


@dataclass(frozen=True)
class Lot:
    """One horizon: campaign buyers and ordinary ones; ``ordinary`` is None where none is followed for so long."""

    days: int
    campaign: Share
    ordinary: Share | None


@dataclass(frozen=True)
class Won:
    """One campaign. ``history``: days that orders reach back before it, None without orders that tell buyers apart.
    ``buyers``: won in it. ``lots``: the horizons that are over; ``difference``: over the longest of them.
    ``next_day``: the day on which the next horizon is over, None after the last."""

    campaign: Campaign
    history: int | None
    buyers: int
    lots: tuple[Lot, ...]
    difference: Difference | None
    next_day: dt.date | None

    @property
    def enough(self) -> bool:
        return self.history is not None and self.history >= HISTORY


@dataclass(frozen=True)
class Result:
    campaigns: tuple[Won, ...]


def analyse(
    found: Campaigns, tables: Tables, sheet: pd.DataFrame | None, promotions: pd.DataFrame, cutoff: dt.date
) -> Result:
    """Of each of ``found``'s campaigns. ``tables`` with orders; ``sheet``: all campaigns, whose days are not ordinary;
    ``promotions``: columns of ``kit.calendar.promotions``; ``cutoff``: the last day of the data."""
    orders, others = tables.get("orders"), every(sheet)
    made = (_won(r.campaign, _paid(orders, r.campaign.shop), others, promotions, cutoff) for r in found.reviews)
    return Result(tuple(made))


def show(result: Result) -> Shown:
    said = [(one, findings(one)) for one in result.campaigns]
    return sections.together("won", [(one.campaign, told, exhibits(one, told), missing(one)) for one, told in said])


def _paid(orders: pd.DataFrame | None, shop: str) -> pd.DataFrame | None:
    """A row a buyer and day with a paid order; None where an order does not say whose it is. Of several shops a buyer
    has a key in each."""
    rows = orders if orders is None or not shop else orders[orders["shop"] == shop]
    if rows is None or rows.empty:
        return None
    paid = rows[rows["counted"].fillna(False).astype(bool) & rows["paid_at"].notna()]
    if paid.empty or paid["buyer_key"].isna().any():
        return None
    days = paid.assign(day=paid["paid_at"].dt.normalize(), buyer=paid["shop"] + "|" + paid["buyer_key"])
    return days[["platform", "buyer", "day"]].drop_duplicates(["buyer", "day"]).sort_values(["buyer", "day"])


def _won(
    one: Campaign,
    paid: pd.DataFrame | None,
    others: Sequence[Campaign],
    promotions: pd.DataFrame,
    cutoff: dt.date,
) -> Won:
    if paid is None:
        return Won(one, None, 0, (), None, None)
    history = (one.opening - paid["day"].min().date()).days
    open_days = [days for days in WITHIN if one.end + dt.timedelta(days) > cutoff]
    ahead = one.end + dt.timedelta(open_days[0]) if open_days else None
    if history < HISTORY:
        return Won(one, history, 0, (), None, ahead)
    first = _first(paid)
    mine = _campaign(first, paid, one, cutoff)
    usual = _ordinary(first, paid, one, others, promotions)
    lots = tuple(_lots(mine, usual, [days for days in WITHIN if days not in open_days]))
    over = difference([mine, usual], lots[-1].days) if lots else None
    return Won(one, history, len(mine[0]), lots, over, ahead)


def _lots(mine: tuple[Floats, Flags], usual: tuple[Floats, Flags], over: Sequence[int]) -> list[Lot]:
    found = [(days, share(*mine, days), share(*usual, days)) for days in over]
    return [Lot(days, own, other) for days, own, other in found if own]


def _first(paid: pd.DataFrame) -> pd.DataFrame:
    """The days on which a buyer is won: no order in the ``HISTORY`` days before, as far as is known from then on."""
    gap = (paid["day"] - paid.groupby("buyer")["day"].shift()).dt.days
    known = (paid["day"] - paid["day"].min()).dt.days >= HISTORY
    return paid[known & (gap.isna() | (gap > HISTORY))]


def _campaign(first: pd.DataFrame, paid: pd.DataFrame, one: Campaign, cutoff: dt.date) -> tuple[Floats, Flags]:
    """Days from the campaign's end to the next order of each buyer won in it, or to the end of the data."""
    end = pd.Timestamp(one.end)
    won = first[first["day"].between(pd.Timestamp(one.opening), end)]["buyer"].unique()
    later = paid[(paid["day"] > end) & paid["buyer"].isin(won)].groupby("buyer")["day"].min().reindex(won)
    return _followed((later - end).dt.days, np.full(len(won), (pd.Timestamp(cutoff) - end).days, float))


def _ordinary(
    first: pd.DataFrame, paid: pd.DataFrame, one: Campaign, others: Sequence[Campaign], promotions: pd.DataFrame
) -> tuple[Floats, Flags]:
    """Days from the order that won each buyer of an ordinary day to the next one, or to the day before the campaign."""
    last = pd.Timestamp(one.opening) - pd.Timedelta(days=1)
    start = pd.Timestamp(one.opening) - pd.Timedelta(days=BACK)
    days = pd.DatetimeIndex(first["day"])
    spans = [(c.opening, c.end) for c in others if not c.shop or not one.shop or c.shop == one.shop]
    promoted = within(days, spans)
    for platform in first["platform"].unique():
        promoted |= promotion_days(promotions, str(platform), days)
    won = first[~promoted & np.asarray((days >= start) & (days < last))].drop_duplicates("buyer")
    after = won[["buyer", "day"]].merge(paid[paid["day"] <= last][["buyer", "day"]], on="buyer", suffixes=("", "_next"))
    later = after[after["day_next"] > after["day"]].groupby("buyer")["day_next"].min().reindex(won["buyer"])
    gap = pd.Series((later.to_numpy() - won["day"].to_numpy()) / np.timedelta64(1, "D"))
    return _followed(gap, ((last - won["day"]).dt.days).to_numpy(float))


def _followed(gap: pd.Series, until: Floats) -> tuple[Floats, Flags]:
    """Days to the comeback where there is one in time, else those that the buyer is followed; whoever is followed for
    no day at all is left out."""
    days = gap.to_numpy(float)
    back = ~np.isnan(days) & (days <= until)
    followed = np.where(back, days, until)
    kept = followed > 0
    return followed[kept], back[kept]
