import datetime as dt
import re
from xml.etree import ElementTree as ET

import pytest
from sample import BRAND, DOTS, LINE, NASTY, PROMOTION, column

from kit import charts
from kit.brand import WHITE, mix
from kit.charts import canvas, timeline
from kit.text import Words

ZH, EN = Words("zh"), Words("en")
SVG = "{http://www.w3.org/2000/svg}"


def line(rows, unit="money", first="month", **options):
    heads = [column("time", first, "table.market_monthly")]
    labels = ("value.money", "table.listings", "table.shop_daily")
    heads += [column(f"v{n}", unit, labels[n]) for n in range(len(rows[0]) - 1)]
    return {"key": "t.line", "form": "line", "table": {"columns": heads, "rows": rows}, "options": options}


FORECAST = [
    {"at": f"2024-{month}", "mid": 5e8, "low80": 4e8, "high80": 6e8, "low95": 3e8, "high95": 7e8} for month in (11, 12)
]
MANY = [["2024-08", 4e8, 3.9e8, 1e8], ["2024-09", None, 4e8, 1.1e8], ["2024-10", 4.1e8, 4.05e8, 1.2e8]]
DAYS = [[f"2024-11-{day:02d}", 2e6 + day] for day in range(1, 31)]
RANGE = {
    **line([["2024-10", 3e8, 4e8], ["2024-11", 5e8, 7e8]], highlight="2024-11"),
    "key": "t.range",
}
RANGE["table"]["columns"][1]["name"], RANGE["table"]["columns"][2]["name"] = "low", "high"
EVERY = {
    "line": LINE,
    "several series": line(MANY, highlight="2024-10"),
    "forecast": line([row[:2] for row in MANY], forecast=FORECAST),
    "days": line(DAYS, first="date", highlight="2024-11-11"),
    "range": RANGE,
    "dots": DOTS,
    "dots without index": {
        **DOTS,
        "table": {k: [r[:3] for r in v] if k == "rows" else v for k, v in DOTS["table"].items()},
    },
}
EVERY["dots without index"]["table"]["columns"] = DOTS["table"]["columns"][:3]


def texts(svg):
    return ["".join(t.itertext()) for t in ET.fromstring(svg).iter(f"{SVG}text")]


def placed(svg):
    """Left end, right end, baseline and text of every text, in points."""
    found = []
    for text in ET.fromstring(svg).iter(f"{SVG}text"):
        content = "".join(text.itertext())
        width = canvas.text_width(content, float(text.get("font-size")), text.get("font-weight") == "bold") / 25.4 * 72
        transform = re.search(r"translate\(([-\d.]+) ([-\d.]+)\)", text.get("transform", ""))
        x, y = map(float, transform.groups() if transform else (text.get("x"), text.get("y")))
        start = {"start": 0, "middle": 0.5, "end": 1}[text.get("text-anchor", "start")]
        found.append((x - start * width, x + (1 - start) * width, y, content))
    return found


@pytest.fixture(params=EVERY, ids=str)
def exhibit(request):
    return EVERY[request.param]


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_no_text_leaves_the_drawing_or_covers_another(exhibit, words):
    made = charts.draw(exhibit, words, BRAND)
    for svg in (made.svg, made.narrow):
        width = float(ET.fromstring(svg).get("viewBox").split()[2])
        found = placed(svg)
        assert [t for t in found if t[0] < -1 or t[1] > width + 1] == []
        pairs = [(a, b) for n, a in enumerate(found) for b in found[n + 1 :]]
        assert [(a, b) for a, b in pairs if abs(a[2] - b[2]) < 5 and a[0] < b[1] and b[0] < a[1]] == []


def test_a_drawing_can_stand_inside_any_page(exhibit):
    svg = charts.draw(exhibit, ZH, BRAND).svg
    root = ET.fromstring(svg)
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    used = re.findall(r'(?:href="#|url\(#)([^")]+)', svg)
    assert sorted(set(used)) == sorted(ids)
    assert all(i.startswith(exhibit["key"].replace(".", "-")) for i in ids)
    assert not [e.tag for e in root.iter() if e.tag.split("}")[1] in ("style", "metadata", "script", "title", "image")]
    assert not re.search(r"<\?xml|<!DOCTYPE|xlink|http(?!://www\.w3\.org/2000/svg)|\d{4}-\d\d-\d\dT", svg)


