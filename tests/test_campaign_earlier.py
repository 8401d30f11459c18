"""A campaign beside earlier ones, the next one's budget, and what was agreed."""

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import worded
from scipy.stats import t

from kit.analyses.campaign import earlier, earlier_page, subjects
from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.client import Client
from kit.findings import Heading, Shown
from kit.stats import kpi_parts
from kit.store import load
from kit.tables import TABLES, frame

AS_OF = dt.date(2024, 6, 30)
SHEET = [
    ("三月", "2024-03-01", "2024-03-04"),
    ("四月", "2024-04-01", "2024-04-02"),
    ("周年庆", "2024-06-01", "2024-06-07"),
]
PAID = {"2024-03": 400.0, "2024-04": 900.0, "2024-06": 700.0}
"""Of a day, by month."""


def sheet(rows=SHEET, **more):
    names, starts, ends = (list(column) for column in zip(*rows, strict=True))
    about = {"shop": ["a"] * len(rows), "kind": ["brand"] * len(rows)}
    return frame(TABLES["campaigns"], about | {"campaign": names, "start": starts, "end": ends} | more)


def shop(spend=None):
    """Daily sales, and ads that spend a part of them by month."""
    dates = pd.date_range("2024-03-01", "2024-06-30")
    paid = [PAID.get(f"{day:%Y-%m}", 100.0) for day in dates]
    about = {"platform": ["tmall"] * len(dates), "shop": ["a"] * len(dates), "date": dates}
    tables = {"shop_daily": frame(TABLES["shop_daily"], about | {"pay_amount": paid})}
    if spend:
        ads = {"tool": ["x"] * len(dates), "breakdown": ["account"] * len(dates), "window_days": [15.0] * len(dates)}
        cost = [p * spend.get(f"{day:%Y-%m}", 0.1) for day, p in zip(dates, paid, strict=True)]
        tables["ads_daily"] = frame(TABLES["ads_daily"], about | ads | {"spend": cost})
    return tables


def analysed(tables=None, given=None, actions=None):
    given = sheet() if given is None else given
    one = next(c for c in subjects.every(given) if c.name == "周年庆")
    found = SimpleNamespace(reviews=(SimpleNamespace(campaign=one),))
    return earlier.analyse(found, shop() if tables is None else tables, given, actions, AS_OF)


def only(*args, **more):
    (one,) = analysed(*args, **more).campaigns
    return one


def test_campaigns_stand_side_by_side_the_latest_first_and_rank_by_the_day():
    one = only()
    assert [(row.campaign.name, row.a_day) for row in one.rows] == [("周年庆", 700.0), ("四月", 900.0), ("三月", 400.0)]
    assert one.rank == 2


def test_a_campaign_without_sales_of_all_its_days_is_left_out():
    given = sheet([("二月", "2024-02-28", "2024-03-02"), *SHEET])
    assert "二月" not in [row.campaign.name for row in only(given=given).rows]


def test_campaigns_of_another_shop_and_later_ones_do_not_compare():
    rows = [*SHEET, ("它店", "2024-05-01", "2024-05-02"), ("七月", "2024-06-20", "2024-06-21")]
    given = sheet(rows)
    given.loc[given["campaign"] == "它店", "shop"] = "b"
    assert [row.campaign.name for row in only(given=given).rows] == ["周年庆", "四月", "三月"]


def test_the_budget_is_the_goal_over_the_return_with_the_interval_of_one_campaign_more():
    """Returns of 10, 8 and 5; 80 % on the log scale by Student's t with two degrees of freedom."""
    one = only(shop({"2024-06": 0.1, "2024-04": 0.125, "2024-03": 0.2}))
    logs = np.log([10.0, 8.0, 5.0])
    reach = t.ppf(0.9, 2) * logs.std(ddof=1) * np.sqrt(1 + 1 / 3)
    roi = np.exp(logs.mean())
    found = one.budget
    assert (found.goal, found.roi, found.level) == (4900.0, pytest.approx(roi), 0.8)
    assert found.middle == pytest.approx(4900 / roi)
    assert (found.low, found.high) == (
        pytest.approx(4900 / roi / np.exp(reach)),
        pytest.approx(4900 / roi * np.exp(reach)),
    )


def test_the_interval_holds_the_next_return_as_often_as_its_level_says():
    rng = np.random.default_rng(6)
    draws = np.exp(rng.normal(2.0, 0.3, (1500, 5)))
    held = [low <= row[-1] <= high for row in draws for _, low, high, _ in [earlier._range(list(row[:-1]))]]
    assert 0.77 <= np.mean(held) <= 0.83


