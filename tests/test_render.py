"""From pieces to a worded document: numbering, hidden exhibits, notes, glyphs, sections without content."""

import re

import pytest
from built import ROOT
from making import client as made

from kit import html, machine, render, running, stale, store
from kit.client import Period
from kit.errors import KitError
from kit.findings import Column, Exhibit, Finding, Kind, Severity, Soundness, Table, payload
from kit.text import Words

CSV = "update_time,id,title,price,sale_count,comment_count,店名\n2016/11/5,A1,霜,99,10,1,自然堂\n"
EDITS = "finding,action,text_zh,text_en,by,why\n"
START = {"is": "start", "report": "market", "client": "acme", "locale": "zh", "cutoff": "2016-11-05"}
PERIOD = {"start": "2016-11-05", "end": "2016-11-05", "kind": "day", "text": "2016-11-05"}


def prose(text):
    return {"is": "prose", "text": text, "own": True, "appendix": False}


def finding(key, kind=Kind.STATE, severity=Severity.MEDIUM):
    args = {k: {"value": key, "unit": "text"} for k in ("metric", "value", "base")}
    made = Finding(key, "g.flat", {}, Soundness.LIMITED, severity, kind, exhibit=f"{key}.table")
    return {**payload(made), "args": args}


def exhibit(key, cell="霜"):
    table = Table(f"{key}.rows", (Column("brand", "text", "ledger.file"),), ((cell,),))
    return payload(Exhibit(f"{key}.table", "table", table, (key,)))


@pytest.fixture
def document(tmp_path, monkeypatch):
    """The document of some pieces, for a client whose edits and notes a test gives."""
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    (tmp_path / "templates").symlink_to(ROOT / "templates", target_is_directory=True)
    (tmp_path / "client").mkdir()

    def build(*pieces, edits="", files=None, locale="zh"):
        client = made(tmp_path / "client", {"exports/a.csv": CSV, "edits.csv": EDITS + edits, **(files or {})})
        return render.document([{**START, "period": PERIOD}, *pieces], client, store.load(client), locale)

    return build


def told(document):
    return [(b["type"], b.get("text") or b.get("label") or "") for b in document["blocks"]]


def test_tables_are_numbered_in_reading_order_and_findings_refer_to_them(document):
    pieces = [
        {"is": "answer"},
        prose("## 一"),
        *(x for k in ("market.a", "market.b") for x in (finding(k), exhibit(k))),
    ]
    made = document(*pieces)
    assert [b["label"] for b in made["blocks"] if b["type"] == "exhibit"] == ["表1", "表2"]
    [answer] = [b for b in made["blocks"] if b["type"] == "answer"]
    assert [f["evidence"] for f in answer["findings"]] == ["见表1", "见表2"]


def test_a_hidden_exhibit_goes_with_its_section_and_its_number(document):
    pieces = [
        prose("## 一\n\n引子"),
        finding("market.a"),
        exhibit("market.a"),
        prose("## 二"),
        finding("market.b"),
        exhibit("market.b"),
    ]
    made = document(*pieces, edits="Market.A,hide,,,李,不宜外传\n")
    assert told(made) == [("heading", "二"), ("exhibit", "表1")]


def test_a_part_of_the_appendix_with_nothing_to_show_is_left_out_unless_a_consultant_wrote_it(document):
    ours, own = ({**prose(f"## {name}\n\n引子"), "own": name == "己", "appendix": True} for name in ("我", "己"))
    assert told(document(ours, own, locale="en")) == [("heading", "己"), ("prose", "")]
    assert told(document(prose("## 一\n\n引子"))) == [("heading", "一"), ("prose", "")]


