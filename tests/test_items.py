"""Items: which table they come from, the matrix, what is unlike the rest, and refunds that stand out."""

import datetime as dt
import re

import numpy as np
import pandas as pd
import pytest
from worded import told, whole

from kit import page_table
from kit.analyses import items
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.client import Client
from kit.findings import Arg, payload
from kit.store import load
from kit.tables import TABLES, frame
from kit.text import Words

NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
SHOPS = {"tmall": {"zh": "甲店", "en": "Shop A"}}
NOV_BASE = dt.date(2024, 10, 1), dt.date(2024, 10, 12)
OCTOBER, NOVEMBER = pd.Timestamp("2024-10-01"), pd.Timestamp("2024-11-30 20:00")


def lines(*rows):
    """Order lines: code, day of payment, units, paid amount, price before discounts, and what kind if no sale."""
    columns = {name: [row[n] for row in rows] for n, name in enumerate(("merchant_sku", "paid_at", "quantity"))}
    columns |= {"paid_amount": [float(row[3]) for row in rows], "unit_price": [row[4] for row in rows]}
    columns |= {"kind": [row[5] if len(row) > 5 else "sale" for row in rows], "title": [f"品{row[0]}" for row in rows]}
    columns |= {name: ["tmall"] * len(rows) for name in ("platform", "shop")}
    return frame(TABLES["order_lines"], columns)


def months(before, now, units=100.0, price=10.0):
    """A line a month of each item, by its amounts before and now; the last sale closes November."""
    made = [(f"A{n}", OCTOBER, units, amount, price) for n, amount in enumerate(before)]
    made += [(f"A{n}", NOVEMBER, units, amount, price) for n, amount in enumerate(now)]
    return lines(*made)


def read(order_lines=None, refunds=None, daily=None):
    return items.analyse(daily, order_lines, refunds, *NOV, SHOPS)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_note_on_the_matrix_explains_its_names_and_no_others(locale):
    words = Words(locale)
    note = words.label("note.review.items.matrix")
    assert all(words.label(f"matrix.{name}") in note for name in ("hero", "riser", "sleeper"))
    assert not re.search("落后|faller", note)


def test_the_rest_of_the_items_is_found_in_the_workbook():
    args = {"n": Arg(27, "count")}
    assert Words("zh").sentence("note.review.items.rest", args) == "其余27款并作一行，逐款数字在同名Excel文件里"
    assert Words("en").sentence("note.review.items.rest", args).endswith("the workbook of this report has each of them")


def test_the_matrix_cuts_at_the_medians_of_what_sold_before():
    (one,) = read(months([100, 100, 10, 10], [200, 110, 20, 9])).shops
    assert {i.code: i.field for i in one.items} == {"A0": "hero", "A1": "faller", "A2": "riser", "A3": "sleeper"}


def test_items_that_did_not_sell_in_both_periods_cut_nothing():
    """Sparse shops: of six items two sell in both months, and the usual change is theirs."""
    (one,) = read(months([100, 100, 9, 9, 9, 9], [200, 100, 0, 0, 0, 0])).shops
    assert one.usual == 0.5 and {i.field for i in one.items[2:]} == {""}


def test_an_item_that_is_new_has_no_growth_and_one_that_is_gone_has_lost_all():
    (one,) = read(months([100, 100, 0], [200, 0, 50])).shops
    assert {i.code: i.growth for i in one.items} == {"A0": 1.0, "A2": None, "A1": -1.0}
    assert [i.code for i in one.sold] == ["A0", "A2"] and one.items[1].field == ""


@pytest.mark.parametrize(("amounts", "most"), [([80, 10, 10], 1), ([79, 11, 10], 2), ([25, 25, 25, 25], 4), ([5], 1)])
def test_most_of_the_sales_is_four_fifths(amounts, most):
    (one,) = read(months(amounts, amounts)).shops
    assert one.most == most and one.items[-1].running == pytest.approx(1)


def test_a_month_without_any_sale_has_no_items_to_show():
    gone = pd.concat([months([100, 50], []), months([], [0])], ignore_index=True)
    assert read(gone).shops == ()


def test_an_item_that_more_than_trebled_is_told_as_a_multiple():
    table = months([1000.0] * 12, [*(2000 * np.exp(np.random.default_rng(2).normal(0, 0.1, 11))), 20000.0])
    (moved,) = [f for f in items.show(read(table)).findings if f.sentence == "r.itemmoved"]
    assert "为2024年10月的20.0倍" in Words("zh").sentence(moved.sentence, moved.args)


