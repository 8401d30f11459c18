"""Last month's actions: which belong to the period, what state they are in, and what is said of them."""

import datetime as dt

import pandas as pd
import pytest

from kit.analyses import actions
from kit.analyses.verdicts import ReviewVerdict as Verdict
from kit.findings import Finding, Note, Severity, Side, payload
from kit.tables import TABLES, frame
from kit.text import Words

NOV = dt.date(2024, 11, 1), dt.date(2024, 11, 30)
MEETING = dt.date(2024, 12, 5)


def sheet(*rows):
    """Rows as id, raised, due, status and what else a case needs."""
    names = ("id", "raised", "due", "status", "result", "finding", "side")
    given = [dict(zip(names, row, strict=False)) for row in rows]
    texts = {"action_zh": [f"做{r['id']}" for r in given], "action_en": [f"Do {r['id']}" for r in given]}
    dates = {n: pd.to_datetime([r[n] for r in given]) for n in ("raised", "due")}
    rest = {n: [r.get(n) for r in given] for n in ("id", "status", "result", "finding", "side")}
    return frame(TABLES["actions"], texts | dates | rest | {"owner": ["运营组"] * len(given)})


def states(table, **more):
    return {a.id: (a.state, a.days) for a in actions.analyse(table, *NOV, MEETING, **more).actions}


@pytest.mark.parametrize(
    ("raised", "due", "status", "expected"),
    [
        ("2024-11-05", "2024-12-04", "open", ("late", 1)),
        ("2024-11-05", "2024-12-05", "open", ("open", None)),
        ("2024-11-05", "2024-12-20", "late", ("late", None)),
        ("2024-11-05", None, None, ("open", None)),
        ("2024-11-05", "2024-11-20", "Done", ("done", None)),
        ("2024-10-05", "2024-10-20", "已完成", None),
        ("2024-10-05", "2024-10-20", "open", ("late", 46)),
        ("2024-12-05", "2024-12-13", "open", None),
        (None, "2024-12-13", "open", None),
        (None, "2024-11-28", "open", ("late", 7)),
    ],
)
def test_an_action_belongs_to_the_period_if_raised_by_its_end_and_not_done_before_it(raised, due, status, expected):
    assert states(sheet(("a", raised, due, status))).get("a") == expected


def test_what_is_late_comes_first_and_asks_its_owner_for_a_new_day():
    table = sheet(
        ("A-1", "2024-11-05", "2024-11-20", "done", "点击率回升"),
        ("A-2", "2024-11-05", "2024-11-15", "open"),
        ("A-3", "2024-11-05", "2024-12-20", "open"),
    )
    page = actions.show(actions.analyse(table, *NOV, MEETING))
    summary, late, done = page.findings
    words = Words("zh")
    assert words.sentence(summary.sentence, summary.args) == "上期行动3项：完成1项，逾期1项，未到期1项"
    assert (late.key, late.verdict, late.severity) == ("review.actions.a_2", Verdict.BEHIND, Severity.HIGH)
    assert words.sentence(late.sentence, late.args) == "“做A-2”应于2024年11月15日完成，已逾期20天"
    assert words.sentence(late.action.sentence, late.action.args) == "请运营组给出“做A-2”的新完成日期"
    assert words.sentence(done.sentence, done.args) == "“做A-1”已完成，记录的结果：点击率回升"
    assert [row[3] for row in page.exhibits[0].table.rows] == ["action.late", "action.open", "action.done"]


@pytest.mark.parametrize(("side", "asked"), [("brand", Side.BRAND), ("agency", Side.AGENCY), (None, Side.AGENCY)])
def test_a_new_day_is_asked_of_the_side_that_the_sheet_names(side, asked):
    table = sheet(("a", "2024-11-05", "2024-11-15", "open", None, None, side))
    assert actions.show(actions.analyse(table, *NOV, MEETING)).findings[1].side == asked


def test_a_figure_that_the_report_has_stands_beside_the_action_and_is_not_credited_to_it():
    cvr = Finding("review.cvr", "r", {}, Verdict.ROSE, Severity.LOW, value=0.034, baseline=0.031, unit="rate")
    table = sheet(("A-1", "2024-11-05", "2024-11-20", "done", None, "review.cvr"))
    page = actions.show(actions.analyse(table, *NOV, MEETING, made=[cvr]))
    said = Words("zh").sentence(page.findings[1].sentence, page.findings[1].args)
    assert said == "“做A-1”已完成；所针对的指标由3.10%到3.40%，不能只归因于它"
    assert page.findings[1].evidence == Note(cvr.sentence, cvr.args), "the figure has a name"
    without = actions.analyse(table, *NOV, MEETING, made=[Finding("review.cvr", "r", {}, Verdict.NONE, Severity.INFO)])
    assert [f.key for f in actions.show(without).findings] == ["review.actions.summary"]


def test_rows_that_no_date_places_are_left_out_and_counted():
    page = actions.show(actions.analyse(sheet(("a", None, None, "open"), ("b", "2024-11-05", None, "open")), *NOV))
    assert [row[0]["zh"] for row in page.exhibits[0].table.rows] == ["做b"]
    assert page.exhibits[0].notes[-1].args["n"].value == 1


def test_without_a_sheet_the_page_says_how_to_start_one_and_an_early_sheet_has_nothing_yet():
    (missing,) = actions.show(actions.analyse(None, *NOV)).missing
    assert missing.tables == ("actions",)
    early = actions.show(actions.analyse(sheet(("a", "2024-12-05", "2024-12-13", "open")), *NOV, MEETING))
    assert [m.reason.sentence for m in early.missing] == ["r.actions.none"] and not early.findings


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_everything_shown_is_worded_in_both_languages(locale):
    words = Words(locale)
    assert words.label("bring.actions") and words.label("question.review.actions")
    table = sheet(("a", "2024-11-05", "2024-11-20", "late", "好"), ("b", None, None, "done"), ("c", None, None, "late"))
    table.loc[1:, "raised"] = pd.Timestamp("2024-11-06")
    for given in (table, sheet(("a", "2024-12-05", None, "open"))):
        page = actions.show(actions.analyse(given, *NOV, MEETING))
        for finding in page.findings:
            assert words.sentence(finding.sentence, finding.args)
        for exhibit in page.exhibits:
            for n, column in enumerate(exhibit.table.columns):
                assert words.label(column.label)
                assert words.column([row[n] for row in exhibit.table.rows], column.unit)
            assert [words.sentence(note.sentence, note.args) for note in exhibit.notes] and payload(exhibit)
