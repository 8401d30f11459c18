"""Where each tracked brand stands: how large it is beside the largest other, and how it grew between two windows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from kit.stats import snapshots, windows
from kit.stats.share_change import Moved, Movement, movement
from kit.stats.windows import Pair


@dataclass(frozen=True)
class Point:
    """``relative``: sales ÷ those of the largest other brand, so 1 or above for the largest. ``growth``: a fraction,
    per day, between ``ends`` where it was judged; ``side``: whether beyond the growth of all brands. ``sales``: money,
    estimated, in the later window."""

    name: str
    own: bool
    relative: float
    growth: float
    ends: tuple[float, float] | None
    side: int | None
    sales: float


@dataclass(frozen=True)
class Field:
    """``points`` by sales, the first ones and the own one, of ``brands`` with sales; ``largest``: the names of the two
    largest. ``growth`` is that of all brands; ``off`` are brands without a growth: no earlier sales that compare.
    """

    platform: str
    price_kind: str | None
    sales_kind: str | None
    pair: Pair
    points: tuple[Point, ...]
    brands: int
    largest: tuple[str, ...]
    growth: float | None
    off: tuple[str, ...]
    resamples: int

    @property
    def own(self) -> Point | None:
        return next((p for p in self.points if p.own), None)


def read(
    listings: pd.DataFrame,
    own: Sequence[str],
    start: dt.date,
    end: dt.date,
    price_kind: str,
    top: int,
    seed: int,
    resamples: int,
) -> list[Field]:
    """Each platform with a snapshot from ``start`` to ``end``, the one with most listings first."""
    made = []
    for series, before in snapshots.by_platform(listings, start, end, price_kind, windows.BACK):
        pair = windows.pair(series, before, start, own)
        held = pair.now.held if pair.now else pd.Series(dtype=float)
        held = held[held > 0]
        names = [str(name) for name in held.index]
        shown = [name for n, name in enumerate(names) if n < top or name in own[:1]]
        moved = movement(pair, shown, seed=seed, resamples=resamples) if len(held) > 1 else None
        points = _points(held, shown, own[0] if own else None, moved) if moved else ()
        about = series.platform, series.price_kind, series.sales_kind, pair, points, len(names), tuple(names[:2])
        off = tuple(name for name in shown if name not in {p.name for p in points}) if moved else ()
        made.append(Field(*about, moved.growth if moved else None, off, resamples))
    return made


def _points(held: pd.Series, shown: Sequence[str], own: str | None, moved: Movement) -> tuple[Point, ...]:
    made = []
    for name in shown:
        one = moved.of(name)
        growth = moved.growth_of(one) if one else None
        if one is None or growth is None:
            continue
        relative = float(held[name] / held.drop(name).max())
        made.append(Point(name, name == own, relative, growth, _ends(one, moved.growth), one.side, float(held[name])))
    return tuple(made)


def _ends(one: Moved, growth: float) -> tuple[float, float] | None:
    """The ends of a brand's growth: those of its share's ratio times the growth of all."""
    if one.low is None or one.high is None:
        return None
    return one.low * (1 + growth) - 1, one.high * (1 + growth) - 1
