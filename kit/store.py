"""The client's tables, read once: Parquet and ledger in ``data/<client>/.cache/``, by the hash of all that made them.

``files/`` holds what was read from each file (``kit.exports.kept``), so that a further file costs only itself. A folder
beside it holds the tables put together; its name is the hash of the input files, of the code and dictionaries that read
them, and of the parts of client.toml that they depend on. It is written beside and renamed, so it is whole or absent;
one that was damaged since fails its hashes and is made again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit import digests
from kit.client import Client
from kit.errors import KitError, Problem, problem, warning
from kit.replacing import replace
from kit.tables import TABLES

if TYPE_CHECKING:
    import pandas as pd

    from kit.exports.reader import Reading

CACHE = ".cache"
READS = "KIT_READS"
"""Names the file in which a build's kernel notes what it reads: client, ``table:orders``, hash; a line each in JSON."""
FILES = "files"
KEPT = 3
"""Cache folders that stay: a notebook that is still open may hold an earlier one."""
WAIT = 600
"""Seconds to wait for another process that is reading the same client."""
LARGE = 300 * 2**20
"""Bytes that the tables held of a client take at most, about; and no more than an eighth of what memory is left."""
CELL = 40
"""Bytes that a value takes, about: those of orders take 26 to 35."""

_held: dict[tuple[str, str, str], pd.DataFrame] = {}
"""What was read before this process was forked: by the folder, the table and its hash."""


class Store:
    """A client's tables. ``ledger``: one line per sheet. ``tables``: each with the hash of its Parquet file;
    ``used``: those asked for so far, one that is not there as ``absent``. ``problems``: what is to be said of the data;
    warnings only, once loaded.
    """

    def __init__(self, folder: Path, facts: dict[str, Any]) -> None:
        self.folder = folder
        self.used: dict[str, str] = {}
        self._read: dict[str, pd.DataFrame] = {}
        self.ledger: list[dict[str, Any]] = facts["ledger"]
        self.coverage: list[dict[str, Any]] = facts["coverage"]
        self.excluded: list[dict[str, Any]] = facts["excluded"]
        self.open: list[dict[str, Any]] = facts["open"]
        self.meanings: list[dict[str, Any]] = facts["meanings"]
        self.funnel: list[dict[str, Any]] = facts["funnel"]
        self.tables: dict[str, str] = facts["tables"]
        self.problems = [Problem(p["id"], p["args"], p["warning"]) for p in facts["problems"]]

    def get(self, name: str) -> pd.DataFrame | None:
        """The table with the columns and dtypes of its schema, sorted by its key; None if no file brought it.

        Read once; what is done to the frame stays with whoever asked for it. Raises ``KitError`` if the cache was
        removed since it was opened.
        """
        if name not in TABLES:
            raise KeyError(name)
        if self._use(name) == "absent":
            return None
        if name not in self._read and (held := _held.get((str(self.folder), name, self.tables[name]))) is not None:
            self._read[name] = held
        if name not in self._read:
            from kit.exports import parquet

            self._read[name] = parquet.read(self.folder / f"{name}.parquet", TABLES[name])
        return self._read[name].copy(deep=False)

    def records(self, name: str) -> list[dict[str, Any]]:
        """A small table as dictionaries, read without pandas; none if no file brought it. Errors as ``get``."""
        if self._use(name) == "absent":
            return []
        from kit.exports import parquet

        return parquet.records(self.folder / f"{name}.parquet", TABLES[name])

    def select(self, sql: str, *names: str) -> pd.DataFrame:
        """The rows of a query over the tables ``names``, each a view of that name; one without a file is empty.

        What is large is aggregated here, so that an analysis gets a frame it can hold. Raises ``KitError`` if the cache
        was removed since it was opened; a fault in ``sql`` is a slip of ours.
        """
        with self.views(*names) as con:
            return con.execute(sql).df()

    @contextlib.contextmanager
    def views(self, *names: str) -> Iterator[Any]:
        """A connection to DuckDB for several queries over the tables ``names``; as ``select`` otherwise."""
        from kit.exports import parquet
        from kit.tables import frame

        with parquet.connection() as con:
            for name in names:
                path = self.folder / f"{name}.parquet"
                if self._use(name) == "absent":
                    con.register(name, frame(TABLES[name], {}))
                elif path.is_file() or path.with_suffix("").is_dir():
                    con.register(name, con.sql(f"SELECT * FROM {parquet.source(path)}"))
                else:
                    raise KitError(problem("e.store.gone", table=name))
            yield con

    def _use(self, name: str) -> str:
        """The table's hash, noted."""
        self.used[name] = self.tables.get(name, "absent")
        note(self.folder.parents[1].name, f"table:{name}", self.used[name])
        return self.used[name]

    def span(self) -> tuple[dt.date, dt.date] | None:
        """First and last day of what platforms exported, a month counting to its end; None without any.

        What a consultant typed does not count: goals reach into months of which there are no data yet.
        """
        days = [(c["start"], c["end"]) for c in self.coverage]
        if not days:
            return None
        return dt.date.fromisoformat(min(d[0] for d in days)), dt.date.fromisoformat(max(d[1] for d in days))

    def months(self) -> list[str]:
        """The months (``2024-11``) in which any dated table has a row."""
        return sorted({month for c in self.coverage for month in c["months"]})

    @property
    def cutoff(self) -> dt.date | None:
        """The last day any table reaches."""
        found = self.span()
        return found[1] if found else None


