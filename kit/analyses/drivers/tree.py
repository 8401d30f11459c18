"""From daily figures to the driver tree: each shop's change split over its factors, and their sums over shops."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kit.stats import bridge, kpis
from kit.stats.bases import Base, Days

FACTORS = ("days", "visitors", "pay_cvr", "buyers", "revenue_per_buyer", "orders", "order_value", "unsplit")
"""The order in which a tree is read. ``days``: spans of unequal length; ``buyers``: of shops that state no visitors;
``orders``: of shops of which there are orders alone; ``unsplit``: of shops that state none of these."""
LADDER = (
    ("visitors", "pay_cvr", "revenue_per_buyer"),
    ("buyers", "revenue_per_buyer"),
    ("orders", "order_value"),
)
"""Factors from the finest to the coarsest: the first whose product is the sales, at both ends, is used."""
CENT = 0.005


@dataclass(frozen=True)
class Ends:
    """A shop's sales over a span and the factors that multiply to them. Visitors and buyers are those of an average
    day where ``days`` is a factor or repeats across days are in them."""

    amount: float
    factors: Mapping[str, float]


@dataclass(frozen=True)
class ShopTree:
    """One shop: both ends, and what each of its factors did, in money to the cent. ``once``: every visitor of a span
    counts once in it, not once a day."""

    platform: str
    shop: str
    before: Ends
    now: Ends
    effects: Mapping[str, float]
    once: bool

    @property
    def change(self) -> float:
        return round(self.now.amount - self.before.amount, 2)


@dataclass(frozen=True)
class Tree:
    """One comparison. ``shops`` are those with sales stated on every day of both spans, or with orders around them;
    ``lacking`` are the others with the number of days that they lack. ``promoted``: promotion days now and then."""

    base: Base
    shops: tuple[ShopTree, ...]
    lacking: tuple[tuple[str, int], ...]
    promoted: tuple[int, int]

    @property
    def before(self) -> float:
        return round(sum(s.before.amount for s in self.shops), 2)

    @property
    def now(self) -> float:
        return round(sum(s.now.amount for s in self.shops), 2)

    @property
    def change(self) -> float:
        return round(self.now - self.before, 2)

    @property
    def effects(self) -> dict[str, float]:
        """Each factor's effect over all shops, in the order of ``FACTORS``: they add up to ``change``."""
        found = {f: [s.effects[f] for s in self.shops if f in s.effects] for f in FACTORS}
        return {factor: round(sum(values), 2) for factor, values in found.items() if values}

    def moves(self) -> list[tuple[ShopTree, str, float]]:
        """Every shop's factors, those that moved most money first."""
        cells = [(shop, factor, effect) for shop in self.shops for factor, effect in shop.effects.items()]
        return sorted(cells, key=lambda cell: -abs(cell[2]))


def read(tables: kpis.Tables, found: Iterable[Base], promoted: Mapping[Base, tuple[int, int]]) -> Iterable[Tree]:
    """The tree of each base that some shop has the days for. ``tables``: shop_daily or orders, maybe shop_period."""
    kept = kpis.books(tables)
    for base in found:
        spans = [(span.start, span.end) for span in (base.then, base.now)]
        exact = kpis.comparable(kept, spans)
        daily = [kpis.figures(kept, *span, periods=False) for span in spans]
        shops, lacking = [], []
        for shop, platform in kpis.shops(tables).items():
            paid = [end[shop]["pay_amount"] for end in daily]
            if any(figure.value is None for figure in paid):
                lacking.append((shop, sum(figure.missing for figure in paid)))
            else:
                ways = [[end[shop] for end in ends] for ends in (exact, daily)]
                shops.append(_shop(platform, shop, base, ways))
        if shops:
            yield Tree(base, tuple(shops), tuple(lacking), promoted[base])


def _shop(platform: str, shop: str, base: Base, ways: Sequence[Sequence[kpis.Figures]]) -> ShopTree:
    """``ways``: the figures of both ends, with the platform's own rows of a span and by days alone."""
    before, now, once = next(_tried(base, ways))
    parts = bridge.effects([*before.factors.values()], [*now.factors.values()])
    cents = bridge.in_steps(parts, now.amount - before.amount, 0.01)
    return ShopTree(platform, shop, before, now, dict(zip(now.factors, cents, strict=True)), once)


def _tried(base: Base, ways: Sequence[Sequence[kpis.Figures]]) -> Iterator[tuple[Ends, Ends, bool]]:
    for figures in ways:
        once = bool(figures[1]["pay_cvr"].deduplicated)
        for names in LADDER:
            ends = [_ends(one, names, span, once) for one, span in zip(figures, (base.then, base.now), strict=True)]
            if ends[0] is not None and ends[1] is not None:
                yield *_without_same_days(ends[0], ends[1]), once
    amounts = [float(one["pay_amount"].value or 0.0) for one in ways[1]]
    before, now = (Ends(amount, {"unsplit": amount}) for amount in amounts)
    yield before, now, False


def _ends(figures: kpis.Figures, names: Sequence[str], span: Days, once: bool) -> Ends | None:
    """One end by the named factors; None where one is unknown or nothing, or they do not multiply to the sales."""
    amount, each = figures["pay_amount"].value or 0.0, figures["revenue_per_buyer"]
    days = {} if once else {"days": float(span.count)}
    known = {name: figures[name].value for name in ("visitors", "pay_cvr", "revenue_per_buyer", "order_value")}
    orders, per_day = figures["orders"].value, days.get("days", 1.0)
    known["orders"] = orders / per_day if orders else None
    # Buyers of a whole span are fewer than those of its days: they are no average day's.
    summed = each.value and not (each.deduplicated and not once)
    known["buyers"] = amount / each.value / per_day if summed and each.value else None
    factors = days | {name: float(known[name] or 0.0) for name in names}
    fits = abs(math.prod(factors.values()) - amount) < CENT
    return Ends(round(amount, 2), factors) if fits and min(factors.values()) > 0 else None


def _without_same_days(before: Ends, now: Ends) -> tuple[Ends, Ends]:
    """Spans of one length: their days are no factor, and visitors are those of all days."""
    days = now.factors.get("days")
    if days is None or before.factors["days"] != days:
        return before, now
    first = next(name for name in now.factors if name != "days")
    return tuple(  # type: ignore[return-value]
        Ends(end.amount, {n: v * days if n == first else v for n, v in end.factors.items() if n != "days"})
        for end in (before, now)
    )
