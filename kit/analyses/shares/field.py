"""Who holds what of the sales of the brands that listings track, on one platform, and what moved since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.stats import phases, snapshots, windows
from kit.stats.concentration import Concentration, concentration
from kit.stats.share_change import Moved, Movement, movement
from kit.stats.windows import Pair, Window


@dataclass(frozen=True)
class Brand:
    """``sales``: money, estimated, in the last window; ``moved``: its change, None where there is nothing to
    compare."""

    name: str
    own: bool
    rank: int
    sales: float
    share: float
    moved: Moved | None


@dataclass(frozen=True)
class Field:
    """``brands`` with known sales, largest first; ``silent`` ones state none. ``pair``: the windows, and why one lacks.

    ``events``: days of big promotions in the earlier and in the later window, where they are not alike.
    """

    platform: str
    price_kind: str | None
    sales_kind: str | None
    pair: Pair
    brands: tuple[Brand, ...]
    silent: tuple[str, ...]
    movement: Movement | None
    concentration: Concentration | None
    events: tuple[int, int] | None
    resamples: int

    @property
    def own(self) -> Brand | None:
        return next((b for b in self.brands if b.own), None)


def read(
    listings: pd.DataFrame,
    own: Sequence[str],
    start: dt.date,
    end: dt.date,
    promotions: pd.DataFrame,
    price_kind: str,
    top: int,
    seed: int,
    resamples: int,
) -> list[Field]:
    """Each platform with a snapshot from ``start`` to ``end``, the one with most listings first.

    The ``top`` brands and the client's (any of the names ``own``) get intervals.
    """
    made = []
    for series, before in snapshots.by_platform(listings, start, end, price_kind, windows.BACK):
        pair = windows.pair(series, before, start, own)
        held = pair.now.held if pair.now else pd.Series(dtype=float)
        names = [str(name) for name, money in held.items() if money > 0]
        judged = [*names[:top], *(own[:1] if own and own[0] in names[top:] else ())]
        moved = movement(pair, judged, seed=seed, resamples=resamples)
        brands = _brands(held[held > 0], own[0] if own else None, moved)
        shares = np.array([b.share for b in brands])
        made.append(
            Field(
                series.platform,
                series.price_kind,
                series.sales_kind,
                pair,
                brands,
                tuple(sorted(str(name) for name, money in held.items() if not money > 0)),
                moved,
                concentration(shares, whole=True) if len(shares) else None,
                _events(pair, promotions, series.platform),
                resamples,
            )
        )
    return made


def _brands(held: pd.Series, own: str | None, moved: Movement | None) -> tuple[Brand, ...]:
    rank = held.rank(ascending=False, method="min")
    total = held.sum()
    return tuple(
        Brand(
            str(name),
            name == own,
            int(rank[name]),
            float(money),
            float(money / total),
            moved.of(str(name)) if moved else None,
        )
        for name, money in held.items()
    )


def _events(pair: Pair, promotions: pd.DataFrame, platform: str) -> tuple[int, int] | None:
    """Days of big promotions in both windows, if they differ so much that a comparison is distorted."""
    if not (pair.now and pair.then and pair.now.start and pair.then.start):
        return None
    events = phases.spans(promotions, platform)
    then, now = (_days(window, events) for window in (pair.then, pair.now))
    return (then, now) if abs(then - now) >= phases.SHIFT else None


def _days(window: Window, events: Sequence[phases.Span]) -> int:
    assert window.start
    days = (window.start + dt.timedelta(n) for n in range((window.end - window.start).days + 1))
    return sum(any(e.start <= day <= e.end for e in events) for day in days)
