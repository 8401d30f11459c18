"""The review's figures: sums, rates rebuilt from sums, people never added, and nothing said that is not known."""

import datetime as dt

import demo_tables
import pandas as pd
import pytest
from making import reading
from test_real_files import DATA

from kit.client import Client
from kit.stats import kpi_parts, kpis
from kit.stats.kpis import TOTAL, Figure
from kit.store import load
from kit.tables import TABLES, frame

JUNE = dt.date(2024, 6, 1), dt.date(2024, 6, 3)
DAYS = pd.date_range("2024-06-01", "2024-06-03")


def rows(table, **columns):
    """A canonical table of shop ``a``; a column given as one value has it in every row."""
    count = max(len(c) for c in columns.values() if not isinstance(c, (str, float, bool)))
    given = {"platform": "jd", "shop": "a", **columns}
    every = {n: [c] * count if isinstance(c, (str, float, bool)) else c for n, c in given.items()}
    return frame(TABLES[table], every)


def daily(shop="a", platform="jd", **columns):
    """Three days of a shop."""
    given = {"date": DAYS, "pay_amount": [100.0, 200.0, 300.0], **columns}
    return rows("shop_daily", platform=platform, shop=shop, **given)


def figure(name, shop="a", span=JUNE, **tables):
    return kpis.figures(tables, *span)[shop][name]


def test_money_is_the_sum_of_days():
    assert figure("pay_amount", shop_daily=daily()) == Figure(600.0)


def test_a_missing_day_withholds_the_sum_and_is_counted():
    gap = daily(pay_amount=[100.0, None, 300.0])
    assert figure("pay_amount", shop_daily=gap) == Figure(None, "gaps", 1)
    assert figure("pay_amount", shop_daily=daily().iloc[[0, 2]]) == Figure(None, "gaps", 1)


def test_what_is_asked_for_twice_is_added_up_once(monkeypatch):
    both = pd.concat([daily(visitors=[1.0, 2.0, 3.0]), daily(shop="b", refund_amount=[1.0, 1.0, 1.0])])
    whole = rows("shop_period", start=[DAYS[0]], end=[DAYS[-1]], visitors=[5.0])
    tables = {"shop_daily": both, "shop_period": whole}
    spans = [(JUNE, True), (JUNE, False), ((JUNE[0], JUNE[0]), True), (JUNE, True)]
    plain = [kpis.figures(tables, *span, periods=exact) for span, exact in spans]
    kept = kpis.books(tables)
    assert [kpis.figures(kept, *span, periods=exact) for span, exact in spans] == plain
    monkeypatch.setattr(kpi_parts, "daily_parts", None)
    assert kpis.figures(kept, *JUNE) == plain[0] and kpis.books(kept) is kept


def test_a_true_zero_is_a_figure():
    assert figure("pay_amount", shop_daily=daily(pay_amount=[0.0, 0.0, 0.0])) == Figure(0.0)


def test_what_no_export_has_is_absent_and_not_zero():
    assert figure("visitors", shop_daily=daily()) == Figure(None, "absent", 0, False)
    assert figure("spend", shop_daily=daily()) == Figure(None, "absent")


def test_visitors_of_days_are_an_average_day_and_never_a_sum():
    people = daily(visitors=[1000.0, 2000.0, 3000.0])
    assert figure("visitors", shop_daily=people) == Figure(2000.0, None, 0, False)


def test_a_rate_is_rebuilt_from_sums_and_not_averaged():
    people = daily(visitors=[1000.0, 2000.0, 3000.0], pay_buyers=[100.0, 20.0, 30.0])
    assert figure("pay_cvr", shop_daily=people) == Figure(150 / 6000, None, 0, False)
    assert figure("revenue_per_buyer", shop_daily=people) == Figure(600 / 150, None, 0, False)


