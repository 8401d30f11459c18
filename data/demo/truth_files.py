"""What the export files say together, and the definitions under which they agree."""

from __future__ import annotations

from collections.abc import Iterator

import inputs
import pandas as pd
from simulation.book import GIFT
from simulation.cases import CASES_FROM
from simulation.everything import Simulation
from simulation.items import SLEEPING, STOCKED_OUT
from simulation.sources import ALL
from simulation.world import END
from truth import Truth
from writers import douyin_live, presale, stock

MONTHS = ("2024-10", "2024-11")
NOVEMBER = "2024-11"
DEFINITIONS = (
    "支付金额 of a Tmall day (交易概况, 商品_全部 summed over items, 店铺流量来源 summed over 一级来源 within a "
    "month) is the sum of 买家实际支付金额 over the orders whose 订单付款时间 lies in it: before refunds, "
    "whatever became of the order, so 交易关闭 after payment is in it. A presale order counts in full on the "
    "day its balance is paid; a deposit counts nowhere, nor does one whose balance was never paid.",
    "下单金额 of a Tmall day adds the orders placed on it and never paid (买家应付货款); deposits that lapsed "
    "are not in it. 支付子订单数 counts lines; a gift is a line in the item report and a unit in 宝贝总数量, "
    "and in no other figure.",
    "An order that was refunded whole before it was completed is 交易关闭, one refunded later stays 交易成功. "
    "成功退款金额 of a day and 退款管理 by 退款完结时间 (退款成功 only) are the same money; a withdrawn case "
    "(退款关闭) has an end, too. A line is refunded whole or not at all. The order files show the state at the "
    "end of the last day.",
    f"Orders of both months are there for the Tmall shop, refund cases applied for since {CASES_FROM} (so every "
    "refund of what was paid since then), orders of the Douyin shop for November only, because of their size.",
    "On Douyin 订单应付金额 is what users pay. 核心数据 counts that (成交金额), by day of payment; "
    "直播间成交金额, 直播概览 and 千川 add the platform's discount (平台优惠). Refunds of a live session are "
    "those of its orders until the last day; 核心数据 has refunds by their own day, drawn apart, so they agree "
    "only roughly.",
    "Ad files of one tool hold the same money in each of their breakdowns; sales are credited for 15 days. "
    "Credited sales and the source of an order's last visit are two definitions and do not agree.",
    "The warehouse's file is about the goods of the Tmall shop: 可用库存 is what may be sold, 库存 that and "
    "what is sold and not shipped yet. inputs.xlsx leaves out two orders of the client's own staff.",
    "测试明细 and 测试每日 are drawn apart from the shop's traffic and orders: what their visitors paid is no part of "
    "them.",
)


def orders(world: Simulation) -> Iterator[Truth]:
    heads, lines = world.book.orders, world.book.lines
    for month in MONTHS:
        paid = heads[heads["paid"].dt.to_period("M") == month]
        lapsed = heads[heads["paid"].isna() & (heads["created"].dt.to_period("M") == month)]
        gone = paid[paid["status"] == "closed"]
        yield Truth(f"orders.{month}.paid", len(paid), "orders", "Tmall orders paid in the month")
        yield Truth(f"orders.{month}.amount", _yuan(paid), "yuan", "what they paid, refunds not taken off")
        yield Truth(f"orders.{month}.closed", _yuan(gone), "yuan", "of that, of orders closed by a refund since")
        yield Truth(f"orders.{month}.unpaid", len(lapsed), "orders", "placed in the month and never paid")
    gifts = int((lines["item"] == GIFT).sum())
    yield Truth("orders.gifts", gifts, "units", "gifts in the item report: a cost, no units sold")
    left_out = pd.concat(inputs.excluded(world))
    yield Truth(
        "orders.excluded", _yuan(left_out), "yuan", f"paid by the {len(left_out)} orders that inputs.xlsx excludes"
    )


def _yuan(orders: pd.DataFrame) -> float:
    return round(orders["amount"].sum() / 100, 2)


def refunds(world: Simulation) -> Iterator[Truth]:
    lines = world.orders.lines
    for month in ("2024-09", *MONTHS):
        paid = lines[lines["date"].dt.to_period("M") == month]
        seen = paid[paid["refunded"] <= END]["refund"].sum() / paid["amount"].sum()
        final = paid["refund"].sum() / paid["amount"].sum()
        yield Truth(
            f"refunds.paid.{month}.seen", seen, "ratio", f"of what was paid in the month, refunded by {END:%Y-%m-%d}"
        )
        yield Truth(f"refunds.paid.{month}.final", final, "ratio", "the same when all refunds are in")
    back = world.shop["refund_amount"].loc[NOVEMBER].sum()
    paid_amount = world.shop["pay_amount"].loc[NOVEMBER].sum()
    yield Truth("refunds.dated.2024-11", back, "yuan", "refunded in November, whenever it was paid")
    yield Truth("gsv.tmall.2024-11", paid_amount - back, "yuan", "paid in November less refunded in November")
    cases = world.refunds
    asked = cases[cases["state"] == "open"]["refund"].sum() / 100
    yield Truth("refunds.open", asked, "yuan", f"asked for and not decided on {END:%Y-%m-%d}")
    yield Truth("refunds.withdrawn", int((cases["state"] == "closed").sum()), "cases", "asked for and taken back")


