"""Which days a period is compared with: those just before, and a year before the days that are like it.

January alone has no year before: the Spring Festival falls in it or in February, which is compared together with it. A
month whose promotion days fell differently a year ago is compared together with the earlier months that share the
promotion (``kit.stats.phases``). A month so far compares with the same dates of the month before and a year before.
Days and weeks compare with the same weekdays, 364 days before; where a promotion that is named after a day runs, with
the same dates.

A span that cuts a promotion (October, from which Double 11 runs into November) holds another phase of it than a year
before when its start moved. From a difference of a tenth of the span's days on the two are unlike: only the days on
which no promotion ran in either year are compared, if they are at least half.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kit.stats import months, phases

if TYPE_CHECKING:
    from kit.stats.kpi_days import Dates

PERIODS = (1, 2, 3, 6)
"""Numbers of months that make a period with one just before it; eleven months of a year have none like them."""
WEEK, WEEKS = 7, dt.timedelta(364)
LIKE = 1 / 2
"""Part of its days that must lie outside promotions in both years for anything of an unlike span to be compared."""


@dataclass(frozen=True)
class Days:
    """First to last day, both included."""

    start: dt.date
    end: dt.date

    @property
    def count(self) -> int:
        return (self.end - self.start).days + 1

    def touches(self, span: phases.Span) -> bool:
        return span.start <= self.end and span.end >= self.start

    def promoted(self, events: Sequence[phases.Span]) -> int:
        """How many of the days lie in a promotion."""
        return len(self.within(events))

    def within(self, events: Sequence[phases.Span]) -> frozenset[int]:
        """Which of the days lie in a promotion, counted from the first as 0."""
        every = ((n, self.start + dt.timedelta(n)) for n in range(self.count))
        return frozenset(n for n, day in every if any(e.start <= day <= e.end for e in events))


@dataclass(frozen=True)
class Base:
    """``now`` against ``then``. ``name``: previous, year, joined (with the months that share a promotion), spring
    (January with February) or shifted (a year before, which holds fewer or more days of a promotion); in joined and
    spring ``now`` begins before the period. ``event`` is the promotion of joined and shifted. ``without``: the days
    of shifted that are not compared, those of a promotion in either year, counted from the first as 0; ``held``: how
    many days of the event either span holds."""

    name: str
    now: Days
    then: Days
    event: str = ""
    without: frozenset[int] = frozenset()
    held: tuple[int, int] = (0, 0)

    @property
    def like(self) -> tuple[Dates, Dates] | None:
        """The days of ``now`` and ``then`` that are compared; None where too few are alike."""
        made = tuple(_dates(days, self.without) for days in (self.now, self.then))
        return (made[0], made[1]) if made[0].count >= LIKE * self.now.count else None


def bases(start: dt.date, end: dt.date, events: Sequence[phases.Span]) -> tuple[Base, ...]:
    """The comparisons of the days ``start`` to ``end``, the period before first; ``events`` of any platform."""
    span = months.whole(start, end)
    found = _of_months(span, events) if span else _of_days(Days(start, end), events)
    return tuple(_parted(base, events) if base.name == "year" else base for base in found)


def previous(start: dt.date, end: dt.date) -> Days | None:
    """The days just before, None where a span has none like it."""
    return next((base.then for base in bases(start, end, []) if base.name == "previous"), None)


def _parted(base: Base, events: Sequence[phases.Span]) -> Base:
    """The comparison with a year before, or what is left of it where it cuts a promotion unlike."""
    event, held = _cut(base.now, base.then, events)
    if not event:
        return base
    return Base("shifted", base.now, base.then, event, base.now.within(events) | base.then.within(events), held)


def _cut(now: Days, then: Days, events: Sequence[phases.Span]) -> tuple[str, tuple[int, int]]:
    """The promotion of both years that lies partly outside of a span, with at least a tenth of the span's days more in
    one year than in the other, and its days in either; of several the one with most, blank if there is none."""
    worst, held, most = "", (0, 0), max(1, now.count // 10)
    for event, year in sorted({(e.event, e.year) for e in events}):
        runs = [[e for e in events if (e.event, e.year) == (event, y)] for y in (year, year - 1)]
        both = [(d, e) for d, own in zip((now, then), runs, strict=True) for e in own]
        cut = any(d.touches(e) and not (d.start <= e.start and e.end <= d.end) for d, e in both)
        days = now.promoted(runs[0]), then.promoted(runs[1])
        if all(runs) and cut and abs(days[0] - days[1]) >= most:
            worst, held, most = event, days, abs(days[0] - days[1]) + 1
    return worst, held


def _dates(days: Days, without: frozenset[int]) -> Dates:
    from kit.stats.kpi_days import Dates

    return Dates(days.start, days.end, frozenset(days.start + dt.timedelta(n) for n in without))


def _of_months(span: Sequence[months.Month], events: Sequence[phases.Span]) -> tuple[Base, ...]:
    found = [Base("previous", _days(span), _days(_earlier(span, len(span))))] if len(span) in PERIODS else []
    name, together, event = _together(span, events)
    if together:
        found.append(Base(name, _days(together), _days(_earlier(together, 12)), event))
    return tuple(found)


def _together(span: Sequence[months.Month], events: Sequence[phases.Span]) -> tuple[str, Sequence[months.Month], str]:
    """The months that compare with a year before as one, none if nothing does; why; and the promotion if that is it."""
    if span[0].month == 2:
        return "spring", (months.later(span[0], -1), *span), ""
    if span[-1].month == 1:
        return "", (), ""
    shift = phases.shifted(list(events), span[0])
    first = min((m for m in shift.months if m <= span[0].month), default=span[0].month) if shift else span[0].month
    if not shift or first == span[0].month:
        return "year", span, ""
    ahead = tuple(dt.date(span[0].year, m, 1) for m in range(first, span[0].month))
    return "joined", (*ahead, *span), shift.now.event


def _of_days(days: Days, events: Sequence[phases.Span]) -> tuple[Base, ...]:
    gap, so_far = dt.timedelta(days.count), _is_so_far(days)
    before = _month_before(days) if so_far else Days(days.start - gap, days.end - gap)
    found = [Base("previous", days, before)]
    if days.start.month < 3 or days.end.month < 3:
        return tuple(found)
    named = {(e.event, e.year) for e in events if e.event in phases.NAMED_DAYS}
    same = so_far or any(days.touches(e) and {(e.event, e.year), (e.event, e.year - 1)} <= named for e in events)
    then = Days(_a_year_before(days.start), _a_year_before(days.end)) if same else None
    return (*found, Base("year", days, then or Days(days.start - WEEKS, days.end - WEEKS)))


def _is_so_far(days: Days) -> bool:
    """Whether these are a month's first days, more of them than a week."""
    return days.start.day == 1 and days.count > WEEK and days.start.month == days.end.month


def _month_before(days: Days) -> Days:
    """The same dates of the month before, up to its last."""
    first = months.later(days.start, -1)
    return Days(first, min(first + dt.timedelta(days.count - 1), days.start - dt.timedelta(1)))


def _a_year_before(day: dt.date) -> dt.date:
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year - 1, day=28 if leap else day.day)


def _days(span: Sequence[months.Month]) -> Days:
    return Days(span[0], months.later(span[-1], 1) - dt.timedelta(1))


def _earlier(span: Sequence[months.Month], by: int) -> tuple[months.Month, ...]:
    return tuple(months.later(m, -by) for m in span)
