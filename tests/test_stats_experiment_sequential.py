"""The confidence sequence: its formula from the definition, false positives under daily peeking, one verdict always."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, optimize, stats
from sums_of import moments, pairs
from test_real_files import DATA

from kit.stats.experiment import cuped, means, ratios, sequential
from kit.stats.experiment.sums import Counts, Moments


@pytest.mark.parametrize(
    ("score", "units", "rho"), [(1.0, 50, 0.2), (2.5, 400, 0.1), (4.0, 1000, 0.03), (0.0, 10, 1.0)]
)
def test_p_is_one_over_the_likelihood_ratio_mixed_over_effects(score, units, rho):
    total = score * math.sqrt(units)

    def ratio(effect):
        return stats.norm.pdf(effect, 0, rho) * math.exp(effect * total - effect**2 * units / 2)

    mixed, _ = integrate.quad(ratio, -12 * rho, 12 * rho, points=[0, total / units], limit=200)
    assert sequential.p_of(score, units * rho**2) == pytest.approx(min(1, 1 / mixed), rel=1e-6)


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.2])
def test_the_limit_is_where_p_is_alpha_and_is_least_at_the_tuned_size(alpha):
    x = sequential.tuning(alpha)
    assert sequential.p_of(sequential.limit(x, alpha), x) == pytest.approx(alpha)
    width = optimize.minimize_scalar(lambda y: sequential.limit(y, alpha), bounds=(0.1, 100), method="bounded")
    assert width.x == pytest.approx(x, rel=1e-3)


def test_the_radius_is_the_papers_at_every_size():
    # Waudby-Smith and others (2024), eq. 9: σ̂ √(2 (t ρ² + 1) ÷ (t² ρ²) · ln(√(t ρ² + 1) ÷ α))
    t, rho, sigma = 800, 0.07, 1.7
    radius = sigma * math.sqrt(2 * (t * rho**2 + 1) / (t**2 * rho**2) * math.log(math.sqrt(t * rho**2 + 1) / 0.05))
    assert sequential.limit(t * rho**2, 0.05) * sigma / math.sqrt(t) == pytest.approx(radius)


def test_a_look_is_the_estimate_and_its_error_by_the_limit():
    control, variant = Moments(400, 800.0, 5600.0), Moments(400, 900.0, 6025.0)  # variances alike
    found, estimates = sequential.compare(control, variant, 0.05, 800), means.estimates(control, variant)
    half = sequential.limit(sequential.tuning(0.05), 0.05) * math.sqrt(estimates.variance)
    assert half == pytest.approx(3.034 * math.sqrt(estimates.variance), rel=1e-3)
    assert (found.low, found.high) == pytest.approx((0.25 - half, 0.25 + half), rel=0.01)
    assert found.difference == 0.25 and found.method == "confidence_sequence"


@pytest.mark.parametrize(
    ("arms", "by", "plain"),
    [
        ((Counts(400, 40), Counts(420, 60)), None, means),
        ((pairs(range(60), range(3, 63)), pairs(range(2, 62), range(3, 63))), None, ratios),
        ((pairs(range(60), range(3, 63)), pairs(range(2, 62), range(60, 0, -1))), cuped, cuped),
    ],
)
def test_every_kind_of_metric_can_be_read_daily(arms, by, plain):
    found = sequential.compare(*arms, 0.05, 1000, by)
    summed = [Moments(a.units, a.successes, a.successes) if isinstance(a, Counts) else a for a in arms]
    once = plain.compare(*summed, 0.05)
    assert (found.difference, found.lift) == pytest.approx((once.difference, once.lift))
    assert found.low < once.low and found.high > once.high and found.p > once.p


def test_the_path_is_a_look_at_the_sums_after_each_day():
    days = [(Counts(100, 10), Counts(110, 14)), (Counts(90, 9), Counts(95, 5)), (Counts(120, 13), Counts(99, 20))]
    *_, last = sequential.path(days, 0.05, 600)
    assert last == sequential.compare(Counts(310, 32), Counts(304, 39), 0.05, 600)
    assert len(list(sequential.path(days, 0.05, 600))) == 3


def test_several_variants_share_the_error_that_is_allowed():
    arms = Counts(900, 90), Counts(900, 130)
    third, alone = sequential.compare(*arms, 0.05, 3600, variants=3), sequential.compare(*arms, 0.05 / 3, 3600)
    assert (third.low, third.lift_high) == (alone.low, alone.lift_high)
    assert third.p == pytest.approx(3 * alone.p) and third.level == 0.95


FIGURES = st.lists(st.integers(-20, 60), min_size=30, max_size=40).map(moments)


@given(FIGURES, FIGURES, st.sampled_from([0.01, 0.05, 0.3]), st.integers(2, 5000), st.integers(1, 4))
def test_p_difference_and_lift_never_contradict_each_other(control, variant, alpha, planned, variants):
    assert sequential.compare(control, variant, alpha, planned, variants=variants).consistent


@pytest.mark.parametrize(
    ("control", "code"),
    [([], "no_units"), ([1], "one_unit"), ([1] * 29 + [], "too_few_units"), ([0] * 40, "control_not_above_zero")],
)
def test_what_cannot_be_given_has_a_code(control, code):
    assert code in sequential.compare(moments(control), moments(range(50)), 0.05, 100).withheld


def peeked(rng, units, draw, days, planned):
    """Whether a test without an effect is called on any day; ``draw`` makes the sums of an arm's day."""
    looks = sequential.path([tuple(draw(rng, n) for n in units) for _ in range(days)], 0.05, planned)
    return any(found.differs for found in looks)


