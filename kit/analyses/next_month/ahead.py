"""From a shop's months to what is expected after them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from kit.analyses.next_month.takes import FACTORS, Sums, Take, takes
from kit.stats import drivers, kpis, months, phases
from kit.stats.forecast import LEAST, Forecast, Range, forecast, horizon
from kit.stats.kpis import TOTAL, Figures, Tables
from kit.stats.models import SEASON

Name = str | Mapping[str, str]
Months = tuple[months.Month, ...]
BASIS = "pay_amount"
"""What is forecast, and the basis of the goals that are held against it."""
MOST = 60
"""Months looked back."""


@dataclass(frozen=True)
class Ahead:
    """One shop, or all of them (``TOTAL``, the only one too): ``known`` are the months in a row the forecast rests on.

    ``forecast`` is None when there is none; ``reason`` then says why: short (``LEAST`` months needed), zero (a month
    without sales), far (the ``coming`` months reach beyond what the history allows), open (several months ahead while
    the period itself is unfinished). ``aims``: the months that are told of, the last of ``coming``; ``before``: their
    amount a year before; ``moved``: whether they hold more or fewer days of a promotion or the festival than then.
    ``unknown``: promotions whose coming days are not known, taken as a year before. ``goal``: what is to be paid, None
    without one; ``other``: the basis of a goal that is not in paid amount. ``takes``: what each figure would have to
    be for a goal above what is expected.
    """

    shop: str
    known: tuple[tuple[months.Month, float], ...]
    reason: str
    coming: Months = ()
    aims: Months = ()
    forecast: Forecast | None = None
    before: float = 0.0
    moved: bool = False
    unknown: tuple[phases.Span, ...] = ()
    goal: float | None = None
    other: str | None = None
    takes: tuple[Take, ...] = ()

    @property
    def expected(self) -> Range | None:
        """Of ``aims``: a single month's own range, several months' together."""
        if self.forecast is None:
            return None
        return self.forecast.months[-1] if len(self.aims) == 1 else self.forecast.total

    @property
    def side(self) -> int:
        """Of the goal: 1 above the inner range, −1 below it, 0 inside."""
        one = self.expected
        return int(self.goal > one.high80) - int(self.goal < one.low80) if one and self.goal else 0


@dataclass(frozen=True)
class Result:
    """``ahead``: of all shops, then of each where there are several; empty without any month of sales."""

    start: dt.date
    end: dt.date
    ahead: tuple[Ahead, ...]
    names: Mapping[str, Name]

    @property
    def shops(self) -> tuple[str, ...]:
        """The shops that are told of one by one."""
        return tuple(one.shop for one in self.ahead if one.shop != TOTAL)

    @property
    def led(self) -> Ahead | None:
        """What the fan shows: all shops together, else the shop with most sales among those that have a forecast."""
        made = [one for one in self.ahead if one.forecast]
        return max(made, key=lambda one: (one.shop == TOTAL, one.known[-1][1]), default=None)


def read(
    tables: Tables,
    goals: pd.DataFrame | None,
    promotions: pd.DataFrame,
    holidays: pd.DataFrame,
    span: Months,
) -> tuple[Ahead, ...]:
    """Every shop's months up to those of ``span``, and the same number of months after it."""
    every = _months(tables, span)
    used = kpis.books(tables).only([name for name, *_ in kpis.SOLD])
    days = [kpis.Dates(m, months.later(m, 1) - dt.timedelta(1)) for m in every]
    found = kpis.history(used, days, (BASIS, *FACTORS))
    shops = kpis.shops(tables)
    aims = tuple(months.later(m, len(span)) for m in span)
    wanted = kpis.goals(goals, aims) if goals is not None else {}
    made = []
    for shop in [TOTAL, *(shops if len(shops) > 1 else [])]:
        history = dict(zip(every, (one.get(shop, {}) for one in found), strict=True))
        if known := _run(history):
            one = _ahead(shop, known, aims, _events(promotions, shops, found[-1], shop), holidays)
            made.append(_with_goal(one, wanted, list(shops), history))
    return tuple(made)


