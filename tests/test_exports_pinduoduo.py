"""Pinduoduo's exports, column by column: orders, advertising by item."""

import pytest
from making import csv, ids, reading, rows, said, stated, xlsx

SHOP = {"pdd": "pinduoduo"}
WINDOW = {"pdd": 15}


# Ordered before midnight and paid after it; cancelled, so never concluded; refunded before it was shipped; refunded
# after. Reordered, full-width brackets, a column of its own.
ORDERS = {
    "订单号": ["260531-607212345678", "260601-607212345679", "260601-607212345680", "260601-607212345681\t"],
    "商品": ["鞋柜", "鞋柜", "鞋架", "鞋架"],
    "订单状态": ["待发货", "已取消", "未发货，退款成功", "已发货，退款成功"],
    "商品总价（元）": ["59.80", "29.90", "39.90", "39.90"],
    "邮费（元）": ["0", "0", "2", "0"],
    "店铺优惠折扣（元）": ["3.00", "0", "0", "0"],
    "平台优惠折扣（元）": ["5.00", "0", "0", "0"],
    "多多支付立减金额（元）": ["0.50", "0", "0", "0"],
    "用户实付金额（元）": ["51.30", "29.90", "41.90", "39.90"],
    "商家实收金额（元）": ["56.80", "29.90", "41.90", "39.90"],
    "商品数量（件）": ["2\t", "1\t", "1\t", "1\t"],
    "收货人": ["王小明"] * 4,
    "手机": ["13900001111"] * 4,
    "省": ["****", "广东省", "广东省", "四川省"],
    "市": ["****", "深圳市", "广州市", "成都市"],
    "区": ["南山某区"] * 4,
    "街道": ["某街道丙"] * 4,
    "发货时间": ["", "", "", "2026-06-02 09:00:00"],
    "确认收货时间": ["", "", "", "2026-06-05 09:00:00"],
    "商品id": ["1005751284107"] * 4,
    "商品规格": ["白色-大号"] * 4,
    "样式ID": ["1234567890"] * 4,
    "商家编码-规格维度": ["S005-W", "", "S005-W", "S005-W"],
    "商家编码-SKU维度": ["", "S005-B", "", ""],
    "商家编码-商品维度": ["S005"] * 4,
    "商家备注": ["老客王太太"] * 4,
    "售后状态": ["无售后或售后取消", "无售后或售后取消", "退款成功", "退款成功"],
    "快递单号": ["", "", "", "SF1234567890"],
    "快递公司": ["", "", "", "顺丰速运"],
    "订单成交时间": ["2026-06-01 00:00:40", "", "2026-06-01 12:00:00", "2026-06-01 13:00:00"],
    "新的一列": ["甲"] * 4,
}
PERSONAL = ["收货人", "手机", "区", "街道", "商家备注", "快递单号"]


def read_orders(folder, columns):
    made = reading(folder, {"exports/orders_export.csv": csv(columns)}, SHOP)
    assert ids(made) == []
    return made


@pytest.fixture
def orders(tmp_path):
    return read_orders(tmp_path, ORDERS)


def test_an_order_is_one_line(orders):
    assert stated(orders.tables["order_lines"]) == {
        "order_id": "260531-607212345678",
        "line_id": "260531-607212345678",
        "item_id": "1005751284107",
        "sku_id": "1234567890",
        "merchant_sku": "S005-W",
        "title": "鞋柜",
        "spec": "白色-大号",
        "created_at": "2026-05-31 00:00:00",
        "paid_at": "2026-06-01 00:00:40",
        "status": "paid",
        "aftersale": "none",
        "quantity": 2,
        "line_amount": 51.3,
        "paid_amount": 51.3,
        "shop_discount": 3,
        "platform_discount": 5,
        "payment_discount": 0.5,
        "kind": "sale",
    }


def test_what_the_buyer_paid_and_what_the_merchant_gets_are_apart(orders):
    assert stated(orders.tables["orders"]) == {
        "order_id": "260531-607212345678",
        "created_at": "2026-05-31 00:00:00",
        "paid_at": "2026-06-01 00:00:40",
        "status": "paid",
        "aftersale": "none",
        "list_amount": 59.8,
        "payable_amount": 51.3,
        "paid_amount": 51.3,
        "received_amount": 56.8,
        "freight": 0,
        "shop_discount": 3,
        "platform_discount": 5,
        "payment_discount": 0.5,
        "quantity": 2,
        "lines": 1,
        "counted": True,
    }


def test_a_masked_province_is_missing(orders):
    assert orders.tables["orders"]["province"].isna().tolist() == [True, False, False, False]


def test_a_refund_closes_an_order_only_before_it_is_shipped(orders):
    found = orders.tables["orders"]
    assert found["status"].tolist() == ["paid", "closed", "closed", "shipped"]
    assert found["aftersale"].tolist() == ["none", "none", "refunded", "refunded"]
    assert found["counted"].tolist() == [True, False, True, True]


