"""Who comes back: Kaplan and Meier's shares and the log-rank test, against Freireich's leukaemia trial."""

import numpy as np
import pytest

from kit.stats.come_back import difference, share

# Freireich et al. (1963), weeks to relapse; 42 patients, as printed in Cox (1972) and in most textbooks since.
TREATED = [6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], []


def group(pair):
    seen, censored = pair
    days = np.array([*seen, *censored], float)
    return days, np.arange(len(days)) < len(seen)


def test_the_log_rank_statistic_is_the_published_one(monkeypatch):
    """16.79 on one degree of freedom, p about 0.00004; with 21 patients each, below the least number of buyers."""
    assert difference([group(TREATED), group(PLACEBO)], 60) is None
    monkeypatch.setattr("kit.stats.come_back.LEAST_BUYERS", 20)
    found = difference([group(TREATED), group(PLACEBO)], 60)
    assert found.chi2 == pytest.approx(16.79, abs=0.005) and found.p == pytest.approx(4.17e-05, rel=0.01)


@pytest.mark.parametrize(("weeks", "stays"), [(6, 0.857), (7, 0.807), (10, 0.753), (16, 0.627), (23, 0.448)])
def test_the_shares_are_the_published_ones(weeks, stays):
    assert 1 - share(*group(TREATED), weeks).share == pytest.approx(stays, abs=0.0005)


def test_the_interval_is_the_published_one():
    """R's survfit with conf.type "log-log" gives 0.620 to 0.952 at six weeks."""
    found = share(*group(TREATED), 6)
    assert (1 - found.high, 1 - found.low) == (pytest.approx(0.620, abs=0.001), pytest.approx(0.952, abs=0.001))


def test_without_censoring_the_share_is_the_part_that_came_back():
    days, back = np.array([5.0, 12.0, 40.0, 60.0]), np.array([True, True, True, False])
    assert share(days, back, 30).share == pytest.approx(0.5)


def test_nobody_and_a_time_beyond_the_data():
    days, back = np.full(40, 50.0), np.zeros(40, bool)
    assert (share(days, back, 30).share, share(days, back, 30).low) == (0.0, None)
    assert share(days, back, 60) is None and share(np.empty(0), np.empty(0, bool), 30) is None


def test_two_groups_alike_are_told_apart_as_often_as_the_test_says():
    rng, clear = np.random.default_rng(8), 0
    for _ in range(200):
        groups = []
        for _ in range(2):
            days, until = rng.exponential(200, 150), rng.uniform(40, 90, 150)
            groups.append((np.minimum(days, until), days <= until))
        clear += difference(groups, 90).p <= 0.05
    assert clear <= 20


def test_what_lies_beyond_the_horizon_does_not_count():
    late = np.array([10.0] * 20 + [80.0] * 40), np.ones(60, bool)
    never = np.array([10.0] * 20 + [90.0] * 40), np.arange(60) < 20
    assert difference([late, never], 30).p == pytest.approx(1.0) and difference([late, never], 90).p < 0.001
