"""The whole simulation at once: one frame per subject, all derived from the same days."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from simulation import (
    book,
    cases,
    creatives,
    experiments,
    feedback,
    items,
    live,
    market,
    members,
    orders,
    parcels,
    promoted,
    rivals,
    screen,
    shop,
    sources,
    stock,
    traffic,
    unpaid,
)
from simulation.campaigns import TMALL


@dataclass(frozen=True)
class Simulation:
    """What happened. Frames begin before the exported period; each module's docstring has the columns.

    ``catalogue`` items · ``demand`` expected demand · ``orders`` orders, lines, lost lines · ``shop`` the Tmall
    shop's days · ``sold`` units, days × items · ``ads`` days × channels · ``presale`` deposits and balances ·
    ``category`` its money by day · ``rivals`` their listings · ``snapshots`` what a price watcher saw ·
    ``douyin`` the other shop · ``reviews`` · ``service`` · ``stock`` · ``units`` and ``tests`` the experiments'
    visitors and days · ``book`` the Tmall orders as they stand at the end · ``refunds`` their refund cases · ``screen``
    items by day · ``sources`` the origin of buyers by month · ``promoted`` ads by plan and item · ``members`` by month
    · ``parcels`` the Douyin orders' lines · ``creatives`` the Douyin ads by creative.
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
    book: book.Book
    refunds: pd.DataFrame
    screen: pd.DataFrame
    sources: pd.DataFrame
    promoted: pd.DataFrame
    members: pd.DataFrame
    parcels: pd.DataFrame
    creatives: pd.DataFrame


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
    deposits = traffic.presale(demand)
    told = book.book(placed, unpaid.unpaid(table, placed), deposits)
    spent = shop.ads(demand, table)
    other = live.simulate()
    return Simulation(
        catalogue=catalogue,
        demand=demand,
        orders=placed,
        shop=table,
        sold=sold,
        ads=spent,
        presale=deposits,
        category=category,
        rivals=others,
        snapshots=pd.concat([seen, rivals.own_snapshots(catalogue, sold)], ignore_index=True),
        douyin=other,
        reviews=feedback.reviews(placed, catalogue),
        service=feedback.service(table),
        stock=stock.levels(sold, catalogue),
        units=units,
        tests=experiments.daily(units),
        book=told,
        refunds=cases.cases(told, catalogue),
        screen=screen.item_days(demand, table, placed, told, catalogue),
        sources=sources.monthly(demand, told),
        promoted=promoted.promoted(spent, catalogue),
        members=members.monthly(placed),
        parcels=parcels.parcels(other, catalogue),
        creatives=creatives.creatives(other),
    )
