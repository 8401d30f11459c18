"""A recognised sheet to records: every cell read, or named as a fault."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kit.client import Client
from kit.errors import KitError, Problem, problem
from kit.exports import period
from kit.exports.clean import HIDDEN, PLATFORM_NAMES, Cleaned, ascii_forms, column, reader
from kit.exports.dictionary import Column
from kit.exports.folder import Source
from kit.exports.recognise import Match, shown
from kit.exports.rows import Sifted, sift
from kit.exports.sheet import Sheet
from kit.tables import INPUTS, Field, Table

EXAMPLES = {
    "date": "2024-11-01",
    "month": "2024-11",
    "money": "1234.50",
    "count": "1234",
    "ratio": "2.35%",
    "number": "1234.5",
    "interval": "75万 ~ 100万",
    "id": "1234567890123456",
}
"""A literal of each type, for the error about one that is not."""

_NAME = re.compile("[\u4e00-\u9fff]{2}")


@dataclass
class Piece:
    """The records of one sheet: columns by canonical name, and the spreadsheet row of each record.

    ``line`` is the sheet's line in the ledger. It counts spreadsheet rows, of which one may give several records
    (a row of market indices) or none. ``name`` is how errors call the sheet, ``headers`` how the sheet calls a
    canonical column or metric.
    """

    table: Table
    line: dict[str, Any]
    name: str
    headers: dict[str, str]
    columns: dict[str, list[Any]] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)


def piece(sheet: Sheet, match: Match, source: Source, client: Client, line: dict[str, Any]) -> Piece:
    """The records of a recognised sheet; fills ``line``. Raises ``KitError`` with every fault of the cells at once."""
    table, place = match.export.table, f"data/{client.slug}/{line['file']}"
    name = f"{place} [{sheet.name}]" if sheet.name else place
    line |= {"table": table.name, "export": match.export.id}
    line |= {"ignored_columns": list(match.ignored), "dropped_columns": list(match.dropped)}
    sifted = sift(sheet, match, typed=table.name in INPUTS)
    if not sifted.rows and not sifted.faulty and table.name not in INPUTS:
        raise KitError(problem("e.empty", file=name))
    cleaned = {
        at: column([row[at] for row in sifted.rows], reader(col.type, match.headers[at], _words(match, col)))
        for at, col in match.at.items()
    }
    made = Piece(table, line, name, {col.target: shown(match.headers[at]) for at, col in match.at.items()})
    columns = _columns(match, cleaned, sifted, source)
    problems = [*sifted.problems(name), *_unreadable(name, match, cleaned, sifted)]
    said = client.files.get(line["file"]) or client.files.get(source.name)
    config = f"data/{client.slug}/client.toml"
    if table.time and table.time not in columns:
        try:
            found = period.of_file(sheet.rows[: match.row], line["file"], said, name, config)
            columns[table.time] = [period.as_value(found, table.field(table.time).type, name)] * len(sifted.rows)
        except KitError as error:
            problems += error.problems
    problems += _blank(name, table, match, columns, cleaned, sifted)
    _records(made, match, cleaned, columns, sifted.duplicates)
    made.rows = [sifted.numbers[i] for i in made.rows]
    _count(line, made, sifted, _flags(table, match, cleaned))
    if line["start"]:
        first, last = (dt.date.fromisoformat(line[end]) for end in ("start", "end"))
        problems += period.outside(first, last, said, name, config)
    if problems:
        raise KitError(problems)
    return made


def _words(match: Match, col: Column) -> dict[str, str]:
    """Literal → word of a column: the canonical words themselves and those of the dictionary."""
    own = {word: word for word in match.export.table.field(col.to).words}
    return own | {ascii_forms(k): v for k, v in match.export.words.get(col.to, {}).items()}


def _columns(match: Match, cleaned: Mapping[int, Cleaned], sifted: Sifted, source: Source) -> dict[str, list[Any]]:
    """Canonical columns by row; what the export sets fills what no cell says."""
    rows = len(sifted.rows)
    columns = {col.to: cleaned[at].values for at, col in match.at.items() if not col.metric}
    settings = dict(match.export.set)
    for col in match.at.values():
        settings |= col.set
    if source.shop:
        settings |= {"platform": source.shop.platform}
        columns["shop"] = [source.shop.key] * rows
    if "source" in match.export.table.columns:
        columns["source"] = [match.export.id] * rows
    for to, value in settings.items():
        columns[to] = [value if v is None else v for v in columns.get(to, [None] * rows)]
    return columns


def _unreadable(name: str, match: Match, cleaned: Mapping[int, Cleaned], sifted: Sifted) -> Iterator[Problem]:
    """One fault per column: the first cell that cannot be read, and how many there are."""
    for at, col in match.at.items():
        rows = cleaned[at].flags.get("unreadable", [])
        if not rows:
            continue
        named = {"word": _words(match, col), "platform": PLATFORM_NAMES}.get(col.type)
        facts = {"allowed": ", ".join(sorted(named))} if named is not None else {"example": EXAMPLES.get(col.type, "")}
        value = shown(sifted.rows[rows[0]][at])
        if match.dropped and _NAME.search(value):  # moved over from a personal column, it could be a name
            value = HIDDEN
        where = {"file": name, "row": sifted.numbers[rows[0]], "col": shown(match.headers[at]), "value": value}
        yield problem("e.value", code=col.type, n=len(rows), **where, **facts)


def _blank(
    name: str,
    table: Table,
    match: Match,
    columns: Mapping[str, list[Any]],
    cleaned: Mapping[int, Cleaned],
    sifted: Sifted,
) -> Iterator[Problem]:
    """One fault per column that may not be blank and is; a cell that cannot be read is told elsewhere."""
    places = {col.to: at for at, col in match.at.items() if not col.metric}
    for wanted in table.fields:
        if wanted.blank or wanted.name not in places:
            continue
        told = set(cleaned[places[wanted.name]].flags.get("unreadable", ()))
        rows = [i for i, v in enumerate(columns[wanted.name]) if v is None and i not in told]
        if rows:
            col = shown(match.headers[places[wanted.name]])
            yield problem("e.blank", file=name, row=sifted.numbers[rows[0]], col=col, n=len(rows))


def _records(
    made: Piece, match: Match, cleaned: Mapping[int, Cleaned], columns: dict[str, list[Any]], duplicates: set[int]
) -> None:
    """Records from rows: one each, or one per metric that the row states."""
    metrics = [(at, col) for at, col in match.at.items() if col.metric]
    count = len(next(iter(columns.values()), []))
    kept = [i for i in range(count) if i not in duplicates]
    if not metrics:
        made.rows = kept
        made.columns = {to: [values[i] for i in kept] for to, values in columns.items()}
        return
    stated = [(at, col, i) for i in kept for at, col in metrics if cleaned[at].values[i] is not None]
    made.rows = [i for _, _, i in stated]
    made.columns = {to: [values[i] for i in made.rows] for to, values in columns.items()}
    made.columns["metric"] = [col.metric for _, col, _ in stated]
    values = [cleaned[at].values[i] for at, _, i in stated]
    ranges = [v if isinstance(v, tuple) else (None, v, None) for v in values]
    made.columns |= {to: [r[n] for r in ranges] for n, to in enumerate(("low", "value", "high"))}


def _flags(table: Table, match: Match, cleaned: Mapping[int, Cleaned]) -> Counter[str]:
    """Rows by what must be said of them, counted as read: a duplicate that is dropped counts, too."""
    flagged: Counter[str] = Counter()
    for at, col in match.at.items():
        for flag, rows in cleaned[at].flags.items():
            flagged[flag] += len(rows)
        wanted: Field = table.field(col.to)
        if wanted.flag:
            flagged[wanted.flag] += sum(v is None for v in cleaned[at].values)
    del flagged["unreadable"]
    return flagged


def _count(line: dict[str, Any], made: Piece, sifted: Sifted, flagged: Counter[str]) -> None:
    """The ledger's figures: rows read are rows kept and rows dropped, each for one reason."""
    kept = len(set(made.rows))
    dropped = sifted.dropped + Counter(duplicate=len(sifted.duplicates))
    dropped["no_value"] = len(sifted.rows) - len(sifted.duplicates) - kept
    line["dropped"] = {k: v for k, v in sorted(dropped.items()) if v}
    line["flagged"] = {k: v for k, v in sorted(flagged.items()) if v}
    line["rows_kept"] = kept
    line["rows_read"] = kept + sum(line["dropped"].values())
    days: list[dt.date] = [d for d in made.columns.get(made.table.time or "", []) if d]
    if days:
        last = period.month_end(max(days)) if made.table.field(made.table.time or "").type == "month" else max(days)
        line["start"], line["end"] = min(days).isoformat(), last.isoformat()
