"""The campaign review: its days and phases, its goals, what it added, and what may be said of that."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kit import calendar
from kit.analyses import campaign
from kit.analyses.campaign import decide, ordinary, subjects
from kit.analyses.verdicts import CampaignVerdict as Verdict
from kit.client import Client
from kit.findings import Arg, Shown, payload, plain
from kit.stats import kpi_parts
from kit.stats.bases import Days
from kit.stats.counterfactual import Counterfactual, Total
from kit.store import load
from kit.tables import TABLES, frame
from kit.text import Words

SHOPS = {"a": {"zh": "甲店", "en": "Shop A"}}
NONE = calendar.promotions((), dt.date(2024, 1, 1), dt.date(2024, 12, 31))
FREE = calendar.holidays(dt.date(2024, 1, 1), dt.date(2024, 12, 31))
FIRST = dt.date(2024, 1, 1)


def sheet(**more):
    """One campaign in June 2024, and whatever a test says of it."""
    row = {"campaign": "周年庆", "shop": "a", "kind": "brand", "start": "2024-06-01", "end": "2024-06-07"}
    row |= more
    return frame(TABLES["campaigns"], {name: [value] for name, value in row.items()})


def days(*, lift=1.0, shop="a", seed=1, last="2024-07-15", start="2024-06-01", end="2024-06-07", visitors=1000.0):
    """Daily sales with weekdays and noise, ``lift`` times as high on the campaign's days."""
    dates = pd.date_range(FIRST, last)
    noise = np.random.default_rng(seed).normal(0, 0.05, len(dates))
    amount = np.round(10_000 * np.exp(0.2 * (dates.day_of_week >= 5) + noise) * np.where((dates >= start) & (dates <= end), lift, 1), 2)  # fmt: skip
    table = {"platform": ["tmall"] * len(dates), "shop": [shop] * len(dates), "date": dates, "pay_amount": amount}
    table |= {"visitors": [visitors] * len(dates), "pay_buyers": np.round(amount / 100), "refund_amount": amount * 0.1}
    return frame(TABLES["shop_daily"], table)


def analysed(given=None, **tables):
    given = sheet() if given is None else given
    tables.setdefault("shop_daily", days())
    return campaign.analyse(given, tables, NONE, FREE, dt.date(2024, 6, 1), dt.date(2024, 6, 30), SHOPS)


def shown(result):
    """All sections of the page together."""
    parts = [campaign.show(result, section) for section in campaign.SECTIONS]
    return Shown(*(tuple(x for part in parts for x in getattr(part, kind)) for kind in KINDS))


KINDS = ("findings", "exhibits", "kpis", "missing")


def notes(result):
    return [note.sentence for exhibit in shown(result).exhibits for note in exhibit.notes]


def only(result):
    (review,) = result.reviews
    return review


# ---- subjects --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "inside"), [("2024-05-31", False), ("2024-06-01", True), ("2024-06-30", True), ("2024-07-01", False)]
)
def test_a_campaign_belongs_to_the_period_in_which_it_ends(end, inside):
    given = sheet(start="2024-05-20", end=end)
    assert bool(subjects.ended(given, dt.date(2024, 6, 1), dt.date(2024, 6, 30))) is inside


def test_phases_follow_the_dates_of_the_sheet():
    one = subjects.every(sheet(warmup_start="2024-05-20", presale_start="2024-05-25", after_end="2024-06-14"))[0]
    found = {name: (span.start.day, span.end.day, span.count) for name, span in one.phases.items()}
    assert found == {"warmup": (20, 24, 5), "presale": (25, 31, 7), "burst": (1, 7, 7), "after": (8, 14, 7)}
    assert one.event.count == 14


def test_without_dates_around_it_a_campaign_has_its_days_and_two_weeks_after():
    one = subjects.every(sheet())[0]
    assert list(one.phases) == ["burst", "after"] and one.after == dt.date(2024, 6, 21)


def test_a_name_with_other_letters_has_a_stable_key_and_a_given_key_wins():
    assert subjects.every(sheet(campaign="6.18"))[0].key == "6u2e18"
    assert subjects.every(sheet(key="Anniversary"))[0].key == "anniversary"


@pytest.mark.parametrize(
    ("compare_to", "first", "last"),
    [
        ("", "2024-05-25", "2024-05-31"),  # the same weekdays just before
        ("2023-06-01..2023-06-07", "2023-06-01", "2023-06-07"),
        ("五一", "2024-04-29", "2024-05-05"),
        ("nothing like that", "2024-05-25", "2024-05-31"),
    ],
)
def test_what_a_campaign_compares_with(compare_to, first, last):
    may = sheet(campaign="五一", start="2024-04-29", end="2024-05-05")
    both = pd.concat([may, sheet(compare_to=compare_to)])
    one = subjects.ended(both, dt.date(2024, 6, 1), dt.date(2024, 6, 30))[0]
    base = subjects.base(one, both)
    assert (base.start.isoformat(), base.end.isoformat()) == (first, last)


def test_of_campaigns_of_one_name_the_latest_before_it_is_compared_with():
    years = [
        sheet(campaign="双11", start=f"{y}-11-01", end=f"{y}-11-11", compare_to="双11") for y in (2022, 2023, 2024)
    ]
    rows = pd.concat(years)
    assert subjects.base(subjects.every(rows)[-1], rows).start == dt.date(2023, 11, 1)


