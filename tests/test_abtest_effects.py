"""Which test compares which metric, that many metrics are adjusted, and what an effect is worth."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from trialled import END, NONE_SHARED, PLAN, START, binary, by_day, data, plans, rotated, shares, sums

from kit.analyses import abtest
from kit.analyses.abtest import decide
from kit.analyses.abtest.arms import read
from kit.analyses.abtest.declare import metrics, plan
from kit.analyses.abtest.effects import Reader
from kit.analyses.abtest.segments import splits
from kit.stats.experiment import cuped, dunnett, means, proportions, ratios, sequential
from kit.stats.experiment.sums import Counts, Moments, Pairs

AB = {"A": (1000, 50), "B": (1000, 70)}


def reader(rows, by_unit=True, **changes):
    frame = sums(*rows)
    return Reader(plan(PLAN | changes), read(frame, by_unit, binary(frame), ("visitors",)), "A")


def first(found):
    """The comparison of the deciding metric."""
    asked = metrics(found.plan, found.sums.pairs)
    return found.effects(asked, 0.05)[0].comparison


def test_a_share_of_units_is_compared_by_the_score_test():
    assert first(reader(shares(AB))) == proportions.compare(Counts(1000, 50), Counts(1000, 70), 0.05)


def test_a_figure_per_unit_is_compared_by_welch():
    rows = [("A", "revenue", 400, 2000.0, {"squares": 90000.0}), ("B", "revenue", 410, 2400.0, {"squares": 99000.0})]
    expected = means.compare(Moments(400, 2000.0, 90000.0), Moments(410, 2400.0, 99000.0), 0.05)
    assert first(reader(rows, primary_metric="value_per_visitor")) == expected


ONE = {"denominator": "orders", "squares": 90000.0, "other": 500.0, "other_squares": 800.0, "cross": 2600.0}


def test_a_ratio_of_two_sums_is_compared_by_the_delta_method():
    rows = [("A", "revenue", 400, 2000.0, ONE), ("B", "revenue", 410, 2400.0, ONE)]
    expected = ratios.compare(
        *(Pairs(n, t, 90000.0, 500.0, 800.0, 2600.0) for n, t in ((400, 2000.0), (410, 2400.0))), 0.05
    )
    assert first(reader(rows, primary_metric="order_value")) == expected


def test_what_was_known_before_the_test_steadies_a_mean_and_how_much_is_known():
    before = ONE | {"denominator": "pre_revenue"}
    rows = [("A", "revenue", 400, 2000.0, before), ("B", "revenue", 410, 2400.0, before)]
    rows += [(v, m, n, t, {"squares": 90000.0}) for v, m, n, t, _ in rows]
    found = reader(rows, primary_metric="value_per_visitor")
    arms = [Pairs(n, t, 90000.0, 500.0, 800.0, 2600.0) for n, t in ((400, 2000.0), (410, 2400.0))]
    assert first(found) == cuped.compare(*arms, 0.05)
    (metric, *_) = metrics(found.plan, found.sums.pairs)
    assert found.steadied(metric, "B") == cuped.adjustment(*arms)


def test_several_variants_share_one_level_for_the_deciding_metric():
    arms = AB | {"C": (1000, 60)}
    found = reader(shares(arms))
    asked = metrics(found.plan, found.sums.pairs)
    expected = dunnett.compare(Counts(1000, 50), [Counts(1000, 70), Counts(1000, 60)], 0.05)
    assert [e.comparison for e in found.effects(asked, 0.05)] == list(expected)


def test_a_sequential_plan_is_read_by_the_confidence_sequence_planned_by_the_first_days_units():
    found = reader(by_day({"A": (1400, 70), "B": (1400, 98)}), analysis="sequential")
    expected = sequential.compare(Counts(1400, 70), Counts(1400, 98), 0.05, 200 * 14)
    assert first(found) == expected


@pytest.mark.parametrize("allocation", ["platform-optimised", "before-after", ""])
def test_what_was_not_randomised_has_values_and_no_test(allocation):
    found = first(reader(shares(AB), allocation=allocation))
    assert (found.control, found.variant, found.p, found.low) == (0.05, 0.07, None, None)


def days(unit):
    """Daily sums: 1,000 visitors and 2,000 impressions a day and arm, 50 and 70 buyers or clicks."""
    rows = []
    for v, k in (("A", 50), ("B", 70)):
        for bottom, n in (("visitors", 1000), ("exposures", 2000)):
            own = {"squares": 14.0 * k * k, "other": 14.0 * n, "other_squares": 14.0 * n * n, "cross": 14.0 * k * n}
            rows.append((v, "clicks", 14, 14.0 * k, own | {"denominator": bottom}))
    return first(reader(rows, by_unit=False, unit=unit, primary_metric="ctr"))


@pytest.mark.parametrize("value", ["bought", "revenue"])
@pytest.mark.parametrize("gain", [-0.12, -0.04, 0.0, 0.05, 0.3])
def test_a_guardrails_state_is_that_of_the_test_against_its_margin(value, gain):
    """Kept is not inferior; where nobody said which way is worse, it is equivalent."""
    rows = [("A", "bought", 9000, 900.0, {}), ("B", "bought", 9000, 900.0 * (1 + gain), {})]
    if value == "revenue":
        squares = {"squares": 90000.0}
        rows = [("A", "revenue", 4000, 8000.0, squares), ("B", "revenue", 4000, 8000.0 * (1 + gain), squares)]
    asked = reader(rows, primary_metric=value, guardrail_metrics="")
    metric = replace(metrics(asked.plan, asked.sums.pairs, asked.sums.binary)[0], margin=0.06)
    (effect,), against = asked.of(metric, 0.05), asked.against(metric, "B")
    assert (decide.guarded(effect.comparison, 1, 0.06) == "kept") == against.above
    assert (decide.guarded(effect.comparison, -1, 0.06) == "kept") == against.below
    assert decide.guarded(effect.comparison, 0, 0.06) == ("kept" if against.equivalent else "open")


def test_a_test_read_any_day_and_one_without_a_lot_have_no_test_against_a_margin():
    rows = [("A", "bought", 9000, 900.0, {}), ("B", "bought", 9000, 950.0, {})]
    for change in ({"analysis": "sequential"}, {"allocation": "before-after"}):
        asked = reader(rows, **change)
        metric = replace(metrics(asked.plan, asked.sums.pairs, asked.sums.binary)[0], margin=0.06)
        assert asked.against(metric, "B") is None


def test_days_count_units_only_where_the_denominator_is_the_unit_of_the_plan():
    assert days("impression").method == "score_miettinen_nurminen"
    assert days("visitor").method == "delta_fieller", "clicks by impression, randomised by visitor"


def clicked(metric, counts, visitors=100):
    """Of each arm days of so many clicks (or whatever is counted) by visitors."""
    days = [(v, at, k) for v, many in counts.items() for at, k in enumerate(many)]
    rows = []
    for v, at, k in days:
        own = {"squares": k * k, "other": visitors, "other_squares": visitors**2, "cross": k * visitors}
        rows.append((v, metric, 1, k, own | {"denominator": "visitors", "date": pd.Timestamp(2024, 11, 4 + at)}))
    whole = sums(*rows).groupby("variant")[["units", "total", "squares", "other", "other_squares", "cross"]].sum()
    more = [(v, metric, r.units, r.total, {"denominator": "visitors", **r.iloc[2:]}) for v, r in whole.iterrows()]
    return reader([*rows, *more], by_unit=False, primary_metric=f"{metric}/visitors")


@pytest.mark.parametrize(
    ("metric", "counts", "method"),
    [
        ("buyers", [5, 6, 4, 5, 6, 7, 5, 6], "score_miettinen_nurminen"),
        ("buyers", [5, 6, 4, 120, 6, 7, 5, 6], "delta_fieller"),
        ("clicks", [5, 6, 4, 5, 6, 7, 5, 6], "delta_fieller"),
    ],
)
def test_only_people_counted_once_are_a_share_of_visitors_on_every_day(metric, counts, method):
    assert first(clicked(metric, {"A": counts, "B": counts})).method == method


def test_visitors_who_click_several_times_raise_no_more_false_alarms_than_agreed():
    rng, alarms, runs = np.random.default_rng(8), 0, 300
    for _ in range(runs):
        arms = {}
        for v in "AB":
            clickers = rng.binomial(1000, 0.1, 14)
            arms[v] = [int(k + rng.poisson(0.5 * k)) for k in clickers]
        alarms += first(clicked("clicks", arms, 1000)).differs
    assert alarms / runs < 0.08, "by clicks as if each were a visitor, 0.17"


def test_secondary_metrics_stand_exactly_where_their_adjusted_p_says_so():
    rng, stood = np.random.default_rng(3), 0
    for _ in range(40):
        rows = shares(AB)
        for name in ("carted", "clicked", "seen", "read"):
            counts = {v: (1000, int(rng.binomial(1000, 0.2 + 0.03 * (v == "B")))) for v in "AB"}
            rows += [row for row in shares(counts, name) if row[1]]
        found = reader(rows)
        effects = found.effects(metrics(found.plan, found.sums.pairs), 0.05)[1:]
        assert len(effects) == 4
        for effect in effects:
            assert (effect.adjusted <= 0.05) == effect.comparison.differs
            assert effect.comparison.consistent and effect.adjusted >= effect.comparison.p
        stood += sum(e.comparison.differs for e in effects)
    assert 0 < stood < 160


def analysed(rows, *changes, **more):
    made = abtest.analyse(plans(*changes), [data(rows, **more)], NONE_SHARED, START, END, END)
    return made.tests[0]


REVENUE = [("A", "revenue", 1000, 5000.0, {"squares": 4e6}), ("B", "revenue", 1000, 9000.0, {"squares": 4e6})]


@pytest.mark.parametrize(("metric", "primary"), [("bought", "pay_cvr"), ("carted", "cart_rate")])
def test_money_is_the_revenue_that_was_recorded_with_the_interval_of_its_own_test(metric, primary):
    """Revenue varies more than conversion does: a win in conversion may leave the money open."""
    rows = [*by_day({"A": (1000, 50), "B": (1000, 90)}, metric=metric), *REVENUE]
    (one,) = analysed(rows, {"primary_metric": primary, "decision_cost": 4000}).variants
    expected = means.compare(Moments(1000, 5000.0, 4e6), Moments(1000, 9000.0, 4e6), 0.05)
    assert (one.money.low, one.money.high) == pytest.approx((expected.low, expected.high))
    assert (one.decision.verdict, one.money.value, one.money.sign) == ("ship", pytest.approx(4.0), 0)
    assert one.money.loss == pytest.approx(-expected.low * 30 * 2000 / 14)
    assert one.money.daily == pytest.approx(2000 / 14)
    assert one.money.per_month[0] == pytest.approx(4 * 30 * 2000 / 14)
    assert one.money.days_to_earn == (pytest.approx(4000 / (4 * 2000 / 14)), None)


def test_buyers_who_pay_less_are_not_worth_what_buyers_were():
    """Conversion nearly doubles while revenue stays: the revenue that was recorded stands."""
    flat = [(v, "revenue", 1000, 5000.0, {"squares": 2.6e4}) for v in "AB"]
    (one,) = analysed([*by_day({"A": (1000, 50), "B": (1000, 90)}), *flat]).variants
    assert one.money.value == 0.0 and one.money.low < 0 < one.money.high


def test_a_rotation_has_its_money_from_daily_sums():
    arms = {"A": {"buyers": 50, "gmv": 5000.0}, "B": {"buyers": 60, "gmv": 6000.0}}
    (one,) = analysed(rotated(arms), {"allocation": "rotation", "unit": "day"}, by_unit=False).variants
    assert (one.decision.verdict, one.money.sign, one.money.daily) == ("recommend", 1, 1000.0)
    assert one.money.value == pytest.approx(0.01 * 100) and one.money.low > 0


def test_of_several_winners_the_largest_is_rolled_out():
    test = analysed(by_day({"A": (9000, 450), "B": (9000, 700), "C": (9000, 650)}), {"planned_split": "1:1:1"})
    assert [(one.name, str(one.decision.verdict), one.decision.reason) for one in test.variants] == [
        ("B", "ship", ""),
        ("C", "undecided", "second"),
    ]
    assert (test.verdict, test.winner) == ("ship", "B")


def test_without_revenue_there_is_no_money():
    (one,) = analysed(by_day({"A": (1000, 50), "B": (1000, 90)})).variants
    assert one.money is None


def test_the_next_test_is_worked_out_for_the_planned_difference_at_the_traffic_there_was():
    (one,) = analysed(by_day({"A": (1400, 140), "B": (1400, 150)}), {"mde": 0.2}).variants
    assert one.size.planned.per_arm == 3841, "R's power.prop.test, 10 against 12 %"
    assert one.size.planned.days == 42, "7,682 units at 200 a day, in whole weeks"
    assert one.size.done == pytest.approx(1400 / 3841) and one.size.adequate is False
    assert one.size.need(0.2) == one.size.planned
    assert [n.per_arm for n in one.size.curve] == sorted((n.per_arm for n in one.size.curve), reverse=True)


def test_days_are_drawn_with_an_interval_that_may_be_read_any_day_and_end_with_the_planned_reading():
    (one,) = analysed(by_day({"A": (14000, 700), "B": (14000, 900)})).variants
    assert len(one.looks) == 14 and one.looks[-1] == (dt.date(2024, 11, 17), one.effect.comparison)
    assert {c.method for _, c in one.looks[:-1]} == {"confidence_sequence"}
    assert one.halves.days == (7, 7) and not one.halves.changed


def test_an_effect_that_wears_off_is_flagged():
    rows = by_day({"A": (14000, 1400), "B": (14000, 1400)})
    moved = [
        (v, m, n, t + (40 if r[0]["date"] < pd.Timestamp("2024-11-11") else -40), *r)
        if m and v == "B" and r and "date" in r[0]
        else (v, m, n, t, *r)
        for v, m, n, t, *r in rows
    ]
    (one,) = analysed(moved).variants
    assert one.halves.changed and one.halves.first.lift > 0.3 and one.halves.second.lift < -0.3


def parts(new, old):
    """Rows of a segment: arms of both groups, and of the whole."""
    both = {v: (new[v][0] + old[v][0], new[v][1] + old[v][1]) for v in "AB"}
    return [
        *by_day(both),
        *shares(new, segment="人群", segment_value="新客"),
        *shares(old, segment="人群", segment_value="老客"),
    ]


@pytest.mark.parametrize(
    ("new", "differs"),
    [
        ({"A": (5000, 250), "B": (5000, 450)}, True),
        ({"A": (5000, 250), "B": (5000, 275)}, False),
    ],
)
def test_segments_are_told_apart_by_one_test_of_interaction(new, differs):
    (one,) = analysed(parts(new, {"A": (5000, 500), "B": (5000, 550)})).variants
    (split,) = one.segments
    assert split.differs is differs and [g.value for g in split.groups] == ["新客", "老客"]
    assert not split.bends and split.standard.comparison.difference == pytest.approx(split.standard.pooled)


def test_a_total_that_moved_shares_turn_around_is_found_with_the_segment_that_moved():
    """Simpson: B is better in both groups and holds many more of those who buy less."""
    new, old = {"A": (2000, 40), "B": (8000, 200)}, {"A": (8000, 1600), "B": (2000, 440)}
    found = reader(parts(new, old))
    (metric, *_) = metrics(found.plan, found.sums.pairs, found.sums.binary)
    (split,) = splits(found, metric, "B")
    assert split.standard.pooled < 0 < split.standard.comparison.difference
    assert (split.bends and split.moved.shares == pytest.approx((0.2, 0.8))) or split.moved.shares == pytest.approx(
        (0.8, 0.2)
    )
