"""Findings and exhibits on the change by channel and by item."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from kit.analyses.campaign.sections import key, name, span, way
from kit.analyses.campaign.sources_split import ITEMS, RATES, Part, Split
from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.findings import Arg, Column, Exhibit, Finding, Note, Severity, Table
from kit.stats import bridge

if TYPE_CHECKING:
    from kit.analyses.campaign.sources import Sources

ROWS = 10
METHOD = "method.change_by"
ADDING = "money.adding"


def findings(one: Sources) -> tuple[Finding, ...]:
    return tuple(f for split in one.splits for f in _of(one, split))


def _of(one: Sources, split: Split) -> Iterable[Finding]:
    """What the change is made of, and the part that changed most; of a channel, its share against ordinary days."""
    if not split.usual or split.by == ITEMS:
        yield _steps(one, split)
    if split.parts and not (split.usual and split.by == ITEMS):  # the table of items has these
        yield _share(one, split) if split.usual else _most(one, split)


def _steps(one: Sources, split: Split) -> Finding:
    args = name(one) | {"base": base(one, split), "chg": Arg(split.change, "money")}
    args |= {f"{n}_s": Arg(split.steps[n], "money") for n in ("size", "mix", *RATES[split.by])}
    facts: dict[str, Any] = {"value": split.change, "unit": "money", "baseline": split.before, "method": METHOD}
    sentence = f"cp.by.{split.by}" + (".usual" if split.usual else "")
    where = place(one, split, "steps")
    return Finding(where, sentence, args, way(split.change), Severity.LOW, exhibit=where, **facts)


def _most(one: Sources, split: Split) -> Finding:
    first = split.parts[0]
    args = name(one) | {"base": base(one, split), "part": Arg(first.name, "text"), "chg": Arg(first.change, "money")}
    facts: dict[str, Any] = {"value": first.change, "unit": "money", "baseline": first.before, "method": METHOD}
    where = place(one, split, "parts")
    return Finding(where, f"cp.by.most.{split.by}", args, way(first.change), Severity.INFO, exhibit=where, **facts)


def _share(one: Sources, split: Split) -> Finding:
    """Never an increment: nothing here says what a channel would have sold without the campaign."""
    first, where = max(split.parts, key=_change), place(one, split, "usual")
    share = split.share(first)
    args = name(one) | {"base": base(one, split), "chg_s": Arg(split.change, "money"), "part": Arg(first.name, "text")}
    args |= {"part_s": Arg(first.change, "money")} | ({"share": Arg(share, "ratio")} if share is not None else {})
    sentence = "cp.by.share" if share is not None else "cp.by.share.less"
    facts: dict[str, Any] = {"value": first.change if share is None else share, "method": METHOD}
    facts |= {"unit": "money" if share is None else "ratio", "exhibit": where}
    return Finding(where, sentence, args, Verdict.STATED, Severity.LOW, **facts)


def _change(part: Part) -> float:
    return part.change


def place(one: Sources, split: Split, part: str) -> str:
    return f"{key(one)}.by.{split.by}.{part}"


def base(one: Sources, split: Split) -> Arg:
    """The earlier campaign by its name, or the days compared with."""
    return Arg(one.earlier, "text") if one.earlier and not split.usual else span(split.base)


# ---- exhibits --------------------------------------------------------------------------------------------------


def exhibits(one: Sources, found: Sequence[Finding]) -> Iterable[Exhibit]:
    told = {f.exhibit for f in found}
    for split in one.splits:
        for part, make in (("steps", _waterfall), ("parts", _table), ("usual", _table)):
            where = place(one, split, part)
            if where in told and (part == "usual") == (split.usual and part != "steps"):
                yield make(one, split, where)


def _waterfall(one: Sources, split: Split, where: str) -> Exhibit:
    """Steps rounded so that they add up; those of nothing are left out."""
    steps = {n: value for n, value in split.steps.items() if abs(value) >= 0.005}
    start, end = round(split.before, 2), round(split.now, 2)
    shown = bridge.in_steps(list(steps.values()), round(end - start, 2), 0.01)
    named = [(f"step.by.{split.by}.{n}", value) for n, value in zip(steps, shown, strict=True)]
    rows = (("driver.then", start), *named, ("driver.now", end))
    heads = (Column("step", "label", "col.step"), Column("amount", "money", _money(split)))
    sizes = [abs(value) for value in shown]
    options = {"highlight": [sizes.index(max(sizes)) + 1]} if sizes else {}
    return Exhibit(where, "waterfall", Table(f"{where}.table", heads, rows), (where,), _notes(one, split), options)


def _money(split: Split) -> str:
    return "col.by.a_day" if split.usual else "col.pay_amount"


def _table(one: Sources, split: Split, where: str) -> Exhibit:
    """The parts that changed most, all others in a row; the split of each where it was sold at both ends."""
    labels = ["size", *RATES[split.by]]
    heads = [Column("part", "text", f"col.by.{split.by}"), Column("before", ADDING, "col.by.before")]
    heads += [Column("now", ADDING, "col.by.now"), Column("change", ADDING, "col.by.change")]
    heads += [Column(n, ADDING, f"col.by.{split.by}.{n}") for n in labels]
    heads += [Column("share", "ratio", "col.by.share")] if split.usual else []
    rows = tuple(_row(split, part, len(labels)) for part in split.parts[:ROWS])
    notes = list(_notes(one, split))
    if len(split.parts) > ROWS:
        rest = split.parts[ROWS:]
        left = {"n": Arg(len(rest), "count"), "money_s": Arg(sum(part.change for part in rest), "money")}
        notes.append(Note("note.campaign.by.more", left))
    notes += [Note("note.campaign.by.share")] if split.usual else []
    return Exhibit(where, "table", Table(f"{where}.table", tuple(heads), rows), (where,), tuple(notes))


def _row(split: Split, part: Part, labels: int) -> tuple[Any, ...]:
    effects = part.effects or (None,) * labels
    shares = (split.share(part),) if split.usual else ()
    return (part.name, part.before, part.now, part.change, *effects, *shares)


def _notes(one: Sources, split: Split) -> tuple[Note, ...]:
    spans = {"now": span(one.campaign.event), "then": span(split.base)}
    first = Note("note.campaign.by.usual" if split.usual else "note.campaign.bridge.days", spans)
    short = Note("note.campaign.by.short", {"then": Arg(one.earlier, "text") if one.earlier else span(one.then)})
    late = split.usual and not any(o.by == split.by and not o.usual for o in one.splits)
    return (first, Note(f"note.campaign.by.{split.by}"), *((short,) if late else ()))
