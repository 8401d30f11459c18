"""How the period stands: goals on their own basis, time elapsed, what is left to do, GSV, and the spend ratio."""

import datetime as dt

import pandas as pd
import pytest
from worded import keyed, said

from kit import calendar
from kit.analyses import attainment
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.client import Client
from kit.findings import Severity, Side, payload
from kit.stats import kpi_parts
from kit.stats.kpis import TOTAL
from kit.store import load
from kit.tables import TABLES, frame
from kit.text import Words

JUNE = dt.date(2024, 6, 1), dt.date(2024, 6, 30)
EVENT = pd.DataFrame(
    [("jd", "618", "618", "618", year, "sale", f"{year}-06-10", f"{year}-06-18", "confirmed") for year in (2023, 2024)],
    columns=["platform", "event", "event_zh", "event_en", "year", "kind", "start", "end", "certainty"],
).assign(**{c: lambda t, c=c: pd.to_datetime(t[c]) for c in ("start", "end")})


def shop(name="a", until="2024-06-30", since="2024-06-01", paid=1000.0, back=100.0):
    """A shop that takes ``paid`` and refunds ``back`` every day."""
    days = pd.date_range(since, until)
    given = {"platform": "jd", "shop": name, "pay_amount": paid, "refund_amount": back, "visitors": 500.0}
    every = {column: [value] * len(days) for column, value in given.items()}
    return frame(TABLES["shop_daily"], {**every, "date": days})


def goals(*rows):
    """Rows of (shop, metric, value) for June 2024."""
    columns = dict(zip(("shop", "metric", "value"), map(list, zip(*rows, strict=True)), strict=True))
    return frame(TABLES["goals"], {"month": [pd.Timestamp("2024-06-01")] * len(rows), **columns})


def result(daily, sheet=None, promotions=None, period=JUNE, cutoff=dt.date(2024, 12, 31), **tables):
    given = {"shop_daily": daily, **tables}
    nothing = EVENT.iloc[:0] if promotions is None else promotions
    return attainment.analyse(given, sheet, nothing, *period, cutoff, {"a": {"zh": "甲店", "en": "Shop A"}})


def findings(*args, **more):
    return keyed(attainment.show(result(*args, **more)).findings, "review.attainment.")


# ---- goals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("goal", "verdict", "severity", "text"),
    [
        (25000.0, Verdict.OVER_GOAL, Severity.LOW, "2024年6月全店支付金额为￥3.00万，达成120.0%，超出目标￥5,000"),
        (30000.0, Verdict.ON_GOAL, Severity.LOW, "2024年6月全店支付金额为￥3.00万，正好达成"),
        (31000.0, Verdict.UNDER_GOAL, Severity.MEDIUM, "2024年6月全店支付金额为￥3.00万，达成96.8%，低于目标￥1,000"),
        (40000.0, Verdict.UNDER_GOAL, Severity.HIGH, "2024年6月全店支付金额为￥3.00万，达成75.0%，低于目标￥1.00万"),
    ],
)
def test_a_closed_month_says_attainment_and_the_gap(goal, verdict, severity, text):
    found = findings(shop(), goals(("a", "pay_amount", goal)))["all.pay_amount"]
    assert (found.verdict, found.severity, said(found)) == (verdict, severity, text)


@pytest.mark.parametrize(
    ("rest", "total", "text"),
    [
        (31000.0, None, "目标￥7.10万；差额较大的是甲店，低于其目标￥1.00万，占差额的90.9%"),
        (26000.0, None, "目标￥6.60万；差额出自甲店（低于其目标￥1.00万），其他店补回￥4,000"),
        (30000.0, 99000.0, "目标￥9.90万；各店中甲店与自身目标差得较多，低￥1.00万"),
        (12000.0, None, "目标￥5.20万；超出部分出自b（超出其目标￥1.80万），其他店合计低于目标￥1.00万"),
    ],
    ids=["both short", "one makes up for the other", "a goal of its own for all", "beaten"],
)
def test_of_all_shops_goal_the_one_furthest_from_its_own_is_named_with_its_part_of_the_gap(rest, total, text):
    rows = [("a", "pay_amount", 40000.0), ("b", "pay_amount", rest), (None, "pay_amount", total)]
    found = findings(pd.concat([shop(), shop("b")]), goals(*(row for row in rows if row[2])))["all.pay_amount"]
    assert said(found.evidence) == text


