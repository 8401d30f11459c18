"""Price bands: shares and indices by hand, edges, and when a band is judged."""

import pandas as pd
import pytest

from kit.stats.bands import price_bands

ROWS = pd.DataFrame(
    [("甲", 40.0, 10.0), ("甲", 100.0, 5.0), ("乙", 99.9, 4.0), ("乙", 199.0, 0.0), (None, 500.0, 1.0)],
    columns=["brand", "price", "sales"],
)


def bands(rows=ROWS, cuts=(50.0, 100.0, 500.0), least=1):
    return price_bands(rows, list(cuts), least, seed=1, resamples=200)


def test_a_price_on_an_edge_belongs_to_the_band_that_begins_there():
    assert [b.listings for b in bands()] == [1, 1, 2, 1]


def test_shares_are_of_listings_of_money_and_of_pieces():
    below, low, middle, top = bands()
    money = [400.0, 399.6, 500.0, 500.0]
    assert [b.demand for b in (below, low, middle, top)] == pytest.approx([m / sum(money) for m in money])
    assert [b.supply for b in (below, low, middle, top)] == pytest.approx([0.2, 0.2, 0.4, 0.2])
    assert [b.pieces for b in (below, low, middle, top)] == pytest.approx([0.5, 0.2, 0.25, 0.05])


def test_edges_are_open_at_both_ends_and_name_the_band():
    assert [b.slug for b in bands(cuts=(50.0, 99.5))] == ["below_50", "50_99p5", "from_99p5"]


def test_a_band_needs_five_brands_with_sales_to_be_judged():
    rows = pd.DataFrame(
        [
            (str(brand), price, 10.0 + brand + price / 9)
            for brand in range(6)
            for price in (30.0, 70.0)
            for _ in range(3)
        ],
        columns=["brand", "price", "sales"],
    )
    assert all(b.index and b.pieces_index for b in bands(rows, (50.0,)))
    rows.loc[(rows["price"] == 70) & rows["brand"].isin(["0", "1"]), "sales"] = 0
    low, high = bands(rows, (50.0,))
    assert low.index and high.index is None and high.pieces_index is None and high.brands == 4


def test_a_band_needs_its_least_number_of_listings_to_be_judged():
    rows = pd.DataFrame([(str(n), 30.0 + n % 2 * 40, 10.0 + n) for n in range(19)], columns=["brand", "price", "sales"])
    low, high = bands(rows, (50.0,), least=10)
    assert low.index is not None and high.index is None


def test_listings_without_a_brand_are_a_brand_each():
    rows = pd.DataFrame([(None, 30.0 + n % 2 * 40, 10.0 + n) for n in range(12)], columns=["brand", "price", "sales"])
    assert [b.brands for b in bands(rows, (50.0,))] == [6, 6]


def test_an_interval_holds_its_index():
    rows = pd.DataFrame(
        [(str(n % 9), 30.0 + n % 2 * 40, 1.0 + n % 7) for n in range(90)], columns=["brand", "price", "sales"]
    )
    for band in bands(rows, (50.0,)):
        assert band.index.low < band.index.value < band.index.high
        assert band.index.value == pytest.approx(band.demand / band.supply)
        assert band.pieces_index.value == pytest.approx(band.pieces / band.supply)
