"""From daily ad rows to channels: a tool, or a scene of a tool that has several."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from kit.stats import kpis
from kit.stats.bases import Days, previous
from kit.stats.decline import Slope, slope
from kit.stats.false_discovery import claims
from kit.stats.kpi_ads import one_way
from kit.stats.margin import Margin, margin
from kit.stats.phases import Span, spans

Tables = dict[str, pd.DataFrame | None]
Point = tuple[dt.date, float]
RATE = 0.05
RECENT = 26
"""Weeks back from the period's end in which a decay is looked for."""
FALL = -0.01
"""A decay is a weekly change whose whole interval lies below this: a slower drift is the shop's, no channel's."""
ENDS = 2
"""Ordinary weeks at either end whose return is stated as where it came from and where it is."""
LEAST = 28
"""Days up to the period's end, at least, whose refunds are set against their sales: what is refunded in a day or a week
was mostly paid before it, so after a promotion the two are of unlike size."""
SUMS = ("spend", "impressions", "clicks", "ad_gmv")


@dataclass(frozen=True)
class Sums:
    """Sums over a period; None where some row does not state it."""

    spend: float
    impressions: float | None
    clicks: float | None
    ad_gmv: float | None

    @property
    def roi(self) -> float | None:
        return self.ad_gmv / self.spend if self.ad_gmv is not None and self.spend > 0 else None

    @property
    def cpc(self) -> float | None:
        return self.spend / self.clicks if self.clicks else None


@dataclass(frozen=True)
class Decay:
    """``weeks``: each ordinary week's first day and return. ``slope`` is of those past the attribution window."""

    weeks: tuple[Point, ...]
    slope: Slope
    first: float
    last: float


@dataclass(frozen=True)
class Channel:
    """``window``: days within which its tool credits a sale, None where nobody said. ``floor``: the agreed return.

    ``decay``: None unless its returns fall beyond their scatter.
    """

    shop: str
    tool: str
    scene: str
    window: int | None
    now: Sums
    before: Sums | None
    margin: Margin | None
    floor: float | None
    decay: Decay | None

    @property
    def break_even(self) -> float | None:
        return self.margin.break_even if self.margin else None

    @property
    def under(self) -> float | None:
        """The line that its return is below, break-even before the floor; None if it is below neither."""
        roi, lines = self.now.roi, (self.break_even, self.floor)
        return None if roi is None else next((line for line in lines if line is not None and roi < line), None)

    @property
    def loss(self) -> float | None:
        """What the spend exceeds the margin of the credited sales by, where it does."""
        if self.margin is None or self.now.ad_gmv is None:
            return None
        lost = self.now.spend - self.now.ad_gmv * self.margin.value
        return lost if lost > 0 else None


@dataclass(frozen=True)
class Result:
    """``whole``: the KPIs of the period and of the one before (or None) by shop and of all (``kpis.TOTAL``).

    ``silent``: channels with rows in the period of which some state no spend, by scene or tool: they are left out.
    """

    channels: tuple[Channel, ...]
    whole: Mapping[str, tuple[kpis.Figures, kpis.Figures | None]]
    days: tuple[dt.date, dt.date]
    base: Days | None
    shops: Mapping[str, Any]
    silent: tuple[str, ...] = ()


def read(
    tables: Tables,
    promotions: pd.DataFrame,
    start: dt.date,
    end: dt.date,
    shops: Mapping[str, Any],
    as_of: dt.date,
    rate: float,
) -> Result:
    """Channels by spend, and the totals."""
    base = previous(start, end)
    found = list(_channels(tables, promotions, (start, end), base, as_of))
    tried = [channel for channel in found if channel.decay]
    made = claims([c.decay.slope.p for c in tried if c.decay], rate, independent=True).made
    falls = {id(c) for c, stands in zip(tried, made, strict=True) if stands and c.decay and c.decay.slope.high < FALL}
    found = [c if id(c) in falls else replace(c, decay=None) for c in found]
    found.sort(key=lambda c: (-c.now.spend, c.shop, c.tool, c.scene))
    whole, silent = _whole(tables, start, end, base), _silent(tables["ads_daily"], start, end)
    return Result(tuple(found), whole, (start, end), base, shops, silent)


def _silent(ads: pd.DataFrame | None, start: dt.date, end: dt.date) -> tuple[str, ...]:
    rows = one_way(ads, start, end) if ads is not None else None
    if rows is None or rows.empty:
        return ()
    untold = rows[rows["date"].between(pd.Timestamp(start), pd.Timestamp(end)) & rows["spend"].isna()]
    return tuple(sorted({scene or tool for scene, tool in zip(untold["scene"], untold["tool"], strict=True)}))


