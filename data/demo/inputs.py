"""What the demo's consultant filled into inputs.xlsx, sheet by sheet, with canonical column names."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from formats import Cell
from simulation.book import order_numbers
from simulation.campaigns import TMALL, by_key
from simulation.everything import Simulation
from simulation.experiments import EXPERIMENTS
from simulation.orders import OUT_FROM, OUT_TO
from simulation.rivals import CUTS
from simulation.stock import LEAD_DAYS
from simulation.world import END, START
from writers.orders import GIFT_CODE

Sheet = Sequence[Sequence[Cell]]

EDITS = (
    ("finding", "action", "text_zh", "text_en", "by", "why"),
    ("market.size.tmall.beat", "pin", None, None, "李顾问", "品牌方本月例会先问大盘"),
)
ACTIONS = (
    ("id", "raised", "finding", "action_zh", "action_en", "side", "owner", "owner_en", "due", "status", "result"),
    (
        "A-2024-11-01", "2024-11-05", "review.buyers.tmall.split.now", "给90天未购的老客发双11返场券",
        "Send Double 11 return coupons to buyers who have been away for 90 days",
        "agency", "会员组", "CRM team", "2024-11-15", "done", None,
    ),
    (
        "A-2024-11-02", "2024-11-05", None,
        "客服双11当天加排晚班", "Add an evening shift of agents on Double 11",
        "agency", "客服组", "Service team", "2024-11-11", "done", "11-11 18:00–24:00 +6",
    ),
    (
        "A-2024-11-03", "2024-11-05", None, "按双11预估给主推款QH001补货",
        "Restock the best seller QH001 to the Double 11 estimate",
        "brand", "品牌供应链", "Brand supply chain", "2024-11-10", "open", None,
    ),
    (
        "A-2024-11-04", "2024-11-05", None, "提出人群推广的缩减方案", "Propose how far to cut back 人群推广",
        "agency", "投放组", "Media team", "2024-12-13", "open", None,
    ),
    (
        "A-2024-12-01", "2024-12-05", "market.bands.tmall.150_200",
        "在需求多于供给的价格带选定两款精华，提交备货与首图方案",
        "Choose two serums for the bands where demand exceeds supply; submit stock and main-image plans",
        "agency", "商品组", "Product team", "2024-12-13", "open", None,
    ),
    (
        "A-2024-12-02", "2024-12-05", "market.rivals.tmall.cut.u9732u503e", "核对降价竞品的券后价，给出是否跟价的建议",
        "Check the coupon prices of the rivals that cut; propose whether to follow",
        "agency", "运营组", "Operations team", "2024-12-10", "open", None,
    ),
    (
        "A-2024-12-03", "2024-12-05", "market.size.tmall.beat", "确认明年春节档的销售目标与预算",
        "Confirm next spring's sales goal and budget",
        "brand", "品牌市场部", "Brand marketing", "2024-12-20", "open", None,
    ),
)  # fmt: skip
GROWTH_WANTED = {"tmall": 1.05, "douyin": 1.30}
"""Goals are last year's month times this."""
SPEND_RATIO, RETURN_WANTED, REFUNDS_WANTED = 0.075, 2.0, 0.08
EXCLUDED = ("2024-10-09", "2024-11-27")
"""Days of which the first order is one of the client's own staff, placed to try the page out."""
AFTER_DAYS = 14


def sheets(world: Simulation) -> dict[str, Sheet]:
    """Every sheet by its table's name."""
    return {
        "edits": EDITS,
        "actions": ACTIONS,
        "goals": goals(world),
        "exclusions": exclusions(world),
        "creator_deals": creator_deals(world),
        "members_monthly": members(world),
        "campaigns": campaigns(world),
        "experiments": experiments(),
        "costs": costs(world),
        "lead_times": lead_times(world),
        "events": events(world),
    }


def _rounded(value: float, step: int = 10_000) -> int:
    return round(value / step) * step


def goals(world: Simulation) -> Sheet:
    """The year's paid amount by month and shop, December's too; for November of the Tmall shop the rest of what was
    agreed."""
    days = {"tmall": world.shop["pay_amount"], "douyin": world.douyin.daily["pay_amount"]}
    rows: list[Sequence[Cell]] = [("month", "shop", "metric", "value", "note")]
    for shop, paid in days.items():
        for month in pd.period_range("2024-01", pd.Period(END, "M") + 1):
            before = paid.loc[str(month - 12)].sum()
            rows.append((str(month), shop, "pay_amount", _rounded(before * GROWTH_WANTED[shop]), None))
    last = f"{END:%Y-%m}"
    wanted = next(r[3] for r in rows if r[:3] == (last, "tmall", "pay_amount"))
    visitors = world.shop["visitors"].loc[f"{END.year - 1}-11"].sum()
    rows += [
        (last, "tmall", "gsv", _rounded(float(wanted or 0) * (1 - REFUNDS_WANTED)), "扣除成功退款"),
        (last, "tmall", "visitors", _rounded(visitors * 1.02), "各日访客数之和"),
        (last, "tmall", "refund_rate", REFUNDS_WANTED, "按付款月份"),
        (last, "tmall", "spend_ratio", SPEND_RATIO, "万相台与品销宝花费/支付金额"),
        (last, "tmall", "roas", RETURN_WANTED, None),
    ]
    return rows


def exclusions(world: Simulation) -> Sheet:
    rows: list[Sequence[Cell]] = [("shop", "what", "id", "reason", "by")]
    for first in excluded(world):
        rows.append(("tmall", "order", order_numbers(first)[0], "内部测试订单", "李顾问"))
    return rows


