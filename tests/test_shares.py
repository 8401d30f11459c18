"""Who holds the market: of which whole a share is, what it was refused on, its change with its parts."""

import datetime as dt

import pandas as pd
import pytest
from making import reading, xlsx

from kit.analyses import shares
from kit.analyses.shares.page import adding
from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.findings import Kind, Severity, Soundness
from kit.stats.share_change import Split
from kit.text import Words

NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
THEN, NOW = "2024-10-28", "2024-11-30"
CALENDAR = pd.DataFrame(
    [("tmall", "double_11", "双11", "Double 11", 2024, "sale", "2024-10-14", "2024-11-11", "confirmed")],
    columns=["platform", "event", "event_zh", "event_en", "year", "kind", "start", "end", "certainty"],
).astype({"start": "datetime64[us]", "end": "datetime64[us]"})
NONE = CALENDAR[:0]
BRANDS = {"甲": 100.0, "乙": 60.0, "丙": 30.0, "丁": 20.0, "青禾": 20.0}


def listings(growth=(), kind="rolling_30d", dates=(THEN, NOW), each=8):
    """Eight listings a brand at one price; ``growth``: factors of a brand's counters at the last date."""
    grown = dict(growth)
    rows = [
        (date, brand, f"{brand}{n}", 50.0, units * (n + 1) * (grown.get(brand, 1.0) if date == dates[-1] else 1.0))
        for date in dates
        for brand, units in BRANDS.items()
        for n in range(each)
    ]
    table = pd.DataFrame(rows, columns=["date", "brand", "item_id", "price_page", "sales"])
    return table.assign(platform="tmall", shop="tmall", sales_kind=kind, date=pd.to_datetime(table["date"]))


def market(kind="money", low=1.0, high=1.0):
    table = pd.DataFrame({"month": pd.to_datetime(["2023-11-01", "2024-11-01"]), "value": [1000.0, 1200.0]})
    table = table.assign(low=table["value"] * low, high=table["value"] * high)
    about = {"platform": "tmall", "shop": "tmall", "category": "精华", "metric": "pay_amount"}
    return table.assign(**about, value_kind=kind, source="file")


def daily(before=200.0, now=216.0):
    days = [pd.date_range("2023-11-01", "2023-11-30"), pd.date_range("2024-11-01", "2024-11-30")]
    frames = [pd.DataFrame({"date": d, "pay_amount": v / 30}) for d, v in zip(days, (before, now), strict=True)]
    return pd.concat(frames, ignore_index=True).assign(platform="tmall", shop="tmall")


def stated(rows, metric="share", kind="brand", category="精华", channel=""):
    """Name, value, low, high."""
    table = pd.DataFrame(rows, columns=["rival", "value", "low", "high"])
    about = {"platform": "tmall", "shop": "tmall", "rival_kind": kind, "rival_shop": "", "category": category}
    spans = {"start": pd.Timestamp(NOV[0]), "end": pd.Timestamp(NOV[1]), "metric": metric, "channel": channel}
    return table.assign(**about, **spans, source="file").astype({"value": float, "low": float, "high": float})


def analysed(rows=None, market_monthly=None, shop_daily=None, rivals_period=None, promotions=NONE, **more):
    given = {"own_brands": ["青禾"], "category": "精华", "resamples": 100} | more
    return shares.analyse(
        rows, market_monthly, shop_daily, rivals_period, promotions, start=NOV[0], end=NOV[1], **given
    )


def shown(*tables, **more):
    return shares.show(analysed(*tables, **more))


def findings(*tables, **more):
    return {f.key.removeprefix("market.shares."): f for f in shown(*tables, **more).findings}


def said(piece, locale="zh"):
    return Words(locale).sentence(piece.sentence, piece.args)


def exhibit(key, *tables, **more):
    return next((e for e in shown(*tables, **more).exhibits if e.key == f"market.shares.{key}"), None)


# ---- tracked brands ------------------------------------------------------------------------------------------------

GREW, FELL = {"青禾": 1.5}, {"青禾": 0.5}


