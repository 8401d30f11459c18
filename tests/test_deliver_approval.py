"""What is approved is known by what it says: versions, drafts, and what a client's folder keeps of them."""

import itertools
import json
import os

import pytest
from making import client as made

from kit import approvals, committing, store
from kit.client import Period
from kit.deliver import approval
from kit.errors import KitError, problem
from kit.text import Words

NOVEMBER = Period.parse("2024-11")
AT = "2024-12-03 10:20"


@pytest.fixture
def client(tmp_path):
    return made(tmp_path)


def approve(client, by="王", at=AT, **contents):
    """``market="a"``: both languages say that; ``market={"zh": "a"}``: one does."""
    said = {k: {"zh": v, "en": v} if isinstance(v, str) else v for k, v in contents.items()}
    data = {name: json.dumps(of).encode() for name, of in said.items()}
    return approvals.add(client, NOVEMBER, by, at, said, data)


def version(client, report, said, locale="zh"):
    stands = approval.standing(client, NOVEMBER, report, locale, said)
    return stands.version if stands else 0


def test_what_nobody_approved_is_a_draft(client):
    assert approval.known(client, NOVEMBER) == ()
    assert version(client, "market", "a") == 0


def test_an_approval_covers_exactly_what_it_was_given(client):
    approve(client, market="a", review={"zh": "b"})
    assert (version(client, "market", "a"), version(client, "market", "b")) == (1, 0)
    assert (version(client, "review", "b"), version(client, "review", "b", "en")) == (1, 0)
    assert version(client, "swot", "a") == 0
    assert approval.standing(client, Period.parse("2024-10"), "market", "zh", "a") is None


def test_approving_the_same_again_changes_nothing(client):
    approve(client, market="a", review="b")
    before = {p: p.read_bytes() for p in client.folder.rglob("*") if p.is_file()}
    assert approve(client, by="赵", market="a", review="b") is approve(client, by="赵", review="b") is None
    assert {p: p.read_bytes() for p in client.folder.rglob("*") if p.is_file()} == before


def test_a_change_is_a_new_version_of_what_changed_and_of_nothing_else(client):
    approve(client, market="a", review="b")
    approve(client, by="赵", market="c", review="b")
    assert (version(client, "market", "c"), version(client, "market", "a"), version(client, "review", "b")) == (2, 0, 1)
    assert approval.standing(client, NOVEMBER, "review", "zh", "b").by == "王"


def test_a_further_report_or_language_is_no_correction(client):
    approve(client, market={"zh": "a"})
    approve(client, by="赵", market={"zh": "a", "en": "x"}, review="b")
    assert (version(client, "market", "a"), version(client, "market", "x", "en"), version(client, "review", "b")) == (
        1,
        1,
        1,
    )
    assert [(a.version, a.by) for a in approval.known(client, NOVEMBER)] == [(1, "王"), (1, "赵")]


def test_what_was_not_built_this_time_stands_as_it_did(client):
    approve(client, market="a", review="b")
    approve(client, market="c")
    assert version(client, "review", "b") == 1


def test_what_was_replaced_stands_no_more_until_it_is_approved_again(client):
    approve(client, market="a")
    approve(client, market="b")
    assert version(client, "market", "a") == 0
    assert approve(client, market="a").version == version(client, "market", "a") == 3


def test_a_version_is_corrected_against_the_last_one_that_said_something_else(client):
    def before(said):
        found = approvals.before(approval.known(client, NOVEMBER), "market", "zh", said)
        return found and found.version

    assert before("a") is None
    approve(client, market="a")
    assert (before("a"), before("b")) == (None, 1)
    approve(client, market="b")
    assert (before("b"), before("a"), before("c")) == (1, 2, 2)


def test_only_an_approval_that_matters_to_a_report_sets_its_pages_again(client):
    seen = [approvals.matters(client, NOVEMBER, "market")]
    for contents in ({"review": "b"}, {"market": "a"}, {"market": "a", "review": "c"}, {"market": "b"}):
        approve(client, **contents)
        seen.append(approvals.matters(client, NOVEMBER, "market"))
    assert [a == b for a, b in itertools.pairwise(seen)] == [True, False, True, False]


def test_a_copy_of_each_report_as_data_is_kept_with_the_version_in_which_it_was_approved(client):
    def copied(version, report="market"):
        return json.loads(approvals.copy(client, NOVEMBER, version, report).read_bytes())

    approve(client, market={"zh": "a"})
    approve(client, market={"zh": "a", "en": "x"}, review="b")
    approve(client, market={"zh": "c", "en": "x"})
    assert (copied(1), copied(2), copied(1, "review")) == ({"zh": "a"}, {"zh": "c", "en": "x"}, {"zh": "b", "en": "b"})
    assert approvals.copy(client, NOVEMBER, 1, "market").parent == client.folder / "approvals" / "2024-11" / "V1"


@pytest.mark.parametrize("stop", range(3))
def test_an_approval_cut_off_anywhere_approves_nothing_or_all(client, monkeypatch, stop):
    approve(client, market="a")
    moves = []

    def replace(source, target):
        if len(moves) == stop:
            raise KeyboardInterrupt
        moves.append(target)
        os.rename(source, target)

    monkeypatch.setattr(committing.os, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        approve(client, market="b", review="b")
    monkeypatch.undo()
    assert (version(client, "market", "a"), version(client, "market", "b"), version(client, "review", "b")) == (1, 0, 0)
    approve(client, market="c", review="c")
    assert json.loads(approvals.copy(client, NOVEMBER, 2, "market").read_bytes()) == {"zh": "c", "en": "c"}


MADE = '{"approvals": [{"version": %s, "by": "王", "at": "2024-12-05 10:30", "contents": %s}], "deliveries": [%s]}'


@pytest.mark.parametrize("text", [
    "", "[]", "{}", '{"approvals": [{}], "deliveries": []}', '{"approvals": 1}', MADE % (1, "[]", ""),
    MADE % ('"V1"', "{}", ""), MADE % (1, '{"market": "a"}', ""), MADE % (1, "{}", "1"),
])  # fmt: skip
def test_a_file_of_approvals_that_is_damaged_is_told_and_approves_nothing(client, text):
    path = client.folder / "approvals" / "2024-11.json"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KitError, match=r"e\.deliver\.approvals"):
        approval.known(client, NOVEMBER)


