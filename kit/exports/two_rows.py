"""Headings of a sheet of the agency's own: in one row, or in two of which the upper one has merged cells."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from kit.exports import short_dates
from kit.exports.dictionary import normal
from kit.exports.recognise import SCANNED
from kit.exports.sheet import Row


def candidates(rows: list[Row]) -> Iterator[tuple[Row, int]]:
    """What may be the headings, and how many rows they and what is above them are: each of the first rows, then each
    pair of them."""
    yield from ((list(row), n) for n, row in enumerate(rows[:SCANNED], 1))
    pairs = ((rows[n - 2], rows[n - 1], n) for n in range(2, min(SCANNED, len(rows)) + 1))
    yield from ((joined(upper, lower), n) for upper, lower, n in pairs if not _records(upper, lower))


def _records(upper: Row, lower: Row) -> bool:
    """Whether the lower row states figures under days by their number: a year over a month is the only number over
    another that headings make."""
    return any(a.isdigit() and b.isdigit() and not short_dates.years(a) for a, b in zip(upper, lower, strict=False))


def joined(upper: Row, lower: Row) -> Row:
    """The headings that two rows make: ``above/below``, where a merged cell above reaches over blank ones."""
    made, group = [], ""
    for place in range(max(len(upper), len(lower))):
        above, own = (row[place].strip() if place < len(row) else "" for row in (upper, lower))
        group = above or group
        made.append(f"{group}/{own}" if own and group and group != own else own or above)
    return made


def parts(heading: str) -> list[str]:
    """What stands above a heading and what it says itself; ``3/1`` is a day, and nothing above another."""
    return heading.rsplit("/", 1) if not re.fullmatch(r"[0-9]{1,4}/[0-9/]+", heading) else [heading]


def splits(heading: str) -> Iterator[tuple[str, str]]:
    """What may be a figure's name and a date above or below it: the heading on either side of each stroke."""
    for place in (n for n, sign in enumerate(heading) if sign == "/"):
        upper, lower = heading[:place], heading[place + 1 :]
        yield from ((lower, upper), (upper, lower))


def crossing(heading: str, known: Container[str]) -> tuple[str, str] | None:
    """Of a heading in which a figure and a date stand above each other, both, as they are written; None for any other.
    ``known``: figures' names as they are matched."""
    found = ((name, date) for name, date in splits(heading) if normal(name) in known and short_dates.dated([date]))
    return next(found, None)


def letter(place: int) -> str:
    """What a column without a heading is called, as a spreadsheet letters it: ``A列``."""
    first, second = divmod(place, 26)
    return f"{chr(64 + first) if first else ''}{chr(65 + second)}列"


def place_of(name: str, heads: Row) -> int | None:
    """Where a heading stands: under its whole name, else the lower part of it alone if only one column has that; a
    column without one by its letter."""
    wanted, names = normal(name), [normal(head) for head in heads]
    if wanted in names:
        return names.index(wanted)
    lower = [place for place, head in enumerate(names) if head.rsplit("/", 1)[-1] == wanted]
    if len(lower) != 1:
        blank = [place for place, head in enumerate(names) if not head]
        return next((place for place in blank if letter(place) == name.strip().upper()), None)
    return lower[0]
