"""Whole months, and shops that have every day of them."""

import datetime as dt

import pandas as pd
import pytest

from kit.stats import months

OCT, NOV = dt.date(2024, 10, 1), dt.date(2024, 11, 1)


def daily(shop, start, end, amount=10.0):
    days = pd.date_range(start, end)
    return pd.DataFrame({"shop": shop, "date": days, "pay_amount": amount})


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("2024-11-01", "2024-11-30", 1),
        ("2023-11-01", "2024-02-29", 4),
        ("2024-11-01", "2024-11-29", 0),
        ("2024-11-02", "2024-11-30", 0),
    ],
)
def test_a_period_is_whole_months_or_none(start, end, count):
    assert len(months.whole(dt.date.fromisoformat(start), dt.date.fromisoformat(end))) == count


def test_months_count_over_the_turn_of_a_year():
    assert months.later(dt.date(2024, 1, 1), -2) == dt.date(2023, 11, 1)
    assert months.later(dt.date(2023, 12, 1), 14) == dt.date(2025, 2, 1)


def test_february_has_its_leap_day():
    assert months.days([dt.date(2024, 2, 1), dt.date(2023, 2, 1)]) == 57


def test_a_shop_with_every_day_of_both_months_is_compared():
    own = months.comparable(daily("a", "2024-10-01", "2024-11-30"), [NOV], [OCT])
    assert (own.now, own.base, own.used, own.shops, own.missing) == (300, 310, 1, 1, 0)
    assert own.growth == pytest.approx(300 / 310 - 1)


def test_a_day_without_a_figure_withholds_the_comparison_and_is_counted():
    table = daily("a", "2024-10-01", "2024-11-30")
    table.loc[40, "pay_amount"] = None
    own = months.comparable(table.drop(index=41), [NOV], [OCT])
    assert (own.now, own.growth, own.used, own.missing) == (None, None, 0, 2)


def test_a_shop_that_opened_between_is_left_out_of_both_sides():
    table = pd.concat([daily("a", "2024-10-01", "2024-11-30"), daily("b", "2024-10-05", "2024-11-30", 99.0)])
    own = months.comparable(table, [NOV], [OCT])
    assert (own.now, own.base, own.used, own.shops) == (300, 310, 1, 2)


def test_a_base_of_nothing_gives_no_growth():
    table = pd.concat([daily("a", "2024-10-01", "2024-10-31", 0.0), daily("a", "2024-11-01", "2024-11-30")])
    assert months.comparable(table, [NOV], [OCT]).growth is None


def test_a_true_zero_is_a_figure():
    table = daily("a", "2024-10-01", "2024-11-30")
    table.loc[3, "pay_amount"] = 0.0
    assert months.comparable(table, [NOV], [OCT]).base == 300
