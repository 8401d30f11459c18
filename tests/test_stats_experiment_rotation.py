"""Days that alternate: a second way by refitting every permutation, error rates, intervals, and one verdict always."""

import datetime as dt
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.stats.experiment import rotation
from kit.stats.experiment.rotation import Day

START = dt.date(2024, 11, 13)
MAIN_IMAGE = (
    [19232, 20869, 18438, 17119, 20321, 20246, 21882, 17310, 20029, 20064, 20541, 19927, 21911, 22030],
    [862, 990, 846, 797, 909, 960, 955, 864, 948, 1057, 946, 1020, 1063, 1162],
)
"""Impressions and clicks of a fortnight in which a main image alternates; the second one draws 8 % more clicks."""


def days(totals, bases, start=START):
    return [
        Day(start + dt.timedelta(n), float(t), float(b)) for n, (t, b) in enumerate(zip(totals, bases, strict=True))
    ]


def alternating(totals, bases):
    """Control on the first day, variant on the second, and so on."""
    every = days(totals, bases)
    return every[::2], every[1::2]


def refitted(totals, bases, marks):
    """Weighted regression of the daily rate on variant, weekday and day: the variant's partial correlation squared
    times the sign, and its coefficient."""
    n = np.arange(len(marks))
    nuisance = np.column_stack([(n % 7)[:, None] == np.arange(7), n]).astype(float)
    root = np.sqrt(bases)[:, None]
    solve = [np.linalg.lstsq(root * nuisance, root * v[:, None], rcond=None)[0] for v in (totals / bases, marks)]
    rate, own = (root * (v[:, None] - nuisance @ b) for v, b in zip((totals / bases, marks), solve, strict=True))
    if (own**2).sum() < 1e-9:
        return 0.0, 0.0
    return float((own * rate).sum() / np.sqrt((own**2).sum())), float((own * rate).sum() / (own**2).sum())


def by_refitting(totals, bases, marks):
    """p over all 128 ways of swapping the two days of a weekday."""
    totals, bases, marks = (np.array(v, float) for v in (totals, bases, marks))
    seen, reached = abs(refitted(totals, bases, marks)[0]), []
    for swap in itertools.product([False, True], repeat=7):
        way = np.where(np.tile(swap, 2), np.roll(marks, 7), marks)
        reached.append(abs(refitted(totals, bases, way)[0]) >= seen - 1e-9)
    return np.mean(reached)


MARKS = np.arange(14) % 2


def test_effect_and_p_are_those_of_refitting_every_way_of_giving_out_the_days():
    bases, clicks = MAIN_IMAGE
    found = rotation.compare(*alternating(clicks, bases), 0.05)
    totals, weights = np.array(clicks, float), np.array(bases, float)
    assert found.difference == pytest.approx(refitted(totals, weights, MARKS.astype(float))[1])
    assert found.p == by_refitting(clicks, bases, MARKS) == 2 / 128
    assert found.differs and found.lift_low < 0.08 < found.lift_high and found.guarantee == "approximate"


@pytest.mark.parametrize("seed", range(5))
def test_interval_ends_are_where_the_test_of_that_effect_turns(seed):
    rng = np.random.default_rng(seed)
    bases = rng.integers(500, 1500, 14).astype(float)
    clicks = bases * rng.uniform(0.04, 0.06, 14)
    found = rotation.compare(*alternating(clicks, bases), 0.05)
    step = 1e-6 * (found.high - found.low)
    for end, inward in ((found.low, 1), (found.high, -1)):
        inside, outside = (
            by_refitting(clicks - MARKS * bases * (end + s * step), bases, MARKS) for s in (inward, -inward)
        )
        assert outside < 0.05 <= inside
    for end, inward in ((found.lift_low, 1), (found.lift_high, -1)):
        inside, outside = (
            by_refitting(clicks / (1 + MARKS * (end + s * 1e-6)), bases, MARKS) for s in (inward, -inward)
        )
        assert outside < 0.05 <= inside


RATES = st.lists(st.integers(0, 12), min_size=14, max_size=14)


@given(
    RATES, st.lists(st.integers(1, 30), min_size=14, max_size=14), st.sampled_from([0.03, 0.05, 0.2]), st.integers(1, 3)
)
def test_p_difference_and_lift_never_contradict_each_other(rates, bases, alpha, variants):
    totals = [rate * base for rate, base in zip(rates, bases, strict=True)]
    found = rotation.compare(*alternating(totals, bases), alpha, variants)
    assert found.consistent
    if found.low is not None:
        assert found.low <= found.difference <= found.high


def fortnight(rng, effect, drift, weeks=2):
    """Daily impressions and clicks of alternating variants, with weekdays, drift and a mood of the day."""
    n = np.arange(7 * weeks)
    bases = rng.integers(17_000, 23_000, len(n))
    rate = 0.046 * (1 + 0.1 * np.sin(2 * np.pi * n / 7)) * (1 + drift * n / 14) * np.exp(rng.normal(0, 0.018, len(n)))
    return rng.binomial(bases, rate * np.where(n % 2, 1 + effect, 1)), bases


