"""A mapped sheet (``kit.exports.mapping``) laid out as the plain sheet of its table: canonical names, a record a row.

Every row remembers which row of the file it comes from. A cell is moved as it stands, but for a date that leaves out
its year or month; what it means is read afterwards, as of any other file.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from kit.errors import KitError, Problem, problem
from kit.exports import mapping, scale, short_dates, two_rows
from kit.exports.dictionary import metrics_of, normal
from kit.exports.laid_records import Records, at
from kit.exports.mapping import Mapped
from kit.exports.recognise import SCANNED, shown
from kit.exports.sheet import Row, Sheet
from kit.tables import TABLES


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
    stated |= {"metric", "value"} if stated.intersection(metrics_of(TABLES[entry.table])) else set()
    undated = TABLES[entry.table].time if plain and plain.undated else None
    if lacking := [need for need in needed if need != undated and not stated & {*need.split("|")}]:
        raise KitError(problem("e.map.lacks", file=file, config=config, table=entry.table, cols=lacking))
    heads, below = _headings(entry, sheet, file, config)
    places = {name: two_rows.place_of(name, heads) for name in _named(entry)}
    if lost := [name for name, place in places.items() if place is None]:
        raise KitError([_lost(name, heads, file, config) for name in lost])
    where = {name: place for name, place in places.items() if place is not None}
    if twice := [name for name, place in where.items() if _differs(sheet.rows[below:], place, heads)]:
        raise KitError([problem("e.map.twice", file=file, config=config, col=name) for name in twice])
    year, month = _when(entry, sheet, file, config)
    wide = _wide(entry, heads, set(where.values()))
    names = plain.shop_name if plain else ()
    shops = {h: p for p, h in enumerate(heads) if normal(h) in names and p not in {*where.values(), *wide}}
    body = _filled(sheet.rows[below:], [*(where[name] for name in entry.fill), *shops.values()])
    made = Records(entry, {**where, **shops}, year, month, file, config, shops)
    beside = [
        head for place, head in enumerate(heads) if made.kinds.get(place) not in scale.FIGURES and place not in wide
    ]
    if fault := _unit(made, scale.of_all(sheet, below, beside)):
        raise KitError(fault)
    numbered = list(enumerate(body, below + 1))
    if made.crossed:
        figures, labels = made.crossings(wide, heads, below)
        if lost := [name for name, to in entry.rows.items() if to.to not in figures.values()]:
            raise KitError([_lost(name, heads, file, config) for name in lost])
        records = made.across(numbered, figures, labels)
    else:
        labels = made.labels(wide, heads, below)
        labels += [(where[entry.value], "")] if entry.value else []
        named = made.figures if entry.rows else made.unfolded
        records = named(numbered, labels) if labels else made.plain(numbered)
    rows = list(records)
    used = {*where.values(), *wide, *shops.values()}
    aside = (*(h for p, h in enumerate(heads) if p not in used and h.strip()), *made.unnamed(body, labels))
    laid = [made.header, *(row for _, row in rows)]
    return Laid(replace(sheet, rows=laid, numbers=(below, *(number for number, _ in rows))), aside)


def _lost(name: str, heads: Row, file: str, config: str) -> Problem:
    """A heading that the entry names and the sheet has not, with the nearest that it has."""
    found = [shown(h) for h in heads if h.strip()][:30]
    if near := difflib.get_close_matches(name, found, 1, 0.5):
        return problem("e.map.column.near", file=file, config=config, col=name, near=near[0])
    return problem("e.map.column", file=file, config=config, col=name, found=found)


def _named(entry: Mapped) -> list[str]:
    """The headings that an entry names."""
    return list(dict.fromkeys([*entry.columns, *filter(None, [entry.names, entry.value]), *entry.fill]))


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
        sought = [*_named(entry), *(entry.rows if not entry.names else ())]
        raise KitError(problem("e.map.header", file=file, config=config, cols=sought, n=SCANNED))
    return whole


def _wide(entry: Mapped, heads: Row, taken: set[int]) -> list[int]:
    """The columns that are months or days; where figures' names stand over these or below, those that have both."""
    if entry.wide is None:
        return []
    pattern = normal(entry.wide.headings)
    found = [p for p, h in enumerate(heads) if p not in taken and h.strip() and fnmatchcase(normal(h), pattern)]
    if not entry.rows or entry.names:
        return found
    known = {*map(normal, entry.rows)}
    return [p for p in found if two_rows.crossing(heads[p], known)]


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
    again = [p for p, head in enumerate(heads) if wanted and p != place and normal(head) == wanted]
    return any(at(row, place).strip() != at(row, p).strip() for p in again for row in body)


def _unit(made: Records, said: scale.Said | None) -> Problem | None:
    """A fault if the sheet states a unit for all amounts, and an amount is read without any."""
    lacking = [name for name, (to, unit) in made.named if unit is None and made.amount(to)] if said else []
    facts = {"file": made.file, "cols": list(map(shown, lacking)), "said": shown(said.cell) if said else ""}
    return problem("e.scale", **facts) if lacking else None