def test_a_limit_of_the_data_opens_no_report_unless_it_weighs(document):
    light, heavy = finding("market.l", Kind.DATA, Severity.LOW), finding("market.h", Kind.DATA, Severity.HIGH)
    [answer] = [b for b in document({"is": "answer"}, light, heavy)["blocks"] if b["type"] == "answer"]
    assert [f["headline"] for f in answer["findings"]] == ["market.h为market.h，与market.h持平"]
    [limits] = [b for b in document(light, heavy, {"is": "limits"})["blocks"] if b["type"] == "list"]
    assert len(limits["items"]) == 2


def test_a_report_over_others_without_limits_of_its_own_points_to_theirs(document):
    theirs = {**finding("swot.a"), "source": ["market", None]}
    for piece, sentence in (
        (theirs, "各条结论取自其他报告，其数据局限见该报告的同名一节"),
        (finding("market.a"), "本期数据没有需要说明的局限"),
    ):
        assert document(piece, {"is": "limits"})["blocks"][-1]["items"] == [sentence]


def proposing(key, side, severity=Severity.HIGH):
    made = finding(key, severity=severity)
    return {**made, "action": {"sentence": "g.flat", "args": made["args"]}, "side": side}


def asked(document):
    [answer] = [b for b in document["blocks"] if b["type"] == "answer"]
    return {ask["side"]: [item["text"].partition("为")[0] for item in ask["items"]] for ask in answer["asks"]}


ACTIONS = "id,raised,finding,action_zh,action_en,side,owner,owner_en,due,status,result\n"


def test_what_the_brand_decides_stands_apart_and_of_its_own_account_a_report_asks_three_decisions(document):
    theirs = [proposing(f"market.b{n}", "brand", Severity.LOW) for n in range(4)]
    ours = [proposing(f"market.a{n}", "agency") for n in range(7)]
    made = asked(document({"is": "answer"}, *theirs, *ours))
    assert made == {"brand": ["market.b0", "market.b1", "market.b2"], "agency": [f"market.a{n}" for n in range(6)]}
    assert asked(document({"is": "answer"}, finding("market.a"))) == {}


def test_an_open_row_of_the_sheet_stands_before_the_proposals_on_its_own_side_and_replaces_its_finding_s(document):
    rows = "1,,market.a,甲方定价,,brand,,,,open,\n2,,market.b,做完了,,brand,,,,已完成,\n3,,market.c,跟进,,,,,,,\n"
    pieces = [proposing(f"market.{n}", side) for n, side in (("a", "agency"), ("b", "brand"), ("c", "brand"))]
    more = [proposing(f"market.d{n}", "brand") for n in range(3)]
    made = asked(document({"is": "answer"}, *pieces, *more, files={"actions.csv": ACTIONS + rows}))
    assert made == {"brand": ["甲方定价", "market.d0", "market.d1"], "agency": ["跟进"]}


def test_a_character_without_a_glyph_is_printed_as_geta_and_counted(document):
    made = document(finding("market.a"), exhibit("market.a", "霜\U0001f600\u202e\u0378"), {"is": "limits"})
    [table] = [b["table"] for b in made["blocks"] if b["type"] == "exhibit"]
    assert table["rows"][0]["cells"] == ["霜〓〓"]
    [limits] = [b for b in made["blocks"] if b["type"] == "list"]
    assert limits["items"][-1] == Words("zh").label("page.glyphs", n=2)


def test_amounts_that_add_up_along_a_row_have_one_form_together(document):
    heads = [Column("name", "text", "ledger.file"), *(Column(n, "money.adding", "col.pay_amount") for n in "abc")]
    table = Table("market.a.rows", tuple(heads), (("甲", 2_740_000, -86_000, None), ("乙", 5_372_000, 0, 155_600)))
    made = document(finding("market.a"), payload(Exhibit("market.a.table", "table", table, ("market.a",))))
    [shown] = [b["table"] for b in made["blocks"] if b["type"] == "exhibit"]
    assert [row["cells"] for row in shown["rows"]] == [["甲", "274.0", "−8.6", "—"], ["乙", "537.2", "0.0", "15.6"]]
    assert {c["label"] for c in shown["columns"][1:]} == {"支付金额（￥万）"}


