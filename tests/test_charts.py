import datetime as dt
import functools
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


def panels(brands, days, cuts=(), own=0):
    """Price levels that fall a little from day to day; ``cuts``: positions of brands with a lasting cut."""
    heads = [column("brand", "text", "col.brand"), column("date", "date", "col.date")]
    heads += [column("level", "growth", "col.level"), column("lasting_cut", "ratio", "col.lasting_cut")]
    rows = [
        [name, day, None if n == 2 and d == 1 else -0.03 * n * d, 0.18 if n in cuts and d == 1 else None]
        for n, name in enumerate(brands)
        for d, day in enumerate(days)
    ]
    marks = {str(n): "own" for n, row in enumerate(rows) if row[0] == brands[own]}
    table = {"columns": heads, "rows": rows, "marks": marks}
    promotion = {"label": "event.double_11", "start": "2024-10-14", "end": "2024-11-11"}
    return {"key": "t.panels", "form": "price_panels", "table": table, "options": {"promotions": [promotion]}}


SOME = ["2024-10-07", "2024-11-04", "2024-11-11", "2024-11-30"]
NAMES = [
    "青禾",
    "L'Oréal Professionnel Paris, Salon Exclusive",
    NASTY,
    "雅诗兰黛集团旗下高端护肤品牌旗舰店",
    "露倾",
    "素集",
    "白屿",
]


def drawn(form, units, rows, **options):
    """A chart of the columns named by ``units``; the first one's rows may be the message."""
    heads = [column(name, unit, f"col.{name}") for name, unit in units.items()]
    return {
        "key": f"t.{form.replace('_', '')}",
        "form": form,
        "table": {"columns": heads, "rows": rows, "marks": {}},
        "options": options,
    }


CHANGES = {"brand": "text", "held": "ratio", "change": "points", "change_low": "points", "change_high": "points"}
MAP = {"brand": "text", "relative": "index", "brand_growth": "growth", "growth_low": "growth", "growth_high": "growth"}
BARS = drawn(
    "share_bars",
    CHANGES,
    [
        [NASTY, 0.6, -0.12, -0.2, -0.05],
        ["甲", 0.3, 0.12, 0.05, 0.9],
        ["乙", 0.05, None, None, None],
        ["丙", None, 0, 0, 0],
    ],
    highlight=[1],
    rest={"value": 0.05, "count": 12},
)
RANGES = [["甲旗舰店", 0.31, 0.42], ["乙旗舰店", 0.2, 0.2], ["丙旗舰店", 0.0, 0.0004]]
CLOSE = [
    [f"品牌{n}", 0.1 * 1.3**n, 0.05 * (n % 4), 0.05 * (n % 4) - 0.1, 0.05 * (n % 4) + 0.2, 1e6 * (n + 1) ** 2]
    for n in range(14)
]
BUBBLES = drawn("bubble", {**MAP, "sold": "money"}, CLOSE, highlight=[5], cuts=[1, 0.07])
FAR = [["甲", 2.5, 0.1, None, None, 5e6], [NASTY, 0.4, -0.3, -0.4, -0.2, 2e6]]


def intervals(names, rows, **options):
    heads = [column("term", "text", "col.term"), column("lift", "growth", "col.lift")]
    heads += [column(n, "growth", "col.lift_low") for n in ("low", "high")] + [column("n", "count", "col.listings")]
    table = {"columns": heads, "rows": [[name, *row] for name, row in zip(names, rows, strict=True)]}
    return {"key": "t.intervals", "form": "intervals", "table": table, "options": {"reference": 0, **options}}


def heat_map(names, edges, values, **options):
    """``values``: by name, then band; a cell without a value is thin, one of 0 holds nothing."""
    heads = [column("need", "text", "col.need"), column("band", "band", "col.band")]
    heads += [column("ratio", "times", "col.ratio"), column("listings", "count", "col.listings")]
    bands = [{"low": a, "high": b} for a, b in zip([None, *edges], [*edges, None], strict=True)]
    places = [(name, band) for name in names for band in bands]
    rows = [[*place, v or None, 0 if v == 0 else 12345] for place, v in zip(places, values, strict=True)]
    return {"key": "t.map", "form": "heat_map", "table": {"columns": heads, "rows": rows}, "options": options}


