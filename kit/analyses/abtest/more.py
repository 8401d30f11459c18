"""What stands beside a verdict: guardrails, other metrics, days, segments, money, size, health, prices."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from kit.analyses.abtest.declare import keys
from kit.analyses.abtest.effects import Effect
from kit.analyses.abtest.judge import Guard, Judged, Test
from kit.analyses.abtest.money import Money
from kit.analyses.abtest.names import (
    DIFFERENCES,
    KEY,
    about,
    by_days,
    evidence,
    exhibit,
    group,
    measure,
    method,
    metric,
    part,
    readable,
    relative,
)
from kit.analyses.abtest.next_test import Need
from kit.analyses.abtest.path import Halves, Look
from kit.analyses.abtest.segments import RATE, Split
from kit.analyses.verdicts import AbtestVerdict as Verdict
from kit.findings import Arg, Finding, Kind, Note, Severity, Side, Soundness
from kit.stats.experiment.interaction import Interaction
from kit.stats.experiment.sums import Pairs

GUARDED = {
    "kept": (Verdict.KEPT, Severity.INFO),
    "unset": (Verdict.OPEN, Severity.INFO),
    "open": (Verdict.OPEN, Severity.LOW),
    "failed": (Verdict.WORSE, Severity.LOW),
}
"""By the state of a guardrail; one that decides is in the verdict's own sentence."""
MORE = {1: "more", -1: "less", 0: "open"}
"""By the sign of money, the end of its sentence's key."""
SHORT = 0.5
"""Share of the planned units under which a clear difference is said to be taken with care."""
TESTED = ("randomised", "rotation")
"""Allocations of which there is a test."""


def of(test: Test, one: Judged) -> Iterable[Finding]:
    """Of one variant; nothing beside a verdict that says the numbers are not to be read."""
    if not readable(test, one) or test.plan.allocation not in TESTED:
        return
    yield from (_guard(test, one, guard) for guard in one.guards if guard.effect.comparison.lift_low is not None)
    others = [e for e in test.of(one.name) if e.metric.role == "secondary" and e.comparison.differs]
    yield from (_other(test, one, effect) for effect in others if effect.comparison.lift is not None)
    if one.money:
        yield _money(test, one)
    if test.plan.allocation == "rotation" and any(lift is not None for _, lift in weekdays(test, one)):
        yield _rotated(test, one)
    if one.halves and one.halves.p is not None:
        yield _halves(test, one)
    yield from (_segment(test, one, split) for split in one.segments)
    if one.size and one.size.detectable is not None and one.size.path:
        yield _size(test, one)
    if one.size and one.size.ahead:
        yield _next(test, one, one.size.ahead)


def _guard(test: Test, one: Judged, guard: Guard) -> Finding:
    found, (verdict, severity) = guard.effect, GUARDED[guard.state]
    args = about(test, one) | relative(found.comparison) | {"guard": metric(found.metric)}
    args |= {"margin": Arg(found.metric.margin, "ratio")}
    key = part(test, one.name, measure(test, found.metric.name))
    where = exhibit(test, one, "forest")
    return Finding(key, f"ab.guard.{guard.state}", args, verdict, severity, exhibit=where, **_values(test, one, found))


def _other(test: Test, one: Judged, effect: Effect) -> Finding:
    args = about(test, one) | relative(effect.comparison) | {"metric": metric(effect.metric)}
    verdict = {"better": Verdict.BETTER, "worse": Verdict.WORSE}.get(effect.outcome, Verdict.OPEN)
    key, where = part(test, one.name, measure(test, effect.metric.name)), exhibit(test, one, "forest")
    facts = _values(test, one, effect)
    return Finding(key, "ab.more.clear", args, verdict, Severity.LOW, exhibit=where, **facts)


def _values(test: Test, one: Judged, effect: Effect) -> dict[str, Any]:
    found, p = effect.comparison, effect.p
    if effect.metric.margin is not None:
        assert test.reader
        against = test.reader.against(effect.metric, effect.variant)  # p of a loss of the margin, not of no difference
        p = None if against is None else against.p_high if effect.metric.better < 0 else against.p_low
    told = {"evidence": evidence(test, replace(one, effect=effect))}
    ends = {"value": found.difference, "low": found.low, "high": found.high, "baseline": found.control}
    return ends | told | {"level": found.level, "p_value": p, "unit": effect.metric.unit, "method": method(found)}


def _money(test: Test, one: Judged) -> Finding:
    assert one.money
    month, sign = one.money.per_month, one.money.sign
    middle, low, high = month or one.money.per_many
    args = about(test, one) | _amounts(middle, low, high, sign)
    facts: dict[str, Any] = {"value": middle, "low": low, "high": high, "unit": "money", "method": "method.ab.money"}
    facts |= {"level": one.money.level, "evidence": payback(one.money)}
    verdict = {1: Verdict.BETTER, -1: Verdict.WORSE, 0: Verdict.OPEN}[sign]
    sentence = f"ab.money{'' if month else '_many'}.{MORE[sign]}"
    severity = Severity.MEDIUM if one.decision.verdict in (Verdict.SHIP, Verdict.RECOMMEND) else Severity.INFO
    key, where = part(test, one.name, "money"), exhibit(test, one, "money")
    return Finding(key, sentence, args, verdict, severity, exhibit=where, **facts)


