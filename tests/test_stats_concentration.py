"""Concentration: published check figures, and intervals that hold every market they allow."""

import itertools

import numpy as np
import pytest

from kit.stats.concentration import Bounds, concentration, shares


def measured(*parts, whole=True):
    return concentration(np.array(parts), whole=whole)


def close(bounds, low, high=None):
    return (bounds.low, bounds.high) == pytest.approx((low, low if high is None else high))


def test_the_hhi_of_known_shares_is_the_published_figure():
    found = measured(0.3, 0.3, 0.2, 0.2)
    assert close(found.hhi, 2600) and close(found.effective, 3.846154) and found.hhi.exact


@pytest.mark.parametrize("firms", [1, 5, 40])
def test_equal_firms_are_as_many_as_the_effective_number(firms):
    assert close(measured(*[1 / firms] * firms).effective, firms)


@pytest.mark.parametrize(("firms", "band"), [(11, "low"), (10, "moderate"), (6, "moderate"), (5, "high")])
def test_bands_are_those_of_the_guidelines_of_2023(firms, band):
    assert measured(*[1 / firms] * firms).band == band


def test_with_the_largest_alone_known_the_rest_is_atoms_or_lumps_no_larger_than_the_smallest():
    found = measured(0.3, 0.2, 0.1, whole=False)
    assert close(found.hhi, 1400, 1400 + 4 * 100) and close(found.rest, 0.4)
    assert close(measured(0.3, 0.25, whole=False).hhi, 1525, 1525 + 625 + 400)


def test_a_band_is_open_where_the_interval_holds_a_line():
    assert measured(0.3, 0.2, 0.1, whole=False).band is None
    assert measured(0.5, 0.2, 0.1, whole=False).band == "high"


def test_top_shares_of_fewer_known_firms_end_where_the_next_would_be_as_large_as_the_last():
    found = measured(0.3, 0.2, 0.1, whole=False).top
    assert close(found[4], 0.6, 0.7) and close(found[10], 0.6, 1.0)
    assert measured(0.3, 0.3, 0.2, 0.2).top == {}
    assert close(measured(0.3, 0.3, 0.2, 0.1, 0.1).top[4], 0.9)


def corners(low, high):
    """Every market at the corners of the intervals: all firms but one at an end, that one with what is left."""
    for free in range(len(low)):
        for ends in itertools.product((0, 1), repeat=len(low) - 1):
            at = np.insert([(low, high)[e][n + (n >= free)] for n, e in enumerate(ends)], free, 0.0)
            at[free] = 1 - at.sum()
            if low[free] - 1e-12 <= at[free] <= high[free] + 1e-12:
                yield at


def test_intervals_hold_every_market_that_they_allow_and_not_much_more():
    rng = np.random.default_rng(3)
    slack = []
    for _ in range(60):
        size = rng.integers(5, 8)
        true = rng.dirichlet(np.ones(size))
        low, high = true * rng.uniform(0.6, 1, size), np.minimum(1, true * rng.uniform(1, 1.5, size))
        found = concentration(low, high, whole=True)
        made = list(corners(low, high))
        hhi = [1e4 * float((m**2).sum()) for m in [*made, true]]
        top = [float(np.sort(m)[-4:].sum()) for m in [*made, true]]
        assert found.hhi.low <= min(hhi) + 1e-6 and max(hhi) <= found.hhi.high + 1e-6
        assert found.top[4].low <= min(top) + 1e-9 and max(top) <= found.top[4].high + 1e-9
        slack.append(found.hhi.high / max(hhi) - 1)
    assert np.median(slack) < 0.02 and max(slack) < 0.1


def test_shares_from_ranges_set_each_against_the_others_opposite_ends():
    low, high = shares(np.array([75.0, 20.0]), np.array([100.0, 30.0]))
    assert low == pytest.approx([75 / 105, 20 / 120]) and high == pytest.approx([100 / 120, 30 / 105])


def test_shares_of_nothing_are_between_nothing_and_all():
    low, high = shares(np.array([0.0, 0.0]), np.array([0.0, 0.0]))
    assert low.tolist() == [0, 0] and high.tolist() == [1, 1]


@pytest.mark.parametrize("parts", [(), (-0.1, 0.5), (0.7, 0.7)])
def test_what_are_no_shares_is_refused(parts):
    with pytest.raises(ValueError, match="fractions"):
        measured(*parts, whole=False)


def test_shares_of_all_firms_must_be_able_to_add_up():
    with pytest.raises(ValueError, match="one"):
        measured(0.3, 0.3)


def test_a_known_bound_is_exact():
    assert Bounds(2, 2).exact and not Bounds(2, 3).exact
