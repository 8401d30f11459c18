"""What makes a month unlike the same month a year before: promotions that moved, and the Spring Festival."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit.stats import months
from kit.stats.phases import Span

Floats = NDArray[np.float64]
Shares = dict[tuple[int, int], float]
"""Share of the days of something by year and month."""

BIG = ("618", "double_11")
"""The promotions large enough to move a month of a whole category, and long enough to change months."""
FESTIVAL = "spring_festival"
ANNOUNCED = np.array([False, True])
"""Whether the days of a driver are known years ahead: not those of promotions, those of the festival."""
FELT = 0.1
"""Share of a promotion's or the festival's days, more or fewer, from which on a month counts as moved."""


@dataclass(frozen=True, eq=False)
class Moved:
    """``rows``: (months, 2) share of the days of promotions and of the festival in a month, less their share in the
    same month a year before; nothing where either year is unknown. ``unknown``: promotions of the year before whose
    days in these months are not known. ``festival``: its first day by year."""

    rows: Floats
    unknown: tuple[Span, ...]
    festival: dict[int, dt.date]


def moved(events: Sequence[Span], holidays: pd.DataFrame, span: Sequence[months.Month]) -> Moved:
    """Over the months of ``span``; ``holidays`` has the columns of ``kit.calendar.holidays``."""
    off = holidays[(holidays["kind"] == "off") & (holidays["holiday"] == FESTIVAL)]
    known = {int(year): (start.date(), end.date()) for year, start, end in off[["year", "start", "end"]].to_numpy()}
    spring = {year: _shares(*days) for year, days in known.items()}
    pairs = [(now, spring[year - 1]) for year, now in spring.items() if year - 1 in spring]
    rows = np.column_stack([promotions(events, span), _changes(pairs, span)])
    held = {(e.event, e.year) for e in events}
    before = {(m.year - 1, m.month) for m in span}
    unknown = (e for e in events if e.event in BIG and (e.event, e.year + 1) not in held)
    first_days = {year: start for year, (start, _) in known.items()}
    return Moved(rows, tuple(e for e in unknown if before & set(_shares(e.start, e.end))), first_days)


def promotions(events: Sequence[Span], span: Sequence[months.Month]) -> Floats:
    """(months,) share of the days of ``BIG`` promotions, less their share in the same month a year before."""
    big = {(e.event, e.year): _shares(e.start, e.end) for e in events if e.event in BIG}
    pairs = [(now, big[event, year - 1]) for (event, year), now in big.items() if (event, year - 1) in big]
    return _changes(pairs, span)


def _shares(start: dt.date, end: dt.date) -> Shares:
    every = [start + dt.timedelta(days=n) for n in range((end - start).days + 1)]
    found = Counter((day.year, day.month) for day in every)
    return {month: days / len(every) for month, days in found.items()}


def _changes(pairs: Sequence[tuple[Shares, Shares]], span: Sequence[months.Month]) -> Floats:
    """Of each pair (a year, the year before) the share in each month less that in the same month a year before."""
    return np.array(
        [sum(a.get((m.year, m.month), 0.0) - b.get((m.year - 1, m.month), 0.0) for a, b in pairs) for m in span], float
    )
