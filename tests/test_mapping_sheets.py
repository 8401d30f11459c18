"""Sheets as agencies keep them: what the draft makes of each, taken as it is, is what stands in the sheet, or a question."""

import io
import random

import agency_sheets
import openpyxl
import pytest
from making import ids, reading, said, xlsx
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from kit.errors import KitError
from kit.exports import drafted, files, mapping, scale, short_dates
from kit.exports.candidates import familiar
from kit.text import Words

FILE = "日报.xlsx"


def drawn(rows, sheet="日报", file=FILE):
    """The draft of a workbook of one sheet, as the command prints it."""
    found = drafted.drafts(files.sheets(xlsx({sheet: rows}), file, familiar), file)
    return "\n".join(drafted.printed(found, Words("zh"))) + "\n"


def taken(folder, rows, sheet="日报", file=FILE, text=None):
    """What is read by the draft, or by another entry."""
    text = drawn(rows, sheet, file) if text is None else text
    return reading(folder, {"mapping.yml": text, f"exports/{file}": xlsx({sheet: rows})})


def columns(made, table, *names):
    """Columns of a table without a fault; dates as text."""
    assert [p for p in made.problems if not p.warning] == [], said(made)
    frame = made.tables[table].copy()
    for name in ("date", "start", "end", "month"):
        if name in frame:
            frame[name] = frame[name].dt.strftime("%Y-%m-%d")
    return frame[list(names)].values.tolist()


WEEKS = [
    ["青禾旗舰店日报"],
    ["日期", "流量", None, "成交", None],
    [None, "访客数", "跳失率", "支付金额(万元)", "支付买家数"],
    ["11月1日", 12000, "45.2%", 1.25, 360],
    ["11月2日", 9000, "44.1%", 0.8, 241],
    ["第1周小计", 21000, "44.7%", 2.05, 601],
    ["11月4日", 8000, "43%", 0.75, 200],
    ["月合计", 29000, "44%", 2.8, 801],
    ["注：数据来源生意参谋"],
]


def test_merged_headings_a_unit_dates_without_a_year_and_sums_between_the_rows(tmp_path):
    made = taken(tmp_path, WEEKS, "11月", "2024年日报.xlsx")
    assert columns(made, "shop_daily", "date", "visitors", "pay_amount") == [
        ["2024-11-01", 12000, 12500],
        ["2024-11-02", 9000, 8000],
        ["2024-11-04", 8000, 7500],
    ]
    [line] = made.ledger
    assert line["dropped"] == {"footer": 1, "total_row": 2} and line["rows_read"] == 6


# ---- units -----------------------------------------------------------------------------------------------------

AMOUNTS = [["日期", "访客数", "支付金额"], ["2024-11-01", 100, 1.5], ["2024-11-02", 110, 1.6]]
UNITS = {
    "above": ("日报", [["单位：万元"], *AMOUNTS]),
    "above, beside the title": ("日报", [["日报", None, "（单位：万元）"], *AMOUNTS]),
    "in the title": ("日报", [["店铺日报（万元）"], *AMOUNTS]),
    "beside the headings": ("日报", [[*AMOUNTS[0], "单位：万元"], *AMOUNTS[1:]]),
    "in a note below": ("日报", [*AMOUNTS, ["注：金额单位为万元"]]),
    "in the sheet's name": ("日报（万元）", AMOUNTS),
    "in a row of their own": ("日报", [AMOUNTS[0], [None, "人", "万元"], *AMOUNTS[1:]]),
    "above the heading": ("日报", [["日期", "流量", "成交（万元）"], [None, *AMOUNTS[0][1:]], *AMOUNTS[1:]]),
}


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_that_is_said_once_counts_for_every_amount(tmp_path, name):
    sheet, rows = UNITS[name]
    made = taken(tmp_path, rows, sheet)
    assert columns(made, "shop_daily", "visitors", "pay_amount") == [[100, 15000], [110, 16000]]


