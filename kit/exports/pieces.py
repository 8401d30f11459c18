"""What is made of a sheet: its records, and everything that must be known of it while they are made."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from kit.client import Client
from kit.errors import Problem
from kit.exports.clean import Context
from kit.exports.dates import month_end
from kit.exports.folder import Source
from kit.exports.recognise import Match
from kit.exports.rows import Sifted
from kit.exports.sheet import Sheet, blank
from kit.tables import Table

if TYPE_CHECKING:
    import pandas as pd

DAY = re.compile(r"[\s_-]*20[0-9]{2}[-_.]?[0-9]{2}[-_.]?[0-9]{2}.*$")
"""The day, or the first of two, at the end of a file's name."""


@dataclass(frozen=True)
class Block:
    """Some lines of a file, from one byte to another. ``key``: under which they are kept once they are read; ``mark``:
    of the file that is meant (``folder.marked``)."""

    source: Source
    key: str
    start: int
    end: int
    last: bool
    mark: list[int]


@dataclass(frozen=True)
class Part:
    """Records that lie where their block is kept: under which key, which piece of it, how many there are; ``above``:
    the rows of the file above those of the block."""

    key: str
    piece: int
    above: int
    count: int


@dataclass
class Piece:
    """The records of one sheet in one table, and the spreadsheet row of each.

    ``line`` is the sheet's line in the ledger. It counts spreadsheet rows, of which one may give several records
    (a row of market indices) or none. ``name`` is how errors call the sheet, ``headers`` how the sheet calls a
    canonical column or metric. ``made``: the records are wholes rolled up from the sheet's rows, so they are no rows of
    their own. ``stamp``: when the file was downloaded (``stamped``), else the day after its last. ``parts``: where the
    records of a large file lie, as long as they are not loaded; ``folder`` is where the blocks are kept.
    """

    table: Table
    line: dict[str, Any]
    name: str
    headers: dict[str, str]
    frame: pd.DataFrame = field(default=None)
    rows: list[int] = field(default_factory=list)
    made: bool = False
    stamp: dt.datetime = dt.datetime.min
    stamped: bool = False
    parts: tuple[Part, ...] = ()
    folder: Path = Path()

    @property
    def count(self) -> int:
        """How many records there are."""
        return len(self.rows) or sum(part.count for part in self.parts)


@dataclass
class Taken:
    """A sheet as it was taken in: its records, its warnings, and the shops that its rows name."""

    pieces: list[Piece] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    shops: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Of:
    """Everything known of a sheet while its records are made."""

    sheet: Sheet
    match: Match
    sifted: Sifted
    source: Source
    client: Client
    context: Context
    line: dict[str, Any]
    name: str

    @property
    def said(self) -> Any:
        """What client.toml says of the file."""
        return self.client.files.get(self.line["file"]) or self.client.files.get(self.source.name)

    @property
    def stem(self) -> str:
        """What the file is called, without the day of its download."""
        name = PurePosixPath(self.line["file"]).stem
        return DAY.sub("", name) or name

    @property
    def config(self) -> str:
        return f"data/{self.client.slug}/client.toml"

    @property
    def preamble(self) -> list[list[str]]:
        return self.sheet.rows[: self.match.row]


def ledger_line(
    name: str, digest: str, source: Source, sheet: Sheet | None = None, ignored: str | None = None
) -> dict[str, Any]:
    """A line of the ledger before its rows are counted. ``ignored``: why a file or sheet was not read."""
    rows = sum(not blank(row) for row in sheet.rows) if sheet and ignored else 0
    return {
        "file": name,
        "sheet": sheet.name if sheet else None,
        "table": None,
        "export": None,
        "title": None,
        "shop": source.shop.key if source.shop else None,
        "encoding": sheet.encoding if sheet else None,
        "rows_read": rows,
        "rows_kept": 0,
        "dropped": {ignored: rows} if ignored and rows else {},
        "flagged": {},
        "start": None,
        "end": None,
        "amount": None,
        "also": {},
        "restated": {},
        "ignored_columns": [],
        "dropped_columns": [],
        "ignored": ignored,
        "sha256": digest,
    }


def days(table: Table, frame: pd.DataFrame) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of the records, a month and a period counting to its end."""
    dates = dated(table, frame)
    if dates is None or not dates.notna().any():
        return None, None
    ends = frame["end"].fillna(frame["start"]) if table.time == "start" else dates
    first, last = dates.min().date(), ends.max().date()
    return first, month_end(last) if table.field(str(table.time)).type == "month" else last


def dated(table: Table, frame: pd.DataFrame) -> pd.Series | None:
    """The date of each record: of its key, or the first of its dates that is stated, such as an order's payment where
    the platform does not say when it was placed; None for a table without dates."""
    if table.time is None or table.field(table.time).key:
        return None if table.time is None else frame[table.time]
    dates = frame[table.time]
    for other in (f.name for f in table.fields if f.type in ("date", "time") and f.name != table.time):
        dates = dates.where(dates.notna(), frame[other])
    return dates
