"""What all tests share: a clean environment, repeatable random examples, a browser if there is one."""

from __future__ import annotations

import os
import shutil

import hypothesis
import pytest

from kit import project

# A shell set to a client, or `make test CLIENT=x`, must not change what is tested.
for name in [name for name in os.environ if name.startswith("KIT_") or name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")]:
    del os.environ[name]

# As in the kernel: the matrices of a forecast are small, and threads that wait for each other take ten times as long.
os.environ |= project.ONE_THREAD

# No test takes the power away: waiting for the disk would only make them wait for whatever else is written to it.
os.fsync = lambda descriptor: None

hypothesis.settings.register_profile("kit", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("kit")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium from the package manager; without one a test is skipped, or fails with CI=true."""
    found = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")]
    path = next((path for path in found if path), None)
    if path is None:
        report = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        report("no Chromium here; on Debian: apt install chromium")
    return str(path)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Real builds first: they take longest, and no worker should begin one when the others have nothing left to do."""
    items.sort(key=lambda item: item.get_closest_marker("build") is None)
