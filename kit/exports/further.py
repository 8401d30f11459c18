"""Further columns of a file whose table keeps them: what a test measured, and by what its units can be split.

A figure is a metric under the name that its header gives it, a text of few values a segment. Everything else stays
aside: rates and averages of a day, which cannot be added up; dates; remarks; what could be personal, as anywhere.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

from kit.exports.clean import Context, column, reader
from kit.exports.dictionary import Column, Export, normal
from kit.exports.recognise import DATED, UNIT, Match
from kit.exports.rows import Sifted
from kit.tables import Table
from kit.tables.schema import Field
from kit.tables.trials import EXPERIMENT_UNITS

MOST_VALUES = 20
"""Values of a segment beyond which a text is no segment."""
LONGEST_VALUE = 40
LEAST_ROWS = 5
"""Rows below which a value of a segment is left out: it says who somebody is rather than what kind."""
_NAME = re.compile(r"(?=.*[^\W\d_])\w{1,40}")
"""Letters, Chinese ones among them, digits and underscores: at least one letter."""
_BEFORE = re.compile(r"(?:pre_|(?:实验前|测试前|分流前|测前|前期|过去[0-9]{1,3}天)_?)(?=.)")
_NUMBERED = re.compile("[0-9]{10}")
"""A phone, an account, an order: nothing that was measured."""
_NO_SUM = re.compile(
    r"率|均|占比|单价|指数|投产比|(?:^|_)(?:rate|ratio|share|avg|mean|average|ctr|cvr|roi|roas|price)(?:$|_)"
)
"""Figures of which those of two days have no sum."""


def settled(match: Match, sifted: Sifted, context: Context) -> Match:
    """The match with its further columns, in a table that has them; what is not kept is among ``ignored``."""
    export, at, ignored = match.export, dict(match.at), list(match.ignored)
    taken = {*export.table.columns, *(col.to for col in at.values())}
    for place in match.further:
        header = match.headers[place]
        name = named(export, header)
        type = _type(export.table, header, [row[place] for row in sifted.rows], context)
        if type is None or not _NAME.fullmatch(name) or name in taken:
            ignored.append(match.shown(place))
            continue
        taken.add(name)
        at[place] = Column(header, name, type)
    table = _widened(export.table, [col for place, col in at.items() if place not in match.at])
    return replace(match, export=replace(export, table=table), at=at, ignored=tuple(ignored), further=())


def named(export: Export, header: str) -> str:
    """The name of a further column: its header without blanks and unit, in lower case, ``pre_x`` for what was before.

    What the export itself would call so has its canonical name there, too: 实验前支付金额 is ``pre_revenue``.
    """
    name = UNIT.sub("", normal(header))
    if before := _BEFORE.match(name):
        rest = name[before.end() :]
        known = export.by_name.get(rest)
        return f"pre_{known.to if known else rest}"
    return name


def _widened(table: Table, columns: list[Column]) -> Table:
    fields = (Field(col.to, col.type, signed=True) for col in columns)
    return replace(table, fields=(*table.fields, *fields))


def _type(table: Table, header: str, cells: list[str], context: Context) -> str | None:
    """``measure`` or ``text``; None for what the table does not keep, and for a column that says nothing."""
    literals = list(dict.fromkeys(cells))
    if DATED.search(normal(header)) or any(map(_NUMBERED.search, literals)):
        return None
    read = column(literals, reader("measure", header, context=context))
    if not read.flags.get("unreadable"):
        rate = table.spans and (_NO_SUM.search(normal(header)) or any(cell.strip().endswith("%") for cell in literals))
        return None if rate or all(value is None for value in read.values) else "measure"
    return "text" if "text" in table.further and _splits(cells, context) else None


def _splits(cells: list[str], context: Context) -> bool:
    """Whether a text is one by which units are split: few values, one at least of several rows, none personal."""
    counts = Counter(cells)
    literals = list(counts)
    if len(literals) > MOST_VALUES or max(map(len, literals)) > LONGEST_VALUE:
        return False
    read = column(literals, reader("text", context=context))
    stated = [literal for literal, value in zip(literals, read.data, strict=True) if value is not None]
    return not read.flags and any(counts[literal] >= LEAST_ROWS for literal in stated)


def rare(frame: Any) -> int:
    """Leave out, in place, values of units' segments that too few rows have; how many rows lose one."""
    lost = 0
    for name in (c for c in frame if c not in EXPERIMENT_UNITS.columns and frame[c].dtype.kind != "f"):
        few = frame[name].map(frame[name].value_counts()) < LEAST_ROWS
        frame[name] = frame[name].mask(few)
        lost += int(few.sum())
    return lost


def once(frame: Any, sifted: Sifted) -> None:
    """Keep rows that repeat an earlier one to the letter where a unit has several that differ, in place: such a file
    is of sessions or orders, and two of those may well be alike."""
    own = ["experiment", "variant", "unit_id"]
    if sifted.duplicates and set(own) <= set(frame):
        told = frame.drop(index=list(sifted.duplicates))
        if told.duplicated(own).any():
            sifted.duplicates.clear()