def test_an_average_stay_is_weighted_by_visitors():
    people = daily(visitors=[1000.0, 2000.0, 3000.0], avg_stay_seconds=[30.0, 60.0, 10.0])
    assert figure("stay_seconds", shop_daily=people).value == pytest.approx((30 + 120 + 30) / 6)


def test_a_row_that_is_exactly_the_period_wins_and_counts_people_once():
    people = daily(visitors=[1000.0, 2000.0, 3000.0], pay_buyers=[100.0, 20.0, 30.0])
    start, end = (pd.Timestamp(day) for day in JUNE)
    whole = rows("shop_period", start=[start, start], end=[end, end - pd.Timedelta(days=1)])
    whole = whole.assign(visitors=[4500.0, 9.0], pay_buyers=[90.0, 9.0])
    tables = {"shop_daily": people, "shop_period": whole}
    assert figure("visitors", **tables) == Figure(4500.0, None, 0, True)
    assert figure("pay_cvr", **tables) == Figure(0.02, None, 0, True)
    assert kpis.figures(tables, *JUNE, periods=False)["a"]["visitors"].deduplicated is False


def test_spans_of_which_one_counts_people_once_are_compared_by_days():
    people = daily(visitors=[1000.0, 2000.0, 3000.0])
    whole = rows("shop_period", start=[DAYS[0]], end=[DAYS[1]]).assign(visitors=[2500.0])
    spans = [(JUNE[0], dt.date(2024, 6, 2)), (dt.date(2024, 6, 2), JUNE[1])]
    both = kpis.comparable({"shop_daily": people, "shop_period": whole}, spans)
    assert [one["a"]["visitors"].value for one in both] == [1500.0, 2500.0]


def test_money_adds_over_shops_and_people_do_not():
    people = {"visitors": [1000.0, 2000.0, 3000.0], "pay_buyers": [10.0, 10.0, 10.0], "pay_orders": [10.0, 20.0, 30.0]}
    both = pd.concat([daily(**people), daily("b", **people)], ignore_index=True)
    total = kpis.figures({"shop_daily": both}, *JUNE)[TOTAL]
    assert (total["pay_amount"].value, total["orders"].value, total["order_value"].value) == (1200.0, 120.0, 10.0)
    assert {total[name].value for name in ("visitors", "pay_cvr", "revenue_per_buyer")} == {None}


def test_a_total_needs_every_shop():
    both = pd.concat([daily(), daily("b", pay_amount=[1.0, None, 3.0])], ignore_index=True)
    assert kpis.figures({"shop_daily": both}, *JUNE)[TOTAL]["pay_amount"] == Figure(None, "shops", 1)


def test_the_total_of_one_shop_is_that_shop():
    found = kpis.figures({"shop_daily": daily(visitors=[1.0, 2.0, 3.0])}, *JUNE)
    assert found[TOTAL] == found["a"]


def ads(*given):
    dates, *others = map(list, zip(*given, strict=True))
    columns = dict(zip(("tool", "breakdown", "spend"), others, strict=True))
    return rows("ads_daily", date=pd.to_datetime(dates), window_days=15.0, **columns)


def test_the_spend_of_a_tool_is_counted_in_one_of_its_breakdowns():
    table = ads(
        ("2024-06-01", "x", "campaign", 10.0), ("2024-06-01", "x", "item", 10.0), ("2024-06-03", "x", "item", 5.0),
        ("2024-06-01", "y", "account", 7.0), ("2024-06-03", "x", "campaign", 5.0),
    )  # fmt: skip
    assert figure("spend", shop_daily=daily(), ads_daily=table) == Figure(22.0)
    assert figure("spend_ratio", shop_daily=daily(), ads_daily=table).value == pytest.approx(22 / 600)


