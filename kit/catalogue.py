"""The catalogues as read: keyed entries of one language, and the prose of our notebooks.

``kit/locale/<locale>/LC_MESSAGES/*.po``: a msgid is a key (``m.size.up``), both languages have their own
msgstr and neither translates the other. ``notebooks.po`` alone has English prose as its msgids. Each is read
once per process.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kit.errors import KitError, problem

FOLDER = Path(__file__).with_name("locale")
PROSE = "notebooks.po"

PLACEHOLDER = re.compile(r"{(\w+)}")

Entries = dict[str, tuple[str, ...]]
"""Each msgid with its forms: one, or the singular and the plural."""


@functools.cache
def keyed(folder: Path, locale: str) -> tuple[Entries, frozenset[str]]:
    """Every keyed entry, and every beginning of a key up to a dot (``m``, ``m.size``, ``m.size.up``)."""
    entries: Entries = {}
    for path in sorted((folder / locale / "LC_MESSAGES").glob("*.po")):
        if path.name != PROSE:
            entries.update(read(path))
    starts = {key[:i] for key in entries for i, character in enumerate(key) if character == "."}
    return entries, frozenset(starts.union(entries))


@functools.cache
def prose(folder: Path, locale: str) -> Entries:
    """The notebooks' prose; empty where a language has none."""
    path = folder / locale / "LC_MESSAGES" / PROSE
    return read(path) if path.is_file() else {}


def read(path: Path) -> Entries:
    """The entries of one file that have a text in every form. A file that is no catalogue raises
    ``PoFileError``."""
    from babel.messages.pofile import read_po  # dear to import for a command that words nothing

    entries: Entries = {}
    with path.open("rb") as file:
        for message in read_po(file, abort_invalid=True):
            key = message.id if isinstance(message.id, str) else message.id[0]
            text = message.string
            forms = (text,) if isinstance(text, str) else tuple(text or ())
            if key and all(forms):
                entries[key] = forms
    return entries


def form(entries: Entries, key: str, count: Any) -> str:
    """The text of ``key``, its singular for a count shown as 1; ``KitError`` when there is no such entry."""
    if key not in entries:
        raise KitError(problem("e.key", key=key))
    return entries[key][0 if str(count) == "1" else -1]


def filled(text: str, fillers: Mapping[str, Callable[[], str]]) -> str:
    """``text`` with each {name} replaced once: what a value contains is never read as a placeholder."""

    def filler(match: re.Match[str]) -> str:
        if match[1] not in fillers:
            raise KitError(problem("e.placeholder", name=match[1], text=text))
        return fillers[match[1]]()

    return PLACEHOLDER.sub(filler, text)


def heading(folder: Path, locale: str, text: str) -> str:
    """A heading of our notebooks in a language; a consultant's own stays as it is."""
    known = {msgid.partition("\n")[0]: forms[0].partition("\n")[0] for msgid, forms in prose(folder, locale).items()}
    return known.get(f"## {text}", text).removeprefix("## ")
