"""What a header may be: every export of which it has columns, with what is found, lacking or forbidding."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from kit.exports.clean import scrub
from kit.exports.dictionary import Column, Export, exports, normal
from kit.exports.literals import visible
from kit.exports.sheet import Row

SCANNED = 30
"""Rows from the top in which the header is looked for; the longest preamble known is 24 rows."""
LONGEST_NAME = 40
UNIT = re.compile(r"\((?:元|¥|件|人|个|单|次|%|‰|秒|分钟|小时|(?:千|万|百万|千万|亿)元?)\)$")
DATED = re.compile("^(?!.*(?:上架|发布)).*(?:日期|时间|月份|date|month)")
"""An unknown column of dates: whoever has one does not take its dates from the file's name."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Hint:
    """What is known of a sheet beside its cells: the table that client.toml states, the file's stem, its shop."""

    locale: str
    table: str | None = None
    stem: str = ""
    shop: str = ""
    platform: str = ""

    def allows(self, export: Export) -> bool:
        return not export.platforms or not self.platform or self.platform in export.platforms


@dataclass(frozen=True)
class Candidate:
    """An export against one header: what was found, what is lacking, which headers forbid it."""

    export: Export
    header: Header
    at: dict[int, Column]
    variants: dict[int, Column]
    lacking: tuple[str, ...]
    forbidding: tuple[int, ...]

    @property
    def score(self) -> tuple[int, bool, int]:
        """The most columns; then a platform's own export before the plain one, then the topmost row."""
        return (len(self.at), not self.export.generic, -self.header.row)


@dataclass(frozen=True)
class Header:
    """A row that may be the header, or the lower of two that are it together.

    ``cells`` as shown; ``names`` as matched, a name over two rows as ``upper/lower`` beside its lower part alone.
    """

    row: int
    cells: Row
    names: list[tuple[str, ...]]


def headers(rows: list[Row]) -> Iterable[Header]:
    """Every header that may lie in the first rows: each row, and each pair of which the upper one has merged cells."""
    for number, row in enumerate(rows[:SCANNED]):
        yield Header(number, row, [(normal(cell),) for cell in row])
        below = rows[number + 1] if number + 1 < len(rows) else []
        if 1 < sum(bool(c.strip()) for c in row) < len(below) and any(c.strip() for c in below):
            yield _two_rows(number + 1, row, below)


def _two_rows(number: int, upper: Row, lower: Row) -> Header:
    """The header that two rows make: a group's name stands over its first column only, or over a single blank cell."""
    cells: Row = []
    names: list[tuple[str, ...]] = []
    group = ""
    for place, own in enumerate(lower):
        above = upper[place] if place < len(upper) else ""
        group = above if above.strip() else group
        cells.append(own if own.strip() else above)
        joined = f"{normal(group)}/{normal(own)}"
        names.append((joined, normal(own)) if own.strip() else (normal(above),))
    return Header(number, cells, names)


def familiar(rows: list[Row]) -> int:
    """How many known names the best of the first rows has."""
    known = _index()
    return max((sum(normal(c) in known for c in row) for row in rows[:SCANNED]), default=0)


@functools.cache
def _index() -> dict[str, list[tuple[Export, Column]]]:
    """Each known header with the exports that have it."""
    index: dict[str, list[tuple[Export, Column]]] = {}
    for export in exports():
        for name, column in export.by_name.items():
            index.setdefault(name, []).append((export, column))
    return index


def candidates(header: Header, wanted: dict[str, Export]) -> Iterable[Candidate]:
    """Every export of which this header has at least two column names."""
    index = _index()
    found: dict[str, dict[int, Column]] = {}
    for place, names in enumerate(header.names):
        for name in names:
            for export, column in (*index.get(name, ()), *index.get(UNIT.sub("", name), ())):
                if name and export.id in wanted:
                    found.setdefault(export.id, {}).setdefault(place, column)
    for id, columns in found.items():
        export = wanted[id]
        places: dict[str, list[int]] = {}
        for place in sorted(columns, key=lambda p: export.order[columns[p].header]):
            places.setdefault(columns[place].target, []).append(place)
        if len(places) < 2:
            continue
        found_there = {*places, *(("metric", "value") if any(c.metric for c in columns.values()) else ())}
        lacking = tuple(r for r in export.required if not found_there.intersection(r.split("|")))
        unknown = [name for p, (*_, name) in enumerate(header.names) if p not in columns]
        if export.undated and not any(map(DATED.search, unknown)):
            lacking = tuple(name for name in lacking if name != export.table.time)
        yield Candidate(
            export,
            header,
            {first: columns[first] for first, *_ in places.values()},
            {place: columns[place] for _, *more in places.values() for place in more},
            lacking,
            tuple(p for p, names in enumerate(header.names) if export.without.intersection(names)),
        )


def shown(text: str) -> str:
    """A header or a cell as it may be shown: on one line, short, without personal data."""
    line = scrub(_CONTROL.sub("", visible(" ".join(text.split()))))
    return line if len(line) <= LONGEST_NAME else line[: LONGEST_NAME - 1] + "…"