# ---- what may be said of an increment --------------------------------------------------------------------------


def found(effect=100.0, half=50.0, scores=(0.1,) * 12, fit=None, before=200, bent=False):
    total = Total(1000.0, 1000.0 - effect, effect - half, effect + half, effect / half * 2)
    none = np.empty(0)
    return Counterfactual((total,), none, none, none, (), tuple(scores), 1.0, fit, before, True, bent=bent)


ALONE, BESIDE = decide.Evidence(True), decide.Evidence(False)
ROWS = [
    (None, BESIDE, Verdict.TOO_LITTLE, ("days",)),
    (found(before=27), BESIDE, Verdict.TOO_LITTLE, ("days",)),
    (found(scores=(0.1,) * 9), BESIDE, Verdict.TOO_LITTLE, ("windows",)),
    (found(), ALONE, Verdict.WEAK, ("platform",)),
    (found(scores=(9.0, 9.0, *(0.1,) * 10)), BESIDE, Verdict.WEAK, ("placebos",)),
    (found(scores=(9.0, *(0.1,) * 11)), BESIDE, Verdict.ADDED, ()),
    (found(fit=0.4), BESIDE, Verdict.WEAK, ("fit",)),
    (found(fit=0.8), BESIDE, Verdict.ADDED, ()),
    (found(), decide.Evidence(False, moved=True), Verdict.WEAK, ("moved",)),
    (found(), decide.Evidence(False, turned=True), Verdict.WEAK, ("turned",)),
    (found(bent=True), decide.Evidence(False), Verdict.WEAK, ("bent",)),
    (found(), decide.Evidence(False, shut=True), Verdict.WEAK, ("shut",)),
    (found(), decide.Evidence(True, moved=True, agree=False), Verdict.WEAK, ("moved", "disagree", "platform")),
    (found(), decide.Evidence(False, shared=True), Verdict.WEAK, ("shared",)),
    (found(effect=20.0), BESIDE, Verdict.NOT_SHOWN, ()),
    (found(effect=-100.0), BESIDE, Verdict.TOOK, ()),
]


@pytest.mark.parametrize(("model", "evidence", "verdict", "reasons"), ROWS)
def test_the_decision_table(model, evidence, verdict, reasons):
    scores = decide.decide(model, 7, evidence)
    assert scores == (verdict, reasons)


def test_every_verdict_and_reason_has_its_sentence_in_both_languages():
    """A sentence that needs a number which is not there would stop the build."""
    review = only(analysed())
    for model, evidence, *_ in ROWS:
        if model is None:
            continue
        verdict, reasons = decide.decide(model, 7, evidence)
        one = replace(review.increment, found=model, verdict=verdict, reasons=reasons)
        one = replace(one, shut=((FIRST, FIRST),) if "shut" in reasons else ())
        for finding in campaign.findings(replace(review, increment=one)):
            for locale in ("zh", "en"):
                assert "{" not in Words(locale).sentence(finding.sentence, plain(finding.args))


# ---- increments on made-up sales -------------------------------------------------------------------------------


def test_a_planted_lift_is_added_and_its_range_holds_it():
    review = only(analysed(shop_daily=days(lift=1.6)))
    truth = 0.6 / 1.6 * review.increment.parts["during"].observed
    part = review.increment.parts["during"]
    assert review.increment.verdict == Verdict.ADDED
    assert part.low <= truth <= part.high and part.effect == pytest.approx(truth, rel=0.1)


def test_without_a_lift_nothing_is_said_to_be_added():
    said = [only(analysed(shop_daily=days(seed=seed))).increment.verdict for seed in range(8)]
    assert said.count(Verdict.ADDED) <= 1


def test_a_platforms_own_event_is_weak_evidence_unless_a_control_is_named():
    lifted, other = days(lift=1.6), days(shop="b", seed=9)
    both = pd.concat([lifted, other])
    assert only(analysed(sheet(kind="platform"), shop_daily=lifted)).increment.reasons == ("platform",)
    named = only(analysed(sheet(kind="platform", control="b"), shop_daily=both)).increment
    assert named.controls == ("b",) and "platform" not in named.reasons


def test_a_control_that_jumps_with_the_event_is_told_and_weakens_it():
    lifted, other = days(lift=1.6), days(shop="b", seed=9, lift=1.5)
    one = only(analysed(sheet(control="b"), shop_daily=pd.concat([lifted, other]))).increment
    assert one.verdict == Verdict.WEAK and one.reasons[0] == "moved"


def test_a_control_without_a_figure_for_every_day_is_named_and_not_used():
    one = only(analysed(sheet(control="nobody"), shop_daily=days(lift=1.6)))
    assert one.increment.controls == () and one.increment.lost == ("nobody",)
    assert "note.campaign.lost" in notes(analysed(sheet(control="nobody")))


def test_a_shop_of_the_campaign_is_no_control_of_it():
    shops = pd.concat([days(lift=1.6), days(shop="b", seed=9)])
    assert only(analysed(sheet(control="a"), shop_daily=shops)).increment.lost == ("a",)
    assert only(analysed(sheet(shop=None, control="a,b"), shop_daily=shops)).increment.lost == ("a", "b")


