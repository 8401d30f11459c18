"""What may leave, and under which name."""

import dataclasses
import re

import pytest
from handing import PERIOD, acme, approve, build, report
from hypothesis import given
from hypothesis import strategies as st

from kit import stale
from kit.deliver import approving, leaving, parts
from kit.errors import KitError

SUMMARY, REVIEW, MARKET = report("summary"), report("review"), report("market")


@pytest.fixture
def client(tmp_path, monkeypatch):
    return acme(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("locale", "names"),
    [
        ("zh", ["甲木茶_2024年11月_执行摘要_V1.pdf", "甲木茶_2024年11月_月度运营报告_V1.pdf"]),
        ("en", ["Jiamu_Tea_2024-11_Executive_summary_V1.pdf", "Jiamu_Tea_2024-11_Monthly_operations_review_V1.pdf"]),
    ],
)
def test_approved_reports_leave_under_names_that_people_read(client, locale, names):
    approve(client, REVIEW, SUMMARY)
    made = leaving.approved(client, "", locale)
    assert list(made.files) == names and not made.told


def test_a_draft_does_not_leave(client):
    build(client, SUMMARY)
    with pytest.raises(KitError, match=r"e\.deliver\.unapproved.*summary"):
        leaving.approved(client, "2024-11", "zh")


def test_nothing_built_does_not_leave_and_what_to_build_is_said(client):
    with pytest.raises(KitError, match=r"e\.deliver\.unbuilt.*summary, review, market"):
        leaving.approved(client, "2024-11", "zh")
    approve(client, SUMMARY, locales=("zh",))
    with pytest.raises(KitError, match=r"e\.deliver\.unbuilt.*'locale': 'en'"):
        leaving.approved(client, "2024-11", "en")


def test_a_report_that_there_is_not_is_told_with_those_that_there_are(client):
    approve(client, SUMMARY)
    with pytest.raises(KitError, match=r"e\.report\.near.*'near': 'review'") as error:
        leaving.approved(client, "2024-11", "zh", ("pack", "reveiw"))
    assert error.value.exit_code == 2


def test_a_report_changed_since_its_approval_is_left_out_and_named(client):
    approve(client, SUMMARY, REVIEW)
    build(client, report("review", findings=()))
    made = leaving.approved(client, "2024-11", "zh")
    assert list(made.versions) == ["summary"]
    assert [(p.id, p.args["reports"], p.warning) for p in made.told] == [("e.deliver.left", "review", True)]


@pytest.mark.parametrize(("asked", "id"), [("review", "unapproved"), ("market", "unbuilt")])
def test_a_report_asked_for_leaves_approved_or_not_at_all(client, asked, id):
    approve(client, SUMMARY)
    build(client, REVIEW)
    with pytest.raises(KitError, match=rf"e\.deliver\.{id}.*'reports': '{asked}'"):
        leaving.approved(client, "2024-11", "zh", ("summary", asked))


def test_what_has_changed_since_the_approval_is_said_and_leaves_as_it_was_approved(client, monkeypatch):
    approve(client, SUMMARY, REVIEW)
    monkeypatch.setattr(approving, "behind", lambda client, period, data, names: names[1:])
    made = leaving.approved(client, "2024-11", "zh")
    assert list(made.versions) == ["summary", "review"]
    assert [(p.id, p.args["reports"], p.warning) for p in made.told] == [("e.deliver.behind", "review", True)]


@pytest.mark.parametrize("file", ["review.zh.pdf", "review.json"])
def test_a_file_that_goes_or_changes_while_it_is_gathered_does_not_leave(client, monkeypatch, file):
    approve(client, SUMMARY, REVIEW)
    monkeypatch.setattr(parts, "there", lambda *_: ["summary", "review"])  # as it was a moment ago
    path = stale.folder_of(client, PERIOD) / file
    for spoil in (lambda: path.write_bytes(b"{}"), path.unlink):
        spoil()
        with pytest.raises(KitError, match=r"e\.deliver\.damaged.*'reports': 'review'"):
            leaving.approved(client, "2024-11", "zh")


