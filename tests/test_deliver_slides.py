"""The slides: one an exhibit under its message, native where they can be, nothing beyond its place, text as text."""

import copy
import datetime as dt
import io
import zipfile

import pytest
from built import ROOT
from making import client as made
from openpyxl import load_workbook
from pptx import Presentation
from pptx.util import Emu, Pt
from sample import NASTY
from test_charts import EVERY

from kit import render, store
from kit.deliver import slide_chart, slide_tables, slide_text, slides
from kit.deliver.slide_chart import Look
from kit.deliver.slide_text import EMU, Box, said
from kit.errors import KitError, problem
from kit.findings import Arg, Finding, Note, Severity, Soundness, payload
from kit.text import Words

FORMS = {
    "line": "days",
    "forecast": "forecast of the message",
    "band": "line with the band of a range",
    "columns": "columns",
    "share_bars": "share bars",
    "intervals": "intervals",
    "dot_range": "dots",
    "effect_path": "effect path",
    "curve": "curve",
    "bubble": "bubbles",
    "heat_map": "heat map",
    "waterfall": "waterfall",
    "below": "waterfall below nothing",
    "panels": "one panel",
}
LONG = [[f"商品{n}", f"{n}"] for n in range(1, 31)]
ASKS = [("brand", "品牌方"), ("agency", "代运营方")]
FORMULA = "=cmd|'/c calc'!A1"
START = {"is": "start", "report": "market", "client": "acme", "locale": "zh", "cutoff": "2016-11-05"}
PERIOD = {"start": "2016-11-05", "end": "2016-11-05", "kind": "span", "text": "2016-11-05..2016-11-05"}
CSV = "update_time,id,title,price,sale_count,comment_count,店名\n2016/11/5,A1,霜,99,10,1,自然堂\n"


def finding(key, **more):
    args = {k: Arg(f"{key} {k}", "text") for k in ("metric", "value", "base")}
    return payload(Finding(key, "g.flat", args, Soundness.LIMITED, Severity.MEDIUM, **more))


def shown(name, exhibit):
    """An exhibit as a notebook has it, with the finding that is its message."""
    key = f"market.{name}"
    given = copy.deepcopy(exhibit)
    given["table"] = {"key": f"{key}.rows", "marks": {}, **given["table"]}
    note = {"sentence": "note.review.score.total", "args": {}}
    options = given.get("options") or {}
    piece = {"is": "exhibit", **given, "key": f"{key}.x", "findings": [key], "notes": [note], "options": options}
    return [finding(key, exhibit=f"{key}.x", evidence=Note("note.review.score.total")), piece]


def listed():
    heads = [
        {"name": "item", "unit": "text", "label": "col.brand"},
        {"name": "n", "unit": "text", "label": "col.metric"},
    ]
    rows = [[FORMULA, "https://example.com"], *LONG]
    return {"form": "table", "table": {"columns": heads, "rows": rows, "marks": {"3": "own", "30": "total"}}}


def quadrants():
    found = [f"market.{name}" for name in FORMS][:5]
    cells = [{"title": "col.brand", "tone": tone, "findings": found} for tone in ("S", "W", "O", "T")]
    return {"form": "quadrants", "table": {"columns": [], "rows": []}, "options": {"cells": cells}}


@pytest.fixture(scope="module")
def rendering(tmp_path_factory):
    """A report with an answer and an exhibit of every form, a long table and four fields."""
    root = tmp_path_factory.mktemp("slides")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KIT_ROOT", str(root))
        (root / "templates").symlink_to(ROOT / "templates", target_is_directory=True)
        client = made(root, {"exports/a.csv": CSV})
        exhibits = {name: EVERY[key] for name, key in FORMS.items()} | {"table": listed(), "fields": quadrants()}
        pieces = [piece for name, exhibit in exhibits.items() for piece in shown(name, exhibit)]
        bars = next(piece for piece in pieces if piece["key"] == "market.share_bars.x")
        bars["table"]["rows"][2][0] = FORMULA
        kpi = {
            "is": "kpi", "key": "market.k", "label": "value.money", "value": {"value": 1e7, "unit": "money"},
            "changes": [["base.first", {"value": -0.1, "unit": "growth"}]],
        }  # fmt: skip
        start = {**START, "period": PERIOD}
        r = render.Rendering([start, {"is": "answer"}, kpi, *pieces], client, store.load(client), "zh")
        r.document()
        yield r


