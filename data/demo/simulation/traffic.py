"""Who comes to the Tmall shop, through which source, at what advertising cost, and how many of them order.

``demand`` is a pure function of the campaigns that take place: called without one of them, on the same noise, it
gives the shop as it would have been. That is what the planted increments are measured against.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulation.campaigns import DEPOSIT_PAID, Campaign, profile
from simulation.world import DAYS, level, noise, position, rng, years

# source, ordinary daily visitors, conversion, yearly growth of visitors, response to an event
SOURCES = (
    ("手淘搜索", 6550, 0.0190, -0.05, 1.0),
    ("手淘推荐", 7200, 0.0078, 0.04, 0.9),
    ("我的淘宝", 2370, 0.0400, -0.03, 1.2),
    ("购物车", 1610, 0.0560, -0.02, 1.4),
    ("店铺自播", 1420, 0.0250, 0.12, 1.1),
    ("达人直播", 850, 0.0280, 0.15, 1.3),
    ("淘宝客", 1230, 0.0175, 0.00, 0.8),
)
# channel, ordinary daily spend, cost of a click at that spend, conversion, how fast a click's cost rises with spend
CHANNELS = (
    ("关键词推广", 7400.0, 2.30, 0.0225, 0.16),
    ("人群推广", 4600.0, 1.45, 0.0150, 0.22),
    ("品销宝", 1900.0, 2.90, 0.0330, 0.10),
)
DECAYING = "人群推广"
DECAY_FROM = "2024-07-29"
DECAY_PER_WEEK = 0.05
WAR_FROM = "2024-11-04"
WAR_LOSS = 0.05
"""Share of own spot orders lost while the rival's price war runs."""
OVERLAP = 0.87
"""Visitors of the shop over the sum of its sources' visitors: some come through several."""
EVENT_CLICK_COST = 1.35
ORDINARY_ORDERS = 540
"""Orders of an ordinary day, the unit in which presale deposits are planned."""


@dataclass(frozen=True)
class Demand:
    """Expected demand of every simulated day (``DAYS`` as index), before it is counted in whole orders.

    ``visitors``: days × sources (channels included). ``buyers``: days × sources, spot orders. ``deposits`` and
    ``balances``: presale orders placed and paid. ``ads``: one row per day and channel.
    """

    visitors: pd.DataFrame
    buyers: pd.DataFrame
    deposits: pd.Series
    balances: pd.Series
    event: pd.Series
    phase: pd.Series
    ads: pd.DataFrame

    @property
    def orders(self) -> pd.Series:
        """Expected paid orders a day: spot orders and the presale balances paid."""
        return self.buyers.sum(axis=1) + self.balances


def trend() -> np.ndarray:
    """The shop's own course: slightly up until November 2023, falling after."""
    late = np.maximum(years() - 1.0, 0)
    return np.round(np.exp(0.035 * np.minimum(years(), 1.0) - 0.045 * late), 9)


def demand(campaigns: Iterable[Campaign], *, war: bool = True, decay: bool = True) -> Demand:
    """The shop's demand if exactly ``campaigns`` take place, with or without the price war and the channel's decay."""
    shape = profile(campaigns)
    common = level() * noise(rng("traffic"), 0.055, 0.55)[:, 0]
    pull = shape["spot"].to_numpy()
    presale = shape["deposit"].to_numpy() + shape["balance"].to_numpy()
    ads = _ads(shape, common)
    visitors = _visitors(pull, presale, common, ads)
    rate = _conversion(pull, visitors, decay)
    lost = np.where((np.arange(len(DAYS)) >= position(WAR_FROM)) & war, 1 - WAR_LOSS, 1.0)
    buyers = (visitors * rate).mul(lost, axis=0).round(6)
    ordinary = ORDINARY_ORDERS * trend() * common
    return Demand(
        visitors=visitors.round(0),
        buyers=buyers,
        deposits=pd.Series(np.round(shape["deposit"] * ordinary, 6), index=DAYS),
        balances=pd.Series(np.round(shape["balance"] * ordinary, 6), index=DAYS),
        event=shape["event"],
        phase=shape["phase"],
        ads=ads,
    )


