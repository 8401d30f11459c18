"""Kuaishou's exports, column by column: orders, customer service."""

import pytest
from making import csv, ids, reading, rows, said, stated, xlsx

SHOP = {"ks": "kuaishou"}

# Paid by a creator's follower, unpaid, refunded after it arrived. Reordered, half-width brackets, a column of its own.
ORDERS = {
    "订单状态": ["交易成功", "待付款", "已收货"],
    "售后状态": ["-", "", "退款成功"],
    "订单号": ["2415100012345678901", "2415100012345678902", "2415100012345678903"],
    "商品名称": ["洁面乳", "洁面乳", "面霜"],
    "商品ID": ["20012345678901"] * 3,
    "商品规格": ["100g"] * 3,
    "SKU编码": ["C-01", "C-01", ""],
    "商品单价": ["¥39.90", "¥39.90", "¥129.00"],
    "成交数量": ["2", "1", "1"],
    "实付款": ["¥71.80", "¥39.90", "¥1,129.00"],
    "快递费": ["¥0.00", "¥0.00", "¥10.00"],
    "店铺优惠": ["5.00", "0", "0"],
    "平台补贴": ["2.00", "0", "0"],
    "主播补贴": ["1.00", "0", "0"],
    "支付优惠": ["0.50", "0", "0"],
    "订单创建时间": ["2026-06-01 09:00:00", "2026-06-01 10:00:00", "2026-06-02 11:00:00"],
    "订单支付时间": ["2026-06-01 09:01:00", "", "2026-06-02 11:01:00"],
    "承诺发货时间": ["2026-06-03 09:01:00", "", "2026-06-04 11:01:00"],
    "发货时间": ["2026-06-02 09:00:00", "", "2026-06-03 09:00:00"],
    "订单载体": ["直播", "", "短视频"],
    "渠道": ["分销", "自营", "分销"],
    "CPS达人昵称": ["小美爱分享", "", ""],
    "收货人姓名": ["王小明"] * 3,
    "收货人电话": ["1*********7"] * 3,
    "收货地址": ["某路甲弄乙号"] * 3,
    "收货地址-省": ["浙江省", "****", "广东省"],
    "收货地址-市": ["杭州市", "", "广州市"],
    "收货地址-区": ["西湖某区"] * 3,
    "收货地址-街道": ["某街道丙"] * 3,
    "买家留言": ["放门卫老李处"] * 3,
    "订单备注": ["老客王太太"] * 3,
    "快递单号": ["YT0001234567"] * 3,
    "新的一列": ["甲"] * 3,
}
PERSONAL = ["收货人姓名", "收货人电话", "收货地址", "收货地址-区", "收货地址-街道", "买家留言", "订单备注", "快递单号"]


@pytest.fixture
def orders(tmp_path):
    made = reading(tmp_path, {"exports/订单.csv": csv(ORDERS).encode("gb18030")}, SHOP)
    assert ids(made) == []
    return made


def test_an_order_is_one_line_and_its_money_a_text_with_the_currency(orders):
    assert stated(orders.tables["orders"]) == {
        "order_id": "2415100012345678901",
        "created_at": "2026-06-01 09:00:00",
        "paid_at": "2026-06-01 09:01:00",
        "shipped_at": "2026-06-02 09:00:00",
        "ship_by": "2026-06-03 09:01:00",
        "status": "completed",
        "aftersale": "none",
        "province": "浙江",
        "city": "杭州市",
        "payable_amount": 71.8,
        "paid_amount": 71.8,
        "freight": 0,
        "shop_discount": 5,
        "platform_discount": 2,
        "creator_discount": 1,
        "payment_discount": 0.5,
        "quantity": 2,
        "lines": 1,
        "channel": "直播",
        "creator": "小美爱分享",
        "counted": True,
    }
    assert stated(orders.tables["order_lines"], 2) == {
        "order_id": "2415100012345678903",
        "line_id": "2415100012345678903",
        "item_id": "20012345678901",
        "title": "面霜",
        "spec": "100g",
        "created_at": "2026-06-02 11:00:00",
        "paid_at": "2026-06-02 11:01:00",
        "shipped_at": "2026-06-03 09:00:00",
        "status": "completed",
        "aftersale": "refunded",
        "quantity": 1,
        "unit_price": 129,
        "line_amount": 1129,
        "paid_amount": 1129,
        "shop_discount": 0,
        "platform_discount": 0,
        "creator_discount": 0,
        "payment_discount": 0,
        "kind": "sale",
    }


