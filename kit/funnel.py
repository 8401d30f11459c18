"""What of the orders enters sales: read, never paid, left out, counted; what was paid for those and refunded so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

NAMES = ("platform", "shop", "month", "read", "unpaid", "excluded", "counted", "amount", "refunded")


def funnel(orders: pd.DataFrame | None) -> list[dict[str, Any]]:
    """As ``of`` tells it of a frame."""
    if orders is None:
        return []
    from kit.exports import parquet

    with parquet.connection() as con:
        con.register("orders", orders)
        return of(con)


def of(con: Any) -> list[dict[str, Any]]:
    """A line per shop and month of what ``con`` has as ``orders``.

    ``read`` is the sum of ``unpaid`` (a presale order that waits for its balance among them), ``excluded`` (by the
    consultant, paid or not) and ``counted``; ``amount`` and ``refunded`` are those of the counted ones, None where no
    order states it.

    The month is that of the payment, as sales are counted; of the order where nothing was paid; None if unknown.
    """
    found = con.execute(
        "SELECT * REPLACE (strftime(month, '%Y-%m') AS month) FROM (SELECT"
        " platform, shop, date_trunc('month', coalesce(paid_at, created_at)) AS month, count(*),"
        " count(*) FILTER (NOT counted AND excluded IS NULL), count(excluded), count(*) FILTER (counted),"
        " sum(paid_amount) FILTER (counted), sum(refund_amount) FILTER (counted)"
        " FROM orders GROUP BY ALL) ORDER BY platform, shop, month NULLS LAST"
    ).fetchall()
    return [dict(zip(NAMES, row, strict=True)) for row in found]
