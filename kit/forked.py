"""What ``kit.forks`` asks: a process that loads modules, reads tables and forks, in a single thread."""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import json
import os
import pickle
import select
import shutil
import signal
import socket
import struct
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kit import loading

BEGAN = frozenset(os.environ)
"""What is added to the environment later, a module adds when it is loaded."""


def serve(listening: int, folder: str) -> Callable[[], object]:
    """Do what standard input says, line by line, and fork whenever somebody asks, but not before the first modules are
    loaded; until standard input ends. Gives what is left to do: in a forked process its work."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks us how they ended
    loading.lean()
    return _Server(socket.socket(fileno=listening), folder).serve()


class _Server:
    """``door``: where it is asked for processes. ``own``: where those of a client are asked for, which find the tables
    of that client read; it is answered when they are. In a client's server ``door`` is None."""

    def __init__(self, door: socket.socket, folder: str) -> None:
        self.door: socket.socket | None = door
        self.own: socket.socket | None = None
        self.folder = folder
        self.loads: list[str] = []
        self.first = -1
        """How many of the first modules are left."""
        self.reads: list[tuple[str, str, str]] = []
        self.splits: list[tuple[str, list[tuple[str, str, str]]]] = []
        """Clients whose servers are still to be forked, and what these are to read."""
        self.lines: dict[str, int] = {}
        """Servers of clients: each ends when its line is closed."""
        self.told = b""

    def serve(self) -> Callable[[], object]:
        while True:
            doors = [self.door, None if self.reads else self.own] if not self.first else []
            idle = not (self.reads or self.loads or self.splits)
            ready: list[Any] = select.select([sys.stdin, *filter(None, doors)], [], [], None if idle else 0)[0]
            if sys.stdin in ready:
                more = os.read(0, 65536)
                if not more:
                    return self._tidy
                *lines, self.told = (self.told + more).split(b"\n")
                for line in lines:
                    do, *said = json.loads(line)
                    getattr(self, do)(*said)
            elif ready:
                if work := self._answer(ready[0]):
                    return work
            else:
                self._go_on()

    def load(self, names: list[str]) -> None:
        self.loads += names
        self.first = len(self.loads) if self.first < 0 else self.first

    def hold(self, client: str, tables: list[tuple[str, str, str]], apart: bool) -> None:
        """Have a client's ``tables`` (see ``store.hold``) read: here, or ``apart`` in a server of that client alone,
        forked when all is loaded."""
        if apart:
            self.splits.append((client, tables))
        elif self.own is None:
            with contextlib.suppress(OSError):
                self.own, self.reads = self._opened(client), tables

    def drop(self, client: str) -> None:
        self.splits = [split for split in self.splits if split[0] != client]
        if client in self.lines:
            os.close(self.lines.pop(client))

    def _go_on(self) -> None:
        """Do the next of what is to be done."""
        if self.reads:
            with contextlib.suppress(Exception):  # whoever needs the table reads it, and is told there
                importlib.import_module("kit.store").hold(*self.reads.pop(0))
        elif self.loads:
            loading.load(self.loads.pop(0))
            self.first = max(self.first - 1, 0)
        else:
            with contextlib.suppress(OSError):
                self._split(*self.splits.pop(0))
        gc.freeze()  # no collection in a forked process walks it, which would copy it, too

    def _opened(self, client: str) -> socket.socket:
        assert self.door
        own = socket.socket(socket.AF_UNIX)
        own.bind(self.door.getsockname() + f"-{client}".encode())
        own.listen()
        return own

    def _split(self, client: str, tables: list[tuple[str, str, str]]) -> None:
        """Fork the server of a client: it has nothing of any other's."""
        own = self._opened(client)
        ours, line = os.pipe()
        if os.fork():
            own.close()
            os.close(ours)
            self.lines[client] = line
            return
        os.close(line)
        os.dup2(ours, 0)
        os.close(ours)
        self._close()
        self.own, self.reads, self.splits, self.lines, self.told, self.folder = own, tables, [], {}, b"", ""

    def _close(self) -> None:
        """Let go of all doors and lines: they are another process's."""
        for door in filter(None, (self.door, self.own)):
            door.close()
        for line in self.lines.values():
            os.close(line)
        self.door = self.own = None

    def _tidy(self) -> None:
        """Remove what is left by processes whose owner is gone, as soon as they are, too."""
        self._close()
        with contextlib.suppress(ChildProcessError):
            os.wait()  # for all of them: it is not told how any one ended
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        os._exit(0)

    def _answer(self, door: socket.socket) -> Callable[[], object] | None:
        """Fork for one who asks: None in the server, its work in the new process. Whoever goes unanswered does
        without."""
        line, _ = door.accept()
        with line:
            handed: list[int] = []
            forked = False
            try:
                request = _asked(line, handed)
                forked = os.fork() == 0
            except (OSError, struct.error):
                return None
            finally:
                for one in () if forked else handed:
                    os.close(one)
            if not forked:
                return None
            self._close()
            _belong(line, handed[0])
        return functools.partial(_become, request, handed[1:])


def _asked(line: socket.socket, handed: list[int]) -> bytes:
    """What is asked for; the descriptors that come with it are put into ``handed``, whatever else becomes of it. Raises
    ``OSError`` if it is not to be had."""
    line.settimeout(5)
    if parquet := sys.modules.get("kit.exports.parquet"):
        parquet.close()  # its threads would be missing in the new process
    user = struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))[1]
    threads = len(os.listdir("/proc/self/task"))  # what a second one locks would stay locked in the new process
    if user != os.getuid() or threads > 1:
        raise PermissionError
    head, descriptors, _, _ = socket.recv_fds(line, 4, 16)
    handed += descriptors
    with line.makefile("rb") as file:
        request = file.read(struct.unpack("I", head)[0])
    if not handed or not request:
        raise ConnectionError
    return request


# ---- in a forked process -----------------------------------------------------------------------------------------


def _belong(line: socket.socket, owner: int) -> None:
    """Tell the owner who we are, and have the system end us and all we start when the other end of ``owner`` is closed.

    A signal of input and output, only that it cannot be refused: it needs no thread and waits for no lock.
    """
    import fcntl

    os.setsid()
    fcntl.fcntl(owner, fcntl.F_SETOWN, -os.getpid())
    fcntl.fcntl(owner, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(owner, fcntl.F_SETFL, fcntl.fcntl(owner, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([owner], [], [], 0)[0]:
        os._exit(1)
    handle = os.pidfd_open(os.getpid())
    socket.send_fds(line, [struct.pack("I", os.getpid())], [handle])
    os.close(handle)


def _become(request: bytes, descriptors: Sequence[int]) -> None:
    """Take on what a fresh process would have found, and do the work."""
    (environment, folder, path, limit), work = pickle.loads(request)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    import resource

    resource.setrlimit(resource.RLIMIT_AS, limit)
    take_on(environment, folder)
    sys.path[:] = path or sys.path
    do, arguments = pickle.loads(work)
    do(*arguments, *descriptors)


def take_on(environment: Mapping[str, str], folder: str) -> None:
    """Find what a process started now would find, in one that has loaded modules before; what these added to the
    environment stays."""
    added = {name: value for name, value in os.environ.items() if name not in BEGAN}
    os.environ.clear()
    os.environ.update({**added, **environment})
    os.chdir(folder)
    tempfile.tempdir = None
    if "numpy" in sys.modules:  # Python's own dice are thrown anew by themselves
        sys.modules["numpy"].random.seed()
    gc.enable()
