"""Which findings of all reports open the summary: the rule, in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from kit.findings import ORDER, Severity, Side

Piece = Mapping[str, Any]
FINDINGS = 6
STEPS = 3
"""Of the agency's next steps; what the brand has to decide is all there."""
OF_ONE = 3
"""Findings of one report: a summary over all of them is not one report's first page."""


@dataclass(frozen=True)
class Picked:
    """A finding with its report; ``label``: of the exhibit that shows it, by language; ``money`` at stake, if known;
    ``agreed``: what the actions sheet has about it, which stands in place of a proposal."""

    report: str
    finding: Piece
    label: Mapping[str, str] | None
    money: float | None
    agreed: Piece | None = None

    @property
    def ask(self) -> Piece:
        """What is to be done and by whom."""
        return self.agreed or self.finding

    @property
    def source(self) -> tuple[str, str | None]:
        return self.report, self.finding["exhibit"] if self.label else None


@dataclass(frozen=True)
class Result:
    """``picked`` findings in their order, out of ``known`` that are no mere information; ``asked``: those of which an
    action is agreed or proposed, the brand's decisions first; ``reports`` read and ``absent`` ones."""

    picked: tuple[Picked, ...]
    asked: tuple[Picked, ...]
    known: int
    reports: Mapping[str, Piece]
    absent: tuple[str, ...]


def analyse(reports: Mapping[str, Piece | None], topics: Iterable[Piece]) -> Result:
    """``reports``: by name the JSON of each other report, None where there is none. ``topics``: the rules of evidence
    (``kit.rules``): findings of the same rule are about the same thing, whichever report says it."""
    there = {name: report for name, report in reports.items() if report is not None}
    every = [_picked(name, report, f) for name, report in there.items() for f in report["findings"] if _counts(f)]
    every.sort(key=_order)
    rules = list(topics)
    kept: list[Picked] = []
    for one in sorted(_by_topic(every, rules), key=_order):
        mine = sum(other.report == one.report for other in kept)
        if mine < OF_ONE or len(there) == 1:
            kept.append(one)
    absent = tuple(name for name, report in reports.items() if report is None)
    return Result(tuple(kept[:FINDINGS]), tuple(_asked(there, every, rules)), len(every), there, absent)


def _asked(reports: Mapping[str, Piece], every: Sequence[Picked], rules: Sequence[Piece]) -> list[Picked]:
    """What was agreed and is not done, all of it; then one proposal on a matter, whichever report makes it, of the
    agency's as many as ``STEPS`` leaves room for."""
    shown = [_picked(name, report, f) for name, report in reports.items() for f in report["findings"] if f["shown"]]
    agreed = sorted((replace(one, agreed=row) for one in shown for row in one.finding.get("agreed", ())), key=_order)
    asking = sorted(_by_topic([one for one in every if one.finding["action"]], rules), key=_order)
    brand = [one for one in (*agreed, *asking) if one.ask["side"] == Side.BRAND]
    settled = [one for one in agreed if one.ask["side"] != Side.BRAND]
    agency = [one for one in asking if one.ask["side"] != Side.BRAND]
    return [*brand, *settled, *agency[: max(0, STEPS - len(settled))]]


def _counts(finding: Piece) -> bool:
    """Shown, and more than information; a limit of the data only if it weighs. Items of the SWOT picture are what other
    reports have said."""
    shown = finding["shown"]
    if finding["key"].startswith("swot.") and finding["verdict"] != "proposed":
        return False
    if shown is None or shown["severity"] == Severity.INFO:
        return False
    return finding["kind"] != "data" or bool(shown["severity"] == Severity.HIGH)


def _picked(name: str, report: Piece, finding: Piece) -> Picked:
    exhibit = next((e for e in report["exhibits"] if e["key"] == finding["exhibit"]), None)
    return Picked(name, finding, exhibit["label"] if exhibit else None, at_stake(finding))


def at_stake(finding: Piece) -> float | None:
    """Money that a finding is about: its gap to what it is compared with, else its amount; None if it is not money."""
    if finding["unit"] != "money" or finding["value"] is None:
        return None
    return abs(finding["value"] - (finding["baseline"] or 0.0))


def certain(finding: Piece) -> bool:
    """Whether the range of the value, where there is one, leaves out what it is compared with."""
    low, high, base = finding["low"], finding["high"], finding["baseline"] or 0.0
    return low is None or high is None or not low <= base <= high


def _order(one: Picked) -> tuple[Any, ...]:
    """What the consultant pinned; then the urgent, the certain, the costly."""
    shown = one.finding["shown"]
    rank = ORDER[Severity(shown["severity"])]
    return not shown["pinned"], rank, not certain(one.finding), -(one.money or 0.0)


def _by_topic(every: Iterable[Picked], rules: Sequence[Piece]) -> list[Picked]:
    """One finding on a matter: that of the first pattern of its rule, else the first in order."""
    best: dict[str, tuple[int, Picked]] = {}
    for one in every:
        topic, place = _topic(one, rules)
        if topic not in best or place < best[topic][0]:
            best[topic] = place, one
    return [one for _, one in best.values()]


def _topic(one: Picked, rules: Sequence[Piece]) -> tuple[str, int]:
    """The rule that a finding falls under and the place of the pattern that it fits; else the exhibit that shows it."""
    key = one.finding["key"]
    for rule in rules:
        place = next((n for n, pattern in enumerate(rule["finding"]) if fnmatchcase(key, pattern)), None)
        if place is not None:
            return str(rule["id"]), place
    return str(one.finding["exhibit"] or key), 0
