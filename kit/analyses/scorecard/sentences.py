"""What the scorecard amounts to: how many figures are beyond their normal variation, and which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kit.analyses.scorecard.lines import Line, Result
from kit.analyses.scorecard.refund_goal import FIGURE, RefundGoal
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.findings import Arg, Finding, Kind, Note, Severity, Soundness, plain
from kit.stats.control_limits import LEAST
from kit.stats.kpis import TOTAL, Kpi

Given = dict[str, Arg]
KEY = "review.scorecard"
LEVEL = 0.95
"""Of the interval of refunds to come (``kit.stats.refund_lag``)."""
TABLE_OF = {
    "spend": "ads_daily",
    "spend_ratio": "ads_daily",
    "whole_return": "ads_daily",
    "cac": "ads_daily",
    "natural_share": "traffic_source",
    "content_share": "traffic_source",
    "promoted_share": "traffic_source",
    "stock_days": "inventory",
    "shipped_in_time": "orders",
    "active_share": "item_daily",
    "member_share": "members_monthly",
    "refund_rate": "refunds",
    "refund_rate_paid": "refunds",
    "gsv": "refunds",
    "orders": "orders",
    "order_value": "orders",
    "items_per_order": "orders",
    "repurchase_rate": "orders",
    "response_seconds": "service_daily",
    "satisfaction": "service_daily",
    "dsr_description": "service_daily",
    "dsr_service": "service_daily",
    "dsr_logistics": "service_daily",
}
"""The export that brings a figure, where it is not the shop's daily one."""


LONG = 14
"""Lines of one table; a shop with more has two, so that neither needs a page of its own."""
RUNNING = ("efficiency", "supply", "service")
"""Groups of figures (``kpis.Kpi.group``) in the second of them."""


@dataclass(frozen=True)
class Block:
    """Lines of one ``shop`` that stand in one table: all of them, or those of its first or second half (``part``)."""

    shop: str
    part: str
    lines: tuple[Line, ...]

    @property
    def key(self) -> str:
        return key(self.shop) + (".running" if self.part == "running" else "")


def blocks(result: Result) -> list[Block]:
    """The tables of every shop, the total last and only where there are several."""
    shops = [shop for shop in result.lines if shop != TOTAL]
    wanted = [*shops, *([TOTAL] if len(shops) > 1 else [])]
    return [block for shop in wanted for block in _blocks(shop, result.lines[shop])]


def _blocks(shop: str, lines: tuple[Line, ...]) -> list[Block]:
    if len(lines) <= LONG:
        return [Block(shop, "all", lines)] if lines else []
    running = tuple(line for line in lines if line.kpi.group in RUNNING)
    selling = tuple(line for line in lines if line.kpi.group not in RUNNING)
    return [Block(shop, part, own) for part, own in (("selling", selling), ("running", running)) if own]


def findings(result: Result) -> list[Finding]:
    """Of each table how many figures stand out, then those that do; and what no shop's data hold."""
    made = [finding for block in blocks(result) for finding in _block(result, block)]
    return [*made, *_shifted(result), *_lacking(result)]


def key(shop: str) -> str:
    return f"{KEY}.{shop or 'all'}"


def who(result: Result, shop: str) -> Arg:
    """A shop by its name; all of them together as such."""
    return Arg(result.names.get(shop, shop), "text") if shop else Arg("review.shops", "label")


def period(result: Result) -> Arg:
    """The days that figures are of: of an open period, those up to where the data reach."""
    return Arg({"start": plain(result.start), "end": plain(result.until)}, "period")


def _block(result: Result, block: Block) -> Iterable[Finding]:
    judged = [line for line in block.lines if line.usual]
    outside = [line for line in judged if line.usual and line.usual.side]
    args = {"who": who(result, block.shop), "period": period(result)}
    args |= {"group": Arg(f"score.part.{block.part}", "label")}
    if not result.ordinary:
        yield _finding(block, "", "r.scorepromoted", args, Verdict.NONE, Severity.INFO)
    elif judged:
        points = Arg(max(line.usual.limits.n for line in judged if line.usual), "count")
        args |= {"m": Arg(len(judged), "count"), "k": Arg(len(outside), "count")}
        verdict = Verdict.UNUSUAL if outside else Verdict.NORMAL
        weight, evidence = Severity.LOW if outside else Severity.INFO, Note("r.scoreev", {"m": points})
        yield _finding(block, "", "r.score", args, verdict, weight, evidence=evidence)
    else:
        yield _finding(block, "", "r.scorefew", args | {"min": Arg(LEAST, "count")}, Verdict.NONE, Severity.INFO)
    yield from (_outside(result, block, line) for line in outside)
    there = {line.kpi.name for line in block.lines}
    yield from (
        _refunds(result, block, one) for one in result.refund_goals if one.shop == block.shop and FIGURE in there
    )


