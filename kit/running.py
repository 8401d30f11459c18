"""The run notebook of a report: run now, or as it was run last."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit import loading, project, stale, store
from kit.client import Client, Period
from kit.errors import FAILED, KitError, problem

if TYPE_CHECKING:
    from kit.drawings import Drawings


def run(
    source: Path,
    client: Client,
    report: str,
    period: Period,
    data: store.Store,
    failed: Path,
    locale: str,
    asked: Mapping[str, Drawings],
    say: Callable[..., None],
) -> tuple[Any, dict[str, list[str]]]:
    """The notebook ``source`` run for this client and period, and the names of the tables and reports it read.

    ``failed``: where what ran is left if it fails. ``locale``: the language in which that is told. ``asked``: what is
    drawn while it runs, by language.
    """
    from kit import drawing_ahead, execute, outputs

    execute.check(source)
    say("say.running", report=report, period=period.text)
    loading.ahead([*loading.PAGES, *loading.DRAWN])
    with drawing_ahead.drawing(client, data, asked) as seen:
        nb, read = execute.run(source, {"client": client.slug, "period": period.text}, failed, locale, seen)
    if source.parent != project.notebooks():
        outputs.claim(nb, client.locale)
    pieces = outputs.read(nb)
    outputs.start(pieces)
    for start in (p for p in pieces if p["is"] == "start"):
        same(start, client, report, period, source)
    found: dict[str, set[str]] = {"table": set(), "report": set()}
    for kind, name, digest in ((*what.split(":"), digest) for slug, what, digest in read if slug == client.slug):
        found[kind].add(name)
        if kind == "table" and data.tables.get(name, "absent") != digest:
            raise KitError(problem("e.store.changed", client=client.slug))
    return nb, {"tables": sorted(found["table"]), "reports": sorted(found["report"])}


def last(folder: Path, report: str) -> tuple[Any, dict[str, list[str]]]:
    """The notebook as it was run last, and the names of the tables it read."""
    import nbformat

    nb = nbformat.read(folder / f"{report}.ipynb", as_version=4)
    digest = stale.digest(folder / f"{report}.ipynb")
    for path in sorted(folder.glob(f"{report}.*.record.json")):
        record = json.loads(path.read_bytes())
        if record["files"].get(f"{report}.ipynb") == digest:
            return nb, record["reads"]
    raise KitError(problem("e.output.changed", file=project.relative(folder / f"{report}.ipynb")), FAILED)


def same(start: dict[str, Any], client: Client, report: str, period: Period, source: Path) -> None:
    """A notebook may open any client's data; what it was run for is the only thing that may leave under that name."""
    opened = (start["client"], start["report"], start["period"]["text"])
    if opened != (client.slug, report, period.text):
        asked = ", ".join((client.slug, report, period.text))
        raise KitError(
            problem("e.run.other", file=project.relative(source), opened=", ".join(opened), asked=asked), FAILED
        )
