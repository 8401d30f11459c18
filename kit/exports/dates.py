"""The days and moments that a literal states: nine spellings with or without a clock, Excel serials, epochs, ranges."""

from __future__ import annotations

import datetime as dt
import re

_TAIL = r"(?:(?:T|\s+)(?P<clock>\S.*))?"
_DAY = (
    re.compile(rf"(?P<y>[0-9]{{4}})([-/.])(?P<m>[0-9]{{1,2}})\2(?P<d>[0-9]{{1,2}}){_TAIL}"),
    re.compile(r"(?P<y>[0-9]{4})年(?P<m>[0-9]{1,2})月(?P<d>[0-9]{1,2})日?(?:(?:T|\s*)(?P<clock>[^\sT].*))?"),
    re.compile(rf"(?P<y>20[0-9]{{2}})(?P<m>[0-9]{{2}})(?P<d>[0-9]{{2}}){_TAIL}"),
    re.compile(r"(?P<y>20[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?P<clock>[0-9]{6})"),
)
_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NAMED = (
    re.compile(
        rf"(?:[a-z]+,\s*)?(?P<d>[0-9]{{1,2}})[\s,-]+(?P<m>[a-z]{{3,9}})\.?[\s,-]+(?P<y>[0-9]{{4}}){_TAIL}",
        re.IGNORECASE,
    ),
    re.compile(rf"(?P<m>[a-z]{{3,9}})\.?\s+(?P<d>[0-9]{{1,2}}),?\s+(?P<y>[0-9]{{4}}){_TAIL}", re.IGNORECASE),
)
_WEEKDAY = re.compile(r"\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?\s*")
_HALF = r"(?:(?P<half{0}>上午|下午|[AaPp][Mm])\s*)?"
_CLOCK = re.compile(
    _HALF.format("")
    + r"(?P<h>[0-9]{1,2})[:时](?P<min>[0-9]{1,2})(?:[:分](?P<s>[0-9]{1,2})?(?:\.(?P<f>[0-9]{1,9}))?)?秒?\s*"
    + _HALF.format("2")
    + r"(?P<zone>Z|UTC|GMT|[-+][0-9]{2}(?::?[0-9]{2})?)?"
)
_DIGITS = re.compile(r"(?P<h>[0-9]{2})(?P<min>[0-9]{2})(?P<s>[0-9]{2})")
_SERIAL = re.compile(r"([0-9]{5})(\.[0-9]+)?")
_YEARS_APART = 1462
"""Days between Excel's two beginnings."""
_EPOCH = re.compile(r"(1[0-9]{9})([0-9]{3})?(?:\.0+)?")
"""Seconds or milliseconds since 1970, until 2033: from there on ten digits could be a day and its hour (2033060112)."""
UNSET = re.compile(
    r"(?:0000-00-00|0001-01-01|(?:1970|1900)[-/]0?1[-/]0?1|1900/1/0)(?:[T ]0?[08]:00(?::00(?:\.0+)?)?)?Z?"
)
"""The moments that databases and Excel write where there is none: their first day, in UTC or in China."""
_MONTH = re.compile(r"(20[0-9]{2})(?:[-/.](0?[1-9]|1[0-2])|年(0?[1-9]|1[0-2])月?|(0[1-9]|1[0-2]))")
_MONTH_NAMED = re.compile(r"([a-z]{3})[a-z]*[\s-]+(?:20)?([0-9]{2})", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:~|至|到|–|—|\s-\s)\s*")
_ORDER = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})-[0-9]+")
_EXCEL = dt.datetime(1899, 12, 30)  # Excel's day 0 for every serial after February 1900


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if 2000 <= year <= 2099 else None
    except ValueError:  # 31 November: a date that does not exist is not read
        return None


def _stated(text: str) -> tuple[dt.date, str] | None:
    """The day of a literal and what follows it; year first or month by name, as 11/12/2024 is two dates."""
    if "周" in text or "星期" in text or "礼拜" in text:
        text = _WEEKDAY.sub(" ", text).strip()
    for pattern in (*_DAY, *_NAMED):
        if not (found := pattern.fullmatch(text)):
            continue
        month = found["m"]
        if not month.isdigit():
            if month[:3].lower() not in _NAMES:
                continue
            month = str(_NAMES.index(month[:3].lower()) + 1)
        day = _date(int(found["y"]), int(month), int(found["d"]))
        return (day, found["clock"] or "") if day else None
    return None


def _clock(text: str) -> tuple[dt.timedelta, dt.timezone | None] | None:
    """The time of day that a literal states, and the zone if it names one; None if it is no time of day."""
    found = _CLOCK.fullmatch(text) or _DIGITS.fullmatch(text)
    if not found:
        return None
    said = found.groupdict()
    hour, minute, second = (int(said[part] or 0) for part in ("h", "min", "s"))
    half = (said.get("half") or said.get("half2") or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + 12 * (half in ("下午", "pm"))
    ahead = _ahead(said.get("zone") or "")
    if hour > 23 or minute > 59 or second > 59 or abs(ahead) > 14 * 60 or (said.get("half") and said.get("half2")):
        return None
    micro = int((said.get("f") or "0")[:6].ljust(6, "0"))
    time = dt.timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro)
    return time, dt.timezone(dt.timedelta(minutes=ahead)) if said.get("zone") else None


