"""Findings and exhibits on a campaign's contribution, gross margin, prices and discounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from kit.analyses.campaign.sections import SAME, arg, key, name, span, told, way
from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.findings import Arg, Column, Exhibit, Finding, Kpi, Note, Severity, Table
from kit.stats import bridge
from kit.stats.bases import Days

if TYPE_CHECKING:
    from kit.analyses.campaign.margin import Account, Earned

LEVEL = 0.95
"""Of the range of refunds to come."""
UNIT = 100
"""Money of which it is said how much stays."""
SENTENCES = {Verdict.EARNED: "cp.margin.earned", Verdict.LOST: "cp.margin.lost", Verdict.OPEN: "cp.margin.open"}


def findings(one: Earned) -> tuple[Finding, ...]:
    """What stayed first, then gross margin, prices and who paid for discounts."""
    return tuple(finding for make in (_left, _gross, _price, _borne) for finding in make(one))


# ---- what stayed -----------------------------------------------------------------------------------------------


def verdict(one: Earned) -> Verdict:
    _, low, high = one.left
    return Verdict.EARNED if low > 0 else Verdict.LOST if high < 0 else Verdict.OPEN


def _left(one: Earned) -> Iterable[Finding]:
    (left, low, high), way, paid = one.left, verdict(one), one.sum(lambda a: a.paid)
    assert paid
    args = name(one) | {"m": Arg(abs(left), "money"), "unit": Arg(UNIT, "money")}
    args |= {"per": Arg(abs(left) / paid * UNIT, "price"), "lo_s": Arg(low, "money"), "hi_s": Arg(high, "money")}
    spent = one.sum(lambda a: a.spend)
    args |= {"spend": Arg(spent, "money")} if spent is not None else {}
    facts: dict[str, Any] = {"value": left, "unit": "money", "baseline": 0.0, "exhibit": f"{key(one)}.margin"}
    if low < high:
        facts |= {"low": low, "high": high, "level": LEVEL}
    yield Finding(
        f"{key(one)}.margin",
        SENTENCES[way] + ("" if spent is not None else ".noads"),
        args,
        way,
        Severity.HIGH,  # what a review is asked for, whichever way it went
        method="method.contribution",
        evidence=_evidence(one),
        **facts,
    )


def _evidence(one: Earned) -> Note:
    """How far the returns are in."""
    paid = one.sum(lambda a: a.paid) or 1.0
    seen, final, low, high = (
        sum(getattr(a.returns, end) * a.paid for a in one.accounts) / paid for end in ("seen", "share", "low", "high")
    )
    args = {"now": Arg(seen, "rate")}
    if any(not a.returns.told for a in one.accounts):
        return Note("cp.marginev.untold", args)
    if any(a.returns.by == "refunded" for a in one.accounts):
        return Note("cp.marginev.dated", args)
    if not any(a.returns.early for a in one.accounts):
        return Note("cp.marginev.settled", args)
    args |= {"fin": Arg(final, "rate"), "lo": Arg(low, "rate"), "hi": Arg(high, "rate")}
    _, worst, best = one.left
    return Note("cp.marginev.open", args | {"lo_s": Arg(worst, "money"), "hi_s": Arg(best, "money")})


# ---- margin and prices -----------------------------------------------------------------------------------------


def gross(one: Earned) -> tuple[float, float | None]:
    """What the goods leave of what was paid, in the campaign and on the days before."""
    paid, goods = (one.sum(of) or 0.0 for of in (lambda a: a.paid, lambda a: a.margin.goods * a.paid))
    then = one.sum(lambda a: a.before.goods * a.paid if a.before else None)
    return 1 - goods / paid, None if then is None else 1 - then / paid


def base(one: Earned) -> Days | None:
    """The days before that every shop was held against; of several shops' the latest."""
    found = [a.price.base for a in one.accounts if a.price]
    return max(found, key=lambda s: s.start) if len(found) == len(one.accounts) else None


def _gross(one: Earned) -> Iterable[Finding]:
    now, then = gross(one)
    days = base(one)
    args = name(one) | {"now": Arg(now, "ratio")}
    facts: dict[str, Any] = {"value": now, "unit": "ratio", "exhibit": f"{key(one)}.price"}
    if then is None or days is None:
        yield Finding(f"{key(one)}.gross", "cp.gross", args, Verdict.STATED, Severity.LOW, **facts)
        return
    gap = now - then
    went = way(gap, SAME)
    args |= {"before": Arg(then, "ratio"), "chg": Arg(abs(gap), "points"), "base": span(days)}
    yield Finding(f"{key(one)}.gross", f"cp.gross.{went}", args, went, Severity.LOW, baseline=then, **facts)


