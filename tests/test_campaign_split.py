"""The change of a campaign by channel and by item: nothing left, mix apart from rate, and which days it is against."""

import datetime as dt
import math
from types import SimpleNamespace

import pandas as pd
import pytest

from kit.analyses.campaign import sources, sources_split, subjects
from kit.client import Client
from kit.findings import Heading, payload, plain
from kit.stats.bases import Days
from kit.store import load
from kit.tables import TABLES, frame
from kit.text import Words

CUTOFF = dt.date(2024, 9, 30)
EVENT, THEN = ("2024-06-03", "2024-06-04"), ("2024-05-01", "2024-05-02")
BASE = Days(dt.date(2024, 5, 1), dt.date(2024, 5, 2))
"""Of two days like the campaign."""


def campaign(compare_to="2024-05-01..2024-05-02", shop="a"):
    row = {"campaign": "周年庆", "shop": shop, "kind": "brand", "start": EVENT[0], "end": EVENT[1]}
    row |= {"compare_to": compare_to}
    return subjects.every(frame(TABLES["campaigns"], {name: [value] for name, value in row.items()}))[0]


def table(name, rows):
    made = [{"platform": "tmall", "shop": "a"} | row for row in rows]
    return frame(TABLES[name], {c: [row.get(c) for row in made] for c in {c: 0 for row in made for c in row}})


def visits(day, source, visitors, buyers, amount, **more):
    row = {"date": day, "source_l1": source, "visitors": visitors, "pay_buyers": buyers, "pay_amount": amount}
    return row | {"carrier": "", "source_l2": "", "source_l3": "", "source_l4": "", "level": 1} | more


def traffic(days, search, ads):
    """Visitors, buyers and money of two sources on each of ``days``."""
    return [visits(day, name, *sums) for day in days for name, sums in (("搜索", search), ("推广", ads)) if sums]


CALM, BUSY = ((100.0, 5.0, 500.0), (50.0, 1.0, 120.0)), ((150.0, 9.0, 810.0), (150.0, 6.0, 660.0))
SOURCES = table("traffic_source", [*traffic(THEN, *CALM), *traffic(EVENT, *BUSY)])


def by(tables, which, then=BASE, one=None):
    return next((s for s in sources_split.splits(one or campaign(), then, tables) if s.by == which), None)


# ---- channels --------------------------------------------------------------------------------------------------


def mean(a, b):
    return (a - b) / math.log(a / b)


def test_channels_are_split_over_visitors_mix_conversion_and_value_without_a_residual():
    """Worked out again: each channel's logarithmic mean times the log of its factors, two days each."""
    split = by({"traffic_source": SOURCES}, "channels")
    weights = [mean(2 * now[2], 2 * then[2]) for then, now in zip(CALM, BUSY, strict=True)]
    logs = [
        (math.log(2), math.log(n[0] / 300 / (t[0] / 150)), math.log(n[1] / n[0] / (t[1] / t[0])), math.log(n[2] / n[1] / (t[2] / t[1])))
        for t, n in zip(CALM, BUSY, strict=True)
    ]  # fmt: skip
    wanted = [sum(w * log[n] for w, log in zip(weights, logs, strict=True)) for n in range(4)]
    assert [split.steps[n] for n in ("size", "mix", "conversion", "value")] == pytest.approx(wanted)
    assert (split.before, split.now) == (1240.0, 2940.0) and sum(split.steps.values()) == pytest.approx(1700.0)
    assert split.steps["days"] == split.steps["rest"] == pytest.approx(0.0)


def test_channels_that_are_new_or_gone_stand_apart():
    later = [r | {"source_l1": "直播"} if r["source_l1"] == "推广" else r for r in traffic(EVENT, *BUSY)]
    split = by({"traffic_source": table("traffic_source", [*traffic(THEN, *CALM), *later])}, "channels")
    assert (split.steps["new"], split.steps["gone"]) == (pytest.approx(1320.0), pytest.approx(-240.0))
    assert {part.name: part.effects for part in split.parts if part.name != "搜索"} == {"直播": (), "推广": ()}


