"""What a shop's figures mean where platforms differ: when presale counts, subsidies, buyers, attribution windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.client import Client
from kit.exports.finish import balance_due
from kit.tables import TABLES

if TYPE_CHECKING:
    import pandas as pd


def meanings(client: Client, tables: dict[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """A line per shop with data: ``presale`` (balance, deposit or None: unknown), ``staged`` (its presale orders, None
    without any), ``subsidy`` (whether paid amounts of the platform's reports include the platform's share, or None),
    ``fixed`` (columns of its data that include it, or don't, on every platform), ``buyers`` (whether its orders name a
    stable buyer, None without orders), ``windows`` (tool → attribution windows in days, empty where nobody stated one).
    """
    made = []
    for key, shop in client.shops.items():
        own = {name: rows for name, t in tables.items() if "shop" in t and len(rows := t[t["shop"] == key])}
        if not own:
            continue
        orders = own.get("orders")
        buyers = None if orders is None else bool(orders["buyer_key"].notna().any())
        said = {"presale": shop.presale_counted, "staged": _staged(orders), "buyers": buyers}
        money = {"subsidy": shop.paid_includes_subsidy, "fixed": _fixed(own)}
        made.append({"shop": key, "platform": shop.platform, **said, **money, "windows": _windows(own)})
    return made


def _staged(orders: pd.DataFrame | None) -> dict[str, Any] | None:
    """Presale orders: how many; ``waiting`` for their balance with what is ``paid`` and ``due`` of them (None where no
    order states it); ``lapsed``, closed without it; ``untold``, of which nothing says how far they are paid."""
    if orders is None or not (presale := orders["presale"].fillna(False)).any():
        return None
    rows = orders[presale]
    due, closed = balance_due(rows), rows["status"].eq("closed").fillna(False)
    waiting = rows[due & ~closed]
    untold = rows["presale_stage"].isna() & ~due & rows["status"].ne("unpaid").fillna(True)
    money = {"paid": waiting["paid_amount"], "due": waiting["payable_amount"] - waiting["paid_amount"]}
    sums = {k: float(v.sum()) if v.notna().any() else None for k, v in money.items()}
    counts = {"waiting": len(waiting), "lapsed": int((due & closed).sum()), "untold": int(untold.sum())}
    return {"orders": len(rows), **counts, **sums}


def _fixed(own: dict[str, pd.DataFrame]) -> dict[str, bool]:
    """Columns with figures of which the tables themselves say whether the platform's subsidy is in them."""
    fields = [(name, f) for name in own for f in TABLES[name].fields if f.subsidy is not None]
    return {f.name: bool(f.subsidy) for name, f in fields if own[name][f.name].notna().any()}


def _windows(own: dict[str, pd.DataFrame]) -> dict[str, list[int]]:
    found: dict[str, set[int]] = {}
    for name in ("ads_daily", "ads_period"):
        if name in own:
            for tool, rows in own[name].groupby("tool", sort=True):
                found.setdefault(str(tool), set()).update(int(w) for w in rows["window_days"].unique() if w >= 0)
    return {tool: sorted(days) for tool, days in found.items()}
