"""A recognised sheet to records: one per row, or one per figure that a row states, and the wholes they are parts of."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kit import tables
from kit.client import Client
from kit.errors import KitError, Problem, problem, warning
from kit.exports import columns, further, meaning, period, scale, totals
from kit.exports.clean import HIDDEN, Cleaned, Context
from kit.exports.folder import Source
from kit.exports.pieces import Of, Piece, Taken, days
from kit.exports.recognise import Match, shown
from kit.exports.roll import LINE, differing, parts
from kit.exports.rows import Sifted, sift
from kit.exports.sheet import Sheet, blank
from kit.tables import INPUTS, TABLES, Table

if TYPE_CHECKING:
    import pandas as pd


_SHOP = re.compile("店|旗舰|专营|专卖|官方|自营|商城|store|shop|outlet", re.IGNORECASE)
RUN_ON = 0.6
"""Up to this part of the header's cells in the widest row, the header has more on its line than itself."""
VALUES = 3
"""As many headings that are amounts or moments say the same."""
_VALUE = re.compile(r"-?[0-9,]+\.[0-9]{2}|[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2} [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")
COUNTS = ("visitors", "pay_buyers", "cart_users", "favorite_users", "searchers", "pay_units")
"""Metrics that count people or pieces."""


def taken(sheet: Sheet, match: Match, source: Source, client: Client, context: Context, line: dict[str, Any]) -> Taken:
    """The records of a recognised sheet; fills ``line``. Raises ``KitError`` with every fault of the cells at once."""
    place = f"data/{client.slug}/{line['file']}"
    name = f"{place} [{sheet.name}]" if sheet.name else place
    line |= {"table": match.export.table.name, "export": match.export.id, "title": dict(match.export.name)}
    if runs_on(sheet, match):
        raise KitError(problem("e.header", file=name))
    if unsaid := scale.unsaid(sheet, match.row, match.headers, match.kinds):
        raise KitError(problem("e.scale", file=name, said=shown(unsaid[0]), cols=list(map(match.shown, unsaid[1]))))
    typed = match.export.table.name in INPUTS
    times = {at for at, kind in match.kinds.items() if kind in ("date", "time", "month")}
    sheet = sheet.counted_from_1900(match.row + 1, times)
    sifted = sift(sheet, match, typed=typed)
    match = further.settled(match, sifted, context) if match.export.table.further else match
    if not sifted.rows and not sifted.faulty and not typed:
        return _nothing(sifted, match, client, line, name)
    of = Of(sheet, match, sifted, source, client, context, line, name)
    made = read(of)
    made.problems += closing(of, made.pieces)
    if any(not p.warning for p in made.problems):
        raise KitError(made.problems)
    return made


def read(of: Of) -> Taken:
    """The records of the rows that were sifted. Raises ``KitError`` with every fault of the cells at once; what else is
    wrong is among the problems."""
    cells = columns.cleaned(of)
    problems = [*of.sifted.problems(of.name), *columns.unreadable(of, cells)]
    made = columns.columns(of, cells)
    problems += columns.dated(of, made)
    problems += columns.blank(of, made, cells)
    if problems:
        raise KitError(problems)
    return _records(of, made, cells)


def _nothing(sifted: Sifted, match: Match, client: Client, line: dict[str, Any], name: str) -> Taken:
    """An export without a record: nothing happened, as in a month without refunds. Raises ``KitError`` if a row was
    cut off, or states a sum of what is not there."""
    if not sifted.nothing:
        raise KitError(problem("e.empty", file=name))
    line["dropped"] = dict(sorted(sifted.dropped.items()))
    line["rows_read"] = sifted.dropped.total()
    return Taken(problems=[warning("e.warn.empty", file=name, export=match.export.name[client.locale])])


def runs_on(sheet: Sheet, match: Match) -> bool:
    """Whether the first record stands on the header's line, its end lost: then no row is nearly as wide, or headings
    are what cells are. Its cells must not be taken for the names of columns, and shown."""
    if sum(bool(_VALUE.fullmatch(head.strip())) for head in match.headers) >= VALUES:
        return True
    rows, most = sheet.rows[match.row + 1 :], RUN_ON * len(match.headers)
    return not any(len(row) > most and not blank(row) for row in rows) and not all(map(blank, rows))


