"""Processes forked from one that has loaded everything already: each begins at once, and as if it were the first.

On Linux only: elsewhere forking a process that has loaded system libraries is not safe. Where there is no such server,
or it cannot be reached, ``fork`` gives None, and whoever asked starts a process the ordinary way, or has started one
before (``kit.pool``, ``kit.kernels``).

A build has two servers, which load at the same time: one for its processes, one for the kernels that these start. A
server does nothing but load modules, read tables and fork, in a single thread; nothing that a forked process does
reaches the server or another one. The tables of a client are read by the server itself if it forks for no other client,
else by one more that is forked from it, and from which the kernels of this client are forked, and nobody else's.

A forked process belongs to whoever asked for it: the system itself ends it, with all that it started, as soon as its
owner is gone, however that came about. The server ends with the process that began it. It is reached by a name that
leaves nothing in any folder, and answers nobody but the same user.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import pickle
import secrets
import select
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import FileIO
from pathlib import Path
from typing import Any

from kit import project

ADDRESS, KERNELS = "KIT_FORKS", "KIT_FORKS_KERNELS"
"""Each names a server to the processes that may ask it: for processes of a build, and for the kernels that these start,
which have other things to load. The first as ``no`` in the caller's environment: do without."""
CLIENT = "KIT_FORKS_OF"
"""Names to whoever starts a kernel the client that it is for."""
PATIENCE = 60.0
"""Seconds to wait for an answer: the server answers between one module and the next."""
PLAIN = {
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    **project.ONE_THREAD,
}
"""What libraries and Python read when they are loaded: as it is in every process that is forked."""
GRACE = 5.0
"""Seconds that the servers of clients have to end by themselves."""
ENDED = 1
"""The exit code of a process that was not started by the one that asks: it is not told how it ended."""
BEGIN = """
import sys
sys.path[:] = filter(None, sys.path)
from kit import forked
forked.serve(int(sys.argv[1]), sys.argv[2])()
"""
"""A forked process leaves the server's loop for its work, and ends as any other does."""

Work = Callable[..., Any]


