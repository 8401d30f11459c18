"""Where visitors come from, what they buy, and what changed; which search terms rose and fell.

A visitor who comes by two sources counts in both, so visitors of sources are never added and have no shares. What was
paid belongs to one source each, as the platform credits it: shares are of that, and only where a shop's sources of the
first level sum to what the shop took.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from kit.analyses.traffic.exhibits import exhibits
from kit.analyses.traffic.sentences import findings
from kit.analyses.traffic.sources import Result, ShopSources, read
from kit.analyses.traffic.terms import RATE, terms
from kit.findings import Missing, Shown
from kit.stats.bases import previous

__all__ = ["Result", "ShopSources", "analyse", "show"]


def analyse(
    traffic_source: pd.DataFrame | None,
    traffic_source_period: pd.DataFrame | None,
    shop_daily: pd.DataFrame | None,
    promotions: pd.DataFrame,
    start: dt.date,
    end: dt.date,
    shops: Mapping[str, Any],
    *,
    search_terms: pd.DataFrame | None = None,
    search_terms_period: pd.DataFrame | None = None,
    false_discovery: float = RATE,
) -> Result:
    """Each shop's sources from ``start`` to ``end`` and in the period before; canonical tables, or None.

    A row that is exactly the period counts each visitor once; daily rows serve where they have every day. ``shops``:
    each shop's name by its key. ``false_discovery``: the largest expected share of false claims among the search terms
    that are said to have risen or fallen.
    """
    base = previous(start, end)
    then = (base.start, base.end) if base else None
    found = read(traffic_source, traffic_source_period, shop_daily, promotions, (start, end), then)
    moved = terms(search_terms, search_terms_period, (start, end), then, false_discovery)
    return Result(found, moved, (start, end), then, shops)


def show(result: Result) -> Shown:
    """Findings and exhibits by shop; which export brings what is not there."""
    lacking = [] if result.shops else [Missing("review.traffic", "question.review.traffic", ("traffic_source",))]
    lacking += [] if result.terms else [Missing("review.traffic.terms", "question.review.terms", ("search_terms",))]
    found = findings(result)
    return Shown(found, tuple(exhibits(result, found)), missing=tuple(lacking))
