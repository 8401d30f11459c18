"""The driver tree: sums to the cent, what compares with what, mix apart from rate, and what is left out and said."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from worded import keyed, left_alone, said, whole

from kit import calendar, store
from kit.analyses import drivers
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.client import Client
from kit.findings import Severity, Soundness
from kit.text import Words

WEEK = dt.date(2024, 9, 2), dt.date(2024, 9, 3)
NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
NONE = calendar.promotions([], *NOV)
NAMES = {"a": {"zh": "甲店", "en": "Shop A"}, "b": {"zh": "乙店", "en": "Shop B"}}
DAYS = ["2024-08-31", "2024-09-01", "2024-09-02", "2024-09-03"]


def daily(shop="a", platform="tmall", visitors=(5000, 5000, 6000, 6000), buyers=(100, 100, 108, 108), **more):
    """Two days and the two before them: by default the check figures of the bridge."""
    amount = more.pop("amount", (10_000, 10_000, 12_960, 12_960))
    about = {"platform": platform, "shop": shop, "date": pd.to_datetime(more.pop("days", DAYS))}
    return pd.DataFrame({**about, "visitors": visitors, "pay_buyers": buyers, "pay_amount": amount, **more}).astype(
        {c: float for c in ("visitors", "pay_buyers", "pay_amount")}
    )


def month(first, days, visitors, buyers, amount, shop="a"):
    at = [str(d.date()) for d in pd.date_range(first, periods=days)]
    return daily(shop, visitors=[visitors] * days, buyers=[buyers] * days, amount=[amount] * days, days=at)


def result(table, days=WEEK, promotions=NONE, **more):
    missed = more.pop("missed", None)
    return drivers.analyse({"shop_daily": table, **more}, promotions, *days, NAMES, missed)


def findings(*args, **more):
    return keyed(drivers.show(result(*args, **more)).findings, "review.drivers.")


def exhibits(*args, **more):
    return keyed(drivers.show(result(*args, **more)).exhibits, "review.drivers.")


# ---- the tree --------------------------------------------------------------------------------------------


def test_the_check_figures_of_the_bridge_come_out_to_the_cent():
    (tree,) = result(daily()).trees
    assert tree.effects == {"visitors": 4162.81, "pay_cvr": -2405.62, "revenue_per_buyer": 4162.81}
    assert (tree.before, tree.now, tree.change) == (20_000, 25_920, 5_920)


def test_the_sentence_names_the_largest_part_first_and_its_parts_add_up():
    found = findings(daily())["previous.tree"]
    assert said(found) == (
        "2024年9月2日至3日支付金额较2024年8月31日至9月1日+￥5,900：访客数+￥4,200，客单价+￥4,100，支付转化率−￥2,400"
    )
    assert said(found, "en").startswith("Paid sales for 2–3 Sep 2024 +¥5,900 on 31 Aug to 1 Sep 2024: visitors +¥4,200")
    assert (found.verdict, found.value, found.baseline) == (Verdict.ROSE, 5920, None)


def test_the_table_of_factors_is_headed_by_what_they_stood_at_and_not_by_the_tree_again():
    found = findings(daily())["previous.levels"]
    assert said(found) == "甲店：日均访客数由5,000到6,000，支付转化率由2.00%到1.80%，客单价由￥100到￥120"
    assert exhibits(daily())["previous.factors"].findings == ("review.drivers.previous.levels",)


def test_visitors_are_not_added_over_shops_their_effects_are():
    both = pd.concat([daily(), daily("b", "jd", buyers=(50, 50, 200, 200))])
    (tree,), (alone,) = result(both).trees, result(daily()).trees
    assert [s.shop for s in tree.shops] == ["a", "b"]
    assert tree.effects["visitors"] == pytest.approx(alone.effects["visitors"] + tree.shops[1].effects["visitors"])
    heads = [c.name for c in exhibits(both)["previous.factors"].table.columns]
    assert "visitors_now" in heads and len(exhibits(both)["previous.factors"].table.rows) == 2


def test_every_shop_and_the_total_add_up_to_the_cent():
    rng = np.random.default_rng(5)
    tables = [
        daily(
            f"s{n}", visitors=rng.integers(100, 9000, 4), buyers=rng.integers(1, 90, 4), amount=rng.uniform(9, 9e6, 4)
        )
        for n in range(30)
    ]
    (tree,) = result(pd.concat(tables)).trees
    for shop in tree.shops:
        assert round(sum(shop.effects.values()), 2) == round(shop.now.amount - shop.before.amount, 2)
    assert round(sum(tree.effects.values()), 2) == tree.change


def test_what_is_shown_adds_up_in_the_waterfall_and_in_every_row_of_the_shops():
    both = pd.concat([daily(amount=(1e6, 1.2347e6, 2e6, 2.3456e6)), daily("b", amount=(9e5, 1e6, 7e5, 6.5e5))])
    shown = exhibits(both)
    first, *steps, last = [row[1] for row in shown["previous.tree"].table.rows]
    assert round(first / 1e3) + sum(steps) / 1e3 == pytest.approx(round(last / 1e3))
    for _, then, now, change, *parts in shown["previous.shops"].table.rows:
        assert sum(parts) == pytest.approx(change) and change == pytest.approx(now - then, abs=1e3)


def test_a_factor_that_one_shop_alone_has_is_one_number_in_its_row_and_in_the_total():
    """To the nearest step each row alone would say 155.6 and all shops 155.7."""
    days = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
    with_visitors = [month("2024-10-01", 31, 28109, 789, 173274.5), month("2024-11-01", 30, 35125, 1327, 296511.2)]
    without = [
        month(f, n, None, b, p, "b")
        for f, n, b, p in (("2024-10-01", 31, 541, 88473.4), ("2024-11-01", 30, 510, 83988.6))
    ]
    shown = exhibits(pd.concat([*with_visitors, *without]), days)["previous.shops"].table
    *shops, whole = [row[3:] for row in shown.rows]
    for parts, total in zip(zip(*shops, strict=True), whole, strict=True):
        assert round(sum(part or 0 for part in parts) / 1e3) == round(total / 1e3)


def test_months_of_unequal_length_have_their_days_as_a_factor():
    table = pd.concat([month("2024-08-01", 31, 1000, 20, 2000), month("2024-09-01", 30, 1000, 20, 2000)])
    (tree,) = result(table, (dt.date(2024, 9, 1), dt.date(2024, 9, 30))).trees
    assert tree.effects == {"days": -2000, "visitors": 0, "pay_cvr": 0, "revenue_per_buyer": 0}
    table = exhibits(table, (dt.date(2024, 9, 1), dt.date(2024, 9, 30)))["previous.factors"].table
    assert table.rows[0][1:3] == (1000, 1000)


def test_a_shop_without_visitors_is_split_over_buyers_and_one_without_buyers_not_at_all():
    blind = daily("b").assign(visitors=None).astype({"visitors": float})
    assert set(result(blind).trees[0].effects) == {"buyers", "revenue_per_buyer"}
    none = blind.assign(pay_buyers=None).astype({"pay_buyers": float})
    assert result(none).trees[0].effects == {"unsplit": 5920}
    assert said(findings(none)["previous.tree"]).endswith("未拆分+￥5,900")


def test_a_shop_of_which_there_are_orders_alone_is_split_over_orders_and_order_value():
    at = pd.to_datetime([f"{day} 12:00" for day in DAYS for _ in range(2 if day < "2024-09-02" else 3)])
    table = pd.DataFrame({"platform": "other", "shop": "a", "created_at": at, "paid_at": at, "counted": True})
    table = table.assign(refund_amount=0.0, aftersale="none")
    table = table.assign(order_id=table.index.astype(str), paid_amount=100.0, buyer_key=table.index.astype(str))
    (tree,) = result(None, orders=table).trees
    assert tree.effects == {"orders": 200, "order_value": 0}


def test_a_month_level_row_with_unique_visitors_wins_and_is_said():
    table = pd.concat([month("2024-08-01", 31, 1000, 20, 2000), month("2024-09-01", 30, 1000, 20, 2000)])
    whole = pd.DataFrame(
        {
            "platform": "tmall",
            "shop": "a",
            "start": pd.to_datetime(["2024-08-01", "2024-09-01"]),
            "end": pd.to_datetime(["2024-08-31", "2024-09-30"]),
            "visitors": [15_500.0, 20_000.0],
            "pay_buyers": [500.0, 480.0],
            "pay_amount": [62_000.0, 60_000.0],
        }
    )
    span = dt.date(2024, 9, 1), dt.date(2024, 9, 30)
    (tree,) = result(table, span, shop_period=whole).trees
    assert tree.shops[0].once and set(tree.effects) == {"visitors", "pay_cvr", "revenue_per_buyer"}
    notes = [n.sentence for n in exhibits(table, span, shop_period=whole)["previous.tree"].notes]
    assert "note.review.drivers.once" in notes
    assert not result(table, span, shop_period=whole[:1]).trees[0].shops[0].once


def test_a_shop_with_a_missing_day_is_in_no_sum_and_named():
    both = pd.concat([daily(), daily("b")[1:]])
    found = findings(both)
    assert found["previous.lacking"].verdict == Soundness.LIMITED and "乙店" in said(found["previous.lacking"])
    assert result(both).trees[0].change == 5920


def test_without_any_base_the_change_is_not_split_and_that_is_said():
    shown = drivers.show(result(daily()[2:]))
    (missing,) = shown.missing
    assert shown.findings == () and missing.key == "review.drivers"
    assert said(missing.reason).startswith("2024年9月2日至3日的变动暂不拆解：没有一家店铺在本期和对照期")


def test_a_month_so_far_compares_with_the_same_dates_of_the_month_before():
    table = pd.concat([month("2024-08-01", 31, 1000, 20, 2000), month("2024-09-01", 12, 1000, 20, 2200)])
    (tree,) = result(table, (dt.date(2024, 9, 1), dt.date(2024, 9, 30))).trees
    assert (tree.base.then.start.day, tree.base.then.end.day, tree.base.now.end.day) == (1, 12, 12)
    assert tree.change == 12 * 200


def test_an_unmoved_shop_is_level():
    found = findings(daily(visitors=[5000] * 4, buyers=[100] * 4, amount=[10_000] * 4))["previous.tree"]
    assert found.verdict == Verdict.LEVEL and "与2024年8月31日至9月1日持平" in said(found)


def test_a_fall_of_a_tenth_on_the_year_before_is_a_threat_of_medium_severity():
    table = pd.concat([month("2023-09-01", 30, 1000, 20, 2000), month("2024-09-01", 30, 1000, 20, 1700)])
    found = findings(table, (dt.date(2024, 9, 1), dt.date(2024, 9, 30)))["year.tree"]
    assert (found.verdict, found.severity) == (Verdict.FELL, Severity.MEDIUM)


# ---- a goal that was missed ------------------------------------------------------------------------------


SEPTEMBER = dt.date(2024, 9, 1), dt.date(2024, 9, 30)


def year(shop="a", then=2000, now=1700, before=1800):
    """A shop's August, September and the September a year before, by what it took a day."""
    amounts = (("2023-09-01", 30, then), ("2024-08-01", 31, before), ("2024-09-01", 30, now))
    return pd.concat([month(first, days, 1000, 20, amount, shop) for first, days, amount in amounts])