def test_a_title_as_long_as_a_page_is_cut(document):
    made = document(finding("market.a"), exhibit("market.a", "霜" * 5000))
    [table] = [b["table"] for b in made["blocks"] if b["type"] == "exhibit"]
    assert table["rows"][0]["cells"] == ["霜" * 120 + "…"]


def test_the_consultants_view_is_printed_and_a_missing_language_is_named(document):
    files = {"notes/market.zh.md": "**结论：**先补货"}
    assert told(document({"is": "notes"}, files=files)) == [("heading", "顾问观点"), ("prose", "")]
    said = Words("en").label("page.notes.language")
    assert told(document({"is": "notes"}, files=files, locale="en")) == [
        ("heading", "Consultant's view"),
        ("callout", said),
    ]


def test_without_a_view_there_is_no_heading(document):
    assert told(document({"is": "notes"})) == []


def test_a_note_that_is_not_utf8_is_told_by_its_name(document):
    with pytest.raises(KitError, match=r"e\.config\.encoding") as error:
        document({"is": "notes"}, files={"notes/market.zh.md": "先补货".encode("gb18030")})
    assert "notes/market.zh.md不是UTF-8编码" in Words("zh").problem(error.value.problems[0])


def test_an_answer_without_findings_says_what_is_missing(document):
    missing = {
        "is": "missing",
        "key": "market.size",
        "question": "question.size",
        "tables": ["market_monthly"],
        "reason": None,
    }
    [(kind, text)] = told(document({"is": "answer"}, {**missing}))[:1]
    assert kind == "callout"
    assert text.startswith("缺市场月度数据")


def test_the_ledger_counts_to_the_row_and_leaves_system_files_out(document):
    made = document({"is": "ledger"}, files={"exports/.DS_Store": b"x"})
    [ledger] = [b["table"] for b in made["blocks"] if b["type"] == "table"]
    assert [row["cells"][0] for row in ledger["rows"]] == ["edits.csv", "a.csv"]
    assert ledger["rows"][1]["cells"][2:5] == ["2016-11-05", "1", "1"]


def test_only_what_was_asked_for_may_leave_under_its_name(tmp_path, monkeypatch):
    """A notebook can open any client's data: the check is what keeps one client out of another's report."""
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    client = made(tmp_path / "acme", {})
    asked = Period.parse("2016-11-05")
    running.same({**START, "period": PERIOD}, client, "market", asked, tmp_path / "market.ipynb")
    for other in ({"client": "demo"}, {"report": "review"}, {"period": {**PERIOD, "text": "2016-11"}}):
        with pytest.raises(KitError, match=r"e\.run\.other") as error:
            running.same({**START, "period": PERIOD, **other}, client, "market", asked, tmp_path / "market.ipynb")
        assert error.value.exit_code == 1
    assert Words("en").problem(error.value.problems[0]) == (
        "market.ipynb opened acme, market, 2016-11 where acme, market, 2016-11-05 was asked for; no report is made. "
        "Give display.start the client and period of the parameters cell"
    )


@pytest.fixture
def in_json(tmp_path, monkeypatch):
    """The findings of the JSON of these pieces, with a sheet of the client's beside its data."""

    def findings(sheet, text, *pieces):
        monkeypatch.setenv("KIT_ROOT", str(tmp_path))
        (tmp_path / "templates").symlink_to(ROOT / "templates", target_is_directory=True)
        (tmp_path / "client").mkdir()
        client = made(tmp_path / "client", {"exports/a.csv": CSV, sheet: text})
        pieces = [{**START, "period": PERIOD}, *pieces]
        both = {x: render.Rendering(pieces, client, store.load(client), x) for x in ("zh", "en")}
        return machine.report(pieces, both)["findings"]

    return findings


