"""The canonical tables: one declaration, and what follows from it."""

import pytest

from kit.exports.clean import TYPES
from kit.tables import DTYPES, INPUTS, LISTINGS, SHOP_DAILY, TABLES, frame, schema


def test_each_key_begins_with_platform_and_shop_but_for_the_consultants_own_tables():
    assert {name for name, t in TABLES.items() if t.key[:2] != ("platform", "shop")} == set(INPUTS)


def test_each_column_type_has_a_reader_and_a_dtype():
    assert {f.type for t in TABLES.values() for f in t.fields} <= TYPES & set(DTYPES)


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_table_is_sound(name):
    empty = frame(TABLES[name], {})
    assert list(schema(TABLES[name]).validate(empty).columns) == list(TABLES[name].columns)


def test_a_column_that_is_not_given_is_missing_not_zero():
    made = frame(LISTINGS, {"platform": ["tmall"], "shop": ["a"], "price_page": [9.5]})
    assert made.loc[0, "price_page"] == 9.5
    assert made.drop(columns=["platform", "shop", "price_page"]).isna().all(axis=None)
    assert made["date"].dtype == "datetime64[us]"


@pytest.mark.parametrize(
    ("low", "high", "broken"),
    [(1, 2, "e.warn.pay_over_order"), (2, 2, None), (None, 2, None)],
)
def test_a_rule_holds_where_one_side_is_not_stated(low, high, broken):
    made = frame(SHOP_DAILY, {"order_buyers": [low], "pay_buyers": [high]})
    assert [r.name for r in SHOP_DAILY.rules if not r.test(made).all()] == ([broken] if broken else [])


def test_the_time_of_a_table_is_the_day_or_month_of_its_key():
    assert {name: t.time for name, t in TABLES.items()} == {
        "listings": "date",
        "market_monthly": "month",
        "shop_daily": "date",
        "edits": None,
        "actions": None,
    }
