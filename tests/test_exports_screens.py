"""Scores, reviews, items, content and advertising of screens that came to be read later: a row of each, column by
column."""

import pytest
from making import csv, ids, reading, rows, said, stated, xlsx

MONTH = "_2026-06-01_2026-06-30"
WINDOW = {"udsmart": 15, "taobaolianmeng": 15, "pdd_live": 15, "qianchuan": 7}


def read(folder, platform, columns, name="a.csv", **settings):
    """The reading of a sheet with one row, a further column of nobody's among the others."""
    sheet = {header: cells if isinstance(cells, list) else [cells] for header, cells in columns.items()}
    sheet |= {"新的一列": ["甲"] * len(next(iter(sheet.values())))}
    content = xlsx({"明细数据": rows(sheet)}) if name.endswith("xlsx") else csv(sheet)
    tools = {k: v for k, v in WINDOW.items() if settings.get("tool") == k}
    return reading(folder, {f"exports/{name}": content}, {platform: platform}, attribution=tools)


ITEM = {
    "时间": "2026年07月06日", "商品访客数": "1,391", "商品浏览量": "3,186", "商品平均停留时长": "15.74", "商品详情页跳出率": "77.48%",
    "商品加购人数": "120", "下单买家数": "31", "下单金额": "4,895.00", "下单转换率": "2.23%", "支付买家数": "30",
    "支付转换率": "2.16%", "支付金额": "4,396.00", "支付件数": "33", "月累计支付金额": "31,396.00", "访客平均价值": "3",
    "成功退款金额": "120.00",
}  # fmt: skip


def test_a_file_of_one_item_has_the_items_id_from_its_name(tmp_path):
    made = read(tmp_path, "tmall", ITEM, "销售分析_612345678901_20260706.xlsx")
    assert ids(made) == []
    record = stated(made.tables["item_daily"])
    assert {k: record[k] for k in ("date", "item_id", "id_kind", "visitors", "bounce_rate", "order_cvr", "pay_cvr")} == {
        "date": "2026-07-06 00:00:00", "item_id": "612345678901", "id_kind": "item", "visitors": 1391,
        "bounce_rate": 0.7748, "order_cvr": 0.0223, "pay_cvr": 0.0216,
    }  # fmt: skip
    assert (record["pay_amount"], record["uv_value"], record["refund_amount"]) == (4396, 3, 120)


@pytest.mark.parametrize(
    "name", ["销售分析_20260706.xlsx", "销售分析_202607061230.xlsx", "612345678901_612345678902.xlsx"]
)
def test_a_file_of_one_item_that_names_none_or_two_is_refused(tmp_path, name):
    assert ids(read(tmp_path, "tmall", ITEM, name)) == ["e.named"]


def test_when_a_file_was_downloaded_is_no_item(tmp_path):
    made = read(tmp_path, "tmall", ITEM, "销售分析_612345678901_20260706123059.xlsx")
    assert made.tables["item_daily"]["item_id"].tolist() == ["612345678901"]


def test_rows_by_variant_are_finer_than_an_items_day(tmp_path):
    finer = read(tmp_path, "tmall", {**ITEM, "skuId": "5001"}, "销售分析_612345678901.xlsx")
    assert ids(finer) == ["e.grain"]


def test_an_items_own_sources_are_never_the_shops(tmp_path):
    sources = {
        "一级来源": "搜索",
        "二级来源": "汇总",
        "访客数": "90",
        "浏览量": "120",
        "加购人数": "9",
        "支付买家数": "2",
    }
    assert ids(read(tmp_path / "a", "tmall", sources, f"流量来源{MONTH}.csv")) == ["e.named"]
    made = read(tmp_path / "b", "tmall", sources, f"流量来源_612345678901{MONTH}.csv")
    assert (ids(made), set(made.tables)) == ([], {"item_sources_period"})


