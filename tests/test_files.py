"""Bytes to tables: each container and encoding is read or refused with its reason, whatever the bytes."""

import datetime as dt

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making import COMPASS, COUNTER, CRAWL, OVERVIEW, client, ids, listings, reading, said, xlsx, zipped

from kit.exports.reader import read


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (COUNTER.encode("gb18030"), "gb18030"),
        (COUNTER.encode(), "utf-8"),
        (("\ufeff" + COUNTER).encode(), "utf-8-sig"),
        (("\ufeff" + COUNTER).encode("utf-16-le"), "utf-16"),
        (("\ufeff" + COUNTER).encode("utf-16-be"), "utf-16"),
        (COUNTER.replace(",", "\t").encode("gbk"), "gb18030"),
        (COUNTER.replace(",", ";").encode(), "utf-8"),
        (COUNTER.replace("\n", "\r\n").encode(), "utf-8"),
        (COUNTER.replace("\n", "\r", 2).encode(), "utf-8"),
    ],
    ids=["gbk", "utf8", "bom", "utf16le", "utf16be", "tabs", "semicolons", "crlf", "mixed line ends"],
)
def test_a_text_table_reads_alike_in_each_encoding_and_separator(tmp_path, content, encoding):
    made = reading(tmp_path, {"exports/a.csv": content})
    frame = listings(made)
    assert frame[["item_id", "brand", "price_page", "sales"]].fillna(-1).values.tolist() == [
        ["A2", "乙", 129.9, -1],
        ["A1", "甲", 99, 120],
        ["A1", "甲", 89, 150],
    ]
    assert made.ledger[0]["encoding"] == encoding


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.csv"])
def test_a_workbook_is_known_by_its_bytes_not_by_its_name(tmp_path, name):
    made = reading(tmp_path, {f"exports/{name}": xlsx({"概况": OVERVIEW})})
    assert made.tables["shop_daily"]["pay_amount"].tolist() == [31396, 21396]
    assert made.ledger[0]["sheet"] == "概况"


def test_a_page_that_calls_itself_xls_is_read(tmp_path):
    rows = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in OVERVIEW)
    page = f"<html><meta charset=gbk><body><table>{rows}</table></body></html>".encode("gb18030")
    made = reading(tmp_path, {"exports/a.xls": page})
    assert made.tables["shop_daily"]["visitors"].tolist() == [1391, 1186]


def test_a_cell_of_a_page_that_spans_rows_moves_no_other(tmp_path):
    rows = "<tr><td>日期<td>访客数<td>支付金额<tr><td rowspan=2>2024-11-01<td>5<td>100<tr><td>6<td>200"
    made = reading(tmp_path, {"exports/a.xls": f"<table>{rows}</table>".encode()})
    assert [(p.id, p.args["row"], p.args["col"]) for p in made.problems] == [("e.blank", 3, "日期")]


def test_an_archive_with_chinese_names_is_read(tmp_path):
    made = reading(tmp_path, {"exports/a.zip": zipped({"双十一/商品.csv".encode("gbk"): COUNTER.encode("gbk")})})
    assert len(listings(made)) == 3
    assert made.ledger[0]["file"] == "exports/a.zip/双十一/商品.csv"


def test_cells_of_a_workbook_stand_for_their_text(tmp_path):
    rows = [CRAWL.strip().split(","), [dt.date(2024, 11, 5), 1234567890123, "面霜", "甲", 199, 99.9, None, 120.0, 7]]
    frame = listings(reading(tmp_path, {"exports/a.xlsx": xlsx({"x": rows})}))
    assert frame.loc[0, ["item_id", "price_page", "sales"]].tolist() == ["1234567890123", 99.9, 120]
    assert frame.loc[0, "date"] == pd.Timestamp("2024-11-05")