@pytest.fixture(scope="module")
def data(rendering):
    return slides.deck([rendering], None)


@pytest.fixture(scope="module")
def deck(data):
    return Presentation(io.BytesIO(data))


def exhibits(rendering):
    return [block for block in rendering.document()["blocks"] if block["type"] == "exhibit"]


def titles(deck):
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def slide_of(deck, rendering, name):
    """The slide of an exhibit: those before it are the cover, the answer and the exhibits above it."""
    message = next(b["message"] for b in exhibits(rendering) if b["key"] == f"market.{name}.x")
    return next(slide for slide in deck.slides if slide.shapes.title.text_frame.text.startswith(message))


def charts(slide):
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def table_of(slide):
    return next(shape.table for shape in slide.shapes if shape.has_table)


def values(chart):
    return [list(series.values) for plot in chart.plots for series in plot.series]


# ---- what stands where -------------------------------------------------------------------------------------


def test_every_exhibit_has_its_slide_in_its_order_under_its_message(deck, rendering):
    words, wanted = Words("zh"), []
    for block in exhibits(rendering):
        parts = 3 if block["key"] == "market.table.x" else 1
        told = block["message"]
        wanted += [words.label("slide.part", title=told, part=n, parts=3) for n in (1, 2, 3)] if parts > 1 else [told]
    assert titles(deck)[-len(wanted) :] == wanted


def test_the_cover_says_whose_of_when_which_reports_by_whom_and_that_it_is_a_draft(deck, rendering):
    text = "\n".join(shape.text_frame.text for shape in deck.slides[0].placeholders)
    meta = rendering.meta()
    for name in ("client", "header_right", "title", "agency", "date", "confidential", "draft"):
        assert meta[name] in text
    assert meta["draft"]


def test_the_answer_has_figures_with_their_changes_findings_and_what_they_rest_on(deck, rendering):
    block = next(block for block in rendering.document()["blocks"] if block["type"] == "answer")
    slide = deck.slides[1]
    text = "\n".join(shape.text_frame.text for shape in slide.shapes)
    assert block["kpis"][0]["value"] in text and f"▼ {block['kpis'][0]['changes'][0]['text']}" in text
    assert all(found["headline"] in text for found in block["findings"])
    message = block["findings"][0]["headline"]
    assert slide.shapes.title.text_frame.text == f"{rendering.meta()['title']}：{message}" and text.count(message) == 1
    assert block["findings"][0]["evidence"] in slide.notes_slide.notes_text_frame.text


def test_the_notes_have_evidence_notes_and_the_cut_off(deck, rendering):
    notes = slide_of(deck, rendering, "line").notes_slide.notes_text_frame.text.split("\n")
    evidence = Words("zh").sentence("note.review.score.total", {})
    assert notes[0] == "依据" and notes[1].endswith(evidence) and notes[-1] == rendering.cutoff()


def test_every_picture_chart_and_table_has_its_alternative_text(deck, rendering):
    shapes = [s for slide in deck.slides for s in slide.shapes if s.has_chart or s.has_table or s.shape_type == 13]
    assert len(shapes) >= len(exhibits(rendering))
    assert all(shape._element.xpath(".//p:cNvPr/@descr")[0] for shape in shapes)
    alt = next(b["alt"] for b in exhibits(rendering) if b["key"] == "market.line.x")
    assert slide_of(deck, rendering, "line").shapes[-2]._element.xpath(".//p:cNvPr/@descr") == [alt]


def test_a_form_without_a_native_chart_is_its_drawing_at_twice_its_size(deck, rendering):
    pictures = [shape for shape in slide_of(deck, rendering, "panels").shapes if shape.shape_type == 13]
    assert [picture.image.size[0] for picture in pictures] == [round(170 / 25.4 * 192)]


# ---- native charts -----------------------------------------------------------------------------------------


