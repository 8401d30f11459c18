"""Buyers won in a campaign, and how many came back against buyers won in ordinary weeks."""

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from kit import calendar
from kit.analyses.campaign import subjects, won, won_page
from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.client import Client
from kit.findings import payload, plain
from kit.store import load
from kit.tables import TABLES, frame
from kit.text import Words

NONE = calendar.promotions((), dt.date(2023, 1, 1), dt.date(2024, 12, 31))
START, END, CUTOFF = dt.date(2024, 6, 1), dt.date(2024, 6, 7), dt.date(2024, 7, 31)


def sheet(*more):
    rows = [("周年庆", START, END), *more]
    about = {"shop": ["a"] * len(rows), "kind": ["brand"] * len(rows)}
    names, starts, ends = (list(column) for column in zip(*rows, strict=True))
    return frame(TABLES["campaigns"], about | {"campaign": names, "start": starts, "end": ends})


def orders(*given):
    """Orders of buyer and day, counted from the campaign's first."""
    rows = [(f"b{buyer}", pd.Timestamp(START) + pd.Timedelta(days=day, hours=10)) for buyer, day in given]
    table = {"order_id": [str(n) for n in range(len(rows))], "buyer_key": [b for b, _ in rows]}
    table |= {"paid_at": [at for _, at in rows], "created_at": [at for _, at in rows], "paid_amount": [9.0] * len(rows)}
    table |= {"platform": ["tmall"] * len(rows), "shop": ["a"] * len(rows), "counted": [True] * len(rows)}
    return frame(TABLES["orders"], table | {"status": ["completed"] * len(rows)})


def analysed(table, given=None, cutoff=CUTOFF, promotions=NONE):
    given = sheet() if given is None else given
    one = next(c for c in subjects.every(given) if c.name == "周年庆")
    found = SimpleNamespace(reviews=(SimpleNamespace(campaign=one),))
    result = won.analyse(found, {"orders": table}, given, promotions, cutoff)
    return result.campaigns[0]


OLD = [(0, -200)]
"""A buyer long before, so that orders reach back."""


def test_a_buyer_with_an_order_in_the_ninety_days_before_is_not_won():
    one = analysed(orders(*OLD, (1, 0), (2, -80), (2, 0), (3, -120), (3, 0)))
    assert one.buyers == 2


def test_a_comeback_is_a_day_after_the_campaign():
    """Its own later days are none: of four buyers one came back within thirty days, one later, two never or inside."""
    given = [(1, 0), (1, 3), (2, 1), (2, 6 + 20), (3, 2), (3, 6 + 40), (4, 3)]
    (lot,) = analysed(orders(*OLD, *given)).lots
    assert (lot.days, lot.campaign.buyers, lot.campaign.share) == (30, 4, pytest.approx(0.25))


@pytest.mark.parametrize(("cutoff", "over", "next_day"), [("2024-07-01", [], "2024-07-07"), ("2024-07-07", [30], "2024-08-06"), ("2024-09-05", [30, 60, 90], None)])  # fmt: skip
def test_a_horizon_counts_when_the_last_buyer_has_been_followed_for_it(cutoff, over, next_day):
    one = analysed(orders(*OLD, (1, 0), (2, 5), (2, 12)), cutoff=dt.date.fromisoformat(cutoff))
    assert [lot.days for lot in one.lots] == over
    assert (one.next_day and one.next_day.isoformat()) == next_day


def test_ordinary_buyers_are_followed_until_the_campaign_begins():
    """One came back in time, one only in the campaign, one was won on the eve and is followed for no day."""
    given = [(1, -60), (1, -50), (2, -40), (2, 3), (3, -1), (9, 0)]
    (lot,) = analysed(orders(*OLD, *given)).lots
    assert lot.ordinary.buyers == 2 and lot.ordinary.share == pytest.approx(0.5)


def test_buyers_of_other_campaigns_and_promotions_are_not_ordinary():
    given = [(1, -60), (2, -50), (9, 0)]
    other = sheet(("四月", START - dt.timedelta(62), START - dt.timedelta(58)))
    assert analysed(orders(*OLD, *given)).lots[0].ordinary.buyers == 2
    assert analysed(orders(*OLD, *given), other).lots[0].ordinary.buyers == 1


def many(rate, usual, size=300, seed=2):
    """Buyers of whom a part comes back after three weeks: won in the campaign, and a hundred days before it."""
    rng, given = np.random.default_rng(seed), [(0, -200)]
    for n in range(size):
        given += [(n + 1, int(rng.integers(0, 7))), (n + 1 + size, -100)]
        given += [(n + 1, 6 + 21)] if rng.random() < rate else []
        given += [(n + 1 + size, -100 + 21)] if rng.random() < usual else []
    return orders(*given)


@pytest.mark.parametrize(
    ("rate", "usual", "verdict"),
    [(0.3, 0.1, Verdict.ABOVE), (0.1, 0.3, Verdict.BELOW), (0.2, 0.2, Verdict.OPEN)],
)
def test_the_log_rank_test_decides_and_is_said_in_both_languages(rate, usual, verdict):
    one = analysed(many(rate, usual))
    (finding,) = won_page.findings(one)
    assert finding.verdict == verdict and finding.p_value == one.difference.p
    assert abs(finding.value - rate) < 0.06 and abs(finding.baseline - usual) < 0.06
    for locale in ("zh", "en"):
        assert "{" not in Words(locale).sentence(finding.sentence, plain(finding.args))


def test_with_few_buyers_the_share_stands_alone():
    (finding,) = won_page.findings(analysed(orders(*OLD, (1, 0), (2, 1), (2, 20))))
    assert finding.sentence == "cp.back.alone" and finding.verdict == Verdict.STATED


def test_before_the_first_horizon_the_page_says_when_it_can_be_read():
    (finding,) = won_page.findings(analysed(orders(*OLD, (1, 0)), cutoff=dt.date(2024, 6, 20)))
    assert finding.sentence == "cp.backopen" and plain(finding.args["date"].value) == "2024-07-07"


def test_orders_that_do_not_reach_back_or_name_no_buyer_are_missing():
    short = won_page.missing(analysed(orders((1, -20), (2, 0))))
    assert [m.reason.args["n"].value for m in short] == [20]
    nameless = orders(*OLD, (1, 0)).assign(buyer_key=None)
    assert [m.tables for m in won_page.missing(analysed(nameless))] == [("orders",)]
    assert [m.tables for m in won_page.missing(analysed(None))] == [("orders",)]


def test_everything_shown_is_plain_data():
    shown = won.show(won.Result((analysed(many(0.3, 0.1)),)))
    for thing in (*shown.findings, *shown.exhibits):
        payload(thing)
    assert {key for x in shown.exhibits for key in x.findings} == {f.key for f in shown.findings}


def test_the_demo_has_orders_of_two_months_which_do_not_tell_who_is_new():
    data = load(Client.load("demo"))
    given = data.get("campaigns")
    one = subjects.ended(given, dt.date(2024, 11, 1), dt.date(2024, 11, 30))[0]
    found = SimpleNamespace(reviews=(SimpleNamespace(campaign=one),))
    shown = won.show(won.analyse(found, {"orders": data.get("orders")}, given, NONE, data.cutoff))
    assert not shown.findings and [m.reason.args["n"].value for m in shown.missing] == [13]
