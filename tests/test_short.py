"""The page of a week or a day: which exhibits stand on it, how much of them, and what it says it leaves out."""

import io

import pdfua
import pypdfium2
import pytest
from built import ROOT
from making import client as made
from sample import document as sample

from kit import html, pdf, render, store
from kit.findings import Column, Exhibit, Finding, Kind, Missing, Severity, Soundness, Table, payload
from kit.short import FINDINGS, ROWS, Short
from kit.text import Words

CSV = "update_time,id,title,price,sale_count,comment_count,店名\n2016/11/5,A1,霜,99,10,1,自然堂\n"
WEEK = {"start": "2024-11-04", "end": "2024-11-10", "kind": "week", "text": "2024-W45"}
START = {"is": "start", "report": "review", "client": "acme", "locale": "zh", "cutoff": "2024-11-30"}


@pytest.mark.parametrize(
    ("report", "kind", "short"),
    [
        ("review", "week", True),
        ("review", "day", True),
        ("review", "month", False),
        ("review", "quarter", False),
        ("review", "year", False),
        ("market", "week", False),
    ],
)
def test_a_week_and_a_day_of_the_review_are_short(report, kind, short):
    assert (Short.of(report, kind) is not None) == short


@pytest.mark.parametrize(
    ("kind", "key", "shown"),
    [
        ("week", "review.attainment.sales", True),
        ("week", "review.days.curve", True),
        ("week", "review.days.hours", False),
        ("day", "review.days.hours", True),
        ("week", "review.items.top", True),
        ("week", "review.items.tmall.table", False),
        ("week", "review.traffic.tmall.sources", True),
        ("week", "review.scorecard.tmall", False),
        ("day", "review.drivers.previous.tree", False),
    ],
)
def test_exhibits_stand_on_the_page_by_their_key(kind, key, shown):
    assert Short.of("review", kind).shows({"is": "exhibit", "key": key}) == shown


def table(count, total=False):
    return {"rows": [[n] for n in range(count)], "marks": {str(count - 1): "total"} if total else {}}


@pytest.mark.parametrize(
    ("given", "rows", "marks"),
    [
        (table(ROWS), list(range(ROWS)), {}),
        (table(9), list(range(ROWS)), {}),
        (table(9, total=True), [*range(ROWS), 8], {str(ROWS): "total"}),
        (table(3, total=True), [0, 1, 2], {"2": "total"}),
    ],
)
def test_of_a_table_the_first_rows_and_its_total_stay(given, rows, marks):
    kept = Short(("*",)).rows(given)
    assert ([n for (n,) in kept["rows"]], kept["marks"]) == (rows, marks)


# ---- a page ----------------------------------------------------------------------------------------------------


def prose(text, own=False, appendix=False):
    return {"is": "prose", "text": text, "own": own, "appendix": appendix}


def finding(key, exhibit=None, kind=Kind.STATE):
    args = {k: {"value": key, "unit": "text"} for k in ("metric", "value", "base")}
    one = Finding(key, "g.flat", {}, Soundness.LIMITED, Severity.MEDIUM, kind, exhibit=exhibit)
    return {**payload(one), "args": args}


def exhibit(key, rows=1):
    cells = tuple((f"霜{n}",) for n in range(rows))
    return payload(
        Exhibit(key, "table", Table(f"{key}.rows", (Column("brand", "text", "ledger.file"),), cells), (key,))
    )


GOALS, SCORE, ITEMS = "review.attainment.sales", "review.scorecard.tmall", "review.items.top"
PIECES = [
    prose("# Monthly operations review"),
    {"is": "answer"},
    prose("## Goals\n\nA goal is read on its own basis, beside the time that has gone."),
    finding(GOALS, GOALS),
    exhibit(GOALS),
    prose("## Scorecard"),
    *(finding(f"{SCORE}.{n}", SCORE) for n in range(6)),
    {**exhibit(SCORE), "findings": [f"{SCORE}.0"]},
    prose("## Items"),
    finding(ITEMS, ITEMS),
    exhibit(ITEMS, rows=ROWS + 3),
    payload(Missing("review.items.sources", "question.review.items", ("item_daily",))),
    finding("review.data.partial", kind=Kind.DATA),
    finding("review.scorecard.lacking", kind=Kind.DATA),
    prose("## Own words", own=True),
    prose("## Limits of the data", appendix=True),
    {"is": "limits"},
    {"is": "method"},
]


