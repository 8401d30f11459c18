"""Xiaohongshu's exports, column by column: 千帆 orders and settlements, 聚光 advertising, 蒲公英 cooperations."""

import pytest
from making import csv, ids, reading, rows, stated, xlsx

SHOP = {"xhs": "xiaohongshu"}
WINDOW = {"juguang": 15}

# One order of two SKUs, of which one is a gift; one closed after a refund. A header with both kinds of brackets.
ORDERS = {
    "订单号": ["P700000000000000001", "P700000000000000001", "P700000000000000002"],
    "订单状态": ["已发货", "已发货", "已关闭"],
    "售后状态": ["无售后", "无售后", "售后完成"],
    "收件人姓名": ["王小明"] * 3,
    "收件人电话": ["1*********7"] * 3,
    "收件人地址": ["某路甲弄乙号"] * 3,
    "省": ["浙江省", "浙江省", "广东省"],
    "市": ["杭州市", "杭州市", "广州市"],
    "区": ["西湖某区"] * 3,
    "小红书编码": ["5f0000000000000000000001", "5f0000000000000000000002", "5f0000000000000000000001"],
    "规格ID": ["6500001", "6500002", "6500001"],
    "达人名称": ["小美爱分享", "小美爱分享", ""],
    "SKU名称": ["面霜", "面霜小样", "面霜"],
    "SKU规格": ["50g", "5g", "50g"],
    "SKU件数": ["2", "1", "1"],
    "是否为赠品": ["否", "是", "否"],
    "商品总价(元)": ["258.00", "0.00", "129.00"],
    "用户应付金额(元)": ["1,238.00", "0.00", "129.00"],
    "平台优惠(元)": ["10.00", "0.00", "0"],
    "店铺优惠(元)": ["10.00", "0.00", "0"],
    "支付渠道优惠(元)": ["1.00", "0.00", "0"],
    "商家应收金额(元)（支付金额）": ["1,248.00", "0.00", "129.00"],
    "支付渠道订单号": ["42000012345"] * 3,
    "支付时间": ["2026-06-01 09:01:00"] * 2 + ["2026-06-02 10:01:00"],
    "快递单号": ["SF0001234567"] * 3,
    "订购人身份证姓名/ID Name": ["王大明"] * 3,
    "订购人身份证号/ID Number": ["330100199001010000"] * 3,
    "订单创建时间": ["2026-06-01 09:00:00"] * 2 + ["2026-06-02 10:00:00"],
    "承诺发货时间": ["2026-06-03 09:01:00"] * 3,
    "订单发货时间": ["2026-06-02 09:00:00"] * 2 + [""],
    "订单完成时间": ["", "", ""],
    "用户备注": ["放门卫老李处"] * 3,
    "店铺名称": ["店"] * 3,
    "用户编号": ["u8800001", "u8800001", "u8800002"],
    "新的一列": ["甲"] * 3,
}
PERSONAL = [
    "收件人姓名", "收件人电话", "收件人地址", "区", "支付渠道订单号", "快递单号", "订购人身份证姓名/ID Name",
    "订购人身份证号/ID Number", "用户备注",
]  # fmt: skip


@pytest.fixture
def orders(tmp_path):
    made = reading(tmp_path, {"exports/订单.xlsx": xlsx({"Sheet1": rows(ORDERS)})}, SHOP)
    assert ids(made) == []
    return made


def test_an_order_adds_its_skus_up(orders):
    record = stated(orders.tables["orders"])
    assert record.pop("buyer_key") not in ORDERS["用户编号"]
    assert record == {
        "order_id": "P700000000000000001",
        "created_at": "2026-06-01 09:00:00",
        "paid_at": "2026-06-01 09:01:00",
        "shipped_at": "2026-06-02 09:00:00",
        "ship_by": "2026-06-03 09:01:00",
        "status": "shipped",
        "aftersale": "none",
        "province": "浙江",
        "city": "杭州市",
        "list_amount": 258,
        "payable_amount": 1238,
        "paid_amount": 1238,
        "received_amount": 1248,
        "platform_discount": 10,
        "shop_discount": 10,
        "payment_discount": 1,
        "quantity": 3,
        "lines": 2,
        "creator": "小美爱分享",
        "counted": True,
    }