def test_where_the_carrier_is_blank_the_channel_says_where_an_order_came_from(orders):
    assert orders.tables["orders"]["channel"].tolist() == ["直播", "自营", "短视频"]


def test_an_unpaid_order_is_no_sale(orders):
    assert orders.tables["orders"]["counted"].tolist() == [True, False, True]


def test_a_state_that_nobody_has_seen_is_named_with_those_that_are_known(tmp_path):
    strange = {**ORDERS, "订单状态": ["已出库待揽", "待付款", "已收货"]}
    made = reading(tmp_path, {"exports/订单.csv": csv(strange)}, SHOP)
    assert ids(made) == ["e.value.word"]


def test_personal_columns_of_orders_are_nowhere(orders):
    every = "".join(frame.to_csv() for frame in orders.tables.values())
    assert sorted(orders.ledger[0]["dropped_columns"]) == sorted(PERSONAL)
    assert [ORDERS[c][0] for c in PERSONAL if ORDERS[c][0] in every] == []


SERVICE = {
    "日期": ["2026-06-01", "2026-06-02"],
    "三分钟回复率（会话）": ["80.00%", "0.9"],
    "三分钟回复率（人维度）": ["85.00%", ""],
    "不服务率": ["1.00%", "0.00%"],
    "咨询人数": ["1,200", "900"],
    "咨询人次": ["1,500", "1000"],
    "人工平均回复时长": ["35秒", "1分05秒"],
    "好评率（人维度）": ["96.50%", "-"],
    "差评率（人维度）": ["1.20%", "-"],
    "IM不满意率（人维度）": ["2.30%", "-"],
    "询单人数": ["600", "400"],
    "下单人数": ["240", "200"],
    "支付人数": ["210", "190"],
    "询单转化率": ["35.00%", "47.50%"],
    "询单客单价": ["128.50", "99"],
    "客服销售额": ["26,985.00", "18810"],
    "新的一列": ["甲", "乙"],
}


def test_a_day_of_service_counts_people_and_where_none_are_counted_sessions(tmp_path):
    made = reading(tmp_path, {"exports/客服.xlsx": xlsx({"Sheet1": rows(SERVICE)})}, SHOP)
    assert ids(made) == []
    assert made.tables["service_daily"]["reply_3min_rate"].tolist() == [0.85, 0.9]
    assert stated(made.tables["service_daily"]) == {
        "date": "2026-06-01 00:00:00",
        "inquiries": 1200,
        "inquiry_users": 600,
        "order_buyers": 240,
        "agent_buyers": 210,
        "agent_sales": 26985,
        "inquiry_cvr": 0.35,
        "revenue_per_buyer": 128.5,
        "avg_response_seconds": 35,
        "reply_3min_rate": 0.85,
        "dissatisfaction_rate": 0.023,
        "good_rating_rate": 0.965,
        "bad_rating_rate": 0.012,
    }


def test_what_states_no_day_is_of_the_period_in_its_name(tmp_path):
    columns = {k: v[:1] for k, v in SERVICE.items() if k != "日期"}
    made = reading(tmp_path, {"exports/客服考核_2026-06-01_2026-06-30.csv": csv(columns)}, SHOP)
    assert ids(made) == []
    assert made.tables["service_period"]["agent_sales"].tolist() == [26985]


def test_orders_of_another_platform_are_refused_here(tmp_path):
    made = reading(tmp_path, {"exports/订单.csv": csv(ORDERS)}, {"tmall": "tmall"})
    assert ids(made) == ["e.platform"]
    assert "快手小店" in said(made)[0]
