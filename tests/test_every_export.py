"""Every export whose header somebody has published: what it is recognised as, sheet by sheet where one list of names
joins several."""

import csv
from pathlib import Path

import pytest

from kit.errors import KitError
from kit.exports.dictionary import exports
from kit.exports.recognise import Hint, recognise
from kit.exports.unread import known, unread
from kit.tables import PLATFORM_TABLES

COLUMNS = Path(__file__).parents[2] / "shared" / "platform-exports" / "columns.csv"
PLATFORM = {"taobao_tmall": "tmall", "alimama": "tmall", "wechat_shop": "wechat"}
"""Folders of the collected lists → platforms of a shop, where they differ."""
OF_JD = "跟单SKU ID,跟单SKU名称,SPU ID,推广计划,计划ID,关键词,搜索词,人群名称,触发SKU ID"

# Platform and beginning of a list's name → what it is; of a list that joins several sheets, each sheet: what it is →
# the names that it lacks, and, after a bar, those that the page's data leave out.
AS = {
    "taobao_tmall": {
        "千牛 订单报表 ExportOrderList": "qianniu_orders",
        "千牛 订单报表 (new": "qianniu_orders_chosen",
        "千牛 宝贝报表": "qianniu_order_lines",
        "千牛 退款管理": "qianniu_refunds",
        "千牛 动账明细": "qianniu_ledger",
        "千牛 聚合账单": "qianniu_bill",
        "千牛 评价管理": "qianniu_reviews",
        "千牛 商品VOC": "qianniu_item_problems",
        "千牛 商品体验分": "qianniu_item_experience",
        "千牛 真实体验分": "qianniu_experience",
        "千牛 包裹中心 发货预警": "qianniu_parcels_due",
        "千牛 高价限流": "qianniu_price_throttled",
        "客服绩效": "qianniu_service",
        "支付宝 账务明细": "alipay_ledger",
        "淘宝联盟 订单明细": "lianmeng_orders",
        "淘宝联盟 商品分析": "lianmeng_items",
        "生意参谋 商品_全部": "sycm_items",
        "生意参谋 品类 宏观监控": "sycm_category_overview",
        "生意参谋 商品360 销售分析": {"sycm_item_sales": "skuId,sku名称,加购件数", "sycm_item_skus": ""},
        "生意参谋 流量来源 店铺": "sycm_traffic_source",
        "生意参谋 商品360 流量来源": "sycm_item_sources",
        "生意参谋 引流搜索关键词": "sycm_search_keywords",
        "生意参谋 交易概况": {"sycm_trade_overview": "|统计日期"},
        "生意参谋 自助取数": "sycm_self_service",
        "生意参谋 竞店对比": {"sycm_comparison": "|统计日期,店铺名称", "sycm_rivals": "|统计日期,竞品"},
        "生意参谋 竞品流失": "sycm_lost_to_rivals",
        "生意参谋 市场 搜索排行": "sycm_search_ranking",
        "生意参谋 市场 品牌": {
            "sycm_brand_index": "|统计日期,品牌名称",
            "sycm_rivals": "|统计日期,竞品",
            "sycm_market_index": "|月份,类目名称",
        },
        "生意参谋 标准类目": "sycm_categories",
        "生意参谋 商品360 详情分析": "sycm_item_page",
        "生意参谋 连带分析": "sycm_bought_together",
        "生意参谋 内容 作品分析": "sycm_content",
    },
    "alimama": {
        "万相台无界": {
            "wanxiangtai_scene": "主体ID,主体类型,主体名称,计划ID,计划名字,关键词,人群包名称",
            "wanxiangtai_campaign": "主体ID,主体类型,主体名称,关键词,人群包名称",
            "wanxiangtai_item": "关键词,人群包名称",
            "wanxiangtai_keyword": "人群包名称",
            "wanxiangtai_audience": "关键词",
        },
        "直通车": "zhitongche_item",
        "品销宝": {
            "pinxiaobao_account": "计划名称,单元名称,创意名称,词包名称,定向人群名称",
            "pinxiaobao_campaign": "单元名称,创意名称,词包名称,定向人群名称",
            "pinxiaobao_adgroup": "创意名称,词包名称,定向人群名称",
            "pinxiaobao_creative": "词包名称,定向人群名称",
            "pinxiaobao_keyword_package": "定向人群名称",
            "pinxiaobao_audience": "词包名称",
        },
        "UD智汇投": {
            "udsmart_account": "项目ID,计划ID,广告ID,广告组ID,单元ID,创意ID,创意名称",
            "udsmart_campaign": "广告ID,广告组ID,单元ID,创意ID,创意名称",
            "udsmart_adgroup": "创意ID,创意名称",
            "udsmart_creative": "",
        },
    },
    "douyin": {
        "抖店 订单管理": "doudian_orders",
        "抖店 动账明细": "doudian_ledger",
        "抖店 运费险": "doudian_freight_insurance",
        "抖店 飞鸽": "feige_service",
        "罗盘 直播间列表": "compass_live_list",
        "罗盘 直播概览": "compass_live_daily",
        "罗盘 账号/载体 构成": {"compass_accounts": "", "compass_carriers": "帐号名称,帐号类型,合作模式"},
        "罗盘 直播 五步漏斗": "compass_live_funnel",
        "巨量千川 素材报表": "qianchuan_creative",
        "千川 API": "qianchuan_account",
        "小店随心推": "suixintui_orders",
    },
    "pinduoduo": {
        "商家后台 订单导出": "pinduoduo_orders",
        "推广 商品报表": "pinduoduo_ads_item",
        "推广 直播推广": "pinduoduo_ads_live",
        "账务明细": "pinduoduo_ledger",
        "数据中心 商品数据": "pinduoduo_items",
        "数据中心 店铺概览": "pinduoduo_shop",
        "评价管理": "pinduoduo_reviews",
        "服务数据": "pinduoduo_experience",
    },
    "jd": {
        "商智 商品明细": "shangzhi_item",
        "商智 店铺": "shangzhi_shop",
        "商家后台 订单导出": "jd_orders",
        "京麦 对账中心": "jingmai_statement",
        "京麦 已结算明细": "jingmai_settled",
        "京准通": {
            "jingzhuntong_scene": OF_JD,
            "jingzhuntong_campaign": "跟单SKU ID,跟单SKU名称,SPU ID,关键词,搜索词,人群名称,触发SKU ID",
            "jingzhuntong_item": "关键词,搜索词,人群名称,触发SKU ID",
            "jingzhuntong_keyword": "跟单SKU ID,跟单SKU名称,SPU ID,搜索词,人群名称,触发SKU ID",
            "jingzhuntong_audience": "跟单SKU ID,跟单SKU名称,SPU ID,关键词,搜索词,触发SKU ID",
        },
        "京麦 库存流水": "jingmai_stock_moves",
        "京慧 销售出库": "jinghui_outbound",
    },
    "kuaishou": {"快手小店 订单导出": "kuaishou_orders", "快手 客服考核": "kuaishou_service"},
    "xiaohongshu": {
        "千帆 订单导出": "qianfan_orders",
        "千帆 结算GMV": "qianfan_settlement",
        "蒲公英 订单报告": "pugongying_orders",
        "聚光": {
            "juguang_campaign": "精准定向,关键词,创意名称,创意ID,笔记ID,单元名称,单元ID",
            "juguang_adgroup": "精准定向,关键词,创意名称,创意ID,笔记ID",
            "juguang_creative": "精准定向,关键词",
            "juguang_keyword": "",
        },
        "达人库": "creators_list",
    },
    "wechat_shop": {"微信小店 订单导出": "wechat_orders", "微信小店 动账": "wechat_ledger"},
    "youzan": {"有赞 商品维度": "youzan_order_items"},
    "erp": {"旺店通": "wangdiantong_stock", "聚水潭": "jushuitan_stock"},
}


