"""Prices over the snapshots: a price war is found, dated and told; a promotion of all is none."""

import datetime as dt
import re

import pandas as pd
import pytest

from kit import calendar, store
from kit.analyses import rivals
from kit.analyses.verdicts import MarketVerdict as Verdict
from kit.client import Client, Thresholds
from kit.findings import Kind, Severity
from kit.text import Words

NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
DATES = [pd.Timestamp("2024-09-02") + pd.Timedelta(weeks=n) for n in range(13)]
EDGES = (0, 100, 200)


def listings(moves=(), own="青禾", brands=("露倾", "素集", "白屿", "悦妍", "朝沐"), items=12, dates=DATES, **more):
    """Twelve items a brand at 80 to 190 that sell ten each; ``moves``: brand → (first snapshot, last, items, factor)."""
    frames = []
    for n, date in enumerate(dates):
        for brand in (own, *brands):
            prices = [80.0 + 10 * i for i in range(items)]
            for who, first, last, number, factor in moves:
                if who == brand and first <= n <= last:
                    prices[4 : 4 + number] = [p * factor for p in prices[4 : 4 + number]]
            about = {"date": date, "brand": brand, "item_id": [f"{brand}{i}" for i in range(items)]}
            frames.append(pd.DataFrame({**about, "price_page": prices, "comments": 10.0 * n + 5}))
    table = pd.concat(frames, ignore_index=True)
    return table.assign(
        platform="tmall", shop="tmall", title="精华", price_list=400.0, sales=10.0, sales_kind="rolling_30d", **more
    )


WAR = (("露倾", 9, 99, 6, 0.8), ("素集", 10, 99, 4, 0.9), ("白屿", 11, 99, 4, 0.9))
ALL = tuple((brand, 9, 10, 8, 0.8) for brand in ("露倾", "素集", "白屿", "悦妍", "朝沐", "青禾"))


def shown(moves=(), table=None, promotions=None, **more):
    table = listings(moves) if table is None else table
    return rivals.show(rivals.analyse(table, ["青禾"], *NOV, promotions, EDGES, **more))


def findings(moves=(), **more):
    return {f.key.removeprefix("market.rivals.tmall."): f for f in shown(moves, **more).findings}


def prices(moves=(), **more):
    return next(e for e in shown(moves, **more).exhibits if e.key == "market.rivals.tmall.prices")


def said(piece, locale="zh"):
    return Words(locale).sentence(piece.sentence, piece.args)


def test_a_war_names_opener_day_size_and_what_the_own_brand_did():
    war = findings(WAR)["war"]
    assert said(war) == (
        "2024年11月4日起，露倾将页面价下调20.0%，先后共3个品牌降价并维持，达到价格战标准；青禾同期价格持平"
    )
    assert said(war, "en") == (
        "From 4 Nov 2024 露倾 cut its page price by 20.0%, and 3 brands in turn cut prices and held them: "
        "a price war by our rule; 青禾 stayed level"
    )
    assert (war.verdict, war.kind, war.severity) == (Verdict.WAR, Kind.THREAT, Severity.HIGH)
    assert war.p_value < 0.05 and war.value == pytest.approx(-0.2)


def test_its_evidence_has_the_followers_with_days_and_sizes():
    war = findings(WAR)["war"]
    assert (
        said(war.evidence) == "素集、白屿分别于11月11日、11月18日跟进，下调10.0%、10.0%；本期之前的快照里没有这样的降价"
    )
    assert said(war.evidence, "en").startswith(
        "素集 and 白屿 followed on 11 Nov and 18 Nov, with cuts of 10.0% and 10.0%"
    )


def test_the_own_sales_in_the_bands_hit_are_stated_and_the_action_is_about_them():
    found = findings(WAR)
    share = sum(80 + 10 * i for i in range(2, 12)) / sum(80 + 10 * i for i in range(12))
    assert found["exposed"].value == pytest.approx(share)
    assert said(found["exposed"]) == "青禾估算销售额的89.5%在这次降价涉及的价格带（￥100–199）"
    assert said(found["exposed"], "en") == (
        "89.5% of 青禾's estimated sales lie in the price bands that these cuts hit (¥100–199)"
    )
    assert said(found["war"].action).startswith("核对￥100–199主销商品与露倾同类商品的价差")


