"""What every form draws on: a sheet measured in millimetres, text in our own faces, ticks and their labels.

Figures are made without pyplot, so drawing leaves no state behind.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from kit import project

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

SMALL, BODY = 7.5, 8.5
"""Sizes in points of quiet and of spoken text in a drawing."""

NUMBER = re.compile(r"(?P<before>\D*)(?P<number>\d[\d,]*(?:\.\d+)?)(?P<after>.*)", re.DOTALL)


@cache
def face(size: float, bold: bool) -> FontProperties:
    """The face that text is measured with; what shows it names the family."""
    from matplotlib.font_manager import FontProperties

    file = project.templates() / "fonts" / f"NotoSansSC-{'Bold' if bold else 'Regular'}.ttf"
    return FontProperties(fname=file, size=size, weight="bold" if bold else "normal")


@cache
def text_width(text: str, size: float = BODY, bold: bool = False) -> float:
    """Width of ``text`` in mm."""
    from matplotlib.textpath import text_to_path

    width, _, _ = text_to_path.get_text_width_height_descent(text, face(size, bold), ismath=False)
    return float(width) / 72 * 25.4


def widest(texts: Sequence[str], size: float = BODY, bold: bool = False) -> float:
    """Width of the longest of ``texts`` in mm; 0 for none."""
    return max((text_width(text, size, bold) for text in texts), default=0.0)


def shortened(text: str, width: float, size: float = BODY, bold: bool = False) -> str:
    """``text``, cut with an ellipsis where it is longer than ``width`` mm."""
    if text_width(text, size, bold) <= width:
        return text
    kept = next(n for n in range(len(text), -1, -1) if text_width(text[:n] + "…", size, bold) <= width or n == 0)
    return text[:kept].rstrip() + "…"


def sheet(width: float, height: float) -> Figure:
    """An empty transparent drawing, ``width`` by ``height`` mm."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width / 25.4, height / 25.4), dpi=72)
    figure.patch.set_visible(False)
    return figure


def panel(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Bare axes on ``figure``; the place is in mm from its upper left corner."""
    full_width, full_height = (side * 25.4 for side in figure.get_size_inches())
    place = (left / full_width, 1 - (top + height) / full_height, width / full_width, height / full_height)
    axes = figure.add_axes(place)
    axes.set_axis_off()
    return axes


def shifted(axes: Axes, right: float, up: float) -> Any:
    """Data coordinates moved by so many mm."""
    from matplotlib.transforms import ScaledTranslation

    inch = axes.figure.dpi_scale_trans
    return axes.transData + ScaledTranslation(right / 25.4, up / 25.4, inch)


def write(
    axes: Axes,
    at: tuple[float, float],
    text: str,
    color: str,
    *,
    shift: tuple[float, float] = (0.0, 0.0),
    size: float = BODY,
    bold: bool = False,
    ha: str = "left",
    va: str = "center",
) -> None:
    """Text at ``at`` in data units, moved by ``shift`` in mm (right, up). It is never read as mathematics."""
    axes.figure.text(  # a text of the axes would get a clip path, which takes longer to make than all else of it
        *at,
        text,
        color=color,
        fontproperties=face(size, bold),
        ha=ha,
        va=va,
        parse_math=False,
        transform=shifted(axes, *shift),
    )


def scale(low: float, high: float, most: int) -> list[float]:
    """Round ticks from at or below ``low`` to at or above ``high``, at most ``most`` steps between them.

    Zero is among them unless the values keep far from it (then a line would show no change at all).
    """
    if high <= low:
        low, high = (0.0, high or 1.0) if high >= 0 else (low, 0.0)
    if 0 < low < 0.6 * high:
        low = 0.0
    if 0.6 * low < high < 0:
        high = 0.0
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    for step in (m * power for m in (1, 2, 5, 10, 20)):
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        if last - first <= most:
            break
    return [n * step for n in range(first, last + 1)]


def tick_texts(ticks: Sequence[float], unit: str, words: Any) -> list[str]:
    """Labels of an axis: the unit stands at its end, with the last tick; the others are bare numbers in it.

    The end is worded by ``words`` and says which unit fits (万, M, %); the others follow it.
    """
    end = max(reversed(ticks), key=abs)
    match = NUMBER.fullmatch(words.value({"value": abs(end), "unit": unit}))
    number = float(match["number"].replace(",", "")) if match else 0.0
    if not match or not number:
        return [words.value({"value": tick, "unit": unit}) for tick in ticks]
    numbers = [tick / (abs(end) / number) for tick in ticks]
    places = next((p for p in range(3) if all(abs(round(n, p) - n) < 1e-6 for n in numbers)), 3)
    texts = [("−" if n < 0 else "") + f"{abs(n):,.{places}f}" if abs(n) > 1e-9 else "0" for n in numbers]
    last = ticks.index(end)
    texts[last] = match["before"].strip("+−") + texts[last] + match["after"]
    return texts
