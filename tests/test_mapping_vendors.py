"""Files that data vendors sell, and sheets whose dates or figures stand apart: drafted, answered and read."""

import pytest
from making import client, ids, said, xlsx
from test_mapping_sheets import columns, drawn, taken

from kit.errors import KitError
from kit.exports import date_parts, mapping
from kit.exports.reader import read
from kit.exports.rows import TOTAL

ANSWERS = {
    "value_kind": "第三方估算",
    "rival_kind": "品牌",
    "metric": "成交金额",
    "sales_kind": "近30天",
}


def answered(rows, sheet="Sheet1", file="魔镜.xlsx"):
    """The draft with an answer to each of its questions."""
    text = drawn(rows, sheet, file)
    for to, word in ANSWERS.items():
        text = text.replace(f'{to}: "?"', f"{to}: {word}")
    return text


def bought(folder, rows, file="魔镜.xlsx", **changed):
    text = answered(rows, file=file)
    for old, new in changed.get("edits", ()):
        assert old in text
        text = text.replace(old, new)
    return taken(folder, rows, "Sheet1", file, text)


# ---- a record for each figure ------------------------------------------------------------------------------------


def test_a_category_s_months_are_the_market_s_whatever_else_the_vendor_states(tmp_path):
    rows = [
        ["魔镜市场情报"],
        ["时间", "类目名称", "销售额（万元）", "销售额同比", "销量（万件）", "均价"],
        ["2024年1月", "面霜", 123.45, "3%", 1, 123],
        ["2024年2月", "面霜", 99.5, "-", 0.8, 124],
    ]
    assert "table: market_monthly  # category_daily?" in answered(rows)
    made = bought(tmp_path, rows)
    assert columns(made, "market_monthly", "month", "category", "metric", "value", "value_kind") == [
        ["2024-01-01", "面霜", "pay_amount", 1234500, "vendor_estimate"],
        ["2024-02-01", "面霜", "pay_amount", 995000, "vendor_estimate"],
    ]
    assert made.ledger[0]["ignored_columns"] == ["销售额同比", "销量（万件）", "均价"]


def test_categories_by_day_may_be_the_shop_s_own_or_the_market_s():
    rows = [["日期", "类目", "支付金额", "访客数"], ["2024-11-01", "面霜", 10, 1], ["2024-11-02", "面霜", 10, 1]]
    assert "table: category_daily  # market_daily?" in drawn(rows)


def test_a_ranking_of_brands_becomes_a_record_for_each_figure_of_each_brand(tmp_path):
    rows = [
        ["排行", "品牌名称", "销售额", "市场份额", "销量", "平均件单价"],
        [1, "甲", "2500w-5000w", "12.3%", "10W-25W", 199],
        [2, "乙", "1.2亿", "9%", 75000, 189],
    ]
    made = bought(tmp_path, rows, "蝉妈妈_20240101-20240131.xlsx")
    found = columns(made, "rivals_period", "start", "end", "rival", "metric", "low", "value", "high")
    assert {(start, end) for start, end, *_ in found} == {("2024-01-01", "2024-01-31")}
    assert {(rival, metric): figures for _, _, rival, metric, *figures in found} == {
        ("甲", "rank"): [1, 1, 1],
        ("甲", "pay_amount"): [2.5e7, 3.75e7, 5e7],
        ("甲", "share"): [0.123, 0.123, 0.123],
        ("甲", "pay_units"): [100000, pytest.approx((1e5 * 2.5e5) ** 0.5), 250000],
        ("乙", "rank"): [2, 2, 2],
        ("乙", "pay_amount"): [1.2e8, 1.2e8, 1.2e8],
        ("乙", "share"): [0.09, 0.09, 0.09],
        ("乙", "pay_units"): [75000, 75000, 75000],
    }


def test_a_ranking_without_a_period_asks_for_it(tmp_path):
    rows = [["品牌", "销售额"], ["甲", 5], ["乙", 4]]
    assert ids(bought(tmp_path, rows)) == ["e.period"]
    assert "rivals" not in drawn([["季度", "统计月份段", "品牌", "销售额"], ["一", "1-3", "甲", 5]])


