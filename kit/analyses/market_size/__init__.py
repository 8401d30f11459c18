"""How big is the category, how does it move, and does the brand keep up: one series a platform, never mixed.

What may be said depends on what the source counts (``kit.stats.series``): money has sizes, sums and growth; an
interval has bounds of them; a vendor's estimate is quoted as one and never added up; a platform's index has a
direction and nothing else. Which months compare with which is decided in ``kit.stats.category``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from kit.analyses.market_size.exhibits import exhibits, kpis
from kit.analyses.market_size.page import Name, Page, Result
from kit.analyses.market_size.sentences import findings
from kit.findings import Arg, Missing, Note, Shown
from kit.stats import months
from kit.stats.category import chosen, read

__all__ = ["Result", "analyse", "show"]


def analyse(
    market_monthly: pd.DataFrame | None,
    shop_daily: pd.DataFrame | None,
    promotions: pd.DataFrame,
    start: dt.date,
    end: dt.date,
    category: Name,
    brand: Name,
    breaks: Sequence[dt.date] = (),
) -> Result:
    """The category on each platform from ``start`` to ``end``, against the period before and a year before.

    ``market_monthly`` and ``shop_daily``: canonical tables, or None. ``promotions``: columns of
    ``kit.calendar.promotions``, as far back as there are data. ``category`` is looked for among the data's own
    names; when the data have one category only, it is that one, under its own name. ``breaks``: first days of a new cut
    of the category by its platform.
    """
    own = shop_daily is not None and not shop_daily.empty
    if market_monthly is None or market_monthly.empty:
        return Result((), start, end, category, brand, own)
    ours = chosen(market_monthly, category)
    span = months.whole(start, end)
    found = read(ours.rows, shop_daily, promotions, span, end, breaks)
    about = (start, end, ours.named, brand, own, ours.others, ours.asked, ours.renamed, tuple(breaks))
    return Result(tuple(found), *about)


def show(result: Result) -> Shown:
    """Findings, a line and a table of comparisons a platform; key figures of the first platform."""
    if not result.platforms:
        reason = None
        if result.others:
            names = [Arg(name, "text") for name in result.others]
            reason = Note("m.nocategory", {"categories": Arg(names, "text"), "category": Arg(result.category, "text")})
        return Shown(missing=(Missing("market.size", "question.size", ("market_monthly",), reason),))
    pages = [Page(result, one) for one in result.platforms]
    said = [findings(page) for page in pages]
    shown = [exhibit for page, found in zip(pages, said, strict=True) for exhibit in exhibits(page, found)]
    missing = () if result.own else (Missing("market.beat", "question.beat", ("shop_daily",)),)
    return Shown(tuple(f for found in said for f in found), tuple(shown), tuple(kpis(pages[0])), missing)
