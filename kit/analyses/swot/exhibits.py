"""The SWOT picture with its evidence, the strategies, and the weighted matrices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from kit.analyses.swot import sentences
from kit.analyses.swot.items import PEST, SIDES, WAYS, Item, Result
from kit.analyses.swot.matrix import Matrix
from kit.analyses.verdicts import SwotVerdict as Verdict
from kit.findings import Arg, Column, Exhibit, Finding, Kind, Missing, Note, Severity, Shown, Table, plain

KEY = sentences.KEY


def picture(result: Result) -> Shown:
    """The four sides on one page, each item with its size and where it is shown; then the figures behind each."""
    if not result.items:
        return Shown(missing=(Missing(KEY, "question.swot", (), _why(result)),))
    found = sentences.items(result)
    cells = [_cell(f"swot.side.{side}", side, [f"{KEY}.{i.key}" for i in result.of(side)]) for side in SIDES]
    about = tuple(f"{KEY}.{item.key}" for item in result.items)
    table = Table(f"{KEY}.items", ITEMS, tuple(_row(item) for item in result.items), about=about)
    keys = tuple(f.key for f in found)
    notes = [Note("note.swot.picture"), *(Note("note.swot.judged") for _ in [0] if any(i.judged for i in result.items))]
    exhibits = [Exhibit(sentences.PICTURE, "quadrants", table, keys, tuple(notes), {"cells": cells})]
    measured = [item for item in result.items if item.value]
    figures = [_figures(measured)] if measured else []
    return Shown((*found, *_data(result, measured)), tuple([*exhibits, *figures, *_pest(result)]))


def _why(result: Result) -> Note:
    return Note("s.none.reports" if not result.read else "s.none")


def _cell(title: str, tone: str, findings: Sequence[str]) -> dict[str, Any]:
    return {"title": title, "tone": tone, "findings": list(findings)}


ITEMS = (
    Column("side", "label", "col.swot.side"),
    Column("item", "text", "col.swot.item"),
    Column("weight", "label", "col.swot.weight"),
    Column("judged", "label", "col.swot.judged"),
)


def _row(item: Item) -> tuple[Any, ...]:
    judged = "swot.judged" if item.judged else "swot.measured"
    return (f"swot.side.{item.side}", plain(item.text), f"severity.{item.severity}", judged)


FIGURES = (
    Column("item", "label", "col.swot.item"),
    Column("value", "figure", "col.swot.value"),
    Column("baseline", "figure", "col.swot.baseline"),
    Column("size", "figure", "col.swot.size"),
    Column("low", "figure", "col.swot.low"),
    Column("high", "figure", "col.swot.high"),
    Column("report", "report", "col.swot.report"),
    Column("exhibit", "text", "col.swot.exhibit"),
)


def _figures(items: Sequence[Item]) -> Exhibit:
    about = tuple(f"{KEY}.{item.key}" for item in items)
    table = Table(sentences.EVIDENCE, FIGURES, tuple(_figure(item) for item in items), about=about)
    return Exhibit(sentences.EVIDENCE, "table", table, (f"{KEY}.figures",), (Note("note.swot.figures"),))


def _figure(item: Item) -> tuple[Any, ...]:
    assert item.value and item.effect
    unit, size = item.value.unit or "index", item.effect
    ends = [None if end is None else plain(Arg(end, size.unit)) for end in (item.low, item.high)]
    known = "rate" if unit.startswith("points") else unit  # what a difference is compared with is a level
    base = None if item.baseline is None else plain(Arg(item.baseline, known))
    report, exhibit = item.source or ("", None)
    figures = (plain(Arg(item.value.value, unit)), base, plain(size), *ends)
    return (f"swot.item.{item.key.partition('.')[2]}", *figures, report, plain(exhibit) or "")


def _data(result: Result, measured: Sequence[Item]) -> Iterable[Finding]:
    if measured:
        args = {"n": Arg(len(measured), "count"), "k": Arg(len(result.read), "count")}
        yield Finding(f"{KEY}.figures", "s.figures", args, Verdict.STATED, Severity.INFO, exhibit=sentences.EVIDENCE)
    if result.absent:
        args = {"reports": Arg([Arg(name, "report") for name in result.absent], "report")}
        yield Finding(f"{KEY}.absent", "s.absent", args, Verdict.NONE, Severity.LOW, Kind.DATA)


def _pest(result: Result) -> Iterable[Exhibit]:
    """Factors of the surroundings, on request: where the consultant has named one, with what data say beside it."""
    if not any(item.pest for item in result.items):
        return
    outside = [item for item in result.items if item.side in "OT"]
    chosen = [(letter, item) for letter in PEST for item in outside if _of(item) == letter]
    rows = [(f"swot.pest.{letter}", plain(item.text), _row(item)[3]) for letter, item in chosen]
    about = tuple(f"{KEY}.{item.key}" for _, item in chosen)
    heads = (("factor", "label"), ("item", "text"), ("judged", "label"))
    columns = tuple(Column(name, unit, f"col.swot.{name}") for name, unit in heads)
    yield Exhibit(f"{KEY}.pest", "table", Table(f"{KEY}.pest", columns, tuple(rows), about=about), (f"{KEY}.count",))


def _of(item: Item) -> str:
    """What is measured of a market is about its economy; where a judgement belongs the consultant says."""
    return item.pest or ("E" if item.value else "")


def ways(result: Result, end: dt.date) -> Shown:
    """The strategies by kind. ``end``: last day of the period; they are read at the end of the month after it."""
    found = sentences.ways(result, _read_on(end))
    if not found:
        return Shown(missing=(Missing(sentences.WAYS_KEY, "question.swot.ways", (), Note("s.ways.none")),))
    by_kind = {kind: [f.key for f in found if f.key.startswith(f"{KEY}.{kind.lower()}.")] for kind in WAYS}
    cells = [_cell(f"swot.ways.{kind}", kind, keys) for kind, keys in by_kind.items()]
    heads = (("kind", "label"), ("impact", "label"))
    columns = tuple(Column(name, unit, f"col.swot.{name}") for name, unit in heads)
    rows = [(f"swot.ways.{kind}", f"severity.{f.severity}") for kind, keys in by_kind.items() for f in _in(found, keys)]
    lead = Finding(
        f"{KEY}.lead", "s.ways", {"n": Arg(len(found), "count")}, Verdict.STATED, Severity.INFO,
        exhibit=sentences.WAYS_KEY,
    )  # fmt: skip
    keys = (lead.key, *(f.key for f in found))
    about = tuple(key for keys in by_kind.values() for key in keys)
    table = Table(sentences.WAYS_KEY, columns, tuple(rows), about=about)
    exhibit = Exhibit(sentences.WAYS_KEY, "quadrants", table, keys, (Note("note.swot.ways"),), {"cells": cells})
    return Shown((lead, *found), (exhibit,))


def _in(found: Iterable[Finding], keys: Sequence[str]) -> list[Finding]:
    return [f for f in found if f.key in keys]


def _read_on(end: dt.date) -> dt.date:
    """The last day of the month after ``end``."""
    first = (end.replace(day=1) + dt.timedelta(days=62)).replace(day=1)
    return first - dt.timedelta(days=1)


WEIGHED = (
    ("item", "figure"), ("side", "label"), ("weight_", "ratio"), ("rating", "index"), ("weighted", "index"),
)  # fmt: skip


def matrices(result: Result) -> Shown:
    """The weighted matrices where the consultant has weighed items, and what was struck out."""
    made = [(name, said) for name, said in (("ife", result.inside), ("efe", result.outside)) if said]
    found = [sentences.weighed(name, said) for name, said in made]
    exhibits = [_weighed(name, said) for name, said in made]
    struck = sentences.rejected(result)
    return Shown(tuple([*found, *struck]), tuple(exhibits))


def _weighed(name: str, said: Matrix) -> Exhibit:
    columns = tuple(Column(n.rstrip("_"), unit, f"col.swot.{n}") for n, unit in WEIGHED)
    rows: list[tuple[Any, ...]] = [
        (plain(sentences.text(i.text)), f"swot.side.{i.side}", i.weight, i.rating, (i.weight or 0) * (i.rating or 0))
        for i in said.items
    ]
    total: tuple[Any, ...] = (plain(Arg("col.swot.total", "label")), None, said.weights, None, said.score)
    table = Table(f"{KEY}.{name}", columns, (*rows, total), {len(rows): "total"})
    return Exhibit(f"{KEY}.{name}", "table", table, (f"{KEY}.{name}",), (Note(f"note.swot.{name}"),))
