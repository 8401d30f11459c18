"""Approving: everything built and current, by somebody who did not edit; and no page without the draft mark otherwise."""

import json
import re

import pytest
import test_stale as stages
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit import committing, corrections, stale, store
from kit.client import Client, Period
from kit.deliver import approval, approving, editors
from kit.errors import KitError, problem
from kit.text import Words

PERIOD = "2024-11-01..2024-11-30"
EDIT = stages.EDITS + "market.rivals.tmall.rank,{action},{by},要紧\n"


@pytest.fixture
def made(tmp_path, monkeypatch):
    return stages.project_in(tmp_path, monkeypatch)


def approve(by="王"):
    return approving.approve(Client.load("acme"), PERIOD, by)


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A project whose report was built, approved and set again; each test takes a copy."""
    with pytest.MonkeyPatch.context() as patched:
        folder = stages.project_in(tmp_path_factory.mktemp("first"), patched)
        stages.build()
        approve()
        stages.build()
    return folder


@pytest.fixture
def approved(tmp_path, monkeypatch, first):
    return stages.copy_in(tmp_path, first, monkeypatch)


def edit(folder, by="李", action="pin"):
    stages.put(folder, "edits.csv", EDIT.format(by=by, action=action))


def page(folder, locale="zh"):
    return (folder / "output" / "acme" / PERIOD / f"market.{locale}.html").read_text(encoding="utf-8")


def drafted(text):
    return '<p class="draft"' in text


def standing(locale="zh"):
    found = approval.state(Client.load("acme"), Period.parse(PERIOD)).of("market", locale)
    return (found.kind, found.version)


def ids(error):
    return [p.id for p in error.value.problems]


def test_pages_bear_the_mark_until_they_are_approved_and_set_again(made):
    stages.build("zh", "en")
    assert drafted(page(made)) and "草稿 · 未经审批，请勿外传" in page(made)
    assert "DRAFT · not approved, not for circulation" in page(made, "en")
    assert standing() == ("draft", 0)
    done = approve()
    assert (done.made.version, done.reports, done.locales) == (1, ("market",), ("zh", "en"))
    assert drafted(page(made)) and standing() == ("draft", 0)
    assert stages.build().plan == stale.Plan((), {"zh": ("approval",), "en": ("approval",)})
    assert not drafted(page(made)) and not drafted(page(made, "en")) and "草稿" not in page(made)
    assert "2024年12月1日 · V1</p>" in page(made)
    assert (standing(), standing("en")) == (("approved", 1), ("approved", 1))
    assert stages.build("zh", "en").plan == stale.Plan()


def test_approving_leaves_the_report_as_data_and_its_run_as_they_were(made):
    stages.build()
    before = {n: (made / "output" / "acme" / PERIOD / n).read_bytes() for n in ("market.json", "market.ipynb")}
    approve()
    stages.build()
    assert {n: (made / "output" / "acme" / PERIOD / n).read_bytes() for n in before} == before


def test_what_is_approved_already_is_said_to_be_and_nothing_changes(made):
    stages.build()
    approve()
    stages.build()
    before = stages.marks(made) | {p: p.read_bytes() for p in (made / "data" / "acme" / "approvals").rglob("*.json")}
    done = approve("赵")
    assert done.made is None and (done.stands.by, done.stands.version) == ("王", 1)
    assert before == stages.marks(made) | {
        p: p.read_bytes() for p in (made / "data" / "acme" / "approvals").rglob("*.json")
    }


SEEN = {"data", "data, another rival", "client's name", "cover date", "notes", "brand", "edit", "notebook"}
"""Of the changes of test_stale those that a reader of the page sees."""


@pytest.mark.parametrize("change", [c for c in stages.CHANGES if c != "record damaged"])
def test_a_change_after_approval_makes_a_draft_if_and_only_if_a_reader_sees_it(approved, change):
    assert not drafted(page(approved))
    stages.CHANGES[change](approved)
    stages.build()
    seen = change in SEEN or change == "a further file"  # it stands in the ledger
    assert drafted(page(approved)) is seen
    assert standing() == (("changed" if seen else "approved"), 1)


def test_the_next_approval_after_a_change_is_a_second_version_that_says_what_was_corrected(made):
    stages.build()
    approve()
    stages.put(made, "exports/a.csv", stages.listings(price=30))
    stages.build()
    assert drafted(page(made)) and "更正说明（较V1）" in page(made) and "本版取代V1：数据有更新" in page(made)
    assert approve().made.version == 2
    stages.build()
    assert not drafted(page(made)) and "更正说明（较V1）" in page(made) and "V2</p>" in page(made)
    assert standing() == ("approved", 2)


def test_without_a_change_that_is_seen_there_is_no_second_version(made):
    stages.build()
    approve()
    stages.style(made, "\n.kit { color: #123456; }\n")
    stages.build()
    assert not drafted(page(made)) and "V1</p>" in page(made) and "更正说明" not in page(made)
    assert approve().made is None


def test_a_copy_that_was_lost_stops_the_build_by_its_name(made):
    stages.build()
    approve()
    (made / "data" / "acme" / "approvals" / PERIOD / "V1" / "market.json").unlink()
    stages.put(made, "exports/a.csv", stages.listings(price=30))
    with pytest.raises(KitError, match=r"e\.deliver\.copy.*approvals/2024-11-01\.\.2024-11-30/V1/market\.json"):
        stages.build()


# ---- what stands against it ----------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [
    "李", " 李 ", "李雷", "lee", "ＬＥＥ", "Lee ", "Lee\ufe0f", "L.E.E.", "Lée", "李雷（代）", "赵、李雷", "Ann Mary Wu", "wu ann-mary",
])  # fmt: skip
def test_whoever_edited_cannot_approve(made, by):
    edit(made, "李、Lee / 李 雷和Wu Ann Mary（运营）")
    stages.build()
    with pytest.raises(KitError, match=r"e\.deliver\.editor"):
        approve(by)
    assert approve("王").made.version == 1


BY_HAND = {
    "a note": lambda f: stages.put(f, "notes/market.zh.md", "类目还在涨\n"),
    "a notebook": lambda f: stages.put(
        f, "notebooks/market.ipynb", (f / "notebooks" / "market.ipynb").read_text("utf-8")
    ),
    "an exclusion": lambda f: stages.put(f, "exclusions.csv", "店铺,对象,编号,原因,经办\ntmall,order,1,测试订单,\n"),
}


@pytest.mark.parametrize("what", BY_HAND)
def test_what_was_done_by_hand_is_approved_by_another_than_is_named_for_it_and_somebody_has_to_be(made, what):
    BY_HAND[what](made)
    stages.build()
    with pytest.raises(KitError) as error:
        approve()
    assert ids(error) == ["e.deliver.editors"]
    toml = made / "data" / "acme" / "client.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + '[delivery]\neditors = ["李敏"]\n', encoding="utf-8")
    with pytest.raises(KitError, match=r"e\.deliver\.editor.*client\.toml"):
        approve("李 敏")
    assert approve("王").made.version == 1


def test_a_sheet_of_orders_left_out_is_the_work_of_who_stands_there(made):
    stages.put(made, "exclusions.csv", "店铺,对象,编号,原因,经办\ntmall,order,1,测试订单,李\n")
    stages.build()
    with pytest.raises(KitError, match=r"e\.deliver\.editor.*exclusions"):
        approve("李")
    assert approve("王").made.version == 1


def test_an_approval_that_was_cut_off_before_the_pages_were_set_is_taken_up_again(made):
    stages.build()
    approve()
    done = approve("赵")  # nothing has changed but the marks that the pages lack
    assert done.made is None and done.stands.by == "王" and done.reports == ("market",)


@pytest.mark.parametrize(
    ("by", "id"), [("", "by"), (" \t", "by"), ("…—", "by"), ("王" * 41, "by.form"), ("王\x07", "by.form")]
)
def test_who_approves_has_a_name(made, by, id):
    stages.build()
    with pytest.raises(KitError) as error:
        approve(by)
    assert ids(error) == [f"e.deliver.{id}"]


def broken(folder, name, content=b"x"):
    (folder / "output" / "acme" / PERIOD / name).write_bytes(content)


AGAINST = {
    "data changed": (lambda f: stages.put(f, "exports/a.csv", stages.listings(price=30)), "old"),
    "an edit since": (edit, "old"),
    "a page that somebody touched": (lambda f: broken(f, "market.zh.html"), "damaged"),
    "a run notebook that somebody touched": (lambda f: broken(f, "market.ipynb"), "damaged"),
    "data of somebody else": (lambda f: broken(f, "market.json"), "damaged"),
    "a run that failed": (lambda f: broken(f, "market.failed.ipynb"), "failed"),
    "nothing built": (lambda f: [p.unlink() for p in (f / "output" / "acme" / PERIOD).iterdir()], "nothing"),
}


@pytest.mark.parametrize("what", AGAINST)
def test_only_what_is_whole_and_current_is_approved(made, what):
    stages.build()
    change, id = AGAINST[what]
    change(made)
    with pytest.raises(KitError) as error:
        approve("")
    assert ids(error) == ["e.deliver.by", f"e.deliver.{id}"], "all at once"
    assert error.value.exit_code == 1
    assert not (made / "data" / "acme" / "approvals").exists()


def test_a_report_that_is_missing_stands_against_the_others(made):
    stages.build()
    (made / "notebooks" / "review.ipynb").write_text(json.dumps({"metadata": {}}), encoding="utf-8")
    with pytest.raises(KitError) as error:
        approve()
    assert [(p.id, p.args["reports"]) for p in error.value.problems] == [("e.deliver.missing", "review")]


def test_a_report_that_the_client_cannot_have_is_not_missed(made):
    about = {"metadata": {"kit": {"needs": ["contract"]}}}
    (made / "notebooks" / "profit.ipynb").write_text(json.dumps(about), encoding="utf-8")
    about = {"metadata": {"kit": {"subject": "campaigns"}}}
    (made / "notebooks" / "campaign.ipynb").write_text(json.dumps(about), encoding="utf-8")
    client = Client.load("acme")
    assert approving.wanted(client, Period.parse(PERIOD), store.load(client)) == ["market"]


def test_nobody_approves_while_the_client_is_being_built(made):
    stages.build()
    with committing.locked("acme"), pytest.raises(KitError, match=r"e\.output\.locked"):
        approve()


@pytest.mark.parametrize("change", [*stages.CHANGES])
def test_what_was_approved_is_behind_when_the_clients_own_has_changed_since_and_not_kit(approved, change):
    client, period = Client.load("acme"), Period.parse(PERIOD)
    assert approving.behind(client, period, store.load(client), ["market"]) == []
    stages.CHANGES[change](approved)
    client = Client.load("acme")
    found = approving.behind(client, period, store.load(client), ["market"])
    assert bool(found) is (change in SEEN | {"a further file"})


# ---- no sequence of steps leaves a page without its mark that nobody approved ------------------------------------


def bare(text):
    """A page but for what says whether it is approved, for the correction notice, and for its look."""
    text = re.sub(
        r"<style>.*?</style>|<p class=\"draft\".*?</p>|<h3 id=\"corrections\">.*?</ul>", "", text, flags=re.DOTALL
    )
    return re.sub(r" · V\d+</p>", "</p>", re.sub(r"\s+", " ", text))


STEPS = {
    **{name: stages.CHANGES[name] for name in ("data", "data as they were", "client's name", "as it was", "notes",
                                               "notes gone", "page damaged", "record deleted")},
    "edit": edit,
    "lower": lambda f: edit(f, action="lower"),
    "edit gone": lambda f: stages.remove(f, "edits.csv"),
    "approvals deleted": lambda f: stages.remove(f, f"approvals/{PERIOD}.json"),
    "approvals of others": lambda f: (p := f / "data/acme/approvals" / f"{PERIOD}.json").is_file() and p.write_text(
        re.sub(r'"zh": "\w', '"zh": "-', p.read_text(encoding="utf-8")), encoding="utf-8"),
    "nothing": lambda f: None,
}  # fmt: skip


ROUNDS = st.tuples(st.sampled_from(sorted(STEPS)), st.sampled_from([("zh",), ("zh", "en")]), st.booleans())


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ROUNDS, min_size=2, max_size=4))
def test_no_sequence_of_steps_leaves_a_page_without_its_mark_that_nobody_approved(tmp_path_factory, rounds):
    """What was approved is noted here as the page itself, without what kit takes for its content. A round: a change, or
    none; a build; and then perhaps an approval and another build."""
    approved = set()

    def build(*locales):
        stages.build(*locales)
        pages = [path.read_text(encoding="utf-8") for path in folder.glob("output/acme/*/market.*.html")]
        assert [text for text in pages if not drafted(text) and bare(text) not in approved] == []
        return pages

    with pytest.MonkeyPatch.context() as patched:
        folder = stages.project_in(tmp_path_factory.mktemp("project"), patched)
        patched.setattr(editors, "nameless", lambda *_: [])  # whose the notes are is asked above
        stages.style(folder, "")
        build()
        for step, locales, approves in rounds:
            STEPS[step](folder)
            pages = build(*locales)
            if approves:
                approve()
                approved |= {bare(text) for text in pages}
                assert not any(map(drafted, build()))


# ---- the correction notice ---------------------------------------------------------------------------------------


def data(*findings, kpis=(), file="a"):
    """A report as data. A finding: key, text, verdict and value; a key figure: key and value."""
    made = [
        {"key": key, "verdict": verdict, "value": value, "low": None, "high": None, "baseline": None,
         "text": {"zh": f"{key}{value}", "en": f"{key}{value}"}, "kind": kind,
         "shown": text and {"text": {"zh": text, "en": text}, "severity": severity}}
        for key, text, verdict, value, severity, kind in ((*f, "high", "state")[:6] for f in findings)
    ]  # fmt: skip
    figures = [{"key": k, "label": {"zh": k, "en": k}, "value": v, "unit": "money"} for k, v in kpis]
    return {"findings": made, "kpis": figures, "ledger": [{"file": "exports/a.csv", "sha256": file}]}


def told(old, new, locale="zh"):
    return list(corrections.lines(old, new, 1, Words(locale)))


OLD = data(("m.a", "甲", "up", 1), kpis=[("GSV", 8640.0)])


@pytest.mark.parametrize(
    ("new", "lines"),
    [
        (OLD, ["本版取代V1：文字或计算有修正", "数字与结论均不变"]),
        (
            data(("m.a", "甲", "up", 1), kpis=[("GSV", 9640.0)], file="b"),
            ["本版取代V1：数据有更新", "更正：GSV应为￥9,640，原写￥8,640", "结论不变"],
        ),
        (data(("m.a", "甲", "up", 1), kpis=[("GSV", 8640.2)]), ["本版取代V1：文字或计算有修正", "数字与结论均不变"]),
        (
            data(("m.a", "乙", "down", 2), kpis=[("GSV", 8640.0)], file="b"),
            ["本版取代V1：数据有更新", "结论有变：乙；原结论：甲"],
        ),
        (
            data(("m.a", "乙", "up", 2), kpis=[("GSV", 8640.0)]),
            ["本版取代V1：文字或计算有修正", "数字更正：乙；原写：甲", "结论不变"],
        ),
        (
            data(("m.a", "乙", "up", 1), kpis=[("GSV", 8640.0)], file="b"),
            ["本版取代V1：文字或计算有修正", "措辞调整：乙；原写：甲", "数字与结论均不变"],
        ),
        (
            data(("m.a", None, "up", 1), ("m.b", "丙", "up", 1), kpis=[("GSV", 8640.0)]),
            ["本版取代V1：文字或计算有修正", "补充：丙", "撤回：甲"],
        ),
        (
            data(("m.a", "甲", "up", 1), kpis=[("ROI", 2.0)], file="b"),
            ["本版取代V1：数据有更新", "更正：GSV应为—，原写￥8,640", "更正：ROI应为￥2，原写—", "结论不变"],
        ),
    ],
    ids=["same", "figure", "behind what is shown", "verdict", "moved", "reworded", "hidden and new", "other figures"],
)
def test_a_version_says_what_it_corrects(new, lines):
    assert told(OLD, new) == lines


def test_conclusions_that_changed_are_all_told_and_of_others_the_first():
    many = range(corrections.MOST + 2)
    old = data(*((f"m.{n}", "甲", "up", 1) for n in many), *((f"t.{n}", "丁", "up", 1) for n in many))
    new = data(*((f"m.{n}", "乙", "up", 2) for n in many), *((f"t.{n}", "戊", "down", 1) for n in many))
    lines = told(old, new, "en")
    assert sum(line.startswith("Conclusion changed: 戊") for line in lines) == len(many)
    assert lines[-1] == "2 more findings with corrected figures"
    assert sum(line.startswith("Figures corrected: 乙") for line in lines) == corrections.MOST


def test_what_weighs_most_is_told_first_and_a_count_of_the_data_is_no_correction():
    old = data(("m.a", "甲", "up", 1, "low", "state"), ("m.b", "乙", "up", 1), ("m.c", "丙", "up", 1, "high", "data"))
    new = data(("m.a", "丁", "up", 2, "low", "state"), ("m.b", "戊", "up", 2), ("m.c", "己", "up", 2, "high", "data"))
    assert told(old, new)[1:-1] == ["数字更正：戊；原写：乙", "数字更正：丁；原写：甲"]


# ---- what is said -------------------------------------------------------------------------------------------

FACTS = {"client": "acme", "period": "2024-11", "reports": "market, swot"}
SAID = {
    "by": ("没有写明审批人。请用BY=姓名", "Nobody is named as approving. Give BY=name"),
    "by.form": (
        "审批人姓名不能超过40个字，也不能有控制字符",
        "The name of who approves has at most 40 characters and no control characters",
    ),
    "editor": (
        "王经手过这些报告（inputs.xlsx › edits），不能自己审批。请换一个人",
        "王 worked on these reports (inputs.xlsx › edits) and cannot approve them. Somebody else has to",
    ),
    "editors": (
        "data/acme/notes/market.zh.md是人工写的或改的，却没写经办人，看不出审批人是不是同一个人。"
        '请在data/acme/client.toml的[delivery]里写上姓名，如editors = ["name"]',
        "data/acme/notes/market.zh.md: written or changed by hand, and nobody is named for it, so nobody can tell whether "
        'whoever approves did it. Name them in [delivery] of data/acme/client.toml, such as editors = ["name"]',
    ),
    "nothing": (
        "客户“acme”2024-11还没有生成报告，无可审批。请先运行make report CLIENT=acme PERIOD=2024-11",
        "No report of client “acme” is built for 2024-11, so there is nothing to approve. Run make report CLIENT=acme PERIOD=2024-11 first",
    ),
    "missing": (
        "还没有生成：market, swot。请先运行make report CLIENT=acme PERIOD=2024-11",
        "Not built yet: market, swot. Run make report CLIENT=acme PERIOD=2024-11 first",
    ),
    "failed": (
        "上次生成失败：market, swot。请改正后重新运行make report CLIENT=acme PERIOD=2024-11",
        "Failed when last built: market, swot. Mend that and run make report CLIENT=acme PERIOD=2024-11 again",
    ),
    "damaged": (
        "文件与生成记录不符：market, swot。请重新运行make report CLIENT=acme PERIOD=2024-11",
        "Files differ from what was built: market, swot. Run make report CLIENT=acme PERIOD=2024-11 again",
    ),
    "old": (
        "数据、修改、设置或程序在生成之后有变化：market, swot。请先运行make report CLIENT=acme PERIOD=2024-11，看过再审批",
        "Out of date, since data, edits, settings or the kit changed after the build: market, swot. Run make report CLIENT=acme PERIOD=2024-11, read, then approve",
    ),
}


@pytest.mark.parametrize("id", SAID)
def test_a_message_says_what_stands_against_it_and_what_next(id):
    made = {"where": "inputs.xlsx › edits", "files": ["data/acme/notes/market.zh.md"]}
    fault = problem(f"e.deliver.{id}", **FACTS, **made, by="王", n=40)
    assert (Words("zh").problem(fault), Words("en").problem(fault)) == SAID[id]
