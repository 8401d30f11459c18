"""The client's secret: buyers' accounts leave their file only as keyed hashes, which nobody can undo without it."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from kit.client import Client
from kit.errors import KitError, problem

NAME = ".secret"
LENGTH = 16
"""Hex digits of a key: ten million buyers share one by chance three times in a million."""


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
    """Written beside and linked into place, so that of two processes that make one, both use the same."""
    made = secrets.token_hex(32).encode()
    beside = path.with_name(f"{NAME}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(made + b"\n")
        if path.is_file() and not _read(path):
            os.replace(beside, path)
        else:
            try:
                os.rename(beside, path) if os.name == "nt" else os.link(beside, path)
            except FileExistsError:
                return path.read_bytes().strip()
        return made
    finally:
        beside.unlink(missing_ok=True)


def key_id(client: Client) -> str:
    """Which secret it is, without telling it: part of the cache's key."""
    return hashlib.sha256(b"id:" + secret(client)).hexdigest()[:16]


def seal(client: Client, platform: str) -> Callable[[str], str]:
    """A function from an account on ``platform`` to its key. The same account is the same key in all of the client's
    shops on that platform, and another one in another client's."""
    own, prefix = secret(client), f"{platform}:"

    def sealed(account: str) -> str:
        return hmac.digest(own, (prefix + account).encode(), "sha256").hex()[:LENGTH]

    return sealed
