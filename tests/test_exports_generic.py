"""Plain sheets: every table can be brought by one, in the trade's words or by canonical names, and is never mistaken."""

import pytest
from making import ids, reading

from kit.errors import KitError
from kit.exports.dictionary import bringing, exports, normal
from kit.exports.recognise import Hint, recognise
from kit.tables import INPUTS, READ

PLAIN = [e for e in exports() if e.generic]
BY_TABLE = {e.table.name: e for e in PLAIN}
SHOP_TABLES = [t.name for t in READ]
ANY = Hint("zh", platform="other")
WORDS = [
    (e.id, f.name)
    for e in PLAIN
    for f in e.table.fields
    # A goal's shop and an export's own name are no words of a dictionary; a platform's model has its Latin name.
    if f.words and not f.made and f.name != "model"
]


def found(header, tables=SHOP_TABLES):
    return recognise([header], "x.csv", tables=tables, hint=ANY).export


def refused(header):
    with pytest.raises(KitError, match=r"e\.") as caught:
        found(header)
    return caught.value.problems[0]


def canonical(export):
    """The canonical names that an export cannot do without."""
    return [name.split("|")[0] for name in export.required]


def test_every_table_has_one_plain_sheet():
    assert sorted(e.table.name for e in PLAIN) == sorted([*SHOP_TABLES, *INPUTS])


@pytest.mark.parametrize("name", [*SHOP_TABLES, *INPUTS])
def test_a_plain_sheet_comes_after_every_platforms_own_export(name):
    assert bringing(name)[-1] is BY_TABLE[name]
    assert [e.generic for e in bringing(name)].count(True) == 1


@pytest.mark.parametrize("export", PLAIN, ids=lambda e: e.id)
def test_every_way_to_have_what_is_required_is_recognised(export):
    tables = INPUTS if export.table.name in INPUTS else SHOP_TABLES
    for name in export.required:
        for choice in name.split("|"):
            header = [choice if part == name else part.split("|")[0] for part in export.required]
            assert found(header, tables) is export, header


@pytest.mark.parametrize("export", PLAIN, ids=lambda e: e.id)
def test_canonical_names_are_accepted_for_all_that_a_file_may_state(export):
    of_folder = () if export.table.name in INPUTS else ("platform", "shop", "source")
    stated = {f.name for f in export.table.fields if not f.made} - set(of_folder)
    assert {c.to for c in export.columns if c.header == c.to} >= stated


@pytest.mark.parametrize("export", PLAIN, ids=lambda e: e.id)
def test_every_column_has_a_word_of_the_trade(export):
    spoken = {c.to for c in export.columns if any("\u4e00" <= ch <= "\u9fff" for ch in c.header)}
    of_folder = () if export.table.name in INPUTS else ("platform", "shop", "source")
    lacking = {f.name for f in export.table.fields if not f.made} - spoken - set(of_folder)
    assert lacking == set()


@pytest.mark.parametrize("export", PLAIN, ids=lambda e: e.id)
def test_what_is_wanted_never_forbids(export):
    assert {normal(c.header) for c in export.columns} & export.without == set()


@pytest.mark.parametrize("export", [e for e in PLAIN if e.without], ids=lambda e: e.id)
def test_rows_finer_than_the_table_are_never_taken_for_it(export):
    tables = INPUTS if export.table.name in INPUTS else SHOP_TABLES
    for name in sorted(export.without):
        try:
            assert found([*canonical(export), name], tables) is not export, name
        except KitError as error:
            assert error.problems[0].id in ("e.grain", "e.platform", "e.ambiguous"), name


