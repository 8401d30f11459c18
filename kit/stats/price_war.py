"""Brands that cut prices in turn: lasting cuts of several items at once, their opener and followers, and chance.

A lasting cut is a fall by ``Rule.cut`` or more between two snapshots beyond the brands' common move
(``price_moves.common``), to as far under the item's usual price (the median of its earlier snapshots), that still holds
at the next snapshot and, when it began in a promotion, after it. Snapshots at which a third of the brands or more cut
at once even so are the market's, not a brand's, and are set aside.

Chance enters twice. Items change price singly, too: a brand cut when more of its items fell together than the rate of
all other brands and snapshots allows (binomial tail, Bonferroni over brands and snapshots). And brands cut singly, too:
given all such cuts, each falls into the period with the period's part of the days watched, so the number of brands that
cut in the period has a binomial tail (the conditional test of two Poisson rates, Przyborowski and Wilenski 1940).
``tests/test_stats_price_war.py`` has the error rates.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit.stats.price_moves import LEAST_ITEMS, Paths, common

ALPHA = 0.05
"""Error rate of each of the two tests."""
AT_ONCE, WIDE = 1 / 3, 0.1
"""Part of the brands that cut at one snapshot, each a tenth of its items, from which the market did."""
LEAST_AT_ONCE = 4
GRACE = dt.timedelta(7)
"""How long after a promotion its prices may still stand."""
SAME_RANGE = 0.5
"""Part of a follower's cut items that cost what the opener's cost."""
TIE = 1e-9

Span = tuple[dt.date, dt.date]
Array = NDArray[Any]


@dataclass(frozen=True)
class Rule:
    """``cut``: the fall of a price, a fraction. ``brands`` within ``days`` of the opener make a price war."""

    cut: float = 0.05
    brands: int = 2
    days: int = 30


@dataclass(frozen=True)
class Cut:
    """A brand's lasting cut: ``date`` is the first snapshot with it, ``size`` (positive) the median over ``items``
    beyond the common move, ``prices`` what the items cost before."""

    brand: str
    date: dt.date
    items: tuple[str, ...]
    prices: tuple[float, ...]
    size: float


@dataclass(frozen=True)
class Wave:
    """A snapshot at which ``brands`` of ``seen`` cut at once; ``back`` of them had taken back half or more of the cuts
    by the last snapshot."""

    date: dt.date
    brands: int
    seen: int
    back: int


@dataclass(frozen=True)
class War:
    """``cuts``: the opener's first, one a brand. ``p_value``: the chance of so many brands in the period if brands cut
    at one rate throughout; ``earlier`` cuts lie before it."""

    cuts: tuple[Cut, ...]
    earlier: int
    p_value: float

    @property
    def beyond_chance(self) -> bool:
        return self.p_value <= ALPHA


@dataclass(frozen=True)
class Found:
    """``judged``: snapshots of the period whose cuts could be seen to last; without one nothing is said of a war."""

    judged: tuple[dt.date, ...]
    cuts: tuple[Cut, ...]
    waves: tuple[Wave, ...]
    war: War | None


def read(paths: Paths, start: dt.date, events: Iterable[Span], rule: Rule) -> Found:
    """Cuts, waves and war of ``paths``, whose columns are days, the period's from ``start`` on.

    ``events``: first and last day of each promotion.
    """
    dates: list[dt.date] = list(paths.prices.columns)
    own = paths.steps.sub(common(paths), axis=1)
    crowded = _at_once(own, paths.brands, rule).any()
    checks = _checks(dates, sorted(events), {day for day in dates if crowded[day]})
    cuts, waves = tuple(_cuts(paths, checks, own, rule)), tuple(_waves(paths, rule))
    days = {dates[t]: (dates[t] - dates[t - 1]).days for t in checks}
    inside = sum(n for day, n in days.items() if day >= start)
    war = _war(cuts, start, inside / max(sum(days.values()), 1), rule)
    return Found(tuple(day for day in days if day >= start), cuts, waves, war)


def _checks(dates: Sequence[dt.date], events: Sequence[Span], crowded: set[dt.date]) -> dict[int, int]:
    """For each snapshot that can be judged, the one up to which a cut must hold: the next, or the first that lies
    clear of the promotion it began in."""
    found = {}
    for t in range(1, len(dates) - 1):
        ends = [end + GRACE for begin, end in events if begin <= dates[t] <= end + GRACE]
        clear = max([dates[t + 1], *(end + dt.timedelta(1) for end in ends)])
        held = next((n for n in range(t + 1, len(dates)) if dates[n] >= clear), None)
        if held is not None and dates[t] not in crowded:
            found[t] = held
    return found


def _at_once(steps: pd.DataFrame, brands: pd.Series, rule: Rule) -> pd.DataFrame:
    """Brands × snapshots: which cut, at the snapshots at which the market did; all False at the others."""
    seen, fell = steps.notna().groupby(brands).sum(), (steps <= _depth(rule)).groupby(brands).sum()
    cut = (fell >= LEAST_ITEMS) & (fell >= WIDE * seen)
    return cut & (cut.sum() >= np.maximum(LEAST_AT_ONCE, AT_ONCE * (seen >= LEAST_ITEMS).sum()))


def _depth(rule: Rule) -> float:
    return math.log(1 - rule.cut) + TIE


def _waves(paths: Paths, rule: Rule) -> Iterable[Wave]:
    """By plain prices: what all brands share is nobody's own cut, and still worth telling."""
    cut = _at_once(paths.steps, paths.brands, rule)
    for t in np.flatnonzero(cut.any()):
        brands = cut.index[cut.iloc[:, t]]
        fell = (paths.steps.iloc[:, t] <= _depth(rule)) & paths.brands.isin(brands)
        change = np.log(paths.prices[fell].iloc[:, -1] / paths.prices[fell].iloc[:, t - 1]).dropna()
        down = (change <= _depth(rule)).groupby(paths.brands[change.index]).mean()
        seen = paths.steps.iloc[:, t].notna().groupby(paths.brands).sum() >= LEAST_ITEMS
        yield Wave(cut.columns[t], len(brands), int(seen.sum()), int((down <= 0.5).sum()))


