"""Where the Tmall shop's buyers of a month came from: every order is credited to the source of its last visit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from simulation.book import Book
from simulation.traffic import Demand
from simulation.world import position, rng

MONTHS = ("2024-09", "2024-10", "2024-11")
TREE = (
    ("手淘搜索", "淘内免费", "商品"), ("手淘推荐", "淘内免费", "商品"), ("我的淘宝", "淘内免费", "商品"),
    ("购物车", "淘内免费", "商品"), ("店铺自播", "内容渠道", "直播"), ("达人直播", "内容渠道", "直播"),
    ("淘宝客", "付费推广", "商品"), ("关键词推广", "付费推广", "商品"), ("人群推广", "付费推广", "商品"),
    ("品销宝", "付费推广", "店铺页"),
)  # fmt: skip
"""Source (level 2), the group it belongs to (level 1), the kind of page it leads to."""
BALANCES = ("购物车", "我的淘宝")
"""Where presale balances are paid from: three in five, and the rest."""
DEEPER = {"手淘推荐": (("首页猜你喜欢", 0.68), ("购后猜你喜欢", 0.32))}
"""Level 3 of a source: parts and their shares of its orders."""
ALL = "汇总"
UNIQUE = (0.56, 0.68)
"""A source's visitors of a month over the sum of its days."""
OVERLAP, SPREAD = 0.88, 1.06
"""People of a group over the sum of its sources', and of a source's parts over its own: some come through several."""
HABITS = {
    "new_visitors": (0.55, 0.80), "viewers_3s": (0.70, 0.86), "item_clicks": (0.42, 0.60), "carts": (0.06, 0.10),
    "favorites": (0.02, 0.04), "followers": (0.004, 0.012),
}  # fmt: skip
"""What share of a source's visitors does this: from, to."""


def monthly(demand: Demand, book: Book) -> pd.DataFrame:
    """One row per month, page kind (``ALL`` for the whole shop), and source of level 1, 2 and 3 (``ALL`` for the sum
    over what lies below).

    Columns: visitors, stay, new_visitors, viewers_3s, item_clicks, carts, favorites, followers, cart_units,
    order_buyers, order_amount, pay_buyers, pay_amount (fen). Money adds up over the sources; people don't.
    """
    generator = rng("source_of_order")
    placed = _credited(generator, demand, book)
    rows = []
    for month in MONTHS:
        daily = demand.visitors.loc[month].sum()
        seen = {name: _behaved(generator, daily[name] * generator.uniform(*UNIQUE)) for name, *_ in TREE}
        here = placed[placed["month"] == month]
        for kind in (ALL, *dict.fromkeys(k for *_, k in TREE)):
            tree = [t for t in TREE if kind in (ALL, t[2])]
            rows += [{"month": month, "kind": kind, **row} for row in _tree(tree, seen, here)]
    return pd.DataFrame(rows)


def _behaved(generator: np.random.Generator, visitors: float) -> pd.Series:
    """The visitors of a source, and what they did besides buying."""
    told = {"visitors": visitors, "stay": generator.uniform(15, 40)}
    told |= {name: visitors * generator.uniform(*span) for name, span in HABITS.items()}
    return pd.Series(told | {"cart_units": told["carts"] * generator.uniform(1.1, 1.3)})


def _credited(generator: np.random.Generator, demand: Demand, book: Book) -> pd.DataFrame:
    """The orders of the months with their source, and the part of it if it has parts."""
    heads = book.orders[book.orders["kind"] != "lapsed"]
    date = heads["paid"].fillna(heads["created"]).dt.normalize()
    frame = heads.assign(date=date)[date >= f"{MONTHS[0]}-01"]
    share = demand.buyers[position(f"{MONTHS[0]}-01") :]
    ladder = np.cumsum((share.T / share.sum(axis=1)).T.to_numpy(), axis=1)
    ladder = np.round(ladder, 9)
    day = (frame["date"] - share.index[0]).dt.days.to_numpy()
    drawn = (ladder[day] <= generator.random(len(frame))[:, None] * 0.999999).sum(axis=1)
    source = np.array(share.columns, dtype=object)[drawn]
    paid_off = np.where(generator.random(len(frame)) < 0.6, *BALANCES)
    source = np.where(frame["kind"] == "presale", paid_off, source)
    part = generator.random(len(frame))
    deeper = [_part(name, draw) for name, draw in zip(source, part, strict=True)]
    bought = frame["paid"].notna()
    return frame.assign(month=frame["date"].dt.strftime("%Y-%m"), source=source, part=deeper, bought=bought)


def _part(name: str, draw: float) -> str:
    options = DEEPER.get(name, ())
    return next((o for o, share in options if draw < share), options[-1][0]) if options else ""


def _tree(
    tree: list[tuple[str, str, str]], seen: dict[str, pd.Series], placed: pd.DataFrame
) -> Iterator[dict[str, str | int | float]]:
    """Each group's sum, each of its sources' sums, and the parts of a source that has some."""
    for group in dict.fromkeys(g for _, g, _ in tree):
        names = [n for n, g, _ in tree if g == group]
        together = sum(seen[n] for n in names) * (OVERLAP if len(names) > 1 else 1.0)
        together["stay"] = sum(seen[n]["stay"] for n in names) / len(names)
        yield _row((group, ALL, ALL), together, placed[placed["source"].isin(names)])
        for name in names:
            here = placed[placed["source"] == name]
            yield _row((group, name, ALL), seen[name], here)
            for part, share in DEEPER.get(name, ()):
                its = (seen[name] * share * SPREAD).where(seen[name].index != "stay", seen[name]["stay"])
                yield _row((group, name, part), its, here[here["part"] == part])


def _row(levels: tuple[str, str, str], seen: pd.Series, placed: pd.DataFrame) -> dict[str, str | int | float]:
    paid = placed[placed["bought"]]
    return {
        "level_1": levels[0], "level_2": levels[1], "level_3": levels[2],
        **{name: round(value) for name, value in seen.items() if name != "stay"}, "stay": round(float(seen["stay"]), 2),
        "order_buyers": placed["buyer"].nunique(), "order_amount": int(placed["amount"].sum()),
        "pay_buyers": paid["buyer"].nunique(), "pay_amount": int(paid["amount"].sum()),
    }  # fmt: skip