def test_an_error_or_an_uncalculated_formula_in_a_workbook_is_no_blank(tmp_path):
    rows = [CRAWL.strip().split(","), ["2024-11-05", "1", "面霜", "甲", "=1/0", "#DIV/0!", 3]]
    made = reading(tmp_path, {"exports/a.xlsx": xlsx({"x": rows})})
    assert [(p.id, p.args["value"]) for p in made.problems] == [("e.value", "=1/0"), ("e.value", "#DIV/0!")]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "e.empty"),
        (b"x", "e.unknown"),
        (b"\n", "e.empty"),
        (COUNTER.encode().replace(b"99", b"9\x009"), "e.nul"),
        (COUNTER.encode("utf-16-le"), "e.nul"),
        (COUNTER.encode().replace("甲霜".encode(), "甲霜".encode()[:4]), "e.encoding"),
        (b"\xff\xff\xff\xff,1\n", "e.encoding"),
        (b"%PDF-1.7 ...", "e.format"),
        (b"Rar!\x1a\x07", "e.format"),
        (b"PK\x03\x04 and then nothing", "e.damaged"),
        (xlsx({"概况": OVERVIEW})[:3000], "e.damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\1" * 512, "e.damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "e.password"),
        (zipped({"../a.csv": b"x"}), "e.zip.unsafe"),
        (zipped({"/etc/a.csv": b"x"}), "e.zip.unsafe"),
        (zipped({"C:\\a.csv": b"x"}), "e.zip.unsafe"),
        (zipped({"a.csv": b"x"}, external_attr=0o120777 << 16), "e.zip.unsafe"),
        (zipped({"a.csv": b"0" * 20_000_000}), "e.zip.bomb"),
        (zipped({"a.zip": zipped({"b.csv": b"x"})}), "e.zip.nested"),
        (zipped({"._a.csv": b"x"}), "e.empty"),
        (xlsx({"x": [[]]}), "e.empty"),
        (xlsx({"x": OVERVIEW}, hidden=()).replace(b"PK\x05\x06", b"PK\x05\x07"), "e.damaged"),
        (("标题\n" * 3).encode(), "e.unknown"),
        (b"update_time,id\n" + b"x" * 33_000_000, "e.cell"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(tmp_path, content, fault):
    made = reading(tmp_path, {"exports/a.csv": content})
    assert (ids(made), made.tables) == ([fault], {})


def test_two_cells_far_apart_do_not_fill_the_memory(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = book.active["XFD1048576"] = "x"
    (tmp_path / "exports").mkdir()
    book.save(tmp_path / "exports" / "a.xlsx")
    assert ids(read(client(tmp_path))) == ["e.size"]


def test_a_million_characters_in_a_cell_are_read(tmp_path):
    made = reading(tmp_path, {"exports/a.csv": COUNTER + f"2016/11/7,A3,{'长' * 1_000_000},1,1,1,丙\n"})
    assert listings(made)["title"].str.len().max() == 1_000_000


def test_five_hundred_columns_are_read(tmp_path):
    wide = [
        text + "".join(f",{'列' if n == 0 else 'x'}{k}" for k in range(500))
        for n, text in enumerate(COUNTER.splitlines())
    ]
    made = reading(tmp_path, {"exports/a.csv": "\n".join(wide)})
    assert len(listings(made)) == 3
    assert len(made.ledger[0]["ignored_columns"]) == 500


# ---- whatever comes ------------------------------------------------------------------------------------

FILES = {
    "a.csv": COUNTER.encode("gb18030"),
    "b.csv": COMPASS.encode(),
    "c.xlsx": xlsx({"概况": OVERVIEW}),
    "d.zip": zipped({"x.csv": COUNTER.encode()}),
    "e.xls": b"<table><tr><td>update_time<td>id<td>price<td>sale_count<td>\xb5\xea\xc3\xfb<tr><td>2016/1/1</table>",
}
edit = st.tuples(
    st.integers(0, 10**6), st.integers(0, 40), st.binary(max_size=8) | st.sampled_from([b'"', b"\n", b",", b"\0"])
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(FILES)), st.lists(edit, max_size=6), st.integers(0, 10**6) | st.none())
def test_any_file_is_read_or_refused_and_every_row_accounted_for(tmp_path, name, edits, end):
    content = FILES[name]
    for place, length, put in edits:
        at = place % (len(content) + 1)
        content = content[:at] + put + content[at + length :]
    if end is not None:
        content = content[: end % (len(content) + 1)]
    for old in (tmp_path / "exports").glob("*"):
        old.unlink()
    made = reading(tmp_path, {f"exports/{name}": content}, {"s": "douyin" if name == "b.csv" else "tmall"})
    assert made.ledger or made.problems
    for entry in made.ledger:
        assert entry["rows_read"] == entry["rows_kept"] + sum(entry["dropped"].values())
    kept = sum(e["rows_kept"] for e in made.ledger if e["table"] != "market_monthly")
    assert made.problems or sum(map(len, made.tables.values())) == kept


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path, content):
    made = reading(tmp_path, {"exports/a.csv": content})
    assert made.problems and not made.tables


PACKED = {
    "xlsb": ("xl/workbook.bin", b"", "e.format.xlsb", "另存为“Excel工作簿（xlsx）”"),
    "ods": ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet", "e.format.ods", "另存为xlsx"),
    "odt": ("mimetype", b"application/vnd.oasis.opendocument.text", "e.format", "不是表格"),
    "numbers": ("Index/Document.iwa", b"", "e.format.numbers", "导出为 › Excel"),
    "docx": ("word/document.xml", b"", "e.format", "不是表格"),
}


@pytest.mark.parametrize(("member", "content", "id", "advice"), PACKED.values(), ids=PACKED)
def test_a_table_of_another_program_is_told_how_to_be_saved(tmp_path, member, content, id, advice):
    made = reading(tmp_path, {"exports/a.xlsx": zipped({member: content})})
    assert ids(made) == [id]
    assert advice in said(made)[0]


UNDATED = "商品ID,商品访客数,支付金额\n1,5,100.00\n"


@pytest.mark.parametrize(
    ("outer", "inner", "period"),
    [
        ("商品_2024-11-01_2024-11-30.zip", "a.csv", ("2024-11-01", "2024-11-30")),
        ("商品_2024-11.zip", "明细/a.csv", ("2024-11-01", "2024-11-30")),
        ("商品_2024-11.zip", "a_2024-12-01_2024-12-31.csv", ("2024-12-01", "2024-12-31")),  # its own name stands first
    ],
)
def test_a_range_in_the_name_of_its_archive_dates_a_file_that_nothing_else_does(tmp_path, outer, inner, period):
    made = reading(tmp_path, {f"exports/{outer}": zipped({inner: UNDATED.encode()})})
    assert (ids(made), (made.ledger[0]["start"], made.ledger[0]["end"])) == ([], period)


def test_a_single_day_in_the_name_of_an_archive_dates_nothing(tmp_path):
    made = reading(tmp_path, {"exports/商品_2024-12-03.zip": zipped({"a.csv": UNDATED.encode()})})
    assert ids(made) == ["e.period"]


def test_rows_outside_the_range_in_the_name_of_their_archive_are_a_fault(tmp_path):
    text = "统计日期,访客数,支付买家数,支付金额\n2024-12-01,5,1,100.00\n"
    made = reading(tmp_path, {"exports/店铺_2024-11.zip": zipped({"a.csv": text.encode()})})
    assert ids(made) == ["e.period.conflict"]


def test_a_member_whose_name_no_drive_can_hold_is_refused(tmp_path):
    assert ids(reading(tmp_path, {"exports/a.zip": zipped({"长" * 300 + ".csv": COUNTER.encode()})})) == ["e.zip.name"]


def test_the_sheet_that_explains_the_others_is_no_part_of_the_data(tmp_path):
    book = xlsx({"说明": [["怎么填"]], "目标": [["月份", "指标", "目标值"], ["2024-11", "支付金额", 100]]})
    made = reading(tmp_path, {"inputs.xlsx": book})
    assert [line["sheet"] for line in made.ledger] == ["目标"]
