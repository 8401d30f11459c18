"""A category against itself and a brand against the category: which months compare with which, and the gap.

January compares together with February, because the Spring Festival falls in either. A month whose promotion days
fell differently a year ago compares together with the earlier months that share the promotion. Only amounts that add
up are put together; of a vendor's estimate or an index each month stands by itself, in a longer span without January
and February.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from kit.stats import months, phases
from kit.stats.phases import Shift
from kit.stats.series import SUMMABLE, Amount, Change, Series, change, pick

Span = tuple[dt.date, ...]


@dataclass(frozen=True)
class Compared:
    """One comparison of the market, and the brand's own takings over the same months.

    ``own_growth`` is by daily average where the market's is. ``index`` is the direction of the platform's index over
    the same months (1, 0, −1), beside a series of another kind.
    """

    market: Change
    own: months.Own | None
    own_growth: float | None
    index: int | None

    @property
    def gap(self) -> float | None:
        """The brand's growth less the market's, as a difference of fractions; None where either is not known."""
        if self.own_growth is None or self.market.growth is None:
            return None
        return self.own_growth - self.market.growth


@dataclass(frozen=True)
class Category:
    """One platform's category over ``span``, the whole months of a period (none if it has other days).

    ``now`` is None when the data lack a month of ``span``, or its months don't add up. ``compared`` has the comparison
    of a headline first; ``shift`` is the promotion that distorts single months; ``events`` are the promotions since
    the series begins; ``own`` is what the brand's shops took in ``span`` (None without any shop here).
    """

    platform: str
    span: Span
    series: Series
    now: Amount | None
    compared: tuple[Compared, ...]
    shift: Shift | None
    events: tuple[phases.Span, ...]
    own: months.Own | None


def read(
    market: pd.DataFrame, daily: pd.DataFrame | None, promotions: pd.DataFrame, span: Span, end: dt.date
) -> list[Category]:
    """Each platform of ``market`` (one category), the one with most to say first; ``end`` closes the period."""
    found = []
    for platform, rows in market.groupby("platform", sort=True):
        series = pick(rows, span)
        if series is None or not series.points:
            continue
        shops = None if daily is None else daily[daily["platform"] == platform]
        shops = None if shops is None or shops.empty else shops
        events = phases.spans(promotions, str(platform))
        shift = phases.shifted(events, span[0]) if len(span) == 1 else None
        index = pick(rows, span, ("index",)) if series.kind != "index" else None
        own = months.comparable(shops, span, span) if span and shops is not None else None
        shown = tuple(e for e in events if e.end >= series.points[0][0] and e.start <= end)
        compared = compare(series, index, shops, span, shift)
        found.append(Category(str(platform), span, series, series.over(span), compared, shift, shown, own))
    return sorted(found, key=lambda one: (one.now is None, -len(one.compared), one.platform))


def compare(
    series: Series, index: Series | None, daily: pd.DataFrame | None, span: Span, shift: Shift | None
) -> tuple[Compared, ...]:
    """Every comparison of ``span`` that ``series`` has the months for, the one a headline should use first.

    Names of ``Change``: spring (January and February together), joined (the months a promotion shares), yoy, mom,
    previous (a longer span against the one before). ``daily``: the brand's shops on this platform, canonical columns.
    """
    made = []
    for name, now, base in _wanted(series, span, shift):
        market = change(series, name, now, base)
        if market is None:
            continue
        own = None if daily is None else months.comparable(daily, now, base)
        growth = own.growth if own else None
        if growth is not None and market.daily:
            growth = (1 + growth) * months.days(base) / months.days(now) - 1
        beside = change(index, name, now, base) if index else None
        made.append(Compared(market, own, growth, beside.direction if beside else None))
    return tuple(made)


def _wanted(series: Series, span: Span, shift: Shift | None) -> Iterable[tuple[str, Span, Span]]:
    """Name, months and months of the base."""
    sums = series.kind in SUMMABLE
    if len(span) != 1:
        if sums and span:
            yield "yoy", span, _earlier(span, 12)
            if len(span) < 12:
                yield "previous", span, _earlier(span, len(span))
        else:
            yield from (("yoy", (m,), _earlier((m,), 12)) for m in span if m.month > 2)
        return
    together = _together(span[0], shift)
    if sums and len(together) > 1:
        yield "spring" if span[0].month == 2 else "joined", together, _earlier(together, 12)
    if span[0].month > 2:
        yield "yoy", span, _earlier(span, 12)
    if not sums and len(together) > 1:
        yield from (("yoy", (m,), _earlier((m,), 12)) for m in reversed(together) if (m,) != span or m.month == 2)
    yield "mom", span, _earlier(span, 1)


def _earlier(span: Span, by: int) -> Span:
    return tuple(months.later(m, -by) for m in span)


def _together(month: dt.date, shift: Shift | None) -> Span:
    """The months that only compare as one with ``month``; those after it are not in the data yet."""
    if month.month == 2:
        return months.later(month, -1), month
    return tuple(dt.date(month.year, m, 1) for m in shift.months if m <= month.month) if shift else (month,)