def _visitors(pull: np.ndarray, presale: np.ndarray, common: np.ndarray, ads: pd.DataFrame) -> pd.DataFrame:
    """More come when there is something to buy, and in the deposit days, too, though they don't buy yet."""
    noises = noise(rng("sources"), 0.05, 0.4, len(SOURCES))
    columns = {}
    for k, (name, daily, _, growth, response) in enumerate(SOURCES):
        lift = np.maximum(pull, 0.5) ** (0.52 * response) * (1 + 0.22 * presale)
        columns[name] = daily * trend() ** 0.5 * np.exp(growth * years()) * common * lift * noises[:, k]
    clicks = ads.pivot(index="date", columns="channel", values="clicks")
    for name, *_ in CHANNELS:
        columns[name] = clicks[name].to_numpy() * 0.93
    return pd.DataFrame(columns, index=DAYS)


def _conversion(pull: np.ndarray, visitors: pd.DataFrame, decay: bool) -> pd.DataFrame:
    noises = noise(rng("conversion"), 0.03, 0.2)[:, 0]
    base = {name: rate for name, _, rate, _, _ in SOURCES} | {name: rate for name, _, _, rate, _ in CHANNELS}
    rates = {name: rate * trend() ** 0.5 * pull**0.48 * noises for name, rate in base.items()}
    if decay:
        rates[DECAYING] = rates[DECAYING] * decayed()
    return pd.DataFrame(rates, index=DAYS)[list(visitors.columns)]


def decayed() -> np.ndarray:
    """The tiring channel's conversion relative to its former self: 1, then less by a fixed share every week."""
    weeks = np.maximum((np.arange(len(DAYS)) - position(DECAY_FROM)) // 7 + 1, 0)
    return np.round((1 - DECAY_PER_WEEK) ** weeks, 9)


def _ads(shape: pd.DataFrame, common: np.ndarray) -> pd.DataFrame:
    """Spend follows the season, the events and a weekly hand; clicks follow spend with falling returns."""
    generator = rng("ads")
    weeks = np.arange(len(DAYS)) // 7
    season = common * (1 + 0.9 * (np.maximum(shape["spot"].to_numpy(), 0.6) ** 0.5 - 1)) * (1 + 0.35 * shape["deposit"])
    frames = []
    for name, daily, cost, _, rise in CHANNELS:
        hand = np.exp(0.28 * generator.standard_normal(weeks[-1] + 1))[weeks]
        wobble = np.exp(0.06 * generator.standard_normal(len(DAYS)))
        spend = np.round(daily * season.to_numpy() * hand, 2)
        click_cost = cost * (spend / daily) ** rise * (1 + (EVENT_CLICK_COST - 1) * shape["event"].to_numpy()) * wobble
        clicks = np.round(spend / click_cost)
        impressions = np.round(clicks / (0.031 * np.exp(0.05 * generator.standard_normal(len(DAYS)))))
        frames.append(
            pd.DataFrame({"date": DAYS, "channel": name, "spend": spend, "clicks": clicks, "impressions": impressions})
        )
    return pd.concat(frames, ignore_index=True)


def presale(table: Demand) -> pd.DataFrame:
    """Deposits placed and balances paid, in whole orders, and the money of the deposits (20 yuan each, counted
    double towards the price). Some deposits are never paid off."""
    placed, paid = table.deposits.round().astype(int), table.balances.round().astype(int)
    frame = pd.DataFrame(
        {"deposit_buyers": placed, "deposit_amount": placed * 20, "balance_buyers": paid, "inflation": paid * 20}
    )
    return frame[(placed > 0) | (paid > 0)].assign(paid_share=DEPOSIT_PAID)
