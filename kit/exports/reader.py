"""A client's folder to canonical tables: every file recognised or named, every row accounted for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from kit.client import Client
from kit.errors import KitError, Problem, problem
from kit.exports import files
from kit.exports.folder import Source, sources
from kit.exports.pieces import Piece, piece
from kit.exports.recognise import Hint, Match, familiar, recognise
from kit.exports.sheet import Sheet, blank
from kit.tables import INPUTS, TABLES

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Reading:
    """What a folder holds. ``tables``: those with rows, by name. ``ledger``: one line per sheet, in file order.

    ``problems``: every fault and warning; with a fault among them the tables are not to be used.
    """

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    ledger: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(client: Client) -> Reading:
    """Everything in the client's folder. Never raises for what is in a file; the problems say it."""
    made = Reading()
    found, made.problems = sources(client)
    pieces: list[Piece] = []
    for source in found:
        if source.system:
            made.ledger.append(_line(source.name, "", source, ignored="system_file"))
            continue
        try:
            data = files.content(source.path, source.shown)
            digest = hashlib.sha256(data).hexdigest()
            members = files.unpacked(data, source.shown)
        except KitError as error:
            made.problems += error.problems
            continue
        for shown, content in members:
            name = source.name + shown.removeprefix(source.shown)
            pieces += _file(client, source, name, content, digest, made)
    for table in TABLES.values():
        of_table = [p for p in pieces if p.table is table and p.rows]
        if of_table:
            from kit.exports.combine import combine

            made.tables[table.name], problems = combine(table, of_table)
            made.problems += problems
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
        "shop": source.shop.key if source.shop else None,
        "encoding": sheet.encoding if sheet else None,
        "rows_read": rows,
        "rows_kept": 0,
        "dropped": {ignored: rows} if ignored and rows else {},
        "flagged": {},
        "start": None,
        "end": None,
        "ignored_columns": [],
        "dropped_columns": [],
        "ignored": ignored,
        "sha256": digest,
    }


def _file(client: Client, source: Source, name: str, data: bytes, digest: str, made: Reading) -> Iterator[Piece]:
    """The records of one file, its lines added to the ledger and its faults to the problems."""
    shown = f"data/{client.slug}/{name}"
    try:
        sheets = files.sheets(data, shown, familiar)
        matches = _recognised(client, source, name, shown, sheets)
    except KitError as error:
        made.problems += error.problems
        return
    for sheet, match in matches:
        line = _line(name, digest, source, sheet, None if isinstance(match, Match) else match)
        made.ledger.append(line)
        if isinstance(match, Match):
            try:
                yield piece(sheet, match, source, client, line)
            except KitError as error:
                made.problems += error.problems


def _recognised(
    client: Client, source: Source, name: str, shown: str, sheets: list[Sheet]
) -> list[tuple[Sheet, Match | str]]:
    """Each sheet with what it is, or why it is left aside: hidden, empty, or unlike any export beside one that is.

    Raises ``KitError``: no sheet is recognised, or one is nearly.
    """
    hint = _hint(client, source, name)
    allowed = INPUTS if source.shop is None else tuple(t for t in TABLES if t not in INPUTS)
    found: list[tuple[Sheet, Match | str]] = []
    faults: dict[int, KitError] = {}
    for sheet in sheets:
        where = f"{shown} [{sheet.name}]" if sheet.name else shown
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


def _hint(client: Client, source: Source, name: str) -> Hint:
    """What is known of a file beside its cells."""
    said = client.files.get(name) or client.files.get(source.name)
    table = said.table if said else None
    if table is not None and table not in TABLES:
        config = f"data/{client.slug}/client.toml"
        raise KitError(problem("e.stated.table", file=name, config=config, given=table, allowed=", ".join(TABLES)))
    place = (source.shop.key, source.shop.platform) if source.shop else ("", "")
    return Hint(client.locale, table, PurePosixPath(name).stem, *place)