@pytest.mark.parametrize(
    ("own", "end"),
    [
        (("青禾", 10, 99, 2, 0.9), "；青禾同期下调1.6%"),
        (("青禾", 10, 99, 2, 1.1), "；青禾同期上调1.5%"),
        (("青禾", 10, 99, 6, 0.9), "先后共4个品牌降价并维持，达到价格战标准"),
    ],
)
def test_the_own_move_since_is_told_and_a_brand_that_joins_is_counted(own, end):
    assert said(findings((*WAR, own))["war"]).endswith(end)


def test_an_own_move_stands_in_a_note_with_the_snapshot_it_counts_from():
    notes = [said(n) for n in prices((*WAR, ("青禾", 10, 99, 2, 0.9))).notes]
    assert "青禾从降价开始前的快照（2024年10月28日）算起变动−1.6%" in notes


def test_brands_that_cut_as_often_before_leave_weak_evidence_and_no_action():
    before = [("悦妍", 2, 99, 4, 0.85), ("朝沐", 4, 99, 4, 0.85)]
    war = findings((*WAR[:2], *before))["war"]
    assert said(war) == (
        "2024年11月4日起，露倾将页面价下调20.0%，先后共2个品牌降价并维持；"
        "平常也可能有这样的巧合，算不算价格战证据偏弱；青禾同期价格持平"
    )
    assert (war.verdict, war.severity, war.action) == (Verdict.WEAK, Severity.LOW, None)
    assert said(war.evidence).endswith("；本期之前的快照里有2次这样的降价")


def test_cuts_of_a_war_are_of_low_severity_and_say_nothing_of_the_own_brand():
    found = findings(WAR)
    cuts = [f for key, f in found.items() if key.startswith("cut.")]
    assert (
        len(cuts) == 3 and {f.severity for f in cuts} == {Severity.LOW} and {f.sentence for f in cuts} == {"m.cutonly"}
    )


def test_a_promotion_of_all_is_told_with_how_many_went_back_and_no_war_is_called():
    found = findings(ALL)
    assert (
        said(found["wave"])
        == "2024年11月4日，6个品牌中有6个同时把多款商品的页面价下调5%以上，到2024年11月25日有6个大体恢复"
    )
    assert said(found["wave"], "en") == (
        "On 4 Nov 2024 6 of 6 brands cut the page price of many items by 5% or more at once; "
        "by 25 Nov 2024 6 of them had largely gone back"
    )
    assert found["wave"].verdict == Verdict.AT_ONCE and "war" not in found


def test_a_cut_of_all_at_the_last_snapshot_waits_for_the_next():
    wave = findings(tuple((m[0], 12, 12, *m[3:]) for m in ALL))["wave"]
    assert said(wave).endswith("下调5%以上，能否恢复要看之后的快照")


def test_a_promotion_of_the_calendar_is_named_and_shaded():
    calendar_rows = calendar.promotions(["tmall"], dt.date(2024, 9, 1), NOV[1])
    found = findings(ALL, promotions=calendar_rows)
    assert said(found["wave"]).startswith("2024年11月4日（双11），") and said(found["wave"], "en").startswith(
        "On 4 Nov 2024 (Double 11) 6 of 6"
    )
    (shade,) = prices(ALL, promotions=calendar_rows).options["promotions"]
    assert shade == {"label": "event.double_11", "start": "2024-10-14", "end": "2024-11-11"}


def test_a_yearly_promotion_without_found_dates_is_its_day():
    assert prices(ALL).options["promotions"] == [
        {"label": "event.double_11", "start": "2024-11-11", "end": "2024-11-11"}
    ]


def test_one_brand_that_cuts_makes_no_war_and_that_is_said():
    war = findings(WAR[:1])["war"]
    assert said(war) == "2024年11月4日至18日的快照里，没有2个及以上品牌在30天内先后降价并维持，未见价格战"
    assert said(war, "en").endswith("no 2 or more brands cut prices in turn and held them within 30 days: no price war")
    assert war.verdict == Verdict.LEVEL


def test_when_no_snapshot_can_show_that_a_cut_lasts_no_war_is_judged():
    dates = [pd.Timestamp(f"2024-11-{day:02d}") for day in (11, 12, 13)]
    table = listings([("露倾", 1, 99, 6, 0.8)], dates=dates)
    assert findings(table=table)["war"].verdict == Verdict.NONE
    assert said(findings(table=table)["war"]) == "快照太少，看不出降价能否维持，价格战暂不判断"


def test_when_nobody_cuts_that_is_the_message_of_the_prices():
    still = prices()
    assert still.findings == ("market.rivals.tmall.cut",)
    assert list(dict.fromkeys(row[0] for row in still.table.rows)) == [
        "青禾",
        *sorted(["露倾", "素集", "白屿", "悦妍", "朝沐"])[:3],
    ]


