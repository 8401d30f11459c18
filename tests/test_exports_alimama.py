"""The exports of Alimama: a literal file of each, its columns in another order, one renamed, one new."""

import pytest
from making import xlsx
from test_exports_tmall import lines, made, rows, says, table

from kit.exports.dictionary import exports

WANXIANGTAI = """
展现量 | 8225 | 100
日期 | 2024-11-01 | 2024-11-02
场景ID | 371 | 372
场景名字 | 关键词推广 | 货品全站推
原二级场景ID | 9 | 9
原二级场景名字 | 标准推广 | -
计划ID | 7001 | 7002
计划名字 | 拉新计划 | 收割计划
点击量 | 274 | 3
花费 | 159.9 | 0
点击率 | 0.03331 | 0.03
平均点击花费 | 0.58 | -
总预售成交金额 | 12.5 | 0
直接成交金额 | 1000.85 | 0
间接成交金额 | 1040 | 0
总成交金额 | 2040.85 | 0
总成交笔数 | 7 | 0
直接成交笔数 | 3 | 0
点击转换率 | 0.02555 | 0
投入产出比 | 12.76 | ∞
总购物车数 | 50 | 0
收藏宝贝数 | 3 | 0
引导访问量 | 1129 | 0
引导访问人数 | 222 | 0
入会量 | 2 | 0
成交新客数 | 1 | 0
成交人数 | 6 | 0
净成交金额 | 1900.85 | -
净成交笔数 | 6 | -
平台补贴金额 | 20.5 | 0
新指标 | 1 | 1
"""
ITEM = "主体ID | 1016007048451.0 | 1016007048452\n主体类型 | 商品 | 商品\n主体名称 | 面霜 | 精华\n"


def ads(folder, name, content):
    """The rows by day."""
    return table(folder, f"{name}_15天转化.csv", content, "ads_daily").sort_values("date", ignore_index=True)


def test_a_campaign_report_states_each_campaigns_day(tmp_path):
    frame = ads(tmp_path, "计划报表", lines(WANXIANGTAI))
    says(frame, date="2024-11-01", tool="wanxiangtai", breakdown="campaign", window_days=15.0)
    says(frame, scene="关键词推广", campaign="拉新计划", object="", object_id="", adgroup="")
    says(frame, impressions=8225.0, clicks=274.0, spend=159.9, ctr=0.03331, visits=1129.0, visitors=222.0)
    says(frame, cart_adds=50.0, favorites=3.0, ad_orders=7.0, ad_orders_direct=3.0, ad_gmv=2040.85)
    says(frame, ad_gmv_direct=1000.85, ad_gmv_indirect=1040.0, ad_presale_gmv=12.5, cvr=0.02555, roas=12.76)
    says(frame, net_gmv=1900.85, net_orders=6.0, new_buyers=1.0, pay_buyers=6.0, member_joins=2.0)
    says(frame, platform_subsidy=20.5)
    says(frame, 1, spend=0.0, roas=None, net_gmv=None, net_orders=None)


def test_an_item_report_states_each_items_day_under_its_whole_id(tmp_path):
    frame = ads(tmp_path, "商品报表", lines(WANXIANGTAI + ITEM))
    says(frame, breakdown="item", campaign="拉新计划", object_id="1016007048451", object="面霜", spend=159.9)
    says(frame, 1, object_id="1016007048452", object="精华")


def test_a_scene_report_states_each_scenes_day(tmp_path):
    text = "\n".join(line for line in WANXIANGTAI.split("\n") if not line.startswith("计划"))
    says(ads(tmp_path, "场景报表", lines(text)), breakdown="scene", scene="关键词推广", campaign="", spend=159.9)


def test_a_keyword_report_states_each_keywords_day_for_each_item(tmp_path):
    text = (
        WANXIANGTAI
        + "单元名字 | 单元一 | 单元二\n宝贝ID | 988297980428 | 988297980428\n词名字/词包名字 | 面霜 | 精华\n"
    )
    frame = ads(tmp_path, "关键词报表", lines(text))
    says(frame, breakdown="keyword", object="面霜", object_id="988297980428", adgroup="单元一", campaign="拉新计划")


@pytest.mark.parametrize("name", ["人群包名称", "人群名字"])
def test_an_audience_report_states_each_audiences_day(tmp_path, name):
    frame = ads(tmp_path, "人群报表", lines(f"{WANXIANGTAI}单元名字 | 单元一 | 单元二\n{name} | 会员 | 访客\n{ITEM}"))
    says(frame, breakdown="audience", object="会员", object_id="1016007048451", adgroup="单元一")


def test_a_row_may_state_its_own_window(tmp_path):
    text = "统计日期,转化周期,计划名字,展现量,花费,总成交金额\n"
    text += "2024-11-01,1天转化,拉新计划,9,10.00,30.00\n2024-11-02,15天转化,拉新计划,9,10.00,50.00\n"
    frame = table(tmp_path, "计划报表.csv", text, "ads_daily").sort_values("window_days")
    assert frame[["window_days", "ad_gmv"]].values.tolist() == [[1, 30], [15, 50]]


