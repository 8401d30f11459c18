"""The slides of a client's period: a cover, each report's answer, then an exhibit a slide under its message.

Charts and tables are PowerPoint's own where they can say what the exhibit says, so that the client may edit them; what
stands behind a slide (evidence, method, sources) is in its notes. The same reports and master give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kit import edits, wording
from kit.deliver import pictures, slide_forms, slide_master, slide_tables
from kit.deliver.slide_chart import Look
from kit.deliver.slide_master import Deck
from kit.deliver.slide_text import EMU, MM, Box, Said, describe, fitting, plain, said, text_box

if TYPE_CHECKING:
    from kit.render import Rendering

FOOT = 9.0
"""Points of label and sources below an exhibit."""
FOOT_LINES = 2
GAP = 3 * MM
COVER = (18, 17, 16, 15, 14, 13, 12, 11, 10)
BODY = (16, 15, 14, 13, 12, 11, 10)
"""Sizes of findings and of what is asked, in points."""
FIGURES = (26, 24, 22, 20, 18, 16, 14)
TOP = 27 * MM
"""Of the key figures."""

Block = Mapping[str, Any]


def deck(renderings: Sequence[Rendering], master: bytes | None) -> bytes:
    """The slides of these reports, in their order; ``master``: the client's own file, or the kit's plain look.

    Raises ``KitError`` for a master that is no PowerPoint file or has no layout with a title.
    """
    first = renderings[0]
    meta = first.meta()
    made = slide_master.opened(master, first.brand, meta["lang"])
    _cover(made, renderings)
    for r in renderings:
        _report(made, r)
    return made.saved(meta, f"{meta['client']} {meta['header_right']}")


def _cover(made: Deck, renderings: Sequence[Rendering]) -> None:
    """Whose, of when, which reports, by whom; that it is a draft, if it is."""
    meta = renderings[0].meta()
    reports = renderings[0].words.listing([r.meta()["title"] for r in renderings])
    slide = made.add(made.cover, f"{meta['client']} {meta['header_right']}")
    lines = [said(meta["draft"], bold=True)] if meta.get("draft") else []
    lines += [said(reports), said(f"{meta['agency']} · {meta['date']}", before=1.0), said(meta["confidential"])]
    fields = [shape for shape in slide.placeholders if shape != slide.shapes.title]
    if fields:
        made.fill(fields[0], lines, COVER)
    for shape in fields[1:]:
        shape._element.getparent().remove(shape._element)
    brand = renderings[0].brand
    if brand.logo and not made.own:
        _logo(slide, renderings[0])


def _logo(slide: Any, r: Rendering) -> None:
    """The client's logo on the plain cover; a drawing of lines as a picture."""
    brand, meta = r.brand, r.meta()
    alt = brand.logo_alt or meta["labels"]["logo"]
    content = brand.logo
    if brand.logo_media == "image/svg+xml":
        figure = {"type": "figure", "media": brand.logo_media, "data": brand.plain()["logo"], "alt": alt, "caption": ""}
        content = pictures.drawings({"meta": meta, "brand": brand.plain()}, [figure])[0]
    shape = slide.shapes.add_picture(io.BytesIO(content or b""), 25 * MM, 16 * MM, height=16 * MM)
    describe(shape, alt)


def _report(made: Deck, r: Rendering) -> None:
    document = r.document()
    meta = document["meta"]
    foot = (meta.get("draft"), meta["client"], meta["title"], meta["header_right"])
    made.foot = " · ".join(part for part in foot if part)
    answer = next((block for block in document["blocks"] if block["type"] == "answer"), None)
    if answer:
        _answer(made, r, meta["title"], answer)
    else:
        slide = made.add(made.bare, meta["title"])
        text_box(slide, made.body, [said(meta["scope"], r.brand.grey)], BODY[0], made.lang)
    shown = [block for block in document["blocks"] if block["type"] in ("exhibit", "figure")]
    pieces = {piece["key"]: piece for piece in r.pieces if piece["is"] == "exhibit"}
    for block in shown:
        if block["type"] == "figure":
            slide = made.add(made.bare, block["caption"])
            _picture(slide, made.body, document, block)
        else:
            _exhibit(made, r, document, pieces[block["key"]], block)


# ---- the answer ----------------------------------------------------------------------------------------------------


def _answer(made: Deck, r: Rendering, title: str, block: Block) -> None:
    """Key figures, the first findings, and what is asked: beside them, or on a slide of its own. The title says what
    the first finding says, and the others follow below."""
    first, *others = block["findings"] or [{"headline": ""}]
    told = r.words.label("slide.told", title=title, message=first["headline"]) if first["headline"] else title
    slide = made.add(made.bare, told)
    body = made.body
    if block["kpis"]:
        top, body = body.rows(TOP, GAP)
        _figures(slide, top, block["kpis"], r, made.lang)
    findings = [_numbered(str(f["n"]), f["headline"], r) for f in others]
    asks = [line for ask in block["asks"] for line in _ask(ask, r)]
    left, right = body.columns(int(0.58 * body.width), 2 * GAP)
    together = bool(asks) and fitting(asks, right, BODY) and fitting(findings, left, BODY)
    place = left if together else body
    if findings:
        text_box(slide, place, findings, fitting(findings, place, BODY) or BODY[-1], made.lang)
    _note(slide, [line for f in block["findings"] for line in (f"{f['n']}. {f['headline']}", f["evidence"]) if line])
    if together:
        text_box(slide, right, asks, fitting(asks, right, BODY) or BODY[-1], made.lang)
        return
    for some in _shared(asks, made.body) if asks else []:
        slide = made.add(made.bare, f"{title} · {block['asks'][0]['title']}")
        text_box(slide, made.body, some, fitting(some, made.body, BODY) or BODY[-1], made.lang)