@pytest.mark.parametrize("name", [name for name in UNITS if "own" not in name and "heading" not in name[-8:]])
def test_without_a_mapping_an_amount_whose_unit_is_said_elsewhere_is_refused(tmp_path, name):
    sheet, rows = UNITS[name]
    made = reading(tmp_path, {"exports/a.xlsx": xlsx({sheet: rows})})
    assert ids(made) == ["e.scale"] and made.problems[0].args["cols"] == ["支付金额"]


def test_an_entry_that_leaves_out_the_unit_is_refused_until_it_says_one(tmp_path):
    entry = "- {file: 日报.xlsx, table: shop_daily, columns: {日期: date, 支付金额: %s}}"
    rows = [["单位：万元"], *AMOUNTS]
    assert ids(taken(tmp_path, rows, text=entry % "pay_amount")) == ["e.scale"]
    made = taken(tmp_path, rows, text=entry % "{to: pay_amount, unit: 元}")
    assert columns(made, "shop_daily", "pay_amount") == [[1.5], [1.6]]


def test_a_unit_in_the_heading_counts_though_the_entry_does_not_repeat_it(tmp_path):
    rows = [["日期", "停留时长(分钟)", "销售额(万元)", "转化率(%)"], ["2024-11-01", 1.5, 2, 3.2]]
    entry = (
        "- {file: 日报.xlsx, table: shop_daily, columns: {日期: date, 停留时长(分钟): avg_stay_seconds, "
        "销售额(万元): pay_amount, 转化率(%): pay_cvr}}"
    )
    made = taken(tmp_path, rows, text=entry)
    assert columns(made, "shop_daily", "avg_stay_seconds", "pay_amount", "pay_cvr") == [[90, 20000, 0.032]]


def test_thousands_and_hundreds_are_units_too(tmp_path):
    made = taken(tmp_path, [["日期", "访客数(千)", "销售额（百万元）"], ["2024-11-01", 1.2, 1.5]])
    assert columns(made, "shop_daily", "visitors", "pay_amount") == [[1200, 1500000]]


@pytest.mark.parametrize(
    ("heading", "kind", "unit"),
    [
        ("成交(万元)/销售额", "money", "万"),
        ("成交(万元)/转化率", "ratio", None),
        ("销售额(元)", "money", "元"),
        ("停留时长(秒)", "number", None),
        ("备注(万元)", "text", None),
    ],
)
def test_a_heading_s_unit_is_taken_for_what_can_have_it(heading, kind, unit):
    assert scale.of_column(heading, kind) == unit


def test_a_unit_over_some_headings_is_not_taken_for_the_others(tmp_path):
    rows = [
        ["日期", "成交（万元）", "售后", None],
        [None, "销售额", "退款额", "加购"],
        ["2024-11-01", 1.5, 200, 3],
        ["2024-11-02", 1.6, 300, 4],
    ]
    made = taken(tmp_path, rows)
    assert ids(made) == ["e.scale"] and made.problems[0].args["cols"] == ["售后/退款额"]


@pytest.mark.parametrize("text", [None, ""])
def test_the_ledger_s_sum_is_in_yuan_and_its_heading_says_nothing_else(tmp_path, text):
    rows = [["日期", "访客数", "支付金额(万元)"], ["2024-11-01", 100, 1.5]]
    (line,) = taken(tmp_path, rows, text=text).ledger
    assert line["amount"]["kept"] == 15000 and line["amount"]["column"] in ("支付金额", "pay_amount")


# ---- what means the same twice -----------------------------------------------------------------------------------


def compared(first, second):
    """Two figures under each of two headings."""
    below = [None, "访客数", "支付金额", "访客数", "支付金额"]
    return [["日期", first, None, second, None], below, ["2024-11-01", 10, 100, 20, 200]]


