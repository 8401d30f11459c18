"""Processes that do one thing each: forked or spawned, watched, limited, and gone when we are.

Where they cannot be forked one is spawned before its job is there (``Pool.ahead``): it loads what the job will need,
waits for it, and does that one only.

A process that ends without an answer, runs past its time or loses its parent leaves nothing behind: its temporary files
lie in a folder of its own that is removed here. The numeric libraries run one thread in each.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import connection
from pathlib import Path
from typing import Any

from kit import forks, loading, project
from kit.errors import FAILED, KitError, problem

BACKEND = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
"""What a kernel's matplotlib finds when it is loaded; our own charts are drawn without any."""
GRACE = 5.0
"""Seconds a process has to end by itself before it is killed."""

Say = Callable[..., None]


@dataclass(frozen=True)
class Event:
    """What one process has to say. ``kind``: said (a step of the work), done (``value`` is its answer) or failed."""

    key: Any
    kind: str
    value: Any
    seconds: float = 0.0


@dataclass
class _Running:
    process: Any
    pipe: Any
    folder: Path
    line: Any = None
    """What one that was spawned is handed its job by."""
    since: float = 0.0


class Workers:
    """How many things are done at a time, and how many more could be begun."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._running: dict[Any, Any] = {}

    @property
    def free(self) -> int:
        return self.workers - len(self._running)

    @property
    def busy(self) -> bool:
        return bool(self._running)

    def ahead(self, jobs: Iterable[Iterable[str]]) -> None:
        """What the jobs to come will load, where it is of use to begin before they are there."""

    def hold(self, client: str, folder: Path, tables: Mapping[str, str], apart: bool) -> Callable[[], None]:
        """See ``forks.Server.hold``: of use only where processes are forked."""
        return lambda: None


class Pool(Workers):
    """At most ``workers`` processes at a time, each of at most ``seconds`` and ``memory`` MB (0: no limit).

    The limit of memory is one of address space and holds where the system knows it (not on Windows and macOS).
    """

    def __init__(self, workers: int, seconds: float, memory: int = 0) -> None:
        super().__init__(workers)
        self.seconds, self.memory = seconds, memory
        # a socket's path may hold about a hundred characters, which macOS's own temporary folder nearly fills
        self._folder = Path(tempfile.mkdtemp(prefix="kit-", dir="/tmp" if os.name == "posix" else None))
        self._jobs = forks.Server({}, self._folder)
        self._kernels = forks.Server(BACKEND, self._folder, forks.KERNELS)
        self._spare: list[_Running] = []

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for process in (*self._running.values(), *self._spare):
            _end(process, 0)
        self._running, self._spare = {}, []
        self._kernels.stop()
        self._jobs.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def load(self, *lots: Iterable[str], kernels: Sequence[Iterable[str]] = ()) -> None:
        """Modules that the processes to come will need, lot by lot, and those that their ``kernels`` will: loaded once
        for all, where they can be forked."""
        self._jobs.start()
        for lot in lots:
            self._jobs.load(lot)
        if kernels and self._jobs.process is not None:
            self._kernels.start()
        for lot in kernels:
            self._kernels.load(lot)

    def hold(self, client: str, folder: Path, tables: Mapping[str, str], apart: bool) -> Callable[[], None]:
        return self._kernels.hold(client, folder, tables, apart)

    def start(self, key: Any, work: Callable[..., Any], *arguments: Any) -> None:
        """Call ``work(say, *arguments)`` in a process of its own; both must be picklable."""
        running = self._forked(work, arguments) or self._handed((work, arguments))
        running.since = time.monotonic()
        self._running[key] = running

    def ahead(self, jobs: Iterable[Iterable[str]]) -> None:
        """Have as many processes wait as jobs are to come, at most one a worker; those beyond that are ended. Nothing
        where they can be forked: these begin at once."""
        if forks.known():
            return
        wanted = list(itertools.islice(jobs, self.workers))
        while len(self._spare) > len(wanted):
            _end(self._spare.pop(), 0)
        self._spare += [self._spawned(tuple(modules)) for modules in wanted[len(self._spare) :]]

    def _forked(self, work: Callable[..., Any], arguments: tuple[Any, ...]) -> _Running | None:
        if not forks.known():
            return None
        ours, theirs = multiprocessing.Pipe(duplex=False)
        folder = self._place()
        with theirs, _one_thread():
            job = (str(folder), self.memory, work, arguments)
            process = forks.fork(_forked, *job, descriptors=[theirs.fileno()], path=sys.path)
        if process is not None:
            return _Running(process, ours, folder)
        ours.close()
        folder.rmdir()
        return None

    def _handed(self, job: tuple[Callable[..., Any], tuple[Any, ...]]) -> _Running:
        """A process that waited, or a new one, with its job."""
        while self._spare:
            running = self._spare.pop(0)
            with contextlib.suppress(OSError):
                running.line.send(job)
                if not _ended(running.process, 0):
                    return running
            _end(running, 0)
        running = self._spawned(())
        with contextlib.suppress(OSError):  # it has ended; that shows when it is heard
            running.line.send(job)
        return running

    def _spawned(self, modules: tuple[str, ...]) -> _Running:
        (ours, theirs), (job, line) = multiprocessing.Pipe(duplex=False), multiprocessing.Pipe(duplex=False)
        folder = self._place()
        given = (theirs, job, str(folder), self.memory, modules)
        with theirs, job, _one_thread():
            process = multiprocessing.get_context("spawn").Process(target=_spawned, args=given)
            process.start()
        return _Running(process, ours, folder, line)

    def _place(self) -> Path:
        return Path(tempfile.mkdtemp(prefix="", dir=self._folder))

    def stop(self, key: Any) -> None:
        """End what is done under a key: nobody wants it any more."""
        _end(self._running.pop(key), 0)

    def wait(self) -> Iterator[Event]:
        """What has happened since, at least one thing unless time passes without any."""
        pipes = {running.pipe: key for key, running in self._running.items()}
        for pipe in connection.wait(list(pipes), timeout=0.5):
            yield self._heard(pipes[pipe], pipe)
        for key, running in list(self._running.items()):
            if time.monotonic() - running.since > self.seconds:
                yield self._over(key, "failed", KitError(problem("e.run.late", n=round(self.seconds)), FAILED), 0)

    def _heard(self, key: Any, pipe: Any) -> Event:
        try:
            kind, value = pipe.recv()
        except (EOFError, OSError):  # it ended without an answer
            return self._over(key, "failed", KitError(problem("e.run.killed"), FAILED))
        if kind == "said":
            return Event(key, kind, value)
        return self._over(key, kind, value)

    def _over(self, key: Any, kind: str, value: Any, grace: float = GRACE) -> Event:
        running = self._running.pop(key)
        seconds = time.monotonic() - running.since
        _end(running, grace)
        return Event(key, kind, value, seconds)


def _end(running: _Running, grace: float) -> None:
    """Make sure that a process is gone, with all it started and what it left in its folder."""
    running.pipe.close()
    if running.line is not None:
        running.line.close()
    if not _ended(running.process, grace):
        _kill(running.process)
        _ended(running.process)
    running.process.close()
    shutil.rmtree(running.folder, ignore_errors=True)


def _ended(process: Any, seconds: float | None = None) -> bool:
    """Whether a process has ended, now or before ``seconds`` are over."""
    if isinstance(process, forks.Child):
        return process.wait(seconds) is not None
    process.join(seconds)
    return not process.is_alive()


def _kill(process: Any) -> None:
    """A process and its group; its kernel sees that it lost its parent, and ends."""
    if isinstance(process, forks.Child):
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.name == "posix" and os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            os.kill(process.pid, signal.SIGTERM)


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """In the environment that a process is started with: libraries read it when they are loaded."""
    before = {name: os.environ.get(name) for name in project.ONE_THREAD}
    os.environ.update(project.ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


# ---- in the process ----------------------------------------------------------------------------------------------


def _forked(folder: str, memory: int, work: Callable[..., Any], arguments: tuple[Any, ...], pipe: int) -> None:
    """In a process that the system itself ends with its owner; to tidy up all that is loaded would take a while."""
    _prepare(folder, memory)
    _work(connection.Connection(pipe, readable=False), work, arguments)
    os._exit(0)


def _spawned(pipe: Any, line: Any, folder: str, memory: int, modules: tuple[str, ...]) -> None:
    """In a process that loads ``modules`` until there is a job to do, and ends if none comes."""
    _prepare(folder, memory)
    for name in modules:
        if line.poll():
            break
        loading.load(name)
    try:
        work, arguments = line.recv()
    except EOFError:
        return _with_the_parent(folder)  # or ended by it, in a moment
    _work(pipe, work, arguments)


def _work(pipe: Any, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Do it and answer; an error of ours as its problems, any other as its kind and the lines that led to it."""
    try:
        answer = ("done", work(lambda key, **args: pipe.send(("said", (key, args))), *arguments))
    except KitError as error:
        answer = ("failed", error)
    except MemoryError:
        answer = ("failed", KitError(problem("e.run.memory"), FAILED))
    except Exception as error:
        facts = {"error": type(error).__name__, "log": project.noted(error)}
        answer = ("failed", KitError(problem("e.unexpected", **facts), FAILED))
    with contextlib.suppress(BrokenPipeError, OSError):  # nobody listens any more
        pipe.send(answer)


def _prepare(folder: str, memory: int) -> None:
    if hasattr(os, "setpgid") and os.getpgrp() != os.getpid():
        os.setpgid(0, 0)  # Ctrl-C reaches whoever started us, who ends us
    loading.lean()  # this process soon ends
    os.environ["TMPDIR"] = folder
    tempfile.tempdir = folder
    if memory:
        with contextlib.suppress(ImportError, ValueError, OSError):  # not here, or a lower limit holds already
            import resource

            resource.setrlimit(resource.RLIMIT_AS, (memory * 2**20, memory * 2**20))
    threading.Thread(target=_with_the_parent, args=(folder,), daemon=True).start()


def _with_the_parent(folder: str) -> None:
    """End when whoever started us is gone, however that came about, and remove what it cannot remove any more."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        shutil.rmtree(Path(folder).parent, ignore_errors=True)
        os._exit(FAILED)
