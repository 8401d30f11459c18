"""The deck that slides are put into: the client's master with its theme and layouts, or a plain one in brand colours.

Layouts are found by what they hold, not by their names: the cover has a title and a subtitle, an exhibit's a title and
nothing else to fill in. Slides that a client's file already has are left out.
"""

from __future__ import annotations

import copy
import datetime as dt
import functools
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kit import workbook
from kit.brand import Brand
from kit.deliver.slide_text import EMU, MM, Box, said, write
from kit.deliver.slide_text import fitting as fits
from kit.errors import KitError, problem

LATIN, CHINESE = "Arial", "微软雅黑"
"""Faces of the plain master; where 微软雅黑 is lacking, every program has another for Chinese."""
SIZES = (28, 26, 24, 22, 20, 18, 17, 16, 15, 14, 13, 12, 11, 10)
"""Of titles, in points: a client's own is the largest tried."""
WIDE, TALL = 12192000, 6858000
"""A slide of 16:9, EMU."""
SIDE, TITLE_TOP, TITLE_TALL, FOOT = 15 * MM, 8 * MM, 21 * MM, 181 * MM
"""Of the plain master: margins left and right, the title's place, and where the running foot begins."""
GAP = 4 * MM
LEAST = 0.55
"""Part of a slide's height that an exhibit needs; where a layout's title leaves less, the title goes to the top."""


@dataclass
class Deck:
    """An open presentation; ``foot`` is what stands at the foot of every slide but the cover."""

    made: Any
    cover: Any
    bare: Any
    own: bool
    lang: str
    foot: str = ""

    def add(self, layout: Any, title: str) -> Any:
        """A slide with its title; of the layout's other placeholders only foot and number stay."""
        slide = self.made.slides.add_slide(layout)
        for shape in [s for s in slide.placeholders if s != slide.shapes.title and layout is self.bare]:
            shape._element.getparent().remove(shape._element)
        if layout is self.bare:
            self._running(slide)
            top, _ = self.places
            if top:
                slide.shapes.title.left, slide.shapes.title.top = top.left, top.top
                slide.shapes.title.width, slide.shapes.title.height = top.width, top.height
        self.fill(slide.shapes.title, [said(title, bold=True)], SIZES)
        return slide

    def fill(self, shape: Any, paragraphs: Any, sizes: tuple[int, ...]) -> None:
        """Text into a placeholder, as large as fits: the layout's own size at most."""
        frame = shape.text_frame
        margins = (frame.margin_left + frame.margin_right, frame.margin_top + frame.margin_bottom)
        box = Box(0, 0, shape.width - margins[0], shape.height - margins[1])
        own = _size(shape) or sizes[0]
        tried = [size for size in sizes if size <= own] or [sizes[-1]]
        frame.word_wrap = True
        write(frame, paragraphs, fits(paragraphs, box, tried) or tried[-1], self.lang)

    @property
    def body(self) -> Box:
        """Where an exhibit stands: below the title, above whatever stands at the foot."""
        return self.places[1]

    @functools.cached_property
    def places(self) -> tuple[Box | None, Box]:
        """Where the title goes if not where the layout has it, and the place below."""
        width, height = self.made.slide_width, self.made.slide_height
        title = next(s for s in self.bare.placeholders if _kind(s) == "TITLE")
        low = [s.top for s in self.bare.placeholders if _kind(s) in RUNNING and s.top > 0.75 * height]
        bottom = min([*low, int(0.95 * height)]) - GAP // 2
        under = title.top + title.height + GAP
        if bottom - under >= LEAST * height and title.width >= 0.6 * width:
            return None, Box(title.left, under, min(title.width, width - title.left), bottom - under)
        top = Box(int(0.05 * width), int(0.04 * height), int(0.9 * width), int(0.13 * height))
        return top, Box(top.left, top.bottom + GAP, top.width, bottom - top.bottom - GAP)

    def _running(self, slide: Any) -> None:
        """Foot and number of the slide, where the layout has them."""
        for shape in self.bare.placeholders:
            if _kind(shape) not in ("FOOTER", "SLIDE_NUMBER"):
                continue
            element = copy.deepcopy(shape._element)
            taken = [int(at) for at in slide.shapes._spTree.xpath(".//p:cNvPr/@id")]
            element.xpath(".//p:cNvPr")[0].set("id", str(max(taken) + 1))
            slide.shapes._spTree.append(element)
            if _kind(shape) == "FOOTER":
                made = next(s for s in slide.placeholders if s._element is element)
                self.fill(made, [said(self.foot)], FOOTS)

    def saved(self, meta: Mapping[str, Any], title: str) -> bytes:
        """The file's bytes: the same for the same slides."""
        facts = self.made.core_properties
        facts.title, facts.author, facts.last_modified_by = title, meta["agency"], meta["agency"]
        facts.language, facts.revision = self.lang, 1
        facts.keywords = facts.comments = facts.subject = facts.category = ""
        facts.created = facts.modified = dt.datetime(*workbook.MADE)
        buffer = io.BytesIO()
        self.made.save(buffer)
        return workbook.dated(buffer.getvalue())


