"""The developer's commands: test, lint and lock, each a few tools run in the project's environment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def run(root: str, command: str, arguments: list[str]) -> int:
    """Run one of them in the checkout; the exit code of the first tool that failed, else 0."""
    folder = Path(root)
    steps = {"test": _test, "lint": _lint, "lock": _lock}[command](folder, arguments)
    for step in steps:
        code = subprocess.call([sys.executable, "-m", *step], cwd=folder)
        if code:
            return code
    return 0


def _test(_: Path, arguments: list[str]) -> list[list[str]]:
    # In our own order (tests/conftest.py): xdist's would begin what takes longest when the rest is done.
    return [["pytest", "-n", "logical", "--dist", "loadfile", "--no-loadscope-reorder", *arguments]]


def _lint(root: Path, _: list[str]) -> list[list[str]]:
    steps = [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]]
    notebooks = sorted(str(path.relative_to(root)) for path in root.glob("notebooks/*.ipynb"))
    if notebooks:
        # Cell ids are ours and stable; everything a run leaves behind is not.
        steps.append(["nbstripout", "--verify", "--keep-id", *notebooks])
    return steps


def _lock(root: Path, arguments: list[str]) -> list[list[str]]:
    """Both lock files, good for every Python and system; the runtime versions are taken from the dev lock.

    Versions stay as they are unless pyproject.toml asks otherwise or ``--upgrade`` is given.
    """
    import tomllib

    with (root / "pyproject.toml").open("rb") as file:
        floor = tomllib.load(file)["project"]["requires-python"].removeprefix(">=")
    compile_all = ["uv", "pip", "compile", "--quiet", "--universal", "--fork-strategy", "fewest"]
    compile_all += ["--python-version", floor, "--generate-hashes", "--custom-compile-command", "make lock"]
    compile_all += [*arguments, "pyproject.toml", "--extra", "build"]
    return [
        [*compile_all, "--extra", "dev", "--output-file", "requirements-dev.lock"],
        [*compile_all, "--constraint", "requirements-dev.lock", "--output-file", "requirements.lock"],
    ]
