"""Findings and exhibits on a campaign's operations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from kit.analyses.campaign.sections import arg, day, key, name, span, told
from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.findings import Arg, Column, Exhibit, Finding, Kind, Missing, Note, Severity, Side, Table, plain, slug
from kit.stats import kpis
from kit.stats.day_runs import runs
from kit.stats.lost_sales import LEVEL

if TYPE_CHECKING:
    from kit.analyses.campaign.lost import Operations
    from kit.analyses.campaign.lost_reviews import Complaints
    from kit.stats.stock_losses import Out

TOLD = 3
"""Items that are told by a sentence; the others are in the table."""
HEAVY = 0.01
"""Part of the campaign's sales from which a loss is of high severity."""
SECONDS = "count.seconds"
NEEDS = {"shipped_in_time": "orders", "response_seconds": "service_daily"}
"""What a figure comes from that the page names where it is missing."""


def findings(one: Operations) -> tuple[Finding, ...]:
    """Stops first, then shipping, answers and complaints, and what stands beside the sales of the days after."""
    return tuple(f for make in (_stock, _shipped, _response, _complaints, _together) for f in make(one))


def missing(one: Operations) -> Iterable[Missing]:
    if one.seen is None:
        yield Missing(f"{key(one)}.stock", "question.campaign.stock", ("item_daily",))
    for figure, table in NEEDS.items():
        if one.desk[figure][0] is None:
            reason = Note("cp.miss.shipped") if one.orders and table == "orders" else None
            yield Missing(f"{key(one)}.{figure}", f"question.campaign.{figure}", (table,), reason)
    if one.complaints is None:
        yield Missing(f"{key(one)}.complaints", "question.campaign.complaints", ("reviews",))


# ---- findings --------------------------------------------------------------------------------------------------


def _stock(one: Operations) -> Iterable[Finding]:
    if one.seen is None:
        return
    if not one.outs:
        args = name(one) | {"period": span(one.seen)}
        told = _elsewhere(one) or Note("cp.nostock", args)
        yield Finding(f"{key(one)}.stock.none", told.sentence, told.args, Verdict.NONE, Severity.INFO)
    for out in one.outs[:TOLD]:
        yield _stop(one, out)


def _elsewhere(one: Operations) -> Note | None:
    """Which campaigns the other days are counted in, so that no stop is counted twice."""
    names = [Arg(campaign, "text") for campaign in one.shared]
    return Note("note.campaign.shared", name(one) | {"others": Arg(names, "text")}) if names else None


def _stop(one: Operations, out: Out) -> Finding:
    stop, found = out.stop, out.lost
    days = {"start": plain(stop.first), "end": plain(stop.last)}
    args = {"item": Arg(stop.title, "text"), "span": Arg(days, "dates"), "n": Arg(stop.days, "count")}
    args["money"] = Arg(out.money, "money")
    facts: dict[str, Any] = {"value": out.money, "unit": "money", "exhibit": f"{key(one)}.stock"}
    if found:
        low, high = out.ends
        args |= {"units": Arg(found.units, "count.units"), "lo": Arg(low, "money"), "hi": Arg(high, "money")}
        facts |= {"low": low, "high": high, "level": LEVEL, "evidence": _demand(out)}
        facts |= {"action": Note("cp.stockask", {k: args[k] for k in ("item", "n", "money")}), "side": Side.BRAND}
    return Finding(
        f"{key(one)}.stock.{slug(stop.article_no or stop.item_id)}.{stop.first:%m%d}",
        "cp.stock" if found else "cp.stock.most",
        args,
        Verdict.SOLD_OUT,
        Severity.HIGH if out.money >= HEAVY * (one.paid or 0.0) else Severity.LOW,
        Kind.THREAT,
        method="method.lost_sales" if found else "method.stockout",
        **facts,
    )


