"""Live sessions and creators: rates from sums, own rooms apart, all costs counted, what is still open said."""

import datetime as dt

import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint
from worded import told, whole

from kit.analyses import live
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.client import Client
from kit.findings import Severity
from kit.stats.bases import Days
from kit.stats.creator_deals import ended
from kit.store import load
from kit.tables import TABLES, frame
from kit.text import Words

NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
LATER = dt.date(2025, 1, 31)
SHOPS = {"douyin": {"zh": "甲店", "en": "Shop A"}}
ROOM = {
    "live_gmv": 1100.0, "user_paid_amount": 1000.0, "refund_amount": 200.0, "refund_orders": 2.0, "spend": 50.0,
    "commission": 0.0, "impression_users": 1000.0, "viewers": 100.0, "item_click_users": 50.0, "pay_buyers": 10.0,
}  # fmt: skip


def sessions(*rows, **more):
    """A row each: day, room, and what differs from ``ROOM``."""
    columns = {name: [{**ROOM, **more, **row[2]}[name] for row in rows] for name in {*ROOM, *more}}
    columns |= {"started_at": [pd.Timestamp(f"{row[0]} 20:00") for row in rows], "room": [row[1] for row in rows]}
    return frame(TABLES["live_sessions"], columns | {name: ["douyin"] * len(rows) for name in ("platform", "shop")})


def deals(*rows):
    """A row each: creator, first day, and its terms."""
    made = [{"creator": who, "start": pd.Timestamp(day), "shop": "douyin", **terms} for who, day, terms in rows]
    names = {name for row in made for name in row}
    columns = {name: [row.get(name) for row in made] for name in names}
    return frame(TABLES["creator_deals"], columns | {"id": [str(n) for n in range(len(rows))]})


def read(rooms=None, agreed=None, cutoff=LATER, **more):
    return live.analyse(rooms, agreed, *NOV, cutoff, SHOPS, **more)


def shown(*args, **more):
    return live.show(read(*args, **more))


def said(piece, locale="zh"):
    return Words(locale).sentence(piece.sentence, piece.args)


# ---- rooms and funnel ------------------------------------------------------------------------------------------


def test_the_published_funnel_of_one_room_comes_out_with_its_rates():
    """Exposure 182,584, enter 15,093, product exposure 12,774, click 6,390, pay 1,513."""
    steps = {"impression_users": 182584.0, "viewers": 15093.0, "item_impression_users": 12774.0}
    rooms = sessions(("2024-11-05", "room", steps | {"item_click_users": 6390.0, "pay_buyers": 1513.0}), **steps)
    found = {step.name: step for step in read(rooms).shops[0].rooms[0].funnel}
    assert found["item_click_users"].rate == pytest.approx(0.5002, abs=5e-5)
    assert found["pay_buyers"].rate == pytest.approx(0.2368, abs=5e-5)
    assert found["impression_users"].rate is None
    ends = found["pay_buyers"].low, found["pay_buyers"].high
    assert ends == pytest.approx(proportion_confint(1513, 6390, method="wilson"))


def test_rates_are_of_sums_and_people_of_an_average_session():
    rooms = sessions(("2024-11-05", "r", {}), ("2024-11-06", "r", {"impression_users": 3000.0, "viewers": 900.0}))
    found = {step.name: step for step in read(rooms).shops[0].rooms[0].funnel}
    assert found["viewers"].rate == 1000 / 4000, "not the mean of a tenth and three tenths"
    assert found["viewers"].people == 500


def test_a_step_that_some_session_does_not_state_is_left_out():
    rooms = sessions(("2024-11-05", "r", {}), ("2024-11-06", "r", {"item_click_users": None}))
    assert [s.name for s in read(rooms).shops[0].rooms[0].funnel] == ["impression_users", "viewers", "pay_buyers"]


def test_rooms_are_a_creators_by_a_deal_or_by_commission_and_else_the_shops_own():
    rooms = sessions(("2024-11-05", "乙", {}), ("2024-11-06", "丙", {"commission": 9.0}), ("2024-11-07", "本店", {}))
    found = read(rooms, deals((" 乙", "2024-11-05", {"slot_fee": 10.0}))).shops[0].rooms
    assert [(r.kind, r.now.sessions) for r in found] == [("own", 1), ("creator", 2)]


def test_without_deals_and_commissions_rooms_are_not_told_apart():
    found = read(sessions(("2024-11-05", "乙", {"commission": None}))).shops[0].rooms
    assert [r.kind for r in found] == ["any"]


