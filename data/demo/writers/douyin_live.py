"""罗盘 直播间列表 and 直播概览(日) of the Douyin shop."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from formats import Cell, csv_bytes, rows, workbook, yuan
from simulation.everything import Simulation
from simulation.live import COMMISSION
from simulation.parcels import PARCELS_FROM, SHELF
from simulation.world import END

from writers.douyin_orders import OWN_ROOM, room

MONTHS = ("2024-10", "2024-11")
LIST_HEADER = (
    "主播头像", "主播昵称", "主播抖音号", "直播开始时间", "直播结束时间", "直播时长(分钟)", "直播间曝光人数",
    "直播间曝光次数", "直播间观看人数", "单小时观看人数", "直播间观看次数", "直播激励观看次数", "最高在线人数",
    "平均在线人数", "人均观看时长(分钟)", "评论次数", "新加直播团人数", "新增粉丝数", "取关粉丝数", "观看老粉占比",
    "带货商品数", "直播间商品曝光人数", "直播间商品点击人数", "直播间商品曝光次数", "直播间商品点击次数",
    "直播间成交订单数", "直播间成交金额", "直播间用户支付金额", "单小时用户支付金额", "直播间成交件数",
    "直播间成交人数", "直播间退款订单数", "直播间退款金额", "直播间退款人数", "预估佣金支出", "商品曝光-点击率(次数)",
    "商品曝光-点击率(人数)", "商品点击-成交率(次数)", "商品点击-成交率(人数)", "观看-成交率(次数)",
    "观看-成交率(人数)", "预售订单数", "预售全款金额", "新加购物团人数", "投放消耗(店铺绑定)", "投放消耗(店铺被投)",
    "净成交金额", "净成交订单数", "1小时退款金额", "1小时退款订单数", "1小时退款率", "消费券引导支付金额",
    "消费券引导支付占比", "消费券补贴金额", "消费券使用量",
)  # fmt: skip
DAY_HEADER = (
    "直播间名称", "日期", "直播时长(小时)", "带货商品数", "成交金额", "时均GMV", "有效GMV", "成交订单数", "成交件数",
    "成交人数", "直播间退款金额", "直播间订单退款人数", "预估佣金收入", "成交件单价", "预售订单数", "预售创建金额",
    "退款率", "成交金额(订单)", "退款金额(订单)", "发货前退款金额(订单）", "发货后退款金额(订单）",
    "发货前退款率(订单)", "直播间观看人数", "直播间观看人次", "最高在线人数", "平均在线人数", "人均看播时长",
    "评论次数", "点赞次数", "分享次数", "新增粉丝数", "新加团人数", "取关粉丝数", "看播粉丝占比", "成交粉丝占比",
    "商品曝光人数", "商品点击人数", "商品点击率(人数)", "观看成交转化率(人数)", "点击成交转化率(次数)",
    "直播间观看-互动率(人数)", "投放消耗",
)  # fmt: skip
PER_PERSON = 1.35
"""Times that a person is shown a room, enters it, or is shown or clicks an item."""


def sessions(world: Simulation) -> pd.DataFrame:
    """The live sessions since the first exported order, with what their orders add: money in fen.

    ``subsidy`` is the platform's discount: the platform counts it into a room's sales, users don't pay it.
    ``refund`` and ``refund_orders`` are what came back by the data's last day.
    """
    lines = world.parcels[world.parcels["session"] != SHELF]
    back = lines[lines["refunded"].notna()]
    sums = lines.groupby("session")[["amount", "subsidy", "quantity"]].sum()
    gone = back.groupby("session")[["amount", "subsidy"]].sum().add_prefix("refund_")
    early = back[back["early"]].groupby("session")["amount"].sum().rename("refund_early")
    keys = back[["session", "day", "order"]].drop_duplicates()
    count = keys.groupby("session").size().rename("refund_orders")
    table = world.douyin.sessions[world.douyin.sessions["date"] >= PARCELS_FROM]
    table = table.join([sums, gone, early, count])
    table = table.fillna(dict.fromkeys(("refund_amount", "refund_subsidy", "refund_early", "refund_orders"), 0))
    whole = [*sums, "refund_amount", "refund_subsidy", "refund_early", "refund_orders", "exposures", "entered",
             "product_exposures", "product_clicks", "buyers", "orders"]  # fmt: skip
    table = table.astype(dict.fromkeys(whole, "int64"))
    name = [room(world, place) for place in table.index]
    started = table["date"] + pd.to_timedelta(table["start"] + ":00")
    return table.assign(
        name=name,
        started=started,
        ended=started + pd.to_timedelta(table["minutes"], unit="min"),
        gmv=table["amount"] + table["subsidy"],
        net=table["amount"] + table["subsidy"] - table["refund_amount"] - table["refund_subsidy"],
        commission=np.where(table["room"] == "自播", 0, np.floor(table["amount"] * COMMISSION + 0.5)).astype("int64"),
        spend=np.round(table["ad_spend"] * 100).astype("int64"),
    )


def live_list(world: Simulation) -> Iterator[tuple[str, bytes]]:
    """A row per session; rates are fractions, money and counts are numbers."""
    table = sessions(world)
    for month in MONTHS:
        here = table[table["date"].dt.to_period("M") == month]
        sheet = rows(LIST_HEADER, len(here), {**_room(here), **_sales(here)})
        last = f"{pd.Period(month).end_time:%Y-%m-%d}"
        yield f"douyin/直播间列表_{month}-01_{last}.xlsx", workbook({"直播间列表": sheet}, packed=True)


def _whole(values: pd.Series) -> list[int]:
    return [round(float(v)) for v in values]


def _share(part: pd.Series, whole: pd.Series) -> list[float]:
    return [round(float(p) / float(w), 4) if w else 0 for p, w in zip(part, whole, strict=True)]


def _room(table: pd.DataFrame) -> dict[str, list[Cell] | Cell]:
    hours = table["minutes"] / 60
    own = table["name"] == OWN_ROOM
    return {
        "主播头像": "-",
        "主播昵称": list(table["name"]),
        "主播抖音号": "test_account",
        "直播开始时间": [f"{t:%Y/%m/%d %H:%M:%S}" for t in table["started"]],
        "直播结束时间": [f"{t:%Y/%m/%d %H:%M:%S}" for t in table["ended"]],
        "直播时长(分钟)": _whole(table["minutes"]),
        "直播间曝光人数": _whole(table["exposures"]),
        "直播间曝光次数": _whole(table["exposures"] * PER_PERSON),
        "直播间观看人数": _whole(table["entered"]),
        "单小时观看人数": _whole(table["entered"] / hours),
        "直播间观看次数": _whole(table["entered"] * PER_PERSON),
        "直播激励观看次数": "-",
        "最高在线人数": _whole(table["entered"] * 0.06),
        "平均在线人数": _whole(table["entered"] * 0.025),
        "人均观看时长(分钟)": [round(float(m) * 0.025, 2) for m in table["minutes"]],
        "评论次数": _whole(table["entered"] * 0.09),
        "新加直播团人数": _whole(table["entered"] * 0.004),
        "新增粉丝数": _whole(table["entered"] * 0.012),
        "取关粉丝数": _whole(table["entered"] * 0.001),
        "观看老粉占比": [0.31 if o else 0.58 for o in own],
        "带货商品数": [28 if o else 6 for o in own],
        "直播间商品曝光人数": _whole(table["product_exposures"]),
        "直播间商品点击人数": _whole(table["product_clicks"]),
        "直播间商品曝光次数": _whole(table["product_exposures"] * PER_PERSON * 3),
        "直播间商品点击次数": _whole(table["product_clicks"] * PER_PERSON),
        "新加购物团人数": _whole(table["entered"] * 0.002),
        "投放消耗(店铺绑定)": [v / 100 if o else 0 for v, o in zip(table["spend"], own, strict=True)],
        "投放消耗(店铺被投)": [v / 100 for v in table["spend"]],
    }


def _sales(table: pd.DataFrame) -> dict[str, list[Cell] | Cell]:
    hours = table["minutes"] / 60
    none = dict.fromkeys(("预售订单数", "预售全款金额", "1小时退款金额", "1小时退款订单数", "1小时退款率"), 0)
    vouchers = dict.fromkeys(("消费券引导支付金额", "消费券引导支付占比", "消费券补贴金额", "消费券使用量"), "-")
    shown, clicked = table["product_exposures"], table["product_clicks"]
    return {
        **none,
        **vouchers,
        "直播间成交订单数": _whole(table["orders"]),
        "直播间成交金额": [v / 100 for v in table["gmv"]],
        "直播间用户支付金额": [v / 100 for v in table["amount"]],
        "单小时用户支付金额": [round(float(v), 2) for v in table["amount"] / 100 / hours],
        "直播间成交件数": _whole(table["quantity"]),
        "直播间成交人数": _whole(table["buyers"]),
        "直播间退款订单数": _whole(table["refund_orders"]),
        "直播间退款金额": [v / 100 for v in table["refund_amount"]],
        "直播间退款人数": _whole(table["refund_orders"] * 0.98),
        "预估佣金支出": [v / 100 for v in table["commission"]],
        "商品曝光-点击率(次数)": _share(clicked, shown * 3),
        "商品曝光-点击率(人数)": _share(clicked, shown),
        "商品点击-成交率(次数)": _share(table["orders"], clicked * PER_PERSON),
        "商品点击-成交率(人数)": _share(table["buyers"], clicked),
        "观看-成交率(次数)": _share(table["orders"], table["entered"] * PER_PERSON),
        "观看-成交率(人数)": _share(table["buyers"], table["entered"]),
        "净成交金额": [v / 100 for v in table["net"]],
        "净成交订单数": _whole(table["orders"] - table["refund_orders"]),
    }


def live_days(world: Simulation) -> Iterator[tuple[str, bytes]]:
    """The same by room and day, UTF-8 without a mark; a person who saw both of a day's sessions counts once."""
    table = sessions(world)
    people = ["entered", "product_exposures", "product_clicks", "buyers", "refund_orders"]
    days = table.groupby(["date", "name"], sort=False)
    sums = days.sum(numeric_only=True).reset_index()
    twice = np.where(days.size().to_numpy() > 1, 0.95, 1.0)
    for column in people:
        sums[f"{column}_unique"] = np.rint(sums[column] * twice).astype("int64")
    text = {
        name: [str(v) for v in values] if isinstance(values, list) else values for name, values in _day(sums).items()
    }
    made = csv_bytes(rows(DAY_HEADER, len(sums), text), "utf-8")
    yield f"douyin/直播概览(日)_{PARCELS_FROM}_{END:%Y-%m-%d}.csv", made


