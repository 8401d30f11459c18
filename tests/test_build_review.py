"""The demo client's review, really built: the files, and figures that are those of its export files."""

import json
import re

import jsonschema
import pdfua
import pypdfium2 as pdfium
import pytest
from built import ROOT, project

pytestmark = pytest.mark.build


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    made = project(tmp_path_factory.mktemp("project"))
    result = made.kit("report", "demo", "--report", "review", "--locale", "zh,en")
    assert result.returncode == 0, result.stdout + result.stderr
    return made


@pytest.fixture(scope="module")
def machine(built):
    return json.loads((built.output() / "review.json").read_text(encoding="utf-8"))


def test_the_json_keeps_its_schema_and_every_key_is_of_this_report(machine):
    schema = json.loads((ROOT / "kit" / "report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(machine)
    assert {f["key"].split(".")[0] for f in machine["findings"]} == {"review"}
    assert {f["exhibit"] for f in machine["findings"]} - {None} <= {e["key"] for e in machine["exhibits"]}


def test_what_is_planted_is_found(machine):
    said = " ".join(f["text"]["zh"] for f in machine["findings"])
    assert re.search("人群推广投产比每周平均下降", said), "the channel that decays"
    assert re.search("2024年11月20日青禾护肤旗舰店差评", said), "the burst of bad reviews"
    assert re.search("11月12日至19日有访客却没有成交", said), "the stock-out"


def test_sales_are_those_of_the_files_wherever_they_stand(machine):
    """One figure, one value: the goals' table and the bridge say what the shops' days add up to."""
    truth = (ROOT / "data" / "demo" / "TRUTH.md").read_text(encoding="utf-8")
    paid = [int(re.search(rf"^\| shop\.{shop}\.2024-11 \| (\d+) ", truth, re.M)[1]) for shop in ("tmall", "douyin")]
    cells = [v for t in machine["tables"].values() for row in t["rows"] for v in row]
    assert all(any(_is(v, value) for v in cells) for value in paid)
    total = sum(paid)
    holding = [k for k, t in machine["tables"].items() for row in t["rows"] if any(_is(v, total) for v in row)]
    assert len(set(holding)) >= 3, "goals, scorecard or bridge, and advertising"


def _is(value, total):
    found = value.get("value") if isinstance(value, dict) else value
    return isinstance(found, int | float) and round(found) == total


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_page_and_pdf_say_the_first_message_and_the_pdf_is_accessible(built, machine, locale):
    path = built.output() / f"review.{locale}.pdf"
    with path.open("rb") as file:
        assert [str(finding) for finding in pdfua.validate(file).findings] == []
    text = "".join(page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(path))
    page = (built.output() / f"review.{locale}.html").read_text(encoding="utf-8")
    first = machine["exhibits"][0]["findings"][0]
    (said,) = (f["text"][locale] for f in machine["findings"] if f["key"] == first)
    for whole in (text, re.sub("<[^>]+>", "", page)):
        plain, wanted = (re.sub(r"\s|\(CNY\)|[\ufffe\u0002\u00ad]", "", x) for x in (whole, said))
        assert wanted in plain
