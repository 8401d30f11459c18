"""Frames to Parquet and back, through a private DuckDB that fetches nothing."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.errors import KitError, problem
from kit.tables import DTYPES, Table

if TYPE_CHECKING:
    import pandas as pd

ROW = "_row"
"""The spreadsheet row of each record, beside the table's columns."""
FORM = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, PARQUET_VERSION V2"


@functools.cache
def _database() -> Any:
    """One for the whole process: opening takes longer than most of what is done in it.

    One thread, so that equal rows give equal bytes; no extension is installed or loaded by itself.
    """
    import duckdb

    return duckdb.connect(
        config={"threads": 1, "autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )


def connection() -> Any:
    """A connection of its own, with views of its own; to be closed."""
    return _database().cursor()


def write(path: Path, frame: pd.DataFrame) -> None:
    """Raises ``KitError`` if it cannot be written. DuckDB's message can quote a whole row: it goes no further."""
    import duckdb

    try:
        with connection() as con:
            con.register("written", frame)
            target = str(path).replace("'", "''")
            con.execute(f"COPY (SELECT * FROM written) TO '{target}' ({FORM})")
    except duckdb.Error:
        raise KitError(problem("e.store.write", folder=path.parent.name)) from None


def records(path: Path, table: Table) -> list[dict[str, Any]]:
    """The records as dictionaries, without columns that are missing throughout. Raises as ``read``."""
    import duckdb

    try:
        with connection() as con:
            found = con.execute("SELECT * FROM read_parquet(?)", [str(path)])
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    except duckdb.Error:
        raise KitError(problem("e.store.gone", table=table.name)) from None


def read(path: Path, table: Table) -> pd.DataFrame:
    """The records with the table's columns and dtypes, and their rows where those were written.

    Raises ``KitError`` if the file is gone or damaged.
    """
    import duckdb

    try:
        with connection() as con:
            frame = con.execute("SELECT * FROM read_parquet(?)", [str(path)]).df()
    except duckdb.Error:
        raise KitError(problem("e.store.gone", table=table.name)) from None
    return typed(frame, table)


def typed(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The frame with the table's columns and dtypes; a column that is not there is missing throughout."""
    import pandas as pd

    table = table.widened(frame)

    def column(name: str, dtype: str) -> Any:
        return frame[name].astype(dtype) if name in frame else pd.array([None], dtype=dtype).repeat(len(frame))

    made = {f.name: column(f.name, DTYPES[f.type]) for f in table.fields}
    return pd.DataFrame(made | {c: frame[c] for c in frame if c.startswith("_")}, index=frame.index)
