"""White space: which cell is a gap, which is not, and what is withheld."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from titled import EDGES, market

from kit.analyses import white_space
from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.client import Thresholds
from kit.findings import Kind
from kit.text import Words

NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
ABOUT = {"category": "精华", "price_edges": EDGES}
GAP = {"cell": 1.6, "rare": 0.5, "spread": 0.5}


def result(table, **more):
    return white_space.analyse(table, *NOV, **ABOUT | more)


def cells(table, **more):
    return result(table, **more).platforms[0].cells


def called(table, **more):
    return [(cell.need, cell.low) for cell in cells(table, **more) if cell.called]


def findings(table, **more):
    return {f.sentence: f for f in white_space.show(result(table, **more)).findings}


def said(finding, locale="zh"):
    return Words(locale).sentence(finding.sentence, finding.args)


@pytest.fixture(scope="module")
def planted():
    return market(1, count=600, **GAP)


def test_a_planted_gap_is_found_and_no_other_cell_is_called():
    found = [called(market(seed, count=600, **GAP)) for seed in range(8)]
    assert sum(one == [("敏感肌", 100.0)] for one in found) >= 6
    assert all(one in ([], [("敏感肌", 100.0)]) for one in found)


@pytest.mark.parametrize("world", [{}, {"bands": 1.0}, {"unlike": 0.4}], ids=["alike", "bands differ", "brands differ"])
def test_a_market_without_gaps_calls_none_beyond_the_stated_error(world):
    """``bands``: whole price bands that sell well; ``unlike``: words that are worth something to single brands."""
    assert np.mean([bool(called(market(seed, count=300, **world))) for seed in range(20)]) <= 0.05


def test_a_band_of_dear_goods_that_sells_no_more_pieces_has_no_gap():
    table = market(2, count=600, rare=0.5)
    inside = table["title"].str.contains("敏感肌") & table["price_page"].between(100, 149.9)
    table["price_page"] = table["price_page"].where(~inside, table["price_page"] * 8)
    table["sales"] = (1000 * np.exp(np.random.default_rng(0).normal(0, 0.2, len(table)))).round()
    assert called(table, price_edges=(0, 50, 100, 150, 200, 800)) == []


def test_a_cell_with_as_many_offers_as_elsewhere_is_measured_and_never_called():
    table = market(1, count=600, cell=1.6, rare=2.0, spread=0.5)
    (cell,) = [c for c in cells(table) if (c.need, c.low) == ("敏感肌", 100.0)]
    assert not cell.rare and cell.money.value > 2 and cell.p_value is None and not cell.called


def test_a_need_that_sells_more_everywhere_leaves_no_surplus_of_its_own():
    table = market(3, count=600, worth=(1.2,), rare=0.5, spread=0.4)
    (cell,) = [c for c in cells(table) if (c.need, c.low) == ("敏感肌", 100.0)]
    assert cell.beside.low > 1 and cell.surplus.low < 1 < cell.surplus.high


def test_a_gap_states_offers_and_sales_its_ranges_and_a_next_step(planted):
    found = findings(planted)["m.white"]
    (cell,) = [c for c in cells(planted) if c.called]
    x = Words("zh").value({"value": cell.money.value, "unit": "times"})
    assert found.key == "market.white.tmall.100_150.u654fu611fu808c" and found.kind == Kind.OPPORTUNITY
    assert said(found) == f"￥100–149×敏感肌：在售{cell.listings}款，每款销售额约为同品牌其他商品的{x}倍，可先小批试款"
    assert said(found, "en") == (
        f"¥100–149 × 敏感肌: {cell.listings} listings on sale, each selling about {x} times what its brand's others do; "
        "worth a small trial"
    )
    assert found.low > 1 and found.verdict == Verdict.GAP and found.action.sentence == "m.whitetry"
    assert Words("zh").sentence(found.evidence.sentence, found.evidence.args).startswith("数据支持的范围")


def test_when_nothing_stands_out_that_is_the_message_and_the_leading_cells_are_said_to_be_open():
    found = findings(market(4))
    none, lead = found["m.nowhite"], found["m.whitelead"]
    tests = result(market(4)).platforms[0].judged.tests
    assert said(none) == f"{tests}个在售偏少的组合里没有空白点超出偶然范围（450款、15个品牌），暂不建议据此上新"
    assert said(none, "en").startswith(f"None of {tests} combinations with few offers stands out beyond chance")
    assert said(lead) == "证据排在前面的组合有2个，都不能确认是空白点"
    assert said(lead, "en") == "Combinations put first by the evidence: 2, none of which can be called a gap"
    assert none.verdict == Verdict.BALANCED


def test_the_leading_cells_are_given_with_their_ranges(planted):
    map_, table = white_space.show(result(planted)).exhibits
    assert (map_.form, table.form) == ("heat_map", "table") and 1 <= len(table.table.rows) <= 3
    assert [map_.table.rows[n][:2] for n in map_.options["highlight"]] == [("敏感肌", {"low": 100, "high": 150})]
    names = [column.name for column in table.table.columns]
    first = dict(zip(names, table.table.rows[0], strict=True))
    assert first["need"] == "敏感肌" and first["ratio_low"] > 1 and first["beside_low"] > 1
    assert first["listings"] < first["expected"]


def test_cells_that_are_thin_are_withheld_and_counted_with_those_of_nothing(planted):
    thin = [cell for cell in cells(planted) if cell.money is None]
    assert thin and all(cell.p_value is None and not cell.called for cell in thin)
    many = findings(planted, min_cell_listings=40)["m.whitethin"]
    empty = sum(cell.listings == 0 for cell in cells(planted))
    assert many.args["n"].value > len(thin) and many.args["m"].value == empty


@pytest.mark.parametrize(
    ("change", "sentence", "zh"),
    [
        ({"sales": None}, "m.white.nosales", "竞品快照没有销量，需求无从判断，空白点暂不判断"),
        ({"price_page": None}, "m.white.noprice", "竞品快照没有价格，空白点暂不判断"),
        ({"title": "精华液"}, "m.white.noneeds", "标题里没有用得足够多的卖点词，空白点暂不判断"),
    ],
)
def test_what_cannot_be_told_is_refused_in_words(planted, change, sentence, zh):
    shown = white_space.show(result(planted.assign(**change)))
    (refused,) = shown.findings
    assert (refused.sentence, said(refused), refused.verdict, shown.exhibits) == (sentence, zh, Verdict.NONE, ())


def test_too_few_listings_or_too_few_in_every_cell_are_refused_in_words(planted):
    assert (
        said(findings(planted.iloc[:49])["m.white.few"]) == "有价格和销量的商品只有49款（至少要50款），空白点暂不判断"
    )
    small = findings(planted, min_cell_listings=400)["m.white.small"]
    assert said(small) == "按价格带和卖点分开后，各组合的商品或品牌都太少，空白点暂不判断"


def test_configured_needs_go_before_the_words_of_titles(planted):
    found = result(planted, needs=["敏感肌", "熬夜"]).platforms[0]
    assert {cell.need for cell in found.cells} == {"敏感肌", "熬夜"}
    notes = [n.sentence for n in white_space.show(result(planted, needs=["敏感肌"])).exhibits[0].notes]
    assert "note.market.needs.named" in notes


def test_what_sells_has_no_part_in_which_needs_are_looked_at(planted):
    needs = {cell.need for cell in cells(planted)}
    other = planted.assign(sales=planted["sales"].to_numpy()[::-1])
    assert {cell.need for cell in cells(other)} == needs


def test_without_a_snapshot_in_the_period_the_days_there_are_are_named(planted):
    (missing,) = white_space.show(result(planted.assign(date=pd.Timestamp("2024-09-02")))).missing
    text = Words("zh").sentence(missing.reason.sentence, missing.reason.args)
    assert text == "竞品快照只有2024年9月2日的，本期没有，无法判断哪个价格带的哪个卖点有空白"


def test_defaults_are_those_of_the_clients_thresholds():
    defaults, limits = white_space.analyse.__kwdefaults__, Thresholds()
    names = ("min_listings", "min_word_listings", "min_word_brands", "min_cell_listings", "false_discovery")
    assert {n: defaults[n] for n in names} == {n: getattr(limits, n) for n in names}
