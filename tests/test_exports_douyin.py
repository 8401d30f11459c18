"""Douyin's exports, column by column: 抖店 orders, 罗盘 live sessions and days, 千川 creatives."""

import codecs

import pytest
from making import csv, ids, reading, rows, stated, xlsx

SHOP = {"dy": "douyin"}
WINDOW = {"qianchuan": 7}


# One order of two lines (the second a gift), one unpaid, one refunded and closed, one by a creator of which only the
# older discount columns are filled, one with a refund under way. Reordered, a header with a TAB, a column of its own.
ORDERS = {
    "订单状态": ["已发货", "待发货", "待支付", "已关闭", "已完成", "已发货"],
    "售后状态": ["-", "-", "-", "退款成功", "售后关闭", "待商家收货"],
    "主订单编号": [f"692184321000000000{n}\t" for n in "112345"],
    "子订单编号": [f"692184321000000001{n}\t" for n in "123456"],
    "选购商品": ["保湿面霜", "面霜小样", "精华液", "保湿面霜", "洁面乳", "洁面乳"],
    "商品规格": ["50g", "5g", "30ml", "50g", "100g", "100g"],
    "商品数量": ["2", "1", "1", "1", "3", "1"],
    "商品ID": ["3600000000000000001\t", "3600000000000000002\t", "3", "3600000000000000001\t", "4", "4"],
    "商家编码": ["A-01", "A-01S", "B-01", "A-01", "C-01", "C-01"],
    "商品单价": ["650.00", "0.00", "99.00", "208.00", "35.00", "35.00"],
    "订单应付金额\t": ["1,234.00", "0.00", "99.00", "200.00", "100.00", "35.00"],
    "运费": ["8.00", "0.00", "0.00", "0.00", "0.00", "0.00"],
    "优惠总金额": ["74.00", "0.00", "0.00", "8.00", "5.00", "0.00"],
    "平台优惠": ["70.00", "0.00", "0.00", "0.00", "5.00", "0.00"],
    "商家优惠": ["0.00", "0.00", "0.00", "8.00", "0.00", "0.00"],
    "达人优惠": ["4.00", "0.00", "0.00", "0.00", "0.00", "0.00"],
    "支付优惠": ["1.50", "0.00", "0.00", "0.00", "0.00", "0.00"],
    "收件人": ["王*明"] * 6,
    "收件人手机号": ["1*********7"] * 6,
    "省": ["浙江省", "浙江省", "广东省", "广东省", "四川省", "四川省"],
    "市": ["杭州市", "杭州市", "广州市", "深圳市", "成都市", "成都市"],
    "区": ["西湖区"] * 6,
    "街道": ["北山街道"] * 6,
    "详细地址": ["某路甲弄乙号"] * 6,
    "买家留言": ["请放门卫老李处"] * 6,
    "商家备注": ["老客王太太"] * 6,
    "订单提交时间": ["2025-04-30 23:58:58"] * 2 + ["2025-05-01 08:00:00"] * 4,
    "支付完成时间": ["2025-05-01 00:01:02"] * 2
    + ["", "2025-05-01 08:01:00", "2025-05-01 08:02:00", "2025-05-01 08:03:00"],
    "发货时间": ["2025-05-01 18:00:00", "", "", "", "2025-05-02 09:00:00", "2025-05-02 09:30:00"],
    "订单完成时间": ["", "", "", "", "2025-05-12 09:00:00", ""],
    "流量来源": ["小店自卖", "小店自卖", "精选联盟", "小店自卖", "精选联盟", "小店自卖"],
    "流量体裁": ["直播", "直播", "-", "商品卡", "短视频", "商品卡"],
    "达人昵称": ["-", "-", "-", "-", "美妆小铺子", "-"],
    "取消原因": ["", "", "", "不想要了", "", ""],
    "平台实际承担优惠金额": ["20.00", "0.00", "0.00", "0.00", "", "0.00"],
    "商家实际承担优惠金额": ["50.00", "0.00", "0.00", "8.00", "", "0.00"],
    "达人实际承担优惠金额": ["4.00", "0.00", "0.00", "0.00", "", "0.00"],
    "建议发货时间（起）": ["2025-05-01 00:00:00"] * 6,
    "新的一列": ["甲"] * 6,
}
PERSONAL = ["收件人", "收件人手机号", "区", "街道", "详细地址", "买家留言", "商家备注"]


@pytest.fixture
def orders(tmp_path):
    made = reading(tmp_path, {"exports/订单.csv": codecs.BOM_UTF8 + csv(ORDERS).encode()}, SHOP)
    assert ids(made) == []
    return made