def presales(world: Simulation) -> Iterator[Truth]:
    table = presale.days(world)
    placed, paid = int(table["deposits"].sum()), int(table["balances"].sum())
    yield Truth("presale.2024.balances", paid, "orders", "presale orders of Double 11 2024 whose balance was paid")
    yield Truth("presale.2024.paid", paid / placed, "ratio", "the same over deposits, as it came out")
    yield Truth("presale.2024.amount", table["amount"].sum() / 100, "yuan", "what they paid, deposit and balance")
    yield Truth(
        "presale.2024.inflation", table["inflation"].sum() / 100, "yuan", "deposits counted double: the shop's part"
    )


def origins(world: Simulation) -> Iterator[Truth]:
    table = world.sources
    told = table[(table["month"] == NOVEMBER) & (table["kind"] == ALL) & (table["level_2"] == ALL)]
    for row in told.itertuples():
        share = row.pay_amount / told["pay_amount"].sum()
        yield Truth(f"sources.{row.level_1}", share, "ratio", "share of November's paid amount by the last visit")
    ads = world.promoted[world.promoted["date"].dt.to_period("M") == NOVEMBER]
    spent = ads[["spend"]].groupby(ads["channel"] == "品销宝")["spend"].sum() / 100
    yield Truth("ads.wanxiangtai.2024-11", spent[False], "yuan", "spend in 万相台, November 2024")
    yield Truth("ads.pinxiaobao.2024-11", spent[True], "yuan", "spend in 品销宝, November 2024")
    ratio = spent.sum() / world.shop["pay_amount"].loc[NOVEMBER].sum()
    yield Truth("ads.tmall.spend_ratio", ratio, "ratio", "both over the paid amount of the Tmall shop, November 2024")


def live(world: Simulation) -> Iterator[Truth]:
    table = douyin_live.sessions(world)
    table = table[table["date"].dt.to_period("M") == NOVEMBER]
    sums = table[["gmv", "amount", "subsidy", "refund_amount", "net", "spend"]].sum() / 100
    yield Truth(
        "live.2024-11.gmv", sums["gmv"], "yuan", "直播间成交金额 of November's sessions, platform's discount in it"
    )
    yield Truth("live.2024-11.paid", sums["amount"], "yuan", "of that, what users paid")
    yield Truth("live.2024-11.subsidy", sums["subsidy"], "yuan", "of that, the platform's discount")
    yield Truth("live.2024-11.refunds", sums["refund_amount"], "yuan", "paid by users and refunded by the last day")
    yield Truth("live.2024-11.spend", sums["spend"], "yuan", "投放消耗 of these sessions; the same in 千川")


def shelf(world: Simulation) -> Iterator[Truth]:
    table = stock.position(world, END)
    codes = list(world.catalogue["code"])
    for code in (STOCKED_OUT, *SLEEPING):
        left = int(table.loc[codes.index(code), "available"])
        yield Truth(f"stock.{code}", left, "units", f"可用库存 on {END:%Y-%m-%d}")
    yield Truth("stock.to_ship", int(table["to_ship"].sum()), "units", "sold and not shipped yet, gifts included")
    bad = world.reviews[world.reviews["stars"] == 1]
    usual = bad["date"].between("2024-09-01", "2024-10-31").sum() / 61
    yield Truth(
        "reviews.usual.exported", usual, "reviews a day", "bad reviews, September and October: what the file holds"
    )
    rush = world.service[world.service["date"] == "2024-11-11"]
    wait = (rush["first_response_seconds"] * rush["served"]).sum() / rush["served"].sum()
    yield Truth(
        "service.first.2024-11-11", wait, "seconds", "to the first answer on the rush day, weighted by people served"
    )


SECTIONS = {
    "Orders": orders,
    "Refunds by month": refunds,
    "Presale": presales,
    "Sources and ads": origins,
    "Live": live,
    "Stock, reviews, service": shelf,
}


def truths(world: Simulation) -> dict[str, list[Truth]]:
    """Every truth of the files by section."""
    return {title: list(section(world)) for title, section in SECTIONS.items()}
