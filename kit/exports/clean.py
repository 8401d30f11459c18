"""From the literal in a cell to its value: one reader per column type, the same for every export.

Cells arrive as text. A reader never guesses: what it cannot take for certain is ``UNREADABLE`` and becomes an error
that names the cell. Missing is None, never zero.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import Any, NamedTuple

from kit.exports.dates import month_end, span


class Cell(NamedTuple):
    """A value, and the ledger's reason when something must be said of it (``masked``, ``at_least`` …)."""

    value: Any
    flag: str | None = None


Read = Callable[[str], Cell]

NULL = Cell(None)
UNREADABLE = Cell(None, "unreadable")
NULLS = frozenset(("", "-", "--", "—", "——", "null", "NULL", "None", "nan", "NaN", r"\N"))
LONGEST = 60
"""Characters in the longest literal that can be a figure or a date."""
FLAGGED_NULLS = {
    "*": "masked",
    "**": "masked",
    "***": "masked",
    "****": "masked",
    "∞": "no_base",
    "数据量过小": "too_small",
}

_ASCII: dict[int, int | None] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_ASCII |= {0x3000: 0x20, 0xA0: 0x20, 0xFFE5: 0xA5, 0x2212: 0x2D}
_ASCII |= dict.fromkeys((0xFEFF, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F))
"""Full-width forms to ASCII, wide blanks to blanks, ￥ to ¥, the minus sign to a hyphen; invisible marks go."""


def ascii_forms(text: str) -> str:
    """``text`` with the characters of ``_ASCII`` replaced and its ends stripped: for matching, never kept."""
    return text.strip() if text.isascii() else text.translate(_ASCII).strip()


# ---------------------------------------------------------------------------------------------------- numbers

_NUMBER = re.compile(r"([-+]?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)?(\.[0-9]*)?(?:[eE](-?[0-9]{1,3}))?(万|亿|千)?")
_SCALES = {"千": 3, "万": 4, "亿": 8}
_HEADER_UNIT = re.compile(r"\((%|千元|万元|亿元|千|万|亿)\)$")
_MONEY = re.compile(r"([-+]?)(?:¥|RMB|CNY)?\s*(.*?)\s*元?", re.DOTALL)
_THINGS = re.compile(r"(?:件|人|单|笔|次|个|条|款|人付款|人收货|人已买)?$")


def _decimal(text: str) -> Decimal | None:
    """The number a literal states, or None. ``1,39`` is none (thousands come in threes), nor is Excel's ``1.2E+08``."""
    found = _NUMBER.fullmatch(text)
    if not found or not (found[2] or (found[3] and found[3] != ".")):
        return None
    plain = Decimal(found[1] + (found[2] or "0").replace(",", "") + (found[3] or ""))
    return plain.scaleb(int(found[4] or 0) + _SCALES.get(found[5] or "", 0))


def _scaled(number: Decimal, text: str, header: str) -> Decimal:
    """``number`` in the unit that the header states, unless the cell states its own."""
    unit = _HEADER_UNIT.search(ascii_forms(header))
    if not unit or text[-1] in "%万亿千":
        return number
    return number.scaleb(-2 if unit[1] == "%" else _SCALES[unit[1][0]])


def _number(text: str, header: str) -> Cell:
    number = _decimal(text)
    if number is None or not isfinite(value := float(_scaled(number, text, header))):
        return UNREADABLE
    return Cell(value)


def _money(text: str, header: str) -> Cell:
    if text.startswith("(") and text.endswith(")"):  # the accounting form of a negative amount
        cell = _money(text[1:-1], header)
        return Cell(-cell.value) if cell.value else cell
    sign, rest = _MONEY.fullmatch(text).groups()  # type: ignore[union-attr]
    return _number(sign + rest, header) if not (sign and rest[:1] in "+-") else UNREADABLE


def _count(text: str, header: str) -> Cell:
    """A whole number; ``2000+`` states the least it can be."""
    bare = _THINGS.sub("", text)
    least = bare.endswith("+")
    cell = _number(bare.rstrip("+") if least else bare, header)
    if cell.value is None or cell.value != int(cell.value):
        return UNREADABLE
    return Cell(cell.value, "at_least") if least else cell


def _ratio(text: str, header: str) -> Cell:
    """A fraction. Three conventions: ``%`` in the cell, ``(%)`` in the header, else a fraction already."""
    if not text.endswith("%"):
        return _number(text, header)
    number = _decimal(text[:-1])
    return UNREADABLE if number is None else Cell(float(number.scaleb(-2)))


_TO = re.compile(r"\s*(?:~|至|–|—|(?<=[0-9万亿千%元])\s*-)\s*")


def _interval(text: str, header: str) -> Cell:
    """``(low, middle, high)``; a plain number is all three. ``75 ~ 100万`` is refused: is 75 a number of 万?"""
    text = text.replace("元", "")
    parts = _TO.split(f"0~{text[1:]}" if text.startswith("<") else text)
    ends = [_ratio(p, header) if p.endswith("%") else _money(p, header) for p in parts]
    if len(parts) not in (1, 2) or any(e.value is None for e in ends):
        return UNREADABLE
    low, high = ends[0].value, ends[-1].value
    unit_shared = parts[-1][-1:] in tuple("万亿千") and parts[0][-1:] not in tuple("万亿千")
    if low > high or (unit_shared and low and low < _bare(parts[-1])):
        return UNREADABLE
    return Cell((low, (low + high) / 2, high))


def _bare(text: str) -> float:
    return float(_decimal(_MONEY.fullmatch(text).group(2)[:-1]) or 0)  # type: ignore[union-attr]


# ---------------------------------------------------------------------------------------------------- dates