FOOTS = (12, 11, 10, 9, 8, 7, 6)
"""Of the running foot, in points."""
RUNNING = ("DATE", "FOOTER", "SLIDE_NUMBER")


def _kind(shape: Any) -> str:
    name = str(shape.placeholder_format.type.name)
    return "TITLE" if name == "CENTER_TITLE" else name


def _size(shape: Any) -> float | None:
    """The size in points that a placeholder's text has by its layout or its master's style of titles."""
    layout = shape.part.slide_layout
    same = [s for s in layout.placeholders if s.placeholder_format.idx == shape.placeholder_format.idx]
    same += [s for s in layout.slide_master.placeholders if _kind(s) == _kind(shape)]
    found = [size for s in same for size in s._element.xpath(".//a:lvl1pPr/a:defRPr/@sz")]
    kind = "titleStyle" if _kind(shape) == "TITLE" else "bodyStyle"
    found += layout.slide_master._element.xpath(f"./p:txStyles/p:{kind}/a:lvl1pPr/a:defRPr/@sz")
    return int(found[0]) / 100 if found else None


def opened(master: bytes | None, brand: Brand, lang: str) -> Deck:
    """A deck without slides. Raises ``KitError`` for a master that is no PowerPoint file or has no title to fill in."""
    return _clients(master, lang) if master else _plain(brand, lang)


# ---- the client's ------------------------------------------------------------------------------------------------