@pytest.mark.parametrize(
    ("amounts", "shown"),
    [
        ([1000.0] * 3 + [10.0] * 37, 3),
        ([1000.0] * 40, 14),
        ([1000.0] * 3 + [10.0] * 12, 15),
        ([1000.0] * 3 + [10.0] * 13, 3),
    ],
    ids=["what brings four fifths", "no more than fourteen", "a few more take no more room", "many more do"],
)
def test_the_page_shows_the_items_that_bring_most_and_one_row_for_the_rest_and_the_json_has_all(amounts, shown):
    (table, *_) = items.show(read(months([500.0] * len(amounts), amounts))).exhibits
    page = page_table.on_page(payload(table))
    rest = len(amounts) - shown
    assert (len(table.table.rows), len(page["rows"])) == (len(amounts), shown + (rest > 0))
    amount, share, running, growth = page["rows"][-1][1:5]
    if rest:
        assert amount == pytest.approx(sum(amounts) - sum(row[1] for row in page["rows"][:-1]))
        assert (share, running) == pytest.approx((amount / sum(amounts), 1)) and growth == amount / (500 * rest) - 1
        assert {"note.review.items.rest"} == {n.sentence for n in table.notes if n.sentence.endswith(".rest")}


def test_an_item_that_moved_unlike_the_others_stands_on_the_page_however_little_it_sold():
    amounts = [100_000.0, *2000 * np.exp(np.random.default_rng(2).normal(0, 0.1, 28)), 50.0]
    (table, *_) = items.show(read(months([50_000.0, *[1000.0] * 29], amounts))).exhibits
    page = page_table.on_page(payload(table))
    assert page["rows"][-2][0] == "品A29" and page["marks"] == {str(len(page["rows"]) - 2): "own"}


def test_gifts_unpaid_and_excluded_lines_are_no_sales():
    table = lines(
        ("A", OCTOBER, 1, 10, 12), ("A", NOVEMBER, 1, 10, 12), ("G", NOVEMBER, 1, 0, 5, "gift"), ("B", pd.NaT, 1, 9, 9)
    )
    left_out = table.iloc[[1]].assign(excluded="刷单", line_id="2")
    (one,) = read(pd.concat([table, left_out], ignore_index=True)).shops
    assert [(i.code, i.now.amount, i.now.discount) for i in one.items] == [("A", 10, pytest.approx(1 / 6))]


def test_lines_without_any_time_of_payment_are_dated_by_the_order():
    table = months([9], [9]).assign(created_at=lambda t: t["paid_at"])
    (one,) = read(table.assign(paid_at=pd.NaT)).shops
    assert (one.table, one.items[0].growth) == ("order_lines_placed", 0.0)
    mixed = table.assign(paid_at=table["paid_at"].where(table.index == 1))
    assert read(mixed).shops == (), "where some say it, the others were never paid, and October has none"


def test_a_month_that_the_lines_end_in_is_read_by_its_days_so_far():
    table = months([9], [9]).assign(paid_at=[OCTOBER, pd.Timestamp("2024-11-12")])
    made = read(table)
    assert (made.days.end, made.base.start, made.base.end) == (dt.date(2024, 11, 12), NOV_BASE[0], NOV_BASE[1])


def earning(profits, categories=("甲", "乙", "乙")):
    """Three lines of October and of November with their profit: 100, 50 and 50 were paid."""
    table = pd.concat([months([100, 50, 50], []), months([], [100, 50, 50])], ignore_index=True)
    return table.assign(profit=[*profits, *profits[::-1]], category=[*categories, *categories])


def week(shop, amounts):
    """One sale of each item on the first and the last day of a week."""
    days = (pd.Timestamp("2024-11-04"), pd.Timestamp("2024-11-10"))
    rows = [(f"{shop}{n}", day, 1.0, amount / 2, amount) for n, amount in enumerate(amounts) for day in days]
    return lines(*rows).assign(shop=shop)


def test_of_a_week_the_items_of_all_shops_are_one_list_and_of_a_month_they_are_not():
    table = pd.concat([week("tmall", [50, 10]), week("jd", [30] * 8)], ignore_index=True)
    span = dt.date(2024, 11, 4), dt.date(2024, 11, 10)
    page = items.show(items.analyse(None, table, None, *span, SHOPS))
    (found,) = [f for f in page.findings if f.key == "review.items.top"]
    (listed,) = [e for e in page.exhibits if e.key == "review.items.top"]
    assert [(row[0], row[2], row[3]) for row in listed.table.rows][:2] == [("品tmall0", 50, 1 / 6), ("品jd0", 30, 0.1)]
    assert len(listed.table.rows) == 8 and found.value == pytest.approx((50 + 30 + 30) / 300)
    assert [c.name for c in listed.table.columns] == ["title", "shop", "amount", "share", "price"], "nothing to compare"
    assert (
        Words("zh").sentence(found.sentence, found.args).startswith("2024年11月4日至10日支付金额靠前的商品是品tmall0、")
    )
    assert not [e for e in items.show(read(months([9], [9]))).exhibits if e.key == "review.items.top"]


