"""The folder of what travels in a chat."""

import os

import pytest
from handing import PERIOD, acme, approve, build, finding, report

from kit import approvals, stale
from kit.deliver import pictures, share
from kit.errors import KitError


class Made:
    """A report set anew, that bears this version."""

    def __init__(self, name, version):
        self.name, self.version = name, version

    def document(self):
        return {"of": self.name}


@pytest.fixture
def client(tmp_path, monkeypatch):
    monkeypatch.setattr(share.parts, "one", lambda *args: Made(args[-1], approvals.known(args[0], PERIOD)[-1].version))
    monkeypatch.setattr(pictures, "page", lambda document: f"PNG of {document['of']}".encode())
    monkeypatch.setattr(share, "now", lambda: "2024-12-06 09:30")
    return acme(tmp_path, monkeypatch)


def only(client, locale="zh"):
    (done,) = share.share(client, "", [locale])
    return done


def test_the_folder_holds_the_papers_the_summary_as_a_picture_and_the_text(client):
    approve(client, report(), report("review"))
    done = only(client)
    names = [path.name for path in done.files]
    start = "甲木茶_2024年11月_"
    assert names == [f"{start}执行摘要_V1.pdf", f"{start}月度运营报告_V1.pdf", f"{start}执行摘要_V1.png", "message.txt"]
    assert sorted(names) == sorted(p.name for p in done.files[0].parent.iterdir())
    assert done.files[2].read_bytes() == b"PNG of summary"
    assert done.files[3].read_text(encoding="utf-8") == done.message + "\n"


def test_without_a_summary_there_is_a_text_and_no_picture(client):
    approve(client, report("review"))
    assert [path.suffix for path in only(client).files] == [".pdf", ".txt"]


@pytest.mark.parametrize("version", [0, 1])
def test_a_picture_that_would_not_show_what_was_approved_is_left_out_and_missed(client, monkeypatch, version):
    approve(client, report(), report("review"))
    approve(client, report(findings=()), report("review"))
    monkeypatch.setattr(share.parts, "one", lambda *args: Made(args[-1], version))
    done = only(client)
    assert [path.suffix for path in done.files] == [".pdf", ".pdf", ".txt"]
    assert [p.id for p in done.told] == ["e.deliver.picture"]


def test_a_later_version_takes_the_place_of_the_one_before(client):
    approve(client, report())
    only(client)
    approve(client, report(findings=()))
    done = only(client)
    assert {p.name for p in done.files[0].parent.iterdir()} == {p.name for p in done.files}
    assert "_V2.pdf" in done.files[0].name and done.before == ""


def test_two_languages_have_a_folder_each_and_are_one_delivery(client):
    approve(client, report())
    done = share.share(client, "", ["zh", "en"])
    assert [one.files[0].parent.name for one in done] == ["zh", "en"] and {one.before for one in done} == {""}
    assert len(approvals.deliveries(client, PERIOD)) == 1
    assert {p.name for p in done[0].files[0].parent.iterdir()} == {p.name for p in done[0].files}


def test_a_version_made_ready_again_says_when_it_was_before(client, monkeypatch):
    approve(client, report())
    assert only(client).before == ""
    monkeypatch.setattr(share, "now", lambda: "2024-12-06 11:00")
    assert only(client).before == "2024-12-06 09:30"
    assert [(d.kind, d.version, d.at[-5:]) for d in approvals.deliveries(client, PERIOD)] == [
        ("share", 1, "09:30"),
        ("share", 1, "11:00"),
    ]


def test_a_draft_makes_no_folder(client):
    build(client, report())
    with pytest.raises(KitError, match=r"e\.deliver\.unapproved"):
        only(client)
    assert not (stale.folder_of(client, PERIOD) / "share").exists()


def test_a_hit_leaves_the_folder_as_it_was(client):
    approve(client, report())
    done = only(client)
    approve(client, report(findings=(finding("summary.ask.a", "x", action="请致电13812345678", side="brand"),)))
    with pytest.raises(KitError, match=r"e\.deliver\.personal.*'file': 'message.txt'"):
        only(client)
    assert all(path.is_file() for path in done.files)
    assert len(approvals.deliveries(client, PERIOD)) == 1


def test_a_folder_that_cannot_be_written_is_told(client, monkeypatch):
    approve(client, report())

    def refused(*paths):
        raise PermissionError

    monkeypatch.setattr(os, "replace", refused)
    with pytest.raises(KitError, match=r"e\.deliver\.write.*output/acme/2024-11/share/zh"):
        only(client)


def test_the_command_prints_the_files_and_the_text_to_copy(client, tmp_path):
    from click.testing import CliRunner

    from kit.cli import main

    settings = 'name = "甲木茶"\nagency = "漫川"\n[shops.tmall]\nplatform = "tmall"\nname = "店"\n'
    (tmp_path / "data" / "acme" / "client.toml").write_text(settings, encoding="utf-8")
    approve(client, report("review"))
    build(client, report("market"))
    done = CliRunner().invoke(main, ["share", "acme"])
    folder = "output/acme/2024-11/share/zh"
    assert done.exit_code == 0 and done.stdout.splitlines()[:3] == [
        f"{folder}/甲木茶_2024年11月_月度运营报告_V1.pdf",
        f"{folder}/message.txt",
        f"转发文件已备好：{folder}。说明文字如下，可直接复制",
    ]
    assert "没有放进去的报告（未审批，或审批后有改动）：market" in done.stderr
    assert CliRunner().invoke(main, ["share", "acme"]).stdout.startswith("V1此前已在2024-12-06 09:30备好过一次")
