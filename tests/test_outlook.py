"""The outlook: what each kind of source may expect, on which side of the year before, and what is said instead."""

import datetime as dt
import re

import numpy as np
import pandas as pd
import pytest

from kit import calendar, store
from kit.analyses import market_size, outlook
from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.client import Client
from kit.findings import Kind, Severity, Soundness
from kit.text import Words

OCTOBER = dt.date(2024, 10, 1), dt.date(2024, 10, 31)
YEAR = np.array([0.8, 0.7, 1.0, 0.9, 1.0, 1.3, 0.9, 0.9, 1.0, 1.0, 1.6, 0.9])
NONE = calendar.promotions([], *OCTOBER)
HOLIDAYS = calendar.holidays(dt.date(2020, 1, 1), dt.date(2026, 12, 31))


def market(months=34, kind="money", growth=0.08, end="2024-10-01", noise=0.01, **more):
    """A category that grows by ``growth`` a year with a fixed season and a little noise."""
    at = pd.date_range(end=end, periods=months, freq="MS")
    rng = np.random.default_rng(3)
    value = 1e8 * YEAR[at.month - 1] * np.exp(np.log1p(growth) * np.arange(months) / 12 + rng.normal(0, noise, months))
    about = {"platform": "tmall", "shop": "tmall", "category": "精华", "metric": "pay_amount"} | more
    table = pd.DataFrame({"month": at, "value": value, "low": value * 0.9, "high": value * 1.2})
    return table.assign(**about, value_kind=kind, source=kind)


def result(table, days=OCTOBER, promotions=NONE, holidays=HOLIDAYS, breaks=()):
    return outlook.analyse(table, promotions, holidays, *days, "精华", breaks)


def findings(*args, **more):
    return {f.key.removeprefix("market.outlook.tmall."): f for f in outlook.show(result(*args, **more)).findings}


def said(finding, locale="zh"):
    return Words(locale).sentence(finding.sentence, finding.args)


def until(text):
    """The span of days of a month."""
    return pd.Period(text).start_time.date(), pd.Period(text).end_time.date()


# ---- what is expected ------------------------------------------------------------------------------------


def test_money_that_grows_is_expected_above_the_year_before_in_both_languages():
    found = findings(market(34, end="2024-03-01"), until("2024-03"))
    assert said(found["next"]).startswith("预计2024年4月天猫精华成交￥")
    assert said(found["next"]).endswith("），高于去年同期")
    assert said(found["all"], "en").startswith("We expect 精华 on Tmall to sell ¥")
    assert "over Apr to Jun 2024 (¥" in said(found["all"], "en")
    assert said(found["all"], "en").endswith("80% range), above the year before")
    assert (found["all"].verdict, found["all"].level) == (Verdict.EXPECT_UP, 0.8)


def test_the_planted_growth_lies_in_the_range():
    found = findings(market(34, growth=0.15, end="2024-03-01"), until("2024-03"))["all"]
    assert found.low < 1.15 * found.baseline < found.high
    assert found.severity == Severity.MEDIUM and found.value == pytest.approx(1.15 * found.baseline, rel=0.03)


def test_a_market_that_shrinks_is_a_threat():
    found = findings(market(34, growth=-0.15, end="2024-03-01"), until("2024-03"))["all"]
    assert (found.verdict, found.kind, found.severity) == (Verdict.EXPECT_DOWN, Kind.THREAT, Severity.MEDIUM)
    assert said(found).endswith("），低于去年同期")
    assert said(found, "en").endswith("below the year before")


def test_where_the_range_holds_the_year_before_the_direction_is_open():
    found = findings(market(34, growth=0.03, noise=0.05, end="2024-03-01"), until("2024-03"))["all"]
    assert found.verdict == Verdict.OPEN and found.low < found.baseline < found.high
    assert said(found).endswith("与去年同期相比增减未定")
    assert said(found, "en").endswith("above or below the year before is open")


def test_the_fallback_on_the_year_before_says_so():
    repeats = market(36, growth=0.0, noise=0.0, end="2024-03-01")
    found = findings(repeats, until("2024-03"))
    assert said(found["all"]).endswith("按去年同期推算：回测中没有模型比它更准")
    assert said(found["next"], "en").endswith("as a year before: no model did better in back-tests")
    assert found["all"].verdict == Verdict.OPEN


def test_evidence_names_the_change_and_how_often_past_ranges_held():
    found = findings(market(34, end="2024-03-01"), until("2024-03"))["next"]
    text = Words("zh").sentence(found.evidence.sentence, found.evidence.args)
    assert text.startswith("较去年同期的￥") and text.endswith("的金额落在80%区间内")


