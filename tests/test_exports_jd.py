"""JD's exports, column by column: orders, 商智 SKUs and shop, 京准通 by each of its dimensions."""

import pytest
from making import csv, ids, reading, rows, stated, xlsx

SHOP = {"jd": "jd"}
WINDOW = {"jingzhuntong": 15}


# An order of two items, whose money stands on both rows; one deleted before it left the warehouse, one unpaid, one
# completed for the first buyer, one locked. Reordered, brackets and 帐 written the other way, a column of its own.
ORDERS = {
    "下单账号": ["rds_a", "rds_a", "rds_b", "rds_c", "rds_a", "rds_d"],
    "订单号": ["11729439936", "11729439936", "11729439937", "11729439938", "11729439939", "11729439940"],
    "商品ID": ["10160070484512", "10160070484513", "10160070484512", "1", "10160070484512", "1"],
    "商品名称": ["银饰 套装", "银饰 耳钉", "银饰 套装", "手链", "银饰 套装", "手链"],
    "订购数量": ["1", "3", "1", "1", "2", "1"],
    "支付方式": ["在线支付"] * 6,
    "下单时间": ["2015-12-31 23:19:56"] * 2 + ["2016-01-01 10:00:00"] * 4,
    "京东价": ["758.00", "113.00", "758.00", "99.00", "758.00", "99.00"],
    "订单金额": ["1097.00", "1097.00", "758.00", "99.00", "1516.00", "99.00"],
    "结算金额": ["982.45", "982.45", "758.00", "99.00", "1516.00", "99.00"],
    "余额支付": ["0.00"] * 6,
    "应付金额": ["932.45", "932.45", "758.00", "99.00", "1,516.00", "99.00"],
    "订单状态": ["等待确认收货"] * 2 + ["(删除)等待出库", "等待付款", "完成", "（锁定）等待出库"],
    "订单类型": ["销售订单"] * 6,
    "客户姓名": ["王小明"] * 6,
    "客户地址": ["某省某市某路丙弄"] * 6,
    "联系电话": ["13900001111"] * 6,
    "订单备注": ["请放门卫老李处"] * 6,
    "发票类型": ["普通发票"] * 6,
    "发票抬头": ["丁记商行"] * 6,
    "发票内容": ["明细之戊"] * 6,
    "增值税发票": ["税号己庚辛"] * 6,
    "商家备注": ["老客王太太"] * 6,
    "商家备注等级(等级1-5为由高到低)": ["壬等"] * 6,
    "运费金额": ["6.00", "6.00", "0.00", "0.00", "0.00", "0.00"],
    "付款确认时间": ["2015-12-31 23:20:30"] * 2
    + ["2016-01-01 10:01:00", "", "2016-01-01 10:02:00", "2016-01-01 10:03:00"],
    "货号": ["N-1"] * 6,
    "订单完成时间": ["", "", "", "", "2016-01-08 10:00:00", ""],
    "订单来源": ["移动端订单"] * 6,
    "订单渠道": ["-", "-", "暂无来源", "暂无来源", "京东主站", "暂无来源"],
    "新的一列": ["甲"] * 6,
}
PERSONAL = [
    "客户姓名", "客户地址", "联系电话", "订单备注", "发票抬头", "发票内容", "增值税发票", "商家备注",
    "商家备注等级(等级1-5为由高到低)",
]  # fmt: skip


def read_orders(folder, columns):
    made = reading(folder, {"exports/订单.csv": csv(columns).encode("gb18030")}, SHOP)
    assert ids(made) == []
    return made


@pytest.fixture
def orders(tmp_path):
    return read_orders(tmp_path, ORDERS)


def test_a_row_is_an_item_of_an_order(orders):
    assert stated(orders.tables["order_lines"]) == {
        "order_id": "11729439936",
        "line_id": "10160070484512",
        "item_id": "10160070484512",
        "title": "银饰 套装",
        "created_at": "2015-12-31 23:19:56",
        "paid_at": "2015-12-31 23:20:30",
        "status": "shipped",
        "quantity": 1,
        "unit_price": 758,
        "line_amount": 758,
        "kind": "sale",
    }


