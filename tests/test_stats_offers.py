"""Listings as offers: which are compared, what they claim, and who compares with whom."""

import datetime as dt

import numpy as np
import pandas as pd
from titled import market

from kit.stats import offers

NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
ROWS = pd.DataFrame(
    [
        ("青禾", "青禾敏感肌精华", 120.0, 10.0),
        ("青禾", "青禾修护精华", 90.0, 0.0),
        (None, "舒缓敏感肌", 60.0, 5.0),
        (None, None, 60.0, 5.0),
    ],
    columns=["brand", "title", "price", "sales"],
)


def test_the_last_snapshot_counts_and_listings_without_price_or_sales_are_left_out_and_counted():
    now = market(1)
    now.loc[:9, "sales"], now.loc[10:14, "price_page"] = None, None
    earlier = market(2).assign(date=pd.Timestamp("2024-11-04"))
    ((scope, rows),) = offers.scopes(pd.concat([earlier, now]), *NOV, "page")
    assert (scope.date, scope.listings, scope.unsold, scope.unpriced, scope.used) == (NOV[1], 450, 10, 5, 435)
    assert len(rows) == 435 and scope.brands == 15


def test_a_stated_need_counts_wherever_a_title_has_it():
    read = offers.read(ROWS, [100], needs=["敏感肌", "修护", "敏感肌"])
    assert read.words == ("敏感肌", "修护")
    assert read.claims.tolist() == [[True, False], [False, True], [True, False], [False, False]]


def test_a_listing_that_names_no_brand_is_one_by_itself_and_compares_with_none():
    read = offers.read(ROWS, [100], needs=["敏感肌"])
    assert read.brand.tolist() == [0, 0, 1, 2] and read.contrasts(read.claims[:, 0]) == 1


def test_bands_hold_their_lower_edge_and_zero_is_half_a_piece():
    read = offers.read(ROWS, [60, 120], needs=["敏感肌"])
    assert read.bands.argmax(1).tolist() == [2, 1, 1, 1]
    assert read.pieces[1] == np.log(0.5) and read.money[0] == np.log(1200)


def test_words_of_titles_come_most_frequent_first_with_as_many_listings_as_asked():
    ((_, rows),) = offers.scopes(market(1), *NOV, "page")
    read = offers.read(rows, [100], category="精华", least=20)
    counts = read.claims.sum(0)
    assert len(read.words) == 8 and (np.diff(counts) <= 0).all() and counts.min() >= 20


def test_configured_edges_go_before_those_of_the_prices():
    assert offers.cuts(ROWS, (0, 50, 100)) == [50, 100]
