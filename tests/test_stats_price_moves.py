"""Price levels over matched items, and the move that brands share."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import gmean

from kit.stats import price_moves

NONE = float("nan")
EQUAL = pd.Series(dtype=float)


def paths(rows, brands=None):
    """``rows``: prices by item; without ``brands`` all are one's."""
    prices = pd.DataFrame(rows, columns=range(len(rows[0])), dtype=float)
    return price_moves.paths(prices, pd.Series(brands or ["甲"] * len(rows)))


def level(rows, weights=EQUAL):
    return price_moves.level(paths(rows).steps, weights).tolist()


def test_with_equal_weights_the_level_is_the_geometric_mean_of_price_relatives():
    before, after = [10.0, 20.0, 30.0, 55.0], [9.0, 24.0, 30.0, 50.0]
    assert level(list(zip(before, after, strict=True)))[1] == pytest.approx(gmean(np.divide(after, before)))


def test_an_item_weighs_as_much_as_it_sold():
    weights = pd.Series([8.0, 1.0, 1.0])
    assert level([(100, 80), (50, 50), (50, 50)], weights)[1] == pytest.approx(0.8**0.8)


def test_with_weights_for_fewer_than_three_items_all_weigh_the_same():
    assert level([(100, 80), (50, 50), (50, 50)], pd.Series([8.0, 1.0]))[1] == pytest.approx(0.8 ** (1 / 3))


def test_items_that_come_or_go_are_no_price_change():
    dear = [(10, 10, NONE), (10, 10, NONE), (10, 10, 10), (10, 10, 10), (10, 10, 10), (NONE, 90, 90), (NONE, 5, 5)]
    assert level(dear) == [1, 1, 1]


def test_prices_that_come_back_bring_the_level_back():
    rows = [(100, 70, 100), (50, 40, 50), (80, 80, 80)]
    assert level(rows, pd.Series([1.0, 5.0, 2.0]))[2] == pytest.approx(1)


def test_an_item_missed_once_brings_its_change_when_it_is_seen_again():
    assert level([(10, NONE, 8), (10, 10, 10), (10, 10, 10)])[1:] == [1, pytest.approx(0.8 ** (1 / 3))]


def test_a_price_that_trebles_is_another_pack_or_a_misreading_and_moves_nothing():
    assert level([(10, 99, 10), (10, 10, 10), (10, 10, 10), (10, 10, 10)]) == [1, 1, 1]


def test_a_brand_is_unknown_before_it_is_seen_and_after_a_link_of_too_few_items():
    rows = [(NONE, 10, 10, 10), (NONE, 10, 10, 10), (NONE, 10, 10, NONE)]
    found = level(rows)
    assert found[1:3] == [1, 1] and np.isnan(found[0]) and np.isnan(found[3])
    assert np.isnan(level(rows[:2])).all()


def test_the_common_move_is_the_median_of_the_brands_medians():
    brands = ["甲"] * 3 + ["乙"] * 3 + ["丙"] * 9
    rows = [(10, 9)] * 3 + [(10, 10)] * 3 + [(10, 8)] * 9
    assert price_moves.common(paths(rows, brands))[1] == pytest.approx(np.log(0.9))


def test_two_brands_share_no_common_move():
    assert price_moves.common(paths([(10, 9)] * 6, ["甲"] * 3 + ["乙"] * 3)).tolist() == [0, 0]


def test_the_first_snapshot_that_states_a_value_gives_it():
    first = price_moves.first_stated([pd.Series({"1": NONE, "2": 5.0}), pd.Series({"1": 7.0, "2": 9.0})])
    assert first.to_dict() == {"2": 5.0, "1": 7.0}
