"""Bursts: against the exact predictive distribution, planted ones, and shops that only scatter."""

import numpy as np
import pytest
from scipy import integrate, stats

from kit.stats.burst import LEAST_DAYS, bursts

PAST = [1.0, 0.0, 2.0, 1.0, 1.0, 0.0, 1.0] * 4
"""Four weeks with less scatter than Poisson's, so that only the rate is uncertain."""


def test_the_tail_is_poisson_mixed_over_what_the_rate_may_be():
    """Independent: Poisson's tail integrated over the gamma distribution of the rate (Jeffreys)."""
    (day,) = bursts(PAST, [1.0] * 28, [7], [1.0], 0.05)
    gamma = stats.gamma(sum(PAST) + 0.5, scale=1 / 28)
    mixed, _ = integrate.quad(lambda rate: stats.poisson.sf(6, rate) * gamma.pdf(rate), 0, 10)
    assert day.p == pytest.approx(mixed, rel=1e-6) and day.expected == pytest.approx(24.5 / 28)


@pytest.mark.parametrize(("reviews", "called"), [(10.0, True), (200.0, False)])
def test_a_day_is_held_against_how_many_reviews_came_in(reviews, called):
    """Ten bad ones of ten reviews, and of two hundred, where one in ten is bad."""
    (day,) = bursts([1.0] * 28, [10.0] * 28, [10], [reviews], 0.05)
    assert day.called == called


def test_five_in_a_day_are_never_called_and_a_short_past_tells_nothing():
    assert [d.called for d in bursts([0.0] * 60, [1.0] * 60, [5, 6], [1.0, 1.0], 0.05)] == [False, True]
    assert bursts([1.0] * (LEAST_DAYS - 1), [1.0] * (LEAST_DAYS - 1), [40], [1.0], 0.05) == ()
    assert bursts([1.0] * 60, [0.0] * 33 + [1.0] * 27, [40], [1.0], 0.05) == ()


@pytest.mark.parametrize(("mean", "size"), [(1.0, None), (8.0, None), (8.0, 4.0), (30.0, 10.0)])
def test_months_that_only_scatter_are_hardly_ever_called(mean, size):
    """Poisson days, and days that scatter two to four times as much; the past is 60 days, the month 30."""
    rng = np.random.default_rng(11)
    called = 0
    for _ in range(400):
        rates = mean if size is None else rng.gamma(size, mean / size, 90)
        days = rng.poisson(rates, 90).astype(float)
        called += any(d.called for d in bursts(days[:60], [1.0] * 60, days[60:], [1.0] * 30, 0.05))
    assert called / 400 <= 0.07


def test_a_planted_burst_of_four_times_the_usual_is_found_nearly_always():
    rng = np.random.default_rng(12)
    found = 0
    for _ in range(100):
        days = rng.poisson(6.0, 90).astype(float)
        days[75] = rng.poisson(24.0)
        found += bursts(days[:60], [1.0] * 60, days[60:], [1.0] * 30, 0.05)[15].called
    assert found >= 95
