"""The dictionaries shown, and read against each other: no two exports alike, no header with two meanings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from kit.errors import KitError, Problem, problem
from kit.exports.dictionary import Export, exports, normal
from kit.exports.recognise import Hint, recognise
from kit.exports.unread import Unread, unread
from kit.tables import TABLES


def of_platform(platform: str) -> list[Export]:
    """The exports that a shop on ``platform`` may have; all of them without one."""
    return [e for e in exports() if not platform or platform in e.platforms or platform == e.file]


def unread_of(platform: str) -> list[Unread]:
    """Likewise those that are known and not read."""
    return [one for one in unread() if not platform or platform in one.platforms or platform == one.file]


def contradictions(found: list[Export]) -> list[Problem]:
    """Exports that would be taken for another one, headers that mean two things in one table of one platform, and
    headers that are both read and dropped."""
    return [*_mistaken(found), *_double_meanings(found), *_read_and_dropped(found)]


def _mistaken(found: list[Export]) -> Iterator[Problem]:
    """Exports that are not recognised as themselves, by all of their headers or by the required ones alone."""
    for export in found:
        whole = list({c.target: c.header for c in reversed(export.columns)}.values())
        least = [export.header_of(name.split("|")[0]) for name in export.required]
        platform = export.platforms[0] if export.platforms else "other"
        for header in (whole, least):
            try:
                match = recognise([header], export.id, tables=TABLES, hint=Hint("zh", platform=platform))
                taken = match.export.id
            except KitError as error:
                taken = ", ".join(map(str, error.problems[0].args.get("exports", [error.problems[0].id])))
            if taken != export.id:
                yield problem("e.dictionary.alike", export=export.id, other=taken)
                break


def _double_meanings(found: list[Export]) -> Iterator[Problem]:
    meanings: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
    for export in found:
        for column in export.columns:
            if not column.metric:
                about = str(export.set.get("breakdown", ""))  # a creative's name is what a creative's row is about
                place = (f"{export.file} {about}", export.table.name, normal(column.header))
                meanings[place].setdefault(column.to, export.id)
    for (_, table, _), said in meanings.items():
        if len(said) > 1:
            (a, one), (b, other), *_ = said.items()
            header = next(c.header for e in found if e.id == one for c in e.columns if c.to == a)
            yield problem("e.dictionary.meaning", col=header, table=table, a=f"{one}: {a}", b=f"{other}: {b}")


def _read_and_dropped(found: list[Export]) -> Iterator[Problem]:
    for export in found:
        for column in export.columns:
            if normal(column.header) in export.personal and column.type not in ("key", "province"):
                yield problem("e.dictionary.personal", export=export.id, col=column.header)


def shown(found: list[Export], also: list[Unread], words: Any) -> Iterator[str]:
    """The dictionary, export by export: its name and menu, what it brings, and each header with what it becomes. Then
    those that are not read (``also``), with the headers they are known by.

    ``*`` marks a column the export cannot do without, ``(*)`` one of several of which one is needed.
    """
    locale = words.locale
    for export in found:
        yield f"{export.name[locale]}  [{export.id} → {', '.join(export.tables)}]"
        yield f"  {export.menu[locale]}"
        asked = {part: "|" in name for name in export.required for part in name.split("|")}
        for column in export.columns:
            mark = {None: " ", False: "*", True: "(*)"}[asked.get(column.target)]
            whole = f"{export.roll.table.name}." if export.roll and column.whole else ""
            yield f"  {mark:>3} {column.header} → {whole}{column.target} ({column.type})"
        if export.personal:
            yield f"      ✕ {'、'.join(sorted(export.personal))}"
        yield ""
    for one in also:
        yield f"{one.name[locale]}  [{one.id}: {words.label('ignored.unread')}]"
        yield f"  {one.menu[locale]}"
        yield f"    * {words.listing(sorted(one.headers))}"
        yield ""
