"""Four tests that ran in the shop in November 2024, each with a known truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from simulation.world import noise, position, rng

ORDER_VALUE_LOG = (5.05, 0.55)
"""Mean and standard deviation of the logarithm of a buyer's revenue in yuan."""
SRM_KEPT = 0.92
"""In the broken test this share of variant B's visitors who put nothing in the cart was recorded."""


@dataclass(frozen=True)
class Experiment:
    """A test as planned, and the truth: ``effect`` is the relative effect of B on the primary metric.

    ``guardrails`` may not fall by more than ``margin`` (relative); ``cost`` in yuan is that of keeping B.
    """

    key: str
    name: str
    metric: str
    unit: str
    start: str
    end: str
    per_arm: int
    rate: float
    effect: float
    mde: float
    allocation: str
    truth: str
    hypothesis: str
    guardrails: str | None = None
    margin: float | None = None
    cost: int | None = None


EXPERIMENTS = (
    Experiment(
        "detail_page", "详情页首屏改版", "pay_cvr", "visitor", "2024-11-13", "2024-11-26", 36_000, 0.0310, 0.17, 0.12,
        "randomised", "B raises conversion and the sample is sound: a win",
        "首屏先讲功效和用法，看完的人更愿意下单", "value_per_visitor", 0.05, 6_000,
    ),
    Experiment(
        "coupon_popup", "进店弹券", "cart_rate", "visitor", "2024-11-13", "2024-11-26", 30_000, 0.1100, 0.0, 0.08,
        "randomised", "no effect: visitors of B who did nothing are missing, which looks like a win",
        "进店三秒弹出满减券，加购的人更多", "value_per_visitor", 0.10,
    ),
    Experiment(
        "free_shipping", "包邮门槛提示", "cart_rate", "visitor", "2024-11-04", "2024-11-24", 26_000, 0.1050, 0.0, 0.08,
        "randomised", "no effect, and sample enough to say so",
        "详情页写明还差多少包邮，加购的人更多", "value_per_visitor", 0.10,
    ),
    Experiment(
        "main_image", "主图按天轮换", "ctr", "day", "2024-11-13", "2024-11-26", 7, 0.0460, 0.08, 0.05,
        "rotation", "B raises the click-through rate; daily rows only, variants alternate by day",
        "模特图换成质地图，点进来的人更多",
    ),
)  # fmt: skip


def units() -> pd.DataFrame:
    """One row per visitor of the randomised tests.

    Columns: experiment, variant, unit_id, date, carted and bought (0/1), revenue, pre_revenue (yuan), segment.
    """
    generator = rng("experiments")
    return pd.concat([_visitors(generator, e) for e in EXPERIMENTS if e.allocation == "randomised"], ignore_index=True)


def _visitors(generator: np.random.Generator, test: Experiment) -> pd.DataFrame:
    count = 2 * test.per_arm
    is_b = generator.random(count) < 0.5
    returning = generator.random(count) < 0.34
    chance = test.rate * np.where(returning, 1.9, 0.54) * np.where(is_b, 1 + test.effect, 1.0)
    acted = generator.random(count) < chance
    other = generator.random(count)
    decides_on_buying = test.metric == "pay_cvr"
    bought = acted if decides_on_buying else acted & (other < 0.27)
    carted = acted | (other < 0.08) if decides_on_buying else acted
    taste = 0.4 * generator.standard_normal(count)
    worth = np.exp(
        ORDER_VALUE_LOG[0] + taste + (ORDER_VALUE_LOG[1] ** 2 - 0.16) ** 0.5 * generator.standard_normal(count)
    )
    before = np.where(returning, np.exp(4.6 + taste + 0.4 * generator.standard_normal(count)), 0.0)
    days = pd.date_range(test.start, test.end)
    frame = pd.DataFrame(
        {
            "experiment": test.key,
            "variant": np.where(is_b, "B", "A"),
            "unit_id": [f"{test.key[:2]}{n:07d}" for n in generator.permutation(count)],
            "date": days[generator.integers(0, len(days), count)],
            "carted": carted.astype(int),
            "bought": bought.astype(int),
            "revenue": np.where(bought, np.round(worth, 2), 0.0),
            "pre_revenue": np.round(before, 2),
            "segment": np.where(returning, "returning", "new"),
        }
    )
    if test.key == "coupon_popup":
        frame = frame[~is_b | carted | (generator.random(count) < SRM_KEPT)]
    return frame.sort_values(["date", "unit_id"]).reset_index(drop=True)


def daily(shown: pd.DataFrame) -> pd.DataFrame:
    """Per test, variant and day: visitors, then carts, buyers and amount, or clicks for the rotation.

    ``shown`` is what ``units`` returns; a count that a test does not record is NaN.
    """
    keys = ["experiment", "variant", "date"]
    counts = shown.groupby(keys).agg(
        visitors=("unit_id", "size"), carts=("carted", "sum"), buyers=("bought", "sum"), pay_amount=("revenue", "sum")
    )
    return pd.concat([counts.round(2).reset_index(), _rotation()], ignore_index=True)


def _rotation() -> pd.DataFrame:
    """A and B on alternate days of two weeks, so that each falls on every weekday once."""
    test = next(e for e in EXPERIMENTS if e.allocation == "rotation")
    generator = rng("rotation")
    days = pd.date_range(test.start, test.end)
    variant = np.where(np.arange(len(days)) % 2 == 0, "A", "B")
    shown = generator.integers(17_000, 23_000, len(days))
    mood = noise(generator, 0.018, 0.3)[position(test.start) : position(test.end) + 1, 0]
    rate = test.rate * mood * np.where(variant == "B", 1 + test.effect, 1.0)
    clicks = generator.binomial(shown, np.round(rate, 9))
    return pd.DataFrame({"experiment": test.key, "variant": variant, "date": days, "visitors": shown, "clicks": clicks})
