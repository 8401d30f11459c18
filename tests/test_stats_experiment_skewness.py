"""Skewed units: the score by its definition on raw values, error rates where one arm is small, and one verdict."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats
from sums_of import moments, pairs, skewed

from kit.stats.experiment import cuped, margins, means, ratios
from kit.stats.experiment.skewness import evened, of_difference, uneven
from kit.stats.experiment.sums import Moments


@given(st.floats(-30, 30), st.floats(-3, 3))
def test_a_score_is_found_again_from_its_evened_one(score, skewness):
    assert uneven(evened(score, skewness), skewness) == pytest.approx(score, rel=1e-9, abs=1e-12)


@given(st.floats(-30, 30), st.floats(0.001, 5), st.floats(-3, 3))
def test_a_greater_score_stays_the_greater(score, more, skewness):
    assert evened(score, skewness) < evened(score + more, skewness)


@pytest.mark.parametrize("score", [-3.0, -1.0, 0.0, 1.0, 3.0])
def test_a_small_skewness_is_johnsons_but_for_the_part_of_a_normal_score(score):
    skewness = 1e-5
    johnson = score + skewness * (1 + 2 * score**2) / 6
    assert evened(score, skewness) == pytest.approx(johnson + skewness * (score**2 - 1) / 6, abs=2e-9)


def test_the_squared_error_is_that_of_arms_whose_variance_was_read_off_at_their_common_mean():
    rng = np.random.default_rng(3)
    control, variant = rng.lognormal(0, 1, 300), rng.lognormal(0.1, 1, 60)
    centred = [arm - arm.mean() for arm in (control, variant)]
    both = np.concatenate(centred)
    slope = (both**3).mean() / np.mean(np.repeat([arm.var(ddof=1) for arm in (control, variant)], [300, 60]))
    common = np.concatenate([control, variant]).mean()
    squared = sum((arm.var(ddof=1) - slope * (arm.mean() - common)) / len(arm) for arm in (control, variant))
    found = means.estimates(*(skewed(arm) for arm in (control, variant)))
    assert found.even_score == pytest.approx((variant.mean() - control.mean()) / math.sqrt(squared), rel=1e-9)


def test_arms_of_one_size_are_tested_as_by_welch():
    rng = np.random.default_rng(4)
    arms = rng.lognormal(0, 1, (2, 80))
    assert means.compare(*map(skewed, arms), 0.05) == means.compare(*map(moments, arms), 0.05)


@pytest.mark.parametrize("third", [(None, 2.0), (2.0, None), (None, None)])
def test_without_third_powers_of_both_arms_there_is_no_correction(third):
    assert of_difference((40, 1.0, third[0]), (400, 1.0, third[1])) == 0


def test_third_moments_are_those_of_the_values():
    x, y = np.random.default_rng(5).gamma(2, [[3.0], [40.0]], (2, 500))
    made = skewed(x, y)
    assert made.third(0.3) == pytest.approx(stats.moment(x - 0.3 * y, 3))
    assert made.moments.third == pytest.approx(stats.moment(x, 3))
    assert made.other_moments.third == pytest.approx(stats.moment(y, 3))
    assert (skewed(x[:90], y[:90]) + skewed(x[90:], y[90:])).cubes == pytest.approx(made.cubes)
    assert (made.moments + Moments(3, 1.0, 2.0)).cubes is None and (made + pairs(x, y)).cubes is None


def test_the_error_of_a_ratio_is_the_jackknifes_to_first_order():
    rng = np.random.default_rng(6)
    y = rng.gamma(0.5, 40, 300)
    x = y * rng.lognormal(0, 0.5, 300)
    without = (x.sum() - x) / (y.sum() - y)
    jackknife = 299 / 300 * ((without - without.mean()) ** 2).sum()
    assert ratios.error(skewed(x, y)) == pytest.approx(jackknife, rel=0.01)
    assert ratios.error(pairs(x, y)) < 0.98 * jackknife


def sample(seed, units):
    rng = np.random.default_rng(seed)
    before = rng.gamma(2, 2, units)
    return before * rng.lognormal(0, 1, units), before + 0.1


@pytest.mark.parametrize("by", [means, ratios, cuped])
def test_both_ends_of_both_intervals_are_where_the_test_turns(by):
    arms = [skewed(*sample(seed, units)) for seed, units in ((1, 900), (2, 200))]
    if by is means:
        arms = [arm.moments for arm in arms]
    estimates, found = by.estimates(*arms), by.compare(*arms, 0.05)
    assert abs(estimates.skewness) > 0.1

    def beyond(variance, off):
        score = evened(off / math.sqrt(variance), estimates.skewness)
        return 2 * stats.t.sf(abs(score), estimates.freedom) - 0.05

    def of_lift(lift):
        times = 1 + lift
        variance = estimates.variant_variance - 2 * times * estimates.covariance
        return beyond(variance + times**2 * estimates.control_variance, estimates.variant - times * estimates.control)

    def of_difference(supposed):
        return beyond(estimates.variance, estimates.difference - supposed)

    for turning, value, ends in (
        (of_difference, found.difference, (found.low, found.high)),
        (of_lift, found.lift, (found.lift_low, found.lift_high)),
    ):
        reach = 4 * (ends[1] - ends[0])
        expected = [optimize.brentq(turning, value, value + side * reach, xtol=1e-14) for side in (-1, 1)]
        assert ends == pytest.approx(expected, rel=1e-9)


VALUES = st.lists(st.sampled_from([0, 0, 0, 1, 2, 9, 60]), min_size=2, max_size=40)


@given(VALUES, VALUES, st.sampled_from([0.001, 0.05, 0.3]))
def test_p_difference_and_lift_never_contradict_each_other(control, variant, alpha):
    found = means.compare(skewed(control), skewed(variant), alpha)
    assert found.consistent
    if found.lift_low is not None:
        assert found.lift_low < found.lift < found.lift_high
    if found.low is not None:
        assert found.low < found.difference < found.high


@given(VALUES, VALUES, st.floats(0.01, 0.8), st.sampled_from(margins.SCALES))
def test_verdicts_against_a_margin_are_where_the_interval_lies(control, variant, margin, scale):
    arms = skewed(control), skewed(variant)
    if not all(arm.variance for arm in arms):
        return
    found = margins.of_estimates(means.estimates(*arms), margin, 0.05, scale)
    if not found.withheld:
        assert found.above == (found.low > -margin) and found.below == (found.high < margin)


def revenue(rng, units, tests):
    """Arms in which 3 % of the units pay a lognormal amount."""
    buyers = rng.binomial(units, 0.03, tests)
    paid, arm = rng.lognormal(0, 1, buyers.sum()), np.repeat(np.arange(tests), buyers)
    sums = np.column_stack([np.bincount(arm, paid**power, tests) for power in (1, 2, 3)]).tolist()
    return [Moments(units, *own) for own in sums]


@pytest.mark.parametrize("sizes", [(4500, 1500), (1500, 4500), (9000, 1000)])
def test_revenue_with_a_small_arm_keeps_the_error_rate_where_welch_does_not(sizes):
    rng = np.random.default_rng(12)
    arms = list(zip(*(revenue(rng, units, 5000) for units in sizes), strict=True))
    plain = [means.compare(*(replace(arm, cubes=None) for arm in pair), 0.05).differs for pair in arms]
    found = [means.compare(*pair, 0.05) for pair in arms]
    assert np.mean(plain) > 0.055
    assert 0.040 <= np.mean([one.differs for one in found]) <= 0.053
    lifted = [Moments(v.units, 1.2 * v.total, 1.44 * v.squares, 1.728 * v.cubes) for _, v in arms]
    made = [means.compare(control, variant, 0.05) for (control, _), variant in zip(arms, lifted, strict=True)]
    gain = 0.2 * 0.03 * math.exp(0.5)
    assert 0.945 <= np.mean([one.low <= gain <= one.high for one in made]) <= 0.963
    assert 0.945 <= np.mean([one.lift_low is None or one.lift_low <= 0.2 <= one.lift_high for one in made]) <= 0.963