@pytest.mark.parametrize(
    ("header", "table"),
    [
        (["日期", "访客数", "支付金额"], "shop_daily"),
        (["日期", "商品ID", "访客数", "支付金额"], "item_daily"),
        (["商品ID", "访客数", "支付金额"], "item_daily"),
        (["日期", "类目", "访客数", "支付金额"], "category_daily"),
        (["日期", "渠道", "访客数", "支付金额"], "traffic_source"),
        (["日期", "推广工具", "数据层级", "计划", "花费", "成交金额"], "ads_daily"),
        (["日期", "推广工具", "数据层级", "商品ID", "花费", "成交金额"], "ads_daily"),
        (["日期", "搜索关键词", "访客数", "支付金额"], "search_terms"),
        (["日期", "品牌", "商品ID", "页面价", "销量"], "listings"),
        (["开播时间", "直播间", "观看人数", "成交金额"], "live_sessions"),
        (["日期", "直播间", "观看人数", "直播间成交金额"], "live_daily"),
        (["订单号", "付款时间", "实付金额"], "orders"),
        (["订单号", "子订单号", "商家编码", "数量", "付款时间", "实付金额"], "order_lines"),
        (["退款单号", "订单号", "退款时间", "退款金额", "付款时间", "实付金额"], "refunds"),
        (["月份", "类目", "指标", "数值", "口径"], "market_monthly"),
        (["日期", "类目", "指标", "数值", "口径"], "market_daily"),
        (["类目", "指标", "数值", "口径"], "market_monthly"),
        (["日期", "对象类型", "竞争对象", "类目", "指标", "数值"], "rivals"),
        (["日期", "商家编码", "仓库", "实际库存", "单位成本"], "inventory"),
    ],
)
def test_sheets_that_look_alike_are_told_apart(header, table):
    assert found(header) is BY_TABLE[table]


@pytest.mark.parametrize(
    ("header", "detail"),
    [
        (["日期", "访客数", "支付金额", "地区"], "地区"),
        (["日期", "访客数", "支付金额", "小时"], "小时"),
        (["日期", "商品ID", "支付金额", "SKU ID"], "SKU ID"),
        (["日期", "推广工具", "数据层级", "花费", "创意名称"], "创意名称"),
        (["订单号", "付款时间", "实付金额", "商品名称"], "商品名称"),
        (["订单号", "付款时间", "实付金额", "子订单号"], "子订单号"),
        (["月份", "类目", "指标", "数值", "口径", "品牌"], "品牌"),
    ],
)
def test_a_finer_sheet_is_refused_by_its_detail(header, detail):
    problem = refused(header)
    assert (problem.id, problem.args["col"]) == ("e.grain", detail)


@pytest.mark.parametrize("table", ["shop_daily", "live_daily", "presale_daily", "orders"])
def test_a_sheet_of_days_without_a_day_is_refused(table):
    export = BY_TABLE[table]
    header = [name for name in canonical(export) if name != "date" and "created_at" not in name]
    assert refused([*header, "备用列"]).id in ("e.col", "e.col.renamed", "e.unknown", "e.unknown.near")


@pytest.mark.parametrize(("id", "column"), WORDS)
def test_every_word_has_a_literal_and_every_literal_is_a_word(id, column):
    (export,) = [e for e in PLAIN if e.id == id]
    literals = export.words.get(column, {})
    assert set(literals.values()) == set(export.table.field(column).words)


def test_every_tool_of_the_platforms_own_exports_can_be_named():
    tools = {e.set["tool"] for e in exports() if "tool" in e.set}
    assert tools - set(BY_TABLE["ads_daily"].words["tool"].values()) == set()


