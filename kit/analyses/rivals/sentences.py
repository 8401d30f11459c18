"""What the field's numbers amount to: the findings of one platform."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kit.analyses.rivals.field import LEAST_ITEMS, Brand, Field, Moves
from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.findings import Arg, Finding, Kind, Note, Severity, Soundness, plain

Name = str | Mapping[str, str]
"""A name as the client writes it: one text, or one in each language."""
Given = dict[str, Arg]
LEVEL = 0.0005
"""A difference under this is written as level."""
HIGH_CUT, MEDIUM_CUT = 0.05, 0.02
"""Weight of a cut (its size × the part of the brand's sales it touches) from which it is of high or medium severity."""


@dataclass(frozen=True)
class Result:
    """``fields``: a platform each, the one with most listings first; none without a snapshot in the period, and
    ``seen`` then says which days there are, if any. ``name`` is what the own brand is called where it is told of."""

    fields: tuple[Field, ...]
    seen: tuple[dt.date, dt.date] | None
    start: dt.date
    end: dt.date
    own_brands: tuple[str, ...]
    price_cut: float
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

    def shown(self) -> tuple[Brand, ...]:
        """The brands of the tables: the first of the order and the own one."""
        one = self.one
        return tuple(b for n, b in enumerate(one.brands) if n < self.result.top or b.own)


def findings(page: Page) -> list[Finding]:
    """Where the brand stands, what it charges, who cut prices, what each sells most, and what the data cannot say."""
    return [*_rank(page), *_price(page), *_cuts(page), *_best(page), *_limits(page)]


def _finding(
    page: Page, name: str, sentence: str, args: Given, verdict: StrEnum, severity: Severity, **rest: Any
) -> Finding:
    where = {"exhibit": f"{page.key}.table", "method": "method.rivals"}
    return Finding(f"{page.key}.{name}", sentence, page.args | args, verdict, severity, **(where | rest))


def _rank(page: Page) -> Iterable[Finding]:
    """The own brand's place by estimated sales; why there is none, if there is none."""
    own, one = page.one.own, page.one
    if own is None or own.rank is None or own.share is None:
        sentence = "m.norank.absent" if own is None else "m.norank.nosales" if one.sales_kind else "m.norank.nocounter"
        yield _finding(page, "rank", sentence, {}, Verdict.NONE, Severity.LOW)
        return
    args = {"rank": Arg(own.rank, "rank"), "n": Arg(one.ranked, "count"), "share": Arg(own.share, "ratio")}
    rest = {"value": own.rank, "unit": "rank", "n": one.ranked}
    yield _finding(page, "rank", "m.rank", args, Verdict.RANKED, Severity.MEDIUM, **rest)


def _price(page: Page) -> Iterable[Finding]:
    """The own median price against that of all rivals' listings."""
    own, field = page.one.own, page.one.rivals_price
    if own is None or own.price is None or field is None:
        return
    gap = own.price / field - 1
    verdict = Verdict.LEVEL if abs(gap) < LEVEL else Verdict.ABOVE if gap > 0 else Verdict.BELOW
    args = {"own": Arg(own.price, "price"), "rivals": Arg(field, "price"), "gap": Arg(gap, "growth")}
    rest = {"value": gap, "unit": "growth", "baseline": field}
    yield _finding(page, "price", "m.price", args, verdict, Severity.LOW, **rest)


def _cuts(page: Page) -> Iterable[Finding]:
    """Rivals that cut the price of several items, the own move beside the weightiest; that nobody did is said, too."""
    one = page.one
    if one.base is None or one.price_kind is None:
        return
    if not page.cutters:
        least = {"n": Arg(LEAST_ITEMS, "count"), "cut": Arg(page.result.price_cut, "level")}
        compared = any(b.moves for b in one.rivals)
        sentence, verdict = ("m.nocut", Verdict.LEVEL) if compared else ("m.nopairs", Verdict.NONE)
        yield _finding(page, "cut", sentence, least, verdict, Severity.INFO)
    own = one.own.moves if one.own else None
    for place, (brand, moves) in enumerate(page.cutters):
        args = {
            "rival": Arg(brand.name, "text"),
            "cut": Arg(moves.cut, "ratio"),
            "n": Arg(moves.cut_items, "count"),
        }
        args["since"] = Arg(plain(moves.since or one.date), "date")
        sentence = "m.cutonly" if own is None or place else "m.cut" if own.changed else "m.cut.none"
        if own and own.changed_median is not None and not place:
            change = Arg(own.changed_median, "growth")
            args |= {"dir": change, "own": change, "m": Arg(own.changed, "count")}
        weight = moves.weight
        rest: dict[str, Any] = {
            "exhibit": f"{page.key}.moves",
            "value": -(moves.cut or 0.0),
            "unit": "growth",
        }
        yield _finding(
            page,
            f"cut.{slug(brand.name)}",
            sentence,
            args,
            Verdict.CUT,
            Severity.HIGH if weight >= HIGH_CUT else Severity.MEDIUM if weight >= MEDIUM_CUT else Severity.LOW,
            kind=Kind.THREAT,
            n=moves.cut_items,
            evidence=_part(moves),
            **rest,
        )


def _part(moves: Moves) -> Note:
    """How much of the brand a cut touches."""
    if moves.cut_part is None:
        return Note("m.cutev.items", {"part": Arg(moves.cut_items / moves.paired, "ratio")})
    return Note("m.cutev.sales", {"part": Arg(moves.cut_part, "ratio")})


def slug(name: str) -> str:
    """A brand as a segment of a key: letters and digits in lower case, _ for spaces, any other character by its code.

    >>> slug("SK-II 1")
    'sku2dii_1'
    """
    words = name.casefold().split()
    return "_".join("".join(c if c.isascii() and c.isalnum() else f"u{ord(c):x}" for c in word) for word in words)


def _best(page: Page) -> Iterable[Finding]:
    """What the brands' main sellers cost, and the own one's beside it."""
    rivals = sorted(b.best.price for b in page.shown() if b.best and b.best.price is not None and not b.own)
    if not rivals:
        return
    middle = len(rivals) // 2
    median = rivals[middle] if len(rivals) % 2 else (rivals[middle - 1] + rivals[middle]) / 2
    args = {"n": Arg(len(rivals), "count"), "price": Arg(median, "price")}
    own, sentence = page.one.own, "m.best.only"
    if own and own.best and own.best.price is not None:
        args, sentence = args | {"own": Arg(own.best.price, "price")}, "m.best"
    yield _finding(page, "best", sentence, args, Verdict.RANKED, Severity.INFO, exhibit=f"{page.key}.best")


def _limits(page: Page) -> Iterable[Finding]:
    """What a counter means, counters that fell, and listings that disappeared."""
    one = page.one
    if one.sales_kind:
        yield _limit(page, "counter", f"m.snap.{one.sales_kind}", {}, None)
    if one.fallen:
        args = {
            "n": Arg(one.fallen, "count"),
            "m": Arg(one.steps, "count"),
            "share": Arg(one.fallen / one.steps, "rate"),
        }
        yield _limit(page, "falls", "m.counterfall", args, None)
    if one.drops:
        earlier, later = min(one.drops, key=lambda pair: pair[1].listings / pair[0].listings)
        args = {
            "from": Arg(earlier.listings, "count"),
            "to": Arg(later.listings, "count"),
            "on": Arg(plain(later.date), "date"),
            "chg": Arg(later.listings / earlier.listings - 1, "growth"),
        }
        yield _limit(page, "fewer", "m.fewer", args, f"{page.key}.counts")


def _limit(page: Page, name: str, sentence: str, args: Given, exhibit: str | None) -> Finding:
    about = {"kind": Kind.DATA, "exhibit": exhibit, "method": None}
    return _finding(page, name, sentence, args, Soundness.LIMITED, Severity.LOW, **about)
