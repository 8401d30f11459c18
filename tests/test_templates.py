"""The page and the PDF of a small document, as files: what a reader, a screen reader or a copier gets from them."""

import copy
import ctypes
import io
import re

import lxml.html
import pdfua
import pypdfium2
import pypdfium2.raw as raw
import pytest
from sample import BRAND, LEDGER, NASTY, RANKED, document, heading, table

from kit import html, markdown, outline, pdf, project
from kit.errors import KitError


@pytest.fixture(scope="module", params=["zh", "en"])
def made(request):
    return request.param, pdf.compile_pdf(document(request.param))


@pytest.fixture(scope="module")
def paper():
    return pypdfium2.PdfDocument(pdf.compile_pdf(document()))


@pytest.fixture(scope="module")
def pages(paper):
    return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in paper]


@pytest.fixture(scope="module")
def source():
    return html.page(document())


@pytest.fixture(scope="module")
def tree(source):
    return lxml.html.document_fromstring(source)


def with_blocks(*blocks):
    return {**document(), "blocks": list(blocks)}


def structure(paper):
    """Tags of all pages with their alternative texts, in reading order."""

    def text(get, element):
        size = get(element, None, 0)
        buffer = ctypes.create_string_buffer(size)
        get(element, buffer, size)
        return buffer.raw.decode("utf-16-le").rstrip("\0")

    def walk(element):
        yield text(raw.FPDF_StructElement_GetType, element), text(raw.FPDF_StructElement_GetAltText, element)
        for n in range(raw.FPDF_StructElement_CountChildren(element)):
            if child := raw.FPDF_StructElement_GetChildAtIndex(element, n):
                yield from walk(child)

    for page in paper:
        whole = raw.FPDF_StructTree_GetForPage(page.raw)
        for n in range(raw.FPDF_StructTree_CountChildren(whole)):
            yield from walk(raw.FPDF_StructTree_GetChildAtIndex(whole, n))


# ---- PDF -------------------------------------------------------------------------------------------------


def test_the_pdf_is_valid_pdf_ua(made):
    report = pdfua.validate(io.BytesIO(made[1]))
    assert (report.exit_code, list(report.findings)) == (0, [])


def test_the_pdf_says_its_language_and_title(made):
    locale, data = made
    assert {"zh": b"/Lang(zh-CN)", "en": b"/Lang(en-GB)"}[locale] in data
    facts = pypdfium2.PdfDocument(data).get_metadata_dict()
    assert (facts["Title"], facts["Author"]) == ("市场与竞品分析", "远帆电商咨询")
    assert facts["CreationDate"] == "D:20241205000000Z"


def test_two_faces_are_embedded_and_none_is_type_3(made):
    faces = {name.split(b"+")[1] for name in re.findall(rb"/BaseFont ?/([\w+-]+)", made[1])}
    assert faces == {b"NotoSansSC-Regular", b"NotoSansSC-Bold"}
    assert b"/Type3" not in made[1]


def test_the_same_document_gives_the_same_pdf(made):
    assert pdf.compile_pdf(document(made[0])) == made[1]


def test_the_place_of_each_exhibit_is_the_page_that_it_stands_on(paper, pages):
    places = pdf.typeset(document())[1]
    assert [*places] == ["market-size", "market-bands", "market-rivals"]
    for (page, down), said in zip(places.values(), ("图1", "图2", "表1"), strict=True):
        found = paper[page - 1].get_textpage()
        assert f"{said} " in found.get_text_bounded().replace("\xa0", " ") and 20 < down < 280


def test_chinese_text_copied_from_the_pdf_is_what_was_written(pages):
    text = "".join(pages).replace("\n", "")
    for sentence in (
        "类目2024年11月支付金额为￥7.85亿，同比增长9.4%",
        "数据支持的范围8.1%至10.7%（95%区间）；见图1",
        "结论：先补￥100–199价格带。",
        "集中度CR4为38.2%",
        "见日历。",
        "供需指数",
        "exports/tmall/sycm_market_category_69.xlsx",
        "￥7.85亿",
    ):
        assert sentence in text


def test_a_hostile_title_is_printed_as_itself(pages):
    assert NASTY.replace(" ", "") in "".join(pages).replace("\n", "").replace(" ", "")


def test_text_is_never_read_as_typst_wherever_it_stands():
    hostile = '#panic("x") $y$ *z* @w <a> \\ `#read("/etc/passwd")` // --- = + /'
    whole = copy.deepcopy(document())
    whole["meta"] |= {"client": hostile, "scope": hostile, "header_left": hostile}
    whole["blocks"][1]["findings"][0]["headline"] = hostile
    whole["blocks"][0]["text"] = hostile
    text = "".join(p.get_textpage().get_text_bounded() for p in pypdfium2.PdfDocument(pdf.compile_pdf(whole)))
    assert "".join(text.split()).count("".join(hostile.split())) >= 6