CELLS = {
    "orders": (
        {"订单号": "1001", "下单时间": "2024-11-01 09:00:00", "付款时间": "2024-11-01 09:05:00", "订单状态": "交易成功",
         "售后状态": "退款成功", "省份": "浙江省", "商品总价": "￥120", "实付金额": "99.50", "运费": "-", "是否预售": "是"},
        {"order_id": "1001", "status": "completed", "aftersale": "refunded", "province": "浙江", "list_amount": 120.0,
         "paid_amount": 99.5, "freight": None, "presale": True},
    ),
    "order_lines": (
        {"订单号": "1001", "子订单号": "1001-1", "商家编码": "QH-30", "数量": "2", "实付金额": "99.5", "订单状态": "已发货"},
        {"order_id": "1001", "line_id": "1001-1", "merchant_sku": "QH-30", "quantity": 2.0, "status": "shipped"},
    ),
    "refunds": (
        {"退款单号": "9", "退款时间": "2024-11-03 10:00:00", "退款金额": "20", "退款状态": "退款成功", "退款范围": "部分退款",
         "退款阶段": "售后", "是否退货": "否"},
        {"refund_id": "9", "refund_amount": 20.0, "status": "success", "scope": "partial", "stage": "after_sale",
         "return_required": False},
    ),
    "presale_daily": ({"日期": "2024-10-14", "付定金人数": "500", "定金金额": "5000"}, {"deposit_buyers": 500.0, "campaign": ""}),
    "shop_daily": (
        {"日期": "2024-11-01", "访客数": "1,391", "支付金额": "1.2万", "跳失率": "77.5%"},
        {"visitors": 1391.0, "pay_amount": 12000.0, "bounce_rate": 0.775},
    ),
    "item_daily": (
        {"日期": "2024-11-01", "商品ID": "612345678901", "支付金额": "10", "编号类型": "商品"},
        {"item_id": "612345678901", "pay_amount": 10.0, "id_kind": "item"},
    ),
    "category_daily": ({"日期": "2024-11-01", "品类": "精华", "访客数": "9"}, {"category": "精华", "visitors": 9.0}),
    "traffic_source": (
        {"日期": "2024-11-01", "渠道": "搜索", "二级来源": "汇总", "访客数": "9"},
        {"source_l1": "搜索", "source_l2": "", "level": 1.0},
    ),
    "item_sources": (
        {"日期": "2024-11-01", "商品ID": "612345678901", "渠道": "搜索", "二级来源": "汇总", "访客数": "9", "浏览量": "30"},
        {"item_id": "612345678901", "source_l1": "搜索", "source_l2": "", "level": 1.0, "pageviews": 30.0},
    ),
    "ads_daily": (
        {"日期": "2024-11-01", "推广工具": "万相台", "数据层级": "计划", "计划": "新品", "花费": "100", "归因天数": "15"},
        {"tool": "wanxiangtai", "breakdown": "campaign", "campaign": "新品", "spend": 100.0, "window_days": 15.0},
    ),
    "live_sessions": (
        {"开播时间": "2024-11-01 20:00:00", "直播间": "青禾", "观看人数": "9", "成交金额": "5"},
        {"room": "青禾", "viewers": 9.0, "live_gmv": 5.0},
    ),
    "live_daily": ({"日期": "2024-11-01", "观看人数": "9"}, {"room": "", "viewers": 9.0}),
    "account_daily": (
        {"日期": "2024-11-01", "账号": "青禾", "账号类型": "自营", "支付金额": "900", "直播成交金额": "700", "商城推荐占比": "12%"},
        {"account": "青禾", "account_kind": "自营", "pay_amount": 900.0, "live_pay_amount": 700.0, "mall_share": 0.12},
    ),
    "content": (
        {"日期": "2024-11-01", "笔记ID": "66aa", "曝光量": "1,200", "互动量": "30", "完播率": "12%"},
        {"content_id": "66aa", "impressions": 1200.0, "interactions": 30.0, "completion_rate": 0.12},
    ),
    "service_daily": ({"接待日期": "2024-11-01", "咨询人数": "9", "平均响应时长": "2分30秒"}, {"avg_response_seconds": 150.0}),
    "reviews": (
        {"评价编号": "7", "评价内容": "好用", "评价类型": "好评", "评分": "5"},
        {"review_text": "好用", "sentiment": "positive", "score": 5.0},
    ),
    "inventory": (
        {"日期": "2024-11-30", "商家编码": "QH-30", "实际库存": "-3", "可用库存": "12"},
        {"merchant_sku": "QH-30", "stock_on_hand": -3.0, "stock_available": 12.0, "warehouse": ""},
    ),
    "settlement": (
        {"入账时间": "2024-11-01 09:00:00", "订单号": "1001", "费用名称": "佣金", "支出": "5.20"},
        {"order_id": "1001", "fee_name": "佣金", "expense": 5.2, "amount": -5.2, "transfer": False},
    ),
    "listings": (
        {"日期": "2024-11-01", "品牌": "甲", "商品ID": "1", "页面价": "99", "近30天销量": "1000+"},
        {"price_page": 99.0, "sales": 1000.0, "sales_kind": "rolling_30d"},
    ),
    "market_monthly": (
        {"月份": "2024-11", "类目": "精华", "指标": "成交金额", "数值": "100", "下限": "90", "上限": "120", "口径": "区间"},
        {"metric": "pay_amount", "value": 100.0, "low": 90.0, "value_kind": "interval"},
    ),
    "market_daily": (
        {"日期": "2024-11-01", "类目": "精华", "指标": "交易指数", "数值": "100", "口径": "指数"},
        {"metric": "transaction_index", "value_kind": "index"},
    ),
    "search_terms": (
        {"日期": "2024-11-01", "搜索关键词": "精华液", "搜索人气": "2500 ~ 5000", "支付转化率": "5% ~ 7.5%"},
        {"term": "精华液", "search_popularity_low": 2500.0, "search_popularity_high": 5000.0, "pay_cvr": 0.0625},
    ),
    "rivals": (
        {"日期": "2024-11-01", "对象类型": "店铺", "竞争对象": "甲旗舰店", "指标": "访客数", "数值": "100"},
        {"rival_kind": "shop", "rival": "甲旗舰店", "metric": "visitors", "value": 100.0, "channel": ""},
    ),
    "experiment_daily": (
        {"实验": "主图", "实验组": "B", "日期": "2024-11-01", "展现量": "900", "点击量": "41", "毛利(元)": "-3.5"},
        {"experiment": "主图", "variant": "B", "exposures": 900.0, "clicks": 41.0, "毛利": -3.5},
    ),
    "experiment_units": (
        {"版本": "B", "访客ID": "u1", "是否支付": "是", "支付金额": "￥88", "实验前支付金额": "20", "收藏": "FALSE"},
        {"experiment": "x", "record": "", "bought": 1.0, "revenue": 88.0, "pre_revenue": 20.0, "收藏": 0.0},
    ),
    "experiment_summary": (
        {"版本": "B", "指标": "人均访问", "截至": "2024-11-14 09:00:00", "样本量": "1,200", "均值": "-0.5", "标准差": "2"},
        {"experiment": "x", "figure": "人均访问", "units": 1200.0, "mean": -0.5, "sd": 2.0, "variance": None},
    ),
}  # fmt: skip