def test_a_sub_order_is_a_line(orders):
    assert stated(orders.tables["order_lines"]) == {
        "order_id": "6921843210000000001",
        "line_id": "6921843210000000011",
        "item_id": "3600000000000000001",
        "merchant_sku": "A-01",
        "title": "保湿面霜",
        "spec": "50g",
        "created_at": "2025-04-30 23:58:58",
        "paid_at": "2025-05-01 00:01:02",
        "shipped_at": "2025-05-01 18:00:00",
        "status": "shipped",
        "aftersale": "none",
        "quantity": 2,
        "unit_price": 650,
        "line_amount": 1234,
        "paid_amount": 1234,
        "shop_discount": 50,
        "platform_discount": 20,
        "creator_discount": 4,
        "payment_discount": 1.5,
        "kind": "sale",
    }


def test_an_order_adds_its_sub_orders_up(orders):
    assert len(orders.tables["orders"]) == 5
    assert stated(orders.tables["orders"]) == {
        "order_id": "6921843210000000001",
        "created_at": "2025-04-30 23:58:58",
        "paid_at": "2025-05-01 00:01:02",
        "shipped_at": "2025-05-01 18:00:00",
        "status": "paid",
        "aftersale": "none",
        "province": "浙江",
        "city": "杭州市",
        "payable_amount": 1234,
        "paid_amount": 1234,
        "freight": 8,
        "shop_discount": 50,
        "platform_discount": 20,
        "creator_discount": 4,
        "payment_discount": 1.5,
        "quantity": 3,
        "lines": 2,
        "channel": "直播",
        "counted": True,
    }


def test_what_costs_nothing_is_a_gift(orders):
    assert orders.tables["order_lines"]["kind"].tolist() == ["sale", "gift", "sale", "sale", "sale", "sale"]


def test_each_status_has_its_word(orders):
    lines = orders.tables["order_lines"]
    assert lines["status"].tolist() == ["shipped", "paid", "unpaid", "closed", "completed", "shipped"]
    assert lines["aftersale"].tolist() == ["none", "none", "none", "refunded", "none", "open"]


def test_an_order_counts_from_its_payment_on(orders):
    assert orders.tables["orders"]["counted"].tolist() == [True, False, True, True, True]


def test_where_no_one_is_said_to_bear_a_discount_its_issuer_does(orders):
    assert orders.tables["orders"]["platform_discount"].tolist() == [20, 0, 0, 5, 0]


def test_an_order_knows_its_creator_and_where_it_came_from(orders):
    found = orders.tables["orders"]
    assert found["creator"].isna().tolist() == [True, True, True, False, True]
    assert found["creator"].iloc[3] == "美妆小铺子"
    assert found["channel"].tolist() == ["直播", "精选联盟", "商品卡", "短视频", "商品卡"]


def test_no_buyer_of_doudian_has_a_key(orders):
    assert orders.tables["orders"]["buyer_key"].isna().all()


def test_personal_columns_of_orders_are_nowhere(orders):
    every = "".join(frame.to_csv() for frame in orders.tables.values())
    assert orders.ledger[0]["dropped_columns"] == PERSONAL
    assert [ORDERS[c][0] for c in PERSONAL if ORDERS[c][0] in every] == []


# The published session: 8:55 to 0:55, 61 045.30 with the platform's subsidy in it.
LIVE = {
    "主播头像": ["https://p3.example.com/a.jpeg"],
    "主播昵称": ["甲牌官方旗舰店"],
    "主播抖音号": ["dy_9988776"],
    "直播结束时间": ["2026/09/08 00:55:37"],
    "直播开始时间": ["2026/09/07 08:55:37"],
    "直播时长（分钟）": ["960"],
    "直播间曝光人数": ["182584"],
    "直播间曝光次数": ["260001"],
    "直播间观看人数": ["15093"],
    "单小时观看人数": ["943.31"],
    "直播间观看次数": ["18,210"],
    "直播激励观看次数": ["-"],
    "最高在线人数": ["88"],
    "平均在线人数": ["21.5"],
    "人均观看时长（分钟）": ["1.5"],
    "评论次数": ["412"],
    "新加直播团人数": ["16"],
    "新增粉丝数": ["203"],
    "取关粉丝数": ["9"],
    "观看老粉占比": ["0.1203"],
    "带货商品数": ["46"],
    "直播间商品曝光人数": ["12774"],
    "直播间商品点击人数": ["6390"],
    "直播间商品曝光次数": ["67458"],
    "直播间商品点击次数": ["10306"],
    "直播间成交订单数": ["1536"],
    "直播间成交金额": ["61045.3"],
    "直播间用户支付金额": ["59847.17"],
    "直播间成交件数": ["1811"],
    "直播间成交人数": ["1513"],
    "直播间退款订单数": ["371"],
    "直播间退款金额": ["14603.08"],
    "直播间退款人数": ["362"],
    "预估佣金支出": ["0"],
    "商品曝光-点击率（次数）": ["0.1528"],
    "预售订单数": ["0"],
    "预售全款金额": ["0"],
    "投放消耗（店铺绑定）": ["23000.5"],
    "投放消耗（店铺被投）": ["24052.43"],
    "净成交金额": ["50512.9"],
    "1小时退款金额": ["10532.4"],
    "1小时退款订单数": ["265"],
    "消费券引导支付金额": ["-"],
    "新的一列": ["甲"],
}


