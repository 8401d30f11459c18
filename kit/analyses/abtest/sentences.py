"""The findings on a test: its verdict, one sentence each, and what stands beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kit.analyses.abtest import change_page, more
from kit.analyses.abtest.declare import shares
from kit.analyses.abtest.judge import Judged, Test
from kit.analyses.abtest.names import (
    KEY,
    about,
    absolute,
    called,
    evidence,
    exhibit,
    measure,
    method,
    metric,
    part,
    readable,
    relative,
)
from kit.analyses.abtest.next_test import Need
from kit.analyses.verdicts import AbtestVerdict as Verdict
from kit.findings import Arg, Finding, Note, Severity, plain
from kit.stats.experiment.comparison import Comparison

ROLLOUT, WATCH = 0.25, 7
"""Share of traffic that a winner gets first, if it has not had more, and the days that it is watched there."""
WEIGHT = {
    Verdict.SHIP: Severity.HIGH,
    Verdict.DONT_SHIP: Severity.HIGH,
    Verdict.FIX: Severity.HIGH,
    Verdict.RECOMMEND: Severity.HIGH,
    Verdict.DESCRIBED: Severity.LOW,
}
"""Of a verdict; every other is medium."""


def findings(test: Test) -> tuple[Finding, ...]:
    """The verdict of each variant, then what else there is to say of it; of a test without data, what is lacking."""
    changed = [f for change in test.changes for f in change_page.findings(test, change)]
    if not test.variants:
        return (*(changed or [_lacking(test)]), *more.price(test))
    split = [variant for variant in test.variants if variant.decision.verdict != Verdict.WEAK]
    made = [f for variant in split for f in (verdict(test, variant), *more.of(test, variant))] + changed
    return (*made, *more.health(test), *more.price(test))


def verdict(test: Test, one: Judged) -> Finding:
    """What is to become of a variant."""
    sentence, args = _said(test, one)
    found = one.decision.verdict
    facts: dict[str, Any] = {"evidence": evidence(test, _spoken(one)), "action": _action(test, one)}
    facts |= numbers(one) if readable(test, one) else {}
    key = part(test, one.name, measure(test, test.plan.primary))
    severity = WEIGHT.get(found, Severity.MEDIUM)
    place = exhibit(test, one, "forest" if readable(test, one) else "health")
    return Finding(key, sentence, args, found, severity, exhibit=place, unsound=found == Verdict.FIX, **facts)


def _spoken(one: Judged) -> Judged:
    """With the metric that the sentence is about: where a guardrail decides, that one."""
    if one.decision.verdict == Verdict.DONT_SHIP and one.decision.reason == "guardrail":
        return replace(one, effect=one.guard("failed").effect)
    return one


def numbers(one: Judged) -> dict[str, Any]:
    """The machine-readable part: the difference in the metric's own unit, its interval, the control's value."""
    assert one.effect
    found, metric = one.effect.comparison, one.effect.metric
    facts: dict[str, Any] = {"value": found.difference, "low": found.low, "high": found.high, "baseline": found.control}
    facts |= {"level": found.level, "p_value": one.effect.p, "unit": metric.unit}
    return facts | {"method": method(found)}


# ---- the one sentence ------------------------------------------------------------------------------------------


def _said(test: Test, one: Judged) -> tuple[str, dict[str, Arg]]:
    """The sentence of a verdict and its numbers."""
    assert one.effect
    found, name, reason = one.effect.comparison, one.decision.verdict, one.decision.reason
    args = about(test, one) | (relative(found) if readable(test, one) else {})
    if name == Verdict.SHIP:
        return _either("ab.ship_price" if test.plan.prices else "ab.ship", one, args)
    if name == Verdict.SAME:
        return "ab.same", args | {"margin": Arg(test.plan.mde, "ratio")}
    if name == Verdict.RECOMMEND:
        return _either("ab.rotation.clear", one, args | {"n": Arg(len(test.dates), "count")})
    if name == Verdict.UNDERPOWERED:
        return _too_small(test, one, args)
    if name == Verdict.DESCRIBED:
        known = found.lift is not None
        return f"ab.described.{reason}{'' if known else '_diff'}", args | ({} if known else absolute(one))
    return SAID[name](test, one, args)


def _either(sentence: str, one: Judged, args: dict[str, Arg]) -> tuple[str, dict[str, Arg]]:
    """The sentence with the relative change, or (``_diff``) with the difference where there is no lift with its
    range."""
    assert one.effect
    bare = one.effect.comparison.lift_low is None
    return (f"{sentence}_diff", args | absolute(one)) if bare else (sentence, args)


def _too_small(test: Test, one: Judged, args: dict[str, Arg]) -> tuple[str, dict[str, Arg]]:
    found = one.size.detectable if one.size else None
    args |= {"mde": Arg(found, "ratio"), "plan": Arg(test.plan.mde, "ratio")}
    ruled = _ruled_out(test, one)
    return ("ab.underpowered_ruled", args | ruled) if ruled else ("ab.underpowered", args)


def _ruled_out(test: Test, one: Judged) -> dict[str, Arg]:
    """The gain and the loss beyond which nothing is; empty where there is no lift with its range."""
    assert one.effect
    found = one.effect.comparison
    if found.lift_low is None or found.lift_high is None:
        return {}
    low, high = abs(min(found.lift_low, 0.0)), max(found.lift_high, 0.0)
    best, worst = (high, low) if test.plan.better > 0 else (low, high)
    return {"best": Arg(best, "growth"), "worst": Arg(worst, "growth")}


def _worse(test: Test, one: Judged, args: dict[str, Arg]) -> tuple[str, dict[str, Arg]]:
    if one.decision.reason == "guardrail":
        guard = one.guard("failed").effect
        bare = guard.metric.margin is None
        told = {"guard": metric(guard.metric), "g": Arg(_worsening(guard.comparison), "growth")}
        return f"ab.guardrail{'_bare' if bare else ''}", args | told | {"margin": Arg(guard.metric.margin, "ratio")}
    return _either("ab.dont_ship", one, args)


def _worsening(found: Comparison) -> float | None:
    """As a part of the control's value; the sentence says that it is one."""
    if found.lift is not None:
        return abs(found.lift)
    return abs(found.difference / found.control) if found.difference is not None and found.control else None


