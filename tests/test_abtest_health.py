"""Health: what each check looks at, what gates the verdict, and that words stand where numbers would mislead."""

import datetime as dt

import pandas as pd
import pytest
from trialled import END, NONE_SHARED, START, by_day, data, plans, rotated, shares

from kit.analyses import abtest
from kit.analyses.verdicts import AbtestVerdict as Verdict

GOOD = {"A": (14000, 700), "B": (14000, 900)}
ENOUGH = {"mde": 0.2}


def judged(rows, *changes, cutoff=END, **more):
    return abtest.analyse(plans(*changes), [data(rows, **more)], NONE_SHARED, START, END, cutoff).tests[0]


def lights(test):
    return {check.code: check.light for check in test.checks}


def test_a_sound_test_passes_everything_and_ships():
    test = judged(by_day(GOOD), ENOUGH)
    assert set(lights(test).values()) == {"ok"} and test.verdict == Verdict.SHIP


@pytest.mark.parametrize(
    ("units", "light", "verdict"), [(14000, "ok", "ship"), (14450, "warn", "ship"), (14600, "fail", "fix")]
)
def test_a_split_that_is_off_warns_and_then_blocks(units, light, verdict):
    test = judged(by_day({"A": (units, 700), "B": (14000, 900)}))
    assert (lights(test)["srm"], str(test.verdict)) == (light, verdict)


def test_data_past_the_planned_end_are_said_and_left_out():
    """Of three weeks two were planned; a test that may be read any day has no day too many."""
    test = judged(by_day(GOOD, 21))
    found = next(check for check in test.checks if check.code == "past")
    assert (found.light, found.seen.value, len(test.dates), test.reader.sums.people["A"]) == ("warn", 7, 14, 9338)
    whole = {at: arms["A"].total for at, arms in test.reader.sums.days["bought", ""].items()}
    assert test.reader.sums.whole["bought", ""]["A"].total == sum(whole.values()) < 700
    any_day = judged(by_day(GOOD, 21), {"analysis": "sequential"})
    assert "past" not in lights(any_day) and len(any_day.dates) == 21


def test_a_test_that_is_read_once_needs_a_day_on_which_it_is():
    assert lights(judged(by_day(GOOD), {"planned_end": None}))["no_end"] == "warn"
    assert "no_end" not in lights(judged(by_day(GOOD), {"planned_end": None, "analysis": "sequential"}))


def test_days_before_the_planned_start_are_said_and_left_out():
    test = judged(by_day(GOOD), {"planned_start": pd.Timestamp("2024-11-11")})
    assert lights(test)["before_start"] == "warn" and len(test.dates) == 7
    nothing = judged(by_day(GOOD), {"planned_start": pd.Timestamp("2024-11-25"), "planned_end": None})
    assert len(nothing.dates) == 14, "a plan that no day is in leaves out none"


def test_who_is_in_the_arms_is_looked_at_though_days_are_left_out():
    rows = [*by_day(GOOD, 21)]
    rows += shares({"A": (3000, 300), "B": (8000, 300)}, segment="人群", segment_value="新客")
    rows += shares({"A": (11000, 400), "B": (6000, 600)}, segment="人群", segment_value="老客")
    test = judged(rows)
    assert (lights(test)["srm_segments"], test.variants[0].segments) == ("fail", ())


@pytest.mark.parametrize(("guard", "light"), [("refund_rate", "warn"), ("value_per_visitor", "ok")])
def test_guardrails_that_the_data_lack_are_said(guard, light):
    rows = [(v, "revenue", 14000, 5000.0, {"squares": 9e4}) for v in "AB"]
    assert lights(judged(by_day(GOOD) + rows, {"guardrail_metrics": guard}))["guards"] == light


def test_a_split_of_other_versions_cannot_be_checked():
    assert lights(judged(by_day(GOOD), {"planned_split": "A:1,B:1,C:1"}))["srm"] == "none"


def test_a_key_that_two_plans_share_names_neither():
    rows = {"experiment": "甲"}, {"experiment": "乙"}
    made = abtest.analyse(plans(*rows), [], NONE_SHARED, START, END, END)
    assert len({t.plan.key for t in made.tests}) == 2


def test_no_declared_split_is_not_checked():
    assert "srm" not in lights(judged(by_day(GOOD), {"planned_split": None}))


