"""Buyers: new and returning, who came again, members, audiences; only what is beyond noise has a verdict."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from kit import calendar
from kit.analyses import buyers, scorecard
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.findings import Severity, payload
from kit.tables import TABLES, frame
from kit.text import Words

OCT, NOV = (dt.date(2024, 10, 1), dt.date(2024, 10, 31)), (dt.date(2024, 11, 1), dt.date(2024, 11, 30))
NONE = calendar.promotions([], *NOV)
NAMES = {"a": {"zh": "甲店", "en": "Shop A"}}


def daily(since="2022-11-01", until="2024-11-30", lift=0.0, **more):
    """A shop of noise; in November 2024 its new buyers' part is ``lift`` higher."""
    rng = np.random.default_rng(int.from_bytes(b"buyers"))
    days = pd.date_range(since, until)
    bought = np.round(100 * rng.lognormal(0, 0.1, len(days)))
    part = rng.uniform(0.55, 0.65, len(days)) + lift * (days >= "2024-11-01")
    given = {"pay_buyers": bought, "new_buyers": np.round(bought * part), "pay_amount": bought * 200.0}
    about = {"platform": ["jd"] * len(days), "shop": ["a"] * len(days), "date": days}
    return frame(TABLES["shop_daily"], about | given | {"visitors": bought * 30} | more)


def orders(*rows, **more):
    """Paid orders: day and buyer; ``more`` are other columns."""
    days, keys = zip(*rows, strict=True)
    given = {"paid_at": pd.to_datetime(list(days)), "buyer_key": list(keys), "counted": [True] * len(rows)}
    given |= {"platform": ["jd"] * len(rows), "shop": ["a"] * len(rows), "paid_amount": [10.0] * len(rows)}
    return frame(TABLES["orders"], given | {"order_id": [str(n) for n in range(len(rows))]} | more).assign(counted=True)


def members(share, since="2022-11-01", until="2024-11-01"):
    """A sheet whose members pay ``share`` (one, or one a month) of 600,000 a month."""
    months = pd.date_range(since, until, freq="MS")
    paid = np.broadcast_to(share, len(months)) * 600_000.0
    given = {"members": [1000.0] * len(months), "member_buyers": [1.0] * len(months), "member_pay_amount": paid}
    return frame(TABLES["members_monthly"], given | {"month": months, "shop": ["a"] * len(months)})


def audience(*rows):
    """Rows of month, stage, people."""
    months, stages, people = zip(*rows, strict=True)
    given = {"month": pd.to_datetime(list(months)), "stage": list(stages), "people": [float(p) for p in people]}
    return frame(TABLES["audience_monthly"], given | {"shop": ["a"] * len(rows), "model": ["AIPL"] * len(rows)})


def read(period=NOV, audience_monthly=None, **tables):
    card = scorecard.analyse(tables, None, NONE, *period, dt.date(2025, 6, 30), NAMES)
    return buyers.analyse(tables, card, NAMES, audience_monthly=audience_monthly)


def shown(**given):
    return buyers.show(read(**given))


def said(finding, locale="zh"):
    return Words(locale).sentence(finding.sentence, finding.args)


# ---- new and returning -----------------------------------------------------------------------------------------


def test_a_share_within_its_noise_is_normal_variation_and_asks_for_nothing():
    found = shown(shop_daily=daily()).findings[0]
    assert (found.verdict, found.severity) == (Verdict.NORMAL, Severity.INFO)
    assert said(found).endswith("属正常波动，无需动作")


def test_a_share_beyond_its_noise_says_so_with_its_range_as_the_scorecard_does():
    table = daily(lift=0.2)
    found = shown(shop_daily=table).findings[0]
    card = scorecard.analyse({"shop_daily": table}, None, NONE, *NOV, dt.date(2025, 6, 30), NAMES)
    (line,) = [line for line in card.lines["a"] if line.kpi.name == "new_share"]
    assert (found.verdict, found.value) == (Verdict.UNUSUAL, line.figure.value)
    assert said(found).startswith("甲店新客占80.")
    assert found.evidence.sentence == "r.buyersev.above" and found.evidence.args["hi"].value == line.usual.limits.high


def test_shares_are_of_sums_and_heads_of_average_days():
    now = read(shop_daily=daily()).splits[0].now
    november = daily().query("date >= '2024-11-01'")
    assert now.share == pytest.approx(november["new_buyers"].sum() / november["pay_buyers"].sum())
    assert now.new == pytest.approx(november["new_buyers"].mean())
    assert now.returning == pytest.approx((november["pay_buyers"] - november["new_buyers"]).mean())