def _undecided(test: Test, one: Judged, args: dict[str, Arg]) -> tuple[str, dict[str, Arg]]:
    assert one.effect
    if one.decision.reason == "looks":
        from kit.stats.experiment.looks import false_alarms

        plan = test.plan
        infl = Arg(false_alarms(plan.looks + 1, plan.alpha), "ratio")
        return "ab.looks", args | {"k": Arg(plan.looks, "count"), "alpha": Arg(plan.alpha, "ratio"), "infl": infl}
    if one.decision.reason == "second":
        return _either("ab.second", one, args | {"best": Arg(test.winner, "text")})
    if one.decision.reason in HELD:
        return _either(f"ab.{HELD[one.decision.reason]}", one, args | _held(one))
    if test.plan.allocation == "rotation":
        return _either("ab.rotation.open", one, args | {"n": Arg(len(test.dates), "count")})
    ruled = _ruled_out(test, one)
    return ("ab.undecided", args | ruled) if ruled else ("ab.undecided_diff", args | absolute(one))


HELD = {"guardrail": "guardrail_open", "guardrail_missing": "guardrail_missing", "loses": "loses", "faded": "faded"}
"""By the reason for which a gain is not acted on, its sentence."""


def _held(one: Judged) -> dict[str, Arg]:
    """What a gain is not acted on for: a guardrail with its margin if the data bring it, the revenue, or both halves of
    the days."""
    if one.decision.reason == "loses":
        assert one.money
        return {"mid": Arg(abs(one.money.per_many[0]), "money")}
    if one.decision.reason == "faded":
        assert one.halves
        return more.halved(one.halves)
    if one.decision.reason == "guardrail_missing":
        return {"guard": called(one.lacking[0])}
    guard = one.guard("open").effect.metric
    return {"guard": metric(guard), "margin": Arg(guard.margin, "ratio")}


