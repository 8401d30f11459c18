"""Natural breaks: against every possible choice of edges, and what makes an edge a price that a shopper knows."""

import itertools

import numpy as np
import pytest

from kit.stats.breaks import STEPS, ladder, natural_breaks

PRICES = np.array([19.0, 22, 25, 78, 82, 85, 210, 220, 230, 240])


def within(prices, edges):
    groups = np.split(np.sort(np.log(prices)), np.searchsorted(np.sort(prices), edges))
    return sum(((g - g.mean()) ** 2).sum() for g in groups if len(g))


def test_three_clumps_of_prices_make_three_bands_at_round_prices():
    edges = natural_breaks(PRICES)
    assert len(edges) == 2
    assert 25 < edges[0] <= 78 and 85 < edges[1] <= 210


def test_no_other_choice_of_as_many_round_edges_is_tighter():
    prices = np.exp(np.random.default_rng(3).normal(5, 0.9, 200)).round()
    edges = natural_breaks(prices, least=0.05)
    rungs = ladder(prices.min(), prices.max())
    tight = [
        within(prices, chosen)
        for chosen in itertools.combinations(rungs, len(edges))
        if (np.diff(np.searchsorted(np.sort(prices), [0, *chosen, np.inf])) >= 10).all()
    ]
    assert within(prices, edges) == pytest.approx(min(tight))


def test_one_band_fewer_would_explain_too_little():
    prices = np.exp(np.random.default_rng(4).normal(5, 0.9, 400)).round()
    edges = natural_breaks(prices, fit=0.9)
    spread = within(prices, [])
    assert within(prices, edges) <= 0.1 * spread
    assert within(prices, natural_breaks(prices, most=len(edges))) > 0.1 * spread


@pytest.mark.parametrize("seed", range(5))
def test_edges_are_round_bands_are_seven_at_most_and_hold_a_twentieth_each(seed):
    prices = np.exp(np.random.default_rng(seed).normal(5, 1.3, 500))
    edges = natural_breaks(prices, fit=1.0)
    assert len(edges) <= 6 and edges == sorted(edges)
    assert all(round(edge / 10.0 ** np.floor(np.log10(edge)), 6) in STEPS for edge in edges)
    assert (np.diff(np.searchsorted(np.sort(prices), [0, *edges, np.inf])) >= 25).all()


def test_the_order_of_the_prices_is_nothing_to_the_edges():
    assert natural_breaks(PRICES[::-1]) == natural_breaks(PRICES)


@pytest.mark.parametrize("prices", [np.array([]), np.full(9, 129.0)])
def test_prices_that_are_all_alike_make_no_edge(prices):
    assert natural_breaks(prices) == []


def test_the_ladder_lies_above_the_lowest_price_and_up_to_the_highest():
    assert ladder(20, 100) == [30, 40, 50, 60, 80, 100]
