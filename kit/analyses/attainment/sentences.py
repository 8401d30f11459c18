"""What the period's standing amounts to: the findings, all shops together first."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from kit.analyses.attainment.goals import Line, Result
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.findings import ORDER, Arg, Finding, Kind, Note, Severity, Side, Soundness, plain
from kit.stats.kpis import TOTAL

Given = dict[str, Arg]
KEY = "review.attainment"
FAR, SHORT = 0.10, 0.03
"""From which part of the goal a shortfall is of high or of medium severity."""
CENT = 0.005
LEVEL = 0.0005
"""A gap of points under this is written as level."""


def findings(result: Result) -> list[Finding]:
    """Each goal, the first of all shops; then GSV, spend ratio, and what the data lack."""
    found = [finding for line in result.goaled.lines for finding in _goal(result.goaled, line)]
    return [*_led(found), *_net(result), *_spend(result), *_limits(result)]


def _led(found: list[Finding]) -> list[Finding]:
    """The first weighs as much as the weightiest: no shop's goal opens a report before that of all of them. Where both
    are missed, it is as much of a threat, too."""
    if not found:
        return []
    heavy = min(found, key=lambda finding: ORDER[finding.severity])
    kind = heavy.kind if heavy.verdict == found[0].verdict else found[0].kind
    return [dataclasses.replace(found[0], severity=heavy.severity, kind=kind), *found[1:]]


def who(result: Result, shop: str) -> Arg:
    """A shop by its name; all of them together as such, or as the shop where there is one."""
    if shop == TOTAL:
        return Arg("review.shops" if len(result.shops) > 1 else "review.shop", "label")
    return Arg(result.names.get(shop, shop), "text")


def period(result: Result) -> Arg:
    """The days that figures are of: of an open period, those up to where the data reach."""
    return Arg({"start": plain(result.start), "end": plain(result.until)}, "period")


def whole_period(result: Result) -> Arg:
    return Arg({"start": plain(result.start), "end": plain(result.end)}, "period")


def slug(shop: str) -> str:
    return shop or "all"


def _goal(result: Result, line: Line) -> Iterable[Finding]:
    if line.actual is None or line.gap is None or line.pace is None:
        return
    args = {"who": who(result, line.shop), "basis": Arg(f"basis.{line.metric}", "label"), "period": period(result)}
    args |= {"actual": Arg(line.actual, "money"), "att": Arg(line.attained, "ratio")}
    sentence, more, verdict = _standing(result, line)
    away = -line.pace if result.open else -line.gap / line.goal
    away = 0.0 if verdict == Verdict.UNJUDGED else away
    yield Finding(
        f"{KEY}.{slug(line.shop)}.{line.metric}",
        sentence,
        args | more,
        verdict,
        _severity(away),
        kind=Kind.THREAT if away >= SHORT else Kind.STATE,
        value=line.actual,
        unit="money",
        baseline=line.goal,
        exhibit=f"{KEY}.goals",
        method="method.review_goal",
        evidence=_evidence(result, line),
    )


def _standing(result: Result, line: Line) -> tuple[str, Given, Verdict]:
    """Closed: the gap to the goal. Open: the goal is reached, or attainment beside what should have come by then;
    in a promotion month without a year before nothing says what should."""
    gap, pace = line.gap or 0.0, line.pace or 0.0
    if not result.open:
        verdict = Verdict.OVER_GOAL if gap > 0 else Verdict.UNDER_GOAL if gap < 0 else Verdict.ON_GOAL
        return "r.goal.close", {"gap": Arg(gap, "money")}, verdict
    left = {"date": Arg(plain(result.until), "date"), "n": Arg(line.left, "count")}
    if gap >= 0:
        return "r.goal.reached", left | {"period": whole_period(result)}, Verdict.OVER_GOAL
    if line.uneven:
        return "r.goal.uneven", left | {"need": Arg(line.need, "money")}, Verdict.UNJUDGED
    verdict = Verdict.IN_STEP if abs(pace) < LEVEL else Verdict.AHEAD if pace > 0 else Verdict.BEHIND
    sentence = "r.goal.open" if line.curve is None else "r.goal.curve"
    return sentence, left | {"gap": Arg(pace, "points"), "need": Arg(line.need, "money")}, verdict


def _severity(away: float) -> Severity:
    return Severity.HIGH if away >= FAR else Severity.MEDIUM if away >= SHORT else Severity.LOW


def _evidence(result: Result, line: Line) -> Note:
    goal = {"goal": Arg(line.goal, "money")}
    if not result.open:
        return _source(result, line, goal) or Note("r.goalev.closed", goal)
    args = goal | {"elapsed": Arg(line.elapsed, "ratio"), "period": whole_period(result)}
    if line.curve is not None:
        return Note("r.goalev.curve", args | {"curve": Arg(line.curve, "ratio")})
    return Note("r.goalev.uneven" if line.uneven else "r.goalev", args)


def _source(result: Result, line: Line, goal: Given) -> Note | None:
    """Of a closed goal of all shops, the shop that is furthest from its own and by how much of the gap: its part, or
    what the others make up for; no part where the sheet's goal of all is not the sum of theirs."""
    far = furthest(result, line)
    if far is None or not far.gap or not line.gap:
        return None
    args = goal | {"shop": who(result, far.shop), "away": Arg(abs(far.gap), "money")}
    side = "under" if far.gap < 0 else "over"
    others = [one for one in result.lines if one.metric == line.metric and one.shop not in (TOTAL, far.shop)]
    rest = line.gap - far.gap
    if abs(rest - sum(one.gap or 0.0 for one in others)) >= CENT:
        return Note(f"r.goalev.own.{side}", args)
    if rest * line.gap >= 0:
        return Note(f"r.goalev.part.{side}", args | {"share": Arg(far.gap / line.gap, "ratio")})
    return Note(f"r.goalev.most.{side}", args | {"rest": Arg(rest, "money")})


