"""A matplotlib figure as an SVG that can stand inside any page.

matplotlib's own output carries a date, a style rule for every element of the page it lands in, and ids that
repeat from one chart to the next. Text stays text, so it can be selected, searched and read aloud.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
FAMILY = "'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
REFERENCE = re.compile(r"url\(#([^)]+)\)")
TEXT_STYLE = re.compile(r"(?P<name>[a-z-]+):\s*(?P<value>[^;]+)")
FONT = re.compile(r"(?:(?P<weight>bold|\d+) )?(?P<size>[\d.]+)px ")


def markup(figure: Any, key: str) -> str:
    """``figure`` as an ``<svg>`` element; every id in it begins with ``key``."""
    import matplotlib

    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": key}):
        out = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(out, format="svg", metadata=nothing)
    root = ET.fromstring(out.getvalue())
    _prune(root)
    _name(root, re.sub(r"[^0-9A-Za-z]+", "-", key))
    for text in root.iter(f"{SVG}text"):
        _plain_text(text)
    # Instead of matplotlib's rule for "*": inherited from here, and from nowhere else.
    root.attrib.update({"stroke-linejoin": "round", "stroke-linecap": "butt", "font-family": FAMILY})
    root.attrib.pop("version", None)
    ET.register_namespace("", SVG[1:-1])
    return re.sub(r">\s+<", "><", ET.tostring(root, encoding="unicode"))


def _prune(root: ET.Element) -> None:
    """Drop metadata and style sheets, and the wrapper groups' empty leftovers."""
    for parent in root.iter():
        for child in list(parent):
            if child.tag in (f"{SVG}metadata", f"{SVG}style", f"{SVG}title"):
                parent.remove(child)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{SVG}defs", f"{SVG}g") and not len(child):
                parent.remove(child)


def _references(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        for name, value in element.attrib.items():
            if name in (LINK, "href"):
                yield value.lstrip("#")
            yield from REFERENCE.findall(value)


def _name(root: ET.Element, prefix: str) -> None:
    """Number the ids that are used, in their order; drop the others."""
    used = dict.fromkeys(_references(root))
    new = {old: f"{prefix}-{number}" for number, old in enumerate(used, 1)}
    for element in root.iter():
        if element.attrib.get("id") in new:
            element.set("id", new[element.attrib["id"]])
        else:
            element.attrib.pop("id", None)
        if LINK in element.attrib:
            element.set("href", "#" + new[element.attrib.pop(LINK).lstrip("#")])
        for name, value in element.attrib.items():
            element.set(name, REFERENCE.sub(lambda match: f"url(#{new[match[1]]})", value))


def _plain_text(text: ET.Element) -> None:
    """Font size, weight, anchor and colour as attributes: the family is the drawing's own."""
    for match in TEXT_STYLE.finditer(text.attrib.pop("style", "")):
        name, value = match["name"], match["value"].strip()
        font = FONT.match(value) if name == "font" else None
        if font:
            text.set("font-size", font["size"])
            if font["weight"] in ("bold", "700"):
                text.set("font-weight", "bold")
        elif name in ("text-anchor", "fill", "font-size", "font-weight"):
            text.set(name, value.removesuffix("px"))
