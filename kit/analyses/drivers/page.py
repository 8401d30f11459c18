"""What findings and exhibits of the driver tree have in common: names of shops and spans, and money that adds up."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kit.analyses.drivers.parts import Parts, Sources
from kit.analyses.drivers.tree import Ends, ShopTree, Tree
from kit.findings import Arg, Severity, plain
from kit.stats import bridge, months
from kit.stats.bases import Base, Days

Name = str | Mapping[str, str]
Given = dict[str, Arg]
LADDER = ((1e8, 1e6), (1e6, 1e3), (1e4, 1e2), (0.0, 1.0))
"""From which largest amount on a bridge is shown in which steps: those of a table column that holds it."""
WRITTEN = ((1e10, 1e8), (1e9, 1e7), (1e8, 1e6), (1e6, 1e4), (1e5, 1e3), (1e4, 1e2), (0.0, 1.0))
"""The steps in which a sentence writes an amount of that size (``kit.numbers``)."""

PER_DAY = ("visitors", "buyers", "orders")
UNITS = dict.fromkeys(PER_DAY, "count") | {"pay_cvr": "rate", "revenue_per_buyer": "price", "order_value": "price"}
LEVELS = tuple(UNITS)
"""Factors that a reader knows as figures of their own, in their order; the first are shown by the day."""


@dataclass(frozen=True)
class Result:
    """``trees``, ``sources`` and ``parts`` by comparison, the period before first. ``shops``: names for people.

    ``asked`` are all comparisons of the period; ``daily`` whether there were any daily figures at all. ``missed``: the
    shop furthest from a goal that was missed (blank: all of them), and how much that weighs.
    """

    period: Days
    asked: tuple[Base, ...]
    trees: tuple[Tree, ...]
    sources: tuple[Sources, ...]
    parts: tuple[Parts, ...]
    shops: Mapping[str, Name]
    daily: bool
    missed: tuple[str, Severity] | None = None

    def name(self, shop: str) -> Name:
        return self.shops.get(shop, shop)


@dataclass(frozen=True)
class Bridge:
    """A change as it is shown: ``parts`` add up to ``total``, in one step for all."""

    total: float
    parts: tuple[float, ...]
    step: float


@dataclass(frozen=True)
class Page:
    """One comparison of a result."""

    result: Result
    tree: Tree

    @property
    def key(self) -> str:
        return f"review.drivers.{self.tree.base.name}"

    @property
    def args(self) -> Given:
        return {"period": named(self.tree.base.now), "base": base_arg(self.tree.base)}

    @property
    def missed(self) -> tuple[str, Severity] | None:
        """The shop in question where this comparison says best what happened to it: the like spans of a year before,
        else the period before if it sold less."""
        asked = self.result.missed
        told = [tree for tree in self.result.trees if asked and _tells(tree, asked[0])]
        return asked if told and told[-1] is self.tree else None

    @cached_property
    def step(self) -> float:
        return step_of(max(self.tree.before, self.tree.now))

    @cached_property
    def total(self) -> Bridge:
        """The bridge over all shops, by factor in the tree's order."""
        return bridged(self.tree.before, self.tree.now, [*self.tree.effects.values()], self.step)

    @cached_property
    def by_shop(self) -> dict[str, Bridge]:
        """Each shop's bridge as shown, every column adding up to that of all shops: a factor of one shop alone is one
        number. Where a row would then be a step or more from its own change, each row adds up for itself."""
        made = _columns(self)
        if all(abs(made[shop.shop].total - shop.change) < self.step for shop in self.tree.shops):
            return made
        return {
            shop.shop: bridged(shop.before.amount, shop.now.amount, [*shop.effects.values()], self.step)
            for shop in self.tree.shops
        }


def _tells(tree: Tree, shop: str) -> bool:
    """Whether a comparison says why a shop, or all of them, fell short."""
    own = [one.change for one in tree.shops if shop in ("", one.shop)]
    return bool(own) and not tree.base.without and (tree.base.name != "previous" or sum(own) < 0)


def _columns(page: Page) -> dict[str, Bridge]:
    cells: dict[str, list[float]] = {shop.shop: [] for shop in page.tree.shops}
    for factor, whole in zip(page.tree.effects, page.total.parts, strict=True):
        there = [shop for shop in page.tree.shops if factor in shop.effects]
        parts = bridge.in_steps([shop.effects[factor] for shop in there], whole, page.step)
        for shop, part in zip(there, parts, strict=True):
            cells[shop.shop].append(part)
    return {shop: Bridge(round(sum(parts), 2), tuple(parts), page.step) for shop, parts in cells.items()}


def level(page: Page, shop: ShopTree, factor: str, at: str) -> float | None:
    """What a factor stood at, ``now`` or ``then``: of ``PER_DAY`` an average day's, unless each counts once."""
    end: Ends = shop.now if at == "now" else shop.before
    value = end.factors.get(factor)
    if value is None or factor not in PER_DAY or "days" in end.factors or shop.once:
        return value
    span = page.tree.base.now if at == "now" else page.tree.base.then
    return value / span.count


def step_of(largest: float) -> float:
    return next(step for least, step in LADDER if largest >= least)


def bridged(before: float, now: float, parts: Sequence[float], step: float) -> Bridge:
    """The change between two amounts rounded to ``step``, and its parts so that they add up to it."""
    total = (math.floor(now / step + 0.5) - math.floor(before / step + 0.5)) * step
    return Bridge(total, bridge.in_steps(parts, total, step), step)


def money(value: float, step: float) -> Arg:
    """An amount of a bridge, with as many decimals as its step needs to be seen."""
    usual = next(s for least, s in WRITTEN if abs(value) >= least)
    more = round(math.log10(usual / step))
    return Arg(value, f"money+{more}" if more > 0 and value else "money")


def named(days: Days) -> Arg:
    """A span by its name: a month, a run of months, or its days."""
    span = months.whole(days.start, days.end)
    ends = {"start": plain(days.start), "end": plain(days.end)}
    return Arg(ends, "month-range" if span else "period")


def base_arg(base: Base) -> Arg:
    """What is compared with: October, the same period last year, or its days."""
    if len(months.whole(base.now.start, base.now.end)) == 1:
        return Arg({"of": plain(base.now.start), "month": plain(base.then.start)}, "base")
    return named(base.then)
