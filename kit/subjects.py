"""Whether a report has anything to be about: a notebook's metadata may name the kind of thing its report is on.

A report on experiments or campaigns needs one that was live in the period; without, it is skipped and not built empty.
"""

from __future__ import annotations

from typing import Any

from kit.client import Period
from kit.store import Store

KINDS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "experiments": (
        "planned_start",
        "planned_end",
        ("experiment_units", "experiment_daily", "experiment_period", "experiment_summary"),
    ),
    "campaigns": ("end", "end", ()),
}
"""The sheet that lists them, the first and last day that must meet the period (a campaign is reviewed when it has
ended), and the tables that hold their data."""


def live(kind: str, data: Store, period: Period) -> bool:
    """Whether the sheet has one whose days meet the period, or a table has days in it.

    A day that a row leaves blank excludes nothing. Data without days count where the sheet has no row at all.
    """
    start, end, tables = KINDS[kind]
    rows = data.records(kind)
    if any(_meets(row.get(start), row.get(end), period) for row in rows):
        return True
    dated = [c for c in data.coverage if c["table"] in tables]
    if any(_meets(c["start"], c["end"], period) for c in dated):
        return True
    undated = {name for name in tables if name in data.tables} - {c["table"] for c in dated}
    return bool(undated) and not rows


def _meets(start: Any, end: Any, period: Period) -> bool:
    first, last = (str(day)[:10] if day is not None and day == day else None for day in (start, end))
    return (first is None or first <= period.end.isoformat()) and (last is None or last >= period.start.isoformat())
