"""What is known of a sheet of the agency's own under one row of headings, and what it does not say of itself."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from kit.exports import date_parts, mapping, scale, short_dates, two_rows
from kit.exports.dates import span
from kit.exports.dictionary import metrics_of, normal
from kit.exports.laid_records import DATED, kind_of
from kit.exports.literals import ascii_forms
from kit.exports.sheet import Row, Sheet
from kit.tables import Table

WORDS = ("metric", "value_kind", "rival_kind", "tool", "breakdown", "sales_kind")
"""Columns that are often the same in all of a sheet, and that nothing in it says."""
COUNTER = "counter"
"""What 销量 alone means on a page; a vendor's may be a month's."""
MONTHS = 12


@dataclass(frozen=True)
class Found:
    """What is known of a sheet under one row of headings. ``unsure``: several mean the same column of the table;
    ``value``: where the figures stand whose names are in ``names``; ``crossed``: figures' names stand over the dates.
    ``other``: another table that it may be as well."""

    sheet: Sheet
    heads: Row
    above: int
    table: Table
    at: Mapping[int, str]
    unsure: Mapping[int, str]
    wide: tuple[int, ...]
    names: int | None
    rows: Mapping[str, str]
    value: int | None = None
    crossed: bool = False
    other: str = ""

    @property
    def score(self) -> tuple[int, int, int, int, int]:
        """The most columns; of dates with their years, then of headings; then the row in which their units stand, too;
        then the topmost."""
        known = {*self.at.values(), *self.unsure.values(), *self.rows.values()}
        whole = sum(span(parts[-1]) is not None or any(map(short_dates.years, parts)) for parts in self.dates)
        headless = sum(not self.heads[p].strip() for p in self.at)
        units = sum(scale.own(self.heads[p]) is not None for p in self.at)
        return len(known) + bool(self.wide), whole, -headless, units, -self.above

    @property
    def body(self) -> list[Row]:
        return self.sheet.rows[self.above :]

    @property
    def years(self) -> bool:
        """Whether the headings that are dates are years alone."""
        return bool(self.wide) and all(date_parts.only_year(parts[-1]) for parts in self.dates)

    @functools.cached_property
    def dates(self) -> list[list[str]]:
        """What the dates in ``wide`` say, with what stands above them."""
        if not self.crossed:
            return [two_rows.parts(self.heads[p]) for p in self.wide]
        known = {*map(normal, self.rows)}
        return [[found[1]] for p in self.wide if (found := two_rows.crossing(self.heads[p], known))]

    @functools.cached_property
    def unit(self) -> str | None:
        """What the sheet counts all of its amounts in."""
        figures = {p for p, to in self.at.items() if kind_of(self.table, to) in scale.FIGURES}
        beside = [h for p, h in enumerate(self.heads) if p not in figures and p not in self.wide]
        said = scale.of_all(self.sheet, self.above, beside)
        return said.unit if said and said.sure else None


def time_of(table: Table) -> str:
    return next(f.name for f in table.fields if f.type in DATED and f.key)


def stated(found: Found) -> list[str]:
    """What a sheet of figures does not say of itself and the plain sheet of its table asks for: a word for all rows."""
    said = {*found.at.values(), *found.unsure.values(), *found.rows.values()}
    said |= {"metric"} if said.intersection(metrics_of(found.table)) else set()
    said |= {"sales_kind"} if "sales" not in said or counted(found) else set()
    return [f.name for f in found.table.fields if f.type == "word" and f.name in WORDS and f.name not in said]


def counted(found: Found) -> str:
    """What sales the heading of listings says that it counts; blank if it says nothing of it."""
    plain = mapping.plain(found.table.name)
    columns = (
        [plain.by_name.get(normal(found.heads[p])) for p, to in found.at.items() if to == "sales"] if plain else []
    )
    said = [column.set.get("sales_kind", "") for column in columns if column]
    return said[0] if said and said[0] != COUNTER else ""


def by_month(found: Found) -> bool:
    """Whether the headings that are dates are months. Bare numbers are days if there are too many for months, or if
    what stands above them or the sheet's name is a month."""
    parts = found.dates
    if found.years:
        places = [place for place, to in found.at.items() if to == time_of(found.table)]
        cells = [row[p] for p in places for row in found.body if p < len(row) and row[p].strip()]
        return bool(cells) and len(short_dates.completed(cells[0], 2024, None, "month")) == len("2024-11")
    own = [ascii_forms(part[-1]).strip() for part in parts]
    if all(map(str.isdigit, own)) and max(map(len, own)) < 3:
        named = any("月" in upper for *above, _ in parts for upper in above) or short_dates.month_of(
            found.sheet.name or ""
        )
        return not named and max(map(int, own)) <= MONTHS
    dates = [short_dates.heading(part, 2024, None, "month") for part in parts]
    ends = span(dates[0])
    return short_dates.whole_months(dates) or (ends is not None and ends[0] != ends[1])