@pytest.mark.parametrize("beside", ["去年同期", "目标", "上月"])
def test_last_year_s_figures_and_goals_are_not_taken_for_the_day_s(tmp_path, beside):
    made = taken(tmp_path, compared(beside, "实际"))
    assert columns(made, "shop_daily", "visitors", "pay_amount") == [[20, 200]]


def test_which_of_two_shops_in_the_headings_is_a_question(tmp_path):
    text = drawn(compared("旗舰店", "专卖店"))
    assert "# 旗舰店/访客数: visitors?" in text and "# 专卖店/访客数: visitors?" in text
    assert ids(taken(tmp_path, compared("旗舰店", "专卖店"))) == ["e.map.lacks"]


def test_without_a_mapping_a_heading_below_two_others_is_no_column(tmp_path):
    made = reading(tmp_path, {"exports/a.xlsx": xlsx({"日报": compared("去年同期", "实际")})})
    assert set(ids(made)) == {"e.twice"}


def test_of_two_names_of_one_figure_the_table_s_own_is_taken_and_others_are_a_question():
    assert '"支付金额": pay_amount' in drawn([["日期", "GMV", "支付金额", "UV"], ["2024-11-01", 100, 80, 5]])
    text = drawn([["日期", "GMV", "销售额", "UV"], ["2024-11-01", 100, 80, 5]])
    assert "# GMV: pay_amount?" in text and "# 销售额: pay_amount?" in text


def test_a_heading_that_stands_there_twice_must_not_differ(tmp_path):
    rows = [["日期", "访客数", "支付金额", "日期"], ["2024-11-01", 1, 2, "2024-11-01"]]
    assert columns(taken(tmp_path / "a", rows), "shop_daily", "visitors") == [[1]]
    rows = [["日期", "访客数", "支付金额", "支付金额"], ["2024-11-01", 1, 2, 3]]
    assert ids(taken(tmp_path / "b", rows)) == ["e.map.twice"]


BLOCKS = [
    ["指标", "11月1日", "11月2日", "11月3日"],
    ["天猫"],
    ["销售额", 10, 20, 30],
    ["访客数", 1, 2, 3],
    ["京东"],
    ["销售额", 5, 6, 7],
]


def test_a_figure_in_two_rows_is_not_one_of_them(tmp_path):
    made = taken(tmp_path, BLOCKS, file="2024日报.xlsx")
    assert ids(made) == ["e.map.figure"] and (made.problems[0].args["a"], made.problems[0].args["b"]) == (3, 6)


def test_figures_that_are_not_read_are_named(tmp_path):
    rows = [*BLOCKS[:1], *BLOCKS[2:4], ["去年同期", 4, 5, 6]]
    assert "# 去年同期: ?" in drawn(rows, file="2024日报.xlsx")
    made = taken(tmp_path, rows, file="2024日报.xlsx")
    assert made.ledger[0]["ignored_columns"] == ["去年同期"]
    assert columns(made, "shop_daily", "pay_amount") == [[10], [20], [30]]


def test_a_row_that_becomes_several_records_is_one_row_of_the_ledger(tmp_path):
    rows = [["类目", "2024年1月", "2024年2月", "2024年3月"], ["面霜", 1, 2, 3], ["精华", 4, 5, None], ["合计", 5, 7, 3]]
    text = drawn(rows).replace('metric: "?"', "metric: 成交金额").replace('value_kind: "?"', "value_kind: 金额")
    made = taken(tmp_path, rows, text=text)
    assert len(columns(made, "market_monthly", "value")) == 5
    [line] = made.ledger
    assert (line["rows_read"], line["rows_kept"], line["dropped"]) == (3, 2, {"total_row": 1})


