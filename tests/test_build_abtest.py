"""The demo client's A/B report, really built: what is planted in its tests is recovered, in both languages."""

import json
import re

import jsonschema
import pdfua
import pypdfium2 as pdfium
import pytest
from built import ROOT, demo

pytestmark = pytest.mark.build


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return demo(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def machine(built):
    return json.loads((built.output() / "abtest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def truth():
    """What was planted, and what the recorded rows show, by test."""
    text = (ROOT / "data" / "demo" / "TRUTH.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| test\.(\w+?)(\.seen)? \| (-?[\d.]+) \| relative", text, re.M)
    found = {}
    for name, seen, value in rows:
        found.setdefault(name, {})["seen" if seen else "planted"] = float(value)
    return found


def test_the_json_keeps_its_schema_and_every_key_is_of_this_report(machine):
    schema = json.loads((ROOT / "kit" / "report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(machine)
    assert {f["key"].split(".")[0] for f in machine["findings"]} == {"abtest"}
    assert {f["exhibit"] for f in machine["findings"]} - {None} <= {e["key"] for e in machine["exhibits"]}


PRIMARY = {
    "detail_page": ("pay_cvr", "ship"),
    "coupon_popup": ("cart_rate", "fix"),
    "free_shipping": ("cart_rate", "same"),
    "main_image": ("ctr", "recommend"),
}


@pytest.fixture(scope="module")
def verdicts(machine):
    keys = {f"abtest.{name}.{metric}.b": name for name, (metric, _) in PRIMARY.items()}
    return {keys[f["key"]]: f for f in machine["findings"] if f["key"] in keys}


def test_each_test_comes_to_the_verdict_that_was_planted(verdicts):
    assert {name: f["verdict"] for name, f in verdicts.items()} == {name: v for name, (_, v) in PRIMARY.items()}


@pytest.mark.parametrize("name", ["detail_page", "free_shipping", "main_image"])
def test_the_interval_holds_what_was_planted(verdicts, truth, name):
    found = verdicts[name]
    low, high = (found[end] / found["baseline"] for end in ("low", "high"))
    assert low <= truth[name]["planted"] <= high


@pytest.mark.parametrize("name", ["detail_page", "free_shipping"])
def test_the_estimate_is_what_the_recorded_rows_show(verdicts, truth, name):
    found = verdicts[name]
    assert found["value"] / found["baseline"] == pytest.approx(truth[name]["seen"], abs=5e-5)


def test_the_broken_test_has_no_number_that_looks_like_a_win(machine, verdicts):
    found = verdicts["coupon_popup"]
    assert (found["value"], found["low"], found["p_value"]) == (None, None, None)
    said = json.dumps(
        [t for k, t in machine["tables"].items() if k != "abtest.coupon_popup.health"], ensure_ascii=False
    )
    assert "0.0777" not in said, "the lift that the recorded rows show"


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_page_and_pdf_say_every_verdict_below_its_tests_name_and_the_pdf_is_accessible(built, verdicts, locale):
    path = built.output() / f"abtest.{locale}.pdf"
    with path.open("rb") as file:
        assert [str(finding) for finding in pdfua.validate(file).findings] == []
    text = "".join(page.get_textpage().get_text_bounded() for page in pdfium.PdfDocument(path))
    page = (built.output() / f"abtest.{locale}.html").read_text(encoding="utf-8")
    assert re.findall(r"<h3[^>]*>(.*?)</h3>", page) == ["包邮门槛提示", "进店弹券", "详情页首屏改版", "主图按天轮换"]
    for whole in (text, re.sub("<[^>]+>", "", page)):
        plain = _plain(whole)
        assert all(_plain(f["text"][locale]) in plain for f in verdicts.values())


def _plain(text):
    """Without what is said at first use, breaks and hyphens."""
    text = text.replace("（超出正常波动）", "").replace("percentage points", "points").replace("&#39;", "'")
    return re.sub(r"\s|\(CNY\)|[\ufffe\u0002\u00ad]", "", text)


def test_a_period_in_which_no_test_ran_is_skipped_with_one_line(built):
    result = built.kit("report", "demo", "--report", "abtest", "--period", "2024-09", "--locale", "zh")
    assert result.returncode == 0 and "abtest：跳过" in result.stdout
    assert not (built.root / "output" / "demo" / "2024-09" / "abtest.json").exists()
