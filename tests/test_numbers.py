"""Figures: the rows of the number style, and what holds for every number."""

import math
import re
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kit import numbers
from kit.text import Words

ZH, EN = Words("zh"), Words("en")
FIXED = settings(derandomize=True, deadline=None)  # the same examples on every machine
LETTERS = {"": 1, "k": 10**3, "万": 10**4, "M": 10**6, "亿": 10**8, "bn": 10**9}


def both(value, unit, sign=False):
    arg = {"value": value, "unit": unit}
    return ZH.value(arg, sign), EN.value(arg, sign)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (8640, "￥8,640", "¥8,640"),
        (32400, "￥3.24万", "¥32.4k"),
        (486000, "￥48.6万", "¥486k"),
        (760000, "￥76.0万", "¥760k"),
        (4120000, "￥412万", "¥4.12M"),
        (41230000, "￥4,123万", "¥41.23M"),
        (123000000, "￥1.23亿", "¥123M"),
        (1230000000, "￥12.3亿", "¥1.23bn"),
        (12300000000, "￥123亿", "¥12.3bn"),
        (-3200000, "−￥320万", "−¥3.20M"),
    ],
)
def test_money_has_three_digits_and_whole_wan_from_a_million(value, zh, en):
    assert both(value, "money") == (zh, en)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (99996000, "￥1.00亿", "¥100M"),
        (99994999, "￥9,999万", "¥99.99M"),
        (9999.5, "￥1.00万", "¥10.0k"),
        (9999.4, "￥9,999", "¥9,999"),
        (999500, "￥100万", "¥1.00M"),
        (999499, "￥99.9万", "¥999k"),
        (999500000, "￥10.0亿", "¥1.00bn"),
    ],
)
def test_the_unit_is_chosen_after_rounding(value, zh, en):
    assert both(value, "money") == (zh, en)


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (8640, "count.people", "8,640人", "8,640"),
        (32400, "count.people", "3.24万人", "32.4k"),
        (7, "count.sessions", "7场", "7"),
        (0.152, "ratio", "15.2%", "15.2%"),
        (0.0235, "rate", "2.35%", "2.35%"),
        (0.006, "points", "0.6个百分点", "0.6 points"),
        (2.35, "index", "2.35", "2.35"),
        (1.6, "times", "1.6", "1.6"),
        (0.95, "level", "95%", "95%"),
        (0.924, "ratio", "92.4%", "92.4%"),
    ],
)
def test_every_unit_has_its_own_form(value, unit, zh, en):
    assert both(value, unit) == (zh, en)


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (0.123, "growth", "+12.3%", "+12.3%"),
        (-0.061, "growth", "−6.1%", "−6.1%"),
        (1.234, "growth", "+123%", "+123%"),
        (0.9996, "growth", "+100%", "+100%"),
        (0.006, "points", "+0.6个百分点", "+0.6 points"),
        (0.0025, "points+1", "+0.25个百分点", "+0.25 points"),
        (-0.0004, "points", "持平", "level"),
        (0, "count.people", "持平", "level"),
        (-1200, "count.people", "−1,200人", "−1,200"),
    ],
)
def test_a_change_carries_its_sign_and_zero_is_level(value, unit, zh, en):
    assert both(value, unit, sign=True) == (zh, en)


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (0.0004, "points", "不足0.1个百分点", "under 0.1 points"),
        (0.3, "money", "不足￥1", "under ¥1"),
        (0.0, "ratio", "0%", "0%"),
        (0, "money", "￥0", "¥0"),
        (-0.0, "money", "￥0", "¥0"),
        (None, "money", "—", "—"),
        (float("nan"), "points", "—", "—"),
        (float("inf"), "index", "—", "—"),
    ],
)
def test_zero_is_only_for_a_true_zero_and_a_dash_for_nothing(value, unit, zh, en):
    assert both(value, unit) == (zh, en)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [(129, "￥129", "¥129"), (129.9, "￥129.90", "¥129.90"), (12999, "￥12,999", "¥12,999"), (0.5, "￥0.50", "¥0.50")],
)
def test_an_item_price_is_whole_or_has_two_decimals(value, zh, en):
    assert both(value, "price") == (zh, en)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (2.675, "index", "2.68"),
        (0.1525, "ratio", "15.3%"),
        (-0.1525, "growth", "−15.3%"),
        (0.5, "count", "1"),
        (2.5, "count", "3"),
    ],
)
def test_halves_round_away_from_zero_as_a_reader_does(value, unit, text):
    assert both(value, unit) == (text, text)


