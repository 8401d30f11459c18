"""Approving what is built of a period: all of it, in every language built, by somebody who did not edit it."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from kit import approvals, committing, report, sheets, stale, store
from kit.approvals import Approval
from kit.client import Client, Period
from kit.errors import FAILED, KitError, Problem, problem
from kit.store import Store

LONGEST = 40
"""Characters of a name."""
TOGETHER = re.compile(r"[,;/&，、；／＆\n]")
"""Between the names of several people in one cell."""


@dataclass(frozen=True)
class Approved:
    """``made``: None where all of it stood approved already, by ``stands``. ``reports`` are those that were looked at,
    ``locales`` the languages in which all of them are built."""

    made: Approval | None
    stands: Approval
    period: Period
    reports: tuple[str, ...]
    locales: tuple[str, ...]


def approve(client: Client, period: str, by: str) -> Approved:
    """Approve what is built of a period, if it is whole and current; the pages are set again by the next build.

    Raises ``KitError`` with all that stands against it at once. ``by``: who approves.
    """
    with committing.locked(client):
        data = store.load(client)
        chosen = Period.choose(period, data.span(), data.months())
        name = " ".join(by.split())
        if faults := [*_who(data, name), *against(client, chosen, data)]:
            raise KitError(faults, FAILED)
        folder, names = stale.folder_of(client, chosen), wanted(client, chosen, data)
        contents = {
            n: {loc: r["contents"][loc] for loc in ("zh", "en") if (r := stale.recorded(folder, n, loc))} for n in names
        }
        machine = {n: (folder / f"{n}.json").read_bytes() for n in names}
        made = approvals.add(client, chosen, name, f"{dt.datetime.now():%Y-%m-%d %H:%M}", contents, machine)
        stands = approvals.known(client, chosen)[-1]
    shared = tuple(loc for loc in ("zh", "en") if all(loc in said for said in contents.values()))
    return Approved(made, stands, chosen, tuple(names), shared)


def wanted(client: Client, period: Period, data: Store) -> list[str]:
    """The reports that this client can have of a period: with all settings they need, and a subject."""
    can = [name for name in report.names(client) if not report.needs(client, name)]
    return [name for name in can if report.has_subject(client, name, data, period)]


def _who(data: Store, by: str) -> Iterator[Problem]:
    """What is wrong with who approves: nobody, or an editor."""
    if not by:
        yield problem("e.deliver.by")
    elif len(by) > LONGEST or not by.isprintable():
        yield problem("e.deliver.by.form", n=LONGEST)
    elif _folded(by) in editors(data):
        yield problem("e.deliver.editor", by=by)


def editors(data: Store) -> set[str]:
    """Who edited, as names are compared: width, case and blanks make no difference; a cell may name several."""
    cells = [sheets.text(row.get("by")) for row in sheets.rows(data, "edits")]
    return {_folded(name) for cell in cells for name in (cell, *TOGETHER.split(cell))} - {""}


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def against(client: Client, period: Period, data: Store) -> Iterator[Problem]:
    """Which reports are missing, failed, damaged or out of date, a problem for each sort."""
    found: dict[str, list[str]] = {}
    names = wanted(client, period, data)
    for name in names:
        if state := _state(client, name, period, data):
            found.setdefault(state, []).append(name)
    if not names or found.get("missing") == names:
        yield problem("e.deliver.nothing", client=client.slug, period=period.text)
        return
    for state, some in found.items():
        yield problem(f"e.deliver.{state}", reports=", ".join(some), client=client.slug, period=period.text)


def _state(client: Client, name: str, period: Period, data: Store) -> str:
    """What stands against a report; empty if nothing does."""
    plan = report.due(client, name, period, data, ())
    if name in committing.failures(stale.folder_of(client, period)):
        return "failed"
    if plan.run == ("new",):
        return "missing"
    why = {*plan.run, *(reason for reasons in plan.render.values() for reason in reasons)}
    return "damaged" if "files" in why else "old" if why else ""
