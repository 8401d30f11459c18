"""A document to one self-contained HTML page, and its blocks to previews for a notebook.

Every text is escaped where it is printed; the only markup taken as it is comes from ``kit.charts`` and
``kit.markdown``. Nothing is fetched and nothing runs: no script, no address but those a consultant links to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from kit import markdown, outline, project

Block = Mapping[str, Any]
NAMESPACE = ' xmlns="http://www.w3.org/2000/svg"'
"""Needed in a file of its own only: inside a page the parser knows what an svg element is."""
AMOUNT = re.compile(r"[+−]?[￥¥£€$]\d[\d,.]*(?:–\d[\d,.]*)?(?:bn|[kM万亿])?|(?<![A-Za-z0-9.,&#])\d[\d,.]*[万亿]")


def page(document: Mapping[str, Any]) -> str:
    """The whole page of a document (``meta``, ``brand``, ``blocks``)."""
    environment = _environment(_folder())
    return environment.get_template("page.html.j2").render(
        meta=document["meta"],
        brand=document["brand"],
        blocks=outline.numbered(document["blocks"]),
        style=_style(_folder()),
        colours=_colours(document["brand"]),
    )


def warm() -> None:
    """Read the page's template and all that it includes, once for all pages of this process and of its forks."""
    _environment(_folder()).get_template("page.html.j2")
    _environment(_folder()).get_template("blocks.html.j2")
    _preview_style(_folder())


def index(meta: Mapping[str, Any], brand: Mapping[str, Any], periods: Sequence[Mapping[str, Any]]) -> str:
    """The page that lists a client's reports, in the look of these (see the template for what ``periods`` hold)."""
    environment, colours = _environment(_folder()), _colours(brand)
    page = environment.get_template("index.html.j2")
    return page.render(meta=meta, brand=brand, periods=periods, style=_style(_folder()), colours=colours)


def fragment(blocks: Sequence[Block], brand: Mapping[str, Any], lang: str = "zh") -> str:
    """Some blocks by themselves, looking as they will on the page; styles reach nothing around them.

    ``lang`` is theirs: JupyterLab's own page says ``en``, which would choose the fonts.
    """
    if not blocks:
        return ""
    show = _environment(_folder()).get_template("blocks.html.j2").module
    inside = Markup("\n").join(show.block(block) for block in outline.numbered(blocks))  # type: ignore[attr-defined]
    colours, style = _colours(brand), _preview_style(_folder())
    frame = Markup('<div class="kit" style="{}" lang="{}"><style>{}</style>{}</div>')
    return str(frame.format(colours, lang, style, inside))


def _folder() -> Path:
    return project.templates() / "client_html"


@cache
def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"prose": markdown.to_html, "drawing": _drawing, "css_text": _css_text, "whole": _whole}
    environment.globals["no_such_block"] = _no_such_block
    return environment


@cache
def _style(folder: Path) -> Markup:
    return Markup((folder / "style.css").read_text(encoding="utf-8"))


@cache
def _preview_style(folder: Path) -> Markup:
    """The page's style sheet, made to win over JupyterLab's own rules for tables, lists and definitions.

    Those are undone first. Drawings are left out, whose attributes would be undone with them.
    """
    undone = ".kit :where(:not(svg, svg *)) { all: revert; }\n"
    return Markup(re.sub(r"\.kit\b", ":is(.kit, #kit)", undone + _style(folder)))


def _colours(brand: Mapping[str, Any]) -> str:
    """The brand's colours as CSS variables."""
    return "".join(
        f"--{name.replace('_', '-')}:{value};"
        for name, value in brand.items()
        if isinstance(value, str) and re.fullmatch(r"#[0-9a-f]{6}", value)
    )


def _drawing(exhibit: Block) -> Markup:
    """The chart as inline SVG, once for wide screens and paper and once for phones, named by its alternative."""
    wide, narrow = exhibit["svg"], exhibit.get("svg_narrow")
    made = _svg(wide, "wide", exhibit["alt"])
    return made + _svg(narrow, "narrow", exhibit["alt"]) if narrow else made


def _svg(source: str, name: str, alt: str) -> Markup:
    opening = Markup('<svg class="{}" role="img" aria-label="{}" ').format(name, alt)
    return opening + Markup(source.replace(NAMESPACE, "", 1).removeprefix("<svg").lstrip())


def _whole(text: str) -> Markup:
    """A sentence in which no line ends between an amount's sign, its currency, its figure and its unit."""
    return Markup(AMOUNT.sub(r'<span class="amount">\g<0></span>', str(escape(text))))


def _css_text(text: str) -> Markup:
    """Text inside the quotes of a CSS string: what could end the string or the style sheet is written by number."""
    return Markup("".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text))


def _no_such_block(kind: str) -> NoReturn:
    raise LookupError(f"no such block: {escape(kind)}")
