"""What is new, resolved, changed beyond noise, and restated against the report before."""

import json

import pytest

from kit.news import MOST, lines, of_folder
from kit.periods import Period
from kit.since import compared, last
from kit.text import Words

OCTOBER = {"start": "2024-10-01", "end": "2024-10-31"}


def finding(key, severity="high", verdict="under", low=None, high=None, kind="state", shown=True, unit="money"):
    said = {"text": {"zh": key, "en": key}, "severity": severity, "pinned": False}
    facts = {"severity": severity, "verdict": verdict, "low": low, "high": high, "unit": unit, "kind": kind}
    return {"key": key, "shown": said if shown else None, **facts}


def kpi(key, value, before=None):
    told = {"value": before, "period": OCTOBER} if before is not None else None
    return {"key": key, "label": {"zh": key, "en": key}, "value": value, "unit": "money", "before": told}


def report(*findings, kpis=()):
    return {"schema": 1, "period": OCTOBER, "findings": list(findings), "kpis": list(kpis)}


def keys(items):
    return [f["key"] for f in items]


def test_new_is_what_weighs_now_and_was_not_there():
    since = compared(report(finding("r.a")), report(finding("r.a"), finding("r.b"), finding("r.c", "low")))
    assert (keys(since.new), keys(since.resolved), since.changed) == (["r.b"], [], ())


def test_resolved_is_what_weighed_and_is_gone():
    since = compared(report(finding("r.a"), finding("r.b", "info")), report())
    assert keys(since.resolved) == ["r.a"]


def test_what_lost_its_weight_is_neither_new_nor_resolved():
    since = compared(report(finding("r.a")), report(finding("r.a", "low")))
    assert not since


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ({"verdict": "under"}, {"verdict": "over"}, True),
        ({"low": 1, "high": 2}, {"low": 3, "high": 4}, True),
        ({"low": 3, "high": 4}, {"low": 1, "high": 2}, True),
        ({"low": 1, "high": 3}, {"low": 2, "high": 4}, False),
        ({"low": 1, "high": 2}, {}, False),
        ({"low": 1, "high": 2}, {"low": 3, "high": 4, "unit": "ratio"}, False),
        ({}, {}, False),
    ],
)
def test_a_finding_has_changed_if_its_verdict_or_its_whole_range_has(old, new, changed):
    since = compared(report(finding("r.a", **old)), report(finding("r.a", **new)))
    assert bool(since.changed) is changed


def test_what_is_hidden_is_in_no_list():
    hidden = finding("r.a", shown=False)
    assert not compared(report(), report(hidden)) and not compared(report(hidden), report())
    assert not compared(report(finding("r.a")), report(hidden))


def test_a_limit_of_the_data_is_no_news():
    assert not compared(report(), report(finding("r.a", kind="data")))


@pytest.mark.parametrize(("before", "restated"), [(100.0, 0), (100.04, 0), (99.0, 1), (None, 0)])
def test_a_key_figure_that_today_reads_otherwise_is_restated(before, restated):
    since = compared(report(kpis=[kpi("k", 100.0)]), report(kpis=[kpi("k", 120.0, before)]))
    assert [(r.old, r.new) for r in since.restated] == [(100.0, before)] * restated


def test_a_figure_that_compares_with_another_span_restates_nothing():
    new = kpi("k", 120.0, 99.0) | {"before": {"value": 99.0, "period": {"start": "2023-11-01", "end": "2023-11-30"}}}
    assert not compared(report(kpis=[kpi("k", 100.0)]), report(kpis=[new]))


def of(start, end, **facts):
    return {**report(), **facts, "period": {"start": start, "end": end}, "missing": []}


def test_the_one_before_is_the_latest_earlier_report_of_the_same_kind():
    september, october = of("2024-09-01", "2024-09-30"), of("2024-10-01", "2024-10-31")
    week, same = of("2024-10-28", "2024-11-03"), of("2024-11-01", "2024-11-30")
    found = last([september, october, week, same], Period.parse("2024-11"))
    assert found["before"] == {"start": "2024-10-01", "end": "2024-10-31", "kind": "month", "text": "2024-10"}
    assert last([week], Period.parse("2024-11")) is None
    assert last([october], Period.parse("2024-11-02..2024-11-20")) is None


@pytest.mark.parametrize("text", ["2024-11", "2024-Q4", "2024", "2024-W45", "2024-11-11", "2024-11-02..2024-11-20"])
def test_days_are_the_period_that_they_make(text):
    period = Period.parse(text)
    assert Period.spanning(period.start, period.end) == period


def test_changes_are_told_each_in_a_line_and_what_is_too_much_is_counted():
    many = [finding(f"r.{n}") for n in range(MOST + 2)]
    old = report(finding("r.gone"), finding("r.x"), kpis=[kpi("k", 100.0)])
    new = report(*many, finding("r.x", verdict="over"), kpis=[kpi("k", 120.0, 99.0)])
    told = lines(compared(old, new), Words("zh"))
    assert told[MOST:] == [
        "另有新增2项",
        "已不再出现：r.gone",
        "有变化：r.x（上期：r.x）",
        "更正：上期k应为￥99，原报￥100，因数据更新",
    ]
    assert told[0] == "新增：r.0"


def test_a_folder_of_reports_is_told_report_by_report(tmp_path):
    for text, found in (("2024-10", [finding("r.a")]), ("2024-11", [finding("r.b")])):
        folder, period = tmp_path / text, Period.parse(text)
        folder.mkdir()
        said = of(period.start.isoformat(), period.end.isoformat(), report="review") | {"findings": found}
        (folder / "review.json").write_text(json.dumps(said), encoding="utf-8")
        (folder / "review.zh.record.json").write_text("{}", encoding="utf-8")
    assert list(of_folder(tmp_path / "2024-11", Words("zh"))) == ["月度运营报告", "  新增：r.b", "  已不再出现：r.a"]
    assert list(of_folder(tmp_path / "2024-10", Words("zh"))) == ["月度运营报告", "  没有上期报告可比"]
    assert list(of_folder(tmp_path / "none", Words("zh"))) == []
