"""SWOT, summary and pack of the demo client, really built on all the other reports, a second period among them."""

import io
import json
import re

import jsonschema
import lxml.html
import pdfua
import pypdfium2 as pdfium
import pytest
from built import ROOT, copy, demo
from openpyxl import load_workbook

pytestmark = pytest.mark.build

BASE = ("abtest", "campaign", "market", "review")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return demo(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def reports(built):
    names = [path.stem for path in built.output().glob("*.json") if "." not in path.stem and path.stem != "manifest"]
    return {name: json.loads((built.output() / f"{name}.json").read_bytes()) for name in names}


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
    asked |= {row["action"]["zh"] for name in BASE for f in reports[name]["findings"] for row in f["agreed"]}
    for key, made in findings(reports["summary"]).items():
        if key not in ("summary.rule", "summary.asks", "summary.unseen", "summary.absent"):
            assert made["text"]["zh"] in said | asked, key


def test_what_was_agreed_on_a_report_s_first_page_is_asked_in_the_summary_too(built, reports):
    agreed = [row for name in BASE for f in reports[name]["findings"] for row in f["agreed"]]
    table = reports["summary"]["tables"]["summary.asks"]
    columns = [column["name"] for column in table["columns"]]
    asked = [dict(zip(columns, row, strict=True)) for row in table["rows"]]
    assert len(agreed) == 3
    for row in agreed:
        (same,) = (one for one in asked if one["ask"] == row["action"])
        assert same["side"]["value"] == row["who"]
    (brand,) = (row for row in agreed if row["side"] == "brand")
    for name in ("market", "summary"):
        page = (built.output() / f"{name}.zh.html").read_text(encoding="utf-8")
        box = page[page.index("需要品牌方决定") :].partition("</ol>")[0]
        assert [text in box for text in (brand["action"]["zh"], "品牌市场部", "2024年12月20日")] == [True] * 3


def test_the_summary_has_the_reviews_key_figures(reports):
    own, review = ({k["label"]["zh"]: k["value"] for k in reports[name]["kpis"]} for name in ("summary", "review"))
    assert own and own == {label: review[label] for label in own}


def test_a_second_period_says_what_is_new(built):
    with pdfium.PdfDocument(built.output() / "review.zh.pdf") as document:
        text = "".join(page.get_textpage().get_text_range() for page in document).replace(" ", "")
    assert "较上期（2024年10月）的变化" in text and "新增：" in text
    said = built.kit("diff", "demo", "--period", "2024-11", "--locale", "en").stdout
    assert "Monthly operations review" in said and "New: " in said and "There is no earlier report" in said


@pytest.mark.parametrize(("report", "most"), [("swot", 6), ("summary", 3)])
def test_the_pages_are_few_and_whole(built, report, most):
    with pdfium.PdfDocument(built.output() / f"{report}.zh.pdf") as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    assert len(pages) <= most and "nan" not in "".join(pages).lower() and "〓" not in "".join(pages)


def test_the_workbook_has_a_sheet_for_every_exhibit_on_the_page(built, reports):
    book = load_workbook(built.output() / "review.zh.xlsx")
    labels = [e["label"]["zh"] for e in reports["review"]["exhibits"] if e["label"]]
    assert book.sheetnames[1:] == labels


# ---- what leads from one report to another -------------------------------------------------------------------------


def texts(path):
    with pdfium.PdfDocument(path) as document:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def starts(path):
    """The page of each part of a pack, by its title, from 0."""
    with pdfium.PdfDocument(path) as document:
        return {mark.get_title(): mark.get_dest().get_index() for mark in document.get_toc() if mark.level == 0}


@pytest.fixture(scope="module")
def quoted(built):
    """What the summary's page leads to: report, exhibit and the words that lead there."""
    page = lxml.html.parse(built.output() / "summary.zh.html")
    links = [(link.get("href"), link.text) for link in page.iter("a")]
    return [(*re.fullmatch(r"(\w+)\.zh\.html#(.+)", href).groups(), text) for href, text in links if ".html" in href]


def test_every_line_of_the_summary_leads_to_an_exhibit_that_is_there(built, quoted):
    assert len(quoted) > 8
    for report, exhibit, text in quoted:
        page = lxml.html.parse(built.output() / f"{report}.zh.html")
        (figure,) = page.xpath(f"//figure[@id='{exhibit}']")
        assert figure.xpath(".//span[@class='label']")[0].text in text


def test_the_summary_names_the_page_of_a_report_where_its_exhibit_stands(built, quoted):
    said, pages = "".join(texts(built.output() / "summary.zh.pdf")), {}
    for report, exhibit, text in quoted:
        record = json.loads((built.output() / f"{report}.zh.record.json").read_bytes())
        number = record["pages"]["zh"][exhibit]
        found = pages.setdefault(report, texts(built.output() / f"{report}.zh.pdf"))
        label = re.search(r"[图表]\d+", text)[0]
        assert f"{''.join(text.split())}（第{number}页）" in said and label in found[number - 1]


# ---- the pack ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_pack_is_valid_pdf_ua(built, locale):
    made = pdfua.validate(io.BytesIO((built.output() / f"pack.{locale}.pdf").read_bytes()))
    assert (made.exit_code, list(made.findings)) == (0, [])


def test_the_pack_opens_with_all_reports_and_has_the_rest_of_each_behind(built):
    places = starts(built.output() / "pack.zh.pdf")
    titles = [*places]
    assert titles[:6] == ["执行摘要", "月度运营报告", "市场与竞品分析", "活动复盘", "A/B测试结果", "SWOT与策略"]
    assert titles[6:11] == [f"附录：{title}" for title in titles[1:6]] and len(titles) == 12
    assert places[titles[6]] - places[titles[0]] <= 15


def test_what_the_summary_quotes_stands_on_the_page_of_the_pack_that_it_names(built):
    pages, places = texts(built.output() / "pack.zh.pdf"), starts(built.output() / "pack.zh.pdf")
    summary = "".join(pages[places["执行摘要"] : places["月度运营报告"]])
    named = re.findall(r"见(月度运营报告|市场与竞品分析|活动复盘|A/B测试结果)的([图表]\d+)（第(\d+)页）", summary)
    assert len(named) >= 4
    for title, label, number in named:
        page = pages[int(number) - 1]
        assert label in page and title in page[:40]  # the running head


def test_every_exhibit_of_every_report_is_in_the_pack_once(built, reports):
    text = "".join(texts(built.output() / "pack.zh.pdf"))
    for report in reports.values():
        said = {f["key"]: f["shown"]["text"]["zh"] for f in report["findings"] if f["shown"]}
        for exhibit in (e for e in report["exhibits"] if e["label"]):
            message = next(said[key] for key in exhibit["findings"] if key in said)
            assert text.count("".join(f"{exhibit['label']['zh']}{message}".split())) == 1, exhibit["key"]


def test_the_pack_comes_with_slides_and_a_picture_of_every_exhibit(built, reports):
    shown = [e["key"] for report in reports.values() for e in report["exhibits"] if e["label"]]
    found = {path.name.removesuffix(".png") for path in (built.output() / "exhibits" / "zh").iterdir()}
    assert (built.output() / "pack.zh.pptx").is_file() and found == set(shown)


def test_nothing_is_made_again_when_nothing_has_changed(built, tmp_path):
    made = copy(built, tmp_path / "copy")
    before = {path: path.stat().st_mtime_ns for path in made.output().rglob("*") if path.is_file()}
    said = made.kit("report", "demo", "--locale", "zh", "--explain")
    assert said.returncode == 0 and "pack：没有变化" in said.stdout
    assert {path: path.stat().st_mtime_ns for path in made.output().rglob("*") if path.is_file()} == before
