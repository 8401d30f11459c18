"""The weighted matrices of internal and external factors (IFE, EFE; F. David, Strategic Management).

Weights of a matrix add up to 1; a rating says how strong an internal factor is (4 and 3 strengths, 2 and 1 weaknesses),
or how well the brand answers an external one (4 best). The score is the sum of weight × rating; 2.5 is the middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kit.analyses.swot.items import Item

SLACK = 0.005
"""By how much weights may miss 1: they are typed with two decimals."""
USUAL = {"S": (3, 4), "W": (1, 2)}


@dataclass(frozen=True)
class Matrix:
    """``items`` that have weight and rating; ``weights``: their sum. ``score`` is None unless that is 1 and no item is
    without one of the two (``bare``). ``unusual``: strengths rated as weaknesses and the other way round."""

    items: tuple[Item, ...]
    bare: tuple[Item, ...]
    weights: float
    score: float | None
    unusual: tuple[Item, ...]


def matrix(items: Sequence[Item]) -> Matrix | None:
    """The matrix of one pair of sides; None where nobody has weighed or rated anything of it."""
    weighed = [item for item in items if item.weight is not None and item.rating is not None]
    if not any(item.weight is not None or item.rating is not None for item in items):
        return None
    bare = tuple(item for item in items if (item.weight is None) != (item.rating is None))
    weights = sum(item.weight or 0.0 for item in items)
    whole = not bare and abs(weights - 1) <= SLACK
    score = sum((item.weight or 0.0) * (item.rating or 0.0) for item in weighed) if whole else None
    unusual = tuple(item for item in weighed if item.side in USUAL and item.rating not in USUAL[item.side])
    return Matrix(tuple(weighed), bare, weights, score, unusual)
