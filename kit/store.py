"""The client's tables, read once: Parquet and ledger in ``data/<client>/.cache/``, by the hash of all that made them.

``files/`` holds what was read from each file (``kit.exports.kept``), so that a further file costs only itself. A folder
beside it holds the tables put together; its name is the hash of the input files, of the code and dictionaries that read
them, and of the parts of client.toml that they depend on. It is written beside and renamed, so it is whole or absent;
one that was damaged since fails its hashes and is made again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.client import Client
from kit.errors import KitError, Problem, problem, warning
from kit.tables import INPUTS, TABLES

if TYPE_CHECKING:
    import pandas as pd

    from kit.exports.folder import Source
    from kit.exports.reader import Reading

CACHE = ".cache"
READS = "KIT_READS"
"""Names the file in which a build's kernel notes what it reads: client, ``table:orders``, hash; a line each in JSON."""
FILES = "files"
MEMO = "hashes.json"
KEPT = 3
"""Cache folders that stay: a notebook that is still open may hold an earlier one."""
WAIT = 600
"""Seconds to wait for another process that is reading the same client."""
SETTLED = 2_000_000_000
"""Nanoseconds after which a file's time of change is trusted: two changes within a clock's tick look like one."""


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
        self.absent: dict[str, list[dict[str, Any]]] = facts["absent"]
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
                elif path.is_file():
                    con.register(name, con.read_parquet(str(path)))
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


def _found(client: Client, make: Callable[[Client, Path, str], Store | None]) -> Store | None:
    import filelock

    cache = client.folder / CACHE
    try:
        cache.mkdir(exist_ok=True)
        with filelock.FileLock(cache / "lock", timeout=WAIT):
            digests = Digests(cache)
            key = _key(client, digests)
            digests.write()
            found = _open(cache / key) or make(client, cache, key)
    except filelock.Timeout as error:
        raise KitError(problem("e.store.busy", client=client.slug)) from error
    except OSError as error:
        raise KitError(problem("e.store.write", folder=f"data/{client.slug}/{CACHE}")) from error
    return found


# ---- the key -------------------------------------------------------------------------------------------------


class Digests:
    """The hashes of the client's files, remembered by size, time of change and inode, as git does."""

    def __init__(self, cache: Path) -> None:
        self.path = cache / MEMO
        try:
            self.known: dict[str, list[Any]] = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self.known = {}
        self.seen: dict[str, list[Any]] = {}

    def __call__(self, source: Source) -> str:
        """The hash of a file's bytes; of its absence if it cannot be opened, which reading then reports."""
        if source.system:
            return ""
        try:
            stat = source.path.stat()
        except OSError:
            return "unreadable"
        mark = [stat.st_size, stat.st_mtime_ns, stat.st_ino]
        noted = self.known.get(source.name) if isinstance(self.known, dict) else None
        digest = noted[3] if isinstance(noted, list) and noted[:3] == mark else _hash_file(source.path)
        if time.time_ns() - stat.st_mtime_ns > SETTLED:
            self.seen[source.name] = [*mark, digest]
        return digest

    def write(self) -> None:
        """Keep what was seen, if it differs from what was known."""
        if self.seen != self.known:
            beside = self.path.with_suffix(".new")
            beside.write_text(json.dumps(self.seen, ensure_ascii=False), encoding="utf-8")
            os.replace(beside, self.path)