def test_wide_and_narrow_drawings_share_no_id():
    made = charts.draw(DOTS, ZH, BRAND)
    wide, narrow = (set(re.findall(r' id="([^"]+)"', svg)) for svg in (made.svg, made.narrow))
    assert wide and narrow and wide.isdisjoint(narrow)


def test_the_same_exhibit_gives_the_same_bytes(exhibit):
    assert charts.draw(exhibit, EN, BRAND) == charts.draw(exhibit, EN, BRAND)


def test_letters_are_as_large_on_a_phone_as_on_a_page():
    made = charts.draw(LINE, ZH, BRAND)
    sizes = [set(re.findall(r'font-size="([\d.]+)"', svg)) for svg in (made.svg, made.narrow)]
    assert sizes[0] == sizes[1] == {"7.5", "8.5"}


def test_the_unit_stands_at_the_end_of_the_axis():
    assert {"￥8亿", "6", "4", "2", "0"} <= set(texts(charts.draw(LINE, ZH, BRAND).svg))
    assert {"¥800M", "600", "0"} <= set(texts(charts.draw(LINE, EN, BRAND).svg))


@pytest.mark.parametrize(
    ("ticks", "unit", "labels"),
    [
        ([0, 5e7, 1e8], "money", ["0", "0.5", "￥1.0亿"]),
        ([0, 0.05, 0.1, 0.15], "ratio", ["0", "5", "10", "15%"]),
        ([-2e4, 0, 2e4], "money", ["−2", "0", "￥2万"]),
        ([0, 0.5, 1], "index", ["0", "0.5", "1.0"]),
        ([0, 1e6, 2e6], "index", ["0", "1,000,000", "2,000,000"]),
    ],
)
def test_tick_labels_follow_the_unit_of_the_end(ticks, unit, labels):
    assert canvas.tick_texts(ticks, unit, ZH) == labels


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (3.3, 7.9, [0, 2, 4, 6, 8]),
        (90, 99, [90, 92, 94, 96, 98, 100]),
        (-3, 4, [-4, -2, 0, 2, 4]),
        (0, 0, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (5, 5, [0, 1, 2, 3, 4, 5]),
        (-9, -8, [-9, -8.8, -8.6, -8.4, -8.2, -8]),
    ],
)
def test_a_scale_has_round_ticks_and_zero_unless_values_keep_far_from_it(low, high, ticks):
    assert canvas.scale(low, high, 5) == pytest.approx(ticks)


def test_the_point_of_the_message_alone_has_the_highlight_colour():
    svg = charts.draw(LINE, ZH, BRAND).svg
    assert "￥7.85亿" in texts(svg)
    assert svg.count(BRAND.highlight) >= 1
    assert BRAND.highlight not in charts.draw({**LINE, "options": {}}, ZH, BRAND).svg


def test_a_promotion_is_a_named_band():
    assert "双11" in texts(charts.draw(LINE, ZH, BRAND).svg)
    assert "Double 11" in texts(charts.draw(LINE, EN, BRAND).svg)


def test_months_of_a_promotion_are_marked_above_the_plot_and_never_shade_it():
    behind, above = mix(BRAND.ink, WHITE, 0.93), mix(BRAND.ink, WHITE, 0.68)
    days = charts.draw(line(DAYS, first="date", promotions=[PROMOTION]), ZH, BRAND).svg
    months = charts.draw(LINE, ZH, BRAND).svg
    assert (behind in days, above in days) == (True, False)
    assert (behind in months, above in months) == (False, True)


def test_phases_of_one_promotion_make_one_band():
    days = [("2024-10-14", "2024-10-31"), ("2024-11-01", "2024-11-11")]
    phases = [{"label_zh": "双11", "label_en": "Double 11", "start": a, "end": b} for a, b in days]
    axis = timeline.Timeline.over([dt.date(2024, 8, 15), dt.date(2024, 12, 15)], 140, monthly=True)
    made = axis.bands(phases, "zh")
    assert [(b.start, b.end) for b in made] == [(dt.date(2024, 10, 1), dt.date(2024, 11, 30))]


