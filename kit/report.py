"""One report: check, run, render, commit.

A report in one language is committed by its record, written last: files that do not match a record were never
finished. A failure leaves the last good files as they are.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit import committing, graph, project, running, sheets, stale, store, subjects
from kit.client import Client, Period
from kit.errors import WRONG_CALL, KitError, Problem, problem
from kit.stages import Stages

if TYPE_CHECKING:
    from kit.drawings import Drawings

Say = Callable[..., None]
"""Progress: a catalogue key and its arguments."""


@dataclass(frozen=True)
class Built:
    """What one build left: its files, what is to be said although it could be built, and what was stale.

    A build that found nothing stale has touched no file; they are named all the same. ``stages``: seconds by stage.
    """

    files: tuple[Path, ...]
    warnings: tuple[Problem, ...] = ()
    plan: stale.Plan = field(default_factory=stale.Plan)
    stages: Stages = field(default_factory=Stages)


def names(client: Client | None = None) -> list[str]:
    """The reports there are: shared notebooks and the client's own."""
    found = {p.stem for p in project.notebooks().glob("*.ipynb")}
    if client:
        found |= {p.stem for p in (client.folder / "notebooks").glob("*.ipynb")}
    return sorted(name for name in found if name.casefold() not in graph.RESERVED)


def misnamed(client: Client) -> list[Problem]:
    """A problem for each of the client's own notebooks whose files would be taken for something else."""
    found = [p for p in sorted((client.folder / "notebooks").glob("*.ipynb")) if p.stem.casefold() in graph.RESERVED]
    return [problem("e.notebook.name", file=project.relative(path), name=path.stem) for path in found]


def notebook(client: Client, report: str) -> Path:
    """The client's own copy of a notebook if there is one, else the shared one."""
    own = client.folder / "notebooks" / f"{report}.ipynb"
    return own if own.is_file() else project.notebooks() / f"{report}.ipynb"


def unchanged(
    client: Client, report: str, period: Period, data: store.Store, locales: tuple[str, ...], force: bool = False
) -> Built | None:
    """What there is of ``report`` if nothing it is made of has changed, else None; reads the records and no more."""
    plan = due(client, report, period, data, locales, force)
    return None if plan.render else _built(client, report, period, data, locales, plan, Stages())


def due(
    client: Client, report: str, period: Period, data: store.Store, locales: tuple[str, ...], force: bool = False
) -> stale.Plan:
    """What is to be done for ``report``."""
    return stale.plan(client, report, period, data, notebook(client, report), locales, force)


def build(client: Client, report: str, period: str, locales: tuple[str, ...], say: Say, force: bool = False) -> Built:
    """Run ``report`` if it has to be, and render it in every language of ``locales`` that has changed.

    ``force``: whether or not anything has. Raises ``KitError``: wrong report or period, faulty data (all faults at
    once), or a run that failed. Everything that can be checked is checked before a kernel starts. The client's lock is
    held by whoever calls, who also writes the manifest.
    """
    known = names(client)
    if report not in known:
        raise KitError(unknown(report, known), WRONG_CALL)
    if lacking := needs(client, report):
        raise KitError(lacking)
    stages = Stages()
    with stages.time("data"):
        data = store.load(client)
    chosen = Period.choose(period, data.span(), data.months())
    plan = due(client, report, chosen, data, locales, force)
    if plan.render:
        _made(client, report, chosen, data, plan, locales[0], say, stages)
    return _built(client, report, chosen, data, locales, plan, stages)


def _built(
    client: Client,
    report: str,
    period: Period,
    data: store.Store,
    locales: tuple[str, ...],
    plan: stale.Plan,
    stages: Stages,
) -> Built:
    folder = stale.folder_of(client, period)
    found = stale.recorded(folder, report, locales[0])
    told = [Problem(**said) for said in found["told"]] if found else []
    shown = [
        f"{report}.ipynb",
        f"{report}.json",
        *(f"{report}.{x}.{e}" for x in locales for e in ("html", "pdf", "xlsx")),
    ]
    said = (*data.problems, *_moved(client, report), *told)
    return Built(tuple(folder / name for name in shown), said, plan, stages)


def _moved(client: Client, report: str) -> list[Problem]:
    """A warning if the client's own notebook was copied from a shared one that has changed since."""
    if notebook(client, report).parent == project.notebooks():
        return []
    from kit import notebooks

    return notebooks.moved(client, report)


def _made(
    client: Client,
    report: str,
    period: Period,
    data: store.Store,
    plan: stale.Plan,
    locale: str,
    say: Say,
    stages: Stages,
) -> None:
    """Run the notebook if the plan says so, render the languages it names, and put the files in place.

    ``locale``: the language in which what stops a run is told.
    """
    from kit import drawings, outputs, since

    folder, source = stale.folder_of(client, period), notebook(client, report)
    failed = folder / f"{report}.failed.ipynb"
    kept = drawings.of(client.slug, report, period.text, anew="forced" in plan.run)
    asked = {one: kept[one] for one in dict.fromkeys((*plan.render, client.locale))}
    with stages.time("run"):
        if plan.run:
            nb, reads = running.run(source, client, report, period, data, failed, locale, asked, say)
        else:
            nb, reads = running.last(folder, report)
    made = stale.run_parts(client, period, data, source, reads)
    files, logo, marks = render_all(nb, client, data, report, period, tuple(plan.render), kept, say, stages)
    read: dict[str, Any] = {**reads, "logo": logo}
    page = stale.page_parts(client, report, period, data, read)
    machine = json.loads(files[f"{report}.json"])
    told = [*sheets.gone(data, report, [f["key"] for f in machine["findings"]], names(client)), *marks.pop("told")]
    facts = record(client, report, period, data, source)
    facts |= {"run": made, "page": page, "reads": read, **marks}
    facts["told"] = [{"id": p.id, "args": dict(p.args), "warning": p.warning} for p in told]
    facts["said"] = since.counts(machine, next((p for p in outputs.read(nb) if p["is"] == "since"), None))
    with stages.time("write"):
        committing.put(folder, files, facts, tuple(plan.render))
        for one in kept.values():
            one.keep()
    failed.unlink(missing_ok=True)