def test_what_an_item_was_sold_for_is_not_stated_so_it_is_its_price_and_said_to_be(orders):
    assert orders.tables["order_lines"]["line_amount"].tolist() == [758, 339, 758, 99, 1516, 99]
    assert orders.ledger[0]["flagged"]["amount_from_price"] == 6


def test_money_that_an_order_repeats_on_each_row_is_counted_once(orders):
    found = orders.tables["orders"]
    assert len(found) == 5
    assert found["paid_amount"].sum() == pytest.approx(932.45 + 758 + 99 + 1516 + 99)
    record = stated(found)
    assert len(record.pop("buyer_key")) == 16
    assert record == {
        "order_id": "11729439936",
        "created_at": "2015-12-31 23:19:56",
        "paid_at": "2015-12-31 23:20:30",
        "status": "shipped",
        "list_amount": 1097,
        "paid_amount": 932.45,
        "received_amount": 982.45,
        "freight": 6,
        "quantity": 4,
        "lines": 2,
        "channel": "移动端订单",
        "counted": True,
    }


def test_each_status_has_its_word(orders):
    assert orders.tables["orders"]["status"].tolist() == ["shipped", "closed", "unpaid", "completed", "paid"]


def test_an_order_counts_from_its_payment_on(orders):
    assert orders.tables["orders"]["counted"].tolist() == [True, True, False, True, True]


def test_a_buyer_has_one_key_and_no_name(orders):
    keys = orders.tables["orders"]["buyer_key"]
    assert keys.iloc[0] == keys.iloc[3]
    assert keys.nunique() == 4
    assert not keys.str.contains("rds").any()


def test_personal_columns_of_orders_are_nowhere(orders):
    every = "".join(frame.to_csv() for frame in orders.tables.values())
    assert orders.ledger[0]["dropped_columns"] == PERSONAL
    assert [ORDERS[c][0] for c in (*PERSONAL, "下单账号") if ORDERS[c][0] in every] == []


def test_the_newer_template_says_what_the_merchant_gets_and_his_own_code(tmp_path):
    made = read_orders(tmp_path, {**ORDERS, "商家应收": ["990.10"] * 2 + [""] * 4, "商家SKUID": ["SKU-7"] * 6})
    assert made.tables["orders"]["received_amount"].tolist() == [990.1, 758, 99, 1516, 99]
    assert made.tables["order_lines"]["merchant_sku"].unique().tolist() == ["SKU-7"]


def test_an_unknown_status_is_named(tmp_path):
    made = reading(tmp_path, {"exports/订单.csv": csv({**ORDERS, "订单状态": ["等待甲"] * 6})}, SHOP)
    assert ids(made) == ["e.value.word"]


SKU = {
    "SKU名称": ["银饰 套装"],
    "SKU": ["10160070484512.0"],
    "时间": ["2026-05-11"],
    "一级类目": ["珠宝首饰"],
    "二级类目": ["银饰"],
    "三级类目": ["套装"],
    "货号": ["N-1"],
    "成交金额": ["1,516.0"],
    "成交商品件数": ["2.0"],
    "成交单量": ["1.0"],
    "成交客户数": ["1.0"],
    "成交转换率": ["50.00%"],
    "客单价": ["1516.0"],
    "件单价": ["758.0"],
    "UV价值": ["758.0"],
    "商品浏览量": ["9.0"],
    "商品访客数": ["2.0"],
    "商品人均浏览量": ["4.5"],
    "加购商品件数": ["3.0"],
    "加购客户数": ["1.0"],
    "加购商品件数(正向)": ["4.0"],
    "加购商品件数(负向)": ["1.0"],
    "新的一列": ["甲"],
}
READ = {
    "item_id": "10160070484512",
    "id_kind": "sku",
    "title": "银饰 套装",
    "article_no": "N-1",
    "category": "套装",
    "visitors": 2,
    "pageviews": 9,
    "cart_users": 1,
    "cart_units": 3,
    "pay_buyers": 1,
    "pay_orders": 1,
    "pay_units": 2,
    "pay_amount": 1516,
    "pay_cvr": 0.5,
    "uv_value": 758,
    "price_per_unit": 758,
}
SETTLED = {
    "商详平均停留时长": (["35.2"], {"avg_stay_seconds": 35.2}),
    "下单金额": (["2274"], {"order_amount": 2274}),
    "下单商品件数": (["3"], {"order_units": 3}),
    "下单单量": (["2"], {"order_orders": 2}),
    "下单客户数": (["2"], {"order_buyers": 2}),
    "下单转化率": (["100.0%"], {"order_cvr": 1.0}),
    "取消及售后退款金额": (["758"], {"cancel_refund_amount": 758}),
    "商品曝光次数": (["120"], {"impressions": 120}),
    "商品曝光人数": (["80"], {"impression_users": 80}),
    "搜索点击率": (["3.1%"], {}),
}
LIVE_ONLY = {"取消订单金额": ["758"], "取消商品件数": ["1"], "取消单量": ["1"]}


