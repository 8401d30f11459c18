"""The scorecard's lines: a figure beside its goal, its earlier self, and what it usually is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kit.stats import bases, control_limits, kpis, months, phases
from kit.stats.control_limits import Limits
from kit.stats.kpis import Dates, Figure, Figures, Kpi, Tables

Name = str | Mapping[str, str]
FEWEST = 7
"""Days outside promotions that a period must have to be a point, if it has as many."""
AFTER = 30
"""Days after a promotion in which its refunds come in: a figure that dates refunds by themselves has no usual then."""


@dataclass(frozen=True)
class Usual:
    """A figure's value on days outside promotions (a sum by the day), what it usually is there, and on which side of
    that it lies: 1 above, −1 below, 0 inside. ``points`` are those of the periods before, the oldest first."""

    value: float
    limits: Limits
    side: int
    points: tuple[float, ...]


@dataclass(frozen=True)
class Line:
    """One figure of one shop. ``changes`` by comparison (``bases.Base.name``): of rates differences, else growths.
    ``benchmark``: what it is held against from outside the shop, None where nobody gave one."""

    kpi: Kpi
    figure: Figure
    goal: float | None
    changes: Mapping[str, float]
    usual: Usual | None
    benchmark: float | None = None

    @property
    def worse(self) -> bool:
        """It lies outside of what is usual, on the side where it should not be."""
        return self.usual is not None and self.usual.side * self.kpi.better < 0


@dataclass(frozen=True)
class Result:
    """``lines`` by shop (``kpis.TOTAL``: all of them), figures without a value left out; ``lacking`` are those that no
    shop has. ``until``: the last day that all shops' data reach, None without any. ``ordinary``: whether the period has
    enough days outside promotions to be held against earlier ones."""

    start: dt.date
    end: dt.date
    until: dt.date | None
    lines: dict[str, tuple[Line, ...]]
    names: Mapping[str, Name]
    compared: tuple[bases.Base, ...] = ()
    lacking: tuple[Kpi, ...] = ()
    ordinary: bool = True

    def lacks(self, shop: str) -> tuple[Kpi, ...]:
        """Figures that another shop has and this one has not."""
        here = {line.kpi for line in self.lines[shop]}
        others = {line.kpi for lines in self.lines.values() for line in lines}
        return tuple(kpi for kpi in kpis.KPIS if kpi in others - here)


def read(
    tables: Tables,
    wanted: Mapping[tuple[str, str], float],
    events: Sequence[phases.Span],
    start: dt.date,
    until: dt.date,
    early: bool,
    benchmarks: Mapping[str, float],
) -> tuple[dict[str, tuple[Line, ...]], tuple[bases.Base, ...]]:
    """Every shop's lines from ``start`` to ``until``; ``wanted`` are the goals by shop and metric.

    ``early``: refunds of the period's payments are still coming in, so they compare with no earlier period's.
    """
    compared = bases.bases(start, until, events)
    spans = [(start, until), *((d.start, d.end) for base in compared for d in (base.now, base.then))]
    found = kpis.comparable(tables, spans)
    pairs = [(base, found[1 + 2 * n], found[2 + 2 * n]) for n, base in enumerate(compared)]
    usual = _usual(tables, events, start, until)
    made = {}
    for shop, figures in found[0].items():
        there = [kpi for kpi in kpis.KPIS if figures[kpi.name].value is not None]
        goals = {kpi.name: _goal(wanted, shop, kpi, figures, (until - start).days + 1) for kpi in there}
        changed = {kpi.name: _changes(kpi, pairs, shop, early) for kpi in there}
        made[shop] = tuple(
            Line(
                kpi, figures[kpi.name], goals[kpi.name], changed[kpi.name], usual.get((shop, kpi.name)),
                benchmarks.get(kpi.name),
            )
            for kpi in there
        )  # fmt: skip
    return made, compared


def _changes(
    kpi: Kpi,
    pairs: Sequence[tuple[bases.Base, Mapping[str, Figures], Mapping[str, Figures]]],
    shop: str,
    early: bool,
) -> dict[str, float]:
    made = {}
    for base, now, then in pairs:
        if shop not in now or shop not in then or (early and now[shop][kpi.name].by == "paid"):
            continue
        change = kpis.change(kpi, now[shop][kpi.name], then[shop][kpi.name], (base.now.count, base.then.count))
        if change is not None:
            made[base.name] = change
    return made


def _goal(wanted: Mapping[tuple[str, str], float], shop: str, kpi: Kpi, figures: Figures, days: int) -> float | None:
    """The goal of a figure: a refund rate's is that of the period's payments where that is known; visitors who were
    added over days are an average day here."""
    name = kpi.name
    if name == "refund_rate_paid" or (name == "refund_rate" and figures["refund_rate_paid"].value is not None):
        return wanted.get((shop, "refund_rate")) if name == "refund_rate_paid" else None
    goal = wanted.get((shop, name))
    daily = name == "visitors" and not figures[name].deduplicated
    return goal / days if goal is not None and daily else goal


# ---- what is usual ---------------------------------------------------------------------------------------------


def _usual(
    tables: Tables, events: Sequence[phases.Span], start: dt.date, until: dt.date
) -> dict[tuple[str, str], Usual]:
    """By shop and figure, this period's days outside promotions against those of earlier periods of its kind."""
    promoted = _days(events)
    spans = [Dates(a, b, promoted) for a, b in (*earlier(start, until), (start, until))]
    spans = [days for days in spans if _enough(days)]
    if not spans or spans[-1].start != start:
        return {}
    calm = [_calm(days, promoted) for days in spans]
    points = kpis.history(tables, spans)
    made = {}
    for shop in points[-1]:
        for kpi in kpis.KPIS:
            found = _judged(kpi, [_point(kpi, shop, *one) for one in zip(points, spans, calm, strict=True)])
            if found:
                made[shop, kpi.name] = found
    return made


