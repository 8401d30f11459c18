"""The whole simulation at once: one frame per subject, all derived from the same days."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from simulation import experiments, feedback, items, live, market, orders, rivals, shop, stock, traffic
from simulation.campaigns import TMALL


@dataclass(frozen=True)
class Simulation:
    """What happened. Frames begin before the exported period; each module's docstring has the columns.

    ``catalogue`` items · ``demand`` expected demand · ``orders`` orders, lines, lost lines · ``shop`` the Tmall
    shop's days · ``sold`` units, days × items · ``ads`` days × channels · ``presale`` deposits and balances ·
    ``category`` its money by day · ``rivals`` their listings · ``snapshots`` what a price watcher saw ·
    ``douyin`` the other shop · ``reviews`` · ``service`` · ``stock`` · ``units`` and ``tests`` the experiments'
    visitors and days.
    """

    catalogue: pd.DataFrame
    demand: traffic.Demand
    orders: orders.Orders
    shop: pd.DataFrame
    sold: np.ndarray
    ads: pd.DataFrame
    presale: pd.DataFrame
    category: pd.Series
    rivals: pd.DataFrame
    snapshots: pd.DataFrame
    douyin: live.Douyin
    reviews: pd.DataFrame
    service: pd.DataFrame
    stock: pd.DataFrame
    units: pd.DataFrame
    tests: pd.DataFrame


@cache
def simulate() -> Simulation:
    """Everything, the same on every machine; a few seconds."""
    catalogue = items.catalogue()
    demand = traffic.demand(TMALL)
    placed = orders.simulate(demand, catalogue, TMALL)
    table = shop.daily(demand, placed)
    sold = shop.item_days(placed, catalogue)
    category = market.daily()
    others = rivals.listings()
    prices = rivals.page_prices(others)
    seen = rivals.snapshots(others, prices, rivals.units(others, prices, category))
    units = experiments.units()
    return Simulation(
        catalogue=catalogue,
        demand=demand,
        orders=placed,
        shop=table,
        sold=sold,
        ads=shop.ads(demand, table),
        presale=traffic.presale(demand),
        category=category,
        rivals=others,
        snapshots=pd.concat([seen, rivals.own_snapshots(catalogue, sold)], ignore_index=True),
        douyin=live.simulate(),
        reviews=feedback.reviews(placed, catalogue),
        service=feedback.service(table),
        stock=stock.levels(sold, catalogue),
        units=units,
        tests=experiments.daily(units),
    )