@pytest.mark.parametrize(
    ("currency", "zh", "en"),
    [
        ("GBP", "£486万", "£4.86M"),
        ("USD", "US$486万", "US$4.86M"),
        ("JPY", "JP¥486万", "JP¥4.86M"),
        ("CHF", "CHF\u00a0486万", "CHF\u00a04.86M"),
    ],
)
def test_other_currencies_keep_the_magnitudes_of_the_language(currency, zh, en):
    arg = {"value": 4860000, "unit": "money"}
    assert (Words("zh", currency).value(arg), Words("en", currency).value(arg)) == (zh, en)


@pytest.mark.parametrize(
    ("values", "unit", "zh", "en"),
    [
        ([4120000, 8640, None, 0], "money", (["412.0", "0.9", "—", "0.0"], "￥万"), (["4,120", "9", "—", "0"], "¥k")),
        ([2.5e8, 40, -40], "money", (["2.50", "<0.01", ">−0.01"], "￥亿"), (["250", "<1", ">−1"], "¥M")),
        ([129, 99.9], "price", (["129.00", "99.90"], "￥"), (["129.00", "99.90"], "¥")),
        ([129, 99], "price", (["129", "99"], "￥"), (["129", "99"], "¥")),
        ([0.121, 0.05], "ratio", (["12.1%", "5.0%"], ""), (["12.1%", "5.0%"], "")),
        ([0.023, -0.006], "points", (["+2.3 pp", "−0.6 pp"], ""), (["+2.3 pp", "−0.6 pp"], "")),
        (["2024-11-04", None], "date", (["2024-11-04", "—"], ""), (["2024-11-04", "—"], "")),
    ],
)
def test_a_table_column_has_one_form_and_its_unit_in_the_heading(values, unit, zh, en):
    assert (ZH.column(values, unit), EN.column(values, unit)) == (zh, en)


@pytest.mark.parametrize(
    ("values", "decimals", "parts"),
    [
        ([1 / 3, 1 / 3, 1 / 3], 3, [0.334, 0.333, 0.333]),
        ([0.1666, 0.1667, 0.6667], 3, [0.166, 0.167, 0.667]),
        ([124999, -55000, 30001], -4, [120000.0, -50000.0, 30000.0]),
        ([5.0, 0.0], 0, [5.0, 0.0]),
        ([], 1, []),
    ],
)
def test_parts_by_largest_remainder(values, decimals, parts):
    assert numbers.largest_remainder(values, decimals) == parts


@FIXED
@given(st.lists(st.floats(-1e9, 1e9), max_size=12), st.integers(-4, 3))
def test_parts_add_up_to_the_rounded_total_and_each_is_off_by_less_than_one_step(values, decimals):
    size = Decimal(1).scaleb(-decimals)
    parts = [Decimal(repr(p)) for p in numbers.largest_remainder(values, decimals)]
    total = sum((Decimal(repr(v)) for v in values), Decimal(0))
    assert sum(parts, Decimal(0)) == numbers.to_step(total, size)
    assert all(abs(p - Decimal(repr(v))) < size for p, v in zip(parts, values, strict=True))


def test_a_part_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="every part must be a number"):
        numbers.largest_remainder([0.5, None], 3)