def _day(text: str, header: str) -> Cell:
    found = span(text)
    return Cell(found[0]) if found and found[0] == found[1] else UNREADABLE


def _month(text: str, header: str) -> Cell:
    """The first day of the month; Excel makes 2024-11-01 of 2024-11, any other single day is no month."""
    found = span(text)
    if not found or found[0].day != 1 or found[1] not in (found[0], month_end(found[0])):
        return UNREADABLE
    return Cell(found[0])


# ---------------------------------------------------------------------------------------------------- texts

_GUARD = re.compile(r'="(.*)"')
_FLOAT = re.compile(r"([0-9]+)\.0+")
_LOST = re.compile(r"[0-9]+(?:\.[0-9]+)?[eE]\+[0-9]+")
_BREAK = re.compile(r"\r\n|[\t\n\v\f\r\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
HIDDEN = "〔已隐去〕"
_DIGIT = "[0-9０-９]"
# An address is looked for only where a word begins: at every letter of it, a long cell would take hours.
_PERSONAL = re.compile(
    r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    rf"|(?<!{_DIGIT})(?:{_DIGIT}{{17}}(?:{_DIGIT}|[XxＸ])"
    rf"|(?:(?:[+＋]|00)?[8８][6６][\s-]?)?[1１][3-9３-９]{_DIGIT}[\s.-]?{_DIGIT}{{4}}[\s.-]?{_DIGIT}{{4}})(?!{_DIGIT})",
    re.ASCII,
)


def scrub(text: str) -> str:
    """``text`` with phone numbers, identity-card numbers and e-mail addresses taken out."""
    return _PERSONAL.sub(HIDDEN, text)


def _id(text: str, header: str) -> Cell:
    """An identifier, digit by digit. ``6.92E+12`` has lost digits and is refused."""
    guarded = _GUARD.fullmatch(text)
    bare = (guarded[1] if guarded else text).strip().lstrip("'").strip()
    if _LOST.fullmatch(bare):
        return UNREADABLE
    whole = _FLOAT.fullmatch(bare)
    return Cell(whole[1] if whole else bare) if bare else NULL


def _text(text: str, header: str) -> Cell:
    """A text on one line, its control characters and personal data taken out."""
    guarded = _GUARD.fullmatch(text)
    plain = _BREAK.sub(" ", guarded[1] if guarded else text)
    plain = _CONTROL.sub("", plain).strip()
    clean = scrub(plain)
    return Cell(clean, "scrubbed" if clean != plain else None) if clean else NULL


PLATFORM_NAMES = {
    "天猫": "tmall",
    "淘宝": "taobao",
    "京东": "jd",
    "拼多多": "pinduoduo",
    "抖音": "douyin",
    "快手": "kuaishou",
    "小红书": "xiaohongshu",
    "微信": "wechat",
    "视频号": "wechat",
    "其他": "other",
}

_READERS: dict[str, Callable[[str, str], Cell]] = {
    "number": _number,
    "money": _money,
    "count": _count,
    "ratio": _ratio,
    "interval": _interval,
    "date": _day,
    "month": _month,
    "id": _id,
    "text": _text,
}
TYPES = frozenset(_READERS) | {"word", "platform"}


_PLAIN = {
    "number": re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?"),
    "money": re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?"),
    "count": re.compile(r"[0-9]{1,15}"),
}
"""Literals that mean what they look like: most cells, read without further ado."""


def reader(type: str, header: str = "", words: Mapping[str, str] | None = None) -> Read:
    """The reader of a column: its type, its header in the file, and for ``word`` which literal is which word."""
    if type in ("word", "platform"):
        return _word_reader(words or {} if type == "word" else PLATFORM_NAMES)
    read = _READERS[type]
    if type in ("id", "text"):
        return lambda raw: NULL if len(raw) < 9 and ascii_forms(raw) in NULLS else read(raw.strip(), header)
    plain = None if _HEADER_UNIT.search(ascii_forms(header)) else _PLAIN.get(type)

    def read_figure(raw: str) -> Cell:
        if plain and plain.fullmatch(raw):
            return Cell(float(raw))
        bare = ascii_forms(raw).strip("'").strip()
        guarded = _GUARD.fullmatch(bare)
        bare = guarded[1].strip() if guarded else bare
        if bare in NULLS or bare == "任意时间":
            return NULL
        if len(bare) > LONGEST:
            return UNREADABLE
        return Cell(None, FLAGGED_NULLS[bare]) if bare in FLAGGED_NULLS else read(bare, header)

    return read_figure


def _word_reader(words: Mapping[str, str]) -> Read:
    known = {**words, **{word: word for word in words.values()}}

    def read_word(raw: str) -> Cell:
        bare = ascii_forms(raw)
        return Cell(known[bare]) if bare in known else NULL if bare in NULLS else UNREADABLE

    return read_word


@dataclass(frozen=True)
class Cleaned:
    """A column read: values by row, and the rows of each flag (``unreadable`` among them)."""

    values: list[Any]
    flags: dict[str, list[int]]


class _Memo(dict[str, Cell]):
    """Each literal is read once: a column repeats itself."""

    def __init__(self, read: Read) -> None:
        self.read = read

    def __missing__(self, raw: str) -> Cell:
        cell = self[raw] = self.read(raw)
        return cell


def column(cells: Sequence[str], read: Read) -> Cleaned:
    """A whole column through ``read``."""
    memo = _Memo(read)
    got = [memo[c] for c in cells]
    flags: dict[str, list[int]] = {}
    if any(cell.flag for cell in memo.values()):
        for row, cell in enumerate(got):
            if cell.flag:
                flags.setdefault(cell.flag, []).append(row)
    return Cleaned([cell.value for cell in got], flags)
