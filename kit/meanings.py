"""What a shop's figures mean where platforms differ: when presale counts, subsidies, buyers, attribution windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.client import Client

if TYPE_CHECKING:
    import pandas as pd


def meanings(client: Client, tables: dict[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """A line per shop with data: ``presale`` (balance, deposit or None: unknown), ``subsidy`` (whether paid amounts
    include the platform's share, or None), ``buyers`` (whether its orders name a stable buyer, None without orders),
    ``windows`` (tool → attribution windows in days, empty where nobody stated one)."""
    made = []
    for key, shop in client.shops.items():
        own = {name: rows for name, t in tables.items() if "shop" in t and len(rows := t[t["shop"] == key])}
        if not own:
            continue
        orders = own.get("orders")
        buyers = None if orders is None else bool(orders["buyer_key"].notna().any())
        said = {"presale": shop.presale_counted, "subsidy": shop.paid_includes_subsidy, "buyers": buyers}
        made.append({"shop": key, "platform": shop.platform, **said, "windows": _windows(own)})
    return made


def _windows(own: dict[str, pd.DataFrame]) -> dict[str, list[int]]:
    found: dict[str, set[int]] = {}
    for name in ("ads_daily", "ads_period"):
        if name in own:
            for tool, rows in own[name].groupby("tool", sort=True):
                found.setdefault(str(tool), set()).update(int(w) for w in rows["window_days"].unique() if w >= 0)
    return {tool: sorted(days) for tool, days in found.items()}
