"""Size and growth: what each kind of value may say, which months compare, and the brand beside the market."""

import datetime as dt

import pandas as pd
import pytest

from kit import calendar
from kit.analyses import market_size
from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.findings import Kind, Severity, Soundness
from kit.text import Words

NONE = pd.DataFrame()
# Month, value. The category of November is up a tenth on the year, that of October up a fifth.
MONTHS = (
    ("2023-01", 200.0), ("2023-02", 240.0), ("2023-10", 310.0), ("2023-11", 500.0), ("2024-01", 260.0),
    ("2024-02", 206.0), ("2024-09", 300.0), ("2024-10", 372.0), ("2024-11", 550.0),
)  # fmt: skip
MOVED = pd.DataFrame(
    [
        ("tmall", "double_11", "双11", "Double 11", 2023, "sale", "2023-10-24", "2023-11-11", "one_source"),
        ("tmall", "double_11", "双11", "Double 11", 2024, "sale", "2024-10-14", "2024-11-11", "confirmed"),
    ],
    columns=["platform", "event", "event_zh", "event_en", "year", "kind", "start", "end", "certainty"],
).assign(**{c: lambda t, c=c: pd.to_datetime(t[c]) for c in ("start", "end")})


def market(kind="money", months=MONTHS, metric="pay_amount", width=0.0, platform="tmall", category="精华"):
    rows = [(pd.Timestamp(m + "-01"), v * 1e6, v * (1 - width) * 1e6, v * (1 + width) * 1e6) for m, v in months]
    table = pd.DataFrame(rows, columns=["month", "value", "low", "high"])
    about = {"platform": platform, "shop": platform, "category": category, "metric": metric}
    return table.assign(**about, value_kind=kind, source=kind)


def shop(*months, platform="tmall", name="tmall"):
    """A shop's daily table from (month, paid amount a day)."""
    frames = []
    for month, amount in months:
        days = pd.date_range(month + "-01", periods=pd.Period(month).days_in_month)
        frames.append(pd.DataFrame({"date": days, "pay_amount": float(amount)}))
    return pd.concat(frames, ignore_index=True).assign(platform=platform, shop=name)


def result(table, period="2024-11", daily=None, promotions=NONE, breaks=()):
    start, end = (period.split("..") * 2)[:2]
    first, last = pd.Period(start), pd.Period(end)
    days = first.start_time.date(), last.end_time.date()
    return market_size.analyse(table, daily, promotions, *days, "精华", "青禾", breaks)


def shown(*args, **more):
    return market_size.show(result(*args, **more))


def findings(*args, **more):
    return {f.key.removeprefix("market.size.tmall."): f for f in shown(*args, **more).findings}


def said(finding, locale="zh"):
    return Words(locale).sentence(finding.sentence, finding.args)


# ---- money -----------------------------------------------------------------------------------------------


def test_a_category_of_another_name_is_used_and_said():
    rows = {"platform": "tmall", "shop": "s", "category": "面膜", "metric": "pay_amount", "low": None, "high": None}
    months = pd.date_range("2023-10-01", "2024-11-01", freq="MS")
    market = pd.DataFrame({"month": months, "value": 1e8, "value_kind": "money", "source": "x", **rows})
    nothing = calendar.promotions([], dt.date(2024, 1, 1), dt.date(2024, 1, 2))
    result = market_size.analyse(market, None, nothing, dt.date(2024, 11, 1), dt.date(2024, 11, 30), "面霜", "甲")
    said = {f.sentence: f.args for f in market_size.show(result).findings}
    assert said["m.othercategory"]["category"].value == "面膜"
    assert said["m.othercategory"]["asked"].value == "面霜"


def test_money_has_size_and_growth_on_the_same_month_a_year_before():
    size = findings(market())["size"]
    assert said(size) == "2024年11月天猫精华成交￥5.50亿，较去年同期增长10.0%"
    assert said(size, "en") == "精华 on Tmall sold ¥550M in Nov 2024, up 10.0% on November 2023"
    assert (size.verdict, size.value) == (Verdict.GREW, pytest.approx(0.1))


