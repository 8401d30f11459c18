"""Orders too many for a frame: put together and finished in DuckDB, from the blocks that they were read in.

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

from kit import tables
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
_WORKED_OUT = {"refund_amount", "counted", "excluded", "suspicious"}
MEMORY = "1200MB"
"""What DuckDB holds at most; the rest lies on the disk meanwhile."""
THREADS = 4
SQL_TYPES = {"str": "VARCHAR", "boolean": "BOOLEAN", "datetime64[us]": "TIMESTAMP", "float64": "DOUBLE"}
KEY = ", ".join(ORDERS.key)
_HASH = f"hash({KEY})"
"""One number for a key: few enough other keys share it, and looking at them one by one does no harm."""
BITS = 1 << 23
_BIT = f"hash(order_id) % {BITS}"
_MARKED = f"get_bit(getvariable('marks'), ({_BIT})::INTEGER) = 1"
"""Orders that something is to be joined to, and some others: a join loses the order of the rows that it goes over, so
most are kept out of it. The same orders are to give the same file."""
_PAID = "(paid_at IS NOT NULL OR status IN ('paid', 'shipped', 'completed'))"
_DUE = "coalesce(presale_stage = 'deposit' OR (presale AND status = 'unpaid' AND paid_at IS NOT NULL), false)"
_BACK = (
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
    """The orders of ``pieces``, but for those that repeat a key: these are put together, in ``repeated``. ``folder`` is
    where they are written (``finished``)."""

    folder: Path
    pieces: list[Piece]
    repeated: pd.DataFrame

    @property
    def path(self) -> Path:
        return self.folder / "orders.parquet"

    @contextmanager
    def asked(self, **frames: pd.DataFrame) -> Iterator[Any]:
        """A connection to what was written, as ``orders`` (with its ``file_row_number``), beside ``frames``."""
        with _connection(self.folder) as con:
            con.register("orders", con.read_parquet(str(self.path), file_row_number=True))
            for name, frame in frames.items():
                con.register(name, frame)
            yield con


@contextmanager
def _connection(folder: Path) -> Iterator[Any]:
    """What does not fit into memory lies in ``folder``. DuckDB's messages can quote a row: none goes further."""
    import duckdb

    threads = min(THREADS, os.cpu_count() or 1)
    safe: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    place: dict[str, Any] = {"memory_limit": MEMORY, "temp_directory": str(folder), "threads": threads}
    try:
        with duckdb.connect(config={**safe, **place}) as con:
            yield con
    except duckdb.Error:
        raise KitError(problem("e.store.write", folder=folder.parent.name)) from None


# ---- put together ---------------------------------------------------------------------------------------------------


def combined(client: Client, pieces: list[Piece], cache: Path) -> tuple[Orders, list[Problem]] | None:
    """The orders of all files and what is wrong with them, the ledger's lines counted as ``combine`` does; None of few
    orders, and of those that are to be put together as a frame. Written is into a folder in ``cache``, which whoever
    uses that removes."""
    if sum(p.count for p in pieces) <= MOST or any(p.made for p in pieces) or client.exports.paid_after_refunds:
        return None
    pieces, folder = ranked(pieces, client.exports.prefer), Path(tempfile.mkdtemp(prefix=BEGUN, dir=cache))
    with _connection(folder) as con:
        _every(con, pieces, places=True)
        if (back := _given_back(con, client)) is None:
            return None
        con.execute(f"CREATE TEMP TABLE again AS SELECT {_HASH} AS h FROM every GROUP BY h HAVING count(*) > 1")
        again = _records(con, f"FROM every WHERE {_HASH} IN (FROM again)", pieces)
        broken = _records(con, f"FROM every WHERE {_BROKEN}", pieces)
        if again is None or broken is None:
            return None
        told = [p for piece in broken for p in meaning.broken(piece)]
        for at, n in back.items():
            pieces[at].line["flagged"]["refund_of_closed"] = n
    made, clashes = merged(ORDERS, again, client.exports.prefer) if again else (tables.frame(ORDERS, {}), [])
    return Orders(folder, pieces, made), [*told, *clashes]


