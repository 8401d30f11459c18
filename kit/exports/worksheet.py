"""A worksheet's XML, looked at before calamine reads it: how far its cells reach, and which calamine leaves blank."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MOST_CELLS = 40_000_000
"""Cells of the squares that a workbook's sheets span; beyond it, two far-off cells would fill the memory."""
LONGEST = 40
"""Characters of a formula that are shown."""
ENDS = 2_000
"""Bytes among which the first tag lies, and the last, whatever stands before or behind it."""

_FORMULA = re.compile(rb"[<:]f[\s/>]")
_LETTERS = re.compile(rb' r="([A-Za-z]+)[0-9]')
_NUMBERS = re.compile(rb' r="[A-Za-z]*([0-9]+)"')
_FILLED = re.compile(rb'<c (?=[^<>]*[^/<>]>)(?:[^<>]* )?r="([A-Za-z]+)([0-9]+)"')
_OPENED = re.compile(rb"<(?:row|c)(?=[\s/>])[^<>]*>?")
_PLACELESS = re.compile(rb'<(?:row|c)(?: (?!r=)[A-Za-z:]+="[^"<>]*")* ?/?>')

Unseen = dict[tuple[int, int], str]
"""(row, column), both from 0, to the text of a cell that calamine gives as blank."""


@dataclass(frozen=True)
class Look:
    """``cells``: of the square between A1 and the farthest cell that holds something. ``unseen``: what calamine gives
    as blank, though it is not: errors, and formulas that were never calculated."""

    cells: int
    unseen: Unseen = field(default_factory=dict)


def look(xml: bytes) -> Look:
    """Raises lxml's ``XMLSyntaxError`` or ``ValueError`` if it is damaged."""
    if b"worksheet" in xml[:ENDS] and b"worksheet>" not in xml[-ENDS:]:
        raise ValueError("cut short")
    formulas = (b"<f" in xml or b":f" in xml) and _FORMULA.search(xml)
    if formulas or b't="e"' in xml or b"='" in xml:
        return _parsed(xml)
    if _places_as_usual(xml):
        return Look(_square(xml))
    cells = _square_in_order(xml) if _no_places(xml) else MOST_CELLS + 1
    return Look(cells) if cells <= MOST_CELLS else _parsed(xml)


def _places_as_usual(xml: bytes) -> bool:
    """Whether each row and each cell states its place, in the form in which Excel does."""
    return b"<c>" not in xml and 0 < xml.count(b' r="') == xml.count(b"<row ") + xml.count(b"<c ")


def _no_places(xml: bytes) -> bool:
    """Whether no row and no cell states its place, as some platforms write them: each then follows the one before."""
    prefixed = b":row" in xml or b":c" in xml
    opened = set() if prefixed else set(_OPENED.findall(xml))
    return bool(opened) and all(map(_PLACELESS.fullmatch, opened))


def _square_in_order(xml: bytes) -> int:
    """An upper bound: whatever begins like a cell counts as one."""
    rows = xml.split(b"<row")
    return (len(rows) - 1) * max(row.count(b"<c") for row in rows[1:]) if len(rows) > 1 else 0


def _square(xml: bytes) -> int:
    """An upper bound; exact where formatted blank cells reach farther than the data."""
    last = max(map(int, set(_NUMBERS.findall(xml))), default=0)
    far = max(map(_column, set(_LETTERS.findall(xml))), default=0)
    if last * far <= MOST_CELLS:
        return last * far
    last = far = 0
    for letters, number in _FILLED.findall(xml):
        last, far = max(last, int(number)), max(far, _column(letters))
    return last * far


def _parsed(xml: bytes) -> Look:
    """By an XML parser, which takes every form there is and some five times as long."""
    from lxml import etree

    unseen: Unseen = {}
    row = column = last = far = 0
    cells = {"tag": ("{*}row", "{*}c"), "no_network": True, "resolve_entities": False}
    for event, element in etree.iterparse(io.BytesIO(xml), ("start", "end"), **cells):
        is_row = element.tag.endswith("row")
        if is_row and event == "start":
            row = int(element.get("r", row + 1)) - 1
        elif is_row:
            row, column = row + 1, 0
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
        elif event == "end":
            place = element.get("r", "").encode()
            at, column = (int(place.lstrip(_ALPHABET)) - 1, _column(place) - 1) if place else (row, column)
            if len(element):
                last, far = max(last, at + 1), max(far, column + 1)
            if text := _unseen(element):
                unseen[at, column] = text
            column += 1
    return Look(last * far, unseen)


def _unseen(cell: Any) -> str:
    """An error as it shows, an uncalculated formula with its equals sign; blank for every other cell."""
    kind, formula = cell.get("t"), next(cell.iterchildren("{*}f"), None)
    if kind != "e" and (formula is None or kind == "str"):
        return ""
    value = cell.findtext("{*}v")
    if kind == "e":
        return (value or "#ERROR")[:LONGEST]
    return "" if value or formula is None else f"={formula.text or ''}"[:LONGEST]


_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def _column(place: bytes) -> int:
    """``A`` is 1, ``AB`` is 28; what follows the letters is left out."""
    number = 0
    for letter in place.rstrip(b"0123456789").upper():
        number = number * 26 + letter - 64
    return number


def parts(content: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """Each sheet's name and the part of the package that it lies in. ``content``: the parts by name, in lower case."""
    from lxml import etree

    safe = etree.XMLParser(resolve_entities=False, no_network=True)
    links = etree.fromstring(content.get("xl/_rels/workbook.xml.rels", b"<none/>"), safe)
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    book = etree.fromstring(content.get("xl/workbook.xml", b"<none/>"), safe)
    for sheet in book.iter("{*}sheet"):
        link = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), None)
        target = targets.get(link, "").lower()
        inside = posixpath.normpath(posixpath.join("/xl", target))[1:]
        yield sheet.get("name"), inside if inside in content else target
