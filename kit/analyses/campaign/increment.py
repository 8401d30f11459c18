"""What a campaign added over what would have been sold anyway, and how far that can be believed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kit.analyses.campaign.decide import Evidence, decide
from kit.analyses.campaign.subjects import AFTER, WIDE, Campaign, beside
from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.stats import daily_sales, did, kpi_parts
from kit.stats.bases import Days
from kit.stats.counterfactual import LEAST_DAYS, LEAST_TIMES, Counterfactual, Total, counterfactual, side
from kit.stats.day_runs import Run, promotion_days, runs, within
from kit.stats.kpi_days import Tables
from kit.stats.synthetic_control import Twin, twin

Floats = NDArray[np.float64]

PARTS = ("during", "before", "after", "net")
"""The campaign days; the days before, when buyers wait; those after; and all of them together."""
MARKET = "market"
FESTIVAL = "spring_festival"
SHUT, SHUT_DAYS = 0.1, 5
"""Part of a usual day's sales below which, for so many days in a row, the shop was closed."""


@dataclass(frozen=True)
class Increment:
    """``found`` is None where the past allows no model; its first day is ``first``.

    ``reasons`` as in ``decide``. ``after``: days after the end that the data reach, at most ``AFTER``. ``controls``:
    what it was held against, by name; none: its own past alone. ``lost``: controls of the sheet that say nothing:
    without data, or in the campaign themselves. ``taken``: another campaign or promotion has some of the days around.
    ``shut``: when the shop was closed on them.
    """

    found: Counterfactual | None
    verdict: Verdict
    reasons: tuple[str, ...]
    first: dt.date
    after: int
    controls: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    gap: did.Gap | None = None
    like: Twin | None = None
    taken: bool = False
    shut: tuple[Run, ...] = ()

    @property
    def parts(self) -> Mapping[str, Total]:
        """Totals by the names of ``PARTS``, of the campaign days alone where those around it are no ordinary ones;
        empty without a model."""
        names = PARTS[:1] if self.taken or self.shut else PARTS
        return dict(zip(names, self.found.parts, strict=False)) if self.found else {}


@dataclass(frozen=True)
class Past:
    """Daily sales from their first day to the last that is looked at, beside controls of the same days."""

    sales: pd.Series
    usable: NDArray[np.bool_]
    controls: Mapping[str, pd.Series]

    def at(self, day: dt.date) -> int:
        return (pd.Timestamp(day) - self.sales.index[0]).days


def increment(
    campaign: Campaign,
    others: Sequence[Campaign],
    tables: Tables,
    promotions: pd.DataFrame,
    holidays: pd.DataFrame,
) -> Increment | None:
    """Of one campaign; None without daily sales on its days. ``others``: every campaign of the sheet."""
    sales = daily_sales.by_day(tables, campaign.shop)
    event = campaign.event
    if sales is None or sales.loc[_slice(event)].isna().any() or len(sales.loc[_slice(event)]) < event.count:
        return None
    after = min(AFTER, (sales.index[-1].date() - event.end).days)
    promoted = _promoted(sales.index, platforms(campaign, tables), promotions)
    usable = _usable(sales.index, campaign, others, promoted, holidays)
    during = bool(promoted[within(sales.index, [(event.start, event.end)])].any())
    controls, lost = _controls(campaign, tables, sales.index, campaign.kind in WIDE or (during and not campaign.kind))
    closed = _closed(sales)
    past = Past(sales, usable & ~closed, controls)
    parts = _parts(past, event, after)
    first = sales.index[min(first for first, _ in parts)].date() if parts[0][0] > 0 else event.start
    found = _model(past, sales, parts, controls)
    evidence, gap, like = _evidence(past, during or campaign.kind in WIDE, event, parts, found)
    shared = any(o.opening <= event.end and o.end >= event.start for o in beside(campaign, others))
    around = [n for first, last in parts[1:3] for n in range(first, last + 1)]
    shut = runs([sales.index[n].date() for n in around], closed[around])
    more = replace(evidence, shared=shared, shut=bool(shut))
    verdict, reasons = decide(found, event.count, more)
    taken = not usable[around].all()
    return Increment(found, verdict, reasons, first, after, tuple(controls), lost, gap, like, taken, shut)


