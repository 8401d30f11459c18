"""The board a consultant runs all clients from: what each has in, checked, built, reviewed, approved and delivered.

Read from what was noted when it was done (cache, records, approvals); no export is read anew, no report opened.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit import checking, committing, project, report, stale, store
from kit.client import Client, Period
from kit.deliver import approval, editors, index, pack
from kit.errors import KitError, Problem
from kit.graph import PACK
from kit.store import Store
from kit.text import Words

COLUMNS = ("client", "period", "data", "checked", "built", "reviewed", "approved", "delivered")
NONE = "—"


@dataclass(frozen=True)
class Built:
    """The reports a client can have in a period by what became of them, each by its name."""

    expected: tuple[str, ...] = ()
    built: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    old: tuple[str, ...] = ()
    """Built, the pack among them, but something they are made of has changed since; unknown while the data are not
    read."""


@dataclass(frozen=True)
class Facts:
    """How a client stands in a period, which was ``asked`` for or is its latest. ``data``: None if its files have
    changed since they were read (``read``), or were never read. ``fault``: why nothing can be told of it."""

    slug: str
    asked: str = ""
    period: Period | None = None
    read: bool = False
    data: Store | None = None
    lacks: int = 0
    built: Built = Built()
    reviewed: tuple[str, ...] = ()
    state: approval.State | None = None
    deliveries: tuple[approval.Delivery, ...] = ()
    fault: Problem | None = None

    @property
    def faults(self) -> int:
        """How many problems of the data stop a build."""
        return sum(not p.warning for p in self.data.problems) if self.data else 0

    @property
    def standings(self) -> list[approval.Standing]:
        return list(self.state.known.values()) if self.state else []


@dataclass(frozen=True)
class Line:
    """A client's line, worded: the cells of ``COLUMNS``, and what is to be done next; empty where nothing is."""

    client: str
    period: str = NONE
    data: str = NONE
    checked: str = NONE
    built: str = NONE
    reviewed: str = NONE
    approved: str = NONE
    delivered: str = NONE
    next: str = ""


def lines(clients: Sequence[str], period: str, words: Words) -> Iterator[Line]:
    """A line per client, in their order. ``period`` as typed; empty is each client's latest."""
    for slug in clients:
        yield worded(facts(slug, period), words)


def facts(slug: str, period: str) -> Facts:
    """How a client stands; what is wrong with it is in ``fault``, so that it hides no other client."""
    try:
        client = Client.load(slug)
        data = store.known(client)
        chosen = _period(client, data, period)
        state = approval.state(client, chosen) if chosen else None
        return Facts(
            slug,
            period,
            chosen,
            data is not None or store.was_read(client),
            data,
            _lacks(client, data) if data else 0,
            _built(client, data, chosen) if chosen else Built(),
            tuple(editors.named(client, data)) if data else (),
            state,
            approval.deliveries(client, chosen) if chosen else (),
        )
    except KitError as error:
        return Facts(slug, fault=error.problems[0])


def _lacks(client: Client, data: Store) -> int:
    """How many tables no file has brought, of those that a report reads which the client can have."""
    missing = checking.missing(client, data).items()
    return len({table for name, tables in missing if not report.needs(client, name) for table in tables})


def _period(client: Client, data: Store | None, asked: str) -> Period | None:
    """The period asked for, else that which a build would take now, else the latest that was built."""
    if data and data.span():
        return Period.choose(asked, data.span(), data.months())
    if asked:
        return Period.parse(asked)
    built = index.periods(project.output() / client.slug)
    return built[0].period if built else None


def _built(client: Client, data: Store | None, period: Period) -> Built:
    folder = stale.folder_of(client, period)
    there = {name.rpartition(".")[0] for name in index.manifest(folder)}
    sound = data is not None and not any(not p.warning for p in data.problems)
    names = [name for name in report.names(client) if name in there or _expected(client, name, data, period)]
    built = tuple(name for name in names if name in there)
    packed = (PACK,) if sound and _pack_old(client, folder, there) else ()
    return Built(
        tuple(names),
        built,
        tuple(sorted(committing.failures(folder))),
        (*(n for n in built if data and sound and _old(client, n, period, data)), *packed),
    )


def _pack_old(client: Client, folder: Path, there: set[str]) -> bool:
    """Whether the pack is of other reports than there are now, or made otherwise; without a pack there is no old one.

    As with the reports, files are not looked at, only their records.
    """
    records = {locale: stale.recorded(folder, PACK, locale) for locale in index.LOCALES}
    names = there - {PACK}
    return any(r["page"] != pack.made_of(client, folder, locale, names) for locale, r in records.items() if r)


def _old(client: Client, name: str, period: Period, data: Store) -> bool:
    """Whether what a report is made of has changed since, or a file of it is gone.

    That files are as they were written is not looked at: a build and whatever delivers them hash them all.
    """
    folder, source = stale.folder_of(client, period), report.notebook(client, name)
    records = [r for locale in index.LOCALES if (r := stale.recorded(folder, name, locale))]
    made: dict[str, tuple[stale.Parts, stale.Parts]] = {}
    for record in records:
        reads = json.dumps(record["reads"], sort_keys=True)  # both languages are of one run, as a rule
        if reads not in made:
            run = stale.run_parts(client, period, data, source, record["reads"])
            made[reads] = run, stale.page_parts(client, name, period, data, record["reads"])
        if (record["run"], record["page"]) != made[reads]:
            return True
    return any(not (folder / file).is_file() for record in records for file in record["files"])


