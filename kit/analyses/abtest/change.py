"""What a change made on one day did to the deciding metric: against what the days before it lead to expect.

Nothing was split, so whatever else changed that day is in the estimate, too: it is weak evidence, and never more. The
days are the test's own; where they don't reach back far enough, or there are none, those of the whole shop. Promotions
are no ordinary days to learn from. A past that is short for all of the days after speaks of the first of them only
(see ``kit.stats.counterfactual``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kit.analyses.abtest.arms import Arms, Sums
from kit.analyses.abtest.declare import Pair, Plan, match
from kit.stats import phases
from kit.stats.counterfactual import LEAST_DAYS, LEAST_TIMES, Counterfactual, counterfactual

ALLOCATION = "before-after"
OPEN_END = dt.timedelta(7)
"""How long a promotion of which only the start is known is taken to last."""
COLUMNS = {
    "": "visitors", "visitors": "visitors", "users": "visitors", "bought": "pay_buyers", "buyers": "pay_buyers",
    "pay_buyers": "pay_buyers", "orders": "pay_orders", "revenue": "pay_amount", "gmv": "pay_amount",
    "pay_amount": "pay_amount", "paid_amount": "pay_amount", "carted": "cart_users", "add_to_carts": "cart_users",
    "carts": "cart_users", "refunds": "refund_amount", "refund_amount": "refund_amount", "refunded": "refund_amount",
}  # fmt: skip
"""What a test's figures are called among those of a shop's days."""
RATIOS = tuple((top, bottom) for top in COLUMNS for bottom in COLUMNS if top and bottom)

Days = Mapping[dt.date, float]
Span = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Around:
    """What lies about the tests: the shops' daily figures and the promotions, None where nobody brought them."""

    shops: pd.DataFrame | None = None
    promotions: pd.DataFrame | None = None


@dataclass(frozen=True)
class Point:
    """A day: its value, and what was to be expected (None before the change)."""

    at: dt.date
    seen: float | None
    expected: float | None = None


@dataclass(frozen=True)
class Change:
    """One variant that replaced the control on the day ``start``; ``variant`` is blank where only the plan is known.

    ``source``: "own" days of the test or those of the "shop". ``before``: ordinary days known before; ``days``: those
    after that are read, from ``start``. ``found`` is None where nothing can be said, and ``why`` says in a code what
    lacks. ``promoted``: whether a promotion falls on the days read.
    """

    variant: str
    pair: Pair
    source: str
    start: dt.date | None = None
    before: int = 0
    days: int = 0
    found: Counterfactual | None = None
    points: tuple[Point, ...] = ()
    promoted: bool = False
    why: str = ""

    @property
    def end(self) -> dt.date | None:
        """The last day that is read."""
        return None if self.start is None else self.start + dt.timedelta(max(self.days, 1) - 1)

    @property
    def lift(self) -> tuple[float, float, float] | None:
        """The effect and the ends of its range, as a part of what was to be expected; None where that isn't above 0."""
        if self.found is None or not self.found.parts[0].expected > 0:
            return None
        total = self.found.parts[0]
        return total.effect / total.expected, total.low / total.expected, total.high / total.expected


def of(plan: Plan, sums: Sums, pair: Pair, control: str, variant: str, around: Around) -> Change:
    """Of a variant that has days of its own: by the test's days, else by the shop's."""
    found = sums.days.get(pair, {})
    after = sorted(at for at, arms in found.items() if variant in arms)
    if any(control in found[at] for at in after):
        return Change(variant, pair, "own", after[0], why="mixed_days")
    span = (after[0], after[-1]) if after else None
    made = _change(plan, variant, pair, "own", own_days(found, pair, control, variant), span, around)
    if made.found:
        return made
    shop = _of_shop(plan, pair, span or _planned(plan), variant, around, sums.by_unit)
    return shop if shop and shop.found else made


def own_days(found: Mapping[dt.date, Arms], pair: Pair, control: str, variant: str) -> Days:
    """The metric on the control's days before the variant's first, and on the variant's; other versions' are left out,
    and so are days that saw several."""
    first = min((at for at, arms in found.items() if variant in arms), default=dt.date.max)
    made = {}
    for at, arms in found.items():
        (name, arm), *several = arms.items()
        known = arm.other > 0 if pair[1] else arm.units > 0
        if not several and known and (name == variant or (name == control and at < first)):
            made[at] = arm.ratio if pair[1] else arm.mean
    return made


