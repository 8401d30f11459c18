"""A document to a tagged PDF, set by Typst in this process.

Data reach Typst as one JSON value and never as source, in a folder that holds the template alone and without packages:
a product's title prints as it is, whatever it contains. The same document gives the same bytes.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import json
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from kit import outline, project
from kit.errors import FAILED, KitError, problem

INVISIBLE = ("Cc", "Cf", "Zs", "Zl", "Zp")
"""Categories of characters that show nothing themselves, so that no glyph of theirs can be missing."""
VARIATIONS = range(0xFE00, 0xFE10)


class Place(NamedTuple):
    """The number of a page, and how far down it in mm."""

    page: int
    down: float


def compile_pdf(document: Mapping[str, Any]) -> bytes:
    """As ``typeset``, the PDF alone."""
    return typeset(document)[0]


def typeset(document: Mapping[str, Any]) -> tuple[bytes, dict[str, Place]]:
    """The PDF (tagged, PDF/UA-1) of a worded document, and by id the place of each exhibit; ``meta.iso_date`` is its
    date. A document of ``parts`` (``kit.deliver.binding``) is a pack of several reports.

    Raises ``KitError``: a character of ours or of a chart without a glyph, or a picture that isn't one.
    """
    date = dt.date.fromisoformat(document["meta"]["iso_date"])
    moment = dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC)
    with _compiler(document) as compiler:
        made = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=moment)
        places = json.loads(compiler.query("<place>", field="value"))
    assert isinstance(made, bytes)
    return made, {place["id"]: Place(place["page"], place["down"]) for place in places}


def compile_png(document: Mapping[str, Any], ppi: float) -> list[bytes]:
    """Each page of a worded document as a PNG of so many pixels per inch; ``meta.form`` says what its pages are.

    Raises ``KitError`` as ``typeset`` does.
    """
    with _compiler(document) as compiler:
        made = compiler.compile(format="png", ppi=ppi)
    return [made] if isinstance(made, bytes) else made


@contextlib.contextmanager
def _compiler(document: Mapping[str, Any]) -> Iterator[Any]:
    import typst

    data = json.dumps(_values(document), ensure_ascii=False)
    if lacking := missing_glyphs(data):
        raise KitError(problem("e.glyph", characters=" ".join(sorted(lacking))))
    names = ("report.typ", "pack.typ") if "parts" in document else ("report.typ",)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "report.typ"
        source.write_bytes(b"".join((project.templates() / "client_pdf" / name).read_bytes() for name in names))
        try:
            yield typst.Compiler(
                str(source),
                root=folder,
                font_paths=_fonts(project.templates() / "fonts"),
                sys_inputs={"data": data},
                package_path=folder,
                package_cache_path=folder,
            )
        except typst.TypstError as err:
            raise KitError(problem("e.pdf"), FAILED) from err


def warm() -> None:
    """Read the fonts, once for all documents of this process and of those forked from it."""
    missing_glyphs("")
    _fonts(project.templates() / "fonts")


def missing_glyphs(text: str) -> set[str]:
    """The characters of ``text`` that our fonts can't show."""
    known = _characters(project.templates() / "fonts" / "NotoSansSC-Regular.ttf")
    unknown = {c for c in set(text) if ord(c) not in known}
    return {c for c in unknown if unicodedata.category(c) not in INVISIBLE and ord(c) not in VARIATIONS}


@cache
def _characters(face: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(face, lazy=True) as font:
        font.setGlyphOrder([str(number) for number in range(font["maxp"].numGlyphs)])  # dear to make, and not asked for
        return frozenset(font.getBestCmap())


@cache
def _fonts(folder: Path) -> Any:
    """Our two faces and no others: neither the machine's nor those that Typst brings."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def _values(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document as Typst takes it: sections numbered (those of a pack's parts are), pictures as lists of bytes."""
    brand = {**document["brand"], "logo": _bytes(document["brand"].get("logo"))}
    made = {"meta": document["meta"], "brand": brand, "blocks": _blocks(outline.numbered(document["blocks"]))}
    if "parts" in document:
        made["contents"] = document["contents"]
        made["parts"] = [{**part, "blocks": _blocks(part["blocks"])} for part in document["parts"]]
    return made


def _blocks(blocks: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    made = ({name: value for name, value in block.items() if name != "svg_narrow"} for block in blocks)
    return [{**block, "data": _bytes(block["data"])} if block["type"] == "figure" else block for block in made]


def _bytes(encoded: str | None) -> list[int] | None:
    return list(base64.b64decode(encoded)) if encoded else None
