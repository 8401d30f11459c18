"""The daily curve's result, and how its spans and names are given to a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kit.analyses.days.curve import Curve
from kit.analyses.days.marks import Mark, Name, Presale
from kit.findings import Arg, plain
from kit.stats.day_runs import Run
from kit.stats.hours import Hours
from kit.stats.phases import Span
from kit.stats.stock_losses import Out
from kit.stats.stock_outs import Stop

Given = dict[str, Arg]


@dataclass(frozen=True)
class Result:
    """``curves`` is empty without daily figures or orders of the period; ``events`` are promotions by platform that
    touch it; ``items`` whether items are known by day."""

    start: dt.date
    end: dt.date
    curves: tuple[Curve, ...]
    outs: tuple[Out, ...]
    presales: tuple[Presale, ...]
    hours: Hours | None
    marks: tuple[Mark, ...]
    events: tuple[Span, ...]
    shops: Mapping[str, Name]
    items: bool

    def sold(self, shop: str) -> float:
        """What a shop was paid on the days of the period that its figures state."""
        return sum(value or 0.0 for curve in self.curves if curve.shop == shop for _, value in curve.amounts)

    def shop(self, key: str) -> Arg:
        return Arg(self.shops.get(key, key), "text")


def span_arg(run: Run) -> Arg:
    """Days of the period: the year is the period's."""
    return Arg({"start": plain(run[0]), "end": plain(run[1])}, "dates")


def spans_arg(found: Iterable[Run]) -> Arg:
    return Arg([span_arg(run) for run in found], "dates")


def count(found: Iterable[Run]) -> int:
    """How many days some runs have together."""
    return sum((last - first).days + 1 for first, last in found)


def item_key(stop: Stop) -> str:
    """Names an item in keys: its number, as far as a key can hold it."""
    kept = "".join(c for c in stop.item_id.lower() if c.isascii() and c.isalnum())
    return f"review.days.stock_out.{stop.shop}.{kept or 'item'}.{stop.first:%m%d}"