def test_pages_are_counted_and_the_cover_has_no_running_lines(pages):
    assert [f"第{n}页，共{len(pages)}页" in text for n, text in enumerate(pages, 1)] == [False] + [True] * (
        len(pages) - 1
    )
    assert "青禾护肤 · 市场与竞品分析" not in pages[0]
    assert all("远帆电商咨询 · 机密" in text for text in pages[1:])


def test_the_cover_says_who_what_when_and_until_when(pages):
    cover = ("青禾护肤", "2024年11月 · 月度报告", "市场与竞品分析", "面部精华：规模、格局与价格带")
    assert [t in pages[0] for t in (*cover, "远帆电商咨询", "2024年12月5日", "数据截至2024年11月30日")] == [True] * 7


def test_contents_and_bookmarks_lead_to_the_sections(paper, pages):
    marks = [(mark.level, mark.get_title(), mark.get_dest().get_index()) for mark in paper.get_toc()]
    assert [(level, title) for level, title, _ in marks] == [
        (0, "核心结论"),
        (0, "1 类目规模"),
        (1, "价格带"),
        (0, "2 顾问观点"),
        (0, "A 数据台账"),
        (0, "B 名词解释"),
    ]
    for level, title, place in marks:
        assert title in pages[place]
        if level == 0:
            assert re.search(rf"^{title} {place + 1}$", pages[0], re.MULTILINE)


def test_the_page_after_the_cover_is_the_answer_with_what_is_asked_of_either_side(pages):
    said = ("类目2024年11月支付金额为￥7.85亿", "需要品牌方决定", "一季度备货量", "下一步行动", "一季度补齐三款")
    assert [text in pages[1] for text in said] == [True] * 5


def test_an_exhibit_stands_on_one_page_with_its_message_and_notes():
    rows = [{**RANKED, "label": f"表{n}", "message": f"消息{n}", "notes": [f"注{n}"]} for n in range(1, 16)]
    made = pypdfium2.PdfDocument(pdf.compile_pdf(with_blocks(heading("竞品", "rivals"), *rows)))
    texts = [page.get_textpage().get_text_bounded() for page in made]
    assert len(texts) > 3
    for n in range(1, 16):
        assert [f"消息{n}\r" in t for t in texts] == [f"注{n}。" in t for t in texts]


def test_a_table_of_many_columns_stays_on_the_page_and_its_cells_apart():
    heads = [
        {"label": "比较对象与口径", "align": "left"},
        *({"label": f"第{n}项上限（￥亿）", "align": "right"} for n in range(11)),
    ]
    rows = [{"cells": ["大促月份合计同比", *["2024年10月至11月"] * 11], "mark": None}] * 2
    wide = {**RANKED, "table": {"columns": heads, "rows": rows}}
    page = pypdfium2.PdfDocument(pdf.compile_pdf(with_blocks(heading("竞品", "rivals"), wide)))[1]
    text = page.get_textpage()
    right = max(text.get_charbox(n)[2] for n in range(text.count_chars()))
    assert right <= page.get_width() - 20 / 25.4 * 72 + 1
    assert "大促月" in re.sub(r"\s", "", text.get_text_bounded())


HEADS = "达人 日期 用户支付（￥） 退货后成交（￥） 全包成本（￥） 净投产 最终预计 最终下限 保本线 上期支付转化率 此价格带独有 对照期支付金额（￥万）"


def test_a_heading_of_a_narrow_column_breaks_between_its_words():
    heads = [{"label": label, "align": "right" if n else "left"} for n, label in enumerate(HEADS.split())]
    rows = [{"cells": ["林知夏护肤笔记", "11月8日", *["231,500"] * 3, *["1.01"] * 7], "mark": None}] * 2
    text = printed({**RANKED, "table": {"columns": heads, "rows": rows}})[1]
    words = "达人 日期 用户 支付 （￥） 退货后 成交（￥） 全包 成本 （￥） 净投产 最终 预计 最终 下限 保本线"
    words += " 上期 支付 转化率 此 价格带 独有 对照期 支付金额 （￥万）"
    assert text[text.index("达人") : text.index("林知夏")].split() == words.split()
    assert text.count("林知夏护肤笔记") == 2, "rather than cells, headings break"


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_no_line_ends_within_a_range_or_the_size_of_a_sample(locale):
    said = ["x" * n + f" ¥150–199 and 3.2–4.1{', n = 72.0k, 4–10 Nov' if locale == 'en' else ''}" for n in range(1, 90)]
    made = {**document(locale), "blocks": [{"type": "list", "items": said}]}
    paper = pypdfium2.PdfDocument(pdf.compile_pdf(made))
    lines = [line for page in paper for line in page.get_textpage().get_text_bounded().splitlines()]
    assert len(lines) > 100 and not [line for line in lines if line.endswith(("–", "n", "n =", "= ", "10"))]


