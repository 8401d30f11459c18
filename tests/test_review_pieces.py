"""What the review's actions, ads, traffic, items and service keep to, whatever they are given."""

import datetime as dt
import json
import math

import numpy as np
import pandas as pd
import pytest

from kit import calendar
from kit.analyses import actions, ads, items, service, traffic
from kit.findings import payload
from kit.tables import TABLES, frame

NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
DAYS = pd.date_range("2024-09-01", "2024-11-30")
SHOP = {name: ["tmall"] * len(DAYS) for name in ("platform", "shop")} | {"date": DAYS}
PROMOTIONS = calendar.promotions(("tmall",), dt.date(2024, 1, 1), dt.date(2025, 3, 31))
COUNT = len(DAYS)


def made(table, days=True, **columns):
    """A row a day for each of the columns; the day in the date or, without ``days``, where the columns say."""
    about = SHOP if days else {name: SHOP[name] for name in ("platform", "shop")}
    return frame(TABLES[table], about | {k: v if isinstance(v, list) else [v] * COUNT for k, v in columns.items()})


TIMES = [day + pd.Timedelta(hours=20) for day in DAYS]
CODES = [f"A{n % 12}" for n in range(COUNT)]
DAILY = made("shop_daily", pay_amount=1000.0, refund_amount=80.0)
ADS = made("ads_daily", tool="qianchuan", breakdown="account", window_days=1.0, scene="", spend=100.0, ad_gmv=120.0)
SOURCES = made("traffic_source", source_l1="免费", source_l2="", source_l3="", source_l4="", carrier="", visitors=90.0)
LINES = made(
    "order_lines",
    False,
    merchant_sku=CODES,
    paid_at=TIMES,
    kind="sale",
    quantity=40.0,
    paid_amount=900.0,
    unit_price=25.0,
)
BACK = made(
    "refunds", False, merchant_sku=CODES, paid_at=TIMES, applied_at=TIMES, refunded_at=TIMES, refund_amount=9.0,
    status="success", reason="破损",
)  # fmt: skip
BAD = [str(k) for k in np.where(np.arange(COUNT) % 9 == 0, "negative", "positive")]
REVIEWS = made("reviews", False, review_id=[str(n) for n in range(COUNT)], reviewed_at=TIMES, sentiment=BAD)
DESK = made("service_daily", agent="", served_users=50.0, first_response_seconds=12.0)
AGREED = frame(TABLES["actions"], {"id": ["A-1"], "raised": [pd.Timestamp("2024-11-05")], "action_zh": ["做"]})
CASES = {
    "actions": (actions, {"actions": AGREED}),
    "ads": (ads, {"ads_daily": ADS, "shop_daily": DAILY, "promotions": PROMOTIONS, "shops": {}}),
    "traffic": (
        traffic,
        {"traffic_source": SOURCES, "traffic_source_period": None, "shop_daily": DAILY}
        | {"promotions": PROMOTIONS, "shops": {}},
    ),
    "items": (items, {"item_daily": None, "order_lines": LINES, "refunds": BACK, "shops": {}}),
    "service": (
        service,
        {"reviews": REVIEWS, "refunds": BACK, "service_daily": DESK, "shop_daily": DAILY, "shops": {}},
    ),
}


def shown(module, given):
    return module.show(module.analyse(**given, start=NOV[0], end=NOV[1]))


@pytest.fixture(params=CASES, ids=list(CASES))
def case(request):
    return CASES[request.param]


def test_inputs_are_left_as_they_were(case):
    module, given = case
    copies = {name: v.copy(deep=True) for name, v in given.items() if isinstance(v, pd.DataFrame)}
    shown(module, given)
    for name, copy in copies.items():
        pd.testing.assert_frame_equal(given[name], copy)


def test_the_same_inputs_give_the_same_result(case):
    assert shown(*case) == shown(*case)


def numbers(value):
    """Every number in a piece of JSON."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    own = [value] if isinstance(value, (int, float)) and not isinstance(value, bool) else []
    return own + [n for part in parts for n in numbers(part)]


def test_everything_shown_is_json_with_finite_numbers_and_keys_are_slugs(case):
    page = shown(*case)
    assert page.findings and page.exhibits
    text = json.dumps([payload(t) for t in (*page.findings, *page.exhibits, *page.missing)], allow_nan=False)
    assert all(math.isfinite(n) for n in numbers(json.loads(text)))
    keys = [f.key for f in page.findings]
    assert len(keys) == len(set(keys)) and all(k.isascii() and k.islower() and k.startswith("review.") for k in keys)


def test_exhibits_and_findings_name_each_other(case):
    page = shown(*case)
    exhibits = {e.key for e in page.exhibits}
    assert all(e.findings and set(e.findings) <= {f.key for f in page.findings} for e in page.exhibits)
    assert all(f.exhibit is None or f.exhibit in exhibits for f in page.findings)


@pytest.mark.parametrize("empty", [None, "no rows"])
def test_without_any_table_there_is_a_question_and_nothing_else(case, empty):
    module, given = case
    tables = {k for k, v in given.items() if isinstance(v, pd.DataFrame) and k != "promotions"}
    less = {k: (None if empty is None else v.iloc[:0]) if k in tables else v for k, v in given.items()}
    page = shown(module, less)
    assert page.missing and not page.findings and not page.exhibits
