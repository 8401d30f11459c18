"""Refund cases of a shop as the projection of refunds takes them."""

import datetime as dt

import pandas as pd
import pytest

from kit.stats.kpi_days import Dates
from kit.stats.kpi_orders import refunded, refunded_of_payments
from kit.stats.kpi_parts import of_shop
from kit.stats.refund_cases import cases, done
from kit.stats.refund_lag import Reason
from kit.tables import TABLES, frame

ROWS = {
    "platform": ["tmall"] * 4,
    "shop": ["a", "a", "a", "b"],
    "refund_id": ["1", "2", "3", "4"],
    "status": ["success", "success", "open", "success"],
    "paid_at": ["2024-06-01 10:00", "2024-06-02 10:00", "2024-06-02 11:00", "2024-06-01 09:00"],
    "refunded_at": ["2024-06-05 10:00", "2024-06-20 10:00", None, "2024-06-30 10:00"],
    "refund_amount": [30.0, 20.0, 40.0, 99.0],
}
DAYS = {
    "platform": ["tmall"] * 2,
    "shop": ["a"] * 2,
    "date": ["2024-06-01", "2024-06-02"],
    "pay_amount": [500.0, 300.0],
}
REFUNDS, DAILY = frame(TABLES["refunds"], ROWS), frame(TABLES["shop_daily"], DAYS)


def test_what_was_paid_back_counts_by_the_day_it_was_paid():
    found = cases(REFUNDS, DAILY, "a")
    assert (found.since, found.as_of) == (dt.date(2024, 6, 5), dt.date(2024, 6, 20))
    assert found.given["amount"].tolist() == [30.0, 20.0] and found.paid["amount"].sum() == 800.0


def test_payments_from_before_the_first_known_refund_are_cut_off():
    found = cases(REFUNDS, DAILY, "a").of(dt.date(2024, 6, 1), dt.date(2024, 6, 2), 30)
    assert found.share is None and found.reason == Reason.REFUNDS_CUT


@pytest.mark.parametrize(
    ("refunds", "daily", "shop"),
    [
        (None, DAILY, "a"),
        (REFUNDS, None, "a"),
        (REFUNDS, DAILY, "b"),  # no daily payments
        (REFUNDS.assign(paid_at=pd.NaT), DAILY, "a"),
        (REFUNDS.assign(status="open"), DAILY, "a"),
        (REFUNDS.assign(refunded_at=REFUNDS["refunded_at"].where(REFUNDS["refund_id"] != "1")), DAILY, "a"),
    ],
)
def test_without_a_day_of_payment_or_daily_payments_there_are_none(refunds, daily, shop):
    assert cases(refunds, daily, shop) is None


@pytest.mark.parametrize(("status", "ids"), [("success", "1234"), (None, "124"), ("open", ""), ("closed", "")])
def test_money_went_back_where_a_case_succeeded_or_states_nothing_but_its_end(status, ids):
    given = REFUNDS.assign(status=pd.Series([status] * 4, dtype=REFUNDS["status"].dtype))
    assert "".join(done(given)["refund_id"]) == ids


@pytest.mark.parametrize("states", [["success"] * 4, [None] * 4, ["success", "closed", "open", "success"]])
def test_figures_of_a_period_and_the_projection_count_the_same_cases(states):
    ends = pd.to_datetime(["2024-06-05 10:00", "2024-06-20 10:00", "2024-06-21 10:00", "2024-06-30 10:00"])
    asked = pd.to_datetime(["2024-04-01", "2024-06-19", "2024-06-20", "2024-06-29"])
    status = pd.Series(states, dtype=REFUNDS["status"].dtype)
    given = REFUNDS.assign(status=status, refunded_at=ends, applied_at=asked)
    ours = of_shop({"refunds": given}, "a")
    days = Dates(dt.date(2024, 6, 1), dt.date(2024, 6, 21))
    by_payment, dated = refunded_of_payments(ours, days), refunded(None, ours, days)
    whole = cases(given, DAILY, "a").given["amount"].sum()
    assert by_payment.value == dated.value == whole
