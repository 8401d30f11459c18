"""What each channel's advertising cost and what its tool credits it with, beside break-even and the agreed floor.

Tools credit a sale each by their own rule and window, so their sales are never added and their returns never ranked.
What does add is spend: the whole shop's spend ratio and return are the totals. A channel that decays is told from its
weekly returns outside promotions, by weeks whose attribution window is over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from kit.analyses.ads.channels import RATE, Channel, Result, Tables, read
from kit.analyses.ads.exhibits import exhibits
from kit.analyses.ads.sentences import findings
from kit.findings import Missing, Shown

__all__ = ["Channel", "Result", "analyse", "show"]


def analyse(
    ads_daily: pd.DataFrame | None,
    shop_daily: pd.DataFrame | None,
    promotions: pd.DataFrame,
    start: dt.date,
    end: dt.date,
    shops: Mapping[str, Any],
    *,
    shop_period: pd.DataFrame | None = None,
    order_lines: pd.DataFrame | None = None,
    refunds: pd.DataFrame | None = None,
    costs: pd.DataFrame | None = None,
    goals: pd.DataFrame | None = None,
    as_of: dt.date | None = None,
    false_discovery: float = RATE,
) -> Result:
    """Every channel with spend from ``start`` to ``end``, and all of them together.

    Canonical tables, or None. ``shops``: each shop's name by its key. ``as_of``: the last day that sales credited by
    then can lie on (``end`` if not given). ``false_discovery``: the largest expected share of false claims among the
    channels that are said to decay.
    """
    if ads_daily is None or ads_daily.empty:
        return Result((), {}, (start, end), None, shops)
    tables: Tables = {"ads_daily": ads_daily, "shop_daily": shop_daily, "shop_period": shop_period}
    tables |= {"order_lines": order_lines, "refunds": refunds, "costs": costs, "goals": goals}
    return read(tables, promotions, start, end, shops, as_of or end, false_discovery)


def show(result: Result) -> Shown:
    """The total first, then what is under its line or decays; a table, and a line of each channel that decays."""
    if not result.channels:
        return Shown(missing=(Missing("review.ads", "question.review.ads", ("ads_daily",)),))
    found = findings(result)
    return Shown(found, tuple(exhibits(result, found)))
