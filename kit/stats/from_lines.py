"""Orders and refunds of a shop that exports nothing but order lines, as till and small-shop exports do.

What is bought is the sum of an order's lines for goods, gifts and postage left out; a line of returned goods is a
refund, dated by its own day, because such exports rarely name the order it belongs to.
"""

from __future__ import annotations

import pandas as pd

WHO = ["platform", "shop", "order_id"]


def orders(lines: pd.DataFrame) -> pd.DataFrame:
    """One row an order with the columns of ``orders`` that figures need.

    ``lines``: canonical order_lines. Where a shop's export states no payment at all, a line counts at its creation;
    else one without a payment was not paid. One that states no amount paid counts with its line amount. Lines that
    were excluded are left out.
    """
    sold = counted(lines)
    table = sold.assign(
        paid_at=sold["paid_at"].fillna(sold["created_at"]),
        paid_amount=sold["paid_amount"].fillna(sold["line_amount"]),
    )
    grouped = table.groupby(WHO, as_index=False, sort=True)
    made = grouped.agg(
        created_at=("created_at", "min"),
        paid_at=("paid_at", "min"),
        paid_amount=("paid_amount", "sum"),
        lines=("line_id", "size"),
    )
    return made.assign(counted=True, buyer_key=None, aftersale="none", refund_amount=0.0)


def together(orders_stated: pd.DataFrame | None, lines: pd.DataFrame | None) -> pd.DataFrame | None:
    """``orders_stated`` (canonical orders), and of the shops that have lines alone the orders made from them."""
    if lines is None or lines.empty:
        return orders_stated
    stated = orders_stated if orders_stated is not None else pd.DataFrame({"shop": []})
    only = lines[~lines["shop"].isin(stated["shop"])]
    if only.empty:
        return orders_stated
    return orders(only) if stated.empty else pd.concat([stated, orders(only)], ignore_index=True)


def counted(lines: pd.DataFrame) -> pd.DataFrame:
    """The lines for goods that were paid and that nobody excluded."""
    return lines[are_counted(lines)]


def are_counted(lines: pd.DataFrame) -> pd.Series:
    """Which lines are for goods that were paid and that nobody excluded."""
    sold = (lines["kind"] == "sale") & lines["excluded"].isna() & ~lines["status"].isin(["unpaid"])
    paid = lines["paid_at"].notna()
    states_payment = lines["shop"].isin(lines["shop"][sold & paid].unique())
    return sold & (paid | ~states_payment)


def refunds(lines: pd.DataFrame) -> pd.DataFrame:
    """One row a returned line with the columns of ``refunds`` that figures need; amounts are above 0."""
    back = lines[(lines["kind"] == "return") & lines["excluded"].isna()]
    amount = back["paid_amount"].fillna(back["line_amount"]).abs()
    at = back["paid_at"].fillna(back["created_at"])
    made = back[["platform", "shop", "order_id", "line_id"]].rename(columns={"line_id": "refund_id"})
    return made.assign(applied_at=at, refunded_at=at, paid_at=pd.NaT, status="success", refund_amount=amount)
