"""A category against itself and a brand against the category: which months compare with which, and the gap.

January compares together with February, because the Spring Festival falls in either. A month whose promotion days
fell differently a year ago compares together with the earlier months that share the promotion. Only amounts that add
up are put together; of a vendor's estimate or an index each month stands by itself, in a longer span without January
and February. Nothing compares across a new cut of the category by its platform (``breaks``: their first days).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from kit.stats import drivers, months, phases
from kit.stats.phases import Shift
from kit.stats.seasonal import Season, seasonal
from kit.stats.series import SUMMABLE, Amount, Change, Series, change, crossed, pick

Span = tuple[dt.date, ...]
Marked = tuple[int, ...]
YEAR = 12
MOST_YEARS = 10
"""As far back as a yearly rate looks."""


@dataclass(frozen=True)
class Renamed:
    """The data's category is ``old`` before the month ``since`` and ``new`` from then on; one of the two is ours."""

    old: str
    new: str
    since: dt.date


@dataclass(frozen=True, eq=False)
class Chosen:
    """The rows of the client's category under the name ``named``. ``asked`` is the client's own name for it, when the
    data have one category only and call it otherwise; ``others`` are the data's names when none is the client's (there
    are no rows then); ``renamed`` by platform."""

    rows: pd.DataFrame
    named: Any
    asked: Any = None
    others: tuple[str, ...] = ()
    renamed: dict[str, Renamed] = field(default_factory=dict)


def chosen(market: pd.DataFrame, category: Any) -> Chosen:
    """The client's ``category`` (a name, or a name by language) among those of ``market`` (canonical columns)."""
    given = {category} if isinstance(category, str) else set(category.values())
    stated = market["category"].str.strip()
    ours = stated.isin(given) | stated.isna()
    if stated.isin(given).any() or stated.isna().all():
        return Chosen(market[ours], category, renamed=_renamed(market.assign(category=stated), ours))
    if stated.nunique() > 1:
        return Chosen(market[:0], category, others=tuple(sorted(stated.dropna().unique())))
    return Chosen(market, str(stated.dropna().iloc[0]), category)


def _renamed(market: pd.DataFrame, ours: pd.Series) -> dict[str, Renamed]:
    """Platforms where another name ends in the month before ours begins, or begins in the month after ours ends."""
    found = {}
    for (platform, _), other in market[~ours].groupby(["platform", "category"], sort=True):
        mine = market[ours & (market["platform"] == platform) & market["category"].notna()]
        for before, after in ((other, mine), (mine, other)):
            if len(before) and len(after) and _next(before["month"].max()) == after["month"].min():
                old, new = (str(rows["category"].iloc[0]) for rows in (before, after))
                found[str(platform)] = Renamed(old, new, after["month"].min().date())
    return found


