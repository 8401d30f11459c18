"""Shares and position on the demo, whose truths are known, and on the Double 11 file of 2016, which is real."""

import datetime as dt
import functools
import re

import pandas as pd
import pytest
from test_market_double11 import FILE, SPAN

from kit import calendar, store
from kit.analyses import position, shares
from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.client import Client
from kit.text import Words

NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
NONE = pd.DataFrame(columns=["platform", "event", "event_zh", "event_en", "year", "kind", "start", "end", "certainty"])


@functools.cache
def demo():
    client = Client.load("demo")
    return client, store.load(client)


@functools.cache
def truth(key):
    text = (demo()[0].folder / "TRUTH.md").read_text(encoding="utf-8")
    return float(re.search(rf"\| {re.escape(key)} \| (-?[0-9.]+) \|", text)[1])


def held(market_monthly=None, resamples=400):
    client, data = demo()
    promotions = calendar.promotions(client.platforms(), data.span()[0], NOV[1])
    market = data.get("market_monthly") if market_monthly is None else market_monthly
    tables = data.get("listings"), market, data.get("shop_daily"), data.get("rivals_period"), promotions
    return shares.analyse(*tables, client.market.brand, *NOV, client.market.category.both, resamples=resamples)


@pytest.fixture(scope="module")
def shown():
    return shares.show(held())


def said(piece, locale="zh"):
    return Words(locale).sentence(piece.sentence, piece.args)


def test_the_demos_vendor_estimate_gives_no_share_of_the_category(shown):
    reasons = [said(m.reason) for m in shown.missing]
    assert len(reasons) == 1 and "第三方估算" in reasons[0]
    assert not [f.key for f in shown.findings if ".category" in f.key]


def test_with_the_categorys_money_the_planted_loss_of_share_is_recovered():
    now = truth("market.2024-11")
    months = pd.to_datetime(["2023-11-01", "2024-11-01"])
    table = pd.DataFrame({"month": months, "value": [now / (1 + truth("market.yoy")), now]})
    about = {"platform": "tmall", "shop": "tmall", "category": "面部精华", "metric": "pay_amount"}
    table = table.assign(low=table["value"], high=table["value"], value_kind="money", source="file", **about)
    (one,) = held(table, resamples=20).categories
    assert one.share.now.low == pytest.approx(truth("share.2024-11"), abs=5e-5)
    assert one.share.before.low == pytest.approx(truth("share.2023-11"), abs=5e-5)
    assert one.share.change.low == pytest.approx(truth("share.lost"), abs=1e-4)
    found = next(f for f in shares.show(held(table, resamples=20)).findings if f.key.endswith("category.share"))
    assert found.verdict == Verdict.LOST and found.severity == "high"


def test_the_demos_own_rank_is_the_planted_one_and_only_brands_that_moved_are_called(shown):
    chart = next(e for e in shown.exhibits if e.key == "market.shares.tmall.chart")
    rows = {row[0]: row for row in chart.table.rows}
    assert rows["青禾"][5] == truth("rank.own")
    called = {name for name, row in rows.items() if row[3] is not None and row[3] * row[4] > 0}
    assert called == {"青禾"}  # every rival's share of the category is constant, but for those at war
    (own,) = [f for f in shown.findings if f.key == "market.shares.tmall.own"]
    assert own.verdict == Verdict.GAINED and own.severity == "medium"  # in a promotion: the windows are not alike
    assert [f for f in shown.findings if f.key == "market.shares.tmall.phase"]


def test_a_best_seller_that_one_snapshot_missed_is_no_loss_of_share(shown):
    chart = next(e for e in shown.exhibits if e.key == "market.shares.tmall.chart")
    leader = next(row for row in chart.table.rows if row[0] == "禾本源")
    assert abs(leader[2]) < 0.01  # its best seller is not in the earlier snapshot: 2.1 points if that were a change


@pytest.fixture(scope="module")
def beauty():
    if not FILE.is_file():
        pytest.skip("the Double 11 file is not beside the project")
    raw = pd.read_csv(FILE, encoding="gb18030", dtype={"id": str}).drop_duplicates()
    names = {"update_time": "date", "店名": "brand", "id": "item_id", "price": "price_page", "sale_count": "sales"}
    table = raw.rename(columns=names | {"comment_count": "comments"})
    return table.assign(platform="tmall", shop="tmall", sales_kind="counter", date=pd.to_datetime(table["date"]))


def of(table):
    return shares.analyse(table, None, None, None, NONE, ["自然堂"], *SPAN, "美妆", resamples=100)


def test_a_counter_of_unknown_window_gives_shares_of_one_snapshot_and_no_change(beauty):
    last = beauty[beauty["date"] == "2016-11-14"]
    money = (last["price_page"] * last["sales"]).groupby(last["brand"]).sum()
    (one,) = of(beauty).fields
    assert {b.name: b.share for b in one.brands} == pytest.approx((money / money.sum())[money > 0].to_dict())
    assert one.movement is None and one.pair.lacks == "unknown" and one.silent == ("SKII", "植村秀", "玉兰油")
    (missing,) = position.show(position.analyse(beauty, ["自然堂"], *SPAN)).missing
    assert "时间窗不明" in said(missing.reason)


def test_read_as_running_totals_shares_are_of_the_gains_and_those_that_fell_are_noticed(beauty):
    found = of(beauty.assign(sales_kind="cumulative"))
    (one,) = found.fields
    assert (one.pair.now.start, one.pair.now.end) == (dt.date(2016, 11, 6), dt.date(2016, 11, 14))
    assert (one.pair.steps, one.pair.fallen) == (1724, 83)
    total = beauty[beauty["date"] == "2016-11-14"].eval("price_page * sales").sum()
    assert 0 < sum(b.sales for b in one.brands) < 0.2 * total
    falls = next(f for f in shares.show(found).findings if f.key == "market.shares.tmall.falls")
    assert said(falls).startswith("1,724款商品的累计销量里有83款期末低于期初（4.81%）")


def test_no_sentence_calls_a_listings_counter_what_was_sold_that_day(beauty):
    page = shares.show(of(beauty))
    for locale, words in (("zh", ("当日销量", "当天卖", "售出")), ("en", ("sold on", "that day's"))):
        texts = [said(p, locale) for p in (*page.findings, *(n for e in page.exhibits for n in e.notes))]
        assert texts and not [t for t in texts if any(w in t for w in words)]


def test_when_listings_vanish_at_once_nothing_is_compared(beauty):
    late = dt.date(2016, 11, 11), dt.date(2016, 11, 14)
    table = beauty.assign(sales_kind="cumulative")
    (one,) = shares.analyse(table, None, None, None, NONE, ["自然堂"], *late, "美妆", resamples=100).fields
    assert one.pair.then is not None and one.movement is None
