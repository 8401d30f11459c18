"""What buyers complain of and send back, how fast they are answered, and how far the refunds of a month are in.

A burst of bad reviews is told from the shop's own usual rate and the number of reviews that came in. Refunds of fresh
payments are still coming: the month's rate is stated as preliminary with what is expected, and the month before is
stated again with what has come since.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from kit.analyses.service.desk import desks
from kit.analyses.service.exhibits import exhibits
from kit.analyses.service.reasons import reasons
from kit.analyses.service.result import RATE, Result
from kit.analyses.service.reviews import read_reviews
from kit.analyses.service.ripe import ripeness
from kit.analyses.service.sentences import findings
from kit.findings import Missing, Shown
from kit.stats.bases import Days, previous

__all__ = ["Result", "analyse", "show"]


def analyse(
    reviews: pd.DataFrame | None,
    refunds: pd.DataFrame | None,
    service_daily: pd.DataFrame | None,
    shop_daily: pd.DataFrame | None,
    start: dt.date,
    end: dt.date,
    shops: Mapping[str, Any],
    *,
    refund_open_days: int = 30,
    false_discovery: float = RATE,
) -> Result:
    """Reviews, refunds and answers from ``start`` to ``end``; canonical tables, or None.

    ``shops``: each shop's name by its key. ``refund_open_days``: for so many days after payment refunds are still to
    come. ``false_discovery``: the largest expected share of false claims among the days, or the reasons, called.
    """
    days, base = Days(start, end), previous(start, end)
    return Result(
        read_reviews(reviews, days, false_discovery),
        reasons(refunds, days, base, false_discovery),
        ripeness(refunds, shop_daily, days, base, refund_open_days),
        desks(service_daily, shop_daily, days, base),
        days,
        base,
        shops,
    )


def show(result: Result) -> Shown:
    """Bursts first, then refunds and their maturity, then answers; which export brings what is not there."""
    found = findings(result)
    asked = (("reviews", result.reviews), ("refunds", result.reasons), ("service_daily", result.desks))
    lacking = [(name, f"question.review.{name}") for name, part in asked if not part]
    missing = tuple(Missing(f"review.service.{name}", question, (name,)) for name, question in lacking)
    return Shown(found, tuple(exhibits(result, found)), missing=missing)
