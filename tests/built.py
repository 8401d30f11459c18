"""A real build of the demo client, once per test session, in a project folder of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Project:
    """A copy of the project in which a test may build and break things."""

    root: Path

    def kit(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """``python -m kit`` as a consultant runs it, from this folder."""
        import os

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
