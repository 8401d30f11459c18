"""What early looks cost: the published table, and random walks."""

import numpy as np
import pytest

from kit.stats.experiment.looks import false_alarms


@pytest.mark.parametrize(
    ("looks", "chance"), [(1, 0.05), (2, 0.083), (3, 0.107), (4, 0.126), (5, 0.142), (10, 0.193), (20, 0.248)]
)
def test_it_is_the_table_of_armitage_mcpherson_and_rowe(looks, chance):
    assert false_alarms(looks, 0.05) == pytest.approx(chance, abs=5e-4)


@pytest.mark.parametrize(("looks", "alpha"), [(3, 0.05), (7, 0.01), (4, 0.2)])
def test_random_walks_cross_as_often(looks, alpha):
    from scipy.stats import norm

    steps = np.random.default_rng(11).standard_normal((200_000, looks)).cumsum(1)
    crossed = (np.abs(steps / np.sqrt(np.arange(1, looks + 1))) > norm.isf(alpha / 2)).any(1).mean()
    assert false_alarms(looks, alpha) == pytest.approx(crossed, abs=0.003)