def test_an_item_among_the_first_of_two_shops_is_named_once():
    table = pd.concat([week("a", [50, 10]), week("b", [30, 5])], ignore_index=True)
    table["title"] = table["title"].replace({"品a0": "面霜", "品b0": "面霜"})
    page = items.show(items.analyse(None, table, None, dt.date(2024, 11, 4), dt.date(2024, 11, 10), SHOPS))
    (found,) = [f for f in page.findings if f.key == "review.items.top"]
    assert found.args["items"].value == ["面霜", "品a1"] and found.value == pytest.approx(90 / 95)


def test_margin_is_of_sums_by_category_and_the_whole_comes_last():
    (one,) = read(earning([20.0, 10.0, -5.0])).shops
    found = {e.name: (e.amount, e.profit, e.margin, e.before, e.losing) for e in one.earned}
    assert found == {
        "乙": (100, 30, 0.3, 0.05, 0),
        "甲": (100, -5, -0.05, 0.2, 1),
        "": (200, 25, 0.125, 0.125, pytest.approx(1 / 3)),
    }
    assert [e.name for e in one.earned][-1] == ""


def test_the_page_says_the_margin_and_how_it_moved():
    page = items.show(read(earning([20.0, 10.0, -5.0]).assign(profit=[20, 10, 5, -5, 10, 20])))
    (found,) = [f for f in page.findings if f.key == "review.items.tmall.profit"]
    said = Words("zh").sentence(found.sentence, found.args)
    assert said == "2024年11月甲店利润￥25，利润率12.5%，较2024年10月下降5.0个百分点；33.3%的明细亏本售出"
    (table,) = [e.table for e in page.exhibits if e.key == found.exhibit]
    assert table.marks == {2: "total"} and table.rows[-1][1:4] == (200, 25, 0.125)


@pytest.mark.parametrize("blank", [3, 0])
def test_a_line_without_profit_withholds_the_margin_of_its_period(blank):
    table = earning([20.0, 10.0, -5.0])
    table.loc[blank, "profit"] = None
    (one,) = read(table).shops
    assert one.earned == () if blank == 3 else {e.before for e in one.earned} == {None}


def test_an_amount_worked_out_from_price_and_number_shows_no_discount():
    plain, cut = (items.show(read(months([10], [10], 1.0, price))).exhibits[0].table for price in (10.0, 12.5))
    assert "discount" not in [c.name for c in plain.columns] and "discount" in [c.name for c in cut.columns]


def report(first, amount=5.0):
    days = pd.date_range(first, "2024-11-30")
    about = {name: ["tmall"] * len(days) for name in ("platform", "shop")} | {"date": days}
    money = {"pay_amount": [amount] * len(days), "pay_units": [1.0] * len(days)}
    return frame(TABLES["item_daily"], about | money | {"item_id": ["1"] * len(days), "article_no": ["A0"] * len(days)})


@pytest.mark.parametrize(
    ("first", "order_lines", "table", "compared"),
    [
        ("2024-10-01", months([9], [9]), "item_daily", True),
        ("2024-10-02", months([9], [9]), "order_lines", True),
        ("2024-11-01", None, "item_daily", False),
        ("2024-11-01", months([9], [9]).iloc[1:], "item_daily", False),
    ],
)
def test_both_periods_come_from_one_table(first, order_lines, table, compared):
    (one,) = read(order_lines, daily=report(first)).shops
    assert (one.table, one.usual is not None) == (table, compared)


def test_a_table_that_lacks_days_of_the_period_serves_nothing():
    assert read(daily=report("2024-11-02")).shops == ()


