"""Frames to Parquet and back, through a private DuckDB that fetches nothing."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit import project
from kit.errors import KitError, problem
from kit.tables import DTYPES, Table

if TYPE_CHECKING:
    import pandas as pd

ROW = "_row"
"""The spreadsheet row of each record, beside the table's columns."""
WORDS = 1000
"""Values up to which a column is written as a list of them and numbers: to look for more takes longer than it saves."""
AGAIN = 10
"""How often, at least, a column's texts come again in its first ``WORDS`` rows, if it is to be numbered beforehand."""
FORM = f"FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, PARQUET_VERSION V2, DICTIONARY_SIZE_LIMIT {WORDS}"
QUERY, REPLACED = "query.sql", "replaced"
"""Beside the files of a table that lies in several: what makes its rows of theirs, and the places of those that are not
among them."""
PLACE = "(file_index::BIGINT << 32) + file_row_number AS place"
"""Where a row of several files lies, as one number."""


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


def text(value: str) -> str:
    """A text in SQL."""
    return "'" + value.replace("'", "''") + "'"


def source(path: Path, placed: bool = False) -> str:
    """What to select a table from: its file, or the files in the folder of its name, by the query that lies with them.

    ``placed``: of such a folder, each row with its ``place`` and ``file_index``."""
    folder = path.with_suffix("")
    if not folder.is_dir():
        return f"read_parquet({text(str(path))})"
    rows = over((folder / QUERY).read_text(encoding="utf-8"), folder)
    return rows if placed else f"(SELECT * EXCLUDE (place, file_index) FROM {rows})"


def over(query: str, folder: Path) -> str:
    """A query over the ``{files}`` of a folder, in the order of their names, but for what was replaced."""
    others = f"ANTI JOIN read_parquet({text(str(folder / REPLACED))}) USING (place)"
    return f"({query})".replace("{files}", f"{placed(sorted(folder.glob('*.parquet')))} {others}")


def placed(files: Iterable[Path]) -> str:
    """Files to select from, and the place of each row."""
    named = ", ".join(text(str(path)) for path in files)
    return f"(SELECT *, file_index, {PLACE} FROM read_parquet([{named}], union_by_name = true))"


def close() -> None:
    """End the database, and the threads that it has however few may work; the next connection opens another."""
    if _database.cache_info().currsize:
        _database().close()
        _database.cache_clear()


def cells(path: Path) -> int:
    """How many values a file holds, missing ones counted. Raises DuckDB's errors."""
    with connection() as con:
        found = con.execute("SELECT sum(num_values) FROM parquet_metadata(?)", [str(path)]).fetchone()
        return int(found[0] or 0)


def write(path: Path, frame: pd.DataFrame) -> None:
    """Raises ``KitError`` if it cannot be written. DuckDB's message can quote a whole row: it goes no further."""
    import duckdb

    try:
        with connection() as con:
            con.register("written", _numbered(frame))
            con.execute(f"COPY (SELECT * FROM written) TO {text(str(path))} ({FORM})")
    except duckdb.Error:
        raise KitError(problem("e.store.write", folder=project.relative(path.parents[1]))) from None


def _numbered(frame: pd.DataFrame) -> pd.DataFrame:
    """With columns whose texts come again as categories, which DuckDB writes as texts all the same, and sooner."""
    import pandas as pd

    made = {}
    for name in (name for name in frame if frame[name].dtype == "str"):
        texts = frame[name].to_numpy(object)
        if len(set(texts[:WORDS].tolist())) * AGAIN < min(len(texts), WORDS):
            made[name] = pd.Categorical.from_codes(*pd.factorize(texts))
    return frame.assign(**made)


def records(path: Path, table: Table) -> list[dict[str, Any]]:
    """The records as dictionaries, without columns that are missing throughout. Raises as ``read``."""
    import duckdb

    try:
        with connection() as con:
            found = con.execute(f"SELECT * FROM {source(path)}")
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    except (duckdb.Error, OSError):
        raise KitError(problem("e.store.gone", table=table.name)) from None


def read(path: Path, table: Table) -> pd.DataFrame:
    """The records with the table's columns and dtypes, and their rows where those were written.

    Raises ``KitError`` if the file is gone or damaged.
    """
    import duckdb

    try:
        with connection() as con:
            frame = con.execute(f"SELECT * FROM {source(path)}").df()
    except (duckdb.Error, OSError):
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
