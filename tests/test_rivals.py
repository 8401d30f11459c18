"""Rivals: like prices only, one snapshot of sales, moves of the same items, and what is withheld."""

import datetime as dt
import math

import pandas as pd
import pytest

from kit.analyses import rivals
from kit.analyses.rivals.sentences import slug
from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.client import Thresholds
from kit.findings import Kind, Severity, Soundness
from kit.text import Words

NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
COLUMNS = ("date", "brand", "item_id", "title", "price_list", "price_page", "sales", "comments")
# Two snapshots; 露倾 cuts three of its four items, the own brand raises one.
FIRST, LAST = "2024-11-04", "2024-11-30"
LATER = (
    (LAST, "青禾", "1", "青禾精华甲", 200.0, 110.0, 40.0, 9.0),
    (LAST, "青禾", "2", "青禾精华乙", 200.0, 150.0, 10.0, 3.0),
    (LAST, "青禾", "3", "青禾精华丙", None, 130.0, 20.0, 2.0),
    (LAST, "露倾", "4", "露倾精华甲", 120.0, 90.0, 100.0, 5.0),
    (LAST, "露倾", "5", "露倾精华乙", 120.0, 80.0, 30.0, 5.0),
    (LAST, "露倾", "6", "露倾精华丙", 120.0, 85.0, 20.0, 5.0),
    (LAST, "露倾", "7", "露倾精华丁", 120.0, 100.0, 10.0, 5.0),
    (LAST, "素集", "8", "素集精华甲", 99.0, 89.0, None, 1.0),
)
BEFORE = {"1": 100.0, "2": 150.0, "3": 130.0, "4": 100.0, "5": 100.0, "6": 100.0, "7": 100.0, "8": 89.0}


def listings(kind="rolling_30d", rows=LATER, before=BEFORE, dates=(FIRST,)):
    earlier = [(d, *row[1:5], before[row[2]], *row[6:]) for d in dates for row in rows if row[2] in before]
    table = pd.DataFrame([*earlier, *rows], columns=COLUMNS)
    about = {"platform": "tmall", "shop": "tmall", "sales_kind": kind, "date": pd.to_datetime(table["date"])}
    return table.assign(**about).astype({"sales": float})


def analysed(table=None, own=("青禾",), **more):
    return rivals.analyse(listings() if table is None else table, own, *NOV, **more)


def field(table=None, **more):
    return analysed(table, **more).fields[0]


def brand(name, table=None, **more):
    return next(b for b in field(table, **more).brands if b.name == name)


def findings(table=None, **more):
    return {f.key.removeprefix("market.rivals.tmall."): f for f in rivals.show(analysed(table, **more)).findings}


def said(finding, locale="zh"):
    return Words(locale).sentence(finding.sentence, finding.args)


def exhibit(name, table=None, **more):
    shown = rivals.show(analysed(table, **more))
    return next((e for e in shown.exhibits if e.key == f"market.rivals.tmall.{name}"), None)


# ---- sales and ranks -----------------------------------------------------------------------------------------


def test_a_brands_sales_are_price_times_counter_of_the_last_snapshot_only():
    assert brand("青禾").sales == pytest.approx(110 * 40 + 150 * 10 + 130 * 20)
    assert brand("青禾", listings(dates=("2024-11-04", "2024-11-11", "2024-11-18"))).sales == brand("青禾").sales


def test_brands_rank_by_estimated_sales_and_those_without_a_counter_have_neither_rank_nor_share():
    assert [(b.name, b.rank) for b in field().brands] == [("露倾", 1), ("青禾", 2), ("素集", None)]
    assert brand("素集").share is None and brand("素集").sales is None
    assert sum(b.share or 0 for b in field().brands) == pytest.approx(1)


def test_the_own_rank_names_metric_field_and_platform():
    rank = findings()["rank"]
    assert said(rank) == "青禾在天猫排第2位（共2个品牌），占销售额37.6%（按页面价和近三十天滚动销量估算）"
    assert said(rank, "en").startswith(
        "青禾 ranks 2 of 2 brands on Tmall with 37.6% of sales, estimated from page price"
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: t[t["brand"] != "青禾"], "m.norank.absent"),
        (lambda t: t.assign(sales=t["sales"].where(t["brand"] != "青禾")), "m.norank.nosales"),
        (lambda t: t.assign(sales=None).astype({"sales": float}), "m.norank.nocounter"),
    ],
)
def test_a_rank_that_cannot_be_given_says_why(change, sentence):
    rank = findings(change(listings()))["rank"]
    assert rank.sentence == sentence and rank.verdict == Verdict.NONE and rank.value is None


def test_all_names_of_the_own_brand_are_one_brand():
    table = listings().assign(brand=lambda t: t["brand"].where(t["item_id"] != "2", " QINGHE "))
    own = brand("青禾", table, own=("青禾", "Qinghe"))
    assert own.own and own.listings == 3


