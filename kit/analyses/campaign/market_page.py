"""Findings and the table on whether a campaign beat the market."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kit.analyses.campaign.market import CYCLE, Growth, Market, Pace
from kit.analyses.campaign.sections import key, name, span
from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.findings import Arg, Column, Exhibit, Finding, Note, Severity, Table, agreeing

if TYPE_CHECKING:
    from kit.analyses.campaign import Review

LEVEL_HERE = 0.005
"""Growth within which own sales and the market are called in step."""


def findings(review: Review) -> Iterable[Finding]:
    """The whole cycle, or the whole months where the market is known by the month; then every phase."""
    one = review.market
    if one is None:
        return
    if one.months:
        yield _months(review, one)
    for pace in one.paces[::-1]:  # the cycle comes last there and first here
        yield _pace(review, one, pace)


def _months(review: Review, one: Market) -> Finding:
    assert one.months
    days, growth = one.months
    args = {"period": span(days), "base": span(growth.then)}
    return _finding(review, one, "months", f"{key(review)}.market", growth, args, Note("cp.market.monthly"))


def _pace(review: Review, one: Market, pace: Pace) -> Finding:
    """Against the same phase of the earlier campaign where both are known, else against ordinary days."""
    growth = pace.earlier or pace.usual
    assert growth
    cycle = pace.name == CYCLE
    kind = "usual" if pace.earlier is None else "cycle" if cycle else "phase"
    named = Arg(review.earlier.name, "text") if review.earlier and pace.earlier else span(growth.then)
    args = {"base": named, "phase": Arg(f"phase.{pace.name}", "label")}
    place = f"{key(review)}.market"
    return _finding(review, one, kind, place if cycle else f"{place}.{pace.name}", growth, args, None)


def _finding(
    review: Review, one: Market, kind: str, place: str, growth: Growth, about: dict[str, Arg], evidence: Note | None
) -> Finding:
    way = Verdict.IN_STEP if abs(growth.gap) < LEVEL_HERE else Verdict.AHEAD if growth.gap > 0 else Verdict.BEHIND
    unit, points = agreeing(growth.whole, growth.own, "growth")
    args = name(review) | about | {"mkt_s": Arg(growth.whole, unit), "own_s": Arg(growth.own, unit)}
    args |= {"gap": Arg(abs(growth.gap), points), "category": Arg(one.category, "text")}
    facts: dict[str, Any] = {"value": growth.gap, "unit": "points", "exhibit": f"{key(review)}.market"}
    severity = Severity.MEDIUM if way == Verdict.BEHIND and not one.estimate else Severity.LOW
    return Finding(place, f"cp.market.{kind}.{way}", args, way, severity, evidence=evidence, **facts)


HEADS = (
    ("phase", "label"), ("period", "period"), ("own_then", "growth"), ("whole_then", "growth"), ("gap_then", "points"),
    ("own_usual", "growth"), ("whole_usual", "growth"), ("gap_usual", "points"),
)  # fmt: skip


def exhibit(review: Review, place: str, told: tuple[str, ...]) -> Exhibit:
    """A row a phase, the cycle (or the whole months) last; a column that no row fills is left out."""
    one = review.market
    assert one
    paces = one.paces or (Pace("months", one.months[0], one.months[1], None),) if one.months else one.paces
    rows = [(f"phase.{p.name}", span(p.days).value, *_cells(p.earlier), *_cells(p.usual)) for p in paces]
    kept = [n for n in range(len(HEADS)) if any(row[n] is not None for row in rows)]
    both = [agreeing(g.whole, g.own, "growth") for p in paces for g in (p.earlier, p.usual) if g]
    units = dict(zip(("growth", "points"), max(both), strict=True))  # a column has the decimals that any row needs
    heads = tuple(Column(head, units.get(own, own), f"col.campaign.{head}") for head, own in (HEADS[n] for n in kept))
    marks = {len(rows) - 1: "total"} if len(rows) > 1 else {}
    table = Table(f"{place}.table", heads, tuple(tuple(row[n] for n in kept) for row in rows), marks)
    return Exhibit(place, "table", table, told, tuple(_notes(review, one, paces)))


def _cells(growth: Growth | None) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if growth is None else (growth.own, growth.whole, growth.gap)


def _notes(review: Review, one: Market, paces: Iterable[Pace]) -> Iterable[Note]:
    yield Note("note.campaign.market", {"category": Arg(one.category, "text")})
    before = next((p.earlier.then for p in list(paces)[::-1] if p.earlier), None)
    if before:
        named = review.earlier.name if review.earlier and one.paces else None
        about = {"period": span(before)} | ({"campaign": Arg(named, "text")} if named else {})
        yield Note("note.campaign.then" if named else "note.campaign.then.days", about)
    usual = next((p.usual.then for p in paces if p.usual), None)
    if usual:
        yield Note("note.campaign.usual", {"period": span(usual)})
    if one.estimate:
        yield Note("note.campaign.estimate")
