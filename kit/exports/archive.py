"""Zip archives as the platforms pack them: Chinese names, and none of the tricks."""

from __future__ import annotations

import io
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import PurePosixPath

from kit.errors import KitError, problem

LARGEST = 500_000_000
"""Bytes of a file, and of everything in an archive unpacked."""
DENSEST = 250
"""Times by which an archive may grow when it is unpacked; text in real exports grows five- to fifty-fold."""
SMALL = 10_000_000
"""Unpacked bytes below which density is no danger."""
MOST_MEMBERS = 2_000
LONGEST_NAME = 255
"""Characters of a file's name that a drive can hold."""
SYSTEM = re.compile(r"\..*|~\$.*|thumbs\.db|desktop\.ini|__macosx", re.IGNORECASE)
"""Names that an operating system or Excel leaves behind: hidden files, lock files, thumbnails."""


def check_sizes(members: Iterable[zipfile.ZipInfo], file: str) -> None:
    """Refuse an archive that unpacks to more than its kind of file ever holds."""
    listed = list(members)
    size = sum(m.file_size for m in listed)
    packed = sum(m.compress_size for m in listed)
    if size > LARGEST or len(listed) > MOST_MEMBERS or (size > SMALL and size > DENSEST * max(packed, 1)):
        raise KitError(problem("e.zip.bomb", file=file))


def members(data: bytes, file: str) -> list[tuple[str, bytes]]:
    """Name and content of each file in the archive, in the order of the names; system files are left out.

    Raises ``KitError``: damaged, password, a path that leads out of the archive, a link, a name too long, too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            listed = [m for m in packed.infolist() if not m.is_dir()]
            check_sizes(listed, file)
            named = [(_safe_name(m, file), m) for m in listed]
            if any(m.flag_bits & 1 for _, m in named):
                raise KitError(problem("e.password", file=file))
            kept = [(name, m) for name, m in named if not any(map(SYSTEM.fullmatch, PurePosixPath(name).parts))]
            return sorted((name, packed.read(m)) for name, m in kept)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise KitError(problem("e.damaged", file=file)) from error


def _safe_name(member: zipfile.ZipInfo, file: str) -> str:
    """The member's name in Unicode; refused if it leads out of the archive, is a link or is longer than any file's.

    It is shown on terminals and in messages of one line: what steers them is left out.
    """
    name = "".join(c for c in _unicode(member) if not unicodedata.category(c).startswith("C")).replace("\\", "/")
    path = PurePosixPath(name)
    leads_out = path.is_absolute() or ".." in path.parts or re.match("[A-Za-z]:", name)
    if any(len(part) > LONGEST_NAME for part in path.parts):
        raise KitError(problem("e.zip.name", file=file, n=max(map(len, path.parts))))
    if leads_out or stat.S_ISLNK(member.external_attr >> 16):
        raise KitError(problem("e.zip.unsafe", file=file))
    return name


def _unicode(member: zipfile.ZipInfo) -> str:
    """Without its UTF-8 flag a name was decoded as code page 437; most such names are GBK."""
    if member.flag_bits & 0x800:
        return member.filename
    raw = member.filename.encode("cp437", "replace")
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return member.filename
