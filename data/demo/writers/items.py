"""生意参谋 商品_全部 of the Tmall shop: its items by day, four rows of 说明 above the header, numbers as text."""

from __future__ import annotations

from collections.abc import Iterator

from formats import Cell, percent, rows, thousands, workbook
from simulation.everything import Simulation
from simulation.screen import SCREEN_FROM
from simulation.world import END

HEADER = (
    "统计日期", "商品ID", "商品名称", "主商品ID", "商品类型", "货号", "商品状态", "商品标签", "商品访客数",
    "商品浏览量", "平均停留时长", "商品详情页跳出率", "商品收藏人数", "商品加购件数", "商品加购人数", "下单买家数",
    "下单件数", "下单金额", "下单转化率", "支付买家数", "支付件数", "总支付商品件数", "支付金额", "总支付金额",
    "商品支付转化率", "支付新买家数", "支付老买家数", "老买家支付金额", "聚划算支付金额", "访客平均价值",
    "成功退款金额", "竞争力评分", "年累计支付金额", "月累计支付金额", "月累计支付件数", "搜索引导支付转化率",
    "搜索引导访客数", "搜索引导支付买家数", "结构化详情引导转化率", "结构化详情引导成交占比",
)  # fmt: skip
COUNTS = {
    "商品访客数": "visitors", "商品浏览量": "pageviews", "商品收藏人数": "favorites", "商品加购件数": "cart_units",
    "商品加购人数": "carts", "下单买家数": "order_buyers", "下单件数": "order_units", "支付买家数": "pay_buyers",
    "支付件数": "pay_units", "总支付商品件数": "pay_units", "支付新买家数": "new_buyers",
    "支付老买家数": "returning_buyers", "月累计支付件数": "month_units", "搜索引导访客数": "search_visitors",
    "搜索引导支付买家数": "search_buyers",
}  # fmt: skip
MONEY = {
    "下单金额": "order_amount", "支付金额": "pay_amount", "总支付金额": "pay_amount",
    "老买家支付金额": "returning_amount", "成功退款金额": "refund_amount", "年累计支付金额": "year_amount",
    "月累计支付金额": "month_amount",
}  # fmt: skip
RATES = {
    "下单转化率": ("order_buyers", "visitors"), "商品支付转化率": ("pay_buyers", "visitors"),
    "搜索引导支付转化率": ("search_buyers", "search_visitors"),
}  # fmt: skip


def item_days(world: Simulation) -> Iterator[tuple[str, bytes]]:
    """November by day; a rate or a value per visitor is rounded as the screen rounds it."""
    screen, catalogue = world.screen, world.catalogue
    first, last = SCREEN_FROM, f"{END:%Y-%m-%d}"
    ids = list(catalogue["item_id"].loc[screen["item"]])
    given: dict[str, list[Cell] | Cell] = {
        "统计日期": [f"{d:%Y-%m-%d}" for d in screen["date"]],
        "商品ID": ids,
        "商品名称": list(catalogue["title"].loc[screen["item"]]),
        "主商品ID": ids,
        "商品类型": "主商品",
        "货号": list(catalogue["code"].loc[screen["item"]]),
        "商品状态": "当前在线",
        "商品标签": "-",
        "平均停留时长": [f"{v:.2f}" for v in screen["stay"]],
        "商品详情页跳出率": [percent(v) for v in screen["bounce"]],
        "聚划算支付金额": "0.00",
        "竞争力评分": "-",
        "访客平均价值": [
            thousands(a / 100 / v, 2) for a, v in zip(screen["pay_amount"], screen["visitors"], strict=True)
        ],
        "结构化详情引导转化率": "-",
        "结构化详情引导成交占比": "-",
    }
    given |= {name: [thousands(v) for v in screen[column]] for name, column in COUNTS.items()}
    given |= {name: [thousands(v / 100, 2) for v in screen[column]] for name, column in MONEY.items()}
    for name, (part, whole) in RATES.items():
        given[name] = [percent(p / w) if w else "-" for p, w in zip(screen[part], screen[whole], strict=True)]
    above = (
        "【生意参谋平台】商品排行 全部",
        f"统计周期：{first} 至 {last}　统计粒度：日",
        "导出时间：2024-12-02 09:58:31",
        "说明：支付金额未扣除退款；预售订单在付清尾款当日计入；成功退款金额按退款成功日统计",
    )
    sheet = [*([text] for text in above), *rows(HEADER, len(screen), given)]
    yield f"tmall/【生意参谋平台】商品_全部_{first}_{last}.xlsx", workbook({"商品排行": sheet}, packed=True)
