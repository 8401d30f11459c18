"""The findings on reputation and service: bursts, reasons, how far refunds are in, and answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from kit.analyses.service.result import Burst, Desk, Reason, Reasons, Result, Reviews, Ripe
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.findings import Arg, Finding, Kind, Note, Severity, plain, slug
from kit.stats.bases import Days
from kit.stats.refund_lag import Open
from kit.stats.refund_lag import Verdict as Ripeness

KEY = "review.service"
LEVEL = 0.95
"""Of the interval of refunds to come (``kit.stats.refund_lag``)."""
SECONDS = "count.seconds"
Given = dict[str, Arg]


def findings(result: Result) -> tuple[Finding, ...]:
    """Bursts, then reasons, then refunds by payment, then the desk; shop by shop."""
    said = [f for one in result.reviews for f in _reviews(result, one)]
    said += [f for one in result.reasons for f in _reasons(result, one)]
    said += [f for one in result.ripe for f in _ripe(result, one)]
    return (*said, *(_desk(result, one) for one in result.desks))


def _reviews(result: Result, one: Reviews) -> Iterable[Finding]:
    key = f"{KEY}.{one.shop}.reviews"
    facts: dict[str, Any] = {"n": one.total, "exhibit": key, "method": "method.burst"}
    for burst in one.bursts:
        yield _burst(result, one, burst, facts)
    args = {"shop": shop(result, one.shop), "n": Arg(one.total, "count")}
    if not one.judged:
        yield Finding(f"{key}.short", "r.badshort", args, Verdict.NONE, Severity.INFO, **facts)
    elif not one.bursts:
        yield Finding(f"{key}.usual", "r.badnone", args, Verdict.NORMAL, Severity.LOW, **facts)


def _burst(result: Result, one: Reviews, burst: Burst, facts: dict[str, Any]) -> Finding:
    args = {"date": Arg(plain(burst.start), "date"), "n": Arg(burst.first, "count")}
    args |= {"shop": shop(result, one.shop)}
    args |= {"topic": Arg(burst.topic, "text")} if burst.topic else {}
    args |= {"x": Arg(burst.times, "times")} if burst.times else {}
    named = "" if burst.topic else ".notopic"
    sentence = ("r.bad" if burst.times else "r.badnew") + named
    ask = Note("r.badask.item", {"item": Arg(burst.item, "text")}) if burst.item else Note("r.badask.any")
    key = f"{KEY}.{one.shop}.reviews.b{burst.start:%Y%m%d}"
    facts = facts | {"value": float(burst.first), "unit": "count", "baseline": burst.expected, "action": ask}
    evidence = Note("r.badev", spread(burst))
    return Finding(key, sentence, args, Verdict.UNUSUAL, Severity.HIGH, Kind.THREAT, evidence=evidence, **facts)


def spread(burst: Burst) -> Given:
    """How many were to be expected, and how long it lasted."""
    args = {"exp": Arg(burst.expected, "count"), "total": Arg(burst.total, "count")}
    return args | {"k": Arg(burst.days, "count"), "usual": Arg(burst.usual, "index")}


def _reasons(result: Result, one: Reasons) -> Iterable[Finding]:
    key = f"{KEY}.{one.shop}.reasons"
    args = {"shop": shop(result, one.shop), "n": Arg(one.cases, "count"), "amount": Arg(one.amount, "money")}
    facts: dict[str, Any] = {"exhibit": key, "n": one.cases}
    if one.reasons:
        first = one.reasons[0]
        args |= {"reason": Arg(first.reason, "text"), "share": Arg(first.share, "ratio")}
        facts |= {"value": first.share, "unit": "ratio", "baseline": first.before}
    sentence = "r.reasons" if one.reasons else "r.reasonsunsaid"
    yield Finding(f"{key}.first", sentence, args, Verdict.NORMAL, Severity.LOW, **facts)
    yield from (_moved(result, one, reason, key) for reason in one.reasons if reason.moved)


def _moved(result: Result, one: Reasons, reason: Reason, key: str) -> Finding:
    change = reason.share - (reason.before or 0.0)
    args = {"reason": Arg(reason.reason, "text"), "from": Arg(reason.before, "ratio"), "to": Arg(reason.share, "ratio")}
    args |= {"shop": shop(result, one.shop)}
    verdict = Verdict.ROSE if change > 0 else Verdict.FELL
    facts: dict[str, Any] = {"value": reason.share, "unit": "ratio", "baseline": reason.before, "n": one.cases}
    facts |= {"exhibit": key, "method": "method.reasons"}
    severity = Severity.MEDIUM if change > 0 else Severity.LOW
    return Finding(f"{key}.moved.{slug(reason.reason)}", "r.reasonmoved", args, verdict, severity, **facts)


def _ripe(result: Result, one: Ripe) -> Iterable[Finding]:
    key = f"{KEY}.{one.shop}.ripe"
    about = {"shop": shop(result, one.shop), "period": period(result.days)}
    yield _fresh(one.now, about, key)
    if one.before and one.then is not None and result.base and one.before.refunded > one.then:
        old, new = one.before.paid - one.then, one.before.paid - one.before.refunded
        args = {"shop": shop(result, one.shop), "period": period(result.base), "date": day(result.base.end)}
        args |= {"old": Arg(old, "money"), "new": Arg(new, "money"), "diff": Arg(old - new, "money")}
        facts: dict[str, Any] = {"value": new, "unit": "money", "baseline": old, "exhibit": key}
        yield Finding(f"{key}.restated", "r.restated", args, Verdict.FELL, Severity.LOW, Kind.DATA, **facts)


def _fresh(now: Open, about: Given, key: str) -> Finding:
    """Preliminary with what is expected, preliminary without, or settled."""
    args, final = about | {"now": Arg(now.share, "rate")}, now.final
    facts: dict[str, Any] = {"value": now.share, "unit": "rate", "exhibit": key, "method": "method.refund_lag"}
    if now.verdict == Ripeness.SETTLED:
        return Finding(f"{key}.now", "r.ripe", args, Verdict.SETTLED, Severity.INFO, Kind.DATA, **facts)
    if final is None:
        return Finding(f"{key}.now", "r.freshopen", args, Verdict.PRELIMINARY, Severity.MEDIUM, Kind.DATA, **facts)
    ends = {"fin": Arg(final.share, "rate"), "lo": Arg(final.low, "rate"), "hi": Arg(final.high, "rate")}
    facts |= {"low": final.low, "high": final.high, "level": LEVEL}
    return Finding(f"{key}.now", "r.fresh", args | ends, Verdict.PRELIMINARY, Severity.MEDIUM, Kind.DATA, **facts)


def _desk(result: Result, one: Desk) -> Finding:
    key, args = f"{KEY}.{one.shop}.desk", {"shop": shop(result, one.shop)}
    now, before = one.now["response_seconds"], one.before.get("response_seconds")
    if now is None or one.slowest is None:
        return Finding(f"{key}.scores", "r.desk", args, Verdict.NORMAL, Severity.INFO, exhibit=key)
    args |= {"now": Arg(now, SECONDS), "date": day(one.slowest[0]), "peak": Arg(one.slowest[1], SECONDS)}
    facts: dict[str, Any] = {"value": now, "unit": SECONDS, "baseline": before, "exhibit": key}
    if before is not None:
        args |= {"before": Arg(before, SECONDS)}
    sentence = "r.response" if before is not None else "r.response.only"
    return Finding(f"{key}.response", sentence, args, Verdict.NORMAL, Severity.LOW, **facts)


def shop(result: Result, key: str) -> Arg:
    return Arg(plain(result.names.get(key, key)), "text")


def period(days: Days) -> Arg:
    return Arg({"start": plain(days.start), "end": plain(days.end)}, "period")


def day(date: dt.date) -> Arg:
    return Arg(plain(date), "date")
