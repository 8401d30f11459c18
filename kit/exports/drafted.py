"""A draft of ``mapping.yml`` for a workbook of the agency's own, and what it would bring (``python -m kit map``).

What is known of it says ``kit.exports.own_sheet``; what is not stands in the draft as a comment, and what no sheet
says of itself as a question: nothing is guessed into a figure.
"""

from __future__ import annotations

import json
import typing
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from kit.errors import KitError, Problem
from kit.exports import laid, mapping, own_sheet, scale, short_dates, two_rows
from kit.exports.dictionary import normal
from kit.exports.laid_records import DATED, kind_of
from kit.exports.literals import ascii_forms
from kit.exports.own_fit import lower
from kit.exports.own_found import Found, by_month, counted, stated, time_of
from kit.exports.period import MADE
from kit.exports.recognise import shown
from kit.exports.rows import TOTAL
from kit.exports.sheet import Row, Sheet, blank

EXAMPLES = 3
UNITS = typing.get_args(mapping.Unit)


@dataclass(frozen=True)
class Draft:
    """An entry for a sheet: its text, and the records it would bring. ``told``: what stands in its way."""

    text: str
    header: Row = field(default_factory=list)
    examples: tuple[Row, ...] = ()
    records: int = 0
    told: tuple[Problem, ...] = ()


def drafts(sheets: Iterable[Sheet], file: str) -> list[Draft]:
    """An entry for each sheet in which anything is known. ``file``: the workbook's name."""
    made = (_of_sheet(sheet, file) for sheet in sheets if not sheet.hidden and not all(map(blank, sheet.rows)))
    return [one for one in made if one]


def _of_sheet(sheet: Sheet, file: str) -> Draft | None:
    found = [f for heads, above in two_rows.candidates(sheet.rows) if (f := own_sheet.under(sheet, heads, above))]
    if not found:
        return None
    best = max(found, key=lambda f: f.score)
    text = _text(best, sheet, file)
    try:
        (entry,) = mapping.checked(text, mapping.FILE)
        got = laid.out(entry, sheet, shown(file), mapping.FILE).sheet
    except KitError as error:
        return Draft(text, told=tuple(error.problems))
    records = [row for row in got.rows[1:] if row]
    return Draft(text, got.rows[0], tuple(records[:EXAMPLES]), len(records))


def _text(found: Found, sheet: Sheet, file: str) -> str:
    """The entry as YAML; what is not known as comments."""
    name = PurePosixPath(file).name
    heads = [head if head.strip() else two_rows.letter(place) for place, head in enumerate(found.heads)]
    lines = [f"- file: {_quoted(name)}"]
    lines += [f"  sheet: {_quoted(sheet.name)}"] if sheet.name else []
    lines.append(f"  table: {found.table.name}" + (f"  # {found.other}?" if found.other else ""))
    if found.at or found.unsure:
        lines.append("  columns:" if found.at else "  # columns:")
        lines += [f"    {_quoted(heads[p])}: {_target(found, heads[p], to)}" for p, to in found.at.items()]
        lines += [f"    # {shown(heads[p])}: {to}?" for p, to in found.unsure.items()]
    if found.wide:
        said = {} if found.crossed else {"headings": _pattern([heads[p] for p in found.wide])}
        said |= {"to": time_of(found.table)}
        if not found.rows:
            said["value"] = "value" if "value" in found.table.columns else "?"
            said |= {"unit": found.unit} if found.unit else {}
        lines.append("  wide: {" + ", ".join(f"{k}: {_quoted(v)}" for k, v in said.items()) + "}")
    lines += _years(found, name)
    if found.rows:
        lines += [f"  names: {_quoted(heads[found.names])}"] if found.names is not None else []
        lines += [f"  value: {_quoted(heads[found.value])}"] if found.value is not None else []
        lines.append("  rows:")
        lines += [f"    {_quoted(said)}: {_target(found, said, to)}" for said, to in found.rows.items()]
    asked, sales = stated(found), counted(found)
    if asked or sales:
        lines.append("  constants:")
        lines += [f"    sales_kind: {sales}"] if sales else []
        lines += [f'    {to}: "?"  # {" / ".join(mapping.words_of(found.table.name, to))}' for to in asked]
    if blank := [heads[p] for p, to in found.at.items() if _merged(found, p, to)]:
        lines.append(f"  # fill: [{', '.join(map(_quoted, blank))}]")
    used = {*found.at, *found.unsure, *found.wide, found.names, found.value}
    lines += [f"  # {shown(h)}: ?" for p, h in enumerate(found.heads) if p not in used and h.strip()]
    lines += [f"  # {shown(name)}: ?" for name in _others(found)]
    return "\n".join(lines) + "\n"