def test_on_the_page_no_line_ends_within_a_range_of_money():
    said = {"type": "list", "items": ["在￥100–149、￥1.2–3.4万之间"]}
    tree = lxml.html.document_fromstring(html.page(with_blocks(said)))
    assert tree.xpath("//li/span[@class='amount']/text()") == ["￥100–149", "￥1.2–3.4万"]


def test_a_heading_never_stands_alone_at_the_foot_of_a_page():
    for filler in range(24, 40):
        lines = [{"type": "list", "items": ["行"] * filler}]
        made = pypdfium2.PdfDocument(pdf.compile_pdf(with_blocks(*lines, heading("竞品", "rivals"), RANKED)))
        texts = [page.get_textpage().get_text_bounded() for page in made]
        assert ["1 竞品" in t.split("目录")[0] for t in texts[2:]] == [RANKED["message"] in t for t in texts[2:]]


def test_the_heading_of_a_section_stands_on_one_page_with_what_its_first_part_shows():
    for rows in range(12, 20):
        part = {**heading("甲方案", "part"), "level": 2}
        reason = {"type": "prose", "ast": markdown.parse(["为什么问这个"])[0]}
        above = {"type": "list", "items": [f"第{n}行" for n in range(2 * rows)]}
        texts = printed(above, heading("逐个方案", "all"), reason, part, RANKED)
        (whole,) = (text for text in texts[1:] if "逐个方案" in text)
        assert "甲方案" in whole and "禾本源" in whole


@pytest.mark.parametrize(("many", "whole"), [(20, True), (21, True), (22, False)])
def test_fields_begin_below_the_heading_of_their_section_set_smaller_where_they_then_fit(many, whole):
    one = {"text": "差评集中在一个原因", "evidence": "见表1"}
    cells = [{"title": t, "tone": t, "items": [one] * (many if t == "s" else 1), "more": ""} for t in "swot"]
    grid = {**RANKED, "kind": "grid", "cells": cells, "message": "各有出处" * 12, "notes": ["幅度是差距"]}
    reason = {"type": "prose", "ast": markdown.parse(["为什么问这个，" * 16])[0]}
    (text,) = (text for text in printed(heading("四象限", "picture"), reason, grid)[1:] if "四象限" in text)
    assert "各有出处" in text and (text.count("见表1") == many + 3) is whole


def test_no_line_ends_between_a_figure_and_its_unit_or_its_colon():
    said = ["低" * n + "于目标￥1,287.5万：差评43条；逾期25天，结构−￥8,327，上升0.6个百分点" for n in range(1, 60)]
    lines = "\n".join(printed({"type": "list", "items": said})).splitlines()
    assert len([line for line in lines if line]) > 100
    assert not [line for line in lines if line and (line[0] in "万条天个：；" or line[-1] in "−￥")]


def test_a_figure_is_copied_as_it_was_written():
    said = "低于目标￥1,287.5万：差评43条；较2024年10月上升0.6个百分点，30ml装8件"
    assert said in "".join(printed({"type": "list", "items": [said]}))


def test_a_long_listing_leaves_no_row_alone_on_its_last_page():
    for rows in range(51, 57):
        listed = {**LEDGER, "table": {**LEDGER["table"], "rows": LEDGER["table"]["rows"][:rows]}}
        last = printed(listed)[-1]
        assert last.count("xlsx") >= 3


def test_no_row_of_a_table_goes_on_over_a_page():
    rows = [(f"始{n}，" + "很长的说明" * 60 + f"，末{n}。", "1", None) for n in range(20)]
    texts = [re.sub(r"\s", "", text) for text in printed({**LEDGER, "table": table(rows)})]
    parts = [(re.findall(r"始(\d+)，", text), re.findall(r"，末(\d+)。", text)) for text in texts]
    assert len(parts) > 2 and all(begun == ended for begun, ended in parts)


def printed(*blocks):
    """The text of each page."""
    made = pypdfium2.PdfDocument(pdf.compile_pdf(with_blocks(*blocks)))
    return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in made]


