"""Source mix, shipping in time and days of stock: what is counted, what is left out, and when nothing is said."""

import datetime as dt

import pandas as pd
import pytest

from kit.stats import kpis
from kit.stats.kpi_days import ABSENT, CUT, GAPS
from kit.stats.kpis import TOTAL
from kit.tables import TABLES, frame

JUNE = dt.date(2024, 6, 1), dt.date(2024, 6, 2)
DAYS = pd.date_range(*JUNE)


def table(name, shop="a", **columns):
    count = len(next(iter(columns.values())))
    return frame(TABLES[name], {"platform": ["jd"] * count, "shop": [shop] * count, **columns})


def daily(shop="a"):
    return table("shop_daily", shop, date=list(DAYS), pay_amount=[60.0, 40.0])


def figure(name, shop="a", **tables):
    return kpis.figures({"shop_daily": daily(), **tables}, *JUNE)[shop][name]


# ---- sources -----------------------------------------------------------------------------------------------------


def sources(*rows, days=DAYS, name="traffic_source"):
    """Rows as first and second level and amount, the same on each of the days."""
    every = [row for row in rows for _ in days]
    when = {"date": list(days) * len(rows)} if name == "traffic_source" else {"start": [DAYS[0]], "end": [DAYS[1]]}
    if name != "traffic_source":
        every, when = list(rows), {k: v * len(rows) for k, v in when.items()}
    columns = {"source_l1": [r[0] for r in every], "source_l2": [r[1] for r in every]}
    columns |= {n: [""] * len(every) for n in ("carrier", "source_l3", "source_l4")}
    return table(name, **when, **columns, pay_amount=[float(r[2]) for r in every])


MIX = (("淘内免费", "", 30), ("淘内免费", "手淘搜索", 20), ("内容渠道", "", 12), ("付费推广", "", 8))


def shares(**tables):
    return [figure(n, **tables).value for n in ("natural_share", "content_share", "promoted_share")]


def test_what_names_neither_promotion_nor_content_is_natural_and_lower_levels_are_not_added():
    assert shares(traffic_source=sources(*MIX)) == pytest.approx([0.6, 0.24, 0.16])


def test_promotion_of_content_is_promotion():
    rows = (("直播推广", "", 10), ("短视频", "", 10), ("其他", "", 30))
    assert shares(traffic_source=sources(*rows)) == pytest.approx([0.6, 0.2, 0.2])


def test_a_file_of_exactly_the_period_wins_and_no_other_period_serves():
    whole = sources(("自主访问", "", 40), ("付费流量", "", 60), name="traffic_source_period")
    assert shares(traffic_source=sources(*MIX), traffic_source_period=whole) == pytest.approx([0.4, 0.0, 0.6])
    other = whole.assign(end=DAYS[0])
    assert shares(traffic_source_period=other) == [None] * 3


@pytest.mark.parametrize(
    ("rows", "lacks"),
    [
        (sources(("淘内免费", "", 20), ("付费推广", "", 8)), ABSENT),
        (sources(*MIX, days=DAYS[:1]), GAPS),
        (None, ABSENT),
    ],
)
def test_sources_that_do_not_make_up_the_sales_have_no_shares(rows, lacks):
    found = figure("natural_share", traffic_source=rows)
    assert (found.value, found.lacks) == (None, lacks)


# ---- shipping ----------------------------------------------------------------------------------------------------


def orders(*rows):
    """Rows as hours from payment on the first of June to shipping, and what else a case needs; the file reaches on."""
    names = ("hours", "status", "presale", "counted", "paid")
    usual = {"status": "completed", "presale": False, "counted": True, "paid": "2024-06-01 10:00"}
    every = [*rows, (1, "completed", False, False, "2024-06-10")]
    given = [usual | dict(zip(names, row, strict=False)) for row in every]
    paid = [pd.Timestamp(r["paid"]) for r in given]
    sent = [
        pd.NaT if r["hours"] is None else at + pd.Timedelta(hours=r["hours"]) for r, at in zip(given, paid, strict=True)
    ]
    words = {n: [r[n] for r in given] for n in ("status", "presale", "counted")}
    about = {"order_id": [str(n) for n in range(len(given))], "paid_amount": [10.0] * len(given)}
    return table("orders", paid_at=paid, shipped_at=sent, **words, **about)


