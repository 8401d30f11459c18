"""Whatever lies in the folder is read, or refused in one clear sentence: no traceback, no hang, no row lost.

``test_files.py`` has the containers and encodings, ``test_reader.py`` the rows and the folder, ``test_canaries.py`` what
must not leak. Here are the files that somebody damaged, opened and saved, packed twice, or made on purpose; and thousands
that chance makes (``mutating.py``), of which ``benchmarks/fuzz.py`` makes more.
"""

import base64
import io
import os
import random
import re
import struct
import sys
import time
import unicodedata
import zipfile
from pathlib import Path

import mutating
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making import COUNTER, client, ids, reading, xlsx, zipped

from kit import store
from kit.exports import worksheet
from kit.exports.personal import HIDDEN, scrub
from kit.exports.reader import read
from kit.text import Words

HEADER, *LINES = COUNTER.splitlines()
DAYS = [["日期", "访客数", "支付金额"], ["2024-11-01", "5", "100"], ["2024-11-02", "6", "200"]]


def accounted(made):
    """Every row read is kept or dropped for a reason, and every message is one readable line in both languages."""
    for line in made.ledger:
        assert line["rows_read"] == line["rows_kept"] + sum(line["dropped"].values())
    for words in (Words("zh"), Words("en")):
        for sentence in map(words.problem, made.problems):
            assert sentence and not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in sentence), sentence
    return made


def listed(made):
    """The listings of a reading without a fault, as rows."""
    assert ids(accounted(made)) == []
    return (
        made.tables["listings"][["date", "item_id", "title", "price_page", "sales", "brand"]]
        .astype(str)
        .values.tolist()
    )


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    return listed(reading(tmp_path_factory.mktemp("usual"), {"exports/a.csv": COUNTER}))


# ---- text -----------------------------------------------------------------------------------------------------------


def between(*ends):
    """The lines of ``COUNTER`` with these line ends between them, in turn."""
    return "".join(line + ends[n % len(ends)] for n, line in enumerate(COUNTER.splitlines()))


def wrapped(form):
    """Every cell below the header in this form."""
    return "\n".join([HEADER, *(",".join(form.format(c) if c else c for c in line.split(",")) for line in LINES)])


ALIKE = {
    "three line ends in one file": between("\r\n", "\n", "\r"),
    "carriage returns alone": between("\r"),
    "blank lines between": between("\n\n"),
    "no line end at the end": COUNTER.rstrip(),
    "guarded cells": wrapped('"=""{}"""'),
    "cells that end in a tab": wrapped("{}\t"),
    "quoted cells": wrapped('"{}"'),
    "separators at every line's end": between(",,,\n"),
    "two byte order marks": "\ufeff\ufeff" + COUNTER,
    "shifted to the right": "".join(f",,{line}\n" for line in COUNTER.splitlines()),
    "shifted down": "\n\n\n" + COUNTER,
    "notes above, two dozen": "说明\n" * 24 + COUNTER,
    "header twice": HEADER + "\n" + COUNTER,
    "header again on the next page": "\n".join([HEADER, LINES[0], HEADER, *LINES[1:]]),
    "a blank column in the middle": "".join(
        re.sub("^(([^,]*,){3})", r"\1,", line) + "\n" for line in COUNTER.splitlines()
    ),
    "unknown columns of one name": "".join(f"{line},列,列\n" for line in COUNTER.splitlines()),
    "a mark that nobody sees before each row": "".join(f"\u200b,{line}\n" for line in COUNTER.splitlines()),
    "a mark that nobody sees in a blank row": COUNTER.replace("\n", "\n\ufeff,,\u200b\n", 2),
}