def _running(test: Test, one: Judged, args: dict[str, Arg]) -> tuple[str, dict[str, Arg]]:
    args |= {"date": Arg(plain(test.plan.end), "date")}
    if one.decision.reason == "week":
        return _either("ab.run_week", one, args | {"n": Arg(len(test.dates), "count")})
    if one.decision.reason in HELD:
        return _either(f"ab.run_{HELD[one.decision.reason]}", one, args | _held(one))
    if test.plan.sequential:
        return "ab.run_sequential", args
    done = one.size.done if one.size else None
    return ("ab.run_bare", args) if done is None else ("ab.run", args | {"done": Arg(done, "ratio")})


def _broken(test: Test, one: Judged, args: dict[str, Arg]) -> tuple[str, dict[str, Arg]]:
    check = next(check for check in test.checks if check.code == one.decision.reason)
    return f"ab.fix.{check.code}", args | dict(check.args)


def _nothing(test: Test, one: Judged, args: dict[str, Arg]) -> tuple[str, dict[str, Arg]]:
    if one.decision.reason == "zero":
        return "ab.zero", args
    return "ab.none", args | {"why": Arg(f"ab.why.{one.decision.reason}", "label")}


SAID = {
    Verdict.DONT_SHIP: _worse,
    Verdict.UNDECIDED: _undecided,
    Verdict.RUN: _running,
    Verdict.FIX: _broken,
    Verdict.NONE: _nothing,
}


def _lacking(test: Test) -> Finding:
    """A test that cannot be compared at all."""
    args = {"test": Arg(test.plan.name, "text")}
    key = f"{KEY}.{test.plan.key}.verdict"
    if test.why == "undeclared":
        return Finding(key, "ab.described.undeclared", args, Verdict.DESCRIBED, Severity.MEDIUM)
    args |= {"why": Arg(f"ab.why.{test.why}", "label")}
    return Finding(key, "ab.none", args, Verdict.NONE, Severity.MEDIUM)


# ---- its parts -------------------------------------------------------------------------------------------------


def _action(test: Test, one: Judged) -> Note | None:
    args: dict[str, Any] = dict(about(test, one))
    name = one.decision.verdict
    if name == Verdict.SHIP:
        if test.plan.prices:
            return None  # the finding on the prices has the step
        return _rollout(test, one, args)
    if name == Verdict.FIX:
        return Note(f"ab.do.fix.{one.decision.reason}", args)
    if name == Verdict.RECOMMEND:
        return Note("ab.do.recommend", args)
    if one.decision.reason == "looks":
        return Note("ab.do.looks", args)
    need = _next(test, one)
    if need and need.days:
        return Note("ab.do.next", args | {"target": Arg(need.lift, "ratio"), "n": Arg(need.days, "count")})
    return None


def _rollout(test: Test, one: Judged, args: dict[str, Any]) -> Note:
    """No less traffic than the winner has had; without an agreed margin there is no limit that could be passed."""
    assert test.reader
    people, limited = test.reader.sums.people, any(guard.effect.metric.margin is not None for guard in one.guards)
    had = shares(test.plan, test.reader.sums.variants).get(one.name) or people.get(one.name, 0) / sum(people.values())
    worse = [e.metric for e in test.of(one.name) if e.metric.role == "secondary" and e.outcome == "worse"]
    watch = [metric(m) for m in (*(guard.effect.metric for guard in one.guards), *worse)]
    watch = watch or [Arg("ab.metric.refund_rate", "label")]
    args |= {"share": Arg(max(ROLLOUT, had), "ratio"), "n": Arg(WATCH, "count"), "watch": watch}
    return Note("ab.do.ship" if limited else "ab.do.ship_bare", args)


def _next(test: Test, one: Judged) -> Need | None:
    """What would tell: the planned difference after a test too small for it, a smaller one after a test that wasn't."""
    name, size = one.decision.verdict, one.size
    if size is None or not (name == Verdict.UNDERPOWERED or one.decision.reason == "adequate"):
        return None
    if name == Verdict.UNDERPOWERED:
        return size.planned
    found = size.detectable
    return max((n for n in size.curve if found and n.lift < found), key=lambda need: need.lift, default=None)
