"""Which export a sheet is: by the names in its header, whatever their order and whatever stands beside them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from kit.errors import KitError, Problem, problem
from kit.exports.clean import scrub
from kit.exports.dictionary import Column, Export, exports, normal
from kit.exports.sheet import Row

SCANNED = 30
"""Rows from the top in which the header is looked for; the longest preamble known is 24 rows."""
NEAR = 0.5
"""The part of its required columns from which an export is named as a near one."""
LONGEST_NAME = 40
_UNIT = re.compile(r"\((?:元|¥|件|人|个|单|次|%|万|万元|亿元|千元)\)$")
_DATED = re.compile("^(?!.*(?:上架|发布)).*(?:日期|时间|月份|date|month)")
"""An unknown column of dates: whoever has one does not take its dates from the file's name."""
_SENSITIVE = re.compile(
    "收货人|收件人|联系人|姓名|手机|电话|联系方式|地址|旺旺|会员名|昵称|买家账号|下单账号|支付宝|身份证|证件"
    "|备注|留言|邮箱|微信号|qq号|操作人|子账号|物流单号|快递单号|运单号|phone|mobile|address|e-?mail|wechat|receiver|consignee"
)


@dataclass(frozen=True)
class Match:
    """A recognised sheet: the export, where its header lies (row from 0), and what each column of the sheet is.

    ``at``: position → column. ``ignored``: headers kept aside, ``dropped``: headers of personal columns.
    """

    export: Export
    row: int
    headers: tuple[str, ...]
    at: dict[int, Column]
    ignored: tuple[str, ...]
    dropped: tuple[str, ...]


@dataclass(frozen=True)
class _Candidate:
    """An export against one row: what was found, what is lacking, which headers forbid it."""

    export: Export
    row: int
    at: dict[int, Column]
    lacking: tuple[str, ...]
    forbidding: tuple[int, ...]

    @property
    def score(self) -> tuple[bool, int, int]:
        """A platform's own export before the plain one; then the most columns, then the topmost row."""
        return (not self.export.generic, len(self.at), -self.row)


def familiar(rows: list[Row]) -> int:
    """How many known names the best of the first rows has."""
    known = {name for export in exports() for name in export.by_name}
    return max((sum(normal(c) in known for c in row) for row in rows[:SCANNED]), default=0)


def recognise(rows: list[Row], file: str, *, tables: Iterable[str], hint: Hint) -> Match:
    """The export that ``rows`` are. ``tables``: those that may lie here.

    Raises ``KitError``: nothing matches (with the nearest exports and what is lacking), several match alike, the rows
    are finer than the table, a wanted column stands there twice, or the export is of another platform.
    """
    wanted = [e for e in exports() if e.table.name in tables and hint.table in (None, e.table.name)]
    found = [c for number, row in enumerate(rows[:SCANNED]) for c in _candidates(row, number, wanted)]
    whole = [c for c in found if not c.lacking and not c.forbidding]
    if hint.table:
        whole = [c for c in whole if hint.allows(c.export)]
    if not whole:
        raise KitError(_unmatched(found, rows, file, hint))
    best = _best(whole, file, hint)
    if not hint.allows(best.export):
        facts = {"export": best.export.name[hint.locale], "platform": hint.platform, "shop": hint.shop}
        raise KitError(problem("e.platform", file=file, **facts))
    return _match(best, rows[best.row], file)


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


def _candidates(row: Row, number: int, wanted: list[Export]) -> Iterable[_Candidate]:
    """Every export of which this row has at least two column names."""
    names = [normal(cell) for cell in row]
    for export in wanted:
        places: dict[str, list[tuple[int, Column]]] = {}
        for place, name in enumerate(names):
            column = export.by_name.get(name) or export.by_name.get(_UNIT.sub("", name))
            if name and column:
                places.setdefault(column.target, []).append((place, column))
        if len(places) < 2:
            continue
        order = export.columns.index
        first = [sorted(found, key=lambda pc: order(pc[1])) for found in places.values()]
        at = {place: column for (place, column), *_ in first}
        lacking = tuple(r for r in export.required if not any(part in places for part in r.split("|")))
        if export.undated and not any(_DATED.search(name) for p, name in enumerate(names) if p not in at):
            lacking = tuple(name for name in lacking if name != export.table.time)
        forbidding = tuple(p for p, name in enumerate(names) if name in export.without)
        yield _Candidate(export, number, at, lacking, forbidding)