def test_the_table_holds_the_first_brands_and_the_own_row_marked():
    shown = exhibit("table", top=1).table
    assert [row[1] for row in shown.rows] == ["露倾", "青禾"] and shown.marks == {1: "own"}


# ---- prices ----------------------------------------------------------------------------------------------------


def test_prices_are_of_one_kind_and_a_brand_without_it_has_none():
    table = listings().assign(price_coupon=lambda t: (t["price_page"] - 5).where(t["brand"] != "素集"))
    assert (
        brand("青禾", table, price_kind="coupon").price == 125
        and brand("素集", table, price_kind="coupon").price is None
    )
    (note,) = [n for n in exhibit("table", table, price_kind="coupon").notes if n.sentence == "note.market.gap.nokind"]
    assert Words("zh").sentence(note.sentence, note.args) == "素集没有券后价，不拿其他价格代替"


def test_the_discount_is_one_less_price_over_list_price_where_both_are_stated():
    assert brand("青禾").discount == pytest.approx((0.45 + 0.25) / 2)


def test_a_list_price_under_the_price_is_no_list_price():
    table = listings().assign(price_list=50.0)
    assert brand("青禾", table).discount is None


def test_the_own_median_stands_against_the_median_of_all_rivals_listings():
    price = findings()["price"]
    assert said(price) == "青禾页面价中位数￥130，竞品为￥89，高46.1%"
    assert (price.verdict, price.baseline) == (Verdict.ABOVE, 89)


def test_a_price_change_is_over_the_items_in_both_snapshots_by_what_they_sold():
    before = {k: v for k, v in BEFORE.items() if k != "7"}
    found = brand("露倾", listings(before=before))
    change = math.exp((100 * math.log(0.9) + 30 * math.log(0.8) + 20 * math.log(0.85)) / 150) - 1
    assert (found.moves.paired, found.change) == (3, pytest.approx(change))


def test_a_column_of_prices_that_did_not_move_is_left_out_with_its_note():
    still = {row[2]: row[5] for row in LATER}
    assert "price_change" in [c.name for c in exhibit("table").table.columns]
    shown = exhibit("table", listings(before=still))
    assert "price_change" not in [c.name for c in shown.table.columns]
    assert "note.market.change" not in [n.sentence for n in shown.notes]


def test_fewer_than_three_items_in_both_snapshots_give_no_price_move():
    before = {k: v for k, v in BEFORE.items() if k not in ("2", "3")}
    assert brand("青禾", listings(before=before)).moves is None
    notes = [n.sentence for n in exhibit("table", listings(before=before)).notes]
    assert "note.market.gap.nopairs" in notes


def test_a_cut_states_kind_size_items_date_and_the_own_move_beside_it():
    cut = findings()["cut.u9732u503e"]
    assert said(cut) == "2024年11月30日起，露倾将页面价下调15.0%，涉及3款；青禾同期1款调价，中位数上调10.0%"
    assert (
        said(cut, "en")
        == "露倾 cut its page price by 15.0% on 3 items from 30 Nov 2024; 青禾 changed 1, by a median rise of 10.0%"
    )
    assert (cut.kind, cut.verdict, cut.severity) == (Kind.THREAT, Verdict.CUT, Severity.HIGH)


def test_a_cut_is_dated_by_the_first_snapshot_from_which_it_holds():
    lower = {**BEFORE, "4": 90.0, "5": 80.0, "6": 85.0}
    middle = listings(before=lower, dates=("2024-11-11", "2024-11-18"))
    table = pd.concat([listings(), middle[middle["date"] < LAST]])
    assert brand("露倾", table).moves.since == dt.date(2024, 11, 11)


def test_prices_are_compared_with_the_last_snapshot_before_the_period_when_there_is_one():
    table = listings(dates=("2024-10-28", "2024-11-30"))
    assert field(table[~((table["date"] == LAST) & table["item_id"].duplicated(keep="last"))]).base == dt.date(
        2024, 10, 28
    )
    assert field(listings(dates=("2024-09-02", FIRST))).base == dt.date(2024, 11, 4)


def test_an_own_brand_that_moved_no_price_is_said_to_have_made_no_change():
    cut = findings(listings(before={**BEFORE, "1": 110.0}))["cut.u9732u503e"]
    assert said(cut).endswith("青禾同期未调价")


def test_two_items_cut_are_no_price_cut_of_the_brand():
    found = findings(listings(before={**BEFORE, "6": 85.0}))
    assert said(found["cut"]) == "2024年11月4日至2024年11月30日，没有竞品将3款及以上商品的页面价下调5%或更多"
    assert exhibit("moves", listings(before={**BEFORE, "6": 85.0})) is None


