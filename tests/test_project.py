"""Where the project is, and which code it runs."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from kit import project


@pytest.fixture
def elsewhere(tmp_path):
    """Another project, beside the one under test."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "tp-report-kit"\n', encoding="utf-8")
    return tmp_path.resolve()


def test_the_project_is_found_upwards_from_the_current_folder(elsewhere, monkeypatch):
    (elsewhere / "data" / "demo").mkdir(parents=True)
    monkeypatch.chdir(elsewhere / "data" / "demo")
    assert project.root() == elsewhere
    assert (project.data(), project.output()) == (elsewhere / "data", elsewhere / "output")


def test_outside_any_project_it_is_the_checkout_of_this_code(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert project.root() == project.PACKAGE.parent


def test_a_strangers_project_is_not_taken_for_ours(elsewhere, monkeypatch):
    (elsewhere / "pyproject.toml").write_text('[project]\nname = "other"\n', encoding="utf-8")
    monkeypatch.chdir(elsewhere)
    assert project.root() == project.PACKAGE.parent


def test_kit_root_comes_first(elsewhere, tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_ROOT", str(tmp_path / "notebooks"))
    monkeypatch.chdir(elsewhere)
    assert project.root() == elsewhere / "notebooks"


def test_a_wheel_works_on_the_current_folder_with_its_shipped_templates(tmp_path, monkeypatch):
    monkeypatch.setattr(project, "PACKAGE", tmp_path / "site-packages" / "kit")
    monkeypatch.chdir(tmp_path)
    assert project.root() == tmp_path
    assert project.templates() == tmp_path / "site-packages" / "kit" / "_shipped" / "templates"
    assert project.notebooks() == tmp_path / "site-packages" / "kit" / "_shipped" / "notebooks"


def test_a_projects_own_notebooks_come_before_the_shipped_ones(elsewhere, monkeypatch):
    monkeypatch.setenv("KIT_ROOT", str(elsewhere))
    assert project.notebooks() == elsewhere / "notebooks"


def test_paths_are_shown_from_the_projects_folder(elsewhere, tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_ROOT", str(elsewhere))
    assert project.relative(elsewhere / "output" / "demo" / "a.pdf") == "output/demo/a.pdf"
    assert project.relative(elsewhere.parent / "b.pdf") == str(elsewhere.parent / "b.pdf")


@pytest.mark.skipif(shutil.which("git") is None, reason="no git here")
def test_the_commit_says_whether_the_code_was_changed_since(tmp_path, monkeypatch):
    def git(*arguments: str) -> str:
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", "-C", str(tmp_path), *identity, *arguments], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    monkeypatch.setattr(project, "PACKAGE", tmp_path / "kit")
    assert project.commit.__wrapped__() == ""
    git("init", "-q")
    (tmp_path / "a").write_text("1", encoding="utf-8")
    git("add", "a")
    git("commit", "-q", "-m", "a")
    git("tag", "v1")
    head = git("rev-parse", "HEAD")
    assert project.commit.__wrapped__() == head
    (tmp_path / "a").write_text("2", encoding="utf-8")
    assert project.commit.__wrapped__() == head + "-dirty"


def test_library_versions_are_those_kit_asks_for():
    found = project.libraries()
    assert {"python", "pandas", "typst"} <= set(found)
    assert not {"pytest", "ruff", "jupyter-client"} & set(found)
