"""A mapped sheet (``kit.exports.mapping``) laid out as the plain sheet of its table: canonical names, a record a row.

Every row remembers which row of the file it comes from. A cell is moved as it stands, but for a date that leaves out
its year or month; what it means is read afterwards, as of any other file.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from kit.errors import KitError, Problem, problem
from kit.exports import mapping, scale, short_dates, two_rows
from kit.exports.dates import one_day
from kit.exports.dictionary import normal
from kit.exports.literals import ascii_forms
from kit.exports.mapping import Mapped, To
from kit.exports.recognise import SCANNED, shown
from kit.exports.rows import TOTAL
from kit.exports.sheet import Row, Sheet
from kit.tables import TABLES

DATED = ("date", "month", "time")
PERIOD = "2024-11 / 2024-11-04~2024-11-10"
_SUBTOTAL = re.compile(r".*(?:小计|合计|总计|共计|汇总|累计|平均|均值|[日周月]均|[周月]计)(?:[:].*|\(.*\))?")
"""In a column of days: what is none, but a sum or an average of some (``第1周小计``)."""


@dataclass(frozen=True)
class Laid:
    """``sheet``: as the plain sheet of its table. ``aside``: headings, and names of figures, that the entry names
    nothing for."""

    sheet: Sheet
    aside: tuple[str, ...]


def out(entry: Mapped, sheet: Sheet, file: str, config: str) -> Laid:
    """The sheet as its entry says that it lies.

    Raises ``KitError``: no row has the headings, or one that the entry names is not there or there twice; the sheet's
    name states no month where the entry takes it from there; a unit is stated for all amounts and the entry has none.
    """
    needed = ((plain := mapping.plain(entry.table)) and plain.required) or ()
    stated = {*entry.targets()}
    undated = TABLES[entry.table].time if plain and plain.undated else None
    if lacking := [need for need in needed if need != undated and not stated & {*need.split("|")}]:
        raise KitError(problem("e.map.lacks", file=file, config=config, table=entry.table, cols=lacking))
    heads, below = _headings(entry, sheet, file, config)
    places = {name: two_rows.place_of(name, heads) for name in _named(entry)}
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
    if twice := [name for name, place in at.items() if _differs(sheet.rows[below:], place, heads)]:
        raise KitError([problem("e.map.twice", file=file, config=config, col=name) for name in twice])
    body = _filled(sheet.rows[below:], [at[name] for name in entry.fill])
    year, month = _when(entry, sheet, file, config)
    wide = _wide(entry, heads, set(at.values()))
    made = _Made(entry, at, year, month, file, config)
    beside = [
        head for place, head in enumerate(heads) if made.kinds.get(place) not in scale.FIGURES and place not in wide
    ]
    if fault := _unit(made, scale.of_all(sheet, below, beside)):
        raise KitError(fault)
    numbered = list(enumerate(body, below + 1))
    labels = made.labels(wide, heads, below)
    if entry.wide:
        records = made.figures(numbered, labels) if entry.rows else made.unfolded(numbered, labels)
    else:
        records = made.plain(numbered)
    rows = list(records)
    used = {*at.values(), *wide}
    aside = (*(h for p, h in enumerate(heads) if p not in used and h.strip()), *made.unnamed(body, labels))
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
        return two_rows.joined(upper, lower), max(entry.header)
    found = (
        found
        for found in two_rows.candidates(sheet.rows)
        if all(two_rows.place_of(n, found[0]) is not None for n in _named(entry))
    )
    whole = next((one for one in found if not entry.wide or _wide(entry, one[0], set())), None)
    if whole is None:
        raise KitError(problem("e.map.header", file=file, config=config, cols=_named(entry), n=SCANNED))
    return whole


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
    found = short_dates.month_of(sheet.name or "")
    year = (found[0] if found else None) or entry.year
    if not found or year is None:
        raise KitError(problem("e.map.month", file=file, config=config, sheet=sheet.name or ""))
    return year, found[1]


def _differs(body: list[Row], place: int, heads: Row) -> bool:
    """Whether another column of the same heading says something else: which of the two is meant?"""
    wanted = normal(heads[place])
    again = [p for p, head in enumerate(heads) if p != place and normal(head) == wanted]
    return any(_at(row, place).strip() != _at(row, p).strip() for p in again for row in body)


def _unit(made: _Made, said: scale.Said | None) -> Problem | None:
    """A fault if the sheet states a unit for all amounts, and an amount is read without any."""
    lacking = [name for name, (to, unit) in made.named if unit is None and made.amount(to)] if said else []
    facts = {"file": made.file, "cols": list(map(shown, lacking)), "said": shown(said.cell) if said else ""}
    return problem("e.scale", **facts) if lacking else None


class _Made:
    """Records of an entry. ``at``: heading → place; ``kinds``: place → column type. ``targets``: each column of the
    table with its unit, as the entry says it or the heading; None where neither does."""

    def __init__(
        self, entry: Mapped, at: Mapping[str, int], year: int | None, month: int | None, file: str, config: str
    ) -> None:
        self.entry, self.at, self.year, self.month, self.file, self.config = entry, at, year, month, file, config
        self.table = TABLES[entry.table]
        self.kinds = {at[name]: self._kind(to.to) for name, to in entry.columns.items()}
        said = [*entry.columns.items(), *entry.rows.items()]
        if wide := entry.wide:
            said += [
                (wide.to, To(to=wide.to)),
                *([(wide.value, To(to=wide.value, unit=wide.unit))] if wide.value else []),
            ]
        self.named = [(name, (to.to, self._unit(name, to))) for name, to in said]

    def _kind(self, to: str) -> str:
        return self.table.field(to).type

    def _unit(self, name: str, to: To) -> str | None:
        return to.unit or scale.of_column(name, self._kind(to.to))

    def amount(self, to: str) -> bool:
        """Whether a column holds amounts: what a unit that is stated for all of them is meant for."""
        return self.table.field(to).type == "money" or (to == "value" and "value_kind" in self.table.columns)

    @property
    def header(self) -> Row:
        """Canonical names with their units, and those of the constants."""
        names = [f"{to}({unit})" if unit not in (None, scale.NONE) else to for _, (to, unit) in self.named]
        return [*names, *self.entry.constants]

    def _fixed(self, row: Row) -> Row:
        """The cells of the named headings."""
        return [self._cell(to.to, _at(row, self.at[name])) for name, to in self.entry.columns.items()]

    def _cell(self, to: str, text: str) -> str:
        kind = self._kind(to)
        return short_dates.completed(text, self.year, self.month, kind) if kind in DATED else text

    def _row(self, cells: Row) -> Row:
        return [*cells, *map(str, self.entry.constants.values())]

    def plain(self, body: Iterable[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
        """A record a row; a row that says nothing under any named heading stays one that says nothing."""
        own = [(place, normal(two_rows.parts(name)[-1])) for name, place in self.at.items()]
        times = [n for n, to in enumerate(self.entry.columns.values()) if self._kind(to.to) in DATED]
        names = [normal(two_rows.parts(name)[-1]) for name in self.entry.columns]
        whole = [n for n in times if names[n] in short_dates.PERIODS and self.table.spans]
        keys = [n for n, to in enumerate(self.entry.columns.values()) if self.table.field(to.to).key and n not in times]
        last: dict[tuple[object, ...], tuple[str, str]] = {}
        for number, row in body:
            cells = self._fixed(row)
            for n, name in ((n, list(self.entry.columns)[n]) for n in times):
                if cells[n] != (raw := _at(row, self.at[name])):
                    about = (n, *(cells[key] for key in keys))
                    self.beside(number, last.get(about, ("", "")), (raw, cells[n]))
                    last[about] = raw, cells[n]
            for n in whole:
                cells[n] = self._period(number, cells[n])
            said = [ascii_forms(cells[n]) for n in times]
            if any(map(_SUBTOTAL.fullmatch, said)) and not any(map(TOTAL.fullmatch, said)):
                cells = ["小计", *cells[1:]]
            again = len(own) > 1 and all(normal(_at(row, place)) == name for place, name in own)
            yield number, self.header if again else self._row(cells) if any(c.strip() for c in cells) else []

    def _period(self, number: int, cell: str) -> str:
        """A month or a week. Excel makes a month's first day of it; any other single day would pass for that day's
        figures. Raises ``KitError`` for one."""
        if not (day := one_day(ascii_forms(cell))):
            return cell
        if day.day == 1:
            return f"{day:%Y-%m}"
        facts = {"row": number, "value": shown(cell), "example": PERIOD, "config": self.config}
        raise KitError(problem("e.map.period", file=self.file, **facts))

    def beside(self, number: int, before: tuple[str, str], now: tuple[str, str]) -> None:
        """Two dates that stand next to each other, each as the sheet has it and as it is taken. Raises ``KitError`` if
        a year or month must have ended between them, or one of them as a number may have lost its zero."""
        if short_dates.turned(before, now):
            facts = {"row": number, "a": before[1], "b": now[1], "config": self.config}
            raise KitError(problem("e.map.year", file=self.file, **facts))
        if short_dates.lost_zero(before, now):
            facts = {"row": number, "value": shown(now[0]), "config": self.config}
            raise KitError(problem("e.map.zero", file=self.file, **facts))

    def labels(self, wide: Iterable[int], heads: Row, number: int) -> list[tuple[int, str]]:
        """Each column that is a month or a day, and which. ``number``: the row of the headings."""
        made, last = [], ("", "")
        kind = self._kind(self.entry.wide.to) if self.entry.wide else ""
        for place in wide:
            said = two_rows.parts(heads[place])
            label = short_dates.heading(said, self.year, self.month, kind)
            if label != said[-1] and not any(map(short_dates.years, said)):
                self.beside(number, last, (said[-1], label))
                last = said[-1], label
            made.append((place, label))
        months = kind == "date" and short_dates.whole_months([label for _, label in made])
        return [(place, label[:7]) for place, label in made] if months else made

    def unfolded(self, body: Iterable[tuple[int, Row]], labels: list[tuple[int, str]]) -> Iterator[tuple[int, Row]]:
        """A record for each month or day of a row that has a figure."""
        for number, row in body:
            for place, label in labels:
                if value := _at(row, place).strip():
                    yield number, self._row([*self._fixed(row), label, value])

    def figures(self, body: Iterable[tuple[int, Row]], labels: list[tuple[int, str]]) -> Iterator[tuple[int, Row]]:
        """A record for each month or day with the figures that stand below each other; rows with another name in the
        column of names are left out. Raises ``KitError`` if a figure stands there twice: which of two shops is it?"""
        groups: dict[tuple[str, ...], dict[str, tuple[int, Row]]] = {}
        for number, row in body:
            if to := self._figure(row):
                lines = groups.setdefault(tuple(self._fixed(row)), {})
                if to in lines and any(_at(row, place).strip() for place, _ in labels):
                    facts = {"name": shown(self._name(row)), "a": lines[to][0], "b": number, "config": self.config}
                    raise KitError(problem("e.map.figure", file=self.file, **facts))
                lines.setdefault(to, (number, row))
        for fixed, lines in groups.items():
            for place, label in labels:
                said = {to: value for to, (_, row) in lines.items() if (value := _at(row, place).strip())}
                if said:
                    figures = [said.get(to.to, "") for to in self.entry.rows.values()]
                    yield min(n for n, _ in lines.values()), self._row([*fixed, *figures, label])

    def _name(self, row: Row) -> str:
        return _at(row, self.at[self.entry.names]) if self.entry.names else ""

    def _figure(self, row: Row) -> str | None:
        """The column of the table that a row's name stands for."""
        return self._known.get(normal(self._name(row)))

    @functools.cached_property
    def _known(self) -> dict[str, str]:
        return {normal(name): to.to for name, to in self.entry.rows.items()}

    def unnamed(self, body: Iterable[Row], labels: list[tuple[int, str]]) -> Iterator[str]:
        """Names of figures that are there and that the entry does not name."""
        rows = [row for row in body if any(_at(row, place).strip() for place, _ in labels)] if self.entry.rows else []
        yield from dict.fromkeys(name for row in rows if (name := self._name(row).strip()) and not self._figure(row))


def _at(row: Row, place: int) -> str:
    return row[place] if place < len(row) else ""
