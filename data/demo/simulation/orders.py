"""The Tmall shop's orders, line by line: who, what, when, at what price, and what was refunded.

Money is in whole fen (a hundredth of a yuan), so that sums are exact everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulation import buyers
from simulation.campaigns import profile
from simulation.items import STOCKED_OUT, choice
from simulation.traffic import Demand
from simulation.world import DAYS, END, position, rng

OUT_FROM, OUT_TO = "2024-11-12", "2024-11-19"
SWITCH = 0.30
"""Share of those who wanted the missing item and took another instead; the others left."""
LINES = ((0.80, 0.16, 0.04), (0.64, 0.26, 0.10))
"""Chances of one, two, three lines in an order: ordinary, event."""
QUANTITY = (0.87, 0.11, 0.02)
MEAN_QUANTITY = 0.87 + 2 * 0.11 + 3 * 0.02
CROSS_SHOP = (30_000, 5_000)
"""Every so many fen of an event order take off so many."""
COINS = (0.2, 300)
"""Share of orders paid in part with shopping coins, and the most they take off, in fen."""
EVENT_REFUNDS = 1.55
"""How much likelier an event line comes back."""
HOURS = np.array((
    1.2, 0.7, 0.4, 0.3, 0.3, 0.5, 1.2, 2.3, 3.4, 4.4, 5.2, 4.9,
    4.6, 4.7, 4.8, 4.7, 4.6, 4.4, 4.6, 5.9, 8.1, 9.0, 7.6, 4.2,
))  # fmt: skip
"""How an ordinary day's orders spread over its hours, in per cent."""


@dataclass(frozen=True)
class Orders:
    """``orders``: one row per paid order. ``lines``: one per item in it. ``lost``: lines wanted but not had.

    ``orders``: order, date, second (of the day), buyer, event, balance, amount and discount (fen), new (first order
    in 365 days). ``lines``: order, date, item (position in the catalogue), quantity, amount (fen, after discount),
    refund (fen, 0 if kept), refunded (date of the refund, NaT if none; it may lie after the data's end).
    """

    orders: pd.DataFrame
    lines: pd.DataFrame
    lost: pd.DataFrame


def simulate(demand: Demand, items: pd.DataFrame, campaigns: tuple) -> Orders:
    """Every order that ``demand`` leads to, given the catalogue."""
    generator = rng("orders")
    counts = np.rint(demand.orders.to_numpy()).astype(np.int64)
    day = np.repeat(np.arange(len(DAYS)), counts)
    who = np.concatenate(buyers.assign(counts, profile(campaigns)["spot"].to_numpy()))
    share = (demand.balances / demand.orders).to_numpy()
    balance = generator.random(len(day)) < share[day]
    event = balance | (generator.random(len(day)) < demand.event.to_numpy()[day])
    lines = _lines(generator, day, event, items, demand)
    lines, lost = _without_stock(generator, lines, items)
    lines["amount"], taken_off = _discounted(generator, lines, event)
    lines = _refunds(lines, items, demand)
    kept = np.bincount(lines["order"], minlength=len(day)) > 0
    orders = pd.DataFrame(
        {
            "order": np.arange(len(day)),
            "day": day,
            "date": DAYS[day],
            "second": _seconds(generator, day, event, demand.event.to_numpy()),
            "buyer": who,
            "event": event,
            "balance": balance,
            "amount": np.bincount(lines["order"], lines["amount"], len(day)).astype(np.int64),
            "discount": taken_off,
        }
    )[kept]
    return Orders(orders.assign(new=_first_in_a_year(orders)), lines, lost)


def _lines(
    generator: np.random.Generator, day: np.ndarray, event: np.ndarray, items: pd.DataFrame, demand: Demand
) -> pd.DataFrame:
    """Items and quantities of every order, at the price the buyer saw, before any cross-shop discount."""
    one, two = (np.where(event, LINES[1][k], LINES[0][k]) for k in (0, 1))
    draw = generator.random(len(day))
    number = 1 + (draw > one) + (draw > one + two)
    order = np.repeat(np.arange(len(day)), number)
    # Choices at event shares 0 and 1 differ: an event buyer of a mixed day sees the event's shop window.
    plain, festive = (np.cumsum(choice(items, np.full(len(DAYS), s)), axis=1) for s in (0.0, 1.0))
    ladder = np.concatenate([plain, festive]) + np.arange(2 * len(DAYS))[:, None]
    rung = day[order] + len(DAYS) * event[order]
    wish = np.searchsorted(ladder.ravel(), generator.random(len(order)) * 0.999999 + rung)
    item = np.minimum(wish - rung * len(items), len(items) - 1)
    draw = generator.random(len(order))
    quantity = 1 + (draw > QUANTITY[0]) + (draw > QUANTITY[0] + QUANTITY[1])
    festive_price, price = (items[c].to_numpy() for c in ("price_event", "price_coupon"))
    unit = np.where(event[order], festive_price[item], price[item])
    return pd.DataFrame(
        {"order": order, "day": day[order], "item": item, "quantity": quantity, "gross": unit * quantity * 100}
    )


