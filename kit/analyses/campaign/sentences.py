"""The findings on a campaign: goal, increment, pull-forward, market, bridge, presale."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from kit.analyses.campaign import goals_page, market_page
from kit.analyses.campaign.decide import LEAST_FIT
from kit.analyses.campaign.goals import SALES, Line
from kit.analyses.campaign.goals import UNITS as GOAL_UNITS
from kit.analyses.campaign.increment import Increment
from kit.analyses.campaign.sections import key, name, span, way
from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.findings import Arg, Args, Finding, Note, Severity, plain
from kit.stats.counterfactual import LEAST_DAYS, LEAST_TIMES, LEAST_WINDOWS, Total
from kit.stats.day_runs import Run

if TYPE_CHECKING:
    from kit.analyses.campaign import Review

SENTENCES = {Verdict.ADDED: "cp.added", Verdict.TOOK: "cp.took", Verdict.NOT_SHOWN: "cp.notshown"}
METHODS = {"increment": "method.counterfactual", "bridge": "method.drivers"}


def findings(review: Review) -> tuple[Finding, ...]:
    """The goal first, then what was added, what it pulled forward, the market, the bridge and the presale."""
    before = (_goals, goals_page.findings, _further, _phases, _hours, _increment, _summed, _pull)
    makers = (*before, market_page.findings, _bridge, _presale, _after)
    return tuple(finding for make in makers for finding in make(review))


# ---- goals -----------------------------------------------------------------------------------------------------


def _goals(review: Review) -> Iterable[Finding]:
    """The sales goal; where the sheet has none, or what came in on its basis is not known, what was paid."""
    paid, sales = review.figures.get("pay_amount"), [one for one in review.lines if one.metric in SALES]
    decides = next((one for one in sales if one.actual is not None), None)
    if decides:
        yield _goal(review, decides)
    elif paid and paid.value is not None:
        args = name(review) | {"actual": Arg(paid.value, "money"), "period": span(review.campaign.event)}
        if sales:
            args |= {"basis": Arg(f"basis.{sales[0].metric}", "label"), "goal": Arg(sales[0].goal, "money")}
        facts: dict[str, Any] = {"value": paid.value, "unit": "money"}
        facts["exhibit"] = f"{key(review)}.{'goals' if review.lines else 'phases'}"
        sentence = "cp.goal.untold" if sales else "cp.nogoal"
        yield Finding(f"{key(review)}.goal", sentence, args, Verdict.STATED, Severity.MEDIUM, **facts)


def _goal(review: Review, line: Line) -> Finding:
    assert line.actual is not None and line.attained is not None
    gap = line.actual - line.goal
    verdict = Verdict.OVER_GOAL if gap > 0 else Verdict.UNDER_GOAL if gap < 0 else Verdict.ON_GOAL
    args = name(review) | {"basis": Arg(f"basis.{line.metric}", "label"), "actual": Arg(line.actual, "money")}
    args |= {"att": Arg(line.attained, "ratio"), "gap": Arg(abs(gap), "money")}
    return Finding(
        f"{key(review)}.goal",
        f"cp.goal.{verdict}",
        args,
        verdict,
        Severity.HIGH,  # the first question of a review, whichever way it went
        value=line.actual,
        unit="money",
        baseline=line.goal,
        exhibit=f"{key(review)}.goals",
    )


def _further(review: Review) -> Iterable[Finding]:
    """Every other goal that was missed or met, each a claim of its own."""
    lead = next((one.metric for one in review.lines if one.metric in SALES and one.actual is not None), None)
    for line in review.lines:
        if line.actual is None or line.attained is None or line.metric == lead:
            continue
        missed = line.actual < line.goal
        unit, figures = GOAL_UNITS[line.metric], {"actual": line.actual, "goal": line.goal}
        args = name(review) | {n: Arg(value, unit) for n, value in figures.items()}
        args |= {"metric": Arg(f"goal.{line.metric}", "label"), "att": Arg(line.attained, "ratio")}
        facts: dict[str, Any] = {"value": line.actual, "unit": unit, "baseline": line.goal}
        yield Finding(
            f"{key(review)}.goal.{line.metric}",
            f"cp.further.{'missed' if missed else 'met'}",
            args,
            Verdict.UNDER_GOAL if missed else Verdict.OVER_GOAL,
            Severity.MEDIUM if missed else Severity.INFO,
            exhibit=f"{key(review)}.goals",
            **facts,
        )


def _phases(review: Review) -> Iterable[Finding]:
    """Which of the campaign's own phases brought most, where it has several."""
    paid = {p.name: p.value("pay_amount") for p in review.phases if p.name in ("presale", "burst")}
    known = {name: amount for name, amount in paid.items() if amount}
    if len(known) < 2:
        return
    first, whole = max(known, key=lambda n: known[n]), sum(known.values())
    args = name(review) | {"phase": Arg(f"phase.{first}", "label"), "share": Arg(known[first] / whole, "ratio")}
    facts: dict[str, Any] = {"value": known[first] / whole, "unit": "ratio", "exhibit": f"{key(review)}.phases"}
    yield Finding(f"{key(review)}.phases", "cp.phases", args, Verdict.STATED, Severity.INFO, **facts)