def test_a_goal_in_gsv_is_held_against_gsv():
    found = findings(shop(), goals(("a", "gsv", 30000.0)))["all.gsv"]
    assert (found.value, found.baseline, found.verdict) == (27000.0, 30000.0, Verdict.UNDER_GOAL)


def test_an_open_month_says_pace_and_what_each_remaining_day_must_bring():
    found = findings(shop(until="2024-06-20"), goals(("a", "pay_amount", 40000.0)))["all.pay_amount"]
    assert said(found) == (
        "全店支付金额到2024年6月20日累计￥2.00万，达成50.0%，比时间进度慢16.7个百分点；剩余10天日均需￥2,000"
    )
    assert said(found, "en").endswith("16.7 points behind time elapsed; the 10 days left must bring ¥2,000 a day")
    assert found.verdict == Verdict.BEHIND


def test_one_day_left_is_one_day_in_english():
    found = findings(shop(until="2024-06-29"), goals(("a", "pay_amount", 40000.0)))["all.pay_amount"]
    assert said(found, "en").endswith("the 1 day left must bring ¥11.0k")


def test_a_goal_reached_before_the_end_needs_nothing_more():
    found = findings(shop(until="2024-06-20"), goals(("a", "pay_amount", 15000.0)))["all.pay_amount"]
    assert (found.sentence, found.verdict) == ("r.goal.reached", Verdict.OVER_GOAL)


def test_in_a_promotion_month_the_pace_is_that_of_the_same_days_a_year_before():
    """A year before, the first 20 days had brought 50,000 of 60,000."""
    before = shop(since="2023-06-01", until="2023-06-30")
    before.loc[before["date"] <= "2023-06-20", "pay_amount"] = 2500.0
    both = pd.concat([before, shop(until="2024-06-20")], ignore_index=True)
    (line,) = result(both, goals(("a", "pay_amount", 25000.0)), EVENT).lines
    assert line.curve == pytest.approx(50000 / 60000)
    assert line.pace == pytest.approx(0.8 - 50000 / 60000)
    found = findings(both, goals(("a", "pay_amount", 25000.0)), EVENT)["all.pay_amount"]
    assert (found.sentence, found.verdict) == ("r.goal.curve", Verdict.BEHIND)


@pytest.mark.parametrize(("began", "ended", "known"), [("05-20", "06-18", True), ("05-20", "06-19", False)])
def test_the_curve_asks_for_the_same_promotion_days_of_this_month_wherever_the_promotion_began(began, ended, known):
    """The year before it ran from 28 May to 18 June; this year it began in May, too, if earlier."""
    moved = EVENT.assign(
        start=pd.to_datetime(["2023-05-28", f"2024-{began}"]), end=pd.to_datetime(["2023-06-18", f"2024-{ended}"])
    )
    both = pd.concat([shop(since="2023-06-01", until="2023-06-30"), shop(until="2024-06-20")], ignore_index=True)
    (line,) = result(both, goals(("a", "pay_amount", 25000.0)), moved).lines
    assert (line.curve is not None, line.uneven) == (known, not known)


def test_a_promotion_month_without_a_year_before_says_that_time_elapsed_is_no_measure():
    found = findings(shop(until="2024-06-20"), goals(("a", "pay_amount", 25000.0)), EVENT)["all.pay_amount"]
    assert (found.sentence, found.evidence.sentence) == ("r.goal.uneven", "r.goalev.uneven")
    assert (found.verdict, found.severity) == (Verdict.UNJUDGED, Severity.LOW), "neither ahead nor behind"


def test_the_goal_of_all_shops_is_the_sheets_own_else_the_sum():
    both = pd.concat([shop(), shop("b", paid=3000.0)], ignore_index=True)
    parts = goals(("a", "pay_amount", 30000.0), ("b", "pay_amount", 80000.0))
    whole = goals(("a", "pay_amount", 30000.0), ("b", "pay_amount", 80000.0), ("", "pay_amount", 150000.0))
    for sheet, goal in ((parts, 110000.0), (whole, 150000.0)):
        first = result(both, sheet).lines[0]
        assert (first.shop, first.goal, first.actual) == (TOTAL, goal, 120000.0)
    assert [line.shop for line in result(both, parts.iloc[:1]).lines] == ["a"], "one shop has no goal: no sum"


