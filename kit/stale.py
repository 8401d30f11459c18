"""What is stale, and why: what a report was made of, as hashes by name, so that a change can be named.

Two lists. What the **run** depends on: kit's code, the libraries, the notebook and the Python files beside it, client
and period, the tables that it read (or found absent) and the days they cover, the reports whose JSON it read, and what
client.toml says but for what only pages show. What the **page** depends on beside the run notebook: the catalogues,
templates and fonts, the whole of client.toml, the brand's files, the consultant's notes, edits and actions, the ledger,
and which versions were approved.

A record keeps both lists of the build it vouches for (``kit.report``). A report whose lists and files are as recorded
is left alone; one whose run is as recorded is rendered from the notebook that was run. Nothing is judged by a time.
What a notebook reads by itself, past ``report[...]`` and the files beside it, is not seen: ``FORCE=1`` builds anyway.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kit import approvals, project
from kit.client import Client, Period
from kit.errors import KitError
from kit.store import Store

Parts = dict[str, str]
"""A name of the catalogue (``stale.<name>``; after a colon what it is about) and a hash."""
PAGE_ONLY = ("locale", "up_color", "report_date", "confidentiality", "agency", "folder", "delivery")
"""What of client.toml no analysis sees."""
NO_PAGE = ("folder", "delivery")
"""What of it no page shows."""
SHEETS = ("edits", "actions")
"""The tables that only pages read."""


@dataclass(frozen=True)
class Plan:
    """What is to be done. ``run``: why the notebook has to be run; empty if it need not. ``render``: by language why
    its pages are to be made; a language that is as recorded is not in it."""

    run: tuple[str, ...] = ()
    render: dict[str, tuple[str, ...]] = field(default_factory=dict)


def plan(
    client: Client, report: str, period: Period, data: Store, source: Path, locales: Iterable[str], force: bool = False
) -> Plan:
    """What has changed since ``report`` was built: for each language asked for, and for those built before.

    Languages share the run notebook and the JSON, so one that was built before is kept in step.
    """
    folder = folder_of(client, period)
    records = {locale: recorded(folder, report, locale) for locale in ("zh", "en")}
    due = {locale: records[locale] for locale in records if locale in set(locales) or records[locale]}
    if force:
        return Plan(("forced",), dict.fromkeys(due, ("forced",)))
    known = [r for r in records.values() if r and _whole(folder, r, (f"{report}.ipynb",))]
    if not known:
        return Plan(("files" if any(records.values()) else "new",), dict.fromkeys(due, ("new",)))
    run = min((_changed(r["run"], run_parts(client, period, data, source, r["reads"])) for r in known), key=len)
    render = {}
    for locale, record in due.items():
        if run or not record:
            render[locale] = run or ("new",)
        elif changed := pages_changed(
            folder, report, locale, page_parts(client, report, period, data, record["reads"])
        ):
            render[locale] = changed
    return Plan(run, render)


def pages_changed(folder: Path, report: str, locale: str, now: Parts) -> tuple[str, ...]:
    """Why what was built in a language is not as it would be built ``now``; empty if it is."""
    record = recorded(folder, report, locale)
    if not record:
        return ("new",)
    return _changed(record["page"], now) if _whole(folder, record) else ("files",)


def folder_of(client: Client, period: Period) -> Path:
    """Where the files of a client's period lie."""
    return project.output() / client.slug / period.text


def earlier(folder: Path, report: str) -> list[Path]:
    """The JSONs of a report for the client's periods that ended before that of ``folder`` did, the latest last."""
    end = Period.parse(folder.name).end
    found = []
    for path in folder.parent.glob(f"*/{report}.json"):
        try:
            period = Period.parse(path.parent.name)
        except KitError:  # a folder of somebody else
            continue
        if period.end < end:
            found.append((period.end, period.text, path))
    return [path for *_, path in sorted(found)]


def read_digest(folder: Path, name: str) -> str:
    """The hash of a JSON that a report read: ``market`` of the same period, ``*/market`` all earlier ones together, so
    that one more or less is a change, too."""
    of, _, report = name.rpartition("/")
    if of:
        return hashed([f"{path.parent.name} {digest(path)}" for path in earlier(folder, report)])
    return digest(folder / f"{name}.json")


def recorded(folder: Path, report: str, locale: str) -> dict[str, Any] | None:
    """A report's record in a language; None without one that can be read, or if it is of an older form."""
    try:
        record = json.loads((folder / f"{report}.{locale}.record.json").read_bytes())
        return record if all(isinstance(record[k], dict) for k in ("run", "page", "reads", "files")) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _whole(folder: Path, record: Mapping[str, Any], names: Iterable[str] = ()) -> bool:
    """Whether the files a record vouches for (all, or those named) are there as they were written."""
    vouched = record["files"]
    return all(digest(folder / name) == vouched.get(name, "") for name in names or vouched)


