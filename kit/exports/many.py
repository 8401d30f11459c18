"""Orders too many for a frame: put together in DuckDB, from the blocks that they were read in.

What it gives is what ``combine``, ``finish`` and what looks at the whole give of a frame (``tests/test_bulk.py`` holds
it to that). Rows that need more than a query, such as those that repeat a key, are few and go through the same code as
any; where they are not, or a file's figures mean something else than they say, the orders are not put together here.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit import project, tables
from kit.client import Client
from kit.errors import KitError, Problem, problem
from kit.exports import meaning, parquet
from kit.exports.combine import merged, ranked
from kit.exports.kept import BEGUN
from kit.exports.pieces import Piece
from kit.tables import DTYPES, ORDERS
from kit.tables.schema import NOT_NEGATIVE

if TYPE_CHECKING:
    import pandas as pd

MOST = 500_000
"""Orders that a frame takes; it holds a kilobyte of each."""
FEW = 300_000
"""Rows that are taken out of so many to be looked at one by one."""
AT_ONCE = 20_000_000
"""Keys that are held in memory at once, as numbers, to find those that repeat."""
MEMORY = "1200MB"
"""What DuckDB holds at most; the rest lies on the disk meanwhile."""
THREADS = 4
SQL_TYPES = {"str": "VARCHAR", "boolean": "BOOLEAN", "datetime64[us]": "TIMESTAMP", "float64": "DOUBLE"}
KEY = ", ".join(ORDERS.key)
_HASH = "hash(shop, order_id)"
"""One number for a key: few enough other keys share it, and looking at them one by one does no harm."""
BACK = (
    "status = 'closed' AND paid_amount > 0 AND refund_amount IS NULL AND presale_stage IS DISTINCT FROM 'deposit'"
    " AND paid_at IS NOT NULL"
)
"""What was closed after its payment: it went back."""
_TELLING = "refund_amount > 0 AND refund_amount > paid_amount + 0.005"
_BROKEN = " OR ".join(
    [f"{f.name} < 0" for f in ORDERS.fields if f.type in NOT_NEGATIVE and not f.signed]
    + [f"{f.name} NOT IN ({', '.join(map(repr, f.words))})" for f in ORDERS.fields if f.words]
    + ["refund_amount > paid_amount", "paid_amount > list_amount + freight", "paid_at < created_at"]
)
"""Rows among which all lie that break a rule of the table."""


@dataclass
class Orders:
    """The orders of ``pieces``, but for those that repeat a key: these lie at ``again`` and are put together, in
    ``repeated``.

    ``read``: the files in which the pieces lie, the oldest first. ``folder`` is where they are laid as a table, from
    which ``sold`` selects them then (``kit.exports.many_laid``)."""

    folder: Path
    pieces: list[Piece]
    read: list[Path]
    again: list[int]
    repeated: pd.DataFrame
    sold: str = ""

    @property
    def files(self) -> Path:
        return self.folder / "orders"

    @contextmanager
    def asked(self, **frames: pd.DataFrame) -> Iterator[Any]:
        """A connection to what was laid, as ``orders`` (each with its ``place``), beside ``frames``."""
        with connection(self.folder) as con:
            con.execute(f"CREATE TEMP VIEW orders AS SELECT * FROM {parquet.source(self.files, placed=True)}")
            for name, frame in frames.items():
                con.register(name, frame)
            yield con


@contextmanager
def connection(folder: Path) -> Iterator[Any]:
    """What does not fit into memory lies in ``folder``. DuckDB's messages can quote a row: none goes further."""
    import duckdb

    threads = min(THREADS, os.cpu_count() or 1)
    safe: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    place: dict[str, Any] = {"memory_limit": MEMORY, "temp_directory": str(folder), "threads": threads}
    try:
        with duckdb.connect(config={**safe, **place}) as con:
            yield con
    except duckdb.Error:
        raise KitError(problem("e.store.write", folder=project.relative(folder.parent))) from None


# ---- put together ---------------------------------------------------------------------------------------------------


def combined(client: Client, pieces: list[Piece], cache: Path) -> tuple[Orders, list[Problem]] | None:
    """The orders of all files and what is wrong with them, the ledger's lines counted as ``combine`` does; None of few
    orders, and of those that are to be put together as a frame. Written is into a folder in ``cache``, which whoever
    uses that removes."""
    if sum(p.count for p in pieces) <= MOST or any(p.made for p in pieces) or client.exports.paid_after_refunds:
        return None
    pieces, folder = ranked(pieces, client.exports.prefer), Path(tempfile.mkdtemp(prefix=BEGUN, dir=cache))
    files = _files(pieces, folder)
    with connection(folder) as con:
        _views(con, files)
        if (back := _given_back(con, client)) is None:
            return None
        con.register("again", _again(con, [path for path, *_ in files], sum(p.count for p in pieces)))
        again = _rows(con, f"FROM every WHERE {_HASH} IN (FROM again)")
        broken = _rows(con, f"FROM every WHERE {_BROKEN}") if _any(con, f"FROM every WHERE {_BROKEN}") else again[:0]
    if max(len(again), len(broken)) > FEW:
        return None
    for at, n in back.items():
        pieces[at].line["flagged"]["refund_of_closed"] = n
    told = [p for piece in _records(broken, pieces) for p in meaning.broken(piece)]
    repeated, clashes = tables.frame(ORDERS, {}), list[Problem]()
    if len(again):
        repeated, clashes = merged(ORDERS, _records(again, pieces), client.exports.prefer)
    return Orders(folder, pieces, [path for path, *_ in files], again["place"].tolist(), repeated), [*told, *clashes]


