"""The columns of a recognised sheet: every cell read, or named as a fault."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from kit.errors import KitError, Problem, problem
from kit.exports import period, short_dates
from kit.exports.clean import HIDDEN, PLATFORM_NAMES, Cleaned, ascii_forms, column, reader
from kit.exports.dates import order_day
from kit.exports.dictionary import Column, Export
from kit.exports.pieces import Of
from kit.exports.recognise import shown
from kit.tables import DTYPES, Table

if TYPE_CHECKING:
    import pandas as pd

EXAMPLES = {
    "date": "2024-11-01",
    "month": "2024-11",
    "time": "2024-11-01 09:30:00",
    "money": "1234.50",
    "price": "129.00",
    "count": "1234",
    "people": "1234",
    "ratio": "2.35%",
    "number": "1234.5",
    "duration": "2分30秒",
    "interval": "75万 ~ 100万",
    "flag": "是 / 否",
    "id": "1234567890123456",
    "province": "广东",
}
"""A literal of each type, for the error about one that is not."""
SAID_AS = {"people": "count", "price": "money", "duration": "number", "key": "id", "province": "text", "stages": "text"}
"""Types whose errors read like another's."""

KEPT_DIGITS = 15
"""Digits of a number that a spreadsheet keeps."""
LONG_NUMBER = re.compile(r"(?<!\d)\d{9,}(?!\d)")
"""An identifier within a file's name; a date has fewer digits."""
MOMENT = re.compile(r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?")
"""When a file was downloaded, as platforms write it into its name: no identifier."""
FEW = 5
"""Identifiers of which all may end in zeros by chance."""
MANY = 12
"""Words beyond which an error names the nearest instead of all."""
_STATE = re.compile(
    "(?:买家|卖家|商家|平台|系统|仓库|客服|物流|用户|订单|交易|定金|尾款|货款|部分|全部|全额|等待|待|已|未|中|不|无需|被"
    "|付款|支付|发货|出库|配货|揽收|运输|派送|签收|收货|退款|退货|换货|补发|售后|申请|审核|审批|处理|受理|仲裁|评价"
    "|成功|失败|完成|完结|关闭|取消|撤销|拒绝|同意|驳回|超时|异常|暂停|挂起|冻结|锁定|结束|作废|有效|无效|确认"
    "|[，、（）()/-])+"
)
"""What reads like the state of an order: made of nothing but the words that states are made of. A name of two or three
characters may have one of them in it, and a remark many."""
_FIGURES = re.compile(
    r"(?!.*[0-9]{7})[0-9.,:/\s%¥￥元万亿年月日+*()~-]{1,30}|=[0-9A-Z+*/().:,-]{1,20}|#[A-Z0-9/]{2,8}[!?]?|[A-Za-z/.]{1,4}"
)
"""Figures, dates, formulas, errors of a spreadsheet, and words too short for an account."""


def cleaned(of: Of) -> dict[int, Cleaned]:
    """Every column that is read, by its position, row by row of those that are records."""
    return {at: _cleaned(of, at, col) for at, col in (of.match.at | of.match.variants).items()}


def _cleaned(of: Of, at: int, col: Column) -> Cleaned:
    header = of.match.headers[at]
    table = _table(of.match.export, col)
    read = reader(
        col.type,
        header,
        _words(of, col),
        dash_zero=col.dash_zero,
        part=col.part,
        context=of.context,
        spans=table.spans and col.to == table.time,
    )
    return column(of.sifted.column(at), read)


def _table(export: Export, col: Column) -> Table:
    """The table that a column is of: the rows' own, or that of the wholes they are parts of."""
    return export.roll.table if col.whole and export.roll else export.table


def _words(of: Of, col: Column) -> dict[str, str]:
    """Literal → word of a column: the canonical words themselves and those of the dictionary; a shop's names."""
    if col.to == "shop":
        return of.client.shop_words()
    export = of.match.export
    own = {word: word for word in _table(export, col).field(col.to).words}
    said = {ascii_forms(k): v for k, v in of.client.exports.words.items() if not own or v in own}
    return own | {ascii_forms(k): v for k, v in export.words.get(col.to, {}).items()} | said


def columns(of: Of, cells: Mapping[int, Cleaned]) -> dict[str, pd.Series]:
    """Columns by row: canonical ones, ``orders.x`` for those of the whole alone, ``metric:x`` for metrics. Raises
    ``KitError`` if the file's name must say something and does not.

    A variant fills what the one before leaves blank; what the export sets fills what no cell says.
    """
    import pandas as pd

    export, rows = of.match.export, range(len(of.sifted))
    made: dict[str, pd.Series] = {}
    for at, col in (of.match.at | of.match.variants).items():
        whole = f"{export.roll.table.name}." if col.whole and export.roll else ""
        key = f"metric:{col.metric}" if col.metric else f"{whole}{col.to}"
        own = _series(cells[at], rows, _dtype(export, col))
        if key in made and col.adds:
            made[key] = made[key].add(own, fill_value=0)
        else:
            made[key] = _filled(made.get(key), own)
    settings = dict(export.set)
    for col in of.match.at.values():
        settings |= col.set
    if of.source.shop:
        settings |= {"platform": of.source.shop.platform}
        made["shop"] = pd.Series(of.source.shop.key, index=rows, dtype="str")
    if "source" in export.table.columns:
        made["source"] = pd.Series(export.id, index=rows, dtype="str")
    for to, value in settings.items():
        made[to] = _filled(made.get(to), pd.Series(value, index=rows))
    for to, other in export.derive.items():
        source = other.removeprefix("order_day(").removesuffix(")")
        if source in made:
            made[to] = _filled(made.get(to), made[source] if source == other else _order_days(made[source]))
    if export.named and export.named not in made:
        made[export.named] = pd.Series(_named(of), index=rows, dtype="str")
    if "line_id" in export.derive and "order_id" in made:
        made["line_id"] = _counted(made["order_id"], made["line_id"])
    return made


def _named(of: Of) -> str:
    """What the file's name says: all of it, or the one long number in it where an identifier is meant.

    Raises ``KitError`` if it has none, or several."""
    if of.match.export.table.field(of.match.export.named).type != "id":
        return of.stem
    numbers = {n for n in LONG_NUMBER.findall(of.stem) if not MOMENT.fullmatch(n)}
    if len(numbers) != 1:
        raise KitError(problem("e.named", file=of.name, example=EXAMPLES["id"]))
    return numbers.pop()


def _counted(orders: pd.Series, lines: pd.Series) -> pd.Series:
    """Lines that go by their item: the second of one item in an order (a gift, say) is another line."""
    again = lines.groupby([orders, lines], sort=False).cumcount()
    return lines.where(again == 0, lines + "#" + (again + 1).astype(str))


def _order_days(ids: pd.Series) -> pd.Series:
    """The day on which each order was placed, at midnight: its number says no more."""
    import pandas as pd

    return pd.Series([None if id is None or id != id else order_day(id) for id in ids], dtype="datetime64[us]")


def _series(cleaned: Cleaned, rows: range, dtype: str) -> pd.Series:
    """A column as it was read; what covers several days or a range as pairs and triples."""
    import pandas as pd

    return pd.Series(
        cleaned.values if cleaned.ends else cleaned.data, index=rows, dtype=None if cleaned.ends else dtype
    )


def _filled(stated: pd.Series | None, other: pd.Series) -> pd.Series:
    return other if stated is None else stated.where(stated.notna(), other)


def _dtype(export: Export, col: Column) -> str:
    """How a column is held: a range as it was read, everything else as its table will have it."""
    return DTYPES[_table(export, col).field(col.to).type]


def dated(of: Of, made: dict[str, pd.Series]) -> list[Problem]:
    """Give the rows the file's own period where no column dates them, in place; what is wrong with it."""
    import pandas as pd

    table = of.match.export.table
    if table.time is None or not table.field(table.time).key or table.time in made:
        return []
    try:
        found = _period(of)
        value = period.as_value(found, table.field(table.time).type, of.name, table.spans)
    except KitError as error:
        return list(error.problems)
    made[table.time] = pd.Series([value] * len(of.sifted), dtype="object")
    return []


def _period(of: Of) -> period.Span:
    """The file's period; a stock file is of the moment it was downloaded if nothing else is said."""
    table = of.match.export.table
    try:
        return period.of_file(of.preamble, of.line["file"], of.said, of.name, of.config, table.spans)
    except KitError as error:
        made = period.downloaded(of.preamble, of.line["file"], of.said)
        if table.name != "inventory" or made is None or error.problems[0].id != "e.period":
            raise
        return made.date(), made.date()


def unreadable(of: Of, cells: Mapping[int, Cleaned]) -> Iterator[Problem]:
    """One fault per column: the first cell that cannot be read, and how many there are."""
    for at, col in (of.match.at | of.match.variants).items():
        rows = cells[at].flags.get("unreadable", []) or (_shortened(cells[at]) if col.type == "id" else [])
        if not len(rows):
            continue
        named = {"word": _words(of, col), "platform": PLATFORM_NAMES}.get(col.type)
        value = shown(of.sifted.cell(rows[0], at))
        if named is not None:
            near = difflib.get_close_matches(value, sorted(named), 3, 0.3) if len(named) > MANY else []
            facts = {"allowed": ", ".join(near or sorted(named))}
        else:
            facts = {"example": EXAMPLES.get(col.type, "")}
        # An account is never shown. Moved over from a personal column, a cell could be a name or an account: beside
        # such a column, or one that nobody knows, only figures, dates and what reads like a state are.
        personal = of.match.dropped or of.match.ignored or any(c.type == "key" for c in of.match.at.values())
        sayable = _FIGURES.fullmatch(value) or (col.type == "word" and _STATE.fullmatch(value))
        if col.type == "key" or (personal and not sayable):
            value = HIDDEN
        where = {"file": of.name, "row": of.sifted.numbers[rows[0]], "col": shown(of.match.headers[at]), "value": value}
        yield problem("e.value", code=_code(col.type, of.sifted.cell(rows[0], at)), n=len(rows), **where, **facts)


def _code(type: str, cell: str) -> str:
    """Which sentence an unreadable cell gets: one that says what to do about a formula or a date without its year, else
    that of the column's type."""
    if cell.startswith("="):
        return "formula"
    return "short" if type in ("date", "month", "time") and short_dates.lacking(cell, type) else SAID_AS.get(type, type)


def _shortened(cells: Cleaned) -> list[int]:
    """The rows of long identifiers, if every one of them ends in zeros after the fifteenth digit, as far as a
    spreadsheet keeps them: their own digits are lost."""
    long = []
    for row, id in enumerate(cells.data):
        if id and len(id) > KEPT_DIGITS and id.isdigit():
            if id[KEPT_DIGITS:].strip("0"):
                return []
            long.append(row)
    return long if len({cells.data[row] for row in long}) >= FEW else []


def blank(of: Of, made: Mapping[str, pd.Series], cells: Mapping[int, Cleaned]) -> Iterator[Problem]:
    """One fault per column that may not be blank and is; a cell that cannot be read is told elsewhere."""
    for wanted in of.match.export.table.fields:
        places = of.match.places(wanted.name)
        if wanted.blank or not places or wanted.name not in made:
            continue
        told = {row for at in places for row in cells[at].flags.get("unreadable", ())}
        empty = made[wanted.name].isna()
        rows = [i for i in empty.index[empty] if i not in told] if empty.any() else []
        if rows:
            col = shown(of.match.headers[places[0]])
            laid = {"code": "laid"} if of.sheet.numbers else {}
            yield problem("e.blank", file=of.name, row=of.sifted.numbers[rows[0]], col=col, n=len(rows), **laid)