def _others(found: Found) -> list[str]:
    """Names of figures below each other that are not known."""
    place = found.names
    if place is None:
        return []
    said = [row[place].strip() for row in found.body if place < len(row) and not all(map(blank, [row[place + 1 :]]))]
    return [name for name in dict.fromkeys(said) if name and name not in found.rows]


def _merged(found: Found, place: int, to: str) -> bool:
    """Whether cells of the table's key are blank below others, as those of merged cells are, in rows with figures."""
    first = min(found.at), *(p for p, other in found.at.items() if other == time_of(found.table))
    if to not in found.table.columns or not found.table.field(to).key or place not in first:
        return False
    rows = [row for row in found.body if sum(bool(c.strip()) for c in row) > 1 and not any(map(_sum, row))]
    cells = [row[place].strip() for row in rows if len(row) > place]
    return bool(cells) and bool(cells[0]) and "" in cells


def _sum(cell: str) -> bool:
    """Whether a cell is a word for a sum."""
    return TOTAL.fullmatch(ascii_forms(cell).strip()) is not None


def _target(found: Found, head: str, to: str) -> str:
    """The column of the table, with the unit of its figures if the heading or the sheet states one."""
    kind = kind_of(found.table, to)
    unit = scale.of_column(head, kind) or (found.unit if kind == "money" else None)
    return f"{{to: {to}, unit: {_quoted(unit)}}}" if unit in UNITS and unit != scale.NONE else to


def _years(found: Found, file: str) -> list[str]:
    """The year, and the month, of dates that leave them out: the year that a name or a line above states, if it is but
    one."""
    times = [(p, to) for p, to in found.at.items() if kind_of(found.table, to) in DATED]
    if found.years or len(times) > 2 or any("年" in found.heads[p] for p, _ in times):
        return []
    kind = found.table.field(time_of(found.table)).type
    kinds = {p: "month" if lower(found.heads[p]) in short_dates.MONTHS else kind_of(found.table, to) for p, to in times}
    lacks = {short_dates.lacking(row[p], kinds[p]) for p in kinds for row in found.body if p < len(row)}
    lacks = lacks if len(times) < 2 else {"year"}  # a month and a day in columns of their own
    for *above, own in found.dates:
        if not any(map(short_dates.years, above)):
            lacks.add(short_dates.lacking(own, "month" if by_month(found) else kind))
    if not lacks & {"year", "month"}:
        return []
    names = f"{file} {found.sheet.name or ''}"
    years = {*short_dates.years(names)} or {
        y for row in found.sheet.rows[: found.above] for c in row if not MADE.search(c) for y in short_dates.years(c)
    }
    year = years.pop() if len(years) == 1 else None
    lines = [f"  year: {year}" if year else "  # year: ?"]
    return lines + (["  month: sheet"] if "month" in lacks else [])


def _pattern(heads: list[str]) -> str:
    """A pattern of all of these headings, and of few others."""
    plain = [normal(h) for h in heads]
    for sign in ("月", "日", "号", "-", "/", "."):
        if all(sign in head for head in plain):
            return f"*{sign}*" if not all(head.endswith(sign) for head in plain) else f"*{sign}"
    return "[0-9]*"


def _quoted(text: Any) -> str:
    """A YAML scalar that is text whatever it looks like."""
    return json.dumps(str(text), ensure_ascii=False)


def printed(found: Iterable[Draft], words: Any) -> Iterable[str]:
    """The draft as lines of a file: entries, and below each as comments what it would bring."""
    for draft in found:
        yield draft.text.rstrip("\n")
        if draft.told:
            yield from (f"  # {words.problem(fault)}" for fault in draft.told)
            continue
        yield f"  # {words.label('say.map.brings', n=draft.records)}"
        yield from (f"  #   {' | '.join(map(shown, row))}" for row in (draft.header, *draft.examples))