def test_three_years_of_months_allow_six_and_two_years_three():
    tables = {n: outlook.show(result(market(n))).exhibits[1].table for n in (24, 36)}
    assert [len(t.rows) for t in tables.values()] == [3 + 1, 6 + 1]
    assert tables[36].marks == {6: "total"}


def test_months_after_the_period_are_not_known_yet():
    assert result(market(40, end="2025-04-01")).platforms[0].coming[0] == dt.date(2024, 11, 1)


# ---- kinds of source -----------------------------------------------------------------------------------


def test_an_estimate_is_expected_month_by_month_and_never_added_up():
    page = outlook.show(result(market(34, "vendor_estimate", end="2024-03-01"), until("2024-03")))
    following, every = page.findings[:2]
    assert said(following).startswith("预计2024年4月天猫精华约成交￥") and said(following).endswith("（按第三方估算）")
    assert said(every) == "2024年4月至6月共3个月，预计其中3个月高于去年同月（按第三方估算）"
    assert said(every, "en") == (
        "We expect 3 of the 3 months Apr to Jun 2024 above the year before (from a vendor's estimates)"
    )
    assert every.verdict == Verdict.WEAK and every.value is None
    assert len(page.exhibits[1].table.rows) == 3 and page.exhibits[1].table.marks == {}


@pytest.mark.parametrize(
    ("growth", "noise", "end"),
    [
        (-0.15, 0.01, "2024年4月至6月共3个月，预计其中3个月低于去年同月（按第三方估算）"),
        (0.0, 0.05, "2024年4月至6月的3个月比去年同月是增是减都未定（按第三方估算）"),
        (0.0, 0.0, "2024年4月至6月的3个月按去年同月推算：回测中没有模型比它更准（按第三方估算）"),
    ],
)
def test_what_an_estimates_months_may_say(growth, noise, end):
    table = market(34, "vendor_estimate", growth=growth, noise=noise, end="2024-03-01")
    assert said(findings(table, until("2024-03"))["all"]) == end


def test_an_intervals_ends_widen_the_ranges():
    plain, wide = (result(market(34, kind)).platforms[0].forecast for kind in ("money", "interval"))
    assert wide.months[0].mid == plain.months[0].mid
    assert wide.months[0].low80 == pytest.approx(0.9 * plain.months[0].low80)
    assert wide.total.high95 == pytest.approx(1.2 * plain.total.high95)


def test_from_an_index_no_amount_is_expected():
    page = outlook.show(result(market(34, "index", metric="transaction_index")))
    (only,) = page.findings
    assert said(only) == "天猫精华只有平台指数，不据此预计金额"
    assert said(only, "en") == "精华 on Tmall is known as a platform index only: no amounts are expected from it"
    assert only.verdict == Verdict.NONE and page.exhibits == ()
    assert outlook.accuracy(result(market(34, "index"))).findings == ()


# ---- too little, gaps, breaks ------------------------------------------------------------------------------


def test_less_than_two_years_in_a_row_are_too_little():
    (only,) = outlook.show(result(market(23))).findings
    assert said(only) == "天猫精华连续的市场数据只有23个月（至少24个月），暂不预计后续走势"
    assert said(only, "en") == "Only 23 months in a row are known of 精华 on Tmall (24 needed): no outlook"


def test_months_before_a_gap_or_a_break_do_not_count():
    assert said(findings(market(40).drop(index=20))["none"]).startswith("天猫精华连续的市场数据只有19个月")
    assert said(findings(market(40), breaks=[dt.date(2024, 3, 1)])["none"]).startswith(
        "天猫精华连续的市场数据只有8个月"
    )


def test_data_that_end_long_before_the_period_are_too_old():
    assert (
        said(findings(market(34, end="2024-08-01"))["none"])
        == "天猫精华的市场数据只到2024年8月，距本期太远，暂不预计后续走势"
    )
    late = findings(market(34, end="2024-09-01"))
    assert late["next"].args["span"].value["start"] == "2024-10-01"


def test_a_month_without_sales_leaves_no_outlook():
    table = market(30)
    table.loc[5, ["value", "low", "high"]] = 0.0
    assert said(findings(table)["none"]) == "天猫精华的市场数据里有零成交的月份，暂不预计后续走势"


# ---- promotions and the festival -----------------------------------------------------------------------------


def test_a_festival_that_moves_is_said_and_a_month_it_distorts_has_no_direction():
    found = findings(market(34, growth=0.3, end="2024-12-01"), until("2024-12"))
    assert said(found["festival"]) == "春节假期由2024年2月10日变为2025年1月28日开始，一月和二月合起来看"
    assert found["next"].verdict == Verdict.OPEN and found["next"].evidence.sentence == "m.fcev.moved"
    assert found["all"].verdict == Verdict.EXPECT_UP  # January and February are both in it


