"""The dictionaries: which columns each platform's exports have, and what they mean. Data in YAML, checked here.

Fields of an export: ``id``; ``name`` and ``menu`` (``{zh, en}``: what the platform calls it and where to download it);
``table``; ``columns`` (header → canonical column, or ``{to, type, set, dash, part, add}``); ``required``; optionally

- ``platforms`` of the shop (none: any), ``undated`` (the file may say its period elsewhere),
- ``set`` (columns that are the same in every row), ``words`` (canonical column → literal → word),
- ``metrics`` (header → metric: one record each) with ``metric_type``,
- ``personal`` (headers dropped at read), ``without`` (headers that make the rows finer than the table),
- ``shop_name`` (headers that name the shop a row is of), ``derive`` (column → column it is copied from where blank),
- ``roll``: the rows are parts of something that is a record of its own, ``{table, sum, once}``: an order of which each
  row is a line. ``sum`` adds a column up over the rows, ``once`` takes what repeats on each of them. A header of the
  whole alone is written ``orders.paid_amount``,
- ``named``: the column that the file's own name says where no column does,
- ``windows``: the attribution windows in days that the export dialog offers,
- ``by``: what its rows are by (words of ``BY``), as the export dialog is to be set,
- ``kept_days`` (the platform deletes a day so many days later) and ``file_days`` (most days that one file may cover);
  left out where nobody is sure of them,
- ``usual``: of several exports of its table the one to ask for first; without one it is the dictionary's first.

``required`` names canonical columns or metrics; ``a|b`` asks for either. Several headers of one column are variants, of
which the first listed wins; where its cell is blank, the next one that is not is read. ``dash: zero`` says that a dash
means nothing was sold; ``part`` is which side of a pair (``12.3 / 500``) is meant, from 0; with ``add`` a figure is
added to what an earlier header of the column states. A header over two rows is written with a slash between them:
``销售绩效/客服销售额``. ``derive`` also takes ``order_day(order_id)``: the day that begins an order's number.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kit.exports.clean import TYPES, ascii_forms
from kit.exports.loaded import dictionaries, load
from kit.tables import FROM_FOLDER, INPUTS, TABLES, Table
from kit.tables.schema import ADDITIVE

GENERIC = "generic"
MUST = {"id", "name", "menu", "table", "columns", "required"}
MAY = {
    "platforms", "undated", "set", "words", "metrics", "metric_type", "personal", "without", "shop_name", "derive",
    "roll", "windows", "named", "by", "kept_days", "file_days", "usual",
}  # fmt: skip
BY = (
    "day", "month", "whole", "snapshot", "item", "category", "source", "term", "agent", "room", "work", "account",
    "scene", "campaign", "adgroup", "creative", "keyword", "keyword_package", "audience",
)  # fmt: skip
"""What rows can be by; ``whole``: the days asked for as one; ``snapshot``: how things are on some day."""
COLUMN = {"to", "type", "set", "dash", "part", "add"}
BY_METRIC = "value."
"""Before the name of a metric, in a plain sheet: the heading of its figures, a record each."""
SPELLINGS = (("转换率", "转化率"), ("帐", "账"))


@functools.lru_cache(maxsize=16_384)
def normal(header: str) -> str:
    """A header as it is matched: ASCII brackets, no blanks or line ends, one spelling of words the platforms mix."""
    text = "".join(ascii_forms(header).split()).lower()
    for variant, usual in SPELLINGS:
        text = text.replace(variant, usual)
    return text


@dataclass(frozen=True)
class Column:
    """A column of an export: its header there, the canonical column (or ``metric``), its type, what it also sets.

    ``whole``: it belongs to the rolled-up table alone. ``dash_zero``: a dash is a zero. ``part``: of a pair, or None.
    ``adds``: it is added to what an earlier column of the same target states.
    """

    header: str
    to: str
    type: str
    metric: str | None = None
    set: Mapping[str, str] = field(default_factory=dict)
    whole: bool = False
    dash_zero: bool = False
    part: int | None = None
    adds: bool = False

    @property
    def target(self) -> str:
        """What it fills, as ``required`` names it."""
        return self.metric or self.to


@dataclass(frozen=True)
class Roll:
    """The table of the wholes whose parts the rows are, and how the columns that add or repeat are put together."""

    table: Table
    sum: frozenset[str]
    once: frozenset[str]


@dataclass(frozen=True)
class Export:
    """One export; see the module's docstring. ``by_name`` finds its columns by normalised header."""

    id: str
    file: str
    name: Mapping[str, str]
    menu: Mapping[str, str]
    table: Table
    columns: tuple[Column, ...]
    required: tuple[str, ...]
    platforms: tuple[str, ...]
    set: Mapping[str, str]
    personal: frozenset[str]
    without: frozenset[str]
    words: Mapping[str, Mapping[str, str]]
    undated: bool
    shop_name: frozenset[str] = frozenset()
    derive: Mapping[str, str] = field(default_factory=dict)
    roll: Roll | None = None
    windows: tuple[int, ...] = ()
    named: str = ""
    by: tuple[str, ...] = ()
    kept_days: int | None = None
    file_days: int | None = None
    usual: bool = False

    @property
    def generic(self) -> bool:
        return self.file.startswith(GENERIC)

    @property
    def tables(self) -> tuple[str, ...]:
        """Every table it brings."""
        return (self.table.name, *([self.roll.table.name] if self.roll else []))

    @functools.cached_property
    def by_name(self) -> dict[str, Column]:
        return {normal(c.header): c for c in self.columns}

    @functools.cached_property
    def order(self) -> dict[str, int]:
        """Where each header stands in the dictionary: of two variants the earlier is read first."""
        return {c.header: n for n, c in enumerate(self.columns)}

    def header_of(self, target: str) -> str:
        """How the export calls a canonical column or metric; alternatives (``a|b``) by all their names."""
        wanted = target.split("|")
        return " / ".join(dict.fromkeys(next(c.header for c in self.columns if c.target == t) for t in wanted))


