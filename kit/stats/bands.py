"""Price bands: each band's share of listings, of money and of pieces, and the two indices with joint intervals.

Index = share of money (or pieces) ÷ share of listings: above 1 a listing of the band sells more than the average
listing. Intervals are those of ``kit.stats.bootstrap``, by brand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit.stats import bootstrap

LEAST_BRANDS = 5
"""Brands with sales that a band needs: with fewer, resampling brands says nothing of it."""


@dataclass(frozen=True)
class Index:
    """Share ÷ share of listings, with its end points jointly over the bands."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Band:
    """Prices from ``low`` up to, not including, ``high``; None is an open end. Shares are fractions.

    ``brands`` counts those that sold something here. ``index`` (of money) and ``pieces_index`` are None where the
    band is too small to judge.
    """

    low: float | None
    high: float | None
    listings: int
    brands: int
    supply: float
    demand: float
    pieces: float
    index: Index | None
    pieces_index: Index | None

    @property
    def slug(self) -> str:
        """Names the band in keys: ``below_50``, ``100_200``, ``from_500``; a decimal point is written p."""
        low, high = (None if v is None else f"{v:.10g}".replace(".", "p") for v in (self.low, self.high))
        return f"below_{high}" if low is None else f"from_{low}" if high is None else f"{low}_{high}"


def price_bands(
    rows: pd.DataFrame, cuts: Sequence[float], least: int, *, seed: int, resamples: int = bootstrap.RESAMPLES
) -> tuple[Band, ...]:
    """The bands that ``cuts`` (ascending) make of ``rows``: columns brand, price and sales, no price or sales NaN.

    A band is judged where it holds ``least`` listings and ``LEAST_BRANDS`` brands with sales. A listing that names
    no brand counts as a brand of its own.
    """
    count, money, pieces = _by_brand(rows, np.array(cuts, float))
    brands = (money > 0).sum(0)
    judged = (count.sum(0) >= least) & (brands >= LEAST_BRANDS)
    by_money, by_pieces = (
        bootstrap.joint_intervals(value, count, judged, seed=seed, resamples=resamples) for value in (money, pieces)
    )
    supply, demand, share = (_shares(a.sum(0)) for a in (count, money, pieces))
    return tuple(
        Band(
            low,
            high,
            int(count[:, n].sum()),
            int(brands[n]),
            supply[n],
            demand[n],
            share[n],
            _index(by_money, n),
            _index(by_pieces, n),
        )
        for n, (low, high) in enumerate(zip([None, *cuts], [*cuts, None], strict=True))
    )


def _by_brand(rows: pd.DataFrame, cuts: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Listings, money and pieces by brand and band."""
    number, names = pd.factorize(rows["brand"])
    nameless = number < 0
    number = np.where(nameless, len(names) + np.cumsum(nameless) - 1, number)
    price, sales = rows["price"].to_numpy(float), rows["sales"].to_numpy(float)
    cells = number * (len(cuts) + 1) + np.searchsorted(cuts, price, side="right")
    shape = len(names) + int(nameless.sum()), len(cuts) + 1
    weights = np.ones(len(rows)), price * sales, sales
    sums = (np.bincount(cells, w, minlength=shape[0] * shape[1]) for w in weights)
    return [np.asarray(s, float).reshape(shape) for s in sums]


def _shares(values: NDArray[np.float64]) -> list[float]:
    """Fractions of the total; nothing sold at all is a share of nothing."""
    total = float(values.sum())
    return [float(v) / total if total else 0.0 for v in values]


def _index(joint: bootstrap.Joint, band: int) -> Index | None:
    low, high = float(joint.low[band]), float(joint.high[band])
    return Index(float(joint.index[band]), low, high) if np.isfinite([low, high]).all() else None