def test_what_no_channel_states_is_a_step_of_its_own_and_too_much_of_it_is_no_split():
    days = pd.DatetimeIndex([*THEN, *EVENT])
    for more, left in ((1.03, 0.03 * 1700), (1.2, None)):
        paid = [620.0 * more] * 2 + [1470.0 * more] * 2
        shop = table("shop_daily", [{"date": d, "pay_amount": p} for d, p in zip(days, paid, strict=True)])
        split = by({"traffic_source": SOURCES, "shop_daily": shop}, "channels")
        assert split is None if left is None else split.steps["rest"] == pytest.approx(left)


def test_people_counted_once_are_not_held_against_sums_of_days():
    span = {"start": EVENT[0], "end": EVENT[1]}
    once = [{n: v for n, v in row.items() if n != "date"} | span for row in traffic(EVENT[:1], *BUSY)]
    tables = {"traffic_source": SOURCES, "traffic_source_period": table("traffic_source_period", once)}
    assert by(tables, "channels") == by({"traffic_source": SOURCES}, "channels")
    alone = {"traffic_source": table("traffic_source", traffic(THEN, *CALM)), "traffic_source_period": once}
    alone["traffic_source_period"] = table("traffic_source_period", once)
    assert by(alone, "channels") is None


def test_rows_of_a_whole_span_have_no_step_for_days():
    """Three days against two, each person once in them."""
    spans = (Days(dt.date(2024, 5, 1), dt.date(2024, 5, 3)), Days(dt.date(2024, 6, 3), dt.date(2024, 6, 4)))
    rows = []
    for span, sums in zip(spans, (CALM, BUSY), strict=True):
        ends = {"start": span.start, "end": span.end}
        rows += [{n: v for n, v in row.items() if n != "date"} | ends for row in traffic(EVENT[:1], *sums)]
    split = by({"traffic_source_period": table("traffic_source_period", rows)}, "channels", spans[0])
    assert split.steps["days"] == 0 and sum(split.steps.values()) == pytest.approx(850.0)


def test_a_channel_has_a_share_of_what_was_sold_more_a_day_and_no_increment():
    """28 days before of 620 a day, two of 1,470: 310 of 850 came with one channel, 540 with the other."""
    days = pd.date_range("2024-05-06", "2024-06-02").strftime("%Y-%m-%d")
    tables = {"traffic_source": table("traffic_source", [*traffic(days, *CALM), *traffic(EVENT, *BUSY)])}
    found = SimpleNamespace(reviews=(SimpleNamespace(campaign=campaign(), earlier=None),), shops={})
    shown = sources.show(sources.analyse(found, tables, CUTOFF))
    (finding,) = [f for f in shown.findings if f.key.endswith(".usual")]
    assert finding.value == pytest.approx(540 / 850) and finding.args["part"].value == "推广"
    assert "不是它带来的增量" in Words("zh").sentence(finding.sentence, plain(finding.args))
    (drawn,) = [x for x in shown.exhibits if x.key == finding.exhibit]
    assert "note.campaign.by.share" in [note.sentence for note in drawn.notes]


# ---- channels of orders ----------------------------------------------------------------------------------------


def ordered(days, **channels):
    """On each of ``days`` so many orders of so much each, by channel."""
    rows = [
        {"order_id": f"{day}{name}{n}", "paid_at": f"{day} 10:00", "channel": name, "paid_amount": value}
        for day in days
        for name, (count, value) in channels.items()
        for n in range(count)
    ]
    return [row | {"counted": True} for row in rows]


ORDERS = table(
    "orders", [*ordered(THEN, 直播=(1, 100.0), 搜索=(3, 50.0)), *ordered(EVENT, 直播=(4, 90.0), 搜索=(4, 50.0))]
)


