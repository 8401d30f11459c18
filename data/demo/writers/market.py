"""What is seen of the market: the price watcher's listings, the platform's index, a vendor's estimate."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from formats import csv_bytes, text_id, thousands, workbook
from simulation.everything import Simulation
from simulation.market import indices, vendor
from simulation.world import END, START, rng

CATEGORY = "面部精华"
SCRAPE_HEADER = (
    "采集日期", "商品ID", "商品标题", "店铺名称", "吊牌价", "页面价", "券后价", "近30天销量", "累计评价数", "掌柜旺旺",
    "客服电话",
)  # fmt: skip
INDEX_HEADER = (
    "统计日期", "类目名称", "交易指数", "流量指数", "搜索人气", "收藏人气", "加购人气", "支付转化指数", "客群指数",
)  # fmt: skip
FAKE_NAMES = ("小一", "小二", "小三", "小四", "小五", "小六", "小七", "小八")
DUPLICATES = 14
"""Exact repeats in each file of listings."""
BLANK_BELOW, BLANK_SHARE = 400, 0.12
"""Of the listings that sold less than so many, this share shows no counter."""


def listings(world: Simulation) -> Iterator[tuple[str, bytes]]:
    """The price watcher's files, one a month, GBK; the last one ends with a total."""
    generator = rng("scrape")
    months = world.snapshots.groupby(world.snapshots["date"].dt.to_period("M"))
    for month, rows in months:
        rows = rows.sort_values(["date", "item_id"], kind="stable")
        blank = (rows["sales"] < BLANK_BELOW).to_numpy() & (generator.random(len(rows)) < BLANK_SHARE)
        lines = [_listing(row, gap) for row, gap in zip(rows.itertuples(), blank, strict=True)]
        for place in np.sort(generator.choice(len(lines), DUPLICATES, replace=False))[::-1]:
            lines.insert(int(place), lines[place])
        if month == END.to_period("M"):
            total = sum(int(line[7]) for line in lines if line[7])
            lines.append(["合计", "", "", "", "", "", "", str(total), "", "", ""])
        yield f"tmall/竞品监控_{CATEGORY}_{month}.csv", csv_bytes([SCRAPE_HEADER, *lines], "gbk")


def _listing(row, blank: bool) -> list[str]:
    number = sum(map(ord, row.brand)) % 10_000
    return [
        f"{row.date.year}/{row.date.month}/{row.date.day}",
        text_id(row.item_id),
        row.title,
        row.brand,
        f"{row.price_list:.0f}",
        f"{row.price_page:.2f}",
        f"{row.price_coupon:.2f}",
        "" if blank else f"{row.sales:.0f}",
        f"{row.comments:.0f}",
        f"{row.brand}旗舰店:{FAKE_NAMES[number % len(FAKE_NAMES)]}",
        f"000-0000-{number:04d}",
    ]


def market_index(world: Simulation) -> Iterator[tuple[str, bytes]]:
    """The platform's category screen by month: indices as text, four lines of explanation above the header."""
    table = indices(world.category)
    above = (
        "【生意参谋平台】市场大盘",
        f"类目：{CATEGORY}　终端：全部　统计粒度：月",
        "导出时间：2024-12-02 09:52:10",
        "说明：各指数由平台换算，可比较高低与走势，不等于金额或人数",
    )
    lines = [
        [f"{month:%Y-%m}", CATEGORY, *(thousands(v) for v in row)]
        for month, row in zip(table.index, table.to_numpy(), strict=True)
    ]
    sheet = [*([text] for text in above), INDEX_HEADER, *lines]
    yield f"tmall/【生意参谋平台】市场大盘_{CATEGORY}_{START:%Y-%m}_{END:%Y-%m}.xlsx", workbook({"市场大盘": sheet})


def vendor_estimate(world: Simulation) -> Iterator[tuple[str, bytes]]:
    """A data vendor's estimate of the category in yuan."""
    rows = [[f"{month:%Y-%m}", CATEGORY, "天猫", f"{value:.0f}"] for month, value in vendor(world.category).items()]
    header = ["月份", "类目", "平台", "成交金额(估算)"]
    yield f"tmall/类目销售估算_{CATEGORY}_天猫_{START:%Y%m}-{END:%Y%m}.csv", csv_bytes([header, *rows], "utf-8-sig")