def _demand(out: Out) -> Note:
    """What was wanted on these days, and what was taken instead."""
    assert out.lost
    args = {"wanted": Arg(out.lost.wanted, "count.units"), "factor": Arg(out.lost.factor, "ratio")}
    args["visitors"] = Arg(out.stop.visitors, "count.people")
    if not out.lost.taken:
        return Note("cp.stockev", args)
    return Note("cp.stockev.taken", args | {"taken": Arg(out.lost.taken, "count.units")})


def _together(one: Operations) -> Iterable[Finding]:
    """What else happened in the days after: it came at the same time, which is no proof."""
    if not one.late and not one.burst:
        return
    things = [Arg(f"after.{n}", "label") for n, there in (("stock", one.late), ("reviews", one.burst)) if there]
    args: dict[str, Arg] = name(one) | {"things": Arg(things, "text")}
    facts: dict[str, Any] = {"exhibit": f"{key(one)}.{'stock' if one.late else 'desk'}", "evidence": _beside(one)}
    if one.growth is not None:
        args["chg"], facts["value"], facts["unit"] = Arg(one.growth, "growth"), one.growth, "growth"
    sentence = "cp.after" if one.growth is not None else "cp.after.only"
    fell = one.growth is not None and one.growth < 0
    severity = Severity.MEDIUM if fell else Severity.LOW
    kind = Kind.THREAT if fell else Kind.STATE
    yield Finding(f"{key(one)}.aftermath", sentence, args, Verdict.STATED, severity, kind, **facts)


def _beside(one: Operations) -> Note:
    """How much the stops lost of the days after, and when bad reviews came in a burst."""
    args: dict[str, Arg] = {}
    if one.late:
        args["money"] = Arg(sum(out.after(one.campaign.end) for out in one.late), "money")
    if one.burst:
        args |= _days(one.burst)
    part = "both" if one.late and one.burst else "stock" if one.late else "reviews"
    return Note(f"cp.afterev.{part}", args)


def _shipped(one: Operations) -> Iterable[Finding]:
    now, before = one.desk["shipped_in_time"]
    if now is None:
        return
    args = name(one) | {"now": Arg(now, "ratio")}
    facts: dict[str, Any] = {"value": now, "unit": "ratio", "baseline": before, "exhibit": f"{key(one)}.desk"}
    if before is not None:
        args["before"] = Arg(before, "ratio")
    sentence = "cp.shipped" if before is not None else "cp.shipped.only"
    if one.hours[0] is not None:
        facts["evidence"] = Note("cp.shippedev", {"hours": Arg(one.hours[0], "index")})
    yield Finding(f"{key(one)}.shipped", sentence, args, Verdict.STATED, Severity.LOW, **facts)


def _response(one: Operations) -> Iterable[Finding]:
    """First answer over the campaign days, before, and on the slowest day."""
    now, before = one.desk["response_seconds"]
    if now is None or one.slowest is None:
        return
    args = name(one) | {"now": Arg(now, SECONDS), "date": day(one.slowest[0]), "peak": Arg(one.slowest[1], SECONDS)}
    facts: dict[str, Any] = {"value": now, "unit": SECONDS, "baseline": before, "exhibit": f"{key(one)}.desk"}
    if before is not None:
        args["before"] = Arg(before, SECONDS)
    sentence = "cp.response" if before is not None else "cp.response.only"
    yield Finding(f"{key(one)}.response", sentence, args, Verdict.STATED, Severity.LOW, **facts)


def _complaints(one: Operations) -> Iterable[Finding]:
    found = one.complaints
    if found is None:
        return
    unit = "index" if found.daily else "rate"
    args = name(one) | {"n": Arg(found.count, "count"), "per": Arg(found.per, unit), "period": span(one.span)}
    facts: dict[str, Any] = {"value": found.per, "unit": unit, "baseline": found.before, "n": found.count}
    if found.before is not None:
        args["before"] = Arg(found.before, unit)
    kind = "daily" if found.daily else "share"
    sentence = f"cp.complaints.{kind}" + ("" if found.before is not None else ".only")
    facts |= {"exhibit": f"{key(one)}.desk", "evidence": _burst(found, unit)}
    yield Finding(f"{key(one)}.complaints", sentence, args, Verdict.STATED, Severity.LOW, **facts)


