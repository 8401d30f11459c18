"""SWOT: from findings by rule, merged with the consultant's sheet; strategies; the weighted matrices."""

import datetime as dt
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import rules, settings
from kit.analyses import swot
from kit.analyses.swot.items import by_rule
from kit.analyses.swot.matrix import matrix
from kit.errors import KitError
from kit.findings import Severity
from kit.text import Words

TABLE = tomllib.loads((Path(rules.__file__).with_name("swot.toml")).read_text(encoding="utf-8"))
ALL = {"rule": [{"least": 0, **rule} for rule in TABLE["rule"]], "strategy": TABLE["strategy"]}


def finding(key, verdict, value, baseline=None, unit="money", severity="high", **facts):
    shown = {"text": {"zh": f"{key}的话", "en": f"words of {key}"}, "severity": severity, "pinned": False}
    facts = {"low": None, "high": None, "exhibit": None, "shown": shown} | facts
    return {"key": key, "verdict": verdict, "value": value, "baseline": baseline, "unit": unit, **facts}


def report(name, *findings):
    exhibits = [{"key": f"{name}.chart", "label": {"zh": "图1", "en": "Figure 1"}}]
    return {"report": name, "findings": list(findings), "exhibits": exhibits}


def rule(id, **changes):
    return {**next(r for r in ALL["rule"] if r["id"] == id), **changes}


def sheet(*rows):
    columns = ["key", "kind", "text_zh", "text_en", "weight", "rating", "decision", "by", "why", "pest"]
    return pd.DataFrame([{name: None for name in columns} | row for row in rows], columns=columns)


MISSED = finding("review.attainment.all.pay_amount", "under_goal", 900.0, 1000.0)
WAR = finding("market.rivals.tmall.war", "war", -0.18, unit="growth")
BAND = finding("market.bands.tmall.100_150", "under_supplied", 2.2, 1.0, "index", low=1.3, high=4.0)
BOTH = {"under_supplied": "O", "over_supplied": "T"}
BEATEN = {"review": report("review", MISSED), "market": report("market", WAR, BAND)}


# ---- rules -----------------------------------------------------------------------------------------------------


def test_settings_know_the_rules_and_kinds_of_business_there_are():
    assert tuple(r["id"] for r in TABLE["rule"]) == settings.SWOT_RULES
    assert tuple(TABLE["categories"]) == settings.SWOT_CATEGORIES
    assert all(set(limits) <= set(settings.SWOT_RULES) for limits in TABLE["categories"].values())


def test_every_strategy_joins_rules_that_exist_on_sides_that_they_may_fall_on():
    sides = {
        r["id"]: {*r["verdicts"].values()} - {""} | ({"S", "W"} if "better" in r else set()) for r in TABLE["rule"]
    }
    for line in TABLE["strategy"]:
        for end, allowed in (("inside", "SW"), ("outside", "OT")):
            side, _, name = line[end].partition(".")
            assert side.upper() in allowed and side.upper() in sides[name], line


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_rule_and_strategy_has_its_words(locale):
    words = Words(locale)
    wanted = [f"swot.item.{r['id']}" for r in TABLE["rule"]] + [f"swot.watch.{r['watch']}" for r in TABLE["rule"]]
    wanted += [f"s.{part}.{line['id']}" for line in TABLE["strategy"] for part in ("way", "step")]
    assert [key for key in wanted if not words.has(key)] == []


@pytest.mark.parametrize(
    ("measure", "expected", "unit"),
    [
        ("relative", 0.25, "growth"),
        ("lift", 1.25, "growth"),
        ("difference", 0.02, "points"),
        ("times", 1.25, "times"),
        ("value", 0.1, "rate"),
    ],
)
def test_a_size_is_measured_as_its_rule_says(measure, expected, unit):
    one = finding("review.items.tmall.refund.a", "unusual", 0.1, 0.08, "rate")
    (item,) = by_rule(rule("item_refunds", measure=measure, least=0), {"review": report("review", one)})
    assert (round(item.effect.value, 9), item.effect.unit) == (expected, unit)


