"""Exports that are known and not read: named in the ledger, never an error and never taken for another one."""

import pytest
from making import OVERVIEW, csv, ids, reading, rows, xlsx

from kit import checking
from kit.exports import review, unread
from kit.exports.dictionary import exports, normal
from kit.text import Words

MOVES = {
    "序号": ["1", "2"],
    "业务发生时间": ["2024-11-01 10:00:00", "2024-11-01 11:00:00"],
    "仓库名称": ["华东一仓", "华东一仓"],
    "事业部商品编号": ["EMG1", "EMG1"],
    "业务类型": ["客单出库回传", "客单出库回传"],
    "库存状态": ["良品", "良品"],
    "实际原始库存": ["9", "8"],
    "实际库存加减数量": ["-1", "-2"],
    "实际库存结存": ["8", "6"],
}
BOOSTS = {
    "投放进度": ["￥11.19 / ￥500", "-"],
    "消耗详情": ["-", "-"],
    "直接成交金额": ["￥0", "￥88"],
    "实际加热时长": ["6小时9分钟", "30分钟"],
    "出价（ROI）": ["2.5", ""],
}
DUE = {
    "交易单号": ["5118851054150013638"],
    "超时类型": ["支付超24h"],
    "支付时间": ["2024-11-01 10:00:00"],
    "应揽收时间": ["2024-11-03 10:00:00"],
    "买家姓名": ["张**"],
    "买家地址": ["某路甲弄乙号"],
    "备注信息": ["客服小王\n已催"],
}
THROTTLED = {
    "商品名称": ["面霜"],
    "商品 ID": ["988297980428"],
    "高价限流状态": ["限流中"],
    "当前普惠券后价": ["¥1529.15"],
    "平台建议价": ["¥1399"],
    "销量": ["12"],
}
PAGE = {
    "商品id": ["988297980428"],
    "层级": ["第1屏"],
    "曝光人数": ["16,451"],
    "跳失人数": ["15,196"],
    "支付转换率": ["0.10%"],
}
TOGETHER = {
    "商品名称": ["面霜"],
    "访问人数": ["900"],
    "支付金额": ["9,000.00"],
    "关联商品名称": ["精华"],
    "关联访问人数": ["90"],
    "关联购买率": ["1.5%"],
}
CREATORS = {
    "达人名称": ["小花"],
    "小红书号": ["123"],
    "粉丝数": ["123,456"],
    "笔记总数": ["20"],
    "活跃粉丝占比": ["42.64% | 192745"],
    "图文笔记报价": ["¥1,200"],
}
SKUS = {"skuId": ["1"], "sku 名称": ["50g"], "加购件数": ["12"], "支付金额": ["1,200.00"], "支付件数": ["9"]}
SAMPLES = {
    "sycm_item_skus": ("tmall", "SKU_2024-11-01.csv", csv(SKUS), 2),
    "jingmai_stock_moves": ("jd", "库存流水.csv", csv(MOVES).encode("gb18030"), 3),
    "suixintui_orders": ("douyin", "随心推.csv", csv(BOOSTS).encode("utf-8-sig"), 3),
    "qianniu_parcels_due": ("tmall", "发货预警.xlsx", xlsx({"发货预警": rows(DUE)}), 2),
    "qianniu_price_throttled": ("tmall", "高价.xlsx", xlsx({"Sheet1": [["高价限流商品"], [], *rows(THROTTLED)]}), 3),
    "sycm_item_page": ("tmall", "详情.xlsx", xlsx({"详情分析": rows(PAGE)}), 2),
    "sycm_bought_together": ("taobao", "连带.csv", csv(TOGETHER).replace(",", "\t").encode(), 2),
    "creators_list": ("xiaohongshu", "达人.xlsx", xlsx({"达人": rows(CREATORS)}), 2),
}
"""Export → a shop's platform, a file, the rows in it that are not blank."""


def sample(id):
    platform, name, data, _ = SAMPLES[id]
    return {f"exports/s/{name}": data}, {"s": platform}