def _next(month: pd.Timestamp) -> pd.Timestamp:
    return pd.Timestamp(months.later(month.date(), 1))


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
    the series begins; ``own`` is what the brand's shops took in ``span`` (None without any shop here). ``broken``: the
    break that leaves the headline without its comparison. ``seasons``: of the last months in a row (none of an index);
    ``unlike``: the months of the year that a promotion or the festival moved into or out of over them.
    """

    platform: str
    span: Span
    series: Series
    now: Amount | None
    compared: tuple[Compared, ...]
    shift: Shift | None
    events: tuple[phases.Span, ...]
    own: months.Own | None
    broken: dt.date | None
    seasons: tuple[Season, ...]
    unlike: tuple[int, ...]


def read(
    market: pd.DataFrame,
    daily: pd.DataFrame | None,
    promotions: pd.DataFrame,
    span: Span,
    end: dt.date,
    breaks: Sequence[dt.date] = (),
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
        compared = compare(series, index, shops, span, shift, breaks)
        about = (compared, shift, shown, own, _broken(series, span, shift, breaks))
        seasons = _seasons(series.run(end, breaks), events) if series.kind != "index" else ((), ())
        found.append(Category(str(platform), span, series, series.over(span), *about, *seasons))
    return sorted(found, key=lambda one: (one.now is None, -len(one.compared), one.platform))


def _seasons(run: Sequence[tuple[dt.date, Amount]], events: list[phases.Span]) -> tuple[tuple[Season, ...], Marked]:
    """The seasons of a run of months, and the months of the year that are unlike from year to year."""
    if not run:
        return (), ()
    shift = np.abs(drivers.promotions(events, [month for month, _ in run])) >= drivers.FELT
    unlike = {1, 2, *(month.month for (month, _), far in zip(run, shift, strict=True) if far)}
    return seasonal(np.array([amount.value for _, amount in run]), run[0][0]), tuple(sorted(unlike))


def compare(
    series: Series,
    index: Series | None,
    daily: pd.DataFrame | None,
    span: Span,
    shift: Shift | None,
    breaks: Sequence[dt.date] = (),
) -> tuple[Compared, ...]:
    """Every comparison of ``span`` that ``series`` has the months for, the one a headline should use first.

    Names of ``Change``: spring (January and February together), joined (the months a promotion shares), yoy, mom,
    previous (a longer span against the one before), cagr (over several years, the most there are: twelve months of
    what adds up, else the month itself). ``daily``: the brand's shops on this platform, canonical columns.
    """
    made = []
    for name, now, base, years in (*_wanted(series, span, shift), *_yearly(series, span, breaks)):
        market = None if crossed(breaks, [*now, *base]) else change(series, name, now, base, years)
        if market is None:
            continue
        own = None if daily is None else months.comparable(daily, now, base)
        growth = None if own is None or own.growth is None else (1 + own.growth) ** (1 / years) - 1
        if growth is not None and market.daily:
            growth = (1 + growth) * months.days(base) / months.days(now) - 1
        beside = change(index, name, now, base) if index else None
        made.append(Compared(market, own, growth, beside.direction if beside else None))
    return tuple(made)


Pair = tuple[str, Span, Span, int]
"""A comparison's name, its months, those of its base, and the years between them."""


def _wanted(series: Series, span: Span, shift: Shift | None) -> Iterable[Pair]:
    sums = series.kind in SUMMABLE
    if len(span) != 1:
        if sums and span:
            yield "yoy", span, _earlier(span, YEAR), 1
            if len(span) < YEAR:
                yield "previous", span, _earlier(span, len(span)), 1
        else:
            yield from (("yoy", (m,), _earlier((m,), YEAR), 1) for m in span if m.month > 2)
        return
    together = _together(span[0], shift)
    if sums and len(together) > 1:
        yield "spring" if span[0].month == 2 else "joined", together, _earlier(together, YEAR), 1
    if span[0].month > 2:
        yield "yoy", span, _earlier(span, YEAR), 1
    if not sums and len(together) > 1:
        yield from (("yoy", (m,), _earlier((m,), YEAR), 1) for m in reversed(together) if (m,) != span or m.month == 2)
    yield "mom", span, _earlier(span, 1), 1


def _yearly(series: Series, span: Span, breaks: Sequence[dt.date]) -> Iterable[Pair]:
    """The yearly rate over the most years that data and breaks allow, two at least."""
    sums = series.kind in SUMMABLE
    if not span or series.kind == "index" or (not sums and (len(span) > 1 or span[0].month < 3)):
        return
    now = tuple(months.later(span[-1], -n) for n in reversed(range(YEAR))) if sums else span
    for years in range(MOST_YEARS, 1, -1):
        base = _earlier(now, YEAR * years)
        if series.over(now) and series.over(base) and not crossed(breaks, [*now, *base]):
            yield "cagr", now, base, years
            return


def _broken(series: Series, span: Span, shift: Shift | None, breaks: Sequence[dt.date]) -> dt.date | None:
    """The break that parts the period from the year before, where there are data from before it."""
    pairs = [[*now, *base] for name, now, base, _ in _wanted(series, span, shift) if name not in ("mom", "previous")]
    found = [day for day in (crossed(breaks, pair) for pair in pairs) if day]
    return max((day for day in found if series.points[0][0] < day), default=None)


def _earlier(span: Span, by: int) -> Span:
    return tuple(months.later(m, -by) for m in span)


def _together(month: dt.date, shift: Shift | None) -> Span:
    """The months that only compare as one with ``month``; those after it are not in the data yet."""
    if month.month == 2:
        return months.later(month, -1), month
    return tuple(dt.date(month.year, m, 1) for m in shift.months if m <= month.month) if shift else (month,)
