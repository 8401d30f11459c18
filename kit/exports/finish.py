"""What only the whole shows: which orders count, what the consultant leaves out, which attribution window is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.client import Client
from kit.errors import Problem, problem, warning

if TYPE_CHECKING:
    import pandas as pd

Tables = dict[str, "pd.DataFrame"]


def whole(client: Client, tables: Tables) -> list[dict[str, Any]]:
    """Fill the columns that kit works out, in place; what the exclusions take out, by reason and shop."""
    orders, lines = tables.get("orders"), tables.get("order_lines")
    if orders is not None:
        orders["excluded"] = _reasons(orders, "order_id", _excluded(tables, "order"))
        paid = sold(client, orders)
        orders["counted"] = paid & orders["excluded"].isna()
        odd = _odd(orders, paid, client.thresholds.suspicious_times)
        orders["suspicious"] = orders["suspicious"].mask(odd, "amount")
    if lines is not None:
        by_order = _reasons(lines, "order_id", _excluded(tables, "order"))
        lines["excluded"] = by_order.where(by_order.notna(), _reasons(lines, "item_id", _excluded(tables, "item")))
    left = [] if orders is None else _left_out(orders[paid], "paid_amount")
    return [*left, *([] if lines is None else _left_out(lines, "line_amount"))]


def sold(client: Client, orders: pd.DataFrame) -> pd.Series[bool]:
    """Which orders were paid, whatever came later: an order closed after its payment was sold and refunded. The
    platforms' paid amount has it, and so have the refunds; left out here, it would be taken off twice.

    Where a shop's orders state no time of payment, the amount of a closed one says it, and of all of them if there is
    no status either. A presale order of which the deposit alone is paid is sold where ``presale_counted`` is the
    deposit's day, and nowhere else: it may never be paid off.
    """
    paid = orders["paid_at"].notna() | orders["status"].isin(["paid", "shipped", "completed"])
    untimed = ~orders["paid_at"].notna().groupby(orders["shop"]).transform("any")
    closed = orders["status"].eq("closed").fillna(False)
    paid |= (closed | unstated(orders)) & untimed & (orders["paid_amount"] > 0)
    by_deposit = orders["shop"].map({k: shop.presale_counted == "deposit" for k, shop in client.shops.items()})
    due = balance_due(orders)
    return (paid & orders["status"].ne("unpaid").fillna(True) & ~due | due & by_deposit.eq(True)).astype("boolean")


def balance_due(orders: pd.DataFrame) -> pd.Series[bool]:
    """Presale orders of which the deposit alone is paid, whatever became of them: by their stages, or by a payment of
    an order whose status is unpaid."""
    paid_in_part = orders["presale"].fillna(False) & orders["status"].eq("unpaid") & orders["paid_at"].notna()
    return (orders["presale_stage"].eq("deposit") | paid_in_part).fillna(False).astype(bool)


def unstated(orders: pd.DataFrame) -> pd.Series[bool]:
    """Orders of shops whose files say neither a status nor a time of payment."""
    stated = orders["paid_at"].notna() | orders["status"].notna()
    return ~stated.groupby(orders["shop"]).transform("any")


def _odd(orders: pd.DataFrame, paid: Any, times: float) -> Any:
    """Orders above so many times the median paid order of their shop."""
    amounts = orders["paid_amount"]
    usual = amounts.where(paid & (amounts > 0)).groupby(orders["shop"]).transform("median")
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