@pytest.mark.parametrize("drift", [0.0, 0.3])
def test_without_an_effect_at_most_the_stated_share_is_called_whatever_the_drift(drift):
    rng = np.random.default_rng(1)
    found = [rotation.compare(*alternating(*fortnight(rng, 0.0, drift)), 0.05) for _ in range(400)]
    assert np.mean([f.differs for f in found]) <= 0.05 + 2 * (0.05 * 0.95 / 400) ** 0.5


def test_an_effect_of_8_percent_is_mostly_found_in_a_fortnight_and_covered():
    rng = np.random.default_rng(2)
    found = [rotation.compare(*alternating(*fortnight(rng, 0.08, 0.1)), 0.05) for _ in range(400)]
    assert np.mean([f.differs for f in found]) > 0.75
    assert np.mean([f.lift_low <= 0.08 <= f.lift_high for f in found]) > 0.93


def test_longer_rotations_are_drawn_and_give_the_same_each_time():
    arms = alternating(*fortnight(np.random.default_rng(3), 0.05, 0.0, 6))
    found = rotation.compare(*arms, 0.05)
    assert found == rotation.compare(*arms, 0.05)
    assert len(rotation.every_way(*arms).statistic) == rotation.MOST
    assert found.differs and found.consistent


def test_drawn_ways_stand_for_all_of_them(monkeypatch):
    arms = alternating(*fortnight(np.random.default_rng(4), 0.01, 0.0, 4))
    whole = rotation.compare(*arms, 0.05)
    assert len(rotation.every_way(*arms).statistic) == 6**7
    monkeypatch.setattr(rotation, "MOST", 100_000)
    drawn = rotation.compare(*arms, 0.05)
    assert len(rotation.every_way(*arms).statistic) == 100_000
    assert drawn.p == pytest.approx(whole.p, abs=0.004)
    assert (drawn.low, drawn.high) == pytest.approx((whole.low, whole.high), abs=0.02 * (whole.high - whole.low))


@pytest.mark.parametrize(
    ("control", "variant", "code"),
    [
        ([], range(7), "no_units"),
        (range(7), range(7, 14), "time_is_variant"),  # one after the other: before and after, not a rotation
        ([0, 1, 2, 3, 4, 7, 8, 9, 10, 11], [5, 6, 12, 13], "time_is_variant"),  # one of them at weekends
        (range(0, 10, 2), range(1, 10, 2), "too_few_days"),
    ],
)
def test_what_cannot_be_told_has_a_code(control, variant, code):
    every = days(range(10, 24), [100] * 14)
    found = rotation.compare([every[n] for n in control], [every[n] for n in variant], 0.05)
    assert found.withheld == (code,) and found.p is None and found.low is None


def test_values_are_given_where_the_test_cannot_be():
    found = rotation.compare(*alternating([10, 20, 10, 20], [100] * 4), 0.05)
    assert (found.control, found.variant) == pytest.approx((0.1, 0.2))


def test_days_without_a_base_are_left_out():
    control, variant = alternating(*MAIN_IMAGE[::-1])
    idle = Day(START + dt.timedelta(40), 0.0, 0.0)
    assert rotation.compare([*control, idle], [idle, *variant], 0.05) == rotation.compare(control, variant, 0.05)


def test_a_control_that_sold_nothing_has_no_lift():
    variant = [9, 8, 9, 10, 9, 8, 9]
    found = rotation.compare(*alternating([n for sold in variant for n in (0, sold)], [100] * 14), 0.05)
    assert found.withheld == ("control_not_above_zero",) and found.differs and found.low > 0


@pytest.mark.parametrize("effect", [0.0, 2.0])
def test_days_of_which_weekday_drift_and_variant_leave_nothing_have_no_interval_without_width(effect):
    totals = [10 + n % 7 + 0.5 * n + effect * (n % 2) for n in range(14)]
    found = rotation.compare(*alternating(totals, [100] * 14), 0.05)
    assert found.withheld == ("no_variation",) and found.p is None and found.low is None
    assert found.difference == pytest.approx(effect / 100, abs=1e-12)


def test_how_many_alternating_days_can_ever_tell():
    assert [rotation.days_needed(alpha) for alpha in (0.05, 0.01, 0.001)] == [13, 15, 22]
    arms = alternating([1] * 12, [1] * 12)
    assert rotation.least_p(*arms) >= 0.05 > rotation.least_p(*alternating([1] * 14, [1] * 14)) == 2 / 128


def test_several_variants_share_the_error_that_is_allowed():
    arms = alternating(*MAIN_IMAGE[::-1])
    assert rotation.compare(*arms, 0.05, 3).p == 3 * rotation.compare(*arms, 0.05).p
    assert rotation.compare(*arms, 0.05, 4).withheld == ("too_few_days",)
