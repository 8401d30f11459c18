"""Earlier reports that showed a test before its end are looks at it, and are priced."""

import datetime as dt

import pandas as pd
import pytest
from trialled import END, NONE_SHARED, PLAN, START, by_day, data, plans

from kit.analyses import abtest
from kit.analyses.abtest.declare import plan
from kit.analyses.abtest.taken import counted
from kit.text import Words


def report(reach, key="abtest.page.pay_cvr.b", p=0.03):
    return {"findings": [{"key": key, "p_value": p}], "ledger": [{"end": None}, {"end": reach}, {"end": "2024-11-01"}]}


@pytest.mark.parametrize(
    ("earlier", "changes", "looks"),
    [
        ([], {}, 0),
        ([report("2024-11-10")], {}, 1),
        ([report("2024-11-08"), report("2024-11-10")], {}, 2),
        ([report("2024-11-10"), report("2024-11-10")], {}, 1),  # a week's and a month's report of the same data
        ([report("2024-11-17")], {}, 0),  # the plan was over
        ([report("2024-11-10", p=None)], {}, 0),  # it ran, and nothing was shown
        ([report("2024-11-10", key="abtest.page_two.pay_cvr.b")], {}, 0),
        ([report("2024-11-10")], {"analysis": "sequential"}, 0),
        ([report("2024-11-10")], {"planned_end": pd.NaT}, 0),
        ([report("2024-11-10")], {"looks": 3}, 3),
        ([{"findings": report("2024-11-10")["findings"], "ledger": []}], {}, 0),
    ],
)
def test_a_report_that_showed_a_test_before_its_end_is_a_look(earlier, changes, looks):
    assert counted(plan(PLAN | changes), earlier).looks == looks


def test_a_clear_test_that_earlier_reports_showed_is_undecided_and_priced():
    rows = by_day({"A": (14000, 700), "B": (14000, 900)})
    told = [report(f"2024-11-{day:02d}") for day in (8, 10, 12, 14)]
    made = abtest.analyse(plans(), [data(rows)], NONE_SHARED, START, END, dt.date(2024, 11, 30), earlier=told)
    verdict = abtest.show(made).findings[0]
    said = Words("zh").sentence(verdict.sentence, verdict.args)
    assert verdict.verdict == "undecided" and "4次" in said and "14.2%" in said  # Armitage, McPherson and Rowe: 5 looks