def test_a_sku_is_a_line_and_what_costs_nothing_a_gift(orders):
    lines = orders.tables["order_lines"]
    assert lines["line_id"].tolist() == ["6500001", "6500002", "6500001"]
    assert lines["kind"].tolist() == ["sale", "gift", "sale"]
    assert lines["item_id"].tolist() == ORDERS["小红书编码"]


def test_what_was_refunded_was_sold_first(orders):
    assert orders.tables["orders"]["counted"].tolist() == [True, True]
    assert orders.tables["orders"]["refund_amount"].fillna(0).tolist() == [0, 129]


def test_personal_columns_of_orders_are_nowhere(orders):
    every = "".join(frame.to_csv() for frame in orders.tables.values())
    assert sorted(orders.ledger[0]["dropped_columns"]) == sorted(PERSONAL)
    assert [ORDERS[c][0] for c in PERSONAL if ORDERS[c][0] in every] == []


SETTLED = {
    "订单号": ["P700000000000000001", "P700000000000000002"],
    "售后单号": ["", "R7000001"],
    "下单时间": ["2026-06-01 09:00:00", "2026-06-02 10:00:00"],
    "结算时间": ["2026-06-10 03:00:00", "2026-06-11 03:00:00"],
    "交易类型": ["正向结算", "逆向结算"],
    "结算账户": ["某某科技有限公司", "某某科技有限公司"],
    "动账金额": ["1,123.40", "-110.00"],
    "计佣基数": ["1,248.00", "-129.00"],
    "商品实付/实退": ["1,238.00", "-129.00"],
    "运费实付/实退": ["0", "0"],
    "平台优惠补贴": ["10.00", "0"],
    "平台运费补贴": ["2.00", "0"],
    "佣金": ["-62.40", "6.45"],
    "支付渠道费": ["-7.00", "0"],
    "花呗分期手续费": ["-1.20", "0"],
    "分销佣金": ["-31.00", "12.55"],
    "代运营服务商佣金": ["-25.00", "0"],
    "备注": ["转给张三", ""],
}


def test_a_settlement_states_its_fees_with_the_platforms_sign(tmp_path):
    made = reading(tmp_path, {"exports/结算.csv": csv(SETTLED)}, SHOP)
    assert ids(made) == []
    assert made.ledger[0]["dropped_columns"] == ["结算账户", "备注"]
    assert stated(made.tables["settlement"]) == {
        "booked_at": "2026-06-10 03:00:00",
        "order_id": "P700000000000000001",
        "fee_name": "正向结算",
        "amount": 1123.4,
        "goods_amount": 1238,
        "freight": 0,
        "platform_subsidy": 12,
        "platform_fee": -62.4,
        "creator_commission": -31,
        "partner_commission": -25,
        "payment_fee": -8.2,
        "transfer": False,
    }
    assert stated(made.tables["settlement"], 1)["amount"] == -110


ADS = {
    "时间": ["2026-06-01", "2026-06-01"],
    "投放位置": ["搜索推广", "信息流推广"],
    "精准定向": ["-", "护肤人群"],
    "关键词": ["面霜推荐", "-"],
    "创意名称": ["夏日面霜", "夏日面霜"],
    "创意ID": ["81234567", "81234567"],
    "笔记ID": ["66aa0001", "66aa0001"],
    "单元名称": ["单元一", "单元二"],
    "单元ID": ["7001", "7002"],
    "计划名称": ["新品", "新品"],
    "计划ID": ["6001", "6001"],
    "消费": ["1,200.50", "300"],
    "展现量": ["20,000", "5,000"],
    "点击量": ["800", "100"],
    "点击率": ["4.00%", "2.00%"],
    "平均点击成本": ["1.50", "3.00"],
    "互动量": ["260", "20"],
    "新增种草人群": ["-", "-"],
    "新的一列": ["甲", "乙"],
}


def read_ads(folder, *without):
    columns = {name: cells for name, cells in ADS.items() if name not in without}
    return reading(folder, {"exports/聚光.csv": csv(columns)}, SHOP, attribution=WINDOW)


