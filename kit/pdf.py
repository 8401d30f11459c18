"""A document to a tagged PDF, set by Typst in this process.

Data reach Typst as one JSON value and never as source, from an empty folder and without packages: a product's title
prints as it is, whatever it contains. The same document gives the same bytes.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import tempfile
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from kit import outline, project
from kit.errors import FAILED, KitError, problem

INVISIBLE = ("Cc", "Cf", "Zs", "Zl", "Zp")
"""Categories of characters that show nothing themselves, so that no glyph of theirs can be missing."""
VARIATIONS = range(0xFE00, 0xFE10)


def compile_pdf(document: Mapping[str, Any]) -> bytes:
    """The PDF (tagged, PDF/UA-1) of a worded document; ``meta.iso_date`` is its date.

    Raises ``KitError``: a character of ours or of a chart without a glyph, or a picture that isn't one.
    """
    import typst

    data = json.dumps(_values(document), ensure_ascii=False)
    if lacking := missing_glyphs(data):
        raise KitError(problem("e.glyph", characters=" ".join(sorted(lacking))))
    source = project.templates() / "client_pdf" / "report.typ"
    date = dt.date.fromisoformat(document["meta"]["iso_date"])
    with tempfile.TemporaryDirectory() as empty:
        compiler = typst.Compiler(
            source.read_bytes(),
            root=empty,
            font_paths=_fonts(project.templates() / "fonts"),
            sys_inputs={"data": data},
            package_path=empty,
            package_cache_path=empty,
        )
        try:
            pdf = compiler.compile(
                format="pdf",
                pdf_standards="ua-1",
                timestamp=dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC),
            )
        except typst.TypstError as err:
            raise KitError(problem("e.pdf"), FAILED) from err
    assert isinstance(pdf, bytes)
    return pdf


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
    """The document as Typst takes it: sections numbered, pictures as lists of bytes."""
    brand = {**document["brand"], "logo": _bytes(document["brand"].get("logo"))}
    blocks = []
    for block in outline.numbered(document["blocks"]):
        made = {name: value for name, value in block.items() if name != "svg_narrow"}
        blocks.append({**made, "data": _bytes(block["data"])} if block["type"] == "figure" else made)
    return {"meta": document["meta"], "brand": brand, "blocks": blocks}


def _bytes(encoded: str | None) -> list[int] | None:
    return list(base64.b64decode(encoded)) if encoded else None
