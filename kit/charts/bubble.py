"""Form ``bubble``: rows as circles by a ratio (log axis) and a growth, cut into four named fields.

Table: the first column names the row, ``relative`` is its place across, ``brand_growth`` its place up, with
``growth_low`` and ``growth_high`` its interval, and ``sold`` the area of its circle. Options: ``highlight``, the rows
of the message; ``cuts``, where the fields part: across, and up. Names stand beside their circles where no other name
or circle is in the way, else a little further off with a line to them, and are left out where there is no room at all;
the rows of the message come first, then the largest.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kit.brand import WHITE, Brand, mix
from kit.charts.canvas import SMALL, panel, scale, sheet, shortened, text_width, tick_texts, widest, write

HEIGHT, PHONE_HEIGHT = 84.0, 88.0
HEAD, FOOT = 9.0, 9.5
LINE = 3.6
"""Height of a line of text, mm."""
LARGEST, PHONE_LARGEST, LEAST = 6.5, 4.5, 0.9
"""Radius of the largest circle, on a page and on a phone, and of the smallest, mm."""
OFF = 2.2
"""How far from its circle's edge a name may stand without a line that leads to it, mm."""
FAR = (0.8, 2.0, 4.0, 7.0, 10.0, 13.0)
"""How far from its circle a name may stand at all, in the order tried; on a phone only near ones, mm."""
CORNERS = (("large_faster", 1, 1), ("small_faster", 0, 1), ("large_slower", 1, 0), ("small_slower", 0, 0))
"""Names of the four fields: which side of the cuts."""

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in mm from the plot's lower left corner."""


@dataclass
class Dot:
    """One row in mm: its centre, its radius, the ends of its interval (None where it has none)."""

    name: str
    x: float
    y: float
    radius: float
    low: float | None
    high: float | None
    chosen: bool

    @property
    def box(self) -> Box:
        return self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius


@dataclass
class Plane:
    """The plot: its data by column, its axes' ends, and its size in mm."""

    exhibit: Mapping[str, Any]
    words: Any
    brand: Brand
    width: float
    height: float
    axes: Any = None
    taken: list[Box] = field(default_factory=list)

    def __post_init__(self) -> None:
        table, options = self.exhibit["table"], self.exhibit.get("options") or {}
        self.columns = {column["name"]: column for column in table["columns"]}
        places = {column["name"]: n for n, column in enumerate(table["columns"])}
        self.rows = [{name: row[n] for name, n in places.items()} for row in table["rows"]]
        self.first = table["columns"][0]["name"]
        self.chosen = set(options.get("highlight") or ())
        self.cuts = options["cuts"]
        self.across, self.up = self._across(), self._up()
        low, high = self.up
        edge = 1.5 * LINE / self.height * (high - low)  # where the fields' names stand
        self.ticks = [tick for tick in scale(low, high, 5) if low + edge <= tick <= high - edge]

    def _across(self) -> tuple[float, float]:
        """Logs of the left and right end: all rows and the cut, with room for the circles."""
        logs = [math.log10(row["relative"]) for row in self.rows] + [math.log10(self.cuts[0])]
        room = 0.12 * max(max(logs) - min(logs), 0.3)
        return min(logs) - room, max(logs) + room

    def _up(self) -> tuple[float, float]:
        """The lower and upper end: all rows, the cut, and the intervals of the message's rows."""
        shown = [row["brand_growth"] for row in self.rows] + [self.cuts[1]]
        ends = [self.rows[n][end] for n in sorted(self.chosen) for end in ("growth_low", "growth_high")]
        shown += [end for end in ends if end is not None]
        room = 0.25 * (max(shown) - min(shown)) or 0.1
        return min(shown) - room, max(shown) + room

    def value(self, row: Mapping[str, Any], name: str) -> str:
        return str(self.words.value({"value": row[name], "unit": self.columns[name]["unit"]}))

    def place(self, relative: float, growth: float) -> tuple[float, float]:
        """A point in mm."""
        left, right = self.across
        low, high = self.up
        x = (math.log10(relative) - left) / (right - left) * self.width
        return x, (growth - low) / (high - low) * self.height

    def dots(self) -> list[Dot]:
        """Circles, the largest first, so that small ones lie on top."""
        most, made = max(row["sold"] for row in self.rows), []
        largest = LARGEST if self.width > 110 else PHONE_LARGEST
        for n, row in enumerate(self.rows):
            x, y = self.place(row["relative"], row["brand_growth"])
            low, high = (None if row[e] is None else self.place(1, row[e])[1] for e in ("growth_low", "growth_high"))
            radius = max(LEAST, largest * math.sqrt(row["sold"] / most))
            made.append(Dot(self.value(row, self.first), x, y, radius, low, high, n in self.chosen))
        return sorted(made, key=lambda dot: -dot.radius)