def _whole(
    tables: Tables, start: dt.date, end: dt.date, base: Days | None
) -> dict[str, tuple[kpis.Figures, kpis.Figures | None]]:
    used = kpis.books({name: tables[name] for name in ("ads_daily", "shop_daily", "shop_period")})
    now = kpis.figures(used, start, end)
    then = kpis.figures(used, base.start, base.end) if base else {}
    return {shop: (one, then.get(shop)) for shop, one in now.items()}


def _channels(
    tables: Tables, promotions: pd.DataFrame, days: tuple[dt.date, dt.date], base: Days | None, as_of: dt.date
) -> Iterable[Channel]:
    ads = tables["ads_daily"]
    assert ads is not None
    used = kpis.books({name: tables[name] for name in ("shop_daily", "shop_period", "refunds")})
    stays = {shop: _margin(tables, used, str(shop), days) for shop in ads["shop"].unique()}
    for (shop, tool, scene), rows in one_way(ads, *days).groupby(["shop", "tool", "scene"], sort=True):
        now = _sums(rows, *days)
        if now is None or now.spend <= 0:
            continue
        window = int(rows["window_days"].iloc[0])
        events = spans(promotions, str(rows["platform"].iloc[0]))
        decay = _decay(rows, days[1], events, as_of - dt.timedelta(max(window, 0)))
        before = _sums(rows, base.start, base.end) if base else None
        floor = _floor(tables["goals"], str(shop), days)
        yield Channel(
            str(shop), str(tool), str(scene), window if window > 0 else None, now, before, stays[shop], floor, decay
        )


def _sums(rows: pd.DataFrame, start: dt.date, end: dt.date) -> Sums | None:
    within = rows[rows["date"].between(pd.Timestamp(start), pd.Timestamp(end))]
    if within.empty or within["spend"].isna().any():
        return None
    sums = {name: float(within[name].sum()) if within[name].notna().all() else None for name in SUMS}
    return Sums(sums["spend"] or 0.0, *(sums[name] for name in SUMS[1:]))


def _decay(rows: pd.DataFrame, end: dt.date, events: Sequence[Span], settled: dt.date) -> Decay | None:
    """The slope over the weeks of seven days back from ``end`` without a promotion day, with spend and credited sales;
    ``settled``: the last day whose attribution window is over."""
    weeks = sorted(point for point in _weekly(rows, end) if not _promoted(point[0], events))
    past = [(week, roi) for week, roi in weeks if week + dt.timedelta(6) <= settled]
    found = slope([(week - end).days / 7 for week, _ in past], [roi for _, roi in past])
    if found is None:
        return None
    first, last = (sum(roi for _, roi in part) / ENDS for part in (weeks[:ENDS], weeks[-ENDS:]))
    return Decay(tuple(weeks), found, first, last)


def _weekly(rows: pd.DataFrame, end: dt.date) -> Iterable[Point]:
    age = (pd.Timestamp(end) - rows["date"].dt.normalize()).dt.days // 7
    recent = rows[(age >= 0) & (age < RECENT) & rows["ad_gmv"].notna()]
    for back, week in recent.groupby(age):
        if week["date"].nunique() == 7 and (spend := week["spend"].sum()) > 0 and (sold := week["ad_gmv"].sum()) > 0:
            yield end - dt.timedelta(7 * int(back) + 6), float(sold / spend)


def _promoted(week: dt.date, events: Sequence[Span]) -> bool:
    return any(event.start <= week + dt.timedelta(6) and week <= event.end for event in events)


def _margin(tables: Tables, used: Tables, shop: str, days: tuple[dt.date, dt.date]) -> Margin | None:
    """What stays of the shop's sales, if its costs and its refunds are known: these from the tables ``used``."""
    lines, costs = tables["order_lines"], tables["costs"]
    if lines is None or costs is None:
        return None
    since = min(days[0], days[1] - dt.timedelta(LEAST - 1))
    back = kpis.figures(used, since, days[1], names=("refund_rate",)).get(shop, {}).get("refund_rate")
    if back is None or back.value is None:
        return None
    return margin(lines[lines["shop"] == shop], costs, *days, back.value)


def _floor(goals: pd.DataFrame | None, shop: str, days: tuple[dt.date, dt.date]) -> float | None:
    """The return agreed for the months of the period, the shop's own before that of all; None if they differ."""
    if goals is None:
        return None
    month = goals["month"].between(pd.Timestamp(days[0].replace(day=1)), pd.Timestamp(days[1]))
    asked = goals[month & (goals["metric"] == "roas")]
    for key in (shop, ""):
        if len(values := set(asked[asked["shop"] == key]["value"])) == 1:
            return float(values.pop())
    return None