def _events(
    promotions: pd.DataFrame, shops: Mapping[str, str], last: Mapping[str, Figures], shop: str
) -> list[phases.Span]:
    """Promotions on the shop's platform; of all shops, on that of the one that sold most in the ``last`` month."""
    sold = {one: last[one][BASIS].value or 0.0 if one in last else 0.0 for one in shops}
    return phases.spans(promotions, shops[shop or max(sold, key=sold.__getitem__)])


def _months(tables: Tables, span: Months) -> Months:
    """From the first month with sales, ``MOST`` back at most, to the last of ``span``."""
    first = kpis.begun(tables) or span[-1]
    back = (months.later(span[-1], -n) for n in range(MOST - 1, -1, -1))
    return tuple(m for m in back if m >= first.replace(day=1))


def _run(history: Mapping[months.Month, Figures]) -> tuple[tuple[months.Month, float], ...]:
    """The last months in a row whose paid amount is known; a month with a day missing is not."""
    known: list[tuple[months.Month, float]] = []
    for month, figures in history.items():
        value = figures[BASIS].value if figures else None
        if value is not None:
            after = known and months.later(known[-1][0], 1) == month
            known = [*(known if after else []), (month, value)]
    return tuple(known)


def _ahead(
    shop: str,
    known: tuple[tuple[months.Month, float], ...],
    aims: Months,
    events: list[phases.Span],
    holidays: pd.DataFrame,
) -> Ahead:
    last = known[-1][0]
    steps = (aims[-1].year - last.year) * 12 + aims[-1].month - last.month
    coming = tuple(months.later(last, n + 1) for n in range(steps))
    if reason := _reason(known, steps, len(aims)):
        return Ahead(shop, known, reason, coming, aims)
    amounts = np.array([amount for _, amount in known])
    moved = drivers.moved(events, holidays, [*(month for month, _ in known), *coming])
    at = slice(-len(aims), None)
    before = dict(known)
    return Ahead(
        shop, known, "", coming, aims, forecast(amounts, moved.rows, drivers.ANNOUNCED),
        sum(before[months.later(m, -SEASON)] for m in aims),
        bool(np.abs(moved.rows[at].mean(0)).max() >= drivers.FELT),
        tuple(e for e in moved.unknown if any(m.month in e.days() and e.year == m.year - 1 for m in aims)),
    )  # fmt: skip


def _reason(known: Sequence[tuple[Any, float]], steps: int, aims: int) -> str:
    """Why nothing is expected, if so."""
    if not horizon(len(known)):
        return "short"
    if min(amount for _, amount in known) <= 0:
        return "zero"
    return "far" if steps > horizon(len(known)) else "open" if steps > aims > 1 else ""


# ---- goals -----------------------------------------------------------------------------------------------------


def _with_goal(
    one: Ahead,
    wanted: Mapping[tuple[str, str], float],
    shops: Sequence[str],
    history: Mapping[months.Month, Figures],
) -> Ahead:
    """The same with its goal, and with what the goal takes where it lies above what is expected."""
    goal, expected = kpis.goal(wanted, one.shop, BASIS, shops), one.expected
    other = "gsv" if not goal and kpis.goal(wanted, one.shop, "gsv", shops) else None
    one = replace(one, goal=goal, other=other)
    if expected is None or not goal or goal <= expected.mid or len(one.aims) > 1:
        return one
    return replace(one, takes=takes(dict(_sums(history)), one.aims[0], expected.mid, goal))


def _sums(history: Mapping[months.Month, Figures]) -> Iterable[tuple[months.Month, Sums]]:
    """Visitors, buyers and paid amount of each month that has all three, the first two added over days."""
    for month, figures in history.items():
        days = months.days([month])
        parts = [figures[name].value if figures else None for name in ("visitors", "pay_cvr", BASIS)]
        if all(part for part in parts):
            visitors, rate, paid = (part or 0.0 for part in parts)
            yield month, Sums(visitors * days, visitors * days * rate, paid, days)


__all__ = ["LEAST", "Ahead", "Name", "Result", "read"]