def bubble(exhibit: Mapping[str, Any], words: Any, brand: Brand, width: float) -> tuple[Any, str]:
    """The figure and the sentence on what its axes show."""
    height = HEIGHT if width > 120 else PHONE_HEIGHT
    plane = Plane(exhibit, words, brand, width, height)
    labels = tick_texts(plane.ticks, plane.columns["brand_growth"]["unit"], words)
    left = widest(labels, SMALL) + 2.5
    plane.width = width - left - 1.0
    plane.axes = panel(sheet(width, HEAD + height + FOOT), left, HEAD, plane.width, height)
    plane.axes.set_xlim(0, plane.width)
    plane.axes.set_ylim(0, height)
    _grid(plane, labels, left)
    dots = plane.dots()
    _fields(plane, dots)
    _cut_name(plane, dots)
    for dot in dots:
        _circle(plane, dot)
    _names(plane, dots)
    return plane.axes.figure, _axes_sentence(plane)


def _grid(plane: Plane, labels: Sequence[str], left: float) -> None:
    """Light lines and their labels, the names of both axes at their ends, and the two cuts."""
    brand, axes = plane.brand, plane.axes
    for tick, label in zip(plane.ticks, labels, strict=True):
        y = plane.place(1, tick)[1]
        axes.plot([0, plane.width], [y, y], color=brand.rule, lw=0.5, zorder=1, clip_on=False)
        write(axes, (0, y), label, brand.grey, shift=(-1.5, 0), size=SMALL, ha="right")
    for tick in _log_ticks(plane.across):
        x = plane.place(tick, 0)[0]
        axes.plot([x, x], [0, -0.9], color=brand.grey, lw=0.5, zorder=1, clip_on=False)
        text = str(plane.words.value({"value": tick, "unit": plane.columns["relative"]["unit"]}))
        write(axes, (x, 0), text, brand.grey, shift=(0, -3.0), size=SMALL, ha="center")
    x, y = plane.place(*plane.cuts)
    cut = {"color": mix(brand.ink, WHITE, 0.35), "lw": 0.9, "ls": (0, (4, 2)), "zorder": 2, "clip_on": False}
    axes.plot([x, x], [0, plane.height], **cut)
    axes.plot([0, plane.width], [y, y], **cut)
    names = [str(plane.words.label(plane.columns[name]["label"])) for name in ("brand_growth", "relative")]
    write(axes, (0, plane.height), names[0], brand.grey, shift=(-left, 6.5), size=SMALL)
    write(axes, (plane.width, 0), names[1], brand.grey, shift=(0, -7.0), size=SMALL, ha="right")


def _log_ticks(across: tuple[float, float]) -> list[float]:
    """1, 2 and 5 of every power of ten inside the axis; the tens alone where those would be many."""
    powers = range(math.floor(across[0]), math.ceil(across[1]) + 1)
    found = [m * 10.0**p for p in powers for m in (1, 2, 5) if across[0] <= math.log10(m * 10.0**p) <= across[1]]
    return found if len(found) <= 6 else [t for t in found if math.log10(t) % 1 < 1e-9]


def _fields(plane: Plane, dots: Sequence[Dot]) -> None:
    """The four fields named near their corners, off circles and intervals; one too small for its name goes without."""
    x, y = plane.place(*plane.cuts)
    lines = [(d.x - 0.5, d.low, d.x + 0.5, d.high) for d in dots if d.low is not None and d.high is not None]
    for name, right, up in CORNERS:
        text = str(plane.words.label(f"chart.field.{name}"))
        wide = text_width(text, SMALL)
        room = int((plane.width - x if right else x) - wide - 2)
        middle = plane.height - 2.4 if up else 2.4
        if (plane.height - y if up else y) < LINE + 1:
            continue
        starts = (plane.width - 1 - wide - off if right else 1.0 + off for off in range(0, room + 1, 2))
        boxes = ((start, middle - LINE / 2, start + wide, middle + LINE / 2) for start in starts)
        found = next((box for box in boxes if _free(plane, box, [*(dot.box for dot in dots), *lines])), None)
        if found:
            write(plane.axes, (found[0], middle), text, plane.brand.grey, size=SMALL)
            plane.taken.append(found)


def _cut_name(plane: Plane, dots: Sequence[Dot]) -> None:
    """The growth at which the fields part, above its line at the end that is free."""
    value = {"value": plane.cuts[1], "unit": plane.columns["brand_growth"]["unit"]}
    text = str(plane.words.sentence("chart.all", {"all_s": value}))
    y, wide = plane.place(*plane.cuts)[1], text_width(text, SMALL)
    ends = [(start, y + 0.3, start + wide, y + 0.3 + LINE) for start in (0.5, plane.width - wide - 0.5)]
    found = next((box for box in ends if _free(plane, box, [dot.box for dot in dots])), None)
    if found:
        plane.taken.append(found)
        write(plane.axes, (found[0], y + 0.3 + LINE / 2), text, plane.brand.grey, size=SMALL)