def buyers(rng, units):
    return Counts(units, int(rng.binomial(units, 0.03)))


def revenue(rng, units):
    paid = rng.lognormal(5, 1, rng.binomial(units, 0.03))
    return Moments(units, float(paid.sum()), float((paid**2).sum()))


@pytest.mark.parametrize("draw", [buyers, revenue])
@pytest.mark.parametrize("units", [(250, 250), (450, 50)])
def test_daily_peeking_over_60_days_calls_at_most_5_in_100_tests_without_an_effect(units, draw):
    rng = np.random.default_rng(12)
    tests = [peeked(rng, units, draw, 60, 500 * 21) for _ in range(120)]
    assert np.mean(tests) <= 0.05


def test_whenever_it_is_read_both_intervals_hold_the_true_effect_in_95_of_100_tests():
    rng, held = np.random.default_rng(13), []
    for _ in range(120):
        drawn = rng.binomial(400, [[0.05, 0.065]] * 40)
        looks = sequential.path([tuple(Counts(400, int(n)) for n in day) for day in drawn], 0.05, 16_000)
        held.append(all(_holds(look) for look in looks))
    assert np.mean(held) >= 0.95


def _holds(look):
    lift = look.lift_low is None or look.lift_low <= 0.3 <= look.lift_high
    return lift and look.low <= 0.015 <= look.high


@pytest.mark.skipif(not DATA.is_dir(), reason=f"needs the real data sets in ../shared/{DATA.name}")
def test_of_99_real_tests_of_a_shop_peeking_calls_46_and_the_sequence_21():
    frame = pd.read_csv(DATA / "asos_experiments" / "asos_digital_experiments_dataset.csv").dropna()
    conversion = frame[frame["metric_id"] == 1].sort_values("time_since_start")
    once, peeked, valid = [], [], []
    for _, rows in conversion.groupby(["experiment_id", "variant_id"]):
        looks = [
            (_real(r.count_c, r.mean_c, r.variance_c), _real(r.count_t, r.mean_t, r.variance_t))
            for r in rows.itertuples()
        ]
        planned = sum(arm.units for arm in looks[-1])
        plain = [means.compare(*look, 0.05).differs for look in looks]
        once.append(plain[-1])
        peeked.append(any(plain))
        valid.append(any(sequential.compare(*look, 0.05, planned).differs for look in looks))
    assert (len(once), sum(once), sum(peeked), sum(valid)) == (99, 26, 46, 21)


def _real(units, mean, variance):
    return Moments(int(units), units * mean, (units - 1) * variance + units * mean**2)