def test_a_share_is_of_the_tracked_brands_at_the_last_snapshot():
    rows = exhibit("tmall.chart", listings()).table.rows
    assert [(r[0], round(r[1], 6)) for r in rows] == [(b, round(v / 230, 6)) for b, v in BRANDS.items()]
    assert said(exhibit("tmall.chart", listings()).notes[0]).startswith("来源：天猫竞品快照；估算销售额为页面价乘")


@pytest.mark.parametrize(
    ("growth", "verdict", "kind", "zh", "en"),
    [
        (
            GREW, Verdict.GAINED, Kind.STATE,
            "青禾占5个跟踪品牌估算销售额的12.5%，较9月29日至10月28日显著增加3.8个百分点",
            "青禾 holds 12.5% of the estimated sales of 5 tracked brands, a clear gain of 3.8 points against 29 Sep to 28 Oct",
        ),
        (
            FELL, Verdict.LOST, Kind.THREAT,
            "青禾占5个跟踪品牌估算销售额的4.5%，较9月29日至10月28日显著减少4.2个百分点",
            "青禾 holds 4.5% of the estimated sales of 5 tracked brands, a clear loss of 4.2 points against 29 Sep to 28 Oct",
        ),
    ],
)  # fmt: skip
def test_a_share_that_moved_beyond_its_interval_says_which_way_and_how_far(growth, verdict, kind, zh, en):
    own = findings(listings(growth))["tmall.own"]
    assert (own.verdict, own.kind, own.severity) == (verdict, kind, Severity.HIGH)
    assert (said(own), said(own, "en")) == (zh, en)
    assert own.low <= own.value <= own.high and own.low * own.high > 0


def test_a_move_that_rests_on_one_listing_is_undecided():
    table = listings()
    table.loc[(table["item_id"] == "青禾7") & (table["date"] == NOW), "sales"] *= 3
    own = findings(table)["tmall.own"]
    assert own.verdict == Verdict.OPEN and own.low < 0 < own.high
    assert said(own).startswith("青禾占5个跟踪品牌估算销售额的12.1%，较9月29日至10月28日的变动尚无定论（")
    assert "is undecided (" in said(own, "en")


@pytest.mark.parametrize(
    ("table", "reason", "zh"),
    [
        (listings(dates=(NOW,)), "single", "只有一次快照，份额变动暂不判断"),
        (listings(dates=("2024-11-11", NOW)), "near", "缺一次时间窗不重叠的更早快照，份额变动暂不判断"),
        (listings(kind="counter"), "unknown", "页面销量的时间窗不明，份额变动暂不判断"),
        (listings(each=3), "thin", "两段可比的商品太少，份额变动暂不判断"),
    ],
)
def test_a_change_that_cannot_be_told_says_why_beside_the_share(table, reason, zh):
    own = findings(table)["tmall.own"]
    assert own.sentence == f"m.tracked.only.{reason}" and own.verdict == Verdict.RANKED
    assert said(own) == f"青禾占5个跟踪品牌估算销售额的8.7%；{zh}" and said(own, "en").endswith("is not judged")


def test_a_share_level_to_the_tenth_is_level_in_words():
    own = findings(listings({"青禾": 1.004}))["tmall.own"]
    assert own.sentence == "m.tracked" and said(own).endswith("与9月29日至10月28日持平")
    assert said(own, "en").endswith("level with 29 Sep to 28 Oct")


def test_the_change_of_sales_is_split_into_the_field_and_the_share_and_adds_up_as_shown():
    split = findings(listings(GREW))["tmall.split"]
    values = [split.args[name].value for name in ("chg_s", "mkt_s", "own_s")]
    assert values[0] == values[1] + values[2] == 18000  # half of 36,000, the brand's sales before
    assert said(split).startswith("青禾可比商品的估算销售额较9月29日至10月28日+￥1.80万：来自跟踪品牌整体")


@pytest.mark.parametrize("parts", [(3.1049e6, 2.1049e6), (-4.449e5, 4.4e5), (0.4, 0.4), (1.23456e9, -9.9e3), (0, 0)])
def test_parts_rounded_for_show_add_up(parts):
    total, market, share = adding(Split(*parts))
    assert total == pytest.approx(market + share, abs=1e-6)


