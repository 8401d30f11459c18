"""Kernels that begin at once: a fresh one for every report, forked from a process that has loaded what they need.

To papermill and nbclient they are kernels like any other, started through a provisioner of ``jupyter_client``; what
they are forked from is ``kit.forks``. Without it a kernel is started the ordinary way, and makes the same bytes.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from typing import Any

from jupyter_client.provisioning import LocalProvisioner

from kit import forks

LAUNCHER = "ipykernel_launcher"


class Provisioner(LocalProvisioner):
    """Forks the kernel if there is a server, else starts it as its base does; the rest is the same for both."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        child = None
        if LAUNCHER in cmd:  # a kernel of ours; what the notebook of somebody else may ask for is started as it asks
            arguments = cmd[cmd.index(LAUNCHER) + 1 :]
            environment = {**kwargs["env"], "JPY_PARENT_PID": str(os.getpid())}
            child = forks.fork(run, arguments, environment=environment, folder=kwargs.get("cwd"))
        if child is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = child  # type: ignore[assignment]  # all of a Popen that is asked for
        self.pid, self.cwd = child.pid, kwargs.get("cwd")
        return self.connection_info


def run(arguments: list[str]) -> None:
    """Be the kernel, until it is shut down; in a forked process."""
    sys.modules.pop("rfc3987_syntax", None)  # see loading.lean
    launcher = importlib.util.find_spec(LAUNCHER)
    sys.argv = [str(launcher and launcher.origin), *arguments]
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()
