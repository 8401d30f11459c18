"""The same work by a Dask cluster: reports are built wherever a worker is free, each in a process of its own there.

A scheduler and its workers are started by Dask's own tools. Every worker sees the project (notebooks, templates, data
and output) in a folder that all of them share, named to it by ``KIT_ROOT``, and has the same kit and libraries; both
are checked before anything is begun. The locks and manifests of clients stay with the process that asked. A task whose
worker is lost is done by another one: what the first had begun to write was never put in place.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import logging
import platform
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from typing import Any

from kit import committing, loading, project, stale
from kit.errors import FAILED, WRONG_CALL, KitError, problem
from kit.pool import Event, Pool, Workers

PATIENCE = "10s"
"""For an answer of the scheduler, and for the first worker."""
TOKEN = ".cluster-{token}"
"""In the output folder while a cluster is asked: who finds it sees the same folder. Each build has its own."""


class Cluster(Workers):
    """Used as ``kit.pool.Pool`` is. ``address``: of the scheduler; at most ``workers`` tasks at a time, and no more
    than the cluster has threads. Each may take ``seconds`` and ``memory`` MB.

    Raises ``KitError`` on entry: Dask is not installed, no scheduler or worker answers, or a worker has another kit or
    another folder.
    """

    def __init__(self, address: str, workers: int, seconds: float, memory: int = 0) -> None:
        super().__init__(workers)
        self.address, self.limits = address, (seconds, memory)
        self._client: Any = None

    def __enter__(self) -> Cluster:
        try:
            from distributed import Client
        except ImportError as error:
            raise KitError(problem("e.cluster.package"), WRONG_CALL) from error
        for name in ("distributed", "distributed.client"):  # it would print how it lost its connection
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        try:
            self._client = Client(self.address, timeout=PATIENCE)
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except (OSError, TimeoutError, ValueError) as error:
            self.__exit__()
            raise KitError(problem("e.cluster.none", address=self.address), FAILED) from error
        try:
            self._check()
        except KitError:
            self.__exit__()
            raise
        self.workers = min(self.workers, sum(self._client.nthreads().values()))
        return self

    def __exit__(self, *_: object) -> None:
        if self._client is not None:
            left = [future for future in self._running.values() if future is not None]
            if left and self._alive:
                with contextlib.suppress(
                    OSError, ValueError
                ):  # it has just gone: then nothing of ours is done any more
                    self._client.cancel(left, force=True)
            self._client.close()

    @property
    def _alive(self) -> bool:
        return self._client.status in ("running", "connecting")

    def _check(self) -> None:
        """Refuse workers that would build something else, or somewhere else."""
        token = secrets.token_hex(8)
        path = project.output() / TOKEN.format(token=token)
        with committing.written(path.parent):
            path.parent.mkdir(exist_ok=True)
            path.touch()
        try:
            found = self._client.run(_seen, token)
        finally:
            path.unlink(missing_ok=True)
        ours = stale.tools()
        faults = [problem("e.cluster.kit", worker=who) for who, (tools, _) in sorted(found.items()) if tools != ours]
        faults += [problem("e.cluster.folder", worker=who) for who, (_, same) in sorted(found.items()) if not same]
        if faults:
            raise KitError(faults, FAILED)

    def load(self, *lots: Iterable[str], kernels: Sequence[Iterable[str]] = ()) -> None:
        """Nothing here: whatever a task needs is loaded where it is done."""

    def start(self, key: Any, work: Callable[..., Any], *arguments: Any) -> None:
        """Have ``work(say, *arguments)`` called in a process of its own, by any worker."""
        task = (stale.tools(), *self.limits, work, arguments)
        self._running[key] = self._client.submit(done, *task, pure=False) if self._alive else None

    def wait(self) -> Iterator[Event]:
        """What has been finished since; none if time passes without anything."""
        from distributed import wait

        futures = {future: key for key, future in self._running.items() if future is not None}
        ended = [None for future in self._running.values() if future is None]
        try:
            ended = ended or wait(list(futures), timeout=0.5, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            return
        except (CancelledError, ValueError):  # the scheduler is gone, and with it all that it had to do, or the client
            ended = list(futures)
        for key in [key for key, future in self._running.items() if future in ended]:
            yield _event(key, self._running.pop(key))


def _event(key: Any, future: Any) -> Event:
    """What became of a task; None: it could not be handed over."""
    from distributed import KilledWorker

    try:
        if future is None:
            raise CancelledError
        kind, value, seconds = future.result()
    except KilledWorker as error:  # after as many as the scheduler allows: it may be what ends them
        return Event(key, "failed", KitError(problem("e.cluster.lost", n=error.allowed_failures + 1), FAILED))
    except (CancelledError, OSError):
        return Event(key, "failed", KitError(problem("e.cluster.gone"), FAILED))
    except KitError as error:
        return Event(key, "failed", error)
    except Exception as error:
        facts = {"error": type(error).__name__, "log": project.noted(error)}
        return Event(key, "failed", KitError(problem("e.unexpected", **facts), FAILED))
    return Event(key, kind, value, seconds)


# ---- at a worker -------------------------------------------------------------------------------------------------


def _seen(token: str) -> tuple[str, bool]:
    """What makes pages here, and whether the folder is the asker's."""
    return stale.tools(), (project.output() / TOKEN.format(token=token)).exists()


def done(tools: str, seconds: float, memory: int, work: Callable[..., Any], arguments: Any) -> tuple[str, Any, float]:
    """A task as a pool of one does it: its kind (done or failed), its answer, and the seconds that it took."""
    if stale.tools() != tools:  # it joined after the others were asked
        raise KitError(problem("e.cluster.kit", worker=platform.node()), FAILED)
    with ONE:
        pool = _pool(seconds, memory)
        pool.start("", work, *arguments)
        while _wanted():
            for event in pool.wait():
                if event.kind != "said":
                    return event.kind, event.value, event.seconds
        pool.stop("")  # whoever asked holds the lock no more
        raise CancelledError


def _wanted() -> bool:
    """Whether this task is to be done still: its build was not interrupted, nor has the scheduler gone."""
    from distributed import get_worker

    worker = get_worker()
    task = worker.state.tasks.get(worker.get_current_task())
    return task is not None and task.state == "executing" and worker.status.name == "running"


ONE = threading.Lock()
"""A worker does one task at a time, however many threads it has."""


@functools.lru_cache(maxsize=1)
def _pool(seconds: float, memory: int) -> Pool:
    """A pool that stays as long as the worker does: what a task needs is loaded once."""
    pool = Pool(1, seconds, memory)
    atexit.register(pool.__exit__)
    pool.load(*loading.to_run(), kernels=loading.in_kernel())
    return pool
