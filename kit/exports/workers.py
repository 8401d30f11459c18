"""Files read by several processes at once: each puts what it read where it is kept (``kit.exports.kept``).

A worker is a Python of its own. Its standard input tells it files, its standard output says when one is done; nothing
that is in a file passes between the two. A worker that ends early, for whatever reason, costs nothing but time: what is
not kept is read by the process that hired it.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit import project
from kit.client import Client
from kit.exports.folder import Source
from kit.exports.kept import Kept
from kit.exports.pieces import Block

MOST = 4
"""Processes that read, this one among them."""
WORTH = 6_000_000
"""Bytes to read from which a worker has more to do than to start."""
AT_ONCE = 250_000_000
"""Bytes that may be read at once: in memory a file takes many times its size."""
PACKED = 10
"""How much larger the text is of which an archive or a workbook is made."""
IN_BLOCKS = 5
"""How many times as fast a block is read as a file that is read whole."""
ENTRY = "kit.exports.workers.work"


def python(entry: str) -> dict[str, Any]:
    """For ``subprocess``: a Python with our path that runs ``entry``, a function of ours by its full name, and nothing
    of the program that asked. It says nothing: a library's last words can quote what it was reading."""
    module, name = entry.rsplit(".", 1)
    return {
        "args": [sys.executable, "-P", "-c", f"from {module} import {name}; {name}()"],
        "stdout": subprocess.PIPE,
        "stderr": subprocess.DEVNULL,
        "env": {**os.environ, **project.ONE_THREAD, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        "creationflags": getattr(subprocess, "CREATE_NO_WINDOW", 0),  # on Windows it would open a console
    }


Task = Source | Block


def to_read(task: Task) -> int:
    """About how many bytes there are to read in a file or a block of one, as of a text that is read whole."""
    return (task.end - task.start) // IN_BLOCKS if isinstance(task, Block) else size(task.path)


def size(path: Path) -> int:
    """About how many bytes there are to read in a file; none if it has gone."""
    try:
        return path.stat().st_size * (PACKED if path.suffix.lower() in (".zip", ".xlsx") else 1)
    except OSError:
        return 0


@contextlib.contextmanager
def hired(client: Client, kept: Kept, tasks: list[Task]) -> Iterator[Iterator[Task]]:
    """The files and blocks that are left for this process, one after the other, while workers read others and put them
    into ``kept``; all are taken from the front of ``tasks``.

    On leaving, every one is done or its worker has ended; on leaving by an exception, the workers are stopped.
    """
    left, team = deque(tasks), list[_Worker]()
    try:
        with contextlib.suppress(OSError):  # none more can be started: this process reads what they would have
            for _ in range(_wanted(list(map(to_read, tasks)))):
                team.append(_Worker(client, kept, left))
        yield _taken(left)
        for worker in team:
            worker.wait()
    finally:
        left.clear()
        for worker in team:
            worker.stop()
        if team:
            kept.tidy()


def _taken(left: deque[Task]) -> Iterator[Task]:
    """A worker may take the last one at any moment, so that none is left is seen only in taking it."""
    with contextlib.suppress(IndexError):
        while True:
            yield left.popleft()


def _wanted(sizes: list[int]) -> int:
    """How many workers files of these sizes are worth, beside this process."""
    if sum(sizes) < WORTH:
        return 0
    return max(0, min(MOST, _cores(), len(sizes), AT_ONCE // max(sizes)) - 1)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Worker:
    """A process that reads, and the thread that hands it files. ``busy``: it may have a file that is not done."""

    def __init__(self, client: Client, kept: Kept, left: deque[Task]) -> None:
        self.busy = False
        self.process = subprocess.Popen(**python(ENTRY), stdin=subprocess.PIPE)
        self.thread = threading.Thread(target=self._lead, args=((client, kept), left), daemon=True)
        self.thread.start()

    def _lead(self, task: tuple[Client, Kept], left: deque[Task]) -> None:
        """Tell it whose files they are and where to keep them, then a file whenever it says that it is ready, until
        none is left or it has ended."""
        told, said = self.process.stdin, self.process.stdout
        assert told and said
        with contextlib.suppress(OSError, ValueError, IndexError):
            _tell(told, task)
            while said.readline():
                self.busy = True
                _tell(told, left.popleft())
        self.busy = False

    def wait(self) -> None:
        """Until its file is done; not for one that has not even begun."""
        while self.busy:
            self.thread.join(0.05)  # without a limit, Windows would not let go of it at Ctrl-C

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self.thread.join()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]


def _tell(pipe: Any, what: Any) -> None:
    pickle.dump(what, pipe)
    pipe.flush()


# ---- in the worker ----------------------------------------------------------------------------------------------


def work() -> None:
    """Read the files that standard input names, until it ends."""
    import pandas  # noqa: F401  before it says that it is ready

    from kit.exports import in_blocks, reader

    told: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(told,), daemon=True).start()
    client, kept = told.get()
    plans: in_blocks.Plans = {}
    with reader.quiet():
        while True:
            print(flush=True)
            reader.read_task(client, told.get(), kept, plans)


def _listen(told: queue.SimpleQueue[Any]) -> None:
    """End at once with whoever hired it: by now another process may write where this one would."""
    try:
        while True:
            told.put(pickle.load(sys.stdin.buffer))
    finally:
        os._exit(0)