def _day(days: pd.DataFrame) -> dict[str, list[Cell] | Cell]:
    hours = days["minutes"] / 60
    seen = days["entered_unique"]
    own = days["name"] == OWN_ROOM
    late = days["refund_amount"] - days["refund_early"]
    return {
        "直播间名称": list(days["name"]),
        "日期": [f"{d:%Y-%m-%d}" for d in days["date"]],
        "直播时长(小时)": [round(float(h), 2) for h in hours],
        "带货商品数": [28 if o else 6 for o in own],
        "成交金额": [yuan(v) for v in days["gmv"]],
        "时均GMV": [f"{v:.2f}" for v in days["gmv"] / 100 / hours],
        "有效GMV": [yuan(v) for v in days["net"]],
        "成交订单数": list(days["orders"]),
        "成交件数": list(days["quantity"]),
        "成交人数": list(days["buyers_unique"]),
        "直播间退款金额": [yuan(v) for v in days["refund_amount"]],
        "直播间订单退款人数": list(days["refund_orders_unique"]),
        "预估佣金收入": [yuan(v) for v in days["commission"]],
        "成交件单价": [f"{v:.2f}" for v in days["gmv"] / 100 / days["quantity"]],
        "预售订单数": "0",
        "预售创建金额": "0.00",
        "退款率": _share(days["refund_amount"], days["amount"]),
        "成交金额(订单)": [yuan(v) for v in days["gmv"]],
        "退款金额(订单)": [yuan(v) for v in days["refund_amount"]],
        "发货前退款金额(订单）": [yuan(v) for v in days["refund_early"]],
        "发货后退款金额(订单）": [yuan(v) for v in late],
        "发货前退款率(订单)": _share(days["refund_early"], days["amount"]),
        "直播间观看人数": list(seen),
        "直播间观看人次": _whole(days["entered"] * PER_PERSON),
        "最高在线人数": _whole(days["entered"] * 0.06),
        "平均在线人数": _whole(days["entered"] * 0.025),
        "人均看播时长": [f"{round(float(m) * 1.5)}秒" for m in days["minutes"]],
        "评论次数": _whole(days["entered"] * 0.09),
        "点赞次数": _whole(days["entered"] * 1.8),
        "分享次数": _whole(days["entered"] * 0.006),
        "新增粉丝数": _whole(days["entered"] * 0.012),
        "新加团人数": _whole(days["entered"] * 0.004),
        "取关粉丝数": _whole(days["entered"] * 0.001),
        "看播粉丝占比": ["0.31" if o else "0.58" for o in own],
        "成交粉丝占比": ["0.44" if o else "0.66" for o in own],
        "商品曝光人数": list(days["product_exposures_unique"]),
        "商品点击人数": list(days["product_clicks_unique"]),
        "商品点击率(人数)": _share(days["product_clicks_unique"], days["product_exposures_unique"]),
        "观看成交转化率(人数)": _share(days["buyers_unique"], seen),
        "点击成交转化率(次数)": _share(days["orders"], days["product_clicks"] * PER_PERSON),
        "直播间观看-互动率(人数)": "0.06",
        "投放消耗": [yuan(v) for v in days["spend"]],
    }
