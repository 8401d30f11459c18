"""A block of a large file: its plain lines read as columns of bytes, the others and the file's end as any rows."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise, product
from typing import Any

from kit.client import Client
from kit.errors import KitError, problem
from kit.exports import records, texts
from kit.exports.bulk import Plan, Unlike
from kit.exports.folder import marked
from kit.exports.kept import Read
from kit.exports.pieces import Block, Of
from kit.exports.raw import Raw, signs_of
from kit.exports.rows import BEGINS, Sifted, sift
from kit.exports.sheet import Sheet

PART = 1_000_000
"""Bytes of which it is told at once whether they are text."""
_NEWLINE, _RETURN, _QUOTE = ord("\n"), ord("\r"), ord('"')
_BEGINNINGS = b"0123456789=-_'`BCDEFGHIJKLMNOPQRUVWXYZbcdefghijklmnopqruvwxyz"
"""What a cell begins with, beside Chinese characters, that is no word for a total, no note and not blank."""


@dataclass
class Lines(Sifted):
    """The plain lines of a block."""

    raws: dict[int, Raw] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.numbers)

    def column(self, at: int) -> Raw:
        return self.raws[at]

    def cell(self, record: int, at: int) -> str:
        return self.raws[at][record]

    def distinct(self, at: int) -> set[str]:
        return set(self.raws[at].distinct()[0])


def read(client: Client, plan: Plan, block: Block, line: Callable[[], dict[str, Any]]) -> Read | None:
    """What a block holds: of its plain lines, and of the others; its rows count from 1, also where faults name them.
    None if its file is gone or another by now: what is kept of a file must be of that one.

    ``line`` makes a line of the ledger. In the ``facts``: how many ``rows`` there are before the next block, and
    whether the file is ``unlike`` what its head says.
    """
    made = Read()
    name = f"data/{client.slug}/{block.source.name}"
    try:
        with block.source.path.open("rb") as file:
            file.seek(block.start)
            data = file.read(block.end - block.start)
            if marked(os.fstat(file.fileno())) != block.mark:
                return None
        made.facts["rows"] = data.count(b"\n")  # if they cannot be told apart
        parts, made.facts["rows"] = _sifted(data, plan, block, name)
        for part in parts:
            of = Of(plan.head.sheet, plan.match, part, block.source, client, plan.context, line(), name)
            _add(made, of)
    except KitError as error:
        made.problems += error.problems
    except Unlike:
        made.facts["unlike"] = True
    except OSError:
        return None
    return made


def _add(made: Read, of: Of) -> None:
    try:
        got = records.read(of)
    except KitError as error:
        made.problems += error.problems
        return
    made.lines.append(of.line)
    made.pieces += got.pieces
    made.problems += got.problems
    made.shops[of.name] = sorted({*made.shops.get(of.name, ()), *got.shops})


def _sifted(data: bytes, plan: Plan, block: Block, name: str) -> tuple[list[Sifted], int]:
    """The rows of a block by how they are read, and how many there are."""
    if b"\0" in data:
        raise KitError(problem("e.nul", file=name))
    if block.last:
        parts, rows = [_rest(plan, _tail(plan, data, name), within=False)], 0
    else:
        _validate(data, plan, name)
        lines, odd = split(data, plan)
        parts, rows = [lines, _rest(plan, odd, within=True)], len(lines) + len(odd.rows)
    if any(part.totals for part in parts):
        raise Unlike  # a total is held against all rows
    return [part for part in parts if len(part) or part.faulty or part.dropped], rows


def _validate(data: bytes, plan: Plan, name: str) -> None:
    """Whether everything in it is text, read or not."""
    if plan.head.codec == "gb18030" and _of_pairs(data):
        return
    try:
        texts.whole(data, plan.head.codec, "", name)
    except KitError:
        if plan.head.codec == "gb18030":
            raise
        raise Unlike from None  # it is another encoding than it seemed


def _of_pairs(data: bytes) -> bool:
    """Whether it is nothing but ASCII and characters of two bytes that GBK has, as nearly every text in GB18030 is: it
    is told sooner than by reading it, as long as the processor's cache holds what is looked at."""
    starts = [0, *(data.rfind(b"\n", at - PART, at) + 1 or at for at in range(PART, len(data), PART)), len(data)]
    return all(_paired(data[start:end]) for start, end in pairwise(starts))


def _paired(data: bytes) -> bool:
    """As ``_of_pairs``. A second byte may be an ASCII sign, never a first one's."""
    import numpy as np

    signs = np.frombuffer(b"\n%b\n" % data, np.uint8)
    paired = signs > 127
    turns = np.flatnonzero(paired[1:] != paired[:-1])
    seconds = turns[1::2][(turns[1::2] ^ turns[::2]) & 1 == 1] + 1
    paired[seconds] = True
    return bool(_pairs().take(signs[paired].view("<u2")).all())


@functools.cache
def _pairs() -> Any:
    """By two bytes as a number, the first the lower one, whether they are a character of GBK."""
    import numpy as np

    made = np.zeros(1 << 16, bool)
    for first, second in product(range(0x81, 0xFF), range(0x40, 0xFF)):
        with contextlib.suppress(UnicodeDecodeError):
            made[second << 8 | first] = len(bytes((first, second)).decode("gbk")) == 1
    return made


