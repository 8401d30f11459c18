"""Campaigns that ended in the period: goals, what they added over no campaign, what they pulled forward, and why.

A campaign's increment is what was sold less what the days before lead to expect (``increment``); what may be said of
it is decided in one place (``decide``). The comparison with an earlier campaign runs over the whole cycle: deposits and
balances are one.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kit.analyses.campaign import compared, goals, increment, ordinary, presale, sections, subjects
from kit.analyses.campaign.exhibits import exhibits, strip
from kit.analyses.campaign.market import Market, market
from kit.analyses.campaign.presale import Presale
from kit.analyses.campaign.sentences import findings
from kit.findings import Arg, Missing, Note, Shown
from kit.stats import daily_sales, kpis
from kit.stats.hours import Hours
from kit.stats.kpi_days import Tables
from kit.stats.stock_losses import Out, outs

__all__ = ["SECTIONS", "Result", "Review", "analyse", "show"]


@dataclass(frozen=True)
class Review:
    """One campaign. ``until``: the last day of the data, at most the campaign's last phase. ``peak``: the day that sold
    most, and its paid orders by hour, where the orders state them. ``unmatched``: ``compare_to`` names nothing that is
    known. ``shop``: what the campaign's shop is called, None where it is of all shops. ``stopped``: items out of
    stock on the days after, where these are set beside what was to be expected."""

    campaign: subjects.Campaign
    until: dt.date
    figures: kpis.Figures
    lines: tuple[goals.Line, ...]
    phases: tuple[goals.Phase, ...]
    presale: Presale | None
    last_presale: Presale | None
    earlier: subjects.Campaign | None
    bridge: compared.Bridge | None
    market: Market | None
    increment: increment.Increment | None
    sales: pd.Series | None
    peak: tuple[dt.date, Hours] | None = None
    unmatched: bool = False
    days: tuple[goals.Day, ...] = ()
    shop: Any = None
    stopped: tuple[Out, ...] = ()


@dataclass(frozen=True)
class Result:
    """The reviews of the period's campaigns, earliest first; ``listed``: whether the sheet has any campaign."""

    reviews: tuple[Review, ...]
    listed: bool
    shops: Mapping[str, Any]


def analyse(
    campaigns: pd.DataFrame | None,
    tables: Tables,
    promotions: pd.DataFrame,
    holidays: pd.DataFrame,
    start: dt.date,
    end: dt.date,
    shops: Mapping[str, Any],
    category: Mapping[str, str] | None = None,
) -> Result:
    """Every campaign that ended from ``start`` to ``end``.

    ``tables``: canonical tables by name, those of ``kit.stats.kpi_parts.USED`` with ``market_daily``,
    ``market_monthly`` and ``presale_daily``. ``shops``: each shop's name by its key. ``category``: the client's
    own, by language, which names it where the data have it by one of these.
    """
    listed = subjects.every(campaigns)
    ended = subjects.ended(campaigns, start, end)
    chosen = [subjects.among(one, listed, promotions, increment.platforms(one, tables)) for one in ended]
    reviews = (_review(one, listed, campaigns, tables, promotions, holidays) for one in chosen)
    named = (
        dataclasses.replace(one, shop=shops.get(one.campaign.shop), market=_called(one.market, category or {}))
        for one in reviews
    )
    return Result(tuple(named), bool(listed), shops)


def _called(one: Market | None, category: Mapping[str, str]) -> Market | None:
    """The market by the client's name of its category, so that each language has its own."""
    return dataclasses.replace(one, category=category) if one and one.category in category.values() else one


def _review(
    one: subjects.Campaign,
    listed: tuple[subjects.Campaign, ...],
    sheet: pd.DataFrame | None,
    tables: Tables,
    promotions: pd.DataFrame,
    holidays: pd.DataFrame,
) -> Review:
    figures = goals.figures(tables, one.shop, one.event)
    deposits = tables.get("presale_daily")
    earlier, then = subjects.before(one, sheet), subjects.base(one, sheet)
    split = compared.split(one, then, tables)
    added = increment.increment(one, listed, tables, promotions, holidays)
    sales = daily_sales.by_day(tables, one.shop)
    until = min(one.after, sales.index[-1].date()) if sales is not None else one.end
    late = [(one.end + dt.timedelta(1), until)] if added and "after" in added.parts else []
    items = ordinary.of_shop(tables.get("item_daily"), one.shop)
    return Review(
        one, until, figures, goals.lines(one, figures, tables), goals.phases(one, earlier, tables, until),
        presale.presale(one, tables, deposits), presale.presale(earlier, tables, deposits) if earlier else None,
        earlier, split, market(one, earlier, then, tables), added, sales,
        goals.peak(one, sales, tables), subjects.unmatched(one, sheet), goals.by_day(one, tables, sales),
        stopped=tuple(outs(items, tables.get("inventory"), None, promotions, late)),
    )  # fmt: skip


SECTIONS = {
    "goals": ("goals", "goalrun", "goalphases", "goaldays", "phases", "hours", "presale"),
    "increment": ("curve", "summed", "parts", "after"),
    "compared": ("market", "bridge"),
}
"""The notebook's sections, with the exhibits of each; a finding without an exhibit is placed by its own name."""


def show(result: Result, section: str) -> Shown:
    """One of ``SECTIONS``: its exhibits campaign by campaign, with a heading each where they are several.

    The figures that open the page come with the goals, what a campaign cannot say with the section that misses it.
    """
    if not result.reviews:
        missing = (Missing("campaign", "question.campaign", ("campaigns",)),)
        return Shown(missing=missing if section == "goals" else ())
    parts: list[sections.Part] = []
    for review in result.reviews:
        said = [f for f in findings(review) if (f.exhibit or f.key).rsplit(".", 1)[-1] in SECTIONS[section]]
        lacking = [m for m in _missing(review) if m.key.rsplit(".", 1)[-1] in ASKED[section]]
        parts.append((review.campaign, said, exhibits(review, said), lacking))
    return sections.together(section, parts, strip(result.reviews[0])[:3] if section == "goals" else ())


ASKED = {"goals": ("presale",), "increment": ("increment",), "compared": ("bridge", "market")}
"""Questions that stand in a section where nothing answers them."""


def _missing(review: Review) -> list[Missing]:
    """Questions of this campaign that its data leave open."""
    key = f"campaign.{review.campaign.key}"
    lacking = []
    if review.increment is None:
        args = {"campaign": Arg(review.campaign.name, "text")}
        short = Note("cp.miss.days", args) if review.sales is not None else None
        lacking.append(Missing(f"{key}.increment", "question.campaign.increment", ("shop_daily",), short))
    if review.bridge is None:
        lacking.append(Missing(f"{key}.bridge", "question.campaign.bridge", ("shop_daily",)))
    if review.market is None:
        lacking.append(Missing(f"{key}.market", "question.campaign.market", ("market_daily",)))
    if review.campaign.presale and review.presale is None:
        lacking.append(Missing(f"{key}.presale", "question.campaign.presale", ("presale_daily",)))
    return lacking