def _amounts(middle: float, low: float, high: float, sign: int) -> dict[str, Arg]:
    """More or less by how much; what may be either has its range alone, with signs."""
    if not sign:
        return {"lo_s": Arg(low, "money"), "hi_s": Arg(high, "money")}
    least, most = sorted((abs(low), abs(high)))
    return {"mid": Arg(abs(middle), "money"), "lo": Arg(least, "money"), "hi": Arg(most, "money")}


def payback(money: Money) -> Note | None:
    """When the cost of shipping is earned, at the estimate and at the bad end; None where no cost is known."""
    if not money.days_to_earn:
        return None
    days, bad = (None if d is None else max(1, math.ceil(d)) for d in money.days_to_earn)
    args = {"cost": Arg(money.cost, "money")}
    if days is None:
        return Note("note.ab.payback_never", args)
    args["n"] = Arg(days, "count")
    if bad is None:
        return Note("note.ab.payback_open", args)
    return (
        Note("note.ab.payback", args) if bad == days else Note("note.ab.payback_bad", args | {"m": Arg(bad, "count")})
    )


def _halves(test: Test, one: Judged) -> Finding:
    assert one.halves
    halves = one.halves
    args = about(test, one) | halved(halves)
    verdict, severity = (Verdict.OPEN, Severity.MEDIUM if halves.changed else Severity.INFO)
    sentence = f"ab.days.{'changed' if halves.changed else 'steady'}"
    facts: dict[str, Any] = {
        "p_value": halves.p,
        "method": "method.ab.interaction",
        "exhibit": exhibit(test, one, "days" if drawn(one) else "forest"),
    }
    return Finding(part(test, one.name, "days"), sentence, args, verdict, severity, **facts)


def halved(halves: Halves) -> dict[str, Arg]:
    """The effect in the first and in the last days."""
    days = {"n": Arg(halves.days[0], "count"), "m": Arg(halves.days[1], "count")}
    return days | {"a_s": Arg(halves.first.lift, "growth"), "b_s": Arg(halves.second.lift, "growth")}


def drawn(one: Judged) -> list[Look]:
    """The days of which an effect with its interval can be drawn; a single point is no path."""
    known = [(at, found) for at, found in one.looks if found.lift_low is not None]
    return known if len(known) > 1 else []


def weekdays(test: Test, one: Judged) -> list[tuple[int, float | None]]:
    """By weekday that saw both versions: by how much the variant is above the control, of the control."""
    assert test.reader and one.effect
    found = test.reader.sums.days.get(one.effect.metric.pair, {})
    made = []
    for weekday in range(7):
        arms = [a for at, a in found.items() if at.weekday() == weekday]
        control, variant = (_together([a[v] for a in arms if v in a]) for v in (test.control, one.name))
        if control is not None and variant is not None:
            made.append((weekday, variant / control - 1 if control > 0 else None))
    return made


def _together(arms: Sequence[Pairs]) -> float | None:
    """The ratio of all of them; None without a base."""
    whole = sum(arm.other for arm in arms)
    return sum(arm.total for arm in arms) / whole if whole > 0 else None


def _rotated(test: Test, one: Judged) -> Finding:
    """On how many weekdays the variant did better."""
    lifts = [lift for _, lift in weekdays(test, one) if lift is not None]
    better = sum(lift * test.plan.better > 0 for lift in lifts)
    args = about(test, one) | {"n": Arg(len(lifts), "count"), "k": Arg(better, "count")}
    where = exhibit(test, one, "days")
    return Finding(part(test, one.name, "days"), "ab.rotation_days", args, Verdict.OPEN, Severity.INFO, exhibit=where)


def segment_keys(one: Judged) -> dict[str, str]:
    """Each kind of segments as a part of keys."""
    return keys(split.segment for split in one.segments)


def _segment(test: Test, one: Judged, split: Split) -> Finding:
    """Whether the effect differs; before that, whether moved shares turn the total around."""
    args = about(test, one) | {"segment": Arg(split.segment, "text"), "n": Arg(len(split.groups), "count")}
    sentence, verdict, severity = "ab.seg.untested", Verdict.NONE, Severity.INFO
    ends = split.extremes()
    if split.test:
        sentence, verdict = "ab.seg.alike", Verdict.OPEN
        args["gap"] = visible(test, one, split.test)
    if split.bends and split.standard:
        sentence, verdict, severity = "ab.seg.mix", Verdict.OPEN, Severity.HIGH
        args |= _mixed(one, split)
    elif split.differs and ends:
        sentence, verdict, severity = "ab.seg.differ", Verdict.OPEN, Severity.MEDIUM
        high, low = ends
        args |= {"high": group(high), "a_s": Arg(high.comparison.lift, "growth")}
        args |= {"low": group(low), "b_s": Arg(low.comparison.lift, "growth")}
    kinds = segment_keys(one)
    key = part(test, one.name, f"segment_{kinds[split.segment]}")
    where = exhibit(test, one, f"segments_{kinds[split.segment]}")
    facts: dict[str, Any] = {"p_value": split.p, "method": "method.ab.interaction", "exhibit": where}
    return Finding(key, sentence, args, verdict, severity, **facts)


