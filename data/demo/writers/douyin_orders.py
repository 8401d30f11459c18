"""抖店 订单管理 of the Douyin shop: November by line, UTF-8 with a mark, ids with a TAB behind, zipped."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from formats import csv_bytes, moments, rows, zipped
from simulation.everything import Simulation
from simulation.parcels import SHELF
from simulation.world import END

from writers.orders import place

FIRST = "2024-11-01"
HEADER = (
    "主订单编号", "子订单编号", "选购商品", "商品规格", "商品数量", "商品ID", "商家编码", "商品单价", "订单应付金额",
    "运费", "优惠总金额", "平台优惠", "商家优惠", "达人优惠", "商家改价", "支付优惠", "红包抵扣", "支付方式",
    "手续费", "收件人", "收件人手机号", "省", "市", "区", "街道", "详细地址", "是否修改过地址", "地址修改时段",
    "买家留言", "订单提交时间", "旗帜颜色", "商家备注", "订单完成时间", "支付完成时间", "APP渠道", "流量来源",
    "订单状态", "承诺发货时间", "订单类型", "鲁班落地页ID", "达人ID", "达人昵称", "所属门店ID", "售后状态",
    "取消原因", "预约发货时间", "仓库ID", "仓库名称", "序列号", "是否安心购", "广告渠道", "流量类型", "流量体裁",
    "流量渠道", "发货主体", "发货主体明细", "发货时间", "降价类优惠", "平台实际承担优惠金额", "商家实际承担优惠金额",
    "达人实际承担优惠金额", "预计送达时间", "是否平台仓自流转", "车型", "商品69码", "发货SN码", "发货IMEI码1",
    "发货IMEI码2", "预约送达时间", "建议发货时间（起）", "建议发货时间（止）",
)  # fmt: skip
"""The 71 columns; the newest files have three more for devices."""
MONEY = {
    "商品单价": "price", "订单应付金额": "amount", "优惠总金额": "off", "平台优惠": "subsidy", "商家优惠": "discount",
    "平台实际承担优惠金额": "subsidy", "商家实际承担优惠金额": "discount",
}  # fmt: skip
NO_MONEY = ("运费", "达人优惠", "商家改价", "支付优惠", "红包抵扣", "手续费", "降价类优惠", "达人实际承担优惠金额")
OWN_ROOM = "青禾护肤官方直播间"


def room(world: Simulation, session: int) -> str:
    """The nickname of the room in which a line was sold; "" for the shelf."""
    if session == SHELF:
        return ""
    name = world.douyin.sessions["room"].iloc[session]
    return OWN_ROOM if name == "自播" else name


def item_id(code: str) -> str:
    """The item's number on Douyin, which is not its number on Tmall."""
    return f"37001{int(code[2:]):014d}"


def orders(world: Simulation) -> Iterator[tuple[str, bytes]]:
    lines = world.parcels[world.parcels["created"] >= FIRST].iloc[::-1]
    lines = lines.assign(off=lines["subsidy"] + lines["discount"])
    table = rows(HEADER, len(lines), {**_line(world, lines), **_people(lines), **_state(lines)})
    name = f"订单管理_{FIRST}_{END:%Y-%m-%d}"
    yield f"douyin/{name}.zip", zipped(f"{name}.csv", csv_bytes(table, "utf-8-sig"), flagged=True)


def _line(world: Simulation, lines: pd.DataFrame) -> dict[str, list[str] | str]:
    days = lines["created"].to_numpy().astype("datetime64[D]").astype(str)
    order = [f"69{d[2:4]}{d[5:7]}{d[8:]}0027{n:07d}" for d, n in zip(days, lines["order"], strict=True)]
    codes = world.catalogue["code"].loc[lines["item"]]
    rooms = {s: room(world, s) for s in lines["session"].unique()}
    names = [rooms[s] for s in lines["session"]]
    ids = {name: f"200{k:08d}" for k, name in enumerate(sorted({n for n in names if n}), 1)}
    money = {name: [f"{v / 100:,.2f}" for v in lines[column]] for name, column in MONEY.items()}
    return {
        **money,
        **dict.fromkeys(NO_MONEY, "0.00"),
        "主订单编号": [f"{o}\t" for o in order],
        "子订单编号": [
            f"{o}\t" if n == 1 else f"{o[:9]}1{o[10:]}\t" for o, n in zip(order, lines["number"], strict=True)
        ],
        "选购商品": list(world.catalogue["title"].loc[lines["item"]]),
        "商品规格": "标准装",
        "商品数量": [str(q) for q in lines["quantity"]],
        "商品ID": [f"{item_id(c)}\t" for c in codes],
        "商家编码": list(codes),
        "达人ID": [f"{ids[n]}\t" if n else "" for n in names],
        "达人昵称": names,
        "流量体裁": ["直播" if n else "商品卡" for n in names],
    }


def _people(lines: pd.DataFrame) -> dict[str, list[str] | str]:
    """What is personal, visibly made up; no column says who bought."""
    return {
        "收件人": "测**",
        "收件人手机号": "1**********",
        "省": [place(n) for n in lines["order"]],
        "市": "测试市",
        "区": "测试区",
        "街道": "测试街道",
        "详细地址": "测试路1号",
        "是否修改过地址": "否",
    }


def _state(lines: pd.DataFrame) -> dict[str, list[str] | str]:
    """Shipped on the day after payment; what is refunded before that closes the order."""
    shipped = (lines["paid"] + pd.Timedelta(days=1)).where(~lines["early"])
    shipped = shipped.where(shipped < END + pd.Timedelta(days=1))
    closed = lines["never"] | lines["early"]
    told = zip(closed, lines["completed"].notna(), shipped.notna(), strict=True)
    status = ["已关闭" if c else "已完成" if d else "已发货" if s else "待发货" for c, d, s in told]
    return {
        "支付方式": ["" if n else "支付宝" for n in lines["never"]],
        "订单提交时间": moments(lines["created"]),
        "支付完成时间": moments(lines["paid"]),
        "发货时间": moments(shipped),
        "订单完成时间": moments(lines["completed"]),
        "APP渠道": "抖音",
        "订单状态": status,
        "订单类型": "普通订单",
        "售后状态": ["退款成功" if b else "-" for b in lines["refunded"].notna()],
        "取消原因": ["超时未支付" if n else "" for n in lines["never"]],
        "仓库名称": "-",
        "是否安心购": "是",
        "是否平台仓自流转": "否",
    }
