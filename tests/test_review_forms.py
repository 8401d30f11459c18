"""The review of one table alone, and of a week, a day, a quarter and a year, really built."""

import json

import lxml.html
import numpy as np
import pandas as pd
import pdfua
import pypdfium2
import pytest
from built import copy, demo

pytestmark = pytest.mark.build

TOML = 'name = "某店"\nagency = "乙"\n[shops.tmall]\nplatform = "tmall"\nname = "某店"\n'


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return copy(demo(tmp_path_factory.getbasetemp()), tmp_path_factory.mktemp("forms") / "project")


def build(root, slug, period, locale="zh"):
    made = root.kit("report", slug, "--report", "review", "--period", period, "--locale", locale)
    assert made.returncode == 0, made.stdout + made.stderr
    return json.loads((root.output(slug, period) / "review.json").read_text(encoding="utf-8"))


def page(root, slug, period, locale="zh"):
    return lxml.html.parse(root.output(slug, period) / f"review.{locale}.html").getroot()


def pages(root, slug, period, locale="zh"):
    return len(pypdfium2.PdfDocument(root.output(slug, period) / f"review.{locale}.pdf"))


# ---- a shop's daily figures alone --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def thin(root):
    """Fourteen months of visitors, buyers and paid amounts, and nothing else."""
    at, rng = pd.date_range("2023-10-01", "2024-11-30"), np.random.default_rng(1)
    visitors = (5000 * np.exp(rng.normal(0, 0.05, len(at)))).round()
    buyers = (visitors * 0.02 * np.exp(rng.normal(0, 0.03, len(at)))).round()
    sheet = {"date": at.strftime("%Y-%m-%d"), "visitors": visitors, "pay_buyers": buyers, "pay_amount": buyers * 100}
    folder = root.root / "data" / "thin"
    (folder / "exports" / "tmall").mkdir(parents=True)
    pd.DataFrame(sheet).to_csv(folder / "exports" / "tmall" / "店铺日报.csv", index=False)
    (folder / "client.toml").write_text(TOML, encoding="utf-8")
    return build(root, "thin", "2024-11"), float(buyers[at >= "2024-11-01"].sum() * 100)


def sections(tree):
    """The text of each section of the page by its heading."""
    found, name = {}, ""
    for element in tree.find(".//main"):
        name = element.text_content().strip() if element.tag == "h2" else name
        found.setdefault(name, []).append(element)
    return found


def test_with_daily_figures_alone_every_section_shows_something_or_says_what_is_lacking(root, thin):
    ours = {name: parts for name, parts in sections(page(root, "thin", "2024-11")).items() if name[:1].isdigit()}
    assert len(ours) >= 10
    for name, parts in ours.items():
        shown = [p for p in parts if p.tag in ("figure", "ul")]
        asked = [p.text_content() for p in parts if "missing" in (p.get("class") or "")]
        assert shown or asked, name
        assert all("补上" in text or "导出" in text for text in asked), name


def test_its_sales_are_those_of_its_sheet_and_what_it_lacks_is_never_nought(thin):
    machine, paid = thin
    found = {f["key"]: f for f in machine["findings"]}
    assert found["review.attainment.paid"]["value"] == pytest.approx(paid)
    (row,) = machine["tables"]["review.attainment.sales"]["rows"]
    assert row[1:] == [pytest.approx(paid)], "no column of nought for refunds, spend or return"
    assert not [k for k in machine["tables"] if k.startswith(("review.items", "review.ads", "review.service"))]


# ---- periods -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("period", "title"), [("2024-W45", "周报"), ("2024-11-11", "日报")])
def test_a_week_and_a_day_are_one_page_in_both_languages_and_their_data_are_whole(root, period, title):
    machine = build(root, "demo", period, "zh,en")
    for locale in ("zh", "en"):
        assert pages(root, "demo", period, locale) == 1
        with (root.output("demo", period) / f"review.{locale}.pdf").open("rb") as file:
            assert [str(finding) for finding in pdfua.validate(file).findings] == []
    tree = page(root, "demo", period)
    assert title in tree.findtext(".//h1") and tree.find(".//nav") is None
    shown = {figure.get("id") for figure in tree.iter("figure")}
    assert {"review-attainment-sales", "review-items-top"} < shown and len(shown) == 3
    assert len(machine["exhibits"]) > 10, "what the page leaves out is in the data"
    assert "指标一览" in tree.findall(".//main/ul")[-1].text_content()


def test_the_month_of_a_week_is_held_against_its_goal_so_far(root):
    machine = build(root, "demo", "2024-W45", "zh,en")
    goal = next(f for f in machine["findings"] if f["key"] == "review.attainment.all.pay_amount")
    assert "到2024年11月10日累计" in goal["text"]["zh"] and "剩余20天" in goal["text"]["zh"]


def test_a_thin_week_is_one_page_too(root, thin):
    build(root, "thin", "2024-W45")
    assert pages(root, "thin", "2024-W45") == 1


@pytest.mark.parametrize(("period", "name"), [("2024-Q3", "2024年第三季度"), ("2023", "2023年")])
def test_a_quarter_and_a_year_are_named_as_such(root, period, name):
    machine = build(root, "demo", period)
    found = {f["key"]: f["text"]["zh"] for f in machine["findings"]}
    assert next(text for key, text in found.items() if key.startswith("review.attainment")).startswith(name)
    assert pages(root, "demo", period) > 4