def _best(whole: list[_Candidate], file: str, hint: Hint) -> _Candidate:
    """The candidate with the most columns; between equals the stem decides, then the shop's platform."""
    top = max(c.score[:2] for c in whole)
    equal = {c.export.id: c for c in sorted(whole, key=lambda c: -c.row) if c.score[:2] == top}
    for decides in (lambda e: e.table.name in hint.stem.lower(), lambda e: hint.platform in e.platforms, hint.allows):
        chosen = [c for c in equal.values() if decides(c.export)]
        if len(equal) > 1 and chosen:
            equal = {c.export.id: c for c in chosen}
    if len(equal) > 1:
        names = [c.export.name[hint.locale] for c in equal.values()]
        raise KitError(problem("e.ambiguous", file=file, exports=names, tables=_tables(equal.values())))
    return next(iter(equal.values()))


def _tables(candidates: Iterable[_Candidate]) -> str:
    return ", ".join(sorted({c.export.table.name for c in candidates}))


def _match(best: _Candidate, header: Row, file: str) -> Match:
    names = [normal(c) for c in header]
    twice = sorted({shown(header[place]) for place in best.at if names.count(names[place]) > 1})
    if twice:
        raise KitError([problem("e.twice", file=file, col=name) for name in twice])
    others = [c for place, c in enumerate(header) if place not in best.at and c.strip()]
    dropped = [c for c in others if normal(c) in best.export.personal or _SENSITIVE.search(normal(c))]
    ignored = [c for c in others if c not in dropped]
    return Match(best.export, best.row, tuple(header), best.at, tuple(map(shown, ignored)), tuple(map(shown, dropped)))


def shown(text: str) -> str:
    """A header or a cell as it may be shown: on one line, short, without personal data."""
    line = scrub(" ".join(text.split()))
    return line if len(line) <= LONGEST_NAME else line[: LONGEST_NAME - 1] + "…"


def _unmatched(found: list[_Candidate], rows: list[Row], file: str, hint: Hint) -> Problem:
    """Why nothing matches: rows too fine, the nearest exports and what they lack, or nothing near at all."""
    too_fine = [c for c in found if c.forbidding and not c.lacking]
    if too_fine:
        best = max(too_fine, key=lambda c: c.score)
        column = shown(rows[best.row][best.forbidding[0]])
        return problem("e.grain", file=file, export=best.export.name[hint.locale], col=column)
    near = [c for c in found if c.lacking and _share(c) >= NEAR and hint.allows(c.export)]
    near.sort(key=lambda c: (-_share(c), c.export.generic, len(c.lacking)))
    if not near:
        return problem("e.unknown", file=file)
    best = near[0]
    equal = [c for c in near if (_share(c), c.export.generic, c.row) == (_share(best), best.export.generic, best.row)]
    cols = [best.export.header_of(name) for name in best.lacking]
    facts = {"file": file, "cols": cols, "menu": best.export.menu[hint.locale]}
    if len({c.export.id for c in equal}) > 1:
        names = list(dict.fromkeys(c.export.name[hint.locale] for c in equal))[:3]
        return problem("e.unknown.near", file=file, near=names, cols=cols)
    facts["export"] = best.export.name[hint.locale]
    renamed = _renamed(cols, [c for p, c in enumerate(rows[best.row]) if p not in best.at and c.strip()])
    return problem("e.col.renamed", found=renamed, **facts) if renamed else problem("e.col", **facts)


def _share(candidate: _Candidate) -> float:
    """The part of the required columns that is there."""
    required = len(candidate.export.required)
    return (required - len(candidate.lacking)) / required


def _renamed(lacking: list[str], unused: list[str]) -> list[str]:
    """Headers of the file that may be a lacking column under another name."""
    names = [shown(u) for u in unused]
    return list(dict.fromkeys(n for col in lacking for n in difflib.get_close_matches(col, names, 1, 0.5)))
