"""A table of each shop's sources, the first level with its second below it, and one of the terms that moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kit.analyses.traffic.sentences import KEY, called, shop, span
from kit.analyses.traffic.sources import Result, ShopSources, Source, Sums
from kit.analyses.traffic.terms import ShopTerms
from kit.findings import Arg, Column, Exhibit, Finding, Note, Table, plain

NOW = (("source", "text"), ("visitors", "count"), ("cvr", "rate"), ("amount", "money"), ("share", "ratio"))
THEN = (("visitors_change", "growth"), ("cvr_before", "rate"), ("amount_change", "growth"), ("moved", "points"))
TERMS = (("term", "text"), ("term_now", "count"), ("term_before", "count"))


def exhibits(result: Result, found: Sequence[Finding]) -> Iterable[Exhibit]:
    """Only what a finding stands above."""
    for one in result.sources:
        key = f"{KEY}.{one.shop}.sources"
        if keys := tuple(f.key for f in found if f.exhibit == key):
            yield _sources(result, one, key, keys)
    for moved in result.terms:
        key = f"{KEY}.{moved.shop}.terms.table"
        if keys := tuple(f.key for f in found if f.exhibit == key):
            yield _terms(result, moved, key, keys)


def _sources(result: Result, one: ShopSources, key: str, findings: tuple[str, ...]) -> Exhibit:
    compared = any(s.before for s in one.sources)
    columns = (*NOW, *(THEN if compared else ()))
    ordered = list(_ordered(one))
    rows = [_row(s)[: len(columns)] for s in ordered]
    kept = [n for n in range(len(columns)) if any(row[n] is not None for row in rows)]
    heads = tuple(Column(columns[n][0], columns[n][1], f"col.source.{columns[n][0]}") for n in kept)
    marks = {n: "total" for n, s in enumerate(ordered) if not s.second and one.level(True)}
    table = Table(key, heads, tuple(tuple(row[n] for n in kept) for row in rows), marks)
    return Exhibit(key, "table", table, findings, tuple(_notes(result, one)))


def _ordered(one: ShopSources) -> Iterable[Source]:
    """Each source of the first level before its parts; parts whose whole has no row of its own come last."""
    for first in one.level(False):
        yield first
        yield from (s for s in one.level(True) if s.first == first.first)
    whole = {s.first for s in one.level(False)}
    yield from (s for s in one.level(True) if s.first not in whole)


def _row(source: Source) -> list[Any]:
    now, before = source.now, source.before or Sums(None, None, None)
    cells = [called(source).value, now.visitors, now.cvr, now.amount, source.share]
    return [
        *cells,
        _growth(now.visitors, before.visitors),
        before.cvr,
        _growth(now.amount, before.amount),
        source.moved,
    ]


def _growth(now: float | None, before: float | None) -> float | None:
    return now / before - 1 if now is not None and before else None


def _notes(result: Result, one: ShopSources) -> Iterable[Note]:
    """What is counted and how, whether shares are of the whole, and how the two periods differ."""
    about = {"shop": shop(result, one.shop), "period": span(result.days)}
    yield Note("note.review.sources" if one.once else "note.review.sources.days", about)
    shared = any(s.share is not None for s in one.sources)
    yield Note("note.review.sources.share" if shared else "note.review.sources.noshare")
    if result.base is None or not any(s.before for s in one.sources):
        yield Note("note.review.sources.nobase")
        return
    yield Note("note.review.sources.base", {"base": span(result.base)})
    if one.promoted[0] != one.promoted[1]:
        days = {"now": Arg(one.promoted[0], "count.days"), "before": Arg(one.promoted[1], "count.days")}
        yield Note("note.review.sources.promoted", days)


def _terms(result: Result, one: ShopTerms, key: str, findings: tuple[str, ...]) -> Exhibit:
    heads = tuple(Column(name, unit, f"col.source.{name}") for name, unit in TERMS)
    rows = tuple((t.term, t.now, plain(t.before)) for t in (*one.up, *one.down))
    about = {"shop": shop(result, one.shop), "period": span(result.days), "base": span(result.base)}
    note = Note("note.review.terms", about | {"n": Arg(one.tried, "count")})
    return Exhibit(key, "table", Table(key, heads, rows), findings, (note,))
