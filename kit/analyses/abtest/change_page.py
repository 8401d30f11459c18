"""What is said and shown of a change that was made on one day: weak evidence, with its range or with what lacks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kit.analyses.abtest.change import Change, Point
from kit.analyses.abtest.declare import Metric, metrics
from kit.analyses.abtest.judge import Test
from kit.analyses.abtest.names import KEY, measure, metric, part
from kit.analyses.verdicts import AbtestVerdict as Verdict
from kit.findings import Arg, Column, Exhibit, Finding, Note, Severity, Table, plain
from kit.stats.counterfactual import LEAST_DAYS

METHOD = "method.ab.before_after"
BACK = 42
"""Days before the change that are drawn."""


def measured(test: Test, change: Change) -> Metric:
    """The deciding metric, by the columns that the change was read from."""
    return metrics(test.plan, [change.pair], frozenset({change.pair[0]} - {""}))[0]


def findings(test: Test, change: Change) -> Iterable[Finding]:
    """The estimate, and how often as much moved where nothing was changed; or what lacks for one."""
    about: dict[str, Any] = {"test": Arg(test.plan.name, "text"), "metric": metric(measured(test, change))}
    key = part(test, change.variant, measure(test, test.plan.primary))
    if change.found is None or change.lift is None:
        yield Finding(key, *_lacking(change, about), Verdict.WEAK, Severity.LOW)
        return
    total, unit = change.found.parts[0], measured(test, change).unit
    args = about | {"n": Arg(change.days, "count")} | _growth(change.lift)
    ends = {"value": total.effect, "low": total.low, "high": total.high, "baseline": total.expected}
    facts: dict[str, Any] = {name: end / change.days for name, end in ends.items()}
    facts |= {"unit": unit, "level": change.found.level, "method": METHOD, "exhibit": f"{_place(test, change)}.change"}
    said = {"a": Arg(total.expected / change.days, unit), "b": Arg(total.observed / change.days, unit)}
    evidence = Note("ab.ev_change", about | said | {"n": Arg(change.before, "count")})
    yield Finding(key, "ab.weak", args, Verdict.WEAK, Severity.LOW, evidence=evidence, **facts)
    yield _placebos(test, change, about)


def _growth(ends: Iterable[float]) -> dict[str, Arg]:
    return {name: Arg(value, "growth") for name, value in zip(("lift_s", "lo_s", "hi_s"), ends, strict=True)}


def _lacking(change: Change, about: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if change.why == "few_before":
        return "ab.weak_few", about | {"n": Arg(change.before, "count"), "least": Arg(LEAST_DAYS, "count.days")}
    return "ab.weak_none", about | {"why": Arg(f"ab.why.{change.why or 'not_above_zero'}", "label")}


def _placebos(test: Test, change: Change, about: dict[str, Any]) -> Finding:
    """How the estimate looks beside stretches of the past that were not changed."""
    assert change.found
    scores = change.found.placebos
    larger = sum(abs(score) >= abs(change.found.parts[0].score) for score in scores)
    args = about | {"n": Arg(len(scores), "count"), "larger": Arg(larger, "count")}
    facts: dict[str, Any] = {"exhibit": f"{_place(test, change)}.days", "method": METHOD}
    sentence = "ab.placebos_none" if not scores else "ab.placebos" if larger else "ab.placebos_clear"
    return Finding(part(test, change.variant, "days"), sentence, args, Verdict.OPEN, Severity.INFO, **facts)


def exhibits(test: Test, change: Change) -> Iterable[Exhibit]:
    if change.found is None or change.lift is None:
        return
    yield _effect(test, change)
    yield _days(test, change)


EFFECT = (("held", "label"), ("effect", "growth"), ("low", "growth"), ("high", "growth"))


def _effect(test: Test, change: Change) -> Exhibit:
    """The change as it looks at once, and as it looks against what was to be expected."""
    key = f"{_place(test, change)}.change"
    assert change.lift and change.found
    rows = [("ab.change.expected", *change.lift), ("ab.change.plain", _at_once(change), None, None)]
    heads = tuple(Column(name, unit, f"col.ab.{name}") for name, unit in EFFECT)
    level = {"lvl": Arg(change.found.level, "level")}
    notes = (Note("note.ab.change", level), *_notes(change))
    options = {"highlight": [0], "whole": True}
    return Exhibit(key, "intervals", Table(key, heads, tuple(rows)), (), notes, options)


def _at_once(change: Change) -> float | None:
    """The mean day after against as many days just before."""
    seen = [point.seen for point in change.points]
    before = [v for v in seen[: -change.days][-change.days :] if v is not None]
    after = [v for v in seen[-change.days :] if v is not None]
    base = sum(before) / len(before) if before else 0.0
    return sum(after) / len(after) / base - 1 if base > 0 else None


def _notes(change: Change) -> Iterable[Note]:
    yield Note(f"note.ab.change_{change.source}", {"n": Arg(change.before, "count")})
    if change.promoted:
        yield Note("note.ab.change_promoted")


def _days(test: Test, change: Change) -> Exhibit:
    """Every day beside what was to be expected of it."""
    key, unit = f"{_place(test, change)}.days", measured(test, change).unit
    shown = change.points[-(BACK + change.days) :]
    units = (("date", "date"), ("seen_day", unit), ("expected", unit))
    heads = tuple(Column(name, unit, f"col.ab.{name}") for name, unit in units)
    rows = tuple(_row(point) for point in shown)
    marks = [{"label": "ab.change.after", "start": plain(change.start), "end": plain(change.end), "exact": True}]
    return Exhibit(key, "line", Table(key, heads, rows), (), (Note("note.ab.change_days"),), {"promotions": marks})


def _row(point: Point) -> tuple[Any, ...]:
    return plain(point.at), point.seen, point.expected


def _place(test: Test, change: Change) -> str:
    return ".".join([KEY, test.plan.key, *([test.keys[change.variant]] if change.variant else [])])
