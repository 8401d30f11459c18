"""Two proportions: published intervals, a second way to the same ends, exact error rates, and one verdict always."""

import csv
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest
from test_real_files import DATA

from kit.stats.experiment import proportions
from kit.stats.experiment.sums import Counts


def compare(x1, n1, x0, n0, alpha=0.05):
    """The variant first, as published tables have it."""
    return proportions.compare(Counts(n0, x0), Counts(n1, x1), alpha)


@pytest.mark.parametrize(
    ("counts", "alpha", "low", "high"),
    [
        ((56, 70, 48, 80), 0.05, 0.0528, 0.3382),  # Newcombe (1998), table II, method of Miettinen and Nurminen
        ((5, 56, 0, 29), 0.05, -0.0326, 0.1933),  # the same
        ((30, 100, 40, 90), 0.05, -0.2781290897, -0.0067083418),  # as in the tests of MetidaFreq.jl
        ((9, 143, 72, 112), 0.05, -0.670509646, -0.477282587),  # SAS, as kept with the macros of ratesci
        ((7, 202, 8, 186), 0.01, -0.069332195, 0.048304384),
        ((0, 9, 6, 127), 0.05, -0.099494791, 0.254701602),
        ((1, 1, 200, 276), 0.01, -0.598800023, 0.3494203597),
    ],
)
def test_intervals_of_the_difference_are_the_published_ones(counts, alpha, low, high):
    x1, n1, x0, n0 = counts
    digits = len(str(low).split(".")[1])
    found = proportions.difference_interval(Counts(n0, x0), Counts(n1, x1), alpha)
    assert found == pytest.approx((low, high), abs=max(0.6 * 10**-digits, 2e-9))


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((24, 73, 53, 65), 0.280, 0.560),  # Fagerland and Newcombe's tables, as in the tests of ratesci
        ((29, 55, 11, 11), 0.397, 0.742),
        ((7, 18, 1, 18), 1.296, 42.544),
        ((30, 100, 40, 90), 0.4605492931, 0.9820955908),  # as in the tests of MetidaFreq.jl
    ],
)
def test_intervals_of_the_lift_are_those_published_of_the_ratio(counts, low, high):
    found = compare(*counts)
    digits = min(len(str(low).split(".")[1]), 9)
    assert (1 + found.lift_low, 1 + found.lift_high) == pytest.approx((low, high), abs=0.6 * 10**-digits)


# ---- a second way: the restricted likelihood maximised by search, the statistic inverted by Brent's method -------------


def searched(x0, n0, x1, n1, other, least, most):
    """The control's rate of greatest likelihood where the variant's is ``other(rate)``, by search between its ends."""

    def minus_likelihood(p):
        terms = [(x0, p), (n0 - x0, 1 - p), (x1, other(p)), (n1 - x1, 1 - other(p))]
        return -sum(count * math.log(max(chance, 1e-300)) for count, chance in terms if count)

    return optimize.minimize_scalar(minus_likelihood, bounds=(least, most), options={"xatol": 1e-13}).x


def statistic(off, p0, n0, p1, n1, weight=1.0):
    variance = (p1 * (1 - p1) / n1 + weight**2 * p0 * (1 - p0) / n0) * (n0 + n1) / (n0 + n1 - 1)
    return off**2 / variance if variance > 0 else math.inf


def of_difference(x0, n0, x1, n1):
    def chi(d):
        p0 = searched(x0, n0, x1, n1, lambda p: p + d, max(0, -d), min(1, 1 - d))
        return statistic(x1 / n1 - x0 / n0 - d, p0, n0, p0 + d, n1)

    return chi


def of_ratio(x0, n0, x1, n1):
    def chi(ratio):
        p0 = searched(x0, n0, x1, n1, lambda p: p * ratio, 0, min(1, 1 / ratio))
        return statistic(x1 / n1 - ratio * x0 / n0, p0, n0, ratio * p0, n1, ratio)

    return chi


SAMPLES = [(12, 500, 18, 500), (45, 9000, 9, 1000), (7, 200_000, 21, 190_000), (480, 500, 470, 500), (3, 40, 0, 25)]


