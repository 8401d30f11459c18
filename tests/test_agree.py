"""Files that speak of one thing twice: what does not agree is said, and no figure is changed."""

import pandas as pd
import pytest
from making import ids, reading

HEAD = "日期,访客数,支付买家数,支付订单数,支付金额\n"
DAYS = HEAD + "2024-11-01,500,10,12,100\n2024-11-02,400,10,11,110.5\n"


def facts(made):
    (told,) = made.problems
    return dict(told.args)


# ---- a period and its days ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("whole", "told"),
    [
        ("2024-11-01~2024-11-02,700,15,23,210.5", []),
        ("2024-11-01~2024-11-02,900,20,23,210.5", []),
        ("2024-11-01~2024-11-02,700,15,23,212.5", []),
        ("2024-11-01~2024-11-02,700,15,24,210.5", []),
        ("2024-11-01~2024-11-02,700,15,23,250.5", ["e.warn.days"]),
        ("2024-11-01~2024-11-02,700,15,25,210.5", ["e.warn.days"]),
        ("2024-11-01~2024-11-03,700,15,30,500", []),
    ],
    ids=["sum", "people are no sum", "near", "rounding", "money", "count", "a day is lacking"],
)
def test_a_periods_money_and_counts_are_the_sum_of_its_days(tmp_path, whole, told):
    made = reading(tmp_path, {"exports/day.csv": DAYS, "exports/month.csv": f"{HEAD}{whole}\n"})
    assert ids(made) == told


def test_a_period_unlike_its_days_is_said_with_both_figures_and_left_as_it_is(tmp_path):
    files = {"exports/day.csv": DAYS, "exports/month.csv": HEAD + "2024-11-01~2024-11-02,700,15,30,250.5\n"}
    made = reading(tmp_path, files)
    assert facts(made) == {
        "key": "tmall",
        "days": "2024-11-01..2024-11-02",
        "of_column": "pay_orders",
        "whole": "30",
        "added": "23",
        "gap": "23.3%",
        "n": 2,
    }
    assert made.tables["shop_daily"]["pay_amount"].tolist() == [100, 110.5]
    assert made.tables["shop_period"]["pay_amount"].tolist() == [250.5]


def test_how_far_a_period_may_be_apart_is_a_setting(tmp_path):
    files = {"exports/day.csv": DAYS, "exports/month.csv": HEAD + "2024-11-01~2024-11-02,700,15,23,250.5\n"}
    assert ids(reading(tmp_path, files, thresholds={"period_gap": 0.2})) == []


def test_items_are_compared_each_with_its_own_days(tmp_path):
    head = "统计日期,商品ID,商品名称,商品访客数,商品浏览量,支付买家数,支付件数,支付金额\n"
    daily = head + "2024-11-01,1,霜,9,20,3,3,30\n2024-11-01,2,水,9,20,3,3,30\n2024-11-02,1,霜,9,20,5,5,50\n"
    whole = head + "2024-11-01~2024-11-02,1,霜,15,40,8,8,80\n2024-11-01~2024-11-02,2,水,9,20,3,3,90\n"
    made = reading(tmp_path, {"exports/day.csv": daily, "exports/month.csv": whole})
    assert {k: facts(made)[k] for k in ("key", "of_column", "whole", "added", "n")} == {
        "key": "tmall · 2",
        "of_column": "pay_amount",
        "whole": "90.00",
        "added": "30.00",
        "n": 1,
    }


AD = "日期,场景名字,计划ID,计划名字,展现量,点击量,花费,总成交金额,总成交笔数\n"


def test_days_of_another_window_are_not_those_of_a_period(tmp_path):
    files = {
        "exports/计划_7天转化.csv": AD + "2024-11-01,推,1,甲,100,5,10,30,1\n2024-11-02,推,1,甲,100,5,10,30,1\n",
        "exports/计划_15天转化.csv": AD + "2024-11-01~2024-11-02,推,1,甲,200,10,20,99,3\n",
    }
    assert ids(reading(tmp_path / "other", files)) == []
    files["exports/计划_7天转化_2.csv"] = files.pop("exports/计划_15天转化.csv")
    assert ids(reading(tmp_path / "same", files)) == ["e.warn.days"]


def test_days_of_one_tool_do_not_make_anothers_whole(tmp_path):
    head = "date,tool,breakdown,campaign,window_days,spend\n"
    first = "2024-11-01,wanxiangtai,campaign,x,15,9\n2024-11-02,wanxiangtai,campaign,x,15,9\n"
    files = {"exports/a.csv": head + first + "2024-11-01,zhitongche,campaign,x,15,9\n"}
    files["exports/b.csv"] = head + "2024-11-01~2024-11-02,zhitongche,campaign,x,15,50\n"
    assert ids(reading(tmp_path, files)) == []


