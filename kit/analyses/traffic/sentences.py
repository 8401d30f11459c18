"""The findings on traffic: the largest source, the sources whose part moved most, and the search terms that moved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kit.analyses.traffic.sources import Result, ShopSources, Source
from kit.analyses.traffic.terms import ShopTerms
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.findings import Arg, Finding, Severity, plain

KEY = "review.traffic"
METHOD = "method.search_terms"
MOVE = 0.05
"""Change of a source's part of the sales, a difference of fractions, from which it is of medium severity."""


def findings(result: Result) -> tuple[Finding, ...]:
    """By shop: where its sales come from, what moved, and the terms."""
    said = [f for one in result.sources for f in _of_shop(result, one)]
    return (*said, *(f for one in result.terms for f in _terms(result, one)))


def _of_shop(result: Result, one: ShopSources) -> Iterable[Finding]:
    first = one.level(False) or one.level(True)
    if paid := [s for s in first if s.now.amount is not None]:
        yield _lead(result, one, paid[0])
    elif seen := [s for s in first if s.now.visitors is not None]:
        yield _seen(result, one, max(seen, key=lambda s: s.now.visitors or 0.0))
    parts = [s for s in one.level(True) or one.level(False) if s.moved is not None]
    if len(parts) > 1:
        by_move = sorted(parts, key=lambda s: s.moved or 0.0)
        for name, source in (("gain", by_move[-1]), ("loss", by_move[0])):
            if (source.moved or 0.0) * (1 if name == "gain" else -1) > 0:
                yield _move(result, one, name, source)


def _lead(result: Result, one: ShopSources, source: Source) -> Finding:
    """Its part of the sales where sources are parts of them, else what it brought."""
    args = {"source": called(source), "shop": shop(result, one.shop)}
    facts: dict[str, Any] = {"exhibit": f"{KEY}.{one.shop}.sources"}
    key, verdict, low = f"{KEY}.{one.shop}.lead", Verdict.NORMAL, Severity.LOW
    if source.share is None:
        amount = args | {"amount": Arg(source.now.amount, "money")}
        return Finding(key, "r.sourceamount", amount, verdict, low, value=source.now.amount, unit="money", **facts)
    args |= {"share": Arg(source.share, "ratio")}
    facts |= {"value": source.share, "unit": "ratio", "baseline": source.before_share}
    if source.moved is None:
        return Finding(key, "r.sourceshare.only", args, verdict, low, **facts)
    args |= {"chg": Arg(source.moved, "points"), "base": span(result.base)}
    return Finding(key, "r.sourceshare", args, way(source.moved), low, **facts)


def _seen(result: Result, one: ShopSources, source: Source) -> Finding:
    """Where the export states no money."""
    args = {
        "source": called(source),
        "shop": shop(result, one.shop),
        "visitors": Arg(source.now.visitors, "count.people"),
    }
    facts: dict[str, Any] = {"value": source.now.visitors, "unit": "count", "exhibit": f"{KEY}.{one.shop}.sources"}
    return Finding(f"{KEY}.{one.shop}.lead", "r.sourcevisitors", args, Verdict.NORMAL, Severity.LOW, **facts)


def _move(result: Result, one: ShopSources, name: str, source: Source) -> Finding:
    args = {"source": called(source), "shop": shop(result, one.shop), "base": span(result.base)}
    args |= {"chg": Arg(source.moved, "points"), "share": Arg(source.share, "ratio")}
    facts: dict[str, Any] = {"value": source.share, "unit": "ratio", "baseline": source.before_share}
    sentence, before = "r.sourcemove", source.before
    if source.now.cvr is not None and before and before.cvr is not None:
        sentence = "r.sourcemovecvr"
        args |= {"from": Arg(before.cvr, "rate"), "to": Arg(source.now.cvr, "rate")}
    severity = Severity.MEDIUM if abs(source.moved or 0.0) >= MOVE else Severity.LOW
    exhibit = f"{KEY}.{one.shop}.sources"
    key = f"{KEY}.{one.shop}.{name}"
    return Finding(key, sentence, args, way(source.moved or 0.0), severity, exhibit=exhibit, **facts)


def _terms(result: Result, one: ShopTerms) -> Iterable[Finding]:
    key, about = f"{KEY}.{one.shop}.terms", {"shop": shop(result, one.shop), "base": span(result.base)}
    exhibit = f"{key}.table" if one.up or one.down else None
    facts: dict[str, Any] = {"exhibit": exhibit, "method": METHOD, "n": one.tried}
    for name, terms, verdict in (("rose", one.up, Verdict.ROSE), ("fell", one.down, Verdict.FELL)):
        if terms:
            args = about | {"terms": Arg([t.term for t in terms], "text")}
            yield Finding(f"{key}.{name}", f"r.terms.{name}", args, verdict, Severity.LOW, **facts)
    if not exhibit:
        args = about | {"n": Arg(one.tried, "count")}
        yield Finding(f"{key}.none", "r.terms.none", args, Verdict.NORMAL, Severity.INFO, **facts)


def way(change: float) -> Verdict:
    return Verdict.ROSE if change > 0 else Verdict.FELL if change < 0 else Verdict.LEVEL


def called(source: Source) -> Arg:
    """As the platform names it, the second level behind the first."""
    return Arg(f"{source.first} › {source.second}" if source.second else source.first, "text")


def shop(result: Result, key: str) -> Arg:
    return Arg(plain(result.names.get(key, key)), "text")


def span(days: Any) -> Arg:
    return Arg({"start": plain(days[0]), "end": plain(days[1])}, "period")
