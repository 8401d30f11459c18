"""The pack of some small reports, as a file: what stands where, once, on which page, and what leads to it."""

import ctypes
import io
import re

import pdfua
import pypdfium2
import pytest
from making import client as made

from kit import pdf, store
from kit.deliver import binding
from kit.findings import Arg, Column, Exhibit, Finding, Kind, Note, Severity, Soundness, Table, payload
from kit.pdf import Place
from kit.render import Rendering

CSV = "update_time,id,title,price,sale_count,comment_count,店名\n2016/11/5,A1,霜,99,10,1,自然堂\n"
PERIOD = {"start": "2016-11-01", "end": "2016-11-30", "kind": "month", "text": "2016-11"}
TERMS = {"summary": ["uv"], "market": ["uv", "cvr"], "review": ["uv", "order_value"]}


def prose(text, appendix=False):
    return {"is": "prose", "text": text, "own": False, "appendix": appendix}


def finding(key, **more):
    args = {name: {"value": key, "unit": "text"} for name in ("metric", "value", "base")}
    made = Finding(
        key, "g.flat", {}, Soundness.LIMITED, Severity.HIGH, Kind.STATE, **{"exhibit": f"{key}.rows", **more}
    )
    return {**payload(made), "args": args}


def exhibit(key, rows=2):
    columns = (Column("brand", "text", "ledger.file"), Column("n", "count", "ledger.rows_read"))
    table = Table(f"{key}.rows", columns, tuple((f"{key} row {n}", n) for n in range(rows)))
    return payload(Exhibit(f"{key}.rows", "table", table, (key,)))


def pieces(report, *shown, rows=2):
    start = {
        "is": "start",
        "report": report,
        "client": "acme",
        "locale": "en",
        "cutoff": "2016-11-05",
        "period": PERIOD,
    }
    opening = [start, prose(f"# The {report}\n\nScope of the {report}"), prose("## Key findings"), {"is": "answer"}]
    sections = [
        piece
        for name in ("one", "two")
        for piece in (
            prose(f"## {report.title()} {name}\n\nWhy {name}."),
            finding(f"{report}.{name}"),
            exhibit(f"{report}.{name}", rows),
        )
    ]
    end = [prose("## Limits of the data", True), {"is": "limits"}]
    end += [prose("## Data ledger", True), {"is": "ledger", "tables": ["listings"]}]
    end += [prose("## Glossary", True), {"is": "glossary", "terms": TERMS[report]}]
    end += [prose("## How to build this report again", True), {"is": "reproduce", "tables": ["listings"]}]
    return [*opening, *shown, *sections, *end]


@pytest.fixture(scope="module")
def renderings(tmp_path_factory):
    client = made(tmp_path_factory.mktemp("client"), {"exports/a.csv": CSV})
    data = store.load(client)
    where = {"report": Arg("market", "report"), "exhibit": Arg("Table 2", "text")}
    source = {"exhibit": None, "source": ("market", "market.two.rows"), "evidence": Note("x.where.at", where)}
    quoted = finding("summary.market.two", **source)
    whole = {"summary": pieces("summary", quoted), "review": pieces("review"), "market": pieces("market")}
    return [Rendering(some, client, data, "en") for some in whole.values()]


@pytest.fixture(scope="module")
def content(renderings):
    return binding.typeset(renderings)


@pytest.fixture(scope="module")
def paper(content):
    return pypdfium2.PdfDocument(content)


@pytest.fixture(scope="module")
def pages(paper):
    return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in paper]


def page_with(pages, text):
    (place,) = [number for number, page in enumerate(pages, 1) if text in page]
    return place


def test_the_pack_is_valid_pdf_ua(content):
    report = pdfua.validate(io.BytesIO(content))
    assert (report.exit_code, list(report.findings)) == (0, [])


def test_the_same_reports_are_the_same_pack(renderings, content):
    assert binding.typeset(renderings) == content


def test_the_cover_names_client_period_and_reports(pages):
    for text in ("Monthly report pack", "Nov 2016 · 3 reports", "The summary, The review and The market"):
        assert text in " ".join(pages[0].split())


def test_pages_are_numbered_through(pages):
    assert [f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, 1)] == [False] + [True] * (
        len(pages) - 1
    )


def test_contents_name_the_page_of_each_report_and_section(paper, pages):
    marks = {mark.get_title(): mark.get_dest().get_index() + 1 for mark in paper.get_toc()}
    for title in ("The summary", "The review", "The market"):
        assert re.search(rf"^{title} {marks[title]}$", pages[1], re.MULTILINE)
    for title in ("1 Review one", "2 Market two", "A Limits of the data"):
        assert title.replace(" ", "\u2002", 1) in pages[1] or title in pages[1]


def test_bookmarks_stand_under_their_report(paper):
    marks = [(mark.level, mark.get_title()) for mark in paper.get_toc()]
    top = [title for level, title in marks if level == 0]
    assert top == [
        "The summary", "The review", "The market", "Appendix: The review", "Appendix: The market",
        "Appendix: terms, data and how to build this again",
    ]  # fmt: skip
    place = marks.index((0, "Appendix: The market"))
    assert marks[place + 1 : place + 4] == [(1, "1 Market one"), (1, "2 Market two"), (1, "A Limits of the data")]


