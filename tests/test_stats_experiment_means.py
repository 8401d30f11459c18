"""Welch and Fieller: published data, independent ways to the same ends, error rates, and one verdict always."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW
from sums_of import moments

from kit.stats.experiment import fieller, means
from kit.stats.experiment.fieller import Estimates
from kit.stats.experiment.sums import Moments

SLEEP = (
    [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
    [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
)
"""Student (1908): extra hours of sleep under two drugs."""
SPENT = ([12, 20, 9, 30, 26, 15, 29, 22], [19, 28, 13, 41, 24, 36, 10, 25])


def test_students_sleep_data():
    first, second = map(moments, SLEEP)
    found, estimates = means.compare(second, first, 0.05), means.estimates(second, first)
    assert (estimates.score, found.p) == pytest.approx((-1.8608, 0.0794), abs=5e-5)
    assert estimates.freedom == pytest.approx(17.776, abs=5e-4)
    assert (found.low, found.high) == pytest.approx((-3.3654832, 0.2054832), abs=5e-8)  # R's t.test
    assert "few_units" in found.warnings


@pytest.mark.parametrize("seed", range(4))
def test_the_difference_is_that_of_statsmodels(seed):
    rng = np.random.default_rng(seed)
    control, variant = rng.gamma(0.4, 90, 300), rng.gamma(0.5, 90, 200)
    found = means.compare(moments(control), moments(variant), 0.1)
    other = CompareMeans(DescrStatsW(variant), DescrStatsW(control))
    assert found.p == pytest.approx(other.ttest_ind(usevar="unequal")[1], rel=1e-9)
    assert (found.low, found.high) == pytest.approx(other.tconfint_diff(alpha=0.1, usevar="unequal"), rel=1e-9)


def test_the_difference_is_that_of_tea_tasting():
    found = means.compare(*map(moments, SPENT), 0.05)
    assert (found.low, found.high) == pytest.approx((-5.967784537131298, 14.217784537131298), rel=1e-12)
    assert found.p == pytest.approx(0.39299882977589895, rel=1e-12)


@pytest.mark.parametrize("covariance", [-0.02, 0.0, 0.03])
def test_a_lift_is_kept_where_the_test_of_that_lift_does_not_reject(covariance):
    found = Estimates(2.0, 2.3, 0.05, 0.06, covariance, 40.0)
    made = fieller.compare(found, 0.05, "any")

    def beyond(lift):
        times = 1 + lift
        variance = found.variant_variance - 2 * times * covariance + times**2 * found.control_variance
        score = (found.variant - times * found.control) / math.sqrt(variance)
        return 2 * stats.t.sf(abs(score), found.freedom) - 0.05

    ends = optimize.brentq(beyond, -0.9, made.lift), optimize.brentq(beyond, made.lift, 3)
    assert (made.lift_low, made.lift_high) == pytest.approx(ends, rel=1e-9)


@pytest.mark.parametrize("covariance", [-0.02, 0.0, 0.03])
def test_the_lift_is_finneys_closed_form_of_fiellers_limits(covariance):
    """Statistical Method in Biological Assay (1964), ch. 2: m, g and the square root, for the ratio."""
    v11, v22, freedom = 0.05, 0.06, 40.0
    made = fieller.compare(Estimates(2.0, 2.3, v11, v22, covariance, freedom), 0.05, "any")
    m, t = 2.3 / 2.0, stats.t.ppf(0.975, freedom)
    g = t**2 * v11 / 2.0**2
    root = math.sqrt(v22 - 2 * m * covariance + m**2 * v11 - g * (v22 - covariance**2 / v11))
    ends = [(m - g * covariance / v11 + side * t / 2.0 * root) / (1 - g) - 1 for side in (-1, 1)]
    assert (made.lift_low, made.lift_high) == pytest.approx(ends, rel=1e-10)


@given(
    st.tuples(st.integers(2, 60), st.integers(-300, 300), st.integers(0, 9000)),
    st.tuples(st.integers(2, 60), st.integers(-300, 300), st.integers(0, 9000)),
    st.sampled_from([0.001, 0.05, 0.1, 0.3]),
)
def test_p_difference_and_lift_never_contradict_each_other(control, variant, alpha):
    arms = [Moments(n, total, total**2 / n + rest) for n, total, rest in (control, variant)]
    found = means.compare(*arms, alpha)
    assert found.consistent
    if found.lift is not None:
        assert found.lift_low is None or found.lift_low < found.lift < found.lift_high


@pytest.mark.parametrize("nudge", [-1e-13, -1e-16, 0.0, 1e-16, 1e-13])
def test_rounding_at_the_very_edge_does_not_split_the_verdict(nudge):
    critical = stats.t.ppf(0.975, 30)
    found = Estimates(1.0, 1.0 + 0.1 * critical * (1 + nudge), 0.004, 0.006, freedom=30.0)
    made = fieller.compare(found, 0.05, "any")
    assert made.consistent and made.p == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("control", "variant", "code", "difference"),
    [
        ([], [1, 2], "no_units", None),
        ([3], [1, 2], "one_unit", -1.5),
        ([2, 2, 2], [5, 5], "no_variation", 3.0),
        ([0, 0, 0], [0, 0], "no_variation", 0.0),
        ([0.1] * 7, [0.1] * 9, "no_variation", 0.0),  # the sums round, the values do not vary
        ([0, 0, 0, 1], [1, 2, 3, 2], "control_not_above_zero", 1.75),
        ([4, 5, 6, 5], [0, 0, 0, 0], "one_arm_alike", -5.0),  # not "−100 % (−100 % to −100 %)"
        ([-5, -6, -7], [-1, -2, -1], "control_not_above_zero", 14 / 3),  # a smaller loss is no negative lift
    ],
)
def test_what_cannot_be_given_has_a_code(control, variant, code, difference):
    found = means.compare(moments(control), moments(variant), 0.05)
    assert code in found.withheld
    assert found.difference == (pytest.approx(difference) if difference is not None else None)
    assert found.lift_low is None


def test_a_control_without_variation_is_still_compared():
    found = means.compare(moments([0] * 50), moments([0] * 40 + [9] * 10), 0.05)
    assert found.differs and found.withheld == ("control_not_above_zero",)


def test_the_metrics_unit_does_not_matter():
    found, cents = (
        means.compare(*(Moments(50, total * k, squares * k * k) for total, squares in ((100, 900), (140, 1200))), 0.05)
        for k in (1, 100)
    )
    assert (cents.p, cents.lift_low, cents.lift_high) == pytest.approx((found.p, found.lift_low, found.lift_high))
    assert cents.low == pytest.approx(100 * found.low)


def revenue(rng, units, tests, rate=0.03, spread=1.0):
    """Sums of ``tests`` arms in which a share of units pay a lognormal amount."""
    buyers = rng.binomial(units, rate, tests)
    paid, arm = rng.lognormal(0, spread, buyers.sum()), np.repeat(np.arange(tests), buyers)
    sums = zip(np.bincount(arm, paid, tests), np.bincount(arm, paid**2, tests), strict=True)
    return [Moments(units, float(total), float(squares)) for total, squares in sums]


def test_revenue_with_many_zeros_keeps_the_error_rate_and_both_intervals_cover():
    rng = np.random.default_rng(11)
    arms = list(zip(revenue(rng, 3000, 4000), revenue(rng, 3000, 4000), strict=True))
    gain = 0.2 * 0.03 * math.exp(0.5)
    null = [means.compare(control, variant, 0.05).differs for control, variant in arms]
    raised = [Moments(variant.units, 1.2 * variant.total, 1.44 * variant.squares) for _, variant in arms]
    found = [means.compare(control, variant, 0.05) for (control, _), variant in zip(arms, raised, strict=True)]
    assert 0.041 <= np.mean(null) <= 0.057
    assert 0.943 <= np.mean([f.low <= gain <= f.high for f in found]) <= 0.965
    assert 0.943 <= np.mean([f.lift is None or f.lift_low <= 0.2 <= f.lift_high for f in found]) <= 0.965
