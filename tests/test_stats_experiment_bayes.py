"""Priors and posteriors: Miller's closed form, draws, and that a flat prior says what the test says."""

import math

import numpy as np
import pytest
from scipy import stats
from scipy.special import betainc, betaln

from kit.stats.experiment import bayes, proportions
from kit.stats.experiment.bayes import Beta, Normal
from kit.stats.experiment.sums import Counts


def miller(a0, b0, a1, b1):
    """P(variant > control) of Beta(a1, b1) and Beta(a0, b0), a1 a whole number (Miller, "Formulas for Bayesian A/B")."""
    i = np.arange(a1)
    return np.exp(betaln(a0 + i, b1 + b0) - np.log(b1 + i) - betaln(1 + i, b1) - betaln(a0, b0)).sum()


@pytest.mark.parametrize(
    ("control", "variant"),
    [((10, 100), (15, 110)), ((120, 1000), (100, 1000)), ((5000, 100_000), (5200, 100_000)), ((3, 4), (90, 100))],
)
def test_the_chance_of_being_higher_is_that_of_the_closed_form(control, variant):
    (x0, n0), (x1, n1) = control, variant
    found = bayes.of_rates(Counts(n0, x0), Counts(n1, x1))
    assert found.higher == pytest.approx(miller(1 + x0, 1 + n0 - x0, 1 + x1, 1 + n1 - x1), rel=1e-8)


@pytest.mark.parametrize("prior", [Beta(), Beta(0.5, 0.5), Beta(3, 97)])
def test_losses_are_those_of_draws_and_differ_by_the_posterior_means(prior):
    control, variant, rng = Counts(300, 12), Counts(280, 19), np.random.default_rng(8)
    found = bayes.of_rates(control, variant, prior)
    shapes = [(prior.successes + arm.successes, prior.failures + arm.failures) for arm in (control, variant)]
    first, second = (rng.beta(*shape, 400_000) for shape in shapes)
    assert found.higher == pytest.approx((second > first).mean(), abs=0.003)
    assert found.shortfall == pytest.approx(np.maximum(first - second, 0).mean(), rel=0.02)
    assert found.excess == pytest.approx(np.maximum(second - first, 0).mean(), rel=0.01)
    means = [a / (a + b) for a, b in shapes]
    assert found.excess - found.shortfall == pytest.approx(means[1] - means[0], rel=1e-9)
    assert found.prior == prior


@pytest.mark.parametrize(
    "counts", [((12, 300), (19, 280)), ((120, 1000), (100, 1000)), ((5000, 100_000), (5200, 100_000))]
)
def test_losses_are_those_of_the_closed_form(counts):
    """E max(p − q, 0) of two Betas is E p · P(p' > q) − E q · P(p > q'), a success more behind each prime."""
    (a, b), (c, d) = ((1 + x, 1 + n - x) for x, n in counts)
    found = bayes.of_rates(*(Counts(n, x) for x, n in counts))
    control, variant = a / (a + b), c / (c + d)
    shortfall = control * miller(c, d, a + 1, b) - variant * miller(c + 1, d, a, b)
    excess = variant * miller(a, b, c + 1, d) - control * miller(a + 1, b, c, d)
    assert (found.shortfall, found.excess) == pytest.approx((shortfall, excess), rel=1e-6)


def test_without_a_unit_the_prior_alone_speaks():
    found = bayes.of_rates(Counts(0, 0), Counts(0, 0))
    assert (found.higher, found.shortfall, found.excess) == pytest.approx((1 / 2, 1 / 6, 1 / 6))


def test_arms_of_very_unlike_size_lose_no_digits():
    """A rate known to three digits against a uniform one: the chance is the Beta's own tail."""
    found = bayes.of_rates(Counts(5, 2), Counts(2_000_000, 1_000_000))
    assert found.higher == pytest.approx(betainc(3, 4, 0.5), abs=1e-6)


def test_a_normal_difference_has_its_chance_and_losses():
    found, rng = bayes.of_difference(1.5, 2.0), np.random.default_rng(9)
    drawn = rng.normal(1.5, 2.0, 400_000)
    assert found.higher == pytest.approx(stats.norm.cdf(0.75))
    assert found.shortfall == pytest.approx(np.maximum(-drawn, 0).mean(), rel=0.02)
    assert found.excess == pytest.approx(np.maximum(drawn, 0).mean(), rel=0.01)


def test_a_prior_around_none_draws_the_difference_in_by_its_share_of_the_precision():
    found = bayes.of_difference(1.5, 2.0, Normal(1.0))
    mean, deviation = 1.5 * 1 / 5, math.sqrt(4 / 5)
    assert found.higher == pytest.approx(stats.norm.cdf(mean / deviation)) and found.prior == Normal(1.0)
    assert found.excess - found.shortfall == pytest.approx(mean)


def test_far_out_no_loss_is_below_none():
    found = bayes.of_difference(-50.0, 1.0)
    assert found.higher < 1e-100 and found.excess == 0 and found.shortfall == pytest.approx(50)


def test_with_much_data_and_a_flat_prior_the_chance_is_the_one_sided_p():
    control, variant = Counts(40_000, 2000), Counts(40_000, 2090)
    p = proportions.p_value(control, variant)
    assert 1 - bayes.of_rates(control, variant).higher == pytest.approx(p / 2, abs=1e-3)


def test_a_difference_without_error_is_refused():
    with pytest.raises(ValueError, match="needs no prior"):
        bayes.of_difference(1.0, 0.0)


@pytest.mark.parametrize("successes", [480, 500, 600])
def test_a_chance_is_no_more_than_one_however_clear_the_case(successes):
    assert 1 - 1e-9 < bayes.of_rates(Counts(8000, 240), Counts(8000, successes)).higher <= 1
