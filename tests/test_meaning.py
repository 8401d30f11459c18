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
    rows += "4,90,5,65,30,交易成功,2024-11-01 12:00:00,2024-11-01 12:01:00,丁\n"
    made = reading(tmp_path, {"exports/a.csv": ORDERS + rows})
    assert ids(made) == ["e.warn.net"]
    assert table(made, "orders", "paid_amount", "refund_amount") == [[100, 40], [80, 80], [50, 0], [95, 30]]
    assert made.ledger[0]["flagged"] == {"paid_after_refund": 3}
    assert made.ledger[0]["amount"] == {"column": "买家实际支付金额", "read": 175, "kept": 175}


def test_what_one_file_shows_holds_for_the_shops_others(tmp_path):
    telling = "".join(f"{n},80,0,0,80,交易关闭,2024-10-01 11:00:00,2024-10-01 11:01:00,乙\n" for n in range(1, 4))
    one = "9,100,0,60,40,交易成功,2024-11-01 10:00:00,2024-11-01 10:01:00,甲\n"
    made = reading(tmp_path, {"exports/a.csv": ORDERS + telling, "exports/b.csv": ORDERS + one})
    assert ids(made) == ["e.warn.net", "e.warn.net"]
    assert made.tables["orders"]["paid_amount"].tolist() == [80, 80, 80, 100]
    stated = reading(tmp_path, {}, exports={"paid_after_refunds": False})
    assert [p.id for p in stated.problems if not p.warning] == ["e.rule.refund_over_paid"]


def test_half_price_orders_refunded_in_full_show_nothing(tmp_path):
    rows = "".join(f"{n},200,0,100,100,交易成功,2024-11-01 11:00:00,2024-11-01 11:01:00,乙\n" for n in range(1, 4))
    made = reading(tmp_path, {"exports/a.csv": ORDERS + rows})
    assert (ids(made), made.tables["orders"]["paid_amount"].tolist()) == ([], [100, 100, 100])


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


def test_two_windows_of_one_day_would_count_the_spend_twice(tmp_path):
    files = {"exports/计划_7天转化.csv": AD, "exports/计划_15天转化.csv": AD}
    assert ids(reading(tmp_path, files)) == ["e.windows"]
    made = reading(tmp_path, files, attribution={"wanxiangtai": 15})
    assert ids(made) == ["e.warn.windows"]
    assert made.tables["ads_daily"][["window_days", "spend"]].values.tolist() == [[15, 10]]


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


@pytest.mark.parametrize(
    ("name", "above", "told"),
    [
        ("概况_2024-11-01_2024-11-30", "", ["e.period.conflict"]),
        ("概况", "统计周期：2024-11-01 ~ 2024-11-30\n", ["e.period.conflict"]),
        ("概况_2024-10-01_2024-10-31", "", ["e.period.conflict"]),
        ("概况_2024-11-01_2024-11-01", "", []),
        ("概况_20241205", "", []),
        ("概况_20241205_101500", "说明：自2024-10-01起更新口径\n", []),
    ],
)
def test_rows_outside_of_what_the_file_says_it_covers_are_told(tmp_path, name, above, told):
    text = above + "统计日期,访客数,支付买家数,支付金额\n2024-11-01,500,10,100\n"
    assert ids(reading(tmp_path, {f"exports/{name}.csv": text})) == told


def test_a_single_day_in_the_name_of_an_undated_report_could_be_that_of_the_download(tmp_path):
    text = "商品ID,商品名称,商品访客数,商品浏览量,支付买家数,支付件数,支付金额\n1,霜,5,9,1,1,10\n"
    made = reading(tmp_path, {"exports/商品_全部_20241205.csv": text})
    assert ids(made) == ["e.period.name"]
    said_so = {"exports/商品_全部_20241205.csv": {"start": "2024-11-01", "end": "2024-11-30"}}
    made = reading(tmp_path, {}, files=said_so)
    assert (ids(made), list(made.tables)) == ([], ["item_period"])


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
    assert ids(of_shops(tmp_path, files)) == ["e.shop.unknown"]
    renamed = {**TWO, "tm": {**TWO["tm"], "aliases": ["别家店"]}}
    assert ids(of_shops(tmp_path / "2", files, renamed)) == []


def test_a_shop_that_the_settings_do_not_know_could_be_another_clients(tmp_path):
    made = of_shops(tmp_path, {"exports/tm/a.csv": OF_SHOP.format("别家旗舰店")})
    assert ids(made) == ["e.shop.unknown"]
    assert "若就是“tm”" in said(made)[0]


