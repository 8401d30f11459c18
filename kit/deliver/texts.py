"""What the files that leave say, text by text with its place, whatever their form: read from the bytes that travel.

A place is ``code`` (``page``, ``cell``, ``key``, ``whole``) and what names it: ``page``; ``sheet`` and ``cell``;
``key``. Numbers stored as numbers are quantities and are left out; pictures hold no text that could be read.
"""

from __future__ import annotations

import ctypes
import functools
import io
import json
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from kit.errors import FAILED, KitError, problem

Place = dict[str, Any]
Said = tuple[str, Place, str]
"""The file (one inside another: ``mail.eml › report.pdf``), the place and the text."""

WHOLE: Place = {"code": "whole"}
PICTURES = ("png", "jpg", "jpeg", "gif", "emf", "bin")
INLINE = frozenset((
    "a", "abbr", "b", "bdi", "cite", "code", "em", "i", "mark", "q", "s", "small", "span", "strong", "sub", "sup",
    "tspan", "u", "wbr",
))  # fmt: skip
SPOKEN = ("alt", "aria-label", "content", "href", "title")
"""Attributes of a page that are read, out loud or by whoever follows them."""
BARE = ("Table", "TOC", "L", "P", "H1", "H2", "H3")
"""Elements of a PDF in which no picture stands; a page has thousands of cells."""
PARAGRAPHS = ("p", "si", "text")
"""Elements of an Office file whose runs of text belong together."""
TOLD = ("name", "descr", "title", "Target", "location", "tooltip", "display")
"""Attributes of a part of an Office file that a reader sees or follows."""


def said(file: str, data: bytes) -> Iterator[Said]:
    """Every text of a file, by the end of its name. Raises ``KitError`` if the file is none of its kind or of none that
    can be read: what was not looked through must not leave."""
    yield file, WHOLE, file.rpartition(" › ")[2]
    kind = file.rpartition(".")[2].lower()
    if kind in PICTURES:
        return
    if kind not in READERS:
        raise KitError(problem("e.deliver.kind", file=file, allowed=", ".join([*READERS, *PICTURES])), FAILED)
    try:
        yield from READERS[kind](file, data)
    except (ValueError, LookupError, SyntaxError, zipfile.BadZipFile, RuntimeError) as error:
        raise KitError(problem("e.deliver.unread", file=file), FAILED) from error


def _plain(file: str, data: bytes) -> Iterator[Said]:
    yield file, WHOLE, data.decode("utf-8-sig")


# ---- PDF ---------------------------------------------------------------------------------------------------------


def _pdf(file: str, data: bytes) -> Iterator[Said]:
    """Each page's text, the descriptions of its pictures and the addresses it links to; facts and bookmarks."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as document:
        for value in document.get_metadata_dict().values():
            yield file, WHOLE, value
        for mark in document.get_toc():
            yield file, WHOLE, mark.get_title()
        for n, page in enumerate(document, 1):
            place = {"code": "page", "page": n}
            for text in (page.get_textpage().get_text_range(), *_described(page), *_linked(document, page)):
                yield file, place, text
            page.close()


def _described(page: Any) -> Iterator[str]:
    """The alternative texts in the structure of a page."""
    import pypdfium2.raw as raw

    tree = raw.FPDF_StructTree_GetForPage(page)
    if not tree:
        return
    stack = [raw.FPDF_StructTree_GetChildAtIndex(tree, n) for n in range(raw.FPDF_StructTree_CountChildren(tree))]
    while stack:
        element = stack.pop()
        if not element or _wide(raw.FPDF_StructElement_GetType, element) in BARE:
            continue
        yield _wide(raw.FPDF_StructElement_GetAltText, element)
        children = range(raw.FPDF_StructElement_CountChildren(element))
        stack += [raw.FPDF_StructElement_GetChildAtIndex(element, n) for n in children]
    raw.FPDF_StructTree_Close(tree)


def _wide(ask: Any, element: Any) -> str:
    """What PDFium says in UTF-16 with a zero behind it."""
    buffer = ctypes.create_string_buffer(ask(element, None, 0) or 2)
    ask(element, buffer, len(buffer))
    return buffer.raw[:-2].decode("utf-16-le")


def _linked(document: Any, page: Any) -> Iterator[str]:
    import pypdfium2.raw as raw

    at, link = ctypes.c_int(0), raw.FPDF_LINK()
    while raw.FPDFLink_Enumerate(page, at, link):
        action = raw.FPDFLink_GetAction(link)
        if action and (size := raw.FPDFAction_GetURIPath(document, action, None, 0)):
            buffer = ctypes.create_string_buffer(size)
            raw.FPDFAction_GetURIPath(document, action, buffer, size)
            yield buffer.value.decode("utf-8", "replace")


# ---- pages -------------------------------------------------------------------------------------------------------


def _html(file: str, data: bytes) -> Iterator[Said]:
    """The text of each block, inline marks joined, and what attributes say; the place is the last section or exhibit
    that has a name."""
    from lxml import etree, html

    place, text = WHOLE, ""
    try:
        root = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))
    except etree.ParserError as error:
        raise ValueError("no page") from error
    for event, element in etree.iterwalk(root, events=("start", "end", "comment")):
        if event == "comment":
            yield file, place, element.text or ""
            text += element.tail or ""
            continue
        if element.tag not in INLINE:
            yield file, place, text
            text = ""
        if event == "end":
            text += element.tail or ""
        elif element.tag != "style":
            if element.get("id") and element.tag in ("figure", "section", "h1", "h2", "h3"):
                place = {"code": "key", "key": element.get("id")}
            yield from ((file, place, element.get(name)) for name in SPOKEN if element.get(name))
            text += element.text or ""


# ---- data --------------------------------------------------------------------------------------------------------


def _json(file: str, data: bytes) -> Iterator[Said]:
    yield from ((file, {"code": "key", "key": key}, text) for key, text in _strings(json.loads(data), ""))


def _strings(value: Any, key: str) -> Iterator[tuple[str, str]]:
    """Every string with its path; an entry of a list that has a key is named by it."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _strings(inner, f"{key}.{name}" if key else name)
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            name = inner.get("key") if isinstance(inner, dict) else None
            yield from _strings(inner, f"{key}[{name or n}]")


