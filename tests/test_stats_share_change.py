"""Change of share: an exact split, only what compares, and intervals that rarely call a move that is none."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from kit.stats.share_change import comparable, movement, split
from kit.stats.windows import Pair, Window

NOW = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
THEN = dt.date(2024, 9, 29), dt.date(2024, 10, 28)
NAN = float("nan")


def window(days, rows):
    table = pd.DataFrame(rows, columns=["item_id", "brand", "money"]).set_index("item_id")
    return Window(*days, table.astype({"money": float}))


def pair(now, then, doubtful=None):
    return Pair(window(NOW, now), window(THEN, then), None, doubtful)


SIX = [(str(n), "甲", 10.0) for n in range(6)] + [(str(n), "乙", 30.0) for n in range(6, 12)]


def test_the_split_is_the_published_figure_and_exact():
    made = split(200, 216, 0.2)
    assert (made.market, made.share) == pytest.approx((38, -22))
    assert made.market + made.share == pytest.approx(216 - 200)


@pytest.mark.parametrize(("before", "now", "growth"), [(5, 9, 0.0), (5, 9, 3.0), (9, 0, -0.5)])
def test_the_split_is_the_mean_share_times_the_markets_change_and_the_reverse(before, now, growth):
    market = np.array([100.0, 100.0 * (1 + growth)])
    share = np.array([before, now]) / market
    made = split(before, now, growth)
    assert made.market == pytest.approx(share.mean() * np.diff(market)[0])
    assert made.share == pytest.approx(market.mean() * np.diff(share)[0])


def test_shares_are_of_all_brands_and_their_changes_add_up_to_nothing():
    made = movement(pair([(i, b, m * (2 if b == "甲" else 1)) for i, b, m in SIX], SIX), [])
    assert {b.name: (b.share_before, b.share) for b in made.brands} == {"甲": (0.25, 0.4), "乙": (0.75, 0.6)}
    assert sum(b.change for b in made.brands) == pytest.approx(0) and made.growth == pytest.approx(0.25)
    parts = [made.part(b) for b in made.brands]
    assert sum(p.market for p in parts) == pytest.approx(60) and sum(p.share for p in parts) == pytest.approx(0)


def test_blank_missed_and_gone_listings_are_left_out_of_both_windows_and_new_ones_are_not():
    then = [*SIX, ("blank", "甲", NAN), ("gone", "甲", 1.0)]
    now = [*SIX, ("blank", "甲", 2.0), ("missed", "甲", 1.0), ("new", "甲", 5.0)]
    kept, left_out = comparable(pair(now, then, pd.Index(["missed"])))
    assert sorted(left_out.index) == ["blank", "gone", "missed"]
    assert kept.loc["new"].to_dict() == {"brand": "甲", "now": 5.0, "then": 0.0}


def test_a_brand_of_which_much_is_unknown_is_not_compared_and_keeps_the_others_shares():
    then = [*SIX, *((f"x{n}", "丙", 4.0) for n in range(4))]
    now = [*SIX, ("x0", "丙", 4.0), ("x1", "丙", NAN), ("x2", "丙", 4.0), ("x3", "丙", 4.0)]
    made = movement(pair(now, then), ["甲", "丙"])
    assert made.of("丙") is None and made.of("甲").share == pytest.approx(60 / 252)


def test_nothing_is_compared_where_much_of_all_is_unknown():
    assert movement(pair([(i, b, NAN if int(i) > 7 else m) for i, b, m in SIX], SIX), ["甲"]) is None


@pytest.mark.parametrize("then", [None, "nothing"])
def test_without_an_earlier_window_that_sold_something_there_is_no_change(then):
    earlier = window(THEN, [(i, b, 0.0) for i, b, _ in SIX]) if then else None
    assert movement(Pair(window(NOW, SIX), earlier, None), ["甲"]) is None


def test_windows_of_unequal_length_grow_by_the_day():
    long = Pair(window((dt.date(2024, 10, 2), NOW[1]), SIX), window(THEN, SIX), None)
    made = movement(long, [])
    assert (
        made.scale == 2 and made.growth == pytest.approx(-0.5) and made.growth_of(made.brands[0]) == pytest.approx(-0.5)
    )


def test_a_brand_with_fewer_than_five_listings_that_sold_in_both_has_no_interval():
    few = [*SIX, *((f"x{n}", "丙", 5.0) for n in range(4))]
    made = movement(pair(few, few), ["甲", "丙"])
    assert made.of("丙").side is None and made.of("丙").ends is None
    assert made.of("甲").side == 0  # every listing moved alike: an interval of no width around no change


def market(rng, brands, size, spread, noise, lift=None):
    """Two windows of a market whose brands grow alike, apart from ``lift``; some listings are blank, new or gone."""
    name = np.repeat(np.arange(brands), size)
    then = np.exp(rng.normal(10, spread, len(name)))
    now = 1.5 * then * np.exp(rng.normal(0, noise, len(name))) * np.where(name == 3, lift or 1.0, 1.0)
    rows = pd.DataFrame({"item_id": np.arange(len(name)).astype(str), "brand": [f"B{n}" for n in name]})
    now, then = (rows.assign(money=money).set_index("item_id") for money in (now, then))
    draw = rng.random(len(name))
    now.loc[now.index[draw < 0.02], "money"] = NAN
    made = now[(draw < 0.96) | (draw >= 0.98)], then[draw < 0.98]
    return Pair(Window(*NOW, made[0]), Window(*THEN, made[1]), None)


def test_a_market_whose_brands_grow_alike_yields_no_gain_or_loss_beyond_the_stated_rate():
    rng, called = np.random.default_rng(11), []
    for n in range(50):
        made = movement(market(rng, 12, 30, 1.0, 0.4), [f"B{k}" for k in range(12)], seed=n, resamples=200)
        called.append(any(b.side for b in made.brands))
    assert np.mean(called) <= 0.05 + 2 * (0.05 * 0.95 / 50) ** 0.5


def test_a_brand_that_outgrows_the_others_by_half_is_called_alone_in_four_markets_of_five():
    rng, found = np.random.default_rng(12), []
    for n in range(20):
        made = movement(market(rng, 12, 30, 1.0, 0.2, lift=1.5), [f"B{k}" for k in range(12)], seed=n, resamples=200)
        found.append([b.name for b in made.brands if b.side == 1] == ["B3"])
    assert np.mean(found) >= 0.8
