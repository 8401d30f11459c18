"""Each shop's sales by day, and what kind of day each is: promotion, stoppage, gap, ordinary or out of the ordinary."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit.stats import phases, unusual
from kit.stats.day_runs import Flags, Run, promotion_days, runs, within

Floats = NDArray[np.float64]

BACK = 180
"""Days before the period that say what is usual."""
NEAR = 28
"""Days to either side from which an unusual day's factors take their usual."""
STOPPED = 0.1
"""Under this part of the median day's orders a shop counts as closed."""
LEAST_ORDERS = 20
"""Median orders a day from which so few cannot be chance."""
RESTING, WEEKS = 0.8, 4
"""Share of a weekday's days without orders from which it is a day of rest, and the weeks that it takes to say so."""


@dataclass(frozen=True)
class Day:
    """One unusual day. ``expected`` is what its weekday and its weeks suggest; of a promotion's day (``like``) what the
    same day of the phase took a year before. ``factor``: what moved most against the same weekdays nearby, by ``moved``
    (a fraction), or None where the data hold no factors."""

    date: dt.date
    amount: float
    expected: float
    factor: str | None
    moved: float | None
    like: bool = False

    @property
    def ratio(self) -> float:
        return self.amount / self.expected - 1


@dataclass(frozen=True)
class Curve:
    """One shop over the period. ``amounts`` has None in a gap. ``source``: shop_daily, or orders, of which a day
    without any is a day of nothing sold.

    ``gaps``, ``closed`` and ``promoted`` (festivals among them) are runs of days; a weekday on which the shop never
    sells is not among those closed. ``judged`` is False with too few ordinary days to say what is usual; ``unusual`` is
    then empty.
    """

    platform: str
    shop: str
    source: str
    amounts: tuple[tuple[dt.date, float | None], ...]
    gaps: tuple[Run, ...]
    closed: tuple[Run, ...]
    promoted: tuple[Run, ...]
    judged: bool
    unusual: tuple[Day, ...]


def curves(
    daily: pd.DataFrame | None,
    orders: pd.DataFrame | None,
    promotions: pd.DataFrame,
    own: Mapping[str, Sequence[Run]],
    festivals: Sequence[Run],
    start: dt.date,
    end: dt.date,
) -> Iterable[Curve]:
    """Every shop with sales in the period; of its daily figures, else of its orders.

    ``own``: by shop, the days of promotions that the calendar does not hold. ``festivals``: days on which all of the
    country shops less, judged no more than those of promotions.
    """
    first = pd.Timestamp(start) - pd.Timedelta(days=BACK)
    found = {}
    for source, table in (("orders", _by_day(orders)), ("shop_daily", daily)):
        if table is None:
            continue
        for (platform, shop), rows in table.groupby(["platform", "shop"], sort=True):
            if rows["pay_amount"].notna().any() and rows["date"].between(pd.Timestamp(start), pd.Timestamp(end)).any():
                found[str(shop)] = str(platform), source, rows
    for shop, (platform, source, rows) in sorted(found.items()):
        days = pd.date_range(max(first, rows["date"].min()), end)
        table = _filled(rows, source, days)
        promoted = promotion_days(promotions, platform, days) | within(days, [*own.get(shop, ()), *festivals])
        like = _like(rows, promotions, platform, start, end)
        yield _curve(platform, shop, source, table, promoted, like, start)


def _by_day(orders: pd.DataFrame | None) -> pd.DataFrame | None:
    """Paid orders and what they paid, by shop and day of payment."""
    if orders is None or orders.empty:
        return None
    paid = orders[orders["counted"].fillna(False) & orders["paid_at"].notna()]
    made = paid.assign(date=paid["paid_at"].dt.normalize()).groupby(["platform", "shop", "date"], as_index=False)
    return made.agg(pay_amount=("paid_amount", "sum"), pay_orders=("order_id", "nunique"))


def _filled(rows: pd.DataFrame, source: str, days: pd.DatetimeIndex) -> pd.DataFrame:
    """A row a day. Orders up to their last day state every day: one without any is nothing sold."""
    table = rows.drop_duplicates("date").set_index("date").reindex(days)
    if source == "orders":
        known = days <= rows["date"].max()
        filled = table[["pay_amount", "pay_orders"]].fillna(0.0)
        table[["pay_amount", "pay_orders"]] = filled.where(pd.Series(known, index=days), np.nan)
    return table


def _curve(
    platform: str, shop: str, source: str, table: pd.DataFrame, promoted: Flags, like: Sequence[Day], start: dt.date
) -> Curve:
    amount = table["pay_amount"].to_numpy(float)
    shut = _shut(table)
    resting = _resting(shut, table.index)
    judged = unusual.judge(amount, ~shut & ~promoted)
    inside = np.asarray(table.index >= pd.Timestamp(start))
    days = [day.date() for day in table.index[inside]]
    flagged = judged.unusual & inside if judged else np.zeros(len(table), bool)
    found = [
        _day(table, judged, int(n), ~shut & ~promoted & ~judged.unusual) for n in np.flatnonzero(flagged) if judged
    ]
    amounts = tuple((day, None if np.isnan(v) else float(v)) for day, v in zip(days, amount[inside], strict=True))
    kinds = (runs(days, flags[inside]) for flags in (np.isnan(amount), shut & ~resting, promoted))
    gaps, closed, promoted_runs = kinds
    every = tuple(sorted([*found, *like], key=lambda day: day.date))
    return Curve(platform, shop, source, amounts, gaps, closed, promoted_runs, judged is not None, every)


