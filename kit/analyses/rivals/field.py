"""Who is on the field: every brand's listings, prices and estimated sales at one snapshot, and what moved since.

A listing's estimated sales are price × page counter, both as one snapshot states them. Prices are of one kind
throughout. A price moves between two snapshots when the same item states another one, so that a changed assortment is
not a changed price. Comments gained are those of the same items, too: attention, no sales.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from kit.analyses.rivals.watch import Snapshots, Watch, discounts
from kit.stats.price_moves import LEAST_ITEMS
from kit.stats.snapshots import Series

SAME = 0.001
"""A price that moved by less, as a fraction, has not changed."""
FALLEN = 0.1
"""Part of a brand's items with fewer comments than before, from which what it gained is not known."""
RUNNING = ("cumulative", "counter")
"""Counters that should never fall."""


@dataclass(frozen=True)
class Best:
    """The item of a brand with the largest counter."""

    title: str | None
    price: float | None
    sales: float


@dataclass(frozen=True)
class Moves:
    """A brand's prices between two snapshots, over the ``paired`` items in both.

    ``changed_median`` is over the ``changed`` ones. ``cut`` (positive) is the median over the ``cut_items`` that fell
    by the threshold or more; ``since`` is the first snapshot from which they stayed down. ``cut_part`` is what those
    items are of the brand's estimated sales, None where no sales are known.
    """

    paired: int
    changed: int
    changed_median: float | None
    cut_items: int
    cut: float | None
    since: dt.date | None
    cut_part: float | None

    @property
    def weight(self) -> float:
        """How far a cut lowers what the brand charges: its size × the part of sales (else of items) in it."""
        part = self.cut_items / self.paired if self.cut_part is None else self.cut_part
        return (self.cut or 0.0) * part


@dataclass(frozen=True)
class Brand:
    """One brand at the last snapshot. ``sales`` (money, estimated), ``share`` and ``rank`` are None when none of its
    listings states a counter; ``price`` when none states the price; ``change`` of the price level since the base,
    ``gained`` comments and ``moves`` below three items in both snapshots."""

    name: str
    own: bool
    listings: int
    price: float | None
    discount: float | None
    sales: float | None
    share: float | None
    rank: int | None
    comments: float | None
    gained: float | None
    change: float | None
    best: Best | None
    moves: Moves | None


@dataclass(frozen=True)
class Count:
    """Listings seen in a snapshot, and those of them that state a counter."""

    date: dt.date
    listings: int
    with_sales: int


@dataclass(frozen=True)
class Field:
    """All brands of one platform, ranked by estimated sales, those without sales last.

    ``base`` is the snapshot that prices are compared with (None: there is no other). ``drops`` are pairs of snapshots
    between which the number of listings fell beyond the threshold. Of ``steps`` readings of a running counter after
    an earlier one, ``fallen`` were lower. ``watched``: the prices over all snapshots, if there are several.
    """

    platform: str
    date: dt.date
    base: dt.date | None
    price_kind: str | None
    sales_kind: str | None
    brands: tuple[Brand, ...]
    rivals_price: float | None
    drops: tuple[tuple[Count, Count], ...]
    steps: int
    fallen: int
    watched: Watch | None

    @property
    def own(self) -> Brand | None:
        return next((b for b in self.brands if b.own), None)

    @property
    def rivals(self) -> tuple[Brand, ...]:
        return tuple(b for b in self.brands if not b.own)

    @property
    def ranked(self) -> int:
        """Brands that have a rank."""
        return sum(b.rank is not None for b in self.brands)


def snapshots(series: Series, dates: Sequence[dt.date], own: Sequence[str]) -> Snapshots:
    """The listings of ``dates``; all names of the ``own`` brand become the first of them."""
    ours = {name.strip().casefold() for name in own}
    return {date: _named(series.at(date), ours, own[0] if own else "") for date in dates}


