"""Live rooms of a campaign, own and creators' apart, and what creators' deals returned.

Net return is sales after returns ÷ all that a deal cost; while refunds are still coming in it has a range."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.findings import Arg, Column, Exhibit, Finding, Kind, Note, Severity, Table, plain, slug
from kit.stats.arrivals import LEVEL
from kit.stats.bases import Days
from kit.stats.creator_deals import Deal

if TYPE_CHECKING:
    from kit.analyses.campaign.sources import Result, Sources
    from kit.stats.live_rooms import Rooms
    from kit.stats.live_sales import Shop

SIDES = {1: Verdict.ABOVE, -1: Verdict.BELOW, 0: Verdict.OPEN}
ROOMS = (
    ("rooms", "label"), ("sessions", "count"), ("paid", "money"), ("refunded", "money"), ("refund_rate", "ratio"),
    ("gsv", "money"), ("spend", "money"),
)  # fmt: skip
DEALS = (
    ("creator", "text"), ("date", "date"), ("paid", "money"), ("gsv", "money"), ("slot_fee", "money"),
    ("commission", "money"), ("agency_fee", "money"), ("boosting", "money"), ("samples", "money"), ("cost", "money"),
    ("net", "index"), ("net_low", "index"), ("net_high", "index"), ("break_even", "index"), ("guarantee", "money"),
)  # fmt: skip


def place(one: Sources, shop: Shop, part: str) -> str:
    return f"campaign.{one.campaign.key}.live.{shop.shop}.{part}"


def findings(result: Result, one: Sources) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for shop in one.live or ():
        found += [_rooms(result, one, shop, rooms) for rooms in shop.rooms]
        found += [_deal(one, shop, deal) for deal in shop.deals if deal.now and deal.now.net is not None]
        found += [_lost(one, shop, deal) for deal in shop.deals if deal.now is None]
    return tuple(found)


def _rooms(result: Result, one: Sources, shop: Shop, rooms: Rooms) -> Finding:
    """Sales and what is left of them so far."""
    now = rooms.now
    early = (result.as_of - shop.days.end).days < result.open_days
    args = {"rooms": Arg(f"rooms.{rooms.kind}", "label"), "n": Arg(now.sessions, "count")}
    args |= {"shop": Arg(plain(result.shops.get(shop.shop, shop.shop)), "text"), "paid": Arg(now.basis, "money")}
    if now.gsv is not None:
        args["gsv"] = Arg(now.gsv, "money")
    sentence = "cp.rooms.norefunds" if now.gsv is None else "cp.rooms.early" if early else "cp.rooms"
    where = place(one, shop, "rooms")
    facts: dict[str, Any] = {"value": now.gsv, "unit": "money", "n": now.sessions, "exhibit": where}
    return Finding(f"{where}.{rooms.kind}", sentence, args, Verdict.STATED, Severity.LOW, **facts)


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
    if deal.low and deal.high:
        facts |= {"low": deal.low.net, "high": deal.high.net, "level": LEVEL}
    if deal.side < 0:
        facts |= {"action": Note("r.creatorask", {"creator": args["creator"]}), "kind": Kind.THREAT}
    severity = Severity.MEDIUM if deal.side < 0 else Severity.LOW
    key = f"{where}.d{deal.start:%Y%m%d}.{slug(deal.creator)}"
    return Finding(key, sentence, args, SIDES[deal.side], severity, evidence=_evidence(deal), **facts)


def _lost(one: Sources, shop: Shop, deal: Deal) -> Finding:
    """Of which no session, or not its refunds, are known."""
    sentence = "cp.creatornorefunds" if deal.sessions else "cp.creatorlost"
    args = {"creator": Arg(deal.creator, "text"), "date": day(deal.start)}
    key = f"{place(one, shop, 'deals')}.d{deal.start:%Y%m%d}.{slug(deal.creator)}"
    return Finding(key, sentence, args, Verdict.NONE, Severity.LOW, Kind.DATA)


def _evidence(deal: Deal) -> Note:
    if not deal.early:
        return Note("r.creatorev.settled")
    if not (deal.low and deal.mid and deal.high):
        return Note("r.creatorev.untold")
    args = {"lo": Arg(deal.low.net, "index"), "hi": Arg(deal.high.net, "index"), "mid": Arg(deal.mid.net, "index")}
    return Note("r.creatorev", args | {"lvl": Arg(LEVEL, "level")})


def day(date: dt.date) -> Arg:
    return Arg(plain(date), "date")


def period(days: Days) -> Arg:
    return Arg({"start": plain(days.start), "end": plain(days.end)}, "period")


# ---- exhibits --------------------------------------------------------------------------------------------------


def exhibits(result: Result, one: Sources, found: Sequence[Finding]) -> Iterable[Exhibit]:
    for shop in one.live or ():
        for part, columns, rows in (("rooms", ROOMS, _room_rows(shop)), ("deals", DEALS, _deal_rows(shop))):
            where = place(one, shop, part)
            told = tuple(f.key for f in found if f.exhibit == where)
            if told:
                yield Exhibit(where, "table", _table(where, columns, rows), told, _notes(result, shop, part))


def _notes(result: Result, shop: Shop, part: str) -> tuple[Note, ...]:
    named = Arg(plain(result.shops.get(shop.shop, shop.shop)), "text")
    about = {"shop": named, "period": period(shop.days), "date": day(result.as_of)}
    if part == "rooms":
        return Note(f"note.review.live.{'gmv' if shop.subsidised else 'paid'}", about), Note("note.review.live.kinds")
    return (Note("note.review.live.open", {"n": Arg(result.open_days, "count")}),)


def _table(where: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> Table:
    """A column that no row fills is left out."""
    kept = [n for n in range(len(columns)) if n == 0 or any(row[n] is not None for row in rows)]
    heads = tuple(Column(columns[n][0], columns[n][1], f"col.live.{columns[n][0]}") for n in kept)
    return Table(f"{where}.table", heads, tuple(tuple(row[n] for n in kept) for row in rows))


def _room_rows(shop: Shop) -> list[tuple[Any, ...]]:
    every = [(f"rooms.{rooms.kind}", rooms.now) for rooms in shop.rooms]
    return [(kind, n.sessions, n.basis, n.refunded, n.refund_rate, n.gsv, n.spend) for kind, n in every]


def _deal_rows(shop: Shop) -> list[tuple[Any, ...]]:
    return [_deal_row(deal) for deal in shop.deals if deal.now]


def _deal_row(deal: Deal) -> tuple[Any, ...]:
    assert deal.now
    costs = deal.now.costs
    parts = (costs.slot_fee, costs.commission, costs.agency_fee, costs.boosting, costs.samples, costs.total)
    ends = (deal.low.net if deal.low else None, deal.high.net if deal.high else None)
    about = (deal.creator, plain(deal.start), deal.paid, deal.now.gsv)
    return (*about, *parts, deal.now.net, *ends, deal.break_even, deal.guarantee)