def test_rivals_that_moved_are_named_and_that_none_did_is_said():
    moved = findings(listings({"乙": 1.6, "丙": 0.5}))
    assert said(moved["tmall.gained"]) == "份额显著增加的竞品：乙"
    assert said(moved["tmall.lost"], "en").startswith("Rivals with a clear loss of share: ") and "丙" in said(
        moved["tmall.lost"]
    )
    still = findings(listings())
    assert said(still["tmall.others"]).startswith("4个竞品的份额变动都在商品差异可以解释的范围内")
    assert "tmall.gained" not in still and "tmall.lost" not in still


def test_only_the_first_brands_and_the_own_one_have_a_bar_of_their_own():
    found = exhibit("tmall.chart", listings(), top=2)
    assert [r[0] for r in found.table.rows] == ["甲", "乙", "青禾"] and found.table.marks == {2: "own"}
    assert found.options["rest"] == {"value": pytest.approx(50 / 230), "count": 2}


def test_brands_without_a_counter_have_no_share_and_are_named():
    table = listings()
    silent = table.assign(sales=table["sales"].where(table["brand"] != "丙"))
    notes = {n.sentence: n for n in exhibit("tmall.chart", silent).notes}
    assert said(notes["note.market.gap.nosales"]) == "丙没有可用的销量，不估销售额"
    assert said(notes["note.market.shares.blank"]) == "另有8款没有销售额可估，占比不计入"


def test_tracked_brands_are_never_called_the_market():
    limit = findings(listings())["tmall.tracked"]
    assert limit.verdict == Soundness.LIMITED and said(limit).endswith("只在5个跟踪品牌之间计算，不是整个类目的份额")


def test_windows_with_unlike_promotions_say_so_and_carry_no_high_weight():
    found = findings(listings(GREW), promotions=CALENDAR)
    assert (
        said(found["tmall.phase"])
        == "9月29日至10月28日有15天在大促期，11月1日至30日有11天，份额和增速的变动可能与此有关"
    )
    own = found["tmall.own"]
    assert own.severity == Severity.MEDIUM and said(own.evidence).endswith("；两段的大促天数不同（15天与11天）")
    assert said(own.evidence, "en").endswith("; the windows differ in promotion days (15 and 11)")
    assert "tmall.phase" not in findings(listings(GREW))


def test_running_totals_that_fell_are_counted():
    table = listings({brand: 2.0 for brand in BRANDS} | {"青禾": 0.5}, kind="cumulative")
    fell = findings(table)["tmall.falls"]
    assert said(fell) == "40款商品的累计销量里有8款期末低于期初（20.00%），期间销量不明，不计入"


@pytest.mark.parametrize(
    ("column", "zh"),
    [
        ("sales", "天猫竞品快照没有销量，只有价格不能算份额，份额和集中度暂不判断"),
        ("price_page", "天猫竞品快照没有价格，份额暂不判断"),
    ],
)
def test_prices_alone_and_counters_alone_give_no_share_and_that_is_said_in_words(column, zh):
    page = shown(listings().assign(**{column: float("nan")}))
    assert page.findings == page.exhibits == page.kpis == ()
    (missing,) = page.missing
    assert said(missing.reason) == zh and said(missing.reason, "en").startswith("The Tmall snapshots have no ")


def test_an_own_brand_that_is_not_listed_has_no_share_and_the_field_still_has():
    found = findings(listings(), own_brands=["别家"])
    assert found["tmall.own"].verdict == Verdict.NONE and "别家" in said(found["tmall.own"])
    assert exhibit("tmall.chart", listings(), own_brands=["别家"]).options["highlight"] == []
    assert shown(listings(), own_brands=["别家"]).kpis == ()


def test_without_a_snapshot_in_the_period_the_days_there_are_are_named():
    (missing,) = shown(listings(dates=("2023-01-02", "2023-02-06"))).missing
    assert said(missing.reason).startswith("竞品快照只有2023年1月2日至2月6日的")