def test_a_share_above_the_whole_lacks_its_percent_sign(tmp_path):
    rows = [["月份", "品牌", "市场份额", "销售额"], ["2024-01", "甲", 12.3, 10], ["2024-01", "乙", 0.4, 9]]
    made = bought(tmp_path / "a", rows)
    assert ids(made) == ["e.rule.share"] and "百分" in said(made)[0]
    made = bought(tmp_path / "b", rows, edits=[('"市场份额": share', '"市场份额": {to: share, unit: "%"}')])
    shares = [v for m, v in columns(made, "rivals_period", "metric", "value") if m == "share"]
    assert sorted(shares) == pytest.approx([0.004, 0.123])


def test_an_index_beside_amounts_stays_an_index(tmp_path):
    rows = [
        ["日期", "行业名称", "交易指数", "支付金额"],
        ["2024-01-01", "面霜", "1,234", 10],
        ["2024-01-02", "面霜", 9, 9],
    ]
    made = bought(tmp_path, rows)
    assert columns(made, "market_daily", "metric", "value", "value_kind")[:2] == [
        ["pay_amount", 10, "vendor_estimate"],
        ["transaction_index", 1234, "index"],
    ]


def test_a_figure_of_a_market_whose_unit_is_said_elsewhere_needs_its_own(tmp_path):
    rows = [["单位：万元"], ["品牌", "2024-01", "2024-02", "2024-03"], ["甲", 1, 2, 3]]
    made = bought(tmp_path / "a", rows, edits=[("metric: 成交金额", "metric: 支付金额")])
    assert [v for [v] in columns(made, "rivals_period", "value")] == [1e4, 2e4, 3e4]
    made = bought(tmp_path / "b", rows, edits=[("metric: 成交金额", "metric: 支付金额"), (', unit: "万"', "")])
    assert ids(made) == ["e.scale"]


@pytest.mark.parametrize(
    ("heads", "asked"),
    [
        (("近30天销量",), "sales_kind: rolling_30d"),
        (("累计销量",), "sales_kind: cumulative"),
        (("销量",), 'sales_kind: "?"'),
    ],
)
def test_what_sales_of_an_item_count_is_asked_where_the_heading_does_not_say(heads, asked):
    rows = [["宝贝ID", "宝贝标题", "品牌", "价格", *heads], ["612345678901", "面霜", "甲", 99, 10]]
    text = drawn(rows)
    assert "table: listings" in text and asked in text and '"价格": price_page' in text


def test_a_metric_and_a_constant_metric_are_one_too_many():
    entry = "- {file: a, table: rivals, columns: {品牌: rival, 销售额: pay_amount}, constants: {metric: 支付金额}}"
    with pytest.raises(KitError, match="metric"):
        mapping.checked(entry, "mapping.yml")


def test_a_sheet_with_a_metric_of_its_own_keeps_it_beside_others(tmp_path):
    rows = [["类目", "月份", "指标", "数值", "口径", "value.pay_amount"], ["面霜", "2024-01", "搜索人气", 5, "指数", 7]]
    made = read(client(tmp_path, {"exports/a.xlsx": xlsx({"a": rows})}))
    assert columns(made, "market_monthly", "metric", "value") == [["pay_amount", 7], ["search_popularity", 5]]


@pytest.mark.parametrize("head", ["价格带", "功效", "SKU ID", "所属店铺"])
def test_rows_of_a_part_of_a_brand_are_not_drafted_as_the_brand_s(head):
    assert drawn([["月份", "品牌", head, "销售额"], ["2024-01", "甲", "1", 5], ["2024-01", "乙", "1", 4]]) == "\n"


def test_another_shop_in_a_mapped_sheet_is_no_row_of_this_one(tmp_path):
    rows = [["月份", "店铺", "销售额", "销量"], ["2024-01", "别家旗舰店", 10, 1], ["2024-02", "别家旗舰店", 11, 1]]
    assert ids(taken(tmp_path / "a", rows)) == ["e.shop.unknown"]
    own = [[cell.replace("别家旗舰店", "店") if isinstance(cell, str) else cell for cell in row] for row in rows]
    assert columns(taken(tmp_path / "b", own), "shop_period", "pay_amount") == [[10], [11]]


