"""How a finding, and the lack of one, is said wherever it stands: first page, exhibit, limits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from kit import outline

Piece = dict[str, Any]
Block = dict[str, Any]
FIRST = {
    "zh": (("first.clear", r"显著(?!（)"),),
    "en": (
        ("first.money", r"¥\d{1,3}(?:,\d{3})*(?:\.\d+)?(?:bn|M|k)?(?![\d–]|[.,]\d)"),
        ("first.points", r"(?<!percentage )\bpoints\b"),
    ),
}
"""What is explained where a document says it first, as entry and pattern."""


def callout(tone: str, text: str) -> Block:
    return {"type": "callout", "tone": tone, "text": text}


def evidence(r: Any, finding: Piece, here: str = "") -> str:
    """The line below a headline: its own evidence, else interval and sample; then where to see it, if that is here."""
    parts = []
    if finding["evidence"]:
        parts.append(r.words.sentence(finding["evidence"]["sentence"], finding["evidence"]["args"]))
    elif finding["low"] is not None and finding["high"] is not None:
        names = {
            "lo": ("low", finding["unit"]),
            "hi": ("high", finding["unit"]),
            "lvl": ("level", "level"),
            "n": ("n", "count"),
        }
        args = {k: {"value": finding[field], "unit": unit} for k, (field, unit) in names.items()}
        parts.append(r.words.sentence("page.interval" if finding["n"] is None else "page.interval.n", args))
    exhibit = r.exhibits.get(finding["exhibit"] or "")
    if exhibit and finding["exhibit"] != here and not finding.get("source"):
        parts.append(r.words.label("page.see", exhibit=exhibit))
    return r.words.join(parts)


def place(r: Any, finding: Piece) -> Block | None:
    """Where what a finding says is shown: ``report`` and ``id`` of the exhibit, without one the report alone; of
    another report also its ``href`` beside this page and the ``page`` of its PDF, if it is known. None if nowhere."""
    report, key = finding.get("source") or (r.report, finding["exhibit"])
    found = {"report": report, "id": outline.anchor(key) if key else ""}
    if report == r.report:
        return found if key in r.exhibits else None
    href = f"{report}.{r.words.locale}.html"
    page = r.pages(report).get(found["id"])
    return found | {"href": f"{href}#{found['id']}" if key else href} | ({"page": page} if page else {})


def chip(r: Any, finding: Piece) -> dict[str, str]:
    kind, severity = r.words.label(f"kind.{finding['kind']}"), r.words.label(f"severity.{finding['severity']}")
    return {"text": r.words.label("page.chip", kind=kind, severity=severity), "tone": finding["severity"]}


def missing_text(r: Any, piece: Piece) -> str:
    if piece["reason"]:
        return r.words.sentence(piece["reason"]["sentence"], piece["reason"]["args"])
    data = r.words.listing([r.words.label(f"table.{t}") for t in piece["tables"]])
    bring = r.words.listing([r.words.label(f"bring.{t}") for t in piece["tables"]])
    return r.words.label("page.missing", data=data, question=r.words.label(piece["question"]), export=bring)


def amount(words: Any, said: dict[str, Any]) -> str:
    """A ledger line's main money column: what was read and what of it is kept, once where that is the same.

    The column is called as the file calls it, and by its label where that is kit's own name.
    """
    name = said["column"]
    col = str(words.label(f"column.{name}")) if words.has(f"column.{name}") else name
    read, kept = (f"{said[k]:,.2f}" for k in ("read", "kept"))
    if read == kept:
        return str(words.label("ledger.amount.whole", col=col, kept=kept))
    return str(words.label("ledger.amount", col=col, read=read, kept=kept))


def first_uses(words: Any, texts: Sequence[str]) -> list[str]:
    """A document's texts in reading order, with what needs it explained where it is said first.

    That is the class *clear*, percentage points, and which yuan is meant.
    """
    told = list(texts)
    for key, pattern in FIRST[words.locale]:
        if key == "first.money" and words.currency != "CNY":
            continue
        for i, text in enumerate(told):
            if found := re.search(pattern, text):
                told[i] = text[: found.start()] + words.label(key, x=found[0]) + text[found.end() :]
                break
    return told
