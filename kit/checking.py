"""What ``make check`` shows: the ledger, which months there are, what is left out, what is still to be downloaded."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from kit import download_list, downloads, graph, report, wanted, wording
from kit.client import Client
from kit.download_list import STOP, aligned
from kit.downloads import EVENTS
from kit.errors import WRONG_CALL, KitError, Problem, warning
from kit.store import Store
from kit.tables import INPUTS, TABLES, Table

SUBSIDY = {True: "in", False: "out", None: "unknown"}
WHOLE, PART, NONE = "■", "◧", "·"
"""A month with every day, with some, with none."""
MOST = 0.9
"""Things that happen need not happen every day: with this part of a month's days it is taken to be whole."""
NAMED = 3
"""Restated columns that a line names; all are counted."""
ASIDE = 12
"""Columns that nothing reads, named of one export."""
NAME = 80
"""Characters of a file's name that the ledger shows; the columns beside it stand where the longest ends."""


def lines(
    client: Client,
    store: Store,
    words: Any,
    asked: str = "",
    reports: Sequence[str] = (),
    today: dt.date | None = None,
) -> Iterator[str]:
    """Everything but the problems, line by line, in the language of ``words``.

    ``asked``: the period as typed; ``reports``: those wanted, by default all; ``today``: by default the client's.
    Raises ``KitError`` before the first line: no such report or period.
    """
    listed = list(to_download(client, store, words, asked, reports, today or wanted.today_of(client)))
    for section, made in (
        ("check.ledger", ledger(store, words)),
        ("check.aside", aside(store, words)),
        ("check.months", months(store, words)),
        ("check.meanings", meanings(store, words)),
        ("check.funnel", funnel(store, words)),
        ("check.open", opened(store, words)),
        ("check.excluded", excluded(store, words)),
    ):
        if made:
            yield words.label(section)
            yield from (f"  {line}" for line in made)
    yield from lacking(client, store, words)
    yield from listed


def ledger(store: Store, words: Any) -> list[str]:
    """A line per sheet: rows read, kept and dropped, days, money before and after, what a newer file restates.

    The sheets of a workbook that nobody has filled in yet are one line together."""
    blank = Counter(line["file"] for line in store.ledger if _blank(line))
    rows: list[list[str]] = []
    for line in store.ledger:
        if not _blank(line):
            rows += [] if line["ignored"] == "system_file" else [_entry(line, words)]
        elif n := blank.pop(line["file"], 0):
            rows.append([words.label("check.blank", file=line["file"], n=n)])
    return aligned(rows)


def _blank(line: dict[str, Any]) -> bool:
    """Whether it is a sheet for the consultant's own figures that holds none: its example row at most."""
    own = line["sheet"] is not None and line["table"] in INPUTS and not line["ignored"]
    return own and not line["rows_kept"] and set(line["dropped"]) <= {"example", "blank_row"}


def _entry(line: dict[str, Any], words: Any) -> list[str]:
    file = line["file"]
    file = file if len(file) <= NAME else f"{file[: NAME // 2]}…{file[-NAME // 2 :]}"
    name = f"{file} [{line['sheet']}]" if line["sheet"] else file
    if line["ignored"]:
        export = [line["title"][words.locale]] if line["title"] else []
        return [name, *export, words.label(f"ignored.{line['ignored']}")]
    if not line["table"]:
        return [name, words.label("ledger.ignored")]
    tables = [words.label(f"table.{t}") for t in (line["table"], *line["also"])]
    span = f"{line['start']}..{line['end']}" if line["start"] else ""
    rows = words.label("check.rows", n=f"{line['rows_read']:,}", kept=f"{line['rows_kept']:,}")
    return [name, words.listing(tables), span, rows, *_more(line, words)]


def _more(line: dict[str, Any], words: Any) -> list[str]:
    """What a line says beyond its rows, as one cell."""
    said = [words.label(f"ledger.{k}", n=v) for part in ("dropped", "flagged") for k, v in line[part].items()]
    amount = line["amount"]
    if amount and (amount["read"] or amount["kept"] or line["rows_kept"]):
        column = _name(TABLES[line["table"]].amount, line, words) or amount["column"]
        said.append(wording.amount(words, {**amount, "column": column}))
    for file, noted in line["restated"].items():
        said.append(words.label("check.restated", file=file, n=noted["records"], cols=_restated(line, noted, words)))
        if "from" in noted:
            facts = {"old": f"{noted['from']:,.2f}", "new": f"{noted['to']:,.2f}"}
            said.append(words.label("check.restated.amount", **facts))
    return [STOP[words.locale].join(said)] if said else []