def test_the_days_and_segments_in_which_a_split_is_off_are_counted():
    first = {"date": pd.Timestamp("2024-11-04")}
    rows = [r for r in by_day(GOOD) if not (len(r) > 4 and r[4].get("date") == first["date"])]
    rows += shares({"A": (1300, 60), "B": (700, 60)}, **first)
    rows += shares({"A": (3000, 150), "B": (2000, 150)}, segment="端", segment_value="手机")
    found = {check.code: (check.light, check.seen.value) for check in judged(rows).checks}
    assert found["srm_days"] == ("warn", 1) and found["srm_segments"][0] == "fail"


def grouped(new, old):
    """A sound test over days whose arms hold these units and buyers of two groups."""
    both = {v: (new[v][0] + old[v][0], new[v][1] + old[v][1]) for v in new}
    named = (("新客", new), ("老客", old))
    return by_day(both) + [row for name, arms in named for row in shares(arms, segment="人群", segment_value=name)]


@pytest.mark.parametrize("split", ["50:50", None])
@pytest.mark.parametrize(
    ("units", "light", "verdict"), [(7000, "ok", "ship"), (7320, "warn", "ship"), (7400, "fail", "fix")]
)
def test_arms_that_hold_other_people_are_not_compared_with_or_without_a_planned_split(units, light, verdict, split):
    arms = {"A": (units, 300), "B": (7000, 500)}, {"A": (14000 - units, 300), "B": (7000, 500)}
    test = judged(grouped(*arms), {"planned_split": split})
    assert (lights(test)["srm_segments"], str(test.verdict)) == (light, verdict)


@pytest.mark.parametrize(("new", "light"), [(8400, "ok"), (9400, "fail")])
def test_where_the_whole_split_is_off_segments_are_off_only_if_they_are_so_unlike_each_other(new, light):
    arms = {"A": (10000, 500), "B": (new, 500)}, {"A": (5000, 500), "B": (12600 - new, 500)}
    found = lights(judged(grouped(*arms)))
    assert (found["srm"], found["srm_segments"]) == ("fail", light)


@pytest.mark.parametrize(("clicks", "light", "days"), [(55, "ok", 0), (500, "warn", 1), (20, "warn", 1)])
def test_a_day_of_a_rotation_that_is_unlike_its_versions_other_days_is_said(clicks, light, days):
    seen = [50, 55, 48, 52, 49, 51, 50, 54, 51, 53, 50, clicks, 49, 54]
    rows = []
    for at, x in enumerate(seen):
        own = {"denominator": "visitors", "squares": x * x, "other": 1000, "other_squares": 1e6, "cross": 1000 * x}
        date = pd.Timestamp("2024-11-04") + pd.Timedelta(days=at)
        rows.append(("AB"[at % 2], "clicks", 1, x, own | {"date": date}))
    for v, every in (("A", seen[::2]), ("B", seen[1::2])):
        own = {"denominator": "visitors", "squares": sum(x * x for x in every), "other": 7000, "other_squares": 7e6}
        rows.append((v, "clicks", 7, sum(every), own | {"cross": 1000 * sum(every)}))
    made = abtest.analyse(
        plans({"primary_metric": "ctr", "allocation": "rotation", "unit": "day", "planned_split": None}),
        [data(rows, by_unit=False)],
        NONE_SHARED,
        START,
        END,
        END,
    ).tests[0]
    found = next(check for check in made.checks if check.code == "odd_day")
    assert (found.light, found.seen.value) == (light, days)


def test_a_reversal_by_moved_shares_has_no_number_but_the_shares():
    new, old = {"A": (2000, 40), "B": (8000, 200)}, {"A": (8000, 1600), "B": (2000, 440)}
    test = judged(grouped(new, old))
    found = next(check for check in test.checks if check.code == "srm_segments")
    assert (test.verdict, test.variants[0].decision.reason) == (Verdict.FIX, "srm_segments")
    assert dict(found.args)["a"].value in (0.2, 0.8) and found.seen.value == 1 - found.limit.value


@pytest.mark.parametrize(("both", "light", "verdict"), [(0, "ok", "ship"), (5, "warn", "ship"), (50, "fail", "fix")])
def test_units_in_several_versions_warn_and_then_block(both, light, verdict):
    test = judged(by_day(GOOD), both=both)
    assert (lights(test)["both"], str(test.verdict)) == (light, verdict)


