"""SWOT and summary of the demo client, really built on all the other reports, a second period among them."""

import json

import jsonschema
import pypdfium2 as pdfium
import pytest
from built import ROOT, demo
from openpyxl import load_workbook

pytestmark = pytest.mark.build

BASE = ("abtest", "campaign", "market", "review")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return demo(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def reports(built):
    return {
        path.stem: json.loads(path.read_bytes()) for path in built.output().glob("*[a-z].json") if "." not in path.stem
    }


def findings(report):
    return {f["key"]: f for f in report["findings"]}


def test_both_keep_the_schema(reports):
    schema = jsonschema.Draft202012Validator(
        json.loads((ROOT / "kit" / "report.schema.json").read_text(encoding="utf-8"))
    )
    for name in ("swot", "summary"):
        schema.validate(reports[name])


def test_what_is_planted_stands_on_its_side_of_the_picture(reports):
    """TRUTH.md: stock-out, decaying channel, bad-review burst, a creator below break-even, a price war, a test that won."""
    made = findings(reports["swot"])
    for key in ("w.stock_out", "w.fatigue", "w.bad_reviews", "w.creators", "t.price_war", "s.winner", "o.band"):
        assert f"swot.{key}" in made, key


def test_every_item_has_a_number_and_its_source_says_the_same(reports):
    sides = ("strength", "weakness", "opportunity", "threat")
    items = [f for f in reports["swot"]["findings"] if f["verdict"] in sides]
    said = {f["shown"]["text"]["zh"] for name in BASE for f in reports[name]["findings"] if f["shown"]}
    assert len(items) > 10
    for item in items:
        assert item["value"] is not None and item["text"]["zh"].partition("：")[2] in said


def test_the_summary_says_nothing_that_no_report_says(reports):
    said = {f["shown"]["text"]["zh"] for name in (*BASE, "swot") for f in reports[name]["findings"] if f["shown"]}
    asked = {f["action"]["zh"] for name in BASE for f in reports[name]["findings"] if f["action"]}
    for key, made in findings(reports["summary"]).items():
        if key not in ("summary.rule", "summary.asks", "summary.unseen", "summary.absent"):
            assert made["text"]["zh"] in said | asked, key


def test_the_summary_has_the_reviews_key_figures(reports):
    own, review = ({k["label"]["zh"]: k["value"] for k in reports[name]["kpis"]} for name in ("summary", "review"))
    assert own and own == {label: review[label] for label in own}


def test_a_second_period_says_what_is_new(built):
    with pdfium.PdfDocument(built.output() / "review.zh.pdf") as document:
        text = "".join(page.get_textpage().get_text_range() for page in document).replace(" ", "")
    assert "较上期（2024年10月）的变化" in text and "新增：" in text
    said = built.kit("diff", "demo", "--period", "2024-11", "--locale", "en").stdout
    assert "Monthly operations review" in said and "New: " in said and "There is no earlier report" in said


@pytest.mark.parametrize("report", ["swot", "summary"])
def test_the_pages_are_few_and_whole(built, report):
    with pdfium.PdfDocument(built.output() / f"{report}.zh.pdf") as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    assert len(pages) <= 6 and "nan" not in "".join(pages).lower() and "〓" not in "".join(pages)


def test_the_workbook_has_a_sheet_for_every_exhibit_on_the_page(built, reports):
    book = load_workbook(built.output() / "review.zh.xlsx")
    labels = [e["label"]["zh"] for e in reports["review"]["exhibits"] if e["label"]]
    assert book.sheetnames[1:] == labels
