"""The exhibits as a workbook: figures as numbers, days as days, text never as a formula."""

import datetime as dt
import io

import pytest
from built import ROOT
from making import client as made
from openpyxl import load_workbook

from kit import exhibit_book, render, store
from kit.findings import Arg, Column, Exhibit, Finding, Note, Severity, Soundness, Table, payload, plain

CSV = "update_time,id,title,price,sale_count,comment_count,店名\n2016/11/5,A1,霜,99,10,1,自然堂\n"
START = {"is": "start", "report": "market", "client": "acme", "locale": "zh", "cutoff": "2016-11-05"}
PERIOD = {"start": "2016-11-05", "end": "2016-11-05", "kind": "span", "text": "2016-11-05..2016-11-05"}
COLUMNS = (
    Column("brand", "text", "ledger.file"),
    Column("date", "date", "col.since"),
    Column("sales", "money", "col.pay_amount"),
    Column("change", "points+1", "col.price_change"),
    Column("own", "figure", "col.metric"),
)
ROWS = (
    ("=cmd|'/c calc'!A1", "2016-11-05", 1234567.891, 0.0123, Arg(0.25, "ratio")),
    ("@SUM(A1)\x07", None, None, None, Arg("r.late", "text")),
)


def pieces(key, rows=ROWS):
    args = {k: Arg(key, "text") for k in ("metric", "value", "base")}
    found = Finding(key, "g.flat", args, Soundness.LIMITED, Severity.MEDIUM, exhibit=f"{key}.table")
    notes = (Note("note.review.score.total"),)
    table = Table(f"{key}.rows", COLUMNS, tuple(tuple(plain(cell) for cell in row) for row in rows), {1: "total"})
    return [payload(found), payload(Exhibit(f"{key}.table", "table", table, (key,), notes))]


@pytest.fixture
def rendering(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_ROOT", str(tmp_path))
    (tmp_path / "templates").symlink_to(ROOT / "templates", target_is_directory=True)
    (tmp_path / "client").mkdir()

    def build(*said, edits="", locale="zh"):
        files = {"exports/a.csv": CSV, "edits.csv": f"finding,action,text_zh,text_en,by,why\n{edits}"}
        client = made(tmp_path / "client", files)
        return render.Rendering([{**START, "period": PERIOD}, *said], client, store.load(client), locale)

    return build


def opened(r):
    return load_workbook(io.BytesIO(exhibit_book.book(r)))


def test_figures_are_unrounded_numbers_with_their_formats(rendering):
    sheet = opened(rendering(*pieces("market.a")))["表1"]
    row = {cell.column_letter: cell for cell in sheet[5]}
    assert (row["B"].value, row["B"].number_format) == (dt.datetime(2016, 11, 5), "yyyy-mm-dd")
    assert (row["C"].value, row["C"].number_format) == (1234567.891, "#,##0.00")
    assert row["D"].value == pytest.approx(1.23) and sheet["D4"].value.endswith("百分点）")
    assert (row["E"].value, row["E"].number_format) == (0.25, "0.0%")
    assert sheet.freeze_panes == "B5" and sheet["C4"].value.endswith("（CNY）")


def test_text_stays_text(rendering):
    sheet = opened(rendering(*pieces("market.a")))["表1"]
    assert [(sheet[f"A{n}"].data_type, sheet[f"A{n}"].value) for n in (5, 6)] == [
        ("s", "=cmd|'/c calc'!A1"),
        ("s", "@SUM(A1)"),
    ]


def test_what_is_missing_is_an_empty_cell(rendering):
    sheet = opened(rendering(*pieces("market.a")))["表1"]
    assert [sheet[f"{c}6"].value for c in "BCD"] == [None, None, None] and sheet["A6"].font.bold


def test_each_exhibit_has_a_sheet_that_the_first_one_lists_and_hidden_ones_have_none(rendering):
    said = [*pieces("market.a"), *pieces("market.b"), *pieces("market.c")]
    book = opened(rendering(*said, edits="market.b,hide,,,李,不宜外传\n", locale="en"))
    assert book.sheetnames == ["Contents", "Table 1", "Table 2"]
    assert [book["Contents"][f"A{n}"].hyperlink.location for n in (4, 5)] == ["'Table 1'!A1", "'Table 2'!A1"]
    assert "market.c" in book["Table 2"]["A1"].value


def test_equal_contents_are_equal_bytes(rendering):
    r = rendering(*pieces("market.a"))
    assert exhibit_book.book(r) == exhibit_book.book(r)