def _changed(recorded: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """The names whose hashes differ, in the order of ``now``, then those that are gone."""
    names = dict.fromkeys([*now, *recorded])
    return tuple(name for name in names if recorded.get(name) != now.get(name))


# ---- what a report is made of -----------------------------------------------------------------------------------


def run_parts(client: Client, period: Period, data: Store, source: Path, reads: Mapping[str, Any]) -> Parts:
    """What a run depends on. ``reads``: ``tables`` and ``reports``, the names of what it read."""
    settings = client.model_dump(mode="json", exclude=set(PAGE_ONLY))
    parts = {
        "code": _code(),
        "libraries": _libraries(),
        "notebook": hashed([digest(source), *(f"{p.name} {digest(p)}" for p in sorted(source.parent.glob("*.py")))]),
        "period": hashed([client.slug, period.text]),
        "settings": hashed(settings),
        "days": hashed([str(data.span()), data.months(), str(data.cutoff)]),
    }
    parts |= {f"table:{name}": data.tables.get(name, "absent") for name in reads["tables"] if name not in SHEETS}
    folder = folder_of(client, period)
    if any("/" not in name for name in reads["reports"]):  # made from the others: one more or less is a change
        places = (project.notebooks(), client.folder / "notebooks")
        parts["others"] = hashed(sorted({path.stem for place in places for path in place.glob("*.ipynb")}))
    return parts | {f"report:{name}": read_digest(folder, name) for name in reads["reports"]}


def pages(folder: Path, report: str, locale: str) -> dict[str, int]:
    """By the id of an exhibit its page in a report's PDF, as that was built last."""
    record = recorded(folder, report, locale)
    return dict(record.get("pages", {}).get(locale, {})) if record else {}


def page_parts(client: Client, report: str, period: Period, data: Store, reads: Mapping[str, Any]) -> Parts:
    """What the pages of a run depend on beside its notebook. ``reads``: the ``reports`` that it read, whose pages it
    quotes, and ``logo``, the file of the last build's, from the client's folder; while the brand file is as it was, no
    other can be meant."""
    quoted, folder = [name for name in reads["reports"] if "/" not in name], folder_of(client, period)
    notes = [client.folder / "notes" / f"{report}.{locale}.md" for locale in ("zh", "en")]
    return {
        "wording": _wording(),
        "templates": _templates(project.templates()),
        "settings": hashed(client.model_dump(mode="json", exclude=set(NO_PAGE))),
        "brand": hashed([digest(client.folder / name) for name in ("_brand.yml", reads["logo"]) if name]),
        "notes": hashed([digest(path) for path in notes]),
        **{f"table:{name}": data.tables.get(name, "absent") for name in SHEETS},
        "ledger": hashed(data.ledger),
        "approval": approvals.matters(client, period, report),
        **({"pages": hashed([pages(folder, name, x) for name in quoted for x in ("zh", "en")])} if quoted else {}),
    }


def digest(path: Path) -> str:
    """The SHA-256 of a file; ``absent`` if there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "absent"


def hashed(value: Any) -> str:
    """The hash of plain data."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


# ---- what does not change while a process runs ------------------------------------------------------------------


@functools.cache
def _code() -> str:
    """kit's own code and data, without the catalogues; not what Python makes of them."""
    return _tree(project.PACKAGE, leave=("__pycache__", "locale", "_shipped"))


@functools.cache
def _wording() -> str:
    return _tree(project.PACKAGE / "locale")


@functools.cache
def _templates(folder: Path) -> str:
    return _tree(folder)


def remember() -> None:
    """Hash kit's own files as they are now: whoever loads them next works with these or newer ones, so that a record
    never vouches for what was not used."""
    _code(), _wording(), _templates(project.templates())


def tools() -> str:
    """All that makes pages from data: code, libraries, words, templates and fonts."""
    return hashed(list(made_with().values()))


def made_with() -> Parts:
    """The same, each by itself."""
    templates = _templates(project.templates())
    return {"code": _code(), "libraries": _libraries(), "wording": _wording(), "templates": templates}


def _tree(folder: Path, leave: tuple[str, ...] = ("__pycache__",)) -> str:
    paths = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in leave]
        paths += [path for path in (os.path.join(place, name) for name in names) if os.path.isfile(path)]
    return hashed(
        [f"{path[len(str(folder)) + 1 :].replace(os.sep, '/')} {digest(Path(path))}" for path in sorted(paths)]
    )


@functools.cache
def _libraries() -> str:
    """Python, and every package that can be imported, by the names of their folders of metadata: they have versions."""
    places = [Path(place) for place in sys.path if Path(place).is_dir()]
    packages = {p.name for place in places for p in place.iterdir() if p.name.endswith((".dist-info", ".egg-info"))}
    return hashed([sys.version, *sorted(packages)])
