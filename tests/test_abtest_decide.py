"""The decision table, row by row; and that verdict, p and both intervals never contradict each other."""

import numpy as np
import pytest
from trialled import PLAN

from kit.analyses.abtest import decide
from kit.analyses.abtest.decide import Facts, guarded
from kit.analyses.abtest.declare import plan
from kit.analyses.verdicts import AbtestVerdict as Verdict
from kit.stats.experiment import means, proportions
from kit.stats.experiment.comparison import Comparison, without_test
from kit.stats.experiment.sums import Counts, Moments


def found(low, high, p=None):
    """A comparison of a control of 1 whose lift has this interval."""
    middle = (low + high) / 2
    p = (0.001 if low > 0 or high < 0 else 0.5) if p is None else p
    return Comparison(1.0, 1 + middle, middle, low, high, middle, low, high, p, 0.95, "score", "asymptotic")


UP, DOWN, OPEN, SMALL = found(0.05, 0.2), found(-0.2, -0.05), found(-0.05, 0.2), found(-0.02, 0.03)
TINY = found(0.01, 0.04)
VALUES = without_test(1.0, 1.1, 0.95, "described", "approximate", "not_randomised")
ALIKE = without_test(1.0, 1.0, 0.95, "welch", "asymptotic", "no_variation")
NOTHING = without_test(None, None, 0.95, "score", "asymptotic", "no_units")
ZERO = Comparison(0.0, 0.0, 0.0, -0.1, 0.1, None, None, None, 1.0, 0.95, "score", "asymptotic", ("control",))


@pytest.mark.parametrize(
    ("changes", "facts", "verdict", "reason"),
    [
        ({}, {"comparison": UP}, Verdict.SHIP, ""),
        ({}, {"comparison": DOWN}, Verdict.DONT_SHIP, "worse"),
        ({"direction": "decrease"}, {"comparison": DOWN}, Verdict.SHIP, ""),
        ({"direction": "decrease"}, {"comparison": UP}, Verdict.DONT_SHIP, "worse"),
        ({}, {"comparison": SMALL}, Verdict.SAME, ""),
        ({}, {"comparison": TINY}, Verdict.SAME, ""),
        ({"mde": None}, {"comparison": TINY}, Verdict.SHIP, ""),
        ({}, {"comparison": OPEN, "adequate": True}, Verdict.UNDECIDED, "adequate"),
        ({}, {"comparison": OPEN, "adequate": False}, Verdict.UNDERPOWERED, ""),
        ({}, {"comparison": OPEN, "adequate": None}, Verdict.UNDECIDED, "adequate"),
        ({}, {"comparison": UP, "guard": "failed"}, Verdict.DONT_SHIP, "guardrail"),
        ({}, {"comparison": UP, "guard": "open"}, Verdict.UNDECIDED, "guardrail"),
        ({}, {"comparison": UP, "guard": "unset"}, Verdict.SHIP, ""),
        ({"looks": 3}, {"comparison": UP}, Verdict.UNDECIDED, "looks"),
        ({"looks": 3, "analysis": "sequential"}, {"comparison": UP}, Verdict.SHIP, ""),
        ({}, {"comparison": UP, "early": True}, Verdict.RUN, ""),
        ({"analysis": "sequential"}, {"comparison": UP, "early": True}, Verdict.SHIP, ""),
        ({"analysis": "sequential"}, {"comparison": OPEN, "early": True}, Verdict.RUN, ""),
        ({"analysis": "sequential"}, {"comparison": UP, "early": True, "days": 6}, Verdict.RUN, "week"),
        ({"analysis": "sequential"}, {"comparison": UP, "early": True, "days": 7}, Verdict.SHIP, ""),
        ({"analysis": "sequential"}, {"comparison": UP, "early": True, "guard": "open"}, Verdict.RUN, "guardrail"),
        ({"analysis": "sequential"}, {"comparison": DOWN, "early": True, "guard": "open"}, Verdict.DONT_SHIP, "worse"),
        ({"analysis": "sequential"}, {"comparison": UP, "guard": "open"}, Verdict.UNDECIDED, "guardrail"),
        (
            {"analysis": "sequential"},
            {"comparison": OPEN, "early": True, "guard": "failed"},
            Verdict.DONT_SHIP,
            "guardrail",
        ),
        (
            {"analysis": "sequential"},
            {"comparison": UP, "early": True, "guard": "failed", "days": 6},
            Verdict.RUN,
            "week",
        ),
        ({}, {"comparison": OPEN, "early": True, "guard": "failed"}, Verdict.RUN, ""),
        ({}, {"comparison": UP, "against": "loses"}, Verdict.UNDECIDED, "loses"),
        ({}, {"comparison": UP, "against": "faded", "guard": "kept"}, Verdict.UNDECIDED, "faded"),
        ({}, {"comparison": UP, "against": "loses", "guard": "open"}, Verdict.UNDECIDED, "guardrail"),
        ({}, {"comparison": DOWN, "against": "loses"}, Verdict.DONT_SHIP, "worse"),
        ({"analysis": "sequential"}, {"comparison": UP, "early": True, "against": "loses"}, Verdict.UNDECIDED, "loses"),
        ({"analysis": "sequential"}, {"comparison": UP, "early": True, "against": "faded"}, Verdict.RUN, "faded"),
        ({}, {"comparison": UP, "guard": "missing"}, Verdict.UNDECIDED, "guardrail_missing"),
        ({}, {"comparison": DOWN, "guard": "missing"}, Verdict.DONT_SHIP, "worse"),
        ({"allocation": "rotation"}, {"comparison": UP, "guard": "missing"}, Verdict.UNDECIDED, "guardrail_missing"),
        ({}, {"comparison": UP, "failed": "srm"}, Verdict.FIX, "srm"),
        ({}, {"comparison": UP, "failed": "srm", "early": True, "guard": "failed"}, Verdict.FIX, "srm"),
        ({"allocation": "rotation"}, {"comparison": UP}, Verdict.RECOMMEND, ""),
        ({"allocation": "rotation"}, {"comparison": DOWN}, Verdict.DONT_SHIP, "worse"),
        ({"allocation": "platform-optimised"}, {"comparison": VALUES}, Verdict.DESCRIBED, "tool"),
        ({"allocation": ""}, {"comparison": VALUES}, Verdict.DESCRIBED, "unsaid"),
        ({"allocation": "before-after"}, {"comparison": VALUES}, Verdict.WEAK, ""),
        ({}, {"comparison": None}, Verdict.NONE, "no_data"),
        ({}, {"comparison": NOTHING}, Verdict.NONE, "no_units"),
        ({}, {"comparison": ALIKE}, Verdict.NONE, "no_variation"),
        ({}, {"comparison": ZERO}, Verdict.NONE, "zero"),
    ],
)
def test_the_first_row_that_holds_decides(changes, facts, verdict, reason):
    made = decide.decide(Facts(plan(PLAN | changes), **facts))
    assert (made.verdict, made.reason) == (verdict, reason)


