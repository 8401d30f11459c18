"""What is known of a sheet of the agency's own: which table it is, and which heading is which of its columns.

Headings are known from the dictionaries of all exports and from what agencies call their figures; the table is the one
of which most are known. What could mean two things is neither.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from kit.exports import laid, mapping, scale, short_dates, two_rows
from kit.exports.dates import span
from kit.exports.dictionary import exports, normal
from kit.exports.literals import ascii_forms
from kit.exports.sheet import Row, Sheet
from kit.tables import INPUTS, TABLES, Table

OWN = {
    "pay_amount": ("销售额", "成交额", "成交金额", "GMV", "支付GMV", "销售金额", "业绩", "sales"),
    "visitors": ("UV", "访客", "流量", "visitors"),
    "pageviews": ("PV", "浏览", "pageviews"),
    "pay_buyers": ("成交人数", "买家数", "支付人数", "成交买家数", "buyers"),
    "pay_orders": ("订单量", "订单数", "成交订单数", "orders"),
    "pay_units": ("销量", "件数", "成交件数", "销售件数", "units"),
    "refund_amount": ("退款额", "退款", "refunds"),
    "cart_users": ("加购", "加购数"),
    "spend": ("花费", "消耗", "推广费", "推广花费", "广告费", "spend"),
    "ad_gmv": ("广告成交", "推广成交", "推广成交金额"),
    "impressions": ("曝光", "展现", "展现量"),
    "clicks": ("点击", "点击量"),
    "brand": ("品牌", "brand"),
    "category": ("类目", "品类", "category"),
    "item_id": ("商品ID", "宝贝ID", "链接ID"),
    "date": ("日期", "date"),
    "month": ("月份", "month"),
}
"""What agencies call figures in sheets of their own, by canonical column."""
HISTORY = ("shop_daily", "rivals")
"""Tables that a sheet by month or week is drafted for, though platforms report them by day."""
OTHERS = frozenset(("品牌", "品牌名称", "竞品", "竞争对象", "brand", "rival"))
"""Headings of sheets about whole markets, which are nothing of the shop's own."""
LEAST = 3
"""Headings that are months or days from which a sheet lies wide, and known names from which a row is the headings."""
MONTHS = 12
WORDS = ("metric", "value_kind", "rival_kind", "tool", "breakdown")
"""Columns that are often the same in all of a sheet, and that nothing in it says."""
_COMPARED = re.compile(
    "去年|上年|同期|同比|环比|上月|上周|昨日|上期|目标|预算|预估|预测|累计|(?:last|previous) year|target|budget"
)
"""Above a heading: its figures are no actual ones of these days."""


@dataclass(frozen=True)
class Found:
    """What is known of a sheet under one row of headings. ``unsure``: several mean the same column of the table."""

    sheet: Sheet
    heads: Row
    above: int
    table: Table
    at: Mapping[int, str]
    unsure: Mapping[int, str]
    wide: tuple[int, ...]
    names: int | None
    rows: Mapping[str, str]

    @property
    def score(self) -> tuple[int, int, int]:
        """The most columns; then the row in which their units stand, too; then the topmost."""
        known = {*self.at.values(), *self.unsure.values(), *self.rows.values()}
        return len(known) + bool(self.wide), sum(scale.own(self.heads[p]) is not None for p in self.at), -self.above

    @property
    def body(self) -> list[Row]:
        return self.sheet.rows[self.above :]

    @functools.cached_property
    def unit(self) -> str | None:
        """What the sheet counts all of its amounts in."""
        figures = {p for p, to in self.at.items() if self.table.field(to).type in scale.FIGURES}
        beside = [h for p, h in enumerate(self.heads) if p not in figures and p not in self.wide]
        said = scale.of_all(self.sheet, self.above, beside)
        return said.unit if said and said.sure else None


def under(sheet: Sheet, heads: Row, above: int) -> Found | None:
    """The table of which these headings name most, if they name enough; what they are in it."""
    wide = tuple(p for p, h in enumerate(heads) if _dated(two_rows.parts(h)))
    wide = wide if len(wide) >= LEAST else ()
    best: Found | None = None
    of_others = any(normal(scale.bare(two_rows.parts(head)[-1])) in OTHERS for head in heads)
    for name, known in _known().items():
        if of_others and not {"brand", "rival"} & {*TABLES[name].columns}:
            continue
        times = {word for word, to in known.items() if wide and to == time_of(TABLES[name])}
        at, unsure = _meant(heads, name, {w: to for w, to in known.items() if w not in times}, {*wide})
        nameless = {place for place, head in enumerate(heads) if not head.strip()}  # the entry could not name it
        names, rows = _figures(sheet.rows[above:], known, {*wide, *at, *nameless}) if wide else (None, {})
        if len(at) + len(unsure) + len(rows) < (1 if wide else 2):
            continue
        one = Found(sheet, heads, above, TABLES[name], at, unsure, wide, names, rows)
        if _enough(one) and (best is None or one.score > best.score):
            best = one
    return best


