"""Where things are: the project's folders, which code this is, and what it runs in."""

from __future__ import annotations

import contextlib
import functools
import os
import platform
import re
import subprocess
import tempfile
import tomllib
from importlib import metadata
from pathlib import Path

from kit import __version__

NAME = "tp-report-kit"
"""The distribution's name; the import name is another because PyPI's ``kit`` is a stranger's."""
VERSION = __version__
PACKAGE = Path(__file__).resolve().parent
LONGEST_PATH = 259 if os.name == "nt" else 4095
"""Characters of a path that the system opens, as it is set up; Windows can be set to allow more."""
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Environment of whatever computes: on the small tables of a report, threads of numeric libraries wait for each other
longer than they compute, and their number may change the last digit."""


def root() -> Path:
    """The project: KIT_ROOT, else the nearest folder upwards that is one, else the checkout of this code.

    With a wheel installed and no project around, it is the current folder: data/ and output/ belong to the
    person, not to site-packages.
    """
    given = os.environ.get("KIT_ROOT")
    if given:
        return Path(given).resolve()
    here = Path.cwd()
    for folder in (here, *here.parents, PACKAGE.parent):
        if _is_project(folder):
            return folder
    return here


def _is_project(folder: Path) -> bool:
    about = folder / "pyproject.toml"
    return (
        (folder / "notebooks").is_dir() and about.is_file() and f'name = "{NAME}"' in about.read_text(encoding="utf-8")
    )


def templates() -> Path:
    """The templates: the project's own, else those shipped with the wheel."""
    return _own_or_shipped("templates")


def notebooks() -> Path:
    """The shared notebooks: the project's own, else those shipped with the wheel."""
    return _own_or_shipped("notebooks")


def _own_or_shipped(name: str) -> Path:
    own = root() / name
    return own if own.is_dir() else PACKAGE / "_shipped" / name


def data() -> Path:
    """The folder of client folders."""
    return root() / "data"


def output() -> Path:
    """The folder that reports are written to; it may not exist yet."""
    return root() / "output"


def relative(path: Path | str) -> str:
    """How a path is shown to people: from the project's folder, with slashes; whole if it lies elsewhere."""
    whole = Path(path).resolve()
    return whole.relative_to(root()).as_posix() if whole.is_relative_to(root()) else str(whole)


def noted(error: Exception) -> str:
    """Where it was noted which lines led to an error nobody foresaw; its text is left out: it may quote the data."""
    import traceback

    text = "".join([*traceback.format_tb(error.__traceback__), type(error).__name__, "\n"])
    for folder in (output(), root(), Path(tempfile.gettempdir())):  # a file of that name, no rights, a full disk
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "error.log").write_text(text, encoding="utf-8")
            break
    return relative(folder / "error.log")


@functools.cache
def commit() -> str:
    """The commit of kit's own code, ``-dirty`` if it was changed since; empty outside a git checkout."""
    folder = PACKAGE.parent
    if not (folder / ".git").exists():
        return ""
    command = [
        "git",
        "--no-optional-locks",
        "-C",
        str(folder),
        "describe",
        "--always",
        "--abbrev=40",
        "--dirty",
    ]
    try:
        said = subprocess.run([*command, "--exclude=*"], capture_output=True, encoding="utf-8", check=False)
    except FileNotFoundError:  # a downloaded copy on a machine without git
        return ""
    return said.stdout.strip() if said.returncode == 0 else ""


@functools.cache
def libraries() -> dict[str, str]:
    """Python's version and those of the packages kit names, by name; not of whatever else is installed."""
    names = {re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in _requirements()}
    versions = {"python": platform.python_version()}
    for name in sorted(names):
        with contextlib.suppress(metadata.PackageNotFoundError):  # asked for on another system only
            versions[name] = metadata.version(name)
    return versions


def _requirements() -> list[str]:
    try:
        lines = metadata.requires(NAME) or []
    except metadata.PackageNotFoundError:  # run from a checkout with its packages, itself not installed
        about = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))
        lines = about["project"]["dependencies"]
    return [line for line in lines if "extra ==" not in line]