def _files(pieces: list[Piece], folder: Path) -> list[tuple[Path, int, int]]:
    """The files of the pieces, the oldest first, of each which piece it is of and how many rows of it lie above. A
    piece that was not read in blocks is written."""
    made = []
    for at, piece in sorted(enumerate(pieces), key=lambda found: str(found[1].line["start"])):
        made += [(piece.folder / part.key / f"{part.piece}.parquet", at, part.above) for part in piece.parts]
        if not piece.parts:
            made.append((folder / f"{at}.parquet", at, 0))
            parquet.write(made[-1][0], piece.frame.assign(**{parquet.ROW: piece.rows}))
    return made


def _views(con: Any, files: list[tuple[Path, int, int]]) -> None:
    """The records as they were read, ``given``, and as they are meant, ``every``, each with the number of its piece
    (``_piece``), its row there (``_row``), and its ``place``."""
    import pandas as pd

    places = pd.DataFrame(files, columns=["path", "_piece", "_above"]).drop(columns="path")
    con.register("places", places.rename_axis("file_index").reset_index())
    found = parquet.placed(path for path, *_ in files)
    names = f"{columns(stated(con, found))}, _piece, _row + _above AS _row, place"
    con.execute(f"CREATE TEMP VIEW given AS SELECT {names} FROM {found} JOIN places USING (file_index)")
    con.execute(f"CREATE TEMP VIEW every AS SELECT * REPLACE ({refunded(BACK)}) FROM given")


def stated(con: Any, found: str) -> set[str]:
    """The columns that any of the files has."""
    return {name for name, *_ in con.execute(f"DESCRIBE FROM {found}").fetchall()}


def columns(there: Collection[str]) -> str:
    """The columns of the table, of which some may be missing."""
    stated = ((f"{f.name}" if f.name in there else "NULL", SQL_TYPES[DTYPES[f.type]], f.name) for f in ORDERS.fields)
    return ", ".join(f"CAST({value} AS {type}) AS {name}" for value, type, name in stated)


def refunded(which: str) -> str:
    """The refund of an order that went back."""
    return f"CASE WHEN {which} THEN paid_amount ELSE refund_amount END AS refund_amount"


def _given_back(con: Any, client: Client) -> dict[int, int] | None:
    """By sheet, how many orders went back; None if a file's payments may be what was left after refunds, or nothing
    states a status: a frame tells."""
    counts = f"count(*) FILTER ({_TELLING}), count(status), count(paid_at), count(*) FILTER ({BACK})"
    found = con.execute(f"SELECT {counts}, _piece FROM given GROUP BY _piece").fetchall()
    net = client.exports.paid_after_refunds is None and any(telling for telling, *_ in found)
    unstated = any(paid and not status for _, status, paid, *_ in found)
    return None if net or unstated else {at: back for *_, back, at in found if back}


def _again(con: Any, files: list[Path], n: int) -> pd.DataFrame:
    """The numbers that several of the ``n`` keys have. To sort numbers is several times as fast as to group them."""
    import numpy as np
    import pandas as pd

    made, parts = [], 1 + n // AT_ONCE
    for part in range(parts):
        some = f" WHERE h % {parts} = {part}" if parts > 1 else ""
        keys = f"SELECT h FROM (SELECT {_HASH} AS h FROM {parquet.placed(files)}){some}"
        found = np.sort(con.execute(keys).fetchnumpy()["h"])
        made.append(np.unique(found[1:][found[1:] == found[:-1]]))
    return pd.DataFrame({"h": np.concatenate(made)})


def _any(con: Any, sql: str) -> bool:
    """Whether a query has a row: less is read for that than to give it."""
    return con.execute(f"SELECT 1 {sql} LIMIT 1").fetchone() is not None


def _rows(con: Any, sql: str) -> pd.DataFrame:
    """The rows of a query in the order of their pieces, no more than tell that they are too many."""
    rows: pd.DataFrame = con.execute(f"{sql} LIMIT {FEW + 1}").df()
    return rows.sort_values(["_piece", parquet.ROW], ignore_index=True)


def _records(rows: pd.DataFrame, pieces: list[Piece]) -> list[Piece]:
    """Rows as pieces of their own."""
    made = []
    for at, own in rows.groupby("_piece", sort=True):
        frame = parquet.typed(own.drop(columns=["_piece", parquet.ROW]).reset_index(drop=True), ORDERS)
        numbers = own[parquet.ROW].astype("int64").tolist()
        made.append(replace(pieces[int(at)], frame=frame, rows=numbers, parts=()))
    return made
