"""What of the orders enters sales: read, never paid, left out, counted; what was paid for those and refunded so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def funnel(orders: pd.DataFrame | None) -> list[dict[str, Any]]:
    """A line per shop and month. ``read`` is the sum of ``unpaid`` (a presale order that waits for its balance among
    them), ``excluded`` (by the consultant, paid or not) and ``counted``; ``amount`` and ``refunded`` are those of the
    counted ones, None where no order states it.

    The month is that of the payment, as sales are counted; of the order where nothing was paid; None if unknown.
    """
    if orders is None:
        return []
    day = orders["paid_at"].fillna(orders["created_at"]).dt.normalize()
    month = day.map({d: f"{d:%Y-%m}" for d in day.dropna().unique()}).fillna("")  # by order it would take long
    made = []
    for (platform, shop, when), rows in orders.groupby(["platform", "shop", month], sort=True):
        counted, left = rows["counted"], rows["excluded"].notna()
        steps = {"read": len(rows), "unpaid": int((~counted & ~left).sum()), "excluded": int(left.sum())}
        money = {"amount": _sum(rows["paid_amount"][counted]), "refunded": _sum(rows["refund_amount"][counted])}
        facts = {**steps, "counted": int(counted.sum()), **money}
        made.append({"platform": platform, "shop": shop, "month": when or None, **facts})
    return sorted(made, key=lambda line: (line["platform"], line["shop"], line["month"] is None))


def _sum(values: pd.Series) -> float | None:
    return float(values.sum()) if values.notna().any() else None