@pytest.mark.parametrize("text", ALIKE.values(), ids=ALIKE)
def test_a_text_table_is_read_alike_however_it_was_saved(tmp_path, text, usual):
    assert listed(reading(tmp_path, {"exports/a.csv": text})) == usual


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_a_line_end_inside_quotes_is_a_blank(tmp_path, end):
    text = between(end).replace("乙霜", f'"乙{end}霜"')
    assert [row[2] for row in listed(reading(tmp_path, {"exports/a.csv": text}))] == ["乙 霜", "甲霜", "甲霜"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_a_quotation_mark_that_never_closes_swallows_no_row(tmp_path, end):
    made = reading(tmp_path, {"exports/a.csv": between(end).replace("甲霜", '"甲霜', 1)})
    assert [(p.id, p.args["row"]) for p in accounted(made).problems] == [("e.quote", 2)]


def test_half_a_character_of_utf_16_costs_the_last_row_alone(tmp_path):
    made = accounted(reading(tmp_path, {"exports/a.csv": ("\ufeff" + COUNTER.rstrip()).encode("utf-16-le")[:-1]}))
    assert (len(made.tables["listings"]), made.ledger[0]["dropped"]) == (2, {"truncated": 1})


def test_a_table_whose_first_letters_are_those_of_an_archive_is_read(tmp_path, usual):
    text = "".join(f"{'PKID' if line == HEADER else 'PK1'},{line}\n" for line in COUNTER.splitlines())
    assert listed(reading(tmp_path, {"exports/a.csv": text})) == usual


REFUSED = {
    "a byte order mark alone": (b"\xef\xbb\xbf", "e.empty"),
    "one of UTF-16": (b"\xff\xfe", "e.empty"),
    "one of UTF-16, the other way round": (b"\xfe\xff", "e.empty"),
    "a byte order mark and a line end": (b"\xef\xbb\xbf\r\n", "e.empty"),
    "forty rows of notes": (("说明\n" * 40 + COUNTER).encode(), "e.unknown"),
    "a wanted column twice": (COUNTER.replace("comment_count", "price").encode(), "e.twice"),
    "a million columns": (b"," * 1_000_000 + COUNTER.encode(), "e.size"),
    "a few wide rows and many short ones": ((HEADER + "," * 16_000 + "\n" + "x\n" * 30_000).encode(), "e.size"),
}


@pytest.mark.parametrize(("content", "fault"), REFUSED.values(), ids=REFUSED)
def test_a_text_that_is_no_table_is_refused(tmp_path, content, fault):
    made = accounted(reading(tmp_path, {"exports/a.csv": content}))
    assert (ids(made), made.tables) == ([fault], {})


def test_the_name_of_a_file_does_not_matter(tmp_path, usual):
    for number, ending in enumerate(("xls", "xlsx", "txt", "CSV", "")):
        made = reading(tmp_path / str(number), {f"exports/a.{ending}": COUNTER.encode("gb18030")})
        assert listed(made) == usual


# ---- pages that call themselves workbooks ---------------------------------------------------------------------------


def page(*tables, close="</table>"):
    """A page with a table for each sheet of rows."""
    rows = ["".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in table) for table in tables]
    return ("<html><body>" + "".join(f"<table>{r}{close}" for r in rows)).encode()


def test_each_table_of_a_page_is_a_sheet(tmp_path):
    made = accounted(reading(tmp_path, {"exports/a.xls": page([["见帮助"], ["第二行"]], DAYS, [["备注"]])}))
    assert ids(made) == []
    assert [(line["sheet"], line["ignored"], line["rows_read"], line["rows_kept"]) for line in made.ledger] == [
        ("#1", "other_sheet", 2, 0),
        ("#2", None, 2, 2),
        ("#3", "other_sheet", 1, 0),
    ]


@pytest.mark.parametrize(
    ("tail", "kept"),
    [
        ("<tr><td>2024-11-03</td><td>7</td><td>30", 2),  # of 300
        ("<tr><td>2024-11-03</td><td>7</td><td>300</td></tr>", 3),
        ("<tr><td>2024-11-03<td>7<td>300</table>", 3),
    ],
    ids=["inside a row", "between rows", "not at all"],
)
def test_a_page_whose_download_broke_off_loses_the_row_that_is_cut(tmp_path, tail, kept):
    made = accounted(reading(tmp_path, {"exports/a.xls": page(DAYS, close="") + tail.encode()}))
    assert made.tables["shop_daily"]["visitors"].tolist() == [5, 6, 7][:kept]
    assert made.ledger[0]["dropped"] == ({"truncated": 1} if kept == 2 else {})


PAGES = {
    "nested too deeply": (b"<table><tr><td>" * 3_000, "e.damaged"),
    "cells that span a thousand columns": (b"<table><tr>" + b"<td colspan=1000>" * 20_000, "e.size"),
    "cells that span a thousand rows": (b"<table>" + b"<tr><td rowspan=1000 colspan=1000>x" * 300, "e.size"),
    "a tag and no more": (b"<html", "e.empty"),
    "a comment that never ends": (b"<table><!-- <tr><td>", "e.empty"),
    "characters that are none": (b"<table><tr><td>&#0;&#xD800;&#x110000;x", "e.unknown"),
}


@pytest.mark.parametrize(("content", "fault"), PAGES.values(), ids=PAGES)
def test_a_page_that_is_no_table_is_refused(tmp_path, content, fault):
    assert ids(accounted(reading(tmp_path, {"exports/a.xls": content}))) == [fault]


def test_twelve_million_characters_in_a_cell_of_a_page_cost_no_other_cell(tmp_path):
    made = reading(
        tmp_path, {"exports/a.xls": page([[*DAYS[0], "备用"], [*DAYS[1], "x" * 12_000_000], [*DAYS[2], ""]])}
    )
    assert accounted(made).tables["shop_daily"]["visitors"].tolist() == [5, 6]


# ---- workbooks ------------------------------------------------------------------------------------------------------

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"


