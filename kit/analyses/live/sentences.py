"""The findings on live sessions: sales after returns, the funnel, deals against break-even, guarantees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from kit.analyses.live.result import Result
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.findings import Arg, Finding, Kind, Note, Severity, Side, plain, slug
from kit.stats.arrivals import LEVEL
from kit.stats.bases import Days
from kit.stats.creator_deals import Deal
from kit.stats.live_rooms import CREATOR, OWN, Rooms
from kit.stats.live_sales import Shop

KEY = "review.live"
NET = "method.net_return"
Given = dict[str, Arg]


def findings(result: Result) -> tuple[Finding, ...]:
    if not result.shops:
        args = {"period": period(result.days)}
        return (Finding(f"{KEY}.none", "r.livenone", args, Verdict.NONE, Severity.INFO),)
    return tuple(finding for one in result.shops for finding in _shop(result, one))


def _shop(result: Result, one: Shop) -> Iterable[Finding]:
    if one.total.sessions:
        yield from _sales(result, one)
        yield from (_funnel(result, one, rooms) for rooms in one.rooms if len(rooms.funnel) > 1)
    yield from _together(result, one)
    yield from (_deal(one, deal) for deal in _named(one.deals))
    yield from (_guarantee(deal) for deal in one.deals if deal.short is not None)
    yield from _untold(result, one)


# ---- sales and funnel ------------------------------------------------------------------------------------------


def _sales(result: Result, one: Shop) -> Iterable[Finding]:
    """Sales of all sessions and what is left after returns; then both kinds of room beside each other."""
    key, total = f"{KEY}.{one.shop}.rooms", one.total
    args = {"period": period(one.days), "shop": shop(result, one.shop), "n": Arg(total.sessions, "count")}
    args["paid"] = Arg(total.basis, "money")
    facts: dict[str, Any] = {"exhibit": key, "n": total.sessions, "unit": "money"}
    if total.gsv is None:
        yield Finding(f"{key}.sales", "r.live.norefunds", args, Verdict.NONE, Severity.LOW, **facts)
        return
    args |= {"back": Arg(total.refunded, "money"), "value": Arg(total.gsv, "money")}
    early = (result.as_of - result.days.end).days < result.open_days
    sentence = ("r.live.gmv" if one.subsidised else "r.live.paid") + (".early" if early else "")
    verdict = Verdict.PRELIMINARY if early else Verdict.SETTLED
    yield Finding(f"{key}.sales", sentence, args, verdict, Severity.LOW, value=total.gsv, **facts)
    rates = {rooms.kind: rooms.now.refund_rate for rooms in one.rooms}
    if rates.get(OWN) is not None and rates.get(CREATOR) is not None:
        args = {"shop": args["shop"], "own": Arg(rates[OWN], "ratio"), "theirs": Arg(rates[CREATOR], "ratio")}
        yield Finding(f"{key}.kinds", "r.livekinds", args, Verdict.UNJUDGED, Severity.INFO, exhibit=key)


def _funnel(result: Result, one: Shop, rooms: Rooms) -> Finding:
    """The first and the last step of one kind of room."""
    key = f"{KEY}.{one.shop}.funnel"
    steps = [step for step in rooms.funnel if step.rate is not None]
    args = {"shop": shop(result, one.shop), "rooms": Arg(f"rooms.{rooms.kind}", "label")}
    args |= {"s1": step(steps[0].name), "r1": Arg(steps[0].rate, "rate"), "n": Arg(rooms.now.sessions, "count")}
    last = steps[-1]
    facts: dict[str, Any] = {"value": last.rate, "low": last.low, "high": last.high, "unit": "rate"}
    facts |= {"level": LEVEL if last.low is not None else None, "baseline": last.before, "exhibit": key}
    facts |= {"method": "method.live_funnel", "evidence": Note("r.funnelev", {"n": args["n"]})}
    if len(steps) > 1:
        args |= {"s2": step(last.name), "r2": Arg(last.rate, "rate")}
    sentence = "r.funnel" if len(steps) > 1 else "r.funnel.one"
    return Finding(f"{key}.{rooms.kind}", sentence, args, Verdict.UNJUDGED, Severity.INFO, **facts)


# ---- deals -----------------------------------------------------------------------------------------------------


def _together(result: Result, one: Shop) -> Iterable[Finding]:
    """All deals of a shop whose sessions are known: what they cost in all and returned, and on what side they lie."""
    told = [deal for deal in one.deals if deal.now]
    key, outcomes = f"{KEY}.{one.shop}.deals", [deal.now for deal in told if deal.now]
    gsv, cost = sum(o.gsv for o in outcomes), sum(o.costs.total for o in outcomes)
    if not cost > 0:
        return
    args = {"shop": shop(result, one.shop), "n": Arg(len(told), "count"), "cost": Arg(cost, "money")}
    args |= {"gsv": Arg(gsv, "money"), "roi": Arg(gsv / cost, "index")}
    facts: dict[str, Any] = {"value": args["roi"].value, "unit": "index", "n": len(told), "exhibit": key, "method": NET}
    if any(deal.break_even is not None for deal in told):
        sides = {name: sum(deal.side == side for deal in told) for name, side in (("a", 1), ("b", -1), ("c", 0))}
        facts["evidence"] = Note("r.dealsev", {name: Arg(count, "count") for name, count in sides.items()})
    still = any(deal.early for deal in told)
    verdict = Verdict.PRELIMINARY if still else Verdict.SETTLED
    yield Finding(f"{key}.all", "r.deals.early" if still else "r.deals", args, verdict, Severity.LOW, **facts)
    parts = [sum(getattr(o.costs, name) for o in outcomes) for name in ("slot_fee", "commission")]
    args = {"shop": args["shop"], "slot": Arg(parts[0], "money"), "commission": Arg(parts[1], "money")}
    exhibit = f"{KEY}.{one.shop}.costs"
    yield Finding(f"{exhibit}.parts", "r.dealcosts", args, Verdict.UNJUDGED, Severity.INFO, exhibit=exhibit)


def _named(deals: Sequence[Deal]) -> Iterable[Deal]:
    """Every deal under break-even or short of its guarantee, and the one that returned most."""
    told = [deal for deal in deals if deal.now and deal.now.net is not None]
    best = max(told, key=lambda deal: (deal.mid or deal.now).net or 0.0, default=None)  # type: ignore[union-attr]
    return [deal for deal in told if deal.side < 0 or (deal.short or 0.0) > 0 or deal is best]


def _deal(one: Shop, deal: Deal) -> Finding:
    now = deal.now
    assert now
    args = about(deal) | {"cost": Arg(now.costs.total, "money"), "gsv": Arg(now.gsv, "money")}
    args |= {"roi": Arg(now.net, "index")}
    if deal.break_even is not None:
        args["be"] = Arg(deal.break_even, "index")
    sentence = {1: "r.creator.above", -1: "r.creator.below", 0: "r.creator.open"}[deal.side]
    sentence = sentence if deal.break_even is not None else "r.creator.noline"
    if deal.early:
        # Where more refunds are expected it is what stays in the end that lies above or below the line.
        told = "mid" in deal.outlook and deal.break_even is not None
        sentence += ".coming" if told else ".early"
        args |= {"fin": Arg(deal.outlook["mid"], "index")} if told else {}
    verdict = {1: Verdict.ABOVE, -1: Verdict.BELOW, 0: Verdict.UNJUDGED}[deal.side]
    heavy = Severity.HIGH if (deal.short or 0.0) > 0 else Severity.MEDIUM
    facts: dict[str, Any] = {"value": now.net, "unit": "index", "baseline": deal.break_even, "method": NET}
    facts |= {"exhibit": f"{KEY}.{one.shop}.deals", "evidence": _evidence(deal)}
    if deal.low and deal.mid and deal.high:
        # What it comes to in the end is what the range is of; the sentence has what it is by now.
        facts |= {"value": deal.mid.net, "low": deal.low.net, "high": deal.high.net, "level": LEVEL}
    if deal.side < 0:
        facts |= {"action": Note("r.creatorask", {"creator": args["creator"]}), "kind": Kind.THREAT}
    return Finding(f"{key(deal)}.net", sentence, args, verdict, heavy if deal.side < 0 else Severity.LOW, **facts)


def _evidence(deal: Deal) -> Note:
    args = {name: Arg(net, "index") for name, net in deal.outlook.items()}
    stage = ".coming" if "mid" in args and deal.break_even is not None else deal.stage  # the headline has the middle
    return Note(f"r.creatorev{stage}", args | ({"lvl": Arg(LEVEL, "level")} if args else {}))


def _guarantee(deal: Deal) -> Finding:
    assert deal.short is not None
    missed = deal.short > 0
    args = about(deal) | {"goal": Arg(deal.guarantee, "money"), "paid": Arg(deal.paid, "money")}
    args |= {"short": Arg(deal.short, "money")} if missed else {}
    facts: dict[str, Any] = {"value": deal.paid, "unit": "money", "baseline": deal.guarantee}
    facts |= {"exhibit": f"{KEY}.{deal.shop}.deals", "evidence": Note("r.guaranteeev")}
    if not missed:
        return Finding(f"{key(deal)}.guarantee", "r.guarantee.kept", args, Verdict.KEPT, Severity.LOW, **facts)
    facts |= {"action": Note("r.guaranteeask", {k: args[k] for k in ("creator", "short")}), "side": Side.BRAND}
    return Finding(f"{key(deal)}.guarantee", "r.guarantee.missed", args, Verdict.MISSED, Severity.HIGH, **facts)


def _untold(result: Result, one: Shop) -> Iterable[Finding]:
    """Deals without a session in the files, and those whose sessions do not state sales and refunds."""
    lost = [deal for deal in one.deals if not deal.sessions]
    blank = [deal for deal in one.deals if deal.sessions and deal.now is None]
    for name, deals in (("lost", lost), ("blank", blank)):
        names = [Arg(creator, "text") for creator in dict.fromkeys(deal.creator for deal in deals)]
        args = {"shop": shop(result, one.shop), "n": Arg(len(deals), "count"), "creators": Arg(names, "text")}
        if deals:
            key = f"{KEY}.{one.shop}.deals.{name}"
            yield Finding(key, f"r.deals{name}", args, Verdict.NONE, Severity.LOW, kind=Kind.DATA)


# ---- arguments -------------------------------------------------------------------------------------------------


def about(deal: Deal) -> Given:
    return {"creator": Arg(deal.creator, "text"), "date": day(deal.start)}


def key(deal: Deal) -> str:
    """Stable and plain: other characters by their code."""
    return f"{KEY}.{deal.shop}.d{deal.start:%Y%m%d}.{slug(deal.creator)}"


def step(name: str) -> Arg:
    return Arg(f"live.step.{name}", "label")


def shop(result: Result, key: str) -> Arg:
    return Arg(plain(result.names.get(key, key)), "text")


def period(days: Days) -> Arg:
    return Arg({"start": plain(days.start), "end": plain(days.end)}, "period")


def day(date: dt.date) -> Arg:
    return Arg(plain(date), "date")
