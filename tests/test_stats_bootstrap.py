"""Joint intervals of the index: against a slow twin, against scipy, and by simulation."""

import time

import numpy as np
import pytest
from scipy import stats

from kit.stats import bootstrap

# Two brands by three bands: money and listings.
MONEY = np.array([[10.0, 30.0, 0.0], [20.0, 20.0, 20.0]])
LISTINGS = np.array([[1.0, 2.0, 0.0], [3.0, 2.0, 2.0]])


def market(rng, listings, brands, spread, strength, bands=6, lift=1.0):
    """Sums by brand and band of a made-up market in which only band 3 may sell ``lift`` times as much."""
    brand = rng.choice(brands, listings, p=np.arange(brands, 0, -1) / np.arange(1, brands + 1).sum())
    place = rng.normal(0, 0.5, brands)[brand] + rng.normal(0, 0.6, listings)
    band = np.searchsorted(stats.norm.ppf(np.arange(1, bands) / bands) * np.hypot(0.5, 0.6), place)
    sold = np.exp(rng.normal(0, strength, brands)[brand] + rng.normal(0, spread, listings))
    sold = np.where(band == 3, sold * lift, sold)
    cells = brand * bands + band
    sums = [np.bincount(cells, w, minlength=brands * bands).reshape(brands, bands) for w in (sold, np.ones(listings))]
    present = sums[1].sum(1) > 0
    return sums[0][present], sums[1][present]


def judged(value, count):
    return (count.sum(0) >= 10) & ((value > 0).sum(0) >= 5)


def test_the_index_is_the_share_of_money_over_the_share_of_listings():
    assert bootstrap.share_index(MONEY.sum(0), LISTINGS.sum(0)) == pytest.approx([0.75, 1.25, 1.0])


def test_the_standard_error_is_that_of_the_jackknife_where_no_cluster_weighs_much():
    value, count = market(np.random.default_rng(3), 5000, 200, 0.5, 0.3)
    left_out = np.log(
        [bootstrap.share_index(value.sum(0) - v, count.sum(0) - c) for v, c in zip(value, count, strict=True)]
    )
    n = len(value)
    jackknife = np.sqrt((n - 1) / n * ((left_out - left_out.mean(0)) ** 2).sum(0))
    assert bootstrap.log_error(value, count) == pytest.approx(jackknife, rel=0.05)


def test_every_draw_is_what_a_slow_loop_over_clusters_gives():
    value, count = market(np.random.default_rng(5), 300, 12, 1.0, 0.5)
    draws, errors = bootstrap.resampled(value, count, 40, np.random.default_rng(9))
    weight = bootstrap.weights(len(value), 40, np.random.default_rng(9))
    for drawn, error, row in zip(draws, errors, weight.astype(int), strict=True):
        v, c = np.repeat(value, row, axis=0), np.repeat(count, row, axis=0)
        known = (v.sum(0) > 0) & (c.sum(0) > 0)
        assert drawn[known] == pytest.approx(np.log(bootstrap.share_index(v.sum(0), c.sum(0)))[known])
        assert error[known] == pytest.approx(bootstrap.log_error(v, c)[known])


def test_the_draws_spread_as_scipys_bootstrap_of_the_same_clusters():
    value, count = market(np.random.default_rng(7), 2000, 30, 0.8, 0.4)
    draws, _ = bootstrap.resampled(value, count, 4000, np.random.default_rng(1))

    def log_index(chosen):
        return np.log(bootstrap.share_index(value[chosen].sum(0), count[chosen].sum(0)))[2]

    clusters = (np.arange(len(value)),)
    twin = stats.bootstrap(
        clusters, log_index, n_resamples=4000, method="percentile", vectorized=False, rng=np.random.default_rng(2)
    )
    assert draws[:, 2].std(ddof=1) == pytest.approx(twin.standard_error, rel=0.06)
    ends = np.quantile(draws[:, 2], [0.025, 0.975])
    assert ends == pytest.approx([twin.confidence_interval.low, twin.confidence_interval.high], abs=0.03)


def test_the_critical_value_is_the_quantile_of_the_widest_deviation_over_the_judged_groups():
    value, count = market(np.random.default_rng(11), 800, 15, 1.0, 0.5)
    use = np.array([True, True, False, True, False, True])
    joint = bootstrap.joint_intervals(value, count, use, resamples=500, seed=4)
    draws, errors = bootstrap.resampled(value, count, 500, np.random.default_rng(4))
    widest = (np.abs(draws - np.log(joint.index)) / errors)[:, use].max(1)
    assert joint.critical == pytest.approx(np.quantile(widest, 0.95))
    half = joint.critical * bootstrap.log_error(value, count)[use]
    assert joint.low[use] == pytest.approx(joint.index[use] * np.exp(-half))
    assert joint.high[use] == pytest.approx(joint.index[use] * np.exp(half))
    assert np.isnan(joint.low[~use]).all() and np.isnan(joint.high[~use]).all()


def test_one_cluster_has_an_index_and_no_interval():
    joint = bootstrap.joint_intervals(MONEY[:1], LISTINGS[:1], np.ones(3, bool))
    assert joint.index[:2] == pytest.approx([0.75, 1.125])
    assert np.isnan(joint.low).all() and np.isnan(joint.critical)


def test_the_same_seed_gives_the_same_intervals():
    value, count = market(np.random.default_rng(13), 300, 12, 1.0, 0.5)
    once, again, other = (
        bootstrap.joint_intervals(value, count, np.ones(6, bool), resamples=300, seed=s) for s in (1, 1, 2)
    )
    assert np.array_equal(once.low, again.low) and not np.array_equal(once.low, other.low)


@pytest.mark.parametrize(
    ("listings", "brands", "spread", "strength", "lift"),
    [(150, 22, 1.5, 0.0, 1.0), (300, 22, 2.0, 0.7, 1.0), (1000, 22, 1.5, 0.7, 2.0), (600, 8, 1.5, 0.7, 1.0)],
)
def test_all_bands_hold_the_truth_together_in_nearly_every_heavy_tailed_market(
    listings, brands, spread, strength, lift
):
    rng = np.random.default_rng(20161111)
    factor = np.where(np.arange(6) == 3, lift, 1.0)
    truth = factor / factor.mean()
    held = []
    for seed in range(400):
        value, count = market(rng, listings, brands, spread, strength, lift=lift)
        use = judged(value, count)
        joint = bootstrap.joint_intervals(value, count, use, resamples=400, seed=seed)
        held.append(bool(((joint.low <= truth) & (truth <= joint.high))[use].all()))
    assert np.mean(held) >= 0.93  # nominal 0.95; four hundred markets leave ±0.02


def test_three_thousand_clusters_take_no_time_that_anyone_notices():
    value, count = market(np.random.default_rng(1), 9000, 3000, 1.5, 0.5)
    start = time.perf_counter()
    bootstrap.joint_intervals(value, count, judged(value, count))
    assert time.perf_counter() - start < 2  # 0.15 s here; a loaded machine may take its time
