"""The time axis of a chart: its ticks, and the promotions named above it."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.charts.canvas import SMALL, text_width, widest
from kit.dates import day, form

SAME_PROMOTION = 7
"""Days between two phases of one name that are still drawn as one band."""
A_WEEK = 7
"""Promotion days from which a month counts as one with that promotion."""


@dataclass
class Band:
    """A promotion's days; its name stands around ``middle`` (a day number), ``row`` rows above the lowest.

    ``cut``: no promotion but a day at which the data begin anew.
    """

    name: str
    start: dt.date
    end: dt.date
    middle: float = 0.0
    row: int = 0
    cut: bool = False


@dataclass(frozen=True)
class Timeline:
    """The axis from ``first`` to ``last``, ``inner`` mm long; ``monthly`` points stand in mid-month."""

    first: dt.date
    last: dt.date
    inner: float
    monthly: bool

    @classmethod
    def over(cls, days: Sequence[dt.date], inner: float, monthly: bool) -> Timeline:
        """Whole months for months, else from the first point to the last."""
        first, last = min(days), max(days)
        if monthly:
            first, last = first.replace(day=1), month_end(last)
        return cls(first, last if last > first else first + dt.timedelta(days=1), inner, monthly)

    @property
    def per_day(self) -> float:
        return self.inner / (self.last - self.first).days

    def bands(self, promotions: Iterable[Mapping[str, Any]], locale: str, cuts: Iterable[Band] = ()) -> list[Band]:
        """Promotions on the axis, phases of one name joined, and cuts, their names in rows without overlap."""
        bands: list[Band] = []
        for promotion in sorted(promotions, key=lambda p: str(p["start"])):
            start = day(promotion["start"])
            end = day(promotion["end"]) if promotion.get("end") else start
            if self.monthly:
                start, end = months_of(start, end)
            start, end = max(start, self.first), min(end, self.last)
            name = promotion[f"label_{locale}"]
            apart = 1 if promotion.get("exact") else SAME_PROMOTION
            same = next((b for b in bands if b.name == name and (start - b.end).days <= apart), None)
            if same and start <= end:
                same.end = max(same.end, end)
            elif start <= end:
                bands.append(Band(name, start, end))
        bands += [cut for cut in cuts if self.first < cut.start <= self.last]
        bands.sort(key=lambda band: band.start)
        self._place_names(bands)
        return bands

    def _place_names(self, bands: Sequence[Band]) -> None:
        """Each name in the lowest row with room for it, none beyond the ends of the axis."""
        ends: list[float] = []
        for band in bands:
            half = text_width(band.name, SMALL) / 2
            middle = ((band.start.toordinal() + band.end.toordinal()) / 2 - self.first.toordinal()) * self.per_day
            middle = max(half, min(middle, self.inner - half))
            band.row = next((n for n, end in enumerate(ends) if end + 1.5 <= middle - half), len(ends))
            ends[band.row : band.row + 1] = [middle + half]
            band.middle = self.first.toordinal() + middle / self.per_day

    def ticks(self, locale: str) -> list[tuple[dt.date, str]]:
        """As many as there is room for: every month, quarter, half-year or year, or every so many days."""
        if self.monthly or (self.last - self.first).days > 100:
            return self._months(locale)
        days = (self.last - self.first).days
        room = max(text_width(form(self.first, "day", locale), SMALL), 9.0) + 4
        step = next((s for s in (1, 2, 7, 14) if self.per_day * s > room), 28)
        shown = [self.first + dt.timedelta(days=n) for n in range(0, days + 1, step)]
        return [(at, form(at, "day", locale)) for at in shown]

    def _months(self, locale: str) -> list[tuple[dt.date, str]]:
        years = range(self.first.year, self.last.year + 1)
        months = [dt.date(year, month, 1) for year in years for month in range(1, 13)]
        months = [at for at in months if self.first <= at <= self.last]
        texts = [form(at, "month_short", locale) for at in months]
        room = self.inner / len(months)
        step = next((s for s in (1, 3, 6) if room * s > widest(texts, SMALL) + 2), 12)
        return [(at, text) for at, text in zip(months, texts, strict=True) if (at.month - 1) % step == 0]


def month_end(at: dt.date) -> dt.date:
    return at.replace(day=calendar.monthrange(at.year, at.month)[1])


def months_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every month from ``first`` to ``last``, on the day of the month that ``first`` has."""
    count = (last.year - first.year) * 12 + last.month - first.month
    months = [divmod(first.month - 1 + n, 12) for n in range(count + 1)]
    return [dt.date(first.year + years, month + 1, first.day) for years, month in months]


def months_of(start: dt.date, end: dt.date) -> tuple[dt.date, dt.date]:
    """The whole months a promotion fills for a week or more; if none, the month that has most of its days."""
    parts = []
    at = start
    while at <= end:
        stop = min(end, month_end(at))
        parts.append(((stop - at).days + 1, at, stop))
        at = stop + dt.timedelta(days=1)
    kept = [part for part in parts if part[0] >= A_WEEK] or [max(parts)]
    return kept[0][1].replace(day=1), month_end(kept[-1][2])