def _hours(review: Review) -> Iterable[Finding]:
    """The three hours of the peak day in which most orders were paid."""
    if review.peak is None:
        return
    day, hours = review.peak
    args = name(review) | {"date": Arg(plain(day), "date"), "share": Arg(hours.share, "ratio")}
    args |= {f"h{n}": Arg(str(hour), "text") for n, hour in enumerate(hours.busiest, 1)}
    place = f"{key(review)}.hours"
    yield Finding(place, "cp.hours", args, Verdict.STATED, Severity.INFO, exhibit=place)


# ---- increment -------------------------------------------------------------------------------------------------


def _increment(review: Review) -> Iterable[Finding]:
    one = review.increment
    if one is None:
        return
    if one.verdict == Verdict.TOO_LITTLE:
        yield _too_little(review, one)
        return
    total = one.parts["during"]
    weak = one.verdict == Verdict.WEAK
    yield Finding(
        f"{key(review)}.increment",
        f"cp.weak.{one.reasons[0]}" if weak else SENTENCES[one.verdict],
        name(review) | effect(total) | _why(one),
        one.verdict,
        Severity.MEDIUM if weak or one.verdict == Verdict.NOT_SHOWN else Severity.HIGH,
        value=total.effect,
        unit="money",
        low=total.low,
        high=total.high,
        level=one.found.level if one.found else None,
        baseline=total.expected,
        n=one.found.before if one.found else None,
        exhibit=f"{key(review)}.curve",
        method=METHODS["increment"],
        evidence=placebos(one),
    )


def _too_little(review: Review, one: Increment) -> Finding:
    before = one.found.before if one.found else 0
    windows = len(one.found.placebos) if one.found else 0
    least = max(LEAST_DAYS, LEAST_TIMES * review.campaign.event.count)
    few = one.reasons[0] == "windows"
    args = name(review) | {"n": Arg(windows if few else before, "count")}
    args["min"] = Arg(LEAST_WINDOWS if few else least, "count")
    sentence = f"cp.few.{one.reasons[0]}"
    facts: dict[str, Any] = {"exhibit": f"{key(review)}.curve", "method": METHODS["increment"]}
    facts |= {"evidence": Note("cp.shutev", {"spans": _spans(one.shut)})} if one.shut else {}
    return Finding(f"{key(review)}.increment", sentence, args, one.verdict, Severity.MEDIUM, **facts)


def effect(total: Total) -> dict[str, Arg]:
    args = {"inc_s": Arg(total.effect, "money"), "lo_s": Arg(total.low, "money"), "hi_s": Arg(total.high, "money")}
    return args | {"inc": Arg(abs(total.effect), "money")}


def _why(one: Increment) -> dict[str, Arg]:
    """What the sentence of the weightiest reason needs."""
    found = one.found
    if found is None:
        return {}
    share = {"share": Arg(found.larger, "ratio")} if found.larger is not None else {}
    share |= {"spans": _spans(one.shut)} if one.shut else {}
    return share | ({"fit": Arg(found.fit, "index"), "least": Arg(LEAST_FIT, "index")} if found.fit is not None else {})


def _spans(shut: Sequence[Run]) -> Arg:
    return Arg([Arg({"start": plain(first), "end": plain(last)}, "dates") for first, last in shut], "text")


def placebos(one: Increment) -> Note:
    """How many windows like the campaign's were tried, and in how many of them as large a change was seen."""
    assert one.found
    larger = sum(abs(score) >= abs(one.found.parts[0].score) for score in one.found.placebos)
    args: Args = {
        "n": Arg(len(one.found.placebos), "count"),
        "k": Arg(larger, "count"),
        "days": Arg(one.found.before, "count"),
    }
    return Note("cp.evidence" if larger else "cp.evidence.none", args)


