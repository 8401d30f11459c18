"""Our YAML files are read once: what was kept of them says the same, and only while they are as they were."""

import sys

import pytest

from kit import replacing
from kit.exports import loaded

TEXT = 'start: 2024-11-01\ntime: "20:00"\nnames: {zh: 双11, rows: [1, 2.5, true]}\n'
SAID = {"a": {"start": "2024-11-01", "time": "20:00", "names": {"zh": "双11", "rows": [1, 2.5, True]}}}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "a.yml").write_text(TEXT, encoding="utf-8")
    return tmp_path


def test_kept_or_read_a_file_says_the_same(folder, monkeypatch):
    assert loaded.said(folder, "kept") == SAID
    monkeypatch.setattr(loaded, "load", None)
    assert loaded.said(folder, "kept") == SAID


def test_a_changed_file_is_read_anew(folder):
    loaded.said(folder, "kept")
    (folder / "a.yml").write_text(TEXT.replace("双11", "双12"), encoding="utf-8")
    assert loaded.said(folder, "kept")["a"]["names"]["zh"] == "双12"


def test_what_was_kept_by_other_code_is_read_anew(folder, monkeypatch):
    loaded.said(folder, "kept")
    (folder / "newer.py").write_text("# reads the same text otherwise", encoding="utf-8")
    monkeypatch.setattr(loaded, "__file__", str(folder / "newer.py"))
    monkeypatch.setattr(loaded, "load", lambda *_: "otherwise")
    assert loaded.said(folder, "kept") == {"a": "otherwise"}


def test_what_cannot_be_kept_leaves_nothing_half_written(folder, monkeypatch):
    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(replacing.os, "replace", full)
    assert loaded.said(folder, "kept") == SAID
    assert list((folder / "__pycache__").iterdir()) == []


def test_a_damaged_copy_is_made_anew(folder):
    loaded.said(folder, "kept")
    kept = folder / "__pycache__" / "kept.json"
    kept.write_text(kept.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    assert loaded.said(folder, "kept") == SAID


def test_where_no_code_is_kept_nothing_is(folder, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert loaded.said(folder, "kept") == SAID
    assert [p.name for p in folder.iterdir()] == ["a.yml"]


def test_what_is_kept_replaces_the_former_whole_or_not_at_all(tmp_path):
    kept = tmp_path / "folder" / "kept.json"
    for text in ("one", "two"):
        replacing.keep(kept, text)
        assert kept.read_text(encoding="utf-8") == text and list(kept.parent.iterdir()) == [kept]
    (tmp_path / "file").touch()
    replacing.keep(tmp_path / "file" / "kept.json", "three")  # a file where the folder should be
    (tmp_path / "taken.json").mkdir()
    replacing.keep(tmp_path / "taken.json", "three")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder", "taken.json"]
