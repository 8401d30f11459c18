"""Exhibits as drawings: a payload's table, in one language and one brand, to an SVG and its alternative text.

A form is one function in a module of its own, named in ``FORMS``. It draws what the payload says and decides
nothing: no rounding (``Words`` writes every number), no title (the message stands above the drawing).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from kit.brand import Brand
from kit.charts.bubble import bubble
from kit.charts.columns import columns
from kit.charts.curve import curve
from kit.charts.dot_range import dot_range
from kit.charts.effect_path import effect_path
from kit.charts.heat_map import heat_map
from kit.charts.intervals import intervals
from kit.charts.line import line
from kit.charts.price_panels import price_panels
from kit.charts.share_bars import share_bars
from kit.charts.waterfall import waterfall

Form = Callable[[Mapping[str, Any], Any, Brand, float], tuple[Any, str]]
"""(exhibit payload, Words, Brand, width in mm) to (figure, sentence on what the axes show)."""

FORMS: dict[str, Form] = {
    "line": line,
    "dot_range": dot_range,
    "price_panels": price_panels,
    "share_bars": share_bars,
    "bubble": bubble,
    "columns": columns,
    "intervals": intervals,
    "effect_path": effect_path,
    "curve": curve,
    "heat_map": heat_map,
    "waterfall": waterfall,
}
"""Adding a form is one function and one entry here."""

PAGE = 170.0
"""Width in mm of the text column on paper and of the page on a wide screen."""
SHORT = 212.0
"""Width in mm of a drawing on a page that is all set smaller: as high as another, and its letters small as the rest."""
PHONE = 92.0
"""Width in mm that a phone shows without making the letters smaller."""


class Drawing(NamedTuple):
    """As ``Picture``, but for words; ``axes`` says what they show."""

    svg: str
    narrow: str
    axes: str


@dataclass(frozen=True)
class Picture:
    """``svg`` for paper and wide screens, ``narrow`` for a phone; ``alt`` says it in whole sentences."""

    svg: str
    alt: str
    narrow: str = ""


def draw(exhibit: Mapping[str, Any], words: Any, brand: Brand, page: float = PAGE) -> Picture:
    """The drawing of an exhibit payload; its ``message``, if it has one, opens the alternative text.

    ``words`` is the ``kit.text.Words`` of the language; ``page``: mm that it is drawn for. The same arguments give the
    same bytes.
    """
    return picture(exhibit, drawn(exhibit, words, brand, page), words)


def drawn(exhibit: Mapping[str, Any], words: Any, brand: Brand, page: float = PAGE) -> Drawing:
    """What ``draw`` draws: nothing of it depends on the message."""
    from kit.charts.svg import markup

    form, key = FORMS[exhibit["form"]], exhibit["key"]
    (wide, axes), (narrow, _) = (form(exhibit, words, brand, width) for width in (page, PHONE))
    return Drawing(markup(wide, key), markup(narrow, key + ".narrow"), axes)


def picture(exhibit: Mapping[str, Any], drawing: Drawing, words: Any) -> Picture:
    """A drawing with its alternative text."""
    message = exhibit.get("message")
    args = {"message": {"value": message, "unit": "text"}, "axes": {"value": drawing.axes, "unit": "text"}}
    alt = words.sentence("alt.full" if message else "alt.bare", args)
    return Picture(drawing.svg, alt, drawing.narrow)