def test_a_row_of_the_whole_period_counts_people_once_and_is_preferred():
    row = {
        "new_buyers": [1500.0],
        "pay_buyers": [2000.0],
        "pay_amount": [600_000.0],
        "returning_pay_amount": [240_000.0],
    }
    days = {"start": [pd.Timestamp(NOV[0])], "end": [pd.Timestamp(NOV[1])], "platform": ["jd"], "shop": ["a"]}
    now = read(shop_daily=daily("2024-11-01"), shop_period=frame(TABLES["shop_period"], row | days)).splits[0].now
    assert (now.new, now.returning, now.once) == (1500.0, 500.0, True)
    assert now.paid_share == pytest.approx(0.6)


@pytest.mark.parametrize(("returning", "share"), [(80.0, 0.6), (None, None)])
def test_new_buyers_part_of_sales_needs_what_returning_ones_paid(returning, share):
    table = daily("2024-11-01").assign(pay_amount=200.0, returning_pay_amount=returning)
    split = read(shop_daily=table.astype({"returning_pay_amount": float})).splits[0]
    assert split.now.paid_share == (share and pytest.approx(share))


def test_a_day_without_buyers_stated_withholds_the_share():
    table = daily("2024-11-01")
    table.loc[3, "new_buyers"] = None
    page = shown(shop_daily=table)
    assert next(m.reason and m.reason.sentence for m in page.missing) == "r.buyersnone"
    assert page.findings == ()


def test_orders_that_reach_a_year_back_tell_who_is_new_and_what_each_side_paid():
    """Of November: x never bought before, u 366 days before, v 365 days before and w within the year."""
    rows = [("2023-09-01", "z"), ("2023-11-10", "u"), ("2023-11-11", "v"), ("2024-10-31", "w"), ("2024-11-02", "x"),
            ("2024-11-10", "u"), ("2024-11-10", "v"), ("2024-11-30", "w"), ("2024-11-30", "w")]  # fmt: skip
    result = read(orders=orders(*rows))
    (split,) = result.splits
    assert (split.now.new, split.now.returning) == (2, 2)
    assert split.now.paid_share == pytest.approx(2 / 5)
    notes = [n.sentence for n in buyers.show(result).exhibits[0].notes]
    assert notes[0] == "note.review.buyers.orders" and result.unsplit == ()
    assert read(orders=orders(*rows[1:])).splits == (), "the file must begin a year before the month"


# ---- who bought again ------------------------------------------------------------------------------------------

FEW = [("2024-10-01", "u"), ("2024-10-05", "v"), ("2024-10-31", "w"), ("2024-11-01", "u"), ("2024-11-02", "x"),
       ("2024-11-03", "x"), ("2024-11-30", "y")]  # fmt: skip


def test_repurchase_is_two_orders_in_the_period_and_come_back_is_of_the_buyers_before():
    (back,) = read(shop_daily=daily(), orders=orders(*FEW)).back
    assert (back.repurchase.k, back.repurchase.n) == (1, 3), "x of u, x and y"
    assert (back.comeback.k, back.comeback.n) == (1, 3), "u of u, v and w"
    assert (back.repurchase.low, back.repurchase.high) == pytest.approx(proportion_confint(1, 3, method="wilson"))


def test_the_repurchase_rate_is_the_scorecards():
    tables = {"shop_daily": daily(), "orders": orders(*FEW)}
    card = scorecard.analyse(tables, None, NONE, *NOV, dt.date(2025, 6, 30), NAMES)
    (line,) = [line for line in card.lines["a"] if line.kpi.name == "repurchase_rate"]
    assert buyers.analyse(tables, card, NAMES).back[0].repurchase.rate == line.figure.value


def test_without_the_orders_before_there_is_no_come_back_rate():
    (back,) = read(shop_daily=daily(), orders=orders(*FEW[3:])).back
    assert back.comeback is None
    notes = [n.sentence for e in shown(shop_daily=daily(), orders=orders(*FEW[3:])).exhibits for n in e.notes]
    assert "note.review.again.nocomeback" in notes


def test_orders_that_do_not_tell_every_buyer_are_said_to_lack_it():
    table = orders(*FEW)
    table.loc[4, "buyer_key"] = None
    (missing,) = [m for m in shown(shop_daily=daily(), orders=table).missing if m.tables == ("orders",)]
    assert missing.reason.sentence == "r.againnone"


# ---- members and audiences -------------------------------------------------------------------------------------


def test_members_share_of_sales_is_judged_by_its_own_months():
    rng = np.random.default_rng(int.from_bytes(b"members"))
    usual = 0.3 + rng.normal(0, 0.01, 25)
    table = daily().assign(pay_amount=lambda t: 600_000.0 / t["date"].dt.days_in_month)
    calm = shown(shop_daily=table, members_monthly=members(usual)).findings[-1]
    risen = shown(shop_daily=table, members_monthly=members(np.append(usual[:-1], 0.4))).findings[-1]
    assert (calm.verdict, risen.verdict) == (Verdict.NORMAL, Verdict.UNUSUAL)
    assert risen.value == pytest.approx(0.4) and "占支付金额的40.0%" in said(risen)


