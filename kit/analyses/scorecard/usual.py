"""What a figure usually is: this period's days outside promotions against those of earlier periods of its kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kit.stats import control_limits, kpis, months, phases
from kit.stats.control_limits import Limits
from kit.stats.kpis import Dates, Figures, Kpi, Tables

FEWEST = 7
"""Days outside promotions that a period must have, if it has as many, and at least half of its days: an average of
fewer scatters more than those of whole periods. Were 7 enough, noise would be called in 11 to 15 % of Octobers with
7 such days and 9 to 10 % of Junes with 10; with half of them no month is called in more than 4 %, on average 1.3 %
and with 8 to 11 earlier months 2.0 % (``benchmarks/noise.py``)."""
AFTER = 30
"""Days after a promotion in which its refunds come in: a figure that dates refunds by themselves has no usual then."""
SHEETS = ("member_share",)
"""Figures from sheets by the month, which have no days that could be left out: months compare, promotions and all."""
SOURCES = ("shop_daily", "orders", "members_monthly")
"""The tables of these figures."""


@dataclass(frozen=True)
class Usual:
    """A figure's value on days outside promotions (a sum by the day), what it usually is there, and on which side of
    that it lies: 1 above, −1 below, 0 inside. ``points`` are those of the periods before, the oldest first. One of
    ``SHEETS`` is that of the whole month."""

    value: float
    limits: Limits
    side: int
    points: tuple[float, ...]


ByFigure = dict[tuple[str, str], Usual | None]
"""By shop and figure; None where earlier periods are too few. Those that cannot be judged at all are left out."""


def usual(tables: Tables, events: Sequence[phases.Span], start: dt.date, until: dt.date) -> ByFigure:
    """What the figures from ``start`` to ``until`` usually are."""
    return _of_days(tables, events, start, until) | _of_sheets(tables, start, until)


def _of_days(tables: Tables, events: Sequence[phases.Span], start: dt.date, until: dt.date) -> ByFigure:
    promoted = _days(events)
    spans = [days for days in _spans(start, until, promoted) if _enough(days)]
    if not spans or spans[-1].start != start:
        return {}
    calm = [_calm(days, promoted) for days in spans]
    found = kpis.history(tables, spans)
    made: ByFigure = {}
    for shop, kpi in ((shop, kpi) for shop in found[-1] for kpi in kpis.BY_NAME.values()):
        points = [_point(kpi, shop, *one) for one in zip(found, spans, calm, strict=True)]
        made |= _judged((shop, kpi.name), points)
    return made


def _of_sheets(tables: Tables, start: dt.date, until: dt.date) -> ByFigure:
    if tables.get("members_monthly") is None or not months.whole(start, until):
        return {}
    found = kpis.history({name: tables.get(name) for name in SOURCES}, _spans(start, until, frozenset()))
    made: ByFigure = {}
    for shop, name in ((shop, name) for shop in found[-1] for name in SHEETS):
        made |= _judged((shop, name), [one[shop][name].value if shop in one else None for one in found])
    return made


def _spans(start: dt.date, until: dt.date, without: frozenset[dt.date]) -> list[Dates]:
    """The earlier periods and this one."""
    return [Dates(a, b, without) for a, b in (*earlier(start, until), (start, until))]


def _enough(days: Dates) -> bool:
    every = (days.end - days.start).days + 1
    return days.count >= max(min(FEWEST, every), every / 2)


def ordinary(events: Sequence[phases.Span], start: dt.date, until: dt.date) -> bool:
    """Whether enough of a period's days lie outside promotions."""
    return _enough(Dates(start, until, _days(events)))


def _days(events: Iterable[phases.Span]) -> frozenset[dt.date]:
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
    if one is None or one.value is None or one.deduplicated or kpi.name in (*kpis.ONCE, *SHEETS):
        return None
    if one.by == "paid" or (one.by is not None and not calm):
        return None
    return one.value / days.count if kpi.size else one.value


def _judged(where: tuple[str, str], points: Sequence[float | None]) -> ByFigure:
    """The last of ``points`` against those before it."""
    *before, now = points
    known = tuple(p for p in before if p is not None)
    if now is None:
        return {}
    if len(known) < control_limits.LEAST:
        return {where: None}
    found = control_limits.limits(known, 0.0)
    return {where: Usual(now, found, found.side(now), known)} if found else {}


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
