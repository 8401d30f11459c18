"""千牛 退款管理 of the Tmall shop: the cases applied for in three months, which is as much as the page exports."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from formats import moments, rows, workbook, yuan
from simulation.book import order_numbers
from simulation.cases import CASES_FROM
from simulation.everything import Simulation
from simulation.items import SHOP
from simulation.world import END

from writers.orders import REFUNDS, buyer

HEADER = (
    "订单编号", "退款编号", "支付宝交易号", "订单付款时间", "商家编码", "退款完结时间", "买家会员名称",
    "买家实际支付金额", "宝贝标题", "买家退款金额", "手工退款/系统退款", "是否需要退货", "退款的申请时间", "超时时间",
    "退款状态", "货物状态", "退货物流信息", "发货物流信息", "客服介入状态", "卖家真实姓名", "卖家退货地址",
    "卖家邮编", "卖家电话", "卖家手机", "退货物流单号", "退货物流公司", "买家退款原因", "买家退款说明",
    "买家退货时间", "责任方", "售中或售后", "商家备注", "完结时间", "部分退款/全部退款", "审核操作人", "举证超时",
    "是否零秒响应", "退款操作人", "主数据编码",
)  # fmt: skip


def refunds(world: Simulation) -> Iterator[tuple[str, bytes]]:
    """Success, still open, and withdrawn; a withdrawn one has an end, too, and gives nothing back."""
    heads = world.book.orders[["created", "paid", "serial", "buyer"]].rename(columns={"paid": "paid_at"})
    cases = world.refunds.rename(columns={"serial": "case", "paid": "payment"}).join(heads, on="row", validate="m:1")
    cases = cases.iloc[::-1]
    table = rows(HEADER, len(cases), {**_case(world, cases), **_people(cases)})
    yield f"tmall/退款管理_{CASES_FROM}_{END:%Y-%m-%d}.xlsx", workbook({"退款": table}, packed=True)


def _case(world: Simulation, cases: pd.DataFrame) -> dict[str, list[str] | str]:
    days = cases["applied"].to_numpy().astype("datetime64[D]").astype(str)
    ended = moments(cases["closed"])
    return {
        "订单编号": order_numbers(cases),
        "退款编号": [f"5{d[2:4]}{d[5:7]}{d[8:]}8812{s:05d}" for d, s in zip(days, cases["case"], strict=True)],
        "支付宝交易号": "0" * 28,
        "订单付款时间": moments(cases["paid_at"]),
        "商家编码": list(world.catalogue["code"].loc[cases["item"]]),
        "宝贝标题": list(world.catalogue["title"].loc[cases["item"]]),
        "买家实际支付金额": [yuan(v) for v in cases["payment"]],
        "买家退款金额": [yuan(v) for v in cases["refund"]],
        "手工退款/系统退款": "手工退款",
        "是否需要退货": ["是" if r else "否" for r in cases["returned"]],
        "退款的申请时间": moments(cases["applied"]),
        "退款状态": [REFUNDS[s] for s in cases["state"]],
        "货物状态": ["已收到货" if r else "未收到货" for r in cases["returned"]],
        "客服介入状态": "不需客服介入",
        "买家退款原因": list(cases["reason"]),
        "售中或售后": ["售中" if s else "售后" for s in cases["in_sale"]],
        "退款完结时间": ended,
        "完结时间": ended,
        "部分退款/全部退款": "全部退款",
        "举证超时": "否",
        "是否零秒响应": "否",
    }


def _people(cases: pd.DataFrame) -> dict[str, list[str] | str]:
    """What is personal, visibly made up."""
    return {
        "买家会员名称": [buyer(n) for n in cases["buyer"]],
        "卖家真实姓名": "测试卖家",
        "卖家退货地址": "测试省 测试市 测试区 测试路2号",
        "卖家邮编": "000000",
        "卖家电话": "000-0000-0000",
        "卖家手机": "1**********",
        "退款操作人": f"{SHOP}:测试客服",
    }