def test_a_long_table_repeats_its_heading_on_every_page():
    made = pypdfium2.PdfDocument(pdf.compile_pdf(with_blocks(heading("台账", "ledger"), LEDGER)))
    texts = [page.get_textpage().get_text_bounded() for page in made]
    having = [t for t in texts if "sycm_market_category" in t]
    assert len(having) > 1
    assert all("品牌 份额" in t for t in having)


def test_every_picture_has_an_alternative_that_reads_as_a_sentence(paper):
    alts = [alt for tag, alt in structure(paper) if tag == "Figure"]
    assert alts[0] == "品牌标志"
    assert len(alts) == 4
    assert all(alt.endswith("。") for alt in alts[1:])


def test_tags_name_headings_tables_lists_and_contents(paper):
    tags = [tag for tag, _ in structure(paper)]
    assert {"H1", "H2", "Table", "TH", "TD", "L", "LI", "TOC", "Figure", "Caption", "P"} <= set(tags)
    assert tags.count("H1") == 5


def test_a_character_without_a_glyph_stops_the_pdf():
    whole = copy.deepcopy(document())
    whole["meta"]["title"] = "市场🔥"
    with pytest.raises(KitError, match=r"e\.glyph.*🔥"):
        pdf.compile_pdf(whole)


def test_invisible_characters_lack_no_glyph():
    assert pdf.missing_glyphs("\u200b\u200d\ufe0f\n\t\u00a0a中") == set()
    assert pdf.missing_glyphs("a🔥中𠮷😀") >= {"🔥", "😀"}


def test_a_picture_that_is_none_is_a_fault_of_the_data():
    broken = {"type": "figure", "media": "image/png", "data": "AAAA", "alt": "图。", "caption": "图"}
    with pytest.raises(KitError, match=r"e\.pdf"):
        pdf.compile_pdf(with_blocks(broken))


# ---- page ------------------------------------------------------------------------------------------------


def test_the_page_has_no_script_and_fetches_nothing(source, tree):
    assert not tree.xpath("//script | //link | //iframe | //object | //embed | //form | //base")
    assert not [name for element in tree.iter() for name in element.attrib if name.startswith("on")]
    places = tree.xpath("//@src | //@href | //@data | //@srcset | //@poster")
    assert {p.split(":")[0] for p in places if not p.startswith("#")} == {"data", "https"}
    assert tree.xpath("//a[starts-with(@href, 'https')]/text()") == ["日历"]
    assert not re.search(r"@import|url\((?!#)|http://", source)
    assert tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0].startswith("default-src 'none'")


def test_the_page_says_its_language_and_title(tree):
    assert tree.get("lang") == "zh-CN"
    assert tree.findtext(".//title") == "青禾护肤 · 市场与竞品分析 · 2024年11月"
    assert lxml.html.document_fromstring(html.page(document("en"))).get("lang") == "en-GB"


def test_the_page_numbers_its_sections_as_the_pdf_does(tree):
    heads = ["".join(h.itertext()) for h in tree.xpath("//main/h2")]
    assert heads == ["核心结论", "1 类目规模", "2 顾问观点", "A 数据台账", "B 名词解释"]
    for menu in tree.xpath("//nav"):
        assert ["".join(a.itertext()).strip() for a in menu.iter("a")] == heads


def test_every_id_is_unique_and_every_reference_has_its_target(tree):
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {h[1:] for h in tree.xpath("//@href") if h.startswith("#")} <= set(ids)


def test_a_hostile_title_is_text_on_the_page(source, tree):
    assert [cell.text for cell in tree.xpath("//tbody/tr/th") if cell.text.startswith("**")] == [NASTY]
    assert "<script" not in source


def test_text_is_escaped_wherever_it_stands():
    hostile = "<b x='1'>\"&</style><script>"
    whole = copy.deepcopy(document())
    whole["meta"] = {
        k: hostile if isinstance(v, str) and k not in ("lang", "locale") else v for k, v in whole["meta"].items()
    }
    whole["blocks"] = [
        {**b, "message": hostile, "alt": hostile} if b["type"] == "exhibit" else b for b in whole["blocks"]
    ]
    page = html.page(whole)
    assert page.count("</style>") == 1
    assert "<script" not in page and "<b x" not in page
    tree = lxml.html.document_fromstring(page)
    assert tree.findtext(".//h1") == hostile
    assert set(tree.xpath("//svg/@aria-label")) == {hostile}