@pytest.fixture
def live(tmp_path):
    made = reading(tmp_path, {"exports/直播间列表.xlsx": xlsx({"Sheet1": rows(LIVE)})}, SHOP)
    assert ids(made) == []
    return made


def test_a_live_session_is_read_column_by_column(live):
    assert stated(live.tables["live_sessions"]) == {
        "started_at": "2026-09-07 08:55:37",
        "ended_at": "2026-09-08 00:55:37",
        "room": "甲牌官方旗舰店",
        "live_seconds": 57600,
        "impression_users": 182584,
        "impressions": 260001,
        "viewers": 15093,
        "views": 18210,
        "peak_concurrent": 88,
        "avg_concurrent": 21.5,
        "avg_watch_seconds": 90,
        "comments": 412,
        "new_followers": 203,
        "fan_group_joins": 16,
        "items_listed": 46,
        "item_impression_users": 12774,
        "item_click_users": 6390,
        "item_impressions": 67458,
        "item_clicks": 10306,
        "pay_orders": 1536,
        "pay_units": 1811,
        "pay_buyers": 1513,
        "live_gmv": 61045.3,
        "user_paid_amount": 59847.17,
        "net_pay_amount": 50512.9,
        "refund_amount": 14603.08,
        "refund_amount_1h": 10532.4,
        "refund_orders": 371,
        "refund_buyers": 362,
        "commission": 0,
        "spend": 24052.43,
        "presale_orders": 0,
        "presale_amount": 0,
    }


@pytest.mark.parametrize(
    ("part", "whole", "published"),
    [
        ("item_click_users", "item_impression_users", 0.5002),
        ("pay_buyers", "item_click_users", 0.2368),
        ("pay_buyers", "viewers", 0.1002),
        ("item_clicks", "item_impressions", 0.1528),
        ("live_gmv", "spend", 2.5380),
        ("net_pay_amount", "spend", 2.1001),
    ],
)
def test_the_published_ratios_follow_from_the_columns(live, part, whole, published):
    session = live.tables["live_sessions"].iloc[0]
    assert round(session[part] / session[whole], 4) == published


def test_the_platforms_subsidy_is_what_live_sales_exceed_payments_by(live):
    session = live.tables["live_sessions"].iloc[0]
    assert round(session["live_gmv"] - session["user_paid_amount"], 2) == 1198.13


def test_personal_columns_of_live_sessions_are_nowhere(live):
    every = live.tables["live_sessions"].to_csv()
    assert live.ledger[0]["dropped_columns"] == ["主播头像", "主播抖音号"]
    assert [LIVE[c][0] for c in ("主播头像", "主播抖音号") if LIVE[c][0] in every] == []


LIVE_DAY = {
    "日期": ["2026-09-07", "2026-09-07"],
    "直播间名称": ["甲牌官方旗舰店", "甲牌清仓号"],
    "直播时长(小时)": ["6.5", "0.25"],
    "带货商品数": ["46", "3"],
    "成交金额": ["12,345.60", "0"],
    "时均GMV": ["1899.32", "0"],
    "有效GMV": ["12000", "0"],
    "成交订单数": ["301", "0"],
    "成交件数": ["322", "0"],
    "成交人数": ["298", "0"],
    "直播间退款金额": ["2345.6", "-"],
    "直播间订单退款人数": ["40", "-"],
    "预估佣金收入": ["0", "0"],
    "预售订单数": ["2", "0"],
    "预售创建金额": ["398", "0"],
    "退款率": ["0.19", "--"],
    "退款金额(订单)": ["2400", "0"],
    "发货前退款金额(订单）": ["2000", "0"],
    "直播间观看人数": ["5012", "12"],
    "直播间观看人次": ["6100", "13"],
    "最高在线人数": ["77", "2"],
    "平均在线人数": ["18.2", "1"],
    "人均看播时长": ["52", "3"],
    "评论次数": ["120", "0"],
    "点赞次数": ["880", "1"],
    "分享次数": ["14", "0"],
    "新增粉丝数": ["33", "0"],
    "新加团人数": ["5", "0"],
    "商品曝光人数": ["4800", "10"],
    "商品点击人数": ["1900", "1"],
    "观看成交转换率(人数)": ["0.0595", "0"],
    "投放消耗": ["3,210.98", "0"],
}


