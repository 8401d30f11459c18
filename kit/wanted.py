"""Which days of which tables the reports of a period read: what they are about, and what that is compared with.

Each notebook names its tables in its metadata, and under ``compares`` those that it also reads over the days just
before (``previous``) and a year before (``year``); which days these are ``kit.stats.bases`` says.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kit import report
from kit.client import Client, Period
from kit.store import Store
from kit.tables import INPUTS, TABLES

YEARS = dt.timedelta(800)
"""How far back promotions are looked up: the year before, and the year that a promotion moved from."""
Days = frozenset[dt.date]
LONGEST = 31
"""Days of the longest month."""
NOTHING: Days = frozenset()


@dataclass(frozen=True)
class Want:
    """The ``days`` of a table that ``reports`` are about, and those these are ``compared`` with, none of them twice."""

    days: Days = NOTHING
    compared: Days = NOTHING
    reports: tuple[str, ...] = ()

    def and_(self, other: Want) -> Want:
        days = self.days | other.days
        return Want(days, (self.compared | other.compared) - days, tuple(dict.fromkeys(self.reports + other.reports)))


def today_of(client: Client) -> dt.date:
    """The day it is where the client is."""
    return dt.datetime.now(zoneinfo.ZoneInfo(client.timezone)).date()


def period_of(client: Client, asked: str, today: dt.date) -> Period:
    """The period asked for, else the month before the date that client.toml puts on the cover, else before today.

    Not the last whole month of the data, as for a build: what is to be downloaded is not among them yet.
    """
    if asked:
        return Period.parse(asked)
    last = (client.report_date or today).replace(day=1) - dt.timedelta(1)
    return Period.parse(f"{last:%Y-%m}")


def wants(client: Client, store: Store, period: Period, names: Iterable[str], today: dt.date) -> dict[str, Want]:
    """By table what the reports ``names`` want of it, no day after yesterday. A report that client.toml lacks something
    for, or that has no subject in the period, wants nothing."""
    found: dict[str, Want] = {}
    bases: dict[str, Days] = {}
    for name in names:
        if report.needs(client, name) or not report.has_subject(client, name, store, period):
            continue
        campaigns, earlier = _campaigns(client, name, store, period)
        about = days(period.start, period.end) | campaigns
        compares = report.metadata(client, name).get("compares", {})
        bases = bases or (compared(client, period) if compares else {})
        for table in (t for t in report.reads(client, name) if t in TABLES and t not in INPUTS):
            beside = [bases.get(base, NOTHING) for base, tables in compares.items() if table in tables]
            want = Want(past(about, today), past(earlier.union(*beside) - about, today), (name,))
            found[table] = found.get(table, Want()).and_(want)
    return found


def days(start: dt.date, end: dt.date) -> Days:
    """Every day from ``start`` to ``end``, both included."""
    return frozenset(start + dt.timedelta(n) for n in range((end - start).days + 1))


def runs(found: Iterable[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """Days as first and last of each run without a break, earliest first."""
    made: list[tuple[dt.date, dt.date]] = []
    for day in sorted(found):
        if made and (day - made[-1][1]).days == 1:
            made[-1] = (made[-1][0], day)
        else:
            made.append((day, day))
    return made


def by_month(span: tuple[dt.date, dt.date]) -> list[tuple[dt.date, dt.date]]:
    """A span of more than a month as its months, the first and the last as far as it reaches."""
    if (span[1] - span[0]).days < LONGEST:
        return [span]
    months = {day.replace(day=1) for day in days(*span)}
    return [run for month in sorted(months) for run in runs(d for d in days(*span) if d.replace(day=1) == month)]


def past(found: Days, today: dt.date) -> Days:
    """The days before today: no platform has more."""
    return frozenset(day for day in found if day < today)


def compared(client: Client, period: Period) -> dict[str, Days]:
    """The days of the comparisons ``previous`` and ``year``; of months that share a promotion, all of either year."""
    from kit import calendar
    from kit.stats import bases, phases

    platforms: Sequence[str] = client.platforms()
    events = phases.on_any_of(calendar.phases(platforms, period.start - YEARS, period.end), platforms)
    found = {"previous": NOTHING, "year": NOTHING}
    for base in bases.bases(period.start, period.end, events):
        kind = "previous" if base.name == "previous" else "year"
        found[kind] |= days(base.now.start, base.now.end) | days(base.then.start, base.then.end)
    return found


def _campaigns(client: Client, name: str, store: Store, period: Period) -> tuple[Days, Days]:
    """The days of the campaigns that a report on campaigns reviews in the period, which may begin before it, and of
    those that these are compared with."""
    if report.metadata(client, name).get("subject") != "campaigns":
        return NOTHING, NOTHING
    rows = [(row, _span(row)) for row in store.records("campaigns")]
    now = [(row, span) for row, span in rows if period.start <= max(span) <= period.end]
    then = {row["compare_to"] for row, _ in now if row["compare_to"]}
    named = [span for row, span in rows if {row["campaign"], row["key"]} & then]
    return NOTHING.union(*(span for _, span in now)), NOTHING.union(*named)


def _span(row: dict[str, Any]) -> Days:
    """The days of a campaign, its warm-up and presale among them."""
    starts = [row[name] for name in ("start", "warmup_start", "presale_start")]
    stated = [start.date() for start in starts if start is not None and start == start]
    return days(min(stated), row["end"].date())
