"""Whether segments differ in effect: a second way to the statistic, published data, error rates, and what is not asked."""

import numpy as np
import pytest
from scipy import optimize, stats
from statsmodels.stats.meta_analysis import combine_effects
from sums_of import pairs

from kit.stats.experiment import cuped, interaction, means
from kit.stats.experiment.sums import Counts, Moments


def segment(control, variant, units=400, spread=1.0):
    return tuple(Moments(units, units * m, units * m**2 + (units - 1) * spread) for m in (control, variant))


def test_of_differences_it_is_cochrans_q_of_statsmodels():
    segments = [segment(0.0, 0.1), segment(0.1, 0.05, 300), segment(-0.2, 0.3, 500, 2.0)]
    found = interaction.across(segments)
    each = [means.estimates(*pair) for pair in segments]
    other = combine_effects(np.array([e.difference for e in each]), np.array([e.variance for e in each]))
    assert found.scale == "difference"
    assert (found.statistic, found.common) == pytest.approx((other.q, other.mean_effect_fe))
    assert found.p == pytest.approx(stats.chi2.sf(other.q, 2))


def test_of_lifts_it_is_the_least_squared_distance_from_one_lift():
    segments = [segment(5.0, 5.5), segment(2.0, 2.1), segment(9.0, 9.1, 300)]
    found = interaction.across(segments)

    def squared(lift):
        each = [means.estimates(*pair) for pair in segments]
        return sum(
            (e.variant - (1 + lift) * e.control) ** 2 / (e.variant_variance + (1 + lift) ** 2 * e.control_variance)
            for e in each
        )

    best = optimize.minimize_scalar(squared, bounds=(-0.5, 0.5), method="bounded", options={"xatol": 1e-12})
    assert found.scale == "lift"
    assert (found.statistic, found.common) == pytest.approx((best.fun, best.x), abs=1e-6)
    assert sum(d**2 for d in found.distances) == pytest.approx(found.statistic)


def test_segments_of_unlike_level_and_one_lift_do_not_differ():
    alike = [tuple(Counts(20_000, n) for n in pair) for pair in ((200, 240), (1000, 1200), (4000, 4800))]
    assert interaction.p_of(alike) > 0.99
    unlike = [*alike[:2], tuple(Counts(20_000, n) for n in (4000, 4000))]
    assert interaction.p_of(unlike) < 0.01
    assert max(range(3), key=lambda n: abs(interaction.across(unlike).distances[n])) in (1, 2)


@pytest.mark.parametrize("rate", [0.02, 0.2])
def test_one_effect_for_all_is_called_different_at_the_stated_rate(rate):
    rng, called = np.random.default_rng(5), []
    for _ in range(1500):
        counts = rng.binomial(2000, np.outer((0.7, 1.0, 1.6), (rate, 1.2 * rate)))
        called.append(interaction.p_of([tuple(Counts(2000, int(n)) for n in pair) for pair in counts]) < 0.05)
    assert 0.035 <= np.mean(called) <= 0.062


@pytest.mark.parametrize("by", [None, cuped])
def test_ratios_and_adjusted_means_can_be_asked(by):
    rng = np.random.default_rng(6)
    before = rng.gamma(2, 1, (4, 90))
    arms = [pairs(x * factor + rng.normal(0, 0.2, 90), x) for x, factor in zip(before, (1, 1.1, 1, 2), strict=True)]
    found = interaction.across([(arms[0], arms[1]), (arms[2], arms[3])], by)
    assert found.p < 1e-6 and found.distances[0] < 0 < found.distances[1]


def test_a_segment_too_small_or_without_variation_is_not_asked():
    small, flat = segment(1.0, 1.1, 29), segment(1.0, 1.0, 100, 0.0)
    found = interaction.across([segment(3.0, 3.1), small, segment(4.0, 4.6), flat])
    assert found.distances[1] is None and found.distances[3] is None
    assert found.freedom == 1 and found.p == interaction.p_of([segment(3.0, 3.1), segment(4.0, 4.6)])
    assert interaction.across([segment(3.0, 3.1), small]) is None and interaction.p_of([]) is None


def test_segments_that_agree_wholly_are_at_no_distance():
    found = interaction.across([segment(3.0, 3.3), segment(3.0, 3.3)])
    assert (found.statistic, found.common, found.p) == pytest.approx((0, 0.1, 1))


@pytest.mark.parametrize(("effects", "scale"), [((2.0, 2.0, 2.0), "lift"), ((0.4, 0.4), "difference")])
def test_a_segment_apart_by_what_is_visible_is_told_apart_as_often_as_was_asked(effects, scale):
    """One of them lies off by that much, the smallest, of which the least is known."""
    rng, units = np.random.default_rng(9), (4000, 2500, 600)[-len(effects) :]
    base = 0.05 if scale == "difference" else 10.0  # the control too near to nothing for a lift

    def drawn(gaps):
        arms = [(base, base + effect + gap) for effect, gap in zip(effects, gaps, strict=True)]
        return [tuple(Moments(n, *summed(rng, n, mean)) for mean in pair) for n, pair in zip(units, arms, strict=True)]

    found = interaction.across(drawn([0] * len(effects)))
    assert found.scale == scale
    gap = found.visible(0.05, 0.8) * (base if scale == "lift" else 1)
    seen = [interaction.p_of(drawn([0] * (len(effects) - 1) + [gap])) < 0.05 for _ in range(1200)]
    assert np.mean(seen) == pytest.approx(0.8, abs=0.045)


def summed(rng, n, mean):
    """Sums of normal values with the standard deviation 3."""
    own = rng.normal(mean, 3 / n**0.5)
    return float(n * own), float(n * own**2 + 9 * rng.chisquare(n - 1))
