"""The findings on buyers: new and returning, who came again, members, audiences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from kit.analyses.buyers.again import LEVEL
from kit.analyses.buyers.result import Again, Audience, Back, Beyond, Heads, Members, Result, Split, Stage
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.findings import Arg, Finding, Kind, Note, Severity, plain, slug
from kit.stats import months
from kit.stats.bases import Days

KEY = "review.buyers"
LIMITS = "method.review_limits"
YEARS = ("year", "joined", "spring")
"""Comparisons with a year before (``bases.Base.name``)."""
Given = dict[str, Arg]


def findings(result: Result) -> tuple[Finding, ...]:
    said = [f for one in result.splits for f in _split(result, one)]
    said += [f for one in result.back for f in _back(result, one)]
    said += [f for one in result.members for f in _members(result, one)]
    return (*said, *(f for one in result.audiences for f in _audience(result, one)))


# ---- new and returning -----------------------------------------------------------------------------------------


def _split(result: Result, one: Split) -> Iterable[Finding]:
    """The share of new buyers against the period before, with the scorecard's verdict; then against the year before."""
    key, about = f"{KEY}.{one.shop}.split", {"shop": shop(result, one.shop)}
    facts: dict[str, Any] = {"unit": "ratio", "exhibit": key, "method": LIMITS if one.usual else None}
    facts |= {"evidence": _evidence("r.buyersev", one.usual, "ratio"), "kind": Kind.STATE}
    now, previous = one.now, one.pairs.get("previous")
    args = about | {"share": Arg(now.share, "ratio")}
    verdict, severity = judged(one.usual)
    if previous is None:
        args["old"] = Arg(1 - now.share, "ratio")
        yield Finding(f"{key}.now", "r.buyers.only", args, verdict, severity, value=now.share, **facts)
    else:
        args |= change(result, "previous", *previous)
        sentence = "r.buyers.usual" if one.usual and not one.usual.side else "r.buyers"
        yield Finding(
            f"{key}.now", sentence, args, verdict, severity, value=now.share, baseline=previous[1].share, **facts
        )
    for name in (n for n in YEARS if n in one.pairs):
        then = one.pairs[name]
        args = about | {"share": Arg(then[0].share, "ratio")} | change(result, name, *then)
        value = {"value": then[0].share, "baseline": then[1].share, "unit": "ratio", "exhibit": key}
        yield Finding(f"{key}.year", "r.buyersyear", args, Verdict.UNJUDGED, Severity.INFO, **value)  # type: ignore[arg-type]


def change(result: Result, name: str, now: Heads, then: Heads) -> Given:
    """What a comparison's two spans differ by."""
    base = next(b for b in result.compared if b.name == name)
    new, old, share = now.since(then)
    args = {"base": period(base.then), "span": period(base.now), "chg": Arg(share, "points")}
    return args | {"chg_s": args["chg"], "new_s": Arg(new, "growth"), "old_s": Arg(old, "growth")}


def judged(usual: Beyond | None) -> tuple[Verdict, Severity]:
    """Nothing is beyond normal variation unless limits say so; without limits there is no verdict."""
    if usual is None:
        return Verdict.UNJUDGED, Severity.INFO
    return (Verdict.UNUSUAL, Severity.MEDIUM) if usual.side else (Verdict.NORMAL, Severity.INFO)


def _evidence(key: str, usual: Beyond | None, unit: str) -> Note | None:
    if usual is None:
        return None
    side = {1: "above", -1: "below", 0: "inside"}[usual.side]
    return Note(f"{key}.{side}", limits(usual, unit))


def limits(usual: Beyond, unit: str) -> Given:
    args = {"value": Arg(usual.value, unit), "m": Arg(usual.limits.n, "count")}
    return args | {"lo": Arg(usual.limits.low, unit), "hi": Arg(usual.limits.high, unit)}


# ---- bought again ----------------------------------------------------------------------------------------------