def test_a_live_day_is_of_a_room(tmp_path):
    made = reading(tmp_path, {"exports/直播概览.csv": csv(LIVE_DAY)}, SHOP)
    assert ids(made) == []
    assert made.ledger[0]["export"] == "compass_live_daily"
    assert made.tables["live_daily"]["live_gmv"].tolist() == [12345.6, 0]
    assert made.tables["live_daily"]["refund_amount"].isna().tolist() == [False, True]
    assert stated(made.tables["live_daily"]) == {
        "date": "2026-09-07 00:00:00",
        "room": "甲牌官方旗舰店",
        "live_seconds": 23400,
        "viewers": 5012,
        "views": 6100,
        "peak_concurrent": 77,
        "avg_concurrent": 18.2,
        "avg_watch_seconds": 52,
        "comments": 120,
        "likes": 880,
        "shares": 14,
        "new_followers": 33,
        "fan_group_joins": 5,
        "items_listed": 46,
        "item_impression_users": 4800,
        "item_click_users": 1900,
        "pay_orders": 301,
        "pay_units": 322,
        "pay_buyers": 298,
        "live_gmv": 12345.6,
        "refund_amount": 2345.6,
        "refund_buyers": 40,
        "spend": 3210.98,
        "presale_orders": 2,
        "presale_amount": 398,
    }


def test_a_live_day_is_never_a_day_of_the_shop(tmp_path):
    day = {k: v for k, v in LIVE_DAY.items() if k not in ("直播间观看人数", "直播间观看人次", "直播时长(小时)")}
    (problem,) = reading(tmp_path, {"exports/直播概览.csv": csv(day)}, SHOP).problems
    assert (problem.id, problem.args["cols"]) == ("e.col", ["直播间观看人数 / 直播间观看人次 / 直播时长(小时)"])


def test_a_shop_day_states_sales_with_and_without_the_subsidy(tmp_path):
    day = (
        "日期,成交金额,用户支付金额,净成交金额,成交人数,商品曝光人数\n2026-09-07,61045.3,59847.17,50512.9,1513,182584\n"
    )
    made = reading(tmp_path, {"exports/核心数据.csv": day}, SHOP)
    assert ids(made) == []
    assert stated(made.tables["shop_daily"]) == {
        "date": "2026-09-07 00:00:00",
        "impression_users": 182584,
        "pay_buyers": 1513,
        "pay_amount": 61045.3,
        "user_paid_amount": 59847.17,
        "net_pay_amount": 50512.9,
    }


CREATIVES = {
    "日期": ["2026-09-07", "2026-09-07"],
    "素材ID\t": ["7512345678901234567\t", "7512345678901234568"],
    "素材名称": ["清洁力对比 15s", "开箱"],
    "整体展现次数": ["12,000", "300"],
    "整体点击次数": ["144", "0"],
    "整体\n点击率": ["1.20%", "0.00%"],
    "整体转换率": ["6.25%", "0.00%"],
    "整体消耗": ["500.00", "0"],
    "基础消耗": ["450.00", "0"],
    "整体支付ROI": ["3.52", "∞"],
    "整体成交金额": ["1760.00", "0"],
    "整体成交订单数": ["9", "0"],
    "用户实际支付金额": ["1700.00", "0"],
    "电商平台补贴金额": ["60.00", "0"],
    "整体未完结预售订单预估金额": ["128.00", "0"],
    "综合ROI": ["-", "-"],
    "净成交金额": ["1500.00", "0"],
    "净成交订单数": ["8", "0"],
    "视频完播率": ["2.34%", "0"],
    "新的一列": ["甲", "乙"],
}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_creatives_day_is_read_column_by_column(tmp_path, encoding):
    made = reading(tmp_path, {"exports/素材.csv": csv(CREATIVES).encode(encoding)}, SHOP, attribution=WINDOW)
    assert ids(made) == []
    ads = made.tables["ads_daily"]
    assert stated(ads) == {
        "date": "2026-09-07 00:00:00",
        "tool": "qianchuan",
        "breakdown": "creative",
        "window_days": 7,
        "object_id": "7512345678901234567",
        "object": "清洁力对比 15s",
        "impressions": 12000,
        "clicks": 144,
        "spend": 500,
        "ad_orders": 9,
        "ad_gmv": 1760,
        "ad_presale_gmv": 128,
        "net_gmv": 1500,
        "net_orders": 8,
        "user_paid_amount": 1700,
        "platform_subsidy": 60,
        "roas": 3.52,
        "ctr": 0.012,
        "cvr": 0.0625,
    }
    assert ads["roas"].isna().tolist() == [False, True]


