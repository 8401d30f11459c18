"""Findings and tables on earlier campaigns, the next budget, and what was agreed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from kit.analyses.campaign.sections import key, name, told
from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.findings import Arg, Column, Exhibit, Finding, Missing, Note, Severity, Table, plain
from kit.stats import kpis

if TYPE_CHECKING:
    from kit.analyses.campaign.earlier import Beside, Budget, Result, Row
    from kit.stats.agreed import Action

FIGURES = (
    "pay_amount", "visitors", "pay_cvr", "revenue_per_buyer", "new_share", "spend_ratio", "whole_return",
    "refund_rate_paid",
)  # fmt: skip
"""Figures of ``kit.stats.kpis`` that stand side by side."""


def findings(one: Beside) -> tuple[Finding, ...]:
    """Its place among the campaigns, its budget, the next one's, and what is open of what was agreed."""
    return tuple(f for make in (_rank, _spent, _next, _agreed) for f in make(one))


def missing(result: Result, one: Beside) -> Iterable[Missing]:
    if not one.rows:
        yield Missing(f"{key(one)}.earlier", "question.campaign.earlier", ("shop_daily",))
    elif one.budget is None:
        yield Missing(f"{key(one)}.budget", "question.campaign.budget", ("ads_daily",))
    if not result.listed:
        yield Missing(f"{key(one)}.learning", "question.campaign.learning", ("actions",))


def _rank(one: Beside) -> Iterable[Finding]:
    if one.rank is None or len(one.rows) < 2:
        return
    mine = one.rows[0].a_day
    args = name(one) | {"rank": Arg(one.rank, "rank"), "n": Arg(len(one.rows), "count"), "value": Arg(mine, "money")}
    facts: dict[str, Any] = {"value": mine, "unit": "money", "n": len(one.rows), "exhibit": f"{key(one)}.earlier"}
    yield Finding(f"{key(one)}.rank", "cp.rank", args, Verdict.STATED, Severity.LOW, **facts)


def _spent(one: Beside) -> Iterable[Finding]:
    """What was spent of the budget."""
    spend, budget = one.rows[0].value("spend") if one.rows else None, one.campaign.budget
    if spend is None or not budget:
        return
    args = name(one) | {
        "spend": Arg(spend, "money"),
        "budget": Arg(budget, "money"),
        "att": Arg(spend / budget, "ratio"),
    }
    way = Verdict.OVER_GOAL if spend > budget else Verdict.UNDER_GOAL if spend < budget else Verdict.ON_GOAL
    severity = Severity.MEDIUM if way == Verdict.OVER_GOAL else Severity.LOW
    facts: dict[str, Any] = {"value": spend, "unit": "money", "baseline": budget, "exhibit": f"{key(one)}.earlier"}
    yield Finding(f"{key(one)}.spent", "cp.spent", args, way, severity, **facts)


def _next(one: Beside) -> Iterable[Finding]:
    found = one.budget
    if found is None:
        return
    args = name(one) | {"goal": Arg(found.goal, "money"), "roi": Arg(found.roi, "index")}
    args |= {"budget": Arg(found.middle, "money"), "n": Arg(found.count, "count")}
    args |= {"lo": Arg(found.low, "money"), "hi": Arg(found.high, "money")}
    if found.campaign:
        args["next"] = Arg(found.campaign, "text")
    facts: dict[str, Any] = {"value": found.middle, "unit": "money", "n": found.count, "method": "method.next_budget"}
    if found.level:
        facts |= {"low": found.low, "high": found.high, "level": found.level}
    facts["exhibit"] = f"{key(one)}.earlier"
    sentence = ("cp.next.goal" if found.campaign else "cp.next") + (".single" if found.count == 1 else "")
    evidence = _evidence(found)
    yield Finding(f"{key(one)}.budget", sentence, args, Verdict.STATED, Severity.LOW, evidence=evidence, **facts)


def _evidence(found: Budget) -> Note:
    args = {"n": Arg(found.count, "count"), "roi": Arg(found.roi, "index")}
    if found.level:
        return Note("cp.nextev", args | {"lvl": Arg(found.level, "level")})
    return Note("cp.nextev.few" if found.count > 1 else "cp.nextev.single", args)


def _agreed(one: Beside) -> Iterable[Finding]:
    if not one.actions:
        return
    counts = {state: sum(a.state == state for a in one.actions) for state in ("done", "open", "late")}
    args = name(one) | {"n": Arg(len(one.actions), "count")}
    args |= {state: Arg(count, "count") for state, count in counts.items()}
    facts: dict[str, Any] = {"n": len(one.actions), "exhibit": f"{key(one)}.learning"}
    yield Finding(f"{key(one)}.learning", "cp.learning", args, Verdict.STATED, Severity.LOW, **facts)


# ---- exhibits --------------------------------------------------------------------------------------------------


def exhibits(one: Beside, found: Sequence[Finding]) -> Iterable[Exhibit]:
    for place, make in (("earlier", _table), ("learning", _actions)):
        if carried := told(found, f"{key(one)}.{place}"):
            yield make(one, f"{key(one)}.{place}", carried)


def _table(one: Beside, place: str, told: tuple[str, ...]) -> Exhibit:
    """A row a campaign; a figure that fewer than two of several have compares nothing and is left out."""
    least = min(2, len(one.rows))
    kept = [n for n in FIGURES if sum(row.value(n) is not None for row in one.rows) >= least]
    heads = [Column("campaign", "text", "col.campaign.name"), Column("days", "count", "col.campaign.length")]
    heads.append(Column("a_day", "money", "col.campaign.paid_a_day"))
    heads += [Column(n, {"visitors": "count"}.get(n, kpis.BY_NAME[n].unit), f"col.campaign.{n}") for n in kept]
    rows = tuple(_row(row, kept) for row in one.rows)
    notes = [Note("note.campaign.side_by_side")]
    once = {f.deduplicated for row in one.rows if (f := row.figures.get("visitors")) and f.value is not None}
    notes += [Note("note.campaign.daily")] if once == {False} else []
    return Exhibit(place, "table", Table(f"{place}.table", tuple(heads), rows, {0: "own"}), told, tuple(notes))


def _row(row: Row, kept: Sequence[str]) -> tuple[Any, ...]:
    return (row.campaign.name, row.campaign.event.count, row.a_day, *(row.value(n) for n in kept))


def _actions(one: Beside, place: str, told: tuple[str, ...]) -> Exhibit:
    units = {"action": "text", "owner": "text", "due": "date", "state": "label"}
    heads = [Column(head, unit, f"col.action.{head}") for head, unit in units.items()]
    results = any(action.result for action in one.actions)
    heads += [Column("result", "text", "col.action.result")] if results else []
    rows = tuple((*_action(a), *((a.result,) if results else ())) for a in one.actions)
    notes = (Note("note.review.actions", {"date": Arg(plain(one.as_of), "date")}),)
    return Exhibit(place, "table", Table(f"{place}.table", tuple(heads), rows), told, notes)


def _action(one: Action) -> tuple[Any, ...]:
    return plain(one.text), plain(one.owner), plain(one.due) if one.due else None, f"action.{one.state}"