def test_the_summary_stands_whole_in_the_body_and_a_report_begins_a_page(pages):
    body = [page for page in pages[2:] if "Appendix:" not in page.split("Page ")[0]]
    assert "Summary two" in "".join(body)
    for title in ("The summary", "The review", "The market", "Appendix: The review", "Appendix: The market"):
        (page,) = [page for page in pages[2:] if re.search(rf"^{title}( The other .+)?$", page, re.MULTILINE)]
        assert page.index(title) < 120


def test_where_the_other_sections_are_stands_beside_the_title_and_leads_there(pages):
    for title in ("The review", "The market"):
        (told,) = re.findall(
            rf"^{title} The other sections stand in the appendix \(page (\d+)\)$", "\n".join(pages), re.M
        )
        assert f"Appendix: {title}\n" in pages[int(told) - 1]


def test_the_running_head_names_the_report(pages):
    for title in ("review", "market"):
        for name in (f"{title}.two row 1", f"{title}.one row 1"):
            page = pages[page_with(pages, name) - 1]
            assert f"The {title}" in page.splitlines()[0]


def test_an_exhibit_in_the_body_is_referred_to_where_it_is_left_out(pages):
    place = page_with(pages, "review.one row 1")
    back = pages[page_with(pages, "review.two row 1") - 1]
    assert place < page_with(pages, "review.two row 1")
    assert f"Table 1 stands in the body (page {place})" in back.replace("\n", " ")


def test_labels_are_each_reports_own(pages):
    text = " ".join(pages)
    assert text.count("Table 1 review.one") == 1 and text.count("Table 1 market.one") == 1


def test_what_is_quoted_leads_to_the_page_where_it_stands(paper, pages):
    place = page_with(pages, "market.two row 1")
    assert f"see Market and competitors, Table 2 (page {place})" in " ".join(pages[2].split())
    assert place in {link_target(paper, link) for link in links(paper, 2)}


def links(paper, number):
    raw = pypdfium2.raw
    page, found, position = paper[number], raw.FPDF_LINK(), ctypes.c_int(0)
    while raw.FPDFLink_Enumerate(page.raw, position, found):
        yield found


def link_target(paper, link):
    raw = pypdfium2.raw
    return raw.FPDFDest_GetDestPageIndex(paper.raw, raw.FPDFLink_GetDest(paper.raw, link)) + 1


def test_terms_and_files_stand_once(pages):
    text = "".join(pages)
    last = "".join(page for page in pages if "Appendix: terms" in page.splitlines()[0])
    for term in ("visitors (UV)", "conversion rate (CVR)", "order value"):
        assert len(re.findall(rf"^{re.escape(term)}", last, re.MULTILINE)) == 1, term
    assert text.count("a.csv") == 2  # the ledger, and the hash beside it
    assert "--report" not in last and "kit report" in last.replace("\n", " ")


@pytest.mark.parametrize(
    ("ends", "kept"),
    [
        ({"a": (4, 60, 4, 200), "b": (5, 60, 5, 200)}, {"a", "b"}),  # on the page that is there anyway
        ({"a": (5, 25, 5, 90), "b": (7, 25, 7, 200)}, {"b"}),  # alone on a page that it leaves half empty
        ({"a": (17, 60, 18, 250), "b": (19, 60, 19, 200)}, {"b"}),  # the body is full with what is on it anyway
    ],
    ids=["room", "half empty", "full"],
)
def test_an_exhibit_stands_in_the_body_as_far_as_there_is_room(renderings, ends, kept):
    opened = [binding._opened(r) for r in renderings if r.report != "summary"]
    names = dict(zip(ends, opened, strict=True))
    places, start = {}, 4
    for name, (page, down, end, below) in ends.items():
        o = names[name]
        places[f"body/{o.r.report}"] = Place(start, 20)
        places[o.first[0]["anchor"]] = Place(page, down)
        places[f"body/{o.r.report}/end"] = Place(end, below)
        start = end + 1
    assert binding.fitting(opened, places) == {names[name].r.report for name in kept}


def test_a_pack_of_one_report_is_one(renderings):
    content = binding.typeset(renderings[1:2])
    assert [mark.get_title() for mark in pypdfium2.PdfDocument(content).get_toc() if mark.level == 0][:2] == [
        "The review", "Appendix: The review",
    ]  # fmt: skip


def test_what_no_part_shows_is_not_led_to(renderings):
    made = binding.document([binding._opened(r) for r in renderings[:1]], ())
    (answer,) = [b for part in made["parts"] for b in part["blocks"] if b["type"] == "answer"]
    assert [f["at"] for f in answer["findings"] if f["evidence"].startswith("see Market")] == [None]
    assert pdf.compile_pdf(made)


@pytest.mark.parametrize(
    ("key", "moved"),
    [("b", [1, 3]), ("a", [0]), ("none", []), (None, [])],
    ids=["with its notes", "bare", "no", "none"],
)
def test_an_exhibit_takes_along_what_the_consultant_says_of_it(key, moved):
    kinds = [("exhibit", "a"), ("exhibit", "b"), ("list", ""), ("note", ""), ("prose", ""), ("note", "")]
    rest = [{"type": kind, "key": key} for kind, key in kinds]
    assert binding._first(rest, key) == [rest[n] for n in moved]