def test_a_promotion_of_unknown_end_or_outside_the_axis():
    given = [
        {"label_zh": "甲", "start": "2024-11-05", "end": None},
        {"label_zh": "乙", "start": "2023-06-01", "end": "2023-06-18"},
    ]
    axis = timeline.Timeline.over([dt.date(2024, 11, 1), dt.date(2024, 11, 30)], 140, monthly=False)
    assert [(b.name, b.start, b.end) for b in axis.bands(given, "zh")] == [
        ("甲", dt.date(2024, 11, 5), dt.date(2024, 11, 5))
    ]


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ((2024, 10, 14), (2024, 11, 11), (10, 11)),
        ((2024, 5, 29), (2024, 6, 20), (6, 6)),
        ((2024, 3, 4), (2024, 3, 8), (3, 3)),
        ((2024, 1, 30), (2024, 2, 3), (2, 2)),
    ],
)
def test_a_month_belongs_to_a_promotion_from_a_week_on(start, end, months):
    made = timeline.months_of(dt.date(*start), dt.date(*end))
    assert (made[0].month, made[1].month) == months
    assert made[0].day == 1 and (made[1] + dt.timedelta(1)).day == 1


def test_a_missing_month_breaks_the_line():
    def strokes(rows):
        path = re.search(rf'd="([^"]+)" style="[^"]*stroke: {BRAND.primary}', charts.draw(line(rows), ZH, BRAND).svg)
        return path[1].count("M ")

    whole = [["2024-07", 1e6], ["2024-08", 2e6], ["2024-09", 2e6], ["2024-10", 3e6], ["2024-11", 2e6]]
    assert strokes(whole) == 1
    assert strokes([row for row in whole if row[0] != "2024-09"]) == 2


def test_the_forecast_is_dashed_in_two_bands_that_are_named():
    svg = charts.draw(EVERY["forecast"], ZH, BRAND).svg
    assert "stroke-dasharray" in svg
    assert "80%/95%区间" in texts(svg)


def test_a_range_is_drawn_between_its_two_ends():
    found = texts(charts.draw(RANGE, ZH, BRAND).svg)
    assert [t for t in found if t.endswith(("￥5.00亿", "￥7.00亿"))] == ["金额 ￥5.00亿", "竞品在售清单 ￥7.00亿"]


def test_every_row_shows_index_and_interval_or_a_dash():
    found = texts(charts.draw(DOTS, ZH, BRAND).svg)
    assert {"0.50", "0.40–0.60", "1.67", "1.40–2.90", "—"} <= set(found)


def test_text_from_data_is_never_mathematics():
    rows = [["**$x^2$ <b>&amp;", 0.5, 0.3]]
    heads = [column("a", "text", "price.page"), *DOTS["table"]["columns"][1:3]]
    svg = charts.draw({**DOTS, "table": {"columns": heads, "rows": rows}}, ZH, BRAND).svg
    assert "**$x^2$ <b>&amp;" in texts(svg)


def test_a_long_name_is_cut_to_leave_room_for_the_values():
    heads = [column("a", "text", "price.page"), *DOTS["table"]["columns"][1:3]]
    made = charts.draw({**DOTS, "table": {"columns": heads, "rows": [[NASTY, 0.2, 0.4]]}}, ZH, BRAND)
    for svg, room in ((made.svg, charts.PAGE), (made.narrow, charts.PHONE)):
        name = next(t for t in texts(svg) if t.startswith("**<script>"))
        assert name.endswith("…")
        assert 0.3 * room < canvas.text_width(name, bold=True) <= 0.36 * room


@pytest.mark.parametrize(("words", "end"), [(ZH, "。"), (EN, ".")], ids=["zh", "en"])
def test_the_alternative_says_the_message_and_the_axes_in_sentences(exhibit, words, end):
    alt = charts.draw({**exhibit, "message": "份额3.4%"}, words, BRAND).alt
    assert alt.startswith("份额3.4%" + end) and alt.endswith(end)
    assert len(alt) > 40 and "{" not in alt and "alt." not in alt


def test_the_alternative_of_a_line_names_times_and_values():
    assert charts.draw(LINE, ZH, BRAND).alt == (
        "类目支付金额为￥7.85亿。折线图，横轴由2024年8月到2024年11月，纵轴是金额，"
        "取值在￥3.90亿（2024年8月）与￥7.85亿（2024年11月）之间。"
    )


def test_drawing_leaves_no_figure_open():
    from matplotlib import _pylab_helpers

    charts.draw(LINE, ZH, BRAND)
    assert _pylab_helpers.Gcf.get_all_fig_managers() == []


def test_a_payload_stays_as_it_was():
    import copy

    before = copy.deepcopy(DOTS)
    charts.draw(DOTS, ZH, BRAND)
    assert before == DOTS
