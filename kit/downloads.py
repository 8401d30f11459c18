"""What is still to be downloaded for the reports of a period: which export of which shop, and which days of it.

What came up to the period is expected to go on: each export in use is asked for anew. Where none is, the platform's
usual export of a table that a report reads is. A file covers all days from its first to its last.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kit.client import Client
from kit.exports.dictionary import Export, bringing, exports
from kit.store import Store
from kit.tables import PLATFORM_TABLES, TABLES
from kit.wanted import NOTHING, Want, by_month, days, runs

EVENTS = ("orders", "order_lines", "refunds", "reviews", "live_sessions")
"""Tables of what happens, on some days nothing."""
LATE = dt.timedelta(62)
"""An export whose files end so much before the days wanted, or before the newest file of its table, is still in use: a
month that was left out does not hide it."""
QUIET = 6
"""Most days at the edge of a file of which it can be thought that nothing happened on them."""
OTHERS = 3
"""Other exports of the same table that are named."""
OF_MARKET = ("market_monthly", "market_daily", "listings")
"""Tables about a platform's market: one shop's file serves all of its shops."""
OCCASIONAL = ("presale_daily", *(name for name in TABLES if name.startswith("experiment_")))
"""Tables whose files come with a campaign or a test, not every month."""


@dataclass(frozen=True)
class File:
    """What a line of the ledger brought: ``tables``, and its first and last day, None where it has no row. ``tool``:
    the advertising tool it is of, whose exports stand in for each other."""

    export: str
    tool: str | None
    tables: frozenset[str]
    span: tuple[dt.date, dt.date] | None

    @property
    def days(self) -> frozenset[dt.date]:
        return days(*self.span) if self.span else NOTHING


@dataclass(frozen=True)
class Download:
    """``exports`` of one menu that a shop lacks ``days`` of, and days these are ``compared`` with.

    ``shop`` is blank where any shop's folder does. ``new``: it was never downloaded; ``others`` bring the same table.
    """

    platform: str
    shop: str
    exports: tuple[Export, ...]
    days: frozenset[dt.date]
    compared: frozenset[dt.date] = NOTHING
    reports: tuple[str, ...] = ()
    new: bool = False
    others: tuple[Export, ...] = ()

    def and_(self, earlier: Download) -> Download:
        """Both, of one shop and menu, as one."""
        days = self.days | earlier.days
        return replace(
            earlier,
            exports=tuple({e.id: e for e in (*earlier.exports, *self.exports)}.values()),
            days=days,
            compared=(self.compared | earlier.compared) - days,
            reports=tuple(dict.fromkeys((*earlier.reports, *self.reports))),
            new=self.new and earlier.new,
        )

    @property
    def kept_days(self) -> int | None:
        return self.exports[0].kept_days

    @property
    def due(self) -> dt.date | None:
        """The day on which the platform deletes the first of its days; None where nobody knows how long it keeps any.

        A day counts as deleted ``kept_days`` after itself, which is a day early if the platform counts today."""
        return min(self.days | self.compared) + dt.timedelta(self.kept_days) if self.kept_days else None

    @property
    def files(self) -> int:
        """How many files it takes at least, as one may hold no more than ``file_days``."""
        most = self.exports[0].file_days
        return sum(math.ceil(((b - a).days + 1) / most) if most else 1 for a, b in self.spans)

    @property
    def spans(self) -> list[tuple[dt.date, dt.date]]:
        """First and last day of each stretch to ask for; of what comes as a whole, the period, and months before it."""
        if "whole" not in self.exports[0].by:
            return runs(self.days | self.compared)
        return [*runs(self.days), *(part for span in runs(self.compared) for part in by_month(span))]

    def split(self, today: dt.date) -> tuple[Download, Download]:
        """What can still be had of it, and what the platform has deleted by today."""
        gone = {d for d in self.days | self.compared if self.kept_days and d + dt.timedelta(self.kept_days) <= today}
        return (
            replace(self, days=self.days - gone, compared=self.compared - gone),
            replace(self, days=self.days & gone, compared=self.compared & gone),
        )


def brought(line: dict[str, Any]) -> frozenset[str]:
    """The tables that a line of the ledger counts for: of rows over several days also the table by day, where the
    platform exports them no finer."""
    tables = {table for table in (line["table"], *line["also"]) if table}
    export = _export(line)
    if export and not export.generic and "day" not in export.by:
        tables |= {t.name for t in TABLES.values() if t.periods and t.periods.name in tables}
    return frozenset(tables)


def _export(line: dict[str, Any]) -> Export | None:
    return next((e for e in exports() if e.id == line["export"]), None)


def missing(client: Client, store: Store, wants: dict[str, Want], going_on: Want) -> list[Download]:
    """Every export that lacks days, once a menu and shop, in no order. ``wants``: by table what the reports want;
    ``going_on``: what of exports in use whose tables no report asks for."""
    files = _files(client, store)
    others = {t for shop in files.values() for f in shop for t in f.tables} - {*wants, *OCCASIONAL}
    asked = {table: want for table, want in wants.items() if table not in OCCASIONAL}
    found = [d for table, want in asked.items() for d in _of_table(client, store, files, table, want)]
    expected = [t for t in PLATFORM_TABLES if t in others] if going_on.days else []
    more = [d for t in expected for d in _of_table(client, store, files, t, going_on)]
    return _merged([*found, *(d for d in more if not d.new and not d.exports[0].generic)])


def _files(client: Client, store: Store) -> dict[str, list[File]]:
    """By shop what its files brought; shops without a file have an empty list."""
    found: dict[str, list[File]] = {key: [] for key in client.shops}
    for line in store.ledger:
        if line["shop"] and line["table"] and not line["ignored"]:
            ends = [dt.date.fromisoformat(line[name]) for name in ("start", "end") if line[name]]
            span = (ends[0], ends[1]) if len(ends) == 2 else None
            export = _export(line)
            tool = export.set.get("tool") if export else None
            found.setdefault(line["shop"], []).append(File(line["export"], tool, brought(line), span))
    return found


def _of_table(client: Client, store: Store, files: dict[str, list[File]], table: str, want: Want) -> Iterator[Download]:
    """What of one table each shop lacks; of the market, each platform; what belongs to no platform, whoever has it."""
    asked = False
    for place in _places(client, files, table):
        own = [f for key in place for f in files[key] if table in f.tables]
        platform = _platform(client, place[0])
        fitting = [e for e in bringing(table) if not e.generic and platform in e.platforms]
        if own or fitting:
            asked = True
            yield from _of_place(platform, place[0], own, fitting, table, want, _silent(store, table, place, own))
    fitting = [e for e in bringing(table) if not e.generic and not e.platforms]
    if not asked and fitting:
        yield from _of_place("", "", [], fitting, table, want, (NOTHING, 0))


def _places(client: Client, files: dict[str, list[File]], table: str) -> list[tuple[str, ...]]:
    """The shops that are asked for a table, together where one's file serves all."""
    if table not in OF_MARKET:
        return [(shop,) for shop in files]
    platforms = dict.fromkeys(_platform(client, shop) for shop in files)
    return [tuple(shop for shop in files if _platform(client, shop) == platform) for platform in platforms]