@functools.cache
def exports() -> tuple[Export, ...]:
    """Every export of every dictionary. A fault in a dictionary is a ``ValueError`` that names file and export."""
    found = [e for file, whole in dictionaries().items() for e in _exports(file, whole)]
    ids = [e.id for e in found]
    if len(set(ids)) < len(ids):
        raise ValueError(f"export ids given twice: {sorted({i for i in ids if ids.count(i) > 1})}")
    return tuple(found)


def parse(file: str, text: str) -> list[Export]:
    """The exports of one dictionary."""
    return _exports(file, load(file, text))


def _exports(file: str, whole: dict[str, Any]) -> list[Export]:
    """What is said beside ``exports`` holds for all of them, but for ``unread`` (``kit.exports.unread``)."""
    common = {k: v for k, v in whole.items() if k not in ("exports", "unread")}
    return [_export(file, {**common, **raw}) for raw in whole["exports"]]


def _export(file: str, raw: dict[str, Any]) -> Export:
    where = f"{file}.yml, {raw.get('id')}"
    if strange := set(raw) - MUST - MAY:
        raise ValueError(f"{where}: unknown fields {sorted(strange)}")
    if lacking := MUST - set(raw):
        raise ValueError(f"{where}: lacks {sorted(lacking)}")
    if numbers := [h for h in [*raw["columns"], *raw.get("metrics", ())] if not isinstance(h, str)]:
        raise ValueError(f"{where}: headers that YAML takes for no text: {numbers}")
    table = TABLES[raw["table"]]
    roll = _roll(where, raw["roll"]) if "roll" in raw else None
    columns = [_column(where, table, roll, header, said) for header, said in raw["columns"].items()]
    if file.startswith(GENERIC):
        given = (*raw["columns"], *(() if table.name in INPUTS else FROM_FOLDER))
        own = [f.name for f in table.fields if not f.made and f.name not in given]
        columns += [_column(where, table, None, name, name) for name in own]
        if table.name in INPUTS:  # as inputs.xlsx heads its columns: in both languages
            columns += [_column(where, table, None, f"{header} {to}", to) for header, to in raw["columns"].items()]
        groups = [[part] if isinstance(part, str) else part for part in raw.get("without", ())]
        raw = raw | {"without": [header for group in groups for header in group]}
    if file.startswith(GENERIC):
        columns += [Column(f"{BY_METRIC}{word}", "value", "interval", word) for word in metrics_of(table)]
    metric_type = raw.get("metric_type", "number")
    columns += [Column(h, "value", metric_type, metric) for h, metric in raw.get("metrics", {}).items()]
    export = Export(
        raw["id"],
        file,
        raw["name"],
        raw["menu"],
        table,
        tuple(columns),
        tuple(raw["required"]),
        tuple(raw.get("platforms", ())),
        raw.get("set", {}),
        frozenset(map(normal, raw.get("personal", ()))),
        frozenset(map(normal, raw.get("without", ()))),
        raw.get("words", {}),
        raw.get("undated", False),
        frozenset(map(normal, raw.get("shop_name", ()))),
        raw.get("derive", {}),
        roll,
        tuple(raw.get("windows", ())),
        raw.get("named", ""),
        tuple(raw.get("by", ())),
        raw.get("kept_days"),
        raw.get("file_days"),
        raw.get("usual", False),
    )
    _check(where, export)
    return export