@pytest.mark.parametrize(("x0", "n0", "x1", "n1"), SAMPLES)
def test_ends_are_those_of_a_search_that_uses_no_closed_form(x0, n0, x1, n1):
    found, limit = compare(x1, n1, x0, n0), stats.chi2.isf(0.05, 1)
    chi, seen = of_difference(x0, n0, x1, n1), x1 / n1 - x0 / n0
    ends = [optimize.brentq(lambda d: chi(d) - limit, *pair) for pair in ((seen - 0.2, seen), (seen, seen + 0.2))]
    assert (found.low, found.high) == pytest.approx(ends, abs=1e-6 * (found.high - found.low))
    chi, seen = of_ratio(x0, n0, x1, n1), x1 / n1 / (x0 / n0)
    starts = ((seen / 20, seen), (seen, seen * 20)) if seen else ()
    if starts:
        ends = [optimize.brentq(lambda r: chi(r) - limit, *pair) for pair in starts]
        assert (1 + found.lift_low, 1 + found.lift_high) == pytest.approx(ends, rel=1e-6)


@pytest.mark.parametrize(("x0", "n0", "x1", "n1"), SAMPLES)
def test_p_is_that_of_the_pooled_test_and_the_ratio_that_of_statsmodels(x0, n0, x1, n1):
    found, units = compare(x1, n1, x0, n0), n0 + n1
    z, _ = proportions_ztest([x1, x0], [n1, n0])
    assert found.p == pytest.approx(2 * stats.norm.sf(abs(z) * math.sqrt((units - 1) / units)), rel=1e-9)
    if x1:
        ends = confint_proportions_2indep(x1, n1, x0, n0, compare="ratio", method="score", correction=True)
        assert (1 + found.lift_low, 1 + found.lift_high) == pytest.approx(ends, rel=1e-5)


# ---- one verdict ---------------------------------------------------------------------------------------------------


@st.composite
def arms(draw):
    units = draw(st.tuples(*[st.integers(2, 3000) | st.sampled_from([10**5, 10**7])] * 2))
    return [Counts(n, draw(st.integers(0, min(n, 40)) | st.integers(0, n))) for n in units]


@settings(max_examples=100, deadline=None)
@given(arms(), st.sampled_from([0.01, 0.05, 0.1]))
def test_p_difference_and_lift_never_contradict_each_other(both, alpha):
    found = proportions.compare(*both, alpha)
    assert found.consistent
    assert -1 <= found.low <= found.difference <= found.high <= 1
    if found.lift is not None:
        assert -1 <= found.lift_low <= found.lift + 1e-12 and found.lift - 1e-12 <= found.lift_high


@settings(max_examples=30, deadline=None)
@given(arms())
def test_arms_exchanged_and_successes_called_failures_mirror_the_difference(both):
    control, variant = both
    found = proportions.difference_interval(control, variant, 0.05)
    low, high = proportions.difference_interval(variant, control, 0.05)
    assert (-high, -low) == pytest.approx(found, abs=1e-6)
    failures = [Counts(arm.units, arm.failures) for arm in both]
    low, high = proportions.difference_interval(*failures, 0.05)
    assert (-high, -low) == pytest.approx(found, abs=1e-6)


# ---- error rates, exactly: every outcome that matters, by how likely it is ----------------------------------------------


def outcomes(n0, n1, p0, p1):
    """Counts of both arms within eight standard deviations, with their chance."""
    ends = [(int(n * p - 8 * math.sqrt(n * p)), int(n * p + 8 * math.sqrt(n * p)) + 5) for n, p in ((n0, p0), (n1, p1))]
    x0, x1 = (np.arange(max(low, 1), min(high, n)) for (low, high), n in zip(ends, (n0, n1), strict=True))
    chance = np.outer(stats.binom.pmf(x0, n0, p0), stats.binom.pmf(x1, n1, p1)).ravel()
    x0, x1 = (grid.ravel().astype(float) for grid in np.meshgrid(x0, x1, indexing="ij"))
    kept = chance > 1e-9
    return (x0[kept], np.full(kept.sum(), float(n0)), x1[kept], np.full(kept.sum(), float(n1))), chance[kept]


DESIGNS = [(500, 500, 0.02, 0.026), (2000, 2000, 0.02, 0.022), (9000, 1000, 0.01, 0.011), (500, 500, 0.03, 0.03)]


@pytest.mark.parametrize(("n0", "n1", "p0", "p1"), DESIGNS)
def test_intervals_of_difference_and_lift_cover_as_often_as_they_say(n0, n1, p0, p1):
    counts, chance = outcomes(n0, n1, p0, p1)
    assert chance.sum() > 0.999
    low, high = proportions.difference_intervals(*counts, 0.05)
    assert 0.945 <= chance[(low <= p1 - p0) & (p1 - p0 <= high)].sum() / chance.sum() <= 0.96
    low, high = proportions.lift_intervals(*counts, 0.05)
    assert 0.945 <= chance[(low <= p1 / p0 - 1) & (p1 / p0 - 1 <= high)].sum() / chance.sum() <= 0.96


