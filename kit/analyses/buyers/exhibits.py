"""Tables: new beside returning buyers, who came again, members by month, stages of an audience."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kit.analyses.buyers.again import LEVEL
from kit.analyses.buyers.result import Audience, Back, Heads, Members, Result, Split
from kit.analyses.buyers.sentences import KEY, audience_key, limits, month, period, shop
from kit.findings import Arg, Column, Exhibit, Finding, Note, Table, plain
from kit.stats.bases import Days

AGAIN = (
    ("again", "label"), ("n", "count.people"), ("k", "count.people"), ("rate", "rate"), ("low", "rate"),
    ("high", "rate"),
)  # fmt: skip
MEMBERS = (
    ("month", "month"), ("members", "count.people"), ("joined", "count.people"), ("active", "count.people"),
    ("member_buyers", "count.people"), ("buyer_share", "ratio"), ("member_paid", "money"), ("paid_share", "ratio"),
)  # fmt: skip
STAGES = (
    ("stage", "text"), ("people", "count.people"), ("people_before", "count.people"), ("chg_before", "growth"),
    ("people_year", "count.people"), ("chg_year", "growth"),
)  # fmt: skip


def exhibits(result: Result, found: Sequence[Finding]) -> Iterable[Exhibit]:
    keys = {key: tuple(f.key for f in found if f.exhibit == key) for key in {f.exhibit for f in found}}
    made = [_split(result, one) for one in result.splits]
    made += [_back(result, one) for one in result.back]
    made += [_members(result, one) for one in result.members]
    made += [_audience(result, one) for one in result.audiences]
    for key, form, table, notes in made:
        if key in keys:
            yield Exhibit(key, form, table, keys[key], tuple(notes))


Made = tuple[str, str, Table, list[Note]]


def _table(key: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]], group: str) -> Table:
    """A column that no row fills is left out."""
    kept = [n for n in range(len(columns)) if n == 0 or any(row[n] is not None for row in rows)]
    heads = tuple(Column(columns[n][0], columns[n][1], f"col.{group}.{columns[n][0]}") for n in kept)
    return Table(key, heads, tuple(tuple(row[n] for n in kept) for row in rows))


def _split(result: Result, one: Split) -> Made:
    """Two rows for each comparison, what is compared above what it is compared with; without any, the period alone."""
    assert result.days
    by = "" if one.now.once else "_daily"
    compared = [(base, one.pairs[base.name]) for base in result.compared if base.name in one.pairs]
    spans = [days for base, _ in compared for days in (base.now, base.then)] or [result.days]
    rows = [row for base, (now, then) in compared for row in (_heads(base.now, now, then), _heads(base.then, then))]
    rows = rows or [_heads(result.days, one.now)]
    units = {period(days).unit for days in spans}
    columns = [("span", units.pop() if len(units) == 1 else "period"), (f"new{by}", "count.people")]
    columns += [("new_change", "growth"), (f"returning{by}", "count.people"), ("returning_change", "growth")]
    columns += [("new_share", "ratio"), ("share_change", "points"), ("paid", "money"), ("new_paid_share", "ratio")]
    key = f"{KEY}.{one.shop}.split"
    return key, "table", _table(key, columns, rows, "buyers"), list(_split_notes(result, one))


def _heads(days: Days, now: Heads, then: Heads | None = None) -> list[Any]:
    new, returning, share = now.since(then) if then else (None, None, None)
    paid = now.paid if now.paid_share is not None else None
    people = [now.new, new, now.returning, returning, now.share, share]
    return [period(days).value, *people, paid, now.paid_share]


def _split_notes(result: Result, one: Split) -> Iterable[Note]:
    counted = "note.review.buyers.once" if one.now.once else "note.review.buyers.daily"
    if one.new_days is None:
        yield Note(counted, {"shop": shop(result, one.shop)})
    else:
        yield Note("note.review.buyers.orders", {"shop": shop(result, one.shop), "n": Arg(one.new_days, "count")})
    if one.pairs:
        yield Note("note.review.buyers.change")
    if one.usual:
        yield Note("note.review.buyers.usual", limits(one.usual, "ratio"))
    if one.now.paid_share is None:
        yield Note("note.review.buyers.nopaid")
    if one is result.splits[-1] and result.unsplit:
        yield Note("note.review.buyers.unsplit", {"shops": Arg([shop(result, s) for s in result.unsplit], "text")})


def _back(result: Result, one: Back) -> Made:
    assert result.days
    key = f"{KEY}.{one.shop}.again"
    pairs = [("again.repurchase", one.repurchase), ("again.comeback", one.comeback)]
    rows = [[name, a.n, a.k, a.rate, a.low, a.high] for name, a in pairs if a]
    about = {"shop": shop(result, one.shop), "period": period(result.days), "lvl": Arg(LEVEL, "level")}
    notes = [Note("note.review.again", about)]
    if one.comeback and one.base:
        notes.append(Note("note.review.again.comeback", {"base": period(one.base), "period": period(result.days)}))
    else:
        notes.append(Note("note.review.again.nocomeback"))
    if one is result.back[-1] and result.untold:
        notes.append(Note("note.review.again.untold", {"shops": Arg([shop(result, s) for s in result.untold], "text")}))
    return key, "table", _table(key, AGAIN, rows, "buyers"), notes


def _members(result: Result, one: Members) -> Made:
    key = f"{KEY}.{one.shop}.members"
    rows = [
        [plain(m.month)[:7], m.members, m.joined, m.active, m.buyers, m.buyer_share, m.paid, m.paid_share]
        for m in one.months
    ]
    notes = [Note("note.review.members", {"shop": shop(result, one.shop)})]
    notes += [Note("note.review.members.usual", limits(one.usual, "ratio"))] if one.usual else []
    return key, "table", _table(key, MEMBERS, rows, "buyers"), notes


def _audience(result: Result, one: Audience) -> Made:
    key = audience_key(one)
    rows = [[s.name, s.now, s.before, s.growth, s.year, s.now / s.year - 1 if s.year else None] for s in one.stages]
    about = {"shop": shop(result, one.shop), "model": Arg(one.model, "text"), "month": month(one.month)}
    return key, "table", _table(key, STAGES, rows, "buyers"), [Note("note.review.audience", about)]
