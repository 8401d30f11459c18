"""The driver tree as a waterfall and tables: factors, shops, sources, items and categories."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kit.analyses.drivers.page import LEVELS, UNITS, Page, Result, base_arg, level, named
from kit.analyses.drivers.parts import Parts, Sources
from kit.analyses.drivers.sentences import parted, parts_key, source_key
from kit.analyses.drivers.tree import ShopTree
from kit.findings import Arg, Column, Exhibit, Finding, Note, Table

ADDING = "money.adding"
"""Amounts that add up along a row: written in one form, so that they are seen to."""


def exhibits(page: Page, found: Sequence[Finding]) -> Iterable[Exhibit]:
    """The waterfall, the shops' parts of it where they are several, and what the factors stood at."""
    keys = {f.key for f in found}
    moves = f"{page.key}.moves" if f"{page.key}.moves" in keys else f"{page.key}.tree"
    yield Exhibit(f"{page.key}.tree", "waterfall", _steps(page), (f"{page.key}.tree",), _notes(page), _largest(page))
    if len(page.tree.shops) > 1:
        yield Exhibit(f"{page.key}.shops", "table", _shops(page), (moves,), (Note("note.review.drivers.sum"),))
    if f"{page.key}.levels" in keys:
        yield Exhibit(f"{page.key}.factors", "table", _factors(page), (f"{page.key}.levels",), _people(page))


def _steps(page: Page) -> Table:
    heads = (Column("step", "label", "col.step"), Column("amount", "money", "col.pay_amount"))
    steps = zip(page.tree.effects, page.total.parts, strict=True)
    rows = [("driver.then", page.tree.before), *((f"col.effect.{name}", value) for name, value in steps)]
    return Table(f"{page.key}.steps", heads, (*rows, ("driver.now", page.tree.now)))


def _largest(page: Page) -> dict[str, object]:
    """The step that moved most money, if any did."""
    sizes = [abs(part) for part in page.total.parts]
    return {"highlight": [sizes.index(max(sizes)) + 1]} if max(sizes) else {}


def _notes(page: Page) -> tuple[Note, ...]:
    spans = {"span": named(page.tree.base.now), "before": named(page.tree.base.then)}
    event, name = page.tree.base.event, page.tree.base.name
    joined = [Note(f"note.review.drivers.{name}", {"event": Arg(f"event.{event}", "label")})] if event else []
    spring = [Note("note.review.drivers.spring")] if page.tree.base.name == "spring" else []
    now, then = page.tree.promoted
    counts = {"a": Arg(now, "count"), "b": Arg(then, "count")}
    uneven = [Note("note.review.drivers.promoted", counts)] if now != then else []
    return Note("note.review.drivers.spans", spans), *joined, *spring, *uneven, *_people(page)


def _people(page: Page) -> tuple[Note, ...]:
    """Whether repeats across days are in the visitors, if there are any."""
    if "visitors" not in page.tree.effects:
        return ()
    once = all(shop.once for shop in page.tree.shops)
    return (Note("note.review.drivers.once" if once else "note.review.drivers.daily"),)


def _shops(page: Page) -> Table:
    """A row a shop with what each factor did there, and one for all of them."""
    factors = list(page.tree.effects)
    heads = [
        Column("shop", "text", "col.shop"),
        Column("then", ADDING, "col.sales_then"),
        Column("now", ADDING, "col.sales_now"),
    ]
    heads += [Column("change", ADDING, "col.change_money")]
    heads += [Column(f, ADDING, f"col.effect.{f}") for f in factors]
    rows = [_shop_row(page, shop, factors) for shop in page.tree.shops]
    total = page.total
    rows.append((_ALL, page.tree.before, page.tree.now, total.total, *total.parts))
    return Table(f"{page.key}.by_shop", tuple(heads), tuple(rows), {len(rows) - 1: "total"})


_ALL = [Arg("part.all", "label")]
"""The name of a last row; a list, because only lists hold what is worded by the catalogue in a column of names."""


def _shop_row(page: Page, shop: ShopTree, factors: Sequence[str]) -> tuple[object, ...]:
    shown = page.by_shop[shop.shop]
    effects = dict(zip(shop.effects, shown.parts, strict=True))
    parts = (effects.get(f) for f in factors)
    return (page.result.name(shop.shop), shop.before.amount, shop.now.amount, shown.total, *parts)


def _factors(page: Page) -> Table:
    """Visitors or buyers of an average day, conversion and revenue per buyer, then and now."""
    used = [f for f in LEVELS if any(f in shop.now.factors for shop in page.tree.shops)]
    heads = [Column("shop", "text", "col.shop")]
    heads += [Column(f"{f}_{end}", UNITS[f], f"col.{f}_{end}") for f in used for end in ("then", "now")]
    rows = [
        (page.result.name(shop.shop), *(level(page, shop, f, end) for f in used for end in ("then", "now")))
        for shop in page.tree.shops
        if set(used) & {*shop.now.factors}
    ]
    return Table(f"{page.key}.levels", tuple(heads), tuple(rows))


# ---- sources, items, categories --------------------------------------------------------------------------


def by_source(result: Result, one: Sources) -> Exhibit:
    """A row a source: visits, conversion, and its parts of the change; their sums in the last row."""
    columns = {"visits_then": "count", "visits_now": "count", "pay_cvr_then": "rate", "pay_cvr_now": "rate"}
    columns |= {"rate_part": "points+1", "mix_part": "points+1"}
    heads = [Column("source", "text", "col.source"), *(Column(n, u, f"col.{n}") for n, u in columns.items())]
    every = zip(one.names, one.visits, one.buyers, one.split.rates, one.split.mixes, strict=True)
    rows: list[tuple[object, ...]] = [
        (name, *visits, *(b / v if v else None for b, v in zip(buyers, visits, strict=True)), rate, part)
        for name, visits, buyers, rate, part in every
    ]
    sums = [sum(v[end] for v in one.visits) for end in (0, 1)]
    rows.append((_ALL, *sums, one.split.before, one.split.now, one.split.rate, one.split.mix))
    notes = (Note("note.review.drivers.sources", {"base": base_arg(one.base)}),)
    table = Table(f"{source_key(one)}.table", tuple(heads), tuple(rows), {len(rows) - 1: "total"})
    return Exhibit(source_key(one), "table", table, (source_key(one),), notes)


def by_part(one: Parts) -> Exhibit:
    """Items or categories that moved most, the rest in one row, and the sum."""
    shown = parted(one)
    heads = [Column("name", "text", f"col.by_{one.by}"), Column("then", "money", "col.sales_then")]
    heads += [Column("now", "money", "col.sales_now"), Column("change", "money", "col.change_money")]
    every = (*one.named, one.rest) if one.others else one.named
    rows = [(p.name or _REST, p.before, p.now, c) for p, c in zip(every, shown.parts, strict=True)]
    ends = [round(sum(getattr(part, end) for part in every), 2) for end in ("before", "now")]
    table = Table(f"{parts_key(one)}.table", tuple(heads), (*rows, (_ALL, *ends, shown.total)), {len(rows): "total"})
    note = Note(f"note.review.drivers.{one.source}")
    return Exhibit(parts_key(one), "table", table, (parts_key(one),), (note,))


_REST = [Arg("part.rest", "label")]
