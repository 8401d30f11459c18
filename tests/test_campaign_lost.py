"""Operations of a campaign: items out of stock and what they lost, shipping, answers, complaints."""

import datetime as dt
from types import SimpleNamespace

import pandas as pd
import pytest
import worded

from kit import calendar
from kit.analyses.campaign import goals, lost, lost_page, subjects
from kit.client import Client
from kit.findings import Severity, plain
from kit.stats import kpi_parts
from kit.store import load
from kit.tables import TABLES, frame
from kit.text import Words

NONE = calendar.promotions((), dt.date(2024, 1, 1), dt.date(2024, 12, 31))
ITEMS = {"a1": 100.0, "a2": 40.0, "a3": 60.0, "a4": 30.0, "a5": 70.0, "a6": 50.0, "a7": 20.0}
DAYS = pd.date_range("2024-05-20", "2024-06-20")


def campaigns(until=dt.date(2024, 6, 20), phases=()):
    row = {"campaign": "周年庆", "shop": "a", "kind": "brand", "start": "2024-06-01", "end": "2024-06-07"}
    one = subjects.every(frame(TABLES["campaigns"], {name: [value] for name, value in row.items()}))[0]
    return SimpleNamespace(reviews=(SimpleNamespace(campaign=one, until=until, phases=phases),))


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
    assert [f.sentence for f in lost_page.findings(one) if f.key.endswith(".complaints")] == [sentence]


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
    sheet = data.get("campaigns")
    phases = goals.phases(one, subjects.before(one, sheet), tables, one.after)
    found = SimpleNamespace(reviews=(SimpleNamespace(campaign=one, until=one.after, phases=phases),))
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
    worded.shows(lost.show(demo))


# ---- campaigns that overlap ------------------------------------------------------------------------------------


def overlapping(*spans):
    """Campaigns of one shop: name, opening, end, last day of the days after."""
    rows = [{"campaign": n, "shop": "a", "kind": "brand", "start": s, "end": e} for n, s, e, _ in spans]
    made = subjects.every(frame(TABLES["campaigns"], {name: [row[name] for row in rows] for name in rows[0]}))
    ends = {n: dt.date.fromisoformat(last) for n, *_, last in spans}
    return SimpleNamespace(reviews=tuple(SimpleNamespace(campaign=c, until=ends[c.name], phases=()) for c in made))


def test_a_stop_on_days_of_two_campaigns_is_counted_once_day_by_day():
    """Out from the 8th to the 13th; the second campaign opens on the 11th, in the days after the first."""
    both = overlapping(
        ("甲", "2024-06-01", "2024-06-07", "2024-06-20"), ("乙", "2024-06-11", "2024-06-16", "2024-06-20")
    )
    table = items(out=("2024-06-08", "2024-06-13"))
    first, second = lost.analyse(both, {"item_daily": table}, NONE).campaigns
    assert [(o.stop.first.day, o.stop.last.day) for o in (*first.outs, *second.outs)] == [(8, 10), (11, 13)]
    alone = lost.analyse(SimpleNamespace(reviews=both.reviews[:1]), {"item_daily": table}, NONE).campaigns[0]
    whole = sum(out.money for one in (first, second) for out in one.outs)
    assert whole == pytest.approx(alone.outs[0].money) and first.shared == ("乙",) and second.shared == ()
    notes = [n.sentence for x in lost.show(lost.Result((first,))).exhibits for n in x.notes]
    assert "note.campaign.shared" in notes


def test_a_campaign_whose_stops_all_count_in_another_does_not_say_that_there_was_none():
    both = overlapping(
        ("甲", "2024-06-01", "2024-06-07", "2024-06-20"), ("乙", "2024-06-08", "2024-06-16", "2024-06-20")
    )
    found = lost.analyse(both, {"item_daily": items(out=("2024-06-09", "2024-06-12"))}, NONE).campaigns[0]
    (finding,) = [f for f in lost_page.findings(found) if ".stock" in f.key]
    assert finding.sentence == "note.campaign.shared" and [a.value for a in finding.args["others"].value] == ["乙"]


@pytest.mark.parametrize(
    ("day", "owner"), [("2024-06-05", "甲"), ("2024-06-09", "甲"), ("2024-06-12", "乙"), ("2024-06-18", "乙")]
)
def test_a_day_belongs_to_the_campaign_it_lies_in_else_to_the_one_that_ended_last(day, owner):
    both = overlapping(
        ("甲", "2024-06-01", "2024-06-07", "2024-06-20"), ("乙", "2024-06-11", "2024-06-16", "2024-06-20")
    )
    mine = {r.campaign.name: lost.own(r, both.reviews)[0] for r in both.reviews}
    at = dt.date.fromisoformat(day)
    assert [n for n, runs in mine.items() if any(first <= at <= last for first, last in runs)] == [owner]


# ---- the days after --------------------------------------------------------------------------------------------


