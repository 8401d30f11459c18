"""What the scorecard amounts to: how many figures are beyond their normal variation, and which."""

from __future__ import annotations

from collections.abc import Iterable

from kit.analyses.scorecard.lines import Line, Result
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.findings import Arg, Finding, Kind, Note, Severity, Soundness, plain
from kit.stats.control_limits import LEAST
from kit.stats.kpis import TOTAL

Given = dict[str, Arg]
KEY = "review.scorecard"
TABLE_OF = {
    "spend": "ads_daily",
    "spend_ratio": "ads_daily",
    "whole_return": "ads_daily",
    "cac": "ads_daily",
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


def findings(result: Result) -> list[Finding]:
    """Of each shop how many figures stand out, then those that do; the total last, and what no shop's data hold."""
    shops = [shop for shop in result.lines if shop != TOTAL]
    wanted = [*shops, *([TOTAL] if len(shops) > 1 else [])]
    made = [finding for shop in wanted if result.lines[shop] for finding in _shop(result, shop)]
    return [*made, *_lacking(result)]


def key(shop: str) -> str:
    return f"{KEY}.{shop or 'all'}"


def who(result: Result, shop: str) -> Arg:
    """A shop by its name; all of them together as such."""
    return Arg(result.names.get(shop, shop), "text") if shop else Arg("review.shops", "label")


def period(result: Result) -> Arg:
    """The days that figures are of: of an open period, those up to where the data reach."""
    return Arg({"start": plain(result.start), "end": plain(result.until)}, "period")


def _shop(result: Result, shop: str) -> Iterable[Finding]:
    judged = [line for line in result.lines[shop] if line.usual]
    outside = [line for line in judged if line.usual and line.usual.side]
    args = {"who": who(result, shop), "period": period(result), "m": Arg(len(judged), "count")}
    if judged:
        points = Arg(max(line.usual.limits.n for line in judged if line.usual), "count")
        verdict = Verdict.UNUSUAL if outside else Verdict.NORMAL
        evidence = Note("r.scoreev", {"m": points})
        weight = Severity.LOW if outside else Severity.INFO
        yield _finding(
            shop, "", "r.score", args | {"k": Arg(len(outside), "count")}, verdict, weight, evidence=evidence
        )
    elif result.ordinary:
        few = {"who": args["who"], "period": args["period"], "min": Arg(LEAST, "count")}
        yield _finding(shop, "", "r.scorefew", few, Verdict.NONE, Severity.INFO)
    else:
        about = {"period": args["period"], "who": args["who"]}
        yield _finding(shop, "", "r.scorepromoted", about, Verdict.NONE, Severity.INFO)
    yield from (_outside(result, shop, line) for line in outside)


def _outside(result: Result, shop: str, line: Line) -> Finding:
    """One figure beyond its normal variation; bad news weighs more than good."""
    usual, unit = line.usual, line.kpi.unit
    assert usual
    args = {"who": who(result, shop), "period": period(result), "metric": metric(line)}
    args |= {"value": Arg(usual.value, unit), "lo": Arg(usual.limits.low, unit), "hi": Arg(usual.limits.high, unit)}
    side = "above" if usual.side > 0 else "below"
    return _finding(
        shop,
        f".{line.kpi.name}",
        f"r.scoreout{'.daily' if line.kpi.size else ''}.{side}",
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
        evidence=Note("r.scoreoutev", {"mid": Arg(usual.limits.centre, unit), "m": Arg(usual.limits.n, "count")}),
    )


def metric(line: Line) -> Arg:
    """A figure's name."""
    return Arg(f"score.{line.kpi.name}", "label")


def _lacking(result: Result) -> Iterable[Finding]:
    if not result.lacking:
        return
    exports = dict.fromkeys(TABLE_OF.get(kpi.name, "shop_daily") for kpi in result.lacking)
    args = {"metrics": Arg([Arg(f"score.{kpi.name}", "label") for kpi in result.lacking], "label")}
    args |= {"exports": Arg([Arg(f"bring.{name}", "label") for name in exports], "label")}
    yield Finding(f"{KEY}.lacking", "r.scorelacking", args, Soundness.LIMITED, Severity.LOW, kind=Kind.DATA)


def _finding(
    shop: str,
    name: str,
    sentence: str,
    args: Given,
    verdict: Verdict,
    severity: Severity = Severity.LOW,
    **rest: object,
) -> Finding:
    where = {"exhibit": key(shop), "method": "method.review_limits"}
    return Finding(f"{key(shop)}{name}", sentence, args, verdict, severity, **(where | rest))  # type: ignore[arg-type]