def test_a_day_among_the_constants_may_be_written_without_quotes():
    entry = "- {file: a, table: rivals, columns: {品牌: rival, 销售额: pay_amount}, constants: {date: 2024-01-31}}"
    (made,) = mapping.checked(entry, "mapping.yml")
    assert made.constants == {"date": "2024-01-31"}


# ---- dates apart -------------------------------------------------------------------------------------------------

APART = [["年", "月", "日", "访客数", "支付金额"], [2024, 11, 30, 10, 100], [2024, 12, 1, 11, 110]]


def test_year_month_and_day_in_columns_of_their_own(tmp_path):
    rows = [*APART, ["合计", None, None, 21, 210]]
    made = taken(tmp_path, rows)
    assert columns(made, "shop_daily", "date", "pay_amount") == [["2024-11-30", 100], ["2024-12-01", 110]]
    assert made.ledger[0]["dropped"] == {"total_row": 1}


def test_a_year_that_stands_once_is_filled_where_the_entry_says_so(tmp_path):
    rows = [*APART[:2], [None, 12, 1, 11, 110], ["注：来自后台"]]
    text = drawn(rows)
    assert '# fill: ["年"]' in text
    assert ids(taken(tmp_path / "a", rows)) == ["e.blank.laid"]
    made = taken(tmp_path / "b", rows, text=text.replace("# fill", "fill"))
    assert columns(made, "shop_daily", "date") == [["2024-11-30"], ["2024-12-01"]]


@pytest.mark.parametrize(
    ("heads", "cells", "year", "date"),
    [
        (("年", "月", "日"), ("2024", "3", "5"), None, "2024-03-05"),
        (("月", "日", "年"), ("3月", "5日", "2024年"), None, "2024-03-05"),
        (("年份", "月份"), ("24", "3月"), None, "2024-03"),
        (("月", "日"), ("3", "5"), 2024, "2024-03-05"),
        (("月", "日"), ("3", "5"), None, "3月5日"),
        (("年", "月份"), ("2024", "2024-03"), None, "2024-03"),
        (("年", "月份"), ("2023", "2024-03"), None, "2023/2024-03"),
        (("年", "日期"), ("2024", "11月1日"), None, "2024-11-01"),
        (("年", "月", "日"), ("2024", "三月", "5"), None, "2024/三月/5"),
        (("年", "月", "日"), ("2024", "3", ""), None, ""),
        (("年", "月", "日"), ("2024", "3月小计", ""), None, "小计"),
        (("年", "月"), ("2024", "第一季度"), None, "2024/第一季度"),
    ],
)
def test_a_date_is_put_together_or_left_as_it_stands(heads, cells, year, date):
    assert date_parts.joined(heads, cells, year) == date


def test_new_year_between_columns_of_months_and_days_needs_the_year(tmp_path):
    rows = [["月", "日", "访客数", "支付金额"], [12, 31, 1, 2], [1, 1, 3, 4]]
    assert ids(taken(tmp_path / "a", rows, file="2024日报.xlsx")) == ["e.map.year"]
    short = [["年", "月", "访客数", "支付金额"], ["23年", 12, 1, 2], ["24年", 1, 3, 4]]
    assert columns(taken(tmp_path / "b", short), "shop_period", "start") == [["2023-12-01"], ["2024-01-01"]]


def test_a_column_that_states_the_whole_date_needs_no_others(tmp_path):
    rows = [["年", "月", "日期", "访客数", "支付金额"], [2024, 11, "2024-11-01", 10, 100]]
    assert '"日期": date' in (text := drawn(rows)) and "# 年: ?" in text
    assert columns(taken(tmp_path, rows), "shop_daily", "date") == [["2024-11-01"]]


YEARS = [["月份", "2023年", "2024年", "同比"], ["1月", 20, 30, "50%"], ["2月", 21, 31, "48%"], ["合计", 41, 61, "49%"]]


def test_years_as_columns_over_months(tmp_path):
    text = drawn(YEARS, "销售额（万元）")
    assert 'value: "?"' in text and "# 同比: ?" in text
    made = taken(tmp_path, YEARS, "销售额（万元）", text=text.replace('value: "?"', "value: pay_amount"))
    assert columns(made, "shop_period", "start", "end", "pay_amount") == [
        ["2023-01-01", "2023-01-31", 200000],
        ["2023-02-01", "2023-02-28", 210000],
        ["2024-01-01", "2024-01-31", 300000],
        ["2024-02-01", "2024-02-29", 310000],
    ]


