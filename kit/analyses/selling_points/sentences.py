"""What the words' numbers amount to: verdicts and findings of one platform."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kit.analyses.selling_points.words import Tested, Word
from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.findings import Arg, Finding, Note, Severity, plain, slug
from kit.stats.offers import Scope

Name = str | Mapping[str, str]
"""A name as the client writes it: one text, or one in each language."""
Given = dict[str, Arg]
MEDIUM_LIFT = 0.2
"""Difference of sales per listing, as a fraction, from which its finding is of medium severity."""


@dataclass(frozen=True)
class Platform:
    """One platform's words at its last snapshot; ``tested`` is None with fewer than ``min_listings`` to compare."""

    scope: Scope
    tested: Tested | None
    min_listings: int
    min_word_listings: int
    min_word_brands: int
    rate: float

    @property
    def words(self) -> tuple[Word, ...]:
        return self.tested.words if self.tested else ()

    @property
    def called(self) -> tuple[Word, ...]:
        """The words that are called, those that sell more first, the larger difference before the smaller."""
        found = [word for word in self.words if word.called]
        return tuple(sorted(found, key=lambda word: (word.lift < 0, -abs(word.lift))))

    @property
    def key(self) -> str:
        return f"market.words.{self.scope.platform}"


@dataclass(frozen=True)
class Result:
    """``platforms`` is empty when there is no snapshot in the period; ``seen`` then says what there is, if anything.
    ``brand`` is what the client's brand is called, None when listings do not name it."""

    platforms: tuple[Platform, ...]
    seen: tuple[dt.date, dt.date] | None
    brand: Name | None


def findings(one: Platform, brand: Name | None) -> list[Finding]:
    """The words that are called, then how many are open; one finding when nothing is, or can be."""
    if not one.words:
        return [_withheld(one)]
    called = [_word(one, word, brand, first=n == 0) for n, word in enumerate(one.called)]
    return [*called, *_rest(one)]


def _withheld(one: Platform) -> Finding:
    scope = one.scope
    args = {
        "n": Arg(scope.used, "count"),
        "min": Arg(one.min_listings, "count"),
        "least": Arg(one.min_word_listings, "count"),
        "k": Arg(one.min_word_brands, "count"),
    }
    if scope.price_kind is None or scope.sales_kind is None:
        sentence = "m.word.noprice" if scope.price_kind is None else "m.word.nosales"
    else:
        sentence = "m.word.few" if one.tested is None else "m.word.nowords"
    return Finding(f"{one.key}.few", sentence, args, Verdict.NONE, Severity.INFO, n=scope.used)


def _word(one: Platform, word: Word, brand: Name | None, first: bool) -> Finding:
    assert one.tested
    more = word.lift > 0
    action = Note("m.wordtry", {"word": Arg(word.term, "text")}) if first and more else None
    return Finding(
        f"{one.key}.{slug(word.term)}",
        "m.word",
        {"word": Arg(word.term, "text"), "chg": Arg(word.lift, "growth")},
        Verdict.SELLS_MORE if more else Verdict.SELLS_LESS,
        Severity.MEDIUM if abs(word.lift) >= MEDIUM_LIFT else Severity.LOW,
        value=word.lift,
        unit="growth",
        low=word.low,
        high=word.high,
        level=one.tested.level,
        baseline=0.0,
        p_value=word.p_value,
        n=word.listings,
        exhibit=f"{one.key}.chart",
        method="method.words",
        evidence=_evidence(one.tested.level, word, brand),
        action=action,
    )


def _evidence(level: float, word: Word, brand: Name | None) -> Note:
    args = {
        "lo_s": Arg(word.low, "growth"),
        "hi_s": Arg(word.high, "growth"),
        "lvl": Arg(level, "level+1"),
        "m": Arg(word.listings, "count"),
        "brands": Arg(word.brands, "count"),
    }
    if brand is None:
        return Note("m.wordev", args)
    return Note("m.wordev.own", args | {"brand": Arg(brand, "text"), "own": Arg(word.own, "count")})


def _rest(one: Platform) -> Iterable[Finding]:
    """That no word is called, or how many others are open."""
    scope, left = one.scope, len(one.words) - len(one.called)
    args = {"n": Arg(left, "count"), "listings": Arg(scope.used, "count"), "brands": Arg(scope.brands, "count")}
    where: dict[str, Any] = {"exhibit": f"{one.key}.chart", "method": "method.words"}
    if not one.called:
        yield Finding(f"{one.key}.none", "m.wordnone", args, Verdict.OPEN, Severity.LOW, n=scope.used, **where)
    elif left:
        yield Finding(f"{one.key}.open", "m.wordopen", args, Verdict.OPEN, Severity.INFO, **where)


def about(scope: Scope) -> Given:
    """Where the listings come from."""
    made = {
        "platform": Arg(f"platform.{scope.platform}", "label"),
        "date": Arg(plain(scope.date), "date"),
        "n": Arg(scope.listings, "count"),
    }
    made |= {"kind": Arg(f"price.{scope.price_kind}", "label")} if scope.price_kind else {}
    return made | ({"sales": Arg(f"sales.{scope.sales_kind}", "label")} if scope.sales_kind else {})