# ---- days and months ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "sheet", "file"),
    [
        (["11月1日", "11月2日"], "日报", "2024日报.xlsx"),
        (["1101", "1102"], "2024年", FILE),
        ([1, 2], "2024年11月", FILE),
        (["1日", "2日"], "24年11月", FILE),
        (["1日", "2日"], "旗舰店2店11月", "2024日报.xlsx"),
        ([1, 2], "24.11", FILE),
        (["11.1", "11.2"], "日报", "2024日报.xlsx"),
        (["24年11月1日", "24年11月2日"], "日报", FILE),
        ([45597, 45598], "日报", FILE),
        (["２０２４－１１－０１", "2024/11/2"], "日报", FILE),
    ],
)
def test_days_as_people_write_them(tmp_path, cells, sheet, file):
    rows = [["日期", "访客数", "支付金额"], *([cell, 100, 1000] for cell in cells)]
    assert columns(taken(tmp_path, rows, sheet, file), "shop_daily", "date") == [["2024-11-01"], ["2024-11-02"]]


@pytest.mark.parametrize(
    ("heads", "sheet", "file"),
    [
        (["11.1", "11.2", "11.3"], "日报", "2024日报.xlsx"),
        ([1101, 1102, 1103], "日报", "2024日报.xlsx"),
        ([1, 2, 3], "11月", "2024日报.xlsx"),
        (["1日", "2日", "3日"], "2024年11月", FILE),
    ],
)
def test_days_as_columns(tmp_path, heads, sheet, file):
    made = taken(tmp_path, [["项目", *heads], ["销售额", 10, 20, 30], ["访客数", 10, 11, 12]], sheet, file)
    assert columns(made, "shop_daily", "date", "pay_amount") == [[f"2024-11-0{n}", 10 * n] for n in (1, 2, 3)]


def test_a_date_without_a_year_is_never_given_that_of_a_download(tmp_path):
    rows = [["导出时间：2025-01-05"], ["日期", "访客数", "支付金额"], ["12月1日", 100, 1000]]
    text = drawn(rows, file="日报20250105.xlsx")
    assert "# year: ?" in text
    made = taken(tmp_path, rows, file="日报20250105.xlsx")
    assert ids(made) == ["e.value.short"] and "year" in said(made)[0]


def test_a_year_is_not_stretched_over_new_year(tmp_path):
    rows = [["日期", "访客数", "支付金额"], ["12月31日", 100, 1000], ["1月1日", 110, 1100]]
    assert ids(taken(tmp_path / "a", rows, file="2024日报.xlsx")) == ["e.map.year"]
    wide = [["指标", "12月30日", "12月31日", "1月1日"], ["销售额", 1, 2, 3], ["访客数", 1, 2, 3]]
    assert ids(taken(tmp_path / "b", wide, file="2024日报.xlsx")) == ["e.map.year"]
    items = [["日期", "商品ID", "支付金额"], ["12月31日", "123456789012", 1], ["1月1日", "223456789012", 2]]
    assert ids(taken(tmp_path / "c", items, file="2024日报.xlsx")) == [], "each item begins anew"


def test_a_number_that_lost_its_zero_is_no_other_day(tmp_path):
    rows = [["日期", "访客数", "支付金额"], ["11.19", 1, 1], [11.2, 2, 2], ["11.21", 3, 3]]
    assert ids(taken(tmp_path, rows, file="2024日报.xlsx")) == ["e.map.zero"]


def test_years_over_months_are_the_months_years(tmp_path):
    rows = [["类目", "2023年", None, "2024年", None], [None, "11月", "12月", "1月", "2月"], ["面霜", 1, 2, 3, 4]]
    text = drawn(rows).replace('metric: "?"', "metric: 成交金额").replace('value_kind: "?"', "value_kind: 金额")
    made = taken(tmp_path, rows, text=text)
    months = ["2023-11-01", "2023-12-01", "2024-01-01", "2024-02-01"]
    assert columns(made, "market_monthly", "month", "value") == [[m, n] for n, m in enumerate(months, 1)]


