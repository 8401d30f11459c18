"""A large text file read in blocks of lines: in memory lies no more than one of them, and many are read at once.

Most lines of such a file are plain: as many cells as the header, none of them quoted, the first none that begins as a
total or a note does. Their columns are read as bytes (``kit.exports.raw``), the other lines and the end of the file as
any file's rows are. What cannot be told from a block alone, such as whether a total row agrees with the rows above it,
is left to reading the file whole: ``Unlike``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.errors import KitError
from kit.exports import files, records, side_by_side, texts
from kit.exports.clean import Context
from kit.exports.folder import Source, marked
from kit.exports.pieces import Block
from kit.exports.recognise import Match
from kit.exports.sheet import Sheet

LEAST = 2_000_000
"""Bytes from which a file is read in blocks: some ten thousand orders."""
BLOCK = 16_000_000
"""Bytes of a block: some eighty thousand orders."""
HEAD = texts.SAMPLE
"""Bytes at the beginning by which a file is recognised."""
TAIL = 200_000
"""Bytes at the end that are read as any file's are: notes below the rows, a last row that is not whole."""
LOOKED_AT = 1000
"""Lines among which one must be fit to end a block."""
TABLES = ("orders", "order_lines", "refunds")
"""Tables whose records each come of one row alone, and mean the same whatever stands in the others; but for ``OF_ALL``.
"""
OF_ALL = "amount_from_price"
"""A flag of rows whose meaning was told by all of them."""


class Unlike(Exception):
    """A file that is to be read whole."""


@dataclass(frozen=True)
class Head:
    """The beginning of a file, as text and as rows; ``marks``: the bytes of its byte order mark. ``mark``: of the file
    (``folder.marked``)."""

    sheet: Sheet
    codec: str
    separator: str
    text: str
    marks: int
    mark: list[int]

    def begins(self, row: int) -> int:
        """The byte at which ``sheet.rows[row]`` begins. Raises ``Unlike`` where rows above it have several lines."""
        lines = self.text.split("\n")[:row]
        above = "".join(f"{line}\n" for line in lines)
        if len(texts.parse(above, self.separator, "")[0]) != row:
            raise Unlike
        return self.marks + len(above.encode(self.codec))


@dataclass(frozen=True)
class Plan:
    """How a file is read in blocks: it is what ``match`` says, and its records begin at byte ``body``."""

    head: Head
    match: Match
    body: int
    context: Context

    @property
    def width(self) -> int:
        return len(self.match.headers)


# ---- the plan -------------------------------------------------------------------------------------------------------


def head(path: Path, familiar: texts.Familiar) -> Head | None:
    """The beginning of a large text file, or None of any other file and of one that begins with a fault."""
    try:
        if path.stat().st_size < LEAST:
            return None
        with path.open("rb") as file:
            data, mark = file.read(HEAD), marked(os.fstat(file.fileno()))
        data = data[: data.rfind(b"\n") + 1]
        kinds = (*files.ZIP, files.OLE, *files.OTHER_KINDS, *(mark for mark, *_ in texts.BOMS[1:]))
        if not data or b"\0" in data or data.startswith(kinds):
            return None
        text, encoding, _ = texts.decode(data, "")
        if texts.is_html(text):
            return None
        separator = texts.separator(text, "", familiar)
        rows, unclosed = texts.parse(text, separator, "")
    except (OSError, KitError):
        return None
    marks = len(texts.BOMS[0][0]) if encoding == "utf-8-sig" else 0
    codec = "utf-8" if marks else encoding
    return None if unclosed is not None else Head(Sheet(None, rows, encoding), codec, separator, text, marks, mark)


def plan(head: Head, match: Match, context: Context) -> Plan | None:
    """How to read a file that was recognised by its head; None if it is to be read whole."""
    export, rows = match.export, head.sheet.rows[match.row + 1 :]
    whole_rows = export.roll or export.table.further or export.derive.get("line_id") or match.further
    metrics = any(col.metric for col in (match.at | match.variants).values())
    if export.table.name not in TABLES or whole_rows or metrics or records.runs_on(head.sheet, match):
        return None
    named = max((at for at, cell in enumerate(match.headers) if cell.strip()), default=-1) + 1
    if 2 * sum(len(row) < named for row in rows) > len(rows) or not match.headers[0].strip():
        return None
    if len(match.headers) < 2 or len(side_by_side.parts(head.sheet)) > 1:
        return None
    try:
        return Plan(head, match, head.begins(match.row + 1), context)
    except Unlike:
        return None


def blocks(plan: Plan, source: Source, key: str) -> list[Block]:
    """The file in blocks, each of whole lines. Raises ``Unlike`` if no plain line is found to end one with."""
    made: list[Block] = []
    mark = plan.head.mark
    size, start = mark[0], plan.body
    with source.path.open("rb") as file:
        while (rest := size - start) > 2 * TAIL:
            end = _line_end(file, min(start + BLOCK, size - TAIL), plan)
            made.append(Block(source, f"{key}.{len(made)}", start, end, False, mark))
            start = end
            if rest <= BLOCK + TAIL:
                break
    return [*made, Block(source, f"{key}.{len(made)}", start, size, True, mark)]


def _line_end(file: Any, at: int, plan: Plan) -> int:
    """Where the first line ends that begins after byte ``at`` and is as wide as a record: it is no note at the end of
    the file. If it lies within a cell, the block before it is found to end with an open quotation mark."""
    file.seek(at)
    at += len(file.readline())
    for _ in range(LOOKED_AT):
        line = file.readline()
        at += len(line)
        (cells, *_), unclosed = texts.parse(line.decode(plan.head.codec, "replace"), plan.head.separator, "")
        said = sum(map(bool, map(str.strip, cells)))
        if line.endswith(b"\n") and len(cells) == plan.width and said > 1 and unclosed is None:
            return int(at)
    raise Unlike
