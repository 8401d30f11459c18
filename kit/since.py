"""What a report says that the one before it did not: new, resolved, changed beyond noise, and restated.

Findings and key figures have keys that are stable across periods, so two reports as data can be set beside each other.
The one before is the latest built of an earlier period of the same kind: a month is compared with a month.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from kit.findings import ORDER, Severity, plain
from kit.periods import Period

Report = Mapping[str, Any]
WEIGHTY = ("high", "medium")
"""What is of less weight comes and goes without being news."""
COMPARED = ("key", "verdict", "severity", "kind", "low", "high", "unit", "shown")
SAME = 0.0005
"""Part of a figure below which a restatement is rounding."""


@dataclass(frozen=True)
class Moved:
    """A finding in both reports: as it was, as it is."""

    old: Report
    new: Report


@dataclass(frozen=True)
class Restated:
    """A key figure of the earlier period: as its own report had it, and as today's data have it."""

    label: Mapping[str, str]
    old: float | None
    new: float | None
    unit: str


@dataclass(frozen=True)
class Since:
    """Each list in the order of its report."""

    new: tuple[Report, ...]
    resolved: tuple[Report, ...]
    changed: tuple[Moved, ...]
    restated: tuple[Restated, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.resolved or self.changed or self.restated)


@dataclass(frozen=True)
class Corrected:
    """What a version of a report says otherwise than the one before, in one language; all that pages show counts, and
    what weighs most stands first.

    ``turned``: findings of another verdict; ``moved``: of other figures; ``reworded``: of the same in other words. A
    limit of the data that only counts otherwise is in neither.
    """

    figures: tuple[Restated, ...]
    turned: tuple[Moved, ...]
    moved: tuple[Moved, ...]
    reworded: tuple[Moved, ...]
    new: tuple[Report, ...]
    gone: tuple[Report, ...]


def last(reports: Sequence[Report], period: Period) -> dict[str, Any] | None:
    """Of earlier reports as data, what is compared of the latest of the same kind; None without one.

    A period of free days is compared with none: it has no kind.
    """
    if period.kind == "span":
        return None
    for report in reversed(reports):
        said = Period.spanning(*(dt.date.fromisoformat(report["period"][end]) for end in ("start", "end")))
        if said.kind == period.kind and said.end < period.start:
            shown = [{name: f[name] for name in COMPARED} for f in report["findings"]]
            figures = [{name: kpi[name] for name in ("key", "label", "value", "unit")} for kpi in report["kpis"]]
            return {"before": plain(said), "period": report["period"], "findings": shown, "kpis": figures}
    return None


def counts(report: Report, before: Report | None) -> dict[str, Any]:
    """What a record says of its report: how many findings its pages show, by severity, and how many changes of each
    sort there are since ``before`` (as ``last`` gives it), whose period is named; None without one."""
    shown = Counter(f["shown"]["severity"] for f in report["findings"] if f["shown"])
    found = compared(before, report) if before else None
    sorts = {f.name: len(getattr(found, f.name)) for f in fields(Since)} if found else None
    return {"findings": dict(shown), "since": {"before": before["before"], **sorts} if before and sorts else None}


def read(path: Path) -> dict[str, Any] | None:
    """A report as data; None if the file is none, such as a record or a manifest, or is of an older form."""
    try:
        said = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    whole = isinstance(said, dict) and {"report", "period", "findings", "kpis", "missing"} <= set(said)
    return said if whole else None


def compared(old: Report, new: Report) -> Since:
    """Two reports of the same name: ``old`` as ``last`` gives it, ``new`` likewise or as data.

    A finding has changed if its verdict has, or if the ranges of its value in both reports have nothing in common;
    without ranges nothing says that a difference is more than noise.
    """
    before, now = _weighty(old), _weighty(new)
    known, known_now = ({f["key"]: f for f in report["findings"] if f["shown"]} for report in (old, new))
    there = {f["key"] for f in new["findings"]}  # a finding that is hidden now has not gone
    both = [Moved(known[key], f) for key, f in known_now.items() if key in known and (key in before or key in now)]
    return Since(
        tuple(f for key, f in now.items() if key not in known),
        tuple(f for key, f in before.items() if key not in there),
        tuple(moved for moved in both if _changed(moved)),
        tuple(_restated(old, new)),
    )


def _weighty(report: Report) -> dict[str, Report]:
    """The findings that weigh, but for those about the data."""
    shown = [f for f in report["findings"] if f["shown"] and f["kind"] != "data"]
    return {f["key"]: f for f in shown if f["shown"]["severity"] in WEIGHTY}


def _changed(moved: Moved) -> bool:
    if moved.old["verdict"] != moved.new["verdict"]:
        return True
    ends = [(f["low"], f["high"]) for f in (moved.old, moved.new)]
    if moved.old["unit"] != moved.new["unit"] or any(end is None for pair in ends for end in pair):
        return False
    (low, high), (new_low, new_high) = ends
    return bool(new_low > high or new_high < low)


def _restated(old: Report, new: Report) -> list[Restated]:
    """Key figures whose value in the earlier report is not what the new one compares with."""
    known = {kpi["key"]: kpi for kpi in old["kpis"]}
    found = []
    for kpi in new["kpis"]:
        was, told = known.get(kpi["key"]), kpi["before"]
        if was is None or not told or told["period"] != old["period"] or was["value"] is None:
            continue
        if abs(told["value"] - was["value"]) > SAME * abs(was["value"]):
            found.append(Restated(kpi["label"], was["value"], told["value"], kpi["unit"]))
    return found


def corrected(old: Report, new: Report, locale: str) -> Corrected:
    """Two versions of one report of one period, both as data."""
    was, now = ({f["key"]: f for f in sorted(_all_shown(report), key=_rank)} for report in (old, new))
    both = [Moved(was[key], f) for key, f in now.items() if key in was]
    sorts: dict[str, list[Moved]] = {"turned": [], "moved": [], "reworded": [], "": []}
    for moved in both:
        sorts[_sort(moved, locale)].append(moved)
    return Corrected(
        tuple(_refigured(old, new)),
        tuple(sorts["turned"]),
        tuple(sorts["moved"]),
        tuple(sorts["reworded"]),
        tuple(f for key, f in now.items() if key not in was),
        tuple(f for key, f in was.items() if key not in now),
    )


def _all_shown(report: Report) -> list[Report]:
    return [f for f in report["findings"] if f["shown"]]


def _rank(finding: Report) -> int:
    return ORDER[Severity(finding["shown"]["severity"])]


def _sort(moved: Moved, locale: str) -> str:
    """What became of a finding: its verdict first, then what can be read of it; empty if that is the same."""
    if moved.old["verdict"] != moved.new["verdict"]:
        return "turned"
    if moved.new["kind"] == "data" or moved.old["shown"]["text"][locale] == moved.new["shown"]["text"][locale]:
        return ""
    same = all(moved.old[name] == moved.new[name] for name in ("value", "low", "high", "baseline"))
    same = same and moved.old["text"][locale] == moved.new["text"][locale]
    return "reworded" if same else "moved"


def _refigured(old: Report, new: Report) -> list[Restated]:
    """Key figures of another value than in the earlier version; one that only one of them has stands beside None."""
    was, now = ({kpi["key"]: kpi for kpi in report["kpis"]} for report in (old, new))
    found = []
    for key, kpi in {**was, **now}.items():
        values = [side[key]["value"] if key in side else None for side in (was, now)]
        if values[0] != values[1]:
            found.append(Restated(kpi["label"], values[0], values[1], kpi["unit"]))
    return found
