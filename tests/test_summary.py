"""The summary: which findings open it, and that it says nothing that no report says."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.analyses import summary
from kit.analyses.summary.page import GAPS
from kit.analyses.summary.pick import FINDINGS, OF_ONE, STEPS, at_stake, certain
from kit.findings import Side
from kit.text import Words

RULES = [{"id": "stock_out", "finding": ["campaign.*.stock.*", "review.days.stock_out.*"]}]


def finding(key, severity="high", value=None, baseline=None, unit="money", kind="state", pinned=False, **facts):
    said = {"text": {"zh": f"{key}的话", "en": f"words of {key}"}, "severity": severity, "pinned": pinned}
    empty = {
        "verdict": "above",
        "low": None,
        "high": None,
        "exhibit": f"{key}.chart",
        "action": None,
        "side": None,
        "shown": said,
    }
    return {"key": key, "value": value, "baseline": baseline, "unit": unit, "kind": kind, **empty, **facts}


def report(*findings, **facts):
    exhibits = [{"key": f["exhibit"], "label": {"zh": "图1", "en": "Figure 1"}} for f in findings]
    return {"findings": list(findings), "exhibits": exhibits, "kpis": [], "missing": [], "tables": {}, **facts}


def keys(reports, rules=()):
    return [one.finding["key"] for one in summary.analyse(reports, rules).picked]


def test_the_urgent_comes_before_the_certain_and_that_before_the_costly():
    open_ = finding("a.open", value=9e6, baseline=0.0, low=-1.0, high=2e7)
    made = [finding("a.low", "medium", 9e9), open_, finding("a.small", value=1.0), finding("b.large", value=2.0)]
    assert keys({"a": report(*made[:3]), "b": report(made[3])}) == ["b.large", "a.small", "a.open", "a.low"]


def test_what_the_consultant_pinned_comes_first():
    assert keys({"a": report(finding("a.x"), finding("a.y", "low", pinned=True))}) == ["a.y", "a.x"]


def test_a_matter_is_listed_once_whichever_report_says_it():
    stock = [finding("review.days.stock_out.a", value=5.0), finding("campaign.d11.stock.a", value=3.0)]
    made = {"review": report(stock[0]), "campaign": report(stock[1])}
    assert keys(made, RULES) == ["campaign.d11.stock.a"] and len(keys(made)) == 2  # the first pattern's


def test_one_exhibit_gives_one_line():
    made = report(finding("a.x", exhibit="a.one"), finding("a.y", exhibit="a.one"))
    assert keys({"a": made}) == ["a.x"]


def test_no_report_fills_the_summary_alone_where_there_are_others():
    many = report(*(finding(f"a.{n}") for n in range(9)))
    assert len(keys({"a": many, "b": report(finding("b.x", "low"))})) == OF_ONE + 1
    assert len(keys({"a": many})) == FINDINGS


@pytest.mark.parametrize("facts", [{"severity": "info"}, {"kind": "data", "severity": "low"}, {"shown": None}])
def test_information_limits_and_hidden_findings_open_no_summary(facts):
    assert keys({"a": report(finding("a.x", **facts))}) == []


def test_a_limit_of_the_data_that_weighs_does():
    assert keys({"a": report(finding("a.x", kind="data"))}) == ["a.x"]


@pytest.mark.parametrize(
    ("facts", "money"),
    [
        ({"value": 80.0, "baseline": 100.0}, 20.0),
        ({"value": -5.0}, 5.0),
        ({"value": 5.0, "unit": "ratio"}, None),
        ({}, None),
    ],
)
def test_money_at_stake_is_the_gap_else_the_amount(facts, money):
    assert at_stake(finding("a.x", **facts)) == money


@pytest.mark.parametrize(
    ("low", "high", "base", "sure"), [(1, 2, 0, True), (-1, 2, None, False), (1, 3, 2, False), (None, None, 5, True)]
)
def test_a_range_that_holds_what_it_is_compared_with_is_not_certain(low, high, base, sure):
    assert certain(finding("a.x", value=1.0, low=low, high=high, baseline=base)) is sure


@given(st.lists(st.sampled_from(["high", "medium", "low", "info"]), max_size=12))
def test_the_summary_never_says_what_no_report_says(severities):
    made = report(*(finding(f"a.{n}", severity) for n, severity in enumerate(severities)))
    shown = summary.answer(summary.analyse({"a": made}, []))
    words, said = Words("zh"), {f["shown"]["text"]["zh"] for f in made["findings"]}
    lines = [words.sentence(f.sentence, f.args) for f in shown.findings if f.sentence == "x.said"]
    assert set(lines) <= said and len(lines) == min(FINDINGS, sum(s != "info" for s in severities))


def test_a_line_says_where_it_is_shown():
    (line, _) = summary.answer(summary.analyse({"market": report(finding("market.x"))}, [])).findings
    words = Words("zh")
    assert words.sentence(line.evidence.sentence, line.evidence.args) == "见市场与竞品分析的图1"


def test_what_is_asked_is_the_brands_first_once_a_matter_with_what_it_rests_on():
    ask = {"zh": "请选定", "en": "Please choose"}
    stock = [finding(key, action=ask, side="agency") for key in ("review.days.stock_out.a", "campaign.d11.stock.a")]
    brand = finding("market.x", "low", action=ask, side="brand")
    made = {"review": report(stock[0]), "campaign": report(stock[1]), "market": report(brand)}
    shown = summary.asks(summary.analyse(made, RULES))
    assert [row[0].value for row in shown.exhibits[0].table.rows] == ["x.side.brand", "x.side.agency"]
    assert [f.side for f in shown.findings[1:]] == [Side.BRAND, Side.AGENCY]
    assert not summary.asks(summary.analyse({"market": report(finding("market.x"))}, [])).findings


def test_what_was_agreed_stands_before_what_is_proposed_with_its_owner_and_its_day():
    ask, agreed = {"zh": "请选定", "en": "Please choose"}, {"zh": "定预算", "en": "Set the budget"}
    owner, who = {"zh": "品牌部", "en": "Brand"}, {"zh": "品牌部 · 2024年12月20日", "en": "Brand · 20 Dec 2024"}
    row = {"action": agreed, "side": "brand", "owner": owner, "due": "2024-12-20", "who": who}
    step = {**row, "side": "agency", "owner": None, "due": None, "who": None}
    made = [finding("market.a", "info", agreed=[row, step]), finding("market.b", action=ask, side="brand")]
    made += [finding(f"market.p{n}", action=ask, side="agency") for n in range(STEPS)]
    shown = summary.asks(summary.analyse({"market": report(*made)}, []))
    table = shown.exhibits[0].table
    assert [row[1] for row in table.rows] == [agreed, ask, agreed, *[ask] * (STEPS - 1)]
    assert [row[0].value for row in table.rows[:3]] == [who, "x.side.brand", "x.side.agency"]
    assert [f.key for f in shown.findings[1:4]] == [f"summary.ask.market.{n}" for n in ("a", "b", "a.2")]
    args = shown.findings[1].action.args
    assert (args["agreed_owner"].value, args["agreed_due"].value) == (owner, "2024-12-20")


def test_an_item_of_the_swot_picture_is_not_said_again_but_its_strategies_are():
    item, way = finding("swot.s.margin", verdict="strength"), finding("swot.so.pilot", verdict="proposed")
    assert keys({"swot": report(item, way)}) == ["swot.so.pilot"]


def test_the_rule_is_explained_with_its_counts():
    *_, rule = summary.answer(summary.analyse({"a": report(finding("a.x"), finding("a.y")), "b": None}, [])).findings
    assert {name: arg.value for name, arg in rule.args.items()} == {"n": 2, "k": 1}


def test_without_reports_it_says_what_to_build_first():
    shown = summary.answer(summary.analyse({"review": None}, []))
    assert [m.reason.sentence for m in shown.missing] == ["x.nothing"] and not shown.findings


def test_what_could_not_be_seen_is_listed_once_with_what_would_bring_it():
    gap = {"key": "review.live", "question": {"zh": "直播", "en": "Live"}, "text": {"zh": "导出", "en": "Export"}}
    result = summary.analyse({"a": report(missing=[gap]), "b": report(missing=[gap]), "swot": None}, [])
    shown = summary.unseen(result)
    assert shown.exhibits[0].table.rows == ((gap["question"], gap["text"]),)
    assert [f.key for f in shown.findings] == ["summary.unseen", "summary.absent"]
    assert not summary.unseen(replace(result, reports={}, absent=())).findings


LINES = {
    "columns": [
        {"name": "metric", "unit": "label"},
        {"name": "value", "unit": "figure"},
        {"name": "goal", "unit": "figure"},
    ],
    "rows": [["column.page_views", None, None], ["column.visitors", {"value": 9, "unit": "count"}, None]],
}


def test_the_main_figures_are_those_of_the_reviews_scorecard():
    said = finding("review.scorecard.tmall", "low")
    review = report(said, tables={"review.scorecard.tmall.lines": LINES})
    (table,) = summary.score(summary.analyse({"review": review}, [])).exhibits
    assert table.table.rows == (("column.visitors", {"value": 9, "unit": "count"}),)


def test_of_several_shops_the_main_figures_are_those_of_all_together():
    said = [finding(f"review.scorecard.{shop}", "low") for shop in ("tmall", "all")]
    other = {**LINES, "rows": [["column.visitors", {"value": 12, "unit": "count"}, None]]}
    tables = {"review.scorecard.tmall.lines": LINES, "review.scorecard.all.lines": other}
    (table,) = summary.score(summary.analyse({"review": report(*said, tables=tables)}, [])).exhibits
    assert [row[1]["value"] for row in table.table.rows] == [12]


def test_of_many_open_questions_the_first_stand_there_and_the_others_are_counted():
    gaps = [{"key": f"review.{n}", "question": {"zh": f"{n}"}, "text": {"zh": "导出"}} for n in range(GAPS + 2)]
    (table,) = summary.unseen(summary.analyse({"a": report(missing=gaps)}, [])).exhibits
    assert len(table.table.rows) == GAPS
    assert [Words("zh").sentence(note.sentence, note.args) for note in table.notes] == ["另有2个问题见各报告"]


def test_the_agencys_steps_are_few_and_the_brands_decisions_all_there():
    ask = {"zh": "请选定", "en": "Please choose"}
    made = [finding(f"a.{side}{n}", action=ask, side=side) for side in ("agency", "brand") for n in range(STEPS + 3)]
    asked = summary.analyse({"a": report(*made)}, []).asked
    assert [one.finding["side"] for one in asked] == ["brand"] * (STEPS + 3) + ["agency"] * STEPS


def test_what_was_agreed_is_the_reviews_table_else_how_to_start_one():
    said = finding("review.actions.summary", "low")
    rows = {"columns": [{"name": "action", "unit": "text"}], "rows": [["补货"]]}
    shown = summary.actions(summary.analyse({"review": report(said, tables={"review.actions.table": rows})}, []))
    assert shown.exhibits[0].table.rows == (("补货",),)
    assert [m.tables for m in summary.actions(summary.analyse({}, [])).missing] == [("actions",)]


@pytest.mark.parametrize(
    ("show", "reason", "said"),
    [
        (summary.asks, "x.asks.none", "本期各报告没有提出待定或待办的事"),
        (summary.score, "x.score.none", "没有月度运营报告的指标一览，主要指标无法列出；先生成月度运营报告"),
        (summary.unseen, "x.unseen.none", "本期各报告的问题都有数据可答"),
    ],
)
def test_a_section_with_nothing_to_show_says_so(show, reason, said):
    shown = show(summary.analyse({"market": report(finding("market.x"))}, []))
    (missing,) = shown.missing
    assert not shown.findings and not shown.exhibits and missing.reason.sentence == reason
    assert Words("zh").sentence(reason, {}) == said and Words("en").has(missing.question)