def repacked(change, part=SHEET, rows=DAYS):
    """A workbook of one sheet with one of its parts changed."""
    book = zipfile.ZipFile(io.BytesIO(xlsx({"概况": rows})))
    return zipped({n: change(book.read(n)) if n == part else book.read(n) for n in book.namelist()})


def sheet(body):
    """A workbook whose sheet has these rows, written as XML."""
    whole = f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'
    return repacked(lambda _: whole.encode())


def row(number, *cells):
    """Cells are XML, or the text of one."""
    xml = (c if c.startswith("<") else f'<c r="{{}}{number}" t="inlineStr"><is><t>{c}</t></is></c>' for c in cells)
    return (
        f'<row r="{number}">'
        + "".join(c.replace("{}", at, 1) for c, at in zip(xml, "ABCDEFG", strict=False))
        + "</row>"
    )


TOP = row(1, *DAYS[0])


def days(folder, content, name="a.xlsx"):
    """Visitors and payments of a shop's days, read without a fault."""
    made = accounted(reading(folder, {f"exports/{name}": content}))
    assert ids(made) == []
    return made.tables["shop_daily"][["visitors", "pay_amount"]].values.tolist()


def saved(change):
    """A workbook of the days after ``change(sheet)``, as a consultant changes it in Excel."""
    book = openpyxl.Workbook()
    for cells in DAYS:
        book.active.append([int(c) if c.isdigit() else c for c in cells])
    change(book.active)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _hide(here):
    here.row_dimensions[2].hidden = here.column_dimensions["B"].hidden = True


def _serials(here):
    here["A2"], here["A3"] = 45597, 45598.75


def _title(here):
    here.insert_rows(1, 3)
    here["A1"] = "店铺概况"
    here.merge_cells("A1:C2")


CHANGED = {
    "hidden rows and columns": _hide,
    "dates as Excel's serial numbers": _serials,
    "a merged title above": _title,
    "shifted to the right": lambda here: here.insert_cols(1, 2),
    "shifted down": lambda here: here.insert_rows(1, 5),
    "a comment far below": lambda here: here.__setitem__("F900", ""),
}


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
def test_what_excel_does_to_a_sheet_changes_no_figure(tmp_path, change):
    assert days(tmp_path, saved(change)) == [[5, 100], [6, 200]]


def test_cells_merged_over_records_are_no_guess(tmp_path):
    made = accounted(reading(tmp_path, {"exports/a.xlsx": saved(lambda here: here.merge_cells("A2:A3"))}))
    assert [(p.id, p.args["row"], p.args["col"]) for p in made.problems] == [("e.blank", 3, "日期")]


def test_a_formula_is_worth_what_excel_last_made_of_it(tmp_path):
    content = sheet(
        TOP + row(2, "2024-11-01", '<c r="{}2"><f>2+3</f><v>5</v></c>', '<c r="{}2"><f>A1</f><v>100</v></c>')
    )
    assert days(tmp_path, content) == [[5, 100]]


