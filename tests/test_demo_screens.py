"""The demo's traffic, ads, service, stock and Douyin exports agree with the shop's days and with each other."""

import numpy as np
import pandas as pd
import pytest
from demo_tables import EXPORTS, MONTHS, days_of, douyin_orders, fen, orders, simulated, table, trade, truths, whole


@pytest.fixture(scope="module")
def world():
    return simulated()


@pytest.fixture(scope="module")
def planted():
    return truths()


# ---- sources and ads -----------------------------------------------------------------------------------------


def sources(month: str, sheet: int) -> pd.DataFrame:
    frame = table(f"tmall/*店铺流量来源_{month}*.xlsx", above=4, sheet=sheet)
    return frame.assign(paid=fen(frame["支付金额"]), seen=whole(frame["访客数"]), placed=fen(frame["下单金额"]))


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize("sheet", [0, 1])
def test_money_of_the_sources_sums_to_the_shops_month_on_every_level(month, sheet):
    told = sources(month, sheet)
    shop = fen(trade()["支付金额"])[lambda s: s.index.str[:7] == month].sum()
    level_1, level_2 = (told[(told["二级来源"] == "汇总") == top] for top in (True, False))
    level_2 = level_2[level_2["三级来源"] == "汇总"]
    assert level_1["paid"].sum() == level_2["paid"].sum() == shop
    ordered = fen(trade()["下单金额"])[lambda s: s.index.str[:7] == month].sum()
    assert level_1["placed"].sum() == ordered
    parts = told[told["三级来源"] != "汇总"].groupby("二级来源")["paid"].sum()
    assert (parts == level_2.set_index("二级来源")["paid"].loc[parts.index]).all()


@pytest.mark.parametrize("column", ["访客数", "新访客", "加购人数", "支付买家数"])
def test_people_of_a_group_lie_between_its_largest_source_and_the_sum(column):
    told = sources("2024-11", 0).assign(n=lambda f: whole(f[column]))
    below = told[(told["二级来源"] != "汇总") & (told["三级来源"] == "汇总")].groupby("一级来源")["n"]
    group = told[told["二级来源"] == "汇总"].set_index("一级来源")["n"]
    group = group.sort_index()
    assert ((below.max() <= group) & (group <= below.sum())).all()


def test_a_change_compares_with_the_month_before():
    keys = ["一级来源", "二级来源", "三级来源"]
    now, then = (sources(m, 0).set_index(keys) for m in ("2024-11", "2024-10"))
    change = now["访客数环比"].str.removesuffix("%").astype(float)
    assert np.allclose(change, (now["seen"] / then["seen"] - 1) * 100, atol=0.006)
    assert "uv价值环比" in now and "UV价值环比" not in now


def test_both_reports_of_one_tool_hold_the_same_money(world):
    item, plan = (table(f"tmall/{name}报表*.zip", "utf-8-sig") for name in ("商品", "计划"))
    ads = world.ads[world.ads["date"] >= "2024-07-01"]
    expected = ads.assign(day=ads["date"].dt.strftime("%Y-%m-%d")).set_index(["day", "channel"])
    for column, name in (("花费", "spend"), ("总成交金额", "ad_sales")):
        sums = [t.assign(v=fen(t[column])).groupby(["日期", "计划名字"])["v"].sum() for t in (item, plan)]
        assert (sums[0] == sums[1]).all(), column
        by_scene = plan.assign(v=fen(plan[column])).groupby(["日期", "场景名字"])["v"].sum()
        true = expected[name].mul(100).round().astype("int64").loc[by_scene.index]
        assert (by_scene == true).all(), column
    for report in (item, plan):
        assert (whole(report["点击量"]) <= whole(report["展现量"])).all()
        assert (fen(report["直接成交金额"]) + fen(report["间接成交金额"]) == fen(report["总成交金额"])).all()
        assert report.groupby(report["日期"].str[:7]).size().index.tolist() == [f"2024-{m:02d}" for m in range(7, 12)]


