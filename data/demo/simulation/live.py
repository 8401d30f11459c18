"""The Douyin shop: own live rooms, creators' rooms under paid deals, and the shelf.

Amounts are what users paid, by day of payment; refunds by day of refund. Douyin's presale rule is unknown, so the
simulation has no presale there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulation.world import DAYS, END, START, level, noise, position, rng, years

# Promotion, first day, last day, lift of an ordinary day.
EVENTS = (
    ("双11 2021", "2021-10-27", "2021-11-11", 1.8), ("618 2022", "2022-06-01", "2022-06-18", 1.6),
    ("双11 2022", "2022-10-31", "2022-11-11", 2.2), ("年货节 2023", "2022-12-28", "2023-01-07", 1.3),
    ("618 2023", "2023-05-31", "2023-06-18", 1.6), ("双11 2023", "2023-10-20", "2023-11-11", 1.9),
    ("年货节 2024", "2024-01-13", "2024-01-28", 1.3), ("618 2024", "2024-05-24", "2024-06-18", 1.5),
    ("双11 2024", "2024-10-08", "2024-11-11", 1.7),
)  # fmt: skip
GROWTH = 0.27
REFUND_RATE, CREATOR_REFUND_RATE = 0.24, 0.37
REFUND_LAG = np.array((.05, .09, .12, .13, .12, .10, .09, .07, .06, .05, .04, .03, .03, .02))  # fmt: skip
"""Shares of a day's refunds by days after payment, from the first day on."""

CREATORS = ("阿岚慢慢护肤", "成分党老周说", "小满的梳妆台", "夏也不熬夜", "一颗青柠测评", "林知夏护肤笔记")
ORDER_VALUE = 152.0
COMMISSION, AGENCY_FEE = 0.20, 0.03
# November 2024 as it is told: a big name below its guarantee, a small one that pays.
# Day, creator, slot fee, guaranteed sales, sales, share returned in the end.
PLANTED = (
    ("2024-11-01", "一颗青柠测评", 14_000, 0, 152_300, 0.34),
    ("2024-11-05", "阿岚慢慢护肤", 12_000, 0, 121_700, 0.36),
    ("2024-11-08", "林知夏护肤笔记", 90_000, 400_000, 231_500, 0.41),
    ("2024-11-10", "成分党老周说", 18_000, 0, 176_400, 0.38),
    ("2024-11-21", "小满的梳妆台", 6_000, 0, 118_200, 0.26),
)


@dataclass(frozen=True)
class Douyin:
    """``sessions``: one row per live session; ``deals``: one per creator's deal; ``daily``: the shop's day."""

    sessions: pd.DataFrame
    deals: pd.DataFrame
    daily: pd.DataFrame


def simulate() -> Douyin:
    deals = _deals()
    own = _own_sessions()
    sessions = pd.concat([own, _creator_sessions(deals)], ignore_index=True).sort_values(["date", "start"])
    sessions = sessions.reset_index(drop=True)
    return Douyin(sessions, deals, _daily(sessions))


def event_lift() -> np.ndarray:
    """The lift of every simulated day: high at both ends of a promotion, lower between, weak for a week after."""
    lift = np.ones(len(DAYS))
    for _, first, last, height in EVENTS:
        days = np.arange(max(position(first), 0), position(last) + 1)
        middle = np.abs(2 * (days - days[0]) / max(days[-1] - days[0], 1) - 1)
        lift[days] = 1 + (height - 1) * (0.7 + 0.6 * middle**2)
        after = np.arange(days[-1] + 1, min(days[-1] + 8, len(DAYS)))
        lift[after] = 0.82 + 0.02 * np.arange(len(after))
    return np.round(lift, 9)


def _level() -> np.ndarray:
    return level() * np.round(np.exp(GROWTH * years()), 9)


def _funnel(generator: np.random.Generator, amount: np.ndarray) -> pd.DataFrame:
    """The steps that lead to ``amount`` (yuan): exposure, enter, product exposure, product click, buyers, orders."""
    count = len(amount)
    orders = np.maximum(np.rint(amount / ORDER_VALUE * generator.uniform(0.94, 1.06, count)), 1)
    buyers = np.maximum(np.rint(orders * 0.955), 1)
    clicks = np.rint(buyers / generator.uniform(0.09, 0.13, count))
    shown = np.rint(clicks / generator.uniform(0.34, 0.44, count))
    entered = np.rint(shown / generator.uniform(0.78, 0.88, count))
    return pd.DataFrame(
        {
            "exposures": np.rint(entered / generator.uniform(0.07, 0.11, count)),
            "entered": entered,
            "product_exposures": shown,
            "product_clicks": clicks,
            "buyers": buyers,
            "orders": orders,
            "pay_amount": np.round(amount, 2),
        }
    )