def test_one_file_in_two_shops_folders_is_told(tmp_path):
    text = ORDERS + "1,100,0,100,0,交易成功,2024-11-01 10:00:00,2024-11-01 10:01:00,甲\n"
    made = of_shops(tmp_path, {"exports/tm/a.csv": text, "exports/outlet/b.csv": text})
    assert ids(made) == ["e.same"]


def test_one_order_in_two_shops_is_told(tmp_path):
    text = ORDERS + "1,100,0,100,0,交易成功,2024-11-01 10:00:00,2024-11-01 10:01:00,甲\n"
    made = of_shops(tmp_path, {"exports/tm/a.csv": text, "exports/outlet/b.csv": text + "\n"})
    assert ids(made) == ["e.orders.shops"]


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


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("2024-11-01,10,9,10,90", []),
        ("2024-11-01,10,9,11,90", ["e.warn.orders_over_visitors"]),
        ("2024-11-01,10,11,12,90", ["e.warn.pay_over_visitors"]),
        ("2024-11-01,,11,12,90", []),
    ],
)
def test_more_orders_than_visitors_are_said_once(tmp_path, row, told):
    assert ids(reading(tmp_path, {"exports/a.csv": f"日期,访客数,支付买家数,支付订单数,支付金额\n{row}\n"})) == told


def test_days_of_advertising_are_looked_for_tool_by_tool(tmp_path):
    head = "date,tool,breakdown,campaign,window_days,spend\n"
    days = [("wanxiangtai", n) for n in range(1, 8)] + [("zhitongche", n) for n in (1, 2, 5, 6)]
    made = reading(
        tmp_path, {"exports/a.csv": head + "".join(f"2024-11-{n:02d},{t},campaign,x,15,9\n" for t, n in days)}
    )
    assert [dict(p.args) for p in made.problems] == [
        {"code": "ads_daily", "shop": "tmall", "of_tool": "zhitongche", "days": ["2024-11-03", "2024-11-04"], "n": 2}
    ]


SHOPS = {"tm": {"platform": "tmall", "name": "甲"}, "jd": {"platform": "jd", "name": "乙"}}


@pytest.mark.parametrize(("length", "behind"), [(20, []), (14, []), (13, [("shop_daily", "jd", 7)])])
def test_a_shop_whose_days_end_well_before_anothers_is_said(tmp_path, length, behind):
    made = of_shops(
        tmp_path, {"exports/tm/a.csv": days([10] * 20), "exports/jd/a.csv": days([11] * length)}, shops=SHOPS
    )
    assert [(p.args["of_table"], p.args["shop"], p.args["n"]) for p in made.problems] == behind
    assert not behind or (made.problems[0].args["since"], made.problems[0].args["last"]) == ("2024-11-13", "2024-11-20")


def test_a_shop_whose_days_end_well_before_its_own_orders_is_said(tmp_path):
    order = ORDERS + "1,10,0,10,0,交易成功,2024-11-27 10:00:00,2024-11-27 10:01:00,甲\n"
    made = reading(tmp_path, {"exports/a.csv": days([10] * 20), "exports/b.csv": order})
    assert [(p.id, p.args["of_table"], p.args["n"]) for p in made.problems] == [("e.warn.behind", "shop_daily", 7)]


# ---- presale ----------------------------------------------------------------------------------------------------

STAGED = ORDERS.replace("\n", ",分阶段订单信息\n")
DEPOSIT = "阶段1：定金20元，已付款；阶段2：尾款80元，未付款"


@pytest.mark.parametrize(
    ("status", "stages", "by_balance", "by_deposit"),
    [
        ("买家已付款，等待卖家发货", DEPOSIT, False, True),
        ("等待买家付款", DEPOSIT, False, True),
        ("等待买家付款", "阶段1：已付款", False, True),
        ("交易关闭", DEPOSIT, False, True),
        ("买家已付款，等待卖家发货", DEPOSIT.replace("未", "已"), True, True),
        ("买家已付款，等待卖家发货", "阶段1：已付款", True, True),
        ("等待买家付款", "", False, False),
    ],
)
def test_an_order_whose_balance_is_not_paid_counts_only_where_the_deposit_does(
    tmp_path, status, stages, by_balance, by_deposit
):
    row = f'1,100,0,20,,"{status}",2024-11-01 10:00:00,2024-11-01 10:01:00,甲,{stages}\n'
    files = {"exports/tm/a.csv": STAGED + row}
    for rule, counted in (("balance", by_balance), ("deposit", by_deposit)):
        made = of_shops(tmp_path, files, {"tm": {"platform": "tmall", "name": "甲", "presale_counted": rule}})
        assert (ids(made), made.tables["orders"]["counted"].tolist()) == ([], [counted]), rule