def test_a_range_goes_through_the_same_measure():
    (item,) = by_rule(rule("band"), BEATEN)
    assert (item.key, item.effect.value, item.low, item.high) == ("o.band", 2.2, 1.3, 4.0)


def test_a_multiple_of_one_is_written_as_its_own_report_writes_the_figure():
    (item,) = by_rule(rule("band"), {"market": report("market", {**BAND, "value": 2.48})})
    assert (item.effect.unit, Words("zh").value(item.effect)) == ("index", "2.48")
    (other,) = by_rule(rule("band"), {"market": report("market", {**BAND, "baseline": 0.5})})
    assert other.effect.unit == "times"


def test_a_normal_range_is_not_taken_for_the_range_of_a_value():
    low = finding("review.scorecard.tmall.pay_cvr", "unusual", 0.018, 0.024, "rate", low=0.019, high=0.028)
    (item,) = by_rule(rule("conversion"), {"review": report("review", low)})
    assert (item.side, item.low, item.high) == ("W", None, None)


def test_without_a_number_there_is_no_item():
    assert by_rule(rule("goal"), {"review": report("review", {**MISSED, "value": None})}) == []
    assert by_rule(rule("goal"), {"review": report("review", {**MISSED, "baseline": 0.0})}) == []


def test_what_is_smaller_than_the_limit_is_no_item():
    assert by_rule(rule("goal", least=0.11), BEATEN) == []
    assert len(by_rule(rule("goal", least=0.09), BEATEN)) == 1


def test_a_third_of_the_usual_is_as_large_as_three_times_it():
    few = finding("market.bands.tmall.0_50", "over_supplied", 0.25, 1.0, "index")
    assert len(by_rule(rule("band", least=3, verdicts=BOTH), {"market": report("market", few)})) == 1


def test_the_first_pattern_that_fits_decides():
    shop = finding("review.attainment.tmall.pay_amount", "under_goal", 100.0, 1000.0)
    (item,) = by_rule(rule("goal"), {"review": report("review", shop, MISSED)})
    assert item.value.value == 900.0 and item.more == 0


def test_a_side_has_one_item_of_a_rule_the_weightiest_and_says_how_many_are_like_it():
    others = [finding(f"market.bands.tmall.{n}", "under_supplied", n, 1.0, "index") for n in (2, 5, 3)]
    crowded = finding("market.bands.tmall.x", "over_supplied", 0.2, 1.0, "index")
    made = by_rule(rule("band", verdicts=BOTH), {"market": report("market", *others, crowded)})
    assert [(i.key, i.value.value, i.more) for i in made] == [("o.band", 5, 2), ("t.band", 0.2, 0)]


def test_what_the_consultant_hid_in_its_report_is_not_brought_back():
    assert by_rule(rule("goal"), {"review": report("review", {**MISSED, "shown": None})}) == []


@pytest.mark.parametrize(("value", "better", "side"), [(2.0, "up", "S"), (0.5, "up", "W"), (2.0, "down", "W")])
def test_a_figure_is_good_on_the_side_its_rule_says(value, better, side):
    one = finding("review.scorecard.tmall.pay_cvr", "unusual", value, 1.0, "rate")
    (item,) = by_rule(rule("conversion", better=better), {"review": report("review", one)})
    assert item.side == side


# ---- the client's and the consultant's hand ----------------------------------------------------------------------


class Client:
    def __init__(self, **said):
        self.swot = settings.Swot(**said)


def test_a_kind_of_business_and_the_client_set_their_own_limits():
    least = {
        r["id"]: r["least"] for r in rules.swot(Client(category="apparel", rules={"goal": {"least": 0.2}}))["rule"]
    }
    assert (least["refunds"], least["goal"], least["conversion"]) == (0.05, 0.2, 0.05)
    assert {r["id"]: r["least"] for r in rules.swot(Client())["rule"]}["refunds"] == 0.01
    assert "goal" not in {r["id"] for r in rules.swot(Client(rules={"goal": {"off": True}}))["rule"]}


