"""What a campaign earned: price against the days before, gross margin, and what stays after returns, goods, fees, ads."""

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from kit.analyses.campaign import margin, margin_page, subjects
from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.client import Client
from kit.findings import Arg, payload, plain
from kit.stats.bases import Days
from kit.store import load
from kit.tables import TABLES, frame
from kit.text import Words

START, END, CUTOFF = "2024-06-01", "2024-06-07", dt.date(2024, 9, 30)
COSTS = frame(
    TABLES["costs"],
    {
        "merchant_sku": ["A", "B", "G"],
        "valid_from": ["2024-01-01"] * 3,
        "unit_cost": [30.0, 50.0, 2.0],
        "packaging": [1.0, 1.0, 0.0],
        "logistics": [3.0, 3.0, 0.0],
        "fee_rate": [0.05, 0.05, 0.0],
    },
)


def line(day, code, quantity, price, *, kind="sale", shop="a", asked=None, **more):
    paid = quantity * price
    row = {"platform": "tmall", "shop": shop, "merchant_sku": code, "quantity": quantity, "paid_amount": paid}
    row |= {"unit_price": asked or price, "line_amount": paid, "status": "completed", "kind": kind}
    return row | {"created_at": f"{day} 09:00", "paid_at": f"{day} 10:00"} | more


USUAL = [line(f"2024-05-{d:02}", code, 2.0, p) for d in (10, 20, 31) for code, p in (("A", 100.0), ("B", 200.0))]
SALE = [line(START, "A", 8.0, 80.0, asked=90.0), line(END, "B", 2.0, 180.0), line(END, "G", 8.0, 0.0, kind="gift")]


def lines(*rows):
    made = [{"order_id": str(n), "line_id": str(n)} | row for n, row in enumerate(rows)]
    return frame(TABLES["order_lines"], {name: [row.get(name) for row in made] for name in {k: 0 for r in made for k in r}})  # fmt: skip


def daily(amount=1000.0, refunds=100.0, shop="a"):
    """A week's paid amounts that add up to ``amount``, of which ``refunds`` went back."""
    dates = pd.date_range(START, END)
    row = {"platform": ["tmall"] * 7, "shop": [shop] * 7, "date": dates}
    row |= {"pay_amount": [amount / 7] * 7, "refund_amount": [refunds / 7] * 7}
    return frame(TABLES["shop_daily"], row)


def ads(spend=70.0):
    row = {"platform": "tmall", "shop": "a", "tool": "wanxiangtai", "breakdown": "account", "spend": spend / 7}
    row |= {"window_days": 15.0}
    dates = [f"2024-06-{d:02}" for d in range(1, 8)]
    return frame(TABLES["ads_daily"], {name: [value] * 7 for name, value in row.items()} | {"date": dates})


def campaigns(shop="a"):
    row = {"campaign": "周年庆", "shop": shop, "kind": "brand", "start": START, "end": END}
    one = subjects.every(frame(TABLES["campaigns"], {name: [value] for name, value in row.items()}))[0]
    return SimpleNamespace(reviews=(SimpleNamespace(campaign=one),))


def analysed(*rows, costs=COSTS, shop="a", cutoff=CUTOFF, **tables):
    given = {"order_lines": lines(*(rows or (*USUAL, *SALE))), "shop_daily": daily(), "ads_daily": ads()} | tables
    return margin.analyse(campaigns(shop), given, costs, cutoff)


def only(result):
    (one,) = result.campaigns
    return one


def test_what_stays_is_payments_less_returns_goods_fees_parcels_gifts_and_ads():
    """Worked by hand: 1,000 paid, a tenth goes back, 340 of goods, 5 % fees, 10 parcels of 4, 8 gifts of 2, 70 of ads."""
    one = only(analysed())
    (account,) = one.accounts
    assert account.paid == 1000.0 and account.returns.share == pytest.approx(0.1)
    kept = 0.9 * (1000 - 340 - 50)
    assert one.left[0] == pytest.approx(kept - 10 * 4 - 8 * 2 - 70)
    assert sum(account.steps().values()) + one.left[0] == pytest.approx(account.income)


def test_the_picture_adds_up_to_the_fen():
    (steps,) = [x.table.rows for x in margin.show(analysed()).exhibits if x.form == "waterfall"]
    assert round(sum(row[1] for row in steps[:-1]), 2) == steps[-1][1]


def test_gross_margin_is_what_goods_leave_now_and_on_the_days_before():
    now, then = margin_page.gross(only(analysed()))
    assert now == pytest.approx(1 - 340 / 1000) and then == pytest.approx(1 - 80 / 300)