def column(name, place):
    return [row[place] for row in EVERY[FORMS[name]]["table"]["rows"]]


@pytest.mark.parametrize(
    ("name", "chart", "series", "place", "times"),
    [
        ("line", 0, 0, 1, 1),
        ("columns", 0, 0, 1, 1),
        ("share_bars", 1, 0, 2, 100),  # percentage points
        ("intervals", 0, 0, 1, 1),
        ("dot_range", 0, 0, 1, 1),
        ("dot_range", 0, 1, 2, 1),
        ("dot_range", 1, 0, 3, 1),
        ("effect_path", 0, 0, 1, 1),
        ("effect_path", 0, 2, 3, 1),
        ("curve", 0, 0, 1, 1),
        ("bubble", 0, 0, 2, 1),
    ],
)
def test_a_native_chart_has_the_values_of_the_table(deck, rendering, name, chart, series, place, times):
    found = values(charts(slide_of(deck, rendering, name))[chart])[series]
    wanted = [None if v is None else pytest.approx(v * times) for v in column(name, place)]
    assert found[: len(wanted)] == wanted


def test_bars_have_those_without_a_row_last(deck, rendering):
    (held,) = values(charts(slide_of(deck, rendering, "share_bars"))[0])
    assert held == [0.6, 0.3, 0.05, None, 0.05]


@pytest.mark.parametrize("name", ["waterfall", "below"])
def test_the_steps_of_a_waterfall_stack_up_to_its_levels(deck, rendering, name):
    (chart,) = charts(slide_of(deck, rendering, name))
    room = rendering.words.label("slide.room")
    base, over, *below = (list(s.values) for s in chart.plots[0].series if s.name != room)
    steps = column(name, 1)
    ends = [sum(steps[: n + 1]) for n in range(len(steps) - 1)] + [steps[-1]]
    starts = [0.0, *ends[:-2], 0.0]
    under = below[0] if below else [0.0] * len(steps)
    for hidden, up, down, start, end in zip(base, over, under, starts, ends, strict=True):
        # a bar is seen beyond its hidden part, which lies on its own side of zero, or crosses zero without one
        seen = [hidden, hidden + (up if hidden > 0 else down)] if hidden else [down, up]
        assert sorted(seen) == pytest.approx(sorted([start, end]))


def test_the_value_of_a_step_too_low_for_it_stands_above_it(rendering):
    look, table = Look(rendering.brand, rendering.words), copy.deepcopy(EVERY["waterfall"]["table"])
    table["rows"] = [["a", 1e6], ["b", 1e4], ["c", 5e5], ["d", -1e4], ["e", 1.5e6]]
    (frame,) = slides.slide_forms.placed(
        blank().slides[0], Box(0, 0, 9_000_000, 5_000_000), {"key": "x", "form": "waterfall", "table": table}, look
    )
    *_, drawn, room = frame.chart.plots[0].series
    labelled = [[int(n) for n in series._element.xpath(".//c:dLbl/c:idx/@val")] for series in (drawn, room)]
    assert labelled == [[0, 2, 4], [1, 3]] and [n for n, high in enumerate(room.values) if high] == [1, 3]


def test_near_points_of_a_curve_have_their_names_on_either_side(deck, rendering):
    series = charts(slide_of(deck, rendering, "curve"))[0].plots[0].series[0]
    assert series._element.xpath(".//c:dLblPos/@val") == ["l", "r"]


def test_an_interval_is_whiskers_to_its_ends(deck, rendering):
    for name, chart, places, times in (("intervals", 0, (1, 2, 3), 1), ("share_bars", 1, (2, 3, 4), 100)):
        bars = charts(slide_of(deck, rendering, name))[chart]._chartSpace.find(".//{*}errBars")
        for end, sign in ((2, 1), (1, -1)):
            kind = "plus" if sign > 0 else "minus"
            found = {p.get("idx"): float(p[0].text) for p in bars.findall(f"{{*}}{kind}//{{*}}pt")}
            rows = [[row[at] for at in places] for row in EVERY[FORMS[name]]["table"]["rows"]]
            wanted = {
                str(n): pytest.approx(times * sign * (row[end] - row[0]))
                for n, row in enumerate(rows)
                if None not in row
            }
            assert found == wanted


