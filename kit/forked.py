"""What ``kit.forks`` asks: a process that loads modules and forks, and nothing else, in a single thread."""

from __future__ import annotations

import contextlib
import functools
import gc
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

from kit import loading

BEGAN = frozenset(os.environ)
"""What is added to the environment later, a module adds when it is loaded."""


def serve(listening: int, folder: str) -> Callable[[], object]:
    """Load what standard input names, line by line, and fork whenever somebody asks, but not before the first line is
    loaded; until standard input ends. Gives what is left to do: in a forked process its work."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks us how they ended
    loading.lean()
    names: list[str] = []
    first, told = -1, b""  # how many of the first line are left
    with socket.socket(fileno=listening) as door:
        while True:
            waits = [sys.stdin] if first else [sys.stdin, door]
            ready, _, _ = select.select(waits, [], [], 0 if names else None)
            if sys.stdin in ready:
                more = os.read(0, 65536)
                if not more:
                    return functools.partial(_tidy, folder)
                *lines, told = (told + more).split(b"\n")
                for line in lines:
                    names += line.decode().split()
                    first = len(names) if first < 0 else first
            elif door in ready:
                if work := _answer(door):
                    return work
            elif names:
                loading.load(names.pop(0))
                gc.freeze()  # no collection in a forked process walks it, which would copy it, too
                first = max(first - 1, 0)


def _tidy(folder: str) -> None:
    """Remove what is left by processes whose owner is gone, as soon as they are, too."""
    with contextlib.suppress(ChildProcessError):
        os.wait()  # for all of them: it is not told how any one ended
    shutil.rmtree(folder, ignore_errors=True)


def _answer(door: socket.socket) -> Callable[[], object] | None:
    """Fork for one who asks: None in the server, its work in the new process. Whoever goes unanswered does without."""
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
        door.close()
        _belong(line, handed[0])
    return functools.partial(_become, request, handed[1:])


def _asked(line: socket.socket, handed: list[int]) -> bytes:
    """What is asked for; the descriptors that come with it are put into ``handed``, whatever else becomes of it. Raises
    ``OSError`` if it is not to be had."""
    line.settimeout(5)
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
