"""CUPED: the regression it is, the lift that shares a covariate's mean, error rates, and one verdict always."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from sums_of import pairs

from kit.stats.experiment import cuped, means

BEFORE = ([3, 5, 2, 8, 6, 4, 7, 5], [4, 6, 3, 9, 5, 7, 2, 6])
AFTER = ([12, 20, 9, 30, 26, 15, 29, 22], [19, 28, 13, 41, 24, 36, 10, 25])
"""Of eight units in either arm, the metric before and in the test."""
ARMS = tuple(pairs(after, before) for after, before in zip(AFTER, BEFORE, strict=True))


def test_the_difference_and_the_slope_are_those_of_the_regression_on_variant_and_covariate():
    columns = np.column_stack([np.ones(16), np.repeat([0, 1], 8), np.concatenate(BEFORE)])
    fitted = sm.OLS(np.concatenate(AFTER), columns).fit()
    found = cuped.compare(*ARMS, 0.05)
    assert (found.difference, cuped.slope(*ARMS)) == pytest.approx(tuple(fitted.params[1:]))


def test_the_interval_is_welchs_of_the_adjusted_values():
    theta, (control, variant) = cuped.slope(*ARMS), zip(AFTER, BEFORE, strict=True)
    adjusted = [pairs(np.array(y) - theta * np.array(x), x).moments for y, x in (control, variant)]
    found, welch = cuped.compare(*ARMS, 0.05), means.compare(*adjusted, 0.05)
    assert (found.low, found.high, found.p) == pytest.approx((welch.low, welch.high, welch.p))


def test_it_is_near_tea_tastings_whose_slope_holds_part_of_the_effect():
    found = cuped.compare(*ARMS, 0.05)  # its θ is over both arms at once: 3.0382 [1.0839, 4.9926]
    assert (found.difference, found.low, found.high) == pytest.approx((3.0382, 1.0839, 4.9926), abs=0.013)


def test_the_reduction_is_what_is_left_of_the_variance():
    found, plain = cuped.estimates(*ARMS), means.estimates(*(arm.moments for arm in ARMS))
    assert cuped.adjustment(*ARMS).reduction == pytest.approx(1 - found.variance / plain.variance)
    assert cuped.adjustment(*ARMS).reduction > 0.9


def test_errors_of_the_adjusted_means_are_those_seen_over_many_tests():
    rng, seen = np.random.default_rng(3), []
    for _ in range(2500):
        arms = [_arm(rng, units, factor) for units, factor in ((300, 1.0), (150, 1.3))]
        found = cuped.estimates(*arms)
        seen.append((found.control, found.variant, found.control_variance, found.variant_variance, found.covariance))
    values = np.array(seen)
    spread = np.cov(values[:, 0], values[:, 1])
    assert values[:, 2:].mean(0) == pytest.approx((spread[0, 0], spread[1, 1], spread[0, 1]), rel=0.1)
    assert spread[0, 1] > 0.3 * spread[0, 0]  # what a lift without the covariance would miss


def test_the_error_rate_is_kept_and_the_lift_covers():
    rng, null, inside = np.random.default_rng(4), [], []
    for _ in range(2500):
        control, same, better = (_arm(rng, 400, factor) for factor in (1.0, 1.0, 1.15))
        null.append(cuped.compare(control, same, 0.05).differs)
        found = cuped.compare(control, better, 0.05)
        inside.append(found.lift_low <= 0.15 <= found.lift_high)
    assert 0.041 <= np.mean(null) <= 0.059
    assert 0.941 <= np.mean(inside) <= 0.961


def _arm(rng, units, factor):
    before = rng.gamma(2.0, 1.0, units)
    return pairs(factor * (before + rng.gamma(1.0, 0.5, units)), before)


def test_a_covariate_that_says_nothing_changes_nothing():
    constant = [pairs(after, [7] * 8) for after in AFTER]
    found, plain = cuped.compare(*constant, 0.05), means.compare(*(arm.moments for arm in constant), 0.05)
    assert (found.low, found.p, found.lift_high) == pytest.approx((plain.low, plain.p, plain.lift_high))
    assert cuped.adjustment(*constant).reduction == 0


UNIT = st.tuples(st.integers(-20, 60), st.integers(0, 40))
UNITS = st.lists(UNIT, min_size=2, max_size=12)


@given(UNITS, UNITS, st.sampled_from([0.01, 0.05, 0.2]))
def test_p_difference_and_lift_never_contradict_each_other(control, variant, alpha):
    assert cuped.compare(*(pairs(*zip(*arm, strict=True)) for arm in (control, variant)), alpha).consistent


@pytest.mark.parametrize(
    ("control", "code"),
    [(([], []), "no_units"), (([1], [2]), "one_unit"), (([-9, -8, -9], [1, 2, 3]), "control_not_above_zero")],
)
def test_what_cannot_be_given_has_a_code(control, code):
    assert code in cuped.compare(pairs(*control), ARMS[1], 0.05).withheld


def test_values_that_the_covariate_explains_wholly_leave_nothing_to_judge_by():
    exact = [pairs([2 * x + off for x in BEFORE[0]], BEFORE[0]) for off in (0, 5)]
    found = cuped.compare(*exact, 0.05)
    assert found.withheld == ("no_variation",) and found.difference == pytest.approx(5)
