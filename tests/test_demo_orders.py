"""The demo's orders, lines, items, refunds and days hold the same money, by the definitions of TRUTH.md."""

import pytest
from demo_tables import (
    MONTHS,
    days_of,
    douyin_orders,
    fen,
    items,
    lines,
    orders,
    refunds,
    table,
    trade,
    truths,
    whole,
)
from simulation.world import DAYS


@pytest.fixture(scope="module")
def planted():
    return truths()


# ---- orders, lines, items and the shop's days ----------------------------------------------------------------


def test_paid_orders_of_a_day_add_up_to_the_shops_day_whatever_became_of_them():
    paid = orders()[lambda f: f["day"] != ""]
    told = trade().loc[days_of(*MONTHS)]
    assert (paid.groupby("day")["paid"].sum() == fen(told["支付金额"])).all()
    assert (paid.groupby("day")["买家会员名"].nunique() == whole(told["支付买家数"])).all()


def test_unpaid_orders_make_up_what_was_ordered_and_lapsed_deposits_are_not_in_it():
    made = orders()[lambda f: f["订单关闭原因"] != "尾款未付"]
    made = made.assign(day=made["day"].where(made["day"] != "", made["placed"]))
    told = trade().loc[days_of(*MONTHS)]
    assert (made.groupby("day")["payable"].sum() == fen(told["下单金额"])).all()
    assert (made.groupby("day")["买家会员名"].nunique() == whole(told["下单买家数"])).all()


def test_lines_add_up_to_their_order():
    by_order = lines().groupby("主订单编号")
    heads = orders().set_index("订单编号").loc[by_order.size().index]
    assert len(heads) == len(orders())
    for name in ("paid", "payable", "back"):
        assert (by_order[name].sum() == heads[name]).all(), name
    assert (by_order["units"].sum() == whole(heads["宝贝总数量"])).all()
    assert lines()["子订单编号"].is_unique and heads.index.is_unique


def test_the_shops_lines_are_those_that_cost_something():
    sold = lines()[lambda f: (f["day"] != "") & ~f["gift"]]
    told = trade().loc[days_of(*MONTHS)]
    assert (sold.groupby("day").size() == whole(told["支付子订单数"])).all()
    assert (lines()["payable"].eq(0) == lines()["gift"]).all()


def test_items_of_a_day_hold_what_the_lines_of_the_day_hold():
    told = items().assign(day=items()["统计日期"]).set_index(["day", "货号"]).sort_index()
    sold = lines()[lambda f: ~f["gift"] & (f["订单状态"] != "")]
    paid = sold[sold["day"] >= "2024-11"].groupby(["day", "商家编码"])
    for name, column in (("paid", "支付金额"), ("units", "支付件数")):
        expected = (fen if name == "paid" else whole)(told[column])
        assert (paid[name].sum().reindex(told.index, fill_value=0) == expected).all(), column
    by_day = items().assign(paid=fen(items()["支付金额"]), placed=fen(items()["下单金额"])).groupby("统计日期")
    shop = trade().loc[days_of("2024-11")]
    assert (by_day["paid"].sum() == fen(shop["支付金额"])).all()
    assert (by_day["placed"].sum() == fen(shop["下单金额"])).all()


def test_buyers_of_an_item_never_outnumber_its_visitors():
    told = items()
    assert (whole(told["支付买家数"]) <= whole(told["下单买家数"])).all()
    assert (whole(told["下单买家数"]) <= whole(told["商品访客数"])).all()
    assert (whole(told["支付新买家数"]) + whole(told["支付老买家数"]) == whole(told["支付买家数"])).all()
    seen = told.assign(v=whole(told["商品访客数"])).groupby("统计日期")["v"].sum()
    assert (seen > whole(trade().loc[days_of("2024-11"), "访客数"])).all()


def test_no_order_is_paid_before_it_is_placed_or_above_its_price():
    told = orders()
    paid = told[told["day"] != ""]
    assert (paid["订单创建时间"] <= paid["订单付款时间"]).all()
    assert (told["paid"] <= fen(told["总金额"])).all() and (told["back"] <= told["paid"]).all()
    assert set(told["订单状态"]) == {
        "等待买家付款", "买家已付款，等待卖家发货", "卖家已发货，等待买家确认", "交易成功", "交易关闭"
    }  # fmt: skip
    assert max(told["订单创建时间"].max(), told["订单付款时间"].max(), told["确认收货时间"].max()) < "2024-12"


# ---- refunds and presale -------------------------------------------------------------------------------------


