"""What decides how a file is read, as hashes and plain values: part of every cache's key. Nothing heavy is imported."""

from __future__ import annotations

import functools
import hashlib
from importlib import metadata
from pathlib import Path
from typing import Any

from kit.client import Client

LIBRARIES = ("duckdb", "pandas", "numpy", "python-calamine", "lxml", "openpyxl")


@functools.cache
def code() -> str:
    """The hash of the reader's code, of the dictionaries, and of the libraries' versions."""
    kit = Path(__file__).parents[1]
    names = ("store", "coverage", "refunds", "meanings", "funnel")
    alone = [kit / f"{name}.py" for name in names if (kit / f"{name}.py").is_file()]
    folders = ("exports", "tables", "stats")
    paths = [*alone, *(p for name in folders for p in (kit / name).glob("*.*") if p.is_file())]
    made = hashlib.sha256()
    for path in sorted(paths):
        made.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    for name in LIBRARIES:
        made.update(f"{name} {metadata.version(name)}\0".encode())
    return made.hexdigest()


def settings(client: Client) -> dict[str, Any]:
    """What of client.toml and mapping.yml decides how files are read."""
    mapping = client.folder / "mapping.yml"
    return {
        "mapping": hashlib.sha256(mapping.read_bytes()).hexdigest() if mapping.is_file() else "",
        "locale": client.locale,
        "timezone": client.timezone,
        "currency": client.currency,
        "exports": client.exports.model_dump(mode="json", exclude={"prefer"}),
        "attribution": dict(client.attribution),
        "shops": {key: shop.model_dump(mode="json") for key, shop in client.shops.items()},
    }
