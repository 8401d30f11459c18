"""What was ordered on the Tmall shop and never paid: enough to make up the shop's ordered buyers and amount."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.orders import Orders
from simulation.world import DAYS, position, rng

UNPAID_FROM = "2024-09-01"
"""First day for which they are told."""


def unpaid(shop: pd.DataFrame, orders: Orders) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Orders and their lines, in the form of ``Orders`` (``order`` counts from 0 here).

    On every day as many as there are buyers who ordered and did not pay, each by a buyer of its own, together worth
    exactly what was ordered and not paid. They look like paid orders of the same day.
    """
    generator = rng("unpaid")
    heads, parts, known = [], [], 0
    first = position(UNPAID_FROM)
    paid, paid_lines = (f[f["day"] >= first] for f in (orders.orders, orders.lines))
    by_day = {day: rows for day, rows in paid.groupby("day")}
    lines_by_day = {day: rows for day, rows in paid_lines.groupby("day")}
    for day in range(first, len(DAYS)):
        told = shop.iloc[day]
        count = int(told["order_buyers"] - told["pay_buyers"])
        total = round(told["order_amount"] * 100) - round(told["pay_amount"] * 100)
        like = by_day[day].iloc[generator.integers(0, len(by_day[day]), count)]
        head = like[["day", "date", "second", "event"]].assign(
            order=np.arange(known, known + count), like=like["order"]
        )
        lines = head[["order", "like", "day", "date"]].merge(
            lines_by_day[day][["order", "item", "quantity", "gross"]],
            left_on="like", right_on="order", suffixes=("", "_like"), validate="m:m",
        )  # fmt: skip
        price = (lines["gross"] // lines["quantity"]).to_numpy()
        lines["quantity"], lines["amount"] = fit(price, lines["quantity"].to_numpy(), total)
        lines["gross"] = price * lines["quantity"]
        heads.append(head.drop(columns="like"))
        parts.append(lines.drop(columns=["like", "order_like"]))
        known += count
    return pd.concat(heads, ignore_index=True), pd.concat(parts, ignore_index=True)


def fit(price: np.ndarray, quantity: np.ndarray, total: int) -> tuple[np.ndarray, np.ndarray]:
    """Quantities and amounts (whole fen) of lines at ``price`` so that amounts add up to ``total``.

    Quantities rise, one line after the other, until the lines are worth the total at their prices; what they are
    worth beyond it is a discount in proportion.
    """
    quantity = quantity.copy()
    step = 0
    while (worth := int((price * quantity).sum())) < total:
        short = total - worth
        rising = np.cumsum(price)
        more = min(int(np.searchsorted(rising, short)) + 1, len(price))
        quantity[np.arange(step, step + more) % len(price)] += 1
        step += more
    gross = price * quantity
    amount = gross * total // worth
    rest = total - int(amount.sum())
    amount[:rest] += 1
    return quantity, amount
