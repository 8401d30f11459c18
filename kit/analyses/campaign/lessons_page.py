"""Findings and tables on what to repeat and what to stop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from kit.analyses.campaign.sections import key, name, told
from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.findings import Arg, Column, Exhibit, Finding, Kind, Note, Severity, Table

if TYPE_CHECKING:
    from kit.analyses.campaign.lessons import Learnt, Lesson

SIDES = {"repeat": (Verdict.REPEAT, Kind.OPPORTUNITY, 1), "stop": (Verdict.STOP, Kind.THREAT, -1)}
NAMES = "abc"


def findings(one: Learnt) -> tuple[Finding, ...]:
    """What to repeat, then what to stop; each says how many could be named."""
    return tuple(_finding(one, side, lessons) for side, lessons in _sides(one))


def _sides(one: Learnt) -> Iterable[tuple[str, Sequence[Lesson]]]:
    return (("repeat", one.repeat), ("stop", one.stop))


def _finding(one: Learnt, side: str, lessons: Sequence[Lesson]) -> Finding:
    place, (verdict, kind, sign) = f"{key(one)}.{side}", SIDES[side]
    args = name(one)
    for letter, lesson in zip(NAMES, lessons, strict=False):
        args |= {letter: lesson.name, f"{letter}_s": Arg(sign * lesson.money, "money")}
    if not lessons:
        return Finding(place, f"cp.{side}.none", args, Verdict.NONE, Severity.INFO)
    facts: dict[str, Any] = {"value": sum(lesson.money for lesson in lessons), "unit": "money", "n": len(lessons)}
    facts |= {"exhibit": place, "method": "method.lessons"}
    sentence = f"cp.{side}.{('one', 'two', 'three')[len(lessons) - 1]}"
    return Finding(place, sentence, args, verdict, Severity.HIGH, kind, evidence=_measure(one), **facts)


def _measure(one: Learnt) -> Note:
    """What the money is: what stays, or sales."""
    if one.kept is None:
        return Note("cp.lessons.sales")
    return Note("cp.lessons.kept", {"kept": Arg(one.kept, "ratio")})


def exhibits(one: Learnt, found: Sequence[Finding]) -> Iterable[Exhibit]:
    """A row a lesson, with its range and the section that has its figures."""
    units = {"kind": "label", "name": "figure", "money": "money", "low": "money", "high": "money", "seen": "label"}
    for side, lessons in _sides(one):
        place = f"{key(one)}.{side}"
        if carried := told(found, place):
            cost = {"money": "cost"} if side == "stop" else {}
            heads = tuple(Column(n, u, f"col.lesson.{cost.get(n, n)}") for n, u in units.items())
            rows = tuple(_row(lesson) for lesson in lessons)
            notes = (Note("note.campaign.lessons"), _measure(one))
            yield Exhibit(place, "table", Table(f"{place}.table", heads, rows), carried, notes)


def _row(lesson: Lesson) -> tuple[Any, ...]:
    about = f"cp.lesson.kind.{lesson.kind}", lesson.name
    return (*about, lesson.money, lesson.low, lesson.high, f"cp.lesson.seen.{lesson.kind}")