def test_rows_that_are_not_units_are_said():
    assert lights(judged(by_day(GOOD), several=7))["repeated"] == "warn"


@pytest.mark.parametrize(("days", "light", "verdict"), [(14, "ok", "ship"), (10, "warn", "ship"), (5, "fail", "fix")])
def test_less_than_a_week_blocks_and_a_broken_week_warns(days, light, verdict):
    end = pd.Timestamp("2024-11-03") + pd.Timedelta(days=days)
    test = judged(by_day(GOOD, days), {"planned_end": end})
    assert (lights(test)["week"], str(test.verdict)) == (light, verdict)


@pytest.mark.parametrize(
    ("days", "analysis", "light", "verdict"),
    [
        (14, "fixed", "ok", "ship"),
        (13, "fixed", "warn", "ship"),
        (12, "fixed", "fail", "fix"),
        (8, "fixed", "fail", "fix"),
        (8, "sequential", "warn", "ship"),
    ],
)
def test_a_test_read_once_whose_data_stop_before_its_plan_is_not_finished(days, analysis, light, verdict):
    test = judged(by_day(GOOD, days), {"analysis": analysis})
    assert (lights(test)["stopped"], str(test.verdict)) == (light, verdict)


def test_of_a_running_test_days_that_are_not_in_yet_are_said():
    end = {"planned_end": pd.Timestamp("2024-12-10")}
    assert lights(judged(by_day(GOOD), end, cutoff=dt.date(2024, 11, 17)))["stopped"] == "ok"
    assert lights(judged(by_day(GOOD), end, cutoff=dt.date(2024, 11, 20)))["stopped"] == "warn"


@pytest.mark.parametrize(("days", "verdict"), [(2, "run"), (6, "run"), (7, "ship")])
def test_a_sequential_test_runs_a_week_however_clear(days, verdict):
    test = judged(by_day(GOOD, days), {"analysis": "sequential"}, cutoff=dt.date(2024, 11, 3 + days))
    assert str(test.verdict) == verdict


def test_a_guardrail_that_the_data_lack_holds_a_winner_back():
    (one,) = judged(by_day(GOOD), {"guardrail_metrics": "refund_rate", "margin": 0.02}).variants
    assert (one.decision.verdict, one.decision.reason) == (Verdict.UNDECIDED, "guardrail_missing")
    assert one.lacking == ("refund_rate",)


def test_a_running_test_may_still_fill_its_week():
    test = judged(by_day(GOOD, 5), cutoff=dt.date(2024, 11, 9))
    assert (lights(test)["week"], test.verdict) == ("warn", Verdict.RUN)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"missing": (dt.date(2024, 11, 9),)}, "days"),
        ({"partly": (dt.date(2024, 11, 9),)}, "days"),
        ({"blank": {("bought", "A"): 60}}, "blank"),
        ({"heaviest": {("revenue", "A"): 0.2}}, "heaviest"),
    ],
)
def test_what_rows_say_of_themselves_is_a_light(facts, code):
    test = judged(by_day(GOOD), **facts)
    assert lights(test)[code] == "warn" and test.verdict == Verdict.SHIP


def test_a_verdict_that_hangs_on_extremes_is_said():
    rows = [("A", "revenue", 1000, 5000.0, {"squares": 5e4}), ("B", "revenue", 1000, 9000.0, {"squares": 9e7})]
    test = data(by_day(GOOD) + rows)
    names = ("variant", "metric", "cut", "units", "total", "squares")
    cut = [("A", "revenue", 50.0, 1000.0, 5000.0, 5e4), ("B", "revenue", 50.0, 1000.0, 5600.0, 6e4)]
    test.trimmed = pd.DataFrame(cut, columns=names)
    made = abtest.analyse(plans({"primary_metric": "value_per_visitor"}), [test], NONE_SHARED, START, END, END).tests[0]
    assert lights(made)["trimmed"] == "warn"


