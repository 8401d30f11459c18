"""A client's folder to canonical tables: every file recognised or named, every row accounted for."""

from __future__ import annotations

import contextlib
import gc
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from kit.client import Client
from kit.errors import KitError, Problem, problem
from kit.exports import files, finish, laid, mapping, plausible, secret, side_by_side, workers
from kit.exports.clean import Context
from kit.exports.combine import combine
from kit.exports.dictionary import exports
from kit.exports.folder import GUIDES, Source, sources
from kit.exports.kept import Kept, Read, key
from kit.exports.pieces import Piece
from kit.exports.recognise import Hint, Match, familiar, recognise
from kit.exports.records import taken
from kit.exports.sheet import Sheet, blank
from kit.tables import INPUTS, TABLES

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Reading:
    """What a folder holds. ``tables``: those with rows, by name. ``ledger``: one line per sheet, in file order.

    ``problems``: every fault and warning; with a fault among them the tables are not to be used. ``excluded``: what the
    consultant's exclusions take out of sales, by reason.
    """

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    ledger: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    excluded: list[dict[str, Any]] = field(default_factory=list)


def read(client: Client, kept: Kept | None = None, digest: Callable[[Source], str] | None = None) -> Reading:
    """Everything in the client's folder. Never raises for what is in a file; the problems say it.

    ``kept``: where what was read from each file is kept; ``digest`` hashes a file, by default from its bytes.
    """
    with quiet():
        return _read(client, kept, digest)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Without the cyclic garbage collector: it would walk millions of cells again and again, and none is in a cycle."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _read(client: Client, kept: Kept | None, digest: Callable[[Source], str] | None) -> Reading:
    made = Reading()
    found, made.problems = sources(client)
    try:
        made.problems += mapping.absent(client, [s.name for s in found if s.shop])
    except KitError as error:  # every file that it may be about would say so again
        made.problems += error.problems
        return made
    pieces: list[Piece] = []
    shops: dict[str, dict[str, str]] = {}
    every = _every(client, [s for s in found if not s.system], kept, digest)
    for source in found:
        if source.system:
            made.ledger.append(_line(source.name, "", source, ignored="system_file"))
            continue
        got = every[source.name]
        made.ledger += got.lines
        made.problems += got.problems
        pieces += got.pieces
        for name in (n for names in got.shops.values() for n in names):
            shops.setdefault(source.shop.key if source.shop else "", {}).setdefault(name, source.shown)
    made.problems += [*_strangers(client, shops), *_same_file(client, made.ledger), *_unknown_tools(client)]
    for table in TABLES.values():
        of_table = [p for p in pieces if p.table.name == table.name and p.rows]
        if of_table:
            made.tables[table.name], problems = combine(table, of_table, client.exports)
            made.problems += problems
    if not any(not p.warning for p in made.problems):
        made.problems += finish.windows(client, made.tables)
        made.excluded = finish.whole(client, made.tables)
        made.problems += plausible.warnings(client, made.tables)
    return made


def _every(
    client: Client, found: list[Source], kept: Kept | None, digest: Callable[[Source], str] | None
) -> dict[str, Read]:
    """Each file by name, from what was kept of it or read anew; many at once, the largest first."""
    if not kept or not digest:
        return {s.name: anew(client, s, kept) for s in found}
    names = {s.name: key(client, s, digest(s), secret.key_id(client)) for s in found}
    new = sorted((s for s in found if names[s.name] not in kept), key=lambda s: workers.size(s.path), reverse=True)
    with workers.hired(client, kept, new) as mine:
        made = {s.name: anew(client, s, kept) for s in mine}
    return {s.name: made.get(s.name) or kept.get(names[s.name]) or anew(client, s, kept) for s in found}


def anew(client: Client, source: Source, kept: Kept | None) -> Read:
    """One file read from its bytes, and kept if it can be opened."""
    made = Read()
    try:
        data = files.content(source.path, source.shown)
        sha256 = hashlib.sha256(data).hexdigest()
        members = files.unpacked(data, source.shown)
    except KitError as error:
        made.problems += error.problems
        return made
    for shown, content in members:
        _file(client, source, source.name + shown.removeprefix(source.shown), content, sha256, made)
    if kept:
        kept.put(key(client, source, sha256, secret.key_id(client)), made)
    return made


