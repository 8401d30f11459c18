"""Margins: SAS's p at a margin, statsmodels' TOST, agreement with the intervals, and error rates at the margin."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.weightstats import ttost_ind

from kit.stats.experiment import margins, means, proportions
from kit.stats.experiment.sums import Counts, Moments


@pytest.mark.parametrize(
    ("counts", "p"),
    [
        ((57, 81, 21, 22), 0.0491441414),
        ((21, 23, 108, 208), 0.9999965591),
        ((1, 8, 91, 146), 0.014294651),
        ((0, 9, 6, 127), 0.9758354701),
        ((3, 110, 14, 19), 9.105566e-12),
    ],
)
def test_p_of_no_higher_than_a_margin_is_that_of_sas(counts, p):
    """As kept with the macros of ratesci, which give the other tail, at a difference of −0.1."""
    x1, n1, x0, n0 = counts
    found = margins.of_rates(Counts(n0, x0), Counts(n1, x1), 0.1, 0.025, "difference")
    assert 1 - found.p_low == pytest.approx(p, abs=2e-10)


def moments(values):
    return Moments(len(values), values.sum(), (values**2).sum())


def test_equivalence_of_means_is_schuirmanns_test():
    rng = np.random.default_rng(6)
    control, variant = rng.normal(50, 8, 60), rng.normal(51, 11, 75)
    found = margins.of_estimates(means.estimates(moments(control), moments(variant)), 5, 0.05, "difference")
    p, low, high = ttost_ind(variant, control, -5, 5, usevar="unequal")
    assert (found.p_equivalent, found.p_low, found.p_high) == pytest.approx((p, low[1], high[1]))
    assert (found.low, found.high) == pytest.approx(
        tuple(stats.ttest_ind(variant, control, equal_var=False).confidence_interval(0.9))
    )


def test_a_relative_margin_of_a_mean_is_tested_on_fiellers_line():
    control, variant = Moments(400, 4000.0, 44_000.0), Moments(300, 3060.0, 35_000.0)
    found = margins.of_estimates(means.estimates(control, variant), 0.05, 0.025)
    error = math.sqrt(variant.variance / 300 + 0.95**2 * control.variance / 400)
    freedom = means.estimates(control, variant).freedom
    assert found.p_low == pytest.approx(stats.t.sf((10.2 - 0.95 * 10) / error, freedom))


counts = st.integers(5, 2000).flatmap(lambda n: st.builds(Counts, st.just(n), st.integers(0, n)))


@settings(max_examples=80, deadline=None)
@given(counts, counts, st.floats(0.005, 0.6), st.sampled_from(margins.SCALES), st.sampled_from([0.025, 0.05]))
def test_verdicts_against_a_margin_are_where_the_interval_lies(control, variant, margin, scale, alpha):
    found = margins.of_rates(control, variant, margin, alpha, scale)
    if found.withheld:
        assert scale == "lift" and not control.successes
        return
    assert found.above == (found.low > -margin) and found.below == (found.high < margin)
    assert found.equivalent == (-margin < found.low and found.high < margin)


@settings(max_examples=80, deadline=None)
@given(st.floats(1, 30), st.floats(1, 30), st.floats(0.01, 0.8), st.sampled_from(margins.SCALES))
def test_verdicts_on_means_are_where_the_interval_lies(control, variant, margin, scale):
    arms = [Moments(50, 50 * mean, 50 * mean**2 + 49 * 36) for mean in (control, variant)]
    found = margins.of_estimates(means.estimates(*arms), margin, 0.05, scale)
    if found.withheld:
        assert found.withheld == ("control_not_above_zero",) and found.p_low is None and not found.above
        return
    assert found.above == (found.low > -margin) and found.below == (found.high < margin)


@pytest.mark.parametrize("scale", margins.SCALES)
def test_a_loss_of_just_the_margin_is_called_none_at_the_stated_rate(scale):
    units, rate, margin = 2000, 0.1, 0.1
    worse = rate * (1 - margin)
    ends = [(int(units * p - 6 * 14), int(units * p + 6 * 14)) for p in (rate, worse)]
    x0, x1 = (np.arange(*end) for end in ends)
    chance = np.outer(stats.binom.pmf(x0, units, rate), stats.binom.pmf(x1, units, worse)).ravel()
    x0, x1 = (grid.ravel().astype(float) for grid in np.meshgrid(x0, x1, indexing="ij"))
    n = np.full(len(x0), float(units))
    supposed = np.full(len(x0), worse - rate if scale == "difference" else 1 - margin)
    scores = (proportions.difference_scores if scale == "difference" else proportions.ratio_scores)(
        x0, n, x1, n, supposed
    )
    assert 0.0215 <= chance[scores > -stats.norm.ppf(0.025)].sum() <= 0.0285


@pytest.mark.parametrize(
    ("arms", "scale", "why"),
    [
        ((Counts(50, 0), Counts(50, 3)), "lift", "control_not_above_zero"),
        ((Counts(1, 1), Counts(50, 3)), "difference", "one_unit"),
        ((Counts(0, 0), Counts(50, 3)), "lift", "no_units"),
    ],
)
def test_arms_that_cannot_be_tested_meet_no_margin(arms, scale, why):
    found = margins.of_rates(*arms, 0.1, 0.05, scale)
    assert found.withheld == (why,) and found.p_equivalent is None and not (found.above or found.below)


def test_arms_of_identical_values_meet_no_margin():
    found = margins.of_estimates(means.estimates(Moments(5, 10.0, 20.0), Moments(5, 10.0, 20.0)), 0.1, 0.05)
    assert found.withheld == ("no_variation",) and not found.equivalent


@pytest.mark.parametrize(("margin", "scale"), [(0.0, "difference"), (1.0, "lift"), (0.1, "ratio")])
def test_margins_that_are_none_are_refused(margin, scale):
    with pytest.raises(ValueError, match="no margin of a"):
        margins.of_rates(Counts(50, 5), Counts(50, 6), margin, 0.05, scale)