def _back(result: Result, one: Back) -> Iterable[Finding]:
    key = f"{KEY}.{one.shop}.again"
    assert result.days
    args = {"shop": shop(result, one.shop), "period": period(result.days)}
    yield _again(f"{key}.repurchase", "r.repurchase", args, one.repurchase, key)
    if one.comeback and one.base:
        yield _again(f"{key}.comeback", "r.comeback", args | {"base": period(one.base)}, one.comeback, key)


def _again(key: str, sentence: str, args: Given, one: Again, exhibit: str) -> Finding:
    args = args | {"rate": Arg(one.rate, "rate"), "n": Arg(one.n, "count.people"), "m": Arg(one.k, "count.people")}
    ends = {"lo": Arg(one.low, "rate"), "hi": Arg(one.high, "rate"), "lvl": Arg(LEVEL, "level")}
    facts: dict[str, Any] = {"value": one.rate, "unit": "rate", "low": one.low, "high": one.high, "level": LEVEL}
    facts |= {"n": one.n, "exhibit": exhibit, "method": "method.again", "evidence": Note("r.againev", ends)}
    return Finding(key, sentence, args, Verdict.UNJUDGED, Severity.INFO, **facts)


# ---- members and audiences -------------------------------------------------------------------------------------


def _members(result: Result, one: Members) -> Iterable[Finding]:
    last, key = one.months[-1], f"{KEY}.{one.shop}.members"
    args = {"shop": shop(result, one.shop), "month": month(last.month)}
    verdict, severity = judged(one.usual)
    facts: dict[str, Any] = {"exhibit": key, "method": LIMITS if one.usual else None}
    facts["evidence"] = _evidence("r.membersev", one.usual, "ratio")
    if last.paid_share is None:
        return
    facts |= {"value": last.paid_share, "unit": "ratio"}
    args["share"] = Arg(last.paid_share, "ratio")
    if last.buyer_share is None:
        yield Finding(f"{key}.share", "r.members.paid", args, verdict, severity, **facts)
    else:
        args["buyers"] = Arg(last.buyer_share, "ratio")
        yield Finding(f"{key}.share", "r.members", args, verdict, severity, **facts)


def _audience(result: Result, one: Audience) -> Iterable[Finding]:
    """The stage that changed most against the month before, and any that is beyond its normal variation."""
    key = audience_key(one)
    known = [(s, s.growth) for s in one.stages if s.growth is not None]
    largest = max(known, key=lambda pair: abs(pair[1]), default=None)
    for stage, growth in known:
        outside = stage.usual is not None and stage.usual.side != 0
        if outside or (largest and stage is largest[0]):
            yield _stage(result, one, stage, growth, key)


def _stage(result: Result, one: Audience, stage: Stage, growth: float, key: str) -> Finding:
    args = {"shop": shop(result, one.shop), "model": Arg(one.model, "text"), "stage": Arg(stage.name, "text")}
    args |= {"value": Arg(stage.now, "count.people"), "chg": Arg(growth, "growth"), "month": month(one.month)}
    verdict, severity = judged(stage.usual)
    evidence = _evidence("r.audienceev", stage.usual, "count.people")
    facts: dict[str, Any] = {"value": stage.now, "unit": "count.people", "baseline": stage.before, "exhibit": key}
    facts |= {"evidence": evidence, "method": LIMITS if stage.usual else None}
    return Finding(f"{key}.{slug(stage.name)}", "r.audience", args, verdict, severity, **facts)


# ---- arguments -------------------------------------------------------------------------------------------------


def audience_key(one: Audience) -> str:
    return f"{KEY}.{one.shop or 'all'}.audience_{one.model.lower()}"


def shop(result: Result, key: str) -> Arg:
    return Arg(plain(result.names.get(key, key)), "text") if key else Arg("review.shops", "label")


def period(days: Days) -> Arg:
    """A span by its name: a month, a run of months, or its days."""
    ends = {"start": plain(days.start), "end": plain(days.end)}
    return Arg(ends, "month-range" if months.whole(days.start, days.end) else "period")


def month(first: dt.date) -> Arg:
    return Arg(f"{first:%Y-%m}", "month")
