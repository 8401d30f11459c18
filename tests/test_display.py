"""What cells show: a payload as data, and beside it a preview in the client's language."""

import datetime as dt
import json

import pytest
from built import ROOT
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from making import client as made

from kit import display, stale, store
from kit.client import Period
from kit.findings import MIME, Arg, Finding, Missing, Severity, Shown, Soundness

CSV = "update_time,id,title,price,sale_count,comment_count,店名\n2016/11/5,A1,霜,99,10,1,自然堂\n2016/11/14,A1,霜,89,12,1,自然堂\n"


@pytest.fixture
def report(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    (tmp_path / "templates").symlink_to(ROOT / "templates", target_is_directory=True)
    (tmp_path / "client").mkdir()
    client = made(tmp_path / "client", {"exports/a.csv": CSV})
    data = store.load(client)
    InteractiveShell.instance()
    return display.Report("market", client, Period.choose("", data.span()), data)


def shown(call):
    """The bundles a cell displayed: (payload, preview)."""
    with capture_output() as captured:
        call()
    return [(output.data[MIME], output.data["text/html"]) for output in captured.outputs]


def test_the_first_output_names_the_client_and_the_period(report):
    [(start, preview), (finding, _)] = shown(report._ipython_display_)
    assert (start["is"], start["client"], start["cutoff"]) == ("start", "acme", "2016-11-14")
    assert start["period"]["text"] == "2016-11-05..2016-11-14"
    assert "甲：市场与竞品分析，2016年11月5日至14日" in preview
    assert (finding["sentence"], finding["unsound"]) == ("q.span", True)


def test_findings_and_questions_are_payloads_and_the_answer_is_filled_as_they_come(report):
    finding = Finding(
        "market.x", "g.flat", {k: Arg(k, "text") for k in ("metric", "value", "base")}, Soundness.LIMITED, Severity.HIGH
    )
    missing = Missing("market.y", "question.size", ("market_monthly",))
    with capture_output() as captured:
        report.answer()
        report.show(Shown(findings=(finding,), missing=(missing,)))
    pieces = [output.data[MIME]["is"] for output in captured.outputs]
    assert pieces == ["answer", "finding", "missing", "answer"]
    assert "metric为value，与base持平" not in captured.outputs[0].data["text/html"]
    assert "metric为value，与base持平" in captured.outputs[-1].data["text/html"]
    assert "缺市场月度数据" in captured.outputs[2].data["text/html"]


def test_a_month_that_the_data_do_not_fill_is_said(report):
    [finding] = display.span_findings("market", Period.parse("2016-11"), report.store)
    assert (finding.sentence, finding.args["n"].value) == ("q.part", 16)
    assert finding.args["date"].value == "2016-11-14"


def test_what_the_notebook_asks_of_the_report(report):
    assert report.days == (dt.date(2016, 11, 5), dt.date(2016, 11, 14))
    assert report.thresholds("price_cut") == {"price_cut": 0.05}
    assert report["shop_daily"] is None
    assert report.store.used["shop_daily"] == "absent"
    assert len(report["listings"]) == 2
    with pytest.raises(Exception, match="market"):
        _ = report.market


def test_what_the_report_said_of_earlier_periods_is_read_in_their_order_and_makes_it_stale(report, tmp_path):
    for period in ("2016-11-06..2016-11-30", "2016-W44", "2015"):
        folder = tmp_path / "output" / "acme" / period
        folder.mkdir(parents=True)
        whole = {"report": "market", "period": period, "findings": [], "kpis": [], "missing": []}
        (folder / "market.json").write_text(json.dumps(whole), encoding="utf-8")
    assert [made["period"] for made in report.earlier()] == ["2015", "2016-W44"]
    reads = {"tables": [], "reports": ["*/market"]}
    before = _parts(report, reads)
    (tmp_path / "output" / "acme" / "2016-W44" / "market.json").write_text("{}", encoding="utf-8")
    after = _parts(report, reads)
    assert {name for name in after if before[name] != after[name]} == {"report:*/market"}
    assert [made["period"] for made in report.earlier()] == ["2015"]  # the other is no report any more


def _parts(report, reads):
    return stale.run_parts(report.client, report.period, report.store, ROOT / "notebooks" / "market.ipynb", reads)