@pytest.mark.parametrize(
    ("rows", "spans"),
    [
        ([["月份", "访客数", "支付金额"], ["2024-10", 1, 2], ["2024年11月", 3, 4]], [["2024-10-01", "2024-10-31"]]),
        ([["月份", "访客数", "支付金额"], ["2024-10-01", 1, 2], ["2024-11-01", 3, 4]], [["2024-10-01", "2024-10-31"]]),
        ([["周", "访客数", "支付金额"], ["2024-11-04~2024-11-10", 1, 2]], [["2024-11-04", "2024-11-10"]]),
        (
            [["指标", "2024-09-01", "2024-10-01", "2024-11-01"], ["销售额", 1, 2, 3], ["访客数", 1, 2, 3]],
            [["2024-09-01", "2024-09-30"]],
        ),
        (
            [["指标", "2024/9/1", "2024/10/1", "2024/11/1"], ["销售额", 1, 2, 3], ["访客数", 1, 2, 3]],
            [["2024-09-01", "2024-09-30"]],
        ),
    ],
)
def test_a_month_s_figures_are_those_of_no_day(tmp_path, rows, spans):
    made = taken(tmp_path, rows)
    assert columns(made, "shop_period", "start", "end")[:1] == spans and "shop_daily" not in made.tables


def test_a_week_by_its_first_day_is_refused(tmp_path):
    made = taken(tmp_path, [["周", "访客数", "支付金额"], ["2024-11-04", 700, 7000]])
    assert ids(made) == ["e.map.period"]


def test_serials_of_a_workbook_that_counts_from_1904(tmp_path):
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in (["日期", "访客数", "支付金额"], [45597 - 1462, 1, 2]):
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    made = reading(tmp_path, {"exports/a.xlsx": target.getvalue()})
    assert columns(made, "shop_daily", "date") == [["2024-11-01"]]


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("24年11月", (2024, 11)),
        ("2024-11", (2024, 11)),
        ("202411", (2024, 11)),
        ("24.9", (2024, 9)),
        ("11月", (None, 11)),
        ("2号店11月", (None, 11)),
        ("11", (None, 11)),
        ("10月-11月", None),
        ("2024年", None),
        ("汇总2", None),
    ],
)
def test_the_month_of_a_sheet_s_name(name, month):
    assert short_dates.month_of(name) == month


# ---- what a draft asks -------------------------------------------------------------------------------------------


def test_a_question_that_nobody_answered_is_told_with_what_can_be_said(tmp_path):
    rows = [["类目", "2024年1月", "2024年2月", "2024年3月"], ["面霜", 1, 2, 3]]
    made = taken(tmp_path, rows)
    assert ids(made) == ["e.config.value"] * 2 and "第三方估算" in said(made)[1]


def test_cells_that_are_merged_are_told_with_what_to_do(tmp_path):
    rows = [["日期", "商品ID", "支付金额"], ["2024-11-01", "123456789012", 1], [None, "223456789012", 2]]
    made = taken(tmp_path, rows)
    assert ids(made) == ["e.blank.laid"] and '# fill: ["日期"]' in drawn(rows)


def test_amounts_by_ad_channel_are_no_live_sales():
    rows = [
        ["日期", "渠道", "花费", "展现", "点击", "成交金额"],
        ["2024-11-01", "直通车", 1, 2, 3, 4],
        [None, "万相台", 1, 2, 3, 4],
    ]
    text = drawn(rows)
    assert "table: ads_daily" in text and 'tool: "?"' in text and '# fill: ["日期"]' in text


def test_a_market_s_figures_are_not_drafted_as_the_shop_s_own():
    assert drawn([["月份", "品牌", "宝贝ID", "销售额(元)", "销量"], ["2024-10", "甲", "112233445566", 1, 2]]) == "\n"
    for head in ("一级类目", "行业", "所属品牌", "竞品名称"):
        text = drawn([["月份", head, "销售额", "销量"], ["2024-10", "甲", 1, 2], ["2024-11", "甲", 1, 2]])
        assert "shop_daily" not in text, head