def test_of_two_campaigns_the_range_is_from_the_lower_to_the_higher_and_of_one_there_is_none():
    given = sheet(SHEET[1:])
    two = only(shop({"2024-06": 0.1, "2024-04": 0.2}), given).budget
    assert (two.level, two.low, two.high) == (None, pytest.approx(490.0), pytest.approx(980.0))
    (finding,) = [
        f for f in earlier_page.findings(only(shop({"2024-06": 0.1}), sheet(SHEET[2:]))) if f.key.endswith("budget")
    ]
    assert finding.sentence == "cp.next.single" and finding.low is None


def test_the_next_campaign_of_the_sheet_lends_its_goal():
    rows = [*SHEET, ("七月", "2024-07-20", "2024-07-21")]
    given = sheet(rows, goal_pay_amount=[None, None, None, 9000.0])
    found = only(shop({"2024-06": 0.1}), given).budget
    assert (found.goal, found.campaign) == (9000.0, "七月")


@pytest.mark.parametrize(
    ("budget", "way"), [(400.0, Verdict.OVER_GOAL), (600.0, Verdict.UNDER_GOAL), (490.0, Verdict.ON_GOAL)]
)
def test_what_was_spent_stands_beside_the_budget(budget, way):
    given = sheet(budget=[None, None, budget])
    (finding,) = [f for f in earlier_page.findings(only(shop({"2024-06": 0.1}), given)) if f.key.endswith("spent")]
    assert finding.verdict == way and finding.value == pytest.approx(490.0)


def agreed(*rows):
    names = ("id", "raised", "finding", "action_zh", "owner", "due", "status")
    return frame(TABLES["actions"], dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def test_the_learning_list_holds_what_was_raised_during_it_or_names_it():
    key = subjects.every(sheet())[-1].key
    rows = [
        ("1", "2024-06-03", None, "补货", "供应链", "2024-06-10", "done"),
        ("2", "2024-06-03", None, "排班", "客服", "2024-06-20", "open"),
        ("3", "2024-06-28", f"campaign.{key}.margin", "控制让利", "运营", "2024-07-20", "open"),
        ("4", "2024-05-03", None, "别的事", "运营", "2024-07-20", "open"),
    ]
    one = only(actions=agreed(*rows))
    assert [(action.id, action.state) for action in one.actions] == [("2", "late"), ("3", "open"), ("1", "done")]


def test_each_lacking_export_is_named():
    found = {m.key.rpartition(".")[2]: m.tables for m in earlier.show(analysed()).missing}
    assert found == {"budget": ("ads_daily",), "learning": ("actions",)}
    assert [m.tables for m in earlier.show(analysed({})).missing] == [("shop_daily",), ("actions",)]


def test_several_campaigns_of_a_period_have_a_heading_each_and_one_has_none():
    listed = subjects.every(sheet())
    for chosen, headings in ((listed, ["三月", "四月", "周年庆"]), (listed[2:], [])):
        found = SimpleNamespace(reviews=tuple(SimpleNamespace(campaign=one) for one in chosen))
        shown = earlier.show(earlier.analyse(found, shop({"2024-06": 0.1}), sheet(), None, AS_OF))
        keys = [thing.key for thing in shown.exhibits]
        assert [thing.text.value for thing in shown.exhibits if isinstance(thing, Heading)] == headings
        assert len(keys) == len({*keys})


def test_without_a_campaign_in_the_period_nothing_is_shown():
    none = SimpleNamespace(reviews=())
    assert earlier.show(earlier.analyse(none, shop(), sheet(), None, AS_OF)) == Shown()


@pytest.fixture(scope="module")
def demo():
    client = Client.load("demo")
    data = load(client)
    tables = kpi_parts.Books({name: data.get(name) for name in ("shop_daily", "ads_daily", "orders")})
    given = data.get("campaigns")
    one = subjects.ended(given, dt.date(2024, 11, 1), dt.date(2024, 11, 30))[0]
    found = SimpleNamespace(reviews=(SimpleNamespace(campaign=one),))
    return earlier.analyse(found, tables, given, data.get("actions"), client.report_date)


def test_the_demo_double_11_stands_beside_all_campaigns_of_the_exported_time(demo):
    (one,) = demo.campaigns
    assert len(one.rows) == 12 and one.rank == 2  # the longer Double 11 of 2024 sold less a day than that of 2023
    assert one.budget.count == 2 and one.budget.low < one.budget.middle < one.budget.high
    assert {action.id for action in one.actions} == {f"A-2024-11-0{n}" for n in range(1, 5)}


def test_what_is_shown_of_the_demo_is_plain_and_said_in_both_languages(demo):
    worded.shows(earlier.show(demo))
