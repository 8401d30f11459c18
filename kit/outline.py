"""The numbers of sections: one rule for page and PDF, so that both are quoted alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import ascii_uppercase
from typing import Any

Block = Mapping[str, Any]


def anchor(key: str) -> str:
    """An exhibit's key as the id of its place on the page."""
    return key.replace(".", "-")


def numbered(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, every heading with its ``number``: 1, 2, 3 for sections, A, B, C for the appendix.

    The heading of the answer stands before the count, and lower levels have none (empty text).
    """
    made: list[Block] = []
    sections = appendices = 0
    for place, block in enumerate(blocks):
        if block["type"] != "heading":
            made.append(block)
            continue
        number = ""
        opens = place + 1 < len(blocks) and blocks[place + 1]["type"] == "answer"
        if block["level"] == 1 and block.get("appendix"):
            number = ascii_uppercase[appendices % 26]
            appendices += 1
        elif block["level"] == 1 and not opens:
            sections += 1
            number = str(sections)
        made.append({**block, "number": number})
    return made
