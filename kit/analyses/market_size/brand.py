"""The brand beside the market: its growth over the same months, as far as the source lets the two be compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kit.analyses.market_size.page import LEVEL, Given, Page, finding, growth, limit, months
from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.findings import Arg, Finding, Kind, Note, Severity, agreeing
from kit.stats.category import Compared

HIGH_GAP, MEDIUM_GAP = 0.10, 0.03
"""From which gap to the market the brand's growth is of high or of medium severity."""


def beat(page: Page) -> Iterable[Finding]:
    """The brand's growth against the market's, over the months of the headline."""
    several = page.several or page.pair
    gaps = [c for c in several if c.gap is not None]
    if several:
        if len(gaps) == len(several):
            yield _months(page, gaps)
        return
    pair = page.first or next((c for c in page.one.compared if c.market.name != "cagr"), None)
    if pair is None or pair.own is None:
        return
    own = pair.own
    args = {"brand": Arg(page.result.brand, "text"), "span": months(pair.market.span)}
    args |= {"before": months(pair.market.base)}
    if pair.own_growth is None:
        sentence = "m.ownmissing" if own.now is None else "m.ownnobase"
        yield limit(page, "own", sentence, args | {"n": Arg(own.missing, "count")})
        return
    sentence, verdict, market = _against(pair, page.kind)
    shops = {"n": Arg(own.shops, "count"), "k": Arg(own.used, "count")}
    yield finding(
        page,
        "beat",
        sentence,
        args | {"own_s": Arg(pair.own_growth, "growth")} | market,
        verdict,
        _severity(abs(pair.gap or 0.0), page.kind),
        kind=Kind.THREAT if verdict == Verdict.BEHIND or (pair.gap or 0.0) <= -MEDIUM_GAP else Kind.STATE,
        value=pair.gap,
        unit="points",
        evidence=Note("m.beatev.some" if own.used < own.shops else "m.beatev", args | shops),
    )


def _severity(gap: float, kind: str) -> Severity:
    """By the gap; nothing but money carries a high one."""
    if gap >= HIGH_GAP and kind == "money":
        return Severity.HIGH
    return Severity.MEDIUM if gap >= MEDIUM_GAP else Severity.LOW


def _against(pair: Compared, kind: str) -> tuple[str, Verdict, Given]:
    """Sentence, verdict and the market's part of it: how far the source lets the two growths be set side by side."""
    market, own = pair.market, pair.own_growth or 0.0
    if market.growth is not None:
        gap = own - market.growth
        verdict = Verdict.IN_STEP if abs(gap) < LEVEL else Verdict.AHEAD if gap > 0 else Verdict.BEHIND
        unit, points = agreeing(market.growth, own, "growth")
        args = {"mkt_s": Arg(market.growth, unit), "gap": Arg(gap, points), "own_s": Arg(own, unit)}
        if kind == "vendor_estimate":
            return "m.beatest", Verdict.WEAK, args
        joined = market.name in ("joined", "spring")
        return "m.beat.joined" if joined else "m.beat", verdict, args
    if market.low is not None and market.high is not None:
        verdict = Verdict.AHEAD if own > market.high else Verdict.BEHIND if own < market.low else Verdict.OPEN
        return f"m.beatrange.{verdict}", verdict, growth(market)
    return "m.beatindex", Verdict.WEAK, growth(market)


def _months(page: Page, compared: Sequence[Compared]) -> Finding:
    """Months of an estimate that don't add up: the gap in each of two, or in how many of several the brand led."""
    gaps = [c.gap or 0.0 for c in compared]
    args: Given = {}
    agree = all(gap >= LEVEL for gap in gaps) or all(gap <= -LEVEL for gap in gaps)
    if page.pair:
        sentence = "m.beatpair"
        if agree or all(abs(gap) < LEVEL for gap in gaps):  # the headline then opens with what both months did
            args |= {"dir": Arg(gaps[0], "points")}
        for name, c in zip("ab", compared, strict=False):
            args |= {name: months(c.market.span), f"{name}_s": Arg(c.gap, "points")}
    else:
        sentence = "m.beatmonths"
        args = {"n": Arg(len(gaps), "count"), "m": Arg(sum(gap >= LEVEL for gap in gaps), "count")}
    return finding(
        page,
        "beat",
        sentence,
        {"brand": Arg(page.result.brand, "text")} | args,
        Verdict.WEAK,
        _severity(min(abs(gap) for gap in gaps) if agree else 0.0, page.kind),
        kind=Kind.THREAT if max(gaps) <= -MEDIUM_GAP else Kind.STATE,
        value=min(gaps, key=abs) if agree else None,
        unit="points" if agree else None,
    )