def test_the_key_figure_is_the_share_with_a_change_only_where_it_is_clear():
    (moved,), (still,) = shown(listings(GREW)).kpis, shown(listings()).kpis
    assert (moved.value.value, len(moved.changes), still.changes) == (pytest.approx(30 / 240), 1, ())


# ---- concentration -------------------------------------------------------------------------------------------------


def test_concentration_is_of_the_tracked_brands_with_the_year_of_the_guidelines_in_its_note():
    found, table = findings(listings())["tmall.concentration"], exhibit("concentration", listings())
    assert said(found) == "前4个品牌合占5个跟踪品牌估算销售额的91.3%，集中度偏高"
    assert said(found, "en") == "The top 4 of 5 tracked brands hold 91.3% of their estimated sales: high concentration"
    hhi = sum((v / 2.3) ** 2 for v in BRANDS.values())
    assert table.table.rows[0][2:] == pytest.approx((5, 210 / 230, hhi, 1e4 / hhi))
    assert [c.name for c in table.table.columns] == ["universe", "platform", "firms", "top4", "hhi", "effective"]
    assert said(table.notes[0]).startswith("HHI按2023年美国《并购指南》分档：1,000以下偏低，1,800以上偏高")


def test_of_shares_that_the_platform_states_the_rest_of_the_market_leaves_bounds():
    rows = stated(
        [("甲", 0.3, None, None), ("乙", 0.2, None, None), ("青禾", 0.1, None, None), ("丙", 0.1, None, None)]
    )
    found = findings(None, rivals_period=rows)
    assert said(found["tmall.stated.own"]) == "2024年11月青禾占天猫类目的10.0%，在列出的4个品牌中排第3位"
    bounds = found["tmall.stated.concentration"]
    assert bounds.verdict == Verdict.OPEN and (bounds.low, bounds.high) == pytest.approx((1500, 1800))
    assert said(bounds) == "前4个品牌占天猫类目的70.0%，集中度属于哪一档尚无定论"
    table = exhibit("concentration", None, rivals_period=rows).table
    assert [c.name for c in table.columns][-4:] == ["hhi_low", "hhi_high", "effective_low", "effective_high"]


# ---- the whole category --------------------------------------------------------------------------------------------


def test_the_share_of_the_category_is_own_money_over_its_money_with_the_published_split():
    found = findings(None, market(), daily())
    share, parts = found["tmall.category.share"], found["tmall.category.parts"]
    assert said(share) == "2024年11月青禾占天猫精华的18.00%，较2023年11月少2.00个百分点，按当前大盘约合￥24"
    assert said(share, "en") == (
        "青禾 held 18.00% of 精华 on Tmall in Nov 2024, down 2.00 points against Nov 2023: about ¥24 at today's market size"
    )
    assert (share.verdict, share.kind, share.severity) == (Verdict.LOST, Kind.THREAT, Severity.HIGH)
    assert [parts.args[n].value for n in ("chg_s", "mkt_s", "own_s")] == [16, 38, -22]


@pytest.mark.parametrize(
    ("now", "verdict", "way"), [(260.0, Verdict.GAINED, "多1.67个百分点"), (240.0, Verdict.LEVEL, "持平")]
)
def test_a_share_of_the_category_may_rise_or_be_level(now, verdict, way):
    share = findings(None, market(), daily(now=now))["tmall.category.share"]
    assert share.verdict == verdict and way in said(share)


@pytest.mark.parametrize(
    ("now", "verdict", "way"),
    [(216.0, Verdict.OPEN, "尚无定论"), (150.0, Verdict.LOST, "减少"), (400.0, Verdict.GAINED, "增加")],
)
def test_of_an_interval_the_share_is_one_and_its_change_clear_only_when_both_ends_agree(now, verdict, way):
    found = findings(None, market("interval", 0.9, 1.1), daily(now=now))
    share, parts = found["tmall.category.share"], found["tmall.category.parts"]
    assert share.verdict == verdict and way in said(share) and said(share, "en")
    low, high = now / 1320 - 200 / 900, now / 1080 - 200 / 1100
    assert (share.low, share.high) == pytest.approx((low, high))
    assert parts.low < parts.high and "之间" in said(parts)


