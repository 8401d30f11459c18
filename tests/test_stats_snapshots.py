"""One snapshot at a time, one kind of price, one kind of counter."""

import datetime as dt

import pandas as pd
import pytest

from kit.stats import snapshots

NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
COLUMNS = ("platform", "date", "brand", "item_id", "price_page", "price_coupon", "sales", "sales_kind")
ROWS = (
    ("tmall", "2024-10-28", "甲", "1", 100.0, 95.0, 50.0, "rolling_30d"),
    ("tmall", "2024-11-04", "甲", "1", 100.0, 95.0, 55.0, "rolling_30d"),
    ("tmall", "2024-11-30", "甲", "1", 90.0, 85.0, 60.0, "rolling_30d"),
    ("tmall", "2024-11-30", "甲", "1", 90.0, 85.0, 60.0, "rolling_30d"),
    ("tmall", "2024-11-30", " 乙 ", "2", 0.0, 45.0, 7.0, "cumulative"),
    ("tmall", "2024-12-02", "甲", "1", 80.0, 75.0, 65.0, "rolling_30d"),
    ("douyin", "2024-11-20", "甲", "9", 70.0, None, 3.0, None),
)


def listings(rows=ROWS):
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(date=pd.to_datetime(table["date"]), shop=table["platform"])


def test_platforms_stay_apart_the_one_with_most_listings_first():
    found = snapshots.by_platform(listings(), *NOV, "page")
    assert [series.platform for series, _ in found] == ["tmall", "douyin"]


def test_only_snapshots_of_the_period_count_and_earlier_ones_only_as_far_back_as_asked():
    (series, before), *_ = snapshots.by_platform(listings(), *NOV, "page", back=31)
    assert series.dates == (dt.date(2024, 11, 4), dt.date(2024, 11, 30)) and before == (dt.date(2024, 10, 28),)
    (_, none), *_ = snapshots.by_platform(listings(), *NOV, "page", back=3)
    assert none == ()


def test_an_item_counts_once_in_a_snapshot_however_many_files_hold_it():
    (series, _), *_ = snapshots.by_platform(listings(), *NOV, "page")
    assert series.at(dt.date(2024, 11, 30))["item_id"].tolist() == ["1", "2"]


def test_a_price_of_nothing_and_a_counter_of_another_kind_are_not_stated():
    (series, _), *_ = snapshots.by_platform(listings(), *NOV, "page")
    rows = series.at(dt.date(2024, 11, 30))
    assert series.sales_kind == "rolling_30d"
    assert rows["price"].isna().tolist() == [False, True] and rows["sales"].isna().tolist() == [False, True]
    assert rows["brand"].tolist() == ["甲", "乙"]


def test_a_counter_that_names_no_window_is_one_of_unknown_window():
    *_, (series, _) = snapshots.by_platform(listings(), *NOV, "page")
    assert series.sales_kind == "counter" and series.at(dt.date(2024, 11, 20))["sales"].tolist() == [3.0]


@pytest.mark.parametrize(("wanted", "used"), [("page", "page"), ("coupon", "coupon"), ("list", "coupon")])
def test_a_kind_that_nobody_states_gives_way_to_the_one_most_listings_state(wanted, used):
    (series, _), *_ = snapshots.by_platform(listings(), *NOV, wanted)
    assert series.price_kind == used


def test_without_any_price_or_sales_there_is_no_kind():
    bare = listings().assign(price_page=None, price_coupon=None, sales=None).astype({"sales": float})
    (series, _), *_ = snapshots.by_platform(bare, *NOV, "page")
    rows = series.at(dt.date(2024, 11, 30))
    assert (series.price_kind, series.sales_kind) == (None, None)
    assert rows["price"].isna().all() and rows["sales"].isna().all()


def test_spellings_of_a_brand_that_differ_in_capitals_are_one_brand():
    rows = tuple(
        (*r[:2], name, str(n), *r[4:])
        for n, (r, name) in enumerate(zip(ROWS[2:3] * 3, ("Nivea", "NIVEA ", "SK-II"), strict=True))
    )
    (series, _), *_ = snapshots.by_platform(listings(rows), *NOV, "page")
    assert series.at(dt.date(2024, 11, 30))["brand"].tolist() == ["Nivea", "Nivea", "SK-II"]
