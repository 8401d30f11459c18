"""From the item report or the order lines to each shop's items, now and before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from kit.analyses.items.back import Refund, refunded
from kit.analyses.items.profit import Earned, earned
from kit.stats.bases import Days, previous
from kit.stats.unlike import LINE, unlike

RATE = 0.05
MOST = 0.8
"""Part of the sales that "most" means in Pareto's sense."""
PLACED = "order_lines_placed"
"""Name of the order lines where they are dated by the order, since no payment is stated."""
LEAST_UNITS = 30
"""Units in both periods below which an item's growth and price are not held against those of others."""
BRIEF = 7
"""Days of a period up to which its items are listed over all shops, too."""
FIELDS = {(True, True): "hero", (False, True): "riser", (True, False): "faller", (False, False): "sleeper"}
"""By whether sales and growth reach their cuts."""
SUMS = ["amount", "units", "listed"]


@dataclass(frozen=True)
class Sums:
    """What one item sold in a period. ``listed``: the same units at their price before discounts, None if unknown."""

    amount: float
    units: float
    listed: float | None

    @property
    def price(self) -> float | None:
        return self.amount / self.units if self.units > 0 else None

    @property
    def discount(self) -> float | None:
        return 1 - self.amount / self.listed if self.listed else None


@dataclass(frozen=True)
class Item:
    """``code``: the merchant's code where known, else the platform's id. ``share`` and ``running``: of the shop's
    items, the latter with all that sold more. ``field``: hero, riser, faller or sleeper, blank where nothing compares.

    ``growth_score`` and ``price_score``: how unlike the shop's other items it moved; None where it is not held to them.
    """

    code: str
    title: str
    now: Sums
    before: Sums | None
    share: float
    running: float
    field: str
    growth_score: float | None
    price_score: float | None
    refund: Refund | None

    @property
    def growth(self) -> float | None:
        return self.now.amount / self.before.amount - 1 if self.before and self.before.amount > 0 else None

    @property
    def price_change(self) -> float | None:
        now, then = self.now.price, self.before.price if self.before else None
        return now / then - 1 if now is not None and then else None


@dataclass(frozen=True)
class ShopItems:
    """``items``: all that sold in either period, the largest first. ``usual``: the median change of those that
    sold in both, None without any. ``earned``: by category, of the lines that state a profit, else empty."""

    shop: str
    table: str
    items: tuple[Item, ...]
    usual: float | None
    earned: tuple[Earned, ...] = ()

    @property
    def sold(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.now.amount > 0)

    def of(self, field: str) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.field == field)

    @property
    def most(self) -> int:
        """How many items bring ``MOST`` of the sales."""
        return 1 + sum(item.running < MOST for item in self.sold)


@dataclass(frozen=True)
class Result:
    """``base``: the days before that ``days`` compare with."""

    shops: tuple[ShopItems, ...]
    days: Days
    base: Days | None
    names: Mapping[str, Any]

    @property
    def brief(self) -> bool:
        """A week or less, of which one list of all shops says enough."""
        return self.days.count <= BRIEF

    @property
    def top(self) -> list[tuple[str, Item]]:
        """The items of all shops that sold, the largest first, each with its shop."""
        every = [(one.shop, item) for one in self.shops for item in one.sold]
        return sorted(every, key=lambda pair: -pair[1].now.amount)


def read(
    daily: pd.DataFrame | None,
    lines: pd.DataFrame | None,
    refunds: pd.DataFrame | None,
    start: dt.date,
    end: dt.date,
    names: Mapping[str, Any],
    rate: float,
) -> Result:
    """The shops whose items of the period are known, or of its days so far where the data end in it."""
    tables = {"item_daily": _reported(daily), "order_lines": _ordered(lines)}
    last = [rows["date"].max().date() for rows in tables.values() if rows["date"].notna().any()]
    end = max(start, min(end, max(last))) if last else end
    days, base = Days(start, end), previous(start, end)
    keys = sorted({shop for rows in tables.values() for shop in rows["shop"].dropna().unique()})
    found = []
    for shop in keys:
        own = {name: rows[rows["shop"] == shop] for name, rows in tables.items()}
        name, compared = _chosen(own, days, base)
        if name:
            back = refunded(lines, refunds, shop, days, rate)
            one = _shop(shop, name, own[name], days, base if compared else None, back)
            one = replace(one, earned=earned(lines, shop, days, base))
            found.append(replace(one, table=PLACED) if name == "order_lines" and not _paying(lines, shop) else one)
    return Result(tuple(one for one in found if one.sold), days, base, names)


NONE = {"shop": "str", "code": "str", "title": "str", "date": "datetime64[ns]"} | dict.fromkeys(SUMS, "float64")


def _reported(daily: pd.DataFrame | None) -> pd.DataFrame:
    """The item report as shop, code, title, date and sums."""
    if daily is None or daily.empty:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in NONE.items()})
    sums = {"amount": daily["pay_amount"], "units": daily["pay_units"], "listed": np.nan}
    code = daily["article_no"].fillna(daily["item_id"])
    return daily[["shop", "title", "date"]].assign(code=code, **sums)