def test_the_month_before_compares_by_daily_average_when_it_is_longer():
    found = findings(market())
    assert found["mom"].value == pytest.approx(550 / 30 / (372 / 31) - 1)
    assert "日均" in said(found["mom"])


def test_a_fall_is_a_threat_and_level_is_level():
    fell = findings(market(months=(("2023-11", 500.0), ("2024-11", 400.0))))["size"]
    level = findings(market(months=(("2023-11", 500.0), ("2024-11", 500.1))))["size"]
    assert (fell.verdict, fell.kind, fell.severity) == (Verdict.FELL, Kind.THREAT, Severity.MEDIUM)
    assert level.verdict == Verdict.LEVEL and said(level).endswith("与去年同期持平")


def test_without_the_year_before_the_size_stands_alone_and_says_so():
    size = findings(market(months=MONTHS[-1:]))["size"]
    assert said(size) == "2024年11月天猫精华成交￥5.50亿；去年同期没有可比的数据，不算同比"
    assert size.verdict == Verdict.NONE


def test_january_waits_for_february():
    size = findings(market(), period="2024-01")["size"]
    assert said(size) == "2024年1月天猫精华成交￥2.60亿；春节所在月份每年不同，与二月合并后再看同比"


def test_february_compares_together_with_january():
    size = findings(market(), period="2024-02")["size"]
    assert said(size) == "2024年1月至2月天猫精华合计成交￥4.66亿，较2023年1月至2月增长5.9%"


def test_a_month_whose_promotion_moved_compares_together_with_the_months_that_share_it():
    found = findings(market(), promotions=MOVED)
    assert (
        said(found["size"])
        == "2024年10月至11月天猫精华合计成交￥9.22亿，较2023年10月至11月增长13.8%（双11跨月，合并比较）"
    )
    assert found["shift"].verdict == Soundness.LIMITED and found["shift"].kind == Kind.DATA
    assert said(found["shift"]) == "双11起始日由2023年10月24日变为2024年10月14日，单月同比受错期影响，不宜单独引用"


def test_a_quarter_is_the_sum_of_its_months_and_is_withheld_when_one_lacks():
    months = (
        ("2023-10", 300.0),
        ("2023-11", 500.0),
        ("2023-12", 200.0),
        ("2024-10", 330.0),
        ("2024-11", 550.0),
        ("2024-12", 220.0),
    )
    whole = findings(market(months=months), period="2024-10..2024-12")["size"]
    assert said(whole) == "2024年10月至12月天猫精华成交￥11.0亿，较2023年10月至12月增长10.0%"
    part = findings(market(months=months[:-1]), period="2024-10..2024-12")["size"]
    assert part.verdict == Verdict.NONE and part.value is None


def test_days_that_are_no_whole_month_are_not_judged():
    result = market_size.analyse(market(), None, NONE, dt.date(2024, 11, 4), dt.date(2024, 11, 10), "精华", "青禾")
    size = market_size.show(result).findings[0]
    assert said(size) == "市场数据按月提供，2024年11月4日至10日不是整月，大盘规模和增速暂不判断"


# ---- intervals, estimates, indices -------------------------------------------------------------------------


def test_an_interval_gives_bounds_of_size_and_growth():
    size = findings(market("interval", width=0.02))["size"]
    assert said(size) == "2024年11月天猫精华成交在￥5.39亿至￥5.61亿之间，较去年同期变动+5.7%至+14.5%"
    assert (size.low, size.high) == pytest.approx((539 / 510 - 1, 561 / 490 - 1)) and size.verdict == Verdict.GREW


def test_an_interval_that_holds_both_directions_is_open():
    assert findings(market("interval", width=0.1))["size"].verdict == Verdict.OPEN


