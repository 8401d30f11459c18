"""A client's own copy of a shared notebook, ``data/<client>/notebooks/<report>.ipynb``, used from then on.

Its prose is in the client's language. A cell left as it was copied stays ours: it is printed as it stands in that
language, and from the catalogue in the other. What a consultant changes or adds is printed as written in both.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from kit import project, report
from kit.client import Client
from kit.errors import WRONG_CALL, KitError, Problem, problem, warning
from kit.outputs import COPIED, SHARED
from kit.text import Words


def edit(client: Client, name: str) -> tuple[Path, bool]:
    """The client's own notebook of a report, and whether it was made now; one that is there is never written over.

    Raises ``KitError``: no such report, a notebook that cannot be read, or a folder that cannot be written.
    """
    known = report.names(client)
    if not name or name not in known:
        raise KitError(report.unknown(name, known) if name else problem("e.copy.none", known=known), WRONG_CALL)
    own = client.folder / "notebooks" / f"{name}.ipynb"
    if own.exists():
        return own, False
    made = copied(report.notebook(client, name).read_bytes(), Words(client.locale), name)
    try:
        own.parent.mkdir(exist_ok=True)
        with own.open("x", encoding="utf-8", newline="\n") as file:
            file.write(made)
    except OSError as error:
        raise KitError(problem("e.copy.write", file=project.relative(own))) from error
    return own, True


def copied(shared: bytes, words: Words, name: str) -> str:
    """A shared notebook as text, its prose in the language of ``words`` and marked as copied."""
    try:
        nb = json.loads(shared)
        for cell in (c for c in nb["cells"] if c["cell_type"] == "markdown"):
            english = "".join(cell["source"]).strip()
            text = words.translate(english)
            cell["source"] = text.splitlines(keepends=True)
            mark = {"locale": words.locale, COPIED: {"text": english, "sha256": _sha(text.encode())}}
            cell["metadata"]["kit"] = {**cell["metadata"].get("kit", {}), **mark}
        nb["metadata"]["kit"] = {**nb["metadata"].get("kit", {}), SHARED: _sha(shared)}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KitError(problem("e.notebook.damaged", file=f"notebooks/{name}.ipynb")) from error
    return json.dumps(nb, ensure_ascii=False, indent=1) + "\n"


def moved(client: Client, name: str) -> list[Problem]:
    """A warning if the shared notebook is no longer what the client's own was copied from."""
    own, shared = client.folder / "notebooks" / f"{name}.ipynb", project.notebooks() / f"{name}.ipynb"
    if not own.is_file() or not shared.is_file():
        return []
    was = report.metadata(client, name).get(SHARED)
    facts = {"file": project.relative(own), "shared": project.relative(shared)}
    return [warning("e.copy.moved", **facts)] if was and was != _sha(shared.read_bytes()) else []


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
