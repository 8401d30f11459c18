"""Dates, months and spans for people, in CLDR patterns: 2024年11月4日 and 4 Nov 2024."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

LOCALES = {"zh": "zh_Hans_CN", "en": "en"}  # not en_GB: its September is "Sept", four letters among threes
PATTERNS = {
    "zh": {
        "date": "y年M月d日",
        "day": "M月d日",
        "month": "y年M月",
        "month_short": "M月",
        "month_only": "M月",
        "month_name": "y年M月",
        "quarter": "y年QQQQ",
        "year": "y年",
    },
    "en": {
        "date": "d MMM y",
        "day": "d MMM",
        "month": "MMM y",
        "month_short": "MMM",
        "month_only": "MMMM",
        "month_name": "MMMM y",
        "quarter": "QQQ y",
        "year": "y",
    },
}
"""``month_only`` and ``month_name`` are what a comparison is named by: 10月 / October, November 2023."""


def day(value: Any) -> dt.date:
    """The date of a date, a time stamp or ISO text; a month, quarter or year (``2024-Q4``) is its first day."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if found := re.fullmatch(r"(\d{4})(?:-(\d\d)|-Q([1-4]))?", str(value)):
        year, month, quarter = found.groups()
        return dt.date(int(year), int(month) if month else 3 * int(quarter or 1) - 2, 1)
    return dt.date.fromisoformat(str(value)[:10])


def form(value: Any, name: str, locale: str) -> str:
    """One date in the pattern ``name``."""
    from babel.dates import format_date  # Babel's locale data cost more than this module

    return format_date(day(value), PATTERNS[locale][name], LOCALES[locale])


def span(start: Any, end: Any, locale: str, year: bool) -> str:
    """First to last day, nothing said twice: 11月4日至10日, 4–10 Nov. The year only if asked, or if it changes."""
    first, last = day(start), day(end)
    if first == last:
        return form(first, "date" if year else "day", locale)
    if first.year != last.year:
        return _joined(form(first, "date", locale), form(last, "date", locale), locale)
    with_year, plain = ("date" if year else "day"), "day"
    one_month = first.month == last.month
    if locale == "zh":
        until = f"{last.day}日" if one_month else form(last, plain, locale)
        return _joined(form(first, with_year, locale), until, locale)
    if one_month:
        return f"{first.day}–{form(last, with_year, locale)}"
    return _joined(form(first, plain, locale), form(last, with_year, locale), locale)


def months(start: Any, end: Any, locale: str) -> str:
    """First to last month: 2024年1月至6月, Jan to Jun 2024."""
    first, last = day(start), day(end)
    if (first.year, first.month) == (last.year, last.month):
        return form(first, "month", locale)
    if first.year != last.year:
        return _joined(form(first, "month", locale), form(last, "month", locale), locale)
    outer = ("month", "month_short") if locale == "zh" else ("month_short", "month")  # year outside
    return _joined(form(first, outer[0], locale), form(last, outer[1], locale), locale)


def _joined(first: str, last: str, locale: str) -> str:
    return f"{first}至{last}" if locale == "zh" else f"{first} to {last}"


def kind(start: Any, end: Any) -> str:
    """What a span is when nobody says: a whole month, quarter or year, several whole months, one day, or a span."""
    first, last = day(start), day(end)
    whole = first.day == 1 and (last + dt.timedelta(1)).day == 1
    if not whole:
        return "day" if first == last else "span"
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    named = {1: "month", 3: "quarter", 12: "year"}.get(count, "months")
    return named if (first.month - 1) % count == 0 else "months"


UNITS = (
    "date", "day", "month", "month_only", "month_short", "quarter", "year", "week", "period", "dates", "month-range",
    "base",
)  # fmt: skip


def written(value: Any, unit: str, locale: str, label: Callable[..., str]) -> str:
    """``value`` in one of ``UNITS``; ``label`` fills the catalogue's entries for what takes words (weeks,
    bases).

    Spans are ``{"start", "end"}``; a period also has its ``kind``, or is text: ``2024-11``, ``2024-Q4``,
    ``2024``. A base is ``{"of", "month"}``: the month compared, and the month it is compared with.
    """
    if unit in PATTERNS[locale]:
        return form(value, unit, locale)
    if unit == "base":
        return _base(day(value["of"]), day(value["month"]), locale, label)
    start, end = (value["start"], value["end"]) if isinstance(value, Mapping) else (value, value)
    if unit == "month-range":
        return months(start, end, locale)
    if unit == "dates":
        return span(start, end, locale, year=False)
    if unit == "week":
        return _week(day(start), locale, label, "date.week")
    what = value.get("kind") or kind(start, end) if isinstance(value, Mapping) else _kind_of_text(str(value))
    if what == "week":
        return _week(day(start), locale, label, "date.week.of")
    if what in ("month", "quarter", "year"):
        return form(start, what, locale)
    if what == "months":
        return months(start, end, locale)
    return span(start, end, locale, year=True)


def _kind_of_text(text: str) -> str:
    return {4: "year", 7: "quarter" if "Q" in text else "month"}.get(len(text), "day")


def _week(first: dt.date, locale: str, label: Callable[..., str], key: str) -> str:
    """An ISO week, Monday to Sunday. By itself a Chinese week has no year, as periods it has."""
    year, number, weekday = first.isocalendar()
    monday = first - dt.timedelta(weekday - 1)
    with_year = locale == "en" and key == "date.week"
    days = span(monday, monday + dt.timedelta(6), locale, with_year)
    return label(key, year=year, number=number, span=days)


def _base(of: dt.date, month: dt.date, locale: str, label: Callable[..., str]) -> str:
    """The month compared with: 10月 / October within the year, 去年同期 / November 2023 a year before."""
    if locale == "zh" and (month.year, month.month) == (of.year - 1, of.month):
        return label("base.year_ago")
    return form(month, "month_only" if month.year == of.year else "month_name", locale)