def test_a_festival_that_the_calendar_lacks_is_said():
    short = HOLIDAYS[HOLIDAYS["year"] < 2025]
    found = findings(market(34, end="2024-12-01"), until("2024-12"), holidays=short)
    assert found["festival"].verdict == Soundness.LIMITED
    assert said(found["festival"]) == "日历里还没有下一个春节，一月和二月按去年春节的日期预计"


def test_a_promotion_whose_dates_are_not_out_is_said():
    known = calendar.promotions(["tmall"], dt.date(2021, 1, 1), dt.date(2024, 10, 1))
    found = findings(market(34, end="2024-09-01"), until("2024-09"), promotions=known[known["year"] < 2024])
    assert said(found["dates"]) == "双11的日期尚未公布，预计时按去年的日期"
    assert said(found["dates"], "en").startswith("Dates of Double 11 are not known yet for the coming months")


def test_promotions_that_moved_bring_in_the_model_that_puts_them_right():
    known = calendar.promotions(["tmall"], dt.date(2021, 1, 1), dt.date(2024, 12, 31))
    table = market(34, end="2024-09-01", growth=0.08)
    late = table["month"] == "2023-10-01", table["month"] == "2023-11-01"
    for which, times in zip(late, (1.15, 1 / 1.15), strict=True):
        table.loc[which, ["value", "low", "high"]] *= times
    one = result(table, until("2024-09"), promotions=known).platforms[0]
    assert one.moved[:2] == (True, True) and {t.model for t in one.forecast.tried} >= {"moved", "growth", "naive"}


# ---- exhibits --------------------------------------------------------------------------------------------------


def test_the_line_ends_in_the_expected_months_and_marks_the_one_of_its_message():
    line, table = outlook.show(result(market(40))).exhibits
    assert line.form == "line" and len(line.table.rows) == 36
    assert [row["at"] for row in line.options["forecast"]][:2] == ["2024-11-01", "2024-12-01"]
    assert line.options["highlight"] == "2024-11-01"
    assert line.options["forecast"][0]["mid"] == table.table.rows[0][1]


def test_the_appendix_ranks_the_candidates_and_marks_the_one_that_is_used():
    page = outlook.accuracy(result(market(34, end="2024-03-01"), until("2024-03")))
    (finding,), (table,) = page.findings, page.exhibits
    models = [row[0] for row in table.table.rows]
    assert models[0] != "model.naive" and "model.naive" in models and table.table.marks == {0: "own"}
    assert said(finding).startswith("天猫精华采用“去年同月×增速") and "季节朴素法为" in said(finding)
    fallback = outlook.accuracy(result(market(36, growth=0.0, noise=0.0))).findings[0]
    assert said(fallback).startswith("天猫精华没有模型胜过季节朴素法（")


def test_without_market_data_the_question_is_missing():
    assert [m.tables for m in outlook.show(result(None)).missing] == [("market_monthly",)]


# ---- the demo ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo():
    client = Client.load("demo")
    days = until("2024-11")
    promotions = calendar.promotions(client.platforms(), dt.date(2022, 11, 1), dt.date(2025, 5, 31))
    return client, store.load(client).get("market_monthly"), promotions, days


def test_the_planted_growth_of_the_demo_is_recovered(demo):
    client, market_monthly, promotions, days = demo
    truth = (client.folder / "TRUTH.md").read_text(encoding="utf-8")
    planted = float(re.search(r"\| market\.growth \| ([0-9.]+) \|", truth)[1])
    one = outlook.analyse(market_monthly, promotions, HOLIDAYS, *days, client.market.category.both).platforms[0]
    assert one.forecast.model != "naive" and len(one.coming) == 3
    total, before = one.forecast.total, sum(one.before)
    assert total.low80 < (1 + planted) * before < total.high80
    size = market_size.analyse(market_monthly, None, promotions, *days, client.market.category.both, "青禾")
    rate = next(c.market for c in size.platforms[0].compared if c.market.name == "cagr")
    assert rate.growth == pytest.approx(planted, abs=0.01) and rate.years == 2


def test_the_demos_double_11_and_spring_festival_are_its_seasons(demo):
    client, market_monthly, promotions, days = demo
    size = market_size.analyse(market_monthly, None, promotions, *days, client.market.category.both, "青禾")
    seasons = sorted(size.platforms[0].seasons, key=lambda s: s.index)
    assert (seasons[0].month, seasons[-1].month) == (2, 11)
    assert size.platforms[0].unlike == (1, 2, 10, 11)