def furthest(result: Result, line: Line) -> Line | None:
    """Of the shops' goals in what the line's is in, the one missed (or beaten) most, on the line's own side."""
    if line.shop != TOTAL or not line.gap:
        return None
    own = [one for one in result.lines if one.metric == line.metric and one.shop != TOTAL and one.gap]
    same = [one for one in own if (one.gap or 0.0) * line.gap > 0]
    return max(same, key=lambda one: abs(one.gap or 0.0), default=None)


def missed(result: Result) -> tuple[str, Severity] | None:
    """Of a closed period that missed its goal, the shop furthest from its own (``TOTAL``: no shop has one, or there is
    one shop) and how much the miss weighs; None where it is no miss to speak of."""
    found = [] if result.open else _led([finding for line in result.lines for finding in _goal(result, line)])
    if not found or found[0].kind != Kind.THREAT or result.lines[0].actual is None:
        return None
    far = furthest(result, result.lines[0])
    return far.shop if far else TOTAL, found[0].severity


def _net(result: Result) -> Iterable[Finding]:
    """Paid, refunded, GSV; while refunds are open, what that means for a figure by either date. Without refunds what
    was paid, and what brings them."""
    for shop in _told(result, "gsv"):
        paid, net = (result.figures[shop][name].value or 0.0 for name in ("pay_amount", "gsv"))
        yield _gsv(result, shop, paid, net)
    yield from (_paid(result, shop) for shop in _unrefunded(result))


def _unrefunded(result: Result) -> tuple[str, ...]:
    """The shops whose refunds are not known; all together where that is all of them."""
    figures = result.figures
    without = [
        s for s in result.shops if figures[s]["gsv"].value is None and figures[s]["pay_amount"].value is not None
    ]
    return (TOTAL,) if without == [*result.shops] and figures[TOTAL]["gsv"].value is None else tuple(without)


def _told(result: Result, name: str) -> tuple[str, ...]:
    """All shops together where they have the figure, else each shop that has it."""
    if result.figures[TOTAL][name].value is not None:
        return (TOTAL,)
    return tuple(shop for shop in result.shops if result.figures[shop][name].value is not None)