def _shut(table: pd.DataFrame) -> Flags:
    """Days with hardly an order, of a shop that has many: counted in orders, or buyers, because one can be large."""
    name = next((n for n in ("pay_orders", "pay_buyers") if n in table and table[n].notna().any()), None)
    if name is None:
        amount = table["pay_amount"].to_numpy(float)
        return amount == 0 if (amount > 0).mean() > 0.5 else np.zeros(len(table), bool)
    count = table[name].to_numpy(float)
    median = float(np.median(count[count > 0])) if (count > 0).any() else 0.0
    return np.asarray(count < STOPPED * median) if median >= LEAST_ORDERS else np.zeros(len(table), bool)


def _resting(shut: Flags, days: pd.DatetimeIndex) -> Flags:
    """Days of a weekday on which the shop is nearly always shut, as a trader's Saturdays."""
    weekday = np.asarray(days.day_of_week)
    weekly = [n for n in range(7) if (weekday == n).sum() >= WEEKS and shut[weekday == n].mean() >= RESTING]
    return np.isin(weekday, weekly)


def _like(rows: pd.DataFrame, promotions: pd.DataFrame, platform: str, start: dt.date, end: dt.date) -> list[Day]:
    """Days of a promotion's phase that differ from the same days of it a year before as the others don't.

    Only phases whose both ends are known in both years are compared, day by day from their first.
    """
    sales = rows.drop_duplicates("date").set_index("date")["pay_amount"]
    pairs = [(a, b) for a, b in _pairs(promotions, platform) if start <= a.date() <= end]
    kept = [(a, b) for a, b in pairs if sales.get(a, 0.0) > 0 and sales.get(b, 0.0) > 0]
    now, before = (np.array([sales[pair[n]] for pair in kept], float) for n in (0, 1))
    flags = unusual.like_for_like(now, before)
    level = float(np.median(now / before)) if len(kept) else 1.0
    days = enumerate(kept) if flags is not None else ()
    return [
        Day(a.date(), float(now[n]), float(before[n] * level), None, None, like=True)
        for n, (a, _) in days
        if flags is not None and flags[n]
    ]


def _pairs(promotions: pd.DataFrame, platform: str) -> Iterable[tuple[pd.Timestamp, pd.Timestamp]]:
    names = {platform, phases.SAME_RULES.get(platform, platform)}
    known = promotions[promotions["platform"].isin(names) & promotions["end"].notna()]
    known = known[known["kind"].isin(["sale", "whole"]) & (known["certainty"] != "unsure")]
    spans = {(r.event, r.phase, r.year): (r.start, r.end) for r in known.itertuples()}
    seen = set()
    for (event, phase, year), now in sorted(spans.items(), key=lambda item: item[1][1] - item[1][0]):
        then = spans.get((event, phase, year - 1))
        for a, b in zip(pd.date_range(*now), pd.date_range(*then), strict=False) if then else ():
            if a not in seen:  # a wave before the whole that it is part of
                seen.add(a)
                yield a, b


def _day(table: pd.DataFrame, judged: unusual.Judged, at: int, usual: Flags) -> Day:
    factors = _factors(table)
    moved = {}
    for name, values in factors.items():
        near = [n for n in range(at % 7, len(table), 7) if n != at and usual[n] and abs(n - at) <= NEAR]
        level = float(np.median(values[near])) if near else float("nan")
        if level > 0 and values[at] > 0:
            moved[name] = float(values[at]) / level - 1
    factor = max(moved, key=lambda name: abs(np.log1p(moved[name])), default=None)
    amount = float(table["pay_amount"].iloc[at])
    date = table.index[at].date()
    return Day(date, amount, float(judged.expected[at]), factor, moved[factor] if factor else None)


def _factors(table: pd.DataFrame) -> dict[str, Floats]:
    """The factors of a day's sales that the table states: those of the driver tree, else orders × order value."""
    amount = table["pay_amount"].to_numpy(float)
    heads = [n for n in ("visitors", "pay_buyers", "pay_orders") if n in table and table[n].notna().any()]
    known = {name: table[name].to_numpy(float) for name in heads}
    with np.errstate(divide="ignore", invalid="ignore"):
        if {"visitors", "pay_buyers"} <= {*known}:
            visitors, buyers = known["visitors"], known["pay_buyers"]
            return {"visitors": visitors, "pay_cvr": buyers / visitors, "revenue_per_buyer": amount / buyers}
        if "pay_buyers" in known:
            return {"buyers": known["pay_buyers"], "revenue_per_buyer": amount / known["pay_buyers"]}
        if "pay_orders" in known:
            return {"orders": known["pay_orders"], "order_value": amount / known["pay_orders"]}
    return {}
