"""``python -m kit``: which environment a command runs in, and what a bare or an old Python is told."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

import kit.__main__ as entry
from kit import bootstrap
from kit.bootstrap import develop, environment, pip
from kit.bootstrap.words import SetupError

ROOT = Path(__file__).parents[1]


@pytest.fixture
def did(tmp_path, monkeypatch):
    """What ``start`` did in a checkout at ``tmp_path`` that needs nothing installed, step by step."""
    steps = []
    monkeypatch.setattr(bootstrap, "checkout", lambda: str(tmp_path))
    monkeypatch.setattr(bootstrap, "_execute", lambda python, arguments: steps.append((python, *arguments)) or 0)
    monkeypatch.setattr(environment, "prepare", lambda root, dev: steps.append("prepare dev" if dev else "prepare"))
    monkeypatch.setattr(environment, "missing", lambda root, dev: ())
    cli = types.SimpleNamespace(main=lambda args, prog_name: steps.append(("cli", *args)))
    monkeypatch.setitem(sys.modules, "kit.cli", cli)
    monkeypatch.setattr(os, "environ", {k: v for k, v in os.environ.items() if k not in ("CONDA_PREFIX", "PYTHONUTF8")})
    return steps


@pytest.mark.parametrize(("command", "prepared"), [("report", "prepare"), ("test", "prepare dev")])
def test_a_bare_python_prepares_the_environment_and_re_executes_in_it(tmp_path, did, command, prepared):
    assert bootstrap.start([command, "-x"]) == 0
    assert did == [prepared, (environment.python(str(tmp_path)), command, "-x")]
    assert os.environ["KIT_INSIDE"] == "1"
    assert os.environ["PYTHONUTF8"] == "1"


def test_its_own_environment_keeps_what_it_compiles(tmp_path, did):
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    bootstrap.start(["report"])
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ


def test_the_re_executed_process_goes_straight_to_the_command_line(did):
    os.environ["KIT_INSIDE"] = "1"
    assert bootstrap.start(["report", "demo"]) == 0
    assert did == [("cli", "report", "demo")]
    assert "KIT_INSIDE" not in os.environ


@pytest.mark.parametrize(("missing", "ran"), [((), "cli"), (("rebuild",), "/base/python")])
def test_a_stale_environment_is_left_to_the_python_that_made_it(tmp_path, did, monkeypatch, missing, ran):
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    monkeypatch.setattr(sys, "_base_executable", "/base/python")
    monkeypatch.setattr(environment, "missing", lambda root, dev: missing)
    bootstrap.start(["check"])
    assert did == [(ran, "check")]


@pytest.mark.parametrize(
    ("prefix", "complete", "used"),
    [(None, True, False), ("other", True, False), ("this", False, False), ("this", True, True)],
)
def test_an_active_conda_environment_is_used_if_it_is_complete(did, monkeypatch, prefix, complete, used):
    if prefix:
        os.environ["CONDA_PREFIX"] = sys.prefix if prefix == "this" else "/other"
    monkeypatch.setattr(pip, "has_all", lambda root, dev: complete)
    bootstrap.start(["check"])
    assert (did == [("cli", "check")]) is used
    assert ("prepare" in did) is not used


def test_an_installed_wheel_needs_no_set_up(did, monkeypatch):
    monkeypatch.setattr(bootstrap, "checkout", lambda: None)
    bootstrap.start(["check"])
    assert did == [("cli", "check")]


def test_a_failed_set_up_is_one_line_and_exit_code_3(did, monkeypatch, capsys):
    def fail(root: str, dev: bool) -> None:
        raise SetupError("offline")

    monkeypatch.setattr(environment, "prepare", fail)
    os.environ["LC_ALL"] = "zh_CN.UTF-8"
    assert bootstrap.start(["report"]) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("kit：无法连接网络")
    assert did == []


@pytest.mark.parametrize(("codes", "result", "count"), [([0, 0, 0, 0], 0, 4), ([0, 1, 0, 0], 1, 2)])
def test_lint_stops_at_the_first_tool_that_complains(tmp_path, monkeypatch, codes, result, count):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "market.ipynb").touch()
    tools = []

    def call(command: list[str], cwd: Path) -> int:
        tools.append(command[2])
        return codes[len(tools) - 1]

    monkeypatch.setattr(develop.subprocess, "call", call)
    assert develop.run(str(tmp_path), "lint", []) == result
    assert tools == ["ruff", "ruff", "mypy", "nbstripout"][:count]


def test_an_old_python_gets_one_line_and_exit_code_2(monkeypatch, capfd):
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    assert entry.main() == 2
    (line,) = capfd.readouterr().err.splitlines()
    assert "3.11" in line
    assert "3.10" in line


def test_any_python_can_parse_the_entry_point():
    tree = ast.parse(Path(entry.__file__).read_text(encoding="utf-8"), feature_version=(3, 4))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.Nonlocal)
    assert [node for node in ast.walk(tree) if isinstance(node, newer)] == []
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert [f.name for f in functions if f.returns or any(a.annotation for a in f.args.args)] == []


def test_set_up_needs_the_standard_library_only():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import kit.__main__\n"
        "from kit.bootstrap import develop, environment, pip, words\n"
    )
    subprocess.run([sys.executable, "-I", "-S", "-c", code, str(ROOT)], check=True)


def test_help_imports_nothing_heavy():
    command = [sys.executable, "-X", "importtime", "-m", "kit", "--help"]
    env = {**os.environ, "KIT_INSIDE": "1", "PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, encoding="utf-8", check=True)
    lines = [line for line in done.stderr.splitlines() if "|" in line]
    imported = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in lines}
    assert "click" in imported
    heavy = {
        "IPython",
        "duckdb",
        "matplotlib",
        "nbconvert",
        "numpy",
        "pandas",
        "papermill",
        "pydantic",
        "typst",
    }
    assert imported & heavy == set()
