"""The Tmall shop as its own screens count it: per day, per item and day, and what an order would have been worth."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.items import choice
from simulation.orders import COINS, LINES, MEAN_QUANTITY, Orders
from simulation.traffic import OVERLAP, Demand
from simulation.world import DAYS, noise, rng

FEN = 100


def daily(demand: Demand, orders: Orders) -> pd.DataFrame:
    """The shop's day: visitors, page views, carts, ordered, paid, new and returning buyers, refunds by refund date.

    Presale orders count on the day the balance is paid, deposits not at all. Money is in yuan with two decimals.
    """
    paid = orders.orders
    table = pd.DataFrame(index=DAYS)
    noises = noise(rng("shop_day"), 0.02, 0.3, 3)
    table["visitors"] = np.round(demand.visitors.sum(axis=1) * OVERLAP).astype(np.int64)
    table["pageviews"] = np.round(table["visitors"] * 2.7 * noises[:, 0]).astype(np.int64)
    eager = 1 + 0.5 * (demand.deposits > 0)
    table["cart_users"] = np.round(table["visitors"] * 0.071 * eager * noises[:, 1]).astype(np.int64)
    unique = paid.drop_duplicates(["day", "buyer"])
    table["pay_buyers"] = np.bincount(unique["day"], minlength=len(DAYS))
    table["new_buyers"] = np.bincount(unique["day"], unique["new"], len(DAYS)).astype(np.int64)
    table["returning_buyers"] = table["pay_buyers"] - table["new_buyers"]
    table["pay_orders"] = np.bincount(orders.lines["day"], minlength=len(DAYS))
    amount = np.bincount(paid["day"], paid["amount"], len(DAYS)).astype(np.int64)
    table["pay_amount"] = amount / FEN
    paying = np.clip(0.885 * noises[:, 2], 0.80, 0.97)
    table["order_buyers"] = np.ceil(table["pay_buyers"] / paying).astype(np.int64)
    table["order_amount"] = np.round(amount * (table["order_buyers"] / table["pay_buyers"]) * 1.01) / FEN
    back = orders.lines.groupby("refunded")["refund"].sum().reindex(DAYS, fill_value=0)
    table["refund_amount"] = back / FEN
    return table.rename_axis("date")


ATTRIBUTION = 1.25
"""Sales that the ad tools credit to a channel within 15 days, over what its own visitors bought at once."""


def ads(demand: Demand, table: pd.DataFrame) -> pd.DataFrame:
    """The ad tools' days: date, channel, impressions, clicks, spend, and the orders and sales credited to them."""
    value = (table["pay_amount"] / table["pay_buyers"]).to_numpy()
    generator = rng("ad_credit")
    credited = []
    for channel in demand.ads["channel"].unique():
        orders = demand.buyers[channel].to_numpy() * ATTRIBUTION * np.exp(0.07 * generator.standard_normal(len(DAYS)))
        credited.append(pd.DataFrame({"ad_orders": np.rint(orders), "ad_sales": np.round(orders * value, 2)}))
    return pd.concat([demand.ads, pd.concat(credited, ignore_index=True)], axis=1)


def item_days(orders: Orders, items: pd.DataFrame) -> np.ndarray:
    """Days × items: units sold."""
    cells = orders.lines["day"] * len(items) + orders.lines["item"]
    units = np.bincount(cells, orders.lines["quantity"], len(DAYS) * len(items))
    return units.astype(np.int64).reshape(len(DAYS), len(items))


def ordinary_value(items: pd.DataFrame) -> np.ndarray:
    """Expected paid amount in yuan of an order on each day if no event ran: lines × units × price less coins."""
    lines = sum((k + 1) * share for k, share in enumerate(LINES[0]))
    price = choice(items, np.zeros(len(DAYS))) @ items["price_coupon"].to_numpy(dtype=float)
    return np.round(lines * MEAN_QUANTITY * price - COINS[0] * (COINS[1] + 1) / 2 / FEN, 6)
