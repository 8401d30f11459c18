"""What the field's numbers amount to: the findings of one platform."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kit.analyses.rivals import war
from kit.analyses.rivals.field import Brand, Moves
from kit.analyses.rivals.page import LEVEL, Given, Page, finding, slug
from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.findings import Arg, Finding, Kind, Note, Severity, Soundness, plain
from kit.stats.price_moves import LEAST_ITEMS

HIGH_CUT, MEDIUM_CUT = 0.05, 0.02
"""Weight of a cut (its size × the part of the brand's sales it touches) from which it is of high or medium severity."""
MOST_CUTS = 3
"""Cuts that get a sentence; the table has them all."""


def findings(page: Page) -> list[Finding]:
    """Where the brand stands, what it charges, how prices moved, what each sells most, and what the data cannot say."""
    return [*_rank(page), *_price(page), *war.told(page), *_cuts(page), *_best(page), *_limits(page)]


def _rank(page: Page) -> Iterable[Finding]:
    """The own brand's place by estimated sales; why there is none, if there is none."""
    own, one = page.one.own, page.one
    if own is None or own.rank is None or own.share is None:
        sentence = "m.norank.absent" if own is None else "m.norank.nosales" if one.sales_kind else "m.norank.nocounter"
        yield finding(page, "rank", sentence, {}, Verdict.NONE, Severity.LOW)
        return
    args = {"rank": Arg(own.rank, "rank"), "n": Arg(one.ranked, "count"), "share": Arg(own.share, "ratio")}
    rest = {"value": own.rank, "unit": "rank", "n": one.ranked}
    yield finding(page, "rank", "m.rank", args, Verdict.RANKED, Severity.MEDIUM, **rest)


def _price(page: Page) -> Iterable[Finding]:
    """The own median price against that of all rivals' listings."""
    own, field = page.one.own, page.one.rivals_price
    if own is None or own.price is None or field is None:
        return
    gap = own.price / field - 1
    verdict = Verdict.LEVEL if abs(gap) < LEVEL else Verdict.ABOVE if gap > 0 else Verdict.BELOW
    args = {"own": Arg(own.price, "price"), "rivals": Arg(field, "price"), "gap": Arg(gap, "growth")}
    rest = {"value": gap, "unit": "growth", "baseline": field}
    yield finding(page, "price", "m.price", args, verdict, Severity.LOW, **rest)


def _cuts(page: Page) -> Iterable[Finding]:
    """Rivals that cut the price of several items, the own move beside the weightiest; that nobody did is said, too."""
    one = page.one
    if one.base is None or one.price_kind is None:
        return
    if not page.cutters:
        least = {"n": Arg(LEAST_ITEMS, "count"), "cut": Arg(page.result.rule.cut, "level")}
        compared = any(b.moves for b in one.rivals)
        sentence, verdict = ("m.nocut", Verdict.LEVEL) if compared else ("m.nopairs", Verdict.NONE)
        where = {"exhibit": f"{page.key}.prices"} if war.followed(page) else {}
        yield finding(page, "cut", sentence, least, verdict, Severity.INFO, **where)
    for place, (brand, moves) in enumerate(page.cutters[:MOST_CUTS]):
        yield _cut(page, brand, moves, beside=not place and not page.war)


def _cut(page: Page, brand: Brand, moves: Moves, beside: bool) -> Finding:
    """One rival's cut, the own move ``beside`` it; of low severity where it is a part of a price war."""
    own = page.one.own.moves if page.one.own else None
    args = {"rival": Arg(brand.name, "text"), "cut": Arg(moves.cut, "ratio"), "n": Arg(moves.cut_items, "count")}
    args["since"] = Arg(plain(moves.since or page.one.date), "date")
    sentence = "m.cutonly" if own is None or not beside else "m.cut" if own.changed else "m.cut.none"
    if own and own.changed_median is not None and beside:
        change = Arg(own.changed_median, "growth")
        args |= {"dir": change, "own": change, "m": Arg(own.changed, "count")}
    weight = 0.0 if brand.name in page.war else moves.weight
    rest: dict[str, Any] = {"exhibit": f"{page.key}.moves", "value": -(moves.cut or 0.0), "unit": "growth"}
    return finding(
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
    yield finding(page, "best", sentence, args, Verdict.RANKED, Severity.INFO, exhibit=f"{page.key}.best")


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
    return finding(page, name, sentence, args, Soundness.LIMITED, Severity.LOW, **about)
