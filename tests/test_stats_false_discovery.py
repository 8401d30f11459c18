"""Many claims at once: the published table, the factor for any dependence, and the rate that it keeps."""

import numpy as np
import pytest

from kit.stats.false_discovery import claims

# Benjamini and Hochberg (1995), section 4.1: fifteen tests of a treatment.
TABLE = [
    0.0001,
    0.0004,
    0.0019,
    0.0095,
    0.0201,
    0.0278,
    0.0298,
    0.0344,
    0.0459,
    0.3240,
    0.4262,
    0.5719,
    0.6528,
    0.7590,
    1.0,
]


def test_of_the_published_table_the_first_four_are_claimed():
    found = claims(TABLE, 0.05, independent=True)
    assert found.made == (True,) * 4 + (False,) * 11
    assert found.level == pytest.approx(1 - 4 * 0.05 / 15)


def test_the_factor_for_any_dependence_divides_the_rate_by_the_harmonic_sum():
    assert claims(TABLE, 0.05).made == (True,) * 3 + (False,) * 12
    assert claims(TABLE, 0.05).made == claims(TABLE, 0.05 / sum(1 / n for n in range(1, 16)), independent=True).made


def test_order_does_not_matter_and_step_up_takes_all_below_the_last_that_stands():
    assert claims([0.9, 0.04, 0.03, 0.035], 0.05, independent=True).made == (False, False, False, False)
    assert claims([0.04, 0.03, 0.035], 0.05, independent=True).made == (True, True, True)


def test_without_a_claim_intervals_hold_for_all_tests_together():
    assert claims([0.5, 0.6], 0.05, independent=True).level == pytest.approx(0.975)
    assert claims([], 0.05).made == () and claims([], 0.05).level == 0.95


@pytest.mark.parametrize("shared", [0.0, 0.9])
def test_false_claims_among_those_made_stay_at_the_rate_however_the_tests_hang_together(shared):
    from scipy.stats import norm

    rng, false = np.random.default_rng(3), []
    for _ in range(1000):
        common = rng.normal() * np.where(np.arange(20) % 2, 1, -1)
        z = np.sqrt(shared) * common + np.sqrt(1 - shared) * rng.normal(size=20)
        z[:5] += 3.5
        made = np.array(claims(list(2 * norm.sf(abs(z))), 0.05).made)
        false.append(made[5:].sum() / max(made.sum(), 1))
    assert np.mean(false) <= 0.05