def _line(
    name: str, digest: str, source: Source, sheet: Sheet | None = None, ignored: str | None = None
) -> dict[str, Any]:
    """A line of the ledger before its rows are counted. ``ignored``: why a file or sheet was not read."""
    rows = sum(not blank(row) for row in sheet.rows) if sheet and ignored else 0
    return {
        "file": name,
        "sheet": sheet.name if sheet else None,
        "table": None,
        "export": None,
        "title": None,
        "shop": source.shop.key if source.shop else None,
        "encoding": sheet.encoding if sheet else None,
        "rows_read": rows,
        "rows_kept": 0,
        "dropped": {ignored: rows} if ignored and rows else {},
        "flagged": {},
        "start": None,
        "end": None,
        "amount": None,
        "also": {},
        "restated": {},
        "ignored_columns": [],
        "dropped_columns": [],
        "ignored": ignored,
        "sha256": digest,
    }


def _file(client: Client, source: Source, name: str, data: bytes, digest: str, made: Read) -> None:
    """Add the records of one file, its lines of the ledger and its faults."""
    shown = f"data/{client.slug}/{name}"
    try:
        sheets = files.sheets(data, shown, familiar)
        matches = _recognised(client, source, name, shown, sheets)
    except KitError as error:
        made.problems += error.problems
        return
    platform = source.shop.platform if source.shop else ""
    na = frozenset(client.exports.na)
    context = Context(client.timezone, na, secret.seal(client, platform), client.currency)
    for sheet, match in matches:
        line = _line(name, digest, source, sheet, None if isinstance(match, Match) else match)
        made.lines.append(line)
        if isinstance(match, Match):
            try:
                got = taken(sheet, match, source, client, context, line)
            except KitError as error:
                made.problems += error.problems
                continue
            made.pieces += got.pieces
            made.problems += got.problems
            made.shops[name] = sorted({*made.shops.get(name, ()), *got.shops})


def _recognised(
    client: Client, source: Source, name: str, shown: str, sheets: list[Sheet]
) -> list[tuple[Sheet, Match | str]]:
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
        return mapped
    found: list[tuple[Sheet, Match | str]] = []
    faults: dict[int, KitError] = {}
    for sheet in (part for whole in sheets for part in side_by_side.parts(whole)):
        where = f"{shown} [{sheet.name}]" if sheet.name else shown
        if source.shop is None and sheet.name in GUIDES:
            continue
        if sheet.hidden or all(map(blank, sheet.rows)):
            found.append((sheet, "hidden_sheet" if sheet.hidden else "empty_sheet"))
            continue
        own = replace(hint, stem=f"{hint.stem} {sheet.name or ''}")
        try:
            found.append((sheet, recognise(sheet.rows, where, tables=allowed, hint=own)))
        except KitError as error:
            faults[len(found)] = error
            found.append((sheet, "other_sheet"))
    recognised = any(isinstance(match, Match) for _, match in found)
    told = [e for e in faults.values() if not recognised or e.problems[0].id != "e.unknown"]
    if told:
        raise KitError([p for e in told for p in e.problems])
    if not recognised:
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


def _unknown_tools(client: Client) -> list[Problem]:
    """Tools of ``[attribution]`` that no dictionary knows: a misspelt one would silently do nothing."""
    if not client.attribution:
        return []
    known = {e.set["tool"] for e in exports() if "tool" in e.set}
    known |= {word for e in exports() for word in e.words.get("tool", {}).values()}
    config, allowed = f"data/{client.slug}/client.toml", ", ".join(sorted(known))
    return [
        problem("e.attribution", given=tool, config=config, allowed=allowed)
        for tool in client.attribution
        if tool not in known
    ]


def _strangers(client: Client, shops: dict[str, dict[str, str]]) -> list[Problem]:
    """Files that name another shop than the one whose folder they lie in, or one that client.toml does not know: it
    could be another client's."""
    own = {name: key for key, shop in client.shops.items() for name in shop.names}
    config = f"data/{client.slug}/client.toml"
    told = []
    for folder, named in shops.items():
        for name, file in sorted(named.items()):
            place = f"data/{client.slug}/exports/{folder}"
            if name not in own:
                told.append(problem("e.shop.unknown", file=file, found=name, shop=folder, config=config))
            elif own[name] != folder:
                told.append(problem("e.shop", file=file, found=name, folder=place, right=own[name]))
    return told


def _same_file(client: Client, ledger: list[dict[str, Any]]) -> list[Problem]:
    """One file in the folders of two shops: its sales would be counted for both."""
    first: dict[str, dict[str, Any]] = {}
    told = {}
    for line in ledger:
        if not line["sha256"] or not line["shop"]:
            continue
        other = first.setdefault(line["sha256"], line)
        if other["shop"] != line["shop"]:
            names = {k: f"data/{client.slug}/{e['file']}" for k, e in (("a", other), ("b", line))}
            told[line["file"]] = problem("e.same", **names)
    return list(told.values())
