"""Real builds of the demo client: one of all its reports for the whole run of the tests, and projects of a test's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Project:
    """A copy of the project in which a test may build and break things."""

    root: Path

    def kit(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """``python -m kit`` as a consultant runs it, from this folder."""
        # KIT_INSIDE: a kit that finds this environment stale would make it anew, under all other tests.
        set_to = {**os.environ, "KIT_ROOT": str(self.root), "PYTHONPATH": str(ROOT), "KIT_INSIDE": "1", **environment}
        command = [sys.executable, "-m", "kit", *arguments]
        return subprocess.run(
            command, cwd=self.root, env=set_to, capture_output=True, text=True, encoding="utf-8", check=False
        )

    def output(self, client: str = "demo", period: str = "2024-11") -> Path:
        return self.root / "output" / client / period


def project(folder: Path) -> Project:
    """The notebooks and the demo client copied, the templates (they hold the fonts) linked."""
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    shutil.copytree(ROOT / "data" / "demo", folder / "data" / "demo", ignore=shutil.ignore_patterns(".cache"))
    (folder / "templates").symlink_to(ROOT / "templates", target_is_directory=True)
    (folder / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    return Project(folder)


def demo(base: Path) -> Project:
    """The demo client with all its reports of November in both languages, and October's review in Chinese before them.

    Built once, whichever worker asks first; ``base``: a worker's temporary folder (``tmp_path_factory.getbasetemp()``).
    Nobody changes anything there: a test that does takes a ``copy``.
    """
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demo-built"
    said = folder / "said.txt"
    with FileLock(f"{folder}.lock"):
        if not said.is_file():
            made = project(folder)
            october = made.kit("report", "demo", "--report", "review", "--period", "2024-10", "--locale", "zh")
            whole = made.kit("report", "demo", "--locale", "zh,en")
            failed = [r.stdout + r.stderr for r in (october, whole) if r.returncode]
            said.write_text("\n".join(failed), encoding="utf-8")
    assert said.read_text(encoding="utf-8") == ""
    return Project(folder)


def copy(made: Project, folder: Path) -> Project:
    """All of a project, what it built included, in another place."""
    shutil.copytree(made.root, folder, symlinks=True)
    return Project(folder)
