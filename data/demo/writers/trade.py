"""The two shops' days: 生意参谋 交易概况 and 抖音电商罗盘 核心数据."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from formats import csv_bytes, percent, thousands
from simulation.everything import Simulation
from simulation.world import END, START

TRADE_FILES = (
    ("2022-11-01", "2023-01-07", "2023-01-09 10:12:45"),
    ("2023-01-01", "2024-01-07", "2024-01-08 09:30:02"),
    ("2024-01-01", "2024-11-30", "2024-12-02 09:41:27"),
)
"""First day, last day, moment of download. Each overlaps the one before by a week of identical days."""
TRADE_HEADER = (
    "统计日期", "访客数", "下单买家数", "下单金额", "支付买家数", "支付金额", "客单价", "下单转化率", "下单-支付转化率",
    "支付转化率", "支付子订单数", "新买家数", "老买家数",
)  # fmt: skip


def trade(world: Simulation) -> Iterator[tuple[str, bytes]]:
    """The Tmall shop's daily overview in three files, GBK, numbers as text."""
    for first, last, moment in TRADE_FILES:
        above = [
            ["【生意参谋平台】交易概况"],
            [f"统计周期：{first} 至 {last}　统计粒度：日"],
            [f"导出时间：{moment}"],
            ["说明：支付金额未扣除退款；预售订单在付清尾款当日计入"],
        ]
        days = world.shop.loc[first:last]
        lines = [_trade_day(date, day) for date, day in zip(days.index, days.to_dict("records"), strict=True)]
        name = f"tmall/【生意参谋平台】交易概况_{first}_{last}.csv"
        yield name, csv_bytes([*above, TRADE_HEADER, *lines], "gbk")


def _trade_day(date: pd.Timestamp, day: dict) -> list[str]:
    return [
        f"{date:%Y-%m-%d}",
        thousands(day["visitors"]),
        thousands(day["order_buyers"]),
        thousands(day["order_amount"], 2),
        thousands(day["pay_buyers"]),
        thousands(day["pay_amount"], 2),
        thousands(day["pay_amount"] / day["pay_buyers"], 2),
        percent(day["order_buyers"] / day["visitors"]),
        percent(day["pay_buyers"] / day["order_buyers"]),
        percent(day["pay_buyers"] / day["visitors"]),
        thousands(day["pay_orders"]),
        thousands(day["new_buyers"]),
        thousands(day["returning_buyers"]),
    ]


def douyin_core(world: Simulation) -> Iterator[tuple[str, bytes]]:
    """The Douyin shop's daily core figures, UTF-8 with a byte-order mark."""
    header = ["日期", "成交金额", "成交订单数", "成交人数", "商品曝光人数", "商品点击人数", "退款金额"]
    columns = ["pay_amount", "pay_orders", "pay_buyers", "product_exposures", "product_clicks", "refund_amount"]
    days = world.douyin.daily[START:][columns]
    lines = [
        [f"{date:%Y-%m-%d}", *(f"{v:.2f}" if c.endswith("amount") else str(v) for c, v in day.items())]
        for date, day in zip(days.index, days.to_dict("records"), strict=True)
    ]
    yield f"douyin/抖店罗盘_核心数据_{START:%Y-%m-%d}_{END:%Y-%m-%d}.csv", csv_bytes([header, *lines], "utf-8-sig")
