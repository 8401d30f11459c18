"""The client's tables, read once: Parquet and ledger in ``data/<client>/.cache/``, by the hash of all that made them.

A cache folder's name is the hash of the input files, of the code and dictionaries that read them, and of the parts of
client.toml that they depend on. It is written beside and renamed, so it is whole or absent; one that was damaged since
fails its hashes and is made again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit import tables
from kit.client import Client
from kit.errors import KitError, Problem, problem, warning
from kit.tables import TABLES

if TYPE_CHECKING:
    import pandas as pd

    from kit.exports.reader import Reading

CACHE = ".cache"
KEPT = 3
"""Cache folders that stay: a notebook that is still open may hold an earlier one."""
WAIT = 600
"""Seconds to wait for another process that is reading the same client."""


class Store:
    """A client's tables. ``ledger``: one line per sheet. ``used``: the tables asked for so far, each with the hash of
    its Parquet file or ``absent``. ``problems``: what is to be said of the data; warnings only, once loaded.
    """

    def __init__(self, folder: Path, facts: dict[str, Any]) -> None:
        self.folder, self._facts = folder, facts
        self.used: dict[str, str] = {}
        self.ledger: list[dict[str, Any]] = facts["ledger"]
        self.coverage: list[dict[str, Any]] = facts["coverage"]
        self.problems = [Problem(p["id"], p["args"], p["warning"]) for p in facts["problems"]]

    def get(self, name: str) -> pd.DataFrame | None:
        """The table with the columns and dtypes of its schema, sorted by its key; None if no file brought it.

        Raises ``KitError`` if the cache was removed since it was opened.
        """
        if name not in TABLES:
            raise KeyError(name)
        self.used[name] = self._facts["tables"].get(name, "absent")
        return _read(self.folder / f"{name}.parquet", name) if self.used[name] != "absent" else None

    def span(self) -> tuple[dt.date, dt.date] | None:
        """First and last day of all dated tables, a month counting to its end; None without any."""
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


def load(client: Client) -> Store:
    """The client's tables, from the cache or read anew. Raises ``KitError`` with every problem at once."""
    import filelock

    cache = client.folder / CACHE
    key = _key(client)
    try:
        cache.mkdir(exist_ok=True)
        with filelock.FileLock(cache / "lock", timeout=WAIT):
            found = _open(cache / key) or _make(client, cache, key)
    except filelock.Timeout as error:
        raise KitError(problem("e.store.busy", client=client.slug)) from error
    except OSError as error:
        raise KitError(problem("e.store.write", folder=f"data/{client.slug}/{CACHE}")) from error
    if any(not p.warning for p in found.problems):
        raise KitError(found.problems)
    return found


def check(client: Client) -> list[Problem]:
    """Every fault and warning of the client's data, all at once; empty when there is nothing to say."""
    try:
        return load(client).problems
    except KitError as error:
        return list(error.problems)


def coverage(client: Client, words: Any) -> list[str]:
    """What there is, a line per table and shop in the language of ``words``; none if the data are faulty."""
    try:
        found = load(client).coverage
    except KitError:
        return []
    return [_covered(c, words) for c in found]


def absent(client: Client, words: Any) -> list[str]:
    """Which dated table has no file yet, and the exports that bring it; none if the data are faulty."""
    from kit.exports.dictionary import bringing

    try:
        there = {c["table"] for c in load(client).coverage}
    except KitError:
        return []
    lines = []
    for name in (t.name for t in TABLES.values() if t.time and t.name not in there):
        fitting = [e for e in bringing(name) if not e.platforms or set(e.platforms) & set(client.platforms())]
        named = dict.fromkeys((e.name[words.locale], e.menu[words.locale]) for e in fitting if not e.generic)
        exports = [words.label("check.export", export=export, menu=menu) for export, menu in named]
        lines.append(words.label("check.absent", table=words.label(f"table.{name}"), exports=words.listing(exports)))
    return lines


def _covered(line: dict[str, Any], words: Any) -> str:
    names = {kind: words.label(f"{kind}.{line[kind]}") for kind in ("table", "platform")}
    facts = {k: line[k] for k in ("shop", "start", "end")}
    return words.label("check.coverage", n=line["rows"], **names, **facts)


# ---- the key -------------------------------------------------------------------------------------------------


