"""The exports of a WeChat shop, column by column: orders, bookings."""

import pytest
from making import csv, ids, reading, rows, stated, xlsx

SHOP = {"wx": "wechat"}

# One order of two items, of which one is refunded: the order's money stands on both rows. A cancelled one.
ORDERS = {
    "订单号": ["3712345678901234560", "3712345678901234560", "3712345678901234561"],
    "订单下单时间": ["2026-06-01 09:00:00"] * 2 + ["2026/6/2 10:00"],
    "订单发货时间": ["2026-06-02 09:00:00"] * 2 + [""],
    "订单确认收货时间": ["2026-06-06 09:00:00"] * 2 + [""],
    "订单状态": ["已完成", "已完成", "已取消"],
    "收件人姓名": ["王小明"] * 3,
    "收件人地址": ["某路甲弄乙号"] * 3,
    "省": ["浙江省", "浙江省", "广东省"],
    "市": ["杭州市", "杭州市", "广州市"],
    "区": ["西湖某区"] * 3,
    "收件人手机": ["13900001111"] * 3,
    "买家备注": ["放门卫老李处"] * 3,
    "商家备注": ["老客王太太"] * 3,
    "商品总价": ["188.00", "188.00", "59.00"],
    "订单实际支付金额": ["178.00", "178.00", "0"],
    "订单实际收款金额": ["175.00", "175.00", "0"],
    "订单运费": ["6.00", "6.00", "0"],
    "支付时间": ["2026-06-01 09:01:00"] * 2 + [""],
    "交易单号": ["42000012345"] * 3,
    "快递单号": ["SF0001234567"] * 3,
    "带货方式": ["直播", "直播", ""],
    "带货账号昵称": ["小美爱分享", "小美爱分享", ""],
    "商品名称": ["面霜", "洁面乳", "洁面乳"],
    "商品编码(平台)": ["10000012345678", "10000012345679", "10000012345679"],
    "商品编码(自定义)": ["", "C", "C"],
    "SKU编码（自定义）": ["A-01", "", "C-01"],
    "商品属性": ["50g", "100g", "100g"],
    "商品价格(单件)": ["129.00", "29.50", "59.00"],
    "商品实际价格(总共)": ["119.00", "53.00", "59.00"],
    "是否预售": ["否", "否", "是"],
    "商品数量": ["1", "2", "1"],
    "商品平台券优惠": ["3.00", "0", "0"],
    "商品已退款金额": ["0", "53.00", "0"],
    "新的一列": ["甲"] * 3,
}
PERSONAL = ["收件人姓名", "收件人地址", "区", "收件人手机", "买家备注", "商家备注", "交易单号", "快递单号"]


@pytest.fixture
def orders(tmp_path):
    made = reading(tmp_path, {"exports/订单.xlsx": xlsx({"Sheet1": rows(ORDERS)})}, SHOP)
    assert ids(made) == []
    return made


def test_money_of_the_order_that_repeats_on_its_items_is_counted_once(orders):
    assert orders.tables["orders"]["paid_amount"].tolist() == [178, 0]
    assert stated(orders.tables["orders"]) == {
        "order_id": "3712345678901234560",
        "created_at": "2026-06-01 09:00:00",
        "paid_at": "2026-06-01 09:01:00",
        "shipped_at": "2026-06-02 09:00:00",
        "completed_at": "2026-06-06 09:00:00",
        "status": "completed",
        "province": "浙江",
        "city": "杭州市",
        "list_amount": 188,
        "paid_amount": 178,
        "received_amount": 175,
        "freight": 6,
        "platform_discount": 3,
        "refund_amount": 53,
        "quantity": 3,
        "lines": 2,
        "presale": False,
        "channel": "直播",
        "creator": "小美爱分享",
        "counted": True,
    }


def test_an_item_of_an_order_is_a_line(orders):
    assert stated(orders.tables["order_lines"], 1) == {
        "order_id": "3712345678901234560",
        "line_id": "10000012345679",
        "item_id": "10000012345679",
        "merchant_sku": "C",
        "title": "洁面乳",
        "spec": "100g",
        "created_at": "2026-06-01 09:00:00",
        "paid_at": "2026-06-01 09:01:00",
        "shipped_at": "2026-06-02 09:00:00",
        "completed_at": "2026-06-06 09:00:00",
        "status": "completed",
        "quantity": 2,
        "unit_price": 29.5,
        "line_amount": 53,
        "platform_discount": 0,
        "refund_amount": 53,
        "kind": "sale",
    }


def test_orders_money_that_differs_between_its_items_is_a_fault(tmp_path):
    apart = {**ORDERS, "订单实际支付金额": ["178.00", "53.00", "0"]}
    assert ids(reading(tmp_path, {"exports/订单.xlsx": xlsx({"Sheet1": rows(apart)})}, SHOP)) == ["e.roll"]


def test_personal_columns_of_orders_are_nowhere(orders):
    every = "".join(frame.to_csv() for frame in orders.tables.values())
    assert sorted(orders.ledger[0]["dropped_columns"]) == sorted(PERSONAL)
    assert [ORDERS[c][0] for c in PERSONAL if ORDERS[c][0] in every] == []


BOOKINGS = {
    "流水单号": ["1001", "1002", "1003", "1004"],
    "记账时间": ["2026-06-06 09:00:00", "2026-06-06 09:00:01", "2026-06-07 10:00:00", "2026-06-30 08:00:00"],
    "动帐类型": ["订单支付", "技术服务费", "订单退款", "商户提现"],
    "收支类型": ["收入", "支出", "支出", "支出"],
    "收支金额": ["178.00", "1.78", "-53.00", "100.00"],
    "账户余额": ["1,178.00", "1,176.22", "1,123.22", "1,023.22"],
    "关联订单号": ["3712345678901234560"] * 3 + ["-"],
    "关联售后单号": ["", "", "88001", ""],
}


def test_a_booking_has_the_sign_of_its_direction_whether_or_not_it_is_written(tmp_path):
    made = reading(tmp_path, {"exports/动账.csv": csv(BOOKINGS)}, SHOP)
    assert ids(made) == []
    found = made.tables["settlement"]
    assert found["amount"].tolist() == [178, -1.78, -53, -100]
    assert found["transfer"].tolist() == [False, False, False, True]
    assert stated(found, 2) == {
        "booked_at": "2026-06-07 10:00:00",
        "entry_id": "1003",
        "order_id": "3712345678901234560",
        "fee_name": "订单退款",
        "amount": -53,
        "direction": "out",
        "aftersale_id": "88001",
        "balance": 1123.22,
        "transfer": False,
    }
