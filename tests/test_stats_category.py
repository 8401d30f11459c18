"""Which months compare with which, and the brand beside them."""

import datetime as dt

import pandas as pd
import pytest

from kit.stats import category
from kit.stats.phases import Shift, Span
from kit.stats.series import Amount, Series

MONTHS = {f"{y}-{m:02d}": 100.0 * (1 + (y == 2024)) for y in (2023, 2024) for m in (1, 2, 9, 10, 11)}
EVENT = Span("double_11", "双11", "Double 11", 2024, dt.date(2024, 10, 14), dt.date(2024, 11, 11), "confirmed")
SHIFT = Shift(EVENT, EVENT, (10, 11))


def month(text):
    return dt.date.fromisoformat(text + "-01")


def series(kind="money", months=MONTHS):
    points = tuple((month(m), Amount(v, v, v)) for m, v in sorted(months.items()))
    return Series("tmall", "精华", "pay_amount", kind, "a", points, ())


def compared(span, kind="money", shift=None, daily=None, index=None):
    return category.compare(series(kind), index, daily, tuple(month(m) for m in span), shift)


def names(*args, **more):
    return [(c.market.name, len(c.market.span)) for c in compared(*args, **more)]


@pytest.mark.parametrize(
    ("span", "kind", "shift", "expected"),
    [
        (["2024-11"], "money", None, [("yoy", 1), ("mom", 1)]),
        (["2024-11"], "money", SHIFT, [("joined", 2), ("yoy", 1), ("mom", 1)]),
        (["2024-11"], "vendor_estimate", SHIFT, [("yoy", 1), ("yoy", 1), ("mom", 1)]),
        (["2024-10"], "money", SHIFT, [("yoy", 1), ("mom", 1)]),
        (["2024-02"], "money", None, [("spring", 2), ("mom", 1)]),
        (["2024-02"], "vendor_estimate", None, [("yoy", 1), ("yoy", 1), ("mom", 1)]),
        (["2024-01"], "money", None, []),
        (["2024-10", "2024-11"], "money", None, [("yoy", 2)]),
        (["2024-01", "2024-02", "2024-09"], "index", None, [("yoy", 1)]),
        ([], "money", None, []),
    ],
)
def test_months_compare_with(span, kind, shift, expected):
    assert names(span, kind, shift) == expected


def test_the_brands_growth_is_by_daily_average_where_the_markets_is():
    days = pd.date_range("2024-10-01", "2024-11-30")
    daily = pd.DataFrame({"shop": "a", "date": days, "pay_amount": 10.0})
    (mom,) = [c for c in compared(["2024-11"], daily=daily) if c.market.name == "mom"]
    assert mom.market.daily and mom.own_growth == pytest.approx(0.0)
    assert mom.gap == pytest.approx(-(31 / 30 - 1))


def test_the_index_stands_beside_a_single_month_and_never_beside_a_sum():
    falling = series("index", {"2023-10": 3.0, "2023-11": 9.0, "2024-10": 2.0, "2024-11": 7.0})
    joined, yoy, _ = compared(["2024-11"], shift=SHIFT, index=falling)
    assert (joined.index, yoy.index) == (None, -1)


def test_without_the_brands_shops_there_is_no_gap():
    assert all(c.gap is None and c.own is None for c in compared(["2024-11"]))