@pytest.mark.parametrize(
    ("start", "end", "unit", "units", "shown"),
    [
        (0.0344, 0.0406, "ratio", ("ratio+1", "points+1"), ("3.44%", "4.06%", "+0.62 points")),
        (0.034, 0.041, "ratio", ("ratio", "points"), ("3.4%", "4.1%", "+0.7 points")),
        (0.0235, 0.0260, "rate", ("rate", "points+1"), ("2.35%", "2.60%", "+0.25 points")),
        (0.1323, -0.0534, "growth", ("growth+1", "points+1"), ("13.23%", "−5.34%", "−18.57 points")),
        (None, 0.041, "ratio", ("ratio", "points"), ("—", "4.1%", "—")),
    ],
)
def test_shown_ends_give_the_shown_difference(start, end, unit, units, shown):
    ends, apart = numbers.agreeing(start, end, unit)
    difference = None if start is None else end - start
    texts = [EN.value({"value": v, "unit": ends}) for v in (start, end)]
    assert (ends, apart) == units
    assert (*texts, EN.value({"value": difference, "unit": apart}, sign=True)) == shown


# ---- what holds for every number -----------------------------------------------------------------------

UNITS = ("money", "count", "price", "ratio", "rate", "growth", "points", "index", "times", "rank")
AMOUNTS = st.one_of(
    st.floats(-1e13, 1e13),
    st.floats(-2, 2),
    st.builds(lambda m, p, e: m * 10.0**p + e, st.integers(-99999, 99999), st.integers(-6, 7), st.floats(-1, 1)),
)


def read(text):
    """A formatted figure as (number, worth of half its last digit); what is under a limit as zero within it."""
    match = re.fullmatch(
        r"(?:不足|under )?([−+]?)[￥¥]?([\d,]+)(?:\.(\d+))?(k|M|bn|万|亿)?(%|个百分点| points)?(?:人)?", text
    )
    assert match, text
    sign, whole, decimals, letter, percent = match.groups()
    scale = Decimal(LETTERS[letter or ""]) * (Decimal("0.01") if percent else 1)
    number = Decimal(f"{whole.replace(',', '')}.{decimals or 0}") * scale * (-1 if sign == "−" else 1)
    last = Decimal(1).scaleb(-len(decimals or "")) * scale
    return (Decimal(0), last) if text.startswith(("不足", "under")) else (number, last / 2)


@FIXED
@given(AMOUNTS, st.sampled_from(UNITS))
@example(99996000.0, "money")
@example(0.9995, "growth")
def test_a_figure_read_back_is_within_half_of_its_last_digit(value, unit):
    for text in both(value, unit):
        number, half = read(text)
        exact = Decimal(repr(value))
        assert abs(number - exact) <= half


@FIXED
@given(AMOUNTS, st.sampled_from(UNITS))
def test_both_languages_show_the_same_number(value, unit):
    zh, en = both(value, unit)
    assert read(zh)[0] == read(en)[0]


@FIXED
@given(AMOUNTS, AMOUNTS, st.sampled_from(UNITS))
def test_a_larger_number_never_reads_smaller(one, other, unit):
    low, high = sorted((one, other))
    for small, large in zip(both(low, unit), both(high, unit), strict=True):
        assert read(small)[0] <= read(large)[0]


@FIXED
@given(AMOUNTS, st.sampled_from(UNITS))
def test_the_sign_is_the_same_in_both_languages_and_zero_has_none(value, unit):
    zh, en = both(value, unit, sign=True)
    assert (zh[0] if zh[0] in "+−" else "") == (en[0] if en[0] in "+−" else "")
    assert (zh[0] == "−") == (en != "level" and value < 0)
    assert not re.search(r"[−+-][￥¥]?0(?:\.0+)?(?![\d.])", zh + " " + en)
    assert "-" not in zh + en


@FIXED
@given(st.floats(allow_nan=True, allow_infinity=True))
def test_any_float_has_a_text(value):
    zh, en = both(value, "money")
    assert zh and en and (zh == "—") == (not math.isfinite(value))