def _every(con: Any, pieces: list[Piece], places: bool = False) -> set[str]:
    """Views of the records: ``given`` as they were read, ``every`` as they are meant; with ``places`` each with that of
    its sheet (``_piece``) and its row there (``_row``). The columns that any of them states."""
    import pandas as pd

    sources, files = [], []
    oldest_first = sorted(enumerate(pieces), key=lambda found: str(found[1].line["start"]))
    for at, piece in oldest_first:
        for part in piece.parts:
            path = piece.folder / part.key / f"{part.piece}.parquet"
            files.append((str(path), at, part.above))
        if not piece.parts:
            con.register(f"piece{at}", piece.frame.assign(**{parquet.ROW: piece.rows}))
            sources.append(f"SELECT *, {at} AS _piece FROM piece{at}")
    if files:
        con.register("files", pd.DataFrame(files, columns=["filename", "at", "above"]))
        named = ", ".join(_text(path) for path, *_ in files)
        read = f"read_parquet([{named}], union_by_name = true, filename = true)"
        place, found = "NULL AS _row, NULL AS _piece", f"{read} p"
        if places:
            place, found = "p._row + files.above AS _row, files.at AS _piece", f"{read} p JOIN files USING (filename)"
        sources.append(f"SELECT p.* EXCLUDE (filename, _row), {place} FROM {found}")
    con.execute(f"CREATE TEMP VIEW stated AS {' UNION ALL BY NAME '.join(sources)}")
    there = {name for name, *_ in con.execute("DESCRIBE stated").fetchall()}
    con.execute(f"CREATE TEMP VIEW given AS SELECT {_columns(there)}, _piece, _row FROM stated")
    back = f"CASE WHEN {_BACK} THEN paid_amount ELSE refund_amount END AS refund_amount"
    con.execute(f"CREATE TEMP VIEW every AS SELECT * REPLACE ({back}) FROM given")
    return there


def _columns(there: Collection[str]) -> str:
    """The columns of the table, of which some may be missing."""
    stated = ((f"{f.name}" if f.name in there else "NULL", SQL_TYPES[DTYPES[f.type]], f.name) for f in ORDERS.fields)
    return ", ".join(f"CAST({value} AS {type}) AS {name}" for value, type, name in stated)


def _given_back(con: Any, client: Client) -> dict[int, int] | None:
    """By sheet, how many orders went back; None if a file's payments may be what was left after refunds, or nothing
    states a status: a frame tells."""
    counts = f"count(*) FILTER ({_TELLING}), count(status), count(paid_at), count(*) FILTER ({_BACK})"
    found = con.execute(f"SELECT {counts}, _piece FROM given GROUP BY _piece").fetchall()
    net = client.exports.paid_after_refunds is None and any(telling for telling, *_ in found)
    unstated = any(paid and not status for _, status, paid, *_ in found)
    return None if net or unstated else {at: back for *_, back, at in found if back}


def _records(con: Any, sql: str, pieces: list[Piece]) -> list[Piece] | None:
    """The rows of a query as pieces of their own; None if they are many."""
    rows = con.execute(f"{sql} LIMIT {FEW + 1}").df()
    if len(rows) > FEW:
        return None
    rows = rows.sort_values(["_piece", parquet.ROW], ignore_index=True)
    made = []
    for at, own in rows.groupby("_piece", sort=True):
        frame = parquet.typed(own.drop(columns=["_piece", parquet.ROW]).reset_index(drop=True), ORDERS)
        numbers = own[parquet.ROW].astype("int64").tolist()
        made.append(replace(pieces[int(at)], frame=frame, rows=numbers, parts=()))
    return made


# ---- finished -------------------------------------------------------------------------------------------------------