@pytest.mark.parametrize(("kind", "why"), [("vendor_estimate", "第三方估算"), ("index", "指数不是金额")])
def test_an_estimate_or_an_index_gives_no_share_and_that_is_said_in_words(kind, why):
    page = shown(None, market(kind), daily())
    assert page.findings == ()
    reasons = [said(m.reason) for m in page.missing if m.reason]
    assert len(reasons) == 1 and why in reasons[0] and "青禾" in reasons[0]


def test_without_the_year_before_there_is_a_share_and_no_change():
    share = findings(None, market()[1:], daily())["tmall.category.share"]
    assert said(share) == "2024年11月青禾占天猫精华的18.00%；没有可比的对照期，份额变动暂不判断"
    ranged = findings(None, market("interval", 0.9, 1.2)[1:], daily())["tmall.category.share"]
    assert said(ranged).startswith("2024年11月青禾占天猫精华的15.00%至20.00%；")


def test_other_categories_are_not_divided_by():
    other = pd.concat([market(), market().assign(category="面膜")]).assign(
        category=lambda t: t["category"].replace("精华", "乳液")
    )
    assert findings(None, other, daily()) == {}


# ---- what the platform states --------------------------------------------------------------------------------------

SHOPS = [("甲旗舰店", 87.5, 75.0, 100.0), ("本店", 60.0, 60.0, 60.0), ("乙旗舰店", 25.0, 20.0, 30.0)]


def test_ranges_of_amounts_are_shares_among_those_named_with_the_ranks_they_allow():
    found = findings(None, rivals_period=stated(SHOPS, "pay_amount", "shop"))["tmall.stated.own"]
    assert (found.low, found.high) == pytest.approx((60 / 190, 60 / 155))
    assert said(found) == "2024年11月青禾占列出各家天猫支付金额的31.6%至38.7%，在列出的3家中排第2位"
    wide = [(SHOPS[0][0], 60.0, 50.0, 70.0), *SHOPS[1:]]
    both = findings(None, rivals_period=stated(wide, "pay_amount", "shop"))["tmall.stated.own"]
    assert said(both).endswith("排第1至第2位") and said(both, "en").endswith("rank 1 to 2 of 3 named")


@pytest.mark.parametrize(
    "rows",
    [
        stated(SHOPS, "transaction_index", "shop"),
        stated(SHOPS, "pay_amount", "item"),
        stated(SHOPS, "pay_amount", "shop", channel="手淘搜索"),
        stated(SHOPS, "pay_amount", "shop", category="面膜"),
        stated([("甲", 0.9, None, None), ("乙", 0.8, None, None)]),
    ],
)
def test_indices_items_sources_other_categories_and_shares_of_something_else_are_no_shares(rows):
    assert findings(None, rivals_period=rows) == {}


def test_the_open_part_of_an_interval_is_drawn():
    found = exhibit("tmall.stated.chart", None, rivals_period=stated(SHOPS, "pay_amount", "shop"))
    assert [c.name for c in found.table.columns][:3] == [
        "brand",
        "held_low",
        "held_high",
    ] and found.form == "share_bars"
    assert found.options["highlight"] == [1]


def test_a_screen_of_rival_shops_is_read_into_shares_with_oneself_exact(tmp_path):
    days = "2024-11-01 ~ 2024-11-30"
    shops = [("甲旗舰店", "75万 ~ 100万"), ("本店", "620000"), ("乙旗舰店", "20万 ~ 30万")]
    screen = xlsx({"竞店": [["统计日期", "竞店", "支付金额"], *([days, *shop] for shop in shops)]})
    table = reading(tmp_path, {"exports/tmall/竞店.xlsx": screen}).tables["rivals_period"]
    own = findings(None, rivals_period=table, name="青禾护肤")["tmall.stated.own"]
    assert (own.low, own.high) == pytest.approx((620 / 1920, 620 / 1570))
    assert said(own).startswith("2024年11月青禾护肤占列出各家天猫支付金额的32.3%至39.5%")