def _platform(client: Client, shop: str) -> str:
    found = client.shop_of(shop)
    return found.platform if found else ""


def _of_place(
    platform: str,
    shop: str,
    own: list[File],
    fitting: list[Export],
    table: str,
    want: Want,
    silent: tuple[frozenset[dt.date], int],
) -> Iterator[Download]:
    """What one shop lacks of a table: of each export in use, else of the usual one of those ``fitting``."""
    blank, most = silent
    used = _in_use(own, want.days)
    for export in used:
        there = _covered([f for f in own if f.export == export.id], table) - blank
        whole = _covered([f for f in own if f.tool == export.set.get("tool")], table) - blank
        lacks = _without_edges(want.days, there, most)
        beside = _without_edges(want.compared, whole, most)
        if lacks or beside:
            yield Download(platform, shop, (export,), lacks, beside, want.reports)
    if not own and fitting:
        usual, *rest = fitting
        others = tuple(e for e in rest if (e.by[:1], e.set.get("tool")) == (usual.by[:1], usual.set.get("tool")))
        yield Download(platform, shop, (usual,), want.days, want.compared, want.reports, True, others[:OTHERS])


def _in_use(own: Iterable[File], wanted: Collection[dt.date]) -> list[Export]:
    """The exports whose files reach up to the days wanted, or as far as any other's do; a plain sheet only where it is
    all there is: it stands in for an export."""
    last: dict[str, dt.date] = {}
    for file in own:
        if file.span:
            last[file.export] = max(last.get(file.export, dt.date.min), file.span[1])
    if not last or not wanted:
        return []
    line = min(min(wanted) - dt.timedelta(1), max(last.values())) - LATE
    used = [e for e in exports() if last.get(e.id, dt.date.min) >= line]
    return [e for e in used if not e.generic] or used


def _covered(own: Iterable[File], table: str) -> frozenset[dt.date]:
    """The days that files cover; of a state or a month's figure any day covers its month."""
    found = NOTHING.union(*(f.days for f in own))
    if by_day(table):
        return found
    months = {(day.year, day.month) for day in found}
    return NOTHING.union(*(_month(year, month) for year, month in months))


def by_day(table: str) -> bool:
    """Whether a table says something of each day: what happened on it, or figures of it."""
    return TABLES[table].spans or table.endswith("_daily") or table in EVENTS


def _month(year: int, month: int) -> frozenset[dt.date]:
    first = dt.date(year, month, 1)
    return days(first, (first + dt.timedelta(31)).replace(day=1) - dt.timedelta(1))


def _silent(store: Store, table: str, place: Collection[str], own: Sequence[File]) -> tuple[frozenset[dt.date], int]:
    """Days of which a shop's files say nothing within: of a table with a row a day which ones, of others how many in a
    row at most."""
    gaps = [g for c in store.coverage if c["table"] == table and c["shop"] in place for g in c["gaps"]]
    every = [days(*map(dt.date.fromisoformat, gap)) for gap in gaps]
    if TABLES[table].key == ("platform", "shop", TABLES[table].time):
        return NOTHING.union(*every), 0
    within = [gap for gap in every if any(gap <= f.days for f in own)] if by_day(table) else []
    return NOTHING, min(QUIET, max(map(len, within), default=0))


def _without_edges(wanted: frozenset[dt.date], there: frozenset[dt.date], most: int) -> frozenset[dt.date]:
    """The days ``wanted`` that are not ``there``; if some are, without runs of at most ``most`` days beside one that
    is: so long nothing happened within a file, too."""
    day, lacks = dt.timedelta(1), wanted - there
    beside = [(a, b) for a, b in runs(lacks) if a - day in there or b + day in there] if wanted & there else []
    return lacks - NOTHING.union(*(days(a, b) for a, b in beside if (b - a).days < most))


def _merged(found: Iterable[Download]) -> list[Download]:
    """Downloads of one shop and menu as one: a workbook, or a file that brings several tables, is downloaded once."""
    made: dict[tuple[str, str], Download] = {}
    for one in found:
        at = (one.shop, one.exports[0].menu["zh"])
        made[at] = one.and_(made[at]) if at in made else one
    return list(made.values())
