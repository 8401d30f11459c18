"""Exhibits as pictures to paste, and a document as one long picture to send: set by Typst, like the PDF.

Pixels are the printed size's at twice the 96 of an inch, so that a picture keeps its size in a document and is sharp
on any screen. The same document gives the same bytes.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kit import pdf

if TYPE_CHECKING:
    from kit.render import Rendering

PPI = 2 * 96.0
LONG = 104.0
"""Width in mm of the long page, as the template sets it: at 1,080 px the characters of its text (9.5 pt and more) are
32 px high."""

Document = Mapping[str, Any]
Block = Mapping[str, Any]


def exhibits(renderings: Sequence[Rendering]) -> dict[str, bytes]:
    """A PNG of every exhibit by ``<report>.<exhibit's key>.png``: message, drawing or table, notes, and whose it is."""
    made: dict[str, bytes] = {}
    for r in renderings:
        document = r.document()
        shown = [block for block in document["blocks"] if block["type"] == "exhibit"]
        names = [name(r.report, block["key"]) for block in shown]
        made |= zip(names, pages(document, shown, "pictures"), strict=True)
    return made


def name(report: str, key: str) -> str:
    """The file of an exhibit, whose key begins with its report in most of them."""
    return f"{report}.{key.removeprefix(f'{report}.')}.png"


def drawings(document: Document, shown: Sequence[Block]) -> list[bytes]:
    """The bare drawings of chart exhibits and figures, as PNG in their order."""
    return pages(document, shown, "drawings")


def pages(document: Document, shown: Sequence[Block], form: str) -> list[bytes]:
    """A picture of each block, as the template's form has it."""
    if not shown:
        return []
    return pdf.compile_png({**document, "meta": {**document["meta"], "form": form}, "blocks": [*shown]}, PPI)


def page(document: Document, width_px: int = 1080) -> bytes:
    """The document up to its appendix as one PNG so many pixels wide and as high as it takes: for a phone, to be sent
    in a chat. Charts are those drawn for a phone, and rows of wide tables stand one below the other.
    """
    meta = {**document["meta"], "form": "long", "short": False}
    body = itertools.takewhile(lambda block: not block.get("appendix"), document["blocks"])
    narrow = [{**b, "svg": b["svg_narrow"]} if b.get("svg_narrow") else b for b in body]
    (made,) = pdf.compile_png({**document, "meta": meta, "blocks": narrow}, width_px * 25.4 / LONG)
    return made
