"""Live sessions and creators: the funnel of own and of creators' rooms, and what each deal returned all costs counted.

A session's people are unique; a period's are not, so they are averaged and rates are of sums. Net return is sales after
returns ÷ all that the deal costs; while refunds are still coming in it has a range (``kit.stats.arrivals``). Break-even
is what goods, fees and parcels leave of a sale that is kept (``kit.stats.margin``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from kit.analyses.live.exhibits import exhibits
from kit.analyses.live.result import Result
from kit.analyses.live.sentences import findings
from kit.findings import Missing, Shown
from kit.stats import live_rooms
from kit.stats.bases import Days, previous
from kit.stats.live_sales import live_sales

__all__ = ["Result", "analyse", "show"]

OPEN_DAYS = 30


def analyse(
    live_sessions: pd.DataFrame | None,
    creator_deals: pd.DataFrame | None,
    start: dt.date,
    end: dt.date,
    cutoff: dt.date,
    shops: Mapping[str, Any],
    *,
    live_daily: pd.DataFrame | None = None,
    order_lines: pd.DataFrame | None = None,
    costs: pd.DataFrame | None = None,
    refund_open_days: int = OPEN_DAYS,
) -> Result:
    """Sessions from ``start`` to ``end``, and the deals that ended in them.

    Canonical tables, or None; ``live_daily`` serves where there are no sessions. ``cutoff``: the last day of the data,
    to which refunds are known. ``shops``: each shop's name by its key. ``refund_open_days``: for so many days after a
    session its refunds are still to come.
    """
    days = Days(start, end)
    base = previous(start, end)
    sheet = None if creator_deals is None or creator_deals.empty else creator_deals
    rows = live_rooms.sessions(live_sessions, live_daily)
    facts = (sheet, days, base, cutoff, refund_open_days, order_lines, costs)
    there = live_sales(rows, *facts) if rows is not None else ()
    first = rows["day"].min().date() if rows is not None else None
    return Result(days, base, there, sheet is not None, first, cutoff, refund_open_days, shops)


def show(result: Result) -> Shown:
    """Live sales, funnels, then deals; which export brings what is not there."""
    if not result.covered:
        lacking = ("live_sessions",) if result.told else ("live_sessions", "creator_deals")
        return Shown(missing=(Missing("review.live", "question.review.live", lacking),))
    found = findings(result)
    missing = () if result.told else (Missing("review.live.deals", "question.review.live.deals", ("creator_deals",)),)
    return Shown(found, tuple(exhibits(result, found)), missing=missing)
