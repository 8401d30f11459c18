"""Rivals: what each brand lists, charges and sells by one snapshot, what moved since, and where the own brand stands.

Prices are followed over the snapshots before and in the period: who cut, when, who followed, and what came back after
a promotion.

Sales are estimates from page counters at one kind of price; they rank brands, and are never called units sold in the
period. Prices compare like with like, one kind for all brands. Nothing here says why a price moved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from kit.analyses.rivals import field
from kit.analyses.rivals.exhibits import exhibits, kpis
from kit.analyses.rivals.page import Name, Page, Result
from kit.analyses.rivals.sentences import findings
from kit.analyses.rivals.watch import Snapshots, Watch, events, watch
from kit.findings import Arg, Missing, Note, Shown, plain
from kit.stats import snapshots
from kit.stats.price_war import Rule
from kit.stats.snapshots import Series

__all__ = ["Result", "analyse", "show"]

BACK = 31
"""How many days before the period a snapshot may lie to be what its prices are compared with."""
HISTORY = 92
"""From how many days before the period on prices are followed."""


def analyse(
    listings: pd.DataFrame | None,
    own_brands: Sequence[str],
    start: dt.date,
    end: dt.date,
    promotions: pd.DataFrame | None = None,
    price_edges: Sequence[float] | None = None,
    *,
    price_kind: str = "page",
    price_cut: float = 0.05,
    listing_drop: float = 0.2,
    war_brands: int = 2,
    war_days: int = 30,
    top: int = 8,
    name: Name | None = None,
) -> Result:
    """Every platform's brands at its last snapshot from ``start`` to ``end``.

    ``listings``: the canonical table, or None. ``own_brands``: how listings name the client's brand, the name to show
    first. ``promotions``: columns of ``kit.calendar.promotions``. ``price_edges``: where bands begin (configured), else
    natural breaks of the prices. ``price_cut`` and ``listing_drop`` are fractions (a price that fell by so much is cut;
    listings that fell by more than so much are reported); ``war_brands`` that cut within ``war_days`` make a price war.
    Tables show the ``top`` brands and the own one. ``name`` is what the client's brand is called in sentences and
    tables, one text or one in each language; left out, the first of ``own_brands``.
    """
    rule = Rule(price_cut, war_brands, war_days)
    about = start, end, tuple(own_brands), rule, top, name
    if listings is None or listings.empty:
        return Result((), None, *about)
    own, fields = (own_brands[0] if own_brands else None), []
    for series, before in snapshots.by_platform(listings, start, end, price_kind, HISTORY):
        at = field.snapshots(series, (*before, *series.dates), own_brands)
        near = [date for date in before if (start - date).days <= BACK][-1:]
        seen = {date: at[date] for date in (*near, *series.dates)}
        watched = _watched(series, at, min(seen), start, own, promotions, rule, price_edges)
        fields.append(field.read(series, seen, own, price_cut, listing_drop, watched))
    return Result(tuple(fields), (listings["date"].min().date(), listings["date"].max().date()), *about)


def _watched(
    series: Series,
    at: Snapshots,
    base: dt.date,
    start: dt.date,
    own: str | None,
    promotions: pd.DataFrame | None,
    rule: Rule,
    edges: Sequence[float] | None,
) -> Watch | None:
    """None where there is one snapshot only, or no price."""
    if len(at) < 2 or series.price_kind is None:
        return None
    found = events(promotions, series.platform, min(at), max(at))
    return watch(at, base, start, own, found, rule, edges)


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
