"""Findings and the table on buyers that a campaign won."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from kit.analyses.campaign.sections import key, name
from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.findings import Arg, Column, Exhibit, Finding, Missing, Note, Severity, Table, plain
from kit.stats.come_back import HISTORY, LEVEL, WITHIN

if TYPE_CHECKING:
    from kit.analyses.campaign.won import Lot, Won

FALSE = 0.05
"""Two-sided p up to which a difference is called clear."""


def missing(one: Won) -> Iterable[Missing]:
    """Orders, or orders that reach further back."""
    if one.history is None or one.history <= 0:
        yield Missing(f"{key(one)}.back", "question.campaign.back", ("orders",))
    elif not one.enough:
        args = name(one) | {"n": Arg(one.history, "count"), "min": Arg(HISTORY, "count")}
        yield Missing(f"{key(one)}.back", "question.campaign.back", ("orders",), Note("cp.miss.history", args))


def findings(one: Won) -> tuple[Finding, ...]:
    """The longest horizon that is over, or when the first will be."""
    if not one.enough:
        return ()
    return (_back(one, one.lots[-1]),) if one.lots else tuple(_open(one))


def _open(one: Won) -> Iterable[Finding]:
    if one.next_day is not None and one.buyers:
        args = name(one) | {"n": Arg(one.buyers, "count"), "d": Arg(WITHIN[0], "count")}
        args["date"] = Arg(plain(one.next_day), "date")
        yield Finding(f"{key(one)}.back", "cp.backopen", args, Verdict.NONE, Severity.INFO, n=one.buyers)


def _back(one: Won, lot: Lot) -> Finding:
    way = verdict(one, lot)
    args = name(one) | {"a": Arg(lot.campaign.share, "ratio"), "d": Arg(lot.days, "count")}
    facts: dict[str, Any] = {"value": lot.campaign.share, "unit": "ratio", "n": lot.campaign.buyers}
    facts |= {"exhibit": f"{key(one)}.back", "method": "method.come_back"}
    if lot.campaign.low is not None:
        facts |= {"low": lot.campaign.low, "high": lot.campaign.high, "level": LEVEL}
    if lot.ordinary is None or one.difference is None:
        return Finding(f"{key(one)}.back", "cp.back.alone", args, way, Severity.LOW, **facts)
    gap = lot.campaign.share - lot.ordinary.share
    args |= {"chg": Arg(abs(gap), "points"), "b": Arg(lot.ordinary.share, "ratio")}
    facts |= {"baseline": lot.ordinary.share, "p_value": one.difference.p}
    severity = Severity.MEDIUM if way == Verdict.BELOW else Severity.LOW
    sentence = "cp.back.open" if way == Verdict.OPEN else f"cp.back.{way}.clear"
    return Finding(f"{key(one)}.back", sentence, args, way, severity, **facts)


def verdict(one: Won, lot: Lot) -> Verdict:
    """Above or below ordinary buyers where the log-rank test is clear, else open."""
    if one.difference is None or lot.ordinary is None:
        return Verdict.STATED
    if one.difference.p > FALSE:
        return Verdict.OPEN
    return Verdict.ABOVE if lot.campaign.share > lot.ordinary.share else Verdict.BELOW


def exhibits(one: Won, found: Sequence[Finding]) -> tuple[Exhibit, ...]:
    """A row a horizon that is over."""
    told = tuple(f.key for f in found if f.exhibit)
    if not told:
        return ()
    place = f"{key(one)}.back"
    units = {"days": "count", "won": "count", "back": "ratio", "back_low": "ratio", "back_high": "ratio"}
    units |= {"usual_won": "count", "usual_back": "ratio", "usual_low": "ratio", "usual_high": "ratio"}
    heads = tuple(Column(head, unit, f"col.campaign.{head}") for head, unit in units.items())
    rows = tuple((lot.days, *_cells(lot.campaign), *_cells(lot.ordinary)) for lot in one.lots)
    notes = [Note("note.campaign.won", {"n": Arg(HISTORY, "count")}), Note("note.campaign.followed")]
    if one.next_day:
        notes.append(Note("note.campaign.nextback", {"date": Arg(plain(one.next_day), "date")}))
    return (Exhibit(place, "table", Table(f"{place}.table", heads, rows), told, tuple(notes)),)


def _cells(share: Any) -> tuple[Any, ...]:
    return (None,) * 4 if share is None else (share.buyers, share.share, share.low, share.high)
