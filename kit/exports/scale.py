"""What amounts are counted in: as each heading says, or as a sheet says once for all of them (``单位：万元``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kit.exports.literals import ascii_forms
from kit.exports.sheet import Sheet

_SCALE = "千万|百万|千|万|亿"
_THING = "元|人|人数|人次|件|次|单|笔|个"
TIMES = ("秒", "分钟", "小时")
NONE = "元"
"""The unit that scales nothing."""
_TIME = "|".join(TIMES)
_BRACKETS = re.compile(rf"[(\[【](?:单位:?)?(?:(%|‰|{_TIME}|{_SCALE})(?:{_THING})?|{_THING})[)\]】]")
_SLASH = re.compile(rf"/(?:(%|{_SCALE})(?:{_THING})?|{_THING})$")
_ALL = re.compile(rf"单位\s*[:为是]?\s*(?:人民币)?\s*({_SCALE})元?")
_TITLE = re.compile(rf"[(\[【]\s*(?:人民币)?({_SCALE})元\s*[)\]】]")
FIGURES = ("money", "price", "count", "people", "ratio", "number", "duration", "interval", "measure")
NOTES = 10
"""Rows at the end of a sheet among which a note may state the unit."""


def own(heading: str) -> str | None:
    """The unit that a heading states for its own column, ``元`` for one that scales nothing; None without any."""
    text = ascii_forms(heading)
    found = _BRACKETS.search(text.rsplit("/", 1)[-1]) or _SLASH.search(text)
    return (found[1] or NONE) if found else None


def of_column(heading: str, kind: str) -> str | None:
    """The unit of a column of the type ``kind``: its own; of an amount else that above it (``成交(万元)/销售额``)."""
    said = own(heading)
    if kind == "money" and said is None and (above := _BRACKETS.search(ascii_forms(heading))):
        said = above[1] or NONE
    if said in TIMES:
        fits = kind == "duration"
    elif said in ("%", "‰"):
        fits = kind not in ("money", "price", "count", "people")
    else:
        fits = kind not in ("ratio", "duration")
    return said if fits and kind in FIGURES else None


def bare(heading: str) -> str:
    """A heading without the unit that it states."""
    return _SLASH.sub("", _BRACKETS.sub("", ascii_forms(heading))).strip()


class Said(NamedTuple):
    """A ``cell`` that states a ``unit`` for all amounts; not ``sure`` where it may mean those below it alone."""

    cell: str
    unit: str
    sure: bool


def of_all(sheet: Sheet, heading: int, beside: Iterable[str]) -> Said | None:
    """What a sheet says of all of its amounts: in its name, above the row of the headings (``heading``, from 1), among
    the headings of what is no amount (``beside``), or in a note that stands alone in one of its last rows."""
    rows = sheet.rows
    for row in ([sheet.name or ""], *rows[: heading - 1]):
        alone = sum(bool(cell.strip()) for cell in row) == 1
        for cell in row:
            text = ascii_forms(cell)
            if found := _ALL.search(text):
                return Said(cell, found[1], True)
            if found := _TITLE.search(text):
                return Said(cell, found[1], alone or found[0] == text)
    notes = [row for row in rows[max(heading, len(rows) - NOTES) :] if sum(bool(cell.strip()) for cell in row) == 1]
    for cell in (*beside, *(cell for row in notes for cell in row)):
        if found := _ALL.search(ascii_forms(cell)):
            return Said(cell, found[1], True)
    return None


def unsaid(sheet: Sheet, row: int, headings: Sequence[str], kinds: Mapping[int, str]) -> tuple[str, list[int]] | None:
    """The cell that states a unit for all amounts, and where amounts lie whose headings state none; None if there are
    none such. ``row``: of the headings, from 0; ``kinds``: position → column type."""
    if sheet.numbers:  # one that mapping.yml is about says its units itself
        return None
    amounts = [at for at, kind in kinds.items() if kind == "money" and own(headings[at]) is None]
    beside = [head for at, head in enumerate(headings) if kinds.get(at) not in FIGURES]
    said = of_all(sheet, row + 1, beside) if amounts else None
    return (said.cell, amounts) if said else None