def test_every_one_has_a_sample():
    assert set(SAMPLES) == {one.id for one in unread.unread()}


@pytest.mark.parametrize("id", SAMPLES)
def test_its_rows_are_counted_and_left_aside(tmp_path, id):
    made = reading(tmp_path, *sample(id))
    (line,) = made.ledger
    filled = SAMPLES[id][-1]
    assert (line["export"], line["ignored"], line["table"]) == (id, "unread", None)
    assert (line["rows_read"], line["rows_kept"], line["dropped"]) == (filled, 0, {"unread": filled})
    assert (ids(made), made.tables) == ([], {})


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("zh", "exports/s/高价.xlsx [Sheet1]  千牛 高价限流  已识别，暂未用到"),
        (
            "en",
            "exports/s/高价.xlsx [Sheet1]  千牛 高价限流 (Qianniu items shown less for their price)  "
            "recognised; nothing uses it yet",
        ),
    ],
)
def test_make_check_names_it(tmp_path, locale, told):
    made = reading(tmp_path, *sample("qianniu_price_throttled"))
    assert checking.ledger(made, Words(locale)) == [told]


def test_beside_it_the_other_sheets_of_a_file_are_read(tmp_path):
    book = xlsx({"连带": rows(TOGETHER), "交易概况": OVERVIEW, "说明": [["每日八点更新"]]})
    made = reading(tmp_path, {"exports/a.xlsx": book})
    assert [line["ignored"] for line in made.ledger] == ["unread", None, "other_sheet"]
    assert len(made.tables["shop_daily"]) == 2


def test_the_days_of_an_item_are_read_beside_its_skus(tmp_path):
    days = [["时间", "商品访客数", "支付金额", "访客平均价值"], ["2026年07月06日", "9", "30", "3"]]
    book = xlsx({"销售趋势": days, "SKU销售详情": rows(SKUS)})
    made = reading(tmp_path, {"exports/销售分析_988297980428.xls": book})
    assert (ids(made), [line["ignored"] for line in made.ledger]) == ([], [None, "unread"])
    assert made.tables["item_daily"]["item_id"].tolist() == ["988297980428"]


def test_no_cell_of_it_is_kept(tmp_path):
    made = reading(tmp_path, *sample("qianniu_parcels_due"))
    assert not [word for word in ("张", "丙弄", "某路", "小王") if word in str(made.ledger)]


def test_what_client_toml_states_of_a_file_comes_first(tmp_path):
    stated = {"s/库存流水.csv": {"table": "inventory"}}
    stated = {f"exports/{name}": said for name, said in stated.items()}
    made = reading(tmp_path, *sample("jingmai_stock_moves"), files=stated)
    assert [line["ignored"] for line in made.ledger] == []
    assert ids(made) == ["e.unknown"]


def test_the_exports_of_a_platform_are_listed_with_those_that_are_not_read():
    found = list(review.shown([], review.unread_of("jd"), Words("zh")))
    assert found[0] == "京麦 库存流水  [jingmai_stock_moves: 已识别，暂未用到]"
    assert "实际库存结存" in found[2]
    assert len(review.unread_of("")) == len(SAMPLES)


@pytest.mark.parametrize("export", exports(), ids=lambda e: e.id)
def test_no_export_that_is_read_has_all_of_its_headers(export):
    own = {normal(c.header) for c in export.columns} | export.personal | export.shop_name
    assert not [one.id for one in unread.unread() if one.headers <= own]


@pytest.mark.parametrize(
    ("one", "told"),
    [
        ({"id": "x", "name": {"zh": "a", "en": "b"}, "menu": {"zh": "a", "en": "b"}}, "x: has the fields"),
        ({"id": "x", "name": {"zh": "a"}, "menu": {"zh": "a", "en": "b"}, "headers": ["甲"]}, "one language only"),
    ],
)
def test_a_slip_in_it_is_named(one, told):
    with pytest.raises(ValueError, match=told):
        list(unread.of("some", {"unread": [one]}))
