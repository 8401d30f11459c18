"""The days that a literal states: nine spellings, Excel serials, months and ranges."""

from __future__ import annotations

import datetime as dt
import re

_CLOCK = r"(?:[T ]\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
_DAY = (
    re.compile(rf"([0-9]{{4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){_CLOCK}"),
    re.compile(rf"([0-9]{{4}})(年)([0-9]{{1,2}})月([0-9]{{1,2}})日?{_CLOCK}"),
    re.compile(r"(20[0-9]{2})()([0-9]{2})([0-9]{2})"),
)
_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NAMED = (
    re.compile(r"(?:[a-z]+,\s*)?(?P<d>[0-9]{1,2})[\s,-]+(?P<m>[a-z]{3,9})\.?[\s,-]+(?P<y>[0-9]{4})", re.IGNORECASE),
    re.compile(r"(?P<m>[a-z]{3,9})\.?\s+(?P<d>[0-9]{1,2}),?\s+(?P<y>[0-9]{4})", re.IGNORECASE),
)
_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")
_MONTH = re.compile(r"(20[0-9]{2})(?:[-/.](0?[1-9]|1[0-2])|年(0?[1-9]|1[0-2])月?|(0[1-9]|1[0-2]))")
_MONTH_NAMED = re.compile(r"([a-z]{3})[a-z]*[\s-]+(?:20)?([0-9]{2})", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:~|至|到|–|—|\s-\s)\s*")
_EPOCH = dt.date(1899, 12, 30)  # Excel's day 0 for every serial after February 1900


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if 2000 <= year <= 2099 else None
    except ValueError:  # 31 November: a date that does not exist is not read
        return None


def one_day(text: str) -> dt.date | None:
    """The day of a literal, clock time dropped, or None; year first or month by name, as 11/12/2024 is two dates."""
    for pattern in _DAY:
        if found := pattern.fullmatch(text):
            return _date(int(found[1]), int(found[3]), int(found[4]))
    for pattern in _NAMED:
        if (found := pattern.fullmatch(text)) and found["m"][:3].lower() in _NAMES:
            return _date(int(found["y"]), _NAMES.index(found["m"][:3].lower()) + 1, int(found["d"]))
    if found := _SERIAL.fullmatch(text):
        day = _EPOCH + dt.timedelta(int(found[1]))
        return day if 2000 <= day.year <= 2099 else None
    return None


def month_end(day: dt.date) -> dt.date:
    """The last day of the month of ``day``."""
    return dt.date(day.year + day.month // 12, day.month % 12 + 1, 1) - dt.timedelta(1)


def span(text: str) -> tuple[dt.date, dt.date] | None:
    """First and last day of a literal: a day, a month, or a range of days; None when it states none."""
    if day := one_day(text):
        return day, day
    if found := _MONTH.fullmatch(text):
        first = dt.date(int(found[1]), int(found[2] or found[3] or found[4]), 1)
        return first, month_end(first)
    if (found := _MONTH_NAMED.fullmatch(text)) and found[1].lower() in _NAMES:  # Excel's Nov-24 for 2024-11
        first = dt.date(2000 + int(found[2]), _NAMES.index(found[1].lower()) + 1, 1)
        return first, month_end(first)
    parts = _RANGE.split(text)
    if len(parts) == 1 and text.count("-") == 1:  # 20241101-20241130, 2024/11/1-2024/11/30
        parts = text.split("-")
    ends = [one_day(part) for part in parts]
    if len(ends) == 2 and ends[0] and ends[1] and ends[0] <= ends[1]:
        return ends[0], ends[1]
    return None
