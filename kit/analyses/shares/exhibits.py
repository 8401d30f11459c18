"""The shares' exhibits: who holds what with its change, the category's share, what is stated, and the concentration."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from kit.analyses.shares.category import Category, Share
from kit.analyses.shares.field import Brand
from kit.analyses.shares.page import KEY, Page, Result, adding, names, promoted
from kit.analyses.shares.stated import Stated
from kit.analyses.shares.whole import about
from kit.findings import Arg, Column, Exhibit, Finding, Kpi, Note, Table, plain
from kit.stats import bootstrap, concentration
from kit.stats.concentration import Concentration

Rows = list[list[Any]]
HELD = (("brand", "text"), ("held", "ratio"))
MOVED = (("change", "points"), ("change_low", "points"), ("change_high", "points"))
PARTS = (("total", "money"), ("from_market", "money"), ("from_share", "money"))
RANKED = (("rank", "rank"), ("sold", "money"))


def chart(page: Page, found: Sequence[Finding]) -> Iterable[Exhibit]:
    """A bar a brand, those behind the first together; the change beside it where two windows compare."""
    one, key = page.one, f"{page.key}.chart"
    if not one.brands:
        return
    shown, moved = page.shown(), one.movement is not None
    columns = (*HELD, *(MOVED if moved else ()), *RANKED, *(PARTS if moved else ()))
    rows = [_row(page, brand, moved) for brand in shown]
    marks = {n: "own" for n, brand in enumerate(shown) if brand.own}
    options: dict[str, Any] = {"highlight": [n for n, b in enumerate(shown) if b.own]}
    rest = [b for b in one.brands if b not in shown]
    if rest:
        options["rest"] = {"value": sum(b.share for b in rest), "count": len(rest)}
    findings = tuple(f.key for f in found if f.exhibit == key)
    yield Exhibit(key, "share_bars", _table(key, columns, rows, marks), findings, tuple(_notes(page, rest)), options)


def _row(page: Page, brand: Brand, moved: bool) -> list[Any]:
    one, cells = brand.moved, [page.called(brand), brand.share]
    if not moved:
        return [*cells, brand.rank, brand.sales]
    movement, ends = page.one.movement, one.ends if one else None
    split = movement.part(one) if movement and one and one.before > 0 else None
    change = [one.change if one else None, *(ends or (None, None))]
    return [*cells, *change, brand.rank, brand.sales, *(adding(split) if split else (None,) * 3)]


def _table(key: str, columns: Sequence[tuple[str, str]], rows: Rows, marks: dict[int, str] | None = None) -> Table:
    heads = tuple(Column(name, unit, f"col.{name}") for name, unit in columns)
    return Table(f"{key}.rows", heads, tuple(map(tuple, rows)), marks or {})


def _notes(page: Page, rest: Sequence[Brand]) -> Iterable[Note]:
    """Source and windows, what was left out, and how the interval is meant."""
    one, pair = page.one, page.one.pair
    gained = one.sales_kind == "cumulative" and pair.now and pair.now.start
    yield Note(f"note.market.shares.{'gained' if gained else one.sales_kind}", page.args)
    if pair.now and pair.now.blank:
        yield Note("note.market.shares.blank", page.args | {"k": Arg(pair.now.blank, "count")})
    if one.movement:
        yield Note("note.market.shares.change", page.args | {"k": Arg(one.movement.left_out, "count")})
        level = {"lvl": Arg(bootstrap.LEVEL, "level"), "k": Arg(one.resamples, "count")}
        yield Note("note.market.shares.interval", page.args | level)
    if one.events:
        yield Note("m.sharephase", page.args | promoted(one.events))
    if one.silent:
        silent = {"names": names(one.silent), "n": Arg(len(one.silent), "count")}
        yield Note("note.market.gap.nosales", page.args | silent)


def kpis(page: Page) -> Iterable[Kpi]:
    """The own share of the tracked brands, and its change where it is beyond its interval."""
    own = page.one.own
    if own is None:
        return
    moved = own.moved
    changes = (("kpi.share.change", Arg(moved.change, "points")),) if moved and moved.side else ()
    yield Kpi(f"{page.key}.share", "kpi.share", Arg(own.share, "ratio"), changes)


# ---- the whole category, and what is stated ------------------------------------------------------------------

SHARE = (("span", "month-range"), ("share_of", "rate"))
COMPARED = (
    *SHARE,
    ("before", "month-range"),
    ("share_before", "rate"),
    ("share_change", "points+1"),
    ("worth", "money"),
    *PARTS,
)
RANGE = (("span", "month-range"), ("share_low", "rate"), ("share_high", "rate"))
COMPARED_RANGE = (
    *RANGE,
    ("before", "month-range"),
    ("change_low", "points+1"),
    ("change_high", "points+1"),
    ("total", "money"),
    ("part_low", "money"),
    ("part_high", "money"),
)


def category(result: Result, one: Category, found: Sequence[Finding]) -> Iterable[Exhibit]:
    """One row: the months compared, both shares, the change, and its parts in money."""
    share, key = one.share, f"{KEY}.{one.platform}.category.table"
    if share is None:
        return
    exact, now = share.now.exact, share.now
    cells: list[Any] = [_months(share.span), *((now.low,) if exact else (now.low, now.high))]
    columns: Sequence[tuple[str, str]] = SHARE if exact else RANGE
    if share.before and share.change:
        columns = COMPARED if exact else COMPARED_RANGE
        tail = (share.before.low, share.change.low, share.worth) if exact else (share.change.low, share.change.high)
        cells += [_months(share.base), *tail, *_parts(share, exact)]
    findings = tuple(f.key for f in found if f.exhibit == key)
    note = Note(f"note.market.category_share.{one.kind}", about(result, one))
    yield Exhibit(key, "table", _table(key, columns, [cells]), findings, (note,))


def _parts(share: Share, exact: bool) -> tuple[float | None, ...]:
    """Change of sales and its parts; of an interval the ends of the share's part."""
    if share.parts is None:
        return None, None, None
    small, large = share.parts
    return adding(small) if exact else (small.market + small.share, large.share, small.share)


