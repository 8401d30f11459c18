"""Which series to use, what adds up, and how months compare."""

import datetime as dt

import pandas as pd
import pytest

from kit.stats import series

COLUMNS = ("platform", "category", "month", "metric", "value", "low", "high", "value_kind", "source")
JAN23, FEB23, JAN, FEB, MAR = (dt.date(y, m, 1) for y, m in ((2023, 1), (2023, 2), (2024, 1), (2024, 2), (2024, 3)))
MONEY = (
    ("tmall", "精华", "2024-01-01", "pay_amount", 310.0, None, None, "money", "a"),
    ("tmall", "精华", "2024-02-01", "pay_amount", 290.0, None, None, "money", "a"),
    ("tmall", "精华", "2024-03-01", "pay_amount", 341.0, None, None, "money", "a"),
)
RANGE = (
    ("tmall", "精华", "2023-02-01", "pay_amount", 90.0, 80.0, 100.0, "interval", "b"),
    ("tmall", "精华", "2024-02-01", "pay_amount", 120.0, 110.0, 130.0, "interval", "b"),
)
INDEX = (
    ("tmall", "精华", "2024-01-01", "traffic_index", 8000.0, None, None, "index", "c"),
    ("tmall", "精华", "2024-01-01", "transaction_index", 5000.0, None, None, "index", "c"),
    ("tmall", "精华", "2024-02-01", "transaction_index", 4000.0, None, None, "index", "c"),
)


def market(*rows):
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(month=pd.to_datetime(table["month"])).astype({"value": float, "low": float, "high": float})


def of(rows, **changes):
    return series.pick(market(*rows).assign(**changes), [])


def test_money_goes_before_an_interval_an_interval_before_an_index():
    assert series.pick(market(*MONEY, *RANGE, *INDEX), [FEB]).kind == "money"
    assert series.pick(market(*RANGE, *INDEX), [FEB]).kind == "interval"


def test_a_series_with_the_months_asked_for_goes_before_one_that_says_more():
    assert series.pick(market(*MONEY[:1], *RANGE), [FEB]).kind == "interval"


def test_of_the_indices_the_transaction_index_is_used():
    assert series.pick(market(*INDEX), [JAN]).metric == "transaction_index"


def test_a_month_given_with_two_values_is_left_out_and_named():
    found = of((*MONEY, ("tmall", "精华", "2024-02-01", "pay_amount", 999.0, None, None, "money", "a")))
    assert [m for m, _ in found.points] == [JAN, MAR] and found.clashes == (FEB,)


def test_the_same_value_twice_is_one_value():
    assert [m for m, _ in of((*MONEY, MONEY[1])).points] == [JAN, FEB, MAR]


def test_money_adds_up_over_months_and_a_lacking_month_leaves_no_sum():
    assert of(MONEY).over([JAN, FEB]).value == 600
    assert of(MONEY).over([FEB23, FEB]) is None


@pytest.mark.parametrize("kind", ["vendor_estimate", "index"])
def test_estimates_and_indices_never_add_up(kind):
    found = of(MONEY, value_kind=kind)
    assert found.over([FEB]).value == 290 and found.over([JAN, FEB]) is None


def test_months_of_unequal_length_compare_by_daily_average():
    found = series.change(of(MONEY), "mom", [FEB], [JAN])
    assert found.daily and found.growth == pytest.approx(290 / 29 / (310 / 31) - 1)


def test_months_of_one_length_compare_as_they_are():
    found = series.change(of(MONEY), "mom", [MAR], [JAN])
    assert not found.daily and found.growth == pytest.approx(0.1)


def test_a_leap_day_is_no_reason_for_a_daily_average():
    rows = (*MONEY, ("tmall", "精华", "2023-02-01", "pay_amount", 280.0, None, None, "money", "a"))
    found = series.change(of(rows), "yoy", [FEB], [FEB23])
    assert not found.daily and found.growth == pytest.approx(290 / 280 - 1)


def test_the_growth_of_intervals_runs_from_low_over_high_to_high_over_low():
    found = series.change(of(RANGE), "yoy", [FEB], [FEB23])
    assert (found.low, found.high) == pytest.approx((110 / 100 - 1, 130 / 80 - 1))
    assert found.growth is None and found.direction == 1


def test_intervals_that_overlap_have_no_direction():
    rows = (RANGE[0], (*RANGE[1][:4], 95.0, 90.0, 105.0, *RANGE[1][7:]))
    assert series.change(of(rows), "yoy", [FEB], [FEB23]).direction is None


def test_an_index_has_a_direction_and_no_growth():
    found = series.change(of(INDEX), "mom", [FEB], [JAN])
    assert (found.growth, found.low, found.high, found.direction) == (None, None, None, -1)


def test_a_base_of_nothing_is_no_base():
    rows = (("tmall", "精华", "2024-01-01", "pay_amount", 0.0, None, None, "money", "a"), MONEY[1])
    assert series.change(of(rows), "mom", [FEB], [JAN]) is None


def test_over_several_years_growth_is_the_yearly_rate():
    rows = (("tmall", "精华", "2022-01-01", "pay_amount", 310.0 / 1.21, None, None, "money", "a"), MONEY[0])
    found = series.change(of(rows), "cagr", [JAN], [dt.date(2022, 1, 1)], 2)
    assert found.growth == pytest.approx(0.1) and found.years == 2


@pytest.mark.parametrize(
    ("day", "months", "crossed"),
    [
        (dt.date(2024, 2, 1), [JAN, FEB], True),
        (dt.date(2024, 2, 1), [FEB, MAR], False),
        (dt.date(2024, 2, 15), [FEB], True),
        (dt.date(2024, 4, 1), [FEB, MAR], False),
    ],
)
def test_a_break_is_crossed_by_months_on_both_sides_or_by_its_own_month(day, months, crossed):
    assert (series.crossed([day], months) == day) is crossed


def test_a_run_ends_with_the_period_and_begins_after_a_gap_or_a_break():
    found = of(MONEY)
    assert [m for m, _ in found.run(dt.date(2024, 3, 31))] == [JAN, FEB, MAR]
    assert [m for m, _ in found.run(dt.date(2024, 3, 30))] == [JAN, FEB]
    assert [m for m, _ in found.run(dt.date(2024, 3, 31), [FEB])] == [FEB, MAR]
    assert [m for m, _ in of((MONEY[0], MONEY[2])).run(dt.date(2024, 3, 31))] == [MAR]
