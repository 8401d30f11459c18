"""One reading of running counters: which snapshot, which price, which counter.

A listing's sales counter (30 days rolling, or since the listing began) holds earlier days' sales again in every
snapshot. So nothing here gives more than one snapshot at a time, and no counter is ever added over snapshots.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

PRICE_KINDS = ("page", "coupon", "list", "live", "final")
"""In the order in which ties between equally well filled kinds are decided."""
UNKNOWN_WINDOW = "counter"


@dataclass(frozen=True, eq=False)
class Series:
    """The snapshots of one platform. ``price_kind`` and ``sales_kind`` are the same for all of them, None if absent."""

    platform: str
    rows: pd.DataFrame
    dates: tuple[dt.date, ...]
    price_kind: str | None
    sales_kind: str | None

    def at(self, date: dt.date) -> pd.DataFrame:
        """The listings of one snapshot, one row an item.

        Columns: brand, item_id, title, price (of ``price_kind``), price_list, sales (of ``sales_kind``), comments;
        what is not stated is NaN. Spellings of a brand that differ in capitals only are one, the first.
        """
        rows = self.rows[self.rows["date"] == pd.Timestamp(date)]
        rows = rows[~rows["item_id"].duplicated() | rows["item_id"].isna()]
        empty, named = pd.Series(float("nan"), rows.index), rows["brand"].str.strip()
        stated = rows["sales_kind"].fillna(UNKNOWN_WINDOW) == self.sales_kind
        return pd.DataFrame(
            {
                "brand": named.groupby(named.str.casefold()).transform("first"),
                "item_id": rows["item_id"],
                "title": rows.get("title"),
                "price": _price(rows, self.price_kind) if self.price_kind else empty,
                "price_list": _price(rows, "list") if "price_list" in rows else empty,
                "sales": rows["sales"].where(stated) if self.sales_kind else empty,
                "comments": rows.get("comments", empty),
            }
        )


def by_platform(
    listings: pd.DataFrame, start: dt.date, end: dt.date, price_kind: str, back: int = 0
) -> list[tuple[Series, tuple[dt.date, ...]]]:
    """Each platform that has a snapshot from ``start`` to ``end``, the one with most listings in its last first.

    Beside each series the dates of its snapshots before ``start``, at most ``back`` days earlier. ``price_kind``
    is used where the last snapshot states it at all, else the kind that it states most often; the sales counter
    is the kind that most of its listings have.
    """
    days = listings["date"].dt.normalize()
    early = pd.Timestamp(start) - pd.Timedelta(days=back)
    near = listings.assign(date=days)[(days >= early) & (days <= pd.Timestamp(end))]
    found = []
    for platform, rows in near.groupby("platform", sort=True):
        dates = tuple(stamp.date() for stamp in sorted(rows["date"].unique()))
        inside = tuple(date for date in dates if date >= start)
        if inside:
            last = rows[rows["date"] == pd.Timestamp(inside[-1])]
            series = Series(str(platform), rows, inside, _best_price(last, price_kind), _best_sales(last))
            found.append((len(last), series, tuple(date for date in dates if date < start)))
    found.sort(key=lambda one: -one[0])
    return [(series, before) for _, series, before in found]


def _price(rows: pd.DataFrame, kind: str) -> pd.Series:
    """A price of nothing or less is no price."""
    prices = rows[f"price_{kind}"]
    return prices.where(prices > 0)


def _best_price(last: pd.DataFrame, wanted: str) -> str | None:
    stated = {k: int((last[f"price_{k}"] > 0).sum()) for k in PRICE_KINDS if f"price_{k}" in last}
    most = max(stated, key=lambda k: stated[k], default=None)
    kind = wanted if stated.get(wanted) else most
    return kind if kind and stated[kind] else None


def _best_sales(last: pd.DataFrame) -> str | None:
    kinds = (
        last["sales_kind"].fillna(UNKNOWN_WINDOW)[last["sales"].notna()] if "sales" in last else pd.Series(dtype=str)
    )
    return str(kinds.value_counts().sort_index(kind="stable").idxmax()) if len(kinds) else None
