"""From the literal in a cell to its value: one reader per column type, the same for every export.

Cells arrive as text. A reader never guesses: what it cannot take for certain is ``UNREADABLE`` and becomes an error
that names the cell. Missing is None, never zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from kit.exports import dates, figures, plain, province, raw
from kit.exports import words as known
from kit.exports.cleaned import Cleaned, Reader, at_once, by_cell, column
from kit.exports.literals import (
    DASHES,
    LONGEST,
    NULL,
    UNREADABLE,
    Cell,
    Read,
    ascii_forms,
    bare,
    said_nothing,
    withheld,
)
from kit.exports.personal import HIDDEN, scrub
from kit.exports.words import PLATFORM_NAMES

__all__ = [
    "HIDDEN",
    "PLATFORM_NAMES",
    "TYPES",
    "UNREADABLE",
    "Cell",
    "Cleaned",
    "Context",
    "Reader",
    "ascii_forms",
    "at_once",
    "by_cell",
    "column",
    "reader",
    "scrub",
]

NO_DATE = "任意时间"


@dataclass(frozen=True)
class Context:
    """What a client settles for all cells: the shops' time zone, further literals that mean missing, the seal that
    turns a buyer's account into a keyed hash (without one a key cannot be read), the currency of the amounts."""

    zone: str = "Asia/Shanghai"
    na: frozenset[str] = frozenset()
    seal: Callable[[str], str] | None = None
    currency: str = "CNY"


@dataclass(frozen=True)
class _Asked:
    """What ``reader`` was asked for; ``na`` as literals are matched."""

    type: str
    header: str
    words: Mapping[str, object]
    dash_zero: bool
    spans: bool
    context: Context
    na: frozenset[str]


def reader(
    type: str,
    header: str = "",
    words: Mapping[str, object] | None = None,
    *,
    dash_zero: bool = False,
    part: int | None = None,
    spans: bool = False,
    context: Context = Context(),
) -> Reader:
    """The reader of a column: its type, its header in the file, and for ``word`` and ``flag`` what its literals mean.

    ``dash_zero``: a dash is a zero. ``part``: which side of a pair is read, from 0. ``spans``: a date that covers
    several days is read as its first and last; otherwise it is refused.
    """
    na = frozenset(map(ascii_forms, context.na))
    made = _READERS[type](_Asked(type, header, words or {}, dash_zero, spans, context, na))
    return made if part is None else Reader(_side(made, part, na), made.kind)


def _side(read: Read, part: int, na: frozenset[str]) -> Read:
    """One side of ``42.64% | 192745`` or ``¥11.19 / ¥500``; a cell that has one side only could be either."""

    def read_side(raw: str) -> Cell:
        text = raw.replace("｜", "|").replace("／", "/")
        sides = text.split("|", 1) if "|" in text else text.split("/", 1)
        if len(sides) == 1:
            return read(raw) if said_nothing(bare(raw), na) else UNREADABLE
        return read(sides[part]) if part < 2 else UNREADABLE

    return read_side


def _bare(read: Read, asked: _Asked, dash: Cell = NULL) -> Read:
    """The reader of cells, from that of bare literals which state something."""
    na = asked.na

    def read_bare(raw: str) -> Cell:
        text = bare(raw)
        if text in DASHES and text not in na:
            return dash
        said = said_nothing(text, na) or withheld(text)
        return said if said is not None else read(text) if len(text) <= LONGEST else UNREADABLE

    return read_bare


def _figure(asked: _Asked) -> Reader:
    zero: object = (0.0, 0.0, 0.0) if asked.type == "interval" else 0.0
    read = figures.READERS[asked.type](asked.header, asked.context.currency)
    cells = _bare(read, asked, Cell(zero) if asked.dash_zero else NULL)
    if asked.type == "interval":
        return Reader(cells, "range")
    whole = plain.figures(asked.type, asked.header, asked.context.currency, asked.dash_zero, asked.na)
    return Reader(cells, "figure", whole, raw.figures(asked.type in ("count", "people")) if whole else None)


def _measure(asked: _Asked) -> Reader:
    """An amount or a share, or whether something is so: 1 or 0."""
    amount, share = (figures.READERS[type](asked.header, asked.context.currency) for type in ("money", "ratio"))

    def read(text: str) -> Cell:
        so = known.FLAGS.get(text.lower())
        return Cell(float(so)) if so is not None else (share if text[-1] in "%‰" else amount)(text)

    whole = plain.figures("measure", asked.header, asked.context.currency, False, asked.na)
    return Reader(_bare(read, asked), "figure", whole)


def _date(asked: _Asked) -> Reader:
    """Days and months; a moment of another time zone is of the day that it was at the shop."""
    zone = ZoneInfo(asked.context.zone)

    def day(text: str) -> Cell:
        if text == NO_DATE or dates.UNSET.fullmatch(text):
            return NULL
        if found := dates.span(text):
            return (
                Cell(found[0] if found[0] == found[1] else found) if found[0] == found[1] or asked.spans else UNREADABLE
            )
        moment = dates.moment(text, zone)
        return Cell(moment.date()) if moment else UNREADABLE

    def month(text: str) -> Cell:
        """The first day of the month; Excel makes 2024-11-01 of 2024-11, any other single day is no month."""
        if text == NO_DATE or dates.UNSET.fullmatch(text):
            return NULL
        found = dates.span(text)
        if not found or found[0].day != 1 or found[1] not in (found[0], dates.month_end(found[0])):
            return UNREADABLE
        return Cell(found[0])

    if asked.type == "month":
        return Reader(_bare(month, asked), "day")
    return _moments(_bare(day, asked), "day", asked, "D")


def _time(asked: _Asked) -> Reader:
    zone = ZoneInfo(asked.context.zone)

    def time(text: str) -> Cell:
        if text == NO_DATE or text == "0" or dates.UNSET.fullmatch(text):
            return NULL
        moment = dates.moment(text, zone)
        return Cell(moment) if moment else UNREADABLE

    return _moments(_bare(time, asked), "time", asked, "us")


def _moments(read: Read, kind: str, asked: _Asked, unit: str) -> Reader:
    whole = plain.moments(asked.na, unit)
    return Reader(read, kind, whole, raw.moments(unit) if whole else None)


def _key(asked: _Asked) -> Reader:
    seal = asked.context.seal
    return Reader(known.keys(asked.na, seal), "other", plain.keys(asked.na, seal))


_READERS: dict[str, Callable[[_Asked], Reader]] = {
    **dict.fromkeys(figures.READERS, _figure),
    "measure": _measure,
    "date": _date,
    "month": _date,
    "time": _time,
    "id": lambda asked: Reader(known.ids(asked.na), "other", plain.ids(asked.na), raw.ids(asked.na)),
    "text": lambda asked: Reader(known.texts(asked.na), "other", plain.texts(asked.na)),
    "key": _key,
    "word": lambda asked: Reader(known.listed(asked.words, asked.na), "other"),
    "platform": lambda asked: Reader(known.listed(PLATFORM_NAMES, asked.na), "other"),
    "province": lambda asked: Reader(province.read(asked.na), "other", raw=raw.provinces(asked.na)),
    "stages": lambda asked: Reader(known.stages(asked.na), "other"),
    "flag": lambda asked: Reader(known.flags(asked.words, asked.na), "other"),
}
TYPES = frozenset(_READERS)
