"""Goals by phase and by day: when the sales goal was reached, and what each phase and day brought of the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from kit.analyses.campaign.goals import UNITS, Day, Line, Phase
from kit.analyses.campaign.sections import arg, day, key, name
from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.findings import Arg, Column, Exhibit, Finding, Note, Severity, Table, plain

if TYPE_CHECKING:
    from kit.analyses.campaign import Review

LED = "pay_amount"
"""The goal that a running sum is held against: refunds of a day are known only later."""


def findings(review: Review) -> Iterable[Finding]:
    """The day on which the goal for paid sales was reached, or how far the last day got."""
    goal, known = review.campaign.goals.get(LED), [d for d in review.days if d.running is not None]
    if not goal or goal <= 0 or not known:
        return
    reached = next((d for d in known if (d.running or 0.0) >= goal), None)
    last = reached or known[-1]
    args = name(review) | {"date": day(last.date), "goal": Arg(goal, "money")}
    args |= {"actual": Arg(last.running, "money"), "att": Arg((last.running or 0.0) / goal, "ratio")}
    if reached:
        args["n"] = Arg((review.campaign.end - last.date).days, "count")
    place = f"{key(review)}.goalrun"
    facts: dict[str, Any] = {"value": last.running, "unit": "money", "baseline": goal, "exhibit": place}
    sentence = "cp.running.reached" if reached else "cp.running.short"
    yield Finding(place, sentence, args, Verdict.STATED, Severity.INFO, **facts)


def running(review: Review, place: str, told: tuple[str, ...]) -> Exhibit:
    """The paid amount up to each day beside the goal."""
    goal = review.campaign.goals[LED]
    heads = (
        Column("date", "date", "col.campaign.date"),
        Column("running", "money", "col.campaign.running"),
        Column("goal", "money", "col.goal"),
    )
    rows = tuple((plain(d.date), d.running, goal) for d in review.days)
    return Exhibit(place, "line", Table(f"{place}.table", heads, rows), told, (Note("note.campaign.running"),))


def by_phase(review: Review, place: str, told: tuple[str, ...]) -> Exhibit | None:
    """A row a goal, a column a phase; none where there is one phase, or a goal of sales alone: told already."""
    phases = [p for p in review.phases if any(value is not None for value in p.goals.values())]
    lines = [one for one in review.lines if any(p.goals.get(one.metric) is not None for p in phases)]
    if len(phases) < 2 or not {one.metric for one in lines} - {LED}:
        return None
    heads = [Column("metric", "label", "col.campaign.metric")]
    heads += [Column(p.name, "figure", f"phase.{p.name}") for p in phases]
    heads.append(Column("goal", "figure", "col.goal"))
    rows = tuple(_row(one, phases) for one in lines)
    notes = [Note("note.campaign.goalphases")]
    return Exhibit(place, "table", Table(f"{place}.table", tuple(heads), rows), told, tuple(notes))


def _row(line: Line, phases: Sequence[Phase]) -> tuple[Any, ...]:
    unit = UNITS[line.metric]
    return (f"goal.{line.metric}", *(arg(p.goals.get(line.metric), unit) for p in phases), Arg(line.goal, unit))


def by_day(review: Review, place: str, told: tuple[str, ...]) -> Exhibit | None:
    """A row a day, a column a goal; none where sales are all that is told of a day."""
    goals = [one.metric for one in review.lines if any(_told(d, one.metric) for d in review.days)]
    if not set(goals) - {LED}:
        return None
    heads = (Column("date", "date", "col.campaign.date"), *(Column(m, UNITS[m], f"goal.{m}") for m in goals))
    rows = tuple((plain(d.date), *(d.goals.get(m) for m in goals)) for d in review.days)
    notes = (Note("note.campaign.goaldays"),)
    return Exhibit(place, "table", Table(f"{place}.table", heads, rows), told, notes)


def _told(one: Day, metric: str) -> bool:
    return one.goals.get(metric) is not None
