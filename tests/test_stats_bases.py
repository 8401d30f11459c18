"""What a period is compared with: the days before, and the days of a year before that are like it."""

import datetime as dt

import pytest

from kit.stats.bases import Days, bases
from kit.stats.phases import Span


def event(year, start, end, name="double_11"):
    return Span(name, "双11", "Double 11", year, dt.date(*start), dt.date(*end), "confirmed")


MOVED = [event(2023, (2023, 10, 24), (2023, 11, 11)), event(2024, (2024, 10, 14), (2024, 11, 11))]
SAME = [event(2023, (2023, 10, 24), (2023, 11, 11)), event(2024, (2024, 10, 24), (2024, 11, 11))]


@pytest.mark.parametrize(
    ("start", "end", "events", "wanted"),
    [
        ("2024-11-01", "2024-11-30", SAME, ["previous 2024-10-01 2024-10-31", "year 2023-11-01 2023-11-30"]),
        ("2024-11-01", "2024-11-30", MOVED, ["previous 2024-10-01 2024-10-31", "joined 2023-10-01 2023-11-30"]),
        ("2024-10-01", "2024-10-31", MOVED, ["previous 2024-09-01 2024-09-30", "year 2023-10-01 2023-10-31"]),
        ("2024-01-01", "2024-01-31", [], ["previous 2023-12-01 2023-12-31"]),
        ("2024-02-01", "2024-02-29", [], ["previous 2024-01-01 2024-01-31", "spring 2023-01-01 2023-02-28"]),
        ("2024-01-01", "2024-03-31", [], ["previous 2023-10-01 2023-12-31", "year 2023-01-01 2023-03-31"]),
        ("2024-01-01", "2024-12-31", [], ["year 2023-01-01 2023-12-31"]),
        ("2024-09-02", "2024-09-08", [], ["previous 2024-08-26 2024-09-01", "year 2023-09-04 2023-09-10"]),
        ("2024-11-11", "2024-11-11", SAME, ["previous 2024-11-10 2024-11-10", "year 2023-11-11 2023-11-11"]),
        ("2024-01-01", "2024-11-30", [], ["year 2023-01-01 2023-11-30"]),
        ("2024-09-01", "2024-09-20", [], ["previous 2024-08-01 2024-08-20", "year 2023-09-01 2023-09-20"]),
        ("2024-03-01", "2024-03-30", [], ["previous 2024-02-01 2024-02-29", "year 2023-03-01 2023-03-30"]),
        ("2024-01-08", "2024-01-14", [], ["previous 2024-01-01 2024-01-07"]),
    ],
)
def test_a_period_compares_with_what_is_like_it(start, end, events, wanted):
    found = bases(dt.date.fromisoformat(start), dt.date.fromisoformat(end), events)
    assert [f"{b.name} {b.then.start} {b.then.end}" for b in found] == wanted


def test_joined_months_begin_before_the_period_and_name_the_promotion():
    joined = bases(dt.date(2024, 11, 1), dt.date(2024, 11, 30), MOVED)[1]
    assert (joined.now, joined.event) == (Days(dt.date(2024, 10, 1), dt.date(2024, 11, 30)), "double_11")


def test_promotion_days_are_counted_once_whatever_promotions_overlap():
    days = Days(dt.date(2024, 10, 1), dt.date(2024, 10, 31))
    assert days.promoted([*MOVED, event(2024, (2024, 10, 20), (2024, 10, 31), "other")]) == 18
