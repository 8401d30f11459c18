"""A report on experiments needs one that was live in the period."""

import datetime as dt
from types import SimpleNamespace

import pytest

from kit.client import Period
from kit.subjects import live

NOVEMBER = Period.parse("2024-11")


def store(rows=(), covered=(), tables=()):
    """A store by the sheet's rows, the days that tables cover, and the tables there are."""
    coverage = [{"table": table, "start": start, "end": end} for table, start, end in covered]
    return SimpleNamespace(records=lambda name: list(rows), coverage=coverage, tables={*tables})


def row(start, end):
    return {
        "planned_start": start and dt.datetime.fromisoformat(start),
        "planned_end": end and dt.date.fromisoformat(end),
    }


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("2024-11-13", "2024-11-26", True),
        ("2024-10-01", "2024-11-01", True),
        ("2024-11-30", "2024-12-15", True),
        ("2024-10-01", "2024-10-31", False),
        ("2024-12-01", None, False),
        ("2024-10-01", None, True),
        (None, "2024-10-31", False),
        (None, None, True),
    ],
)
def test_a_plan_whose_days_meet_the_period_is_a_subject(start, end, found):
    assert live("experiments", store([row(start, end)]), NOVEMBER) is found


@pytest.mark.parametrize(
    ("table", "end", "found"),
    [
        ("experiment_daily", "2024-11-02", True),
        ("experiment_daily", "2024-10-31", False),
        ("orders", "2024-11-30", False),
    ],
)
def test_so_are_data_with_days_in_it(table, end, found):
    assert live("experiments", store(covered=[(table, "2024-10-01", end)], tables=[table]), NOVEMBER) is found


def test_data_without_days_count_only_where_no_plan_says_when():
    units = {"tables": ["experiment_units"]}
    assert live("experiments", store(**units), NOVEMBER)
    assert not live("experiments", store([row("2024-10-01", "2024-10-31")], **units), NOVEMBER)
    assert not live("experiments", store(), NOVEMBER)
