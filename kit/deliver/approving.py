"""Approving what is built of a period: all of it, in every language built, by somebody who did not edit it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kit import approvals, committing, report, stale, store
from kit.approvals import Approval
from kit.client import Client, Period
from kit.deliver import editors
from kit.errors import FAILED, KitError, Problem, problem
from kit.store import Store

LONGEST = 40
"""Characters of a name."""
KIT = ("code", "libraries", "wording", "templates", "approval", "pages")
"""Why pages would be made anew that says nothing of the client's: kit itself, and marks and page numbers."""


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
    with committing.locked(client.slug):
        data = store.load(client)
        chosen = Period.choose(period, data.span(), data.months())
        name = " ".join(by.split())
        names = wanted(client, chosen, data)
        if faults := [*_who(client, data, name, names), *against(client, chosen, data)]:
            raise KitError(faults, FAILED)
        folder = stale.folder_of(client, chosen)
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


def _who(client: Client, data: Store, by: str, names: list[str]) -> Iterator[Problem]:
    """What is wrong with who approves: nobody, or somebody who worked on it, as far as it is known who did."""
    if not any(map(str.isalnum, by)):
        yield problem("e.deliver.by")
    elif len(by) > LONGEST or not by.isprintable():
        yield problem("e.deliver.by.form", n=LONGEST)
    elif where := next((at for name, at in editors.named(client, data).items() if editors.same(by, name)), None):
        yield problem("e.deliver.editor", by=by, where=where)
    if nameless := editors.nameless(client, data, names):
        yield problem("e.deliver.editors", files=nameless, client=client.slug)


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
    """What stands against a report; empty if nothing does. That its marks are not yet those of the last approval says
    nothing against it: an approval was cut off before the pages were set."""
    plan = report.due(client, name, period, data, ())
    if name in committing.failures(stale.folder_of(client, period)):
        return "failed"
    if plan.run == ("new",):
        return "missing"
    why = {*plan.run, *(reason for reasons in plan.render.values() for reason in reasons)} - {"approval"}
    return "damaged" if "files" in why else "old" if why else ""


def behind(client: Client, period: Period, data: Store, names: Iterable[str]) -> list[str]:
    """The reports of which data, edits, notes or settings have changed since they were built; a newer kit is no change
    of what was approved."""
    found = []
    for name in names:
        plan = report.due(client, name, period, data, ())
        if {*plan.run, *(why for reasons in plan.render.values() for why in reasons)} - {*KIT, "files", "new"}:
            found.append(name)
    return found
