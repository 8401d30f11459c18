"""生意参谋 店铺流量来源 of the Tmall shop: a month a file, two sheets, sums in 汇总 rows, changes in 环比 columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import pandas as pd
from formats import percent, thousands, workbook
from simulation.everything import Simulation
from simulation.sources import ALL, MONTHS

LEVELS = ("一级来源", "二级来源", "三级来源", "四级来源")
SHEETS = {"全店流量来源": (), "分载体流量来源": ("流量载体",)}


def _money(row: pd.Series, part: str, whole: str) -> float:
    return row[part] / 100 / row[whole] if row[whole] else 0.0


MEASURES: dict[str, tuple[Callable[[pd.Series], float], Callable[[float], str]]] = {
    "访客数": (lambda r: r["visitors"], thousands),
    "新访客": (lambda r: r["new_visitors"], thousands),
    "平均停留时长": (lambda r: r["stay"], lambda v: f"{v:.2f}"),
    "3s查看人数": (lambda r: r["viewers_3s"], thousands),
    "商品点击人数": (lambda r: r["item_clicks"], thousands),
    "加购人数": (lambda r: r["carts"], thousands),
    "商品收藏人数": (lambda r: r["favorites"], thousands),
    "加购件数": (lambda r: r["cart_units"], thousands),
    "关注店铺人数": (lambda r: r["followers"], thousands),
    "下单买家数": (lambda r: r["order_buyers"], thousands),
    "下单金额": (lambda r: r["order_amount"] / 100, lambda v: thousands(v, 2)),
    "下单转化率": (lambda r: r["order_buyers"] / r["visitors"], percent),
    "支付买家数": (lambda r: r["pay_buyers"], thousands),
    "支付转化率": (lambda r: r["pay_buyers"] / r["visitors"], percent),
    "支付金额": (lambda r: r["pay_amount"] / 100, lambda v: thousands(v, 2)),
    "客单价": (lambda r: _money(r, "pay_amount", "pay_buyers"), lambda v: thousands(v, 2)),
    "UV价值": (lambda r: _money(r, "pay_amount", "visitors"), lambda v: thousands(v, 2)),
}
"""What a row states: how it follows from the simulation, how it is written."""
CHANGE = {"UV价值": "uv价值环比"}
"""The column with its change against the month before is called …环比, this one in small letters."""


def traffic_sources(world: Simulation) -> Iterator[tuple[str, bytes]]:
    """October and November, each beside the month before it."""
    table = world.sources.assign(level_4=ALL)
    for before, month in pairwise(MONTHS):
        first, last = f"{month}-01", f"{pd.Period(month).end_time:%Y-%m-%d}"
        above = (
            "【生意参谋平台】店铺流量来源",
            f"统计周期：{first} 至 {last}　终端：全部",
            "导出时间：2024-12-02 10:05:44",
            "说明：访客跨来源去重，各来源相加大于全店；支付金额归入下单前最后一次访问的来源",
        )
        sheets = {}
        for name, more in SHEETS.items():
            now, then = (table[(table["month"] == m) & ((table["kind"] == ALL) == (not more))] for m in (month, before))
            header = [*more, *LEVELS, *(h for m in MEASURES for h in (m, CHANGE.get(m, f"{m}环比")))]
            sheets[name] = [*([text] for text in above), header, *_rows(now, then, bool(more))]
        yield f"tmall/【生意参谋平台】店铺流量来源_{first}_{last}.xlsx", workbook(sheets, packed=True)


def _rows(now: pd.DataFrame, then: pd.DataFrame, by_kind: bool) -> Iterator[list[str]]:
    keys = ["kind", "level_1", "level_2", "level_3", "level_4"]
    earlier = then.set_index(keys)
    for _, row in now.iterrows():
        place = [row[k] for k in keys]
        old = earlier.loc[tuple(place)]
        cells = [place[0]] * by_kind + place[1:]
        for value, shown in MEASURES.values():
            cells += [shown(value(row)), percent(value(row) / value(old) - 1) if value(old) else "-"]
        yield cells
