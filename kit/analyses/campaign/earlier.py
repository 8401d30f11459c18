"""A campaign beside the client's earlier ones, by the same figures over all of their days; what was agreed; what next.

The budget that a goal asks for is the goal ÷ the whole-shop return of campaigns so far. It is a return of all sales to
all spend, not of the next yuan: more budget than these campaigns had returns less.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kit.analyses.campaign import sections
from kit.analyses.campaign.earlier_page import exhibits, findings, missing
from kit.analyses.campaign.subjects import Campaign, every
from kit.findings import Shown
from kit.stats import kpis
from kit.stats.agreed import Action, agreed
from kit.stats.kpi_days import Tables

if TYPE_CHECKING:
    from kit.analyses.campaign import Result as Campaigns

__all__ = ["Result", "analyse", "show"]

MOST = 12
"""Campaigns that stand side by side, this one among them."""
LEVEL = 0.8
"""Of the range of a next campaign's return."""
LEAST = 3
"""Campaigns with a known return that make a range with a level; fewer make one from the lowest to the highest."""


@dataclass(frozen=True)
class Row:
    """One campaign's figures over its days; None where they are not known."""

    campaign: Campaign
    figures: kpis.Figures

    def value(self, name: str) -> float | None:
        found = self.figures.get(name)
        return found.value if found else None

    @property
    def a_day(self) -> float | None:
        paid = self.value("pay_amount")
        return None if paid is None else paid / self.campaign.event.count


@dataclass(frozen=True)
class Budget:
    """What ``goal`` asks for at the returns of ``count`` campaigns: at their middle, and at the ends of its range.
    ``level``: None where the range is from the lowest to the highest of them. ``own``: the goal is the sheet's, of
    ``campaign``; else what this campaign sold."""

    goal: float
    roi: float
    middle: float
    low: float
    high: float
    count: int
    level: float | None
    campaign: str | None


@dataclass(frozen=True)
class Beside:
    """``rows``: this campaign first, then earlier ones, the latest first; those without any sales known are left out.
    ``actions`` of the sheet that are about it or were raised during it, as of ``as_of``."""

    campaign: Campaign
    rows: tuple[Row, ...]
    budget: Budget | None
    actions: tuple[Action, ...]
    as_of: dt.date

    @property
    def rank(self) -> int | None:
        """By the paid amount of an average day."""
        mine = self.rows[0].a_day if self.rows else None
        return None if mine is None else 1 + sum((row.a_day or 0.0) > mine for row in self.rows[1:])


@dataclass(frozen=True)
class Result:
    """``listed``: whether there is a sheet of actions."""

    campaigns: tuple[Beside, ...]
    listed: bool


def analyse(
    found: Campaigns,
    tables: Tables,
    sheet: pd.DataFrame | None,
    actions: pd.DataFrame | None = None,
    as_of: dt.date | None = None,
) -> Result:
    """Of each of ``found``'s campaigns. ``tables``: those of ``kit.stats.kpi_parts.USED``; ``sheet``: all campaigns;
    ``actions``: the canonical sheet; ``as_of``: the day on which actions stand (the last of the campaign's if None)."""
    listed = every(sheet)
    made = (_beside(r.campaign, listed, tables, actions, as_of or r.campaign.after) for r in found.reviews)
    return Result(tuple(made), actions is not None and not actions.empty)


def show(result: Result) -> Shown:
    said = [(one, findings(one)) for one in result.campaigns]
    parts = [(one.campaign, told, exhibits(one, told), missing(result, one)) for one, told in said]
    return sections.together("earlier", parts)


def _beside(
    one: Campaign, listed: Sequence[Campaign], tables: Tables, actions: pd.DataFrame | None, as_of: dt.date
) -> Beside:
    past = [c for c in listed if c.end < one.opening and c.shop == one.shop]
    chosen = [one, *past[::-1][: MOST - 1]]
    figures = kpis.comparable(tables, [(c.event.start, c.event.end) for c in chosen])
    rows = [Row(c, f.get(one.shop or kpis.TOTAL, {})) for c, f in zip(chosen, figures, strict=True)]
    kept = tuple(row for row in rows if row.value("pay_amount") is not None)
    kept = kept if kept and kept[0].campaign == one else ()
    return Beside(one, kept, _budget(one, kept, listed), tuple(_actions(one, actions, as_of)), as_of)


# ---- what next -------------------------------------------------------------------------------------------------


def _budget(one: Campaign, rows: Sequence[Row], listed: Sequence[Campaign]) -> Budget | None:
    """For the next campaign that has a goal in the sheet, else for as much again."""
    returns = [value for row in rows if (value := row.value("whole_return")) is not None and value > 0]
    if not rows or not returns:
        return None
    ahead = [c for c in listed if c.opening > one.end and c.shop == one.shop and "pay_amount" in c.goals]
    following = min(ahead, key=lambda c: c.opening, default=None)
    goal = following.goals["pay_amount"] if following else rows[0].value("pay_amount") or 0.0
    middle, low, high, level = _range(returns)
    named = following.name if following else None
    return Budget(goal, middle, goal / middle, goal / high, goal / low, len(returns), level, named)


def _range(returns: Sequence[float]) -> tuple[float, float, float, float | None]:
    """Geometric mean, and the interval of one campaign more: on the log scale, by Student's t."""
    from scipy.stats import t

    logs = np.log(np.asarray(returns, float))
    middle = float(np.exp(logs.mean()))
    if len(logs) < LEAST:
        return middle, float(min(returns)), float(max(returns)), None
    reach = t.ppf((1 + LEVEL) / 2, len(logs) - 1) * logs.std(ddof=1) * np.sqrt(1 + 1 / len(logs))
    return middle, middle * float(np.exp(-reach)), middle * float(np.exp(reach)), LEVEL


# ---- what was agreed -------------------------------------------------------------------------------------------


def _actions(one: Campaign, sheet: pd.DataFrame | None, as_of: dt.date) -> Iterable[Action]:
    """Rows that name a finding of this campaign, or were raised from its first day to the last of the days after."""
    if sheet is None or sheet.empty:
        return ()
    about = sheet["finding"].fillna("").str.startswith(f"campaign.{one.key}.")
    during = sheet["raised"].between(pd.Timestamp(one.opening), pd.Timestamp(one.after))
    none: Mapping[str, object] = {}
    rows = sheet[about | during]
    return agreed(rows, one.opening, max(as_of, one.after), as_of, none).actions if len(rows) else ()