def test_the_ends_of_a_range_are_lines_beside_the_others(deck, rendering):
    found = values(charts(slide_of(deck, rendering, "band"))[0])
    assert found == [column("band", n) for n in (1, 2, 3, 4)]


def test_a_reference_is_a_line_over_the_columns(deck, rendering):
    columns, line = charts(slide_of(deck, rendering, "columns"))[0].plots
    assert {*line.series[0].values} == {1.0} and len(columns.series) == 1


def test_a_forecast_continues_the_line_within_its_intervals(deck, rendering):
    known, mid, low80, high80, low95, high95 = values(charts(slide_of(deck, rendering, "forecast"))[0])
    assert known[-2:] == [None, None] and mid[-3:] == [4.1e8, 5e8, 5e8]
    assert [v[-1] for v in (low95, low80, high80, high95)] == [3e8, 4e8, 6e8, 7e8]


def test_promotions_are_columns_behind_the_line(rendering):
    look, marked = Look(rendering.brand, rendering.words), {**EVERY["days"], "options": {"promotions": [promotion()]}}
    slide = blank().slides[0]
    (frame,) = slides.slide_forms.placed(slide, Box(0, 0, 9_000_000, 5_000_000), marked, look)
    columns, lines = frame.chart.plots
    assert [n for n, v in enumerate(columns.series[0].values, 1) if v] == [*range(9, 12)]
    assert columns.series[0].name == "标出：双11" and len(lines.series) == 1


def promotion():
    return {"label_zh": "双11", "label_en": "Double 11", "start": "2024-11-09", "end": "2024-11-11"}


def blank():
    empty = Presentation()
    empty.slides.add_slide(empty.slide_layouts[6])
    return empty


@pytest.mark.parametrize(
    ("given", "unit", "locale", "written"),
    [
        ([7.85e8, 1e6], "money", "zh", '"￥"0\\.00,,"亿"'),
        ([1.2e6], "money", "zh", '"￥"0\\.0,"万"'),
        ([9e5], "money", "zh", '"￥"#,##0'),
        ([1.2e6], "money", "en", '"¥"#,##0,"k"'),
        ([7.85e8], "count", "en", '#,##0,,"M"'),
        ([0.123], "ratio", "zh", "0.0%"),
        ([0.0123], "rate", "zh", "0.00%"),
        ([1.5], "index", "zh", "0.00"),
    ],
)
def test_numbers_are_written_as_a_column_of_a_table_has_them(rendering, given, unit, locale, written):
    look = Look(rendering.brand, Words(locale))
    assert slide_chart.number_format(given, unit, look).split(";")[0] == written


@pytest.mark.parametrize(
    ("top", "locale", "written"),
    [
        (9e5, "en", '"¥"#,##0'),
        (2e6, "en", '"¥"0.0,,"M"'),
        (1.4e7, "en", '"¥"#,##0,,"M"'),
        (1.4e7, "zh", '"￥"0\\.0,"万"'),
    ],
)
def test_an_axis_counts_in_millions_from_a_bare_zero(rendering, top, locale, written):
    look = Look(rendering.brand, Words(locale))
    form, _, zero = slide_chart.number_format([top], "money", look, short=True).split(";")
    assert (form, zero) == (written, "0")


def test_changes_have_their_sign(rendering):
    look = Look(rendering.brand, Words("zh"))
    assert slide_chart.number_format([0.1], "growth", look) == '+0.0%;"−"0.0%;0.0%'