def test_where_nobody_knows_when_presale_counts_a_deposit_is_no_sale(tmp_path):
    text = "order_id,paid_amount,status,created_at,paid_at,presale,presale_stage\n"
    text += "1,20,paid,2024-11-01 10:00,2024-11-01 10:01,是,deposit\n2,99,paid,2024-11-01 10:00,2024-11-01 10:01,是,\n"
    made = reading(tmp_path, {"exports/a.csv": text}, {"jd": "jd"})
    assert (ids(made), table(made, "orders", "counted")) == ([], [[False], [True]])


def test_a_deposit_that_lapsed_was_not_given_back(tmp_path):
    row = "1,100,0,20,,交易关闭,2024-11-01 10:00:00,2024-11-01 10:01:00,甲,{}\n"
    made = reading(tmp_path, {"exports/a.csv": STAGED + row.format(DEPOSIT) + "2" + row.format("")[1:]})
    assert (ids(made), table(made, "orders", "refund_amount")) == ([], [[None], [20]])


@pytest.mark.parametrize(
    ("stages", "presale", "stage"),
    [
        ("", False, None),
        (DEPOSIT, True, "deposit"),
        (DEPOSIT.replace("未", "已"), True, "balance"),
        ("阶段1", True, None),
    ],
)
def test_stages_make_an_order_a_presale_one(tmp_path, stages, presale, stage):
    row = f"1,100,0,20,0,交易成功,2024-11-01 10:00:00,2024-11-01 10:01:00,甲,{stages}\n"
    made = reading(tmp_path, {"exports/a.csv": STAGED + row})
    assert table(made, "orders", "presale", "presale_stage") == [[presale, stage]]


# ---- identifiers, refunds, exclusions ---------------------------------------------------------------------------


def test_long_ids_that_all_end_in_zeros_have_lost_their_digits(tmp_path):
    rows = "".join(f"40123456789{n:04d}0000,9,9,2024-11-01 10:00,2024-11-01 10:01\n" for n in range(6))
    text = "订单编号,总金额,买家实际支付金额,订单创建时间,订单付款时间\n" + rows
    made = reading(tmp_path, {"exports/a.csv": text})
    assert ids(made) == ["e.value.id"]
    assert ids(reading(tmp_path / "2", {"exports/a.csv": text.replace("00050000,", "00050007,")})) == []


def test_a_gift_of_the_same_item_is_another_line_of_its_order(tmp_path):
    text = "订单号,商品ID,商品名称,订购数量,下单时间,京东价,订单金额,应付金额,订单状态,付款确认时间\n"
    text += "9,1,霜,2,2024-11-01 10:00:00,30,60,60,完成,2024-11-01 10:01:00\n"
    text += "9,1,霜,1,2024-11-01 10:00:00,0,60,60,完成,2024-11-01 10:01:00\n"
    made = reading(tmp_path, {"exports/a.csv": text}, {"jd": "jd"})
    assert ids(made) == []
    assert table(made, "order_lines", "line_id", "quantity", "kind") == [["1", 2, "sale"], ["1#2", 1, "gift"]]


def test_money_of_the_order_may_stand_on_its_first_row_alone(tmp_path):
    text = "订单号,商品ID,商品名称,订购数量,下单时间,京东价,订单金额,应付金额,订单状态,付款确认时间\n"
    text += "9,1,霜,1,2024-11-01 10:00:00,30,60,60,完成,2024-11-01 10:01:00\n"
    text += "9,2,水,1,2024-11-01 10:00:00,30,0,0,完成,2024-11-01 10:01:00\n"
    made = reading(tmp_path, {"exports/a.csv": text}, {"jd": "jd"})
    assert (ids(made), table(made, "orders", "paid_amount")) == ([], [[60]])
    other = reading(tmp_path / "2", {"exports/a.csv": text.replace(",30,0,0,", ",30,50,50,")}, {"jd": "jd"})
    assert ids(other) == ["e.roll", "e.roll"]


def test_an_order_closed_after_its_payment_was_refunded_in_full(tmp_path):
    text = "主订单编号,子订单编号,选购商品,商品数量,商品ID,商品单价,订单应付金额,订单提交时间,支付完成时间,订单状态,售后状态\n"
    text += "1,11,霜,1,7,100,100,2024-11-01 10:00:00,2024-11-01 10:01:00,已关闭,退款成功\n"
    text += "2,21,霜,1,7,50,50,2024-11-01 10:00:00,,已关闭,-\n"
    made = reading(tmp_path, {"exports/a.csv": text}, {"dy": "douyin"})
    assert ids(made) == []
    assert table(made, "orders", "counted", "refund_amount") == [[True, 100], [False, None]]
    assert made.ledger[0]["flagged"]["refund_of_closed"] == 1