def test_a_difference_from_before_the_test_is_said():
    own = {"denominator": "pre_revenue", "squares": 9e4, "other_squares": 9e4, "cross": 0.0}
    rows = [
        ("A", "revenue", 1000, 5000.0, own | {"other": 4000.0}),
        ("B", "revenue", 1000, 5000.0, own | {"other": 6000.0}),
    ]
    rows += [(v, m, n, t, {"squares": 9e4}) for v, m, n, t, _ in rows]
    test = judged(by_day(GOOD) + rows, {"guardrail_metrics": "value_per_visitor"})
    assert lights(test)["before"] == "warn"


def test_fresh_revenue_is_not_final():
    rows = [(v, "revenue", 14000, 5000.0, {"squares": 9e4}) for v in "AB"]
    assert lights(judged(by_day(GOOD) + rows))["refunds"] == "warn"
    assert lights(judged(by_day(GOOD) + rows, cutoff=dt.date(2024, 12, 20)))["refunds"] == "ok"


def test_early_looks_are_counted():
    test = judged(by_day(GOOD), {"looks": 4})
    assert lights(test)["looks"] == "warn"
    assert (test.variants[0].decision.verdict, test.variants[0].decision.reason) == (Verdict.UNDECIDED, "looks")


# ---- what cannot be compared -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "changes", "why"),
    [
        (shares({"A": (10, 1)}), {}, "one_variant"),
        (shares({"X": (10, 1), "Y": (10, 1)}), {"control": None}, "no_control"),
        (shares({"A": (10, 1), "B": (10, 1)}, "seen"), {}, "no_metric"),
        ([*shares({"A": (10, 1)}), ("B", "", 9, 9)], {}, "no_units"),
    ],
)
def test_what_is_lacking_has_a_code_and_no_variants(rows, changes, why):
    test = judged(rows, changes)
    assert (test.why, test.variants, test.verdict) == (why, (), Verdict.NONE)


@pytest.mark.parametrize(
    ("arms", "verdict", "reason"),
    [
        ({"A": (900, 0), "B": (900, 0)}, "none", "zero"),
        ({"A": (1, 1), "B": (900, 9)}, "none", "one_unit"),
        ({"A": (0, 0), "B": (900, 9)}, "none", "no_units"),
        ({"A": (900, 900), "B": (900, 900)}, "same", ""),
        ({"A": (2000, 0), "B": (2100, 5)}, "none", "few_successes"),
        ({"A": (2000, 0), "B": (2100, 50)}, "ship", ""),
    ],
)
def test_degenerate_arms_have_words(arms, verdict, reason):
    test = judged(by_day(arms), {"planned_split": None, "mde": 0.1})
    (one,) = test.variants
    assert (str(one.decision.verdict), one.decision.reason) == (verdict, reason)


def test_identical_values_are_not_a_tie_but_unknown():
    rows = [(v, "revenue", 50, 500.0, {"squares": 5000.0}) for v in "AB"]
    (one,) = judged([*by_day(GOOD), *rows], {"primary_metric": "value_per_visitor"}).variants
    assert (one.decision.verdict, one.decision.reason) == (Verdict.NONE, "no_variation")


def test_a_plan_without_data_and_data_without_a_plan_are_both_tests():
    made = abtest.analyse(plans(), [data(by_day(GOOD), name="other")], NONE_SHARED, START, END, END)
    assert [(t.plan.name, t.why) for t in made.tests] == [("首屏改版", "no_data"), ("other", "undeclared")]


def test_variants_that_alternate_by_day_are_a_rotation_without_being_told():
    rows = rotated({"A": {"clicks": 50}, "B": {"clicks": 60}})
    test = judged(rows, {"primary_metric": "ctr", "allocation": None, "unit": "day"}, by_unit=False)
    assert (test.plan.allocation, test.verdict) == ("rotation", Verdict.RECOMMEND)


@pytest.mark.parametrize(
    ("start", "end", "live"),
    [
        ("2024-10-01", "2024-10-31", 0),
        ("2024-10-20", "2024-11-02", 1),
        ("2024-11-28", "2024-12-10", 1),
        (None, None, 1),
    ],
)
def test_only_tests_that_were_live_in_the_period_are_in_it(start, end, live):
    rows = {"planned_start": start and pd.Timestamp(start), "planned_end": end and pd.Timestamp(end)}
    made = abtest.analyse(plans(rows), [], NONE_SHARED, START, END, END)
    assert len(made.tests) == live