def test_no_item_is_promoted_while_it_is_out_of_stock():
    told = table("tmall/商品报表*.zip", "utf-8-sig")
    shown = told[told["主体名称"].str.startswith("青禾神经酰胺修护精华液30ml")]["日期"]
    november = sorted(shown[shown >= "2024-11"])
    assert [d for d in november if "2024-11-12" <= d <= "2024-11-19"] == []
    assert {"2024-11-11", "2024-11-20"} <= set(november)


def test_the_six_sheets_of_the_brand_zone_hold_the_same_money(world):
    sheets = [table("tmall/品销宝*.xlsx", sheet=n) for n in range(6)]
    expected = world.ads[(world.ads["channel"] == "品销宝") & (world.ads["date"] >= "2024-07-01")]
    for sheet in sheets:
        assert (fen(sheet["消耗"]).to_numpy() == expected["spend"].mul(100).round()).all()
        assert (fen(sheet["成交金额"]).to_numpy() == expected["ad_sales"].mul(100).round()).all()


# ---- reviews, service, stock ---------------------------------------------------------------------------------


def test_reviews_name_orders_that_are_there():
    told = table("tmall/评价管理*.zip", "gbk")
    late = told[told["订单ID"].str[1:5] >= "2410"]
    assert len(late) > 5000 and late["订单ID"].isin(orders()["订单编号"]).all()
    assert told["评价ID"].is_unique
    paid = late.merge(orders(), left_on="订单ID", right_on="订单编号", validate="m:1")
    assert (paid["评价时间"] > paid["订单付款时间"]).all()


def test_the_burst_of_bad_reviews_is_in_the_file(planted):
    bad = table("tmall/评价管理*.zip", "gbk")[lambda f: f["评价情感"] == "负面评价"]
    by_day = bad.groupby(bad["评价时间"].str[:10]).size()
    assert by_day.idxmax() == "2024-11-20"
    leaks = bad[(bad["评价时间"].str[:10] == "2024-11-20") & (bad["评价标签"] == "包装漏液")]
    assert len(leaks) == 38
    usual = by_day[by_day.index < "2024-11"].sum() / 61
    assert usual == pytest.approx(planted["reviews.usual.exported"])


def test_the_sum_row_of_the_service_desk_is_the_sum_of_its_rows():
    told = table("tmall/客服绩效*.xlsx")
    rows, total = told[:-1], told.iloc[-1]
    assert total["日期"] == "汇总" and total["客户满意率"] == "-"
    for name in ("客服销售额", "净销售额"):
        assert fen(rows[name]).sum() == fen(told[name].tail(1)).iloc[0]
    assert whole(rows["接待人数"]).sum() == whole(told["接待人数"].tail(1)).iloc[0]
    assert rows.groupby("日期").size().eq(6).all() and rows["日期"].nunique() == 91


def test_the_warehouse_holds_what_may_be_sold_and_what_is_not_shipped_yet(world, planted):
    assert [p.stem for p in sorted(EXPORTS.glob("erp/*"))] == ["库存管理_20241031", "库存管理_20241130"]
    for day in ("20241031", "20241130"):
        shelf = table(f"erp/库存管理_{day}.xlsx").set_index("商家编码")
        assert (whole(shelf["库存"]) == whole(shelf["可用库存"]) + whole(shelf["待发货量"])).all()
        left = world.stock[world.stock["date"] == day]
        codes = world.catalogue["code"].loc[left["item"]]
        assert (whole(shelf["可用库存"]).loc[list(codes)].to_numpy() == left["on_hand"]).all()
    waiting = orders()[lambda f: f["订单状态"] == "买家已付款，等待卖家发货"]
    assert whole(shelf["未发货订单总数"]).sum() >= len(waiting)
    assert whole(shelf["待发货量"]).sum() == planted["stock.to_ship"]
    assert whole(shelf["可用库存"])["QH001"] == planted["stock.QH001"]


