"""A column read: whole where its literals are plain, cell by cell where they are not."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kit.exports.literals import Cell, Read
from kit.exports.plain import Whole
from kit.exports.raw import Raw, Reading

KINDS = ("figure", "range", "day", "time", "other")
SAMPLE = 2_000
"""Cells by which it is judged whether a column repeats itself."""
FEW_LITERALS = 0.2
"""The part of the sample that its literals make up, below which each is soon known and reading them one by one wins."""
FEW_CELLS = 30


@dataclass(frozen=True)
class Reader:
    """The reader of a column; called, it reads one literal.

    ``kind``: what the values are (``KINDS``). ``whole`` reads the plain literals of a column all at once, ``raw`` those
    of one that is bytes as yet.
    """

    read: Read
    kind: str
    whole: Whole | None = None
    raw: Reading | None = None

    def __call__(self, raw: str) -> Cell:
        return self.read(raw)


@dataclass(frozen=True)
class Cleaned:
    """A column read: values by row, and the rows of each flag (``unreadable`` among them).

    ``data`` is what a pandas Series is best made of: for figures and the middles of ranges a float array (NaN is
    missing), for days and months one of ``datetime64[D]``, for times of ``datetime64[us]`` (NaT is missing), for all
    else a list (None is missing). ``ends``: of ranges the two ends; of days, where a cell covers several, its first and
    its last (``data`` has the first). ``values`` is all this as a list of what each cell says.
    """

    data: Any
    flags: dict[str, list[int]]
    ends: tuple[Any, Any] | None = None

    @functools.cached_property
    def values(self) -> list[Any]:
        """By row what the cell says, None where nothing: a figure, ``(low, middle, high)``, a day or, if it covers
        several, ``(first, last)``, a time, a text."""
        if isinstance(self.data, list):
            return self.data
        values = self.data.tolist()
        if self.data.dtype.kind == "f":
            values = [None if v != v else v for v in values]
            if self.ends is None:
                return values
            low, high = (end.tolist() for end in self.ends)
            return [m if m is None else (a, m, b) for a, m, b in zip(low, values, high, strict=True)]
        if self.ends is None:
            return values
        return [
            first if first == last else (first, last) for first, last in zip(values, self.ends[1].tolist(), strict=True)
        ]


def column(cells: Sequence[str], read: Reader) -> Cleaned:
    """A whole column through ``read``."""
    if isinstance(cells, Raw):
        return _patched(*read.raw(cells), cells, read) if read.raw else _by_literal(cells, read)
    if read.whole is None or len(cells) < FEW_CELLS:
        return by_cell(cells, read)
    some = cells[:: max(1, len(cells) // SAMPLE)]
    return by_cell(cells, read) if len(set(some)) < FEW_LITERALS * len(some) else at_once(cells, read)


def by_cell(cells: Sequence[str], read: Reader) -> Cleaned:
    """A column, literal by literal; each is read once, as a column repeats itself."""
    known = {literal: read.read(literal) for literal in dict.fromkeys(cells)}
    flags: dict[str, list[int]] = {}
    if any(cell.flag for cell in known.values()):
        for row, literal in enumerate(cells):
            if flag := known[literal].flag:
                flags.setdefault(flag, []).append(row)
    if read.kind == "other":
        return Cleaned([known[c].value for c in cells], flags)
    import numpy as np

    place = {literal: n for n, literal in enumerate(known)}
    rows = np.fromiter(map(place.__getitem__, cells), np.intp, len(cells))
    data, ends = _held([cell.value for cell in known.values()], read.kind)
    return Cleaned(data[rows], flags, ends and (ends[0][rows], ends[1][rows]))


def _held(values: list[Any], kind: str) -> tuple[Any, tuple[Any, Any] | None]:
    """Values as ``Cleaned`` holds them: ``data`` and ``ends``."""
    import numpy as np

    if kind == "figure":
        return np.array(values, dtype=float), None
    if kind == "time":
        return np.array(values, dtype="datetime64[us]"), None
    if kind == "range":
        low, middle, high = np.array([v or (None,) * 3 for v in values], dtype=float).reshape(-1, 3).T
        return middle, (low, high)
    spans = [v if isinstance(v, tuple) else (v, v) for v in values]
    first, last = np.array(spans, dtype="datetime64[D]").reshape(-1, 2).T
    return first, (first, last) if any(isinstance(v, tuple) for v in values) else None


def at_once(cells: Sequence[str], read: Reader) -> Cleaned:
    """A column whose plain literals are read whole, the others one by one."""
    assert read.whole is not None
    return _patched(*read.whole(cells), cells, read)


def _by_literal(cells: Raw, read: Reader) -> Cleaned:
    """A column of bytes, each literal read once."""
    import numpy as np

    literals, at = cells.distinct()
    made = column(literals, read)
    flags = {flag: np.flatnonzero(np.isin(at, rows)).tolist() for flag, rows in made.flags.items()}
    if isinstance(made.data, list):
        return Cleaned([made.data[n] for n in at.tolist()], flags)
    return Cleaned(made.data[at], flags, made.ends and (made.ends[0][at], made.ends[1][at]))


def _patched(data: Any, odd: list[int], cells: Sequence[str], read: Reader) -> Cleaned:
    """What was read at once, and the others literal by literal."""
    if not odd:
        return Cleaned(data, {})
    some = list(cells.taken(odd)) if isinstance(cells, Raw) else [cells[row] for row in odd]
    rest = by_cell(some, read)
    flags = {flag: [odd[n] for n in rows] for flag, rows in rest.flags.items()}
    if isinstance(data, list):
        for row, value in zip(odd, rest.data, strict=True):
            data[row] = value
        return Cleaned(data, flags)
    data[odd] = rest.data
    if rest.ends is None:
        return Cleaned(data, flags)
    last = data.copy()
    last[odd] = rest.ends[1]
    return Cleaned(data, flags, (data, last))