def _price(one: Earned) -> Iterable[Finding]:
    """How much cheaper than before, and how much cheaper would have left nothing."""
    found, days = one.usual, base(one)
    if found is None or days is None:
        return
    cut, even = found
    way = Verdict.LEVEL if abs(cut) < SAME else Verdict.CUT if cut > 0 else Verdict.DEARER
    past = cut > even
    args = name(one) | {"cut": Arg(abs(cut), "ratio"), "even": Arg(abs(even), "ratio"), "base": span(days)}
    facts: dict[str, Any] = {"value": cut, "unit": "ratio", "baseline": even, "exhibit": f"{key(one)}.price"}
    sentence = f"cp.price.{way}" if not past else "cp.price.past" if even >= 0 else "cp.price.never"
    severity = Severity.MEDIUM if past else Severity.LOW
    yield Finding(f"{key(one)}.price", sentence, args, way, severity, method="method.break_even_cut", **facts)


def _borne(one: Earned) -> Iterable[Finding]:
    own, theirs = one.sum(lambda a: a.own_off), one.sum(lambda a: a.others_off)
    if own is None or theirs is None or own + theirs <= 0:
        return
    args = name(one) | {"total": Arg(own + theirs, "money"), "own": Arg(own, "money"), "theirs": Arg(theirs, "money")}
    args["share"] = Arg(own / (own + theirs), "ratio")
    facts: dict[str, Any] = {"value": own / (own + theirs), "unit": "ratio", "exhibit": f"{key(one)}.price"}
    yield Finding(f"{key(one)}.subsidies", "cp.borne", args, Verdict.STATED, Severity.LOW, **facts)


# ---- exhibits --------------------------------------------------------------------------------------------------


def exhibits(one: Earned, found: Sequence[Finding]) -> tuple[Exhibit, ...]:
    return _steps(one, told(found, f"{key(one)}.margin")), _table(one, told(found, f"{key(one)}.price"))


def strip(one: Earned) -> Kpi:
    """The contribution, for the first page."""
    return Kpi(f"{key(one)}.contribution", "kpi.campaign.contribution", Arg(one.left[0], "money"))


def _steps(one: Earned, told: tuple[str, ...]) -> Exhibit:
    """From what was paid to what stayed; steps of nothing are left out."""
    place = f"{key(one)}.margin"
    paid, theirs = one.sum(lambda a: a.paid) or 0.0, sum(a.others_off or 0.0 for a in one.accounts)
    lost = [a.steps() for a in one.accounts]
    parts = {"others": theirs} | {n: -sum(steps[n] for steps in lost) for n in lost[0]}
    parts = {n: value for n, value in parts.items() if value}
    start, end = round(paid, 2), round(one.left[0], 2)
    shown = bridge.in_steps(list(parts.values()), round(end - start, 2), 0.01)
    steps = [(f"step.campaign.{n}", value) for n, value in zip(parts, shown, strict=True)]
    rows = (("step.campaign.paid", start), *steps, ("step.campaign.left", end))
    heads = (Column("step", "label", "col.step"), Column("amount", "money", "col.campaign.money"))
    notes = [Note("note.campaign.margin", {"covered": Arg(min(a.margin.covered for a in one.accounts), "ratio")})]
    notes += [] if one.sum(lambda a: a.spend) is not None else [Note("note.campaign.noads")]
    options = {"highlight": [len(rows) - 1]}
    return Exhibit(place, "waterfall", Table(f"{place}.table", heads, rows), told, tuple(notes), options)


def _table(one: Earned, told: tuple[str, ...]) -> Exhibit:
    """A row a figure: in the campaign, on the days before, and where nothing would be left."""
    place = f"{key(one)}.price"
    heads = (
        Column("figure", "label", "col.campaign.figure"),
        Column("now", "figure", "col.campaign.during"),
        Column("then", "figure", "col.campaign.ordinary"),
        Column("even", "figure", "col.campaign.even"),
    )
    days = base(one)
    notes = [Note("note.campaign.ordinary", {"period": span(days)})] if days else [Note("note.campaign.noordinary")]
    if one.sum(lambda a: a.own_off) is None:
        notes.append(Note("note.campaign.nosplit"))
    return Exhibit(place, "table", Table(f"{place}.table", heads, tuple(_rows(one))), told, tuple(notes))


def _rows(one: Earned) -> Iterable[tuple[Any, ...]]:
    now, then = gross(one)
    yield "margin.gross", Arg(now, "ratio"), arg(then, "ratio"), None
    if one.usual:
        cut, even = one.usual
        yield "margin.cut", Arg(cut, "ratio"), None, Arg(even, "ratio")
    listed, paid = one.sum(lambda a: a.listed), one.sum(lambda a: a.paid) or 0.0
    if listed:
        yield "margin.off", Arg(1 - paid / listed, "ratio"), None, None
    for part, of in (("own", _own), ("others", _others)):
        amount = one.sum(of)
        if amount is not None and listed:
            yield f"margin.{part}", Arg(amount / listed, "ratio"), None, None
    back = sum(a.returns.share * a.paid for a in one.accounts) / paid
    yield "margin.returned", Arg(back, "rate"), None, None
    yield "margin.left", Arg(one.left[0] / paid, "ratio"), None, Arg(0.0, "ratio")


def _own(account: Account) -> float | None:
    return account.own_off


def _others(account: Account) -> float | None:
    return account.others_off
