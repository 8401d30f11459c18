"""Who bought: new and returning buyers, who came again, members, and how audiences moved.

The shares of new buyers and of members are the scorecard's, with its verdict; what is beyond normal variation is told
by ``kit.stats.control_limits``. People who are counted by the day are averaged over days, never added; a repurchase
rate needs orders that tell buyers apart, and a come-back rate needs those of the days before, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from kit.analyses.buyers.again import bought_again
from kit.analyses.buyers.exhibits import exhibits
from kit.analyses.buyers.members import audiences, members
from kit.analyses.buyers.result import Card, Line, Result, Split
from kit.analyses.buyers.sentences import findings
from kit.analyses.buyers.split import split, split_orders
from kit.findings import Missing, Note, Shown
from kit.stats import kpi_parts, months
from kit.stats.bases import Base, Days
from kit.stats.kpi_days import Tables, rows_of

__all__ = ["Result", "analyse", "show"]

NEW_DAYS = 365


def analyse(
    tables: Tables,
    card: Card,
    names: Mapping[str, Any],
    *,
    audience_monthly: pd.DataFrame | None = None,
    new_days: int = NEW_DAYS,
) -> Result:
    """The buyers of the days that ``card``, the period's scorecard, is about.

    ``tables``: canonical tables by name (``kpi_parts.USED``). ``names``: each shop's by its key.
    ``new_days``: who has no order in so many days before is new, where orders and not the platform tell it.
    """
    if card.until is None:
        return Result(None, (), (), (), (), (), False, (), (), names)
    days = Days(card.start, card.until)
    base = next((b.then for b in card.compared if b.name == "previous"), None)
    # Promotions bring new buyers: spans that hold unlike parts of one do not tell how the mix of buyers moved.
    compared = tuple(b for b in card.compared if not b.without)
    own = {shop: kpi_parts.of_shop(tables, shop) for shop in kpi_parts.shops(tables)}
    splits = tuple(_splits(own, days, card, compared, new_days))
    back = tuple(b for shop, t in own.items() if (b := bought_again(shop, t, days, base)))
    unsplit = tuple(shop for shop in own if shop not in {s.shop for s in splits})
    told = {b.shop for b in back}
    untold = tuple(shop for shop, t in own.items() if shop not in told and rows_of(t, "orders") is not None)
    whole = months.whole(card.start, card.until)
    moved = audiences(audience_monthly, whole[-1] if whole else None)
    daily = rows_of(tables, "shop_daily") is not None
    judged = {shop: line.usual for shop in own if (line := _line(card, shop, "member_share"))}
    joined = members(tables, whole, judged)
    return Result(days, compared, splits, unsplit, back, untold, daily, joined, moved, names)


def _splits(
    own: Mapping[str, Tables], days: Days, card: Card, compared: tuple[Base, ...], new_days: int
) -> Iterable[Split]:
    for shop, tables in own.items():
        line = _line(card, shop, "new_share")
        told = split(shop, tables, days, compared, line) if line else None
        if made := told or split_orders(shop, tables, days, compared, new_days):
            yield made


def _line(card: Card, shop: str, name: str) -> Line | None:
    return next((line for line in card.lines.get(shop, ()) if line.kpi.name == name), None)


def show(result: Result) -> Shown:
    """New and returning first, then who came again, members and audiences; which export brings what is not there."""
    found = findings(result)
    return Shown(found, tuple(exhibits(result, found)), missing=tuple(_lacking(result)))


def _lacking(result: Result) -> Iterable[Missing]:
    """An export that is there and does not say what is asked is named as such."""
    new = Note("r.buyersnone") if result.daily else None
    again = Note("r.againnone") if result.untold else None
    asked = (
        ("shop_daily", result.splits, new),
        ("orders", result.back, again),
        ("members_monthly", result.members, None),
        ("audience_monthly", result.audiences, None),
    )
    for name, part, reason in asked:
        if not part:
            yield Missing(f"review.buyers.{name}", f"question.review.buyers.{name}", (name,), reason)
