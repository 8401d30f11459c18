"""Words that sell: what listings that claim something in their title sell beside those of the same brand that do not.

From one snapshot, at equal price and kind of goods. What stands here went together with sales; nothing says that a
word in a title brings them. All words are tested at once, and of those called no more than a stated share is false on
average.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from kit.analyses.selling_points.exhibits import exhibit
from kit.analyses.selling_points.sentences import Name, Platform, Result, findings
from kit.analyses.selling_points.words import test
from kit.findings import Arg, Missing, Note, Shown, plain
from kit.stats import offers

__all__ = ["Result", "analyse", "show"]


def analyse(
    listings: pd.DataFrame | None,
    own_brands: Sequence[str],
    start: dt.date,
    end: dt.date,
    category: str = "",
    price_edges: Sequence[float] | None = None,
    *,
    price_kind: str = "page",
    stop_words: Collection[str] = (),
    min_listings: int = 50,
    min_word_listings: int = 20,
    min_word_brands: int = 5,
    false_discovery: float = 0.05,
    name: Name | None = None,
) -> Result:
    """The words of each platform's last snapshot from ``start`` to ``end``.

    ``listings``: the canonical table, or None. ``own_brands``: how listings name the client's brand. ``category``: what
    goods it is about; its words are no claims. ``price_edges``: where price bands begin, else natural breaks.
    ``stop_words`` are left out. Below ``min_listings`` usable listings nothing is judged; a word needs
    ``min_word_listings`` with it and without it, in ``min_word_brands`` brands that have both. ``false_discovery``: the
    expected share of false claims, at most. ``name`` is what the client's brand is called, as in ``rivals``.
    """
    brand = name or (own_brands[0] if own_brands else None)
    if listings is None or listings.empty:
        return Result((), None, brand)
    ours = {own.strip().casefold() for own in own_brands}
    limits = min_word_listings, min_word_brands, false_discovery
    platforms = []
    for scope, rows in offers.scopes(listings, start, end, price_kind):
        tested = None
        if scope.used >= min_listings:
            cuts = offers.cuts(rows, price_edges)
            read = offers.read(rows, cuts, category=category, stop=stop_words, least=min_word_listings)
            tested = test(read, np.flatnonzero(rows["brand"].str.casefold().isin(ours)), *limits)
        platforms.append(Platform(scope, tested, min_listings, *limits))
    return Result(tuple(platforms), (listings["date"].min().date(), listings["date"].max().date()), brand)


def show(result: Result) -> Shown:
    """Findings and one exhibit a platform; what is missing where there is no snapshot."""
    if not result.platforms:
        return Shown(missing=(_missing(result.seen),))
    said = [findings(one, result.brand) for one in result.platforms]
    shown = [exhibit(one, found) for one, found in zip(result.platforms, said, strict=True) if one.words]
    return Shown(tuple(f for found in said for f in found), tuple(shown))


def _missing(seen: tuple[dt.date, dt.date] | None) -> Missing:
    reason = None
    if seen:
        span = Arg({"start": plain(seen[0]), "end": plain(seen[1])}, "period")
        reason = Note("m.nosnapshot", {"span": span, "question": Arg("question.words", "label")})
    return Missing("market.words", "question.words", ("listings",), reason)