@pytest.mark.parametrize(
    ("said", "amounts"),
    [
        ("净增+￥1.34万、−￥33,292，共3.24万人", ["+￥1.34万", "−￥33,292", "3.24万"]),
        ("up +¥1.34M (¥118k to ¥2bn), 5 days", ["+¥1.34M", "¥118k", "¥2bn"]),
        ("<b>A&amp;B 2024年", []),
    ],
)
def test_an_amount_of_a_sentence_stands_on_one_line(said, amounts):
    tree = lxml.html.document_fromstring(html.page(with_blocks({"type": "list", "items": [said]})))
    (item,) = tree.xpath("//main//li")
    assert [span.text for span in item.xpath("span[@class='amount']")] == amounts and item.text_content() == said


def test_every_picture_is_named(tree):
    assert len(tree.xpath("//svg")) == 4
    assert tree.xpath("//svg[@role='img' and string-length(@aria-label) > 20]") == tree.xpath("//svg")
    assert tree.xpath("//img/@alt") == ["品牌标志", "一个方块。"]


def test_tables_name_their_headings_and_scroll_in_their_own_box(tree):
    tables = tree.xpath("//table")
    assert len(tables) == 3
    for made in tables:
        assert "scroll" in made.getparent().get("class")
        assert made.getparent().get("tabindex") == "0"
        assert set(made.xpath(".//thead//th/@scope")) == {"col"}
    assert tree.xpath("//tr[@class='own']/th/text()") == ["青禾"]


def test_the_page_has_one_main_heading_and_landmarks(tree):
    assert len(tree.xpath("//h1")) == len(tree.xpath("//main")) == 1
    assert tree.xpath("//body/header") and tree.xpath("//body/footer") and tree.xpath("//nav/@aria-label")
    assert tree.xpath("//a[@class='skip']/@href") == ["#main"]


def test_a_rise_and_a_fall_have_their_marks_and_tones(tree):
    (change,) = tree.xpath("//dd[contains(@class, 'change')]")
    assert (change.get("class"), "".join(change.itertext())) == ("change down", "▼ 同比−0.6个百分点")


def test_the_page_stays_light(source):
    assert len(source.encode()) < 200_000


def test_the_same_document_gives_the_same_page(source):
    assert html.page(copy.deepcopy(document())) == source


def test_styles_reach_nothing_outside_the_kit():
    style = re.sub(
        r"/\*.*?\*/", "", (project.templates() / "client_html" / "style.css").read_text(encoding="utf-8"), flags=re.S
    )
    style = re.sub(r"@page \{.*?\n\}", "", style, flags=re.S)
    rules = re.findall(r"(?:^|[{}])\s*([^{}@]+?)\s*\{", style)
    assert len(rules) > 80
    outside = [r for r in rules if not all(".kit" in part for part in re.split(r",(?![^(]*\))", r))]
    assert outside == []


def test_a_preview_is_a_fragment_with_its_own_style():
    made = html.fragment(document()["blocks"][:5], BRAND.plain())
    assert made.startswith('<div class="kit" style="--primary:#1f6f54;')
    assert "<html" not in made and "<body" not in made
    assert made.count("<style>") == 1 and "类目2024年11月支付金额" in made and made.count("<svg") == 2


def test_a_preview_of_nothing_is_nothing():
    assert html.fragment([], BRAND.plain()) == ""


def test_an_unknown_block_is_an_error_in_both():
    odd = with_blocks({"type": "hologram"})
    with pytest.raises(LookupError, match="hologram"):
        html.page(odd)
    with pytest.raises(KitError, match=r"e\.pdf"):
        pdf.compile_pdf(odd)


# ---- numbers of sections -----------------------------------------------------------------------------------


def test_sections_are_counted_from_the_answer_on_and_the_appendix_has_letters():
    made = outline.numbered(
        [
            heading("结论", "a"),
            {"type": "answer"},
            heading("一", "b"),
            {**heading("小", "c"), "level": 2},
            heading("二", "d"),
            heading("附", "e", appendix=True),
        ]
    )
    assert [b["number"] for b in made if b["type"] == "heading"] == ["", "1", "", "2", "A"]


# ---- in a browser --------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_screen(chromium, tmp_path, source, width):
    from playwright.sync_api import sync_playwright

    (tmp_path / "page.html").write_text(source, encoding="utf-8")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page(viewport={"width": width, "height": 800})
        asked, said = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.goto((tmp_path / "page.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == width
        shown = [page.locator(f"svg.{name}").first.is_visible() for name in ("wide", "narrow")]
        menus = [page.locator(f".contents.{name}").is_visible() for name in ("wide", "narrow")]
        browser.close()
    assert shown == menus == [width > 600, width < 600]
    assert [a.split(":")[0] for a in asked if not a.startswith("data:")] == ["file"]
    assert said == []
