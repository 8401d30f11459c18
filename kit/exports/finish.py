"""What only the whole shows: which orders count, what the consultant leaves out, days that look wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.client import Client
from kit.errors import Problem, problem, warning

if TYPE_CHECKING:
    import pandas as pd

Tables = dict[str, "pd.DataFrame"]

SERIES = {"shop_daily": ("visitors", "pay_amount"), "ads_daily": ("spend",)}
"""Tables whose days are watched, and the figures in which a jump is looked for."""
MATURE = 14
"""Days that a series must have before one of them can look wrong."""
SILENT = 7
"""Days without a sale at the end of a shop's series from which it is said."""
NAMED = 5
"""Days that a message names; the rest is counted."""


def whole(client: Client, tables: Tables) -> list[dict[str, Any]]:
    """Fill the columns that kit works out, in place; what the exclusions take out, by reason and shop."""
    orders, lines = tables.get("orders"), tables.get("order_lines")
    if orders is not None:
        orders["excluded"] = _reasons(orders, "order_id", _excluded(tables, "order"))
        sold = _sold(orders)
        orders["counted"] = sold & orders["excluded"].isna()
        orders["suspicious"] = orders["suspicious"].mask(
            _odd(orders, sold, client.thresholds.suspicious_times), "amount"
        )
    if lines is not None:
        by_order = _reasons(lines, "order_id", _excluded(tables, "order"))
        lines["excluded"] = by_order.where(by_order.notna(), _reasons(lines, "item_id", _excluded(tables, "item")))
    left = [] if orders is None else _left_out(orders[sold], "paid_amount")
    return [*left, *([] if lines is None else _left_out(lines, "line_amount"))]


def _sold(orders: pd.DataFrame) -> Any:
    """Which orders were paid, whatever came later: an order closed after its payment was sold and refunded. The
    platforms' paid amount has it, and so have the refunds; left out here, it would be taken off twice.

    Where a shop's orders state no time of payment, the amount of a closed one says it, and of all of them if there is
    no status either.
    """
    paid = orders["paid_at"].notna() | orders["status"].isin(["paid", "shipped", "completed"])
    untimed = ~orders["paid_at"].notna().groupby(orders["shop"]).transform("any")
    closed = orders["status"].eq("closed").fillna(False)
    paid |= (closed | _unstated(orders)) & untimed & (orders["paid_amount"] > 0)
    return (paid & orders["status"].ne("unpaid").fillna(True)).astype("boolean")


def _unstated(orders: pd.DataFrame) -> Any:
    stated = orders["paid_at"].notna() | orders["status"].notna()
    return ~stated.groupby(orders["shop"]).transform("any")


def _odd(orders: pd.DataFrame, sold: Any, times: float) -> Any:
    """Orders above so many times the median paid order of their shop."""
    amounts = orders["paid_amount"]
    usual = amounts.where(sold & (amounts > 0)).groupby(orders["shop"]).transform("median")
    asked = amounts.where(amounts > 0, orders["list_amount"])  # an unpaid order states what it would have cost
    return (asked > times * usual).fillna(False)


def _excluded(tables: Tables, what: str) -> dict[tuple[str, str], str]:
    """Shop (blank: any) and id to reason."""
    sheet = tables.get("exclusions")
    if sheet is None:
        return {}
    rows = sheet[sheet["what"] == what]
    return {(shop, id): reason for shop, id, reason in zip(rows["shop"], rows["id"], rows["reason"], strict=True)}


def _reasons(frame: pd.DataFrame, column: str, excluded: dict[tuple[str, str], str]) -> Any:
    import pandas as pd

    if not excluded:
        return pd.Series(None, index=frame.index, dtype="str")
    pairs = zip(frame["shop"], frame[column], strict=True)
    found = [excluded.get((shop, id)) or excluded.get(("", id)) for shop, id in pairs]
    return pd.Series(found, index=frame.index, dtype="str")


def _left_out(frame: pd.DataFrame, amount: str) -> list[dict[str, Any]]:
    """Per shop and reason: records and money left out, and both totals, without and with them."""
    made = []
    for shop, part in frame.groupby("shop", sort=True):
        out = part[part["excluded"].notna()]
        for reason, rows in out.groupby("excluded", sort=True):
            facts = {"table": "orders" if amount == "paid_amount" else "order_lines", "shop": shop, "reason": reason}
            money = {"amount": float(rows[amount].sum()), "all": float(part[amount].sum())}
            made.append({**facts, "records": len(rows), **money, "kept": float(part[amount].sum() - out[amount].sum())})
    return made


# ---- what looks wrong -------------------------------------------------------------------------------------------


def warnings(client: Client, tables: Tables) -> list[Problem]:
    """Days missing or out of proportion, shops gone silent, windows side by side, odd orders: said, never removed."""
    told: list[Problem] = []
    for name, figures in SERIES.items():
        for shop, rows in _by_shop(tables.get(name)):
            told += _gaps(name, shop, rows)
            told += [p for figure in figures for p in _jumps(name, shop, rows, figure, client.thresholds.jump_times)]
    for shop, rows in _by_shop(tables.get("shop_daily")):
        told += _silent(shop, rows)
    told += [*_of_two_shops(tables), *_unmatched(tables), *_over_refunded(tables)]
    for shop, rows in _by_shop(tables.get("orders")):
        if _unstated(rows).any():
            told.append(warning("e.warn.no_status", shop=shop))
        if odd := int(rows["suspicious"].notna().sum()):
            times = client.thresholds.suspicious_times
            told.append(warning("e.warn.suspicious", shop=shop, n=odd, times=f"{times:g}"))
    return told


def windows(client: Client, tables: Tables) -> list[Problem]:
    """Tools whose spend of a day stands in more than one attribution window: the one that client.toml names is kept, in
    place; without it, adding the days would count the spend twice, so it is a fault."""
    told: list[Problem] = []
    for name, days in (("ads_daily", ["date"]), ("ads_period", ["start", "end"])):
        if name not in tables:
            continue
        frame = tables[name]
        keys = ["shop", "tool", "breakdown", *days]
        several = frame.groupby(keys, sort=False)["window_days"].transform("nunique") > 1
        for (shop, tool), part in frame[several].groupby(["shop", "tool"], sort=True):
            facts = {"shop": shop, "tool": tool, "windows": [f"{w:g}" for w in sorted(part["window_days"].unique())]}
            wanted = client.attribution.get(str(tool))
            if wanted not in part["window_days"].to_numpy():
                told.append(problem("e.windows", **facts))
                continue
            gone = part.index[part["window_days"] != wanted]
            tables[name] = tables[name].drop(index=gone)
            told.append(warning("e.warn.windows", kept=wanted, n=len(gone), **facts))
        tables[name] = tables[name].reset_index(drop=True)
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


def _by_shop(frame: pd.DataFrame | None) -> Any:
    return () if frame is None else frame.groupby("shop", sort=True)


def _gaps(table: str, shop: str, rows: pd.DataFrame) -> list[Problem]:
    """Days between the first and the last that no file brought."""
    import pandas as pd

    there = rows["date"].drop_duplicates()
    missing = pd.date_range(there.min(), there.max()).difference(there)
    if missing.empty:
        return []
    days = [day.date().isoformat() for day in missing[:NAMED]]
    return [warning("e.warn.gap", code=table, shop=shop, days=days, n=len(missing))]


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
