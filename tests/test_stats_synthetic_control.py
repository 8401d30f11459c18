"""The twin: its weights against a general optimiser, its effect and its placebos against what was planted."""

from __future__ import annotations

import numpy as np
import pytest

from kit.stats.synthetic_control import twin, weighed


def shops(seed: int = 0, controls: int = 12, days: int = 80) -> np.ndarray:
    return np.cumsum(np.random.default_rng(seed).normal(size=(controls, days)), axis=1) + 50


def test_weights_agree_with_a_general_optimiser():
    from scipy.optimize import minimize

    others = shops()[:, :60]
    unit = np.random.default_rng(9).dirichlet(np.ones(12)) @ others + np.random.default_rng(1).normal(0, 0.3, 60)
    theirs = minimize(
        lambda w: np.square(unit - w @ others).sum(),
        np.full(12, 1 / 12),
        bounds=[(0, 1)] * 12,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        options={"maxiter": 500, "ftol": 1e-12},
    )
    ours = weighed(unit, others)
    assert ours == pytest.approx(theirs.x, abs=2e-3)
    assert ours.sum() == pytest.approx(1) and (ours >= 0).all()


def test_a_planted_effect_is_found_and_no_control_shows_the_like():
    others = shops()
    unit = 0.5 * others[1] + 0.3 * others[4] + 0.2 * others[7] + np.random.default_rng(1).normal(0, 0.1, 80)
    unit[60:] += 2
    found = twin(unit, others, 60)
    assert found.effect == pytest.approx(2, abs=0.15)
    assert found.weights[[1, 4, 7]] == pytest.approx([0.5, 0.3, 0.2], abs=0.03)
    assert found.larger == pytest.approx(1 / 13)


def test_without_an_effect_the_share_is_no_smaller_than_chance():
    shares = []
    for seed in range(200):
        units = shops(seed, 10, 50)
        shares.append(twin(units[0], units[1:], 40).larger)
    assert np.mean(np.array(shares) <= 0.1) <= 0.1 + 2 * np.sqrt(0.09 / 200)


def test_one_control_makes_no_twin():
    assert twin(np.ones(10), np.ones((1, 10)), 5) is None