def test_the_consultants_words_win_and_are_marked_as_a_judgement():
    said = sheet({"key": "W.Goal", "text_zh": "目标定高了", "by": "张三"})
    (item,) = [i for i in swot.analyse(BEATEN, ALL, said).items if i.key == "w.goal"]
    assert (item.text, item.judged, item.by) == ({"zh": "目标定高了", "en": "目标定高了"}, True, "张三")
    assert item.value.value == 900.0  # never its numbers


def test_an_item_may_be_moved_to_another_side():
    result = swot.analyse(BEATEN, ALL, sheet({"key": "o.band", "kind": "T"}))
    assert [i.key for i in result.of("T") if i.judged] == ["o.band"] and not result.of("O")


def test_one_word_and_a_reason_reject_an_item_and_with_it_its_strategies():
    said = sheet({"key": "swot.o.band", "decision": "reject", "by": "张三", "why": "品牌不做低价"})
    before, after = swot.analyse(BEATEN, ALL, None), swot.analyse(BEATEN, ALL, said)
    assert [w.key for w in before.ways] == ["wo.close"] and after.ways == ()
    assert [(i.key, i.why) for i in after.rejected] == [("o.band", "品牌不做低价")]


def test_an_own_item_stands_beside_the_others_without_a_number():
    result = swot.analyse(
        BEATEN, ALL, sheet({"key": "Factory 1", "kind": "S", "text_en": "Its own factory", "by": "A"})
    )
    (item,) = result.of("S")
    assert (item.key, item.judged, item.effect) == ("s.factoryu201", True, None)
    (shown,) = [f for f in swot.picture(result).findings if f.key == f"swot.{item.key}"]
    assert shown.value is None and shown.sentence == "s.S.view"


def test_every_row_that_may_not_stand_is_told_at_once():
    faulty = sheet(
        {"key": "w.goal", "decision": "reject"},
        {"key": "w.gaol", "decision": "reject", "by": "A", "why": "typed"},
        {"key": "m1", "text_zh": "话"},
        {"key": "m2", "kind": "S"},
        {"key": "m3", "kind": "S", "text_zh": "话", "rating": 0.5},
    )
    with pytest.raises(KitError) as error:
        swot.analyse(BEATEN, ALL, faulty)
    assert [p.id.rpartition(".")[2] for p in error.value.problems] == ["reason", "unknown", "kind", "text", "rating"]


@given(st.permutations([{"key": f"m{n}", "kind": k, "text_zh": "话"} for n, k in enumerate("SWOT")]))
def test_the_order_of_rows_changes_nothing(rows):
    assert (
        swot.analyse(BEATEN, ALL, sheet(*rows)).items == swot.analyse(BEATEN, ALL, sheet(*sorted(rows, key=str))).items
    )


# ---- strategies ------------------------------------------------------------------------------------------------


def test_a_strategy_is_as_weighty_as_the_weightier_of_its_items():
    low = {**BAND, "shown": {**BAND["shown"], "severity": "low"}}
    result = swot.analyse({"review": report("review", MISSED), "market": report("market", low)}, ALL, None)
    assert [(w.key, w.kind, w.impact, w.effort) for w in result.ways] == [("wo.close", "WO", Severity.HIGH, "medium")]


def test_strategies_are_read_at_the_end_of_the_next_month_and_ask_for_nothing_by_themselves():
    shown = swot.ways(swot.analyse(BEATEN, ALL, None), dt.date(2024, 12, 31))
    (way,) = [f for f in shown.findings if f.key == "swot.wo.close"]
    assert way.evidence.args["date"].value == "2025-01-31" and way.action is None


def test_an_own_strategy_stands_with_the_others():
    said = sheet({"key": "bundle", "kind": "SO", "text_zh": "做套装", "by": "张三"})
    shown = swot.ways(swot.analyse(BEATEN, ALL, said), dt.date(2024, 11, 30))
    cells = {cell["tone"]: cell["findings"] for cell in shown.exhibits[0].options["cells"]}
    assert (cells["SO"], cells["WO"]) == (["swot.so.bundle"], ["swot.wo.close"])


