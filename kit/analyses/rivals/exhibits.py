"""The rivals' exhibits: the field, prices over time, cuts, main sellers, listings seen; and the two key figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from kit.analyses.rivals import war
from kit.analyses.rivals.field import Brand
from kit.analyses.rivals.page import LEVEL, Page
from kit.findings import Arg, Column, Exhibit, Finding, Kpi, Note, Table, plain
from kit.stats.price_moves import LEAST_ITEMS

Columns = tuple[tuple[str, str, Callable[[Brand], Any]], ...]
FIELD: Columns = (
    ("rank", "rank", lambda b: b.rank),
    ("brand", "text", lambda b: b.name),
    ("on_sale", "count", lambda b: b.listings),
    ("median_price", "price", lambda b: b.price),
    ("discount", "ratio", lambda b: b.discount),
    ("price_change", "growth", lambda b: 0.0 if b.change and abs(b.change) < LEVEL else b.change),
    ("sales_share", "ratio", lambda b: b.share),
    ("gained", "count", lambda b: b.gained),
    ("comments", "count", lambda b: b.comments),
)
MOVES: Columns = (
    ("brand", "text", lambda b: b.name),
    ("since", "date", lambda b: plain(b.moves.since) if b.moves else None),
    ("paired", "count", lambda b: b.moves.paired if b.moves else None),
    ("cut_items", "count", lambda b: b.moves.cut_items if b.moves else None),
    ("cut", "ratio", lambda b: b.moves.cut if b.moves else None),
    ("cut_part", "ratio", lambda b: b.moves.cut_part if b.moves else None),
    ("changed", "count", lambda b: b.moves.changed if b.moves else None),
    ("changed_median", "growth", lambda b: b.moves.changed_median if b.moves else None),
)
BEST: Columns = (
    ("brand", "text", lambda b: b.name),
    ("title", "text", lambda b: b.best.title if b.best else None),
    ("item_price", "price", lambda b: b.best.price if b.best else None),
    ("counter", "count", lambda b: b.best.sales if b.best else None),
)


def exhibits(page: Page, found: Sequence[Finding]) -> Iterable[Exhibit]:
    """The field first; the others where there is something to say under them."""
    left_out = {"price_change": not war.moved(page), "gained": not _gained(page), "comments": _gained(page)}
    columns = tuple(column for column in FIELD if not left_out.get(column[0]))
    yield _exhibit(page, "table", found, columns, page.shown(), tuple(_notes(page)))
    watched = war.followed(page)
    if watched:
        yield war.exhibit(page, watched, found)
    if page.cutters:
        own = (page.one.own,) if page.one.own and page.one.own.moves else ()
        least = {"cut": Arg(page.result.rule.cut, "level"), "n": Arg(LEAST_ITEMS, "count")}
        brands = (*(brand for brand, _ in page.cutters), *own)
        yield _exhibit(page, "moves", found, MOVES, brands, (Note("note.market.moves", page.args | least),))
    if any(f.key == f"{page.key}.best" for f in found):
        sold = tuple(b for b in page.shown() if b.best)
        yield _exhibit(page, "best", found, BEST, sold, (Note("note.market.best", page.args),))
    if page.one.drops:
        yield _counts(page)


def _exhibit(
    page: Page,
    name: str,
    found: Sequence[Finding],
    columns: Columns,
    brands: Sequence[Brand],
    notes: tuple[Note, ...],
) -> Exhibit:
    """A table of brands; columns that nobody fills are left out, the own row is marked."""
    key = f"{page.key}.{name}"
    rows = [[page.called(b) if name == "brand" else take(b) for name, _, take in columns] for b in brands]
    kept = [n for n in range(len(columns)) if any(row[n] is not None for row in rows)]
    heads = tuple(Column(columns[n][0], columns[n][1], f"col.{columns[n][0]}") for n in kept)
    marks = {n: "own" for n, brand in enumerate(brands) if brand.own}
    table = Table(f"{key}.rows", heads, tuple(tuple(row[n] for n in kept) for row in rows), marks)
    return Exhibit(key, "table", table, tuple(f.key for f in found if f.exhibit == key), notes)


def _gained(page: Page) -> bool:
    """Whether what brands gained in comments is known of half of them."""
    return 2 * sum(b.gained is not None for b in page.shown()) >= len(page.shown())


def _notes(page: Page) -> Iterable[Note]:
    """Source and meaning of the columns, and the reason for every kind of gap in them."""
    one, shown, args = page.one, page.shown(), page.args
    yield Note("note.market.rivals" if one.sales_kind and one.price_kind else "note.market.rivals.nosales", args)
    if one.price_kind and one.rivals_price is not None:
        yield Note("note.market.prices", args | {"rivals": Arg(one.rivals_price, "price")})
    if any(b.discount is not None for b in shown):
        yield Note("note.market.discount", args)
    if one.base and war.moved(page):
        yield Note("note.market.change", args | {"n": Arg(LEAST_ITEMS, "count")})
    if _gained(page):
        yield Note("note.market.gained", args | {"n": Arg(LEAST_ITEMS, "count")})
    gaps = {
        # of all brands, shown or not: else the page counts more brands than it ranks and does not say why
        "nosales": [b for b in one.brands if b.rank is None] if one.sales_kind and one.price_kind else [],
        "nokind": [b for b in shown if b.price is None] if one.price_kind else [],
        "nogain": [b for b in shown if b.gained is None and b.moves] if _gained(page) else [],
        "nopairs": [b for b in shown if b.change is None] if one.base and war.moved(page) else [],
    }
    for reason, brands in gaps.items():
        if brands:
            names = Arg([Arg(page.called(b), "text") for b in brands], "text")
            yield Note(f"note.market.gap.{reason}", args | {"names": names, "n": Arg(LEAST_ITEMS, "count")})


def _counts(page: Page) -> Exhibit:
    """Listings seen at each snapshot on either side of a drop."""
    key = f"{page.key}.counts"
    seen = {count.date: count for pair in page.one.drops for count in pair}
    heads = (
        Column("date", "date", "col.date"),
        Column("on_sale", "count", "col.on_sale"),
        Column("with_sales", "count", "col.with_sales"),
    )
    rows = tuple((plain(c.date), c.listings, c.with_sales) for _, c in sorted(seen.items()))
    return Exhibit(
        key,
        "table",
        Table(f"{key}.rows", heads, rows),
        (f"{page.key}.fewer",),
        (Note("note.market.counts", page.args),),
    )


def kpis(page: Page) -> Iterable[Kpi]:
    """The own rank among the ranked brands, and the own median price beside the rivals'."""
    own, one = page.one.own, page.one
    if own and own.rank is not None:
        yield Kpi(
            f"{page.key}.rank",
            "kpi.rank",
            Arg(own.rank, "rank"),
            (("kpi.rank.of", Arg(one.ranked, "count.brands")),),
        )
    if own and own.price is not None and one.rivals_price is not None:
        beside = (("kpi.price.rivals", Arg(one.rivals_price, "price")),)
        yield Kpi(f"{page.key}.price", f"kpi.price.{one.price_kind}", Arg(own.price, "price"), beside)