def _gsv(result: Result, shop: str, paid: float, net: float) -> Finding:
    args = {"who": who(result, shop), "period": period(result), "paid": Arg(paid, "money")}
    args |= {"back": Arg(paid - net, "money"), "value": Arg(net, "money")}
    early = ".early" if result.early else ""
    return Finding(
        f"{KEY}.gsv" if shop == TOTAL else f"{KEY}.gsv.{shop}",
        f"r.gsv.{result.figures[shop]['gsv'].by}{early}",
        args,
        Verdict.PRELIMINARY if result.early else Verdict.SETTLED,
        Severity.LOW,
        value=net,
        unit="money",
        baseline=paid,
        exhibit=f"{KEY}.sales",
        method="method.review_gsv",
    )


def _paid(result: Result, shop: str) -> Finding:
    paid = result.figures[shop]["pay_amount"].value
    return Finding(
        f"{KEY}.paid" if shop == TOTAL else f"{KEY}.paid.{shop}",
        "r.paid",
        {"who": who(result, shop), "period": period(result), "paid": Arg(paid, "money")},
        Verdict.NONE,
        Severity.LOW,
        value=paid,
        unit="money",
        exhibit=f"{KEY}.sales",
        evidence=Note("r.paidev", {"exports": Arg([Arg("bring.refunds", "label")], "label")}),
    )


def _spend(result: Result) -> Iterable[Finding]:
    """The spend ratio of all shops, else of each, and of each shop that has a goal for it."""
    goals = {shop: goal for shop, goal in result.rates.items() if shop in result.figures}
    for shop in dict.fromkeys((*_told(result, "spend_ratio"), *goals)):
        ratio, spend = (result.figures[shop][name].value for name in ("spend_ratio", "spend"))
        if ratio is None or spend is None:
            continue
        args = {"who": who(result, shop), "period": period(result), "value": Arg(ratio, "ratio")}
        args |= {"spend": Arg(spend, "money")}
        goal = goals.get(shop)
        over = ratio - goal if goal is not None else 0.0
        more = {} if goal is None else {"goal": Arg(goal, "ratio"), "gap": Arg(over, "points")}
        verdict = Verdict.NO_GOAL if goal is None else Verdict.ON_GOAL if over <= 0 else Verdict.OVER_GOAL
        yield Finding(
            f"{KEY}.spend.{slug(shop)}",
            "r.spend" if goal is None else "r.spendgoal",
            args | more,
            verdict,
            Severity.MEDIUM if over > 0 else Severity.LOW,
            kind=Kind.THREAT if over > 0 else Kind.STATE,
            value=ratio,
            unit="ratio",
            baseline=goal,
            exhibit=f"{KEY}.sales",
            method="method.review_spend",
            action=Note("r.spendask", {k: args[k] for k in ("who", "value")} | more) if over > 0 else None,
            side=Side.BRAND,
            evidence=Note(
                "r.spendev", {"tools": Arg([Arg(f"tool.{t}", "label") for t in result.tools.get(shop, ())], "label")}
            ),
        )


def _limits(result: Result) -> Iterable[Finding]:
    """Shops whose data end before the others', days without data, and goals that nothing can be held against."""
    if result.short and result.until:
        args = {"period": whole_period(result), "date": Arg(plain(result.until), "date")}
        args |= {"n": Arg((result.end - result.until).days, "count")}
        yield _limit("open", "r.part", args)
    for shop in result.shops:
        paid = result.figures[shop]["pay_amount"]
        if paid.lacks == "gaps":
            args = {"who": who(result, shop), "period": period(result), "n": Arg(paid.missing, "count")}
            yield _limit(f"gaps.{shop}", "r.gaps", args)
        elif paid.value is None:
            yield _limit(f"gaps.{shop}", "r.nosales", {"who": who(result, shop), "period": period(result)})
    for line in result.goaled.lines:
        if line.actual is None and line.lacks != "gaps" and line.shop != TOTAL:
            args = {"who": who(result, line.shop), "basis": Arg(f"basis.{line.metric}", "label")}
            yield _limit(f"goal.{slug(line.shop)}.{line.metric}", "r.goal.nodata", args)


def _limit(name: str, sentence: str, args: Given, verdict: StrEnum = Soundness.LIMITED, **rest: Any) -> Finding:
    return Finding(f"{KEY}.{name}", sentence, args, verdict, Severity.LOW, kind=Kind.DATA, **rest)
