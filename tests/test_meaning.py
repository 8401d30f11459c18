"""What figures mean once they are read: orders, lines, totals, sources, windows, shops, exclusions."""

import pandas as pd
import pytest
from making import ids, reading, said, xlsx

ORDERS = "订单编号,总金额,买家应付邮费,买家实际支付金额,退款金额,订单状态,订单创建时间,订单付款时间,买家会员名\n"


def table(made, name, *columns):
    frame = made.tables[name][list(columns)].astype(object)
    return frame.where(frame.notna(), None).values.tolist()


# ---- orders ---------------------------------------------------------------------------------------------------


def test_a_payment_stated_after_its_refund_is_restored_and_said(tmp_path):
    rows = "1,100,0,60,40,交易成功,2024-11-01 10:00:00,2024-11-01 10:01:00,甲\n"
    rows += "2,80,0,0,80,交易关闭,2024-11-01 11:00:00,2024-11-01 11:01:00,乙\n"
    rows += "3,50,0,50,0,交易成功,2024-11-01 12:00:00,2024-11-01 12:01:00,丙\n"
    made = reading(tmp_path, {"exports/a.csv": ORDERS + rows})
    assert table(made, "orders", "paid_amount", "refund_amount") == [[100, 40], [80, 80], [50, 0]]
    assert made.ledger[0]["flagged"] == {"paid_after_refund": 2}
    assert made.ledger[0]["amount"] == {"column": "买家实际支付金额", "read": 110, "kept": 110}


def test_a_payment_stated_before_its_refund_stays(tmp_path):
    rows = "1,100,0,100,40,交易成功,2024-11-01 10:00:00,2024-11-01 10:01:00,甲\n"
    made = reading(tmp_path, {"exports/a.csv": ORDERS + rows})
    assert (table(made, "orders", "paid_amount"), made.ledger[0]["flagged"]) == ([[100]], {})


def test_orders_that_were_never_paid_are_kept_and_do_not_count(tmp_path):
    rows = "1,100,0,100,0,交易成功,2024-11-01 10:00:00,2024-11-01 10:01:00,甲\n"
    rows += "2,80,0,0,0,等待买家付款,2024-11-01 11:00:00,,乙\n"
    rows += "3,70,0,0,0,交易关闭,2024-11-01 11:00:00,,乙\n"
    rows += '4,50,0,50,0,"卖家已发货，等待买家确认",2024-11-01 12:00:00,2024-11-01 12:01:00,丙\n'
    made = reading(tmp_path, {"exports/a.csv": ORDERS + rows})
    assert table(made, "orders", "status", "counted") == [
        ["completed", True],
        ["unpaid", False],
        ["closed", False],
        ["shipped", True],
    ]


def test_an_order_closed_after_its_payment_counts_and_its_refund_is_taken_off_once(tmp_path):
    rows = "1,100,0,100,100,交易关闭,2024-11-01 10:00:00,2024-11-01 10:01:00,甲\n"
    made = reading(tmp_path, {"exports/a.csv": ORDERS + rows})
    assert table(made, "orders", "counted", "paid_amount", "refund_amount") == [[True, 100, 100]]


def test_without_a_status_the_time_of_payment_says_whether_it_was_paid(tmp_path):
    text = "订单编号,总金额,买家实际支付金额,订单创建时间,订单付款时间\n1,9,9,2024-11-01 10:00,2024-11-01 10:01\n2,9,0,2024-11-01 10:00,\n"
    made = reading(tmp_path, {"exports/a.csv": text})
    assert table(made, "orders", "status", "counted") == [["paid", True], ["unpaid", False]]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("1,100,10,111,0,交易成功,2024-11-01 10:00:00,2024-11-01 10:01:00,甲\n", "e.rule.paid_over_list"),
        ("1,100,0,100,120,交易成功,2024-11-01 10:00:00,2024-11-01 10:01:00,甲\n", "e.rule.refund_over_paid"),
        ("1,100,0,100,0,交易成功,2024-11-01 10:00:00,2024-11-01 09:59:00,甲\n", "e.warn.paid_before_created"),
    ],
)
def test_an_order_that_cannot_be_is_told(tmp_path, row, rule):
    assert ids(reading(tmp_path, {"exports/a.csv": ORDERS + row})) == [rule]


def test_freight_may_be_paid_on_top_of_the_list_price(tmp_path):
    row = "1,100,10,110,0,交易成功,2024-11-01 10:00:00,2024-11-01 10:01:00,甲\n"
    assert ids(reading(tmp_path, {"exports/a.csv": ORDERS + row})) == []