def test_a_tool_s_return_is_what_it_credits_itself_with_in_one_breakdown_and_tools_are_never_added():
    table = ads(
        ("2024-06-01", "qianchuan", "campaign", 10.0), ("2024-06-01", "qianchuan", "item", 10.0),
        ("2024-06-03", "qianchuan", "item", 5.0), ("2024-06-01", "pdd", "account", 7.0),
        ("2024-06-03", "qianchuan", "campaign", 5.0),
    ).assign(ad_gmv=[30.0, 31.0, 15.0, 14.0, 15.0])  # fmt: skip
    found = kpis.figures({"shop_daily": pd.concat([daily(), daily(shop="b")]), "ads_daily": table}, *JUNE)
    assert [found["a"][f"roi_{tool}"].value for tool in ("qianchuan", "pdd", "wanxiangtai")] == [3.0, 2.0, None]
    assert found[TOTAL]["roi_qianchuan"] == Figure(None, "shops")
    table.loc[4, "ad_gmv"] = None
    assert figure("roi_qianchuan", shop_daily=daily(), ads_daily=table).value is None


def test_ad_files_that_end_before_the_period_are_no_spend():
    table = ads(("2024-06-01", "x", "campaign", 10.0), ("2024-06-02", "x", "campaign", 10.0))
    assert figure("spend", shop_daily=daily(), ads_daily=table) == Figure(None, "cut")


def orders(**more):
    paid = pd.to_datetime(["2024-06-01", "2024-06-01", "2024-06-03"]) + pd.Timedelta(hours=9)
    given = {"order_id": ["1", "2", "3"], "paid_at": paid, "paid_amount": [60.0, 40.0, 500.0], "counted": True}
    return rows("orders", **{**given, "buyer_key": ["u", "u", "v"], "refund_amount": [0.0, 40.0, 0.0], **more})


def test_without_a_daily_table_sales_come_from_the_orders_and_silent_days_are_counted():
    assert figure("pay_amount", orders=orders()) == Figure(600.0, None, 1)
    assert figure("revenue_per_buyer", orders=orders()) == Figure(300.0, None, 1, True)
    assert figure("gsv", orders=orders()) == Figure(560.0, None, 1, None, "paid")


def test_who_bought_twice_is_told_by_the_orders_and_only_where_every_buyer_is_known():
    assert figure("repurchase_rate", orders=orders()).value == 0.5
    assert figure("repurchase_rate", orders=orders(counted=[True, False, True])).value == 0.0
    assert figure("repurchase_rate", orders=orders(buyer_key=["u", None, "v"])).lacks == "absent"


def test_an_order_that_does_not_count_is_no_sale():
    assert figure("pay_amount", orders=orders(counted=[True, False, True])).value == 560.0


def test_a_refund_without_an_amount_leaves_the_refunds_of_payments_unknown():
    unstated = orders(refund_amount=[None, None, None], aftersale=["none", "refunded", "none"])
    assert figure("refund_rate_paid", orders=unstated).lacks == "absent"
    stated = orders(refund_amount=[None, 40.0, None], aftersale=["none", "refunded", "none"])
    assert figure("refund_rate_paid", orders=stated).value == pytest.approx(40 / 600)


def test_lines_of_orders_are_no_orders():
    """Tmall's 支付子订单数 counts lines: orders come from the order file, if it holds the days' sales."""
    tmall = daily(platform="tmall", pay_orders=[9.0, 9.0, 9.0])
    assert figure("orders", shop_daily=tmall).lacks == "lines"
    assert figure("orders", shop_daily=tmall, orders=orders(platform="tmall")).value == 3.0
    assert (
        figure("orders", shop_daily=tmall, orders=orders(platform="tmall", paid_amount=[6.0, 4.0, 5.0])).lacks
        == "lines"
    )
    assert figure("orders", shop_daily=daily(pay_orders=[9.0, 9.0, 9.0])).value == 27.0


def refunds(since):
    times = pd.to_datetime([since, "2024-06-02", "2024-06-03", "2024-06-03"])
    given = {"refund_id": ["1", "2", "3", "4"], "applied_at": times, "refunded_at": times}
    given |= {"paid_at": pd.to_datetime(["2024-04-01", "2024-05-30", "2024-06-01", "2024-06-01"])}
    given |= {"status": ["success", "success", "success", "closed"], "refund_amount": [9.0, 30.0, 20.0, 99.0]}
    return rows("refunds", **given)