def test_what_moved_the_shop_furthest_from_a_missed_goal_weighs_as_much_as_the_miss_and_is_its_row_of_the_table():
    both = pd.concat([year(), year("b", now=3000)])
    shown = drivers.show(result(both, SEPTEMBER, missed=("a", Severity.HIGH)))
    (short,) = (f for f in shown.findings if f.severity == Severity.HIGH)
    assert (short.key, short.verdict, short.exhibit) == (
        "review.drivers.year.short", Verdict.FELL, "review.drivers.year.shops"
    )  # fmt: skip
    assert said(short) == "2024年9月甲店支付金额较去年同期−￥9,000：客单价−￥9,000，访客数持平，支付转化率持平"
    assert said(short.evidence) == "该店与目标差得较多；客单价由￥100到￥85"
    (table,) = (e.table for e in shown.exhibits if e.key == short.exhibit)
    row = dict(zip([c.name for c in table.columns], table.rows[0], strict=True))
    assert (row["change"], row["revenue_per_buyer"]) == (short.value, short.value) == (-9000, -9000)


@pytest.mark.parametrize(
    ("table", "missed", "key"),
    [
        (year(), ("a", Severity.HIGH), "year.tree"),
        (pd.concat([year(), year("b")]), ("", Severity.HIGH), "year.tree"),
        (year()[30:], ("a", Severity.HIGH), "previous.tree"),
        (year(before=1600)[30:], ("a", Severity.HIGH), None),
        (pd.concat([year(), year("b")]), ("gone", Severity.HIGH), None),
        (pd.concat([year(), year("b")]), None, None),
    ],
    ids=["one shop", "no shop in question", "no year before", "it sold more", "no such shop", "no goal missed"],
)
def test_of_a_missed_goal_one_comparison_is_told_first_and_it_is_one_that_can_say_why(table, missed, key):
    heavy = [f.key for f in drivers.show(result(table, SEPTEMBER, missed=missed)).findings if f.severity == "high"]
    assert heavy == ([f"review.drivers.{key}"] if key else [])


