"""Putting a file or folder in place of another, also where it is held for a moment: on Windows a virus scanner or the
search index opens what was just written, and nothing can be moved or replaced until it lets go."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

PATIENCE = 2.0 if os.name == "nt" else 0.0
"""Seconds in which it is tried again. Elsewhere a refusal is one of rights, and no waiting mends it."""
PAUSE = 0.05


def replace(source: Path, target: Path) -> None:
    """As ``os.replace``. Raises ``PermissionError`` if ``target`` stays held: a viewer has it open."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            os.replace(source, target)
            return
        except PermissionError:
            if time.monotonic() >= end:
                raise
            time.sleep(PAUSE)


def keep(path: Path, text: str) -> None:
    """Put ``text`` in a file that saves time and is not missed: where it cannot be written whole (no rights, a full
    disk) the former one stays, and nothing beside it."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        try:
            beside.write_text(text, encoding="utf-8")
            replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)
