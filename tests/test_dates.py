"""Dates, spans and price bands as people read them, and the days and moments that files state."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import dates
from kit.exports.dates import moment, month_end, one_day, order_day, span
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
        ("2024-01-01", "2024-03-31", "quarter"),
        ("2024-02-01", "2024-04-30", "months"),
        ("2023-12-01", "2024-11-30", "months"),
        ("2024-01-01", "2024-11-30", "months"),
    ],
)
def test_a_span_that_nobody_names_is_what_its_days_say(start, end, kind):
    assert dates.kind(start, end) == kind


def test_a_time_stamp_is_its_day():
    assert dates.day(dt.datetime(2024, 11, 4, 20, 0)) == dates.day("2024-11-04T20:00:00") == dt.date(2024, 11, 4)


def test_what_is_no_date_is_refused():
    with pytest.raises(ValueError, match="双11"):
        dates.day("双11")


# ---- as files state them --------------------------------------------------------------------------------

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)


@pytest.mark.parametrize(
    ("literal", "first", "last"),
    [
        ("2024-11-04", (11, 4), (11, 4)),
        ("2024-11", (11, 1), (11, 30)),
        ("Nov-24", (11, 1), (11, 30)),
        ("2024-11-04~2024-11-10", (11, 4), (11, 10)),
        ("20241104~20241110", (11, 4), (11, 10)),
        ("20241104-20241110", (11, 4), (11, 10)),
        ("2024/11/4-2024/11/10", (11, 4), (11, 10)),
        ("2024-11-04-2024-11-10", (11, 4), (11, 10)),
        ("2024-11-04 - 2024-11-10", (11, 4), (11, 10)),
        ("2024-11-04 至 2024-11-10", (11, 4), (11, 10)),
        ("2024-11-04 00:00:00 ~ 2024-11-10 23:59:59", (11, 4), (11, 10)),
        ("2024年11月4日至11月10日", (11, 4), (11, 10)),
        ("2024年11月4日-10日", (11, 4), (11, 10)),
        ("2024-11-04~11-10", (11, 4), (11, 10)),
        ("2024-10~2024-11", (10, 1), (11, 30)),
        ("2024年10月至11月", (10, 1), (11, 30)),
    ],
)
def test_a_span_is_its_first_and_last_day(literal, first, last):
    assert span(literal) == (dt.date(2024, *first), dt.date(2024, *last))


@pytest.mark.parametrize(
    "literal",
    [
        "2024-11-10~2024-11-04",
        "2024-11-04~11",
        "2024-11-04~2024-11",
        "11-04~11-10",
        "2024-11-31~2024-12-01",
        "2024-W45",
        "2024",
        "",
    ],
)
def test_what_is_no_certain_span_is_none(literal):
    assert span(literal) is None


@pytest.mark.parametrize("literal", ["2026-04-19T22:00:00Z", "2026-04-19 22:00+08:00", "1511544070"])
def test_without_a_zone_the_day_of_a_moment_elsewhere_is_open(literal):
    assert one_day(literal) is None


@pytest.mark.parametrize("literal", ["2024-11-01 99:99", "2024-11-01 24:00", "2024-11-01 noon", "2024-11-01T"])
def test_a_clock_that_is_none_makes_no_date(literal):
    assert (one_day(literal), moment(literal, SHANGHAI)) == (None, None)


@given(
    st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2099, 12, 31, 23, 59, 59)).map(lambda d: d.replace(microsecond=0))
)
def test_a_moment_written_out_is_read_as_itself(at):
    for literal in (f"{at}", f"{at:%Y/%m/%d %H:%M:%S}", f"{at:%Y%m%d%H%M%S}", f"{at:%Y年%m月%d日 %H:%M:%S}"):
        assert moment(literal, SHANGHAI) == at
    assert one_day(f"{at}") == at.date()


@given(st.datetimes(dt.datetime(2001, 9, 10), dt.datetime(2033, 5, 17)).map(lambda d: d.replace(microsecond=0)))
def test_an_epoch_is_a_moment_of_utc(at):
    seconds = int(at.replace(tzinfo=dt.UTC).timestamp())
    there = at.replace(tzinfo=dt.UTC).astimezone(SHANGHAI).replace(tzinfo=None)
    assert (
        moment(f"{seconds}", SHANGHAI)
        == moment(f"{seconds}000", SHANGHAI)
        == moment(f"{at.isoformat()}Z", SHANGHAI)
        == there
    )


@given(st.integers(36526, 73050), st.integers(0, 86399))
def test_an_excel_serial_is_a_day_and_its_fraction_a_clock(day, second):
    expected = dt.datetime(1899, 12, 30) + dt.timedelta(day, second)
    assert moment(f"{day + second / 86400:.8f}".rstrip("0").rstrip("."), SHANGHAI) == expected


def test_a_month_ends_on_its_last_day():
    assert [month_end(dt.date(y, m, 1)).day for y, m in ((2024, 2), (2023, 2), (2024, 12))] == [29, 28, 31]
    assert span("2024年11月") == NOV


@pytest.mark.parametrize(
    ("id", "day"),
    [
        ("260531-607212345678", dt.date(2026, 5, 31)),
        (" 260620-1\t", dt.date(2026, 6, 20)),
        ("261331-607212345678", None),
        ("260531607212345678", None),
        ("5118851054150013638", None),
        ("", None),
    ],
)
def test_an_order_number_that_begins_with_its_day_says_it(id, day):
    assert order_day(id) == day