def _records(of: Of, by_row: dict[str, pd.Series], cells: Mapping[int, Cleaned]) -> Taken:
    """Records from rows: one each, or one per metric that the row states; the wholes they are parts of."""
    import numpy as np
    import pandas as pd

    export, sifted = of.match.export, of.sifted
    every = pd.DataFrame(by_row, index=range(len(sifted)), copy=False)
    further.once(every, sifted)
    kept = np.ones(len(every), bool)
    kept[list(sifted.duplicates)] = False
    stated, every = every, every if kept.all() else every[kept]
    metrics = [c for c in every if c.startswith("metric:")]
    table, rows = _spanned(of, _melted(every, metrics) if metrics else every)
    numbers = np.asarray(sifted.numbers, dtype=np.int64)
    frame = _framed(table, rows)
    flags = _flags(of, cells) + meaning.adjust(table, frame, of.client.exports.not_goods)
    headers = {col.target: shown(of.match.headers[at]) for at, col in of.match.at.items()}
    piece = Piece(table, of.line, of.name, headers, frame, numbers[rows.index].tolist())
    of.line["table"] = table.name
    _count(of, piece, flags)
    totals.money(of, stated, every, frame)
    made = Taken([piece])
    if "window_days" in table.columns:
        made.problems += meaning.window(of, frame)
    if export.roll:
        made.pieces.append(_whole(of, piece, every, numbers))
    made.problems += [] if table.name == "orders" else meaning.broken(piece)  # of orders once all files are known
    made.problems += totals.gaps(of, cells)
    known = {name for shop in of.client.shops.values() for name in shop.names}
    named = {name.strip() for at in of.match.shops for name in sifted.distinct(at)} - {""}
    made.shops = sorted({name if name in known else _shop_like(name) for name in named})
    return made


def closing(of: Of, pieces: list[Piece]) -> list[Problem]:
    """What is to be said of a sheet once all its rows are counted in its line; its pieces get their stamp."""
    _stamp(of, pieces[0])
    for whole in pieces[1:]:
        whole.stamp, whole.stamped = pieces[0].stamp, pieces[0].stamped
    told = [*_outside(of), *_without_money(of)]
    if of.line["dropped"].get("truncated"):
        told.append(warning("e.warn.truncated", file=of.name))
    of.line.update(ignored_columns=list(of.match.ignored), dropped_columns=list(of.match.dropped))
    return told


def _shop_like(name: str) -> str:
    """The name of a shop nobody knows, if it reads like one; moved over from another column it could be a buyer's."""
    return shown(name) if _SHOP.search(name) else HIDDEN


def _whole(of: Of, piece: Piece, every: pd.DataFrame, numbers: Any) -> Piece:
    """The rows as parts of wholes, such as the lines of an order; ``combine`` puts the wholes together, as one may have
    parts in two files."""
    assert of.match.export.roll is not None
    table = of.match.export.roll.table
    faults = []
    for name, a, b in differing(of.match.export, every):
        target = name.rsplit(".", 1)[-1]
        facts = {"key": str(every.at[a, table.key[-1]]), "x": f"{every.at[a, name]:g}", "y": f"{every.at[b, name]:g}"}
        rows = {"row_a": int(numbers[a]), "row_b": int(numbers[b])}
        faults.append(problem("e.roll", file=of.name, col=piece.headers.get(target, target), **rows, **facts))
    if faults:
        raise KitError(faults)
    made = parts(of.match.export, every)
    frame = _framed(table, made).assign(**{LINE: made[LINE].to_numpy()})
    of.line["also"] = {table.name: int((~frame.duplicated(list(table.key))).sum())}
    return replace(piece, table=table, frame=frame, rows=numbers[made.index].tolist(), made=True)


def _melted(every: pd.DataFrame, metrics: list[str]) -> pd.DataFrame:
    """One record per metric that a row states, its value with the ends of its range."""
    import pandas as pd

    others = [c for c in every if c not in metrics]
    parts = [every[others].assign(_order=-1)] if "value" in others else []
    for order, name in enumerate(metrics):
        stated = every[every[name].notna()]
        counted = name.removeprefix("metric:") in COUNTS
        cells = [_middle(v, counted) for v in stated[name]]
        part = stated[others].assign(metric=name.removeprefix("metric:"), _order=order)
        parts.append(part.assign(**{to: [c[n] for c in cells] for n, to in enumerate(("low", "value", "high"))}))
    whole = pd.concat(parts)
    return (
        whole.assign(_row=whole.index).sort_values(["_row", "_order"], kind="stable").drop(columns=["_order", "_row"])
    )


def _middle(value: Any, counted: bool) -> tuple[Any, Any, Any]:
    """Low end, value and high end of a figure; of a range of counts the value is the geometric mean, as its platform's
    steps grow with the size."""
    if not isinstance(value, tuple):
        return None, value, None
    low, middle, high = value
    return low, (low * high) ** 0.5 if counted and low > 0 else middle, high


def _spanned(of: Of, rows: pd.DataFrame) -> tuple[Table, pd.DataFrame]:
    """The table of days, or its twin when the rows cover several days each; rows of both kinds are a fault."""
    table = of.match.export.table
    if table.periods is None:
        return table, rows
    time = str(table.time)
    if rows[time].dtype != "object":
        return table, rows
    long = rows[time].map(lambda v: isinstance(v, tuple)).to_numpy(bool)
    if not long.any():
        return table, rows
    if not long.all():
        at = of.match.places(time)
        raise KitError(problem("e.period.mixed", file=of.name, col=shown(of.match.headers[at[0]]) if at else time))
    ends = {"start": [v[0] for v in rows[time]], "end": [v[1] for v in rows[time]]}
    return table.periods, rows.drop(columns=[time]).assign(**ends)


