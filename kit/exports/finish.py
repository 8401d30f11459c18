"""What only the whole shows: which orders count, what the consultant leaves out, days that look wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.client import Client
from kit.errors import Problem, warning

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
    if lines is not None:
        lines["excluded"] = _reasons(lines, "item_id", _excluded(tables, "item"))
    if orders is None:
        return _left_out(lines, "line_amount") if lines is not None else []
    orders["excluded"] = _reasons(orders, "order_id", _excluded(tables, "order"))
    # An order that was paid and closed later was sold and refunded: the platforms' paid amount has it, and so have the
    # refunds. Left out here, it would be taken off twice.
    sold = (orders["paid_at"].notna() | orders["status"].isin(["paid", "shipped", "completed"])).astype("boolean")
    orders["counted"] = sold & orders["excluded"].isna()
    amounts = orders["paid_amount"]
    usual = amounts[sold & (amounts > 0)].median()
    asked = amounts.where(amounts > 0, orders["list_amount"])  # an unpaid order states what it would have cost
    odd = (asked > client.thresholds.suspicious_times * usual).fillna(False)
    orders["suspicious"] = orders["suspicious"].mask(odd, "amount")
    left = _left_out(orders[sold], "paid_amount")
    return [*left, *(_left_out(lines, "line_amount") if lines is not None else [])]


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
    for shop, rows in _by_shop(tables.get("orders")):
        if odd := int(rows["suspicious"].notna().sum()):
            times = client.thresholds.suspicious_times
            told.append(warning("e.warn.suspicious", shop=shop, n=odd, times=f"{times:g}"))
    for name in ("ads_daily", "ads_period"):
        for shop, rows in _by_shop(tables.get(name)):
            for tool, part in rows.groupby("tool", sort=True):
                windows = sorted({int(w) for w in part["window_days"] if w >= 0})
                if len(windows) > 1:
                    told.append(warning("e.warn.windows", shop=shop, tool=tool, windows=windows))
    return told


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