def _outside(result: Result, block: Block, line: Line) -> Finding:
    """One figure beyond its normal variation; bad news weighs more than good."""
    usual, unit = line.usual, line.kpi.unit
    assert usual
    args = {"who": who(result, block.shop), "period": period(result), "metric": metric(line)}
    args |= {"value": Arg(usual.value, unit), "lo": Arg(usual.limits.low, unit), "hi": Arg(usual.limits.high, unit)}
    side, of = "above" if usual.side > 0 else "below", ".sheet" if usual.whole else ""
    return _finding(
        block,
        f".{line.kpi.name}",
        f"r.scoreout{'.daily' if line.kpi.size else of}.{side}",
        args,
        Verdict.UNUSUAL,
        Severity.MEDIUM if line.worse else Severity.LOW,
        kind=Kind.THREAT if line.worse else Kind.STATE,
        value=usual.value,
        unit=unit,
        low=usual.limits.low,
        high=usual.limits.high,
        baseline=usual.limits.centre,
        n=usual.limits.n,
        evidence=Note(f"r.scoreoutev{of}", {"mid": Arg(usual.limits.centre, unit), "m": Arg(usual.limits.n, "count")}),
    )


def _refunds(result: Result, block: Block, one: RefundGoal) -> Finding:
    """The goal of the refund rate against what the rate is expected to be in the end."""
    args = {"who": who(result, one.shop), "period": period(result)}
    args |= {"now": Arg(one.now, "rate"), "goal": Arg(one.goal, "rate")}
    missed, final = one.verdict == Verdict.OVER_GOAL, one.final
    facts: dict[str, Any] = {"value": one.now, "unit": "rate", "baseline": one.goal}
    if final:
        args |= {"fin": Arg(final.share, "rate"), "lo": Arg(final.low, "rate"), "hi": Arg(final.high, "rate")}
        facts |= {"value": final.share, "low": final.low, "high": final.high, "level": LEVEL}
    facts |= {"method": "method.refund_lag"} if final else {}
    facts |= {"kind": Kind.THREAT if missed else Kind.STATE}
    sentence = f"r.refundgoal.{'' if final else 'plain.'}{one.verdict}"
    severity = Severity.MEDIUM if missed else Severity.LOW
    return _finding(block, ".refund_goal", sentence, args, one.verdict, severity, **facts)


def metric(line: Line) -> Arg:
    """A figure's name."""
    return Arg(f"score.{line.kpi.name}", "label")


def names(lines: Iterable[Line]) -> Given:
    """Figures by their names, as the argument of a note; empty without any."""
    every = [metric(line) for line in lines]
    return {"metrics": Arg(every, "label")} if every else {}


def _shifted(result: Result) -> Iterable[Finding]:
    """Spans that hold unlike parts of a promotion: the change on the year before is no verdict."""
    for base in (base for base in result.compared if base.without):
        spans = {"period": base.now, "base": base.then}
        args = {name: Arg({"start": plain(d.start), "end": plain(d.end)}, "period") for name, d in spans.items()}
        args |= {"event": Arg(f"event.{base.event}", "label")}
        args |= {name: Arg(days, "count") for name, days in zip("ab", base.held, strict=True)}
        about = {"kind": Kind.DATA, "method": "method.review_compared"}
        yield Finding(f"{KEY}.shifted", "r.scoreshifted", args, Soundness.LIMITED, Severity.LOW, **about)  # type: ignore[arg-type]


def bringing(lacking: Sequence[Kpi]) -> Arg:
    """The exports that bring those figures, each once."""
    exports = dict.fromkeys(TABLE_OF.get(kpi.name, "shop_daily") for kpi in lacking)
    return Arg([Arg(f"bring.{name}", "label") for name in exports], "label")


def _lacking(result: Result) -> Iterable[Finding]:
    if not result.lacking:
        return
    args = {"metrics": Arg([Arg(f"score.{kpi.name}", "label") for kpi in result.lacking], "label")}
    args |= {"exports": bringing(result.lacking)}
    yield Finding(f"{KEY}.lacking", "r.scorelacking", args, Soundness.LIMITED, Severity.LOW, kind=Kind.DATA)


def _finding(
    block: Block,
    name: str,
    sentence: str,
    args: Given,
    verdict: Verdict,
    severity: Severity = Severity.LOW,
    **rest: object,
) -> Finding:
    """A figure's finding bears its shop's key, whichever table the figure stands in."""
    where = {"exhibit": block.key, "method": "method.review_limits"}
    called = f"{key(block.shop)}{name}" if name else block.key
    return Finding(called, sentence, args, verdict, severity, **(where | rest))  # type: ignore[arg-type]