# ---- Douyin --------------------------------------------------------------------------------------------------


def live() -> pd.DataFrame:
    frame = table("douyin/直播间列表*.xlsx")
    money = ("直播间成交金额", "直播间用户支付金额", "直播间退款金额", "净成交金额", "投放消耗(店铺被投)")
    return frame.assign(**{m: fen(frame[m]) for m in money}, day=frame["直播开始时间"].str[:10].str.replace("/", "-"))


def test_douyin_orders_of_a_day_add_up_to_the_shops_day():
    sold = douyin_orders()[lambda f: f["day"] != ""]
    told = table("douyin/*核心数据*.csv", "utf-8-sig").set_index("日期").loc[days_of("2024-11")]
    assert (sold.groupby("day")["paid"].sum() == fen(told["成交金额"])).all()
    assert (sold.groupby("day")["主订单编号"].nunique() == whole(told["成交订单数"])).all()
    assert sold["子订单编号"].is_unique


def test_orders_of_live_rooms_add_up_to_their_sessions():
    sold = douyin_orders()[lambda f: (f["day"] != "") & (f["流量体裁"] == "直播")]
    told = live()[lambda f: f["day"] >= "2024-11"].groupby(["day", "主播昵称"])
    rooms = sold.groupby(["day", "达人昵称"])
    assert (rooms["paid"].sum() == told["直播间用户支付金额"].sum().rename_axis(["day", "达人昵称"])).all()
    with_aid = rooms["paid"].sum() + rooms["aid"].sum()
    assert (with_aid == told["直播间成交金额"].sum().rename_axis(["day", "达人昵称"])).all()
    back = sold[sold["售后状态"] == "退款成功"]["paid"].sum()
    assert back == told["直播间退款金额"].sum().sum()


def test_live_days_are_the_sums_of_their_sessions_and_spend_is_what_the_ad_tool_spent(planted):
    told = table("douyin/直播概览*.csv", "utf-8")
    by_room = live().groupby(["day", "主播昵称"])
    frame = told.set_index(["日期", "直播间名称"]).sort_index()
    for name, column in (("成交金额", "直播间成交金额"), ("有效GMV", "净成交金额"), ("投放消耗", "投放消耗(店铺被投)")):
        assert (fen(frame[name]).to_numpy() == by_room[column].sum().to_numpy()).all(), name
    spent = table("douyin/千川*.zip", "utf-8-sig")
    by_day = fen(spent["整体消耗"]).groupby(spent["日期"]).sum()
    assert (by_day == live().groupby("day")["投放消耗(店铺被投)"].sum()).all()
    november = live()[lambda f: f["day"] >= "2024-11"]
    assert november["直播间成交金额"].sum() / 100 == pytest.approx(planted["live.2024-11.gmv"])
    assert november["投放消耗(店铺被投)"].sum() / 100 == pytest.approx(planted["live.2024-11.spend"])


def test_a_room_sells_more_by_the_platforms_count_than_users_pay():
    told = live()
    assert (told["直播间成交金额"] > told["直播间用户支付金额"]).all()
    assert (told["净成交金额"] <= told["直播间成交金额"]).all()
    assert (told["净成交金额"] < told["直播间成交金额"]).mean() > 0.95
    clicked, shown = (whole(told[f"直播间商品{k}人数"]) for k in ("点击", "曝光"))
    assert ((whole(told["直播间成交人数"]) <= clicked) & (clicked <= shown)).all()


def test_refunds_by_order_and_by_day_agree_roughly_where_the_definitions_differ():
    sold = douyin_orders()[lambda f: f["day"] != ""]
    back = sold[sold["售后状态"] == "退款成功"]["paid"].sum()
    told = table("douyin/*核心数据*.csv", "utf-8-sig").set_index("日期").loc[days_of("2024-11")]
    assert 0.75 < back / fen(told["退款金额"]).sum() < 1.1