def reviewed(burst=()):
    """Fifty reviews a day from 1 April, one of them bad; on the days ``burst`` twenty."""
    rows = []
    for day in pd.date_range("2024-04-01", "2024-06-20"):
        bad = 20 if f"{day:%m-%d}" in burst else 1
        rows += [(f"{day:%m%d}{n}", day, "negative" if n < bad else "positive") for n in range(50)]
    ids, days, feelings = map(list, zip(*rows, strict=True))
    table = {"platform": ["tmall"] * len(ids), "shop": ["a"] * len(ids), "review_id": ids, "reviewed_at": days}
    return frame(TABLES["reviews"], table | {"sentiment": feelings})


def after(growth=-0.2, **tables):
    phase = SimpleNamespace(name="after", growth=growth, value=lambda _: 50_000.0)
    used = {"item_daily": items(out=tables.pop("out", ("2024-01-01", "2024-01-02")))}
    result = lost.analyse(campaigns(phases=(phase,)), used, NONE, tables.get("reviews"))
    return next((f for f in lost_page.findings(only(result)) if f.key.endswith(".aftermath")), None)


def test_days_of_a_burst_are_told_with_what_the_other_days_had():
    one = only(analysed(reviewed(burst=("06-10", "06-11"))))
    assert [(day.day, n) for day, n in one.complaints.burst] == [(10, 20), (11, 20)]
    assert one.complaints.rest == pytest.approx(1 / 50)
    (finding,) = [f for f in lost_page.findings(one) if f.key.endswith(".complaints")]
    assert finding.evidence.sentence == "cp.burstev.share"
    assert only(analysed(reviewed())).complaints.burst == ()


@pytest.mark.parametrize(
    ("out", "burst", "evidence"),
    [
        (("2024-06-12", "2024-06-15"), ("06-10", "06-11"), "both"),
        (("2024-06-12", "2024-06-15"), (), "stock"),
        (("2024-01-01", "2024-01-02"), ("06-10", "06-11"), "reviews"),
    ],
)
def test_a_stop_or_a_burst_in_the_days_after_is_named_beside_their_sales(out, burst, evidence):
    finding = after(out=out, reviews=reviewed(burst))
    assert finding.evidence.sentence == f"cp.afterev.{evidence}" and finding.severity == Severity.MEDIUM
    for locale in ("zh", "en"):
        assert "{" not in Words(locale).sentence(finding.sentence, plain(finding.args))
        assert "{" not in Words(locale).sentence(finding.evidence.sentence, plain(finding.evidence.args))


def test_one_of_the_campaign_days_alone_explains_nothing_of_the_days_after():
    assert after(out=("2024-06-03", "2024-06-05"), reviews=reviewed(burst=("06-02",))) is None


def test_of_a_stop_that_begins_in_the_campaign_its_days_after_count_alone():
    """Four days of 1,000 each, two of them after the end."""
    assert after(out=("2024-06-06", "2024-06-09")).evidence.args["money"].value == pytest.approx(2000.0)


# ---- shipping --------------------------------------------------------------------------------------------------


def shipped(*hours, status="shipped", presale=False):
    """An order a campaign day, shipped after ``hours`` (None: not yet)."""
    paid = [pd.Timestamp("2024-06-01 10:00") + pd.Timedelta(days=n) for n in range(7)]
    sent = [None if h is None else at + pd.Timedelta(hours=h) for at, h in zip(paid, hours, strict=True)]
    row = {"platform": "tmall", "shop": "a", "status": status, "counted": True, "presale": presale, "paid_amount": 9.0}
    return frame(TABLES["orders"], {n: [v] * 7 for n, v in row.items()} | {"order_id": list("1234567"), "paid_at": paid, "shipped_at": sent})  # fmt: skip


@pytest.mark.parametrize(
    ("orders", "middle"),
    [
        (shipped(2, 4, 6, 8, 10, 12, 14), 8.0),
        (shipped(2, 4, 6, 8, None, None, None), 8.0),  # who waits still waits longer than all others
        (shipped(2, 4, 6, None, None, None, None), None),
        (shipped(None, None, None, 2, 4, 6, 8, status="closed"), 5.0),
        (shipped(2, 4, 6, 8, 10, 12, 14, presale=True), None),
        (shipped(*[None] * 7), None),
    ],
)
def test_hours_to_shipping_are_those_of_the_middle_order(orders, middle):
    assert only(analysed(orders=orders)).hours == (middle, None)


def test_the_demo_burst_and_stop_are_named_beside_the_days_after(demo):
    """TRUTH.md: reviews.burst.from and days, stock.out.from and to: both in the days after Double 11."""
    one = only(demo)
    assert [f"{day:%m-%d}" for day, _ in one.burst] == ["11-20", "11-21", "11-22"]
    (finding,) = [f for f in lost_page.findings(one) if f.key.endswith(".aftermath")]
    assert finding.evidence.sentence == "cp.afterev.both" and finding.value == one.growth < 0
    assert finding.evidence.args["money"].value == pytest.approx(one.outs[0].money)