def test_an_estimate_is_quoted_as_one():
    found = findings(market("vendor_estimate"))
    assert said(found["size"]) == "2024年11月天猫精华约成交￥5.50亿，较去年同期增长10.0%（第三方估算）"
    assert said(found["source"]) == "市场规模是第三方估算，不是平台公布的成交金额，不跨月合计，也不算份额"


def test_estimates_of_two_months_stand_side_by_side_and_are_not_added():
    moved = findings(market("vendor_estimate"), promotions=MOVED)["size"]
    assert said(moved).startswith("天猫精华两个月同比都在增长：2024年11月+10.0%，2024年10月+20.0%（第三方估算")
    spring = findings(market("vendor_estimate"), period="2024-02")["size"]
    assert said(spring).startswith("天猫精华：2024年2月同比−14.2%，2024年1月同比+30.0%（第三方估算）")
    assert spring.verdict == Verdict.OPEN and spring.value is None


def test_an_estimate_of_a_longer_period_is_told_by_month_without_january_and_february():
    size = findings(market("vendor_estimate"), period="2024-01..2024-11")["size"]
    assert said(size) == "2024年1月至11月有2个月可比，天猫精华各月同比在+10.0%至+20.0%之间（第三方估算）"


def test_an_index_gives_a_direction_and_a_rank_and_no_percentage_anywhere():
    page = shown(market("index", metric="transaction_index"))
    size, *rest = page.findings
    assert said(size) == "2024年11月天猫精华交易指数较去年同期上升，在9个月中从高到低排第1位"
    assert size.value is None and [f.sentence for f in rest] == ["m.index"] and page.kpis == ()
    units = {column.unit for exhibit in page.exhibits for column in exhibit.table.columns}
    assert not units & {"growth", "money", "points", "ratio"}


def test_an_index_beside_an_estimate_confirms_its_direction_or_makes_it_weak():
    rising = market("index", metric="transaction_index")
    falling = market("index", months=(("2023-11", 9.0), ("2024-11", 7.0)), metric="transaction_index")
    agreed = findings(pd.concat([market("vendor_estimate"), rising]))
    against = findings(pd.concat([market("vendor_estimate"), falling]))
    assert agreed["size"].evidence.sentence == "m.sizeev.index" and "disagree" not in agreed
    assert against["size"].verdict == Verdict.WEAK and against["disagree"].kind == Kind.DATA
    assert said(against["disagree"]).startswith("平台指数同期下降")


def test_conflicting_values_of_a_month_are_left_out_and_named():
    found = findings(pd.concat([market(), market(months=(("2024-10", 999.0),))]))
    assert said(found["clash"]) == "2024年10月的市场数据有互相矛盾的数值，未采用" and "mom" not in found


# ---- the brand beside the market ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "verdict", "end"), [(125, "ahead", "跑赢大盘15.0个百分点"), (105, "behind", "跑输大盘5.0个百分点")]
)
def test_the_brands_growth_is_set_against_the_markets_in_points(own, verdict, end):
    beat = findings(market(), daily=shop(("2023-11", 100), ("2024-11", own)))["beat"]
    assert beat.verdict == verdict and said(beat).endswith(end)
    assert beat.value == pytest.approx(own / 100 - 1.1)


def test_growths_whose_difference_would_look_wrong_get_one_more_decimal():
    months = (("2023-11", 500.0), ("2024-11", 545.2))
    beat = findings(market(months=months), daily=shop(("2023-11", 1000), ("2024-11", 949.6)))["beat"]
    assert said(beat) == "天猫大盘+9.04%，青禾同期−5.04%，跑输大盘14.08个百分点"
    plain = findings(market(), daily=shop(("2023-11", 100), ("2024-11", 125)))["beat"]
    assert said(plain) == "天猫大盘+10.0%，青禾同期+25.0%，跑赢大盘15.0个百分点"
    for own, units in ((949.6, ["growth+1", "growth+1", "points+1"]), (950.0, ["growth", "growth", "points"])):
        table = shown(market(months=months), daily=shop(("2023-11", 1000), ("2024-11", own))).exhibits[1].table
        assert [c.unit for c in table.columns if c.name in ("growth", "own_growth", "gap")] == units