def test_an_item_that_moved_against_the_whole_shop_is_named_and_the_others_are_not():
    """All items double but for scatter; one falls to a half, which is four halvings below the rest."""
    scatter = np.exp(np.random.default_rng(2).normal(0, 0.1, 12))
    table = months([1000.0] * 12, [*(2000 * scatter[:11]), 500.0])
    page = items.show(read(table))
    moved = [f for f in page.findings if f.sentence == "r.itemmoved"]
    assert [(f.key, f.verdict) for f in moved] == [("review.items.tmall.down.a11", Verdict.UNUSUAL)]
    said = Words("zh").sentence(moved[0].sentence, moved[0].args)
    assert said.startswith("甲店“品A11”支付金额￥500，较2024年10月减少50.0%；店内商品的中位变化+")


@pytest.mark.parametrize("units", [100.0, 29.0])
def test_a_price_that_moved_against_the_others_is_named_if_enough_was_sold(units):
    scatter = np.exp(np.random.default_rng(4).normal(0, 0.02, 12))
    table = months([10 * units] * 12, [*(9.5 * units * scatter[:11]), 5 * units], units)
    named = [f.key for f in items.show(read(table)).findings if f.sentence == "r.itemprice"]
    assert named == (["review.items.tmall.price.a11"] if units >= 30 else [])


def test_shops_whose_items_only_scatter_name_few_of_them():
    rng = np.random.default_rng(5)
    named = sum(
        abs(i.growth_score) > 3.5
        for _ in range(60)
        for i in read(months([1000.0] * 20, 1500 * np.exp(rng.normal(0, 0.2, 20)))).shops[0].items
    )
    assert named / 1200 <= 0.01


def returned(rng, rates, sold=400):
    """A shop whose items sold the same, each with its own chance of a refund."""
    made = [(f"A{n}", NOVEMBER, 1.0, 10.0, 10.0) for n in range(len(rates)) for _ in range(sold)]
    codes = [f"A{n}" for n, rate in enumerate(rates) for _ in range(rng.binomial(sold, rate))]
    about = {"merchant_sku": codes, "paid_at": [NOVEMBER] * len(codes), "status": ["success"] * len(codes)}
    about |= {name: ["tmall"] * len(codes) for name in ("platform", "shop")}
    first = lines(("A0", pd.Timestamp("2024-11-01"), 1.0, 10.0, 10.0))
    return pd.concat([first, lines(*made)], ignore_index=True), frame(TABLES["refunds"], about)


def test_an_item_refunded_twice_as_often_is_found_with_its_interval():
    held = 0
    for seed in range(10):
        (one,) = read(*returned(np.random.default_rng(seed), [0.08] * 9 + [0.18])).shops
        (out,) = [i for i in one.items if i.refund.stands_out]
        assert out.code == "A9"
        held += out.refund.low <= 0.18 <= out.refund.high
    assert held >= 8


def test_items_refunded_alike_are_hardly_ever_called_out():
    called = 0
    for seed in range(60):
        (one,) = read(*returned(np.random.default_rng(100 + seed), [0.08] * 10)).shops
        called += any(i.refund.stands_out for i in one.items)
    assert called / 60 <= 0.05


def test_refunds_by_other_codes_than_the_lines_are_not_compared():
    sold, back = returned(np.random.default_rng(1), [0.08] * 3)
    (one,) = read(sold, back.assign(merchant_sku="别处的编码")).shops
    assert all(i.refund is None for i in one.items)


@pytest.fixture(scope="module")
def tables():
    data = load(Client.load("demo"))
    return {name: data.get(name) for name in ("item_daily", "order_lines", "refunds")}


def test_the_demo_items_sum_to_the_rows_of_the_files(tables):
    result = items.analyse(**tables, start=NOV[0], end=NOV[1], shops=SHOPS)
    rows = tables["order_lines"]
    paid = rows[(rows["kind"] == "sale") & rows["excluded"].isna() & (rows["paid_at"] >= "2024-11-01")]
    sums = paid.groupby("shop")["paid_amount"].sum().to_dict()
    assert {one.shop: sum(i.now.amount for i in one.items) for one in result.shops} == pytest.approx(sums)
    assert {one.shop: one.usual is not None for one in result.shops} == {"douyin": False, "tmall": True}


def test_everything_shown_is_worded_and_every_number_said_stands_in_an_exhibit(tables):
    moved = read(months([1000.0] * 12, [*np.linspace(1900, 2100, 11), 500.0]))
    for result in (items.analyse(**tables, start=NOV[0], end=NOV[1], shops=SHOPS), moved):
        page = items.show(result)
        whole(page)
        told(page)


def test_without_exports_the_page_says_which_to_bring():
    (missing,) = items.show(read()).missing
    assert missing.tables == ("item_daily",)
    assert all(
        words.label(missing.question) and words.label("bring.item_daily") for words in (Words("zh"), Words("en"))
    )
