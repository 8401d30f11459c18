"""A table on its page: rows left to the JSON, headings above the rows of one thing, and no row alone on a page."""

import io

import lxml.html
import pdfua
import pypdfium2
import pytest
from sample import document

from kit import html, page_table, pdf

ROWS = [["a", "甲", 1.0], ["b", "甲", 2.0], ["c", "乙", 3.0], ["all", None, 6.0]]


def exhibit(rows=ROWS, marks=None, **options):
    units = {"name": "text", "shop": "text", "value": "money"}
    columns = [{"name": name, "unit": unit, "label": name} for name, unit in units.items()]
    return {"table": {"columns": columns, "rows": rows, "marks": marks or {}}, "options": options}


def test_a_table_without_options_stands_as_it_is():
    given = exhibit()
    assert page_table.on_page(given) is given["table"]


def test_chosen_rows_keep_their_marks_and_the_rest_is_one_row():
    page = page_table.on_page(exhibit(marks={"2": "own"}, shown=[0, 2], rest=["others", None, 8.0]))
    assert page["rows"] == [ROWS[0], ROWS[2], ["others", None, 8.0]] and page["marks"] == {"1": "own"}


def test_a_group_is_named_once_above_its_rows_and_a_total_belongs_to_none():
    page = page_table.on_page(exhibit(marks={"1": "own", "3": "total"}, group="shop"))
    heads = [[[{"value": shop, "unit": "text"}], None] for shop in ("甲", "乙")]
    assert page["rows"] == [heads[0], ["a", 1.0], ["b", 2.0], heads[1], ["c", 3.0], ["all", 6.0]]
    assert page["marks"] == {"0": "group", "2": "own", "3": "group", "5": "total"}
    assert [column["name"] for column in page["columns"]] == ["name", "value"]


def test_one_group_alone_needs_no_heading():
    page = page_table.on_page(exhibit(ROWS[:2], group="shop"))
    assert page["rows"] == [["a", 1.0], ["b", 2.0]] and page["marks"] == {}


def table(name, rows, *, first=("旗舰店", "group")):
    """An exhibit of ``rows`` rows below a heading, each with a name of its own."""
    heads = [{"label": "渠道", "align": "left"}, {"label": "花费", "align": "right"}]
    lines = [{"cells": [first[0], "—"], "mark": first[1]}]
    lines += [{"cells": [f"{name}{n:02}", f"{n}"], "mark": None} for n in range(rows)]
    about = {"type": "exhibit", "kind": "table", "key": name, "id": name, "label": name, "message": "花费"}
    return {**about, "table": {"columns": heads, "rows": lines}, "notes": [f"来源{name}"]}


def test_in_html_a_group_is_a_heading_of_its_rows_across_the_table():
    tree = lxml.html.document_fromstring(html.page({**document(), "blocks": [table("T", 2)]}))
    (row,) = tree.xpath("//tr[@class='group']")
    assert [(c.tag, c.get("scope"), c.get("colspan"), c.text) for c in row] == [("th", "rowgroup", "2", "旗舰店")]


@pytest.fixture(scope="module")
def paper():
    """Long tables, each beginning elsewhere on its page."""
    lines = [{"type": "list", "items": ["一行字"] * n} for n in (5, 7, 6, 4, 7, 3, 5)]
    blocks = [block for n, filler in enumerate(lines) for block in (filler, table("ABCDEFG"[n], 15))]
    return pdf.compile_pdf({**document(), "blocks": blocks})


def test_a_long_table_goes_on_over_pages_but_never_with_one_row_and_its_notes_stand_with_its_last_rows(paper):
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(paper)]
    parted = 0
    for name in "ABCDEFG":
        held = [sum(f"{name}{n:02}" in text for n in range(15)) for text in pages]
        (last,) = (n for n, text in enumerate(pages) if f"来源{name}" in text)
        parts = [count for count in held if count]
        assert sum(parts) == 15 and min(parts) >= 2 and held[last] >= 3, name
        parted += len(parts) > 1
    assert parted >= 3, "else the pages are too long for this test to say anything"


def test_a_table_that_goes_on_over_pages_is_tagged(paper):
    report = pdfua.validate(io.BytesIO(paper))
    assert (report.exit_code, list(report.findings)) == (0, [])