JUNE = {"platform": "tmall", "event": "618", "year": 2024, "event_zh": "618", "event_en": "618", "kind": "sale"}
JUNE |= {"start": pd.Timestamp("2024-05-20"), "end": pd.Timestamp("2024-06-20"), "certainty": "sure"}


@pytest.mark.parametrize("kind", ["brand", None])
def test_days_of_a_platforms_promotion_are_weak_evidence_whatever_the_sheet_calls_the_campaign(kind):
    period = dt.date(2024, 6, 1), dt.date(2024, 6, 30)
    (review,) = campaign.analyse(sheet(kind=kind), {"shop_daily": days(lift=1.6)}, pd.DataFrame([JUNE]), FREE, *period, SHOPS).reviews  # fmt: skip
    assert review.increment.reasons == ("platform",)


def test_the_default_base_and_the_days_before_leave_other_events_out():
    """Ten days in May are taken: the same weekdays before them, and the four weeks up to them."""
    other = sheet(campaign="五月", start="2024-05-22", end="2024-05-31")
    review = only(analysed(pd.concat([other, sheet()])))
    assert (review.bridge.then.start, review.bridge.then.end) == (dt.date(2024, 5, 11), dt.date(2024, 5, 17))
    assert ordinary.before(review.campaign.event) == Days(dt.date(2024, 4, 24), dt.date(2024, 5, 21))


@pytest.mark.parametrize(
    ("taken", "first", "last"),
    [
        ([], "2024-05-04", "2024-05-31"),
        ([("2024-05-10", "2024-05-12")], "2024-05-13", "2024-05-31"),  # what is left is long enough
        ([("2024-05-20", "2024-05-28")], "2024-04-22", "2024-05-19"),  # three days say nothing
        ([("2024-05-28", "2024-06-20")], "2024-04-30", "2024-05-27"),  # a promotion that goes on through the event
        ([("2023-01-01", "2024-05-31")], "2024-05-04", "2024-05-31"),  # nothing is ordinary
    ],
)
def test_ordinary_days_are_the_nearest_run_that_nothing_else_has(taken, first, last):
    day = dt.date.fromisoformat
    event = subjects.Event(day("2024-06-01"), day("2024-06-07"), tuple(Days(day(a), day(b)) for a, b in taken))
    assert ordinary.before(event) == Days(day(first), day(last))


def test_units_are_compared_over_ordinary_days_before_anybody_waits():
    """A promotion of the shop alone and a dip of waiting before the event are in neither method's days before."""
    april = sheet(campaign="四月", start="2024-04-20", end="2024-05-05")
    spoilt = days(lift=1.6)
    spoilt.loc[spoilt["date"].between(pd.Timestamp("2024-04-20"), pd.Timestamp("2024-05-05")), "pay_amount"] *= 5
    spoilt.loc[spoilt["date"].between(pd.Timestamp("2024-05-18"), pd.Timestamp("2024-05-31")), "pay_amount"] *= 0.3
    others = [days(shop=s, seed=n) for n, s in enumerate("bcd", 20)]
    sheets = pd.concat([april, sheet(control="b,c,d")])
    clean, told = (only(analysed(sheets, shop_daily=pd.concat([one, *others]))).increment for one in (days(lift=1.6), spoilt))  # fmt: skip
    assert told.gap == clean.gap and told.like.effect == clean.like.effect


def test_what_a_campaign_added_and_what_it_took_from_the_days_around_add_up():
    parts = only(analysed(sheet(), shop_daily=days(lift=1.6))).increment.parts
    assert parts["net"].effect == pytest.approx(sum(parts[name].effect for name in ("during", "before", "after")))
    assert parts["net"].low < parts["net"].effect < parts["net"].high


def test_days_around_that_another_campaign_has_tell_no_pull_forward():
    other = sheet(campaign="五月", start="2024-05-20", end="2024-05-28")
    review = only(analysed(pd.concat([other, sheet()]), shop_daily=days(lift=1.6)))
    said = {f.key.rsplit(".", 1)[-1]: f.sentence for f in campaign.findings(review)}
    assert "pull" not in said and said["after"] == "cp.aftertaken" and list(review.increment.parts) == ["during"]


def test_a_campaign_that_shares_its_days_with_another_of_the_shop_is_weak_evidence():
    other = sheet(campaign="会员日", start="2024-06-06", end="2024-06-09")
    elsewhere = sheet(campaign="别店", shop="b", start="2024-06-06", end="2024-06-09")
    said = [analysed(pd.concat([one, sheet()]), shop_daily=days(lift=1.6)).reviews[0].increment.reasons for one in (other, elsewhere)]  # fmt: skip
    assert said == [("shared",), ()]


def test_daily_figures_that_miss_days_of_the_campaign_are_named_as_the_reason():
    result = analysed(shop_daily=days(last="2024-06-05"))
    (missing,) = [m for m in shown(result).missing if m.key.endswith(".increment")]
    assert missing.reason.sentence == "cp.miss.days"


def test_several_controls_are_held_against_a_twin_and_differences_too():
    shops = pd.concat([days(lift=1.6), *(days(shop=s, seed=n) for n, s in enumerate("bcd", 20))])
    one = only(analysed(sheet(control="b，c、d"), shop_daily=shops)).increment
    assert one.gap is not None and one.gap.low > 0
    assert one.like is not None and one.like.larger == pytest.approx(0.25)
    assert "disagree" not in one.reasons
    (table,) = [
        x.table
        for x in shown(analysed(sheet(control="b，c、d"), shop_daily=shops)).exhibits
        if x.key.endswith(".methods")
    ]
    assert [row[0].rsplit(".", 1)[-1] for row in table.rows] == ["model", "did", "twin"]
    assert "note.campaign.methods.agree" in notes(analysed(sheet(control="b，c、d"), shop_daily=shops))
    assert all(0.4 < row[1] < 0.8 for row in table.rows)