def test_without_traffic_the_channels_of_orders_are_split_over_orders_mix_and_order_value():
    """Orders of a day double, and the live room's part of them; its order value falls."""
    assert by({"orders": ORDERS}, "channels") is None
    split = by({"orders": ORDERS}, "ways")
    live, search = mean(720, 200), mean(400, 300)
    assert split.steps["size"] == pytest.approx((live + search) * math.log(2))
    assert split.steps["mix"] == pytest.approx(live * math.log(0.5 / 0.25) + search * math.log(0.5 / 0.75))
    assert split.steps["order_value"] == pytest.approx(live * math.log(0.9))
    assert (split.before, split.now) == (500.0, 1120.0) and sum(split.steps.values()) == pytest.approx(620.0)


def test_traffic_sources_of_the_days_are_taken_before_the_channels_of_orders():
    known = [
        *traffic(THEN, (90.0, 1.0, 100.0), (50.0, 3.0, 150.0)),
        *traffic(EVENT, (95.0, 4.0, 360.0), (60.0, 4.0, 200.0)),
    ]
    tables = {"orders": ORDERS, "traffic_source": table("traffic_source", known)}
    assert by(tables, "channels").now == 1120.0 and by(tables, "ways") is None


@pytest.mark.parametrize(
    "unsaid",
    [
        ORDERS.assign(channel=None),
        ORDERS.assign(channel="店铺"),
        ORDERS.assign(channel=ORDERS["channel"].where(ORDERS["channel"] != "直播")),
        ORDERS[ORDERS["paid_at"] >= "2024-06-01"],
    ],
    ids=["no channel", "one channel", "most of the money without one", "too late"],
)
def test_orders_that_do_not_tell_their_channels_are_no_split(unsaid):
    assert by({"orders": unsaid}, "ways") is None


def test_orders_that_reach_the_days_just_before_alone_are_held_against_these_by_the_day():
    days = pd.date_range("2024-05-06", "2024-06-02").strftime("%Y-%m-%d")
    rows = [*ordered(days, 直播=(1, 100.0), 搜索=(3, 50.0)), *ordered(EVENT, 直播=(4, 90.0), 搜索=(4, 50.0))]
    found = SimpleNamespace(reviews=(SimpleNamespace(campaign=campaign(), earlier=None),), shops={})
    result = sources.analyse(found, {"orders": table("orders", rows)}, CUTOFF)
    (split,) = [s for s in result.campaigns[0].splits if s.by == "ways"]
    assert split.usual and (split.before, split.now) == (250.0, 560.0)
    shown = sources.show(result)
    (finding,) = [f for f in shown.findings if f.key.endswith("by.ways.usual")]
    assert finding.value == pytest.approx(260 / 310) and finding.args["part"].value == "直播"
    (drawn,) = [e for e in shown.exhibits if e.key == finding.exhibit]
    assert "note.campaign.by.ways" in [note.sentence for note in drawn.notes]
    for locale in ("zh", "en"):
        words = Words(locale)
        assert words.sentence(finding.sentence, plain(finding.args))
        assert all(words.sentence(n.sentence, plain(n.args)) for n in drawn.notes)
        assert all(words.label(column.label) for column in drawn.table.columns)


def test_the_change_by_channels_of_orders_is_worded():
    found = SimpleNamespace(reviews=(SimpleNamespace(campaign=campaign(), earlier=None),), shops={})
    shown = sources.show(sources.analyse(found, {"orders": ORDERS}, CUTOFF))
    told = {
        f.key.rpartition(".")[2]: Words("zh").sentence(f.sentence, plain(f.args))
        for f in shown.findings
        if ".by.ways." in f.key
    }
    assert "多卖￥620：订单+￥" in told["steps"] and told["parts"].endswith("变动居首的渠道是直播，多￥520")
    steps = next(e.table for e in shown.exhibits if e.key.endswith("by.ways.steps"))
    assert all(Words(locale).label(row[0]) for row in steps.rows for locale in ("zh", "en"))


# ---- items -----------------------------------------------------------------------------------------------------


def sold(day, code, units, amount):
    return {"date": day, "item_id": code, "title": f"货{code}", "pay_units": units, "pay_amount": amount}


