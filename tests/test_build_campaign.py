"""The demo client's campaign review, really built: the files, and what they say of what was planted."""

import json

import jsonschema
import pypdfium2 as pdfium
import pytest
from built import ROOT, demo

pytestmark = pytest.mark.build


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return demo(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def machine(built):
    return json.loads((built.output() / "campaign.json").read_text(encoding="utf-8"))


def test_the_json_keeps_its_schema_and_every_key_is_of_this_report(machine):
    schema = json.loads((ROOT / "kit" / "report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(machine)
    assert {f["key"].split(".")[0] for f in machine["findings"]} == {"campaign"}
    assert {f["exhibit"] for f in machine["findings"]} - {None} <= {e["key"] for e in machine["exhibits"]}


def test_the_increment_has_its_key_and_its_range_holds_the_truth(machine):
    """TRUTH.md: campaign.double_11_2024.increment; a platform's own event without a control is weak evidence."""
    (found,) = [f for f in machine["findings"] if f["key"] == "campaign.double_11_2024.increment"]
    assert found["low"] <= 7463816 <= found["high"] and found["unit"] == "money"
    assert found["verdict"] == "weak" and "证据偏弱" in found["text"]["zh"]


def test_the_goal_is_told_on_its_own_basis(machine):
    (found,) = [f for f in machine["findings"] if f["key"] == "campaign.double_11_2024.goal"]
    assert found["verdict"] == "over_goal" and found["baseline"] == 10_750_000
    assert "支付金额" in found["text"]["zh"] and "paid amount" in found["text"]["en"]


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_pages_hold_every_section_and_no_mark_of_a_missing_value(built, locale):
    with pdfium.PdfDocument(built.output() / f"campaign.{locale}.pdf") as document:
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
    heading = {"zh": "活动带来的增量", "en": "What the campaign added"}[locale]
    assert heading in text and "nan" not in text.lower() and "〓" not in text
    assert {"zh": "活动结案报告", "en": "Post-campaign report"}[locale] in text  # on the cover, whatever the period


def test_a_month_in_which_no_campaign_ended_has_no_campaign_review(built):
    result = built.kit("report", "demo", "--report", "campaign", "--period", "2024-10", "--locale", "zh")
    assert result.returncode == 0 and not (built.output(period="2024-10") / "campaign.json").exists()
    assert "campaign" in result.stdout
