"""What ``make check`` shows: the ledger, which months there are, what is left out, what each report still lacks."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from typing import Any

from kit import report, wording
from kit.client import Client
from kit.store import Store
from kit.tables import INPUTS, TABLES

SUBSIDY = {True: "in", False: "out", None: "unknown"}
WHOLE, PART, NONE = "■", "◧", "·"
"""A month with every day, with some, with none."""


def lines(client: Client, store: Store, words: Any) -> Iterator[str]:
    """Everything but the problems, line by line, in the language of ``words``."""
    for section, made in (
        ("check.ledger", ledger(store, words)),
        ("check.aside", aside(store, words)),
        ("check.months", months(store, words)),
        ("check.meanings", meanings(store, words)),
        ("check.open", opened(store, words)),
        ("check.excluded", excluded(store, words)),
    ):
        if made:
            yield words.label(section)
            yield from (f"  {line}" for line in made)
    yield from lacking(client, store, words)


def ledger(store: Store, words: Any) -> list[str]:
    """A line per sheet: rows read, kept and dropped, days, money before and after, what a newer file restates."""
    return _aligned([_entry(e, words) for e in store.ledger if e["ignored"] != "system_file"])


def _entry(line: dict[str, Any], words: Any) -> list[str]:
    name = f"{line['file']} [{line['sheet']}]" if line["sheet"] else line["file"]
    if line["ignored"]:
        return [name, words.label(f"ignored.{line['ignored']}")]
    if not line["table"]:
        return [name, words.label("ledger.ignored")]
    tables = [words.label(f"table.{t}") for t in (line["table"], *line["also"])]
    span = f"{line['start']}..{line['end']}" if line["start"] else ""
    rows = words.label("check.rows", read=f"{line['rows_read']:,}", kept=f"{line['rows_kept']:,}")
    return [name, words.listing(tables), span, rows, *_more(line, words)]


def _more(line: dict[str, Any], words: Any) -> list[str]:
    """What a line says beyond its rows, as one cell."""
    said = [words.label(f"ledger.{k}", n=v) for part in ("dropped", "flagged") for k, v in line[part].items()]
    if amount := line["amount"]:
        said.append(wording.amount(words, amount))
    for file, noted in line["restated"].items():
        said.append(words.label("check.restated", file=file, n=noted["records"]))
        if "from" in noted:
            facts = {"old": f"{noted['from']:,.2f}", "new": f"{noted['to']:,.2f}"}
            said.append(words.label("check.restated.amount", **facts))
    return [words.listing(said)] if said else []


def aside(store: Store, words: Any) -> list[str]:
    """Columns that nothing reads, by the export whose files have them: a platform's new ones are among them."""
    found: dict[str, dict[str, None]] = {}
    for line in store.ledger:
        if line["ignored_columns"]:
            found.setdefault(line["title"][words.locale], {}).update(dict.fromkeys(line["ignored_columns"]))
    return [words.label("check.columns", export=name, cols=words.listing(cols)) for name, cols in found.items()]


def months(store: Store, words: Any) -> list[str]:
    """Per table, shop and year the twelve months: whole, in part, or none."""
    rows = []
    for entry in store.coverage:
        table = TABLES[entry["table"]]
        daily = table.name.endswith("_daily")
        for year in range(int(entry["start"][:4]), int(entry["end"][:4]) + 1):
            marks = "".join(_mark(entry, year, month, daily) for month in range(1, 13))
            names = [words.label(f"table.{table.name}"), words.label(f"platform.{entry['platform']}"), entry["shop"]]
            rows.append([*names, str(year), marks, f"{entry['start']}..{entry['end']}"])
    return [*_aligned(rows), words.label("check.legend", whole=WHOLE, part=PART, none=NONE)] if rows else []


def _mark(entry: dict[str, Any], year: int, month: int, daily: bool) -> str:
    days = entry["months"].get(f"{year}-{month:02d}", 0)
    if not days:
        return NONE
    return WHOLE if not daily or days >= calendar.monthrange(year, month)[1] else PART


def excluded(store: Store, words: Any) -> list[str]:
    """What the consultant's exclusions take out, with both totals."""
    told = []
    for entry in store.excluded:
        money = {name: f"{entry[name]:,.2f}" for name in ("amount", "all", "kept")}
        told.append(
            words.label("check.left_out", shop=entry["shop"], reason=entry["reason"], n=entry["records"], **money)
        )
    return told


def meanings(store: Store, words: Any) -> list[str]:
    """Per shop when its platform counts presale, whether paid amounts include subsidies, whether buyers can be told
    apart, and each tool's attribution window."""
    return _aligned([_meaning(entry, words) for entry in store.meanings])


def _meaning(entry: dict[str, Any], words: Any) -> list[str]:
    said = [words.label(f"check.presale.{entry['presale'] or 'unknown'}")]
    said.append(words.label(f"check.subsidy.{SUBSIDY[entry['subsidy']]}"))
    if entry["buyers"] is False:
        said.append(words.label("check.buyers.none"))
    for tool, days in entry["windows"].items():
        key = "check.window" if days else "check.window.unknown"
        name = words.label(f"tool.{tool}") if words.has(f"tool.{tool}") else tool
        said.append(words.label(key, tool=name, days=words.listing(map(str, days))))
    return [words.label(f"platform.{entry['platform']}"), entry["shop"], words.listing(said)]


def opened(store: Store, words: Any) -> list[str]:
    """Months whose refunds are not all in, with the share expected in the end."""
    return [_open(entry, words) for entry in store.open]


def _open(entry: dict[str, Any], words: Any) -> str:
    facts = {k: "—" if entry[k] is None else f"{entry[k]:.1%}" for k in ("refunded", "expected", "low", "high")}
    key = "check.refunds.open" if entry["expected"] is not None else "check.refunds.untold"
    return str(words.label(key, shop=entry["shop"], month=entry["month"], date=entry["as_of"], **facts))


def lacking(client: Client, store: Store, words: Any) -> Iterator[str]:
    """Per report the tables it reads that no file has brought, and once for each table the exports that bring it."""
    there = {entry["table"] for entry in store.coverage}
    wanted: dict[str, None] = {}
    for name in report.names(client):
        missing = [t for t in report.reads(client, name) if t not in there and t not in INPUTS]
        wanted |= dict.fromkeys(missing)
        if missing:
            title = words.label(f"report.{name}") if words.has(f"report.{name}") else name
            yield words.label(
                "check.lacks", report=title, tables=words.listing(words.label(f"table.{t}") for t in missing)
            )
    for table in wanted:
        said = [{k: e[k][words.locale] for k in ("export", "menu")} for e in store.absent.get(table, ())]
        exports = words.listing([words.label("check.export", **facts) for facts in said])
        yield words.label("check.absent", table=words.label(f"table.{table}"), exports=exports)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Cells in columns; Chinese characters take two places of a terminal."""
    from rich.cells import cell_len

    most = max(map(len, rows), default=0)
    widths = [max((cell_len(r[n]) for r in rows if n < len(r) - 1), default=0) for n in range(most)]
    return ["  ".join(c + " " * (widths[n] - cell_len(c)) for n, c in enumerate(row)).rstrip() for row in rows]
