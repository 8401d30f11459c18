"""The campaigns of the sheet: which of them the period is about, their days by phase, and what each compares with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from kit.findings import slug
from kit.stats.bases import Days
from kit.stats.day_runs import promotions_of

WIDE = ("platform", "category")
"""Kinds of campaign that the whole category is hit by: 618, Double 11, a category's own day."""
AFTER = 14
"""Days after a campaign's end that belong to it, where the sheet says nothing; as many before it wait for it."""
WEEKS_BACK = 26
"""How far back as many days with the same weekdays are looked for that nothing else has."""


@dataclass(frozen=True)
class Event(Days):
    """The campaign days, and in ``taken`` the days of promotions and other campaigns of its shops."""

    taken: tuple[Days, ...] = ()


@dataclass(frozen=True)
class Campaign:
    """A row of the sheet. ``shop``: blank stands for all shops. ``goals`` by metric as in ``goal_<metric>``. ``taken``
    as in ``Event``; the sheet alone does not say it (``among``)."""

    name: str
    key: str
    shop: str
    kind: str
    start: dt.date
    end: dt.date
    warmup: dt.date | None
    presale: dt.date | None
    after: dt.date
    compare_to: str
    goals: Mapping[str, float]
    budget: float | None
    control: str
    taken: tuple[Days, ...] = field(default=(), compare=False)

    @property
    def opening(self) -> dt.date:
        """The first day on which it sells, be it for a deposit."""
        return min(self.presale or self.start, self.start)

    @property
    def event(self) -> Event:
        """The campaign days: from the presale, where there is one, to the last day."""
        return Event(self.opening, self.end, self.taken)

    @property
    def phases(self) -> Mapping[str, Days]:
        """Warm-up, presale, burst and after, as far as the sheet dates them, in their order."""
        found = {}
        if self.warmup and self.warmup < self.opening:
            found["warmup"] = Days(self.warmup, self.opening - dt.timedelta(1))
        if self.opening < self.start:
            found["presale"] = Days(self.opening, self.start - dt.timedelta(1))
        found["burst"] = Days(self.start, self.end)
        if self.after > self.end:
            found["after"] = Days(self.end + dt.timedelta(1), self.after)
        return found


def ended(sheet: pd.DataFrame | None, start: dt.date, end: dt.date) -> tuple[Campaign, ...]:
    """The campaigns whose last day lies from ``start`` to ``end``, the earliest first."""
    return tuple(c for c in every(sheet) if start <= c.end <= end)


def every(sheet: pd.DataFrame | None) -> tuple[Campaign, ...]:
    """All campaigns of the sheet by their last day."""
    if sheet is None or sheet.empty:
        return ()
    rows = [_campaign(row) for row in sheet.to_dict("records")]
    return tuple(sorted(rows, key=lambda c: (c.end, c.start, c.name)))


def beside(campaign: Campaign, others: Sequence[Campaign]) -> list[Campaign]:
    """The other campaigns that the shop takes part in."""
    every = (c for c in others if c != campaign)
    return [c for c in every if not c.shop or not campaign.shop or c.shop == campaign.shop]


def among(
    campaign: Campaign, others: Sequence[Campaign], promotions: pd.DataFrame, platforms: Sequence[str]
) -> Campaign:
    """The campaign with what else has days: ``others`` of its shops, and promotions on its ``platforms``."""
    spans = [Days(c.opening, c.end) for c in beside(campaign, others)]
    spans += [Days(*run) for platform in platforms for run in promotions_of(promotions, platform)]
    return replace(campaign, taken=tuple(sorted(set(spans), key=lambda days: (days.start, days.end))))


def before(campaign: Campaign, sheet: pd.DataFrame | None) -> Campaign | None:
    """The earlier campaign that ``compare_to`` names by its name or key, the latest of several; None where it names
    none, or dates."""
    wanted = campaign.compare_to.casefold()
    named = (c for c in every(sheet)[::-1] if wanted in (c.name.casefold(), c.key.casefold()))
    return next((c for c in named if c.end < campaign.opening), None)


def base(campaign: Campaign, sheet: pd.DataFrame | None) -> Days:
    """The days that the campaign days compare with: the earlier campaign's, the dates of ``compare_to``, else as many
    days with the same weekdays before: the latest that no promotion and no other campaign has, if there are any."""
    earlier, dates = before(campaign, sheet), _dates(campaign.compare_to)
    if earlier or dates:
        return earlier.event if earlier else dates  # type: ignore[return-value]
    weeks = -(-campaign.event.count // 7)
    spans = [_back(campaign.event, weeks + n) for n in range(WEEKS_BACK)]
    return next((days for days in spans if not any(_meet(days, other) for other in campaign.taken)), spans[0])


def _back(days: Days, weeks: int) -> Days:
    return Days(days.start - dt.timedelta(weeks=weeks), days.end - dt.timedelta(weeks=weeks))


def _meet(one: Days, other: Days) -> bool:
    return one.start <= other.end and other.start <= one.end


def unmatched(campaign: Campaign, sheet: pd.DataFrame | None) -> bool:
    """Whether ``compare_to`` says something that is neither an earlier campaign nor dates."""
    return bool(campaign.compare_to) and before(campaign, sheet) is None and _dates(campaign.compare_to) is None


def _dates(text: str) -> Days | None:
    """``2024-06-01..2024-06-20``."""
    try:
        first, last = (dt.date.fromisoformat(part.strip()) for part in text.split(".."))
    except ValueError:
        return None
    return Days(first, last) if first <= last else None


def _campaign(row: Mapping[Any, Any]) -> Campaign:
    start, end = _day(row["start"]), _day(row["end"])
    assert start and end  # the sheet cannot be read without them
    goals = {str(n).removeprefix("goal_"): float(v) for n, v in row.items() if str(n).startswith("goal_") and _has(v)}
    budget = row.get("budget")
    return Campaign(
        str(row["campaign"]), slug(_text(row, "key") or str(row["campaign"])), _text(row, "shop"), _text(row, "kind"),
        start, end, _day(row.get("warmup_start")), _day(row.get("presale_start")),
        _day(row.get("after_end")) or end + dt.timedelta(AFTER), _text(row, "compare_to"), goals,
        None if budget is None or pd.isna(budget) else float(budget), _text(row, "control"),
    )  # fmt: skip


def _has(value: Any) -> bool:
    return value is not None and not pd.isna(value)


def _text(row: Mapping[Any, Any], name: str) -> str:
    value = row.get(name)
    return str(value).strip() if _has(value) else ""


def _day(value: Any) -> dt.date | None:
    return pd.Timestamp(value).date() if _has(value) else None