def test_members_share_of_sales_has_one_verdict_here_and_in_the_scorecard():
    rng = np.random.default_rng(int.from_bytes(b"members"))
    sheet = members(np.append(0.3 + rng.normal(0, 0.01, 24), 0.4))
    tables = {"shop_daily": daily(), "members_monthly": sheet}
    card = scorecard.analyse(tables, None, NONE, *NOV, dt.date(2025, 6, 30), NAMES)
    (line,) = [line for line in card.lines["a"] if line.kpi.name == "member_share"]
    (told,) = buyers.analyse(tables, card, NAMES).members
    assert line.usual.side == 1
    assert (told.usual.value, told.usual.limits, told.usual.side) == (line.usual.value, line.usual.limits, 1)
    page = {f.key: f for f in scorecard.show(card).findings}
    assert said(page["review.scorecard.a.member_share"]).startswith("2024年11月甲店的会员支付占比为")


def test_members_share_of_buyers_is_only_of_buyers_counted_once():
    sheet = members(0.3)
    assert read(shop_daily=daily(), members_monthly=sheet).members[0].months[-1].buyer_share is None
    (told,) = read(shop_daily=daily(), orders=orders(*FEW), members_monthly=sheet).members
    assert [m.buyer_share for m in told.months] == [None, pytest.approx(1 / 3), pytest.approx(1 / 3)]


def test_a_sheet_without_the_month_has_no_members():
    page = shown(shop_daily=daily(), members_monthly=members(0.3, until="2024-10-01"))
    assert ("members_monthly",) in [m.tables for m in page.missing]


def test_the_stage_that_moved_most_is_named_beside_the_month_and_the_year_before():
    table = audience(
        ("2023-11-01", "A", 80), ("2024-10-01", "A", 100), ("2024-11-01", "A", 110), ("2024-10-01", "L", 50),
        ("2024-11-01", "L", 40),
    )  # fmt: skip
    (one,) = read(shop_daily=daily(), audience_monthly=table).audiences
    assert [(s.name, s.before, s.year) for s in one.stages] == [("A", 100.0, 80.0), ("L", 50.0, None)]
    found = shown(shop_daily=daily(), audience_monthly=table).findings[-1]
    assert said(found) == "2024年11月甲店的AIPL人群中，L有40人，较上月减少20.0%"
    assert found.verdict == Verdict.UNJUDGED, "two months say nothing about what is usual"


# ---- whatever it is given --------------------------------------------------------------------------------------

FULL = {
    "shop_daily": daily(lift=0.2),
    "orders": orders(*FEW),
    "members_monthly": members(0.3),
    "audience_monthly": audience(("2024-10-01", "A", 100), ("2024-11-01", "A", 110)),
}


def test_nothing_at_all_names_what_to_export():
    page = shown()
    assert (page.findings, page.exhibits) == ((), ())
    assert [m.tables[0] for m in page.missing] == ["shop_daily", "orders", "members_monthly", "audience_monthly"]
    for words in (Words("zh"), Words("en")):
        assert all(words.label(m.question) and words.label(f"bring.{m.tables[0]}") for m in page.missing)


def test_orders_without_daily_figures_miss_those_and_not_their_columns():
    page = shown(orders=orders(*FEW))
    (missing,) = [m for m in page.missing if m.tables == ("shop_daily",)]
    assert missing.reason is None
    assert [f.key for f in page.findings] == ["review.buyers.a.again.repurchase", "review.buyers.a.again.comeback"]


def test_every_number_of_a_finding_stands_in_its_exhibit_and_everything_is_worded():
    page = shown(**FULL)
    tables = {e.key: e for e in page.exhibits}
    for finding in page.findings:
        exhibit = tables[finding.exhibit]
        there = {round(abs(n), 9) for n in numbers([payload(exhibit)["table"]["rows"], payload(exhibit)["notes"]])}
        assert {round(abs(n), 9) for n in numbers({k: a.value for k, a in finding.args.items() if k != "old"})} <= there
    for words in (Words("zh"), Words("en")):
        for piece in (*page.findings, *(n for e in page.exhibits for n in e.notes)):
            assert words.sentence(piece.sentence, piece.args)
        assert all(words.label(c.label) for e in page.exhibits for c in e.table.columns)


def numbers(value):
    if isinstance(value, dict):
        return [n for v in value.values() for n in numbers(v)]
    if isinstance(value, list | tuple):
        return [n for v in value for n in numbers(v)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []


def test_inputs_are_left_as_they_were():
    copies = {name: table.copy(deep=True) for name, table in FULL.items()}
    shown(**FULL)
    for name, copy in copies.items():
        pd.testing.assert_frame_equal(FULL[name], copy)