def _shared(lines: list[Said], box: Box) -> list[list[Said]]:
    """Paragraphs as they fit on a slide each."""
    if len(lines) == 1 or fitting(lines, box, BODY):
        return [lines]
    half = len(lines) // 2
    return [*_shared(lines[:half], box), *_shared(lines[half:], box)]


def _numbered(number: str, text: str, r: Rendering) -> Said:
    return Said(((f"{number}  ", r.brand.primary), (text, r.brand.ink)), before=0.6)


def _ask(ask: Block, r: Rendering) -> list[Said]:
    made = [said(ask["title"], r.brand.primary, bold=True, before=1.0)]
    for n, item in enumerate(ask["items"], 1):
        about = " · ".join(part for part in (item["owner"], item["due"]) if part)
        text = r.words.label("slide.ask", text=item["text"], about=about) if about else item["text"]
        made.append(_numbered(f"{n}.", text, r))
    return made


def _figures(slide: Any, box: Box, kpis: Sequence[Block], r: Rendering, lang: str) -> None:
    """Key figures side by side, each below its label with its changes; a rise and a fall in the brand's colours."""
    many = max(len(kpis), 3)
    each = (box.width - (many - 1) * GAP) // many
    places = [Box(box.left + n * (each + GAP), box.top, each, box.height) for n in range(len(kpis))]
    told = [_figure(kpi, r) for kpi in kpis]
    size = min(fitting(lines, place, FIGURES) or FIGURES[-1] for lines, place in zip(told, places, strict=True))
    for lines, place in zip(told, places, strict=True):
        text_box(slide, place, lines, size, lang)


def _figure(kpi: Block, r: Rendering) -> list[Said]:
    colours = {"up": r.brand.good, "down": r.brand.bad}
    marks = {"up": "▲ ", "down": "▼ "}
    lines = [said(kpi["label"], r.brand.grey, scale=0.5), said(kpi["value"], r.brand.ink, bold=True, before=0.1)]
    for change in kpi["changes"]:
        text = marks.get(change["tone"], "") + change["text"]
        lines.append(said(text, colours.get(change["tone"], r.brand.grey), scale=0.45, before=0.1))
    return lines


# ---- an exhibit ----------------------------------------------------------------------------------------------------


def _exhibit(made: Deck, r: Rendering, document: Mapping[str, Any], piece: dict[str, Any], block: Block) -> None:
    """One exhibit on its slide; a table of many rows goes on over the next."""
    body, foot = made.body.rows(made.body.height - int(FOOT_LINES * FOOT * 1.25 * EMU), 0)
    body = Box(body.left, body.top, body.width, body.height - GAP)
    parts: list[Any] = slide_tables.parts(block["table"], body) if block["kind"] == "table" else [None]
    for n, part in enumerate(parts, 1):
        title = block["message"]
        if len(parts) > 1:
            title = r.words.label("slide.part", title=title, part=n, parts=len(parts))
        slide = made.add(made.bare, title)
        if block["kind"] == "table":
            frames = [slide_tables.table(slide, body, block["table"], part, r.brand, made.lang)]
        elif block["kind"] == "grid":
            frames = [slide_tables.quadrants(slide, body, block["cells"], r.brand, made.lang)]
        else:
            frames = slide_forms.placed(slide, body, piece, Look(r.brand, r.words))
        for frame in frames:
            describe(frame, block.get("alt") or block["message"])
        if not frames:
            _picture(slide, body, document, block)
        text_box(slide, foot, [_sources(block, foot, r)], FOOT, made.lang)
        _note(slide, _behind(r, piece, block))


def _sources(block: Block, box: Box, r: Rendering) -> Said:
    """The exhibit's label and as many of its notes as there is room for; the others are in the notes of the slide."""
    kept: list[str] = []
    for note in block["notes"]:
        if not fitting([said(_joined(block["label"], [*kept, note], r))], box, (FOOT,)):
            break
        kept.append(note)
    return said(_joined(block["label"], kept, r), r.brand.grey)


def _joined(label: str, notes: Sequence[str], r: Rendering) -> str:
    return "  ".join(part for part in (label, r.words.join(notes)) if part)


def _picture(slide: Any, box: Box, document: Mapping[str, Any], block: Block) -> None:
    """The drawing at twice its printed size, as large as the place allows."""
    (content,) = pictures.drawings(document, [block])
    shape = slide.shapes.add_picture(io.BytesIO(content), box.left, box.top)
    times = min(box.width / shape.width, box.height / shape.height)
    shape.width, shape.height = int(shape.width * times), int(shape.height * times)
    shape.left = box.left + (box.width - shape.width) // 2
    describe(shape, block["alt"])


def _behind(r: Rendering, piece: dict[str, Any], block: Block) -> list[str]:
    """What the notes of an exhibit's slide say: each finding with its evidence, the methods, all notes, the cut-off."""
    words, found = r.words, r.of(piece)
    lines = [words.label("slide.evidence")]
    lines += [words.join([edits.headline(f, words), wording.evidence(r, f, here=piece["key"])]) for f in found]
    for cell in block.get("cells", ()):
        lines += [words.join([item["text"], item["evidence"]]) for item in cell["items"]]
    methods = dict.fromkeys(f["method"] for f in found if f["method"])
    if methods:
        lines.append(words.label("slide.method"))
        lines += [f"{words.label(f'{m}.term')}: {words.label(f'{m}.text')}" for m in methods]
    lines += [words.label("slide.sources"), *block["notes"], r.cutoff()]
    return lines


def _note(slide: Any, lines: Sequence[str]) -> None:
    slide.notes_slide.notes_text_frame.text = "\n".join(map(plain, lines))
