"""旺店通 库存管理 of the warehouse that serves the Tmall shop; the day stands in the file's name only."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from formats import Cell, rows, workbook
from simulation.book import GIFT
from simulation.everything import Simulation
from simulation.stock import COVER_DAYS

from writers.orders import GIFT_CODE, GIFT_TITLE

DAYS = ("2024-10-31", "2024-11-30")
GIFT_STOCK = 20_000
"""Gifts that lay there on the eve of the first day."""
HEADER = (
    "商家编码", "条码", "货品编号", "货品名称", "货品简称", "规格名称", "规格码", "品牌", "分类", "未发货订单总数",
    "零售价", "批发价", "市场价", "会员价", "最低价", "库存", "可发库存", "可用库存", "警戒库存下限", "警戒库存上限",
    "未付款量", "预订单量", "待审核量", "待发货量", "锁定量", "待采购量", "采购在途", "采购到货量", "待调拨量",
    "调拨在途", "采购退货", "销售退货在途量", "待质检量", "税率", "主供应商", "最后盘点时间", "实际库存",
    "实际可发库存", "残次品", "单位", "单品重量",
)  # fmt: skip
COUNTED = 45566.5
"""When it was last counted, as spreadsheets number it: 1 October 2024 at noon."""


def stock(world: Simulation) -> Iterator[tuple[str, bytes]]:
    """What lies there (库存) is what may be sold (可用库存) and what is sold and not shipped yet (待发货量)."""
    for day in DAYS:
        table = position(world, pd.Timestamp(day))
        shelf = rows(HEADER, len(table), _shelf(world, table))
        yield f"erp/库存管理_{day.replace('-', '')}.xlsx", workbook({"库存管理": shelf}, packed=True)


def position(world: Simulation, day: pd.Timestamp) -> pd.DataFrame:
    """By item (``GIFT`` last) at the close of ``day``: available, to_ship (units), waiting (orders)."""
    heads, lines = world.book.orders, world.book.lines
    sold = lines.join(heads[["paid", "shipped"]], on="row", validate="m:1")
    close = day + pd.Timedelta(days=1)
    open_ = sold[(sold["paid"] < close) & ~(sold["shipped"] < close) & ~(sold["refunded"] < close)]
    by_item = open_.groupby("item")
    left = world.stock[world.stock["date"] == day].set_index("item")["on_hand"]
    left.loc[GIFT] = GIFT_STOCK - int(((sold["item"] == GIFT) & (sold["paid"] < close)).sum())
    table = pd.DataFrame({"available": left, "to_ship": by_item["quantity"].sum(), "waiting": by_item["row"].nunique()})
    return table.fillna(0).astype("int64").reindex([*left.index.drop(GIFT), GIFT])


def _shelf(world: Simulation, table: pd.DataFrame) -> dict[str, list[Cell] | Cell]:
    goods = world.catalogue.reindex(table.index)
    gift = table.index == GIFT
    usual = pd.Series(world.sold[-90:].mean(axis=0), index=world.catalogue.index).reindex(table.index, fill_value=0)
    codes = [GIFT_CODE if g else c for c, g in zip(goods["code"], gift, strict=True)]
    lies = table["available"] + table["to_ship"]
    prices = {
        "零售价": "price_page",
        "批发价": "unit_cost",
        "市场价": "price_list",
        "会员价": "price_coupon",
        "最低价": "price_event",
    }
    idle = ("未付款量", "预订单量", "待审核量", "锁定量", "待采购量", "采购在途", "采购到货量", "待调拨量", "调拨在途",
            "采购退货", "销售退货在途量", "待质检量")  # fmt: skip
    return {
        **dict.fromkeys(idle, 0),
        **{name: [0 if v != v else float(v) for v in goods[column]] for name, column in prices.items()},
        "商家编码": codes,
        "条码": [f"000000000{c[2:]}" for c in codes],
        "货品编号": codes,
        "货品名称": [GIFT_TITLE if g else t for t, g in zip(goods["title"], gift, strict=True)],
        "规格名称": "标准装",
        "品牌": "青禾",
        "分类": ["赠品" if g else "面部精华" for g in gift],
        "未发货订单总数": table["waiting"].tolist(),
        "库存": lies.tolist(),
        "可发库存": lies.tolist(),
        "可用库存": table["available"].tolist(),
        "警戒库存下限": [round(float(u) * COVER_DAYS / 2) for u in usual],
        "警戒库存上限": [round(float(u) * COVER_DAYS * 3) for u in usual],
        "待发货量": table["to_ship"].tolist(),
        "税率": 0.13,
        "主供应商": "测试供应商",
        "最后盘点时间": ["任意时间" if g else COUNTED for g in gift],
        "实际库存": lies.tolist(),
        "实际可发库存": lies.tolist(),
        "残次品": "否",
        "单位": "件",
        "单品重量": 0.15,
    }
