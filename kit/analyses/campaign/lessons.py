"""Three things to repeat and three to stop, by one rule over what the other parts of the review found.

Each candidate has a sign, money and a range. Money is what stays of it after returns, goods and fees, at the margin of
the campaign's sales; sales where costs are not known. One counts where its whole range lies on one side of nothing and
its cautious end is worth ``LEAST_PART`` of what the campaign sold; those with the most at the cautious end come first.
Where fewer than ``MOST`` stand, no more are named.

============  ================================================================================================
candidate     repeat, or stop
============  ================================================================================================
``campaign``  what it added is clear and not doubted (``decide``), or what it took
``loss``      nothing stays of its sales, whatever returns are still to come
``item``      the items that carried it, against ordinary days (over-dispersed counts)
``deal``      a creator's deal whose net return lies above break-even, or below, whatever is still to come back
``channel``   spend that is not earned even if all sales that its tool credits to it are its own; no tool's credit
              tells what a channel added, so that none is there to be repeated
``stock``     sales lost while items were out of stock
============  ================================================================================================
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kit.analyses.campaign import sections
from kit.analyses.campaign.lessons_page import exhibits, findings
from kit.analyses.campaign.subjects import Campaign
from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.findings import Arg, Shown
from kit.stats.creator_deals import Deal, Outcome

if TYPE_CHECKING:
    from kit.analyses.campaign import Result as Campaigns
    from kit.analyses.campaign import Review, lost, margin, sources
    from kit.analyses.campaign.sources_items import Item, Items

__all__ = ["Result", "analyse", "show"]

MOST = 3
LEAST_PART = 0.001
REACH = 1.96
"""Standard errors to either side of what an item brought."""


@dataclass(frozen=True)
class Lesson:
    """``money`` and its range as magnitudes: won where it is to be repeated, lost where it is to be stopped."""

    kind: str
    name: Arg
    money: float
    low: float
    high: float


@dataclass(frozen=True)
class Learnt:
    """One campaign; ``kept``: what stays of a unit of its sales before ads, None where costs are not known."""

    campaign: Campaign
    repeat: tuple[Lesson, ...]
    stop: tuple[Lesson, ...]
    kept: float | None


@dataclass(frozen=True)
class Result:
    campaigns: tuple[Learnt, ...]


def analyse(found: Campaigns, earned: margin.Result, came: sources.Result, ran_out: lost.Result) -> Result:
    """Of each of ``found``'s campaigns, from its account, its sources and its operations."""
    together = zip(found.reviews, earned.campaigns, came.campaigns, ran_out.campaigns, strict=True)
    return Result(tuple(_learnt(*parts) for parts in together))


def show(result: Result) -> Shown:
    said = [(one, findings(one)) for one in result.campaigns]
    return sections.together("lessons", [(one.campaign, told, exhibits(one, told), ()) for one, told in said])


def _learnt(review: Review, account: margin.Earned, came: sources.Sources, ran_out: lost.Operations) -> Learnt:
    kept = _kept(account)
    part = 1.0 if kept is None else kept
    repeat = [*_campaign(review, Verdict.ADDED, part), *_items(came.items, review, part), *_deals(came, 1)]
    stop = [*_campaign(review, Verdict.TOOK, part), *_loss(account), *_deals(came, -1), *_channels(came, kept)]
    stop += _stock(ran_out, part)
    paid = review.figures.get("pay_amount")
    least = LEAST_PART * (paid.value or 0.0) if paid else 0.0
    return Learnt(review.campaign, _first(repeat, least), _first(stop, least), kept)


def _first(lessons: Iterable[Lesson], least: float) -> tuple[Lesson, ...]:
    sure = [one for one in lessons if one.low > max(least, 0.0)]
    return tuple(sorted(sure, key=lambda one: -one.low)[:MOST])


def _kept(account: margin.Earned) -> float | None:
    paid = sum(one.paid for one in account.accounts)
    return sum(one.margin.value * one.paid for one in account.accounts) / paid if paid else None


# ---- candidates ------------------------------------------------------------------------------------------------


def _campaign(review: Review, verdict: Verdict, part: float) -> Iterable[Lesson]:
    one = review.increment
    if one and one.verdict == verdict:
        total, sign = one.parts["during"], 1 if verdict == Verdict.ADDED else -1
        low, high = sorted(sign * end * part for end in (total.low, total.high))
        yield Lesson("campaign", Arg("cp.lesson.campaign", "label"), sign * total.effect * part, low, high)


def _loss(account: margin.Earned) -> Iterable[Lesson]:
    if account.accounts:
        left, low, high = account.left
        yield Lesson("loss", Arg("cp.lesson.loss", "label"), -left, -high, -low)


def _items(items: Items | None, review: Review, part: float) -> Iterable[Lesson]:
    """What a hero brought a day more than on ordinary days, over the campaign's days."""
    days = review.campaign.event.count
    for item in items.of("hero") if items else ():
        error = _error(item, items, days) if items else 0.0
        low, high = ((item.added + side * REACH * error) * days * part for side in (-1, 1))
        yield Lesson("item", Arg(item.title, "text"), item.added * days * part, low, high)


def _error(item: Item, items: Items, days: int) -> float:
    """Of the difference of two amounts a day, their pieces over-dispersed counts; one of none counts as a half."""
    now, then = item.amount / days, item.amount / days - item.added
    pieces = max(item.units, 0.5), max(item.before * items.before.count, 0.5)
    return float(np.sqrt(items.spread * (now**2 / pieces[0] + then**2 / pieces[1])))


def _deals(came: sources.Sources, side: int) -> Iterable[Lesson]:
    for deal in (deal for shop in came.live or () for deal in shop.deals if deal.side == side):
        outcomes = [one or deal.now for one in (deal.low, deal.mid, deal.high)]
        ends = [side * _left(deal, one) for one in outcomes if one]
        yield Lesson("deal", Arg(deal.creator, "text"), ends[1], min(ends), max(ends))


def _left(deal: Deal, outcome: Outcome) -> float:
    """What stays of its sales at break-even's margin, less what it cost."""
    assert deal.break_even
    return outcome.gsv / deal.break_even - outcome.costs.total


def _channels(came: sources.Sources, kept: float | None) -> Iterable[Lesson]:
    """A channel's spend less what stays of all sales that its tool credits to it: at least that was lost."""
    for one in came.channels if kept is not None else ():
        if one.credited is not None and kept is not None:
            lost = one.spend - one.credited * kept
            yield Lesson("channel", Arg(one.scene or one.tool, "text"), lost, lost, lost)


def _stock(ran_out: lost.Operations, part: float) -> Iterable[Lesson]:
    """All stops together whose loss has a range; the ranges are added as if they erred together."""
    known = [(out.lost, out.price * part) for out in ran_out.outs if out.lost]
    sums = [sum(getattr(one, end) * price for one, price in known) for end in ("units", "low", "high")]
    if known:
        yield Lesson("stock", Arg("cp.lesson.stock", "label"), *sums)