def _enough(days: Dates) -> bool:
    return days.count >= min(FEWEST, (days.end - days.start).days + 1)


def ordinary(events: Sequence[phases.Span], start: dt.date, until: dt.date) -> bool:
    """Whether enough of a period's days lie outside promotions."""
    return _enough(Dates(start, until, _days(events)))


def _days(events: Collection[phases.Span]) -> frozenset[dt.date]:
    every = ((e.start, (e.end - e.start).days + 1) for e in events)
    return frozenset(start + dt.timedelta(n) for start, days in every for n in range(days))


def _calm(days: Dates, promoted: Collection[dt.date]) -> bool:
    """No promotion in the period, and none in the weeks before it."""
    first = days.start - dt.timedelta(AFTER)
    return not any(first <= day <= days.end for day in promoted)


def _point(kpi: Kpi, shop: str, figures: Mapping[str, Figures], days: Dates, calm: bool) -> float | None:
    """A period's figure as a point of the chart: a sum by the day, one that dates refunds only far from promotions.
    What counts people or items once has none: periods have unlike numbers of days outside promotions."""
    one = figures.get(shop, {}).get(kpi.name)
    if one is None or one.value is None or one.deduplicated or kpi.name in kpis.ONCE:
        return None
    if one.by == "paid" or (one.by is not None and not calm):
        return None
    return one.value / days.count if kpi.size else one.value


def _judged(kpi: Kpi, points: Sequence[float | None]) -> Usual | None:
    *before, now = points
    known = tuple(p for p in before if p is not None)
    found = control_limits.limits(known, 0.0)
    return Usual(now, found, found.side(now), known) if now is not None and found else None


def earlier(start: dt.date, until: dt.date) -> list[tuple[dt.date, dt.date]]:
    """Earlier periods of the same kind, the oldest first: months, or as many days on the same weekdays."""
    span = months.whole(start, until)
    count = control_limits.MOST
    if span:
        firsts = [months.later(start, -len(span) * n) for n in range(count, 0, -1)]
        return [(first, months.later(first, len(span)) - dt.timedelta(1)) for first in firsts]
    step = -(-((until - start).days + 1) // 7) * 7
    back = [dt.timedelta(step * n) for n in range(count, 0, -1)]
    return [(start - days, until - days) for days in back]