# ---- sources, items --------------------------------------------------------------------------------------


def sources(visits, buyers):
    rows = [("2024-08-31", "2024-09-01", n) for n in ("搜索", "推广")] + [
        ("2024-09-02", "2024-09-03", n) for n in ("搜索", "推广")
    ]
    table = pd.DataFrame(rows, columns=["start", "end", "source_l1"])
    table[["start", "end"]] = table[["start", "end"]].apply(pd.to_datetime)
    blank = dict.fromkeys(("carrier", "source_l2", "source_l3", "source_l4"), "")
    told = {"level": 1.0, "visitors": visits, "pay_buyers": buyers, "pay_amount": float("nan")}
    return table.assign(platform="tmall", shop="a", **blank, **told)


def test_a_rate_that_fell_by_mix_alone_is_told_as_mix():
    table = sources([1000.0, 1000.0, 1000.0, 3000.0], [60.0, 20.0, 60.0, 60.0])
    found = findings(daily(), traffic_source_period=table)["previous.sources.a"]
    assert said(found) == (
        "甲店各来源合计的转化率由4.00%到3.00%（较2024年8月31日至9月1日）：流量结构−1.00个百分点，各来源自身持平"
    )
    assert found.value == pytest.approx(-0.01)


def test_sources_of_one_span_only_say_nothing():
    table = sources([1000.0, 1000.0, 1000.0, 3000.0], [60.0, 20.0, 60.0, 60.0])
    page = drivers.show(result(daily(), traffic_source_period=table[:2]))
    assert [m.key for m in page.missing] == ["review.drivers.sources", "review.drivers.items"]


