"""The client's brand: two colours, a logo and which colour means up, safe to print and to read.

``_brand.yml`` follows the brand.yml standard. A colour too pale to be read as text on white or on the brand's
own tint is darkened until it is; nothing else of a brand is changed.
"""

from __future__ import annotations

import base64
import colorsys
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from kit.errors import KitError, Problem, problem

FILE = "_brand.yml"
TEXT_CONTRAST = 4.5
"""Smallest contrast of text with what is behind it (WCAG 2, level AA)."""
SHAPE_CONTRAST = 3.0
"""Smallest contrast of a shape that carries meaning (WCAG 2, 1.4.11)."""
LOGO_MEDIA = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
LOGO_LIMIT = 400_000
"""Bytes a logo may have: it is written into every page."""

RED, GREEN = "#b3261e", "#1a7346"
WHITE = "#ffffff"
COLOURS = ("primary", "highlight", "highlight_text", "highlight_tint", "on_highlight", "ink", "grey", "rule")
HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


@dataclass(frozen=True)
class Brand:
    """Colours as ``#rrggbb``, the logo's bytes and its file in the client's folder.

    ``primary`` and ``highlight_text`` can be read as text on white and on every tint here; ``highlight`` is
    for shapes. ``good`` colours a rise and ``bad`` a fall, as the client reads them.
    """

    primary: str = "#1f5a8a"
    highlight: str = "#d9822b"
    ink: str = "#1b2733"
    up_color: str = "red"
    logo: bytes | None = None
    logo_file: str = ""
    logo_media: str = ""
    logo_alt: str = ""

    @property
    def good(self) -> str:
        return RED if self.up_color == "red" else GREEN

    @property
    def bad(self) -> str:
        return GREEN if self.up_color == "red" else RED

    @property
    def tint(self) -> str:
        """Behind the own row and quiet boxes."""
        return mix(self.primary, WHITE, 0.92)

    @property
    def highlight_tint(self) -> str:
        return mix(self.highlight, WHITE, 0.9)

    @property
    def highlight_text(self) -> str:
        return readable(self.highlight, self.highlight_tint)

    @property
    def on_highlight(self) -> str:
        """Text on the highlight itself; black is readable wherever white is not."""
        return next(c for c in (WHITE, self.ink, "#000000") if contrast(c, self.highlight) >= TEXT_CONTRAST)

    @property
    def grey(self) -> str:
        """Secondary text: a grey leaning to the brand's hue."""
        return readable(mix(self.ink, WHITE, 0.36), self.tint)

    @property
    def rule(self) -> str:
        return mix(self.ink, WHITE, 0.82)

    def plain(self) -> dict[str, Any]:
        """The ``brand`` part of a document: every colour the templates use; the logo in base64 or None."""
        return dict(self._plain)

    @cached_property
    def _plain(self) -> dict[str, Any]:
        return {
            **{name: getattr(self, name) for name in (*COLOURS, "tint", "good", "bad")},
            "logo": base64.b64encode(self.logo).decode("ascii") if self.logo else None,
            "logo_media": self.logo_media,
            "logo_alt": self.logo_alt,
        }


def load(folder: Path, up_color: str = "red") -> Brand:
    """The brand in ``folder/_brand.yml``, or the kit's own look when there is no such file.

    Raises KitError with every fault of the file: colours that aren't ``#rrggbb``, a logo that is missing,
    not an image, too large, on the network or outside ``folder``.
    """
    path = folder / FILE
    if not path.is_file():
        return Brand(up_color=up_color)
    spec = _parse(path)
    faults: list[Problem] = []
    colours = _colours(spec.color, faults)
    logo, alt = _logo(spec.logo, folder, faults)
    if faults:
        raise KitError(faults)
    return Brand(
        **colours,
        up_color=up_color,
        logo=logo.read_bytes() if logo else None,
        logo_file=logo.relative_to(folder.resolve()).as_posix() if logo else "",
        logo_media=LOGO_MEDIA[logo.suffix.lower()] if logo else "",
        logo_alt=alt,
    )


def _parse(path: Path) -> Any:
    """The file as the brand_yml package reads it; its messages quote the file, so they aren't passed on."""
    from brand_yml._defs import CircularReferenceError
    from pydantic import ValidationError
    from ruamel.yaml import YAMLError

    try:
        return _spec(path.read_text(encoding="utf-8-sig"), path)
    except YAMLError as err:
        mark = getattr(err, "problem_mark", None)
        raise KitError(problem("e.brand.yaml", file=FILE, row=mark.line + 1 if mark else 1)) from err
    except ValidationError as err:
        where = sorted({_place(e["loc"]) for e in err.errors()})
        raise KitError([problem("e.brand.key", file=FILE, key=key) for key in where]) from err
    except CircularReferenceError as err:
        raise KitError(problem("e.brand.key", file=FILE, key="color.palette")) from err
    except (UnicodeDecodeError, TypeError, ValueError) as err:
        raise KitError(problem("e.brand.yaml", file=FILE, row=1)) from err