def test_sales_after_returns_are_of_what_users_paid_and_say_when_refunds_are_open():
    rooms = sessions(("2024-11-05", "r", {}), ("2024-12-01", "r", {}))
    first = shown(rooms, cutoff=dt.date(2024, 12, 5)).findings[0]
    assert said(first) == "2024年11月甲店直播1场，用户支付￥1,000，至今已退￥200，GSV为￥800；退款还没走完，这是初步数"
    assert (first.verdict, shown(rooms).findings[0].verdict) == (Verdict.PRELIMINARY, Verdict.SETTLED)


@pytest.mark.parametrize(
    ("lacks", "sentence"), [("user_paid_amount", "r.live.gmv"), ("refund_amount", "r.live.norefunds")]
)
def test_what_a_file_does_not_state_is_said(lacks, sentence):
    assert shown(sessions(("2024-11-05", "r", {lacks: None}))).findings[0].sentence == sentence


# ---- deals -----------------------------------------------------------------------------------------------------

TERMS = {"slot_fee": 100.0, "commission_rate": 0.2, "agency_fee": 30.0, "boosting": 60.0, "samples": 10.0}


def deal(terms=TERMS, rooms=(("2024-11-05", "乙", {}),), **more):
    return read(sessions(*rooms), deals(("乙", "2024-11-05", terms)), **more).shops[0].deals[0]


def test_net_return_is_sales_after_returns_over_every_cost_with_commission_on_what_is_kept():
    now = deal().now
    assert (now.gsv, now.costs.commission, now.costs.total) == (800.0, 160.0, 360.0)
    assert now.net == pytest.approx(800 / 360)


def test_boosting_left_blank_is_what_the_sessions_spent_and_a_rate_left_blank_the_platforms():
    found = deal({"slot_fee": 100.0}, rooms=(("2024-11-05", "乙", {"commission": 150.0}),)).now.costs
    assert (found.boosting, found.commission, found.agency_fee) == (50.0, 150.0 * 0.8, 0.0)


@pytest.mark.parametrize(
    ("guarantee", "verdict", "short"), [(900.0, Verdict.KEPT, None), (1300.0, Verdict.MISSED, 300.0)]
)
def test_a_guarantee_is_held_against_sales_before_refunds(guarantee, verdict, short):
    page = shown(sessions(("2024-11-05", "乙", {})), deals(("乙", "2024-11-05", TERMS | {"guarantee": guarantee})))
    (found,) = [f for f in page.findings if f.key.endswith(".guarantee")]
    assert (found.verdict, found.args.get("short") and found.args["short"].value) == (verdict, short)


def test_a_deals_sessions_are_those_of_its_creator_within_its_days():
    rooms = (("2024-11-04", "乙", {}), ("2024-11-05", "乙", {}), ("2024-11-07", "乙", {}), ("2024-11-06", "丙", {}))
    assert deal(TERMS | {"end": pd.Timestamp("2024-11-06")}, rooms).paid == 1000.0


def test_deals_of_one_creator_that_overlap_are_one_and_a_deal_counts_where_it_ends():
    table = deals(
        ("乙", "2024-10-30", {"end": pd.Timestamp("2024-11-02")}), ("乙", "2024-11-02", {}), ("乙", "2024-11-09", {}),
        ("丙", "2024-11-29", {"end": pd.Timestamp("2024-12-02")}),
    )  # fmt: skip
    found = [(first.day, last.day, len(rows)) for first, last, rows in ended(table, Days(*NOV))]
    assert found == [(30, 2, 2), (9, 9, 1)]


def test_a_deal_that_names_no_shop_belongs_where_its_room_is_and_counts_once():
    rooms = sessions(("2024-11-05", "自播", {}), ("2024-11-05", "乙", {}))
    rooms["shop"] = ["a", "b"]
    found = read(rooms, deals(("乙", "2024-11-05", TERMS)).assign(shop=""))
    assert [(one.shop, len(one.deals)) for one in found.shops] == [("a", 0), ("b", 1)]


def test_a_deal_without_a_session_is_said_and_has_no_number():
    page = shown(sessions(("2024-11-05", "自播", {})), deals(("乙", "2024-11-05", TERMS)))
    (found,) = [f for f in page.findings if f.sentence == "r.dealslost"]
    assert said(found).startswith("甲店有1次达人合作在直播导出里没有对应场次") and said(found).endswith("乙")
    assert not [f for f in page.findings if f.verdict in (Verdict.ABOVE, Verdict.BELOW)]