def test_a_figure_under_days_is_not_guessed():
    text = drawn([["商品ID", "2024-11-01", "2024-11-02", "2024-11-03"], ["123456789012", 1, 2, 3]])
    assert 'value: "?"' in text


def test_a_file_s_name_may_hold_brackets(tmp_path):
    made = taken(tmp_path, AMOUNTS, file="日报[1].xlsx")
    assert columns(made, "shop_daily", "pay_amount") == [[1.5], [1.6]]


def test_the_headings_may_be_repeated(tmp_path):
    made = taken(tmp_path, [*AMOUNTS, AMOUNTS[0], ["2024-11-03", 120, 1.7]])
    assert len(columns(made, "shop_daily", "date")) == 3 and made.ledger[0]["dropped"] == {"header_again": 1}


def test_a_formula_without_a_result_is_told_with_what_to_do(tmp_path):
    made = taken(tmp_path, [["日期", "访客数", "支付金额"], ["2024-11-01", 1, "=B2*10"]])
    assert ids(made) == ["e.value.formula"] and "保存" in said(made)[0]


def test_a_slash_is_nothing_and_more_may_be_refunded_than_paid(tmp_path):
    rows = [["日期", "访客数", "支付金额", "净支付金额"], ["2024-11-01", 1, "/", "(50)"], ["2024-11-02", "-", 2, "/"]]
    made = taken(tmp_path, rows)
    assert made.tables["shop_daily"]["net_pay_amount"].tolist()[0] == -50
    assert made.tables["shop_daily"]["pay_amount"].isna().tolist() == [True, False]


def test_the_sum_of_all_sources_is_no_source(tmp_path):
    rows = [["日期", "一级来源", "访客数", "支付金额"], ["2024-11-01", "搜索", 100, 5], ["2024-11-01", "合计", 100, 5]]
    made = reading(tmp_path, {"exports/来源.xlsx": xlsx({"来源": rows})})
    assert columns(made, "traffic_source", "source_l1") == [["搜索"]]


def test_what_an_entry_cannot_do_without_is_named(tmp_path):
    made = taken(tmp_path, AMOUNTS, text="- {file: 日报.xlsx, table: shop_daily, columns: {日期: date}}")
    assert ids(made) == ["e.map.lacks"] and "pay_amount|visitors" in said(made)[0]


def test_a_draft_of_a_sheet_is_a_mapping_even_where_it_asks():
    with pytest.raises(KitError, match="value"):
        mapping.checked(drawn([["商品ID", "2024-11-01", "2024-11-02", "2024-11-03"], ["123456789012", 1, 2, 3]]), "m")


@pytest.mark.parametrize("seed", range(120))
def test_whatever_a_sheet_looks_like_a_figure_is_read_as_it_is_or_not_at_all(tmp_path, seed):
    """By the draft as it is, and without a mapping: what cannot be read for certain is a fault, never another figure."""
    file, name, rows, truth = agency_sheets.made(random.Random(seed))
    text = drawn(rows, name, file)
    for place, mapped in (("mapped", text), ("plain", "")):
        made = reading(tmp_path / place, {"mapping.yml": mapped, f"exports/{file}": xlsx({name: rows})})
        if any(not p.warning for p in made.problems):
            continue
        assert list(made.tables) == ["shop_daily"] and len(made.tables["shop_daily"]) == len(truth)
        for record in made.tables["shop_daily"].to_dict("records"):
            read = {f: record[f] for f in agency_sheets.NAMES if record[f] == record[f]}
            assert read == pytest.approx({f: truth[record["date"].date()][f] for f in read})


def test_most_of_such_sheets_are_read_by_the_draft_as_it_is(tmp_path):
    read = 0
    for seed in range(40):
        file, name, rows, _ = agency_sheets.made(random.Random(seed))
        made = reading(
            tmp_path / str(seed), {"mapping.yml": drawn(rows, name, file), f"exports/{file}": xlsx({name: rows})}
        )
        read += not [p for p in made.problems if not p.warning]
    assert read >= 20
