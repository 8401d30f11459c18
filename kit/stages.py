"""Where the time of a build goes: seconds by stage, and when each began."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

NAMES = ("data", "run", "words", "html", "pdf", "book", "previews", "slides", "pictures", "scan", "write")
"""In their order; the rest is the start of the process and what it loads."""


class Stages(dict[str, float]):
    """Seconds by stage; a stage that comes again is added to. ``spans``: each time one was gone through, when it began
    (seconds of the machine's clock) and how long it took."""

    def __init__(self, **seconds: float) -> None:
        super().__init__(**seconds)
        self.spans: list[tuple[str, float, float]] = []

    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        began, start = time.time(), time.perf_counter()
        try:
            yield
        finally:
            taken = time.perf_counter() - start
            self[name] = self.get(name, 0.0) + taken
            self.spans.append((name, began, taken))


@dataclass(frozen=True)
class Timed:
    """A report that was built: seconds from the start of its process to its answer, and of its stages."""

    report: str
    seconds: float
    stages: Stages


def trace(built: Sequence[Timed]) -> bytes:
    """When each report and each of its stages began and how long it took, in the Trace Event Format that Perfetto and
    Chromium's ``chrome://tracing`` draw; a report is a line of it. A report ends with its last stage."""
    spans: list[tuple[int, str, float, float]] = []
    for line, one in enumerate(built, 1):
        ended = max(began + taken for _, began, taken in one.stages.spans)
        spans.append((line, one.report, ended - one.seconds, one.seconds))
        spans += [(line, *span) for span in one.stages.spans]
    zero = min((began for _, _, began, _ in spans), default=0.0)
    events = [
        {"ph": "X", "pid": 1, "tid": line, "name": name, "ts": round((began - zero) * 1e6), "dur": round(taken * 1e6)}
        for line, name, began, taken in spans
    ]
    named = [
        {"ph": "M", "pid": 1, "tid": line, "name": "thread_name", "args": {"name": one.report}}
        for line, one in enumerate(built, 1)
    ]
    return json.dumps({"traceEvents": named + events}, ensure_ascii=False).encode()
