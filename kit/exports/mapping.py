"""The agency's own workbooks: ``data/<client>/mapping.yml`` says which of their sheets are which table.

A list of entries. Each names a ``file`` (a name or a pattern such as ``日报*.xlsx``), a ``sheet`` likewise (default:
all of them), the ``table``, and how the sheet lies:

- ``columns``: heading → column of the table, or ``{to, unit}``; under merged headings ``上层/下层``. A unit that the
  heading states need not be repeated; one that the sheet states for all amounts must be (``元``: it is not meant).
  A column without a heading is called by its letter (``A列``). Year, month and day in columns of their own all go to
  the date. A table that has a record for each figure (``metric`` and ``value``) takes the metric instead
  (``pay_amount``): as many records a row as metrics are named,
- ``header``: the row of the headings, or the two rows; left out, it is the first that has all of them,
- ``wide``: columns that are months or days. ``{headings, to, value, unit}``: each such heading goes into ``to``, its
  cells into ``value``. If they are years alone, the column of the months or days goes to the same date,
- ``names`` and ``rows``: where figures stand below each other, the heading above their names, and name → column; with
  ``wide`` every month or day becomes a record with all of its figures. Without ``names`` these stand over the months
  or days, or below them; without ``wide`` all of them stand under one heading, the ``value``,
- ``constants``: column → what it is in every row; ``fill``: headings whose blank cells repeat the cell above, as those
  of merged cells do,
- ``year`` and ``month``: of dates that leave them out; ``month: sheet`` takes both from the sheet's name.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError

from kit import project
from kit.client import Client, faults
from kit.errors import WRONG_CALL, KitError, Problem, problem
from kit.exports.dictionary import Export, exports, metrics_of, normal
from kit.settings import Place, Strict
from kit.tables import FROM_FOLDER, INPUTS, TABLES

FILE = "mapping.yml"
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Unit = Literal["%", "元", "千", "万", "百万", "千万", "亿"]


class To(Strict):
    """The column of the table that a heading or a name stands for, and what its figures are counted in."""

    to: Name
    unit: Unit | None = None


def _to(said: Any) -> Any:
    return {"to": said} if isinstance(said, str) else said


def _said(said: Any) -> Any:
    """A day that YAML made one of, as it stands there."""
    return said.isoformat() if isinstance(said, dt.date) else said


Target = Annotated[To, BeforeValidator(_to)]
Constant = Annotated[str | int | float, BeforeValidator(_said)]


class Wide(Strict):
    """Headings that are months or days, by a pattern: what they say goes into ``to``, their cells into ``value``."""

    headings: Name = "*"
    to: Name
    value: Name | None = None
    unit: Unit | None = None


class Mapped(Strict):
    """An entry: which sheets it is about, and how they lie."""

    file: Place
    sheet: Name = "*"
    table: Name
    header: Annotated[int, Field(ge=1)] | tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]] | None = None
    columns: dict[Name, Target] = Field(default_factory=dict)
    wide: Wide | None = None
    names: Name | None = None
    rows: dict[Name, Target] = Field(default_factory=dict)
    value: Name | None = None
    constants: dict[Name, Constant] = Field(default_factory=dict)
    fill: tuple[Name, ...] = ()
    year: Annotated[int, Field(ge=2000, le=2099)] | None = None
    month: Annotated[str, Field(pattern="^(20[0-9]{2}-[0-9]{2}|sheet)$")] | None = None

    def about(self, name: str) -> bool:
        """Whether it is about a file, by its name or its path in the client's folder. A name may hold brackets, which
        a pattern reads as a choice (``日报[1].xlsx``)."""
        return any(self.file == own or fnmatchcase(own, self.file) for own in (PurePosixPath(name).name, name))

    def targets(self) -> Iterable[str]:
        """Every column of the table that it names."""
        yield from (one.to for one in (*self.columns.values(), *self.rows.values()))
        yield from self.constants
        if self.wide:
            yield self.wide.to
            yield from filter(None, [self.wide.value])


class Mapping(Strict):
    """The file."""

    sheets: tuple[Mapped, ...] = ()


def of(client: Client) -> tuple[Mapped, ...]:
    """The entries of the client's ``mapping.yml``, checked whole; none without the file.

    Raises ``KitError`` with every fault of it: what cannot be read, unknown keys, tables and columns.
    """
    path = client.folder / FILE
    return _read(path, path.read_bytes(), client.slug) if path.is_file() else ()


@functools.lru_cache(maxsize=4)
def _read(path: Path, content: bytes, slug: str) -> tuple[Mapped, ...]:
    shown = f"data/{slug}/{path.name}"
    try:
        made = checked(content.decode("utf-8-sig"), shown)
    except UnicodeDecodeError as error:
        raise KitError(problem("e.config.encoding", file=shown)) from error
    if asked := [fault for n, entry in enumerate(made, 1) for fault in _asked(entry, f"{n}.", shown)]:
        raise KitError(asked)
    return made


def checked(text: str, shown: str) -> tuple[Mapped, ...]:
    """The entries of a text; ``shown``: the file as errors call it."""
    from ruamel.yaml import YAML, YAMLError

    try:
        raw = YAML(typ="safe").load(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = {"line": mark.line + 1, "column": mark.column + 1} if mark else {"line": 0, "column": 0}
        raise KitError(problem("e.config.syntax", file=shown, **place)) from error
    try:
        made = Mapping.model_validate({"sheets": raw or []})
    except ValidationError as error:
        found = faults(error, shown, _keys)
        raise KitError([problem(p.id, **{**p.args, "key": _counted(str(p.args["key"]))}) for p in found]) from error
    if wrong := [fault for n, entry in enumerate(made.sheets, 1) for fault in _unknown(entry, f"{n}.", shown)]:
        raise KitError(wrong)
    return made.sheets


def _counted(key: str) -> str:
    """``sheets.0.table`` as ``1.table``: which entry, as a reader counts."""
    first, _, rest = key.removeprefix("sheets.").partition(".")
    return f"{int(first) + 1}.{rest}" if first.isdigit() else key


def _keys(where: list[str]) -> list[str]:
    """The known keys of a part of the file."""
    parts: dict[str, type[Strict]] = {"wide": Wide, "columns": To, "rows": To}
    return list(next((model for name, model in parts.items() if name in where), Mapped).model_fields)


def _asked(entry: Mapped, key: str, shown: str) -> Iterable[Problem]:
    """Questions of a draft that nobody has answered yet."""
    for to, value in entry.constants.items():
        if value == "?":
            allowed = ", ".join(words_of(entry.table, to)) or TABLES[entry.table].field(to).type
            yield problem("e.config.value", file=shown, key=f"{key}constants.{to}", value=value, allowed=allowed)


def plain(table: str) -> Export | None:
    """The plain sheet of a table."""
    return next((e for e in exports() if e.generic and e.table.name == table), None)


def names_platform(table: str) -> bool:
    """Whether rows of a table may be of another platform than the shop in whose folder they lie: of a market's may."""
    found = plain(table)
    return found is not None and any(c.to == "platform" for c in found.columns)


