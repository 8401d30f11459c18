"""What was read from each file, kept in the client's cache: adding a file reads one file.

A folder per file, named by the hash of the file, of the code that read it, and of the settings it depends on. It is
written beside and renamed, so it is whole or absent; one that was damaged since is read anew.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kit.client import Client
from kit.errors import KitError, Problem
from kit.exports import parquet
from kit.exports.fingerprint import code, settings
from kit.exports.folder import Source
from kit.exports.pieces import Part, Piece
from kit.replacing import replace
from kit.tables import TABLES

NOTE = "read.json"
BEGUN = "writing-"
"""What the name of a folder begins with as long as it is being written."""


@dataclass
class Read:
    """One file read: its sheets' lines in the ledger, the records, what is wrong with it, the shops it names.
    ``facts``: of a block of a large one, what must be known to put it to the others."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    shops: dict[str, list[str]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


def key(client: Client, source: Source, digest: str, key_id: str) -> str:
    """The name of a file's folder."""
    stated = {n: s for n, s in client.files.items() if n == source.name or n.startswith(f"{source.name}/")}
    said = {n: s.model_dump(mode="json") for n, s in stated.items()}
    shop = source.shop.model_dump(mode="json") if source.shop else None
    facts = [client.slug, source.name, digest, code(), settings(client), said, shop, key_id]
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


class Kept:
    """The folder of a client's files as read. ``used``: the keys asked for; ``forget`` removes all others."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.used: set[str] = set()

    def __contains__(self, name: str) -> bool:
        """Whether something is kept under a key, whole or not."""
        return (self.folder / name / NOTE).is_file()

    def get(self, name: str) -> Read | None:
        """What was kept under a key, or None if nothing is or it is not as it was written."""
        self.used.add(name)
        folder = self.folder / name
        try:
            facts = json.loads((folder / NOTE).read_text(encoding="utf-8"))
            blocks = {part["key"] for piece in facts["pieces"] for part in piece["parts"]}
            self.used |= blocks
            return _restored(folder, facts) if _whole(folder, facts) and all(map(self.note, blocks)) else None
        except (OSError, ValueError, KeyError, TypeError, KitError):
            return None

    def note(self, name: str) -> dict[str, Any] | None:
        """What was noted of a block, without its records; None if nothing is kept or it is not as it was written."""
        self.used.add(name)
        try:
            facts: dict[str, Any] = json.loads((self.folder / name / NOTE).read_text(encoding="utf-8"))
            return facts if _whole(self.folder / name, facts) else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, name: str, taken: Read) -> None:
        import numpy as np
        import pandas as pd

        self.used.add(name)
        self.folder.mkdir(parents=True, exist_ok=True)
        with beside(self.folder) as folder:
            files = {}
            for n, piece in enumerate(p for p in taken.pieces if not p.parts):
                path = folder / f"{n}.parquet"
                stated = {c: piece.frame[c] for c in piece.frame if _stated(piece.frame[c])}
                rows = np.array(piece.rows, np.int64)  # of a list pandas would look at every number first
                parquet.write(path, pd.DataFrame(stated | {parquet.ROW: rows}, copy=False))
                files[path.name] = _digest(path)
            note = {**_facts(taken), "files": files}
            (folder / NOTE).write_text(json.dumps(note, ensure_ascii=False), encoding="utf-8")
            shutil.rmtree(self.folder / name, ignore_errors=True)
            replace(folder, self.folder / name)

    def tidy(self) -> None:
        """Remove what a process that was stopped had begun to write; nobody may be writing."""
        for path in self.folder.glob(f"{BEGUN}*"):
            shutil.rmtree(path, ignore_errors=True)

    def forget(self) -> None:
        """Remove what no file of the client needs any more."""
        if self.folder.is_dir():
            for path in self.folder.iterdir():
                if path.name not in self.used:
                    shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def beside(folder: Path) -> Iterator[Path]:
    """A folder to write in; gone afterwards unless it was renamed."""
    made = Path(tempfile.mkdtemp(prefix=BEGUN, dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _stated(column: Any) -> bool:
    import pandas as pd

    first = column.array[0] if len(column) else None  # most that are stated are so in the first row
    return bool(not pd.isna(first) or column.notna().any())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _whole(folder: Path, facts: dict[str, Any]) -> bool:
    """Whether the files of a folder are as they were written."""
    return all(_digest(folder / n) == digest for n, digest in facts["files"].items())


def loaded(piece: Piece) -> Piece:
    """The piece with its records, wherever they lie."""
    if not piece.parts:
        return piece
    import pandas as pd

    frames = []
    for part in piece.parts:
        frame = parquet.read(piece.folder / part.key / f"{part.piece}.parquet", piece.table)
        frame[parquet.ROW] = frame[parquet.ROW].astype("int64") + part.above
        frames.append(frame)
    whole = pd.concat(frames, ignore_index=True).sort_values(parquet.ROW, kind="stable", ignore_index=True)
    rows = whole.pop(parquet.ROW).tolist()
    return dataclasses.replace(piece, frame=whole, rows=rows, parts=())


def _facts(taken: Read) -> dict[str, Any]:
    at = {id(line): n for n, line in enumerate(taken.lines)}
    return {
        "lines": taken.lines,
        "problems": [{"id": p.id, "args": dict(p.args), "warning": p.warning} for p in taken.problems],
        "shops": taken.shops,
        "facts": taken.facts,
        "pieces": [
            {
                "table": p.table.name,
                "line": at[id(p.line)],
                "name": p.name,
                "headers": p.headers,
                "made": p.made,
                "stamp": p.stamp.isoformat(),
                "stamped": p.stamped,
                "count": p.count,
                "parts": [asdict(part) for part in p.parts],
            }
            for p in taken.pieces
        ],
    }


def _restored(folder: Path, facts: dict[str, Any]) -> Read:
    problems = [Problem(p["id"], p["args"], p["warning"]) for p in facts["problems"]]
    made = Read(facts["lines"], [], problems, facts["shops"])
    for n, said in enumerate(facts["pieces"]):
        table, line = TABLES[said["table"]], made.lines[said["line"]]
        piece = Piece(table, line, said["name"], said["headers"], made=said["made"], stamped=said["stamped"])
        piece.stamp = dt.datetime.fromisoformat(said["stamp"])
        piece.parts, piece.folder = tuple(Part(**part) for part in said["parts"]), folder.parent
        if not piece.parts:
            piece.frame = parquet.read(folder / f"{n}.parquet", table)
            piece.rows = piece.frame.pop(parquet.ROW).astype("int64").tolist()
        made.pieces.append(piece)
    return made