@pytest.fixture
def page(tmp_path, monkeypatch):
    """The document of the pieces, for a period."""
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    (tmp_path / "templates").symlink_to(ROOT / "templates", target_is_directory=True)
    (tmp_path / "client").mkdir()
    client = made(tmp_path / "client", {"exports/a.csv": CSV})

    def build(period, locale="en"):
        return render.document([{**START, "period": period}, *PIECES], client, store.load(client), locale)

    return build


def test_the_page_of_a_week_has_its_exhibits_and_what_a_consultant_wrote(page):
    blocks = page(WEEK)["blocks"]
    assert [b["type"] for b in blocks] == ["answer", "exhibit", "exhibit", "heading", "list"]
    assert [b["label"] for b in blocks if b["type"] == "exhibit"] == ["Table 1", "Table 2"]
    assert [b["text"] for b in blocks if b["type"] == "heading"] == ["Own words"]


def test_it_opens_with_fewer_findings_and_counts_the_others(page):
    answer = page(WEEK)["blocks"][0]
    assert len(answer["findings"]) == FINDINGS and answer["findings_more"].startswith("4 more findings are not on")


def test_a_table_that_is_cut_says_so(page):
    whole, cut = (b for b in page(WEEK)["blocks"] if b["type"] == "exhibit")
    said = Words("en").label("page.short.rows", n=ROWS)
    assert (len(cut["table"]["rows"]), cut["notes"], whole["notes"]) == (ROWS, [said], [])


def test_it_ends_with_its_limits_the_sections_left_out_and_where_the_data_end(page):
    items = page(WEEK)["blocks"][-1]["items"]
    assert items[1].rpartition(": ")[2] == "Scorecard"
    assert items[0].startswith("review.data.partial") and "30 Nov 2024" in items[2] and len(items) == 3


def test_a_month_has_all_of_it_under_the_notebook_s_own_title(page):
    month = page({"start": "2024-11-01", "end": "2024-11-30", "kind": "month", "text": "2024-11"})
    assert not month["meta"]["short"] and month["meta"]["title"] == "Monthly operations review"
    assert [b["text"] for b in month["blocks"] if b["type"] == "heading"][:3] == ["Goals", "Scorecard", "Items"]
    assert sum(b["type"] == "exhibit" for b in month["blocks"]) == 3


@pytest.mark.parametrize(
    ("kind", "title"),
    [("week", "运营周报"), ("day", "运营日报"), ("quarter", "季度运营报告"), ("year", "年度运营报告")],
)
def test_the_title_is_that_of_the_period(page, kind, title):
    assert Words("zh").label(f"report.review.{kind}") == title
    assert page({**WEEK, "kind": kind})["meta"]["title"] == Words("en").label(f"report.review.{kind}")


# ---- paper and screen ------------------------------------------------------------------------------------------


def printed(blocks):
    document = sample()
    made = {**document, "meta": {**document["meta"], "short": True}, "blocks": document["blocks"][:blocks]}
    return made, pdf.compile_pdf(made)


def test_a_page_that_is_a_little_too_long_is_set_smaller_and_stays_accessible():
    """The same blocks of the long form take a cover, and two pages more."""
    made, data = printed(10)
    long = pdf.compile_pdf({**made, "meta": {**made["meta"], "short": False}})
    assert len(pypdfium2.PdfDocument(long)) > 2 and len(pypdfium2.PdfDocument(data)) == 1
    report = pdfua.validate(io.BytesIO(data))
    assert (report.exit_code, list(report.findings)) == (0, [])


def test_what_no_page_can_hold_goes_on_to_the_next():
    made, data = printed(None)
    paper = pypdfium2.PdfDocument(data)
    text = "".join(page.get_textpage().get_text_bounded() for page in paper)
    assert len(paper) > 1 and made["meta"]["title"] in text


def test_a_short_page_has_no_table_of_contents():
    made, _ = printed(5)
    assert "<nav" not in html.page(made) and '<body class="kit short"' in html.page(made)