def read(
    series: Series, at: Snapshots, own: str | None, price_cut: float, listing_drop: float, watched: Watch | None
) -> Field:
    """The field at the last snapshot of ``at``, against the first; ``own`` is the client's brand as ``at`` has it."""
    dates = list(at)
    last, base = at[dates[-1]], dates[0] if len(dates) > 1 else None
    sold = (last["price"] * last["sales"]).groupby(last["brand"]).sum(min_count=1)
    total, rank = sold.sum(), sold.rank(ascending=False, method="min")
    prices = {date: rows.dropna(subset="item_id").set_index("item_id")["price"].dropna() for date, rows in at.items()}
    off, brands = discounts(last), []
    for name, rows in last.groupby("brand", sort=True):
        known = name in sold.index and pd.notna(sold[name])
        held = watched.since(str(name), series.dates[0]) if watched else None
        brands.append(
            Brand(
                str(name),
                name == own,
                listings=len(rows),
                price=_median(rows["price"]),
                discount=off.get(str(name)) if series.price_kind != "list" else None,
                sales=float(sold[name]) if known else None,
                share=float(sold[name] / total) if known and total > 0 else None,
                rank=int(rank[name]) if known else None,
                comments=None if rows["comments"].isna().all() else float(rows["comments"].sum()),
                gained=_gained(rows, at[base]) if base else None,
                change=watched.change(str(name)) if watched else None,
                best=_best(rows),
                moves=_moves(rows, [prices[date] for date in dates], dates, price_cut, held) if base else None,
            )
        )
    brands.sort(key=lambda b: (b.rank is None, b.rank or 0, -b.listings, b.name))
    rivals = last[last["brand"] != own]
    steps, fallen = _falls([at[date] for date in dates]) if series.sales_kind in RUNNING else (0, 0)
    counts = [Count(date, len(rows), int(rows["sales"].notna().sum())) for date, rows in at.items()]
    drops = tuple((a, b) for a, b in itertools.pairwise(counts) if b.listings < (1 - listing_drop) * a.listings)
    return Field(
        series.platform,
        dates[-1],
        base,
        series.price_kind,
        series.sales_kind,
        tuple(brands),
        _median(rivals["price"]),
        drops,
        steps,
        fallen,
        watched,
    )


def _named(rows: pd.DataFrame, ours: set[str], name: str) -> pd.DataFrame:
    return rows.assign(brand=rows["brand"].where(~rows["brand"].str.casefold().isin(ours), name))


def _median(values: pd.Series) -> float | None:
    known = values.dropna()
    return float(known.median()) if len(known) else None


def _gained(rows: pd.DataFrame, before: pd.DataFrame) -> float | None:
    """Comments more than before on the items that state them both times; None where many state fewer than before."""
    then, now = (r.dropna(subset=["item_id", "comments"]).set_index("item_id")["comments"] for r in (before, rows))
    both = now.index.intersection(then.index)
    more = now[both] - then[both]
    return float(more.sum()) if len(both) >= LEAST_ITEMS and (more < 0).mean() <= FALLEN else None


def _best(rows: pd.DataFrame) -> Best | None:
    sold = rows[rows["sales"] > 0]
    if sold.empty:
        return None
    row = sold.loc[sold["sales"].idxmax()]
    title, price = (None if pd.isna(row[name]) else row[name] for name in ("title", "price"))
    return Best(title, None if price is None else float(price), float(row["sales"]))


def _moves(
    rows: pd.DataFrame, prices: list[pd.Series], dates: list[dt.date], price_cut: float, held: dt.date | None
) -> Moves | None:
    """``prices``: by item, one for each of ``dates``; the first is what the others are compared with. ``held``: when a
    lasting cut began."""
    base = prices[0]
    items = rows["item_id"][rows["item_id"].isin(base.index) & rows["item_id"].isin(prices[-1].index)]
    if len(items) < LEAST_ITEMS:
        return None
    change = prices[-1][items] / base[items] - 1
    changed, cut = change[change.abs() >= SAME], change[change <= -price_cut + 1e-9]
    enough, since = len(cut) >= LEAST_ITEMS, None
    for date, now in zip(reversed(dates[1:]), reversed(prices[1:]), strict=True):
        still = now[now.index.isin(cut.index)]
        if not enough or still.empty or (still / base[still.index] - 1).median() > -price_cut + 1e-9:
            break
        since = date
    return Moves(
        len(items),
        len(changed),
        _median(changed),
        len(cut),
        -float(cut.median()) if enough else None,
        held if enough and held else since,
        _part(rows, cut.index) if enough else None,
    )


def _part(rows: pd.DataFrame, items: pd.Index) -> float | None:
    """What ``items`` are of the estimated sales of ``rows``."""
    sold = rows["price"] * rows["sales"]
    total = sold.sum()
    return float(sold[rows["item_id"].isin(items)].sum() / total) if total > 0 else None


def _falls(snapshots: list[pd.DataFrame]) -> tuple[int, int]:
    """Readings that follow an earlier one of the same item, and how many of them are lower."""
    steps = fallen = 0
    readings = [rows.dropna(subset=["item_id", "sales"]).set_index("item_id")["sales"] for rows in snapshots]
    for earlier, later in itertools.pairwise(readings):
        both = earlier.index.intersection(later.index)
        steps += len(both)
        fallen += int((later[both] < earlier[both]).sum())
    return steps, fallen
