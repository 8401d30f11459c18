"""Each shop's items, largest first; the matrix by field; the refunds that stand out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from kit.analyses.items.back import LEVEL
from kit.analyses.items.profit import Earned
from kit.analyses.items.sentences import KEY, NAMED, TOP, base, period, shop, unlike
from kit.analyses.items.sold import FIELDS, LEAST_UNITS, LINE, Item, Result, ShopItems
from kit.findings import Arg, Column, Exhibit, Finding, Note, Table

SHOWN = 14
"""Items on the page at most: those that bring most of the sales, and any that a finding names; one row for the rest."""
SOME = 0.001
"""Discount from which it is one: an amount worked out from price and number has none."""
COLUMNS = (
    ("title", "text"), ("amount", "money"), ("share", "ratio"), ("running", "ratio"), ("growth", "growth"),
    ("field", "label"), ("price", "price"), ("price_before", "price"), ("discount", "ratio"),
    ("discount_change", "points"),
)  # fmt: skip
MATRIX = (("field", "label"), ("items", "count"), ("share", "ratio"), ("largest", "text"))
REFUNDS = (
    ("title", "text"),
    ("rate", "rate"),
    ("low", "rate"),
    ("high", "rate"),
    ("usual", "rate"),
    ("lines", "count"),
)


PROFIT = (
    ("category", "text"),
    ("amount", "money"),
    ("profit", "money"),
    ("margin", "ratio"),
    ("margin_change", "points"),
    ("losing", "ratio"),
)


LIST = (
    ("title", "text"),
    ("shop", "text"),
    ("amount", "money"),
    ("share", "ratio"),
    ("growth", "growth"),
    ("price", "price"),
)
LISTED = 8
"""Items in the list over all shops."""


def exhibits(result: Result, found: Sequence[Finding]) -> Iterable[Exhibit]:
    if any(f.exhibit == TOP for f in found):
        yield _top(result)
    for one in result.shops:
        keys = {name: f"{KEY}.{one.shop}.{name}" for name in ("table", "matrix", "refunds", "profit")}
        under = {name: tuple(f.key for f in found if f.exhibit == key) for name, key in keys.items()}
        yield _table(result, one, keys["table"], under["table"])
        if under["matrix"]:
            yield _matrix(result, one, keys["matrix"], under["matrix"])
        if under["refunds"]:
            yield _refunds(result, one, keys["refunds"], under["refunds"])
        if under["profit"]:
            yield _profit(result, one, keys["profit"], under["profit"])


def _top(result: Result) -> Exhibit:
    """Over all shops: the items that sold most, their part of what items took, and how they moved."""
    every = result.top
    total, several = sum(item.now.amount for _, item in every), len(result.shops) > 1
    rows = [
        (
            i.title,
            shop(result, key).value if several else None,
            i.now.amount,
            i.now.amount / total,
            i.growth,
            i.now.price,
        )
        for key, i in every[:LISTED]
    ]
    about = {"period": period(result), "n": Arg(len(rows), "count"), "m": Arg(len(every), "count")}
    return Exhibit(TOP, "table", _stated(TOP, LIST, rows), (TOP,), (Note("note.review.items.top", about),))


def _stated(key: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> Table:
    """The columns that state anything."""
    kept = [n for n in range(len(columns)) if any(row[n] is not None for row in rows)]
    heads = tuple(Column(columns[n][0], columns[n][1], f"col.item.{columns[n][0]}") for n in kept)
    return Table(key, heads, tuple(tuple(row[n] for n in kept) for row in rows))


def _table(result: Result, one: ShopItems, key: str, findings: tuple[str, ...]) -> Exhibit:
    """A row an item that sold in either period; on the page the largest of them."""
    named = {item.code for group in unlike(one) for item in group}
    rows = [_row(item) for item in one.items]
    told = any(item.now.discount and abs(item.now.discount) > SOME for item in one.items)
    discounts = () if told else ("discount", "discount_change")
    kept = [
        n for n, (name, _) in enumerate(COLUMNS) if name not in discounts and any(row[n] is not None for row in rows)
    ]
    heads = tuple(Column(COLUMNS[n][0], COLUMNS[n][1], f"col.item.{COLUMNS[n][0]}") for n in kept)
    marks = {n: "own" for n, item in enumerate(one.items) if item.code in named}
    table = Table(key, heads, tuple(tuple(row[n] for n in kept) for row in rows), marks)
    shown = _shown(one, named)
    rest = _rest([item for n, item in enumerate(one.items) if n not in shown])
    options = {"shown": shown, "rest": [rest[n] for n in kept]} if rest else {}
    return Exhibit(key, "table", table, findings, tuple(_notes(result, one, len(shown))), options)


def _shown(one: ShopItems, named: Collection[str]) -> list[int]:
    """Positions of the items on the page; a single one more takes no more room than a row for the rest."""
    first = min(one.most, SHOWN)
    found = [n for n, item in enumerate(one.items) if n < first or item.code in named]
    return found if len(one.items) > max(len(found), SHOWN) + 1 else [*range(len(one.items))]


def _rest(items: Sequence[Item]) -> list[Any]:
    """The other items in a row: what they took, their part, and how it changed."""
    if not items:
        return []
    before = sum(item.before.amount for item in items if item.before)
    amount = sum(item.now.amount for item in items)
    growth = amount / before - 1 if before > 0 else None
    about = [[Arg("part.rest", "label")], amount, sum(item.share for item in items), items[-1].running, growth]
    return about + [None] * (len(COLUMNS) - len(about))


def _row(item: Item) -> list[Any]:
    now, before = item.now, item.before
    then = before.discount if before else None
    change = now.discount - then if now.discount is not None and then is not None else None
    field = f"matrix.{item.field}" if item.field else None
    prices = [now.price, before.price if before else None, now.discount, change]
    return [item.title, now.amount, item.share, item.running, item.growth, field, *prices]


def _notes(result: Result, one: ShopItems, shown: int) -> Iterable[Note]:
    """Source and period, what was left out, the matrix, and what a price is."""
    about = {"shop": shop(result, one.shop), "period": period(result), "n": Arg(shown, "count")}
    yield Note(f"note.review.items.{one.table}", about | {"m": Arg(len(one.items), "count")})
    if rest := len(one.items) - shown:
        yield Note("note.review.items.rest", {"n": Arg(rest, "count")})
    share = {"share": Arg(one.sold[one.most - 1].running, "ratio"), "m": Arg(len(one.sold), "count")}
    yield Note("note.review.items.pareto", share | {"n": Arg(one.most, "count")})
    if one.usual is None:
        yield Note("note.review.items.nobase")
        return
    yield Note("note.review.items.base", _usual(result, one))
    yield Note("note.review.items.unlike", {"min": Arg(LEAST_UNITS, "count"), "line": Arg(LINE, "index")})


def _matrix(result: Result, one: ShopItems, key: str, findings: tuple[str, ...]) -> Exhibit:
    """A row a field: how many items, their part of the sales, and the largest of them."""
    heads = tuple(Column(name, unit, f"col.item.{name}") for name, unit in MATRIX)
    rows = tuple(
        (f"matrix.{field}", len(items), sum(i.share for i in items), [i.title for i in items[:NAMED]])
        for field in FIELDS.values()
        if (items := one.of(field))
    )
    notes = (Note("note.review.items.matrix"), Note("note.review.items.base", _usual(result, one)))
    return Exhibit(key, "table", Table(key, heads, rows), findings, notes)


def _usual(result: Result, one: ShopItems) -> dict[str, Arg]:
    return {"base": base(result), "usual_s": Arg(one.usual, "growth")}


def _refunds(result: Result, one: ShopItems, key: str, findings: tuple[str, ...]) -> Exhibit:
    """The items that stand out, each beside the rate of all others."""
    heads = tuple(Column(name, unit, f"col.item.{name}") for name, unit in REFUNDS)
    out = [(i.title, i.refund) for i in one.items if i.refund and i.refund.stands_out]
    rows = tuple((title, r.rate, r.low, r.high, r.usual, r.lines) for title, r in out)
    note = Note("note.review.items.refunds", {"shop": shop(result, one.shop), "lvl": Arg(LEVEL, "level")})
    return Exhibit(key, "table", Table(key, heads, rows), findings, (note,))


def _profit(result: Result, one: ShopItems, key: str, findings: tuple[str, ...]) -> Exhibit:
    """A row a category, and the shop's in the last."""
    heads = tuple(Column(name, unit, f"col.item.{name}") for name, unit in PROFIT)
    rows = tuple(
        (e.name or [Arg("part.all", "label")], e.amount, e.profit, e.margin, _moved(e), e.losing) for e in one.earned
    )
    marks = {len(rows) - 1: "total"} if len(rows) > 1 else {}
    notes = [Note("note.review.items.profit", {"shop": shop(result, one.shop), "period": period(result)})]
    if any(e.before is not None for e in one.earned):
        notes.append(Note("note.review.items.profitbase", {"base": base(result)}))
    return Exhibit(key, "table", Table(key, heads, rows, marks), findings, tuple(notes))


def _moved(one: Earned) -> float | None:
    return None if one.margin is None or one.before is None else one.margin - one.before
