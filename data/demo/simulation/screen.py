"""The Tmall shop's items by day, as its item screen counts them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.book import GIFT, Book
from simulation.items import choice
from simulation.orders import Orders
from simulation.traffic import Demand
from simulation.world import END, position, rng

SCREEN_FROM = "2024-11-01"
VIEWED = 1.24
"""Item pages that a visitor of the shop looks at, on average: the items' visitors over the shop's."""


def item_days(demand: Demand, shop: pd.DataFrame, orders: Orders, book: Book, catalogue: pd.DataFrame) -> pd.DataFrame:
    """One row per day since ``SCREEN_FROM`` and item on sale.

    Columns: date, item, visitors, pageviews, stay, bounce, favorites, carts, cart_units, order_buyers, order_units,
    order_amount, pay_buyers, pay_units, pay_amount, new_buyers, returning_buyers, returning_amount, refund_amount,
    search_visitors, search_buyers, month_amount, month_units, year_amount; money in fen.

    What was paid counts on the day of payment, what was only ordered on the day it was placed; refunds by their own
    day. Σ over the items is the shop's day, for money and units.
    """
    days = pd.date_range(SCREEN_FROM, END)
    cells = pd.MultiIndex.from_product([days, catalogue.index], names=["date", "item"])
    frame = _sold(book).reindex(cells, fill_value=0)
    frame["refund_amount"] = _refunded(orders).reindex(cells, fill_value=0)
    year = _paid_lines(orders, f"{END.year}-01-01")
    sums = year.groupby("item")["amount"].cumsum()
    by_day = year.assign(sum=sums).groupby(["date", "item"])["sum"].max().unstack().reindex(
        pd.date_range(f"{END.year}-01-01", END)
    )  # fmt: skip
    frame["year_amount"] = by_day.ffill().fillna(0).loc[days].stack().reindex(cells, fill_value=0).astype(np.int64)
    for name, what in (("month_amount", "pay_amount"), ("month_units", "pay_units")):
        frame[name] = frame.groupby("item")[what].cumsum()
    frame = _looked_at(frame, demand, shop, catalogue).reset_index()
    return frame[frame["date"] >= catalogue["launched"].loc[frame["item"]].to_numpy()].reset_index(drop=True)


def _paid_lines(orders: Orders, first: str) -> pd.DataFrame:
    return orders.lines[orders.lines["day"] >= position(first)]


def _sold(book: Book) -> pd.DataFrame:
    """Ordered and paid by day and item; a presale order is ordered where it is paid."""
    heads = book.orders[book.orders["kind"] != "lapsed"]
    heads = heads.assign(date=heads["paid"].fillna(heads["created"]).dt.normalize(), bought=heads["paid"].notna())
    heads = heads[heads["date"] >= SCREEN_FROM]
    lines = book.lines[book.lines["item"] != GIFT].merge(
        heads[["date", "bought", "buyer", "new"]], left_on="row", right_index=True, validate="m:1"
    )
    keys = ["date", "item"]
    placed, paid = lines.groupby(keys), lines[lines["bought"]].groupby(keys)
    old = lines[lines["bought"] & ~lines["new"]].groupby(keys)
    return pd.DataFrame(
        {
            "order_buyers": placed["buyer"].nunique(), "order_units": placed["quantity"].sum(),
            "order_amount": placed["amount"].sum(), "pay_buyers": paid["buyer"].nunique(),
            "pay_units": paid["quantity"].sum(), "pay_amount": paid["amount"].sum(),
            "returning_buyers": old["buyer"].nunique(), "returning_amount": old["amount"].sum(),
        }
    ).fillna(0).astype(np.int64)  # fmt: skip


def _refunded(orders: Orders) -> pd.Series:
    back = orders.lines[orders.lines["refunded"] >= SCREEN_FROM]
    return back.groupby(["refunded", "item"])["refund"].sum()


def _looked_at(frame: pd.DataFrame, demand: Demand, shop: pd.DataFrame, catalogue: pd.DataFrame) -> pd.DataFrame:
    """Visitors of each item, and what they did besides buying. They come to an item that is out of stock, too."""
    generator = rng("item_screen")
    first = position(SCREEN_FROM)
    chance = choice(catalogue, demand.event.to_numpy())[first:]
    count = chance.size
    share = np.round(chance**0.9, 9) * generator.uniform(0.9, 1.1, chance.shape)
    share /= share.sum(axis=1, keepdims=True)
    seen = np.rint(shop["visitors"].to_numpy()[first:, None] * VIEWED * share).ravel()
    frame["visitors"] = np.maximum(seen, frame["order_buyers"] * 4).astype(np.int64)

    def part(of: str, low: float, high: float) -> np.ndarray:
        return np.rint(frame[of] * generator.uniform(low, high, count)).astype(np.int64)

    frame["pageviews"] = part("visitors", 1.8, 2.6)
    frame["stay"] = np.round(generator.uniform(14, 42, count), 2)
    frame["bounce"] = np.round(generator.uniform(0.48, 0.76, count), 4)
    frame["favorites"] = part("visitors", 0.015, 0.035)
    frame["carts"] = np.maximum(part("visitors", 0.05, 0.09), frame["order_buyers"])
    frame["cart_units"] = part("carts", 1.05, 1.3)
    frame["new_buyers"] = frame["pay_buyers"] - frame["returning_buyers"]
    frame["search_visitors"] = part("visitors", 0.24, 0.38)
    frame["search_buyers"] = np.minimum(part("pay_buyers", 0.2, 0.4), frame["search_visitors"])
    return frame