def test_the_own_brand_is_drawn_first_then_those_of_the_war_and_the_rest_is_counted():
    drawn = prices(WAR)
    assert list(dict.fromkeys(row[0] for row in drawn.table.rows)) == ["青禾", "露倾", "素集", "白屿"]
    assert "另有2个品牌未画，其中2个始终变动不到1%，或同款太少" in [said(n) for n in drawn.notes]
    assert [c.name for c in drawn.table.columns] == ["brand", "date", "level", "discount", "lasting_cut"]
    cuts = [(row[0], row[1], round(row[4], 3)) for row in drawn.table.rows if row[4] is not None]
    assert cuts == [("露倾", "2024-11-04", 0.2), ("素集", "2024-11-11", 0.1), ("白屿", "2024-11-18", 0.1)]


def test_discounts_are_those_of_each_snapshot_and_left_out_without_list_prices():
    rows = [row for row in prices(WAR).table.rows if row[0] == "露倾"]
    assert rows[0][3] == pytest.approx(1 - 135 / 400) and rows[-1][3] > rows[0][3]
    bare = prices(table=listings(WAR).assign(price_list=None).astype({"price_list": float}))
    assert [c.name for c in bare.table.columns] == ["brand", "date", "level", "lasting_cut"]


def test_two_snapshots_draw_nothing():
    keys = [e.key for e in shown(table=listings(dates=DATES[8:10])).exhibits]
    assert "market.rivals.tmall.prices" not in keys


def test_only_prices_of_the_wanted_kind_are_followed():
    table = listings(WAR).assign(price_coupon=90.0)
    assert "war" not in findings(table=table, price_kind="coupon")


def test_comments_gained_are_those_of_the_same_items_and_unknown_where_many_fell():
    field = rivals.analyse(listings(), ["青禾"], *NOV).fields[0]
    assert field.own.gained == 12 * 40
    fell = listings().assign(comments=lambda t: t["comments"].where(t["date"] < "2024-11-25", 3.0))
    assert rivals.analyse(fell, ["青禾"], *NOV).fields[0].own.gained is None


def test_the_table_has_the_comments_gained_and_where_they_are_unknown_all_there_are():
    def columns(table):
        return [c.name for c in shown(table=table).exhibits[0].table.columns]

    assert "gained" in columns(listings()) and "comments" not in columns(listings())
    assert "comments" in columns(listings(dates=DATES[-1:])) and "gained" not in columns(listings(dates=DATES[-1:]))


def test_the_rule_is_the_clients():
    assert "未见价格战" in said(findings(WAR, war_brands=4)["war"])
    assert "未见价格战" in said(findings(WAR, war_brands=3, war_days=7)["war"])
    defaults, limits = rivals.analyse.__kwdefaults__, Thresholds()
    assert (defaults["war_brands"], defaults["war_days"]) == (limits.war_brands, limits.war_days)


# ---- the demo --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo():
    client = Client.load("demo")
    data = store.load(client)
    promotions = calendar.promotions(client.platforms(), data.span()[0], NOV[1])
    edges, kind = client.market.price_edges, client.market.price_kind
    truth = (client.folder / "TRUTH.md").read_text(encoding="utf-8")
    wanted = re.findall(r"\| war\.(\S+) \| (-[0-9.]+) \| .*?from (\S+) on", truth)
    planted = [(brand, dt.date.fromisoformat(day), -float(fall)) for brand, fall, day in wanted]
    return planted, lambda **more: rivals.analyse(
        data.get("listings"), client.market.brand, *NOV, promotions, edges, **{"price_kind": kind, **more}
    )


@pytest.mark.parametrize("kind", ["page", "coupon"])
def test_the_planted_war_is_recovered_at_either_price(demo, kind):
    """At coupon prices the opener cut on a day on which everybody's price fell for the promotion."""
    planted, analyse = demo
    (watched,) = [one.watched for one in analyse(price_kind=kind).fields]
    war = watched.found.war
    assert [(c.brand, c.date) for c in war.cuts] == [(brand, day) for brand, day, _ in planted] and war.beyond_chance
    assert [c.size for c in war.cuts] == pytest.approx([fall for *_, fall in planted], abs=0.005)
    assert watched.own_change == pytest.approx(0, abs=0.001) and watched.exposed.bands == (
        (100.0, 150.0),
        (150.0, 200.0),
        (200.0, 300.0),
    )
