"""Youzan's export, column by column: orders by item."""

import pytest
from making import csv, ids, reading, stated

SHOP = {"yz": "youzan"}

# One order of two items and a second by the same phone, of which the one item is sold twice. An unpaid one.
ORDERS = {
    "订单号": [
        "E20260601090000012300001",
        "E20260601090000012300001",
        "E20260602090000012300002",
        "E20260603090000012300003",
    ],
    "订单商品状态": ["交易完成", "交易完成", "待发货", "待付款"],
    "交易成功时间": ["2026-06-08 09:00:00"] * 2 + ["", ""],
    "商品名称": ["面霜", "洁面乳", "面霜", "面霜"],
    "商品目录": ["护肤", "清洁", "护肤", "护肤"],
    "商品规格": ["50g", "", "50g", "50g"],
    "规格编码": ["A-01", "", "A-01", "A-01"],
    "商品编码": ["A", "C-01", "A", "A"],
    "商品单价": ["129.00", "59.00", "129.00", "129.00"],
    "商品数量": ["1", "2", "1", "1"],
    "商品金额小计": ["129.00", "118.00", "129.00", "129.00"],
    "店铺优惠（分摊）": ["9.00", "8.00", "0", "0"],
    "商品实际成交金额": ["120.00", "110.00", "129.00", "129.00"],
    "收货人/提货人": ["王小明"] * 4,
    "收货人手机号/提货人手机号": ["13900002222"] * 4,
    "收货人省份": ["浙江省"] * 4,
    "收货人城市": ["杭州市"] * 4,
    "收货人地区": ["西湖某区"] * 4,
    "详细收货地址/提货地址": ["某路甲弄乙号"] * 4,
    "买家备注": ["放门卫老李处"] * 4,
    "商品发货物流单号": ["SF0001234567"] * 4,
    "发货员工": ["赵六六"] * 4,
    "商品发货时间": ["2026-06-02 09:00:00"] * 2 + ["", ""],
    "商品退款状态": ["", "退款成功", "", ""],
    "商品已退款金额": ["0.00", "110.00", "0.00", "0.00"],
    "商家订单备注": ["老客王太太"] * 4,
    "买家手机号": ["13900001111", "13900001111", "13900001111", "13900003333"],
    "买家付款时间": ["2026-06-01 09:01:00"] * 2 + ["2026-06-02 09:01:00", ""],
    "新的一列": ["甲"] * 4,
}
PERSONAL = [
    "收货人/提货人", "收货人手机号/提货人手机号", "收货人地区", "详细收货地址/提货地址", "买家备注", "商品发货物流单号", "发货员工",
    "商家订单备注",
]  # fmt: skip


@pytest.fixture
def orders(tmp_path):
    made = reading(tmp_path, {"exports/订单.csv": csv(ORDERS)}, SHOP)
    assert ids(made) == []
    return made


def test_an_order_adds_its_items_up(orders):
    record = stated(orders.tables["orders"])
    assert len(record.pop("buyer_key")) >= 16
    assert record == {
        "order_id": "E20260601090000012300001",
        "paid_at": "2026-06-01 09:01:00",
        "shipped_at": "2026-06-02 09:00:00",
        "completed_at": "2026-06-08 09:00:00",
        "status": "completed",
        "province": "浙江",
        "city": "杭州市",
        "list_amount": 247,
        "payable_amount": 230,
        "paid_amount": 230,
        "shop_discount": 17,
        "refund_amount": 110,
        "quantity": 3,
        "lines": 2,
        "counted": True,
    }


def test_an_item_without_variants_goes_by_its_own_code(orders):
    lines = orders.tables["order_lines"]
    assert lines["merchant_sku"].tolist() == ["C-01", "A-01", "A-01", "A-01"]
    assert lines["paid_amount"].tolist() == [110, 120, 129, 129]


def test_the_buyers_phone_is_a_key_and_nothing_else(orders):
    keys = orders.tables["orders"]["buyer_key"]
    assert keys[0] == keys[1] != keys[2]
    assert "139000" not in "".join(frame.to_csv() for frame in orders.tables.values())


def test_an_unpaid_order_is_no_sale(orders):
    assert orders.tables["orders"]["counted"].tolist() == [True, True, False]


def test_an_item_that_stands_twice_in_an_order_is_two_lines(tmp_path):
    twice = {name: [cells[0], cells[0]] for name, cells in ORDERS.items()} | {"商品数量": ["1", "2"]}
    made = reading(tmp_path, {"exports/订单.csv": csv(twice)}, SHOP)
    assert ids(made) == []
    assert made.tables["order_lines"]["line_id"].tolist() == ["面霜", "面霜#2"]


def test_personal_columns_of_orders_are_nowhere(orders):
    every = "".join(frame.to_csv() for frame in orders.tables.values())
    assert sorted(orders.ledger[0]["dropped_columns"]) == sorted(PERSONAL)
    assert [ORDERS[c][0] for c in PERSONAL if ORDERS[c][0] in every] == []
