"""Traffic sources: what adds and what does not, shares and their changes, and search terms beyond chance."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from worded import told, whole

from kit import calendar
from kit.analyses import traffic
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.client import Client
from kit.store import load
from kit.tables import TABLES, frame
from kit.text import Words

NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
NONE = calendar.promotions((), dt.date(2024, 1, 1), dt.date(2024, 12, 31))
SHOPS = {"tmall": {"zh": "甲店", "en": "Shop A"}}
SPANS = {10: ("2024-10-01", "2024-10-31"), 11: ("2024-11-01", "2024-11-30")}


def months(*rows):
    """Rows of a month: month, first and second level, visitors, buyers, amount, and a carrier if there is one."""
    columns = {name: [row[n] for row in rows] for n, name in enumerate(("source_l1", "source_l2"), 1)}
    columns |= {name: [float(row[n]) for row in rows] for n, name in enumerate(("visitors", "pay_buyers"), 3)}
    columns |= {name: [pd.Timestamp(SPANS[row[0]][n]) for row in rows] for n, name in enumerate(("start", "end"))}
    columns |= {name: ["tmall"] * len(rows) for name in ("platform", "shop")}
    columns |= {name: [""] * len(rows) for name in ("source_l3", "source_l4")}
    columns |= {"pay_amount": [float(row[5]) for row in rows], "carrier": [*("" if len(r) < 7 else r[6] for r in rows)]}
    return frame(TABLES["traffic_source_period"], columns)


BOTH = months(
    (10, "免费", "", 1000, 50, 5000), (10, "免费", "搜索", 700, 30, 3000), (10, "免费", "推荐", 500, 20, 2000),
    (10, "付费", "", 500, 20, 1200), (11, "免费", "", 1100, 55, 5500), (11, "免费", "搜索", 900, 45, 4700),
    (11, "免费", "推荐", 300, 10, 800), (11, "付费", "", 500, 20, 500),
)  # fmt: skip


def shop(october, november):
    """A shop that took that much a month, the same every day."""
    days = pd.date_range("2024-10-01", "2024-11-30")
    amounts = np.where(days < "2024-11-01", october / 31, november / 30)
    about = {"platform": ["tmall"] * len(days), "shop": ["tmall"] * len(days), "date": days}
    return frame(TABLES["shop_daily"], about | {"pay_amount": list(amounts)})


def read(period, took=None, daily=None, **more):
    return traffic.analyse(daily, period, took, NONE, *NOV, SHOPS, **more)


def test_shares_are_of_what_the_shop_took_and_visitors_have_none():
    (one,) = read(BOTH, shop(6200, 6000)).sources
    shares = {(s.first, s.second): s.share for s in one.sources}
    assert shares[("免费", "")] + shares[("付费", "")] == pytest.approx(1)
    assert shares[("免费", "搜索")] == pytest.approx(4700 / 6000)
    assert one.sources[0].moved == pytest.approx(5500 / 6000 - 5000 / 6200)
    page = traffic.show(read(BOTH, shop(6200, 6000)))
    assert [c.name for c in page.exhibits[0].table.columns].count("share") == 1
    assert all(1600 not in row for row in page.exhibits[0].table.rows), "no sum of visitors over sources"


@pytest.mark.parametrize("took", [None, shop(6200, 9000)])
def test_sources_that_do_not_make_up_the_whole_have_no_shares(took):
    page = traffic.show(read(BOTH, took))
    assert page.findings[0].sentence == "r.sourceamount"
    assert "note.review.sources.noshare" in {n.sentence for n in page.exhibits[0].notes}


def test_the_largest_source_and_the_two_parts_that_moved_most_are_named():
    page = traffic.show(read(BOTH, shop(6200, 6000)))
    said = [Words("zh").sentence(f.sentence, f.args) for f in page.findings]
    assert said == [
        "免费占甲店支付金额的91.7%，较2024年10月上升11.0个百分点",
        "甲店的免费 › 搜索占比较2024年10月上升29.9个百分点，到78.3%；支付转化率由4.29%到5.00%",
        "甲店的免费 › 推荐占比较2024年10月下降18.9个百分点，到13.3%；支付转化率由4.00%到3.33%",
    ]
    assert [f.verdict for f in page.findings] == [Verdict.ROSE, Verdict.ROSE, Verdict.FELL]


def test_days_serve_where_no_row_is_the_period_and_only_when_all_are_there():
    days = pd.date_range("2024-11-01", "2024-11-30")
    about = {n: ["tmall"] * 30 for n in ("platform", "shop")} | {n: [""] * 30 for n in ("source_l2", "source_l3")}
    about |= {"source_l1": ["免费"] * 30, "carrier": [""] * 30, "source_l4": [""] * 30, "date": days}
    daily = frame(TABLES["traffic_source"], about | {"visitors": [10.0] * 30, "pay_buyers": [1.0] * 30})
    (one,) = read(None, daily=daily).sources
    assert not one.once and one.sources[0].now.cvr == pytest.approx(0.1)
    assert read(None, daily=daily.iloc[1:]).sources == ()
    (mixed,) = read(BOTH[BOTH["start"] == "2024-10-01"], daily=daily).sources
    assert mixed.sources[0].before is None, "people counted once are not compared with sums of days"


def test_an_export_without_money_still_says_where_visitors_come_from():
    page = traffic.show(read(BOTH.assign(pay_amount=np.nan, pay_buyers=np.nan)))
    said = Words("zh").sentence(page.findings[0].sentence, page.findings[0].args)
    assert said == "甲店来源中免费的访客最多：1,100人" and page.exhibits


def test_carriers_are_no_further_sources_beside_the_row_of_all_of_them():
    twice = pd.concat([BOTH, months((11, "免费", "", 900, 40, 5000, "商品"))])
    assert len(read(twice).sources[0].sources) == len(read(BOTH).sources[0].sources)
    (apart,) = read(months((11, "免费", "", 9, 1, 5, "商品"), (11, "免费", "", 9, 1, 5, "直播"))).sources
    assert sorted(s.first for s in apart.sources) == ["商品·免费", "直播·免费"]


def words_of(october, november):
    about = {"term": [], "visitors": [], "start": [], "end": []}
    for month, counts in ((10, october), (11, november)):
        for n, count in enumerate(counts):
            row = (f"词{n}", float(count), *(pd.Timestamp(day) for day in SPANS[month]))
            for name, value in zip(about, row, strict=True):
                about[name].append(value)
    return frame(
        TABLES["search_terms_period"], about | {n: ["tmall"] * len(about["term"]) for n in ("platform", "shop")}
    )


def test_terms_that_moved_against_all_of_the_shops_search_are_named():
    """All terms grow by half; one trebles, one stays where it was, one is new and one is gone."""
    table = words_of([1000, 1000, 1000, 500, 0, 400], [1500, 1500, 3000, 500, 400, 0])
    (one,) = read(None, search_terms_period=table).terms
    assert [t.term for t in one.up] == ["词2", "词4"] and [t.term for t in one.down] == ["词5", "词3"]


def test_terms_that_only_scatter_are_hardly_ever_named():
    rng = np.random.default_rng(6)
    called = 0
    for _ in range(100):
        usual = rng.integers(50, 800, 30)
        (one,) = read(None, search_terms_period=words_of(rng.poisson(usual), rng.poisson(usual * 1.3))).terms
        called += bool(one.up or one.down)
    assert called <= 5
    assert (
        traffic.show(read(None, search_terms_period=words_of([90, 80], [92, 79]))).findings[0].sentence
        == "r.terms.none"
    )


@pytest.fixture(scope="module")
def demo():
    client = Client.load("demo")
    data = load(client)
    promotions = calendar.promotions(client.platforms(), dt.date(2022, 11, 1), dt.date(2025, 5, 30))
    tables = [data.get(name) for name in ("traffic_source", "traffic_source_period", "shop_daily")]
    return traffic.analyse(*tables, promotions, *NOV, {key: one.name.both for key, one in client.shops.items()})


def test_the_demo_shares_by_source_are_those_planted(demo):
    """TRUTH.md: sources.*, of November's paid amount by the last visit."""
    shares = {s.first: s.share for s in demo.sources[0].level(False)}
    assert shares == pytest.approx({"淘内免费": 0.6761, "内容渠道": 0.1535, "付费推广": 0.1705}, abs=5e-5)


def test_everything_shown_is_worded_and_every_number_said_stands_in_an_exhibit(demo):
    made = words_of([1000, 1000, 1000, 500], [1500, 1500, 3000, 500])
    for result in (demo, read(BOTH), read(BOTH, shop(6200, 6000), search_terms_period=made)):
        page = traffic.show(result)
        whole(page)
        told(page)


def test_without_exports_the_page_says_which_to_bring():
    page = traffic.show(read(None))
    assert not page.findings and [m.tables for m in page.missing] == [("traffic_source",), ("search_terms",)]
    words = Words("zh")
    assert all(words.label(m.question) and words.label(f"bring.{m.tables[0]}") for m in page.missing)
