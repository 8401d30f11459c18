"""Bad reviews by day as a line; refunds by reason, by how far they are in, and the desk's figures as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kit.analyses.service.desk import FIGURES
from kit.analyses.service.result import Desk, Reasons, Result, Reviews, Ripe
from kit.analyses.service.sentences import KEY, LEVEL, SECONDS, day, period, shop, spread
from kit.findings import Arg, Column, Exhibit, Finding, Note, Table, plain
from kit.stats.bases import Days
from kit.stats.refund_lag import Open

REASONS = (("reason", "text"), ("cases", "count"), ("amount", "money"), ("share", "ratio"), ("share_before", "ratio"))
RIPE = (
    ("span", "period"), ("paid", "money"), ("refunded", "money"), ("rate", "rate"), ("final", "rate"),
    ("final_low", "rate"), ("final_high", "rate"), ("gsv", "money"), ("gsv_then", "money"), ("further", "money"),
)  # fmt: skip
UNITS = {"response_seconds": SECONDS, "satisfaction": "ratio"}
"""Of the desk's figures; the others are scores."""
SHOWN = 10
"""Reasons in the table."""


def exhibits(result: Result, found: Sequence[Finding]) -> Iterable[Exhibit]:
    keys = {key: tuple(f.key for f in found if f.exhibit == key) for key in {f.exhibit for f in found}}
    for reviews in result.reviews:
        yield _reviews(result, reviews, keys[f"{KEY}.{reviews.shop}.reviews"])
    for reasons in result.reasons:
        yield _reasons(result, reasons, keys[f"{KEY}.{reasons.shop}.reasons"])
    for ripe in result.ripe:
        yield _ripe(result, ripe, keys[f"{KEY}.{ripe.shop}.ripe"])
    for desk in result.desks:
        yield _desk(result, desk, keys[f"{KEY}.{desk.shop}.desk"])


def _table(key: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> Table:
    """A column that no row fills is left out."""
    kept = [n for n in range(len(columns)) if n == 0 or any(row[n] is not None for row in rows)]
    heads = tuple(Column(columns[n][0], columns[n][1], f"col.service.{columns[n][0]}") for n in kept)
    return Table(key, heads, tuple(tuple(row[n] for n in kept) for row in rows))


def _reviews(result: Result, one: Reviews, findings: tuple[str, ...]) -> Exhibit:
    key = f"{KEY}.{one.shop}.reviews"
    rows = [(plain(at), count) for at, count in one.bad]
    about = {"shop": shop(result, one.shop), "period": period(result.days), "n": Arg(one.total, "count")}
    notes = [Note("note.review.reviews", about)]
    for burst in one.bursts:
        facts = {"date": day(burst.start)} | spread(burst)
        facts |= {"x": Arg(burst.times, "times")} if burst.times else {}
        notes.append(Note("note.review.burst" if burst.times else "note.review.burst.new", facts))
    options = {"highlight": plain(one.bursts[0].start)} if one.bursts else {}
    table = _table(key, (("date", "date"), ("bad", "count")), rows)
    return Exhibit(key, "line", table, findings, tuple(notes), options)


def _reasons(result: Result, one: Reasons, findings: tuple[str, ...]) -> Exhibit:
    key = f"{KEY}.{one.shop}.reasons"
    shown = [r for n, r in enumerate(one.reasons) if n < SHOWN or r.moved]
    rows: list[list[Any]] = [[r.reason, r.cases, r.amount, r.share, r.before] for r in shown]
    about = {"shop": shop(result, one.shop), "period": period(result.days), "amount": Arg(one.amount, "money")}
    notes = [Note("note.review.reasons", about | {"n": Arg(one.cases, "count")})]
    if one.unsaid:
        notes.append(Note("note.review.reasons.unsaid", {"n": Arg(one.unsaid, "count")}))
    if result.base and any(r.before is not None for r in shown):
        notes.append(Note("note.review.reasons.base", {"base": period(result.base)}))
    return Exhibit(key, "table", _table(key, REASONS, rows), findings, tuple(notes))


def _ripe(result: Result, one: Ripe, findings: tuple[str, ...]) -> Exhibit:
    """The period, and the one before with what was in when it ended."""
    key = f"{KEY}.{one.shop}.ripe"
    rows = [_row(one.now, result.days, None)]
    rows += [_row(one.before, result.base, one.then)] if one.before and result.base else []
    about = {"shop": shop(result, one.shop), "date": day(one.as_of), "lvl": Arg(LEVEL, "level")}
    note = Note("note.review.ripe", about)
    return Exhibit(key, "table", _table(key, RIPE, rows), findings, (note,))


def _row(found: Open, span: Days, then: float | None) -> list[Any]:
    ends = [found.final.share, found.final.low, found.final.high] if found.final else [None] * 3
    gsv = found.paid - found.refunded
    before = found.paid - then if then is not None else None
    further = before - gsv if before is not None else None
    return [period(span).value, found.paid, found.refunded, found.share, *ends, gsv, before, further]


def _desk(result: Result, one: Desk, findings: tuple[str, ...]) -> Exhibit:
    key = f"{KEY}.{one.shop}.desk"
    rows = [
        [f"desk.{name}", *(_figure(name, values.get(name)) for values in (one.now, one.before))]
        for name in FIGURES
        if one.now[name] is not None
    ]
    if one.slowest:
        rows.append(["desk.slowest", Arg(one.slowest[1], SECONDS), None])
    notes = [Note("note.review.desk", {"shop": shop(result, one.shop), "period": period(result.days)})]
    notes += [Note("note.review.desk.slowest", {"date": day(one.slowest[0])})] if one.slowest else []
    notes += [Note("note.review.desk.base", {"base": period(result.base)})] if result.base else []
    table = _table(key, (("figure", "label"), ("value", "figure"), ("before", "figure")), rows)
    return Exhibit(key, "table", table, findings, tuple(notes))


def _figure(name: str, value: float | None) -> Arg | None:
    return None if value is None else Arg(value, UNITS.get(name, "index"))
