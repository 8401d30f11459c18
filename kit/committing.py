"""Putting a report's files in place: written beside, moved one by one, and its record last.

Files that do not match a record were never finished. While a client is built, its lock says who does it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kit import project
from kit.client import Client
from kit.errors import FAILED, KitError, problem

HOLDER = ".lock.json"
"""Beside a client's lock: which process holds it, and since when."""


def as_json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def put(folder: Path, files: dict[str, bytes], facts: dict[str, Any], locales: tuple[str, ...]) -> None:
    """As ``commit``; a folder that cannot be written is told."""
    try:
        commit(folder, files, facts, locales)
    except OSError as error:
        raise KitError(problem("e.output.write", folder=project.relative(folder)), FAILED) from error


def commit(folder: Path, files: dict[str, bytes], facts: dict[str, Any], locales: tuple[str, ...]) -> None:
    """Put ``files`` in place, the records last: one per language, with the hashes of the files it vouches for."""
    folder.mkdir(parents=True, exist_ok=True)
    records = {}
    for locale in locales:
        names = [n for n in files if f".{locale}." in n or n.count(".") == 1]
        vouched = {n: _sha(files[n]) for n in sorted(names)}
        records[f"{facts['report']}.{locale}.record.json"] = as_json({**facts, "locale": locale, "files": vouched})
    mark = f".writing-{facts['report']}-"
    for left in folder.glob(f"{mark}*"):  # by a build that was killed; nobody else builds this report now
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=mark, dir=folder) as beside:
        for name, content in {**files, **records}.items():
            _write(Path(beside) / name, content)
        _refuse_open(folder, files)
        for name in (*files, *records):
            os.replace(Path(beside) / name, folder / name)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _refuse_open(folder: Path, files: dict[str, bytes]) -> None:
    """Say which file is open in another program before any is replaced: Windows locks what a viewer shows."""
    held = []
    for name in (n for n in files if (folder / n).is_file()):
        try:
            with (folder / name).open("ab"):
                pass
        except PermissionError:
            held.append(problem("e.output.open", file=project.relative(folder / name)))
    if held:
        raise KitError(held, FAILED)


def write_manifest(folder: Path) -> None:
    """``manifest.json``: every record of the period's folder, derived anew."""
    records = {
        p.name.removesuffix(".record.json"): json.loads(p.read_bytes()) for p in sorted(folder.glob("*.record.json"))
    }
    temporary = folder / ".manifest.json"
    _write(temporary, as_json({"schema": 1, "reports": records}))
    os.replace(temporary, folder / "manifest.json")


@contextmanager
def locked(client: Client) -> Iterator[None]:
    """One build per client at a time; another is told since when which process has been at it."""
    from filelock import FileLock, Timeout

    path = project.output() / client.slug / ".lock"
    lock = FileLock(path, timeout=0)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise KitError(problem("e.output.locked", client=client.slug, **_holder(path)), FAILED) from error
    except OSError as error:
        raise KitError(problem("e.output.write", folder=project.relative(path.parent)), FAILED) from error
    try:
        _write(
            path.with_name(HOLDER), as_json({"process": os.getpid(), "since": f"{dt.datetime.now():%Y-%m-%d %H:%M}"})
        )
        yield
    finally:
        path.with_name(HOLDER).unlink(missing_ok=True)
        lock.release()


def _holder(lock: Path) -> dict[str, str]:
    """Who holds a lock, as far as it is known: it may be just beginning, or just over."""
    try:
        said = json.loads(lock.with_name(HOLDER).read_bytes())
        return {"process": str(said["process"]), "since": str(said["since"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {"process": "?", "since": "?"}


def withdraw(folder: Path, report: str) -> None:
    """Remove what was built of a report that has nothing to be about any more: other reports would go on quoting it.
    The records first, so that nothing vouches for what is left if this is interrupted."""
    built = sorted(folder.glob(f"{report}.*"), key=lambda path: not path.name.endswith(".record.json"))
    for path in built:
        path.unlink(missing_ok=True)
    if built:
        write_manifest(folder)
