"""Search terms that brought the shop more or fewer visitors than its search as a whole."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from kit.stats.false_discovery import claims

Dates = tuple[dt.date, dt.date]
RATE = 0.05
MOVE = 0.2
"""Change of a term's part in the search visitors, as a fraction of it, from which it is named."""
SHOWN = 5
"""Terms named in either direction."""


@dataclass(frozen=True)
class Term:
    """Visitors by the term now and before; ``relative``: change of its part among all terms' visitors, a fraction."""

    term: str
    now: float
    before: float
    relative: float


@dataclass(frozen=True)
class ShopTerms:
    """``up`` and ``down`` moved beyond chance, most first; ``tried``: terms compared."""

    shop: str
    up: tuple[Term, ...]
    down: tuple[Term, ...]
    tried: int


def terms(
    daily: pd.DataFrame | None, period: pd.DataFrame | None, days: Dates, base: Dates | None, rate: float
) -> tuple[ShopTerms, ...]:
    """Each shop whose own search terms are known for both periods."""
    if base is None:
        return ()
    now, then = (_visitors(daily, period, span) for span in (days, base))
    both = pd.concat([now, then], axis=1, keys=["now", "before"]).fillna(0.0)
    found = []
    for shop in sorted(set(now.index.get_level_values(0)) & set(then.index.get_level_values(0))):
        found.append(_of_shop(shop, both.loc[shop], rate))
    return tuple(found)


def _visitors(daily: pd.DataFrame | None, period: pd.DataFrame | None, days: Dates) -> pd.Series:
    """Own visitors by shop and term: of rows that are exactly the period, else the sums of days."""
    start, end = map(pd.Timestamp, days)
    parts = []
    if period is not None:
        parts.append(period[(period["start"] == start) & (period["end"] == end)])
    if daily is not None:
        dated = daily[daily["date"].between(start, end)]
        parts.append(dated[~dated["shop"].isin(parts[0]["shop"])] if parts else dated)
    rows = pd.concat(parts) if parts else pd.DataFrame({"shop": [], "term": [], "visitors": []})
    known = rows[rows["visitors"] > 0]
    return known.groupby(["shop", "term"])["visitors"].sum()


def _of_shop(shop: str, both: pd.DataFrame, rate: float) -> ShopTerms:
    """Given how many visitors a term had in both periods, their number now is binomial if its part did not change."""
    from scipy.stats import binomtest

    part = float(both["now"].sum() / both.to_numpy().sum())
    counts = [(round(row.now), round(row.now + row.before)) for row in both.itertuples()]
    made = claims([binomtest(k, n, part).pvalue if n else 1.0 for k, n in counts], rate).made
    odds = part / (1 - part) if part < 1 else float("inf")
    moved = [
        Term(str(row.Index), float(row.now), float(row.before), _relative(float(row.now), float(row.before), odds))
        for row, stands in zip(both.itertuples(), made, strict=True)
        if stands
    ]
    up = sorted((t for t in moved if t.relative >= MOVE), key=lambda t: (t.before - t.now, t.term))
    down = sorted((t for t in moved if t.relative <= -MOVE), key=lambda t: (t.now - t.before, t.term))
    return ShopTerms(shop, tuple(up[:SHOWN]), tuple(down[:SHOWN]), len(both))


def _relative(now: float, before: float, odds: float) -> float:
    """Change of the term's part; a term that is new has none before, and counts as doubled at least."""
    return now / before / odds - 1 if before else 1.0
