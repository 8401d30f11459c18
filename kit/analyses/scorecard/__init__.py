"""The scorecard: every figure of every shop with its goal, the period before, the year before, and what is usual.

Figures are those of ``kit.stats.kpis``, comparisons those of ``kit.stats.bases``, and what is beyond normal variation
is told by ``kit.stats.control_limits`` from the shop's own earlier periods, of all of them only days outside
promotions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from kit.analyses.scorecard.exhibits import exhibits
from kit.analyses.scorecard.lines import Line, Name, Result, read
from kit.analyses.scorecard.refund_goal import RefundGoal, refund_goals
from kit.analyses.scorecard.sentences import findings
from kit.analyses.scorecard.usual import Usual, ordinary
from kit.findings import Missing, Shown
from kit.stats import kpis, months, phases
from kit.stats.kpis import Tables

__all__ = ["Line", "RefundGoal", "Result", "Usual", "analyse", "show"]

OPEN_DAYS = 30


def analyse(
    tables: Tables,
    goals: pd.DataFrame | None,
    promotions: pd.DataFrame,
    start: dt.date,
    end: dt.date,
    cutoff: dt.date,
    names: Mapping[str, Name] | None = None,
    refund_open_days: int = OPEN_DAYS,
    benchmarks: Mapping[str, float] | None = None,
) -> Result:
    """The shops' figures from ``start`` to ``end``, or to the last day that all of them have.

    ``tables``: canonical tables by name (``kpi_parts.USED``), ``goals`` the sheet or None. ``promotions``: columns of
    ``kit.calendar.promotions``, as far back as there are data. ``cutoff``: the last day any table reaches. ``names``:
    what each shop is called. ``benchmarks`` by figure (``kpis.KPIS``), of every shop.
    """
    until = kpis.reached(tables, start, end)
    if until is None:
        return Result(start, end, None, {}, names or {})
    events = phases.on_any(promotions, kpis.shops(tables).values())
    span = months.whole(start, end)
    wanted = kpis.goals(goals, span) if goals is not None and span else {}
    early = (cutoff - until).days < refund_open_days
    made, compared, found = read(tables, wanted, events, start, until, early, benchmarks or {})
    refunds = tuple(refund_goals(tables, wanted, found, start, until, early, refund_open_days))
    there = {line.kpi for lines in made.values() for line in lines}
    lacking = tuple(kpi for kpi in kpis.KPIS if kpi not in there)
    calm = ordinary(events, start, until)
    return Result(start, end, until, made, names or {}, compared, lacking, calm, refunds)


def show(result: Result) -> Shown:
    """A finding and a table a shop, a finding for each figure beyond its normal variation, and what is lacking."""
    if result.until is None:
        return Shown(missing=(Missing("review.scorecard", "question.review.scorecard", ("shop_daily",)),))
    found = findings(result)
    return Shown(tuple(found), tuple(exhibits(result, found)))
