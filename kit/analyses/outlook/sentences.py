"""What the expected months amount to: the findings of one platform."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kit.analyses.outlook.ahead import LEAST, Ahead, Result
from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.findings import Arg, Finding, Kind, Note, Severity, Soundness, plain
from kit.stats.forecast import INNER, Range
from kit.stats.models import NAIVE

Name = str | Mapping[str, str]
Given = dict[str, Arg]
MOVE = 0.10
"""From which expected change on the year before a clear direction is of medium severity."""


@dataclass(frozen=True)
class Page:
    """One platform of a result, and what its findings and exhibits have in common."""

    result: Result
    one: Ahead

    @property
    def key(self) -> str:
        return f"market.outlook.{self.one.platform}"

    @property
    def estimated(self) -> bool:
        return self.one.series.kind == "vendor_estimate"

    @property
    def naive(self) -> bool:
        """Whether nothing did better in back-tests than the year before."""
        return bool(self.one.forecast and self.one.forecast.model == NAIVE.key)

    @property
    def args(self) -> Given:
        return {
            "platform": Arg(f"platform.{self.one.platform}", "label"),
            "category": Arg(self.result.category, "text"),
        }


def findings(page: Page) -> list[Finding]:
    """The next month first, then all of the coming months, then what was assumed; or why there is no forecast."""
    if page.one.forecast is None:
        args = {"n": Arg(len(page.one.known), "count"), "min": Arg(LEAST, "count")}
        args |= {"last": month_range([page.one.known[-1][0]])}
        where = {"exhibit": None, "method": None}
        return [_finding(page, "none", f"m.fcnone.{page.one.reason}", args, Verdict.NONE, Severity.INFO, **where)]
    return [_next(page), _all(page), *_assumed(page)]


def _next(page: Page) -> Finding:
    """The month that comes first, and on which side of the year before its range lies."""
    one, made = page.one, page.one.forecast
    assert made
    reached = direction(page, made.months[0], one.before[0], one.moved[0])
    args = _range(made.months[0]) | {"span": month_range(one.coming[:1])}
    sentence = _sentence(page, "m.fc", reached)
    return _expected(page, "next", sentence, args, reached, made.months[0], one.before[0], one.moved[0])


def _all(page: Page) -> Finding:
    """The coming months together where they add up, else in how many of them the direction is clear."""
    one, made = page.one, page.one.forecast
    assert made
    span = {"span": month_range(one.coming)}
    if one.sums:
        reached = direction(page, made.total, sum(one.before), one.together)
        sentence, args = _sentence(page, "m.fcall", reached), _range(made.total) | span
        return _expected(page, "all", sentence, args, reached, made.total, sum(one.before), one.together)
    pairs = list(zip(made.months, one.before, one.moved, strict=True))
    sides = [direction(page, month, before, moved) for month, before, moved in pairs]
    up, down = (sum(side == wanted for side in sides) for wanted in (Verdict.EXPECT_UP, Verdict.EXPECT_DOWN))
    told = "naive" if page.naive else "both" if up and down else "above" if up else "below" if down else "open"
    args = span | {"n": Arg(len(sides), "count"), "m": Arg(up or down, "count")}
    args |= {"less": Arg(down, "count")} if told == "both" else {}
    verdict = Verdict.WEAK if up or down else Verdict.OPEN
    rest = {"kind": Kind.THREAT if down > up else Kind.STATE, "exhibit": f"{page.key}.months"}
    return _finding(page, "all", f"m.fcmonths.{told}", args, verdict, Severity.LOW, **rest)


def direction(page: Page, one: Range, before: float, moved: bool) -> Verdict:
    """On which side of the year before the whole range lies; on neither where days moved or no growth is modelled."""
    if moved or page.naive:
        return Verdict.OPEN
    return Verdict.EXPECT_UP if one.low80 > before else Verdict.EXPECT_DOWN if one.high80 < before else Verdict.OPEN


def _sentence(page: Page, key: str, reached: Verdict) -> str:
    """By kind of source, and by direction; the fallback says so instead."""
    ends = {Verdict.EXPECT_UP: "above", Verdict.EXPECT_DOWN: "below"}
    kind = "est" if page.estimated else ""
    return f"{key}{kind}.{'naive' if page.naive else ends.get(reached, 'open')}"


def _expected(
    page: Page, name: str, sentence: str, args: Given, reached: Verdict, expected: Range, before: float, moved: bool
) -> Finding:
    change = expected.mid / before - 1
    clear = reached != Verdict.OPEN and abs(change) >= MOVE and page.one.sums and name == "all"
    held = page.one.forecast.used if page.one.forecast else None
    assert held
    evidence = {"chg_s": Arg(change, "growth"), "old": Arg(before, "money"), "lvl": Arg(INNER, "level")}
    evidence |= {"held": Arg(held.held80, "ratio")}
    return _finding(
        page,
        name,
        sentence,
        args,
        reached,
        Severity.MEDIUM if clear else Severity.LOW,
        kind=Kind.THREAT if reached == Verdict.EXPECT_DOWN else Kind.STATE,
        value=expected.mid,
        unit="money",
        low=expected.low80,
        high=expected.high80,
        level=INNER,
        baseline=before,
        exhibit=f"{page.key}.{'line' if name == 'next' else 'months'}",
        evidence=Note("m.fcev.moved" if moved else "m.fcev", evidence),
    )


def _range(one: Range) -> Given:
    ends = {"mid": Arg(one.mid, "money"), "lo": Arg(one.low80, "money"), "hi": Arg(one.high80, "money")}
    return ends | {"lvl": Arg(INNER, "level")}


def _assumed(page: Page) -> Iterable[Finding]:
    """Promotions whose dates are not out yet, and a festival that moves."""
    about = {"kind": Kind.DATA, "exhibit": None, "method": None}
    if page.one.unknown:
        events = [Arg(f"event.{name}", "label") for name in dict.fromkeys(e.event for e in page.one.unknown)]
        args = {"events": Arg(events, "label")}
        yield _finding(page, "dates", "m.fcdates", args, Soundness.LIMITED, Severity.LOW, **about)
    if page.one.dateless:
        yield _finding(page, "festival", "m.fcnofestival", {}, Soundness.LIMITED, Severity.LOW, **about)
    if page.one.festival:
        now, before = (Arg(plain(day), "date") for day in page.one.festival)
        args = {"date": now, "earlier": before}
        yield _finding(page, "festival", "m.fcfestival", args, Soundness.LIMITED, Severity.LOW, **about)


def accuracy_finding(page: Page) -> Finding:
    """Which candidate is used, and how its mean error compares with the benchmark's."""
    made = page.one.forecast
    assert made
    used = made.used
    args = {"model": Arg(f"model.{used.model}", "label"), "mase": Arg(used.mase, "index")}
    args |= {"naive": Arg(used.naive, "index"), "n": Arg(used.origins, "count")}
    sentence = "m.fcmodel.naive" if page.naive else "m.fcmodel"
    where = {"exhibit": f"{page.key}.accuracy"}
    return _finding(page, "accuracy", sentence, args, Verdict.RANKED, Severity.INFO, **where)


def month_range(span: Sequence[Any]) -> Arg:
    return Arg({"start": plain(span[0]), "end": plain(span[-1])}, "month-range")


def _finding(
    page: Page, name: str, sentence: str, args: Given, verdict: StrEnum, severity: Severity, **rest: Any
) -> Finding:
    where = {"method": "method.outlook"}
    return Finding(f"{page.key}.{name}", sentence, page.args | args, verdict, severity, **(where | rest))