# ---- Office files ------------------------------------------------------------------------------------------------


def _office(file: str, data: bytes) -> Iterator[Said]:
    """Every part of a workbook or a deck: cells by sheet, slides by number, all else by its part; workbooks within."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheets = _sheets(parts)
    strings = parts.pop("xl/sharedStrings.xml", None)
    shared = list(_shared(strings)) if strings else []
    for name, content in parts.items():
        if name in sheets:
            for cell, text in _cells(content, shared):
                yield file, {"code": "cell", "sheet": sheets[name], "cell": cell}, text
        elif name.endswith((".xml", ".rels", ".vml")):
            slide = re.fullmatch(r"ppt/slides/slide(\d+)\.xml", name)
            place = {"code": "page", "page": int(slide[1])} if slide else {"code": "key", "key": name}
            yield from ((file, place, text) for text in _paragraphs(content))
        elif not name.endswith("/"):
            yield from said(f"{file} › {posixpath.basename(name)}", content)


def _shared(content: bytes) -> Iterator[str]:
    """The strings that cells refer to by their number."""
    from lxml import etree

    yield from ("".join(string.itertext()) for string in etree.fromstring(content).iter("{*}si"))


def _sheets(parts: dict[str, bytes]) -> dict[str, str]:
    """The part of each sheet of a workbook with the sheet's name."""
    from lxml import etree

    if "xl/workbook.xml" not in parts:
        return {}
    book, links = (etree.fromstring(parts[n]) for n in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): posixpath.normpath(posixpath.join("/xl", link.get("Target"))) for link in links}
    at = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    return {targets[sheet.get(at)].lstrip("/"): sheet.get("name") for sheet in book.iter("{*}sheet")}


def _cells(content: bytes, shared: list[str]) -> Iterator[tuple[str, str]]:
    """The texts of a sheet, each with its cell; those that are in none, such as headers of the page, with none."""
    from lxml import etree

    for _, cell in etree.iterparse(io.BytesIO(content), tag="{*}c"):
        kind, value = cell.get("t"), cell.findtext("{*}v")
        if kind == "s" and value is not None:
            yield cell.get("r"), shared[int(value)]
        elif kind in ("inlineStr", "str"):
            yield cell.get("r"), "".join(cell.itertext())
        if (formula := cell.findtext("{*}f")) is not None:
            yield cell.get("r"), formula
        cell.clear()
    yield from (("—", text) for text in _paragraphs(re.sub(rb"(?s)<sheetData.*</sheetData>", b"", content)))


def _paragraphs(content: bytes) -> Iterator[str]:
    """The texts of a part, runs of a paragraph joined, and of the attributes that are read."""
    from lxml import etree

    root = etree.fromstring(content)
    yield from ("".join(element.itertext()) for element in root.iter(*(f"{{*}}{tag}" for tag in PARAGRAPHS)))
    alone, attributes = _paths()
    yield from (*alone(root), *attributes(root))


@functools.cache
def _paths() -> tuple[Any, Any]:
    """What finds texts outside paragraphs, and attributes that are read."""
    from lxml import etree

    inside = " or ".join(f"local-name() = '{tag}'" for tag in PARAGRAPHS)
    alone = f"//text()[normalize-space() and not(ancestor::*[{inside}])]"
    attributes = "|".join(f"//@{name}" for name in TOLD)
    return etree.XPath(alone, smart_strings=False), etree.XPath(attributes, smart_strings=False)


# ---- mail --------------------------------------------------------------------------------------------------------


def _mail(file: str, data: bytes) -> Iterator[Said]:
    """Its head decoded, its texts, and what is attached."""
    import email
    import email.policy

    message = email.message_from_bytes(data, policy=email.policy.default)
    for field, value in message.items():
        yield file, {"code": "key", "key": field}, str(value)
    for part in message.walk():
        if name := part.get_filename():
            content = part.get_content()
            yield from said(f"{file} › {name}", content.encode() if isinstance(content, str) else content)
        elif part.get_content_maintype() == "text":
            reader = _html if part.get_content_subtype() == "html" else _plain
            yield from reader(file, part.get_content().encode())


READERS = {
    "pdf": _pdf,
    "html": _html,
    "json": _json,
    "xlsx": _office,
    "pptx": _office,
    "eml": _mail,
    "txt": _plain,
    "md": _plain,
}