def note(client: str, what: str, digest: str) -> None:
    """Tell the build whose kernel this is what was read; outside of one nobody asks."""
    if noted := os.environ.get(READS):
        with open(noted, "a", encoding="utf-8") as file:
            file.write(json.dumps([client, what, digest]) + "\n")


def hold(folder: str, name: str, digest: str) -> None:
    """Read a table for processes that will be forked from this one, if it is what was written and memory allows."""
    from kit.exports import parquet

    path = Path(folder) / f"{name}.parquet"
    if digests.hash_file(path) == digest:
        taken = CELL * (sum(frame.size for frame in _held.values()) + parquet.cells(path))
        if taken <= min(LARGE, _available() // 8):
            _held[folder, name, digest] = parquet.read(path, TABLES[name])


def _available() -> int:
    """Bytes of memory that nothing needs just now; where the system does not say, none."""
    with contextlib.suppress(OSError, ValueError), open("/proc/meminfo", encoding="ascii") as file:
        return 1024 * next(int(line.split()[1]) for line in file if line.startswith("MemAvailable"))
    return 0


def load(client: Client) -> Store:
    """The client's tables, from the cache or read anew. Raises ``KitError`` with every problem at once."""
    found = inspect(client)
    refuse(found)
    return found


def refuse(found: Store) -> None:
    """Raise ``KitError`` if the data are faulty."""
    if any(not p.warning for p in found.problems):
        raise KitError(found.problems)


def inspect(client: Client) -> Store:
    """The client's store whatever is wrong with the data: of faulty ones, the ledger and the problems, and no table."""
    found = _found(client, _make)
    assert found is not None
    return found


def cached(client: Client) -> Store | None:
    """The client's store, faulty or not, if its files are as they were read last; None if they have to be read."""
    return _found(client, lambda *_: None)


def known(client: Client) -> Store | None:
    """As ``cached``, for whoever only asks what was read: without waiting for a process that reads the client now, and
    without looking whether the tables are whole."""
    cache = client.folder / CACHE
    return _open(cache / digests.key(client, digests.Digests(cache)), whole=True)


def was_read(client: Client) -> bool:
    """Whether the client's files, as they are or as they were, have been read at all."""
    return any((client.folder / CACHE).glob("*/ledger.json"))


def _found(client: Client, make: Callable[[Client, Path, str], Store | None]) -> Store | None:
    import filelock

    cache = client.folder / CACHE
    try:
        cache.mkdir(exist_ok=True)
        with filelock.FileLock(cache / "lock", timeout=WAIT):
            known = digests.Digests(cache)
            key = digests.key(client, known)
            known.write()
            found = _open(cache / key) or make(client, cache, key)
    except filelock.Timeout as error:
        raise KitError(problem("e.store.busy", client=client.slug)) from error
    except OSError as error:
        raise KitError(problem("e.store.write", folder=f"data/{client.slug}/{CACHE}")) from error
    return found


# ---- reading and writing ----------------------------------------------------------------------------------------


def _open(folder: Path, whole: bool = False) -> Store | None:
    """The store in a cache folder, or None if there is none or a file in it is not what was written; ``whole``: that
    they are is taken for granted."""
    try:
        facts = json.loads((folder / "ledger.json").read_text(encoding="utf-8"))
        hashes = facts["tables"].items() if not whole else ()
        whole = all(digests.hash_table(folder / f"{name}.parquet") == digest for name, digest in hashes)
        return Store(folder, facts) if whole else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _make(client: Client, cache: Path, key: str) -> Store:
    """Read the folder and write what it holds; of faulty data only the problems, to tell them again quickly."""
    from kit import coverage
    from kit.exports import many_asked, parquet
    from kit.exports.kept import Kept, beside
    from kit.exports.reader import read
    from kit.meanings import meanings
    from kit.refunds import open_months

    kept = Kept(cache / FILES)
    reading = read(client, kept, digests.Digests(cache))
    if digests.key(client, digests.Digests(cache)) != key:
        raise KitError(problem("e.store.changed", client=client.slug))
    if any(not p.warning for p in reading.problems):
        reading.tables.clear()
        reading.looked.clear()
        reading.many = None
    looked = reading.tables | reading.looked
    with beside(cache) as folder:
        for name, frame in reading.tables.items():
            parquet.write(folder / f"{name}.parquet", frame)
        facts: dict[str, Any] = {
            "ledger": reading.ledger,
            "coverage": coverage.coverage(reading),
            "excluded": reading.excluded,
            "open": open_months(client, looked, reading.many and many_asked.counted_days(reading.many)),
            "meanings": meanings(client, looked),
            "funnel": _steps(reading),
        }
        if reading.many:
            replace(reading.many.files, folder / reading.many.files.name)
        facts["tables"] = {name: digests.hash_table(folder / f"{name}.parquet") for name in looked}
        told = [{"id": p.id, "args": dict(p.args), "warning": p.warning} for p in _problems(client, reading)]
        text = json.dumps({**facts, "problems": told}, ensure_ascii=False, indent=1)
        (folder / "ledger.json").write_text(text + "\n", encoding="utf-8")
        shutil.rmtree(cache / key, ignore_errors=True)
        replace(folder, cache / key)
    kept.forget()
    _forget(cache, key)
    made = _open(cache / key, whole=True)
    if made is None:
        raise KitError(problem("e.store.write", folder=f"data/{client.slug}/{CACHE}"))
    return made


def _forget(cache: Path, key: str) -> None:
    """Remove all but the newest cache folders, and what a build that was killed left behind. The lock is held."""
    folders = [p for p in cache.iterdir() if p.is_dir() and p.name not in (key, FILES)]
    made = sorted((p for p in folders if not p.name.startswith("writing-")), key=lambda p: p.stat().st_mtime)
    for folder in [*made[: -(KEPT - 1)], *(p for p in folders if p.name.startswith("writing-"))]:
        shutil.rmtree(folder, ignore_errors=True)


def _steps(reading: Reading) -> list[dict[str, Any]]:
    """What of the orders enters sales, few or many."""
    from kit import funnel

    if reading.many is None:
        return funnel.funnel(reading.tables.get("orders"))
    with reading.many.asked() as con:
        return funnel.of(con)


def _problems(client: Client, reading: Reading) -> list[Problem]:
    """The reader's problems, and that nothing has been put into the folder yet."""
    if reading.ledger or reading.problems:
        return reading.problems
    return [warning("e.nothing", folder=f"data/{client.slug}/exports")]
