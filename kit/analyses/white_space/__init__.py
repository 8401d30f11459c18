"""White space: in which price bands a need has few offers, and each of those sells more than offers otherwise do.

From one snapshot. A cell (band × need) is called a gap when it has fewer listings than the need's share elsewhere
would give it, and a typical one of them takes more money, sells more pieces, and takes more money than listings of the
same brand, band, price, kind of goods and other needs. So dear goods, strong brands and a band that sells well anyway
make no gap by themselves. What the need itself sells more everywhere is in it, and told apart (``Cell.surplus``). In a
market without gaps at most one report in twenty calls any, by the default rate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

import pandas as pd

from kit.analyses.white_space.cells import judge
from kit.analyses.white_space.exhibits import exhibits
from kit.analyses.white_space.sentences import Platform, Result, findings
from kit.findings import Arg, Missing, Note, Shown, plain
from kit.stats import offers

__all__ = ["Result", "analyse", "show"]

NEEDS = 15
"""Needs looked at when titles decide: the more, the surer a gap must be."""


def analyse(
    listings: pd.DataFrame | None,
    start: dt.date,
    end: dt.date,
    category: str = "",
    price_edges: Sequence[float] | None = None,
    *,
    price_kind: str = "page",
    needs: Sequence[str] = (),
    stop_words: Collection[str] = (),
    min_listings: int = 50,
    min_word_listings: int = 20,
    min_word_brands: int = 5,
    min_cell_listings: int = 5,
    false_discovery: float = 0.05,
) -> Result:
    """The cells of each platform's last snapshot from ``start`` to ``end``.

    ``listings``: the canonical table, or None. ``category``, ``price_edges`` and ``stop_words`` as in
    ``selling_points``. ``needs``: as titles write them; left out, the most used words of the titles, whatever they
    sell. A cell is judged with ``min_cell_listings`` of ``min_word_brands`` brands that also list goods beside it.
    ``false_discovery``: how often a market without gaps may have one called.
    """
    if listings is None or listings.empty:
        return Result((), None)
    platforms = []
    for scope, rows in offers.scopes(listings, start, end, price_kind):
        judged, cuts = None, []
        if scope.used >= min_listings:
            cuts = offers.cuts(rows, price_edges)
            read = offers.read(rows, cuts, category=category, needs=needs, stop=stop_words, least=min_word_listings)
            if not needs:
                read = read.among(min_word_listings, min_word_brands, NEEDS)
            judged = judge(read, cuts, min_cell_listings, min_word_brands, false_discovery)
        known = price_edges is not None, bool(needs)
        platforms.append(Platform(scope, judged, *known, min_listings, min_cell_listings, min_word_brands))
    return Result(tuple(platforms), (listings["date"].min().date(), listings["date"].max().date()))


def show(result: Result) -> Shown:
    """Findings, a heat map and the leading cells of each platform; what is missing where there is no snapshot."""
    if not result.platforms:
        return Shown(missing=(_missing(result.seen),))
    said = [findings(one) for one in result.platforms]
    shown = [e for one, found in zip(result.platforms, said, strict=True) for e in exhibits(one, found)]
    return Shown(tuple(f for found in said for f in found), tuple(shown))


def _missing(seen: tuple[dt.date, dt.date] | None) -> Missing:
    reason = None
    if seen:
        span = Arg({"start": plain(seen[0]), "end": plain(seen[1])}, "period")
        reason = Note("m.nosnapshot", {"span": span, "question": Arg("question.white", "label")})
    return Missing("market.white", "question.white", ("listings",), reason)