def test_refunds_count_by_their_own_date_and_by_the_day_of_payment():
    tables = {"shop_daily": daily(), "refunds": refunds("2024-05-01")}
    assert figure("refund_rate", **tables) == Figure(50 / 600, None, 0, None, "refunded")
    assert figure("refund_rate_paid", **tables) == Figure(20 / 600, None, 0, None, "paid")
    assert figure("gsv", **tables) == Figure(550.0, None, 0, None, "refunded")


def test_refunds_that_reach_back_too_little_are_not_those_of_the_period():
    tables = {"shop_daily": daily(), "refunds": refunds("2024-05-20")}
    assert figure("refund_rate", **tables).lacks == "cut"
    assert figure("gsv", **tables).by == "paid"


def lines(*given):
    """Order lines of (day, order, kind, quantity, amount)."""
    days, *others = map(list, zip(*given, strict=True))
    columns = dict(zip(("order_id", "kind", "quantity", "line_amount"), others, strict=True))
    return rows("order_lines", line_id=[str(n) for n in range(len(days))], created_at=pd.to_datetime(days), **columns)


def test_with_nothing_but_order_lines_goods_are_sales_and_returns_refunds_of_their_own_day():
    table = lines(
        ("2024-05-31", "0", "sale", 9.0, 900.0), ("2024-06-01", "1", "sale", 2.0, 50.0),
        ("2024-06-01", "1", "service", 1.0, 5.0), ("2024-06-02", "2", "return", -1.0, -25.0),
        ("2024-06-03", "3", "gift", 1.0, 0.0), ("2024-06-03", "3", "sale", 4.0, 150.0),
    )  # fmt: skip
    found = kpis.figures({"order_lines": table}, *JUNE)["a"]
    assert (found["pay_amount"].value, found["gsv"].value, found["gsv"].by) == (200.0, 175.0, "refunded")
    assert (found["orders"].value, found["items_per_order"].value, found["orders"].missing) == (2.0, 3.0, 1)
    assert kpis.reached({"order_lines": table}, *JUNE) == JUNE[1]


def test_lines_of_a_shop_that_takes_nothing_back_leave_refunds_unknown():
    table = lines(("2024-06-01", "1", "sale", 2.0, 50.0), ("2024-06-03", "3", "sale", 4.0, 150.0))
    assert figure("gsv", order_lines=table) == Figure(None, "absent", 1)


def paid_orders(*amounts):
    """Orders 0, 1 … of the three days, each paid its amount."""
    given = {"order_id": [str(n) for n in range(len(amounts))], "paid_at": DAYS[: len(amounts)]}
    return rows("orders", paid_amount=list(amounts), buyer_key="b", **given).assign(counted=True)


UNITS = lines(
    ("2024-06-01", "0", "sale", 2.0, 100.0), ("2024-06-02", "1", "sale", 1.0, 150.0),
    ("2024-06-02", "1", "sale", 3.0, 50.0), ("2024-06-02", "1", "gift", 1.0, 0.0), ("2024-06-03", "2", "sale", 3.0, 300.0),
)  # fmt: skip


def test_units_that_no_daily_table_states_are_those_of_the_orders_lines_gifts_left_out():
    orders = paid_orders(100.0, 200.0, 300.0)
    assert figure("items_per_order", orders=orders, order_lines=UNITS) == Figure(3.0)
    beside = daily(pay_orders=[1.0, 1.0, 1.0])
    assert figure("items_per_order", shop_daily=beside, orders=orders, order_lines=UNITS) == Figure(3.0)
    stated = daily(pay_orders=[1.0, 1.0, 1.0], pay_units=[2.0, 2.0, 2.0])
    assert figure("items_per_order", shop_daily=stated, orders=orders, order_lines=UNITS) == Figure(2.0)


