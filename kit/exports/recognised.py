"""The sheets of a file with what each of them is: by its header, or as mapping.yml says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from kit.client import Client
from kit.errors import KitError, problem
from kit.exports import laid, mapping, side_by_side
from kit.exports.folder import GUIDES, Source
from kit.exports.recognise import Hint, Match, recognise
from kit.exports.sheet import Sheet, blank
from kit.exports.unread import Unread, known
from kit.tables import INPUTS, TABLES


def recognised(
    client: Client, source: Source, name: str, shown: str, sheets: list[Sheet]
) -> list[tuple[Sheet, Match | Unread | str]]:
    """Each sheet with what it is, or why it is left aside: hidden, empty, or unlike any export beside one that is.

    Raises ``KitError``: no sheet is recognised, or one is nearly.
    """
    hint = _hint(client, source, name)
    allowed = INPUTS if source.shop is None else tuple(t for t in TABLES if t not in INPUTS)
    if entries := [e for e in mapping.of(client) if source.shop and e.about(name)]:
        mapped = [_mapped(client, entries, name, shown, hint, sheet) for sheet in sheets]
        if not any(isinstance(match, Match) for _, match in mapped):
            config = f"data/{client.slug}/{mapping.FILE}"
            raise KitError(problem("e.map.sheet", file=shown, config=config, found=[s.name or "" for s in sheets]))
        return list(mapped)
    found: list[tuple[Sheet, Match | Unread | str]] = []
    faults: dict[int, KitError] = {}
    for sheet in (part for whole in sheets for part in side_by_side.parts(whole)):
        where = f"{shown} [{sheet.name}]" if sheet.name else shown
        if source.shop is None and sheet.name in GUIDES:
            continue
        if sheet.hidden or all(map(blank, sheet.rows)):
            found.append((sheet, "hidden_sheet" if sheet.hidden else "empty_sheet"))
            continue
        own = replace(hint, stem=f"{hint.stem} {sheet.name or ''}")
        if source.shop and not hint.table and (one := known(sheet.rows)):
            found.append((sheet, one))
            continue
        try:
            found.append((sheet, recognise(sheet.rows, where, tables=allowed, hint=own)))
        except KitError as error:
            faults[len(found)] = error
            found.append((sheet, "other_sheet"))
    some = any(not isinstance(match, str) for _, match in found)
    told = [e for e in faults.values() if not some or e.problems[0].id != "e.unknown"]
    if told:
        raise KitError([p for e in told for p in e.problems])
    if not some:
        raise KitError(problem("e.empty", file=shown))
    return found


def _mapped(
    client: Client, entries: list[mapping.Mapped], name: str, shown: str, hint: Hint, sheet: Sheet
) -> tuple[Sheet, Match | str]:
    """A sheet of a file that mapping.yml is about, laid out as its entry says; one without an entry is left aside."""
    entry = mapping.entry_for(entries, name, sheet.name)
    if entry is None or all(map(blank, sheet.rows)):
        return sheet, "other_sheet" if entry is None else "empty_sheet"
    where = f"{shown} [{sheet.name}]" if sheet.name else shown
    made = laid.out(entry, sheet, where, f"data/{client.slug}/{mapping.FILE}")
    match = recognise(made.sheet.rows, where, tables=(entry.table,), hint=replace(hint, table=entry.table))
    return made.sheet, match.beside(made.aside)


def _hint(client: Client, source: Source, name: str) -> Hint:
    """What is known of a file beside its cells."""
    said = client.files.get(name) or client.files.get(source.name)
    table = said.table if said else None
    if table is not None and table not in TABLES:
        config = f"data/{client.slug}/client.toml"
        raise KitError(problem("e.stated.table", file=name, config=config, given=table, allowed=", ".join(TABLES)))
    place = (source.shop.key, source.shop.platform) if source.shop else ("", "")
    stem = source.path.stem if source.shop is None else PurePosixPath(name).stem
    return Hint(client.locale, table, stem, *place)
