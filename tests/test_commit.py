"""A report is committed by its record, written last; nothing half-made is ever taken for finished."""

import hashlib
import json
import os

import pytest

from kit import committing
from kit.errors import KitError
from kit.text import Words

FACTS = {"schema": 1, "report": "market", "client": "acme"}


def files(word):
    names = ("market.ipynb", "market.json", "market.zh.html", "market.zh.pdf", "market.en.html", "market.en.pdf")
    return {name: f"{word} {name}".encode() for name in names}


def matches(folder, locale):
    vouched = json.loads((folder / f"market.{locale}.record.json").read_bytes())["files"]
    return all(hashlib.sha256((folder / n).read_bytes()).hexdigest() == sha for n, sha in vouched.items())


def test_each_language_has_a_record_of_its_files_and_of_what_all_share(tmp_path):
    committing.commit(tmp_path, files("one"), FACTS, ("zh", "en"))
    committing.write_manifest(tmp_path)
    record = json.loads((tmp_path / "market.en.record.json").read_bytes())
    assert sorted(record["files"]) == ["market.en.html", "market.en.pdf", "market.ipynb", "market.json"]
    assert matches(tmp_path, "zh")
    assert matches(tmp_path, "en")
    manifest = json.loads((tmp_path / "manifest.json").read_bytes())
    assert sorted(manifest["reports"]) == ["market.en", "market.zh"]
    assert not [p.name for p in tmp_path.iterdir() if p.name.startswith(".")], "nothing temporary is left"


def test_the_same_build_twice_leaves_the_same_bytes(tmp_path):
    committing.commit(tmp_path, files("one"), FACTS, ("zh", "en"))
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    committing.commit(tmp_path, files("one"), FACTS, ("zh", "en"))
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


@pytest.mark.parametrize("stop", range(8))
def test_a_build_cut_off_anywhere_is_seen_by_its_record(tmp_path, monkeypatch, stop):
    committing.commit(tmp_path, files("one"), FACTS, ("zh", "en"))
    real, moves = os.replace, []

    def replace(source, target):
        if len(moves) == stop:
            raise KeyboardInterrupt
        moves.append(target)
        real(source, target)

    monkeypatch.setattr(committing.os, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        committing.commit(tmp_path, files("two"), FACTS, ("zh", "en"))
    monkeypatch.undo()
    for locale in ("zh", "en"):
        kinds = {(tmp_path / f"market.{locale}.{end}").read_bytes().split()[0] for end in ("html", "pdf")}
        assert not matches(tmp_path, locale) or len(kinds) == 1, "a record never vouches for a mixture"
    committing.commit(tmp_path, files("two"), FACTS, ("zh", "en"))
    assert matches(tmp_path, "zh")
    assert matches(tmp_path, "en")


def test_a_file_open_elsewhere_is_a_sentence_and_replaces_nothing(tmp_path, monkeypatch):
    committing.commit(tmp_path, files("one"), FACTS, ("zh", "en"))
    real = type(tmp_path).open

    def locked(path, mode="r", *args, **kwargs):
        if path.name == "market.zh.pdf" and mode == "ab":
            raise PermissionError(13, "in use")
        return real(path, mode, *args, **kwargs)

    monkeypatch.setattr(type(tmp_path), "open", locked)
    with pytest.raises(KitError, match=r"e\.output\.open") as error:
        committing.commit(tmp_path, files("two"), FACTS, ("zh", "en"))
    assert "market.zh.pdf正在别的程序里打开，无法替换。请关闭后重试" in Words("zh").problem(error.value.problems[0])
    assert (tmp_path / "market.zh.html").read_bytes().startswith(b"one")


def test_a_second_build_of_one_client_says_who_is_building(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    with (
        committing.locked("acme"),
        pytest.raises(KitError, match=r"e\.output\.locked") as error,
        committing.locked("acme"),
    ):
        pass
    assert (
        Words("en").problem(error.value.problems[0]).startswith("A build for client “acme” has been running since 20")
    )


def test_a_damaged_record_is_in_no_manifest_and_stops_none(tmp_path):
    committing.commit(tmp_path, files("one"), FACTS, ("zh", "en"))
    for damaged in ('{"files": ', "[]", '{"files": []}'):
        (tmp_path / "market.en.record.json").write_text(damaged, encoding="utf-8")
        committing.write_manifest(tmp_path)
        assert [*json.loads((tmp_path / "manifest.json").read_bytes())["reports"]] == ["market.zh"]


def test_a_lock_that_cannot_be_signed_is_told_and_given_back(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    signature = tmp_path / "output" / "acme" / committing.HOLDER
    signature.mkdir(parents=True)  # as a full disk, or a folder without rights
    with pytest.raises(KitError, match=r"e\.output\.write"), committing.locked("acme"):
        pass
    signature.rmdir()
    with committing.locked("acme"):
        assert signature.is_file()


def test_what_has_nothing_to_be_about_any_more_is_withdrawn_and_nothing_else(tmp_path):
    for name in ("market.json", "market.zh.html", "market.zh.record.json", "marketing.json", "review.json"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    committing.withdraw(tmp_path, "market")
    assert {p.name for p in tmp_path.iterdir()} == {"marketing.json", "review.json", "manifest.json"}
    committing.withdraw(tmp_path / "none", "market")
