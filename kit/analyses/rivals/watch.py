"""What the brands' prices did over a platform's snapshots: each brand's level, and whether they cut in turn."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.stats import breaks, phases, price_moves, price_war
from kit.stats.price_moves import LEAST_ITEMS
from kit.stats.price_war import Found, Rule

Snapshots = Mapping[dt.date, pd.DataFrame]
"""The listings of each snapshot, in order of time: what ``kit.stats.snapshots.Series.at`` gives, brands settled."""
Edges = tuple[float | None, float | None]
EVERY_YEAR = ("618", "double_11")
"""They are held every year, whether or not their days were found."""


@dataclass(frozen=True)
class Point:
    """A brand at one snapshot: its price level over that of the base, less one; median discount; its lasting cut."""

    date: dt.date
    change: float | None
    discount: float | None
    cut: float | None


@dataclass(frozen=True)
class Event:
    """A promotion on the platform, both days included; ``slug`` is the calendar's."""

    slug: str
    start: dt.date
    end: dt.date


@dataclass(frozen=True)
class Exposed:
    """The price bands in which a war's cuts lie, and their part of the own brand's estimated sales."""

    bands: tuple[Edges, ...]
    share: float


@dataclass(frozen=True)
class Watch:
    """``points`` by brand, at every snapshot. ``own_change``: the own level since ``before``, the snapshot before the
    war."""

    base: dt.date
    before: dt.date | None
    points: Mapping[str, tuple[Point, ...]]
    events: tuple[Event, ...]
    found: Found
    own_change: float | None
    exposed: Exposed | None

    def since(self, brand: str, start: dt.date) -> dt.date | None:
        """The first snapshot from ``start`` on with the brand's last lasting cut."""
        dates = [cut.date for cut in self.found.cuts if cut.brand == brand and cut.date >= start]
        return dates[-1] if dates else None

    def change(self, brand: str) -> float | None:
        """The brand's price level at the last snapshot over that at the base, less one."""
        return self.points[brand][-1].change if brand in self.points else None


def watch(
    at: Snapshots,
    base: dt.date,
    start: dt.date,
    own: str | None,
    promotions: Iterable[Event],
    rule: Rule,
    edges: Sequence[float] | None,
) -> Watch:
    """``start`` begins the period; ``edges`` are configured price bands, else natural breaks of the last snapshot."""
    listed = {date: rows.dropna(subset="item_id").set_index("item_id") for date, rows in at.items()}
    prices = pd.DataFrame({date: rows["price"] for date, rows in listed.items()})
    brands = price_moves.first_stated([rows["brand"] for rows in reversed(listed.values())])
    paths = price_moves.paths(prices.loc[prices.index.isin(brands.index)], brands)
    sold = price_moves.first_stated([rows["price"] * rows["sales"] for rows in listed.values()])
    events = tuple(promotions)
    found = price_war.read(paths, start, [(e.start, e.end) for e in events], rule)
    levels = {
        str(brand): price_moves.level(paths.steps.loc[items], sold.reindex(items).fillna(0.0))
        for brand, items in paths.brands.groupby(paths.brands).groups.items()
    }
    off = {date: discounts(rows) for date, rows in at.items()}
    points = {brand: tuple(_points(brand, level, base, off, found)) for brand, level in levels.items()}
    before = change = exposed = None
    if found.war and own in levels:
        before = max(date for date in at if date < found.war.cuts[0].date)
        change = _finite(levels[own].iloc[-1] / levels[own][before] - 1)
        exposed = _exposed(list(at.values())[-1], own, found.war, edges)
    return Watch(base, before, points, events, found, change, exposed)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _points(
    brand: str, level: pd.Series, base: dt.date, off: Mapping[dt.date, Mapping[str, float]], found: Found
) -> Iterable[Point]:
    cuts = {cut.date: cut.size for cut in found.cuts if cut.brand == brand}
    for date, by_brand in off.items():
        yield Point(date, _finite(level[date] / level[base] - 1), by_brand.get(brand), cuts.get(date))


def discounts(rows: pd.DataFrame) -> dict[str, float]:
    """By brand the median of 1 − price ÷ list price; a list price under the price itself is no list price."""
    sound = rows[rows["price_list"] >= rows["price"]]
    off = (1 - sound["price"] / sound["price_list"]).groupby(sound["brand"]).median()
    return {str(brand): float(value) for brand, value in off.items()}


def events(promotions: pd.DataFrame | None, platform: str, first: dt.date, last: dt.date) -> Iterable[Event]:
    """The promotions from ``first`` to ``last``; of those of ``EVERY_YEAR`` at least the day they are named after."""
    spans = [] if promotions is None else phases.spans(promotions, platform)
    yield from (Event(s.event, s.start, s.end) for s in spans if s.start <= last and s.end >= first)
    known = {(s.event, s.year) for s in spans}
    for slug, year in itertools.product(EVERY_YEAR, range(first.year, last.year + 1)):
        named = dt.date(year, *phases.NAMED_DAYS[slug])
        if (slug, year) not in known and first <= named <= last:
            yield Event(slug, named, named)


def _exposed(last: pd.DataFrame, own: str, war: price_war.War, edges: Sequence[float] | None) -> Exposed | None:
    """The bands that hold as many of the cut items as a cut needs, by what those cost before."""
    sold = last.dropna(subset=["price", "sales"])
    cuts = (
        sorted({float(e) for e in edges if e > 0})
        if edges is not None
        else breaks.natural_breaks(sold["price"].to_numpy(float))
    )
    hit = np.bincount(np.searchsorted(cuts, [p for c in war.cuts for p in c.prices], side="right"), minlength=len(cuts))
    bands = np.flatnonzero(hit >= LEAST_ITEMS)
    ours = sold[sold["brand"] == own]
    money = ours["price"] * ours["sales"]
    if not len(bands) or not money.sum() > 0:
        return None
    inside = np.isin(np.searchsorted(cuts, ours["price"], side="right"), bands)
    ends = [None, *cuts, None]
    return Exposed(tuple((ends[n], ends[n + 1]) for n in bands), float(money[inside].sum() / money.sum()))
