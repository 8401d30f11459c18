"""Findings on the share of the whole category, and on what the platform itself states of named brands and shops."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from kit.analyses.shares.category import Category, Share
from kit.analyses.shares.page import KEY, Given, Result, adding, ends, severity
from kit.analyses.shares.stated import Stated
from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.findings import Arg, Finding, Kind, Missing, Note, Severity, plain

LEVEL = 0.0005
"""A change of a share under this is written as level."""


def about(result: Result, one: Category) -> Given:
    """Category, platform, brand and months."""
    share = one.share
    made = {
        "platform": Arg(f"platform.{one.platform}", "label"),
        "category": Arg(one.category, "text"),
        "brand": result.brand,
    }
    if share:
        made["span"] = _months(share.span)
    return made | ({"base": _months(share.base)} if share and share.base else {})


def _months(span: Any) -> Arg:
    return Arg({"start": plain(span[0]), "end": plain(span[-1])}, "month-range")


def category(result: Result, one: Category) -> Iterable[Finding]:
    """The own share of the category's money, its change, and the parts of the change of the own sales."""
    share = one.share
    if share is None:
        return
    if share.before is None or share.change is None:
        yield _level(result, one, share)
        return
    yield _change(result, one, share)
    if share.parts:
        yield _parts(result, one, share)


def _finding(
    result: Result,
    one: Category,
    name: str,
    sentence: str,
    args: Given,
    verdict: StrEnum,
    weight: Severity,
    **rest: Any,
) -> Finding:
    key = f"{KEY}.{one.platform}.category"
    where = {"exhibit": f"{key}.table", "method": "method.category_share"}
    return Finding(f"{key}.{name}", sentence, about(result, one) | args, verdict, weight, **(where | rest))


def _level(result: Result, one: Category, share: Share) -> Finding:
    args = {"share": Arg(share.now.low, "rate")}
    sentence = "m.share.only"
    if not share.now.exact:
        args, sentence = _between(share), "m.sharerange.only"
    rest = {"low": share.now.low, "high": share.now.high, "unit": "rate"}
    return _finding(result, one, "share", sentence, args, Verdict.RANKED, Severity.LOW, **rest)


def _between(share: Share) -> Given:
    return {"from": Arg(share.now.low, "rate"), "to": Arg(share.now.high, "rate")}


def _change(result: Result, one: Category, share: Share) -> Finding:
    assert share.before and share.change
    change, rest = share.change, {"low": share.change.low, "high": share.change.high, "unit": "points+1"}
    lost = change.high < -LEVEL * share.before.high
    gained = change.low > LEVEL * share.before.low
    if change.exact:
        verdict = Verdict.LOST if lost else Verdict.GAINED if gained else Verdict.LEVEL
        args = {"share": Arg(share.now.low, "rate"), "chg": Arg(change.low, "points+1")}
        args["money"], sentence = Arg(share.worth, "money"), "m.share"
        rest = {"value": change.low, "unit": "points+1", "baseline": share.before.low}
    else:
        verdict = Verdict.LOST if lost else Verdict.GAINED if gained else Verdict.OPEN
        args = _between(share) | ends(change.low, change.high, "points+1")
        sentence = f"m.sharerange.{verdict}"
    weight = Severity.LOW
    if verdict in (Verdict.LOST, Verdict.GAINED):
        weight = severity(min(abs(change.low), abs(change.high)) / share.before.high)
    kind = Kind.THREAT if verdict == Verdict.LOST else Kind.STATE
    return _finding(result, one, "share", sentence, args, verdict, weight, kind=kind, **rest)


def _parts(result: Result, one: Category, share: Share) -> Finding:
    """The own change of sales by parts; of a market known as an interval, the ends of the share's part."""
    assert share.parts
    small, large = share.parts
    if share.now.exact:
        total, market, part = adding(small)
        args = {"chg_s": Arg(total, "money"), "mkt_s": Arg(market, "money"), "own_s": Arg(part, "money")}
        return _finding(result, one, "parts", "m.parts", args, Verdict.RANKED, Severity.INFO, value=part, unit="money")
    args = {"chg_s": Arg(small.market + small.share, "money")} | ends(large.share, small.share, "money")
    rest = {"low": large.share, "high": small.share, "unit": "money"}
    return _finding(result, one, "parts", "m.parts.range", args, Verdict.RANKED, Severity.INFO, **rest)


def refused(result: Result) -> Iterable[Missing]:
    """The category's share where its market data are no amount: an estimate or an index."""
    for one in result.categories:
        if one.share is None and one.kind in ("vendor_estimate", "index"):
            reason = Note(f"m.noshare.{one.kind}", about(result, one))
            yield Missing(f"{KEY}.{one.platform}.category", "question.share", ("market_monthly",), reason)


def stated(result: Result, one: Stated) -> Iterable[Finding]:
    """The own share as the platform states it or as ranges leave it, with its place; then the concentration."""
    key, own = f"{KEY}.{one.platform}.stated", one.own
    args = {
        "platform": Arg(f"platform.{one.platform}", "label"),
        "brand": result.brand,
        "n": Arg(len(one.holders), "count"),
        "span": Arg({"start": plain(one.start), "end": plain(one.end)}, "period"),
    }
    where: dict[str, Any] = {"exhibit": f"{key}.chart", "method": "method.stated_share"}
    if own is None:
        yield Finding(f"{key}.own", f"m.stated.{one.of}.absent", args, Verdict.NONE, Severity.INFO, **where)
    else:
        sure = own.ranks[0] == own.ranks[1]
        said = (
            _value(own.low, own.high, "share")
            | {"rank": Arg(own.ranks[0], "rank")}
            | ({} if sure else {"last": Arg(own.ranks[1], "rank")})
        )
        sentence = f"m.stated.{one.of}.{'range' if 'from' in said else 'share'}{'' if sure else '.ranks'}"
        rest: dict[str, Any] = {"low": own.low, "high": own.high, "unit": "ratio", "n": len(one.holders)}
        yield Finding(f"{key}.own", sentence, args | said, Verdict.RANKED, Severity.MEDIUM, **where, **rest)
    yield from _stated_concentration(key, one, args)


def _value(low: float, high: float, name: str) -> Given:
    """A ratio under ``name``, or its two ends where they differ as shown."""
    if high - low < LEVEL:
        return {name: Arg(low, "ratio")}
    return {"from": Arg(low, "ratio"), "to": Arg(high, "ratio")}


def _stated_concentration(key: str, one: Stated, args: Given) -> Iterable[Finding]:
    top, band = one.concentration.top.get(4), one.concentration.band
    if top is None:
        return
    said = _value(top.low, top.high, "cr") | {"m": Arg(4, "count"), "code": Arg(band or "unknown", "code")}
    rest: dict[str, Any] = {"low": one.concentration.hhi.low, "high": one.concentration.hhi.high, "unit": "count"}
    yield Finding(
        f"{key}.concentration",
        f"m.conc.{one.of}{'.range' if 'from' in said else ''}",
        args | said,
        Verdict.RANKED if band else Verdict.OPEN,
        Severity.LOW,
        exhibit=f"{KEY}.concentration",
        method="method.concentration",
        **rest,
    )
