"""Sales lost while an item was out of stock: demand by the other items, what was taken instead, and the interval."""

import numpy as np
import pytest

from kit.stats.lost_sales import lost

DAYS, OUT = 30, 8


def shop(rng, *, switch=0.3, items=30, share=0.3, total=600.0, spread=1.0):
    """Units by day and item, the first out of stock on the last days, some of its buyers taking the second; and what
    was lost."""
    weight = rng.lognormal(0, 1, items)
    weight[0] = 0.0
    weight *= (1 - share) / weight.sum()
    weight[0] = share
    mean = total * np.exp(rng.normal(0, 0.15, DAYS))[:, None] * weight
    rate = mean if spread == 1 else rng.gamma(mean / (spread - 1)) * (spread - 1)
    units = rng.poisson(rate).astype(float)
    out = np.arange(DAYS) >= DAYS - OUT
    wanted = units[out, 0].copy()
    took = rng.binomial(wanted.astype(int), switch)
    units[out, 0] = 0
    units[out, 1] += took
    return units, out, float(wanted.sum() - took.sum())


@pytest.mark.parametrize("switch", [0.0, 0.3])
@pytest.mark.parametrize("spread", [1.0, 3.0])
def test_the_interval_holds_the_loss_and_the_estimate_is_near_it(switch, spread):
    rng, inside, off = np.random.default_rng(11), 0, []
    for _ in range(150):
        units, out, truth = shop(rng, switch=switch, spread=spread)
        found = lost(units, 0, out, ~out)
        inside += found.low <= truth <= found.high
        off.append(found.units / truth - 1)
    assert 0.9 <= inside / 150 <= 1.0 and abs(np.mean(off)) < 0.05


def table(factor=0.5, took=0.0):
    """Seven items, six days with stock and three without; the others at ``factor`` of their usual."""
    units = np.array([[100.0, 40, 60, 30, 70, 50, 20]] * 6 + [[0.0, 40, 60, 30, 70, 50, 20]] * 3)
    units[6:, 1:] *= factor
    units[6:, 1] += took
    return units, np.arange(9) >= 6


def test_the_item_would_have_followed_the_others():
    units, out = table(0.5)
    found = lost(units, 0, out, ~out)
    assert (found.wanted, found.taken, found.units) == (150.0, 0.0, 150.0)
    assert found.factor == pytest.approx(0.5) and found.others == 6


def test_what_one_item_sold_beyond_the_others_was_taken_instead():
    units, out = table(0.5, took=30.0)
    found = lost(units, 0, out, ~out)
    assert found.taken == pytest.approx(90.0) and found.units == pytest.approx(60.0)


def test_an_item_that_gained_more_than_was_wanted_has_a_story_of_its_own():
    units, out = table(0.5, took=200.0)
    assert lost(units, 0, out, ~out).taken == 0.0


def test_an_item_that_fell_away_is_no_measure_of_demand():
    units, out = table(0.5)
    units[out, 4] = 0.0
    found = lost(units, 0, out, ~out)
    assert found.wanted == pytest.approx(150.0) and found.others == 5


def test_one_item_more_may_have_gained_unseen_and_lowers_the_low_end_alone():
    units, out = table(1.0)
    even = lost(units, 0, out, ~out)
    assert even.high - even.units == pytest.approx(even.units - even.low)
    units[out, 4] += 7.0
    found = lost(units, 0, out, ~out)
    assert found.units - found.low > found.high - found.units


@pytest.mark.parametrize("columns", [5, 1])
def test_with_few_other_items_there_is_no_estimate(columns):
    units, out = table()
    assert lost(units[:, :columns], 0, out, ~out) is None


def test_where_hardly_anything_sold_there_is_no_estimate():
    units, out = table(0.0)
    assert lost(units, 0, out, ~out) is None
