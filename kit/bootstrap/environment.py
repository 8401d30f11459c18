"""The project's ``.venv``: what must be in it, what is, and how it gets there without ever being half made.

What is installed is written to a stamp in ``.venv`` after everything else, so an interrupted set-up has no
stamp and is redone. A new environment is built with the old one moved aside; until the new one is complete,
the old one comes back.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Iterator

from kit.bootstrap.words import SetupError, say

LOCK = "requirements.lock"
DEV_LOCK = "requirements-dev.lock"

Stamp = dict[str, str | None]
"""python, root, runtime, dev, project: the interpreter's tag, the real path of the checkout, and the SHA-256
of requirements.lock, requirements-dev.lock (None: not installed) and pyproject.toml."""


def folder(root: str) -> str:
    """Where the environment lies."""
    return os.path.join(root, ".venv")


def python(root: str) -> str:
    """The environment's interpreter."""
    parts = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return os.path.join(folder(root), *parts)


def wanted(root: str, dev: bool) -> Stamp:
    """What the stamp must say for this Python, this folder and these files.

    The folder is in it because an environment remembers where it lies: moved or copied, it would import the
    project from the old place.
    """
    return {
        "python": f"{sys.implementation.cache_tag}-{sys.platform}",
        "root": os.path.realpath(root),
        "runtime": _digest(root, LOCK),
        "dev": _digest(root, DEV_LOCK) if dev else None,
        "project": _digest(root, "pyproject.toml"),
    }


def read_stamp(root: str) -> Stamp | None:
    """What was installed last, or None when there is no complete environment."""
    if not os.path.exists(python(root)):
        return None
    try:
        with open(_stamp_file(root), encoding="utf-8") as file:
            stamp = json.load(file)
    except (OSError, ValueError):
        return None
    return stamp if isinstance(stamp, dict) else None


def plan(stamp: Stamp | None, want: Stamp) -> tuple[str, ...]:
    """The steps still missing: ``rebuild``; or ``dev`` and ``project``, in place; or none.

    The development lock holds everything the runtime lock does, so it is added to a good environment and
    stays when a runtime command follows. Any other difference makes a new environment, which then holds
    exactly what the lock says and nothing left over.
    """
    if stamp is None or any(stamp.get(name) != want[name] for name in ("python", "root", "runtime")):
        return ("rebuild",)
    if want["dev"] and stamp.get("dev") not in (None, want["dev"]):
        return ("rebuild",)
    steps = []
    if want["dev"] and stamp.get("dev") is None:
        steps.append("dev")
    if stamp.get("project") != want["project"]:
        steps.append("project")
    return tuple(steps)


def missing(root: str, dev: bool) -> tuple[str, ...]:
    """The steps that ``prepare`` would take now."""
    return plan(read_stamp(root), wanted(root, dev))


def prepare(root: str, dev: bool) -> None:
    """Bring ``.venv`` to what the lock files say; nothing is touched when it is so already.

    Raises SetupError; the environment is then what it was before, or absent if there was none.
    """
    if not missing(root, dev):
        return
    try:
        with exclusive(root) as guard:
            _bring_back(root)
            # Another set-up may have finished while this one waited.
            steps = missing(root, dev)
            if steps:
                _install(root, wanted(root, dev), steps, guard)
    except OSError as error:
        raise SetupError("unwritable", folder=folder(root), reason=error.strerror or str(error)) from error


def _install(root: str, want: Stamp, steps: tuple[str, ...], guard: int) -> None:
    import time

    started = time.monotonic()
    if "rebuild" in steps:
        _rebuild(root, want, guard)
    else:
        _extend(root, want, steps, guard)
    if steps != ("project",):
        say("ready", seconds=f"{time.monotonic() - started:.0f}")


def _rebuild(root: str, want: Stamp, guard: int) -> None:
    from kit.bootstrap import pip

    lock = os.path.join(root, DEV_LOCK if want["dev"] else LOCK)
    reason = "changed" if os.path.lexists(folder(root)) else "first"
    say(reason, count=str(_count(lock)), folder=folder(root))
    with _set_aside(root):
        pip.make_venv(folder(root))
        pip.install_packages(python(root), lock, guard)
        pip.install_project(python(root), root, guard)
        _write_stamp(root, want)


def _extend(root: str, want: Stamp, steps: tuple[str, ...], guard: int) -> None:
    from kit.bootstrap import pip

    stamp = read_stamp(root) or {}
    if "dev" in steps:
        lock = os.path.join(root, DEV_LOCK)
        say("dev", count=str(_count(lock)), folder=folder(root))
        # Killed half-way, the stamp still vouches for the runtime packages, and for those only.
        _write_stamp(root, {**stamp, "dev": "unfinished"})
        try:
            pip.install_packages(python(root), lock, guard)
        except SetupError:
            _write_stamp(root, stamp)
            raise
    if "project" in steps:
        pip.install_project(python(root), root, guard)
    _write_stamp(root, {**stamp, **{name: value for name, value in want.items() if value is not None}})


@contextlib.contextmanager
def exclusive(root: str) -> Iterator[int]:
    """One set-up at a time in this folder; gives the guard's descriptor, for pip to inherit.

    A lock of the operating system rather than a file that says "locked": it ends with its last holder, so it
    is never stale, and a pip that outlives a killed parent still holds it.
    """
    import time

    guard = os.open(folder(root) + ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _try_lock(guard):
            say("waiting")
            while not _try_lock(guard):
                time.sleep(0.3)
        yield guard
    finally:
        os.close(guard)


def _try_lock(guard: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(guard, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


@contextlib.contextmanager
def _set_aside(root: str) -> Iterator[None]:
    """Whatever ``.venv`` there is comes back unless the block completes."""
    new, old = folder(root), folder(root) + ".old"
    if os.path.lexists(new):
        os.rename(new, old)
    try:
        yield
    except BaseException:
        _remove(new)
        if os.path.lexists(old):
            os.rename(old, new)
        raise
    _remove(old)


def _bring_back(root: str) -> None:
    """Clear up after a set-up that was killed between moving the old environment and finishing the new."""
    new, old = folder(root), folder(root) + ".old"
    if os.path.lexists(old) and read_stamp(root) is None:
        _remove(new)
        os.rename(old, new)
    _remove(old)


def _remove(path: str) -> None:
    import shutil

    if os.path.islink(path):
        os.unlink(path)
    elif os.path.lexists(path):
        shutil.rmtree(path)


def _stamp_file(root: str) -> str:
    return os.path.join(folder(root), "kit-stamp.json")


def _write_stamp(root: str, stamp: Stamp) -> None:
    beside = _stamp_file(root) + ".new"
    with open(beside, "w", encoding="utf-8") as file:
        json.dump(stamp, file, indent=1)
    os.replace(beside, _stamp_file(root))


def _digest(root: str, name: str) -> str:
    with open(os.path.join(root, name), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def _count(lock: str) -> int:
    with open(lock, encoding="utf-8") as file:
        return sum("==" in line and not line.startswith((" ", "#")) for line in file)