BLIND = {
    "an error": ('<c r="C2" t="e"><v>#N/A</v></c>', "#N/A"),
    "in single quotes": ("<c r='C2' t='e'><v>#N/A</v></c>", "#N/A"),
    "without a place": ('<c t="e"><v>#N/A</v></c>', "#N/A"),
    "of a formula": ('<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
    "never calculated": ('<c r="C2"><f>B2*2</f></c>', "=B2*2"),
    "calculated to nothing": ('<c r="C2"><f>B2*2</f><v></v></c>', "=B2*2"),
    "a formula shared with others": ('<c r="C2"><f t="shared" si="0"/></c>', "="),
}


@pytest.mark.parametrize(("cell", "shown"), BLIND.values(), ids=BLIND)
@pytest.mark.parametrize("prefix", ["", "x:"], ids=["plain", "prefixed"])
def test_a_cell_that_failed_in_excel_is_no_blank(tmp_path, cell, shown, prefix):
    body = f"<worksheet><sheetData>{TOP}{row(2, '2024-11-01', '5', cell)}</sheetData></worksheet>"
    body = re.sub("<(/?)(?=[a-z])", rf"<\1{prefix}", body, flags=re.IGNORECASE)
    body = body.replace("worksheet>", f'worksheet xmlns{":x" if prefix else ""}="{MAIN}">', 1)
    made = accounted(reading(tmp_path, {"exports/a.xlsx": repacked(lambda _: body.encode())}))
    assert [(p.id, p.args["col"], p.args["value"]) for p in made.problems] == [("e.value", "支付金额", shown)]


def test_a_figure_that_is_none_is_missing(tmp_path):
    [[visitors, paid]] = days(tmp_path, sheet(TOP + row(2, "2024-11-01", "5", '<c r="{}2"><v>NaN</v></c>')))
    assert visitors == 5 and pd.isna(paid)


def test_a_workbook_smuggles_in_no_control_character(tmp_path):
    cells = row(2, "2016/11/5", "A_x0000_1", "甲_x001B_霜", "99", "1", "1", "甲_x0007_")
    made = reading(tmp_path, {"exports/a.xlsx": sheet(row(1, *HEADER.split(",")) + cells)})
    assert listed(made) == [["2016-11-05", "A1", "甲霜", "99.0", "1.0", "甲"]]


def test_a_workbook_may_remember_cells_of_another(tmp_path):
    book = zipfile.ZipFile(io.BytesIO(xlsx({"概况": DAYS})))
    link = f'<externalLink xmlns="{MAIN}"><sheetDataSet><sheetData><row r="1"><cell r="A1"/></row></sheetData></sheetDataSet></externalLink>'
    members = {n: book.read(n) for n in book.namelist()} | {"xl/externalLinks/externalLink1.xml": link.encode()}
    assert days(tmp_path, zipped(members)) == [[5, 100], [6, 200]]


FORMATTED = {
    "rows": '<row r="{0}" s="1" customFormat="1"/>',
    "cells": '<row r="{0}"><c r="A{0}" s="1"/><c r="BZ{0}" s="1"/></row>',
}


@pytest.mark.parametrize("blank", FORMATTED.values(), ids=FORMATTED)
def test_a_million_formatted_rows_without_a_value_are_no_data(tmp_path, blank):
    rows = "".join(map(blank.format, range(4, 1_000_000)))
    assert days(tmp_path, sheet(TOP + row(2, *DAYS[1]) + row(3, *DAYS[2]) + rows)) == [[5, 100], [6, 200]]


TOO_FAR = {
    "the farthest cell": '<row r="2"><c r="XFD1048576"><v>1</v></c></row>',
    "in small letters": '<row r="2"><c r="xfd1048576"><v>1</v></c></row>',
    "before the others": '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + row(2, *DAYS[1]),
    "beyond what Excel has": '<row r="2"><c r="ZZZZ99999999"><v>1</v></c></row>',
    "by its row alone": '<row r="4294967295"><c><v>1</v></c></row>',
    "in single quotes": "<row r='2'><c r='XFD1048576'><v>1</v></c></row>",
}


@pytest.mark.parametrize("far", TOO_FAR.values(), ids=TOO_FAR)
def test_a_sheet_that_spans_too_much_is_refused_before_it_ends_the_process(tmp_path, far):
    assert ids(accounted(reading(tmp_path, {"exports/a.xlsx": sheet(TOP + far)}))) == ["e.size"]


PLACES = {
    "none": "<row><c/><c><v>1</v></c></row><row><c><v>2</v></c></row>",
    "as Excel writes them": '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>',
    "of rows alone": '<row r="9"><c><v>1</v></c></row>',
    "of some cells": '<row><c><v>1</v></c><c r="XFD9"><v>1</v></c></row>',
    "behind a tab": '<row><c\tr="XFD9"><v>1</v></c></row>',
    "with blanks around the sign": '<row><c r = "XFD9"><v>1</v></c></row>',
    "behind a bracket in another": '<row><c x=">" r="XFD9"><v>1</v></c></row>',
    "in single quotes": "<row><c r='XFD9'><v>1</v></c></row>",
    "behind a line end": '<row><c\nr="XFD9"><v>1</v></c></row>',
    "none, of prefixed rows": "<x:row><x:c><x:v>1</x:v></x:c></x:row>",
    "none, of prefixed cells": "<row><x:c/><x:c/><x:c><x:v>1</x:v></x:c></row><row/>",
    "none, with an error": '<row><c><v>1</v></c><c t="e"><v>#N/A</v></c></row>',
    "none, with a formula": "<row><c><v>1</v></c><c><f>1+1</f></c></row>",
}


@pytest.mark.parametrize("rows", PLACES.values(), ids=PLACES)
def test_a_glance_at_a_sheet_never_sees_less_than_a_parser(rows):
    xml = f'<worksheet xmlns="{MAIN}" xmlns:x="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()
    seen, parsed = worksheet.look(xml), worksheet._parsed(xml)
    assert seen.unseen == parsed.unseen
    assert seen.cells >= parsed.cells > 0


def test_tags_that_never_end_are_looked_at_once():
    before = time.monotonic()
    assert not worksheet._no_places(b"<sheetData>" + b'<c s="1" ' * 300_000)
    assert time.monotonic() - before < 5


@pytest.mark.parametrize("more", [100, 50_000], ids=["fits", "does not"])
def test_cells_without_a_place_span_a_square_that_is_measured_before_it_is_filled(more):
    rows = "<row>" + "<c><v>1</v></c>" * 1_000 + "</row>" + "<row><c><v>1</v></c></row>" * more
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()
    assert worksheet.look(xml).cells == 1_000 * (more + 1)


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 10) for c in range(ord("b"), ord("l"))
)
DAMAGED = {
    "a part that is cut short": repacked(lambda xml: xml[: len(xml) // 2]),
    "tags that never end": repacked(lambda _: b"<worksheet><sheetData>" + b'<c t="e" ' * 100_000),
    "cells that never end": repacked(lambda _: b"<worksheet><sheetData>" + b'<c t="e">' * 30_000 + b"</worksheet>"),
    "entities that multiply": repacked(lambda _: ENTITIES + b"]><workbook>&k;</workbook>", "xl/workbook.xml"),
    "a text that is not there": sheet(TOP + '<row r="2"><c r="A2" t="s"><v>99999</v></c></row>'),
    "row nought": sheet(TOP + '<row r="0"><c r="A0"><v>1</v></c></row>'),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_workbook_is_refused_at_once(tmp_path, content, capfd):
    assert ids(accounted(reading(tmp_path, {"exports/a.xlsx": content}))) == ["e.damaged"]
    assert capfd.readouterr() == ("", "")


def test_a_workbook_that_unpacks_to_far_too_much_is_refused(tmp_path):
    content = repacked(lambda xml: xml.replace(b"</sheetData>", b"<row/>" * 5_000_000 + b"</sheetData>"))
    assert ids(accounted(reading(tmp_path, {"exports/a.xlsx": content}))) == ["e.zip.bomb"]


def test_a_sheets_name_is_shown_on_one_line_and_without_a_phone_number(tmp_path):
    content = repacked(lambda xml: xml.replace(b"\xe6\xa6\x82\xe5\x86\xb5", b"a&#10;13812345678"), "xl/workbook.xml")
    made = accounted(reading(tmp_path, {"exports/a.xlsx": content}))
    assert [line["sheet"] for line in made.ledger] == ["a 〔已隐去〕"]


def test_tables_side_by_side_are_each_read(tmp_path):
    beside = [
        [*a, "", *b]
        for a, b in zip(DAYS, [["日期", "访客数", "支付金额"], ["2024-11-03", "7", "300"], [""] * 3], strict=True)
    ]
    made = accounted(reading(tmp_path, {"exports/a.xlsx": xlsx({"x": beside})}))
    assert made.tables["shop_daily"]["visitors"].tolist() == [5, 6, 7]
    assert [(line["sheet"], line["rows_read"]) for line in made.ledger] == [("x #1", 2), ("x #2", 1)]


def test_a_blank_column_makes_no_two_tables_of_one(tmp_path):
    wide = [
        ["统计日期", "访客数", "支付金额", "", "支付买家数", "下单买家数", "下单金额"],
        ["2024-11-01", 5, 100, "", 3, 4, 120],
    ]
    made = accounted(reading(tmp_path, {"exports/a.xlsx": xlsx({"x": wide})}))
    assert ids(made) == []
    assert made.tables["shop_daily"][["visitors", "pay_buyers", "order_amount"]].values.tolist() == [[5, 3, 120]]


# ---- .xls, as Excel wrote it before 2007 ----------------------------------------------------------------------------

END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def ole(stream):
    """The container of an .xls, with ``stream`` as its workbook."""
    stream = stream.ljust(4096, b"\0")
    sectors = len(stream) // 512
    table = [TABLE, END, *range(3, 2 + sectors), END]
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH6xIIIIIIIIII", 62, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0, 0)
    )
    entries = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<HBBIII36xIQ", 2 * len(name) + 2, kind, 1, FREE, FREE, child, start, size)
        for name, kind, child, start, size in (("Root Entry", 5, 1, END, 0), ("Workbook", 2, FREE, 2, len(stream)))
    )
    filled = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
    return head.ljust(512, b"\xff") + filled + entries.ljust(512, b"\0") + stream


def records(*given):
    return b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in given)


