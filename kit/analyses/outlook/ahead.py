"""From a category's months to what is expected after them, one platform at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from kit.stats import drivers, months, phases
from kit.stats.forecast import LEAST, Forecast, Range, forecast, horizon
from kit.stats.models import SEASON
from kit.stats.series import SUMMABLE, Amount, Series, pick

Known = tuple[tuple[months.Month, Amount], ...]


@dataclass(frozen=True)
class Ahead:
    """One platform: ``known`` are the months in a row that the forecast of ``coming`` rests on.

    ``forecast`` is None when there is none, ``reason`` then says why: index, short (``LEAST`` months needed), zero (a
    month without sales), or stale (the months end before the one ahead of the period's last). ``before``: the amounts a
    year before ``coming``; ``moved``: those of the coming months that hold more or fewer days of a promotion or the
    festival than a year before, ``together`` whether they do on average. ``unknown``: promotions whose coming days are
    not known, taken as a year before. ``festival``: its first day this time and a year before, where it moves in or out
    of a coming month; ``dateless``: a coming one is not known.
    """

    platform: str
    series: Series
    known: Known
    reason: str
    coming: tuple[months.Month, ...] = ()
    forecast: Forecast | None = None
    before: tuple[float, ...] = ()
    moved: tuple[bool, ...] = ()
    together: bool = False
    unknown: tuple[phases.Span, ...] = ()
    festival: tuple[dt.date, dt.date] | None = None
    dateless: bool = False

    @property
    def sums(self) -> bool:
        return self.series.kind in SUMMABLE


@dataclass(frozen=True)
class Result:
    """``platforms`` is empty when there are no market data of the category."""

    platforms: tuple[Ahead, ...]
    category: Any


def read(
    market: pd.DataFrame,
    promotions: pd.DataFrame,
    holidays: pd.DataFrame,
    span: Sequence[months.Month],
    end: dt.date,
    breaks: Sequence[dt.date],
) -> Iterable[Ahead]:
    """Each platform of ``market`` (one category), those with a forecast first."""
    found = []
    for platform, rows in market.groupby("platform", sort=True):
        series = pick(rows, span)
        known = series.run(end, breaks) if series else ()
        if series and known:
            found.append(_ahead(series, known, phases.spans(promotions, str(platform)), holidays, end))
    return sorted(found, key=lambda one: (one.forecast is None, -len(one.known), one.platform))


def _reason(series: Series, known: Known, end: dt.date) -> str:
    """Why nothing is expected, if so."""
    if series.kind == "index":
        return "index"
    if months.later(known[-1][0], 1) < end.replace(day=1):
        return "stale"
    return "short" if not horizon(len(known)) else "zero" if any(a.value <= 0 for _, a in known) else ""


def _ahead(series: Series, known: Known, events: list[phases.Span], holidays: pd.DataFrame, end: dt.date) -> Ahead:
    if reason := _reason(series, known, end):
        return Ahead(series.platform, series, known, reason)
    amounts = np.array([amount.value for _, amount in known])
    steps = horizon(len(known))
    coming = tuple(months.later(known[-1][0], n + 1) for n in range(steps))
    moved = drivers.moved(events, holidays, [*(month for month, _ in known), *coming])
    made = forecast(amounts, moved.rows, drivers.ANNOUNCED)
    ahead = moved.rows[-steps:]
    return Ahead(
        series.platform, series, known, "", coming, made and _widened(made, known),
        tuple(float(v) for v in amounts[-SEASON:][:steps]),
        tuple(bool(np.abs(row).max() >= drivers.FELT) for row in ahead),
        bool(np.abs(ahead.mean(0)).max() >= drivers.FELT),
        tuple(e for e in moved.unknown if _touches(e, coming)), _festival(moved, ahead, coming),
        any(at.month < 3 and at.year not in moved.festival for at in coming),
    )  # fmt: skip


def _touches(event: phases.Span, coming: Sequence[months.Month]) -> bool:
    return any(month in event.days() and event.year == at.year - 1 for at in coming for month in [at.month])


def _festival(
    moved: drivers.Moved, ahead: drivers.Floats, coming: Sequence[months.Month]
) -> tuple[dt.date, dt.date] | None:
    years = [at.year for at, row in zip(coming, ahead, strict=True) if abs(row[1]) >= drivers.FELT]
    return (moved.festival[years[0]], moved.festival[years[0] - 1]) if years else None


def _widened(made: Forecast, known: Known) -> Forecast:
    """The ranges, their ends moved by as much as the last year's intervals reach to either side of their value."""
    last = [amount for _, amount in known[-SEASON:]]
    down = min(a.low / a.value for a in last)
    up = max(a.high / a.value for a in last)
    return replace(made, months=tuple(_wider(m, down, up) for m in made.months), total=_wider(made.total, down, up))


def _wider(one: Range, down: float, up: float) -> Range:
    return Range(one.mid, one.low80 * down, one.high80 * up, one.low95 * down, one.high95 * up)


__all__ = ["LEAST", "Ahead", "Result", "read"]