def test_items_are_split_over_days_pieces_mix_and_price():
    """Pieces of a day double and shift to the dear item, which is sold for less; a third item is new."""
    then = [sold(day, c, u, u * p) for day in THEN for c, u, p in (("A", 10.0, 10.0), ("B", 10.0, 50.0))]
    now = [sold(day, c, u, u * p) for day in EVENT for c, u, p in (("A", 10.0, 10.0), ("B", 30.0, 40.0), ("C", 1.0, 7.0))]  # fmt: skip
    split = by({"item_daily": table("item_daily", [*then, *now])}, "items")
    assert not split.usual and split.steps["new"] == pytest.approx(14.0)
    assert split.steps["price"] == pytest.approx(mean(2400, 1000) * math.log(40 / 50))
    assert split.steps["size"] == pytest.approx((200 + mean(2400, 1000)) * math.log(2))
    assert sum(split.steps.values()) == pytest.approx(split.now - split.before)


def test_items_that_do_not_reach_the_days_compared_with_are_held_against_those_just_before_by_the_day():
    days = pd.date_range("2024-05-20", "2024-06-04")
    rows = [sold(day, "A", 20.0 if day >= pd.Timestamp(EVENT[0]) else 10.0, 100.0) for day in days]
    found = SimpleNamespace(reviews=(SimpleNamespace(campaign=campaign(), earlier=None),), shops={})
    result = sources.analyse(found, {"item_daily": table("item_daily", rows)}, CUTOFF)
    (split,) = result.campaigns[0].splits
    assert split.usual and (split.before, split.now) == (100.0, 100.0)
    assert split.steps["size"] == -split.steps["price"] == pytest.approx(100 * math.log(2))
    (drawn,) = [x for x in sources.show(result).exhibits if ".by." in x.key]
    assert "note.campaign.by.short" in [note.sentence for note in drawn.notes]


# ---- the demo --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo():
    """November against October, of which both the sources' files and the lines are; and Double 11 against 2023."""
    data = load(Client.load("demo"))
    names = ("shop_daily", "order_lines", "traffic_source_period")
    tables = {name: data.get(name) for name in names}
    sheet = data.get("campaigns")
    (own,) = subjects.ended(sheet, dt.date(2024, 11, 1), dt.date(2024, 11, 30))
    month = {"start": "2024-11-01", "end": "2024-11-30", "compare_to": "2024-10-01..2024-10-31"}
    november = {"campaign": "十一月", "shop": "tmall"} | month
    (plain_one,) = subjects.every(frame(TABLES["campaigns"], {n: [v] for n, v in november.items()}))
    both = ((own, subjects.before(own, sheet)), (plain_one, None))
    found = SimpleNamespace(reviews=tuple(SimpleNamespace(campaign=c, earlier=e) for c, e in both), shops={})
    return sources.analyse(found, tables, data.cutoff), tables


def test_the_demo_months_by_channel_and_by_item_come_to_the_same_change(demo):
    """TRUTH.md: orders.2024-10.amount and orders.2024-11.amount."""
    channels, items = demo[0].campaigns[1].splits
    for split in (channels, items):
        assert (split.before, split.now) == (pytest.approx(5_371_510, abs=1), pytest.approx(8_895_335, abs=1))
        assert sum(split.steps.values()) == pytest.approx(split.change)
        assert abs(split.steps["rest"]) < 600  # two orders of the client's own staff
    assert {part.name for part in channels.parts} == {"淘内免费", "内容渠道", "付费推广"}


def test_what_is_shown_of_the_demo_adds_up_and_is_said_in_both_languages(demo):
    shown = sources.show(demo[0])
    drawn = [x for x in shown.exhibits if not isinstance(x, Heading) and ".by." in x.key]
    for exhibit in drawn:
        payload(exhibit)
        if exhibit.form == "waterfall":
            amounts = [row[1] for row in exhibit.table.rows]
            assert round(sum(amounts[:-1]), 2) == amounts[-1]
    assert {"campaign.double_11_2024.by.items.steps"} < {x.key for x in drawn}
    for finding in (f for f in shown.findings if ".by." in f.key):
        for locale in ("zh", "en"):
            assert "{" not in Words(locale).sentence(finding.sentence, plain(finding.args))
