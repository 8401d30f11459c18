"""Rivals: what each brand lists, charges and sells by one snapshot, what moved since, and where the own brand stands.

Sales are estimates from page counters at one kind of price; they rank brands, and are never called units sold in the
period. Prices compare like with like, one kind for all brands. Nothing here says why a price moved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from kit.analyses.rivals.exhibits import exhibits, kpis
from kit.analyses.rivals.field import read
from kit.analyses.rivals.sentences import Name, Page, Result, findings
from kit.findings import Arg, Missing, Note, Shown, plain
from kit.stats import snapshots

__all__ = ["Result", "analyse", "show"]

BACK = 31
"""How many days before the period a snapshot may lie to be what its prices are compared with."""


def analyse(
    listings: pd.DataFrame | None,
    own_brands: Sequence[str],
    start: dt.date,
    end: dt.date,
    *,
    price_kind: str = "page",
    price_cut: float = 0.05,
    listing_drop: float = 0.2,
    top: int = 8,
    name: Name | None = None,
) -> Result:
    """Every platform's brands at its last snapshot from ``start`` to ``end``.

    ``listings``: the canonical table, or None. ``own_brands``: how listings name the client's brand, the name to show
    first. ``price_cut`` and ``listing_drop`` are fractions (a price that fell by so much is cut; listings that fell by
    more than so much are reported). Tables show the ``top`` brands and the own one. ``name`` is what the client's
    brand is called in sentences and tables, one text or one in each language; left out, the first of ``own_brands``.
    """
    about = start, end, tuple(own_brands), price_cut, top, name
    if listings is None or listings.empty:
        return Result((), None, *about)
    fields = [
        read(series, before, own_brands, price_cut, listing_drop)
        for series, before in snapshots.by_platform(listings, start, end, price_kind, BACK)
    ]
    return Result(tuple(fields), (listings["date"].min().date(), listings["date"].max().date()), *about)


def show(result: Result) -> Shown:
    """Findings and tables a platform; key figures of the platform with most listings."""
    if not result.fields:
        reason = None
        if result.seen:
            span = Arg({"start": plain(result.seen[0]), "end": plain(result.seen[1])}, "period")
            reason = Note("m.nosnapshot", {"span": span, "question": Arg("question.rivals", "label")})
        return Shown(missing=(Missing("market.rivals", "question.rivals", ("listings",), reason),))
    pages = [Page(result, one) for one in result.fields]
    said = [findings(page) for page in pages]
    shown = [exhibit for page, found in zip(pages, said, strict=True) for exhibit in exhibits(page, found)]
    return Shown(tuple(f for found in said for f in found), tuple(shown), tuple(kpis(pages[0])))