def test_no_goal_is_a_gap_and_not_a_finding():
    page = attainment.show(result(shop()))
    assert [m.tables for m in page.missing] == [("goals",)] and page.missing[0].reason is None
    assert {f.key for f in page.findings} == {"review.attainment.gsv"}


def test_a_week_without_goals_of_its_month_asks_for_them():
    week = dt.date(2024, 6, 3), dt.date(2024, 6, 9)
    page = attainment.show(result(shop(until="2024-06-09"), None, period=week))
    assert [(m.key, m.tables) for m in page.missing] == [("review.attainment", ("goals",))]


def test_the_month_of_a_week_is_held_against_its_goal_up_to_the_week_s_end():
    week = dt.date(2024, 6, 3), dt.date(2024, 6, 9)
    made = result(shop(), goals(("a", "pay_amount", 36000.0)), period=week)
    page = attainment.show(made)
    (found,) = [f for f in page.findings if f.sentence.startswith("r.goal")]
    assert (found.value, found.baseline, made.figures["a"]["pay_amount"].value) == (9000, 36000, 7000)
    assert said(found).startswith("全店支付金额到2024年6月9日累计￥9,000，达成25.0%，比时间进度慢5.0个百分点")
    assert Words("zh").sentence(found.evidence.sentence, found.evidence.args) == "2024年6月目标￥3.60万，时间已过30.0%"
    (kpi,) = [k for k in page.kpis if k.key == "review.attained"]
    assert (kpi.label, kpi.value.value) == ("kpi.review.attained.month.pay_amount", 0.25)
    assert not page.missing and [e.key for e in page.exhibits if e.key.endswith("goals")]


# ---- money -------------------------------------------------------------------------------------------------------


def test_gsv_says_by_which_date_refunds_count_and_whether_more_will_come():
    settled, fresh = (findings(shop(), cutoff=day)["gsv"] for day in (dt.date(2024, 8, 1), JUNE[1]))
    assert (settled.verdict, settled.sentence) == (Verdict.SETTLED, "r.gsv.refunded")
    assert (fresh.verdict, fresh.sentence) == (Verdict.PRELIMINARY, "r.gsv.refunded.early")
    assert said(settled) == "2024年6月全店支付￥3.00万，成功退款￥3,000（按退款日），GSV为￥2.70万"


def test_days_without_data_withhold_the_total_and_are_counted():
    found = findings(shop().drop(index=[3, 4]), goals(("a", "pay_amount", 30000.0)))
    assert said(found["gaps.a"]) == "2024年6月甲店有2天没有支付数据，合计暂不计算；补导这几天即可"
    assert "all.pay_amount" not in found and "gsv" not in found


def test_a_shop_without_data_takes_the_total_with_it_and_is_named_and_the_others_are_told():
    both = pd.concat([shop(), shop("b", since="2024-05-01", until="2024-05-31")], ignore_index=True)
    found = findings(both, goals(("a", "pay_amount", 30000.0), ("b", "pay_amount", 30000.0)))
    assert said(found["gaps.b"]) == "2024年6月b没有销售数据，各店合计暂不计算；补上该店导出即可"
    assert found["a.pay_amount"].value == 30000.0 and found["gsv.a"].value == 27000.0
    assert not {"all.pay_amount", "gsv", "gsv.b"} & set(found)


def ads(spend):
    given = {"platform": "jd", "shop": "a", "tool": "jingzhuntong", "breakdown": "campaign", "spend": spend}
    every = {column: [value] * 30 for column, value in given.items()}
    return frame(TABLES["ads_daily"], {**every, "date": pd.date_range(*JUNE), "window_days": [15.0] * 30})


@pytest.mark.parametrize(("spend", "verdict"), [(80.0, Verdict.ON_GOAL), (120.0, Verdict.OVER_GOAL)])
def test_the_spend_ratio_is_held_against_its_goal(spend, verdict):
    sheet = goals(("a", "pay_amount", 30000.0), ("a", "spend_ratio", 0.1))
    found = findings(shop(), sheet, ads_daily=ads(spend))
    assert (found["spend.a"].value, found["spend.a"].verdict) == (pytest.approx(spend / 1000), verdict)
    assert found["spend.all"].verdict == Verdict.NO_GOAL
    asked = found["spend.a"].action
    assert (asked is not None, found["spend.a"].side) == (verdict == Verdict.OVER_GOAL, Side.BRAND)


def test_nothing_sold_in_the_period_is_a_question_without_data():
    page = attainment.show(result(shop(until="2024-05-31", since="2024-05-01")))
    assert [m.question for m in page.missing] == ["question.review.sales"] and not page.findings


