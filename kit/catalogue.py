"""The catalogues as read: keyed entries of one language, and the prose of our notebooks.

``kit/locale/<locale>/LC_MESSAGES/*.po``: a msgid is a key (``m.size.up``), both languages have their own
msgstr and neither translates the other. ``notebooks.po`` alone has English prose as its msgids. Each is read
once per process.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kit.errors import KitError, problem
from kit.remembered import remembered

FOLDER = Path(__file__).with_name("locale")
PROSE = "notebooks.po"

PLACEHOLDER = re.compile(r"{(\w+)}")

Entries = dict[str, tuple[str, ...]]
"""Each msgid with its forms: one, or the singular and the plural."""


@functools.cache
def keyed(folder: Path, locale: str) -> tuple[Entries, frozenset[str]]:
    """Every keyed entry, and every beginning of a key up to a dot (``m``, ``m.size``, ``m.size.up``)."""
    entries = {k: forms for name, own in files(folder, locale).items() if name != PROSE for k, forms in own.items()}
    starts = {key[:i] for key in entries for i, character in enumerate(key) if character == "."}
    return entries, frozenset(starts.union(entries))


def prose(folder: Path, locale: str) -> Entries:
    """The notebooks' prose; empty where a language has none."""
    return files(folder, locale).get(PROSE, {})


@functools.cache
def files(folder: Path, locale: str) -> dict[str, Entries]:
    """Each catalogue by its file's name."""
    paths = sorted((folder / locale / "LC_MESSAGES").glob("*.po"))
    texts = {path.name: path.read_text(encoding="utf-8") for path in paths}
    said = remembered(folder, locale, texts, lambda _, text: read(text), __file__)
    return {name: {key: tuple(forms) for key, forms in entries.items()} for name, entries in said.items()}


def read(text: str) -> Entries:
    """The entries of a catalogue that have a text in every form. What is no catalogue raises ``PoFileError``."""
    from babel.messages.pofile import read_po  # dear to import, and to read with

    entries: Entries = {}
    for message in read_po(io.BytesIO(text.encode()), abort_invalid=True):
        key = message.id if isinstance(message.id, str) else message.id[0]
        said = message.string
        forms = (said,) if isinstance(said, str) else tuple(said or ())
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