MARK = "idx order tx spPr invertIfNegative marker dPt dLbls errBars cat xVal val yVal bubbleSize smooth bubble3D"
AXIS = (
    "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark minorTickMark tickLblPos spPr "
)
AXIS += "txPr crossAx crosses crossesAt auto lblAlgn crossBetween lblOffset baseTimeUnit noMultiLvlLbl majorUnit "
SHOWN = "showLegendKey showVal showCatName showSerName showPercent showBubbleSize separator showLeaderLines"
ORDER = {
    "chart": "title autoTitleDeleted plotArea legend plotVisOnly dispBlanksAs showDLblsOverMax",
    "plotArea": "layout barChart lineChart scatterChart bubbleChart catAx dateAx valAx spPr",
    "barChart": "barDir grouping varyColors ser dLbls gapWidth overlap axId",
    "lineChart": "grouping varyColors ser dLbls marker smooth axId",
    "scatterChart": "scatterStyle varyColors ser dLbls axId",
    "bubbleChart": "varyColors ser dLbls bubble3D bubbleScale showNegBubbles axId",
    "ser": MARK,
    "dPt": "idx invertIfNegative marker bubble3D spPr",
    "dLbls": f"dLbl numFmt spPr txPr dLblPos {SHOWN}",
    "dLbl": f"idx layout tx numFmt spPr txPr dLblPos {SHOWN}",
    "errBars": "errDir errBarType errValType noEndCap plus minus spPr",
    "catAx": AXIS, "dateAx": AXIS + "majorTimeUnit", "valAx": AXIS,
    "scaling": "logBase orientation max min",
}  # fmt: skip
"""The order of elements in the format (ECMA-376, part 1, 21.2): a program that meets another refuses the file."""


def parts(data, kind):
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return [etree.fromstring(file.read(n)) for n in file.namelist() if n.startswith(kind) and n.endswith(".xml")]


def names(element):
    return [child.tag.rpartition("}")[2] for child in element]


@pytest.mark.parametrize("kind", ORDER)
def test_the_elements_of_a_chart_stand_in_the_order_of_the_format(data, rendering, kind):
    wanted, seen = ORDER[kind].split(), 0
    made = blank()
    look, marked = Look(rendering.brand, rendering.words), {**EVERY["days"], "options": {"promotions": [promotion()]}}
    (frame,) = slides.slide_forms.placed(made.slides[0], Box(0, 0, 9_000_000, 5_000_000), marked, look)
    for chart in [*parts(data, "ppt/charts/chart"), frame.chart._chartSpace]:
        for element in chart.iter("{http://schemas.openxmlformats.org/drawingml/2006/chart}" + kind):
            places = [wanted.index(name) for name in names(element)]
            known = [p for p in places if kind != "plotArea" or p not in (5, 6, 7)]  # axes in any order
            assert known == sorted(known), names(element)
            seen += 1
    assert seen


def test_the_lines_of_a_cell_stand_before_its_fill(data):
    order = ["lnL", "lnR", "lnT", "lnB", "noFill", "solidFill"]
    cells = [cell for slide in parts(data, "ppt/slides/slide") for cell in slide.iter("{*}tcPr")]
    assert cells and all(sorted(names(cell), key=order.index) == names(cell) for cell in cells)


def test_no_two_shapes_of_a_slide_have_one_number(data):
    for slide in parts(data, "ppt/slides/slide"):
        numbers = [shape.get("id") for shape in slide.iter("{*}cNvPr")]
        assert len(numbers) == len(set(numbers))


def workbooks(data):
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist() if name.endswith(".xlsx")}


