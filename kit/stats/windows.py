"""What listings sold in a window of days, and in an earlier one that does not overlap it, as far as counters tell.

A rolling thirty-day counter at one snapshot is the window of the thirty days before it; the earlier window is that of a
snapshot thirty days older or more. A counter since the listing began is turned into windows by differences: what it
gained from one snapshot to another. A counter of unknown window is one reading and no window at all, so nothing can be
compared with it. Money is an estimate, price × counter; between snapshots each step's pieces count at the mean of the
prices at its two ends.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from kit.stats.snapshots import Series

DAYS = 30
"""Days that a rolling counter holds."""
BACK = 31
"""How many days before the period a snapshot may lie to begin or to be the earlier window."""
NO_PRICE, NO_COUNTER, UNKNOWN, SINGLE, NEAR = "noprice", "nocounter", "unknown", "single", "near"


@dataclass(frozen=True, eq=False)
class Window:
    """``money`` of listings (index item_id; columns brand and money, NaN where it cannot be known) from ``start`` to
    ``end``. ``start`` is None for a counter that began nobody knows when."""

    start: dt.date | None
    end: dt.date
    rows: pd.DataFrame

    @property
    def held(self) -> pd.Series:
        """Money by brand, largest first; NaN for a brand of which nothing is known."""
        money = self.rows.groupby("brand")["money"].sum(min_count=1)
        return money.sort_index().sort_values(ascending=False, kind="stable")

    @property
    def days(self) -> int | None:
        return (self.end - self.start).days + 1 if self.start else None

    @property
    def blank(self) -> int:
        """Listings whose money cannot be known."""
        return int(self.rows["money"].isna().sum())


@dataclass(frozen=True)
class Pair:
    """The last window of a platform and the one it compares with; ``lacks`` says why there is none of either.

    ``doubtful``: listings in ``now`` alone of which nobody knows that they sold nothing in ``then``, because they were
    seen before it, or because the windows are gains of a counter. ``fallen`` of the ``steps`` listings have a counter
    that ends below its beginning: it was reset, and their sales in between cannot be known.
    """

    now: Window | None
    then: Window | None
    lacks: str | None
    doubtful: pd.Index | None = None
    steps: int = 0
    fallen: int = 0


def pair(series: Series, before: Sequence[dt.date], start: dt.date, own: Sequence[str] = ()) -> Pair:
    """The windows of ``series`` (its snapshots from ``start`` on) and of the snapshots ``before``.

    Listings under any of the names ``own`` are one brand under the first of them.
    """
    if series.price_kind is None or series.sales_kind is None:
        return Pair(None, None, NO_COUNTER if series.price_kind else NO_PRICE)
    if series.sales_kind == "cumulative":
        return _gained(series, before, own)
    last = series.dates[-1]
    if series.sales_kind != "rolling_30d":
        return Pair(Window(None, last, _reading(series, last, own)), None, UNKNOWN)
    earlier = [*before, *series.dates[:-1]]
    apart = [date for date in earlier if (last - date).days >= DAYS]
    outside = [date for date in apart if date < start]
    base = outside[-1] if outside else apart[0] if apart else None
    now = Window(_first(last), last, _reading(series, last, own))
    if base is None:
        return Pair(now, None, NEAR if earlier else SINGLE)
    then = Window(_first(base), base, _reading(series, base, own))
    sighted = [series.at(date)["item_id"] for date in earlier if date < base]
    known = pd.Index(pd.concat(sighted).dropna().unique()) if sighted else pd.Index([])
    return Pair(now, then, None, now.rows.index.difference(then.rows.index).intersection(known))


def _first(date: dt.date) -> dt.date:
    return date - dt.timedelta(DAYS - 1)


def called(rows: pd.DataFrame, own: Sequence[str]) -> pd.DataFrame:
    """``rows`` with every name of the client's brand turned into the first of ``own``."""
    names = {name.strip().casefold() for name in own}
    ours = rows["brand"].str.casefold().isin(names)
    return rows.assign(brand=rows["brand"].where(~ours, own[0])) if own else rows


def _reading(series: Series, date: dt.date, own: Sequence[str]) -> pd.DataFrame:
    """Brand and money by listing, as one snapshot states price and counter."""
    rows = called(series.at(date), own).dropna(subset=["item_id", "brand"]).set_index("item_id")
    return pd.DataFrame({"brand": rows["brand"], "money": rows["price"] * rows["sales"]})


def _gained(series: Series, before: Sequence[dt.date], own: Sequence[str]) -> Pair:
    """Of a counter since the listing began: its gains since the snapshot before the period (else the first one in it),
    and its gains up to there."""
    ends = [*before[-1:], *series.dates]
    last = ends[-1]
    if len(ends) < 2:
        return Pair(Window(None, last, _reading(series, last, own)), None, SINGLE)
    now, steps, fallen = _between(series, ends, own)
    then = _between(series, before, own)[0] if len(before) > 1 else None
    doubtful = now.rows.index.difference(then.rows.index) if then else None
    return Pair(now, then, None if then else NEAR, doubtful, steps, fallen)


def _between(series: Series, dates: Sequence[dt.date], own: Sequence[str]) -> tuple[Window, int, int]:
    """Money gained from the first to the last of ``dates`` by the listings in both, how many, and how many fell.

    A fall in between that is made up for at the end is a correction, such as cancelled orders, and counts as one.
    """
    at = {date: called(series.at(date), own).dropna(subset=["item_id", "brand"]).set_index("item_id") for date in dates}
    first, last = at[dates[0]], at[dates[-1]]
    counter = pd.DataFrame({date: rows["sales"].reindex(last.index) for date, rows in at.items()}).ffill(axis=1)
    price = pd.DataFrame({date: rows["price"].reindex(last.index) for date, rows in at.items()}).ffill(axis=1)
    money = sum((counter[b] - counter[a]) * (price[a] + price[b]) / 2 for a, b in itertools.pairwise(dates))
    paired = first["sales"].reindex(last.index).notna() & last["sales"].notna()
    fell = paired & (counter[dates[-1]] < counter[dates[0]])
    rows = pd.DataFrame({"brand": last["brand"], "money": money.where(paired & ~fell)})
    both = rows[last.index.isin(first.index)]
    window = Window(dates[0] + dt.timedelta(1), dates[-1], both)
    return window, int(paired.sum()), int(fell.sum())
