"""Where tools in use fail, each with the figures they fail on: what the report makes of the same test."""

import numpy as np
import pytest
from scipy import stats
from trialled import END, NONE_SHARED, START, by_day, data, plans

from kit.analyses import abtest
from kit.analyses.abtest.names import evidence
from kit.stats.experiment import fisher, looks, power
from kit.stats.experiment.sums import Counts
from kit.text import Words


def judged(rows, **plan):
    return abtest.analyse(plans(plan), [data(rows)], NONE_SHARED, START, END, END).tests[0]


def compared(rows, **plan):
    (one,) = judged(rows, **plan).variants
    return one, one.effect.comparison


def by_linear_delta(found, n0, n1):
    """The lift's interval as a linear approximation has it, and as one that takes the control for known does."""
    a, b = found.control, found.variant
    v0, v1 = a * (1 - a) / n0, b * (1 - b) / n1
    errors = np.sqrt((v1 + (b / a) ** 2 * v0) / a**2), np.sqrt(v1) / a
    return [(b / a - 1 - 1.96 * error, b / a - 1 + 1.96 * error) for error in errors]


def test_a_lift_says_what_the_difference_says_where_a_linear_approximation_does_not():
    """22 against 41 of 1,200: p 0.014, and a linear lift from −2 %."""
    one, found = compared(by_day({"A": (1200, 22), "B": (1200, 41)}), mde=None)
    linear, _ = by_linear_delta(found, 1200, 1200)
    assert linear[0] < 0 < found.lift_low and found.low > 0 and found.p < 0.05
    assert (str(one.decision.verdict), one.effect.outcome) == ("ship", "better")


def test_the_controls_own_error_is_part_of_a_lifts_interval():
    _, found = compared(by_day({"A": (9000, 270), "B": (9000, 330)}))
    _, known = by_linear_delta(found, 9000, 9000)
    assert found.lift_high - found.lift_low > 1.3 * (known[1] - known[0])


def test_a_control_without_a_sale_is_neither_nothing_nor_a_tie():
    """0 of 2,000 against 5 of 2,100 came out elsewhere as "0 (0 to 0), p = 1"."""
    one, found = compared(by_day({"A": (2000, 0), "B": (2100, 5)}), planned_split=None)
    chi_square = stats.chi2_contingency([[0, 2000], [5, 2095]], correction=False)[0]
    assert found.p == pytest.approx(stats.chi2.sf(chi_square * 4099 / 4100, 1), rel=1e-6)
    assert 0 < found.low < found.variant < found.high and found.lift is None
    assert (str(one.decision.verdict), one.decision.reason) == ("none", "few_successes")


def test_less_of_a_loss_is_an_improvement_and_has_no_percentage():
    """From −3 to −1 a unit came out elsewhere as a loss of 66 %."""
    rows = [*by_day({"A": (9000, 300), "B": (9000, 300)})]
    rows += [(v, "revenue", 9000, 9000.0 * m, {"squares": 9000.0 * (m * m + 4)}) for v, m in (("A", -3), ("B", -1))]
    test = judged(rows, primary_metric="value_per_visitor", mde=None)
    (one,) = test.variants
    found = one.effect.comparison
    assert (one.effect.outcome, found.difference, found.lift_low) == ("better", pytest.approx(2), None)
    note = evidence(test, one)
    assert "相差+￥2" in Words("zh").sentence(note.sentence, note.args)


def test_rows_without_a_value_are_counted_and_said():
    (test,) = abtest.analyse(
        plans(),
        [data(by_day({"A": (9000, 300), "B": (9000, 400)}), blank={"bought": 80})],
        NONE_SHARED,
        START,
        END,
        END,
    ).tests
    assert next(check for check in test.checks if check.code == "blank").light == "warn"


def test_more_successes_than_units_are_refused():
    with pytest.raises(ValueError, match="120"):
        Counts(100, 120)


def test_the_exact_tests_odds_are_those_of_the_sample():
    """Of Fisher's convicts 0.04, where R's are 0.0469, the likeliest given the margins."""
    found = fisher.test(Counts(13, 10), Counts(17, 2))
    assert found.p == pytest.approx(stats.fisher_exact([[2, 15], [10, 3]])[1], rel=1e-9)
    assert found.odds_ratio == pytest.approx(2 * 3 / (15 * 10))


@pytest.mark.parametrize(("name", "units"), [("pooled", 3841), ("control", 3623), ("arcsine", 3835)])
def test_calculators_that_ask_for_other_numbers_are_named(name, units):
    assert power.conventions(power.Rate(0.1), 0.2, 0.05, 0.8)[name] == units


def test_three_versions_have_the_same_values_however_often_they_are_worked_out():
    rows, split = by_day({"A": (9000, 300), "B": (9000, 360), "C": (9000, 390)}), {"planned_split": "A:1,B:1,C:1"}
    first, second = ([one.effect.comparison for one in judged(rows, **split).variants] for _ in range(2))
    assert first == second and all(one.p < 0.05 for one in first)


def test_looks_are_priced_and_undo_a_difference():
    """Five looks at 5 % each are 14.2 % false alarms, the planned one among them."""
    one, found = compared(by_day({"A": (9000, 300), "B": (9000, 400)}), looks=4)
    assert found.differs and one.decision.reason == "looks"
    assert looks.false_alarms(5, 0.05) == pytest.approx(0.142, abs=5e-4)
