"""Files that are read in blocks (``kit.exports.bulk``): how each is, its blocks read and kept, and put together."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from kit.client import Client
from kit.errors import KitError, Problem
from kit.exports import block, bulk, records, scale, secret
from kit.exports.candidates import familiar
from kit.exports.clean import Context
from kit.exports.folder import Source
from kit.exports.kept import Kept, Read
from kit.exports.pieces import Block, Of, Part, Piece, ledger_line
from kit.exports.recognise import Match
from kit.exports.recognised import recognised
from kit.exports.rows import Sifted

Plans = dict[Source, bulk.Plan | None]
"""How files are read in blocks, as far as it is known; None of one that is read whole."""


def context(client: Client, source: Source) -> Context:
    """What the client settles for the cells of a file."""
    platform = source.shop.platform if source.shop else ""
    return Context(client.timezone, frozenset(client.exports.na), secret.seal(client, platform), client.currency)


def blocks(client: Client, source: Source, name: str, plans: Plans) -> list[Block]:
    """The blocks of a file to read it by, kept beside it under names of their own; none if it is to be read whole."""
    try:
        plan = _plan(client, source, plans)
        return bulk.blocks(plan, source, name) if plan else []
    except (bulk.Unlike, OSError):
        return []


def _plan(client: Client, source: Source, plans: Plans) -> bulk.Plan | None:
    if source not in plans:
        plans[source] = _planned(client, source)
    return plans[source]


def _planned(client: Client, source: Source) -> bulk.Plan | None:
    head = bulk.head(source.path, familiar) if source.shop else None
    if head is None:
        return None
    try:
        (sheet, match), *more = recognised(client, source, source.name, "", [head.sheet])
    except KitError:  # told when it is read whole
        return None
    if not isinstance(match, Match) or sheet is not head.sheet or more:
        return None
    if scale.unsaid(sheet, match.row, match.headers, match.kinds):  # told when it is read whole
        return None
    return bulk.plan(head, match, context(client, source))


def read_block(client: Client, one: Block, kept: Kept, plans: Plans) -> None:
    """Read and keep a block, unless it is kept, or its file has changed meanwhile."""
    plan = _plan(client, one.source, plans)
    if plan and one.key not in kept and (made := block.read(client, plan, one, lambda: _line(plan, one.source))):
        kept.put(one.key, made)


def _line(plan: bulk.Plan, source: Source, digest: str = "") -> dict[str, Any]:
    return ledger_line(source.name, digest, source, plan.head.sheet)


def together(client: Client, source: Source, kept: Kept, name: str, digest: str, plans: Plans) -> Read | None:
    """A file from its blocks, those that are not kept read now; kept as ``name``. None if it is to be read whole."""
    notes = {}
    for one in blocks(client, source, name, plans):
        if (note := kept.note(one.key)) is None:
            shutil.rmtree(kept.folder / one.key, ignore_errors=True)
            read_block(client, one, kept, plans)
            note = kept.note(one.key)
        if note is None or "unlike" in note["facts"]:
            return None
        notes[one.key] = note
    if not notes or not (plan := _plan(client, source, plans)):
        return None
    own, shown = _line(plan, source, digest), f"data/{client.slug}/{source.name}"
    of = Of(plan.head.sheet, plan.match, Sifted(), source, client, plan.context, own, shown)
    try:
        made = _joined(of, notes, kept.folder)
    except bulk.Unlike:
        return None
    kept.put(name, made)
    return made


def _joined(of: Of, notes: dict[str, dict[str, Any]], folder: Path) -> Read:
    """A file from what was noted of its blocks, by key and in their order (``kept.Kept.note``). ``of.line`` is counted
    up; the records stay where they are kept, in ``folder``."""
    above, parts, shops = of.match.row + 1, list[Part](), set[str]()
    told: dict[tuple[Any, ...], Problem] = {}
    lines = []
    for key, note in notes.items():
        for said in note["problems"]:
            _tell(told, Problem(said["id"], said["args"], said["warning"]), above)
        parts += [Part(key, n, above, p["count"]) for n, p in enumerate(note["pieces"])]
        lines += note["lines"]
        shops |= {name for names in note["shops"].values() for name in names}
        above += note["facts"].get("rows", 0)
    made = Read([of.line], problems=list(told.values()))
    if any(bulk.OF_ALL in line["flagged"] for line in lines):
        raise bulk.Unlike
    of.line.update({"table": of.match.export.table.name, "export": of.match.export.id})
    of.line["title"] = dict(of.match.export.name)
    if any(not p.warning for p in made.problems):
        return made
    _count(of.line, lines)
    headers: dict[str, str] = next((p["headers"] for note in notes.values() for p in note["pieces"]), {})
    piece = Piece(of.match.export.table, of.line, of.name, headers, parts=tuple(parts), folder=folder)
    made.problems += records.closing(of, [piece])
    if all(p.warning for p in made.problems):
        made.pieces, made.shops = [piece], {of.line["file"]: sorted(shops)}
    return made


def _tell(told: dict[tuple[Any, ...], Problem], one: Problem, above: int) -> None:
    """Add what a block is told, its rows counted from the file's first; of one kind the first, with how many there
    are."""
    args = dict(one.args) | ({"row": int(one.args["row"]) + above} if "row" in one.args else {})
    key = (one.id, one.warning, *(str(args.get(name)) for name in ("col", "code", "allowed")))
    if key in told:
        first = dict(told[key].args)
        args = first if first.get("row", 0) <= args.get("row", 0) else args
        args = args | ({"n": first["n"] + one.args["n"]} if "n" in args else {})
    told[key] = Problem(one.id, args, one.warning)


def _count(line: dict[str, Any], parts: list[dict[str, Any]]) -> None:
    """The ledger's figures of a file from those of its parts."""
    for name in ("rows_read", "rows_kept"):
        line[name] = sum(part[name] for part in parts)
    for name in ("dropped", "flagged"):
        counted: Counter[str] = Counter()
        for part in parts:
            counted.update(part[name])
        line[name] = dict(sorted(counted.items()))
    line["start"] = min((part["start"] for part in parts if part["start"]), default=None)
    line["end"] = max((part["end"] for part in parts if part["end"]), default=None)
    if stated := [part["amount"] for part in parts if part["amount"]]:
        line["amount"] = {**stated[0], **{name: sum(s[name] for s in stated) for name in ("read", "kept")}}