def _without_stock(
    generator: np.random.Generator, lines: pd.DataFrame, items: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The stock-out: who wanted the item leaves without it, or takes the next best. Returns lines and lost lines."""
    missing = int(np.flatnonzero(items["code"] == STOCKED_OUT)[0])
    out = (lines["item"] == missing) & lines["day"].between(position(OUT_FROM), position(OUT_TO))
    switch = out & (generator.random(len(lines)) < SWITCH)
    prices = items["price_coupon"].to_numpy()
    substitute = int(np.flatnonzero(items["code"] == "QH012")[0])
    had = lines.copy()
    had.loc[switch, "item"] = substitute
    had.loc[switch, "gross"] = had.loc[switch, "quantity"] * int(prices[substitute]) * 100
    gone = out & ~switch
    return had[~gone].reset_index(drop=True), lines[gone].reset_index(drop=True)


def _discounted(
    generator: np.random.Generator, lines: pd.DataFrame, event: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Line amounts after cross-shop discount and shopping coins, and what these took off each order, in fen."""
    coins = np.where(generator.random(len(event)) < COINS[0], generator.integers(1, COINS[1] + 1, len(event)), 0)
    gross = np.bincount(lines["order"], lines["gross"], len(event)).astype(np.int64)
    off = np.where(event, gross // CROSS_SHOP[0] * CROSS_SHOP[1], 0) + np.where(gross > 0, coins, 0)
    order = lines["order"].to_numpy()
    share = lines["gross"].to_numpy() * off[order] // np.maximum(gross[order], 1)
    # What flooring leaves over goes to the order's first line, so that lines add up to the order.
    rest = off - np.bincount(order, share, len(event)).astype(np.int64)
    first = np.r_[True, order[1:] != order[:-1]]
    share[first] += rest[order[first]]
    return lines["gross"].to_numpy() - share, off


def _refunds(lines: pd.DataFrame, items: pd.DataFrame, demand: Demand) -> pd.DataFrame:
    """Whole lines sent back some days after payment; more often after events."""
    generator = rng("refunds")
    event = demand.event.to_numpy()[lines["day"]]
    chance = items["refund_rate"].to_numpy()[lines["item"]] * (1 + (EVENT_REFUNDS - 1) * event)
    back = generator.random(len(lines)) < chance
    lag = np.minimum(1 + np.floor(generator.gamma(2.0, 4.2, len(lines))), 45).astype(np.int64)
    on = pd.Series(DAYS[lines["day"]] + pd.to_timedelta(lag, unit="D"), index=lines.index)
    return lines.assign(date=DAYS[lines["day"]], refund=np.where(back, lines["amount"], 0), refunded=on.where(back))


def _seconds(generator: np.random.Generator, day: np.ndarray, event: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Second of the day of every order. On a day whose sale opens at 20:00 (event share below 1), orders at event
    prices lie in its evening."""
    evening = np.r_[np.zeros(20), 9.0, 4.0, 3.0, 3.5]
    ladder = np.cumsum(np.stack([HOURS / HOURS.sum(), evening / evening.sum()]), axis=1)
    ladder[:, -1] = 1.0
    late = (event & (shares < 1)[day]).astype(np.int64)
    # From above zero: the evening's ladder begins with hours in which nothing happens.
    draw = 1e-9 + generator.random(len(day)) * 0.999999
    hour = np.searchsorted((ladder + np.arange(2)[:, None]).ravel(), draw + late)
    return (hour - 24 * late) * 3600 + generator.integers(0, 3600, len(day))


def _first_in_a_year(orders: pd.DataFrame) -> np.ndarray:
    """Whether the buyer had no order in the 365 days before that day."""
    days = orders[["buyer", "day"]].drop_duplicates().sort_values(["buyer", "day"])
    before = days.groupby("buyer")["day"].shift()
    # A customer of the base has an order in the two years before the simulation, for most within one year.
    recent = before.isna() & (days["buyer"] < buyers.BASE) & (days["day"] < 365)
    days["new"] = (before.isna() | (days["day"] - before > 365)) & ~recent
    return orders.merge(days, on=["buyer", "day"], validate="m:1")["new"].to_numpy()


def until_end(frame: pd.DataFrame, column: str = "date") -> pd.DataFrame:
    """Only what had happened by the data's last day."""
    return frame[frame[column] <= END]
