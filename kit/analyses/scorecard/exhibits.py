"""A table a shop, two for one with many figures: a line a figure, each cell in the figure's own unit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from kit.analyses.scorecard.lines import Line, Result
from kit.analyses.scorecard.refund_goal import FIGURE
from kit.analyses.scorecard.sentences import Block, blocks, bringing, metric, names
from kit.findings import Arg, Column, Exhibit, Finding, Note, Table
from kit.stats import kpis, months
from kit.stats.bases import Base
from kit.stats.control_limits import LEAST

Cell = Arg | str | None
BARS = "▁▂▃▄▅▆▇█"
SHOWN = 5
"""Earlier periods in the small line of bars."""
FEWEST = 3
"""Bars without which there is no line."""
EXPLAINED = ("natural_share", "shipped_in_time", "stock_days")
"""Figures whose formula stands below the table."""
RATE_POINTS = "points+1"
"""Small rates move by hundredths of a point."""


def exhibits(result: Result, found: Sequence[Finding]) -> Iterable[Exhibit]:
    made = blocks(result)
    for n, block in enumerate(made):
        said = tuple(f.key for f in found if f.exhibit == block.key)
        last = block.shop not in {other.shop for other in made[n + 1 :]}
        notes = [*_notes(block), *(_shop_notes(result, block.shop) if last else ())]
        notes += [shifted(base) for base in result.compared if base.without and n == 0]
        yield Exhibit(block.key, "table", _table(result, block), said, tuple(notes))


def _table(result: Result, block: Block) -> Table:
    """Columns that say nothing here are left out."""
    columns = [(head, [take(line) for line in block.lines]) for head, take in _columns(result, block.shop)]
    kept = [(head, cells) for head, cells in columns if any(cell is not None for cell in cells)]
    rows = tuple(zip(*(cells for _, cells in kept), strict=True))
    return Table(f"{block.key}.lines", tuple(head for head, _ in kept), rows)


def _columns(result: Result, shop: str) -> Iterable[tuple[Column, Callable[[Line], Cell]]]:
    yield Column("metric", "label", "col.metric"), lambda line: str(metric(line).value)
    yield Column("value", "figure", "col.score_value"), lambda line: Arg(line.figure.value, line.kpi.unit)
    yield Column("goal", "figure", "col.goal"), lambda line: _own(line, line.goal)
    yield Column("benchmark", "figure", "col.benchmark"), lambda line: _own(line, line.benchmark)
    for base in result.compared:
        label = _label(result, base.name)
        yield Column(base.name, "figure", label), lambda line, name=base.name: _change(line, name)  # type: ignore[misc]
    yield Column("usual", "figure", "col.usual"), _ordinary
    yield Column("usual_range", "figure", "col.usual_range"), _range
    yield Column("trend", "text", "col.trend"), _trend
    goal = next((f"score.goal.{one.verdict}" for one in result.refund_goals if one.shop == shop), None)
    held = Arg(goal, "label") if goal else None
    yield (
        Column("verdict", "figure", "col.beyond"),
        lambda line: (line.kpi.name == FIGURE and held) or _verdict(result, line),
    )


def _trend(line: Line) -> Cell:
    """The last periods and this one as bars between the least and the largest of them."""
    points = (*line.usual.points, line.usual.value) if line.usual else line.untold.points if line.untold else ()
    if len(points) < FEWEST:
        return None
    shown = points[-SHOWN - 1 :]
    low, reach = min(shown), (max(shown) - min(shown)) or 1.0
    return "".join(BARS[min(int((v - low) / reach * len(BARS)), len(BARS) - 1)] for v in shown)


def _own(line: Line, value: float | None) -> Cell:
    return None if value is None else Arg(value, line.kpi.unit)


def _ordinary(line: Line) -> Cell:
    return _own(line, line.usual.value) if line.usual else None


def _range(line: Line) -> Cell:
    """Both ends in one cell: a page of this many columns is no wider than it is."""
    return Arg([line.usual.limits.low, line.usual.limits.high], line.kpi.unit) if line.usual else None


def _change(line: Line, name: str) -> Cell:
    if name not in line.changes:
        return None
    points = {"ratio": "points", "rate": RATE_POINTS}
    return Arg(line.changes[name], points.get(line.kpi.unit, "growth"))


def _verdict(result: Result, line: Line) -> Cell:
    if line.usual:
        return Arg({1: "score.side.above", -1: "score.side.below", 0: "score.side.inside"}[line.usual.side], "label")
    if line.untold is None:
        return None
    if line.untold.why == "short":
        return Arg(str(LEAST), "text.short_months" if _monthly(result) else "text.short_periods")
    return Arg(f"score.side.{line.untold.why}", "label")


def _monthly(result: Result) -> bool:
    return len(months.whole(result.start, result.until or result.end)) == 1


def _label(result: Result, name: str) -> str:
    return "compare.mom_daily" if name == "previous" and _monthly(result) else f"compare.review.{name}"


def shifted(base: Base) -> Note:
    """A year before, a promotion lay otherwise: how many of its days either span holds, and what is compared."""
    like = base.like
    args = {"event": Arg(f"event.{base.event}", "label"), "n": Arg(like[0].count if like else 0, "count")}
    args |= {"a": Arg(base.held[0], "count"), "b": Arg(base.held[1], "count")}
    return Note("note.review.score.shifted" if like else "note.review.score.unlike", args)


def _notes(block: Block) -> Iterable[Note]:
    lines = block.lines
    if any(line.figure.deduplicated is False for line in lines):
        yield Note("note.review.score.added")
    if any(line.figure.deduplicated for line in lines):
        yield Note("note.review.score.once")
    if any(line.usual for line in lines):
        yield Note("note.review.score.usual")
    if any(line.untold for line in lines):
        yield Note("note.review.score.untold")
    if by_month := names(line for line in lines if _by_month(line)):
        yield Note("note.review.score.whole", by_month)
    if once := names(line for line in lines if line.usual and line.kpi.name in kpis.ONCE):
        yield Note("note.review.score.counted_once", once)
    there = {line.kpi.name for line in lines}
    yield from (Note(f"note.review.score.{about}") for about in EXPLAINED if about in there)
    if there & {kpi.name for kpi in kpis.ROIS}:
        yield Note("note.review.score.roi")
    if any(line.benchmark is not None for line in lines):
        yield Note("note.review.score.benchmark")


def _by_month(line: Line) -> bool:
    return bool(line.usual and line.usual.whole) or bool(line.untold and line.untold.why == "promoted")


def _shop_notes(result: Result, shop: str) -> Iterable[Note]:
    """What the whole shop lacks, below its last table."""
    if shop == kpis.TOTAL:
        yield Note("note.review.score.total")
    elif lacking := result.lacks(shop):
        exports = {"n": Arg(len(lacking), "count"), "exports": bringing(lacking)}
        yield Note("note.review.score.lacking", exports)