WORTH = [[0.89, 0.45, 1.48, 67], [None, None, None, 20], [0.1, -0.6, 12.5, 1234], [-0.24, -0.38, -0.06, 228]]


def columns(values, unit="index", ends=(), **options):
    """A column a month from January on; ``ends`` are the distances of the range to either side."""
    heads = [column("month", "month_short", "col.month"), column("value", unit, "col.season")]
    heads += [column(n, unit, f"col.season_{n}") for n in ("low", "high")] if ends else []
    rows = [[f"2024-{n:02d}", v, *((v - ends[0], v + ends[1]) if ends else ())] for n, v in enumerate(values, 1)]
    return {"key": "t.columns", "form": "columns", "table": {"columns": heads, "rows": rows}, "options": options}


SEASON = (0.90, 0.62, 1.04, 0.84, 1.01, 1.23, 0.86, 0.89, 0.95, 1.06, 1.61, 0.99)
AVERAGE = {"at": 1, "label": "chart.average_month"}

EVERY = {
    "columns": columns(SEASON, ends=(0.05, 0.1), highlight=[10, 1], faint=[0, 1], reference=AVERAGE),
    "columns of money": columns([v * 1e8 for v in SEASON], "money", highlight=[10]),
    "one column": columns([None, 0.5]),
    "break": line([row[:2] for row in LINE["table"]["rows"]], breaks=["2024-10-01"], promotions=[PROMOTION]),
    "forecast of the message": line([row[:2] for row in MANY], forecast=FORECAST, highlight="2024-11"),
    "share bars": BARS,
    "share bars of ranges": drawn("share_bars", {"brand": "text", "held_low": "ratio", "held_high": "ratio"}, RANGES),
    "bubbles": BUBBLES,
    "two bubbles": drawn("bubble", {**MAP, "sold": "money"}, FAR, cuts=[1, 0.0]),
    "panels": panels(NAMES, SOME, cuts=(1, 3, 4)),
    "one panel": panels(["青禾"], SOME),
    "panels of three days": panels(NAMES[3:6], ["2024-11-10", "2024-11-11", "2024-11-12"], own=1),
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
    "intervals": intervals(
        ["早C晚A", NASTY, "玻尿酸", "Moisturising and soothing, for sensitive skin"], WORTH, highlight=[0, 3]
    ),
    "one interval": intervals(["保湿"], WORTH[:1]),
    "intervals of nothing": intervals(["保湿"], WORTH[1:2]),
    "heat map": heat_map(
        ["敏感肌", NASTY, "Moisturising and soothing"],
        [50, 100, 150, 200, 300, 500],
        [0.1, 0.4, 9.0, 6.1, 1.0, None, 0, 0.02, 0.5, 120.4, 33.3, None, 0, 0, *[1.0] * 7],
        highlight=[2],
    ),
    "heat map of many bands": heat_map(["保湿"], [19.9, 49.9, 99, 199, 299, 499, 999, 1999], [0.5, 2.0, *[None] * 7]),
    "heat map of two cells": heat_map(["保湿"], [100], [None, 0]),
}
STEPS = [
    ["对照期", 8.1e6],
    [NASTY, -3.15e5],
    ["访客数", 1.557e6],
    ["转化率", 2.0788e6],
    ["客单价", 0],
    ["本期", 1.142e7],
]
EVERY["waterfall"] = drawn("waterfall", {"step": "text", "pay_amount": "money"}, STEPS, highlight=[3])
EVERY["waterfall below nothing"] = drawn(
    "waterfall", {"step": "text", "pay_amount": "money"}, [["对照期", 2e4], ["退款", -5e4], ["本期", -3e4]]
)
EFFECT = {"ab.date": "date", "ab.effect": "growth", "ab.low": "growth", "ab.high": "growth"}
PATH = [[f"2024-11-{n:02d}", 0.2 - 0.01 * n, 0.2 - 2.0 / n, 0.2 + 2.0 / n] for n in range(4, 18)]
EVERY["line with the band of a range"] = drawn(
    "line",
    {"date": "date", "pay_amount": "money", **{f"campaign.{n}": "money" for n in ("expected", "low", "high")}},
    [["2024-11-10", 9e4, None, None, None], ["2024-11-11", 2e6, 1e5, 8e4, 1.3e5], ["2024-11-12", 9e4, 1e5, 8e4, 1.3e5]],
    band=["campaign.low", "campaign.high"],
)
EVERY["effect path"] = drawn("effect_path", EFFECT, PATH, band=[-0.05, 0.05])
EVERY["effect path of a running test"] = drawn("effect_path", EFFECT, PATH[:5], end="2024-11-24")
EVERY["effect path of one day"] = drawn("effect_path", EFFECT, [[*PATH[0][:1], None, None, None], PATH[1]])
UNITS = {"ab.target": "ratio", "ab.per_arm": "count", "ab.planned": "label"}
FALLING = [[0.01 * n, 300 * (20 // n) ** 2, {5: "ab.size.found", 6: "ab.size.planned"}.get(n)] for n in range(3, 16)]
EVERY["curve"] = drawn("curve", UNITS, FALLING, highlight=2)
EVERY["curve with a name at its end"] = drawn("curve", UNITS, [*FALLING[:3], [0.06, 2700, "ab.size.possible"]])
EVERY["curve without names"] = drawn("curve", UNITS, [[x, 9e6 / (1 + n), None] for n, (x, *_) in enumerate(FALLING)])
METRICS = [{"value": "table.listings", "unit": "label"}, {"value": NASTY, "unit": "text"}]
EVERY["intervals of metrics"] = drawn(
    "intervals",
    {"ab.metric": "figure", "ab.effect": "growth", "ab.low": "growth", "ab.high": "growth", "ab.n": "count"},
    [[name, 0.01 * n, -0.4, 0.3 + n, 72000] for n, name in enumerate(METRICS)],
    highlight=[0], band=[-0.05, 0.05], whole=True,
)  # fmt: skip
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
def name(request):
    return request.param


@functools.cache
def made_of(name, words):
    """The drawing of an exhibit that has a message, made once for all that look at it."""
    return charts.draw({**EVERY[name], "message": "份额3.4%"}, words, BRAND)


@pytest.mark.parametrize("words", [ZH, EN], ids=["zh", "en"])
def test_no_text_leaves_the_drawing_or_covers_another(name, words):
    made = made_of(name, words)
    for svg in (made.svg, made.narrow):
        width = float(ET.fromstring(svg).get("viewBox").split()[2])
        found = placed(svg)
        assert [t for t in found if t[0] < -1 or t[1] > width + 1] == []
        pairs = [(a, b) for n, a in enumerate(found) for b in found[n + 1 :]]
        assert [(a, b) for a, b in pairs if abs(a[2] - b[2]) < 5 and a[0] < b[1] and b[0] < a[1]] == []


def test_a_drawing_can_stand_inside_any_page(name):
    svg = made_of(name, ZH).svg
    root = ET.fromstring(svg)
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    used = re.findall(r'(?:href="#|url\(#)([^")]+)', svg)
    assert sorted(set(used)) == sorted(ids)
    assert all(i.startswith(EVERY[name]["key"].replace(".", "-")) for i in ids)
    assert not [e.tag for e in root.iter() if e.tag.split("}")[1] in ("style", "metadata", "script", "title", "image")]
    assert not re.search(r"<\?xml|<!DOCTYPE|xlink|http(?!://www\.w3\.org/2000/svg)|\d{4}-\d\d-\d\dT", svg)


def test_wide_and_narrow_drawings_share_no_id():
    made = charts.draw(DOTS, ZH, BRAND)
    wide, narrow = (set(re.findall(r' id="([^"]+)"', svg)) for svg in (made.svg, made.narrow))
    assert wide and narrow and wide.isdisjoint(narrow)


def test_the_same_exhibit_gives_the_same_bytes(name):
    assert made_of.__wrapped__(name, EN) == made_of(name, EN)


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


@pytest.mark.parametrize(("exact", "bands"), [(False, 1), (True, 2)])
def test_days_between_two_stoppages_are_not_shaded(exact, bands):
    days = [("2020-02-08", "2020-02-08"), ("2020-02-10", "2020-02-15"), ("2020-02-16", "2020-02-16")]
    closed = [{"label_zh": "停业", "start": a, "end": b, "exact": exact} for a, b in days]
    axis = timeline.Timeline.over([dt.date(2020, 2, 1), dt.date(2020, 2, 29)], 140, monthly=False)
    assert len(axis.bands(closed, "zh")) == bands


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
def test_the_alternative_says_the_message_and_the_axes_in_sentences(name, words, end):
    alt = made_of(name, words).alt
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


def test_a_bar_shows_its_value_and_its_change_beside_it_and_the_rest_has_none():
    found = texts(charts.draw(BARS, ZH, BRAND).svg)
    assert {"60.0%", "−12.0", "+12.0", "—", "其他12个"} <= set(found) and "变动（百分点）" in found
    assert found.count("5.0%") == 2  # a brand's and the rest's


def test_a_bar_of_a_range_is_pale_beyond_its_lower_end():
    found = charts.draw(EVERY["share bars of ranges"], ZH, BRAND).svg
    assert mix(BRAND.primary, WHITE, 0.7) in found and "31.0%–42.0%" in texts(found) and "20.0%" in texts(found)


def test_every_circle_on_a_page_has_its_name_and_the_fields_and_the_cut_are_named():
    found = texts(charts.draw(BUBBLES, ZH, BRAND).svg)
    assert {row[0] for row in CLOSE} <= set(found)
    assert {"体量小、增长快", "体量大、增长快", "合计+7.0%"} <= set(found)


def test_the_names_of_the_message_stand_on_a_phone_too():
    assert "品牌5" in texts(charts.draw(BUBBLES, ZH, BRAND).narrow)


def test_circles_are_as_large_as_what_they_stand_for():
    from kit.charts.bubble import Plane

    dots = {dot.name: dot.radius for dot in Plane(BUBBLES, ZH, BRAND, 160, 84).dots()}
    assert dots["品牌13"] ** 2 / dots["品牌6"] ** 2 == pytest.approx(14**2 / 7**2)


def test_of_the_messages_values_that_would_touch_the_highest_stands():
    sold = columns([v * 1e8 for v in (1, 1, 1.1, 1.3, 1.2, 1, 1, 1)], "money", highlight=[2, 3, 4])
    made = charts.draw(sold, ZH, BRAND)
    named = {"￥1.10亿", "￥1.20亿", "￥1.30亿"}
    assert named <= {*texts(made.svg)} and named & {*texts(made.narrow)} == {"￥1.30亿"}


def test_columns_start_at_zero_and_show_every_value_where_there_is_room():
    found = texts(charts.draw(EVERY["columns"], ZH, BRAND).svg)
    assert {"0", "0.62", "1.61", "1月", "12月"} <= set(found)
    narrow = texts(charts.draw(EVERY["columns of money"], ZH, BRAND).narrow)
    assert "￥1.61亿" in narrow and "￥0.84亿" not in narrow


def test_a_column_to_be_read_with_care_is_hollow():
    solid, hollow = (columns(SEASON[:3], faint=faint) for faint in ([], [1]))
    whites = [charts.draw(c, ZH, BRAND).svg.count(f"fill: {WHITE}") for c in (solid, hollow)]
    assert whites[1] == whites[0] + 1


def test_the_reference_line_strikes_no_value_out():
    near, far = (columns([0.95] * 3 + [2.0] * n, reference=AVERAGE) for n in (0, 1))
    parts = [charts.draw(c, ZH, BRAND).svg.count("stroke-dasharray") for c in (near, far)]
    assert parts[0] == 4 and "虚线：平均月份＝1.00" in " ".join(texts(charts.draw(far, ZH, BRAND).svg))
    beside = columns([0.95] * 3 + [2.0], reference={**AVERAGE, "at": 1.1})
    rules = [charts.draw(c, ZH, BRAND).svg.count(f"stroke: {BRAND.rule}") for c in (far, beside)]
    assert rules[1] == rules[0] + 1, "no rule of the grid fills its gaps either"


def test_a_panel_says_that_a_cut_is_of_the_items_cut_and_not_of_the_whole_brand():
    made = panels(["青禾", "露倾", "素集", "白屿"], SOME, cuts=(1,))
    assert "降价款11月4日起下调18.0%" in texts(charts.draw(made, ZH, BRAND).svg)
    assert "items cut 18.0% from 4 Nov" in texts(charts.draw(made, EN, BRAND).svg)


def test_a_break_parts_the_line_and_is_named():
    svg = charts.draw(EVERY["break"], ZH, BRAND).svg
    path = re.search(rf'd="([^"]+)" style="[^"]*stroke: {BRAND.primary}', svg)
    assert path[1].count("M ") == 2 and "类目调整" in texts(svg)
    assert "category recut" in texts(charts.draw(EVERY["break"], EN, BRAND).svg)


def test_the_expected_value_of_the_message_stands_with_its_month_beside_the_fan():
    svg = charts.draw(EVERY["forecast of the message"], ZH, BRAND).svg
    assert "11月 ￥5.00亿" in texts(svg) and BRAND.highlight in svg
    assert "Nov ¥500M" in texts(charts.draw(EVERY["forecast of the message"], EN, BRAND).svg)


def test_a_cell_of_nothing_says_so_and_a_thin_one_is_a_dash():
    found = texts(charts.draw(EVERY["heat map"], ZH, BRAND).svg)
    assert (found.count("无"), found.count("—")) == (3, 2) and {"9.0", "120", "<0.1"} <= set(found)


def test_the_cell_of_the_message_alone_has_the_highlight_colour():
    svg = charts.draw(EVERY["heat map"], ZH, BRAND).svg
    assert svg.count(f"fill: {BRAND.highlight}") == 1
    assert BRAND.highlight not in charts.draw({**EVERY["heat map"], "options": {}}, ZH, BRAND).svg


def test_a_heading_is_folded_between_numbers_and_words_to_the_width_of_its_cells():
    phone = texts(charts.draw(EVERY["heat map"], ZH, BRAND).narrow)
    assert {"不到", "￥50", "￥100", "–149", "￥500", "以上"} <= set(phone)
    assert "￥100–149" in texts(charts.draw(EVERY["heat map"], ZH, BRAND).svg)


def test_an_interval_that_goes_on_beyond_the_axis_is_an_arrow_and_keeps_its_figures():
    axis = EVERY["intervals"]
    near = intervals(["保湿", "修护"], [[0.2, 0.1, 0.3, 9], [0.1, -0.1, 0.2, 9]])
    far, plain = (charts.draw(exhibit, EN, BRAND).svg for exhibit in (axis, near))
    assert "−60.0% – +1,250%" in texts(far)
    assert "<use" in far and far.count("<defs") > plain.count("<defs")


def test_a_waterfall_writes_all_steps_in_one_scale_with_their_signs():
    found = texts(charts.draw(EVERY["waterfall"], ZH, BRAND).svg)
    assert {"810.0", "−31.5", "+155.7", "+207.9", "0.0", "1,142.0", "支付金额（￥万）"} <= set(found)
    assert "Paid amount (¥k)" in texts(charts.draw(EVERY["waterfall"], EN, BRAND).svg)


def test_a_step_of_a_waterfall_begins_where_the_one_before_it_ended():
    from kit.charts.waterfall import Plot

    bars = Plot(EVERY["waterfall"], ZH, BRAND, 170.0).bars
    assert bars[0][0] == bars[-1][0] == 0
    assert [a for a, _ in bars[1:-1]] == [b for _, b in bars[:-2]]
    assert bars[-2][1] == pytest.approx(bars[-1][1], abs=1e3)


def test_an_interval_that_is_to_be_whole_is_drawn_to_its_ends_and_a_row_may_be_named_in_its_own_unit():
    whole, cut = EVERY["intervals of metrics"], dict(EVERY["intervals of metrics"])
    cut["options"] = {**cut["options"], "whole": False}
    first, second = (charts.draw(one, EN, BRAND).svg for one in (whole, cut))
    assert first.count("<defs") < second.count("<defs"), "no arrow at an edge"
    assert EN.label("table.listings") in texts(first)


def test_a_path_says_where_the_effect_stands_and_when_the_end_was_planned():
    running, made = EVERY["effect path of a running test"], charts.draw(EVERY["effect path"], EN, BRAND)
    assert "+3.0%" in texts(made.svg) and "planned end" not in texts(made.svg)
    assert "from 4 Nov 2024 to 17 Nov 2024" in made.alt and "at the end it stands at +3.0%" in made.alt
    assert "planned end" in texts(charts.draw(running, EN, BRAND).svg)


def test_the_band_in_which_a_difference_does_not_matter_is_shaded():
    shade = mix(BRAND.ink, WHITE, 0.92).lower()
    for name in ("effect path", "intervals of metrics"):
        bare = {**EVERY[name], "options": {k: v for k, v in EVERY[name]["options"].items() if k != "band"}}
        assert shade in charts.draw(EVERY[name], ZH, BRAND).svg and shade not in charts.draw(bare, ZH, BRAND).svg
