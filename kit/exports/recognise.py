"""Which export a sheet is: by the names in its header, whatever their order and whatever stands beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from kit.errors import KitError, problem
from kit.exports.candidates import DATED, SCANNED, UNIT, Candidate, Hint, candidates, familiar, headers, shown
from kit.exports.dictionary import Column, Export, exports, normal
from kit.exports.nearest import close, lacks, unmatched
from kit.exports.sheet import Row

__all__ = ["DATED", "SCANNED", "UNIT", "Hint", "Match", "familiar", "recognise", "shown"]

_SENSITIVE = re.compile(
    "收货人|收件人|联系人|姓名|客户名称|手机|电话|联系方式|地址|旺旺|会员名|昵称|买家账号|下单账号|支付宝|身份证|证件"
    "|备注|留言|邮箱|微信号|qq号|操作人|子账号|物流单号|快递单号|运单号|phone|mobile|address|e-?mail|wechat|receiver|consignee"
)


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

    @property
    def kinds(self) -> dict[int, str]:
        """The type of each column that is read, by its position."""
        return {at: col.type for at, col in (self.at | self.variants).items()}

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


def recognise(rows: list[Row], file: str, *, tables: Iterable[str], hint: Hint) -> Match:
    """The export that ``rows`` are. ``tables``: those that may lie here.

    Raises ``KitError``: nothing matches (with the nearest exports and what is lacking), several match alike, the rows
    are finer than the table, a wanted column stands there twice, or the export is of another platform.
    """
    wanted = {e.id: e for e in exports() if e.table.name in tables and hint.table in (None, *e.tables)}
    found = [c for header in headers(rows) for c in candidates(header, wanted)]
    whole = [c for c in found if not c.lacking and not c.forbidding]
    if hint.table:
        whole = [c for c in whole if hint.allows(c.export)]
    if not whole:
        raise KitError(unmatched(found, file, hint))
    best = _best(whole, file, hint)
    if rather := _rather(found, best, hint):
        other = {"other": best.export.name[hint.locale], "table": best.export.table.name}
        raise KitError(
            problem("e.rather", export=rather.export.name[hint.locale], **lacks(rather, file, hint), **other)
        )
    if not hint.allows(best.export):
        if own := [c for c in close(found, hint) if not c.forbidding and len(c.at) > len(best.at)]:
            raise KitError(unmatched(own, file, hint))  # of this shop after all, and lacking something
        facts = {"export": best.export.name[hint.locale], "platform": hint.platform, "shop": hint.shop}
        raise KitError(problem("e.platform", file=file, **facts))
    return _match(best, file)


def _best(whole: list[Candidate], file: str, hint: Hint) -> Candidate:
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


def _rather(found: list[Candidate], best: Candidate, hint: Hint) -> Candidate | None:
    """The export that the sheet is rather: it knows more of the columns than ``best`` does, and lacks what that one
    cannot do without. A refund report without its case numbers is no order report, one of items without their ids no
    shop's. The plain exports, which know a table's every column, take nothing from a platform's own."""
    if hint.table:
        return None
    near = [c for c in close(found, hint) if not c.forbidding and c.export.generic <= best.export.generic]
    other = [c for c in near if _other_rows(c, best.export)]
    most = max(other, key=lambda c: c.score, default=None)
    return most if most and len(most.at) > len(best.at) else None


def _other_rows(candidate: Candidate, export: Export) -> bool:
    """Whether its rows are not those of ``export``: of another table, or told apart by a column that is lacking."""
    table = candidate.export.table
    keys = {f.name for f in table.fields if f.key} - {table.time}
    return table.name != export.table.name or any(keys.intersection(n.split("|")) for n in candidate.lacking)


def _tables(candidates: Iterable[Candidate]) -> str:
    return ", ".join(sorted({c.export.table.name for c in candidates}))


def _twice(names: list[tuple[str, ...]], place: int, below: list[str], export: Export) -> bool:
    """Whether another column has the same heading; of two rows, what stands below ``去年`` as below ``今年``, unless
    the export knows it by both of its rows."""
    *above, own = names[place]
    return names.count(names[place]) > 1 or (bool(above) and above[0] not in export.by_name and below.count(own) > 1)


def _match(best: Candidate, file: str) -> Match:
    header = best.header
    names = [found[-1] for found in header.names]
    used = best.at | best.variants
    below = [name for p, (*_, name) in enumerate(header.names) if p in used]
    twice = sorted({shown(header.cells[p]) for p in used if _twice(header.names, p, below, best.export)})
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