def test_a_missing_day_withholds_the_comparison_and_says_how_many():
    daily = shop(("2023-11", 100), ("2024-11", 120)).drop(index=[3, 40])
    found = findings(market(), daily=daily)
    assert "beat" not in found
    assert said(found["own"]) == "青禾在2024年11月和2023年11月中缺2天的支付数据，不与大盘比较"


def test_only_shops_on_the_markets_platform_count():
    daily = shop(("2023-11", 100), ("2024-11", 900), platform="douyin", name="douyin")
    assert "beat" not in findings(market(), daily=daily)


def test_a_comparison_with_an_estimate_is_weak_and_never_of_high_severity():
    beat = findings(market("vendor_estimate"), daily=shop(("2023-11", 100), ("2024-11", 300)))["beat"]
    assert (
        beat.verdict == Verdict.WEAK
        and beat.severity == Severity.MEDIUM
        and said(beat).endswith("（大盘为第三方估算，证据偏弱）")
    )


@pytest.mark.parametrize(("own", "verdict"), [(130, "ahead"), (110, "open"), (90, "behind")])
def test_against_an_interval_the_brand_is_ahead_only_beyond_its_ends(own, verdict):
    beat = findings(market("interval", width=0.02), daily=shop(("2023-11", 100), ("2024-11", own)))["beat"]
    assert beat.verdict == verdict and beat.value is None


def test_against_an_index_nothing_is_measured():
    daily = shop(("2023-11", 100), ("2024-11", 120))
    beat = findings(market("index", metric="transaction_index"), daily=daily)["beat"]
    assert beat.value is None and said(beat) == "天猫大盘指数同期上升，青禾支付金额+20.0%；指数不能换算增幅，不比快慢"


def test_joined_months_compare_the_brand_over_the_same_months():
    daily = shop(("2023-10", 100), ("2023-11", 100), ("2024-10", 100), ("2024-11", 120))
    beat = findings(market(), daily=daily, promotions=MOVED)["beat"]
    assert beat.value == pytest.approx((3100 + 3600) / 6100 - 922 / 810)


def test_the_line_marks_the_promotions_since_it_begins_and_the_periods_own_month():
    line = shown(market(), promotions=MOVED).exhibits[0]
    assert line.form == "line" and line.options["highlight"] == "2024-11-01"
    assert [(p["label_zh"], p["start"], p["end"]) for p in line.options["promotions"]] == [
        ("双11", "2023-10-24", "2023-11-11"),
        ("双11", "2024-10-14", "2024-11-11"),
    ]
    assert [row[0] for row in line.table.rows] == [m + "-01" for m, _ in MONTHS]


def test_a_small_promotion_is_not_marked_on_months():
    qixi = MOVED.assign(event="qixi", start=pd.Timestamp("2024-08-08"), end=pd.Timestamp("2024-08-10"))
    line = shown(market(), promotions=qixi).exhibits[0]
    assert line.options["promotions"] == []
    assert "note.market.events" not in [note.sentence for note in line.notes]


def test_key_figures_are_the_markets_size_and_the_brands_takings():
    size, own = shown(market(), daily=shop(("2023-11", 1e4), ("2024-11", 1.2e4))).kpis
    assert (size.value.value, dict(size.changes)["compare.yoy"].value) == (550e6, pytest.approx(0.1))
    assert (own.label, own.value.value) == ("kpi.own.tmall", pytest.approx(360_000))


# ---- which series, and what lacks ----------------------------------------------------------------------------


