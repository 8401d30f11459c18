"""Several reports as one document, and as one PDF: what opens each of them first, all the rest behind.

The body holds the summary whole, and of every other report what it opens with and, as far as ``PAGES`` allow, the
exhibit that its first finding stands on. The appendix holds the other sections, each report under its own title, and
at the end, once for all, what they have in common. Labels of exhibits are each report's own, so that they agree with
the single reports and their workbooks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from kit import appendix, outline, pdf

if TYPE_CHECKING:
    from kit.render import Rendering

PAGES = 15
"""As many as the body may have; without any exhibit it has as many as it takes."""
TOP, HALF = 40.0, 130.0
"""How far down a page in mm its first exhibit begins at most, and a page ends that is half empty."""
UNKNOWN = 99
COMMON = ("glossary", "ledger", "reproduce")
"""Sections that stand once for all reports, by the only piece in them, in their order."""
WHOLE = "summary"
"""The report that stands whole in the body."""

Block = dict[str, Any]
Section = list[Block]


@dataclass(frozen=True)
class Opened:
    """A report taken apart: its ``opening``, its other sections, those that all reports have by their piece, and of
    the other sections the exhibit of its ``first`` finding, with what the consultant says of it."""

    r: Rendering
    opening: list[Block]
    rest: list[Block]
    common: Mapping[str, Section]
    first: list[Block]


def typeset(renderings: Sequence[Rendering]) -> bytes:
    """The PDF of a pack of these reports, in their order."""
    opened = [_opened(r) for r in renderings]
    every = {o.r.report for o in opened if o.first}
    _, places = pdf.typeset(document(opened, every, body=True))
    return pdf.compile_pdf(document(opened, fitting(opened, places)))


def fitting(opened: Sequence[Opened], places: Mapping[str, pdf.Place]) -> set[str]:
    """The reports whose first exhibit has room in the body, from the places of a body that has them all.

    Each report begins on a page of its own, so that pages add up. An exhibit that leaves the page half empty that
    it takes is not worth one.
    """
    spans = {o.r.report: _span(o, places) for o in opened if o.opening}
    used = sum(least for least, _, _ in spans.values())
    kept = set()
    for report, (least, most, worth) in spans.items():
        if worth and used + most - least <= PAGES:
            used += most - least
            kept.add(report)
    return kept


def _span(o: Opened, places: Mapping[str, pdf.Place]) -> tuple[int, int, bool]:
    """How many pages a report opens with, without its first exhibit and with it, and whether that is worth it."""
    start, end = (places[f"body/{o.r.report}{what}"] for what in ("", "/end"))
    most = end.page - start.page + 1
    if not o.first:
        return most, most, False
    at = places[o.first[0]["anchor"]]
    least = at.page - start.page + (at.down > TOP)
    return least, most, most == least or end.down > HALF


def document(opened: Sequence[Opened], shown: Collection[str], body: bool = False) -> dict[str, Any]:
    """The pack as ``pdf.typeset`` takes it. ``shown``: reports whose first exhibit stands in the body; ``body``: that
    alone, to see how long it is; pages that are not known then are as wide as they will be."""
    fronts = [_front(o, o.r.report in shown) for o in opened if o.opening]
    backs = [] if body else [_back(o, o.r.report in shown) for o in opened if o.rest]
    parts = [*fronts, *backs, *([] if body else _common(opened))]
    places = {part["anchor"] for part in parts}
    places |= {block["anchor"] for part in parts for block in part["blocks"] if "anchor" in block}
    parts = [_leading(part, places, body) for part in parts]
    return {
        "meta": _meta([o.r for o in opened]),
        "brand": opened[0].r.brand.plain(),
        "blocks": [],
        "parts": parts,
        "contents": list(_contents(parts)),
    }


# ---- a report taken apart ------------------------------------------------------------------------------------------


def _opened(r: Rendering) -> Opened:
    sections = _sections(r)
    common = {kind: blocks for kind, blocks in sections if kind in COMMON}
    own = [block for kind, blocks in sections if kind not in COMMON for block in blocks]
    numbered = [_anchored(block, r.report) for block in outline.numbered(own)]
    kept, opens = iter(numbered), []
    for kind, blocks in sections:
        if kind not in COMMON:
            opens += [(kind == "answer", next(kept)) for _ in blocks]
    whole = r.report == WHOLE or r.short is not None
    opening = [block for first, block in opens if first or whole]
    rest = [] if whole else [block for first, block in opens if not first]
    key = next((f["exhibit"] for f in r.openers()), None) if opening else None
    return Opened(r, opening, rest, common, _first(rest, key))


def _first(rest: Sequence[Block], key: str | None) -> list[Block]:
    """The exhibit of that key, and the notes below it; empty if it is none of these."""
    place = next((n for n, b in enumerate(rest) if b["type"] == "exhibit" and b["key"] == key), None)
    if place is None:
        return []
    below = takewhile(lambda block: block["type"] in ("list", "note"), rest[place + 1 :])
    return [rest[place], *(block for block in below if block["type"] == "note")]


def _sections(r: Rendering) -> list[tuple[str, Section]]:
    """The blocks of a report by section, each with what it is: ``answer`` is that which opens the report, one of
    ``COMMON`` a section of that and nothing else."""
    kinds = {id(block): piece["is"] for piece, blocks in zip(r.pieces, r.laid, strict=True) for block in blocks}
    sections: list[Section] = [[]]
    for block in r.document()["blocks"]:
        if block["type"] == "heading" and block["level"] == 1:
            sections.append([])
        sections[-1].append(block)
    return [(_kind({kinds.get(id(b), "") for b in some}, some), some) for some in sections if some]


def _kind(kinds: set[str], section: Section) -> str:
    if "answer" in kinds:
        return "answer"
    only = kinds - {"prose"}
    own = any(block.get("own") for block in section)
    return only.pop() if len(only) == 1 and only <= {*COMMON} and not own else ""


def _anchored(block: Mapping[str, Any], report: str) -> Block:
    return {**block, "anchor": f"{report}/{block['id']}"} if "id" in block else dict(block)


# ---- the parts of the pack -----------------------------------------------------------------------------------------


def _front(o: Opened, shown: bool) -> Block:
    part = _part(o.r, "body", [*o.opening, *(o.first if shown else [])])
    return {**part, "more": _refer(o.r.words.label("pack.more"), f"rest/{o.r.report}")} if o.rest else part


def _back(o: Opened, shown: bool) -> Block:
    """What the body does not hold; the exhibit that it does is referred to."""
    gone = [id(block) for block in o.first] if shown else []
    blocks = [
        _refer(o.r.words.label("pack.moved", exhibit=block["label"]), block["anchor"]) if id(block) in gone else block
        for block in o.rest
        if id(block) not in gone[1:]
    ]
    return _part(o.r, "rest", blocks)


def _refer(text: str, anchor: str) -> Block:
    return {"type": "refer", "text": text, "at": {"anchor": anchor}}


def _part(r: Rendering, kind: str, blocks: list[Block]) -> Block:
    meta = r.meta()
    title = meta["title"] if kind == "body" else r.words.label("pack.rest", title=meta["title"])
    return {"anchor": f"{kind}/{r.report}", "report": r.report, "name": meta["title"], "title": title,
            "scope": meta["scope"], "header": meta["header_left"], "blocks": blocks}  # fmt: skip


def _common(opened: Sequence[Opened]) -> list[Block]:
    """What the reports have in common, each thing once: terms, files, and how to build it all again."""
    r, blocks = opened[0].r, list[Block]()
    for kind in COMMON:
        having = [o for o in opened if kind in o.common]
        if having:
            head = [block for block in having[0].common[kind] if block["type"] in ("heading", "prose")]
            pieces = [p for o in having for p in o.r.pieces if p["is"] == kind]
            blocks += [*head, *getattr(appendix, kind)(r, _joined(kind, pieces))]
    title = r.words.label("pack.common")
    header = r.words.label("page.header", client=r.meta()["client"], title=title)
    made = [_anchored(block, "common") for block in outline.numbered(blocks)]
    part = {"anchor": "end/common", "report": "", "name": title, "title": title, "scope": "", "header": header,
            "blocks": made}  # fmt: skip
    return [part] if blocks else []


def _joined(kind: str, pieces: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One piece that says what all of them say."""
    name = "terms" if kind == "glossary" else "tables"
    said = dict.fromkeys(term for piece in pieces for term in piece[name])
    return {"is": kind, name: list(said), "report": ""}


