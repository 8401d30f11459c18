"""千牛 评价管理 and 客服绩效 of the Tmall shop."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from formats import csv_bytes, moments, percent, rows, workbook, zipped
from simulation.book import order_numbers
from simulation.everything import Simulation
from simulation.feedback import BURST_FROM
from simulation.world import END, rng

FIRST = "2024-09-01"
REVIEW_HEADER = (
    "评价ID", "评价内容", "评价标签", "评价情感", "评价时间", "追评内容", "追评距收货天数", "买家昵称", "订单ID",
    "商品标题", "商品ID",
)  # fmt: skip
SENTIMENT = {1: "负面评价", 3: "中性评价", 4: "正面评价", 5: "正面评价"}
TAGS = {
    "leak": "包装漏液", "allergy": "过敏刺激", "no_effect": "效果不明显", "delivery": "物流慢", "price": "不保价",
    "": "",
}  # fmt: skip
FOLLOWED_AFTER = 20
"""Days from receipt to a second review, at the least; the first is written on receipt."""
FOLLOWED = ("空瓶回来追评，还不错", "用完一瓶了，会回购")
SERVICE_HEADER = (
    "日期", "客服昵称", "客服销售额", "客服销售人数", "客服销售占比", "客服销售客单价", "成功退款金额", "净销售额",
    "咨询人数", "接待人数", "询单转化率", "首次响应时长（秒）", "平均响应时长（秒）", "客户满意率", "旺旺回复率",
    "旺旺满意度", "3分钟响应率", "仅退款自主完结时长（小时）", "退货退款完结时长（小时）", "平台求助率", "平台判责率",
    "描述相符", "服务态度", "物流速度",
)  # fmt: skip
SALE = 190
"""Yuan of a sale after advice, by which the simulation counts them."""


def reviews(world: Simulation) -> Iterator[tuple[str, bytes]]:
    """GBK. Buyers' names are masked as the page masks them; of the older good reviews one in fifty has a second one."""
    generator = rng("review_page")
    table = world.reviews[world.reviews["date"] >= FIRST].reset_index(drop=True)
    heads = world.book.orders.loc[world.book.row.loc[table["order"]]]
    second = generator.integers(8 * 3600, 23 * 3600, len(table))
    told = generator.integers(0, 100, len(table))
    again = (told < 2) & (table["stars"] == 5) & (table["date"] <= END - pd.Timedelta(days=FOLLOWED_AFTER + 2))
    days = table["date"].to_numpy().astype("datetime64[D]").astype(str)
    serial = table.groupby("date").cumcount() + 1
    given = {
        "评价ID": [f"6{d[2:4]}{d[5:7]}{d[8:]}{s:05d}" for d, s in zip(days, serial, strict=True)],
        "评价内容": list(table["text"]),
        "评价标签": [TAGS[t] for t in table["topic"]],
        "评价情感": [SENTIMENT[s] for s in table["stars"]],
        "评价时间": moments(table["date"] + pd.to_timedelta(second, unit="s")),
        "追评内容": [FOLLOWED[t] if a else "" for t, a in zip(told, again, strict=True)],
        "追评距收货天数": [str(FOLLOWED_AFTER + t) if a else "" for t, a in zip(told, again, strict=True)],
        "买家昵称": "测**",
        "订单ID": order_numbers(heads),
        "商品标题": list(world.catalogue["title"].loc[table["item"]]),
        "商品ID": list(world.catalogue["item_id"].loc[table["item"]]),
    }
    name = f"评价管理_{FIRST}_{END:%Y-%m-%d}"
    made = csv_bytes(rows(REVIEW_HEADER, len(table), given), "gbk")
    yield f"tmall/{name}.zip", zipped(f"{name}.csv", made, flagged=False)


def service_desk(world: Simulation) -> Iterator[tuple[str, bytes]]:
    """A row per day and agent, and a sum at the end, which is no row."""
    desk = world.service[world.service["date"] >= FIRST].reset_index(drop=True)
    generator = rng("desk_page")
    shop = world.shop["pay_amount"].loc[desk["date"]].to_numpy()
    sales = desk["agent_sales"].to_numpy()
    buyers = np.rint(sales / SALE).astype(np.int64)
    asked = np.ceil(desk["served"] / 0.97).astype(np.int64)
    back = np.round(sales * generator.uniform(0.05, 0.08, len(desk)), 2)
    wait = desk["first_response_seconds"].to_numpy()
    slow = wait * generator.uniform(1.3, 1.6, len(desk))
    leaks = (desk["date"] >= BURST_FROM).to_numpy()
    pleased = desk["satisfaction"].to_numpy()
    given = {
        "日期": [f"{d:%Y-%m-%d}" for d in desk["date"]],
        "客服昵称": [f"测试客服{a}" for a in desk["agent"]],
        "客服销售额": sales.tolist(),
        "客服销售人数": buyers.tolist(),
        "客服销售占比": [percent(s / p) for s, p in zip(sales, shop, strict=True)],
        "客服销售客单价": [round(float(s / b), 2) if b else "-" for s, b in zip(sales, buyers, strict=True)],
        "成功退款金额": back.tolist(),
        "净销售额": np.round(sales - back, 2).tolist(),
        "咨询人数": asked.tolist(),
        "接待人数": desk["served"].tolist(),
        "询单转化率": [percent(b / a) if a else "-" for b, a in zip(buyers, asked, strict=True)],
        "首次响应时长（秒）": wait.tolist(),
        "平均响应时长（秒）": np.round(slow, 1).tolist(),
        "客户满意率": [percent(p) for p in pleased],
        "旺旺回复率": [percent(s / a) if a else "-" for s, a in zip(desk["served"], asked, strict=True)],
        "旺旺满意度": [percent(p) for p in np.minimum(pleased + 0.01, 1)],
        "3分钟响应率": [percent(v) for v in np.clip(1.02 - wait / 900, 0, 1)],
        "仅退款自主完结时长（小时）": np.round(generator.uniform(5, 11, len(desk)), 1).tolist(),
        "退货退款完结时长（小时）": np.round(generator.uniform(40, 70, len(desk)), 1).tolist(),
        "平台求助率": [percent(v) for v in np.where(leaks, 0.0031, 0.0012)],
        "平台判责率": [percent(v) for v in np.where(leaks, 0.0009, 0.0003)],
        "描述相符": np.where(leaks, 4.78, 4.83).tolist(),
        "服务态度": np.where(leaks, 4.81, 4.84).tolist(),
        "物流速度": 4.82,
    }
    sums = {"客服销售额", "客服销售人数", "成功退款金额", "净销售额", "咨询人数", "接待人数"}
    total = ["汇总", *(round(float(np.sum(given[h])), 2) if h in sums else "-" for h in SERVICE_HEADER[1:])]
    sheet = [*rows(SERVICE_HEADER, len(desk), given), total]
    yield f"tmall/客服绩效_{FIRST}_{END:%Y-%m-%d}.xlsx", workbook({"客服绩效": sheet}, packed=True)