def test_the_threshold_of_a_cut_is_the_clients():
    assert "cut.u9732u503e" not in findings(price_cut=0.16)


def test_one_snapshot_has_no_price_moves_and_claims_none():
    found = findings(listings(dates=()))
    assert not [key for key in found if key.startswith("cut")] and brand("露倾", listings(dates=())).moves is None


# ---- main sellers, limits, what lacks --------------------------------------------------------------------------


def test_the_main_seller_is_the_item_with_the_largest_counter_and_its_title_is_data():
    hostile = "**<script>#read"
    table = listings().assign(title=lambda t: t["title"].where(t["item_id"] != "4", hostile))
    assert brand("露倾", table).best.title == hostile
    assert [row[1] for row in exhibit("best", table).table.rows] == [hostile, "青禾精华甲"]


@pytest.mark.parametrize("kind", ["rolling_30d", "cumulative", "counter"])
def test_what_a_counter_means_is_a_limit_of_its_own(kind):
    counter = findings(listings(kind))["counter"]
    assert counter.sentence == f"m.snap.{kind}" and counter.verdict == Soundness.LIMITED and counter.kind == Kind.DATA
    assert "不能相加" in said(counter)


def test_running_totals_that_fall_are_counted_and_rolling_ones_may_fall():
    def fallen(kind):
        table = listings(kind)
        return findings(
            table.assign(sales=table["sales"].where((table["date"] == LAST) | (table["item_id"] != "4"), 999.0))
        )

    assert (
        said(fallen("cumulative")["falls"]) == "页面销量的7次复读里有1次低于上一次（14.29%），只用单次快照，不推算增减"
    )
    assert "falls" not in fallen("rolling_30d")


def test_fewer_listings_than_the_snapshot_before_are_noticed():
    table = listings()
    table = table[(table["date"] == FIRST) | table["item_id"].isin(["1", "2", "4"])]
    found = findings(table)["fewer"]
    assert said(found).startswith("天猫在售商品由8款减至3款（2024年11月30日快照），减少62.5%")
    assert [row[1] for row in exhibit("counts", table).table.rows] == [8, 3]
    assert "fewer" not in findings(table, listing_drop=0.7)


def test_the_own_brand_is_called_by_the_clients_name_in_each_language():
    named = {"name": {"zh": "青禾护肤", "en": "Qinghe Skincare"}}
    rank, cut = findings(**named)["rank"], findings(**named)["cut.u9732u503e"]
    assert said(rank).startswith("青禾护肤在天猫排第2位") and said(rank, "en").startswith(
        "Qinghe Skincare ranks 2 of 2"
    )
    assert "；青禾护肤同期1款调价" in said(cut) and "; Qinghe Skincare changed 1" in said(cut, "en")
    field_table = rivals.show(analysed(**named)).exhibits[0].table
    assert [row[1] for row in field_table.rows] == ["露倾", named["name"], "素集"]


def test_only_the_weightiest_cut_repeats_what_the_own_brand_did():
    rows = [(LAST, "悦妍", str(n), "悦妍精华", 99.0, 90.0, 1.0, 1.0) for n in range(20, 23)]
    table = listings(rows=(*LATER, *rows), before=BEFORE | {str(n): 100.0 for n in range(20, 23)})
    found = {key: f.sentence for key, f in findings(table).items() if key.startswith("cut.")}
    assert found == {"cut.u9732u503e": "m.cut", "cut.u60a6u598d": "m.cutonly"}


def test_key_figures_are_the_own_rank_and_the_own_price_beside_the_rivals():
    rank, price = rivals.show(analysed()).kpis
    assert (rank.value.value, rank.changes[0][1].value) == (2, 2)
    assert (price.label, price.value.value, price.changes[0][1].value) == ("kpi.price.page", 130, 89)


def test_without_a_snapshot_in_the_period_the_days_there_are_are_named():
    (missing,) = rivals.show(rivals.analyse(listings(), ["青禾"], dt.date(2023, 1, 1), dt.date(2023, 1, 31))).missing
    text = Words("zh").sentence(missing.reason.sentence, missing.reason.args)
    assert text.startswith("竞品快照只有2024年11月4日至30日的")


def test_defaults_are_those_of_the_clients_thresholds():
    defaults, limits = rivals.analyse.__kwdefaults__, Thresholds()
    assert (defaults["price_cut"], defaults["listing_drop"]) == (limits.price_cut, limits.listing_drop)


def test_a_brands_key_is_a_slug_and_no_two_brands_share_one():
    names = ["露倾", "SK-II", "SKII", "L'OREAL", "A B", "A_B", "AB"]
    slugs = [slug(name) for name in names]
    assert slugs[:3] == ["u9732u503e", "sku2dii", "skii"] and len(set(slugs)) == len(names)
    assert all(s.isascii() and s.replace("_", "").isalnum() for s in slugs)
