"""How the period stands: goal and time elapsed, GSV, the gap, what each remaining day must bring, and the spend ratio.

Figures are those of ``kit.stats.kpis``. A goal is measured on its own basis: paid amount and GSV are different goals.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from kit.analyses.attainment.exhibits import exhibits, strip
from kit.analyses.attainment.goals import BASES, Line, Name, Result, curve, lines
from kit.analyses.attainment.sentences import findings, missed
from kit.findings import Missing, Shown
from kit.stats import bases, kpis, months, phases
from kit.stats.kpis import TOTAL, Tables

__all__ = ["Result", "analyse", "missed", "show"]

OPEN_DAYS = 30


def analyse(
    tables: Tables,
    goals: pd.DataFrame | None,
    promotions: pd.DataFrame,
    start: dt.date,
    end: dt.date,
    cutoff: dt.date,
    names: Mapping[str, Name] | None = None,
    refund_open_days: int = OPEN_DAYS,
) -> Result:
    """The period from ``start`` to ``end`` against its goals, up to the last day that all shops' data reach.

    ``tables``: canonical tables by name (``kpi_parts.USED``), ``goals`` the sheet or None. ``promotions``: columns of
    ``kit.calendar.promotions``. ``cutoff``: the last day any table reaches. ``names``: what each shop is called. Of
    days that are no whole months, the month that they end in so far is held against its goals.
    """
    until = kpis.reached(tables, start, end)
    if until is None:
        return Result(start, end, None, {}, (), names or {}, False)
    found = kpis.figures(tables, start, until)
    span = months.whole(start, end)
    events = phases.on_any(promotions, kpis.shops(tables).values())
    made = _lines(tables, goals, events, found, start, end, until)
    early = (cutoff - until).days < refund_open_days
    month = None if span else _month(tables, goals, events, until)
    if month is not None:
        month = dataclasses.replace(month, names=names or {}, early=early)
    wanted = kpis.goals(goals, span) if goals is not None and span else {}
    return Result(
        start,
        end,
        until,
        found,
        made,
        names or {},
        early,
        _changes(tables, start, end, events) if until == end else {},
        {shop: goal for (shop, metric), goal in wanted.items() if metric == "spend_ratio"},
        _tools(tables.get("ads_daily"), start, until),
        until < min(end, cutoff),
        month,
        _before(tables, start, end, events) if until == end else {},
    )


def _lines(
    tables: Tables,
    goals: pd.DataFrame | None,
    events: Sequence[phases.Span],
    found: Mapping[str, kpis.Figures],
    start: dt.date,
    end: dt.date,
    until: dt.date,
) -> tuple[Line, ...]:
    """The goals; while the period is open, each beside the year before's curve, or with a word that there is none."""
    made = lines(goals, found, months.whole(start, end), until, end)
    if until == end or not made:
        return made
    known, promoted = curve(tables, start, end, until, events), bases.Days(start, end).promoted(events) > 0
    curves = [(line, known.get(line.shop)) for line in made]
    return tuple(dataclasses.replace(line, curve=c, uneven=promoted and c is None) for line, c in curves)


def _month(tables: Tables, goals: pd.DataFrame | None, events: Sequence[phases.Span], until: dt.date) -> Result | None:
    """The month of ``until`` up to that day, if it has goals."""
    first = until.replace(day=1)
    last = months.later(first, 1) - dt.timedelta(1)
    found = kpis.figures(tables, first, until)
    made = _lines(tables, goals, events, found, first, last, until)
    return Result(first, last, until, found, made, {}, False) if made else None


def show(result: Result) -> Shown:
    """Findings, a table of goals and one of the shops' sales, key figures; what is lacking."""
    if result.until is None:
        return Shown(missing=(Missing("review.attainment", "question.review.sales", ("shop_daily",)),))
    found = findings(result)
    return Shown(tuple(found), tuple(exhibits(result, found)), tuple(strip(result)), tuple(_lacking(result)))


def _lacking(result: Result) -> Iterable[Missing]:
    """No goal to hold the figures against."""
    if not result.goaled.lines:
        yield Missing("review.attainment", "question.review.goal", ("goals",))


def _changes(
    tables: Tables, start: dt.date, end: dt.date, events: Sequence[phases.Span]
) -> dict[str, dict[str, float]]:
    """Growth of the money of all shops by comparison; of days of unequal number by the day. Where only days between
    promotions compare, GSV does not: the refunds of these days are of other days' sales."""
    made = {}
    for base, like in ((base, base.like) for base in bases.bases(start, end, events) if base.like):
        now, then = (kpis.figures(tables, d.start, d.end, without=d.without).get(TOTAL) for d in like)
        if now and then:
            names, days = BASES[:1] if base.without else BASES, (like[0].count, like[1].count)
            pairs = {name: kpis.change(kpis.BY_NAME[name], now[name], then[name], days) for name in names}
            made[base.name] = {name: growth for name, growth in pairs.items() if growth is not None}
    return made


def _before(
    tables: Tables, start: dt.date, end: dt.date, events: Sequence[phases.Span]
) -> dict[str, tuple[float, dt.date, dt.date]]:
    """What the span just before brought, so that what its own report said can be told to be restated."""
    previous = next((b.like[1] for b in bases.bases(start, end, events) if b.name == "previous" and b.like), None)
    then = kpis.figures(tables, previous.start, previous.end).get(TOTAL) if previous else None
    if previous is None or then is None:
        return {}
    known = {name: then[name].value for name in BASES}
    return {name: (value, previous.start, previous.end) for name, value in known.items() if value is not None}


def _tools(ads: pd.DataFrame | None, start: dt.date, until: dt.date) -> dict[str, tuple[str, ...]]:
    if ads is None or ads.empty:
        return {}
    rows = kpis.Dates(start, until).of(ads)
    by_shop = {str(shop): tuple(sorted(own["tool"].unique())) for shop, own in rows.groupby("shop")}
    return by_shop | {TOTAL: tuple(sorted(rows["tool"].unique()))}
