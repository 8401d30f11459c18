"""Like for like: Simpson's paradox on published counts, the exact split, the error, and what cannot be weighted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sums_of import pairs

from kit.stats.experiment import means, ratios, standardised
from kit.stats.experiment.sums import Counts, Moments

STONES = [(Counts(270, 234), Counts(87, 81)), (Counts(80, 55), Counts(263, 192))]
"""Charig and others (1986): kidney stones removed, small and large; percutaneous (control) and open surgery."""


def test_kidney_stones_turn_from_worse_to_better():
    found = standardised.compare(STONES, 0.05)
    assert found.pooled == pytest.approx(273 / 350 - 289 / 350)  # 78 % against 83 %
    shares = np.mean([(270 / 350, 80 / 350), (87 / 350, 263 / 350)], axis=0)
    better = [81 / 87 - 234 / 270, 192 / 263 - 55 / 80]  # 93 against 87 %, 73 against 69 %
    assert found.comparison.difference == pytest.approx(shares @ better)
    assert found.comparison.difference > 0 > found.pooled and found.reversed


def test_the_pooled_effect_is_the_standardised_one_and_what_shares_moved():
    found = standardised.compare(STONES, 0.05)
    assert found.comparison.difference + sum(found.shares) == pytest.approx(found.pooled)
    assert sum(found.rates) == pytest.approx(found.comparison.difference)
    assert all(share < 0 for share in found.shares)  # more of the hard stones, fewer of the easy ones
    thirds = standardised.compare([*STONES, (Counts(50, 20), Counts(50, 20))], 0.05)
    assert thirds.moved in (0, 1) and abs(thirds.shares[2]) < abs(thirds.shares[thirds.moved])


MEANS = Moments(90, 180.0, 700.0), Moments(80, 200.0, 900.0)
RATIOS = pairs(range(40), range(2, 42)), pairs(range(3, 43), range(1, 41))


@pytest.mark.parametrize(("arms", "by"), [(MEANS, means), (RATIOS, ratios)])
def test_one_segment_is_the_plain_comparison(arms, by):
    found, plain = standardised.compare([arms], 0.05).comparison, by.compare(*arms, 0.05)
    names = ("control", "variant", "low", "high", "lift_low", "lift_high", "p")
    assert [getattr(found, n) for n in names] == pytest.approx([getattr(plain, n) for n in names])


def test_the_error_rate_is_kept_where_shares_are_shifted_and_the_pooled_test_fails():
    rng, called, pooled = np.random.default_rng(7), [], []
    for _ in range(1500):
        units = ((1200, 800), (900, 1100))
        segments = [
            tuple(Counts(n, int(rng.binomial(n, rate))) for n in pair)
            for pair, rate in zip(zip(*units, strict=True), (0.05, 0.15), strict=True)
        ]
        called.append(standardised.compare(segments, 0.05).comparison.differs)
        plain = [
            Counts(sum(c.units for c in arm), sum(c.successes for c in arm)) for arm in zip(*segments, strict=True)
        ]
        pooled.append(means.compare(*(Moments(c.units, c.successes, c.successes) for c in plain), 0.05).differs)
    assert 0.036 <= np.mean(called) <= 0.062
    assert np.mean(pooled) > 0.2


ARM = st.tuples(st.integers(2, 300), st.floats(0, 1)).map(lambda a: Counts(a[0], round(a[0] * a[1])))


@given(st.lists(st.tuples(ARM, ARM), min_size=1, max_size=5), st.sampled_from([0.01, 0.05, 0.2]))
def test_it_never_contradicts_itself_and_the_split_is_exact(segments, alpha):
    found = standardised.compare(segments, alpha)
    assert found.comparison.consistent
    assert found.comparison.difference + sum(found.shares) == pytest.approx(found.pooled, abs=1e-12)


def test_a_segment_in_one_arm_only_is_all_share():
    found = standardised.compare([*STONES, (Counts(0, 0), Counts(40, 10))], 0.05)
    assert found.comparison.withheld == ("segment_in_one_arm",) and found.comparison.difference is None
    assert found.rates[2] == 0 and found.pooled == pytest.approx(sum(found.rates) + sum(found.shares))


def test_a_segment_of_one_unit_has_no_error():
    assert standardised.compare([*STONES, (Counts(1, 1), Counts(9, 3))], 0.05).comparison.withheld == ("one_unit",)


@pytest.mark.parametrize("segments", [[], [(Counts(0, 0), Counts(5, 1))]])
def test_nothing_to_pool_is_none(segments):
    assert standardised.compare(segments, 0.05) is None
