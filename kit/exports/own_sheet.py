"""What is known of a sheet of the agency's own: which table it is, and which heading is which of its columns.

Headings are known from the dictionaries of all exports and from what agencies call their figures; the table is the one
of which most are known. What could mean two things is neither.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import replace

from kit.exports import date_parts, mapping, scale, short_dates, two_rows
from kit.exports.dictionary import exports, metrics_of, normal
from kit.exports.laid_records import DATED, kind_of
from kit.exports.literals import ascii_forms
from kit.exports.own_fit import CATEGORIES, HISTORY, enough, lower, whole_months
from kit.exports.own_found import Found, time_of
from kit.exports.own_words import OTHERS, OWN, VENDORS
from kit.exports.sheet import Row, Sheet
from kit.tables import INPUTS, TABLES, Table

WIDE = 3
"""Headings that are months or days from which a sheet lies wide."""
YEARS = 2
"""Headings that are years, or dates over figures, that are enough."""
VALUES = ("数值", "值", "指标值", "value", "values")
"""What a column is called of which another says what its figures are."""
ITEMS_SHOP = "rival_shop"
"""Whose a rival's item is: beside a brand it tells parts of the brand's sales apart."""
ROWS = ("行标签", "rowlabels")
"""What a pivot table calls the column of its rows."""
_PIVOT = re.compile("^(?:求和项|sumof)[:：]?")
_COMPARED = re.compile(
    "去年|上年|同期|同比|环比|上月|上周|昨日|上期|目标|预算|预估|预测|累计|(?:last|previous) year|target|budget"
)
"""Above a heading: its figures are no actual ones of these days."""


def under(sheet: Sheet, heads: Row, above: int) -> Found | None:
    """The table of which these headings name most, if they name enough; what they are in it."""
    body = sheet.rows[above:]
    named = [_of_dates(head, place, body) for place, head in enumerate(heads)]
    apart = date_parts.columns(heads, body)
    of_years = _years(heads, body)
    wide = tuple(p for p, h in enumerate(heads) if short_dates.dated(two_rows.parts(h)))
    wide = wide if len(wide) >= WIDE else of_years if not apart else ()
    fitting: list[Found] = []
    of_others = any(lower(head) in OTHERS for head in heads)
    for name, known in sorted(_known().items(), key=lambda item: item[0] != HISTORY[0]):
        table = TABLES[name]
        if of_others and not {"brand", "rival"} & {*table.columns}:
            continue
        crossed = _crossed(heads, known, table)
        over, rows = crossed if crossed else (wide, {})
        time = time_of(table)
        times = {word for word, to in known.items() if over and over != of_years and to == time}
        words = {w: to for w, to in known.items() if w not in times}
        at, unsure = _meant(named, name, words, {*over, *apart})
        at |= dict.fromkeys(apart, time) if not over else {}
        names = value = None
        if over and not crossed:
            names, rows = _figures(body, known, {*over, *at})
        elif not over and (values := [p for p, head in enumerate(heads) if normal(head) in VALUES and p not in at]):
            names, rows = _figures(body, known, {*at, *values})
            value = values[0] if rows else None
        if len(at) + len(unsure) + len(rows) < (1 if over else 2):
            continue
        one = Found(
            sheet, heads, above, table, dict(sorted(at.items())), unsure, over, names, rows, value, bool(crossed)
        )
        if enough(one):
            fitting.append(one)
    best = max(fitting, key=lambda one: one.score, default=None)
    if best and best.table.name in CATEGORIES:  # the shop's own, or the market's? A platform has its own by day
        other = [one for one in fitting if one.table.name in CATEGORIES and one.table is not best.table]
        if best.table.name == CATEGORIES[0] and other and whole_months(best):
            best, other = other[0], [best]
        return replace(best, other=other[0].table.name if other else "")
    return best


def _of_dates(head: str, place: int, body: list[Row]) -> str:
    """A heading; of a column without one, or which a pivot table names, what it is if its cells are dates."""
    if head.strip() and normal(head) not in ROWS:
        return _PIVOT.sub("", head)
    cells = [row[place] for row in body if place < len(row) and row[place].strip()]
    dates = len(cells) > 1 and all(short_dates.dated([cell]) and not cell.isdigit() for cell in cells[:2])
    return "日期" if dates else head


def _crossed(heads: Row, known: Mapping[str, str], table: Table) -> tuple[tuple[int, ...], dict[str, str]] | None:
    """Where figures' names and dates stand over each other, and which figures these are: of those that mean one column
    of the table none; None if no figure has several dates."""
    found: dict[str, dict[int, str]] = {}
    for place, head in enumerate(heads):
        for name, date in two_rows.splits(head):
            to = known.get(normal(scale.bare(name)))
            bare = ascii_forms(date).strip().isdigit()  # of a record, as likely as not
            if to and kind_of(table, to) in scale.FIGURES and short_dates.dated([date]) and not bare:
                found.setdefault(name, {})[place] = date
    found = {name: dates for name, dates in found.items() if len({*dates.values()}) >= YEARS}
    rows = {name: known[normal(scale.bare(name))] for name in found}
    rows = {name: to for name, to in rows.items() if [*rows.values()].count(to) == 1}
    return (tuple(sorted(place for name in rows for place in found[name])), rows) if rows else None


def _years(heads: Row, body: list[Row]) -> tuple[int, ...]:
    """Headings that are years, each over a column of its own."""
    found = [place for place, head in enumerate(heads) if date_parts.only_year(two_rows.parts(head)[-1])]
    if len(found) < YEARS:
        return ()
    reach = [p for p in range(found[0], found[-1] + 2) if p < len(heads) and not heads[p].strip()]
    merged = any(row[p].strip() for p in reach for row in body if p < len(row))
    return () if merged else tuple(found)


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


@functools.cache
def _known() -> dict[str, dict[str, str]]:
    """By table what each heading means in it: the plain sheet's own first, then agencies', then the platforms'."""
    made: dict[str, dict[str, str]] = {}
    for name, table in TABLES.items():
        plain = mapping.plain(name)
        if name in INPUTS or plain is None or not any(f.type in DATED and f.key for f in table.fields):
            continue
        metrics = metrics_of(table)
        own = {normal(word): to for to, words in OWN.items() if to in (*table.columns, *metrics) for word in words}
        if metrics:
            said = {normal(word): to for word, to in plain.words.get("metric", {}).items()}
            own |= said | {normal(word): to for to, words in VENDORS.items() if to in metrics for word in words}
        own |= dict.fromkeys(short_dates.PERIODS if name in HISTORY else (), "date")
        platforms = [e for e in exports() if e.table.name == name and not e.generic]
        named = {k: c.to for e in (*platforms, plain) for k, c in e.by_name.items() if not c.metric and not c.whole}
        made[name] = (
            {k: to for k, to in named.items() if to != ITEMS_SHOP}
            | own
            | {normal(c.header): c.to for c in plain.columns if not c.metric}
        )
    return made
