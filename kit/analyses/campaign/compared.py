"""The campaign days against those that they compare with: the bridge over the whole cycle."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kit.analyses.campaign.goals import figures
from kit.analyses.campaign.subjects import Campaign
from kit.stats import bridge, kpis
from kit.stats.bases import Days
from kit.stats.kpi_days import Tables

FACTORS = ("days", "visitors", "pay_cvr", "revenue_per_buyer")
"""Their product is the paid amount: days × visitors of an average day × conversion × revenue per buyer."""


@dataclass(frozen=True)
class Bridge:
    """``before`` and ``now`` are the paid amounts; ``effects`` by factor add up to what lies between."""

    then: Days
    before: float
    now: float
    effects: dict[str, float]
    levels: dict[str, tuple[float, float]]


def split(campaign: Campaign, then: Days, tables: Tables) -> Bridge | None:
    """Never within a phase: deposits and balances are one cycle. None where a factor is missing in either span, or
    where people are counted once in one of them only."""
    now, before = (kpis.comparable(tables, [_ends(campaign.event), _ends(then)])[n] for n in (0, 1))
    shop = campaign.shop or kpis.TOTAL
    both = [_factors(found.get(shop, {}), span) for found, span in ((before, then), (now, campaign.event))]
    if any(one is None for one in both):
        return None
    old, new = both[0] or {}, both[1] or {}
    names = [name for name in FACTORS if name in new]
    effects = bridge.effects([old[n] for n in names], [new[n] for n in names])
    amounts = [figures(tables, campaign.shop, span)["pay_amount"].value for span in (then, campaign.event)]
    if any(amount is None for amount in amounts):
        return None
    levels = {name: (old[name], new[name]) for name in names}
    return Bridge(then, float(amounts[0] or 0), float(amounts[1] or 0), dict(zip(names, effects, strict=True)), levels)


def _ends(span: Days) -> tuple[dt.date, dt.date]:
    return span.start, span.end


def _factors(found: kpis.Figures, span: Days) -> dict[str, float] | None:
    wanted = {name: found[name].value for name in FACTORS[1:] if name in found}
    if len(wanted) < len(FACTORS) - 1 or any(value is None for value in wanted.values()):
        return None
    once = bool(found["visitors"].deduplicated)
    days = {} if once else {"days": float(span.count)}
    return days | {name: float(value or 0) for name, value in wanted.items()}
