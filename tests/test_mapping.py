"""The agency's own workbooks: laid out by mapping.yml, and drafted from what stands in them."""

import io

import openpyxl
import pytest
from built import ROOT
from click.testing import CliRunner
from making import ids, reading, said

from kit import cli
from kit.exports import drafted, mapping, own_words
from kit.exports.dictionary import metrics_of
from kit.exports.sheet import Sheet
from kit.tables import TABLES

PLACE = "exports/tmall/日报.xlsx"


def book(**sheets):
    """A workbook from rows by sheet."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def read(folder, text, data, place=PLACE):
    return reading(folder, {"mapping.yml": text, place: data})


DAYS = [
    ["某品牌天猫日报"],
    [],
    ["日期", "流量", None, "成交", None, "主推", "联系电话"],
    [None, "UV", "PV", "销售额(万)", "买家数", None, None],
    ["2024-03-01", 1200, 5000, 1.25, 60, "直播", "13800001111"],
    ["2024-03-02", 900, 4100, 0.8, 41, None, None],
    ["合计", 2100, 9100, 2.05, 101, None, None],
]
ENTRY = """
- file: 日报*.xlsx
  table: shop_daily
  header: [3, 4]
  columns:
    日期: date
    流量/UV: visitors
    PV: pageviews
    成交/销售额(万): {to: pay_amount, unit: 万}
    买家数: pay_buyers
"""


def test_merged_headings_and_a_unit_are_read_and_the_rest_is_accounted_for(tmp_path):
    made = read(tmp_path, ENTRY, book(三月=DAYS))
    assert ids(made) == []
    table = made.tables["shop_daily"]
    assert table["pay_amount"].tolist() == [12500.0, 8000.0] and table["visitors"].tolist() == [1200.0, 900.0]
    assert table["date"].dt.strftime("%m-%d").tolist() == ["03-01", "03-02"]
    [line] = made.ledger
    assert (line["rows_read"], line["rows_kept"], line["dropped"]) == (3, 2, {"total_row": 1})
    assert line["ignored_columns"] == ["主推"] and line["dropped_columns"] == ["联系电话"]
    assert not table.astype(str).apply(lambda c: c.str.contains("13800001111")).any(axis=None)


def test_a_wrong_cell_is_named_by_its_row_in_the_workbook(tmp_path):
    wrong = [*DAYS[:5], ["2024-03-02", "九百", 4100, 0.8, 41, None, None]]
    made = read(tmp_path, ENTRY, book(三月=wrong))
    assert [p.args["row"] for p in made.problems] == [6]


def test_months_as_columns_become_rows(tmp_path):
    rows = [["类目", "1月", "2月", "3月", "合计"], ["面霜", 10, 20, None, 30], ["精华", 5, 6, 7, 18]]
    entry = """
- file: 日报.xlsx
  table: market_monthly
  columns: {类目: category}
  wide: {headings: "*月", to: month, value: value, unit: 万}
  constants: {metric: 成交金额, value_kind: 第三方估算}
  year: 2024
"""
    made = read(tmp_path, entry, book(大盘=rows))
    assert ids(made) == []
    table = made.tables["market_monthly"].sort_values(["category", "month"])
    assert table[["category", "value"]].values.tolist() == [
        *(["精华", v] for v in (5e4, 6e4, 7e4)),
        *(["面霜", v] for v in (1e5, 2e5)),
    ]
    assert table["month"].dt.strftime("%Y-%m").tolist() == ["2024-01", "2024-02", "2024-03", "2024-01", "2024-02"]


FIGURES = [
    ["指标", "1日", "2日", "3日"],
    ["销售额", 100, 200, 300],
    ["访客", 10, 20, 30],
    ["退款额", 1, None, 3],
    ["目标", 150, 150, 150],
]


def test_figures_below_each_other_and_days_as_columns_become_a_row_a_day(tmp_path):
    entry = """
- file: 日报.xlsx
  sheet: "*月"
  table: shop_daily
  wide: {headings: "*日", to: date}
  names: 指标
  rows: {销售额: pay_amount, 访客: visitors, 退款额: refund_amount}
  year: 2024
  month: sheet
