"""The Douyin shop's orders, line by line: those of each live room add up to its session, the rest to the shelf."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.live import REFUND_LAG, Douyin, event_lift
from simulation.orders import HOURS
from simulation.unpaid import fit
from simulation.world import DAYS, END, position, rng

PARCELS_FROM = "2024-10-01"
TWO_LINES, TWO_UNITS = 0.06, 0.11
"""Share of orders with a second line; of lines with two units."""
SHELF, SHELF_REFUNDS = -1, 0.15
"""Stands for the shelf in ``session``; the share of its money that comes back."""
SUBSIDY = (0.08, 0.20)
"""The platform's share of a discount: on ordinary days, during a promotion."""
UNPAID = 0.04
"""Orders never paid, over those paid."""
EARLY_DAYS = 1
"""What is refunded so soon was not shipped yet, and its order is closed."""
COMPLETED = (10, 16)


def parcels(douyin: Douyin, catalogue: pd.DataFrame) -> pd.DataFrame:
    """One row per line: session (position in ``sessions``, or ``SHELF``), order and number (from 1 in each day),
    created, paid (NaT if never), completed, item, quantity, price, gross, amount (what the user pays), subsidy (the
    platform's discount), discount (the shop's), refunded (its day; NaT), early (refunded before it was shipped).

    Money in fen. On every day amounts add up to the shop's day and orders to its count of orders.
    """
    generator = rng("douyin_orders")
    rooms = douyin.sessions
    frames = []
    for day in range(position(PARCELS_FROM), len(DAYS)):
        here = rooms[rooms["date"] == DAYS[day]]
        left = round(douyin.daily["pay_amount"].iloc[day] * 100)
        orders = int(douyin.daily["pay_orders"].iloc[day])
        for place, room in here.iterrows():
            total = round(room["pay_amount"] * 100)
            frames.append(_sold(generator, day, int(room["orders"]), total, catalogue).assign(session=place))
            left, orders = left - total, orders - int(room["orders"])
        frames.append(_sold(generator, day, orders, left, catalogue).assign(session=SHELF))
        count = round(int(douyin.daily["pay_orders"].iloc[day]) * UNPAID)
        lapsed = _sold(generator, day, count, 0, catalogue)
        frames.append(lapsed.assign(session=SHELF, never=True))
    lines = pd.concat(frames, ignore_index=True)
    lines["never"] = lines["never"].fillna(False).astype(bool)
    return _numbered(_dated(generator, lines, rooms))


def _sold(generator: np.random.Generator, day: int, count: int, total: int, catalogue: pd.DataFrame) -> pd.DataFrame:
    """Lines of ``count`` orders worth ``total``; with no total, at their prices."""
    number = 1 + (generator.random(count) < TWO_LINES)
    order = np.repeat(np.arange(count), number)
    weight = (catalogue["weight"] * catalogue["appeal"] * (catalogue["launched"] <= DAYS[day])).to_numpy()
    ladder = np.round(np.cumsum(weight) / weight.sum(), 9)
    item = np.minimum(np.searchsorted(ladder, generator.random(len(order))), len(weight) - 1)
    price = catalogue["price_page"].to_numpy()[item].astype(np.int64) * 100
    quantity = 1 + (generator.random(len(order)) < TWO_UNITS)
    amount = price * quantity
    if total:
        quantity, amount = fit(price, quantity, total)
    off = price * quantity - amount
    shared = (off * round(SUBSIDY[int(event_lift()[day] > 1)] * 100)) // 100
    return pd.DataFrame(
        {"day": day, "order": order, "item": item, "quantity": quantity, "price": price, "gross": price * quantity,
         "amount": amount, "subsidy": shared, "discount": off - shared}
    )  # fmt: skip


def _dated(generator: np.random.Generator, lines: pd.DataFrame, rooms: pd.DataFrame) -> pd.DataFrame:
    """When each order was placed: within its live session, or at any hour; and what came back when."""
    keys = ["day", "session", "never", "order"]
    heads = lines[keys].drop_duplicates().reset_index(drop=True)
    live = heads["session"] != SHELF
    room = rooms.reindex(heads["session"])
    start = pd.to_timedelta(room["start"].fillna("00:00") + ":00").dt.total_seconds().to_numpy()
    length = np.minimum(room["minutes"].fillna(0).to_numpy() * 60, 86_390 - start)
    ladder = np.cumsum(HOURS / HOURS.sum())
    hour = np.minimum(np.searchsorted(ladder, generator.random(len(heads))), 23)
    anytime = hour * 3600 + generator.integers(0, 3600, len(heads))
    within = start + generator.random(len(heads)) * length
    second = np.minimum(np.where(live, within, anytime), 86_390).astype(np.int64)  # paid on the same day
    midnight = DAYS.to_numpy()[heads["day"]]
    heads["created"] = midnight + second.astype("timedelta64[s]")
    heads["paid"] = (heads["created"] + pd.Timedelta(seconds=5)).where(~heads["never"])
    rate = np.where(live, room["refund_rate"].fillna(0).to_numpy(), SHELF_REFUNDS)
    back = (generator.random(len(heads)) < rate) & ~heads["never"].to_numpy()
    lag = 1 + np.searchsorted(np.cumsum(REFUND_LAG) / REFUND_LAG.sum(), generator.random(len(heads)))
    on = pd.Series(midnight, index=heads.index) + pd.to_timedelta(np.minimum(lag, len(REFUND_LAG)), unit="D")
    heads["refunded"] = on.where(back & (on <= END))
    heads["early"] = heads["refunded"].notna() & (lag <= EARLY_DAYS)
    done = heads["paid"] + pd.to_timedelta(generator.integers(*COMPLETED, len(heads)), unit="D")
    heads["completed"] = done.where((done < END + pd.Timedelta(days=1)) & ~heads["early"])
    return lines.merge(heads, on=keys, validate="m:1")


def _numbered(lines: pd.DataFrame) -> pd.DataFrame:
    """Orders numbered through each day in the order in which they were placed."""
    keys = ["day", "created", "session", "never", "order"]
    lines = lines.sort_values(keys, kind="stable").reset_index(drop=True)
    fresh = (lines[keys] != lines[keys].shift()).any(axis=1)
    lines["order"] = fresh.groupby(lines["day"]).cumsum()
    lines["number"] = lines.groupby(["day", "order"]).cumcount() + 1
    return lines