ZHITONGCHE = """
商品名称 | 面霜 | 精华
状态 | 推广中 | 推广中
推广单元类型 | 标准 | 标准
计划名称 | 日常 | 日常
默认出价 | ￥1.20 | ￥0.80
展现量 | 12,345 | 0
点击量 | 120 | 0
点击率 | 0.97% | -
花费 | ￥1,234 | -
平均点击花费 | ￥10.28 | -
点击转换率 | 2.5% | -
投入产出比 | 2.35 | -
总成交金额 | ￥2,899.90 | -
新指标 | 1 | 1
"""


def test_a_dash_under_money_of_a_paid_search_report_is_zero_and_under_a_rate_missing(tmp_path):
    frame = table(tmp_path, "直通车_2024-11-01_2024-11-01.csv", lines(ZHITONGCHE), "ads_daily").sort_values("clicks")
    says(frame, object="精华", spend=0.0, ad_gmv=0.0, ctr=None, cvr=None, roas=None)
    says(frame, 1, date="2024-11-01", tool="zhitongche", breakdown="item", object="面霜", campaign="日常")
    says(frame, 1, impressions=12345.0, clicks=120.0, spend=1234.0, ctr=0.0097, cvr=0.025, roas=2.35, ad_gmv=2899.9)


def test_a_paid_search_report_of_several_days_is_of_its_period(tmp_path):
    frame = table(tmp_path, "直通车_2024-11-01_2024-11-30.csv", lines(ZHITONGCHE), "ads_period")
    says(frame, start="2024-11-01", end="2024-11-30")


PINXIAOBAO = """
展现量 | 8974
日期 | 2026-08-06
搜索量 | 9729
触达访客数 | 5966
点击量 | 2002
点击访客数 | 1851
点击率 | 0.223088
进店访客数 | 4625
店铺收藏数 | 59
宝贝收藏数 | 91
宝贝加购数 | 1959
访问时长 | 738815
成交笔数 | 1105
成交金额 | 50804.53
转换率 | 0.123133
成交访客数 | 917
预售成交笔数 | 8
预售成交金额 | 1218.9
自然流量增量成交 | 1082.587069
新指标 | 1
"""
SHEETS = {
    "账户": "访客触达率 | 0.977905\n",
    "推广计划": "计划名称 | 品牌计划\n",
    "推广单元": "计划名称 | 品牌计划\n单元名称 | 单元A\n",
    "创意": "计划名称 | 品牌计划\n单元名称 | 单元A\n创意名称 | 主视觉\n",
    "品牌流量包": "计划名称 | 品牌计划\n单元名称 | 单元A\n词包名称 | 核心词包\n",
    "定向人群": "计划名称 | 品牌计划\n单元名称 | 单元A\n创意名称 | 主视觉\n定向人群名称 | 高潜人群\n",
}


@pytest.fixture
def zone(tmp_path):
    book = xlsx({name: rows(PINXIAOBAO + own) for name, own in SHEETS.items()})
    return made(tmp_path, "品牌专区报表_30天转化.xlsx", book)


def test_each_sheet_of_a_brand_zone_report_is_a_breakdown_of_its_own(zone):
    assert [e["ignored"] for e in zone.ledger] == [None] * len(SHEETS)
    frame = zone.tables["ads_daily"].set_index("breakdown")[["campaign", "adgroup", "creative", "object"]]
    assert {key: tuple(row) for key, row in zip(frame.index, frame.to_numpy(), strict=True)} == {
        "account": ("", "", "", ""),
        "campaign": ("品牌计划", "", "", ""),
        "adgroup": ("品牌计划", "单元A", "", ""),
        "creative": ("品牌计划", "单元A", "", "主视觉"),
        "keyword_package": ("品牌计划", "单元A", "", "核心词包"),
        "audience": ("品牌计划", "单元A", "主视觉", "高潜人群"),
    }


def test_a_brand_zone_report_states_no_spend(zone):
    frame = zone.tables["ads_daily"]
    for row in range(len(SHEETS)):
        says(frame, row, date="2026-08-06", tool="pinxiaobao", window_days=30.0, spend=None)
        says(frame, row, impressions=8974.0, clicks=2002.0, click_users=1851.0, ctr=0.223088, visitors=4625.0)
        says(frame, row, favorites=91.0, cart_adds=1959.0, ad_orders=1105.0, ad_gmv=50804.53, cvr=0.123133)
        says(frame, row, pay_buyers=917.0, ad_presale_gmv=1218.9)


def test_each_tool_offers_its_own_windows():
    windows = {e.set["tool"]: e.windows for e in exports() if e.file == "alimama"}
    assert windows == {
        "wanxiangtai": (1, 3, 7, 15, 30),
        "zhitongche": (1, 3, 7, 15, 30),
        "pinxiaobao": (3, 7, 15, 30),
        "udsmart": (1, 7, 15),
    }


def test_a_file_of_advertising_names_nobody(tmp_path):
    text = WANXIANGTAI + "操作人 | 王小明 | 李大方\n联系电话 | 13900001111 | 13900002222\n"
    found = made(tmp_path, "计划报表_15天转化.csv", lines(text))
    left = found.tables["ads_daily"].to_csv() + repr(found.ledger) + repr(found.problems)
    assert [s for s in ("王小明", "李大方", "1390000") if s in left] == []
