"""What the cell readers share: a cell's value, the forms a literal comes in, and the literals that state nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple


class Cell(NamedTuple):
    """A value, and the ledger's reason when something must be said of it (``masked``, ``at_least`` …)."""

    value: Any
    flag: str | None = None


Read = Callable[[str], Cell]

NULL = Cell(None)
UNREADABLE = Cell(None, "unreadable")
MASKED = Cell(None, "masked")
NO_BASE = Cell(None, "no_base")
TOO_SMALL = Cell(None, "too_small")

DASHES = frozenset(("-", "--", "---", "----", "—", "——", "–", "―"))
NULLS = DASHES | {"", "null", "NULL", "Null", "None", "nan", "NaN", "NaT", "<NA>", r"\N", "/", "暂无数据"}
NAMED_NULLS = {
    "∞": NO_BASE,
    "-∞": NO_BASE,
    "Infinity": NO_BASE,
    "inf": NO_BASE,
    "数据量过小": TOO_SMALL,
    "人群较少暂不支持分析": TOO_SMALL,
}
"""Figures that a platform withholds, and why."""
ERRORS = frozenset(
    f"#{e}"
    for e in (
        "N/A", "DIV/0!", "REF!", "VALUE!", "NAME?", "NUM!", "NULL!", "SPILL!", "CALC!", "FIELD!", "BLOCKED!",
        "CONNECT!", "UNKNOWN!", "BUSY!", "PYTHON!", "GETTING_DATA", "ERROR", "ERROR!",
    )
)  # fmt: skip
LONGEST = 60
"""Characters in the longest literal that can be a figure or a date."""

_ASCII: dict[int, int | None] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_ASCII |= dict.fromkeys((0x3000, 0xA0, 0x202F, *range(0x2000, 0x200B)), 0x20)
_ASCII |= {0xFFE5: 0xA5, 0x2212: 0x2D, 0x2010: 0x2D, 0x2011: 0x2D, 0x301C: 0x7E, 0x223C: 0x7E}
INVISIBLE = (0xFEFF, 0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065))
_ASCII |= dict.fromkeys(INVISIBLE)
"""Full-width forms to ASCII, wide blanks to blanks, ￥ to ¥, the minus sign to a hyphen; invisible marks go."""
_WIDE_SIGNS = [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]
_TYPED: dict[int, int | None] = dict.fromkeys(INVISIBLE) | {code: code - 0xFEE0 for code in _WIDE_SIGNS}
"""Of an identifier only letters and digits change their form: a wide bracket of a merchant's code is part of it."""

_GUARD = re.compile(r'=\s*"(.*)"', re.DOTALL)
_BARE_GUARD = re.compile(r"=([0-9]+)")
QUOTES = "'`"
"""Marks that keep Excel from reading a number; WeChat's bills put the second before every cell."""
_STARS = re.compile(r"\*+")
_HIDDEN_DIGITS = re.compile(r"[0-9]*\*[0-9*]*")
_LOST = re.compile(r"[0-9]+(?:\.[0-9]+)?[eE]\+[0-9]+")
_FLOAT = re.compile(r"([0-9]+)\.0+")


_UNSEEN: dict[int, int | None] = dict.fromkeys(code for code in INVISIBLE if code != 0x200D)


def visible(text: str) -> str:
    """``text`` without marks that nobody sees: they make two brands of one, and hide a phone number's digits from each
    other. The joiner stays, which holds an emoji together."""
    return text if text.isascii() else text.translate(_UNSEEN)


def ascii_forms(text: str) -> str:
    """``text`` with the characters of ``_ASCII`` replaced and its ends stripped: for matching, never kept."""
    return text.strip() if text.isascii() else text.translate(_ASCII).strip()


def unguarded(text: str) -> str:
    """``text`` without ``="…"``, the form that keeps Excel from reading it as a number."""
    if not text.startswith("="):
        return text
    found = _GUARD.fullmatch(text) or _BARE_GUARD.fullmatch(text)
    return found[1] if found else text


def bare(raw: str) -> str:
    """A figure, date or word as it is matched: ASCII forms, no guards, no blanks around it."""
    return unguarded(ascii_forms(raw).strip(QUOTES).strip()).strip()


def said_nothing(text: str, na: frozenset[str]) -> Cell | None:
    """The cell of a bare literal that states no value, whatever its column's type; None if it states one.

    An error of Excel's is no missing value but a formula of somebody's that broke: refused, unless the client lists it
    in ``na``.
    """
    if text in na or text in NULLS:
        return NULL
    if text[0] == "*" and _STARS.fullmatch(text):
        return MASKED
    return UNREADABLE if text in ERRORS else None


def withheld(text: str) -> Cell | None:
    """The cell of a figure that the platform keeps to itself."""
    if "*" in text and _HIDDEN_DIGITS.fullmatch(text):
        return MASKED
    return NAMED_NULLS.get(text)


def identifier(raw: str) -> Cell:
    """An identifier, digit by digit. ``6.92E+12`` has lost digits and is refused, as is a formula without a result."""
    text = (raw if raw.isascii() else raw.translate(_TYPED)).strip()
    text = unguarded(text).strip().lstrip(QUOTES).strip()
    if text.startswith("=") or _LOST.fullmatch(text):
        return UNREADABLE
    whole = _FLOAT.fullmatch(text)
    return Cell(whole[1] if whole else text) if text else NULL