def _months(span: Sequence[Any]) -> dict[str, Any]:
    return {"start": plain(span[0]), "end": plain(span[-1])}


STATED = (("brand", "text"), ("held_low", "ratio"), ("held_high", "ratio"), ("rank", "rank"), ("rank_last", "rank"))


def stated(result: Result, one: Stated, found: Sequence[Finding]) -> Iterable[Exhibit]:
    """A bar a brand or shop, the open part of an interval drawn as one."""
    key = f"{KEY}.{one.platform}.stated.chart"
    shown = [h for n, h in enumerate(one.holders) if n < result.top or h.own]
    rows: Rows = [[result.name or h.name if h.own else h.name, h.low, h.high, h.ranks[0], h.ranks[1]] for h in shown]
    own = [n for n, h in enumerate(shown) if h.own]
    args = {
        "platform": Arg(f"platform.{one.platform}", "label"),
        "span": Arg({"start": plain(one.start), "end": plain(one.end)}, "period"),
        "n": Arg(len(one.holders), "count"),
    }
    findings = tuple(f.key for f in found if f.exhibit == key)
    table = _table(key, STATED, rows, {n: "own" for n in own})
    notes = (Note(f"note.market.stated.{one.of}", args),)
    yield Exhibit(key, "share_bars", table, findings, notes, {"highlight": own})


MEASURES: tuple[tuple[str, str, Callable[[Concentration], Any]], ...] = (
    ("firms", "count", lambda c: c.firms),
    ("top4_low", "ratio", lambda c: c.top[4].low if 4 in c.top else None),
    ("top4_high", "ratio", lambda c: c.top[4].high if 4 in c.top else None),
    ("top10_low", "ratio", lambda c: c.top[10].low if 10 in c.top else None),
    ("top10_high", "ratio", lambda c: c.top[10].high if 10 in c.top else None),
    ("hhi_low", "count", lambda c: c.hhi.low),
    ("hhi_high", "count", lambda c: c.hhi.high),
    ("effective_low", "index", lambda c: c.effective.low),
    ("effective_high", "index", lambda c: c.effective.high),
)


def concentrations(result: Result, found: Sequence[Finding]) -> Iterable[Exhibit]:
    """A row for each platform's tracked brands and for what it states; a measure that is known has one column."""
    key = f"{KEY}.concentration"
    listed = [("universe.tracked", f.platform, f.concentration) for f in result.fields if f.concentration]
    listed += [(f"universe.{s.of}", s.platform, s.concentration) for s in result.stated]
    findings = tuple(f.key for f in found if f.exhibit == key)
    if not findings:
        return
    values = {name: [take(c) for _, _, c in listed] for name, _, take in MEASURES}
    kept = [(name, unit) for name, unit, _ in MEASURES if _needed(name, values)]
    heads = [("universe", "label"), ("platform", "label"), *((_head(name, dict(kept)), unit) for name, unit in kept)]
    rows = [
        [label, f"platform.{platform}", *(values[name][n] for name, _ in kept)]
        for n, (label, platform, _) in enumerate(listed)
    ]
    lines = {"a": Arg(concentration.MODERATE, "count"), "b": Arg(concentration.HIGH, "count")}
    note = Note("note.market.concentration", lines | {"year": Arg(str(concentration.GUIDELINES), "text")})
    yield Exhibit(key, "table", _table(key, heads, rows), findings, (note,))


def _head(name: str, kept: Collection[str]) -> str:
    """A lower end that stands alone is the value itself."""
    whole = name.removesuffix("_low")
    return name if f"{whole}_high" in kept else whole


def _needed(name: str, values: dict[str, list[Any]]) -> bool:
    """A column that somebody fills; an upper end only where it differs from the lower."""
    if all(value is None for value in values[name]):
        return False
    low = values.get(f"{name.removesuffix('_high')}_low")
    return not name.endswith("_high") or any(a != b for a, b in zip(low or [], values[name], strict=True))