class Server:
    """A server of this process and of those that it starts, from ``start`` to ``stop``. ``environment``: what else its
    modules are to find when they are loaded; ``folder``: what it removes when this process is gone all at once; ``at``:
    by what it is named to them."""

    def __init__(self, environment: Mapping[str, str], folder: Path, at: str = ADDRESS) -> None:
        self.environment, self.folder, self.at = environment, folder, at
        self.process: subprocess.Popen[bytes] | None = None
        self.loaded: set[str] = set()
        self.split = False

    def start(self) -> None:
        """Begin it, unless it was begun before, is not wanted or not possible here."""
        if self.process is not None or self.at in os.environ or not possible():
            return
        name = f"kit-{secrets.token_hex(16)}"
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(f"\0{name}")
            listening.listen()
            self.process = subprocess.Popen(
                [sys.executable, "-c", BEGIN, str(listening.fileno()), str(self.folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**outside(), **PLAIN, **self.environment},
                pass_fds=[listening.fileno()],
                start_new_session=True,
            )
        os.environ[self.at] = name

    def load(self, modules: Iterable[str]) -> None:
        """Have it load modules as time allows, those it was not told before; it forks as soon as the first lot is
        there."""
        new = [name for name in modules if name not in self.loaded]
        self.loaded |= set(new)
        if new:
            self._tell("load", new)

    def hold(self, client: str, folder: Path, tables: Mapping[str, str], apart: bool) -> Callable[[], None]:
        """Have tables of a client read, once for all processes ``of`` that client; ``tables``: their hashes.

        ``apart``: in a server of its own, since processes of others are forked from this one. It ends when what this
        gives is called.
        """
        self.split |= apart
        self._tell("hold", client, [(str(folder), name, digest) for name, digest in tables.items()], apart)
        return functools.partial(self._tell, "drop", client)

    def _tell(self, *said: Any) -> None:
        if self.process is not None and self.process.stdin is not None:
            with contextlib.suppress(OSError):  # it has ended; that shows when it is asked
                self.process.stdin.write(json.dumps(said).encode() + b"\n")
                self.process.stdin.flush()

    def stop(self) -> None:
        if self.process is None:
            return
        del os.environ[self.at]
        if self.split:  # it ends when those of its clients have
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                self.process.communicate(timeout=GRACE)
        self.process.kill()
        with contextlib.suppress(OSError):
            self.process.communicate()
        self.process = None


def known(at: str = ADDRESS) -> bool:
    """Whether this process was told of a server."""
    return os.environ.get(at, "").startswith("kit-")


def outside() -> dict[str, str]:
    """This process's environment but for what Jupyter tells a kernel of its parent: ours would take it for theirs."""
    return {name: value for name, value in os.environ.items() if not name.startswith("JPY_")}


def possible() -> bool:
    """Whether this system can: Linux since 5.3, which is where all of this was tried."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open") and hasattr(signal, "pidfd_send_signal")


class Child:
    """A forked process, as its owner sees it: what ``jupyter_client`` asks of a ``Popen`` and our pool of a process."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, handle: int, line: int) -> None:
        self.pid = pid
        self.handle, self.line = FileIO(handle), FileIO(line, "w")

    def wait(self, timeout: float | None = None) -> int | None:
        """``ENDED`` as soon as it has, None if it has not within ``timeout`` seconds."""
        return ENDED if self.handle.closed or select.select([self.handle], [], [], timeout)[0] else None

    def poll(self) -> int | None:
        return self.wait(0)

    def send_signal(self, number: int) -> None:
        """To the process and all that it started; while it has not ended nobody else can have its number."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)
        self.wait(0.2)  # it ends in a moment; jupyter_client would look again only after a tenth of a second

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def close(self) -> None:
        """Let go of it: it ends if it has not."""
        self.line.close()
        self.handle.close()


def fork(
    work: Work,
    *arguments: Any,
    descriptors: Sequence[int] = (),
    environment: Mapping[str, str] | None = None,
    folder: str | None = None,
    path: Sequence[str] | None = None,
    of: str = "",
    at: Sequence[str] = (ADDRESS,),
) -> Child | None:
    """Call ``work(*arguments, *descriptors)`` in a forked process; None without a server ``at``, asked in that order.

    It finds ``environment`` (this process's own) and ``folder`` (likewise), the files that ``descriptors`` are open on,
    this process's limit of memory, and modules where the server finds them or along ``path``; and read, what is held
    of the client ``of``. It is told of the servers where it finds this process's own environment.
    """
    servers = [os.environ[one] for one in at if known(one)]
    if not servers:
        return None
    import resource

    found = dict(os.environ if environment is None else environment)
    if environment is not None:
        for name in (ADDRESS, KERNELS):
            found.pop(name, None)
    surroundings = (found, folder or os.getcwd(), path, resource.getrlimit(resource.RLIMIT_AS))
    request = pickle.dumps((surroundings, pickle.dumps((work, arguments))))
    for door in (door for name in servers for door in ((f"{name}-{of}", name) if of else (name,))):
        theirs, ours = os.pipe()
        with FileIO(theirs), FileIO(ours, "w") as line, contextlib.suppress(OSError):
            pid, handle = _ask(door, request, [theirs, *descriptors])
            return Child(pid, handle, os.dup(line.fileno()))
    return None


def _ask(name: str, request: bytes, descriptors: list[int]) -> tuple[int, int]:
    """The number of the forked process, and what it is held by (a pidfd)."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(PATIENCE)
        line.connect(f"\0{name}")
        peer = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        if struct.unpack("3i", peer)[1] != os.getuid():  # another user's, who has taken the name of one that is gone
            raise PermissionError
        socket.send_fds(line, [struct.pack("I", len(request))], descriptors)
        line.sendall(request)
        answer, handles, _, _ = socket.recv_fds(line, 4, 1)
    if not handles:
        raise ConnectionError
    return struct.unpack("I", answer)[0], handles[0]
