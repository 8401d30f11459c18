"""Where is there room: each price band's share of sales against its share of listings, from one snapshot.

Demand is page counter × price, so a band of dear goods takes more money for the same number of pieces. A band is
called under-supplied, an opportunity, only when its money *and* its pieces stand above balance; money alone is
``price_led``. Intervals are joint over the bands and resample whole brands (``kit.stats.bootstrap``): in a market
where bands make no difference, at most one report in twenty calls any band an opportunity or crowded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from kit.analyses.price_bands.exhibits import exhibit
from kit.analyses.price_bands.sentences import Platform, Result, findings
from kit.findings import Arg, Missing, Note, Shown, plain
from kit.stats import bootstrap, breaks, snapshots
from kit.stats.bands import price_bands

__all__ = ["Result", "analyse", "show"]

SEED = 20161111


def analyse(
    listings: pd.DataFrame | None,
    start: dt.date,
    end: dt.date,
    price_edges: Sequence[float] | None = None,
    *,
    price_kind: str = "page",
    min_listings: int = 50,
    min_band_listings: int = 10,
    seed: int = SEED,
    resamples: int = bootstrap.RESAMPLES,
) -> Result:
    """Bands of each platform's last snapshot from ``start`` to ``end``.

    ``listings``: the canonical table, or None. ``price_edges``: where bands begin (configured), else natural breaks
    of the prices. Below ``min_listings`` usable listings on the platform, or ``min_band_listings`` in a band,
    nothing is judged there.
    """
    if listings is None or listings.empty:
        return Result((), None)
    platforms = []
    for series, _ in snapshots.by_platform(listings, start, end, price_kind):
        rows = series.at(series.dates[-1])
        priced = rows[rows["price"].notna()]
        used = priced[priced["sales"].notna()]
        enough = len(used) >= min_listings
        kept = used if enough else priced.fillna({"sales": 0.0})
        cuts = _cuts(kept, price_edges)
        least = min_band_listings if enough else len(kept) + 1
        platforms.append(
            Platform(
                series.platform,
                series.dates[-1],
                series.price_kind,
                series.sales_kind,
                listings=len(rows),
                unpriced=len(rows) - len(priced),
                unsold=len(priced) - len(used),
                used=len(used),
                brands=int(used["brand"].nunique()),
                bands=price_bands(kept, cuts, least, seed=seed, resamples=resamples) if cuts and len(kept) else (),
                configured=price_edges is not None,
                min_listings=min_listings,
                resamples=resamples,
            )
        )
    return Result(tuple(platforms), (listings["date"].min().date(), listings["date"].max().date()))


def _cuts(rows: pd.DataFrame, edges: Sequence[float] | None) -> list[float]:
    """Where one band ends and the next begins; a configured first edge of zero is no cut."""
    if edges is not None:
        return sorted({float(edge) for edge in edges if edge > 0})
    return breaks.natural_breaks(rows["price"].to_numpy(float))


def show(result: Result) -> Shown:
    """Findings and one exhibit a platform; what is missing where there is no snapshot."""
    if not result.platforms:
        return Shown(missing=(_missing(result.seen),))
    said = [findings(one) for one in result.platforms]
    shown = [exhibit(one, found) for one, found in zip(result.platforms, said, strict=True) if one.bands]
    return Shown(tuple(f for found in said for f in found), tuple(shown))


def _missing(seen: tuple[dt.date, dt.date] | None) -> Missing:
    reason = None
    if seen:
        span = Arg({"start": plain(seen[0]), "end": plain(seen[1])}, "period")
        reason = Note("m.nosnapshot", {"span": span, "question": Arg("question.bands", "label")})
    return Missing("market.bands", "question.bands", ("listings",), reason)
