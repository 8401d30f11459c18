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


# ---- over groups -----------------------------------------------------------------------------------------------

SIZES = np.array([[100.0, 300.0, 50.0, 0.0], [240.0, 160.0, 0.0, 40.0]])
RATES = np.array([[[0.05, 80.0], [0.02, 100.0], [0.01, 90.0], [np.nan, np.nan]], [[0.06, 70.0], [0.03, 110.0], [np.nan, np.nan], [0.02, 60.0]]])  # fmt: skip


def test_over_groups_all_steps_add_up_to_the_change_and_each_group_to_its_own():
    found = bridge.groups(SIZES, RATES, (19.0, 29.0))
    values = np.nan_to_num([days * s * r.prod(1) for days, s, r in zip((19.0, 29.0), SIZES, RATES, strict=True)])
    assert found.effects.sum(1) + found.new + found.gone == pytest.approx(values[1] - values[0])
    assert found.new.tolist() == [0, 0, 0, pytest.approx(29 * 40 * 0.02 * 60)]
    assert found.gone.tolist() == [0, 0, pytest.approx(-19 * 50 * 0.01 * 90), 0]


def test_a_move_between_groups_at_the_same_rates_is_mix_and_nothing_else():
    rates = np.array([[[10.0], [4.0]]] * 2)
    found = bridge.groups(np.array([[100.0, 100.0], [150.0, 50.0]]), rates).effects.sum(0)
    assert found == pytest.approx([0.0, 0.0, 50 * 10 - 50 * 4, 0.0])


def test_a_group_alone_has_no_mix_and_is_the_check_figures():
    found = bridge.groups(np.array([[10_000.0], [12_000.0]]), np.array([[[0.02, 100.0]], [[0.018, 120.0]]]))
    assert [round(float(e), 2) for e in found.effects[0]] == [0.0, 4162.81, 0.0, -2405.62, 4162.81]


def test_a_group_whose_buyers_are_gone_loses_by_conversion_and_not_by_their_unknown_value():
    found = bridge.groups(np.array([[100.0], [100.0]]), np.array([[[0.05, 80.0]], [[0.0, np.nan]]])).effects[0]
    assert found == pytest.approx([0.0, 0.0, 0.0, -400.0, 0.0])
