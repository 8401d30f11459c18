"""A shop's sales, orders and refunds where its daily table does not state them: from orders, their lines, refund cases.

Refunds count in two ways: by their own date, and by the day of payment of what was refunded (so far).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit.stats import from_lines
from kit.stats.kpi_days import ABSENT, CUT, LINES, Dates, Part, Tables, distinct, reach, rows_of, summed

LINES_AS_ORDERS = ("tmall", "taobao")
"""Platforms whose ``pay_orders`` are lines of orders (子订单)."""
AGREES = 0.05
"""How far orders may sum to something else than the platform's daily figure and still count as all orders of a day."""
REFUNDS_BACK = 30
"""Days that refunds must reach back before a period whose refunds are counted by their own date."""


def sales(tables: Tables, days: Dates) -> dict[str, Part]:
    """Sales of the period where no daily table states them: from the orders, else from their lines."""
    orders, lines = rows_of(tables, "orders"), rows_of(tables, "order_lines")
    return _from_lines(lines, days) if orders is None and lines is not None else _from_orders(orders, days)


def _from_orders(orders: pd.DataFrame | None, days: Dates) -> dict[str, Part]:
    """Of the ``numbered`` orders paid in the period. ``missing`` are days without any: a closed shop's days and those
    of a missing file look the same."""
    if orders is None or not (lacks := reach(orders["paid_at"], days)).value:
        why = ABSENT if orders is None else lacks.lacks
        return {name: Part(None, why) for name in ("pay_amount", "orders", "pay_buyers", "pay_units")}
    paid = _paid(orders, days, "paid_at", "paid_amount", "order", "buyer", "units")
    silent = days.count - distinct(paid["paid_at"])
    parts = {"pay_amount": Part(float(paid["paid_amount"].sum()), None, silent)}
    parts["orders"] = Part(float(len(_each(paid["order"])[0])), None, silent)
    buyers, known = _each(paid["buyer"])[0], (paid["buyer"] != UNKNOWN).all()
    parts["pay_buyers"] = Part(float(len(buyers)), once=True) if known else Part(None, ABSENT)
    units = paid.get("units")
    told = units is not None and units.notna().all()
    return parts | {"pay_units": Part(float(units.sum()), None, silent) if told else Part(None, ABSENT)}