def _ordered(lines: pd.DataFrame | None) -> pd.DataFrame:
    """The lines that were paid, gifts and what is excluded left out, in the same columns."""
    if lines is None or lines.empty:
        return _reported(None)
    # A shop whose file states no payment sells on the day of the order; where it states some, the others never paid.
    untold = lines.groupby("shop")["paid_at"].transform("count") == 0
    at = lines["paid_at"].where(~untold, lines["created_at"])
    used = lines[(lines["kind"] == "sale") & at.notna() & lines["excluded"].isna()]
    sums = {"amount": used["paid_amount"].fillna(used["line_amount"]), "units": used["quantity"]}
    code = used["merchant_sku"].fillna(used["item_id"])
    listed = used["unit_price"] * used["quantity"]
    return used[["shop", "title"]].assign(date=at[used.index].dt.normalize(), code=code, listed=listed, **sums)


def _chosen(own: Mapping[str, pd.DataFrame], days: Days, base: Days | None) -> tuple[str, bool]:
    """Which table has both periods, else which has this one; blank if none. Whether the two can be compared."""
    for span, compared in ((base, True), (days, False)):
        for name, rows in own.items():
            if span and _has(name, rows, days) and _has(name, rows, span):
                return name, compared
    return "", False


def _paying(lines: pd.DataFrame | None, shop: str) -> bool:
    """Whether the shop's lines state when they were paid."""
    return lines is not None and bool(lines["paid_at"][lines["shop"] == shop].notna().any())


def _has(name: str, rows: pd.DataFrame, span: Days) -> bool:
    """The report has a row on every day; orders reach over the period, on a day without any there was none."""
    if rows.empty:
        return False
    if name == "item_daily":
        return int(_of(rows, span)["date"].nunique()) == span.count
    return rows["date"].min() <= pd.Timestamp(span.start) and rows["date"].max() >= pd.Timestamp(span.end)


def _of(rows: pd.DataFrame, span: Days) -> pd.DataFrame:
    return rows[rows["date"].between(pd.Timestamp(span.start), pd.Timestamp(span.end))]


def _shop(
    shop: str, name: str, rows: pd.DataFrame, days: Days, base: Days | None, back: Mapping[str, Refund]
) -> ShopItems:
    now, then = _sums(_of(rows, days)), _sums(_of(rows, base)) if base else None
    codes = now.index if then is None else now.index.union(then.index)
    pairs = {code: (_at(now, code), None if then is None else _at(then, code)) for code in codes}
    pairs = {code: both for code, both in pairs.items() if both[0].amount > 0 or (both[1] and both[1].amount > 0)}
    ordered = sorted(pairs, key=lambda code: (-pairs[code][0].amount, code))
    titles = rows.sort_values("date", kind="stable").groupby("code")["title"].last()
    items = tuple(_items(ordered, pairs, titles.to_dict(), back))
    grown = [item.growth for item in items if item.growth is not None and item.now.amount > 0]
    return ShopItems(shop, name, items, float(np.median(grown)) if grown else None)


def _sums(rows: pd.DataFrame) -> pd.DataFrame:
    known = rows[rows["code"].notna()]
    return known.groupby("code")[SUMS].sum(min_count=1)


def _at(sums: pd.DataFrame, code: str) -> Sums:
    if code not in sums.index:
        return Sums(0.0, 0.0, None)
    amount, units, listed = (float(v) for v in sums.loc[code, SUMS])
    known = listed if listed > 0 else None  # sums of nothing are missing
    return Sums(0.0 if np.isnan(amount) else amount, 0.0 if np.isnan(units) else units, known)


def _items(
    ordered: Sequence[str],
    pairs: Mapping[str, tuple[Sums, Sums | None]],
    titles: Mapping[str, Any],
    back: Mapping[str, Refund],
) -> Iterable[Item]:
    total, running = sum(pairs[code][0].amount for code in ordered), 0.0
    growth = _scores(pairs, lambda one: one.amount)
    price = _scores(pairs, lambda one: one.price or 0.0)
    fields = _fields(pairs)
    for code in ordered:
        now, before = pairs[code]
        share = now.amount / total if total else 0.0
        running += share
        title = titles.get(code)
        named = str(title) if isinstance(title, str) and title else code
        scores = growth.get(code), price.get(code)
        yield Item(code, named, now, before, share, running, fields.get(code, ""), *scores, back.get(code))


def _scores(pairs: Mapping[str, tuple[Sums, Sums | None]], of: Any) -> dict[str, float]:
    """How unlike the others' each item's change is, on the log scale, of items with enough units in both periods."""
    held = {
        code: np.log(of(now) / of(before))
        for code, (now, before) in pairs.items()
        if before and min(now.units, before.units) >= LEAST_UNITS and of(now) > 0 and of(before) > 0
    }
    return dict(zip(held, unlike(list(held.values())), strict=True))


def _fields(pairs: Mapping[str, tuple[Sums, Sums | None]]) -> dict[str, str]:
    """Growth against sales, each cut at the median of the items that sold in both periods; on a cut is above it."""
    both = {code: (now.amount, b.amount) for code, (now, b) in pairs.items() if b and now.amount > 0 and b.amount > 0}
    known = {code: (now, now / before) for code, (now, before) in both.items()}
    if not known:
        return {}
    amount, growth = np.median(list(known.values()), axis=0)
    return {code: FIELDS[bool(a >= amount), bool(g >= growth)] for code, (a, g) in known.items()}


__all__ = ["FIELDS", "LINE", "MOST", "RATE", "Item", "Result", "ShopItems", "Sums", "read"]
