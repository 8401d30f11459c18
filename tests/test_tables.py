"""The canonical tables: one declaration, and what follows from it."""

from collections import defaultdict

import pytest

from kit.exports.clean import TYPES
from kit.tables import DTYPES, INPUTS, READ, TABLES, checks, frame
from kit.tables.inputs import CAMPAIGNS
from kit.tables.market import LISTINGS
from kit.tables.sales import ORDERS
from kit.tables.shop import SHOP_DAILY

SPANNING = [t for t in READ if t.spans]


def test_each_key_begins_with_platform_and_shop_but_for_the_consultants_own_tables():
    assert {name for name, t in TABLES.items() if t.key[:2] != ("platform", "shop")} == set(INPUTS)


def test_each_column_type_has_a_reader_and_a_dtype():
    assert {f.type for t in TABLES.values() for f in t.fields} <= TYPES & set(DTYPES)


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_table_is_sound(name):
    empty = frame(TABLES[name], {})
    assert list(empty.columns) == list(TABLES[name].columns)
    assert {f.name: str(empty[f.name].dtype) for f in TABLES[name].fields} == {
        f.name: DTYPES[f.type] for f in TABLES[name].fields
    }
    assert all(sound.all() for _, _, sound, _ in checks(TABLES[name], empty))


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


@pytest.mark.parametrize(
    ("paid", "listed", "freight", "sound"),
    [(110, 100, 10, True), (110.01, 100, 10, True), (110.02, 100, 10, False), (110, 100, None, True)],
)
def test_a_fen_of_rounding_a_cell_is_no_fault(paid, listed, freight, sound):
    (rule,) = [r for r in ORDERS.rules if r.name == "e.rule.paid_over_list"]
    made = frame(ORDERS, {"paid_amount": [paid], "list_amount": [listed], "freight": [freight]})
    assert rule.test(made).tolist() == [sound]


def test_what_ends_before_it_starts_is_refused():
    days = {"start": ["2024-11-02", "2024-11-02", "2024-11-02"], "end": ["2024-11-01", "2024-11-02", None]}
    (rule,) = CAMPAIGNS.rules
    assert rule.test(frame(CAMPAIGNS, days)).tolist() == [False, True, True]


def test_the_time_of_a_table_is_of_its_key_else_its_first():
    times = defaultdict(set)
    for name, table in TABLES.items():
        times[table.time].add(name)
    assert dict(times) == {
        "created_at": {"orders", "order_lines"},
        "refunded_at": {"refunds"},
        "reviewed_at": {"reviews"},
        "started_at": {"live_sessions"},
        "date": {
            "presale_daily", "shop_daily", "item_daily", "category_daily", "traffic_source", "item_sources", "ads_daily",
            "live_daily", "account_daily", "service_daily", "inventory", "listings", "content", "market_daily", "search_terms", "rivals",
            "experiment_daily",
        },
        "month": {"market_monthly", "goals", "members_monthly", "audience_monthly"},
        "start": {
            "shop_period", "item_period", "category_period", "traffic_source_period", "item_sources_period", "ads_period",
            "live_period", "account_period",
            "service_period", "search_terms_period", "rivals_period", "experiment_period", "creator_deals", "campaigns",
            "events",
            "content_period",
        },
        "booked_at": {"settlement"},
        "exposed_at": {"experiment_units"},
        "until": {"experiment_summary"},
        "raised": {"actions"},
        "planned_start": {"experiments"},
        "valid_from": {"costs"},
        None: {"edits", "exclusions", "competitors", "lead_times", "swot_items"},
    }  # fmt: skip


@pytest.mark.parametrize("table", SPANNING, ids=lambda t: t.name)
def test_a_twin_has_first_and_last_day_in_place_of_the_day(table):
    twin = TABLES[table.periods.name]
    assert [c for c in twin.columns if c not in ("start", "end")] == [c for c in table.columns if c != table.time]
    assert [c for c in twin.key if c not in ("start", "end")] == [c for c in table.key if c != table.time]
    assert twin.columns.index("end") == twin.columns.index("start") + 1 == table.columns.index(table.time) + 1
    assert (twin.rules, twin.amount, twin.periods) == (table.rules, table.amount, None)


def test_only_tables_of_days_have_a_twin():
    assert {t.time for t in SPANNING} == {"date"}
    assert [t.name for t in READ if not t.spans and t.periods] == []


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_the_main_amount_is_money_that_adds(table):
    assert table.amount is None or (table.field(table.amount).type, table.field(table.amount).adds) == ("money", True)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_what_identifies_a_row_is_stated_by_its_file(table):
    assert [f.name for f in table.fields if f.key and f.made] == []
    assert [f.name for f in table.fields if f.fill is not None and not f.key] == []


def test_people_never_add():
    adding = {f.name for t in TABLES.values() for f in t.fields if f.adds}
    assert adding & {"visitors", "pay_buyers", "new_buyers", "members", "followers", "sales", "people"} == set()


def test_a_column_of_one_name_is_of_one_type_but_where_a_platform_shows_ranges():
    types = defaultdict(set)
    for table in TABLES.values():
        for field in table.fields:
            types[field.name].add(field.type)
    apart = {name: found for name, found in types.items() if len(found) > 1 and "interval" not in found}
    # A live room's comments add up, a listing's are a counter; a consultant writes a status as it comes.
    assert set(apart) == {"comments", "status", "stage"}


@pytest.mark.parametrize(
    ("table", "column", "value", "rule"),
    [
        ("shop_daily", "pay_amount", -1, "e.rule.negative"),
        ("shop_daily", "pay_cvr", 1.01, "e.rule.above"),
        ("orders", "status", "lost", "e.rule.word"),
        ("inventory", "stock_available", -1, None),
        ("orders", "shop_discount", -1, None),
        ("shop_daily", "pay_cvr", 1, None),
        ("orders", "status", None, None),
    ],
)
def test_a_value_that_cannot_be_breaks_its_rule(table, column, value, rule):
    made = frame(TABLES[table], {column: [value]})
    broken = [(name, of) for name, of, sound, _ in checks(TABLES[table], made) if not sound.all()]
    assert broken == ([(rule, column)] if rule else [])
