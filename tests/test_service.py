"""Reputation and service: bursts, reasons, how far refunds are in, and answers."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from worded import told, whole

from kit.analyses import service
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.client import Client
from kit.findings import Severity
from kit.store import load
from kit.tables import TABLES, frame
from kit.text import Words

NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
SHOPS = {"tmall": {"zh": "甲店", "en": "Shop A"}}
SEPTEMBER = pd.date_range("2024-09-01", "2024-11-30")


def read(reviews=None, refunds=None, desk=None, daily=None):
    return service.analyse(reviews, refunds, desk, daily, *NOV, SHOPS)


def shown(**given):
    return service.show(read(**given))


def reviews(bad, good=20, first=SEPTEMBER[0], **more):
    """So many bad and good reviews a day from ``first``; ``more`` columns are of the bad ones."""
    days = pd.date_range(first, "2024-11-30")
    bad, good = np.broadcast_to(bad, len(days)), np.broadcast_to(good, len(days))
    at = [d + pd.Timedelta(hours=9) for d, b, g in zip(days, bad, good, strict=True) for _ in range(b + g)]
    kind = [k for b, g in zip(bad, good, strict=True) for k in ["negative"] * b + ["positive"] * g]
    columns = {"reviewed_at": at, "sentiment": kind, "review_id": [str(n) for n in range(len(at))]}
    columns |= {name: [value if k == "negative" else None for k in kind] for name, value in more.items()}
    return frame(TABLES["reviews"], columns | {name: ["tmall"] * len(at) for name in ("platform", "shop")})


def usual(burst=0, seed=3):
    """About one bad review a day, and on 20 and 21 November ``burst`` of them."""
    bad = np.random.default_rng(seed).poisson(1.0, len(SEPTEMBER))
    bad[80:82] = max(burst, 1)
    return bad


def test_a_burst_is_named_by_its_days_its_multiple_its_topic_and_its_item():
    page = shown(reviews=reviews(usual(25), tags="包装漏液，物流慢", title="玻尿酸精华"))
    (burst,) = [f for f in page.findings if f.verdict == Verdict.UNUSUAL]
    assert (burst.key, burst.severity) == ("review.service.tmall.reviews.b20241120", Severity.HIGH)
    words = Words("zh")
    assert words.sentence(burst.sentence, burst.args).startswith("2024年11月20日甲店差评25条，约为按当天评价量预计的")
    assert "集中在“包装漏液”" in words.sentence(burst.sentence, burst.args)
    assert "连续2天共50条" in words.sentence(burst.evidence.sentence, burst.evidence.args)
    assert "“玻尿酸精华”先停投放" in words.sentence(burst.action.sentence, burst.action.args)
    assert page.exhibits[0].options == {"highlight": "2024-11-20"}


def test_a_topic_that_less_than_half_of_the_burst_names_is_not_named():
    table = reviews(usual(25), tags="物流慢")
    table.loc[table.index[table["sentiment"].eq("negative")][::3], "tags"] = None
    assert read(reviews=table).reviews[0].bursts[0].topic == "物流慢"
    table.loc[table.index[table["sentiment"].eq("negative")][1::3], "tags"] = "效果不明显"
    (burst,) = read(reviews=table).reviews[0].bursts
    assert burst.topic is None and burst.item is None
    assert shown(reviews=table).findings[0].sentence == "r.bad.notopic"


def test_more_reviews_bring_more_bad_ones_and_that_is_no_burst():
    rate = np.where(SEPTEMBER >= "2024-11-01", 12, 1)
    page = shown(reviews=reviews(rate, 20 * rate))
    assert [f.verdict for f in page.findings] == [Verdict.NORMAL]
    alone = read(reviews=reviews(rate, 0)).reviews[0].bursts
    assert alone, "a file of bad reviews alone does not say how many came in: there a day is a day"


@pytest.mark.parametrize(("first", "verdict"), [("2024-10-04", Verdict.NORMAL), ("2024-10-05", Verdict.NONE)])
def test_less_than_four_weeks_of_reviews_before_the_period_tell_no_usual_rate(first, verdict):
    page = shown(reviews=reviews(1, first=first))
    assert [f.verdict for f in page.findings] == [verdict]


def test_a_score_says_what_a_missing_rating_does_not():
    table = reviews(usual(25)).assign(sentiment=None, score=lambda t: 5.0)
    table.loc[reviews(usual(25))["sentiment"].eq("negative"), "score"] = 1.0
    assert len(read(reviews=table).reviews[0].bursts) == 1


def refunds(*rows):
    """Cases: day paid, day refunded, reason, amount, how many, and a status if none was paid back."""
    rows = [row for row in rows for _ in range(row[4])]
    columns = {name: [pd.Timestamp(row[n]) for row in rows] for n, name in enumerate(("paid_at", "refunded_at"))}
    columns |= {"reason": [row[2] for row in rows], "refund_amount": [float(row[3]) for row in rows]}
    columns |= {"status": [row[5] if len(row) > 5 else "success" for row in rows], "applied_at": columns["paid_at"]}
    return frame(TABLES["refunds"], columns | {name: ["tmall"] * len(rows) for name in ("platform", "shop")})


SAME = [("2024-10-01", "2024-10-20", "七天无理由", 10, 80), ("2024-11-02", "2024-11-20", "七天无理由", 10, 160)]


@pytest.mark.parametrize(
    ("before", "now", "moved"), [(20, 40, False), (20, 44, False), (2, 60, True), (0, 30, True), (60, 20, True)]
)
def test_a_reason_is_named_if_its_part_moved_beyond_chance_and_by_half(before, now, moved):
    rows = [("2024-10-01", "2024-10-20", "破损", 10, before), ("2024-11-02", "2024-11-20", "破损", 10, now)]
    (one,) = read(refunds=refunds(*SAME, *rows)).reasons
    assert next(r.moved for r in one.reasons if r.reason == "破损") == moved


def test_withdrawn_cases_are_no_refunds_and_cases_without_a_reason_are_in_no_share():
    rows = [("2024-11-02", "2024-11-20", None, 10, 5), ("2024-11-02", "2024-11-20", "破损", 10, 9, "closed")]
    (one,) = read(refunds=refunds(*SAME, *rows)).reasons
    assert (one.cases, one.amount, one.unsaid) == (165, 1650, 5)
    assert [(r.reason, r.share, r.before) for r in one.reasons] == [("七天无理由", 1.0, 1.0)]


def test_a_file_that_begins_within_the_period_before_is_not_compared_with_it():
    rows = [("2024-10-02", "2024-10-20", "破损", 10, 9), SAME[1]]
    assert all(r.before is None for r in read(refunds=refunds(*rows)).reasons[0].reasons)


def desk(seconds, served):
    days = pd.date_range("2024-10-01", "2024-11-30")
    each = zip("ab", seconds, served, strict=True)
    agents = [{"agent": name, "first_response_seconds": s, "served_users": n} for name, s, n in each]
    rows = [{"date": d, "platform": "tmall", "shop": "tmall", **a} for d in days for a in agents]
    return frame(TABLES["service_daily"], {name: [row[name] for row in rows] for name in rows[0]})


def daily():
    days = pd.date_range("2024-09-01", "2024-11-30")
    about = {"platform": ["tmall"] * len(days), "shop": ["tmall"] * len(days), "date": days}
    return frame(TABLES["shop_daily"], about | {"pay_amount": [1000.0] * len(days)})


def test_the_wait_for_an_answer_is_weighted_by_the_people_served():
    table = desk((10.0, 40.0), (300.0, 100.0))
    table.loc[table["date"].eq("2024-11-11"), "first_response_seconds"] = 90.0
    (one,) = read(desk=table, daily=daily()).desks
    assert one.before["response_seconds"] == pytest.approx(17.5) and one.slowest == (dt.date(2024, 11, 11), 90.0)
    assert one.now["response_seconds"] == pytest.approx((29 * 17.5 + 90) / 30)


@pytest.fixture(scope="module")
def demo():
    client = Client.load("demo")
    data = load(client)
    tables = [data.get(name) for name in ("reviews", "refunds", "service_daily", "shop_daily")]
    return service.analyse(*tables, *NOV, {key: one.name.both for key, one in client.shops.items()})


def test_the_demo_burst_is_found_and_no_other_day_is_called(demo):
    """TRUTH.md: reviews.burst.from, .first, .days, the topic, and reviews.usual.exported."""
    (burst,) = demo.reviews[0].bursts
    assert (burst.start, burst.first, burst.days, burst.topic) == (dt.date(2024, 11, 20), 43, 3, "包装漏液")
    assert burst.usual == pytest.approx(0.9672, abs=5e-5)


def test_the_demo_refunds_are_preliminary_and_their_end_lies_in_the_interval(demo):
    """TRUTH.md: refunds.paid.2024-10 and .2024-11, seen and final; refunds.dated.2024-11."""
    (ripe,) = demo.ripe
    assert ripe.now.share == pytest.approx(0.0801, abs=5e-5) and ripe.now.final.low <= 0.0890 <= ripe.now.final.high
    assert ripe.before.share == pytest.approx(0.0807, abs=5e-5)
    assert round(demo.reasons[0].amount) == 877130


def test_the_demo_rush_day_is_the_slowest(demo):
    """TRUTH.md: service.first.2024-11-11."""
    assert demo.desks[0].slowest == (dt.date(2024, 11, 11), pytest.approx(178.116, abs=5e-4))


def test_everything_shown_is_worded_and_every_number_said_stands_in_an_exhibit(demo):
    rare = np.where(SEPTEMBER == "2024-11-20", 9, 0)
    cases = [demo, read(reviews=reviews(rare)), read(reviews=reviews(usual()), refunds=refunds(*SAME), daily=daily())]
    cases += [read(desk=desk((9.0, 9.0), (1.0, 1.0)), daily=daily()), read(reviews=reviews(1, first="2024-10-20"))]
    for result in cases:
        page = service.show(result)
        whole(page)
        told(page)


def test_each_export_that_is_not_there_is_named():
    assert [m.tables for m in shown().missing] == [("reviews",), ("refunds",), ("service_daily",)]
    assert [m.tables for m in shown(reviews=reviews(1)).missing] == [("refunds",), ("service_daily",)]