def _parts(past: Past, event: Days, after: int) -> list[tuple[int, int]]:
    """Positions of ``PARTS``; those after only as far as the data reach."""
    start, end = past.at(event.start), past.at(event.end)
    wait = max(start - AFTER, 0)
    found = [(start, end), (wait, start - 1)] if wait < start else [(start, end)]
    if len(found) > 1 and after > 0:
        found += [(end + 1, end + after), (wait, end + after)]
    return found


def _model(
    past: Past,
    sales: pd.Series,
    parts: Sequence[tuple[int, int]],
    controls: Mapping[str, pd.Series],
) -> Counterfactual | None:
    """Of ``sales``, as long as every day after the last one before the event is stated. Of skewed amounts the middle of
    a sum is not the sum of the middles, but what stands below each other has to add up."""
    end = max(last for _, last in parts) + 1
    values = sales.to_numpy(float)[:end]
    if np.isnan(values[min(first for first, _ in parts) :]).any():
        return None
    beside = np.column_stack([c.to_numpy(float)[:end] for c in controls.values()]) if controls else None
    found = counterfactual(values, parts, controls=beside, usable=past.usable[:end])
    if found is None or len(found.parts) < len(PARTS):
        return found
    *single, net = found.parts
    return replace(found, parts=(*single, replace(net, expected=sum(part.expected for part in single))))


def _slice(span: Days) -> slice:
    return slice(pd.Timestamp(span.start), pd.Timestamp(span.end))


def platforms(campaign: Campaign, tables: Tables) -> list[str]:
    """Those of its shops."""
    known = kpi_parts.shops(tables)
    return sorted({known.get(campaign.shop, "")} if campaign.shop else {*known.values()})


# ---- which days are ordinary -----------------------------------------------------------------------------------


def _usable(
    days: pd.DatetimeIndex,
    campaign: Campaign,
    others: Sequence[Campaign],
    promoted: NDArray[np.bool_],
    holidays: pd.DataFrame,
) -> NDArray[np.bool_]:
    """Days of no promotion on the shop's platforms, of no campaign of its own, and not of the Spring Festival."""
    spans = [(c.opening, c.end) for c in (campaign, *beside(campaign, others))]
    off = holidays[(holidays["holiday"] == FESTIVAL) & (holidays["kind"] == "off")]
    spans += [(start.date(), end.date()) for start, end in zip(off["start"], off["end"], strict=True)]
    return ~(promoted | within(days, spans))


def _promoted(days: pd.DatetimeIndex, on: Sequence[str], promotions: pd.DataFrame) -> NDArray[np.bool_]:
    """Days of a promotion on any of the platforms."""
    found = np.zeros(len(days), bool)
    for platform in on:
        found |= promotion_days(promotions, platform, days)
    return found


def _closed(sales: pd.Series) -> NDArray[np.bool_]:
    """Days in a row on which next to nothing was sold."""
    amount = sales.to_numpy(float)
    sold = amount[amount > 0]
    low = amount < SHUT * float(np.median(sold)) if len(sold) else np.zeros(len(amount), bool)
    every = runs([day.date() for day in sales.index], low)
    return within(pd.DatetimeIndex(sales.index), [r for r in every if (r[1] - r[0]).days + 1 >= SHUT_DAYS])


# ---- what it is held against -----------------------------------------------------------------------------------