def _clients(master: bytes, lang: str) -> Deck:
    from pptx import Presentation
    from pptx.exc import PythonPptxError

    try:
        made = Presentation(io.BytesIO(master))
    except (PythonPptxError, zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as err:
        raise KitError(problem("e.deliver.master")) from err
    _emptied(made)
    layouts = [layout for m in made.slide_masters for layout in m.slide_layouts]
    titled = [layout for layout in layouts if "TITLE" in map(_kind, layout.placeholders)]
    if not titled:
        raise KitError(problem("e.deliver.layout"))
    cover = next((layout for layout in titled if "SUBTITLE" in map(_kind, layout.placeholders)), titled[0])
    bare = min((layout for layout in titled if layout is not cover or len(titled) == 1), key=_fields)
    return Deck(made, cover, bare, True, lang)


def _fields(layout: Any) -> int:
    """How many placeholders besides the title somebody would fill in."""
    return sum(_kind(shape) not in ("TITLE", *RUNNING) for shape in layout.placeholders)


def _emptied(made: Any) -> None:
    """The presentation without slides, and without sections, which name them."""
    slides = made.slides._sldIdLst
    for slide in list(slides):
        made.part.drop_rel(slide.rId)
        slides.remove(slide)
    for part in made.part._element.xpath("//*[local-name()='sectionLst' or local-name()='custShowLst']"):
        holder = part.getparent()
        holder.remove(part)
        if not len(holder) and holder.tag.endswith("}ext"):
            holder.getparent().remove(holder)


# ---- the plain one -----------------------------------------------------------------------------------------------


def _plain(brand: Brand, lang: str) -> Deck:
    """Made from the library's empty presentation: two layouts of 16:9, the brand's colours and two faces."""
    from pptx import Presentation
    from pptx.util import Emu

    made = Presentation()
    made.slide_width, made.slide_height = Emu(WIDE), Emu(TALL)
    layouts = made.slide_layouts
    cover, bare = layouts[0], layouts[5]
    for layout in [layout for layout in layouts if layout not in (cover, bare)]:
        layouts.remove(layout)
    master = made.slide_master
    _themed(master, brand)
    _drawn(master, cover, bare, brand)
    return Deck(made, cover, bare, False, lang)


def _themed(master: Any, brand: Brand) -> None:
    from pptx.opc.constants import RELATIONSHIP_TYPE

    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    text = theme.blob.decode("utf-8")
    colours = {"dk1": brand.ink, "dk2": brand.grey, "lt2": brand.tint, "accent1": brand.primary}
    colours |= {"accent2": brand.highlight, "accent3": brand.grey, "accent4": brand.good, "accent5": brand.bad}
    colours |= {"accent6": brand.rule, "hlink": brand.primary, "folHlink": brand.primary}
    for name, colour in colours.items():
        made = f'<a:{name}><a:srgbClr val="{colour[1:].upper()}"/></a:{name}>'
        text = re.sub(rf"<a:{name}>.*?</a:{name}>", made, text, count=1)
    text = text.replace('<a:latin typeface="Calibri"/>', f'<a:latin typeface="{LATIN}"/>')
    text = text.replace('<a:ea typeface=""/>', f'<a:ea typeface="{CHINESE}"/>')
    text = re.sub(r'(<a:font script="Hans" typeface=)"[^"]*"', rf'\1"{CHINESE}"', text)
    theme.blob = text.encode("utf-8")


def _drawn(master: Any, cover: Any, bare: Any, brand: Brand) -> None:
    """Where title, foot and number stand, and a little colour."""
    from pptx.oxml.ns import qn

    text = Box(SIDE, TITLE_TOP, WIDE - 2 * SIDE, TITLE_TALL)
    for shape in master.placeholders:
        kind = _kind(shape)
        if kind == "TITLE":
            _put(shape, text)
        elif kind == "BODY":
            _put(shape, Box(SIDE, text.bottom + GAP, text.width, FOOT - text.bottom - 2 * GAP))
        else:
            place = {"FOOTER": (0.0, 0.7), "DATE": (0.7, 0.15), "SLIDE_NUMBER": (0.85, 0.15)}[kind]
            _put(shape, Box(SIDE + int(place[0] * text.width), FOOT, int(place[1] * text.width), 6 * MM))
            for style in shape._element.iter(qn("a:lvl1pPr")):
                style.set("algn", "r" if kind == "SLIDE_NUMBER" else "l")
    for style, size in (("titleStyle", 24), ("bodyStyle", 16)):
        first = master._element.xpath(f"./p:txStyles/p:{style}/a:lvl1pPr")[0]
        first.set("algn", "l")
        first.find(qn("a:defRPr")).set("sz", str(size * 100))
    for layout in (cover, bare):
        for shape in layout.placeholders:
            if _kind(shape) == "DATE" or (_kind(shape) in RUNNING and layout is cover):
                shape._element.getparent().remove(shape._element)
    for shape in cover.placeholders:
        title = _kind(shape) == "TITLE"
        _put(shape, Box(25 * MM, (52 if title else 92) * MM, WIDE - 55 * MM, (34 if title else 80) * MM))
        for style in shape._element.iter(qn("a:lvl1pPr")):
            style.set("algn", "l")
            style.find(qn("a:defRPr")).set("sz", "4000" if title else "1800")
    _bar(cover, Box(0, 0, 9 * MM, TALL), brand.primary)
    _bar(cover, Box(25 * MM, 88 * MM, 26 * MM, int(2.4 * EMU)), brand.highlight)
    _bar(bare, Box(SIDE, FOOT - GAP // 4, WIDE - 2 * SIDE, int(0.6 * EMU)), brand.rule)


def _put(shape: Any, box: Box) -> None:
    shape.left, shape.top, shape.width, shape.height = box
    body = shape._element.xpath(".//a:bodyPr")[0]
    for side in ("lIns", "rIns"):
        body.set(side, "0")
    for part in list(body):  # text is not made smaller behind our back
        body.remove(part)


def _bar(layout: Any, box: Box, colour: str) -> None:
    """A filled rectangle behind what a layout holds."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls

    tree = layout.shapes._spTree
    number = max(int(at) for at in tree.xpath(".//p:cNvPr/@id")) + 1
    place = f'<a:xfrm><a:off x="{box.left}" y="{box.top}"/><a:ext cx="{box.width}" cy="{box.height}"/></a:xfrm>'
    fill = f'<a:solidFill><a:srgbClr val="{colour[1:].upper()}"/></a:solidFill><a:ln><a:noFill/></a:ln>'
    made = (
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name="bar {number}"/><p:cNvSpPr/>'
        f'<p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>{place}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{fill}'
        "</p:spPr></p:sp>"
    )
    tree.insert(2, parse_xml(made))