def items(shop="a"):
    rows = [
        (day, n, 1000.0 * k)
        for day, scale in zip(DAYS, (1, 1, 2, 3), strict=True)
        for n, k in (("x", scale), ("y", 2), ("z", 1))
    ]
    table = pd.DataFrame(rows, columns=["date", "item_id", "pay_amount"])
    return table.assign(
        date=pd.to_datetime(table["date"]), platform="tmall", shop=shop, title=table["item_id"] + "款", category="精华"
    )


def test_items_that_moved_most_are_named_and_the_table_adds_up():
    found, table = (
        findings(daily(), item_daily=items())["previous.item"],
        exhibits(daily(), item_daily=items())["previous.item"].table,
    )
    assert "x款+￥3,000，" in said(found)
    *rows, total = table.rows
    assert total[1:] == pytest.approx([sum(row[n] for row in rows) for n in (1, 2, 3)])


def test_items_with_a_day_missing_are_not_compared_and_order_lines_take_their_place():
    lines = items().rename(columns={"date": "paid_at", "pay_amount": "paid_amount"})
    lines = lines.assign(excluded=None, kind="sale", merchant_sku=None, line_amount=0.0, status=None, created_at=pd.NaT)
    made = result(daily(), item_daily=items()[3:], order_lines=lines).parts
    assert [(p.by, p.source) for p in made] == [("item", "order_lines")]
    assert result(daily(), item_daily=items()[3:]).parts == ()