@pytest.mark.parametrize(
    ("more", "found"),
    [
        (LIVE_ONLY, {}),
        (
            {k: cells for k, (cells, _) in SETTLED.items()},
            {k: v for _, read in SETTLED.values() for k, v in read.items()},
        ),
    ],
    ids=["live", "settled"],
)
def test_a_sku_has_the_columns_of_the_live_report_or_of_the_settled_one(tmp_path, more, found):
    made = reading(tmp_path, {"exports/商品明细.xlsx": xlsx({"SKU": rows({**SKU, **more})})}, SHOP)
    assert ids(made) == []
    assert stated(made.tables["item_daily"]) == {"date": "2026-05-11 00:00:00", **READ, **found}


def test_a_sku_of_several_days_is_of_its_period(tmp_path):
    week = {**SKU, "时间": ["2026-05-11~2026-05-17"]}
    made = reading(tmp_path, {"exports/商品明细.xlsx": xlsx({"SKU": rows(week)})}, SHOP)
    assert ids(made) == []
    ends = {"start": "2026-05-11 00:00:00", "end": "2026-05-17 00:00:00"}
    assert stated(made.tables["item_period"]) == {**ends, **READ}
    assert "item_daily" not in made.tables


def test_skus_are_never_a_day_of_the_shop_or_the_market(tmp_path):
    made = reading(
        tmp_path, {"exports/a.csv": "时间,SKU,店铺访客数,店铺浏览量,三级类目,成交金额\n2026-05-11,1,2,3,套装,4\n"}, SHOP
    )
    assert ids(made) == ["e.grain"]


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("店铺概况_20260511-20260511", {}),
        ("店铺概况", {"日期": ["2026/5/11"]}),
        ("店铺概况", {"时间": ["20260511"]}),
    ],
)
def test_a_shop_day_is_dated_by_its_column_or_its_files_name(tmp_path, name, columns):
    day = {
        **columns,
        "店铺访客数": ["1,204"],
        "店铺浏览量": ["5021"],
        "店铺平均停留时长": ["48.5"],
        "成交转换率": ["2.10%"],
    }
    made = reading(tmp_path, {f"exports/{name}.csv": csv(day)}, SHOP)
    assert ids(made) == []
    assert stated(made.tables["shop_daily"]) == {
        "date": "2026-05-11 00:00:00",
        "visitors": 1204,
        "pageviews": 5021,
        "avg_stay_seconds": 48.5,
        "pay_cvr": 0.021,
    }


