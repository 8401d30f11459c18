"""What looks wrong in the whole and could still be right: said, never removed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from kit.client import Client
from kit.errors import Problem, problem, warning
from kit.exports import agree, finish

if TYPE_CHECKING:
    import pandas as pd

Tables = dict[str, "pd.DataFrame"]

JUMPS = {"shop_daily": ("visitors", "pay_amount"), "ads_daily": ("spend",)}
"""Tables whose days are watched, and the figures in which a jump is looked for."""
MATURE = 14
"""Days that a series must have before one of them can look wrong."""
SILENT = 7
"""Days without a sale, or without a row, at the end of a shop's series from which it is said."""
NAMED = 5
"""Days that a message names; the rest is counted."""


def warnings(client: Client, tables: Tables, paid: pd.DataFrame | None = None) -> list[Problem]:
    """Days missing or out of proportion, shops gone silent, odd orders, files that do not agree. ``paid``: as for
    ``agree.warnings``."""
    told: list[Problem] = []
    for name, figures in JUMPS.items():
        for shop, rows in _by_shop(tables.get(name)):
            told += _gaps(name, shop, rows)
            told += [p for figure in figures for p in _jumps(name, shop, rows, figure, client.thresholds.jump_times)]
    for shop, rows in _by_shop(tables.get("shop_daily")):
        told += _silent(shop, rows)
    told += [*_behind(tables), *_of_two_shops(tables), *_unmatched(tables), *_over_refunded(tables)]
    for shop, rows in _by_shop(tables.get("orders")):
        told += _odd_orders(client, shop, rows)
    return told + agree.warnings(client, tables, paid)


def _by_shop(frame: pd.DataFrame | None) -> Any:
    return () if frame is None else frame.groupby("shop", sort=True)


# ---- days -----------------------------------------------------------------------------------------------------


def _gaps(table: str, shop: str, rows: pd.DataFrame) -> list[Problem]:
    """Days between the first and the last that no file brought; of advertising by tool, as one tool's days would hide
    that another's are missing."""
    if table != "ads_daily":
        return _missing(rows["date"], code=table, shop=shop)
    by_tool = rows.groupby("tool", sort=True)["date"]
    return [p for tool, dates in by_tool for p in _missing(dates, code=table, shop=shop, of_tool=str(tool))]


def _missing(dates: pd.Series, **facts: str) -> list[Problem]:
    import pandas as pd

    there = dates.drop_duplicates()
    missing = pd.date_range(there.min(), there.max()).difference(there)
    if missing.empty:
        return []
    days = [day.date().isoformat() for day in missing[:NAMED]]
    return [warning("e.warn.gap", days=days, n=len(missing), **facts)]


def _jumps(table: str, shop: str, rows: pd.DataFrame, figure: str, times: float) -> list[Problem]:
    """Days above so many times the median day of the shop."""
    by_day = rows.groupby("date")[figure].sum(min_count=1).dropna()
    usual = by_day.median()
    if len(by_day) < MATURE or not usual > 0:
        return []
    high = by_day[by_day > times * usual]
    if high.empty:
        return []
    days = [day.date().isoformat() for day in high.index[:NAMED]]
    return [warning("e.warn.jump", code=figure, shop=shop, days=days, times=f"{times:g}", n=len(high))]


def _silent(shop: str, rows: pd.DataFrame) -> list[Problem]:
    """A shop that sold and whose last days show nothing."""
    by_day = rows.groupby("date")["pay_amount"].sum(min_count=1).dropna()
    if len(by_day) < MATURE or by_day.tail(SILENT).sum() > 0 or not by_day.median() > 0:
        return []
    return [warning("e.warn.silent", shop=shop, since=by_day[by_day > 0].index[-1].date().isoformat())]


def _behind(tables: Tables) -> list[Problem]:
    """Shops whose days or orders end well before the same of another shop, or before the other of their own."""
    ends: dict[tuple[str, str], dt.date] = {}
    for name, columns in (("shop_daily", ["date"]), ("orders", ["created_at", "paid_at"])):
        for shop, rows in _by_shop(tables.get(name)):
            last = rows[columns].max().max()
            if last == last:  # orders may state no time at all
                ends[name, shop] = last.date()
    told = []
    for (name, shop), end in ends.items():
        last = max(other for (table, of), other in ends.items() if table == name or of == shop)
        if (days := (last - end).days) >= SILENT:
            facts = {"since": end.isoformat(), "last": last.isoformat()}
            told.append(warning("e.warn.behind", of_table=name, shop=shop, n=days, **facts))
    return told


# ---- orders ---------------------------------------------------------------------------------------------------


def _odd_orders(client: Client, shop: str, rows: pd.DataFrame) -> list[Problem]:
    """Orders that do not say whether they were paid, and those far above the usual."""
    told = [warning("e.warn.no_status", shop=shop)] if finish.unstated(rows).any() else []
    if odd := int(rows["suspicious"].notna().sum()):
        times = client.thresholds.suspicious_times
        told.append(warning("e.warn.suspicious", shop=shop, n=odd, times=f"{times:g}"))
    return told


def _of_two_shops(tables: Tables) -> list[Problem]:
    """Orders that stand in two shops of one platform."""
    orders = tables.get("orders")
    if orders is None or orders["shop"].nunique() < 2:
        return []
    twice = orders[orders.duplicated(["platform", "order_id"], keep=False)]
    told = []
    for platform, rows in twice.groupby("platform", sort=True):
        first = rows[rows["order_id"] == rows["order_id"].iloc[0]]
        facts = {"order": str(first["order_id"].iloc[0]), "shops": sorted(first["shop"])}
        told.append(problem("e.orders.shops", platform=platform, n=rows["order_id"].nunique(), **facts))
    return told


def _unmatched(tables: Tables) -> list[Problem]:
    """Ids of the sheet of exclusions that nothing has: a mistyped one would silently do nothing."""
    sheet, orders, lines = (tables.get(name) for name in ("exclusions", "orders", "order_lines"))
    if sheet is None or (orders is None and lines is None):
        return []
    frames = [f for f in (orders, lines) if f is not None]
    known = {"order": {id for f in frames for id in f["order_id"]}}
    known["item"] = set() if lines is None else set(lines["item_id"].dropna())
    rows = zip(sheet["what"], sheet["id"], strict=True)
    missing = [id for what, id in rows if id not in known[what] and (what == "order" or lines is not None)]
    return [warning("e.warn.unmatched", found=missing[:NAMED], n=len(missing))] if missing else []


def _over_refunded(tables: Tables) -> list[Problem]:
    """Orders whose successful refunds add up to more than was paid for them."""
    orders, refunds = tables.get("orders"), tables.get("refunds")
    if orders is None or refunds is None:
        return []
    done = refunds[refunds["status"].isna() | refunds["status"].eq("success")]
    back = done.groupby(["shop", "order_id"])["refund_amount"].sum()
    paid = orders.set_index(["shop", "order_id"])["paid_amount"]
    both = back.to_frame("back").join(paid, how="inner")
    over = both[both["back"] > both["paid_amount"] + 0.01].reset_index()
    return [
        warning("e.warn.refunds_over_paid", shop=shop, n=len(rows), order=str(rows["order_id"].iloc[0]))
        for shop, rows in over.groupby("shop", sort=True)
    ]