def test_a_shop_of_order_lines_alone_is_split_over_orders_and_order_value():
    placed = pd.to_datetime([*(["2024-08-31"] * 4), "2024-09-02", "2024-09-02", "2024-09-03", "2024-09-03"])
    lines = pd.DataFrame({"created_at": placed, "line_amount": [10.0] * 4 + [30.0] * 4, "platform": "other"})
    lines = lines.assign(shop="a", paid_at=pd.NaT, paid_amount=None, kind="sale", excluded=None, status=None)
    names = {"order_id": list("aabbcdef"), "line_id": list("12345678"), "quantity": 1.0, "title": "品"}
    lines = lines.assign(**names, item_id="1", merchant_sku=None, category=["甲", "乙"] * 4, profit=None)
    made = result(None, order_lines=lines)
    (tree,) = made.trees
    assert (tree.before, tree.now, {*tree.effects}) == (40, 120, {"orders", "order_value"})
    assert tree.shops[0].now.factors == {"orders": 4, "order_value": 30}
    assert [(p.by, p.source) for p in made.parts] == [("item", "order_lines"), ("category", "order_lines")]
    keys = {e.key: e for e in drivers.show(made).exhibits}
    assert "review.drivers.previous.shops" not in keys, "one shop is the whole"
    assert [n.sentence for n in keys["review.drivers.previous.tree"].notes] == ["note.review.drivers.spans"]


# ---- whatever it is given ---------------------------------------------------------------------------------


def test_inputs_stay_and_everything_shown_is_worded_and_json():
    given = {"item_daily": items(), "traffic_source_period": sources([1e3, 1e3, 1e3, 3e3], [60.0, 20.0, 60.0, 60.0])}
    both = {"table": pd.concat([daily(), daily("b", buyers=(90, 90, 70, 70))])} | given
    missed = "b", Severity.HIGH
    whole(left_alone(both, lambda table, **more: drivers.show(result(table, missed=missed, **more))))


@pytest.mark.parametrize("table", [None, daily()[:0]])
def test_without_daily_figures_the_export_is_named(table):
    page = drivers.show(result(table))
    assert page.findings == () and [m.tables for m in page.missing] == [("shop_daily", "orders")]
    assert all(Words(loc).label("question.review.drivers") for loc in ("zh", "en"))


# ---- the demo --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo():
    client = Client.load("demo")
    tables = store.load(client)
    names = ("shop_daily", "shop_period", "traffic_source_period", "item_daily", "order_lines")
    promotions = calendar.promotions(["tmall", "douyin"], dt.date(2022, 1, 1), dt.date(2024, 12, 31))
    given = {name: tables.get(name) for name in names}
    return given, drivers.analyse(given, promotions, *NOV, {})


def test_the_demo_reconciles_to_its_truth_and_is_compared_by_phase(demo):
    previous, joined = demo[1].trees
    assert {s.shop: round(s.now.amount) for s in previous.shops} == {"tmall": 8_895_335, "douyin": 2_519_658}
    assert (joined.base.name, joined.base.event) == ("joined", "double_11")
    assert joined.base.then.start == dt.date(2023, 10, 1)
    for tree in (previous, joined):
        assert round(sum(tree.effects.values()), 2) == tree.change


def test_the_demo_s_items_come_from_order_lines_and_sum_to_the_shop_but_for_what_is_excluded(demo):
    (made,) = demo[1].parts
    now = sum(part.now for part in (*made.named, made.rest))
    assert made.source == "order_lines" and now == pytest.approx(8_895_335, abs=600)
