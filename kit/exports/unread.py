"""Exports that are known by their header and of which nothing is read yet: named in the ledger, never an error.

They stand in the dictionaries under ``unread``, beside ``exports``: ``id``; ``name`` and ``menu`` (``{zh, en}``); and
``headers``, all of which one header must have, so few and so particular that no other export has them all.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kit.exports.candidates import headers
from kit.exports.dictionary import exports, normal
from kit.exports.loaded import dictionaries
from kit.exports.sheet import Row

FIELDS = {"id", "name", "menu", "headers"}


@dataclass(frozen=True)
class Unread:
    """An export that is known and not read. ``headers`` as they are matched; ``platforms`` as of its dictionary."""

    id: str
    file: str
    name: Mapping[str, str]
    menu: Mapping[str, str]
    headers: frozenset[str]
    platforms: tuple[str, ...] = ()


@functools.cache
def unread() -> tuple[Unread, ...]:
    """Every one of every dictionary. A fault in a dictionary is a ``ValueError`` that names file and export."""
    found = [one for file, whole in dictionaries().items() for one in of(file, whole)]
    ids = [one.id for one in found] + [e.id for e in exports()]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise ValueError(f"export ids given twice: {twice}")
    return tuple(found)


def of(file: str, whole: Mapping[str, Any]) -> Iterable[Unread]:
    """Those of one dictionary."""
    for raw in whole.get("unread", ()):
        where = f"{file}.yml, {raw.get('id')}"
        if set(raw) != FIELDS:
            raise ValueError(f"{where}: has the fields {sorted(raw)}, not {sorted(FIELDS)}")
        if any(set(words) != {"zh", "en"} for words in (raw["name"], raw["menu"])):
            raise ValueError(f"{where}: names in one language only")
        named = frozenset(map(normal, raw["headers"]))
        yield Unread(raw["id"], file, raw["name"], raw["menu"], named, tuple(whole.get("platforms", ())))


def known(rows: list[Row]) -> Unread | None:
    """The export that ``rows`` are, if it is one of these."""
    for header in headers(rows):
        names = {name for cell in header.names for name in cell}
        for one in unread():
            if one.headers <= names:
                return one
    return None
