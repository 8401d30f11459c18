"""Whether a sheet of the agency's own can be a table: what it brings, and that its rows are no finer."""

from __future__ import annotations

from collections.abc import Iterable

from kit.exports import mapping, scale, short_dates, two_rows
from kit.exports.candidates import DATED as UNKNOWN_DATES
from kit.exports.dates import one_day, span
from kit.exports.dictionary import metrics_of, normal
from kit.exports.literals import ascii_forms
from kit.exports.own_found import Found, by_month, stated, time_of
from kit.exports.own_words import OWN

LEAST = 3
"""Cells of a column that are looked at."""
CATEGORIES = ("category_daily", "market_monthly", "market_daily")
"""Tables of categories: the shop's own, and those of the market."""
HISTORY = ("shop_daily", "rivals")
"""Tables that a sheet by month or week is drafted for, though platforms report them by day."""
MARKET = ("listings", "market_monthly", "rivals")
"""Tables of which vendors sell files that state their days in their names alone."""
COARSE = ("shop_daily", "market_daily", "market_monthly", "rivals")
"""Tables whose rows are of a shop, a category or a brand: of rows that are finer, each would pass for the whole."""
FINER = (
    *("商品id", "宝贝id", "商品编码", "sku", "skuid", "spu", "商品名称", "商品标题", "宝贝标题"),
    *("店铺", "店铺名称", "小店", "shop", "价格带", "价格段", "价格区间", "属性", "属性值", "功效", "规格", "人群"),
)
"""What tells rows of a brand or a category apart."""


def enough(found: Found) -> bool:
    """Whether a record could be made: what the plain sheet of its table cannot do without."""
    table, plain = found.table, mapping.plain(found.table.name)
    brought = {*found.at.values(), *found.unsure.values(), *found.rows.values(), *stated(found)}
    if plain is None or _finer(found, plain.without) or not _fits(found):
        return False
    time = time_of(table)
    if brought.intersection(metrics_of(table)):
        brought |= {"metric", "value"}
    if found.wide:
        months = table.field(time).type == "month"
        if months != by_month(found) and (months or table.name not in HISTORY):
            return False
        if found.years and time not in brought:
            return False
        brought |= {time}
        if not found.rows:  # which of its figures the cells are, the agency knows
            brought |= {f.name for f in table.fields if f.type in scale.FIGURES}
    elif plain.undated and table.name in MARKET and not any(map(UNKNOWN_DATES.search, _unused(found))):
        brought |= {time}
    return all(brought & {*need.split("|")} for need in plain.required)


def _finer(found: Found, without: Iterable[str]) -> bool:
    """Whether rows are of less than the table's: of items, of categories, of other shops."""
    if found.table.name not in COARSE:
        return False
    words = {*without, *(FINER if found.table.name != "shop_daily" else ())}
    words |= {*map(normal, OWN["category"])} if "category" not in found.table.columns else set()
    return any(head == word or (len(word) > 1 and head.endswith(word)) for head in _unused(found) for word in words)


def _fits(found: Found) -> bool:
    """Whether the cells of the dates are months where the table's are, days where it has days alone."""
    kind = found.table.field(time_of(found.table)).type
    places = [place for place, to in found.at.items() if to == time_of(found.table)]
    if found.wide or len(places) != 1 or found.table.spans:
        return True
    said = [ascii_forms(row[places[0]]).strip() for row in found.body if places[0] < len(row)]
    cells = [text for text in said if text][:LEAST]
    months = [short_dates.lacking(text, kind) == "" and span(text) != (one_day(text),) * 2 for text in cells]
    days = [day for text in cells if (day := one_day(text))]
    return all(day.day == 1 for day in days) if kind == "month" else not any(months) or kind == "time"


def whole_months(found: Found) -> bool:
    """Whether its dates are months."""
    if found.wide:
        return by_month(found)
    places = [place for place, to in found.at.items() if to == time_of(found.table)]
    cells = [ascii_forms(row[p]).strip() for p in places for row in found.body if p < len(row) and row[p].strip()]
    ends = span(short_dates.completed(cells[0], 2024, None, "month")) if cells else None
    return len(places) > 1 or (ends is not None and ends[0] != ends[1])


def _unused(found: Found) -> set[str]:
    """The headings that are none of the table's columns."""
    used = {*found.at, *found.unsure, *found.wide, found.names, found.value}
    return {lower(head) for p, head in enumerate(found.heads) if p not in used and head.strip()}


def lower(head: str) -> str:
    """The lower part of a heading as it is matched, without its unit."""
    return normal(scale.bare(two_rows.parts(head)[-1]))
