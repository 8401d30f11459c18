"""Findings and exhibits on where a campaign's sales came from: channels, traffic, buyers, items, provinces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from kit.analyses.campaign.sections import SAME, key, name, span, told, way
from kit.analyses.campaign.sources_items import DUD, FELL, HERO
from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.findings import Arg, Column, Exhibit, Finding, Kind, Missing, Note, Severity, Table, plain
from kit.stats import kpis

if TYPE_CHECKING:
    from kit.analyses.campaign.sources import Channel, Part, Result, Sources
    from kit.analyses.campaign.sources_items import Item

TOLD, ROWS = 3, 10
"""Items or provinces that a sentence names, and that a table holds."""
NEEDS = {"channels": "ads_daily", "mix": "traffic_source", "new": "shop_daily", "items": "order_lines"}
NEEDS |= {"provinces": "orders", "live": "live_sessions"}


def findings(result: Result, one: Sources) -> tuple[Finding, ...]:
    return tuple(f for make in (_channels, _mix, _new, _heroes, _duds, _fell, _provinces) for f in make(one))


def missing(one: Sources) -> Iterable[Missing]:
    """A line for each part that no export has."""
    there: dict[str, Any] = {"channels": one.channels, "mix": one.mix["natural_share"][0] is not None}
    there |= {"new": one.new[0] is not None, "items": one.items, "provinces": one.provinces}
    there["live"] = one.live is not None
    for part, table in NEEDS.items():
        if not there[part]:
            reason = Note("cp.miss.mix") if part == "mix" and one.visits else None
            yield Missing(f"{key(one)}.{part}", f"question.campaign.{part}", (table,), reason)


# ---- findings --------------------------------------------------------------------------------------------------


def _channels(one: Sources) -> Iterable[Finding]:
    """All spend, and the channel that took most of it."""
    if not one.channels:
        return
    first, spend = one.channels[0], sum(c.spend for c in one.channels)
    args = name(one) | {"n": Arg(len(one.channels), "count"), "spend": Arg(spend, "money")}
    args |= {"channel": called(first), "share": Arg(first.share, "ratio")}
    facts: dict[str, Any] = {"value": spend, "unit": "money", "exhibit": f"{key(one)}.channels"}
    if first.roi is not None:
        args["roi"] = Arg(first.roi, "index")
    sentence = "cp.channels.noroi" if first.roi is None else "cp.channels" if one.channels[1:] else "cp.channels.one"
    yield Finding(f"{key(one)}.channels", sentence, args, Verdict.STATED, Severity.LOW, **facts)


def _mix(one: Sources) -> Iterable[Finding]:
    shares = {part: one.mix[f"{part}_share"][0] for part in ("natural", "content", "promoted")}
    if any(share is None for share in shares.values()):
        return
    args = name(one) | {part: Arg(share, "ratio") for part, share in shares.items()}
    facts: dict[str, Any] = {"value": shares["promoted"], "unit": "ratio", "baseline": one.mix["promoted_share"][1]}
    facts["exhibit"] = f"{key(one)}.mix"
    yield Finding(f"{key(one)}.mix", "cp.mix", args, Verdict.STATED, Severity.LOW, **facts)


def _new(one: Sources) -> Iterable[Finding]:
    """New buyers' share of all, as the platform calls them new, against the days before."""
    now, then = one.new
    if now is None:
        return
    args = name(one) | {"now": Arg(now, "ratio")}
    facts: dict[str, Any] = {"value": now, "unit": "ratio", "exhibit": f"{key(one)}.mix"}
    if then is None:
        yield Finding(f"{key(one)}.new", "cp.new", args, Verdict.STATED, Severity.LOW, **facts)
        return
    gap = now - then
    went = way(gap, SAME)
    args |= {"chg": Arg(abs(gap), "points"), "before": Arg(then, "ratio"), "base": span(one.before)}
    yield Finding(f"{key(one)}.new", f"cp.new.{went}", args, went, Severity.LOW, baseline=then, **facts)


def _heroes(one: Sources) -> Iterable[Finding]:
    found = one.items.of(HERO) if one.items else ()
    if not found:
        return
    share = sum(item.share or 0.0 for item in found)
    args = name(one) | {"n": Arg(len(found), "count"), "share": Arg(share, "ratio"), "items": _titles(found)}
    facts: dict[str, Any] = {"value": share, "unit": "ratio", "n": len(found), "exhibit": f"{key(one)}.items"}
    yield Finding(f"{key(one)}.heroes", _some("cp.heroes", found), args, Verdict.STATED, Severity.LOW, **facts)


def _duds(one: Sources) -> Iterable[Finding]:
    found = one.items.of(DUD) if one.items else ()
    if found:
        args = name(one) | {"n": Arg(len(found), "count"), "items": _titles(found)}
        facts: dict[str, Any] = {"exhibit": f"{key(one)}.items", "n": len(found), "method": "method.campaign_items"}
        yield Finding(f"{key(one)}.duds", _some("cp.duds", found), args, Verdict.FLAT, Severity.LOW, **facts)


def _fell(one: Sources) -> Iterable[Finding]:
    found = one.items.of(FELL) if one.items else ()
    if found:
        args = name(one) | {"n": Arg(len(found), "count"), "items": _titles(found)}
        facts: dict[str, Any] = {"exhibit": f"{key(one)}.items", "n": len(found), "method": "method.campaign_items"}
        facts |= {"kind": Kind.THREAT}
        sentence = _some("cp.cannibal", found)
        yield Finding(f"{key(one)}.cannibalised", sentence, args, Verdict.FELL, Severity.MEDIUM, **facts)


