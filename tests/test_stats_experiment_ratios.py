"""Ratios of sums by the assigned unit: a second implementation, the bootstrap, error rates, and one verdict always."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sums_of import pairs

from kit.stats.experiment import ratios
from kit.stats.experiment.sums import Pairs

CLICKS = ([3, 5, 2, 8, 6, 4, 7, 5], [12, 20, 9, 30, 26, 15, 29, 22])
OTHERS = ([4, 6, 3, 9, 5, 7, 2, 6], [19, 28, 13, 41, 24, 36, 10, 25])
"""Of eight units each: a denominator and a numerator."""


def test_the_difference_is_that_of_tea_tasting():
    found = ratios.compare(pairs(*CLICKS[::-1]), pairs(*OTHERS[::-1]), 0.05)
    assert (found.control, found.variant) == pytest.approx((4.075, 4.666666666666667))
    assert (found.low, found.high) == pytest.approx((0.24865849190320133, 0.9346748414301322), rel=1e-12)
    assert found.p == pytest.approx(0.0024442195622396863, rel=1e-11)
    assert found.lift == pytest.approx(0.14519427402862983)


def visitors(rng, units, rate, shape=1.0):
    """Impressions of each visitor, and clicks at a rate that is the visitor's own."""
    shown = 1 + rng.poisson(rng.gamma(shape, 4 / shape, units))
    return shown, rng.binomial(shown, rate * rng.beta(2, 2, units) * 2)


def test_the_error_is_that_of_resampling_units():
    rng = np.random.default_rng(5)
    shown, clicks = visitors(rng, 2000, 0.1)
    picked = rng.integers(0, 2000, (1500, 2000))
    draws = clicks[picked].sum(1) / shown[picked].sum(1)
    assert ratios.error(pairs(clicks, shown)) ** 0.5 == pytest.approx(draws.std(), rel=0.05)


def test_impressions_taken_for_units_would_be_called_too_often_and_units_are_not():
    rng, naive, found = np.random.default_rng(6), [], []
    for _ in range(3000):
        arms = [visitors(rng, 600, 0.3, 0.5)[::-1] for _ in range(2)]
        found.append(ratios.compare(*(pairs(*arm) for arm in arms), 0.05))
        (x0, n0), (x1, n1) = ((int(c.sum()), int(s.sum())) for c, s in arms)
        pooled = (x0 + x1) / (n0 + n1)
        naive.append(abs(x1 / n1 - x0 / n0) > 1.96 * (pooled * (1 - pooled) * (1 / n0 + 1 / n1)) ** 0.5)
    assert np.mean(naive) > 0.12
    assert 0.041 <= np.mean([f.differs for f in found]) <= 0.059
    assert all(f.consistent for f in found)


def test_both_intervals_cover():
    rng, inside = np.random.default_rng(7), []
    for _ in range(2500):
        arms = [pairs(*visitors(rng, 500, rate)[::-1]) for rate in (0.10, 0.13)]
        found = ratios.compare(*arms, 0.05)
        inside.append((found.low <= 0.03 <= found.high, found.lift_low <= 0.3 <= found.lift_high))
    assert np.mean(inside, axis=0) == pytest.approx([0.952, 0.952], abs=0.01)


UNIT = st.tuples(st.integers(-20, 60), st.integers(0, 40))


@given(
    st.lists(UNIT, min_size=2, max_size=12), st.lists(UNIT, min_size=2, max_size=12), st.sampled_from([0.01, 0.05, 0.2])
)
def test_p_difference_and_lift_never_contradict_each_other(control, variant, alpha):
    assert ratios.compare(*(pairs(*zip(*arm, strict=True)) for arm in (control, variant)), alpha).consistent


@pytest.mark.parametrize(
    ("control", "variant", "code"),
    [
        (([], []), CLICKS, "no_units"),
        (([1], [4]), CLICKS, "one_unit"),
        (([0, 0], [0, 0]), CLICKS, "no_denominator"),
        (([1, 2, 3], [2, 4, 6]), ([2, 3, 9], [4, 6, 18]), "no_variation"),  # every unit has the same ratio
        (([0, 0, 0, 1], [5, 5, 5, 5]), CLICKS, "control_not_above_zero"),
    ],
)
def test_what_cannot_be_given_has_a_code(control, variant, code):
    found = ratios.compare(pairs(*control), pairs(*variant), 0.05)
    assert code in found.withheld and found.lift_low is None


def test_a_denominator_that_few_units_carry_is_warned_of():
    steady, carried = (Pairs(100, 50, 90, 400, squares, 210) for squares in (1800, 40_000))
    assert "denominator_unsteady" not in ratios.compare(steady, steady, 0.05).warnings
    assert "denominator_unsteady" in ratios.compare(steady, carried, 0.05).warnings
