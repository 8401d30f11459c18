"""What the shops may sell in the period after this one, whether its goal lies within that, and what the goal takes.

Of paid amounts by month; how they are forecast, and from which back-tests the ranges come, is ``kit.stats.forecast``.
A goal is set against the range and gets no probability: a range from a dozen back-tests carries none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from kit.analyses.next_month.ahead import Ahead, Name, Result, read
from kit.analyses.next_month.exhibits import accuracy_table, exhibits
from kit.analyses.next_month.sentences import accuracy_finding, findings, whole_period
from kit.analyses.next_month.takes import Take
from kit.findings import Missing, Note, Shown
from kit.stats import months
from kit.stats.kpis import Tables

__all__ = ["Ahead", "Result", "Take", "accuracy", "analyse", "show"]


def analyse(
    tables: Tables,
    goals: pd.DataFrame | None,
    promotions: pd.DataFrame,
    holidays: pd.DataFrame,
    start: dt.date,
    end: dt.date,
    names: Mapping[str, Name] | None = None,
) -> Result:
    """As many months after ``end`` as there are from ``start`` to ``end``, for each shop and all of them.

    ``tables``: canonical tables by name (``kpi_parts.USED``), ``goals`` the sheet or None. ``promotions`` and
    ``holidays``: columns of ``kit.calendar``, as far back as there are data and half a year beyond ``end``. ``names``:
    what each shop is called.
    """
    span = months.whole(start, end)
    made = read(tables, goals, promotions, holidays, span) if span else ()
    return Result(start, end, made, names or {})


def show(result: Result) -> Shown:
    """A finding and the fan of all shops (or of the only one), a table of the shops, and what a goal would take."""
    if not result.ahead:
        months_only = None if months.whole(result.start, result.end) else Note("r.next.whole", whole_period(result))
        return Shown(missing=(Missing("review.next", "question.review.next", ("shop_daily",), months_only),))
    found = findings(result)
    return Shown(tuple(found), tuple(exhibits(result, found)))


def accuracy(result: Result) -> Shown:
    """For the appendix: every candidate's back-test of what the fan shows; nothing where nothing was forecast."""
    led = result.led
    if led is None:
        return Shown()
    return Shown((accuracy_finding(result, led),), (accuracy_table(result, led),))
