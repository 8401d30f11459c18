"""What the category's numbers amount to: the findings of one platform, by what its source counts."""

from __future__ import annotations

from collections.abc import Iterable

from kit.analyses.market_size.brand import beat
from kit.analyses.market_size.page import LEVEL, Given, Page, finding, growth, limit, months
from kit.analyses.market_size.season import season
from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.findings import Arg, Finding, Kind, Note, Severity, plain
from kit.stats.category import Compared
from kit.stats.series import Amount, Change

MOVE = 0.10
"""From which growth a market move is of medium severity."""
SENTENCES = {
    "money": "m.size",
    "interval": "m.sizerange",
    "vendor_estimate": "m.sizeest",
    "index": "m.sizeindex",
}


def findings(page: Page) -> list[Finding]:
    """The headline first, then the brand beside the market, the period before, and what the data cannot say."""
    return [_size(page), *beat(page), *_before(page), *_yearly(page), *season(page), *_limits(page)]


# ---- the market ----------------------------------------------------------------------------------------


def _size(page: Page) -> Finding:
    """Size and growth as far as the kind of value carries."""
    one, first, sentence = page.one, page.first, SENTENCES[page.kind]
    if one.now is None and not one.compared:
        args = {"last": months([one.series.points[-1][0]])}
        none = "m.sizenomonth" if one.span else "m.sizepart"
        return finding(page, "size", none, args, Verdict.NONE, Severity.INFO)
    if page.several:
        return _by_month(page)
    args = page.ranked() if page.kind == "index" else _amount(page, one.now) if one.now else {}
    if first is None:
        reason = "spring" if len(one.span) == 1 and one.span[0].month == 1 else "break" if one.broken else "nodata"
        since = {"since": Arg(plain(one.broken), "date")} if reason == "break" else {}
        return finding(page, "size", f"{sentence}.only.{reason}", args | since, Verdict.NONE, Severity.INFO)
    if page.pair:
        return _paired(page, f"{sentence}.pair.{'spring' if one.span[0].month == 2 else 'joined'}")
    if first.market.name in ("joined", "spring"):
        sentence += f".{first.market.name}"
        args |= _amount(page, first.market.now) | growth(first.market) | page.event
        args |= {"span": months(first.market.span), "before": months(first.market.base)}
    else:
        args |= growth(first.market) | {"base": _base(first.market)}
    return _moved(page, sentence, args, first)


def _moved(page: Page, sentence: str, args: Given, first: Compared) -> Finding:
    """The headline with a comparison: an index that moved the other way makes it weak."""
    market, verdict = first.market, _verdict(first.market)
    size = max((abs(g) for g in (market.growth, market.low, market.high) if g is not None), default=0.0)
    mild = page.against or verdict in (Verdict.OPEN, Verdict.LEVEL) or size < MOVE
    about = {"span": months(market.span), "before": months(market.base)}
    same = first.index and not page.against
    return finding(
        page,
        "size",
        sentence,
        args,
        Verdict.WEAK if page.against else verdict,
        Severity.LOW if mild else Severity.MEDIUM,
        kind=Kind.THREAT if verdict == Verdict.FELL else Kind.STATE,
        value=market.growth,
        unit="growth",
        low=market.low,
        high=market.high,
        evidence=Note("m.sizeev.index" if same else "m.sizeev", about),
    )


def _paired(page: Page, sentence: str) -> Finding:
    """Two months of an estimate side by side: there is a direction only where both have it."""
    args = page.event
    for name, c in zip("ab", page.pair, strict=False):
        args |= {name: months(c.market.span), f"{name}_s": Arg(c.market.growth, "growth")}
    reached = {_verdict(c.market) for c in page.pair}
    verdict = reached.pop() if len(reached) == 1 else Verdict.OPEN
    if verdict != Verdict.OPEN:  # the headline then opens with what both months did
        args |= {"dir": Arg(page.pair[0].market.growth, "growth")}
    kind = Kind.THREAT if verdict == Verdict.FELL else Kind.STATE
    weak = Verdict.WEAK if page.against else verdict
    return finding(page, "size", sentence, args, weak, Severity.LOW, kind=kind)


