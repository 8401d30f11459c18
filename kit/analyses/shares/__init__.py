"""Who holds the market: shares, concentration, and whose share moved.

Three sources say something, each of another whole, and they are never mixed: listings, of the brands that are tracked
(``field``); the category's money, of the whole category but for the own share alone (``category``); what the platform
itself states of named brands or shops (``stated``). A vendor's estimate and an index give no share at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from kit.analyses.shares import category as category_share
from kit.analyses.shares import exhibits, field, sentences, stated, whole
from kit.analyses.shares.page import KEY, Name, Page, Result
from kit.findings import Arg, Exhibit, Finding, Missing, Note, Shown, plain
from kit.stats import bootstrap

__all__ = ["Result", "analyse", "show"]

SEED = 20161111


def analyse(
    listings: pd.DataFrame | None,
    market_monthly: pd.DataFrame | None,
    shop_daily: pd.DataFrame | None,
    rivals_period: pd.DataFrame | None,
    promotions: pd.DataFrame,
    own_brands: Sequence[str],
    start: dt.date,
    end: dt.date,
    category: Name,
    *,
    price_kind: str = "page",
    top: int = 10,
    name: Name | None = None,
    breaks: Sequence[dt.date] = (),
    seed: int = SEED,
    resamples: int = bootstrap.RESAMPLES,
) -> Result:
    """Shares from ``start`` to ``end``; tables are canonical or None, ``promotions`` as ``kit.calendar`` gives them.

    ``own_brands``: how listings name the client's brand, the name to show first; ``name``: what it is called in
    sentences, one text or one in each language. ``category``: the client's, looked for among the data's own names.
    Charts show the ``top`` brands and the own one. ``breaks``: first days of a new cut of the category by its platform.
    """
    given = {category} if isinstance(category, str) else set(category.values())
    own = tuple(own_brands)
    fields, seen = [], None
    if listings is not None and not listings.empty:
        fields = field.read(listings, own, start, end, promotions, price_kind, top, seed, resamples)
        seen = listings["date"].min().date(), listings["date"].max().date()
    called = [name] if isinstance(name, str) else list((name or {}).values())
    return Result(
        tuple(fields),
        tuple(category_share.read(market_monthly, shop_daily, promotions, start, end, category, breaks)),
        tuple(stated.read(rivals_period, (*own, *called), start, end, given)),
        seen,
        own,
        category,
        name,
        top,
    )


def show(result: Result) -> Shown:
    """Findings and exhibits of every source; what is missing where none says anything, and the category's share where
    the data allow none."""
    pages = [Page(result, one) for one in result.fields]
    found: list[Finding] = [f for page in pages for f in sentences.findings(page)]
    found += [f for one in result.categories for f in whole.category(result, one)]
    found += [f for one in result.stated for f in whole.stated(result, one)]
    shown: list[Exhibit] = [e for page in pages for e in exhibits.chart(page, found)]
    shown += [e for one in result.categories for e in exhibits.category(result, one, found)]
    shown += [e for one in result.stated for e in exhibits.stated(result, one, found)]
    shown += exhibits.concentrations(result, found)
    missing = [sentences.missing(page) for page in pages if not page.one.brands]
    if not found and not missing:
        missing.append(_missing(result))
    missing += whole.refused(result)
    key_figures = exhibits.kpis(pages[0]) if pages else ()
    return Shown(tuple(found), tuple(shown), tuple(key_figures), tuple(missing))


def _missing(result: Result) -> Missing:
    reason = None
    if result.seen:
        span = Arg({"start": plain(result.seen[0]), "end": plain(result.seen[1])}, "period")
        reason = Note("m.nosnapshot", {"span": span, "question": Arg("question.shares", "label")})
    return Missing(KEY, "question.shares", ("listings",), reason)