# ---- around them ---------------------------------------------------------------------------------------------------


def _leading(part: Block, places: Collection[str], body: bool) -> Block:
    more = {"more": _led(part["more"], places, body)} if "more" in part else {}
    return {**part, **more, "blocks": [_led(block, places, body) for block in part["blocks"]]}


def _led(block: Block, places: Collection[str], body: bool) -> Block:
    """A block whose references lead to where they point in the pack, or nowhere."""
    made = _to(block, places, body)
    if "findings" in block:
        made["findings"] = [_to(item, places, body) for item in block["findings"]]
    if "table" in block:
        made["table"] = {**block["table"], "rows": [_to(row, places, body) for row in block["table"]["rows"]]}
    return made


def _to(item: Block, places: Collection[str], body: bool) -> Block:
    at = item.get("at")
    if at is None:
        return {**item}
    anchor = next((one for one in _anchors(at) if one in places), None)
    return {**item, "at": {"anchor": anchor} if anchor else {"page": UNKNOWN} if body else None}


def _anchors(at: Mapping[str, Any]) -> tuple[str, ...]:
    """Where a place may be: the exhibit, or the report's first part."""
    if "anchor" in at:
        return (at["anchor"],)
    report = at["report"]
    return (f"{report}/{at['id']}",) if at["id"] else (f"body/{report}", f"rest/{report}")


def _contents(parts: Sequence[Block]) -> Iterator[dict[str, Any]]:
    """Each report once, with the sections of its parts but for the answer, which its title leads to."""
    for report in dict.fromkeys(part["report"] for part in parts):
        own = [part for part in parts if part["report"] == report]
        heads = [b for part in own for b in part["blocks"] if b["type"] == "heading" and b["level"] == 1]
        entries = [{"text": f"{b['number']}\u2002{b['text']}", "anchor": b["anchor"]} for b in heads if b["number"]]
        yield {"text": own[0]["name"], "anchor": own[0]["anchor"], "entries": entries}


def _meta(renderings: Sequence[Rendering]) -> dict[str, Any]:
    """Cover and running lines: those of the reports, under a title of its own; one draft makes it a draft."""
    r = max(renderings, key=lambda r: r.version)
    meta, words = r.meta(), r.words
    title = words.label(f"pack.title.{r.start['period']['kind']}")
    drafts = [said for one in renderings if (said := one.meta()["draft"])]
    return {
        **meta,
        "report": "pack",
        "title": title,
        "kicker": words.label("pack.kicker", period=meta["header_right"], n=len(renderings)),
        "scope": words.listing([one.meta()["title"] for one in renderings]),
        "header_left": words.label("page.header", client=meta["client"], title=title),
        "short": False,
        "draft": drafts[0] if drafts else "",
        "version": "" if drafts else meta["version"],
    }
