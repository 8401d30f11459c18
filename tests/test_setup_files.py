"""The files that set a machine up tell one story, and carry nothing of the machine they were made on."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
LOCKS = ["requirements.lock", "requirements-dev.lock"]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, list[str]]:
    """``name==version`` with its marker, and the hashes, for every package of a lock file."""
    blocks = re.split(r"\n(?=\S)", read(lock))
    return {b.split("\\")[0].strip(): re.findall(r"--hash=(\S+)", b) for b in blocks if not b.startswith("#")}


def name_of(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].replace(".", "-").lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_one_version_and_hashes(lock):
    locked = pins(lock)
    assert len(locked) > 100
    assert [
        pin for pin, hashes in locked.items() if not all(re.fullmatch(r"sha256:[0-9a-f]{64}", h) for h in hashes)
    ] == []
    assert [pin for pin, hashes in locked.items() if "==" not in pin or not hashes] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_index_and_no_place_on_a_machine(lock):
    # A comment may name a requirement file; nothing else in a lock has a slash.
    assert re.findall(r"://|^-.*|.*/.*|.*\bindex\b.*", read(lock), flags=re.MULTILINE) == []


def test_the_dev_lock_holds_the_runtime_lock():
    runtime, dev = (
        {(pin.partition(" ;")[0], *hashes) for pin, hashes in pins(lock).items()} for lock in LOCKS
    )  # dev tools may want on every system what kit wants on some
    assert runtime <= dev


@pytest.mark.parametrize(("lock", "extras"), [(LOCKS[0], ["build"]), (LOCKS[1], ["build", "dev"])])
def test_a_lock_holds_what_pyproject_asks_for(lock, extras):
    asked = [
        *PROJECT["dependencies"],
        *(r for extra in extras for r in PROJECT["optional-dependencies"][extra]),
    ]
    assert {name_of(r) for r in asked} - {name_of(pin) for pin in pins(lock)} == set()


def test_the_lock_brings_the_build_backend():
    assert PROJECT["optional-dependencies"]["build"] == PYPROJECT["build-system"]["requires"]


def test_conda_gets_python_pip_and_this_project():
    told = YAML(typ="safe").load(read("environment.yml"))
    assert told["name"] == PROJECT["name"]
    assert told["dependencies"] == [f"python{PROJECT['requires-python']}", "pip", {"pip": ["-e ."]}]


def test_the_entry_point_refuses_what_pyproject_refuses():
    from kit.__main__ import OLDEST

    assert PROJECT["requires-python"] == ">=" + ".".join(map(str, OLDEST))


def test_hooks_run_the_locked_tools_and_fetch_nothing():
    repos = YAML(typ="safe").load(read(".pre-commit-config.yaml"))["repos"]
    assert [repo["repo"] for repo in repos] == ["local"]
    assert {hook["language"] for hook in repos[0]["hooks"]} == {"system"}


def test_ci_runs_lint_then_test():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert re.findall(r"^make .*", read(".ci/run"), flags=re.MULTILINE) == ["make lint", "make test"]


@pytest.mark.skipif(shutil.which("git") is None, reason="no git here")
@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        ("data/acme/client.toml", True),
        ("data/acme/exports/orders.csv", True),
        ("data/demo/client.toml", False),
        ("data/demo/.cache/orders.parquet", True),
        ("output/acme/2024-11/market.zh.pdf", True),
        (".venv/bin/python", True),
        (".venv.old/bin/python", True),
        ("requirements.lock", False),
        ("notebooks/market.ipynb", False),
    ],
)
def test_client_data_and_reports_stay_out_of_git(tmp_path, path, ignored):
    shutil.copy(ROOT / ".gitignore", tmp_path)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    done = subprocess.run(["git", "-C", str(tmp_path), "check-ignore", "-q", path], check=False)
    assert (done.returncode == 0) is ignored


# make


MAKE = pytest.mark.skipif(shutil.which("make") is None or os.name == "nt", reason="no make here")
TARGETS = [
    "help",
    "report",
    "reports",
    "check",
    "diff",
    "status",
    "redline",
    "approve",
    "share",
    "mail",
    "new",
    "edit",
    "lab",
    "test",
    "lint",
    "clean",
    "lock",
]


def make(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the Makefile in ``folder`` with a PYTHON that writes down what it was called with."""
    python = folder / "python"
    python.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > argv\nenv > env\n', encoding="utf-8")
    python.chmod(0o755)
    shutil.copy(ROOT / "Makefile", folder)
    command = ["make", f"PYTHON={python}", *arguments]
    env = {**os.environ, **environment}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", check=False)


def handed_over(folder: Path) -> dict[str, str]:
    lines = (folder / "env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line.startswith("KIT_") and not line.startswith("KIT_PYTHON"))


HOSTILE = [
    "$(shell touch x)",
    "`touch x`",
    '"; touch x; "',
    "'; touch x; '",
    "$$(touch x)",
    "../x",
    "$(error x)",
    "a b",
]


@MAKE
@pytest.mark.parametrize("value", HOSTILE)
def test_make_hands_values_over_and_never_executes_them(tmp_path, value):
    assert make(tmp_path, f"CLIENT={value}", f"REPORT={value}", "report").returncode == 0
    assert handed_over(tmp_path) == {"KIT_CLIENT": value, "KIT_REPORT": value}
    assert (tmp_path / "argv").read_text(encoding="utf-8").split() == ["-m", "kit", "report"]
    assert not (tmp_path / "x").exists()


@MAKE
def test_make_never_executes_a_value_from_the_environment(tmp_path):
    make(tmp_path, "check", CLIENT="$(shell touch x)", PERIOD="`touch x`")
    assert handed_over(tmp_path) == {"KIT_CLIENT": "$(shell touch x)", "KIT_PERIOD": "`touch x`"}
    assert not (tmp_path / "x").exists()


@MAKE
def test_a_misspelt_variable_is_refused_before_anything_runs(tmp_path):
    done = make(tmp_path, "CLINET=$(shell touch x)", "report")
    assert done.returncode == 2
    assert "CLINET" in done.stderr
    assert not (tmp_path / "x").exists() and not (tmp_path / "argv").exists()


@MAKE
def test_make_alone_lists_every_target(tmp_path):
    said = make(tmp_path).stdout
    assert re.findall(r"^  make (\w+)\t\S", said, flags=re.MULTILINE) == TARGETS


def test_every_target_is_one_line_over_kit():
    recipes = re.findall(r"^(\w+):.*\n\t(.*)\n(\t?)", read("Makefile") + "\n", flags=re.MULTILINE)
    assert [(name, recipe) for name, recipe, _ in recipes if name != "help"] == [
        (n, f"$(KIT) {n}") for n in TARGETS[1:]
    ]
    assert {more for *_, more in recipes} == {""}


@pytest.mark.build
def test_the_wheel_carries_templates_and_notebooks_and_no_data(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("tp_report_kit-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = {f"kit/_shipped/notebooks/{path.name}" for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert shipped and shipped <= names
    assert any(name.startswith("kit/_shipped/templates/fonts/") for name in names)
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"kit"}