def test_a_second_control_shows_that_the_first_has_the_event_too():
    """From one control that the event lifts, nothing could tell: it hides what the shop gained."""
    shops = [days(lift=1.4), days(shop="b", seed=21, lift=1.4), days(shop="c", seed=22)]
    one = only(analysed(sheet(control="b,c"), shop_daily=pd.concat(shops))).increment
    assert one.verdict == Verdict.WEAK and one.reasons[0] == "moved"


def test_a_shop_that_had_parted_from_its_controls_before_is_weak_evidence():
    """The same course before, and the same shop on a course of its own."""
    controls = [days(shop=s, seed=n) for n, s in enumerate("bcd", 20)]
    parting = days(lift=1.3)
    parting["pay_amount"] *= np.exp(0.012 * np.maximum(0, np.arange(len(parting)) - 90))
    given = [analysed(sheet(control="b,c,d"), shop_daily=pd.concat([own, *controls])) for own in (days(lift=1.3), parting)]  # fmt: skip
    clean, told = (only(one).increment for one in given)
    assert "turned" not in clean.reasons
    assert told.verdict == Verdict.WEAK and "turned" in told.reasons


@pytest.mark.parametrize(("lift", "sentence"), [(1.6, "cp.summed"), (1.0, "cp.summed.held")])
def test_the_running_sum_is_drawn_with_its_range_and_the_placebos_and_says_since_when_it_is_clear_of_zero(
    lift, sentence
):
    page = shown(analysed(shop_daily=days(lift=lift)))
    (drawn,) = [x for x in page.exhibits if x.key.endswith(".summed")]
    (said,) = [f for f in page.findings if f.key.endswith(".summed")]
    review = only(analysed(shop_daily=days(lift=lift)))
    total = review.increment.parts["during"]
    assert drawn.table.rows[-1] == ("2024-06-07", total.effect, total.low, total.high)
    assert len(drawn.table.rows) == 7 and drawn.notes[0].sentence.startswith("cp.evidence")
    assert said.sentence == sentence
    clear = [row[0] for row in drawn.table.rows if row[2] > 0]
    assert "date" not in said.args if lift == 1 else plain(said.args["date"].value) == clear[0]
    (curve,) = [x for x in page.exhibits if x.key.endswith(".curve")]
    assert [c.name for c in curve.table.columns][2:] == ["expected", *curve.options["band"]]


def test_days_of_other_campaigns_are_no_ordinary_days():
    spoilt = days(lift=3.0, start="2024-04-01", end="2024-04-10")
    other = sheet(campaign="四月", start="2024-04-01", end="2024-04-10")
    told = only(analysed(pd.concat([other, sheet()]), shop_daily=spoilt)).increment
    clean = only(analysed(shop_daily=days())).increment
    assert told.found.before == clean.found.before - 10


@pytest.mark.parametrize(("step", "told"), [(1.5, True), (1.0, False)])
def test_a_day_on_which_the_level_moved_for_good_is_said_on_the_page(step, told):
    moved = days(lift=1.6)
    moved.loc[moved["date"] >= pd.Timestamp("2024-01-20"), "pay_amount"] *= step
    result = analysed(shop_daily=moved)
    assert ("note.campaign.breaks" in notes(result)) is told
    dates = [n.args["dates"].value for x in shown(result).exhibits for n in x.notes if n.sentence.endswith(".breaks")]
    assert [[plain(day.value) for day in found] for found in dates] == ([["2024-01-20"]] if told else [])


def closed(first, last):
    sales = days(lift=1.6)
    sales.loc[sales["date"].between(pd.Timestamp(first), pd.Timestamp(last)), "pay_amount"] = 20.0
    return analysed(shop_daily=sales)


@pytest.mark.parametrize(
    ("first", "last", "shut", "fewer"),
    [
        ("2024-05-20", "2024-05-29", True, 0),  # in the days of waiting, which are no past
        ("2024-06-10", "2024-06-14", True, 0),
        ("2024-04-01", "2024-04-10", False, 10),  # long before: days that are not ordinary, and no doubt
        ("2024-05-20", "2024-05-23", False, 0),  # four days are no closed shop
    ],
)
def test_a_shop_closed_around_a_campaign_is_weak_evidence_and_closed_days_are_no_ordinary_ones(
    first, last, shut, fewer
):
    one = only(closed(first, last)).increment
    assert ("shut" in one.reasons) is shut and bool(one.shut) is shut
    assert one.found.before == only(analysed(shop_daily=days(lift=1.6))).increment.found.before - fewer


def test_days_around_on_which_the_shop_was_closed_tell_no_pull_forward():
    review = only(closed("2024-06-09", "2024-06-16"))
    said = {f.key.rsplit(".", 1)[-1]: f for f in campaign.findings(review)}
    assert "pull" not in said and said["after"].sentence == "cp.aftershut"
    assert "6月9日至16日" in Words("zh").sentence(said["increment"].sentence, plain(said["increment"].args))


