"""Each cleaning rule as literal → value."""

import datetime as dt
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.exports.clean import HIDDEN, TYPES, UNREADABLE, Cell, column, reader, scrub

NOV = dt.date(2024, 11, 1)


def value(type, literal, header=""):
    cell = reader(type, header)(literal)
    assert cell is not UNREADABLE, f"{literal!r} is refused"
    return cell.value


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        ('="1234567890123456"', "1234567890123456"),
        ("'6921000000017", "6921000000017"),
        ("6921000000017\t", "6921000000017"),
        ("10160070484512.0", "10160070484512"),
        ("5118851054150013638", "5118851054150013638"),
        ("00012", "00012"),
        ("260531-607212345678", "260531-607212345678"),
        ("A15239426065", "A15239426065"),
        ("-", None),
    ],
)
def test_an_identifier_keeps_every_digit(literal, expected):
    assert value("id", literal) == expected


@pytest.mark.parametrize("literal", ["6.92103E+12", "5.118851054150014e+18"])
def test_an_identifier_that_lost_digits_is_refused(literal):
    assert reader("id")(literal) is UNREADABLE


@pytest.mark.parametrize(
    ("type", "literal", "expected"),
    [
        ("count", "1,391", 1391),
        ("count", "1391.0", 1391),
        ("count", "2.1万", 21000),
        ("count", "1.3万", 13000),
        ("count", "１２３", 123),
        ("count", "5件", 5),
        ("count", "1.23456789E8", 123456789),
        ("money", "34,895.00", 34895),
        ("money", "¥1529.15", 1529.15),
        ("money", "￥1,234", 1234),
        ("money", "0元", 0),
        ("money", "12.3元", 12.3),
        ("money", "1.5亿", 150_000_000),
        ("money", "1.2万元", 12000),
        ("money", "-￥12.50", -12.5),
        ("money", "￥-12.50", -12.5),
        ("money", "(1,234.50)", -1234.5),
        ("money", "−3.2", -3.2),
        ("money", " 1,234 ", 1234),
        ("money", '="88.8"', 88.8),
        ("number", "18,399", 18399),
        ("number", "9.1E-05", 0.000091),
        ("number", ".5", 0.5),
    ],
)
def test_a_figure_is_read_to_the_last_digit(type, literal, expected):
    assert value(type, literal) == expected


@pytest.mark.parametrize(
    ("type", "literal"),
    [
        ("count", "12.5"),
        ("count", "1,39"),
        ("count", "1,0000"),
        ("money", "1.2E+08"),
        ("money", "n/a"),
        ("money", "$12"),
        ("money", "-￥-3"),
        ("money", "12.3.4"),
        ("money", "九十九"),
        ("number", "."),
        ("number", "9" * 61),
        ("ratio", "a%"),
        ("money", "#DIV/0!"),
        ("money", "=A1*2"),
    ],
)
def test_what_is_no_certain_figure_is_refused(type, literal):
    assert reader(type)(literal) is UNREADABLE


@pytest.mark.parametrize(
    ("literal", "header", "expected"),
    [
        ("0.43%", "支付转化率", 0.0043),
        ("77.48%", "跳失率", 0.7748),
        ("100.0%", "点击率", 1.0),
        ("7.7％", "点击率", 0.077),
        ("3.96", "点击率(%)", 0.0396),
        ("3.96", "点击率（%）", 0.0396),
        ("3.96%", "点击率(%)", 0.0396),
        ("0.03331", "点击率", 0.03331),
        ("0.94", "点击率", 0.94),
    ],
)
def test_a_rate_is_a_fraction_in_each_of_three_conventions(literal, header, expected):
    assert value("ratio", literal, header) == expected


@pytest.mark.parametrize(
    ("literal", "header", "expected"),
    [("12.5", "支付金额(万元)", 125_000), ("12.5万", "支付金额(万元)", 125_000), ("12.5", "支付金额(元)", 12.5)],
)
def test_a_unit_in_the_header_counts_unless_the_cell_has_its_own(literal, header, expected):
    assert value("money", literal, header) == expected


@pytest.mark.parametrize("literal", ["", " ", "-", "--", "—", "－", "null", "NULL", "None", "nan", r"\N", "\u3000"])
@pytest.mark.parametrize("type", sorted(TYPES))
def test_missing_is_none_and_never_zero(type, literal):
    assert reader(type)(literal) == Cell(None)


def test_any_time_is_no_date():
    assert reader("date")("任意时间") == Cell(None)


@pytest.mark.parametrize(
    ("type", "literal", "expected"),
    [
        ("count", "*", Cell(None, "masked")),
        ("count", "****", Cell(None, "masked")),
        ("number", "∞", Cell(None, "no_base")),
        ("interval", "数据量过小", Cell(None, "too_small")),
        ("count", "2000+", Cell(2000, "at_least")),
        ("count", "1万+人付款", Cell(10000, "at_least")),
    ],
)
def test_what_must_be_said_of_a_cell_is_flagged(type, literal, expected):
    assert reader(type)(literal) == expected


@pytest.mark.parametrize(
    ("literal", "low", "high"),
    [
        ("75万 ~ 100万", 750_000, 1_000_000),
        ("7500 ~ 1万", 7500, 10_000),
        ("1万 ~ 2.5万", 10_000, 25_000),
        ("1% ~ 2.5%", 0.01, 0.025),
        ("15% ~ 20%", 0.15, 0.20),
        ("10 ~ 50", 10, 50),
        ("4", 4, 4),
        ("2,000~3,000", 2000, 3000),
        ("30-40", 30, 40),
        ("100-200", 100, 200),
        ("500～1000", 500, 1000),
        ("<10", 0, 10),
        ("￥75万 至 ￥100万元", 750_000, 1_000_000),
    ],
)
def test_an_interval_keeps_both_ends_and_its_middle(literal, low, high):
    assert value("interval", literal) == (low, (low + high) / 2, high)