def visible(test: Test, one: Judged, found: Interaction) -> Arg:
    """How far a group has to be from the others to be told apart: that none is seen to be proves no more."""
    assert one.effect
    unit = "points" if found.scale == "lift" else DIFFERENCES.get(one.effect.metric.unit, "index")
    return Arg(found.visible(RATE, test.plan.power), unit)


def _mixed(one: Judged, split: Split) -> dict[str, Arg]:
    """The total, the effect at equal shares, and the segment whose share moved."""
    assert split.standard and one.effect
    unit = DIFFERENCES.get(one.effect.metric.unit, "index")
    before, after = split.moved.shares
    told = {"which": group(split.moved), "a": Arg(before, "ratio"), "b": Arg(after, "ratio")}
    at = split.standard.comparison.difference
    return told | {"pooled_s": Arg(split.standard.pooled, unit), "standard_s": Arg(at, unit)}


def _size(test: Test, one: Judged) -> Finding:
    assert one.size
    args = about(test, one) | {"mde": Arg(one.size.detectable, "ratio"), "plan": Arg(test.plan.mde, "ratio")}
    sentence = "ab.power" if test.plan.mde else "ab.power_bare"
    if _fell_short(one):
        sentence, args = "ab.power_small", args | {"done": Arg(one.size.done, "ratio")}
    facts: dict[str, Any] = {"value": one.size.detectable, "unit": "ratio", "method": "method.ab.power"}
    verdict = Verdict.OPEN if one.size.adequate is False else Verdict.KEPT
    where = exhibit(test, one, "power")
    return Finding(part(test, one.name, "size"), sentence, args, verdict, Severity.INFO, exhibit=where, **facts)


def _fell_short(one: Judged) -> bool:
    """Whether a difference was seen in far fewer units than were planned: what stands out of so few is too large."""
    seen = one.effect is not None and one.effect.comparison.differs
    return seen and one.size is not None and one.size.done is not None and one.size.done < SHORT


def _next(test: Test, one: Judged, need: Need) -> Finding:
    """What it takes to find the planned difference."""
    args = about(test, one) | {"target": Arg(need.lift, "ratio"), "units": Arg(need.per_arm, "count")}
    args |= {"n": Arg(need.days, "count")} if need.days else {}
    facts: dict[str, Any] = {"value": float(need.per_arm), "unit": "count", "method": "method.ab.power"}
    sentence, where = "ab.need" if need.days else "ab.need_bare", exhibit(test, one, "size")
    if by_days(test, one):
        sentence, args = "ab.need_days", args | {"n": Arg(need.per_arm, "count")}
    return Finding(part(test, one.name, "next"), sentence, args, Verdict.KEPT, Severity.INFO, exhibit=where, **facts)


def health(test: Test) -> Iterable[Finding]:
    """How many checks are passed, and which are not."""
    if not test.checks:
        return
    off = [check for check in test.checks if check.light in ("warn", "fail")]
    bad = [check for check in off if check.light == "fail"]
    n = len([check for check in test.checks if check.light != "none"])
    args: dict[str, Any] = {"test": Arg(test.plan.name, "text"), "n": Arg(n, "count"), "k": Arg(len(off), "count")}
    args["which"] = [Arg(f"ab.check.{check.code}", "label") for check in bad or off]
    light = "fail" if bad else "warn" if off else "ok"
    verdict = Soundness.BROKEN if bad else Soundness.LIMITED if off else Verdict.KEPT
    severity = Severity.LOW if off else Severity.INFO  # the verdict itself weighs; this says why
    facts: dict[str, Any] = {"unsound": bool(bad), "exhibit": exhibit(test, None, "health")}
    facts["kind"] = Kind.DATA if off else Kind.STATE
    facts |= {"method": "method.ab.srm"} if any(check.code == "srm" for check in test.checks) else {}
    yield Finding(f"{KEY}.{test.plan.key}.health", f"ab.health.{light}", args, verdict, severity, **facts)
    for check in off:
        if check.code == "srm" and check.light == "warn":
            told = {"test": Arg(test.plan.name, "text"), **dict(check.args)}
            own = facts | {"kind": Kind.DATA, "unsound": True}
            key = f"{KEY}.{test.plan.key}.split"
            yield Finding(key, "ab.srm_warn", told, Soundness.LIMITED, Severity.HIGH, **own)


def price(test: Test) -> Iterable[Finding]:
    """Buyers who see different prices at the same time: whatever the result, somebody has to clear it first."""
    if test.plan.prices and test.plan.allocation in ("randomised", "platform-optimised"):
        args = {"test": Arg(test.plan.name, "text")}
        facts: dict[str, Any] = {"kind": Kind.THREAT, "action": Note("ab.do.price", args), "side": Side.BRAND}
        key = f"{KEY}.{test.plan.key}.price"
        yield Finding(key, "ab.price", args, Verdict.OPEN, Severity.HIGH, **facts)
