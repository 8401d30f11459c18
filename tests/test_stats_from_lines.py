"""Orders and refunds from lines: what counts, when, and that nothing is lost on the way."""

import pandas as pd
import pytest

from kit.stats import from_lines

LINES = pd.DataFrame(
    [
        ("1", "a", "sale", 10.0, None, "2011-11-01 10:00", None, "completed", None),
        ("1", "b", "sale", 20.0, 18.0, "2011-11-01 10:00", "2011-11-02 09:00", "completed", None),
        ("1", "c", "service", 5.0, None, "2011-11-01 10:00", None, "completed", None),
        ("2", "a", "sale", 7.0, None, "2011-11-03 10:00", "2011-11-03 11:00", None, None),
        ("3", "a", "sale", 9.0, None, "2011-11-03 10:00", None, "unpaid", None),
        ("4", "a", "sale", 9.0, None, "2011-11-03 10:00", None, None, "staff"),
        ("C5", "a", "return", -7.0, None, "2011-11-08 10:00", None, None, None),
    ],
    columns=[
        "order_id", "line_id", "kind", "line_amount", "paid_amount", "created_at", "paid_at", "status", "excluded",
    ],
).assign(
    platform="other",
    shop="other",
    **{c: lambda t, c=c: pd.to_datetime(t[c]) for c in ("created_at", "paid_at")},
)  # fmt: skip


def test_an_order_is_the_sum_of_its_goods_at_what_was_paid_and_else_at_the_line_s_amount():
    made = from_lines.orders(LINES.assign(paid_at=pd.NaT)).set_index("order_id")
    assert made["paid_amount"].to_dict() == {"1": 28.0, "2": 7.0}
    assert made["counted"].all() and made["lines"].to_dict() == {"1": 2, "2": 1}


def test_a_line_counts_at_its_creation_where_the_export_states_no_payments_at_all():
    silent = from_lines.orders(LINES.assign(paid_at=pd.NaT)).set_index("order_id")
    assert silent["paid_at"]["2"] == pd.Timestamp("2011-11-03 10:00") and len(silent) == 2


def test_where_payments_are_stated_a_line_without_one_was_not_paid():
    assert from_lines.orders(LINES).set_index("order_id")["paid_amount"].to_dict() == {"1": 18.0, "2": 7.0}


def test_a_return_is_a_refund_of_its_own_day():
    (row,) = from_lines.refunds(LINES).to_dict("records")
    assert (row["refund_amount"], row["status"]) == (7.0, "success")
    assert row["refunded_at"] == pd.Timestamp("2011-11-08 10:00")


def test_every_line_for_goods_is_in_one_of_the_two_unless_it_is_left_out_on_purpose():
    goods = LINES[LINES["kind"].isin(["sale", "return"]) & LINES["excluded"].isna() & (LINES["status"] != "unpaid")]
    silent = LINES.assign(paid_at=pd.NaT)
    paid, back = from_lines.orders(silent)["paid_amount"].sum(), from_lines.refunds(LINES)["refund_amount"].sum()
    assert paid - back == pytest.approx(goods["paid_amount"].fillna(goods["line_amount"]).sum())


def test_only_shops_without_orders_take_theirs_from_lines():
    stated = pd.DataFrame({"platform": "tmall", "shop": ["a"], "order_id": ["9"], "paid_amount": [1.0]})
    both = pd.concat([LINES, LINES.assign(shop="a")], ignore_index=True)
    made = from_lines.together(stated, both)
    assert set(zip(made["shop"], made["order_id"], strict=True)) == {("a", "9"), ("other", "1"), ("other", "2")}
    assert from_lines.together(stated, None) is stated and from_lines.together(None, None) is None
    assert from_lines.together(stated, both[both["shop"] == "a"]) is stated
