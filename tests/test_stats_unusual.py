"""Unusual days: Rosner's published example, how often noise is called, and what is never judged."""

import numpy as np
import pytest

from kit.stats import unusual

# Rosner (1983), 54 observations; three outliers with a bound of ten.
ROSNER = [
    -0.25, 0.68, 0.94, 1.15, 1.20, 1.26, 1.26, 1.34, 1.38, 1.43, 1.49, 1.49, 1.55, 1.56, 1.58, 1.65, 1.69, 1.70, 1.76,
    1.77, 1.81, 1.91, 1.94, 1.96, 1.99, 2.06, 2.09, 2.10, 2.14, 2.15, 2.23, 2.24, 2.26, 2.35, 2.37, 2.40, 2.47, 2.54,
    2.62, 2.64, 2.90, 2.92, 2.92, 2.93, 3.21, 3.26, 3.30, 3.59, 3.68, 4.30, 4.64, 5.34, 5.42, 6.01,
]  # fmt: skip
STATISTICS = [3.118, 2.942, 3.179, 2.810, 2.815, 2.848, 2.279, 2.310, 2.101, 2.067]
CRITICAL = [3.158, 3.151, 3.143, 3.136, 3.128, 3.120, 3.111, 3.103, 3.094, 3.085]
EVERY = np.ones(180, bool)


def noise(rng, days=180, sd=0.1, carried=0.0):
    """Sales of a made-up shop: weekdays, a slow trend, and noise of which a part is carried to the next day."""
    shock = rng.normal(0, 1, days)
    for n in range(1, days):
        shock[n] = carried * shock[n - 1] + np.sqrt(1 - carried**2) * shock[n]
    at = np.arange(days)
    return np.exp(10 + rng.normal(0, 0.1, 7)[at % 7] + 0.002 * at * rng.normal() + sd * shock)


def test_the_published_example_gives_its_statistics_its_bounds_and_three_outliers():
    values = np.array(ROSNER)
    steps = unusual.deviates(values, 10, alpha=0.05)
    assert [s.statistic for s in steps] == pytest.approx(STATISTICS, abs=1e-3)
    assert [s.critical for s in steps] == pytest.approx(CRITICAL, abs=1e-3)
    assert sorted(values[unusual.outliers(values, 0.05, 10 / 54)]) == [5.34, 5.42, 6.01]


def test_values_that_are_all_alike_have_no_outlier():
    assert unusual.outliers(np.ones(40)) == []


@pytest.mark.parametrize("carried", [0.0, 0.5])
def test_a_month_of_noise_alone_is_hardly_ever_called(carried):
    rng = np.random.default_rng(83)
    called = sum(unusual.judge(noise(rng, carried=carried), EVERY).unusual[-30:].any() for _ in range(100))
    assert called <= 5


def test_a_day_far_below_its_usual_is_found_and_its_expected_value_is_near():
    rng = np.random.default_rng(84)
    found, ratios = 0, []
    for _ in range(30):
        sales = noise(rng)
        usual = sales[165]
        sales[165] *= 0.5
        judged = unusual.judge(sales, EVERY)
        found += judged.unusual[165]
        ratios.append(judged.expected[165] / usual)
    assert found >= 27 and np.median(ratios) == pytest.approx(1, abs=0.1)


def test_days_that_are_not_ordinary_are_never_judged_and_do_not_move_the_others():
    sales = noise(np.random.default_rng(85))
    ordinary = EVERY.copy()
    ordinary[150:160] = False
    sales[150:160] *= 12
    judged = unusual.judge(sales, ordinary)
    assert not judged.unusual[150:160].any() and np.isnan(judged.expected[150:160]).all()
    assert not judged.unusual.any()


def test_a_gap_or_a_day_without_sales_is_no_ordinary_day():
    sales = noise(np.random.default_rng(86))
    sales[100], sales[101] = np.nan, 0
    judged = unusual.judge(sales, EVERY)
    assert np.isnan(judged.expected[100:102]).all() and not judged.unusual[100:102].any()


def test_with_too_few_ordinary_days_nothing_is_said():
    assert unusual.judge(noise(np.random.default_rng(87), 48), np.ones(48, bool)) is None


def test_a_promotion_day_is_compared_with_its_like_of_the_year_before():
    rng = np.random.default_rng(88)
    before = np.exp(rng.normal(12, 1, 20))
    now = before * 1.2 * np.exp(rng.normal(0, 0.05, 20))
    assert not unusual.like_for_like(now, before).any()
    now[4] *= 0.5
    assert unusual.like_for_like(now, before).tolist() == [n == 4 for n in range(20)]
    assert unusual.like_for_like(now[:9], before[:9]) is None
