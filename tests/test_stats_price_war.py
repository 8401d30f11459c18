"""Lasting cuts, cuts of many brands at once, and price wars: what is called one, and how seldom chance is."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, binomtest

from kit.stats import price_moves, price_war
from kit.stats.price_war import Rule

START = dt.date(2024, 11, 1)
WEEKS = [dt.date(2024, 9, 2) + dt.timedelta(7 * n) for n in range(13)]
"""The fifth of them before the last is the first of the period: 4 November."""
PROMOTION = (dt.date(2024, 10, 14), dt.date(2024, 11, 11))


def market(cuts, brands=8, items=20, dates=WEEKS):
    """Prices that stand still but for ``cuts``: (brand, first snapshot, snapshot it ends with, items, fall)."""
    price = np.tile(np.linspace(50, 300, items), brands)
    logs = np.repeat(np.log(price)[:, None], len(dates), axis=1)
    for brand, since, until, number, fall in cuts:
        rows = slice(brand * items + 5, brand * items + 5 + number)
        logs[rows, since:until] += np.log(1 - fall)
    return found(np.exp(logs), np.repeat(np.arange(brands), items), dates)


def found(prices, brand, dates=WEEKS, events=(PROMOTION,)):
    names = [str(n) for n in range(len(prices))]
    frame = pd.DataFrame(prices, names, list(dates))
    paths = price_moves.paths(frame, pd.Series([f"b{b}" for b in brand], names))
    return price_war.read(paths, START, events, Rule())


def opened(result):
    return [(cut.brand, cut.date.isoformat()) for cut in result.war.cuts] if result.war else None


ENDLESS = 99
FIRST = (0, 9, ENDLESS, 9, 0.18)
SECOND = (1, 10, ENDLESS, 6, 0.10)


def test_brands_that_cut_in_turn_and_hold_make_a_war_with_opener_days_and_size():
    result = market([FIRST, SECOND, (2, 11, ENDLESS, 5, 0.09)])
    assert opened(result) == [("b0", "2024-11-04"), ("b1", "2024-11-11"), ("b2", "2024-11-18")]
    assert [cut.size for cut in result.war.cuts] == pytest.approx([0.18, 0.10, 0.09])
    assert [len(cut.items) for cut in result.war.cuts] == [9, 6, 5]
    assert result.war.beyond_chance and result.war.earlier == 0


@pytest.mark.parametrize(
    ("second", "why"),
    [
        ((1, 10, 11, 6, 0.10), "it came back at the next snapshot"),
        ((1, 10, ENDLESS, 6, 0.04), "under the threshold"),
        ((1, 10, ENDLESS, 2, 0.10), "two items"),
        ((1, 12, ENDLESS, 6, 0.10), "the last snapshot cannot show that it holds"),
        ((1, 4, ENDLESS, 6, 0.10), "more than the rule's days before"),
    ],
)
def test_one_brand_alone_makes_no_war(second, why):
    assert market([FIRST, second]).war is None, why


def test_a_follower_in_another_price_range_makes_no_war():
    prices = np.full((40, 13), 100.0)
    prices[20:] = 400.0
    prices[:6, 9:] = 80.0
    prices[20:26, 10:] = 320.0
    dear = found(prices, np.repeat([0, 1], 20))
    assert [cut.brand for cut in dear.cuts] == ["b0", "b1"] and dear.war is None


def test_a_cut_that_ends_with_its_promotion_is_none_and_one_that_outlasts_it_is():
    assert market([(0, 7, 11, 9, 0.18), (1, 8, 11, 6, 0.10)]).cuts == ()
    lasting = market([(0, 7, ENDLESS, 9, 0.18), (1, 8, ENDLESS, 6, 0.10)])
    assert [cut.date.isoformat() for cut in lasting.cuts] == ["2024-10-21", "2024-10-28"]


def test_a_rise_that_is_taken_back_is_no_cut():
    assert market([(0, 8, 10, 9, -0.2), (1, 8, 10, 9, -0.2)]).cuts == ()


def test_what_all_brands_do_is_the_markets_and_a_deeper_cut_beneath_it_is_seen():
    everyone = [(brand, 10, ENDLESS, 15, 0.10) for brand in range(8)]
    result = market(everyone)
    assert result.war is None and result.cuts == ()
    (wave,) = result.waves
    assert (wave.date.isoformat(), wave.brands, wave.seen, wave.back) == ("2024-11-11", 8, 8, 0)
    assert [cut.brand for cut in market([*everyone, (0, 10, ENDLESS, 9, 0.18)]).cuts] == ["b0"]


def test_a_third_of_the_brands_at_once_is_a_promotion_nobody_announced():
    some = [(brand, 10, 12, 9, 0.15) for brand in range(4)]
    result = market(some)
    assert result.war is None and [(w.brands, w.back) for w in result.waves] == [(4, 4)]


def test_brands_that_cut_as_often_before_leave_the_war_in_doubt():
    before = [(brand, since, ENDLESS, 9, 0.15) for brand, since in ((3, 2), (4, 3), (5, 4))]
    result = market([*before, FIRST, SECOND])
    assert result.war and result.war.earlier == 3 and not result.war.beyond_chance


def test_without_history_a_war_is_never_beyond_chance():
    result = market([(0, 1, ENDLESS, 9, 0.18), (1, 2, ENDLESS, 6, 0.10)], dates=WEEKS[8:])
    assert opened(result) == [("b0", "2024-11-04"), ("b1", "2024-11-11")] and result.war.p_value == 1


def test_the_largest_group_is_the_war_and_an_opener_may_lie_before_the_period():
    result = market([(0, 8, ENDLESS, 9, 0.18), (1, 9, ENDLESS, 6, 0.10)])
    assert opened(result) == [("b0", "2024-10-28"), ("b1", "2024-11-04")]


def test_two_snapshots_judge_nothing():
    assert market([FIRST], dates=WEEKS[:2]).judged == ()


@pytest.mark.parametrize(("least", "number", "chance"), [(0, 5, 0.2), (3, 40, 0.01), (9, 300, 0.02), (2, 2, 0.4)])
def test_the_tail_is_the_binomials(least, number, chance):
    assert price_war.tail(least, number, chance) == pytest.approx(binom.sf(least - 1, number, chance))


def test_the_p_value_is_the_conditional_test_of_two_rates():
    result = market([(3, 2, ENDLESS, 9, 0.15), FIRST, SECOND])
    assert result.war.p_value == pytest.approx(binomtest(2, 3, 3 / 11, alternative="greater").pvalue)


# ---- error rates: markets without a war, each with items of its own that move and come back -------------------

EVERY = [*WEEKS, dt.date(2024, 11, 30)]


def moving(rng, brand, rate=0.005):
    """Single items that move by 3 to 25 % either way, a third of them for a few snapshots only."""
    logs = np.zeros((len(brand), len(EVERY)))
    for item, at in np.argwhere(rng.random(logs.shape) < rate):
        until = at + rng.integers(1, 4) if rng.random() < 0.3 else len(EVERY)
        logs[item, max(at, 1) : until] += rng.uniform(0.03, 0.25) * rng.choice([-1, 1])
    return logs


def items_alone(rng, brand):
    return moving(rng, brand, 0.03)


def brands_alone(rng, brand):
    """Each brand, on its own, cuts a tenth to two fifths of its items about every eight months, for some weeks."""
    logs = moving(rng, brand)
    for one, at in np.argwhere(rng.random((brand[-1] + 1, len(EVERY))) < 0.03):
        items = np.flatnonzero(brand == one)
        hit = rng.choice(items, max(3, int(rng.uniform(0.1, 0.4) * len(items))), replace=False)
        logs[hit, max(at, 1) : at + rng.integers(2, 9)] += np.log(1 - rng.uniform(0.08, 0.25))
    return logs


def promotion(rng, brand):
    """Every brand discounts most of its items from some week of the promotion on and goes back at its end."""
    logs, days = moving(rng, brand), [n for n, day in enumerate(EVERY) if PROMOTION[0] <= day <= PROMOTION[1]]
    for one in range(brand[-1] + 1):
        items = np.flatnonzero(brand == one)
        hit = items[rng.random(len(items)) < rng.uniform(0.4, 1)]
        depth = np.clip(rng.normal(rng.uniform(0.05, 0.3), 0.04, len(hit)), 0, 0.5)
        logs[hit, rng.choice(days) : days[-1] + 1] += np.log(1 - depth)[:, None]
    return logs


def war(rng, brand):
    logs = moving(rng, brand)
    for one, (at, number, fall) in enumerate(((9, 9, 0.18), (11, 6, 0.10), (12, 5, 0.09))):
        hit = rng.choice(np.flatnonzero(brand == one), number, replace=False)
        logs[hit, at:] += np.log(1 - fall)
    return logs


def called(make, runs, brands=14):
    """How often a war is called."""
    number = 0
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        brand = np.repeat(np.arange(brands), rng.integers(20, 50, brands))
        logs = np.log(np.exp(rng.normal(4.8, 0.5, len(brand))).round())[:, None] + make(rng, brand)
        prices = np.where(rng.random(logs.shape) < 0.008, np.nan, np.exp(logs).round())
        result = found(prices, brand, EVERY)
        number += bool(result.war and result.war.beyond_chance)
    return number / runs


@pytest.mark.parametrize("make", [items_alone, brands_alone, promotion])
def test_a_market_without_a_war_is_called_one_in_at_most_one_report_of_twenty(make):
    assert called(make, 40) <= 0.05


def test_a_war_of_three_brands_is_found():
    assert called(war, 20) >= 0.9
