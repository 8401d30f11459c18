"""What a price watcher sees: some six hundred listings of fifteen brands, week by week.

A listing's 30-day counter is the sum of what it sold in those days; the brand's money is a share of the category's.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulation.campaigns import TMALL, profile
from simulation.items import BRAND, SHOP
from simulation.titles import NEEDS, draw_titles
from simulation.world import DAYS, largest_remainder, position, rng

# Invented names. Share of the category at page prices, listings on sale.
RIVALS = (
    ("禾本源", 0.056, 56), ("露倾", 0.047, 50), ("悦妍", 0.041, 48), ("素集", 0.034, 46), ("白屿", 0.0285, 44),
    ("澄颜社", 0.0245, 42), ("予肌研", 0.0215, 42), ("朝沐", 0.0195, 40), ("木槿集", 0.0140, 40), ("皙野", 0.0115, 38),
    ("泠泉记", 0.0092, 36), ("绽玥", 0.0071, 34), ("微澜肌", 0.0055, 32), ("山芷", 0.0042, 30),
)  # fmt: skip
SNAPSHOTS = (*pd.date_range("2024-09-02", "2024-11-25", freq="7D"), pd.Timestamp("2024-11-30"))
WINDOW = 30

EDGES = (0, 50, 100, 150, 200, 300, 500, np.inf)
SUPPLY = np.array((0.15, 0.33, 0.12, 0.13, 0.16, 0.10, 0.01))
"""Share of listings by band of page price."""
PULL = np.array((0.09, 0.25, 2.45, 2.30, 1.20, 0.85, 0.70))
"""A listing's expected money by band, relative to the average listing."""
PRICES = (
    (25, 29, 35, 39, 45, 49), (55, 59, 65, 69, 75, 79, 85, 89, 95, 99), (109, 115, 119, 125, 129, 135, 139, 145, 149),
    (155, 159, 165, 169, 175, 179, 189, 199), (209, 219, 229, 239, 249, 259, 269, 289, 299),
    (319, 329, 359, 389, 399, 439, 469), (529, 569, 599, 659),
)  # fmt: skip
SPREAD = 0.55
"""Standard deviation of a listing's log money given everything else."""
ELASTICITY = -1.7

# Rival, first day, cut, listings it hit: the war's opener and those who followed.
CUTS = (("露倾", "2024-11-04", 0.18, 9), ("素集", "2024-11-18", 0.10, 6), ("白屿", "2024-11-25", 0.09, 5))
HOSTILE_BRAND = "悦妍"
HOSTILE = """**<script>#read("/etc/passwd")$x$=cmd|'/c calc'!A1 @a 敏感肌"""


def listings() -> pd.DataFrame:
    """The rivals' listings: one row each, in no order of success.

    Columns: brand, item_id, title, price_list, price (page price before any change), coupon, weight (share of the
    brand's money), cut and cut_from (the price war), appears and vanishes (days), and one 0/1 column per need.
    """
    generator = rng("rivals")
    frames = [_brand(generator, *rival) for rival in RIVALS]
    table = pd.concat(frames, ignore_index=True)
    table["item_id"] = [str(n) for n in 590_000_000_000 + np.cumsum(generator.integers(10**7, 2 * 10**8, len(table)))]
    fresh, gone = generator.random(len(table)) < 0.03, generator.random(len(table)) < 0.025
    table["appears"] = pd.Series(pd.Timestamp("2024-10-10"), table.index).where(fresh, DAYS[0])
    table["vanishes"] = pd.Series(pd.Timestamp("2024-11-13"), table.index).where(gone & ~fresh, pd.Timestamp.max)
    return _hostile(table)


def _hostile(table: pd.DataFrame) -> pd.DataFrame:
    """One rival's best seller carries a title that would break any page that believed it."""
    own = table[(table["brand"] == HOSTILE_BRAND) & table["price"].between(150, 199)]
    best = own["weight"].idxmax()
    table.loc[best, ["title", "appears", "vanishes"]] = [HOSTILE, DAYS[0], pd.Timestamp.max]
    table.loc[best, [*NEEDS]] = [int(need in HOSTILE) for need in NEEDS]
    brand = table["brand"] == HOSTILE_BRAND
    table.loc[best, "weight"] = 1.25 * table[brand]["weight"].max()
    table.loc[brand, "weight"] /= table[brand]["weight"].sum()
    return table


