"""Pages of the PDF that would stay empty in part: what is set smaller, and what goes over to the next."""

import pypdfium2
import pytest
from sample import LINE, RANKED, chart, document, heading, table

from kit import pdf
from kit.text import Words


def lines(many):
    return {"type": "list", "items": ["一行字"] * many}


def drawing(name, *notes):
    made = chart(LINE, f"图{name}", Words("zh"))
    return {**made, "key": f"drawn.{name}", "id": name, "notes": [f"来源{name}", *notes]}


def ranked(name, rows, *notes):
    made = {**RANKED, "id": name, "label": f"表{name}", "notes": [f"来源{name}", *notes]}
    return {**made, "table": table([(f"{name}{n:02}", "1", None) for n in range(rows)])}


def laid(*blocks):
    """The page that each exhibit is on, counted without the cover, and the text of each."""
    content, places = pdf.typeset({**document(), "blocks": list(blocks)})
    texts = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content)]
    return {name: place.page - 2 for name, place in places.items()}, texts[1:]


@pytest.mark.parametrize(("many", "third"), [(4, 0), (6, 0), (12, 0), (18, 1)])
def test_the_drawings_of_a_page_are_set_smaller_where_the_next_would_leave_much_of_it_empty(many, third):
    pages, texts = laid(drawing("A"), lines(many), drawing("B"), drawing("C"))
    assert pages == {"A": 0, "B": 0, "C": third}
    assert ["来源C" in text for text in texts] == [page == third for page in range(len(texts))]


@pytest.mark.parametrize(("many", "page"), [(38, 0), (40, 1)])
def test_a_drawing_is_never_set_smaller_than_can_be_read(many, page):
    assert laid(lines(many), drawing("A"))[0] == {"A": page}


@pytest.mark.parametrize(("many", "page"), [(12, 0), (13, 1)])
def test_drawings_are_not_set_smaller_where_little_would_stay_empty(many, page):
    pages, _ = laid(drawing("A"), drawing("B"), lines(many), ranked("C", 5))
    assert pages == {"A": 0, "B": 0, "C": page}


def test_drawings_of_one_page_are_all_of_one_size():
    content = pdf.compile_pdf({**document(), "blocks": [drawing("A"), lines(10), drawing("B"), drawing("C")]})
    found = pypdfium2.PdfDocument(content)[1].get_textpage()
    sizes = {
        round(found.get_charbox(n)[3] - found.get_charbox(n)[1], 1)
        for n in range(found.count_chars())
        if found.get_text_range(n, 1) == "￥"
    }
    assert len(sizes) == 3, "of the messages, of the axes and of the values that drawings point out"


def test_notes_go_over_where_the_rest_of_an_exhibit_fits_and_else_much_of_the_page_stayed_empty():
    long = ["很长的说明" * 30] * 4
    pages, texts = laid(lines(36), ranked("A", 4, *long))
    assert pages == {"A": 0} and ["A03" in text for text in texts] == [True, False]
    assert ["来源A" in text for text in texts] == [False, True]


@pytest.mark.parametrize(("many", "parts"), [(9, [24]), (12, [12, 12]), (18, [12, 12])])
def test_of_four_fields_the_lower_two_go_over_where_else_much_of_the_page_stayed_empty(many, parts):
    one = {"text": "差评集中在一个原因" * 3, "evidence": "见表1"}
    cells = [{"title": tone, "tone": tone, "items": [one] * 6, "more": ""} for tone in "swot"]
    grid = {**RANKED, "kind": "grid", "cells": cells, "notes": ["幅度是差距"]}
    _, texts = laid(lines(many), heading("四象限", "picture"), grid)
    assert [text.count("见表1") for text in texts] == parts
    assert "四象限" in texts[0] and "幅度是差距" in texts[-1]


def test_a_table_of_some_rows_goes_on_over_pages_with_two_rows_or_more_on_either():
    for many in range(30, 44):
        _, texts = laid(lines(many), ranked("A", 7))
        held = [sum(f"A{n:02}" in text for n in range(7)) for text in texts]
        assert sum(held) == 7 and 1 not in held
        assert [count > 0 for count in held] == ["品牌 份额" in text for text in texts]


def test_the_heading_of_a_group_is_never_the_last_row_of_a_page():
    rows = [
        row
        for n in range(12)
        for row in ((f"店{n:02}", "", "group"), (f"甲{n:02}", "1", None), (f"乙{n:02}", "1", None))
    ]
    for many in range(20, 32):
        _, texts = laid(lines(many), {**ranked("A", 0), "table": table(rows)})
        assert all((f"店{n:02}" in text) == (f"甲{n:02}" in text) for text in texts for n in range(12))
        assert [f"{name}00" in texts[0] for name in "店甲乙"] in ([True] * 3, [False] * 3)


def test_pages_agree_on_what_was_set_smaller(monkeypatch):
    """Typst gives up after five attempts, and what is said of pages may then be of an earlier one."""
    import typst

    told = []

    class Telling:
        def __init__(self, *args, **named):
            self.compiler = typst_compiler(*args, **named)
            self.query = self.compiler.query

        def compile(self, **named):
            made, warnings = self.compiler.compile_with_warnings(**named)
            told.extend(warnings)
            return made

    typst_compiler = typst.Compiler
    monkeypatch.setattr(typst, "Compiler", Telling)
    blocks = [block for n in range(20) for block in (drawing(f"A{n}"), lines(n % 7), ranked(f"B{n}", n % 13))]
    pages, _ = laid(*blocks)
    assert told == [] and len(pages) == 40


def test_a_long_picture_has_the_notes_of_its_tables():
    made = document()
    (page,) = pdf.compile_png({**made, "meta": {**made["meta"], "form": "long"}, "blocks": [ranked("A", 12)]}, 72)
    (without,) = pdf.compile_png(
        {**made, "meta": {**made["meta"], "form": "long"}, "blocks": [{**ranked("A", 12), "notes": []}]}, 72
    )
    assert height(page) > height(without)


def height(png):
    return int.from_bytes(png[20:24])
