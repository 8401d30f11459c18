"""Supply: how soon paid orders are shipped, and how long the stock lasts at the pace at which it sells."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from kit.stats import from_lines
from kit.stats.kpi_days import ABSENT, CUT, Dates, Part, Tables, reach, rows_of

IN_TIME = pd.Timedelta(hours=48)
"""From payment to shipping: what the platforms ask of orders that are no presale."""
NEEDED = ["order_id", "status", "paid_at", "shipped_at", "counted", "presale"]
"""What orders have to say of shipping; those that were made from order lines don't."""
SHIPPED = ("shipped_in_time", "orders_due")
STOCK = ("stock", "units_a_day")


def shipped(tables: Tables, days: Dates) -> dict[str, Part]:
    """Orders of the period's payments that were shipped in time, and all that had to be (``tables`` hold one shop's
    rows).

    Left out: presale orders, which are shipped later by agreement, orders that were closed before they were shipped,
    and those whose time is not up when the file ends.
    """
    orders = rows_of(tables, "orders")
    told = orders is not None and {*NEEDED} <= {*orders.columns}
    found = reach(orders["paid_at"], days) if orders is not None and told else Part(None, ABSENT)
    if orders is None or not found.value:
        return dict.fromkeys(SHIPPED, Part(None, found.lacks))
    paid = days.of(orders, "paid_at")
    due = paid["counted"].fillna(False) & ~paid["presale"].fillna(False)
    sent, at = paid["shipped_at"][due], paid["paid_at"][due]
    if not sent.notna().any():
        return dict.fromkeys(SHIPPED, Part(None, ABSENT))
    waiting = paid["status"][due].ne("closed").fillna(True) & (at + IN_TIME <= orders["paid_at"].max())
    in_time = (sent - at <= IN_TIME)[sent.notna() | waiting]
    return dict(zip(SHIPPED, (Part(float(in_time.sum())), Part(float(len(in_time)))), strict=True))


def with_shipping(orders: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """A shop's orders, each shipped when the last of its ``lines`` was where no order says when it was."""
    if "shipped_at" not in orders or orders["shipped_at"].notna().any():
        return orders
    return orders.assign(shipped_at=orders["order_id"].map(lines.groupby("order_id")["shipped_at"].max()))


class Shelf:
    """Of all shops together, since stock belongs to none: the counts of units on hand, and the lines that sold.

    ``tables``: canonical tables by name; of order lines those for goods whose code the warehouse counts.
    """

    def __init__(self, tables: Tables) -> None:
        counts, lines = rows_of(tables, "inventory"), rows_of(tables, "order_lines")
        self.counts: pd.DataFrame | None = None
        self.lines: pd.DataFrame | None = None
        if counts is not None and lines is not None:
            self.counts, self.lines = counts[counts["stock_on_hand"].notna()], _moved(lines)
            self.sold = self.lines[self.lines["sold"]].sort_values("at", kind="stable", na_position="first")

    def parts(self, days: Dates, opening: bool = True) -> dict[str, Part]:
        """Average units on hand, from the day before the period to its last, and units sold a day of the same codes.
        One count alone is an average, too: the note says what it is. Without ``opening`` only the days' own counts:
        periods in a row would share one, and then move less from one to the next than they scatter."""
        if self.counts is None or self.lines is None:
            return dict.fromkeys(STOCK, Part(None, ABSENT))
        held = Dates(days.start - dt.timedelta(opening), days.end, days.without).of(self.counts)
        if held.empty or not reach(self.lines["at"], days).value:
            return dict.fromkeys(STOCK, Part(None, CUT))
        average = held.groupby("date")["stock_on_hand"].sum().mean()
        sold = days.of(self.sold, "at")
        units = sold["quantity"][sold["merchant_sku"].isin(held["merchant_sku"])].sum()
        return {"stock": Part(float(average)), "units_a_day": Part(float(units) / days.count)}


def _moved(lines: pd.DataFrame) -> pd.DataFrame:
    """Order lines ``at`` their payment, else at the order's creation, and whether each was ``sold``."""
    return pd.DataFrame(
        {
            "at": lines["paid_at"].fillna(lines["created_at"]),
            "sold": from_lines.are_counted(lines),
            "merchant_sku": lines["merchant_sku"],
            "quantity": lines["quantity"],
        }
    )