def _meant(heads: Row, table: str, known: Mapping[str, str], taken: set[int]) -> tuple[dict[int, str], dict[int, str]]:
    """Where each column of the table stands: under its own name, else under the only one that means it, by its whole
    name before what stands below another. Beside these, where several mean it: which, nobody but the agency knows."""
    plain = mapping.plain(table)
    own = {name: c.to for name, c in plain.by_name.items() if name in known} if plain else {}
    found: dict[str, tuple[dict[int, str], ...]] = {}
    for place, head in enumerate(heads):
        bare = scale.bare(head)
        *above, low = two_rows.parts(bare)
        for rank, (names, text) in enumerate(((own, bare), (known, bare), (known, low))):
            to = names.get(normal(text))
            if to and place not in taken and (rank < 2 or not any(map(_COMPARED.search, above))):
                found.setdefault(to, ({}, {}, {}))[rank][place] = normal(head)
                break
    at: dict[int, str] = {}
    unsure: dict[int, str] = {}
    for to, ranks in found.items():
        best = next(places for places in ranks if places)
        if len({*best.values()}) == 1:  # of the same heading twice the sheet itself says whether they differ
            at[min(best)] = to
        else:
            unsure |= dict.fromkeys(best, to)
    return dict(sorted(at.items())), dict(sorted(unsure.items()))


def _figures(body: list[Row], known: Mapping[str, str], taken: set[int]) -> tuple[int | None, dict[str, str]]:
    """The column in which figures' names stand below each other, and what they are."""
    width = max(map(len, body), default=0)
    best: tuple[int | None, dict[str, str]] = (None, {})
    for place in (p for p in range(min(width, 4)) if p not in taken):
        said = {
            row[place].strip(): to
            for row in body
            if place < len(row) and (to := known.get(normal(scale.bare(row[place]))))
        }
        if len(said) > max(1, len(best[1])):
            best = (place, said)
    return best


def _enough(found: Found) -> bool:
    """Whether a record could be made: what the plain sheet of its table cannot do without."""
    brought = {*found.at.values(), *found.unsure.values(), *found.rows.values(), *stated(found)}
    plain = mapping.plain(found.table.name)
    if found.table.name == "shop_daily" and plain and plain.without.intersection(_unused(found)):
        return False  # rows of categories, items or sources: no shop's own
    if found.wide:
        months = found.table.field(time_of(found.table)).type == "month"
        if months != by_month(found) and (months or found.table.name not in HISTORY):
            return False
        brought |= {time_of(found.table)}
        if not found.rows:  # which of its figures the cells are, the agency knows
            brought |= {f.name for f in found.table.fields if f.type in scale.FIGURES}
    return plain is not None and all(brought & {*need.split("|")} for need in plain.required)


def _unused(found: Found) -> set[str]:
    """The headings that are none of the table's columns."""
    used = {*found.at, *found.unsure, *found.wide, found.names}
    return {normal(scale.bare(two_rows.parts(head)[-1])) for p, head in enumerate(found.heads) if p not in used}


def stated(found: Found) -> list[str]:
    """What a sheet of figures does not say of itself and the plain sheet of its table asks for: a word for all rows."""
    said = {*found.at.values(), *found.unsure.values(), *found.rows.values()}
    return [f.name for f in found.table.fields if f.type == "word" and f.name in WORDS and f.name not in said]


def by_month(found: Found) -> bool:
    """Whether the headings that are dates are months. Bare numbers are days if there are too many for months, or if
    what stands above them or the sheet's name is a month."""
    parts = [two_rows.parts(found.heads[p]) for p in found.wide]
    own = [ascii_forms(part[-1]).strip() for part in parts]
    if all(map(str.isdigit, own)) and max(map(len, own)) < 3:
        named = any("月" in upper for *above, _ in parts for upper in above) or short_dates.month_of(
            found.sheet.name or ""
        )
        return not named and max(map(int, own)) <= MONTHS
    dates = [short_dates.heading(part, 2024, None, "month") for part in parts]
    ends = span(dates[0])
    return short_dates.whole_months(dates) or (ends is not None and ends[0] != ends[1])


def _dated(parts: list[str]) -> bool:
    """Whether a heading is a day or a month, with or without its year. A number below something else is one only if
    that is its year or month."""
    *above, head = parts
    text = ascii_forms(head).strip()
    if text.isdigit() and above and not any("月" in upper or short_dates.years(upper) for upper in above):
        return False
    return bool(text) and (span(text) is not None or short_dates.completed(text, 2024, 1, "date") != text)


def time_of(table: Table) -> str:
    return next(f.name for f in table.fields if f.type in laid.DATED and f.key)


@functools.cache
def _known() -> dict[str, dict[str, str]]:
    """By table what each heading means in it: the plain sheet's own first, then agencies', then the platforms'."""
    made: dict[str, dict[str, str]] = {}
    for name, table in TABLES.items():
        plain = mapping.plain(name)
        if name in INPUTS or plain is None or not any(f.type in laid.DATED and f.key for f in table.fields):
            continue
        own = {normal(word): to for to, words in OWN.items() if to in table.columns for word in words}
        own |= dict.fromkeys(short_dates.PERIODS if name == "shop_daily" else (), "date")
        platforms = [e for e in exports() if e.table.name == name and not e.generic]
        named = {k: c.to for e in (*platforms, plain) for k, c in e.by_name.items() if not c.metric and not c.whole}
        made[name] = named | own | {normal(c.header): c.to for c in plain.columns}
    return made
