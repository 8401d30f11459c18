"""Columns of cells as they lie in a file, in bytes, read whole: what the eye reads needs not be text first.

A reader of bytes takes a column and gives its values and the rows whose literals are not plain, as those of
``kit.exports.plain`` do; the rest is theirs. Every codec that is read keeps ASCII signs to themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, overload

from kit.exports.literals import NULLS, QUOTES
from kit.exports.plain import LONGEST, Rows, shaped
from kit.exports.province import PROVINCES

DIGITS = 15
"""Digits of which a figure is exact as a float: so it is what ``float`` makes of its text."""
WIDEST_FIGURE, WIDEST_ID, WIDEST = 20, 40, 64
"""Bytes up to which a cell is looked at in a column of many."""
_PLAIN_ID = b"\0-_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BLANKS = b" \t\v\f\r\n\x1c\x1d\x1e\x1f"


class Raw(Sequence[str]):
    """A column: ``data[starts[n]:ends[n]]`` is its cell ``n`` in the file's encoding. As a sequence it gives texts."""

    def __init__(self, data: bytes, signs: Any, starts: Any, ends: Any, codec: str) -> None:
        self.data, self.signs, self.starts, self.ends, self.codec = data, signs, starts, ends, codec

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, slice):
            return list(self)[row]
        return self.data[self.starts[row] : self.ends[row]].decode(self.codec)

    def __iter__(self) -> Iterator[str]:
        return iter(_texts(self.literals(), self.codec))

    def taken(self, rows: Any) -> Raw:
        """Some of its cells."""
        return Raw(self.data, self.signs, self.starts[rows], self.ends[rows], self.codec)

    def literals(self) -> list[bytes]:
        if 0 < (width := self.width()) <= min(WIDEST, len(self.signs)):
            return _cells(self.matrix(width))
        data = self.data
        return [data[start:end] for start, end in zip(self.starts.tolist(), self.ends.tolist(), strict=True)]

    def width(self) -> int:
        """The bytes of the longest cell."""
        return int((self.ends - self.starts).max(initial=0))

    def distinct(self) -> tuple[list[str], Any]:
        """What stands in the column, each literal once, and for every cell which of them it is."""
        import numpy as np
        import pandas as pd

        width = max(1, self.width()) + 7 & ~7
        if width <= min(WIDEST, len(self.signs)):
            signs = self.matrix(width)
            codes, _ = pd.factorize(_hashed(signs))
            first = np.zeros(codes.max(initial=-1) + 1, np.intp)
            first[codes[::-1]] = np.arange(len(codes))[::-1]
            if (signs == signs[first[codes]]).all():  # no two literals share a hash
                return _texts(_cells(signs[first]), self.codec), codes
        known: dict[bytes, int] = {}
        codes = np.array([known.setdefault(literal, len(known)) for literal in self.literals()], np.intp)
        return [literal.decode(self.codec) for literal in known], codes

    def stripped(self) -> Raw:
        """Without ASCII blanks around the cells."""
        import numpy as np

        starts, ends, blanks = self.starts, self.ends, signs_of(_BLANKS)
        while (more := (ends > starts) & blanks.take(self.signs.take(starts))).any():
            starts = starts + more
        while (more := (ends > starts) & blanks.take(self.signs.take(np.maximum(ends, 1) - 1))).any():
            ends = ends - more
        return Raw(self.data, self.signs, starts, ends, self.codec)

    def matrix(self, width: int) -> Any:
        """The first bytes of each cell, a row each, zeros behind its end."""
        import numpy as np

        at = np.minimum(self.starts, len(self.signs) - width)  # behind the last cell there is nothing to look at
        windows = np.ndarray(len(self.signs) - width + 1, f"V{width}", self.data, strides=1)
        made = windows[at].view(np.uint8).reshape(-1, width)
        for row in np.flatnonzero(at != self.starts):
            made[row] = np.roll(made[row], at[row] - self.starts[row])
        within = np.tri(width + 1, width, -1, np.uint8) * np.uint8(255)
        return made & within.take(np.minimum(self.ends - self.starts, width), axis=0)


def _cells(signs: Any) -> list[bytes]:
    """The cells of a matrix, zeros behind their ends."""
    made: list[bytes] = signs.view(f"S{signs.shape[1]}").ravel().tolist()
    return made


def _texts(literals: list[bytes], codec: str) -> list[str]:
    return b"\n".join(literals).decode(codec).split("\n") if literals else []


def _hashed(signs: Any) -> Any:
    """A number for each row of a matrix of bytes, as many as fill 64-bit words: the same for equal rows (FNV-1a)."""
    import numpy as np

    words = np.ascontiguousarray(signs).view("<u8")
    made = np.full(len(words), 0xCBF29CE484222325, np.uint64)
    for at in range(words.shape[1]):
        made = (made ^ words[:, at]) * np.uint64(0x100000001B3)
        made ^= made >> np.uint64(29)
    return made


Reading = Callable[[Raw], tuple[Any, Rows]]


def signs_of(which: bytes) -> Any:
    """By byte, whether it is one of these."""
    import numpy as np

    made = np.zeros(256, bool)
    made[np.frombuffer(which, np.uint8)] = True
    return made


