"""Which words are tested, and what each is worth: every brand's listings with it against those without."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kit.stats import lift
from kit.stats.false_discovery import claims
from kit.stats.offers import Offers

MOST = 40
"""Words tested at once; the more, the less each of them shows."""
ROWS = 10
"""Listings for each column of the model, at least."""


@dataclass(frozen=True)
class Word:
    """``listings`` claim it, of ``brands`` that list goods with and without it; ``own`` of them are the client's.

    ``lift`` is the difference of sales per listing as a fraction (0.3: thirty per cent more), at equal brand, band,
    price and other words. ``called``: it stands at the false discovery rate, and ``low`` to ``high`` leaves out zero.
    """

    term: str
    listings: int
    brands: int
    own: int
    lift: float
    low: float
    high: float
    p_value: float
    called: bool


@dataclass(frozen=True)
class Tested:
    """``words`` as tested, most frequent first; ``level`` is that of their intervals."""

    words: tuple[Word, ...]
    level: float


def test(offers: Offers, own: lift.Whole, least: int, least_brands: int, rate: float) -> Tested:
    """All words at once. ``own``: row numbers of the client's listings.

    A word is tested where ``least`` listings have it and as many have not, in ``least_brands`` brands that have both.
    Of words that always go together, the more frequent one is tested.
    """
    x, held = offers.claims.astype(float), offers.controls
    room = min(MOST, len(x) // ROWS - held.shape[1])
    chosen = [n for n in range(x.shape[1]) if offers.enough(n, least, least_brands)]
    chosen = [chosen[n] for n in offers.told_apart(x[:, chosen], held)][: max(room, 0)]
    if not chosen:
        return Tested((), 1 - rate)
    found = lift.effects(offers.pieces, np.column_stack([x[:, chosen], held]), offers.brand, len(chosen))
    chosen, found = [n for n, e in zip(chosen, found, strict=True) if e.sound], [e for e in found if e.sound]
    stand = claims([effect.p_value for effect in found], rate)
    made = zip(chosen, found, stand.made, strict=True)
    return Tested(tuple(_word(offers, n, own, e, stand.level, called) for n, e, called in made), stand.level)


def _word(offers: Offers, word: int, own: lift.Whole, effect: lift.Effect, level: float, called: bool) -> Word:
    inside = offers.claims[:, word]
    lifted, low, high = (float(np.expm1(v)) for v in (effect.value, *effect.interval(level)))
    return Word(
        offers.words[word],
        int(inside.sum()),
        offers.contrasts(inside),
        int(inside[own].sum()),
        lifted,
        low,
        high,
        effect.p_value,
        called,
    )
