"""Advertising: what is added and what is not, break-even, floors, and which channel decays."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from worded import told, whole

from kit import calendar
from kit.analyses import ads
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.client import Client
from kit.findings import Arg
from kit.stats.margin import margin
from kit.store import load
from kit.tables import TABLES, frame
from kit.text import Words

NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
NONE = calendar.promotions((), dt.date(2024, 1, 1), dt.date(2024, 12, 31))
SHOPS = {"tmall": {"zh": "甲店", "en": "Shop A"}}


def rows(tool, roi, days, *, breakdown="campaign", window=15, scene="", spend=100.0):
    """Daily rows of one channel; ``roi`` is one return or one a day."""
    count = len(days)
    about = {"platform": ["tmall"] * count, "shop": ["tmall"] * count, "date": days, "tool": [tool] * count}
    about |= {"breakdown": [breakdown] * count, "window_days": [window] * count, "scene": [scene] * count}
    money = {"spend": [spend] * count, "clicks": [50.0] * count, "impressions": [900.0] * count}
    return frame(TABLES["ads_daily"], about | money | {"ad_gmv": list(spend * np.broadcast_to(roi, count))})


def shop(amount=1000.0, back=100.0):
    days = pd.date_range("2024-10-01", "2024-11-30")
    about = {"platform": ["tmall"] * len(days), "shop": ["tmall"] * len(days), "date": days}
    money = {"pay_amount": [amount] * len(days), "refund_amount": [back] * len(days)}
    return frame(TABLES["shop_daily"], about | money)


def lines(*given):
    """Order lines of 15 November: kind, code, quantity, paid amount."""
    names = ("kind", "merchant_sku", "quantity", "paid_amount")
    columns = {name: [row[n] for row in given] for n, name in enumerate(names)}
    columns["paid_at"] = [pd.Timestamp("2024-11-15 10:00")] * len(given)
    return frame(TABLES["order_lines"], columns | {n: ["tmall"] * len(given) for n in ("platform", "shop")})


COSTS = frame(
    TABLES["costs"],
    {
        "merchant_sku": ["A", "A", "G"],
        "valid_from": pd.to_datetime(["2024-01-01", "2024-11-20", "2024-01-01"]),
        "unit_cost": [30.0, 90.0, 5.0],
        "packaging": [1.0, 1.0, 0.0],
        "logistics": [4.0, 4.0, 0.0],
        "fee_rate": [0.05, 0.05, 0.0],
    },
)
DAYS = pd.date_range("2024-11-01", "2024-11-30")


def totals(result):
    return result.whole[""][0]


def test_margin_takes_off_returns_goods_fees_gifts_and_parcels_at_the_cost_valid_on_the_day():
    """By hand: of 100 paid, 30 of goods and 5 of fees are lost with the sale kept; a gift of 5 and a parcel of 5."""
    made = margin(lines(("sale", "A", 1.0, 100.0), ("gift", "G", 1.0, 0.0)), COSTS, *NOV, 0.1)
    assert made.value == pytest.approx(0.9 * (1 - 0.30 - 0.05) - 0.05 - 0.05)
    assert made.break_even == pytest.approx(1 / 0.485)


@pytest.mark.parametrize(("paid", "known"), [(11.0, True), (12.0, False)])
def test_without_costs_of_nine_tenths_of_the_sales_there_is_no_margin(paid, known):
    made = margin(lines(("sale", "A", 1.0, 100.0), ("sale", None, 1.0, paid)), COSTS, *NOV, 0.0)
    assert (made is not None) == known


def test_a_sale_that_costs_more_than_it_brings_has_no_break_even():
    assert margin(lines(("sale", "A", 4.0, 100.0)), COSTS, *NOV, 0.0).break_even is None


def test_spend_stands_in_every_breakdown_and_is_counted_once_and_sales_of_tools_are_not_added():
    table = pd.concat(
        [
            rows("wanxiangtai", 3.0, DAYS, scene="人群推广"),
            rows("wanxiangtai", 3.0, DAYS, scene="人群推广", breakdown="item"),
            rows("pinxiaobao", 2.0, DAYS, breakdown="account", window=7),
        ]
    )
    result = ads.analyse(table, shop(), NONE, *NOV, SHOPS)
    assert [(c.now.spend, round(c.now.roi, 9), c.window) for c in result.channels] == [(3000, 2, 7), (3000, 3, 15)]
    assert totals(result)["spend"].value == 6000 and totals(result)["spend_ratio"].value == pytest.approx(0.2)
    page = ads.show(result)
    assert all(9000 + 6000 not in row for e in page.exhibits for row in e.table.rows)
    assert "note.review.ads.windows" in {n.sentence for e in page.exhibits for n in e.notes}


@pytest.mark.parametrize(
    ("roi", "floor", "verdict", "sentence"),
    [
        (2.0, None, Verdict.BELOW, "r.adlow"),
        (2.3, 2.5, Verdict.BELOW, "r.adlow.floor"),
        (2.6, 2.5, Verdict.ABOVE, "r.adabove"),
        (2.3, None, Verdict.ABOVE, "r.adabove"),
    ],
)
def test_a_return_is_held_to_break_even_and_then_to_the_floor(roi, floor, verdict, sentence):
    sold = lines(("sale", "A", 1.0, 100.0), ("gift", "G", 1.0, 0.0))
    asked = {"month": pd.to_datetime(["2024-11-01"]), "shop": ["tmall"], "metric": ["roas"], "value": [floor]}
    goals = frame(TABLES["goals"], asked) if floor else None
    given = {"order_lines": sold, "costs": COSTS, "goals": goals}
    page = ads.show(ads.analyse(rows("qianchuan", roi, DAYS), shop(), NONE, *NOV, SHOPS, **given))
    assert (page.findings[-1].verdict, page.findings[-1].sentence) == (verdict, sentence)
    if sentence == "r.adlow":
        assert page.findings[-1].args["loss"].value == pytest.approx(3000 - 6000 * 0.485)


def test_the_break_even_of_a_week_takes_the_refunds_of_four_weeks_and_a_channel_is_no_loss_by_its_own_week():
    """The week after a promotion refunds what was paid before it: half of its sales, and 14.3 % over four weeks."""
    daily, week = shop(), (dt.date(2024, 11, 11), dt.date(2024, 11, 17))
    late, big = (daily["date"].between(a, b) for a, b in (("2024-11-11", "2024-11-17"), ("2024-11-01", "2024-11-10")))
    daily.loc[late, "refund_amount"], daily.loc[big, "pay_amount"] = 500.0, 1700.0
    given = {"order_lines": lines(("sale", "A", 1.0, 100.0)), "costs": COSTS}
    (channel,) = ads.analyse(rows("qianchuan", 2.3, DAYS), daily, NONE, *week, SHOPS, **given).channels
    assert channel.margin.returned == pytest.approx((7 * 500 + 21 * 100) / (18 * 1000 + 10 * 1700))
    assert channel.under is None and 1 / (0.5 * 0.65 - 0.05) > 2.3


def test_a_channel_with_days_that_state_no_spend_is_left_out_and_named():
    gap = rows("wanxiangtai", 2.0, DAYS, scene="人群推广")
    gap.loc[3, "spend"] = np.nan
    table = pd.concat([gap, rows("qianchuan", 2.0, DAYS)])
    page = ads.show(ads.analyse(table, shop(), NONE, *NOV, SHOPS))
    assert [row[0] for row in page.exhibits[-1].table.rows] == [[Arg("tool.qianchuan", "label")]]
    said = next(n for n in page.exhibits[-1].notes if n.sentence == "note.review.ads.silent")
    assert Words("zh").sentence(said.sentence, said.args) == "人群推广有的日子没写花费，未列入"


def test_without_costs_or_floor_nothing_is_said_of_profit():
    page = ads.show(ads.analyse(rows("qianchuan", 1.0, DAYS), shop(), NONE, *NOV, SHOPS))
    assert page.findings[-1].sentence == "r.adnoline" and page.findings[-1].verdict == Verdict.NONE


WEEKS = pd.date_range("2024-06-02", "2024-11-30")


def returns(seed, fall=0.0, noise=0.08):
    week = np.arange(len(WEEKS)) // 7
    rng = np.random.default_rng(seed)
    return 2.5 * np.exp(np.log1p(fall) * week + rng.normal(0, noise, week.max() + 1)[week])


def test_a_channel_that_falls_five_percent_a_week_is_found():
    found = [
        ads.analyse(rows("qianchuan", returns(seed, -0.05), WEEKS), shop(), NONE, *NOV, SHOPS).channels[0].decay
        for seed in range(20)
    ]
    assert all(found) and sum(d.slope.low <= -0.05 <= d.slope.high for d in found) >= 17


def test_a_decay_says_of_what_its_two_ends_are_means():
    page = ads.show(ads.analyse(rows("qianchuan", returns(0, -0.05), WEEKS), shop(), NONE, *NOV, SHOPS))
    (found,) = [f for f in page.findings if f.verdict == Verdict.DECAYS]
    assert "，首尾2周平均由" in Words("zh").sentence(found.sentence, found.args)
    assert " (means of the first and last 2 weeks), beyond" in Words("en").sentence(found.sentence, found.args)


def test_channels_that_only_scatter_are_hardly_ever_said_to_decay():
    called = 0
    for seed in range(60):
        table = pd.concat(
            rows("wanxiangtai", returns(10 * seed + n), WEEKS, scene=name) for n, name in enumerate("甲乙丙")
        )
        called += any(c.decay for c in ads.analyse(table, shop(), NONE, *NOV, SHOPS).channels)
    assert called / 60 <= 0.05


@pytest.mark.parametrize(("window", "event", "told"), [(15, None, True), (135, None, False), (15, "2024-07-10", False)])
def test_only_ordinary_weeks_past_their_window_tell_a_decay(window, event, told):
    """Seven weeks are left where the window is 135 days long, or all days since 10 July are a promotion's."""
    promotions = NONE
    if event:
        about = {"platform": "tmall", "event": "x", "event_zh": "某", "event_en": "X", "year": 2024, "kind": "sale"}
        dates = {"start": pd.Timestamp(event), "end": pd.Timestamp("2024-11-30"), "certainty": "confirmed"}
        promotions = NONE.reindex([0]).assign(**about, **dates)
    table = rows("qianchuan", returns(1, -0.05, 0.02), WEEKS, window=window)
    assert (ads.analyse(table, shop(), promotions, *NOV, SHOPS).channels[0].decay is not None) == told