def of_plan(plan: Plan, around: Around) -> tuple[Change, ...]:
    """Of a plan whose own data bring nothing to compare: by the shop's days; none where it is not such a plan."""
    pair = match(plan.primary, RATIOS) or ((plan.primary, "") if plan.primary in COLUMNS else None)
    if plan.allocation != ALLOCATION or pair is None:
        return ()
    made = _of_shop(plan, pair, _planned(plan), "", around, False)
    return (made,) if made else ()


def _planned(plan: Plan) -> Span | None:
    """From the day of the change on."""
    return (plan.start, plan.end or dt.date.max) if plan.start else None


def _of_shop(plan: Plan, pair: Pair, span: Span | None, variant: str, around: Around, by_unit: bool) -> Change | None:
    days = shop_days(plan.shop, pair, around.shops, by_unit)
    return _change(plan, variant, pair, "shop", days, span, around) if days else None


def shop_days(shop: str, pair: Pair, shops: pd.DataFrame | None, by_unit: bool) -> Days:
    """The metric by day of ``shop`` (blank: all shops together, where each of them has the day); empty without one.

    A figure per unit is one per visitor; one by day is the amount of the day.
    """
    top, bottom = COLUMNS.get(pair[0]), COLUMNS.get(pair[1]) if pair[1] or by_unit else None
    if shops is None or top is None or (pair[1] and bottom is None):
        return {}
    rows = shops[shops["shop"] == shop] if shop else shops
    names = [name for name in (top, bottom) if name]
    if rows.empty or not {*names} <= {*rows.columns}:
        return {}
    rows = rows.drop_duplicates(["shop", "date"]).dropna(subset=names)
    daily = rows.groupby("date")[names].sum(min_count=rows["shop"].nunique()).dropna()
    daily = daily[daily[bottom] > 0] if bottom else daily
    values = daily[top] / daily[bottom] if bottom else daily[top]
    return {at.date(): float(value) for at, value in values.items()}


def _change(
    plan: Plan, variant: str, pair: Pair, source: str, known: Days, span: Span | None, around: Around
) -> Change:
    start = span[0] if span else None
    bare = Change(variant, pair, source, start)
    if span is None or start is None or not any(start <= at <= span[1] for at in known):
        return _without(bare, "no_days_after")
    first, last = min(known), min(span[1], max(known))
    dates = [first + dt.timedelta(n) for n in range((last - first).days + 1)]
    usable = ordinary(dates, around.promotions)
    series = np.array([known.get(at, np.nan) for at in dates])
    at = (start - first).days
    before = int((usable & np.isfinite(series))[: max(at, 0)].sum())
    days = min(len(dates) - max(at, 0), before // LEAST_TIMES)
    bare = Change(variant, pair, source, start, before, days)
    if before < LEAST_DAYS:
        return _without(bare, "few_before")
    if np.isnan(series[at : at + days]).any():
        return _without(bare, "gaps")
    cut = slice(0, at + days)
    found = counterfactual(series[cut], [(at, at + days - 1)], usable=usable[cut], level=1 - plan.alpha)
    if found is None:
        return _without(bare, "few_before")
    expected = [None] * at + [float(value) for value in found.expected]
    seen = [None if np.isnan(value) else float(value) for value in series[cut]]
    points = tuple(Point(*point) for point in zip(dates[cut], seen, expected, strict=True))
    promoted = not usable[at : at + days].all()
    return Change(variant, pair, source, start, before, days, found, points, promoted)


def _without(bare: Change, why: str) -> Change:
    return Change(bare.variant, bare.pair, bare.source, bare.start, bare.before, bare.days, why=why)


def ordinary(dates: Iterable[dt.date], promotions: pd.DataFrame | None) -> np.ndarray:
    """Of each day whether no promotion ran on any of the platforms that ``promotions`` names."""
    spans: list[Span] = []
    if promotions is not None:
        for platform in sorted(promotions["platform"].unique()):
            for one in phases.spans(promotions, platform):
                spans.append((one.start, one.end if one.end > one.start else one.start + OPEN_END))
    return np.array([not any(first <= at <= last for first, last in spans) for at in dates], bool)
