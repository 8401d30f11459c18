"""The dictionaries: which columns each platform's exports have, and what they mean. Data in YAML, checked here.

Fields of an export: ``id``; ``name`` and ``menu`` (``{zh, en}``: what the platform calls it and where to download it);
``table``; ``columns`` (header → canonical column, or ``{to, type, set}``); ``required``; and optionally

- ``platforms`` of the shop (none: any), ``undated`` (the file may say its period elsewhere),
- ``set`` (columns that are the same in every row), ``words`` (canonical column → literal → word),
- ``metrics`` (header → metric: one record each) with ``metric_type``,
- ``personal`` (headers dropped at read), ``without`` (headers that make the rows finer than the table).

``required`` names canonical columns or metrics; ``a|b`` asks for either. Several headers of one column are variants, of
which the first listed wins.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML, YAMLError

from kit.exports.clean import TYPES, ascii_forms
from kit.tables import FROM_FOLDER, TABLES, Table

FOLDER = Path(__file__).parent
GENERIC = "generic"
MUST = {"id", "name", "menu", "table", "columns", "required"}
MAY = {"platforms", "undated", "set", "words", "metrics", "metric_type", "personal", "without"}
SPELLINGS = (("转换率", "转化率"), ("帐", "账"))


def normal(header: str) -> str:
    """A header as it is matched: ASCII brackets, no blanks or line ends, one spelling of words the platforms mix."""
    text = "".join(ascii_forms(header).split()).lower()
    for variant, usual in SPELLINGS:
        text = text.replace(variant, usual)
    return text


@dataclass(frozen=True)
class Column:
    """A column of an export: its header there, the canonical column (or ``metric``), its type, what it also sets."""

    header: str
    to: str
    type: str
    metric: str | None = None
    set: Mapping[str, str] = field(default_factory=dict)

    @property
    def target(self) -> str:
        return self.metric or self.to


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

    @property
    def generic(self) -> bool:
        return self.file == GENERIC

    @functools.cached_property
    def by_name(self) -> dict[str, Column]:
        return {normal(c.header): c for c in self.columns}

    def header_of(self, target: str) -> str:
        """How the export calls a canonical column or metric; alternatives (``a|b``) by all their names."""
        wanted = target.split("|")
        return " / ".join(dict.fromkeys(next(c.header for c in self.columns if c.target == t) for t in wanted))


@functools.cache
def exports() -> tuple[Export, ...]:
    """Every export of every dictionary. A fault in a dictionary is a ``ValueError`` that names file and export."""
    found = [e for path in sorted(FOLDER.glob("*.yml")) for e in parse(path.stem, path.read_text(encoding="utf-8"))]
    ids = [e.id for e in found]
    if len(set(ids)) < len(ids):
        raise ValueError(f"export ids given twice: {sorted({i for i in ids if ids.count(i) > 1})}")
    return tuple(found)


def parse(file: str, text: str) -> list[Export]:
    """The exports of one dictionary; what is said beside ``exports`` holds for all of them."""
    try:
        whole = YAML(typ="safe").load(text)
    except YAMLError as error:  # a header given twice among them: the second would replace the first
        raise ValueError(f"{file}.yml: {error}") from error
    common = {k: v for k, v in whole.items() if k != "exports"}
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
    columns = [_column(table, header, said) for header, said in raw["columns"].items()]
    if file == GENERIC:
        own = [f.name for f in table.fields if f.name not in (*raw["columns"], *FROM_FOLDER)]
        columns += [_column(table, name, name) for name in own]
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
    )
    _check(where, export)
    return export


def _column(table: Table, header: Any, said: Any) -> Column:
    facts = said if isinstance(said, dict) else {"to": said}
    if facts["to"] not in table.columns:
        raise ValueError(f"{table.name} has no column {facts['to']} for {header}")
    return Column(header, facts["to"], facts.get("type") or table.field(facts["to"]).type, None, facts.get("set", {}))


def _check(where: str, export: Export) -> None:
    """What YAML or a slip of the pen makes wrong: numbers for names, unknown columns, types and alternatives."""
    headers = [c.header for c in export.columns]
    known = {*export.table.columns}
    targets = {c.target for c in export.columns}
    asked = {part for name in export.required for part in name.split("|")}
    metric_columns = {"metric", "value"} if any(c.metric for c in export.columns) else set()
    given = {
        *export.required,
        *export.set,
        *FROM_FOLDER,
        *metric_columns,
        *([export.table.time] if export.undated else []),
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
    ):
        if faulty:
            raise ValueError(f"{where}: {what} {faulty}")


def bringing(table: str) -> list[Export]:
    """The exports that bring a table: a platform's own before the plain one."""
    return sorted((e for e in exports() if e.table.name == table), key=lambda e: e.generic)
