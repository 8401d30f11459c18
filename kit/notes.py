"""The consultant's own view, ``notes/<report>.<locale>.md``: general text, and parts about one exhibit or finding.

A heading that is nothing but a key opens what is said of that exhibit or finding, up to the next such heading; its
level does not matter. What stands before the first is general and has a section of its own::

    The category keeps growing.

    ## market.share.trend

    The new line is not in these figures yet.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit import edits, project, wording
from kit.errors import KitError, Problem, problem, warning

LOCALES = ("zh", "en")
KEY = re.compile(r"^#{1,6}[ \t]+([a-z]\w{2,}(?:\.[\w-]+)+)[ \t]*#*[ \t]*$", re.IGNORECASE | re.ASCII | re.MULTILINE)
"""A heading that is a key: the report's name and what follows it after dots, and nothing else."""
NEAR = 0.5

Block = dict[str, Any]


@dataclass(frozen=True)
class Notes:
    """One file: its general text, and by key what is said of an exhibit or finding."""

    file: str
    general: str
    parts: dict[str, str]


def of(folder: Path, report: str) -> dict[str, Notes]:
    """By language what a client's consultant wrote on a report; a language without a file is left out.

    Raises ``KitError`` for a file that is not UTF-8.
    """
    paths = {locale: folder / "notes" / f"{report}.{locale}.md" for locale in LOCALES}
    return {locale: _read(path) for locale, path in paths.items() if path.is_file()}


def _read(path: Path) -> Notes:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise KitError(problem("e.config.encoding", file=project.relative(path))) from error
    general, *rest = KEY.split(text)
    parts: dict[str, str] = {}
    for key, said in zip((k.casefold() for k in rest[::2]), rest[1::2], strict=True):
        parts[key] = "\n\n".join(filter(None, (parts.get(key, ""), said.strip())))
    return Notes(project.relative(path), general.strip(), {key: said for key, said in parts.items() if said})


def general(r: Any) -> list[Block]:
    """The general text as it stands on the page; written in the other language only, that is said instead."""
    texts = {locale: notes.general for locale, notes in r.notes.items() if notes.general}
    if not texts:
        return []
    text = texts.get(r.words.locale)
    return [{"type": "prose", "text": text} if text else wording.callout("note", r.words.label("page.notes.language"))]


def places(r: Any) -> dict[str, str]:
    """By key of what is said in this language the key of the exhibit or finding below which it stands; what the page
    does not show is left out. A finding stands with the first exhibit that shows it, else where it was made."""
    shown = [p for p in r.pieces if p["is"] == "exhibit" and p["key"] in r.exhibits]
    exhibits = {p["key"]: [f["key"] for f in r.of(p)] for p in shown}
    found = {}
    for key in r.notes[r.words.locale].parts if r.words.locale in r.notes else ():
        if key in exhibits:
            found[key] = key
        elif key in r.made and not r.findings[key].get("hidden"):
            with_it = next((exhibit for exhibit, keys in exhibits.items() if key in keys), None)
            if with_it or r.shows(r.made[key]):
                found[key] = with_it or key
    return found


def below(r: Any, piece: dict[str, Any], made: list[Block]) -> list[Block]:
    """What is said of an exhibit, or of a finding where it stands, after the blocks ``made`` of that piece.

    A finding is named by its headline unless that stands right above: as the exhibit's message, or by itself.
    """
    if piece["is"] not in ("exhibit", "finding") or (piece["is"] == "finding" and piece["key"] in r.exhibits):
        return []
    above = {piece["key"], *(f["key"] for f in r.of(piece)[:1])} if piece["is"] == "exhibit" else {piece["key"]}
    return [
        {
            "type": "note",
            "title": r.words.label("page.notes"),
            "about": "" if made and key in above else edits.headline(r.findings[key], r.words),
            "text": r.notes[r.words.locale].parts[key],
        }
        for key, place in r.places.items()
        if place == piece["key"]
    ]


def unprinted(r: Any) -> Iterator[Problem]:
    """Warnings for what is said in this language and not printed: nothing has that key, or the page does not show it;
    and for what is said in the other language only."""
    notes = r.notes.get(r.words.locale)
    if notes is None:
        return
    known = [*r.made, *(p["key"] for p in r.pieces if p["is"] == "exhibit")]
    for key in notes.parts:
        near = difflib.get_close_matches(key, known, 1, NEAR)
        facts = {"file": notes.file, "key": key}
        if key in known and key not in r.places:
            yield warning("e.note.hidden", **facts)
        elif key not in known:
            yield warning("e.note.key.near", near=near[0], **facts) if near else warning("e.note.key", **facts)
    for other in (n for locale, n in r.notes.items() if locale != r.words.locale):
        for key in other.parts.keys() - notes.parts.keys():
            yield warning("e.note.language", file=notes.file, key=key, other=other.file)
