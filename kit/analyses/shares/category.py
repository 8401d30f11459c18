"""The brand's share of the whole category: what its shops took against the category's money, if that is money.

Only money or an interval of it can be divided by. A vendor's estimate has an unknown bias and a platform's index is no
amount, so of those there is no share.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kit.stats import category, months
from kit.stats.category import Compared, Span
from kit.stats.concentration import Bounds
from kit.stats.series import SUMMABLE, Amount
from kit.stats.share_change import Split, split


@dataclass(frozen=True)
class Share:
    """The share over ``span``, and where there is one over ``base``: fractions; ``change`` their difference.

    ``parts``: what the market's growth and what the share contributed to the change of the own sales, in money, the
    smaller growth first; None between spans of unequal length. ``worth``: money of ``change`` at the size of the market
    in ``span``. ``name`` as in ``kit.stats.series.Change``.
    """

    name: str | None
    span: Span
    base: Span
    now: Bounds
    before: Bounds | None
    change: Bounds | None
    parts: tuple[Split, Split] | None
    worth: float | None


@dataclass(frozen=True)
class Category:
    """One platform and the name of its category (one text, or one in each language). ``share`` is None when its
    ``kind`` of market data allows none, or the own sales are not known."""

    platform: str
    category: Any
    kind: str
    share: Share | None


def read(
    market: pd.DataFrame | None,
    daily: pd.DataFrame | None,
    promotions: pd.DataFrame,
    start: dt.date,
    end: dt.date,
    name: Any,
    breaks: Sequence[dt.date] = (),
) -> list[Category]:
    """Every platform with a monthly series of the category ``name``; only whole months have a share. ``breaks``: first
    days of a new cut of the category, across which nothing is compared."""
    span = months.whole(start, end)
    if market is None or market.empty or not span:
        return []
    ours = category.chosen(market, name)
    found = category.read(ours.rows, daily, promotions, span, end, breaks)
    return [Category(c.platform, ours.named, c.series.kind, _share(c)) for c in found]


def _share(one: category.Category) -> Share | None:
    """By the comparison of the headline; a yearly rate over several years is none."""
    if one.series.kind not in SUMMABLE:
        return None
    pair = next((c for c in one.compared if c.own and c.own.now and c.own.base and c.market.name != "cagr"), None)
    if pair is not None:
        return _compared(pair)
    own = one.own.now if one.own else None
    if not own or one.now is None or one.now.low <= 0:
        return None
    return Share(None, one.span, (), _of(own, one.now), None, None, None, None)


def _of(own: float, market: Amount) -> Bounds:
    return Bounds(own / market.high, own / market.low)


def _compared(pair: Compared) -> Share | None:
    """Change and parts take the ends that go together: a market that grew more leaves less to the share."""
    market, own = pair.market, pair.own
    assert own and own.now and own.base
    if market.now.low <= 0:
        return None
    now, before = _of(own.now, market.now), _of(own.base, market.before)
    change = Bounds(now.low - before.high, now.high - before.low)
    grown = market.now.low / market.before.high - 1, market.now.high / market.before.low - 1
    parts = None if market.daily else (split(own.base, own.now, grown[0]), split(own.base, own.now, grown[1]))
    worth = abs(change.low) * market.now.value if change.exact else None
    return Share(market.name, market.span, market.base, now, before, change, parts, worth)
