"""The demo's inputs.xlsx: sheets of the consultant that fit the tables and the exports."""

import functools

import pandas as pd
import pytest
from demo_tables import DEMO, GIFT, fen, lines, orders, trade, truths
from openpyxl import load_workbook

from kit.tables import INPUTS, TABLES


@pytest.fixture(scope="module")
def planted():
    return truths()


@functools.cache
def sheets() -> dict[str, list[tuple]]:
    book = load_workbook(DEMO / "inputs.xlsx")
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def records(name: str) -> list[dict]:
    header, *rows = sheets()[name]
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_every_sheet_has_the_columns_of_its_table():
    found = sheets()
    assert set(found) <= set(INPUTS)
    assert {n: set(rows[0]) - set(TABLES[n].columns) for n, rows in found.items()} == {n: set() for n in found}
    for name, rows in found.items():
        missing = {f.name for f in TABLES[name].fields if not f.blank} - set(rows[0])
        assert missing == set(), name


def test_excluded_orders_are_in_the_order_file(planted):
    rows = records("exclusions")
    told = orders().set_index("订单编号").loc[[r["id"] for r in rows]]
    assert told["paid"].sum() / 100 == planted["orders.excluded"]
    assert (told["day"] != "").all()


def test_every_code_sold_has_a_cost_and_a_lead_time_unless_it_is_a_gift():
    costs = {row[0]: row for row in sheets()["costs"][1:]}
    times = {row[0] for row in sheets()["lead_times"][1:]}
    sold = set(lines()["商家编码"])
    assert sold <= costs.keys() and sold - {GIFT} <= times
    assert [code for code, row in costs.items() if row[-1] == "是"] == [GIFT]


def test_members_grow_by_those_who_join():
    told = pd.DataFrame(records("members_monthly"))
    assert len(told) == 25
    assert (told["members"].diff().dropna() == told["new_members"][1:]).all()
    assert (told["member_buyers"] <= told["active_members"]).all()
    monthly = fen(trade()["支付金额"]).groupby(lambda day: day[:7]).sum()
    share = told.set_index("month")["member_pay_amount"].loc[list(monthly.index)] * 100 / monthly
    assert share.between(0.2, 0.5).all()


def test_a_campaign_is_compared_with_one_of_the_sheet():
    rows = records("campaigns")
    names = {r["campaign"] for r in rows}
    assert {r["compare_to"] for r in rows} - {None} <= names
    assert "双11 2023" in {r["compare_to"] for r in rows if r["campaign"] == "双11 2024"}
    assert all(r["start"] <= r["end"] < r["after_end"] for r in rows)
