"""Dates, spans and price bands as people write them."""

import datetime as dt

import pytest

from kit import dates
from kit.text import Words

ZH, EN = Words("zh"), Words("en")


def arg(value, unit):
    return {"value": value, "unit": unit}


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        ("2024-11", "period", "2024年11月", "Nov 2024"),
        ({"start": "2024-11-04", "end": "2024-11-10"}, "dates", "11月4日至10日", "4–10 Nov"),
        (dt.date(2024, 11, 4), "week", "第45周（11月4日至10日）", "week 45 (4–10 Nov 2024)"),
        ("2024-Q4", "quarter", "2024年第四季度", "Q4 2024"),
        (
            {"start": "2024-11-04", "end": "2024-11-10", "kind": "week"},
            "period",
            "2024年第45周（11月4日至10日）",
            "week 45 of 2024 (4–10 Nov)",
        ),
        ({"start": "2024-06-01", "end": "2024-06-20", "kind": "span"}, "period", "2024年6月1日至20日", "1–20 Jun 2024"),
        (
            {"start": "2023-12-20", "end": "2024-01-10"},
            "dates",
            "2023年12月20日至2024年1月10日",
            "20 Dec 2023 to 10 Jan 2024",
        ),
        ({"start": "2024-10-28", "end": "2024-11-03"}, "dates", "10月28日至11月3日", "28 Oct to 3 Nov"),
        ({"start": "2024-01", "end": "2024-06"}, "month-range", "2024年1月至6月", "Jan to Jun 2024"),
        ("2024-09-30", "date", "2024年9月30日", "30 Sep 2024"),
    ],
)
def test_dates_and_spans(value, unit, zh, en):
    assert (ZH.value(arg(value, unit)), EN.value(arg(value, unit))) == (zh, en)


@pytest.mark.parametrize(
    ("month", "zh", "en"),
    [
        ("2024-10", "10月", "October"),
        ("2023-11", "去年同期", "November 2023"),
        ("2023-12", "2023年12月", "December 2023"),
    ],
)
def test_a_comparison_names_its_base(month, zh, en):
    base = arg({"of": "2024-11", "month": month}, "base")
    assert (ZH.value(base), EN.value(base)) == (zh, en)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ({"low": 100, "high": 200}, "￥100–199", "¥100–199"),
        ({"low": 500.0, "high": None}, "￥500以上", "¥500 and up"),
        ({"low": None, "high": 50.0}, "不到￥50", "under ¥50"),
        ({"low": 1000, "high": 2000}, "￥1,000–1,999", "¥1,000–1,999"),
        ({"low": 49.9, "high": 99.9}, "￥49.9–99.8", "¥49.9–99.8"),
        ({"low": 100, "high": 200, "step": 0.01}, "￥100–199.99", "¥100–199.99"),
    ],
)
def test_a_price_band_ends_one_step_before_the_next(value, zh, en):
    assert (ZH.value(arg(value, "band")), EN.value(arg(value, "band"))) == (zh, en)


@pytest.mark.parametrize(
    ("start", "end", "kind"),
    [
        ("2024-02-01", "2024-02-29", "month"),
        ("2024-01-01", "2024-12-31", "year"),
        ("2024-11-11", "2024-11-11", "day"),
        ("2024-02-01", "2024-02-28", "span"),
        ("2024-01-01", "2024-03-31", "span"),
    ],
)
def test_a_span_that_nobody_names_is_what_its_days_say(start, end, kind):
    assert dates.kind(start, end) == kind


def test_a_time_stamp_is_its_day():
    assert dates.day(dt.datetime(2024, 11, 4, 20, 0)) == dates.day("2024-11-04T20:00:00") == dt.date(2024, 11, 4)


def test_what_is_no_date_is_refused():
    with pytest.raises(ValueError, match="双11"):
        dates.day("双11")
