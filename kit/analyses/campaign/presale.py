"""The presale: deposits, how many of them were paid off, and what deposit inflation cost."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kit.analyses.campaign.subjects import Campaign
from kit.stats.kpi_days import Tables


@dataclass(frozen=True)
class Presale:
    """``buyers`` and ``balances``: sums of the days' deposit and balance buyers, each of whom acts once a presale.

    ``converted``: deposit buyers ÷ visitors of the deposit days (sums of days); ``paid``: balances ÷ deposits;
    ``inflation``: the shop's part of the deposits counted double. None where the files do not state it.
    """

    buyers: float
    balances: float | None
    deposit: float | None
    balance: float | None
    converted: float | None
    inflation: float | None
    platforms: tuple[str, ...] = ()

    @property
    def paid(self) -> float | None:
        return None if self.balances is None or not self.buyers else self.balances / self.buyers


def presale(campaign: Campaign, tables: Tables, daily: pd.DataFrame | None) -> Presale | None:
    """From the rows of ``presale_daily`` that bear the campaign's name, else from those in its days that bear none;
    None without any."""
    if daily is None or daily.empty:
        return None
    rows = daily[(daily["shop"] == campaign.shop)] if campaign.shop else daily
    named = rows["campaign"].fillna("").str.casefold().isin([campaign.name.casefold(), campaign.key])
    blank = rows["campaign"].fillna("").eq("")
    inside = blank & rows["date"].between(pd.Timestamp(campaign.opening), pd.Timestamp(campaign.end))
    rows = rows[named] if named.any() else rows[inside]
    buyers = _sum(rows, "deposit_buyers")
    if not buyers:
        return None
    return Presale(
        buyers, _sum(rows, "balance_buyers"), _sum(rows, "deposit_amount"), _sum(rows, "balance_amount"),
        _converted(rows, tables, campaign), _sum(rows, "inflation_cost"), tuple(sorted(rows["platform"].unique())),
    )  # fmt: skip


def _sum(rows: pd.DataFrame, column: str) -> float | None:
    return float(rows[column].sum()) if column in rows and rows[column].notna().any() else None


def _converted(rows: pd.DataFrame, tables: Tables, campaign: Campaign) -> float | None:
    """Over the days on which deposits were paid, if visitors are known on each of them."""
    shops = tables.get("shop_daily")
    paying = rows[rows["deposit_buyers"].fillna(0) > 0]
    if shops is None or paying.empty:
        return None
    own = shops[shops["shop"].isin(paying["shop"]) & shops["date"].isin(paying["date"]) & shops["visitors"].notna()]
    whole = own.groupby(["shop", "date"]).ngroups == paying.groupby(["shop", "date"]).ngroups
    visitors = float(own["visitors"].sum())
    return float(paying["deposit_buyers"].sum()) / visitors if whole and visitors else None
