"""万相台 item and plan reports and 品销宝 of the Tmall shop, by day. Rates are fractions; sales count for 15 days."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from formats import Cell, csv_bytes, rows, workbook, yuan, zipped
from simulation.everything import Simulation
from simulation.promoted import PROMOTED_FROM
from simulation.world import END

SPANS = (("2024-07-01", "2024-09-28"), ("2024-09-29", "2024-11-30"))
"""A file holds 90 days at most."""
SUMS = ["impressions", "clicks", "spend", "orders", "sales", "direct_orders", "direct_sales", "carts", "favorites",
        "visits", "visitors", "buyers", "new_buyers"]  # fmt: skip
SCENES = {"关键词推广": "371", "人群推广": "372"}
PLACE_HEADER = ("日期", "场景ID", "场景名字", "原二级场景ID", "原二级场景名字", "计划ID", "计划名字")
ITEM_HEADER = ("主体ID", "主体类型", "主体名称")
MEASURES = (
    "展现量", "点击量", "花费", "点击率", "平均点击花费", "千次展现花费", "总预售成交金额", "总预售成交笔数",
    "直接成交金额", "间接成交金额", "总成交金额", "总成交笔数", "直接成交笔数", "间接成交笔数", "点击转化率",
    "投入产出比", "含预售投产比", "总成交成本", "总购物车数", "加购率", "收藏宝贝数", "总收藏加购数", "引导访问量",
    "引导访问人数", "成交新客数", "成交新客占比", "成交人数", "人均成交笔数", "人均成交金额",
)  # fmt: skip
ZONE_KEYS = ("计划名称", "单元名称", "创意名称", "词包名称", "定向人群名称")
ZONE_MEASURES = (
    "搜索量", "展现量", "触达访客数", "搜索访客数", "点击量", "跳转点击量", "点击访客数", "点击率", "消耗",
    "进店访客数", "互动点击量", "跳转点击率", "店铺收藏数", "宝贝收藏数", "宝贝加购数", "宝贝浏览数", "店铺浏览数",
    "访问时长", "成交笔数", "成交金额", "转化率", "预售成交笔数", "成交访客数", "预售成交金额", "搜索进店率",
)  # fmt: skip
ZONE_SHEETS = {
    "账户": (), "推广计划": ("计划名称",), "推广单元": ("计划名称", "单元名称"),
    "创意": ("计划名称", "单元名称", "创意名称"), "品牌流量包": ("计划名称", "单元名称", "词包名称"),
    "定向人群": ("计划名称", "单元名称", "定向人群名称"),
}  # fmt: skip
ZONE_NAMES = ("品专-青禾", "品牌词单元", "品专创意-双11会场", "青禾品牌词包", "全部人群")


def _ratio(part: float, whole: float, digits: int = 6) -> str:
    return f"{part / whole:.{digits}f}" if whole else "0"


def item_report(world: Simulation) -> Iterator[tuple[str, bytes]]:
    """A row per day, plan and promoted item."""
    table = world.promoted[world.promoted["item"] >= 0]
    ids, names = (world.catalogue[c].loc[table["item"]].to_numpy() for c in ("item_id", "title"))
    table = table.assign(**{"主体ID": ids, "主体名称": names})
    for number, (first, last) in enumerate(SPANS):
        here = table[table["date"].between(first, last)]
        given = {
            **_places(here),
            "主体ID": list(here["主体ID"]),
            "主体类型": "商品",
            "主体名称": list(here["主体名称"]),
        }
        made = rows((*PLACE_HEADER, *ITEM_HEADER, *MEASURES), len(here), given | _measures(here))
        name = f"商品报表_20241202_10{12 + number}05"
        yield f"tmall/{name}.zip", zipped(f"{name}.csv", csv_bytes(made, "utf-8-sig"), flagged=True)


def plan_report(world: Simulation) -> Iterator[tuple[str, bytes]]:
    """The same money by day and plan: of two reports on one tool, one is summed."""
    table = world.promoted[world.promoted["item"] >= 0]
    table = table.groupby(["date", "channel", "plan"], sort=False)[SUMS].sum().reset_index()
    for number, (first, last) in enumerate(SPANS):
        here = table[table["date"].between(first, last)]
        made = rows((*PLACE_HEADER, *MEASURES), len(here), {**_places(here), **_measures(here)})
        name = f"计划报表_20241202_10{16 + number}31"
        yield f"tmall/{name}.zip", zipped(f"{name}.csv", csv_bytes(made, "utf-8-sig"), flagged=True)


def _places(table: pd.DataFrame) -> dict[str, list[str]]:
    number = {plan: f"{8_871_000 + 37 * k}" for k, plan in enumerate(dict.fromkeys(table["plan"]))}
    return {
        "日期": [f"{d:%Y-%m-%d}" for d in table["date"]],
        "场景ID": [SCENES[c] for c in table["channel"]],
        "场景名字": list(table["channel"]),
        "原二级场景ID": [f"{SCENES[c]}1" for c in table["channel"]],
        "原二级场景名字": list(table["channel"]),
        "计划ID": [number[p] for p in table["plan"]],
        "计划名字": list(table["plan"]),
    }


def _measures(table: pd.DataFrame) -> dict[str, list[Cell] | Cell]:
    """Counts and money as the simulation has them, rates worked out from them. Presale credits nothing here: a sale
    is credited when the balance is paid."""
    made: dict[str, list[str]] = {name: [] for name in MEASURES}
    for r in table.itertuples():
        told = (
            str(r.impressions), str(r.clicks), yuan(r.spend), _ratio(r.clicks, r.impressions),
            _ratio(r.spend / 100, r.clicks, 2), _ratio(r.spend * 10, r.impressions, 2), "0", "0", yuan(r.direct_sales),
            yuan(r.sales - r.direct_sales), yuan(r.sales), str(r.orders), str(r.direct_orders),
            str(r.orders - r.direct_orders), _ratio(r.orders, r.clicks), _ratio(r.sales, r.spend, 2),
            _ratio(r.sales, r.spend, 2), _ratio(r.spend / 100, r.orders, 2), str(r.carts), _ratio(r.carts, r.clicks),
            str(r.favorites), str(r.favorites + r.carts), str(r.visits), str(r.visitors), str(r.new_buyers),
            _ratio(r.new_buyers, r.buyers), str(r.buyers), _ratio(r.orders, r.buyers, 2),
            _ratio(r.sales / 100, r.buyers, 2),
        )  # fmt: skip
        for name, cell in zip(MEASURES, told, strict=True):
            made[name].append(cell)
    return dict(made)


def brand_zone(world: Simulation) -> Iterator[tuple[str, bytes]]:
    """Six sheets on the same money, one a breakdown."""
    table = world.promoted[world.promoted["item"] < 0]
    names = dict(zip(ZONE_KEYS, ZONE_NAMES, strict=True))
    sheets = {}
    for name, keys in ZONE_SHEETS.items():
        header = ("日期", *(["访客触达率"] if not keys else []), *keys, *ZONE_MEASURES)
        given = {"日期": [f"{d:%Y-%m-%d}" for d in table["date"]], **{key: names[key] for key in keys}}
        given |= {"访客触达率": [0.62] * len(table)} if not keys else {}
        sheets[name] = rows(header, len(table), given | _zone(table))
    yield f"tmall/品销宝_品牌专区_{PROMOTED_FROM}_{END:%Y-%m-%d}.xlsx", workbook(sheets, packed=True)


def _zone(table: pd.DataFrame) -> dict[str, list[Cell] | Cell]:
    count = {name: [int(v) for v in table[name]] for name in SUMS}
    shown, clicks = count["impressions"], count["clicks"]
    return {
        "搜索量": shown, "展现量": shown, "触达访客数": [round(v * 0.7) for v in shown],
        "搜索访客数": [round(v * 0.72) for v in shown], "点击量": clicks, "跳转点击量": count["visits"],
        "点击访客数": count["visitors"], "点击率": [round(c / s, 6) for c, s in zip(clicks, shown, strict=True)],
        "消耗": [v / 100 for v in count["spend"]], "进店访客数": count["visitors"],
        "互动点击量": [c - v for c, v in zip(clicks, count["visits"], strict=True)],
        "跳转点击率": [round(v / s, 6) for v, s in zip(count["visits"], shown, strict=True)], "店铺收藏数": 0,
        "宝贝收藏数": count["favorites"], "宝贝加购数": count["carts"], "宝贝浏览数": [v * 2 for v in count["visits"]],
        "店铺浏览数": count["visits"], "访问时长": [v * 31 for v in count["visits"]], "成交笔数": count["orders"],
        "成交金额": [v / 100 for v in count["sales"]],
        "转化率": [round(o / c, 6) for o, c in zip(count["orders"], clicks, strict=True)], "预售成交笔数": 0,
        "成交访客数": count["buyers"], "预售成交金额": 0,
        "搜索进店率": [round(v / (s * 0.72), 6) for v, s in zip(count["visitors"], shown, strict=True)],
    }  # fmt: skip
