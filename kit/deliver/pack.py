"""The pack: all reports of a client's period as one PDF, as slides and as pictures; the last job of a build.

It has no notebook. It is made from the reports as they were built last, is stale when one of them, the client's
``master.pptx`` or the kit has changed, and leaves only after it was looked through for what is not this client's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit import committing, project, stale, store
from kit.client import Client, Period
from kit.deliver import parts
from kit.errors import Problem
from kit.graph import PACK
from kit.report import Built, Say
from kit.stages import Stages

if TYPE_CHECKING:
    from kit.render import Rendering

MASTER = "master.pptx"
"""In the client's folder: the look of its slides."""
PICTURES = "exhibits"
"""In the period's folder: the exhibits as pictures, by language."""


def unchanged(client: Client, period: Period, locales: tuple[str, ...], force: bool = False) -> Built | None:
    """What there is of the pack if nothing that it is made of has changed, else None; reads the records and no more."""
    plan = due(client, period, locales, force)
    return None if plan.render else _built(client, period, locales, plan, Stages())


def due(client: Client, period: Period, locales: tuple[str, ...], force: bool = False) -> stale.Plan:
    """What is to be done: for each language asked for, and for those built before, as for a report."""
    folder = stale.folder_of(client, period)
    wanted = [loc for loc in ("zh", "en") if loc in locales or stale.recorded(folder, PACK, loc)]
    why = {
        loc: ("forced",) if force else stale.pages_changed(folder, PACK, loc, made_of(client, folder, loc))
        for loc in wanted
    }
    changed = {loc: names for loc, names in why.items() if names}
    return stale.Plan(tuple(dict.fromkeys(name for names in changed.values() for name in names)), changed)


def made_of(client: Client, folder: Path, locale: str, names: Iterable[str] | None = None) -> stale.Parts:
    """What the pack depends on: the kit, the client's master, and each report by the files that its record names.

    ``names``: the reports, if it is known which are there; else their files are looked at.
    """
    there = parts.there(client, folder, locale) if names is None else names
    reports = {name: stale.recorded(folder, name, locale) for name in there}
    said = {f"report:{name}": stale.hashed(record["files"]) for name, record in reports.items() if record}
    return {**stale.made_with(), "master": stale.digest(client.folder / MASTER), **said}


def build(client: Client, period: Period, locales: tuple[str, ...], say: Say, force: bool = False) -> Built:
    """Make the pack in every language of ``locales`` that has changed, and put its files in place.

    Raises ``KitError``: a file would hold what is not this client's, or cannot be written; the last good files stay.
    """
    stages = Stages()
    with stages.time("data"):
        data = store.load(client)
    plan = due(client, period, locales, force)
    for locale in plan.render:
        say("say.packing", locale=locale)
        _make(client, period, data, locale, stages)
    return _built(client, period, locales, plan, stages)


def _make(client: Client, period: Period, data: store.Store, locale: str, stages: Stages) -> None:
    from kit.deliver import scan

    folder = stale.folder_of(client, period)
    made = made_of(client, folder, locale)
    with stages.time("words"):
        renderings = parts.built(client, period, data, locale)
    files = _files(client, renderings, locale, stages)
    with stages.time("scan"):
        told = scan.refuse(client, files)
    facts = _facts(client, period) | {"page": made}
    facts["told"] = [{"id": p.id, "args": dict(p.args), "warning": p.warning} for p in told]
    with stages.time("write"):
        committing.put(folder, files, facts, (locale,))


def _files(client: Client, renderings: list[Rendering], locale: str, stages: Stages) -> dict[str, bytes]:
    from concurrent import futures

    from kit.deliver import binding, pictures, slides

    master = client.folder / MASTER
    _ = [r.laid for r in renderings]  # once, before two threads ask for it
    with futures.ThreadPoolExecutor(1) as beside:
        drawing = beside.submit(pictures.exhibits, renderings)  # Typst's work; the slides are Python's
        with stages.time("pdf"):
            files = {f"{PACK}.{locale}.pdf": binding.typeset(renderings)}
        with stages.time("slides"):
            files[f"{PACK}.{locale}.pptx"] = slides.deck(renderings, master.read_bytes() if master.is_file() else None)
        with stages.time("pictures"):
            drawn = drawing.result()
    return files | {f"{PICTURES}/{locale}/{name}": content for name, content in drawn.items()}


def _facts(client: Client, period: Period) -> dict[str, Any]:
    """What its record says beside what it was made of; the shape is that of a report's."""
    return {
        "schema": 1,
        "report": PACK,
        "client": client.slug,
        "period": {"start": period.start.isoformat(), "end": period.end.isoformat(), "text": period.text},
        "kit": {"version": project.VERSION, "commit": project.commit()},
        "libraries": project.libraries(),
        "run": {},
        "reads": {},
    }


def _built(client: Client, period: Period, locales: tuple[str, ...], plan: stale.Plan, stages: Stages) -> Built:
    folder = stale.folder_of(client, period)
    records: list[Mapping[str, Any]] = [r for loc in locales if (r := stale.recorded(folder, PACK, loc))]
    told = dict.fromkeys(Problem(**said) for record in records for said in record["told"])
    shown = [f"{PACK}.{loc}.{end}" for loc in locales for end in ("pdf", "pptx")]
    shown += [f"{PICTURES}/{loc}" for loc in locales]
    return Built(tuple(folder / name for name in shown), tuple(told), plan, stages)
