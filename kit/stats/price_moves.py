"""What became of prices: the same items over snapshots, a brand's price level chained over them, the common move.

A level compares only items that stand in both of two neighbouring snapshots, so a changed assortment is no changed
price. Each link is the weighted geometric mean of their price relatives, and the links are multiplied: a chained
geometric index, with equal weights Jevons' (IMF and others, Consumer Price Index Manual: Concepts and Methods, 2020, on
elementary indices). An item keeps one weight throughout, so prices that come back bring the level back: weights that
follow the counters would let it drift. An item missed by a snapshot keeps its price until it is seen again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

LEAST_ITEMS = 3
"""Items in both snapshots that a statement about a brand's prices needs."""
LEAST_BRANDS = 3
"""Brands with so many items that a common move needs."""
MISREAD = math.log(3)
"""A price that trebles or falls to a third from one snapshot to the next is another pack or a misreading: no move."""


@dataclass(frozen=True, eq=False)
class Paths:
    """Items × snapshots. ``prices`` are carried over gaps; ``steps`` are log changes since the snapshot before, NaN
    where an item is not on both sides or its price is misread. ``brands`` names each item's brand."""

    prices: pd.DataFrame
    steps: pd.DataFrame
    brands: pd.Series


def paths(prices: pd.DataFrame, brands: pd.Series) -> Paths:
    """``prices``: an item a row, a snapshot a column in order of time, NaN where not stated; ``brands`` by item."""
    later = prices.notna().iloc[:, ::-1].cummax(axis=1).iloc[:, ::-1]
    carried = prices.ffill(axis=1).where(later)
    steps = np.log(carried).diff(axis=1)
    return Paths(carried, steps.where(steps.abs() < MISREAD), brands.reindex(prices.index))


def level(steps: pd.DataFrame, weights: pd.Series) -> pd.Series:
    """A brand's price level by snapshot, 1 at the first; NaN before and after a link of too few items.

    ``weights``: by item, none negative; items of no weight don't count. With too few weights all items weigh the same.
    """
    sold = weights[weights > 0].reindex(steps.index)
    weight = sold if sold.notna().sum() >= LEAST_ITEMS else pd.Series(1.0, steps.index)
    stated = steps.notna().mul(weight, axis=0)
    links = (steps.mul(weight, axis=0).sum() / stated.sum()).where((stated > 0).sum() >= LEAST_ITEMS)
    known = links.notna().to_numpy()
    if not known.any():
        return links
    before = int(known.argmax()) - 1  # the first snapshot has no link
    links.iloc[before] = 0.0
    return pd.Series(np.exp(links.iloc[before:].cumsum(skipna=False)), links.index)


def common(paths: Paths) -> pd.Series:
    """The log move that brands share at each snapshot: the median over brands of the median over their items.

    0 where fewer than ``LEAST_BRANDS`` brands have items enough. What a platform-wide promotion takes off, it gives
    back at its end: both are common moves and nobody's own.
    """
    grouped = paths.steps.groupby(paths.brands)
    medians = grouped.median().where(grouped.count() >= LEAST_ITEMS)
    return medians.median().where(medians.notna().sum() >= LEAST_BRANDS, 0.0).fillna(0.0)


def first_stated(values: Sequence[pd.Series]) -> pd.Series:
    """By item, the value of the earliest of ``values`` (one a snapshot, in order of time) that states any."""
    stated = pd.concat([v.dropna() for v in values])
    return stated[~stated.index.duplicated()]
