"""What the coming months amount to: the findings of each shop, all of them together first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kit.analyses.next_month.ahead import LEAST, Ahead, Result
from kit.analyses.next_month.takes import FACTORS, Take, easiest
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.findings import Arg, Finding, Kind, Note, Severity, Side, Soundness, plain
from kit.stats.forecast import INNER
from kit.stats.kpis import BY_NAME, TOTAL
from kit.stats.models import NAIVE

Given = dict[str, Arg]
KEY = "review.next"
SIDES = {1: Verdict.GOAL_ABOVE, 0: Verdict.GOAL_WITHIN, -1: Verdict.GOAL_BELOW}
SAID = {
    Verdict.GOAL_ABOVE: "goal.over",
    Verdict.GOAL_WITHIN: "goal.within",
    Verdict.GOAL_BELOW: "goal.under",
    Verdict.EXPECT_UP: "above",
    Verdict.EXPECT_DOWN: "below",
    Verdict.OPEN: "open",
}


def findings(result: Result) -> list[Finding]:
    """Of each shop what is expected and where its goal lies, and what the goal would take; then what was assumed.

    Where nothing is expected of any, the first says why.
    """
    told = result.ahead if result.led else result.ahead[:1]
    made = [finding for one in told for finding in _one(result, one)]
    return [*made, *_dates(result)]


def who(result: Result, shop: str) -> Arg:
    """A shop by its name; all of them together as such, or as the shop where there is one."""
    if shop == TOTAL:
        return Arg("review.shops" if result.shops else "review.shop", "label")
    return Arg(result.names.get(shop, shop), "text")


def slug(shop: str) -> str:
    return shop or "all"


def month_range(span: Any) -> Arg:
    return Arg({"start": plain(span[0]), "end": plain(span[-1])}, "month-range")


def whole_period(result: Result) -> Given:
    return {"period": Arg({"start": plain(result.start), "end": plain(result.end)}, "period")}


def about(result: Result, one: Ahead) -> Given:
    return {"who": who(result, one.shop), "span": month_range(one.aims)}


def naive(one: Ahead) -> bool:
    """Whether nothing did better in back-tests than the year before."""
    return bool(one.forecast and one.forecast.model == NAIVE.key)


def _one(result: Result, one: Ahead) -> Iterable[Finding]:
    if one.forecast is None:
        args = about(result, one) | {"n": Arg(len(one.known), "count"), "min": Arg(LEAST, "count")}
        yield Finding(f"{KEY}.{slug(one.shop)}", f"r.nextnone.{one.reason}", args, Verdict.NONE, Severity.INFO)
        return
    yield _expected(result, one)
    if one.takes:
        yield _take(result, one, easiest(one.takes))
    if one.other:
        args = about(result, one) | {"basis": Arg(f"basis.{one.other}", "label")}
        key = f"{KEY}.{slug(one.shop)}.basis"
        yield Finding(key, "r.nextbasis", args, Soundness.LIMITED, Severity.LOW, kind=Kind.DATA)


def _expected(result: Result, one: Ahead) -> Finding:
    """The amount with its range, held against the goal, or the year before where there is none."""
    expected, made = one.expected, one.forecast
    assert expected and made
    reached = SIDES[one.side] if one.goal else _direction(one)
    args = about(result, one) | {"mid": Arg(expected.mid, "money"), "lvl": Arg(INNER, "level")}
    args |= {"lo": Arg(expected.low80, "money"), "hi": Arg(expected.high80, "money")}
    args |= {"goal": Arg(one.goal, "money")} if one.goal else {}
    threat = reached in (Verdict.GOAL_ABOVE, Verdict.EXPECT_DOWN)
    return Finding(
        f"{KEY}.{slug(one.shop)}",
        f"r.next.{'naive' if not one.goal and naive(one) else SAID[reached]}",
        args,
        reached,
        Severity.MEDIUM if threat else Severity.LOW,
        kind=Kind.THREAT if threat else Kind.STATE,
        value=expected.mid,
        unit="money",
        low=expected.low80,
        high=expected.high80,
        level=INNER,
        baseline=one.goal or one.before,
        n=len(one.known),
        exhibit=f"{KEY}.line" if one is result.led else f"{KEY}.shops",
        method="method.review_next",
        evidence=_evidence(one),
        action=Note("r.nextask", args) if reached == Verdict.GOAL_ABOVE else None,
        side=Side.BRAND,
    )


def _direction(one: Ahead) -> Verdict:
    """On which side of the year before the whole range lies; on neither where days moved or no growth is modelled."""
    expected = one.expected
    if expected is None or one.moved or naive(one):
        return Verdict.OPEN
    above, below = expected.low80 > one.before, expected.high80 < one.before
    return Verdict.EXPECT_UP if above else Verdict.EXPECT_DOWN if below else Verdict.OPEN


def _evidence(one: Ahead) -> Note:
    """The year before, and how many amounts the ranges held when the past was forecast."""
    assert one.expected and one.forecast
    used = one.forecast.used
    args = {"old": Arg(one.before, "money"), "lvl": Arg(INNER, "level"), "held": Arg(used.held80, "ratio")}
    if one.moved or naive(one):
        return Note("r.nextev.moved" if one.moved else "r.nextev.naive", args)
    return Note("r.nextev", args | {"chg_s": Arg(one.expected.mid / one.before - 1, "growth")})


def _take(result: Result, one: Ahead, take: Take) -> Finding:
    """The figure that most months moved by as much as the goal needs of it alone."""
    unit = BY_NAME[take.factor].unit
    args = about(result, one) | {"goal": Arg(one.goal, "money"), "metric": Arg(f"score.{take.factor}", "label")}
    args |= {"value": Arg(take.needed, unit), "mid": Arg(take.expected, unit), "old": Arg(take.before, unit)}
    args |= {"k": Arg(take.reached, "count"), "m": Arg(take.known, "count")}
    return Finding(
        f"{KEY}.{slug(one.shop)}.take",
        "r.nexttake",
        args,
        SIDES[one.side],
        Severity.LOW,
        value=take.needed,
        unit=unit,
        baseline=take.expected,
        n=take.known,
        exhibit=f"{KEY}.takes",
        method="method.review_takes",
    )


def _dates(result: Result) -> Iterable[Finding]:
    """Promotions whose dates are not out yet."""
    unknown = dict.fromkeys(e.event for one in result.ahead if one.forecast for e in one.unknown)
    if unknown:
        events = Arg([Arg(f"event.{name}", "label") for name in unknown], "label")
        yield Finding(f"{KEY}.dates", "m.fcdates", {"events": events}, Soundness.LIMITED, Severity.LOW, Kind.DATA)


def accuracy_finding(result: Result, one: Ahead) -> Finding:
    """Which candidate is used, and how its mean error compares with the benchmark's."""
    made = one.forecast
    assert made
    used = made.used
    args = {"who": who(result, one.shop), "model": Arg(f"model.{used.model}", "label")}
    args |= {"mase": Arg(used.mase, "index"), "naive": Arg(used.naive, "index"), "n": Arg(used.origins, "count")}
    sentence = "r.nextmodel.naive" if naive(one) else "r.nextmodel"
    where = {"exhibit": f"{KEY}.accuracy", "method": "method.review_next"}
    return Finding(f"{KEY}.accuracy", sentence, args, Verdict.NORMAL, Severity.INFO, **where)  # type: ignore[arg-type]


__all__ = ["FACTORS", "KEY", "accuracy_finding", "findings", "month_range", "slug", "who", "whole_period"]