def test_refunds_that_succeeded_are_the_items_refunds_of_the_day():
    done = refunds()[lambda f: f["退款状态"] == "退款成功"]
    code = items().assign(back=fen(items()["成功退款金额"]))
    expected = code.set_index(["统计日期", "货号"])["back"]
    by_item = done[done["ended"] >= "2024-11"].groupby(["ended", "商家编码"])["back"].sum()
    assert (by_item.reindex(expected.index, fill_value=0) == expected).all()
    assert by_item.sum() == expected.sum()


def test_an_orders_refund_is_what_its_cases_gave_back():
    done = refunds()[lambda f: f["退款状态"] == "退款成功"].groupby("订单编号")["back"].sum()
    told = orders().set_index("订单编号")["back"]
    known = done[done.index.isin(told.index)]
    assert (told[told > 0].sort_index() == known.sort_index()).all()
    assert (refunds()["back"] <= refunds()["paid"]).all()


def test_an_order_is_closed_after_payment_only_if_all_of_it_came_back():
    paid = orders()[lambda f: f["day"] != ""]
    closed = paid[paid["订单状态"] == "交易关闭"]
    assert (closed["back"] == closed["paid"]).all() and set(closed["订单关闭原因"]) == {"退款"}
    late = paid[(paid["back"] == paid["paid"]) & (paid["订单状态"] == "交易成功")]
    assert len(late) > 100, "some orders came back after they were completed"


def test_cases_still_open_have_no_end_and_withdrawn_ones_give_nothing_back(planted):
    states = refunds().groupby("退款状态")
    waiting = states.get_group("买家已经申请退款，等待卖家同意")
    assert set(waiting["ended"]) == {""}
    assert waiting["back"].sum() == round(planted["refunds.open"] * 100)
    gone = states.get_group("退款关闭")
    assert len(gone) == planted["refunds.withdrawn"] and (gone["ended"] != "").all()
    assert refunds()["退款编号"].is_unique
    assert (refunds()["退款的申请时间"] > refunds()["订单付款时间"]).all()


@pytest.mark.parametrize("month", ["2024-09", "2024-10", "2024-11"])
def test_refunds_by_month_of_payment_are_the_planted_share(planted, month):
    done = refunds()[lambda f: (f["退款状态"] == "退款成功") & (f["订单付款时间"].str[:7] == month)]
    paid = fen(trade()["支付金额"])[lambda s: s.index.str[:7] == month].sum()
    assert done["back"].sum() / paid == pytest.approx(planted[f"refunds.paid.{month}.seen"], abs=1e-9)


def test_a_fresh_month_has_refunds_still_to_come_and_an_old_one_has_not(planted):
    seen, final = ([planted[f"refunds.paid.{m}.{k}"] for m in ("2024-09", "2024-11")] for k in ("seen", "final"))
    assert final[0] == seen[0]
    assert 0.005 < final[1] - seen[1] < 0.015


def test_presale_counts_on_the_day_its_balance_is_paid(planted):
    told = table("tmall/预售日数据*.csv", "utf-8-sig").set_index("日期")
    staged = orders()[lambda f: f["分阶段订单信息"] != ""]
    paid = staged[staged["day"] != ""]
    balances = whole(told["尾款订单数"])[lambda s: s > 0]
    assert (paid.groupby("day").size() == balances).all()
    assert (staged.groupby("placed").size() == whole(told["定金订单数"])[lambda s: s > 0]).all()
    deposits, money = fen(told["定金金额"]).sum(), fen(told["尾款金额"]).sum()
    assert deposits == 2000 * len(staged) and money == paid["paid"].sum() - 2000 * len(paid)
    assert len(paid) / len(staged) == pytest.approx(planted["presale.2024.paid"])
    assert paid["paid"].sum() / 100 == pytest.approx(planted["presale.2024.amount"])
    assert paid["订单付款时间"].min() > "2024-10-21 20:00" > staged["订单创建时间"].max()


# ---- what is planted -----------------------------------------------------------------------------------------


def test_the_planted_orders_are_those_of_the_file(planted):
    for month in MONTHS:
        paid = orders()[lambda f, month=month: f["day"].str[:7] == month]
        lost = orders()[lambda f, month=month: (f["day"] == "") & (f["placed"].str[:7] == month)]
        assert len(paid) == planted[f"orders.{month}.paid"]
        assert paid["paid"].sum() / 100 == pytest.approx(planted[f"orders.{month}.amount"])
        gone = paid[paid["订单状态"] == "交易关闭"]["paid"].sum()
        assert gone / 100 == pytest.approx(planted[f"orders.{month}.closed"])
        assert len(lost) == planted[f"orders.{month}.unpaid"]
    assert lines()["gift"].sum() == planted["orders.gifts"]


def test_orders_never_lie_outside_the_simulated_days():
    known = {f"{d:%Y-%m-%d}" for d in DAYS}
    assert set(orders()["placed"]) | set(douyin_orders()["day"]) - {""} <= known
