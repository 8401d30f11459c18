"""Words and gaps on the demo, whose truths are known, and on the Double 11 file of 2016, which is real."""

import datetime as dt
import functools
import re

import numpy as np
import pandas as pd
import pytest
from test_market_double11 import FILE, SPAN

from kit import store
from kit.analyses import selling_points, white_space
from kit.client import Client
from kit.text import Words

NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)


@functools.cache
def demo():
    client = Client.load("demo")
    return client, store.load(client).get("listings")


@pytest.fixture(scope="module")
def scraped():
    if not FILE.is_file():
        pytest.skip("the Double 11 file is not beside the project")
    raw = pd.read_csv(FILE, encoding="gb18030", dtype={"id": str}).drop_duplicates()
    table = raw.rename(columns={"店名": "brand", "id": "item_id", "price": "price_page", "sale_count": "sales"})
    date = pd.to_datetime(table["update_time"])
    return table.assign(date=date, platform="tmall", shop="tmall", sales_kind="counter", comments=1.0)


@functools.cache
def truths():
    """Planted log effects by word."""
    text = (demo()[0].folder / "TRUTH.md").read_text(encoding="utf-8")
    return {word: float(value) for word, value in re.findall(r"\| words\.(\S+) \| (-?[0-9.]+) \|", text)}


@pytest.fixture(scope="module")
def words():
    client, listings = demo()
    about = client.market.category.zh, client.market.price_edges
    (one,) = selling_points.analyse(listings, client.market.brand, *NOV, *about).platforms
    return {word.term: word for word in one.words}


def test_every_planted_word_is_read_from_the_titles(words):
    assert len(truths()) == 12 and set(truths()) <= set(words)


def test_planted_effects_lie_in_their_intervals(words):
    outside = [w for w, effect in truths().items() if not words[w].low <= np.expm1(effect) <= words[w].high]
    assert outside == []


def test_the_words_that_are_worth_something_are_called_and_no_other(words):
    assert {term for term, word in words.items() if word.called} == {w for w, effect in truths().items() if effect}


def test_the_planted_white_space_is_the_gap_that_is_called():
    client, listings = demo()
    result = white_space.analyse(listings, *NOV, client.market.category.zh, client.market.price_edges)
    assert [(c.need, c.low, c.high) for c in result.platforms[0].cells if c.called] == [("敏感肌", 100.0, 150.0)]
    first = white_space.show(result).findings[0]
    text = Words("zh").sentence(first.sentence, first.args)
    assert text == "￥100–149×敏感肌：在售7款，每款销售额约为同品牌其他商品的9.0倍，可先小批试款"


def test_the_real_snapshot_of_heavy_tailed_counters_supports_neither_a_word_nor_a_gap(scraped):
    found = selling_points.analyse(scraped, ["自然堂"], *SPAN, "美妆").platforms[0]
    assert {"保湿", "补水", "控油", "深层清洁"} <= {word.term for word in found.words} and found.called == ()
    brands = {"innisfree", "OREAL", "Herborist", "CHANDO"}  # written into the titles of their own brand only
    assert not brands & {word.term for word in found.words}
    gaps = white_space.show(white_space.analyse(scraped, *SPAN, "美妆"))
    assert gaps.findings[0].sentence == "m.nowhite"


def test_nothing_said_of_the_real_counters_calls_them_sales_of_the_day(scraped):
    shown = [
        selling_points.show(selling_points.analyse(scraped, ["自然堂"], *SPAN, "美妆")),
        white_space.show(white_space.analyse(scraped, *SPAN, "美妆")),
    ]
    for words in (Words("zh"), Words("en")):
        texts = [words.sentence(n.sentence, n.args) for one in shown for e in one.exhibits for n in e.notes]
        texts += [words.sentence(f.sentence, f.args) for one in shown for f in one.findings]
        assert not [t for t in texts if re.search("当日销量|当天卖|当月销量|sold that day|sold in November", t)]
