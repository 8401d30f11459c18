"""The bridge: published check figures, no residual, and the same whatever the order of factors or shops."""

import itertools

import numpy as np
import pytest

from kit.stats import bridge

BEFORE, NOW = [10_000, 0.02, 100], [12_000, 0.018, 120]
RNG = np.random.default_rng(20)


def by_orders(before, now):
    """A second implementation of Shapley's value: walk every order, change one factor at a time."""
    found, orders = np.zeros(len(before)), list(itertools.permutations(range(len(before))))
    for order in orders:
        at = list(before)
        for n in order:
            value = np.prod(at)
            at[n] = now[n]
            found[n] += np.prod(at) - value
    return found / len(orders)


def test_the_logarithmic_mean_gives_the_check_figures():
    assert [round(e, 2) for e in bridge.effects(BEFORE, NOW)] == [4162.81, -2405.62, 4162.81]


def test_shapley_gives_the_check_figures():
    found = bridge.shapley(np.array(BEFORE, float), np.array(NOW, float))
    assert [round(e, 2) for e in found] == [4173.33, -2426.67, 4173.33]


@pytest.mark.parametrize("zero", range(3))
def test_a_factor_that_falls_to_nothing_or_below_goes_by_shapley(zero):
    for value in (0.0, -0.5):
        now = [value if n == zero else v for n, v in enumerate(NOW)]
        assert bridge.effects(BEFORE, now) == pytest.approx(by_orders(BEFORE, now))


@pytest.mark.parametrize("factors", [1, 2, 3, 4])
def test_effects_add_up_to_the_change(factors):
    for _ in range(50):
        a, b = np.exp(RNG.normal(2, 2, (2, factors)))
        for found in (bridge.lmdi(a, b), bridge.shapley(a, b)):
            assert found.sum() == pytest.approx(b.prod() - a.prod(), rel=1e-9)


def test_turned_round_in_time_effects_change_their_sign_only():
    assert bridge.effects(NOW, BEFORE) == pytest.approx([-e for e in bridge.effects(BEFORE, NOW)])


def test_a_factor_that_did_not_move_has_no_effect_and_neither_has_no_change():
    assert bridge.effects([5, 2, 3], [7, 2, 3])[1:] == (0, 0)
    assert bridge.effects(BEFORE, BEFORE) == (0, 0, 0)


def test_factors_that_are_not_numbers_or_do_not_match_are_refused():
    for before, now in (([1, 2], [1, 2, 3]), ([1, float("nan")], [1, 2])):
        with pytest.raises(ValueError, match="finite, and the same"):
            bridge.effects(before, now)


@pytest.mark.parametrize("step", [0.01, 100, 1000])
def test_parts_in_steps_add_up_to_the_total_in_steps(step):
    for _ in range(100):
        parts = RNG.normal(0, 1e5, 4)
        ends = RNG.uniform(0, 1e6) + np.array([0, parts.sum()])
        total = np.diff(np.round(ends / step))[0] * step
        found = bridge.in_steps(parts, total, step)
        assert sum(found) == pytest.approx(total, abs=1e-4)
        assert found == pytest.approx(parts, abs=2.01 * step)


def test_parts_that_miss_their_total_are_refused():
    with pytest.raises(ValueError, match="do not add up"):
        bridge.in_steps([1.0, 2.0], 3.5, 0.01)