def test_units_are_not_told_by_orders_that_are_not_all_there_or_have_no_lines():
    orders = paid_orders(100.0, 200.0, 300.0)
    fewer = paid_orders(50.0, 100.0, 300.0)
    beside = daily(pay_orders=[1.0, 1.0, 1.0])
    assert figure("items_per_order", shop_daily=beside, orders=fewer, order_lines=UNITS).value is None
    assert figure("items_per_order", orders=orders, order_lines=UNITS.iloc[:-1]).value is None
    assert figure("items_per_order", orders=orders).value is None
    unsaid = UNITS.assign(quantity=UNITS["quantity"].where(UNITS["line_id"] != "1"))
    assert figure("items_per_order", orders=orders, order_lines=unsaid).value is None


def test_an_order_of_gifts_alone_has_no_units_and_is_an_order_all_the_same():
    gifts = UNITS.assign(kind=UNITS["kind"].where(UNITS["order_id"] != "2", "gift"))
    orders = paid_orders(100.0, 200.0, 300.0)
    assert figure("items_per_order", orders=orders, order_lines=gifts) == Figure(2.0)


@pytest.mark.parametrize(
    ("name", "now", "then", "days", "wanted"),
    [
        ("pay_amount", Figure(310.0), Figure(300.0), (31, 30), 0.0),
        ("pay_cvr", Figure(0.03, None, 0, False), Figure(0.02, None, 0, False), (31, 30), 0.01),
        ("visitors", Figure(110.0, None, 0, False), Figure(100.0, None, 0, False), (31, 30), 0.1),
        ("visitors", Figure(110.0, None, 0, True), Figure(100.0, None, 0, False), (31, 30), None),
        ("gsv", Figure(90.0, by="paid"), Figure(80.0, by="refunded"), (30, 30), None),
        ("pay_amount", Figure(310.0), Figure(0.0), (31, 30), None),
        ("pay_amount", Figure(310.0), Figure(None, "gaps"), (31, 30), None),
    ],
)
def test_a_change_compares_like_with_like(name, now, then, days, wanted):
    found = kpis.change(kpis.BY_NAME[name], now, then, days)
    assert found == (wanted if wanted is None else pytest.approx(wanted))


def test_goals_add_over_months_only_where_every_month_has_one_and_they_are_sums():
    months = [dt.date(2024, 5, 1), dt.date(2024, 6, 1)]
    sheet = pd.DataFrame(
        [
            ("2024-05-01", "a", "pay_amount", 5.0),
            ("2024-06-01", "a", "pay_amount", 6.0),
            ("2024-06-01", "a", "gsv", 4.0),
            ("2024-05-01", "a", "spend_ratio", 0.1),
            ("2024-06-01", "a", "spend_ratio", 0.1),
        ],
        columns=["month", "shop", "metric", "value"],
    ).assign(month=lambda t: pd.to_datetime(t["month"]))
    assert kpis.goals(sheet, months) == {("a", "pay_amount"): 11.0}
    assert kpis.goals(sheet, months[1:])["a", "spend_ratio"] == 0.1


def test_data_reach_as_far_as_the_shop_that_ends_first():
    short = daily("b", pay_amount=[1.0, 2.0, None])
    both = {"shop_daily": pd.concat([daily(), short], ignore_index=True)}
    assert kpis.reached(both, *JUNE) == dt.date(2024, 6, 2)
    assert kpis.reached({}, *JUNE) is None


# ---- the demo: totals are the sums of the files' rows ------------------------------------------------------------


NOVEMBER = dt.date(2024, 11, 1), dt.date(2024, 11, 30)


@pytest.fixture(scope="module")
def demo_books():
    data = load(Client.load("demo"))
    return kpis.books({name: data.get(name) for name in kpi_parts.USED})


@pytest.fixture(scope="module")
def demo(demo_books):
    return kpis.figures(demo_books, *NOVEMBER)