def _by_month(page: Page) -> Finding:
    """Several months that don't add up: what each did against its own month a year ago."""
    markets = [c.market for c in page.several]
    args = {"n": Arg(len(markets), "count")}
    if page.kind == "index":
        args |= page.ranked() | args | {"m": Arg(sum(m.direction == 1 for m in markets), "count")}
    else:
        growths = [m.growth for m in markets if m.growth is not None]
        args |= {"lo_s": Arg(min(growths), "growth"), "hi_s": Arg(max(growths), "growth")}
    spring = any(m.month < 3 for m in page.one.span)
    rest = {"evidence": Note("m.sizeev.spring")} if spring else {}
    return finding(page, "size", f"{SENTENCES[page.kind]}.months", args, Verdict.WEAK, Severity.LOW, **rest)


def _amount(page: Page, amount: Amount) -> Given:
    if page.kind != "interval":
        return {"size": Arg(amount.value, "money")}
    return {"from": Arg(amount.low, "money"), "to": Arg(amount.high, "money")}


def _base(market: Change) -> Arg:
    """What a month is compared with, by its name (去年同期, October); longer spans by their months."""
    if len(market.span) > 1:
        return months(market.base)
    return Arg({"of": plain(market.span[0]), "month": plain(market.base[0])}, "base")


def _verdict(market: Change) -> Verdict:
    if market.direction is None:
        return Verdict.OPEN
    if market.direction == 0 or (market.growth is not None and abs(market.growth) < LEVEL):
        return Verdict.LEVEL
    return Verdict.GREW if market.direction > 0 else Verdict.FELL


def _before(page: Page) -> Iterable[Finding]:
    """Against the period just before; what it says of a promotion month is mostly the promotion."""
    for pair in page.one.compared:
        market = pair.market
        if market.name in ("mom", "previous") and market.growth is not None:
            sentence = ("m.momest" if page.kind == "vendor_estimate" else "m.mom") + (".daily" if market.daily else "")
            args = {"chg": Arg(market.growth, "growth"), "base": _base(market)}
            rest = {"value": market.growth, "unit": "growth"}
            yield finding(page, market.name, sentence, args, _verdict(market), Severity.INFO, **rest)


def _yearly(page: Page) -> Iterable[Finding]:
    """The yearly rate over several years; that of a single month is not told where its promotion moved."""
    for pair in page.one.compared:
        market = pair.market
        if market.name != "cagr" or (page.kind == "vendor_estimate" and page.one.shift):
            continue
        sentence = {"money": "m.cagr", "interval": "m.cagrrange", "vendor_estimate": "m.cagrest"}[page.kind]
        args = growth(market) | {"years": Arg(market.years, "count")}
        args |= {"span": months(market.span), "before": months(market.base)}
        rest = {"value": market.growth, "unit": "growth", "low": market.low, "high": market.high}
        yield finding(page, "cagr", sentence, args, _verdict(market), Severity.INFO, **rest)


# ---- limits --------------------------------------------------------------------------------------------


def _limits(page: Page) -> Iterable[Finding]:
    """What these market data cannot say."""
    one = page.one
    if page.result.asked is not None:
        yield limit(page, "category", "m.othercategory", {"asked": Arg(page.result.asked, "text")})
    if page.kind in ("vendor_estimate", "index"):
        yield limit(page, "source", "m.estimate" if page.kind == "vendor_estimate" else "m.index", {})
    if one.broken:
        yield limit(page, "break", "m.break", {"since": Arg(plain(one.broken), "date")})
    if renamed := page.result.renamed.get(one.platform):
        names = {"old": Arg(renamed.old, "text"), "new": Arg(renamed.new, "text")}
        yield limit(page, "renamed", "m.renamed", names | {"since": months([renamed.since])})
    if one.shift:
        now, before = one.shift.now, one.shift.before
        dates = {"date": Arg(plain(now.start), "date"), "earlier": Arg(plain(before.start), "date")}
        sure = {"a": Arg(f"certainty.{now.sure}", "label"), "b": Arg(f"certainty.{before.sure}", "label")}
        yield limit(page, "shift", "m.shift", page.event | dates, Note("m.shiftev", sure))
    if one.series.clashes:
        clashes = [months([m]) for m in one.series.clashes]
        yield limit(page, "clash", "m.clash", {"months": Arg(clashes, "month-range")})
    if page.against and page.first:
        yield limit(page, "disagree", "m.disagree", {"dir": Arg(page.first.index, "rank")})
