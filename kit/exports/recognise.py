"""Which export a sheet is: by the names in its header, whatever their order and whatever stands beside them."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from kit.errors import KitError, Problem, problem
from kit.exports.clean import scrub
from kit.exports.dictionary import Column, Export, exports, normal
from kit.exports.literals import visible
from kit.exports.sheet import Row

SCANNED = 30
"""Rows from the top in which the header is looked for; the longest preamble known is 24 rows."""
NEAR = 0.5
"""The part of its required columns from which an export is named as a near one."""
LONGEST_NAME = 40
UNIT = re.compile(r"\((?:元|¥|件|人|个|单|次|%|万|万元|亿元|千元)\)$")
DATED = re.compile("^(?!.*(?:上架|发布)).*(?:日期|时间|月份|date|month)")
"""An unknown column of dates: whoever has one does not take its dates from the file's name."""
_SENSITIVE = re.compile(
    "收货人|收件人|联系人|姓名|客户名称|手机|电话|联系方式|地址|旺旺|会员名|昵称|买家账号|下单账号|支付宝|身份证|证件"
    "|备注|留言|邮箱|微信号|qq号|操作人|子账号|物流单号|快递单号|运单号|phone|mobile|address|e-?mail|wechat|receiver|consignee"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Match:
    """A recognised sheet: the export, where its header lies (row from 0), and what each column of the sheet is.

    ``at``: position → column; ``variants``: further columns that say the same, in their order. ``shops``: positions
    that name a shop. ``ignored``: headers kept aside, ``dropped``: headers of personal columns. ``further``: positions
    of what its table may keep under a name of the file's own (``kit.exports.further``).
    """

    export: Export
    row: int
    headers: tuple[str, ...]
    at: dict[int, Column]
    ignored: tuple[str, ...]
    dropped: tuple[str, ...]
    variants: dict[int, Column]
    shops: tuple[int, ...]
    further: tuple[int, ...] = ()

    def shown(self, place: int) -> str:
        """The header of a column as it may be shown."""
        return shown(self.headers[place])

    def beside(self, headings: Iterable[str]) -> Match:
        """With further columns that stand in the file and are not read."""
        personal = [h for h in headings if _SENSITIVE.search(normal(h))]
        others = [h for h in headings if h not in personal]
        ignored, dropped = map(shown, others), map(shown, personal)
        return replace(self, ignored=(*self.ignored, *ignored), dropped=(*self.dropped, *dropped))

    def places(self, target: str) -> list[int]:
        """Every position that says what ``target`` is, the first listed first."""
        return [p for found in (self.at, self.variants) for p, c in found.items() if c.target == target]


@dataclass(frozen=True)
class _Candidate:
    """An export against one header: what was found, what is lacking, which headers forbid it."""

    export: Export
    header: Header
    at: dict[int, Column]
    variants: dict[int, Column]
    lacking: tuple[str, ...]
    forbidding: tuple[int, ...]

    @property
    def score(self) -> tuple[int, bool, int]:
        """The most columns; then a platform's own export before the plain one, then the topmost row."""
        return (len(self.at), not self.export.generic, -self.header.row)


@dataclass(frozen=True)
class Header:
    """A row that may be the header, or the lower of two that are it together.

    ``cells`` as shown; ``names`` as matched, a name over two rows as ``upper/lower`` beside its lower part alone.
    """

    row: int
    cells: Row
    names: list[tuple[str, ...]]


def headers(rows: list[Row]) -> Iterable[Header]:
    """Every header that may lie in the first rows: each row, and each pair of which the upper one has merged cells."""
    for number, row in enumerate(rows[:SCANNED]):
        yield Header(number, row, [(normal(cell),) for cell in row])
        below = rows[number + 1] if number + 1 < len(rows) else []
        if 1 < sum(bool(c.strip()) for c in row) < len(below) and any(c.strip() for c in below):
            yield _two_rows(number + 1, row, below)


def _two_rows(number: int, upper: Row, lower: Row) -> Header:
    """The header that two rows make: a group's name stands over its first column only, or over a single blank cell."""
    cells: Row = []
    names: list[tuple[str, ...]] = []
    group = ""
    for place, own in enumerate(lower):
        above = upper[place] if place < len(upper) else ""
        group = above if above.strip() else group
        cells.append(own if own.strip() else above)
        joined = f"{normal(group)}/{normal(own)}"
        names.append((joined, normal(own)) if own.strip() else (normal(above),))
    return Header(number, cells, names)


def familiar(rows: list[Row]) -> int:
    """How many known names the best of the first rows has."""
    known = _index()
    return max((sum(normal(c) in known for c in row) for row in rows[:SCANNED]), default=0)


@functools.cache
def _index() -> dict[str, list[tuple[Export, Column]]]:
    """Each known header with the exports that have it."""
    index: dict[str, list[tuple[Export, Column]]] = {}
    for export in exports():
        for name, column in export.by_name.items():
            index.setdefault(name, []).append((export, column))
    return index


def recognise(rows: list[Row], file: str, *, tables: Iterable[str], hint: Hint) -> Match:
    """The export that ``rows`` are. ``tables``: those that may lie here.

    Raises ``KitError``: nothing matches (with the nearest exports and what is lacking), several match alike, the rows
    are finer than the table, a wanted column stands there twice, or the export is of another platform.
    """
    wanted = {e.id: e for e in exports() if e.table.name in tables and hint.table in (None, *e.tables)}
    found = [c for header in headers(rows) for c in _candidates(header, wanted)]
    whole = [c for c in found if not c.lacking and not c.forbidding]
    if hint.table:
        whole = [c for c in whole if hint.allows(c.export)]
    if not whole:
        raise KitError(_unmatched(found, file, hint))
    best = _best(whole, file, hint)
    if rather := _rather(found, best, hint):
        other = {"other": best.export.name[hint.locale], "table": best.export.table.name}
        raise KitError(
            problem("e.rather", export=rather.export.name[hint.locale], **_facts(rather, file, hint), **other)
        )
    if not hint.allows(best.export):
        facts = {"export": best.export.name[hint.locale], "platform": hint.platform, "shop": hint.shop}
        raise KitError(problem("e.platform", file=file, **facts))
    return _match(best, file)


@dataclass(frozen=True)
class Hint:
    """What is known of a sheet beside its cells: the table that client.toml states, the file's stem, its shop."""

    locale: str
    table: str | None = None
    stem: str = ""
    shop: str = ""
    platform: str = ""

    def allows(self, export: Export) -> bool:
        return not export.platforms or not self.platform or self.platform in export.platforms


def _candidates(header: Header, wanted: dict[str, Export]) -> Iterable[_Candidate]:
    """Every export of which this header has at least two column names."""
    index = _index()
    found: dict[str, dict[int, Column]] = {}
    for place, names in enumerate(header.names):
        for name in names:
            for export, column in (*index.get(name, ()), *index.get(UNIT.sub("", name), ())):
                if name and export.id in wanted:
                    found.setdefault(export.id, {}).setdefault(place, column)
    for id, columns in found.items():
        export = wanted[id]
        places: dict[str, list[int]] = {}
        for place in sorted(columns, key=lambda p: export.order[columns[p].header]):
            places.setdefault(columns[place].target, []).append(place)
        if len(places) < 2:
            continue
        lacking = tuple(r for r in export.required if not any(part in places for part in r.split("|")))
        unknown = [name for p, (*_, name) in enumerate(header.names) if p not in columns]
        if export.undated and not any(map(DATED.search, unknown)):
            lacking = tuple(name for name in lacking if name != export.table.time)
        yield _Candidate(
            export,
            header,
            {first: columns[first] for first, *_ in places.values()},
            {place: columns[place] for _, *more in places.values() for place in more},
            lacking,
            tuple(p for p, names in enumerate(header.names) if export.without.intersection(names)),
        )


def _best(whole: list[_Candidate], file: str, hint: Hint) -> _Candidate:
    """The candidate that explains the most columns; between equals the stem decides, then the shop's platform."""
    top = max(c.score[:2] for c in whole)
    equal = {c.export.id: c for c in sorted(whole, key=lambda c: -c.header.row) if c.score[:2] == top}
    for decides in (lambda e: e.table.name in hint.stem.lower(), lambda e: hint.platform in e.platforms, hint.allows):
        chosen = [c for c in equal.values() if decides(c.export)]
        if len(equal) > 1 and chosen:
            equal = {c.export.id: c for c in chosen}
    if len(equal) > 1:
        names = [c.export.name[hint.locale] for c in equal.values()]
        raise KitError(problem("e.ambiguous", file=file, exports=names, tables=_tables(equal.values())))
    return next(iter(equal.values()))


def _rather(found: list[_Candidate], best: _Candidate, hint: Hint) -> _Candidate | None:
    """The export that the sheet is rather: it knows more of the columns than ``best`` does, and lacks what that one
    cannot do without. A refund report without its case numbers is no order report, one of items without their ids no
    shop's. The plain exports, which know a table's every column, take nothing from a platform's own."""
    if hint.table:
        return None
    near = [c for c in _near(found, hint) if not c.forbidding and c.export.generic <= best.export.generic]
    other = [c for c in near if _other_rows(c, best.export)]
    most = max(other, key=lambda c: c.score, default=None)
    return most if most and len(most.at) > len(best.at) else None


def _other_rows(candidate: _Candidate, export: Export) -> bool:
    """Whether its rows are not those of ``export``: of another table, or told apart by a column that is lacking."""
    table = candidate.export.table
    keys = {f.name for f in table.fields if f.key} - {table.time}
    return table.name != export.table.name or any(keys.intersection(n.split("|")) for n in candidate.lacking)


def _tables(candidates: Iterable[_Candidate]) -> str:
    return ", ".join(sorted({c.export.table.name for c in candidates}))


def _match(best: _Candidate, file: str) -> Match:
    header = best.header
    names = [found[-1] for found in header.names]
    used = best.at | best.variants
    twice = sorted({shown(header.cells[place]) for place in used if header.names.count(header.names[place]) > 1})
    if twice:
        raise KitError([problem("e.twice", file=file, col=name) for name in twice])
    shops = tuple(p for p, name in enumerate(names) if name in best.export.shop_name)
    others = [p for p, c in enumerate(header.cells) if p not in used and p not in shops and c.strip()]
    dropped = [p for p in others if names[p] in best.export.personal or _SENSITIVE.search(names[p])]
    others = [p for p in others if p not in dropped]
    keeps = bool(best.export.table.further)
    return Match(
        best.export,
        header.row,
        tuple(header.cells),
        best.at,
        () if keeps else tuple(shown(header.cells[p]) for p in others),
        tuple(shown(header.cells[p]) for p in dropped),
        best.variants,
        shops,
        tuple(others) if keeps else (),
    )


def shown(text: str) -> str:
    """A header or a cell as it may be shown: on one line, short, without personal data."""
    line = scrub(_CONTROL.sub("", visible(" ".join(text.split()))))
    return line if len(line) <= LONGEST_NAME else line[: LONGEST_NAME - 1] + "…"


def _unmatched(found: list[_Candidate], file: str, hint: Hint) -> Problem:
    """Why nothing matches: rows too fine, the nearest exports and what they lack, or nothing near at all."""
    near = _near(found, hint)
    too_fine = [c for c in found if c.forbidding and not c.lacking]
    best = max(too_fine, key=lambda c: c.score, default=None)
    # The plain exports know what forbids another one as a column of their own: one more is no sign of them.
    if best and not any(len(c.at) > len(best.at) + c.export.generic and not c.forbidding for c in near):
        column = shown(best.header.cells[best.forbidding[0]])
        return problem("e.grain", file=file, export=best.export.name[hint.locale], col=column)
    if not near:
        return problem("e.unknown", file=file)
    best = max(near, key=_nearness)
    equal = [c for c in near if _nearness(c) == _nearness(best) and c.header.row == best.header.row]
    facts = _facts(best, file, hint)
    cols = facts["cols"]
    if len({c.export.id for c in equal}) > 1:
        names = list(dict.fromkeys(c.export.name[hint.locale] for c in equal))[:3]
        return problem("e.unknown.near", file=file, near=names, cols=cols)
    facts["export"] = best.export.name[hint.locale]
    renamed = _renamed(cols, [c for p, c in enumerate(best.header.cells) if p not in best.at and c.strip()])
    return problem("e.col.renamed", found=renamed, **facts) if renamed else problem("e.col", **facts)


def _facts(lacking: _Candidate, file: str, hint: Hint) -> dict[str, Any]:
    """What is said of an export that lacks columns: which, and where it is downloaded."""
    cols = [lacking.export.header_of(name) for name in lacking.lacking]
    return {"file": file, "cols": cols, "menu": lacking.export.menu[hint.locale]}


def _share(candidate: _Candidate) -> float:
    """The part of the required columns that is there."""
    return 1 - len(candidate.lacking) / len(candidate.export.required)


def _near(found: list[_Candidate], hint: Hint) -> list[_Candidate]:
    """Those that only lack something."""
    return [c for c in found if c.lacking and _share(c) >= NEAR and hint.allows(c.export)]


def _nearness(candidate: _Candidate) -> tuple[bool, int, bool, int, float]:
    """Nothing that forbids it; the least that is lacking; a platform's own export before the plain one; the most
    columns, and the most of what is required."""
    lacking = -len(candidate.lacking)
    return not candidate.forbidding, lacking, not candidate.export.generic, len(candidate.at), _share(candidate)


def _renamed(lacking: list[str], unused: list[str]) -> list[str]:
    """Headers of the file that may be a lacking column under another name."""
    names = [shown(u) for u in unused]
    return list(dict.fromkeys(n for col in lacking for n in difflib.get_close_matches(col, names, 1, 0.5)))
