"""Looks at a test that earlier reports were: a test that is read once and was already read has been looked at.

A report shows no result of a test whose plan is not over. Where the plan was made longer afterwards, the report of an
earlier period has shown it all the same, before what is now the end; as has one of a test without an end yet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kit.analyses.abtest.declare import Plan
from kit.analyses.abtest.names import KEY

Report = Mapping[str, Any]
"""The JSON of a report: of ``findings`` their ``key`` and ``p_value``, of the ``ledger`` each file's ``end``."""


def counted(plan: Plan, earlier: Sequence[Report]) -> Plan:
    """The plan with its looks: as many as are declared, or as ``earlier`` reports were, if those are more.

    Reports that reach the same day are one look.
    """
    if plan.sequential or plan.end is None:
        return plan
    shown = {reach for report in earlier if _shows(report, plan) and (reach := _reach(report)) and reach < plan.end}
    return replace(plan, looks=max(plan.looks, len(shown)))


def _shows(report: Report, plan: Plan) -> bool:
    own = f"{KEY}.{plan.key}."
    return any(f["key"].startswith(own) and f["p_value"] is not None for f in report["findings"])


def _reach(report: Report) -> dt.date | None:
    """The last day that the data of the report reached."""
    ends = [line["end"] for line in report["ledger"] if line.get("end")]
    return dt.date.fromisoformat(max(ends)[:10]) if ends else None
