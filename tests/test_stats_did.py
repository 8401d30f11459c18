"""Difference in differences over whole units, and its pre-trend check."""

from __future__ import annotations

import numpy as np
import pytest

from kit.stats import did


def test_card_and_krueger_employment_in_fast_food():
    # Full-time equivalents a store before and after (table 3): New Jersey 20.44 → 21.03, Pennsylvania 23.33 → 21.17.
    # Each state's stores spread evenly around its mean, so that the means are the published ones.
    jersey = np.array([[20.44 + d, 21.03 + d] for d in (-2.0, 0.0, 2.0)])
    pennsylvania = np.array([[23.33 + d, 21.17 + d * 1.1] for d in (-2.0, 0.0, 2.0)])
    assert did.effect(jersey, pennsylvania, 1).value == pytest.approx(2.75, abs=1e-9)


def test_the_test_is_the_two_sample_t_test_of_the_changes():
    from scipy import stats

    rng = np.random.default_rng(3)
    treated, controls = rng.normal(size=(3, 20)), rng.normal(size=(7, 20))
    ours = did.effect(treated, controls, 12)
    theirs = stats.ttest_ind(
        treated[:, 12:].mean(1) - treated[:, :12].mean(1), controls[:, 12:].mean(1) - controls[:, :12].mean(1)
    )
    assert ours.p == pytest.approx(theirs.pvalue, rel=1e-9)
    assert (ours.low, ours.high) == pytest.approx(tuple(theirs.confidence_interval()), rel=1e-9)


def test_days_that_hang_together_call_no_effect_more_often_than_said():
    called = 0
    for seed in range(1000):
        rng = np.random.default_rng(seed)
        days = np.cumsum(rng.normal(0, 0.1, (7, 60)), axis=1) + rng.normal(0, 0.5, (7, 60)) + rng.normal(0, 1, (7, 1))
        called += did.effect(days[:1], days[1:], 40).beyond_chance
    assert 0.035 <= called / 1000 <= 0.066  # 0.05 and twice its standard error


def test_groups_that_parted_before_are_seen():
    rng = np.random.default_rng(5)
    controls = rng.normal(0, 0.1, (6, 40))
    drifting = rng.normal(0, 0.1, (1, 40)) + 0.05 * np.arange(40)
    assert did.before(drifting, controls, 30).beyond_chance
    assert not did.before(controls[:1], controls[1:], 30).beyond_chance


def test_slopes_before_know_which_days_are_left_out():
    """Half the slope, were days counted one by one."""
    days = np.array([0.0, 1.0, 2.0, 3.0, 8.0, 9.0, 10.0, 11.0])
    slopes = np.array([0.1, 0.01, 0.02, 0.03])
    units = np.column_stack([slopes[:, None] * days, np.zeros((4, 2))])
    found = did.before(units[:1], units[1:], 8, days=days)
    assert found.value == pytest.approx(0.1 - 0.02)


@pytest.mark.parametrize("controls", [np.zeros((2, 10)), np.zeros((4, 10))], ids=["two controls", "nothing varies"])
def test_without_a_spread_of_the_controls_there_is_no_answer(controls):
    assert did.effect(np.zeros((1, 10)), controls, 5) is None
