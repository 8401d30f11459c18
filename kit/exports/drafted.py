"""A draft of ``mapping.yml`` for a workbook of the agency's own, and what it would bring (``python -m kit map``).

Headings are known from the dictionaries of all exports and from what agencies call their figures; the table is the one
of which most are known. What is not known stands in the draft as a comment: nothing is guessed into a figure.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from kit.errors import KitError, Problem
from kit.exports import laid, mapping
from kit.exports.clean import ascii_forms
from kit.exports.dates import span
from kit.exports.dictionary import Export, exports, normal
from kit.exports.recognise import shown
from kit.exports.sheet import Row, Sheet, blank
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
LEAST = 3
"""Headings that are months or days from which a sheet lies wide, and known names from which a row is the headings."""
EXAMPLES = 3
WORDS = ("metric", "value_kind", "rival_kind")
"""Columns that are often the same in all of a sheet, and that nothing in it says."""
_UNIT = re.compile(r"[(\[【](?:单位[:：]?)?(%|千|百万|万|亿)(?:元|人|件|次)?[)\]】]$|/(万)元?$")
_YEAR = re.compile("20[0-9]{2}")


@dataclass(frozen=True)
class Draft:
    """An entry for a sheet: its text, and the records it would bring. ``told``: what stands in its way."""

    text: str
    header: Row = field(default_factory=list)
    examples: tuple[Row, ...] = ()
    records: int = 0
    told: tuple[Problem, ...] = ()


def drafts(sheets: Iterable[Sheet], file: str) -> list[Draft]:
    """An entry for each sheet in which anything is known. ``file``: the workbook's name."""
    made = (_of_sheet(sheet, file) for sheet in sheets if not sheet.hidden and not all(map(blank, sheet.rows)))
    return [one for one in made if one]


@dataclass(frozen=True)
class _Found:
    """What is known of a sheet under one row of headings."""

    heads: Row
    above: int
    table: Table
    at: Mapping[int, str]
    wide: tuple[int, ...]
    names: int | None
    rows: Mapping[str, str]

    @property
    def score(self) -> tuple[int, int]:
        return len({*self.at.values(), *self.rows.values()}) + bool(self.wide), -self.above


def _of_sheet(sheet: Sheet, file: str) -> Draft | None:
    found = [f for heads, above in laid.candidates(sheet.rows) if (f := _found(sheet, heads, above))]
    if not found:
        return None
    best = max(found, key=lambda f: f.score)
    text = _text(best, sheet, file)
    try:
        (entry,) = mapping.checked(text, mapping.FILE)
        got = laid.out(entry, sheet, shown(file), mapping.FILE).sheet
    except KitError as error:
        return Draft(text, told=tuple(error.problems))
    records = [row for row in got.rows[1:] if row]
    return Draft(text, got.rows[0], tuple(records[:EXAMPLES]), len(records))


def _found(sheet: Sheet, heads: Row, above: int) -> _Found | None:
    """The table of which these headings name most, if they name enough; what they are in it."""
    wide = tuple(p for p, h in enumerate(heads) if _dated(_low(h)))
    wide = wide if len(wide) >= LEAST else ()
    best: _Found | None = None
    for name, known in _known().items():
        at = _first(heads, known, {*wide})
        names, rows = _figures(sheet.rows[above:], known, {*wide, *at}) if wide else (None, {})
        if len(at) + len(rows) < (1 if wide else 2):
            continue
        one = _Found(heads, above, TABLES[name], at, wide, names, rows)
        if _enough(one) and (best is None or one.score > best.score):
            best = one
    return best


def _first(heads: Row, known: Mapping[str, str], taken: set[int]) -> dict[int, str]:
    """Each column of the table once, at the first heading that means it."""
    at: dict[int, str] = {}
    for place, head in enumerate(heads):
        to = known.get(normal(bare(head))) or known.get(normal(bare(head).rsplit("/", 1)[-1]))
        if to and place not in taken and to not in at.values():
            at[place] = to
    return at


def _figures(body: list[Row], known: Mapping[str, str], taken: set[int]) -> tuple[int | None, dict[str, str]]:
    """The column in which figures' names stand below each other, and what they are."""
    width = max(map(len, body), default=0)
    best: tuple[int | None, dict[str, str]] = (None, {})
    for place in (p for p in range(min(width, 4)) if p not in taken):
        said = {
            row[place].strip(): to for row in body if place < len(row) and (to := known.get(normal(bare(row[place]))))
        }
        if len(said) > max(1, len(best[1])):
            best = (place, said)
    return best


def _enough(found: _Found) -> bool:
    """Whether a record could be made: what the plain sheet of its table cannot do without."""
    brought = {*found.at.values(), *found.rows.values(), *_stated(found)}
    plain = _plain(found.table.name)
    if found.wide:
        if (found.table.field(_time(found.table)).type == "month") != _months(found):
            return False
        brought |= {_time(found.table), *(() if found.rows else _values(found.table)[:1])}
    return plain is not None and all(brought & {*need.split("|")} for need in plain.required)


def _stated(found: _Found) -> list[str]:
    """What a sheet of figures does not say of itself and the plain sheet of its table asks for: a word for all rows."""
    said = {*found.at.values(), *found.rows.values()}
    return [f.name for f in found.table.fields if f.words and f.name in WORDS and f.name not in said]


