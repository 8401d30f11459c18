"""The records of a sheet that ``kit.exports.mapping`` is about: a record a row, or one for each month or day of it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kit.errors import KitError, problem
from kit.exports import date_parts, mapping, scale, short_dates, two_rows
from kit.exports.dates import one_day
from kit.exports.dictionary import BY_METRIC, normal
from kit.exports.literals import ascii_forms
from kit.exports.mapping import Mapped, To
from kit.exports.recognise import shown
from kit.exports.rows import TOTAL
from kit.exports.sheet import Row
from kit.tables import TABLES, Table
from kit.tables.market import metric_type

DATED = ("date", "month", "time")
PERIOD = "2024-11 / 2024-11-04~2024-11-10"
Label = tuple[int, str]
SHOP = "店铺"
"""What the plain sheets call a column that names the shop."""


def kind_of(table: Table, to: str) -> str:
    """The type of what goes into a column of the table, or is one of its metrics."""
    return table.field(to).type if to in table.columns else metric_type(to)


class Records:
    """Records of an entry. ``at``: heading → place; ``kinds``: place → column type. ``named``: each column of the table
    with its unit, as the entry says it or the heading; None where neither does. ``parts``: the headings of a date of
    which year, month and day stand apart. ``shops``: headings that name the shop that a row is of."""

    def __init__(
        self,
        entry: Mapped,
        at: Mapping[str, int],
        year: int | None,
        month: int | None,
        file: str,
        config: str,
        shops: Iterable[str] = (),
    ) -> None:
        self.entry, self.at, self.year, self.month, self.file, self.config = entry, at, year, month, file, config
        self.table = TABLES[entry.table]
        self.kinds = {at[name]: self._kind(to.to) for name, to in entry.columns.items()}
        wide = entry.wide
        dated = [(name, to.to) for name, to in entry.columns.items() if self._kind(to.to) in DATED]
        self.parts = {to: [name for name, other in dated if other == to] for _, to in dated}
        self.over = self.parts.get(wide.to, []) if wide else []
        first = {names[0] for names in self.parts.values()}
        self.columns = [
            (name, to)
            for name, to in entry.columns.items()
            if name not in self.over and (to.to not in self.parts or name in first)
        ]
        self.columns += [(head, To(to=SHOP)) for head in shops]
        said = [*self.columns, *entry.rows.items()]
        if wide:
            said += [
                (wide.to, To(to=wide.to)),
                *([(wide.value, To(to=wide.value, unit=wide.unit))] if wide.value else []),
            ]
        self.named = [(name, (to.to, self._unit(name, to))) for name, to in said]

    def _kind(self, to: str) -> str:
        return kind_of(self.table, to) if to != SHOP else "word"

    def _unit(self, name: str, to: To) -> str | None:
        return to.unit or scale.of_column(name, self._kind(to.to))

    def amount(self, to: str) -> bool:
        """Whether a column holds amounts: what a unit that is stated for all of them is meant for."""
        return self._kind(to) == "money" or (to == "value" and "metric" in self.table.columns)

    @property
    def header(self) -> Row:
        """Canonical names with their units, and those of the constants."""
        return [*(self._head(to, unit) for _, (to, unit) in self.named), *self.entry.constants]

    def _head(self, to: str, unit: str | None) -> str:
        name = to if to in (*self.table.columns, SHOP) else f"{BY_METRIC}{to}"
        if to == "platform" and (plain := mapping.plain(self.table.name)):
            name = plain.header_of(to)
        return f"{name}({unit})" if unit not in (None, scale.NONE) else name

    def _fixed(self, row: Row) -> Row:
        """The cells of the named headings."""
        return [self._cell(name, to.to, row) for name, to in self.columns]

    def _cell(self, name: str, to: str, row: Row) -> str:
        kind, text = self._kind(to), at(row, self.at[name])
        if kind not in DATED:
            return text
        if len(names := self.parts[to]) > 1:
            return date_parts.joined(names, self._apart(names, row), self.year)
        own = normal(two_rows.parts(name)[-1])
        return short_dates.completed(text, self.year, self.month, "month" if own in short_dates.MONTHS else kind)

    def _apart(self, names: Iterable[str], row: Row) -> Row:
        return [at(row, self.at[name]) for name in names]

    def _row(self, cells: Row) -> Row:
        return [*cells, *map(str, self.entry.constants.values())]

    def plain(self, body: Iterable[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
        """A record a row; a row that says nothing under any named heading stays one that says nothing."""
        own = [(place, normal(two_rows.parts(name)[-1])) for name, place in self.at.items()]
        times = [n for n, (_, to) in enumerate(self.columns) if self._kind(to.to) in DATED]
        names = [normal(two_rows.parts(name)[-1]) for name, _ in self.columns]
        single = {n for n in times if len(self.parts[self.columns[n][1].to]) == 1}
        whole = [n for n in single if names[n] in short_dates.PERIODS and self.table.spans]
        keys = [
            n
            for n, (_, to) in enumerate(self.columns)
            if to.to in self.table.columns and self.table.field(to.to).key and n not in times
        ]
        last: dict[tuple[object, ...], tuple[str, str]] = {}
        for number, row in body:
            cells = self._fixed(row)
            for n in times:
                apart = self.parts[self.columns[n][1].to]
                raw = "月".join(self._apart(apart, row))  # of a month and a day
                if cells[n] != raw and (n in single or not date_parts.with_year(apart)):
                    about = (n, *(cells[key] for key in keys))
                    self.beside(number, last.get(about, ("", "")), (raw, cells[n]))
                    last[about] = raw, cells[n]
            for n in whole:
                cells[n] = self._period(number, cells[n])
            said = [ascii_forms(cells[n]) for n in times]
            if any(map(date_parts.SUBTOTAL.fullmatch, said)) and not any(map(TOTAL.fullmatch, said)):
                cells = ["小计", *cells[1:]]
            again = len(own) > 1 and all(normal(at(row, place)) == name for place, name in own)
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

    def labels(self, wide: Iterable[int], heads: Row, number: int) -> list[Label]:
        """Each column that is a month or a day, and which; the year of one that is nothing else, where a column states
        the month. ``number``: the row of the headings."""
        said = [(place, two_rows.parts(heads[place])) for place in wide]
        if self.over:
            return [(place, date_parts.only_year(own) or own) for place, (*_, own) in said]
        return self._dates(said, number)

    def _dates(self, said: Iterable[tuple[int, Sequence[str]]], number: int) -> list[Label]:
        made, last = [], ("", "")
        kind = self._kind(self.entry.wide.to) if self.entry.wide else ""
        for place, parts in said:
            label = short_dates.heading(list(parts), self.year, self.month, kind)
            if label != parts[-1] and not any(map(short_dates.years, parts)):
                if (parts[-1], label) != last:
                    self.beside(number, last, (parts[-1], label))
                last = parts[-1], label
            made.append((place, label))
        dates = [*dict.fromkeys(label for _, label in made)] if self.crossed else [label for _, label in made]
        months = kind == "date" and short_dates.whole_months(dates)
        return [(place, self._period(number, label)) for place, label in made] if months else made

    @property
    def crossed(self) -> bool:
        """Whether figures' names stand over the months or days, or below them."""
        return bool(self.entry.wide and self.entry.rows) and self.entry.names is None

    def crossings(self, wide: Iterable[int], heads: Row, number: int) -> tuple[dict[int, str], list[Label]]:
        """Of headings that name a figure and a month or day each: which column of the table, and which date. Raises
        ``KitError`` if two say the same."""
        found = {place: pair for place in wide if (pair := two_rows.crossing(heads[place], self._known))}
        figures = {place: self._known[normal(name)] for place, (name, _) in found.items()}
        labels = self._dates([(place, [date]) for place, (_, date) in found.items()], number)
        seen: dict[tuple[str, str], int] = {}
        for place, label in labels:
            if seen.setdefault((figures[place], label), place) != place:
                raise KitError(problem("e.map.twice", file=self.file, config=self.config, col=shown(heads[place])))
        return figures, labels

    def across(
        self, body: Iterable[tuple[int, Row]], figures: Mapping[int, str], labels: list[Label]
    ) -> Iterator[tuple[int, Row]]:
        """A record for each month or day of a row, with the figures that stand side by side."""
        for number, row in body:
            fixed = self._fixed(row)
            found: dict[str, dict[str, str]] = {}
            for place, label in labels:
                if value := at(row, place).strip():
                    found.setdefault(label, {})[figures[place]] = value
            for label, said in found.items():
                yield number, self._row([*fixed, *(said.get(to.to, "") for to in self.entry.rows.values()), label])

    def _date(self, label: str, over: Sequence[str]) -> str:
        """The date of a column, with the cells that state its month or day."""
        return date_parts.joined(["年", *self.over], [label, *over], None) if self.over else label

    def unfolded(self, body: Iterable[tuple[int, Row]], labels: list[Label]) -> Iterator[tuple[int, Row]]:
        """A record for each month or day of a row that has a figure."""
        for number, row in body:
            for place, label in labels:
                if value := at(row, place).strip():
                    yield number, self._row([*self._fixed(row), self._date(label, self._apart(self.over, row)), value])

    def figures(self, body: Iterable[tuple[int, Row]], labels: list[Label]) -> Iterator[tuple[int, Row]]:
        """A record for each month or day with the figures that stand below each other; rows with another name in the
        column of names are left out. Raises ``KitError`` if a figure stands there twice: which of two shops is it?"""
        groups: dict[tuple[tuple[str, ...], ...], dict[str, tuple[int, Row]]] = {}
        for number, row in body:
            if to := self.figure(row):
                key = tuple(self._fixed(row)), tuple(self._apart(self.over, row))
                lines = groups.setdefault(key, {})
                if to in lines and any(at(row, place).strip() for place, _ in labels):
                    facts = {"name": shown(self.name(row)), "a": lines[to][0], "b": number, "config": self.config}
                    raise KitError(problem("e.map.figure", file=self.file, **facts))
                lines.setdefault(to, (number, row))
        for (fixed, over), lines in groups.items():
            for place, label in labels:
                said = {to: value for to, (_, row) in lines.items() if (value := at(row, place).strip())}
                if said:
                    figures = [said.get(to.to, "") for to in self.entry.rows.values()]
                    date = [self._date(label, over)] if self.entry.wide else []
                    yield min(n for n, _ in lines.values()), self._row([*fixed, *figures, *date])

    def name(self, row: Row) -> str:
        """What a row calls its figures."""
        return at(row, self.at[self.entry.names]) if self.entry.names else ""

    def figure(self, row: Row) -> str | None:
        """The column of the table that a row's name stands for."""
        return self._known.get(normal(self.name(row)))

    @functools.cached_property
    def _known(self) -> dict[str, str]:
        return {normal(name): to.to for name, to in self.entry.rows.items()}

    def unnamed(self, body: Iterable[Row], labels: list[Label]) -> Iterator[str]:
        """Names of figures that are there and that the entry does not name."""
        rows = [row for row in body if any(at(row, place).strip() for place, _ in labels)] if self.entry.names else []
        yield from dict.fromkeys(name for row in rows if (name := self.name(row).strip()) and not self.figure(row))


def at(row: Row, place: int) -> str:
    """A cell; blank behind the row's end."""
    return row[place] if place < len(row) else ""
