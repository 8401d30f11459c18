"""Tables: rooms of a kind, their funnel, deals with their net return, and what deals cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kit.analyses.live.result import Result
from kit.analyses.live.sentences import KEY, day, period, shop
from kit.findings import Arg, Column, Exhibit, Finding, Note, Table, plain
from kit.stats.arrivals import LEVEL
from kit.stats.creator_deals import Deal, Outcome
from kit.stats.live_rooms import Sums
from kit.stats.live_sales import Shop

ROOMS = (
    ("rooms", "label"), ("sessions", "count"), ("gmv", "money"), ("paid", "money"), ("refunded", "money"),
    ("refund_rate", "ratio"), ("gsv", "money"), ("spend", "money"),
)  # fmt: skip
FUNNEL = (
    ("rooms", "label"), ("step", "label"), ("people", "count.people"), ("rate", "rate"), ("low", "rate"),
    ("high", "rate"), ("before", "rate"),
)  # fmt: skip
DEALS = (
    ("creator", "text"), ("date", "day"), ("paid", "money"), ("gsv", "money"), ("cost", "money"), ("net", "index"),
    ("net_mid", "index"), ("net_low", "index"), ("net_high", "index"), ("break_even", "index"),
    ("guarantee", "money"), ("short", "money"),
)  # fmt: skip
COSTS = (
    ("creator", "text"), ("date", "day"), ("slot_fee", "money"), ("commission", "money"), ("agency_fee", "money"),
    ("boosting", "money"), ("samples", "money"), ("cost", "money"),
)  # fmt: skip
PARTS = ("slot_fee", "commission", "agency_fee", "boosting", "samples", "total")


def exhibits(result: Result, found: Sequence[Finding]) -> Iterable[Exhibit]:
    keys = {key: tuple(f.key for f in found if f.exhibit == key) for key in {f.exhibit for f in found}}
    for one in result.shops:
        for table, notes in (_rooms(result, one), _funnel(result, one), _deals(result, one), _costs(result, one)):
            if table.key in keys:
                options = {"group": "rooms"} if table.key.endswith(".funnel") else {}
                yield Exhibit(table.key, "table", table, keys[table.key], tuple(notes), options)


def _table(
    key: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]], marks: Mapping[int, str] | None = None
) -> Table:
    """A column that no row fills is left out."""
    kept = [n for n in range(len(columns)) if n == 0 or any(row[n] is not None for row in rows)]
    heads = tuple(Column(columns[n][0], columns[n][1], f"col.live.{columns[n][0]}") for n in kept)
    return Table(key, heads, tuple(tuple(row[n] for n in kept) for row in rows), marks or {})


Made = tuple[Table, list[Note]]


def _rooms(result: Result, one: Shop) -> Made:
    rows = [_sums(f"rooms.{rooms.kind}", rooms.now) for rooms in one.rooms]
    marks = {}
    if len(rows) > 1:
        marks, rows = {len(rows): "total"}, [*rows, _sums("part.all", one.total)]
    about = {"shop": shop(result, one.shop), "period": period(one.days), "date": day(result.as_of)}
    notes = [Note("note.review.live.gmv" if one.subsidised else "note.review.live.paid", about)]
    notes += [Note("note.review.live.kinds")] if len(one.rooms) > 1 else []
    notes += [Note("note.review.live.any")] if any(rooms.kind == "any" for rooms in one.rooms) else []
    notes.append(Note("note.review.live.open", {"n": Arg(result.open_days, "count")}))
    return _table(f"{KEY}.{one.shop}.rooms", ROOMS, rows, marks), notes


def _sums(name: str, sums: Sums) -> list[Any]:
    money = [sums.gmv, sums.paid, sums.refunded, sums.refund_rate, sums.gsv, sums.spend]
    return [name, sums.sessions, *money]


def _funnel(result: Result, one: Shop) -> Made:
    rows = [
        [f"rooms.{rooms.kind}", f"live.step.{s.name}", s.people, s.rate, s.low, s.high, s.before]
        for rooms in one.rooms
        for s in rooms.funnel
    ]
    about = {"shop": shop(result, one.shop), "period": period(one.days), "lvl": Arg(LEVEL, "level")}
    notes = [Note("note.review.live.funnel", about)]
    if result.base and any(row[-1] is not None for row in rows):
        notes.append(Note("note.review.live.before", {"base": period(result.base)}))
    return _table(f"{KEY}.{one.shop}.funnel", FUNNEL, rows), notes


def _deals(result: Result, one: Shop) -> Made:
    """Deals in the order of their days, and all of them together; those under break-even are marked."""
    told = [deal for deal in one.deals if deal.paid is not None]
    rows = [_deal(deal) for deal in told]
    marks = {n: "own" for n, deal in enumerate(told) if deal.side < 0}
    outcomes = [deal.now for deal in told if deal.now]
    gsv, cost = sum(o.gsv for o in outcomes), sum(o.costs.total for o in outcomes)
    if cost > 0 and len(rows) > 1:
        marks[len(rows)] = "total"
        total = [sum(deal.paid or 0.0 for deal in told if deal.now), gsv, cost, gsv / cost, *[None] * 6]
        rows.append([[Arg("part.all", "label")], None, *total])
    notes = [Note("note.review.deals", {"shop": shop(result, one.shop), "date": day(result.as_of)})]
    if any(deal.low for deal in told if deal.early):
        notes.append(Note("note.review.deals.range", {"lvl": Arg(LEVEL, "level")}))
    even = any(deal.break_even is not None for deal in told)
    notes.append(Note("note.review.deals.even" if even else "note.review.deals.noeven"))
    notes += [Note("note.review.deals.guarantee")] if any(deal.guarantee is not None for deal in told) else []
    columns = [("gmv" if name == "paid" and one.subsidised else name, unit) for name, unit in DEALS]
    return _table(f"{KEY}.{one.shop}.deals", columns, rows, marks), notes


def _deal(deal: Deal) -> list[Any]:
    ends = [outcome.net if outcome and deal.early else None for outcome in (deal.mid, deal.low, deal.high)]
    now = [deal.now.gsv, deal.now.costs.total, deal.now.net] if deal.now else [None] * 3
    short = deal.short if deal.short is not None and deal.short > 0 else None
    figures = [deal.paid, *now, *ends, deal.break_even, deal.guarantee, short]
    return [[Arg(deal.creator, "text")], plain(deal.start), *figures]


def _costs(result: Result, one: Shop) -> Made:
    told = [(deal, deal.now) for deal in one.deals if deal.now]
    rows = [[[Arg(deal.creator, "text")], plain(deal.start), *_parts(now)] for deal, now in told]
    marks = {}
    if len(rows) > 1:
        sums = [sum(row[2 + n] for row in rows) for n in range(len(PARTS))]
        marks, rows = {len(rows): "total"}, [*rows, [[Arg("part.all", "label")], None, *sums]]
    table = _table(f"{KEY}.{one.shop}.costs", COSTS, rows, marks)
    return table, [Note("note.review.deals.costs", {"shop": shop(result, one.shop)})]


def _parts(now: Outcome) -> list[float]:
    return [float(getattr(now.costs, name)) for name in PARTS]