def test_the_time_of_payment_comes_before_that_of_conclusion(tmp_path):
    made = read_orders(tmp_path, {**ORDERS, "支付时间": ["2026-05-31 23:59:50", "", "", ""]})
    paid = made.tables["orders"]["paid_at"].astype("str")
    assert paid.dropna().tolist() == ["2026-05-31 23:59:50", "2026-06-01 12:00:00", "2026-06-01 13:00:00"]


def test_the_older_name_of_the_merchants_code_is_read_where_the_newer_is_blank(orders):
    assert orders.tables["order_lines"]["merchant_sku"].tolist() == ["S005-W", "S005-B", "S005-W", "S005-W"]


def test_no_buyer_of_pinduoduo_has_a_key(orders):
    assert orders.tables["orders"]["buyer_key"].isna().all()


def test_personal_columns_of_orders_are_nowhere(orders):
    every = "".join(frame.to_csv() for frame in orders.tables.values())
    assert orders.ledger[0]["dropped_columns"] == PERSONAL
    assert [ORDERS[c][-1] for c in PERSONAL if ORDERS[c][-1] in every] == []


ADS = {
    "日期": ["2026-06-01", "2026-06-01", "总计"],
    "商品ID": ["1005751284107", "1005751284108", "-"],
    "商品名称": ["鞋柜", "鞋架", "-"],
    "推广场景": ["商品推广", "商品推广", "-"],
    "推广名称": ["鞋柜推广", "鞋架推广", "-"],
    "出价方式": ["目标投产比：3.95", "目标投产比：2.50", "-"],
    "分组": ["默认", "默认", "-"],
    "是否已删除": ["否", "否", "-"],
    "成交花费(元)": ["70.00", "20.00", "490.00"],
    "交易额(元)": ["395.00", "50.00", "445.00"],
    "实际投产比": ["4.81", "2.50", "0.89"],
    "总花费(元)": ["82.12", "20.00", "500.00"],
    "净交易额(元)": ["343.73", "50.00", "393.73"],
    "净成交笔数": ["9", "2", "11"],
    "净交易额占比": ["87.02%", "100.0%", "88.48%"],
    "成交笔数": ["10", "2", "12"],
    "直接交易额(元)": ["300.00", "50.00", "350.00"],
    "间接交易额(元)": ["95.00", "0.00", "95.00"],
    "直接成交笔数": ["8", "2", "10"],
    "间接成交笔数": ["2", "0", "2"],
    "曝光量": ["10,000", "2,000", "12,000"],
    "点击量": ["250", "40", "290"],
    "收藏量": ["12", "1", "13"],
    "新的一列": ["甲", "乙", "-"],
}


@pytest.fixture
def ads(tmp_path):
    book = xlsx({"商品": [["名称：推广"], *rows(ADS)]})
    return reading(tmp_path, {"exports/推广.xlsx": book}, SHOP, attribution=WINDOW)


def test_an_items_day_of_advertising_is_read_column_by_column(ads):
    found = ads.tables["ads_daily"]
    assert stated(found[found["object_id"] == "1005751284107"]) == {
        "date": "2026-06-01 00:00:00",
        "tool": "pdd",
        "breakdown": "item",
        "window_days": 15,
        "scene": "商品推广",
        "campaign_id": "鞋柜推广",
        "campaign": "鞋柜推广",
        "object_id": "1005751284107",
        "object": "鞋柜",
        "impressions": 10000,
        "clicks": 250,
        "spend": 82.12,
        "favorites": 12,
        "ad_orders": 10,
        "ad_orders_direct": 8,
        "ad_gmv": 395,
        "ad_gmv_direct": 300,
        "ad_gmv_indirect": 95,
        "net_gmv": 343.73,
        "net_orders": 9,
        "roas": 4.81,
    }


def test_the_total_is_left_out_and_its_gap_to_the_rows_said(ads):
    assert ads.tables["ads_daily"]["spend"].sum() == pytest.approx(102.12)
    assert ads.ledger[0]["dropped"] == {"total_row": 1}
    assert ids(ads) == ["e.warn.total"]
    (sentence,) = said(ads)
    assert [n for n in ("500.00", "102.12", "397.88") if n not in sentence] == []


def test_the_scene_may_be_absent(tmp_path):
    columns = {k: v[:2] for k, v in ADS.items() if k != "推广场景"}
    made = reading(tmp_path, {"exports/推广.xlsx": xlsx({"商品": rows(columns)})}, SHOP, attribution=WINDOW)
    assert ids(made) == []
    assert made.tables["ads_daily"]["scene"].tolist() == ["", ""]


def test_keywords_are_finer_than_items(tmp_path):
    columns = {**ADS, "关键词": ["鞋柜", "鞋架", "-"]}
    made = reading(tmp_path, {"exports/推广.xlsx": xlsx({"商品": rows(columns)})}, SHOP, attribution=WINDOW)
    assert ids(made) == ["e.grain"]