def _key(client: Client, digests: Digests) -> str:
    """The hash of everything the tables depend on."""
    from kit.exports import secret
    from kit.exports.fingerprint import code, settings
    from kit.exports.folder import sources

    found, _ = sources(client)
    facts = {
        "inputs": [(s.name, digests(s)) for s in found],
        "code": code(),
        "settings": settings(client),
        "files": {name: said.model_dump(mode="json") for name, said in client.files.items()},
        "prefer": list(client.exports.prefer),
        "thresholds": client.thresholds.model_dump(mode="json"),
        "secret": secret.key_id(client),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def _hash_file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "unreadable"


# ---- reading and writing ----------------------------------------------------------------------------------------


def _open(folder: Path) -> Store | None:
    """The store in a cache folder, or None if there is none or a file in it is not what was written."""
    try:
        facts = json.loads((folder / "ledger.json").read_text(encoding="utf-8"))
        whole = all(_hash_file(folder / f"{name}.parquet") == digest for name, digest in facts["tables"].items())
        return Store(folder, facts) if whole else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _make(client: Client, cache: Path, key: str) -> Store:
    """Read the folder and write what it holds; of faulty data only the problems, to tell them again quickly."""
    from kit.exports import parquet
    from kit.exports.kept import Kept, beside
    from kit.exports.reader import read
    from kit.funnel import funnel
    from kit.meanings import meanings
    from kit.refunds import open_months

    kept = Kept(cache / FILES)
    reading = read(client, kept, Digests(cache))
    if _key(client, Digests(cache)) != key:
        raise KitError(problem("e.store.changed", client=client.slug))
    if any(not p.warning for p in reading.problems):
        reading.tables.clear()
    with beside(cache) as folder:
        for name, frame in reading.tables.items():
            parquet.write(folder / f"{name}.parquet", frame)
        hashes = {name: _hash_file(folder / f"{name}.parquet") for name in reading.tables}
        facts = {
            "tables": hashes,
            "ledger": reading.ledger,
            "coverage": _coverage(reading),
            "excluded": reading.excluded,
            "absent": _absent(client, reading),
            "open": open_months(client, reading.tables),
            "meanings": meanings(client, reading.tables),
            "funnel": funnel(reading.tables.get("orders")),
        }
        told = [{"id": p.id, "args": dict(p.args), "warning": p.warning} for p in _problems(client, reading)]
        text = json.dumps({**facts, "problems": told}, ensure_ascii=False, indent=1)
        (folder / "ledger.json").write_text(text + "\n", encoding="utf-8")
        shutil.rmtree(cache / key, ignore_errors=True)
        os.replace(folder, cache / key)
    kept.forget()
    _forget(cache, key)
    made = _open(cache / key)
    if made is None:
        raise KitError(problem("e.store.write", folder=f"data/{client.slug}/{CACHE}"))
    return made


def _forget(cache: Path, key: str) -> None:
    """Remove all but the newest cache folders, and what a build that was killed left behind. The lock is held."""
    folders = [p for p in cache.iterdir() if p.is_dir() and p.name not in (key, FILES)]
    made = sorted((p for p in folders if not p.name.startswith("writing-")), key=lambda p: p.stat().st_mtime)
    for folder in [*made[: -(KEPT - 1)], *(p for p in folders if p.name.startswith("writing-"))]:
        shutil.rmtree(folder, ignore_errors=True)


def _problems(client: Client, reading: Reading) -> list[Problem]:
    """The reader's problems, and that nothing has been put into the folder yet."""
    if reading.ledger or reading.problems:
        return reading.problems
    return [warning("e.nothing", folder=f"data/{client.slug}/exports")]


def _absent(client: Client, reading: Reading) -> dict[str, list[dict[str, Any]]]:
    """For each table that no file has brought, the exports of the client's platforms that bring it."""
    from kit.exports.dictionary import bringing

    found = {}
    for name in (n for n, t in TABLES.items() if n not in INPUTS and n not in reading.tables):
        fitting = [e for e in bringing(name) if not e.platforms or set(e.platforms) & set(client.platforms())]
        own = {e.id: {"export": dict(e.name), "menu": dict(e.menu)} for e in fitting if not e.generic}
        found[name] = list(own.values())
    return found


def _coverage(reading: Reading) -> list[dict[str, Any]]:
    """Rows, first and last day, and days with rows by month of each dated table by platform and shop; a period counts
    for each of its days."""
    from kit.exports.pieces import dated, days

    found = []
    for name, frame in reading.tables.items():
        table = TABLES[name]
        if table.time is None or name in INPUTS:
            continue
        for (platform, shop), part in frame.groupby(["platform", "shop"], sort=True):
            first, last = days(table, part)
            if first is None or last is None:
                continue
            facts = {"table": name, "platform": platform, "shop": shop, "rows": len(part)}
            dates = _covered(part) if table.time == "start" else dated(table, part)
            assert dates is not None  # as it has a first day
            months = dates.dropna().dt.normalize().drop_duplicates().dt.strftime("%Y-%m").value_counts().sort_index()
            counted = {str(month): int(n) for month, n in months.items()}
            found.append({**facts, "start": first.isoformat(), "end": last.isoformat(), "months": counted})
    return found


def _covered(periods: pd.DataFrame) -> pd.Series:
    """Every day within the periods of a twin's rows."""
    import pandas as pd

    spans = periods[["start", "end"]].drop_duplicates()
    ranges = [pd.date_range(start, end) for start, end in spans.itertuples(index=False)]
    return pd.concat([pd.Series(days) for days in ranges])