FIGURES = {
    "展现数": ["1,010", "500"],
    "点击数": ["40", "0"],
    "点击率（%）": ["3.96", "0"],
    "花费": ["88.40", "1.2"],
    "千次展现成本": ["87.52", "2.4"],
    "平均点击成本": ["2.21", "-"],
    "总订单行": ["3", "0"],
    "总订单金额": ["2,274.00", "0"],
    "直接订单行": ["2", "0"],
    "直接订单金额": ["1516.00", "0"],
    "总加购数": ["5", "0"],
    "下单新客数": ["2", "0"],
    "新的一列": ["甲", "乙"],
}
FOUND = {
    "tool": "jingzhuntong",
    "window_days": 15,
    "impressions": 1010,
    "clicks": 40,
    "spend": 88.4,
    "cart_adds": 5,
    "ad_orders": 3,
    "ad_orders_direct": 2,
    "ad_gmv": 2274,
    "ad_gmv_direct": 1516,
    "new_buyers": 2,
    "ctr": pytest.approx(0.0396),
}
DIMENSIONS = {
    "scene": ({"营销场景": ["快车", "推荐"]}, {"scene": "快车"}),
    "campaign": (
        {"推广计划": ["拉新", "收割"], "计划ID": ["7001", "7002"], "营销场景": ["快车"] * 2},
        {"scene": "快车", "campaign_id": "7001", "campaign": "拉新"},
    ),
    "item": (
        {
            "推广计划": ["拉新", ""],
            "计划ID": ["7001", "7002"],
            "跟单SKU ID": ["10160070484512.0", "10160070484513.0"],
            "跟单SKU名称": ["银饰 套装", "银饰 耳钉"],
            "SPU ID": ["99", "99"],
        },
        {"campaign_id": "7001", "campaign": "拉新", "object_id": "10160070484512", "object": "银饰 套装"},
    ),
    # What has a name alone goes by its name.
    "keyword": (
        {"推广计划": ["拉新"] * 2, "关键词": ["银饰", "耳钉"]},
        {"campaign_id": "拉新", "campaign": "拉新", "object_id": "银饰", "object": "银饰"},
    ),
    "audience": (
        {"推广计划": ["拉新"] * 2, "人群名称": ["新客", "老客"]},
        {"campaign_id": "拉新", "campaign": "拉新", "object_id": "新客", "object": "新客"},
    ),
}


@pytest.mark.parametrize("breakdown", DIMENSIONS)
def test_an_advertising_report_is_of_the_finest_dimension_that_it_names(tmp_path, breakdown):
    columns, found = DIMENSIONS[breakdown]
    report = {**FIGURES, **columns, "日期": ["20260601", "20260601"]}
    made = reading(tmp_path, {"exports/京准通.xlsx": xlsx({"Sheet1": rows(report)})}, SHOP, attribution=WINDOW)
    assert ids(made) == []
    ads = made.tables["ads_daily"]
    first = ads[ads["spend"] == 88.4]
    assert stated(first) == {"date": "2026-06-01 00:00:00", "breakdown": breakdown, **FOUND, **found}
    assert len(ads) == 2


def test_a_campaign_goes_by_its_number_and_without_one_by_its_name(tmp_path):
    report = {**FIGURES, **DIMENSIONS["item"][0], "日期": ["20260601", "20260601"]}
    made = reading(tmp_path, {"exports/京准通.xlsx": xlsx({"Sheet1": rows(report)})}, SHOP, attribution=WINDOW)
    assert made.tables["ads_daily"][["campaign_id", "campaign"]].values.tolist() == [["7001", "拉新"], ["7002", ""]]


def test_an_advertising_report_of_a_month_is_of_its_period(tmp_path):
    report = {**FIGURES, **DIMENSIONS["item"][0], "日期": ["20260601~20260630"] * 2}
    made = reading(tmp_path, {"exports/京准通.xlsx": xlsx({"Sheet1": rows(report)})}, SHOP, attribution=WINDOW)
    assert ids(made) == []
    ads = made.tables["ads_period"]
    assert {str(day) for day in ads["start"]} == {"2026-06-01 00:00:00"}
    assert {str(day) for day in ads["end"]} == {"2026-06-30 00:00:00"}
    assert ads["spend"].sum() == pytest.approx(89.6)
    assert "ads_daily" not in made.tables


@pytest.mark.parametrize("column", ["触发SKU ID", "搜索词"])
def test_a_pair_of_skus_or_a_search_term_is_finer_than_any_report(tmp_path, column):
    columns = {k: v for k, v in DIMENSIONS["item"][0].items() if k != "SPU ID"}
    report = {**FIGURES, **columns, "日期": ["20260601", "20260601"], column: ["1", "2"]}
    made = reading(tmp_path, {"exports/京准通.xlsx": xlsx({"Sheet1": rows(report)})}, SHOP, attribution=WINDOW)
    assert ids(made) == ["e.grain"]


def test_a_window_that_jingzhuntong_does_not_offer_is_refused(tmp_path):
    report = {**FIGURES, **DIMENSIONS["scene"][0], "日期": ["20260601", "20260601"]}
    made = reading(
        tmp_path, {"exports/京准通.xlsx": xlsx({"Sheet1": rows(report)})}, SHOP, attribution={"jingzhuntong": 7}
    )
    assert ids(made) == ["e.window"]