def _circle(plane: Plane, dot: Dot) -> None:
    """The circle, half transparent by its shade, and its interval inside the plot."""
    from matplotlib.patches import Circle

    brand = plane.brand
    edge = brand.highlight if dot.chosen else brand.primary
    if dot.low is not None and dot.high is not None:
        span = [min(max(end, 0.0), plane.height) for end in (dot.low, dot.high)]
        shade, weight = (edge, 1.4) if dot.chosen else (mix(brand.primary, WHITE, 0.55), 0.8)
        plane.axes.plot([dot.x, dot.x], span, color=shade, lw=weight, zorder=3 + 2 * dot.chosen, solid_capstyle="butt")
    fill = brand.highlight if dot.chosen else mix(brand.primary, WHITE, 0.6)
    circle = Circle((dot.x, dot.y), dot.radius, facecolor=fill, edgecolor=edge, lw=0.8, zorder=4 + 2 * dot.chosen)
    circle.set_clip_on(False)
    plane.axes.add_patch(circle)


def _names(plane: Plane, dots: Sequence[Dot]) -> None:
    """Names where there is room, those of the message first: beside their own circle and off the lines, else further
    off with a line to it."""
    x, y = plane.place(*plane.cuts)
    lines = [(x, 0.0, x, plane.height), (0.0, y, plane.width, y)]
    lines += [(d.x, d.low, d.x, d.high) for d in dots if d.low is not None and d.high is not None]
    for dot in sorted(dots, key=lambda d: (not d.chosen, -d.radius)):
        text = shortened(dot.name, 0.32 * plane.width, bold=dot.chosen)
        others = [other for other in dots if other is not dot]
        places = _places(dot, (text_width(text, bold=dot.chosen), LINE), plane.width > 110 or dot.chosen)
        free = [at for at in places if _free(plane, at, [other.box for other in others])]
        near = [at for at in free if _own(dot, at, others)]
        clear = [at for at in near if not any(_meet(at, line) for line in lines)]
        found = next((at for some in (clear, near, free) for at in some), None)
        if found is None:
            continue
        plane.taken.append(found)
        color = plane.brand.highlight_text if dot.chosen else plane.brand.ink
        write(plane.axes, (found[0], (found[1] + found[3]) / 2), text, color, bold=dot.chosen)
        if found not in near:
            _lead(plane, dot, found)


def _own(dot: Dot, box: Box, others: Sequence[Dot]) -> bool:
    """Whether a name there is plainly this circle's: close to it, and closer than to any other."""
    gap = _gap(dot, box)
    return gap <= OFF and all(gap < _gap(other, box) for other in others)


def _gap(dot: Dot, box: Box) -> float:
    """From the circle's edge to the box, mm."""
    return math.hypot(min(max(dot.x, box[0]), box[2]) - dot.x, min(max(dot.y, box[1]), box[3]) - dot.y) - dot.radius


def _places(dot: Dot, size: tuple[float, float], far: bool) -> list[Box]:
    """Where a name may stand: right, left, above, below and the corners, near first, then further off."""
    wide, tall = size
    made = []
    for off in FAR if far else FAR[:3]:
        reach = dot.radius + off
        slant = 0.71 * reach
        corners = (
            (reach, -tall / 2), (-reach - wide, -tall / 2), (-wide / 2, reach), (-wide / 2, -reach - tall),
            (slant, slant), (slant, -slant - tall), (-slant - wide, slant), (-slant - wide, -slant - tall),
        )  # fmt: skip
        made += [(dot.x + dx, dot.y + dy, dot.x + dx + wide, dot.y + dy + tall) for dx, dy in corners]
    return made


def _free(plane: Plane, box: Box, circles: Sequence[Box]) -> bool:
    """Inside the plot, off every name so far and every other circle."""
    if box[0] < 0 or box[1] < 0 or box[2] > plane.width or box[3] > plane.height:
        return False
    return not any(_meet(box, other) for other in (*plane.taken, *circles))


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _lead(plane: Plane, dot: Dot, box: Box) -> None:
    """A thin line from a name that stands off to its circle."""
    near = min(max(dot.x, box[0]), box[2]), min(max(dot.y, box[1]), box[3])
    far = math.hypot(near[0] - dot.x, near[1] - dot.y)
    start = [dot.x + (near[0] - dot.x) * dot.radius / far, dot.y + (near[1] - dot.y) * dot.radius / far]
    plane.axes.plot([start[0], near[0]], [start[1], near[1]], color=plane.brand.grey, lw=0.5, zorder=3)


def _axes_sentence(plane: Plane) -> str:
    """Both axes, the cuts, and where the row of the message stands."""
    axes = {"x": "relative", "y": "brand_growth", "size": "sold"}
    texts = {axis: str(plane.words.label(plane.columns[name]["label"])) for axis, name in axes.items()}
    own = next((plane.rows[n] for n in sorted(plane.chosen)), None)
    args: dict[str, Any] = {name: {"value": text, "unit": "text"} for name, text in texts.items()}
    args["n"] = {"value": len(plane.rows), "unit": "count"}
    if own is None:
        return str(plane.words.sentence("alt.bubble.none", args))
    said = {
        "own": plane.value(own, plane.first),
        "a": plane.value(own, "relative"),
        "b": plane.value(own, "brand_growth"),
    }
    args |= {name: {"value": text, "unit": "text"} for name, text in said.items()}
    return str(plane.words.sentence("alt.bubble", args))