def test_a_short_past_is_refused_with_its_days():
    start = {"start": "2024-02-01", "end": "2024-02-14"}
    result = campaign.analyse(
        sheet(**start),
        {"shop_daily": days(last="2024-03-15")},
        NONE,
        FREE,
        dt.date(2024, 2, 1),
        dt.date(2024, 2, 29),
        SHOPS,
    )
    (review,) = result.reviews
    assert review.increment.verdict == Verdict.TOO_LITTLE
    finding = next(f for f in shown(result).findings if f.key.endswith(".increment"))
    assert finding.value is None and finding.args["min"].value == 42
    assert "至少42天" in Words("zh").sentence(finding.sentence, plain(finding.args))


def test_while_the_days_after_are_open_nothing_is_said_of_them():
    review = only(analysed(shop_daily=days(lift=1.6, last="2024-06-07")))
    keys = {f.key.rsplit(".", 1)[-1]: f for f in campaign.findings(review)}
    assert "pull" not in keys and plain(keys["after"].args["date"].value) == "2024-06-21"


# ---- goals, bridge, presale ------------------------------------------------------------------------------------


def test_a_goal_is_read_on_its_own_basis():
    review = only(analysed(sheet(goal_gsv=50_000.0)))
    (line,) = review.lines
    paid = days().set_index("date").loc["2024-06-01":"2024-06-07", ["pay_amount", "refund_amount"]].sum()
    assert line.metric == "gsv" and line.actual == pytest.approx(paid["pay_amount"] - paid["refund_amount"])
    finding = campaign.findings(review)[0]
    assert finding.verdict == Verdict.OVER_GOAL and finding.args["basis"].value == "basis.gsv"


def test_gsv_is_less_the_refunds_of_the_campaigns_own_orders_where_they_are_told():
    """A refund of an earlier order in the campaign is none of it; one of its orders after it is."""
    dated = [
        ("2024-05-30", "2024-06-02", 500.0),
        ("2024-06-03", "2024-06-20", 800.0),
        ("2024-05-02", "2024-05-09", 1.0),
    ]
    rows = [{"platform": "tmall", "shop": "a", "refund_id": str(n), "status": "success"} for n in range(3)]
    times = [
        {"paid_at": paid, "applied_at": back, "refunded_at": back, "refund_amount": amount}
        for paid, back, amount in dated
    ]
    rows = [row | time for row, time in zip(rows, times, strict=True)]
    refunds = frame(TABLES["refunds"], {name: [row[name] for row in rows] for name in rows[0]})
    review = only(analysed(sheet(goal_gsv=50_000.0), refunds=refunds))
    (line,) = review.lines
    assert line.actual == pytest.approx(review.figures["pay_amount"].value - 800)
    assert "kpi.campaign.gsv.paid" in [kpi.label for kpi in shown(analysed(sheet(), refunds=refunds)).kpis]


def test_goals_without_one_of_sales_have_their_table_and_a_goal_of_nothing_is_none():
    page = shown(analysed(sheet(goal_orders=5.0, goal_visitors=9000.0, goal_pay_amount=0.0)))
    (table,) = [x.table for x in page.exhibits if x.key.endswith(".goals")]
    assert [row[0] for row in table.rows] == ["goal.orders", "goal.visitors"]
    assert [f.sentence for f in page.findings if f.key.endswith(".goal")] == ["cp.nogoal"]


def test_a_goal_on_a_basis_that_the_data_do_not_tell_is_not_called_missing():
    page = shown(analysed(sheet(goal_gsv=50_000.0), shop_daily=days().assign(refund_amount=np.nan)))
    (finding,) = [f for f in page.findings if f.key.endswith(".goal")]
    assert finding.sentence == "cp.goal.untold" and finding.args["goal"].value == 50_000.0
    for locale in ("zh", "en"):
        assert "{" not in Words(locale).sentence(finding.sentence, plain(finding.args))


def test_the_peak_day_is_shown_by_the_hour_of_payment():
    at = pd.date_range("2024-06-04 20:00", periods=300, freq="10s")
    rows = {"platform": ["tmall"] * 300, "shop": ["a"] * 300, "order_id": [str(n) for n in range(300)], "paid_at": at}
    orders = frame(TABLES["orders"], rows | {"paid_amount": [9.0] * 300, "counted": [True] * 300})
    table = days()
    table.loc[table["date"] == pd.Timestamp("2024-06-04"), "pay_amount"] *= 3
    day, hours = only(analysed(shop_daily=table, orders=orders)).peak
    assert day == dt.date(2024, 6, 4) and hours.busiest[0] == 20 and sum(hours.orders) == 300
    assert only(analysed(shop_daily=table, orders=orders.assign(paid_at=at.normalize()))).peak is None


@pytest.mark.parametrize(("given", "told"), [("周年庆", True), (None, False), ("2024-05-01..2024-05-07", False)])
def test_a_comparison_that_names_nothing_known_is_said(given, told):
    """The campaign itself is nothing to compare it with."""
    assert ("note.campaign.unmatched" in notes(analysed(sheet(compare_to=given)))) is told


def test_a_bridge_that_cannot_be_made_is_named_with_what_brings_it():
    page = shown(analysed(shop_daily=days().drop(columns=["visitors", "pay_buyers"])))
    assert "campaign.u5468u5e74u5e86.bridge" in [m.key for m in page.missing]