def sheets():
    """Folder, beginning of the list's name, what the sheet is, and how its names differ from the list's."""
    for folder, lists in AS.items():
        for begins, what in lists.items():
            for id, differs in (what if isinstance(what, dict) else {what: ""}).items():
                yield folder, begins, id, differs


SHEETS = list(sheets())
needs_lists = pytest.mark.skipif(
    not COLUMNS.is_file(), reason="the collected headers lie beside the project, not in it"
)


def lists():
    """Every collected list: its folder, its name, its columns."""
    found = {}
    with COLUMNS.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault((row["platform"], row["export"]), []).append(row["column_zh"])
    return found


def recognised(header, platform):
    """The id of the export that a header is of, read or not; else the error's."""
    rows = [header, ["1"] * len(header)]
    if one := known(rows):
        return one.id
    try:
        return recognise(rows, "x", tables=PLATFORM_TABLES, hint=Hint("zh", shop="x", platform=platform)).export.id
    except KitError as error:
        return error.problems[0].id


@needs_lists
def test_every_list_is_said_to_be_something():
    every = lists()
    assert len(every) == 75
    told = [(f, n) for f, n in every if sum(n.startswith(b) for b in AS[f]) != 1]
    assert told == []


@needs_lists
@pytest.mark.parametrize(("folder", "begins", "id", "differs"), SHEETS, ids=[f"{s[0]} {s[1]} {s[2]}" for s in SHEETS])
def test_a_published_header_is_recognised_as_what_it_is(folder, begins, id, differs):
    (columns,) = [columns for (f, n), columns in lists().items() if f == folder and n.startswith(begins)]
    lacking, _, more = differs.partition("|")
    lost = set(filter(None, lacking.split(",")))
    assert lost <= set(columns)
    header = [*filter(None, more.split(",")), *(c for c in columns if c not in lost)]
    assert recognised(header, PLATFORM.get(folder, folder)) == id


@needs_lists
@pytest.mark.parametrize("finer", ["搜索词", "触发SKU ID"])
def test_what_a_dialog_can_split_further_is_refused_with_the_column(finer):
    """A search term, or the SKU that was shown beside the one that was sold: the same spend is in the other reports."""
    (columns,) = [columns for (_, name), columns in lists().items() if name.startswith("京准通")]
    header = [c for c in columns if c == finer or c not in OF_JD.split(",") or c.startswith("跟单SKU")]
    with pytest.raises(KitError, match=r"e\.grain") as error:
        recognise([header], "x", tables=PLATFORM_TABLES, hint=Hint("zh", shop="x", platform="jd"))
    assert error.value.problems[0].args["col"] == finer


def test_every_export_of_the_dictionaries_is_tried_but_for_the_market_and_what_is_no_platforms():
    tried = {id for _, _, id, _ in SHEETS}
    own = {e.id for e in exports() if not e.generic and e.file != "market"} | {one.id for one in unread()}
    assert tried - own == set()
    assert own - tried == {
        "compass_shop_daily", "shangzhi_market_money", "sycm_market_interval"
    }  # fmt: skip