def _restated(line: dict[str, Any], noted: dict[str, Any], words: Any) -> str:
    """The columns that a newer file restates: the first as the sheet or we call them, and how many there are."""
    columns = list(dict.fromkeys(noted["columns"]))
    named = [name for name in (_name(c, line, words) for c in columns) if name][:NAMED]
    if not named:
        return str(words.label("check.restated.count", n=len(columns)))
    listed = str(words.listing(named))
    if len(named) == len(columns):
        return listed
    return str(words.label("check.restated.among", cols=listed, n=len(columns)))


def _name(column: str | None, line: dict[str, Any], words: Any) -> str | None:
    """What a column is called: the main money column as the sheet does, one of ours by its label; None if it has none.

    The ledger calls the money by our name where the sheet has no header of its own for it."""
    stated = line["amount"]["column"] if line["amount"] and column == TABLES[line["table"]].amount else column
    if words.has(f"column.{stated}"):
        return str(words.label(f"column.{stated}"))
    return stated if stated != column else None


def aside(store: Store, words: Any) -> list[str]:
    """Columns that nothing reads, by the export whose files have them: a platform's new ones are among them."""
    found: dict[str, dict[str, None]] = {}
    for line in store.ledger:
        if line["ignored_columns"]:
            found.setdefault(line["title"][words.locale], {}).update(dict.fromkeys(line["ignored_columns"]))
    return [_unread(name, list(columns), words) for name, columns in found.items()]


def _unread(export: str, columns: list[str], words: Any) -> str:
    """The first columns by name; how many more there are."""
    cols, more = words.listing(columns[:ASIDE]), len(columns) - ASIDE
    key = "check.columns.more" if more > 0 else "check.columns"
    return str(words.label(key, export=export, cols=cols, **({"n": more} if more > 0 else {})))


def months(store: Store, words: Any) -> list[str]:
    """Per table, shop and year the twelve months: whole, in part, or none."""
    rows = []
    for entry in store.coverage:
        table = TABLES[entry["table"]]
        for year in range(int(entry["start"][:4]), int(entry["end"][:4]) + 1):
            marks = "".join(_mark(entry, year, month, table) for month in range(1, 13))
            names = [words.label(f"table.{table.name}"), words.label(f"platform.{entry['platform']}"), entry["shop"]]
            rows.append([*names, str(year), marks, f"{entry['start']}..{entry['end']}"])
    return [*aligned(rows), words.label("check.legend", whole=WHOLE, part=PART, none=NONE)] if rows else []


def _mark(entry: dict[str, Any], year: int, month: int, table: Table) -> str:
    days = entry["months"].get(f"{year}-{month:02d}", 0)
    if not days:
        return NONE
    return WHOLE if days >= _least(table) * calendar.monthrange(year, month)[1] else PART


def _least(table: Table) -> float:
    """The part of a month's days that make it whole; of what is a state or a month's figure, any day does."""
    if table.name in EVENTS:
        return MOST
    return 1.0 if table.spans or table.name.endswith(("_daily", "_period")) else 0.0


def excluded(store: Store, words: Any) -> list[str]:
    """What the consultant's exclusions take out, with both totals."""
    told = []
    for entry in store.excluded:
        money = {name: f"{entry[name]:,.2f}" for name in ("amount", "all", "kept")}
        what = {"shop": entry["shop"], "table": words.label(f"table.{entry['table']}"), "reason": entry["reason"]}
        told.append(words.label("check.left_out", n=entry["records"], **what, **money))
    return told


def meanings(store: Store, words: Any) -> list[str]:
    """Per shop when its platform counts presale and which orders wait for it, which amounts include subsidies, whether
    buyers can be told apart, and each tool's attribution window."""
    return aligned([_meaning(entry, words) for entry in store.meanings])


def _meaning(entry: dict[str, Any], words: Any) -> list[str]:
    said = [words.label(f"check.presale.{entry['presale'] or 'unknown'}"), *_staged(entry["staged"] or {}, words)]
    said.append(words.label(f"check.subsidy.{SUBSIDY[entry['subsidy']]}"))
    for included in (True, False):
        if names := [words.label(f"column.{c}") for c, so in entry["fixed"].items() if so is included]:
            said.append(words.label(f"check.subsidy.fixed.{SUBSIDY[included]}", cols=words.listing(names)))
    if entry["buyers"] is False:
        said.append(words.label("check.buyers.none"))
    for tool, days in entry["windows"].items():
        key = "check.window" if days else "check.window.unknown"
        name = words.label(f"tool.{tool}") if words.has(f"tool.{tool}") else tool
        said.append(words.label(key, tool=name, n=words.listing(map(str, days))))
    return [words.label(f"platform.{entry['platform']}"), entry["shop"], STOP[words.locale].join(said)]