def test_every_goal_that_was_missed_is_said():
    review = only(analysed(sheet(goal_pay_amount=1.0, goal_pay_cvr=0.5, goal_revenue_per_buyer=1.0)))
    said = {f.key.rsplit(".", 2)[-1]: f.verdict for f in campaign.findings(review) if ".goal." in f.key}
    assert said == {"pay_cvr": Verdict.UNDER_GOAL, "revenue_per_buyer": Verdict.OVER_GOAL}


def test_a_control_given_for_a_platforms_event_is_accepted_with_a_warning():
    both = pd.concat([days(lift=1.6), days(shop="b", seed=9)])
    assert "note.campaign.explicit" in notes(analysed(sheet(kind="platform", control="b"), shop_daily=both))


def test_people_are_never_added_up_for_a_goal():
    (line,) = only(analysed(sheet(goal_visitors=5000.0))).lines
    assert line.actual is None and line.lacks == "people"
    exact = {"platform": "tmall", "shop": "a", "start": "2024-06-01", "end": "2024-06-07", "visitors": 6100.0}
    table = frame(TABLES["shop_period"], {name: [value] for name, value in exact.items()})
    (line,) = only(analysed(sheet(goal_visitors=5000.0), shop_period=table)).lines
    assert line.actual == 6100.0 and line.attained == pytest.approx(1.22)


def test_the_bridge_adds_up_to_the_change_and_the_picture_to_the_fen():
    review = only(analysed(shop_daily=days(lift=1.6)))
    assert sum(review.bridge.effects.values()) == pytest.approx(review.bridge.now - review.bridge.before)
    (steps,) = [x.table.rows for x in shown(analysed(shop_daily=days(lift=1.6))).exhibits if x.form == "waterfall"]  # fmt: skip
    amounts = [row[1] for row in steps]
    assert round(sum(amounts[:-1]), 2) == amounts[-1]


def test_the_bridge_of_the_textbook():
    shops = days()
    table = shops.assign(visitors=10_000.0, pay_buyers=200.0, pay_amount=20_000.0)
    inside = table["date"].between(pd.Timestamp("2024-06-01"), pd.Timestamp("2024-06-07"))
    table.loc[inside, ["visitors", "pay_buyers", "pay_amount"]] = [12_000.0, 216.0, 25_920.0]
    one = only(analysed(shop_daily=table)).bridge
    a_day = {name: round(value / 7, 2) for name, value in one.effects.items()}
    assert a_day == {"days": 0.0, "visitors": 4162.81, "pay_cvr": -2405.62, "revenue_per_buyer": 4162.81}


def test_presale_rates_are_sums_over_sums():
    rows = {"platform": ["tmall"] * 3, "shop": ["a"] * 3, "date": pd.date_range("2024-06-01", periods=3)}
    rows |= {"campaign": ["周年庆"] * 3, "deposit_buyers": [30.0, 10.0, 0.0], "balance_buyers": [0.0, 0.0, 32.0]}
    one = only(analysed(presale_daily=frame(TABLES["presale_daily"], rows))).presale
    assert one.paid == pytest.approx(0.8) and one.converted == pytest.approx(40 / 2000)


@pytest.mark.parametrize(("platform", "said"), [("tmall", "counted"), ("jd", "uncounted")])
def test_when_a_presale_counts_as_paid_is_said_for_its_platform(platform, said):
    rows = {"platform": [platform], "shop": ["a"], "date": ["2024-06-02"], "campaign": ["周年庆"]}
    rows |= {"deposit_buyers": [100], "balance_buyers": [80]}
    found = notes(analysed(presale_daily=frame(TABLES["presale_daily"], rows)))
    assert [n.rsplit(".", 1)[-1] for n in found if n.startswith("note.campaign.presale.")] == [said]


def test_presale_rows_of_another_campaign_are_not_read_as_this_ones():
    rows = {"platform": ["tmall"], "shop": ["a"], "date": [pd.Timestamp("2024-06-02")], "campaign": ["618"]}
    rows |= {"deposit_buyers": [1.0], "balance_buyers": [5.0]}
    assert only(analysed(presale_daily=frame(TABLES["presale_daily"], rows))).presale is None


def test_several_campaigns_open_the_page_without_figures_and_lack_alike_once():
    both = pd.concat([sheet(), sheet(campaign="粉丝日", start="2024-06-20", end="2024-06-22")])
    page = shown(analysed(both))
    assert not page.kpis and [m.question for m in page.missing] == ["question.campaign.market"]


def test_the_market_is_compared_by_money_over_the_same_days():
    dates = pd.date_range("2024-05-25", "2024-06-07")
    rows = {"platform": ["tmall"] * 14, "shop": ["a"] * 14, "category": ["精华"] * 14, "date": dates}
    rows |= {"metric": ["pay_amount"] * 14, "value": [100.0] * 7 + [150.0] * 7, "value_kind": ["money"] * 14}
    table = frame(TABLES["market_daily"], rows | {"source": ["screen"] * 14})
    review = only(analysed(sheet(kind="platform"), shop_daily=days(lift=1.2), market_daily=table))
    (cycle,) = review.market.paces
    assert cycle.earlier.whole == pytest.approx(0.5) and cycle.earlier.own < 0.3
    assert next(f for f in campaign.findings(review) if f.key.endswith(".market")).verdict == Verdict.BEHIND


