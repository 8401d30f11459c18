"""The period a report is about: how it is written, and which one is meant when none is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from kit.errors import WRONG_CALL, KitError, problem


@dataclass(frozen=True)
class Period:
    """A span of days, both ends included. ``kind``: month, quarter, year, week, day or span; ``text`` names folders."""

    start: dt.date
    end: dt.date
    kind: str
    text: str

    @classmethod
    def parse(cls, text: str) -> Period:
        """``2024-06``, ``2024-Q2``, ``2024``, ``2024-W45``, ``2024-11-11`` or ``2024-06-01..2024-06-20``."""
        try:
            return _parse(text.strip())
        except ValueError as error:
            raise KitError(problem("e.period.form", given=text), WRONG_CALL) from error

    @classmethod
    def spanning(cls, start: dt.date, end: dt.date) -> Period:
        """The period of these days, of the kind that its days make: a month if they are one."""
        year, week, _ = start.isocalendar()
        quarter = f"{start.year:04d}-Q{(start.month + 2) // 3}"
        known = (f"{start:%Y-%m}", quarter, f"{start.year:04d}", f"{year:04d}-W{week:02d}", start.isoformat())
        made = (_parse(text) for text in known)
        span = cls(start, end, "span", f"{start}..{end}")
        return next((period for period in made if (period.start, period.end) == (start, end)), span)

    @classmethod
    def choose(cls, text: str, span: tuple[dt.date, dt.date] | None, months: Sequence[str] = ()) -> Period:
        """The period asked for, or the default over the data's span; it must touch the data.

        ``months``: those with any row (``2024-11``); the default is one of them.
        """
        if span is None:
            raise KitError(problem("e.period.nodata"))
        if not text:
            return cls.default(*span, months)
        period = cls.parse(text)
        if period.end < span[0] or period.start > span[1]:
            facts = {"given": text, "start": span[0].isoformat(), "end": span[1].isoformat()}
            raise KitError(problem("e.period.outside", **facts), WRONG_CALL)
        return period

    @classmethod
    def default(cls, first: dt.date, last: dt.date, months: Sequence[str] = ()) -> Period:
        """The last whole month of the data (of ``months``, if given); if there is none, the data's span.

        A single row with a mistyped year must not move the report into an empty month, hence ``months``.
        """
        there = [_parse(month) for month in months] or [_month(d.year, d.month) for d in (last, _before(last))]
        whole = [month for month in there if first <= month.start and month.end <= last]
        return max(whole, key=lambda m: m.start) if whole else cls(first, last, "span", f"{first}..{last}")


def _before(day: dt.date) -> dt.date:
    """The last day of the month before."""
    return day.replace(day=1) - dt.timedelta(1)


def _month(year: int, month: int) -> Period:
    start = dt.date(year, month, 1)
    return Period(start, _month_end(year, month), "month", f"{year:04d}-{month:02d}")


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(1)


def _parse(text: str) -> Period:
    if not text.isascii():  # full-width digits are digits to a pattern, but no folder is to be named by them
        raise ValueError(text)
    if found := re.fullmatch(r"(\d{4})-(\d{2})", text):
        return _month(int(found[1]), int(found[2]))
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", text):
        year, last = int(found[1]), 3 * int(found[2])
        return Period(dt.date(year, last - 2, 1), _month_end(year, last), "quarter", text)
    if re.fullmatch(r"\d{4}", text):
        return Period(dt.date(int(text), 1, 1), dt.date(int(text), 12, 31), "year", text)
    if found := re.fullmatch(r"(\d{4})-W(\d{2})", text):
        start = dt.date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return Period(start, start + dt.timedelta(6), "week", text)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        day = dt.date.fromisoformat(text)
        return Period(day, day, "day", text)
    if found := re.fullmatch(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", text):
        start, end = dt.date.fromisoformat(found[1]), dt.date.fromisoformat(found[2])
        if start <= end:
            return Period(start, end, "span", text)
    raise ValueError(text)
