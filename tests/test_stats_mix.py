"""Mix apart from rate: Kitagawa's parts on a table worked by hand, and what they add up to."""

import numpy as np
import pytest

from kit.stats.mix import split

RNG = np.random.default_rng(21)


def test_a_table_worked_by_hand():
    # Shares 50/50 to 80/20, rates 2% and 6% to 3% and 6%: whole 4% to 3.6%. Rate: 0.65 × 1 point; mix: the rest.
    found = split([100, 100], [2, 6], [160, 40], [4.8, 2.4])
    assert (found.before, found.now) == pytest.approx((0.04, 0.036))
    assert found.rates == pytest.approx((0.0065, 0.0))
    assert found.mix == pytest.approx(0.3 * (0.025 - 0.06))


def test_both_parts_add_up_to_the_change():
    for _ in range(50):
        base = RNG.integers(1, 1000, (2, 5)).astype(float)
        part = base * RNG.uniform(0, 0.1, (2, 5))
        found = split(base[0], part[0], base[1], part[1])
        assert found.before + found.rate + found.mix == pytest.approx(found.now)


def test_rates_that_stay_leave_only_mix_and_shares_that_stay_only_rate():
    assert split([100, 100], [2, 6], [300, 100], [6, 6]).rate == pytest.approx(0)
    assert split([100, 100], [2, 6], [50, 50], [2, 1]).mix == pytest.approx(0)


def test_a_group_that_came_or_went_is_mix_alone():
    found = split([100, 0], [2, 0], [100, 100], [2, 6])
    assert found.rates == pytest.approx((0, 0))
    assert found.mix == pytest.approx(found.now - found.before)


def test_a_group_of_better_rate_that_grew_is_a_gain_and_one_of_worse_rate_a_loss():
    found = split([100, 100], [2, 6], [100, 300], [2, 18])
    assert min(found.mixes) > 0  # the worse group's share fell: a gain, too


def test_no_visits_at_either_end_is_refused():
    with pytest.raises(ValueError, match="some at either end"):
        split(np.zeros(2), np.zeros(2), np.ones(2), np.ones(2))