def test_orders_with_a_complaint_complete_the_items_of_their_period(tmp_path):
    voc = {
        "商品名称": "面霜",
        "商品编码": "612345678901",
        "问题订单量": "28",
        "有效订单量": "156",
        "问题订单率": "17.94%",
    }
    score = {
        "商品ID": "612345678901",
        "问题订单数": "28",
        "成交订单数": "160",
        "商品体验分": "4.2",
        "排名情况": "落后96%同类目商品",
    }
    content = {f"exports/VOC{MONTH}.csv": csv({k: [v] for k, v in voc.items()})}
    content |= {f"exports/体验分{MONTH}.csv": csv({k: [v] for k, v in score.items()})}
    made = reading(tmp_path, content)
    assert ids(made) == []
    assert stated(made.tables["item_period"]) == {
        "start": "2026-06-01 00:00:00",
        "end": "2026-06-30 00:00:00",
        "item_id": "612345678901",
        "id_kind": "item",
        "title": "面霜",
        "pay_orders": 160,
        "problem_orders": 28,
        "valid_orders": 156,
        "experience_score": 4.2,
    }


SCORES = {
    "tmall": (
        {"真实体验分": "4.66", "宝贝质量": "4.5", "物流速度": "4.8", "服务保障": "4.7", "商品负反馈率": "0.2105%",
         "商品好评率": "98.5%", "48小时揽收及时率": "99.00%", "3分钟人工响应率": "85.00%"},
        {"experience_score": 4.66, "score_goods": 4.5, "dsr_logistics": 4.8, "score_service": 4.7,
         "negative_feedback_rate": 0.002105, "positive_review_rate": 0.985, "pickup_48h_rate": 0.99,
         "reply_3min_rate": 0.85},
    ),
    "pinduoduo": (
        {"消费者服务体验分": "4.1", "同行排名": "0.32", "服务态度体验分": "4.2", "商品服务体验分": "3.9", "发货服务体验分": "4.5",
         "物流服务体验分": "4.4", "平台介入率（近30天）": "0.0071"},
        {"experience_score": 4.1, "score_service": 4.2, "score_goods": 3.9, "score_dispatch": 4.5, "dsr_logistics": 4.4,
         "intervention_rate": 0.0071},
    ),
}  # fmt: skip


@pytest.mark.parametrize("platform", SCORES)
def test_a_shops_scores_are_of_the_day_in_the_files_name(tmp_path, platform):
    columns, expected = SCORES[platform]
    made = read(tmp_path, platform, columns, "体验_2026-06-30_2026-06-30.csv")
    assert ids(made) == []
    assert stated(made.tables["service_daily"]) == {"date": "2026-06-30 00:00:00"} | expected


def test_an_agents_service_is_read_and_the_shops_sum_left_out(tmp_path):
    service = {
        "客服昵称": ["店铺汇总值", "店铺平均值", "小李", "小王"], "已接待人数": ["300", "150", "200", "100"],
        "询单人数": ["120", "60", "80", "40"], "支付人数": ["60", "30", "45", "15"], "客服询单支付额": ["9,000", "4500", "6,000", "3000"],
        "退款后销售额": ["8,000", "4000", "5,500", "2500"], "全天首响时长": ["15秒", "15秒", "11秒", "--"],
        "全天平响时长": ["1分10秒", "1分10秒", "2分30秒", "20秒"], "全天满意率": ["90%", "90%", "92.00%", "-"],
    }  # fmt: skip
    made = read(tmp_path, "douyin", service, "客服表现_2026-06-01_2026-06-01.xlsx")
    assert [i for i in ids(made) if not i.startswith("e.warn")] == []
    found = made.tables["service_daily"]
    assert made.ledger[0]["dropped"] == {"total_row": 2}
    assert sorted(found["served_users"]) == [100, 200]
    assert found["first_response_seconds"].dropna().tolist() == [11]
    assert "小李" not in found.to_csv()


def test_content_states_numbers_as_text_and_masks_its_followers(tmp_path):
    content = {
        "内容ID": "6001", "内容名称": "夏日面霜", "内容发布时间": "2026-06-05 12:00:00", "商品ID": "612345678901", "查看人数": "900",
        "查看次数": "1,200", "播放次数": "1,000", "完播率": "0.985", "人均停留时长（秒）": "12.5", "互动次数": "80",
        "新增粉丝数": "*", "种草成交金额": "2,500.50", "曝光次数": "20,000", "点击次数": "600",
    }  # fmt: skip
    made = read(tmp_path, "tmall", content, f"作品分析{MONTH}.xlsx")
    assert ids(made) == []
    assert stated(made.tables["content_period"]) == {
        "start": "2026-06-01 00:00:00", "end": "2026-06-30 00:00:00", "content_id": "6001", "title": "夏日面霜",
        "published_at": "2026-06-05 12:00:00", "item_id": "612345678901", "impressions": 20000, "views": 1200,
        "viewers": 900, "plays": 1000, "completion_rate": 0.985, "avg_stay_seconds": 12.5, "interactions": 80,
        "clicks": 600, "seeded_pay_amount": 2500.5,
    }  # fmt: skip


