"""What a figure usually is: this period's days outside promotions against those of earlier periods of its kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kit.stats import control_limits, kpis, months, phases
from kit.stats.control_limits import Limits
from kit.stats.kpis import Dates, Figure, Figures, Kpi, Tables

FEWEST = 7
"""Days outside promotions that a period must have, if it has as many, and at least half of its days: an average of
fewer scatters more than those of whole periods. Were 7 enough, noise would be called in 11 to 15 % of Octobers with
7 such days and 9 to 10 % of Junes with 10; with half of them no month is called in more than 4 %, on average 1.4 %
and with 8 to 11 earlier months 1.9 % (``benchmarks/noise.py``)."""
AFTER = 30
"""Days after a promotion in which its refunds come in: a figure that dates refunds by themselves has no usual then."""
MONTHLY = ("member_share", "natural_share", "content_share", "promoted_share")
"""Figures that an export or a sheet may state by the month alone: no days can be left out of it, so that months
without a promotion compare."""
SHEET = "member_share"
"""The one of them that has no days in any export."""
ONCE_IN = ("shop_daily", "orders", "order_lines", "item_daily")
"""The tables of figures that count people or items once."""
SOURCES = ("shop_daily", "orders", "members_monthly", "traffic_source", "traffic_source_period")
"""The tables of these figures."""
BY_MONTH = ("members_monthly", "traffic_source_period")
"""Those of them that state a month as one."""


@dataclass(frozen=True)
class Usual:
    """A figure's value on days outside promotions (a sum by the day), what it usually is there, and on which side of
    that it lies: 1 above, −1 below, 0 inside. ``points`` are those of the periods before, the oldest first. One that
    counts people or items once is that of as many such days as the shortest of the periods has; ``whole``: it is that
    of a whole month, in which no promotion ran."""

    value: float
    limits: Limits
    side: int
    points: tuple[float, ...]
    whole: bool = False


@dataclass(frozen=True)
class Untold:
    """Why nothing says what a figure usually is. ``why``: earlier periods are too few (short), it never moved (flat),
    it is known for the month as a whole and a promotion ran in it (promoted), refunds of a promotion are in it
    (refunds). ``points``: those of the periods before and of this one, as far as they compare."""

    why: str
    points: tuple[float, ...] = ()


Told = Usual | Untold
ByFigure = dict[tuple[str, str], Told]
"""By shop and figure; those that cannot be judged at all are left out."""


def usual(tables: Tables, events: Sequence[phases.Span], start: dt.date, until: dt.date) -> ByFigure:
    """What the figures from ``start`` to ``until`` usually are."""
    told = _of_days(tables, events, start, until)
    by_month = _of_months(tables, events, start, until)
    return told | {where: one for where, one in by_month.items() if not isinstance(told.get(where), Usual)}


def _of_days(tables: Tables, events: Sequence[phases.Span], start: dt.date, until: dt.date) -> ByFigure:
    promoted = _days(events)
    spans = [days for days in _spans(start, until, promoted) if _enough(days)]
    if not spans or spans[-1].start != start:
        return {}
    calm = [_calm(days, promoted) for days in spans]
    found = kpis.history(tables, spans)
    made: dict[tuple[str, str], Told | None] = {}
    for shop, kpi in ((shop, kpi) for shop in found[-1] for kpi in kpis.BY_NAME.values()):
        early = _dates_refunds(found[-1][shop][kpi.name]) and not calm[-1]
        points = [_point(kpi, shop, *one) for one in zip(found, spans, calm, strict=True)]
        made[shop, kpi.name] = Untold("refunds") if early else _judged(points)
    return _known(made) | _counted_once(tables, spans, found[-1])


def _counted_once(tables: Tables, spans: Sequence[Dates], now: Mapping[str, Figures]) -> ByFigure:
    """Figures that count people or items once: over as many days, a period's last, as the shortest period has."""
    every = [(shop, name) for shop, own in now.items() for name, one in own.items() if _once(name, one)]
    if not every:
        return {}
    fewest = min(days.count for days in spans)
    alike = [_last(days, fewest) for days in spans]
    found = kpis.history(kpis.books(tables).only(ONCE_IN), alike, {name for _, name in every})
    return _known({where: _judged(_values(found, *where)) for where in every})


def _once(name: str, one: Figure) -> bool:
    return one.value is not None and (bool(one.deduplicated) or name in kpis.ONCE)


def _last(days: Dates, count: int) -> Dates:
    """The last ``count`` of the days."""
    ahead = days.index[: days.count - count]
    return Dates(days.start, days.end, days.without | {day.date() for day in ahead})


def _of_months(tables: Tables, events: Sequence[phases.Span], start: dt.date, until: dt.date) -> ByFigure:
    """Figures that are known by the month, against months without a promotion."""
    if all(tables.get(name) is None for name in BY_MONTH) or not months.whole(start, until):
        return {}
    *before, now = _spans(start, until, _days(events))
    compared = [days for days in before if not _cut(days)]
    kept = kpis.books(tables).only(SOURCES)
    found = [kpis.figures(kept, days.start, days.end, names=MONTHLY) for days in (*compared, now)]
    every = [(shop, name) for shop in found[-1] for name in MONTHLY]
    told = _known({where: _judged(_values(found, *where), whole=True) for where in every})
    return {where: Untold("promoted") if _cut(now) and isinstance(one, Usual) else one for where, one in told.items()}


def _cut(days: Dates) -> bool:
    """Whether a promotion took any of the days."""
    return days.count <= (days.end - days.start).days


def _values(found: Sequence[Mapping[str, Figures]], shop: str, name: str) -> list[float | None]:
    return [one[shop][name].value if shop in one else None for one in found]


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
    What has no days has none here, nor what counts people or items once: periods have unlike numbers of such days."""
    one = figures.get(shop, {}).get(kpi.name)
    if one is None or one.value is None or kpi.name == SHEET or _once(kpi.name, one):
        return None
    if one.by == "paid" or (_dates_refunds(one) and not calm):
        return None
    return one.value / days.count if kpi.size else one.value


def _dates_refunds(one: Figure) -> bool:
    """Whether refunds in it are dated by themselves."""
    return one.value is not None and one.by not in (None, "paid")


def _judged(points: Sequence[float | None], whole: bool = False) -> Told | None:
    """The last of ``points`` against those before it."""
    *before, now = points
    known = tuple(p for p in before if p is not None)
    if now is None:
        return None
    if len(known) < control_limits.LEAST:
        return Untold("short", (*known, now))
    found = control_limits.limits(known, 0.0)
    return Usual(now, found, found.side(now), known, whole) if found else Untold("flat", (*known, now))


def _known(made: Mapping[tuple[str, str], Told | None]) -> ByFigure:
    return {where: one for where, one in made.items() if one}


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