# ---- periods that overlap -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("second", "b"),
    [
        ("2024-11-04~2024-11-10", "2024-11-04..2024-11-10"),
        ("2024-11-30~2024-12-05", "2024-11-30..2024-12-05"),
        ("2024-12-01~2024-12-31", None),
    ],
    ids=["within", "on one day", "after"],
)
def test_periods_that_share_days_are_said_and_both_stay(tmp_path, second, b):
    rows = f"2024-11-01~2024-11-30,9000,100,110,1000\n{second},3000,30,33,300\n"
    made = reading(tmp_path, {"exports/a.csv": HEAD + rows})
    assert len(made.tables["shop_period"]) == 2
    said = {"of_table": "shop_period", "shop": "tmall", "n": 1, "a": "2024-11-01..2024-11-30", "b": b}
    assert [dict(p.args) for p in made.problems] == ([said] if b else [])


def test_a_period_within_an_earlier_one_is_found_behind_a_third(tmp_path):
    spans = ("2024-01-01~2024-12-31", "2024-02-01~2024-02-29", "2024-06-01~2024-06-30")
    made = reading(tmp_path, {"exports/a.csv": HEAD + "".join(f"{s},9000,100,110,1000\n" for s in spans)})
    assert (ids(made), facts(made)["n"]) == (["e.warn.overlapping"], 2)


def test_periods_of_two_items_do_not_overlap(tmp_path):
    head = "统计日期,商品ID,商品名称,商品访客数,商品浏览量,支付买家数,支付件数,支付金额\n"
    rows = "2024-11-01~2024-11-30,1,霜,15,40,8,8,80\n2024-11-04~2024-11-10,2,水,9,20,3,3,90\n"
    assert ids(reading(tmp_path, {"exports/a.csv": head + rows})) == []


# ---- orders and what the platform counts ----------------------------------------------------------------------


def of_november(amount, skipped=(), column="支付金额"):
    """A shop's day data and orders of November: 100 paid a day, ``amount`` by the orders, but for skipped days."""
    days = [f"{d:%Y-%m-%d}" for d in pd.date_range("2024-11-01", "2024-11-30")]
    shop = f"日期,访客数,{column}\n" + "".join(f"{d},50,100\n" for d in days)
    orders = "订单编号,总金额,买家实际支付金额,订单状态,订单创建时间,订单付款时间\n" + "".join(
        f"{n},{amount},{amount},交易成功,{d} 10:00,{d} 10:01\n" for n, d in enumerate(days, 1) if n not in skipped
    )
    return {"exports/a.csv": shop, "exports/b.csv": orders}


@pytest.mark.parametrize(
    ("amount", "skipped", "told"),
    [
        (100, (), []),
        (96, (), []),
        (104, (), []),
        (94, (), ["e.warn.orders_gap"]),
        (106, (), ["e.warn.orders_gap"]),
        (94, (7, 8, 9, 10), []),
        (94, (1,), []),
        (94, (30,), []),
    ],
    ids=[
        "equal",
        "near below",
        "near above",
        "below",
        "above",
        "days lacking",
        "first day lacking",
        "last day lacking",
    ],
)
def test_a_months_orders_come_near_what_the_platform_counts_where_both_are_whole(tmp_path, amount, skipped, told):
    made = reading(tmp_path, of_november(amount, skipped))
    assert ids(made) == told
    if told:
        said = {"shop": "tmall", "month": "2024-11", "added": f"{amount * 30:,.2f}", "whole": "3,000.00"}
        assert {k: v for k, v in facts(made).items() if k != "gap"} == said


def test_how_far_orders_may_be_apart_is_a_setting(tmp_path):
    assert ids(reading(tmp_path, of_november(94), thresholds={"orders_gap": 0.1})) == []


def test_orders_that_the_consultant_leaves_out_are_still_what_the_platform_counts(tmp_path):
    from making import xlsx

    rows = [["shop", "what", "id", "reason"], *(["tmall", "order", str(n), "刷单"] for n in (5, 6, 7))]
    made = reading(tmp_path, {**of_november(100), "inputs.xlsx": xlsx({"exclusions": rows})})
    assert (ids(made), int(made.tables["orders"]["counted"].sum())) == ([], 27)


def test_an_amount_with_the_platforms_subsidy_is_not_held_against_what_buyers_paid(tmp_path):
    shop = "日期,成交金额,用户支付金额,成交订单数,商品曝光人数\n" + "".join(
        f"2024-11-{d:02d},120,100,1,9\n" for d in range(1, 31)
    )
    orders = "订单编号,订单状态,实付金额,下单时间,付款时间\n" + "".join(
        f"{d},已完成,{{}},2024-11-{d:02d} 10:00,2024-11-{d:02d} 10:01\n" for d in range(1, 31)
    )
    files = {"exports/a.csv": shop, "exports/b.csv": orders.replace("{}", "100")}
    assert ids(reading(tmp_path / "1", files, {"dy": "douyin"})) == []
    files["exports/b.csv"] = orders.replace("{}", "120")
    assert ids(reading(tmp_path / "2", files, {"dy": "douyin"})) == ["e.warn.orders_gap"]
    files["exports/a.csv"] = shop.replace(",用户支付金额", "").replace(",120,100,", ",150,")
    assert ids(reading(tmp_path / "3", files, {"dy": "douyin"})) == []