def needs(client: Client, report: str) -> list[Problem]:
    """The sections of client.toml that a notebook cannot do without (its metadata name them) and that are missing."""
    wanted = metadata(client, report).get("needs", [])
    file = f"data/{client.slug}/client.toml"
    return [problem("e.config.required", file=file, key=name) for name in wanted if getattr(client, name) is None]


def reads(client: Client, report: str) -> list[str]:
    """The tables that a notebook reads, as its metadata name them."""
    return [str(name) for name in metadata(client, report).get("tables", [])]


def has_subject(client: Client, report: str, data: store.Store, period: Period) -> bool:
    """Whether there is anything in the period for a report to be about; most need no more than data."""
    kind = metadata(client, report).get("subject")
    return kind is None or subjects.live(str(kind), data, period)


def metadata(client: Client, report: str) -> dict[str, Any]:
    """What a notebook says of itself; read as JSON, since nbformat takes longer to import than a check to run."""
    try:
        whole = json.loads(notebook(client, report).read_text(encoding="utf-8"))
    except ValueError:  # no notebook; execute.check says so before it is run
        return {}
    said = whole.get("metadata", {}).get("kit", {}) if isinstance(whole, dict) else {}
    return said if isinstance(said, dict) else {}


def unknown(report: str, known: list[str]) -> Any:
    import difflib

    near = difflib.get_close_matches(report, known, 1, 0.5)
    facts = {"given": report, "known": ", ".join(known)}
    return problem("e.report.near", near=near[0], **facts) if near else problem("e.report", **facts)


def render_all(
    nb: Any,
    client: Client,
    data: store.Store,
    report: str,
    period: Period,
    locales: tuple[str, ...],
    kept: Mapping[str, Drawings],
    say: Say,
    stages: Stages,
) -> tuple[dict[str, bytes], str, dict[str, Any]]:
    """Every file of the report by name, rendered from one run, the logo's file in the client's folder, and by language
    the hash of what it says (``contents``) and the version that its pages bear (``versions``; 0: a draft); ``told``:
    warnings about the consultant's notes; ``look``: the brand without its logo."""
    import nbformat

    from kit import corrections, exhibit_book, html, machine, notes, outputs, pdf, preview, render

    with stages.time("words"):
        pieces = outputs.read(nb)
        both = {locale: render.Rendering(pieces, client, data, locale, one) for locale, one in kept.items()}
        said = machine.report(pieces, both)
        files = {f"{report}.json": committing.as_json(said)}
    told = [problem for one in both.values() for problem in notes.unprinted(one)]
    brand = both[client.locale].brand
    look = {name: value for name, value in brand.plain().items() if name != "logo"}
    marks: dict[str, Any] = {"contents": {}, "versions": {}, "pages": {}, "told": told, "look": look}
    for locale in locales:
        say("say.rendering", report=report, locale=locale)
        with stages.time("words"):
            marks["contents"][locale], marks["versions"][locale] = corrections.mark(both[locale], period, said)
            document = both[locale].document()
        with stages.time("html"):
            page = html.page(document)
        with stages.time("pdf"):
            sheet, places = pdf.typeset(document)
            marks["pages"][locale] = {id: place.page for id, place in places.items()}
        with stages.time("book"):
            book = exhibit_book.book(both[locale])
        files |= {
            f"{report}.{locale}.{end}": made for end, made in (("html", page.encode()), ("pdf", sheet), ("xlsx", book))
        }
    with stages.time("previews"):
        preview.put(nb, both[client.locale])
    files[f"{report}.ipynb"] = (nbformat.writes(nb) + "\n").encode()
    return files, brand.logo_file, marks


def record(client: Client, report: str, period: Period, data: store.Store, source: Path) -> dict[str, Any]:
    """What a record says beside the files' hashes: what was built from what."""
    return {
        "schema": 1,
        "report": report,
        "client": client.slug,
        "period": {"start": period.start.isoformat(), "end": period.end.isoformat(), "text": period.text},
        "kit": {"version": project.VERSION, "commit": project.commit()},
        "notebook": {"file": project.relative(source), "sha256": stale.digest(source)},
        "inputs": {entry["file"]: entry["sha256"] for entry in data.ledger},
        "libraries": project.libraries(),
    }


def clean(client: str = "") -> None:
    """Remove built files: one client's or everyone's; none while one of them is being built."""
    folders = [folder for folder in project.output().glob(client or "*") if folder.is_dir()]
    with contextlib.ExitStack() as locks:
        for folder in folders:
            locks.enter_context(committing.locked(folder.name))
    for folder in folders:
        shutil.rmtree(folder)