def test_only_reports_asked_for_leave(client):
    approve(client, SUMMARY, REVIEW, MARKET)
    assert list(leaving.approved(client, "2024-11", "zh", ("market", "review")).versions) == ["review", "market"]


def test_another_language_was_not_approved_with_this_one(client):
    approve(client, SUMMARY, locales=("zh",))
    build(client, SUMMARY, locales=("en",))
    with pytest.raises(KitError, match=r"e\.deliver\.unapproved"):
        leaving.approved(client, "2024-11", "en")


def test_a_file_that_is_not_as_it_was_built_does_not_leave(client):
    approve(client, SUMMARY)
    (stale.folder_of(client, PERIOD) / "summary.zh.pdf").write_bytes(b"%PDF")
    with pytest.raises(KitError, match=r"e\.deliver\.damaged"):
        leaving.approved(client, "2024-11", "zh")


def test_a_pack_that_is_not_there_does_not_leave(client):
    approve(client, SUMMARY)
    with pytest.raises(KitError, match=r"e\.deliver\.pack"):
        leaving.approved(client, "2024-11", "zh", ("pack",))


def test_each_report_bears_the_version_in_which_it_was_approved(client):
    approve(client, SUMMARY, REVIEW)
    approve(client, report("summary", findings=()), at="2024-12-07 10:00")
    made = leaving.approved(client, "2024-11", "zh")
    assert made.versions == {"summary": 2, "review": 1} and made.version == 2
    assert [name[-6:-4] for name in made.files] == ["V2", "V1"]


@pytest.mark.parametrize(
    ("brand", "name"),
    [
        ("甲/木:茶?", "甲-木_茶_2024年11月_月报_V1.pdf"),
        ("St. Ives", "St._Ives_2024年11月_月报_V1.pdf"),
        ("A\r\nB\tC", "A_B_C_2024年11月_月报_V1.pdf"),
        ("a\u202egpj.exe", "agpj.exe_2024年11月_月报_V1.pdf"),
        ("../../x", "x_2024年11月_月报_V1.pdf"),
        ("con.a", "con_a_2024年11月_月报_V1.pdf"),
        ("CON", "CON_2024年11月_月报_V1.pdf"),  # no device with something behind it
        ("...", "2024年11月_月报_V1.pdf"),
        ("e\u0301", "é_2024年11月_月报_V1.pdf"),
        ("甲" * 60, "甲" * 31 + "_2024年11月_月报_V1.pdf"),
    ],
)
def test_a_name_is_one_that_every_system_takes(brand, name):
    assert leaving.safe_name(brand, "2024年11月", "月报", "V1", "pdf") == name


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_makes_a_name_that_a_system_refuses(brand, title):
    name = leaving.safe_name(brand, "2024-11", title, "V1", "pdf")
    assert len(name.encode()) <= leaving.LONGEST and name.endswith("V1.pdf") and name.isprintable()
    assert not re.search(r'[<>:"/\\|?*\s]', name) and not re.match(r"[. -]", name) and ".." not in name
    assert not re.match(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)", name)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("2024-Q4", "2024年第四季度", "2024-Q4"),
        ("2024-W45", "2024-W45", "2024-W45"),
        ("2024-11-01..2024-11-07", "2024-11-01_2024-11-07", "2024-11-01_2024-11-07"),
    ],
)
def test_a_period_in_a_name_is_short(client, text, zh, en):
    approve(client, SUMMARY)
    made = leaving.approved(client, "2024-11", "zh")
    from kit.periods import Period

    period = Period.parse(text)
    said = {**SUMMARY, "period": {"start": str(period.start), "end": str(period.end)}}
    for locale, when in (("zh", zh), ("en", en)):
        one = dataclasses.replace(made, period=period, locale=locale, machine={"summary": said})
        assert f"_{when}_a_V1.pdf" in leaving.file_name(one, "a", 1, "pdf")
