"""Text on slides: the size at which it fits its place, and how it is written there.

PowerPoint does not say how much room a text takes. It is estimated with our own faces, whose Chinese is as wide as any
other's; lines stand at a fixed distance, so that their height does not hang on the reader's fonts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from kit import project

EMU = 12700
"""A point in the unit of slides."""
MM = 36000
LEADING = 1.25
"""Height of a line in sizes of its letters."""
CARE = {False: 1.02, True: 1.12}
"""How much wider the reader's fonts may be than ours: in Chinese hardly, in Latin letters and digits (True) more."""
WORD = re.compile(r"[^\s\u2e80-\u9fff\uff00-\uffef]+|\s+|.", re.DOTALL)
"""What a line is broken between: words and numbers whole, Chinese at every character."""
CLOSING = "，。；：、！？）》”’％%"
"""What begins no line."""
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that the format does not allow."""


@dataclass(frozen=True)
class Box:
    """A place on a slide, in EMU."""

    left: int
    top: int
    width: int
    height: int

    def __iter__(self) -> Any:
        return iter((self.left, self.top, self.width, self.height))

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height

    def rows(self, first: int, gap: int = 0) -> tuple[Box, Box]:
        """The part ``first`` high and, after a gap, the rest below it."""
        rest = Box(self.left, self.top + first + gap, self.width, self.height - first - gap)
        return Box(self.left, self.top, self.width, first), rest

    def columns(self, first: int, gap: int = 0) -> tuple[Box, Box]:
        rest = Box(self.left + first + gap, self.top, self.width - first - gap, self.height)
        return Box(self.left, self.top, first, self.height), rest


@dataclass(frozen=True)
class Said:
    """A paragraph: its runs with their colours (``""``: the slide's own), its size as a part of the text's."""

    runs: tuple[tuple[str, str], ...]
    scale: float = 1.0
    bold: bool = False
    before: float = 0.35
    """Room above it, in sizes of the text."""

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.runs)


def said(text: str, color: str = "", **form: Any) -> Said:
    return Said(((text, color),), **form)


def plain(text: str) -> str:
    """Text of one line without characters that no slide may hold."""
    return FORBIDDEN.sub("", text).replace("\n", " ")


@cache
def _advances(bold: bool) -> dict[int, float]:
    """How wide each character is, in sizes."""
    from fontTools.ttLib import TTFont

    file = project.templates() / "fonts" / f"NotoSansSC-{'Bold' if bold else 'Regular'}.ttf"
    with TTFont(file, lazy=True) as font:
        font.setGlyphOrder([str(number) for number in range(font["maxp"].numGlyphs)])
        widths, size = font["hmtx"].metrics, font["head"].unitsPerEm
        return {code: widths[glyph][0] / size for code, glyph in font.getBestCmap().items()}


def width(text: str, size: float, bold: bool = False) -> float:
    """Of a line, in points."""
    known = _advances(bold)
    return size * sum(CARE[c.isascii()] * known.get(ord(c), 1.0) for c in text)


def lines(text: str, room: float, size: float, bold: bool = False) -> int:
    """How many lines of ``room`` points the text takes; a word longer than a line is broken."""
    count, used = 1, 0.0
    for word in WORD.findall(text):
        wide = width(word, size, bold)
        if used and used + wide > room and not word.isspace() and word not in CLOSING:
            count, used = count + 1, 0.0
        if wide > room:
            count += int(wide // room)
            wide %= room
        used += wide
    return count


def height(paragraphs: Sequence[Said], room: float, size: float) -> float:
    """Of all paragraphs, in points."""
    tall = 0.0
    for n, one in enumerate(paragraphs):
        own = size * one.scale
        tall += lines(one.text, room, own, one.bold) * own * LEADING + (one.before * size if n else 0.0)
    return tall


def fitting(paragraphs: Sequence[Said], box: Box, sizes: Sequence[float]) -> float | None:
    """The largest of the sizes at which all of it fits the box; None at none of them."""
    room, most = box.width / EMU, box.height / EMU
    return next((size for size in sizes if height(paragraphs, room, size) <= most), None)


def write(frame: Any, paragraphs: Sequence[Said], size: float, lang: str) -> None:
    """The paragraphs into a text frame, whose first one is taken; nothing in it is a link or a field."""
    from pptx.util import Pt

    for n, one in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
        own = size * one.scale
        paragraph.line_spacing = Pt(own * LEADING)
        paragraph.space_before = Pt(one.before * size if n else 0)
        paragraph.space_after = Pt(0)
        for text, color in one.runs:
            run(paragraph, text, own, color, one.bold, lang)


def run(paragraph: Any, text: str, size: float, color: str, bold: bool, lang: str) -> None:
    from pptx.util import Pt

    made = paragraph.add_run()
    made.text = plain(text)
    made.font.size = Pt(size)
    made.font.bold = bold
    if color:
        made.font.color.rgb = rgb(color)
    made._r.get_or_add_rPr().set("lang", lang)


def rgb(color: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(color[1:].upper())


def text_box(slide: Any, box: Box, paragraphs: Sequence[Said], size: float, lang: str, middle: bool = False) -> Any:
    """A box of text without margins of its own; its words wrap."""
    from pptx.enum.text import MSO_ANCHOR

    shape = slide.shapes.add_textbox(*box)
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE if middle else MSO_ANCHOR.TOP
    write(frame, paragraphs, size, lang)
    return shape


def describe(shape: Any, alt: str) -> None:
    """What a screen reader says instead of the shape."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", plain(alt))