def test_years_as_columns_over_days_and_figures(tmp_path):
    rows = [["日期", "指标", "2023", "2024"], ["11月1日", "销售额", 20, 30], ["11月1日", "访客数", 2, 3]]
    made = taken(tmp_path, rows)
    assert columns(made, "shop_daily", "date", "pay_amount", "visitors") == [
        ["2023-11-01", 20, 2],
        ["2024-11-01", 30, 3],
    ]


def test_a_whole_date_under_another_year_is_no_date(tmp_path):
    rows = [["日期", "2023", "2024"], ["2024-11-01", 20, 30]]
    entry = '- {file: 日报.xlsx, table: shop_daily, columns: {日期: date}, wide: {headings: "20*", to: date, value: pay_amount}}'
    assert ids(taken(tmp_path, rows, text=entry)) == ["e.value.date"]


@pytest.mark.parametrize("sheet", ["2024年", "2024年1月"])
def test_a_bare_number_in_a_column_of_months_is_a_month(tmp_path, sheet):
    rows = [["月", "访客数", "支付金额"], [1, 10, 100], [2, 11, 110]]
    made = taken(tmp_path, rows, sheet)
    assert columns(made, "shop_period", "start") == [["2024-01-01"], ["2024-02-01"]]


# ---- figures' names ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (["1月", None, "2月", None], ["销售额(万元)", "访客数"] * 2),
        (["销售额(万元)", None, "访客数", None], ["1月", "2月"] * 2),
        (["2024/1/1", None, "2024/2/1", None], ["销售额(万元)", "访客数"] * 2),
    ],
)
def test_months_over_figures_or_figures_over_months(tmp_path, upper, lower):
    by_figure = upper[0].startswith("销售额")
    figures = [1, 2, 10, 20] if by_figure else [1, 10, 2, 20]
    rows = [["月报"], ["项目", *upper], [None, *lower], ["本店", *figures]]
    text = drawn(rows, "2024年")
    assert "wide: {to:" in text and "names" not in text
    made = taken(tmp_path, rows, "2024年")
    assert columns(made, "shop_period", "start", "pay_amount", "visitors") == [
        ["2024-01-01", 10000, 10],
        ["2024-02-01", 20000, 20],
    ]


def test_years_over_months_with_figures_below_each_other(tmp_path):
    rows = [["指标", "2023年", None, "2024年", None], [None, "1月", "2月", "1月", "2月"]]
    rows += [["销售额", 1, 2, 4, 5], ["访客数", 6, 7, 8, 9]]
    made = taken(tmp_path, rows)
    assert columns(made, "shop_period", "start", "pay_amount", "visitors") == [
        ["2023-01-01", 1, 6],
        ["2023-02-01", 2, 7],
        ["2024-01-01", 4, 8],
        ["2024-02-01", 5, 9],
    ]


def test_of_a_market_the_figures_that_are_none_of_its_metrics_are_left_aside(tmp_path):
    rows = [
        ["类目", "2024-01", None, None, "2024-02", None, None],
        [None, "销售额", "销量", "均价", "销售额", "销量", "均价"],
        ["面霜", 100, 2, 50, 110, 2, 55],
    ]
    made = bought(tmp_path, rows)
    assert columns(made, "market_monthly", "month", "value") == [["2024-01-01", 100], ["2024-02-01", 110]]


def test_a_figure_that_stands_twice_under_one_month_is_not_one_of_them(tmp_path):
    rows = [["项目", "1月", None, "1月", None], [None, *["销售额", "访客数"] * 2], ["本店", 1, 2, 3, 4]]
    entry = "- {file: 日报.xlsx, table: shop_daily, wide: {to: date}, rows: {销售额: pay_amount}, year: 2024}"
    assert ids(taken(tmp_path, rows, text=entry)) == ["e.map.twice"]