def _ahead(zone: str) -> int:
    """The minutes that a zone (``+08:00``, ``-05``, ``Z``) is ahead of UTC."""
    if zone[:1] not in ("+", "-"):
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[-2:] if len(zone) > 3 else 0)
    return minutes if zone[0] == "+" else -minutes


def moment(text: str, zone: dt.tzinfo) -> dt.datetime | None:
    """The moment of a literal in ``zone``, without its zone; a bare day is its midnight. None when it states none.

    An epoch is read as UTC. A fraction of an Excel serial is the time of day, to the second.
    """
    if found := _EPOCH.fullmatch(text):
        since = dt.timedelta(seconds=int(found[1]), milliseconds=int(found[2] or 0))
        return (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + since).astimezone(zone).replace(tzinfo=None)
    if found := _SERIAL.fullmatch(text):
        made = _EXCEL + dt.timedelta(int(found[1]), round(float(found[2] or 0) * 86400))
        return made if 2000 <= made.year <= 2099 else None
    if not (stated := _stated(text)):
        return None
    day = dt.datetime.combine(stated[0], dt.time())
    if not stated[1]:
        return day
    if not (clock := _clock(stated[1])):
        return None
    made = day + clock[0]
    return made.replace(tzinfo=clock[1]).astimezone(zone).replace(tzinfo=None) if clock[1] else made


def one_day(text: str) -> dt.date | None:
    """The day of a literal, clock time dropped, or None; a clock of another zone leaves the day open."""
    if found := _SERIAL.fullmatch(text):
        day = (_EXCEL + dt.timedelta(int(found[1]))).date()
        return day if 2000 <= day.year <= 2099 else None
    if not (stated := _stated(text)):
        return None
    clock = _clock(stated[1]) if stated[1] else (None, None)
    return stated[0] if clock and clock[1] is None else None


def since_1904(text: str) -> str:
    """A serial of a workbook that counts days from 1904 as one that counts them from 1900; any other text as it is."""
    found = _SERIAL.fullmatch(text.strip())
    return f"{int(found[1]) + _YEARS_APART}{found[2] or ''}" if found else text


def month_end(day: dt.date) -> dt.date:
    """The last day of the month of ``day``."""
    return dt.date(day.year + day.month // 12, day.month % 12 + 1, 1) - dt.timedelta(1)


def _month(text: str) -> tuple[dt.date, dt.date] | None:
    if found := _MONTH.fullmatch(text):
        first = dt.date(int(found[1]), int(found[2] or found[3] or found[4]), 1)
        return first, month_end(first)
    if (found := _MONTH_NAMED.fullmatch(text)) and found[1].lower() in _NAMES:  # Excel's Nov-24 for 2024-11
        first = dt.date(2000 + int(found[2]), _NAMES.index(found[1].lower()) + 1, 1)
        return first, month_end(first)
    return None


def span(text: str) -> tuple[dt.date, dt.date] | None:
    """First and last day of a literal: a day, a month, or a range of either; None when it states none."""
    if found := _one(text):
        return found
    parts = _RANGE.split(text)
    if len(parts) == 1 and text.count("-") == 1:  # 20241101-20241130, 2024/11/1-2024/11/30
        parts = text.split("-")
    if len(parts) == 1 and text.count("-") == 5:  # 2024-11-01-2024-11-30
        middle = text.replace("-", " ", 2).index("-")
        parts = [text[:middle], text[middle + 1 :]]
    ends = [_one(part) for part in parts]
    if len(ends) == 2 and ends[0] and not ends[1]:  # 2024年11月4日至10日, 2024-11-04~11-10
        ends[1] = _one(_completed(*parts))
    if len(ends) != 2 or not ends[0] or not ends[1] or ends[0][0] > ends[1][1]:
        return None
    days = [first == last for first, last in (ends[0], ends[1])]
    return (ends[0][0], ends[1][1]) if days[0] == days[1] else None  # 2024-11-04~11: a day, or a month?


def _one(text: str) -> tuple[dt.date, dt.date] | None:
    day = one_day(text)
    return (day, day) if day else _month(text)


def _completed(first: str, last: str) -> str:
    """The last day of a range with the year, or year and month, that only the first day names."""
    if re.fullmatch("[0-9]{1,2}日", last) and "月" in first:
        return first[: first.index("月") + 1] + last
    return first[:5] + last


def order_day(id: str) -> dt.date | None:
    """The day on which an order of 拼多多 was placed, which its number begins with; None for any other number.

    Not the day of payment: at midnight they differ.
    """
    found = _ORDER.fullmatch(id.strip())
    return _date(2000 + int(found[1]), int(found[2]), int(found[3])) if found else None