@pytest.mark.parametrize("name", kpis.BY_NAME)
def test_a_figure_that_is_asked_for_alone_is_what_it_is_among_all(demo, demo_books, name):
    again = kpis.Books(demo_books)  # that nothing was added up in yet
    again.shops = {shop: kpi_parts.Shop(one.tables, one.platform) for shop, one in demo_books.shops.items()}
    alone = kpis.figures(again, *NOVEMBER, names=(name,))
    stated = {shop: figures[name] for shop, figures in demo.items() if name in figures}
    assert stated and {shop: figures[name] for shop, figures in alone.items() if figures} == stated


def test_paid_amounts_are_the_sums_of_the_rows_of_the_daily_files(demo):
    tmall = demo_tables.trade()
    november = demo_tables.fen(tmall[tmall.index.str.startswith("2024-11")]["支付金额"]).sum() / 100
    assert demo["tmall"]["pay_amount"].value == pytest.approx(november, abs=0.005)
    parts = [demo[shop]["pay_amount"].value for shop in ("tmall", "douyin")]
    assert demo[TOTAL]["pay_amount"].value == pytest.approx(sum(parts), abs=0.005)


def test_refunds_are_the_sums_of_the_rows_of_the_refund_file(demo):
    rows = demo_tables.refunds()
    done = rows[(rows["退款状态"] == "退款成功") & rows["ended"].str.startswith("2024-11")]
    back = demo["tmall"]["pay_amount"].value - demo["tmall"]["gsv"].value
    assert back == pytest.approx(done["back"].sum() / 100, abs=0.005)


def test_orders_are_the_rows_of_the_order_file_that_were_paid_less_those_excluded(demo):
    rows, excluded = demo_tables.orders(), load(Client.load("demo")).get("exclusions")
    paid = rows[rows["day"].str.startswith("2024-11") & (rows["paid"] > 0) & ~rows["订单编号"].isin(excluded["id"])]
    assert demo["tmall"]["orders"].value == len(paid)


@pytest.mark.parametrize(
    ("shop", "name", "truth", "digits"),
    [
        ("tmall", "pay_amount", "shop.tmall.2024-11", 0),
        ("douyin", "pay_amount", "shop.douyin.2024-11", 0),
        ("tmall", "gsv", "gsv.tmall.2024-11", 0),
        ("tmall", "spend_ratio", "ads.tmall.spend_ratio", 4),
        ("tmall", "refund_rate_paid", "refunds.paid.2024-11.seen", 4),
        ("douyin", "spend", "live.2024-11.spend", 0),
    ],
)
def test_the_demo_truths_are_the_figures(demo, shop, name, truth, digits):
    text = (Client.load("demo").folder / "TRUTH.md").read_text(encoding="utf-8")
    (line,) = [row for row in text.splitlines() if row.startswith(f"| {truth} |")]
    assert round(demo[shop][name].value, digits) == float(line.split("|")[2])


# ---- a real shop's month -----------------------------------------------------------------------------------------

REPORT = DATA / "tmall_order_report" / "tmall_order_report.csv"


@pytest.mark.skipif(not REPORT.is_file(), reason="needs the real data sets")
def test_a_real_order_report_gives_its_own_sums(tmp_path):
    """What its buyers paid after refunds, and what was refunded: the sums of its two columns."""
    tables = reading(tmp_path, {"exports/tmall/orders.csv": REPORT.read_bytes()}).tables
    stated = pd.read_csv(REPORT).rename(columns=str.strip)
    until = kpis.reached(tables, dt.date(2020, 2, 1), dt.date(2020, 3, 31))
    found = kpis.figures(tables, dt.date(2020, 2, 1), until)[TOTAL]
    assert found["gsv"].value == pytest.approx(stated["买家实际支付金额"].sum()) == 1_902_487.15
    assert found["pay_amount"].value - found["gsv"].value == pytest.approx(stated["退款金额"].sum()) == 572_335.92