def _summed(review: Review) -> Iterable[Finding]:
    """The day from which on the range of what was added so far holds zero no more, up to the last."""
    one = review.increment
    if one is None or one.found is None or one.verdict == Verdict.TOO_LITTLE or len(one.found.running) < 2:
        return
    open_days = [n for n, total in enumerate(one.found.running) if total.low <= 0 <= total.high]
    since = open_days[-1] + 1 if open_days else 0
    held = since == len(one.found.running)
    args = name(review)
    if not held:
        args |= {"date": Arg(plain(review.campaign.opening + dt.timedelta(since)), "date")}
    place = f"{key(review)}.summed"
    facts: dict[str, Any] = {"exhibit": place, "method": METHODS["increment"]}
    sentence = "cp.summed.held" if held else "cp.summed"
    yield Finding(place, sentence, args, Verdict.STATED, Severity.INFO, **facts)


def _pull(review: Review) -> Iterable[Finding]:
    """The days around, where the data reach all of them."""
    one = review.increment
    if one is None or "net" not in one.parts or one.verdict == Verdict.TOO_LITTLE:
        return
    parts = one.parts
    dips = [parts["before"], parts["after"]]
    clear = any(dip.high < 0 for dip in dips)
    args = name(review) | {"inw_s": Arg(parts["during"].effect, "money"), "net_s": Arg(parts["net"].effect, "money")}
    args |= {"lo_s": Arg(parts["net"].low, "money"), "hi_s": Arg(parts["net"].high, "money")}
    args |= {"dip": Arg(abs(sum(d.effect for d in dips)), "money"), "n": Arg(one.after, "count")}
    yield Finding(
        f"{key(review)}.pull",
        "cp.pull" if clear else "cp.nopull",
        args,
        Verdict.PULLED if clear else Verdict.NO_PULL,
        Severity.MEDIUM if clear else Severity.LOW,
        value=parts["net"].effect,
        unit="money",
        low=parts["net"].low,
        high=parts["net"].high,
        level=one.found.level if one.found else None,
        exhibit=f"{key(review)}.parts",
        method=METHODS["increment"],
    )


def _after(review: Review) -> Iterable[Finding]:
    """Nothing is said of the days after while they are not over, nor of days that another event has, too, or on which
    the shop was closed."""
    one = review.increment
    if one and one.found and (one.taken or one.shut):
        sentence = "cp.aftershut" if one.shut else "cp.aftertaken"
        yield Finding(f"{key(review)}.after", sentence, name(review), Verdict.NONE, Severity.INFO)
    elif one and one.found and "net" not in one.parts:
        args = name(review) | {"date": Arg(plain(review.campaign.after), "date")}
        yield Finding(f"{key(review)}.after", "cp.afteropen", args, Verdict.NONE, Severity.INFO)


# ---- compared --------------------------------------------------------------------------------------------------


def _bridge(review: Review) -> Iterable[Finding]:
    """The change on the days compared with, and the factor with the largest part, whichever way it went."""
    one = review.bridge
    if one is None or not one.before:
        return
    change = one.now - one.before
    factor = max(one.effects, key=lambda n: abs(one.effects[n]))
    went = way(change)
    args = name(review) | {"base": base(review), "chg": Arg(abs(change), "money")}
    args |= {"pct": Arg(change / one.before, "growth")}
    args |= {"factor": Arg(f"driver.{factor}", "label"), "part_s": Arg(one.effects[factor], "money")}
    yield Finding(
        f"{key(review)}.bridge",
        f"cp.bridge.{went}",
        args,
        went,
        Severity.LOW,  # arithmetic: nothing in it is to be decided
        value=change,
        unit="money",
        baseline=one.before,
        exhibit=f"{key(review)}.bridge",
        method=METHODS["bridge"],
    )


def base(review: Review) -> Arg:
    """The earlier campaign by its name, or the days compared with."""
    assert review.bridge
    return Arg(review.earlier.name, "text") if review.earlier else span(review.bridge.then)


def _presale(review: Review) -> Iterable[Finding]:
    one = review.presale
    if one is None or one.paid is None:
        return
    last = review.last_presale.paid if review.last_presale else None
    args = name(review) | {"n": Arg(one.buyers, "count"), "bal": Arg(one.paid, "ratio")}
    sentence = "cp.presale" if one.converted is not None else "cp.presale.bare"
    if one.converted is not None:
        args["dep"] = Arg(one.converted, "rate")
    verdict = Verdict.STATED
    if last is not None and sentence == "cp.presale":
        verdict = way(one.paid - last)
        args["chg"] = Arg(abs(one.paid - last), "points")
        sentence = f"cp.presale.{verdict}"
    facts: dict[str, Any] = {"value": one.paid, "unit": "ratio", "baseline": last, "exhibit": f"{key(review)}.presale"}
    evidence = Note("cp.inflation", {"cost": Arg(one.inflation, "money")}) if one.inflation else None
    yield Finding(f"{key(review)}.presale", sentence, args, verdict, Severity.LOW, evidence=evidence, **facts)
