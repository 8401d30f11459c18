"""What the category may sell in the coming months: expected amounts with ranges, and how good such ranges have been.

Of an amount only (``kit.stats.series``): a platform's index is none, and nothing is forecast from it. A vendor's
estimates are expected month by month and not added up; an interval's ends widen the ranges. Which model is used, and
how wide the ranges are, is settled by back-tests (``kit.stats.forecast``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from kit.analyses.outlook.ahead import Result, read
from kit.analyses.outlook.exhibits import accuracy_table, exhibits
from kit.analyses.outlook.sentences import Name, Page, accuracy_finding, findings
from kit.findings import Missing, Shown
from kit.stats import months
from kit.stats.category import chosen

__all__ = ["Result", "accuracy", "analyse", "show"]


def analyse(
    market_monthly: pd.DataFrame | None,
    promotions: pd.DataFrame,
    holidays: pd.DataFrame,
    start: dt.date,
    end: dt.date,
    category: Name,
    breaks: Sequence[dt.date] = (),
) -> Result:
    """The category on each platform after ``end``, from its last months in a row up to then.

    ``market_monthly``: the canonical table, or None. ``promotions`` and ``holidays``: columns of ``kit.calendar``, as
    far back as there are data and half a year beyond ``end``. ``category`` and ``breaks`` as in ``market_size``.
    """
    if market_monthly is None or market_monthly.empty:
        return Result((), category)
    ours = chosen(market_monthly, category)
    span = months.whole(start, end)
    return Result(tuple(read(ours.rows, promotions, holidays, span, end, breaks)), ours.named)


def show(result: Result) -> Shown:
    """Findings, a line with the expected months, and a table of them; what a platform's data do not carry, in words."""
    if not result.platforms:
        return Shown(missing=(Missing("market.outlook", "question.outlook", ("market_monthly",)),))
    pages = [Page(result, one) for one in result.platforms]
    said = [findings(page) for page in pages]
    shown = [exhibit for page, found in zip(pages, said, strict=True) for exhibit in exhibits(page, found)]
    return Shown(tuple(f for found in said for f in found), tuple(shown))


def accuracy(result: Result) -> Shown:
    """For the appendix: every candidate's back-test, a table a platform; nothing where nothing was forecast."""
    pages = [Page(result, one) for one in result.platforms if one.forecast]
    return Shown(tuple(accuracy_finding(page) for page in pages), tuple(accuracy_table(page) for page in pages))