def in_time(*rows, **tables):
    sheet = orders((5, "completed", False, False, "2024-05-20"), *rows)
    return figure("shipped_in_time", orders=sheet, **tables)


@pytest.mark.parametrize(
    ("row", "value"),
    [
        ((47,), 1.0),
        ((49,), 0.5),
        ((None, "paid"), 0.5),
        ((None, "closed"), 1.0),
        ((99, "completed", True), 1.0),
        ((99, "completed", False, False), 1.0),
        ((99, "completed", False, True, "2024-06-03 00:00"), 1.0),
    ],
)
def test_of_paid_orders_that_are_no_presale_how_many_left_within_two_days(row, value):
    assert in_time((10,), row).value == value


def test_an_order_whose_time_is_not_up_when_the_file_ends_is_left_out():
    sheet = orders((5, "completed", False, False, "2024-05-20"), (10,), (None, "paid", False, True, "2024-06-02 20:00"))
    short = sheet[sheet["paid_at"] < "2024-06-03"]
    assert (figure("shipped_in_time", orders=sheet).value, figure("shipped_in_time", orders=short).value) == (0.5, 1.0)


def test_shipping_times_may_stand_on_the_lines_and_the_last_line_counts():
    sheet = orders((5, "completed", False, False, "2024-05-20"), (10,), (10,)).assign(shipped_at=pd.NaT)
    at = [pd.Timestamp("2024-06-01 12:00"), pd.Timestamp("2024-06-09"), pd.Timestamp("2024-06-02")]
    lines = table("order_lines", order_id=["1", "1", "2"], line_id=["1", "2", "3"], shipped_at=at)
    assert figure("shipped_in_time", orders=sheet, order_lines=lines).value == 0.5
    assert figure("shipped_in_time", orders=sheet).lacks == ABSENT


def test_orders_that_begin_inside_the_period_say_nothing():
    assert figure("shipped_in_time", orders=orders((10, "completed", False, True, "2024-06-02 09:00"))).lacks == CUT


# ---- stock -------------------------------------------------------------------------------------------------------


def stock(*counts):
    """Counts as day, code, units."""
    columns = zip(*counts, strict=True)
    days, codes, units = (list(c) for c in columns)
    about = {"date": [pd.Timestamp(d) for d in days], "merchant_sku": codes, "stock_on_hand": [float(u) for u in units]}
    return table("inventory", "erp", **about, warehouse=[""] * len(days))


def sold(*rows):
    """Lines as day, code, units; the file reaches around the period."""
    every = [("2024-05-30", "x", 1), *rows, ("2024-06-05", "x", 1)]
    days, codes, units = (list(c) for c in zip(*every, strict=True))
    ids = {n: [str(k) for k in range(len(every))] for n in ("order_id", "line_id")}
    about = {"paid_at": [pd.Timestamp(d) for d in days], "merchant_sku": codes, "quantity": [float(u) for u in units]}
    return table("order_lines", **ids, **about, kind=["sale"] * len(every), status=["completed"] * len(every))


COUNTS = (("2024-05-31", "k", 100), ("2024-06-02", "k", 60))
SALES = (("2024-06-01", "k", 30), ("2024-06-02 23:00", "k", 10), ("2024-06-02", "other", 500))


def test_days_of_stock_are_average_units_by_units_sold_a_day_of_the_codes_in_the_warehouse():
    assert figure("stock_days", inventory=stock(*COUNTS), order_lines=sold(*SALES)).value == 80 / 20


def test_stock_is_of_all_shops_together_where_there_are_several():
    tables = {"inventory": stock(*COUNTS), "order_lines": sold(*SALES)}
    both = pd.concat([daily(), daily("b")], ignore_index=True)
    found = kpis.figures({"shop_daily": both, **tables}, *JUNE)
    assert {shop: own["stock_days"].value for shop, own in found.items()} == {"a": None, "b": None, TOTAL: 4.0}


@pytest.mark.parametrize("day", ["2024-05-30", "2024-06-03"])
def test_a_count_of_another_time_is_none_of_the_periods(day):
    assert figure("stock_days", inventory=stock((day, "k", 5)), order_lines=sold(*SALES)).lacks == CUT


def test_gifts_and_returns_are_no_units_sold():
    lines = sold(*SALES)
    lines.loc[lines["quantity"] == 10, "kind"] = "gift"
    assert figure("stock_days", inventory=stock(*COUNTS), order_lines=lines).value == 80 / 15