def _months(found: _Found) -> bool:
    """Whether the headings that are dates are months."""
    first = found.heads[found.wide[0]]
    text = laid.dated(_low(first), 2024, None)
    ends = span(ascii_forms(text).strip())
    return ends is not None and ends[0] != ends[1]


def _low(head: str) -> str:
    return head.rsplit("/", 1)[-1] if "月" in head else head


def _text(found: _Found, sheet: Sheet, file: str) -> str:
    """The entry as YAML; what is not known as comments."""
    name = PurePosixPath(file).name
    lines = [f"- file: {_quoted(name)}"]
    lines += [f"  sheet: {_quoted(sheet.name)}"] if sheet.name else []
    lines.append(f"  table: {found.table.name}")
    if found.at:
        lines.append("  columns:")
        lines += [f"    {_quoted(found.heads[p])}: {_target(found.heads[p], to)}" for p, to in found.at.items()]
    if found.wide:
        own = [found.heads[p] for p in found.wide]
        said = {"headings": _pattern(own), "to": _time(found.table)}
        if not found.rows:
            said["value"] = _values(found.table)[0]
        lines.append("  wide: {" + ", ".join(f"{k}: {_quoted(v)}" for k, v in said.items()) + "}")
        lines += _years(own, f"{name} {sheet.name or ''}", sheet.rows[: found.above])
    if found.rows and found.names is not None:
        lines.append(f"  names: {_quoted(found.heads[found.names])}")
        lines.append("  rows:")
        lines += [f"    {_quoted(said)}: {_target(said, to)}" for said, to in found.rows.items()]
    if stated := _stated(found):
        lines.append("  constants:")
        lines += [f'    {to}: "?"  # {" / ".join(_words(found.table, to))}' for to in stated]
    used = {*found.at, *found.wide, found.names}
    lines += [f"  # {shown(h)}: ?" for p, h in enumerate(found.heads) if p not in used and h.strip()]
    return "\n".join(lines) + "\n"


def _words(table: Table, to: str) -> list[str]:
    """What may be said there, as the plain sheet of its table says it."""
    plain = _plain(table.name)
    return list(plain.words.get(to, {})) if plain else []


def _target(head: str, to: str) -> str:
    found = _UNIT.search(ascii_forms(head))
    return f"{{to: {to}, unit: {_quoted(found[1] or found[2])}}}" if found else to


def _years(heads: list[str], names: str, above: list[Row]) -> list[str]:
    """The year of headings that leave it out: the one that a name or a line above states, if it is but one."""
    if all(_YEAR.search(head) for head in heads):
        return []
    found = {*_YEAR.findall(names)} or {year for row in above for cell in row for year in _YEAR.findall(cell)}
    day = all(re.fullmatch("[0-9]{1,2}[日号]?", ascii_forms(head).strip()) for head in heads)
    year = found.pop() if len(found) == 1 else None
    lines = [f"  year: {year}" if year else "  # year: ?"]
    return lines + (["  month: sheet"] if day else [])


def _pattern(heads: list[str]) -> str:
    """A pattern of all of these headings, and of few others."""
    plain = [normal(h) for h in heads]
    for sign in ("月", "日", "号", "-", "/", "."):
        if all(sign in head for head in plain):
            return f"*{sign}*" if not all(head.endswith(sign) for head in plain) else f"*{sign}"
    return "[0-9]*"


def bare(head: str) -> str:
    """A heading without the unit that it names."""
    return _UNIT.sub("", ascii_forms(head)).strip()


def _dated(head: str) -> bool:
    """Whether a heading is a day or a month, with or without its year."""
    text = ascii_forms(head).strip()
    return bool(text) and (span(text) is not None or any(laid.dated(text, 2024, month) != text for month in (1, None)))


def _time(table: Table) -> str:
    return next(f.name for f in table.fields if f.type in laid.DATED and f.key)


def _values(table: Table) -> list[str]:
    """Its figures, money first."""
    return [
        f.name for kind in ("money", "number", "count", "people") for f in table.fields if f.type == kind and not f.made
    ]


@functools.cache
def _plain(table: str) -> Export | None:
    return next((e for e in exports() if e.generic and e.table.name == table), None)


@functools.cache
def _known() -> dict[str, dict[str, str]]:
    """By table what each heading means in it: the plain sheet's own first, then agencies', then the platforms'."""
    made: dict[str, dict[str, str]] = {}
    for name, table in TABLES.items():
        plain = _plain(name)
        if name in INPUTS or plain is None or not any(f.type in laid.DATED and f.key for f in table.fields):
            continue
        own = {normal(word): to for to, words in OWN.items() if to in table.columns for word in words}
        platforms = [e for e in exports() if e.table.name == name and not e.generic]
        named = {k: c.to for e in (*platforms, plain) for k, c in e.by_name.items() if not c.metric and not c.whole}
        made[name] = named | own | {normal(c.header): c.to for c in plain.columns}
    return made


def _quoted(text: Any) -> str:
    """A YAML scalar that is text whatever it looks like."""
    return json.dumps(str(text), ensure_ascii=False)


def printed(found: Iterable[Draft], words: Any) -> Iterable[str]:
    """The draft as lines of a file: entries, and below each as comments what it would bring."""
    for draft in found:
        yield draft.text.rstrip("\n")
        if draft.told:
            yield from (f"  # {words.problem(fault)}" for fault in draft.told)
            continue
        yield f"  # {words.label('say.map.brings', n=draft.records)}"
        yield from (f"  #   {' | '.join(map(shown, row))}" for row in (draft.header, *draft.examples))