def _staged(staged: dict[str, Any], words: Any) -> list[str]:
    """Presale orders, and what of them is not paid off or not known to be."""
    if not staged:
        return []
    money = {k: "—" if staged[k] is None else f"{staged[k]:,.2f}" for k in ("paid", "due")}
    said = [words.label("check.presale.orders", n=staged["orders"])]
    said += [words.label("check.presale.waiting", n=staged["waiting"], **money)] if staged["waiting"] else []
    return said + [words.label(f"check.presale.{k}", n=staged[k]) for k in ("lapsed", "untold") if staged[k]]


def funnel(store: Store, words: Any) -> list[str]:
    """Per shop and month which of its orders count as sales, and what was paid and refunded for those."""
    return aligned([_step(entry, words) for entry in store.funnel], right=3)


def _step(entry: dict[str, Any], words: Any) -> list[str]:
    counts = [words.label(f"check.funnel.{k}", n=f"{entry[k]:,}") for k in ("read", "unpaid", "excluded", "counted")]
    money = {k: "—" if entry[k] is None else f"{entry[k]:,.2f}" for k in ("amount", "refunded")}
    told = [words.label("check.funnel.amount", amount=money["amount"])]
    told.append(words.label("check.funnel.refunded", amount=money["refunded"]))
    return [words.label(f"platform.{entry['platform']}"), entry["shop"], entry["month"] or "—", *counts, *told]


def opened(store: Store, words: Any) -> list[str]:
    """Months whose refunds are not all in, with the share expected in the end."""
    return [_open(entry, words) for entry in store.open]


def _open(entry: dict[str, Any], words: Any) -> str:
    facts = {k: "—" if entry[k] is None else f"{entry[k]:.1%}" for k in ("refunded", "expected", "low", "high")}
    key = "check.refunds.open" if entry["expected"] is not None else "check.refunds.untold"
    key = "check.refunds.unknown" if entry["refunded"] is None else key
    return str(words.label(key, shop=entry["shop"], month=entry["month"], date=entry["as_of"], **facts))


def missing(client: Client, store: Store) -> dict[str, list[str]]:
    """By report the tables that it reads and no file has brought; reports that have all of theirs are left out."""
    there = {entry["table"] for entry in store.coverage}
    there |= {t for e in store.ledger if e["rows_kept"] for t in downloads.brought(e)}  # of faulty data no table is
    there |= {e["table"] for e in store.ledger if e["table"] in EVENTS}  # without a row: nothing happened
    reads = {name: report.reads(client, name) for name in report.names(client)}
    lacks = {name: [t for t in tables if t not in there and t not in INPUTS] for name, tables in reads.items()}
    return {name: tables for name, tables in lacks.items() if tables}


def lacking(client: Client, store: Store, words: Any) -> Iterator[str]:
    """``missing`` in words."""
    for name, absent in missing(client, store).items():
        tables = words.listing(words.label(f"table.{t}") for t in absent)
        yield words.label("check.lacks", report=download_list.report_name(name, words), tables=tables)


def to_download(
    client: Client, store: Store, words: Any, asked: str, reports: Sequence[str], today: dt.date
) -> Iterator[str]:
    """What to download for the reports of a period, most urgent first; of all reports, also what is in use anyway."""
    known, period = report.names(client), wanted.period_of(client, asked, today)
    if unknown := [name for name in graph.reports(reports) if name not in known]:
        raise KitError([report.unknown(name, known) for name in unknown], WRONG_CALL)
    names = graph.reports(graph.wanted(reports or known, known))
    wants = wanted.wants(client, store, period, names, today)
    going_on = wanted.Want(wanted.past(wanted.days(period.start, period.end), today)) if not reports else wanted.Want()
    found = downloads.missing(client, store, wants, going_on)
    yield from download_list.lines(client, store, words, found, period, today)


def needs(client: Client, words: Any) -> list[Problem]:
    """What client.toml lacks for a report: the report stops at it, but it is no reason to refuse the data."""
    return [
        warning("e.warn.needs", report=download_list.report_name(name, words), **fault.args)
        for name in report.names(client)
        for fault in report.needs(client, name)
    ]
