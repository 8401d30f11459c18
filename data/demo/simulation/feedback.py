"""What buyers say and how fast the shop answers: reviews with a burst of bad ones, and the service desk's days."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.items import LEAKING
from simulation.orders import Orders, until_end
from simulation.world import DAYS, START, position, rng

REVIEW_RATE, BAD_RATE = 0.09, 0.014
BURST_FROM, BURST_DAYS, BURST_PER_DAY = "2024-11-20", 3, (38, 31, 17)
BURST_BOUGHT = ("2024-11-05", "2024-11-12")
"""A batch with a leaking pump: bought in these days, complained of in those."""
GOOD = ("吸收快不粘腻", "用了一周脸没那么干了", "包装好，发货快", "回购第三次", "味道淡，敏感肌没刺激", "活动价划算")
MIDDLE = ("一般般，还在观察", "保湿还行，提亮没看出来", "瓶子比想的小")
BAD = {
    "leak": ("泵头漏液，洒了一半", "收到就漏，盒子都湿了", "按压泵坏的，漏了"),
    "allergy": ("用了泛红刺痛", "过敏了，退了"),
    "no_effect": ("没效果", "跟没用一样"),
    "delivery": ("发货太慢", "等了一个星期才到"),
    "price": ("刚买就降价，不保价", "券用不了"),
}
EVERYDAY = ("allergy", "no_effect", "delivery", "price")
AGENTS = ("青青", "小禾", "安安", "豆苗", "阿穗", "米粒")


def reviews(orders: Orders, items: pd.DataFrame) -> pd.DataFrame:
    """Reviews written by the data's end: date, order, item, stars (1–5), topic of a bad one ('' else), text."""
    generator = rng("reviews")
    lines = orders.lines
    written = lines[generator.random(len(lines)) < REVIEW_RATE][["order", "day", "item"]].reset_index(drop=True)
    draw = generator.random(len(written))
    written["stars"] = np.select([draw < BAD_RATE, draw < 0.06, draw < 0.17], [1, 3, 4], 5)
    topic = np.array(EVERYDAY, dtype=object)[generator.integers(0, len(EVERYDAY), len(written))]
    written["topic"] = np.where(written["stars"] == 1, topic, "")
    written["date"] = DAYS[written["day"]] + pd.to_timedelta(generator.integers(3, 13, len(written)), unit="D")
    table = pd.concat([written, _burst(generator, lines, items)], ignore_index=True)
    table = until_end(table[table["date"] >= START]).sort_values(["date", "order", "item"], kind="stable")
    table = table.reset_index(drop=True)
    return table.assign(text=_texts(generator, table)).drop(columns="day")


def _burst(generator: np.random.Generator, lines: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    leaking = int(np.flatnonzero(items["code"] == LEAKING)[0])
    bought = lines["day"].between(*(position(d) for d in BURST_BOUGHT)) & (lines["item"] == leaking)
    chosen = lines[bought].iloc[generator.permutation(int(bought.sum()))[: sum(BURST_PER_DAY)]]
    days = np.repeat(np.arange(BURST_DAYS), BURST_PER_DAY)
    return chosen[["order", "day", "item"]].assign(
        stars=1, topic="leak", date=pd.Timestamp(BURST_FROM) + pd.to_timedelta(days, unit="D")
    )


def _texts(generator: np.random.Generator, table: pd.DataFrame) -> list[str]:
    draw = generator.integers(0, 1_000_000, len(table))
    phrases = {5: GOOD, 4: GOOD, 3: MIDDLE}
    chosen = [BAD[t] if t else phrases[s] for s, t in zip(table["stars"], table["topic"], strict=True)]
    return [options[k % len(options)] for options, k in zip(chosen, draw, strict=True)]


def service(shop: pd.DataFrame) -> pd.DataFrame:
    """One row per day and agent: people served, seconds to the first answer, share of satisfied, sales after advice.

    Answers slow down when the day's inquiries exceed what six people can take.
    """
    generator = rng("service")
    inquiries = shop["visitors"].to_numpy() * 0.028 + shop["pay_buyers"].to_numpy() * 0.11
    shares = generator.dirichlet(np.full(len(AGENTS), 30.0), len(shop))
    served = np.rint(inquiries[:, None] * shares).astype(np.int64)
    load = inquiries / (len(AGENTS) * 190)
    wait = 24 * np.maximum(load, 0.7)[:, None] ** 1.6 * np.exp(0.12 * generator.standard_normal(served.shape))
    pleased = np.clip(
        0.955 - 0.03 * np.maximum(load - 1, 0)[:, None] + 0.012 * generator.standard_normal(served.shape), 0, 1
    )
    frame = pd.DataFrame(
        {
            "date": np.repeat(shop.index.to_numpy(), len(AGENTS)),
            "agent": np.tile(AGENTS, len(shop)),
            "served": served.ravel(),
            "first_response_seconds": np.rint(wait).astype(np.int64).ravel(),
            "satisfaction": np.round(pleased, 4).ravel(),
            "agent_sales": np.round(served * 0.21 * 190.0, 2).ravel(),
        }
    )
    return frame[frame["date"] >= START].reset_index(drop=True)
