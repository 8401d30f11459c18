"""A mapped sheet (``kit.exports.mapping``) laid out as the plain sheet of its table: canonical names, a record a row.

Every row remembers which row of the file it comes from. A cell is moved as it stands, but for a date that leaves out
its year or month; what it means is read afterwards, as of any other file.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from kit.errors import KitError, problem
from kit.exports.clean import ascii_forms
from kit.exports.dictionary import normal
from kit.exports.mapping import Mapped, To
from kit.exports.recognise import SCANNED, shown
from kit.exports.sheet import Row, Sheet
from kit.tables import TABLES

_MONTH = re.compile(r"(?:(20[0-9]{2})\s*[-/.年]\s*)?(1[0-2]|0?[1-9])\s*月?(?:份)?")
_DAY = re.compile(r"(1[0-2]|0?[1-9])\s*[-/.月]\s*([12][0-9]|3[01]|0?[1-9])\s*[日号]?")
_OF_MONTH = re.compile(r"([12][0-9]|3[01]|0?[1-9])\s*[日号]?")
DATED = ("date", "month", "time")


@dataclass(frozen=True)
class Laid:
    """``sheet``: as the plain sheet of its table. ``aside``: headings that the entry names nothing for."""

    sheet: Sheet
    aside: tuple[str, ...]


def out(entry: Mapped, sheet: Sheet, file: str, config: str) -> Laid:
    """The sheet as its entry says that it lies.

    Raises ``KitError``: no row has the headings, or one that the entry names is not there; the sheet's name states no
    month where the entry takes it from there.
    """
    heads, below = _headings(entry, sheet, file, config)
    places = {name: _place(name, heads) for name in _named(entry)}
    if lost := [name for name, place in places.items() if place is None]:
        found = [shown(h) for h in heads if h.strip()][:30]
        raise KitError(
            [
                problem("e.map.column.near", file=file, config=config, col=name, near=near[0])
                if (near := difflib.get_close_matches(name, found, 1, 0.5))
                else problem("e.map.column", file=file, config=config, col=name, found=found)
                for name in lost
            ]
        )
    at = {name: place for name, place in places.items() if place is not None}
    body = _filled(sheet.rows[below:], [at[name] for name in entry.fill])
    year, month = _when(entry, sheet, file, config)
    wide = _wide(entry, heads, set(at.values()))
    made = _Made(entry, at, year, month)
    numbered = list(enumerate(body, below + 1))
    if entry.wide and entry.rows:
        records = made.figures(numbered, wide, heads)
    elif entry.wide:
        records = made.unfolded(numbered, wide, heads)
    else:
        records = made.plain(numbered)
    rows = list(records)
    used = {*at.values(), *wide}
    aside = tuple(h for p, h in enumerate(heads) if p not in used and h.strip())
    laid = [made.header, *(row for _, row in rows)]
    return Laid(replace(sheet, rows=laid, numbers=(below, *(number for number, _ in rows))), aside)


def _named(entry: Mapped) -> list[str]:
    """The headings that an entry names."""
    return list(dict.fromkeys([*entry.columns, *([entry.names] if entry.names else []), *entry.fill]))


def _headings(entry: Mapped, sheet: Sheet, file: str, config: str) -> tuple[Row, int]:
    """The headings as they are matched, and how many rows lie above the first record."""
    if isinstance(entry.header, int):
        row = sheet.rows[entry.header - 1] if entry.header <= len(sheet.rows) else []
        return list(row), entry.header
    if entry.header:
        upper, lower = (sheet.rows[n - 1] if n <= len(sheet.rows) else [] for n in entry.header)
        return joined(upper, lower), max(entry.header)
    found = (found for found in candidates(sheet.rows) if all(_place(n, found[0]) is not None for n in _named(entry)))
    whole = next((one for one in found if not entry.wide or _wide(entry, one[0], set())), None)
    if whole is None:
        raise KitError(problem("e.map.header", file=file, config=config, cols=_named(entry), n=SCANNED))
    return whole


def candidates(rows: list[Row]) -> Iterator[tuple[Row, int]]:
    """What may be the headings, and how many rows they and what is above them are: each of the first rows, then each
    pair of them."""
    yield from ((list(row), n) for n, row in enumerate(rows[:SCANNED], 1))
    yield from ((joined(rows[n - 2], rows[n - 1]), n) for n in range(2, min(SCANNED, len(rows)) + 1))


def joined(upper: Row, lower: Row) -> Row:
    """The headings that two rows make: ``above/below``, where a merged cell above reaches over blank ones."""
    made, group = [], ""
    for place in range(max(len(upper), len(lower))):
        above, own = (row[place].strip() if place < len(row) else "" for row in (upper, lower))
        group = above or group
        made.append(f"{group}/{own}" if own and group and group != own else own or above)
    return made


def _place(name: str, heads: Row) -> int | None:
    """Where a heading stands: under its whole name, else the lower part of it alone if only one column has that."""
    wanted, names = normal(name), [normal(head) for head in heads]
    if wanted in names:
        return names.index(wanted)
    lower = [place for place, head in enumerate(names) if head.rsplit("/", 1)[-1] == wanted]
    return lower[0] if len(lower) == 1 else None


def _wide(entry: Mapped, heads: Row, taken: set[int]) -> list[int]:
    """The columns that are months or days."""
    if entry.wide is None:
        return []
    pattern = normal(entry.wide.headings)
    return [p for p, h in enumerate(heads) if p not in taken and h.strip() and fnmatchcase(normal(h), pattern)]


def _filled(rows: list[Row], places: Iterable[int]) -> list[Row]:
    """The rows with blank cells of merged columns filled from above."""
    made = [list(row) for row in rows]
    for place in places:
        last = ""
        for row in made:
            if place < len(row):
                last = row[place] = row[place] if row[place].strip() else last
    return made


def _when(entry: Mapped, sheet: Sheet, file: str, config: str) -> tuple[int | None, int | None]:
    """The year and the month of dates that leave them out."""
    if entry.month is None:
        return entry.year, None
    if entry.month != "sheet":
        return int(entry.month[:4]), int(entry.month[5:])
    found = _MONTH.search(ascii_forms(sheet.name or ""))
    year = int(found[1]) if found and found[1] else entry.year
    if not found or year is None:
        raise KitError(problem("e.map.month", file=file, config=config, sheet=sheet.name or ""))
    return year, int(found[2])


def dated(text: str, year: int | None, month: int | None) -> str:
    """A date that leaves out its year, or year and month, with both; any other text as it is."""
    plain = ascii_forms(text).strip()
    if year is None:
        return text
    if found := _DAY.fullmatch(plain):
        return f"{year}-{int(found[1]):02}-{int(found[2]):02}"
    if month is not None and (found := _OF_MONTH.fullmatch(plain)):
        return f"{year}-{month:02}-{int(found[1]):02}"
    if month is None and (found := _MONTH.fullmatch(plain)) and not found[1]:
        return f"{year}-{int(found[2]):02}"
    return text


class _Made:
    """Records of an entry. ``at``: heading → place."""

    def __init__(self, entry: Mapped, at: Mapping[str, int], year: int | None, month: int | None) -> None:
        self.entry, self.at, self.year, self.month = entry, at, year, month
        self.table = TABLES[entry.table]
        figures: list[To] = list(entry.rows.values())
        if wide := entry.wide:
            figures += [To(to=wide.to), *([To(to=wide.value, unit=wide.unit)] if wide.value else [])]
        self.targets: list[To] = [*entry.columns.values(), *figures]

    @property
    def header(self) -> Row:
        """Canonical names with their units, and those of the constants."""
        return [*(f"{to.to}({to.unit})" if to.unit else to.to for to in self.targets), *self.entry.constants]

    def _fixed(self, row: Row) -> Row:
        """The cells of the named headings."""
        return [self._cell(to.to, _at(row, self.at[name])) for name, to in self.entry.columns.items()]

    def _cell(self, to: str, text: str) -> str:
        return dated(text, self.year, self.month) if self.table.field(to).type in DATED else text

    def _row(self, cells: Row) -> Row:
        return [*cells, *map(str, self.entry.constants.values())]

    def plain(self, body: Iterable[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
        """A record a row; a row that says nothing under any named heading stays one that says nothing."""
        for number, row in body:
            cells = self._fixed(row)
            yield number, self._row(cells) if any(c.strip() for c in cells) else []

    def unfolded(self, body: Iterable[tuple[int, Row]], wide: list[int], heads: Row) -> Iterator[tuple[int, Row]]:
        """A record for each month or day of a row that has a figure."""
        assert self.entry.wide
        for number, row in body:
            for place in wide:
                if value := _at(row, place).strip():
                    label = self._cell(self.entry.wide.to, _low(heads[place]))
                    yield number, self._row([*self._fixed(row), label, value])

    def figures(self, body: Iterable[tuple[int, Row]], wide: list[int], heads: Row) -> Iterator[tuple[int, Row]]:
        """A record for each month or day with the figures that stand below each other; rows with another name in the
        column of names are left out."""
        assert self.entry.wide and self.entry.names
        known = {normal(name): to.to for name, to in self.entry.rows.items()}
        groups: dict[tuple[str, ...], list[tuple[int, str, Row]]] = {}
        for number, row in body:
            to = known.get(normal(_at(row, self.at[self.entry.names])))
            if to:
                groups.setdefault(tuple(self._fixed(row)), []).append((number, to, row))
        for fixed, lines in groups.items():
            for place in wide:
                said = {to: value for _, to, row in lines if (value := _at(row, place).strip())}
                if said:
                    figures = [said.get(to.to, "") for to in self.entry.rows.values()]
                    label = self._cell(self.entry.wide.to, _low(heads[place]))
                    yield lines[0][0], self._row([*fixed, *figures, label])


def _at(row: Row, place: int) -> str:
    return row[place] if place < len(row) else ""


def _low(heading: str) -> str:
    """What a heading below a merged one says itself."""
    return heading.rsplit("/", 1)[-1] if not re.fullmatch(r"[0-9]{1,4}/[0-9/]+", heading) else heading