def _tail(plan: Plan, data: bytes, name: str) -> Sheet:
    _validate(data, plan, name)
    text, _, cut = texts.whole(data, plan.head.codec, "", name)
    rows, unclosed = texts.parse(text, plan.head.separator, name)
    if unclosed and ("\n" in unclosed or "\r" in unclosed):
        raise KitError(problem("e.quote", file=name, row=len(rows), n=1))
    open_end = not text.endswith(("\n", "\r"))
    numbers = tuple(range(1, len(rows) + 1))
    return Sheet(None, rows, open_end=open_end, cut=cut or unclosed is not None, numbers=numbers)


def _rest(plan: Plan, sheet: Sheet, within: bool) -> Sifted:
    """Rows sifted as those of any file."""
    above = plan.head.sheet.rows[: plan.match.row + 1]
    whole = replace(sheet, rows=[*above, *sheet.rows], numbers=(*range(len(above)), *sheet.numbers))
    return sift(whole, plan.match, typed=False, within=within)


def split(data: bytes, plan: Plan) -> tuple[Lines, Sheet]:
    """The plain lines of a block, and the others as a sheet; all of them if a cell may span lines."""
    import numpy as np

    separator = ord(plan.head.separator)
    signs = np.frombuffer(data, np.uint8)
    cuts = (signs == separator) | (signs == _NEWLINE)
    marks = np.flatnonzero(cuts)
    stops = np.flatnonzero(signs[marks] == _NEWLINE)
    quoted = signs[:1] == _QUOTE, cuts[:-1] & (signs[1:] == _QUOTE)
    ends = marks[stops]
    if any(map(np.any, quoted)) or np.count_nonzero(signs == _RETURN) != np.count_nonzero(signs[ends - 1] == _RETURN):
        return Lines(), _parsed(data, plan)
    starts = np.concatenate([[0], ends[:-1] + 1])
    rows = np.flatnonzero(np.diff(stops, prepend=-1) == plan.width)
    rows = rows[_record(signs, starts[rows], plan)]
    for at in (at for at, col in plan.match.at.items() if at and plan.match.export.table.field(col.to).key):
        begins = marks[stops[rows] - plan.width + at] + 1
        rows = rows[_record(signs, begins, plan) | (signs[begins] == separator)]
    odd = np.ones(len(stops), bool)
    odd[rows] = False
    raws = _raws(data, signs, marks, stops[rows], starts[rows], plan)
    return Lines(numbers=(rows + 1).tolist(), raws=raws), _others(data, plan, np.flatnonzero(odd), starts, ends)


def _record(signs: Any, begins: Any, plan: Plan) -> Any:
    """Whether a cell that begins there may be a record's: neither a total's, nor a note's, nor the header's."""
    import numpy as np

    lead, second, third = (signs[np.minimum(begins + n, len(signs) - 1)].astype(np.int64) for n in range(3))
    codec = plan.head.codec
    if codec == "utf-8":
        chinese, code = (lead >= 0xE4) & (lead <= 0xE9), lead << 16 | second << 8 | third
    else:
        chinese, code = (lead >= 0xB0) & (lead <= 0xF7) & (second >= 0xA1), lead << 8 | second
    header = plan.match.headers[0][:1].encode(codec)
    others = [int.from_bytes(header), *(int.from_bytes(sign.encode(codec)) for sign in BEGINS)]
    return signs_of(_BEGINNINGS.replace(header, b""))[lead] | (chinese & ~np.isin(code, others))


def _raws(data: bytes, signs: Any, marks: Any, stops: Any, starts: Any, plan: Plan) -> dict[int, Raw]:
    """The columns that are read, of the lines that end at ``marks[stops]``."""
    made, first = {}, stops - plan.width
    place = functools.cache(lambda at: marks.take(first + at))
    for at in {*plan.match.at, *plan.match.variants, *plan.match.shops}:
        begins, ends = starts if at == 0 else place(at) + 1, place(at + 1)
        if at == plan.width - 1:
            ends = ends - ((ends > begins) & (signs[ends - 1] == _RETURN))
        made[at] = Raw(data, signs, begins, ends, plan.head.codec)
    return made


def _others(data: bytes, plan: Plan, lines: Any, starts: Any, ends: Any) -> Sheet:
    """Lines that are not plain; where most are not, the file is not what its head says."""
    if 2 * len(lines) > len(starts):
        raise Unlike
    text = b"".join(data[starts[n] : ends[n] + 1] for n in lines.tolist()).decode(plan.head.codec)
    rows = texts.parse(text, plan.head.separator, "")[0] if text else []
    return Sheet(None, rows, numbers=tuple((lines + 1).tolist()))


def _parsed(data: bytes, plan: Plan) -> Sheet:
    rows, unclosed = texts.parse(data.decode(plan.head.codec), plan.head.separator, "")
    named = max(at for at, cell in enumerate(plan.match.headers) if cell.strip()) + 1
    if unclosed is not None or 2 * sum(len(row) < named for row in rows) > len(rows):
        raise Unlike
    return Sheet(None, rows, numbers=tuple(range(1, len(rows) + 1)))