def _expected(client: Client, name: str, data: Store | None, period: Period) -> bool:
    """Whether a report can be had: nothing that it needs of the settings is missing, and it has a subject."""
    return not report.needs(client, name) and (data is None or report.has_subject(client, name, data, period))


# ---- in words ----------------------------------------------------------------------------------------------------


def worded(found: Facts, words: Words) -> Line:
    if found.fault:
        return Line(found.slug, next=words.label("say.board.next.fault", said=words.problem(found.fault)))
    return Line(
        found.slug,
        found.period.text if found.period else NONE,
        _data(found, words),
        _checked(found, words),
        _reports(found.built, words),
        words.listing(found.reviewed) or NONE,
        _approved(found, words),
        _delivered(found, words),
        _next(found, words),
    )


def _data(found: Facts, words: Words) -> str:
    if found.data is None:
        return words.label("say.board.changed" if found.read else "say.board.unread")
    files = len({entry["file"] for entry in found.data.ledger})
    if not files:
        return words.label("say.board.empty")
    said = [words.label("say.board.files", n=files)]
    said += [words.label("say.board.to", date=found.data.cutoff.isoformat())] if found.data.cutoff else []
    said += [words.label("say.board.lacks", n=found.lacks)] if found.lacks else []
    return " · ".join(said)


def _checked(found: Facts, words: Words) -> str:
    if found.data is None or not found.data.ledger:
        return NONE
    if found.faults:
        return words.label("say.board.faults", n=found.faults)
    notes = len(found.data.problems)
    return words.label("say.board.notes", n=notes) if notes else words.label("say.board.sound")


def _reports(built: Built, words: Words) -> str:
    """How many of those there can be, which failed, how many are out of date."""
    if not built.expected:
        return NONE
    said = [f"{len(built.built)}/{len(built.expected)}"]
    said += [words.label("say.board.failed", report=words.listing(built.failed))] if built.failed else []
    said += [words.label("say.board.old", n=len(built.old))] if built.old else []
    return " · ".join(said)


def _approved(found: Facts, words: Words) -> str:
    """By whom, where all of it is; else how many pages are, and whether any has changed since."""
    every = found.standings
    good = [one for one in every if one.kind == "approved"]
    last = max(every, key=lambda one: (one.version, one.at), default=approval.Standing())
    who = {"version": f"V{last.version}", "by": last.by, "at": last.at}
    if not every:
        return NONE
    if any(one.kind == "changed" for one in every):
        return words.label("say.board.approved.changed", **who)
    if not good:
        return words.label("say.board.draft")
    key = "say.board.approved" if len(good) == len(every) else "say.board.approved.part"
    return words.label(key, **who, part=f"{len(good)}/{len(every)}")


def _delivered(found: Facts, words: Words) -> str:
    """The last delivery of each kind."""
    last = {one.kind: one for one in found.deliveries}
    said = [words.label(f"say.board.{o.kind}", version=f"V{o.version}", at=o.at) for o in last.values()]
    return " · ".join(said) or NONE


def _next(found: Facts, words: Words) -> str:
    """What stands first between this client and a delivered report, as one short imperative."""
    built, about = found.built, {"client": found.slug}
    dated = {"client": f"{found.slug} PERIOD={found.asked}" if found.asked else found.slug}
    if found.data is None:
        return words.label("say.board.next.check", **about)
    if not found.data.ledger:
        return words.label("say.board.next.files", **about)
    if found.faults:
        return words.label("say.board.next.faults", n=found.faults, **about)
    if failed := [name for name in built.failed if name != PACK]:
        return words.label("say.board.next.failed", report=",".join(failed), **dated)
    if built.failed or built.old or len(built.built) < len(built.expected):
        return words.label("say.board.next.build", **dated)
    kinds = {one.kind for one in found.standings}
    if "changed" in kinds:
        return words.label("say.board.next.again", **dated)
    if kinds and kinds != {"approved"}:
        return words.label("say.board.next.approve", **dated)
    if kinds and _waiting(found):
        return words.label("say.board.next.deliver", **dated)
    return ""


def _waiting(found: Facts) -> bool:
    """Whether a report of the last version has left in no language."""
    known = found.state.known if found.state else {}
    version = max((one.version for one in known.values()), default=0)
    last = [one for one in found.deliveries if one.version == version]
    names = {name for (name, _), one in known.items() if one.version == version}
    return not all(any(one.brought(name, locale) for one in last for locale in index.LOCALES) for name in names)


# ---- shown -------------------------------------------------------------------------------------------------------


def told(made: Sequence[Line], words: Words) -> Iterator[str]:
    """The board as a log has it: a line per client with its cells in ``COLUMNS``' order, then what is to be done."""
    for one in made:
        yield "  ".join(getattr(one, column) for column in COLUMNS)
    yield from todo(made, words)


def table(made: Sequence[Line], words: Words) -> Any:
    """The board as a terminal shows it."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in COLUMNS:
        shown.add_column(words.label(f"say.board.col.{column}"), overflow="fold")
    for one in made:
        shown.add_row(*(Text(getattr(one, column)) for column in COLUMNS))
    return shown


def todo(made: Sequence[Line], words: Words) -> Iterator[str]:
    """What is to be done next of each client that waits for something; then how many wait for nothing."""
    waiting = [one for one in made if one.next]
    yield from (words.label("say.board.todo", client=one.client, next=one.next) for one in waiting)
    if done := len(made) - len(waiting):
        yield words.label("say.board.done", n=done)
