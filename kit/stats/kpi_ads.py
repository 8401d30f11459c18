"""Advertising: what a shop spent and what its tools credit themselves with, each tool's money counted once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit.stats.kpi_days import ABSENT, Dates, Part, reach

WAYS = ["shop", "tool", "breakdown", "window_days"]
"""In each of these a tool's money stands once."""
SPENT = ("spend", "spent_", "credited_")
"""What the names of the parts of advertising begin with."""


def advertised(ads: pd.DataFrame | None, days: Dates) -> dict[str, Part]:
    """Promotion spend of every tool together, and of each tool its spend and the sales that it credits itself with.

    Each tool's money stands in each of its breakdowns: one that has all of its days is summed. Dates without a row are
    days without spend, as long as the files reach around the period. Tools credit themselves with the same sales: these
    are never added over tools, and are told only where every row of the tool's states both.
    """
    if ads is None:
        return {"spend": Part(None, ABSENT)}
    if not (found := reach(ads["date"], days)).value:
        return {"spend": Part(None, found.lacks)}
    total = 0.0
    made: dict[str, Part] = {}
    for rows in one_breakdown(days.of(ads)):
        tool, spent, sold = rows["tool"].iloc[0], rows["spend"].to_numpy(float), rows["ad_gmv"].to_numpy(float)
        total += float(np.nansum(spent))
        if not np.isnan([spent, sold]).any():
            made |= {f"spent_{tool}": Part(float(spent.sum())), f"credited_{tool}": Part(float(sold.sum()))}
    return {"spend": Part(total), **made}


def one_breakdown(ads: pd.DataFrame) -> Iterable[pd.DataFrame]:
    """Of each tool the rows of one breakdown and one attribution window: the one with most days, then most spend."""
    ads = ads if "way" in ads else with_ways(ads)
    ways = ads["way"].to_numpy()
    dates, spend = ads["date"].to_numpy(), ads["spend"].to_numpy(float)
    order = np.argsort(ways, kind="stable")
    best: dict[tuple[str, str], tuple[tuple[int, float], NDArray[np.intp]]] = {}
    for rows in np.split(order, np.flatnonzero(np.diff(ways[order])) + 1) if len(ads) else ():
        size = (len(np.unique(dates[rows])), float(np.nansum(spend[rows])))
        tool = (ads["shop"].iat[rows[0]], ads["tool"].iat[rows[0]])
        if tool not in best or size > best[tool][0]:
            best[tool] = (size, rows)
    for tool in sorted(best):
        yield ads.iloc[best[tool][1]]


def with_ways(ads: pd.DataFrame) -> pd.DataFrame:
    """With the number of each row's ``WAYS``, in their order."""
    return ads.assign(way=ads.groupby(WAYS, dropna=False).ngroup())


def one_way(ads: pd.DataFrame, start: dt.date, end: dt.date) -> pd.DataFrame:
    """Of each tool the rows, whenever they are of, of the breakdown and window from which its spend of ``start`` to
    ``end`` is summed."""
    within = ads[ads["date"].between(pd.Timestamp(start), pd.Timestamp(end))]
    chosen = [rows[WAYS].iloc[:1] for rows in one_breakdown(within)]
    return ads.merge(pd.concat(chosen), on=WAYS, validate="m:1") if chosen else ads.iloc[:0]
