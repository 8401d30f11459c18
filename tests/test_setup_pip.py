"""Set-up's two smaller parts: running pip and venv, and the sentences for when they fail."""

from __future__ import annotations

import os
import string
import sys
from pathlib import Path

import pytest

from kit.bootstrap import environment, pip, words
from kit.bootstrap.words import SetupError

POSIX = pytest.mark.skipif(os.name == "nt", reason="plays an interpreter with a shell script")


def fake_python(folder: Path, script: str) -> str:
    python = folder / "python"
    python.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    python.chmod(0o755)
    return str(python)


@POSIX
@pytest.mark.parametrize(
    ("noise", "key", "reason"),
    [
        ("WARNING: connection broken by 'NewConnectionError'\nERROR: No matching x", "offline", None),
        ("WARNING: y\nERROR: No match for a==1\nhint: z", "failed", "No match for a==1"),
        ("ERROR: 404 for https://user:secret@mirror.example/a/: gone", "failed", "404 for … gone"),
        ("ERROR: Pool(host='mirror.example', port=443)", "failed", "Pool(host=…, port=443)"),
        ("", "failed", "?"),
    ],
)
def test_pip_failures_become_one_line_without_addresses(tmp_path, noise, key, reason):
    python = fake_python(tmp_path, f"cat >&2 <<'END'\n{noise}\nEND\nexit 1")
    with environment.exclusive(str(tmp_path)) as guard, pytest.raises(SetupError, match=key) as caught:
        pip.install_packages(python, "requirements.lock", guard)
    assert caught.value.values.get("reason") == reason


@POSIX
def test_pip_checks_hashes_builds_nothing_and_is_told_no_index(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_TARGET", "/elsewhere")
    python = fake_python(tmp_path, f'echo "$@" > {tmp_path}/argv; env > {tmp_path}/env')
    with environment.exclusive(str(tmp_path)) as guard:
        pip.install_packages(python, "requirements.lock", guard)
    argv = (tmp_path / "argv").read_text(encoding="utf-8").split()
    assert {"--require-hashes", "--no-deps", "--only-binary", "--quiet"} <= set(argv)
    assert not [word for word in argv if "index" in word or "find-links" in word or "://" in word]
    env = (tmp_path / "env").read_text(encoding="utf-8")
    assert "PIP_DISABLE_PIP_VERSION_CHECK=1" in env
    assert "PIP_TARGET" not in env


def test_a_python_without_venv_names_the_package_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(pip.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else name)
    with pytest.raises(SetupError, match="no_venv") as caught:
        pip.make_venv(str(tmp_path / ".venv"))
    assert caught.value.values == {"package": "python{}.{}-venv".format(*sys.version_info)}
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize(
    ("dependencies", "dev", "complete"),
    [
        ('["pytest>=8", "hypothesis"]', False, True),
        ('["pytest", "no-such-package"]', False, False),
        ('["pytest", "no-such-package; sys_platform == \'x\'"]', False, True),
        ('["pytest"]', True, False),
    ],
)
def test_a_complete_environment_has_every_package_of_pyproject(tmp_path, dependencies, dev, complete):
    text = f'[project]\nname = "pytest"\ndependencies = {dependencies}\n'
    text += '[project.optional-dependencies]\ndev = ["no-such-dev"]\n'
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    assert pip.has_all(str(tmp_path), dev) is complete


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8", "KIT_LOCALE": "zh"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "KIT_LOCALE": "en"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_set_up_speaks_the_callers_language(monkeypatch, variables, language):
    for name in ("KIT_LOCALE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert words.language() == language


def test_both_languages_say_the_same_things():
    def holes(texts):
        return {key: {name for _, name, _, _ in string.Formatter().parse(text) if name} for key, text in texts.items()}

    assert holes(words.TEXT["zh"]) == holes(words.TEXT["en"])