def test_the_price_cut_is_that_of_the_same_items():
    new = line(START, "C", 1.0, 500.0)
    costs = pd.concat([COSTS, COSTS.iloc[[0]].assign(merchant_sku="C")])
    one = only(analysed(*USUAL, *SALE, new, costs=costs, shop_daily=daily(1500.0)))
    assert one.usual[0] == pytest.approx(1 - (640 + 360) / (800 + 400))
    assert one.accounts[0].price.base == Days(dt.date(2024, 5, 10), dt.date(2024, 5, 31))


def test_at_the_break_even_cut_nothing_is_left():
    _, even = only(analysed()).usual
    scale = (1 - even) * (800 + 400) / 1000
    rows = [row | {"paid_amount": row["paid_amount"] * scale} for row in SALE]
    sold = analysed(*USUAL, *rows, shop_daily=daily(1000 * scale, 100 * scale))
    assert only(sold).usual[0] == pytest.approx(even) and only(sold).left[0] == pytest.approx(0, abs=1e-6)


def test_discounts_that_others_bear_are_income_and_told_apart():
    given = [row | {"shop_discount": -60.0, "platform_discount": 40.0} for row in SALE if row["kind"] == "sale"]
    one, plain_one = only(analysed(*USUAL, *given)), only(analysed(*USUAL, *SALE[:2]))
    assert one.left[0] - plain_one.left[0] == pytest.approx(0.9 * 80)
    (told,) = [f for f in margin_page.findings(one) if f.key.endswith(".subsidies")]
    assert told.value == pytest.approx(0.6)


def test_discounts_without_a_bearer_are_no_income():
    shown = margin.show(analysed())
    assert not [f for f in shown.findings if f.key.endswith(".subsidies")]
    assert any(note.sentence == "note.campaign.nosplit" for x in shown.exhibits for note in x.notes)


def test_without_ad_reports_the_headline_says_that_ads_are_not_taken_off():
    one = only(analysed(ads_daily=None))
    assert one.left[0] == pytest.approx(only(analysed()).left[0] + 70)
    assert margin_page.findings(one)[0].sentence == "cp.margin.earned.noads"


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        ({"costs": None}, ("costs",)),
        ({"costs": COSTS.iloc[:1]}, ("costs",)),  # a third of the sales has none
        ({"order_lines": None}, ("order_lines",)),
        ({"order_lines": lines(*SALE)[1:]}, ("order_lines",)),  # they begin within the campaign
        ({"shop_daily": daily(2000.0)}, ("order_lines",)),  # they are half of what the shop sold
        ({"shop_daily": daily().assign(refund_amount=float("nan"))}, ("refunds",)),
    ],
)
def test_what_is_missing_is_named(change, lacks):
    shown = margin.show(analysed(**change))
    assert [m.tables for m in shown.missing] == [lacks] and not shown.findings


def test_all_shops_together_need_every_shop_and_add_up():
    both = [*USUAL, *SALE, *(row | {"shop": "b"} for row in (*USUAL, *SALE))]
    tables = {"shop_daily": pd.concat([daily(), daily(shop="b")])}
    tables["ads_daily"] = pd.concat([ads(), ads().assign(shop="b")])
    whole = only(analysed(*both, shop="", **tables))
    assert whole.left[0] == pytest.approx(2 * only(analysed()).left[0])
    assert only(analysed(*USUAL, *SALE, shop="", **tables)).lacks == ("order_lines",)


def test_while_refunds_come_in_and_nobody_knows_how_many_the_figure_is_called_preliminary():
    one = only(analysed(cutoff=dt.date(2024, 6, 10)))
    assert margin_page.findings(one)[0].evidence.sentence == "cp.marginev.untold"


RETURNS = [
    (margin.Returns(0.1, 0.1, 0.1, 0.1, "cases", False), Verdict.EARNED, "settled"),
    (margin.Returns(0.1, 0.1, 0.1, 0.1, "refunded", False), Verdict.EARNED, "dated"),
    (margin.Returns(0.1, 0.1, 0.1, 0.1, "paid", True), Verdict.EARNED, "untold"),
    (margin.Returns(0.1, 0.8, 0.2, 0.95, "cases", True), Verdict.OPEN, "open"),
    (margin.Returns(0.1, 0.95, 0.9, 0.99, "cases", True), Verdict.LOST, "open"),
]


@pytest.mark.parametrize(("returns", "verdict", "evidence"), RETURNS)
def test_the_verdict_follows_the_range_of_returns_and_is_said_in_both_languages(returns, verdict, evidence):
    one = only(analysed())
    changed = replace(one, accounts=tuple(replace(a, returns=returns) for a in one.accounts))
    found = margin_page.findings(changed)
    assert found[0].verdict == verdict and found[0].evidence.sentence == f"cp.marginev.{evidence}"
    for finding in found:
        for locale in ("zh", "en"):
            assert "{" not in Words(locale).sentence(finding.sentence, plain(finding.args))


