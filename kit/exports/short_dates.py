"""Days and months without their year, or year and month, as people write them: ``11月1日``, ``1101``, ``3日``."""

from __future__ import annotations

import re

from kit.exports.dates import one_day, span
from kit.exports.literals import ascii_forms

_DAY = re.compile(r"(1[0-2]|0?[1-9])\s*[-/.月]\s*([12][0-9]|3[01]|0?[1-9])\s*[日号]?")
_DIGITS = re.compile(r"(1[0-2]|0?[1-9])([12][0-9]|3[01]|0[1-9])")  # 1101, and as a number 101
_OF_MONTH = re.compile(r"([12][0-9]|3[01]|0?[1-9])\s*[日号]?")
_MONTH = re.compile(r"(1[0-2]|0?[1-9])\s*(?:月(?:份)?)?")
_ONE_PLACE = re.compile(r"[0-9]{1,2}\.[123]")
_SHORT_YEAR = re.compile(r"(2[0-9])\s*年\s*(1[0-2]|0?[1-9])\s*月(?:份|\s*([12][0-9]|3[01]|0?[1-9])\s*[日号]?)?")
_NAMED = re.compile(r"(?:(?:20)?([0-9]{2})\s*[-/.年]\s*)?(?<![0-9])(1[0-2]|0?[1-9])\s*月")
"""A month within a name, and its year if that stands before it: ``旗舰店24年11月``."""
_BARE = re.compile(r"(?:(?:20)?([0-9]{2})(?:[-/._\s]|(?=[0-9]{2}$)))?(1[0-2]|0?[1-9])")
"""A name that is nothing but a month: ``2024-11``, ``24.9``, ``202411``, ``11``."""
_YEAR = re.compile(r"(?<![0-9])(?:(20[0-9]{2})(?![0-9]|[-/._年]?[0-9]{1,2}[-/._月][0-9])|(2[0-9])(?=年))")
"""A year, and not that of a whole day: a file's name often ends with the day of its download."""
APART = 20
"""Days between which a month must have ended; fewer may be missing."""
MONTHS = ("月份", "月", "统计月份")
PERIODS = (*MONTHS, "周", "周次", "周期", "统计周期", "日期范围")
"""What agencies call a column of months or weeks."""


def completed(text: str, year: int | None, month: int | None, kind: str) -> str:
    """A date of the column type ``kind`` with the year, or year and month, that it leaves out; any other text as it is.

    A bare number is a month in a column of months alone; in one of days it is a day.
    """
    plain = ascii_forms(text).strip()
    if found := _SHORT_YEAR.fullmatch(plain):
        return f"20{found[1]}-{int(found[2]):02}" + (f"-{int(found[3]):02}" if found[3] else "")
    if year is None:
        return text
    if found := _DAY.fullmatch(plain) or (_DIGITS.fullmatch(plain) if kind != "month" else None):
        return f"{year}-{int(found[1]):02}-{int(found[2]):02}"
    if month is not None and kind != "month" and (found := _OF_MONTH.fullmatch(plain)):
        return f"{year}-{month:02}-{int(found[1]):02}"
    if (found := _MONTH.fullmatch(plain)) and (kind == "month" or "月" in plain):
        return f"{year}-{int(found[1]):02}"
    return text


def whole_months(days: list[str]) -> bool:
    """Whether dates are months of which Excel made their first days: each is another month's."""
    found = [one_day(ascii_forms(text).strip()) for text in days]
    return len(days) > 1 and len({*found}) == len(found) and all(day and day.day == 1 for day in found)


def heading(parts: list[str], year: int | None, month: int | None, kind: str) -> str:
    """The date of a heading, to which those above it add its year and month: ``2023年`` over ``1月``."""
    *above, own = parts
    for upper in above:
        if said := years(upper):
            year = said[0]
        if found := _NAMED.search(ascii_forms(upper)):
            month = int(found[2])
    return completed(own, year, month, kind)


def month_of(name: str) -> tuple[int | None, int] | None:
    """The year, if it states one, and the month of a sheet's name; None if it names none, or several."""
    text = ascii_forms(name).strip()
    found = {m.groups() for m in _NAMED.finditer(text)}
    if not found and (bare := _BARE.fullmatch(text)):
        found = {bare.groups()}
    if len(found) != 1:
        return None
    ((year, month),) = found
    return (2000 + int(year) if year else None), int(month)


def years(text: str) -> list[int]:
    """The years that a text names."""
    return [int(a) if a else 2000 + int(b) for a, b in _YEAR.findall(ascii_forms(text))]


def lacking(text: str, kind: str) -> str:
    """What a literal leaves out of a day or month: ``year``, or ``month`` of a day that has neither; blank if it is
    whole, or none."""
    plain = ascii_forms(text).strip()
    if not plain or span(plain):
        return ""
    if completed(plain, None, None, kind) != plain:
        return ""
    if completed(plain, 2024, None, kind) != plain:
        return "year"
    return "month" if kind != "month" and _OF_MONTH.fullmatch(plain) else ""


def turned(before: tuple[str, str], now: tuple[str, str]) -> bool:
    """Whether another year or month must have begun between two dates that stand beside each other and were given the
    same one: January beside December, the 1st beside the 31st of a month that no cell names. As for ``lost_zero``."""
    if {before[1][5:7], now[1][5:7]} == {"01", "12"}:
        return True
    days = [
        int(day) for raw, iso in (before, now) if _OF_MONTH.fullmatch(ascii_forms(raw).strip()) and (day := iso[8:])
    ]
    return len(days) == 2 and abs(days[0] - days[1]) > APART


def lost_zero(before: tuple[str, str], now: tuple[str, str]) -> bool:
    """Whether ``11.2`` stands beside the 19th or the 21st of its month: as a number, ``11.20`` loses its zero. Both
    dates as they stand and in ISO form."""
    if before[1][:8] != now[1][:8] or not len(before[1]) == len(now[1]) == len("2024-11-20"):
        return False
    first, second = int(before[1][8:]), int(now[1][8:])
    return _may_mean(before[0], first, second) or _may_mean(now[0], second, first)


def _may_mean(raw: str, day: int, beside: int) -> bool:
    return _ONE_PLACE.fullmatch(ascii_forms(raw).strip()) is not None and abs(10 * day - beside) == 1


def dated(parts: list[str]) -> bool:
    """Whether a heading is a day or a month, with or without its year. A number below something else is one only if
    that is its year or month."""
    *above, head = parts
    text = ascii_forms(head).strip()
    if text.isdigit() and above and not any("月" in upper or years(upper) for upper in above):
        return False
    return bool(text) and (span(text) is not None or completed(text, 2024, 1, "date") != text)
