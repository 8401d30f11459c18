"""The environment: what is installed when, and what is left when that fails. pip is played by a fake."""

from __future__ import annotations

import json
import subprocess
import sys
import types
from pathlib import Path

import pytest

from kit.bootstrap import environment, pip
from kit.bootstrap.words import SetupError

ROOT = Path(__file__).parents[1]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A checkout with a fake pip: ``did`` lists what it did, ``fail`` is raised by installing packages."""
    for name, text in {
        "requirements.lock": "a==1",
        "requirements-dev.lock": "a==1\nb==2",
        "pyproject.toml": "",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    fake = types.SimpleNamespace(root=str(tmp_path), venv=tmp_path / ".venv", did=[], fail=None)

    def make_venv(folder: str) -> None:
        python = Path(environment.python(fake.root))
        python.parent.mkdir(parents=True)
        python.touch()
        fake.did.append("venv")

    def install_packages(python: str, lock: str, guard: int) -> None:
        fake.did.append(Path(lock).name)
        (fake.venv / "installed").write_text(Path(lock).read_text(encoding="utf-8"), encoding="utf-8")
        if fake.fail:
            raise fake.fail

    monkeypatch.setattr(pip, "make_venv", make_venv)
    monkeypatch.setattr(pip, "install_packages", install_packages)
    monkeypatch.setattr(pip, "install_project", lambda *_: fake.did.append("project"))
    return fake


def prepare(place, dev=False):
    """What this call of ``prepare`` installed."""
    place.did.clear()
    environment.prepare(place.root, dev)
    return list(place.did)


def beside(place):
    return sorted(path.name for path in Path(place.root).glob(".venv*") if path.is_dir())


WANT = {"python": "cpython-311-linux", "root": "/p", "runtime": "r", "dev": None, "project": "t"}


@pytest.mark.parametrize(
    ("stamp", "want", "steps"),
    [
        (None, {}, ("rebuild",)),
        ({}, {}, ()),
        ({"python": "cpython-312-linux"}, {}, ("rebuild",)),
        ({"root": "/moved"}, {}, ("rebuild",)),
        ({"runtime": "old"}, {"dev": "d"}, ("rebuild",)),
        ({}, {"dev": "d"}, ("dev",)),
        ({"dev": "d"}, {}, ()),
        ({"dev": "old"}, {"dev": "d"}, ("rebuild",)),
        ({"project": "old"}, {}, ("project",)),
        ({"project": "old"}, {"dev": "d"}, ("dev", "project")),
    ],
)
def test_only_what_differs_from_the_stamp_is_done(stamp, want, steps):
    assert environment.plan(stamp if stamp is None else {**WANT, **stamp}, {**WANT, **want}) == steps


def test_first_run_installs_and_the_second_does_nothing(place, capsys):
    assert prepare(place) == ["venv", "requirements.lock", "project"]
    assert "first run, installing 1 packages" in capsys.readouterr().err
    assert prepare(place) == []
    assert capsys.readouterr().err == ""


def test_dev_packages_are_added_once_and_serve_runtime_commands_too(place):
    prepare(place)
    assert prepare(place, dev=True) == ["requirements-dev.lock"]
    assert prepare(place) == []
    assert prepare(place, dev=True) == []


def test_a_changed_lock_makes_a_new_environment_without_leftovers(place):
    prepare(place)
    (place.venv / "leftover").touch()
    Path(place.root, "requirements.lock").write_text("a==2", encoding="utf-8")
    assert prepare(place) == ["venv", "requirements.lock", "project"]
    assert beside(place) == [".venv"]
    assert not (place.venv / "leftover").exists()


def test_changed_project_metadata_reinstalls_the_project_alone(place):
    prepare(place, dev=True)
    Path(place.root, "pyproject.toml").write_text("# new entry point", encoding="utf-8")
    assert prepare(place) == ["project"]
    assert prepare(place, dev=True) == []


def test_an_interrupted_installation_is_redone(place):
    prepare(place)
    (place.venv / "kit-stamp.json").unlink()
    assert prepare(place) == ["venv", "requirements.lock", "project"]


def test_a_failed_first_run_leaves_nothing_behind(place):
    place.fail = SetupError("offline")
    with pytest.raises(SetupError, match="offline"):
        prepare(place)
    assert beside(place) == []


@pytest.mark.parametrize("failure", [SetupError("offline"), KeyboardInterrupt("offline")], ids=["no network", "Ctrl-C"])
def test_a_failed_update_leaves_the_old_environment(place, failure):
    prepare(place)
    Path(place.root, "requirements.lock").write_text("a==2", encoding="utf-8")
    place.fail = failure
    with pytest.raises(type(failure), match="offline"):
        prepare(place)
    assert beside(place) == [".venv"]
    assert (place.venv / "installed").read_text(encoding="utf-8") == "a==1"


def test_a_failed_addition_of_dev_packages_leaves_the_runtime_usable(place):
    prepare(place)
    place.fail = SetupError("failed", reason="x")
    with pytest.raises(SetupError, match="failed"):
        prepare(place, dev=True)
    place.fail = None
    assert prepare(place) == []
    assert prepare(place, dev=True) == ["requirements-dev.lock"]


def test_a_killed_addition_of_dev_packages_serves_runtime_and_is_rebuilt_for_dev(place):
    prepare(place)
    stamp = environment.read_stamp(place.root)
    (place.venv / "kit-stamp.json").write_text(json.dumps({**stamp, "dev": "unfinished"}), encoding="utf-8")
    assert prepare(place) == []
    assert prepare(place, dev=True) == ["venv", "requirements-dev.lock", "project"]


def test_after_a_killed_update_the_environment_set_aside_comes_back(place):
    prepare(place)
    place.venv.rename(place.venv.with_name(".venv.old"))
    place.venv.mkdir()
    assert prepare(place) == []
    assert beside(place) == [".venv"]


def test_a_folder_that_cannot_be_written_is_a_sentence(place):
    Path(place.root, ".venv.lock").mkdir()
    with pytest.raises(SetupError, match="unwritable"):
        prepare(place)


def test_two_at_once_install_once(place):
    code = (
        "import os, sys, time; sys.path.insert(0, sys.argv[1]); from kit.bootstrap import environment, pip\n"
        "def venv(folder):\n"
        "    os.makedirs(os.path.dirname(environment.python(sys.argv[2])))\n"
        "    open(environment.python(sys.argv[2]), 'w').close()\n"
        "    print('installs', flush=True); time.sleep(0.5)\n"
        "pip.make_venv = venv; pip.install_packages = pip.install_project = lambda *_: None\n"
        "environment.prepare(sys.argv[2], False)\n"
    )
    command = [sys.executable, "-c", code, str(ROOT), place.root]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=60)[0] for process in both]
    assert sorted(said) == ["", "installs\n"]
    assert [process.returncode for process in both] == [0, 0]
