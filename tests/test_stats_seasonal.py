"""The seasonal index against a second implementation, and on years whose season is known."""

import datetime as dt

import numpy as np
import pytest
from test_stats_models import AIRLINE

from kit.stats.seasonal import seasonal

FIRST = dt.date(1949, 1, 1)
YEAR = np.array([0.8, 0.6, 1.0, 0.9, 1.0, 1.3, 0.9, 0.9, 1.0, 1.1, 1.6, 0.9])


def test_the_index_is_that_of_the_decomposition_on_logarithms():
    from statsmodels.tsa.seasonal import seasonal_decompose

    other = np.exp(seasonal_decompose(np.log(AIRLINE), model="additive", period=12).seasonal[:12])
    assert [s.index for s in seasonal(AIRLINE, FIRST)] == pytest.approx(other / other.mean())


def test_a_known_season_is_found_under_a_steady_growth():
    amounts = np.tile(YEAR, 3) * 1.01 ** np.arange(36)
    assert [s.index for s in seasonal(amounts, FIRST)] == pytest.approx(YEAR / YEAR.mean())


def test_the_twelve_average_one_and_run_from_january():
    found = seasonal(AIRLINE[5:], dt.date(1949, 6, 1))
    assert [s.month for s in found] == list(range(1, 13))
    assert np.mean([s.index for s in found]) == pytest.approx(1)


def test_two_years_give_each_month_one_ratio_and_say_of_which_year():
    found = seasonal(AIRLINE[:24], FIRST)
    assert [[year for year, _ in s.ratios] for s in found] == [[1950]] * 6 + [[1949]] * 6
    assert [s.index for s in found] == pytest.approx([s.ratios[0][1] for s in found])


def test_fewer_than_two_years_or_a_month_without_sales_give_no_season():
    assert seasonal(AIRLINE[:23], FIRST) == ()
    assert seasonal(np.array([*AIRLINE[:24], 0.0]), FIRST) == ()
