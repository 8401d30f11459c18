"""A picture of four fields of findings: strengths and weaknesses, strategies by kind."""

from __future__ import annotations

from typing import Any

from kit import edits, wording

Piece = dict[str, Any]
MOST = 6
"""Findings in a field: with more nobody sees the weighty ones. The table below has all."""


def cells(r: Any, piece: Piece) -> list[dict[str, Any]]:
    """The fields in their order, each with its title and its first findings that are not hidden; what else it has is
    counted. ``options["cells"]`` of the exhibit names them."""
    return [_cell(r, piece["key"], said) for said in piece["options"]["cells"]]


def _cell(r: Any, key: str, said: dict[str, Any]) -> dict[str, Any]:
    found = [f for name in said["findings"] if (f := r.findings.get(name)) and not f.get("hidden")]
    items = [{"text": _bare(r, f), "evidence": wording.evidence(r, f, here=key)} for f in found[:MOST]]
    left = len(found) - len(items)
    more = r.words.label("page.quadrants.more", n=left) if left else ""
    empty = r.words.label("page.quadrants.empty") if not found else ""
    return {"title": r.words.label(said["title"]), "tone": said["tone"].lower(), "items": items, "more": more or empty}


def _bare(r: Any, finding: Piece) -> str:
    """The headline without the name of its field, which stands above it, where the catalogue has such a form."""
    short = f"{finding['sentence']}.bare"
    bare = r.words.has(short) and not finding.get("rewording")
    return str(r.words.sentence(short, finding["args"])) if bare else edits.headline(finding, r.words)