@pytest.mark.parametrize(
    ("n0", "n1", "rate"), [(500, 500, 0.02), (500, 500, 0.1), (2000, 2000, 0.05), (9000, 1000, 0.01)]
)
def test_no_effect_is_called_one_at_the_stated_rate(n0, n1, rate):
    counts, chance = outcomes(n0, n1, rate, rate)
    assert 0.043 <= chance[proportions.p_values(*counts) < 0.05].sum() <= 0.057


def test_not_one_of_200_000_simulated_tests_contradicts_itself():
    rng, draws = np.random.default_rng(1), []
    for units, rate, lift in ((500, 0.02, 1.3), (500, 0.02, 1.0), (2000, 0.01, 1.5), (1000, 0.015, 1.8)):
        drawn = rng.binomial(units, [[rate], [rate * lift]], (2, 50_000))
        draws.append(np.vstack([drawn, np.full((1, 50_000), units)]))
    x0, x1, n = np.unique(np.hstack(draws), axis=1).astype(float)
    p, (low, high) = proportions.p_values(x0, n, x1, n), proportions.difference_intervals(x0, n, x1, n, 0.05)
    assert (((low > 0) | (high < 0)) == (p < 0.05)).all() and 0 < (p < 0.05).mean() < 1
    some = x0 > 0
    low, high = proportions.lift_intervals(x0[some], n[some], x1[some], n[some], 0.05)
    assert (((low > 0) | (high < 0)) == (p[some] < 0.05)).all()


# ---- degenerate counts have words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "withheld", "warnings"),
    [
        ((0, 2000, 5, 2100), (), ("few_successes",)),
        ((5, 2100, 0, 2000), ("control_not_above_zero",), ("few_successes",)),
        ((0, 50, 0, 60), ("control_not_above_zero",), ("no_successes",)),
        ((50, 50, 60, 60), (), ("no_failures",)),
        ((50, 50, 0, 60), ("control_not_above_zero",), ("few_successes", "few_failures")),
        ((1, 1, 20, 60), ("one_unit",), ()),
        ((0, 0, 20, 60), ("no_units",), ()),
    ],
)
def test_counts_that_leave_something_unsaid_say_so_in_codes(counts, withheld, warnings):
    found = compare(*counts)
    assert (found.withheld, found.warnings) == (withheld, warnings)
    assert (found.p is None) == bool({"one_unit", "no_units"} & set(withheld))
    assert (found.lift_low is None) == bool(withheld)


def test_nobody_or_everybody_succeeding_is_no_difference_with_an_interval_that_is_not_empty():
    for counts in ((0, 50, 0, 60), (50, 50, 60, 60)):
        found = compare(*counts)
        assert found.p == 1 and found.difference == 0 and found.low < -0.04 and found.high > 0.04


def test_a_variant_without_a_success_may_have_lost_everything():
    found = compare(0, 2000, 5, 2100)
    assert (
        found.lift == found.lift_low == -1 and -0.5 < found.lift_high < 0 and found.p == pytest.approx(0.029, abs=1e-4)
    )


def test_strong_evidence_keeps_its_size_far_out():
    assert 0 < compare(12_000, 100_000, 10_000, 100_000).p < 1e-40


def test_more_successes_than_units_are_refused():
    with pytest.raises(ValueError, match="120 successes of 100 units"):
        Counts(100, 120)


# ---- real ------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not DATA.is_dir(), reason=f"needs the real data sets in ../shared/{DATA.name}")
def test_the_gate_of_cookie_cats_costs_players_of_the_seventh_day():
    with (DATA / "cookie_cats" / "cookie_cats.csv").open(newline="") as lines:
        kept = [(line["version"], line["retention_7"] == "TRUE") for line in csv.DictReader(lines)]
    arm = {name: [back for version, back in kept if version == name] for name in ("gate_30", "gate_40")}
    found = proportions.compare(*(Counts(len(backs), sum(backs)) for backs in arm.values()), 0.05)
    assert (found.control, found.variant) == (pytest.approx(0.1902, abs=5e-5), pytest.approx(0.1820, abs=5e-5))
    assert found.p == pytest.approx(0.00155, abs=5e-6) and found.high < 0 and found.lift_high < 0
