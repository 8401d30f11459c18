"""千牛 order report (legacy csv) and item report of the Tmall shop, a file a month, zipped."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from formats import csv_bytes, moments, rows, text_id, yuan, zipped
from simulation.book import DEPOSIT, GIFT, line_numbers, order_numbers
from simulation.everything import Simulation
from simulation.items import SHOP
from simulation.world import END

MONTHS = ("2024-10", "2024-11")
ORDER_HEADER = (
    "订单编号", "买家会员名", "买家支付宝账号", "买家应付货款", "买家应付邮费", "买家支付积分", "总金额", "返点积分",
    "买家实际支付金额", "买家实际支付积分", "订单状态", "买家留言", "收货人姓名", "收货地址 ", "运送方式", "联系电话 ",
    "联系手机", "订单创建时间", "订单付款时间 ", "宝贝标题 ", "宝贝种类 ", "物流单号 ", "物流公司", "订单备注",
    "宝贝总数量", "店铺Id", "店铺名称", "订单关闭原因", "卖家服务费", "买家服务费", "发票抬头", "是否手机订单",
    "分阶段订单信息", "特权订金订单id", "定金排名", "修改后的sku", "修改后的收货地址", "异常信息", "天猫卡券抵扣",
    "集分宝抵扣", "是否是O2O交易", "退款金额", "确认收货时间", "打款商家金额",
)  # fmt: skip
LINE_HEADER = (
    "子订单编号", "主订单编号", "标题", "价格", "购买数量", "外部系统编号", "商品属性", "套餐信息", "备注", "订单状态",
    "商家编码", "支付单号", "买家应付货款", "买家实际支付金额", "退款状态", "退款金额", "订单创建时间", "订单付款时间",
)  # fmt: skip
STATUS = {
    "unpaid": "等待买家付款", "paid": "买家已付款，等待卖家发货", "shipped": "卖家已发货，等待买家确认",
    "completed": "交易成功", "closed": "交易关闭",
}  # fmt: skip
CLOSED = {"unpaid": "买家未付款", "lapsed": "尾款未付", "spot": "退款", "presale": "退款"}
REFUNDS = {"success": "退款成功", "open": "买家已经申请退款，等待卖家同意", "closed": "退款关闭"}
GIFT_CODE, GIFT_TITLE = "QHZP01", "青禾化妆棉随单赠品非卖品"
PLACES = ("广东省", "江苏省", "浙江省", "山东省", "四川省", "河南省", "上海", "湖北省", "北京", "福建省", "湖南省")
"""Where buyers live; every street is 测试路."""


def buyer(number: int) -> str:
    """The account of a made-up buyer."""
    return f"测试买家{number:07d}"


def place(number: int) -> str:
    """Those who came one after the other live together: the simulation knows nothing about where, and this is short."""
    return PLACES[number // 89 % len(PLACES)]


def titles(world: Simulation) -> list[str]:
    """By a line's ``item``; the gift's is the last."""
    return [*world.catalogue["title"], GIFT_TITLE]


def orders(world: Simulation) -> Iterator[tuple[str, bytes]]:
    """GBK, every cell quoted, ids as formulas, a blank behind some headers; what is personal is visibly made up."""
    book = world.book
    names = titles(world)
    bought: dict[int, list[str]] = {}
    for row, item in zip(book.lines["row"], book.lines["item"], strict=True):
        bought.setdefault(row, []).append(names[item])
    for n, month in enumerate(MONTHS):
        heads = book.orders[book.orders["created"].dt.to_period("M") == month].iloc[::-1]
        table = rows(ORDER_HEADER, len(heads), {**_who(heads), **_money(heads), **_state(heads, bought)})
        name = f"ExportOrderList2024120100{12 + n}07"
        yield f"tmall/{name}.zip", zipped(f"{name}.csv", csv_bytes(table, "gbk", all_quoted=True), flagged=False)


def _who(heads: pd.DataFrame) -> dict[str, list[str] | str]:
    return {
        "订单编号": [text_id(number) for number in order_numbers(heads)],
        "买家会员名": [buyer(n) for n in heads["buyer"]],
        "买家支付宝账号": "t***@example.invalid",
        "收货人姓名": "测试买家",
        "收货地址": [f"{place(n)} 测试市 测试区 测试路1号(000000)" for n in heads["buyer"]],
        "联系手机": "'1**********",
        "运送方式": "快递",
        "店铺Id": "0",
        "店铺名称": SHOP,
        "是否手机订单": "手机订单",
    }


def _money(heads: pd.DataFrame) -> dict[str, list[str] | str]:
    payable = [yuan(v) for v in heads["amount"]]
    paid = heads["amount"].where(heads["paid"].notna(), 0)
    zero = dict.fromkeys(("买家应付邮费", "卖家服务费", "天猫卡券抵扣", "集分宝抵扣"), "0.00")
    points = dict.fromkeys(("买家支付积分", "返点积分", "买家实际支付积分"), "0")
    return {
        **zero,
        **points,
        "买家应付货款": payable,
        "总金额": [yuan(v) for v in heads["gross"]],
        "买家实际支付金额": [yuan(v) for v in paid],
        "买家服务费": "0元",
        "退款金额": [yuan(v) for v in heads["refund"]],
        "打款商家金额": "0元",
    }


def _state(heads: pd.DataFrame, bought: dict[int, list[str]]) -> dict[str, list[str] | str]:
    closed = heads["status"] == "closed"
    return {
        "订单状态": [STATUS[s] for s in heads["status"]],
        "订单创建时间": moments(heads["created"]),
        "订单付款时间": moments(heads["paid"]),
        "确认收货时间": moments(heads["completed"]),
        "宝贝标题": ["，".join(bought[row]) for row in heads.index],
        "宝贝种类": [str(v) for v in heads["kinds"]],
        "宝贝总数量": [str(v) for v in heads["units"]],
        "物流公司": ["测试快递" if s in ("shipped", "completed") else "" for s in heads["status"]],
        "订单关闭原因": [CLOSED[k] if c else "订单未关闭" for k, c in zip(heads["kind"], closed, strict=True)],
        "分阶段订单信息": [_stages(k, a) for k, a in zip(heads["kind"], heads["amount"], strict=True)],
    }


def _stages(kind: str, amount: int) -> str:
    """Of a presale order: the deposit, and whether its balance was paid."""
    if kind not in ("presale", "lapsed"):
        return ""
    paid = "已付款" if kind == "presale" else "未付款"
    return f"阶段1：定金{yuan(DEPOSIT)}元，已付款；阶段2：尾款{yuan(amount - DEPOSIT)}元，{paid}"


def order_lines(world: Simulation) -> Iterator[tuple[str, bytes]]:
    """GBK; a line a row, gifts with no price among them."""
    heads, lines = world.book.orders, world.book.lines
    count = lines.groupby("row")["number"].max()
    asked = world.refunds.drop_duplicates("line", keep="last").set_index("line")["state"]
    told = lines.assign(case=asked.reindex(lines.index), count=count.loc[lines["row"]].to_numpy()).join(
        heads[["created", "paid", "serial"]], on="row", validate="m:1"
    )
    for n, month in enumerate(MONTHS):
        here = told[told["created"].dt.to_period("M") == month].iloc[::-1]
        table = rows(LINE_HEADER, len(here), _line(world, here))
        name = f"宝贝报表ExportOrderDetailList2024120100{15 + n}40"
        yield f"tmall/{name}.zip", zipped(f"{name}.csv", csv_bytes(table, "gbk"), flagged=False)


def _line(world: Simulation, lines: pd.DataFrame) -> dict[str, list[str] | str]:
    names, codes = titles(world), [*world.catalogue["code"], GIFT_CODE]
    numbers = order_numbers(lines)
    back = lines["refund"].where(lines["refunded"] <= END, 0)
    paid = lines["amount"].where(lines["paid"].notna(), 0)
    return {
        "子订单编号": [text_id(number) for number in line_numbers(numbers, lines)],
        "主订单编号": [text_id(number) for number in numbers],
        "标题": [names[k] for k in lines["item"]],
        "价格": [yuan(g // q) for g, q in zip(lines["gross"], lines["quantity"], strict=True)],
        "购买数量": [str(q) for q in lines["quantity"]],
        "商品属性": ["" if k == GIFT else "规格:标准装" for k in lines["item"]],
        "备注": "null",
        "订单状态": [STATUS[s] for s in lines["status"]],
        "商家编码": [codes[k] for k in lines["item"]],
        "支付单号": text_id("0" * 28),
        "买家应付货款": [yuan(a) for a in lines["amount"]],
        "买家实际支付金额": [yuan(a) for a in paid],
        "退款状态": [REFUNDS.get(case, "没有申请退款") for case in lines["case"]],
        "退款金额": [yuan(v) for v in back],
        "订单创建时间": moments(lines["created"]),
        "订单付款时间": moments(lines["paid"]),
    }
