"""The period of a file whose rows carry no date: from the rows above its header, its name, or client.toml."""

from __future__ import annotations

import datetime as dt
import re

from kit.client import FileStatement
from kit.errors import KitError, Problem, problem
from kit.exports.dates import month_end, span
from kit.exports.sheet import Row

Span = tuple[dt.date, dt.date]

_DATE = re.compile(
    r"(?<![0-9])(20[0-9]{2}(?:[-/.][0-9]{1,2}){2}(?![0-9-])|20[0-9]{2}年[0-9]{1,2}月(?:[0-9]{1,2}日)?|20[0-9]{6}"
    r"|20[0-9]{2}-[0-9]{2}(?![0-9-]))(?![0-9])(?![_ T-]?[0-2][0-9][:：]?[0-5][0-9](?:[:：]?[0-5][0-9])?(?![0-9-]))"
)
"""A day or a month; not the moment of a download (``20241203_101500``)."""
MADE = re.compile("导出|下载|生成|更新|创建|制表|打印")
"""A row that tells when the file was made, not what it covers."""
_COVERED = re.compile("周期|统计时间|统计日期|日期范围|时间范围|起止|起始|终止")
"""A row that tells what the file covers."""


def stated(text: str) -> Span | None:
    """First and last day among the dates in ``text``, or None without any."""
    found = [s for m in _DATE.finditer(text) if (s := span(m[1]))]
    return (min(s[0] for s in found), max(s[1] for s in found)) if found else None


def of_file(
    preamble: list[Row], name: str, said: FileStatement | None, shown: str, config: str, spans: bool = False
) -> Span:
    """The file's first and last day. Raises ``KitError``: nothing states them, or two places disagree.

    ``spans``: the file may cover several days. Then a single day in its name can as well be that of the download; it
    says nothing against another place, and alone it is not enough.
    """
    above = " ".join(cell for row in preamble if not MADE.search("".join(row)) for cell in row)
    in_name = stated(_dated(name))
    found = [s for s in (stated(above), in_name, _said(said)) if s]
    example = f'[files."{name}"] start = 2024-11-01, end = 2024-11-30'
    if spans and in_name and in_name[0] == in_name[1]:
        if len(found) == 1 and len(_DATE.findall(_dated(name))) == 1:
            raise KitError(problem("e.period.name", file=shown, day=f"{in_name[0]}", config=config, example=example))
        found = [s for s in found if s != in_name] or found
    if not found:
        raise KitError(problem("e.period", file=shown, config=config, example=example))
    if len(set(found)) > 1:
        raise KitError(_conflict(found, shown, config))
    return found[0]


def _stem(name: str) -> str:
    return name.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _dated(name: str) -> str:
    """The stem that may date a file: its own, else that of its archive if it states several days; one alone is that of
    the download."""
    packed = re.match(r"(.*\.zip)/", name, re.IGNORECASE)
    outer = _stem(packed[1]) if packed and not stated(_stem(name)) else ""
    found = stated(outer)
    return outer if found and found[0] < found[1] else _stem(name)


def outside(
    rows: Span, preamble: list[Row], name: str, said: FileStatement | None, shown: str, config: str
) -> list[Problem]:
    """A fault if client.toml, a row above the header or a range in the name states what the file covers, and its rows
    lie outside it, or all on the first of several days: then their date is the beginning of a period, not a day."""
    covered = " ".join(cell for row in preamble if _COVERED.search("".join(row)) for cell in row)
    for found in (_said(said), stated(covered), stated(_dated(name))):
        if found is None or (found[0] == found[1] and found != _said(said)):
            continue
        beginning = rows[0] == rows[1] == found[0] < found[1]
        if beginning or not found[0] <= rows[0] <= rows[1] <= found[1]:
            return [_conflict([rows, found], shown, config)]
    return []


def _conflict(found: list[Span], shown: str, config: str) -> Problem:
    spans = [f"{a}..{b}" for a, b in dict.fromkeys(found)]
    return problem("e.period.conflict", file=shown, config=config, found=spans)


def _said(statement: FileStatement | None) -> Span | None:
    if statement is None or not (statement.start or statement.end):
        return None
    ends = [d for d in (statement.start, statement.end) if d]
    return min(ends), max(ends)


_CLOCK = r"([0-2][0-9])[:：]?([0-5][0-9])(?:[:：]?([0-5][0-9]))?(?![0-9-])"
_MOMENTS = (
    re.compile(rf"(?<![0-9])(20[0-9]{{2}})[-/.年]([01]?[0-9])[-/.月]([0-3]?[0-9])日?[_ T-]*{_CLOCK}"),
    re.compile(rf"(?<![0-9])(20[0-9]{{2}})([01][0-9])([0-3][0-9])[_ T-]?{_CLOCK}"),
)
"""A day with its time, apart or run together (``20241203_101500``, ``202412031015``)."""
_WINDOW = re.compile(
    r"(?:转化|归因|成交|效果|累计)(?:周期|窗口|天数)?[:：\s]*([0-9]{1,2})\s*[天日]|([0-9]{1,2})\s*天(?:转化|归因|累计)"
)


def downloaded(preamble: list[Row], name: str, said: FileStatement | None) -> dt.datetime | None:
    """When the file was made: as client.toml, the rows above its header or its name say; None if none of them does."""
    stated_there = getattr(said, "downloaded", None)
    if stated_there is not None:
        moment = isinstance(stated_there, dt.datetime)
        return stated_there.replace(tzinfo=None) if moment else dt.datetime.combine(stated_there, dt.time())
    rows = [" ".join(row) for row in preamble if MADE.search("".join(row))]
    found = [m for text in (*rows, name.rsplit("/", 1)[-1]) if (m := _moment(text))]
    return found[0] if found else None


def _moment(text: str) -> dt.datetime | None:
    for match in (m for pattern in _MOMENTS for m in pattern.finditer(text)):
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        try:
            return dt.datetime(year, month, day, hour, minute, second)
        except ValueError:  # digits that only look like a moment
            continue
    stated_day = stated(text) if MADE.search(text) else None
    return dt.datetime.combine(stated_day[1], dt.time()) if stated_day else None


def dated_name(name: str, last: dt.date) -> dt.datetime | None:
    """The single day in a file's name, if it comes after the last of its dated rows: that of the download."""
    found = _DATE.findall(_stem(name))
    day = span(found[0]) if len(found) == 1 else None
    return dt.datetime.combine(day[0], dt.time()) if day and last < day[0] == day[1] else None


def window(preamble: list[Row], name: str) -> int | None:
    """The attribution window in days that the rows above the header or the file's name state."""
    text = " ".join([*(cell for row in preamble for cell in row), name.rsplit("/", 1)[-1]])
    found = _WINDOW.search(text)
    return int(found[1] or found[2]) if found else None


def as_value(found: Span, type: str, shown: str, spans: bool = False) -> dt.date | Span:
    """The period as the value of a date column (one day, or a span where the table takes one) or a month column."""
    start, end = found
    if type == "date" and (spans or start == end):
        return start if start == end else found
    if type == "month" and start.day == 1 and end == month_end(start):
        return start
    raise KitError(problem(f"e.period.{type}", file=shown, start=f"{start}", end=f"{end}"))