def finished(client: Client, orders: Orders, exclusions: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Write the orders, with the columns that kit works out, in the order of their files and rows, but those that are
    marked last; what the exclusions take out, as ``finish.whole``."""
    with _connection(orders.folder) as con:
        stated = _sold(con, client, orders, exclusions)
        usual = con.execute(
            "SELECT shop, median(paid_amount) || '::DOUBLE' FROM sold WHERE is_sold AND paid_amount > 0 GROUP BY shop"
        ).fetchall()
        own = [name for name in ORDERS.columns if name in stated | _WORKED_OUT]
        times = client.thresholds.suspicious_times
        made = _FINISHED.format(names=", ".join(own), times=times, usual=_by_shop(usual, "NULL"))
        con.execute(f"COPY (SELECT {_columns(own)} FROM ({made})) TO {_text(str(orders.path))} ({parquet.FORM})")
        return [] if exclusions is None else _left_out(con)


def sold_days(client: Client, orders: Orders, exclusions: pd.DataFrame | None) -> pd.DataFrame:
    """What was paid by shop and day of payment, whatever the consultant leaves out."""
    with _connection(orders.folder) as con:
        _sold(con, client, orders, exclusions)
        found: pd.DataFrame = con.execute(BY_DAY.format(table="sold", which="is_sold")).df()
        return found


def _sold(con: Any, client: Client, orders: Orders, exclusions: pd.DataFrame | None) -> set[str]:
    """A view of the orders, each key once, with ``is_sold`` (``finish.sold``) and why it is ``excluded``. The columns
    that any file states."""
    left = tables.frame(tables.TABLES["exclusions"], {}) if exclusions is None else exclusions
    con.register("left_out", left[left["what"] == "order"])
    con.register("repeated", orders.repeated)
    stated = _every(con, orders.pieces)
    _mark(con)
    con.execute(_MARKED_ONES)
    con.execute(f"CREATE TEMP VIEW whole AS SELECT {_NAMES} FROM every WHERE NOT {_MARKED} UNION ALL FROM marked")
    shops = con.execute("SELECT shop, count(paid_at), count(status) FROM whole GROUP BY shop").fetchall()
    said = {
        "untimed": [(shop, True) for shop, paid, _ in shops if not paid],
        "unstated": [(shop, True) for shop, paid, status in shops if not paid and not status],
        "deposit": [(key, True) for key, shop in client.shops.items() if shop.presale_counted == "deposit"],
    }
    con.execute(_SOLD.format(**{name: _by_shop(facts, "false") for name, facts in said.items()}))
    return stated


def _mark(con: Any) -> None:
    """Set the bits of the orders that are put together or left out, for ``_MARKED``."""
    import numpy as np

    named = "SELECT order_id FROM repeated UNION ALL SELECT id FROM left_out"
    bits = np.full(BITS, ord("0"), np.uint8)
    bits[con.execute(f"SELECT {_BIT} AS n FROM ({named})").fetchnumpy()["n"]] = ord("1")
    con.execute("SET VARIABLE marks = ?::BIT", [bits.tobytes().decode()])


def _by_shop(facts: list[tuple[str, Any]], other: str) -> str:
    """What is so of a row's shop, as an expression."""
    cases = "".join(f" WHEN {_text(shop)} THEN {value}" for shop, value in facts)
    return f"(CASE shop{cases} ELSE {other} END)" if facts else other


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


BY_DAY = (
    "SELECT shop, date_trunc('day', paid_at) AS paid_at, sum(paid_amount) AS paid_amount FROM {table}"
    " WHERE paid_at IS NOT NULL AND {which} GROUP BY ALL ORDER BY ALL"
)
_NAMES = ", ".join(ORDERS.columns)
_MARKED_ONES = (
    "CREATE TEMP TABLE marked AS SELECT w.* REPLACE (coalesce(a.reason, b.reason) AS excluded) FROM"
    f" (SELECT {_NAMES} FROM every ANTI JOIN repeated USING ({KEY}) WHERE {_MARKED}"
    f" UNION ALL SELECT {_columns(ORDERS.columns)} FROM repeated) w"
    " LEFT JOIN left_out a ON a.shop = w.shop AND a.id = w.order_id"
    f" LEFT JOIN left_out b ON b.shop = '' AND b.id = w.order_id ORDER BY {KEY}"
)
_SOLD = (
    f"CREATE TEMP VIEW sold AS SELECT *, coalesce((({_PAID} OR (coalesce(status = 'closed', false)"
    f" OR {{unstated}}) AND {{untimed}} AND paid_amount > 0) AND status IS DISTINCT FROM 'unpaid' AND NOT {_DUE})"
    f" OR ({_DUE} AND {{deposit}}), false) AS is_sold FROM whole"
)
_FINISHED = (
    "SELECT {names} FROM (SELECT * REPLACE (is_sold AND excluded IS NULL AS counted,"
    " CASE WHEN (CASE WHEN paid_amount > 0 THEN paid_amount ELSE list_amount END) > {times} * {usual} THEN 'amount'"
    " ELSE suspicious END AS suspicious) FROM sold)"
)


def _left_out(con: Any) -> list[dict[str, Any]]:
    found = con.execute(
        "WITH s AS (SELECT shop, coalesce(sum(paid_amount), 0) AS every,"
        " coalesce(sum(paid_amount) FILTER (excluded IS NOT NULL), 0) AS gone FROM sold WHERE is_sold GROUP BY shop)"
        " SELECT shop, excluded, count(*), coalesce(sum(paid_amount), 0), any_value(every), any_value(every - gone)"
        " FROM sold JOIN s USING (shop) WHERE is_sold AND excluded IS NOT NULL GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    names = ("shop", "reason", "records", "amount", "all", "kept")
    return [{"table": "orders", **dict(zip(names, row, strict=True))} for row in found]
