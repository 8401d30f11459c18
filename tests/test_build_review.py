"""The demo client's review, really built: the files, and figures that are those of its export files."""

import json
import re

import jsonschema
import pdfua
import pypdfium2 as pdfium
import pytest
from built import ROOT, demo

from kit.text import Words

pytestmark = pytest.mark.build


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return demo(tmp_path_factory.getbasetemp())


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
    assert re.search("人群推广平日投产比每周平均下降", said), "the channel that decays"
    assert re.search("2024年11月20日青禾护肤旗舰店差评", said), "the burst of bad reviews"
    assert re.search("11月12日至19日有访客却无成交（8天），少卖约", said), "the stock-out"


def test_every_section_has_an_exhibit(machine):
    sections = {"attainment", "actions", "scorecard", "drivers", "days", "traffic", "items", "ads", "buyers", "service"}
    assert {e["key"].split(".")[1] for e in machine["exhibits"]} == sections | {"live", "next"}


def test_what_was_agreed_is_told_with_what_the_figures_say_since(machine):
    states = {f["key"].rsplit(".", 1)[1]: f["verdict"] for f in machine["findings"] if "review.actions." in f["key"]}
    assert states["summary"] == states["a_2024_11_03"] == "behind"
    (done,) = (f for f in machine["findings"] if f["key"] == "review.actions.a_2024_11_01")
    (bought,) = (f for f in machine["findings"] if f["key"] == "review.buyers.tmall.split.now")
    assert f"由{bought['baseline']:.1%}到{bought['value']:.1%}" in done["text"]["zh"]


def truth(key):
    """A number of TRUTH.md."""
    text = (ROOT / "data" / "demo" / "TRUTH.md").read_text(encoding="utf-8")
    return float(re.search(rf"^\| {re.escape(key)} \| (\S+) ", text, re.M)[1])


def rows(machine, key):
    """A table's rows by their first cell, each as its columns' names and values."""
    table = machine["tables"][key]
    names = [column["name"] for column in table["columns"]]
    return {str(_plain(row[0])): dict(zip(names, row, strict=True)) for row in table["rows"]}


def _plain(cell):
    return cell[0]["value"] if isinstance(cell, list) else cell


def test_live_sales_costs_and_returns_are_the_planted_ones(machine):
    total = rows(machine, "review.live.douyin.rooms")["part.all"]
    for name, key in (("gmv", "gmv"), ("paid", "paid"), ("refunded", "refunds"), ("spend", "spend")):
        assert round(total[name]) == truth(f"live.2024-11.{key}")
    by_name = rows(machine, "review.live.douyin.deals")
    net = {f["text"]["zh"].split("（")[0]: f for f in machine["findings"] if f["key"].endswith(".net")}
    for name, key, verdict in (("林知夏护肤笔记", "missed", "below"), ("小满的梳妆台", "best", "above")):
        found = net[name]
        assert found["low"] <= truth(f"deals.{key}") <= found["high"] and found["verdict"] == verdict
    assert by_name["林知夏护肤笔记"]["short"] == truth("deals.shortfall")
    (missed,) = (f for f in machine["findings"] if f["key"].endswith(".guarantee"))
    assert (missed["verdict"], missed["severity"]) == ("missed", "high")


def test_new_buyers_are_the_planted_share_with_one_verdict_wherever_they_stand(machine):
    (found,) = (f for f in machine["findings"] if f["key"] == "review.buyers.tmall.split.now")
    assert found["verdict"] == "normal" and round(1 - found["value"], 4) == truth("customers.returning.2024-11")
    card = rows(machine, "review.scorecard.tmall.lines")["score.new_share"]
    assert card["value"]["value"] == found["value"] and card["verdict"]["value"] == "score.side.inside"
    first = next(iter(rows(machine, "review.buyers.tmall.split").values()))
    assert first["new_share"] == found["value"]


def test_sales_are_those_of_the_files_wherever_they_stand(machine):
    """One figure, one value: the goals' table and the bridge say what the shops' days add up to."""
    paid = [truth(f"shop.{shop}.2024-11") for shop in ("tmall", "douyin")]
    cells = [v for t in machine["tables"].values() for row in t["rows"] for v in row]
    assert all(any(_is(v, value) for v in cells) for value in paid)
    total = sum(paid)
    holding = [k for k, t in machine["tables"].items() for row in t["rows"] if any(_is(v, total) for v in row)]
    assert len(set(holding)) >= 3, "goals, scorecard or bridge, and advertising"


def _is(value, total):
    found = value.get("value") if isinstance(value, dict) else value
    return isinstance(found, int | float) and round(found) == total


def test_a_missed_goal_is_told_with_what_moved_the_shop_furthest_from_it(machine):
    goal, short = (
        next(f for f in machine["findings"] if f["key"].endswith(end)) for end in (".all.pay_amount", ".short")
    )
    assert (goal["verdict"], goal["severity"], short["severity"]) == ("under_goal", "high", "high")
    table = machine["tables"][short["key"].replace(".short", ".by_shop")]
    at = [column["name"] for column in table["columns"]].index("change")
    (shown,) = (row[at] for row in table["rows"] if row[0] and "旗舰店" in str(row[0]))
    assert short["value"] == pytest.approx(shown, abs=1000)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_page_after_the_cover_is_the_whole_answer(built, machine, locale):
    """First message, what the brand is asked to decide and the agency's next steps: that page may go out alone."""
    page = pdfium.PdfDocument(built.output() / f"review.{locale}.pdf")[1].get_textpage().get_text_bounded()
    decided = [f["action"][locale] for f in machine["findings"] if f["side"] == "brand"]
    words = Words(locale)
    wanted = [words.label("page.asks.brand"), words.label("page.asks.agency")]
    assert len(decided) == 3, "all that are asked in the demo have room"
    for said in (*wanted, *decided):
        assert re.sub(r"\s", "", said) in re.sub(r"\s|[\ufffe\u0002\u00ad]", "", page)


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