def excluded(world: Simulation) -> list[pd.DataFrame]:
    """The orders that are left out, a row each."""
    paid = world.book.orders[world.book.orders["kind"] == "spot"]
    return [paid[paid["created"] >= day].head(1) for day in EXCLUDED]


def creator_deals(world: Simulation) -> Sheet:
    """The year's deals on Douyin."""
    columns = ("id", "shop", "creator", "start", "end", "slot_fee", "commission_rate", "agency_fee", "boosting",
               "samples", "guarantee", "note")  # fmt: skip
    rows: list[Sequence[Cell]] = [columns]
    deals = world.douyin.deals[world.douyin.deals["date"].dt.year == END.year]
    for number, deal in enumerate(deals.to_dict("records"), 1):
        day = f"{deal['date']:%Y-%m-%d}"
        money = (int(deal[c]) for c in ("agency_fee", "boosting", "samples"))
        rows.append(
            (f"D-{END.year}-{number:02d}", "douyin", deal["creator"], day, day, int(deal["slot_fee"]), 0.2, *money,
             int(deal["guarantee"]) or None, "保量未达按约补播" if deal["guarantee"] else None)
        )  # fmt: skip
    return rows


def members(world: Simulation) -> Sheet:
    table = world.members
    rows: list[Sequence[Cell]] = [("month", "shop", *table.columns)]
    for month, row in zip(table.index, table.to_dict("records"), strict=True):
        rows.append((str(month), "tmall", *(int(v) for v in list(row.values())[:-1]), float(row["member_pay_amount"])))
    return rows


def campaigns(world: Simulation) -> Sheet:
    """The Tmall shop's promotions of the exported time, each to be compared with the same one a year before."""
    rows: list[Sequence[Cell]] = [
        ("campaign", "key", "shop", "kind", "start", "end", "presale_start", "after_end", "compare_to",
         "goal_pay_amount", "budget", "note")
    ]  # fmt: skip
    told = [c for c in TMALL if c.opening >= START]
    names = {c.name for c in told}
    for c in told:
        before = f"{c.name[:-4]}{int(c.name[-4:]) - 1}"
        paid = world.shop["pay_amount"]
        goal = budget = None
        if c.key == "double_11_2024":
            last = by_key("double_11_2023")
            goal = _rounded(paid[last.opening : last.last_sale].sum() * 1.06)
            budget = _rounded(goal * SPEND_RATIO)
        rows.append(
            (c.name, c.key, "tmall", "platform", f"{c.first_sale:%Y-%m-%d}", f"{c.last_sale:%Y-%m-%d}",
             c.deposit[0] if c.deposit else None, f"{c.last_sale + pd.Timedelta(days=AFTER_DAYS):%Y-%m-%d}",
             before if before in names else None, goal, budget, "目标含预售期" if goal else None)
        )  # fmt: skip
    return rows


def experiments() -> Sheet:
    """The plan of each test, written before it began."""
    rows: list[Sequence[Cell]] = [
        ("experiment", "key", "shop", "hypothesis", "unit", "primary_metric", "direction", "guardrail_metrics", "mde",
         "alpha", "power", "planned_start", "planned_end", "planned_split", "control", "analysis", "allocation",
         "margin", "decision_cost")
    ]  # fmt: skip
    for test in EXPERIMENTS:
        rows.append(
            (test.name, test.key, "tmall", test.hypothesis, test.unit, test.metric, "increase", test.guardrails,
             test.mde, 0.05, 0.8, test.start, test.end, "A:0.5,B:0.5", "A", "fixed", test.allocation, test.margin,
             test.cost)
        )  # fmt: skip
    return rows


def costs(world: Simulation) -> Sheet:
    rows: list[Sequence[Cell]] = [
        ("merchant_sku", "valid_from", "item_id", "unit_cost", "packaging", "logistics", "fee_rate", "gift")
    ]
    for item in world.catalogue.itertuples():
        rows.append((item.code, f"{START:%Y-%m-%d}", item.item_id, float(item.unit_cost), 1.2, 3.6, 0.05, "否"))
    return [*rows, (GIFT_CODE, f"{START:%Y-%m-%d}", None, 1.9, 0, 0, 0, "是")]


def lead_times(world: Simulation) -> Sheet:
    """Everything comes from two made-up suppliers; what is dear is ordered in small lots."""
    rows: list[Sequence[Cell]] = [
        ("merchant_sku", "supplier", "lead_time_days", "lead_time_sd", "min_order", "pack_size")
    ]
    for item in world.catalogue.itertuples():
        dear = item.unit_cost > 45
        rows.append((item.code, f"测试供应商{'乙' if dear else '甲'}", LEAD_DAYS, 2 + dear, 200 if dear else 500, 24))
    return rows


def events(world: Simulation) -> Sheet:
    """What a reader of the curves has to know."""
    rows: list[Sequence[Cell]] = [("start", "end", "shop", "kind", "text_zh", "text_en")]
    fresh = world.catalogue[world.catalogue["launched"] >= START]
    for item in fresh.itertuples():
        rows.append((f"{item.launched:%Y-%m-%d}", None, "tmall", "launch", f"{item.code}上新", f"{item.code} launched"))
    for brand, since, *_ in CUTS:
        rows.append((since, None, "tmall", "rival", f"{brand}开始降价", f"{brand} cuts prices"))
    test = EXPERIMENTS[0]
    rows.append((OUT_FROM, OUT_TO, "tmall", "stock_out", "主推款QH001断货", "Best seller QH001 out of stock"))
    rows.append((test.start, test.end, "tmall", "page", f"{test.name}测试", "Detail page test"))
    return [rows[0], *sorted(rows[1:], key=lambda row: (str(row[0]), str(row[4])))]