def test_an_order_far_above_the_usual_is_said_and_stays_in(tmp_path):
    rows = "".join(
        f"{n},{a},0,{a},0,交易成功,2024-11-01 10:00:00,2024-11-01 10:01:00,甲\n" for n, a in enumerate([10] * 9 + [201])
    )
    made = reading(tmp_path, {"exports/a.csv": ORDERS + rows})
    assert ids(made) == ["e.warn.suspicious"]
    assert made.tables["orders"]["counted"].all()
    assert made.tables["orders"]["suspicious"].dropna().tolist() == ["amount"]


# ---- lines ----------------------------------------------------------------------------------------------------

LINES = "订单号,子订单号,商品ID,商品数量,商品单价,订单金额\n"


def test_what_repeats_on_each_line_of_an_order_is_counted_once(tmp_path):
    text = "订单号,商品ID,商品名称,订购数量,下单时间,京东价,订单金额,应付金额,订单状态,付款确认时间,运费金额\n"
    text += "9,1,霜,2,2024-11-01 10:00:00,30,100,100,完成,2024-11-01 10:01:00,0\n"
    text += "9,2,水,1,2024-11-01 10:00:00,40,100,100,完成,2024-11-01 10:01:00,0\n"
    made = reading(tmp_path, {"exports/jd/a.csv": text}, {"jd": "jd", "tm": "tmall"})
    assert ids(made) == []
    orders = made.tables["orders"]
    assert orders["order_id"].tolist() == ["9"]
    assert orders["payable_amount"].fillna(orders["paid_amount"]).tolist() == [100]
    assert (orders["lines"].tolist(), orders["quantity"].tolist()) == ([2], [3])
    assert made.ledger[0]["also"] == {"orders": 1}
    assert (made.ledger[0]["rows_read"], made.ledger[0]["rows_kept"]) == (2, 2)


def test_a_line_that_costs_nothing_is_a_gift_and_one_below_nothing_a_return(tmp_path):
    text = "order_id,line_id,item_id,quantity,unit_price,line_amount\n1,a,x,1,10,10\n1,b,y,1,0,0\n2,a,x,-1,10,-10\n"
    text += "3,a,POST,1,5,5\n"
    made = reading(tmp_path, {"exports/a.csv": text}, exports={"not_goods": ["POST"]})
    assert ids(made) == []
    assert table(made, "order_lines", "kind") == [["sale"], ["gift"], ["return"], ["service"]]
    assert made.ledger[0]["flagged"] == {"gift": 1, "return": 1, "service": 1}


def test_an_amount_is_worked_out_only_where_price_and_quantity_are_all_there_is(tmp_path):
    text = "order_id,line_id,item_id,quantity,unit_price\n1,a,x,3,2.5\n"
    made = reading(tmp_path, {"exports/a.csv": text})
    assert (table(made, "order_lines", "line_amount"), made.ledger[0]["flagged"]) == ([[7.5]], {"amount_from_price": 1})


# ---- exclusions -------------------------------------------------------------------------------------------------


def test_an_excluded_order_stays_in_the_table_and_out_of_sales_with_both_totals(tmp_path):
    rows = "".join(
        f"{n},{a},0,{a},0,交易成功,2024-11-01 10:00:00,2024-11-01 10:01:00,甲\n"
        for n, a in ((1, 100), (2, 50), (3, 30))
    )
    book = xlsx({"exclusions": [["shop", "what", "id", "reason"], [None, "order", "2", "内部下单"]]})
    made = reading(tmp_path, {"exports/a.csv": ORDERS + rows, "inputs.xlsx": book})
    assert ids(made) == []
    assert table(made, "orders", "excluded", "counted") == [[None, True], ["内部下单", False], [None, True]]
    assert made.excluded == [
        {"table": "orders", "shop": "tmall", "reason": "内部下单", "records": 1, "amount": 50, "all": 180, "kept": 130}
    ]


# ---- totals, sources, windows ---------------------------------------------------------------------------------

PROMOTED = [
    ["名称：推广"],
    ["日期", "商品ID", "总花费(元)", "交易额(元)", "曝光量", "点击量", "成交笔数"],
    ["2024-11-01", "1", "60.12", "100", "1000", "10", "1"],
    ["2024-11-01", "2", "42.00", "100", "1000", "10", "1"],
    ["总计", "-", "500.00", "200", "2000", "20", "2"],
]


