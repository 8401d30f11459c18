"""The Douyin shop's ads for its live rooms, by creative and day; the spend of a day is what its sessions spent."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.live import Douyin, event_lift
from simulation.parcels import PARCELS_FROM, SUBSIDY
from simulation.world import END, largest_remainder, position, rng

# name, share of spend, click-through rate, return relative to the day's
CREATIVES = (
    ("成分讲解-神经酰胺-口播", 0.24, 0.021, 1.15), ("直播切片-福利开场", 0.21, 0.026, 1.25),
    ("素人对比-上脸七天", 0.16, 0.018, 0.95), ("产品质地-微距", 0.12, 0.013, 0.80),
    ("早C晚A-教程", 0.11, 0.017, 1.05), ("达人混剪-双11清单", 0.09, 0.022, 0.90),
    ("门店探访-实验室", 0.07, 0.009, 0.45),
)  # fmt: skip
CREDITED = (0.36, 0.48)
"""Sales of a day's live rooms that the tool credits to ads, as a share."""


def creatives(douyin: Douyin) -> pd.DataFrame:
    """One row per day since ``PARCELS_FROM`` and creative: date, creative (position in ``CREATIVES``), impressions,
    clicks, spend, orders, user_paid, subsidy, plays, likes, comments, followers; money in fen."""
    generator = rng("creatives")
    rooms = douyin.sessions[douyin.sessions["date"].between(PARCELS_FROM, END)]
    frames = []
    for date, here in rooms.groupby("date"):
        spend = round(here["ad_spend"].sum() * 100)
        credited = round(here["pay_amount"].sum() * generator.uniform(*CREDITED) * 100)
        frames.append(_day(generator, date, spend, credited, here["orders"].sum() / here["pay_amount"].sum()))
    return pd.concat(frames, ignore_index=True)


def _day(generator: np.random.Generator, date: pd.Timestamp, spend: int, credited: int, rate: float) -> pd.DataFrame:
    _, share, click_rate, worth = (np.array(c) for c in zip(*CREATIVES, strict=True))
    count = len(CREATIVES)
    frame = pd.DataFrame({"date": date, "creative": np.arange(count)})
    frame["spend"] = largest_remainder(spend, share * generator.uniform(0.8, 1.2, count))
    frame["user_paid"] = largest_remainder(credited, frame["spend"] * worth * generator.uniform(0.85, 1.15, count))
    frame["orders"] = np.maximum(np.rint(frame["user_paid"] / 100 * rate), 1).astype(np.int64)
    on_sale = int(event_lift()[position(date)] > 1)
    frame["subsidy"] = frame["user_paid"] * round(SUBSIDY[on_sale] * 25) // 100
    frame["impressions"] = np.rint(frame["spend"] / 100 / generator.uniform(0.030, 0.042, count)).astype(np.int64)
    frame["clicks"] = np.rint(frame["impressions"] * click_rate * generator.uniform(0.9, 1.1, count)).astype(np.int64)
    frame["orders"] = np.minimum(frame["orders"], frame["clicks"])
    for name, low, high in (("plays", 0.5, 0.7), ("likes", 0.004, 0.008), ("comments", 0.001, 0.002)):
        frame[name] = np.rint(frame["impressions"] * generator.uniform(low, high, count)).astype(np.int64)
    frame["followers"] = np.rint(frame["clicks"] * generator.uniform(0.01, 0.03, count)).astype(np.int64)
    return frame