def _cuts(paths: Paths, checks: dict[int, int], own: pd.DataFrame, rule: Rule) -> Iterable[Cut]:
    """Every brand and snapshot at which more items were cut for good than single price changes explain.

    ``own``: the steps beyond the common move.
    """
    codes, names = pd.factorize(paths.brands)
    lasting = {t: _lasting(paths, own.to_numpy(), t, held, rule) for t, held in checks.items()}
    cells = {
        (t, code): (int(known[codes == code].sum()), np.flatnonzero(cut & (codes == code)))
        for t, (known, cut) in lasting.items()
        for code in range(len(names))
    }
    number, every = sum(n for n, _ in cells.values()), sum(len(items) for _, items in cells.values())
    for (t, code), (n, items) in cells.items():
        rate = (every - len(items) + 1) / (number - n + 1)  # of all the others, and never none
        if len(items) >= LEAST_ITEMS and tail(len(items), n, min(1.0, rate)) <= ALPHA / len(cells):
            prices = paths.prices.iloc[items, t - 1]
            size = 1 - math.exp(own.iloc[items, t].median())
            yield Cut(str(names[code]), own.columns[t], tuple(map(str, prices.index)), tuple(prices.tolist()), size)


def _lasting(paths: Paths, own: Array, t: int, held: int, rule: Rule) -> tuple[Array, Array]:
    """By item: whether it is seen from before snapshot ``t`` to ``held``, and whether it was cut at ``t`` for good.

    The fall is beyond the common move; that it lasts is judged by plain prices, because a promotion that brands join
    one by one and leave together has common moves that don't cancel.
    """
    logs, plain = np.log(paths.prices.to_numpy()), paths.steps.to_numpy()[:, t]
    known = np.isfinite(plain) & np.isfinite(logs[:, held])
    usual = np.full(len(logs), np.nan)
    usual[known] = np.nanmedian(logs[known, :t], axis=1)
    low = (logs[:, t : held + 1] <= usual[:, None] + _depth(rule)).all(axis=1)
    return known, known & low & (plain < 0) & (own[:, t] <= _depth(rule))


def tail(least: int, number: int, chance: float) -> float:
    """The chance of ``least`` or more successes in ``number`` trials of ``chance`` each."""
    each = (math.comb(number, k) * chance**k * (1 - chance) ** (number - k) for k in range(least, number + 1))
    return min(1.0, math.fsum(each))


def _war(cuts: Sequence[Cut], start: dt.date, part: float, rule: Rule) -> War | None:
    """The largest group of brands that cut in the same price range within the rule's days, one in the period at least.

    ``part``: the period's part of the days that were watched.
    """
    span = dt.timedelta(rule.days)
    near = sorted((c for c in cuts if c.date >= start - span), key=lambda c: (c.date, -len(c.items) * c.size, c.brand))
    groups = [_group(opener, near, span) for opener in near]
    groups = [g for g in groups if len(g) >= rule.brands and any(c.date >= start for c in g)]
    if not groups:
        return None
    inside, earlier = len({c.brand for c in near if c.date >= start}), sum(c.date < start for c in cuts)
    return War(max(groups, key=len), earlier, tail(inside, inside + earlier, part))


def _group(opener: Cut, near: Sequence[Cut], span: dt.timedelta) -> tuple[Cut, ...]:
    """``opener`` and each other brand's first cut from then on within ``span`` and in its price range."""
    low, high = min(opener.prices), max(opener.prices)
    joined = {opener.brand: opener}
    for cut in near:
        alike = sum(low <= price <= high for price in cut.prices) >= SAME_RANGE * len(cut.prices)
        if opener.date <= cut.date <= opener.date + span and alike:
            joined.setdefault(cut.brand, cut)
    return tuple(joined.values())
