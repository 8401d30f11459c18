"""The category's series as a line, every comparison of it as a table, its seasons, and the two key figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from kit.analyses.market_size.page import Page, months
from kit.analyses.market_size.season import seasons
from kit.findings import Arg, Column, Exhibit, Finding, Kpi, Note, Table, agreeing, plain
from kit.stats.category import Compared
from kit.stats.series import Change

MARKED = ("spring_festival_sale", "women_day", "618", "double_11", "double_12", "year_end_sale", "year_end_season")
"""The promotions that move a month's sales: the only ones that are marked on a line of months."""


def exhibits(page: Page, found: Sequence[Finding]) -> Iterable[Exhibit]:
    """The line under the headline; the table under what is said of the brand, where there is something to compare; the
    seasons under their own message."""
    one, size = page.one, found[0].key
    promotions = [
        {"label_zh": e.zh, "label_en": e.en, "start": plain(e.start), "end": plain(e.end)}
        for e in one.events
        if e.event in MARKED
    ]
    highlight = plain(one.span[-1]) if one.now else None
    form = "line" if len(one.series.points) > 1 else "table"
    source = (Note(f"note.market.series.{page.kind}", page.args | page.ranked()),)
    marks = (Note("note.market.events"),) if promotions and form == "line" else ()
    yield Exhibit(
        f"{page.key}.line",
        form,
        _points(page),
        (size,),
        source + marks,
        {"promotions": promotions, "highlight": highlight, "breaks": [plain(day) for day in page.result.breaks]},
    )
    if one.compared:
        said = [f.key for f in found[1:] if f.exhibit == f"{page.key}.growth"]
        notes = [Note(f"note.market.growth.{page.kind}", page.args)]
        notes += [Note("note.market.daily")] if any(c.market.daily for c in one.compared) else []
        notes += [Note("note.market.own", page.args)] if any(c.own_growth is not None for c in one.compared) else []
        yield Exhibit(f"{page.key}.growth", "table", _growths(page), tuple(said) or (size,), tuple(notes))
    yield from seasons(page)


def _unit(page: Page) -> str:
    return "index" if page.kind == "index" else "money"


def _points(page: Page) -> Table:
    ends = ("low", "high") if page.kind == "interval" else ("value",)
    heads = [Column("month", "month", "col.month")]
    heads += [Column(end, _unit(page), f"col.series.{page.kind if end == 'value' else end}") for end in ends]
    rows = tuple((plain(m), *(getattr(amount, end) for end in ends)) for m, amount in page.one.series.points)
    return Table(f"{page.key}.points", tuple(heads), rows)


Take = Callable[[Page, Compared], Any]
COLUMNS: tuple[tuple[str, str, Take], ...] = (
    ("comparison", "label", lambda page, c: label(page, c.market)),
    ("span", "month-range", lambda page, c: _span(page, c.market.span)),
    ("before", "month-range", lambda page, c: _span(page, c.market.base)),
    ("now", "", lambda page, c: c.market.now.value if c.market.now.exact else None),
    ("then", "", lambda page, c: c.market.before.value if c.market.before.exact else None),
    ("now_low", "", lambda page, c: None if c.market.now.exact else c.market.now.low),
    ("now_high", "", lambda page, c: None if c.market.now.exact else c.market.now.high),
    ("growth", "growth", lambda page, c: c.market.growth),
    ("growth_low", "growth", lambda page, c: c.market.low),
    ("growth_high", "growth", lambda page, c: c.market.high),
    ("direction", "label", lambda page, c: _direction(c.market.direction) if page.kind == "index" else None),
    ("index_direction", "label", lambda page, c: _direction(c.index)),
    ("own_growth", "growth", lambda page, c: c.own_growth),
    ("gap", "points", lambda page, c: c.gap),
)
"""Name, unit (empty: the series' own) and how a comparison gives it.

Of an interval the base's ends are left to the line: with them the table would not fit a page.
"""


def _growths(page: Page) -> Table:
    """A row a comparison; columns that say nothing here are left out."""
    found = [[take(page, pair) for _, _, take in COLUMNS] for pair in page.one.compared]
    kept = [n for n in range(len(COLUMNS)) if any(row[n] is not None for row in found)]
    units = {"": _unit(page), "month-range": "month" if _monthly(page) else "month-range"}
    both = [agreeing(c.market.growth, c.own_growth, "growth") for c in page.one.compared]
    plainly = ("growth", "points")
    units |= zip(plainly, max(both, default=plainly), strict=True)  # a column has the decimals that any row needs
    heads = tuple(Column(name, units.get(unit, unit), f"col.{name}") for name, unit, _ in (COLUMNS[n] for n in kept))
    return Table(f"{page.key}.growths", heads, tuple(tuple(row[n] for n in kept) for row in found))


def _monthly(page: Page) -> bool:
    """Whether every comparison is of one month with one month: then the table gives them as 2024-11."""
    return all(len(span) == 1 for c in page.one.compared for span in (c.market.span, c.market.base))


def _span(page: Page, span: Sequence[Any]) -> Any:
    return plain(span[0]) if _monthly(page) else months(span).value


def _direction(direction: int | None) -> str | None:
    return None if direction is None else ("dir.flat", "dir.up", "dir.down")[direction]


def label(page: Page, market: Change) -> str:
    """What a comparison is called; a single month that a festival or a promotion distorts says so."""
    if market.name == "yoy" and len(market.span) == 1:
        if market.span[0].month < 3:
            return "compare.yoy_spring"
        if page.one.shift:
            return "compare.yoy_shifted"
    if market.name == "cagr" and len(market.span) == 1 and page.one.shift:
        return "compare.cagr_shifted"
    return f"compare.{market.name}{'_daily' if market.daily else ''}"


def kpis(page: Page) -> Iterable[Kpi]:
    """The market's size and the brand's takings, each with the changes that are known."""
    one = page.one
    recent = [c for c in one.compared if c.market.name != "cagr"]
    if one.now and one.now.exact and page.kind != "index":
        market = [(c.market, c.market.growth) for c in recent]
        yield Kpi(page.key, f"kpi.size.{page.kind}", Arg(one.now.value, "money"), _changes(page, market))
    if one.own and one.own.now is not None:
        own = [(c.market, c.own_growth) for c in recent]
        key = f"market.own.{one.platform}"
        yield Kpi(key, f"kpi.own.{one.platform}", Arg(one.own.now, "money"), _changes(page, own))


def _changes(page: Page, known: Sequence[tuple[Change, float | None]]) -> tuple[tuple[str, Arg], ...]:
    """At most two changes, of different kinds, that are about the period's last month."""
    made = {
        label(page, market): Arg(growth, "growth")
        for market, growth in known
        if growth is not None and market.span[-1] == page.one.span[-1]
    }
    return tuple(made.items())[:2]