def test_creatives_by_campaign_are_finer_than_creatives(tmp_path):
    finer = {**CREATIVES, "计划ID": ["1", "2"]}
    assert ids(reading(tmp_path, {"exports/素材.csv": csv(finer)}, SHOP, attribution=WINDOW)) == ["e.grain"]


# ---- 罗盘: who sells, and by which carrier ---------------------------------------------------------------------

# An account of the brand's own, a creator's that sells by video only, and one of which nothing is known.
ACCOUNTS = {
    "成交金额": ["9,000.00", "1,000.50", "-"],
    "日期": ["2025-05-01", "2025-05-01", "2025-05-02"],
    "账号名称": ["青禾官方", "小花", "未知"],
    "账号类型": ["自营", "达人", "-"],
    "合作模式": ["-", "精选联盟", "-"],
    "成交人数": ["90", "10", "0"],
    "成交客单价": ["100.00", "100.05", "-"],
    "商品点击-成交率": ["3.50%", "2.1%", "-"],
    "直播成交金额": ["7,000", "0", "-"],
    "短视频成交金额": ["500", "1,000.50", "-"],
    "商品卡成交金额": ["1,500", "0", "-"],
    "商品卡访客": ["900", "0", "-"],
    "商品卡订单": ["16", "0", "-"],
    "搜索流量占比": ["12.5%", "-", "-"],
    "商城推荐占比": ["30%", "-", "-"],
    "新的一列": ["甲"] * 3,
}


@pytest.mark.parametrize("name", ["账号名称", "帐号名称"])
def test_each_account_sells_by_its_own_carriers(tmp_path, name):
    columns = {name if key == "账号名称" else key: cells for key, cells in ACCOUNTS.items()}
    made = reading(tmp_path, {"exports/账号构成.csv": csv(columns)}, SHOP)
    assert ids(made) == []
    frame = made.tables["account_daily"].sort_values("pay_amount", ascending=False)
    assert stated(frame) == {
        "date": "2025-05-01 00:00:00", "account": "青禾官方", "account_kind": "自营", "pay_amount": 9000.0,
        "pay_buyers": 90.0, "revenue_per_buyer": 100.0, "item_cvr": 0.035, "live_pay_amount": 7000.0,
        "video_pay_amount": 500.0, "card_pay_amount": 1500.0, "card_visitors": 900.0, "card_orders": 16.0,
        "search_share": 0.125, "mall_share": 0.3,
    }  # fmt: skip
    assert (stated(frame, 1)["account"], stated(frame, 1)["cooperation"]) == ("小花", "精选联盟")
    assert stated(frame, 2) == {"date": "2025-05-02 00:00:00", "account": "未知", "pay_buyers": 0.0}


def test_without_accounts_the_carriers_are_the_whole_shops(tmp_path):
    columns = {k: v[:1] for k, v in ACCOUNTS.items() if k not in ("账号名称", "账号类型", "合作模式")}
    made = reading(tmp_path, {"exports/载体构成.xlsx": xlsx({"Sheet1": rows(columns)})}, SHOP)
    assert ids(made) == []
    (line,) = made.ledger
    assert (line["export"], made.tables["account_daily"]["account"].tolist()) == ("compass_carriers", [""])


def test_accounts_of_which_the_name_is_lacking_are_never_the_whole_shops(tmp_path):
    columns = {k: v for k, v in ACCOUNTS.items() if k != "账号名称"}
    (fault,) = reading(tmp_path, {"exports/账号构成.csv": csv(columns)}, SHOP).problems
    assert (fault.id, fault.args["cols"]) == ("e.col", ["账号名称"])