def test_an_excluded_orders_lines_are_excluded_too_and_an_unknown_id_is_said(tmp_path):
    text = "order_id,line_id,item_id,quantity,line_amount\n1,a,x,1,10\n2,a,y,1,20\n3,a,z,1,30\n"
    sheet = [
        ["shop", "what", "id", "reason"],
        [None, "order", "2", "刷单"],
        [None, "item", "z", "样品"],
        [None, "order", "7", "x"],
    ]
    made = reading(tmp_path, {"exports/a.csv": text, "inputs.xlsx": xlsx({"exclusions": sheet})})
    assert ids(made) == ["e.warn.unmatched"]
    assert table(made, "order_lines", "excluded") == [[None], ["刷单"], ["样品"]]


def test_refunds_of_an_order_that_exceed_its_payment_together_are_said(tmp_path):
    order = ORDERS + "1,100,0,100,,交易成功,2024-11-01 10:00:00,2024-11-01 10:01:00,甲\n"
    cases = "退款编号,订单编号,订单付款时间,退款完结时间,退款状态,买家退款金额,买家实际支付金额\n"
    case = "{},1,2024-11-01 10:01:00,2024-11-05 10:00:00,{},80,100\n"
    both = {"exports/a.csv": order, "exports/b.csv": cases + case.format(1, "退款成功") + case.format(2, "退款成功")}
    assert ids(reading(tmp_path, both)) == ["e.warn.refunds_over_paid"]
    withdrawn = {
        "exports/b.csv": cases + case.format(1, "退款成功") + case.format(2, "退款关闭").replace(",80,", ",140,")
    }
    assert ids(reading(tmp_path, withdrawn)) == []


def test_orders_without_money_are_said(tmp_path):
    text = "订单编号,买家实付,总金额,订单状态,订单创建时间\n1,9,9,交易成功,2024-11-01 10:00\n"
    assert ids(reading(tmp_path, {"exports/a.csv": text})) == ["e.warn.no_amount"]


def test_orders_with_neither_status_nor_time_of_payment_count_by_their_amount(tmp_path):
    text = "订单编号,买家实际支付金额,订单创建时间\n1,9,2024-11-01 10:00\n2,0,2024-11-01 10:00\n"
    made = reading(tmp_path, {"exports/a.csv": text})
    assert ids(made) == ["e.warn.no_status"]
    assert table(made, "orders", "counted") == [[True], [False]]


def test_an_order_that_waits_for_its_balance_does_not_count(tmp_path):
    rows = "1,100,0,50,0,等待买家付款,2024-11-01 10:00:00,2024-11-01 10:01:00,甲\n"
    made = reading(tmp_path, {"exports/a.csv": ORDERS + rows})
    assert table(made, "orders", "counted") == [[False]]


def test_a_word_that_a_platform_has_added_is_settled_in_the_settings(tmp_path):
    rows = "1,100,0,100,0,交易暂停,2024-11-01 10:00:00,2024-11-01 10:01:00,甲\n"
    made = reading(tmp_path, {"exports/a.csv": ORDERS + rows})
    assert ids(made) == ["e.value.word"]
    assert "“交易暂停”" in said(made)[0]
    made = reading(tmp_path, {}, exports={"words": {"交易暂停": "paid"}})
    assert (ids(made), table(made, "orders", "status")) == ([], [["paid"]])


def test_the_whole_shop_is_a_source_of_level_zero(tmp_path):
    text = "一级来源,二级来源,三级来源,访客数,支付金额\n汇总,汇总,汇总,150,12\n平台流量,汇总,汇总,100,9\n"
    made = reading(tmp_path, {"exports/店铺流量来源_2024-11-01_2024-11-30.csv": text})
    assert made.tables["traffic_source_period"][["level", "visitors"]].values.tolist() == [[0, 150], [1, 100]]


def test_a_sheet_whose_ends_are_all_blank_is_dated_by_its_starts(tmp_path):
    book = xlsx({"creator_deals": [["id", "creator", "start", "end"], ["1", "甲", "2024-11-01", None]]})
    made = reading(tmp_path, {"inputs.xlsx": book})
    assert ids(made) == []
    assert (made.ledger[0]["start"], made.ledger[0]["end"]) == ("2024-11-01", "2024-11-01")
