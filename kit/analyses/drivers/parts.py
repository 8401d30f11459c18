"""What the change is made of: sources' mix apart from their rates, and the change by item and by category."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kit.stats import from_lines, mix
from kit.stats.bases import Base, Days

SHOWN = 8
"""Items or categories by name; the rest is one row."""
USED = (
    *("shop", "date", "item_id", "merchant_sku", "title", "category", "pay_amount", "paid_amount", "line_amount"),
    *("kind", "excluded", "status", "created_at", "paid_at"),
)
"""What is needed of item_daily and order_lines."""


@dataclass(frozen=True)
class Sources:
    """One shop's conversion over its sources of the first level. A visitor who came from two counts in both, so
    ``split`` is of visits and not the shop's own rate. ``visits`` and ``buyers`` are (before, now) by source."""

    platform: str
    shop: str
    base: Base
    names: tuple[str, ...]
    visits: tuple[tuple[float, float], ...]
    buyers: tuple[tuple[float, float], ...]
    split: mix.Mix


@dataclass(frozen=True)
class Part:
    """An item or a category: its sales before and now. ``name`` is data's own."""

    name: str
    before: float
    now: float

    @property
    def change(self) -> float:
        return round(self.now - self.before, 2)


@dataclass(frozen=True)
class Parts:
    """The change by ``by`` (item or category), the largest moves first; ``rest`` is all others, ``others`` how many.
    ``source``: item_daily or order_lines."""

    by: str
    source: str
    base: Base
    named: tuple[Part, ...]
    rest: Part
    others: int


# ---- sources -------------------------------------------------------------------------------------------


def sources(daily: pd.DataFrame | None, period: pd.DataFrame | None, bases: Iterable[Base]) -> list[Sources]:
    """For each shop and base whose two spans have the visits and buyers of its sources."""
    found = []
    for base in bases:
        shops = {s for t in (daily, period) if t is not None for s in zip(t["platform"], t["shop"], strict=True)}
        for platform, shop in sorted(shops):
            ends = [_visits(daily, period, shop, span) for span in (base.then, base.now)]
            if ends[0] is not None and ends[1] is not None:
                found.append(_mixed(platform, shop, base, ends[0], ends[1]))
    return found


def _mixed(platform: str, shop: str, base: Base, before: pd.DataFrame, now: pd.DataFrame) -> Sources:
    names = sorted({*before.index, *now.index})
    a, b = (end.reindex(names, fill_value=0.0) for end in (before, now))
    pairs = [tuple(zip(a[c], b[c], strict=True)) for c in ("visitors", "pay_buyers")]
    made = mix.split(*(end[c].to_numpy(float) for end in (a, b) for c in ("visitors", "pay_buyers")))
    return Sources(platform, shop, base, tuple(names), pairs[0], pairs[1], made)


def _visits(daily: pd.DataFrame | None, period: pd.DataFrame | None, shop: str, span: Days) -> pd.DataFrame | None:
    """Visitors and buyers by source of the first level: the span's own rows, else the sums of its days."""
    start, end = pd.Timestamp(span.start), pd.Timestamp(span.end)
    if period is not None:
        own = _first_level(period[(period["shop"] == shop) & (period["start"] == start) & (period["end"] == end)])
        if own is not None:
            return own
    if daily is None:
        return None
    rows = daily[(daily["shop"] == shop) & daily["date"].between(start, end)]
    return _first_level(rows) if rows["date"].nunique() == span.count else None


def _first_level(rows: pd.DataFrame) -> pd.DataFrame | None:
    """Sources over all carriers of a page; None without visits or buyers of some."""
    rows = rows[(rows["level"] == 1) & (rows["carrier"] == "")]
    if rows.empty or rows[["visitors", "pay_buyers"]].isna().any(axis=None) or not rows["visitors"].sum() > 0:
        return None
    return rows.groupby("source_l1")[["visitors", "pay_buyers"]].sum()


# ---- items and categories -------------------------------------------------------------------------------


def parts(
    item_daily: pd.DataFrame | None, order_lines: pd.DataFrame | None, base: Base, shops: Iterable[str]
) -> list[Parts]:
    """By item, and by category where items name several: of the first table that has every day of both spans."""
    for source, table in (("item_daily", item_daily), ("order_lines", order_lines)):
        rows = None if table is None else _sales(source, table, base, list(shops))
        if rows is not None:
            named = [_parts("item", source, base, rows)]
            if rows["category"].notna().all() and rows["category"].nunique() > 1:
                named.append(_parts("category", source, base, rows))
            return named
    return []


def _sales(source: str, table: pd.DataFrame, base: Base, shops: list[str]) -> pd.DataFrame | None:
    """One row a sale or item's day: item, category, name, amount, and whether it is of now; of the shops that have both
    spans. None if none has."""
    rows = table[[column for column in table if column in USED]][table["shop"].isin(shops)]
    rows = _lines(rows) if source == "order_lines" else rows.rename(columns={"pay_amount": "amount", "item_id": "item"})
    rows = rows[rows["amount"].notna()]
    holds = _reaches if source == "order_lines" else _has_days
    full = [s for s in shops if all(holds(rows[rows["shop"] == s], span) for span in (base.then, base.now))]
    kept = rows[rows["shop"].isin(full)]
    spans = ((False, base.then), (True, base.now))
    dated = (_inside(kept, span).assign(is_now=now) for now, span in spans)
    return pd.concat(dated, ignore_index=True) if len(kept) else None


def _inside(rows: pd.DataFrame, span: Days) -> pd.DataFrame:
    return rows[rows["date"].between(pd.Timestamp(span.start), pd.Timestamp(span.end))]


def _has_days(rows: pd.DataFrame, span: Days) -> bool:
    """Whether items are stated on every day: one that did not sell has a row all the same."""
    return bool(_inside(rows, span)["date"].nunique() == span.count)


def _reaches(rows: pd.DataFrame, span: Days) -> bool:
    """Whether the lines begin before and end after the span: a day without an order has none."""
    dates = rows["date"].dropna()
    return bool(len(dates) and dates.min() <= pd.Timestamp(span.start) and dates.max() >= pd.Timestamp(span.end))


def _lines(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines for goods that nobody excluded, by the day of payment, or of the order where no payment is stated."""
    kept = from_lines.counted(lines)
    item = kept["item_id"].fillna(kept["merchant_sku"]).fillna(kept["title"])
    amount = kept["paid_amount"].fillna(kept["line_amount"])
    at = kept["paid_at"].fillna(kept["created_at"]).dt.normalize()
    return kept.assign(item=item, amount=amount, date=at)


def _parts(by: str, source: str, base: Base, rows: pd.DataFrame) -> Parts:
    sums = rows.pivot_table(index=by, columns="is_now", values="amount", aggfunc="sum", fill_value=0.0)
    sums = sums.reindex(columns=[False, True], fill_value=0.0)
    sums = sums.iloc[(sums[True] - sums[False]).abs().argsort(kind="stable")[::-1].to_numpy()]
    titles = rows.sort_values("date", kind="stable").groupby(by)["title"].last() if by == "item" else {}
    made = [Part(_name(titles, key), round(before, 2), round(now, 2)) for key, before, now in sums.itertuples()]
    rest = made[SHOWN:]
    other = Part("", round(sum(p.before for p in rest), 2), round(sum(p.now for p in rest), 2))
    return Parts(by, source, base, tuple(made[:SHOWN]), other, len(rest))


def _name(titles: Any, key: Any) -> str:
    title = titles.get(key)
    return str(key if title is None or pd.isna(title) else title)
