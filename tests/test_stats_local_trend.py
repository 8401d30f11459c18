"""The local linear trend: one root of a covariance against the Kalman filter, and where a level broke."""

from __future__ import annotations

import numpy as np
import pytest

from kit.stats import local_trend
from kit.stats.local_trend import fitted

STEPS = local_trend.Steps(0.2, 0.01, 0.0)


def series(days: int, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return 5 + np.cumsum(rng.normal(0, 0.02, days)) + rng.normal(0, 0.1, days)


def alone(monkeypatch, steps: local_trend.Steps) -> None:
    """One combination instead of the grid."""
    for name, value in (("LEVELS", steps.level), ("SLOPES", steps.slope), ("LASTING", steps.lasting)):
        monkeypatch.setattr(local_trend, name, (value,))
    monkeypatch.setattr(local_trend, "MOST_BREAKS", 0)


@pytest.mark.parametrize("gap", [(), (20, 21, 22, 50)])
def test_one_combination_looks_ahead_as_the_kalman_filter_does(monkeypatch, gap):
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    values, week = series(90), np.eye(7)[np.arange(90) % 7][:, 1:]
    values[list(gap)] = np.nan
    alone(monkeypatch, STEPS)
    trend = fitted(values, week, 80, 90)
    noise = local_trend._fit(trend.grid).noise[0]
    model = UnobservedComponents(values[:80], level="lltrend", exog=week[:80], mle_regression=False)
    model.ssm.initialize_approximate_diffuse(1e6)
    found = model.smooth([noise, noise * STEPS.level**2, noise * STEPS.slope**2]).get_forecast(10, exog=week[80:])
    mean, cover = trend.ahead(80, 80, 89)
    assert mean == pytest.approx(found.predicted_mean, abs=1e-3)
    assert np.sqrt(np.diag(cover)) == pytest.approx(found.se_mean, rel=0.01)


def test_looking_ahead_from_an_earlier_day_knows_nothing_of_the_days_after_it(monkeypatch):
    """Neither coefficients nor noise, nor how fast level and growth wander."""
    values, none = series(120), np.empty((120, 0))
    later = np.arange(120) >= 60
    other = np.where(later, 2 * values + 0.2 * np.cumsum(later), values)
    monkeypatch.setattr(local_trend, "MOST_BREAKS", 0)
    (mean, cover), (other_mean, other_cover) = (fitted(v, none, 110, 120).ahead(60, 65, 70) for v in (values, other))
    assert mean == pytest.approx(other_mean, abs=1e-3) and cover == pytest.approx(other_cover, rel=1e-3)


@pytest.mark.parametrize("drift", [True, False])
def test_combinations_that_say_the_same_say_together_what_one_says(monkeypatch, drift):
    told = []
    for levels in ((0.2,), (0.2, 0.2, 0.2)):
        alone(monkeypatch, STEPS)
        monkeypatch.setattr(local_trend, "LEVELS", levels)
        told.append(fitted(series(120), np.empty((120, 0)), 110, 120, drift=drift).ahead(110, 110, 119))
    assert told[0][0] == pytest.approx(told[1][0]) and told[0][1] == pytest.approx(told[1][1])


@pytest.mark.parametrize(("step", "breaks"), [(0.0, 0), (0.4, 1)])
def test_a_level_broke_where_it_moved_for_good(step, breaks):
    rng = np.random.default_rng(3)
    values = rng.normal(0, 0.1, 140) + step * (np.arange(140) >= 70)
    trend = fitted(values, np.empty((140, 0)), 130, 140)
    assert len(trend.breaks) == breaks and all(abs(at - 70) <= 2 for at in trend.breaks)
    ahead = trend.ahead(60, 62, 90)[0]  # a break to come is as large as the days after it show, others are steady
    assert ahead[:6].mean() == pytest.approx(0, abs=0.15) and ahead[-6:].mean() == pytest.approx(step, abs=0.15)


def test_a_week_of_noise_that_goes_over_is_no_break():
    values = np.random.default_rng(4).normal(0, 0.1, 140) + 0.4 * ((np.arange(140) >= 70) & (np.arange(140) < 77))
    trend = fitted(values, np.empty((140, 0)), 130, 140)
    assert abs(trend.ahead(130, 130, 139)[0].mean()) < 0.15


def test_a_series_that_never_moves_is_expected_to_stay():
    mean, cover = fitted(np.full(60, 7.0), np.empty((60, 0)), 50, 60).ahead(50, 50, 59)
    assert mean == pytest.approx(np.full(10, 7.0)) and np.isfinite(cover).all()


def test_a_control_that_never_moved_before_says_nothing_when_it_moves():
    values, control = series(120), 1.0 * (np.arange(120) >= 110)[:, None]
    with_it, without = (fitted(values, beside, 110, 120).ahead(110, 110, 119) for beside in (control, control[:, :0]))
    assert with_it[0] == pytest.approx(without[0], abs=0.01) and with_it[1] == pytest.approx(without[1], rel=0.05)
