"""A client's folder to canonical tables: every file recognised or named, every row accounted for."""

from __future__ import annotations

import contextlib
import gc
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kit.client import Client
from kit.errors import KitError, Problem, problem
from kit.exports import files, finish, in_blocks, many, many_asked, many_laid, mapping, plausible, secret, workers
from kit.exports.combine import combine
from kit.exports.dictionary import exports
from kit.exports.folder import Source, sources
from kit.exports.kept import Kept, Read, key
from kit.exports.pieces import Block, Piece, ledger_line
from kit.exports.recognise import Match, familiar
from kit.exports.recognised import recognised
from kit.exports.records import taken
from kit.exports.unread import Unread
from kit.tables import ORDERS, TABLES

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Reading:
    """What a folder holds. ``tables``: those with rows, by name. ``ledger``: one line per sheet, in file order.

    ``problems``: every fault and warning; with a fault among them the tables are not to be used. ``excluded``: what the
    consultant's exclusions take out of sales, by reason. ``many``: the orders, where they are too many for a table;
    ``looked`` has those of them then that somebody could look for.
    """

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    ledger: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    excluded: list[dict[str, Any]] = field(default_factory=list)
    many: many.Orders | None = None
    looked: dict[str, pd.DataFrame] = field(default_factory=dict)


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
            made.ledger.append(ledger_line(source.name, "", source, ignored="system_file"))
            continue
        got = every[source.name]
        made.ledger += got.lines
        made.problems += got.problems
        pieces += got.pieces
        for name in (n for names in got.shops.values() for n in names):
            shops.setdefault(source.shop.key if source.shop else "", {}).setdefault(name, source.shown)
    made.problems += [*_strangers(client, shops), *_same_file(client, made.ledger), *_unknown_tools(client)]
    for table in TABLES.values():
        of_table = [p for p in pieces if p.table.name == table.name and p.count]
        if table is ORDERS and kept and (too_many := many.combined(client, of_table, kept.folder.parent)):
            made.many, problems = too_many
            made.problems += problems
        elif of_table:
            made.tables[table.name], problems = combine(table, of_table, client.exports)
            made.problems += problems
    if not any(not p.warning for p in made.problems):
        made.problems += finish.windows(client, made.tables)
        left = many_laid.finished(client, made.many, made.tables.get("exclusions")) if made.many else []
        made.excluded = [*left, *finish.whole(client, made.tables)]
        days = None
        if made.many:
            made.looked = {"orders": many_asked.few(made.many, made.tables)}
            if "shop_daily" in made.tables:
                days = many_laid.sold_days(made.many)
        made.problems += plausible.warnings(client, made.tables | made.looked, days)
    return made


def _every(
    client: Client, found: list[Source], kept: Kept | None, digest: Callable[[Source], str] | None
) -> dict[str, Read]:
    """Each file by name, from what was kept of it or read anew; many at once, the largest first."""
    if not kept or not digest:
        return {s.name: anew(client, s, kept) for s in found}
    names = {s.name: key(client, s, digest(s), secret.key_id(client)) for s in found}
    tasks: list[Source | Block] = []
    plans: in_blocks.Plans = {}
    for source in (s for s in found if names[s.name] not in kept):
        tasks += in_blocks.blocks(client, source, names[source.name], plans) or [source]
    with workers.hired(client, kept, sorted(tasks, key=workers.to_read, reverse=True)) as mine:
        made = {t.name: done for t in mine if (done := read_task(client, t, kept, plans)) and isinstance(t, Source)}
    return {
        s.name: made.get(s.name)
        or kept.get(names[s.name])
        or in_blocks.together(client, s, kept, names[s.name], digest(s), plans)
        or anew(client, s, kept)
        for s in found
    }


def read_task(client: Client, task: Source | Block, kept: Kept, plans: in_blocks.Plans) -> Read | None:
    """A file or a block of one, read and kept; of a block nothing is returned, as it may be one of many."""
    if isinstance(task, Source):
        return anew(client, task, kept)
    in_blocks.read_block(client, task, kept, plans)
    return None


def anew(client: Client, source: Source, kept: Kept | None) -> Read:
    """One file read whole from its bytes, and kept if it can be opened."""
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


def _file(client: Client, source: Source, name: str, data: bytes, digest: str, made: Read) -> None:
    """Add the records of one file, its lines of the ledger and its faults."""
    shown = f"data/{client.slug}/{name}"
    try:
        sheets = files.sheets(data, shown, familiar)
        matches = recognised(client, source, name, shown, sheets)
    except KitError as error:
        made.problems += error.problems
        return
    context = in_blocks.context(client, source)
    for sheet, match in matches:
        aside = match if isinstance(match, str) else "unread" if isinstance(match, Unread) else None
        line = ledger_line(name, digest, source, sheet, aside)
        made.lines.append(line)
        if isinstance(match, Unread):
            line |= {"export": match.id, "title": dict(match.name)}
        if isinstance(match, Match):
            try:
                got = taken(sheet, match, source, client, context, line)
            except KitError as error:
                made.problems += error.problems
                continue
            made.pieces += got.pieces
            made.problems += got.problems
            made.shops[name] = sorted({*made.shops.get(name, ()), *got.shops})


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