"""
    made = read(tmp_path, entry, book(**{"3月": FIGURES, "4月": FIGURES, "说明书": [["自己写的"]]}))
    assert ids(made) == ["e.warn.gap.shop_daily"], "a day without refunds"
    table = made.tables["shop_daily"].sort_values("date")
    assert table["date"].dt.strftime("%m-%d").tolist() == ["03-01", "03-02", "03-03", "04-01", "04-02", "04-03"]
    assert table["pay_amount"].tolist() == [100.0, 200.0, 300.0] * 2
    assert table["refund_amount"].isna().tolist() == [False, True, False] * 2
    assert [line["ignored"] for line in made.ledger] == [None, None, "other_sheet"]


def test_a_merged_cell_is_filled_downwards_only_where_it_is_asked_for(tmp_path):
    rows = [["日期", "商品ID", "销售额"], ["2024-03-01", "11", 5], [None, "12", 6]]
    entry = "- {file: 日报.xlsx, table: item_daily, columns: {日期: date, 商品ID: item_id, 销售额: pay_amount}%s}"
    made = read(tmp_path, entry % ", fill: [日期]", book(a=rows))
    assert ids(made) == [] and len(made.tables["item_daily"]) == 2
    assert ids(read(tmp_path, entry % "", book(a=rows))) != []


def test_other_files_are_read_as_ever_and_the_mapping_is_part_of_what_they_depend_on(tmp_path):
    from making import client

    from kit.exports.fingerprint import settings

    before = settings(client(tmp_path))
    (tmp_path / "mapping.yml").write_text(ENTRY, encoding="utf-8")
    assert settings(client(tmp_path)) != before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- {file: 日报.xlsx, sheet: 五月, table: shop_daily, columns: {日期: date}}", "三月"),
        ("- {file: 日报.xlsx, table: shop_daily, columns: {日期: date, 毛利: pay_amount}}", "毛利"),
        (
            "- {file: 日报.xlsx, header: [3, 4], table: shop_daily, columns: {日期: date, 销售额(元): pay_amount}}",
            "是不是",
        ),
        ("- {file: 日报.xlsx, header: [3, 4], table: shop_daily, columns: {日期: date, 毛利: pay_amount}}", "表头有"),
        ("- {file: 日报.xlsx, table: shop_dayly, columns: {日期: date}}", "shop_daily"),
        ("- {file: 日报.xlsx, table: shop_daily, columns: {日期: day}}", "“day”"),
        ("- {file: 日报.xlsx, table: shop_daily, colums: {日期: date}}", "columns"),
        ("- {file: 日报.xlsx, table: shop_daily}", "1.columns"),
        ("- {file: 日报.xlsx, table: shop_daily, wide: {to: date}}", "1.wide.value"),
        ("- {file: 日报.xlsx, table: shop_daily, names: 指标, wide: {to: date}}", "1.rows"),
        ("- {file: [", "第1行"),
        (
            "- {file: 日报.xlsx, header: 4, table: shop_daily, wide: {headings: UV, to: date, value: visitors}, month: sheet}",
            "看不出年月",
        ),
    ],
)
def test_what_is_wrong_with_the_mapping_is_said_with_what_to_do(tmp_path, text, told):
    made = read(tmp_path, text, book(三月=DAYS))
    assert len(said(made)) == 1 and told in said(made)[0], said(made)


def test_an_entry_about_no_file_is_named(tmp_path):
    made = read(tmp_path, ENTRY + "- {file: 月报.xlsx, table: shop_daily, columns: {日期: date}}", book(三月=DAYS))
    assert ids(made) == ["e.map.file"] and "月报.xlsx" in said(made)[0]


def test_every_sheet_that_a_file_needs_is_named_when_none_is_mapped(tmp_path):
    made = read(
        tmp_path, "- {file: 日报.xlsx, sheet: x, table: shop_daily, columns: {日期: date}}", book(a=DAYS, b=DAYS)
    )
    assert "a、b" in said(made)[0]


def test_the_words_of_agencies_are_columns_of_some_table():
    columns = {name for table in TABLES.values() for name in (*table.columns, *metrics_of(table))}
    assert {*own_words.OWN, *own_words.VENDORS} <= columns


def sheet(rows, name="三月"):
    return Sheet(name, [["" if cell is None else str(cell) for cell in row] for row in rows])


@pytest.mark.parametrize(
    ("rows", "name", "table", "records"),
    [
        (DAYS, "三月", "shop_daily", 3),
        (FIGURES, "2024年3月", "shop_daily", 3),
        ([["日期", "商品ID", "销售额"], ["2024-03-01", "11", "5"]], "a", "item_daily", 1),
        ([["类目", "2024年1月", "2024年2月", "2024年3月"], ["面霜", 1, 2, 3]], "大盘", "market_monthly", 3),
    ],
)
def test_a_draft_is_a_mapping_that_brings_what_it_says(tmp_path, rows, name, table, records):
    (made,) = drafted.drafts([sheet(rows, name)], "日报.xlsx")
    assert made.told == () and made.records == records
    (entry,) = mapping.checked(made.text, "mapping.yml")
    assert entry.table == table
    text = made.text.replace('metric: "?"', "metric: 成交金额").replace('value_kind: "?"', "value_kind: 金额")
    got = read(tmp_path, text, book(**{name: rows}))
    assert not [p for p in got.problems if not p.warning] and table in got.tables


def test_a_draft_names_what_it_does_not_know_and_leaves_it_out():
    (made,) = drafted.drafts([sheet(DAYS)], "日报.xlsx")
    assert "# 主推: ?" in made.text and 'unit: "万"' in made.text


def test_the_example_of_the_readme_is_a_mapping():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = text[text.index("    - file: 日报*.xlsx") :].partition("\n\n")[0]
    days, months, brands, years, crossed = mapping.checked(block, "README.md")
    assert days.columns["流量/UV"].to == "visitors" and months.wide.value == "value"
    assert brands.columns["市场份额"].unit == "%" and years.columns["月份"].to == years.wide.to and not crossed.names


def test_the_command_prints_a_file_whose_comments_show_what_it_brings(tmp_path):
    path = tmp_path / "日报.xlsx"
    path.write_bytes(book(三月=DAYS))
    result = CliRunner().invoke(cli.main, ["map", str(path)])
    assert result.exit_code == 0, result.output
    (entry,) = mapping.checked(result.stdout, "mapping.yml")
    assert entry.columns["日期"].to == "date"
    assert "# 会读到3行，例如：" in result.stdout and "2024-03-01" in result.stdout
    path.write_bytes(book(a=[["随便", "写写"], ["一", "二"]]))
    result = CliRunner().invoke(cli.main, ["map", str(path), "--locale", "en"])
    assert result.exit_code == 2 and "nothing can be drafted" in result.output


def test_a_draft_is_saved_with_the_client_it_belongs_to(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    path = tmp_path / "data" / "acme" / PLACE
    path.parent.mkdir(parents=True)
    path.write_bytes(book(三月=DAYS))
    for _ in range(2):
        result = CliRunner().invoke(cli.main, ["map", str(path), "--save"])
        assert result.exit_code == 0 and result.stdout.endswith("data/acme/mapping.yml\n"), result.output
    saved = (tmp_path / "data" / "acme" / "mapping.yml").read_text(encoding="utf-8")
    assert len(mapping.checked(saved, "mapping.yml")) == 2, "it is added to what stands there"
    for elsewhere in (tmp_path / "日报.xlsx", tmp_path / "data" / "日报.xlsx"):
        elsewhere.write_bytes(path.read_bytes())
        assert CliRunner().invoke(cli.main, ["map", str(elsewhere), "--save"]).exit_code == 2


def test_a_draft_begins_a_line_of_its_own_under_what_an_editor_left_without_an_end(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    path = tmp_path / "data" / "acme" / "日报.xlsx"
    path.parent.mkdir(parents=True)
    path.write_bytes(book(三月=DAYS))
    (path.parent / "mapping.yml").write_text("# 我的备注", encoding="utf-8")
    assert mapping.add(path, ["- file: a.xlsx"]).read_text(encoding="utf-8") == "# 我的备注\n- file: a.xlsx\n"