def test_behind_a_chart_every_text_is_text_and_nothing_a_link(data):
    cells = []
    for content in workbooks(data).values():
        sheet = load_workbook(io.BytesIO(content)).active
        assert not sheet._hyperlinks
        cells += [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {FORMULA, NASTY} <= {cell.value for cell in cells}


def test_a_name_that_is_a_formula_elsewhere_is_text_in_a_chart_and_its_workbook():
    sheet = load_workbook(io.BytesIO(slide_chart.book([["", FORMULA], ["https://example.com\x07", 1.0]]))).active
    assert [(c.data_type, c.value) for c in (sheet["B1"], sheet["A2"])] == [
        ("s", FORMULA),
        ("s", "https://example.com"),
    ]
    assert sheet["B1"].quotePrefix and not sheet._hyperlinks


def test_nothing_on_a_slide_is_a_link(data):
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert not [n for n in file.namelist() if n.endswith(".rels") and b"hyperlink" in file.read(n)]


# ---- tables ------------------------------------------------------------------------------------------------


def test_rows_beyond_a_slide_follow_on_the_next(deck, rendering):
    message = next(b["message"] for b in exhibits(rendering) if b["key"] == "market.table.x")
    parts = [s for s in deck.slides if s.shapes.title.text_frame.text.startswith(message)]
    rows = [[cell.text_frame.text for cell in row.cells] for s in parts for row in [*table_of(s).rows][1:]]
    assert rows == [[FORMULA, "https://example.com"], *LONG]
    assert all(len(table_of(s).rows) - 1 <= slide_tables.ROWS for s in parts)


def test_a_heading_over_rows_is_one_cell(rendering):
    columns = [{"label": "商品", "align": "left"}, {"label": "金额", "align": "right"}]
    rows = [{"cells": ["旗舰店", "—"], "mark": "group"}, {"cells": ["霜", "1"], "mark": None}]
    box, slide = Box(0, 0, 9_000_000, 5_000_000), blank().slides[0]
    (part,) = slide_tables.parts({"columns": columns, "rows": rows}, box)
    frame = slide_tables.table(slide, box, {"columns": columns, "rows": rows}, part, rendering.brand, "zh-CN")
    merged = frame.table.cell(1, 0)
    assert merged.is_merge_origin and merged.span_width == 2 and merged.text_frame.text == "旗舰店"


def test_the_clients_own_rows_stand_on_a_tint(deck, rendering):
    message = next(b["message"] for b in exhibits(rendering) if b["key"] == "market.table.x")
    first = next(s for s in deck.slides if s.shapes.title.text_frame.text.startswith(message))
    filled = [n for n, row in enumerate(table_of(first).rows) if row.cells[0]._tc.tcPr.find("{*}solidFill") is not None]
    assert filled == [4]  # the row marked in the table, below the headings


def test_figures_stand_on_one_line_and_words_share_what_is_left():
    columns = [
        {"label": "行动", "align": "left"},
        {"label": "依据", "align": "left"},
        {"label": "金额", "align": "right"},
    ]
    rows = [{"cells": ["补货" * 40, "断货" * 20, "1,234,567"], "mark": None}]
    wide = slide_tables.widths({"columns": columns, "rows": rows}, 700, 12)
    assert sum(wide) == pytest.approx(700) and wide[0] > wide[1]
    assert wide[2] == pytest.approx(slide_text.width("1,234,567", 12) + 2 * slide_tables.PAD_X)


def test_a_table_is_rather_shared_than_made_too_small_to_read():
    columns = [{"label": "事项", "align": "left"}]
    rows = [{"cells": ["补货" * 90], "mark": None} for _ in range(12)]
    parts = slide_tables.parts({"columns": columns, "rows": rows}, Box(0, 0, 700 * EMU, 300 * EMU))
    assert len(parts) > 1 and all(size >= slide_tables.SIZES[-1] for _, size, _ in parts)


def test_four_fields_are_a_table_with_all_their_items(deck, rendering):
    block = next(b for b in exhibits(rendering) if b["key"] == "market.fields.x")
    table = table_of(slide_of(deck, rendering, "fields"))
    for n, cell in enumerate(block["cells"]):
        text = table.cell(n // 2, n % 2).text_frame.text
        assert text.startswith(cell["title"]) and all(item["text"] in text for item in cell["items"])


def test_a_heat_map_is_a_table_with_its_numbers(deck, rendering):
    table = table_of(slide_of(deck, rendering, "heat_map"))
    assert [cell.text_frame.text for cell in table.rows[1].cells] == [
        "敏感肌",
        "0.1",
        "0.4",
        "9.0",
        "6.1",
        "1.0",
        "—",
        "无",
    ]


# ---- room --------------------------------------------------------------------------------------------------


def boxes(slide):
    return [Box(s.left, s.top, s.width, s.height) for s in slide.shapes]


def assert_in_place(made):
    wide, tall = made.slide_width, made.slide_height
    for number, slide in enumerate(made.slides, 1):
        for box in boxes(slide):
            assert box.left >= 0 and box.top >= 0 and box.right <= wide and box.bottom <= tall, (number, box)
        title = slide.shapes.title
        below = [s for s in slide.shapes if not s.is_placeholder]
        feet = [s.top for s in slide.placeholders if s.placeholder_format.type.name in ("FOOTER", "SLIDE_NUMBER")]
        if number > 1:
            assert all(s.top >= title.top + title.height for s in below), number
            assert all(s.top + s.height <= min([*feet, tall]) for s in below), number
            assert fits(title), title.text_frame.text


def fits(shape):
    """Whether the text of a shape has room, as it is estimated."""
    frame = shape.text_frame
    size = frame.paragraphs[0].runs[0].font.size
    room = (shape.width - frame.margin_left - frame.margin_right) / EMU
    tall = slide_text.height([said(p.text, bold=True) for p in frame.paragraphs], room, size.pt)
    return tall <= (shape.height - frame.margin_top - frame.margin_bottom) / EMU


def test_nothing_leaves_its_slide_or_covers_title_and_foot(deck):
    assert deck.slide_width * 9 == deck.slide_height * 16
    assert_in_place(deck)


def test_frames_beside_each_other_do_not_touch_and_none_covers_the_sources(deck):
    for slide in deck.slides:
        frames = [s for s in slide.shapes if not s.is_placeholder and (s.has_chart or s.has_table)]
        texts = [s for s in slide.shapes if not s.is_placeholder and s.has_text_frame]
        for one in frames:
            for other in [s for s in [*frames, *texts] if s is not one]:
                apart = one.left + one.width <= other.left or other.left + other.width <= one.left
                assert apart or one.top + one.height <= other.top or other.top + other.height <= one.top


def test_a_long_message_is_set_smaller_and_none_of_it_left_out(rendering):
    made = slides.slide_master.opened(None, rendering.brand, "zh-CN")
    sizes = []
    for times in (1, 8, 30):
        title = made.add(made.bare, "变动集中在三处，" * times).shapes.title
        assert title.text_frame.text == "变动集中在三处，" * times and fits(title)
        sizes.append(title.text_frame.paragraphs[0].runs[0].font.size)
    assert sizes[0] == Pt(24) and sizes == sorted(set(sizes), reverse=True)


@pytest.mark.parametrize(
    ("text", "room", "count"),
    [
        ("品牌", 20.5, 1),
        ("品牌份额", 31.0, 2),
        ("品牌，", 20.5, 1),  # a comma begins no line
        ("brand share", 40.0, 2),
        ("incomprehensibilities", 50.0, 3),  # longer than a line
        ("", 10.0, 1),
    ],
)
def test_lines_break_between_words_and_at_any_chinese_character(text, room, count):
    assert slide_text.lines(text, room, 10) == count


def test_the_foot_of_a_slide_fits_a_clients_narrow_one(rendering):
    made = slides.slide_master.opened(master(), rendering.brand, "zh-CN")
    made.foot = "草稿 · 未经审批，请勿外传 · 青禾护肤 · 市场与竞品分析 · 2024年11月"
    slide = made.add(made.bare, "甲")
    (foot,) = (s for s in slide.placeholders if s.placeholder_format.type.name == "FOOTER")
    assert foot.text_frame.text == made.foot and fits(foot)
    assert foot.text_frame.paragraphs[0].runs[0].font.size < Pt(12)


def test_what_is_asked_goes_on_where_one_slide_has_no_room():
    lines = [said("请品牌方确认备货量" * 12) for _ in range(30)]
    shared = slides._shared(lines, Box(0, 0, 700 * EMU, 300 * EMU))
    assert [line for some in shared for line in some] == lines
    assert all(slide_text.fitting(some, Box(0, 0, 700 * EMU, 300 * EMU), slides.BODY) for some in shared)


# ---- bytes and masters -------------------------------------------------------------------------------------


def test_the_same_report_gives_the_same_bytes(data, rendering):
    assert slides.deck([rendering], None) == data
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    for content in workbooks(data).values():
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def master(change=lambda made: None, **size):
    """A client's file: the library's own, its layouts renamed, with a slide of its own and a section."""
    from lxml import etree

    made = Presentation()
    for n, layout in enumerate(made.slide_layouts):
        layout._element.cSld.set("name", f"版式{n}")
    made.slides.add_slide(made.slide_layouts[1]).shapes.title.text = "样例"
    p14 = "http://schemas.microsoft.com/office/powerpoint/2010/main"
    section = f'<p14:sectionLst xmlns:p14="{p14}"><p14:section name="a" id="{{1}}"/></p14:sectionLst>'
    holder = made.part._element.find(".//{*}extLst")
    if holder is None:
        holder = etree.SubElement(made.part._element, made.part._element.tag.replace("presentation", "extLst"))
    etree.SubElement(holder, holder.tag.replace("extLst", "ext"), uri="{x}").append(etree.fromstring(section))
    change(made)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def theme(data):
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.read("ppt/theme/theme1.xml")


def wide(made):
    made.slide_width, made.slide_height = Emu(12192000), Emu(6858000)


def low_titles(made):
    """A master whose titles stand in the middle of the slide."""
    title = next(s for s in made.slide_master.placeholders if s.placeholder_format.type.name == "TITLE")
    title.top = 3_000_000


def cover_last(made):
    """A master whose first layout is no cover: titles with text come before it."""
    layouts = made.slide_master._element.find("{*}sldLayoutIdLst")
    layouts.append(layouts[0])


CHANGES = {"4:3": lambda made: None, "16:9": wide, "low titles": low_titles, "cover last": cover_last}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_clients_master_keeps_its_theme_and_its_layouts_are_found_by_what_they_hold(rendering, change):
    given = master(change)
    made = slides.deck([rendering], given)
    deck = Presentation(io.BytesIO(made))
    assert theme(made) == theme(given)
    assert "样例" not in titles(deck) and len(deck.slides) > len(FORMS)
    assert deck.slides[0].slide_layout.name == "版式0"
    assert {slide.slide_layout.name for slide in [*deck.slides][1:]} == {"版式5"}
    assert b"sectionLst" not in zipfile.ZipFile(io.BytesIO(made)).read("ppt/presentation.xml")
    assert_in_place(deck)


def without_titles(made):
    for layout in made.slide_layouts:
        for shape in [s for s in layout.placeholders if "TITLE" in s.placeholder_format.type.name]:
            shape._element.getparent().remove(shape._element)


@pytest.mark.parametrize(
    ("given", "id"), [(b"no file", "e.deliver.master"), (master(without_titles), "e.deliver.layout")]
)
def test_a_master_that_cannot_be_used_is_refused(rendering, given, id):
    with pytest.raises(KitError, match=id):
        slides.deck([rendering], given)


SAID = {
    "e.deliver.master": (
        "master.pptx打不开，或不是PowerPoint文件（.pptx）。请用PowerPoint另存为.pptx（不是.potx或.ppt），放回客户文件夹后重新生成",
        "master.pptx cannot be opened or is no PowerPoint file (.pptx). Save it as .pptx (not .potx or .ppt) in "
        "PowerPoint, put it back into the client's folder and build again",
    ),
    "e.deliver.layout": (
        "master.pptx的母版里没有带标题占位符的版式。请在“幻灯片母版”视图里给至少一个版式加上标题，再重新生成",
        "master.pptx has no layout with a title placeholder. Add a title to at least one layout in the Slide Master "
        "view and build again",
    ),
}


@pytest.mark.parametrize("id", SAID)
def test_what_is_said_of_a_master(id):
    assert (Words("zh").problem(problem(id)), Words("en").problem(problem(id))) == SAID[id]


def test_the_plain_master_has_the_brands_colours_and_a_face_for_chinese(data, rendering):
    text = theme(data).decode()
    assert f'<a:accent1><a:srgbClr val="{rendering.brand.primary[1:].upper()}"/></a:accent1>' in text
    assert '<a:ea typeface="微软雅黑"/>' in text and 'script="Hans" typeface="微软雅黑"' in text


def test_the_file_says_whose_it_is_and_not_when_it_was_made(deck, rendering):
    facts, meta = deck.core_properties, rendering.meta()
    assert facts.author == facts.last_modified_by == meta["agency"] and meta["client"] in facts.title
    assert facts.created.replace(tzinfo=None) == facts.modified.replace(tzinfo=None) == dt.datetime(1980, 1, 1)