def _own_sessions() -> pd.DataFrame:
    """The shop's own room: one session an evening, a second one at noon while a promotion runs."""
    generator = rng("live")
    lift, wobble = event_lift(), noise(rng("live_days"), 0.16, 0.5)[:, 0]
    money = 13_300 * _level() * lift * wobble
    days = np.repeat(np.arange(len(DAYS)), 1 + (lift > 1.2))
    first = np.r_[True, days[1:] != days[:-1]]
    double = np.isin(days, days[~first])
    amount = money[days] * np.where(double, np.where(first, 0.36, 0.64), 1.0) * generator.uniform(0.9, 1.1, len(days))
    frame = pd.DataFrame({"date": DAYS[days], "start": np.where(double & first, "12:00", "19:30"), "room": "自播"})
    frame["minutes"] = generator.integers(210, 300, len(days))
    frame["ad_spend"] = np.round(amount * generator.uniform(0.14, 0.22, len(days)), 2)
    return pd.concat([frame, _funnel(generator, amount)], axis=1).assign(refund_rate=REFUND_RATE)


def _deals() -> pd.DataFrame:
    """Creators' deals, three to six a month; money in yuan. ``gsv`` is what is left after all returns."""
    generator = rng("creators")
    rows = []
    for month in pd.date_range(START, END, freq="MS"):
        for day in np.sort(generator.choice(28, int(generator.integers(3, 7)), replace=False)):
            date = month + pd.Timedelta(days=int(day))
            height = _level()[position(date)] * event_lift()[position(date)]
            gmv = round(float(61_000 * height * generator.uniform(0.45, 1.75)))
            who = CREATORS[int(generator.integers(len(CREATORS) - 1))]
            slot = int(generator.integers(4, 30)) * 1000
            rows.append((date, who, slot, 0, gmv, round(float(generator.uniform(0.30, 0.44)), 3)))
    rows = [r for r in rows if r[0] < pd.Timestamp("2024-11-01")] + [(pd.Timestamp(r[0]), *r[1:]) for r in PLANTED]
    columns = ["date", "creator", "slot_fee", "guarantee", "gmv", "refund_rate"]
    table = pd.DataFrame(rows, columns=columns).sort_values("date", kind="stable").reset_index(drop=True)
    table["gsv"] = (table["gmv"] * (1 - table["refund_rate"])).round().astype(int)
    table["commission"] = (table["gsv"] * COMMISSION).round().astype(int)
    table["agency_fee"] = (table["gsv"] * AGENCY_FEE).round().astype(int)
    table["boosting"] = (table["gmv"] * 0.06).round(-2).astype(int)
    table["samples"] = generator.integers(6, 30, len(table)) * 100
    table["cost"] = table[["slot_fee", "commission", "agency_fee", "boosting", "samples"]].sum(axis=1)
    table["net_return"] = (table["gsv"] / table["cost"]).round(4)
    return table.rename_axis("deal")


def _creator_sessions(deals: pd.DataFrame) -> pd.DataFrame:
    generator = rng("creator_rooms")
    frame = pd.DataFrame({"date": deals["date"], "start": "20:00", "room": deals["creator"], "minutes": 180})
    frame["ad_spend"] = deals["boosting"].astype(float)
    steps = _funnel(generator, deals["gmv"].to_numpy(dtype=float))
    return pd.concat([frame.reset_index(drop=True), steps], axis=1).assign(refund_rate=deals["refund_rate"].to_numpy())


def _daily(sessions: pd.DataFrame) -> pd.DataFrame:
    """The shop's day: live rooms and shelf together. Persons are unique per day, so below the sums of sessions."""
    generator = rng("shelf")
    shelf = 11_200 * _level() * event_lift() ** 0.8 * noise(generator, 0.10, 0.4)[:, 0]
    shelf_steps = _funnel(generator, shelf)
    sums = sessions.groupby("date")[["buyers", "orders", "product_exposures", "product_clicks", "pay_amount"]].sum()
    sums = sums.reindex(DAYS, fill_value=0) + shelf_steps.set_index(DAYS)[sums.columns]
    back = sessions.assign(back=sessions["pay_amount"] * sessions["refund_rate"]).groupby("date")["back"].sum()
    owed = back.reindex(DAYS, fill_value=0).to_numpy() + shelf * 0.15
    wobble = generator.uniform(0.85, 1.15, len(DAYS))
    refunds = np.convolve(owed, np.r_[0.0, REFUND_LAG])[: len(DAYS)] * wobble
    return pd.DataFrame(
        {
            "pay_amount": sums["pay_amount"].round(2),
            "pay_orders": sums["orders"].astype(int),
            "pay_buyers": (sums["buyers"] * 0.97).round().astype(int),
            "product_exposures": (sums["product_exposures"] * 0.91).round().astype(int),
            "product_clicks": (sums["product_clicks"] * 0.93).round().astype(int),
            "refund_amount": np.round(refunds, 2),
        },
        index=DAYS,
    ).rename_axis("date")
