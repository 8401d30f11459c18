"""Operations of a campaign: items out of stock and what they lost, shipping, answers, complaints."""

import datetime as dt
from types import SimpleNamespace

import pandas as pd
import pytest

from kit import calendar
from kit.analyses.campaign import lost, lost_page, subjects
from kit.client import Client
from kit.findings import Severity, payload, plain
from kit.stats import kpi_parts
from kit.store import load
from kit.tables import TABLES, frame
from kit.text import Words

NONE = calendar.promotions((), dt.date(2024, 1, 1), dt.date(2024, 12, 31))
ITEMS = {"a1": 100.0, "a2": 40.0, "a3": 60.0, "a4": 30.0, "a5": 70.0, "a6": 50.0, "a7": 20.0}
DAYS = pd.date_range("2024-05-20", "2024-06-20")


def campaigns(until=dt.date(2024, 6, 20)):
    row = {"campaign": "周年庆", "shop": "a", "kind": "brand", "start": "2024-06-01", "end": "2024-06-07"}
    one = subjects.every(frame(TABLES["campaigns"], {name: [value] for name, value in row.items()}))[0]
    return SimpleNamespace(reviews=(SimpleNamespace(campaign=one, until=until),))


def items(out=("2024-06-05", "2024-06-08"), factor=1.0, names=ITEMS):
    """Items of ten yuan a piece; the first has visitors and no sale on the days ``out``, the others ``factor``."""
    rows = []
    for day in DAYS:
        stopped = pd.Timestamp(out[0]) <= day <= pd.Timestamp(out[1])
        for item, units in names.items():
            sold = units if not stopped else 0.0 if item == "a1" else units * factor
            rows.append(("tmall", "a", day, item, item.upper(), 200.0, sold, sold * 10))
    names = ("platform", "shop", "date", "item_id", "title", "visitors", "pay_units", "pay_amount")
    return frame(TABLES["item_daily"], dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def sheet(name, **columns):
    return frame(TABLES[name], {"platform": ["tmall"] * 2, "shop": ["a"] * 2} | columns)


def analysed(reviews=None, events=None, **tables):
    return lost.analyse(campaigns(), {"item_daily": items()} | tables, NONE, reviews, events)


def only(result):
    (one,) = result.campaigns
    return one


def test_a_stop_loses_its_usual_units_at_the_demand_of_these_days():
    (out,) = only(analysed(item_daily=items(factor=0.5))).outs
    assert (out.stop.first.day, out.stop.last.day) == (5, 8)
    assert out.lost.wanted == pytest.approx(4 * 100 * 0.5) and out.money == pytest.approx(2000.0)


def test_a_stop_after_the_campaign_belongs_to_it_until_its_last_phase():
    assert only(analysed(item_daily=items(out=("2024-06-18", "2024-06-20")))).outs
    assert not only(analysed(item_daily=items(out=("2024-05-22", "2024-05-25")))).outs


def test_with_few_other_items_the_loss_is_a_bound_and_said_so():
    few = {name: ITEMS[name] for name in ("a1", "a2", "a3")}
    one = only(analysed(item_daily=items(names=few)))
    (finding,) = [f for f in lost_page.findings(one) if ".stock." in f.key]
    assert finding.sentence == "cp.stock.most" and finding.low is None and finding.value == 4000.0


def test_a_loss_of_a_hundredth_of_the_sales_is_of_high_severity():
    daily = {"platform": ["tmall"] * 7, "shop": ["a"] * 7, "date": pd.date_range("2024-06-01", periods=7)}
    small, large = (
        frame(TABLES["shop_daily"], daily | {"pay_amount": [amount] * 7}) for amount in (10_000.0, 10_000_000.0)
    )
    said = [lost_page.findings(only(analysed(shop_daily=shop)))[0].severity for shop in (small, large)]
    assert said == [Severity.HIGH, Severity.LOW]


def test_the_sheet_of_events_says_that_it_ran_out():
    told = {"start": ["2024-06-06"], "end": ["2024-06-09"], "shop": ["a"], "kind": ["stock_out"]}
    events = frame(TABLES["events"], told)
    assert [only(analysed(events=e)).outs[0].stock for e in (None, events)] == ["unknown", "told"]


def test_without_a_stop_the_page_says_so_and_for_which_days():
    one = only(analysed(item_daily=items(out=("2024-01-01", "2024-01-02"))))
    (finding,) = lost_page.findings(one)
    assert finding.sentence == "cp.nostock" and plain(finding.args["period"].value)["start"] == "2024-06-01"


def test_a_report_without_visitors_shows_no_stop_and_is_not_read_as_none():
    blind = items().assign(visitors=float("nan"))
    shown = lost.show(analysed(item_daily=blind))
    assert "item_daily" in [table for m in shown.missing for table in m.tables]
    assert not [f for f in shown.findings if ".stock" in f.key]


def test_the_wait_is_weighted_by_people_served_and_the_slowest_day_named():
    days = pd.date_range("2024-06-01", periods=7)
    service = {"platform": ["tmall"] * 7, "shop": ["a"] * 7, "date": days, "agent": ["x"] * 7}
    service |= {"first_response_seconds": [20.0] * 6 + [90.0], "served_users": [10.0] * 6 + [40.0]}
    daily = {"platform": ["tmall"] * 7, "shop": ["a"] * 7, "date": days, "pay_amount": [1.0] * 7}
    tables = {
        "service_daily": frame(TABLES["service_daily"], service),
        "shop_daily": frame(TABLES["shop_daily"], daily),
    }
    one = only(analysed(**tables))
    assert one.desk["response_seconds"][0] == pytest.approx((60 * 20 + 40 * 90) / 100)
    assert one.slowest == (dt.date(2024, 6, 7), 90.0)


REVIEWED = ["2024-05-04 10:00", "2024-05-20 10:00", "2024-06-05 10:00", "2024-06-12 10:00", "2024-06-12 11:00"]


@pytest.mark.parametrize(
    ("feelings", "sentence", "per", "before"),
    [
        (["positive", "negative", "positive", "negative", "negative"], "cp.complaints.share", 2 / 3, 0.5),
        (["negative"] * 5, "cp.complaints.daily", 3 / 20, 2 / 28),
    ],
)
def test_bad_reviews_are_held_against_all_or_against_days_where_the_file_has_bad_ones_alone(
    feelings, sentence, per, before
):
    table = {"platform": ["tmall"] * 5, "shop": ["a"] * 5, "review_id": list("12345"), "reviewed_at": REVIEWED}
    one = only(analysed(frame(TABLES["reviews"], table | {"sentiment": feelings})))
    assert one.complaints.per == pytest.approx(per) and one.complaints.before == pytest.approx(before)
    assert lost_page.findings(one)[-1].sentence == sentence


def test_each_lacking_export_is_named_for_its_own_question():
    result = lost.analyse(campaigns(), {}, NONE)
    found = {m.key.rpartition(".")[2]: m.tables for m in lost.show(result).missing}
    assert found == {
        "stock": ("item_daily",), "shipped_in_time": ("orders",), "response_seconds": ("service_daily",),
        "complaints": ("reviews",),
    }  # fmt: skip
    assert not lost.show(result).findings


# ---- the demo --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo():
    client = Client.load("demo")
    data = load(client)
    used = ("shop_daily", "item_daily", "inventory", "service_daily", "orders")
    tables = kpi_parts.Books({name: data.get(name) for name in used})
    promotions = calendar.promotions(client.platforms(), dt.date(2022, 11, 1), dt.date(2025, 5, 30))
    one = subjects.ended(data.get("campaigns"), dt.date(2024, 11, 1), dt.date(2024, 11, 30))[0]
    found = SimpleNamespace(reviews=(SimpleNamespace(campaign=one, until=one.after),))
    return lost.analyse(found, tables, promotions, data.get("reviews"), data.get("events"))


def test_the_demo_stock_out_lies_in_its_range(demo):
    """TRUTH.md: stock.out.from and to, stock.lost.units and money."""
    out = only(demo).outs[0]
    assert (out.stop.article_no, out.stop.first, out.stop.last) == ("QH001", dt.date(2024, 11, 12), dt.date(2024, 11, 19))  # fmt: skip
    assert out.lost.low <= 1136 <= out.lost.high and out.lost.units == pytest.approx(1136, rel=0.05)
    assert out.lost.low * out.price <= 157_904 <= out.lost.high * out.price
    assert out.stock == "told"


def test_the_demo_wait_on_the_rush_day_is_the_planted_one(demo):
    """TRUTH.md: service.first.2024-11-11."""
    day, seconds = only(demo).slowest
    assert day == dt.date(2024, 11, 11) and seconds == pytest.approx(178.116, abs=0.01)


def test_what_is_shown_of_the_demo_is_plain_and_said_in_both_languages(demo):
    shown = lost.show(demo)
    for thing in (*shown.findings, *shown.exhibits, *shown.missing):
        payload(thing)
    for finding in shown.findings:
        for locale in ("zh", "en"):
            assert "{" not in Words(locale).sentence(finding.sentence, plain(finding.args))
    assert {key for x in shown.exhibits for key in x.findings} == {f.key for f in shown.findings}
