"""Putting a report's files in place: written beside, moved one by one, and its record last.

Files that do not match a record were never finished. While a client is built, its lock says who does it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from kit import project
from kit.errors import FAILED, KitError, Problem, problem
from kit.replacing import replace as into_place

HOLDER = ".lock.json"
"""Beside a client's lock: which process holds it, and since when."""

NOTED, STOPPED = ".failed.json", ".failed.ipynb"
"""After a report's name: that its last build failed, and the notebook that stopped."""


def as_json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def put(folder: Path, files: dict[str, bytes], facts: dict[str, Any], locales: tuple[str, ...]) -> None:
    """As ``commit``, ``written``."""
    with written(folder):
        commit(folder, files, facts, locales)


@contextmanager
def written(folder: Path) -> Iterator[None]:
    """A folder that cannot be written is told, and a file that another program holds."""
    try:
        yield
    except OSError as error:
        raise KitError(_unwritten(folder, error), FAILED) from error


def _unwritten(folder: Path, error: OSError) -> Problem:
    """Why: a viewer has opened a file since it was looked at, a path is too long, or what else the folder may lack."""
    if isinstance(error, PermissionError) and error.filename2:  # what could not be replaced; the folder can be written
        return problem("e.output.open", file=project.relative(error.filename2))
    if (n := len(str(error.filename or ""))) > project.LONGEST_PATH:
        return problem("e.output.long", folder=project.relative(folder), n=n, most=project.LONGEST_PATH)
    return problem("e.output.write", folder=project.relative(folder))


def commit(folder: Path, files: dict[str, bytes], facts: dict[str, Any], locales: tuple[str, ...]) -> None:
    """Put ``files`` in place, the records last: one per language, with the hashes of the files it vouches for."""
    folder.mkdir(parents=True, exist_ok=True)
    records = {}
    for locale in locales:
        names = [n for n in files if _speaks(n) in (locale, "")]
        vouched = {n: _sha(files[n]) for n in sorted(names)}
        records[f"{facts['report']}.{locale}.record.json"] = as_json({**facts, "locale": locale, "files": vouched})
    gone = [n for name in records for n in _vouched(folder / name) if n not in files and _speaks(n) in locales]
    mark = f".writing-{facts['report']}-"
    for left in folder.glob(f"{mark}*"):  # by a build that was killed; nobody else builds this report now
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=mark, dir=folder) as beside:
        for name, content in {**files, **records}.items():
            _write(Path(beside) / name, content)
        refuse_open(folder, [*files, *gone])
        for name in files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            into_place(Path(beside) / name, folder / name)
        for name in gone:  # a picture of an exhibit that is none any more
            (folder / name).unlink(missing_ok=True)
        for name in records:
            into_place(Path(beside) / name, folder / name)


def _speaks(name: str) -> str:
    """The language that a file's name says it is in, as a part of it or as its folder; empty for one that all share."""
    return next((part for part in re.split(r"[./]", name) if part in ("zh", "en")), "")


def _recorded(record: Path) -> dict[str, Any]:
    """What a record says: of no file if there is none that can be read."""
    try:
        said: dict[str, Any] = json.loads(record.read_bytes())
        return said if isinstance(said["files"], dict) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _vouched(record: Path) -> list[str]:
    """The files that a record names."""
    return list(_recorded(record).get("files", {}))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def refuse_open(folder: Path, names: Iterable[str]) -> None:
    """Say which file is open in another program before any is replaced or removed: Windows locks what is shown."""
    held = []
    for name in (n for n in names if (folder / n).is_file()):
        try:
            with (folder / name).open("ab"):
                pass
        except PermissionError:
            held.append(problem("e.output.open", file=project.relative(folder / name)))
    if held:
        raise KitError(held, FAILED)


def write_manifest(folder: Path) -> None:
    """``manifest.json``: every record of the period's folder that can be read, derived anew."""
    found = {p.name.removesuffix(".record.json"): _recorded(p) for p in sorted(folder.glob("*.record.json"))}
    records = {name: record for name, record in found.items() if record}
    replace(folder / "manifest.json", as_json({"schema": 1, "reports": records}))


def replace(path: Path, content: bytes) -> None:
    """Put one file in place of another: whoever reads meanwhile sees the one or the other."""
    beside = path.with_name(f".{path.name}")
    _write(beside, content)
    into_place(beside, path)


def note_failure(folder: Path, report: str, error: KitError) -> None:
    """Note beside a report's last good files that its last build failed, and why, until one ends well."""
    folder.mkdir(parents=True, exist_ok=True)
    said = [{"id": p.id, "args": dict(p.args)} for p in error.problems]
    replace(folder / f"{report}{NOTED}", as_json({"schema": 1, "report": report, "problems": said}))


def forget_failure(folder: Path, report: str) -> bool:
    """A build ended well, or there is nothing to build any more; whether the last one had failed."""
    left = [path for ending in (NOTED, STOPPED) if (path := folder / f"{report}{ending}").exists()]
    for path in left:
        path.unlink(missing_ok=True)
    return bool(left)


def failures(folder: Path) -> frozenset[str]:
    """The reports of a period's folder whose last build failed: as noted, or by the notebook that stopped."""
    return frozenset(
        path.name.removesuffix(ending) for ending in (NOTED, STOPPED) for path in folder.glob(f"*{ending}")
    )


@contextmanager
def locked(client: str) -> Iterator[None]:
    """One build per client at a time; another is told since when which process has been at it."""
    from filelock import FileLock, Timeout

    path = project.output() / client / ".lock"
    lock = FileLock(path, timeout=0)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise KitError(problem("e.output.locked", client=client, **_holder(path)), FAILED) from error
    except OSError as error:
        raise KitError(problem("e.output.write", folder=project.relative(path.parent)), FAILED) from error
    holder = {"process": os.getpid(), "since": f"{dt.datetime.now():%Y-%m-%d %H:%M}"}
    try:
        with written(path.parent):
            _write(path.with_name(HOLDER), as_json(holder))
        yield
    finally:
        with suppress(OSError):  # whoever is told of it next is told of a process that is gone
            path.with_name(HOLDER).unlink(missing_ok=True)
        lock.release()


def _holder(lock: Path) -> dict[str, str]:
    """Who holds a lock, as far as it is known: it may be just beginning, or just over."""
    try:
        said = json.loads(lock.with_name(HOLDER).read_bytes())
        return {"process": str(said["process"]), "since": str(said["since"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {"process": "?", "since": "?"}


def withdraw(folder: Path, report: str) -> bool:
    """Remove what was built of a report that has nothing to be about any more: other reports would go on quoting it.
    The records first, so that nothing vouches for what is left if this is interrupted. Whether there was anything."""
    built = sorted(folder.glob(f"{report}.*"), key=lambda path: not path.name.endswith(".record.json"))
    named = {folder / name for path in built if path.name.endswith(".record.json") for name in _vouched(path)}
    built += sorted(path for path in named - {*built} if path.is_file())
    refuse_open(folder, [str(path.relative_to(folder)) for path in built])
    for path in built:
        path.unlink(missing_ok=True)
    if built:
        write_manifest(folder)
    return bool(built)
