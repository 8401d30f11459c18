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
        ("2024-10-01", "2024-10-31", MOVED, ["previous 2024-09-01 2024-09-30", "shifted 2023-10-01 2023-10-31"]),
        ("2024-10-01", "2024-10-31", SAME, ["previous 2024-09-01 2024-09-30", "year 2023-10-01 2023-10-31"]),
        ("2024-10-01", "2024-12-31", MOVED, ["previous 2024-07-01 2024-09-30", "year 2023-10-01 2023-12-31"]),
        ("2024-10-01", "2024-10-20", MOVED, ["previous 2024-09-01 2024-09-20", "shifted 2023-10-01 2023-10-20"]),
        ("2024-10-14", "2024-10-20", MOVED, ["previous 2024-10-07 2024-10-13", "shifted 2023-10-14 2023-10-20"]),
        ("2024-10-21", "2024-10-27", [MOVED[1]], ["previous 2024-10-14 2024-10-20", "year 2023-10-23 2023-10-29"]),
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


MAY = [event(2023, (2023, 5, 26), (2023, 6, 18), "618"), event(2024, (2024, 5, 20), (2024, 6, 20), "618")]


def test_of_spans_that_cut_a_promotion_unlike_only_the_days_without_one_in_either_year_compare():
    base = bases(dt.date(2024, 5, 1), dt.date(2024, 5, 31), MAY)[1]
    assert (base.name, base.event, base.held) == ("shifted", "618", (12, 6))
    assert [str(days.index[-1].date()) for days in base.like] == ["2024-05-19", "2023-05-19"]
    assert [days.count for days in base.like] == [19, 19]


@pytest.mark.parametrize(("start", "end"), [("2024-10-01", "2024-10-31"), ("2024-10-14", "2024-10-20")])
def test_spans_of_which_less_than_half_is_alike_do_not_compare(start, end):
    assert bases(dt.date.fromisoformat(start), dt.date.fromisoformat(end), MOVED)[1].like is None


@pytest.mark.parametrize(("days", "name"), [(2, "year"), (3, "shifted")])
def test_a_tenth_of_the_days_is_what_makes_two_months_unlike(days, name):
    """Of a Double 11 that begins 2 or 3 days sooner, October holds as many more."""
    events = [event(2023, (2023, 10, 24), (2023, 11, 11)), event(2024, (2024, 10, 24 - days), (2024, 11, 11))]
    assert bases(dt.date(2024, 10, 1), dt.date(2024, 10, 31), events)[1].name == name