@cache  # every rendering of a report asks for it
def _spec(text: str, path: Path) -> Any:
    from brand_yml import Brand as Spec

    return Spec.from_yaml_str(text, path)


def _place(where: tuple[int | str, ...]) -> str:
    """The key of a fault as the file has it: where a value may be of several kinds, up to there."""
    parts = [str(part) for part in where]
    kinds = [n for n, part in enumerate(parts) if part[:1].isupper()]
    return ".".join(parts[: kinds[0]] if kinds else parts) or "color"


def _colours(color: Any, faults: list[Problem]) -> dict[str, str]:
    """``primary``, ``highlight`` (palette's ``highlight``, else ``secondary``) and ``ink``, made readable."""
    if color is None:
        return {}
    palette = color.palette or {}
    given = {
        "primary": ("color.primary", color.primary),
        "highlight": ("color.secondary", color.secondary),
        "ink": ("color.foreground", color.foreground),
    }
    if "highlight" in palette:
        given["highlight"] = ("color.palette.highlight", palette["highlight"])
    colours = {}
    for name, (key, value) in given.items():
        if value is None:
            continue
        if not HEX.fullmatch(value):
            faults.append(problem("e.brand.color", file=FILE, key=key, value=value))
            continue
        least = SHAPE_CONTRAST if name == "highlight" else TEXT_CONTRAST
        colours[name] = _darkened(full(value), least)
    return colours


def _darkened(colour: str, least: float) -> str:
    """``colour`` against white and, for text, against its own tint."""
    if least == SHAPE_CONTRAST:
        return readable(colour, WHITE, least)
    while contrast(colour, mix(colour, WHITE, 0.92)) < least:
        colour = darker(colour)
    return colour


def _logo(logo: Any, folder: Path, faults: list[Problem]) -> tuple[Path | None, str]:
    """The file of the largest logo meant for a light page, and its alternative text."""
    for size in ("large", "medium", "small"):
        logo = getattr(logo, size, None) or logo
    logo = getattr(logo, "light", None) or logo
    place = getattr(logo, "path", None)
    if place is None:
        return None, ""
    text = str(place).replace("\\", "/")
    path = (folder / text).resolve()
    if "://" in text:
        fault = "e.brand.logo.web"
    elif not path.is_relative_to(folder.resolve()):
        fault = "e.brand.logo.outside"
    elif path.suffix.lower() not in LOGO_MEDIA:
        fault = "e.brand.logo.kind"
    elif not path.is_file():
        fault = "e.brand.logo.missing"
    elif path.stat().st_size > LOGO_LIMIT:
        fault = "e.brand.logo.large"
    elif not _is_picture(path.read_bytes(), path.suffix.lower()):
        fault = "e.brand.logo.kind"
    else:
        return path, getattr(logo, "alt", None) or ""
    faults.append(problem(fault, file=FILE, logo=text, limit=LOGO_LIMIT // 1000))
    return None, ""


def _is_picture(content: bytes, suffix: str) -> bool:
    """Whether the bytes are what the name says, and an SVG a drawing by itself: no script, nothing it fetches."""
    if suffix != ".svg":
        return content.startswith(b"\x89PNG\r\n\x1a\n" if suffix == ".png" else b"\xff\xd8\xff")
    from lxml import etree

    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return False
    inside = [e for e in root.iter() if isinstance(e.tag, str)]
    links = [v for e in inside for k, v in e.attrib.items() if etree.QName(k).localname == "href"]
    return (
        etree.QName(root).localname == "svg"
        and not any(etree.QName(e).localname in ("script", "foreignObject") for e in inside)
        and all(link.startswith(("#", "data:image/")) for link in links)
        and not re.search(rb"@import|url\(\s*['\"]?\s*(?!#|data:)\S", content)
    )


def full(colour: str) -> str:
    """``#abc`` as ``#aabbcc``, in lower case."""
    digits = colour[1:].lower()
    return "#" + (digits if len(digits) == 6 else "".join(d * 2 for d in digits))


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def _text(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(255 * c):02x}" for c in channels)


def mix(colour: str, other: str, share: float) -> str:
    """``colour`` with ``share`` of ``other`` in it."""
    red, green, blue = (a + (b - a) * share for a, b in zip(_channels(colour), _channels(other), strict=True))
    return _text((red, green, blue))


def darker(colour: str) -> str:
    """The same hue, a step less light."""
    hue, light, saturation = colorsys.rgb_to_hls(*_channels(colour))
    return _text(colorsys.hls_to_rgb(hue, max(0.0, light - 0.02), saturation))


def readable(colour: str, behind: str, least: float = TEXT_CONTRAST) -> str:
    """``colour``, darkened until its contrast with ``behind`` (light) is at least ``least``."""
    while contrast(colour, behind) < least:
        colour = darker(colour)
    return colour


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
