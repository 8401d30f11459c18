"""Live rooms of a campaign, own and creators' apart, and what creators' deals returned.

Net return is sales after returns ÷ all that a deal cost; while refunds are still coming in it has a range."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from kit.analyses.campaign.sections import day, span, told
from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.findings import Arg, Column, Exhibit, Finding, Kind, Note, Severity, Table, plain, slug
from kit.stats.arrivals import LEVEL
from kit.stats.creator_deals import Deal
from kit.stats.live_rooms import LEVEL as ROOM_LEVEL

if TYPE_CHECKING:
    from kit.analyses.campaign.sources import Result, Sources
    from kit.stats.live_rooms import Rooms
    from kit.stats.live_sales import Shop

SIDES = {1: Verdict.ABOVE, -1: Verdict.BELOW, 0: Verdict.OPEN}
FUNNEL = (
    ("rooms", "label"), ("step", "label"), ("people", "count.people"), ("rate", "rate"), ("low", "rate"),
    ("high", "rate"),
)  # fmt: skip
ROOMS = (
    ("rooms", "label"), ("sessions", "count"), ("paid", "money"), ("refunded", "money"), ("refund_rate", "ratio"),
    ("gsv", "money"), ("spend", "money"),
)  # fmt: skip
DEALS = (
    ("creator", "text"), ("date", "date"), ("paid", "money"), ("gsv", "money"), ("cost", "money"), ("net", "index"),
    ("net_low", "index"), ("net_high", "index"), ("break_even", "index"), ("guarantee", "money"),
)  # fmt: skip
COSTS = (
    ("creator", "text"), ("date", "date"), ("slot_fee", "money.adding"), ("commission", "money.adding"),
    ("agency_fee", "money.adding"), ("boosting", "money.adding"), ("samples", "money.adding"),
    ("cost", "money.adding"),
)  # fmt: skip


def place(one: Sources, shop: Shop, part: str) -> str:
    return f"campaign.{one.campaign.key}.live.{shop.shop}.{part}"


def findings(result: Result, one: Sources) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for shop in one.live or ():
        found += [_rooms(result, one, shop, rooms) for rooms in shop.rooms]
        found += [_funnel(result, one, shop, rooms) for rooms in shop.rooms if len(rooms.funnel) > 1]
        found += [_deal(one, shop, deal) for deal in shop.deals if deal.now and deal.now.net is not None]
        found += _costs(result, one, shop)
        found += [_guarantee(one, shop, deal) for deal in shop.deals if deal.short is not None and deal.now]
        found += [_lost(one, shop, deal) for deal in shop.deals if deal.now is None]
    return tuple(found)


def _rooms(result: Result, one: Sources, shop: Shop, rooms: Rooms) -> Finding:
    """Sales and what is left of them so far."""
    now = rooms.now
    early = (result.as_of - shop.days.end).days < result.open_days
    args = {"rooms": Arg(f"rooms.{rooms.kind}", "label"), "n": Arg(now.sessions, "count")}
    args |= {"shop": named(result, shop), "paid": Arg(now.basis, "money")}
    if now.gsv is not None:
        args["gsv"] = Arg(now.gsv, "money")
    sentence = "cp.rooms.norefunds" if now.gsv is None else "cp.rooms.early" if early else "cp.rooms"
    where = place(one, shop, "rooms")
    facts: dict[str, Any] = {"value": now.gsv, "unit": "money", "n": now.sessions, "exhibit": where}
    return Finding(f"{where}.{rooms.kind}", sentence, args, Verdict.STATED, Severity.LOW, **facts)


def _funnel(result: Result, one: Sources, shop: Shop, rooms: Rooms) -> Finding:
    """The first and the last rate of one kind of room."""
    steps, where = [step for step in rooms.funnel if step.rate is not None], place(one, shop, "funnel")
    first, last = steps[0], steps[-1]
    args = {"shop": named(result, shop), "rooms": Arg(f"rooms.{rooms.kind}", "label")}
    args |= {"s1": Arg(f"live.step.{first.name}", "label"), "r1": Arg(first.rate, "rate")}
    if last is not first:
        args |= {"s2": Arg(f"live.step.{last.name}", "label"), "r2": Arg(last.rate, "rate")}
    facts: dict[str, Any] = {"value": last.rate, "low": last.low, "high": last.high, "unit": "rate", "exhibit": where}
    facts |= {"level": ROOM_LEVEL if last.low is not None else None, "method": "method.live_funnel"}
    facts["evidence"] = Note("r.funnelev", {"n": Arg(rooms.now.sessions, "count")})
    sentence = "r.funnel" if last is not first else "r.funnel.one"
    return Finding(f"{where}.{rooms.kind}", sentence, args, Verdict.STATED, Severity.INFO, **facts)


def _deal(one: Sources, shop: Shop, deal: Deal) -> Finding:
    """Against the net return that pays for it, where costs of goods are known."""
    assert deal.now
    where = place(one, shop, "deals")
    args = {"creator": Arg(deal.creator, "text"), "date": day(deal.start), "cost": Arg(deal.now.costs.total, "money")}
    args |= {"gsv": Arg(deal.now.gsv, "money"), "roi": Arg(deal.now.net, "index")}
    sentence = {1: "r.creator.above", -1: "r.creator.below", 0: "r.creator.open"}[deal.side]
    facts: dict[str, Any] = {"value": deal.now.net, "unit": "index", "exhibit": where, "method": "method.net_return"}
    if deal.break_even is None:
        sentence = "r.creator.noline"
    else:
        args["be"], facts["baseline"] = Arg(deal.break_even, "index"), deal.break_even
    if deal.low and deal.mid and deal.high:
        # What it comes to in the end is what the range is of; the sentence has what it is by now.
        facts |= {"value": deal.mid.net, "low": deal.low.net, "high": deal.high.net, "level": LEVEL}
    sentence += ".early" if deal.early else ""
    if deal.side < 0:
        facts |= {"action": Note("r.creatorask", {"creator": args["creator"]}), "kind": Kind.THREAT}
    severity = Severity.MEDIUM if deal.side < 0 else Severity.LOW
    key = f"{where}.d{deal.start:%Y%m%d}.{slug(deal.creator)}"
    return Finding(key, sentence, args, SIDES[deal.side], severity, evidence=_evidence(deal), **facts)


def _costs(result: Result, one: Sources, shop: Shop) -> Iterable[Finding]:
    """What all deals cost, slot fees and commissions named."""
    known = [deal.now.costs for deal in shop.deals if deal.now]
    if not known:
        return
    where = place(one, shop, "costs")
    parts = {"slot": sum(c.slot_fee for c in known), "commission": sum(c.commission for c in known)}
    args = {"shop": named(result, shop)} | {name: Arg(amount, "money") for name, amount in parts.items()}
    facts: dict[str, Any] = {"value": sum(c.total for c in known), "unit": "money", "n": len(known), "exhibit": where}
    yield Finding(f"{where}.parts", "r.dealcosts", args, Verdict.STATED, Severity.INFO, **facts)


def _guarantee(one: Sources, shop: Shop, deal: Deal) -> Finding:
    """Sales that the creator guaranteed, against what the sessions sold before returns."""
    assert deal.short is not None
    missed, where = deal.short > 0, place(one, shop, "deals")
    args = {"creator": Arg(deal.creator, "text"), "date": day(deal.start), "goal": Arg(deal.guarantee, "money")}
    args |= {"paid": Arg(deal.paid, "money")} | ({"short": Arg(deal.short, "money")} if missed else {})
    facts: dict[str, Any] = {"value": deal.paid, "unit": "money", "baseline": deal.guarantee, "exhibit": where}
    sentence = f"r.guarantee.{'missed' if missed else 'kept'}"
    verdict, severity = (Verdict.UNDER_GOAL, Severity.MEDIUM) if missed else (Verdict.OVER_GOAL, Severity.LOW)
    key = f"{where}.d{deal.start:%Y%m%d}.{slug(deal.creator)}.guarantee"
    return Finding(key, sentence, args, verdict, severity, evidence=Note("r.guaranteeev"), **facts)


def _lost(one: Sources, shop: Shop, deal: Deal) -> Finding:
    """Of which no session, or not its refunds, are known."""
    sentence = "cp.creatornorefunds" if deal.sessions else "cp.creatorlost"
    args = {"creator": Arg(deal.creator, "text"), "date": day(deal.start)}
    key = f"{place(one, shop, 'deals')}.d{deal.start:%Y%m%d}.{slug(deal.creator)}"
    return Finding(key, sentence, args, Verdict.NONE, Severity.LOW, Kind.DATA)


def _evidence(deal: Deal) -> Note:
    args = {name: Arg(net, "index") for name, net in deal.outlook.items()}
    return Note(f"r.creatorev{deal.stage}", args | ({"lvl": Arg(LEVEL, "level")} if args else {}))


def named(result: Result, shop: Shop) -> Arg:
    return Arg(plain(result.shops.get(shop.shop, shop.shop)), "text")


# ---- exhibits --------------------------------------------------------------------------------------------------


def exhibits(result: Result, one: Sources, found: Sequence[Finding]) -> Iterable[Exhibit]:
    for shop in one.live or ():
        parts = [("rooms", ROOMS, _room_rows(shop)), ("funnel", FUNNEL, _steps(shop))]
        parts += [("deals", DEALS, _deal_rows(shop)), ("costs", COSTS, _cost_rows(shop))]
        for part, columns, rows in parts:
            where = place(one, shop, part)
            if carried := told(found, where):
                yield Exhibit(where, "table", _table(where, columns, rows), carried, _notes(result, shop, part))


def _notes(result: Result, shop: Shop, part: str) -> tuple[Note, ...]:
    about = {"shop": named(result, shop), "period": span(shop.days), "date": day(result.as_of)}
    if part == "rooms":
        return Note(f"note.review.live.{'gmv' if shop.subsidised else 'paid'}", about), Note("note.review.live.kinds")
    if part == "funnel":
        return (Note("note.review.live.funnel", about | {"lvl": Arg(ROOM_LEVEL, "level")}),)
    return (Note("note.review.live.open", {"n": Arg(result.open_days, "count")}),)


def _table(where: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> Table:
    """A column that no row fills is left out."""
    kept = [n for n in range(len(columns)) if n == 0 or any(row[n] is not None for row in rows)]
    heads = tuple(Column(columns[n][0], columns[n][1], f"col.live.{columns[n][0]}") for n in kept)
    return Table(f"{where}.table", heads, tuple(tuple(row[n] for n in kept) for row in rows))


def _room_rows(shop: Shop) -> list[tuple[Any, ...]]:
    every = [(f"rooms.{rooms.kind}", rooms.now) for rooms in shop.rooms]
    return [(kind, n.sessions, n.basis, n.refunded, n.refund_rate, n.gsv, n.spend) for kind, n in every]


def _steps(shop: Shop) -> list[tuple[Any, ...]]:
    """People of an average session; rates are of sums over the sessions."""
    steps = [(rooms.kind, s) for rooms in shop.rooms for s in rooms.funnel]
    return [(f"rooms.{kind}", f"live.step.{s.name}", s.people, s.rate, s.low, s.high) for kind, s in steps]


def _deal_rows(shop: Shop) -> list[tuple[Any, ...]]:
    return [_deal_row(deal) for deal in shop.deals if deal.now]


def _deal_row(deal: Deal) -> tuple[Any, ...]:
    assert deal.now
    ends = (deal.low.net if deal.low else None, deal.high.net if deal.high else None)
    about = (deal.creator, plain(deal.start), deal.paid, deal.now.gsv, deal.now.costs.total)
    return (*about, deal.now.net, *ends, deal.break_even, deal.guarantee)


def _cost_rows(shop: Shop) -> list[tuple[Any, ...]]:
    """Commission is on sales after returns so far."""
    known = [(deal, deal.now.costs) for deal in shop.deals if deal.now]
    return [
        (d.creator, plain(d.start), c.slot_fee, c.commission, c.agency_fee, c.boosting, c.samples, c.total)
        for d, c in known
    ]
