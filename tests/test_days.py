"""The daily curve: stoppages are no trend, items that stop are found, and promotions are judged by their like or not."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from making import reading
from test_real_files import DATA
from worded import keyed, left_alone, said, whole

from kit import calendar, charts, store
from kit.analyses import days
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.brand import Brand
from kit.client import Client
from kit.findings import Arg, Severity, Side, Soundness, payload
from kit.stats import stock_outs
from kit.text import Words

NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
NONE = calendar.promotions([], *NOV)
NAMES = {"a": {"zh": "甲店", "en": "Shop A"}}


def daily(start="2024-06-01", end="2024-11-30", seed=9, shop="a", platform="tmall"):
    """A shop with weekdays and a little noise."""
    at = pd.date_range(start, end)
    rng = np.random.default_rng(seed)
    visitors = (5000 * np.exp(0.1 * np.sin(np.arange(len(at)) / 7 * 2 * np.pi) + rng.normal(0, 0.05, len(at)))).round()
    buyers = (visitors * 0.02 * np.exp(rng.normal(0, 0.03, len(at)))).round()
    about = {"platform": platform, "shop": shop, "date": at}
    return pd.DataFrame({**about, "visitors": visitors, "pay_buyers": buyers, "pay_amount": buyers * 100.0})


def changed(table, since, until, **factors):
    """The same with some columns multiplied on some days."""
    inside = table["date"].between(pd.Timestamp(since), pd.Timestamp(until))
    return table.assign(**{name: table[name].where(~inside, table[name] * x) for name, x in factors.items()})


def result(table, span=NOV, promotions=NONE, **more):
    return days.analyse(table, promotions, *span, NAMES, **more)


def findings(*args, **more):
    return keyed(days.show(result(*args, **more)).findings, "review.days.")


def exhibits(*args, **more):
    return keyed(days.show(result(*args, **more)).exhibits, "review.days.")


# ---- days ------------------------------------------------------------------------------------------------


def test_a_month_like_any_other_has_no_unusual_day():
    found = findings(daily())["unusual.a"]
    assert found.verdict == Verdict.NORMAL and said(found) == "甲店除大促和停业外，各日都属正常波动"


def test_a_day_out_of_the_ordinary_is_named_with_the_factor_that_moved_and_what_else_went_on():
    table = changed(daily(), "2024-11-20", "2024-11-20", pay_buyers=3.0, pay_amount=3.0)
    deal = {"id": "1", "shop": "a", "creator": "小满", "start": pd.Timestamp("2024-11-20"), "end": pd.NaT}
    given = {"creator_deals": pd.DataFrame([deal])}
    found = findings(table, **given)["unusual.a"]
    assert said(found.evidence).startswith("变动较大的是支付转化率，较前后几周的同一天+")
    assert said(found.evidence).endswith("；当天有达人小满带货")
    assert found.verdict == Verdict.UNUSUAL and said(found).startswith("甲店有1天超出平日波动，偏离较大的是11月20日")
    assert said(found, "en").startswith("Shop A had 1 day outside normal variation")
    (row,) = exhibits(table, **given)["unusual"].table.rows
    assert row[0] == "2024-11-20" and row[5] == "driver.pay_cvr" and row[7] == [Arg("小满", "text.creator")]
    assert row[4] == pytest.approx(2, abs=0.3) and Words("zh").column([row[7]], "text") == (["达人小满带货"], "")


def test_the_curve_is_headed_by_what_promotions_brought_of_all_shops_and_how_many_other_days_stand_out():
    table = pd.concat([daily(), changed(daily(shop="b", seed=3), "2024-11-20", "2024-11-20", pay_amount=3.0)])
    double_11 = calendar.promotions(["tmall"], dt.date(2024, 10, 1), NOV[1])
    found = findings(table, promotions=double_11)["promoted"]
    november = table[table["date"] >= "2024-11-01"]
    held = november["date"] <= "2024-11-11"
    assert found.value == pytest.approx(november["pay_amount"][held].sum() / november["pay_amount"].sum())
    assert exhibits(table, promotions=double_11)["curve"].findings[0] == found.key
    assert said(found).startswith("大促11天带来2024年11月支付金额的") and said(found).endswith(
        "，其余日子有1天超出平日波动"
    )
    assert Words("en").sentence(found.sentence, found.args).endswith("; 1 of the other days outside normal variation")
    assert said(findings(daily(), promotions=double_11)["promoted"]).endswith("，其余各日都属正常波动")
    assert "promoted" not in findings(daily()), "a month without promotions"
    so_far = findings(daily(end="2024-11-20"), promotions=double_11)["promoted"]
    assert said(so_far).startswith("大促11天带来2024年11月1日至20日支付金额的"), "of the days that the data have"


def test_a_promotion_without_its_like_is_never_called_unusual():
    table = changed(daily(), "2024-11-10", "2024-11-11", pay_buyers=9.0, pay_amount=9.0)
    campaign = {"campaign": "双11", "kind": "platform", "shop": "", "start": "2024-11-10", "end": "2024-11-11"}
    sheet = pd.DataFrame([campaign]).assign(**{c: lambda t, c=c: pd.to_datetime(t[c]) for c in ("start", "end")})
    assert findings(table, campaigns=sheet)["unusual.a"].verdict == Verdict.NORMAL
    assert findings(table)["unusual.a"].verdict == Verdict.UNUSUAL


def test_a_promotion_s_day_is_compared_with_the_same_day_of_its_phase_a_year_before():
    rows = [
        ("tmall", "618", "618", "618", y, "wave_1", "sale", f"{y}-06-01", f"{y}-06-20", "confirmed")
        for y in (2023, 2024)
    ]
    names = ["platform", "event", "event_zh", "event_en", "year", "phase", "kind", "start", "end", "certainty"]
    promotions = pd.DataFrame(rows, columns=names)
    promotions[["start", "end"]] = promotions[["start", "end"]].apply(pd.to_datetime)
    june = dt.date(2024, 6, 1), dt.date(2024, 6, 30)
    table = daily("2023-01-01", "2024-06-30")
    for year in (2023, 2024):
        table = changed(table, f"{year}-06-01", f"{year}-06-20", pay_amount=5.0)
    assert findings(table, june, promotions)["unusual.a"].verdict == Verdict.NORMAL
    table = changed(table, "2024-06-18", "2024-06-18", pay_amount=0.4)
    (row,) = exhibits(table, june, promotions)["unusual"].table.rows
    assert (row[0], row[5]) == ("2024-06-18", None)


def test_closed_days_are_a_stoppage_and_judged_no_further():
    table = changed(daily(), "2024-11-12", "2024-11-14", pay_buyers=0.01, pay_amount=0.01)
    found = findings(table)
    assert found["stopped.a"].verdict == Verdict.STOPPED
    assert said(found["stopped.a"]) == "甲店在11月12日至14日几乎没有订单，共3天：按停业处理，不作趋势看"
    assert found["unusual.a"].verdict == Verdict.NORMAL
    closed = {"label": "chart.closed", "exact": True, "start": "2024-11-12", "end": "2024-11-14"}
    assert closed in exhibits(table)["curve"].options["promotions"]


def test_a_weekday_on_which_the_shop_never_sells_is_no_stoppage():
    table = daily()
    saturday = table["date"].dt.day_of_week == 5
    rest = {name: table[name].where(~saturday, 0.0) for name in ("pay_buyers", "pay_amount")}
    found = findings(table.assign(**rest))
    assert "stopped.a" not in found and found["unusual.a"].verdict == Verdict.NORMAL


def test_a_missing_day_is_a_gap_and_no_stoppage_and_breaks_the_curve():
    table = daily()
    table = table[table["date"] != "2024-11-07"]
    found = findings(table)
    assert found["gap.a"].verdict == Soundness.LIMITED and "stopped.a" not in found
    rows = dict(row[:2] for row in exhibits(table)["curve"].table.rows)
    assert rows["2024-11-07"] is None and len(rows) == 30


def test_an_export_that_ends_before_the_period_is_told_as_open_and_is_no_gap():
    found = findings(daily(end="2024-11-20"))
    assert "gap.a" not in found and said(found["open.a"]) == "甲店还没有11月21日至30日共10天的数据，曲线到此为止"


def test_the_spring_festival_and_the_week_before_it_are_no_ordinary_days():
    february = dt.date(2024, 2, 1), dt.date(2024, 2, 29)
    table = changed(daily("2023-09-01", "2024-02-29"), "2024-02-08", "2024-02-17", pay_buyers=0.5, pay_amount=0.5)
    holidays = calendar.holidays(dt.date(2023, 1, 1), dt.date(2024, 12, 31))
    assert findings(table, february)["unusual.a"].verdict == Verdict.UNUSUAL
    assert findings(table, february, holidays=holidays)["unusual.a"].verdict == Verdict.NORMAL


def test_a_day_alone_has_no_curve_and_its_finding_names_none():
    page = days.show(result(daily(), (NOV[0], NOV[0])))
    assert page.exhibits == () and [f.exhibit for f in page.findings] == [None]


def test_with_a_month_of_days_alone_no_day_is_called():
    found = findings(daily("2024-11-01"))["unusual.a"]
    assert found.verdict == Verdict.NONE and said(found) == "甲店平日不足49天，无法判断哪天异常"


def test_the_curve_of_all_shops_is_their_sum_and_each_bears_its_name():
    both = pd.concat([daily(), daily(seed=10, shop="b", platform="jd")])
    curve = exhibits(both)["curve"]
    assert all(row[1] == pytest.approx(row[2] + row[3]) for row in curve.table.rows)
    assert set(map(str, curve.options["names"].values())) == {str(NAMES["a"]), "b"}
    for words in (Words("zh"), Words("en")):
        assert charts.draw(payload(curve) | {"message": "x"}, words, Brand()).narrow


# ---- items, presale, hours --------------------------------------------------------------------------------


def items(silent=("2024-11-12", "2024-11-19"), usual=10.0, visitors=200.0):
    at = pd.date_range(*NOV)
    out = (at >= silent[0]) & (at <= silent[1])
    about = {"platform": "tmall", "shop": "a", "date": at, "item_id": "8", "article_no": "Q1", "title": "精华"}
    return pd.DataFrame({**about, "visitors": visitors, "pay_units": np.where(out, 0.0, usual)}).assign(
        pay_amount=lambda t: t["pay_units"] * 50
    )


def test_an_item_with_visitors_that_stops_selling_is_found_with_its_days_and_a_bound():
    found = findings(daily(), item_daily=items())["stock_out.a.8.1112"]
    assert said(found) == "精华在11月12日至19日有访客却无成交（8天），按平日销售最多少卖￥4,000"
    assert (found.verdict, found.severity, found.value) == (Verdict.SOLD_OUT, Severity.MEDIUM, 4000)


def test_beside_enough_other_items_the_loss_is_that_at_the_demand_of_these_days_with_its_range():
    """Half as much was wanted on these days: half of 8 days × 10 pieces × 50 yuan."""
    others = [items(silent=("2024-01-01", "2024-01-01"), usual=20.0).assign(item_id=f"o{n}") for n in range(6)]
    table = pd.concat([items(), *others], ignore_index=True)
    quiet = table["date"].between(pd.Timestamp("2024-11-12"), pd.Timestamp("2024-11-19")) & (table["item_id"] != "8")
    table.loc[quiet, ["pay_units", "pay_amount"]] *= 0.5
    found = findings(daily(), item_daily=table)["stock_out.a.8.1112"]
    assert found.value == pytest.approx(2000) and found.low <= 2000 <= found.high
    assert found.sentence == "cp.stock" and found.method == "method.lost_sales"
    (stops,) = [x for x in days.show(result(daily(), item_daily=table)).exhibits if x.key.endswith(".stops")]
    assert stops.table.rows[0][6:9] == pytest.approx((2000.0, found.low, found.high))
    assert [note.sentence for note in stops.notes] == ["note.campaign.less"]


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (items(usual=1.0), "so few units that nothing sold is chance"),
        (items(silent=("2024-11-12", "2024-11-12")), "one day"),
        (items(visitors=0.0), "nobody came: off the shelf"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_silence_that_may_have_other_reasons_is_no_stock_out(table, why):
    assert not [key for key in findings(daily(), item_daily=table) if key.startswith("stock_out")]


def test_an_item_still_out_at_the_end_is_of_high_severity():
    found = findings(daily(), item_daily=items(silent=("2024-11-22", "2024-11-30")))["stock_out.a.8.1122"]
    assert found.severity == Severity.HIGH


def test_an_item_that_may_have_cost_a_fiftieth_of_the_shop_s_sales_is_of_high_severity():
    table, sales = items(usual=20.0), daily()
    lost = findings(sales, item_daily=table)["stock_out.a.8.1112"].value
    november = sales["date"] >= "2024-11-01"
    for part, severity in ((0.021, Severity.HIGH), (0.019, Severity.MEDIUM)):
        scale = lost / part / sales["pay_amount"][november].sum()
        scaled = sales.assign(pay_amount=sales["pay_amount"] * scale)
        assert findings(scaled, item_daily=table)["stock_out.a.8.1112"].severity == severity


def test_an_items_usual_comes_from_the_weeks_around_where_the_period_is_all_promotion():
    table = items()
    rush = table["date"].between(pd.Timestamp("2024-11-09"), pd.Timestamp("2024-11-11"))
    table.loc[rush, "pay_units"] *= 20
    about = {"platform": "tmall", "event": "x", "event_zh": "某", "event_en": "X", "year": 2024, "kind": "sale"}
    dates = {"start": pd.Timestamp("2024-11-09"), "end": pd.Timestamp("2024-11-15"), "certainty": "confirmed"}
    (stop,) = stock_outs.stops(
        table, None, NONE.reindex([0]).assign(**about, **dates), dt.date(2024, 11, 9), dt.date(2024, 11, 15)
    )
    assert (stop.first, stop.usual_units) == (dt.date(2024, 11, 12), 10.0)


@pytest.mark.parametrize(
    ("left", "key", "side"), [(0.0, "zero", Side.BRAND), (30.0, "left", Side.AGENCY), (None, "told", Side.BRAND)]
)
def test_what_the_stock_was_comes_from_the_inventory_or_the_sheet_and_the_brand_decides_only_if_it_was_out(
    left, key, side
):
    sku = {"date": pd.Timestamp("2024-11-15"), "merchant_sku": "Q1", "style_no": "Q1", "stock_available": left}
    event = {"start": pd.Timestamp("2024-11-12"), "end": pd.Timestamp("2024-11-19"), "shop": "a", "kind": "stock_out"}
    given = {"inventory": pd.DataFrame([sku]), "events": pd.DataFrame([event | {"text_zh": "断货", "text_en": None}])}
    found = findings(daily(), item_daily=items(), **given)["stock_out.a.8.1112"]
    assert (found.evidence.sentence, found.side) == (f"r.stockoutev.{key}", side)


def test_conversion_that_falls_in_the_deposit_phase_is_told_as_a_matter_of_counting():
    october = dt.date(2024, 10, 1), dt.date(2024, 10, 31)
    promotions = calendar.promotions(["tmall"], dt.date(2023, 1, 1), dt.date(2024, 12, 31))
    table = changed(daily(), "2024-10-14", "2024-10-20", pay_buyers=0.5, pay_amount=0.5)
    found = findings(table, october, promotions)["presale.a.double_11"]
    assert found.verdict == Verdict.PRESALE and said(found).startswith(
        "甲店在10月14日至20日处于双11预售定金期，支付转化率1.0"
    )
    assert "presale.a.double_11" not in findings(daily().assign(platform="jd"), october, promotions)


def orders(hours):
    at = pd.to_datetime([f"2024-11-05 {hour:02d}:30" for hour in hours])
    return pd.DataFrame({"platform": "tmall", "shop": "a", "created_at": at, "paid_at": at, "counted": True}).assign(
        order_id=lambda t: t.index.astype(str), paid_amount=10.0
    )


def test_a_shop_of_order_lines_has_its_curve_and_hours_from_them():
    placed = orders([21] * 150 + [9] * 80)
    lines = placed.assign(
        line_id=placed["order_id"], kind="sale", excluded=None, status="paid", paid_at=pd.NaT, line_amount=7.0
    )
    lines = pd.concat([lines, lines.assign(line_id="x" + lines["order_id"])], ignore_index=True)
    week = dt.date(2024, 11, 1), dt.date(2024, 11, 7)
    found = result(None, week, order_lines=lines.assign(paid_amount=None))
    assert dict(found.curves[0].amounts)[dt.date(2024, 11, 5)] == 230 * 2 * 7.0
    assert found.hours.orders[21] == 150


def test_the_busiest_hours_are_those_of_the_orders_and_days_alone_have_none():
    table = orders([21] * 90 + [22] * 80 + [20] * 70 + [9] * 10)
    found = findings(daily(), orders=table)["hours"]
    assert said(found) == "下单集中在21时、22时和20时，合计占96.0%"
    midnight = table.assign(created_at=table["created_at"].dt.normalize())
    assert "hours" not in findings(daily(), orders=midnight)
    assert "hours" not in findings(daily(), orders=table[:199])


# ---- whatever it is given ---------------------------------------------------------------------------------


def test_inputs_stay_and_everything_shown_is_worded_and_json():
    table = changed(daily(), "2024-11-20", "2024-11-20", pay_buyers=3.0, pay_amount=3.0)
    table = changed(table, "2024-11-26", "2024-11-27", pay_buyers=0.01, pay_amount=0.01)
    given = {"item_daily": items(), "orders": orders([21] * 300)}
    whole(left_alone({"table": table} | given, lambda table, **more: days.show(result(table, **more))))


@pytest.mark.parametrize("table", [None, daily()[:0]])
def test_without_daily_figures_and_orders_the_exports_are_named(table):
    page = days.show(result(table))
    assert page.findings == () and [m.tables for m in page.missing] == [("shop_daily", "orders")]


# ---- real and demo ----------------------------------------------------------------------------------------


@pytest.mark.skipif(not DATA.is_dir(), reason="the real data sets are not beside the project")
def test_february_2020_of_a_real_shop_has_its_closed_days_told_as_a_stoppage_and_its_busy_hours(tmp_path):
    file = (DATA / "tmall_order_report" / "tmall_order_report.csv").read_bytes()
    table = reading(tmp_path, {"exports/tmall/orders.csv": file}).tables["orders"]
    february = dt.date(2020, 2, 1), dt.date(2020, 2, 29)
    made = days.analyse(None, NONE, *february, {}, orders=table)
    (curve,) = made.curves
    assert [(a.day, b.day) for a, b in curve.closed] == [(8, 8), (10, 16)]
    assert made.hours.busiest == (21, 22, 20)
    found = keyed(days.show(made).findings, "review.days.")
    assert said(found["stopped.tmall"]).endswith("在2月8日、2月10日至16日几乎没有订单，共8天：按停业处理，不作趋势看")
    paid = sum(value for _, value in curve.amounts) - table["refund_amount"][table["paid_at"] < "2020-03-01"].sum()
    assert paid == pytest.approx(1_902_487.15 - 298, abs=0.01)  # 298 was paid on 1 March


@pytest.fixture(scope="module")
def demo():
    client = Client.load("demo")
    tables = store.load(client)
    promotions = calendar.promotions(["tmall", "douyin"], dt.date(2022, 1, 1), dt.date(2024, 12, 31))
    names = ("orders", "item_daily", "inventory", "presale_daily", "campaigns", "events", "creator_deals")
    given = {name: tables.get(name) for name in names}
    return lambda start, end: days.analyse(tables.get("shop_daily"), promotions, start, end, {}, **given)


def test_the_demo_s_stock_out_is_found_to_the_day_and_its_loss_lies_in_the_range_and_under_the_bound(demo):
    """TRUTH.md: stock.lost.money; the campaign review tells the same figure."""
    (out,) = demo(*NOV).outs
    stop, (low, high) = out.stop, out.ends
    assert (stop.article_no, stop.first, stop.last) == ("QH001", dt.date(2024, 11, 12), dt.date(2024, 11, 19))
    assert low < 157_904 < high < stop.lost and out.money == pytest.approx(157_904, rel=0.05)


def test_the_demo_s_presale_is_named_and_its_unusual_days_are_those_of_creators(demo):
    made = demo(dt.date(2024, 10, 1), dt.date(2024, 10, 31))
    (one,) = made.presales
    assert one.cvr < one.usual and one.deposits == 2249
    shows = {mark.start for mark in made.marks if mark.kind == "creator"}
    called = {day.date for curve in made.curves for day in curve.unusual}
    assert called and called <= shows


def test_an_ordinary_month_of_the_demo_s_own_shop_has_no_unusual_day(demo):
    for month in (4, 7):
        made = demo(dt.date(2024, month, 1), dt.date(2024, month, 30))
        assert [c.unusual for c in made.curves if c.shop == "tmall"] == [()]
