"""Goals as a table, the shops' sales as a table, and the figures that open the report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kit.analyses.attainment.goals import Line, Result
from kit.analyses.attainment.sentences import KEY, who
from kit.findings import Arg, Column, Exhibit, Finding, Kpi, Note, Table
from kit.stats import months
from kit.stats.kpis import TOTAL

SALES = (
    ("pay_amount", "money"),
    ("gsv", "money"),
    ("refund_rate", "rate"),
    ("spend", "money"),
    ("spend_ratio", "ratio"),
    ("whole_return", "index"),
)
"""Figures by shop, with the unit of their column."""


def exhibits(result: Result, found: Sequence[Finding]) -> Iterable[Exhibit]:
    """The goals under the first finding about one, the sales under GSV's or the spend ratio's."""
    for name, make in (("goals", _goals), ("sales", _sales)):
        said = tuple(f.key for f in found if f.exhibit == f"{KEY}.{name}")
        if said:
            table = make(result.goaled if name == "goals" else result)
            yield Exhibit(f"{KEY}.{name}", "table", table, said, tuple(_notes(result, name)))


def _goals(result: Result) -> Table:
    heads = [Column("shop", "text", "col.shop"), Column("basis", "label", "col.basis")]
    heads += [Column("goal", "money", "col.goal"), Column("actual", "money", "col.actual")]
    heads += [Column("attained", "ratio", "col.attained"), Column("over", "money", "col.over_goal")]
    if result.open:
        heads += [Column("elapsed", "ratio", "col.elapsed"), Column("need", "money", "col.need_daily")]
    shown = [line for line in result.lines if line.actual is not None]
    rows = tuple(tuple(_cells(result, line)[: len(heads)]) for line in shown)
    return Table(f"{KEY}.goals", tuple(heads), rows, {n: "total" for n, one in enumerate(shown) if one.shop == TOTAL})


def _cells(result: Result, line: Line) -> list[object]:
    name = _name(result, line.shop)
    return [name, f"basis.{line.metric}", line.goal, line.actual, line.attained, line.gap, line.elapsed, line.need]


def _name(result: Result, shop: str) -> object:
    """A table's cell is text or a label by its column; all shops are named in both languages."""
    return who(result, shop).value if shop else {"zh": "合计", "en": "All shops"}


def _sales(result: Result) -> Table:
    several = len(result.shops) > 1
    shops = [*result.shops, TOTAL] if several else [*result.shops]
    wanted = [(name, unit) for name, unit in SALES if any(result.figures[s][name].value is not None for s in shops)]
    heads = (Column("shop", "text", "col.shop"), *(Column(n, unit, f"col.{n}") for n, unit in wanted))
    rows = tuple((_name(result, s), *(result.figures[s][n].value for n, _ in wanted)) for s in shops)
    return Table(f"{KEY}.sales", heads, rows, {len(rows) - 1: "total"} if several else {})


def _notes(result: Result, name: str) -> Iterable[Note]:
    if name == "goals":
        yield Note("note.review.goals")
        return
    dated = {result.figures[shop]["gsv"].by for shop in result.shops} - {None}
    for by in sorted(str(b) for b in dated):
        yield Note(f"note.review.gsv.{by}")


def strip(result: Result) -> Iterable[Kpi]:
    """Paid amount, GSV, attainment and spend ratio of all shops."""
    figures = result.figures[TOTAL]
    for name in ("pay_amount", "gsv"):
        if figures[name].value is not None:
            known = {base: growth[name] for base, growth in result.changes.items() if name in growth}
            changes = tuple((_label(result, base), Arg(growth, "growth")) for base, growth in known.items())
            label = f"kpi.review.{name}.early" if name == "gsv" and result.early else f"kpi.review.{name}"
            yield Kpi(f"review.{name}", label, Arg(figures[name].value, "money"), changes[:2], result.before.get(name))
    line = next((one for one in result.goaled.lines if one.shop == TOTAL and one.actual is not None), None)
    if line:
        beside = (_due(line) if result.goaled.open else _over(line),)
        name = f"month.{line.metric}" if result.month else line.metric
        yield Kpi("review.attained", f"kpi.review.attained.{name}", Arg(line.attained, "ratio"), beside)
    if figures["spend_ratio"].value is not None:
        yield Kpi("review.spend_ratio", "kpi.review.spend_ratio", Arg(figures["spend_ratio"].value, "ratio"))


def _due(line: Line) -> tuple[str, Arg]:
    """What attainment stands beside: the year before's part by this day, else the time that has passed."""
    if line.curve is not None:
        return "kpi.review.curve", Arg(line.curve, "ratio")
    return "kpi.review.elapsed.uneven" if line.uneven else "kpi.review.elapsed", Arg(line.elapsed, "ratio")


def _over(line: Line) -> tuple[str, Arg]:
    """How far a closed period is from its goal."""
    gap = line.gap or 0.0
    return f"kpi.review.{'under' if gap < 0 else 'over'}", Arg(abs(gap), "money")


def _label(result: Result, base: str) -> str:
    month = base == "previous" and len(months.whole(result.start, result.end)) == 1
    if month:
        return "compare.mom_daily"
    days = {1: ".day", 7: ".week"}.get((result.end - result.start).days + 1, "") if base == "previous" else ""
    return f"compare.review.{base}{days}"
