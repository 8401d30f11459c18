"""What a live session's refunds come to: learnt from sessions of all ages, withheld where files do not fit."""

import numpy as np
import pandas as pd
import pytest

from kit.stats.arrivals import End, ends

DELAYS = np.array((5, 9, 12, 13, 12, 10, 9, 7, 6, 5, 4, 3, 3, 2)) / 100
OPEN = 30


def picture(seed, *, days=61, orders=150, first="2024-10-01", exported_early=None):
    """Sessions of an own room every day and of creators now and then, as of the last day, and what comes back of each
    in the end. ``exported_early``: days after its end on which the first month's file was exported."""
    rng, rows, final = np.random.default_rng(seed), [], []
    for n in range(days):
        day, age = pd.Timestamp(first) + pd.Timedelta(days=n), days - 1 - n
        for kind, rate, many in (("own", 0.24, 1), ("creator", rng.uniform(0.26, 0.42), 6)):
            if kind == "creator" and rng.random() > 0.2:
                continue
            money = rng.gamma(2.5, 60, orders * many)
            back = rng.random(len(money)) < rate
            delay = 1 + rng.choice(len(DELAYS), len(money), p=DELAYS)
            known = 30 - n + exported_early if exported_early is not None and n < 31 else age
            seen = back & (delay <= known)
            rows.append((kind, day, age, money.sum(), money[seen].sum(), seen.sum()))
            final.append(money[back].sum() / money.sum())
    columns = ["kind", "day", "age", "paid", "refunded", "cases"]
    return pd.DataFrame(rows, columns=columns), np.array(final)


def test_the_interval_holds_what_comes_back_in_the_end():
    held, off = [], []
    for seed in range(60):
        table, final = picture(seed)
        for end, truth, age in zip(ends(table, OPEN), final, table["age"], strict=True):
            if end and 2 <= age < len(DELAYS):  # older ones have nothing to come
                held.append(end.low - 1e-9 <= truth <= end.high + 1e-9)
                off.append(end.share - truth)
    assert len(held) > 500
    assert np.mean(held) >= 0.95
    assert abs(np.mean(off)) < 0.01


def test_a_session_past_its_open_days_has_ended_and_none_ends_below_what_is_refunded():
    table, _ = picture(1)
    for end, row in zip(ends(table, OPEN), table.itertuples(), strict=True):
        share = row.refunded / row.paid
        if row.age >= OPEN:
            assert end == End(share, share, share)
        assert end is None or share - 1e-12 <= end.low <= end.share <= end.high <= 1


def test_the_end_is_the_share_so_far_over_the_part_that_is_in():
    """Without chance: every old session ends at one fifth, and half of it is in after five days."""
    old = [("own", f"2024-10-{n:02d}", 60 - n, 1000.0, 200.0, 20.0) for n in range(1, 26)]
    new = [("own", "2024-11-25", 5, 10_000.0, 1000.0, 100.0), ("creator", "2024-11-25", 5, 10_000.0, 1500.0, 150.0)]
    table = pd.DataFrame([*old, *new], columns=["kind", "day", "age", "paid", "refunded", "cases"])
    table["day"] = pd.to_datetime(table["day"])
    own, creator = ends(table, OPEN)[-2:]
    assert (own.share, creator.share) == pytest.approx((0.2, 0.3))
    assert own.low < 0.2 < own.high


@pytest.mark.parametrize("seed", range(5))
def test_a_month_exported_before_its_refunds_were_in_teaches_nothing(seed):
    table, _ = picture(seed, exported_early=3)
    assert {end for end, age in zip(ends(table, OPEN), table["age"], strict=True) if age < OPEN} == {None}


@pytest.mark.parametrize(
    ("given", "why"),
    [({"days": 38}, "eight old sessions"), ({"days": 61, "orders": 5}, "a few orders a session")],
)
def test_too_little_past_teaches_nothing(given, why):
    table, _ = picture(3, **given)
    own = table[table["kind"] == "own"].reset_index(drop=True)
    assert all(end is None for end, age in zip(ends(own, OPEN), own["age"], strict=True) if age < OPEN), why


def test_a_session_of_today_is_not_told():
    table, _ = picture(4)
    assert ends(table, OPEN)[-1] is None


def test_nothing_paid_has_no_end():
    table, _ = picture(5)
    table.loc[0, ["paid", "refunded"]] = 0.0
    assert ends(table, OPEN)[0] is None
