"""Price bands: which market calls an opportunity, which does not, and what is withheld."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from kit.analyses import price_bands
from kit.analyses.price_bands.sentences import verdict
from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.client import Thresholds
from kit.findings import Kind, Severity
from kit.stats.bands import Band, Index
from kit.text import Words

NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
EDGES = (0, 50, 100, 200, 300)


def listings(price, sales, brand, date="2024-11-30", **more):
    about = {"platform": "tmall", "shop": "tmall", "date": pd.Timestamp(date), "title": "精华", "comments": 1.0}
    ids = [str(n) for n in range(len(price))]
    table = pd.DataFrame(
        {"brand": brand, "item_id": ids, "price_page": price, "sales": sales, "sales_kind": "rolling_30d"}
    )
    return table.assign(**about | more)


def market(seed, count=400, brands=15, spread=1.2, strength=0.6, lift=1.0, exponent=1.0):
    """A made-up market: money per listing is the same in every band when ``exponent`` is 1, pieces when it is 0.

    ``lift`` multiplies what listings from 100 to 200 sell.
    """
    rng = np.random.default_rng(seed)
    brand = rng.integers(0, brands, count)
    level = rng.normal(0, 0.4, brands)[brand]
    price = np.exp(rng.normal(4.8, 0.6, count) + level).round(1)
    sold = (
        np.exp(6 + rng.normal(0, strength, brands)[brand] + rng.normal(0, spread, count)) * (price / 100) ** -exponent
    )
    sold = sold * np.where((price >= 100) & (price < 200), lift, 1)
    return listings(price, sold.round(), [f"品牌{b}" for b in brand])


def bands(table, **more):
    (one,) = price_bands.analyse(table, *NOV, EDGES, **{"resamples": 400} | more).platforms
    return one


def said(finding, locale="zh"):
    return Words(locale).sentence(finding.sentence, finding.args)


def findings(table, **more):
    return price_bands.show(price_bands.analyse(table, *NOV, EDGES, **{"resamples": 400} | more)).findings


@pytest.mark.parametrize(("exponent", "of"), [(1.0, "money"), (0.0, "pieces")])
def test_a_market_where_bands_make_no_difference_calls_no_opportunity_beyond_the_stated_error(exponent, of):
    """Money (or pieces) per listing alike everywhere: one report in twenty may call a band, and far fewer do."""
    called = [
        any(
            verdict(b) in (Verdict.UNDER_SUPPLIED, Verdict.OVER_SUPPLIED)
            for b in bands(market(seed, exponent=exponent)).bands
        )
        for seed in range(200)
    ]
    assert np.mean(called) <= 0.05, of


def test_a_band_that_sells_three_times_as_much_is_found_and_no_other_is_called_short():
    found = [
        [(b.slug, verdict(b)) for b in bands(market(seed, spread=0.7, strength=0.3, lift=3.0, exponent=0.5)).bands]
        for seed in range(30)
    ]
    short = [[slug for slug, v in one if v == Verdict.UNDER_SUPPLIED] for one in found]
    assert sum(one == ["100_200"] for one in short) >= 27
    assert all(one in ([], ["100_200"]) for one in short)


def band(index, pieces):
    return Band(100.0, 200.0, 50, 9, 0.2, 0.4, 0.3, index and Index(1.5, *index), pieces and Index(1.2, *pieces))


@pytest.mark.parametrize(
    ("index", "pieces", "expected"),
    [
        ((1.1, 2.0), (1.05, 1.9), Verdict.UNDER_SUPPLIED),
        ((0.4, 0.9), (0.5, 0.95), Verdict.OVER_SUPPLIED),
        ((1.1, 2.0), (0.9, 1.9), Verdict.PRICE_LED),
        ((0.4, 0.9), (1.1, 1.9), Verdict.PRICE_LED),
        ((0.9, 2.0), (1.1, 1.9), Verdict.OPEN),
        ((1.0, 1.0), (1.0, 1.0), Verdict.OPEN),
        (None, None, Verdict.NONE),
    ],
)
def test_a_band_is_short_or_crowded_only_when_money_and_pieces_say_so(index, pieces, expected):
    assert verdict(band(index, pieces)) == expected


def test_an_opportunity_states_its_shares_its_range_and_a_next_step():
    found = findings(market(1, spread=0.5, strength=0.2, lift=3.0))[0]
    assert (found.key, found.kind, found.severity) == ("market.bands.tmall.100_200", Kind.OPPORTUNITY, Severity.HIGH)
    shares = bands(market(1, spread=0.5, strength=0.2, lift=3.0)).bands[2]
    zh = Words("zh")
    share = {name: zh.value({"value": v, "unit": "ratio"}) for name, v in (("d", shares.demand), ("s", shares.supply))}
    assert said(found) == f"￥100–199占销售额{share['d']}，占在售商品{share['s']}，需求多于供给"
    assert found.low > 1 and found.action.sentence == "m.bandtry" and found.level == 0.95


def test_when_no_band_stands_out_that_is_the_message_and_the_open_ones_are_named():
    none, rest = findings(market(3))
    assert (none.verdict, rest.verdict) == (Verdict.BALANCED, Verdict.OPEN)
    assert said(none) == "没有价格带的供需差距超出偶然范围（400款、15个品牌），暂不建议据此上新"
    assert said(rest).startswith("不到￥50、￥50–99、￥100–199")
    assert said(rest, "en").startswith("Demand and supply cannot be told apart at under ¥50, ¥50–99, ¥100–199")


def test_only_the_last_snapshot_counts_whatever_lies_before_it():
    now = market(1)
    before = pd.concat([market(2).assign(date=pd.Timestamp(d)) for d in ("2024-11-04", "2024-11-18")])
    assert bands(pd.concat([before, now])) == bands(now)


def test_listings_without_sales_or_price_are_left_out_of_both_sides_and_counted():
    table = market(1)
    table.loc[:29, "sales"] = None
    table.loc[30:34, "price_page"] = None
    one = bands(table)
    assert (one.listings, one.unsold, one.unpriced, one.used) == (400, 30, 5, 365)
    assert sum(b.listings for b in one.bands) == 365
    notes = [n.sentence for n in price_bands.show(price_bands.analyse(table, *NOV, EDGES)).exhibits[0].notes]
    assert {"note.market.blank.sales", "note.market.blank.price"} <= set(notes)


def test_under_the_least_number_of_listings_only_the_offer_is_shown():
    shown = price_bands.show(price_bands.analyse(market(1, count=49), *NOV, EDGES))
    (few,), (exhibit,) = shown.findings, shown.exhibits
    assert said(few) == "有价格和销量的商品只有49款（至少要50款），价格带供需暂不判断"
    assert said(few, "en") == "Only 49 listings state price and sales (50 needed): price bands are not judged"
    assert exhibit.form == "table" and [c.name for c in exhibit.table.columns] == ["band", "listings", "supply"]


def test_a_file_with_prices_only_refuses_demand_in_words():
    shown = price_bands.show(price_bands.analyse(market(1).assign(sales=None), *NOV, EDGES))
    assert said(shown.findings[0]) == "竞品快照没有销量，价格带只看供给，需求和份额暂不判断"
    assert "demand" not in [c.name for c in shown.exhibits[0].table.columns]


@pytest.mark.parametrize(
    ("change", "sentence"), [({"price_page": None}, "m.noprice"), ({"price_page": 99.0}, "m.bandone")]
)
def test_without_prices_or_with_one_price_there_are_no_bands(change, sentence):
    shown = price_bands.show(price_bands.analyse(market(1).assign(**change), *NOV))
    assert [f.sentence for f in shown.findings] == [sentence] and shown.exhibits == ()


def test_few_brands_are_too_few_to_judge_anything():
    (few,) = findings(market(1, brands=4))
    assert few.sentence == "m.bandsmall" and few.verdict == Verdict.NONE


def test_another_kind_of_price_is_named_and_used_for_all():
    table = market(1).assign(price_coupon=lambda t: t["price_page"] * 0.9)
    one = bands(table, price_kind="coupon")
    assert one.price_kind == "coupon" and one != bands(table)
    source = price_bands.show(price_bands.Result((one,), None)).exhibits[0].notes[0]
    assert "价格为券后价" in Words("zh").sentence(source.sentence, source.args)


def test_without_edges_bands_come_from_the_prices():
    (one,) = price_bands.analyse(market(1), *NOV, resamples=50).platforms
    assert not one.configured and 3 <= len(one.bands) <= 7


def test_a_configured_edge_of_zero_makes_no_band_below_it():
    assert [b.slug for b in bands(market(1)).bands] == ["below_50", "50_100", "100_200", "200_300", "from_300"]


def test_without_a_snapshot_in_the_period_the_days_there_are_are_named():
    (missing,) = price_bands.show(price_bands.analyse(market(1).assign(date=pd.Timestamp("2024-09-02")), *NOV)).missing
    text = Words("zh").sentence(missing.reason.sentence, missing.reason.args)
    assert text == "竞品快照只有2024年9月2日的，本期没有，无法判断哪个价格带需求多、供给少"


def test_defaults_are_those_of_the_clients_thresholds():
    defaults = price_bands.analyse.__kwdefaults__
    limits = Thresholds()
    assert (defaults["min_listings"], defaults["min_band_listings"]) == (limits.min_listings, limits.min_band_listings)


@pytest.mark.parametrize("edges", [(0, 50, 100, 9000, 9999), (0.5, 0.9, 100)])
def test_a_band_without_a_listing_is_shown_and_not_judged(edges):
    (one,) = price_bands.analyse(market(1), *NOV, edges, resamples=50).platforms
    empty = [b for b in one.bands if b.listings == 0]
    assert empty and all(b.index is None and b.demand == b.supply == 0 and verdict(b) == Verdict.NONE for b in empty)


def test_counters_that_are_all_zero_judge_nothing():
    (few,) = findings(market(1).assign(sales=0.0))
    assert few.verdict == Verdict.NONE and few.sentence == "m.bandsmall"
