"""What a client's tables depend on, as one hash: its files, the code that reads them, and its settings for reading."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from typing import Any

from kit import loading
from kit.client import Client
from kit.exports.folder import Source, marked
from kit.replacing import replace

MEMO = "hashes.json"
LARGE = 200_000_000
"""Bytes that take longer to hash than libraries to load."""
SETTLED = 2_000_000_000
"""Nanoseconds after which a file's time of change is trusted: two changes within a clock's tick look like one."""


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
        mark = marked(stat)
        noted = self.known.get(source.name) if isinstance(self.known, dict) else None
        digest = noted[3] if isinstance(noted, list) and noted[:3] == mark else _anew(source.path, stat.st_size)
        if time.time_ns() - stat.st_mtime_ns > SETTLED:
            self.seen[source.name] = [*mark, digest]
        return digest

    def write(self) -> None:
        """Keep what was seen, if it differs from what was known."""
        if self.seen != self.known:
            beside = self.path.with_suffix(".new")
            beside.write_text(json.dumps(self.seen, ensure_ascii=False), encoding="utf-8")
            replace(beside, self.path)


def key(client: Client, digests: Digests) -> str:
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


def _anew(path: Path, size: int) -> str:
    if size > LARGE:
        loading.ahead(("pandas", "duckdb"))  # it will be read next
    return hash_file(path)


def hash_file(path: Path) -> str:
    """The hash of a file's bytes; ``unreadable`` if it cannot be opened."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "unreadable"


def hash_table(path: Path) -> str:
    """The hash of a table's Parquet file, or of the files in the folder of its name where it lies in several."""
    folder = path.with_suffix("")
    if not folder.is_dir():
        return hash_file(path)
    every = [(file.name, hash_file(file)) for file in sorted(folder.iterdir())]
    return hashlib.sha256(json.dumps(every).encode()).hexdigest()
