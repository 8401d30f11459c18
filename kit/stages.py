"""Where the time of a build goes: seconds by stage."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

NAMES = ("data", "run", "words", "html", "pdf", "book", "previews", "write")
"""In their order; the rest is the start of the process and what it loads."""


class Stages(dict[str, float]):
    """Seconds by stage; a stage that comes again is added to."""

    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self[name] = self.get(name, 0.0) + time.perf_counter() - start
