"""巨量千川 素材报表 of the Douyin shop, by day and creative."""

from __future__ import annotations

from collections.abc import Iterator

from formats import csv_bytes, percent, yuan, zipped
from simulation.creatives import CREATIVES
from simulation.everything import Simulation
from simulation.parcels import PARCELS_FROM
from simulation.world import END

HEADER = (
    "日期\t", "素材ID\t", "素材名称\t", "整体展现次数\n", "整体点击次数\n", "整体点击率", "整体转化率", "整体消耗\n",
    "基础消耗", "整体支付ROI", "整体成交金额\n", "整体成交订单数\n", "整体成交订单成本", "用户实际支付金额",
    "整体点击单价", "整体千次展现费用", "智能优惠券金额", "电商平台补贴金额", "整体未完结预售订单预估金额",
    "综合成本", "综合ROI", "净成交ROI", "净成交金额", "净成交订单数", "1小时内退款订单数", "1小时内退款金额",
    "1小时内退款率", "视频点赞数", "新增粉丝数", "视频播放数", "视频评论数",
)  # fmt: skip


def creatives(world: Simulation) -> Iterator[tuple[str, bytes]]:
    """UTF-8 with a mark; header cells end in a TAB or a line feed, rates are percent as text. Nothing came back within
    the hour, so net sales are the sales."""
    made: list[list[str]] = []
    for r in world.creatives.itertuples():
        sales = r.user_paid + r.subsidy
        roas, cost = f"{sales / r.spend:.2f}", yuan(r.spend)
        made.append(
            [
                f"{r.date:%Y-%m-%d}", f"73{r.creative:017d}\t", CREATIVES[r.creative][0], str(r.impressions),
                str(r.clicks), percent(r.clicks / r.impressions), percent(r.orders / r.clicks), cost, cost, roas,
                yuan(sales), str(r.orders), f"{r.spend / 100 / r.orders:.2f}", yuan(r.user_paid),
                f"{r.spend / 100 / r.clicks:.2f}", f"{r.spend * 10 / r.impressions:.2f}", "0.00", yuan(r.subsidy),
                "0.00", cost, roas, roas, yuan(sales), str(r.orders), "0", "0.00", "0.00%", str(r.likes),
                str(r.followers), str(r.plays), str(r.comments),
            ]
        )  # fmt: skip
    name = f"千川素材报表_{PARCELS_FROM}_{END:%Y-%m-%d}"
    yield f"douyin/{name}.zip", zipped(f"{name}.csv", csv_bytes([HEADER, *made], "utf-8-sig"), flagged=True)