@pytest.mark.parametrize(
    ("lacks", "terms", "sentences"),
    [
        ("refund_amount", TERMS | {"guarantee": 900.0}, ["r.guarantee.kept"]),
        ("comments", {"guarantee": 900.0, "boosting": 0.0, "commission_rate": 0.0}, ["r.guarantee.kept"]),
    ],
)
def test_a_guarantee_is_told_without_refunds_and_without_costs(lacks, terms, sentences):
    rooms = sessions(("2024-11-05", "乙", {lacks: None}), comments=1.0)
    page = shown(rooms, deals(("乙", "2024-11-05", terms)))
    assert [f.sentence for f in page.findings if ".d2024" in f.key] == sentences
    (table,) = [e.table for e in page.exhibits if e.key.endswith(".deals")]
    assert len(table.rows) == 1


@pytest.mark.parametrize(("lacks", "column"), [("comments", "paid"), ("user_paid_amount", "gmv")])
def test_the_table_of_deals_says_which_sales_it_counts(lacks, column):
    rooms = sessions(("2024-11-05", "乙", {lacks: None}), comments=1.0)
    (table,) = [e.table for e in shown(rooms, deals(("乙", "2024-11-05", TERMS))).exhibits if e.key.endswith(".deals")]
    assert [c.name for c in table.columns][2] == column


GOODS = {"unit_cost": 20.0, "packaging": 1.0, "logistics": 4.0, "fee_rate": 0.05}


def goods():
    """One line of 100 yuan, and what it cost."""
    given = {"paid_at": [pd.Timestamp("2024-11-05")], "merchant_sku": ["x"], "kind": ["sale"], "quantity": [1.0]}
    lines = frame(TABLES["order_lines"], given | {"shop": ["douyin"], "paid_amount": [100.0]})
    costs = {"merchant_sku": ["x"], "valid_from": [pd.Timestamp("2024-01-01")]}
    return {"order_lines": lines, "costs": frame(TABLES["costs"], costs | {n: [v] for n, v in GOODS.items()})}


def test_break_even_is_what_is_kept_over_what_stays_of_it():
    """Of 100 a fifth comes back: 80 × (1 − .20 − .05) − 5 for the parcel = 55 stay of 80 kept."""
    assert deal(**goods()).break_even == pytest.approx(80 / 55)


@pytest.mark.parametrize(("slot", "verdict"), [(100.0, Verdict.ABOVE), (900.0, Verdict.BELOW)])
def test_a_deal_is_judged_by_its_break_even(slot, verdict):
    page = shown(sessions(("2024-11-05", "乙", {})), deals(("乙", "2024-11-05", TERMS | {"slot_fee": slot})), **goods())
    (found,) = [f for f in page.findings if f.key.endswith(".net")]
    assert found.verdict == verdict
    assert (found.action is not None) == (verdict == Verdict.BELOW)


def test_without_unit_costs_there_is_no_verdict():
    page = shown(sessions(("2024-11-05", "乙", {})), deals(("乙", "2024-11-05", TERMS)))
    (found,) = [f for f in page.findings if f.key.endswith(".net")]
    assert (found.verdict, found.sentence) == (Verdict.UNJUDGED, "r.creator.noline")


@pytest.mark.parametrize(("slot", "verdict"), [(100.0, Verdict.UNJUDGED), (900.0, Verdict.BELOW)])
def test_open_refunds_that_nothing_tells_the_end_of_can_only_lower_a_return(slot, verdict):
    rooms, agreed = sessions(("2024-11-28", "乙", {})), deals(("乙", "2024-11-28", TERMS | {"slot_fee": slot}))
    page = shown(rooms, agreed, cutoff=NOV[1], **goods())
    (found,) = [f for f in page.findings if f.key.endswith(".net")]
    assert (found.verdict, found.evidence.sentence) == (verdict, "r.creatorev.untold")


# ---- the demo, and whatever it is given ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo():
    client = Client.load("demo")
    data = load(client)
    names = {key: shop.name.both for key, shop in client.shops.items()}
    more = {name: data.get(name) for name in ("live_daily", "order_lines", "costs")}
    given = data.get("live_sessions"), data.get("creator_deals")
    return live.analyse(*given, *NOV, data.cutoff, names, **more)


def test_the_planted_deals_and_sums_of_the_demo_are_found(demo):
    (shop,) = demo.shops
    total = shop.total
    assert [round(v) for v in (total.gmv, total.paid, total.refunded, total.spend)] == [
        1855115,
        1759704,
        476240,
        222458,
    ]
    by_name = {deal.creator: deal for deal in shop.deals}
    missed, best = by_name["林知夏护肤笔记"], by_name["小满的梳妆台"]
    assert missed.short == 168_500 and missed.side < 0
    assert missed.low.net <= 0.9925 <= missed.high.net
    assert best.low.net <= 2.5788 <= best.high.net and best.side > 0
    page = live.show(demo)
    high = [f.key for f in page.findings if f.severity == Severity.HIGH]
    assert len(high) == 2 and all("d20241108" in key for key in high)


