"""Kernels that begin at once: a fresh one for every report, used once, in a process that has loaded what it needs.

To papermill and nbclient they are kernels like any other, started through a provisioner of ``jupyter_client``. Where
processes can be forked they are (``kit.forks``). Elsewhere a process is started before its notebook is run, loads
modules, and waits to be told which kernel it is to be (``ahead``). Without either a kernel is started the ordinary way;
all three make the same bytes.
"""

from __future__ import annotations

import asyncio
import importlib.util
import itertools
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import zmq
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.launcher import launch_kernel
from jupyter_client.provisioning import LocalProvisioner

from kit import forked, forks, loading

LAUNCHER = "ipykernel_launcher"
BEGIN = """
import sys
sys.path[:] = filter(None, sys.path)
from kit import kernels
kernels.wait("computes" in sys.argv)
"""
AGAIN = 5
"""Milliseconds until a kernel that does not listen yet is looked for again."""
STARTED = ("JPY_PARENT_PID", "JPY_INTERRUPT_EVENT", "IPY_INTERRUPT_EVENT")
"""What a kernel is told of whoever started it, and how it is interrupted on Windows."""

SERVERS = (forks.KERNELS, forks.ADDRESS)
"""Of whom a kernel is asked for, one after the other: the second has loaded other things, and is there all the same."""

_waiting: list[subprocess.Popen[bytes]] = []


class Provisioner(LocalProvisioner):
    """Forks the kernel if there is a server, else takes the one that waits, else starts one as its base does."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        child: Any = None
        if LAUNCHER in cmd:  # a kernel of ours; what the notebook of somebody else may ask for is started as it asks
            arguments = cmd[cmd.index(LAUNCHER) + 1 :]
            environment = {**kwargs["env"], "JPY_PARENT_PID": str(os.getpid())}
            folder = kwargs.get("cwd")
            client = environment.get(forks.CLIENT, "")
            child = forks.fork(run, arguments, environment=environment, folder=folder, of=client, at=SERVERS)
            child = child or _told(arguments, environment, folder or os.getcwd())
        if child is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process, self.pid, self.cwd = child, child.pid, kwargs.get("cwd")
        if os.name == "posix" and isinstance(child, subprocess.Popen):  # it leads a group, as its base has it
            self.pgid = child.pid
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """As its base, and wait a moment: whoever asks looks ten times a second whether it is gone, which is sooner."""
        await super().kill(restart)
        for _ in range(50):
            if await self.poll() is not None:
                break
            await asyncio.sleep(0.002)


class Client(AsyncKernelClient):
    """One that goes on as soon as the kernel is ready: its base then listens for a fifth of a second to what is left
    of its own question, and here it is known when that is over."""

    def _create_connected_socket(self, channel: str, identity: bytes | None = None) -> Any:
        """As its base, but where the kernel does not listen yet, it is looked for again soon, not after .1–.2 s."""
        self.context.setsockopt(zmq.RECONNECT_IVL, AGAIN)
        return super()._create_connected_socket(channel, identity)

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        """Raises ``RuntimeError`` as its base does, where the kernel has died or does not answer in time."""
        latest = time.monotonic() + (float("inf") if timeout is None else timeout)
        while not await self._answers():
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > latest:
                raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    wait_for_ready = _async_wait_for_ready

    async def _answers(self) -> bool:
        """Whether it answers a question, and where it tells of its outputs says that it did."""
        asked = self.kernel_info()
        try:
            reply = await _heard(self.shell_channel, asked, lambda said: said["msg_type"] == "kernel_info_reply", 1.0)
            await _heard(self.iopub_channel, asked, lambda said: said["content"].get("execution_state") == "idle", 0.2)
        except queue.Empty:
            return False
        self._handle_kernel_info_reply(reply)
        return True


async def _heard(channel: Any, asked: str, wanted: Callable[[Any], bool], seconds: float) -> Any:
    """The first message of this kind after a question; ``queue.Empty`` after so many seconds of silence."""
    while True:
        said = await channel.get_msg(timeout=seconds)
        if said["parent_header"].get("msg_id") == asked and wanted(said):
            return said


def ahead(computes: bool = True) -> None:
    """Start the process that the next kernel will be, unless it will be forked; it ends when this one does.
    ``computes``: see ``loading.in_kernel``."""
    if _waiting or any(map(forks.known, SERVERS)):
        return
    from kit.pool import BACKEND

    environment = {**forks.outside(), **forks.PLAIN, **BACKEND}
    command = [sys.executable, "-c", BEGIN, *(["computes"] if computes else [])]
    _waiting.append(launch_kernel(command, subprocess.PIPE, subprocess.DEVNULL, subprocess.DEVNULL, environment))


def dismiss() -> None:
    """End the one that waits, if nobody came to need it."""
    while _waiting:
        process = _waiting.pop()
        process.kill()
        process.communicate()


def _told(arguments: list[str], environment: dict[str, str], folder: str) -> subprocess.Popen[bytes] | None:
    """The process that waits, told which kernel it is; None if there is none, or it has ended."""
    if not _waiting:
        return None
    process = _waiting.pop()
    try:
        with process.stdin as line:  # type: ignore[union-attr]  # a pipe, as it was started
            line.write(json.dumps([arguments, environment, folder]).encode() + b"\n")
        return process if process.poll() is None else None
    except OSError:
        return None


# ---- in the process ----------------------------------------------------------------------------------------------


def wait(computes: bool) -> None:
    """Load what kernels need until it is said which one to be, and be it; end with the process that would say it."""
    loading.lean()
    said: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(said,), daemon=True).start()
    for name in itertools.chain.from_iterable(loading.in_kernel(computes)):
        if not said.empty():
            break
        loading.load(name)
    arguments, environment, folder = json.loads(said.get())
    forked.take_on(environment | {name: os.environ[name] for name in STARTED if name in os.environ}, folder)
    run(arguments)


def _listen(said: queue.SimpleQueue[bytes]) -> None:
    line = sys.stdin.buffer.readline()
    if not line.endswith(b"\n"):
        os._exit(0)
    said.put(line)


def run(arguments: list[str]) -> None:
    """Be the kernel, until it is shut down."""
    sys.modules.pop("rfc3987_syntax", None)  # see loading.lean
    launcher = importlib.util.find_spec(LAUNCHER)
    sys.argv = [str(launcher and launcher.origin), *arguments]
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()