BOOK, OF_SHEET = ((0x809, struct.pack("<HHHHII", 0x600, of, 0, 0, 0, 0)) for of in (5, 16))
EOF = (0x0A, b"")


def old_excel(*cells):
    """An .xls with one sheet of numbers: row, column (from 0), value."""

    def names(start):
        return records(BOOK, (0x85, struct.pack("<IBBBB", start, 0, 0, 1, 0) + b"x"), EOF)

    numbers = [(0x203, struct.pack("<HHHd", r, c, 0, value)) for r, c, value in cells]
    return ole(names(len(names(0))) + records(OF_SHEET, *numbers, EOF))


def test_the_xls_that_these_tests_make_is_one(tmp_path):
    from kit.exports import workbook

    [found] = workbook.read(old_excel((0, 0, 1.0), (1, 2, 2.5)), "a.xls")
    assert (found.name, found.rows) == ("x", [["1", "", ""], ["", "", "2.5"]])


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS lends a process more memory than there is")
def test_an_xls_that_ends_the_librarys_process_ends_nothing_else(tmp_path, capfd):
    far = old_excel((0, 0, 1.0), (65_535, 65_535, 2.0))
    assert ids(accounted(reading(tmp_path, {"exports/a.xls": far}))) == ["e.damaged"]
    assert capfd.readouterr() == ("", "")


