"""What the findings and exhibits of one platform have in common: names, values for placeholders, keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kit.analyses.rivals.field import Brand, Field, Moves
from kit.findings import Arg, Finding, Severity, plain
from kit.stats.price_war import Rule

Name = str | Mapping[str, str]
"""A name as the client writes it: one text, or one in each language."""
Given = dict[str, Arg]
LEVEL = 0.0005
"""A difference under this is written as level."""


@dataclass(frozen=True)
class Result:
    """``fields``: a platform each, the one with most listings first; none without a snapshot in the period, and
    ``seen`` then says which days there are, if any. ``name`` is what the own brand is called where it is told of."""

    fields: tuple[Field, ...]
    seen: tuple[dt.date, dt.date] | None
    start: dt.date
    end: dt.date
    own_brands: tuple[str, ...]
    rule: Rule
    top: int
    name: Name | None = None


@dataclass(frozen=True)
class Page:
    """One platform of a result, and what its findings and exhibits have in common."""

    result: Result
    one: Field

    @property
    def key(self) -> str:
        return f"market.rivals.{self.one.platform}"

    @property
    def brand(self) -> Arg:
        own = self.result.own_brands
        return Arg(self.result.name or (own[0] if own else None), "text")

    def called(self, brand: Brand) -> Name:
        """A rival by its name in the listings, the own brand by the client's."""
        return self.result.name or brand.name if brand.own else brand.name

    @property
    def args(self) -> Given:
        """Platform, day and counter; the kind of price where there is one."""
        one = self.one
        made = {
            "platform": Arg(f"platform.{one.platform}", "label"),
            "date": Arg(plain(one.date), "date"),
            "listings": Arg(sum(b.listings for b in one.brands), "count"),
            "brands": Arg(len(one.brands), "count"),
            "brand": self.brand,
        }
        made |= {"kind": Arg(f"price.{one.price_kind}", "label")} if one.price_kind else {}
        made |= {"sales": Arg(f"sales.{one.sales_kind}", "label")} if one.sales_kind else {}
        return made | ({"base": Arg(plain(one.base), "date")} if one.base else {})

    @property
    def cutters(self) -> tuple[tuple[Brand, Moves], ...]:
        """Rivals that cut prices with their moves, the weightiest cut first."""
        found = [(b, b.moves) for b in self.one.rivals if b.moves and b.moves.cut is not None]
        return tuple(sorted(found, key=lambda pair: (-pair[1].weight, pair[0].name)))

    @property
    def war(self) -> frozenset[str]:
        """The brands of a price war, if there is one."""
        watched = self.one.watched
        return frozenset(c.brand for c in watched.found.war.cuts) if watched and watched.found.war else frozenset()

    def shown(self) -> tuple[Brand, ...]:
        """The brands of the tables: the first of the order and the own one."""
        one = self.one
        return tuple(b for n, b in enumerate(one.brands) if n < self.result.top or b.own)


def finding(
    page: Page, name: str, sentence: str, args: Given, verdict: StrEnum, severity: Severity, **rest: Any
) -> Finding:
    where = {"exhibit": f"{page.key}.table", "method": "method.rivals"}
    return Finding(f"{page.key}.{name}", sentence, page.args | args, verdict, severity, **(where | rest))


def slug(name: str) -> str:
    """A brand as a segment of a key: letters and digits in lower case, _ for spaces, any other character by its code.

    >>> slug("SK-II 1")
    'sku2dii_1'
    """
    words = name.casefold().split()
    return "_".join("".join(c if c.isascii() and c.isalnum() else f"u{ord(c):x}" for c in word) for word in words)