def test_platforms_are_never_added_together():
    both = pd.concat([market(), market(platform="douyin", months=MONTHS[-1:])])
    keys = [f.key for f in shown(both).findings if f.key.endswith(".size")]
    assert keys == ["market.size.tmall.size", "market.size.douyin.size"]


def test_the_only_category_of_the_data_keeps_its_own_name():
    size = findings(market(category="面部精华"))["size"]
    assert size.args["category"].value == "面部精华"


def test_several_categories_without_the_clients_are_named_as_missing():
    both = pd.concat([market(category="面霜"), market(category="面膜")])
    (missing,) = shown(both).missing
    assert (
        Words("zh")
        .sentence(missing.reason.sentence, missing.reason.args)
        .startswith("市场数据里没有“精华”，只有面膜、面霜")
    )


def test_without_a_shop_table_the_comparison_is_missing_and_names_it():
    assert [m.tables for m in shown(market()).missing] == [("shop_daily",)]
    assert shown(market(), daily=shop(("2024-11", 1))).missing == ()


# ---- over several years --------------------------------------------------------------------------------------


def years(count, growth=1.1, end="2024-11"):
    """Whole years of months up to ``end``, each ``growth`` times the year before; November sells twice the rest."""
    at = pd.period_range(end=end, periods=12 * count, freq="M")
    return tuple((str(m), (100 if m.month != 11 else 200) * growth ** (n // 12)) for n, m in enumerate(at))


def test_money_has_a_yearly_rate_over_twelve_months_and_the_most_years():
    found = findings(market(months=years(4)))["cagr"]
    assert said(found) == "天猫精华在3年间年均复合增长10.0%（2023年12月至2024年11月对2020年12月至2021年11月）"
    assert said(found, "en") == (
        "精华 on Tmall grew 10.0% a year over 3 years (CAGR, Dec 2023 to Nov 2024 on Dec 2020 to Nov 2021)"
    )
    assert found.severity == Severity.INFO and found.value == pytest.approx(0.1)


def test_an_estimate_has_the_yearly_rate_of_the_month_and_none_where_its_promotion_moved():
    table = market("vendor_estimate", months=years(3, growth=1.2))
    found = findings(table)["cagr"]
    assert said(found) == "天猫精华在2年间年均复合增长20.0%（第三方估算，2024年11月对2022年11月）"
    page = shown(table, promotions=MOVED)
    assert "market.size.tmall.cagr" not in [f.key for f in page.findings]
    assert page.exhibits[1].table.rows[-1][0] == "compare.cagr_shifted"


def test_an_interval_has_bounds_of_its_yearly_rate():
    found = findings(market("interval", months=years(3, growth=1.0), width=0.1))["cagr"]
    assert (found.low, found.high) == pytest.approx(((0.9 / 1.1) ** 0.5 - 1, (1.1 / 0.9) ** 0.5 - 1))
    assert said(found).startswith("天猫精华在2年间年均复合变动−9.5%至+10.6%")


def test_less_than_two_years_between_or_an_index_have_no_yearly_rate():
    assert "cagr" not in findings(market(months=years(2)))
    assert "cagr" not in findings(market("index", months=years(4), metric="transaction_index"))


def test_the_brands_yearly_rate_stands_beside_the_markets():
    daily = shop(("2022-11", 100), ("2024-11", 144))
    table = shown(market("vendor_estimate", months=years(3)), daily=daily).exhibits[1].table
    rate = next(row for row in table.rows if row[0] == "compare.cagr")
    assert rate[[c.name for c in table.columns].index("own_growth")] == pytest.approx(0.2)


# ---- a category cut anew ----------------------------------------------------------------------------------------

SPRING = dt.date(2024, 3, 1)


def test_nothing_compares_across_a_break_and_the_headline_says_why():
    found = findings(market(), breaks=[SPRING])
    assert said(found["size"]) == "2024年11月天猫精华成交￥5.50亿；平台于2024年3月1日调整了类目，不算同比"
    assert said(found["size"], "en") == (
        "精华 on Tmall sold ¥550M in Nov 2024; no YoY, as the platform recut the category on 1 Mar 2024"
    )
    assert said(found["break"]) == "平台于2024年3月1日调整了类目，前后各月不作比较"
    assert "mom" in found and "season" not in found


@pytest.mark.parametrize("kind", ["interval", "vendor_estimate", "index"])
def test_a_break_is_told_of_every_kind_of_source(kind):
    size = findings(market(kind), breaks=[SPRING])["size"]
    assert size.verdict == Verdict.NONE and "平台于2024年3月1日调整了类目" in said(size)


def test_a_break_before_the_year_compared_with_changes_nothing():
    assert findings(market(), breaks=[dt.date(2023, 3, 1)])["size"].verdict == Verdict.GREW


def test_a_month_into_which_a_break_falls_compares_with_neither_side():
    found = findings(market(), breaks=[dt.date(2024, 10, 15)])
    assert "mom" not in found and found["size"].sentence == "m.size.only.break"


def test_a_break_shortens_the_yearly_rate_to_the_years_after_it():
    found = findings(market(months=years(5)), breaks=[dt.date(2021, 12, 1)])["cagr"]
    assert found.args["years"].value == 2


def test_a_break_is_drawn_on_the_line():
    assert shown(market(), breaks=[SPRING]).exhibits[0].options["breaks"] == ["2024-03-01"]


def test_a_category_that_goes_on_under_another_name_is_said_and_not_joined():
    old = market(months=MONTHS[:6], category="精华（旧）")
    found = findings(pd.concat([old, market(months=(("2024-03", 300.0), ("2024-11", 550.0)))]))
    assert said(found["renamed"]).startswith("市场数据的类目在2024年3月之前叫“精华（旧）”，此后叫“精华”")
    assert found["size"].sentence == "m.size.only.nodata"
    beside = findings(pd.concat([market(), market(category="面膜")]))
    assert "renamed" not in beside


# ---- seasons --------------------------------------------------------------------------------------------------------


def test_seasons_name_the_month_that_sells_most_and_the_one_that_sells_least():
    page = shown(market(months=years(4, growth=1.0)))
    found = next(f for f in page.findings if f.key.endswith(".season"))
    assert said(found) == "天猫精华在11月卖到平均月份的1.85倍，在1月为0.92倍"
    assert said(found, "en") == "精华 on Tmall sells 1.85 times an average month in November and 0.92 times in January"
    assert found.verdict == Verdict.SEASONAL
    exhibit = next(e for e in page.exhibits if e.key.endswith(".seasons"))
    assert (exhibit.form, exhibit.options["faint"]) == ("columns", [0, 1])


def test_months_that_gained_or_lost_a_promotion_are_marked_beside_january_and_february():
    page = shown(market("vendor_estimate", months=years(3)), promotions=MOVED)
    exhibit = next(e for e in page.exhibits if e.key.endswith(".seasons"))
    assert exhibit.options["faint"] == [0, 1, 9, 10]


def test_a_season_of_one_year_is_weak_evidence_and_that_of_an_estimate_says_so():
    found = findings(market("vendor_estimate", months=years(2)))["season"]
    assert found.verdict == Verdict.WEAK and said(found).endswith("（按第三方估算）")
    assert found.evidence.sentence == "m.seasonev.one"


def test_an_index_or_less_than_two_years_in_a_row_has_no_seasons():
    assert "season" not in findings(market("index", months=years(3), metric="transaction_index"))
    assert "season" not in findings(market())


def test_an_interval_whose_ends_meet_is_still_told_as_one():
    size = findings(market("interval"))["size"]
    assert said(size) == "2024年11月天猫精华成交在￥5.50亿至￥5.50亿之间，较去年同期变动+10.0%至+10.0%"