def _some(sentence: str, found: Sequence[Item]) -> str:
    """Some of the items are named, or all."""
    return sentence if len(found) > TOLD else f"{sentence}.all"


def _titles(found: Sequence[Item]) -> Arg:
    return Arg([Arg(item.title, "text") for item in found[:TOLD]], "text")


def _provinces(one: Sources) -> Iterable[Finding]:
    first = one.provinces[:TOLD]
    if len(one.provinces) <= TOLD:
        return
    now = sum(part.share for part in first)
    args = name(one) | {"provinces": Arg([Arg(p.name, "text") for p in first], "text"), "now": Arg(now, "ratio")}
    facts: dict[str, Any] = {"value": now, "unit": "ratio", "exhibit": f"{key(one)}.provinces"}
    sentence = "cp.provinces.only"
    if all(part.before is not None for part in first):
        then = sum(part.before or 0.0 for part in first)
        args["before"], facts["baseline"], sentence = Arg(then, "ratio"), then, "cp.provinces"
    yield Finding(f"{key(one)}.provinces", sentence, args, Verdict.STATED, Severity.INFO, **facts)


def called(channel: Channel) -> Arg:
    """A channel as a reader knows it: its scene, else its tool."""
    if channel.scene:
        return Arg(channel.scene, "text")
    return Arg(f"tool.{channel.tool}", "label") if channel.tool in kpis.TOOLS else Arg(channel.tool, "text")


# ---- exhibits --------------------------------------------------------------------------------------------------


def exhibits(result: Result, one: Sources, found: Sequence[Finding]) -> Iterable[Exhibit]:
    """Each under the findings that point at it."""
    for place, make in (("channels", _spent), ("mix", _shares), ("items", _items), ("provinces", _where)):
        if carried := told(found, f"{key(one)}.{place}"):
            yield make(result, one, f"{key(one)}.{place}", carried)


def _spent(result: Result, one: Sources, place: str, told: tuple[str, ...]) -> Exhibit:
    several = len({c.shop for c in one.channels}) > 1
    heads = [Column("shop", "text", "col.campaign.shop")] if several else []
    units = {"channel": "figure", "window": "count", "spend": "money", "share": "ratio", "credited": "money"}
    units |= {"roi": "index", "roi_before": "index"}
    heads += [Column(head, unit, f"col.campaign.{head}") for head, unit in units.items()]
    rows = tuple(
        (*((plain(result.shops.get(c.shop, c.shop)),) if several else ()), called(c), c.window, c.spend, c.share,
         c.credited, c.roi, c.before)
        for c in one.channels
    )  # fmt: skip
    notes = (Note("note.campaign.tools"), Note("note.campaign.ordinary", {"period": span(one.before)}))
    return Exhibit(place, "table", Table(f"{place}.table", tuple(heads), rows), told, notes)


def _shares(result: Result, one: Sources, place: str, told: tuple[str, ...]) -> Exhibit:
    heads = [Column("figure", "label", "col.campaign.figure"), Column("now", "figure", "col.campaign.during")]
    heads.append(Column("then", "figure", "col.campaign.ordinary"))
    lines = {f"score.{n}": (both, "ratio") for n, both in one.mix.items()}
    lines |= {"score.new_share": (one.new, "ratio"), "campaign.new_a_day": (one.new_a_day, "count")}
    rows = tuple(
        (label, *(None if v is None else Arg(v, unit) for v in both))
        for label, (both, unit) in lines.items()
        if both[0] is not None
    )
    notes = (Note("note.campaign.ordinary", {"period": span(one.before)}), Note("note.campaign.new"))
    return Exhibit(place, "table", Table(f"{place}.table", tuple(heads), rows), told, notes)


def _items(result: Result, one: Sources, place: str, told: tuple[str, ...]) -> Exhibit:
    """What added most, then whatever else has a name for what it did."""
    assert one.items
    units = {"item": "text", "amount": "money", "a_day": "index", "a_day_before": "index", "added": "money"}
    units |= {"added_share": "ratio", "field": "label"}
    heads = tuple(Column(head, unit, f"col.campaign.{head}") for head, unit in units.items())
    shown = [i for n, i in enumerate(one.items.items) if n < ROWS or i.field]
    rows = tuple(
        (i.title, i.amount, i.now, i.before, i.added, i.share, f"campaign.item.{i.field}" if i.field else None)
        for i in shown
    )
    notes = [Note("note.campaign.ordinary", {"period": span(one.items.before)}), Note("note.campaign.fields")]
    if len(shown) < len(one.items.items):
        notes.append(Note("note.campaign.more", {"n": Arg(len(one.items.items) - len(shown), "count")}))
    return Exhibit(place, "table", Table(f"{place}.table", heads, rows), told, tuple(notes))


def _where(result: Result, one: Sources, place: str, told: tuple[str, ...]) -> Exhibit:
    """Provinces, then order channels where orders state them."""
    heads = [Column("part", "text", "col.campaign.place"), Column("amount", "money", "col.campaign.amount")]
    heads.append(Column("share", "ratio", "col.campaign.share"))
    parts: list[Part] = [*one.provinces[:ROWS], *one.ways]
    told_before = any(p.before is not None for p in parts)
    heads += [Column("before", "ratio", "col.campaign.share_before")] if told_before else []
    rows = tuple((p.name, p.amount, p.share, *((p.before,) if told_before else ())) for p in parts)
    notes = [Note("note.campaign.ordinary", {"period": span(one.ordered)})] if told_before and one.ordered else []
    notes += [Note("note.campaign.ways")] if one.ways else []
    return Exhibit(place, "table", Table(f"{place}.table", tuple(heads), rows), told, tuple(notes))