def test_without_refunds_what_was_paid_is_said_and_what_brings_them():
    found = findings(shop(back=None))
    assert "gsv" not in found and found["paid"].value == 30000
    assert said(found["paid"]) == "2024年6月全店支付￥3.00万，缺退款数据，GSV暂不计算"
    assert Words("zh").sentence(found["paid"].evidence.sentence, found["paid"].evidence.args) == "补上退款明细即可"


@pytest.mark.parametrize(("cutoff", "told"), [("2024-06-20", False), ("2024-06-25", True), ("2024-07-02", True)])
def test_that_sales_end_early_is_said_here_where_other_data_reach_further(cutoff, told):
    """Where all data end, the report says so once for all of them."""
    found = findings(shop(until="2024-06-20"), cutoff=dt.date.fromisoformat(cutoff))
    assert ("open" in found) == told


def test_key_figures_carry_changes_of_closed_periods_only():
    both = shop(since="2024-05-01")
    strip = {k.key: k for k in attainment.show(result(both)).kpis}
    changes = [(label, arg.value) for label, arg in strip["review.pay_amount"].changes]
    assert changes == [("compare.mom_daily", pytest.approx(0.0))]
    still = attainment.show(result(shop(since="2024-05-01", until="2024-06-20"))).kpis
    assert still[0].changes == ()


# ---- the demo ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo():
    client = Client.load("demo")
    data = load(client)
    tables = {name: data.get(name) for name in kpi_parts.USED}
    promotions = calendar.promotions(client.platforms(), dt.date(2022, 11, 1), dt.date(2025, 5, 30))
    names = {key: one.name.both for key, one in client.shops.items()}
    days = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
    return attainment.analyse(tables, data.get("goals"), promotions, *days, data.cutoff, names)


def test_the_demo_month_closes_below_its_goal(demo):
    """TRUTH.md: shop.tmall.2024-11, shop.douyin.2024-11 and gsv.tmall.2024-11 against the goals of inputs.xlsx."""
    lines = {(line.shop, line.metric): line for line in demo.lines}
    assert lines["tmall", "pay_amount"].attained == pytest.approx(8895335 / 9830000, abs=1e-5)
    assert lines["tmall", "gsv"].attained == pytest.approx(8018205 / 9040000, abs=1e-5)
    assert lines[TOTAL, "pay_amount"].actual == pytest.approx(8895335 + 2519658, abs=1)
    assert lines["douyin", "pay_amount"].gap > 0 > lines[TOTAL, "pay_amount"].gap


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_everything_shown_is_worded(demo, locale):
    words, page = Words(locale), attainment.show(demo)
    for finding in page.findings:
        pieces = [finding, *filter(None, (finding.evidence,))]
        assert all(words.sentence(p.sentence, p.args) for p in pieces)
        assert words.label(f"{finding.method}.text")
    for exhibit in page.exhibits:
        assert all(words.label(c.label) for c in exhibit.table.columns)
        assert all(words.sentence(n.sentence, n.args) for n in exhibit.notes)
        assert payload(exhibit)
    assert all(words.label(k.label) and words.value(k.value) for k in page.kpis)
    assert all(words.label(label) for k in page.kpis for label, _ in k.changes)


def test_a_figure_is_the_same_wherever_it_stands(demo):
    page = attainment.show(demo)
    goals, sales = page.exhibits
    total = next(row for n, row in enumerate(sales.table.rows) if sales.table.marks.get(n) == "total")
    paid = next(k for k in page.kpis if k.key == "review.pay_amount").value.value
    assert paid == total[1] == goals.table.rows[0][3] == page.findings[0].value
    assert sum(row[1] for row in sales.table.rows[:-1]) == pytest.approx(total[1], abs=0.005)


def test_a_missed_month_names_the_shop_in_question_and_weighs_what_it_says(demo):
    assert attainment.missed(demo) == ("tmall", attainment.show(demo).findings[0].severity)


def test_all_shops_open_the_report_however_far_one_of_them_is_from_its_goal(demo):
    severities = {f.key: f.severity for f in attainment.show(demo).findings}
    assert severities["review.attainment.tmall.gsv"] == severities["review.attainment.all.pay_amount"] == Severity.HIGH
    assert severities["review.attainment.tmall.pay_amount"] == Severity.MEDIUM
