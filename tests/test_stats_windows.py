"""Windows of sales: two readings that do not overlap, gains of a running total, and nothing of an unknown window."""

import datetime as dt

import pandas as pd
import pytest

from kit.stats import snapshots, windows

NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
COLUMNS = ("date", "brand", "item_id", "price_page", "sales")


def paired(rows, kind, own=()):
    table = pd.DataFrame(rows, columns=COLUMNS)
    about = {"platform": "tmall", "shop": "tmall", "sales_kind": kind, "date": pd.to_datetime(table["date"])}
    (series, before), *_ = snapshots.by_platform(table.assign(**about), *NOV, "page", windows.BACK)
    return windows.pair(series, before, NOV[0], own)


def readings(dates, price=10.0, start=100.0, step=10.0):
    return [(date, "甲", "1", price, start + step * n) for n, date in enumerate(dates)]


def span(window):
    return window.start.isoformat(), window.end.isoformat()


def test_rolling_counters_compare_the_last_snapshot_with_one_a_window_before():
    made = paired(readings(["2024-10-07", "2024-10-28", "2024-11-04", "2024-11-30"]), "rolling_30d")
    assert (span(made.now), span(made.then)) == (("2024-11-01", "2024-11-30"), ("2024-09-29", "2024-10-28"))
    assert made.now.rows["money"].tolist() == [1300] and made.then.rows["money"].tolist() == [1100]
    assert made.now.days == made.then.days == 30 and made.lacks is None


@pytest.mark.parametrize(("dates", "lacks"), [(["2024-11-30"], "single"), (["2024-11-04", "2024-11-30"], "near")])
def test_windows_that_overlap_are_never_compared(dates, lacks):
    made = paired(readings(dates), "rolling_30d")
    assert (made.then, made.lacks) == (None, lacks) and made.now is not None


def test_a_running_total_is_read_by_what_it_gained_and_priced_at_the_mean_of_each_steps_ends():
    rows = [
        ("2024-10-30", "甲", "1", 10.0, 100.0),
        ("2024-11-11", "甲", "1", 6.0, 150.0),
        ("2024-11-30", "甲", "1", 10.0, 160.0),
    ]
    made = paired(rows, "cumulative")
    assert span(made.now) == ("2024-10-31", "2024-11-30")
    assert made.now.rows["money"].tolist() == [50 * 8 + 10 * 8]


def test_gains_before_the_period_are_the_earlier_window():
    made = paired(readings(["2024-10-07", "2024-10-30", "2024-11-30"]), "cumulative")
    assert (span(made.then), span(made.now)) == (("2024-10-08", "2024-10-30"), ("2024-10-31", "2024-11-30"))
    assert (made.then.days, made.now.days) == (23, 31)


def test_a_total_that_ends_lower_than_it_began_is_left_out_and_a_fall_made_up_for_is_not():
    fell = [("2024-10-30", "甲", "2", 10.0, 50.0), ("2024-11-30", "甲", "2", 10.0, 40.0)]
    made_up = [
        ("2024-10-30", "甲", "3", 10.0, 50.0),
        ("2024-11-11", "甲", "3", 10.0, 45.0),
        ("2024-11-30", "甲", "3", 10.0, 60.0),
    ]
    made = paired([*readings(["2024-10-30", "2024-11-11", "2024-11-30"]), *fell, *made_up], "cumulative")
    money = made.now.rows["money"]
    assert pd.isna(money["2"]) and money["3"] == 100 and (made.steps, made.fallen) == (3, 1)


def test_a_listing_in_one_snapshot_alone_has_no_gain():
    made = paired([*readings(["2024-10-30", "2024-11-30"]), ("2024-11-30", "甲", "9", 10.0, 500.0)], "cumulative")
    assert made.now.rows.index.tolist() == ["1"]


def test_a_counter_of_unknown_window_is_one_reading_and_has_no_days():
    made = paired(readings(["2024-10-28", "2024-11-30"]), "counter")
    assert (made.now.start, made.now.days, made.then, made.lacks) == (None, None, None, "unknown")


@pytest.mark.parametrize(("column", "lacks"), [("price_page", "noprice"), ("sales", "nocounter")])
def test_without_prices_or_counters_there_is_no_window(column, lacks):
    rows = pd.DataFrame(readings(["2024-11-30"]), columns=COLUMNS).assign(**{column: float("nan")})
    made = paired(rows.to_numpy().tolist(), "rolling_30d")
    assert (made.now, made.then, made.lacks) == (None, None, lacks)


def test_a_listing_seen_before_the_earlier_window_but_not_in_it_was_missed_and_not_new():
    rows = readings(["2024-10-07", "2024-10-28", "2024-11-30"])
    missed = [("2024-10-07", "甲", "2", 10.0, 5.0), ("2024-11-30", "甲", "2", 10.0, 7.0)]
    made = paired([*rows, *missed, ("2024-11-30", "甲", "3", 10.0, 7.0)], "rolling_30d")
    assert made.doubtful.tolist() == ["2"]


def test_all_names_of_the_own_brand_are_one_and_money_adds_up_by_brand():
    rows = [
        ("2024-11-30", "Qinghe", "1", 10.0, 3.0),
        ("2024-11-30", "青禾", "2", 10.0, 4.0),
        ("2024-11-30", "乙", "3", 10.0, None),
    ]
    held = paired(rows, "rolling_30d", own=("青禾", "QINGHE")).now.held
    assert held["青禾"] == 70 and pd.isna(held["乙"]) and held.index.tolist() == ["青禾", "乙"]