def with_units(orders: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """A shop's orders with the ``units`` of goods in their ``lines``; missing where an order has no line at all, or one
    for goods without a quantity."""
    sold = lines[["order_id", "quantity"]][from_lines.are_counted(lines)]
    units = sold.groupby("order_id")["quantity"].sum().reindex(lines["order_id"].unique(), fill_value=0).astype(float)
    units[units.index.isin(sold.loc[sold["quantity"].isna(), "order_id"])] = float("nan")
    return orders.assign(units=orders["order_id"].map(units).astype(float))


UNKNOWN = -1
REPEATED = ("order_buyers", "repeat_buyers")


def numbered(orders: pd.DataFrame) -> pd.DataFrame:
    """With each order's and each buyer's number, ``UNKNOWN`` where it has no id: numbers are counted sooner than texts.
    Whether an order is ``counted`` is yes or no."""
    return orders.assign(
        order=pd.factorize(orders["order_id"])[0],
        buyer=pd.factorize(orders["buyer_key"])[0],
        counted=orders["counted"].fillna(False).astype(bool),
    )


def _each(numbers: pd.Series) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The numbers but ``UNKNOWN``, and how often each is there."""
    there = numbers.to_numpy()
    return np.unique(there[there != UNKNOWN], return_counts=True)


def in_order(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rows by time, as ``Dates.of`` finds periods fastest in them; what has no time comes first."""
    return rows.sort_values(column, kind="stable", na_position="first")


def _paid(orders: pd.DataFrame, days: Dates, *columns: str) -> pd.DataFrame:
    rows = days.of(orders, "paid_at")
    return rows[[c for c in columns if c in rows]][rows["counted"]]


def repeated(orders: pd.DataFrame | None, days: Dates) -> dict[str, Part]:
    """Buyers of the ``numbered`` orders (a row each) paid in the period, and those with two or more: each person counts
    once."""
    found = Part(None, ABSENT) if orders is None else reach(orders["paid_at"], days)
    if orders is None or not found.value:
        return dict.fromkeys(REPEATED, Part(None, found.lacks))
    paid = _paid(orders, days, "buyer")
    if (paid["buyer"] == UNKNOWN).any():
        return dict.fromkeys(REPEATED, Part(None, ABSENT))
    buyers, times = _each(paid["buyer"])
    counts = (len(buyers), int((times > 1).sum()))
    return {name: Part(float(count), once=True) for name, count in zip(REPEATED, counts, strict=True)}


def _from_lines(lines: pd.DataFrame, days: Dates) -> dict[str, Part]:
    """Of ``dated`` lines for goods; a line that takes goods back is a refund of its own day."""
    names = ("pay_amount", "orders", "pay_units", "refund_amount")
    if not (found := reach(lines["at"], days)).value:
        return {name: Part(None, found.lacks) for name in names}
    kept = days.of(lines, "at")
    sold, back = kept[kept["sold"]], kept[kept["returned"]]
    silent = days.count - distinct(sold["at"])
    values = sold["amount"].sum(), sold["order_id"].nunique(), sold["quantity"].sum()
    parts = {name: Part(float(value), None, silent) for name, value in zip(names[:3], values, strict=True)}
    refunds = Part(float(back["amount"].abs().sum()), by="refunded") if lines["returned"].any() else Part(None, ABSENT)
    return parts | {"refund_amount": refunds}


def dated(lines: pd.DataFrame) -> pd.DataFrame:
    """Order lines ``at`` their payment, else at the order's creation, with the ``amount`` paid, else the line's, and
    whether each is ``sold`` (``from_lines.counted``) or ``returned``."""
    return lines.assign(
        at=lines["paid_at"].fillna(lines["created_at"]),
        amount=lines["paid_amount"].fillna(lines["line_amount"]),
        sold=from_lines.are_counted(lines),
        returned=(lines["kind"] == "return") & lines["excluded"].isna(),
    )


class All:
    """The parts of a shop's own orders of some days, where these hold what the platform says was ``paid``."""

    def __init__(self, orders: pd.DataFrame | None, paid: Part, days: Dates) -> None:
        self.orders, self.paid, self.days = orders, paid, days

    @cached_property
    def _parts(self) -> dict[str, Part]:
        found = _from_orders(self.orders, self.days) if self.paid.value else {}
        amount = found["pay_amount"].value if found else None
        return found if amount and self.paid.value and abs(amount / self.paid.value - 1) <= AGREES else {}

    def part(self, name: str, lacks: str) -> Part:
        return self._parts.get(name, Part(None, lacks))


def orders_of(stated: pd.DataFrame, own: All, days: Dates, platform: str) -> Part:
    """Orders as the platform counts them; where it counts lines, from the orders, if they are all there."""
    whole = summed(stated, "pay_parent_orders", days)
    if whole.value is not None:
        return whole
    return own.part("orders", LINES) if platform in LINES_AS_ORDERS else summed(stated, "pay_orders", days)


def units_of(stated: pd.DataFrame, own: All, days: Dates) -> Part:
    """Units sold as the platform states them, else from the lines of the orders, if they are all there."""
    whole = summed(stated, "pay_units", days)
    return whole if whole.value is not None else own.part("pay_units", whole.lacks or ABSENT)


# ---- refunds ---------------------------------------------------------------------------------------------------

SLACK = 7
"""Days without a refund at a period's end that are no sign of a file that was cut."""


def refunded(stated: Part | None, tables: Tables, days: Dates) -> Part:
    """Refunds of the period by their own date: as the daily table states them, else from the cases."""
    if stated is not None and stated.value is not None:
        return Part(stated.value, by="refunded")
    refunds, done = tables.get("refunds"), tables.get("refunded")
    if refunds is None or done is None:
        return stated or Part(None, ABSENT)
    if not (found := reach(refunds["since"], days, REFUNDS_BACK, SLACK)).value:
        return Part(None, found.lacks)
    return Part(float(days.of(done, "refunded_at")["refund_amount"].sum()), by="refunded")


def refunded_of_payments(tables: Tables, days: Dates) -> Part:
    """Refunds so far of what was paid in the period: from the cases, else as the orders state it."""
    refunds, done, orders = rows_of(tables, "refunds"), tables.get("refunded"), rows_of(tables, "orders")
    told = refunds is not None and reach(refunds["since"], days, 0, SLACK).value
    if told and done is not None and done["paid_at"].notna().all():
        return Part(float(days.of(done, "paid_at")["refund_amount"].sum()), by="paid")
    if orders is None:
        return Part(None, ABSENT if refunds is None else CUT)
    if not (found := reach(orders["paid_at"], days)).value:
        return Part(None, found.lacks)
    paid = _paid(orders, days, "refund_amount", "aftersale")
    # An order without a case needs no amount; one whose refund has none makes the sum unknown.
    unknown = paid["refund_amount"].isna() & ~paid["aftersale"].eq("none").fillna(False)
    return Part(None, ABSENT) if unknown.any() else Part(float(paid["refund_amount"].sum()), by="paid")


def net(parts: Mapping[str, Part]) -> Part:
    """GSV: paid less refunds by their own date, else less the refunds of these payments; ``by`` says which."""
    paid, dated, own = parts["pay_amount"], parts["refund_amount"], parts["refunded"]
    back = dated if dated.value is not None else own
    if paid.value is None or back.value is None:
        return Part(None, paid.lacks or back.lacks, paid.missing)
    return Part(paid.value - back.value, None, paid.missing, by=back.by)
