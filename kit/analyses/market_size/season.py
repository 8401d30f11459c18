"""The seasons of the category: how many times an average month each month of the year sells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from kit.analyses.market_size.page import Page, finding
from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.findings import Arg, Column, Exhibit, Finding, Note, Severity, Table, plain
from kit.stats.seasonal import Season


def season(page: Page) -> Iterable[Finding]:
    """The month that sells most and the one that sells least; from one year alone it is weak evidence."""
    if not page.one.seasons:
        return
    most, least = (pick(page.one.seasons, key=lambda s: s.index) for pick in (max, min))
    years = min(len(s.ratios) for s in page.one.seasons)
    args = {"a": _month(page, most), "x": Arg(most.index, "index"), "b": _month(page, least)}
    yield finding(
        page,
        "season",
        "m.seasonest" if page.kind == "vendor_estimate" else "m.season",
        args | {"y": Arg(least.index, "index")},
        Verdict.WEAK if years == 1 else Verdict.SEASONAL,
        Severity.LOW,
        exhibit=f"{page.key}.seasons",
        method="method.season",
        evidence=Note("m.seasonev.one" if years == 1 else "m.seasonev", {"n": Arg(years, "count")}),
    )


def seasons(page: Page) -> Iterable[Exhibit]:
    """A column a month, January to December, with the lowest and the highest year."""
    found = page.one.seasons
    if not found:
        return
    heads = (
        Column("month", "month_short", "col.month"),
        Column("index", "index", "col.season"),
        Column("low", "index", "col.season_low"),
        Column("high", "index", "col.season_high"),
    )
    rows = tuple((_day(page, s), s.index, *(pick(r for _, r in s.ratios) for pick in (min, max))) for s in found)
    told = [pick(range(len(found)), key=lambda n: found[n].index) for pick in (max, min)]
    faint = [n for n, s in enumerate(found) if s.month in page.one.unlike]
    source = Note(f"note.market.series.{page.kind}", page.args | page.ranked())
    yield Exhibit(
        f"{page.key}.seasons",
        "columns",
        Table(f"{page.key}.season", heads, rows),
        (f"{page.key}.season",),
        (source, Note("note.market.season"), Note("note.market.season.moved")),
        {"highlight": told, "faint": faint, "reference": {"at": 1, "label": "chart.average_month"}},
    )


def _day(page: Page, one: Season) -> str:
    """A month of the year as a day of the last year in it: it is written without the year."""
    return str(plain(dt.date(page.result.end.year, one.month, 1)))


def _month(page: Page, one: Season) -> Arg:
    return Arg(_day(page, one), "month_only")