@pytest.mark.parametrize("literal", ["75 ~ 100万", "75 ~ 100万元", "100万 ~ 75万", "1 ~ 2 ~ 3", "约75万", "1 ~ 2.5%"])
def test_an_interval_that_can_be_read_two_ways_is_refused(literal):
    assert reader("interval")(literal) is UNREADABLE


@pytest.mark.parametrize(
    "literal",
    [
        "2026-04-19",
        "2026/4/19",
        "2026.4.19",
        "2026年04月19日",
        "2026年4月19日",
        "20260419",
        "2026-04-19 22:02",
        "2026-04-19T22:02:59.5",
        "46131",
        "46131.5",
        "Sunday, 19 April 2026",
        "Apr 19, 2026",
        "2026-04-19~2026-04-19",
    ],
)
def test_a_day_is_read_in_each_spelling(literal):
    assert value("date", literal) == dt.date(2026, 4, 19)


@pytest.mark.parametrize(
    "literal", ["11/12/2024", "2024-11-31", "24-11-01", "2024-11", "2024-11-01~2024-11-30", "昨天", "3", "1899-01-01"]
)
def test_what_is_no_single_certain_day_is_refused(literal):
    assert reader("date")(literal) is UNREADABLE


@pytest.mark.parametrize(
    "literal",
    [
        "2024-11",
        "2024/11",
        "2024.11",
        "2024年11月",
        "202411",
        "2024-11-01",
        "2024-11-01~2024-11-30",
        "2024-11-01 ~ 2024-11-30",
        "20241101-20241130",
        "2024/11/1-2024/11/30",
        "Nov-24",
        "45597",
    ],
)
def test_a_month_is_read_in_each_spelling(literal):
    assert value("month", literal) == NOV


@pytest.mark.parametrize("literal", ["2024-11-02", "2024-11-01~2024-11-29", "2024-10-01~2024-11-30", "2024-13", "2024"])
def test_what_is_no_whole_month_is_refused(literal):
    assert reader("month")(literal) is UNREADABLE


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        ("天猫", "tmall"),
        ("douyin", "douyin"),
        (" 京东 ", "jd"),
    ],
)
def test_a_platform_is_known_by_its_name(literal, expected):
    assert value("platform", literal) == expected


def test_a_word_outside_its_list_is_refused():
    read = reader("word", words={"隐藏": "hide"})
    assert [read(w) for w in ("隐藏", "hide", "", "藏")] == [Cell("hide"), Cell("hide"), Cell(None), UNREADABLE]


def test_a_text_stays_as_it_is():
    title = """**<script>#read("/etc/passwd")$x$=cmd|'/c calc'!A1 @a  敏感肌 """
    assert value("text", title) == title.strip()


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        ("加微信 13812345678 领券", f"加微信 {HIDDEN} 领券"),
        ("138-1234-5678", HIDDEN),
        ("11010119900307123X", HIDDEN),
        ("写信 a.b@c.cn", f"写信 {HIDDEN}"),
        ("+8613812345678 或 86 13812345678", f"{HIDDEN} 或 {HIDDEN}"),
        ("138.1234.5678，１３８１２３４５６７８", f"{HIDDEN}，{HIDDEN}"),
        ("13812345678a@b.cn", HIDDEN),
        ("货号 12345678901234567890", "货号 12345678901234567890"),
        ("30ml 补水\n面霜", "30ml 补水 面霜"),
        ('="面霜"', "面霜"),
        ("面\x07霜", "面霜"),
    ],
)
def test_a_text_is_one_line_without_personal_data(literal, expected):
    assert value("text", literal) == expected


def test_an_item_id_that_looks_like_a_phone_number_stays():
    assert value("id", "13812345678") == "13812345678"


def test_a_column_tells_which_rows_are_flagged():
    read = column(["1", "x", "", "2000+", "x"], reader("count"))
    assert read.values == [1, None, None, 2000, None]
    assert read.flags == {"unreadable": [1, 4], "at_least": [3]}


@given(st.text(max_size=80), st.sampled_from(sorted(TYPES)), st.sampled_from(["", "点击率(%)", "金额(万元)"]))
def test_any_literal_is_read_or_refused(literal, type, header):
    cell = reader(type, header)(literal)
    assert isinstance(cell, Cell)
    assert not isinstance(cell.value, float) or math.isfinite(cell.value)


@given(st.floats(-1e12, 1e12, allow_subnormal=False).filter(lambda x: x == 0 or abs(x) > 1e-6))
def test_a_number_written_out_is_read_as_itself(number):
    assert value("money", f"{number:,.9f}") == float(f"{number:.9f}")


@given(st.text())
def test_scrubbing_twice_changes_nothing(text):
    assert scrub(scrub(text)) == scrub(text)


@pytest.mark.parametrize("long", ["9" * 1_000_000, "a." * 500_000, "a@" * 500_000, "长" * 1_000_000])
def test_a_very_long_cell_is_searched_once_from_end_to_end(long):
    before = time.process_time()
    assert scrub(long) == long
    assert time.process_time() - before < 10
