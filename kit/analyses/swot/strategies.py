"""Strategies from items that stand together (TOWS, Weihrich 1982): which, how much they move, and what they take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.findings import ORDER, Severity

if TYPE_CHECKING:
    from kit.analyses.swot.items import Item

MOST = 3
"""Strategies of a kind: more than a client can start at once are no plan."""
EFFORTS = ("low", "medium", "high")


@dataclass(frozen=True)
class Way:
    """A strategy of ``kind`` (SO, ST, WO, WT) from two items; ``impact``: the weight of the weightier of them."""

    key: str
    kind: str
    inside: Item
    outside: Item
    impact: Severity
    effort: str


def ways(items: Mapping[str, Item], lines: Iterable[Mapping[str, Any]]) -> list[Way]:
    """Every line of which both items stand, the weightiest and easiest first, at most ``MOST`` of a kind."""
    made = [_way(items[line["inside"]], items[line["outside"]], line) for line in lines if _stands(items, line)]
    made.sort(key=lambda way: (ORDER[way.impact], EFFORTS.index(way.effort), way.key))
    return [way for n, way in enumerate(made) if sum(w.kind == way.kind for w in made[:n]) < MOST]


def _stands(items: Mapping[str, Item], line: Mapping[str, Any]) -> bool:
    return line["inside"] in items and line["outside"] in items


def _way(inside: Item, outside: Item, line: Mapping[str, Any]) -> Way:
    impact = min(inside.severity, outside.severity, key=lambda severity: ORDER[severity])
    kind = (line["inside"][0] + line["outside"][0]).upper()
    return Way(f"{kind.lower()}.{line['id']}", kind, inside, outside, impact, line["effort"])
