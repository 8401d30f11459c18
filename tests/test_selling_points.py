"""Selling points: which words are called, which are not, and what is withheld."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from titled import EDGES, market

from kit.analyses import selling_points
from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.client import Thresholds
from kit.findings import Severity
from kit.text import Words

NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
OWN = {"own_brands": ["品牌甲"], "category": "精华", "price_edges": EDGES}
EFFECTS = (0.6, -0.5)
"""Of 敏感肌 and 玻尿酸; all other words are worth nothing."""


def result(table, **more):
    return selling_points.analyse(table, start=NOV[0], end=NOV[1], **OWN | more)


def words(table, **more):
    return {word.term: word for word in result(table, **more).platforms[0].words}


def findings(table, **more):
    return {f.sentence: f for f in selling_points.show(result(table, **more)).findings[::-1]}


def said(finding, locale="zh"):
    return Words(locale).sentence(finding.sentence, finding.args)


@pytest.fixture(scope="module")
def planted():
    return market(1, worth=EFFECTS)


def test_what_is_planted_is_found_within_its_interval_and_nothing_else_is_called(planted):
    found = words(planted)
    assert {term for term, word in found.items() if word.called} == {"敏感肌", "玻尿酸"}
    for term, effect in zip(("敏感肌", "玻尿酸"), EFFECTS, strict=True):
        assert found[term].low < np.expm1(effect) < found[term].high
    assert all(word.called == (word.low > 0 or word.high < 0) for word in found.values())


@pytest.mark.parametrize("unlike", [0.0, 0.4])
def test_where_words_are_worth_nothing_few_reports_call_one(unlike):
    """At a rate of 5 %, one report in twenty may; ``unlike``: worth something to single brands, either way."""
    called = [any(w.called for w in words(market(seed, count=300, unlike=unlike)).values()) for seed in range(60)]
    assert np.mean(called) <= 0.1


def test_a_strong_brand_or_a_dear_band_lends_a_word_nothing():
    table = market(3)
    inside = (table["brand"] == "品牌乙") | (table["price_page"] >= 150)
    table["sales"] = table["sales"] * np.where(inside, 20, 1)
    table["title"] = table["title"].where(~inside, table["title"] + "舒缓")
    assert not any(word.called for word in words(table).values())


def test_a_word_that_sells_more_states_by_how_much_its_range_and_a_test_as_next_step(planted):
    found = selling_points.show(result(planted, name={"zh": "青禾护肤", "en": "Qinghe"})).findings[0]
    lift = words(planted)["敏感肌"]
    shown = {loc: Words(loc).value({"value": lift.lift, "unit": "growth"}) for loc in ("zh", "en")}
    assert said(found) == f"标题含“敏感肌”的商品，销量比同品牌、同价位的其他商品高{shown['zh']}"
    assert said(found, "en") == (
        f"Listings with “敏感肌” in the title sell {shown['en']} more than comparable ones of the same brand and price"
    )
    assert (found.verdict, found.severity) == (Verdict.SELLS_MORE, Severity.MEDIUM)
    assert found.action.sentence == "m.wordtry" and found.low > 0
    evidence = Words("zh").sentence(found.evidence.sentence, found.evidence.args)
    assert evidence.endswith(f"{lift.listings}款、{lift.brands}个品牌，其中青禾护肤有{lift.own}款")


def test_a_word_that_sells_less_is_said_without_a_next_step(planted):
    (found,) = [f for f in selling_points.show(result(planted)).findings if f.verdict == Verdict.SELLS_LESS]
    assert found.args["word"].value == "玻尿酸" and "低" in said(found) and found.action is None and found.high < 0


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (0.0, "销量与同品牌、同价位的其他商品持平", "sell as much as comparable ones of the same brand and price"),
        (
            2.4,
            "销量为同品牌、同价位其他商品的3.4倍",
            "sell 3.4 times as much as comparable ones of the same brand and price",
        ),
    ],
)
def test_differences_of_nothing_and_of_many_times_have_their_own_words(planted, value, zh, en):
    found = findings(planted)["m.word"]
    args = found.args | {"chg": found.args["chg"].__class__(value, "growth")}
    assert Words("zh").sentence("m.word", args).endswith(zh) and Words("en").sentence("m.word", args).endswith(en)


def test_the_rest_is_counted_and_none_at_all_is_a_finding(planted):
    assert said(findings(planted)["m.wordopen"]) == "另有6个卖点词看不出与销量有关（区间含零）"
    none = findings(market(5))["m.wordnone"]
    assert said(none) == "8个卖点词都看不出与销量有关（450款、15个品牌），暂不建议据此改标题"
    assert said(none, "en").startswith("None of 8 selling points stands out beyond chance (450 listings of 15 brands)")
    assert none.verdict == Verdict.OPEN


@pytest.mark.parametrize(
    ("change", "sentence", "zh"),
    [
        ({"sales": None}, "m.word.nosales", "竞品快照没有销量，哪些卖点卖得更多暂不判断"),
        ({"price_page": None}, "m.word.noprice", "竞品快照没有价格，不能在同价位下比较，哪些卖点卖得更多暂不判断"),
        (
            {"title": "精华液"},
            "m.word.nowords",
            "没有一个卖点词在5个品牌里各有含与不含的商品、且两边都达到20款，哪些卖点卖得更多暂不判断",
        ),
        (
            {"title": None},
            "m.word.nowords",
            "没有一个卖点词在5个品牌里各有含与不含的商品、且两边都达到20款，哪些卖点卖得更多暂不判断",
        ),
    ],
)
def test_what_cannot_be_told_is_refused_in_words(planted, change, sentence, zh):
    shown = selling_points.show(result(planted.assign(**change)))
    (refused,) = shown.findings
    assert (refused.sentence, said(refused), refused.verdict, shown.exhibits) == (sentence, zh, Verdict.NONE, ())


def test_too_few_listings_are_refused_in_words(planted):
    (few,) = selling_points.show(result(planted.iloc[:49])).findings
    assert said(few) == "有价格和销量的商品只有49款（至少要50款），哪些卖点卖得更多暂不判断"
    assert (
        said(few, "en")
        == "Only 49 listings state price and sales (50 needed): which selling points sell more is not judged"
    )


def test_a_word_needs_listings_and_brands_on_both_sides(planted):
    table = planted.assign(title=planted["title"] + "舒缓")
    few = table["brand"].isin(["品牌甲", "品牌乙", "品牌丙", "品牌丁"])
    table["title"] = table["title"].where(~few, table["title"] + "积雪草")
    assert not {"舒缓", "积雪草", "舒缓积雪草"} & set(words(table))


def test_a_word_that_always_goes_with_another_is_tested_once(planted):
    table = planted.assign(title=planted["title"].str.replace("敏感肌", "敏感肌30ml舒缓"))
    assert len({"敏感肌", "舒缓"} & set(words(table))) == 1


def test_the_words_called_stand_out_and_the_own_list_of_words_is_left_out(planted):
    (exhibit,) = selling_points.show(result(planted)).exhibits
    chosen = {exhibit.table.rows[n][0] for n in exhibit.options["highlight"]}
    assert chosen == {"敏感肌", "玻尿酸"} and exhibit.form == "intervals"
    assert [row[1] for row in exhibit.table.rows] == sorted((row[1] for row in exhibit.table.rows), reverse=True)
    assert "敏感肌" not in words(planted, stop_words=["敏感肌", "敏感"])


def test_many_counters_of_zero_are_said_to_make_differences_look_smaller(planted):
    notes = [n.sentence for n in selling_points.show(result(planted)).exhibits[0].notes]
    assert "note.market.zeros" not in notes
    table = planted.assign(sales=planted["sales"].where(planted.index % 5 > 0, 0.0))
    assert "note.market.zeros" in [n.sentence for n in selling_points.show(result(table)).exhibits[0].notes]


def test_without_a_snapshot_in_the_period_the_days_there_are_are_named(planted):
    (missing,) = selling_points.show(result(planted.assign(date=pd.Timestamp("2024-09-02")))).missing
    text = Words("zh").sentence(missing.reason.sentence, missing.reason.args)
    assert text == "竞品快照只有2024年9月2日的，本期没有，无法判断哪些卖点卖得更多"


def test_defaults_are_those_of_the_clients_thresholds():
    defaults, limits = selling_points.analyse.__kwdefaults__, Thresholds()
    names = ("min_listings", "min_word_listings", "min_word_brands", "false_discovery")
    assert {n: defaults[n] for n in names} == {n: getattr(limits, n) for n in names}
