"""Exhibits and the long page as pictures: their size, what they show, the same bytes each time."""

import io
import itertools

import pytest
from PIL import Image
from sample import document

from kit.deliver import pictures


class Said:
    """What ``exhibits`` asks of a rendering."""

    def __init__(self, report, locale="zh", **meta):
        made = document(locale)
        self.report, self.made = report, {**made, "meta": {**made["meta"], **meta}}

    def document(self):
        return self.made


def opened(content):
    return Image.open(io.BytesIO(content)).convert("L")


def ink(picture, box=None):
    """The lines of text in a picture: their first and last rows of pixels."""
    part = picture.crop(box) if box else picture
    dark = [min(part.crop((0, y, part.width, y + 1)).get_flattened_data()) < 128 for y in range(part.height)]
    runs = [[y for y, _ in group] for on, group in itertools.groupby(enumerate(dark), lambda row: row[1]) if on]
    return [(run[0], run[-1]) for run in runs]


@pytest.fixture(scope="module")
def made():
    return pictures.exhibits([Said("market")])


def test_every_exhibit_is_a_picture_under_its_report_and_key(made):
    shown = [block["key"] for block in document()["blocks"] if block["type"] == "exhibit"]
    assert [*made] == [f"{key}.png" for key in shown] and len(made) >= 3


@pytest.mark.parametrize(
    ("report", "key", "name"),
    [("market", "market.size", "market.size.png"), ("own", "market.size", "own.market.size.png")],
)
def test_a_picture_is_named_by_its_report_once(report, key, name):
    assert pictures.name(report, key) == name


def test_a_picture_has_twice_the_pixels_of_its_printed_size(made):
    paper = round((170 + 8) / 25.4 * 2 * 96)  # the page's column and a margin
    assert {opened(content).width for content in made.values()} == {paper}


def test_a_picture_shows_more_than_its_drawing(made):
    block = next(block for block in document()["blocks"] if block.get("svg"))
    (drawing,) = pictures.drawings(document(), [block])
    told, bare = opened(made["market.size.png"]), opened(drawing)
    assert bare.width == round(170 / 25.4 * 2 * 96)
    assert told.height > bare.height + 100  # message, notes, and whose it is


@pytest.mark.parametrize("more", [{"draft": ""}, {"client": "另一品牌"}], ids=["draft", "client"])
def test_a_picture_says_whose_it_is_and_that_it_is_a_draft(made, more):
    other = pictures.exhibits([Said("market", **more)])
    assert all(other[name] != content for name, content in made.items())
    height = opened(made["market.size.png"]).height
    above = (0, 0, 1346, height - 60)  # it is said in the last line alone
    assert [opened(side["market.size.png"]).crop(above).tobytes() for side in (made, other)].count(
        opened(made["market.size.png"]).crop(above).tobytes()
    ) == 2


def test_pictures_have_the_same_bytes_each_time(made):
    assert pictures.exhibits([Said("market")]) == made


def test_nothing_to_show_is_no_picture():
    assert pictures.pages(document(), [], "pictures") == []


# ---- the long page -----------------------------------------------------------------------------------------


def of(*blocks, **meta):
    whole = document()
    return {**whole, "meta": {**whole["meta"], **meta}, "blocks": [*blocks]}


LIST = {"type": "list", "items": ["国国国国国国国国"]}


@pytest.mark.parametrize("width", [1080, 750])
def test_the_long_page_is_as_wide_as_asked_and_as_high_as_it_takes(width):
    short, long = (opened(pictures.page(of(*[LIST] * count), width)) for count in (1, 30))
    assert short.width == long.width == width and long.height > 3 * short.height


def test_its_text_is_at_least_32_pixels_high():
    top, bottom = ink(opened(pictures.page(of(LIST, draft=""))), (200, 0, 1080, 10_000))[-1]
    assert bottom - top + 1 >= 32


def test_its_smallest_text_is_at_least_32_pixels():
    assert 9.5 / 72 * 1080 * 25.4 / pictures.LONG >= 32
    source = (pictures.pdf.project.templates() / "client_pdf" / "report.typ").read_text(encoding="utf-8")
    assert 'if form == "long" { (9.5pt, 9.5pt) }' in source and f"sheet({pictures.LONG:.0f}mm" in source


def test_it_opens_with_client_period_and_the_word_draft_and_has_no_other_head_or_foot():
    drafted, final = (opened(pictures.page(of(LIST, draft=word))) for word in ("草稿", ""))
    assert len(ink(drafted)) == len(ink(final)) + 1 == 4  # draft; client; period and title; the list
    assert drafted.height > final.height


def test_it_ends_before_the_appendix():
    appendix = {"type": "heading", "level": 1, "text": "方法", "id": "x", "appendix": True}
    assert pictures.page(of(LIST, appendix, LIST)) == pictures.page(of(LIST))


def test_a_chart_is_the_one_drawn_for_a_phone():
    block = next(block for block in document()["blocks"] if block.get("svg"))
    assert pictures.page(of(block)) == pictures.page(of({**block, "svg": block["svg_narrow"]}))
    assert pictures.page(of(block)) != pictures.page(of({**block, "svg_narrow": ""}))


def test_rows_of_a_wide_table_stand_one_below_the_other():
    """What a row says of itself takes lines of its own, and what it does not say takes none."""
    heads = [{"label": text, "align": "left"} for text in ("指标", "本期", "环比", "平日值")]

    def page(*cells):
        rows = [{"cells": list(row), "mark": None} for row in cells]
        table = {"columns": heads, "rows": rows}
        return opened(pictures.page(of({"type": "exhibit", "kind": "table", "key": "t", "id": "t", "label": "表1",
                                        "message": "甲", "notes": [], "table": table})))  # fmt: skip

    one, two = page(("访客", "3万", "1%", "—")), page(("访客", "3万", "1%", "—"), ("客单价", "￥1", "2%", "—"))
    longer = page(("访客", "3万", "因为活动天数不同所以不能直接比较", "—"))
    assert two.height > one.height + 2 * 32 and longer.height > one.height
    assert page(("访客", "3万", "1%", "—")).tobytes() == one.tobytes()


def test_the_long_page_has_the_same_bytes_each_time():
    assert pictures.page(document()) == pictures.page(document())