def _framed(table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """The records with the table's columns and dtypes; ranges in their three columns, blanks of the key filled."""
    import pandas as pd

    rows = rows.reset_index(drop=True)
    made: dict[str, Any] = {c: rows[c] for c in rows if c in table.columns}
    for f in table.fields:
        if f.type == "interval" and f.name in made:
            cells = [v if isinstance(v, tuple) else (None, v, None) for v in made[f.name]]
            ends = {f.name: 1, f"{f.name}_low": 0, f"{f.name}_high": 2}
            made |= {to: pd.Series([c[n] for c in cells], index=rows.index, dtype="float64") for to, n in ends.items()}
    missing = functools.cache(lambda dtype: pd.Series(None, index=rows.index, dtype=dtype))  # one for all such columns
    types = {f.name: tables.DTYPES[f.type] for f in table.fields}
    filled = {name: pd.Series(made[name], index=rows.index, dtype=types[name]) for name in made}
    frame = pd.DataFrame({name: filled.get(name, missing(dtype)) for name, dtype in types.items()}, copy=False)
    for f in table.fields:
        if f.fill is not None:
            value = float(f.fill) if tables.DTYPES[f.type] == "float64" else f.fill
            frame[f.name] = frame[f.name].fillna(pd.Timestamp(f.fill) if f.type == "date" else value)
    return frame


def _flags(of: Of, cells: Mapping[int, Cleaned]) -> Counter[str]:
    """Rows by what must be said of them, counted as read: a duplicate that is dropped counts, too."""
    import pandas as pd

    flagged: Counter[str] = Counter()
    for at, col in of.match.at.items():
        for flag, rows in cells[at].flags.items():
            flagged[flag] += len(rows)
        told = None if col.whole else of.match.export.table.field(col.to).flag
        if told:
            flagged[told] += int(pd.isna(pd.Series(cells[at].values, dtype="object")).sum())
    del flagged["unreadable"]
    return flagged


def _count(of: Of, made: Piece, flagged: Counter[str]) -> None:
    """The ledger's figures: rows read are rows kept and rows dropped, each for one reason."""
    line, sifted = of.line, of.sifted
    kept = len(set(made.rows))
    rows, again = len(sifted), len(sifted.duplicates)
    if of.sheet.numbers:  # laid out anew: a row gives a record for each of its months
        every = set(sifted.numbers)
        own = {number for n, number in enumerate(sifted.numbers) if n not in sifted.duplicates}
        rows, again = len(every), len(every - own)
    dropped = sifted.dropped + Counter(duplicate=again)
    dropped["no_value"] = rows - again - kept
    line["dropped"] = {k: v for k, v in sorted(dropped.items()) if v}
    line["flagged"] = {k: v for k, v in sorted(flagged.items()) if v}
    line["rows_kept"] = kept
    line["rows_read"] = kept + sum(line["dropped"].values())
    first, last = days(made.table, made.frame)
    line["start"], line["end"] = first and first.isoformat(), last and last.isoformat()


def _stamp(of: Of, piece: Piece) -> None:
    """When the file was downloaded; if nothing says so, the day after its last: it cannot have been before."""
    last = dt.date.fromisoformat(of.line["end"]) if of.line["end"] else None
    found = period.downloaded(of.preamble, of.line["file"], of.said)
    if found is None and last and of.match.places(str(piece.table.time)):
        found = period.dated_name(of.line["file"], last)
    if found:
        piece.stamp, piece.stamped = found, True
    elif last:
        piece.stamp = dt.datetime.combine(last + dt.timedelta(1), dt.time())


def _without_money(of: Of) -> list[Problem]:
    """A warning if orders or refunds come without the money that their export can state."""
    export, amount = of.match.export, of.match.export.table.amount
    if export.table.name not in ("orders", "order_lines", "refunds") or of.line["amount"]:
        return []
    if all(c.to != amount for c in export.columns):
        return []
    header = export.header_of(str(amount))
    return [warning("e.warn.no_amount", file=of.name, col=header)]


def _outside(of: Of) -> list[Problem]:
    """A fault if something states what the file covers and its rows lie outside it. Orders and refunds are dated by
    several times, of which the file was chosen by one: only client.toml's word is held against them."""
    if not of.line["start"]:
        return []
    rows = dt.date.fromisoformat(of.line["start"]), dt.date.fromisoformat(of.line["end"])
    table = TABLES[of.line["table"]]
    reported = table.field(str(table.time)).key and table.name not in ("live_sessions", *INPUTS)
    above, name = (of.preamble, of.line["file"]) if reported else ([], "")
    return period.outside(rows, above, name, of.said, of.name, of.config)
