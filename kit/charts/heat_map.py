"""Form ``heat_map``: a number in each cell of rows × columns, shaded by its distance from balance.

Table: one row a cell. The first column names the cell's row, the second its column, the third is its value, the fourth
counts what the value is of. Rows and columns keep the order in which they first appear. A cell without a value is a
dash, one of nothing at all says so. Options: ``highlight``, the cells of the message (positions in the table);
``reference``, the value of balance (default 1): shades go by the ratio to it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.brand import WHITE, Brand, contrast, mix
from kit.charts.canvas import SMALL, panel, sheet, shortened, text_width, widest, write

ROW, FOOT, LINE = 5.6, 1.0, 3.2
"""Heights in mm: a row of cells, what is left free below them, a line of a heading."""
NAMES = 0.3
"""Share of the width that the rows' names may take."""
WIDEST = 22.0
"""A cell grows no wider, mm."""
DEEPEST = 0.72
"""How much of the colour the cell furthest above balance has; furthest below, half of it in grey."""
MISSING = "—"
PIECES = re.compile(r"[￥¥$€]?\s?\d[\d,.]*%?|[A-Za-z]+|[\u4e00-\u9fff]+|.")
"""What a heading is folded between."""


@dataclass
class Grid:
    """The table as rows × columns."""

    exhibit: Mapping[str, Any]
    words: Any
    brand: Brand
    width: float

    def __post_init__(self) -> None:
        table, options = self.exhibit["table"], self.exhibit.get("options") or {}
        self.columns, self.cells = table["columns"], table["rows"]
        self.chosen = set(options.get("highlight") or [])
        self.reference = float(options.get("reference", 1))
        names, heads = ([self.said(cell[n], n) for cell in self.cells] for n in (0, 1))
        self.names, self.heads = list(dict.fromkeys(names)), list(dict.fromkeys(heads))
        self.places = [(self.names.index(a), self.heads.index(b)) for a, b in zip(names, heads, strict=True)]
        values = [cell[2] for cell in self.cells]
        # Each as a column of its own: one large number must not take the decimals of all others.
        self.texts = [self.words.column([value], self.columns[2]["unit"])[0][0] for value in values]
        self.known = [n for n, value in enumerate(values) if value is not None]
        self.most = max((abs(self.distance(n)) for n in self.known), default=1.0) or 1.0
        self.shown = [shortened(name, NAMES * self.width, bold=True) for name in self.names]
        self.left = widest(self.shown, bold=True) + 3.0
        self.cell = min(WIDEST, (self.width - self.left) / len(self.heads))

    def said(self, value: Any, column: int) -> str:
        return str(self.words.value({"value": value, "unit": self.columns[column]["unit"]}))

    def label(self, column: int) -> str:
        return str(self.words.label(self.columns[column]["label"]))

    def distance(self, n: int) -> float:
        """Logarithm of a cell's value over balance; a value of nothing lies as far below as the smallest other."""
        return math.log(max(float(self.cells[n][2]), 1e-3) / self.reference)

    def text(self, n: int) -> str:
        """What a cell says: its value, or that there is none."""
        if self.cells[n][2] is not None:
            return str(self.texts[n])
        return str(self.words.label("chart.none")) if self.cells[n][3] == 0 else MISSING

    def fill(self, n: int) -> str:
        """White at balance, the brand's colour above it, grey below; the highlight for the cells of the message."""
        if n in self.chosen:
            return self.brand.highlight
        if n not in self.known:
            return WHITE
        depth = DEEPEST * self.distance(n) / self.most
        return mix(self.brand.primary, WHITE, 1 - depth) if depth >= 0 else mix(self.brand.ink, WHITE, 1 + depth / 2)


def heat_map(exhibit: Mapping[str, Any], words: Any, brand: Brand, width: float) -> tuple[Any, str]:
    """The figure and the sentence on what it shows."""
    grid = Grid(exhibit, words, brand, width)
    heads = [_folded(head, grid.cell - 1.0) for head in grid.heads]
    top = LINE * (max(len(lines) for lines in heads) + 1) + 3.0
    figure = sheet(width, top + ROW * len(grid.names) + FOOT)
    axes = panel(figure, grid.left, top, grid.cell * len(grid.heads), ROW * len(grid.names))
    axes.set_xlim(-0.5, len(grid.heads) - 0.5)
    axes.set_ylim(len(grid.names) - 0.5, -0.5)
    _fills(grid, axes)
    for n in range(len(grid.cells)):
        _said(grid, axes, n)
    _names(grid, axes, heads)
    return figure, _sentence(grid)


def _fills(grid: Grid, axes: Any) -> None:
    """Every cell's colour, with white lines between them."""
    from matplotlib.collections import PolyCollection

    corners = ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))
    boxes = [[(column + x, row + y) for x, y in corners] for row, column in grid.places]
    colors = [grid.fill(n) for n in range(len(grid.cells))]
    axes.add_collection(PolyCollection(boxes, facecolors=colors, edgecolors=WHITE, linewidths=1.0), autolim=False)


def _said(grid: Grid, axes: Any, n: int) -> None:
    """What a cell says, in the ink that its colour leaves readable."""
    row, column = grid.places[n]
    ink = max((grid.brand.ink, WHITE), key=lambda color: contrast(color, grid.fill(n)))
    ink = ink if grid.cells[n][2] is not None else grid.brand.grey
    write(axes, (column, row), grid.text(n), ink, size=SMALL, bold=n in grid.chosen, ha="center")


def _names(grid: Grid, axes: Any, heads: Sequence[Sequence[str]]) -> None:
    """Names of the rows, headings of the columns, and above them what the numbers are."""
    brand, tall = grid.brand, max(len(lines) for lines in heads)
    for row, name in enumerate(grid.shown):
        bold = any(grid.places[n][0] == row for n in grid.chosen)
        ink = brand.highlight_text if bold else brand.ink
        write(axes, (-0.5, row), name, ink, shift=(-2, 0), bold=bold, ha="right")
    for column, lines in enumerate(heads):
        for n, line in enumerate(reversed(lines)):
            write(axes, (column, -0.5), line, brand.grey, shift=(0, 2.2 + LINE * n), size=SMALL, ha="center")
    title = shortened(grid.label(2), grid.width, SMALL, True)
    write(axes, (-0.5, -0.5), title, brand.primary, shift=(2.5 - grid.left, 3.4 + LINE * tall), size=SMALL, bold=True)


def _folded(text: str, width: float) -> list[str]:
    """``text`` on as few lines of ``width`` mm as it takes; numbers and words stay whole where they fit."""
    lines = [""]
    for found in PIECES.findall(text):
        for piece in [found] if text_width(found.strip(), SMALL) <= width else found:
            if lines[-1] and text_width((lines[-1] + piece).strip(), SMALL) > width:
                lines.append("")
            lines[-1] += piece
    return [line.strip() for line in lines]


def _sentence(grid: Grid) -> str:
    """What rows, columns and numbers are, and where the largest number stands."""
    texts = {"series": grid.label(2), "first": grid.names[0], "last": grid.names[-1]}
    texts |= {"left": grid.heads[0], "right": grid.heads[-1]}
    if grid.known:
        most = max(grid.known, key=lambda n: float(grid.cells[n][2]))
        row, column = grid.places[most]
        texts |= {"row": grid.names[row], "column": grid.heads[column], "value": str(grid.texts[most])}
    args = {name: {"value": text, "unit": "text"} for name, text in texts.items()}
    return str(grid.words.sentence("alt.heat_map" if grid.known else "alt.heat_map.none", args))
