"""The findings of the SWOT report: one an item, one a strategy, and what the weighing says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from kit.analyses.swot.items import SIDES, WAYS, Item, Result
from kit.analyses.swot.matrix import Matrix
from kit.analyses.swot.strategies import Way
from kit.analyses.verdicts import SwotVerdict as Verdict
from kit.findings import Arg, Finding, Kind, Note, Severity, plain

KEY = "swot"
PICTURE, WAYS_KEY, EVIDENCE = f"{KEY}.picture", f"{KEY}.ways", f"{KEY}.evidence"
VERDICTS = {
    "S": Verdict.STRENGTH,
    "W": Verdict.WEAKNESS,
    "O": Verdict.OPPORTUNITY,
    "T": Verdict.THREAT,
}
KINDS = {"O": Kind.OPPORTUNITY, "T": Kind.THREAT}
MIDDLE = 2.5


def text(said: Any) -> Arg:
    """Words that come in both languages, from another report or from the consultant."""
    return Arg(plain(said), "text")


def items(result: Result) -> tuple[Finding, ...]:
    """How many items stand, then each."""
    return (_count(result), *(_item(item) for item in result.items))


def _count(result: Result) -> Finding:
    counts = {side.lower(): Arg(len(result.of(side)), "count") for side in SIDES}
    judged = sum(item.judged for item in result.items)
    note = Note("s.count.judged", {"n": Arg(judged, "count")}) if judged else None
    facts: dict[str, Any] = {"n": len(result.items), "exhibit": PICTURE, "evidence": note}
    return Finding(f"{KEY}.count", "s.count", counts, Verdict.STATED, Severity.LOW, **facts)


def _item(item: Item) -> Finding:
    effect = item.effect
    facts: dict[str, Any] = {"evidence": evidence(item), "exhibit": PICTURE, "method": "method.swot"}
    if effect and item.value:
        facts |= {"value": plain(effect.value), "unit": effect.unit, "low": plain(item.low), "high": plain(item.high)}
    facts |= {"source": (item.source[0], item.exhibit)} if item.source else {}
    sentence = f"s.{item.side}.view" if item.judged else f"s.{item.side}"
    kind = KINDS.get(item.side, Kind.STATE)
    args = {"text": text(item.text)}
    return Finding(f"{KEY}.{item.key}", sentence, args, VERDICTS[item.side], item.severity, kind, **facts)


def evidence(item: Item) -> Note:
    """How large, with its range, and where it is shown; of a judgement whose it is."""
    if item.effect is None:
        return Note("s.by", {"by": Arg(item.by, "text")}) if item.by else Note("s.unmeasured")
    effect = item.effect
    sentence = {"growth": "s.moved", "points": "s.moved", "times": "s.times"}.get(effect.unit, "s.size")
    sign = "_s" if sentence == "s.moved" else ""
    args = {f"size{sign}": effect}
    if item.low is not None and item.high is not None:
        ends = {"lo": item.low, "hi": item.high}
        args |= {f"{name}{sign}": Arg(plain(end), effect.unit) for name, end in ends.items()}
        sentence += ".range"
    args |= {"report": Arg(item.source[0], "report")} if item.source else {}
    if item.source and item.source[1]:
        args["exhibit"] = text(item.source[1])
        sentence += ".at"
    if item.more:
        args["n"] = Arg(item.more, "count")
        sentence += ".more"
    return Note(sentence, args)


def ways(result: Result, day: dt.date) -> tuple[Finding, ...]:
    """Each strategy, computed ones first; ``day``: when its figure is read."""
    own = [(kind, item) for kind in WAYS for item in result.own_ways.get(kind, ())]
    return (*(_way(way, day) for way in result.ways), *(_own(kind, item) for kind, item in own))


def _way(way: Way, day: dt.date) -> Finding:
    name = way.key.partition(".")[2]
    args = {
        "inside": Arg(f"swot.item.{way.inside.key.partition('.')[2]}", "label"),
        "outside": Arg(f"swot.item.{way.outside.key.partition('.')[2]}", "label"),
        "step": Arg(f"s.step.{name}", "label"),
        "watch": Arg(f"swot.watch.{way.inside.watch}", "label"),
        "date": Arg(plain(day), "date"),
        "effort": Arg(f"swot.effort.{way.effort}", "label"),
        "impact": Arg(f"severity.{way.impact}", "label"),
    }
    facts: dict[str, Any] = {"evidence": Note("s.tows", args), "exhibit": WAYS_KEY, "method": "method.tows"}
    return Finding(f"{KEY}.{way.key}", f"s.way.{name}", {}, Verdict.PROPOSED, way.impact, **facts)


def _own(kind: str, item: Item) -> Finding:
    facts: dict[str, Any] = {"evidence": evidence(item), "exhibit": WAYS_KEY}
    return Finding(f"{KEY}.{item.key}", "s.view", {"text": text(item.text)}, Verdict.PROPOSED, Severity.MEDIUM, **facts)


def weighed(name: str, said: Matrix) -> Finding:
    """The score against the middle of the scale, or why there is none; what was rated unusually."""
    facts: dict[str, Any] = {"exhibit": f"{KEY}.{name}", "n": len(said.items), "method": "method.ife"}
    if said.score is None:
        sentence = "s.matrix.bare" if said.bare else "s.matrix.sum"
        args = {"which": Arg(f"swot.matrix.{name}", "label"), "x": Arg(said.weights, "ratio")}
        if said.bare:
            args = {"which": args["which"], "n": Arg(len(said.bare), "count")}
        return Finding(f"{KEY}.{name}", sentence, args, Verdict.NONE, Severity.LOW, **facts)
    gap = round(said.score - MIDDLE, 2)
    args = {
        "which": Arg(f"swot.matrix.{name}", "label"),
        "score": Arg(said.score, "index"),
        "gap": Arg(gap, "index"),
        "mid": Arg(MIDDLE, "index"),
    }
    note = None
    if said.unusual:
        note = Note("s.matrix.unusual", {"items": Arg([text(i.text) for i in said.unusual], "text")})
    facts |= {"value": said.score, "unit": "index", "baseline": MIDDLE, "evidence": note}
    return Finding(f"{KEY}.{name}", "s.matrix", args, Verdict.STATED, Severity.LOW, **facts)


def rejected(result: Result) -> Iterable[Finding]:
    """That the consultant struck out computed items; which and why stands in the sheet and is no reader's business."""
    if result.rejected:
        args = {"n": Arg(len(result.rejected), "count")}
        yield Finding(f"{KEY}.rejected", "s.rejected", args, Verdict.REJECTED, Severity.INFO, Kind.DATA)
