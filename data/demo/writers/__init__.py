"""The demo's export files: for each its name, as it would be downloaded, and its bytes.

A later export adds a function to a module here and a line in ``FILES``; the simulation has what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simulation.everything import Simulation

from writers import (
    ads,
    douyin_ads,
    douyin_live,
    douyin_orders,
    items,
    market,
    orders,
    presale,
    refunds,
    service,
    sources,
    stock,
    tests,
    trade,
)

FILES: tuple[Callable[[Simulation], Iterator[tuple[str, bytes]]], ...] = (
    market.listings,
    market.market_index,
    market.vendor_estimate,
    trade.trade,
    trade.douyin_core,
    orders.orders,
    orders.order_lines,
    presale.presale,
    refunds.refunds,
    items.item_days,
    sources.traffic_sources,
    ads.item_report,
    ads.plan_report,
    ads.brand_zone,
    service.reviews,
    service.service_desk,
    douyin_orders.orders,
    douyin_live.live_list,
    douyin_live.live_days,
    douyin_ads.creatives,
    stock.stock,
    tests.units,
    tests.rotation,
)


def exports(world: Simulation) -> Iterator[tuple[str, bytes]]:
    """Every export: its path below ``exports/`` and its bytes."""
    for write in FILES:
        yield from write(world)