def words_of(table: str, to: str) -> list[str]:
    """What may be said in a column of words, as the plain sheet of its table says it."""
    found = plain(table)
    return list(found.words.get(to, {})) if found else []


def _unknown(entry: Mapped, key: str, shown: str) -> Iterable[Problem]:
    """What names no table or no column of it, and what of an entry goes with nothing else of it."""
    tables = [name for name in TABLES if name not in INPUTS]
    if entry.table not in tables:
        yield problem("e.config.value", file=shown, key=f"{key}table", value=entry.table, allowed=", ".join(tables))
        return
    columns = [f.name for f in TABLES[entry.table].fields if not f.made and f.name not in FROM_FOLDER]
    columns += ["platform"] if names_platform(entry.table) else []
    metrics = set(metrics_of(TABLES[entry.table]))
    columns += sorted(metrics)
    named = [*entry.targets()]
    if metrics.intersection(named) and (both := [to for to in ("metric", "value") if to in named]):
        facts = {"key": f"{key}{entry.table}", "value": both[0], "allowed": ", ".join(sorted(metrics))}
        yield problem("e.config.value", file=shown, **facts)
    for to in dict.fromkeys(named):
        if to not in columns:
            facts = {"key": f"{key}{entry.table}", "value": to, "allowed": ", ".join(columns)}
            yield problem("e.config.value", file=shown, **facts)
    if entry.names and not entry.rows:
        yield problem("e.config.required", file=shown, key=f"{key}rows")
    if entry.value and not entry.names:
        yield problem("e.config.required", file=shown, key=f"{key}names")
    if entry.rows and not entry.wide and not entry.value:
        yield problem("e.config.required", file=shown, key=f"{key}wide")
    if entry.wide and not entry.names and not entry.rows and not entry.wide.value:
        yield problem("e.config.required", file=shown, key=f"{key}wide.value")
    if not entry.columns and not entry.wide:
        yield problem("e.config.required", file=shown, key=f"{key}columns")


def absent(client: Client, names: Iterable[str]) -> list[Problem]:
    """Entries about files that are not there: a misspelt name would silently do nothing. ``names``: the files there
    are."""
    known = list(names)
    inside = [name for name in known if name.endswith(".zip")]  # whose members nobody has looked at
    shown = f"data/{client.slug}/{FILE}"
    lost = [e.file for e in of(client) if not any(map(e.about, known)) and not inside]
    return [problem("e.map.file", config=shown, file=file) for file in dict.fromkeys(lost)]


def entry_for(entries: Iterable[Mapped], name: str, sheet: str | None) -> Mapped | None:
    """The first entry about a sheet of a file; a sheet without a name is every pattern's."""
    own = (e for e in entries if e.about(name))
    return next((e for e in own if sheet is None or fnmatchcase(normal(sheet), normal(e.sheet))), None)


def add(workbook: Path, lines: Iterable[str]) -> Path:
    """Add lines to the ``mapping.yml`` of the client in whose folder the workbook lies; where that is.

    Raises ``KitError`` if it lies in no client's folder, or if the file cannot be written.
    """
    place = workbook.resolve()
    if len(place.parts) < len(project.data().parts) + 2 or not place.is_relative_to(project.data()):
        raise KitError(problem("e.map.place", file=workbook.name), WRONG_CALL)
    path = project.data() / place.relative_to(project.data()).parts[0] / FILE
    try:
        stood = path.read_bytes() if path.exists() else b""
        apart = b"\n" if stood and not stood.endswith(b"\n") else b""  # an editor may have left the last line open
        path.write_bytes(stood + apart + "".join(f"{line}\n" for line in lines).encode())
    except OSError as error:
        raise KitError(problem("e.copy.write", file=project.relative(path))) from error
    return path