def test_the_json_keeps_a_finding_as_it_was_made_with_the_edits_beside_it(in_json):
    rows = "market.a,lower,,,李,太重\nmarket.a,reword,换个说法,,李,太直\n"
    [kept] = in_json("edits.csv", EDITS + rows, proposing("market.a", "brand", Severity.MEDIUM), exhibit("market.a"))
    assert (kept["severity"], kept["text"]["zh"]) == ("medium", "market.a为market.a，与market.a持平")
    assert [e["action"] for e in kept["edit"]] == ["lower", "reword"]
    assert kept["edit"][1]["text_zh"] == "换个说法"
    assert (kept["action"]["zh"], kept["side"]) == (kept["text"]["zh"], "brand")


def test_the_data_propose_nothing_where_the_sheet_has_an_action_already(in_json):
    rows = "1,,Market.A,甲方定价,,brand,,,,open,\n"
    one, two = in_json("actions.csv", ACTIONS + rows, *(proposing(f"market.{n}", "brand") for n in "ab"))
    assert (one["action"], one["side"]) == (None, None) and two["side"] == "brand"


def test_the_json_has_what_was_agreed_and_is_not_done_beside_its_finding(in_json):
    rows = "1,,market.a,甲方定价,,brand,品牌部,Brand,2024-12-20,open,\n2,,market.a,上新,,,,,,open,\n"
    done = "3,,market.a,已做,,brand,,,,完成,\n"
    one, two = in_json("actions.csv", ACTIONS + rows + done, *(proposing(f"market.{n}", "brand") for n in "ab"))
    first, second = one["agreed"]
    assert (first["action"]["zh"], first["side"], first["due"]) == ("甲方定价", "brand", "2024-12-20")
    assert first["owner"] == {"zh": "品牌部", "en": "Brand"}
    assert first["who"] == {"zh": "品牌部 · 2024年12月20日", "en": "Brand · 20 Dec 2024"} and second["who"] is None
    assert (second["side"], second["owner"], second["due"]) == ("agency", None, None) and two["agreed"] == []


def test_a_row_about_a_hidden_finding_goes_with_it(document):
    one, two = finding("market.a"), {**finding("market.b"), "exhibit": "market.a.table"}
    shown = exhibit("market.a")
    shown["table"] |= {"rows": [["甲"], ["乙"]], "about": ["market.a", "market.b"]}
    made = document(one, two, shown, edits="market.b,hide,,,李,不宜外传\n")
    (table,) = [b["table"] for b in made["blocks"] if b["type"] == "exhibit"]
    assert [row["cells"] for row in table["rows"]] == [["甲"]]


SOURCE = ("review", "review.goals.rows")


@pytest.mark.parametrize(
    ("source", "pages", "at"),
    [
        (SOURCE, {}, {"report": "review", "id": "review-goals-rows", "href": "review.zh.html#review-goals-rows"}),
        (SOURCE, {"review-goals-rows": 7}, {"page": 7}),
        (("review", None), {}, {"report": "review", "id": "", "href": "review.zh.html"}),
        (None, {}, {"report": "market", "id": "market-b-table"}),
    ],
    ids=["exhibit of another report", "its page, once that is built", "a report alone", "its own exhibit"],
)
def test_a_finding_knows_where_it_is_shown(document, monkeypatch, source, pages, at):
    monkeypatch.setattr(stale, "pages", lambda folder, report, locale: pages)
    where = {"sentence": "x.where", "args": {"report": {"value": "review", "unit": "report"}}}
    first = {**finding("market.a", severity=Severity.HIGH), "exhibit": None, "source": source, "evidence": where}
    pieces = [first] if source else []
    made = document({"is": "answer"}, *pieces, prose("## 一"), finding("market.b"), exhibit("market.b"))
    [answer] = [b for b in made["blocks"] if b["type"] == "answer"]
    assert answer["findings"][0]["at"].items() >= at.items()
    led = re.findall(r'class="evidence"><a href="(.+?)">见月度运营报告</a>', html.page(made))
    assert led == ([answer["findings"][0]["at"]["href"]] if source else [])