def _burst(found: Complaints, unit: str) -> Note | None:
    """The days on which bad reviews came in a burst, and what the other days had."""
    if not found.burst or found.rest is None:
        return None
    args = _days(found.burst) | {"rest": Arg(found.rest, unit)}
    return Note("cp.burstev.daily" if found.daily else "cp.burstev.share", args)


def _days(burst: Sequence[tuple[dt.date, int]]) -> dict[str, Arg]:
    """The days in runs, and their bad reviews."""
    days = [day for day, _ in burst]
    spans = [{"start": plain(a), "end": plain(b)} for a, b in runs(days, np.ones(len(days), bool))]
    many = Arg(sum(count for _, count in burst), "count")
    return {"days": Arg([Arg(one, "dates") for one in spans], "text"), "n": many}


# ---- exhibits --------------------------------------------------------------------------------------------------


def exhibits(one: Operations, found: Sequence[Finding]) -> Iterable[Exhibit]:
    for place, make in (("stock", _stops), ("desk", _desk)):
        if carried := told(found, f"{key(one)}.{place}"):
            yield make(one, f"{key(one)}.{place}", carried)


def _stops(one: Operations, place: str, told: tuple[str, ...]) -> Exhibit:
    assert one.seen
    units = {"stop_item": "text", "stop_first": "date", "stop_last": "date", "stop_days": "count"}
    units |= {"stop_visitors": "count", "stop_stock": "label", "campaign.wanted": "count", "campaign.taken": "count"}
    units |= {"campaign.lost": "money", "campaign.low": "money", "campaign.high": "money"}
    heads = tuple(Column(head.rpartition(".")[2], unit, f"col.{head}") for head, unit in units.items())
    rows = tuple(
        (s.title, plain(s.first), plain(s.last), s.days, s.visitors, f"stock.{out.stock}", *_amounts(out))
        for out in one.outs
        for s in (out.stop,)
    )
    notes = [Note("note.campaign.items", {"period": span(one.seen)})]
    notes += [Note("note.campaign.less")] if any(out.lost for out in one.outs) else []
    notes += [] if all(out.lost for out in one.outs) else [Note("note.campaign.most")]
    elsewhere = _elsewhere(one)
    notes += [elsewhere] if elsewhere else []
    return Exhibit(place, "table", Table(f"{place}.table", heads, rows), told, tuple(notes))


def _amounts(out: Out) -> tuple[float | None, ...]:
    if out.lost is None:
        return None, None, out.money, None, None
    return out.lost.wanted, out.lost.taken, out.money, *out.ends


def _desk(one: Operations, place: str, told: tuple[str, ...]) -> Exhibit:
    """A row a figure, of the campaign days and of those before."""
    heads = [Column("figure", "label", "col.campaign.figure"), Column("now", "figure", "col.campaign.during")]
    heads.append(Column("then", "figure", "col.campaign.ordinary"))
    rows = [
        (f"score.{figure}", *(arg(value, kpis.BY_NAME[figure].unit) for value in both))
        for figure, both in one.desk.items()
        if any(value is not None for value in both)
    ]
    if one.hours[0] is not None:
        rows.insert(0, ("campaign.hours", *(arg(value, "index") for value in one.hours)))
    if one.complaints:
        unit = "index" if one.complaints.daily else "rate"
        label = "campaign.complaints." + ("daily" if one.complaints.daily else "share")
        rows.append((label, *(arg(value, unit) for value in (one.complaints.per, one.complaints.before))))
    notes = [Note("note.campaign.ordinary", {"period": span(one.before)})]
    if one.complaints:
        notes.append(Note("note.campaign.complaints", {"period": span(one.span)}))
    return Exhibit(place, "table", Table(f"{place}.table", tuple(heads), tuple(rows)), told, tuple(notes))