def markets(first, last, value, metric="pay_amount", kind="money", **more):
    """Daily money of the category; ``value`` of a day."""
    dates = pd.date_range(first, last)
    rows = {"platform": "tmall", "shop": "a", "category": "精华", "metric": metric, "value_kind": kind, "source": "x"}
    table = {name: [one] * len(dates) for name, one in (rows | more).items()}
    return frame(TABLES["market_daily"], table | {"date": dates, "value": [float(value(day)) for day in dates]})


def test_the_market_is_beaten_or_not_phase_by_phase_against_the_same_phase_and_ordinary_days():
    """Sum against sum over phases of unlike length, a day against a day with ordinary days."""
    spring = sheet(campaign="春", start="2024-03-05", end="2024-03-08", presale_start="2024-03-01")
    june = sheet(start="2024-06-05", end="2024-06-12", presale_start="2024-06-01", compare_to="春")
    flat = days().assign(pay_amount=100.0)
    flat.loc[flat["date"].between(pd.Timestamp("2024-06-05"), pd.Timestamp("2024-06-12")), "pay_amount"] = 300.0
    market = markets("2024-01-01", "2024-07-15", lambda day: 2000.0 if day >= pd.Timestamp("2024-06-05") else 1000.0)
    review = only(analysed(pd.concat([spring, june]), shop_daily=flat, market_daily=market))
    presale, burst, cycle = review.market.paces
    assert (presale.earlier.own, presale.earlier.whole) == (0, 0)
    assert (burst.earlier.own, burst.earlier.whole) == (300 * 8 / 400 - 1, 2000 * 8 / 4000 - 1)
    assert (burst.usual.own, burst.usual.whole) == (2.0, 1.0)
    assert cycle.earlier.own == (400 + 2400) / 800 - 1
    said = {f.key.rsplit(".", 1)[-1]: f.verdict for f in campaign.findings(review) if ".market" in f.key}
    assert said == {"market": Verdict.AHEAD, "burst": Verdict.AHEAD, "presale": Verdict.IN_STEP}


def test_a_market_known_by_the_month_compares_whole_months_and_no_phase():
    monthly = markets("2024-01-01", "2024-01-02", lambda day: 0).rename(columns={"date": "month"})
    monthly = monthly.assign(month=pd.to_datetime(["2024-05-01", "2024-06-01"]), value=[1000.0, 1500.0])
    given = pd.concat([sheet(campaign="五月", start="2024-05-01", end="2024-05-07"), sheet(compare_to="五月")])
    months = monthly.assign(value_kind="vendor_estimate")
    review = only(analysed(given, shop_daily=days().assign(pay_amount=100.0), market_monthly=months))
    span, growth = review.market.months
    assert (span.start, span.end, growth.whole) == (dt.date(2024, 6, 1), dt.date(2024, 6, 30), 0.5)
    assert growth.own == pytest.approx(30 / 31 - 1) and review.market.estimate and not review.market.paces
    (told,) = [f for f in campaign.findings(review) if f.key.endswith(".market")]
    assert told.sentence == "cp.market.months.behind" and told.evidence.sentence == "cp.market.monthly"


def monthly_market(own, then, now):
    """The result for a shop that sold ``own`` in May and June, beside a category that sold ``then`` and ``now``."""
    monthly = markets("2024-01-01", "2024-01-02", lambda day: 0, "pay_amount", "vendor_estimate")
    monthly = monthly.rename(columns={"date": "month"})
    monthly = monthly.assign(month=pd.to_datetime(["2024-05-01", "2024-06-01"]), value=[then, now])
    given = pd.concat([sheet(campaign="五月", start="2024-05-01", end="2024-05-07"), sheet(compare_to="五月")])
    table = days()
    for month, amount in zip((5, 6), own, strict=True):
        table.loc[table["date"].dt.month == month, "pay_amount"] = amount / (31 if month == 5 else 30)
    tables = {"shop_daily": table, "market_monthly": monthly}
    name = {"zh": str(monthly["category"].iloc[0]), "en": "Facial serum"}
    return campaign.analyse(given, tables, NONE, FREE, dt.date(2024, 6, 1), dt.date(2024, 6, 30), SHOPS, name)


def test_the_market_and_the_own_growth_give_the_gap_as_shown():
    shown = campaign.show(monthly_market((10_000.0, 9_466.0), 10_000.0, 11_323.0), "compared")
    told = next(f for f in shown.findings if f.key.endswith(".market"))
    said = Words("en").sentence(told.sentence, told.args)
    assert "+13.23%" in said and "−5.34%" in said and said.endswith("behind by 18.57 points")
    (table,) = [e.table for e in shown.exhibits if e.key.endswith(".market")]
    assert {c.unit for c in table.columns} >= {"growth+1", "points+1"}
    plain = campaign.show(monthly_market((10_000.0, 9_500.0), 10_000.0, 11_000.0), "compared")
    (table,) = [e.table for e in plain.exhibits if e.key.endswith(".market")]
    assert {c.unit for c in table.columns} >= {"growth", "points"}


