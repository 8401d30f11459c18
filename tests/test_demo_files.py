"""The demo's exports look like downloads: headers, encodings, zips, and nobody real in them."""

import csv
import io
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from demo_tables import EXPORTS, content, items, one, orders, table

COLUMNS = Path(__file__).parents[2] / "shared" / "platform-exports" / "columns.csv"


# ---- how the files look ------------------------------------------------------------------------------------


def test_large_text_files_are_zipped_and_small_enough():
    assert [p.name for p in EXPORTS.rglob("*.csv") if p.stat().st_size > 1_000_000] == []


@pytest.mark.parametrize(
    ("pattern", "flagged"), [("tmall/宝贝报表*.zip", False), ("tmall/评价*.zip", False), ("douyin/订单*.zip", True)]
)
def test_a_member_with_a_chinese_name_says_so_only_where_the_platform_does(pattern, flagged):
    for path in EXPORTS.glob(pattern):
        with zipfile.ZipFile(path) as packed:
            (member,) = packed.infolist()
        assert bool(member.flag_bits & 0x800) is flagged
        name = member.filename if flagged else member.filename.encode("cp437").decode("gbk")
        assert name == f"{path.stem}.csv"


def test_order_files_are_gbk_with_ids_as_formulas_and_blanks_behind_headers():
    text = content(one("tmall/ExportOrderList*1307.zip")).decode("gbk")
    header, first = text.split("\r\n")[:2]
    assert '"收货地址 "' in header and '"订单付款时间 "' in header and '"订单创建时间"' in header
    assert re.match(r'="4\d{18}","测试买家\d{7}",', first)


def test_douyin_orders_have_a_mark_71_columns_and_tabs_behind_ids():
    body = content(one("douyin/订单管理*.zip"))
    assert body.startswith(b"\xef\xbb\xbf")
    header, first = (next(csv.reader([line])) for line in body.decode("utf-8-sig").split("\r\n")[:2])
    assert len(header) == 71
    assert first[0].endswith("\t") and first[1].endswith("\t")


def test_headers_of_qianchuan_hold_tabs_and_line_feeds():
    header = next(csv.reader(io.StringIO(content(one("douyin/千川*.zip")).decode("utf-8-sig"))))
    assert header[0] == "日期\t" and "整体消耗\n" in header


EXPORTED = {
    "千牛 订单报表 ExportOrderList": (("tmall/ExportOrderList*.zip", "gbk", 0), set()),
    "千牛 宝贝报表": (("tmall/宝贝报表*.zip", "gbk", 0), set()),
    "千牛 退款管理": (("tmall/退款管理*.xlsx", "", 0), set()),
    "生意参谋 商品_全部": (("tmall/*商品_全部*.xlsx", "", 4), set()),
    "万相台无界": (("tmall/商品报表*.zip", "utf-8-sig", 0), set()),
    "品销宝": (("tmall/品销宝*.xlsx", "", 0), {"消耗"}),
    "千牛 评价管理": (("tmall/评价管理*.zip", "gbk", 0), set()),
    "客服绩效": (("tmall/客服绩效*.xlsx", "", 0), {"日期", "客服昵称", "首次响应时长（秒）"}),
    "抖店 订单管理": (("douyin/订单管理*.zip", "utf-8-sig", 0), set()),
    "罗盘 直播间列表": (("douyin/直播间列表*.xlsx", "", 0), set()),
    "罗盘 直播概览": (("douyin/直播概览*.csv", "utf-8", 0), set()),
    "巨量千川 素材报表": (("douyin/千川*.zip", "utf-8-sig", 0), set()),
    "旺店通 库存管理": (("erp/库存管理*.xlsx", "", 0), set()),
}
"""Export → its files, and the headers beyond those collected: of older files, or of a dialog that splits by day."""


@pytest.mark.skipif(not COLUMNS.is_file(), reason="the collected headers lie beside the project, not in it")
@pytest.mark.parametrize("export", EXPORTED)
def test_headers_are_those_of_real_exports(export):
    known = pd.read_csv(COLUMNS, encoding="utf-8-sig")
    known = set(known[known["export"].str.startswith(export)]["column_zh"].str.strip())
    (place, more) = EXPORTED[export]
    assert set(table(*place).columns) - known == more


def test_the_full_templates_are_complete():
    assert len(orders().filter(regex="[一-鿿]").columns) == 44
    assert len(table("tmall/退款管理*.xlsx").columns) == 39
    assert len(items().columns) == 40
    assert len(table("erp/库存管理*.xlsx").columns) == 41


MADE_UP = {
    "买家会员名": r"测试买家\d{7}", "买家会员名称": r"测试买家\d{7}", "买家支付宝账号": r"t\*\*\*@example\.invalid",
    "收货人姓名": "测试买家", "收货地址": r"\S+ 测试市 测试区 测试路1号\(000000\)", "联系电话": "", "联系手机": r"'1\*{10}",
    "买家留言": "", "订单备注": "", "发票抬头": "", "物流单号": "", "卖家真实姓名": "测试卖家", "卖家电话": "000-0000-0000",
    "卖家手机": r"1\*{10}", "卖家退货地址": "测试省 .*测试路2号", "退款操作人": ".*:测试客服", "审核操作人": "", "买家退款说明": "",
    "商家备注": "", "支付宝交易号": "0{28}", "买家昵称": r"测\*\*", "收件人": r"测\*\*", "收件人手机号": r"1\*{10}",
    "详细地址": "测试路1号", "主播抖音号": "test_account", "主供应商": "测试供应商", "客服昵称": r"测试客服\w{2}",
}  # fmt: skip


def test_every_person_and_phone_is_visibly_made_up():
    seen = set()
    for place, _ in EXPORTED.values():
        for name, values in table(*place).items():
            if name in MADE_UP and place[0] != "tmall/客服绩效*.xlsx":
                seen.add(name)
                assert [v for v in values.unique() if not re.fullmatch(MADE_UP[name], v)] == [], name
    agents = table("tmall/客服绩效*.xlsx")["客服昵称"][:-1]
    assert agents.str.fullmatch(MADE_UP["客服昵称"]).all()
    assert seen | {"客服昵称"} == set(MADE_UP)