# ---- the matrices ----------------------------------------------------------------------------------------------

DAVID = [("S", 0.10, 2), ("S", 0.15, 4), ("S", 0.10, 3), ("S", 0.10, 3), ("W", 0.20, 2), ("W", 0.15, 3), ("W", 0.05, 2),
         ("W", 0.15, 1)]  # fmt: skip


def rated(rows):
    said = [{"key": f"i{n}", "kind": k, "text_zh": "话", "weight": w, "rating": r} for n, (k, w, r) in enumerate(rows)]
    return swot.analyse({}, ALL, sheet(*said)).inside


def test_a_published_matrix_scores_two_and_a_half_and_its_unusual_ratings_are_named():
    made = rated(DAVID)
    assert made.score == pytest.approx(2.50) and made.weights == pytest.approx(1)
    assert sorted((i.side, i.rating) for i in made.unusual) == [("S", 2), ("W", 3)]


def test_weights_that_do_not_add_up_give_no_score():
    made = rated([("S", 0.5, 3), ("W", 0.4, 1)])
    assert made.score is None and made.weights == pytest.approx(0.9)


def test_a_weight_without_a_rating_gives_no_score():
    made = rated([("S", 0.5, 3), ("W", 0.5, None)])
    assert made.score is None and len(made.bare) == 1


def test_without_weights_there_is_no_matrix():
    assert matrix(swot.analyse(BEATEN, ALL, None).items) is None


# ---- what is shown ---------------------------------------------------------------------------------------------


def test_an_item_leads_to_the_exhibit_that_shows_what_it_rests_on_a_judgement_nowhere():
    war = {**WAR, "exhibit": "market.chart"}
    reports = {"market": report("market", war)}
    plain = swot.picture(swot.analyse(reports, ALL, None)).findings[1]
    assert (plain.key, plain.source) == ("swot.t.price_war", ("market", "market.chart"))
    bare = swot.picture(swot.analyse({"market": report("market", WAR)}, ALL, None)).findings[1]
    assert bare.source == ("market", None)
    own = swot.analyse({}, ALL, sheet({"key": "团队稳定", "kind": "S", "text_zh": "团队稳定", "by": "李"}))
    assert swot.picture(own).findings[1].source is None


def test_the_picture_has_four_sides_and_every_item_its_size_and_source():
    war = {**WAR, "exhibit": "market.chart"}
    reports = {"review": report("review", MISSED), "market": report("market", war), "campaign": None}
    shown = swot.picture(swot.analyse(reports, ALL, None))
    assert [c["tone"] for c in shown.exhibits[0].options["cells"]] == ["S", "W", "O", "T"]
    words = Words("zh")
    said = {f.key: words.sentence(f.evidence.sentence, f.evidence.args) for f in shown.findings if f.evidence}
    assert said["swot.t.price_war"] == "幅度−18.0%；见市场与竞品分析的图1"
    assert said["swot.w.goal"] == "幅度−10.0%；见月度运营报告"
    absent = next(f for f in shown.findings if f.key == "swot.absent")
    assert words.sentence(absent.sentence, absent.args) == "缺活动复盘，相应的条目没有列入"


def test_without_any_item_it_says_what_would_bring_one():
    shown = swot.picture(swot.analyse({"review": None}, ALL, None))
    assert [m.reason.sentence for m in shown.missing] == ["s.none.reports"] and not shown.findings


def test_pest_is_shown_where_the_consultant_asks_for_it():
    said = sheet({"key": "law", "kind": "T", "text_zh": "新规", "by": "张三", "pest": "P"})
    with_it, without = (swot.picture(swot.analyse(BEATEN, ALL, s)).exhibits for s in (said, None))
    (pest,) = [e for e in with_it if e.key == "swot.pest"]
    assert [row[0] for row in pest.table.rows] == ["swot.pest.P", "swot.pest.E", "swot.pest.E"]
    assert "swot.pest" not in {e.key for e in without}