def metrics_of(table: Table) -> tuple[str, ...]:
    """The metrics of a table that has a record for each figure; none for one that has a column for each."""
    return table.field("metric").words if table.name not in INPUTS and "metric" in table.columns else ()


def _roll(where: str, raw: dict[str, Any]) -> Roll:
    if strange := set(raw) - {"table", "sum", "once"}:
        raise ValueError(f"{where}: unknown fields of roll {sorted(strange)}")
    table = TABLES[raw["table"]]
    made = Roll(table, frozenset(raw.get("sum", ())), frozenset(raw.get("once", ())))
    if wrong := (made.sum | made.once) - set(table.columns) | (made.sum & made.once):
        raise ValueError(f"{where}: roll names {sorted(wrong)} wrongly")
    return made


def _column(where: str, table: Table, roll: Roll | None, header: Any, said: Any) -> Column:
    facts = said if isinstance(said, dict) else {"to": said}
    if strange := set(facts) - COLUMN:
        raise ValueError(f"{where}: unknown fields {sorted(strange)} of {header}")
    to, whole = facts["to"], False
    if roll and to.startswith(f"{roll.table.name}."):
        table, to, whole = roll.table, to.split(".")[1], True
    if to not in table.columns:
        raise ValueError(f"{where}: {table.name} has no column {to} for {header}")
    type = facts.get("type") or table.field(to).type
    dash = facts.get("dash") == "zero"
    return Column(header, to, type, None, facts.get("set", {}), whole, dash, facts.get("part"), facts.get("add", False))


def _check(where: str, export: Export) -> None:
    """What YAML or a slip of the pen makes wrong: numbers for names, unknown columns, types and alternatives."""
    headers = [c.header for c in export.columns]
    known = {*export.table.columns, *(export.roll.table.columns if export.roll else ())}
    targets = {c.target for c in export.columns}
    asked = {part for name in export.required for part in name.split("|")}
    metric_columns = {"metric", "value"} if any(c.metric for c in export.columns) else set()
    given = {
        *export.required,
        *export.set,
        *export.derive,
        *(c for column in export.columns for c in column.set),
        *FROM_FOLDER,
        *metric_columns,
        *([export.table.time] if export.undated else []),
        *([export.named] if export.named else []),
    }
    for what, faulty in (
        ("headers that match alike", [h for h in headers if [normal(x) for x in headers].count(normal(h)) > 1]),
        ("unknown types", [c.type for c in export.columns if c.type not in TYPES]),
        (
            "unknown columns in set",
            [k for s in (export.set, *(c.set for c in export.columns)) for k in s if k not in known],
        ),
        ("required columns without a header", sorted(asked - targets)),
        (
            "columns that may not be blank and may be absent",
            [f.name for f in export.table.fields if not f.blank and f.name not in given],
        ),
        ("names in one language only", [w for w in (export.name, export.menu) if set(w) != {"zh", "en"}]),
        (
            "derived from or to unknown columns",
            [c for kv in export.derive.items() for c in map(bare, kv) if c not in known],
        ),
        ("columns of the roll that neither add nor repeat", _unrolled(export)),
        ("words of by that are none of these", [f"{word} ({', '.join(BY)})" for word in export.by if word not in BY]),
        ("numbers of days that are no whole number above 0", _no_days(export)),
    ):
        if faulty:
            raise ValueError(f"{where}: {what} {faulty}")


def _no_days(export: Export) -> list[str]:
    said = {"kept_days": export.kept_days, "file_days": export.file_days}
    return [f"{k}: {v}" for k, v in said.items() if v is not None and (type(v) is not int or v < 1)]


def bare(name: str) -> str:
    """The column that an entry of ``derive`` speaks of, without its table and without ``order_day``."""
    return name.removeprefix("order_day(").removesuffix(")").rsplit(".", 1)[-1]


def _unrolled(export: Export) -> list[str]:
    """Figures of the rolled-up table of which the dictionary does not say whether they add or repeat."""
    if export.roll is None:
        return []
    table, said = export.roll.table, export.roll.sum | export.roll.once
    targets = {c.to for c in export.columns if c.to in table.columns and (c.whole or c.to in export.table.columns)}
    return sorted(t for t in targets - said if table.field(t).type in (*ADDITIVE, "people"))


def bringing(table: str) -> list[Export]:
    """The exports that bring a table, or its twin of periods: the usual one first, a plain sheet last."""
    twin = TABLES[table]
    found = (e for e in exports() if table in e.tables or e.table.periods is twin)
    return sorted(found, key=lambda e: (e.generic, not e.usual))
