"""Price band × need: what an offer there sells against the same brand's other offers, and what of that is its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kit.stats.lift import Effect, Floats, apart, basis, effects, within
from kit.stats.offers import Offers


@dataclass(frozen=True)
class Ratio:
    """Typical sales of an offer over those of others, with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Cell:
    """Listings of one need in one band (``low`` up to, not including, ``high``), shares as fractions.

    ``expected`` listings there would be, were the need as frequent here as in all bands; ``rare``: there are fewer.
    ``money`` and ``pieces`` compare a listing with all others of its brand. ``beside`` compares its money with those of
    the same brand, band, price, kind of goods and other needs; ``surplus`` with those of equal need, too, so that what
    band and need bring by themselves is out. Each is None where too few brands compare. ``p_value`` is that of the
    claim that money, pieces and ``beside`` all lie above balance; None where it is not tested. ``called``: it stands.
    """

    need: str
    low: float | None
    high: float | None
    listings: int
    brands: int
    expected: float
    supply: float
    demand: float
    money: Ratio | None = None
    pieces: Ratio | None = None
    beside: Ratio | None = None
    surplus: Ratio | None = None
    p_value: float | None = None
    called: bool = False

    @property
    def rare(self) -> bool:
        return self.listings < self.expected


@dataclass(frozen=True)
class Judged:
    """``cells`` by need, then band; ``level`` is that of their intervals, ``tests`` how many were tested at once."""

    cells: tuple[Cell, ...]
    level: float
    tests: int


def judge(offers: Offers, cuts: Sequence[float], least: int, least_brands: int, rate: float) -> Judged:
    """Every need of ``offers`` in every band that begins at one of ``cuts``.

    A cell is measured with ``least`` listings or more, of ``least_brands`` brands or more that also list goods outside
    it. Those of them that are rare are tested, all at once: at most at ``rate`` is any called in a market without
    gaps, however the cells depend on each other (Bonferroni), and the intervals of all hold together.
    """
    bands = list(zip([None, *cuts], [*cuts, None], strict=True))
    made: list[tuple[Cell, _Effects | None]] = []
    for need in range(len(offers.words)):
        beside = _beside(offers, need)
        for band, edges in enumerate(bands):
            cell = _cell(offers, need, band, *edges)
            enough = cell.listings >= least and cell.brands >= least_brands
            made.append((cell, _effects(offers, need, band, beside if cell.rare else None) if enough else None))
    tests = sum(effects is not None and effects.tested for _, effects in made)
    line = rate / max(tests, 1)
    cells = [_measured(cell, effects, line) if effects else cell for cell, effects in made]
    return Judged(tuple(cells), 1 - line, tests)


def _cell(offers: Offers, need: int, band: int, low: float | None, high: float | None) -> Cell:
    claims, bands, money = offers.claims[:, need], offers.bands[:, band], np.exp(offers.money)
    inside = claims & bands
    return Cell(
        offers.words[need],
        low,
        high,
        int(inside.sum()),
        offers.contrasts(inside),
        float(claims.mean() * bands.sum()),
        float(inside.mean()),
        float(money[inside].sum() / money.sum()),
    )


@dataclass(frozen=True)
class _Effects:
    """Effects of a cell; the claim of a gap rests on the first three, which only a rare cell has."""

    money: Effect
    pieces: Effect | None = None
    beside: Effect | None = None
    surplus: Effect | None = None

    @property
    def three(self) -> list[Effect]:
        return [effect for effect in (self.money, self.pieces, self.beside) if effect and effect.sound]

    @property
    def tested(self) -> bool:
        return len(self.three) == 3

    @property
    def p_value(self) -> float:
        """That all three lie above balance: the largest of theirs, for all must stand; 1 where one lies below."""
        return max(effect.p_value if effect.value > 0 else 1.0 for effect in self.three)


@dataclass(frozen=True, eq=False)
class _Held:
    """Columns that are held constant, and the ``basis`` of what they are within brands."""

    columns: Floats
    basis: Floats


def _beside(offers: Offers, need: int) -> tuple[_Held, ...]:
    """What is held constant: controls and all other needs; and with them the need itself."""
    others = np.delete(offers.claims, need, axis=1).astype(float)
    claim, held = offers.claims[:, [need]].astype(float), offers.controls
    held = np.column_stack([held, others[:, offers.told_apart(others, held)]])
    with_claim = np.column_stack([held, claim[:, offers.told_apart(claim, held)]])
    return tuple(_Held(one, basis(within(one, offers.brand))[0]) for one in (held, with_claim))


def _effects(offers: Offers, need: int, band: int, beside: tuple[_Held, ...] | None) -> _Effects:
    cell = (offers.claims[:, need] & offers.bands[:, band])[:, None].astype(float)
    (money,) = effects(offers.money, cell, offers.brand, 1)
    if beside is None:
        return _Effects(money)
    (pieces,) = effects(offers.pieces, cell, offers.brand, 1)
    return _Effects(money, pieces, *(_held(offers, cell, held) for held in beside))


def _held(offers: Offers, cell: Floats, held: _Held) -> Effect | None:
    """The cell's effect on money with ``held`` constant; None where that leaves it nothing of its own."""
    if apart(within(cell, offers.brand)[:, 0], held.basis) is None:
        return None
    return effects(offers.money, np.column_stack([cell, held.columns]), offers.brand, 1)[0]


def _measured(cell: Cell, found: _Effects, line: float) -> Cell:
    money, pieces, beside, surplus = (
        _ratio(effect, 1 - line) for effect in (found.money, found.pieces, found.beside, found.surplus)
    )
    p_value = found.p_value if found.tested else None
    called = p_value is not None and p_value <= line
    return replace(cell, money=money, pieces=pieces, beside=beside, surplus=surplus, p_value=p_value, called=called)


def _ratio(effect: Effect | None, level: float) -> Ratio | None:
    if effect is None or not effect.sound:
        return None
    return Ratio(*(float(np.exp(v)) for v in (effect.value, *effect.interval(level))))