def _key(client: Client) -> str:
    """The hash of everything the tables depend on."""
    from kit.exports.folder import sources

    found, _ = sources(client)
    facts = {
        "inputs": [(s.name, "" if s.system else _hash_file(s.path)) for s in found],
        "code": [(path.name, _hash_file(path)) for path in _code()],
        "libraries": {name: metadata.version(name) for name in ("duckdb", "pandas", "python-calamine", "lxml")},
        "shops": {key: shop.model_dump(mode="json") for key, shop in client.shops.items()},
        "files": {name: said.model_dump(mode="json") for name, said in client.files.items()},
        "locale": client.locale,
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def _code() -> list[Path]:
    here = Path(__file__).parent
    return [here / "tables.py", here / "store.py", *sorted(p for p in (here / "exports").glob("*.*") if p.is_file())]


def _hash_file(path: Path) -> str:
    """The hash of a file's bytes; of its absence if it cannot be opened, which reading then reports."""
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
    from kit.exports.reader import read

    reading = read(client)
    if _key(client) != key:
        raise KitError(problem("e.store.changed", client=client.slug))
    if any(not p.warning for p in reading.problems):
        reading.tables.clear()
    with _beside(cache) as folder:
        for name, frame in reading.tables.items():
            _write(folder / f"{name}.parquet", frame)
        hashes = {name: _hash_file(folder / f"{name}.parquet") for name in reading.tables}
        facts = {"tables": hashes, "ledger": reading.ledger, "coverage": _coverage(reading)}
        told = [{"id": p.id, "args": dict(p.args), "warning": p.warning} for p in _problems(client, reading)]
        text = json.dumps({**facts, "problems": told}, ensure_ascii=False, indent=1)
        (folder / "ledger.json").write_text(text + "\n", encoding="utf-8")
        shutil.rmtree(cache / key, ignore_errors=True)
        os.replace(folder, cache / key)
    _forget(cache, key)
    made = _open(cache / key)
    if made is None:
        raise KitError(problem("e.store.write", folder=f"data/{client.slug}/{CACHE}"))
    return made


@contextlib.contextmanager
def _beside(cache: Path) -> Iterator[Path]:
    """A folder to write in; gone afterwards unless it was renamed."""
    folder = Path(tempfile.mkdtemp(prefix="writing-", dir=cache))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _forget(cache: Path, key: str) -> None:
    """Remove all but the newest cache folders, and what a build that was killed left behind. The lock is held."""
    folders = [p for p in cache.iterdir() if p.is_dir() and p.name != key]
    made = sorted((p for p in folders if not p.name.startswith("writing-")), key=lambda p: p.stat().st_mtime)
    for folder in [*made[: -(KEPT - 1)], *(p for p in folders if p.name.startswith("writing-"))]:
        shutil.rmtree(folder, ignore_errors=True)


def _problems(client: Client, reading: Reading) -> list[Problem]:
    """The reader's problems, and that nothing has been put into the folder yet."""
    if reading.ledger or reading.problems:
        return reading.problems
    return [warning("e.nothing", folder=f"data/{client.slug}/exports")]


def _coverage(reading: Reading) -> list[dict[str, Any]]:
    """Rows, first and last day of each dated table by platform and shop."""
    from kit.exports.dates import month_end

    found = []
    for name, frame in reading.tables.items():
        time = TABLES[name].time
        if time is None:
            continue
        for (platform, shop), part in frame.groupby(["platform", "shop"], sort=True):
            first, last = part[time].min().date(), part[time].max().date()
            end = month_end(last) if time == "month" else last
            facts = {"table": name, "platform": platform, "shop": shop, "rows": len(part)}
            months = sorted(part[time].dt.strftime("%Y-%m").unique())
            found.append({**facts, "start": first.isoformat(), "end": end.isoformat(), "months": months})
    return found


def _connection() -> Any:
    """A private DuckDB: one thread, so that equal rows give equal bytes, and nothing fetched."""
    import duckdb

    return duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False})


def _write(path: Path, frame: pd.DataFrame) -> None:
    import duckdb

    try:
        with _connection() as connection:
            connection.register("written", frame)
            target = str(path).replace("'", "''")
            connection.execute(f"COPY (SELECT * FROM written) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
    except duckdb.Error:
        # Its message can quote a whole row, names and phones included: it goes no further.
        raise KitError(problem("e.store.write", folder=path.parent.parent.name)) from None


def _read(path: Path, name: str) -> pd.DataFrame:
    import duckdb

    try:
        with _connection() as connection:
            frame = connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).df()
    except duckdb.Error:
        raise KitError(problem("e.store.gone", table=name)) from None
    table = TABLES[name]
    return frame.astype({f.name: tables.DTYPES[f.type] for f in table.fields})[list(table.columns)]