def test_a_review_is_scored_and_names_nobody(tmp_path):
    review = {"评价ID": "R1", "订单编号": "260620-1", "综合评分": "4", "描述评分": "5", "评价内容": "不错", "评价时间": "2026-06-20 10:00:00",
              "追评": "-", "回复": "谢谢王小明", "用户名": "阿***"}  # fmt: skip
    made = read(tmp_path, "pinduoduo", review)
    assert ids(made) == []
    assert "王小明" not in made.tables["reviews"].to_csv()
    assert stated(made.tables["reviews"]) == {
        "review_id": "R1", "reviewed_at": "2026-06-20 10:00:00", "order_id": "260620-1", "review_text": "不错", "score": 4,
    }  # fmt: skip


def test_items_and_the_shop_of_pinduoduo_are_told_apart(tmp_path):
    item = {"统计日期": "2026-06-01", "商品ID": "1005751284107", "商品名称": "鞋柜", "商品访客数": "350", "商品浏览量": "700",
            "成交订单数": "40", "成交转化率": "11.43%", "成交买家数": "38", "成交金额": "1,196.00"}  # fmt: skip
    shop = {
        "店铺访客数": "900",
        "店铺浏览量": "2,000",
        "成交买家数": "60",
        "成交订单数": "64",
        "成交金额": "2,100.00",
        "客单价": "35.00",
    }
    made = read(tmp_path / "a", "pinduoduo", item)
    assert ids(made) == []
    assert (made.tables["item_daily"]["pay_cvr"][0], made.tables["item_daily"]["visitors"][0]) == (0.1143, 350)
    made = read(tmp_path / "b", "pinduoduo", shop, "店铺概览_2026-06-01_2026-06-01.csv")
    assert ids(made) == []
    assert made.tables["shop_daily"]["pay_amount"].tolist() == [2100]


def test_the_funnel_of_a_live_room_counts_who_ordered(tmp_path):
    funnel = {"直播间曝光人数": "182584", "直播间观看人数": "15093", "商品曝光人数": "12774", "商品点击人数": "6390", "总下单人数": "1600",
              "总成交人数": "1513"}  # fmt: skip
    made = read(tmp_path, "douyin", funnel, "漏斗_2026-09-07_2026-09-07.csv")
    assert ids(made) == []
    record = stated(made.tables["live_daily"])
    assert (record["order_buyers"], record["pay_buyers"], record["item_click_users"]) == (1600, 1513, 6390)


UD = {
    "日期": "2026-06-01", "账户ID": "77", "账户名称": "字节一号", "项目ID": "88", "计划ID": "99", "单元ID": "111", "创意ID": "222",
    "创意名称": "夏日", "花费": "1,000.00", "展现量": "50,000", "点击量": "770", "点击率": "0.0154", "总成交笔数": "20",
    "总成交金额": "3,000.00", "直接成交金额": "2,000.00", "总退款金额": "300.00", "总成交笔数(剔除退款)": "18",
    "总成交金额(剔除退款)": "2,700.00", "引导访问": "700", "笔记互动量": "45",
}  # fmt: skip


@pytest.mark.parametrize(
    ("without", "breakdown", "key"),
    [
        ((), "creative", "222"),
        (("创意ID", "创意名称"), "adgroup", ""),
        (("创意ID", "创意名称", "单元ID"), "campaign", ""),
        (("创意ID", "创意名称", "单元ID", "计划ID", "项目ID"), "account", ""),
    ],
)
def test_a_row_of_ud_is_about_the_finest_thing_it_names(tmp_path, without, breakdown, key):
    made = read(tmp_path, "tmall", {k: v for k, v in UD.items() if k not in without}, tool="udsmart")
    assert ids(made) == []
    record = stated(made.tables["ads_daily"])
    assert (record["breakdown"], record.get("object_id", "")) == (breakdown, key)
    facts = ("scene", "spend", "ctr", "ad_gmv", "refund_amount", "net_gmv", "net_orders", "interactions", "window_days")
    assert [record[f] for f in facts] == ["字节一号", 1000, 0.0154, 3000, 300, 2700, 18, 45, 15]


