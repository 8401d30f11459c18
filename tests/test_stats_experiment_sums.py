"""Sums of arms and the result they end in: against numpy, adding up, without variation, and never NaN."""

import math

import numpy as np
import pytest

from kit.stats.experiment.comparison import Comparison, without_test
from kit.stats.experiment.sums import Counts, Moments, Pairs


def pairs(x, y):
    return Pairs(len(x), x.sum(), (x**2).sum(), y.sum(), (y**2).sum(), (x * y).sum())


def test_moments_are_those_of_the_values():
    x, y = np.random.default_rng(1).gamma(2, [[3.0], [40.0]], (2, 500))
    sums = pairs(x, y)
    assert (sums.mean, sums.other_mean, sums.ratio) == pytest.approx((x.mean(), y.mean(), x.sum() / y.sum()))
    spread = np.cov(x, y)
    found = (sums.variance, sums.other_variance, sums.covariance)
    assert found == pytest.approx((spread[0, 0], spread[1, 1], spread[0, 1]))


def test_parts_add_up_to_the_whole():
    x, y = np.random.default_rng(2).gamma(2, [[3.0], [40.0]], (2, 500))
    whole, parts = pairs(x, y), pairs(x[:120], y[:120]) + pairs(x[120:], y[120:])
    assert parts.units == 500 and parts.variance == pytest.approx(whole.variance)
    assert parts.moments + Moments(1, 2.0, 4.0) == Moments(501, parts.total + 2, parts.squares + 4)
    assert Counts(10, 2) + Counts(5, 5) == Counts(15, 7)


@pytest.mark.parametrize("value", [0.0, 0.1, 19.9, 1e6 + 0.1])
@pytest.mark.parametrize("units", [2, 3, 7, 1000])
def test_identical_values_have_no_variation_whatever_their_rounding(value, units):
    values = np.full(units, value)
    sums = pairs(values, np.arange(units, dtype=float))
    assert sums.variance == 0 and sums.covariance == 0 and sums.other_variance > 0


def test_a_spread_that_is_small_beside_the_mean_is_kept():
    values = np.random.default_rng(3).normal(5000, 1, 1000)
    sums = Moments(1000, values.sum(), (values**2).sum())
    assert sums.variance == pytest.approx(values.var(ddof=1), rel=1e-4)


@pytest.mark.parametrize("sums", [(-1, 0.0, 0.0), (5, math.nan, 1.0), (5, 1.0, math.inf), (5, 1.0, -1.0)])
def test_sums_over_no_units_are_refused(sums):
    with pytest.raises(ValueError, match="not sums over units"):
        Moments(*sums)


def comparison(**given):
    whole = dict.fromkeys(
        ("control", "variant", "difference", "low", "high", "lift", "lift_low", "lift_high", "p"), 0.1
    )
    return Comparison(**(whole | {"level": 0.95, "method": "m", "guarantee": "exact"} | given))


def test_a_number_is_given_or_withheld_for_a_reason_and_never_nan():
    with pytest.raises(ValueError, match="a number that cannot be given is None"):
        comparison(lift=math.nan)
    with pytest.raises(ValueError, match="nothing says why"):
        comparison(lift=None)
    with pytest.raises(ValueError, match="no such guarantee or level"):
        comparison(guarantee="certain")
    assert comparison(lift=None, withheld=("control_not_above_zero",)).lift is None


@pytest.mark.parametrize(
    ("p", "low", "lift_low", "consistent"),
    [(0.01, 0.1, 0.1, True), (0.2, -0.1, -0.1, True), (0.01, -0.1, 0.1, False), (0.2, -0.1, 0.1, False)],
)
def test_consistent_is_where_p_and_both_intervals_say_the_same(p, low, lift_low, consistent):
    found = comparison(p=p, low=low, high=0.3, lift_low=lift_low, lift_high=0.3)
    assert found.consistent is consistent and found.differs is (p < 0.05)


def test_without_a_test_the_values_still_differ_by_something():
    found = without_test(2.0, 3.0, 0.95, "m", "asymptotic", "one_unit")
    assert (found.difference, found.lift, found.p, found.withheld) == (1.0, 0.5, None, ("one_unit",))
    assert not found.differs and found.consistent
    assert without_test(-2.0, 3.0, 0.95, "m", "exact", "no_variation").lift is None
    assert without_test(None, 3.0, 0.95, "m", "exact", "no_control").difference is None