def test_deliveries_stand_in_the_same_file_and_approve_nothing(client):
    approve(client, market="a")
    approval.append_delivery(client, NOVEMBER, approval.Delivery("mail", 1, AT))
    approve(client, market="b")
    approval.append_delivery(client, NOVEMBER, approval.Delivery("share", 2, AT, ("review",), ("zh",)))
    assert [(d.kind, d.version, d.at) for d in approval.deliveries(client, NOVEMBER)] == [
        ("mail", 1, AT),
        ("share", 2, AT),
    ]
    assert version(client, "market", "b") == 2


def test_reading_the_clients_data_does_not_see_approvals(client):
    put = client.folder / "exports" / "a.csv"
    put.parent.mkdir()
    put.write_text(
        "update_time,id,title,price,sale_count,comment_count,店名\n2016/11/5,A1,霜,99,10,1,甲\n", encoding="utf-8"
    )
    before = store.load(client)
    approve(client, market="a", edits="b")
    after = store.cached(client)
    assert after is not None and (after.ledger, after.problems) == (before.ledger, before.problems)


# ---- what a report says ------------------------------------------------------------------------------------------

DOCUMENT = {
    "meta": {"title": "市场", "draft": "草稿", "version": "", "cutoff": "2024-11-30"},
    "brand": {"primary": "#1f6f54"},
    "blocks": [{"type": "answer", "findings": ["少"]}, {"type": "list", "items": ["多"]}],
    "tables": [{"rows": [["甲", 1.0]]}],
}


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ({"meta": {**DOCUMENT["meta"], "draft": "", "version": "V2"}}, True),
        ({"blocks": [DOCUMENT["blocks"][0], {"type": "list", "correction": True}, DOCUMENT["blocks"][1]]}, True),
        ({"meta": {**DOCUMENT["meta"], "cutoff": "2024-11-29"}}, False),
        ({"brand": {"primary": "#1f6f55"}}, False),
        ({"blocks": DOCUMENT["blocks"][::-1]}, False),
        ({"blocks": DOCUMENT["blocks"][:1]}, False),
        ({"tables": [{"rows": [["甲", 1.0000001]]}]}, False),
    ],
    ids=["marks", "correction", "a line of the cover", "a colour", "order", "a block", "a row of the workbook"],
)
def test_what_a_report_says_is_all_of_it_but_the_marks_of_its_approval(other, same):
    assert (approval.content({**DOCUMENT, **other}) == approval.content(DOCUMENT)) is same


# ---- how it stands, from records alone -----------------------------------------------------------------------


def record(folder, report, locale, said, version):
    facts = {"run": {}, "page": {}, "reads": {}, "files": {}, "contents": {locale: said}, "versions": {locale: version}}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{report}.{locale}.record.json").write_text(json.dumps(facts), encoding="utf-8")


def test_how_each_report_stands_is_told_without_opening_it(client, tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    folder = tmp_path / "output" / "acme" / "2024-11"
    approve(client, market="a", review="b", swot="c")
    for facts in (("market", "zh", "a", 1), ("review", "zh", "x", 0), ("swot", "zh", "c", 0), ("market", "en", "a", 1)):
        record(folder, *facts)
    record(folder, "abtest", "zh", "n", 0)
    state = approval.state(client, NOVEMBER)
    assert state.of("market", "zh") == approval.Standing("approved", 1, "王", AT)
    assert state.of("review", "zh") == approval.Standing("changed", 1, "王", AT)
    assert state.of("swot", "zh").kind == "draft", "its pages still bear the mark"
    assert state.of("abtest", "zh") == state.of("abtest", "en") == approval.Standing()
    assert (state.approved("zh"), state.approved("en"), state.version("en")) == (False, True, 1)


def test_where_nothing_is_built_nothing_is_approved(client, tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    approve(client, market="a")
    assert not approval.state(client, NOVEMBER).approved("zh")


# ---- what is said ----------------------------------------------------------------------------------------------

SAID = [
    (
        "e.deliver.approvals",
        {"file": "data/acme/approvals/2024-11.json"},
        "data/acme/approvals/2024-11.json读不出来，已审批的版本无从核对。请从备份恢复这个文件",
        "data/acme/approvals/2024-11.json cannot be read, so nobody can tell which version is approved. Restore it from a backup",
    ),
    (
        "e.deliver.approvals.write",
        {"file": "a.json"},
        "a.json写不进去。请检查文件夹的权限和磁盘空间",
        "a.json cannot be written. Check the rights of its folder and the room on the disk",
    ),
    (
        "e.deliver.copy",
        {"file": "a.json"},
        "a.json不在或读不出来，与已审批版本的差别无从说明。请从备份恢复这个文件",
        "a.json is missing or cannot be read, so what changed since that version cannot be told. Restore it from a backup",
    ),
]


@pytest.mark.parametrize(("id", "args", "zh", "en"), SAID, ids=[id for id, *_ in SAID])
def test_a_message_says_what_is_wrong_and_what_next(id, args, zh, en):
    assert (Words("zh").problem(problem(id, **args)), Words("en").problem(problem(id, **args))) == (zh, en)
