"""The next month: what is expected, where its goal lies, and what the goal would take, against the shop's history."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from kit import calendar
from kit.analyses import next_month
from kit.analyses.next_month.takes import Sums, easiest, takes
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.client import Client
from kit.findings import Kind, payload
from kit.stats import drivers, kpi_parts, months
from kit.stats import forecast as fc
from kit.stats.kpis import TOTAL
from kit.stats.models import MODELS
from kit.store import load
from kit.tables import TABLES, frame
from kit.text import Words

NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
NO_PROMOTIONS, NO_HOLIDAYS = calendar.promotions([], *NOV), calendar.holidays(dt.date(1990, 1, 1), dt.date(1990, 1, 2))


def shop(since="2022-11-01", until="2024-11-30", name="a", growth=0.0, seed=1):
    """A shop with a season over the year and a little noise by day, growing steadily."""
    days = pd.date_range(since, until)
    rng = np.random.default_rng(seed)
    season = 1 + 0.3 * np.sin(2 * np.pi * days.day_of_year / 365.25)
    visitors = np.round(3000 * season * np.exp(growth * np.arange(len(days)) / 365) * rng.lognormal(0, 0.05, len(days)))
    buyers = np.round(visitors * 0.03)
    about = {"platform": ["jd"] * len(days), "shop": [name] * len(days), "date": days}
    sold = {"visitors": visitors, "pay_buyers": buyers, "pay_amount": buyers * 200.0}
    return frame(TABLES["shop_daily"], about | sold)


def goals(*rows, month="2024-12-01"):
    columns = dict(zip(("shop", "metric", "value"), map(list, zip(*rows, strict=True)), strict=True))
    return frame(TABLES["goals"], {"month": [pd.Timestamp(month)] * len(rows), **columns})


def result(daily, sheet=None, period=NOV):
    return next_month.analyse({"shop_daily": daily}, sheet, NO_PROMOTIONS, NO_HOLIDAYS, *period)


def paid(daily, month):
    return daily.loc[daily["date"].dt.to_period("M") == month, "pay_amount"].sum()


def said(finding, locale="zh"):
    return Words(locale).sentence(finding.sentence, finding.args)


# ---- what is expected ------------------------------------------------------------------------------------------


def test_a_shop_that_grows_steadily_is_expected_above_the_year_before():
    daily = shop(growth=0.2)
    (found, *_) = next_month.show(result(daily)).findings
    assert (found.verdict, found.baseline) == (Verdict.EXPECT_UP, paid(daily, "2023-12"))
    assert found.low < found.baseline * np.exp(0.2) < found.high


def test_what_repeats_the_year_before_follows_the_seasonal_naive_and_takes_no_side():
    daily = shop()
    (found, *_) = next_month.show(result(daily)).findings
    assert found.sentence == "r.next.naive" and found.verdict == Verdict.OPEN
    assert found.value == pytest.approx(paid(daily, "2023-12"))


@pytest.mark.parametrize(
    ("since", "until", "period", "reason"),
    [
        ("2022-12-01", "2024-11-30", NOV, ""),
        ("2023-01-01", "2024-11-30", NOV, "short"),
        ("2022-11-01", "2024-11-20", NOV, ""),
        ("2022-11-01", "2024-11-20", (dt.date(2024, 10, 1), dt.date(2024, 12, 31)), "far"),
        ("2021-11-01", "2024-11-20", (dt.date(2024, 10, 1), dt.date(2024, 12, 31)), "open"),
        ("2021-11-01", "2024-11-30", (dt.date(2024, 1, 1), dt.date(2024, 12, 31)), "far"),
    ],
)
def test_how_much_history_reaches_how_far(since, until, period, reason):
    (one,) = result(shop(since, until), period=period).ahead
    assert (one.reason, one.forecast is None) == (reason, bool(reason))


def test_too_little_history_says_how_much_it_takes():
    shown = next_month.show(result(shop("2023-06-01")))
    assert said(shown.findings[0]) == "全店连续的月度支付金额只有18个月（至少24个月），暂不预计2024年12月"
    assert not shown.exhibits


def test_an_unfinished_month_counts_as_nothing_and_the_next_is_still_the_one_told():
    (one,) = result(shop(until="2024-11-20")).ahead
    assert one.known[-1][0] == dt.date(2024, 10, 1)
    assert (one.coming, one.aims) == ((dt.date(2024, 11, 1), dt.date(2024, 12, 1)), (dt.date(2024, 12, 1),))
    assert one.expected == one.forecast.months[1]


def test_a_month_with_a_day_missing_ends_the_run():
    daily = shop("2021-11-01")
    (one,) = result(daily[daily["date"] != "2022-06-10"]).ahead
    assert one.known[0][0] == dt.date(2022, 7, 1)


def test_a_quarter_is_followed_by_a_quarter_together():
    daily = shop("2022-10-01", "2024-09-30")
    (one,) = result(daily, period=(dt.date(2024, 7, 1), dt.date(2024, 9, 30))).ahead
    assert one.aims == tuple(dt.date(2024, m, 1) for m in (10, 11, 12))
    assert one.expected == one.forecast.total
    assert one.before == pytest.approx(sum(paid(daily, f"2023-{m}") for m in (10, 11, 12)))


def test_days_that_are_no_whole_months_are_left_out_with_a_word():
    shown = next_month.show(result(shop(), period=(dt.date(2024, 11, 4), dt.date(2024, 11, 10))))
    assert [m.reason.sentence for m in shown.missing] == ["r.next.whole"] and not shown.findings


def test_no_sales_at_all_name_the_export():
    shown = next_month.show(next_month.analyse({}, None, NO_PROMOTIONS, NO_HOLIDAYS, *NOV))
    assert [m.tables for m in shown.missing] == [("shop_daily",)]


def test_a_young_shop_leaves_the_old_one_its_forecast_and_the_total_says_why_it_has_none():
    daily = pd.concat([shop(), shop("2024-03-01", name="b")], ignore_index=True)
    made = {one.shop: one for one in result(daily).ahead}
    assert {s: one.reason for s, one in made.items()} == {TOTAL: "short", "a": "", "b": "short"}
    assert result(daily).led.shop == "a"


def test_ranges_one_month_ahead_hold_as_many_amounts_as_they_say():
    rng = np.random.default_rng(11)
    inside = []
    for _ in range(400):
        season, level = rng.normal(0, 0.25, 12), np.cumsum(rng.normal(0.006, 0.015, 26))
        path = np.exp(level + season[np.arange(26) % 12] + rng.normal(0, 0.04, 26))
        one = fc.forecast(path[:25], np.zeros((26, 2)), drivers.ANNOUNCED, MODELS[:3]).months[0]
        inside.append((one.low80 <= path[25] <= one.high80, one.low95 <= path[25] <= one.high95))
    held80, held95 = np.mean(inside, axis=0)
    assert 0.75 <= held80 <= 0.87 and 0.92 <= held95 <= 0.99


# ---- goals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "verdict", "kind"),
    [
        (1.5, Verdict.GOAL_ABOVE, Kind.THREAT),
        (1.0, Verdict.GOAL_WITHIN, Kind.STATE),
        (0.5, Verdict.GOAL_BELOW, Kind.STATE),
    ],
)
def test_a_goal_lies_above_within_or_below_the_range(times, verdict, kind):
    daily = shop(growth=0.2)
    goal = paid(daily, "2023-12") * np.exp(0.2) * times
    found = next_month.show(result(daily, goals(("a", "pay_amount", goal), ("", "pay_amount", goal)))).findings[0]
    assert (found.verdict, found.kind, found.baseline) == (verdict, kind, goal)


def test_the_goal_of_all_shops_is_the_sum_of_theirs():
    daily = pd.concat([shop(), shop(name="b", seed=2)], ignore_index=True)
    made = result(daily, goals(("a", "pay_amount", 3e6), ("b", "pay_amount", 2e6)))
    assert [(one.shop, one.goal) for one in made.ahead] == [(TOTAL, 5e6), ("a", 3e6), ("b", 2e6)]


def test_a_goal_in_gsv_is_held_against_nothing_and_that_is_said():
    shown = next_month.show(result(shop(), goals(("", "gsv", 9e6))))
    assert [f.sentence for f in shown.findings] == ["r.next.naive", "r.nextbasis"]


def test_a_goal_of_another_month_is_not_the_next_ones():
    assert result(shop(), goals(("", "pay_amount", 9e6), month="2024-11-01")).ahead[0].goal is None


# ---- what a goal takes -----------------------------------------------------------------------------------------


def history(visitors=1.0, rate=1.0, price=1.0):
    """Two years: in the second every figure is that many times the year before."""
    made = {}
    for n in range(24):
        year, days = n // 12, months.days([months.later(dt.date(2022, 12, 1), n)])
        people, buyers = 1000 * days * visitors**year, 1000 * days * visitors**year * 0.02 * rate**year
        made[months.later(dt.date(2022, 12, 1), n)] = Sums(people, buyers, buyers * 100 * price**year, days)
    return made


def test_what_is_expected_of_the_three_multiplies_to_the_forecast():
    found = takes(history(1.1, 0.9, 1.05), dt.date(2024, 12, 1), 70000.0, 90000.0)
    assert np.prod([t.expected for t in found]) * 31 == pytest.approx(70000.0)


def test_each_alone_takes_the_goal_while_the_others_stay():
    found = takes(history(1.1, 0.9, 1.05), dt.date(2024, 12, 1), 70000.0, 90000.0)
    for one in found:
        others = np.prod([t.expected for t in found if t is not one])
        assert one.needed * others * 31 == pytest.approx(90000.0)


def test_months_that_moved_by_as_much_are_counted_and_the_likeliest_figure_is_named():
    slower = history(visitors=1.1)
    growing = history(visitors=1.2) | {dt.date(2024, m, 1): slower[dt.date(2024, m, 1)] for m in (9, 10, 11)}
    december = 1200 * 31 * 0.02 * 100.0
    found = takes(growing, dt.date(2024, 12, 1), december * 1.1, december * 1.15)
    assert {t.factor: (t.reached, t.known) for t in found} == {
        "visitors": (9, 12),
        "pay_cvr": (0, 12),
        "revenue_per_buyer": (0, 12),
    }
    assert [t.needed / t.before for t in found] == pytest.approx([1.15, 1.15 / 1.1, 1.15 / 1.1])
    assert easiest(found).factor == "visitors"


def test_without_the_last_months_of_the_year_before_nothing_is_said():
    short = {m: s for m, s in history().items() if m >= dt.date(2023, 11, 1)}
    assert takes(short, dt.date(2024, 12, 1), 1.0, 2.0) == ()


def test_an_expected_goal_takes_nothing_more():
    assert not result(shop(), goals(("", "pay_amount", 1.0))).ahead[0].takes


# ---- the demo --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo():
    client = Client.load("demo")
    data = load(client)
    tables = {name: data.get(name) for name in kpi_parts.USED}
    promotions = calendar.promotions(client.platforms(), dt.date(2022, 11, 1), dt.date(2025, 5, 30))
    holidays = calendar.holidays(dt.date(2021, 11, 1), dt.date(2025, 5, 30))
    names = {key: one.name.both for key, one in client.shops.items()}
    return next_month.analyse(tables, data.get("goals"), promotions, holidays, *NOV, names)


def test_the_demo_has_a_goal_for_december_and_a_range_for_every_shop(demo):
    assert {one.shop for one in demo.ahead if one.goal and one.expected} == {TOTAL, "tmall", "douyin"}
    assert demo.ahead[0].expected.low80 < demo.ahead[0].expected.mid < demo.ahead[0].expected.high80


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_everything_shown_is_worded(demo, locale):
    words = Words(locale)
    for page in (next_month.show(demo), next_month.accuracy(demo)):
        for finding in page.findings:
            assert all(words.sentence(p.sentence, p.args) for p in (finding, *filter(None, (finding.evidence,))))
            assert finding.method is None or words.label(f"{finding.method}.text")
        for exhibit in page.exhibits:
            assert all(words.sentence(n.sentence, n.args) for n in exhibit.notes)
            stored = payload(exhibit)["table"]["rows"]
            for n, column in enumerate(exhibit.table.columns):
                assert words.label(column.label) and words.column([row[n] for row in stored], column.unit)[0]
    assert words.label("question.review.next")
