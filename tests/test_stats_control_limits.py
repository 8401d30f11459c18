"""The individuals chart: its factor, a published chart, and how often noise alone is called."""

import numpy as np
import pytest

from kit.stats import control_limits
from kit.stats.control_limits import LEAST, MOST, Limits, limits


def test_limits_are_the_mean_and_two_point_six_six_mean_moving_ranges():
    """By hand: mean 4.5, moving ranges 2, 4, 2, 2, 4, 2, 4, mean 20/7."""
    found = limits([4, 6, 2, 4, 6, 2, 4, 8])
    ranges = [2, 4, 2, 2, 4, 2, 4]
    centre = 36 / 8
    assert found.centre == centre
    assert found.high - centre == pytest.approx(2.66 * sum(ranges) / 7, rel=1e-3)
    assert centre - found.low == pytest.approx(found.high - centre)


def test_a_published_chart_comes_out_the_same():
    """NIST/SEMATECH e-Handbook 6.3.2.2, flowrate of ten batches: mean 50.81, mean moving range 1.8778, limits 55.8041
    and 45.8159 with d2 = 1.128."""
    flow = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    found = limits(flow)
    assert (found.centre, found.low, found.high) == pytest.approx((50.81, 45.8159, 55.8041), abs=2e-3)
    assert [found.side(v) for v in flow] == [0] * 10


@pytest.mark.parametrize(("value", "side"), [(55.9, 1), (45.7, -1), (50.0, 0)])
def test_a_value_lies_above_below_or_inside(value, side):
    assert Limits(50.81, 45.8159, 55.8041, 10).side(value) == side


@pytest.mark.parametrize("points", [[1.0, 2.0] * 3, [], [1.0] * 12, [1.0, float("nan")] * 6])
def test_without_enough_points_or_any_movement_there_are_no_limits(points):
    assert limits(points) is None


def test_a_figure_that_cannot_be_negative_has_no_negative_limit():
    assert limits([0.1, 5.0] * 4, 0.0).low == 0.0


def test_only_the_last_points_count():
    assert limits([1e9] * 50 + [1.0, 2.0] * (MOST // 2)).high < 10


NOISE = {
    "normal": lambda rng, size: rng.normal(size=size),
    "skewed": lambda rng, size: rng.gamma(4.0, size=size),
    "heavy": lambda rng, size: rng.standard_t(5, size=size),
}


@pytest.mark.parametrize("shape", list(NOISE))
@pytest.mark.parametrize("count", [LEAST, MOST])
def test_noise_alone_is_called_in_at_most_one_case_of_twenty(shape, count):
    rng = np.random.default_rng(int.from_bytes(b"limits"))
    draws = NOISE[shape](rng, (4000, count + 1))
    called = [limits(row[:-1]).side(row[-1]) != 0 for row in draws]
    assert np.mean(called) <= 0.05
    assert np.mean(called) > 0.001  # and a chart that never calls would be none


def test_fewer_points_than_the_least_would_call_too_often():
    rng = np.random.default_rng(int.from_bytes(b"few"))
    draws = rng.standard_t(5, size=(20000, 6))
    reach = control_limits.FACTOR * np.abs(np.diff(draws[:, :5], axis=1)).mean(1)
    assert (np.abs(draws[:, 5] - draws[:, :5].mean(1)) > reach).mean() > 0.05


def test_a_shift_of_five_deviations_is_found_nearly_always():
    rng = np.random.default_rng(int.from_bytes(b"shift"))
    draws = rng.normal(size=(1000, MOST + 1))
    assert np.mean([limits(row[:-1]).side(row[-1] + 5) == 1 for row in draws]) > 0.95