def test_every_number_of_a_finding_stands_in_an_exhibit_and_everything_is_worded(demo):
    page = live.show(demo)
    whole(page)
    told(page)


def test_a_net_return_is_the_one_expected_in_the_end_and_lies_in_its_range(demo):
    page = live.show(demo)
    ranged = [f for f in page.findings if f.low is not None]
    assert all(f.low <= f.value <= f.high for f in ranged) and {f.unit for f in ranged} == {"rate", "index"}
    (missed,) = [f for f in page.findings if f.sentence == "r.creator.below.early"]
    assert missed.evidence.sentence == "r.creatorev.in", "by how refunds came in before, nothing more is expected"


@pytest.mark.parametrize(
    ("side", "zh", "en"),
    [
        ("above", "，高于保本线1.64", ", above the break-even of 1.64"),
        ("below", "，低于保本线1.64", ", below the break-even of 1.64"),
        ("open", "；能否过保本线1.64尚无定论", "; whether it clears the break-even of 1.64 is undecided"),
    ],
)
def test_a_net_return_that_will_fall_is_told_as_it_is_and_as_it_will_be(demo, side, zh, en):
    (best,) = [f for f in live.show(demo).findings if f.sentence == "r.creator.above.coming"]
    assert best.args["fin"].value == best.value < best.args["roi"].value
    sentence = f"r.creator.{side}.coming"
    assert Words("zh").sentence(sentence, best.args).endswith("净投产至今2.65、最终约2.49" + zh)
    assert Words("en").sentence(sentence, best.args).endswith("net return 2.65 so far and about 2.49 in the end" + en)
    evidence = [Words(loc).sentence(best.evidence.sentence, best.evidence.args) for loc in ("zh", "en")]
    assert evidence[0] == "退款还没走完；数据支持的范围2.33至2.63（95%区间）"
    assert evidence[1] == "Refunds are still coming in; supported range 2.33 to 2.63 (95% interval)"


@pytest.mark.parametrize(("many", "total"), [(1, {}), (2, {2: "total"})])
def test_one_deal_is_its_own_total(many, total):
    rooms = sessions(*((f"2024-11-0{n}", "甲", {}) for n in range(1, many + 1)))
    agreed = deals(*(("甲", f"2024-11-0{n}", {"slot_fee": 100.0}) for n in range(1, many + 1)))
    page = shown(rooms, agreed)
    tables = [e.table for e in page.exhibits if e.key.endswith((".deals", ".costs"))]
    assert len(tables) == 2 and all((len(t.rows), t.marks) == (many + len(total), total) for t in tables)


@pytest.mark.parametrize("agreed", [None, deals(("乙", "2024-11-05", TERMS))])
def test_without_a_live_file_it_is_named(agreed):
    page = shown(None, agreed)
    (missing,) = page.missing
    assert missing.tables == (("live_sessions", "creator_deals") if agreed is None else ("live_sessions",))
    for words in (Words("zh"), Words("en")):
        assert words.label(missing.question) and all(words.label(f"bring.{t}") for t in missing.tables)


def test_a_period_without_a_session_says_so_and_one_before_the_files_misses_them():
    page = shown(sessions(("2024-10-05", "r", {})))
    assert [f.sentence for f in page.findings] == ["r.livenone"] and page.exhibits == ()
    early = shown(sessions(("2024-12-05", "r", {})), deals(("乙", "2024-11-05", TERMS)))
    assert early.findings == () and [m.tables for m in early.missing] == [("live_sessions",)]


def test_a_file_that_begins_within_the_period_is_said_to():
    page = shown(sessions(("2024-11-12", "r", {}), ("2024-11-20", "r", {})))
    assert said(page.findings[0]).startswith("2024年11月12日至30日甲店直播2场")


def test_rooms_by_day_serve_where_no_file_has_sessions():
    rooms = sessions(("2024-11-05", "r", {})).rename(columns={"started_at": "date"}).drop(columns="ended_at")
    days = rooms.assign(date=rooms["date"].dt.normalize())
    assert read(None, live_daily=days).shops[0].total.sessions == 1


def test_inputs_are_left_as_they_were():
    given = sessions(("2024-11-05", "乙", {})), deals(("乙", "2024-11-05", TERMS))
    copies = [table.copy(deep=True) for table in given]
    shown(*given, **goods())
    for table, copy in zip(given, copies, strict=True):
        pd.testing.assert_frame_equal(table, copy)