def test_the_market_is_called_by_the_clients_name_of_it_in_each_language():
    shown = campaign.show(monthly_market((10_000.0, 9_500.0), 10_000.0, 11_000.0), "compared")
    (notes,) = [e.notes for e in shown.exhibits if e.key.endswith(".market")]
    assert Words("en").sentence(notes[0].sentence, notes[0].args).startswith("Market: money of Facial serum on")


@pytest.mark.parametrize("part", ["cycle", "phase", "usual", "months"])
@pytest.mark.parametrize("way", [Verdict.AHEAD, Verdict.BEHIND, Verdict.IN_STEP])
def test_every_comparison_with_the_market_has_its_sentence(part, way):
    args = {"campaign": "双11", "base": "618", "phase": "爆发期", "category": "精华", "period": "x", "mkt_s": "1", "own_s": "2", "gap": "3"}  # fmt: skip
    for locale in ("zh", "en"):
        sentence = Words(locale).sentence(f"cp.market.{part}.{way}", {n: Arg(v, "text") for n, v in args.items()})
        assert "{" not in sentence and "618" in sentence


def test_the_market_of_another_platform_is_not_the_shops():
    dates = pd.date_range("2024-05-25", "2024-06-07")
    rows = {"platform": ["douyin"] * 14, "shop": ["a"] * 14, "category": ["精华"] * 14, "date": dates}
    rows |= {"metric": ["pay_amount"] * 14, "value": [100.0] * 14, "value_kind": ["money"] * 14}
    table = frame(TABLES["market_daily"], rows | {"source": ["screen"] * 14})
    assert only(analysed(market_daily=table)).market is None


def test_an_index_is_no_growth_of_money():
    dates = pd.date_range("2024-05-25", "2024-06-07")
    rows = {"platform": ["tmall"] * 14, "shop": ["a"] * 14, "category": ["精华"] * 14, "date": dates}
    rows |= {"metric": ["transaction_index"] * 14, "value": [1.0] * 14, "value_kind": ["index"] * 14}
    table = frame(TABLES["market_daily"], rows | {"source": ["screen"] * 14})
    assert only(analysed(market_daily=table)).market is None


def test_without_a_campaign_the_page_says_what_the_sheet_needs():
    assert [m.tables for m in shown(analysed(sheet(end="2024-08-01"))).missing] == [("campaigns",)]


def test_everything_shown_is_plain_data():
    page = shown(analysed(sheet(goal_pay_amount=60_000.0, warmup_start="2024-05-25")))
    for thing in (*page.findings, *page.exhibits, *page.kpis, *page.missing):
        payload(thing)
    keys = {f.key for f in page.findings}
    assert all(set(exhibit.findings) <= keys for exhibit in page.exhibits)


# ---- the demo --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo():
    client = Client.load("demo")
    data = load(client)
    tables = {name: data.get(name) for name in (*kpi_parts.USED, "market_daily", "presale_daily")}
    promotions = calendar.promotions(client.platforms(), dt.date(2022, 11, 1), dt.date(2025, 5, 30))
    holidays = calendar.holidays(dt.date(2022, 11, 1), dt.date(2025, 5, 30))
    shops = {key: one.name.both for key, one in client.shops.items()}
    period = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
    return only(campaign.analyse(data.get("campaigns"), tables, promotions, holidays, *period, shops))


def test_the_demo_increment_and_its_dips_lie_in_their_ranges(demo):
    """TRUTH.md: campaign.double_11_2024.increment, before and net; after is net of what the stock-out lost."""
    parts = demo.increment.parts
    for name, truth in (("during", 7463816), ("before", -63751), ("net", 7105242)):
        assert parts[name].low <= truth <= parts[name].high
    assert demo.increment.verdict == Verdict.WEAK and demo.increment.reasons == ("platform",)
    assert demo.campaign.key == "double_11_2024"


def test_the_demo_presale_is_that_of_its_file(demo):
    """TRUTH.md: presale.2024.deposits less the one buyer with two, presale.paid as it came out, presale.2024.inflation."""
    assert demo.presale.buyers == pytest.approx(2644, abs=5)
    assert demo.presale.paid == pytest.approx(0.8347, abs=0.01) and demo.presale.inflation == 44140


def test_the_demo_goal_is_met(demo):
    (line,) = [line for line in demo.lines if line.metric == "pay_amount"]
    assert line.goal == 10_750_000 and line.attained == pytest.approx(1.026, abs=0.001)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_demo_names_the_stock_out_beside_the_days_after_with_what_it_lost(demo, locale):
    """TRUTH.md: stock.out.from, stock.out.to, stock.lost.money: the stop lies in the fourteen days after."""
    (stopped,) = demo.stopped
    assert (stopped.stop.first, stopped.stop.last) == (dt.date(2024, 11, 12), dt.date(2024, 11, 19))
    assert stopped.money == pytest.approx(157_904, rel=0.05)
    result = campaign.Result((demo,), True, {})
    (drawn,) = [e for e in campaign.show(result, "increment").exhibits if e.key.endswith(".parts")]
    note = next(n for n in drawn.notes if n.sentence == "note.campaign.stopped")
    assert note.args["money"].value == stopped.money and Words(locale).sentence(note.sentence, plain(note.args))


def test_days_after_without_a_stock_out_name_none():
    result = analysed(sheet())
    assert only(result).stopped == ()
    assert not [n for e in shown(result).exhibits for n in e.notes if n.sentence.startswith("note.campaign.stopped")]
