"""Modified z-scores: by hand, and when nothing is called."""

import numpy as np
import pytest

from kit.stats.unlike import LEAST, LINE, unlike


def test_the_score_is_the_scaled_distance_from_the_median_in_median_distances():
    """Median 5.5, distances 0.5 to 44.5 with the median 2.5: the last is 0.6745 × 44.5 ÷ 2.5."""
    scores = unlike([1, 2, 3, 4, 5, 6, 7, 8, 9, 50])
    assert scores[-1] == pytest.approx(0.6745 * 44.5 / 2.5) and scores[0] == pytest.approx(-0.6745 * 4.5 / 2.5)


@pytest.mark.parametrize("values", [[1.0, 99.0] * 4 + [5.0], [2.0] * 9 + [99.0], []])
def test_a_handful_of_values_and_values_that_are_alike_have_no_scores(values):
    assert unlike(values) == (0.0,) * len(values) and LEAST == 10


def test_of_normal_values_hardly_one_in_two_hundred_is_beyond_the_line():
    rng = np.random.default_rng(7)
    beyond = [abs(z) > LINE for _ in range(500) for z in unlike(rng.normal(0, 1, 30))]
    assert np.mean(beyond) <= 0.005
