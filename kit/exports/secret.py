"""The client's secret: buyers' accounts leave their file only as keyed hashes, which nobody can undo without it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from kit.client import Client
from kit.errors import KitError, problem
from kit.replacing import replace

NAME = ".secret"
LENGTH = 16
"""Hex digits of a key: ten million buyers share one by chance three times in a million."""
PATIENCE = 2
"""Seconds after which an empty file is one that a process left behind."""


def secret(client: Client) -> bytes:
    """The client's secret, made when it is first needed. Raises ``KitError`` if it cannot be read or written."""
    path = client.folder / NAME
    try:
        return _read(path) or _make(path)
    except OSError as error:
        raise KitError(problem("e.secret", file=f"data/{client.slug}/{NAME}")) from error


def _read(path: Path) -> bytes | None:
    found = path.read_bytes().strip() if path.is_file() else b""
    return found or None


def _make(path: Path) -> bytes:
    """Written beside and put into place, unless another process was first: then both use that one's."""
    made = secrets.token_hex(32).encode() + b"\n"
    beside = path.with_name(f"{NAME}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        _create(beside, made)
        if path.is_file() and not _filled(path):
            replace(beside, path)
        else:
            _place(beside, path, made)
        if found := _filled(path):
            return found
        raise OSError("the secret stayed empty")
    finally:
        beside.unlink(missing_ok=True)


def _create(path: Path, made: bytes) -> None:
    """Raises ``FileExistsError`` if it is there."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(made)


def _place(beside: Path, path: Path, made: bytes) -> None:
    """Link or rename it; where the drive knows no links (exFAT, some of a network), create it: whoever comes second
    fails at either."""
    with contextlib.suppress(FileExistsError):
        try:
            os.rename(beside, path) if os.name == "nt" else os.link(beside, path)
        except FileExistsError:
            return
        except OSError:
            _create(path, made)


def _filled(path: Path) -> bytes | None:
    """What it holds, once the process that has just created it has written it; None if it stays empty."""
    end = time.monotonic() + PATIENCE
    while not (found := _read(path)) and time.monotonic() < end:
        time.sleep(0.02)
    return found


def key_id(client: Client) -> str:
    """Which secret it is, without telling it: part of the cache's key."""
    return hashlib.sha256(b"id:" + secret(client)).hexdigest()[:16]


def seal(client: Client, platform: str) -> Callable[[str], str]:
    """A function from an account on ``platform`` to its key, the keyed BLAKE2b (RFC 7693) of both. The same account is
    the same key in all of the client's shops on that platform, and another one in another client's."""
    own = secret(client)
    if len(own) > hashlib.blake2b.MAX_KEY_SIZE:
        own = hashlib.blake2b(own).digest()
    begun = hashlib.blake2b(f"{platform}:".encode(), key=own, digest_size=LENGTH // 2)

    def sealed(account: str) -> str:
        made = begun.copy()  # with the key already in it, which is half of the work
        made.update(account.encode())
        return made.hexdigest()

    return sealed
