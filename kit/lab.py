"""JupyterLab, set to a client."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kit import project


def run(client: str, locale: str, period: str, folder: Path, opened: Path, port: int, browser: bool) -> None:
    """Run JupyterLab over ``folder`` with ``opened`` (a folder or notebook below it) on its screen; does not return."""
    settings = [str(project.templates() / "lab"), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    environment = {
        **os.environ,
        **project.ONE_THREAD,  # as in a build
        "KIT_CLIENT": client,
        "KIT_PERIOD": period,
        "KIT_ROOT": str(project.root()),
        "KIT_LOCALE": locale,
        "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, settings)),  # nothing is fetched, nobody asked about news
    }
    shown = "/".join(["/lab/tree", *opened.relative_to(folder).parts])
    options = [f"--ServerApp.root_dir={folder}", f"--LabApp.default_url={shown}", f"--port={port}"]
    options += [] if browser else ["--no-browser"]
    # Often a container's only user; Jupyter would refuse, asking for an option that make cannot hand over.
    options += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command = [sys.executable, "-m", "jupyterlab", *options]
    if os.name == "posix":
        os.execve(sys.executable, command, environment)
    import subprocess

    sys.exit(subprocess.call(command, env=environment))