def test_a_keywords_day_of_advertising_is_read_column_by_column(tmp_path):
    made = read_ads(tmp_path)
    assert ids(made) == []
    assert sorted(made.tables["ads_daily"]["object_id"]) == ["护肤人群", "面霜推荐"]
    ads = made.tables["ads_daily"]
    assert stated(ads[ads["object"] == "面霜推荐"]) == {
        "date": "2026-06-01 00:00:00",
        "tool": "juguang",
        "breakdown": "keyword",
        "window_days": 15,
        "scene": "搜索推广",
        "campaign_id": "6001",
        "campaign": "新品",
        "adgroup": "单元一",
        "creative": "81234567",
        "object_id": "面霜推荐",
        "object": "面霜推荐",
        "impressions": 20000,
        "clicks": 800,
        "spend": 1200.5,
        "interactions": 260,
        "ctr": 0.04,
    }


WORDS = ("关键词", "精准定向")
CREATIVE = (*WORDS, "创意名称", "创意ID", "笔记ID")


@pytest.mark.parametrize(
    ("without", "breakdown"),
    [(WORDS, "creative"), (CREATIVE, "adgroup"), ((*CREATIVE, "单元名称", "单元ID"), "campaign")],
)
def test_what_a_row_is_about_follows_from_its_columns(tmp_path, without, breakdown):
    made = read_ads(tmp_path, *without)
    assert ids(made) == []
    assert set(made.tables["ads_daily"]["breakdown"]) == {breakdown}
    assert made.tables["ads_daily"]["spend"].sum() == 1500.5


COOPERATIONS = {
    "数据更新日期": ["2026/08/06", "2026/08/06"],
    "笔记数": ["1", "1"],
    "图文笔记占比": ["100.0%", "0.0%"],
    "订单id": ["660000000000000000000001", "660000000000000000000002"],
    "合作名称": ["夏日面霜", "夏日面霜二"],
    "下单账号": ["某某旗舰店账号", "某某旗舰店账号"],
    "博主报价": ["8,000", "5000"],
    "服务费金额": ["800", "500"],
    "总预算": ["-", "-"],
    "总消耗": ["-", "120.5"],
    "订单完成时间": ["-", "2026-08-01 10:00:00"],
    "总曝光量": ["120,000", "90000"],
    "总阅读量": ["9,000", "8000"],
    "总阅读UV": ["8,100", "7000"],
    "3s阅读率": ["9.3%", "8.1%"],
    "平均浏览时长": ["12.5", "9"],
    "总互动量": ["980", "700"],
    "总互动率": ["0.81%", "0.77%"],
    "总点赞量": ["600", "400"],
    "总收藏量": ["250", "200"],
    "总评论量": ["90", "60"],
    "总分享量": ["40", "40"],
    "总关注量": ["12", "8"],
    "总自然曝光量": ["70,000", "90000"],
    "总自然阅读量": ["5,000", "8000"],
    "总推广曝光量": ["50,000", "0"],
    "总推广阅读量": ["4,000", "0"],
    "正文组件点击量": ["-", "-"],
}


def test_a_cooperation_states_what_it_cost_and_what_it_reached(tmp_path):
    made = reading(tmp_path, {"exports/蒲公英.xlsx": xlsx({"Sheet1": rows(COOPERATIONS)})}, SHOP)
    assert ids(made) == []
    assert "某某旗舰店账号" not in made.tables["content"].to_csv()
    assert stated(made.tables["content"]) == {
        "date": "2026-08-06 00:00:00",
        "content_id": "660000000000000000000001",
        "title": "夏日面霜",
        "notes": 1,
        "impressions": 120000,
        "impressions_organic": 70000,
        "impressions_paid": 50000,
        "views": 9000,
        "viewers": 8100,
        "views_organic": 5000,
        "views_paid": 4000,
        "avg_stay_seconds": 12.5,
        "interactions": 980,
        "likes": 600,
        "comments": 90,
        "shares": 40,
        "saves": 250,
        "new_followers": 12,
        "quote": 8000,
        "service_fee": 800,
    }