def _brand(generator: np.random.Generator, brand: str, share: float, count: int) -> pd.DataFrame:
    bands = np.repeat(
        np.arange(len(SUPPLY)), largest_remainder(count, SUPPLY * generator.uniform(0.85, 1.15, len(SUPPLY)))
    )
    price = np.array([PRICES[b][generator.integers(len(PRICES[b]))] for b in bands], dtype=float)
    titles, needs, lift = draw_titles(brand, bands)
    log = np.log(PULL[bands]) + lift + SPREAD * generator.standard_normal(count)
    weight = np.exp(log)
    table = pd.DataFrame({"brand": brand, "share": share, "band": bands, "title": titles, "price": price})
    table["price_list"] = (price * generator.choice((1.3, 1.4, 1.5, 1.67), count) / 10).round() * 10 - 1
    # A coupon never takes a listing out of its band: bands mean the same at page and at coupon prices.
    room = price - np.array(EDGES)[bands]
    table["coupon"] = np.minimum(np.minimum(generator.choice((0, 5, 10, 15, 20), count), price // 12), room)
    table["weight"] = weight / weight.sum()
    table = pd.concat([table, needs], axis=1)
    table["cut"], table["cut_from"] = 0.0, pd.Timestamp.max
    for who, since, cut, number in CUTS:
        if who == brand:
            hit = table[table["price"].between(125, 300)]["weight"].nlargest(number).index
            table.loc[hit, ["cut", "cut_from"]] = [cut, pd.Timestamp(since)]
    return table


def page_prices(table: pd.DataFrame) -> np.ndarray:
    """Days × listings: page price in whole yuan. A few drift by some per cent; the war's cuts come on their day."""
    generator = rng("prices")
    week = np.arange(len(DAYS)) // 7
    moves = np.where(
        generator.random((week[-1] + 1, len(table))) < 0.004, generator.choice((-0.04, 0.04), len(table)), 0
    )
    moves[: position("2024-08-01") // 7] = 0
    drift = np.exp(np.cumsum(moves, axis=0))[week]
    drift[:, (table["cut"] > 0).to_numpy()] = 1.0
    since = DAYS.to_numpy()[:, None] >= table["cut_from"].to_numpy()[None, :]
    price = table["price"].to_numpy() * np.round(drift, 6) * (1 - since * table["cut"].to_numpy())
    return np.rint(np.round(price, 6))


def units(table: pd.DataFrame, prices: np.ndarray, category: pd.Series) -> np.ndarray:
    """Days × listings: expected units sold. A cut sells more by the elasticity; the rest of the brand stays."""
    generator = rng("rival_weeks")
    wobble = np.exp(0.10 * generator.standard_normal((len(DAYS) // 7 + 1, len(table))))[np.arange(len(DAYS)) // 7]
    money = category.to_numpy()[:, None] * (table["share"] * table["weight"]).to_numpy()
    response = (prices / table["price"].to_numpy()) ** ELASTICITY
    return np.round(money / table["price"].to_numpy() * response * wobble, 6) * _on_sale(table)


def _on_sale(table: pd.DataFrame) -> np.ndarray:
    days = DAYS.to_numpy()[:, None]
    return (days >= table["appears"].to_numpy()) & (days < table["vanishes"].to_numpy())


def snapshots(table: pd.DataFrame, prices: np.ndarray, sold: np.ndarray) -> pd.DataFrame:
    """The rivals' rows of every snapshot: date, brand, shop, item_id, title, the three prices, sales, comments."""
    generator = rng("scrape")
    history = np.rint(sold[-WINDOW:].sum(axis=0) * generator.uniform(3, 12, len(table)))
    event = profile(TMALL)["event"].to_numpy()
    frames = []
    for date in SNAPSHOTS:
        day = position(date)
        seen = _on_sale(table)[day] & (generator.random(len(table)) > 0.008)
        coupon = table["coupon"].to_numpy() + np.rint(prices[day] * (0.06 if event[day] else 0.0))
        row = pd.DataFrame(
            {
                "date": date,
                "brand": table["brand"],
                "shop": table["brand"] + "旗舰店",
                "item_id": table["item_id"],
                "title": table["title"],
                "price_list": table["price_list"],
                "price_page": prices[day],
                "price_coupon": prices[day] - coupon,
                "sales": np.rint(sold[day - WINDOW + 1 : day + 1].sum(axis=0)),
                "comments": history + np.rint(0.11 * sold[position("2024-09-01") : day + 1].sum(axis=0)),
            }
        )
        frames.append(row[seen])
    return pd.concat(frames, ignore_index=True)


def own_snapshots(items: pd.DataFrame, sold: np.ndarray) -> pd.DataFrame:
    """The shop's own rows in the same form, its counters the sums of the units that its orders hold."""
    event = profile(TMALL)["event"].to_numpy()
    frames = []
    for date in SNAPSHOTS:
        day = position(date)
        row = items[items["launched"] <= date]
        kept = row.index.to_numpy()
        coupon = row["price_event"] if event[day] else row["price_coupon"]
        frames.append(
            row[["item_id", "title", "price_list", "price_page"]].assign(
                date=date,
                brand=BRAND,
                shop=SHOP,
                price_coupon=coupon,
                sales=sold[day - WINDOW + 1 : day + 1].sum(axis=0)[kept],
                comments=np.rint(0.09 * sold[: day + 1].sum(axis=0))[kept],
            )
        )
    return pd.concat(frames, ignore_index=True)
