"""Shares of a promotion's and the festival's days by month, against a year before."""

import datetime as dt

import pandas as pd
import pytest

from kit.stats import drivers
from kit.stats.phases import Span

DOUBLE_11 = [
    Span("double_11", "双11", "Double 11", 2023, dt.date(2023, 10, 24), dt.date(2023, 11, 11), "one_source"),
    Span("double_11", "双11", "Double 11", 2024, dt.date(2024, 10, 14), dt.date(2024, 11, 11), "confirmed"),
]
QIXI = [
    Span("qixi", "七夕", "Qixi", 2023, dt.date(2023, 8, 22), dt.date(2023, 8, 22), "confirmed"),
    Span("qixi", "七夕", "Qixi", 2024, dt.date(2024, 7, 10), dt.date(2024, 7, 10), "confirmed"),
]
FESTIVALS = pd.DataFrame(
    [
        ("spring_festival", 2023, "off", "2023-01-21", "2023-01-27"),
        ("spring_festival", 2024, "work", "2024-02-04", "2024-02-04"),
        ("spring_festival", 2024, "off", "2024-02-10", "2024-02-17"),
        ("national_day", 2024, "off", "2024-10-01", "2024-10-07"),
        ("spring_festival", 2025, "off", "2025-01-28", "2025-02-04"),
    ],
    columns=["holiday", "year", "kind", "start", "end"],
).assign(start=lambda t: pd.to_datetime(t["start"]), end=lambda t: pd.to_datetime(t["end"]))


def rows(events, *months):
    return drivers.moved(events, FESTIVALS, [dt.date(*m, 1) for m in months]).rows


def test_what_one_month_gained_of_a_promotion_another_lost():
    (october,), (november,) = (rows(DOUBLE_11, m)[:, 0] for m in ((2024, 10), (2024, 11)))
    assert october == pytest.approx(18 / 29 - 8 / 19) and november == pytest.approx(-october)


def test_the_festival_moves_between_january_and_february():
    found = rows([], (2024, 1), (2024, 2), (2025, 1), (2025, 2))[:, 1]
    assert found == pytest.approx([-1, 1, 0.5, -0.5])


def test_nothing_moved_where_either_year_is_unknown():
    assert rows(DOUBLE_11[1:], (2024, 10), (2024, 11))[:, 0] == pytest.approx([0, 0])
    assert rows([], (2026, 1), (2023, 1))[:, 1] == pytest.approx([0, 0])


def test_small_promotions_are_left_out():
    assert rows(QIXI, (2024, 7), (2024, 8))[:, 0] == pytest.approx([0, 0])


def test_a_promotion_whose_coming_days_are_not_known_is_named():
    coming = [dt.date(2025, 10, 1), dt.date(2025, 11, 1)]
    found = drivers.moved(DOUBLE_11, FESTIVALS, coming)
    assert [(e.event, e.year) for e in found.unknown] == [("double_11", 2024)]
    assert drivers.moved(DOUBLE_11, FESTIVALS, [dt.date(2025, 3, 1)]).unknown == ()


def test_the_festivals_first_day_is_known_by_year():
    assert drivers.moved([], FESTIVALS, []).festival == {
        2023: dt.date(2023, 1, 21), 2024: dt.date(2024, 2, 10), 2025: dt.date(2025, 1, 28),
    }  # fmt: skip