def figures(whole_only: bool) -> Reading:
    """Digits with a sign and a fraction, as most figures are; ``whole_only``: a fraction other than zero is odd."""

    def read(raw: Raw) -> tuple[Any, Rows]:
        import numpy as np

        raw = raw.stripped()
        lengths = raw.ends - raw.starts
        width = min(max(1, raw.width()), WIDEST_FIGURE, len(raw.signs))
        number, (digits, fraction) = np.zeros(len(raw)), np.zeros((2, len(raw)), np.uint8)
        dot, sound = np.zeros(len(raw), bool), lengths <= width
        signs = np.asfortranarray(raw.matrix(width))
        minus = signs[:, 0] == ord("-")
        for at in range(width):
            sign = signs[:, at]
            digit = sign - np.uint8(48)
            is_digit, is_dot = digit < 10, sign == ord(".")
            number = np.where(is_digit, number * 10 + digit, number)
            digits += is_digit
            fraction += is_digit & dot
            sound &= is_digit | (sign == 0) | (is_dot & ~dot & (digits > 0)) | (minus if at == 0 else False)
            dot |= is_dot
        sound &= (digits > 0) & (digits <= DIGITS) & (~dot | (fraction > 0)) & (fraction < 10)
        made = np.where(minus, -number, number) / (10.0 ** np.arange(WIDEST_FIGURE + 1)).take(fraction)
        if whole_only:
            sound &= made % 1 == 0
        made[~sound] = np.nan
        return made, np.flatnonzero(~sound & (lengths > 0)).tolist()

    return read


def moments(unit: str) -> Reading:
    """As ``plain.moments``."""

    def read(raw: Raw) -> tuple[Any, Rows]:
        import numpy as np

        raw = raw.stripped()
        lengths = raw.ends - raw.starts
        made = np.full(len(raw), "NaT", dtype=f"datetime64[{unit}]")
        fits = np.flatnonzero((lengths > 5) & (lengths <= LONGEST))
        if len(fits) and len(raw.signs) >= LONGEST:
            some = Raw(raw.data, raw.signs, raw.starts[fits], raw.ends[fits], raw.codec).matrix(LONGEST)
            made[fits] = shaped(np.ascontiguousarray(some).view(f"S{LONGEST}").ravel(), unit)
        return made, np.flatnonzero(np.isnat(made) & (lengths > 0)).tolist()

    return read


def ids(na: frozenset[str]) -> Reading:
    """Letters, digits and hyphens, in a guard or behind a mark."""
    said = frozenset(NULLS - {""} | na)
    longest = max(map(len, said))

    def read(raw: Raw) -> tuple[Any, Rows]:
        import numpy as np

        raw = _bare(raw.stripped())
        lengths = raw.ends - raw.starts
        width = min(raw.width(), WIDEST_ID, len(raw.signs))
        signs = raw.matrix(width) if width else np.zeros((len(raw), 1), np.uint8)
        sound = signs_of(_PLAIN_ID).take(signs).all(axis=1) & (lengths <= width)
        for row in np.flatnonzero(sound & (lengths > 0) & (lengths <= longest)):
            sound[row] = raw[int(row)] not in said
        signs[~sound] = 0
        texts = _texts(_cells(signs), "ascii")
        return [text or None for text in texts] if "" in texts else texts, np.flatnonzero(~sound).tolist()

    return read


def _bare(raw: Raw) -> Raw:
    """Without guards and marks."""
    signs, starts, ends = raw.signs, raw.starts, raw.ends
    last = len(signs) - 1
    guard = (ends - starts > 2) & (signs[starts.clip(max=last)] == ord("="))
    guard &= (signs[(starts + 1).clip(max=last)] == ord('"')) & (signs[(ends - 1).clip(0)] == ord('"'))
    starts, ends, marks = starts + 2 * guard, ends - guard, signs_of(QUOTES.encode())
    while (more := (ends > starts) & marks[signs[starts.clip(max=last)]]).any():
        starts = starts + more
    return Raw(raw.data, signs, starts, ends, raw.codec)


def provinces(na: frozenset[str]) -> Reading | None:
    """Addresses that begin with a province of two characters: of the others nothing is told by the first two."""
    if any(literal.startswith(PROVINCES) for literal in na):
        return None
    short = [name for name in PROVINCES if len(name) == 2]

    def read(raw: Raw) -> tuple[Any, Rows]:
        import numpy as np

        codes = {int.from_bytes(name.encode(raw.codec), "little"): name for name in short}
        size = len(short[0].encode(raw.codec))
        lengths = raw.ends - raw.starts
        if len(raw.signs) < 8:
            return [None] * len(raw), np.flatnonzero(lengths > 0).tolist()
        begin = np.ascontiguousarray(raw.matrix(8)).view("<u8").ravel() & np.uint64((1 << 8 * size) - 1)
        known = np.array(sorted(codes), np.uint64)
        at = np.searchsorted(known, begin).clip(max=len(known) - 1)
        sound = (known[at] == begin) & (lengths >= size)
        names = np.array([codes[code] for code in sorted(codes)] + [None], dtype=object)
        return names[np.where(sound, at, len(known))].tolist(), np.flatnonzero(~sound & (lengths > 0)).tolist()

    return read