@pytest.mark.parametrize("allocation", ["rotation", "platform-optimised", "before-after", ""])
@pytest.mark.parametrize("comparison", [UP, DOWN, OPEN, SMALL, VALUES])
def test_only_what_was_split_at_random_can_end_in_ship(allocation, comparison):
    made = decide.decide(Facts(plan(PLAN | {"allocation": allocation}), comparison))
    assert made.verdict != Verdict.SHIP


@pytest.mark.parametrize(
    ("low", "high", "better", "margin", "state"),
    [
        (-0.01, 0.05, 1, 0.02, "kept"),
        (-0.03, 0.05, 1, 0.02, "open"),
        (-0.09, -0.03, 1, 0.02, "failed"),
        (-0.09, -0.01, 1, 0.02, "open"),
        (0.03, 0.09, -1, 0.02, "failed"),
        (-0.09, 0.01, -1, 0.02, "kept"),
        (-0.09, -0.01, 1, None, "failed"),
        (-0.09, 0.01, 1, None, "unset"),
        (-0.01, 0.05, 0, 0.02, "open"),
        (-0.01, 0.015, 0, 0.02, "kept"),
        (0.03, 0.05, 0, 0.02, "open"),
        (0.03, 0.05, 0, None, "unset"),
    ],
)
def test_a_guardrail_is_where_its_interval_lies_against_its_margin(low, high, better, margin, state):
    assert guarded(found(low, high), better, margin) == state


def test_without_a_lift_a_margin_is_taken_of_the_controls_value():
    bare = Comparison(2.0, 1.9, -0.1, -0.3, 0.1, None, None, None, 0.4, 0.95, "m", "asymptotic", ("control",))
    assert guarded(bare, 1, 0.2) == "kept" and guarded(bare, 1, 0.1) == "open"


def agrees(comparison, facts):
    """Whether a verdict says the same as p and both intervals."""
    verdict = decide.decide(facts).verdict
    clear = verdict in (Verdict.SHIP, Verdict.DONT_SHIP)
    if not comparison.consistent:
        return False
    if clear:
        return comparison.differs
    return verdict == Verdict.SAME or not comparison.differs


def test_no_verdict_contradicts_p_difference_or_lift_over_random_tests():
    rng = np.random.default_rng(2024)
    checked = 0
    for _ in range(800):
        n = rng.integers(20, 4000, 2)
        k = rng.binomial(n, rng.uniform(0.001, 0.6) * rng.uniform(0.6, 1.0, 2))
        arms = [Counts(int(a), int(b)) for a, b in zip(n, k, strict=True)]
        comparison = proportions.compare(*arms, 0.05)
        facts = Facts(plan(PLAN), comparison, adequate=bool(rng.random() < 0.5))
        assert agrees(comparison, facts), arms
        checked += decide.decide(facts).verdict != Verdict.NONE
    assert checked > 600


def test_the_same_holds_for_means_down_to_a_control_near_zero_or_below():
    rng = np.random.default_rng(7)
    for _ in range(300):
        values = [rng.normal(rng.uniform(-1, 2), 1, rng.integers(5, 200)) for _ in range(2)]
        arms = [Moments(len(v), float(v.sum()), float((v**2).sum())) for v in values]
        comparison = means.compare(*arms, 0.05)
        assert agrees(comparison, Facts(plan(PLAN), comparison))