def test_a_total_that_exceeds_its_rows_is_told_with_the_gap(tmp_path):
    made = reading(tmp_path, {"exports/a.xlsx": xlsx({"x": PROMOTED})}, {"pdd": "pinduoduo"}, attribution={"pdd": 15})
    assert ids(made) == ["e.warn.total"]
    facts = made.problems[0].args
    assert (facts["row"], facts["col"], facts["total"], facts["rows"], facts["gap"]) == (
        5,
        "总花费(元)",
        "500.00",
        "102.12",
        "397.88",
    )
    assert made.tables["ads_daily"]["spend"].sum() == pytest.approx(102.12)


def test_the_level_of_a_source_is_how_much_of_it_is_named(tmp_path):
    text = "一级来源,二级来源,三级来源,访客数,支付金额\n平台流量,汇总,汇总,100,9\n平台流量,手淘搜索,汇总,60,5\n平台流量,手淘搜索,搜索页,60,5\n"
    made = reading(tmp_path, {"exports/店铺流量来源_2024-11-01_2024-11-30.csv": text})
    assert ids(made) == []
    frame = made.tables["traffic_source_period"]
    assert frame[["source_l2", "source_l3", "level", "visitors"]].values.tolist() == [
        ["", "", 1, 100],
        ["手淘搜索", "", 2, 60],
        ["手淘搜索", "搜索页", 3, 60],
    ]
    assert frame["end"].unique().tolist() == [pd.Timestamp("2024-11-30")]


AD = (
    "日期,场景名字,计划ID,计划名字,展现量,点击量,花费,总成交金额,总成交笔数\n2024-11-01,关键词推广,1,甲,100,5,10,30,1\n"
)


@pytest.mark.parametrize(
    ("name", "above", "settings", "expected", "told"),
    [
        ("a.csv", "", {}, -1, ["e.warn.window"]),
        ("a.csv", "", {"attribution": {"wanxiangtai": 15}}, 15, []),
        ("a.csv", "转化周期：7天\n", {"attribution": {"wanxiangtai": 15}}, 7, []),
        ("计划报表_30天转化.csv", "", {}, 30, []),
        ("a.csv", "转化周期：7天\n", {"files": {"exports/a.csv": {"window_days": 3}}}, 3, []),
    ],
)
def test_the_attribution_window_comes_from_the_file_or_the_settings(tmp_path, name, above, settings, expected, told):
    made = reading(tmp_path, {f"exports/{name}": above + AD}, **settings)
    assert (ids(made), made.tables["ads_daily"]["window_days"].tolist()) == (told, [expected])


def test_a_window_that_the_platform_does_not_offer_is_refused(tmp_path):
    made = reading(tmp_path, {"exports/a.csv": AD}, attribution={"wanxiangtai": 10})
    assert ids(made) == ["e.window"]


def test_two_windows_of_one_tool_are_kept_apart_and_said(tmp_path):
    made = reading(tmp_path, {"exports/计划_7天转化.csv": AD, "exports/计划_15天转化.csv": AD})
    assert ids(made) == ["e.warn.windows"]
    assert made.tables["ads_daily"]["window_days"].tolist() == [7, 15]


def test_more_clicks_than_impressions_cannot_be(tmp_path):
    made = reading(tmp_path, {"exports/a.csv": AD.replace("100,5", "5,100")}, attribution={"wanxiangtai": 15})
    assert ids(made) == ["e.rule.clicks_over_impressions"]


# ---- days and periods -----------------------------------------------------------------------------------------


def test_a_month_is_no_day_and_lies_in_its_own_table(tmp_path):
    text = "统计日期,访客数,支付买家数,支付金额\n2024-11-01~2024-11-30,9000,100,1000\n"
    daily = "统计日期,访客数,支付买家数,支付金额\n2024-11-01,500,10,100\n"
    made = reading(tmp_path, {"exports/month.csv": text, "exports/day.csv": daily})
    assert ids(made) == []
    assert made.tables["shop_daily"]["visitors"].tolist() == [500]
    period = made.tables["shop_period"]
    assert period[["start", "end", "visitors"]].values.tolist() == [
        [pd.Timestamp("2024-11-01"), pd.Timestamp("2024-11-30"), 9000]
    ]
    assert [line["table"] for line in made.ledger] == ["shop_daily", "shop_period"]


def test_days_and_periods_in_one_sheet_are_refused(tmp_path):
    text = "统计日期,访客数,支付买家数,支付金额\n2024-11-01~2024-11-30,9000,100,1000\n2024-11-01,500,10,100\n"
    assert ids(reading(tmp_path, {"exports/a.csv": text})) == ["e.period.mixed"]


