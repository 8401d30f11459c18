"""Units a test needs: calculators in use, a second implementation, and tests simulated with as many."""

import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.power import TTestIndPower

from kit.stats.experiment import power, proportions
from kit.stats.experiment.power import Mean, Rate
from kit.stats.experiment.sums import Moments, Pairs


@pytest.mark.parametrize(
    ("rate", "lift", "named"),
    [
        (0.10, 0.20, {"pooled": 3841, "control": 3623, "arcsine": 3835}),  # R 3,840.8, Evan Miller 3,622.6, 3,834.6
        (0.20, 0.25, {"pooled": 1094, "control": 1031, "arcsine": 1092}),  # Evan Miller prints 1,030 of 1,030.2
    ],
)
def test_each_convention_in_use_gives_its_own_number(rate, lift, named):
    assert power.conventions(Rate(rate), lift, 0.05, 0.8) == named
    assert power.size(Rate(rate), lift, 0.05, 0.8).control == named["pooled"]


@pytest.mark.parametrize("effect", [0.1, 0.3, 0.5])
@pytest.mark.parametrize("ratio", [1.0, 0.25])
def test_units_for_a_mean_are_those_of_the_t_test(effect, ratio):
    exact = TTestIndPower().solve_power(effect, alpha=0.05, power=0.8, ratio=ratio)
    found = power.size(Mean(2.0, 9.0), effect * 3 / 2, 0.05, 0.8, (1 / (1 + ratio), ratio / (1 + ratio)))
    assert found.control == pytest.approx(exact, rel=0.01, abs=1.5)


@pytest.mark.parametrize(
    ("rate", "lift", "shares"), [(0.03, 0.15, (0.5, 0.5)), (0.05, -0.2, (0.9, 0.1)), (0.1, 0.2, (0.25, 0.25))]
)
def test_rates_simulated_with_the_planned_units_are_found_with_the_planned_power(rate, lift, shares):
    size, rng = power.size(Rate(rate), lift, 0.05, 0.8, shares), np.random.default_rng(2)
    x0, x1 = (rng.binomial(n, p, 20_000) for n, p in ((size.control, rate), (size.variant, rate * (1 + lift))))
    units = (np.full(20_000, float(n)) for n in (size.control, size.variant))
    n0, n1 = units
    found = (proportions.p_values(x0.astype(float), n0, x1.astype(float), n1) < 0.05).mean()
    assert found == pytest.approx(0.8, abs=0.02)
    assert power.power_of(Rate(rate), lift, size.control, size.variant, 0.05) == pytest.approx(0.8, abs=1e-3)


def test_means_simulated_with_the_planned_units_are_found_with_the_planned_power():
    size, rng = power.size(Mean(10.0, 36.0), 0.2, 0.05, 0.9), np.random.default_rng(3)
    control, variant = (rng.normal(mean, 6, (4000, size.control)) for mean in (10, 12))
    found = stats.ttest_ind(control, variant, axis=1, equal_var=False).pvalue < 0.05
    assert found.mean() == pytest.approx(0.9, abs=0.02)


@pytest.mark.parametrize("base", [Rate(0.04), Rate(0.7), Mean(20.0, 900.0)])
@pytest.mark.parametrize("direction", [1, -1])
def test_what_units_can_find_is_the_lift_that_needs_them(base, direction):
    lift = power.detectable(base, 30_000, 10_000, 0.05, 0.8, direction)
    assert lift * direction > 0
    needed = power.size(base, lift, 0.05, 0.8, (0.75, 0.25))
    assert needed.total == pytest.approx(40_000, abs=3)


def test_a_shop_too_small_for_any_lift_has_none():
    assert power.detectable(Rate(0.9), 10, 10, 0.05, 0.8) is None
    assert power.detectable(Rate(0.0), 1000, 1000, 0.05, 0.8) is None
    assert power.detectable(Mean(0.0, 4.0), 1000, 1000, 0.05, 0.8) is None
    assert power.size(Rate(0.6), 0.8, 0.05, 0.8) is None and power.conventions(Rate(0.6), 0.8, 0.05, 0.8) is None
    assert power.days(1000, 0) is None


def test_a_lift_to_every_unit_can_be_asked_for_whatever_the_rate():
    for rate in np.linspace(0.01, 0.99, 99):
        assert power.power_of(Rate(rate), 1 / rate - 1, 10**6, 10**6, 0.05) == 1.0


def test_power_rises_from_alpha_with_the_lift():
    points = power.curve(Rate(0.05), [0.0001, 0.05, 0.1, 0.2, 50.0], 20_000, 20_000, 0.05)
    assert [lift for lift, _ in points] == [0.0001, 0.05, 0.1, 0.2]
    assert points[0][1] == pytest.approx(0.05, abs=1e-4) and points[-1][1] > 0.99
    assert [p for _, p in points] == sorted(p for _, p in points)


def test_days_are_whole_weeks():
    assert [power.days(units, 500.0) for units in (1, 3500, 3501, 7682)] == [7, 7, 14, 21]


def test_sums_of_a_mean_and_of_a_ratio_give_their_bases():
    assert Mean.of(Moments(4, 8.0, 24.0)) == Mean(2.0, pytest.approx(8 / 3))
    rng = np.random.default_rng(4)
    orders = rng.poisson(3.0, 5000) + 1.0
    spent = orders * rng.gamma(2.0, 50.0, 5000)
    sums = Pairs(5000, spent.sum(), (spent**2).sum(), orders.sum(), (orders**2).sum(), (spent * orders).sum())
    linear = (spent - sums.ratio * orders) / orders.mean()
    assert Mean.of_ratio(sums) == Mean(pytest.approx(sums.ratio), pytest.approx(linear.var(ddof=1)))


def test_alpha_that_several_variants_share_asks_for_more():
    one, three = (power.size(Rate(0.05), 0.1, alpha, 0.8) for alpha in (0.05, 0.05 / 3))
    assert three.control > one.control * 1.2 and math.isclose(one.total, 2 * one.control)
