"""One report: check, run, render, commit.

A report in one language is committed by its record, written last: files that do not match a record were never
finished. A failure leaves the last good files as they are.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit import project, store
from kit.client import Client, Period
from kit.errors import FAILED, WRONG_CALL, KitError, Problem, problem

Say = Callable[..., None]
"""Progress: a catalogue key and its arguments."""


@dataclass(frozen=True)
class Built:
    """What one build left: its files, and what is to be said although it could be built."""

    files: tuple[Path, ...]
    warnings: tuple[Problem, ...] = ()


def names(client: Client | None = None) -> list[str]:
    """The reports there are: shared notebooks and the client's own."""
    found = {p.stem for p in project.notebooks().glob("*.ipynb")}
    if client:
        found |= {p.stem for p in (client.folder / "notebooks").glob("*.ipynb")}
    return sorted(found)


def notebook(client: Client, report: str) -> Path:
    """The client's own copy of a notebook if there is one, else the shared one."""
    own = client.folder / "notebooks" / f"{report}.ipynb"
    return own if own.is_file() else project.notebooks() / f"{report}.ipynb"


def build(client: Client, report: str, period: str, locales: tuple[str, ...], say: Say) -> Built:
    """Run ``report`` once and render it in every language of ``locales``; returns the files.

    Raises ``KitError``: wrong report or period, faulty data (all faults at once), or a run that failed. Everything
    that can be checked is checked before a kernel starts.
    """
    known = names(client)
    if report not in known:
        raise KitError(_unknown_report(report, known), WRONG_CALL)
    from kit import execute, outputs, sheets

    source = notebook(client, report)
    execute.check(source)
    if lacking := needs(client, report):
        raise KitError(lacking)
    say("say.reading", client=client.slug)
    data = store.load(client)
    chosen = Period.choose(period, data.span(), data.months())
    folder = project.output() / client.slug / chosen.text
    with _locked(client):
        say("say.running", report=report, period=chosen.text)
        failed = folder / f"{report}.failed.ipynb"
        nb = execute.run(source, {"client": client.slug, "period": chosen.text}, failed, locales[0])
        pieces = outputs.read(nb)
        outputs.start(pieces)
        for start in (p for p in pieces if p["is"] == "start"):
            _same(start, client, report, chosen, source)
        gone = sheets.gone(data, report, [p["key"] for p in pieces if p["is"] == "finding"], names(client))
        files = render_all(nb, client, data, report, locales, say)
        _commit(folder, files, record(client, report, chosen, data, source), locales)
        failed.unlink(missing_ok=True)
    return Built(tuple(folder / name for name in files), (*data.problems, *gone))


def needs(client: Client, report: str) -> list[Problem]:
    """The sections of client.toml that a notebook cannot do without (its metadata name them) and that are missing."""
    wanted = _metadata(client, report).get("needs", [])
    file = f"data/{client.slug}/client.toml"
    return [problem("e.config.required", file=file, key=name) for name in wanted if getattr(client, name) is None]


def reads(client: Client, report: str) -> list[str]:
    """The tables that a notebook reads, as its metadata name them."""
    return [str(name) for name in _metadata(client, report).get("tables", [])]


def _metadata(client: Client, report: str) -> dict[str, Any]:
    """What a notebook says of itself; read as JSON, since nbformat takes longer to import than a check to run."""
    try:
        whole = json.loads(notebook(client, report).read_text(encoding="utf-8"))
    except ValueError:  # no notebook; execute.check says so before it is run
        return {}
    said = whole.get("metadata", {}).get("kit", {}) if isinstance(whole, dict) else {}
    return said if isinstance(said, dict) else {}


def _same(start: dict[str, Any], client: Client, report: str, period: Period, source: Path) -> None:
    """A notebook may open any client's data; what it was run for is the only thing that may leave under that name."""
    opened = (start["client"], start["report"], start["period"]["text"])
    if opened != (client.slug, report, period.text):
        asked = ", ".join((client.slug, report, period.text))
        raise KitError(
            problem("e.run.other", file=project.relative(source), opened=", ".join(opened), asked=asked), FAILED
        )


def _unknown_report(report: str, known: list[str]) -> Any:
    import difflib

    near = difflib.get_close_matches(report, known, 1, 0.5)
    facts = {"given": report, "known": ", ".join(known)}
    return problem("e.report.near", near=near[0], **facts) if near else problem("e.report", **facts)


