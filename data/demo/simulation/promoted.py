"""The Tmall shop's ad days split over the plans and items that were promoted; every day adds up to its channel's."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.items import STOCKED_OUT
from simulation.orders import OUT_FROM, OUT_TO
from simulation.world import END, largest_remainder, rng

PROMOTED_FROM = "2024-07-01"
# channel, plan, its share of the channel's spend, item codes and their shares of the plan's
PLANS = (
    ("关键词推广", "关键词-修护抗皱", 0.62, (("QH001", 0.45), ("QH005", 0.30), ("QH012", 0.25))),
    ("关键词推广", "关键词-美白控油", 0.38, (("QH002", 0.50), ("QH008", 0.30), ("QH015", 0.20))),
    ("人群推广", "人群-拉新种草", 0.60, (("QH001", 0.40), ("QH003", 0.35), ("QH011", 0.25))),
    ("人群推广", "人群-老客唤醒", 0.40, (("QH002", 0.55), ("QH004", 0.45))),
    ("品销宝", "品专-青禾", 1.0, (("", 1.0),)),
)
"""The brand zone promotes the shop and no item. What is out of stock is paused."""
DIRECT = (0.62, 0.80)
"""Share of credited sales that are of the promoted item."""
WINDOW = 15
"""Days after a click within which the tools credit a sale."""


def promoted(ads: pd.DataFrame, catalogue: pd.DataFrame) -> pd.DataFrame:
    """One row per day since ``PROMOTED_FROM``, plan and item promoted on that day.

    Columns: date, channel, plan, code, item (position in the catalogue, -1 for the shop), impressions, clicks, spend,
    orders, sales, direct_orders, direct_sales, carts, favorites, visits, visitors, buyers, new_buyers; money in fen.
    Σ over a channel's rows of a day is the channel's day in every column of ``Simulation.ads``.
    """
    generator = rng("promoted")
    place = {code: k for k, code in enumerate(catalogue["code"])}
    days = ads[ads["date"].between(PROMOTED_FROM, END)]
    frames = [_day(generator, row, place) for row in days.itertuples(index=False)]
    table = pd.concat(frames, ignore_index=True).sort_values("date", kind="stable").reset_index(drop=True)

    def part(of: str, low: float, high: float) -> np.ndarray:
        return np.floor(table[of] * generator.uniform(low, high, len(table)) + 0.5).astype(np.int64)

    table["direct_sales"] = np.where(table["orders"] > 0, part("sales", *DIRECT), 0)
    table["direct_orders"] = np.where(table["orders"] > 0, np.maximum(part("orders", *DIRECT), 1), 0)
    table["carts"], table["favorites"] = part("clicks", 0.07, 0.12), part("clicks", 0.015, 0.03)
    table["visits"], table["visitors"] = part("clicks", 0.94, 0.99), part("clicks", 0.84, 0.92)
    table["buyers"] = part("orders", 0.9, 1.0)
    table["new_buyers"] = part("buyers", 0.55, 0.85)
    return table


def _day(generator: np.random.Generator, row, place: dict[str, int]) -> pd.DataFrame:
    """One channel's day over its plans and items."""
    out = f"{row.date:%Y-%m-%d}" >= OUT_FROM and f"{row.date:%Y-%m-%d}" <= OUT_TO
    cells = [
        (plan, code, share * part)
        for channel, plan, share, items in PLANS
        for code, part in items
        if channel == row.channel and not (out and code == STOCKED_OUT)
    ]
    count = len(cells)
    weight = np.array([w for *_, w in cells]) * generator.uniform(0.9, 1.1, count)
    frame = pd.DataFrame([c[:2] for c in cells], columns=["plan", "code"])
    frame.insert(0, "channel", row.channel)
    frame.insert(0, "date", row.date)
    frame["item"] = [place.get(c, -1) for c in frame["code"]]
    frame["spend"] = largest_remainder(round(row.spend * 100), weight)
    frame["clicks"] = largest_remainder(int(row.clicks), weight * generator.uniform(0.9, 1.1, count))
    # Impressions in proportion to clicks, so that no row has more clicks than it was shown.
    frame["impressions"] = largest_remainder(int(row.impressions), frame["clicks"].to_numpy() + 0.001)
    frame["orders"] = largest_remainder(
        int(row.ad_orders), frame["clicks"] * generator.uniform(0.8, 1.2, count) + 0.001
    )
    worth = frame["orders"].to_numpy() * generator.uniform(0.85, 1.15, count)
    frame["sales"] = largest_remainder(round(row.ad_sales * 100), worth if worth.sum() else np.ones(count))
    return frame
