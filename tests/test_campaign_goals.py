"""A campaign's goals over all its days, by phase and by day."""

import datetime as dt

import pandas as pd
import pytest

from kit import calendar
from kit.analyses import campaign
from kit.analyses.campaign import goals, goals_page, subjects
from kit.findings import payload, plain
from kit.tables import TABLES, frame
from kit.text import Words

DATES = pd.date_range("2024-05-01", "2024-06-21")
NONE = calendar.promotions((), dt.date(2024, 1, 1), dt.date(2024, 12, 31))
HOLIDAYS = calendar.holidays(dt.date(2024, 1, 1), dt.date(2024, 12, 31))


def sheet(**more):
    row = {"campaign": "周年庆", "shop": "a", "kind": "brand", "start": "2024-06-03", "end": "2024-06-05"}
    row |= {"presale_start": "2024-06-01", "after_end": "2024-06-07"} | more
    return frame(TABLES["campaigns"], {name: [value] for name, value in row.items()})


def daily(**more):
    """A hundred yuan of four buyers and five orders a day from forty visitors; five times as much on 4 June."""
    row = {"visitors": 40.0, "pay_buyers": 4.0, "pay_parent_orders": 5.0, "pay_amount": 100.0, "cart_users": 8.0}
    columns = {n: [v * (5 if d == pd.Timestamp("2024-06-04") else 1) for d in DATES] for n, v in row.items()}
    return frame(TABLES["shop_daily"], {"platform": ["tmall"] * len(DATES), "shop": ["a"] * len(DATES), "date": DATES} | columns | more)  # fmt: skip


def reviewed(given, **tables):
    used = {"shop_daily": daily()} | tables
    days = dt.date(2024, 6, 1), dt.date(2024, 6, 30)
    (review,) = (result := campaign.analyse(given, used, NONE, HOLIDAYS, *days, {"a": "A"})).reviews
    return review, campaign.show(result, "goals")


def drawn(shown, part):
    return next((x for x in shown.exhibits if x.key.rsplit(".", 1)[-1] == part), None)


def test_every_goal_of_the_sheet_has_a_unit_a_name_and_a_column():
    metrics = {n.removeprefix("goal_") for n in (f.name for f in TABLES["campaigns"].fields) if n.startswith("goal_")}
    assert metrics == set(goals.UNITS) and metrics == {*goals.KPI, *goals.PEOPLE, goals.STOCK}
    for locale in ("zh", "en"):
        assert all(Words(locale).label(f"goal.{metric}") for metric in metrics)


def test_a_goal_is_told_phase_by_phase_and_one_of_people_only_where_an_export_is_of_the_phase():
    review, shown = reviewed(sheet(goal_pay_amount=800.0, goal_pay_cvr=0.2, goal_visitors=500.0))
    known = {phase.name: phase.goals for phase in review.phases}
    assert known["presale"] == {"pay_amount": 200.0, "pay_cvr": pytest.approx(0.1), "visitors": None}
    assert known["burst"]["pay_amount"] == 700.0
    table = drawn(shown, "goalphases").table
    assert [c.name for c in table.columns] == ["metric", "presale", "burst", "after", "goal"]
    assert [row[0] for row in table.rows] == ["goal.pay_amount", "goal.pay_cvr"]
    payload(drawn(shown, "goalphases"))


def test_a_goal_is_told_day_by_day_people_once_within_each():
    review, shown = reviewed(sheet(goal_pay_amount=800.0, goal_orders=30.0, goal_cart_users=100.0))
    assert [day.date.day for day in review.days] == [1, 2, 3, 4, 5]
    assert review.days[3].goals["cart_users"] == 40.0 and review.lines[-1].actual is None
    assert drawn(shown, "goaldays").table.columns[-1].name == "cart_users"


def test_a_sheet_with_a_goal_of_sales_alone_has_no_table_of_further_goals():
    _, shown = reviewed(sheet(goal_pay_amount=800.0))
    assert drawn(shown, "goalrun") and not drawn(shown, "goalphases") and not drawn(shown, "goaldays")


@pytest.mark.parametrize(
    ("goal", "sentence", "day", "text"),
    [
        (700.0, "cp.running.reached", "2024-06-04", "1天"),
        (900.0, "cp.running.reached", "2024-06-05", "最后一天"),
        (1000.0, "cp.running.short", "2024-06-05", "90.0%"),
    ],
)
def test_the_day_on_which_the_goal_of_sales_was_reached_is_told(goal, sentence, day, text):
    review, _ = reviewed(sheet(goal_pay_amount=goal))
    (finding,) = goals_page.findings(review)
    assert finding.sentence == sentence and plain(finding.args["date"].value) == day
    assert text in Words("zh").sentence(finding.sentence, plain(finding.args))
    assert [d.running for d in review.days] == [100.0, 200.0, 300.0, 800.0, 900.0]


def test_nothing_is_said_of_the_days_of_a_campaign_without_a_goal():
    review, shown = reviewed(sheet())
    assert review.days == () and not drawn(shown, "goalrun")


def counted(*rows):
    made = {"platform": ["erp"] * len(rows), "shop": [""] * len(rows), "warehouse": ["一"] * len(rows)}
    columns = dict(zip(("date", "merchant_sku", "stock_available"), map(list, zip(*rows, strict=True)), strict=True))
    return frame(TABLES["inventory"], made | columns)


@pytest.mark.parametrize(
    ("rows", "stock"),
    [
        ([("2024-06-01", "A", 50.0), ("2024-06-03", "A", 30.0), ("2024-06-03", "B", 12.0), ("2024-06-05", "A", 1.0)], 42.0),
        ([("2024-05-27", "A", 50.0)], 50.0),
        ([("2024-05-26", "A", 50.0)], None),
        ([("2024-06-04", "A", 50.0)], None),
    ],
)  # fmt: skip
def test_stock_is_that_of_the_last_count_of_the_week_before_the_main_days(rows, stock):
    (one,) = subjects.every(sheet(goal_stock=40.0))
    assert goals.stock(one, {"inventory": counted(*rows)}) == stock
    (line,) = reviewed(sheet(goal_stock=40.0), inventory=counted(*rows))[0].lines
    assert (line.metric, line.actual, line.lacks) == ("stock", stock, None if stock else "absent")