@pytest.mark.parametrize(("factor", "sentence"), [(1.25, "level"), (1.5, "dearer"), (0.5, "past")])
def test_prices_that_did_not_fall_or_fell_too_far_are_said_so(factor, sentence):
    rows = [line(END, "A", 8.0, 80.0 * factor)]
    found = margin_page.findings(only(analysed(*USUAL, *rows, shop_daily=daily(640 * factor), ads_daily=ads(70))))
    (price,) = [f for f in found if f.key.endswith(".price")]
    assert price.sentence == f"cp.price.{sentence}"
    assert "{" not in Words("zh").sentence(price.sentence, plain(price.args))


def test_a_price_cut_stands_beside_the_one_that_leaves_nothing():
    args = {"campaign": Arg("六一", "text"), "base": Arg("平日", "text")}
    args |= {"cut": Arg(0.125, "ratio"), "even": Arg(0.651, "ratio")}
    assert Words("zh").sentence("cp.price.cut", args).endswith("便宜12.5%；若便宜65.1%，就没有利润")


def test_everything_shown_is_plain_data():
    shown = margin.show(analysed())
    for thing in (*shown.findings, *shown.exhibits, *shown.kpis):
        payload(thing)
    assert {key for x in shown.exhibits for key in x.findings} == {f.key for f in shown.findings}


@pytest.fixture(scope="module")
def demo():
    data = load(Client.load("demo"))
    tables = {name: data.get(name) for name in ("shop_daily", "order_lines", "refunds", "ads_daily")}
    sheet = data.get("campaigns")
    november = sheet.iloc[[0]].assign(campaign="十一月", key="november", start="2024-11-01", end="2024-11-30")
    both = [*subjects.ended(sheet, dt.date(2024, 11, 1), dt.date(2024, 11, 30)), *subjects.every(november)]
    found = SimpleNamespace(reviews=tuple(SimpleNamespace(campaign=one) for one in both))
    return margin.analyse(found, tables, data.get("costs"), data.cutoff)


def test_the_demo_margin_of_goods_is_the_planted_one(demo):
    """TRUTH.md: margin.goods, one less goods over paid in November 2024; refunds.final lies in its range."""
    november = demo.campaigns[1]
    assert margin_page.gross(november)[0] == pytest.approx(0.7310, abs=0.0005)
    (account,) = november.accounts
    assert account.returns.early and account.returns.low <= 0.0890 <= account.returns.high


def test_the_demo_double_11_earned_and_its_waterfall_begins_with_what_the_shop_took(demo):
    one = demo.campaigns[0]
    assert margin_page.verdict(one) == Verdict.EARNED
    assert one.sum(lambda a: a.paid) == pytest.approx(11_032_114, rel=0.001)
    assert 0.11 < one.usual[0] < 0.14 and one.usual[1] > one.usual[0]


# ---- returns that arrive -----------------------------------------------------------------------------------------


PAID = pd.date_range("2024-02-01", "2024-07-31")


def refunds(until):
    """Of each day's thousand a tenth goes back, a two-hundredth of it on each of the next twenty days; those of a file
    that ends on ``until``."""
    rows = []
    for n, day in enumerate(PAID):
        for wait in range(1, 21):
            back = day + pd.Timedelta(days=wait)
            if back <= pd.Timestamp(until):
                rows.append((f"{n}-{wait}", day, back, 5.0))
    ids, paid, back, amounts = map(list, zip(*rows, strict=True))
    table = {"platform": ["tmall"] * len(ids), "shop": ["a"] * len(ids), "refund_id": ids, "status": ["success"] * len(ids)}  # fmt: skip
    return frame(TABLES["refunds"], table | {"paid_at": paid, "applied_at": back, "refunded_at": back, "refund_amount": amounts})  # fmt: skip


def test_returns_still_to_come_are_expected_with_a_range_and_what_was_earned_is_restated_when_they_arrive():
    row = {"platform": "tmall", "shop": "a", "pay_amount": 1000.0}
    shop = {name: [value] * len(PAID) for name, value in row.items()} | {"date": PAID}
    sold = [line(f"{day:%Y-%m-%d}", "A", 10.0, 100.0) for day in pd.date_range("2024-05-10", END)]
    found = []
    for until in ("2024-06-10", "2024-07-31"):
        given = {"shop_daily": frame(TABLES["shop_daily"], shop), "refunds": refunds(until)}
        (one,) = analysed(*sold, cutoff=dt.date.fromisoformat(until), **given).campaigns
        found.append(one)
    early, late = (one.accounts[0].returns for one in found)
    assert early.early and early.seen < 0.06 and early.low <= 0.1 <= early.high
    assert not late.early and late.share == late.low == late.high == pytest.approx(0.1)
    kept, worst, best = found[0].left
    assert worst <= found[1].left[0] <= best and worst <= kept <= best
    sentences = [margin_page.findings(one)[0].evidence.sentence for one in found]
    assert sentences == ["cp.marginev.open", "cp.marginev.settled"]