PROTECTED = {
    "an .xlsx": (Path(__file__).parent / "protected.xlsx").read_bytes(),  # its password: secret
    "an .xls": ole(records(BOOK, (0x2F, b"\1".ljust(54, b"\0")), EOF)),
    "an archive": base64.b64decode(
        "UEsDBAoACQAAAOBsel1DIkdeOwAAAC8AAAAFABwAYS5jc3ZVVAkAA3Q2CGt0NghrdXgLAAEEAAAAAAQAAAAAycYD47PkfiMdlNfjlFaCXyxBq/zDlbVxlRFOonvVY+jnZtXqYeOu7dQWfrOYFY59x4POIN3JtNSKDY1QSwcIQyJHXjsAAAAvAAAAUEsBAh4DCgAJAAAA4Gx6XUMiR147AAAALwAAAAUAGAAAAAAAAQAAAKSBAAAAAGEuY3N2VVQFAAN0NghrdXgLAAEEAAAAAAQAAAAAUEsFBgAAAAABAAEASwAAAIoAAAAAAA=="
    ),
}


@pytest.mark.parametrize("content", PROTECTED.values(), ids=PROTECTED)
def test_what_a_password_protects_is_refused_as_such(tmp_path, content):
    assert ids(accounted(reading(tmp_path, {"exports/a.dat": content}))) == ["e.password"]


# ---- archives -------------------------------------------------------------------------------------------------------


def stating(archive, size, packed):
    """An archive whose list of members says that each unpacks to ``size`` from ``packed`` bytes."""
    at = archive.index(b"PK\x01\x02")
    return archive[: at + 20] + struct.pack("<II", packed, size) + archive[at + 28 :]


ARCHIVES = {
    "more than fits": (stating(zipped({"a.csv": b"x"}), 600_000_000, 100_000_000), "e.zip.bomb"),
    "more members than anyone exports": (zipped({f"{n}.csv": b"" for n in range(2_001)}), "e.zip.bomb"),
    "a size that is a lie": (stating(zipped({"a.csv": COUNTER.encode() * 50}), 10, 10), "e.damaged"),
    "a folder and nothing in it": (zipped({"导出/": b""}), "e.empty"),
    "a path outside, in the middle": (zipped({"a/../../b.csv": COUNTER.encode()}), "e.zip.unsafe"),
    "an archive of another kind inside": (zipped({"a.rar": b"Rar!\x1a\x07"}), "e.format"),
    "a Word document": (zipped({"[Content_Types].xml": b"x", "word/document.xml": b"x"}), "e.format"),
    "a sheet of LibreOffice": (zipped({"mimetype": b"x", "content.xml": b"x"}), "e.format"),
    "a sheet of Apple": (zipped({"Index/Document.iwa": b"x"}), "e.format.numbers"),
    "a binary workbook": (zipped({"xl/workbook.bin": b"x"}), "e.format.xlsb"),
    "cut short": (zipped({"a.csv": COUNTER.encode()})[:-30], "e.damaged"),
}


@pytest.mark.parametrize(("content", "fault"), ARCHIVES.values(), ids=ARCHIVES)
def test_an_archive_that_is_no_platforms_is_refused(tmp_path, content, fault):
    assert ids(accounted(reading(tmp_path, {"exports/a.zip": content}))) == [fault]


def test_the_name_of_a_member_steers_no_terminal(tmp_path, usual):
    made = reading(tmp_path, {"exports/a.zip": zipped({"甲\x1b[31m\n乙\u202e.csv": COUNTER.encode()})})
    assert listed(made) == usual
    assert made.ledger[0]["file"] == "exports/a.zip/甲[31m乙.csv"


# ---- the folder -----------------------------------------------------------------------------------------------------


def test_a_file_that_vanishes_between_listing_and_opening_is_told(tmp_path, monkeypatch):
    from kit.exports import reader

    here = client(tmp_path, {"exports/a.csv": COUNTER, "exports/b.csv": COUNTER.replace("A", "B")})
    found = reader.sources(here)
    monkeypatch.setattr(reader, "sources", lambda _: found)
    (tmp_path / "exports" / "b.csv").unlink()
    made = accounted(read(here))
    assert [(p.id, p.args["file"]) for p in made.problems] == [("e.open", "data/acme/exports/b.csv")]
    assert [line["rows_kept"] for line in made.ledger] == [3]


