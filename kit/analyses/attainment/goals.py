"""Goals against what came in: each on its own basis, over the days that every shop's data reach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from kit.stats import bases, kpis, months, phases
from kit.stats.kpis import TOTAL, Figures

Name = str | Mapping[str, str]
BASES = ("pay_amount", "gsv")
"""What a sales goal may be set in; which of the two is the goal's own."""


@dataclass(frozen=True)
class Line:
    """One goal and what came in: ``shop`` (``TOTAL``: all of them), ``metric`` (of ``BASES``), money.

    ``actual`` is None where it cannot be told; ``lacks`` and ``missing`` days say why (``kpi_days``). ``by``: the day
    refunds in it are dated by. ``left``: days still to come. ``curve``: the part of the whole that the year before had
    brought by the same day, in a month with a promotion; ``uneven``: there is a promotion and no such part is known.
    """

    shop: str
    metric: str
    goal: float
    actual: float | None
    lacks: str | None
    missing: int
    by: str | None
    elapsed: float
    left: int
    curve: float | None = None
    uneven: bool = False

    @property
    def attained(self) -> float | None:
        return None if self.actual is None else self.actual / self.goal

    @property
    def gap(self) -> float | None:
        """Above the goal, or below it when negative."""
        return None if self.actual is None else self.actual - self.goal

    @property
    def pace(self) -> float | None:
        """Attainment less what time, or the year before's curve, would have it be."""
        due = self.elapsed if self.curve is None else self.curve
        return None if self.attained is None else self.attained - due

    @property
    def need(self) -> float | None:
        """What each remaining day must bring; None when no day or nothing remains."""
        return -self.gap / self.left if self.gap is not None and self.gap < 0 and self.left else None


@dataclass(frozen=True)
class Result:
    """``until``: the last day that all shops' data reach, None without any. ``figures`` by shop from ``start`` to then.

    ``lines``: goals, of all shops first. ``changes``: of a closed period, by comparison (previous, year …), the
    growth of paid amount and GSV of all shops. ``rates``: goals of the spend ratio by shop. ``tools``: by shop,
    the ad tools whose spend is in. ``short``: some shop's sales end before other data do, and before the period.
    ``month``: the last month so far of a period that is no whole months, where it has goals. ``before``: paid amount
    and GSV of the span just before, as today's data have them, with its days.
    """

    start: dt.date
    end: dt.date
    until: dt.date | None
    figures: dict[str, Figures]
    lines: tuple[Line, ...]
    names: Mapping[str, Name]
    early: bool
    changes: dict[str, dict[str, float]] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)
    tools: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    short: bool = False
    month: Result | None = None
    before: Mapping[str, tuple[float, dt.date, dt.date]] = field(default_factory=dict)

    @property
    def goaled(self) -> Result:
        """What goals are held against: the period, or of one that is no whole months its last month so far."""
        return self.month or self

    @property
    def open(self) -> bool:
        return self.until is not None and self.until < self.end

    @property
    def shops(self) -> tuple[str, ...]:
        return tuple(shop for shop in self.figures if shop != TOTAL)


def lines(
    goals: pd.DataFrame | None, found: Mapping[str, Figures], span: Sequence[months.Month], until: dt.date, end: dt.date
) -> tuple[Line, ...]:
    """A line for each sales goal of whole months; of all shops the sheet's own goal, else the sum of the shops'."""
    if goals is None or not span or not found:
        return ()
    wanted = kpis.goals(goals, span)
    shops = [shop for shop in found if shop != TOTAL]
    total = (end - span[0]).days + 1
    elapsed = ((until - span[0]).days + 1) / total
    made = []
    for metric in BASES:
        for shop in [TOTAL, *(shops if len(shops) > 1 else ())]:
            goal = kpis.goal(wanted, shop, metric, shops)
            if goal:
                one = found[shop][metric]
                actual = one.value, one.lacks, one.missing, one.by
                made.append(Line(shop, metric, goal, *actual, elapsed, (end - until).days))
    return tuple(sorted(made, key=lambda line: line.shop != TOTAL))


def curve(
    tables: kpis.Tables, start: dt.date, end: dt.date, until: dt.date, events: Sequence[phases.Span]
) -> dict[str, float]:
    """By shop and in total, the part of a promotion month's paid amount that the year before had by the same day.

    Empty outside promotions, and where the month's promotion days fell differently a year ago.
    """
    span = months.whole(start, end)
    if not span or not bases.Days(start, end).promoted(events):
        return {}
    first = months.later(start, -12)
    if _promoted(first, months.later(first, len(span)), events) != _promoted(start, end + dt.timedelta(1), events):
        return {}
    last, over = first + (until - start), months.later(first, len(span)) - dt.timedelta(1)
    part, whole = (kpis.figures(tables, first, day, periods=False) for day in (last, over))
    made = {}
    for shop, figures in whole.items():
        so_far, all_of_it = part.get(shop, {}).get("pay_amount"), figures["pay_amount"].value
        if so_far is not None and so_far.value is not None and all_of_it:
            made[shop] = so_far.value / all_of_it
    return made


def _promoted(start: dt.date, after: dt.date, events: Sequence[phases.Span]) -> set[tuple[int, int]]:
    """Month and day of the promotion days from ``start`` to before ``after``: a promotion may begin in another month
    than a year ago and still take the same days of this one."""
    days = (start + dt.timedelta(n) for n in range((after - start).days))
    return {(day.month, day.day) for day in days if any(e.start <= day <= e.end for e in events)}
