"""Several variants: Dunnett's table, a second implementation, the family's error rate, and one verdict always."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats
from sums_of import moments, pairs

from kit.stats.experiment import cuped, dunnett, means, proportions
from kit.stats.experiment.sums import Counts, Moments


@pytest.mark.parametrize(
    ("variants", "five", "one"),
    [  # Dunnett (1964), tables II and III, two-sided, infinite degrees of freedom
        (1, 1.96, 2.58),
        (2, 2.21, 2.79),
        (3, 2.35, 2.92),
        (4, 2.44, 3.00),
        (5, 2.51, 3.06),
        (6, 2.57, 3.11),
        (7, 2.61, 3.15),
        (8, 2.65, 3.19),
        (9, 2.69, 3.22),
    ],
)
def test_critical_values_are_those_of_dunnetts_table(variants, five, one):
    alike = np.full(variants, math.sqrt(0.5))
    assert dunnett.critical(alike, 0.05) == pytest.approx(five, abs=0.0051)
    assert dunnett.critical(alike, 0.01) == pytest.approx(one, abs=0.0051)


@pytest.mark.parametrize("loadings", [(0.7, 0.7), (0.3, 0.9), (0.5, 0.6, 0.95), (0.99, 0.99, 0.1)])
@pytest.mark.parametrize("score", [0.5, 2.0, 3.3])
def test_the_chance_is_that_of_the_multivariate_normal(loadings, score):
    together = np.outer(loadings, loadings)
    np.fill_diagonal(together, 1)
    box = stats.multivariate_normal(cov=together, seed=1)
    inside = box.cdf(np.full(len(loadings), score), lower_limit=np.full(len(loadings), -score))
    assert dunnett.beyond(score, np.array(loadings)) == pytest.approx(1 - inside, abs=2e-5)


@pytest.mark.parametrize("loadings", [(0.7, 0.7), (0.3, 0.9), (0.5, 0.6, 0.95)])
@pytest.mark.parametrize("score", [0.5, 2.0, 3.3])
def test_the_chance_is_that_of_another_quadrature(loadings, score):
    def inside(z):
        ends = [[stats.norm.cdf((s * score - w * z) / math.sqrt(1 - w * w)) for s in (-1, 1)] for w in loadings]
        return stats.norm.pdf(z) * math.prod(high - low for low, high in ends)

    whole, _ = integrate.quad(inside, -9, 9, epsabs=1e-12, limit=200, points=[-score, score])
    assert dunnett.beyond(score, np.array(loadings)) == pytest.approx(1 - whole, rel=1e-7)


@pytest.mark.parametrize("score", [0.0, 1.0, 3.0, 8.0, 20.0, 30.0])
def test_far_out_the_chance_keeps_its_digits(score):
    alone = 2 * stats.norm.sf(score)
    assert dunnett.beyond(score, np.array([0.7])) == pytest.approx(alone, rel=1e-9)
    assert alone * (1 - 1e-9) <= dunnett.beyond(score, np.array([0.6, 0.7, 0.8])) <= 3 * alone * (1 + 1e-9)


def test_adjusted_p_and_intervals_are_those_of_scipy_where_arms_vary_alike():
    rng = np.random.default_rng(8)
    control, *variants = (stats.zscore(rng.normal(size=400), ddof=1) + mean for mean in (0, 0.1, 0.17, 0.05))
    found = dunnett.compare(moments(control), [moments(v) for v in variants], 0.05)
    other = stats.dunnett(*variants, control=control, rng=np.random.default_rng(1))  # by draws: three digits
    assert [f.p for f in found] == pytest.approx(list(other.pvalue), abs=0.001)
    ends = other.confidence_interval(0.95)
    assert [f.low for f in found] == pytest.approx(list(ends.low), abs=0.001)


def test_one_variant_is_the_plain_comparison():
    (found,), plain = (
        dunnett.compare(Counts(900, 80), [Counts(900, 107)], 0.05),
        proportions.compare(Counts(900, 80), Counts(900, 107), 0.05),
    )
    assert (found.p, found.low, found.lift_high) == pytest.approx((plain.p, plain.low, plain.lift_high), rel=1e-8)


ARM = st.tuples(st.integers(2, 400), st.floats(0, 1)).map(lambda a: Counts(a[0], round(a[0] * a[1])))
FIGURES = st.lists(st.integers(-20, 60), min_size=2, max_size=12).map(moments)


@given(
    st.one_of(st.lists(ARM, min_size=2, max_size=5), st.lists(FIGURES, min_size=2, max_size=5)),
    st.sampled_from([0.01, 0.05, 0.2]),
)
def test_adjusted_p_difference_and_lift_never_contradict_each_other(arms, alpha):
    for found in dunnett.compare(arms[0], arms[1:], alpha):
        assert found.consistent and found.level == 1 - alpha


def test_adjusted_p_is_never_smaller_than_alone_nor_larger_than_by_bonferroni():
    arms = [Counts(1000, x) for x in (100, 128, 117, 99)]
    found = dunnett.compare(arms[0], arms[1:], 0.05)
    alone = [proportions.compare(arms[0], arm, 0.05).p for arm in arms[1:]]
    assert all(p <= f.p <= min(1, 3 * p) for f, p in zip(found, alone, strict=True))
    assert {f.method for f in found} == {"dunnett_score_miettinen_nurminen"}


def test_a_variant_that_cannot_be_tested_is_not_counted_among_them():
    whole = dunnett.compare(Counts(500, 40), [Counts(500, 60), Counts(0, 0), Counts(500, 41)], 0.05)
    without = dunnett.compare(Counts(500, 40), [Counts(500, 60), Counts(500, 41)], 0.05)
    assert (whole[0], whole[2]) == without and whole[1].withheld == ("no_units",)
    assert dunnett.compare(Counts(0, 0), [Counts(5, 1)], 0.05)[0].withheld == ("no_units",)


def test_adjusted_means_go_by_their_own_module():
    rng = np.random.default_rng(2)
    before = [rng.gamma(2, 1, 300) for _ in range(3)]
    arms = [pairs(x + rng.normal(0, 0.3, 300) + shift, x) for x, shift in zip(before, (0, 0.1, 0), strict=True)]
    found = dunnett.compare(arms[0], arms[1:], 0.05, cuped)
    plain = dunnett.compare(arms[0].moments, [a.moments for a in arms[1:]], 0.05)
    assert found[0].differs and not plain[0].differs and found[0].method == "dunnett_cuped_fieller"


def test_a_control_that_varies_little_hardly_ties_the_scores_together():
    steady, wild = (Moments(500, 500.0, 500.0 + 500 * v) for v in (0.01, 4.0))
    (found, _), alone = dunnett.compare(steady, [wild, wild], 0.05), means.compare(steady, wild, 1 - math.sqrt(0.95))
    assert found.high == pytest.approx(alone.high, rel=1e-3)  # as if independent (Šidák)


def test_with_three_variants_any_is_called_at_the_stated_rate():
    rng, called = np.random.default_rng(9), []
    for draws in rng.gamma(0.5, 2.0, (1200, 4, 300)):
        control, *variants = map(moments, draws)
        called.append(any(found.differs for found in dunnett.compare(control, variants, 0.05)))
    assert 0.035 <= np.mean(called) <= 0.062
