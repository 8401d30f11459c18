"""Columns of plain literals, read whole: digits, ISO moments, ids of letters and digits, texts with nothing odd.

A whole reader takes a column's cells and gives their values and the rows whose literals are not plain; those are read
one by one, as every cell could be. What it gives must be what reading cell by cell gives (``tests/test_clean.py`` holds
it to that), so it leaves alone whatever it is not sure of.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from itertools import compress, pairwise
from typing import Any

from kit.exports.figures import seconds, shift
from kit.exports.literals import ERRORS, INVISIBLE, NULLS, QUOTES, ascii_forms, said_nothing
from kit.exports.personal import suspects

DAYS = 32
"""Of a month, beginning with the one before its first."""
Rows = list[int]
Whole = Callable[[Sequence[str]], tuple[Any, Rows]]
"""Cells → values by row (NaN, NaT or None where there is none), and the rows that are not plain."""


class _Plain:
    """What a plain literal looks like. ``part``: of one cell, as a pattern; it must match the blank one, too."""

    def __init__(self, part: str) -> None:
        # Possessive: nothing is tried twice, so nothing need be remembered of a column matched so far.
        self.column, self.cell = re.compile(rf"(?:(?:{part})\n)*+"), re.compile(part)

    def sift(self, cells: list[str]) -> tuple[list[str], Rows]:
        """The cells, blank where they are not plain, and the rows of those that are not."""
        joined = "\n".join([*cells, ""])
        if self.column.fullmatch(joined) and joined.count("\n") == len(cells):
            return cells, []
        match = self.cell.fullmatch
        odd = [row for row, cell in enumerate(cells) if not match(cell)]
        cells = cells.copy()
        for row in odd:
            cells[row] = ""
        return cells, odd


# ---------------------------------------------------------------------------------------------------- figures

_DIGITS = "(?:[0-9]{1,15}+|[0-9]{1,3}+(?:,[0-9]{3}){1,4}+)"
_FRACTION = r"(?:\.[0-9]{1,9})?"
_NUMBER = _Plain(f"-?{_DIGITS}{_FRACTION}|-{{0,4}}")
_MONEY = _Plain(f"-?[¥￥]?{_DIGITS}{_FRACTION}元?|-{{0,4}}")
_COUNT = _Plain(rf"-?{_DIGITS}(?:\.0{{1,9}})?|-{{0,4}}")
_RATIO = _Plain(f"-?{_DIGITS}{_FRACTION}%?|-{{0,4}}")
_FIGURES = {
    "number": _NUMBER,
    "duration": _NUMBER,
    "money": _MONEY,
    "price": _MONEY,
    "count": _COUNT,
    "people": _COUNT,
    "ratio": _RATIO,
    "measure": _MONEY,
}
_AS_FLOAT = {",": "", "¥": "", "￥": "", "元": "", "%": "e-2"}


def figures(type: str, header: str, currency: str, dash_zero: bool, na: frozenset[str]) -> Whole | None:
    """Digits with an optional sign, fraction, thousands, ¥ and %, or dashes. Not under a header that scales them."""
    scaled = seconds(header) != 1 if type == "duration" else shift(header) != 0
    plain = _FIGURES[type]
    dashes = {"-" * n: 0.0 if dash_zero and n and "-" * n not in na else float("nan") for n in range(5)}
    if scaled or (plain is _MONEY and currency != "CNY") or any(map(plain.cell.fullmatch, na - dashes.keys())):
        return None

    def read(cells: Sequence[str]) -> tuple[Any, Rows]:
        import numpy as np

        kept, odd = plain.sift(list(map(str.strip, cells)))
        joined = "\n".join(kept)
        if any(sign in joined for sign in _AS_FLOAT):
            for sign, replacement in _AS_FLOAT.items():
                joined = joined.replace(sign, replacement)
            kept = joined.split("\n")
        try:
            return np.fromiter(map(float, kept), float, len(kept)), odd
        except ValueError:  # dashes and blanks among them
            return np.array([dashes[c] if c in dashes else float(c) for c in kept]), odd

    return read


# ---------------------------------------------------------------------------------------------------- moments

LONGEST = 19
_SHAPES = re.compile("[0-9]{4}(?P<s>[-/.])[0-9]{1,2}(?P=s)[0-9]{1,2}(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?")


def moments(na: frozenset[str], unit: str) -> Whole | None:
    """Year, month and day in digits, with or without a clock: ``2024-11-01 12:34:56``, ``2020/2/21 0:00``.

    ``unit``: ``D`` gives days, ``us`` moments.
    """
    if any(_SHAPES.fullmatch(literal) for literal in na):
        return None

    def read(cells: Sequence[str]) -> tuple[Any, Rows]:
        import numpy as np

        kept = list(map(str.strip, cells))
        made = np.full(len(kept), "NaT", dtype=f"datetime64[{unit}]")
        fits = [c.isascii() and 5 < len(c) <= LONGEST and "\0" not in c for c in kept]
        if some := kept if all(fits) else list(compress(kept, fits)):
            made[np.array(fits)] = shaped(np.array(some, dtype=f"S{LONGEST}"), unit)
        return made, [row for row in np.flatnonzero(np.isnat(made)).tolist() if kept[row]]

    return read


def shaped(texts: Any, unit: str) -> Any:
    """The moments of ASCII texts, NaT where one is not of the shape; texts whose digits lie alike are read together."""
    import numpy as np

    signs = texts.view(np.uint8).reshape(len(texts), LONGEST)
    packed = np.packbits(signs - 48 < 10, axis=1).astype(np.int32)
    codes = packed[:, 0] << 16 | packed[:, 1] << 8 | packed[:, 2]
    made = np.full(len(texts), "NaT", dtype=f"datetime64[{unit}]")
    for code in np.unique(codes).tolist():
        runs = [found.span() for found in re.finditer("1+", f"{code:024b}")]
        # Nothing before the first digits, and one sign between two runs: else the rest is not looked at.
        apart = runs and runs[0][0] == 0 and all(b[0] == a[1] + 1 for a, b in pairwise(runs))
        if apart and _SHAPES.fullmatch(_outline(runs)):
            rows = np.flatnonzero(codes == code)
            made[rows] = _read(signs[rows], runs, unit)
    return made


def _outline(runs: list[tuple[int, int]]) -> str:
    """A literal whose digits lie at ``runs``, if those are a date's or a moment's."""
    return "".join("0" * (end - start) + sign for (start, end), sign in zip(runs, "-- :: ", strict=False)).rstrip("- :")


def _read(signs: Any, runs: list[tuple[int, int]], unit: str) -> Any:
    """The moments of texts whose digits lie at ``runs``; NaT where there is none, or something else between them."""
    import numpy as np

    signs = np.asfortranarray(signs)
    numbers = [_digits(signs[:, start:end]) for start, end in runs]
    year, month, day = numbers[:3]
    hour, minute, second = numbers[3:] + [np.zeros(len(signs), np.int32)] * (6 - len(numbers))
    between = [signs[:, end] for _, end in runs[:-1]]
    sound = (between[0] == between[1]) & np.isin(between[0], np.frombuffer(b"-/.", np.uint8))
    if len(runs) > 3:
        sound &= np.isin(between[2], np.frombuffer(b" T", np.uint8))
    for sign in between[3:]:
        sound &= sign == ord(":")
    if runs[-1][1] < LONGEST:
        sound &= signs[:, runs[-1][1]] == 0
    sound &= (year >= 2000) & (year < 2100) & (month > 0) & (month < 13) & (hour < 24) & (minute < 60) & (second < 60)
    days = ((year - 2000) * 12 + month - 1) * DAYS + day
    made = _calendar(unit).take(np.where(sound & (day < DAYS), days, 0))
    if unit != "D":
        made += ((hour * 60 + minute) * 60 + second).astype("timedelta64[s]")
    return made


@functools.cache
def _calendar(unit: str) -> Any:
    """The days of the century, ``DAYS`` of each month from its zeroth; NaT where the month has no such day."""
    import numpy as np

    months = np.arange("2000-01", "2100-01", dtype="datetime64[M]")[:, None]
    days = months.astype("datetime64[D]") + np.arange(-1, DAYS - 1)
    days[days.astype("datetime64[M]") != months] = np.datetime64("NaT")
    return days.ravel().astype(f"datetime64[{unit}]")


def _digits(signs: Any) -> Any:
    import numpy as np

    number = np.zeros(len(signs), np.int32)
    for column in range(signs.shape[1]):
        number = number * 10 + (signs[:, column] - 48)
    return number


# ---------------------------------------------------------------------------------------------------- identifiers

_ID = _Plain(r"[0-9A-Za-z_-]*+|[0-9]++\.0")
_ACCOUNT = _Plain("[0-9A-Za-z_\u4e00-\u9fff-]*+")


def keys(na: frozenset[str], seal: Callable[[str], str] | None) -> Whole | None:
    """Accounts of letters, Chinese ones among them, digits and hyphens, sealed."""
    if seal is None:
        return None
    account = ids(na, _ACCOUNT)

    def read(cells: Sequence[str]) -> tuple[Any, Rows]:
        kept, odd = account(cells)
        for row in odd:
            kept[row] = None
        known = {c: c and seal(c) for c in dict.fromkeys(kept)}
        return [known[c] for c in kept], odd

    return read


def ids(na: frozenset[str], shape: _Plain = _ID) -> Whole:
    """Letters, digits and hyphens, with or without what Excel and the platforms put around them."""
    said = NULLS - {""} | na

    def read(cells: Sequence[str]) -> tuple[Any, Rows]:
        kept = list(map(str.strip, cells))
        joined = "\n".join(kept)
        if '="' in joined:
            kept = [c[2:-1] if c.startswith('="') and c.endswith('"') and len(c) > 2 else c for c in kept]
        if "'" in joined or "`" in joined:
            kept = [c.lstrip(QUOTES) for c in kept]
        kept, odd = shape.sift(kept)
        if "." in (joined := "\n".join(kept)):
            kept = f"{joined}\n".replace(".0\n", "\n").split("\n")[:-1]
        if not said.isdisjoint(kept):
            odd = sorted({*odd, *(row for row, c in enumerate(kept) if c in said)})
        return [c or None for c in kept], odd

    return read


# ---------------------------------------------------------------------------------------------------- texts

_ODD = re.compile(f"[\0-\t\v-\x1f\x7f\x85\u2028\u2029{''.join(map(chr, INVISIBLE))}]")
_OPENING = ("=", "*", "＊")


def texts(na: frozenset[str]) -> Whole:
    """Texts without control characters, guards, and anything that could be personal."""
    short = max(map(len, NULLS | ERRORS | na))

    def read(cells: Sequence[str]) -> tuple[Any, Rows]:
        kept = list(map(str.strip, cells))
        joined = "\n".join(kept)
        odd: set[int] = set()
        if min(map(len, kept), default=0) <= short:
            odd = {row for row, c in enumerate(kept) if c and len(c) <= short and said_nothing(ascii_forms(c), na)}
        if joined.count("\n") != len(kept) - 1:
            odd |= {row for row, c in enumerate(kept) if "\n" in c}
            joined = "\n".join("" if "\n" in c else c for c in kept)
        if any(sign in joined for sign in _OPENING):
            odd |= {row for row, c in enumerate(kept) if c.startswith(_OPENING)}
        places = [*(found.span() for found in _ODD.finditer(joined)), *suspects(joined)]
        odd |= _rows_at(places, joined)
        made: list[str | None] = [c or None for c in kept]
        return made, sorted(odd)

    return read


def _rows_at(places: list[tuple[int, int]], joined: str) -> set[int]:
    """The rows of a joined column that any of the places touches."""
    import numpy as np

    if not places:
        return set()
    ends = np.cumsum([len(cell) + 1 for cell in joined.split("\n")])
    first, last = np.searchsorted(ends, np.array(places) - [0, 1], side="right").T.tolist()
    return {row for a, b in zip(first, last, strict=True) for row in range(a, b + 1)}