# ---- headers and sheets -----------------------------------------------------------------------------------------


def test_a_header_over_two_rows_is_read(tmp_path):
    rows = [
        ["统计日期", "流量", None, "成交", None],
        [None, "访客数", "浏览量", "支付买家数", "支付金额"],
        ["2024-11-01", "100", "300", "5", "99.5"],
    ]
    made = reading(tmp_path, {"exports/a.xlsx": xlsx({"x": rows})})
    assert ids(made) == []
    assert table(made, "shop_daily", "visitors", "pageviews", "pay_buyers", "pay_amount") == [[100, 300, 5, 99.5]]


def test_tables_side_by_side_are_read_apart(tmp_path):
    left = [["日期", "访客数", "支付金额"], ["2024-11-01", "5", "10"], ["2024-11-02", "6", "20"]]
    right = [["月份", "类目", "成交金额(元)"], ["2024-11", "精华", "100"], [None, None, None]]
    rows = [[*a, None, *b] for a, b in zip(left, right, strict=True)]
    made = reading(tmp_path, {"exports/a.xlsx": xlsx({"x": rows})})
    assert ids(made) == []
    assert [(line["sheet"], line["table"], line["rows_kept"]) for line in made.ledger] == [
        ("x #1", "shop_daily", 2),
        ("x #2", "market_monthly", 1),
    ]


def test_a_blank_column_inside_a_table_does_not_cut_it(tmp_path):
    rows = [["日期", "访客数", None, "支付金额"], ["2024-11-01", "5", None, "10"]]
    made = reading(tmp_path, {"exports/a.xlsx": xlsx({"x": rows})})
    assert (ids(made), [line["sheet"] for line in made.ledger]) == ([], ["x"])


# ---- shops ------------------------------------------------------------------------------------------------------

OF_SHOP = (
    "订单编号,总金额,买家实际支付金额,订单创建时间,订单付款时间,店铺名称\n1,9,9,2024-11-01 10:00,2024-11-01 10:01,{}\n"
)
TWO = {"tm": {"platform": "tmall", "name": "甲旗舰店"}, "outlet": {"platform": "tmall", "name": "甲奥莱店"}}


def of_shops(tmp_path, files, shops=TWO):
    from making import client

    from kit.exports.reader import read

    here = client(tmp_path, files, {})
    facts = {**here.model_dump(), "shops": {k: {**s, "key": k} for k, s in shops.items()}}
    return read(type(here).model_validate(facts))


def test_a_file_that_names_another_shop_is_refused(tmp_path):
    made = of_shops(tmp_path, {"exports/tm/a.csv": OF_SHOP.format("甲奥莱店")})
    assert ids(made) == ["e.shop"]
    assert "请移到“outlet”的文件夹" in said(made)[0]


def test_two_shops_files_in_one_folder_are_refused(tmp_path):
    files = {
        "exports/tm/a.csv": OF_SHOP.format("甲旗舰店"),
        "exports/tm/b.csv": OF_SHOP.format("别家店").replace("\n1", "\n2"),
    }
    assert ids(of_shops(tmp_path, files)) == ["e.shops"]
    renamed = {**TWO, "tm": {**TWO["tm"], "aliases": ["别家店"]}}
    assert ids(of_shops(tmp_path / "2", files, renamed)) == []


def test_a_single_name_that_differs_from_the_settings_is_no_fault(tmp_path):
    assert ids(of_shops(tmp_path, {"exports/tm/a.csv": OF_SHOP.format("甲官方店")})) == []


# ---- days that look wrong -------------------------------------------------------------------------------------


def days(values, start="2024-11-01"):
    dates = pd.date_range(start, periods=len(values))
    rows = [f"{d:%Y-%m-%d},{v},{v}" for d, v in zip(dates, values, strict=True) if v is not None]
    return "日期,访客数,支付金额\n" + "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([10] * 20, []),
        ([10] * 10 + [None] + [10] * 10, ["e.warn.gap.shop_daily"]),
        ([10] * 20 + [101], ["e.warn.jump.visitors", "e.warn.jump.pay_amount"]),
        ([10] * 20 + [100], []),
        ([10] * 5 + [101], []),
        ([10] * 20 + [0] * 7, ["e.warn.silent"]),
    ],
)
def test_a_day_that_looks_wrong_is_said_and_kept(tmp_path, values, told):
    made = reading(tmp_path, {"exports/a.csv": days(values)})
    assert ids(made) == told
    assert len(made.tables["shop_daily"]) == sum(v is not None for v in values)
