"""What a run notebook says: its cells' outputs read back as data, and refused where they cannot be shown.

Nothing but data reaches a client's page: warnings and printed text stay in the notebook, and an output
that neither carries our MIME type nor is a figure with alternative text stops the build, by name of its section.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

from kit import catalogue
from kit.errors import FAILED, KitError, Problem, problem
from kit.findings import MIME

BATCH = "KIT_BATCH"
"""Set in the kernel of a build, whose outputs carry data alone: previews are made where the pages are."""

SHARED = "shared"
"""In the metadata of a client's copy of a notebook: the hash of the shared one as it was copied."""
COPIED = "copied"
"""In the metadata of a prose cell of a client's copy: our English (``text``), and the hash of what it was copied as."""

Piece = dict[str, Any]


def read(nb: Any) -> list[Piece]:
    """Everything a run notebook shows, in its order; ``is`` tells what: ``prose``, ``figure`` or a payload's own.

    Raises ``KitError`` naming every output that cannot be shown, by its section.
    """
    return [piece for _, piece in walk(nb)]


def walk(nb: Any) -> list[tuple[Any, Piece]]:
    """The same pieces, each beside the output that it comes from; None beside prose."""
    pieces: list[tuple[Any, Piece]] = []
    problems: list[Problem] = []
    heading = ""
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            heading = _heading(cell.source) or heading
            appendix = "appendix" in cell.metadata.get("tags", [])
            pieces.append((None, {"is": "prose", **_prose(cell), "appendix": appendix}))
        elif cell.cell_type == "code":
            for output in cell.get("outputs", []):
                try:
                    pieces.extend((output, piece) for piece in _pieces(output, cell))
                except LookupError as error:
                    problems.append(problem(f"e.output.{error.args[0]}", section=heading or "—"))
    if problems:
        raise KitError(problems, FAILED)
    return pieces


def of(cell: Any) -> list[Piece]:
    """What a run cell of code shows; ``LookupError`` as ``_pieces``."""
    return [piece for output in cell.get("outputs", []) for piece in _pieces(output, cell)]


def _prose(cell: Any) -> Piece:
    """A cell's text, and whether it is a consultant's ``own``. A cell of a client's copy that was left as it was copied
    is not: its text is our English, and by language what it was ``copied`` as."""
    kit, text = cell.metadata.get("kit", {}), cell.source.strip()
    was, locale = kit.get(COPIED, {}), kit.get("locale")
    if locale and was.get("sha256") == hashlib.sha256(text.encode()).hexdigest():
        return {"text": was["text"], "own": False, COPIED: {locale: text}}
    return {"text": cell.source, "own": bool(locale), COPIED: {}}


def claim(nb: Any, locale: str) -> None:
    """Mark what a consultant added to a client's own notebook: prose that is none of ours and has no language."""
    ours = catalogue.prose(catalogue.FOLDER, "zh")
    for cell in nb.cells:
        if cell.cell_type == "markdown" and "kit" not in cell.metadata and cell.source.strip() not in ours:
            cell.metadata["kit"] = type(cell.metadata)(locale=locale)


def _heading(source: str) -> str:
    return next((line.lstrip("# ").strip() for line in source.splitlines() if line.startswith("#")), "")


def _pieces(output: Any, cell: Any) -> Iterator[Piece]:
    """The pieces of one output: none for streams; ``LookupError`` with the reason when it cannot be shown."""
    if output.output_type == "stream":
        return
    if output.output_type == "error":
        raise LookupError("error")
    data = output.get("data", {})
    if MIME in data:
        payloads = data[MIME]
        for payload in payloads if isinstance(payloads, list) else [payloads]:
            yield dict(payload)
        return
    for media in ("image/svg+xml", "image/png"):
        if media in data:
            alt = _alt(output, cell, media)
            if not alt:
                raise LookupError("alt")
            yield {"is": "figure", "media": media, "content": _bytes(data[media], media), "alt": alt}
            return
    raise LookupError("kind")


def _alt(output: Any, cell: Any, media: str) -> str:
    metadata = output.get("metadata", {})
    return metadata.get(media, {}).get("alt") or metadata.get("alt") or cell.metadata.get("alt") or ""


def _bytes(content: Any, media: str) -> bytes:
    text = "".join(content) if isinstance(content, list) else str(content)
    return text.encode() if media == "image/svg+xml" else base64.b64decode(text)


def start(pieces: list[Piece]) -> dict[str, Any]:
    """The opening payload: which report, client and period this notebook was run for."""
    for piece in pieces:
        if piece["is"] == "start":
            return piece
    raise KitError(problem("e.output.start"))