def test_a_figure_that_stands_over_no_month_is_told_with_what_there_is(tmp_path):
    rows = [["项目", "1月", None], [None, "销售额", "访客数"], ["本店", 1, 2]]
    entry = (
        "- {file: 日报.xlsx, table: shop_daily, wide: {to: date}, rows: {销售额: pay_amount, %s: visitors}, year: 2024}"
    )
    made = taken(tmp_path / "a", rows, text=entry % "浏览次数")
    assert ids(made) == ["e.map.column"] and "1月/访客数" in said(made)[0]
    other = "- {file: 日报.xlsx, table: shop_daily, wide: {to: date}, rows: {业绩: pay_amount}, year: 2024}"
    made = taken(tmp_path / "b", rows, text=other)
    assert ids(made) == ["e.map.header"] and "业绩" in said(made)[0]


def test_a_shop_whose_cells_are_merged_is_that_of_all_of_them(tmp_path):
    days = ["2024-11-01", "2024-11-02", "2024-11-03"]
    rows = [["店铺", "指标", *days], ["店", "支付金额", 1, 2, 3], [None, "访客数", 4, 5, 6]]
    assert columns(taken(tmp_path, rows), "shop_daily", "pay_amount", "visitors") == [[1, 4], [2, 5], [3, 6]]


def test_a_record_is_never_taken_for_dates_under_figures():
    rows = [["项目", "销售额", "访客数", "销售额", "访客数"], ["店", 1, 2, 3, 4], ["店", 5, 6, 7, 8]]
    assert "wide" not in drawn(rows, "2024年")


@pytest.mark.parametrize("head", [None, "", "  "])
def test_figures_names_without_a_heading_are_called_by_their_letter(tmp_path, head):
    rows = [["日报"], [head, "2024-11-01", "2024-11-02", "2024-11-03"], ["支付金额", 1, 2, 3], ["访客数", 4, 5, 6]]
    assert 'names: "A列"' in drawn(rows)
    made = taken(tmp_path, rows)
    assert columns(made, "shop_daily", "pay_amount", "visitors") == [[1, 4], [2, 5], [3, 6]]


def test_letters_are_a_spreadsheet_s():
    from kit.exports import two_rows

    assert [two_rows.letter(n) for n in (0, 25, 26, 51, 52)] == ["A列", "Z列", "AA列", "AZ列", "BA列"]


def test_days_without_a_heading_and_those_of_a_pivot_table(tmp_path):
    for place, head in enumerate((None, "行标签")):
        rows = [[head, "求和项:支付金额", "求和项:访客数"], ["2024-11-01", 1, 4], ["2024-11-02", 2, 5], ["总计", 3, 9]]
        made = taken(tmp_path / str(place), rows)
        assert columns(made, "shop_daily", "date", "pay_amount") == [["2024-11-01", 1], ["2024-11-02", 2]]


def test_figures_below_each_other_under_one_heading(tmp_path):
    rows = [
        ["日期", "指标", "数值"],
        *(["2024-11-01", name, n] for n, name in enumerate(("支付金额", "访客数", "毛利"))),
    ]
    made = taken(tmp_path / "a", rows)
    assert columns(made, "shop_daily", "date", "pay_amount", "visitors") == [["2024-11-01", 0, 1]]
    assert made.ledger[0]["ignored_columns"] == ["毛利"]
    assert ids(taken(tmp_path / "b", [*rows, rows[1]])) == ["e.map.figure"]
    with pytest.raises(KitError, match="names"):
        mapping.checked("- {file: a, table: shop_daily, columns: {日期: date}, value: 数值}", "mapping.yml")


# ---- refunds and sums --------------------------------------------------------------------------------------------


def refunds(*amounts):
    return [
        ["日期", "访客数", "支付金额", "退款金额"],
        *([f"2024-11-0{n}", 1, 9, a] for n, a in enumerate(amounts, 1)),
    ]


def test_refunds_that_are_negative_throughout_are_amounts(tmp_path):
    made = taken(tmp_path / "a", refunds(-20, 0, "(5.5)"))
    assert columns(made, "shop_daily", "refund_amount") == [[20], [0], [5.5]]
    assert made.ledger[0]["flagged"]["refund_turned"] == 2
    assert ids(taken(tmp_path / "b", refunds(-20, 5))) == ["e.rule.negative"]


@pytest.mark.parametrize("text", ["总计-共3个素材", "合计共12条", "总计：3"])
def test_a_sum_may_say_of_how_many(text):
    assert TOTAL.fullmatch(text)
