"""A date of which year, month and day stand apart: in columns of their own, or the year as a heading."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kit.exports import short_dates
from kit.exports.dates import span
from kit.exports.literals import ascii_forms
from kit.exports.rows import TOTAL

SUBTOTAL = re.compile(r".*(?:小计|合计|总计|共计|汇总|累计|平均|均值|[日周月]均|[周月]计)(?:[:].*|\(.*\))?")
"""In a column of days: what is none, but a sum or an average of some (``第1周小计``)."""
_NUMBER = re.compile(r"([0-9]{1,4})\s*(?:年度?|月份?|[日号])?")
_ORDER = ("年|year", "月|month", "日|号|day")
_YEAR = re.compile(r"(20[0-9]{2})\s*(?:年度?)?")


def only_year(text: str) -> str | None:
    """The year that a text is, and nothing else."""
    found = _YEAR.fullmatch(ascii_forms(text).strip())
    return found[1] if found else None


def joined(headings: Sequence[str], cells: Sequence[str], year: int | None) -> str:
    """The date that cells of one row state together, in the order that their headings say; a word for a sum as it is,
    blank if one of them is, and what is no date as it stands there. ``year``: of a month and day without it."""
    said = [ascii_forms(cell).strip() for cell in cells]
    if total := next((text for text in said if TOTAL.fullmatch(text)), None):
        return total
    if any(map(SUBTOTAL.fullmatch, said)):
        return "小计"
    if not all(said):
        return ""
    ranks = [_rank(head) for head in headings]
    order = sorted(range(len(said)), key=lambda n: ranks[n])
    first, *rest = (said[n] for n in order)
    numbers = [int(found[1]) if (found := _NUMBER.fullmatch(text)) else None for text in rest]
    own = _YEAR.fullmatch(first) or (re.fullmatch("([0-9]{2})年?", first) if ranks[order[0]] == 0 else None)
    if own:
        year = int(own[1][-2:]) + 2000
        if len(rest) == 1:
            whole = span(rest[0])
            made = rest[0] if whole else short_dates.completed(rest[0], year, None, "month")
            return made if made.startswith(str(year)) else "/".join(said)
        if len(rest) == 2 and numbers[0] and numbers[1]:
            return f"{year}-{numbers[0]:02}-{numbers[1]:02}"
    elif len(rest) == 1 and numbers[0] and (month := _NUMBER.fullmatch(first)):
        return short_dates.completed(f"{month[1]}月{numbers[0]}日", year, None, "date")
    return "/".join(said)


def with_year(headings: Sequence[str]) -> bool:
    """Whether one of the columns is the year."""
    return any(_rank(head) == 0 for head in headings)


def _rank(heading: str) -> int:
    """Whether it is called year, month or day."""
    own = heading.rsplit("/", 1)[-1].lower()
    return next((n for n, signs in enumerate(_ORDER) if re.search(signs, own)), len(_ORDER))


def columns(headings: Sequence[str], body: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Where year, month and day stand, if these are columns of their own; none where one column states them all."""
    found: dict[int, int] = {}
    body = [row for row in body if sum(bool(cell.strip()) for cell in row) > 1]  # no notes
    for place, head in enumerate(headings):
        own = head.rsplit("/", 1)[-1].strip().lower()
        if (rank := _names().get(own)) is not None:
            said = [text for row in body if place < len(row) and (text := ascii_forms(row[place]).strip())]
            cells = [text for text in said if not TOTAL.fullmatch(text) and not SUBTOTAL.fullmatch(text)]
            if not cells or any(not _NUMBER.fullmatch(text) for text in cells[:3]):
                return ()
            found.setdefault(rank, place)
    return tuple(found[rank] for rank in sorted(found)) if len(found) > 1 and 1 in found else ()


def _names() -> dict[str, int]:
    words = (("年", "年份", "年度", "year"), ("月", "月份", "month"), ("日", "号", "日期", "day", "date"))
    return {word: rank for rank, group in enumerate(words) for word in group}