def test_affiliates_cost_commission_and_service_fee(tmp_path):
    item = {"商品ID": "612345678901", "商品标题": "面霜", "付款佣金支出(元)": "50.00", "付款佣金率": "5.00%", "付款金额(元)": "1,000.00",
            "付款笔数": "10", "付款服务费支出(元)": "5.00", "付款支出费用(元)": "55.00", "进店人数": "139", "付款转化率": "7.19%"}  # fmt: skip
    made = read(tmp_path, "tmall", item, f"商品分析{MONTH}.csv", tool="taobaolianmeng")
    assert ids(made) == []
    record = stated(made.tables["ads_period"])
    assert (record["tool"], record["spend"], record["ad_gmv"], record["cvr"]) == ("taobaolianmeng", 55, 1000, 0.0719)


def test_live_promotion_is_a_tool_of_its_own_beside_items(tmp_path):
    live = {"日期": "2026-06-01", "总花费(元)": "500.00", "成交花费(元)": "480", "交易额(元)": "2,000.00", "实际投产比": "4.00",
            "成交笔数": "50", "曝光量": "90,000", "关注量": "30", "深度观看": "800", "商品收藏量": "12"}  # fmt: skip
    made = read(tmp_path, "pinduoduo", live, tool="pdd_live")
    assert ids(made) == []
    record = stated(made.tables["ads_daily"])
    assert (record["tool"], record["breakdown"], record["spend"], record["ad_gmv"]) == (
        "pdd_live",
        "account",
        500,
        2000,
    )


def test_an_account_of_qianchuan_is_of_the_days_in_its_name(tmp_path):
    account = {"消耗": "500.00", "展示次数": "12,000", "点击次数": "144", "点击率": "1.20%", "成交订单数": "9", "成交订单金额": "1,760.00",
               "下单roi": "3.60", "支付roi": "3.52"}  # fmt: skip
    made = read(tmp_path, "douyin", account, f"千川{MONTH}.csv", tool="qianchuan")
    assert ids(made) == []
    record = stated(made.tables["ads_period"])
    assert (record["breakdown"], record["spend"], record["roas"], record["ctr"]) == ("account", 500, 3.52, 0.012)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_export_is_named_where_it_is_wanted(tmp_path, locale):
    made = read(tmp_path, "jd", SCORES["tmall"][0], "体验_2026-06-30_2026-06-30.csv")
    assert ids(made) == ["e.platform"]
    assert "真实体验分" in said(made, locale)[0]


def test_what_left_the_warehouse_completes_the_orders_of_jd(tmp_path):
    left = {"ECLP订单号": "ESL1", "店铺名称": "店", "销售平台订单号": "3001", "下单时间": "2026-06-01 10:00:00",
            "发货时间": "2026-06-01 20:00:00", "妥投时间": "2026-06-02 11:00:00", "运单号": "JD001", "收货人": "王小明",
            "收货地址": "某路甲弄", "收货人手机": "1*********7", "订单状态": "妥投", "目的省份": "浙江", "目的城市": "杭州市"}  # fmt: skip
    sold = (
        "订单号,商品ID,订购数量,下单时间,付款确认时间,订单状态,应付金额\n"
        "3001,100012,1,2026-06-01 10:00:00,2026-06-01 10:01:00,完成,99\n"
    )
    content = {"exports/出库.csv": csv({k: [v] for k, v in left.items()}), "exports/订单.csv": sold}
    made = reading(tmp_path, content, {"jd": "jd"})
    assert ids(made) == []
    record = stated(made.tables["orders"])
    facts = ("status", "paid_amount", "shipped_at", "delivered_at", "province", "counted")
    assert [record[f] for f in facts] == ["completed", 99, "2026-06-01 20:00:00", "2026-06-02 11:00:00", "浙江", True]
    assert "王小明" not in made.tables["orders"].to_csv()
