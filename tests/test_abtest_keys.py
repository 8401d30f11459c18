"""Things whose names are written alike are never one finding."""

import pytest
from trialled import END, NONE_SHARED, PLAN, START, by_day, data, plans, shares

from kit.analyses import abtest
from kit.analyses.abtest.declare import keys, plan
from kit.findings import Exhibit

ARMS = {"A": (14000, 700), "B": (14000, 900)}


def result(rows, sheet, name="page"):
    trials = [data(own, name=key) for key, own in rows.items()] if isinstance(rows, dict) else [data(rows, name=name)]
    return abtest.analyse(sheet, trials, NONE_SHARED, START, END, END)


def told(found):
    """The keys of all findings, and of all exhibits."""
    pages = [abtest.overview(found), abtest.show(found), abtest.numbers(found)]
    made = [e.key for page in pages for e in page.exhibits if isinstance(e, Exhibit)]
    return [f.key for page in pages for f in page.findings], made


def unique(found):
    return all(len({*some}) == len(some) and some for some in told(found))


ALIKE = [("B", "b"), ("双", "u53cc"), ("b b", "bu20b"), ("Ä", "ä")]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_slug_alike_have_keys_of_their_own_and_the_first_keeps_its_own(one, other):
    made = keys([one, other])
    assert len({*made.values()}) == 2 and made[one] == keys([one])[one]
    assert keys([one, other]) == made and keys([one, other, "c"])[other] == made[other]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_variants_that_differ_only_by_how_they_are_written_are_told_apart(one, other):
    found = result(by_day({"A": (14000, 700), one: (14000, 900), other: (14000, 800)}), plans({"planned_split": None}))
    assert {v.name for v in found.tests[0].variants} == {one, other} and unique(found)


@pytest.mark.parametrize(("one", "other"), ALIKE)
@pytest.mark.parametrize("planned", [("one", "other"), ("one",), ()])
def test_tests_that_differ_only_by_how_they_are_written_are_told_apart(one, other, planned):
    names = {"one": one, "other": other}
    sheet = plans(*({"experiment": names[name], "key": None} for name in planned)) if planned else None
    found = result({one: by_day(ARMS), other: by_day(ARMS)}, sheet)
    assert {t.plan.name for t in found.tests} == {one, other} and all(t.reader or t.why for t in found.tests)
    assert len({t.plan.key for t in found.tests}) == 2 and unique(found)


def test_a_key_that_is_another_tests_name_is_given_once():
    sheet = plans({"experiment": "甲", "key": "page"}, {"experiment": "Page", "key": None}, {"key": "page"})
    made = result({"甲": by_day(ARMS), "Page": by_day(ARMS)}, sheet)
    assert len({t.plan.key for t in made.tests}) == 3 and unique(made)


def test_segments_that_differ_only_by_how_they_are_written_are_told_apart():
    rows = by_day(ARMS)
    for segment in ("Channel", "channel"):
        for value in ("x", "y"):
            rows += shares({"A": (7000, 350), "B": (7000, 450)}, segment=segment, segment_value=value)
    found = result(rows, plans())
    assert len(found.tests[0].variants[0].segments) == 2 and unique(found)


def test_a_guardrail_that_is_named_as_a_part_of_the_report_is_not_taken_for_it():
    rows = [*by_day(ARMS), *shares({"A": (14000, 500), "B": (14000, 500)}, "days")]
    rows += shares({"A": (14000, 400), "B": (14000, 400)}, "Days")
    found = result(rows, plans({"guardrail_metrics": "days:2%; Days:2%"}))
    assert len(found.tests[0].variants[0].guards) == 2 and unique(found)


def test_a_file_named_by_a_plans_key_is_its_data_unless_it_is_anothers():
    sheet = plans({"experiment": "Checkout", "key": None})
    assert [t.plan.name for t in result({"checkout": by_day(ARMS)}, sheet).tests] == ["Checkout"]
    both = plans({"experiment": "Checkout", "key": None}, {"experiment": "checkout", "key": None})
    assert {t.plan.name: t.why for t in result({"checkout": by_day(ARMS)}, both).tests}["Checkout"] == "no_data"


def test_an_ordinary_key_is_the_slug_of_what_the_sheet_states():
    assert plan(PLAN).key == "page" and plan(PLAN | {"key": None}).key == "u9996u5c4fu6539u7248"