def test_a_file_that_one_may_not_read_is_told(tmp_path):
    here = client(tmp_path, {"exports/a.csv": COUNTER})
    path = tmp_path / "exports" / "a.csv"
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("whoever runs this may read everything")
    assert [p.id for p in store.inspect(here).problems] == ["e.open"]


def test_a_file_that_the_system_refuses_to_open_is_told(tmp_path, monkeypatch):
    here = client(tmp_path, {"exports/a.csv": COUNTER})
    monkeypatch.setattr(Path, "read_bytes", lambda path: (_ for _ in ()).throw(PermissionError(13, "x", str(path))))
    assert ids(accounted(read(here))) == ["e.open"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
@pytest.mark.parametrize(
    "name", ["订单.csv".encode("gbk"), b"a\nb.csv", b"a\x1b[31mb.csv"], ids=["gbk", "line end", "escape"]
)
def test_a_file_whose_name_cannot_be_shown_is_told_or_read_but_breaks_nothing(tmp_path, name):
    here = client(tmp_path)
    os.makedirs(tmp_path / "exports")
    with open(os.path.join(os.fsencode(tmp_path), b"exports", name), "wb") as file:
        file.write(COUNTER.encode())
    found = accounted(store.inspect(here))
    assert found.problems or found.ledger
    assert all(line["file"].isprintable() for line in found.ledger)


# ---- cells ----------------------------------------------------------------------------------------------------------


def test_a_message_repeats_nothing_that_steers_a_terminal(tmp_path):
    made = reading(tmp_path, {"exports/a.csv": COUNTER.replace("99,", "\x1b[31m9\x7f9,")})
    assert [p.args["value"] for p in accounted(made).problems] == ["[31m99"]


@pytest.mark.parametrize(
    "unit",
    [
        "wx-",
        "wx_",
        "收货人：",
        "1",
        "0571-",
        "a@",
        "138",
        "3号",
        "地址：",
        "省市区路",
        "qq1",
        "〔已隐去〕",
        "加微信 a",
        "tel ",
    ],
)
def test_personal_data_are_looked_for_in_time_that_grows_with_the_text_alone(unit):
    start = time.perf_counter()
    scrub(unit * (100_000 // len(unit)))
    assert time.perf_counter() - start < mutating.LONGEST


# ---- headers and rows -----------------------------------------------------------------------------------------------


def test_a_header_that_the_first_record_runs_on_from_is_refused(tmp_path):
    """Its cells would be named as columns, and the record lost."""
    made = accounted(reading(tmp_path, {"exports/a.csv": COUNTER.replace("\n", ",", 1)}))
    assert len(made.problems) == 1 and made.tables == {}
    assert "甲霜" not in repr(made.ledger) + repr(made.problems)


def test_a_header_that_begins_with_a_figure_is_known_when_it_comes_again(tmp_path):
    header = "3分钟响应率,统计日期,接待人数"
    text = f"{header}\n99%,2024-11-01,5\n{header}\n98%,2024-11-02,6\n"
    made = accounted(reading(tmp_path, {"exports/a.csv": text}))
    assert (ids(made), made.ledger[0]["dropped"]) == ([], {"header_again": 1})


def test_a_source_whose_parts_are_summed_up_is_no_total_row_wherever_its_columns_stand(tmp_path):
    header = ",二级来源,统计日期,一级来源,访客数,支付金额"
    text = f"{header}\n,汇总,2024-11-01,付费推广,652,1100\n,关键词推广,2024-11-01,付费推广,600,1100\n"
    made = accounted(reading(tmp_path, {"exports/a.csv": text}))
    assert made.tables["traffic_source"][["level", "visitors"]].values.tolist() == [[1, 652], [2, 600]]


# ---- whatever comes -------------------------------------------------------------------------------------------------


@settings(max_examples=350, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_whatever_happens_to_an_export_nothing_escapes_gets_lost_or_leaks(tmp_path_factory, seed):
    made = mutating.case(random.Random(seed))
    told = mutating.broken(made, tmp_path_factory.mktemp("any"), stored=seed % 25 == 0)
    assert told == [], made.steps


@pytest.mark.parametrize("name", mutating.samples())
def test_the_samples_are_read_without_a_fault(tmp_path, name):
    assert mutating.broken(mutating.plain(name), tmp_path, stored=True) == []


def test_a_first_record_on_the_headers_line_is_no_heading_however_much_of_it_is_lost(tmp_path):
    """Between the two a piece is missing, so that the rows below are nearly as wide as that line."""
    header = "订单编号,订单创建时间,订单付款时间,实付金额,总金额,运费,收货人姓名,商"
    cells = ["1", "2024-11-01 09:00:00", "2024-11-01 09:01:00", "99.00", "99.00", "0.00", "王鼎鸀"]
    lines = [header + "�\t" + ",".join(cells[1:]), *(",".join([str(n), *cells[1:]]) for n in range(2, 5))]
    made = reading(tmp_path, {"exports/tmall/a.csv": "\n".join(lines) + "\n"})
    assert ids(made) == ["e.header"] and "王鼎鸀" not in str(made.problems) + str(made.ledger)


# ---- what an error repeats of a cell --------------------------------------------------------------------------------

STATES = ("交易暂停", "买家已付款，等待卖家确认收货", "退款成功", "已签收", "未付款（已关闭）")
NAMES = (
    "王成",
    "关羽",
    "付强",
    "李已",
    "成龙",
    "郑成功",
    "王付款",
    "请送到收货人王小明处",
    "交易完请联系王小明",
    "tb_kanari",
)


@pytest.mark.parametrize(("value", "told"), [*((s, s) for s in STATES), *((n, HIDDEN) for n in NAMES)])
@pytest.mark.parametrize("beside", ["收货人姓名", "新的一列"])
def test_an_error_repeats_a_state_and_no_name_that_has_come_into_its_column(tmp_path, value, told, beside):
    text = f"订单编号,买家实际支付金额,订单状态,订单创建时间,{beside}\n1,5.00,{value},2024-11-01 10:00:00,x\n"
    made = accounted(reading(tmp_path, {"exports/a.csv": text}))
    assert [(p.id, p.args["col"], p.args["value"]) for p in made.problems] == [("e.value", "订单状态", told)]


# ---- rows with too few cells ----------------------------------------------------------------------------------------

WIDE = "日期,访客数,支付买家数,支付金额,退款金额\n"


def test_a_cell_left_out_in_the_middle_moves_no_figure(tmp_path):
    rows = "2024-11-01,100,5,500.00,9.00\n2024-11-02,100,500.00,9.00\n2024-11-03,100,5,500.00,\n"
    (problem,) = accounted(reading(tmp_path, {"exports/a.csv": WIDE + rows})).problems
    assert (problem.id, {k: problem.args[k] for k in ("row", "n", "found", "width")}) == (
        "e.narrow",
        {"row": 3, "n": 1, "found": 4, "width": 5},
    )


@pytest.mark.parametrize(
    "rows",
    [
        "2024-11-01,100,5,500.00\n2024-11-02,100,5,500.00\n2024-11-03,100,5,500.00,9.00\n",  # blank ends left out
        "2024-11-01,100,5,500.00,9.00\n2024-11-02,100,5,500.00,\n2024-11-03,100,5,500.00,9.00\n总计,300\n",
        "2024-11-01,100,5,500.00,9.00\n2024-11-02,100,5,500.00,9.00\n2024-11-03,100,5,500.00,9.00\n说明：按支付时间\n",
        "2024-11-01,100,5,500.00,9.00\n\n2024-11-02,100,5,500.00,9.00\n2024-11-03,100,5,500.00,9.00\n",
    ],
    ids=["everywhere", "of a total", "of a note", "of a blank line"],
)
def test_cells_missing_where_nothing_can_have_moved_are_no_fault(tmp_path, rows):
    made = accounted(reading(tmp_path, {"exports/a.csv": WIDE + rows}))
    assert (ids(made), made.tables["shop_daily"]["pay_amount"].tolist()) == ([], [500.0] * 3)


def test_names_of_columns_may_end_before_the_header_does(tmp_path):
    rows = "2024-11-01,100,5,500.00,9.00\n2024-11-02,100,5,500.00,9.00\n"
    assert ids(accounted(reading(tmp_path, {"exports/a.csv": WIDE.replace("\n", ",,\n") + rows}))) == []


# ---- exports of nothing ---------------------------------------------------------------------------------------------

REFUNDS = "退款编号,订单编号,退款的申请时间,退款完结时间,买家退款金额,退款状态\n"


@pytest.mark.parametrize("end", ["", "\n\n", REFUNDS], ids=["header", "blank rows", "header again"])
def test_an_export_without_rows_says_that_nothing_happened(tmp_path, end):
    made = accounted(reading(tmp_path, {"exports/退款.csv": REFUNDS + end}))
    assert [(p.id, p.warning, p.args["export"]) for p in made.problems] == [
        ("e.warn.empty", True, made.ledger[0]["title"]["zh"])
    ]
    assert (made.ledger[0]["export"], made.ledger[0]["table"]) == ("qianniu_refunds", "refunds")
    assert (made.ledger[0]["rows_kept"], made.ledger[0]["ignored"], made.tables) == (0, None, {})


@pytest.mark.parametrize(
    "end", ["1,2,2024-11-01,2024-11-02,9.0", "总计,,,,9.00,\n"], ids=["a row cut off", "a sum of what is not there"]
)
def test_an_export_that_has_lost_its_rows_is_a_fault(tmp_path, end):
    assert ids(accounted(reading(tmp_path, {"exports/退款.csv": REFUNDS + end}))) == ["e.empty"]
