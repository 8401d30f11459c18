"""The weekly slope of a ratio: against an independent least-squares fit, and by simulation."""

import numpy as np
import pytest
from scipy import stats

from kit.stats.decline import LEAST, slope

NOISE = np.array([0.03, -0.05, 0.04, -0.03, 0.02, -0.04, 0.05, -0.02, 0.03, -0.03])
"""Each the other way than the one before: no residual resembles its neighbour."""


def test_without_autocorrelation_it_is_the_ordinary_regression():
    weeks = np.arange(10)
    ratio = 2.5 * 0.95**weeks * np.exp(NOISE)
    found, fitted = slope(weeks, ratio), stats.linregress(weeks, np.log(ratio))
    assert found.rate == pytest.approx(np.expm1(fitted.slope)) and found.p == pytest.approx(fitted.pvalue)
    reach = stats.t(8).ppf(0.975) * fitted.stderr
    assert (found.low, found.high) == pytest.approx(np.expm1([fitted.slope - reach, fitted.slope + reach]))


def test_gaps_between_weeks_count_as_time():
    weeks = np.array([0, 1, 2, 3, 4, 5, 6, 20, 21, 22])
    assert slope(weeks, 2.5 * 0.95**weeks * np.exp(NOISE)).rate == pytest.approx(-0.05, abs=0.004)


def test_too_few_weeks_tell_nothing():
    assert slope(range(LEAST - 1), [2.0] * (LEAST - 1)) is None
    assert slope(range(LEAST), [2.0] * LEAST).p == 1.0


@pytest.mark.parametrize(("resembling", "most"), [(0.0, 0.055), (0.4, 0.13)])
def test_scatter_around_a_level_is_rarely_called_a_slope(resembling, most):
    """At 5 %, in 2,000 series of 15 weeks; where weeks resemble each other, far less often than least squares alone."""
    rng = np.random.default_rng(8)
    noise = rng.normal(0, 0.08, (2000, 15))
    for n in range(1, 15):
        noise[:, n] += resembling * noise[:, n - 1]
    found = [slope(range(15), np.exp(one)) for one in noise]
    called = sum(bool(one and one.p < 0.05) for one in found)
    plain = (stats.pearsonr(np.tile(np.arange(15.0), (2000, 1)), noise, axis=1).pvalue < 0.05).sum()  # as a slope's
    assert called / 2000 <= most and called <= plain


def test_a_planted_fall_of_five_percent_a_week_lies_in_nineteen_of_twenty_intervals():
    rng = np.random.default_rng(9)
    held = [
        f.low <= -0.05 <= f.high
        for f in (slope(range(15), 2.5 * 0.95 ** np.arange(15) * np.exp(rng.normal(0, 0.08, 15))) for _ in range(1000))
    ]
    assert 0.94 <= np.mean(held) <= 0.985