def test_every_table_is_tried():
    assert list(CELLS) == SHOP_TABLES


@pytest.mark.parametrize("table", CELLS)
def test_a_plain_row_is_read_as_it_was_meant(tmp_path, table):
    cells, expected = CELLS[table]
    text = ",".join(cells) + "\n" + ",".join(f'"{cell}"' for cell in cells.values()) + "\n"
    made = reading(tmp_path, {"exports/other/x.csv": text}, {"other": "other"})
    assert [p for p in made.problems if not p.warning] == []
    (row,) = made.tables[table].to_dict("records")
    assert {name: None if row[name] != row[name] else row[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("name", "header", "table"),
    [
        ("商品_2024-11-01_2024-11-07", "商品ID,支付金额\n1,5", "item_period"),
        ("商品_2024-11-01_2024-11-01", "商品ID,支付金额\n1,5", "item_daily"),
        ("库存_2024-11-30", "商家编码,实际库存\nA,5", "inventory"),
        ("来源_2024-11", "渠道,访客数\n搜索,5", "traffic_source_period"),
    ],
)
def test_the_day_or_the_period_may_come_from_the_files_name(tmp_path, name, header, table):
    made = reading(tmp_path, {f"exports/other/{name}.csv": header + "\n"}, {"other": "other"})
    assert [i for i in ids(made) if not i.startswith("e.warn")] == []
    assert list(made.tables) == [table]