@pytest.fixture(scope="module")
def demo():
    client = Client.load("demo")
    data = load(client)
    names = ("order_lines", "refunds", "costs", "goals")
    promotions = calendar.promotions(client.platforms(), dt.date(2022, 11, 1), dt.date(2025, 5, 30))
    given = {name: data.get(name) for name in names}
    shops = {key: one.name.both for key, one in client.shops.items()}
    return ads.analyse(data.get("ads_daily"), data.get("shop_daily"), promotions, *NOV, shops, **given)


def test_the_demo_spend_and_its_decaying_channel_are_found_and_no_other_is_called(demo):
    """TRUTH.md: ads.wanxiangtai.2024-11, ads.pinxiaobao.2024-11, ads.tmall.spend_ratio, ads.decay, ads.roi.after."""
    spend = {}
    for channel in demo.channels:
        spend[channel.tool] = spend.get(channel.tool, 0) + channel.now.spend
    assert (round(spend["wanxiangtai"]), round(spend["pinxiaobao"])) == (519890, 91336)
    assert demo.whole["tmall"][0]["spend_ratio"].value == pytest.approx(0.0687, abs=5e-5)
    (decays,) = [c for c in demo.channels if c.decay]
    assert decays.scene == "人群推广" and decays.decay.slope.low <= -0.05 <= decays.decay.slope.high
    assert decays.decay.last == pytest.approx(1.0169, abs=0.05) and decays.under
    page = ads.show(demo)
    assert sum(f.verdict == Verdict.DECAYS for f in page.findings) == 1


def test_the_demo_margin_is_that_of_its_goods(demo):
    """TRUTH.md: margin.goods, one less goods over paid."""
    assert 1 - next(c.margin for c in demo.channels if c.shop == "tmall").goods == pytest.approx(0.7310, abs=5e-4)


def test_everything_shown_is_worded_and_every_number_said_stands_in_an_exhibit(demo):
    page = ads.show(demo)
    whole(page)
    told(page)


def test_without_ad_files_the_page_says_what_to_export():
    (missing,) = ads.show(ads.analyse(None, shop(), NONE, *NOV, SHOPS)).missing
    assert missing.tables == ("ads_daily",)
    assert all(words.label(missing.question) and words.label("bring.ads_daily") for words in (Words("zh"), Words("en")))