def render_all(
    nb: Any, client: Client, data: store.Store, report: str, locales: tuple[str, ...], say: Say
) -> dict[str, bytes]:
    """Every file of the report by name, rendered from one run."""
    import nbformat

    from kit import outputs, render
    from kit.exporters import ClientHTML, ClientPDF

    files = {f"{report}.ipynb": (nbformat.writes(nb) + "\n").encode()}
    machine = render.machine(outputs.read(nb), client, data)
    files[f"{report}.json"] = _json(machine)
    for locale in locales:
        say("say.rendering", report=report, locale=locale)
        page, _ = ClientHTML(locale=locale).from_notebook_node(nb)
        sheet, _ = ClientPDF(locale=locale).from_notebook_node(nb)
        files[f"{report}.{locale}.html"] = page.encode()
        files[f"{report}.{locale}.pdf"] = sheet
    return files


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def record(client: Client, report: str, period: Period, data: store.Store, source: Path) -> dict[str, Any]:
    """What a record says beside the files' hashes: what was built from what."""
    return {
        "schema": 1,
        "report": report,
        "client": client.slug,
        "period": {"start": period.start.isoformat(), "end": period.end.isoformat(), "text": period.text},
        "kit": {"version": project.VERSION, "commit": project.commit()},
        "notebook": {"file": project.relative(source), "sha256": _sha(source.read_bytes())},
        "inputs": {entry["file"]: entry["sha256"] for entry in data.ledger},
        "libraries": project.libraries(),
    }


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _commit(folder: Path, files: dict[str, bytes], facts: dict[str, Any], locales: tuple[str, ...]) -> None:
    try:
        commit(folder, files, facts, locales)
    except OSError as error:
        raise KitError(problem("e.output.write", folder=project.relative(folder)), FAILED) from error


def commit(folder: Path, files: dict[str, bytes], facts: dict[str, Any], locales: tuple[str, ...]) -> None:
    """Put ``files`` in place, the records last: one per language, with the hashes of the files it vouches for."""
    folder.mkdir(parents=True, exist_ok=True)
    records = {}
    for locale in locales:
        names = [n for n in files if f".{locale}." in n or n.count(".") == 1]
        vouched = {n: _sha(files[n]) for n in sorted(names)}
        records[f"{facts['report']}.{locale}.record.json"] = _json({**facts, "locale": locale, "files": vouched})
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=folder) as beside:
        for name, content in {**files, **records}.items():
            _write(Path(beside) / name, content)
        _refuse_open(folder, files)
        for name in (*files, *records):
            os.replace(Path(beside) / name, folder / name)
    _write_manifest(folder)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _refuse_open(folder: Path, files: dict[str, bytes]) -> None:
    """Say which file is open in another program before any is replaced: Windows locks what a viewer shows."""
    held = []
    for name in (n for n in files if (folder / n).is_file()):
        try:
            with (folder / name).open("ab"):
                pass
        except PermissionError:
            held.append(problem("e.output.open", file=project.relative(folder / name)))
    if held:
        raise KitError(held, FAILED)


def _write_manifest(folder: Path) -> None:
    """``manifest.json``: every record of the period's folder, derived anew."""
    records = {
        p.name.removesuffix(".record.json"): json.loads(p.read_bytes()) for p in sorted(folder.glob("*.record.json"))
    }
    temporary = folder / ".manifest.json"
    _write(temporary, _json({"schema": 1, "reports": records}))
    os.replace(temporary, folder / "manifest.json")


@contextmanager
def _locked(client: Client) -> Iterator[None]:
    """One build per client at a time; another says so at once."""
    from filelock import FileLock, Timeout

    path = project.output() / client.slug / ".lock"
    lock = FileLock(path, timeout=0)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise KitError(problem("e.output.locked", client=client.slug), FAILED) from error
    except OSError as error:
        raise KitError(problem("e.output.write", folder=project.relative(path.parent)), FAILED) from error
    try:
        yield
    finally:
        lock.release()


def clean(client: str = "") -> None:
    """Remove built files: one client's or everyone's."""
    for folder in [project.output() / client] if client else list(project.output().iterdir()):
        if folder.is_dir():
            shutil.rmtree(folder)
