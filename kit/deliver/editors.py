"""What was done to a client's reports by hand, and by whom: whoever did cannot approve them.

Sheets say it row by row (``by``). Notes and the client's own notebooks bear no name; whose they are is said by
``editors`` in ``[delivery]`` of client.toml.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kit import notes, project, report, sheets
from kit.client import Client
from kit.store import Store

SHEETS = ("edits", "exclusions", "swot_items")
"""The sheets of inputs.xlsx that change what a report says, each row with who did it."""
TOGETHER = re.compile(r"[,;/&+|()\n，、；／＆＋｜（）和与]|\band\b", re.IGNORECASE)
"""Between the names of several people in one cell, and around what is added to a name."""


@dataclass(frozen=True)
class Work:
    """``kind``: ``note``, ``notebook``, ``reject`` or ``judge`` (a SWOT item), ``exclude``. ``what``: the file, the
    item's text or key, the order's number; ``by`` and ``why`` are empty where nobody said."""

    report: str
    kind: str
    what: str
    by: str = ""
    why: str = ""


def works(client: Client, data: Store, reports: Sequence[str], locale: str) -> Iterator[Work]:
    """What was done by hand to ``reports``, but for edits of findings, which stand in the reports themselves.

    ``locale``: of the texts of SWOT items.
    """
    for name in reports:
        written = [one for one in notes.of(client.folder, name).values() if one.general or one.parts]
        yield from (Work(name, "note", one.file) for one in written)
        if (own := report.notebook(client, name)).parent != project.notebooks():
            yield Work(name, "notebook", project.relative(own))
    for row in data.records("swot_items") if "swot" in reports else ():
        kind = "reject" if row.get("decision") == "reject" else "judge"
        yield _row("swot", kind, sheets.text(row.get(f"text_{locale}")) or sheets.text(row.get("key")), row)
    yield from (_row("", "exclude", sheets.text(row.get("id")), row) for row in data.records("exclusions"))


def _row(report: str, kind: str, what: str, row: dict[str, object]) -> Work:
    said = {name: sheets.text(row.get(name)) for name in ("by", "why", "reason")}
    return Work(report, kind, what, said["by"], said["why"] or said["reason"])


def named(client: Client, data: Store) -> dict[str, str]:
    """Who worked on the reports, as it was written, with where: the sheet, or ``client.toml``."""
    cells = {by: f"inputs.xlsx › {s}" for s in reversed(SHEETS) for row in data.records(s)
             if (by := sheets.text(row.get("by")))}  # fmt: skip
    return dict.fromkeys(client.delivery.editors, "client.toml › editors") | cells


def nameless(client: Client, data: Store, reports: Sequence[str]) -> list[str]:
    """What was done by hand by nobody knows whom: files, and sheets with a row that names nobody."""
    if client.delivery.editors:
        return []
    bare = [one for one in works(client, data, reports, client.locale) if not one.by]
    sheet = {"reject": "inputs.xlsx › swot_items", "judge": "inputs.xlsx › swot_items",
             "exclude": "inputs.xlsx › exclusions"}  # fmt: skip
    return list(dict.fromkeys(sheet.get(one.kind, one.what) for one in bare))


def same(one: str, other: str) -> bool:
    """Whether two cells name the same person."""
    return bool(_forms(one) & _forms(other))


def _forms(cell: str) -> set[str]:
    """The names in a cell as they are compared: letters and figures only, whatever their width, case and accents, the
    parts of a name in any order."""
    return {form for name in (cell, *TOGETHER.split(cell)) for form in (_bare(name), _bare(_ordered(name)))} - {""}


def _ordered(name: str) -> str:
    return "".join(sorted(unicodedata.normalize("NFKC", name).casefold().split()))


def _bare(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in plain if unicodedata.category(c)[0] in "LN")