def _controls(
    campaign: Campaign, tables: Tables, days: pd.DatetimeIndex, wide: bool
) -> tuple[dict[str, pd.Series], tuple[str, ...]]:
    """By name: shops, items, a category or the market. A brand's own event has the market for default, one that the
    whole category has (``wide``) none. A shop of the campaign, or one without a figure for every day, is ``lost``."""
    named = [part.strip() for part in campaign.control.replace("，", ",").replace("、", ",").split(",") if part.strip()]
    wanted = named or ([MARKET] if not wide and tables.get("market_daily") is not None else [])
    found, lost = {}, []
    own = {campaign.shop} if campaign.shop else set(kpi_parts.shops(tables))
    for name in wanted:
        series = None if name in own else _series(name, tables)
        aligned = None if series is None else series.reindex(days)
        if aligned is None or aligned.isna().any():
            lost += [name] if named else []
        else:
            found[name] = aligned
    return found, tuple(lost)


def _series(name: str, tables: Tables) -> pd.Series | None:
    if name in kpi_parts.shops(tables):
        return daily_sales.by_day(tables, name)
    items = tables.get("item_daily")
    if items is not None and name in set(items["item_id"]):
        return items[items["item_id"] == name].groupby("date")["pay_amount"].sum()
    market = tables.get("market_daily")
    return None if market is None else _category(name, market)


def _category(name: str, market: pd.DataFrame) -> pd.Series | None:
    """The category's daily money, else its index: here it only has to move with the market."""
    rows = market if name == MARKET else market[market["category"] == name]
    for metric in ("pay_amount", "transaction_index"):
        one = rows[rows["metric"] == metric]
        if len(one) and one[["platform", "shop", "category", "value_kind", "source"]].drop_duplicates().shape[0] == 1:
            return one.set_index("date")["value"].sort_index()
    return None


# ---- how far to believe it -------------------------------------------------------------------------------------


def _evidence(
    past: Past,
    wide: bool,
    event: Days,
    parts: Sequence[tuple[int, int]],
    found: Counterfactual | None,
) -> tuple[Evidence, did.Gap | None, Twin | None]:
    """Whether a control jumps by itself, and what the other methods say where there are controls enough for them.
    ``wide``: the whole category was on promotion on days of the campaign."""
    alone = wide and not past.controls
    if found is None or not past.controls:
        return Evidence(alone), None, None
    moved = any(_jumps(past, series, parts) for series in past.controls.values())
    days = _compared(past, parts, max(LEAST_DAYS, LEAST_TIMES * event.count))
    units = np.array([s.to_numpy(float)[np.concatenate(days)] for s in (past.sales, *past.controls.values())])
    if len(past.controls) < 2 or not (units > 0).all() or len(days[0]) < LEAST_DAYS:
        return Evidence(alone, moved), None, None
    logs, at = np.log(units), len(days[0])
    gap = did.effect(logs[:1], logs[1:], at)
    slope = did.before(logs[:1], logs[1:], at, days=days[0].astype(float))
    like = twin(logs[0], logs[1:], at)
    turned = None if slope is None else slope.beyond_chance
    return Evidence(alone, moved, turned, _agree(found.parts[0], gap, like)), gap, like


def _jumps(past: Past, series: pd.Series, parts: Sequence[tuple[int, int]]) -> bool:
    """Whether the control itself leaves its own past at the event, beyond its range."""
    own = _model(past, series, parts[:1], {})
    return own is not None and side(own.parts[0]) != 0


def _compared(past: Past, parts: Sequence[tuple[int, int]], most: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Positions of the days that units are compared over: the latest ``most`` ordinary ones before anybody waits, as
    the model has them, and those of the event."""
    wait = min(first for first, _ in parts)
    known = past.usable[:wait] & past.sales.notna().to_numpy()[:wait]
    return np.flatnonzero(known)[-most:], np.arange(parts[0][0], parts[0][1] + 1)


def _agree(total: Total, gap: did.Gap | None, like: Twin | None) -> bool:
    """Whether no method says the opposite of another: clear one way here, clear the other way or nothing there."""
    if gap is None and like is None:
        return True
    clear = side(total)
    ways = [] if gap is None else [1 if gap.low > 0 else -1 if gap.high < 0 else 0]
    if like is not None:
        ways.append(0 if like.larger > 0.5 else 1 if like.effect > 0 else -1)
    return -clear not in ways if clear else not (ways and all(way == ways[0] != 0 for way in ways))
